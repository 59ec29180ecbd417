//! Where an answer goes, and what the status says when nobody takes it.
#![cfg(unix)]

use std::fs::{self, File, OpenOptions};
use std::process::{Command, Output, Stdio};

use crate::case::Case;

/// A book of two customers, one of them overdue.
fn book() -> Case {
    Case::new()
        .file("book/guanxi.toml", "")
        .file("book/staff.toml", "")
        .file("book/customers/acme.toml", "name = \"Acme\"\n")
        .file("book/customers/bell.toml", "name = \"Bell\"\n")
        .file(
            "book/interactions/2026.csv",
            "date,customer,kind\n2026-01-01,acme,visit\n",
        )
}

/// Runs the program in the case's folder with this standard output.
fn run(case: &Case, args: &[&str], out: impl Into<Stdio>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .args(["--book", "book"])
        .current_dir(case.path(""))
        .env_clear()
        .stdout(out)
        .output()
        .unwrap()
}

/// A pipe that nobody reads from any more.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn an_answer_takes_the_place_of_nothing_in_a_book() {
    let case = book();
    std::os::unix::fs::symlink(case.path("book/interactions"), case.path("logs")).unwrap();
    std::os::unix::fs::symlink("book/customers/new.csv", case.path("new.csv")).unwrap();
    std::os::unix::fs::symlink("book/guanxi.toml", case.path("answer.csv")).unwrap();
    for path in [
        "book/customers/x.csv",
        "book/customers/acme.toml",
        "book/customers/../interactions/2026.csv",
        "book/guanxi.toml",
        "book/staff.toml",
        "book/.guanxi/x.csv",
        "logs/x.csv",
        "logs/../customers/x.csv",
        "new.csv",
        "answer.csv",
    ] {
        fs::create_dir_all(case.path("book/.guanxi")).unwrap();
        let output = run(&case, &["list", "-f", "csv", "-o", path], Stdio::piped());
        assert_eq!(output.status.code(), Some(2), "{path}");
        assert!(
            said(&output).contains("belongs to a book"),
            "{path}: {}",
            said(&output)
        );
    }
    let output = run(&case, &["policy", "-o", "book/guanxi.toml"], Stdio::piped());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(case.path("book/guanxi.toml")).unwrap(),
        ""
    );
    assert_eq!(
        fs::read_dir(case.path("book/interactions"))
            .unwrap()
            .count(),
        1
    );
    // Beside them there is room: reports of a book often lie in its folder.
    for path in ["book/report.csv", "x.csv", "book/../y.csv"] {
        let output = run(&case, &["list", "-o", path], Stdio::piped());
        assert_eq!(output.status.code(), Some(0), "{path}: {}", said(&output));
        assert!(
            fs::read_to_string(case.path(path))
                .unwrap()
                .starts_with("id,name")
        );
    }
}

#[test]
fn an_ending_of_no_format_is_refused() {
    let case = book();
    for path in ["a.xls", "a.parquet", "a.csv.gz"] {
        let output = run(&case, &["list", "-o", path], Stdio::piped());
        assert_eq!(output.status.code(), Some(2), "{path}");
        let ending = path.rsplit('.').next().unwrap();
        let expected = format!("error: no format has the ending `.{ending}`\n");
        assert!(said(&output).starts_with(&expected), "{}", said(&output));
        assert!(!case.path(path).exists());
    }
    // Who names a format may name the file as they like; a policy is no table.
    for args in [
        &["list", "-f", "csv", "-o", "a.dat"][..],
        &["list", "-o", "answer"],
        &["policy", "-o", "a.toml"],
    ] {
        let output = run(&case, args, Stdio::piped());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
}

#[test]
fn standard_output_by_its_path_is_appended_to() {
    let case = book();
    for path in ["/dev/stdout", "/dev/fd/1"] {
        fs::write(case.path("all.csv"), "before\n").unwrap();
        let all = OpenOptions::new().append(true).open(case.path("all.csv"));
        let args = ["list", "-f", "csv", "-c", "id", "-o", path];
        let output = run(&case, &args, all.unwrap());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = fs::read_to_string(case.path("all.csv")).unwrap();
        assert_eq!(text, "before\nid\nacme\nbell\n", "{path}");
    }
}

#[test]
fn a_closed_pipe_does_not_change_the_status() {
    let case = book();
    for (args, expected) in [
        (&["list"][..], 0),
        (&["list", "--exit-code"], 1),
        (&["list", "id = x", "--exit-code", "-q"], 0),
        (&["due", "--exit-code", "-q"], 1),
        (&["history", "--exit-code", "-f", "csv"], 1),
        (&["history", "--exit-code", "-s", "date"], 1),
        (&["show", "acme"], 0),
        (&["check"], 0),
        (&["check", "-f", "json"], 0),
        (&["fmt", "--check"], 0),
        (&["set", "acme", "region=Hunan"], 0),
    ] {
        let output = run(&case, args, closed_pipe());
        assert_eq!(output.status.code(), Some(expected), "{args:?}");
        assert_eq!(said(&output), "", "{args:?}");
    }
    let case = case
        .file("book/customers/crab.toml", "name = \"Crab\"")
        .file("book/customers/dull.toml", "nam = \"Dull\"\n");
    for format in ["short", "json", "jsonl", "csv"] {
        let output = run(&case, &["check", "-f", format], closed_pipe());
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
    for args in [
        &["list", "--keep-going", "-q"][..],
        &["history", "--keep-going", "-q"],
    ] {
        let output = run(&case, args, closed_pipe());
        assert_eq!(output.status.code(), Some(1), "{args:?}");
    }
    fs::remove_file(case.path("book/customers/dull.toml")).unwrap();
    let output = run(&case, &["fmt", "--check"], closed_pipe());
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_closed_standard_error_does_not_change_the_status() {
    let case = book().file("book/customers/dull.toml", "nam = \"Dull\"\n");
    for (args, expected) in [
        ("check", 1),
        ("list", 2),
        ("show acme", 2),
        ("set acme x=1", 2),
    ] {
        let status = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args.split(' '))
            .current_dir(case.path("book"))
            .env_clear()
            .stdout(Stdio::null())
            .stderr(closed_pipe())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(expected), "{args}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_change_that_cannot_be_told_is_no_failure() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for args in [
        &["log", "acme", "visit"][..],
        &["set", "acme", "region=Hunan"],
        &["add", "New"],
        &["rename", "acme", "acme-2"],
        &["remove", "bell"],
        &["merge", "bell", "acme"],
    ] {
        let case = book();
        let output = run(&case, args, full());
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
        let expected = "error: the change is made, but it could not be told: No space left";
        assert!(said(&output).starts_with(expected), "{}", said(&output));
        let quiet = [args, &["-q"]].concat();
        let case = book();
        assert_eq!(
            run(&case, &quiet, full()).status.code(),
            Some(0),
            "{quiet:?}"
        );
    }
    let output = run(&book(), &["list"], full());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn json_begins_with_the_name_and_version_of_its_form() {
    let case = book();
    let json = |args: &[&str]| {
        let args = [args, &["-f", "json"]].concat();
        let output = run(&case, &args, Stdio::piped());
        String::from_utf8(output.stdout).unwrap()
    };
    for (args, name) in [
        (&["list"][..], "list"),
        (&["due"], "due"),
        (&["churn"], "churn"),
        (&["churn", "--backtest"], "backtest"),
        (&["value"], "value"),
        (&["value", "--backtest"], "backtest"),
        (&["value", "--fit"], "fit"),
        (&["history"], "history"),
        (&["history", "-s", "kind"], "history"),
        (&["show", "acme"], "show"),
        (&["explain", "acme"], "explain"),
        (&["explain", "acme", "tier"], "explain"),
        (&["check"], "check"),
    ] {
        let said = json(args);
        let schema = format!("\"schema\": \"{name}/1\", \"as_of\": \"");
        let words: Vec<&str> = said.split_whitespace().collect();
        let begin = words.join(" ");
        let begin = begin.trim_start_matches(['{', ' ']);
        assert!(begin.starts_with(&schema), "{args:?}: {said}");
    }
    let said = json(&["check"]);
    assert!(said.contains("\"errors\": 0, \"warnings\": "), "{said}");
    // What is of no book stands on no day.
    for (args, name) in [
        (&["metrics", "tier"][..], "metrics"),
        (&["explain", "unknown-key"], "fault"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args)
            .args(["-f", "json"])
            .current_dir(case.path(""))
            .env_clear()
            .output()
            .unwrap();
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["schema"], format!("{name}/1"));
        assert!(said.get("as_of").is_none(), "{said}");
    }
}
