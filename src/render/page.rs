//! A page of `docs/` as a terminal shows it: its Markdown as plain text, wrapped.
//!
//! Code keeps its backticks, emphasis goes; a link keeps its address if that is one of the web. Tables are
//! those of any answer.

use std::io::{self, Write};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::answer::{Column, Sheet};
use crate::metric::{Type, Value};

use super::prose::{is_parted, wrapped};
use super::{Format, Page, render};

/// By how much code and the parts of lists stand in.
const INDENT: usize = 2;

/// The width of a page that no terminal shows, and the widest that one does: longer lines are hard to read.
const WIDEST_PAGE: usize = 100;

/// Writes a page.
///
/// # Errors
/// Whatever the stream says.
pub fn render_page(markdown: &str, page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = PageWriter {
        out,
        width: page.width.map_or(WIDEST_PAGE, |it| it.min(WIDEST_PAGE)),
        color: page.color,
        text: String::new(),
        lists: Vec::new(),
        mark: None,
        links: Vec::new(),
        table: Vec::new(),
        is_first: true,
        is_line_over: false,
        is_in_item: false,
    };
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        writer.take(event)?;
    }
    Ok(())
}

/// What is known of a page so far.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is known or not, by itself"
)]
struct PageWriter<'o> {
    out: &'o mut dyn Write,
    width: usize,
    color: bool,
    /// The text of the block that is being read.
    text: String,
    /// The lists that are open, each with the number of its next part if it counts.
    lists: Vec<Option<u64>>,
    /// What stands before the first line of a part of a list.
    mark: Option<String>,
    links: Vec<String>,
    /// The rows of the table that is being read.
    table: Vec<Vec<String>>,
    is_first: bool,
    /// Whether a line of the page ended, and nothing has followed yet.
    is_line_over: bool,
    /// Whether the next block is of the same part of a list as the one before.
    is_in_item: bool,
}

impl PageWriter<'_> {
    fn take(&mut self, event: Event<'_>) -> io::Result<()> {
        match event {
            Event::Start(tag) => self.start(tag)?,
            Event::End(tag) => self.end(tag)?,
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.go_on(&text);
                self.text.push_str(&text);
            }
            Event::Code(code) => {
                self.go_on("`");
                self.text.push('`');
                self.text.push_str(&code);
                self.text.push('`');
            }
            Event::SoftBreak => self.is_line_over = true,
            Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.gap()?,
            // Of these the pages have none: they are asked for by options of the parser.
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
        Ok(())
    }

    /// Writes the blank that a line break of the page stands for before what follows; Chinese has none.
    fn go_on(&mut self, after: &str) {
        if std::mem::take(&mut self.is_line_over) && is_parted(&self.text, after) {
            self.text.push(' ');
        }
    }

    fn start(&mut self, tag: Tag<'_>) -> io::Result<()> {
        match tag {
            Tag::List(first) => {
                self.block()?;
                self.lists.push(first);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.mark = Some(mark);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                self.block()?;
                // The name of a file that the block is.
                if let Some((_, path)) = info.split_once(' ') {
                    self.gap()?;
                    writeln!(self.out, "{path}:")?;
                    self.is_in_item = true;
                }
            }
            Tag::Link { dest_url, .. } => self.links.push(dest_url.into_string()),
            Tag::TableHead | Tag::TableRow => self.table.push(Vec::new()),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> io::Result<()> {
        match tag {
            TagEnd::Heading(level) => self.heading(level)?,
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.block()?,
            TagEnd::Item => {
                self.block()?;
                self.mark = None;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.is_in_item &= !self.lists.is_empty();
            }
            TagEnd::CodeBlock => self.code()?,
            TagEnd::Link => {
                let url = self.links.pop().expect("a link that ends has begun");
                if url.starts_with("http") && !self.text.ends_with(&url) {
                    self.text.push_str(" (");
                    self.text.push_str(&url);
                    self.text.push(')');
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.text);
                if let Some(row) = self.table.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.table()?,
            _ => {}
        }
        Ok(())
    }

    /// Writes the blank line between two blocks.
    fn gap(&mut self) -> io::Result<()> {
        let is_close = std::mem::take(&mut self.is_in_item);
        if std::mem::take(&mut self.is_first) || is_close {
            return Ok(());
        }
        writeln!(self.out)
    }

    fn heading(&mut self, level: HeadingLevel) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        self.gap()?;
        let text = if level == HeadingLevel::H1 {
            text.to_uppercase()
        } else {
            text
        };
        if self.color {
            writeln!(self.out, "\u{1b}[1m{text}\u{1b}[0m")
        } else {
            writeln!(self.out, "{text}")
        }
    }

    /// Writes the text that has been read, as a paragraph or a part of a list.
    fn block(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        if text.is_empty() {
            return Ok(());
        }
        let depth = self.lists.len();
        let before = " ".repeat(INDENT * depth.saturating_sub(1));
        let hanging = if depth == 0 { 0 } else { INDENT };
        let indent = before.len() + hanging;
        let mark = self.mark.take();
        // The parts of a list stand close, as do what else belongs to one.
        let is_later_item = mark.is_some() && std::mem::replace(&mut self.is_in_item, false);
        if !is_later_item {
            self.gap()?;
        }
        let text = wrapped(&text, self.width.saturating_sub(indent));
        for (index, line) in text.lines().enumerate() {
            match mark.as_deref().filter(|_| index == 0) {
                Some(mark) => writeln!(self.out, "{before}{mark}{line}")?,
                None => writeln!(self.out, "{:indent$}{line}", "")?,
            }
        }
        self.is_in_item = depth > 0;
        Ok(())
    }

    /// Writes a block of code as it stands.
    fn code(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        self.gap()?;
        let indent = INDENT * (self.lists.len() + 1);
        for line in text.lines() {
            if line.is_empty() {
                writeln!(self.out)?;
            } else {
                writeln!(self.out, "{:indent$}{line}", "")?;
            }
        }
        Ok(())
    }

    /// Writes a table, its first row above a line.
    fn table(&mut self) -> io::Result<()> {
        let mut rows = std::mem::take(&mut self.table).into_iter();
        let head = rows.next().unwrap_or_default();
        self.gap()?;
        let column = |(index, heading): (usize, &String)| {
            Column::new(index.to_string(), Type::Text).heading(heading.clone())
        };
        let mut sheet = Sheet::new(head.iter().enumerate().map(column).collect());
        for row in rows {
            sheet.push(row.into_iter().map(Value::text));
        }
        let page = Page {
            width: Some(self.width),
            ..Page::default()
        };
        render(&sheet, Format::Table, &page, self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, width: usize, expected: &str) {
        let page = Page {
            width: Some(width),
            ..Page::default()
        };
        let mut out = Vec::new();
        render_page(markdown, &page, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn shows_blocks_as_plain_text() {
        check(
            "# Rules\n\nA *rule* of `x`, see [here](rules.md)\nand [there](https://a.example).\n\n\
             ## More\n\n- one is long enough\n  to wrap\n- two\n  - deep\n\nAfter.\n\n\
             1. first\n2. second\n",
            24,
            "\
RULES

A rule of `x`, see here
and there
(https://a.example).

More

- one is long enough to
  wrap
- two
  - deep

After.

1. first
2. second
",
        );
    }

    #[test]
    fn shows_code_and_tables() {
        check(
            "Text:\n\n```console\n$ guanxi due\n\n  id\n```\n\n```toml a/b.toml\nx = 1\n```\n\n\
             | key | what it says of a customer |\n|---|---|\n| `a\\|b` | 回访 every so many days |\n",
            30,
            "\
Text:

  $ guanxi due

    id

a/b.toml:
  x = 1

key    what it says of a
       customer
------------------------------
`a|b`  回访 every so many days
",
        );
    }
}
