//! Workbooks of Excel in records. They are read here, record by record: `calamine` trusts their lengths and
//! ends the program where one is wrong, takes the error of a formula for a blank, and tells neither percent
//! nor merged ranges.

use std::collections::HashMap;
use std::io::{BufReader, Read};

use super::archive::{Archive, Limited, MOST_SHEET, check_parts, damaged, file_place, too_large};
use super::formats::Shown;
use super::grid::{
    GridBuilder, GridValue, MOST_MERGES, MOST_ROWS, MergedRange, SheetGrid, error_of,
};
use super::sheet::{self, SheetName};
use super::xlsx::{each_start, part_names};
use super::xml::attribute;
use crate::exchange::options::{HeadingTest, ReadOptions, SourceFile};
use crate::exchange::table::{FileKind, SourceTable, Unread};
use crate::words::Phrase;

/// The most bytes of a record.
const MOST_RECORD: u32 = 16 * 1024 * 1024;

/// The most records of a part: four for each cell that a sheet may have.
const MOST_RECORDS: u32 = 64_000_000;

/// The most columns that a sheet has.
const MOST_COLUMNS: u32 = 16_384;

/// The most shared texts, one for every cell that a sheet may have, and the most bytes of them all.
const MOST_TEXTS: (usize, usize) = (16_000_000, 512 * 1024 * 1024);

/// Reads a workbook as far as the headings of its sheet.
pub(super) fn open(
    source: &SourceFile,
    mut archive: Archive<'_>,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    let is_sheet = |name: &str| name.contains("/worksheets/");
    check_parts(source, &mut archive, &is_sheet)?;
    let mut book = BookParts::of(source, &mut archive)?;
    let (sheets, is_from_1904) = book.sheets()?;
    let formats = book.formats()?;
    let texts = book.texts()?;
    let names: Vec<SheetName> = sheets.iter().map(|it| it.0.clone()).collect();
    let place = file_place(source);
    sheet::open(
        &place,
        FileKind::Xlsb,
        &names,
        options,
        headings,
        &mut |index| {
            let (name, part) = &sheets[index];
            let mut grid = GridBuilder::new(&source.name, Some(&name.name));
            grid.is_from_1904 = is_from_1904;
            let sheet = SheetReader {
                source,
                part,
                formats: &formats,
                texts: &texts,
                row: None,
                grid,
            };
            sheet.read(book.archive)
        },
    )
}

/// Takes the kind and the bytes of a record; `None` says that it is not as it must be.
type TakeRecord<'t> = &'t mut dyn FnMut(u32, &[u8]) -> Result<Option<()>, Unread>;

/// The parts of a workbook.
struct BookParts<'a, 'z> {
    source: &'a SourceFile,
    archive: &'a mut Archive<'z>,
    /// Their names, by what programs that do not mind case call them.
    names: HashMap<String, String>,
}

impl<'a, 'z> BookParts<'a, 'z> {
    fn of(source: &'a SourceFile, archive: &'a mut Archive<'z>) -> Result<Self, Unread> {
        let names = part_names(source, archive)?;
        Ok(Self {
            source,
            archive,
            names,
        })
    }

    /// Gives each record of a part, if the part is there.
    fn each(&mut self, name: &str, take: TakeRecord<'_>) -> Result<(), Unread> {
        match self.names.get(name) {
            Some(part) => each_record(self.source, self.archive, part, take),
            None => Ok(()),
        }
    }

    /// Returns the sheets of cells with their parts, and whether days are counted from 1904.
    fn sheets(&mut self) -> Result<(Vec<(SheetName, String)>, bool), Unread> {
        const BOOK: u32 = 0x99;
        const SHEET: u32 = 0x9c;
        let source = self.source;
        let no_list = || {
            damaged(
                source,
                &Phrase("it has no list of sheets", "没有工作表的清单").spoken(),
            )
        };
        let relations = self.names.get("xl/_rels/workbook.bin.rels");
        let relations = relations.cloned().ok_or_else(no_list)?;
        let mut targets = HashMap::new();
        each_start(source, self.archive, &relations, &mut |it| {
            if it.local_name().as_ref() == "Relationship"
                && let (Some(id), Some(target)) = (attribute(it, "Id"), attribute(it, "Target"))
            {
                let kind = attribute(it, "Type").unwrap_or_default();
                let target = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("xl/{target}"),
                };
                targets.insert(
                    id,
                    (target.to_ascii_lowercase(), kind.ends_with("/worksheet")),
                );
            }
        })?;
        let mut listed = Vec::new();
        let mut is_from_1904 = false;
        self.each("xl/workbook.bin", &mut |kind, record| {
            let mut bytes = Bytes(record);
            let read = match kind {
                BOOK => bytes.long().map(|flags| is_from_1904 = flags & 1 != 0),
                SHEET => bytes.sheet().map(|sheet| listed.push(sheet)),
                _ => Some(()),
            };
            Ok(read)
        })?;
        let mut sheets = Vec::new();
        for (name, relation) in listed {
            let Some((target, true)) = targets.get(&relation) else {
                continue;
            };
            let part = self.names.get(target);
            let part = part.ok_or_else(|| {
                damaged(
                    source,
                    &Phrase("a sheet has no part", "有一张表缺少内容").spoken(),
                )
            })?;
            sheets.push((name, part.clone()));
        }
        Ok((sheets, is_from_1904))
    }

    /// Returns what the formats of cells show, by their numbers.
    fn formats(&mut self) -> Result<Vec<Shown>, Unread> {
        const CODE: u32 = 0x2c;
        const FORMAT: u32 = 0x2f;
        const BEGIN: u32 = 0x269;
        const END: u32 = 0x26a;
        let mut codes: HashMap<u16, Shown> = HashMap::new();
        let mut formats = Vec::new();
        let mut is_of_cells = false;
        self.each("xl/styles.bin", &mut |kind, record| {
            let mut bytes = Bytes(record);
            let read = match kind {
                CODE => bytes.short().and_then(|number| {
                    codes.insert(number, Shown::of_code(&bytes.text()?));
                    Some(())
                }),
                BEGIN | END => {
                    is_of_cells = kind == BEGIN;
                    Some(())
                }
                FORMAT if is_of_cells => bytes.short().and_then(|_| {
                    let number = bytes.short()?;
                    let own = codes.get(&number).copied();
                    formats.push(own.unwrap_or_else(|| Shown::of_number(number)));
                    Some(())
                }),
                _ => Some(()),
            };
            Ok(read)
        })?;
        Ok(formats)
    }

    /// Returns the texts that cells share.
    fn texts(&mut self) -> Result<SharedTexts, Unread> {
        const TEXT: u32 = 0x13;
        let source = self.source;
        let mut texts = SharedTexts::default();
        self.each("xl/sharedstrings.bin", &mut |kind, record| {
            if kind != TEXT {
                return Ok(Some(()));
            }
            let mut bytes = Bytes(record);
            let text = bytes.byte().and_then(|_| bytes.text());
            let Some(text) = text else { return Ok(None) };
            texts.all.push_str(&text);
            let end = u32::try_from(texts.all.len()).unwrap_or(u32::MAX);
            texts.ends.push(end);
            if texts.ends.len() > MOST_TEXTS.0 || texts.all.len() > MOST_TEXTS.1 {
                return Err(too_large(source, "sharedStrings.bin"));
            }
            Ok(Some(()))
        })?;
        Ok(texts)
    }
}

/// Texts one behind the other.
#[derive(Default)]
struct SharedTexts {
    all: String,
    ends: Vec<u32>,
}

impl SharedTexts {
    fn get(&self, at: u32) -> Option<&str> {
        let at = at as usize;
        let end = *self.ends.get(at)? as usize;
        let start = at
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] as usize);
        self.all.get(start..end)
    }
}

/// Reads the cells of a sheet.
struct SheetReader<'r> {
    source: &'r SourceFile,
    part: &'r str,
    formats: &'r [Shown],
    texts: &'r SharedTexts,
    /// The row at hand, from 0.
    row: Option<u32>,
    grid: GridBuilder,
}

impl SheetReader<'_> {
    fn read(mut self, archive: &mut Archive<'_>) -> Result<SheetGrid, Unread> {
        const ROW: u32 = 0;
        const MERGED: u32 = 0xb0;
        let (source, part) = (self.source, self.part);
        each_record(source, archive, part, &mut |kind, record| {
            let mut bytes = Bytes(record);
            match kind {
                ROW => {
                    self.row = bytes.long().filter(|row| *row < MOST_ROWS);
                    Ok(self.row.map(|_| ()))
                }
                MERGED if self.grid.merged.len() == MOST_MERGES => Err(too_large(source, part)),
                MERGED => Ok(bytes.merged().map(|it| self.grid.merged.push(it))),
                2..=11 | RICH_TEXT => self.cell(kind, bytes),
                // Cells that do not say in which column they are: no program is known to write them.
                12..=18 => Ok(None),
                _ => Ok(Some(())),
            }
        })?;
        self.grid.finish()
    }

    /// Takes a cell; `None` if its record is not as it must be.
    fn cell(&mut self, kind: u32, mut bytes: Bytes<'_>) -> Result<Option<()>, Unread> {
        let place = bytes.long().filter(|column| *column < MOST_COLUMNS);
        let format = bytes.long().map(|it| (it & 0x00ff_ffff) as usize);
        let (Some(row), Some(column), Some(format)) = (self.row, place, format) else {
            return Ok(None);
        };
        let shown = self.formats.get(format).copied().unwrap_or_default();
        let value = match kind {
            2 => bytes.long().map(|it| shown.value(packed(it))),
            5 | 9 => bytes.double().map(|it| shown.value(it)),
            3 | 11 => bytes.byte().and_then(error),
            4 | 10 => bytes.byte().map(|it| GridValue::Bool(it != 0)),
            7 => {
                let text = bytes.long().and_then(|at| self.texts.get(at));
                let Some(text) = text else { return Ok(None) };
                self.grid.text(row, column, text)?;
                return Ok(Some(()));
            }
            _ => {
                let is_marked = kind != RICH_TEXT || bytes.byte().is_some();
                let text = bytes.text().filter(|_| is_marked);
                let Some(text) = text else { return Ok(None) };
                self.grid.text(row, column, &text)?;
                return Ok(Some(()));
            }
        };
        match value {
            Some(value) => self.grid.value(row, column, value).map(Some),
            None => Ok(None),
        }
    }
}

/// A text with formats of its own inside a cell.
const RICH_TEXT: u32 = 0x3e;

/// Returns a number that is packed into four bytes: a whole one or the upper half of a double, perhaps a
/// hundred times too large.
fn packed(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 {
        number
    } else {
        number / 100.0
    }
}

/// Returns the error of a code, if there is such.
fn error(code: u8) -> Option<GridValue> {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a..=0x2f => "#N/A",
        _ => return None,
    };
    Some(error_of(text))
}

/// What is left of a record; each piece is `None` where the record ends before it.
struct Bytes<'r>(&'r [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|it| it[0])
    }

    fn short(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn long(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn double(&mut self) -> Option<f64> {
        let number = self.take().map(f64::from_le_bytes)?;
        Some(number).filter(|it| it.is_finite())
    }

    /// Returns a text of UTF-16 with its length before it.
    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.long()?).ok()?.checked_mul(2)?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let (text, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(text);
        Some(text.into_owned())
    }

    /// Returns a sheet of the list, and the name of its part's relation; of one without a part an empty name.
    fn sheet(&mut self) -> Option<(SheetName, String)> {
        let state = self.long()?;
        let _number = self.long()?;
        let has_relation = self.0.get(..4)? != [0xff; 4];
        let relation = if has_relation {
            self.text()?
        } else {
            self.long().map(|_| String::new())?
        };
        let name = self.text()?;
        let is_visible = state == 0;
        Some((SheetName { name, is_visible }, relation))
    }

    fn merged(&mut self) -> Option<MergedRange> {
        let rows = (self.long()?, self.long()?);
        let columns = (self.long()?, self.long()?);
        let is_forward = rows.0 <= rows.1 && columns.0 <= columns.1;
        let fits = rows.1 < MOST_ROWS && columns.1 < MOST_COLUMNS;
        (is_forward && fits).then_some(MergedRange { rows, columns })
    }
}

/// Gives the kind and the bytes of each record of a part; `take` says with `None` that one is not as it must be.
fn each_record(
    source: &SourceFile,
    archive: &mut Archive<'_>,
    name: &str,
    take: TakeRecord<'_>,
) -> Result<(), Unread> {
    let part = archive.by_name(name);
    let part = part.map_err(|error| damaged(source, &error))?;
    let part = BufReader::new(Limited::unlimited(part, MOST_SHEET));
    each_record_of(source, (name, part), MOST_RECORDS, take)
}

/// Does so with a part that is open, which may have only so many records: empty ones take hardly any bytes.
fn each_record_of(
    source: &SourceFile,
    (name, mut part): (&str, impl Read),
    most: u32,
    take: TakeRecord<'_>,
) -> Result<(), Unread> {
    let cut = || {
        damaged(
            source,
            &Phrase("a record is not as long as it must be", "有记录的长度不对").spoken(),
        )
    };
    let mut record = Vec::new();
    let mut count = 0;
    while let Some(kind) = number(&mut part, 2).map_err(|error| damaged(source, &error))? {
        count += 1;
        if count > most {
            return Err(too_large(source, name));
        }
        let length = number(&mut part, 4).map_err(|error| damaged(source, &error))?;
        let length = length.filter(|it| *it <= MOST_RECORD).ok_or_else(cut)?;
        // Room is made for what is there, whatever the record says.
        record.clear();
        let read = part.by_ref().take(length.into()).read_to_end(&mut record);
        let read = read.map_err(|error| damaged(source, &error))?;
        if read < length as usize {
            return Err(cut());
        }
        take(kind, &record)?.ok_or_else(cut)?;
    }
    Ok(())
}

/// Reads a number of at most so many bytes, seven bits in each; `None` at the end of the part.
fn number(part: &mut impl Read, most: u32) -> std::io::Result<Option<u32>> {
    let mut number = 0;
    for index in 0..most {
        let mut byte = [0];
        if part.read(&mut byte)? == 0 {
            return if index == 0 {
                Ok(None)
            } else {
                Err(std::io::ErrorKind::UnexpectedEof.into())
            };
        }
        number |= u32::from(byte[0] & 0x7f) << (7 * index);
        if byte[0] < 0x80 {
            break;
        }
    }
    Ok(Some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_without_end_are_not_read_to_the_end() {
        let source = SourceFile::memory("a.xlsb", Vec::new());
        let count_of = |records: u64| {
            let mut count = 0;
            let part = std::io::repeat(0).take(2 * records);
            let take = &mut |_: u32, _: &[u8]| {
                count += 1;
                Ok(Some(()))
            };
            let read = each_record_of(&source, ("sheet1.bin", part), 1000, take);
            (count, read)
        };
        assert!(matches!(count_of(1000), (1000, Ok(()))));
        let (count, read) = count_of(u64::MAX / 2);
        assert_eq!(count, 1000);
        let Err(Unread::Refused(refusal)) = read else {
            panic!("it was read");
        };
        assert_eq!(refusal.code(), "too-large");
    }
}
