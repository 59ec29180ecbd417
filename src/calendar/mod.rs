//! Working days: weekends, the announced days off of a country, and what a book adds to them.
//!
//! `cn.toml` holds what was announced, a table a year. Of other years only the weekends are known; a
//! calendar remembers that it was asked for one, so that the answer can say so.

mod list;

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{Datelike, NaiveDate};

use crate::model::{Day, Span};
use crate::words::Phrase;

pub use list::LISTS;

/// The days of a week as calendars name them, from Monday on.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The last day that dates can write.
const LAST: Day = Day(Day::LAST);

/// The most days of one range of days off.
const MOST_IN_RANGE: i64 = 366;

/// Some days in a row, the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl DayRange {
    /// Reads a day, or two with `..` between them.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, Phrase> {
        let day = |text: &str| {
            let is_plain = text.len() == 10;
            text.parse::<NaiveDate>().ok().filter(|_| is_plain)
        };
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let (Some(from), Some(to)) = (day(from), day(to)) else {
            return Err(Phrase(
                "is no day and no range of days",
                "既不是日期，也不是日期的范围",
            ));
        };
        if to < from {
            return Err(Phrase("ends before it begins", "的截止日早于起始日"));
        }
        if to.signed_duration_since(from).num_days() >= MOST_IN_RANGE {
            return Err(Phrase("is longer than a year", "超过一年"));
        }
        Ok(Self { from, to })
    }

    fn days(self) -> impl Iterator<Item = Day> {
        let (from, to) = (Day::of(self.from), Day::of(self.to));
        (from.0..=to.0).map(Day)
    }
}

impl std::fmt::Display for DayRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.from == self.to {
            return write!(f, "{}", self.from);
        }
        write!(f, "{}..{}", self.from, self.to)
    }
}

/// What a `[calendar]` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarSettings {
    /// Which days of the week are off, from Monday on; at least one is not.
    pub weekend: [bool; 7],
    /// The announced days off that count, one of [`LISTS`].
    pub holidays: Option<String>,
    /// Further days off.
    pub off: Vec<DayRange>,
    /// Days worked all the same.
    pub work: Vec<DayRange>,
}

/// A day that is not what its day of the week says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Special {
    /// The day.
    pub day: Day,
    /// Whether it is worked.
    pub works: bool,
    /// Who says so: a notice, or the key of the book.
    pub source: String,
}

/// Which days are worked.
#[derive(Debug)]
pub struct WorkCalendar {
    settings: CalendarSettings,
    /// One entry a day, in order.
    special: Vec<Special>,
    /// The years whose announced days are known, if a list counts.
    known: Option<(i32, i32)>,
    /// Whether a day outside of them was asked for.
    beyond: AtomicBool,
}

impl Clone for WorkCalendar {
    fn clone(&self) -> Self {
        Self {
            settings: self.settings.clone(),
            special: self.special.clone(),
            known: self.known,
            beyond: AtomicBool::new(self.went_beyond()),
        }
    }
}

/// Calendars are equal if they say the same; what was asked of them plays no part.
impl PartialEq for WorkCalendar {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings
    }
}

/// Mondays to Fridays.
impl Default for WorkCalendar {
    fn default() -> Self {
        Self::new(CalendarSettings {
            weekend: [false, false, false, false, false, true, true],
            ..CalendarSettings::default()
        })
    }
}

impl WorkCalendar {
    /// Makes a calendar; a day that is both off and worked is worked.
    ///
    /// # Panics
    /// If no day of the week is worked: reading refuses that.
    pub fn new(settings: CalendarSettings) -> Self {
        assert!(
            settings.weekend.contains(&false),
            "a day of the week is worked"
        );
        let mut special = Vec::new();
        let mut known = None;
        if let Some(name) = &settings.holidays {
            let list = list::read(name);
            known = list.years;
            special = list.days;
        }
        for (ranges, works, key) in [
            (&settings.off, false, "[calendar] off"),
            (&settings.work, true, "[calendar] work"),
        ] {
            for range in ranges {
                special.extend(range.days().map(|day| Special {
                    day,
                    works,
                    source: key.to_owned(),
                }));
            }
        }
        // Of one day's entries the last counts: the book's over the list's, work over off.
        special.reverse();
        special.sort_by_key(|it| it.day);
        special.dedup_by_key(|it| it.day);
        Self {
            settings,
            special,
            known,
            beyond: AtomicBool::new(false),
        }
    }

    /// Returns what it was made of.
    pub fn settings(&self) -> &CalendarSettings {
        &self.settings
    }

    /// Returns the days that are not what their days of the week say, in order.
    pub fn special(&self) -> &[Special] {
        &self.special
    }

    /// Returns the last day whose announced days off are known, if a list counts.
    pub fn known_until(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.known?.1, 12, 31)
    }

    /// Tells whether a day was asked for whose year nobody has announced.
    pub fn went_beyond(&self) -> bool {
        self.beyond.load(Ordering::Relaxed)
    }

    /// Tells whether the announced days of a day's year are known, or none count.
    pub fn knows(&self, day: Day) -> bool {
        let year = day.date().year();
        self.known
            .is_none_or(|(first, last)| (first..=last).contains(&year))
    }

    /// Tells whether a day is worked.
    pub fn works(&self, day: Day) -> bool {
        if !self.knows(day) {
            self.beyond.store(true, Ordering::Relaxed);
        }
        match self.special.binary_search_by_key(&day, |it| it.day) {
            Ok(at) => self.special[at].works,
            Err(_) => !self.settings.weekend[weekday(day)],
        }
    }

    /// Returns a day, or the next one that is worked.
    #[must_use]
    pub fn worked_from(&self, day: Day) -> Day {
        let mut day = day;
        while !self.works(day) && day < LAST {
            day = day.plus(1);
        }
        day
    }

    /// Returns the day that ends a span after a day: of working days the last of them.
    #[must_use]
    pub fn after(&self, from: Day, span: Span) -> Day {
        let mut left = match span {
            Span::Days(days) => return from.plus(days),
            Span::WorkingDays(days) => days,
        };
        let mut day = from;
        while left > 0 && day < LAST {
            // Behind the last special day all weeks are alike.
            if self.special.last().is_none_or(|last| last.day <= day) {
                let weeks = left / self.days_a_week();
                left %= self.days_a_week();
                day = day.plus(7 * weeks).min(LAST);
                if left == 0 {
                    if !self.knows(day) {
                        self.beyond.store(true, Ordering::Relaxed);
                    }
                    return self.last_worked(day);
                }
            }
            day = day.plus(1);
            left -= i64::from(self.works(day));
        }
        day
    }

    /// Returns a span in days of the calendar: of working days as many as hold them on the whole,
    /// rounded up.
    pub fn calendar_days(&self, span: Span) -> i64 {
        match span {
            Span::Days(days) => days,
            Span::WorkingDays(days) => {
                let (days, a_week) = (days * 7, self.days_a_week());
                (days + a_week - 1) / a_week
            }
        }
    }

    /// Returns the days of a week that are worked.
    fn days_a_week(&self) -> i64 {
        let worked = self.settings.weekend.iter().filter(|off| !**off);
        i64::try_from(worked.count()).expect("a week has seven days")
    }

    /// Returns a day, or the last one before it that is worked, in weeks without special days.
    fn last_worked(&self, day: Day) -> Day {
        let mut day = day;
        while self.settings.weekend[weekday(day)] {
            day = day.plus(-1);
        }
        day
    }
}

/// Returns the day that ends a span after a day, in a book with this calendar or none.
///
/// Without one no span counts working days: reading refuses them.
#[must_use]
pub fn after(calendar: Option<&WorkCalendar>, from: Day, span: Span) -> Day {
    calendar.map_or_else(|| from.plus(span.count()), |it| it.after(from, span))
}

/// Returns the day of the week, 0 for Monday.
fn weekday(day: Day) -> usize {
    day.date().weekday().num_days_from_monday() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::of(text.parse().unwrap())
    }

    fn china() -> WorkCalendar {
        WorkCalendar::new(CalendarSettings {
            holidays: Some("CN".to_owned()),
            ..WorkCalendar::default().settings
        })
    }

    fn after(calendar: &WorkCalendar, from: &str, days: i64) -> String {
        let end = calendar.after(day(from), Span::WorkingDays(days));
        end.date().to_string()
    }

    #[test]
    fn counts_make_up_days_and_days_off() {
        let china = china();
        assert_eq!(
            [1, 2, 3].map(|days| after(&china, "2026-02-13", days)),
            ["2026-02-14", "2026-02-24", "2026-02-25"]
        );
        assert_eq!(
            [2, 3].map(|days| after(&china, "2026-09-30", days)),
            ["2026-10-09", "2026-10-10"]
        );
        assert_eq!(
            china.worked_from(day("2026-10-01")).date().to_string(),
            "2026-10-08"
        );
        assert!(!china.went_beyond());
        assert_eq!(after(&china, "2027-09-30", 1), "2027-10-01");
        assert!(china.went_beyond());
    }

    #[test]
    fn a_book_s_own_days_win_over_the_list() {
        let range = |text| vec![DayRange::parse(text).unwrap()];
        let calendar = WorkCalendar::new(CalendarSettings {
            off: range("2026-12-28..2026-12-31"),
            work: range("2026-12-30"),
            ..china().settings
        });
        assert_eq!(after(&calendar, "2026-12-25", 1), "2026-12-30");
        assert_eq!(calendar.special().last().unwrap().source, "[calendar] off");
        assert_eq!(calendar.known_until().unwrap().to_string(), "2026-12-31");
    }

    #[test]
    fn jumping_over_weeks_is_counting_them() {
        let plain = WorkCalendar::default();
        let mut step = day("2026-01-01");
        for left in 1..60 {
            step = plain.worked_from(step.plus(1));
            for from in ["2026-01-01", "2026-01-03", "2026-01-04"] {
                let end = plain.after(day(from), Span::WorkingDays(left));
                assert!(plain.works(end), "{from} {left}");
            }
            let end = plain.after(day("2026-01-01"), Span::WorkingDays(left));
            assert_eq!(end, step, "{left}");
        }
        // From a Saturday the first working day is Monday.
        assert_eq!(after(&plain, "2026-01-03", 5), "2026-01-09");
        assert_eq!(after(&plain, "2026-01-04", 10), "2026-01-16");
        assert_eq!(after(&plain, "9999-12-01", 4_000_000), "9999-12-31");
    }

    #[test]
    fn a_cadence_of_working_days_is_rounded_up_to_weeks() {
        let plain = WorkCalendar::default();
        let days = |count| plain.calendar_days(Span::WorkingDays(count));
        assert_eq!([1, 5, 6, 10].map(days), [2, 7, 9, 14]);
        assert_eq!(plain.calendar_days(Span::Days(9)), 9);
    }

    #[test]
    fn ranges_are_read_with_what_is_wrong() {
        assert_eq!(
            DayRange::parse("2026-02-10..2026-02-14")
                .unwrap()
                .to_string(),
            "2026-02-10..2026-02-14"
        );
        for wrong in [
            "2026-2-1",
            "2026-02-14..2026-02-10",
            "2026-02-30",
            "2026-01-01..2027-01-02",
            "",
            "..",
        ] {
            assert!(DayRange::parse(wrong).is_err(), "{wrong}");
        }
    }
}
