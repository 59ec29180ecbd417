//! `export book` and `import book`: there and back, with every figure on every day.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{RAIL, answer, refusal};
use crate::case::Case;

/// A book in which every value has a form of its own that could be taken for another.
fn odd() -> Case {
    Case::new()
        .file(
            "guanxi.toml",
            "# ours\ncurrency = \"EUR\"\n[log]\nother_columns = [\"warehouse\", \"a b\"]\n",
        )
        .file(
            "staff.toml",
            "[[staff]]\nid = \"li.wei\"\nname = \"李伟\"\nscope = [\"rail; metro\"]\nvisits_per_year = 200\n\
             joined = 2020-01-01\n[[staff.training]]\ntopic = \"spares\"\ndone = 2021-01-01\n\
             [[staff]]\nid = \"old\"\nleft = 2022-02-02\n",
        )
        .file(
            "customers/south/acme.toml",
            "# a comment\nname = \"123\"\naliases = [\"a;b\", \"true\"]\nowner = \"li.wei\"\nsince = 2021-03-01\n\
             former_ids = [\"ac-me\"]\ntags = []\nscore = 78.50\nmargin = 0.22\ncredit_limit = \"300万\"\n\
             payment_terms = \"eom+60d\"\nrevisit = \"never\"\naddress = \"'=1+1\"\n\
             [scorecard]\ncooperation = 80\n[profile]\nneeds = \"line 1\\nline 2\"\n\
             [[contact]]\nname = \"王建国\"\nphone = \"13800000000\"\nbirthday = \"lunar 08-15\"\n\
             [[contact]]\nname = \"B\"\nmobile = [\"1\", \"2\"]\nbirthday = 1980-05-01\n\
             [[contact]]\nname = \"C\"\nbirthday = \"05-01\"\n\
             [[date]]\nname = \"renewal\"\non = 2027-03-01\nyearly = true\n[[competitor]]\nname = \"=x\"\n\
             [custom]\nlines = 6\nshare = 0.30\nday = 2026-01-01\ntext_day = \"2026-01-01\"\nyes = true\n\
             text_yes = \"true\"\nlist = [\"x\", \"1\"]\nbig = 12345678901234.5678\n\"odd.key\" = \" blank \"\n\
             empty = {}\n[profile.sub]\nx = 1\ny = \"t\"\n[profile.mix]\nl = [1, {a = 2}]\n\
             [profile.when]\ndate = \"2026-01-02\"\n[profile.escaped.table]\ntable = 2026-01-02\n\
             [[profile.many]]\na = \"1\"\n[[profile.many]]\nb = {c = []}\n[profile.unnamed]\n\"\" = 1\n",
        )
        .file(
            "customers/many.toml",
            "[[customer]]\nid = \"b1\"\nname = \"B1\"\ncustom = {\"\" = 1, x = 2}\n[[customer.contact]]\nname = \"x\"\n\
             [[customer]]\nid = \"2026\"\nname = \"A year\"\nregistered_capital = 5000000\n",
        )
        .file("customers/solo.toml", "name = \"Solo\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount,note,warehouse,ref\n2026-03-05T09:30,ac-me,order,800.50,\"=SUM(1)\",w1,PO-1\n\
             2026-03-05,acme,visit,,\"two\nlines, \"\"quoted\"\"\",,\n\n# a comment\n2026-03-04,b1,order,5,'-5,,\n",
        )
        .file(
            "interactions/a.csv",
            "kind,customer,date,amount,ref,due,topic,staff,score,a b,channel\n\
             invoice,acme,2026-03-05,800.50,I-1,2026-05-05,,,,x,\n\
             payment,acme,2025-12-31,10,,,,,,,\nsurvey,2026,2026-04-01,,,,quality,li.wei,88.5,,phone\n",
        )
        .file("interactions/solo.csv", "date,kind,amount\n2026-03-05,order,7\n2027-01-01,order,8\n")
}

/// Makes a book without customers.
fn empty(folder: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .arg("init")
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success());
}

/// Returns what a book says on some days: every figure of everybody, and every row.
fn said(book: &Path) -> String {
    let names: Vec<_> = guanxi::metric::metric_names().collect();
    let columns = names.join(",");
    let mut said = String::new();
    for day in ["2025-12-31", "2026-03-05", "2026-11-20", "2027-06-01"] {
        for args in [
            &["list", "-f", "jsonl", "-c", &columns][..],
            &[
                "list",
                "-f",
                "jsonl",
                "-c",
                "id,+custom.big",
                "custom.day > 2025-01-01",
            ],
            &["history", "-f", "jsonl", "-c", "-origin"],
        ] {
            let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
                .args(args)
                .arg("--book")
                .arg(book)
                .args(["--as-of", day])
                .env_clear()
                .output()
                .unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            // A book without that key refuses the rule, and so does its copy.
            said.push_str(&String::from_utf8(output.stdout).unwrap());
            said.push_str(&error.replace(&*book.to_string_lossy(), ""));
        }
    }
    said
}

/// Exports a book in a form, imports it into a new one, and returns both folders.
fn there_and_back(case: &Case, book: &Path, target: &str, form: &str) -> (PathBuf, PathBuf) {
    let (export, copy) = (case.path(target), case.path(&format!("{target}-copy")));
    answer(
        book,
        &["export", "book", "-o", export.to_str().unwrap(), "-f", form],
    );
    empty(&copy);
    let shown = answer_in(&copy, &["import", "book", export.to_str().unwrap()]);
    assert!(shown.ends_with("rows\n"), "{shown}");
    assert!(
        fs::read_dir(copy.join("customers")).is_ok_and(|mut it| it.next().is_none())
            || !copy.join("customers").exists()
    );
    answer_in(
        &copy,
        &["import", "book", export.to_str().unwrap(), "--yes"],
    );
    (export, copy)
}

/// Returns what all keys of all customers say.
fn customers(book: &Path) -> String {
    let out = Case::new();
    let export = out.path("j");
    answer(book, &["export", "book", "-o", export.to_str().unwrap()]);
    fs::read_to_string(export.join("customers.jsonl")).unwrap()
}

/// Runs a command that writes into a book.
fn answer_in(book: &Path, args: &[&str]) -> String {
    let output = run_in(book, args);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn run_in(book: &Path, args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .arg("--book")
        .arg(book)
        .env_clear()
        .output()
        .unwrap()
}

#[test]
fn every_figure_of_every_day_comes_back() {
    let case = odd();
    let cdnow = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cdnow");
    for (name, book) in [
        ("odd", case.path("")),
        ("rail", RAIL.into()),
        ("cdnow", cdnow.into()),
    ] {
        let expected = said(&book);
        for (target, form) in [
            ("j", "jsonl"),
            ("c", "csv"),
            ("j.zip", "jsonl"),
            ("c.zip", "csv"),
        ] {
            if name == "cdnow" && target != "c" {
                continue;
            }
            // Beside the book: what lies in it would be read.
            let place = tempfile::tempdir().unwrap();
            let out = Case::new();
            let (export, copy) = there_and_back(&out, &book, target, form);
            assert!(said(&copy) == expected, "{name} {target}");
            assert!(customers(&copy) == customers(&book), "{name} {target}");
            // What came back leaves as it left before.
            let again = place.path().join(format!(
                "again.{}",
                if target.ends_with("zip") { "zip" } else { "d" }
            ));
            answer(
                &copy,
                &["export", "book", "-o", again.to_str().unwrap(), "-f", form],
            );
            if export.is_dir() {
                for file in fs::read_dir(&export).unwrap() {
                    let file = file.unwrap();
                    let name = file.file_name();
                    assert_eq!(
                        fs::read(file.path()).unwrap(),
                        fs::read(again.join(&name)).unwrap(),
                        "{name:?}"
                    );
                }
            } else {
                assert_eq!(fs::read(&export).unwrap(), fs::read(&again).unwrap());
            }
        }
    }
}

#[test]
fn the_files_read_as_they_should() {
    let case = odd();
    let out = Case::new();
    let (json, csv) = (out.path("j"), out.path("c"));
    answer(
        &case.path(""),
        &["export", "book", "-o", json.to_str().unwrap()],
    );
    answer(
        &case.path(""),
        &["export", "book", "-o", csv.to_str().unwrap(), "-f", "csv"],
    );
    let rows = fs::read_to_string(json.join("rows.jsonl")).unwrap();
    let first: Vec<&str> = rows.lines().take(2).collect();
    assert_eq!(
        first,
        [
            "{\"date\": \"2025-12-31\", \"customer\": \"acme\", \"kind\": \"payment\", \"amount\": \"10\"}",
            "{\"date\": \"2026-03-04\", \"customer\": \"b1\", \"kind\": \"order\", \"amount\": \"5\", \"note\": \"'-5\"}",
        ]
    );
    let rows = fs::read_to_string(csv.join("rows.csv")).unwrap();
    assert!(rows.starts_with(
        "date,customer,kind,amount,score,staff,topic,channel,ref,due,note,a b,warehouse\n"
    ));
    assert!(rows.contains(",'=SUM(1),,w1\n"), "{rows}");
    let customers = fs::read_to_string(csv.join("customers.csv")).unwrap();
    let header = customers.lines().next().unwrap();
    assert!(
        header.starts_with("id,name,aliases,owner,since,"),
        "{header}"
    );
    for column in [
        "contact:1.name",
        "contact:2.mobile",
        "profile.needs",
        "custom.odd.key",
        "date:1.on",
    ] {
        assert!(
            header.split(',').any(|it| it == column),
            "{column}: {header}"
        );
    }
    let manifest = fs::read_to_string(json.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["format"], 1);
    assert_eq!(
        manifest["counts"],
        serde_json::json!({"customers": 4, "rows": 8, "staff": 2})
    );
    assert_eq!(manifest["sha256"].as_object().unwrap().len(), 4);
    assert_eq!(
        fs::read(json.join("guanxi.toml")).unwrap(),
        fs::read(case.path("guanxi.toml")).unwrap()
    );
}

#[test]
fn what_is_in_the_way_is_said_in_chinese() {
    let out = Case::new();
    let export = out.path("j");
    answer(
        &odd().path(""),
        &["export", "book", "-o", export.to_str().unwrap()],
    );
    let copy = out.path("copy");
    empty(&copy);
    let said = |args: &[&str]| {
        let import = ["import", "book", export.to_str().unwrap(), "--lang", "zh"];
        let output = run_in(&copy, &[&import[..], args].concat());
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    let shown = said(&[]);
    assert!(shown.contains("4 家客户，8 条记录\n"), "{shown}");
    assert!(said(&["--create"]).contains("`--create` 用于表格，账本的导出不是表格"));
    fs::remove_file(export.join("rows.jsonl")).unwrap();
    let shown = said(&["--yes"]);
    assert!(
        shown.contains("：缺少 `rows.jsonl`：导出曾中断，或文件被拿走"),
        "{shown}"
    );
}

#[test]
fn what_is_not_whole_is_refused() {
    let case = odd();
    let out = Case::new();
    let export = out.path("j");
    answer(
        &case.path(""),
        &["export", "book", "-o", export.to_str().unwrap()],
    );
    let copy = out.path("copy");
    empty(&copy);
    let before = fs::read_dir(&copy).unwrap().count();
    let refused = |expected: &str| {
        let output = run_in(
            &copy,
            &["import", "book", export.to_str().unwrap(), "--yes"],
        );
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
        assert_eq!(fs::read_dir(&copy).unwrap().count(), before);
    };
    for name in [
        "customers.jsonl",
        "rows.jsonl",
        "staff.jsonl",
        "guanxi.toml",
    ] {
        let path = export.join(name);
        let bytes = fs::read(&path).unwrap();
        let mut other = bytes.clone();
        let last = other.last_mut().unwrap();
        *last ^= 1;
        fs::write(&path, &other).unwrap();
        refused(&format!("`{name}` is not as it was written"));
        fs::remove_file(&path).unwrap();
        refused(&format!("`{name}` is missing"));
        fs::write(&path, &bytes).unwrap();
    }
    let path = export.join("manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    fs::write(&path, manifest.replace("\"format\": 1", "\"format\": 2")).unwrap();
    refused("the export has format 2");
    fs::write(&path, manifest.replace("customers.jsonl", "../x.jsonl")).unwrap();
    refused("which no export has");
    fs::write(&path, manifest.replace("\"rows\": 8", "\"rows\": 9")).unwrap();
    refused("counts other records");
    fs::remove_file(&path).unwrap();
    refused("has no `manifest.json`");
    fs::write(&path, &manifest).unwrap();
    // Whole again, it is taken; a second time there are customers.
    answer_in(
        &copy,
        &["import", "book", export.to_str().unwrap(), "--yes"],
    );
    let output = run_in(
        &copy,
        &["import", "book", export.to_str().unwrap(), "--yes"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("fills a book without customers")
    );
    answer_in(&copy, &["undo", "--yes"]);
    // So is a book with a policy of its own.
    fs::write(copy.join("guanxi.toml"), "currency = \"USD\"\n").unwrap();
    let output = run_in(
        &copy,
        &["import", "book", export.to_str().unwrap(), "--yes"],
    );
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("a policy of its own")
    );
    let said = refusal(
        &case.path(""),
        &["export", "book", "-o", export.to_str().unwrap()],
    );
    assert!(said.contains("is not empty"), "{said}");
}
