//! Lifetime values with their ranges, and their total: customer equity.

use super::asked::Asked;
use super::backtest::{BACKTEST_OPTION, HORIZON, backtest_instead};
use super::basis::{basis, by_retention};
use super::churn::greatest_first;
use super::fit::{FIT, FIT_OPTION};
use super::shape::{AnyReport, Report, ReportRows, RowsSaid};
use crate::answer::{Column, Sheet};
use crate::customer_base::value::{LifetimeValue, equity_range};
use crate::figures::Figures;
use crate::figures::rough::{are_rough, rough_told};
use crate::metric::{GroupColumn, Metric, Taken, Type, Value};
use crate::model::Money;
use crate::source::escaped;
use crate::words::{say, write_say};

/// The report.
pub(crate) static VALUE: Report<u32> = Report {
    name: "value",
    help: "List lifetime values with their ranges, and the total\n\n\
        The most valuable stand first. The total of all rows, customer equity, is the last line of a \
        table and `total` in JSON. What the values rest on is told on standard error.\n\n\
        Example: `guanxi value -n 20`",
    options: &[FIT_OPTION, BACKTEST_OPTION, HORIZON],
    instead: |given| {
        let fit = given.has("fit").then_some(&FIT as &dyn AnyReport);
        fit.or_else(|| backtest_instead(given))
    },
    usual: &[
        "id",
        "name",
        "clv",
        "clv_low",
        "clv_high",
        "p_alive",
        "expected_orders",
        "expected_order_value",
        "clv_basis",
    ],
    spare: &[
        "clv_basis",
        "expected_order_value",
        "expected_orders",
        "p_alive",
        "name",
    ],
    rests_on: &[Metric::Clv],
    rows,
    said,
    total: &TOTAL,
    ..Report::BASE
};

/// The columns of the row about all rows.
const TOTAL: [(&str, Type); 4] = [
    ("customers", Type::Number),
    ("clv", Type::Money),
    ("clv_low", Type::Money),
    ("clv_high", Type::Money),
];

/// What several customers are worth together.
const CLV: GroupColumn = GroupColumn {
    taken: Taken::Group,
    metric: Metric::Clv,
};

/// Returns the customers that have a lifetime value, the most valuable first, then by id.
fn rows(asked: &Asked<'_>) -> ReportRows<u32> {
    let clv = |index: &u32| asked.figures().value(*index as usize, Metric::Clv);
    let mut rows = asked.chosen();
    rows.retain(|index| clv(index).is_known());
    rows.sort_by(|a, b| greatest_first(&clv(a), &clv(b)));
    rows.into()
}

/// Says what the customers are worth together, and on what that rests.
fn said<'f>(asked: &'f Asked<'_>, _: &[u32]) -> RowsSaid<'f> {
    let figures = asked.figures();
    let equity = equity(figures, &asked.chosen());
    let mut notes = basis(figures, by_retention());
    notes.extend(equity.without_margin());
    RowsSaid {
        total: Some(equity.sheet()),
        notes,
        nothing: say!("nobody has a lifetime value", "没有可估终身价值的客户").into(),
        below: equity.closing(&asked.loaded.policy.currency, are_rough(figures)),
        // What is the same of all stands before the figures.
        idle: if equity.is_mixed() {
            &[]
        } else {
            &["clv_basis"]
        },
        ..RowsSaid::default()
    }
}

/// What some customers are worth together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Equity {
    /// How many of them have a lifetime value.
    customers: usize,
    /// How many of those have no margin, so that their values are revenue.
    without_margin: usize,
    /// The sum of what is expected of them, rounded once; unknown where there are customers and none has one.
    pub(super) clv: Option<Money>,
    /// The range of the sum: each customer's own chance, and the book's as a whole; `None` where the
    /// retention formula holds, or nothing is worth anything.
    pub(super) range: Option<(Money, Money)>,
}

/// Returns what the customers are worth together that have a lifetime value.
pub(super) fn equity(figures: &Figures<'_>, customers: &[u32]) -> Equity {
    let (mut count, mut without_margin) = (0, 0);
    let mut values: Vec<LifetimeValue> = Vec::new();
    let outlooks = figures.outlooks();
    for &index in customers {
        let index = index as usize;
        if !figures.value(index, Metric::Clv).is_known() {
            continue;
        }
        count += 1;
        without_margin += usize::from(!figures.value(index, Metric::Margin).is_known());
        let worth = outlooks.expected(index).and_then(|it| it.worth);
        values.extend(worth.map(|it| it.value));
    }
    let years = f64::from(figures.policy().value.years);
    let ends = equity_range(&values, years).filter(|_| values.len() == count);
    let range = ends.and_then(|(low, high)| Money::from_f64(low).zip(Money::from_f64(high)));
    Equity {
        customers: count,
        without_margin,
        clv: match figures.of_group(customers, CLV) {
            Value::Money(sum) => Some(sum),
            _ => None,
        },
        range,
    }
}

impl Equity {
    /// Returns the one row that JSON shows beside the customers.
    fn sheet(&self) -> Sheet<'static> {
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
    fn is_mixed(&self) -> bool {
        (1..self.customers).contains(&self.without_margin)
    }

    /// Says that values are revenue where no margin is known.
    fn without_margin(&self) -> Option<String> {
        let cure = say!(
            "`margin` in a customer's file or `[value] margin` in the policy gives it",
            "可在客户文件写 `margin`，或在规则中写 `[value] margin`"
        );
        match self.without_margin {
            0 => None,
            all if all == self.customers => Some(say!(
                "values are revenue, no margin known: {cure}",
                "价值按收入计，毛利率未知：{cure}"
            )),
            some => {
                let all = self.customers;
                Some(if some == 1 {
                    say!(
                        "{some} of {all} values is revenue, no margin known: {cure}",
                        "{all} 个价值中 {some} 个按收入计，毛利率未知：{cure}"
                    )
                } else {
                    say!(
                        "{some} of {all} values are revenue, no margin known: {cure}",
                        "{all} 个价值中 {some} 个按收入计，毛利率未知：{cure}"
                    )
                })
            }
        }
    }

    /// Returns the line below the table.
    ///
    /// Two digits count where the values rest on no fit.
    fn closing(&self, currency: &str, is_rough: bool) -> String {
        let count = self.customers;
        let noun = if count == 1 { "customer" } else { "customers" };
        let said = |money: Money| {
            if is_rough {
                rough_told(money)
            } else {
                money.told()
            }
        };
        let total = self.clv.map_or_else(|| "-".to_owned(), said);
        let range = self.range.map(|(low, high)| (said(low), said(high)));
        let range = range.map_or_else(String::new, |(low, high)| {
            write_say!(" ({low} to {high})", "（{low} 至 {high}）")
        });
        let currency = escaped(currency);
        write_say!(
            "\n{count} {noun}, together {total} {currency}{range}\n",
            "\n{count} 家客户，合计 {total} {currency}{range}\n"
        )
    }
}
