//! One row of a log: its cells become an interaction, or faults.
//!
//! [`RowReader::read`] reads any row and says all that is wrong with it. [`RowReader::read_plain`]
//! reads those that have nothing unusual, which are nearly all, in half the time.

mod plain;

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::head::Word;
use super::header::{COLUMNS, Column, Header};
use super::ids::{IdTable, Owner};
use super::kinds::KindFinder;
use super::record::{Cell, Cells};
use crate::diagnostic::{self as fault, Diagnostic, Fault, Nearest};
use crate::model::{
    Cell as CellUse, Day, Interaction, Kind, KindTable, NO_MINUTE, NONE, NotMoney, Reference, Role, Spared,
    parse_units,
};
use crate::source::{Place, clipped};
pub(super) use plain::Plain;

/// The score that is 100, in ten-thousandths.
const HIGHEST_SCORE: i64 = 100 * 10_000;

/// A row read, with what still has to be put in its place.
#[derive(Debug)]
pub(super) struct Row<'t> {
    /// The interaction, without its detail.
    pub(super) interaction: Interaction,
    /// The `due` cell.
    pub(super) due: Option<Day>,
    /// The topic, where it counts; empty without one.
    pub(super) topic: &'t [u8],
    /// The ref, where it names or is named; empty without one.
    pub(super) reference: &'t [u8],
}

/// What there is to remember of a row that need not be kept.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sighting {
    pub(super) customer: u32,
    pub(super) day: Day,
    pub(super) is_contact: bool,
}

/// The texts of a row that was read with care: quotes inside them are no longer doubled.
#[derive(Debug, Default)]
pub(super) struct Contents {
    topic: Vec<u8>,
    reference: Vec<u8>,
}

/// What rows of one log are read with.
pub(super) struct RowReader<'a> {
    path: &'a Arc<str>,
    header: &'a Header,
    kinds: &'a KindTable,
    stages: &'a [String],
    finder: &'a KindFinder,
    ids: &'a IdTable<'a>,
    only_customer: Option<Owner>,
    warns: bool,
    uses: &'a [Uses],
    /// Where each column stands; past every cell where there is none.
    places: [usize; COLUMNS.len()],
    /// Which columns there are, a bit each.
    present: u16,
}

/// The columns that only some kinds have a use for.
const USED_BY_SOME: [Column; 5] = [
    Column::Amount,
    Column::Score,
    Column::Topic,
    Column::Ref,
    Column::Due,
];

/// What a kind does with its cells; of columns, a bit each.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Uses {
    required: u16,
    unused: u16,
    /// Whether the amount must not be below 0.
    is_positive: bool,
    /// Whether the row counts its score, not its amount.
    counts_score: bool,
    counts_topic: bool,
    /// Whether its ref names or is named.
    has_link: bool,
    counts_due: bool,
    /// Whether the topic must be a stage.
    is_stage: bool,
    is_contact: bool,
    /// Up to which day rows need not be kept.
    spared_until: Day,
}

impl Uses {
    /// Returns the uses of every kind.
    pub(super) fn of(kinds: &KindTable, spared: &Spared) -> Vec<Self> {
        let is_spared = spared.kinds.iter().copied().chain(std::iter::repeat(false));
        let kinds = kinds.all().iter().zip(is_spared);
        kinds
            .map(|(kind, is_spared)| {
                let until = if is_spared { spared.until } else { Day(i32::MIN) };
                Self::of_kind(kind, until)
            })
            .collect()
    }

    fn of_kind(kind: &Kind, spared_until: Day) -> Self {
        let with = |cell_use: CellUse| {
            let columns = uses_of(kind).into_iter();
            let columns = columns.filter(|(_, it)| *it == cell_use);
            columns.fold(0, |bits, (column, _)| bits | bit(column))
        };
        Self {
            required: with(CellUse::Required),
            unused: with(CellUse::Unused),
            is_positive: kind.amount != CellUse::Unused && !kind.negative,
            counts_score: kind.score != CellUse::Unused,
            counts_topic: matches!(kind.role, Role::Survey | Role::Stage | Role::Lost),
            has_link: kind.reference != Reference::Free,
            counts_due: kind.due != CellUse::Unused,
            is_stage: kind.role == Role::Stage,
            is_contact: kind.contact,
            spared_until,
        }
    }
}

fn bit(column: Column) -> u16 {
    1 << column as u16
}

/// The values of a row's cells.
#[derive(Clone, Copy)]
struct Values {
    day: (Day, u16),
    amount: Option<i64>,
    score: Option<i64>,
    due: Option<Day>,
}

impl Uses {
    /// Makes a row of what its kind has a use for.
    #[inline]
    fn row<'t>(
        self,
        customer: u32,
        kind: u8,
        values: Values,
        topic: &'t [u8],
        reference: &'t [u8],
    ) -> Row<'t> {
        let Values {
            day: (day, minute),
            amount,
            score,
            due,
        } = values;
        let quantity = if self.counts_score { score } else { amount };
        Row {
            interaction: Interaction {
                quantity: quantity.unwrap_or(0),
                day,
                customer,
                detail: NONE,
                minute,
                kind,
                has_quantity: quantity.is_some(),
            },
            due: due.filter(|_| self.counts_due),
            topic,
            reference,
        }
    }
}

/// What every log of a book is read with.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) kinds: &'a KindTable,
    pub(super) finder: &'a KindFinder,
    pub(super) uses: &'a [Uses],
    /// The policy's stages.
    pub(super) stages: &'a [String],
    pub(super) ids: &'a IdTable<'a>,
    /// Whether warnings are wanted too.
    pub(super) warns: bool,
}

/// The faults of a block, and how many of them are errors.
#[derive(Default)]
pub(super) struct Found {
    pub(super) list: Vec<Diagnostic>,
    errors: usize,
}

impl Found {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.severity() == fault::Severity::Error);
        self.list.push(diagnostic);
    }
}

/// What the last row had: logs are sorted, so its day is nearly always the next one's too.
#[derive(Debug)]
pub(super) struct Last {
    date: [u8; 10],
    day: Day,
}

impl Default for Last {
    fn default() -> Self {
        // No date is written so.
        Self {
            date: *b"----------",
            day: Day(0),
        }
    }
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
    /// Makes the record at `start` of cells just read.
    pub(super) fn new(
        bytes: &'t [u8],
        start: usize,
        end: usize,
        line: u64,
        cells: &'t Cells,
    ) -> Self {
        Self {
            bytes,
            start,
            end,
            line,
            cells: &cells.list,
        }
    }

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
}

impl<'a> RowReader<'a> {
    /// Prepares to read the rows of a log; `only_customer` is the one that its file is named for.
    pub(super) fn new(
        shared: Shared<'a>,
        path: &'a Arc<str>,
        header: &'a Header,
        only_customer: Option<Owner>,
    ) -> Self {
        let Shared {
            kinds,
            stages,
            finder,
            uses,
            ids,
            warns,
        } = shared;
        let places: [usize; COLUMNS.len()] = std::array::from_fn(|column| header.place_at(column).unwrap_or(usize::MAX));
        let present = |bits: u16, column: usize| bits | u16::from(places[column] != usize::MAX) << column;
        Self {
            path,
            header,
            kinds,
            stages,
            finder,
            ids,
            only_customer,
            warns,
            uses,
            present: (0..COLUMNS.len()).fold(0, present),
            places,
        }
    }

    /// Reads a record of the right width; `None` if it is left out, with the faults in `found`.
    pub(super) fn read<'t>(
        &self,
        record: &Record<'_>,
        last: &mut Last,
        contents: &'t mut Contents,
        found: &mut Found,
    ) -> Option<Row<'t>> {
        let errors_before = found.errors;
        let filled = self.filled(record);
        let has = |column: Column| filled & bit(column) != 0;
        let day = self.day(record, last, found);
        let customer = self.customer(record, found);
        let kind_index = self.kind(record, found);
        let amount = if has(Column::Amount) {
            self.amount(record, found)
        } else {
            None
        };
        let score = if has(Column::Score) {
            self.score(record, found)
        } else {
            None
        };
        let due = if has(Column::Due) {
            self.due(record, found)
        } else {
            None
        };
        let kind_index = kind_index?;
        let uses = self.uses[usize::from(kind_index)];
        if amount.is_some_and(|amount| amount < 0) && uses.is_positive {
            found.push(self.negative(record, self.kinds.kind(kind_index)));
        }
        if uses.required & !filled != 0 || (self.warns && uses.unused & filled != 0) {
            self.report_uses(record, self.kinds.kind(kind_index), found);
        }
        if uses.is_stage {
            self.check_stage(record, found);
        }
        if found.errors > errors_before {
            return None;
        }
        let Owner::Customer(customer) = customer? else {
            return None;
        };
        let values = Values {
            day: day?,
            amount,
            score,
            due,
        };
        let read = |is_wanted: bool, column, text: &mut Vec<u8>| {
            text.clear();
            if is_wanted && let Some((cell, _)) = self.cell(record, column) {
                text.extend_from_slice(&cell.content(record.bytes));
            }
        };
        read(uses.counts_topic, Column::Topic, &mut contents.topic);
        read(uses.has_link, Column::Ref, &mut contents.reference);
        let Contents { topic, reference } = contents;
        Some(uses.row(customer, kind_index, values, topic, reference))
    }

    /// Returns what there is to remember of a row if it need not be kept.
    #[inline]
    pub(super) fn sighting(&self, row: &Interaction) -> Option<Sighting> {
        let uses = self.uses[usize::from(row.kind)];
        (row.day <= uses.spared_until).then_some(Sighting {
            customer: row.customer,
            day: row.day,
            is_contact: uses.is_contact,
        })
    }

    /// Returns a column's cell and its text, if there is something in it.
    fn cell<'t>(&self, record: &Record<'t>, column: Column) -> Option<(Cell, &'t [u8])> {
        let cell = *record.cells.get(self.places[column as usize])?;
        let text = cell.raw(record.bytes);
        if text.is_empty() {
            None
        } else {
            Some((cell, text))
        }
    }

    /// Returns the bits of the columns of [`USED_BY_SOME`] that have something in them.
    fn filled(&self, record: &Record<'_>) -> u16 {
        USED_BY_SOME.into_iter().fold(0, |filled, column| {
            if self.cell(record, column).is_some() {
                filled | bit(column)
            } else {
                filled
            }
        })
    }

    fn day(&self, record: &Record<'_>, last: &mut Last, found: &mut Found) -> Option<(Day, u16)> {
        let Some((cell, text)) = self.cell(record, Column::Date) else {
            found.push(self.missing(record, Column::Date, "every row has its day"));
            return None;
        };
        // Reading the digits anew for every row costs a quarter of the time of a log.
        if text.len() == last.date.len() && text.first_chunk() == Some(&last.date) {
            return Some((last.day, NO_MINUTE));
        }
        let day = self.date(record, Column::Date, cell, text, found)?;
        if let (Some(date), NO_MINUTE) = (text.first_chunk(), day.1) {
            *last = Last {
                date: *date,
                day: day.0,
            };
        }
        Some(day)
    }

    fn due(&self, record: &Record<'_>, found: &mut Found) -> Option<Day> {
        let (cell, text) = self.cell(record, Column::Due)?;
        self.date(record, Column::Due, cell, text, found)
            .map(|(day, _)| day)
    }

    fn date(
        &self,
        record: &Record<'_>,
        column: Column,
        cell: Cell,
        text: &[u8],
        found: &mut Found,
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

    fn customer(&self, record: &Record<'_>, found: &mut Found) -> Option<Owner> {
        if self.header.place(Column::Customer).is_none() {
            return self.only_customer;
        }
        let Some((cell, text)) = self.cell(record, Column::Customer) else {
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

    fn kind(&self, record: &Record<'_>, found: &mut Found) -> Option<u8> {
        let Some((cell, text)) = self.cell(record, Column::Kind) else {
            found.push(self.missing(record, Column::Kind, "every row says what it is"));
            return None;
        };
        let index = self.finder.find(Word::of(text), text);
        if index.is_none() {
            let name = shown(text);
            let names = self.kinds.all().iter().map(|kind| kind.name.as_str());
            let help = names.clone().help(&name).unwrap_or_else(|| {
                let names: Vec<&str> = names.collect();
                let names = names.join(", ");
                format!("the kinds are {names}; `[kind.{name}]` in guanxi.toml adds one")
            });
            let message = format!("there is no kind `{name}`");
            found.push(
                self.at(fault::UNKNOWN_KIND, message, record, cell)
                    .help(help),
            );
        }
        index
    }

    /// Reads the amount in ten-thousandths.
    fn amount(&self, record: &Record<'_>, found: &mut Found) -> Option<i64> {
        let (cell, text) = self.cell(record, Column::Amount)?;
        let message = match parse_units(text) {
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

    /// Reads the score in ten-thousandths.
    fn score(&self, record: &Record<'_>, found: &mut Found) -> Option<i64> {
        let (cell, text) = self.cell(record, Column::Score)?;
        let score = parse_score(text);
        if score.is_none() {
            let message = format!("`{}` is not a score from 0 to 100", shown(text));
            found.push(self.at(fault::SCORE, message, record, cell));
        }
        score
    }

    fn negative(&self, record: &Record<'_>, kind: &Kind) -> Diagnostic {
        let message = format!("`{}` cannot have a negative amount", kind.name);
        let span = self
            .cell(record, Column::Amount)
            .map_or(record.start..record.end, |it| it.0.span());
        Diagnostic::new(fault::AMOUNT, message, record.place(self.path, span))
            .maybe_help(negative_help(kind))
    }

    /// Checks that the stage entered is one of the policy's.
    fn check_stage(&self, record: &Record<'_>, found: &mut Found) {
        let Some((cell, text)) = self.cell(record, Column::Topic) else {
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

    /// Reports what the kind requires and is not there and, if wanted, what it has no use for.
    fn report_uses(&self, record: &Record<'_>, kind: &Kind, found: &mut Found) {
        for (column, cell_use) in uses_of(kind) {
            match cell_use {
                CellUse::Required if self.cell(record, column).is_none() => {
                    let why = format!("`{}` needs {}", kind.name, need(column));
                    found.push(self.missing(record, column, &why));
                }
                CellUse::Unused if self.warns => {
                    if let Some((cell, _)) = self.cell(record, column) {
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

/// Returns which cells a kind requires, may have and has no use for.
fn uses_of(kind: &Kind) -> [(Column, CellUse); 5] {
    let uses = [
        kind.amount,
        kind.score,
        kind.topic,
        kind.reference_cell,
        kind.due,
    ];
    std::array::from_fn(|index| (USED_BY_SOME[index], uses[index]))
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

/// Reads a score in ten-thousandths; `None` if it is none.
fn parse_score(text: &[u8]) -> Option<i64> {
    let score = parse_units(text).ok()?;
    (0..=HIGHEST_SCORE).contains(&score).then_some(score)
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
