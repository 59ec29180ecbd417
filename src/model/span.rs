//! Spans of days as files and rules write them.

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
    if digits.is_empty() || digits.len() > 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse::<i64>().ok()? * days).filter(|days| *days <= 4_000_000)
}

/// Tells whether a text is written as a span is, but longer than [`parse_span`] takes.
pub fn is_too_long_a_span(text: &str) -> bool {
    let digits = text.strip_suffix(['d', 'w', 'm', 'y']).unwrap_or_default();
    let is_written = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_written && parse_span(text).is_none()
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
}
