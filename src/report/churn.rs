//! Who is slipping away, how surely, and the signals: where most is at stake first.

use std::cmp::Ordering;

use super::CustomerGrid;
use crate::answer::{Column, Sheet};
use crate::figures::Figures;
use crate::metric::level::ChurnLevel;
use crate::metric::{Metric, Type, Value};
use crate::model::{Money, Word as _};
use crate::rule::Rule;
use crate::source::escaped;

/// The columns shown where `-c` does not say otherwise.
pub(crate) const COLUMNS: [&str; 11] = [
    "id",
    "name",
    "churn",
    "at_stake",
    "churn_risk",
    "churn_horizon",
    "last_order",
    "order_interval",
    "silence",
    "annual_value",
    "signals",
];

/// The columns that a table on a narrow terminal leaves out, the first of them first.
pub(crate) const SPARE: [&str; 7] = [
    "signals",
    "churn_horizon",
    "order_interval",
    "silence",
    "annual_value",
    "last_order",
    "name",
];

/// The columns of the row about all rows.
pub(crate) const TOTAL: [(&str, Type); 2] =
    [("customers", Type::Number), ("at_stake", Type::Money)];

/// What the rows and their order rest on.
pub(crate) const METRICS: [Metric; 5] = [
    Metric::Churn,
    Metric::AtStake,
    Metric::ChurnRisk,
    Metric::Silence,
    Metric::AnnualValue,
];

/// Returns the customers that are slipping away.
///
/// They are those of level `at-risk` and `watch`, as far as the rule goes; a rule that speaks of
/// `churn` or `lost` itself chooses alone. The greatest `at_stake` stands first; of equal ones the worst
/// level, but `lost`, for whom it is too late, last; then the highest risk, the longest silence, the
/// most valuable.
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
        let (stake_a, stake_b) = values(Metric::AtStake);
        let (level_a, level_b) = values(Metric::Churn);
        let mut ordering =
            greatest_first(&stake_a, &stake_b).then_with(|| place(&level_a).cmp(&place(&level_b)));
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

/// What would go with some customers.
pub(crate) struct Stake {
    customers: usize,
    at_stake: Money,
}

/// Returns what would go with the customers together, as far as it is known.
pub(crate) fn at_stake(figures: &Figures<'_>, customers: &[u32]) -> Stake {
    let of = |index: &u32| match figures.value(*index as usize, Metric::AtStake) {
        Value::Money(stake) => stake,
        _ => Money::ZERO,
    };
    let mut sum = Money::ZERO;
    for stake in customers.iter().map(of) {
        sum += stake;
    }
    Stake {
        customers: customers.len(),
        at_stake: sum,
    }
}

impl Stake {
    /// Returns the one row that JSON shows beside the customers.
    pub(crate) fn sheet(&self) -> Sheet<'static> {
        let mut sheet = Sheet::new(TOTAL.map(|(name, kind)| Column::new(name, kind)).to_vec());
        sheet.push([Value::count(self.customers), self.at_stake.into()]);
        sheet
    }

    /// Returns the line below the table.
    pub(crate) fn closing(&self, currency: &str) -> String {
        let count = self.customers;
        let noun = if count == 1 { "customer" } else { "customers" };
        let (stake, currency) = (self.at_stake.grouped(), escaped(currency));
        format!("\n{count} {noun}, together {stake} {currency} a year at stake")
    }
}

/// The place of `active` among the levels.
const ACTIVE: u8 = 2;

/// Returns where a level stands.
fn place(level: &Value<'_>) -> u8 {
    let Value::Text(level) = level else {
        return ACTIVE + 2;
    };
    match ChurnLevel::of_word(level) {
        Some(ChurnLevel::AtRisk) => 0,
        Some(ChurnLevel::Watch) => 1,
        Some(ChurnLevel::Active) => ACTIVE,
        Some(ChurnLevel::Lost) | None => ACTIVE + 1,
    }
}

/// Orders values from the greatest down; unknown ones come last.
pub(super) fn greatest_first(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a.is_known(), b.is_known()) {
        (true, true) => b.compare(a).unwrap_or(Ordering::Equal),
        (a_known, b_known) => b_known.cmp(&a_known),
    }
}
