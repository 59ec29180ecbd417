//! Workbooks of Excel before 2007: `calamine` reads them, after their records were seen to name no places
//! that no sheet has, for which it would make room. The same pass notes which cells are shown as percent, of
//! which it does not tell.

use std::collections::HashMap;
use std::io::{BufReader, Read};

use calamine::{Data, Reader as _, SheetType, Xls, XlsError};
use cfb::CompoundFile;

use super::archive::{check_size, damaged, file_place};
use super::bytes::PlacedReader;
use super::formats::Shown;
use super::grid::{GridBuilder, GridValue};
use super::sheet;
use super::values;
use crate::exchange::fault::{FILE_TYPE, SourceFault, TOO_LARGE};
use crate::exchange::options::{HeadingTest, ReadOptions, SourceFile};
use crate::exchange::table::{FileKind, SourceTable, Unread};
use crate::words::Phrase;

/// The most rows and columns of a sheet.
const MOST: (u32, u32) = (65_536, 256);

/// The most cells of all sheets, as their sizes say.
const MOST_CELLS: u64 = 64_000_000;

/// Reads a document of the old container as far as the headings of its sheet, if it is a workbook.
pub(super) fn open(
    source: &SourceFile,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    check_size(source)?;
    let container = CompoundFile::open(BufReader::new(PlacedReader::of(&source.bytes)));
    let mut container = container.map_err(|error| damaged(source, &error))?;
    let refused = |message: Phrase, help: Phrase| {
        SourceFault::new(FILE_TYPE, message, file_place(source)).help(help)
    };
    let encrypted = || {
        let message = Phrase("the workbook is encrypted", "工作簿有密码");
        refused(
            message,
            Phrase(
                "save it without a password, or as CSV",
                "请去掉密码再保存，或另存为 CSV",
            ),
        )
    };
    if container.is_stream("/EncryptedPackage") {
        return Err(encrypted().into());
    }
    let stream = ["/Workbook", "/Book"]
        .into_iter()
        .find(|it| container.is_stream(it));
    let Some(stream) = stream else {
        let message = Phrase(
            "the file is a document of Office before 2007, but no workbook",
            "这是 2007 年以前的 Office 文件，但不是工作簿",
        );
        let help = Phrase(
            "open it in the program it comes from and save it as an Excel workbook (xlsx)",
            "用原来的程序打开，另存为 Excel 工作簿（xlsx）",
        );
        return Err(refused(message, help).into());
    };
    let stream = container.open_stream(stream);
    let stream = stream.map_err(|error| damaged(source, &error))?;
    let percent = check_records(source, BufReader::new(stream))?;
    let workbook = Xls::new(BufReader::new(PlacedReader::of(&source.bytes)));
    let mut workbook = workbook.map_err(|error| match error {
        XlsError::Password => encrypted().into(),
        error => damaged(source, &error),
    })?;
    let listed = workbook.sheets_metadata().iter().enumerate();
    let of_cells = listed.filter(|(_, it)| it.typ == SheetType::WorkSheet);
    let places: Vec<usize> = of_cells.map(|it| it.0).collect();
    let sheets = values::sheet_names(workbook.sheets_metadata());
    let place = file_place(source);
    sheet::open(
        &place,
        FileKind::Xls,
        &sheets,
        options,
        headings,
        &mut |index| {
            let name = &sheets[index].name;
            let mut grid = GridBuilder::new(&source.name, Some(name));
            grid.is_from_1904 = workbook.has_1904_epoch();
            let merged = workbook.merge_cells_by_sheet_name(name);
            let merged = merged.map_err(|error| damaged(source, &error))?;
            grid.merged = values::merged(&merged);
            let range = workbook.worksheet_range(name);
            let range = range.map_err(|error| damaged(source, &error))?;
            values::fill(&mut grid, &range)?;
            for (row, column) in percent.of_sheet(places[index]) {
                if let Some(Data::Float(number)) = range.get_value((row, column)) {
                    grid.value(row, column, GridValue::Percent(*number))?;
                }
            }
            grid.finish()
        },
    )
}

/// Sees that no record names a place that no sheet has; returns the cells that are shown as percent.
fn check_records(source: &SourceFile, mut stream: impl Read) -> Result<Percent, Unread> {
    let wrong = || {
        damaged(
            source,
            &Phrase(
                "a record names a place that no sheet has",
                "有记录指向表外的位置",
            )
            .spoken(),
        )
    };
    let mut left = MOST_CELLS;
    let mut record = Vec::new();
    let mut percent = Percent::default();
    let mut at = 0_u64;
    loop {
        let mut head = [0; 4];
        if stream.read_exact(&mut head).is_err() {
            return Ok(percent);
        }
        let [kind_low, kind_high, length_low, length_high] = head;
        let kind = u16::from_le_bytes([kind_low, kind_high]);
        let length = u16::from_le_bytes([length_low, length_high]);
        record.clear();
        record.resize(usize::from(length), 0);
        if stream.read_exact(&mut record).is_err() {
            return Err(damaged(
                source,
                &Phrase("its last record is cut short", "最后一条记录不完整").spoken(),
            ));
        }
        percent.take(at, kind, &record);
        at += 4 + u64::from(length);
        match kind {
            DIMENSIONS => {
                let rows = size_of(&record).ok_or_else(wrong)?;
                left = left.checked_sub(rows).ok_or_else(|| {
                    let message = Phrase(
                        "the sheets of the workbook have more than 64,000,000 cells",
                        "工作簿各表的单元格超过 6400 万个",
                    );
                    Unread::from(SourceFault::new(TOO_LARGE, message, file_place(source)))
                })?;
            }
            _ if CELLS.contains(&kind) => {
                let column = short(&record, 2).ok_or_else(wrong)?;
                if u32::from(column) >= MOST.1 {
                    return Err(wrong());
                }
            }
            _ => {}
        }
    }
}

/// Which cells are shown as percent, gathered from the records.
#[derive(Default)]
struct Percent {
    is_of_unicode: bool,
    /// What the formats show that the workbook has of its own.
    codes: HashMap<u16, Shown>,
    /// Of each format of cells, whether it shows percent.
    formats: Vec<bool>,
    /// Where the sheets begin, in the order of their list.
    starts: Vec<u64>,
    /// The cells of the part that begins at a place.
    cells: HashMap<u64, Vec<(u32, u32)>>,
    /// Where the part at hand begins.
    part: u64,
}

impl Percent {
    /// Returns the cells of a sheet by its place in the list.
    fn of_sheet(&self, index: usize) -> impl Iterator<Item = (u32, u32)> {
        let cells = self.starts.get(index).and_then(|it| self.cells.get(it));
        cells.into_iter().flatten().copied()
    }

    /// Takes a record that begins at a place; of one that is too short it learns nothing.
    fn take(&mut self, at: u64, kind: u16, record: &[u8]) -> Option<()> {
        const BEGIN: u16 = 0x0809;
        const SHEET: u16 = 0x0085;
        const CODE: u16 = 0x041e;
        const FORMAT: u16 = 0x00e0;
        const MANY: u16 = 0x00bd;
        match kind {
            BEGIN => {
                self.part = at;
                self.is_of_unicode |= at == 0 && short(record, 0)? >= 0x0600;
            }
            SHEET => self.starts.push(long(record, 0)?.into()),
            CODE => {
                let code = self.code(record.get(2..)?)?;
                self.codes.insert(short(record, 0)?, Shown::of_code(&code));
            }
            FORMAT => {
                let number = short(record, 2)?;
                let own = self.codes.get(&number).copied();
                let shown = own.unwrap_or_else(|| Shown::of_number(number));
                self.formats.push(shown == Shown::Percent);
            }
            // Formula, number, packed number.
            0x0006 | 0x0203 | 0x027e => {
                self.cell(record, short(record, 2)?.into(), short(record, 4)?);
            }
            MANY => {
                let first = u32::from(short(record, 2)?);
                let formats = record.get(4..record.len().checked_sub(2)?)?.chunks_exact(6);
                for (column, format) in (first..).zip(formats) {
                    self.cell(record, column, short(format, 0)?);
                }
            }
            _ => {}
        }
        Some(())
    }

    fn cell(&mut self, record: &[u8], column: u32, format: u16) {
        let is_percent = self.formats.get(usize::from(format)) == Some(&true);
        if let Some(row) = short(record, 0).filter(|_| is_percent) {
            let cells = self.cells.entry(self.part).or_default();
            cells.push((row.into(), column));
        }
    }

    /// Returns the code of a format, of which only signs below 256 matter.
    fn code(&self, bytes: &[u8]) -> Option<String> {
        let (text, is_wide) = if self.is_of_unicode {
            (bytes.get(3..)?, bytes.get(2)? & 1 == 1)
        } else {
            (bytes.get(1..)?, false)
        };
        if !is_wide {
            return Some(text.iter().map(|it| char::from(*it)).collect());
        }
        let (text, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(text);
        Some(text.into_owned())
    }
}

const DIMENSIONS: u16 = 0x0200;

/// The records that are cells: numbers, texts, truths, formulas, blanks; some over several columns.
const CELLS: [u16; 10] = [
    0x0006, 0x00bd, 0x00be, 0x00d6, 0x00fd, 0x0201, 0x0203, 0x0204, 0x0205, 0x027e,
];

fn short(record: &[u8], at: usize) -> Option<u16> {
    let bytes = record.get(at..at + 2)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn long(record: &[u8], at: usize) -> Option<u32> {
    let bytes = record.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// Returns how many cells a sheet has room for; `None` if its size is none.
fn size_of(record: &[u8]) -> Option<u64> {
    let (rows, columns) = if record.len() == 10 {
        let rows = (u32::from(short(record, 0)?), u32::from(short(record, 2)?));
        (rows, (short(record, 4)?, short(record, 6)?))
    } else {
        let rows = (long(record, 0)?, long(record, 4)?);
        (rows, (short(record, 8)?, short(record, 10)?))
    };
    let columns = (u32::from(columns.0), u32::from(columns.1));
    let fits = rows.1 <= MOST.0 && columns.1 <= MOST.1;
    // An empty sheet says that it ends where it begins, or before.
    let is_forward = rows.0 < rows.1.max(1) || rows.1 == 0 || columns.1 == 0;
    (fits && is_forward).then(|| u64::from(rows.1) * u64::from(columns.1))
}
