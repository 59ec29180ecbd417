//! What leaves the book for other programs, read back by programs that are not ours.

mod anonymous;
mod calendar;
mod contacts;
mod journal;
mod parquet;
mod whole;
mod xlsx;

use std::path::Path;
use std::process::{Command, Output};

use crate::case::Case;

/// The example of a rail-equipment supplier.
const RAIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rail");

/// The day of the examples.
const DAY: &str = "2026-11-20";

/// A book of these customers (id, file) and rows, without their header.
fn book(customers: &[(&str, &str)], rows: &str) -> Case {
    let mut case = Case::new().file("guanxi.toml", "");
    for (id, text) in customers {
        case = case.file(&format!("customers/{id}.toml"), text);
    }
    let header = "date,customer,kind,amount,score,staff,topic,channel,ref,due,note";
    case.file("interactions/2026.csv", format!("{header}\n{rows}"))
}

/// Runs the program on a book.
fn run(book: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .arg("--book")
        .arg(book)
        .args(["--as-of", DAY])
        .env_clear()
        .output()
        .unwrap()
}

/// Runs the program, which must end well, and returns what it wrote.
fn answer(book: &Path, args: &[&str]) -> Vec<u8> {
    let output = run(book, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
    output.stdout
}

/// Runs the program, which must refuse, and returns what it says.
fn refusal(book: &Path, args: &[&str]) -> String {
    let output = run(book, args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Says that a part of a test was left out for want of a program.
#[expect(
    clippy::print_stderr,
    reason = "who reads the tests' output is to see it"
)]
fn skipped(program: &str) {
    eprintln!("skipped: {program} is not installed");
}

/// Runs a script of Python that needs a module; `None`, and a word, where it is not installed.
fn python(module: &str, script: &str, args: &[&Path]) -> Option<String> {
    let has_it = Command::new("python3")
        .args(["-c", &format!("import {module}")])
        .output();
    if !has_it.is_ok_and(|it| it.status.success()) {
        skipped(&format!("python3 with `{module}`"));
        return None;
    }
    let output = Command::new("python3")
        .args(["-c", script])
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    Some(String::from_utf8(output.stdout).unwrap())
}
