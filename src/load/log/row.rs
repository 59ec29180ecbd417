//! One row of a log: its cells become an interaction, or faults.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::header::{Column, Header};
use super::ids::{IdTable, Owner};
use super::record::Cell;
use crate::diagnostic::{self as fault, Diagnostic, Fault, Nearest};
use crate::model::{
    Cell as CellUse, Day, Interaction, Kind, KindTable, NO_MINUTE, NONE, NotMoney, Reference, Role,
    parse_units,
};
use crate::source::{Place, clipped};

/// The score that is 100, in ten-thousandths.
const HIGHEST_SCORE: i64 = 100 * 10_000;

/// A row read, with what still has to be put in its place.
#[derive(Debug)]
pub(super) struct Row<'t> {
    /// The interaction, without its detail.
    pub(super) interaction: Interaction,
    /// The `due` cell.
    pub(super) due: Option<Day>,
    /// The topic, where it counts.
    pub(super) topic: Option<std::borrow::Cow<'t, [u8]>>,
    /// The ref, where it names or is named.
    pub(super) reference: Option<std::borrow::Cow<'t, [u8]>>,
}

/// What rows of one log are read with.
pub(super) struct RowReader<'a> {
    pub(super) path: &'a Arc<str>,
    pub(super) header: &'a Header,
    pub(super) kinds: &'a KindTable,
    /// The policy's stages.
    pub(super) stages: &'a [String],
    pub(super) ids: &'a IdTable<'a>,
    /// The customer that the file is named for, where it has no column.
    pub(super) only_customer: Option<Owner>,
    /// Whether warnings are wanted too.
    pub(super) warns: bool,
}

/// What the last row had: logs are sorted, and their customers and kinds come in runs.
#[derive(Debug, Default)]
pub(super) struct Last {
    date: Vec<u8>,
    day: Option<(Day, u16)>,
    kind: Vec<u8>,
    kind_index: Option<u8>,
}

/// A record with its cells.
#[derive(Clone, Copy)]
pub(super) struct Record<'t> {
    /// The block that the cells' places count in.
    pub(super) bytes: &'t [u8],
    /// Where the record begins in `bytes`.
    pub(super) start: usize,
    /// Where the record ends in `bytes`, its line end included.
    pub(super) end: usize,
    /// The number of its first line.
    pub(super) line: u64,
    pub(super) cells: &'t [Cell],
}

impl<'t> Record<'t> {
    /// Returns the place of some bytes of the record.
    pub(super) fn place(&self, path: &Arc<str>, span: Range<usize>) -> Place {
        let record = self.bytes.get(self.start..self.end).unwrap_or_default();
        Place::in_record(
            path,
            self.line,
            record,
            span.start - self.start..span.end - self.start,
        )
    }

    fn cell(&self, header: &Header, column: Column) -> Option<(Cell, &'t [u8])> {
        let cell = *self.cells.get(header.place(column)?)?;
        if cell.is_empty() {
            None
        } else {
            Some((cell, cell.raw(self.bytes)))
        }
    }
}

impl RowReader<'_> {
    /// Reads a record of the right width; `None` if it is left out, with the faults in `found`.
    pub(super) fn read<'t>(
        &self,
        record: &Record<'t>,
        last: &mut Last,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Row<'t>> {
        let found_before = found.len();
        let header = self.header;
        let day = self.day(record, last, found);
        let customer = self.customer(record, found);
        let kind_index = self.kind(record, last, found);
        let quantity = |column, found: &mut Vec<Diagnostic>| {
            let (cell, text) = record.cell(header, column)?;
            Some((cell, self.quantity(record, column, cell, text, found)?))
        };
        let amount = quantity(Column::Amount, found);
        let score = quantity(Column::Score, found);
        let due = record
            .cell(header, Column::Due)
            .and_then(|(cell, text)| self.date(record, Column::Due, cell, text, found))
            .map(|(day, _)| day);
        let kind = self.kinds.kind(kind_index?);
        if let Some((cell, amount)) = amount
            && amount < 0
            && kind.amount != CellUse::Unused
            && !kind.negative
        {
            let message = format!("`{}` cannot have a negative amount", kind.name);
            let diagnostic =
                Diagnostic::new(fault::AMOUNT, message, record.place(self.path, cell.span()));
            found.push(diagnostic.maybe_help(negative_help(kind)));
        }
        self.check_uses(record, kind, found);
        if kind.role == Role::Stage {
            self.check_stage(record, found);
        }
        let is_error = |it: &Diagnostic| it.fault.severity == fault::Severity::Error;
        if found.iter().skip(found_before).any(is_error) {
            return None;
        }
        let Owner::Customer(customer) = customer? else {
            return None;
        };
        let (day, minute) = day?;
        let quantity = match kind.score {
            CellUse::Unused => amount,
            _ => score,
        };
        let content = |column| {
            let cell = *record.cells.get(header.place(column)?)?;
            if cell.is_empty() {
                None
            } else {
                Some(cell.content(record.bytes))
            }
        };
        let counts_topic = matches!(kind.role, Role::Survey | Role::Stage | Role::Lost);
        let has_link = kind.reference != Reference::Free;
        Some(Row {
            interaction: Interaction {
                quantity: quantity.map_or(0, |(_, quantity)| quantity),
                day,
                customer,
                detail: NONE,
                minute,
                kind: kind_index?,
                has_quantity: quantity.is_some(),
            },
            due: due.filter(|_| kind.due != CellUse::Unused),
            topic: if counts_topic {
                content(Column::Topic)
            } else {
                None
            },
            reference: if has_link { content(Column::Ref) } else { None },
        })
    }

    fn day(
        &self,
        record: &Record<'_>,
        last: &mut Last,
        found: &mut Vec<Diagnostic>,
    ) -> Option<(Day, u16)> {
        let Some((cell, text)) = record.cell(self.header, Column::Date) else {
            found.push(self.missing(record, Column::Date, "every row has its day"));
            return None;
        };
        if last.day.is_some() && last.date == text {
            return last.day;
        }
        let day = self.date(record, Column::Date, cell, text, found)?;
        last.date.clear();
        last.date.extend_from_slice(text);
        last.day = Some(day);
        last.day
    }

    fn date(
        &self,
        record: &Record<'_>,
        column: Column,
        cell: Cell,
        text: &[u8],
        found: &mut Vec<Diagnostic>,
    ) -> Option<(Day, u16)> {
        match parse_day(text) {
            Ok(day) if column == Column::Date || day.1 == NO_MINUTE => Some(day),
            other => {
                let shown = shown(text);
                let message = match other {
                    Err(NotDay::NoSuchDay) => format!("there is no day `{shown}`"),
                    _ => format!("`{shown}` is not a date"),
                };
                let help = "write it like `2026-03-05`";
                found.push(self.at(fault::DATE, message, record, cell).help(help));
                None
            }
        }
    }

    fn customer(&self, record: &Record<'_>, found: &mut Vec<Diagnostic>) -> Option<Owner> {
        if self.header.place(Column::Customer).is_none() {
            return self.only_customer;
        }
        let Some((cell, text)) = record.cell(self.header, Column::Customer) else {
            found.push(self.missing(record, Column::Customer, "every row names its customer"));
            return None;
        };
        let owner = self.ids.find(text);
        if owner.is_none() {
            let id = shown(text);
            let message = format!("no customer is called `{id}`");
            // The nearest name is added once the first faults of the whole book are known.
            let diagnostic = self.at(fault::UNKNOWN_CUSTOMER, message, record, cell);
            let diagnostic = diagnostic.label(format!("no customers/**/{id}.toml"));
            found.push(diagnostic.about(&id));
        }
        owner
    }

    fn kind(
        &self,
        record: &Record<'_>,
        last: &mut Last,
        found: &mut Vec<Diagnostic>,
    ) -> Option<u8> {
        let Some((cell, text)) = record.cell(self.header, Column::Kind) else {
            found.push(self.missing(record, Column::Kind, "every row says what it is"));
            return None;
        };
        if last.kind_index.is_some() && last.kind == text {
            return last.kind_index;
        }
        let Some(index) = std::str::from_utf8(text)
            .ok()
            .and_then(|name| self.kinds.index_of(name))
        else {
            let name = shown(text);
            let names = self.kinds.all().iter().map(|kind| kind.name.as_str());
            let help = names.help(&name).unwrap_or_else(|| {
                format!("kinds of your own are added by `[kind.{name}]` in guanxi.toml")
            });
            let message = format!("there is no kind `{name}`");
            found.push(
                self.at(fault::UNKNOWN_KIND, message, record, cell)
                    .help(help),
            );
            return None;
        };
        last.kind.clear();
        last.kind.extend_from_slice(text);
        last.kind_index = Some(index);
        last.kind_index
    }

    /// Reads an amount or a score in ten-thousandths.
    fn quantity(
        &self,
        record: &Record<'_>,
        column: Column,
        cell: Cell,
        text: &[u8],
        found: &mut Vec<Diagnostic>,
    ) -> Option<i64> {
        let parsed = parse_units(text);
        if column == Column::Score {
            if let Ok(score) = parsed
                && (0..=HIGHEST_SCORE).contains(&score)
            {
                return Some(score);
            }
            let message = format!("`{}` is not a score from 0 to 100", shown(text));
            found.push(self.at(fault::SCORE, message, record, cell));
            return None;
        }
        let message = match parsed {
            Ok(amount) => return Some(amount),
            Err(NotMoney::NotANumber) => format!("`{}` is not an amount", shown(text)),
            Err(NotMoney::TooLarge) => {
                format!("`{}` has more than 14 digits before its point", shown(text))
            }
            Err(NotMoney::TooFine) => {
                format!("`{}` has more than 4 digits after its point", shown(text))
            }
        };
        let help = "write it like `1250000.00`: no separators, signs of a currency or units";
        found.push(self.at(fault::AMOUNT, message, record, cell).help(help));
        None
    }

    /// Checks that the stage entered is one of the policy's.
    fn check_stage(&self, record: &Record<'_>, found: &mut Vec<Diagnostic>) {
        let Some((cell, text)) = record.cell(self.header, Column::Topic) else {
            return;
        };
        if self.stages.iter().any(|stage| stage.as_bytes() == text) {
            return;
        }
        let stage = shown(text);
        let message = format!("`{stage}` is not a stage of this book");
        let near = self.stages.iter().map(String::as_str).help(&stage);
        let help =
            near.unwrap_or_else(|| format!("the policy's stages are {}", self.stages.join(", ")));
        let diagnostic = self.at(fault::UNKNOWN_STAGE, message, record, cell);
        found.push(diagnostic.help(help));
    }

    /// Checks that what the kind requires is there and, if wanted, that the rest is empty.
    fn check_uses(&self, record: &Record<'_>, kind: &Kind, found: &mut Vec<Diagnostic>) {
        let uses = [
            (Column::Amount, kind.amount),
            (Column::Score, kind.score),
            (Column::Topic, kind.topic),
            (Column::Ref, kind.reference_cell),
            (Column::Due, kind.due),
        ];
        for (column, cell_use) in uses {
            match cell_use {
                CellUse::Required if record.cell(self.header, column).is_none() => {
                    let why = format!("`{}` needs {}", kind.name, need(column));
                    found.push(self.missing(record, column, &why));
                }
                CellUse::Unused if self.warns => {
                    if let Some((cell, _)) = record.cell(self.header, column) {
                        let message = format!("`{}` has no use for {}", kind.name, need(column));
                        let help = "correct the kind, or say it in the note";
                        found.push(
                            self.at(fault::UNUSED_CELL, message, record, cell)
                                .help(help),
                        );
                    }
                }
                _ => {}
            }
        }
    }

    fn missing(&self, record: &Record<'_>, column: Column, why: &str) -> Diagnostic {
        let cell = self
            .header
            .place(column)
            .and_then(|index| record.cells.get(index));
        let span = cell.map_or(record.start..record.start, |cell| cell.span());
        let message = match cell {
            Some(_) => format!("no `{}`: {why}", column.name()),
            None => format!("no column `{}`: {why}", column.name()),
        };
        let help = match column {
            Column::Date | Column::Due => "write it like `2026-03-05`",
            Column::Amount => "write it like `1250000.00`",
            Column::Score => "write a number from 0 to 100",
            Column::Ref => "write the ref of the case, invoice or lead",
            _ => "fill it in",
        };
        let place = record.place(self.path, span);
        Diagnostic::new(fault::MISSING_CELL, message, place).help(help)
    }

    fn at(
        &self,
        fault: &'static Fault,
        message: String,
        record: &Record<'_>,
        cell: Cell,
    ) -> Diagnostic {
        Diagnostic::new(fault, message, record.place(self.path, cell.span()))
    }
}

fn need(column: Column) -> &'static str {
    match column {
        Column::Amount => "an amount",
        Column::Score => "a score",
        Column::Topic => "a topic",
        Column::Ref => "a ref",
        _ => "a due day",
    }
}

fn negative_help(kind: &Kind) -> Option<String> {
    let help = match kind.role {
        Role::Order | Role::Invoice => "to take it back, log a `credit`",
        Role::Credit | Role::Writeoff => {
            "its amount is what is taken off: write it without the sign"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// Returns a cell's text for a message.
fn shown(text: &[u8]) -> String {
    clipped(&String::from_utf8_lossy(text)).into_owned()
}

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDay {
    /// It is not written `YYYY-MM-DD`, with or without `THH:MM`.
    Form,
    /// The calendar has no such day.
    NoSuchDay,
}

/// Reads `YYYY-MM-DD`, optionally followed by `THH:MM`, as a day and a minute.
pub(crate) fn parse_day(text: &[u8]) -> Result<(Day, u16), NotDay> {
    let number = |range: Range<usize>| -> Option<u32> {
        text.get(range)?.iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u32::from(byte - b'0'))
        })
    };
    let is = |index: usize, byte: u8| text.get(index) == Some(&byte);
    if !is(4, b'-') || !is(7, b'-') {
        return Err(NotDay::Form);
    }
    let year = number(0..4).ok_or(NotDay::Form)?;
    let month = number(5..7).ok_or(NotDay::Form)?;
    let day = number(8..10).ok_or(NotDay::Form)?;
    let minute = match text.len() {
        10 => NO_MINUTE,
        16 if is(10, b'T') && is(13, b':') => {
            let hour = number(11..13).ok_or(NotDay::Form)?;
            let minute = number(14..16).ok_or(NotDay::Form)?;
            if hour > 23 || minute > 59 {
                return Err(NotDay::NoSuchDay);
            }
            u16::try_from(hour * 60 + minute + 1).map_err(|_| NotDay::NoSuchDay)?
        }
        _ => return Err(NotDay::Form),
    };
    let year = i32::try_from(year).map_err(|_| NotDay::NoSuchDay)?;
    let date = NaiveDate::from_ymd_opt(year, month, day).filter(|_| year > 0);
    Ok((Day::of(date.ok_or(NotDay::NoSuchDay)?), minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_and_minutes() {
        let day = |text: &str| {
            parse_day(text.as_bytes()).map(|(day, minute)| (day.date().to_string(), minute))
        };
        assert_eq!(day("2026-03-05"), Ok(("2026-03-05".to_owned(), 0)));
        assert_eq!(day("2024-02-29T09:30"), Ok(("2024-02-29".to_owned(), 571)));
        assert_eq!(day("0001-01-01T00:00"), Ok(("0001-01-01".to_owned(), 1)));
        for text in ["2025-02-29", "2026-13-01", "0000-01-01", "2026-03-05T24:00"] {
            assert_eq!(day(text), Err(NotDay::NoSuchDay), "{text}");
        }
        for text in [
            "",
            "2026/3/5",
            "26-03-05",
            "10000-01-01",
            "2026-03-05 09:30",
            "46086",
        ] {
            assert_eq!(day(text), Err(NotDay::Form), "{text}");
        }
    }
}
