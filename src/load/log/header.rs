//! The header of a log: which column stands where.

use std::sync::Arc;

use super::record::Cell;
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics, nearest};
use crate::source::{Place, clipped};

/// The columns that a log may have and that mean something.
pub(crate) const COLUMNS: [&str; 11] = [
    "date", "customer", "kind", "amount", "score", "staff", "topic", "channel", "ref", "due",
    "note",
];

/// A column of [`COLUMNS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Date,
    Customer,
    Kind,
    Amount,
    Score,
    Staff,
    Topic,
    Channel,
    Ref,
    Due,
    Note,
}

impl Column {
    /// Returns the column's name.
    pub(crate) fn name(self) -> &'static str {
        COLUMNS[self as usize]
    }
}

/// A log's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Where each of [`COLUMNS`] stands, if it does.
    places: [Option<u16>; COLUMNS.len()],
    /// Every column's name.
    pub(crate) names: Vec<String>,
    /// The places of columns that mean nothing here, by name.
    unknown: Vec<usize>,
}

impl Header {
    /// Returns where a column stands.
    pub(crate) fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize].map(usize::from)
    }

    /// Returns how many cells every row must have.
    pub(crate) fn width(&self) -> usize {
        self.names.len()
    }

    /// Returns where the column at an index of [`COLUMNS`] stands.
    pub(super) fn place_at(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten().map(usize::from)
    }

    /// Returns the columns that mean nothing here, by name, with their places.
    pub(super) fn unknown_columns(&self) -> impl Iterator<Item = (&str, usize)> {
        self.unknown
            .iter()
            .map(|index| (self.names[*index].as_str(), *index))
    }

    /// Makes a header of cells that are known to be one; `None` if they name no column.
    pub(super) fn of_names(record: &[u8], cells: &[Cell]) -> Option<Self> {
        let names: Vec<String> = cells
            .iter()
            .map(|cell| {
                String::from_utf8_lossy(&cell.content(record))
                    .trim()
                    .to_owned()
            })
            .collect();
        let mut places = [None; COLUMNS.len()];
        for (column, place) in COLUMNS.iter().zip(&mut places) {
            let index = names.iter().position(|name| name == column);
            *place = index.and_then(|index| u16::try_from(index).ok());
        }
        let mut unknown: Vec<usize> = (0..names.len())
            .filter(|index| !COLUMNS.contains(&names[*index].as_str()))
            .collect();
        unknown.sort_by(|a, b| names[*a].cmp(&names[*b]));
        (unknown.len() < names.len()).then_some(Self {
            places,
            names,
            unknown,
        })
    }

    /// Reads a header from the cells of a record; `None`, with the faults, if it is none.
    ///
    /// `is_one_customer` says that the file is named for a customer, so that it needs no column.
    pub(super) fn read(
        path: &Arc<str>,
        line: u64,
        record: &[u8],
        cells: &[Cell],
        is_one_customer: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let whole = || {
            Place::in_record(
                path,
                line,
                record,
                0..cells.last().map_or(0, |it| it.span().end),
            )
        };
        let Some(header) = Self::of_names(record, cells) else {
            diagnostics.push(no_header(whole(), record));
            return None;
        };
        let names = &header.names;
        let mut is_right = true;
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) && !name.is_empty() {
                let message = format!("column `{}` stands twice in the header", clipped(name));
                let place = Place::in_record(path, line, record, cells[index].span());
                let help = "rename or remove one of them";
                diagnostics.push(Diagnostic::new(fault::HEADER_TWICE, message, place).help(help));
                is_right = false;
            }
        }
        let required: &[Column] = if is_one_customer {
            &[Column::Date, Column::Kind]
        } else {
            &[Column::Date, Column::Customer, Column::Kind]
        };
        for column in required {
            if header.place(*column).is_some() {
                continue;
            }
            is_right = false;
            let others = names
                .iter()
                .map(String::as_str)
                .filter(|name| !COLUMNS.contains(name));
            let near = nearest(column.name(), others);
            let index = near.and_then(|near| names.iter().position(|name| name == near));
            let place = index.map_or_else(whole, |index| {
                Place::in_record(path, line, record, cells[index].span())
            });
            let message = format!("the header has no column `{}`", column.name());
            let help = match (near, column) {
                (Some(near), _) => format!("is `{near}` meant to be `{}`?", column.name()),
                (None, Column::Customer) => {
                    "add the column, or name the file for its one customer".to_owned()
                }
                (None, _) => "add the column".to_owned(),
            };
            diagnostics.push(Diagnostic::new(fault::HEADER_COLUMN, message, place).help(help));
        }
        is_right.then_some(header)
    }
}

fn no_header(place: Place, record: &[u8]) -> Diagnostic {
    let text = String::from_utf8_lossy(record);
    let parts_by = |mark: char| {
        text.split(mark)
            .filter(|it| COLUMNS.contains(&it.trim()))
            .count()
            > 1
    };
    let (semicolons, tabs) = (parts_by(';'), parts_by('\t'));
    let message = match () {
        () if semicolons => "the columns are parted by semicolons, not by commas",
        () if tabs => "the columns are parted by tabs, not by commas",
        () if text.starts_with(|it: char| it.is_ascii_digit()) => {
            "the first row is no header: it looks like an interaction"
        }
        () => "the first row is no header: it names none of the columns of a log",
    };
    let help = if semicolons || tabs {
        "save the table once more as CSV with commas, in UTF-8".to_owned()
    } else {
        format!("put a header into the first line: `{}`", COLUMNS.join(","))
    };
    Diagnostic::new(fault::HEADER_MISSING, message, place).help(help)
}
