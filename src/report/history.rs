//! Interactions as rows, in the order they happened.
//!
//! A book of a million rows has to do: only days and places of the rows wanted are held, and their
//! texts are read from the logs again, some thousand rows at a time, when they are shown.

use std::io;

use super::row_cells::read_cells;
use crate::load::Loaded;
use crate::load::log::{Cells, Column as LogColumn, parse_day};
use crate::metric::{Type, Value};
use crate::model::{Day, Fraction, Money, NO_MINUTE, Origin};
use crate::sheet::{Column, Rows, Sheet};
use crate::source::Files;

/// All columns, in the order in which they are shown.
pub(crate) const COLUMNS: [&str; 13] = [
    "date", "time", "customer", "kind", "amount", "score", "staff", "topic", "channel", "ref",
    "due", "note", "origin",
];

/// How many rows are held with their texts at once.
const HELD: usize = 1 << 16;

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    /// Only this customer's.
    pub(crate) customer: Option<usize>,
    /// Only rows of these kinds, by their index; empty for all.
    pub(crate) kinds: Vec<u8>,
    /// Only rows from this day on.
    pub(crate) since: Option<Day>,
    /// Only rows up to this day.
    pub(crate) until: Day,
    /// Only rows of this account manager.
    pub(crate) staff: Option<&'a str>,
    /// Only rows whose topic, ref or note has this text, whatever its case.
    pub(crate) text: Option<&'a str>,
}

/// One row: when and where. The order of the fields is the order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    day: Day,
    minute: u16,
    origin: Origin,
    customer: u32,
}

/// The rows wanted, in their order.
pub(crate) struct History<'a> {
    loaded: &'a Loaded,
    files: &'a dyn Files,
    threads: usize,
    spots: Vec<Spot>,
    columns: Vec<Column>,
}

impl<'a> History<'a> {
    /// Finds the rows that are wanted; the book must have been loaded with its rows' origins.
    pub(crate) fn find(
        loaded: &'a Loaded,
        files: &'a dyn Files,
        wanted: &Wanted<'_>,
        threads: usize,
    ) -> Self {
        let customers = match wanted.customer {
            Some(index) => index..index + 1,
            None => 0..loaded.book.customers.len(),
        };
        let mut spots = Vec::new();
        for index in customers {
            let rows = loaded.book.interactions_of(index).until(wanted.until);
            for (row, &origin) in rows.rows().iter().zip(rows.origins) {
                if wanted.since.is_none_or(|since| row.day >= since)
                    && (wanted.kinds.is_empty() || wanted.kinds.contains(&row.kind))
                {
                    spots.push(Spot {
                        day: row.day,
                        minute: row.minute,
                        origin,
                        customer: row.customer,
                    });
                }
            }
        }
        spots.sort_unstable();
        let mut history = Self {
            loaded,
            files,
            threads,
            spots,
            columns: COLUMNS.map(|name| Column::new(name, kind(name))).to_vec(),
        };
        if wanted.staff.is_some() || wanted.text.is_some() {
            history.keep_texts(wanted);
        }
        history
    }

    /// Keeps the rows whose texts are wanted.
    fn keep_texts(&mut self, wanted: &Wanted<'_>) {
        let text = wanted.text.map(str::to_lowercase);
        let has_text = |cells: &Cells| {
            text.as_ref().is_none_or(|text| {
                [LogColumn::Topic, LogColumn::Ref, LogColumn::Note]
                    .into_iter()
                    .any(|column| cells.text(column).to_lowercase().contains(text))
            })
        };
        let has_staff = |cells: &Cells| {
            wanted
                .staff
                .is_none_or(|staff| cells.text(LogColumn::Staff) == *staff)
        };
        let mut keeps = vec![false; self.spots.len()];
        self.read(&self.spots, &mut |at, cells| {
            keeps[at] = has_staff(&cells) && has_text(&cells);
        });
        let mut keeps = keeps.into_iter();
        self.spots.retain(|_| keeps.next().unwrap_or(false));
    }

    /// Keeps the last rows, which are the newest.
    pub(crate) fn keep_last(&mut self, count: usize) {
        let drop = self.spots.len().saturating_sub(count);
        self.spots.drain(..drop);
    }

    /// Shows the columns with these names, in this order.
    pub(crate) fn choose(&mut self, names: &[String]) {
        self.columns = names
            .iter()
            .filter_map(|name| COLUMNS.into_iter().find(|it| it == name))
            .map(|name| Column::new(name, kind(name)))
            .collect();
    }

    /// Drops the columns that no row fills.
    pub(crate) fn drop_empty_columns(&mut self) -> io::Result<()> {
        let mut filled = vec![false; self.columns.len()];
        self.for_each(&mut |row| {
            for (filled, value) in filled.iter_mut().zip(row) {
                *filled |= value.is_known();
            }
            Ok(())
        })?;
        let mut filled = filled.into_iter();
        self.columns.retain(|_| filled.next().unwrap_or(true));
        Ok(())
    }

    /// Tells whether the rows are few enough to be held with their texts.
    pub(crate) fn is_short(&self) -> bool {
        self.spots.len() <= HELD
    }

    /// Returns all rows with their columns in memory.
    pub(crate) fn to_sheet(&self) -> io::Result<Sheet<'static>> {
        let mut sheet = Sheet::new(self.columns.clone());
        self.for_each(&mut |row| {
            sheet.push(row.iter().map(|value| value.clone().into_owned()));
            Ok(())
        })?;
        Ok(sheet)
    }

    fn read(&self, spots: &[Spot], found: &mut dyn FnMut(usize, Cells)) {
        let origins: Vec<Origin> = spots.iter().map(|spot| spot.origin).collect();
        read_cells(self.loaded, self.files, &origins, self.threads, found);
    }

    fn value(&self, column: &str, spot: &Spot, cells: Option<&Cells>) -> Value<'static> {
        let text = |column: LogColumn| {
            let text = cells.map(|cells| cells.text(column).into_owned());
            text.filter(|text| !text.is_empty())
        };
        match column {
            "date" => spot.day.date().into(),
            "time" if spot.minute == NO_MINUTE => Value::Unknown,
            "time" => {
                let minute = spot.minute - 1;
                Value::text(format!("{:02}:{:02}", minute / 60, minute % 60))
            }
            "customer" => {
                let customer = self.loaded.book.customers.get(spot.customer as usize);
                customer.map(|it| it.id.to_string()).into()
            }
            "kind" => text(LogColumn::Kind).into(),
            "amount" => {
                let amount = text(LogColumn::Amount);
                amount.and_then(|it| Money::parse_plain(&it).ok()).into()
            }
            "score" => {
                let score = text(LogColumn::Score);
                score.and_then(|it| Fraction::parse_decimal(&it)).into()
            }
            "staff" => text(LogColumn::Staff).into(),
            "topic" => text(LogColumn::Topic).into(),
            "channel" => text(LogColumn::Channel).into(),
            "ref" => text(LogColumn::Ref).into(),
            "due" => {
                let due = text(LogColumn::Due);
                let due = due.and_then(|it| parse_day(it.as_bytes()).ok());
                due.map(|(day, _)| day.date()).into()
            }
            "note" => text(LogColumn::Note).into(),
            _ => {
                let path = self.loaded.log_path(spot.origin.log);
                Value::text(format!("{path}:{}", spot.origin.line))
            }
        }
    }
}

/// Returns the type of a column.
fn kind(column: &str) -> Type {
    match column {
        "date" | "due" => Type::Date,
        "amount" => Type::Money,
        "score" => Type::Number,
        _ => Type::Text,
    }
}

impl Rows for History<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        self.spots.len()
    }

    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()> {
        let mut row = Vec::with_capacity(self.columns.len());
        for spots in self.spots.chunks(HELD) {
            let mut texts: Vec<Option<Cells>> = vec![None; spots.len()];
            self.read(spots, &mut |at, cells| texts[at] = Some(cells));
            for (spot, cells) in spots.iter().zip(&texts) {
                row.clear();
                let columns = self.columns.iter();
                row.extend(columns.map(|it| self.value(&it.name, spot, cells.as_ref())));
                visit(&row)?;
            }
        }
        Ok(())
    }
}
