//! CSV and TSV, for scripts and spreadsheets.
//!
//! Both are RFC 4180 with LF: a cell with the separator, a quote or a line break is quoted, in TSV
//! too, as every reader of such files knows it. Unknown is empty. A text that a spreadsheet would
//! run as a formula gets a `'` before it, unless the user asks for the raw text. On a terminal, and
//! only there, what could act on it is escaped. Some programs know UTF-8 only by the mark before it.

use std::io::{self, Write};

use crate::answer::Rows;
use crate::metric::{Type, Value};
use crate::source::escaped_lines;

use super::Page;
use super::formula::is_formula;
use super::lines::write_lines;
use super::plain::{bool_word, push_date, push_number};

/// Writes a header of the columns' names, and the rows.
pub(super) fn render(
    rows: &dyn Rows,
    separator: u8,
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = rows.columns();
    let writer = || Writer {
        line: Vec::with_capacity(256),
        cell: String::new(),
        separator,
        raw: page.raw,
        is_terminal: page.is_terminal,
    };
    let mut header = writer();
    for column in columns {
        header.text(&column.name);
    }
    if page.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    out.write_all(header.end_line())?;
    let kinds: Vec<Type> = columns.iter().map(|column| column.kind).collect();
    let make = || {
        let mut writer = writer();
        let kinds = &kinds;
        move |lines: &mut Vec<u8>, _: usize, row: &[Value<'_>]| {
            for (value, kind) in row.iter().zip(kinds) {
                writer.value(value, *kind);
            }
            lines.extend_from_slice(writer.end_line());
            writer.line.clear();
        }
    };
    write_lines(rows, page.threads, make, out)
}

/// One line as it grows.
struct Writer {
    line: Vec<u8>,
    cell: String,
    separator: u8,
    raw: bool,
    is_terminal: bool,
}

impl Writer {
    fn value(&mut self, value: &Value<'_>, kind: Type) {
        match value {
            Value::Text(text) => return self.text(text),
            Value::List(list) => {
                let mut cell = std::mem::take(&mut self.cell);
                cell.clear();
                for (index, text) in list.iter().enumerate() {
                    if index > 0 {
                        cell.push(';');
                    }
                    cell.push_str(text);
                }
                self.text(&cell);
                self.cell = cell;
                return;
            }
            Value::Unknown => {}
            Value::Date(date) => push_date(&mut self.line, *date),
            Value::Bool(yes) => self.line.extend_from_slice(bool_word(*yes)),
            Value::Exact(_) | Value::Float(_) | Value::Money(_) => {
                push_number(&mut self.line, value, kind);
            }
        }
        self.line.push(self.separator);
    }

    /// Appends a text, protected and quoted as it needs.
    fn text(&mut self, text: &str) {
        if self.is_terminal {
            return self.plain_text(&escaped_lines(text));
        }
        self.plain_text(text);
    }

    fn plain_text(&mut self, text: &str) {
        let is_formula = !self.raw && is_formula(text);
        let must_quote = |byte| matches!(byte, b'"' | b'\r' | b'\n') || byte == self.separator;
        // A first cell that begins with `#` would be a comment to some readers, the book's own too.
        let is_comment = self.line.is_empty() && text.starts_with('#');
        if is_comment
            || text
                .bytes()
                .fold(false, |must, byte| must | must_quote(byte))
            || text.starts_with(' ')
            || text.ends_with(' ')
        {
            self.line.push(b'"');
            if is_formula {
                self.line.push(b'\'');
            }
            for byte in text.bytes() {
                if byte == b'"' {
                    self.line.push(b'"');
                }
                self.line.push(byte);
            }
            self.line.push(b'"');
        } else {
            if is_formula {
                self.line.push(b'\'');
            }
            self.line.extend_from_slice(text.as_bytes());
        }
        self.line.push(self.separator);
    }

    /// Ends the line and returns it; it is to be cleared before the next.
    fn end_line(&mut self) -> &[u8] {
        // Every cell left a separator behind it.
        self.line.pop();
        // A row of one empty cell would be a blank line, which readers skip.
        if self.line.is_empty() {
            self.line.extend_from_slice(b"\"\"");
        }
        self.line.push(b'\n');
        &self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Column, Sheet};
    use crate::model::{Fraction, Money};
    use crate::render::{Format, Page, render};

    fn text_of(sheet: &Sheet<'_>, format: Format, raw: bool) -> String {
        let mut out = Vec::new();
        let page = Page {
            raw,
            ..Page::default()
        };
        render(sheet, format, &page, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn cell(text: &str, format: Format, raw: bool) -> String {
        let columns = ["id", "x", "y"].map(|name| Column::new(name, Type::Text));
        let mut sheet = Sheet::new(columns.to_vec());
        sheet.push(["a".into(), text.into(), "b".into()]);
        let out = text_of(&sheet, format, raw);
        let separator = if format == Format::Csv { ',' } else { '\t' };
        let row = out.split_once('\n').unwrap().1;
        let row = row.strip_prefix(&format!("a{separator}")).unwrap();
        row.strip_suffix(&format!("{separator}b\n"))
            .unwrap()
            .to_owned()
    }

    #[test]
    fn writes_values_for_scripts() {
        let columns = [
            ("id", Type::Text),
            ("value", Type::Money),
            ("share", Type::Ratio),
            ("days", Type::Days),
            ("lost", Type::Bool),
            ("tags", Type::List),
        ];
        let columns = columns.map(|(name, kind)| Column::new(name, kind));
        let mut sheet = Sheet::new(columns.to_vec());
        sheet.push([
            "株洲".into(),
            Money::whole(-1250).into(),
            Fraction::new(1, 8).unwrap().into(),
            Value::whole(14),
            false.into(),
            Value::List(vec!["a,b".into(), "c".into()]),
        ]);
        sheet.push([
            "b".into(),
            Value::Unknown,
            Value::Unknown,
            Value::Unknown,
            Value::Unknown,
            Value::List(vec![]),
        ]);
        assert_eq!(
            text_of(&sheet, Format::Csv, false),
            "id,value,share,days,lost,tags\n\
             株洲,-1250.00,0.125,14,false,\"a,b;c\"\n\
             b,,,,,\n"
        );
        assert_eq!(
            text_of(&sheet, Format::Tsv, false).lines().nth(1),
            Some("株洲\t-1250.00\t0.125\t14\tfalse\ta,b;c")
        );
    }

    #[test]
    fn quotes_what_must_be() {
        let csv = |text| cell(text, Format::Csv, false);
        assert_eq!(csv("plain"), "plain");
        assert_eq!(csv("a,b"), "\"a,b\"");
        assert_eq!(csv("6\" pipe"), "\"6\"\" pipe\"");
        assert_eq!(csv("a\nb"), "\"a\nb\"");
        assert_eq!(csv(" a"), "\" a\"");
        assert_eq!(cell("a\tb", Format::Tsv, false), "\"a\tb\"");
        assert_eq!(cell("a,b", Format::Tsv, false), "a,b");
        let mut sheet = Sheet::new(vec![Column::new("x", Type::Text)]);
        sheet.push([Value::Unknown]);
        sheet.push(["#a".into()]);
        assert_eq!(text_of(&sheet, Format::Csv, false), "x\n\"\"\n\"#a\"\n");
    }

    #[test]
    fn escapes_what_acts_on_a_terminal_there_and_nowhere_else() {
        let mut sheet = Sheet::new(vec![Column::new("x\u{1b}", Type::Text)]);
        sheet.push(["a\u{202e}\u{9b}b\n\u{e0041}".into()]);
        sheet.push([Value::List(vec!["\u{7f}".into(), "c".into()])]);
        let written = |is_terminal| {
            let page = Page {
                is_terminal,
                ..Page::default()
            };
            let mut out = Vec::new();
            render(&sheet, Format::Csv, &page, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            written(false),
            "x\u{1b}\n\"a\u{202e}\u{9b}b\n\u{e0041}\"\n\u{7f};c\n"
        );
        assert_eq!(
            written(true),
            "x\\u{1b}\n\"a\\u{202e}\\u{9b}b\n\\u{e0041}\"\n\\u{7f};c\n"
        );
    }

    #[test]
    fn protects_from_formulas() {
        let csv = |text| cell(text, Format::Csv, false);
        assert_eq!(csv("=1+1"), "'=1+1");
        assert_eq!(csv("+86 731"), "'+86 731");
        assert_eq!(csv("-5"), "-5");
        assert_eq!(csv("-12.50"), "-12.50");
        assert_eq!(csv("-5+cmd"), "'-5+cmd");
        assert_eq!(csv("-"), "'-");
        assert_eq!(csv("-1."), "'-1.");
        assert_eq!(csv("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(csv("  =1"), "\"'  =1\"");
        assert_eq!(csv("\u{3000}\u{feff}＝1"), "'\u{3000}\u{feff}＝1");
        assert_eq!(csv("\t=1"), "'\t=1");
        assert_eq!(csv(" \n=1"), "\"' \n=1\"");
        assert_eq!(csv("=\"a\",1"), "\"'=\"\"a\"\",1\"");
        assert_eq!(csv("a=1"), "a=1");
        assert_eq!(csv("'=1"), "''=1");
        assert_eq!(csv("'-5"), "''-5");
        assert_eq!(csv("' '＝1"), "'' '＝1");
        assert_eq!(csv("'tis"), "'tis");
        assert_eq!(csv(""), "");
        assert_eq!(cell("=1+1", Format::Csv, true), "=1+1");
        assert_eq!(cell("＠x", Format::Tsv, false), "'＠x");
    }
}
