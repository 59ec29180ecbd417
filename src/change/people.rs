//! People of a customer as typed: the fields of a `[[contact]]` table, and which table is meant.

use chrono::NaiveDate;

use crate::diagnostic::Nearest as _;
use crate::edit::toml_get::{KeyedValue, tables};
use crate::edit::toml_scope::TableScope;
use crate::edit::toml_set::KeySetting;
use crate::edit::toml_value::NewValue;
use crate::load::log::parse_day;
use crate::model::{Birthday, Day, plain_form};
use crate::session::hint::hinted;
use crate::words::{Phrase, say};

/// The list of a customer's file in which people stand.
pub(crate) const CONTACT: &str = "contact";

/// A field of a person, and what it is to hold; `None` removes it.
pub(crate) type PersonField = (&'static str, Option<NewValue>);

/// What was typed of a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct PersonTyped {
    pub(crate) title: Option<String>,
    pub(crate) phone: Vec<String>,
    pub(crate) mobile: Vec<String>,
    pub(crate) email: Vec<String>,
    pub(crate) wechat: Vec<String>,
    pub(crate) birthday: Option<String>,
    pub(crate) note: Option<String>,
}

/// Returns the fields given, in the order in which a file has them.
///
/// A text is removed by an empty value, a list by nothing but empty values.
pub(crate) fn fields(typed: &PersonTyped) -> Vec<PersonField> {
    let text = |key, text: &Option<String>| {
        let value = |it: &String| (!it.trim().is_empty()).then(|| NewValue::Text(it.clone()));
        text.as_ref().map(|it| (key, value(it)))
    };
    let texts = |key, texts: &[String]| {
        let filled: Vec<String> = (texts.iter().map(|it| it.trim()))
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        let value = match filled.as_slice() {
            [] => None,
            [one] => Some(NewValue::Text(one.clone())),
            _ => Some(NewValue::Texts(filled)),
        };
        (!texts.is_empty()).then_some((key, value))
    };
    let birthday = typed.birthday.as_ref().map(|it| ("birthday", day(it)));
    let fields = [
        text("title", &typed.title),
        texts("phone", &typed.phone),
        texts("mobile", &typed.mobile),
        texts("email", &typed.email),
        texts("wechat", &typed.wechat),
        birthday,
        text("note", &typed.note),
    ];
    fields.into_iter().flatten().collect()
}

/// Returns a birthday as it is written: a day, or the text that the reader judges.
fn day(text: &str) -> Option<NewValue> {
    let text = text.trim();
    let is_day = text.len() == 10 && parse_day(text.as_bytes()).is_ok();
    match text {
        "" => None,
        _ if is_day => Some(NewValue::Literal(text.to_owned())),
        _ => Some(NewValue::Text(text.to_owned())),
    }
}

/// Refuses what no person has: a birthday that is still to come, an address that no mail reaches.
///
/// # Errors
/// If a field is such.
pub(crate) fn check_fields(typed: &PersonTyped, today: NaiveDate) -> anyhow::Result<()> {
    let birthday = typed.birthday.as_deref().unwrap_or_default().trim();
    let lunar = Birthday::parse_lunar(birthday).ok();
    let day = match lunar {
        Some(lunar) => lunar.first().map(Day::date),
        None => parse_day(birthday.as_bytes()).ok().map(|it| it.0.date()),
    };
    if let Some(day) = day.filter(|it| *it > today) {
        let message = say!("the birthday {day} is still to come", "生日 {day} 还没有到");
        let without = if lunar.is_some() {
            "lunar MM-DD"
        } else {
            "MM-DD"
        };
        let hint = say!(
            "write the year of birth, or `{without}` where it is not known",
            "请写出生年份，不知道时写 `{without}`"
        );
        return Err(hinted(message, Some(hint)));
    }
    let mut emails = typed.email.iter().map(|it| it.trim());
    match emails.find(|it| !it.is_empty() && !it.contains('@')) {
        Some(email) => Err(hinted(
            say!("`{email}` is no email address", "`{email}` 不是邮箱地址"),
            Some(
                Phrase(
                    "it has an `@`: `wang@example.com`",
                    "邮箱地址里有 `@`：`wang@example.com`",
                )
                .spoken()
                .to_owned(),
            ),
        )),
        None => Ok(()),
    }
}

/// Refuses the name of nobody.
///
/// # Errors
/// If there is no letter or digit in it.
pub(crate) fn check_name(name: &str) -> anyhow::Result<()> {
    if name.chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    Err(hinted(
        say!("`{name}` is no name", "`{name}` 不是姓名"),
        Some(
            Phrase(
                "a person's name has a letter or a digit",
                "姓名里要有字母、汉字或数字",
            )
            .spoken()
            .to_owned(),
        ),
    ))
}

/// The people of a customer, as its file has them.
pub(crate) struct People {
    tables: Vec<Vec<KeyedValue>>,
}

impl People {
    /// Reads the people of a customer's file.
    pub(crate) fn read(text: &str, scope: TableScope) -> Self {
        Self {
            tables: tables(text, scope, CONTACT),
        }
    }

    /// Finds a person by name, however it is typed.
    ///
    /// # Errors
    /// If there are two.
    pub(crate) fn find(&self, id: &str, name: &str) -> anyhow::Result<Option<usize>> {
        let plain = plain_form(name);
        let mut found = self.names().filter(|(_, it)| plain_form(it) == plain);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(hinted(
                say!(
                    "`{id}` has two people called `{name}`",
                    "`{id}` 有两个名为 `{name}` 的联系人"
                ),
                Some(say!(
                    "`guanxi edit {id}` opens the file: give one of them another name",
                    "用 `guanxi edit {id}` 打开文件，给其中一个换名字"
                )),
            )),
            (first, _) => Ok(first.map(|(number, _)| number)),
        }
    }

    /// Returns a name that is nearly this one.
    pub(crate) fn near(&self, name: &str) -> Option<String> {
        self.names().map(|(_, it)| it).hint(name)
    }

    /// Returns the name that a person has in the file.
    pub(crate) fn name(&self, number: usize) -> &str {
        let found = self.names().find(|(it, _)| *it == number);
        found.map_or("", |(_, name)| name)
    }

    /// Returns what a field of a person holds.
    pub(crate) fn value(&self, number: usize, key: &str) -> Option<&NewValue> {
        let table = self.tables.get(number)?;
        let mut entries = table.iter().filter(|(path, _)| *path == [key]);
        entries.next().map(|(_, value)| value)
    }

    fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        let names = (0..self.tables.len()).map(|number| (number, self.value(number, "name")));
        names.filter_map(|(number, name)| match name {
            Some(NewValue::Text(name)) => Some((number, name.as_str())),
            _ => None,
        })
    }
}

/// Returns the settings of a person's fields.
pub(crate) fn settings(scope: TableScope, fields: Vec<PersonField>) -> Vec<KeySetting> {
    let setting = |(key, value): PersonField| KeySetting {
        scope,
        path: vec![key.to_owned()],
        value,
    };
    fields.into_iter().map(setting).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_is_a_day_or_what_the_reader_judges() {
        let literal = |text: &str| Some(NewValue::Literal(text.to_owned()));
        let words = |text: &str| Some(NewValue::Text(text.to_owned()));
        assert_eq!(day("1980-05-01"), literal("1980-05-01"));
        assert_eq!(day("05-01"), words("05-01"));
        assert_eq!(day("1980-13-01"), words("1980-13-01"));
        assert_eq!(day(" "), None);
    }
}
