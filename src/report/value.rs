//! Lifetime values with their ranges, and their total: customer equity.

use super::CustomerGrid;
use super::churn::greatest_first;
use super::rough::rough_money;
use crate::answer::{Column, Sheet};
use crate::customer_base::value::{Value as LifetimeValue, equity_range};
use crate::figures::Figures;
use crate::metric::{Metric, Type, Value};
use crate::model::Money;
use crate::rule::Rule;
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

/// The columns that a table on a narrow terminal leaves out, the first of them first.
pub(crate) const SPARE: [&str; 5] = [
    "clv_basis",
    "expected_order_value",
    "expected_orders",
    "p_alive",
    "name",
];

/// The columns of the row about all rows.
pub(crate) const TOTAL: [(&str, Type); 4] = [
    ("customers", Type::Number),
    ("clv", Type::Money),
    ("clv_low", Type::Money),
    ("clv_high", Type::Money),
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
    /// How many of them have no margin, so that their values are revenue.
    without_margin: usize,
    /// The sum of their `clv`, to the last digit.
    pub(crate) clv: Money,
    /// The range of the sum: each customer's own chance, and the book's as a whole; `None` where the
    /// retention formula holds, or nothing is worth anything.
    pub(crate) range: Option<(Money, Money)>,
}

/// Returns what the customers are worth together.
pub(crate) fn equity(figures: &Figures<'_>, customers: &[u32]) -> Equity {
    let mut sum = Money::whole(0);
    let mut without_margin = 0;
    let mut values: Vec<LifetimeValue> = Vec::new();
    let outlooks = figures.outlooks();
    for &index in customers {
        let index = index as usize;
        let Value::Money(clv) = figures.value(index, Metric::Clv) else {
            continue;
        };
        sum += clv;
        without_margin += usize::from(!figures.value(index, Metric::Margin).is_known());
        let worth = outlooks.expected(index).and_then(|it| it.worth);
        values.extend(worth.map(|it| it.value));
    }
    let years = f64::from(figures.policy().value.years);
    let ends = equity_range(&values, years).filter(|_| values.len() == customers.len());
    let range = ends.and_then(|(low, high)| Money::from_f64(low).zip(Money::from_f64(high)));
    Equity {
        customers: customers.len(),
        without_margin,
        clv: sum,
        range,
    }
}

impl Equity {
    /// Returns the one row that JSON shows beside the customers.
    pub(crate) fn sheet(&self) -> Sheet<'static> {
        let mut sheet = Sheet::new(TOTAL.map(|(name, kind)| Column::new(name, kind)).to_vec());
        sheet.push([
            Value::count(self.customers),
            self.clv.into(),
            self.range.map(|it| it.0).into(),
            self.range.map(|it| it.1).into(),
        ]);
        sheet
    }

    /// Tells whether a margin is known of some of the customers and not of others.
    pub(crate) fn is_mixed(&self) -> bool {
        (1..self.customers).contains(&self.without_margin)
    }

    /// Says that values are revenue where no margin is known.
    pub(crate) fn without_margin(&self) -> Option<String> {
        const CURE: &str =
            "`margin` in a customer's file or `[value] margin` in the policy gives it";
        match self.without_margin {
            0 => None,
            all if all == self.customers => {
                Some(format!("values are revenue, no margin known: {CURE}"))
            }
            some => {
                let verb = if some == 1 { "is" } else { "are" };
                Some(format!(
                    "{some} of {} values {verb} revenue, no margin known: {CURE}",
                    self.customers
                ))
            }
        }
    }

    /// Returns the line below the table.
    ///
    /// Two digits count where the values rest on no fit.
    pub(crate) fn closing(&self, currency: &str, is_rough: bool) -> String {
        let count = self.customers;
        let noun = if count == 1 { "customer" } else { "customers" };
        let said = |money: Money| {
            if is_rough {
                rough_money(money)
            } else {
                money.grouped()
            }
        };
        let total = said(self.clv);
        let range = self.range.map(|(low, high)| (said(low), said(high)));
        let range = range.map_or_else(String::new, |(low, high)| format!(" ({low} to {high})"));
        let currency = escaped(currency);
        format!("\n{count} {noun}, together {total} {currency}{range}")
    }
}
