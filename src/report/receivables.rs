//! Who owes what since when, and whom to chase first.

use super::asked::Asked;
use super::given::{Given, Opt};
use super::invoices::INVOICES;
use super::shape::{AnyReport, BUCKETS, Report, ReportRows, RowsSaid};
use super::summary::{BY, OWED_BY};
use crate::metric::{GroupColumn, Metric, Value};
use crate::model::Money;
use crate::words::{say, written};

/// The report.
pub(crate) static RECEIVABLES: Report<u32> = Report {
    name: "receivables",
    help: "List who owes what since when, and whom to chase first\n\n\
        Customers are shown that owe something, or whose money waits for an invoice (`advance`). First \
        stands where lateness costs most: `money_days`, each balance past due times its days. `not_due` and \
        all the columns of days past due, such as `1–30`, make `receivable`. `dunning` is how hard to ask, \
        by `[[dunning]]` of the policy and the invoice that is latest. The total is that of all \
        customers that the rule chooses, not only of those shown.\n\n\
        Example: `guanxi receivables 'owner = li.wei'`",
    options: &[
        Opt::flag(
            "invoices",
            "List what is owed invoice by invoice, the latest first\n\n\
                A row is an invoice, or a debt that money sent back has left. The rule may then name its \
                columns, too: `days > 30 and tier = AAA`.",
        ),
        BY.not_with("invoices"),
    ],
    instead,
    usual: &[
        "id",
        "name",
        "owner",
        "receivable",
        "not_due",
        BUCKETS,
        "past_due",
        "days_past_due",
        "dunning",
        "advance",
    ],
    spare: &["advance", BUCKETS, "not_due", "owner", "name"],
    heading: |metric| match metric {
        Metric::Past(days) => Some(written().pick(days.heading(), days.chinese())),
        _ => None,
    },
    order: "-money_days,-receivable",
    rests_on: &[Metric::Receivable, Metric::Advance],
    rows,
    said,
    keys: Some(&["id"]),
    drops_blank: true,
    ..Report::BASE
};

fn instead(given: &Given) -> Option<&'static dyn AnyReport> {
    let groups = given.has("by").then_some(&OWED_BY as &dyn AnyReport);
    groups.or_else(|| given.has("invoices").then_some(&INVOICES))
}

/// Returns the customers that owe something, or of whom money waits.
fn rows(asked: &Asked<'_>) -> ReportRows<u32> {
    let is_some = |index: u32, metric| match asked.figures().value(index as usize, metric) {
        Value::Money(money) => money != Money::ZERO,
        _ => false,
    };
    let mut customers = asked.chosen();
    customers.retain(|it| is_some(*it, Metric::Receivable) || is_some(*it, Metric::Advance));
    customers.into()
}

/// Says what all chosen customers owe together.
fn said<'f>(asked: &'f Asked<'_>, _: &[u32]) -> RowsSaid<'f> {
    let chosen = asked.chosen();
    let of_all = move |name: &str| match GroupColumn::of_name(name) {
        Ok(Some(column)) => column.shown(asked.figures().of_group(&chosen, column)),
        Ok(None) | Err(_) => Value::Unknown,
    };
    RowsSaid {
        total_row: Some(Box::new(of_all)),
        nothing: say!(
            "nobody owes anything, and no money waits for an invoice",
            "无人欠款，也没有待冲抵的预收款"
        )
        .into(),
        ..RowsSaid::default()
    }
}
