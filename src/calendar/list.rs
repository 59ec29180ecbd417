//! The announced days off that come with the program.

use super::{DayRange, Special};

/// The lists by their names.
pub const LISTS: [&str; 1] = ["CN"];

/// What a list says, over all its years.
pub(super) struct HolidayList {
    pub(super) days: Vec<Special>,
    /// The first and last year.
    pub(super) years: Option<(i32, i32)>,
}

/// Reads the list of a name.
pub(super) fn read(name: &str) -> HolidayList {
    let text = match name {
        "CN" => include_str!("cn.toml"),
        _ => "",
    };
    let document: toml_edit::DocumentMut = text.parse().expect("the list is TOML");
    let mut list = HolidayList {
        days: Vec::new(),
        years: None,
    };
    for (year, table) in document.iter() {
        let number: i32 = year.parse().expect("a table is called by its year");
        let years = list.years.unwrap_or((number, number));
        list.years = Some((years.0.min(number), years.1.max(number)));
        let source = table["source"].as_str().expect("a year has its notice");
        for (key, works) in [("off", false), ("work", true)] {
            let ranges = table[key].as_array().expect("days stand in a list");
            for range in ranges {
                let range = range.as_str().expect("days are texts");
                let days = range_of(year, range).days();
                list.days.extend(days.map(|day| Special {
                    day,
                    works,
                    source: source.to_owned(),
                }));
            }
        }
    }
    list
}

/// Reads days of a year: `05-01`, `05-01..05-05`.
fn range_of(year: &str, text: &str) -> DayRange {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let range = format!("{year}-{from}..{year}-{to}");
    DayRange::parse(&range).expect("the list has days of its year")
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;

    #[test]
    fn a_list_works_at_weekends_alone_and_says_each_day_once() {
        for name in LISTS {
            let list = read(name);
            assert!(list.days.len() > 100);
            for (at, special) in list.days.iter().enumerate() {
                let day = special.day.date();
                let is_weekend = day.weekday().num_days_from_monday() >= 5;
                assert!(!special.works || is_weekend, "{day} is worked anyway");
                assert!(special.source.starts_with("国办"), "{day}");
                let again = list.days[at + 1..].iter().any(|it| it.day == special.day);
                assert!(!again, "{day} is there twice");
            }
        }
    }
}
