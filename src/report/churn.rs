//! Who is slipping away, how surely, and the signals: most at risk first.

use std::cmp::Ordering;

use super::CustomerGrid;
use crate::analysis::Figures;
use crate::metric::{Metric, Value};
use crate::rule::Rule;

/// The columns shown where `-c` does not say otherwise.
pub(crate) const COLUMNS: [&str; 10] = [
    "id",
    "name",
    "churn",
    "churn_risk",
    "churn_horizon",
    "last_order",
    "order_interval",
    "silence",
    "annual_value",
    "signals",
];

/// What the rows and their order rest on.
pub(crate) const METRICS: [Metric; 4] = [
    Metric::Churn,
    Metric::ChurnRisk,
    Metric::Silence,
    Metric::AnnualValue,
];

/// Returns the customers that are slipping away.
///
/// They are those of level `at-risk` and `watch`, as far as the rule goes; a rule that speaks of
/// `churn` or `lost` itself chooses alone. The worst level stands first, but `lost`, for whom it is
/// too late, last; then the highest risk, the longest silence, the most valuable.
pub(crate) fn churn<'f, 'b>(
    figures: &'f Figures<'b>,
    rule: Option<&Rule>,
    names: impl IntoIterator<Item = impl AsRef<str>>,
) -> CustomerGrid<'f, 'b> {
    let mut grid = CustomerGrid::new(figures, rule, names);
    let chooses = |rule: &Rule| {
        let metrics = rule.metrics();
        metrics.contains(&Metric::Churn) || metrics.contains(&Metric::Lost)
    };
    if !rule.is_some_and(chooses) {
        grid.retain(|index| place(&figures.value(index, Metric::Churn)) < ACTIVE);
    }
    grid.sort_by(|a, b| {
        let values = |metric| (figures.value(a, metric), figures.value(b, metric));
        let (level_a, level_b) = values(Metric::Churn);
        let mut ordering = place(&level_a).cmp(&place(&level_b));
        for metric in [Metric::ChurnRisk, Metric::Silence, Metric::AnnualValue] {
            ordering = ordering.then_with(|| {
                let (a, b) = values(metric);
                greatest_first(&a, &b)
            });
        }
        ordering
    });
    grid
}

/// The place of `active` among the levels.
const ACTIVE: u8 = 2;

/// Returns where a level stands.
fn place(level: &Value<'_>) -> u8 {
    match level {
        Value::Text(level) => match level.as_ref() {
            "at-risk" => 0,
            "watch" => 1,
            "active" => ACTIVE,
            _ => ACTIVE + 1,
        },
        _ => ACTIVE + 2,
    }
}

/// Orders values from the greatest down; unknown ones come last.
pub(super) fn greatest_first(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a.is_known(), b.is_known()) {
        (true, true) => b.compare(a).unwrap_or(Ordering::Equal),
        (a_known, b_known) => b_known.cmp(&a_known),
    }
}
