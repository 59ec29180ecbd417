//! Workbooks: typed cells, so that a spreadsheet computes with them; every sheet with a filter and a heading
//! that stays, and a last sheet that says what it all is.
//!
//! Nothing that a spreadsheet would change is handed to it as a number: what its 15 digits do not carry is
//! text. The file has no clock, no host and no version in it, and rows go to a temporary file as they come.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::answer::{Column, GridRows};
use crate::metric::{Type, Value, metric_by_name};
use crate::source::{Cut as _, display_width, told};
use crate::words::terms::{term, terms_of};
use crate::words::{derived, say, write_say, written};

use super::Page;
use super::formula::is_formula;
use super::people::shown;
use super::plain::plain;

/// The rows that a sheet has room for, its heading among them.
const MOST_ROWS: usize = 1_048_576;

/// The columns that it has room for.
const MOST_COLUMNS: usize = 16_384;

/// The characters that a cell has room for, as spreadsheets count them: in UTF-16.
const MOST_CHARACTERS: usize = 32_767;

/// How many digits of a number a spreadsheet keeps.
const DIGITS_KEPT: usize = 15;

/// How wide a column is: at least, and at most.
const WIDTHS: (usize, usize) = (8, 60);

/// What a heading wants beside its text: the button of the filter.
const BUTTON: usize = 3;

/// The name of the sheet that tells what the workbook is.
const ABOUT: &str = "about";

/// What a workbook says of itself on its last sheet.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The command that made it.
    pub command: &'a str,
    /// The name of the book's folder, if it is of a book.
    pub book: Option<&'a str>,
}

/// Writes rows as the one sheet of a workbook.
pub(super) fn render(rows: &dyn GridRows, page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    render_sheets(&[(page.envelope.name, rows)], page, out)
}

/// Writes a workbook of several sheets, each with the name that its tab is to have.
///
/// # Errors
/// If a sheet has no room for what is to stand there, and whatever the stream says.
pub fn render_sheets(
    sheets: &[(&str, &dyn GridRows)],
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut book = Workbook::new();
    // Without a fixed day the clock would be in the file.
    let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(in_words)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let looks = Looks::new();
    let mut tabs = Tabs::default();
    for (name, rows) in sheets {
        let sheet = book
            .add_worksheet_with_constant_memory()
            .map_err(in_words)?;
        sheet.set_name(tabs.tab(name)).map_err(in_words)?;
        write_sheet(sheet, *rows, page, &looks)?;
    }
    let sheet = book
        .add_worksheet_with_constant_memory()
        .map_err(in_words)?;
    sheet.set_name(ABOUT).map_err(in_words)?;
    let columns = sheets.first().map_or(&[][..], |(_, rows)| rows.columns());
    write_about(sheet, columns, page, &looks).map_err(in_words)?;
    let bytes = book.save_to_buffer().map_err(in_words)?;
    out.write_all(&bytes)
}

/// How cells look.
struct Looks {
    heading: Format,
    money: Format,
    day: Format,
    ratio: Format,
    whole: Format,
    /// A text that stays one when it is edited.
    guarded: Format,
    prose: Format,
}

impl Looks {
    fn new() -> Self {
        let number = |format: &str| Format::new().set_num_format(format);
        Self {
            heading: Format::new().set_bold(),
            money: number("#,##0.00"),
            day: number("yyyy-mm-dd"),
            ratio: number("0.0%"),
            whole: number("0"),
            guarded: Format::new().set_quote_prefix(),
            prose: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

/// Writes the heading and the rows of one sheet.
fn write_sheet(
    sheet: &mut Worksheet,
    rows: &dyn GridRows,
    page: &Page<'_>,
    looks: &Looks,
) -> io::Result<()> {
    let columns = rows.columns();
    if rows.row_count() >= MOST_ROWS {
        let (found, most) = (rows.row_count(), MOST_ROWS - 1);
        return Err(no_room(say!(
            "a sheet has room for {most} rows, and there are {found}: `-n` takes some, `-f csv` all",
            "一张工作表最多 {most} 行，而这里有 {found} 行：`-n` 只取一部分，`-f csv` 可得全部"
        )));
    }
    if columns.len() > MOST_COLUMNS {
        return Err(no_room(say!(
            "a sheet has room for {MOST_COLUMNS} columns, and there are {}",
            "一张工作表最多 {MOST_COLUMNS} 列，而这里有 {} 列",
            columns.len()
        )));
    }
    let mut widths: Vec<usize> = columns.iter().map(heading_width).collect();
    let last = column_number(columns.len().max(1) - 1);
    for (at, column) in columns.iter().enumerate() {
        let (at, looks) = (column_number(at), &looks.heading);
        let heading = text_that_fits(&column.heading, column, 0)?;
        sheet
            .write_string_with_format(0, at, heading, looks)
            .map_err(in_words)?;
    }
    let mut number = 0;
    rows.for_each(&mut |row| {
        number += 1;
        for (at, (value, column)) in row.iter().zip(columns).enumerate() {
            if widths[at] < WIDTHS.1 {
                widths[at] = widths[at].max(display_width(&shown(value, column.kind)));
            }
            let place = (number, column_number(at));
            write_cell(sheet, place, value, column, page, looks)?;
        }
        Ok(())
    })?;
    sheet.set_freeze_panes(1, 0).map_err(in_words)?;
    sheet.autofilter(0, 0, number, last).map_err(in_words)?;
    for (at, width) in widths.iter().enumerate() {
        set_width(sheet, column_number(at), *width).map_err(in_words)?;
    }
    Ok(())
}

fn heading_width(column: &Column) -> usize {
    display_width(&column.heading) + BUTTON
}

fn set_width(sheet: &mut Worksheet, column: u16, width: usize) -> Result<(), XlsxError> {
    // The last character of a cell has no room where the width is just the text's.
    let width = (width + 1).clamp(WIDTHS.0, WIDTHS.1);
    let width = f64::from(u8::try_from(width).expect("a width is at most 60"));
    sheet.set_column_width(column, width)?;
    Ok(())
}

/// Writes one value; unknown stays blank.
fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    value: &Value<'_>,
    column: &Column,
    page: &Page<'_>,
    looks: &Looks,
) -> io::Result<()> {
    let text = match value {
        Value::Unknown => return Ok(()),
        Value::Bool(yes) => {
            sheet.write_boolean(row, at, *yes).map_err(in_words)?;
            return Ok(());
        }
        _ => match number_of(value, column.kind) {
            Some((number, look)) => {
                let written = match look.of(looks) {
                    Some(look) => sheet.write_number_with_format(row, at, number, look),
                    None => sheet.write_number(row, at, number),
                };
                written.map_err(in_words)?;
                return Ok(());
            }
            None => plain(value, column.kind),
        },
    };
    let text = text_that_fits(&text, column, row)?;
    let written = if is_formula(text) && !page.raw {
        sheet.write_string_with_format(row, at, text, &looks.guarded)
    } else {
        sheet.write_string(row, at, text)
    };
    written.map(drop).map_err(in_words)
}

/// Returns a text, unless a cell has no room for it.
fn text_that_fits<'t>(text: &'t str, column: &Column, row: u32) -> io::Result<&'t str> {
    // No character takes more units than bytes.
    if text.len() <= MOST_CHARACTERS || text.encode_utf16().count() <= MOST_CHARACTERS {
        return Ok(text);
    }
    let (name, row) = (told(&column.name), row + 1);
    Err(no_room(say!(
        "a cell has room for {MOST_CHARACTERS} characters, and a text of `{name}` in row {row} is longer: \
         `-c -{name}` leaves the column out, `-f csv` has all of it",
        "一个单元格最多 {MOST_CHARACTERS} 个字符，而第 {row} 行 `{name}` 的文本更长：`-c -{name}` 去掉这一列，\
         `-f csv` 可得全文"
    )))
}

/// How a number looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberLook {
    Money,
    Day,
    Ratio,
    Whole,
    Usual,
}

impl NumberLook {
    fn of(self, looks: &Looks) -> Option<&Format> {
        Some(match self {
            Self::Money => &looks.money,
            Self::Day => &looks.day,
            Self::Ratio => &looks.ratio,
            Self::Whole => &looks.whole,
            Self::Usual => return None,
        })
    }
}

/// Returns a value as the number that a spreadsheet keeps; `None` where it would lose some of it.
fn number_of(value: &Value<'_>, kind: Type) -> Option<(f64, NumberLook)> {
    let is_money = kind == Type::Money || matches!(value, Value::Money(_));
    match value {
        Value::Date(day) => Some((serial(*day)?, NumberLook::Day)),
        Value::Money(_) | Value::Exact(_) | Value::Float(_) if is_money => {
            Some((carried(&plain(value, Type::Money))?, NumberLook::Money))
        }
        Value::Exact(number) if number.denominator() == 1 => {
            let look = match kind {
                Type::Ratio => NumberLook::Ratio,
                _ => NumberLook::Whole,
            };
            Some((carried(&plain(value, kind))?, look))
        }
        Value::Exact(_) | Value::Float(_) => {
            let look = match kind {
                Type::Ratio => NumberLook::Ratio,
                Type::Days => NumberLook::Whole,
                _ => NumberLook::Usual,
            };
            Some((value.to_f64()?, look))
        }
        _ => None,
    }
}

/// Returns the number that a decimal text stands for, if its digits are not too many.
fn carried(text: &str) -> Option<f64> {
    let digits = text.trim_start_matches('-').replace('.', "");
    let digits = digits.trim_start_matches('0');
    let significant = if text.contains('.') {
        digits.trim_end_matches('0')
    } else {
        digits
    };
    (significant.len() <= DIGITS_KEPT).then(|| text.parse().ok())?
}

/// Returns a day as the number that stands for it, if it is one on which all spreadsheets agree: some take
/// 1900 for a leap year.
fn serial(day: NaiveDate) -> Option<f64> {
    let first = NaiveDate::from_ymd_opt(1900, 3, 1)?;
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let is_known = day >= first && day.year() <= 9999;
    let days = i32::try_from(day.signed_duration_since(zero).num_days()).ok()?;
    is_known.then(|| f64::from(days))
}

/// Writes what the workbook is: the command, the day, the book, and what the columns mean.
fn write_about(
    sheet: &mut Worksheet,
    columns: &[Column],
    page: &Page<'_>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let day = page.envelope.as_of.map(|it| it.to_string());
    let rev = page
        .envelope
        .rev
        .map(|(name, commit)| format!("{name} ({commit})"));
    let facts = [
        (write_say!("command", "命令"), Some(page.about.command)),
        (write_say!("as of", "截止日"), day.as_deref()),
        (write_say!("revision", "版本"), rev.as_deref()),
        (write_say!("book", "账本"), page.about.book),
    ];
    let mut row = 0;
    for (name, text) in facts {
        let Some(text) = text else { continue };
        sheet.write_string_with_format(row, 0, name, &looks.heading)?;
        sheet.write_string_with_format(row, 1, cut(text), &looks.guarded)?;
        row += 1;
    }
    row += 1;
    let headings = written().pick(
        ["column", "heading", "type", "definition"],
        ["列", "标题", "类型", "定义"],
    );
    for (at, heading) in headings.iter().enumerate() {
        sheet.write_string_with_format(row, column_number(at), *heading, &looks.heading)?;
    }
    for column in columns {
        row += 1;
        sheet.write_string_with_format(row, 0, cut(&column.name), &looks.guarded)?;
        sheet.write_string_with_format(row, 1, cut(&column.heading), &looks.guarded)?;
        sheet.write_string(row, 2, type_name(column.kind))?;
        let definition = definition(&column.name).into_owned();
        sheet.write_string_with_format(row, 3, definition, &looks.prose)?;
    }
    let names = columns.iter().map(|it| display_width(&it.name)).max();
    set_width(sheet, 0, names.unwrap_or_default())?;
    let headings = columns.iter().map(heading_width).max();
    set_width(sheet, 1, headings.unwrap_or_default())?;
    set_width(sheet, 2, 0)?;
    set_width(sheet, 3, WIDTHS.1 - 1)
}

/// Returns what a type is called.
fn type_name(kind: Type) -> &'static str {
    let chinese = term(terms_of("metrics", "type"), kind.name());
    written().pick(kind.name(), chinese.unwrap_or(kind.name()))
}

/// Returns what the catalogue says of a column; empty where it is a report's own.
fn definition(name: &str) -> Cow<'static, str> {
    if let Some(metric) = metric_by_name(name) {
        return metric.entry().defined_in(written()).into();
    }
    let table = name.split_once('.').map(|it| it.0);
    if matches!(table, Some("custom" | "profile" | "scorecard")) {
        return write_say!("`{name}` of the customer's file", "客户文件里的 `{name}`").into();
    }
    let parts = name.split_once(':');
    let of_metric = parts.and_then(|(taken, name)| Some((taken, metric_by_name(name)?)));
    of_metric.map_or(Cow::Borrowed(""), |(taken, metric)| {
        let definition = metric.entry().defined_in(written());
        let name = metric.name();
        let chinese = derived(&format!("{taken}:")).map_or(taken, |it| it.0);
        write_say!(
            "{taken} of `{name}`: {definition}",
            "`{name}` 的{chinese}：{definition}"
        )
        .into()
    })
}

/// Returns as much of a text as a cell has room for.
fn cut(text: &str) -> &str {
    let end = text.char_indices().nth(MOST_CHARACTERS / 2);
    end.map_or(text, |(end, _)| text.cut(..end))
}

/// The names of the tabs so far, in small letters.
#[derive(Default)]
struct Tabs(Vec<String>);

/// The names that no other sheet may have: Excel keeps the second for itself.
const RESERVED: [&str; 2] = [ABOUT, "history"];

impl Tabs {
    /// Returns a name that a tab may have and none has yet: as near to the one that is wanted as can be.
    fn tab(&mut self, wanted: &str) -> String {
        // What a spreadsheet refuses there.
        let fits =
            |it: char| !matches!(it, '[' | ']' | ':' | '*' | '?' | '/' | '\\') && !it.is_control();
        let plain: String = wanted
            .chars()
            .map(|it| if fits(it) { it } else { '_' })
            .collect();
        let plain = plain.trim().trim_matches('\'');
        let is_reserved = RESERVED.contains(&plain.to_lowercase().as_str());
        let plain = &match plain {
            "" => "_".to_owned(),
            _ if is_reserved => format!("{plain}_"),
            _ => plain.to_owned(),
        };
        let numbered = |number: usize| {
            let end = match number {
                1 => String::new(),
                _ => format!(" ({number})"),
            };
            shortened(plain, TAB_UNITS - end.len()).to_owned() + &end
        };
        let is_free = |tab: &String| !self.0.contains(&tab.to_lowercase());
        let tab = (1..=1 + self.0.len()).map(numbered).find(is_free);
        let tab = tab.expect("there are more numbers than tabs");
        self.0.push(tab.to_lowercase());
        tab
    }
}

/// How long a tab's name may be, in UTF-16.
const TAB_UNITS: usize = 31;

/// Returns the beginning of a text that has room in so many units of UTF-16.
fn shortened(text: &str, units: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, character)| {
        used += character.len_utf16();
        used > units
    });
    let text = end.map_or(text, |(end, _)| text.cut(..end));
    // A cut may leave a blank or a mark at the end, which no tab may have.
    text.trim_end_matches(['\'', ' '])
}

fn column_number(at: usize) -> u16 {
    u16::try_from(at).expect("there are at most 16384 columns")
}

fn no_room(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// Turns what the writer of workbooks says into an error of the stream, which it mostly is.
fn in_words(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error.to_string()),
    }
}
