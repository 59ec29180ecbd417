//! Logs: which of their cells are replaced, and what their files are called.

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use super::NotAnonymous;
use super::names::{Sort, StandIns};
use crate::diagnostic::ROW_COMMENTED;
use crate::edit::csv_outline::OutlineReader;
use crate::edit::csv_row::format_row;
use crate::load::{Loaded, files_below};
use crate::model::{CURRENCY, LogColumn};
use crate::policy::Policy;
use crate::source::{Files, INTERACTIONS};

/// A log that names nobody.
pub(super) struct AnonymousLog {
    /// Its text.
    pub(super) text: String,
    /// The id of the customer whom its name means, if it has no column of customers.
    pub(super) of: Option<String>,
    /// A comment that could be meant as a row.
    pub(super) commented: String,
}

/// Returns the logs in the order in which rows of one minute stand: by the composed form of their paths.
pub(super) fn in_order(files: &dyn Files) -> Vec<usize> {
    let mut logs = files_below(files, INTERACTIONS, ".csv");
    logs.sort_by_cached_key(|index| files.paths()[*index].nfc().collect::<String>());
    logs
}

/// Returns the logs in which a comment was told of that could be meant as a row.
pub(super) fn commented(loaded: &Loaded) -> BTreeSet<&str> {
    let told = loaded.diagnostics.listed().iter();
    let told = told.filter(|it| it.fault == ROW_COMMENTED);
    told.filter_map(|it| it.place.as_ref().map(|place| &*place.path))
        .collect()
}

/// Returns a log without whom it is about; expenses that count as promotion keep their topic.
pub(super) fn anonymous(
    path: &str,
    text: &str,
    policy: &Policy,
    names: &mut StandIns,
) -> Result<AnonymousLog, NotAnonymous> {
    let refused = |error: &dyn std::fmt::Display| NotAnonymous::File {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let mut reader = OutlineReader::new(text).map_err(|error| refused(&error))?;
    let columns: Vec<String> = reader.names.iter().map(ToString::to_string).collect();
    let place = |name: &str| columns.iter().position(|it| it == name);
    let kind = place("kind");
    let of = place("customer").is_none().then(|| {
        let name = path.rsplit('/').next().unwrap_or(path);
        names.id(name.strip_suffix(".csv").unwrap_or(name))
    });
    let mut new = format_row(&columns);
    new.push('\n');
    while let Some(row) = reader.next_row().map_err(|error| refused(&error))? {
        let row = row.map_err(|error| refused(&error))?;
        let kind = kind.map_or(Cow::Borrowed(""), |at| reader.content(&row, at));
        let cells: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let cell = reader.content(&row, at);
                replaced(column, &kind, &cell, policy, names)
            })
            .collect();
        new.push_str(&format_row(&cells));
        new.push('\n');
    }
    let cell = |(at, column): (usize, &String)| match (at, column.as_str()) {
        (0, _) => "#1",
        (_, "date") => "2026-01-01",
        (_, "kind") => "note",
        _ => "",
    };
    let cells: Vec<&str> = columns.iter().enumerate().map(cell).collect();
    Ok(AnonymousLog {
        text: new,
        of,
        commented: cells.join(",") + "\n",
    })
}

/// Returns what stands for a cell of a row of some kind.
fn replaced(column: &str, kind: &str, cell: &str, policy: &Policy, names: &mut StandIns) -> String {
    if cell.trim().is_empty() {
        return cell.to_owned();
    }
    if column == CURRENCY {
        return cell.to_owned();
    }
    let Some(known) = LogColumn::of(column) else {
        return names.replace_exact(Sort::Other, cell);
    };
    match known {
        LogColumn::Date
        | LogColumn::Kind
        | LogColumn::Amount
        | LogColumn::Score
        | LogColumn::Due => cell.to_owned(),
        LogColumn::Customer => names.id(cell),
        LogColumn::Staff => names.replace(Sort::Staff, cell),
        LogColumn::Topic => match kind {
            "stage" | "survey" => cell.to_owned(),
            "expense" if policy.is_promotion(Some(cell)) => cell.to_owned(),
            "owner" => names.replace(Sort::Staff, cell),
            _ => names.replace(Sort::Topic, cell),
        },
        LogColumn::Channel => names.replace(Sort::Channel, cell),
        LogColumn::Ref => names.replace(Sort::Reference, cell),
        LogColumn::Note => names.replace_exact(Sort::Note, cell),
    }
}
