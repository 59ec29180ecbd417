//! A memo as one HTML page: no script, no outside address, and every text escaped by the crate that makes it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{cells, chart, more};
use crate::answer::{Chart, Memo, MemoSection, MemoTable, Piece};
use crate::source::{display_width, escaped};
use crate::words::written;

/// Nothing is loaded from anywhere; what the page looks like stands in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// How the page looks: on a screen as wide as 360 pixels, light and dark, and on paper.
const STYLE: &str = include_str!("style.css");

/// Returns the page.
pub(super) fn page(memo: &Memo) -> String {
    let title = clean(&memo.title);
    let sections: Vec<Markup> = memo.sections.iter().map(section).collect();
    let page = html! {
        (DOCTYPE)
        html lang=(written().pick("en", "zh-CN")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    @for text in &memo.lead { p { (clean(text)) } }
                    @for section in &sections { (section) }
                    @if !memo.closing.is_empty() { p.closing { (clean(&memo.closing)) } }
                }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

fn section(section: &MemoSection) -> Markup {
    html! {
        section {
            h2 { (clean(&section.heading)) }
            @for command in &section.commands { p.command { code { (clean(command)) } } }
            @for piece in &section.pieces {
                @match piece {
                    Piece::Text(text) => p { (clean(text)) },
                    Piece::Table(it) => (table(it, &section.heading)),
                    Piece::Chart(it) => (figure(it)),
                    Piece::Commands(commands) => details {
                        summary { (written().pick("Why", "依据")) }
                        @for command in commands { p.command { code { (clean(command)) } } }
                    },
                }
            }
        }
    }
}

/// Returns a table; its first column says what a row is.
fn table(table: &MemoTable, heading: &str) -> Markup {
    let columns = table.columns();
    let about = if table.caption.is_empty() {
        heading
    } else {
        &table.caption
    };
    let side = |at: usize| columns[at].is_numeric().then_some("number");
    let class = |at: usize, cell: &str| side(at).or_else(|| class_of(cell));
    html! {
        div.wide role="region" tabindex="0" aria-label=(clean(about)) {
            table {
                @if !table.caption.is_empty() { caption { (clean(&table.caption)) } }
                @if !table.is_bare {
                    thead { tr {
                        @for (at, column) in columns.iter().enumerate() {
                            th scope="col" class=[side(at)] { (clean(&column.heading)) }
                        }
                    } }
                }
                tbody {
                    @for row in cells(table) { tr {
                        @for (at, cell) in row.iter().enumerate() {
                            @if at == 0 { th scope="row" class=[class(at, cell)] { (cell) } }
                            @else { td class=[class(at, cell)] { (cell) } }
                        }
                    } }
                }
            }
        }
        @if let Some(more) = more(table) { p { (more) } }
    }
}

/// Returns how a text stands in its cell: a day, a ref or a short id is one word, not broken at a hyphen; a long
/// text gets some room.
fn class_of(cell: &str) -> Option<&'static str> {
    const LONGEST_WORD: usize = 12;
    const LONG_TEXT: usize = 40;
    if cell.len() <= LONGEST_WORD && cell.contains('-') && !cell.contains(char::is_whitespace) {
        return Some("whole");
    }
    (display_width(cell) > LONG_TEXT).then_some("long")
}

/// Returns a chart and its numbers.
fn figure(it: &Chart) -> Markup {
    let drawn = chart::draw(&it.marks);
    html! {
        h3 { (clean(&it.title)) }
        @if !it.command.is_empty() { p.command { code { (clean(&it.command)) } } }
        figure {
            svg role="img" aria-label=(clean(&it.title)) viewBox=(drawn.view) {
                title { (clean(&it.title)) }
                desc { (clean(&it.told)) }
                // The crate that draws escapes every text.
                (PreEscaped(drawn.marks))
            }
            figcaption { (clean(&it.told)) }
        }
        (table(&it.numbers, &it.title))
    }
}

/// Returns a text of which nothing acts on who reads it: characters that turn others round are written out.
fn clean(text: &str) -> String {
    escaped(&text.replace(['\n', '\r', '\t'], " ")).into_owned()
}
