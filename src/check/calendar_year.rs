//! The calendar's announced days off end soon, or have ended.

use super::{Checked, Findings};
use crate::diagnostic::{CALENDAR_YEAR, Diagnostic};
use crate::source::{POLICY_FILE, Place};

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
    let ends = if left < 0 { "ended" } else { "end" };
    let message = format!(
        "the announced days off of `{list}` {ends} on {until}: after it weekends alone count"
    );
    let help = "a newer guanxi may know the next year; until then write its days under `off` and `work` of `[calendar]`";
    let diagnostic = Diagnostic::new(CALENDAR_YEAR, message, Place::file(POLICY_FILE)).help(help);
    Findings {
        listed: vec![diagnostic],
        more: 0,
    }
}
