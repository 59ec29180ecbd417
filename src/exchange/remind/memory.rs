//! What was told before: a line an item, `KEY DAY STATE TOLD SEEN`.
//!
//! `DAY` is the day that the item was due on, `STATE` whether that was past (`late`) or not (`coming`),
//! `TOLD` when it was told last and `SEEN` the last run that found it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use super::item::Reminder;

/// For how many days an item is remembered that no run finds any more.
const KEPT_DAYS: i64 = 90;

/// What was told before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory(BTreeMap<String, RemindersTold>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct RemindersTold {
    day: NaiveDate,
    was_late: bool,
    last: NaiveDate,
    seen: NaiveDate,
}

impl Memory {
    /// Reads what was remembered; a line that cannot be read is forgotten, and its item told once more.
    pub(crate) fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            let [key, day, state, told, seen] = words.as_slice() else {
                return None;
            };
            let told = RemindersTold {
                day: day.parse().ok()?,
                was_late: match *state {
                    "late" => true,
                    "coming" => false,
                    _ => return None,
                },
                last: told.parse().ok()?,
                seen: seen.parse().ok()?,
            };
            Some(((*key).to_owned(), told))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// Writes what is remembered, but for what no run has found for 90 days.
    pub(crate) fn text(&self, today: NaiveDate) -> String {
        let mut text = String::new();
        for (key, told) in &self.0 {
            if today.signed_duration_since(told.seen).num_days() > KEPT_DAYS {
                continue;
            }
            let state = if told.was_late { "late" } else { "coming" };
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{key} {} {state} {} {}",
                told.day, told.last, told.seen
            );
        }
        text
    }

    /// Tells whether an item is new: never told, moved, late since, or late for `again` more days.
    pub(crate) fn is_new(
        &self,
        key: &str,
        item: &Reminder,
        today: NaiveDate,
        again: Option<i64>,
    ) -> bool {
        let Some(told) = self.0.get(key) else {
            return true;
        };
        let since = today.signed_duration_since(told.last).num_days();
        told.day != item.day
            || item.is_late && (!told.was_late || again.is_some_and(|again| since >= again))
    }

    /// Remembers that an item was told.
    pub(crate) fn tell(&mut self, key: String, item: &Reminder, today: NaiveDate) {
        let told = RemindersTold {
            day: item.day,
            was_late: item.is_late,
            last: today,
            seen: today,
        };
        self.0.insert(key, told);
    }

    /// Remembers that an item is still there.
    pub(crate) fn see(&mut self, key: &str, today: NaiveDate) {
        if let Some(told) = self.0.get_mut(key) {
            told.seen = told.seen.max(today);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DigestSection;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn item(due: &str, is_late: bool) -> Reminder {
        Reminder {
            section: DigestSection::Visit,
            kind: "revisit".to_owned(),
            customer: "acme".to_owned(),
            name: "Acme".to_owned(),
            key: String::new(),
            day: day(due),
            is_late,
            why: String::new(),
            phone: String::new(),
            person: "li".to_owned(),
        }
    }

    #[test]
    fn an_item_is_new_once_and_when_it_changes() {
        let mut memory = Memory::default();
        let (coming, today) = (item("2026-11-22", false), day("2026-11-20"));
        let key = coming.id("book");
        let is_new = |memory: &Memory, item: &Reminder, day: NaiveDate| {
            memory.is_new(&key, item, day, Some(7))
        };
        assert!(is_new(&memory, &coming, today));
        memory.tell(key.clone(), &coming, today);
        assert!(!is_new(&memory, &coming, day("2026-12-20")));
        assert!(is_new(&memory, &item("2026-11-23", false), today));
        let late = item("2026-11-22", true);
        assert!(is_new(&memory, &late, day("2026-11-23")));
        memory.tell(key.clone(), &late, day("2026-11-23"));
        assert!(!is_new(&memory, &late, day("2026-11-29")));
        assert!(is_new(&memory, &late, day("2026-11-30")));
        assert!(!memory.is_new(&key, &late, day("2027-11-30"), None));
    }

    #[test]
    fn memory_reads_back_and_forgets_what_is_gone() {
        let mut memory = Memory::default();
        let (late, today) = (item("2026-11-19", true), day("2026-11-20"));
        memory.tell(late.id("book"), &late, today);
        let text = memory.text(today);
        assert_eq!(Memory::parse(&text), memory);
        assert_eq!(Memory::parse(&format!("{text}odd line\n")), memory);
        assert_eq!(memory.text(day("2027-02-18")), text);
        assert_eq!(memory.text(day("2027-02-19")), "");
        memory.see(&late.id("book"), day("2027-02-18"));
        assert_ne!(memory.text(day("2027-02-19")), "");
    }

    #[test]
    fn a_key_tells_persons_apart_and_nothing_else() {
        let mine = item("2026-11-19", true);
        let key = mine.id("book");
        assert_eq!(key.len(), 32);
        let other = Reminder {
            person: "wu".to_owned(),
            ..mine
        };
        assert_ne!(other.id("book"), key);
        assert_eq!(item("2026-11-25", false).id("book"), key);
    }
}
