//! Which periods a report is asked for: `--by` and `--since`.

use super::asked::Asked;
use super::given::{Opt, Takes};
use crate::model::{Day, Period, PeriodLength, Word as _};
use crate::words::say;

/// The option that says how long periods are.
pub(super) const BY: Opt = Opt::taking(
    "by",
    Takes::Word(PeriodLength::WORDS),
    "PERIOD",
    "How long a period is; without it a month, of cohorts a quarter",
);

/// The option that says where the first period lies.
pub(super) const SINCE: Opt = Opt::taking(
    "since",
    Takes::Since,
    "DAY",
    "Begin with the period that holds this day, or that of so long ago (`2y`)\n\n\
        Without it there are 13 weeks or months, 9 quarters or 5 years.",
);

/// Refuses a first day after the day of the answer.
pub(super) fn check_since(asked: &Asked<'_>) -> anyhow::Result<()> {
    match asked.given.day("since") {
        Some(since) if since > asked.as_of => anyhow::bail!(say!(
            "`--since` is {since}, which is after {}, the day of the answer",
            "`--since` 为 {since}，晚于结果所在的日期 {}",
            asked.as_of
        )),
        _ => Ok(()),
    }
}

/// Returns the periods that are asked for, the oldest first; `usual` is how long they are unless that is said.
pub(super) fn periods(asked: &Asked<'_>, usual: PeriodLength) -> Vec<Period> {
    let length = asked.given.text("by").and_then(PeriodLength::of_word);
    let length = length.unwrap_or(usual);
    let last = Period::of(length, Day::of(asked.as_of));
    let count = match length {
        PeriodLength::Week | PeriodLength::Month => 13,
        PeriodLength::Quarter => 9,
        PeriodLength::Year => 5,
    };
    let since = asked.given.day("since").map(Day::of);
    let first = since.map_or(last.plus(1 - count), |day| Period::of(length, day));
    // No day is before the year 1.
    let first = first.max(Period::of(length, Day(1)));
    (0..=last.since(first)).map(|it| first.plus(it)).collect()
}
