//! From rows of answers to what there is to tell.

use chrono::{Datelike as _, NaiveDate};

use super::{Item, Section};
use crate::metric::{Type, Value};
use crate::render::plain;
use crate::source::told;

/// Makes an item of a row, if it is one.
pub(crate) type ReadItem = fn(&ItemReader<'_>, &Cells<'_>) -> Option<Item>;

/// The answers whose rows are told, the columns that are looked at, and what they make.
pub(crate) const SOURCES: &[(&str, &[&str], ReadItem)] = &[
    (
        "due",
        &["id", "name", "owner", "phone", "next_revisit", "why"],
        |reader, cells| reader.visit(cells),
    ),
    (
        "cases",
        &[
            "id",
            "name",
            "owner",
            "phone",
            "ref",
            "kind",
            "topic",
            "staff",
            "opened",
            "deadline",
            "left",
            "answered",
            "respond_by",
        ],
        |reader, cells| reader.case(cells),
    ),
    (
        "dates",
        &[
            "id", "name", "owner", "phone", "date", "kind", "what", "person", "years", "ref",
        ],
        |reader, cells| reader.date(cells),
    ),
    (
        "invoices",
        &[
            "id", "name", "owner", "phone", "ref", "kind", "due", "days", "balance", "status",
            "level",
        ],
        |reader, cells| reader.invoice(cells),
    ),
];

/// The cells of a row.
pub(crate) struct Cells<'r> {
    pub(crate) names: &'r [&'r str],
    pub(crate) kinds: &'r [Type],
    pub(crate) values: &'r [Value<'r>],
}

impl Cells<'_> {
    fn at(&self, name: &str) -> usize {
        let at = self.names.iter().position(|it| *it == name);
        at.expect("it is one of the columns that were asked for")
    }

    /// Returns what stands in a column, in one line; empty where it is unknown.
    fn text(&self, name: &str) -> String {
        let at = self.at(name);
        let text = plain(&self.values[at], self.kinds[at]);
        let words: Vec<&str> = text.split_whitespace().collect();
        told(&words.join(" ")).into_owned()
    }

    /// Returns the text as it is, for what is no prose.
    fn word(&self, name: &str) -> String {
        let at = self.at(name);
        plain(&self.values[at], self.kinds[at])
    }

    fn day(&self, name: &str) -> Option<NaiveDate> {
        match self.values[self.at(name)] {
            Value::Date(day) => Some(day),
            _ => None,
        }
    }
}

/// Makes items of rows.
pub(crate) struct ItemReader<'a> {
    pub(crate) as_of: NaiveDate,
    /// The last day that is looked at.
    pub(crate) last: NaiveDate,
    /// Who is told what nobody answers for.
    pub(crate) default: &'a str,
}

impl ItemReader<'_> {
    fn item(&self, section: Section, kind: &str, cells: &Cells<'_>, day: NaiveDate) -> Item {
        let person = match cells.word("owner") {
            owner if owner.is_empty() => self.default.to_owned(),
            owner => owner,
        };
        Item {
            section,
            kind: kind.to_owned(),
            customer: cells.text("id"),
            name: cells.text("name"),
            key: String::new(),
            day,
            is_late: day < self.as_of,
            why: String::new(),
            phone: cells.text("phone"),
            person,
        }
    }

    /// Says how a day lies.
    fn when(&self, day: NaiveDate, past: &str) -> String {
        match day.signed_duration_since(self.as_of).num_days() {
            ..0 => format!("{past} since {day}"),
            0 => "today".to_owned(),
            _ => day.to_string(),
        }
    }

    fn visit(&self, cells: &Cells<'_>) -> Option<Item> {
        let day = cells.day("next_revisit")?;
        let why = format!("{}: {}", self.when(day, "overdue"), cells.text("why"));
        let item = self.item(Section::Visit, "revisit", cells, day);
        Some(Item { why, ..item })
    }

    fn case(&self, cells: &Cells<'_>) -> Option<Item> {
        let day = cells.day("deadline").filter(|day| *day <= self.last)?;
        let waits_for_answer =
            cells.day("answered").is_none() && cells.day("respond_by") == Some(day);
        let (kind, verb) = if waits_for_answer {
            ("respond", "answer")
        } else {
            ("resolve", "resolve")
        };
        let opened = cells.day("opened").map(|it| it.to_string());
        let key = match cells.word("ref") {
            reference if reference.is_empty() => opened.unwrap_or_default(),
            reference => reference,
        };
        let topic = match cells.text("topic") {
            topic if topic.is_empty() => topic,
            topic => format!(" ({topic})"),
        };
        let why = format!(
            "{verb} {} {}{topic}: {}",
            cells.text("kind"),
            cells.text("ref"),
            self.when(day, "late")
        );
        let item = self.item(Section::Case, kind, cells, day);
        let person = match cells.word("staff") {
            staff if staff.is_empty() => item.person.clone(),
            staff => staff,
        };
        Some(Item {
            key,
            why,
            person,
            ..item
        })
    }

    fn date(&self, cells: &Cells<'_>) -> Option<Item> {
        let day = cells.day("date")?;
        let kind = cells.word("kind");
        let (what, years) = (cells.text("what"), cells.text("years"));
        let year = day.year();
        let (key, said) = match kind.as_str() {
            "birthday" => {
                let person = cells.text("person");
                (format!("{person}\n{year}"), format!("birthday of {person}"))
            }
            "cooperation" => (format!("\n{year}"), format!("{years} years of cooperation")),
            "date" => (format!("{what}\n{year}"), what),
            "lead" | "agreement" => {
                let does = if kind == "lead" { "is decided" } else { "ends" };
                let reference = cells.word("ref");
                let key = if reference.is_empty() {
                    day.to_string()
                } else {
                    reference.clone()
                };
                (key, format!("{kind} {} {what} {does}", told(&reference)))
            }
            // A plan is a revisit already.
            _ => return None,
        };
        let words: Vec<&str> = said.split_whitespace().collect();
        let why = format!("{}: {}", self.when(day, "was"), words.join(" "));
        let item = self.item(Section::Date, &kind, cells, day);
        Some(Item { key, why, ..item })
    }

    fn invoice(&self, cells: &Cells<'_>) -> Option<Item> {
        let day = cells.day("due")?;
        if cells.word("status") != "late" {
            return None;
        }
        let level = match cells.text("level") {
            level if level.is_empty() => level,
            level => format!(", {level}"),
        };
        let why = format!(
            "{} {} of {}: due {day}, {} days past{level}",
            cells.text("kind"),
            cells.text("ref"),
            cells.text("balance"),
            cells.text("days")
        );
        let key = match cells.word("ref") {
            reference if reference.is_empty() => day.to_string(),
            reference => reference,
        };
        let item = self.item(Section::Invoice, "invoice", cells, day);
        Some(Item { key, why, ..item })
    }
}
