//! Leads: what came, what was won and lost, and who brought it; and who takes what is open.

use super::{BothDays, SHOWN, section};
use crate::answer::{MemoSection, MemoTable, Sheet};
use crate::metric::{Type, Value};
use crate::report::given::Gift;
use crate::report::inside::{headed, worded};
use crate::report::leads::LEADS;
use crate::words::terms::ColumnTerms;
use crate::words::written;

/// What happens to a lead.
const WHAT: ColumnTerms = &[("opened", "新增"), ("won", "赢单"), ("lost", "丢单")];

/// Returns the section of leads.
///
/// # Errors
/// What the report says.
pub(super) fn leads(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let mut section = section("Leads", "商机", book.command("leads", None, ""));
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
        headed("day", "日期", Type::Date),
        worded(headed("what", "动态", Type::Text), WHAT),
        headed("lead", "商机", Type::Text),
        headed("customer", "客户", Type::Text),
        headed("topic", "主题", Type::Text),
        headed("amount", "金额", Type::Money),
        headed("brought by", "提供人", Type::Text),
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
    section.table(
        MemoTable::of(sheet)
            .about(written().pick("Opened, won and lost", "新增、赢单和丢单"))
            .first(SHOWN),
    );
    let columns = ["ref", "id", "name", "topic", "amount", "due", "to"];
    let open = book.now.rows(&LEADS, Vec::new(), rule, &columns)?;
    section.table(
        MemoTable::of(open.sheet())
            .about(written().pick("Open, and who takes them", "在谈商机，由谁跟进"))
            .first(SHOWN),
    );
    Ok(section)
}
