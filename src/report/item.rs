//! What rows of items (cases, leads, invoices) have in common.

use super::asked::Asked;
use crate::metric::Value;
use crate::model::{Day, Origin};

/// Returns a text of a row; an empty one is unknown.
pub(super) fn text(text: &str) -> Value<'_> {
    Some(text).filter(|it| !it.is_empty()).into()
}

/// Returns a day, if there is one.
pub(super) fn date(day: Option<Day>) -> Value<'static> {
    day.map(Day::date).into()
}

/// Returns where a row stands, as `interactions/2026.csv:214`.
pub(super) fn place(asked: &Asked<'_>, origin: Option<Origin>) -> Value<'static> {
    origin.map_or(Value::Unknown, |origin| {
        let path = asked.loaded.log_path(origin.log);
        Value::text(format!("{path}:{}", origin.line))
    })
}
