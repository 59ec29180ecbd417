//! Values of a policy by their types: how each is read from TOML and written as TOML.

use std::ops::Range;

use super::{FORMAT, LogPattern, Tolerance};
use crate::diagnostic::{NEWER_FORMAT, Nearest as _, WRONG_VALUE};
use crate::model::{Fraction, Money, Revisit, Terms, Word, parse_span};
use crate::source::clipped;
use crate::toml_table::{TomlTable, quoted, quoted_list};
use crate::words::{Phrase, Wording, both};

/// The place of a value in a policy, by its type.
pub(super) enum Slot<'p> {
    /// A format of books that this program knows.
    Format(&'p mut u32),
    /// A text.
    Text(&'p mut String),
    /// Texts, each of which may be wrong.
    Texts(&'p mut Vec<String>, TextCheck),
    /// Texts that are written one on a line.
    Lines(&'p mut Vec<String>, TextCheck),
    /// When an invoice is due.
    Terms(&'p mut Terms),
    /// A pattern of paths.
    LogFile(&'p mut LogPattern),
    /// Days, at least so many.
    Days(&'p mut i64, i64),
    /// Days, at least one, or none at all.
    SpanOrNever(&'p mut Option<i64>),
    /// A share, 0 to 1.
    Share(&'p mut Fraction),
    /// A share that need not be stated; then this is shown as an example.
    NoShare(&'p mut Option<Fraction>, &'static str),
    /// A share above -1 by which something grows.
    Rate(&'p mut Fraction),
    /// Money that need not be stated; then this is shown as an example.
    NoMoney(&'p mut Option<Money>, &'static str),
    /// A whole number from 1 to so many.
    Whole(&'p mut u32, i64),
    /// Yes or no.
    Bool(&'p mut bool),
    /// One of a few words.
    Word(&'p mut dyn WordChoice),
    /// Days at which spans end, the shortest first.
    Buckets(&'p mut Vec<u32>),
    /// Money or a share.
    Tolerance(&'p mut Tolerance),
}

/// Judges one text, with the names of the tiers and the texts taken before it.
pub(super) type TextCheck = fn(&str, &Tiers, &[String]) -> Verdict;

/// Whether to take a text, or what is wrong with it and the cure.
pub(super) type Verdict = Result<bool, (Wording, Option<Wording>)>;

/// The names of the tiers.
pub(super) struct Tiers {
    /// Their names.
    pub(super) names: Vec<String>,
    /// Whether others may be named, as the program's own policy does.
    pub(super) may_miss: bool,
}

/// A [`Word`] of any type.
pub(super) trait WordChoice {
    /// Returns all words.
    fn words(&self) -> &'static [&'static str];

    /// Returns the word of the present choice.
    fn chosen(&self) -> &'static str;

    /// Chooses by the place of a word.
    fn choose(&mut self, index: usize);
}

impl<T: Word> WordChoice for T {
    fn words(&self) -> &'static [&'static str] {
        T::WORDS
    }
    fn chosen(&self) -> &'static str {
        self.word()
    }
    fn choose(&mut self, index: usize) {
        *self = T::ALL[index];
    }
}

impl Slot<'_> {
    /// Takes what a table says under a key; what is wrong is reported and changes nothing.
    pub(super) fn read(self, table: &mut TomlTable<'_, '_>, key: &'static str, tiers: &Tiers) {
        match self {
            Self::Format(place) => set(place, read_format(table, key)),
            Self::Text(place) => set(place, table.text(key).map(str::to_owned)),
            Self::Texts(place, check) | Self::Lines(place, check) => {
                if let Some(texts) = table.texts(key) {
                    *place = checked(texts, check, tiers, table);
                }
            }
            Self::Terms(place) => set(place, table.terms(key, |text| text.into())),
            Self::LogFile(place) => set(place, read_log_file(table, key)),
            Self::Days(place, least) => set(place, table.span_days(key, least)),
            Self::SpanOrNever(place) => {
                let read = table.days_or_never(key, 1);
                set(
                    place,
                    read.map(|it| match it {
                        Revisit::Every(span) => Some(span.count()),
                        Revisit::Never => None,
                    }),
                );
            }
            Self::Share(place) => set(place, table.decimal(key, 0, 1)),
            Self::NoShare(place, _) => *place = table.decimal(key, 0, 1).or(*place),
            Self::Rate(place) => set(place, read_rate(table, key)),
            Self::NoMoney(place, _) => *place = table.money(key).or(*place),
            Self::Whole(place, most) => {
                let number = table.whole(key, 1, most);
                set(place, number.and_then(|it| u32::try_from(it).ok()));
            }
            Self::Bool(place) => set(place, table.bool(key)),
            Self::Word(place) => {
                if let Some(index) = table.one_of(key, place.words()) {
                    place.choose(index);
                }
            }
            Self::Buckets(place) => set(place, read_buckets(table, key)),
            Self::Tolerance(place) => set(place, read_tolerance(table, key)),
        }
    }

    /// Writes the line of a key; as a comment where nothing is stated, or what cannot be.
    pub(super) fn line(self, key: &str, tiers: &Tiers) -> String {
        match self {
            Self::NoShare(None, example) | Self::NoMoney(None, example) => {
                return format!("# {key} = {example}\n");
            }
            Self::Texts(ref texts, check)
                if !texts.iter().all(|it| check(it, tiers, &[]).is_ok()) =>
            {
                return format!("# {key} = {}\n", self.value());
            }
            _ => {}
        }
        format!("{key} = {}\n", self.value())
    }

    /// Writes the value.
    pub(super) fn value(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Texts(texts, _) => quoted_list(texts),
            Self::Lines(texts, _) => {
                let lines: Vec<String> = texts.iter().map(|it| quoted(it)).collect();
                format!("[\n    {},\n]", lines.join(",\n    "))
            }
            Self::Terms(terms) => quoted(terms.as_str()),
            Self::LogFile(pattern) => quoted(pattern.pattern()),
            Self::Days(days, _) => format!("\"{days}d\""),
            Self::Share(share) | Self::Rate(share) => decimal(**share),
            Self::NoShare(Some(share), _) => decimal(*share),
            Self::NoShare(None, _) | Self::NoMoney(None, _) => "none".to_owned(),
            Self::Format(number) | Self::Whole(number, _) => number.to_string(),
            Self::SpanOrNever(Some(days)) => format!("\"{days}d\""),
            Self::SpanOrNever(None) => quoted("never"),
            Self::Bool(yes) => yes.to_string(),
            Self::Word(choice) => quoted(choice.chosen()),
            Self::Buckets(ends) => {
                let spans: Vec<String> = ends.iter().map(|days| format!("{days}d")).collect();
                quoted_list(&spans)
            }
            Self::NoMoney(Some(money), _) | Self::Tolerance(Tolerance::Money(money)) => {
                format!("\"{money}\"")
            }
            Self::Tolerance(Tolerance::Share(share)) => {
                let percent = share.checked_mul(Fraction::whole(100));
                format!("\"{}%\"", decimal(percent.unwrap_or(*share)))
            }
        }
    }
}

/// Puts a value that was read in the place of the one before.
pub(super) fn set<T>(place: &mut T, read: Option<T>) {
    if let Some(value) = read {
        *place = value;
    }
}

fn checked(
    texts: Vec<(&str, Range<usize>)>,
    check: TextCheck,
    tiers: &Tiers,
    table: &mut TomlTable<'_, '_>,
) -> Vec<String> {
    let mut taken = Vec::new();
    for (text, span) in texts {
        match check(text, tiers, &taken) {
            Ok(true) => taken.push(text.to_owned()),
            Ok(false) => {}
            Err((message, help)) => table.report(WRONG_VALUE, span, message, help),
        }
    }
    taken
}

/// Takes each stage once.
pub(super) fn stage(name: &str, _: &Tiers, taken: &[String]) -> Verdict {
    once(Phrase("stage", "阶段"), name, taken)
}

/// Takes each topic once.
pub(super) fn topic(name: &str, _: &Tiers, taken: &[String]) -> Verdict {
    once(Phrase("topic", "主题"), name, taken)
}

/// Takes each tier once, and none that no table has.
pub(super) fn tier(name: &str, tiers: &Tiers, taken: &[String]) -> Verdict {
    if tiers.may_miss || tiers.names.iter().any(|it| it == name) {
        return once(Phrase("tier", "级别"), name, taken);
    }
    let help = tiers.names.iter().map(String::as_str).help(name);
    Err((
        both!("no tier is called `{name}`", "没有名为 `{name}` 的级别"),
        help,
    ))
}

fn once(what: Phrase, name: &str, taken: &[String]) -> Verdict {
    if taken.iter().any(|it| it == name) {
        return Err((
            both!(
                "the {} `{name}` stands here twice",
                "{} `{name}` 在这里写了两次",
                what
            ),
            None,
        ));
    }
    Ok(true)
}

/// Reads the number of a format.
fn read_format(table: &mut TomlTable<'_, '_>, key: &'static str) -> Option<u32> {
    let span = table.value(key)?.span();
    let number = table.whole(key, 1, i64::from(u32::MAX))?;
    if number > i64::from(FORMAT) {
        let message = both!(
            "the book is written in format {number}, and this program knows {FORMAT}",
            "这个账本的格式是 {number}，而本程序只认识到 {FORMAT}"
        );
        let cure = Phrase(
            "use a newer guanxi: `guanxi --version` tells which format one knows",
            "请用新版 guanxi：`guanxi --version` 会显示它认识的格式",
        );
        table.report(NEWER_FORMAT, span, message, cure);
        return None;
    }
    u32::try_from(number).ok()
}

/// Reads a share by which something grows: more than -1, at which nothing would be left.
fn read_rate(table: &mut TomlTable<'_, '_>, key: &'static str) -> Option<Fraction> {
    let rate = table.decimal(key, -1, i64::MAX)?;
    if rate == Fraction::whole(-1) {
        let span = table.value(key).map_or(0..0, |it| it.span());
        let message = both!(
            "`{key}` is more than -1, not `-1`",
            "`{key}` 要大于 -1，不能是 `-1`"
        );
        let cure = Phrase(
            "write it like `0.2`, or `-0.1` for a decline",
            "请写成 `0.2`，减少写成 `-0.1`",
        );
        table.report(WRONG_VALUE, span, message, cure);
        return None;
    }
    Some(rate)
}

/// Reads the days at which spans end: at least one, each longer than the one before.
fn read_buckets(table: &mut TomlTable<'_, '_>, key: &'static str) -> Option<Vec<u32>> {
    let texts = table.texts(key)?;
    let mut ends: Vec<u32> = Vec::new();
    let mut fault = None;
    for (text, span) in texts {
        let days = parse_span(text).and_then(|days| u32::try_from(days).ok());
        let before = ends.last().copied().unwrap_or_default();
        let reason = match days {
            None => both!("`{}` is no span of days", "`{}` 不是时长", clipped(text)),
            Some(days) if days > before => {
                ends.push(days);
                continue;
            }
            Some(_) if before == 0 => {
                both!(
                    "a bucket is at least 1 day, not `{}`",
                    "账龄段至少 1 天，不能是 `{}`",
                    clipped(text)
                )
            }
            Some(_) => both!(
                "`{}` is no longer than the `{before}d` before it",
                "`{}` 不比前面的 `{before}d` 长",
                clipped(text)
            ),
        };
        fault = Some((span, reason));
        break;
    }
    if fault.is_none() && ends.is_empty() {
        let span = table.value(key).map_or(0..0, |it| it.span());
        fault = Some((
            span,
            both!("`{key}` needs a span at least", "`{key}` 至少要有一个时长"),
        ));
    }
    if let Some((span, reason)) = fault {
        let cure = Phrase(
            "write it like `[\"30d\", \"90d\"]`, the shortest first",
            "请写成 `[\"30d\", \"90d\"]`，短的在前",
        );
        table.report(WRONG_VALUE, span, reason, cure);
        return None;
    }
    Some(ends)
}

/// Reads a tolerance: money, or a share of each invoice such as `"5%"`.
fn read_tolerance(table: &mut TomlTable<'_, '_>, key: &'static str) -> Option<Tolerance> {
    let value = table.value(key)?;
    let text = value.get_ref().as_str();
    let Some(percent) = text.and_then(|text| text.strip_suffix('%')) else {
        return table.money(key).map(Tolerance::Money);
    };
    let share = Fraction::parse_decimal(percent.trim_end());
    let share = share.and_then(|it| it.checked_mul(Fraction::new(1, 100)?));
    let is_share = |it: &Fraction| (Fraction::ZERO..=Fraction::whole(1)).contains(it);
    let share = share.filter(is_share);
    if share.is_none() {
        let message = both!(
            "`{}%` is no share from 0% to 100%",
            "`{}%` 不是 0% 到 100% 的比例",
            clipped(percent)
        );
        let cure = Phrase(
            "write it like `\"5%\"`, or as money like `50` or `\"1万\"`",
            "请写成 `\"5%\"`，或写金额，如 `50` 或 `\"1万\"`",
        );
        table.report(WRONG_VALUE, value.span(), message, cure);
    }
    share.map(Tolerance::Share)
}

fn read_log_file(table: &mut TomlTable<'_, '_>, key: &'static str) -> Option<LogPattern> {
    let (pattern, span) = table.text_value(key)?;
    match LogPattern::parse(pattern) {
        Ok(file) => Some(file),
        Err(reason) => {
            let cure = Phrase(
                "write it like `interactions/{year}.csv`; `{month}` and `{customer}` are known too",
                "请写成 `interactions/{year}.csv`；也可以用 `{month}` 和 `{customer}`",
            );
            let message = both!("`{key}` {}", "`{key}` {}", reason);
            table.report(WRONG_VALUE, span, message, cure);
            None
        }
    }
}

/// Writes a fraction that was read from digits as digits again.
pub(super) fn decimal(number: Fraction) -> String {
    let (numerator, denominator) = (number.numerator(), number.denominator());
    let sign = if numerator < 0 { "-" } else { "" };
    let (mut rest, denominator) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let mut written = format!("{sign}{}", rest / denominator);
    rest %= denominator;
    if rest > 0 {
        written.push('.');
    }
    // What was read has at most 18 digits.
    for _ in 0..18 {
        if rest == 0 {
            break;
        }
        rest *= 10;
        written.push_str(&(rest / denominator).to_string());
        rest %= denominator;
    }
    written
}
