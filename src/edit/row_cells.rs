//! Cells of rows replaced, and rows taken out, by what each row says; all else is kept byte for byte.

use std::borrow::Cow;

use super::csv_outline::{LogError, LogOutline};
use super::csv_row::format_cell;
use crate::source::Cut as _;

/// A row as it is judged.
pub(crate) struct JudgedRow<'a> {
    /// The names of the columns.
    pub(crate) names: &'a [Cow<'a, str>],
    /// The cells, as many.
    pub(crate) cells: Vec<Cow<'a, str>>,
}

impl JudgedRow<'_> {
    /// Returns the text of a column; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        let at = self.names.iter().position(|it| it == name);
        at.and_then(|at| self.cells.get(at)).map_or("", |it| it)
    }
}

/// What becomes of a row.
pub(crate) enum Fate {
    Stays,
    Goes,
    /// Its cells are these, one for each column.
    Becomes(Vec<String>),
}

/// A log after its rows were judged.
pub(crate) struct JudgedLog {
    pub(crate) text: String,
    /// How many rows went.
    pub(crate) gone: usize,
    /// How many have other cells.
    pub(crate) changed: usize,
}

/// Judges every row of a log.
///
/// # Errors
/// [`LogError`] if the text is not a log that can be read.
pub(crate) fn judge_rows(
    text: &str,
    mut judge: impl FnMut(&JudgedRow<'_>) -> Fate,
) -> Result<JudgedLog, LogError> {
    let log = LogOutline::parse(text)?;
    let mut judged = JudgedLog {
        text: String::with_capacity(text.len()),
        gone: 0,
        changed: 0,
    };
    let mut done = 0;
    for row in &log.rows {
        let of_row = JudgedRow {
            names: &log.names,
            cells: (0..row.cells.len())
                .map(|at| log.content(row, at))
                .collect(),
        };
        match judge(&of_row) {
            Fate::Stays => {}
            Fate::Goes => {
                judged.text.push_str(text.cut(done..row.span.start));
                done = row.next;
                judged.gone += 1;
            }
            Fate::Becomes(cells) => {
                let mut has_changed = false;
                for ((place, old), new) in row.cells.iter().zip(&of_row.cells).zip(&cells) {
                    if **old != **new {
                        judged.text.push_str(text.cut(done..place.span.start));
                        judged.text.push_str(&format_cell(new));
                        done = place.span.end;
                        has_changed = true;
                    }
                }
                judged.changed += usize::from(has_changed);
            }
        }
    }
    judged.text.push_str(text.cut(done..));
    Ok(judged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_judged_changes() {
        let log = "date,customer,note\r\n# c\r\n1,a,\"x, y\"\r\n2,b,\"q\"\r\n3,a,z";
        let judged = judge_rows(log, |row| match row.text("customer") {
            "b" => Fate::Goes,
            _ if row.text("note") == "z" => Fate::Stays,
            _ => Fate::Becomes(vec!["1".to_owned(), "c,d".to_owned(), String::new()]),
        });
        let judged = judged.unwrap();
        assert_eq!(
            judged.text,
            "date,customer,note\r\n# c\r\n1,\"c,d\",\r\n3,a,z"
        );
        assert_eq!((judged.gone, judged.changed), (1, 1));
        assert!(judge_rows("a,b\n1\n", |_| Fate::Stays).is_err());
    }
}
