//! Spans of days as files and rules write them.

use std::fmt;

/// The most days of a span.
const MOST_DAYS: i64 = 4_000_000;

/// A span, of calendar days or of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// So many days of the calendar.
    Days(i64),
    /// So many working days, at least 1.
    WorkingDays(i64),
}

impl Span {
    /// Reads a span of calendar days, or of working days such as `5bd`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix("bd") {
            Some(number) => days_of(number, 1)
                .filter(|days| *days >= 1)
                .map(Self::WorkingDays),
            None => parse_span(text).map(Self::Days),
        }
    }

    /// Returns how many days it names, of whatever kind.
    pub fn count(self) -> i64 {
        match self {
            Self::Days(days) | Self::WorkingDays(days) => days,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}d"),
            Self::WorkingDays(days) => write!(f, "{days}bd"),
        }
    }
}

/// Reads a span: `60d`, `2w`, `6m`, `1y` (w = 7, m = 30, y = 365 days), as days.
///
/// `None` for anything else, and for more than 4 million days.
pub fn parse_span(text: &str) -> Option<i64> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        "y" => 365,
        _ => return None,
    };
    days_of(digits, days)
}

fn days_of(digits: &str, unit: i64) -> Option<i64> {
    if digits.is_empty() || digits.len() > 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse::<i64>().ok()? * unit).filter(|days| *days <= MOST_DAYS)
}

/// Tells whether a text is written as a span is, but longer than [`Span::parse`] takes.
pub fn is_too_long_a_span(text: &str) -> bool {
    let digits = text
        .strip_suffix("bd")
        .or_else(|| text.strip_suffix(['d', 'w', 'm', 'y']))
        .unwrap_or_default();
    let is_written = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // No working day at all is too short.
    is_written && digits.bytes().any(|it| it != b'0') && Span::parse(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_weeks_months_years() {
        assert_eq!(
            ["60d", "2w", "6m", "1y", "0d"].map(parse_span),
            [60, 14, 180, 365, 0].map(Some)
        );
        for text in ["", "d", "14", "1.5w", "-3d", "6M", "2 w", "99999999d", "甲"] {
            assert_eq!(parse_span(text), None, "{text}");
            assert_eq!(is_too_long_a_span(text), text == "99999999d", "{text}");
        }
    }

    #[test]
    fn reads_working_days() {
        assert_eq!(Span::parse("5bd"), Some(Span::WorkingDays(5)));
        assert_eq!(Span::parse("2w"), Some(Span::Days(14)));
        assert_eq!(parse_span("5bd"), None);
        for text in ["0bd", "bd", "-1bd", "5 bd", "5BD", "99999999bd"] {
            assert_eq!(Span::parse(text), None, "{text}");
            assert_eq!(is_too_long_a_span(text), text == "99999999bd", "{text}");
        }
    }
}
