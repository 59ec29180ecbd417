//! A sheet as a table: which one of several, which row has its headings.

use super::grid::{GridBody, SheetGrid};
use super::headings::{FirstLine, LOOKED_AT, columns, heading_line};
use crate::exchange::cell::trimmed;
use crate::exchange::fault::{HEADER_MISSING, SHEET, SourceFault};
use crate::exchange::options::{HeadingTest, ReadOptions};
use crate::exchange::place::CellPlace;
use crate::exchange::table::{FileKind, SourceTable, Unread};
use crate::source::told;
use crate::words::{Phrase, Wording, both, listed};

/// A sheet by its name, as a workbook lists it.
#[derive(Clone, Debug)]
pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) is_visible: bool,
}

/// Makes a table of a workbook: of the sheet that is asked for, or of the one visible sheet in which headings
/// are found. `read` reads the sheet at a place of the list.
///
/// # Errors
/// `sheet`, `header-missing`, and what `read` says.
pub(super) fn open(
    file: &CellPlace,
    kind: FileKind,
    sheets: &[SheetName],
    options: &ReadOptions,
    headings: &dyn HeadingTest,
    read: &mut dyn FnMut(usize) -> Result<SheetGrid, Unread>,
) -> Result<SourceTable, Unread> {
    if let Some(wanted) = &options.sheet {
        let Some(index) = sheet_by_word(sheets, wanted) else {
            let names = listed(sheets.iter().map(|it| format!("`{}`", told(&it.name))));
            let message = both!(
                "no sheet is called `{}`, nor is there one of that number",
                "没有名为 `{}` 的工作表，也没有这个序号",
                told(wanted)
            );
            let help = both!("the sheets are {}", "工作表有 {}", names);
            return Err(SourceFault::new(SHEET, message, file.clone())
                .help(help)
                .into());
        };
        let grid = read(index)?;
        return open_only(grid, kind, options, headings);
    }
    let mut tried = Tried::default();
    for (index, sheet) in sheets.iter().enumerate().filter(|it| it.1.is_visible) {
        let grid = read(index)?;
        tried.rows.push((sheet.name.as_str(), grid.row_count()));
        match heading_row(&grid, options, headings) {
            Some((row, true)) => tried.known.push(grid, row),
            Some((row, false)) => tried.possible.push(grid, row),
            None if tried.missing.is_none() && grid.row_count() > 0 => {
                tried.missing = Some(header_missing(&grid, options));
            }
            None => {}
        }
    }
    let candidates = if tried.known.count > 0 {
        tried.known
    } else {
        tried.possible
    };
    match (candidates.first, candidates.count) {
        (Some((grid, row)), 1) => Ok(table(grid, kind, row)),
        (Some(_), _) => Err(several(file, &tried.rows).into()),
        (None, _) => {
            let nothing = || {
                let message = Phrase(
                    "no visible sheet has anything in it",
                    "没有一张可见的工作表里有内容",
                );
                SourceFault::new(HEADER_MISSING, message, file.clone())
            };
            Err(tried.missing.unwrap_or_else(nothing).into())
        }
    }
}

/// Makes a table of the only sheet that there is.
///
/// # Errors
/// `header-missing`.
pub(super) fn open_only(
    grid: SheetGrid,
    kind: FileKind,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    match heading_row(&grid, options, headings) {
        Some((row, _)) => Ok(table(grid, kind, row)),
        None => Err(header_missing(&grid, options).into()),
    }
}

/// The sheets of a workbook that were looked into.
#[derive(Default)]
struct Tried<'s> {
    rows: Vec<(&'s str, u64)>,
    /// Those with known headings.
    known: Candidates,
    /// Those with something in the row that is asked for.
    possible: Candidates,
    /// Of the first that has no headings, why.
    missing: Option<SourceFault>,
}

/// Sheets that may be meant, of which the first is kept.
#[derive(Default)]
struct Candidates {
    first: Option<(SheetGrid, Option<u32>)>,
    count: usize,
}

impl Candidates {
    fn push(&mut self, grid: SheetGrid, row: Option<u32>) {
        self.count += 1;
        if self.count == 1 {
            self.first = Some((grid, row));
        }
    }
}

fn sheet_by_word(sheets: &[SheetName], word: &str) -> Option<usize> {
    let by_name = sheets.iter().position(|it| it.name == word);
    let number = || word.parse::<usize>().ok()?.checked_sub(1);
    by_name
        .or_else(number)
        .filter(|index| *index < sheets.len())
}

/// Returns the row of the headings, from 0, and whether any of them are known; of a sheet that is to have none
/// no row.
fn heading_row(
    grid: &SheetGrid,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Option<(Option<u32>, bool)> {
    match options.header_row {
        Some(0) => (grid.row_count() > 0).then_some((None, false)),
        Some(row) => {
            let row = u32::try_from(row - 1).ok()?;
            let line = grid.line_of(row);
            let is_known = heading_line(std::slice::from_ref(&line), headings).is_some();
            (!line.is_blank()).then_some((Some(row), is_known))
        }
        None => {
            let lines = grid.first_lines(LOOKED_AT);
            let line = &lines[heading_line(&lines, headings)?];
            let row = u32::try_from(line.number - 1).ok()?;
            Some((Some(row), true))
        }
    }
}

fn table(grid: SheetGrid, kind: FileKind, heading: Option<u32>) -> SourceTable {
    let width = grid.column_count();
    let mut title = Vec::new();
    let (headings, first_row, header_row) = match heading {
        None => (vec![String::new(); width], 0, 0),
        Some(row) => {
            for (above, line) in grid.lines_above(row) {
                title.extend(title_cells(&grid, above, &line));
            }
            let end = grid.heading_end(row);
            (grid.headings_in(end, width), end + 1, u64::from(end) + 1)
        }
    };
    let heading_row = first_row.saturating_sub(1);
    let place = |column: usize| grid.place(heading_row, column);
    SourceTable {
        file: grid.file().clone(),
        kind,
        encoding: None,
        samples: Vec::new(),
        separator: None,
        sheet: grid.sheet().cloned(),
        header_row,
        title,
        columns: columns(headings.iter().map(String::as_str), &place),
        body: Box::new(GridBody { grid, first_row }),
    }
}

fn title_cells<'g>(
    grid: &'g SheetGrid,
    row: u32,
    line: &'g FirstLine,
) -> impl Iterator<Item = (String, CellPlace)> + 'g {
    let cells = line.cells.iter().enumerate();
    let filled = cells.filter(|(_, text)| !trimmed(text).is_empty());
    filled.map(move |(column, text)| (trimmed(text).to_owned(), grid.place(row, column)))
}

fn header_missing(grid: &SheetGrid, options: &ReadOptions) -> SourceFault {
    let first = grid.first_lines(1).pop();
    let place = match (options.header_row, &first) {
        (Some(row), _) if row > 0 => u32::try_from(row - 1).unwrap_or(u32::MAX),
        (_, Some(line)) => u32::try_from(line.number - 1).unwrap_or(u32::MAX),
        (_, None) => 0,
    };
    let message = match options.header_row {
        Some(row) if row > 0 => both!(
            "row {row} has nothing in it that could be headings",
            "第 {row} 行没有可作表头的内容"
        ),
        _ => Phrase(
            "none of the first 20 rows has two known headings",
            "前 20 行里没有一行有两个认识的列名",
        )
        .into(),
    };
    let help = Phrase(
        "`--header-row N` names the row, `--map 'HEADING=TARGET'` makes headings known",
        "用 `--header-row 行号` 写明表头在哪一行，用 `--map '列名=目标'` 说明各列",
    );
    SourceFault::new(HEADER_MISSING, message, grid.place(place, 0)).help(help)
}

fn several(file: &CellPlace, sheets: &[(&str, u64)]) -> SourceFault {
    let words = |(name, rows): &(&str, u64)| {
        let plural = if *rows == 1 { "" } else { "s" };
        both!("`{}` ({rows} row{plural})", "`{}`（{rows} 行）", told(name))
    };
    let names: Vec<Wording> = sheets.iter().map(words).collect();
    let message = both!(
        "several sheets have headings: {}",
        "有几张工作表都有列名：{}",
        Wording::joined(&names, ", ", "、")
    );
    SourceFault::new(SHEET, message, file.clone()).help(Phrase(
        "`--sheet NAME` says which",
        "用 `--sheet 名称` 写明是哪一张",
    ))
}
