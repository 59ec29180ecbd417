//! `help TOPIC`, `metrics WORD`, and the pager.

use super::case::Case;

fn said(args: &[&str]) -> String {
    let output = Case::new().args(args.iter().copied()).output();
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    assert!(output.stderr.is_empty(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_topic_is_listed_and_has_its_page() {
    let help = said(&["help"]);
    let topics = help.split("Topics").nth(1).unwrap();
    for (topic, heading) in [
        ("format", "THE FORMAT OF A BOOK\n"),
        ("rules", "RULES\n"),
        ("kinds", "KINDS OF ROWS\n"),
        ("writing", "CHANGING A BOOK\n"),
        ("git", "A BOOK IN GIT\n"),
        ("cron", "IN CRON, SCRIPTS AND MAIL\n"),
    ] {
        assert!(topics.contains(&format!("\n  {topic} ")), "{topic}");
        let page = said(&["help", topic]);
        assert!(page.starts_with(heading), "{topic}: {page}");
        assert!(page.lines().count() > 40, "{topic}");
        assert!(!page.contains("```") && !page.contains("|---"), "{topic}");
    }
}

#[test]
fn a_word_that_is_both_shows_the_command_first() {
    for (word, heading) in [("metrics", "\nMETRICS\n"), ("policy", "\nTHE POLICY\n")] {
        let page = said(&["help", word]);
        let usage = page.find(&format!("Usage: guanxi {word}")).unwrap();
        assert!(usage < page.find(heading).unwrap(), "{word}");
    }
    assert_eq!(said(&["help", "due"]), said(&["due", "--help"]));
    assert_eq!(said(&["help"]), said(&["--help"]));
}

#[test]
fn a_misspelt_topic_is_told() {
    for (word, help) in [
        ("rulse", "did you mean `rules`?"),
        ("polcy", "did you mean `policy`?"),
        ("dlete", "`guanxi help` lists the commands"),
    ] {
        let output = Case::new().args(["help", word]).output();
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        let expected = format!("error: no command or topic is called `{word}`\n  = help: {help}\n");
        assert_eq!(stderr, expected);
    }
    let output = Case::new().args(["rules"]).output();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("`guanxi help rules` is the page on it"),
        "{stderr}"
    );
}

#[test]
fn a_word_finds_metrics_by_parts_of_names_and_definitions() {
    let names = |word| said(&["metrics", word, "-f", "csv", "-c", "name"]);
    let found = names("revisit");
    for name in ["next_revisit", "revisit_status", "overdue"] {
        assert!(found.lines().any(|it| it == name), "{found}");
    }
    assert!(!found.contains("receivable"), "{found}");
    assert_eq!(names("tier"), "name\ntier\n");
    assert_eq!(names("REVISIT"), found);
    let output = Case::new().args(["metrics", "hippopotamus"]).output();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_program_carries_the_pages_with_it() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let exclude = manifest
        .lines()
        .find(|it| it.starts_with("exclude"))
        .unwrap();
    assert!(!exclude.contains("docs"), "{exclude}");
}

/// Runs the program on a terminal of 80 columns and 24 lines, and returns what it shows.
#[cfg(target_os = "linux")]
pub(crate) fn on_a_terminal(command: &str, environment: &[(&str, &str)]) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_guanxi");
    let line = format!("stty rows 24 cols 80; {program} {command}; echo \"status $?\"");
    let mut script = std::process::Command::new("script");
    script
        .args(["-qec", &line, "/dev/null"])
        .env_remove("COLUMNS")
        .env_remove("LINES")
        .env_remove("GUANXI_PAGER")
        .env_remove("PAGER")
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null());
    script.envs(environment.iter().copied());
    // Where there is no `script` there is no terminal to be had.
    let output = script.output().ok()?;
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .replace("\r\n", "\n"),
    )
}

#[cfg(target_os = "linux")]
#[test]
fn a_pager_takes_what_is_longer_than_the_terminal() {
    let pager = [("PAGER", "sed s/^/>/")];
    let Some(long) = on_a_terminal("help rules", &pager) else {
        return;
    };
    assert!(long.starts_with(">RULES\n>\n"), "{long}");
    assert!(long.ends_with("status 0\n"), "{long}");
    for (command, environment) in [
        ("metrics tier", &pager[..]),
        ("help rules --no-pager", &pager[..]),
        ("metrics -f csv", &pager[..]),
        ("help rules", &[("PAGER", "cat")][..]),
        (
            "help rules",
            &[("GUANXI_PAGER", ""), ("PAGER", "sed s/^/>/")][..],
        ),
    ] {
        let shown = on_a_terminal(command, environment).unwrap();
        assert!(!shown.starts_with('>'), "{command}: {shown}");
        assert!(shown.ends_with("status 0\n"), "{command}: {shown}");
    }
    let shown = on_a_terminal("metrics", &[("GUANXI_PAGER", "sed s/^/</")]).unwrap();
    assert!(shown.starts_with("<name"), "{shown}");
    // What is written is UTF-8, in a terminal without a locale too; a person's own choice stays.
    for (own, expected) in [
        (&[][..], "utf-8"),
        (&[("LESSCHARSET", "latin1")][..], "latin1"),
    ] {
        let shown = on_a_terminal("help rules", &[&[("PAGER", "env")], own].concat()).unwrap();
        let told = format!("LESSCHARSET={expected}");
        assert!(shown.lines().any(|it| it == told), "{shown}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_narrow_terminal_leaves_columns_out_and_says_so() {
    let book = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rail");
    let day = "--as-of 2026-11-20 --no-pager";
    for command in ["due", "list", "churn", "value"] {
        let line = format!("{command} --book {book} {day}");
        let Some(shown) = on_a_terminal(&line, &[]) else {
            return;
        };
        assert!(shown.contains("left out for want of room: "), "{shown}");
        let table: Vec<&str> = shown.lines().collect();
        let rule = table.iter().position(|it| it.starts_with("---")).unwrap();
        assert!(table[rule].len() <= 80, "{shown}");
        let rows = table[rule + 1..].iter();
        let rows: Vec<_> = rows
            .take_while(|it| !it.is_empty() && !it.contains("left out"))
            .collect();
        assert!(!rows.is_empty(), "{shown}");
        // Every row is one line: it begins with an id.
        assert!(rows.iter().all(|it| !it.starts_with(' ')), "{shown}");
        let named = on_a_terminal(&format!("{line} -c +region"), &[]).unwrap();
        assert!(!named.contains("left out"), "{named}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_pager_that_is_closed_or_not_there_ends_nothing() {
    let Some(closed) = on_a_terminal("metrics", &[("PAGER", "head -n 1")]) else {
        return;
    };
    assert_eq!(closed.lines().count(), 2, "{closed}");
    assert!(closed.ends_with("status 0\n"), "{closed}");
    let absent = on_a_terminal("help rules", &[("PAGER", "no-such-pager")]).unwrap();
    assert!(absent.starts_with("RULES\n"), "{absent}");
    assert!(absent.contains("note: cannot run the pager `no-such-pager`"));
    assert!(absent.ends_with("status 0\n"), "{absent}");
}
