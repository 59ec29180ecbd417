//! `summary`.

use serde_json::{Value, json};
use snapbox::str;

use super::books::{A, F};
use super::run_json;
use crate::case::Case;

/// Checks the rows and the total of an answer; numbers that are no whole ones to six digits.
fn check(book: &[&str], args: &[&str], rows: &[Value], total: &Value) {
    let answer = run_json(&[&["summary"], args].concat(), book);
    assert_eq!(answer["schema"], "summary/1");
    let found = answer["rows"].as_array().unwrap();
    assert_eq!(found.len(), rows.len(), "{args:?}: {answer}");
    for (found, expected) in found.iter().zip(rows) {
        assert_same(found, expected, args);
    }
    assert_same(&answer["total"], total, args);
}

fn assert_same(found: &Value, expected: &Value, args: &[&str]) {
    let (found, expected) = (found.as_object().unwrap(), expected.as_object().unwrap());
    let keys = |it: &serde_json::Map<String, Value>| it.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(found), keys(expected), "{args:?}");
    for (name, expected) in expected {
        let found = &found[name];
        let is_same = match (found.as_f64(), expected.as_f64()) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
            _ => found == expected,
        };
        assert!(is_same, "{args:?}: {name} is {found}, not {expected}");
    }
}

#[test]
fn movement_is_a_bridge() {
    let row = |word: &str, count: u32, before: i64, now: i64, change: i64| {
        json!({"movement": word, "customers": count, "prior_revenue": before,
            "annual_revenue": now, "revenue_change": change})
    };
    check(
        &F,
        &[
            "--by",
            "movement",
            "-c",
            "customers,prior_revenue,annual_revenue,revenue_change",
        ],
        &[
            row("kept", 3, 750_000, 920_000, 170_000),
            row("new", 1, 0, 150_000, 150_000),
            row("returned", 1, 0, 90_000, 90_000),
            row("stopped", 1, 60_000, 0, -60_000),
            row("idle", 1, 0, -5_000, -5_000),
            row("none", 1, 0, 0, 0),
        ],
        &json!({"customers": 8, "prior_revenue": 810_000, "annual_revenue": 1_155_000,
            "revenue_change": 345_000}),
    );
}

#[test]
fn figures_of_owners_are_exact_and_money_is_rounded_where_it_is_shown() {
    let row = |owner: Value, growth: Value, mean: f64, median: i64| {
        json!({"owner": owner, "growth": growth, "mean:annual_value": mean,
            "median:annual_value": median})
    };
    check(
        &F,
        &[
            "--by",
            "owner",
            "-c",
            "growth,mean:annual_value,median:annual_value",
        ],
        &[
            row(json!("li"), json!(99.0 / 80.0), 298_333.333_3, 150_000),
            row(json!("wang"), json!(-24.0 / 41.0), 56_666.666_7, 70_000),
            row(json!("zhao"), json!(null), 90_000.0, 90_000),
            row(json!(null), json!(null), 0.0, 0),
        ],
        &json!({"growth": 23.0 / 54.0, "mean:annual_value": 144_375, "median:annual_value": 80_000}),
    );
}

#[test]
fn agreements_of_owners() {
    let row = |owner: Value, customers: u32, agreements: u32, value: u32, left: f64| {
        json!({"owner": owner, "customers": customers, "agreements": agreements,
            "agreement_value": value, "agreement_left": left})
    };
    check(
        &A,
        &[
            "--by",
            "owner",
            "-c",
            "customers,agreements,agreement_value,agreement_left",
        ],
        &[
            row(json!("an"), 2, 2, 300, 274.0),
            row(json!("bo"), 3, 2, 580, 77.0),
            row(json!(null), 1, 2, 95, 10.0),
        ],
        &json!({"customers": 6, "agreements": 6, "agreement_value": 975, "agreement_left": 142.4}),
    );
}

#[test]
fn keys_stand_in_their_natural_order() {
    let counts = |key: &str, counts: &[(Value, u32)]| {
        let row = |(value, count): &(Value, u32)| json!({key: value, "customers": count});
        let rows: Vec<Value> = counts.iter().map(row).collect();
        let args = ["--by", key, "-c", "customers"];
        check(&F, &args, &rows, &json!({"customers": 8}));
    };
    counts(
        "year:first_order",
        &[
            (json!("2023"), 1),
            (json!("2024"), 2),
            (json!("2025"), 3),
            (json!("2026"), 1),
            (json!(null), 1),
        ],
    );
    // The tables begin with P.
    counts(
        "tier",
        &[(json!("AA"), 6), (json!("A"), 1), (json!("P"), 1)],
    );
    counts("lost", &[(json!(false), 7), (json!(true), 1)]);
}

#[test]
fn without_a_key_there_is_one_row() {
    let all = json!({"customers": 8, "annual_value": 1_155_000, "share": 1, "growth": 23.0 / 54.0,
        "receivable": 440_000, "past_due": 300_000});
    check(&F, &[], std::slice::from_ref(&all), &all);
    check(
        &F,
        &["id = nobody", "--by", "owner", "-c", "customers,receivable"],
        &[],
        &json!({"customers": 0, "receivable": 0}),
    );
}

#[test]
fn a_customer_counts_under_each_element_and_once_in_the_total() {
    let case = || {
        Case::new()
            .file("guanxi.toml", "")
            .file(
                "customers/a.toml",
                "name = \"A\"\ntags = [\"y\", \"x\", \"y\"]\n[custom]\nlines = 0.5\n",
            )
            .file(
                "customers/b.toml",
                "name = \"B\"\ntags = [\"x\"]\n[custom]\nlines = 0.50\n[profile]\nneeds = \"é\"\n",
            )
            .file(
                "customers/c.toml",
                "name = \"C\"\n[custom]\nlines = \"many\"\n[profile]\nneeds = \"e\u{301}\"\n",
            )
            .args(["summary", "--as-of", "2026-11-20"])
    };
    let by = |key: &str, columns: &str| case().args(["--by", key, "-c", columns]);
    by("tags", "customers,customer_share").stdout(str![[r#"
tags   customers  customer share
--------------------------------
x              2            66.7
y              1            33.3
-              1            33.3
--------------------------------
total          3           100.0

"#]]);
    by(
        "custom.lines",
        "customers,sum:custom.lines,known:custom.lines",
    )
    .args(["-f", "csv"])
    .stdout(str![[r#"
custom.lines,customers,sum:custom.lines,known:custom.lines
0.5,2,1,2
many,1,,1

"#]]);
    by("profile.needs", "customers,known:profile.needs")
        .args(["-f", "csv", "-s", "-customers"])
        .stdout(str![[r#"
profile.needs,customers,known:profile.needs
é,2,2
,1,0

"#]]);
}

#[test]
fn what_has_no_figure_is_refused_with_advice() {
    for (args, message) in [
        (
            ["--by", "receivable"],
            "`receivable` is of type money, and nearly every customer is a group of its own by it\n  = help: make a tier, a flag or a `custom` key of it, and group by that",
        ),
        (
            ["--by", "first_order"],
            "`first_order` is of type date, and nearly every customer is a group of its own by it\n  = help: group by a period of it: `month:first_order`, `quarter:first_order`, `year:first_order`",
        ),
        (
            ["--by", "month:owner"],
            "`owner` is of type text and has no month\n  = help: `month:` stands before a metric of type date",
        ),
        (
            ["--by", "mean:score"],
            "`mean:score` is no key of `--by`\n  = help: before a date stands `week:`, `month:`, `quarter:` or `year:`",
        ),
        (
            ["--by", "ownr"],
            "no metric is called `ownr`\n  = help: did you mean `owner`?",
        ),
        (
            ["--by", "tier,tier"],
            "`--by` names `tier` twice\n  = help: name it once",
        ),
        (
            ["-c", "name"],
            "a group has no `name`\n  = help: it has `known:name`",
        ),
        (
            ["-c", "month:first_order"],
            "`month:first_order` is no column here, but `first_order` may be one\n  = help: `summary --by month:first_order` groups by it",
        ),
    ] {
        let output = Case::new()
            .args([&["summary"], &args[..], &F[..]].concat())
            .output();
        let found = String::from_utf8(output.stderr).unwrap();
        assert_eq!(found.trim_end(), format!("error: {message}"), "{args:?}");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
    for (command, message) in [
        (
            ["list", "end:receivable"],
            "`end:receivable` is no column here, but `receivable` may be one\n  = help: `trend -c end:receivable` has it, of each period",
        ),
        (
            ["cases", "before:invoiced"],
            "`before:invoiced` is no column here, but `invoiced` may be one\n  = help: `trend -c before:invoiced` has it, of each period",
        ),
        (
            ["trend", "end:nope"],
            "no column is called `end:nope`\n  = help: `guanxi metrics` lists the columns that metrics give, `--help` tells of others",
        ),
    ] {
        let [report, name] = command;
        let output = Case::new().args([&[report, "-c", name], &F[..]].concat());
        let found = String::from_utf8(output.output().stderr).unwrap();
        assert_eq!(found.trim_end(), format!("error: {message}"), "{command:?}");
    }
    Case::new()
        .args([&["list", "-c", "mean:score"], &F[..]].concat())
        .stderr(str![[r#"
error: `mean:score` is no column here, but `score` may be one
  = help: `summary -c mean:score` has it, of a group of customers

"#]])
        .code(2);
    Case::new()
        .args([&["summary", "--by", "orders", "-c", "orders"], &F[..]].concat())
        .stderr(str![[r#"
error: `orders` is a key of `--by` already
  = help: `mean:orders`, `max:orders` and so on are figures of its groups

"#]])
        .code(2);
}

#[test]
fn what_rests_on_no_fit_is_rough_in_the_total_as_well() {
    let columns = "mean:clv,known:clv,clv";
    Case::new()
        .args([&["summary", "-q", "--by", "owner", "-c", columns], &F[..]].concat())
        .stdout(str![[r#"
owner  mean:clv  known:clv       clv
------------------------------------
li      ~52,000          3  ~160,000
wang    ~20,000          3   ~61,000
zhao    ~20,000          1   ~20,000
-             -          0         -
------------------------------------
total   ~34,000          7  ~240,000

"#]]);
}

#[test]
fn a_free_key_that_no_customer_has_is_unknown_and_a_misspelt_one_is_refused() {
    let case = || {
        Case::new()
            .file("guanxi.toml", "")
            .file("customers/a.toml", "name = \"A\"\n[custom]\ngolf = 18\n")
    };
    for (args, answer) in [
        (["list", "id,custom.sap"], "id,custom.sap\na,\n"),
        (
            ["summary", "customers,known:profile.needs,known:custom.golf"],
            "customers,known:profile.needs,known:custom.golf\n1,0,1\n",
        ),
    ] {
        let [command, columns] = args;
        let output = case().args([command, "-c", columns, "-f", "csv"]).output();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), answer);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
    for (args, message) in [
        (
            ["list", "-c", "id,custom.gofl"],
            "no column is called `custom.gofl`",
        ),
        (
            ["summary", "--by", "custom.gofl"],
            "no customer has `custom.gofl`",
        ),
        (
            ["summary", "-c", "sum:custom.gofl"],
            "no customer has `custom.gofl`",
        ),
    ] {
        let output = case().args(args).output();
        let found = String::from_utf8(output.stderr).unwrap();
        let expected = format!("error: {message}\n  = help: did you mean `custom.golf`?");
        assert_eq!(found.trim_end(), expected, "{args:?}");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}
