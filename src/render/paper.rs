//! A page of aligned lines for people: one customer, one explanation.
//!
//! Cells line up within a block by display width; the last cell of a line is broken between words
//! where the page is too narrow, and goes on below itself.

use std::io::{self, Write};

use crate::answer::{ASIDE, Block, Column, Paper, Part};
use crate::metric::{Type, Value, metric_by_name};
use crate::source::{display_width, escaped};

use super::Page;
use super::prose::wrapped;
use super::table::{ASIDE_MARK, END_MARK, cell_text, push_cell, write_line};

/// How wide a page is where no terminal says.
const WIDTH: usize = 100;

/// By how much the last cell of a line stands in where it goes on below the others.
const BELOW: usize = 4;

/// The least width that the last cell of a line is broken to.
const NARROWEST: usize = 24;

/// Writes a page.
///
/// # Errors
/// Whatever the stream says.
pub fn render_paper(paper: &Paper, page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let mut is_first = true;
    for block in paper.blocks() {
        if block.lines.is_empty() && block.heading.is_empty() {
            continue;
        }
        if !block.heading.is_empty() {
            if !is_first {
                writeln!(out)?;
            }
            writeln!(out, "{}", escaped(&block.heading))?;
        }
        is_first = false;
        write_block(block, page, out)?;
    }
    Ok(())
}

fn write_block(block: &Block, page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<Vec<String>> = (block.lines.iter())
        .map(|line| line.iter().map(|part| text_of(part, page.color)).collect())
        .collect();
    let mut widths: Vec<usize> = Vec::new();
    for line in &shown {
        // The last cell of a line reaches as far as it likes.
        for (index, text) in line.iter().enumerate().take(line.len().saturating_sub(1)) {
            if widths.len() <= index {
                widths.push(0);
            }
            widths[index] = widths[index].max(display_width(text));
        }
    }
    for (line, parts) in shown.iter().zip(&block.lines) {
        write_parts(line, parts, &widths, block.indent, page, out)?;
    }
    Ok(())
}

fn write_parts(
    line: &[String],
    parts: &[Part],
    widths: &[usize],
    indent: usize,
    page: &Page,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((last, before)) = line.split_last() else {
        return writeln!(out);
    };
    let mut text = String::new();
    for (index, cell) in before.iter().enumerate() {
        push_cell(&mut text, cell, widths[index], is_numeric(&parts[index]));
    }
    let at_right = parts.last().is_some_and(is_numeric);
    let column = widths.get(before.len()).copied().filter(|_| at_right);
    if !before.is_empty() {
        text.push_str("  ");
    }
    let padding = column.map_or(0, |width| width.saturating_sub(display_width(last)));
    text.extend(std::iter::repeat_n(' ', padding));
    let width = page.width.unwrap_or(WIDTH);
    let mut line = format!("{}{text}", " ".repeat(indent));
    let mut start = display_width(&line);
    let room = width.saturating_sub(start);
    if room < NARROWEST && display_width(last) > room && start > indent + BELOW {
        // It goes on below the others, with more room.
        write_line(out, line.trim_end(), page.color)?;
        start = indent + BELOW;
        line = " ".repeat(start);
    }
    let room = width.saturating_sub(start);
    let is_aside = page.color && parts.last().is_some_and(|part| part.tone == ASIDE);
    for (index, part) in wrapped(last, room.max(NARROWEST)).split('\n').enumerate() {
        let part = if is_aside {
            // Each line ends the colour, so that the page around it keeps its own.
            format!("{ASIDE_MARK}{part}{END_MARK}")
        } else {
            part.to_owned()
        };
        if index == 0 {
            let whole = format!("{line}{part}");
            write_line(out, whole.trim_end(), page.color)?;
        } else {
            let whole = format!("{}{part}", " ".repeat(start));
            write_line(out, whole.trim_end(), page.color)?;
        }
    }
    Ok(())
}

fn text_of(part: &Part, color: bool) -> String {
    let column = match metric_by_name(part.tone) {
        Some(metric) => Column::of_metric(metric),
        None => Column::new(part.tone, part.kind),
    };
    let column = Column {
        kind: part.kind,
        ..column
    };
    let text = cell_text(&part.value, &column, color).into_owned();
    // No heading tells the unit here.
    let is_amount = matches!(
        part.value,
        Value::Money(_) | Value::Exact(_) | Value::Float(_)
    );
    if part.kind == Type::Money && is_amount {
        text + column.units.sign()
    } else {
        text
    }
}

fn is_numeric(part: &Part) -> bool {
    matches!(
        part.kind,
        Type::Number | Type::Money | Type::Ratio | Type::Days
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Money;

    fn text_of(paper: &Paper, width: Option<usize>) -> String {
        let page = Page {
            width,
            ..Page::default()
        };
        let mut out = Vec::new();
        render_paper(paper, &page, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_line_up_and_the_last_is_broken() {
        let mut paper = Paper::default();
        let money = |units| Part::of(Money::whole(units), Type::Money);
        paper
            .block("money")
            .line([
                Part::text("株洲"),
                money(1250),
                Part::text("one two three four five six"),
            ])
            .line([Part::text("a\u{1b}b"), money(7), Part::text("x")]);
        paper.block("nothing more");
        assert_eq!(
            text_of(&paper, Some(46)),
            "money\n  \
             株洲      1,250.00  one two three four five\n                      six\n  \
             a\\u{1b}b      7.00  x\n\nnothing more\n"
        );
    }

    #[test]
    fn a_text_without_room_goes_on_below() {
        let mut paper = Paper::default();
        let place = Part::text("interactions/finance/2026.csv:127");
        paper
            .block("rows")
            .line([place.clone(), Part::text("paid in two parts")])
            .line([place, Part::text("paid")]);
        assert_eq!(
            text_of(&paper, Some(44)),
            "rows\n  interactions/finance/2026.csv:127\n      paid in two parts\n  \
             interactions/finance/2026.csv:127  paid\n"
        );
    }
}
