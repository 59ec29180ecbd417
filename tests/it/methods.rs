//! The worked numbers of `docs/methods.md`, computed by the program.
//!
//! A block ` ```book ` of the page holds the files of a book, each below a line `== PATH`. A block
//! ` ```values DAY ` after it holds lines `CUSTOMER  METRIC  VALUE  # how`; one that names a folder after
//! the day is about the book there. A block ` ```REPORT DAY OPTION… ` holds what a report answers as CSV. `…` after digits stands for more of them.
#![expect(
    clippy::string_slice,
    reason = "texts are cut where a search found something"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use guanxi::metric::metric_names;

/// What one block says.
pub(super) struct Block<'p> {
    /// What stands behind the fence.
    pub(super) info: Vec<&'p str>,
    pub(super) content: &'p str,
    pub(super) line: usize,
}

/// Returns the fenced blocks of a page.
pub(super) fn blocks(page: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open, mut at) = (Vec::new(), None, 0);
    for (index, line) in page.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        if let Some(info) = line.strip_prefix("```") {
            open = match open.take() {
                None => Some((info.trim().split(' ').collect(), end, index + 1)),
                Some((info, start, line)) => {
                    blocks.push(Block {
                        info,
                        content: &page[start..at],
                        line,
                    });
                    None
                }
            };
        }
        at = end;
    }
    blocks
}

/// Lays out a book in a folder.
pub(super) fn lay_out(folder: &Path, content: &str) {
    std::fs::write(folder.join("guanxi.toml"), "").unwrap();
    for file in content.split("== ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Runs the program on a book, which must end well, and returns what it says.
fn said(book: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(words)
        .arg("--book")
        .arg(book)
        .env_clear()
        .output()
        .unwrap();
    let (out, err) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{err}");
    String::from_utf8(out).unwrap()
}

/// Returns what `list` says of some metrics: the header, and a row of cells for each customer.
fn listed(book: &Path, day: &str, metrics: &[&str]) -> Vec<Vec<String>> {
    let columns = format!("id,{}", metrics.join(","));
    let text = said(
        book,
        &["list", "-q", "-f", "tsv", "--as-of", day, "-c", &columns],
    );
    let rows = text.lines();
    rows.map(|row| row.split('\t').map(str::to_owned).collect())
        .collect()
}

/// The reports of which the page holds answers.
const REPORTS: [&str; 7] = [
    "cases",
    "dates",
    "diff",
    "leads",
    "portfolio",
    "team",
    "trend",
];

/// Returns the columns of an answer, without the keys of `--by`, which are always there.
fn columns_of(content: &str, options: &[&str]) -> String {
    let mut options = options.iter();
    let keys = options.find(|it| **it == "--by").and(options.next());
    let header = content.lines().next().unwrap();
    let keys = keys.filter(|it| header.starts_with(**it));
    let rest = header.get(keys.map_or(0, |it| it.len() + 1)..);
    rest.unwrap().to_owned()
}

/// Tells whether a value is what the page says.
fn is_as_said(value: &str, said: &str) -> bool {
    match said.strip_suffix('…') {
        Some(digits) => value.starts_with(digits) && value.len() > digits.len(),
        None => value == said || (said == "unknown" && value.is_empty()),
    }
}

#[test]
fn every_worked_number_is_computed_so_and_every_metric_has_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/methods.md")).unwrap();
    let page = page.replace("\r\n", "\n");
    let folder = tempfile::tempdir().unwrap();
    let (mut book, mut count) = (PathBuf::new(), 0);
    let mut faults = Vec::new();
    let mut shown = BTreeSet::new();
    for block in blocks(&page) {
        match block.info[..] {
            ["book"] => {
                count += 1;
                book = folder.path().join(count.to_string());
                std::fs::create_dir_all(&book).unwrap();
                lay_out(&book, block.content);
            }
            ["values", day, ref rest @ ..] => {
                let book = rest.first().map_or(book.clone(), |path| root.join(path));
                let lines = block.content.lines().map(|line| {
                    let line = line.split_once(" #").map_or(line, |it| it.0);
                    line.split("  ").map(str::trim).filter(|it| !it.is_empty())
                });
                let lines: Vec<Vec<&str>> = lines.map(Iterator::collect).collect();
                let metrics: Vec<&str> = lines.iter().map(|line| line[1]).collect();
                shown.extend(metrics.iter().map(|it| (*it).to_owned()));
                let rows = listed(&book, day, &metrics);
                for (index, line) in lines.iter().enumerate() {
                    let [customer, metric, said] = line[..] else {
                        panic!("docs/methods.md:{}: {line:?} are not three", block.line);
                    };
                    let column = rows[0].iter().position(|it| it == metric).unwrap();
                    let row = rows.iter().find(|row| row[0] == customer);
                    let value = row.map_or("no such customer", |row| &row[column]);
                    if !is_as_said(value, said) {
                        faults.push(format!(
                            "docs/methods.md:{}: {metric} of {customer} is `{value}`, not `{said}`",
                            block.line + 1 + index
                        ));
                    }
                }
            }
            [report, day, ref options @ ..] if REPORTS.contains(&report) => {
                let columns = columns_of(block.content, options);
                let answer = [report, "-f", "csv", "--as-of", day, "-c", &columns];
                let said = said(&book, &[&answer, options].concat());
                if said != block.content {
                    faults.push(format!("docs/methods.md:{}: {said}", block.line));
                }
            }
            _ => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let without: Vec<&str> = metric_names()
        .filter(|name| !shown.contains(*name))
        .collect();
    assert!(without.is_empty(), "no worked number for {without:?}");
}
