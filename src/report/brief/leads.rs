//! Leads: what came, what was won and lost, and who brought it; and who takes what is open.

use super::{Book, SHOWN, section};
use crate::answer::{Section, Sheet, Table};
use crate::metric::{Type, Value};
use crate::report::given::Gift;
use crate::report::inside::headed;
use crate::report::leads::LEADS;

/// Returns the section of leads.
///
/// # Errors
/// What the report says.
pub(super) fn leads(book: &Book<'_, '_>) -> anyhow::Result<Section> {
    let mut section = section("Leads", book.command("leads", None, ""));
    let columns = [
        "ref", "id", "name", "topic", "opened", "closed", "status", "amount", "staff", "to", "due",
    ];
    let rule = book.rule.map(|it| it.0);
    let found = book
        .now
        .rows(&LEADS, vec![("all", Gift::Nothing)], rule, &columns)?;
    let from = Value::from(book.from());
    let is_since = |value: &Value<'_>| value.compare(&from) == Some(std::cmp::Ordering::Greater);
    let columns = [
        headed("day", Type::Date),
        headed("what", Type::Text),
        headed("lead", Type::Text),
        headed("customer", Type::Text),
        headed("topic", Type::Text),
        headed("amount", Type::Money),
        headed("brought by", Type::Text),
    ];
    let mut news: Vec<[Value<'static>; 7]> = Vec::new();
    for row in &found.rows {
        let value = |name: &str| found.value(row, name).clone();
        let mut tell = |day: &str, what: &str| {
            if is_since(found.value(row, day)) {
                news.push([
                    value(day),
                    Value::text(what.to_owned()),
                    value("ref"),
                    value("id"),
                    value("topic"),
                    value("amount"),
                    value("staff"),
                ]);
            }
        };
        tell("opened", "opened");
        tell("closed", found.text(row, "status"));
    }
    news.sort_by(|a, b| a[0].compare(&b[0]).unwrap_or(std::cmp::Ordering::Equal));
    let mut sheet = Sheet::new(columns.to_vec());
    for row in news {
        sheet.push(row);
    }
    section.table(Table::of(sheet).about("Opened, won and lost").first(SHOWN));
    let columns = ["ref", "id", "name", "topic", "amount", "due", "to"];
    let open = book.now.rows(&LEADS, Vec::new(), rule, &columns)?;
    section.table(
        Table::of(open.sheet())
            .about("Open, and who takes them")
            .first(SHOWN),
    );
    Ok(section)
}
