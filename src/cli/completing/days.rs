//! Days and spans as a person types them.

use chrono::{Days, NaiveDate};

use super::Candidate;
use crate::words::{say, spoken};

/// In which direction the days lie that are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Before today, mostly.
    Back,
    /// After today.
    Ahead,
}

/// Returns days, each with the date that it is today, and the date of today itself.
pub(super) fn days(way: Way, today: NaiveDate) -> Vec<Candidate> {
    let words: &[(&str, i64)] = match way {
        Way::Back => &[
            ("today", 0),
            ("yesterday", -1),
            ("today-1w", -7),
            ("today-30d", -30),
            ("today-90d", -90),
            ("today-1y", -365),
        ],
        Way::Ahead => &[
            ("today", 0),
            ("tomorrow", 1),
            ("today+1w", 7),
            ("today+2w", 14),
            ("today+30d", 30),
        ],
    };
    let candidate = |(word, days): &(&str, i64)| {
        let distance = Days::new(days.unsigned_abs());
        let day = if days.is_negative() {
            today.checked_sub_days(distance)
        } else {
            today.checked_add_days(distance)
        };
        Candidate::told(*word, day.map(|it| it.to_string()))
    };
    let mut days: Vec<Candidate> = words.iter().map(candidate).collect();
    days.push(Candidate::new(today.to_string(), say!("today", "今天")));
    days
}

/// Returns spans of days.
pub(super) fn spans() -> Vec<Candidate> {
    [
        ("7d", "a week", "一周"),
        ("14d", "two weeks", "两周"),
        ("30d", "a month", "一个月"),
        ("60d", "two months", "两个月"),
        ("90d", "a quarter", "一季"),
        ("1y", "a year", "一年"),
    ]
    .map(|(word, english, chinese)| Candidate::new(word, spoken().pick(english, chinese)))
    .to_vec()
}
