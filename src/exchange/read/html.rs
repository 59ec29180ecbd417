//! The table of a web page, as most web systems export it under the name of a workbook.

use scraper::{ElementRef, Html, Node, Selector};

use super::archive::{check_size, file_place};
use super::encoding::{Decoding, TextForm};
use super::grid::{GridBuilder, MOST_COLUMNS, MOST_ROWS, MergedRange};
use super::sheet::open_only;
use crate::exchange::fault::{FILE_TYPE, SourceFault};
use crate::exchange::options::{HeadingTest, ReadOptions, SourceFile};
use crate::exchange::table::{FileKind, SourceTable, Unread};
use crate::source::{Cut as _, short_place};
use crate::words::{Phrase, Wording, both};

/// How deep elements that must be closed may stand in each other: the parser's work grows with it.
const DEEPEST: usize = 1000;

/// Elements that have no end, or need none.
const NEVER_CLOSED: [&str; 33] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup",
    "caption", "option", "optgroup", "rt", "rp", "html", "head", "body",
];

/// Tells whether a text begins as a page or other markup does.
pub(super) fn is_markup(start: &str) -> bool {
    let mut characters = start.trim_start().chars();
    characters.next() == Some('<')
        && characters
            .next()
            .is_some_and(|it| it.is_ascii_alphabetic() || matches!(it, '!' | '?'))
}

/// Reads a page as far as the headings of its table.
pub(super) fn open(
    source: &SourceFile,
    form: TextForm,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    check_size(source)?;
    let text = whole_text(source, form)?;
    let refused = |message: Wording| {
        let help = Phrase(
            "open it in the spreadsheet and save it as an Excel workbook (xlsx)",
            "请在电子表格里打开，另存为 Excel 工作簿（xlsx）",
        );
        SourceFault::new(FILE_TYPE, message, file_place(source)).help(help)
    };
    if is_too_deep(&text) {
        return Err(refused(
            Phrase(
                "a page whose elements stand too deep in each other",
                "网页的元素嵌套太深",
            )
            .into(),
        )
        .into());
    }
    let page = Html::parse_document(&text);
    drop(text);
    let all = Selector::parse("table").expect("`table` is a selector");
    let mut tables = page.select(&all);
    let (Some(table), None) = (tables.next(), tables.next()) else {
        let count = page.select(&all).count();
        let message = match count {
            0 => Phrase("a page or other markup without a table", "网页里没有表格").into(),
            count => both!(
                "a page with {count} tables, of which nobody says which is meant",
                "网页里有 {count} 个表格，没有写明是哪一个"
            ),
        };
        return Err(refused(message).into());
    };
    let mut grid = GridBuilder::new(&source.name, None);
    fill(&mut grid, table)?;
    let merged = grid.merged.clone();
    let grid = grid.finish()?;
    if grid.row_count() == 0 {
        return Err(refused(
            Phrase(
                "a page or other markup whose table has no cells",
                "网页里的表格没有单元格",
            )
            .into(),
        )
        .into());
    }
    let mut table = open_only(grid, FileKind::Html, options, headings)?;
    let below = |it: &&MergedRange| u64::from(it.rows.1) >= table.header_row;
    if let Some(range) = merged.iter().find(below) {
        let (row, column) = (range.rows.0 + 1, range.columns.0 as usize);
        let cell = crate::exchange::place::column_letters(column);
        let message = both!(
            "the table has a cell over several rows or columns at {cell}{row}",
            "表格在 {cell}{row} 有跨行或跨列的单元格"
        );
        return Err(refused(message).into());
    }
    table.encoding = Some(form.label());
    Ok(table)
}

/// Reads a whole text into memory.
pub(super) fn whole_text(source: &SourceFile, form: TextForm) -> Result<String, Unread> {
    let mut bytes = Vec::new();
    let mut text = Decoding::of(source, form)?;
    while let Some(piece) = text.next_piece()? {
        bytes.extend_from_slice(piece);
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Tells whether more elements stand in each other than in any table.
fn is_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        let rest = text.cut(at + 1..);
        let (is_end, rest) = match rest.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let end = rest.find(|it: char| !it.is_ascii_alphanumeric());
        let name = rest.cut(..end.unwrap_or(rest.len()).min(20));
        let is_counted = name.starts_with(|it: char| it.is_ascii_alphabetic())
            && !NEVER_CLOSED.iter().any(|it| name.eq_ignore_ascii_case(it));
        if is_counted && is_end {
            depth = depth.saturating_sub(1);
        } else if is_counted {
            depth += 1;
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Puts the cells of a table where they stand, those that earlier rows reach into skipped.
fn fill(grid: &mut GridBuilder, table: ElementRef<'_>) -> Result<(), Unread> {
    // How many more rows each column is taken by a cell from above.
    let mut taken: Vec<u32> = Vec::new();
    let rows = table.descendants().filter_map(ElementRef::wrap);
    let rows = rows.filter(|it| it.value().name() == "tr");
    for (row, element) in (0_u32..MOST_ROWS).zip(rows) {
        let mut column = 0;
        let mut next = taken.clone();
        for it in &mut next {
            *it = it.saturating_sub(1);
        }
        let cells = element.children().filter_map(ElementRef::wrap);
        for cell in cells.filter(|it| matches!(it.value().name(), "td" | "th")) {
            while taken.get(column).is_some_and(|it| *it > 0) {
                column += 1;
            }
            let most = short_place(MOST_COLUMNS);
            let width = span(cell, "colspan", most);
            let height = span(cell, "rowspan", MOST_ROWS);
            let first = short_place(column);
            grid.text(row, first, &text_of(cell))?;
            let end = column + width as usize;
            if end > 2 * MOST_COLUMNS {
                break;
            }
            if width > 1 || height > 1 {
                grid.merged.push(MergedRange {
                    rows: (row, (row + height - 1).min(MOST_ROWS - 1)),
                    columns: (first, first + width - 1),
                });
            }
            if next.len() < end {
                next.resize(end, 0);
                taken.resize(end, 0);
            }
            next[column..end].fill(height - 1);
            column = end;
        }
        taken = next;
    }
    // What a cell reaches beyond the last row is nothing.
    Ok(())
}

/// Returns over how many rows or columns a cell reaches; 0, to the end of the table, counts as many.
fn span(cell: ElementRef<'_>, name: &str, most: u32) -> u32 {
    let value = cell.value().attr(name).map(str::trim);
    match value.map(str::parse::<u32>) {
        None | Some(Err(_)) => 1,
        Some(Ok(0)) => 2,
        Some(Ok(count)) => count.min(most),
    }
}

/// Tells whether the text of a node is none of the page.
fn is_hidden(node: &Node) -> bool {
    let element = node.as_element();
    element.is_some_and(|it| matches!(it.name(), "script" | "style" | "template"))
}

/// Returns the text of a cell: `<br>` is a line break, other white space one blank.
fn text_of(cell: ElementRef<'_>) -> String {
    let mut text = String::new();
    let mut has_blank = false;
    for node in cell.descendants() {
        match node.value() {
            Node::Element(element) if element.name() == "br" => {
                text.push('\n');
                has_blank = false;
            }
            Node::Text(part) if !node.parent().is_some_and(|it| is_hidden(it.value())) => {
                for character in part.chars() {
                    if character.is_whitespace() {
                        has_blank = true;
                        continue;
                    }
                    if has_blank && !text.is_empty() && !text.ends_with('\n') {
                        text.push(' ');
                    }
                    has_blank = false;
                    text.push(character);
                }
            }
            _ => {}
        }
    }
    text
}
