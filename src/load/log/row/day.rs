//! Days as logs write them.

use std::ops::Range;

use chrono::NaiveDate;

use crate::model::{Day, NO_MINUTE};

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDay {
    /// It is not written `YYYY-MM-DD`, with or without `THH:MM`.
    Form,
    /// The calendar has no such day.
    NoSuchDay,
}

/// Reads `YYYY-MM-DD`, optionally followed by `THH:MM`, as a day and a minute.
pub(crate) fn parse_day(text: &[u8]) -> Result<(Day, u16), NotDay> {
    let number = |range: Range<usize>| -> Option<u32> {
        text.get(range)?.iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u32::from(byte - b'0'))
        })
    };
    let is = |index: usize, byte: u8| text.get(index) == Some(&byte);
    if !is(4, b'-') || !is(7, b'-') {
        return Err(NotDay::Form);
    }
    let year = number(0..4).ok_or(NotDay::Form)?;
    let month = number(5..7).ok_or(NotDay::Form)?;
    let day = number(8..10).ok_or(NotDay::Form)?;
    let minute = match text.len() {
        10 => NO_MINUTE,
        16 if is(10, b'T') && is(13, b':') => {
            let hour = number(11..13).ok_or(NotDay::Form)?;
            let minute = number(14..16).ok_or(NotDay::Form)?;
            if hour > 23 || minute > 59 {
                return Err(NotDay::NoSuchDay);
            }
            u16::try_from(hour * 60 + minute + 1).map_err(|_| NotDay::NoSuchDay)?
        }
        _ => return Err(NotDay::Form),
    };
    let year = i32::try_from(year).map_err(|_| NotDay::NoSuchDay)?;
    let date = NaiveDate::from_ymd_opt(year, month, day).filter(|_| year > 0);
    Ok((Day::of(date.ok_or(NotDay::NoSuchDay)?), minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_and_minutes() {
        let day = |text: &str| {
            parse_day(text.as_bytes()).map(|(day, minute)| (day.date().to_string(), minute))
        };
        assert_eq!(day("2026-03-05"), Ok(("2026-03-05".to_owned(), 0)));
        assert_eq!(day("2024-02-29T09:30"), Ok(("2024-02-29".to_owned(), 571)));
        assert_eq!(day("0001-01-01T00:00"), Ok(("0001-01-01".to_owned(), 1)));
        for text in ["2025-02-29", "2026-13-01", "0000-01-01", "2026-03-05T24:00"] {
            assert_eq!(day(text), Err(NotDay::NoSuchDay), "{text}");
        }
        for text in [
            "",
            "2026/3/5",
            "26-03-05",
            "10000-01-01",
            "2026-03-05 09:30",
            "46086",
        ] {
            assert_eq!(day(text), Err(NotDay::Form), "{text}");
        }
    }
}
