//! Days as logs write them.

use crate::model::{Day, FIRST_YEAR, NO_MINUTE};

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDay {
    /// It is not written `YYYY-MM-DD`, with or without `THH:MM`.
    Form,
    /// The calendar has no such day.
    NoSuchDay,
    /// It lies before the first year that rows may have.
    TooEarly,
}

/// Reads `YYYY-MM-DD`, optionally followed by `THH:MM`, as a day and a minute.
pub(crate) fn parse_day(text: &[u8]) -> Result<(Day, u16), NotDay> {
    let Some((&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2], time)) = text.split_first_chunk()
    else {
        return Err(NotDay::Form);
    };
    let century = two_digits(y1, y2).ok_or(NotDay::Form)?;
    let year = 100 * century + two_digits(y3, y4).ok_or(NotDay::Form)?;
    let month = two_digits(m1, m2).ok_or(NotDay::Form)?;
    let day = two_digits(d1, d2).ok_or(NotDay::Form)?;
    let minute = match *time {
        [] => NO_MINUTE,
        [b'T', h1, h2, b':', n1, n2] => {
            let hour = two_digits(h1, h2).ok_or(NotDay::Form)?;
            let minute = two_digits(n1, n2).ok_or(NotDay::Form)?;
            if hour > 23 || minute > 59 {
                return Err(NotDay::NoSuchDay);
            }
            u16::try_from(hour * 60 + minute + 1).map_err(|_| NotDay::NoSuchDay)?
        }
        _ => return Err(NotDay::Form),
    };
    let day = day_of(year, month, day).ok_or(NotDay::NoSuchDay)?;
    if year < FIRST_YEAR {
        return Err(NotDay::TooEarly);
    }
    Ok((day, minute))
}

#[inline]
fn two_digits(tens: u8, ones: u8) -> Option<i32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then_some(i32::from(tens) * 10 + i32::from(ones))
}

/// How many days of a common year lie before each month, and in all of it.
const BEFORE_MONTH: [i32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// Returns a day of the Gregorian calendar, if there is such a day from the year 1 on.
///
/// By hand, since a log of one customer has another day in every row: the calendar's library takes
/// three times as long, for it makes more of a day than its number.
fn day_of(year: i32, month: i32, day: i32) -> Option<Day> {
    let index = usize::try_from(month).ok()?.checked_sub(1)?;
    let (before, after) = (BEFORE_MONTH.get(index)?, BEFORE_MONTH.get(index + 1)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = after - before + i32::from(is_leap && month == 2);
    if year < 1 || !(1..=length).contains(&day) {
        return None;
    }
    let past = year - 1;
    let leap_days = past / 4 - past / 100 + past / 400 + i32::from(is_leap && month > 2);
    Some(Day(365 * past + leap_days + before + day))
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
        assert_eq!(day("1900-01-01T00:00"), Ok(("1900-01-01".to_owned(), 1)));
        assert_eq!(day("1899-12-31"), Err(NotDay::TooEarly));
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

    #[test]
    fn there_are_the_days_that_the_calendar_has() {
        for year in (0..2100).chain(9990..10_000) {
            for month in 0..14 {
                for day in [0, 1, 2, 27, 28, 29, 30, 31, 32] {
                    let date = chrono::NaiveDate::from_ymd_opt(
                        year,
                        u32::try_from(month).unwrap(),
                        u32::try_from(day).unwrap(),
                    );
                    let expected = date.filter(|_| year > 0).map(Day::of);
                    assert_eq!(day_of(year, month, day), expected, "{year}-{month}-{day}");
                }
            }
        }
    }
}
