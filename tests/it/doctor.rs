//! `doctor`: a line a check, and whether it fails.

use std::path::Path;
use std::process::Command;

use crate::git::repository::Repository;

/// What the program said, and its exit status.
struct Told {
    out: String,
    code: Option<i32>,
}

/// Runs `doctor` where the programs of `path` are found, and the home of a user who has nothing.
fn doctor(book: &Path, home: &Path, path: &str, args: &[&str]) -> Told {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .arg("doctor")
        .args(args)
        .arg("--book")
        .arg(book)
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    Told {
        out: String::from_utf8(output.stdout).unwrap(),
        code: output.status.code(),
    }
}

/// The programs of the system, without this one.
fn system() -> String {
    std::env::var("PATH").unwrap_or_default()
}

/// The same with this one.
fn with_ours() -> String {
    let ours = Path::new(env!("CARGO_BIN_EXE_guanxi")).parent().unwrap();
    format!("{}:{}", ours.display(), system())
}

#[test]
fn a_clone_that_is_not_set_up_is_told_how() {
    let Some(repository) = Repository::new("", "== customers/a.toml\nname = \"A\"\n") else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let book = repository.book();
    let told = doctor(&book, home.path(), &with_ours(), &[]);
    assert_eq!(told.code, Some(0), "{}", told.out);
    for line in [
        "warn  merge driver  not set up in this clone: guanxi init --git",
        "warn  hook  not there: guanxi init --git",
        "ok    faults  errors 0, warnings 0",
        "ok    lock  free",
        "ok    journal  nothing left over",
        "ok    terminal  C.UTF-8",
        "ok    unmerged  none",
        "ok    uncommitted  nothing for more than 7 days",
        "warn  completions  none of this version found: guanxi completions bash > ~/.local/share/bash-completion/completions/guanxi",
    ] {
        assert!(
            told.out.lines().any(|it| it == line),
            "{line}: {}",
            told.out
        );
    }
    // It changes nothing.
    assert!(!book.join(".guanxi").exists());

    // Once it is set up all is well, but for the program that the driver calls.
    let set_up = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["init", "--git"])
        .arg(&book)
        .output()
        .unwrap();
    assert!(set_up.status.success());
    let told = doctor(&book, home.path(), &with_ours(), &[]);
    assert!(
        told.out
            .contains("\nok    merge driver  configured, attached, found\n"),
        "{}",
        told.out
    );
    assert!(told.out.contains("\nok    hook  there\n"), "{}", told.out);
    assert_eq!(told.code, Some(0));
    let told = doctor(&book, home.path(), &system(), &[]);
    assert!(
        told.out.contains(
            "\nfail  merge driver  its program `guanxi` is not found by `sh`: put it on the path\n"
        ),
        "{}",
        told.out
    );
    assert_eq!(told.code, Some(1));
}

#[test]
fn what_is_wrong_with_a_book_fails() {
    let Some(repository) = Repository::new("", "== customers/a.toml\nnam = \"A\"\n") else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let book = repository.book();
    repository.git(&["config", "core.autocrlf", "true"]);
    repository.write("customers/b.toml", "name = \"B\"\n");
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(20 * 24 * 3600);
    let file = std::fs::File::options()
        .write(true)
        .open(book.join("customers/b.toml"))
        .unwrap();
    file.set_modified(old).unwrap();
    std::fs::create_dir_all(home.path().join(".config/fish/completions")).unwrap();
    std::fs::write(
        home.path().join(".config/fish/completions/guanxi.fish"),
        "old",
    )
    .unwrap();
    let told = doctor(&book, home.path(), &with_ours(), &[]);
    assert_eq!(told.code, Some(1));
    for line in [
        "fail  faults  errors 2, warnings 0, customers/a.toml:1: error[",
        "warn  line ends  core.autocrlf=true: git config core.autocrlf input",
        "warn  uncommitted  files changed more than 7 days ago: 1, the first customers/b.toml on ",
        "warn  completions  ~/.config/fish/completions/guanxi.fish is of another version: guanxi completions fish",
    ] {
        assert!(
            told.out.lines().any(|it| it.starts_with(line)),
            "{line}: {}",
            told.out
        );
    }
    // The same as data: every check a row.
    let data = doctor(&book, home.path(), &with_ours(), &["-f", "json"]);
    assert_eq!(data.code, Some(1));
    let data: serde_json::Value = serde_json::from_str(&data.out).unwrap();
    assert_eq!(data["schema"], "doctor/1");
    let rows = data["rows"].as_array().unwrap();
    assert_eq!(rows.len(), told.out.lines().count());
    let row = rows.iter().find(|it| it["check"] == "line ends").unwrap();
    assert_eq!(row["state"], "warn");
    assert_eq!(row["seen"], "core.autocrlf=true");
    assert_eq!(row["cure"], "git config core.autocrlf input");
    // In Chinese the words of states stay, as data all does.
    let chinese = doctor(&book, home.path(), &with_ours(), &["--lang", "zh"]);
    assert!(
        chinese.out.contains("\nwarn  换行符  core.autocrlf=true"),
        "{}",
        chinese.out
    );
    let one = doctor(
        &book,
        home.path(),
        &with_ours(),
        &["--lang", "zh", "-f", "csv", "-c", "check,state"],
    );
    assert!(
        one.out.starts_with("check,state\nprogram,ok\n"),
        "{}",
        one.out
    );
}

#[test]
fn settings_that_are_wrong_fail_and_no_book_does() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".config/guanxi")).unwrap();
    std::fs::write(
        home.path().join(".config/guanxi/config.toml"),
        "lnag = \"zh\"\n",
    )
    .unwrap();
    let told = doctor(home.path(), home.path(), &with_ours(), &[]);
    assert_eq!(told.code, Some(1));
    assert!(
        told.out.contains("\nfail  book  none here: guanxi init\n"),
        "{}",
        told.out
    );
    let line = told
        .out
        .lines()
        .find(|it| it.starts_with("fail  settings  "))
        .unwrap();
    assert!(
        line.contains("config.toml:1:1: ") && line.ends_with(": guanxi config --edit"),
        "{line}"
    );
}

#[test]
fn a_script_in_either_language_is_of_this_version() {
    let (book, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(book.path().join("guanxi.toml"), "").unwrap();
    let scripts = home.path().join(".local/share/bash-completion/completions");
    std::fs::create_dir_all(&scripts).unwrap();
    for lang in ["en", "zh"] {
        let script = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(["completions", "bash", "--lang", lang])
            .output()
            .unwrap();
        std::fs::write(scripts.join("guanxi"), script.stdout).unwrap();
        let told = doctor(book.path(), home.path(), &with_ours(), &[]);
        let line = "ok    completions  ~/.local/share/bash-completion/completions/guanxi";
        assert!(
            told.out.lines().any(|it| it == line),
            "{lang}: {}",
            told.out
        );
    }
}

#[test]
fn chosen_rows_are_a_table() {
    let (book, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(book.path().join("guanxi.toml"), "").unwrap();
    let told = doctor(
        book.path(),
        home.path(),
        &with_ours(),
        &["-s", "check", "-n", "2"],
    );
    let first: Vec<&str> = told
        .out
        .lines()
        .filter_map(|it| it.split("  ").next())
        .collect();
    assert_eq!(
        (first[0], &first[2..4]),
        ("check", &["book", "clock"][..]),
        "{}",
        told.out
    );
}
