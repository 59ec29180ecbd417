//! Lines of delimited text, kept for a while so that several threads may look at them.

use std::sync::Arc;

use super::delimited::DelimitedLine;
use super::record::TextRecord;
use crate::exchange::cell::SourceCell;
use crate::exchange::fault::SourceFault;
use crate::exchange::table::{ColumnRoles, DataLine, FileKind, LeftOut, SourceTable, Unread};
use crate::parallel;
use crate::source::Cut as _;

/// After how many bytes a batch is full.
const MOST_BYTES: usize = 256 * 1024;

/// After how many lines a batch is full: blank ones have no bytes.
const MOST_LINES: usize = 16 * 1024;

/// Lines one after another, with all that may be asked of them.
#[derive(Debug)]
pub(crate) struct LineBatch {
    file: Arc<str>,
    bytes: Vec<u8>,
    /// Whether all of them are UTF-8.
    is_text: bool,
    spans: Vec<(u32, u32)>,
    faults: Vec<SourceFault>,
    filled: Vec<(usize, SourceCell<'static>)>,
    lines: Vec<KeptLine>,
}

/// A line of a batch: what it is, and where that ends which the batch keeps of it.
#[derive(Debug)]
struct KeptLine {
    number: u64,
    left_out: Option<LeftOut>,
    is_unreadable: bool,
    line_end: u8,
    ends: Ends,
}

#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    bytes: usize,
    spans: usize,
    faults: usize,
    filled: usize,
}

impl LineBatch {
    fn of(file: &Arc<str>) -> Self {
        Self {
            file: Arc::clone(file),
            bytes: Vec::new(),
            is_text: true,
            spans: Vec::new(),
            faults: Vec::new(),
            filled: Vec::new(),
            lines: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= MOST_BYTES || self.lines.len() >= MOST_LINES
    }

    fn keep(&mut self, line: &DataLine<'_>) {
        // A blank line is no record, and nothing is asked of it.
        let record = line.raw.record();
        if let Some(record) = record {
            self.bytes.extend_from_slice(record.bytes);
            self.is_text &= record.is_text;
            self.spans.extend_from_slice(record.spans);
        }
        self.faults.extend_from_slice(line.faults);
        self.filled.extend_from_slice(line.filled);
        self.lines.push(KeptLine {
            number: line.number,
            left_out: line.left_out,
            is_unreadable: line.is_unreadable,
            line_end: record.map_or(b'\n', |it| it.line_end),
            ends: Ends {
                bytes: self.bytes.len(),
                spans: self.spans.len(),
                faults: self.faults.len(),
                filled: self.filled.len(),
            },
        });
    }

    /// Goes through the lines in their order.
    pub(crate) fn each(&self, take: &mut dyn FnMut(&DataLine<'_>)) {
        let text = self.is_text.then_some(self.bytes.as_slice());
        let text = text.and_then(|it| std::str::from_utf8(it).ok());
        let mut start = Ends::default();
        for line in &self.lines {
            let spans = self.spans.cut(start.spans..line.ends.spans);
            let bytes = start.bytes..line.ends.bytes;
            let record = TextRecord {
                number: line.number,
                bytes: self.bytes.cut(bytes.clone()),
                whole: text.map(|it| it.cut(bytes)),
                spans,
                count: spans.len(),
                has_more: false,
                broken: None,
                is_comment: false,
                line_end: line.line_end,
            };
            take(&DataLine {
                number: line.number,
                left_out: line.left_out,
                faults: self.faults.cut(start.faults..line.ends.faults),
                is_unreadable: line.is_unreadable,
                raw: &DelimitedLine {
                    record: &record,
                    file: &self.file,
                },
                filled: self.filled.cut(start.filled..line.ends.filled),
            });
            start = line.ends;
        }
    }
}

impl SourceTable {
    /// Goes through the data lines in batches, several at once, and gives what `work` makes of each in the order
    /// of the lines. Only delimited text is read so; of other files it returns `None`.
    ///
    /// # Errors
    /// As of [`SourceTable::each_line`].
    pub(crate) fn each_batch<R: Send>(
        &self,
        roles: &ColumnRoles,
        work: impl Fn(&LineBatch) -> R + Sync,
        take: impl FnMut(R),
    ) -> Option<Result<(), Unread>> {
        if self.kind != FileKind::Delimited {
            return None;
        }
        let read = |put: &mut dyn FnMut(LineBatch)| {
            let mut batch = LineBatch::of(&self.file);
            let result = self.each_line(roles, &mut |line| {
                batch.keep(line);
                if batch.is_full() {
                    put(std::mem::replace(&mut batch, LineBatch::of(&self.file)));
                }
            });
            put(batch);
            result
        };
        let threads = parallel::all_cores();
        Some(parallel::pipeline(
            threads,
            read,
            |batch| work(&batch),
            take,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::options::{ReadOptions, SourceFile};
    use crate::exchange::table::ColumnRole;

    #[test]
    fn lines_in_batches_are_those_one_by_one() {
        let mut text = "date,customer,note\n".to_owned();
        for number in 0..9000 {
            text += match number % 500 {
                0 => "# a comment\n",
                1 => "\n",
                2 => ",,\n",
                3 => "2026-03-05,stray\"quote,x\n",
                4 => "2026-03-05,too,many,cells\n",
                5 => ",,\"a note\r\nof two lines, \"\"quoted\"\"\"\n",
                6 => "合计,,=\"0012\"\n",
                _ => "2026-03-05,株洲车辆有限公司,第一批轴承和第二批电机\n",
            };
        }
        text += &",,\n".repeat(40_000);
        text += "2026-03-06,last,\n,,\n\n";
        let source = SourceFile::memory("in.csv", text.into_bytes());
        let is_known = |heading: &str| matches!(heading, "date" | "customer" | "note");
        let table = SourceTable::open(&source, &ReadOptions::default(), &is_known).unwrap();
        let role = ColumnRole {
            is_mapped: true,
            may_fill: true,
            ..ColumnRole::default()
        };
        let roles = ColumnRoles {
            is_log: true,
            columns: vec![role; 3],
            fill_down: true,
        };
        let shown = |line: &DataLine<'_>| {
            let cells: Vec<_> = (0..3).map(|it| format!("{:?}", line.cell(it))).collect();
            let places: Vec<_> = (0..3).map(|it| format!("{:?}", line.place(it))).collect();
            let is_blank = line.left_out == Some(LeftOut::Blank);
            format!(
                "{} {:?} {:?} {} {cells:?} {:?}",
                line.number,
                line.left_out,
                line.faults,
                line.is_unreadable,
                (!is_blank).then_some(places)
            )
        };
        let mut expected = Vec::new();
        let take = &mut |line: &DataLine<'_>| expected.push(shown(line));
        table.each_line(&roles, take).unwrap();
        let (mut found, mut count) = (Vec::new(), 0);
        let work = |batch: &LineBatch| {
            let mut lines = Vec::new();
            batch.each(&mut |line| lines.push(shown(line)));
            lines
        };
        let take = |lines: Vec<String>| {
            count += 1;
            found.extend(lines);
        };
        table.each_batch(&roles, work, take).unwrap().unwrap();
        assert!(count > 3, "{count}");
        assert_eq!(found, expected);
    }
}
