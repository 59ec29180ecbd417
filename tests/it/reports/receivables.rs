//! `receivables`, and `--invoices` of it.

use serde_json::{Value, json};
use snapbox::str;

use super::books::{F, G};
use super::{book, run_json};
use crate::case::Case;

/// Checks an answer: the ids of its rows, cells as (id, column, value), and cells of its total.
fn check(
    (command, at): (&[&str], &[&str]),
    ids: &[&str],
    cells: &[(&str, &str, Value)],
    total: &[(&str, Value)],
) {
    let columns = cells
        .iter()
        .map(|it| it.1)
        .chain(total.iter().map(|it| it.0));
    let columns = format!("id,{}", columns.collect::<Vec<_>>().join(","));
    let answer = run_json(&[command, &["-c", &columns]].concat(), at);
    let rows = answer["rows"].as_array().unwrap();
    let found: Vec<&Value> = rows.iter().map(|row| &row["id"]).collect();
    assert_eq!(found, ids);
    let same = |found: &Value, expected: &Value, what: &str| {
        let is_same = match (found.as_f64(), expected.as_f64()) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
            _ => found == expected,
        };
        assert!(is_same, "{what} is {found}, not {expected}");
    };
    for (id, column, expected) in cells {
        let row = rows.iter().find(|row| row["id"] == *id).unwrap();
        same(&row[column], expected, &format!("{column} of {id}"));
    }
    for (column, expected) in total {
        same(
            &answer["total"][column],
            expected,
            &format!("the total of {column}"),
        );
    }
    assert_eq!(answer["total"].get("id"), None);
}

#[test]
fn whoever_lets_most_money_wait_longest_stands_first() {
    check(
        (&["receivables"], &F),
        &["alpha", "gamma", "beta"],
        &[
            ("alpha", "receivable", json!(350_000.0)),
            ("alpha", "not_due", json!(50_000.0)),
            ("alpha", "past_1_30", json!(200_000.0)),
            ("alpha", "past_31_90", json!(0.0)),
            ("alpha", "past_91_180", json!(0.0)),
            ("alpha", "past_181_365", json!(100_000.0)),
            ("alpha", "past_due", json!(300_000.0)),
            ("alpha", "days_past_due", json!(234)),
            ("alpha", "money_days", json!(29_400_000)),
            ("alpha", "dunning", json!("final")),
            ("alpha", "credit_used", json!(0.875)),
            ("alpha", "unbilled", json!(0.0)),
            ("alpha", "exposure", json!(350_000.0)),
            ("alpha", "dso", json!(322.0 / 3.0)),
            ("beta", "receivable", json!(0.0)),
            ("beta", "advance", json!(20_000.0)),
            ("beta", "dunning", json!(null)),
            ("beta", "exposure", json!(0.0)),
            ("beta", "dso", json!(0)),
            ("beta", "days_to_pay", json!(22)),
            ("gamma", "receivable", json!(90_000.0)),
            // Seven days before it is due.
            ("gamma", "dunning", json!("notice")),
            ("gamma", "dso", json!(39)),
        ],
        &[
            ("receivable", json!(440_000.0)),
            ("not_due", json!(140_000.0)),
            ("past_1_30", json!(200_000.0)),
            ("past_181_365", json!(100_000.0)),
            ("advance", json!(20_000.0)),
            ("credit_used", json!(0.875)),
            ("dso", json!(194)),
            ("days_to_pay", json!(22)),
            ("unbilled", json!(0.0)),
            ("exposure", json!(440_000.0)),
            ("days_past_due", json!(234)),
            ("dunning", json!(null)),
            ("name", json!(null)),
        ],
    );
}

#[test]
fn the_total_has_what_is_at_stake_with_those_who_owe_nothing() {
    check(
        (&["receivables"], &G),
        &["u", "v", "w"],
        &[
            ("u", "receivable", json!(400.0)),
            ("u", "money_days", json!(13_200)),
            ("u", "unbilled", json!(100.0)),
            ("u", "exposure", json!(500.0)),
            ("u", "dso", json!(76)),
            ("u", "days_to_pay", json!(20)),
            ("v", "receivable", json!(100.0)),
            ("v", "money_days", json!(0)),
            ("v", "unbilled", json!(0.0)),
            ("v", "exposure", json!(100.0)),
            ("v", "dso", json!(10)),
            ("v", "days_to_pay", json!(60)),
            ("w", "receivable", json!(0.0)),
            ("w", "advance", json!(50.0)),
            ("w", "unbilled", json!(80.0)),
            ("w", "exposure", json!(30.0)),
        ],
        &[
            ("receivable", json!(500.0)),
            ("advance", json!(50.0)),
            ("dso", json!(50)),
            ("days_to_pay", json!(260.0 / 7.0)),
            ("unbilled", json!(220.0)),
            // 40 of it are of `x`, which has no row.
            ("exposure", json!(670.0)),
        ],
    );
    // A rule narrows the total as it does the rows.
    check(
        (&["receivables", "past_due > 0"], &G),
        &["u"],
        &[],
        &[("receivable", json!(400.0)), ("exposure", json!(500.0))],
    );
}

#[test]
fn a_table_heads_buckets_by_their_days_and_leaves_out_what_is_zero() {
    Case::new()
        .args(["receivables"])
        .args(F)
        .stdout(str![[r#"
id     name   owner  receivable     not due        1–30     181–365    past due  days past due  dunning    advance
------------------------------------------------------------------------------------------------------------------
alpha  Alpha  li     350,000.00   50,000.00  200,000.00  100,000.00  300,000.00            234  final         0.00
gamma  Gamma  zhao    90,000.00   90,000.00        0.00        0.00        0.00              0  notice        0.00
beta   Beta   wang         0.00        0.00        0.00        0.00        0.00              0  -        20,000.00
------------------------------------------------------------------------------------------------------------------
total                440,000.00  140,000.00  200,000.00  100,000.00  300,000.00            234           20,000.00

"#]])
        .code(0);
}

#[test]
fn each_invoice_has_a_row_of_its_own() {
    let answer = run_json(&["receivables", "--invoices"], &F);
    assert_eq!(answer["schema"], "invoices/1");
    let columns = ["ref", "id", "days", "amount", "balance", "status", "level"];
    let rows = answer["rows"].as_array().unwrap().iter();
    let found: Vec<Value> = rows
        .map(|row| columns.iter().map(|it| row[it].clone()).collect())
        .collect();
    assert_eq!(
        found,
        [
            json!(["A-1", "alpha", 234, 600_000.0, 100_000.0, "late", "final"]),
            json!(["A-2", "alpha", 30, 200_000.0, 200_000.0, "late", "reminder"]),
            json!(["A-3", "alpha", 0, 50_000.0, 50_000.0, "soon", "notice"]),
            json!(["G-1", "gamma", -7, 90_000.0, 90_000.0, "soon", "notice"]),
        ]
    );
    assert_eq!(answer["total"], json!({"items": 4, "balance": 440_000.0}));
}

/// Items of every sort on 2026-06-30: `a` owes on three invoices and has sent too little back; `b` has paid
/// all but 3 of a bill, which tolerance settles.
fn sorts() -> Case {
    book(
        &[("a", "name = \"A\"\n"), ("b", "name = \"B\"\n")],
        "2026-01-01,b,invoice,1000,,,,,B-1,,
2026-02-01,b,payment,997,,,,,B-1,,
2026-03-01,a,payment,40,,,,,,,
2026-03-02,a,payment,-60,,,,,,,
2026-05-01,a,invoice,500,,,,,A-1,2026-06-23,
2026-05-02,a,invoice,700,,,,,A-2,2026-07-07,
2026-05-03,a,invoice,700,,,,,,2026-07-08,
2026-05-04,a,invoice,500,,,,,A-4,2026-06-23,
2026-05-10,a,credit,100,,,,,A-1,,
2026-05-11,a,writeoff,50,,,,,A-1,,
",
    )
    .file("guanxi.toml", "[settlement]\ntolerance = 5\n")
    .args(["receivables", "--invoices", "--as-of", "2026-06-30"])
}

#[test]
fn an_item_tells_how_late_it_is_and_what_was_cleared() {
    sorts()
        .args([
            "-f",
            "csv",
            "-c",
            "ref,due,days,balance,status,level,kind,cleared,bucket,origin",
        ])
        .stdout(str![[r#"
ref,due,days,balance,status,level,kind,cleared,bucket,origin
,2026-03-02,120,20.00,late,final,debt,0.00,past_91_180,interactions/2026.csv:5
A-4,2026-06-23,7,500.00,late,reminder,invoice,0.00,past_1_30,interactions/2026.csv:9
A-1,2026-06-23,7,350.00,late,reminder,invoice,150.00,past_1_30,interactions/2026.csv:6
A-2,2026-07-07,-7,700.00,soon,notice,invoice,0.00,not_due,interactions/2026.csv:7
,2026-07-08,-8,700.00,open,,invoice,0.00,not_due,interactions/2026.csv:8
B-1,2026-01-31,,3.00,settled,,invoice,997.00,not_due,interactions/2026.csv:2

"#]])
        .code(0);
}

#[test]
fn a_rule_names_columns_of_items_beside_metrics() {
    for (rule, refs) in [
        ("status = late and kind = invoice", vec!["A-4", "A-1"]),
        ("bucket = past_1_30 and past_due > 1000", vec![]),
        ("days is unknown", vec!["B-1"]),
        ("cleared > 100 and receivable > 1000", vec!["A-1"]),
        ("due > today and not ref is unknown", vec!["A-2"]),
        ("id = b", vec!["B-1"]),
        ("level = final", vec!["\"\""]),
        (
            "level in (reminder, notice) and dunning = final",
            vec!["A-4", "A-1", "A-2"],
        ),
    ] {
        let output = sorts().args([rule, "-f", "csv", "-c", "ref"]).output();
        let found = String::from_utf8(output.stdout).unwrap();
        let found: Vec<&str> = found.lines().skip(1).collect();
        assert_eq!(found, refs, "{rule}");
    }
    sorts()
        .args(["status = lat"])
        .stderr(str![[r#"
error[rule-word]: `status` is never `lat`
 --> RULE:1:10
  |
1 | status = lat
  |          ^^^
  |
  = help: did you mean `late`?

1 error

"#]])
        .code(2);
    // The customers themselves have no such columns.
    Case::new()
        .args(["receivables", "days > 0"])
        .args(F)
        .stderr(str![[r#"
error[rule-name]: no metric is called `days`
 --> RULE:1:1
  |
1 | days > 0
  | ^^^^
  |
  = help: `guanxi metrics` lists them; a name of your own is written `custom.NAME`

1 error

"#]])
        .code(2);
}

#[test]
fn the_status_says_whether_something_is_owed() {
    for (rule, code) in [("days > 30", 1), ("days > 1000", 0)] {
        let output = sorts().args([rule, "--exit-code"]).output();
        assert_eq!(output.status.code(), Some(code), "{rule}");
    }
    let nobody = || book(&[("a", "name = \"A\"\n")], "2026-03-01,a,order,40,,,,,,,\n");
    nobody()
        .args(["receivables", "--exit-code", "--as-of", "2026-06-30"])
        .stderr(str![[r#"
nobody owes anything, and no money waits for an invoice

"#]])
        .code(0);
    nobody()
        .args([
            "receivables",
            "--invoices",
            "-f",
            "json",
            "--as-of",
            "2026-06-30",
        ])
        .stdout(str![[r#"
{"schema": "invoices/1", "as_of": "2026-06-30", "rows": [], "total": {"items": 0, "balance": 0.00}}

"#]])
        .code(0);
}

#[test]
fn groups_that_owe_something_and_others_make_the_same_total() {
    let answer = run_json(&["receivables", "--by", "owner"], &F);
    let total = &run_json(&["receivables"], &F)["total"];
    let columns = [
        "customers",
        "receivable",
        "not_due",
        "past_1_30",
        "past_31_90",
        "past_91_180",
        "past_181_365",
        "past_over_365",
        "past_due",
        "days_past_due",
        "dso",
        "advance",
    ];
    let columns = columns.join(",");
    let summary = ["summary", "--by", "owner", "-c", &columns];
    assert_eq!(answer, run_json(&summary, &F));
    let rows = answer["rows"].as_array().unwrap();
    let owed = rows.iter().map(|it| (&it["owner"], &it["receivable"]));
    assert!(owed.eq([
        (&json!("li"), &json!(350_000.0)),
        (&json!("wang"), &json!(0.0)),
        (&json!("zhao"), &json!(90_000.0)),
        (&json!(null), &json!(null)),
    ]));
    for column in ["receivable", "not_due", "past_1_30", "past_due", "advance"] {
        assert_eq!(answer["total"][column], total[column], "{column}");
    }
    let chosen = run_json(&["receivables", "--by", "owner", "-c", "dso"], &F);
    assert_eq!(chosen["rows"][2], json!({"owner": "zhao", "dso": 39}));
    assert_eq!(chosen["total"], json!({"dso": 194}));
}

#[test]
fn a_table_of_groups_heads_the_columns_of_days_past_due_alike() {
    Case::new()
        .args([&["receivables", "--by", "owner", "owner = li"], &F[..]].concat())
        .stdout(str![[r#"
owner  customers  receivable    not due        1–30     181–365    past due  days past due    dso
-------------------------------------------------------------------------------------------------
li             3  350,000.00  50,000.00  200,000.00  100,000.00  300,000.00            234  107.3
-------------------------------------------------------------------------------------------------
total          3  350,000.00  50,000.00  200,000.00  100,000.00  300,000.00            234  107.3

"#]]);
    for (option, message) in [
        (
            "--invoices",
            "error: the argument '--by <KEY>' cannot be used with '--invoices'",
        ),
        (
            "--exit-code",
            "error: `--exit-code` tells whether a row was found, and groups are not looked for",
        ),
    ] {
        let args = [&["receivables", "--by", "owner", option], &F[..]].concat();
        let output = Case::new().args(args).output();
        let found = String::from_utf8(output.stderr).unwrap();
        assert_eq!(found.lines().next(), Some(message), "{option}");
        assert_eq!(output.status.code(), Some(2), "{option}");
    }
}

/// A book whose policy asks in steps of its own: `a`, `b` and `c` owe an invoice each, `c` bought a year ago.
fn steps() -> Case {
    let policy = "[receivables]\nbuckets = [\"10d\", \"2w\"]\n\
        [[dunning]]\nlevel = \"call\"\nafter = \"10d\"\n\
        [[dunning]]\nlevel = \"visit\"\nafter = \"10d\"\n\
        [[dunning]]\nlevel = \"mail\"\nafter = \"-1w\"\n\
        [[dunning]]\nlevel = \"court\"\nafter = \"15d\"\nwhen = \"orders = 0 and tier = P\"\n\
        [[tier]]\nname = \"P\"\n";
    book(
        &[
            ("a", "name = \"A\"\n"),
            ("b", "name = \"B\"\n"),
            ("c", "name = \"C\"\n"),
        ],
        "2025-05-01,c,order,100,,,,,,,
2026-05-01,a,invoice,100,,,,,A-1,2026-06-20,
2026-05-01,b,invoice,200,,,,,B-1,2026-06-15,
2026-05-01,c,invoice,400,,,,,C-1,2026-06-15,
2026-05-02,b,invoice,800,,,,,B-2,2026-07-07,
",
    )
    .file("guanxi.toml", policy)
}

#[test]
fn a_policy_says_how_hard_to_ask_and_where_spans_end() {
    steps()
        .args(["receivables", "--as-of", "2026-06-30", "-f", "csv"])
        .stdout(str![[r#"
id,name,owner,receivable,not_due,past_1_10,past_11_14,past_over_14,past_due,days_past_due,dunning,advance
c,C,,400.00,0.00,0.00,0.00,400.00,400.00,15,call,0.00
b,B,,1000.00,800.00,0.00,0.00,200.00,200.00,15,court,0.00
a,A,,100.00,0.00,100.00,0.00,0.00,100.00,10,call,0.00

"#]])
        .code(0);
    steps()
        .args(["receivables", "--invoices", "--as-of", "2026-06-30"])
        .args([
            "-f",
            "csv",
            "-c",
            "ref,days,level,bucket",
            "-s",
            "level,ref",
        ])
        .stdout(str![[r#"
ref,days,level,bucket
A-1,10,call,past_1_10
C-1,15,call,past_over_14
B-2,-7,mail,not_due
B-1,15,court,past_over_14

"#]])
        .code(0);
    // Before the first step nobody is asked; what is paid is not either.
    for (day, shown) in [
        ("2026-06-07", "id,dunning\na,\nb,\nc,\n"),
        ("2026-06-08", "id,dunning\na,\nb,mail\nc,mail\n"),
    ] {
        let output = steps()
            .args([
                "list",
                "-c",
                "id,dunning",
                "-s",
                "id",
                "-f",
                "csv",
                "--as-of",
                day,
            ])
            .output();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), shown, "{day}");
    }
    steps()
        .args(["list", "dunning = cort", "--as-of", "2026-06-30"])
        .stderr(str![[r#"
error[rule-word]: `dunning` is never `cort`
 --> RULE:1:11
  |
1 | dunning = cort
  |           ^^^^
  |
  = help: did you mean `court`?

1 error

"#]])
        .code(2);
}

#[test]
fn the_level_is_told_with_the_invoice_and_the_rules_behind_it() {
    steps()
        .args(["explain", "b", "dunning", "--as-of", "2026-06-30"])
        .stdout(str![[r#"
B (b) on 2026-06-30
dunning  court
  Definition: How hard to ask for what is owed: of the dunning rules that match the unsettled item
  that is latest, the level of the one with the greatest `after`.

rules
  dunning call   yes  always
  dunning visit  yes  always
  dunning mail   yes  always
  dunning court  yes  orders = 0 and tier = P
                      ✓ orders = 0: orders is 0
                      ✓ tier = P: tier is P

how
  B-1: invoice of 2026-05-01 over 200.00, due 2026-06-15, open: 200.00, 15 days late
  the rule that begins last counts: court, for what is 15 days past due or more

rests on
  orders  0  no row
  tier    P  no row

rows
  interactions/2026.csv:4  2026-05-01  invoice  200.00  opens B-1

"#]])
        .code(0);
}
