//! A memo as Markdown. What a text could start in Markdown or HTML is escaped, so that it reads as it is stored.

use std::fmt::Write as _;

use super::{cells, more};
use crate::answer::{Memo, MemoSection, MemoTable, Piece};
use crate::render::markdown::push_escaped;
use crate::source::escaped;

/// Returns the text of a memo.
pub(super) fn page(memo: &Memo) -> String {
    let mut out = format!("# {}\n", line(&memo.title));
    for text in &memo.lead {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n{}\n", paragraph(text));
    }
    for section in &memo.sections {
        push_section(&mut out, section);
    }
    if !memo.closing.is_empty() {
        let _ = write!(out, "\n{}\n", paragraph(&memo.closing));
    }
    out
}

fn push_section(out: &mut String, section: &MemoSection) {
    let _ = write!(out, "\n## {}\n", line(&section.heading));
    push_commands(out, &section.commands);
    for piece in &section.pieces {
        match piece {
            Piece::Text(text) => {
                let _ = write!(out, "\n{}\n", paragraph(text));
            }
            Piece::Table(table) => push_table(out, table),
            Piece::Chart(chart) => {
                let _ = write!(out, "\n{}\n", paragraph(&chart.title));
                if !chart.command.is_empty() {
                    push_commands(out, std::slice::from_ref(&chart.command));
                }
                push_table(out, &chart.numbers);
            }
            Piece::Commands(commands) => push_commands(out, commands),
        }
    }
}

fn push_commands(out: &mut String, commands: &[String]) {
    if commands.is_empty() {
        return;
    }
    let commands: Vec<String> = commands.iter().map(|it| code(it)).collect();
    let _ = write!(out, "\n{}\n", commands.join(" · "));
}

fn push_table(out: &mut String, table: &MemoTable) {
    out.push('\n');
    if !table.caption.is_empty() {
        let _ = write!(out, "{}\n\n", paragraph(&table.caption));
    }
    let columns = table.columns();
    out.push('|');
    for column in columns {
        let heading = if table.is_bare { "" } else { &*column.heading };
        push_cell(out, heading);
    }
    out.push_str("\n|");
    for column in columns {
        out.push_str(if column.is_numeric() {
            " ---: |"
        } else {
            " --- |"
        });
    }
    out.push('\n');
    for row in cells(table) {
        out.push('|');
        for cell in row {
            push_cell(out, &cell);
        }
        out.push('\n');
    }
    if let Some(more) = more(table) {
        let _ = write!(out, "\n{more}\n");
    }
}

fn push_cell(out: &mut String, text: &str) {
    out.push(' ');
    push_escaped(out, text);
    out.push_str(" |");
}

/// Returns a text in one line.
fn line(text: &str) -> String {
    let text = text.replace(['\n', '\r', '\t'], " ");
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, &escaped(&text));
    out
}

/// Returns a text as a paragraph, which its first characters must not make a list or a heading.
fn paragraph(text: &str) -> String {
    let text = line(text);
    let digits = text.len()
        - text
            .trim_start_matches(|it: char| it.is_ascii_digit())
            .len();
    let (number, rest) = text.split_at(digits);
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{number}\\{rest}");
    }
    if text.starts_with(['#', '+', '-', '=', '>']) {
        return format!("\\{text}");
    }
    text
}

/// Returns a text as code: between more backticks than stand in it.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let text = escaped(&text);
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_paragraphs_are_only_that() {
        assert_eq!(code("guanxi due"), "`guanxi due`");
        assert_eq!(code("a `` b"), "```a `` b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(paragraph("1. one"), "1\\. one");
        assert_eq!(
            paragraph("# not a heading\nnor this"),
            "\\# not a heading nor this"
        );
        assert_eq!(paragraph("<b>*x*"), "&lt;b>\\*x\\*");
        assert_eq!(paragraph("> 1"), "\\> 1");
        assert_eq!(line("\u{202e}abc"), "\\\\u{202e}abc");
    }
}
