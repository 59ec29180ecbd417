//! From rows of answers to what there is to tell.

use chrono::{Datelike as _, NaiveDate};

use super::{DigestSection, Reminder};
use crate::metric::{Type, Value};
use crate::render::plain;
use crate::source::told;
use crate::words::{Language, terms, write_say, written};

/// Makes an item of a row, if it is one.
pub(crate) type ReadItem = fn(&ItemReader<'_>, &ReminderCells<'_>) -> Option<Reminder>;

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
pub(crate) struct ReminderCells<'r> {
    pub(crate) names: &'r [&'r str],
    pub(crate) kinds: &'r [Type],
    pub(crate) values: &'r [Value<'r>],
}

impl ReminderCells<'_> {
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

/// Returns what people read in the place of a word of a report's column.
fn word(report: &str, column: &str, word: String) -> String {
    let found = match written() {
        Language::English => None,
        Language::Chinese => terms::term(terms::terms_of(report, column), &word),
    };
    found.map_or(word, str::to_owned)
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
    fn item(
        &self,
        section: DigestSection,
        kind: &str,
        cells: &ReminderCells<'_>,
        day: NaiveDate,
    ) -> Reminder {
        let person = match cells.word("owner") {
            owner if owner.is_empty() => self.default.to_owned(),
            owner => owner,
        };
        Reminder {
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
            ..0 => write_say!("{past} since {day}", "{day} {past}"),
            0 => write_say!("today", "今天"),
            _ => day.to_string(),
        }
    }

    fn visit(&self, cells: &ReminderCells<'_>) -> Option<Reminder> {
        let day = cells.day("next_revisit")?;
        let when = self.when(day, written().pick("overdue", "已逾期"));
        let why = write_say!("{when}: {}", "{when}：{}", cells.text("why"));
        let item = self.item(DigestSection::Visit, "revisit", cells, day);
        Some(Reminder { why, ..item })
    }

    fn case(&self, cells: &ReminderCells<'_>) -> Option<Reminder> {
        let day = cells.day("deadline").filter(|day| *day <= self.last)?;
        let waits_for_answer =
            cells.day("answered").is_none() && cells.day("respond_by") == Some(day);
        let (kind, verb) = if waits_for_answer {
            ("respond", written().pick("answer", "待答复"))
        } else {
            ("resolve", written().pick("resolve", "待结案"))
        };
        let opened = cells.day("opened").map(|it| it.to_string());
        let key = match cells.word("ref") {
            reference if reference.is_empty() => opened.unwrap_or_default(),
            reference => reference,
        };
        let topic = match cells.text("topic") {
            topic if topic.is_empty() => topic,
            topic => write_say!(" ({topic})", "（{topic}）"),
        };
        let why = write_say!(
            "{verb} {} {}{topic}: {}",
            "{verb} {} {}{topic}：{}",
            word("cases", "kind", cells.text("kind")),
            cells.text("ref"),
            self.when(day, written().pick("late", "已超时"))
        );
        let item = self.item(DigestSection::Case, kind, cells, day);
        let person = match cells.word("staff") {
            staff if staff.is_empty() => item.person.clone(),
            staff => staff,
        };
        Some(Reminder {
            key,
            why,
            person,
            ..item
        })
    }

    fn date(&self, cells: &ReminderCells<'_>) -> Option<Reminder> {
        let day = cells.day("date")?;
        let kind = cells.word("kind");
        let (what, years) = (cells.text("what"), cells.text("years"));
        let year = day.year();
        let (key, said) = match kind.as_str() {
            "birthday" => {
                let person = cells.text("person");
                (
                    format!("{person}\n{year}"),
                    write_say!("birthday of {person}", "{person}生日"),
                )
            }
            "cooperation" => (
                format!("\n{year}"),
                write_say!("{years} years of cooperation", "合作 {years} 周年"),
            ),
            "date" => (format!("{what}\n{year}"), what),
            "lead" | "agreement" => {
                let does = if kind == "lead" {
                    written().pick("is decided", "定标")
                } else {
                    written().pick("ends", "到期")
                };
                let reference = cells.word("ref");
                let key = if reference.is_empty() {
                    day.to_string()
                } else {
                    reference.clone()
                };
                let kind = word("dates", "kind", kind.clone());
                (key, format!("{kind} {} {what} {does}", told(&reference)))
            }
            // A plan is a revisit already.
            _ => return None,
        };
        let words: Vec<&str> = said.split_whitespace().collect();
        let when = self.when(day, written().pick("was", "已过"));
        let why = write_say!("{when}: {}", "{when}：{}", words.join(" "));
        let item = self.item(DigestSection::Date, &kind, cells, day);
        Some(Reminder { key, why, ..item })
    }

    fn invoice(&self, cells: &ReminderCells<'_>) -> Option<Reminder> {
        let day = cells.day("due")?;
        if cells.word("status") != "late" {
            return None;
        }
        let level = match cells.text("level") {
            level if level.is_empty() => level,
            level => {
                let level = match written() {
                    Language::English => level,
                    Language::Chinese => {
                        let found = terms::term(terms::DUNNING, &level);
                        found.map_or(level, str::to_owned)
                    }
                };
                write_say!(", {level}", "，{level}")
            }
        };
        let why = write_say!(
            "{} {} of {}: due {day}, {} days past{level}",
            "{} {} {}：{day} 到期，逾期 {} 天{level}",
            word("invoices", "kind", cells.text("kind")),
            cells.text("ref"),
            cells.text("balance"),
            cells.text("days")
        );
        let key = match cells.word("ref") {
            reference if reference.is_empty() => day.to_string(),
            reference => reference,
        };
        let item = self.item(DigestSection::Invoice, "invoice", cells, day);
        Some(Reminder { key, why, ..item })
    }
}
