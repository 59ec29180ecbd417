//! Days and times that a workbook writes out, as the serials that its cells are.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Returns the serial of a day and time in ISO 8601, as a workbook counts; `None` if it is none.
pub(super) fn serial_of_iso(text: &str, is_from_1904: bool) -> Option<f64> {
    let text = text.trim();
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    let time = time.strip_suffix('Z').unwrap_or(time);
    let time = if time.is_empty() {
        NaiveTime::default()
    } else {
        NaiveTime::parse_from_str(time, "%H:%M:%S%.f")
            .or_else(|_| NaiveTime::parse_from_str(time, "%H:%M"))
            .ok()?
    };
    let epoch = if is_from_1904 {
        NaiveDate::from_ymd_opt(1904, 1, 1)
    } else {
        NaiveDate::from_ymd_opt(1899, 12, 30)
    };
    let since = NaiveDateTime::new(day, time) - epoch?.and_time(NaiveTime::default());
    #[expect(clippy::cast_precision_loss, reason = "days and seconds are small")]
    let days = (
        since.num_days() as f64,
        (since.num_seconds() % 86_400) as f64,
    );
    Some(days.0 + days.1 / 86_400.0)
}

/// Returns the days of a span in ISO 8601, as `PT9H30M00S`; `None` if it is none.
pub(super) fn span_of_iso(text: &str) -> Option<f64> {
    let rest = text.trim().strip_prefix("PT")?;
    let (mut seconds, mut digits) = (0.0, String::new());
    for character in rest.chars() {
        let unit = match character {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => {
                digits.push(if character == ',' { '.' } else { character });
                continue;
            }
        };
        let count: f64 = digits.parse().ok().filter(|it: &f64| it.is_finite())?;
        seconds += count * unit;
        digits.clear();
    }
    digits.is_empty().then_some(seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_written_out_are_serials() {
        assert_eq!(serial_of_iso("2026-03-05", false), Some(46_086.0));
        assert_eq!(serial_of_iso("2026-03-05", true), Some(44_624.0));
        assert_eq!(
            serial_of_iso("2026-03-05T12:00:00.000", false),
            Some(46_086.5)
        );
        assert_eq!(serial_of_iso("5 March", false), None);
        assert_eq!(span_of_iso("PT12H00M00S"), Some(0.5));
        assert_eq!(span_of_iso("P1D"), None);
    }
}
