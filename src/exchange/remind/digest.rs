//! What one person is told, as text.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::item::{DigestSection, Reminder};
use crate::words::{Language, write_say, written};

/// What one person is told.
#[derive(Clone, Debug)]
pub(crate) struct Digest<'i> {
    /// Who is told; empty for what nobody answers for.
    pub(crate) person: &'i str,
    /// The day.
    pub(crate) day: NaiveDate,
    /// What there is to tell, in the order of the sections and of their days.
    pub(crate) items: Vec<&'i Reminder>,
    /// The command that shows the same.
    pub(crate) command: String,
}

impl Digest<'_> {
    /// Returns the subject: the day, and how much of what there is.
    pub(crate) fn subject(&self) -> String {
        write_say!("guanxi {}: {}", "guanxi {}：{}", self.day, self.counts())
    }

    /// Says how much of what there is.
    pub(crate) fn counts(&self) -> String {
        let counts = |section: DigestSection, is_late: Option<bool>| {
            let of = self.items.iter().filter(|it| it.section == section);
            of.filter(|it| is_late.is_none_or(|late| it.is_late == late))
                .count()
        };
        let several = |count: usize, one: &str, many: &str, chinese: &str| match count {
            0 => None,
            _ if written() == Language::Chinese => Some(format!("{chinese} {count}")),
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        };
        let visits = counts(DigestSection::Visit, None);
        let parts = [
            (visits > 0).then(|| write_say!("{visits} to see", "应拜访 {visits}")),
            several(
                counts(DigestSection::Case, Some(true)),
                "case late",
                "cases late",
                "超时事项",
            ),
            several(
                counts(DigestSection::Case, Some(false)),
                "case due",
                "cases due",
                "到期事项",
            ),
            several(counts(DigestSection::Date, None), "date", "dates", "日程"),
            several(
                counts(DigestSection::Invoice, None),
                "invoice past due",
                "invoices past due",
                "逾期发票",
            ),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(written().pick(", ", "，"))
    }

    /// Returns the text: a section for each kind of thing, then the command.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for section in DigestSection::ALL {
            let mut items = self
                .items
                .iter()
                .filter(|it| it.section == section)
                .peekable();
            if items.peek().is_none() {
                continue;
            }
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", section.heading());
            for item in items {
                let _ = writeln!(text, "  {}  {}", item.customer, item.name);
                let _ = writeln!(text, "    {}", item.why);
                if !item.phone.is_empty() {
                    let _ = writeln!(text, "    {}", item.phone);
                }
            }
            text.push('\n');
        }
        text.push_str(&self.command);
        text.push('\n');
        text
    }
}
