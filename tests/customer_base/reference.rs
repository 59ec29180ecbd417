//! The reference data, and what "equal" means.

use std::collections::BTreeMap;

use guanxi::customer_base::history::History;
use serde_json::Value;

pub(crate) const ELOG: &str = include_str!("../data/clv/cdnow_elog.csv");
pub(crate) const PREDICTIONS: &str = include_str!("../data/clv/cdnow_predictions.csv");

pub(crate) fn cdnow_expected() -> Value {
    serde_json::from_str(include_str!("../data/clv/cdnow_expected.json")).unwrap()
}

pub(crate) fn formulas_expected() -> Value {
    serde_json::from_str(include_str!("../data/clv/formulas_expected.json")).unwrap()
}

/// A number written as a number or as a decimal string.
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::String(digits) => digits.parse().unwrap(),
        other => other
            .as_f64()
            .unwrap_or_else(|| panic!("not a number: {other}")),
    }
}

pub(crate) fn numbers<const N: usize>(value: &Value) -> [f64; N] {
    let list: Vec<f64> = match value {
        Value::Array(items) => items.iter().map(number).collect(),
        Value::Object(fields) => fields.values().map(number).collect(),
        other => panic!("not numbers: {other}"),
    };
    list.try_into().unwrap()
}

/// Holds `found` to `expected` within a relative tolerance, or 1e-12 absolute near 0.
#[track_caller]
pub(crate) fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs();
    let allowed = tolerance * expected.abs();
    // Near 0 only what is itself that small may be off by 1e-12 of one.
    let allowed = if expected.abs() < 1e-15 && tolerance < 1e-6 {
        allowed.max(1e-15)
    } else {
        allowed
    };
    assert!(
        error <= allowed,
        "{what}: {found:e}, expected {expected:e}, off by {:e}",
        error / expected.abs()
    );
}

/// One CDNOW customer: the history up to the cut-off, its repeat spending, and what it did in the
/// holdout.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) history: History,
    pub(crate) repeat_days_with_spend: u32,
    pub(crate) mean_repeat_spend: f64,
    pub(crate) holdout_orders: u32,
}

/// 1997-09-30, the last day of the calibration, counted from 1997-01-01.
pub(crate) const CUT: i64 = 272;

/// All customers in file order, with order days up to `CUT` as calibration.
pub(crate) fn cdnow() -> Vec<Customer> {
    let mut days: BTreeMap<&str, BTreeMap<i64, i64>> = BTreeMap::new();
    for line in ELOG.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let cents: i64 = (cells[3].parse::<f64>().unwrap() * 100.0).round() as i64;
        *days
            .entry(cells[0])
            .or_default()
            .entry(day(cells[1]))
            .or_default() += cents;
    }
    days.into_iter()
        .map(|(id, days)| {
            let seen: Vec<i64> = days.keys().copied().filter(|&d| d <= CUT).collect();
            let cents: i64 = days.range(seen[0] + 1..=CUT).map(|(_, &c)| c).sum();
            let history = History::from_order_days(&seen, CUT, false).unwrap();
            let x = history.repeats;
            let mean = if x == 0 {
                0.0
            } else {
                cents as f64 / 100.0 / f64::from(x)
            };
            Customer {
                id: id.to_owned(),
                history,
                repeat_days_with_spend: x,
                mean_repeat_spend: mean,
                holdout_orders: days.range(CUT + 1..).count() as u32,
            }
        })
        .collect()
}

/// Days since 1997-01-01 of a date in 1997 or 1998.
fn day(date: &str) -> i64 {
    let part = |range: std::ops::Range<usize>| date.get(range).unwrap().parse::<usize>().unwrap();
    let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before: usize = months[..part(5..7) - 1].iter().sum();
    ((part(0..4) - 1997) * 365 + before + part(8..10) - 1) as i64
}
