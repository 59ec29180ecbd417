//! How a report is told: its rows, or to people in words that there are none.

use std::path::Path;

use chrono::NaiveDate;

use super::args::{BookOptions, Headings, OutputOptions, ReportArgs, SheetOptions};
use super::console::Console;
use super::settings::{
    Chosen, Parted, TotalSetting, format, show_rows_and_total, show_said_page, show_text,
};
use crate::answer::{Column, Envelope, Grid, GridRows, GridView, Sheet, SortOrder};
use crate::folder::book_name;
use crate::metric::{Type, Value};
use crate::render::{Format, Spare, left_out, shown_in, wrapped};
use crate::report::rough::{Rough, as_read, note};
use crate::report::{Answer, AnyReport, ColumnNames};
use crate::session::opened::Opened;
use crate::words::{Language, say, spoken, written};

impl Opened {
    /// Returns what an answer of this name says of itself: the day, and the revision if it is of one.
    pub(crate) fn envelope<'e>(&'e self, name: &'e str) -> Envelope<'e> {
        Envelope {
            as_of: Some(self.as_of),
            rev: self.revision.as_ref().map(|rev| (&*rev.name, &*rev.commit)),
            ..Envelope::named(name)
        }
    }
}

/// Tells what a report answers, and returns how many rows were shown.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_answer(
    report: &dyn AnyReport,
    answer: &Answer<'_>,
    mut chosen: Chosen,
    args: &ReportArgs,
    opened: &Opened,
    console: &mut Console<'_>,
) -> anyhow::Result<usize> {
    let said = &answer.said;
    if !args.book.quiet {
        for note in &said.notes {
            let width = console.environment.width.unwrap_or(usize::MAX);
            console.note(&format!("{}\n", wrapped(note, width)));
        }
    }
    chosen.is_rough = answer.is_rough;
    if is_for_people(&args.sheet.output) && args.sheet.columns.is_empty() {
        chosen
            .columns
            .retain(|it| !said.idle.contains(&it.as_str()));
    }
    let keys = report.keys().unwrap_or(&[]);
    let is_told = |column: &&Column| {
        let name = &*column.name;
        let mut told = chosen.columns.iter().skip(chosen.key_count);
        told.any(|it| it == name) && !keys.contains(&name)
    };
    let row = said.total_row.as_ref().map(|of| {
        let columns: Vec<Column> = answer
            .rows
            .columns()
            .iter()
            .filter(is_told)
            .cloned()
            .collect();
        one_row(columns, of)
    });
    // Rows that nothing is the key of are one, the total itself.
    let is_parted = chosen.key_count > 0 || report.keys().is_none_or(|it| !it.is_empty());
    let total = TotalSetting {
        row: said.total.as_ref().or(row.as_ref()),
        of: said.total_row.as_deref().filter(|_| is_parted),
        parts: &said.parts,
        closing: &said.below,
        closing_on_terminal: &said.below_on_terminal,
        drops_blank: report.drops_blank() && args.sheet.columns.is_empty(),
        ..TotalSetting::default()
    };
    let question = AnswerTitle::new(report.name(), &said.nothing, &args.book);
    let is_plain = args.sheet.columns.is_empty() && args.sheet.sort.is_empty();
    if let Some(page) = &said.page
        && is_plain
        && args.sheet.limit.is_none()
        && args.sheet.headings != Headings::Id
        && format(&args.sheet.output) == Format::Table
    {
        opened.still()?;
        show_said_page(page, &args.sheet.output, console)?;
        return Ok(answer.rows.row_count());
    }
    if let Some(sheet) = &said.instead
        && is_plain
        && is_for_people(&args.sheet.output)
    {
        let names = Grid::columns(sheet).iter().map(|it| it.name.to_string());
        chosen.columns = names.collect();
        chosen.order = SortOrder::default();
        let question = AnswerTitle {
            takes_columns: false,
            ..question
        };
        return tell_grid(
            sheet,
            &chosen,
            &args.sheet,
            opened,
            &total,
            &question,
            console,
        );
    }
    let read = is_for_people(&args.sheet.output)
        .then(|| as_read_by_rows(&*answer.rows, &said.kinds, &chosen.order))
        .flatten();
    let rows: &dyn Grid = match &read {
        Some(sheet) => {
            // They are in order already, by the numbers that the texts stand for.
            chosen.order = SortOrder::default();
            sheet
        }
        None => &*answer.rows,
    };
    tell_grid(
        rows,
        &chosen,
        &args.sheet,
        opened,
        &total,
        &question,
        console,
    )
}

/// Returns the rows in an order with their numbers as people read them, where each row has a kind of its own.
fn as_read_by_rows(rows: &dyn Grid, kinds: &[Type], order: &SortOrder) -> Option<Sheet<'static>> {
    let columns = rows.columns();
    let mut sheet = Sheet::new(columns.to_vec());
    if kinds.is_empty() {
        return None;
    }
    for &at in GridView::of(rows).sort(order).places() {
        let kind = kinds[at];
        let cells = columns.iter().enumerate().map(|(column, of)| {
            let value = rows.cell(at, column).into_owned();
            if !of.is_numeric() || !value.is_known() {
                return value;
            }
            let of_row = Column::of_report("", of.name.clone(), kind);
            Value::text(shown_in(&value, &of_row).into_owned())
        });
        sheet.push(cells);
    }
    Some(sheet)
}

/// Makes a row of what holds in some columns.
fn one_row(columns: Vec<Column>, of: &dyn Fn(&str) -> Value<'static>) -> Sheet<'static> {
    let values: Vec<_> = columns.iter().map(|it| of(&it.name)).collect();
    let mut sheet = Sheet::new(columns);
    sheet.push(values);
    sheet
}

/// Makes the last row of a table: `total` in its first column, and nothing below texts and days, which have none.
///
/// There is none where only texts and days are shown.
fn total_row(
    columns: &[Column],
    of: &dyn Fn(&str) -> Value<'static>,
    is_rough: bool,
) -> Option<Sheet<'static>> {
    let mut others = columns.iter().skip(1);
    if !columns.is_empty() && !others.any(|it| it.is_numeric() || of(&it.name).is_known()) {
        return None;
    }
    let shown = |it: &Column| match of(&it.name) {
        Value::Unknown if !it.is_numeric() => "".into(),
        value if is_rough => as_read(it, value),
        value => value,
    };
    let mut values: Vec<_> = columns.iter().map(shown).collect();
    let mut columns = columns.to_vec();
    if let Some(first) = columns.first_mut() {
        first.kind = Type::Text;
    }
    if let Some(first) = values.first_mut() {
        *first = written().pick("total", "合计").into();
    }
    let mut sheet = Sheet::new(columns);
    sheet.push(values);
    Some(sheet)
}

/// Returns the columns of money and numbers that are 0 or unknown in every row; none where all are, since that
/// is what the table has to say.
fn blank(rows: &dyn GridRows) -> Vec<String> {
    let columns = rows.columns();
    let may_be = |it: &Column| matches!(it.kind, Type::Money | Type::Number);
    let mut is_blank: Vec<bool> = columns.iter().map(may_be).collect();
    // Nothing here fails.
    let _ = rows.for_each(&mut |row| {
        for (value, is_blank) in row.iter().zip(&mut is_blank) {
            *is_blank &= value.to_f64().is_none_or(|it| it == 0.0);
        }
        Ok(())
    });
    if columns.iter().filter(|it| may_be(it)).count() == is_blank.iter().filter(|it| **it).count() {
        return Vec::new();
    }
    let found = columns.iter().zip(is_blank).filter(|it| it.1);
    found.map(|(column, _)| column.name.to_string()).collect()
}

/// Shows a grid as the options say, and returns how many rows it showed.
///
/// Where it has no row people read the question's words on standard error instead of a heading without rows.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_grid<G: Grid + ?Sized>(
    grid: &G,
    chosen: &Chosen,
    options: &SheetOptions,
    opened: &Opened,
    total: &TotalSetting<'_>,
    question: &AnswerTitle<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<usize> {
    let view = GridView::of(grid).sort(&chosen.order).limit(options.limit);
    let view = view.headed(options.headings == Headings::Id);
    let view = view.choose(&chosen.columns);
    let mut columns = chosen.columns.clone();
    if total.drops_blank && format(&options.output) == Format::Table && view.row_count() > 0 {
        let blank = blank(&view);
        // The first column says what a row is.
        let mut at = 0;
        columns.retain(|it| {
            at += 1;
            at <= chosen.key_count.max(1) || !blank.contains(it)
        });
    }
    let view = view.choose(&columns);
    let is_rough = chosen.is_rough && is_for_people(&options.output);
    let last = (total.of).and_then(|of| total_row(view.columns(), of, is_rough));
    let spare = (&chosen.spare, &chosen.last_spare);
    let left_out_of =
        |rows: &dyn GridRows| left_out_of(rows, last.as_ref(), spare, &options.output, console);
    let headings = headings(view.columns());
    let gone = match Rough::of(&view).filter(|_| is_rough) {
        Some(rough) => left_out_of(&rough),
        None => left_out_of(&view),
    };
    let view = if gone.is_empty() {
        view
    } else {
        let stays = |name: &&String| !gone.contains(&name.as_str());
        let names: Vec<&String> = columns.iter().filter(stays).collect();
        view.choose(&names)
    };
    let is_empty = grid.row_count() == 0;
    let last = (total.of).and_then(|of| total_row(view.columns(), of, is_rough));
    let parted = Parted::of(&view, chosen.sheets.as_ref())?;
    let sheets = parted.sheets();
    let total = &TotalSetting {
        last: last.as_ref(),
        sheets: &sheets,
        ..*total
    };
    let rough = Rough::of(&view).filter(|_| is_rough);
    if rough.is_some() && view.row_count() > 0 && !question.quiet {
        console.note(&format!("{}\n", note()));
    }
    let cut = options.cut_by_setting(grid.row_count());
    let closing = format!("{}{cut}", total.closing);
    let total = &TotalSetting {
        closing: &closing,
        ..*total
    };
    tell_rows(
        rough.as_ref().map_or(&view as &dyn GridRows, |it| it),
        is_empty,
        &options.output,
        opened,
        total,
        question,
        console,
    )?;
    if !question.quiet {
        note_left_out(&gone, &headings, question.takes_columns, console);
    }
    Ok(view.row_count())
}

/// Says which columns a table left out so that it fits, and how to see them.
pub(super) fn note_left_out(
    gone: &[&str],
    headings: &[(String, String)],
    takes_columns: bool,
    console: &mut Console<'_>,
) {
    if gone.is_empty() {
        return;
    }
    let gone = called(gone, headings);
    let note = if takes_columns {
        say!(
            "left out for want of room: {gone}; `-c` names columns to show, a file or a pipe has all",
            "屏幕放不下，省去了：{gone}；用 `-c` 指定要看的列，写入文件或管道时各列俱全"
        )
    } else {
        say!(
            "left out for want of room: {gone}; a file or a pipe has all",
            "屏幕放不下，省去了：{gone}；写入文件或管道时各列俱全"
        )
    };
    let width = console.environment.width.unwrap_or(usize::MAX);
    console.note(&format!("{}\n", wrapped(&note, width)));
}

/// Returns the names of columns with their headings.
pub(super) fn headings(columns: &[Column]) -> Vec<(String, String)> {
    let of = |it: &Column| (it.name.to_string(), it.heading.to_string());
    columns.iter().map(of).collect()
}

/// Names columns by what `-c` takes, in Chinese with their headings before it.
fn called(names: &[&str], headings: &[(String, String)]) -> String {
    let of = |name: &&str| {
        let heading = headings.iter().find(|it| it.0 == **name);
        match (spoken(), heading) {
            (Language::Chinese, Some((_, heading))) if heading != name => {
                format!("{heading} {name}")
            }
            _ => (*name).to_owned(),
        }
    };
    let names: Vec<String> = names.iter().map(of).collect();
    names.join(spoken().pick(", ", "、"))
}

/// Returns the columns that a table leaves out so that it fits the terminal.
pub(super) fn left_out_of<'s>(
    rows: &dyn GridRows,
    last: Option<&Sheet<'_>>,
    (spare, last_spare): (&'s ColumnNames, &'s ColumnNames),
    options: &OutputOptions,
    console: &Console<'_>,
) -> Vec<&'s str> {
    let is_file = (options.output.as_deref()).is_some_and(|it| it != Path::new("-"));
    match console.environment.width {
        Some(width) if format(options) == Format::Table && !is_file && rows.row_count() > 0 => {
            let spare: Vec<&str> = spare.iter().map(|it| &**it).collect();
            let last_spare: Vec<&str> = last_spare.iter().map(|it| &**it).collect();
            let spare = Spare {
                first: &spare,
                last: &last_spare,
            };
            left_out(rows, last.map(|it| it as &dyn GridRows), &spare, width)
        }
        _ => Vec::new(),
    }
}

/// What an answer is called, and what is told where nothing is found.
pub(super) struct AnswerTitle<'a> {
    /// The name of the answer's form.
    pub(super) name: &'a str,
    /// The words.
    pub(super) words: &'a str,
    /// Whether notes are wanted at all.
    pub(super) quiet: bool,
    /// The day that the answer compares with its own.
    pub(super) from: Option<NaiveDate>,
    /// Whether `-c` names what stands in its columns.
    pub(super) takes_columns: bool,
}

impl<'a> AnswerTitle<'a> {
    /// Names an answer, and says what is told where it has no rows.
    pub(super) fn new(name: &'a str, words: &'a str, options: &BookOptions) -> Self {
        Self {
            name,
            words,
            quiet: options.quiet,
            from: None,
            takes_columns: true,
        }
    }
}

/// Shows rows as the options say; `is_empty` says that there were none before any limit.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_rows(
    rows: &dyn GridRows,
    is_empty: bool,
    options: &OutputOptions,
    opened: &Opened,
    total: &TotalSetting<'_>,
    question: &AnswerTitle<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    opened.still()?;
    if is_empty && format(options) == Format::Table {
        show_text("", options.output.as_deref(), console)?;
        if !question.quiet {
            console.note(&format!("{}\n", question.words));
        }
        return Ok(());
    }
    let envelope = Envelope {
        from: question.from,
        ..opened.envelope(question.name)
    };
    let threads = opened.threads;
    let book = book_name(&opened.root);
    let total = &TotalSetting {
        book: book.as_deref(),
        calendar: &opened.loaded.policy.export_calendar,
        ..*total
    };
    show_rows_and_total(rows, total, options, envelope, threads, console)
}

/// Tells whether people read the answer, so that models' numbers may be rounded.
pub(super) fn is_for_people(options: &OutputOptions) -> bool {
    format(options).reader().is_person()
}
