//! The table that a person reads.
//!
//! Numbers stand at the right, columns line up by display width, so that Chinese text does too. Up
//! to [`ROWS_LAID_OUT`] rows are laid out by `comfy-table`, which breaks long texts into several
//! lines on a narrow terminal, between words and Chinese characters alone; more are written as they come, in the same look, long texts cut. A
//! pipe has no width: nothing is cut but cells of over [`WIDEST_CELL`] columns.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::io::{self, Write};

use comfy_table::{Cell, LineStyle, Table, TableStyle};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};

use crate::answer::{Column, GridRows};
use crate::metric::level::Tone;
use crate::metric::tone::tone_of;
use crate::metric::{Type, Value};
use crate::source::{Cut as _, display_width};

use super::Page;
use super::headings::{narrowest, wrapped_heading};
use super::people::{decimals, has_decimals, push_usual, shown_in};
use super::prose::{widest_piece, wrapped};

/// Up to how many rows are laid out at once. More would need memory for every cell.
const ROWS_LAID_OUT: usize = 2_000;

/// The most columns that a cell takes; one cell of a megabyte would pad every row to that.
const WIDEST_CELL: usize = 1_000;

/// The least width that a narrow terminal leaves to a column of texts.
const NARROWEST_TEXT: usize = 10;

/// The most lines of a terminal that an unbroken row may take.
const MOST_TERMINAL_LINES: usize = 3;

/// The blanks between columns.
const GAP: usize = 2;

/// Characters of no width that stand for the colours until the layout is done.
const ALARM_MARK: char = '\u{2062}';
const NOTICE_MARK: char = '\u{2063}';
pub(super) const ASIDE_MARK: char = '\u{2061}';
pub(super) const END_MARK: char = '\u{2064}';

/// Writes a heading, a line, and the rows.
pub(super) fn render(rows: &dyn GridRows, page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut columns = rows.columns().to_vec();
    let is_laid_out = rows.row_count() <= ROWS_LAID_OUT;
    let mut contents = vec![CellWidths::default(); columns.len()];
    let are_pieces_wanted = is_laid_out && page.width.is_some();
    let mut usual = String::new();
    rows.for_each(&mut |row| {
        for (index, value) in row.iter().enumerate() {
            let content = &mut contents[index];
            usual.clear();
            if !are_pieces_wanted && columns[index].is_plain() && push_usual(&mut usual, value) {
                // Colours take no room.
                content.whole = content.whole.max(usual.len().min(WIDEST_CELL));
                continue;
            }
            let column = &mut columns[index];
            let text = cell_text(value, column, page.color);
            if are_pieces_wanted && is_text(column) {
                content.piece = content.piece.max(widest_piece(&text));
            }
            content.take(value, &text);
            column.has_decimals |= has_decimals(value, column.kind);
        }
        Ok(())
    })?;
    if let Some(last) = page.last {
        last.for_each(&mut |row| {
            for ((value, column), content) in row.iter().zip(&mut columns).zip(&mut contents) {
                content.take(value, &shown_in(value, column));
                column.has_decimals |= has_decimals(value, column.kind);
            }
            Ok(())
        })?;
    }
    for (content, column) in contents.iter_mut().zip(&columns) {
        if column.has_decimals {
            // Whole numbers that were looked at before the first with decimals get some too.
            let decimals = 1 + decimals(column.kind) as usize;
            content.whole = content.whole.max(content.whole_number + decimals);
        }
    }
    let widths = fit(&contents, &columns, page.width);
    if is_laid_out {
        lay_out(rows, &columns, &widths, page, out)?;
    } else {
        stream(rows, &columns, &widths, page, out)?;
    }
    page.last.map_or(Ok(()), |last| {
        write_last(last, &columns, &widths, page, out)
    })
}

/// Writes the row about all rows below a line.
fn write_last(
    last: &dyn GridRows,
    columns: &[Column],
    widths: &[usize],
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let gaps = GAP * widths.len().saturating_sub(1);
    writeln!(out, "{}", "-".repeat(widths.iter().sum::<usize>() + gaps))?;
    let of_last = last.columns();
    last.for_each(&mut |row| {
        let mut line = String::new();
        let cells = row.iter().zip(of_last).zip(columns).zip(widths);
        for (((value, of_last), column), &width) in cells {
            let mut of_last = of_last.clone();
            of_last.has_decimals = column.has_decimals;
            let text = cell_text(value, &of_last, page.color);
            push_cell(&mut line, &text, width, of_last.is_numeric());
        }
        write_line(out, line.trim_end(), page.color)
    })
}

/// How wide the cells of a column are.
#[derive(Clone, Copy, Debug, Default)]
struct CellWidths {
    /// The widest cell.
    whole: usize,
    /// The widest part of a cell that is not broken: a word, a number.
    piece: usize,
    /// The widest number without decimals.
    whole_number: usize,
}

impl CellWidths {
    fn take(&mut self, value: &Value<'_>, text: &str) {
        let width = display_width(text);
        self.whole = self.whole.max(width);
        if matches!(value, Value::Exact(_) | Value::Float(_)) && !text.contains('.') {
            self.whole_number = self.whole_number.max(width);
        }
    }
}

/// Tells whether long cells of a column may be broken.
fn is_text(column: &Column) -> bool {
    matches!(column.kind, Type::Text | Type::List)
}

/// Returns the names of the columns of a table that go, so that it fits a terminal with every row on one
/// line, the last one about all of them too.
///
/// One that says nothing in any row goes before the others, and `id` where it repeats the name. Headings
/// are broken between words before any column goes. A long table is looked at by its first rows alone.
pub(crate) fn left_out<'s>(
    rows: &dyn GridRows,
    last: Option<&dyn GridRows>,
    spares: &Spare<'_, 's>,
    terminal: usize,
) -> Vec<&'s str> {
    let spare = spares.first;
    if spare.is_empty() {
        return Vec::new();
    }
    let columns = rows.columns();
    let mut widths: Vec<usize> = columns.iter().map(|it| narrowest(&it.heading)).collect();
    // How wide each is with its texts broken.
    let mut broken: Vec<usize> = widths.clone();
    let mut says_nothing = vec![true; columns.len()];
    let place = |name: &str| columns.iter().position(|it| it.name == name);
    let mut repeats = place("id").zip(place("name"));
    // The end of the rows that are looked at is no error.
    let mut left = ROWS_LAID_OUT;
    let _ = rows.for_each(&mut |row| {
        left = left.checked_sub(1).ok_or(io::ErrorKind::Other)?;
        for (index, value) in row.iter().enumerate() {
            let text = cell_text(value, &columns[index], false);
            widths[index] = widths[index].max(display_width(&text));
            let piece = if is_text(&columns[index]) && index > 0 {
                widest_piece(&text)
            } else {
                display_width(&text)
            };
            broken[index] = broken[index].max(piece);
            says_nothing[index] &= !value.is_known();
        }
        repeats =
            repeats.filter(|&(id, name)| row[id].compare(&row[name]) == Some(Ordering::Equal));
        Ok(())
    });
    let _ = last.map(|last| {
        last.for_each(&mut |row| {
            for ((value, column), width) in row.iter().zip(last.columns()).zip(&mut widths) {
                *width = (*width).max(display_width(&cell_text(value, column, false)));
            }
            Ok(())
        })
    });
    if let Some(first) = widths.first_mut() {
        // The heading of the first column stays whole.
        *first = (*first).max(columns.first().map_or(0, |it| display_width(&it.heading)));
    }
    let is_first = |name: &&str| {
        place(name).is_some_and(|at| says_nothing[at] || repeats.is_some_and(|it| it.0 == at))
    };
    let id = repeats.map(|_| "id").filter(|_| !spare.contains(&"id"));
    let firsts = id.into_iter().chain(spare.iter().copied().filter(is_first));
    let order = firsts.chain(spare.iter().copied().filter(|it| !is_first(it)));
    let mut total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    let mut gone = Vec::new();
    for name in order {
        if total <= terminal {
            break;
        }
        if let Some(at) = place(name) {
            total = total.saturating_sub(widths[at] + GAP);
            gone.push(name);
        }
    }
    for name in spares.last.iter().copied() {
        let stays = |at: &usize| !gone.iter().any(|gone| *gone == columns[*at].name);
        let narrowed = |at: usize| broken[at].max(NARROWEST_TEXT).min(widths[at]) + GAP;
        let total: usize = (0..columns.len()).filter(stays).map(narrowed).sum();
        if total > terminal + GAP && place(name).is_some() {
            gone.push(name);
        }
    }
    gone
}

/// The columns that a table on a narrow terminal may leave out, in the order in which they go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spare<'a, 's> {
    /// Those that go until every row stands on one line.
    pub(crate) first: &'a [&'s str],
    /// Those that go where not even broken texts make it fit.
    pub(crate) last: &'a [&'s str],
}

impl<'a, 's> Spare<'a, 's> {
    /// Names columns that go until every row stands on one line.
    pub(crate) fn first(first: &'a [&'s str]) -> Self {
        Self { first, last: &[] }
    }
}

/// Returns the widths of the columns, narrowed until the table fits the terminal.
///
/// First headings are broken between words, if they can be, then the widest columns of texts are
/// narrowed. The first column is left alone, since it mostly is an id that somebody will copy.
/// What cannot fit is not narrowed at all, for a terminal breaks whole lines better than narrow
/// columns that still run over its edge; but no line takes more than [`MOST_TERMINAL_LINES`].
fn fit(contents: &[CellWidths], columns: &[Column], terminal: Option<usize>) -> Vec<usize> {
    let headings = columns.iter().map(|column| display_width(&column.heading));
    let whole: Vec<usize> = (contents.iter().zip(headings))
        .map(|(content, heading)| heading.max(content.whole))
        .collect();
    let gaps = GAP * whole.len().saturating_sub(1);
    let total = whole.iter().sum::<usize>() + gaps;
    let Some(mut excess) = terminal.map(|terminal| total.saturating_sub(terminal)) else {
        return whole;
    };
    let narrowest_heading = |index: usize| {
        let heading = &columns[index].heading;
        if index > 0 {
            narrowest(heading)
        } else {
            display_width(heading)
        }
    };
    let least_of_headings: Vec<usize> = (0..whole.len())
        .map(|index| narrowest_heading(index).max(contents[index].whole))
        .collect();
    let least_of_texts: Vec<usize> = (0..whole.len())
        .map(|index| {
            if is_text(&columns[index]) && index > 0 {
                let least = NARROWEST_TEXT.max(narrowest_heading(index));
                // A word or a number is never broken.
                least.max(contents[index].piece)
            } else {
                least_of_headings[index]
            }
        })
        .collect();
    let mut widths = whole.clone();
    for least in [least_of_headings, least_of_texts] {
        while excess > 0 {
            let shrinkable = (0..widths.len()).filter(|&index| widths[index] > least[index]);
            let Some(widest) = shrinkable.max_by_key(|&index| widths[index]) else {
                break;
            };
            widths[widest] -= 1;
            excess -= 1;
        }
    }
    let most = terminal.unwrap_or(0).saturating_mul(MOST_TERMINAL_LINES);
    if excess > 0 && total <= most {
        return whole;
    }
    widths
}

/// Returns a table with its headings, broken where they are wider than their columns, and no row.
fn headed(columns: &[Column], widths: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('-')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    let headings = columns.iter().zip(widths);
    table.set_header(headings.map(|(column, &width)| wrapped_heading(&column.heading, width)));
    for (index, column) in columns.iter().enumerate() {
        // The gap stands before every column but the first, so that no line ends in blanks.
        let gap = if index == 0 { 0 } else { GAP };
        let width = u16::try_from(widths[index] + gap).unwrap_or(u16::MAX);
        if let Some(laid_out) = table.column_mut(index) {
            laid_out.set_padding((
                u16::try_from(gap).expect("a gap is of two columns at most"),
                0,
            ));
            laid_out.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
            laid_out.set_cell_alignment(if column.is_numeric() {
                CellAlignment::Right
            } else {
                CellAlignment::Left
            });
        }
    }
    table
}

/// Lets `comfy-table` lay out the rows.
fn lay_out(
    rows: &dyn GridRows,
    columns: &[Column],
    widths: &[usize],
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut table = headed(columns, widths);
    rows.for_each(&mut |row| {
        let cells = row.iter().zip(columns).zip(widths);
        table.add_row(cells.map(|((value, column), &width)| {
            let text = cell_text(value, column, page.color);
            Cell::new_owned(if display_width(&text) > width {
                wrapped(&text, width)
            } else {
                text.into_owned()
            })
        }));
        Ok(())
    })?;
    for line in table.lines() {
        write_line(out, line.trim_end(), page.color)?;
    }
    Ok(())
}

/// Writes the rows as they come, below headings as [`lay_out`] has them.
fn stream(
    rows: &dyn GridRows,
    columns: &[Column],
    widths: &[usize],
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for heading in headed(columns, widths).lines() {
        write_line(out, heading.trim_end(), false)?;
    }
    let (mut line, mut usual) = (String::new(), String::new());
    rows.for_each(&mut |row| {
        line.clear();
        for ((value, column), &width) in row.iter().zip(columns).zip(widths) {
            usual.clear();
            if !page.color
                && column.is_plain()
                && push_usual(&mut usual, value)
                && usual.len() <= width.min(WIDEST_CELL)
            {
                push_padded(&mut line, &usual, width - usual.len(), column.is_numeric());
                continue;
            }
            let text = cell_text(value, column, page.color);
            push_cell(&mut line, &text, width, column.is_numeric());
        }
        write_line(out, line.trim_end(), page.color)
    })
}

/// Appends one cell of a line, cut and padded to its width.
pub(super) fn push_cell(line: &mut String, text: &str, width: usize, at_right: bool) {
    let mut text = Cow::Borrowed(text);
    let mut own = display_width(&text);
    if own > width {
        text = cut(&text, width).into_owned().into();
        own = display_width(&text);
    }
    push_padded(line, &text, width.saturating_sub(own), at_right);
}

/// Appends one cell of a line with so many blanks beside its text.
fn push_padded(line: &mut String, text: &str, padding: usize, at_right: bool) {
    if !line.is_empty() {
        line.push_str("  ");
    }
    let (before, after) = if at_right { (padding, 0) } else { (0, padding) };
    push_blanks(line, before);
    line.push_str(text);
    push_blanks(line, after);
}

/// Appends so many blanks, a piece at a time.
fn push_blanks(line: &mut String, mut count: usize) {
    const BLANKS: &str = "                                                                ";
    while let Some(rest) = count.checked_sub(BLANKS.len()) {
        line.push_str(BLANKS);
        count = rest;
    }
    line.push_str(BLANKS.cut(..count));
}

/// Returns what a cell shows, with the marks of its colour.
pub(super) fn cell_text<'v>(value: &'v Value<'_>, column: &'v Column, color: bool) -> Cow<'v, str> {
    let text = match shown_in(value, column) {
        Cow::Borrowed(text) => cut(text, WIDEST_CELL),
        Cow::Owned(text) => cut(&text, WIDEST_CELL).into_owned().into(),
    };
    if !color {
        return text;
    }
    let mark = match tone_of(&column.name, value) {
        Tone::Alarm => Some(ALARM_MARK),
        Tone::Notice => Some(NOTICE_MARK),
        Tone::Plain => None,
    };
    if let Some(mark) = mark {
        return format!("{mark}{text}{END_MARK}").into();
    }
    let marks = [ALARM_MARK, NOTICE_MARK, ASIDE_MARK, END_MARK];
    if text.contains(marks) {
        // They act on nothing but our own colours, and show nothing.
        return text.replace(marks, "").into();
    }
    text
}

/// Returns a text cut to a width; what is cut ends in `…`.
pub(super) fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if display_width(text) <= width {
        return text.into();
    }
    let mut out = String::with_capacity(width + 4);
    let mut used = 0;
    let mut buffer = [0; 4];
    for character in text.chars() {
        used += display_width(character.encode_utf8(&mut buffer));
        if used >= width {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out.into()
}

/// Writes a line, its marks turned into colours.
pub(super) fn write_line(out: &mut dyn Write, line: &str, color: bool) -> io::Result<()> {
    if color && line.contains(END_MARK) {
        let line = line
            .replace(ALARM_MARK, "\u{1b}[31m")
            .replace(NOTICE_MARK, "\u{1b}[33m")
            .replace(ASIDE_MARK, "\u{1b}[2m")
            .replace(END_MARK, "\u{1b}[0m");
        return writeln!(out, "{line}");
    }
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{GridView, Sheet};
    use crate::model::{Fraction, Money};

    fn text_of(sheet: &Sheet<'_>, width: Option<usize>, color: bool) -> String {
        let page = Page {
            width,
            color,
            ..Page::default()
        };
        let mut out = Vec::new();
        render(sheet, &page, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn sheet() -> Sheet<'static> {
        let columns = [
            ("id", Type::Text),
            ("annual_value", Type::Money),
            ("share", Type::Ratio),
            ("churn", Type::Text),
            ("note", Type::Text),
        ];
        let columns = columns.map(|(name, kind)| Column::new(name, kind));
        let mut sheet = Sheet::new(columns.to_vec());
        sheet.push([
            "株洲地铁".into(),
            Money::whole(1_250_000).into(),
            Fraction::new(1, 8).unwrap().into(),
            "at-risk".into(),
            "asks for the spare parts of line 3 every spring".into(),
        ]);
        sheet.push([
            "acme".into(),
            Value::Unknown,
            Fraction::ZERO.into(),
            "watch".into(),
            "\u{1b}[2J见客户".into(),
        ]);
        sheet
    }

    #[test]
    fn lines_up_by_display_width() {
        assert_eq!(
            text_of(&sheet(), None, false),
            "\
id        annual value   share  churn    note
----------------------------------------------------------------------------------------
株洲地铁  1,250,000.00  12.5 %  at-risk  asks for the spare parts of line 3 every spring
acme                 -   0.0 %  watch    \\u{1b}[2J见客户
"
        );
    }

    #[test]
    fn the_row_about_all_rows_stands_below_a_line() {
        let columns = [("id", Type::Text), ("value", Type::Money)];
        let columns = columns.map(|(name, kind)| Column::new(name, kind)).to_vec();
        let (mut sheet, mut last) = (Sheet::new(columns.clone()), Sheet::new(columns));
        sheet.push(["a".into(), Money::whole(7).into()]);
        last.push(["total".into(), Money::whole(1_234_567).into()]);
        let page = Page {
            last: Some(&last),
            ..Page::default()
        };
        let mut out = Vec::new();
        render(&sheet, &page, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\
id            value
-------------------
a              7.00
-------------------
total  1,234,567.00
"
        );
    }

    #[test]
    fn breaks_long_texts_on_a_narrow_terminal() {
        assert_eq!(
            text_of(&sheet(), Some(60), false),
            "\
id        annual value   share  churn    note
------------------------------------------------------------
株洲地铁  1,250,000.00  12.5 %  at-risk  asks for the spare
                                         parts of line 3
                                         every spring
acme                 -   0.0 %  watch    \\u{1b}[2J见客户
"
        );
    }

    #[test]
    fn breaks_headings_first_and_nothing_where_that_would_not_help() {
        let mut sheet = Sheet::new(vec![
            Column::new("id", Type::Text),
            Column::new("expected_order_value", Type::Money),
            Column::new("next_revisit", Type::Date),
        ]);
        sheet.push(["acme".into(), Money::whole(7).into(), Value::Unknown]);
        assert_eq!(
            text_of(&sheet, Some(30), false),
            "\
id       expected  next
      order value  revisit
------------------------------
acme         7.00  -
"
        );
        let whole = "id    expected order value  next revisit\n";
        assert!(text_of(&sheet, Some(20), false).starts_with(whole));
    }

    #[test]
    fn both_writers_have_one_look() {
        let sheet = sheet();
        let mut widths = [8, 12, 6, 7, 47];
        let mut streamed = Vec::new();
        stream(
            &sheet,
            GridRows::columns(&sheet),
            &widths,
            &Page::default(),
            &mut streamed,
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(streamed).unwrap(),
            text_of(&sheet, None, false)
        );
        widths[4] = 10;
        let mut streamed = Vec::new();
        stream(
            &sheet,
            GridRows::columns(&sheet),
            &widths,
            &Page::default(),
            &mut streamed,
        )
        .unwrap();
        let streamed = String::from_utf8(streamed).unwrap();
        assert!(streamed.contains("at-risk  asks for …\n"), "{streamed}");
        assert!(streamed.lines().all(|line| display_width(line) <= 51));
    }

    #[test]
    fn colours_only_what_means_something() {
        let painted = text_of(&sheet(), None, true);
        assert!(painted.contains("12.5 %  \u{1b}[31mat-risk\u{1b}[0m  asks"));
        assert!(painted.contains(" 0.0 %  \u{1b}[33mwatch\u{1b}[0m    \\u{1b}"));
        let plain = painted
            .replace("\u{1b}[31m", "")
            .replace("\u{1b}[33m", "")
            .replace("\u{1b}[0m", "");
        assert_eq!(plain, text_of(&sheet(), None, false));
    }

    #[test]
    fn thousands_of_rows_and_huge_cells_stay_bounded() {
        let mut sheet = Sheet::new(vec![
            Column::new("id", Type::Text),
            Column::new("note", Type::Text),
            Column::new("n", Type::Number),
        ]);
        for index in 0..3_000_usize {
            let note = if index == 7 {
                "甲".repeat(70_000)
            } else {
                "\u{2064}b".to_owned()
            };
            sheet.push(["a".into(), Value::text(note), Value::count(index)]);
        }
        for color in [false, true] {
            let out = text_of(&sheet, None, color);
            assert_eq!(out.lines().count(), 3_002);
            let widths: Vec<usize> = out.lines().map(display_width).collect();
            assert!(
                widths
                    .iter()
                    .all(|&width| width == widths[1] && width < 1_020)
            );
        }
    }

    #[test]
    fn headings_of_thousands_of_rows_break_like_those_of_a_few() {
        let of = |rows: usize| {
            let columns = ["id", "expected_order_value", "next_revisit"];
            let columns = columns.map(|it| Column::new(it, Type::Text));
            let mut sheet = Sheet::new(columns.to_vec());
            for _ in 0..rows {
                sheet.push(["a".into(), "b".into(), "c".into()]);
            }
            let out = text_of(&sheet, Some(30), false);
            let (headings, _) = out.split_once("--").unwrap();
            (headings.to_owned(), out.lines().map(display_width).max())
        };
        let (headings, widest) = of(3_000);
        assert_eq!(headings.lines().count(), 2, "{headings}");
        assert!(widest <= Some(30), "{headings}");
        assert_eq!(of(3), (headings, widest));
    }

    #[test]
    fn a_table_without_rows_is_its_heading() {
        let sheet = Sheet::new(vec![
            Column::new("id", Type::Text),
            Column::new("tier", Type::Text),
        ]);
        assert_eq!(text_of(&sheet, Some(80), true), "id  tier\n--------\n");
    }

    proptest::proptest! {
        #[test]
        fn any_texts_line_up_in_both_writers(
            texts in proptest::collection::vec(("\\PC{0,12}", ".{0,12}"), 0..6),
            terminal in proptest::option::of(10..60_usize),
        ) {
            let columns = ["id", "note", "end"].map(|name| Column::new(name, Type::Text));
            let mut sheet = Sheet::new(columns.to_vec());
            let texts: Vec<_> = texts
                .iter()
                .map(|(first, second)| (first.replace('|', "/"), second.replace('|', "/")))
                .collect();
            for (first, second) in &texts {
                sheet.push([first.as_str().into(), second.as_str().into(), "|".into()]);
            }
            let laid_out = text_of(&sheet, terminal, false);
            let mut widths = vec![2, 4, 3];
            for (first, second) in &texts {
                for (width, text) in widths.iter_mut().zip([first, second]) {
                    let text = Value::text(text.as_str());
                    *width = (*width).max(display_width(&crate::render::shown(&text, Type::Text)));
                }
            }
            if terminal.is_none() {
                let mut streamed = Vec::new();
                stream(&sheet, GridRows::columns(&sheet), &widths, &Page::default(), &mut streamed).unwrap();
                proptest::prop_assert_eq!(String::from_utf8(streamed).unwrap(), laid_out);
            } else {
                // Every row ends in one bar, and all bars stand in one column.
                let bars = laid_out.lines().filter(|line| line.ends_with('|')).map(display_width);
                let bars: Vec<usize> = bars.collect();
                proptest::prop_assert!(bars.windows(2).all(|pair| pair[0] == pair[1]), "{laid_out}");
            }
        }
    }

    #[test]
    fn a_text_goes_where_not_even_broken_it_fits() {
        let columns = [
            ("id", Type::Text),
            ("name", Type::Text),
            ("what", Type::Text),
        ];
        let columns = columns.map(|(name, kind)| Column::new(name, kind));
        let mut sheet = Sheet::new(columns.to_vec());
        sheet.push(["songhua-works", "松花江车辆修理厂", "order of spare parts"].map(Value::from));
        let spares = Spare {
            first: &["name"],
            last: &["what"],
        };
        let gone = |width| left_out(&GridView::of(&sheet), None, &spares, width);
        assert_eq!(gone(53), [""; 0]);
        assert_eq!(gone(52), ["name"]);
        // Broken into lines of 10 it fits.
        assert_eq!(gone(25), ["name"]);
        assert_eq!(gone(24), ["name", "what"]);
    }
}
