//! Who is slipping away, how surely, and the signals: where most is at stake first.

use std::cmp::Ordering;

use super::asked::Asked;
use super::backtest::{BACKTEST_OPTION, HORIZON, backtest_instead};
use super::basis::basis;
use super::shape::{Report, ReportRows, RowsSaid};
use crate::answer::{Column, Sheet};
use crate::metric::level::ChurnLevel;
use crate::metric::{GroupColumn, Metric, Taken, Type, Value};
use crate::model::{Money, Word as _};
use crate::rule::Rule;
use crate::source::escaped;
use crate::words::{say, spoken, write_say};

/// The report.
pub(crate) static CHURN: Report<u32> = Report {
    name: "churn",
    help: "List who is slipping away, how surely, and the signals\n\n\
        Customers of level `at-risk` and `watch` are shown, those most at risk first. A rule narrows \
        them, unless it speaks of `churn` or `lost`: then it chooses alone. What the risk rests on is \
        told on standard error.\n\n\
        Example: `guanxi churn 'tier in (AAA, AA)'`",
    options: &[BACKTEST_OPTION, HORIZON],
    instead: backtest_instead,
    usual: &[
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
    ],
    spare: &[
        "signals",
        "churn_horizon",
        "order_interval",
        "silence",
        "annual_value",
        "last_order",
        "name",
    ],
    rests_on: &[
        Metric::Churn,
        Metric::AtStake,
        Metric::ChurnRisk,
        Metric::Silence,
        Metric::AnnualValue,
    ],
    rows,
    said,
    total: &TOTAL,
    ..Report::BASE
};

/// What would go with several customers.
const AT_STAKE: GroupColumn = GroupColumn {
    taken: Taken::Group,
    metric: Metric::AtStake,
};

/// The columns of the row about all rows.
const TOTAL: [(&str, Type); 2] = [("customers", Type::Number), ("at_stake", Type::Money)];

/// Returns the customers that are slipping away.
///
/// They are those of level `at-risk` and `watch`, as far as the rule goes; a rule that speaks of
/// `churn` or `lost` itself chooses alone. The greatest `at_stake` stands first; of equal ones the worst
/// level, but `lost`, for whom it is too late, last; then the highest risk, the longest silence, the
/// most valuable.
fn rows(asked: &Asked<'_>) -> ReportRows<u32> {
    let figures = asked.figures();
    let mut rows = asked.chosen();
    let chooses = |rule: &Rule| {
        let metrics = rule.metrics();
        metrics.contains(&Metric::Churn) || metrics.contains(&Metric::Lost)
    };
    let value = |index: &u32, metric| figures.value(*index as usize, metric);
    if !asked.rule.is_some_and(chooses) {
        rows.retain(|index| place(&value(index, Metric::Churn)) < ACTIVE);
    }
    rows.sort_by(|a, b| {
        let values = |metric| (value(a, metric), value(b, metric));
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
    rows.into()
}

/// Says what would go with the customers together, as far as it is known.
fn said<'f>(asked: &'f Asked<'_>, customers: &[u32]) -> RowsSaid<'f> {
    let figures = asked.figures();
    let at_stake = match figures.of_group(customers, AT_STAKE) {
        Value::Money(at_stake) => at_stake,
        // Of none of the customers anything is known.
        _ => Money::ZERO,
    };
    let mut total = Sheet::new(TOTAL.map(|(name, kind)| Column::new(name, kind)).to_vec());
    total.push([Value::count(customers.len()), at_stake.into()]);
    let noun = match customers.len() {
        1 => "customer",
        _ => "customers",
    };
    let currency = escaped(&asked.loaded.policy.currency);
    RowsSaid {
        total: Some(total),
        notes: basis(
            figures,
            spoken().pick(
                "churn goes by the rules that need none",
                "流失状态按不需要模型的规则",
            ),
        ),
        nothing: say!("nobody is slipping away", "没有正在流失的客户").into(),
        below: write_say!(
            "\n{} {noun}, together {} {currency} a year at stake\n",
            "\n{} 家客户，每年可能流失 {} {currency}\n",
            customers.len(),
            at_stake.told()
        ),
        ..RowsSaid::default()
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
