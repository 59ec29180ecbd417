//! Money to chase.

use super::numbers::group;
use super::{BothDays, SHOWN, section};
use crate::answer::{Chart, ChartMarks, MemoSection, MemoTable, Sheet};
use crate::metric::{Metric, Type, Value};
use crate::report::buckets::buckets;
use crate::report::inside::headed;
use crate::report::receivables::RECEIVABLES;
use crate::words::{Language, write_say, written};

/// Returns the section of what is past due and who asks for it, with the picture of how old it is.
///
/// # Errors
/// What the report says.
pub(super) fn to_chase(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let command = book.command("receivables", Some("past_due > 0"), "");
    let mut section = section("Money to chase", "该催的款", command);
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
    section.table(MemoTable::of(found.sheet()).first(SHOWN));
    if !section.is_empty() {
        section.chart(ages(book));
    }
    Ok(section)
}

/// Returns the picture of how much is not due and how long the rest is past due.
fn ages(book: &BothDays<'_, '_>) -> Chart {
    let figures = &book.now.figures;
    let columns = [
        headed("due", "账龄", Type::Text),
        headed("amount", "金额", Type::Money),
    ];
    let mut sheet = Sheet::new(columns.to_vec());
    let mut bars = Vec::new();
    let spans = buckets(figures.policy()).map(|it| {
        let name = match written() {
            Language::English => format!("{} days late", it.heading()),
            Language::Chinese => it.chinese(),
        };
        (Metric::Past(it), name)
    });
    let all = std::iter::once((Metric::NotDue, write_say!("not due", "未到期"))).chain(spans);
    for (metric, name) in all {
        let value = group(figures, &book.chosen, metric);
        let length = value.to_f64().unwrap_or(0.0);
        bars.push((name.clone(), vec![length], metric != Metric::NotDue));
        sheet.push([Value::text(name), value]);
    }
    Chart {
        title: write_say!("How old is the money?", "欠款有多久了？"),
        command: book.command("receivables", None, ""),
        told: write_say!(
            "A bar for what is not due, then one for each span of days past due, which are marked.",
            "第一条为未到期金额，其后每条为一段逾期天数，逾期的突出显示。"
        ),
        marks: ChartMarks::Bars(vec![write_say!("amount", "金额")], bars),
        numbers: MemoTable::of(sheet),
    }
}
