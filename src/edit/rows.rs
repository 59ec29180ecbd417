//! Rows of a log given to another customer or taken out, everything else kept byte for byte.

use std::ops::Range;

use super::csv_outline::{LogError, LogOutline, OutlineRow};
use super::csv_row::format_cell;
use crate::model::composed_id;
use crate::source::{AddedRows, Cut as _};

const CUSTOMER: &str = "customer";

/// Returns the log with every row that names one of `from` given to `to`, and how many there were.
///
/// Only the cells of the customer column change. A log without that column has no such rows.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn reassign<I: AsRef<str>>(
    text: &str,
    from: &[I],
    to: &str,
) -> Result<(String, usize), LogError> {
    let log = LogOutline::parse(text)?;
    let Ok(column) = log.column(CUSTOMER) else {
        return Ok((text.to_owned(), 0));
    };
    // An id begins with a letter or digit, so it makes no comment of its row.
    let new = format_cell(to);
    let edits: Vec<(Range<usize>, &str)> = rows_of(&log, column, from)
        .filter_map(|row| Some((row.cells.get(column)?.span.clone(), new.as_str())))
        .collect();
    Ok((spliced(text, &edits), edits.len()))
}

/// Tells whether a log has a row that names one of these ids.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn has_rows_of<I: AsRef<str>>(text: &str, ids: &[I]) -> Result<bool, LogError> {
    let log = LogOutline::parse(text)?;
    let column = log.column(CUSTOMER);
    Ok(column.is_ok_and(|column| rows_of(&log, column, ids).next().is_some()))
}

/// Returns how many rows a log has.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn count(text: &str) -> Result<usize, LogError> {
    Ok(LogOutline::parse(text)?.rows.len())
}

/// Returns the log with another text in a column of the rows that begin on these lines.
///
/// Lines count from 1; those where no row begins are passed over.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read, or has no such column.
pub fn set_cells(
    text: &str,
    column: &'static str,
    line_numbers: &[usize],
    cell: &str,
) -> Result<String, LogError> {
    let log = LogOutline::parse(text)?;
    let column = log.column(column)?;
    let new = format_cell(cell);
    let rows = log
        .rows
        .iter()
        .filter(|row| line_numbers.contains(&row.line_number));
    let edits: Vec<(Range<usize>, &str)> = rows
        .filter_map(|row| Some((row.cells.get(column)?.span.clone(), new.as_str())))
        .collect();
    Ok(spliced(text, &edits))
}

/// Returns the log without the rows that name one of `ids`, and how many there were.
///
/// Comments before a row stay.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn remove_of<I: AsRef<str>>(text: &str, ids: &[I]) -> Result<(String, usize), LogError> {
    let log = LogOutline::parse(text)?;
    let Ok(column) = log.column(CUSTOMER) else {
        return Ok((text.to_owned(), 0));
    };
    let edits: Vec<(Range<usize>, &str)> = rows_of(&log, column, ids)
        .map(|row| (row.span.start..row.next, ""))
        .collect();
    Ok((spliced(text, &edits), edits.len()))
}

/// Returns the log without the rows that begin on these lines, or `None` where one does not.
///
/// Lines count from 1.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn remove_lines(text: &str, line_numbers: &[usize]) -> Result<Option<String>, LogError> {
    let log = LogOutline::parse(text)?;
    let is_meant = |row: &&OutlineRow| line_numbers.contains(&row.line_number);
    let edits: Vec<(Range<usize>, &str)> = log
        .rows
        .iter()
        .filter(is_meant)
        .map(|row| (row.span.start..row.next, ""))
        .collect();
    let are_all_rows = line_numbers
        .iter()
        .all(|line| log.rows.iter().any(|row| row.line_number == *line));
    Ok(are_all_rows.then(|| spliced(text, &edits)))
}

/// Returns the log with each of these rows, counting from 0, once more right behind it, as often as it is
/// listed.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn repeat_rows(text: &str, rows: &[usize]) -> Result<String, LogError> {
    let log = LogOutline::parse(text)?;
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    let line_end = line_end_of(&log);
    let mut result = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for row in rows.iter().filter_map(|index| log.rows.get(*index)) {
        result.push_str(text.cut(done..row.span.end));
        result.push_str(line_end);
        result.push_str(text.cut(row.span.clone()));
        done = row.span.end;
    }
    result.push_str(text.cut(done..));
    Ok(result)
}

/// Returns how the lines of a log end, as that of its header does.
fn line_end_of<'t>(log: &LogOutline<'t>) -> &'t str {
    match log.text.cut(log.header.span.end..log.header.next) {
        "" => "\n",
        line_end => line_end,
    }
}

/// Returns the log with rows added at the end.
///
/// A missing last line end is added; line ends are the header's. This is what the append on disk
/// makes, for `--dry-run` to show.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn append(text: &str, rows: &AddedRows) -> Result<String, LogError> {
    let log = LogOutline::parse(text)?;
    let line_end = line_end_of(&log);
    let mut new = text.to_owned();
    if !new.ends_with('\n') {
        new.push_str(line_end);
    }
    new.push_str(&rows.text(line_end));
    Ok(new)
}

/// Returns the rows that name one of these ids, which are composed.
fn rows_of<'l, I: AsRef<str>>(
    log: &'l LogOutline<'_>,
    column: usize,
    ids: &'l [I],
) -> impl Iterator<Item = &'l OutlineRow> {
    log.rows.iter().filter(move |row| {
        let cell = log.content(row, column);
        let id = composed_id(&cell);
        ids.iter().any(|it| *it.as_ref() == *id)
    })
}

/// Returns the text with each range replaced; the ranges are in order and apart.
fn spliced(text: &str, edits: &[(Range<usize>, &str)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        result.push_str(text.cut(done..range.start));
        result.push_str(new);
        done = range.end;
    }
    result.push_str(text.cut(done..));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "date,customer,note\r\n# of acme\r\n1,acme,\"acme, \"\"x\"\"\"\r\n\
                       2,\"acme\",acme\n3,acme-2,acme\n\n4,acme,";

    #[test]
    fn only_the_customer_cell_changes() {
        let (text, count) = reassign(LOG, &["acme"], "新").unwrap();
        assert_eq!(count, 3);
        assert_eq!(
            text,
            "date,customer,note\r\n# of acme\r\n1,新,\"acme, \"\"x\"\"\"\r\n\
             2,新,acme\n3,acme-2,acme\n\n4,新,"
        );
        assert_eq!(reassign(LOG, &["acm"], "x").unwrap(), (LOG.to_owned(), 0));
        assert_eq!(reassign("date,kind\n1,x\n", &["x"], "y").unwrap().1, 0);
        assert_eq!(
            reassign("customer\nx\nz\ncafe\u{301}\n", &["x", "caf\u{e9}"], "y")
                .unwrap()
                .0,
            "customer\ny\nz\ny\n"
        );
    }

    #[test]
    fn a_cell_of_some_rows_changes() {
        assert_eq!(count(LOG).unwrap(), 4);
        let text = set_cells(LOG, "note", &[3, 7], "x,y").unwrap();
        assert_eq!(
            text,
            "date,customer,note\r\n# of acme\r\n1,acme,\"x,y\"\r\n2,\"acme\",acme\n\
             3,acme-2,acme\n\n4,acme,\"x,y\""
        );
        assert!(set_cells(LOG, "staff", &[3], "x").is_err());
    }

    #[test]
    fn rows_stand_once_more_behind_themselves() {
        assert_eq!(
            repeat_rows("a,b\r\n1,\"x\r\ny\"\r\n# c\r\n2,3", &[1, 0, 1]).unwrap(),
            "a,b\r\n1,\"x\r\ny\"\r\n1,\"x\r\ny\"\r\n# c\r\n2,3\r\n2,3\r\n2,3"
        );
    }

    #[test]
    fn rows_go_and_comments_stay() {
        let (text, count) = remove_of(LOG, &["acme"]).unwrap();
        assert_eq!(count, 3);
        assert_eq!(text, "date,customer,note\r\n# of acme\r\n3,acme-2,acme\n\n");
        let text = remove_lines(LOG, &[4, 7]).unwrap().unwrap();
        assert_eq!(
            text,
            "date,customer,note\r\n# of acme\r\n1,acme,\"acme, \"\"x\"\"\"\r\n3,acme-2,acme\n\n"
        );
        assert_eq!(remove_lines(LOG, &[2]).unwrap(), None);
        assert_eq!(remove_lines(LOG, &[1]).unwrap(), None);
    }
}
