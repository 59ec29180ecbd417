//! Workbooks in XML: `calamine` reads the values, after a pass over the part of the sheet that sees what it
//! does not tell (merged ranges, which stand behind the cells; formulas without a value) and what it must
//! not meet (places that no sheet has, pieces that would fill the memory).

use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Read, Seek};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, Limited, MOST_SHEET, check_parts, damaged, file_place, too_large};
use super::bytes::PlacedReader;
use super::formats::Shown;
use super::grid::{
    GridBuilder, GridValue, MOST_MERGES, MOST_ROWS, MergedRange, SheetGrid, error_of,
};
use super::serial::{serial_of_iso, span_of_iso};
use super::sheet;
use super::values;
use super::xml::{attribute, next, reader};
use crate::exchange::options::{HeadingTest, ReadOptions, SourceFile};
use crate::exchange::table::{FileKind, SourceTable, Unread};
use crate::words::{Phrase, say};

/// The most columns that a place may name, as spreadsheets have them.
const MOST_LETTERED: u32 = 16_384;

/// Reads a workbook as far as the headings of its sheet.
pub(super) fn open(
    source: &SourceFile,
    mut archive: Archive<'_>,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    let is_sheet = |name: &str| name.contains("/worksheets/");
    check_parts(source, &mut archive, &is_sheet)?;
    check_shared_texts(source, &mut archive)?;
    let parts = sheet_parts(source, &mut archive)?;
    let reading = BufReader::new(PlacedReader::of(&source.bytes));
    let mut workbook = Xlsx::new(reading).map_err(|error| refused(source, &error))?;
    let sheets = values::sheet_names(workbook.sheets_metadata());
    let place = file_place(source);
    sheet::open(
        &place,
        FileKind::Xlsx,
        &sheets,
        options,
        headings,
        &mut |index| {
            let name = &sheets[index].name;
            let part = parts.get(name).ok_or_else(|| {
                damaged(
                    source,
                    &Phrase("a sheet has no part", "有一张表缺少内容").spoken(),
                )
            })?;
            let seen = look_through(source, &mut archive, part)?;
            read_sheet(source, &mut workbook, name, seen)
        },
    )
}

fn refused(source: &SourceFile, error: &XlsxError) -> Unread {
    damaged(source, error)
}

/// Sees that the shared texts are not said to be more than they can be: room is made for that many.
fn check_shared_texts(source: &SourceFile, archive: &mut Archive<'_>) -> Result<(), Unread> {
    for index in 0..archive.len() {
        let part = archive
            .by_index(index)
            .map_err(|error| damaged(source, &error))?;
        let name = part.name().map_err(|error| damaged(source, &error))?;
        let name = name.into_owned();
        if !name.to_ascii_lowercase().ends_with("sharedstrings.xml") {
            continue;
        }
        let mut xml = reader(BufReader::new(Limited::new(part, MOST_SHEET)));
        let (mut said, mut count, mut buffer) = (0_u64, 0_u64, Vec::new());
        loop {
            match next(source, &name, &mut xml, &mut buffer)? {
                Event::Start(it) if it.local_name().as_ref() == "sst" => {
                    let unique = attribute(&it, "uniqueCount");
                    said = said.max(unique.and_then(|it| it.parse().ok()).unwrap_or(0));
                }
                Event::Start(it) if it.local_name().as_ref() == "si" => count += 1,
                Event::Eof => break,
                _ => {}
            }
        }
        if said > count.saturating_mul(2) + 1024 {
            return Err(damaged(
                source,
                &Phrase(
                    "it counts more shared texts than it has",
                    "共用文本的数目与内容不符",
                )
                .spoken(),
            ));
        }
    }
    Ok(())
}

/// Returns the part of each sheet by the sheet's name.
fn sheet_parts(
    source: &SourceFile,
    archive: &mut Archive<'_>,
) -> Result<HashMap<String, String>, Unread> {
    let names = part_names(source, archive)?;
    let find = |wanted: &str| names.get(&wanted.to_ascii_lowercase()).cloned();
    let no_list = || {
        damaged(
            source,
            &Phrase("it has no list of sheets", "没有工作表的清单").spoken(),
        )
    };
    let mut document = None;
    let relations = find("_rels/.rels").ok_or_else(no_list)?;
    each_start(source, archive, &relations, &mut |it| {
        let kind = attribute(it, "Type").unwrap_or_default();
        if it.local_name().as_ref() == "Relationship"
            && kind.ends_with("/relationships/officeDocument")
        {
            document = attribute(it, "Target").or(document.take());
        }
    })?;
    let document = document.ok_or_else(no_list)?;
    let document = document.strip_prefix('/').unwrap_or(&document);
    let (folder, name) = match document.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name),
        None => (String::new(), document),
    };
    let workbook = find(document).ok_or_else(no_list)?;
    let relations = find(&format!("{folder}_rels/{name}.rels")).ok_or_else(no_list)?;
    let mut targets = HashMap::new();
    each_start(source, archive, &relations, &mut |it| {
        if it.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(it, "Id"), attribute(it, "Target"))
        {
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("{folder}{target}"),
            };
            targets.insert(id, target);
        }
    })?;
    let mut parts = HashMap::new();
    each_start(source, archive, &workbook, &mut |it| {
        if it.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(it, "name"), attribute(it, "id"))
            && let Some(part) = targets.get(&id).and_then(|it| find(it))
        {
            parts.entry(name).or_insert(part);
        }
    })?;
    Ok(parts)
}

/// Returns the names of all parts, by what programs that do not mind case and slashes call them.
pub(super) fn part_names(
    source: &SourceFile,
    archive: &Archive<'_>,
) -> Result<HashMap<String, String>, Unread> {
    let mut names = HashMap::new();
    for name in archive.file_names() {
        let name = name.map_err(|error| damaged(source, &error))?.into_owned();
        let plain = name.replace('\\', "/").to_ascii_lowercase();
        if names.insert(plain, name).is_some() {
            return Err(damaged(
                source,
                &Phrase("two of its parts have one name", "有两个部分同名").spoken(),
            ));
        }
    }
    Ok(names)
}

/// Gives every element of a part.
pub(super) fn each_start(
    source: &SourceFile,
    archive: &mut Archive<'_>,
    name: &str,
    take: &mut dyn FnMut(&BytesStart<'_>),
) -> Result<(), Unread> {
    let part = archive
        .by_name(name)
        .map_err(|error| damaged(source, &error))?;
    let mut xml = reader(BufReader::new(Limited::new(part, MOST_SHEET)));
    let mut buffer = Vec::new();
    loop {
        match next(source, name, &mut xml, &mut buffer)? {
            Event::Start(it) => take(&it),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// What the pass over a sheet's part saw.
#[derive(Debug, Default)]
struct SheetSeen {
    merged: Vec<MergedRange>,
    /// The cells that are formulas without a value.
    valueless: HashSet<(u32, u32)>,
}

/// Goes through the part of a sheet.
fn look_through(
    source: &SourceFile,
    archive: &mut Archive<'_>,
    name: &str,
) -> Result<SheetSeen, Unread> {
    let part = archive
        .by_name(name)
        .map_err(|error| damaged(source, &error))?;
    let mut xml = reader(BufReader::new(Limited::new(part, MOST_SHEET)));
    let mut buffer = Vec::new();
    let mut seen = SheetSeen::default();
    let mut at = (0_u32, 0_u32);
    let mut cell = CellSeen::default();
    let mut is_in_value = false;
    let wrong = |what: &str| {
        damaged(
            source,
            &say!("`{what}` is no place in a sheet", "`{what}` 不是表中的位置"),
        )
    };
    loop {
        match next(source, name, &mut xml, &mut buffer)? {
            Event::Start(it) => match it.local_name().as_ref() {
                "row" => {
                    if let Some(row) = attribute(&it, "r") {
                        let place = row_of(&row).ok_or_else(|| wrong(&row))?;
                        at = (place, 0);
                    }
                }
                "c" => {
                    cell = CellSeen::default();
                    for attribute in it.attributes().with_checks(false).flatten() {
                        match attribute.key.as_ref() {
                            "r" => {
                                let place = &attribute.value;
                                at = place_of(place).ok_or_else(|| wrong(place))?;
                            }
                            "t" => cell.is_text = &*attribute.value == "str",
                            _ => {}
                        }
                    }
                }
                "f" => cell.has_formula = true,
                "v" => {
                    is_in_value = true;
                    cell.has_value |= cell.is_text;
                }
                "is" => cell.has_value = true,
                "dimension" => {
                    let range = attribute(&it, "ref").unwrap_or_default();
                    range_of(&range).ok_or_else(|| wrong(&range))?;
                }
                "mergeCell" => {
                    let range = attribute(&it, "ref").unwrap_or_default();
                    let range = range_of(&range).ok_or_else(|| wrong(&range))?;
                    if seen.merged.len() == MOST_MERGES {
                        return Err(too_large(source, name));
                    }
                    seen.merged.push(range);
                }
                _ => {}
            },
            Event::Text(text) => cell.has_value |= is_in_value && !text.is_empty(),
            Event::End(it) => match it.local_name().as_ref() {
                "v" => is_in_value = false,
                "c" => {
                    if cell.has_formula && !cell.has_value {
                        seen.valueless.insert(at);
                    }
                    at.1 += 1;
                }
                "row" => {
                    at = (at.0 + 1, 0);
                    if at.0 > MOST_ROWS {
                        return Err(too_large(source, name));
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(seen),
            _ => {}
        }
    }
}

/// What was seen of a cell.
#[derive(Debug, Default)]
struct CellSeen {
    has_formula: bool,
    has_value: bool,
    /// Whether its value is the text of a formula, which may be empty.
    is_text: bool,
}

/// Returns a row, from 0.
fn row_of(text: &str) -> Option<u32> {
    let is_number = text.len() <= 7 && text.bytes().all(|it| it.is_ascii_digit());
    let row: u32 = text.parse().ok().filter(|_| is_number)?;
    row.checked_sub(1).filter(|row| *row < MOST_ROWS)
}

/// Returns the row and column, from 0, of a place like `C14`.
fn place_of(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|it: char| it.is_ascii_digit())?;
    let (letters, row) = text.split_at_checked(digits)?;
    let column = Some(letters).filter(|it| it.len() <= 3);
    let column = column.and_then(crate::exchange::place::column_of_letters)?;
    let column = u32::try_from(column)
        .ok()
        .filter(|it| *it < MOST_LETTERED)?;
    Some((row_of(row)?, column))
}

/// Returns the range of a text like `A1:B2`.
fn range_of(text: &str) -> Option<MergedRange> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (first, last) = (place_of(first)?, place_of(last)?);
    let is_forward = first.0 <= last.0 && first.1 <= last.1;
    is_forward.then_some(MergedRange {
        rows: (first.0, last.0),
        columns: (first.1, last.1),
    })
}

/// Reads the values of a sheet.
fn read_sheet<R: Read + Seek>(
    source: &SourceFile,
    workbook: &mut Xlsx<R>,
    name: &str,
    seen: SheetSeen,
) -> Result<SheetGrid, Unread> {
    let mut grid = GridBuilder::new(&source.name, Some(name));
    grid.is_from_1904 = workbook.has_1904_epoch();
    grid.merged = seen.merged;
    let is_percent = |style: &calamine::Style| {
        let format = style.number_format.as_ref();
        format.is_some_and(|it| Shown::of_code(&it.format_code) == Shown::Percent)
    };
    let cells = workbook.worksheet_cells_reader(name);
    let mut cells = cells.map_err(|error| refused(source, &error))?;
    let percents: Vec<bool> = cells.styles().iter().map(is_percent).collect();
    // Shared texts are kept once: by the place where the workbook has them.
    let mut shared = HashMap::new();
    loop {
        let next = cells.next_cell_with_style_id();
        let Some((cell, style)) = next.map_err(|error| refused(source, &error))? else {
            break;
        };
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Empty if seen.valueless.contains(&(row, column)) => GridValue::Formula,
            DataRef::Empty | DataRef::SharedString("") => continue,
            DataRef::SharedString(text) => {
                let known = shared.get(&text.as_ptr()).copied();
                let span = known.map_or_else(|| grid.keep(row, column, text), Ok)?;
                shared.insert(text.as_ptr(), span);
                GridValue::Text(span)
            }
            DataRef::String(text) => {
                grid.text(row, column, text)?;
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a spreadsheet keeps no others")]
            DataRef::Int(number) => number_of(*number as f64, style, &percents),
            DataRef::Float(number) => number_of(*number, style, &percents),
            DataRef::Bool(value) => GridValue::Bool(*value),
            DataRef::DateTime(date) if date.is_duration() => GridValue::Elapsed(date.as_f64()),
            DataRef::DateTime(date) => GridValue::Date(date.as_f64()),
            DataRef::DateTimeIso(text) => match serial_of_iso(text, grid.is_from_1904) {
                Some(serial) => GridValue::Date(serial),
                None => GridValue::Text(grid.keep(row, column, text)?),
            },
            DataRef::DurationIso(text) => match span_of_iso(text) {
                Some(serial) => GridValue::Elapsed(serial),
                None => GridValue::Text(grid.keep(row, column, text)?),
            },
            DataRef::Error(error) => error_of(&error.to_string()),
        };
        grid.value(row, column, value)?;
    }
    grid.finish()
}

fn number_of(number: f64, style: usize, percents: &[bool]) -> GridValue {
    if percents.get(style).copied().unwrap_or(false) {
        GridValue::Percent(number)
    } else {
        GridValue::Number(number)
    }
}
