//! Days as people type them: from the calendar, or counted from today.

use chrono::{Datelike as _, NaiveDate};

use super::{is_too_long_a_span, parse_span};
use crate::words::{Phrase, say};

/// A day, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// A day of the calendar.
    Day(NaiveDate),
    /// So many days before today; 0 is today.
    Before(u64),
    /// So many days after today.
    After(u64),
}

impl AsOf {
    /// Returns the day that is meant.
    pub fn resolve(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            // A book's days begin with the year 1; a day before all days is the first.
            Self::Before(days) => today
                .checked_sub_days(chrono::Days::new(days))
                .filter(|day| day.year() >= 1)
                .or(NaiveDate::from_ymd_opt(1, 1, 1))
                .unwrap_or(today),
            // Nor have they more than four digits in their year.
            Self::After(days) => today
                .checked_add_days(chrono::Days::new(days))
                .filter(|day| day.year() <= 9999)
                .or(NaiveDate::from_ymd_opt(9999, 12, 31))
                .unwrap_or(today),
        }
    }
}

/// Reads a day: `YYYY-MM-DD`, `today`, `yesterday`, `tomorrow`, `today-30d`, `today+2w`, `+2w`.
///
/// # Errors
/// What a day is written like, if the text is none.
pub fn parse_as_of(text: &str) -> Result<AsOf, String> {
    let unreadable = || {
        Phrase("a day is written `2026-01-31`, `today`, `yesterday`, `tomorrow`, `today-30d` or `today+2w`", "日期写成 `2026-01-31`、`today`、`yesterday`、`tomorrow`、`today-30d` 或 `today+2w`").spoken()
            .to_owned()
    };
    let span = text.strip_prefix("today").unwrap_or(text).trim_start();
    let span = span.strip_prefix(['+', '-']).unwrap_or_default();
    if is_too_long_a_span(span.trim_start()) {
        return Err(too_long_a_span(span.trim_start()));
    }
    if text == "tomorrow" {
        return Ok(AsOf::After(1));
    }
    if let Some(days) = text.strip_prefix('+').and_then(parse_span) {
        return u64::try_from(days)
            .map(AsOf::After)
            .map_err(|_| unreadable());
    }
    if text == "yesterday" {
        return Ok(AsOf::Before(1));
    }
    if let Some(rest) = text.strip_prefix("today") {
        let rest = rest.trim();
        if rest.is_empty() {
            return Ok(AsOf::Before(0));
        }
        let days = |sign| {
            let days = rest
                .strip_prefix(sign)
                .map(str::trim_start)
                .and_then(parse_span);
            days.and_then(|days| u64::try_from(days).ok())
        };
        let before = days('-').map(AsOf::Before);
        return before
            .or_else(|| days('+').map(AsOf::After))
            .ok_or_else(unreadable);
    }
    // chrono alone would also read `2026-1-5` and `+12026-01-05`.
    let is_plain = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_plain {
        return Err(unreadable());
    }
    let day = text.parse().ok().filter(|day: &NaiveDate| day.year() >= 1);
    day.map(AsOf::Day)
        .ok_or_else(|| say!("there is no day `{text}`", "没有 `{text}` 这一天"))
}

/// Says that a span is too large to be counted with.
pub fn too_long_a_span(span: &str) -> String {
    say!(
        "`{span}` is too large: a span is at most 4000000 days",
        "`{span}` 太大：时长最多 4000000 天"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        assert_eq!(parse_as_of("2026-01-31"), Ok(AsOf::Day(day)));
        assert_eq!(parse_as_of("today"), Ok(AsOf::Before(0)));
        assert_eq!(parse_as_of("yesterday"), Ok(AsOf::Before(1)));
        assert_eq!(parse_as_of("today-30d"), Ok(AsOf::Before(30)));
        assert_eq!(parse_as_of("today - 2w"), Ok(AsOf::Before(14)));
        assert_eq!(parse_as_of("tomorrow"), Ok(AsOf::After(1)));
        assert_eq!(parse_as_of("today+2w"), Ok(AsOf::After(14)));
        assert_eq!(parse_as_of("+3d"), Ok(AsOf::After(3)));
        assert_eq!(
            parse_as_of("2026-02-30"),
            Err("there is no day `2026-02-30`".to_owned())
        );
        for text in ["today+9999999d", "today - 9999999d", "+9999999d"] {
            assert_eq!(
                parse_as_of(text),
                Err("`9999999d` is too large: a span is at most 4000000 days".to_owned())
            );
        }
        for text in [
            "",
            "2026-1-5",
            "26-01-05",
            "0000-01-01",
            "today+",
            "today-",
            "+3",
            "today-x",
            "甲",
        ] {
            assert!(parse_as_of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_before_today() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-03-01");
        assert_eq!(AsOf::Before(1).resolve(today), day("2026-02-28"));
        assert_eq!(AsOf::Before(0).resolve(today), today);
        assert_eq!(AsOf::Before(3_649_635).resolve(today), day("0001-01-01"));
        assert_eq!(AsOf::After(1).resolve(today), day("2026-03-02"));
        assert_eq!(AsOf::After(4_000_000).resolve(today), day("9999-12-31"));
        assert_eq!(
            AsOf::Day(day("2020-01-01")).resolve(today),
            day("2020-01-01")
        );
    }
}
