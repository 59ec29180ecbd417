//! Do those whom we won stay: customers by the time of their first order, and what they ordered later.

use super::asked::Asked;
use super::asked_periods::{check_since, periods};
use super::given::Given;
use super::row::{OwnColumn, row_of_nobody};
use super::shape::{AnyReport, ReadNeeded, Report, RowsSaid};
use crate::answer::{Column, Sheet};
use crate::metric::{Type, Value};
use crate::model::{Day, Fraction, Money, Period, PeriodLength};
use crate::words::say;

/// Returns this answer, if it is asked for.
pub(super) fn cohorts_instead(given: &Given) -> Option<&'static dyn AnyReport> {
    given.has("cohorts").then_some(&COHORTS)
}

/// The answer: a row a cohort and a period from its first on; people read a line a cohort.
pub(crate) static COHORTS: Report<CohortCell> = Report {
    name: "cohorts",
    reading: ReadNeeded::Rows,
    own: &[
        OwnColumn::new("cohort", Type::Text, |_, it| {
            Value::from(it.cohort.to_string())
        }),
        OwnColumn::new("n", Type::Number, |_, it| Value::count(it.n)),
        OwnColumn::new("customers", Type::Number, |_, it| {
            Value::count(it.customers)
        }),
        OwnColumn::new("active", Type::Number, |_, it| Value::count(it.active)),
        OwnColumn::new("retention", Type::Ratio, |_, it| it.retention().into()),
        OwnColumn::new("revenue", Type::Money, |_, it| it.revenue.into()),
        OwnColumn::new("complete", Type::Bool, |_, it| it.is_complete.into()),
    ],
    usual: &[
        "cohort",
        "n",
        "customers",
        "active",
        "retention",
        "revenue",
        "complete",
    ],
    // The first is 1 by definition.
    spare: &[
        "0", "24", "23", "22", "21", "20", "19", "18", "17", "16", "15", "14", "13", "12", "11",
        "10", "9", "8", "7", "6", "5", "4", "3",
    ],
    check: check_since,
    rows: |asked| rows(asked).into(),
    said: |_, rows| RowsSaid {
        instead: Some(lines(rows)),
        nothing: say!("nobody ordered first in this time", "这段时间没有首单客户").into(),
        ..RowsSaid::default()
    },
    has_exit_code: false,
    ..Report::BASE
};

/// What a cohort did in a period.
pub(crate) struct CohortCell {
    cohort: Period,
    /// How many periods after the first it is.
    n: usize,
    customers: usize,
    active: usize,
    revenue: Money,
    is_complete: bool,
}

row_of_nobody!(CohortCell);

impl CohortCell {
    /// Returns which share of the cohort ordered.
    fn retention(&self) -> Option<Fraction> {
        let count = |it: usize| i128::try_from(it).ok();
        Fraction::new(count(self.active)?, count(self.customers)?)
    }

    /// Returns that for people; an incomplete period is marked.
    fn shown(&self) -> Value<'static> {
        let Some(retention) = self.retention() else {
            return Value::Unknown;
        };
        if self.is_complete {
            return retention.into();
        }
        // In tenths of a percent, half up, as shares are shown everywhere.
        let (part, whole) = (retention.numerator(), retention.denominator());
        let tenths = (part * 2_000 + whole) / (2 * whole);
        Value::from(format!("{}.{} %…", tenths / 10, tenths % 10))
    }
}

/// Returns the cohorts that have customers, and their periods.
fn rows(asked: &Asked<'_>) -> Vec<CohortCell> {
    let context = asked.figures().context();
    let periods = periods(asked, PeriodLength::Quarter);
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
        return Vec::new();
    };
    let place = |day: Day| {
        let period = Period::of(first.length(), day);
        usize::try_from(period.since(*first)).ok()
    };
    let mut cohorts: Vec<Vec<CohortCell>> = Vec::with_capacity(periods.len());
    for (index, cohort) in periods.iter().enumerate() {
        let cells = (0..periods.len() - index).map(|n| CohortCell {
            cohort: *cohort,
            n,
            customers: 0,
            active: 0,
            revenue: Money::ZERO,
            is_complete: index + n + 1 < periods.len() || last.last() <= context.as_of,
        });
        cohorts.push(cells.collect());
    }
    let roles = &context.roles;
    for index in asked.chosen() {
        let rows = context.book.interactions_of(index as usize);
        let rows = rows.until(context.as_of);
        let order = rows.rows().iter().find(|row| roles.is_order(row));
        let Some(cohort) = order.and_then(|row| place(row.day)) else {
            continue;
        };
        let cells = &mut cohorts[cohort];
        for cell in &mut *cells {
            cell.customers += 1;
        }
        let mut last_active = None;
        for row in rows.rows() {
            // A credit may come before the first order, and then is of no period of the cohort.
            let Some(n) = place(row.day).and_then(|it| it.checked_sub(cohort)) else {
                continue;
            };
            let cell = &mut cells[n];
            if roles.is_order(row) {
                cell.revenue += row.amount();
                if last_active.replace(n) != Some(n) {
                    cell.active += 1;
                }
            } else if roles.is_revenue_credit(rows, row) {
                cell.revenue -= row.amount();
            }
        }
    }
    let cells = cohorts.into_iter().flatten();
    cells.filter(|it| it.customers > 0).collect()
}

/// Returns a line a cohort: its customers, and which share of them ordered in each period.
fn lines(cells: &[CohortCell]) -> Sheet<'static> {
    let width = cells.iter().map(|it| it.n + 1).max().unwrap_or_default();
    let mut columns = vec![
        Column::new("cohort", Type::Text),
        Column::new("customers", Type::Number),
    ];
    columns.extend((0..width).map(|n| Column::new(n.to_string(), Type::Ratio)));
    let mut sheet = Sheet::new(columns);
    for line in cells.chunk_by(|a, b| a.cohort == b.cohort) {
        let head = line.first().map_or([Value::Unknown, Value::Unknown], |it| {
            [
                Value::from(it.cohort.to_string()),
                Value::count(it.customers),
            ]
        });
        let shares = line.iter().map(CohortCell::shown);
        let none = std::iter::repeat_n(Value::text(""), width - line.len());
        sheet.push(head.into_iter().chain(shares).chain(none));
    }
    sheet
}
