//! What was typed: amounts, and `key=value` as fields of a customer.

use chrono::NaiveDate;

use super::days::parse_when;
use crate::diagnostic::Nearest as _;
use crate::edit::toml_scope::TableScope;
use crate::edit::toml_set::KeySetting;
use crate::edit::toml_value::NewValue;
use crate::load::log::parse_day;
use crate::metric::metric_by_name;
use crate::model::{
    CUSTOMER_FIELDS, CustomValue, Customer, FieldType as Type, Fraction, Money, NotMoney,
    PERSON_FIELDS, says_something,
};
use crate::session::hint::hinted;
use crate::source::clipped;
use crate::words::{Phrase, say, spoken};

/// Texts that may have several lines.
const MANY_LINES: [&str; 1] = ["address"];

/// Returns the type of a field that can be set, but for those under `profile`, `custom` and `scorecard`.
fn type_of(key: &str) -> Option<Type> {
    let found = CUSTOMER_FIELDS.iter().find(|(name, _)| *name == key);
    found.map(|it| it.1).filter(|it| is_settable(*it))
}

fn is_settable(kind: Type) -> bool {
    !matches!(kind, Type::Table | Type::Tables)
}

/// Says where the fields of a person are set.
fn of_person(key: &str) -> anyhow::Error {
    let field = key.trim_start_matches("contact.");
    let hint = if PERSON_FIELDS.contains(&field) && field != "name" {
        say!(
            "`guanxi contact CUSTOMER NAME --{field} ...` sets it",
            "用 `guanxi contact 客户 姓名 --{field} ...` 填写"
        )
    } else {
        Phrase(
            "`guanxi edit CUSTOMER` opens the file: a person stands below `[[contact]]`",
            "用 `guanxi edit 客户` 打开文件：联系人写在 `[[contact]]` 下面",
        )
        .spoken()
        .to_owned()
    };
    hinted(
        say!("`{key}` is a person's", "`{key}` 是联系人的字段"),
        Some(hint),
    )
}

/// Refuses a value that a field of this type cannot have, with the field named and a value that it can.
fn refuse_value(key: &str, text: &str, kind: Type) -> anyhow::Result<()> {
    if key == "name" && !says_something(text) {
        let message = match text {
            "" => Phrase("every customer has a name", "每个客户都要有名称")
                .spoken()
                .to_owned(),
            _ => say!("`{}` is no name", "`{}` 不是名称", clipped(text)),
        };
        let hint = Phrase(
            "give the firm's name: `name=Acme Works`",
            "请写公司名称：`name=株洲地铁`",
        )
        .spoken()
        .to_owned();
        return Err(hinted(message, Some(hint)));
    }
    // Whether a day is one does not depend on the day it is typed.
    let any_day = NaiveDate::default();
    let (is_right, what, example) = match kind {
        Type::Text | Type::Texts | Type::Table | Type::Tables => return Ok(()),
        Type::Date => (
            parse_when(text, any_day).is_ok(),
            Phrase("a day", "日期").spoken(),
            day_like(text),
        ),
        Type::Number | Type::Share => (
            is_number(text),
            Phrase("a number", "数").spoken(),
            number_like(kind, text),
        ),
        Type::Money => {
            let is_money = is_number(text) || Money::parse_with_unit(text).is_ok();
            (
                is_money,
                Phrase("an amount", "金额").spoken(),
                "3000000` or `300万".to_owned(),
            )
        }
    };
    if is_right || text.is_empty() {
        return Ok(());
    }
    let or = spoken().pick("or", "或");
    let example = example.replace("` or `", &format!("` {or} `{key}="));
    let message = say!(
        "`{key}` is {what}, and `{}` is none",
        "`{key}` 应当是{what}，而 `{}` 不是",
        clipped(text)
    );
    Err(hinted(
        message,
        Some(say!("write `{key}={example}`", "请写 `{key}={example}`")),
    ))
}

/// Refuses line ends in a field of one line, and a list as a file writes it.
fn refuse_lines(key: &str, text: &str, kind: Type) -> anyhow::Result<()> {
    if text.contains(['\n', '\r']) && !(kind == Type::Text && MANY_LINES.contains(&key)) {
        let hint = Some(say!("write `{key}` in one line", "`{key}` 要写在一行里"));
        return Err(hinted(
            say!("`{key}` has a line break", "`{key}` 里有换行"),
            hint,
        ));
    }
    let list = text.trim().strip_prefix('[');
    let list = list.and_then(|it| it.strip_suffix(']'));
    if let Some(list) = list.filter(|_| kind == Type::Texts) {
        let items = list
            .split(',')
            .map(|it| it.trim().trim_matches(['"', '\'']));
        let items: Vec<&str> = items.filter(|it| !it.is_empty()).collect();
        let message = say!(
            "`{}` is a list as the file has it",
            "`{}` 写成了文件里的列表",
            clipped(text)
        );
        let hint = say!(
            "write `{key}={}`",
            "请写 `{key}={}`",
            clipped(&items.join(","))
        );
        return Err(hinted(message, Some(hint)));
    }
    Ok(())
}

/// Returns a day that may be meant, or one as an example.
fn day_like(text: &str) -> String {
    let parts: Vec<&str> = text.split(['/', '.', '-', '年', '月', '日']).collect();
    let parts: Vec<u32> = parts.iter().map_while(|it| it.parse().ok()).collect();
    let is_year = |year: u32| (1900..2200).contains(&year);
    let day = match *parts {
        [year] if is_year(year) => (year, 1, 1),
        [year, month] if is_year(year) => (year, month, 1),
        [year, month, day] if is_year(year) => (year, month, day),
        _ => (0, 0, 0),
    };
    let day = i32::try_from(day.0)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, day.1, day.2));
    day.map_or_else(|| "2026-01-31".to_owned(), |day| day.to_string())
}

/// Returns a number that may be meant, or one as an example.
fn number_like(kind: Type, text: &str) -> String {
    let share = text.trim_end_matches(['%', '％']).trim();
    let share = share.parse().ok().filter(|_| share.len() < text.len());
    match share.and_then(|percent: i128| Fraction::new(percent, 100)) {
        Some(share) if kind == Type::Share => share.to_f64().to_string(),
        _ if kind == Type::Share => "0.22".to_owned(),
        _ => "80".to_owned(),
    }
}

/// Says what a figure comes from that somebody wants to set.
fn computed(key: &str) -> anyhow::Error {
    let hint = match key {
        "tier" => Phrase("`guanxi explain CUSTOMER tier` says by which rule; `score=` or the rules `[[tier]]` of guanxi.toml change it", "`guanxi explain 客户 tier` 说明按哪条规则；可改 `score=`，或改 guanxi.toml 的 `[[tier]]` 规则").spoken().to_owned(),
        "cadence" | "next_revisit" => say!(
            "`guanxi explain CUSTOMER {key}` says by which rule; `revisit=30d` sets a cadence of its own",
"`guanxi explain 客户 {key}` 说明按哪条规则；用 `revisit=30d` 单独设定回访周期"
        ),
        _ => say!("`guanxi explain CUSTOMER {key}` says from what",
"`guanxi explain 客户 {key}` 说明由什么得出"),
    };
    hinted(
        say!(
            "`{key}` is computed and cannot be set",
            "`{key}` 是算出来的，不能修改"
        ),
        Some(hint),
    )
}

/// Returns the names of all fields but those in tables.
pub(crate) fn field_names() -> impl Iterator<Item = &'static str> {
    let settable = CUSTOMER_FIELDS.iter().filter(|it| is_settable(it.1));
    settable.map(|(name, _)| *name)
}

/// A field as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypedField {
    /// The keys on the way to it.
    pub(crate) path: Vec<String>,
    /// The value as typed; an empty one removes the field.
    pub(crate) text: String,
}

/// Says how a field and its value are written on the command line.
pub(crate) fn how_fields_are_written() -> String {
    Phrase(
        "write fields like `owner=li.wei`",
        "字段请写成 `owner=li.wei`",
    )
    .spoken()
    .to_owned()
}

impl TypedField {
    /// Reads `key=value`.
    ///
    /// # Errors
    /// If there is no `=`, or no such field can be set.
    pub(crate) fn parse(word: &str) -> anyhow::Result<Self> {
        let Some((key, text)) = word.split_once('=') else {
            return Err(hinted(
                say!("`{word}` is no `key=value`", "`{word}` 不是 `键=值`"),
                Some(how_fields_are_written()),
            ));
        };
        let key = key.trim();
        let field = |path: Vec<String>| Self {
            path,
            text: text.to_owned(),
        };
        if let Some(kind) = type_of(key) {
            refuse_value(key, text, kind)?;
            refuse_lines(key, text, kind)?;
            return Ok(field(vec![key.to_owned()]));
        }
        match key.split_once('.') {
            Some(("profile" | "custom" | "scorecard", name))
                if name.split('.').all(|part| !part.is_empty()) =>
            {
                if !key.starts_with("scorecard.") && type_of(name).is_some() {
                    let message = say!(
                        "`{name}` is a field of the customer, and means nothing as `{key}`",
                        "`{name}` 是客户的字段，写成 `{key}` 不起作用"
                    );
                    return Err(hinted(
                        message,
                        Some(say!("write `{name}={text}`", "请写 `{name}={text}`")),
                    ));
                }
                if key.starts_with("scorecard.") {
                    refuse_value(key, text, Type::Number)?;
                }
                Ok(field(key.split('.').map(str::to_owned).collect()))
            }
            Some(("contact", _)) => Err(of_person(key)),
            Some((table @ ("date" | "competitor"), _)) => Err(hinted(
                say!(
                    "`{key}` stands in a list of tables, which `set` cannot tell apart",
                    "`{key}` 在表的列表里，`set` 无法区分是哪一个"
                ),
                Some(say!(
                    "`guanxi edit CUSTOMER` opens the file: add or change a `[[{table}]]`",
                    "用 `guanxi edit 客户` 打开文件，添加或修改 `[[{table}]]`"
                )),
            )),
            _ if key == "id" => Err(hinted(
                Phrase(
                    "the id is the name of the customer's file",
                    "编号就是客户文件的文件名",
                )
                .spoken(),
                Some(
                    Phrase(
                        "`guanxi rename OLD NEW` changes it everywhere",
                        "用 `guanxi rename 旧编号 新编号` 全部改掉",
                    )
                    .spoken()
                    .to_owned(),
                ),
            )),
            _ if key != "note" && PERSON_FIELDS.contains(&key) => Err(of_person(key)),
            _ if metric_by_name(key).is_some() => Err(computed(key)),
            _ => {
                let near = field_names().hint(key);
                let hint = near.unwrap_or_else(|| {
                    say!(
                        "facts of your own stand under `custom`: `custom.{key}=...`",
                        "自己的字段写在 `custom` 下面：`custom.{key}=...`"
                    )
                });
                Err(hinted(
                    say!("no field is called `{key}`", "没有名为 `{key}` 的字段"),
                    Some(hint),
                ))
            }
        }
    }

    /// Returns the field's name as typed.
    pub(crate) fn name(&self) -> String {
        self.path.join(".")
    }

    /// Returns what is to be written; `None` where an empty value removes the field.
    ///
    /// A value that its type does not allow is written as text: the reader then refuses it at its
    /// place, as it would in a file written by hand.
    pub(crate) fn setting(
        &self,
        scope: TableScope,
        customer: Option<&Customer>,
        today: NaiveDate,
    ) -> KeySetting {
        KeySetting {
            scope,
            path: self.path.clone(),
            value: (!self.text.is_empty()).then(|| self.value(customer, today)),
        }
    }

    fn value(&self, customer: Option<&Customer>, today: NaiveDate) -> NewValue {
        let text = self.text.as_str();
        let literal_if = |is_one: bool| {
            if is_one {
                NewValue::Literal(text.to_owned())
            } else {
                NewValue::Text(text.to_owned())
            }
        };
        match (type_of(&self.name()), self.path.first().map(String::as_str)) {
            (Some(Type::Text), _) | (None, Some("profile")) => NewValue::Text(text.to_owned()),
            (Some(Type::Texts), _) => {
                let parts = text.split([',', ';', '，', '；']).map(str::trim);
                NewValue::Texts(
                    parts
                        .filter(|it| !it.is_empty())
                        .map(str::to_owned)
                        .collect(),
                )
            }
            (Some(Type::Date), _) => match parse_when(text, today) {
                Ok(day) => NewValue::Literal(day.to_string()),
                Err(_) => NewValue::Text(text.to_owned()),
            },
            (Some(Type::Number | Type::Share), _) | (None, Some("scorecard")) => {
                literal_if(is_number(text))
            }
            (Some(Type::Money), _) => {
                literal_if(is_number(text) && Money::parse_plain(text).is_ok())
            }
            _ => {
                let key = self.path.get(1..).unwrap_or_default().join(".");
                let was_text = customer.is_some_and(|it| is_text(it, &key));
                let is_day = parse_day(text.as_bytes()).is_ok() && text.len() == 10;
                let is_one = is_number(text) || is_day || matches!(text, "true" | "false");
                literal_if(is_one && !was_text)
            }
        }
    }
}

/// Tells whether a key of `[custom]` holds text so far.
fn is_text(customer: &Customer, key: &str) -> bool {
    let found = customer.custom.iter().find(|(name, _)| &**name == key);
    matches!(found, Some((_, CustomValue::Text(_))))
}

/// Tells whether a text is a number in TOML as it is here, exactly.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_leading_zero = digits.starts_with('0') && !(digits == "0" || digits.starts_with("0."));
    Fraction::parse_decimal(text).is_some() && !has_leading_zero
}

/// Returns an amount as a log writes it: plain digits stay, `300万` and `50k` become digits.
///
/// What is no amount stays as it is, for the reader to refuse.
pub(crate) fn amount_cell(text: &str) -> String {
    match (Money::parse_plain(text), Money::parse_with_unit(text)) {
        (Err(_), Ok(money)) => money.to_string(),
        _ => text.to_owned(),
    }
}

/// Tells whether a text is meant as an amount, though it may be one that no log can hold.
pub(crate) fn is_amount(text: &str) -> bool {
    !matches!(Money::parse_with_unit(text), Err(NotMoney::NotANumber))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Returns how `word` is written.
    fn written(word: &str) -> String {
        let field = TypedField::parse(word).unwrap();
        let setting = field.setting(TableScope::File, None, day("2026-03-01"));
        setting
            .value
            .map_or("removed".to_owned(), |it| it.to_toml())
    }

    #[test]
    fn fields_have_their_types() {
        assert_eq!(written("owner=li.wei"), "\"li.wei\"");
        assert_eq!(written("owner="), "removed");
        assert_eq!(written("address=a=\"b\"\n"), "\"a=\\\"b\\\"\\n\"");
        assert_eq!(written("since=2026-01-31"), "2026-01-31");
        assert_eq!(written("reviewed=today"), "2026-03-01");
        assert_eq!(written("score=78.5"), "78.5");
        assert_eq!(written("credit_limit=300万"), "\"300万\"");
        assert_eq!(written("credit_limit=3000000"), "3000000");
        assert_eq!(written("tags=key, 大；x"), "[\"key\", \"大\", \"x\"]");
        assert_eq!(written("custom.lines=6"), "6");
        assert_eq!(written("custom.code=007"), "\"007\"");
        assert_eq!(written("custom.on=2026-01-31"), "2026-01-31");
        assert_eq!(written("custom.a.b=true"), "true");
        assert_eq!(written("profile.needs=6"), "\"6\"");
        assert_eq!(written("scorecard.fit=70"), "70");
    }

    #[test]
    fn a_text_of_custom_stays_text() {
        let customer = Customer {
            custom: [("code".into(), CustomValue::Text("7".into()))].into(),
            ..Customer::default()
        };
        let field = TypedField::parse("custom.code=8").unwrap();
        let setting = field.setting(TableScope::File, Some(&customer), day("2026-03-01"));
        assert_eq!(setting.value, Some(NewValue::Text("8".to_owned())));
    }

    #[test]
    fn what_is_no_field_is_told() {
        let fault = |word: &str| TypedField::parse(word).unwrap_err().to_string();
        assert_eq!(fault("owner"), "`owner` is no `key=value`");
        assert_eq!(fault("onwer=x"), "no field is called `onwer`");
        assert_eq!(fault("phone=1"), "`phone` is a person's");
        assert_eq!(fault("id=x"), "the id is the name of the customer's file");
        assert_eq!(fault("contact.name=x"), "`contact.name` is a person's");
        assert_eq!(fault("since=soon"), "`since` is a day, and `soon` is none");
        assert_eq!(fault("score=078"), "`score` is a number, and `078` is none");
    }

    #[test]
    fn units_become_digits() {
        assert_eq!(amount_cell("300万"), "3000000.00");
        assert_eq!(amount_cell("-1.5k"), "-1500.00");
        assert_eq!(amount_cell("1250000"), "1250000");
        assert_eq!(amount_cell("1,5"), "1,5");
    }
}
