//! Rows for the end of a log, held as one text however many they are.

use std::borrow::Cow;

use memchr::memchr_iter;

/// Rows of a log as they are written, without their line ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddedRows {
    /// The rows, each with a line feed behind it.
    text: String,
    /// How many they are.
    count: usize,
    /// How many lines they have.
    line_count: usize,
    /// The lines, counted from 0, behind which their row goes on.
    broken: Vec<usize>,
}

impl AddedRows {
    /// Adds a row, which is without its line end.
    pub fn push(&mut self, row: &str) {
        for _ in memchr_iter(b'\n', row.as_bytes()) {
            self.broken.push(self.line_count);
            self.line_count += 1;
        }
        self.text.push_str(row);
        self.text.push('\n');
        self.line_count += 1;
        self.count += 1;
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the rows one after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut broken = self.broken.iter().peekable();
        let ends = memchr_iter(b'\n', self.text.as_bytes()).enumerate();
        let ends = ends.filter(move |(line, _)| broken.next_if_eq(&line).is_none());
        let mut start = 0;
        ends.filter_map(move |(_, end)| {
            let row = self.text.get(start..end);
            start = end + 1;
            row
        })
    }

    /// Returns which row the line lies in, both counted from 0.
    pub(crate) fn row_on_line(&self, line: usize) -> Option<usize> {
        let within = self.broken.partition_point(|it| *it < line);
        (line < self.line_count).then(|| line - within)
    }

    /// Returns the rows, each with a line feed behind it.
    pub(crate) fn as_text(&self) -> &str {
        &self.text
    }

    /// Returns the rows, each with this line end behind it.
    pub(crate) fn text(&self, line_end: &str) -> Cow<'_, str> {
        if line_end == "\n" {
            return Cow::Borrowed(&self.text);
        }
        Cow::Owned(self.iter().flat_map(|row| [row, line_end]).collect())
    }
}

impl<S: AsRef<str>> FromIterator<S> for AddedRows {
    fn from_iter<I: IntoIterator<Item = S>>(rows: I) -> Self {
        let mut texts = Self::default();
        rows.into_iter().for_each(|row| texts.push(row.as_ref()));
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_apart_by_their_lines() {
        let rows = ["a", "\"b\n\nc\"", "", "d\n"];
        let texts: AddedRows = rows.iter().collect();
        assert_eq!(texts.iter().collect::<Vec<_>>(), rows);
        assert_eq!(texts.text("\n"), "a\n\"b\n\nc\"\n\nd\n\n");
        assert_eq!(texts.text("\r\n"), "a\r\n\"b\n\nc\"\r\n\r\nd\n\r\n");
        let lines = (0..8).map(|line| texts.row_on_line(line));
        let expected = [0, 1, 1, 1, 2, 3, 3].map(Some).into_iter().chain([None]);
        assert!(lines.eq(expected));
        assert_eq!(texts.len(), 4);
        assert!(!texts.is_empty() && AddedRows::default().is_empty());
    }
}
