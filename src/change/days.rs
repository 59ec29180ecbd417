//! Days and spans as they were typed.

use chrono::{Days, NaiveDate};

use crate::calendar::WorkCalendar;
use crate::load::log::parse_day;
use crate::model::{Day, Span, parse_as_of, parse_span};
use crate::session::hint::hinted;
use crate::source::clipped;
use crate::words::{Phrase, say};

/// Reads a day: `2026-01-31`, `today`, `tomorrow`, `yesterday`, `today-3d`.
///
/// # Errors
/// If it is none.
pub(crate) fn parse_when(text: &str, today: NaiveDate) -> anyhow::Result<NaiveDate> {
    match parse_as_of(text) {
        Ok(day) => Ok(day.resolve(today)),
        Err(_) => Err(no_day(text)),
    }
}

/// Reads a day, or a span after `from`.
///
/// # Errors
/// If it is neither.
pub(crate) fn parse_due(
    text: &str,
    from: NaiveDate,
    today: NaiveDate,
) -> anyhow::Result<NaiveDate> {
    match parse_span(text) {
        Some(days) => after(from, days),
        None => parse_when(text, today).map_err(|_| {
            let is_bare = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
            let hint = if is_bare {
                say!(
                    "a span has a unit: write `{text}d` for days",
                    "时长要有单位：天数写成 `{text}d`"
                )
            } else {
                Phrase(
                    "write it like `2026-01-31` or `tomorrow`, or as a span like `2w`",
                    "请写成 `2026-01-31` 或 `tomorrow`，或写时长，如 `2w`",
                )
                .spoken()
                .to_owned()
            };
            hinted(
                say!(
                    "`{text}` is neither a day nor a span",
                    "`{text}` 既不是日期也不是时长"
                ),
                Some(hint),
            )
        }),
    }
}

/// Reads the day of a plan as [`parse_due`] does, or a span of working days after `from`.
///
/// # Errors
/// If it is none of them, or working days are counted in a book without a calendar.
pub(crate) fn parse_next(
    text: &str,
    from: NaiveDate,
    today: NaiveDate,
    calendar: Option<&WorkCalendar>,
) -> anyhow::Result<NaiveDate> {
    match (Span::parse(text), calendar) {
        (Some(span @ Span::WorkingDays(_)), Some(calendar)) => {
            Ok(calendar.after(Day::of(from), span).date())
        }
        (Some(Span::WorkingDays(_)), None) => Err(no_calendar(text)),
        _ => parse_due(text, from, today),
    }
}

/// Says that nothing tells which days are worked.
pub(crate) fn no_calendar(span: &str) -> anyhow::Error {
    let hint = Phrase(
        "working days are those of the table `[calendar]` in `guanxi.toml`; \
                write such a table, or a span of calendar days such as `7d`",
        "工作日由 `guanxi.toml` 的 `[calendar]` 表规定；写上这个表，或改用日历日的时长，如 `7d`",
    )
    .spoken();
    hinted(
        say!(
            "`{span}` needs a `[calendar]`",
            "`{span}` 需要有 `[calendar]` 表"
        ),
        Some(hint.to_owned()),
    )
}

/// Returns the day so many days after another.
///
/// # Errors
/// If the calendar has none.
pub(crate) fn after(day: NaiveDate, days: i64) -> anyhow::Result<NaiveDate> {
    let later = u64::try_from(days)
        .ok()
        .and_then(|days| day.checked_add_days(Days::new(days)));
    later.ok_or_else(past_the_end).and_then(writable)
}

/// Returns the date of a day.
///
/// # Errors
/// If the calendar has none.
pub(crate) fn in_calendar(day: Day) -> anyhow::Result<NaiveDate> {
    writable(day.date())
}

/// Passes a date on that a log can have.
fn writable(date: NaiveDate) -> anyhow::Result<NaiveDate> {
    if date.to_string().len() == 10 {
        Ok(date)
    } else {
        Err(past_the_end())
    }
}

fn past_the_end() -> anyhow::Error {
    hinted(
        Phrase(
            "that day is past the calendar's end",
            "这一天超出了日历的范围",
        )
        .spoken(),
        None,
    )
}

fn no_day(text: &str) -> anyhow::Error {
    if let Some((day, time)) = text.split_once('T')
        && parse_day(day.as_bytes()).is_ok()
    {
        let hint = say!(
            "write it like `{day}T14:30`: 00:00 to 23:59",
            "请写成 `{day}T14:30`：00:00 到 23:59"
        );
        let message = say!(
            "`{}` is no time of a day",
            "`{}` 不是一天里的时刻",
            clipped(time)
        );
        return hinted(message, Some(hint));
    }
    let hint = Phrase(
        "write it like `2026-01-31`, `today`, `yesterday` or `today-3d`",
        "请写成 `2026-01-31`、`today`、`yesterday` 或 `today-3d`",
    )
    .spoken();
    hinted(
        say!("`{text}` is no day", "`{text}` 不是日期"),
        Some(hint.to_owned()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_and_spans() {
        let today = day("2026-03-01");
        assert_eq!(parse_when("tomorrow", today).unwrap(), day("2026-03-02"));
        assert_eq!(parse_when("today-1d", today).unwrap(), day("2026-02-28"));
        assert_eq!(parse_when("today+2w", today).unwrap(), day("2026-03-15"));
        assert_eq!(
            parse_due("2w", day("2026-01-01"), today).unwrap(),
            day("2026-01-15")
        );
        assert!(parse_due("2026-02-30", today, today).is_err());
        assert!(parse_due("4000000d", today, today).is_err());
    }
}
