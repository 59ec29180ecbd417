//! Logs of any content: rows read back, canonical forms mean the same and stay.

use guanxi::edit::csv_row::{add_columns, columns, format_row, row_for};
use guanxi::edit::fmt_log::canonical_log;
use guanxi::edit::rows::{reassign, remove_of};
use proptest::collection::vec;
use proptest::prelude::*;

use super::corpus;

const KNOWN: [&str; 4] = ["date", "customer", "kind", "note"];

/// Reads a log by the plainest means: character by character, as RFC 4180 says.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = vec![String::new()];
    let (mut is_quoted, mut is_comment, mut is_start) = (false, false, true);
    let mut is_row = false;
    let mut chars = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .chars()
        .peekable();
    while let Some(char) = chars.next() {
        let cell = row.last_mut().unwrap();
        match char {
            '#' if is_start => is_comment = true,
            '\n' if is_comment => is_comment = false,
            _ if is_comment => continue,
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' => (is_quoted, is_row) = (!is_quoted, true),
            ',' if !is_quoted => row.push(String::new()),
            '\r' if !is_quoted && chars.peek() == Some(&'\n') => continue,
            '\n' if !is_quoted => {
                if is_row || row.len() > 1 || !row[0].trim_matches(' ').is_empty() {
                    rows.push(std::mem::take(&mut row));
                }
                (row, is_row) = (vec![String::new()], false);
            }
            _ => cell.push(char),
        }
        is_start = char == '\n' && !is_quoted;
    }
    if row.len() > 1 || !row[0].is_empty() {
        rows.push(row);
    }
    rows
}

#[test]
fn naughty_strings_read_back() {
    let (_, strings) = corpus("naughty", "json").remove(0);
    let strings: Vec<String> = serde_json::from_str(&strings).unwrap();
    for text in &strings {
        let row = row_for(&KNOWN, &[("date", "2026-03-01"), ("note", text)]).unwrap();
        let log = format!("date,customer,kind,note\n{row}\n");
        assert_eq!(cells(&log)[1], ["2026-03-01", "", "", text]);
        // The library's own reader agrees.
        assert_eq!(canonical_log(&log, &KNOWN).as_ref(), Ok(&log));
    }
}

/// Strategy for a cell with the characters that matter.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof!["[a# ,\"\n甲]{0,5}", "\\PC{0,6}", Just("x\r\ny".to_owned())]
}

/// Strategy for a log: columns in any order, comments, blank lines, either line end.
fn log() -> impl Strategy<Value = String> {
    let row = (1..29_u32, 0..3_u32, "[ab]", cell(), cell(), 0..4_u32);
    (vec(row, 0..8), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(rows, is_crlf, is_marked, is_cut)| {
            let end = if is_crlf { "\r\n" } else { "\n" };
            let mut text = String::from(if is_marked { "\u{feff}" } else { "" });
            text += "note,kind,x,customer,date";
            for (day, time, customer, note, x, before) in rows {
                text += end;
                text += ["", "# c, \"d\n", "\n", "  \n#\n"][before as usize];
                let time = ["", "T09:00", "T23:59"][time as usize];
                let date = format!("2026-03-{day:02}{time}");
                text += &format_row(&[&note, "visit", &x, &customer, &date]);
            }
            text + if is_cut { "" } else { end }
        },
    )
}

proptest! {
    #[test]
    fn any_row_reads_back(row in vec(cell(), 1..5)) {
        prop_assert_eq!(&cells(&(format_row(&row) + "\n")), &[row]);
    }

    #[test]
    fn canonical_twice_is_once_and_means_the_same(text in log()) {
        let form = canonical_log(&text, &KNOWN).unwrap();
        prop_assert_eq!(&canonical_log(&form, &KNOWN).unwrap(), &form);
        // The second, simpler computation: read, turn the columns, sort by day and time.
        let mut expected: Vec<Vec<String>> = cells(&text)
            .into_iter()
            .map(|it| [4, 3, 1, 0, 2].map(|place| it[place].clone()).to_vec())
            .collect();
        expected[1..].sort_by(|one, other| one[0].cmp(&other[0]));
        prop_assert_eq!(cells(&form), expected);
        prop_assert_eq!(form.matches("# c, \"d\n").count(), text.matches("# c, \"d\n").count());
    }

    #[test]
    fn added_columns_are_empty(text in log()) {
        let new = add_columns(&text, &["x", "due"]).unwrap();
        let expected: Vec<Vec<String>> = cells(&text)
            .into_iter()
            .enumerate()
            .map(|(index, mut row)| {
                row.push(if index == 0 { "due" } else { "" }.to_owned());
                row
            })
            .collect();
        prop_assert_eq!(cells(&new), expected);
        prop_assert_eq!(new.lines().count(), text.lines().count());
        prop_assert_eq!(columns(&new).unwrap().len(), 6);
    }

    #[test]
    fn rows_of_one_customer(text in log()) {
        let before = cells(&text);
        let own = before[1..].iter().filter(|row| row[3] == "a").count();
        let (new, count) = reassign(&text, &["a"], "新").unwrap();
        prop_assert_eq!(count, own);
        let mut expected = before.clone();
        for row in expected.iter_mut().skip(1).filter(|row| row[3] == "a") {
            row[3] = "新".to_owned();
        }
        prop_assert_eq!(cells(&new), expected);
        prop_assert_eq!(reassign(&new, &["新"], "a").unwrap().0, text.as_str());

        let (new, count) = remove_of(&text, &["a"]).unwrap();
        prop_assert_eq!(count, own);
        let mut expected = before;
        expected.retain(|row| row[3] != "a");
        prop_assert_eq!(cells(&new), expected);
    }

    #[test]
    fn nothing_panics(text in any::<String>(), more in "[a,\"#\r\n]{0,20}") {
        for text in [text, more] {
            let _ = canonical_log(&text, &KNOWN);
            let _ = add_columns(&text, &["x"]);
            let _ = reassign(&text, &["a"], "b");
        }
    }
}
