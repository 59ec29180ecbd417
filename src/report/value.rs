//! Lifetime values with their ranges, and their total: customer equity.

use super::CustomerGrid;
use super::churn::greatest_first;
use crate::analysis::Figures;
use crate::analysis::value::plan;
use crate::customer_base::equity::{Holding, customer_equity};
use crate::metric::{Metric, Type, Value};
use crate::model::Money;
use crate::rule::Rule;
use crate::sheet::{Column, Sheet};
use crate::source::escaped;

/// The columns shown where `-c` does not say otherwise.
pub(crate) const COLUMNS: [&str; 9] = [
    "id",
    "name",
    "clv",
    "clv_low",
    "clv_high",
    "p_alive",
    "expected_orders",
    "expected_order_value",
    "clv_basis",
];

/// What the rows, their order and the total rest on.
pub(crate) const METRICS: [Metric; 1] = [Metric::Clv];

/// Returns the customers that have a lifetime value, the most valuable first, then by id.
pub(crate) fn value<'f, 'b>(
    figures: &'f Figures<'b>,
    rule: Option<&Rule>,
    names: impl IntoIterator<Item = impl AsRef<str>>,
) -> CustomerGrid<'f, 'b> {
    let mut grid = CustomerGrid::new(figures, rule, names);
    grid.retain(|index| figures.value(index, Metric::Clv).is_known());
    grid.sort_by(|a, b| {
        let clv = |index| figures.value(index, Metric::Clv);
        greatest_first(&clv(a), &clv(b))
    });
    grid
}

/// What some customers are worth together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Equity {
    /// How many customers.
    pub(crate) customers: usize,
    /// The sum of their `clv`, to the last digit.
    pub(crate) clv: Money,
    /// The range that the model's uncertainty gives the sum; `None` without a model.
    pub(crate) range: Option<(Money, Money)>,
}

/// Returns what the customers are worth together.
pub(crate) fn equity(figures: &Figures<'_>, customers: &[u32]) -> Equity {
    let mut sum = Money::whole(0);
    let mut holdings = Vec::new();
    let outlooks = figures.outlooks();
    for &index in customers {
        let index = index as usize;
        let Value::Money(clv) = figures.value(index, Metric::Clv) else {
            continue;
        };
        sum += clv;
        if let Some(expected) = outlooks.expected(index) {
            holdings.push(Holding {
                history: expected.history,
                purchases: expected.purchases,
                clv: clv.to_f64(),
            });
        }
    }
    let range = match (&outlooks.fit, &outlooks.spend) {
        (Ok(fit), Some(spend)) if holdings.len() == customers.len() => {
            let equity = customer_equity(fit, spend, &plan(figures.policy()), &holdings);
            let ends = Money::from_f64(equity.low).zip(Money::from_f64(equity.high));
            ends.map(|(low, high)| (low.min(sum), high.max(sum)))
        }
        _ => None,
    };
    Equity {
        customers: customers.len(),
        clv: sum,
        range,
    }
}

impl Equity {
    /// Returns the one row that JSON shows beside the customers.
    pub(crate) fn sheet(&self) -> Sheet<'static> {
        let columns = [
            ("customers", Type::Number),
            ("clv", Type::Money),
            ("clv_low", Type::Money),
            ("clv_high", Type::Money),
        ];
        let mut sheet = Sheet::new(columns.map(|(name, kind)| Column::new(name, kind)).to_vec());
        sheet.push([
            Value::count(self.customers),
            self.clv.into(),
            self.range.map(|it| it.0).into(),
            self.range.map(|it| it.1).into(),
        ]);
        sheet
    }

    /// Returns the line below the table.
    pub(crate) fn closing(&self, currency: &str) -> String {
        let count = self.customers;
        let noun = if count == 1 { "customer" } else { "customers" };
        let total = self.clv.grouped();
        let range = self
            .range
            .map(|(low, high)| (low.grouped(), high.grouped()));
        let range = range.map_or_else(String::new, |(low, high)| format!(" ({low} to {high})"));
        let currency = escaped(currency);
        format!("\n{count} {noun}, together {total} {currency}{range}")
    }
}
