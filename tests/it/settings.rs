//! The user's settings: on a terminal alone, and never in what a program reads.

#[cfg(target_os = "linux")]
use crate::help::on_a_terminal;

use crate::case::Case;

/// The book of the example, and settings that change every listing.
const RAIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rail");

#[cfg(target_os = "linux")]
#[test]
fn limit_columns_and_sort_hold_on_a_terminal_alone() {
    let settings =
        "[command.list]\ncolumns = \"id,region,-region,name\"\nsort = \"-id\"\nlimit = 3\n";
    let case = Case::new().file("config.toml", settings);
    let path = case.path("config.toml");
    let environment = [("GUANXI_CONFIG", path.to_str().unwrap())];
    let line = format!("list --book {RAIL} --as-of 2026-11-20 --lang en --no-pager");
    let Some(shown) = on_a_terminal(&line, &environment) else {
        return;
    };
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[0].starts_with("id ") && !lines[0].contains("region"),
        "{shown}"
    );
    let ids: Vec<&str> = lines[2..5]
        .iter()
        .filter_map(|it| it.split_whitespace().next())
        .collect();
    assert!(ids.is_sorted_by(|one, other| one > other), "{shown}");
    let count = shown
        .lines()
        .find(|it| it.starts_with("3 of "))
        .map(str::to_owned);
    assert_eq!(count.as_deref(), Some("3 of 41"), "{shown}");
    // An option goes before a setting, and then nothing was cut by one.
    let own = on_a_terminal(&format!("{line} -n 2 -s id -c name"), &environment).unwrap();
    assert!(own.starts_with("name"), "{own}");
    assert!(!own.contains(" of 41"), "{own}");
    // A pipe, a file and a program's format take no notice.
    for line in [
        format!("{line} | cat"),
        format!("{line} -f csv"),
        format!("{line} -f jsonl"),
        format!("{line} --no-config"),
    ] {
        let shown = on_a_terminal(&line, &environment).unwrap();
        assert!(shown.lines().count() > 40, "{line}: {shown}");
        assert!(!shown.contains("3 of "), "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_listing_follows_its_settings_and_says_what_was_cut() {
    let settings = "[command.metrics]\ncolumns = \"name,unit\"\nlimit = 2\n[command.calendar]\nsort = \"-date\"\n\
                    [command.diff]\nlimit = 1\n";
    let case = Case::new().file("config.toml", settings);
    let path = case.path("config.toml");
    let environment = [("GUANXI_CONFIG", path.to_str().unwrap())];
    let on = |line: &str| on_a_terminal(&format!("{line} --lang en --no-pager"), &environment);
    let Some(shown) = on("metrics") else {
        return;
    };
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[0].starts_with("name ") && lines[0].ends_with("unit"),
        "{shown}"
    );
    assert!(lines[4].starts_with("2 of "), "{shown}");
    assert!(on("metrics -f csv").unwrap().lines().count() > 50);
    let shown = on(&format!(
        "diff 2w --book {RAIL} --as-of 2026-11-20 --metrics tier,overdue"
    ))
    .unwrap();
    assert!(shown.lines().any(|it| it.starts_with("1 of ")), "{shown}");
}

#[test]
fn a_setting_that_cannot_be_is_told_with_its_place_and_counts_as_absent() {
    let settings = "[command.due]\ncolumns = \"+frob\"\nsort = \"-overdue\"\n[command.set]\nlimit = 3\n\
                    [command.summary]\ncolumns = \"change:revenue,+custom.x\"\n";
    let case = Case::new().file("config.toml", settings);
    let path = case.path("config.toml");
    let run = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args)
            .env("GUANXI_CONFIG", &path)
            .env("GUANXI_LANG", "en")
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        (
            output.status.code(),
            told.replace(path.to_str().unwrap(), "config.toml"),
        )
    };
    let (code, told) = run(&["config"]);
    let faults = "config.toml:2:11: no column of `due` is called `frob`\n\
                  error: config.toml:4:10: `set` has no listing whose columns, order and length could be set\n";
    assert_eq!(told, format!("error: {faults}"));
    assert_eq!(code, Some(2));
    let (code, told) = run(&["due", "--book", RAIL, "--as-of", "2026-11-20", "-q"]);
    assert_eq!(
        told,
        format!("warning: {}", faults.replace("error:", "warning:"))
    );
    assert_eq!(code, Some(0));
}

#[test]
fn a_book_of_the_settings_is_named_by_writers() {
    let case = Case::new()
        .file("b/guanxi.toml", "")
        .file("b/customers/acme.toml", "name = \"Acme\"\n")
        .file("elsewhere/x", "");
    let book = case.path("b");
    let case = case.file(
        "config.toml",
        format!("lang = \"en\"\nbook = {:?}\n", book.to_str().unwrap()),
    );
    let config = case.path("config.toml");
    let run = |folder: &str, args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args)
            .current_dir(case.path(folder))
            .env_clear()
            .env("GUANXI_CONFIG", &config)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let named = format!("note: the book is `{}` (config.toml:2)\n", book.display());
    for args in [
        &["set", "acme", "region=x"][..],
        &["log", "acme", "note", "--date", "2026-01-01"],
        &["contact", "acme", "Wang"],
        &["fmt"],
        &["erase", "acme", "--person", "Wang", "--yes"],
        &["add", "New", "--id", "new"],
        &["rename", "new", "newer"],
        &["remove", "newer", "--with-rows"],
    ] {
        let said = run("elsewhere", args);
        assert_eq!(said.matches(&named).count(), 1, "{args:?}: {said}");
    }
    // Who reads, or stands in a book, need not be told.
    assert_eq!(run("elsewhere", &["list"]), "");
    assert_eq!(run("b", &["set", "acme", "region=y"]), "");
}
