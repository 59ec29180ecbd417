//! The table that a person reads.
//!
//! Numbers stand at the right, columns line up by display width, so that Chinese text does too. Up
//! to [`ROWS_LAID_OUT`] rows are laid out by `comfy-table`, which breaks long texts into several
//! lines on a narrow terminal, between words and Chinese characters alone; more are written as they come, in the same look, long texts cut. A
//! pipe has no width: nothing is cut but cells of over [`WIDEST_CELL`] columns.

mod cells;
mod widths;

use std::io::{self, Write};

use comfy_table::{Cell, LineStyle, Table, TableStyle};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};

pub(super) use cells::{ASIDE_MARK, END_MARK, cell_text, cut, push_cell, write_line};
pub(crate) use widths::{Spare, left_out};

use super::Page;
use super::headings::wrapped_heading;
use super::people::{decimals, has_decimals, push_usual, shown_in};
use super::prose::{widest_piece, wrapped};
use crate::answer::{Column, GridRows};
use crate::source::display_width;
use cells::{WIDEST_CELL, push_padded};
use widths::{CellWidths, GAP, ROWS_LAID_OUT, fit, is_text};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{GridView, Sheet};
    use crate::metric::{Type, Value};
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
