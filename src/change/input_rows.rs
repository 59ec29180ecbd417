//! The rows of standard input that `log -` takes, as CSV or JSON, and what is wrong with them alone.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek as _, Write as _};

use anyhow::Context as _;

use super::Desk;
use super::input_faults::InputFaults;
use super::json_input::{JsonRow, is_json, json_rows};
use super::named::NamedCustomer;
use super::rows::TypedRow;
use super::wanted::{RowsWanted, TakeRow, WantedRow, WantedRows};
use crate::diagnostic::{Diagnostics, Nearest as _};
use crate::edit::csv_outline::OutlineReader;
use crate::load::input_encoding_fault;
use crate::model::{LOG_COLUMNS, LogColumn};
use crate::session::hint::hinted;
use crate::session::refusal::refuse_control;
use crate::words::{Phrase, listed, say};

/// The command that takes what was converted.
const AGAIN: &str = "guanxi log -";

/// From how many bytes on the text waits in a temporary file until its rows are wanted.
const MOST_HELD: usize = 1 << 22;

/// Rows of standard input, and what is wrong with others.
pub(crate) struct InputRows {
    text: InputText,
    seen: RowsSeen,
}

/// What was seen of the rows.
#[derive(Default)]
struct RowsSeen {
    /// What they call their customers.
    words: BTreeSet<String>,
    /// Their kinds, each with whether a ref is given.
    kinds: BTreeSet<(String, bool)>,
    faults: InputFaults,
}

/// The text of standard input.
enum InputText {
    Held(String),
    /// It takes room that is wanted for its rows as they will be.
    Filed(File, u64),
}

/// A row of standard input.
struct InputRow {
    line: usize,
    customer: String,
    typed: TypedRow,
}

impl InputRows {
    /// Reads all of standard input.
    ///
    /// # Errors
    /// If it is no text, neither CSV nor JSON, or has no row.
    pub(crate) fn read(input: &mut dyn Read) -> anyhow::Result<Self> {
        let mut bytes = Vec::new();
        input
            .read_to_end(&mut bytes)
            .context(Phrase("cannot read standard input", "无法读取标准输入").spoken())?;
        if let Some(fault) = input_encoding_fault(&bytes, AGAIN) {
            let mut faults = Diagnostics::default();
            faults.push(fault);
            super::refuse(faults)?;
        }
        let text = String::from_utf8(bytes).expect("what is no UTF-8 was refused");
        let mut seen = RowsSeen::default();
        each_row(&text, |row| seen.add(row))?;
        if seen.words.is_empty() && seen.faults.is_empty() {
            let hint = Phrase(
                "rows are CSV with a header, or JSON: an object a line, or a list of them",
                "各行写成带表头的 CSV，或 JSON：每行一个对象，或一个列表",
            )
            .spoken();
            return Err(hinted(
                Phrase("standard input has no rows", "标准输入里没有行").spoken(),
                Some(hint.to_owned()),
            ));
        }
        let text = InputText::of(text);
        Ok(Self { text, seen })
    }

    /// Finds the customers of the rows.
    pub(crate) fn wanted(&self, desk: &Desk) -> RowsWanted<'_> {
        let words: Vec<&str> = self.seen.words.iter().map(String::as_str).collect();
        let (mut customers, mut places) = (Vec::new(), BTreeMap::new());
        let mut place = |named: NamedCustomer| {
            *places.entry(named.id.clone()).or_insert_with(|| {
                customers.push(named);
                customers.len() - 1
            })
        };
        let found = desk.find_all(&words).into_iter();
        let found = found.map(|named| named.map(&mut place));
        let found = words.into_iter().zip(found).collect();
        RowsWanted {
            customers,
            kinds: self.seen.kinds.clone(),
            rows: Box::new(FoundRows {
                text: &self.text,
                found,
            }),
            faults: self.seen.faults.clone(),
        }
    }
}

impl RowsSeen {
    /// Adds a row, or what is wrong with it.
    fn add(&mut self, row: Result<InputRow, (usize, anyhow::Error)>) {
        match row {
            Ok(row) => {
                let reference = row.typed.filled(LogColumn::Ref);
                let kind = (row.typed.kind().to_owned(), reference.is_some());
                self.kinds.insert(kind);
                self.words.insert(row.customer);
            }
            Err((line, error)) => self.faults.add_unread(line, &error),
        }
    }
}

impl InputText {
    /// Keeps a text; where no temporary file can be had, in memory.
    fn of(text: String) -> Self {
        let filed = || {
            let mut file = tempfile::tempfile()?;
            file.write_all(text.as_bytes())?;
            std::io::Result::Ok(Self::Filed(file, text.len() as u64))
        };
        if text.len() < MOST_HELD {
            return Self::Held(text);
        }
        filed().unwrap_or(Self::Held(text))
    }

    /// Returns the text.
    ///
    /// # Errors
    /// If the temporary file cannot be read.
    fn get(&self) -> anyhow::Result<Cow<'_, str>> {
        let (file, length) = match self {
            Self::Held(text) => return Ok(Cow::Borrowed(text)),
            Self::Filed(file, length) => (file, *length),
        };
        let mut file: &File = file;
        let mut text = String::with_capacity(usize::try_from(length).unwrap_or_default());
        let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
        read.context(Phrase("cannot read standard input again", "无法再次读取标准输入").spoken())?;
        Ok(Cow::Owned(text))
    }
}

/// The rows of a text, and which customers its words name.
struct FoundRows<'i> {
    text: &'i InputText,
    found: BTreeMap<&'i str, anyhow::Result<usize>>,
}

impl WantedRows for FoundRows<'_> {
    fn each(&self, faults: &mut InputFaults, take: &mut TakeRow<'_>) -> anyhow::Result<()> {
        let mut result = Ok(());
        each_row(&self.text.get()?, |row| {
            // What is wrong with a row alone has been told.
            let (Ok(row), Ok(())) = (row, &result) else {
                return;
            };
            match self.found.get(row.customer.as_str()) {
                Some(Ok(customer)) => {
                    let row = WantedRow {
                        customer: *customer,
                        typed: row.typed,
                        line: Some(row.line),
                    };
                    result = take(&row, faults);
                }
                Some(Err(error)) => faults.add(row.line, row.typed.typed(LogColumn::Ref), error),
                None => {}
            }
        })?;
        result
    }
}

/// Reads a text, and gives each row with its line, or what is wrong with it.
///
/// # Errors
/// If the text is neither CSV nor JSON.
fn each_row(
    text: &str,
    mut give: impl FnMut(Result<InputRow, (usize, anyhow::Error)>),
) -> anyhow::Result<()> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut give = |line: usize, cells: anyhow::Result<Vec<(String, String)>>| {
        let row = cells.and_then(|cells| InputRow::of(line, cells));
        give(row.map_err(|error| (line, error)));
    };
    if is_json(text) {
        return json_rows(text, |JsonRow { line, cells }| give(line, cells));
    }
    if text.trim().is_empty() {
        return Ok(());
    }
    let refused = |error| hinted(say!("standard input, {error}", "标准输入，{error}"), None);
    let mut log = OutlineReader::new(text).map_err(refused)?;
    // A column that is none is so in every row, and told of the header.
    let mut is_read = true;
    for name in &log.names {
        if let Err(error) = check_column(name) {
            is_read = false;
            give(log.header.line_number, Err(error));
        }
    }
    while let Some(row) = log.next_row().map_err(refused)? {
        match row {
            _ if !is_read => {}
            Ok(row) => {
                let names = log.names.iter().enumerate();
                let cells =
                    names.map(|(at, name)| (name.to_string(), log.content(&row, at).into_owned()));
                give(row.line_number, Ok(cells.collect()));
            }
            Err(error) => give(error.line_number, Err(error.fault.into())),
        }
    }
    Ok(())
}

impl InputRow {
    /// Makes a row of texts by the names of their columns.
    fn of(line: usize, cells: Vec<(String, String)>) -> anyhow::Result<Self> {
        let mut customer = None;
        let mut typed = TypedRow::default();
        for (name, text) in cells {
            refuse_control(&text.replace("\r\n", "\n"), || format!("`{name}`"))?;
            let text = Some(text).filter(|it| !it.is_empty());
            match LogColumn::of(&name) {
                Some(LogColumn::Customer) => customer = text,
                Some(column) => typed.set(column, text),
                None => check_column(&name)?,
            }
        }
        if typed.kind().is_empty() {
            return Err(hinted(Phrase("no `kind`", "没有 `kind`").spoken(), None));
        }
        Ok(Self {
            line,
            customer: customer
                .ok_or_else(|| hinted(Phrase("no `customer`", "没有 `customer`").spoken(), None))?,
            typed,
        })
    }
}

/// Refuses a column that no log has.
fn check_column(name: &str) -> anyhow::Result<()> {
    if LOG_COLUMNS.contains(&name) {
        return Ok(());
    }
    let hint = LOG_COLUMNS.hint(name);
    let hint = hint.unwrap_or_else(|| {
        say!(
            "the columns are {}",
            "可用的列有 {}",
            listed(LOG_COLUMNS).spoken()
        )
    });
    Err(hinted(
        say!("no column is called `{name}`", "没有名为 `{name}` 的列"),
        Some(hint),
    ))
}
