//! On a terminal of 80 columns every report stands on its lines, and what it leaves out it names.
//!
//! The language is one for the whole process, so that it is asked in English alone here, beside other tests.

use guanxi::cli::Outcome;
use unicode_width::UnicodeWidthStr as _;

use super::RAIL;
use crate::change::session::Session;

/// Every report that shows rows, and its options that change them.
const COMMANDS: [&str; 28] = [
    "list",
    "due",
    "churn",
    "value",
    "value --fit",
    "history",
    "history xihe-metro",
    "history -s -amount",
    "receivables",
    "receivables --by owner",
    "receivables --by owner,tier",
    "receivables --invoices",
    "cases",
    "cases --all",
    "cases --by staff",
    "dates",
    "leads",
    "leads --all",
    "summary",
    "summary --by owner,tier",
    "trend",
    "trend --by quarter",
    "trend --cohorts",
    "team",
    "portfolio",
    "portfolio --since 90d --sections all",
    "diff 90d",
    "diff 90d --stat",
];

/// Runs a command on a terminal of so many columns, and returns the table and what is said beside it.
fn shown(width: usize, command: &str) -> (String, String) {
    let words: Vec<&str> = command.split(' ').collect();
    let language = ["--lang", "en", "--no-config"];
    let args = [&words[..], &RAIL, &language].concat();
    let said = Session::new("").run_at(Some(width), &args);
    assert_eq!(said.outcome, Outcome::Done, "{command}: {}", said.err);
    (said.out, said.err)
}

#[test]
fn every_report_fits_a_terminal_of_80_columns() {
    for command in COMMANDS {
        let (out, err) = shown(80, command);
        for line in out.lines().chain(err.lines()) {
            assert!(line.width() <= 80, "{command}: {line}");
        }
    }
}

#[test]
fn a_history_leaves_out_what_says_least_and_breaks_its_notes() {
    let (out, err) = shown(80, "history --since 2026-11-01");
    let first = out.lines().next().unwrap();
    let columns: Vec<&str> = first.split_whitespace().collect();
    let expected = ["date", "customer", "kind", "amount", "topic", "note"];
    assert_eq!(columns, expected, "{out}");
    let told = "left out for want of room: origin, channel, time, due, score, ref, staff; `-c`";
    assert!(err.contains(told), "{err}");
    let (out, err) = shown(80, "history --since 2026-11-01 -c +channel");
    assert!(out.contains("interactions/2026.csv:"), "{out}");
    assert_eq!(err, "");
}

/// Its columns are periods, which `-c` does not name.
#[test]
fn cohorts_do_not_advise_columns() {
    let (_, err) = shown(60, "trend --cohorts");
    let told = "left out for want of room: 0, 8, 7, 6; a file or a pipe has\nall\n";
    assert_eq!(err, told);
}

#[test]
fn a_total_of_nothing_is_not_shown() {
    for command in [
        "leads -c id,owner",
        "receivables -c id,owner",
        "receivables --invoices -c ref,id",
    ] {
        let (out, _) = shown(80, command);
        assert!(!out.contains("total"), "{command}: {out}");
    }
    let (out, _) = shown(80, "leads -c id,amount");
    assert!(out.lines().last().unwrap().starts_with("total "), "{out}");
}
