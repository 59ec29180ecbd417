//! The pages on files, kinds, rules and policy held to the program: their books, tables, rules and keys.

use std::path::Path;
use std::process::Command;

use guanxi::diagnostic::Diagnostics;
use guanxi::model::{CellUse, Family, Kind, KindTable, Reference};
use guanxi::policy::Policy;
use guanxi::rule::Rule;
use guanxi::source::SourceText;
use guanxi::words::terms::{KINDS, term};

use super::methods::{blocks, lay_out};

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    std::fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

#[test]
fn every_book_is_free_of_faults() {
    check_books("format.md", 3);
    check_books("zh/format.md", 3);
    check_books("policy.md", 1);
}

fn check_books(name: &str, count: usize) {
    let page = page(name);
    let books = blocks(&page);
    let books: Vec<_> = books.iter().filter(|it| it.info == ["book"]).collect();
    assert_eq!(books.len(), count);
    for book in books {
        let folder = tempfile::tempdir().unwrap();
        lay_out(folder.path(), book.content);
        let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(["check", "--as-of", "2026-11-20"])
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            said.starts_with("no faults"),
            "docs/{name}:{}: {said}{}",
            book.line,
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Returns the rows of the first table of a page that begin with code.
fn coded_rows(page: &str) -> Vec<Vec<String>> {
    let rows = page.lines().filter(|it| it.starts_with("| `"));
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split(" | ");
        cells.map(|it| it.trim().to_owned()).collect()
    };
    rows.map(cells).collect()
}

#[test]
fn the_chinese_table_of_kinds_says_the_same() {
    let (english, chinese) = (page("kinds.md"), page("zh/kinds.md"));
    let (english, chinese) = (coded_rows(&english), coded_rows(&chinese));
    assert_eq!(english.len(), chinese.len());
    for (english, chinese) in english.iter().zip(&chinese) {
        let mut expected: Vec<String> = english[..8].to_vec();
        for (word, in_chinese) in [
            ("**yes**", "**必填**"),
            ("yes", "是"),
            ("opt.", "可填"),
            (", also < 0", "，可为负"),
            (", free", "，随意"),
            (", own", "，自己的"),
            (", an invoice", "，发票"),
            (", a case", "，事项"),
            (", a lead", "，商机"),
        ] {
            for cell in &mut expected {
                *cell = cell.replace(word, in_chinese);
            }
        }
        let name = english[0].trim_matches('`');
        let label = term(KINDS, name).unwrap().to_owned();
        expected.insert(1, label);
        assert_eq!(chinese[..9], expected, "{name}");
    }
}

/// Returns the cells of the table of kinds, but for the meaning.
fn row_of(kind: &Kind) -> Vec<String> {
    let contact = if kind.contact { "yes" } else { "–" };
    let negative = if kind.negative { ", also < 0" } else { "" };
    let names = match kind.reference {
        _ if kind.reference_cell == CellUse::Unused => "",
        Reference::Free => ", free",
        Reference::Own(_) => ", own",
        Reference::Names(Family::Case) => ", a case",
        Reference::Names(Family::Invoice) => ", an invoice",
        Reference::Names(Family::Lead) => ", a lead",
        Reference::Names(Family::Agreement) => ", an agreement",
    };
    let word = |cell: CellUse| match cell {
        CellUse::Required => "**yes**",
        CellUse::Optional => "opt.",
        CellUse::Unused => "–",
    };
    vec![
        format!("`{}`", kind.name),
        contact.to_owned(),
        format!("{}{negative}", word(kind.amount)),
        word(kind.score).to_owned(),
        word(kind.staff).to_owned(),
        word(kind.topic).to_owned(),
        format!("{}{names}", word(kind.reference_cell)),
        word(kind.due).to_owned(),
    ]
}

#[test]
fn the_table_of_kinds_is_the_programs() {
    let page = page("kinds.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let told: Vec<Vec<String>> = rows
        .map(|row| {
            let cells = row.trim_matches('|').split('|');
            cells.take(8).map(|it| it.trim().to_owned()).collect()
        })
        .collect();
    let kinds = KindTable::default();
    let expected: Vec<Vec<String>> = kinds.all().iter().map(row_of).collect();
    assert_eq!(told, expected);
}

#[test]
fn rules_are_right_unless_the_page_says_wrong() {
    let page = page("rules.md");
    let vocabulary = Policy::default().vocabulary();
    for block in blocks(&page).iter().filter(|it| it.info == ["rules"]) {
        for line in block.content.lines() {
            let (rule, comment) = line.split_once('#').unwrap_or((line, ""));
            let mut diagnostics = Diagnostics::default();
            let source = SourceText::new("RULE", rule.trim());
            let compiled = Rule::compile_filter(&source, &vocabulary, &[], &mut diagnostics);
            let is_wrong = comment.trim().starts_with("wrong");
            assert_eq!(compiled.is_none(), is_wrong, "{line}");
        }
    }
}
