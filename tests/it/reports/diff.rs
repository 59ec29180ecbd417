//! `diff`: cells worked by hand, its laws, and what is refused.

use serde_json::{Value, json};

use super::books::{F, G};
use super::{RAIL, book, number, run, run_json};
use crate::case::Case;
use crate::git::Repository;

/// Returns the rows of an answer as `metric id from to change cause row what`, those of some customers alone.
fn lines(answer: &Value, ids: &[&str]) -> Vec<String> {
    let shown = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.replace("interactions/", "").replace(".csv", ""),
        Value::Number(number) if number.as_f64() == Some(number.as_f64().unwrap().trunc()) => {
            format!("{:.0}", number.as_f64().unwrap())
        }
        value => value.to_string(),
    };
    let rows = answer["rows"].as_array().unwrap().iter();
    let rows = rows.filter(|row| ids.is_empty() || ids.contains(&row["id"].as_str().unwrap()));
    let line = |row: &Value| {
        let columns = [
            "metric", "id", "from", "to", "change", "cause", "row", "what",
        ];
        columns.map(|it| shown(&row[it])).join(" ")
    };
    rows.map(line).collect()
}

/// Returns a total as (from, to, change).
fn total(answer: &Value, metric: &str) -> (f64, f64, f64) {
    let totals = answer["totals"].as_array().unwrap();
    let total = totals.iter().find(|it| it["metric"] == metric).unwrap();
    (
        number(total, "from"),
        number(total, "to"),
        number(total, "change"),
    )
}

#[test]
fn a_month_as_worked() {
    let metrics = "tier,annual_value,receivable,past_due,revisit_status";
    let answer = run_json(&["diff", "2026-10-20", "--metrics", metrics], &F);
    assert_eq!(answer["schema"], "diff/1");
    assert_eq!(answer["as_of"], "2026-11-20");
    assert_eq!(answer["from"], "2026-10-20");
    assert_eq!(
        lines(&answer, &[]),
        [
            "tier eta A AA - time - -",
            "annual_value eta 60000 0 -60000 time - -",
            "annual_value eps 120000 150000 30000 row log:42 order 30000",
            "past_due alpha 100000 300000 200000 time - -",
            "revisit_status beta overdue ok - row log:35 response C-1",
        ]
    );
    assert_eq!(
        total(&answer, "annual_value"),
        (1_185_000.0, 1_155_000.0, -30_000.0)
    );
    assert_eq!(total(&answer, "receivable"), (440_000.0, 440_000.0, 0.0));
    assert_eq!(
        total(&answer, "past_due"),
        (100_000.0, 300_000.0, 200_000.0)
    );
}

#[test]
fn two_days_as_worked() {
    let answer = run_json(&["diff", "2026-02-28", "2026-04-30"], &F);
    assert_eq!(answer["as_of"], "2026-04-30");
    let found = lines(&answer, &[]);
    for line in [
        "exists eps false true - row log:13 visit",
        "tier alpha AA AAA - row log:11 invoice 600000 A-1",
        "settlement alpha - stable - row log:11 invoice 600000 A-1",
        "receivable alpha - 100000 100000 row log:17 payment 500000 A-1",
        "annual_value theta 0 -5000 -5000 row log:12 credit 5000",
        "annual_value eps - 120000 120000 row log:18 order 120000",
        "annual_value alpha 1000000 600000 -400000 time - -",
    ] {
        assert!(found.iter().any(|it| it == line), "{line}: {found:#?}");
    }
    assert_eq!(
        total(&answer, "annual_value"),
        (1_430_000.0, 1_145_000.0, -285_000.0)
    );
}

#[test]
fn owners_and_money_that_move() {
    let command = ["diff", "2026-03-31", "--metrics", "owner,receivable"];
    let answer = run_json(&command, &G);
    assert_eq!(
        lines(&answer, &[]),
        [
            "exists w false true - row 2026:26 order 80",
            "owner u an bo - row 2026:14 owner bo: an",
            "owner w - bo - row 2026:26 order 80",
            "receivable u 200 400 200 row 2026:21 payment 100 I-2",
            "receivable v 300 100 -200 row 2026:28 payment 100 J-2",
            "receivable w - 0 0 row 2026:27 payment 50",
        ]
    );
    assert_eq!(total(&answer, "receivable"), (500.0, 500.0, 0.0));
    assert_eq!(
        answer["flows"],
        json!([
            {"metric": "exists", "from": false, "to": true, "customers": 1},
            {"metric": "owner", "from": "an", "to": "bo", "customers": 1},
            {"metric": "owner", "from": null, "to": "bo", "customers": 1},
        ])
    );
}

#[test]
fn a_policy_is_compared_with_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.toml");
    let own = std::fs::read_to_string(format!("{}/guanxi.toml", F[1])).unwrap();
    let flag = "\n[[flag]]\nname = \"big\"\nwhen = \"receivable >= 30万\"\n";
    std::fs::write(&path, own.clone() + flag).unwrap();
    let new = path.to_str().unwrap();
    let answer = run_json(&["diff", "--policy", new], &F);
    assert_eq!(answer["from"], Value::Null);
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(
        rows[..],
        [json!({
            "metric": "flags", "id": "alpha", "name": rows[0]["name"], "from": [], "to": ["big"], "change": null,
            "cause": "policy", "row": null, "what": "big: receivable >= 30万",
        })]
    );
    // A rule may name what only one of them knows.
    let (chosen, _) = run(
        &[
            "diff",
            "--policy",
            new,
            "--where",
            "flags = big",
            "-f",
            "csv",
            "-c",
            "id",
        ],
        &F,
    );
    assert_eq!(chosen, "id\nalpha\n");
    // Both days are judged by the one that is given.
    let answer = run_json(
        &["diff", "2025-12-31", "--policy", new, "--metrics", "flags"],
        &F,
    );
    let line = "flags alpha [] [\"big\"] - row log:29 invoice 200000 A-2";
    assert_eq!(lines(&answer, &["alpha"]), [line]);
    // A policy's diff with itself is empty.
    std::fs::write(&path, own).unwrap();
    let answer = run_json(&["diff", "--policy", new], &F);
    assert_eq!(answer["rows"], json!([]));
    assert_eq!(answer["flows"], json!([]));
}

#[test]
fn a_row_that_completes_a_change_is_named_and_one_without_effect_is_not() {
    let case = book(
        &[("a", "name = \"A\"\n")],
        "2026-01-05,a,order,100,,,,,,,\n\
         2026-02-01,a,visit,,,,,,,,\n\
         2026-02-02,a,lost,,,,price,,,,\n\
         2026-02-03,a,order,50,,,,,,,\n\
         2026-02-04,a,visit,,,,,,,,\n",
    );
    case.args([
        "diff",
        "2026-01-31",
        "2026-02-10",
        "--metrics",
        "lost,annual_value",
        "-fcsv",
        "-c",
        "metric,from,to,cause,row",
    ])
    .stdout(snapbox::str![[r#"
metric,from,to,cause,row
annual_value,100.00,150.00,row,interactions/2026.csv:5

"#]])
    .code(0);
}

/// The owner is told by the `owner` row that is put off as well: whose the customer was before.
#[test]
fn an_owner_row_tells_whose_the_customer_was_also_where_it_is_put_off() {
    let files = [
        ("a", "name = \"A\"\nowner = \"bo\"\nsince = 2026-02-02\n"),
        ("b", "name = \"B\"\nowner = \"bo\"\n"),
    ];
    let staff = "[[staff]]\nid = \"an\"\njoined = 2027-01-01\n\
                 [[staff]]\nid = \"bo\"\njoined = 2027-01-01\n";
    let case = book(
        &files,
        "2026-02-05,a,owner,,,bo,an,,,,\n\
         2026-02-06,b,visit,,,,,,,,\n\
         2026-09-01,b,owner,,,bo,an,,,,\n",
    );
    case.file("staff.toml", staff)
        .args([
            "diff",
            "2026-01-31",
            "2026-03-01",
            "--metrics",
            "owner,owner_status",
            "-fcsv",
            "-c",
            "metric,id,to,cause,row",
        ])
        .stdout(snapbox::str![[r#"
metric,id,to,cause,row
exists,a,true,time,
exists,b,true,row,interactions/2026.csv:3
owner,b,an,row,interactions/2026.csv:3
owner,a,bo,row,interactions/2026.csv:2
owner_status,a,not-yet,time,
owner_status,b,not-yet,row,interactions/2026.csv:3

"#]])
        .code(0);
}

#[test]
fn customers_of_many_rows_are_replayed_by_days() {
    use std::fmt::Write as _;
    let mut rows = String::from("2026-01-01,a,order,1,,,,,,,\n");
    for at in 0..1_200 {
        let day = 1 + at / 60;
        let kind = if day == 15 { "order,1" } else { "visit," };
        writeln!(rows, "2026-02-{day:02},a,{kind},,,,,,,").unwrap();
    }
    let case = book(&[("a", "name = \"A\"\n")], &rows);
    case.args([
        "diff",
        "2026-01-31",
        "2026-03-01",
        "--metrics",
        "orders",
        "-fcsv",
        "-c",
        "to,change,cause,row",
    ])
    .stdout(snapbox::str![[r#"
to,change,cause,row
61,60,row,interactions/2026.csv:902

"#]])
    .code(0);
}

const BOOK: &str = "\
== guanxi.toml
== customers/acme.toml
name = \"Acme\"
score = 40
== customers/beta.toml
name = \"Beta\"
== interactions/2026.csv
date,customer,kind,amount,ref,note
2026-02-01,acme,order,100.00,PO-1,first
2026-02-03,acme,order,70,,
2026-02-03,beta,order,10,,
";

#[test]
fn revisions_are_compared_by_rows_files_and_policy() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    let write = |path: &str, text: &str| repository.write(path, text);
    write("customers/acme.toml", "name = \"Acme\"\nscore = 60\n");
    write(
        "interactions/2026.csv",
        "date,customer,kind,amount,ref,note\n2026-02-01,acme,order,100.00,PO-1,first\n\
         2026-02-03,beta,order,10,,\n2026-02-04,beta,order,20,,\n2027-01-01,beta,order,5,,\n",
    );
    write(
        "guanxi.toml",
        "[[flag]]\nname = \"some\"\nwhen = \"orders > 0\"\n",
    );
    write("customers/new.toml", "name = \"New\"\nadded = 2026-03-01\n");
    let metrics = "score,annual_value,flags";
    let said = repository.run(&[
        "diff",
        "--rev",
        "HEAD..",
        "--as-of",
        "2026-06-01",
        "--metrics",
        metrics,
        "-q",
        "-f",
        "json",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    let answer: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        lines(&answer, &[]),
        [
            "exists new false true - file - -",
            "score acme 40 60 20 file - -",
            "annual_value acme 170 100 -70 removed 2026:3 order 70",
            "annual_value beta 10 30 20 row 2026:4 order 20",
            "annual_value new - 0 0 file - -",
            "flags acme [] [\"some\"] - policy - some: orders > 0",
            "flags beta [] [\"some\"] - policy - some: orders > 0",
        ]
    );
    let commit = repository.git(&["rev-parse", "HEAD"]);
    assert_eq!(
        answer["from_rev"],
        json!({"name": "HEAD", "commit": commit.trim()})
    );
    assert_eq!(answer["rev"], Value::Null);
    // Two commits, and a revision with itself.
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "-m", "more"]);
    let between = |revisions: &str| {
        let said = repository.run(&[
            "diff",
            "--rev",
            revisions,
            "--as-of",
            "2026-06-01",
            "--metrics",
            metrics,
            "-q",
            "-f",
            "json",
        ]);
        assert_eq!(said.code, 0, "{}", said.err);
        serde_json::from_str::<Value>(&said.out).unwrap()
    };
    let both = between("HEAD~1..HEAD");
    assert_eq!(lines(&both, &[]), lines(&answer, &[]));
    assert_eq!(both["rev"]["name"], "HEAD");
    assert_eq!(between("HEAD..HEAD")["rows"], json!([]));
    assert_eq!(between("HEAD")["rows"], json!([]));
}

#[test]
fn days_compose_and_a_day_does_not_differ_from_itself() {
    let metrics = "annual_value,receivable,past_due,open_cases,pipeline,share,orders,advance";
    let days = [
        "2024-11-03",
        "2025-06-30",
        "2026-01-15",
        "2026-08-31",
        "2026-11-20",
    ];
    let between = |from: &str, to: &str| run_json(&["diff", from, to, "--metrics", metrics], &RAIL);
    for (at, first) in days.iter().enumerate() {
        for (middle, last) in days.iter().zip(&days[1..]).skip(at) {
            let parts = [between(first, middle), between(middle, last)];
            let whole = between(first, last);
            for metric in metrics.split(',') {
                let [one, other] = [&parts[0], &parts[1]].map(|it| total(it, metric));
                let (from, to, change) = total(&whole, metric);
                assert_eq!(
                    (from, to),
                    (one.0, other.1),
                    "{metric} {first} {middle} {last}"
                );
                assert!((change - one.2 - other.2).abs() < 1e-9, "{metric}");
                let rows = whole["rows"].as_array().unwrap().iter();
                let rows = rows.filter(|it| it["metric"] == metric);
                let sum: f64 = rows.map(|it| number(it, "change")).sum();
                assert!((sum - change).abs() < 1e-6, "{metric}: {sum} {change}");
            }
        }
        let same = between(first, first);
        assert_eq!(same["rows"], json!([]));
        assert_eq!(same["flows"], json!([]));
    }
}

#[test]
fn a_customer_that_comes_carries_all_that_it_has() {
    let answer = run_json(
        &["diff", "2020-01-01", "--metrics", "annual_value,orders"],
        &RAIL,
    );
    let list = run_json(&["list", "-c", "id,annual_value,orders"], &RAIL);
    for metric in ["annual_value", "orders"] {
        let rows = list["rows"].as_array().unwrap().iter();
        let sum: f64 = rows.filter_map(|it| it[metric].as_f64()).sum();
        let (from, to, change) = total(&answer, metric);
        assert!(from.abs() < 1e-6, "{metric}");
        assert!(
            (to - sum).abs() < 1e-6 && (change - sum).abs() < 1e-6,
            "{metric}"
        );
    }
}

#[test]
fn stat_shows_totals_and_flows() {
    let (table, _) = run(
        &[
            "diff",
            "2026-10-20",
            "--stat",
            "--metrics",
            "tier,annual_value",
        ],
        &F,
    );
    snapbox::assert_data_eq!(
        table,
        snapbox::str![[r#"
metric        from          to                change  customers
---------------------------------------------------------------
annual_value  1,185,000.00  1,155,000.00  -30,000.00          2
tier          A             AA                     -          1

"#]]
    );
}

#[test]
fn what_differs_twice_or_not_at_all_is_refused() {
    let case = || book(&[("a", "name = \"A\"\n")], "2026-01-01,a,visit,,,,,,,,\n");
    let refused = |args: &[&str], said: snapbox::data::Inline| {
        let args = [&["diff", "--as-of", "2026-06-01"], args].concat();
        case().args(args).stderr(said).code(2);
    };
    refused(
        &[],
        snapbox::str![[r#"
error: `diff` needs to know what differs
  = help: a day such as `2w` to compare days, `--policy FILE` to compare policies, `--rev A..B` to compare revisions

"#]],
    );
    refused(
        &["2w", "--rev", "HEAD.."],
        snapbox::str![[r#"
error: `diff` compares two days or two revisions, and here are both
  = help: leave out FROM, or `--rev`

"#]],
    );
    refused(
        &["2026-06-02"],
        snapbox::str![[r#"
error: FROM is 2026-06-02, which is after TO, 2026-06-01
  = help: name the earlier day first

"#]],
    );
    refused(
        &["2w", "--metrics", "tierr"],
        snapbox::str![[r#"
error: no metric is called `tierr`
  = help: did you mean `tier`?

"#]],
    );
    refused(
        &["--rev", "A...B"],
        snapbox::str![[r#"
error: `--rev` takes two dots: both revisions are looked at as they are
  = help: write `--rev A..B`

"#]],
    );
    refused(
        &["--rev", "..B"],
        snapbox::str![[r#"
error: `--rev` names no revision to begin with
  = help: write `--rev A..B`, or `--rev A..` to compare with the folder

"#]],
    );
}

#[test]
fn the_status_tells_whether_anything_changed() {
    let case = || book(&[("a", "name = \"A\"\n")], "2026-01-01,a,order,5,,,,,,,\n");
    let args = |from| {
        [
            "diff",
            from,
            "2026-06-01",
            "--exit-code",
            "-fcsv",
            "-c",
            "metric",
            "--metrics",
            "orders",
        ]
    };
    case()
        .args(args("2026-02-01"))
        .stdout(snapbox::str![[r#"
metric

"#]])
        .code(0);
    case()
        .args(args("2025-12-31"))
        .stdout(snapbox::str![[r#"
metric
exists
orders

"#]])
        .code(1);
    Case::new()
        .file("guanxi.toml", "")
        .args(["diff", "2w", "--as-of", "2026-06-01"])
        .stderr(snapbox::str![[r#"
nothing changed

"#]])
        .code(0);
}

/// A row of a random book: customer, days from 2024 on, what it is, and an amount.
type Row = (usize, i64, usize, u32);

/// Returns the day so many days after the beginning of 2024.
fn day(days: i64) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    (first + chrono::TimeDelta::days(days)).to_string()
}

/// Returns a log of these rows, each with a ref of its own where its kind has one.
fn log(rows: &[Row]) -> String {
    let line = |(number, (customer, days, kind, amount)): (usize, &Row)| {
        let cells = match kind {
            0..=2 => format!("order,{amount},,,,"),
            3 => format!("credit,{amount},,,,"),
            4 => format!("invoice,{amount},,,I-{number},"),
            5 => format!("payment,{amount},,,,"),
            6 => "lost,,,price,,".to_owned(),
            7 => format!(
                "owner,,{},{},,",
                ["an", "bo"][number % 2],
                ["bo", "an", ""][number % 3]
            ),
            8 => format!("complaint,,,,C-{number},"),
            _ => "visit,,,,,".to_owned(),
        };
        let customer = ["a", "b", "c"][*customer];
        format!("{},{customer},{cells}\n", day(*days))
    };
    let lines: String = rows.iter().enumerate().map(line).collect();
    format!("date,customer,kind,amount,staff,topic,ref,due\n{lines}")
}

/// Returns a number, 0 for none.
fn or_zero(value: &Value) -> f64 {
    value.as_f64().unwrap_or(0.0)
}

/// Checks what holds of any answer of `diff` between two days, and returns the totals of its metrics: from, to,
/// change.
fn totals_of(answer: &Value, log: &str, from: &str, to: &str) -> Vec<(String, [f64; 3])> {
    let rows = answer["rows"].as_array().unwrap();
    for row in rows {
        match row["cause"].as_str().unwrap() {
            "time" => assert_eq!(row["row"], Value::Null),
            "row" => {
                let origin = row["row"].as_str().unwrap();
                let number: usize = origin.rsplit(':').next().unwrap().parse().unwrap();
                let line = log.lines().nth(number - 1).unwrap();
                let is_between = line.get(..10).is_some_and(|it| it > from && it <= to);
                let customer = format!(",{},", row["id"].as_str().unwrap());
                assert!(is_between && line.contains(&customer), "{row} by {line}");
            }
            cause => panic!("{cause}"),
        }
    }
    let of = |metric: &Value| -> Vec<&Value> {
        let rows = rows.iter();
        rows.filter(|row| row["metric"] == *metric).collect()
    };
    for flow in answer["flows"].as_array().unwrap() {
        let same = |row: &&Value| row["from"] == flow["from"] && row["to"] == flow["to"];
        let count = of(&flow["metric"]).into_iter().filter(same).count();
        assert_eq!(flow["customers"], count);
    }
    let total = |total: &Value| {
        let changes: f64 = of(&total["metric"])
            .iter()
            .map(|row| or_zero(&row["change"]))
            .sum();
        let [from, to, change] = ["from", "to", "change"].map(|it| or_zero(&total[it]));
        assert!(
            (changes - change).abs() < 1e-6,
            "{total}: the rows make {changes}"
        );
        assert!((to - from - change).abs() < 1e-6, "{total}");
        assert_eq!(total["customers"], of(&total["metric"]).len());
        (total["metric"].to_string(), [from, to, change])
    };
    answer["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(total)
        .collect()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 24, max_shrink_iters: 100, failure_persistence: None, ..Default::default()
    })]

    /// Whatever the rows and the days are, two steps are one, and each change has its row or is time's.
    #[test]
    fn steps_compose_and_changes_add_up(
        rows in proptest::collection::vec((0..3_usize, 0..1_000_i64, 0..10_usize, 1..1_000_u32), 0..40),
        mut days in proptest::array::uniform3(0..1_100_i64),
        since in 0..1_000_i64,
    ) {
        days.sort_unstable();
        let log = log(&rows);
        let since = format!("name = \"C\"\nowner = \"an\"\nsince = {}\n", day(since));
        let case = Case::new()
            .file("guanxi.toml", "")
            .file("staff.toml", "[[staff]]\nid = \"an\"\nleft = 2025-06-01\n[[staff]]\nid = \"bo\"\n")
            .file("customers/a.toml", "name = \"A\"\n")
            .file("customers/b.toml", "name = \"B\"\nowner = \"bo\"\n")
            .file("customers/c.toml", &since)
            .file("interactions/log.csv", &log);
        let folder = case.path("");
        let book = ["--book", folder.to_str().unwrap()];
        let metrics = "lost,owner,owner_status,tier,flags,movement,annual_value,orders,receivable,past_due,open_cases";
        let totals = |from: i64, to: i64| {
            let (from, to) = (day(from), day(to));
            let command = ["diff", &from, &to, "--metrics", metrics];
            let answer = run_json(&command, &book);
            if from == to {
                assert_eq!(answer["rows"], json!([]));
            }
            totals_of(&answer, &log, &from, &to)
        };
        let [first, second, third] = days;
        let (one, two, both) = (totals(first, second), totals(second, third), totals(first, third));
        for ((one, two), both) in one.iter().zip(&two).zip(&both) {
            proptest::prop_assert_eq!(&one.0, &both.0);
            proptest::prop_assert!((one.1[1] - two.1[0]).abs() < 1e-6, "{} {} {}", one.0, one.1[1], two.1[0]);
            proptest::prop_assert!((one.1[2] + two.1[2] - both.1[2]).abs() < 1e-6);
        }
        totals(second, second);
    }
}
