//! The small book that `init --demo` writes.
//!
//! Templates in `src/demo/` hold days relative to today, such as `{-12d}`, and lunar birthdays as `{lunar+9d}`. [`files`] puts dates in their place, so that on
//! any day the first `due` shows a visit overdue, one for today and one soon, a plan, a late case and a late invoice.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

use crate::model::Birthday;

/// Files whose only change is that their days become dates.
const TEMPLATES: [(&str, &str); 12] = [
    ("guanxi.toml", include_str!("demo/guanxi.toml")),
    ("staff.toml", include_str!("demo/staff.toml")),
    (
        "customers/blue-tower.toml",
        include_str!("demo/customers/blue-tower.toml"),
    ),
    (
        "customers/city-tram.toml",
        include_str!("demo/customers/city-tram.toml"),
    ),
    (
        "customers/harbour-metro.toml",
        include_str!("demo/customers/harbour-metro.toml"),
    ),
    (
        "customers/lake-logistics.toml",
        include_str!("demo/customers/lake-logistics.toml"),
    ),
    (
        "customers/linjiang-works.toml",
        include_str!("demo/customers/linjiang-works.toml"),
    ),
    (
        "customers/north-port.toml",
        include_str!("demo/customers/north-port.toml"),
    ),
    (
        "customers/old-mill.toml",
        include_str!("demo/customers/old-mill.toml"),
    ),
    (
        "customers/pine-power.toml",
        include_str!("demo/customers/pine-power.toml"),
    ),
    (
        "customers/red-star-cement.toml",
        include_str!("demo/customers/red-star-cement.toml"),
    ),
    (
        "customers/west-landport.toml",
        include_str!("demo/customers/west-landport.toml"),
    ),
];

/// All rows, by customer; each goes to the log of its year.
const ROWS: &str = include_str!("demo/interactions.csv");

/// Returns the files of the demonstration book as (path from the book's folder, text), by path.
///
/// Rows lie in the log of their year (`interactions/2026.csv`), in order of their dates; no row is later than `today`.
pub(crate) fn files(today: NaiveDate) -> Vec<(String, String)> {
    let mut files: Vec<_> = TEMPLATES
        .iter()
        .map(|(path, template)| ((*path).to_owned(), with_dates(template, today)))
        .collect();
    files.extend(logs(&with_dates(ROWS, today)));
    files.sort();
    files
}

/// Sorts rows by date and parts them by year.
fn logs(rows: &str) -> Vec<(String, String)> {
    let mut lines = rows.lines();
    let header = lines.next().expect("the template has a header");
    let mut lines: Vec<&str> = lines.collect();
    // Stable: rows of one day keep the order of the template, a plan after the call that made it.
    lines.sort_by_key(|line| line.split(',').next());
    let mut years: BTreeMap<&str, String> = BTreeMap::new();
    for line in lines {
        let year = line.split_once('-').expect("a row begins with its day").0;
        let log = years.entry(year).or_insert_with(|| format!("{header}\n"));
        log.push_str(line);
        log.push('\n');
    }
    years
        .into_iter()
        .map(|(year, log)| (format!("interactions/{year}.csv"), log))
        .collect()
}

/// Replaces each `{-12d}` by the date of that day, each `{lunar+9d}` by the lunar birthday that falls on it.
fn with_dates(template: &str, today: NaiveDate) -> String {
    let mut text = String::with_capacity(template.len() + 256);
    let mut rest = template;
    while let Some((before, (mark, after))) = rest
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        text.push_str(before);
        let found = match mark.strip_prefix("lunar") {
            Some(mark) => day(mark, today).map(birthday_on),
            None => day(mark, today).map(|it| it.to_string()),
        };
        match found {
            Some(date) => text.push_str(&date),
            None => text.extend(["{", mark, "}"]),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Returns the lunar birthday that falls on a day, that of the sun where no lunar one is known.
fn birthday_on(day: NaiveDate) -> String {
    let lunar = Birthday::lunar_on(day);
    lunar.map_or_else(|| day.format("%m-%d").to_string(), |it| it.to_string())
}

/// Reads `-12d`, `+5d` or `+5d-44y`: so many days from today, and then so many years back.
///
/// 29 February becomes the 28th where the year has none.
fn day(mark: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (days, years) = mark.split_once('d')?;
    let date = match days.strip_prefix('-') {
        Some(days) => today.checked_sub_days(Days::new(days.parse().ok()?))?,
        None => today.checked_add_days(Days::new(days.strip_prefix('+')?.parse().ok()?))?,
    };
    if years.is_empty() {
        return Some(date);
    }
    let years: u32 = years.strip_prefix('-')?.strip_suffix('y')?.parse().ok()?;
    date.checked_sub_months(Months::new(years.checked_mul(12)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ordinary days, and those at which calendars go wrong.
    fn days() -> Vec<NaiveDate> {
        [
            "2024-02-29",
            "2024-02-24",
            "2025-01-01",
            "2025-12-31",
            "2026-11-20",
            "2000-03-01",
        ]
        .iter()
        .map(|day| day.parse().unwrap())
        .collect()
    }

    fn rows(files: &[(String, String)]) -> Vec<(&str, &str)> {
        let logs = files
            .iter()
            .filter(|(path, _)| path.starts_with("interactions/"));
        logs.flat_map(|(path, text)| text.lines().skip(1).map(|line| (path.as_str(), line)))
            .collect()
    }

    #[test]
    fn a_mark_becomes_the_date_of_that_day() {
        let today: NaiveDate = "2024-03-01".parse().unwrap();
        let check = |template, expected| assert_eq!(with_dates(template, today), expected);
        check("since = {-1d}\n", "since = 2024-02-29\n");
        check("{-0d},a,plan,{+31d}", "2024-03-01,a,plan,2024-04-01");
        // The lunar year began on 10 February.
        check("birthday = \"{lunar-11d}\"", "birthday = \"lunar 01-10\"");
        // Born on 29 February of a year that had none.
        check("{-1d-1y}", "2023-02-28");
        check("{-1d-44y}", "1980-02-29");
        check("a {b} c { d", "a {b} c { d");
    }

    #[test]
    fn every_mark_is_replaced_on_any_day() {
        for today in days() {
            for (path, text) in files(today) {
                assert!(!text.contains(['{', '}']), "{path} on {today}: {text}");
                if !path.starts_with("interactions/") {
                    toml::de::DeTable::parse(&text).unwrap_or_else(|err| panic!("{path}: {err}"));
                }
            }
        }
    }

    #[test]
    fn rows_lie_in_the_log_of_their_year_by_date() {
        for today in days() {
            let files = files(today);
            let rows = rows(&files);
            assert_eq!(rows.len(), ROWS.lines().count() - 1);
            for (path, line) in &rows {
                let (year, _) = line.split_once('-').unwrap();
                assert_eq!(*path, format!("interactions/{year}.csv"));
                let date: NaiveDate = line.split(',').next().unwrap().parse().unwrap();
                assert!(date <= today, "{line} lies after {today}");
            }
            assert!(rows.is_sorted_by_key(|(_, line)| line.split(',').next()));
        }
    }

    #[test]
    fn every_row_names_a_customer_of_the_book() {
        let files = files(days()[0]);
        for (_, line) in rows(&files) {
            let customer = line.split(',').nth(1).unwrap();
            let path = format!("customers/{customer}.toml");
            assert!(
                files.iter().any(|(other, _)| *other == path),
                "no {path} for {line}"
            );
        }
    }
}
