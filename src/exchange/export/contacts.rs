//! Business cards: a vCard for every person with a name, in the version that phones read.
//!
//! Lunar birthdays and the names of messengers have no place in one, and are not carried.

use std::collections::HashMap;

use super::LeavingBook;
use crate::model::{Birthday, Customer, Person, is_han};
use crate::render::content_line::{ContentLines, one_line, text, uid};

/// The versions of vCard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VCardVersion {
    /// 3.0, which phones and office programs read.
    Three,
    /// 4.0.
    Four,
}

/// Returns the cards of the customers that were chosen, in the order of their files.
pub(crate) fn cards(leaving: &LeavingBook<'_>, version: VCardVersion) -> String {
    let book = &leaving.loaded.policy.export_calendar;
    let mut lines = ContentLines::default();
    for (_, customer) in leaving.customers() {
        let mut names: HashMap<&str, usize> = HashMap::new();
        for person in &customer.people {
            let Some(name) = &person.name else { continue };
            let name: &str = name;
            let namesakes = names.entry(name).or_default();
            let number = namesakes.to_string();
            let mut parts = vec![book.as_str(), "contact", &*customer.id, name];
            if *namesakes > 0 {
                parts.push(&number);
            }
            *namesakes += 1;
            push_card(&mut lines, customer, (person, name), version, &uid(&parts));
        }
    }
    lines.into_text()
}

fn push_card(
    lines: &mut ContentLines,
    customer: &Customer,
    (person, name): (&Person, &str),
    version: VCardVersion,
    uid: &str,
) {
    lines.push("BEGIN", "VCARD");
    lines.push(
        "VERSION",
        if version == VCardVersion::Three {
            "3.0"
        } else {
            "4.0"
        },
    );
    lines.push_text("FN", name);
    lines.push("N", &parts_of_name(name));
    lines.push_text("ORG", &customer.name);
    if let Some(title) = &person.title {
        lines.push_text("TITLE", title);
    }
    for number in &person.phone {
        let is_mobile = is_mobile_number(number);
        lines.push_text(
            if is_mobile {
                "TEL;TYPE=CELL"
            } else {
                "TEL;TYPE=WORK"
            },
            number,
        );
    }
    for number in &person.mobile {
        lines.push_text("TEL;TYPE=CELL", number);
    }
    for address in &person.email {
        lines.push_text("EMAIL", address);
    }
    if let Some((year, month, day)) = person.birthday.and_then(Birthday::by_date) {
        push_birthday(lines, year, month, day, version);
    }
    if let Some(address) = &customer.address {
        lines.push("ADR", &format!(";;{};;;;", text(address)));
    }
    if let Some(website) = &customer.website {
        // An address of the web is no text: nothing in it is escaped.
        lines.push("URL", &one_line(website));
    }
    if let Some(note) = &person.note {
        lines.push_text("NOTE", note);
    }
    if !customer.tags.is_empty() {
        let tags: Vec<String> = customer.tags.iter().map(|it| text(it)).collect();
        lines.push("CATEGORIES", &tags.join(","));
    }
    // Version 4.0 takes it for an address unless it is told.
    lines.push(
        if version == VCardVersion::Three {
            "UID"
        } else {
            "UID;VALUE=text"
        },
        uid,
    );
    lines.push("END", "VCARD");
}

/// Returns the parts of a name: family name, given names, and three that nobody knows.
fn parts_of_name(name: &str) -> String {
    if !name.chars().any(is_han)
        && let Some((rest, last)) = name.trim().rsplit_once(char::is_whitespace)
    {
        return format!("{};{};;;", text(last), text(rest.trim_end()));
    }
    format!("{};;;;", text(name))
}

/// Adds a birthday; where the year is not known, version 3.0 has a year and a word that says it is none.
fn push_birthday(
    lines: &mut ContentLines,
    year: Option<i32>,
    month: u32,
    day: u32,
    version: VCardVersion,
) {
    let (name, value) = match (version, year) {
        (VCardVersion::Three, Some(year)) => ("BDAY", format!("{year:04}-{month:02}-{day:02}")),
        (VCardVersion::Three, None) => (
            "BDAY;X-APPLE-OMIT-YEAR=1604",
            format!("1604-{month:02}-{day:02}"),
        ),
        (VCardVersion::Four, Some(year)) => ("BDAY", format!("{year:04}{month:02}{day:02}")),
        (VCardVersion::Four, None) => ("BDAY", format!("--{month:02}{day:02}")),
    };
    lines.push(name, &value);
}

/// Tells whether a number is one of a mobile telephone of mainland China: 11 digits, of which the first is 1
/// and the second 3 to 9.
fn is_mobile_number(number: &str) -> bool {
    let digits: String = number
        .chars()
        .filter(|it| !matches!(it, ' ' | '-'))
        .collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    let mut bytes = digits.bytes();
    digits.len() == 11
        && bytes.next() == Some(b'1')
        && bytes.next().is_some_and(|it| (b'3'..=b'9').contains(&it))
        && bytes.all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart_where_they_have_parts() {
        assert_eq!(parts_of_name("王建国"), "王建国;;;;");
        assert_eq!(parts_of_name("John A. Smith"), "Smith;John A.;;;");
        assert_eq!(parts_of_name("Cher"), "Cher;;;;");
        assert_eq!(parts_of_name("王 Wang"), "王 Wang;;;;");
        assert_eq!(parts_of_name("a;b c,d"), "c\\,d;a\\;b;;;");
    }

    #[test]
    fn mobile_numbers() {
        for number in ["13800000000", "+86 138 0000 0000", "199-0000-0000"] {
            assert!(is_mobile_number(number), "{number}");
        }
        for number in [
            "12800000000",
            "1380000000",
            "138000000000",
            "+44 13800000000",
            "0731 5550000",
            "",
        ] {
            assert!(!is_mobile_number(number), "{number}");
        }
    }
}
