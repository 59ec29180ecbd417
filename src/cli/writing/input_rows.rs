//! The rows of standard input that `log -` takes, as CSV or JSON, and what is wrong with them alone.

use anyhow::Context as _;

use super::Desk;
use super::input_faults::InputFaults;
use super::json_input::{JsonRow, is_json, json_rows};
use super::logging::Wanted;
use super::rows::Typed;
use super::values::refuse_control;
use crate::cli::Console;
use crate::cli::hint::hinted;
use crate::diagnostic::{Diagnostics, Nearest as _};
use crate::edit::csv_outline::LogOutline;
use crate::load::input_encoding_fault;
use crate::load::log::COLUMNS;

/// The command that takes what was converted.
const AGAIN: &str = "guanxi log -";

/// Rows of standard input, and what is wrong with others.
#[derive(Default)]
pub(crate) struct InputRows {
    rows: Vec<InputRow>,
    faults: InputFaults,
}

/// A row of standard input.
struct InputRow {
    line: usize,
    customer: String,
    typed: Typed,
}

impl InputRows {
    /// Reads all of standard input.
    ///
    /// # Errors
    /// If it is no text, neither CSV nor JSON, or has no row.
    pub(crate) fn read(console: &mut Console<'_>) -> anyhow::Result<Self> {
        let mut bytes = Vec::new();
        console
            .input
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        if let Some(fault) = input_encoding_fault(&bytes, AGAIN) {
            let mut faults = Diagnostics::default();
            faults.push(fault);
            super::refuse(&faults, console)?;
        }
        let text = String::from_utf8(bytes).expect("what is no UTF-8 was refused");
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let read = if text.trim().is_empty() {
            Self::default()
        } else if is_json(text) {
            Self::of_json(text)?
        } else {
            Self::of_csv(text)?
        };
        if read.rows.is_empty() && read.faults.is_empty() {
            let hint = "rows are CSV with a header, or JSON: an object a line, or a list of them";
            return Err(hinted("standard input has no rows", Some(hint.to_owned())));
        }
        Ok(read)
    }

    fn of_json(text: &str) -> anyhow::Result<Self> {
        let mut read = Self::default();
        for JsonRow { line, cells } in json_rows(text)? {
            read.add(line, cells);
        }
        Ok(read)
    }

    fn of_csv(text: &str) -> anyhow::Result<Self> {
        let (log, uneven) = LogOutline::parse_uneven(text)
            .map_err(|error| hinted(format!("standard input, {error}"), None))?;
        let mut read = Self::default();
        // A column that is none is so in every row, and told of the header.
        for name in &log.names {
            if let Err(error) = check_column(name) {
                read.faults.add_unread(log.header.line_number, &error);
            }
        }
        if !read.faults.is_empty() {
            return Ok(read);
        }
        for error in uneven {
            read.faults
                .add_unread(error.line_number, &error.fault.into());
        }
        for row in &log.rows {
            let names = log.names.iter().enumerate();
            let cells =
                names.map(|(at, name)| (name.to_string(), log.content(row, at).into_owned()));
            read.add(row.line_number, Ok(cells.collect()));
        }
        Ok(read)
    }

    /// Adds a row, or what is wrong with it.
    fn add(&mut self, line: usize, cells: anyhow::Result<Vec<(String, String)>>) {
        match cells.and_then(|cells| InputRow::of(line, cells)) {
            Ok(row) => self.rows.push(row),
            Err(error) => self.faults.add_unread(line, &error),
        }
    }

    /// Finds the customer of every row, and tells with what was wrong before whose there is none.
    pub(crate) fn wanted(&self, desk: &Desk) -> (Vec<Wanted>, InputFaults) {
        let mut words: Vec<&str> = self.rows.iter().map(|row| row.customer.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        let found = desk.find_all(&words);
        let mut faults = self.faults.clone();
        let mut wanted = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let at = words.binary_search(&row.customer.as_str());
            let found = &found[at.expect("every row's word was looked up")];
            match found {
                Ok(named) => wanted.push(Wanted {
                    named: named.clone(),
                    typed: row.typed.clone(),
                    line: Some(row.line),
                }),
                Err(error) => faults.add(row.line, row.typed.reference.as_deref(), error),
            }
        }
        (wanted, faults)
    }
}

impl InputRow {
    /// Makes a row of texts by the names of their columns.
    fn of(line: usize, cells: Vec<(String, String)>) -> anyhow::Result<Self> {
        let mut customer = None;
        let mut typed = Typed::default();
        for (name, text) in cells {
            refuse_control(&text.replace("\r\n", "\n"), || format!("`{name}`"))?;
            let text = Some(text).filter(|it| !it.is_empty());
            match name.as_str() {
                "customer" => customer = text,
                "date" => typed.date = text,
                "kind" => typed.kind = text.unwrap_or_default(),
                "amount" => typed.amount = text,
                "score" => typed.score = text,
                "staff" => typed.staff = text,
                "topic" => typed.topic = text,
                "channel" => typed.channel = text,
                "ref" => typed.reference = text,
                "due" => typed.due = text,
                "note" => typed.note = text,
                _ => check_column(&name)?,
            }
        }
        if typed.kind.is_empty() {
            return Err(hinted("no `kind`", None));
        }
        Ok(Self {
            line,
            customer: customer.ok_or_else(|| hinted("no `customer`", None))?,
            typed,
        })
    }
}

/// Refuses a column that no log has.
fn check_column(name: &str) -> anyhow::Result<()> {
    if COLUMNS.contains(&name) {
        return Ok(());
    }
    let hint = COLUMNS.help(name);
    let hint = hint.unwrap_or_else(|| format!("the columns are {}", COLUMNS.join(", ")));
    Err(hinted(format!("no column is called `{name}`"), Some(hint)))
}
