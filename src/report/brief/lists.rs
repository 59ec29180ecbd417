//! Lists that are quoted from a report: who is slipping away, whom to see, which days come, the team.

use std::collections::HashSet;

use super::{BothDays, SHOWN, section, text_of};
use crate::answer::{Chart, ChartMarks, MemoSection, MemoTable, Sheet};
use crate::metric::{Metric, Type, Value};
use crate::model::Span;
use crate::report::churn::CHURN;
use crate::report::dates::DATES;
use crate::report::due::DUE;
use crate::report::given::Gift;
use crate::report::inside::{headed, worded};
use crate::report::team::TEAM;
use crate::words::write_say;

/// Of how many customers the picture of the risk has dots, and how many of them are named.
const DOTS: (usize, usize) = (200, 10);

/// Returns the section of who is slipping away: those who were not so before stand first.
///
/// # Errors
/// What the report says.
pub(super) fn slipping(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let command = book.command("churn", Some("churn = at-risk"), "");
    let mut section = section("Slipping away", "正在流失的客户", command);
    let columns = [
        "id",
        "name",
        "owner",
        "annual_value",
        "churn_risk",
        "last_order",
        "signals",
    ];
    let rule = book.and("churn = at-risk");
    let found = book.now.rows(&CHURN, Vec::new(), Some(&rule), &columns)?;
    let then = &book.then;
    let were_so: HashSet<&str> = (then.figures.present().iter())
        .map(|it| *it as usize)
        .filter(|it| text_of(&then.figures.value(*it, Metric::Churn)) == "at-risk")
        .map(|it| &*then.loaded.book.customers[it].id)
        .collect();
    let was_so = |id: &str| were_so.contains(id);
    let mut rows: Vec<(bool, &Vec<Value<'static>>)> = found
        .rows
        .iter()
        .map(|row| (was_so(found.text(row, "id")), row))
        .collect();
    rows.sort_by_key(|it| it.0);
    let mut columns = vec![worded(
        headed("new", "新增", Type::Text),
        &[("new", "新增")],
    )];
    columns.extend(found.columns.iter().cloned());
    columns.swap(0, 1);
    let mut sheet = Sheet::new(columns);
    for (was_so, row) in rows {
        let mark = Value::text(if was_so { "" } else { "new" });
        let mut cells = vec![mark];
        cells.extend(row.iter().cloned());
        cells.swap(0, 1);
        sheet.push(cells);
    }
    section.table(MemoTable::of(sheet).first(SHOWN));
    if !section.is_empty() {
        section.chart(risks(book));
    }
    Ok(section)
}

/// Returns the picture of risk and value of those that are not lost yet.
fn risks(book: &BothDays<'_, '_>) -> Chart {
    let figures = &book.now.figures;
    let mut known: Vec<(f64, f64, u32)> = Vec::new();
    for &index in &book.chosen {
        if text_of(&figures.value(index as usize, Metric::Churn)) == "lost" {
            continue;
        }
        let value = |metric| figures.value(index as usize, metric).to_f64();
        if let (Some(risk), Some(yearly)) = (value(Metric::ChurnRisk), value(Metric::AnnualValue)) {
            known.push((risk, yearly, index));
        }
    }
    known.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
    let is_at_stake = |it: &&(f64, f64, u32)| it.0 * it.1 > 0.0;
    let at_stake = known.iter().filter(is_at_stake).count();
    let (dots, named) = DOTS;
    known.truncate(dots);
    let mut by_product: Vec<_> = known.iter().filter(is_at_stake).copied().collect();
    by_product.sort_by(|a, b| (b.0 * b.1).total_cmp(&(a.0 * a.1)).then(a.2.cmp(&b.2)));
    by_product.truncate(named);
    let id = |index: u32| {
        book.now.loaded.book.customers[index as usize]
            .id
            .to_string()
    };
    let columns = [
        headed("id", "编号", Type::Text),
        headed("churn risk", "流失概率", Type::Ratio),
        headed("annual value", "年度价值", Type::Money),
    ];
    let mut sheet = Sheet::new(columns.to_vec());
    for (_, _, index) in &by_product {
        let value = |metric| figures.value(*index as usize, metric).into_owned();
        sheet.push([
            Value::text(id(*index)),
            value(Metric::ChurnRisk),
            value(Metric::AnnualValue),
        ]);
    }
    let mut numbers = MemoTable::of(sheet);
    numbers.more = at_stake - by_product.len();
    let is_named = |index: u32| by_product.iter().any(|it| it.2 == index);
    let marks = known
        .iter()
        .map(|(risk, yearly, index)| (*risk, *yearly, is_named(*index).then(|| id(*index))));
    Chart {
        title: write_say!("Whom must we not lose?", "哪些客户丢不起？"),
        command: book.command(
            "list",
            None,
            "-s -annual_value -c id,churn_risk,annual_value",
        ),
        told: write_say!(
            "A dot for each of the customers of the greatest annual value, 200 at most, that are not lost: the \
             chance of no order across, the annual value up. The ten with the greatest product are named.",
            "未流失客户中年度价值最高的各一点，至多 200 家：横轴为流失概率，纵轴为年度价值。两者之积最大的十家标出编号。"
        ),
        marks: ChartMarks::Dots(marks.collect()),
        numbers,
    }
}

/// Returns the section of whom to see soon, by day.
///
/// # Errors
/// What the report says.
pub(super) fn visits(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let command = book.command("due", Some("overdue = 0"), "--within 14d");
    let mut section = section("Whom to see", "近期要拜访的客户", command);
    let columns = [
        "next_revisit",
        "id",
        "name",
        "owner",
        "why",
        "person",
        "phone",
    ];
    let rule = book.and("overdue = 0");
    let given = vec![("within", Gift::Span(Span::Days(14)))];
    let mut found = book.now.rows(&DUE, given, Some(&rule), &columns)?;
    // By day; the most urgent first within one.
    found
        .rows
        .sort_by(|a, b| a[0].compare(&b[0]).unwrap_or(std::cmp::Ordering::Equal));
    section.table(MemoTable::of(found.sheet()).first(SHOWN));
    Ok(section)
}

/// Returns the section of the days that come.
///
/// # Errors
/// What the report says.
pub(super) fn dates(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let mut section = section("Dates ahead", "近期日程", book.command("dates", None, ""));
    let columns = [
        "date", "kind", "id", "name", "what", "person", "years", "owner",
    ];
    let given = vec![("within", Gift::Span(Span::Days(30)))];
    let rule = book.rule.map(|it| it.0);
    let found = book.now.rows(&DATES, given, rule, &columns)?;
    section.table(MemoTable::of(found.sheet()).first(SHOWN));
    Ok(section)
}

/// Returns the section of who carries how much.
///
/// # Errors
/// What the report says.
pub(super) fn team(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let mut section = section("The team", "团队", book.command("team", None, ""));
    let columns = [
        "staff",
        "status",
        "customers",
        "annual_value",
        "load",
        "overdue_customers",
        "contacts",
        "open_cases",
        "late_cases",
        "leads",
        "wins",
        "training_due",
    ];
    let rule = book.rule.map(|it| it.0);
    let mut found = book.now.rows(&TEAM, Vec::new(), rule, &columns)?;
    // Who has nothing is left out.
    let has_something = |row: &Vec<Value<'static>>| {
        row.iter()
            .skip(2)
            .any(|it| it.to_f64().is_some_and(|it| it != 0.0))
    };
    found.rows.retain(has_something);
    section.table(MemoTable::of(found.sheet()).first(SHOWN));
    if book.now.loaded.policy.team.target.is_some() {
        for line in found.below.lines().filter(|it| !it.trim().is_empty()) {
            section.text(line.trim());
        }
    }
    Ok(section)
}
