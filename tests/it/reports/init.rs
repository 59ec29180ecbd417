//! `init`.

use std::path::Path;
use std::process::Command;

use snapbox::str;

use crate::case::Case;

fn read(case: &Case, path: &str) -> String {
    std::fs::read_to_string(case.path(path)).unwrap()
}

#[test]
fn a_new_book_is_complete_and_empty() {
    let case = Case::new()
        .args(["init", "my-book"])
        .stdout(str![[r#"
made a book in `my-book`; next:

    cd my-book
    guanxi add 'Zhuzhou Metro' --stage bidding
    guanxi log zhuzhou-metro visit 'toured the depot'
    guanxi due

"#]])
        .code(0);
    assert_eq!(
        read(&case, "my-book/.gitattributes")
            .lines()
            .skip(1)
            .collect::<Vec<_>>(),
        ["interactions/**/*.csv merge=union -text", "*.toml text"]
    );
    assert!(read(&case, "my-book/.gitignore").contains("\n.guanxi/\n"));
    let policy = read(&case, "my-book/guanxi.toml");
    assert!(
        policy
            .lines()
            .all(|line| line.is_empty() || line.starts_with('#'))
    );
    assert!(case.path("my-book/customers").is_dir());
    let logs = std::fs::read_dir(case.path("my-book/interactions")).unwrap();
    assert_eq!(logs.count(), 1);
    // What it says to do next works as it says.
    let book = ["--book", "my-book", "-q"];
    let case = case
        .again(["add", "Zhuzhou Metro", "--stage", "bidding"])
        .args(book);
    let case = case.code(0);
    let case = case
        .again(["log", "zhuzhou-metro", "visit", "toured the depot"])
        .args(book);
    let case = case
        .code(0)
        .again(["due", "-f", "csv", "-c", "id"])
        .args(book);
    case.stdout(str![[r#"
id
zhuzhou-metro

"#]])
        .code(0);
}

/// `check` finds nothing to say about a new book.
#[test]
fn a_new_book_is_faultless() {
    for args in [&["init", "b"][..], &["init", "b", "--demo"]] {
        let case = Case::new().args(args.iter().copied());
        std::fs::create_dir(case.path("b")).unwrap();
        let made = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args)
            .current_dir(case.path(""))
            .output()
            .unwrap();
        assert!(made.status.success() && made.stderr.is_empty());
        let checked = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(["check", "--book", "b"])
            .current_dir(case.path(""))
            .output()
            .unwrap();
        let said = String::from_utf8(checked.stderr).unwrap();
        assert_eq!(
            (checked.status.code(), said.as_str()),
            (Some(0), ""),
            "{args:?}"
        );
    }
}

/// What the policy of a new book invites to take the `#` off is right.
#[test]
fn the_comments_of_a_new_policy_are_good_toml() {
    let case = Case::new()
        .args(["init"])
        .stdout(str![[r#"
made a book in this folder; next:

    guanxi add 'Zhuzhou Metro' --stage bidding
    guanxi log zhuzhou-metro visit 'toured the depot'
    guanxi due

"#]])
        .code(0);
    let policy = read(&case, "guanxi.toml");
    let mut bare = String::new();
    for line in policy.lines() {
        let line = line.strip_prefix("# ").unwrap_or(line);
        let is_code = line.starts_with('[') || line.contains(" = ");
        let is_prose = line.contains("takes") || line.contains(": ");
        if is_code && !is_prose {
            bare.push_str(line);
            bare.push('\n');
        }
    }
    assert!(bare.contains("margin = 0.25") && bare.contains("big-and-late"));
    std::fs::write(case.path("guanxi.toml"), bare).unwrap();
    let case = case.again(["list", "-f", "csv", "-c", "id"]);
    case.stdout(str![[r#"
id

"#]])
        .code(0);
}

#[test]
fn the_currency_is_the_label_of_amounts() {
    let case = Case::new().args(["init", "book", "--currency", "EUR"]);
    assert_eq!(case.output().status.code(), Some(0));
    assert!(read(&case, "book/guanxi.toml").contains("\ncurrency = \"EUR\"\n"));
    let case = case.again(["policy", "--book", "book", "-o", "policy.toml"]);
    assert_eq!(case.output().status.code(), Some(0));
    assert!(read(&case, "policy.toml").contains("\ncurrency = \"EUR\"\n"));
    let refused = Case::new()
        .args(["init", "book", "--currency", ""])
        .output();
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_demo_has_something_to_show() {
    let case = Case::new()
        .args(["init", "demo", "--demo"])
        .stdout(str![[r#"
made a book in `demo`; next:

    cd demo
    guanxi due
    guanxi list -s -annual_value
    guanxi churn
    guanxi show harbour-metro

"#]])
        .code(0);
    let case = case.again([
        "due",
        "--book",
        "demo",
        "-f",
        "csv",
        "-c",
        "id,revisit_status",
    ]);
    let case = case
        .stdout(str![[r#"
id,revisit_status
pine-power,overdue
linjiang-works,overdue
north-port,today
west-landport,today
harbour-metro,soon
blue-tower,soon
red-star-cement,soon
city-tram,soon

"#]])
        .code(0);
    // A birthday by the lunar calendar, whatever the day.
    let rule = "kind = birthday and lunar is known";
    let case = case.again([
        "dates",
        rule,
        "--book",
        "demo",
        "-f",
        "csv",
        "-c",
        "days,id,person",
    ]);
    case.stdout(str![[r#"
days,id,person
9,linjiang-works,周处长

"#]])
        .code(0);
}

#[test]
fn a_book_is_never_overwritten() {
    let case = Case::new()
        .file("guanxi.toml", "# mine")
        .args(["init"])
        .stderr(str![[r#"
error: `.` is a book already
  = help: `guanxi list --book .` reads it, `guanxi check` looks for faults

"#]])
        .code(2);
    assert_eq!(read(&case, "guanxi.toml"), "# mine");
    let case = Case::new()
        .file("b/customers/old-mill.toml", "name = \"mine\"")
        .args(["init", "b", "--demo"])
        .stderr(str![[r#"
error: `customers/old-mill.toml` is in `b` already, and nothing is overwritten
  = help: name a new folder, or move the file away

"#]])
        .code(2);
    assert_eq!(read(&case, "b/customers/old-mill.toml"), "name = \"mine\"");
    assert_eq!(std::fs::read_dir(case.path("b")).unwrap().count(), 1);
    Case::new()
        .file("file", "")
        .args(["init", "file"])
        .stderr(str![[r#"
error: cannot make `file`: File exists (os error 17)

"#]])
        .code(2);
}

#[test]
fn the_files_of_a_repository_stay() {
    let case = Case::new()
        .file(".gitignore", "target\n")
        .file("customers/a.toml", "name = \"A\"\n")
        .args(["init"])
        .stdout(str![[r#"
made a book in this folder; next:

    guanxi add 'Zhuzhou Metro' --stage bidding
    guanxi log zhuzhou-metro visit 'toured the depot'
    guanxi due

"#]])
        .stderr(str![[r#"
note: `.gitignore` is there already; let it say `.guanxi/` and `.guanxi-*.tmp`

"#]])
        .code(0);
    assert_eq!(read(&case, ".gitignore"), "target\n");
    let case = case.again(["list", "-f", "csv", "-c", "id"]);
    case.stdout(str![[r#"
id
a

"#]])
        .code(0);
}

/// Runs git in a case's folder, deaf to the settings of whoever runs the tests.
fn git(case: &Case, args: &[&str]) -> bool {
    let program = Path::new(env!("CARGO_BIN_EXE_guanxi")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("git")
        .args([
            "-c",
            "user.name=n",
            "-c",
            "user.email=e@x",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(args)
        .current_dir(case.path(""))
        .env("PATH", format!("{}:{path}", program.display()))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .is_ok_and(|it| it.status.success())
}

#[cfg(unix)]
#[test]
fn the_hook_refuses_what_check_refuses() {
    let path = std::env::var("PATH").unwrap_or_default();
    let case = Case::new().env("PATH", &path);
    if !git(&case, &["init"]) {
        return;
    }
    let case = case
        .args(["init", "it's a book", "--hooks"])
        .stdout(str![[r#"
made a book in `it's a book`; next:

    cd 'it'\''s a book'
    guanxi add 'Zhuzhou Metro' --stage bidding
    guanxi log zhuzhou-metro visit 'toured the depot'
    guanxi due
added the hook `it's a book/../.git/hooks/pre-commit`: it checks what is committed

"#]])
        .code(0);
    assert!(git(&case, &["add", "-A"]) && git(&case, &["commit", "-m", "empty"]));
    // A broken row that is not staged does not matter; staged it does.
    let case = case.file("it's a book/interactions/a.csv", "broken\n");
    let case = case.file("outside.csv", "broken\n");
    assert!(git(&case, &["add", "outside.csv"]) && git(&case, &["commit", "-m", "outside"]));
    assert!(git(&case, &["add", "-A"]) && !git(&case, &["commit", "-m", "broken"]));
    let case = case.again(["init", "it's a book", "--hooks"]);
    case.stderr(str![[r#"
error: `it's a book/../.git/hooks/pre-commit` is there already, and nothing is overwritten
  = help: let it run `guanxi check --staged`

"#]])
        .code(2);
}

#[test]
fn a_hook_needs_a_repository() {
    let path = std::env::var("PATH").unwrap_or_default();
    let case = Case::new()
        .file("guanxi.toml", "")
        .args(["init", "--hooks"]);
    if git(&case, &["rev-parse"]) {
        return;
    }
    case.env("PATH", &path)
        .stderr(str![[r#"
error: `git rev-parse` failed: fatal: not a git repository (or any of the parent directories): .git
  = help: `git init` makes a repository; then `guanxi init --hooks` again

"#]])
        .code(2);
}
