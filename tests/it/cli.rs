//! Arguments, formats, columns, exit codes and outputs, by the commands that need no book.

use std::io::Read as _;
use std::process::{Command, Stdio};

use snapbox::str;

use crate::case::Case;

#[test]
fn metrics_in_every_format() {
    let case = |format| {
        Case::new().args([
            "metrics",
            "tier",
            "overdue",
            "-c",
            "name,type,unit",
            "-f",
            format,
        ])
    };
    case("table")
        .stdout(str![[r#"
name     type  unit
----------------------------------------
tier     text  one of the policy's tiers
overdue  days  days

"#]])
        .code(0);
    case("csv")
        .stdout(str![[r#"
name,type,unit
tier,text,one of the policy's tiers
overdue,days,days

"#]])
        .code(0);
    case("tsv")
        .stdout(str![[r#"
name	type	unit
tier	text	one of the policy's tiers
overdue	days	days

"#]])
        .code(0);
    case("json")
        .stdout(str![[r#"
{"schema": "metrics/1", "rows": [
{"name": "tier", "type": "text", "unit": "one of the policy's tiers"},
{"name": "overdue", "type": "days", "unit": "days"}
]}

"#]])
        .code(0);
    case("jsonl")
        .stdout(str![[r#"
{"name": "tier", "type": "text", "unit": "one of the policy's tiers"}
{"name": "overdue", "type": "days", "unit": "days"}

"#]])
        .code(0);
    case("markdown")
        .stdout(str![[r#"
| name | type | unit |
| --- | --- | --- |
| tier | text | one of the policy's tiers |
| overdue | days | days |

"#]])
        .code(0);
}

#[test]
fn columns_and_sort_keys_may_begin_with_a_hyphen() {
    let args = ["metrics", "tier", "overdue", "-fcsv"];
    let case = || Case::new().args(args);
    case()
        .args(["-c", "-definition,-unit", "-s", "-name"])
        .stdout(str![[r#"
name,type,stage,group
tier,text,tier,none
overdue,days,clock,mean

"#]])
        .code(0);
    case()
        .args(["-c-definition", "-c=-unit", "-sname", "-n1"])
        .stdout(str![[r#"
name,type,stage,group
overdue,days,clock,mean

"#]])
        .code(0);
}

#[test]
fn misspelt_words_get_the_nearest() {
    let case = |args: &'static [&str]| Case::new().args(args.iter().copied());
    case(&["metrix"])
        .stderr(str![[r#"
error: unrecognized subcommand 'metrix'
  = help: did you mean `metrics`?

Usage: guanxi [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]])
        .code(2);
    case(&["metrics", "teir"])
        .stderr(str![[r#"
error: no metric is called `teir`
  = help: did you mean `tier`?

"#]])
        .code(2);
    case(&["metrics", "-f", "tabel"])
        .stderr(str![[r#"
error: invalid value 'tabel' for '--format <FORMAT>'
  [possible values: table, csv, tsv, json, jsonl, markdown, xlsx, ics]

  tip: a similar value exists: 'table'

For more information, try '--help'.

"#]])
        .code(2);
    case(&["metrics", "-c", "+nmae"])
        .stderr(str![[r#"
error: no column is called `nmae`
  = help: did you mean `name`?

"#]])
        .code(2);
    case(&["metrics", "-s", "-stag"])
        .stderr(str![[r#"
error: no column is called `stag`
  = help: did you mean `stage`?

"#]])
        .code(2);
    case(&["metrics", "--columnz", "name"])
        .stderr(str![[r#"
error: unexpected argument '--columnz' found

  tip: a similar argument exists: '--columns'

Usage: guanxi metrics --columns <NAMES> [WORD]...

For more information, try '--help'.

"#]])
        .code(2);
    case(&["list", "tier", "=", "P"])
        .stderr(str![[r#"
error: unexpected argument '=' found
  = help: a rule is one word of the shell: put it in quotes, like 'tier = AAA'

Usage: guanxi list [OPTIONS] [RULE]

For more information, try '--help'.

"#]])
        .code(2);
    case(&["explain", "ref-used-twise"])
        .stderr(str![[r#"
error: no fault has the code `ref-used-twise`
  = help: did you mean `ref-used-twice`?

"#]])
        .code(2);
    case(&["man", "metrisc"])
        .stderr(str![[r#"
error: no command is called `metrisc`
  = help: did you mean `metrics`?

"#]])
        .code(2);
}

#[test]
fn arguments_cannot_act_on_the_terminal() {
    let case = |args: &'static [&str]| Case::new().args(args.iter().copied());
    case(&["\u{1b}[2J"])
        .stderr(str![[r#"
error: unrecognized subcommand ''
  = help: `guanxi help` lists the commands

Usage: guanxi [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]])
        .code(2);
    case(&["metrics", "\u{202e}\n"])
        .stderr(str![[r#"
error: no metric is called `\u{202e}\u{a}`
  = help: `guanxi metrics` lists them

"#]])
        .code(2);
}

#[test]
fn explain_tells_what_a_fault_means() {
    Case::new()
        .args(["explain", "unknown-key"])
        .stdout(str![[r#"
error[unknown-key]

A key is not one of those that this table knows. A misspelt key would otherwise
be ignored in silence.

To mend it: Correct the key, or put your own facts under `[custom]` (usable in
rules) or `[profile]`.

"#]])
        .code(0);
}

#[test]
fn help_and_version_are_answers() {
    let version = concat!("guanxi ", env!("CARGO_PKG_VERSION"), " (format 1)");
    let output = run(&["--version"]);
    assert_eq!(output.trim_end(), version);
    assert!(run(&["--help"]).contains("Usage: guanxi [OPTIONS] <COMMAND>"));
    assert!(run(&["metrics", "--help"]).contains("Example: `guanxi metrics"));
}

#[test]
fn completions_and_manual_pages_are_made() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]);
        assert!(script.contains(&format!(" __complete {shell} ")), "{shell}");
    }
    assert!(run(&["man"]).contains(".SH SUBCOMMANDS"));
    assert!(run(&["man", "metrics"]).starts_with(".ie"));
}

#[test]
fn an_output_file_is_complete_or_untouched() {
    let case = Case::new()
        .args(["metrics", "tier", "-c", "name,stage", "-o", "a.csv"])
        .code(0);
    let read = |case: &Case| std::fs::read_to_string(case.path("a.csv")).unwrap();
    assert_eq!(read(&case), "name,stage\ntier,tier\n");
    let case = Case::new()
        .file("a.csv", "mine")
        .args(["metrics", "teir", "-o", "a.csv"])
        .stderr(str![[r#"
error: no metric is called `teir`
  = help: did you mean `tier`?

"#]])
        .code(2);
    assert_eq!(read(&case), "mine");
    Case::new()
        .args(["metrics", "-o", "no/a.csv"])
        .stderr(str![[r#"
error: cannot write `no/a.csv`: No such file or directory (os error 2)
  = help: look at the spelling of the path

"#]])
        .code(2);
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    for args in [
        &["metrics", "-f", "csv"][..],
        &["completions", "bash"],
        &["--help"],
    ] {
        let child = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args)
            .env_clear()
            .stdout(writer.try_clone().unwrap())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert_eq!(said, "");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["metrics"])
        .env_clear()
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: No space left on device"), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn colours_are_off_in_a_pipe() {
    Case::new()
        .args(["metrics", "tier", "-c", "name"])
        .env("TERM", "xterm-256color")
        .stdout(str![[r#"
name
----
tier

"#]])
        .code(0);
}

/// Runs the program and returns what it says on standard output.
fn run(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .env_clear()
        .output()
        .unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{args:?}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The words of `-f` are letters apart: `cvs` is as near to `csv` as a word gets.
#[test]
fn a_misspelt_format_gets_the_nearest() {
    Case::new()
        .args(["metrics", "-f", "cvs"])
        .stderr(str![[r#"
error: invalid value 'cvs' for '--format <FORMAT>'
  [possible values: table, csv, tsv, json, jsonl, markdown, xlsx, ics]

  tip: a similar value exists: 'csv'

For more information, try '--help'.

"#]])
        .code(2);
}
