//! The keys of a customer.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashSet;

use crate::diagnostic::{self as fault, Nearest};
use crate::model::{
    Birthday, Communication, Competitor, CustomValue, Customer, Fraction, ImportantDate, NotLunar,
    PERSON_FIELDS, Person, Text, Word as _, check_id, composed_id, customer_fields,
    is_customer_field, person_fields,
};
use crate::source::clipped;
use crate::toml_table::{TomlTable, TomlTree, TomlValue, value_date, value_digits};
use crate::words::{Phrase, Same, both, listed};

/// Tells where a key belongs that a customer does not have.
pub(super) fn cure_of(key: &str) -> Phrase {
    match key {
        _ if key != "note" && PERSON_FIELDS.contains(&key) => Phrase(
            "a person's keys stand below a line `[[contact]]`",
            "联系人的键写在 `[[contact]]` 一行的下面",
        ),
        _ => Phrase(
            "facts of your own belong under `[custom]` or `[profile]`",
            "自己的内容写在 `[custom]` 或 `[profile]` 下面",
        ),
    }
}

/// Up to how many ids are named where none is near.
const MOST_NAMED: usize = 8;

/// What customers' files may name, and must name rightly.
pub(in crate::load) struct KnownNames<'a> {
    /// The policy's stages.
    pub(in crate::load) stages: &'a [String],
    /// Whether the policy tells which days are worked.
    pub(in crate::load) has_calendar: bool,
    /// Whether no more is kept than ids, names and owners.
    pub(in crate::load) names_alone: bool,
    /// The ids of `staff.toml`, if there is one.
    pub(in crate::load) staff: Option<StaffIds<'a>>,
}

/// The ids of the account managers.
pub(in crate::load) struct StaffIds<'a> {
    in_order: Vec<&'a str>,
    /// The same: with two hundred, to look at each would cost a quarter of reading a customer.
    all: HashSet<&'a str>,
}

impl<'a> StaffIds<'a> {
    /// Takes ids in the order in which they are suggested.
    pub(in crate::load) fn new(ids: impl Iterator<Item = &'a str>) -> Self {
        let in_order: Vec<_> = ids.collect();
        let all = in_order.iter().copied().collect();
        Self { in_order, all }
    }
}

/// Reads a field by its type.
macro_rules! read {
    (name $key:literal, $table:ident, $whole:ident, $known:ident) => {
        Text::of_some(
            $whole,
            $table.required_text($key, Phrase("a customer", "客户")),
        )
        .unwrap_or_default()
    };
    (text $key:literal, $table:ident, $whole:ident, $known:ident) => {
        Text::of_some($whole, $table.text($key))
    };
    (owner $key:literal, $table:ident, $whole:ident, $known:ident) => {
        Text::of_some($whole, read_owner($table, $known).as_deref())
    };
    (stage $key:literal, $table:ident, $whole:ident, $known:ident) => {
        Text::of_some($whole, read_stage($table, $known))
    };
    (texts $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table
            .texts_as($key, |text, _| Text::of($whole, text))
            .unwrap_or_default()
            .into()
    };
    (numbers $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table
            .text_or_texts($key, |text| Text::of($whole, text))
            .into()
    };
    (ids $key:literal, $table:ident, $whole:ident, $known:ident) => {
        read_former_ids($table, $whole).into()
    };
    (date $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table.date($key)
    };
    (birthday $key:literal, $table:ident, $whole:ident, $known:ident) => {
        read_birthday($table)
    };
    (communication $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table
            .one_of($key, Communication::WORDS)
            .map(|at| Communication::ALL[at])
    };
    (score $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table.decimal($key, 0, 100)
    };
    (share $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table.decimal($key, 0, 1)
    };
    (money $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table.money($key)
    };
    (terms $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table.terms($key, |text| Text::of($whole, text))
    };
    (cadence $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table.cadence($key)
    };
    (scores $key:literal, $table:ident, $whole:ident, $known:ident) => {
        read_scorecard($table, $whole).into()
    };
    (free $key:literal, $table:ident, $whole:ident, $known:ident) => {{
        let free = $table.free_table($key);
        read_free_keys($table, $whole, $key, free).into()
    }};
    (people $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table
            .each($key, |it| read_person(it, $whole))
            .unwrap_or_default()
            .into()
    };
    (dates $key:literal, $table:ident, $whole:ident, $known:ident) => {
        read_dates($table, $whole).into()
    };
    (competitors $key:literal, $table:ident, $whole:ident, $known:ident) => {
        $table
            .each($key, |it| read_competitor(it, $whole))
            .unwrap_or_default()
            .into()
    };
}

/// Reads all that a table says of a customer, but not its id; its texts are parts of `whole`.
pub(super) fn read_customer(
    table: &mut TomlTable<'_, '_>,
    whole: &Arc<String>,
    known: &KnownNames<'_>,
) -> Customer {
    macro_rules! customer {
        ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
            Customer {
                id: Box::default(),
                $($field: read!($kind $name, table, whole, known),)*
                file: 0,
                offset: 0,
            }
        };
    }
    customer_fields!(customer)
}

/// Reads the ids that a customer once had, each in its composed form.
fn read_former_ids(table: &mut TomlTable<'_, '_>, whole: &Arc<String>) -> Vec<Text> {
    let former = table.texts("former_ids").unwrap_or_default();
    let mut ids = Vec::with_capacity(former.len());
    for (text, span) in former {
        let id = composed_id(text);
        match check_id(&id) {
            Ok(()) => ids.push(Text::of(whole, &id)),
            Err(reason) => {
                let message = both!(
                    "the former id `{}` {}",
                    "曾用编号 `{}` {}",
                    clipped(text),
                    reason.reason()
                );
                table.report(fault::ID_INVALID, span, message, None);
            }
        }
    }
    ids
}

fn read_scorecard(table: &mut TomlTable<'_, '_>, whole: &Arc<String>) -> Vec<(Text, Fraction)> {
    let Some(scorecard) = table.free_table("scorecard") else {
        return Vec::new();
    };
    let mut scores = Vec::new();
    for (key, value) in scorecard.iter() {
        if let Some(score) = table.decimal_of(key.get_ref(), &value, 0, 100) {
            scores.push((Text::of(whole, key.get_ref()), score));
        }
    }
    scores
}

/// Reads whose the customer is, in the composed form that ids of the staff have.
fn read_owner<'t>(table: &mut TomlTable<'t, '_>, known: &KnownNames<'_>) -> Option<Cow<'t, str>> {
    let (owner, span) = table.text_value("owner")?;
    let owner = composed_id(owner);
    if let Some(staff) = &known.staff
        && !staff.all.contains(&*owner)
    {
        let known = || {
            let first = listed(staff.in_order.iter().take(MOST_NAMED));
            let more = if staff.in_order.len() > MOST_NAMED {
                Phrase(", ...", "、……")
            } else {
                Phrase("", "")
            };
            both!("the ids there are {}{}", "现有的编号是 {}{}", first, more)
        };
        let near = staff.in_order.iter().copied().help(&owner);
        let help = near.or_else(|| (!staff.in_order.is_empty()).then(known));
        let message = both!(
            "`{}` is nobody in staff.toml",
            "staff.toml 里没有 `{}` 这个人",
            clipped(&owner)
        );
        table.report(fault::UNKNOWN_OWNER, span, message, help);
    }
    Some(owner)
}

fn read_stage<'t>(table: &mut TomlTable<'t, '_>, known: &KnownNames<'_>) -> Option<&'t str> {
    let (stage, span) = table.text_value("stage")?;
    if !known.stages.iter().any(|it| it == stage) {
        let stages = known.stages.iter().map(String::as_str);
        let help = stages.help(stage).unwrap_or_else(|| {
            both!(
                "the policy's stages are {}",
                "规则里的阶段有 {}",
                listed(known.stages)
            )
        });
        let message = both!(
            "`{}` is not a stage of this book",
            "`{}` 不是本账本的阶段",
            clipped(stage)
        );
        table.report(fault::UNKNOWN_STAGE, span, message, help);
    }
    Some(stage)
}

fn read_person(table: &mut TomlTable<'_, '_>, whole: &Arc<String>) -> Person {
    macro_rules! person {
        ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
            Person { $($field: read!($kind $name, table, whole, known),)* }
        };
    }
    person_fields!(person)
}

fn read_competitor(table: &mut TomlTable<'_, '_>, whole: &Arc<String>) -> Competitor {
    Competitor {
        name: Text::of_some(whole, table.text("name")),
        note: Text::of_some(whole, table.text("note")),
    }
}

/// How birthdays are written.
const BIRTHDAYS: Phrase = Phrase(
    "write it like `1980-05-01`, `\"05-01\"` or `\"lunar 08-15\"`",
    "请写成 `1980-05-01`、`\"05-01\"` 或 `\"lunar 08-15\"`（农历）",
);

/// Reads a birthday: a date, `"YYYY-MM-DD"`, `"MM-DD"`, or one of the lunar calendar.
fn read_birthday(table: &mut TomlTable<'_, '_>) -> Option<Birthday> {
    use chrono::{Datelike as _, NaiveDate};
    let value = table.value("birthday")?;
    let of_date = |date: NaiveDate| Birthday::solar(Some(date.year()), date.month(), date.day());
    let text = match value.get_ref() {
        TomlValue::String("") => return None,
        TomlValue::String(text) => *text,
        other => {
            let date = value_date(other);
            if date.is_none() {
                table.wrong_type("birthday", &value, Phrase("a day", "日期"), BIRTHDAYS);
            }
            return date.map(of_date);
        }
    };
    if text.starts_with("lunar") {
        let birthday = Birthday::parse_lunar(text);
        return birthday
            .map_err(|why| report_no_lunar_day(table, value.span(), text, why))
            .ok();
    }
    let day = match *text.as_bytes() {
        // A leap year, so that 29 February is a birthday.
        [a, b, b'-', c, d] => two_digits([a, b])
            .zip(two_digits([c, d]))
            .filter(|(month, day)| NaiveDate::from_ymd_opt(2000, *month, *day).is_some())
            .map(|(month, day)| Birthday::solar(None, month, day)),
        _ if text.len() == 10 => crate::load::log::parse_day(text.as_bytes())
            .ok()
            .map(|it| of_date(it.0.date())),
        _ => None,
    };
    if day.is_none() {
        let message = both!("`{}` is no birthday", "`{}` 不是生日", clipped(text));
        let help = BIRTHDAYS;
        table.report(fault::WRONG_VALUE, value.span(), message, help);
    }
    day
}

/// Reports a birthday of the lunar calendar that is none, or of which its year has no such day.
fn report_no_lunar_day(
    table: &mut TomlTable<'_, '_>,
    span: Range<usize>,
    text: &str,
    why: NotLunar,
) {
    let written = clipped(text);
    let (message, help) = match why {
        NotLunar::Form => (
            both!("`{written}` is no birthday", "`{written}` 不是生日"),
            Phrase(
                "write it like `lunar 08-15` or `lunar 1980-08-15`, and of a leap month `lunar leap 06-10`",
                "请写成 `lunar 08-15` 或 `lunar 1980-08-15`，闰月写成 `lunar leap 06-10`",
            ),
        ),
        NotLunar::Year => (
            both!(
                "of the year of `{written}` no lunar calendar is known",
                "`{written}` 那一年没有农历资料"
            ),
            Phrase(
                "lunar years are known from 1900 to 2099; leave the year out",
                "农历只有 1900 至 2099 年的资料；年份可以不写",
            ),
        ),
        NotLunar::LeapMonth => (
            both!(
                "`{written}` names a leap month that its year has not",
                "`{written}` 写的是闰月，那一年没有这个闰月"
            ),
            Phrase(
                "correct the year or the month, or leave `leap` out",
                "改正年份或月份，或去掉 `leap`",
            ),
        ),
        NotLunar::Days(days) => (
            both!(
                "the month of `{written}` has {days} days",
                "`{written}` 那个月只有 {days} 天"
            ),
            Phrase("correct the day or the year", "改正日或年份"),
        ),
    };
    table.report(fault::WRONG_VALUE, span, message, help);
}

fn two_digits([tens, ones]: [u8; 2]) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

fn read_dates(table: &mut TomlTable<'_, '_>, whole: &Arc<String>) -> Vec<ImportantDate> {
    let Some(dates) = table.each("date", |it| read_date(it, whole)) else {
        return Vec::new();
    };
    dates.into_iter().flatten().collect()
}

fn read_date(table: &mut TomlTable<'_, '_>, whole: &Arc<String>) -> Option<ImportantDate> {
    let name = table.required_text("name", Phrase("a day that matters", "重要日期"));
    table.require("on", Phrase("a day that matters", "重要日期"));
    let on = table.date("on");
    let is_yearly = table.bool("yearly").unwrap_or(false);
    Some(ImportantDate {
        name: Text::of(whole, name?),
        on: on?,
        is_yearly,
    })
}

/// Reads `[profile]` or `[custom]`; keys below tables of theirs are joined by `.`.
fn read_free_keys(
    table: &mut TomlTable<'_, '_>,
    whole: &Arc<String>,
    key: &str,
    free: Option<TomlTree<'_>>,
) -> Vec<(Text, CustomValue)> {
    let Some(free) = free else {
        return Vec::new();
    };
    let mut found = Vec::with_capacity(free.len());
    for (name, value) in free.iter() {
        if is_customer_field(name.get_ref()) {
            let message = both!(
                "`{}` is a key of the customer and means nothing under `[{key}]`",
                "`{}` 是客户本身的键，写在 `[{key}]` 下面不起作用",
                Same(name.get_ref())
            );
            let help = Phrase(
                "move the line up, before the first `[table]` header",
                "把这一行移到上面，放在第一个 `[表头]` 之前",
            );
            table.report(fault::MISPLACED_KEY, name.span(), message, help);
            continue;
        }
        report_no_numbers(table, value.get_ref(), &value.span());
        if let TomlValue::Table(below) = value.get_ref() {
            flatten(name.get_ref(), *below, whole, &mut found);
        } else if let Some(value) = free_value(value.get_ref(), whole) {
            found.push((Text::of(whole, name.get_ref()), value));
        }
    }
    found
}

/// Reports numbers that nobody can count with: without end, none at all, or past 64 bits.
fn report_no_numbers(table: &mut TomlTable<'_, '_>, value: &TomlValue<'_>, span: &Range<usize>) {
    let digits = match value {
        TomlValue::Integer(number)
            if i64::from_str_radix(number.as_str(), number.radix()).is_err() =>
        {
            number.as_str()
        }
        TomlValue::Float(number)
            if !number.as_str().parse().is_ok_and(|it: f64| it.is_finite()) =>
        {
            number.as_str()
        }
        TomlValue::Array(items) => {
            for item in items.iter() {
                report_no_numbers(table, item.get_ref(), &item.span());
            }
            return;
        }
        TomlValue::Table(below) => {
            for (_, value) in below.iter() {
                report_no_numbers(table, value.get_ref(), &value.span());
            }
            return;
        }
        _ => return,
    };
    let message = both!(
        "`{}` is no number that can be counted with",
        "`{}` 这个数无法参与计算",
        clipped(digits)
    );
    let help = Phrase(
        "write a number of at most 18 digits, or a text in quotes",
        "写一个不超过 18 位的数，或写成引号里的文本",
    );
    table.report(fault::WRONG_VALUE, span.clone(), message, help);
}

fn flatten(
    above: &str,
    table: TomlTree<'_>,
    whole: &Arc<String>,
    found: &mut Vec<(Text, CustomValue)>,
) {
    for (key, value) in table.iter() {
        let name = format!("{above}.{}", key.get_ref());
        if let TomlValue::Table(below) = value.get_ref() {
            flatten(&name, *below, whole, found);
        } else if let Some(value) = free_value(value.get_ref(), whole) {
            found.push((name.as_str().into(), value));
        }
    }
}

/// Returns a value as a fact of one's own; `None` for what says nothing.
#[inline]
fn free_value(value: &TomlValue<'_>, whole: &Arc<String>) -> Option<CustomValue> {
    let value = match value {
        TomlValue::String("") | TomlValue::Table(_) => return None,
        TomlValue::String(text) => CustomValue::Text(Text::of(whole, text)),
        TomlValue::Boolean(yes) => CustomValue::Bool(*yes),
        TomlValue::Array(items) => CustomValue::List(
            items
                .iter()
                .filter_map(|item| item_text(item.get_ref(), whole))
                .collect(),
        ),
        TomlValue::Integer(number) => match exact(number.as_str(), number.radix()) {
            Some(number) => CustomValue::Number(number),
            // Digits that nobody counts with: kept as they are written.
            None => CustomValue::Text(Text::of(whole, number.as_str())),
        },
        other => match (value_date(other), value_digits(other)) {
            (Some(date), _) => CustomValue::Date(date),
            (_, Some(digits)) => match Fraction::parse_number(digits) {
                Some(number) => CustomValue::Number(number),
                None => CustomValue::Float(digits.parse().unwrap_or(f64::NAN)),
            },
            _ => CustomValue::Text(item_text(other, whole)?),
        },
    };
    Some(value)
}

/// Returns a whole number exactly, as of an account or a card; `None` for more than 38 digits.
fn exact(digits: &str, radix: u32) -> Option<Fraction> {
    Fraction::new(i128::from_str_radix(digits, radix).ok()?, 1)
}

/// Returns a value of a list as text.
fn item_text(value: &TomlValue<'_>, whole: &Arc<String>) -> Option<Text> {
    let text = match value {
        TomlValue::String("") | TomlValue::Array(_) | TomlValue::Table(_) => return None,
        TomlValue::String(text) => Text::of(whole, text),
        TomlValue::Integer(number) if number.radix() == 10 => Text::of(whole, number.as_str()),
        TomlValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
            number.to_string().as_str().into()
        }
        TomlValue::Float(number) => Text::of(whole, number.as_str()),
        TomlValue::Boolean(true) => "true".into(),
        TomlValue::Boolean(false) => "false".into(),
        TomlValue::Datetime(moment) => Text::of(whole, moment.text),
    };
    Some(text)
}
