//! The calendar's announced days off end soon, or have ended.

use super::{Checked, Findings};
use crate::diagnostic::{CALENDAR_YEAR, Diagnostic};
use crate::source::{POLICY_FILE, Place};
use crate::words::{Phrase, both};

/// From how many days before the end of the last known year on this is told.
const AHEAD: i64 = 60;

/// Tells when the last year ends whose days off are known.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let calendar = checked.loaded.policy.calendar.as_ref();
    let known = calendar.and_then(|it| Some((it.known_until()?, it.settings().holidays.as_ref()?)));
    let Some((until, list)) = known else {
        return Findings::default();
    };
    let left = until.signed_duration_since(checked.as_of).num_days();
    if left > AHEAD {
        return Findings::default();
    }
    let ends = if left < 0 {
        Phrase("ended", "已于")
    } else {
        Phrase("end", "将于")
    };
    let message = both!(
        "the announced days off of `{list}` {} on {until}: after it weekends alone count",
        "`{list}` 公布的放假安排{} {until} 截止，之后只按周末计算",
        ends
    );
    let help = Phrase(
        "a newer guanxi may know the next year; until then write its days under `off` and `work` of `[calendar]`",
        "新版 guanxi 可能已有下一年的安排；在此之前，可写在 `[calendar]` 的 `off` 和 `work` 里",
    );
    let diagnostic = Diagnostic::new(CALENDAR_YEAR, message, Place::file(POLICY_FILE)).help(help);
    Findings {
        listed: vec![diagnostic],
        more: 0,
    }
}
