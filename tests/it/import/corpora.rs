//! The files of `tests/corpora/`: `import` reads what is meant, or refuses at the line.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Book;

const CUSTOMERS: &str = "== customers/acme.toml\nname = \"acme\"\n== customers/li-wei.toml\nname = \"li-wei\"\n\
                         == customers/王小明.toml\nname = \"王小明\"\n";

fn corpus(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpora")
        .join(path)
}

fn json(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(corpus(path)).unwrap()).unwrap()
}

fn rows_of(book: &Book) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for path in book.paths("interactions") {
        let bytes = book.read(&format!("interactions/{path}"));
        let mut reader = csv_reader(&bytes);
        rows.append(&mut reader);
    }
    rows.sort();
    rows
}

/// Reads rows of a log without its header.
fn csv_reader(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(it) = characters.next() {
        match it {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(it),
        }
    }
    rows.into_iter().skip(1).collect()
}

fn plain(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

#[test]
fn dialects_are_read_as_they_were_meant() {
    let expected = json("csv/dialects/expected.json");
    let mut refused = Vec::new();
    for case in expected["cases"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let bytes = std::fs::read(corpus(&format!("csv/dialects/{file}"))).unwrap();
        let book = Book::new(CUSTOMERS);
        let said = book.import("log", &[(file, &bytes)], "--yes");
        if said.part("written") != true {
            refused.push(file.to_owned());
            assert_eq!(
                case["import"], "may",
                "{file}: {}\n{}",
                said.said.out, said.said.err
            );
            continue;
        }
        let mut meant: Vec<Vec<String>> = case["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                row.as_array()
                    .unwrap()
                    .iter()
                    .map(|it| it.as_str().unwrap().to_owned())
                    .collect()
            })
            .collect();
        let mut found = rows_of(&book);
        for row in meant.iter_mut().chain(&mut found) {
            row[3] = plain(&row[3]);
            // The time of a day is kept.
            row[0].truncate(10);
        }
        meant.sort();
        found.sort();
        assert_eq!(found, meant, "{file}");
    }
    assert!(refused.len() < 4, "{refused:?}");
}

#[test]
fn damaged_files_are_refused_at_their_line_or_read_as_meant() {
    let read = [
        "slash-date.csv",
        "amount-grouped.csv",
        "header-twice.csv",
        "xlsx-renamed.csv",
    ];
    for case in json("csv/damaged/expected.json").as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let bytes = std::fs::read(corpus(&format!("csv/damaged/{file}"))).unwrap();
        let book = Book::new(CUSTOMERS);
        let before = book.text();
        let said = book.import("log", &[(file, &bytes)], "--yes");
        if read.contains(&file) && said.faults().is_empty() {
            continue;
        }
        assert_eq!(book.text(), before, "{file}");
        let line = case["line"].as_u64().unwrap();
        let is_there = said
            .faults()
            .iter()
            .any(|it| it.starts_with(&format!("{line} ")));
        let is_whole = said.faults().iter().any(|it| it.starts_with("null "));
        assert!(
            is_there || is_whole,
            "{file}: {line} {:?} {}",
            said.faults(),
            said.said.err
        );
    }
}

#[test]
fn values_are_read_as_meant_or_refused() {
    let value = |heading: &str, text: &str| {
        let book = Book::of_acme();
        let (day, amount) = if heading == "date" {
            (text, "5")
        } else {
            ("2026-03-05", text)
        };
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let file = format!(
            "date,customer,kind,amount\n{},acme,payment,{}\n",
            quoted(day),
            quoted(amount)
        );
        let said = book.log(&file, "--yes");
        if said.part("written") != true {
            return "REFUSE".to_owned();
        }
        let rows = rows_of(&book);
        let at = if heading == "date" { 0 } else { 3 };
        let text = plain(&rows[0][at]);
        if heading == "date" {
            text.chars().take(10).collect()
        } else {
            text
        }
    };
    for (path, heading) in [
        ("values/amounts.json", "amount"),
        ("values/dates.json", "date"),
    ] {
        for case in json(path).as_array().unwrap() {
            let text = case["text"].as_str().unwrap();
            let meant = case["import"].as_str().unwrap();
            assert_eq!(value(heading, text), plain(meant), "{heading} {text:?}");
        }
    }
}
