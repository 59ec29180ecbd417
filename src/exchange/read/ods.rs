//! Workbooks of `OpenDocument`: `calamine` reads them, after a pass over their content that counts what
//! repeated rows and cells come to, and notes what it does not tell: percent, errors, formulas without a
//! value. Of merged ranges it tells nothing, so their blanks stay blank.

use std::collections::HashMap;
use std::io::BufReader;

use calamine::{Data, Ods, Reader as _, SheetType, SheetVisible};
use quick_xml::events::Event;

use super::archive::{Archive, Limited, MOST_SHEET, check_parts, damaged, file_place, too_large};
use super::bytes::PlacedReader;
use super::grid::{GridBuilder, GridValue, MOST_ROWS, error_of};
use super::sheet::{self, SheetName};
use super::values;
use super::xml::{attribute, next, reader};
use crate::exchange::options::{HeadingTest, ReadOptions, SourceFile};
use crate::exchange::table::{FileKind, SourceTable, Unread};

/// The most cells that the rows of all sheets come to when repeated ones are written out.
const MOST_CELLS: u64 = 32_000_000;

/// The most columns that a sheet has.
const MOST_COLUMNS: u64 = 16_384;

/// What is known of a cell beside its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellMark {
    Percent,
    Error,
    /// A formula without a value.
    Formula,
}

type SheetMarks = HashMap<(u32, u32), CellMark>;

/// Reads a workbook as far as the headings of its sheet.
pub(super) fn open(
    source: &SourceFile,
    mut archive: Archive<'_>,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    check_parts(source, &mut archive, &|name| name == CONTENT)?;
    let marks = look_through(source, &mut archive)?;
    let workbook = Ods::new(BufReader::new(PlacedReader::of(&source.bytes)));
    let mut workbook = workbook.map_err(|error| damaged(source, &error))?;
    let sheets: Vec<(usize, SheetName)> = workbook
        .sheets_metadata()
        .iter()
        .enumerate()
        .filter(|(_, it)| it.typ == SheetType::WorkSheet)
        .map(|(index, it)| {
            let is_visible = it.visible == SheetVisible::Visible;
            let name = it.name.clone();
            (index, SheetName { name, is_visible })
        })
        .collect();
    let names: Vec<SheetName> = sheets.iter().map(|it| it.1.clone()).collect();
    let place = file_place(source);
    sheet::open(
        &place,
        FileKind::Ods,
        &names,
        options,
        headings,
        &mut |index| {
            let name = &names[index].name;
            let mut grid = GridBuilder::new(&source.name, Some(name));
            let range = workbook.worksheet_range(name);
            let range = range.map_err(|error| damaged(source, &error))?;
            values::fill(&mut grid, &range)?;
            let marks = marks.get(sheets[index].0);
            let mut marks: Vec<_> = marks.into_iter().flatten().collect();
            marks.sort_by_key(|it| *it.0);
            for ((row, column), mark) in marks {
                let value = match (mark, range.get_value((*row, *column))) {
                    (CellMark::Percent, Some(Data::Float(number))) => GridValue::Percent(*number),
                    (CellMark::Percent, _) => continue,
                    (CellMark::Error, Some(Data::String(text))) => error_of(text),
                    (CellMark::Error, _) => error_of("#N/A"),
                    (CellMark::Formula, _) => GridValue::Formula,
                };
                grid.value(*row, *column, value)?;
            }
            grid.finish()
        },
    )
}

const CONTENT: &str = "content.xml";

/// Goes through the content; returns the marks of each sheet.
fn look_through(source: &SourceFile, archive: &mut Archive<'_>) -> Result<Vec<SheetMarks>, Unread> {
    let part = archive
        .by_name(CONTENT)
        .map_err(|error| damaged(source, &error))?;
    let mut xml = reader(BufReader::new(Limited::new(part, MOST_SHEET)));
    let mut buffer = Vec::new();
    let mut sheets: Vec<SheetMarks> = Vec::new();
    let mut extent = SheetExtent::default();
    let mut in_all = 0;
    let large = || too_large(source, CONTENT);
    loop {
        match next(source, CONTENT, &mut xml, &mut buffer)? {
            Event::Start(it) => {
                let count = |name: &str| -> Result<u64, Unread> {
                    match attribute(&it, name) {
                        None => Ok(1),
                        Some(count) => count.parse().map_err(|error| damaged(source, &error)),
                    }
                };
                match it.local_name().as_ref() {
                    "table" => {
                        sheets.push(SheetMarks::new());
                        extent = SheetExtent::default();
                    }
                    "table-row" => extent.begin_row(count("number-rows-repeated")?),
                    "table-cell" | "covered-table-cell" => {
                        let times = count("number-columns-repeated")?;
                        let kind = attribute(&it, "value-type");
                        let has_formula = attribute(&it, "formula").is_some();
                        let is_error = attribute_with(&it, "calcext:value-type", "error");
                        let mark = match kind.as_deref() {
                            _ if is_error => Some(CellMark::Error),
                            Some("percentage") => Some(CellMark::Percent),
                            None if has_formula => Some(CellMark::Formula),
                            _ => None,
                        };
                        if let Some(mark) = mark {
                            let place = extent.place().ok_or_else(large)?;
                            let marks = sheets.last_mut();
                            marks.map(|it| it.insert(place, mark));
                        }
                        extent.cell(times, kind.is_some() || has_formula);
                    }
                    _ => {}
                }
            }
            Event::End(it) if it.local_name().as_ref() == "table-row" => {
                in_all += extent.end_row();
                if in_all > MOST_CELLS || extent.area() > MOST_CELLS {
                    return Err(large());
                }
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// Tells whether an element has an attribute of just that name and value.
fn attribute_with(element: &quick_xml::events::BytesStart<'_>, name: &str, value: &str) -> bool {
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    attributes.any(|it| it.key.as_ref() == name && &*it.value == value)
}

/// How far a sheet reaches, repeated rows and cells written out.
#[derive(Debug, Default)]
struct SheetExtent {
    rows: u64,
    row_times: u64,
    column: u64,
    /// The columns of the row at hand to its last filled cell.
    width: u64,
    last_filled: u64,
    first_filled: Option<u64>,
    widest: u64,
}

impl SheetExtent {
    fn begin_row(&mut self, times: u64) {
        self.row_times = times;
        self.column = 0;
        self.width = 0;
    }

    fn cell(&mut self, times: u64, is_filled: bool) {
        self.column = self.column.saturating_add(times);
        if is_filled {
            self.width = self.column.min(MOST_COLUMNS);
        }
    }

    /// Returns the place of the next cell, from 0.
    fn place(&self) -> Option<(u32, u32)> {
        let row = u32::try_from(self.rows).ok().filter(|it| *it < MOST_ROWS)?;
        Some((row, u32::try_from(self.column).ok()?))
    }

    /// Ends a row; returns how many cells it comes to.
    fn end_row(&mut self) -> u64 {
        let times = self.row_times.min(u64::from(MOST_ROWS));
        self.rows = self.rows.saturating_add(times);
        if self.width == 0 {
            return 0;
        }
        self.first_filled.get_or_insert(self.rows - times);
        self.last_filled = self.rows;
        self.widest = self.widest.max(self.width);
        self.width.saturating_mul(times)
    }

    fn area(&self) -> u64 {
        let rows = self.last_filled - self.first_filled.unwrap_or(self.last_filled);
        rows.saturating_mul(self.widest)
    }
}
