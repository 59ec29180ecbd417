//! What `check --fix` does to the text of a log: everything else is kept byte for byte.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::csv_outline::{CsvPiece, LogError, LogOutline, OutlineRow, pieces};
use super::csv_row::{format_cell, format_row};
use crate::model::{CellValue, composed_id};

const CUSTOMER: &str = "customer";

/// A log with one header, made of one with several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Its text.
    pub text: String,
    /// Which rows, counting from 0, are the first below a further header: they followed no row there.
    pub starts: BTreeSet<usize>,
}

/// Returns the log with the rows below further headers put under the first by their columns' names.
///
/// Columns that only a later header has are added to the first. Where one header has no column for the
/// customer and another has, its rows are those of `owner`, for whom the log is named. `None` where
/// there is one header.
///
/// # Errors
///
/// [`LogError`] if a row has more or fewer cells than the header above it, or cannot be read.
pub fn joined(text: &str, owner: &str) -> Result<Option<Joined>, LogError> {
    let pieces = pieces(text)?;
    let [first, others @ ..] = pieces.as_slice() else {
        return Ok(None);
    };
    if others.is_empty() {
        return Ok(None);
    }
    let mut names = first.names.clone();
    for name in others.iter().flat_map(|piece| &piece.names) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let added = &names[first.names.len()..];
    let mut copy = MovedText::of(text);
    copy.keep_to(first.header.span.end);
    copy.add(added.iter().map(|name| format!(",{}", format_cell(name))));
    for row in &first.rows {
        copy.keep_to(row.span.end);
        copy.add(added.iter().map(|name| {
            let is_customer = name == CUSTOMER;
            format!(",{}", format_cell(if is_customer { owner } else { "" }))
        }));
    }
    for piece in others {
        copy.keep_to(piece.header.span.start);
        copy.pass_to(piece.header.next);
        for row in piece.rows.iter().filter(|_| piece.names != names) {
            copy.keep_to(row.span.start);
            copy.add([format_row(&cells_for(text, piece, row, &names, owner))]);
            copy.pass_to(row.span.end);
        }
    }
    let mut row_count = first.rows.len();
    let starts = others.iter().map(|piece| {
        let start = row_count;
        row_count += piece.rows.len();
        start
    });
    Ok(Some(Joined {
        starts: starts.collect(),
        text: copy.finish(),
    }))
}

/// A text on its way into another.
struct MovedText<'t> {
    text: &'t str,
    done: usize,
    result: String,
}

impl<'t> MovedText<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            done: 0,
            result: String::with_capacity(text.len() + 64),
        }
    }

    fn keep_to(&mut self, at: usize) {
        let kept = self.text.get(self.done..at);
        self.result.push_str(
            kept.expect("a row begins and ends between characters, behind the one before"),
        );
        self.done = at;
    }

    fn pass_to(&mut self, at: usize) {
        self.done = at;
    }

    fn add(&mut self, texts: impl IntoIterator<Item = String>) {
        self.result.extend(texts);
    }

    fn finish(mut self) -> String {
        self.keep_to(self.text.len());
        self.result
    }
}

/// Returns the cells of a row in the order of other columns.
fn cells_for(
    text: &str,
    piece: &CsvPiece,
    row: &OutlineRow,
    names: &[String],
    owner: &str,
) -> Vec<String> {
    let cell = |name: &String| match piece.names.iter().position(|it| it == name) {
        Some(column) => row.cells[column].content(text).into_owned(),
        None if name == CUSTOMER => owner.to_owned(),
        None => String::new(),
    };
    names.iter().map(cell).collect()
}

/// Returns the log with the present ids of customers for their former ones, and how many rows change.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn with_present_ids(
    text: &str,
    present: &BTreeMap<String, String>,
) -> Result<(String, usize), LogError> {
    let log = LogOutline::parse(text)?;
    let Ok(column) = log.column(CUSTOMER) else {
        return Ok((text.to_owned(), 0));
    };
    let mut copy = MovedText::of(text);
    let mut count = 0;
    for row in &log.rows {
        if let Some(id) = present.get(&*composed_id(&log.content(row, column)))
            && let Some(cell) = row.cells.get(column)
        {
            copy.keep_to(cell.span.start);
            copy.add([format_cell(id)]);
            copy.pass_to(cell.span.end);
            count += 1;
        }
    }
    Ok((copy.finish(), count))
}

/// What a row says, in whatever order its columns stand and however its numbers are written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowKey(String);

/// A row of a log, to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSaid {
    /// The line on which it begins, counting from 1.
    pub line_number: usize,
    /// What it says.
    pub key: RowKey,
}

/// Returns what the rows of a log say, in their order; without a column for the customer they are
/// `owner`'s.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn said(text: &str, owner: &str) -> Result<Vec<RowSaid>, LogError> {
    let log = LogOutline::parse(text)?;
    let mut columns: Vec<(&str, Option<usize>)> = log
        .names
        .iter()
        .enumerate()
        .map(|(column, name)| (&**name, Some(column)))
        .collect();
    if log.column(CUSTOMER).is_err() {
        columns.push((CUSTOMER, None));
    }
    columns.sort_unstable();
    let rows = log.rows.iter().map(|row| {
        let mut key = String::new();
        for (name, column) in &columns {
            let cell = column.map_or(Cow::Borrowed(owner), |column| log.content(row, column));
            if !cell.is_empty() {
                push_content(&mut key, name, &cell);
            }
        }
        RowSaid {
            line_number: row.line_number,
            key: RowKey(key),
        }
    });
    Ok(rows.collect())
}

/// Adds a cell to what a row says; no name or text has a control character but a tab or a line break.
fn push_content(key: &mut String, name: &str, text: &str) {
    key.push_str(name);
    key.push('\0');
    match CellValue::of(name, text.as_bytes()) {
        CellValue::Number(units) => key.push_str(&units.to_string()),
        CellValue::Text(_) if name == CUSTOMER => key.push_str(&composed_id(text)),
        CellValue::Text(_) => key.push_str(text),
    }
    key.push('\u{1}');
}

/// What a copy of a log has in common with its original, and what follows that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyCompared {
    /// The rows, counting from 0, that the original has as well: of equal rows as many as it has, the first
    /// ones.
    pub common: Vec<usize>,
    /// The rows of which the original has fewer, and that directly follow a common one which they equal: each
    /// with the last equal row of the original. They are no copies of it.
    pub followers: Vec<(usize, usize)>,
}

/// Compares the rows of a copy with those of its original.
///
/// `starts` are rows of the copy that follow none.
pub fn compared(copy: &[RowSaid], original: &[RowSaid], starts: &BTreeSet<usize>) -> CopyCompared {
    let mut left: HashMap<&RowKey, (usize, usize)> = HashMap::new();
    for (index, row) in original.iter().enumerate() {
        let (count, last) = left.entry(&row.key).or_default();
        *count += 1;
        *last = index;
    }
    let mut compared = CopyCompared::default();
    // The row right before, if it is one of both.
    let mut before: Option<&RowKey> = None;
    for (index, row) in copy.iter().enumerate() {
        let is_next = before == Some(&row.key) && !starts.contains(&index);
        let equal = left.get_mut(&row.key);
        before = equal.is_some().then_some(&row.key);
        match equal {
            Some((count @ 1.., _)) => {
                *count -= 1;
                compared.common.push(index);
            }
            Some((_, last)) if is_next => compared.followers.push((index, *last)),
            _ => before = None,
        }
    }
    compared
}

/// Returns how many rows of a log directly follow their equals, as true second purchases of a day do;
/// `present` has the present ids of customers by their former ones.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn count_followers(
    text: &str,
    owner: &str,
    present: &BTreeMap<String, String>,
) -> Result<usize, LogError> {
    let (text, _) = with_present_ids(text, present)?;
    let rows = said(&text, owner)?;
    let pairs = rows.windows(2);
    Ok(pairs.filter(|pair| pair[0].key == pair[1].key).count())
}

/// Returns how many rows of a log directly follow their equals that did not while other rows stood between
/// them; but for those the old text is the new one.
///
/// # Errors
///
/// [`LogError`] if a text is not a log that can be read.
pub fn count_joined(old: &str, new: &str) -> Result<usize, LogError> {
    let (old, new) = (said(old, "")?, said(new, "")?);
    let mut rest = old.iter().enumerate();
    let places = new.iter().map(|row| rest.find(|(_, it)| it.key == row.key));
    let places: Vec<usize> = places.map_while(|it| it.map(|it| it.0)).collect();
    let pairs = new.windows(2).zip(places.windows(2));
    let is_joined = |(rows, places): &(&[RowSaid], &[usize])| {
        rows[0].key == rows[1].key && places[1] > places[0] + 1
    };
    Ok(pairs.filter(is_joined).count())
}

/// Tells whether a log says nothing that another does not: it has no row, and only comments of the other.
pub fn is_spent(text: &str, original: &str) -> bool {
    let is_comment = |line: &&str| line.starts_with('#');
    let known: HashSet<&str> = original.lines().filter(is_comment).collect();
    LogOutline::parse(text).is_ok_and(|log| log.rows.is_empty())
        && text.lines().filter(is_comment).all(|it| known.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_come_together_are_counted() {
        let count = |rows: &[&str]| {
            let log = |rows: &[&str]| format!("date,customer,kind\n{}\n", rows.join("\n"));
            let stays: Vec<&str> = rows
                .iter()
                .filter(|it| !it.contains(",z,"))
                .copied()
                .collect();
            count_joined(&log(rows), &log(&stays)).unwrap()
        };
        let [a, b, z] = ["1,a,visit", "1,b,visit", "1,z,visit"];
        assert_eq!(count(&[a, z, a, z, z, a, b]), 2);
        assert_eq!(count(&[a, a, z, z, b, a]), 0);
        assert_eq!(count(&[z, a, a, z, a]), 1);
    }

    #[test]
    fn rows_below_a_second_header_stand_below_the_first() {
        let text = "\u{feff}# top\r\ndate,customer,kind\r\n2026-03-01,a,visit\r\n# wide\r\n\
                    date,kind,customer,note\r\n2026-03-01,visit,a,\r\n# x\r\n\
                    2026-03-02,call,a,\"1,\r\n2\"\r\n# end";
        assert_eq!(
            joined(text, "").unwrap().unwrap().text,
            "\u{feff}# top\r\ndate,customer,kind,note\r\n2026-03-01,a,visit,\r\n# wide\r\n\
             2026-03-01,a,visit,\r\n# x\r\n2026-03-02,a,call,\"1,\r\n2\"\r\n# end"
        );
        assert_eq!(
            joined(text, "").unwrap().unwrap().starts,
            BTreeSet::from([1])
        );
        // The same header again: not a byte of a row changes.
        assert_eq!(
            joined("date,kind\n\"1\",a\n\u{feff}date , kind\n\"2\",\"b\"", "")
                .unwrap()
                .unwrap()
                .text,
            "date,kind\n\"1\",a\n\"2\",\"b\""
        );
        assert_eq!(
            joined("date,kind\n1,a\n\u{feff}\"date\",\"kind\"\n2,b\n", "")
                .unwrap()
                .unwrap()
                .text,
            "date,kind\n1,a\n2,b\n"
        );
        for broken in ["\u{feff}\"2\",b", "\u{feff}\"date\",\"kind\n\""] {
            assert!(joined(&format!("date,kind\n1,a\n{broken}\n"), "").is_err());
        }
        assert_eq!(
            joined("date,kind\n1,visit\ndate,kind,customer\n2,visit,b\n", "a")
                .unwrap()
                .unwrap()
                .text,
            "date,kind,customer\n1,visit,a\n2,visit,b\n"
        );
        assert_eq!(joined("date,kind\n1,visit\n", "").unwrap(), None);
        assert!(joined("date,kind\n1,visit\ndate,kind,note\n1,2\n", "").is_err());
    }

    #[test]
    fn former_ids_become_present_ones() {
        let present = BTreeMap::from([("old".to_owned(), "新".to_owned())]);
        let (text, count) =
            with_present_ids("customer,note\n\"old\",old\nold-2,\nold,\"x\"\n", &present).unwrap();
        assert_eq!(
            (count, text.as_str()),
            (2, "customer,note\n新,old\nold-2,\n新,\"x\"\n")
        );
    }

    #[test]
    fn a_copy_keeps_what_only_it_has() {
        let rows = |text: &str| said(text, "a").unwrap();
        let original = rows("date,customer,kind,amount\n1,a,order,5\n1,a,order,5\n2,a,visit,\n");
        let copy = rows("kind,date,amount\norder,1,5.00\norder,1,5\norder,1,5\ncall,3,\n");
        let none = BTreeSet::new();
        let found = compared(&copy, &original, &none);
        assert_eq!((found.common, found.followers), (vec![0, 1], vec![(2, 1)]));
        let found = compared(&copy, &original, &BTreeSet::from([2]));
        assert_eq!((found.common, found.followers), (vec![0, 1], vec![]));
        assert_eq!(compared(&original, &copy, &none).common, [0, 1]);
        let text = "# c\ndate,kind\n";
        assert!(is_spent(text, "date,kind\n# c\n1,a\n"));
        assert!(!is_spent(text, "date,kind\n"));
        assert!(!is_spent("date,kind\n1,a\n", "date,kind\n1,a\n"));
    }
}
