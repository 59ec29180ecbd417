//! Money to chase.

use super::numbers::group;
use super::{Book, SHOWN, section};
use crate::answer::{Chart, Marks, Section, Sheet, Table};
use crate::metric::{Metric, Type, Value};
use crate::report::buckets::buckets;
use crate::report::inside::headed;
use crate::report::receivables::RECEIVABLES;

/// Returns the section of what is past due and who asks for it, with the picture of how old it is.
///
/// # Errors
/// What the report says.
pub(super) fn to_chase(book: &Book<'_, '_>) -> anyhow::Result<Section> {
    let command = book.command("receivables", Some("past_due > 0"), "");
    let mut section = section("Money to chase", command);
    let columns = [
        "id",
        "name",
        "past_due",
        "days_past_due",
        "dunning",
        "owner",
    ];
    let rule = book.and("past_due > 0");
    let found = book
        .now
        .rows(&RECEIVABLES, Vec::new(), Some(&rule), &columns)?;
    section.table(Table::of(found.sheet()).first(SHOWN));
    if !section.is_empty() {
        section.chart(ages(book));
    }
    Ok(section)
}

/// Returns the picture of how much is not due and how long the rest is past due.
fn ages(book: &Book<'_, '_>) -> Chart {
    let figures = &book.now.figures;
    let columns = [headed("due", Type::Text), headed("amount", Type::Money)];
    let mut sheet = Sheet::new(columns.to_vec());
    let mut bars = Vec::new();
    let spans = buckets(figures.policy()).map(|it| {
        let heading = it.heading();
        (Metric::Past(it), format!("{heading} days late"))
    });
    let all = std::iter::once((Metric::NotDue, "not due".to_owned())).chain(spans);
    for (metric, name) in all {
        let value = group(figures, &book.chosen, metric);
        let length = value.to_f64().unwrap_or(0.0);
        bars.push((name.clone(), vec![length], metric != Metric::NotDue));
        sheet.push([Value::text(name), value]);
    }
    Chart {
        title: "How old is the money?".to_owned(),
        told:
            "A bar for what is not due, then one for each span of days past due, which are marked."
                .to_owned(),
        marks: Marks::Bars(vec!["amount".to_owned()], bars),
        numbers: Table::of(sheet),
    }
}
