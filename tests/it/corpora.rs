//! The files of `tests/corpora/`: each is read or refused as its README says.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use guanxi::load::{LoadOptions, Loaded, load};
use guanxi::model::check_id;
use guanxi::source::MemoryFiles;
use serde_json::Value;

fn corpus(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpora")
        .join(path)
}

fn json(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(corpus(path)).unwrap()).unwrap()
}

/// The customers that the logs of the corpus name.
const CUSTOMERS: [&str; 3] = ["acme", "li-wei", "王小明"];

/// Makes a book of the corpus' customers and one more file.
fn book(path: &str, content: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, content: &[u8]| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    write("guanxi.toml", b"");
    for id in CUSTOMERS {
        let customer = format!("name = \"{id}\"\n");
        write(&format!("customers/{id}.toml"), customer.as_bytes());
    }
    write(path, content);
    folder
}

fn run(book: &tempfile::TempDir, args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .args(["--as-of", "2026-01-01", "--book"])
        .arg(book.path())
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.code().is_some_and(|code| code <= 2));
    output
}

/// Runs `check` and `list` and sees that both refuse at a line of a file, or anywhere in it.
fn refused(book: &tempfile::TempDir, path: &str, line: Option<u64>) -> String {
    let mut said = String::new();
    for (args, code) in [(["check", "--color=never"], 1), (["list", "-fcsv"], 2)] {
        let output = run(book, &args);
        said = String::from_utf8(output.stderr).unwrap();
        let place = match line {
            Some(line) => format!("--> {path}:{line}:"),
            None => format!("--> {path}"),
        };
        let start: String = said.chars().take(600).collect();
        assert!(said.contains(&place), "no `{place}` in:\n{start}");
        assert_eq!(output.status.code(), Some(code), "{start}");
        assert!(output.stdout.is_empty());
    }
    said
}

/// Returns every figure of every customer.
fn answer(book: &tempfile::TempDir) -> String {
    let columns: Vec<&str> = guanxi::metric::metric_names().collect();
    let columns = columns.join(",");
    let output = run(book, &["list", "-fjson", "-c", &columns]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.is_empty(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn dialects_of_csv_are_read_alike_or_refused() {
    let expected = json("csv/dialects/expected.json");
    let quoted = |cell: &Value| format!("\"{}\"", cell.as_str().unwrap().replace('"', "\"\""));
    let line = |cells: &Value| {
        let cells: Vec<String> = cells.as_array().unwrap().iter().map(quoted).collect();
        cells.join(",") + "\n"
    };
    let (mut same, mut refusals) = (0, 0);
    for case in expected["cases"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let content = std::fs::read(corpus(&format!("csv/dialects/{file}"))).unwrap();
        let dialect = book("interactions/d.csv", &content);
        if case["book"] == "refuse" {
            let said = refused(&dialect, "interactions/d.csv", None);
            if file.starts_with("gbk") {
                assert!(said.contains("GB18030"), "{file}: {said}");
            }
            refusals += 1;
            continue;
        }
        assert_eq!(case["book"], "same");
        let rows = case["rows"].as_array().unwrap().iter().map(line);
        let plain: String = std::iter::once(line(&expected["columns"]))
            .chain(rows)
            .collect();
        let plain = book("interactions/d.csv", plain.as_bytes());
        assert_eq!(answer(&dialect), answer(&plain), "{file}");
        same += 1;
    }
    assert!(same >= 5 && refusals >= 5, "{same} {refusals}");
}

#[test]
fn damaged_logs_are_refused_at_their_line() {
    for case in json("csv/damaged/expected.json").as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let content = std::fs::read(corpus(&format!("csv/damaged/{file}"))).unwrap();
        let path = format!("interactions/{file}");
        refused(&book(&path, &content), &path, case["line"].as_u64());
    }
}

#[test]
fn damaged_customers_are_refused_at_their_line() {
    for case in json("customers/damaged/expected.json").as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let content = std::fs::read(corpus(&format!("customers/damaged/{file}"))).unwrap();
        let path = format!("customers/{file}");
        refused(&book(&path, &content), &path, case["line"].as_u64());
    }
}

/// Loads a book in memory of customer `a` and one more file.
fn loaded(path: &str, content: &[u8]) -> Loaded {
    let files = [
        ("customers/a.toml", "name = \"A\"\n".as_bytes()),
        (path, content),
    ];
    let files = files.map(|(path, content)| (path.to_owned(), content.to_vec()));
    load(&MemoryFiles::new(files), None, LoadOptions::default())
}

#[test]
fn customers_in_odd_styles_are_accepted() {
    let mut count = 0;
    for entry in std::fs::read_dir(corpus("customers/styles")).unwrap() {
        let path = entry.unwrap().path();
        let loaded = loaded("customers/b.toml", &std::fs::read(&path).unwrap());
        assert_eq!(loaded.diagnostics.listed(), [], "{}", path.display());
        assert_eq!(loaded.book.customers.len(), 2);
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn what_is_not_toml_is_refused_with_its_line() {
    let mut count = 0;
    for entry in std::fs::read_dir(corpus("toml/invalid")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read(&path).unwrap();
        for file in ["customers/b.toml", "guanxi.toml", "staff.toml"] {
            let loaded = loaded(file, &text);
            let codes = [
                "toml-syntax",
                "control-character",
                "damaged-utf8",
                "encoding",
            ];
            let found = loaded.diagnostics.listed().iter();
            let mut found = found.filter(|it| codes.contains(&it.fault.code));
            let is_told = found.any(|it| {
                it.place
                    .as_ref()
                    .is_some_and(|place| &*place.path == file && place.line > 0)
            });
            assert!(is_told, "{}: {:?}", path.display(), loaded.diagnostics);
            assert_eq!(loaded.book.index_of("b"), None);
        }
        count += 1;
    }
    assert_eq!(count, 226);
}

/// Returns a plain decimal in ten-thousandths.
fn units(text: &str) -> i64 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let whole: i64 = whole.parse().unwrap();
    let rest: i64 = format!("{rest:0<4}").parse().unwrap();
    sign * (whole.abs() * 10_000 + rest)
}

#[test]
fn amounts_are_read_as_they_are_meant_or_refused() {
    for case in json("values/amounts.json").as_array().unwrap() {
        let (text, meant) = (
            case["text"].as_str().unwrap(),
            case["log"].as_str().unwrap(),
        );
        let quoted = text.replace('"', "\"\"");
        let log = format!("date,customer,kind,amount\n2026-01-01,a,payment,\"{quoted}\"\n");
        let loaded = loaded("interactions/d.csv", log.as_bytes());
        let rows = loaded.book.interactions_of(0).rows();
        if meant == "REFUSE" {
            assert!(
                loaded.diagnostics.error_count() > 0 && rows.is_empty(),
                "{text:?}"
            );
        } else {
            assert_eq!(loaded.diagnostics.listed(), [], "{text:?}");
            assert_eq!(rows[0].quantity, units(meant), "{text:?}");
        }
    }
}

#[test]
fn dates_are_read_as_they_are_meant_or_refused() {
    for case in json("values/dates.json").as_array().unwrap() {
        let (text, meant) = (
            case["text"].as_str().unwrap(),
            case["log"].as_str().unwrap(),
        );
        let quoted = text.replace('"', "\"\"");
        let log = format!("date,customer,kind\n\"{quoted}\",a,visit\n");
        let loaded = loaded("interactions/d.csv", log.as_bytes());
        let rows = loaded.book.interactions_of(0).rows();
        if meant == "REFUSE" {
            assert!(
                loaded.diagnostics.error_count() > 0 && rows.is_empty(),
                "{text:?}"
            );
        } else {
            assert_eq!(loaded.diagnostics.listed(), [], "{text:?}");
            assert_eq!(rows[0].day.date().to_string(), meant, "{text:?}");
        }
    }
}

#[test]
fn only_safe_ids_are_ids() {
    for case in json("values/ids.json").as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        assert_eq!(check_id(id).is_ok(), case["ok"] == true, "{id:?}");
    }
}

/// Returns the naughty strings that are not empty, which counts as absent.
fn naughty() -> Vec<String> {
    let texts = serde_json::from_value::<Vec<String>>(json("naughty/strings.json")).unwrap();
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

/// Returns a text as a string of TOML.
fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        if character.is_control() || "\"\\".contains(character) {
            write!(out, "\\U{:08x}", u32::from(character)).unwrap();
        } else {
            out.push(character);
        }
    }
    out + "\""
}

/// Tells whether a character acts on a terminal, deceives the eye, or is no text.
fn acts(character: char) -> bool {
    character != '\n'
        && (character.is_control()
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'))
}

#[test]
fn naughty_names_and_facts_come_out_exactly_or_harmless() {
    let mut texts = naughty();
    // No book holds a control character but a tab and a line feed.
    texts.retain(|it| !it.contains(|it: char| it.is_control() && !matches!(it, '\t' | '\n')));
    let mut customers = String::new();
    for (index, text) in texts.iter().enumerate() {
        let text = toml_string(text);
        write!(
            customers,
            "[[customer]]\nid = \"c{index:03}\"\nname = {text}\naliases = [{text}]\n\
             region = {text}\n[customer.custom]\nx = {text}\n"
        )
        .unwrap();
    }
    let book = book("customers/many.toml", customers.as_bytes());
    let written = |format: &str| {
        let columns = "id,name,aliases,region,custom.x";
        let output = run(&book, &["list", "id ~ c", "-f", format, "-c", columns]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    };
    let all: Value = serde_json::from_str(&written("json")).unwrap();
    let lines: Vec<Value> = written("jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let rows = all["rows"].as_array().unwrap();
    let rows: Vec<&Value> = rows
        .iter()
        .filter(|row| row["custom.x"].is_string())
        .collect();
    assert_eq!(rows.len(), texts.len());
    for (row, text) in rows.iter().zip(&texts) {
        assert_eq!(row["name"], text.as_str());
        assert_eq!(row["aliases"][0], text.as_str());
        assert_eq!(row["region"], text.as_str());
        assert_eq!(row["custom.x"], text.as_str());
        assert!(lines.contains(row));
    }
    for format in ["table", "markdown"] {
        let out = written(format);
        assert_eq!(out.chars().find(|it| acts(*it)), None, "{format}");
    }
    for format in ["csv", "tsv"] {
        let out = written(format);
        // Strict readers of both agree on the count of rows; the cells are held in `naughty.rs`.
        assert!(out.starts_with("id"), "{out}");
    }
}

#[test]
fn naughty_words_in_messages_are_harmless() {
    let texts = naughty();
    let mut customers = String::new();
    let mut log =
        String::from("date,customer,kind,amount,score,staff,topic,channel,ref,due,note\n");
    for (index, text) in texts.iter().enumerate() {
        let toml = toml_string(text);
        write!(
            customers,
            "[[customer]]\nid = {toml}\nname = \"x\"\nstage = {toml}\nowner = {toml}\n\
             revisit = {toml}\ncredit_limit = {toml}\n{toml} = 1\n"
        )
        .unwrap();
        let cell = format!("\"{}\"", text.replace('"', "\"\""));
        writeln!(log, "2026-01-01,{cell},{cell},{cell},{cell},,,,,,").unwrap();
        writeln!(log, "{cell},acme,payment,{index},,,,,{cell},,").unwrap();
    }
    let book = book("customers/many.toml", customers.as_bytes());
    std::fs::create_dir_all(book.path().join("interactions")).unwrap();
    std::fs::write(book.path().join("interactions/d.csv"), log).unwrap();
    std::fs::write(book.path().join("staff.toml"), "").unwrap();
    for format in ["long", "short", "json", "csv", "jsonl"] {
        let output = run(&book, &["check", "-f", format]);
        assert_eq!(output.status.code(), Some(1));
        let (out, err) = (output.stdout, output.stderr);
        let (out, err) = (
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        );
        assert_eq!(err.chars().find(|it| acts(*it)), None, "{format}");
        match format {
            "long" => assert!(out.is_empty() && err.contains("error[")),
            "short" => {
                assert_eq!(out.chars().find(|it| acts(*it)), None);
                assert!(out.lines().count() > 500);
            }
            "json" => {
                let all: Value = serde_json::from_str(&out).unwrap();
                assert!(all["rows"].as_array().unwrap().len() > 500);
            }
            _ => assert!(out.len() > 1000),
        }
    }
    let output = run(&book, &["list", "--keep-going"]);
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(err.chars().find(|it| acts(*it)), None);
}
