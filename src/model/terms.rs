//! Payment terms: when an invoice is due that does not say it.

use chrono::{Datelike, Months, NaiveDate};

use super::{Day, Text, parse_span};

/// Payment terms as a file writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    written: Text,
    /// Whether the days run from the end of the invoice's month.
    from_month_end: bool,
    days: i64,
}

impl Terms {
    /// Reads terms: `60d` days after the invoice, `eom` the end of its month, `eom+60d` days after that.
    ///
    /// `None` for anything else.
    pub fn parse(written: Text) -> Option<Self> {
        let (from_month_end, days) = match written.strip_prefix("eom") {
            Some("") => (true, 0),
            Some(rest) => (true, parse_span(rest.strip_prefix('+')?)?),
            None => (false, parse_span(&written)?),
        };
        Some(Self {
            written,
            from_month_end,
            days,
        })
    }

    /// Returns the terms as they are written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Returns the day on which an invoice of a day is due.
    pub fn due(&self, invoiced: Day) -> Day {
        let from = if self.from_month_end {
            month_end(invoiced)
        } else {
            invoiced
        };
        from.plus(self.days)
    }
}

/// Returns the last day of a day's month.
fn month_end(day: Day) -> Day {
    let date = day.date();
    let next: Option<NaiveDate> = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)));
    // The calendar's last month has no next one, and no book has a row there.
    next.map_or(day, |first| Day::of(first).plus(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(terms: &str, invoiced: &str) -> String {
        let terms = Terms::parse(terms.into()).unwrap();
        let invoiced: NaiveDate = invoiced.parse().unwrap();
        terms.due(Day::of(invoiced)).date().to_string()
    }

    #[test]
    fn days_run_from_the_invoice_or_from_the_end_of_its_month() {
        for (terms, invoiced, expected) in [
            ("30d", "2026-01-14", "2026-02-13"),
            ("2m", "2026-01-14", "2026-03-15"),
            ("0d", "2026-01-14", "2026-01-14"),
            ("eom", "2026-01-14", "2026-01-31"),
            ("eom", "2026-01-31", "2026-01-31"),
            ("eom", "2028-02-01", "2028-02-29"),
            ("eom", "2026-12-05", "2026-12-31"),
            ("eom+30d", "2026-01-14", "2026-03-02"),
            ("eom+60d", "2025-12-31", "2026-03-01"),
            ("eom+2w", "2026-04-01", "2026-05-14"),
        ] {
            assert_eq!(due(terms, invoiced), expected, "{terms} of {invoiced}");
        }
    }

    #[test]
    fn terms_are_what_is_written_and_nothing_else() {
        assert_eq!(Terms::parse("2m".into()).unwrap().as_str(), "2m");
        for text in [
            "",
            "30",
            "eom30d",
            "eom+",
            "eom+-3d",
            "EOM",
            "eom + 30d",
            "month",
            "60d+eom",
            "never",
        ] {
            assert_eq!(Terms::parse(text.into()), None, "{text}");
        }
    }
}
