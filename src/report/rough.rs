//! Figures that rest on no fit, as people read them: two digits that count, behind a `~`.
//!
//! More digits would pretend to know. The figures themselves keep all of theirs: rows are sorted by them,
//! and data formats have them.

use std::io;
use std::ops::Range;

use crate::answer::{Column, Rows, RowsInParts};
use crate::figures::Figures;
use crate::metric::{GroupColumn, Metric, Value};
use crate::model::Money;

/// The figures that are rough where there is no fit.
const ROUGH: [Metric; 4] = [
    Metric::Clv,
    Metric::ClvLow,
    Metric::ClvHigh,
    Metric::ExpectedOrders,
];

/// What people are told of them.
pub(crate) const NOTE: &str =
    "`~` stands before what is rough: two digits count; `-f csv` has all of them";

/// Tells whether figures of the model rest on no fit.
pub(crate) fn are_rough(figures: &Figures<'_>) -> bool {
    figures.outlooks().fit.is_err()
}

/// Returns a figure as people read it where it rests on no fit; `None` of one that needs none.
pub(super) fn rough_of(metric: Metric, value: &Value<'_>) -> Option<String> {
    ROUGH.contains(&metric).then(|| rough(value)).flatten()
}

/// Returns money with two digits that count: `~3,300`, `~0.25`. Nothing is nothing.
pub(super) fn rough_money(money: Money) -> String {
    let grouped = money.to_two_digits().grouped();
    let text = grouped.trim_end_matches('0').trim_end_matches('.');
    match text {
        "0" => text.to_owned(),
        _ => format!("~{text}"),
    }
}

fn rough(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Money(money) => Some(rough_money(*money)),
        Value::Float(number) => Some(rough_number(*number)),
        _ => None,
    }
}

/// Returns a number with two digits that count, and no more than four decimals.
fn rough_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let rounded = format!("{number:.1e}").parse().unwrap_or(number);
    let text = format!("{rounded:.4}");
    format!("~{}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Tells whether a column's figures are rough: those of a metric, of a customer or taken of several.
fn is_rough(column: &Column) -> bool {
    let of_group = GroupColumn::of_name(&column.name).ok().flatten();
    let of_group = of_group.is_some_and(|it| ROUGH.contains(&it.metric));
    of_group || ROUGH.iter().any(|it| it.name() == column.name)
}

/// Returns a value of a column as people read it.
pub(crate) fn as_read(column: &Column, value: Value<'static>) -> Value<'static> {
    let text = is_rough(column).then(|| rough(&value)).flatten();
    text.map_or(value, Value::text)
}

/// Rows of which some columns are shown as people read them.
pub(crate) struct Rough<'r, R> {
    rows: &'r R,
    /// For each column whether its figures are rough.
    is_rough: Vec<bool>,
}

impl<'r, R: Rows> Rough<'r, R> {
    /// Makes the rows rough where they have a column that is; `None` where they have none.
    pub(crate) fn of(rows: &'r R) -> Option<Self> {
        let is_rough: Vec<bool> = rows.columns().iter().map(is_rough).collect();
        is_rough.contains(&true).then_some(Self { rows, is_rough })
    }

    /// Hands a row on as people read it; `shown` is room for it.
    fn show<'v>(
        &self,
        row: &'v [Value<'_>],
        visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>,
    ) -> io::Result<()> {
        let of = |(value, is_rough): (&'v Value<'_>, &bool)| {
            let text = is_rough.then(|| rough(value)).flatten();
            text.map_or_else(|| value.borrowed(), Value::text)
        };
        let shown: Vec<Value<'v>> = row.iter().zip(&self.is_rough).map(of).collect();
        visit(&shown)
    }
}

impl<R: Rows + RowsInParts> Rows for Rough<'_, R> {
    fn columns(&self) -> &[Column] {
        self.rows.columns()
    }

    fn row_count(&self) -> usize {
        self.rows.row_count()
    }

    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()> {
        self.rows.for_each(&mut |row| self.show(row, visit))
    }

    fn in_parts(&self) -> Option<&dyn RowsInParts> {
        Some(self)
    }
}

impl<R: Rows + RowsInParts> RowsInParts for Rough<'_, R> {
    fn for_range(
        &self,
        range: Range<usize>,
        visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.rows.for_range(range, &mut |row| self.show(row, visit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_count() {
        for (money, expected) in [
            (33_120_000, "~3,300"),
            (33_500_000, "~3,400"),
            (9_950_000, "~1,000"),
            (120_000_000_000, "~12,000,000"),
            (549_900, "~55"),
            (54_990, "~5.5"),
            (2_540, "~0.25"),
            (1, "~0.0001"),
            (0, "0"),
            (-33_120_000, "~-3,300"),
        ] {
            assert_eq!(rough_money(Money(money)), expected);
        }
        for (number, expected) in [
            (0.180_532, "~0.18"),
            (1.294_591, "~1.3"),
            (9.96, "~10"),
            (123.4, "~120"),
            (0.004_94, "~0.0049"),
            (0.000_001, "~0"),
            (0.0, "0"),
        ] {
            assert_eq!(rough_number(number), expected);
        }
        assert_eq!(rough(&Value::Unknown), None);
        assert_eq!(
            rough_of(Metric::ExpectedOrderValue, &Value::Float(2.5)),
            None
        );
    }
}
