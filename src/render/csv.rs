//! CSV and TSV, for scripts and spreadsheets.
//!
//! Both are RFC 4180 with LF: a cell with the separator, a quote or a line break is quoted, in TSV
//! too, as every reader of such files knows it. Unknown is empty. A text that a spreadsheet would
//! run as a formula gets a `'` before it, unless the user asks for the raw text. On a terminal, and
//! only there, what could act on it is escaped. Some programs know UTF-8 only by the mark before it.

use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};

use crate::answer::GridRows;
use crate::metric::{Type, Value};
use crate::source::escaped_lines;

use super::Page;
use super::formula::protected;
use super::lines::{MakeLines, write_lines};
use super::plain::{bool_word, push_date, push_number};

/// Writes a header of the columns' names, and the rows.
pub(super) fn render(
    rows: &dyn GridRows,
    separator: u8,
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = rows.columns();
    let kinds: Vec<Type> = columns.iter().map(|column| column.kind).collect();
    if page.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let make = || CsvRecords::new(separator, page, &kinds);
    let mut header = make();
    for column in columns {
        header.text(&column.name)?;
    }
    header.end_record()?;
    out.write_all(&header.lines()?)?;
    write_lines(rows, page.threads, make, out)
}

/// Records of values as they are written.
struct CsvRecords<'p> {
    csv: csv::Writer<Vec<u8>>,
    /// The cell that is being made.
    cell: Vec<u8>,
    kinds: &'p [Type],
    raw: bool,
    is_terminal: bool,
}

impl<'p> CsvRecords<'p> {
    fn new(separator: u8, page: &Page<'_>, kinds: &'p [Type]) -> Self {
        // A first cell that begins with `#` would be a comment to some readers, the book's own too.
        let csv = WriterBuilder::new()
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .comment(Some(b'#'))
            .from_writer(Vec::new());
        Self {
            csv,
            cell: Vec::new(),
            kinds,
            raw: page.raw,
            is_terminal: page.is_terminal,
        }
    }

    fn value(&mut self, value: &Value<'_>, kind: Type) -> csv::Result<()> {
        self.cell.clear();
        match value {
            Value::Text(text) => return self.text(text),
            Value::List(list) => return self.text(&list.join(";")),
            Value::Unknown => {}
            Value::Date(date) => push_date(&mut self.cell, *date),
            Value::Bool(yes) => self.cell.extend_from_slice(bool_word(*yes)),
            Value::Exact(_) | Value::Float(_) | Value::Money(_) => {
                push_number(&mut self.cell, value, kind);
            }
        }
        self.csv.write_field(&self.cell)
    }

    /// Writes a text, protected as it needs.
    fn text(&mut self, text: &str) -> csv::Result<()> {
        if self.is_terminal {
            return self.plain_text(&escaped_lines(text));
        }
        self.plain_text(text)
    }

    fn end_record(&mut self) -> csv::Result<()> {
        self.csv.write_record(None::<&[u8]>)
    }

    fn plain_text(&mut self, text: &str) -> csv::Result<()> {
        if self.raw {
            return self.csv.write_field(text);
        }
        self.csv.write_field(&*protected(text))
    }
}

impl MakeLines for CsvRecords<'_> {
    fn line(&mut self, _: usize, row: &[Value<'_>]) -> io::Result<()> {
        for (value, kind) in row.iter().zip(self.kinds) {
            self.value(value, *kind)?;
        }
        Ok(self.end_record()?)
    }

    fn lines(self) -> io::Result<Vec<u8>> {
        self.csv
            .into_inner()
            .map_err(|it| io::Error::other(it.to_string()))
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
        assert_eq!(csv(" a"), " a");
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
        assert_eq!(csv("  =1"), "'  =1");
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
