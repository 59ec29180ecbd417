//! Workbooks of Excel in records: `calamine` reads them, after the records of the sheets were seen to be as
//! long as they must be, and to name no places and texts that are not there.

use std::io::{BufReader, Read};

use calamine::{Reader as _, Xlsb};

use super::archive::{Archive, Limited, MOST_SHEET, check_parts, damaged, file_place};
use super::bytes::Reading;
use super::grid::{Grid, GridBuilder, MOST_ROWS};
use super::sheet;
use super::values;
use crate::exchange::options::{HeadingTest, ReadOptions, Source};
use crate::exchange::table::{FileKind, Table, Unread};

/// The most bytes of a record.
const MOST_RECORD: u32 = 16 * 1024 * 1024;

/// The most columns that a sheet has.
const MOST_COLUMNS: u32 = 16_384;

/// Reads a workbook as far as the headings of its sheet.
pub(super) fn open(
    source: &Source,
    mut archive: Archive<'_>,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<Table, Unread> {
    let is_sheet =
        |name: &str| name.contains("/worksheets/") && name.rsplit('.').next() == Some("bin");
    check_parts(source, &mut archive, &is_sheet)?;
    check_records(source, &mut archive, &is_sheet)?;
    let workbook = Xlsb::new(BufReader::new(Reading::of(&source.bytes)));
    let mut workbook = workbook.map_err(|error| damaged(source, &error))?;
    let sheets = values::sheet_names(workbook.sheets_metadata());
    let place = file_place(source);
    sheet::open(
        &place,
        FileKind::Xlsb,
        &sheets,
        options,
        headings,
        &mut |index| read_sheet(source, &mut workbook, &sheets[index].name),
    )
}

fn read_sheet(
    source: &Source,
    workbook: &mut Xlsb<BufReader<Reading<'_>>>,
    name: &str,
) -> Result<Grid, Unread> {
    let mut grid = GridBuilder::new(&source.name, Some(name));
    grid.is_from_1904 = workbook.has_1904_epoch();
    let cells = workbook.worksheet_cells_reader(name);
    let mut cells = cells.map_err(|error| damaged(source, &error))?;
    while let Some(cell) = cells.next_cell().map_err(|error| damaged(source, &error))? {
        let (row, column) = cell.get_position();
        values::put(&mut grid, row, column, &cell.get_value().clone().into())?;
    }
    grid.finish()
}

/// Sees that the records of all sheets can be read.
fn check_records(
    source: &Source,
    archive: &mut Archive<'_>,
    is_sheet: &dyn Fn(&str) -> bool,
) -> Result<(), Unread> {
    let mut texts = 0;
    for wants_sheets in [false, true] {
        for index in 0..archive.len() {
            let part = archive
                .by_index(index)
                .map_err(|error| damaged(source, &error))?;
            let name = part.name().map_err(|error| damaged(source, &error))?;
            let name = name.replace('\\', "/").to_ascii_lowercase();
            let is_wanted = if wants_sheets {
                is_sheet(&name)
            } else {
                name.ends_with("/sharedstrings.bin")
            };
            if !is_wanted {
                continue;
            }
            let part = BufReader::new(Limited::unlimited(part, MOST_SHEET));
            each_record(part, &mut |kind, record| {
                if kind == BEGIN_TEXTS {
                    texts = long(record, 4).unwrap_or(0);
                }
                !wants_sheets || is_sound(kind, record, texts)
            })
            .ok_or_else(|| damaged(source, &"a record is not as long as it must be"))?;
        }
    }
    Ok(())
}

const BEGIN_TEXTS: u32 = 0x9f;

/// Tells whether a record of a sheet is long enough, and what it names is there.
fn is_sound(kind: u32, record: &[u8], texts: u32) -> bool {
    let long_enough = match kind {
        0 => return long(record, 0).is_some_and(|row| row < MOST_ROWS),
        1 => 8,
        3 | 4 | 10 | 11 => 9,
        2 | 6 | 7 | 8 => 12,
        5 | 9 => 16,
        _ => return true,
    };
    let has_text = kind != 7 || long(record, 8).is_some_and(|it| it < texts);
    let has_place = long(record, 0).is_some_and(|column| column < MOST_COLUMNS);
    record.len() >= long_enough && has_text && has_place
}

fn long(record: &[u8], at: usize) -> Option<u32> {
    let bytes = record.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// Gives the kind and the bytes of each record; `None` if one is cut short or `take` says no.
fn each_record(mut part: impl Read, take: &mut dyn FnMut(u32, &[u8]) -> bool) -> Option<()> {
    let mut record = Vec::new();
    loop {
        let Some(kind) = number(&mut part, 2) else {
            return Some(());
        };
        let length = number(&mut part, 4).filter(|it| *it <= MOST_RECORD)?;
        record.clear();
        record.resize(length as usize, 0);
        part.read_exact(&mut record).ok()?;
        if !take(kind, &record) {
            return None;
        }
    }
}

/// Reads a number of at most so many bytes, seven bits in each.
fn number(part: &mut impl Read, most: u32) -> Option<u32> {
    let mut number = 0;
    for index in 0..most {
        let mut byte = [0];
        part.read_exact(&mut byte).ok()?;
        number |= u32::from(byte[0] & 0x7f) << (7 * index);
        if byte[0] < 0x80 {
            break;
        }
    }
    Some(number)
}
