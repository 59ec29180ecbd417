//! A paper on one customer: all that its screen shows, with what is open, what comes, and why.

use super::brief::{months, words_of_months};
use super::cases::CASES;
use super::dates::DATES;
use super::explanation::{Explanation, ROWS};
use super::given::Gift;
use super::inside::{Inside, RowsGiven, headed};
use super::invoices::INVOICES;
use super::labels::kinds;
use super::leads::LEADS;
use super::row_texts::RowTexts;
use super::screen::{self, Screen};
use super::told::told;
use super::{kind_name, written_amount};
use crate::answer::{Block, Column, Memo, MemoSection, MemoTable, Paper, Part, Piece, Sheet};
use crate::figures::{Why, said};
use crate::metric::{Metric, Type, Value, metric_by_name};
use crate::model::{Day, Span};
use crate::source::shell_word;
use crate::words::{write_say, written};

/// How many rows of the log are shown.
const LAST_ROWS: usize = 20;

/// Makes the paper.
///
/// # Errors
/// What a report says.
pub(crate) fn customer_report(inside: &Inside<'_>, index: usize) -> anyhow::Result<Memo> {
    let figures = &*inside.figures;
    let customer = &inside.loaded.book.customers[index];
    let rows = Screen::rows_wanted(figures, index);
    let texts = RowTexts::read(inside.loaded, inside.files, index, rows, inside.threads);
    let paper = Screen::new(figures, index, &texts).page();
    let mut blocks = paper.blocks().iter();
    let id = &customer.id;
    let command = |words: &str| inside.command(words);
    let mut memo = Memo {
        title: format!("{} ({id})", customer.name),
        ..Memo::default()
    };
    if let Some(heading) = blocks.next() {
        memo.lead = heading
            .lines
            .iter()
            .skip(1)
            .map(|it| words_of(it, told))
            .collect();
    }
    memo.lead
        .insert(0, write_say!("As of {}.", "截至 {}。", inside.day()));
    memo.lead.extend(inside.asked_by());
    for block in blocks {
        // These are told at more length below.
        let is_told_below = [screen::OPEN_CASES, screen::OPEN_LEADS, screen::LAST];
        if is_told_below.contains(&block.key) || block.lines.is_empty() {
            continue;
        }
        let mut section = MemoSection::new(capital(&block.heading));
        section.commands.push(command(&format!("show {id} --all")));
        section
            .pieces
            .push(Piece::Table(MemoTable::of(sheet_of(block, told)).bare()));
        explain(&mut section, inside, index, figures_of(block.key));
        memo.sections.push(section);
    }
    let rule = format!("id = {}", quoted_word(id));
    let mut revenue = MemoSection::new(written().pick("Revenue", "收入"));
    revenue.commands.push(command(&format!(
        "trend {} {}",
        shell_word(&rule),
        words_of_months(inside)
    )));
    revenue.chart(months(inside, Some(&rule))?);
    let list =
        |(english, chinese): (&str, &str), words: &str, found: RowsGiven, about: &[Metric]| {
            let mut section = MemoSection::new(written().pick(english, chinese));
            let words = words.replace("RULE", &shell_word(&rule));
            section.commands.push(command(&words));
            section.table(MemoTable::of(found.sheet()));
            if !section.is_empty() {
                explain(&mut section, inside, index, about);
            }
            section
        };
    let items = [
        "ref", "date", "due", "days", "amount", "balance", "status", "level",
    ];
    let cases = [
        "ref", "kind", "opened", "staff", "topic", "deadline", "left", "status",
    ];
    let leads = ["ref", "topic", "opened", "amount", "due", "to"];
    let some = Some(rule.as_str());
    memo.sections.extend([
        revenue,
        list(
            ("Open items", "未结发票"),
            "receivables --invoices RULE",
            inside.rows(&INVOICES, vec![("invoices", Gift::Nothing)], some, &items)?,
            &OF_ITEMS,
        ),
        list(
            ("Open cases", "未结事项"),
            "cases RULE",
            inside.rows(&CASES, Vec::new(), some, &cases)?,
            &[Metric::OpenCases, Metric::LateCases],
        ),
        list(
            ("Open leads", "在谈商机"),
            "leads RULE",
            inside.rows(&LEADS, Vec::new(), some, &leads)?,
            &[Metric::OpenLeads, Metric::Pipeline],
        ),
    ]);
    let given = vec![("within", Gift::Span(Span::Days(365)))];
    let columns = ["date", "kind", "what", "person", "years"];
    memo.sections.push(list(
        ("Dates of a year", "一年内的日程"),
        "dates RULE --within 1y",
        inside.rows(&DATES, given, some, &columns)?,
        &[],
    ));
    memo.sections.push(last_rows(inside, index));
    memo.sections.push(tier(inside, index));
    memo.sections.retain(|it| !it.is_empty());
    Ok(memo)
}

/// Returns a word as a rule has it: in quotes unless it is a plain one.
fn quoted_word(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("\"{word}\"")
    }
}

/// Returns a heading with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// How values are written: in the unit that was chosen, or exactly.
type ValueWriter = fn(&Value<'_>, Type) -> String;

/// Returns a line of cells as a sentence.
fn words_of(line: &[Part], write: ValueWriter) -> String {
    let words = line.iter().map(|part| match &part.value {
        Value::Text(text) => text.to_string(),
        value => write(value, part.kind),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the lines of a block as rows, which need not be of one length nor of one type.
fn sheet_of(block: &Block, write: ValueWriter) -> Sheet<'static> {
    let width = block.lines.iter().map(Vec::len).max().unwrap_or(1);
    let is_number = |at: usize| {
        let mut cells = block.lines.iter().filter_map(|it| it.get(at));
        let is_one = |part: &Part| {
            matches!(
                part.kind,
                Type::Number | Type::Money | Type::Ratio | Type::Days
            )
        };
        cells.any(is_one) && cells.all(is_one)
    };
    let columns = (0..width).map(|at| {
        let kind = if is_number(at) {
            Type::Number
        } else {
            Type::Text
        };
        let name = at.to_string();
        headed(&name, &name, kind)
    });
    let mut sheet = Sheet::new(columns.collect());
    for line in &block.lines {
        let cell = |at: usize| match line.get(at) {
            None => Value::text(""),
            Some(part) => match &part.value {
                Value::Text(text) => {
                    let column = metric_by_name(part.tone).map(Column::of_metric);
                    let label = column.as_ref().map_or(&**text, |it| it.label_of(text));
                    Value::text(label.to_owned())
                }
                Value::Unknown => Value::Unknown,
                value => write(value, part.kind).into(),
            },
        };
        sheet.push((0..width).map(cell));
    }
    sheet
}

/// The figures that stand in the block of the customer's standing.
const OF_STANDING: [Metric; 10] = [
    Metric::Tier,
    Metric::Churn,
    Metric::ChurnRisk,
    Metric::Signals,
    Metric::Flags,
    Metric::NextRevisit,
    Metric::RevisitStatus,
    Metric::Overdue,
    Metric::Cadence,
    Metric::LastContact,
];

/// The figures that stand in the block of its money.
const OF_MONEY: [Metric; 23] = [
    Metric::AnnualValue,
    Metric::Growth,
    Metric::PriorRevenue,
    Metric::Rank,
    Metric::Abc,
    Metric::Rfm,
    Metric::Revenue,
    Metric::Orders,
    Metric::LastOrder,
    Metric::OrderInterval,
    Metric::Receivable,
    Metric::Settlement,
    Metric::PastDue,
    Metric::DaysPastDue,
    Metric::Advance,
    Metric::CreditUsed,
    Metric::Clv,
    Metric::ClvLow,
    Metric::ClvHigh,
    Metric::ClvBasis,
    Metric::ExpectedOrders,
    Metric::Pipeline,
    Metric::OpenLeads,
];

/// The figures that its open items make.
const OF_ITEMS: [Metric; 5] = [
    Metric::Receivable,
    Metric::PastDue,
    Metric::DaysPastDue,
    Metric::Dunning,
    Metric::DaysToPay,
];

/// The figures that its agreements make.
const OF_AGREEMENTS: [Metric; 4] = [
    Metric::Agreements,
    Metric::AgreementEnd,
    Metric::AgreementLeft,
    Metric::AgreementValue,
];

/// Returns the figures that stand in a block of the screen.
fn figures_of(key: &str) -> &'static [Metric] {
    match key {
        screen::STANDING => &OF_STANDING,
        screen::MONEY => &OF_MONEY,
        screen::AGREEMENTS => &OF_AGREEMENTS,
        _ => &[],
    }
}

/// Adds the commands that explain some figures, those that are known.
fn explain(section: &mut MemoSection, inside: &Inside<'_>, index: usize, figures: &[Metric]) {
    let id = &inside.loaded.book.customers[index].id;
    let known = figures
        .iter()
        .filter(|it| inside.figures.value(index, **it).is_known());
    let command = |it: &Metric| inside.command(&format!("explain {id} {}", it.name()));
    let commands: Vec<String> = known.map(command).collect();
    if !commands.is_empty() {
        section.pieces.push(Piece::Commands(commands));
    }
}

/// Returns the section of the last rows.
fn last_rows(inside: &Inside<'_>, index: usize) -> MemoSection {
    let customer = &inside.loaded.book.customers[index];
    let mut section = MemoSection::new(written().pick("Last rows", "最近记录"));
    let words = format!("history {} -n {LAST_ROWS}", customer.id);
    section.commands.push(inside.command(&words));
    let all = inside
        .loaded
        .book
        .interactions_of(index)
        .until(Day::of(inside.day()));
    let count = all.rows().len();
    let shown = count.saturating_sub(LAST_ROWS)..count;
    let texts = RowTexts::read(
        inside.loaded,
        inside.files,
        index,
        shown.clone(),
        inside.threads,
    );
    let columns = [
        headed("date", "日期", Type::Date),
        headed("kind", "类型", Type::Text).labelled(kinds(&inside.loaded.policy)),
        headed("amount", "金额", Type::Money),
        headed("score", "评分", Type::Number),
        headed("ref", "单号", Type::Text),
        headed("topic", "主题", Type::Text),
        headed("staff", "经办人", Type::Text),
        headed("note", "备注", Type::Text),
        headed("origin", "出处", Type::Text),
    ];
    let all_kinds = &inside.loaded.policy.kinds;
    let mut sheet = Sheet::new(columns.to_vec());
    for at in shown {
        let row = &all.rows()[at];
        let amount = written_amount(all_kinds, row);
        let score = if amount.is_none() { row.score() } else { None };
        let text = texts.of(at).cloned().expect("its text was read");
        let known = |text: String| Value::from(Some(text).filter(|it| !it.is_empty()));
        sheet.push([
            row.day.date().into(),
            Value::text(kind_name(all_kinds, row).to_owned()),
            amount.into(),
            score.into(),
            known(text.reference),
            known(text.topic),
            known(text.staff),
            known(text.note),
            Value::text(texts.place(at)),
        ]);
    }
    section.table(MemoTable::of(sheet));
    section
}

/// Returns the section of why the tier is what it is.
fn tier(inside: &Inside<'_>, index: usize) -> MemoSection {
    let figures = &*inside.figures;
    let why = figures.why(index, Metric::Tier, &|_| None);
    let texts = RowTexts::read(
        inside.loaded,
        inside.files,
        index,
        why.row_indexes(),
        inside.threads,
    );
    let names = |row: usize| texts.reference(row);
    let why: Why = figures.why(index, Metric::Tier, &names);
    let id = &inside.loaded.book.customers[index].id;
    let command = inside.command(&format!("explain {id} tier"));
    let explanation = Explanation {
        figures,
        index,
        texts: &texts,
        blame: None,
        command: Some(&command),
    };
    let paper: Paper = explanation.page(&why, ROWS);
    let mut section =
        MemoSection::new(written().pick("Why this tier", "为什么是这个级别")).command(&command);
    for block in paper.blocks().iter().filter(|it| !it.lines.is_empty()) {
        let is_prose = block.lines.iter().all(|it| it.len() == 1);
        if is_prose {
            if !block.heading.is_empty() {
                section.text(write_say!("{}:", "{}：", capital(&block.heading)));
            }
            for line in &block.lines {
                section.text(words_of(line, said));
            }
        } else {
            section.pieces.push(Piece::Table(
                MemoTable::of(sheet_of(block, said))
                    .about(capital(&block.heading))
                    .bare(),
            ));
        }
    }
    section
}
