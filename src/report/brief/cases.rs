//! What became of the last problems, and what is late and whose.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{BothDays, SHOWN, section, text_of};
use crate::answer::{MemoSection, MemoTable, Sheet};
use crate::metric::{Metric, Type, Value};
use crate::report::cases::CASES;
use crate::report::given::Gift;
use crate::report::inside::{RowsGiven, headed, worded};
use crate::report::leads::LEADS;
use crate::words::terms::ColumnTerms;
use crate::words::{write_say, written};

/// The columns of cases that are looked at.
const COLUMNS: [&str; 9] = [
    "ref", "id", "topic", "opened", "staff", "left", "status", "closed", "outcome",
];

/// How cases stand.
const STATUS: ColumnTerms = &[
    ("new", "新增"),
    ("open", "处理中"),
    ("late", "已超时"),
    ("closed", "已结案"),
];

/// Returns the section of what became of the cases that were open, or came since.
///
/// # Errors
/// What a report says.
pub(super) fn problems(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let from = book.from();
    let rule = format!("(opened > {from} or closed > {from} or closed is unknown)");
    let command = book.command("cases", Some(&rule), "--all");
    let mut section = section(
        "What became of the last problems",
        "上次的问题进展如何",
        command,
    );
    let rule = book.rule.map(|it| it.0);
    let all = |inside: &crate::report::inside::Inside<'_>, rule: Option<&str>| {
        inside.rows(&CASES, vec![("all", Gift::Nothing)], rule, &COLUMNS)
    };
    let now = all(book.now, rule)?;
    let then = all(book.then, None)?;
    let stood: BTreeMap<(&str, &str), &str> = then
        .rows
        .iter()
        .map(|row| {
            (
                (then.text(row, "id"), then.text(row, "ref")),
                status(&then, row),
            )
        })
        .collect();
    let columns = [
        headed("case", "事项", Type::Text),
        headed("customer", "客户", Type::Text),
        headed("topic", "主题", Type::Text),
        worded(headed("before", "上次", Type::Text), STATUS),
        worded(headed("now", "现在", Type::Text), STATUS),
        headed("who", "负责人", Type::Text),
        headed("left", "剩余天数", Type::Days),
        headed("outcome", "结案评分", Type::Number),
    ];
    let mut rows = Vec::new();
    for row in &now.rows {
        let key = (now.text(row, "id"), now.text(row, "ref"));
        let before = stood.get(&key).copied().unwrap_or("new");
        let is = status(&now, row);
        // Closed then and closed on the same day now: it has been nobody's business since.
        let closed = now.value(row, "closed");
        let is_old = before == "closed"
            && closed
                .compare(&Value::from(from))
                .is_some_and(Ordering::is_le);
        if is_old {
            continue;
        }
        let value = |name| now.value(row, name).clone();
        rows.push((
            is == "closed",
            [
                value("ref"),
                value("id"),
                value("topic"),
                before.into(),
                is.into(),
                value("staff"),
                value("left"),
                value("outcome"),
            ],
        ));
    }
    // Closed ones last; the report's order holds within.
    rows.sort_by_key(|it| it.0);
    let mut sheet = Sheet::new(columns.to_vec());
    for (_, row) in rows {
        sheet.push(row);
    }
    section.table(MemoTable::of(sheet).first(SHOWN));
    Ok(section)
}

/// Returns how a case stands: open, late or closed.
fn status(found: &RowsGiven, row: &[Value<'static>]) -> &'static str {
    match found.text(row, "status") {
        "closed" => "closed",
        "late" => "late",
        _ => "open",
    }
}

/// What is late with one person.
#[derive(Default)]
struct Late {
    cases: Vec<String>,
    visits: Vec<String>,
    leads: Vec<String>,
}

/// Returns the section of what is late, person by person.
///
/// # Errors
/// What a report says.
pub(super) fn late(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let mut section = section(
        "What is late and whose",
        "哪些逾期了，由谁负责",
        book.command("cases", Some("left < 0"), ""),
    );
    section
        .commands
        .push(book.command("due", Some("overdue > 0"), ""));
    let mut people: BTreeMap<String, Late> = BTreeMap::new();
    let rule = book.and("left < 0");
    let cases = book.now.rows(&CASES, Vec::new(), Some(&rule), &COLUMNS)?;
    for row in &cases.rows {
        let of = people
            .entry(cases.text(row, "staff").to_owned())
            .or_default();
        let (id, reference) = (cases.text(row, "id"), cases.text(row, "ref"));
        of.cases.push(format!("{id} {reference}"));
    }
    let figures = &book.now.figures;
    let mut visits: Vec<(i64, u32)> = Vec::new();
    for &index in &book.chosen {
        if let Value::Exact(days) = figures.value(index as usize, Metric::Overdue) {
            let days = days.to_whole().expect("days from day to day are whole");
            visits.extend((days > 0).then_some((days, index)));
        }
    }
    visits.sort_by_key(|(days, index)| (std::cmp::Reverse(*days), *index));
    for (days, index) in visits {
        let index = index as usize;
        let owner = figures.value(index, Metric::Owner);
        let of = people.entry(text_of(&owner).to_owned()).or_default();
        let id = &book.now.loaded.book.customers[index].id;
        of.visits.push(match days {
            1 => write_say!("{id} {days} day", "{id} {days} 天"),
            _ => write_say!("{id} {days} days", "{id} {days} 天"),
        });
    }
    let columns = ["ref", "id", "to"];
    let rule = book.and("due < today");
    let leads = book.now.rows(&LEADS, Vec::new(), Some(&rule), &columns)?;
    if !leads.rows.is_empty() {
        let command = book.command("leads", Some("due < today"), "");
        section.commands.push(command);
    }
    for row in &leads.rows {
        let of = people.entry(leads.text(row, "to").to_owned()).or_default();
        let (id, reference) = (leads.text(row, "id"), leads.text(row, "ref"));
        of.leads.push(format!("{id} {reference}"));
    }
    let columns = [
        headed("who", "人员", Type::Text),
        headed("late", "超期数", Type::Number),
        headed("cases", "超时事项", Type::Text),
        headed("visits overdue", "逾期未访", Type::Text),
        headed("leads past their day", "过期商机", Type::Text),
    ];
    let count = |it: &Late| it.cases.len() + it.visits.len() + it.leads.len();
    let mut people: Vec<(String, Late)> = people.into_iter().collect();
    people.sort_by(|(a, one), (b, other)| {
        // Nobody in particular stands last among equals.
        (count(other).cmp(&count(one))).then_with(|| (a.is_empty(), a).cmp(&(b.is_empty(), b)))
    });
    let mut sheet = Sheet::new(columns.to_vec());
    for (who, late) in &people {
        let listed = |list: &[String]| {
            let mut shown: Vec<String> = list.iter().take(SHOWN).cloned().collect();
            if list.len() > SHOWN {
                let left = list.len() - SHOWN;
                shown.push(write_say!("… and {left} more", "……另有 {left} 项"));
            }
            Value::text(shown.join(written().pick(", ", "、")))
        };
        let who = if who.is_empty() {
            Value::text(written().pick("nobody", "无人"))
        } else {
            Value::text(who.clone())
        };
        sheet.push([
            who,
            Value::count(count(late)),
            listed(&late.cases),
            listed(&late.visits),
            listed(&late.leads),
        ]);
    }
    section.table(MemoTable::of(sheet).first(SHOWN));
    Ok(section)
}
