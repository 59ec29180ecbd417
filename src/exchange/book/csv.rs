//! CSV of the whole book. A text that a spreadsheet would run is guarded, and the guard taken off again.

use std::borrow::Cow;

use super::node::NotCarried;
use crate::render::{is_formula, protected};
use crate::words::both;

/// Appends a record.
pub(super) fn push_record(out: &mut String, cells: &[String]) {
    let mut record = csv::Writer::from_writer(Vec::new());
    let guarded = cells.iter().map(|it| protected(it));
    let written = record.write_record(guarded.map(Cow::into_owned));
    written.expect("a record of any texts can be held in memory");
    let record = record.into_inner().expect("memory takes all");
    out.push_str(std::str::from_utf8(&record).expect("texts make a text"));
}

fn unguarded(cell: &str) -> String {
    let behind = cell.strip_prefix('\'').filter(|it| is_formula(it));
    behind.unwrap_or(cell).to_owned()
}

/// Reads all records, of which the first has the names of the columns; that the text is as it was written has
/// been proved before.
pub(super) fn records(text: &str) -> Result<Vec<Vec<String>>, NotCarried> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(text.as_bytes());
    let unguarded = |record: csv::StringRecord| record.iter().map(unguarded).collect();
    let records = reader.records().map(|it| it.map(unguarded));
    records.collect::<Result<_, _>>().map_err(|it| unfit(&it))
}

fn unfit(error: &csv::Error) -> NotCarried {
    NotCarried(match error.kind() {
        csv::ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } => both!(
            "record {} has another number of cells ({}) than the first ({})",
            "第 {} 条有 {} 个单元格，而第一条有 {} 个",
            pos.as_ref().map_or(0, csv::Position::record) + 1,
            *len,
            *expected_len
        ),
        _ => both!("no CSV: {}", "不是 CSV：{}", error.to_string()),
    })
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
        let Err(NotCarried(why)) = records("a,b\n1\n") else {
            panic!("it is not whole")
        };
        assert_eq!(
            why.english(),
            "record 2 has another number of cells (1) than the first (2)"
        );
        assert_eq!(records("").unwrap(), Vec::<Vec<String>>::new());
        assert_eq!(records("a,b").unwrap(), [["a", "b"]]);
    }
}
