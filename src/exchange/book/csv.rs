//! CSV of the whole book: RFC 4180, read as strictly as it is written. A text that a spreadsheet would run is
//! guarded, and the guard taken off again.

use std::borrow::Cow;

use super::node::Unfit;
use crate::render::{is_formula, protected};

/// Appends a record.
pub(super) fn push_record(out: &mut String, cells: &[String]) {
    let mut record = csv::Writer::from_writer(Vec::new());
    let guarded = cells.iter().map(|it| protected(it));
    let written = record.write_record(guarded.map(Cow::into_owned));
    written.expect("a record of any texts can be held in memory");
    let record = record.into_inner().expect("memory takes all");
    out.push_str(std::str::from_utf8(&record).expect("texts make a text"));
}

fn unguarded(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest.to_owned(),
        _ => cell,
    }
}

/// Reads all records, of which the first has the names of the columns.
pub(super) fn records(text: &str) -> Result<Vec<Vec<String>>, Unfit> {
    let mut records = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut record = Vec::new();
        loop {
            let (cell, end, behind) = cell(rest)?;
            record.push(unguarded(cell));
            rest = behind;
            if end == End::Record {
                break;
            }
        }
        records.push(record);
    }
    let width = records.first().map_or(0, Vec::len);
    match records.iter().position(|it| it.len() != width) {
        Some(at) => {
            let (found, number) = (records[at].len(), at + 1);
            Err(Unfit(format!(
                "record {number} has {found} cells, and the first has {width}"
            )))
        }
        None => Ok(records),
    }
}

/// What stands behind a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Cell,
    Record,
}

/// Reads one cell, and returns what is behind it.
fn cell(text: &str) -> Result<(String, End, &str), Unfit> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let at = text.find([',', '\n']).unwrap_or(text.len());
        let (cell, rest) = text.split_at(at);
        if cell.contains('"') {
            return Err(Unfit("a quote stands inside of a cell".to_owned()));
        }
        let (end, rest) = behind(rest)?;
        return Ok((cell.to_owned(), end, rest));
    };
    let mut cell = String::new();
    loop {
        let Some((before, behind_quote)) = rest.split_once('"') else {
            return Err(Unfit("a quote never closes".to_owned()));
        };
        cell.push_str(before);
        rest = behind_quote;
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => break,
        }
    }
    let (end, rest) = behind(rest)?;
    Ok((cell, end, rest))
}

fn behind(rest: &str) -> Result<(End, &str), Unfit> {
    if let Some(rest) = rest.strip_prefix(',') {
        return Ok((End::Cell, rest));
    }
    if let Some(rest) = rest.strip_prefix('\n') {
        return Ok((End::Record, rest));
    }
    if rest.is_empty() {
        return Ok((End::Record, rest));
    }
    Err(Unfit("a cell goes on behind its quotes".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_back(
            rows in proptest::collection::vec(proptest::collection::vec("[-=+@'\", \n\r\tа#x5.]{0,6}", 3), 1..9),
        ) {
            let mut text = String::new();
            for row in &rows {
                push_record(&mut text, row);
            }
            proptest::prop_assert_eq!(records(&text).unwrap(), rows);
        }
    }

    #[test]
    fn other_files_are_refused() {
        assert!(records("a,b\n1\n").is_err());
        assert!(records("a\n\"x").is_err());
        assert!(records("a\n\"x\"y\n").is_err());
        assert!(records("a\nx\"y\n").is_err());
        assert_eq!(records("").unwrap(), Vec::<Vec<String>>::new());
        assert_eq!(records("a,b").unwrap(), [["a", "b"]]);
    }
}
