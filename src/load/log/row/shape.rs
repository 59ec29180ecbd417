//! What makes a record no row at all, whatever stands in its cells: its width, its length, its bytes.

use std::sync::Arc;

use super::cells::text_of;
use super::parse_day;
use crate::diagnostic::{self as fault, Diagnostic};
use crate::load::encoding;
use crate::load::log::cut::{
    BlockLines, LONE_CR_HELP, LogCells, LogRecord, MOST_LINE, read_record,
};
use crate::load::log::names::LogHeader;
use crate::model::{KindTable, LogColumn};
use crate::source::{Cut as _, Place, clipped, is_header_again};
use crate::words::{Phrase, both};

/// The most cells of a row.
pub(in crate::load::log) const MOST_CELLS: usize = 1000;

/// Returns the fault of a record that cannot be a row at all.
pub(in crate::load::log) fn wrong_shape(
    lines: &BlockLines<'_>,
    record: &LogRecord<'_>,
    header: &LogHeader,
    is_odd: bool,
) -> Option<Diagnostic> {
    if is_odd && let Some(diagnostic) = odd_characters(lines.path, record) {
        return Some(diagnostic);
    }
    if record.cells.len() > MOST_CELLS || record.end - record.start > MOST_LINE {
        return Some(too_big(lines, record.end, record.cells.len()));
    }
    if record.cells.len() != header.width() {
        return Some(cell_count(lines.path, record, header.width()));
    }
    None
}

/// Tells whether a record is a header once more, as a merge or a joining of two logs leaves it.
pub(in crate::load::log) fn is_second_header(record: &LogRecord<'_>, header: &LogHeader) -> bool {
    let date_place = header.place(LogColumn::Date);
    let date = date_place.and_then(|index| record.cells.get(index));
    // Nearly every row is told by the first byte of its date.
    let first = date.and_then(|cell| cell.raw(record.bytes).first());
    if first.is_some_and(u8::is_ascii_digit) || record.cells.len() > MOST_CELLS {
        return false;
    }
    let cells = record.cells.iter();
    let cells: Vec<_> = cells
        .map(|cell| text_of(cell.content(record.bytes)))
        .collect();
    is_header_again(&cells, date_place)
}

/// Reads a second header whose first cell stands in quotes behind a byte-order mark: as a row it would
/// be broken at that quote. Returns where it ends; `None` for anything else.
pub(in crate::load::log) fn read_marked_header(
    lines: &BlockLines<'_>,
    header: &LogHeader,
    cells: &mut LogCells,
) -> Option<usize> {
    let rest = lines.bytes.get(lines.at..)?;
    let opening = rest.strip_prefix("\u{feff}".as_bytes())?;
    if opening.first() != Some(&b'"') {
        return None;
    }
    let end = read_record(lines.bytes, lines.at + rest.len() - opening.len(), cells).ok()?;
    // A broken row ends with its line, and so must this: blocks are cut there.
    let is_one_line = memchr::memchr(b'\n', rest).is_none_or(|feed| lines.at + feed + 1 >= end);
    (is_one_line && is_second_header(&lines.record(end, cells), header)).then_some(end)
}

/// Returns the fault of a second header; `is_same` tells whether it has the columns of the first.
pub(in crate::load::log) fn header_again(
    path: &Arc<str>,
    record: &LogRecord<'_>,
    is_same: bool,
) -> Diagnostic {
    let last = record.cells.last();
    let last = last.map_or(record.start, |cell| cell.span().end);
    let place = record.place(path, record.start..last);
    if is_same {
        return Diagnostic::new(
            fault::HEADER_TWICE,
            Phrase("the header stands here once more", "表头在这里又出现一次"),
            place,
        )
        .help(Phrase(
            "two logs were joined: delete this line, or let `guanxi check --fix` do it",
            "两个流水文件接在了一起：删除这一行，或用 `guanxi check --fix`",
        ));
    }
    let message = Phrase(
        "a second header, with other columns: the rows below it are not read",
        "第二个表头，列也不同：它下面的行没有读入",
    );
    Diagnostic::new(fault::HEADER_TWICE, message, place).help(Phrase(
        "`guanxi check --fix` puts the rows below it under the first",
        "`guanxi check --fix` 会把下面的行并到第一个表头之下",
    ))
}

pub(in crate::load::log) fn cell_count(
    path: &Arc<str>,
    record: &LogRecord<'_>,
    width: usize,
) -> Diagnostic {
    let count = record.cells.len();
    let noun = if count == 1 { "cell" } else { "cells" };
    let message = both!(
        "{count} {noun}, but the header has {width}",
        "有 {count} 个单元格，而表头有 {width} 列"
    );
    let last = record.cells.last().map_or(0..0, |cell| cell.span());
    if count < width {
        return Diagnostic::new(
            fault::CELL_COUNT,
            message,
            record.place(path, last.end..last.end),
        )
        .help(Phrase(
            "add the commas of the empty cells, or complete the line",
            "补上空单元格的逗号，或把这一行写完整",
        ));
    }
    let first = record
        .cells
        .get(width)
        .map_or(last.start, |cell| cell.span().start);
    Diagnostic::new(
        fault::CELL_COUNT,
        message,
        record.place(path, first..last.end),
    )
    .label(Phrase("past the last column", "超出了最后一列"))
    .help(Phrase(
        "put double quotes around a cell that has a comma in it",
        "单元格里有逗号时，整个放在双引号里",
    ))
}

pub(in crate::load::log) fn too_big(
    lines: &BlockLines<'_>,
    end: usize,
    cell_count: usize,
) -> Diagnostic {
    let record = lines.bytes.cut(lines.at..end.min(lines.at + 4096));
    let place = Place::in_record(lines.path, lines.line, record, 0..1);
    if end - lines.at > MOST_LINE {
        return Diagnostic::new(
            fault::LINE_TOO_LONG,
            Phrase("the line is longer than 1 MiB", "这一行超过 1 MiB"),
            place,
        )
        .help(Phrase(
            "look at what the file is: no log has such lines",
            "请查看这是什么文件：流水里没有这么长的行",
        ));
    }
    let message = both!(
        "{cell_count} cells in a row; {MOST_CELLS} are the most",
        "一行有 {cell_count} 个单元格，最多 {MOST_CELLS} 个"
    );
    Diagnostic::new(fault::TOO_MANY_CELLS, message, place).help(Phrase(
        "look at what the file is: no log has so many columns",
        "请查看这是什么文件：流水里没有这么多列",
    ))
}

/// Returns the fault of a line that is no comment but a row whose date was too wide for its column.
pub(in crate::load::log) fn hashes(
    lines: &BlockLines<'_>,
    width: usize,
    cells: &mut LogCells,
) -> Option<Diagnostic> {
    let line = lines.this_line();
    let first = line.split(|byte| matches!(byte, b',' | b'\r')).next()?;
    if !first.iter().all(|byte| *byte == b'#') {
        return None;
    }
    read_record(lines.bytes, lines.at, cells).ok()?;
    if cells.list.len() != width || width < 2 {
        return None;
    }
    let place = Place::in_record(lines.path, lines.line, line, 0..first.len());
    let message = Phrase(
        "the first cell is nothing but `#`: a spreadsheet's column was too narrow",
        "第一个单元格里只有 `#`：电子表格的列太窄，日期没能显示",
    );
    Some(Diagnostic::new(fault::HASHES, message, place).help(Phrase(
        "widen the column and export again; for a comment write `# ` and a word",
        "把列拉宽再导出；要写注释，请在 `# ` 后面写文字",
    )))
}

/// Warns of a comment that seems to be a row whose first cell begins with `#`, as a number may (`#1024`).
///
/// In a log whose first column is the date it is a row that somebody put out of use.
pub(in crate::load::log) fn commented_row(
    lines: &BlockLines<'_>,
    header: &LogHeader,
    kinds: &KindTable,
    cells: &mut LogCells,
) -> Option<Diagnostic> {
    let text = |column: LogColumn, cells: &LogCells| {
        let cell = cells.list.get(header.place(column)?)?;
        Some(text_of(cell.content(lines.bytes)).into_owned())
    };
    if header.place(LogColumn::Date) == Some(0) || lines.this_line().get(1) == Some(&b' ') {
        return None;
    }
    read_record(lines.bytes, lines.at, cells).ok()?;
    let is_row = cells.list.len() == header.width()
        && parse_day(text(LogColumn::Date, cells)?.as_bytes()).is_ok()
        && kinds.index_of(&text(LogColumn::Kind, cells)?).is_some();
    if !is_row {
        return None;
    }
    let first = cells.list.first()?.span();
    let cell = lines.bytes.get(first)?;
    let place = Place::in_record(lines.path, lines.line, lines.this_line(), 0..cell.len());
    let message = both!(
        "a line that begins with `#` is a comment, and this one has a row's cells: `{}`",
        "以 `#` 开头的行是注释，而这一行像是一行记录：`{}`",
        clipped(&String::from_utf8_lossy(cell))
    );
    Some(
        Diagnostic::new(fault::ROW_COMMENTED, message, place).help(Phrase(
            "put the first cell into double quotes; for a comment write `# ` and a word",
            "把第一个单元格放在双引号里；要写注释，请在 `# ` 后面写文字",
        )),
    )
}

/// What one look at a whole block tells.
pub(in crate::load::log) struct BlockLook {
    /// The first bytes that are no UTF-8, if the block seems to be in another encoding altogether.
    pub(in crate::load::log) foreign: Option<std::ops::Range<usize>>,
    /// Whether its records must be searched for odd characters one by one.
    pub(in crate::load::log) is_odd: bool,
}

impl BlockLook {
    /// Looks at a block, which may have control characters but line feeds, or is known to have none.
    pub(in crate::load::log) fn at(bytes: &[u8], may_have_controls: bool) -> Self {
        let not_utf8 = encoding::not_utf8(bytes);
        let is_odd = not_utf8.is_some()
            || encoding::has_high_control(bytes)
            || may_have_controls && has_odd_controls(bytes);
        Self {
            foreign: not_utf8.filter(|_| encoding::is_foreign(bytes)),
            is_odd,
        }
    }
}

/// Tells whether there are control characters but line feeds and returns before them.
fn has_odd_controls(bytes: &[u8]) -> bool {
    // Sums over whole blocks are done many bytes at a time, which a search for a class is not.
    let is_low = |byte: &u8| u8::from(*byte < 0x20 && *byte != b'\n' || *byte == 0x7f);
    let chunks = bytes.chunks(128);
    let low: usize = chunks
        .map(|chunk| usize::from(chunk.iter().map(is_low).sum::<u8>()))
        .sum();
    low != memchr::memmem::find_iter(bytes, b"\r\n").count()
}

/// Returns the fault of a record that has bytes which no cell may have.
pub(in crate::load::log) fn odd_characters(
    path: &Arc<str>,
    record: &LogRecord<'_>,
) -> Option<Diagnostic> {
    let bytes = record.bytes.cut(record.start..record.end);
    if let Some(span) = encoding::not_utf8(bytes) {
        // The whole block was looked at already, and is not in another encoding.
        return Some(encoding::damaged_fault(path, record.line, bytes, span));
    }
    if let Some(span) = encoding::control_character(bytes) {
        return Some(encoding::control_fault(path, record.line, bytes, span));
    }
    for cell in record.cells {
        let raw = cell.raw(record.bytes);
        for index in memchr::memchr2_iter(b'\r', b'\t', raw) {
            let at = cell.content_start(record.bytes) - record.start + index;
            let is_return = raw.get(index) == Some(&b'\r');
            if is_return && !(cell.is_quoted(record.bytes) && raw.get(index + 1) == Some(&b'\n')) {
                let place = encoding::place_in(path, record.line, bytes, at..at + 1);
                let message = Phrase(
                    "a carriage return without a line feed",
                    "只有回车符，没有换行符",
                );
                return Some(Diagnostic::new(fault::LONE_CR, message, place).help(LONE_CR_HELP));
            }
            if !is_return && !cell.is_quoted(record.bytes) {
                return Some(encoding::control_fault(
                    path,
                    record.line,
                    bytes,
                    at..at + 1,
                ));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::log::cut::BlockMarks;

    #[test]
    fn plain_blocks_need_no_search() {
        let is_odd = |text: &[u8]| {
            let mut marks = BlockMarks::default();
            marks.find(text);
            let look = BlockLook::at(text, marks.has_controls);
            assert_eq!(BlockLook::at(text, true).is_odd, look.is_odd);
            look.is_odd
        };
        assert!(!is_odd("a,株洲\nb,c\n".as_bytes()));
        assert!(!is_odd(b"a,b\r\nc,d\r\n"));
        assert!(is_odd(b"a\rb\n"));
        assert!(is_odd(b"a\tb\n"));
        assert!(is_odd(b"a\0b\n"));
        assert!(is_odd(b"a\xffb\n"));
        assert!(is_odd("a\u{9b}b\n".as_bytes()));
    }
}
