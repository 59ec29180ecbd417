//! `cases`, on the books whose cells are worked by hand.

use serde_json::{Value, json};
use snapbox::str;

use super::books::{F, G};
use super::{book, run_json};

/// Asks for cases with every column, and checks cells of the rows in their order, each row by its ref.
fn check(command: &[&str], at: &[&str], expected: &[(&str, &[(&str, Value)])]) {
    let columns = "+respond_by,+resolve_by,+answered,+closed,+missed,+in_time,+outcome";
    let answer = run_json(&[command, &["-c", columns]].concat(), at);
    let rows = answer["rows"].as_array().unwrap();
    let refs: Vec<&str> = rows.iter().map(|it| it["ref"].as_str().unwrap()).collect();
    let wanted: Vec<&str> = expected.iter().map(|it| it.0).collect();
    assert_eq!(refs, wanted);
    for (row, (reference, cells)) in rows.iter().zip(expected) {
        for (column, value) in *cells {
            assert_eq!(row[column], *value, "{column} of {reference}");
        }
    }
}

#[test]
fn open_cases_of_a_book_stand_by_what_is_left() {
    check(
        &["cases"],
        &F,
        &[
            (
                "C-1",
                &[
                    ("id", json!("beta")),
                    ("kind", json!("complaint")),
                    ("staff", json!("li")),
                    ("deadline", json!("2026-11-08")),
                    ("left", json!(-12)),
                    ("status", json!("late")),
                    ("escalate", json!("head")),
                ],
            ),
            (
                "C-3",
                &[
                    ("deadline", json!("2026-11-12")),
                    ("answered", json!(null)),
                    ("left", json!(-8)),
                    ("status", json!("late")),
                    ("escalate", json!("head")),
                ],
            ),
            (
                "R-1",
                &[
                    ("kind", json!("request")),
                    ("respond_by", json!("2026-11-15")),
                    ("deadline", json!("2026-11-14")),
                    ("left", json!(-6)),
                    ("status", json!("late")),
                    ("escalate", json!(null)),
                ],
            ),
            (
                "R-2",
                &[
                    ("staff", json!("zhao")),
                    ("topic", json!("drawing")),
                    ("deadline", json!("2026-11-21")),
                    ("left", json!(1)),
                    ("status", json!("open")),
                    ("escalate", json!(null)),
                ],
            ),
        ],
    );
}

#[test]
fn closed_cases_are_there_with_all() {
    check(
        &["cases", "--all"],
        &F,
        &[
            ("C-1", &[]),
            ("C-3", &[]),
            ("R-1", &[("missed", json!(["response", "resolution"]))]),
            ("R-2", &[]),
            (
                "C-2",
                &[
                    ("status", json!("closed")),
                    ("left", json!(null)),
                    ("in_time", json!(true)),
                    ("age", json!(2)),
                    ("outcome", json!(80)),
                ],
            ),
        ],
    );
}

#[test]
fn a_case_that_is_reopened_goes_on() {
    check(
        &["cases"],
        &G,
        &[
            (
                "C-1",
                &[
                    ("staff", json!("cy")),
                    ("opened", json!("2026-03-10")),
                    ("answered", json!("2026-03-11")),
                    ("closed", json!(null)),
                    ("age", json!(34)),
                    ("resolve_by", json!("2026-06-12")),
                    ("deadline", json!("2026-06-12")),
                    ("left", json!(-18)),
                    ("status", json!("late")),
                    ("escalate", json!("head")),
                    ("missed", json!(["resolution"])),
                    ("in_time", json!(false)),
                    ("outcome", json!(null)),
                ],
            ),
            (
                "R-1",
                &[
                    ("staff", json!("bo")),
                    ("deadline", json!("2026-07-01")),
                    ("left", json!(1)),
                    ("status", json!("open")),
                ],
            ),
        ],
    );
    let on = |day| [G[0], G[1], G[2], day];
    check(
        &["cases", "--all"],
        &on("2026-05-01"),
        &[
            (
                "C-2",
                &[
                    ("closed", json!(null)),
                    ("age", json!(10)),
                    ("resolve_by", json!("2026-05-15")),
                    ("in_time", json!(null)),
                ],
            ),
            (
                "C-1",
                &[
                    ("staff", json!("an")),
                    ("closed", json!("2026-03-15")),
                    ("age", json!(5)),
                    ("in_time", json!(true)),
                    ("outcome", json!(40)),
                ],
            ),
        ],
    );
    check(
        &["cases"],
        &on("2026-06-01"),
        &[(
            "C-1",
            &[
                ("staff", json!("an")),
                ("left", json!(11)),
                ("status", json!("open")),
            ],
        )],
    );
}

#[test]
fn what_a_policy_says_of_escalation_counts_before_the_first_day_is_late() {
    let case = |policy: &str| {
        book(
            &[("a", "name = \"A\"\n")],
            "2026-06-01,a,request,,,,,,R-1,2026-06-10,\n",
        )
        .file("guanxi.toml", policy)
        .args(["cases", "-c", "ref,left,escalate", "-f", "csv"])
    };
    let policy = "[[escalation]]\nto = \"desk\"\n[[escalation]]\nto = \"boss\"\nafter = \"-1w\"\n\
                  when = \"orders = 0\"\n[[escalation]]\nto = \"board\"\nafter = \"9d\"\n";
    for (day, row) in [
        ("2026-06-04", "R-1,0,"),
        ("2026-06-05", "R-1,-1,desk"),
        ("2026-06-13", "R-1,-9,board"),
    ] {
        let output = case(policy).args(["--as-of", day]).output();
        let found = String::from_utf8(output.stdout).unwrap();
        assert_eq!(found, format!("ref,left,escalate\n{row}\n"), "{day}");
    }
    case("[[escalation]]\nto = \"desk\"\nafter = \"soon\"\n")
        .args(["--as-of", "2026-06-04"])
        .stderr(str![[r#"
error[wrong-value]: `soon` is no span of days
 --> guanxi.toml:3:9
  |
3 | after = "soon"
  |         ^^^^^^
  |
  = help: write it like `"7d"`, or `"-7d"` for days before

1 error

"#]])
        .code(2);
}

#[test]
fn nobody_waits() {
    book(&[("a", "name = \"A\"\n")], "")
        .args(["cases", "--as-of", "2026-06-04"])
        .stdout(str![[r#""#]])
        .stderr(str![[r#"
no case is open

"#]])
        .code(0);
}

#[test]
fn a_rule_names_columns_of_cases() {
    let refs = |rule: &str| -> Vec<String> {
        let answer = run_json(&["cases", rule, "-c", "id"], &F);
        let rows = answer["rows"].as_array().unwrap();
        rows.iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(refs("left < 0 and kind = request"), ["alpha"]);
    assert_eq!(refs("topic = delivery or owner = zhao"), ["beta", "gamma"]);
    assert_eq!(refs("escalate = head and staff = li"), ["beta"]);
    let program = env!("CARGO_BIN_EXE_guanxi");
    let mut asked = std::process::Command::new(program);
    let output = asked.args(["cases", "status = lat"]).args(F).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("did you mean `late`?"), "{told}");
}

/// Checks the rows of `cases --by staff`, and returns the total.
fn check_by_staff(at: &[&str], expected: &Value) -> Value {
    let answer = run_json(&["cases", "--by", "staff"], at);
    assert_eq!(answer["schema"], "cases-by/1");
    let columns = [
        "staff",
        "open",
        "late",
        "cases",
        "complaints",
        "response_days",
        "resolution_days",
        "decided",
        "on_time",
        "outcome",
    ];
    let rows = answer["rows"].as_array().unwrap().iter();
    let rows: Vec<Vec<&Value>> = rows
        .map(|row| columns.iter().map(|it| &row[it]).collect())
        .collect();
    assert_eq!(json!(rows), *expected);
    answer["total"].clone()
}

#[test]
fn cases_by_whom_they_wait_for_tell_whether_we_keep_our_word() {
    let total = check_by_staff(
        &F,
        &json!([
            ["li", 2, 2, 2, 1, 1, null, 2, 0, null],
            ["wang", 1, 1, 2, 2, 2, 2, 2, 0.5, 80],
            ["zhao", 1, 0, 1, 0, null, null, 0, null, null],
        ]),
    );
    assert_eq!(total["on_time"], json!(0.25));
    // The total is what the whole book has.
    let columns = "open_cases,late_cases,cases,complaints,response_days,resolution_days,on_time";
    let book = run_json(&["summary", "-c", columns], &F);
    for column in columns.split(',') {
        let here = column.strip_suffix("_cases").unwrap_or(column);
        assert_eq!(book["total"][column], total[here], "{column}");
    }
    check_by_staff(
        &G,
        &json!([
            ["bo", 1, 0, 2, 1, 1, 30, 1, 0, 90],
            ["cy", 1, 1, 1, 1, 1, null, 1, 0, null],
        ]),
    );
}

#[test]
fn groups_of_cases_count_what_waits_and_what_was_opened_in_the_year() {
    let rows = "2025-01-01,a,complaint,,,,,mail,OLD,,\n2025-01-02,a,request,,,甲,,,OPEN,never,\n\
                2025-01-02,a,resolve,,,,,,OLD,,\n2026-06-01,a,request,,,e\u{301},,,R-1,,\n\
                2026-06-01,a,request,,,\u{e9},,,R-2,,\n";
    let rows = rows.replace("never", "");
    let case = || book(&[("a", "name = \"A\"\nsegment = \"rail\"\n")], &rows);
    let case = |args: &[&str]| {
        case()
            .args([
                "cases",
                "-f",
                "csv",
                "--as-of",
                "2026-06-02",
                "-c",
                "open,cases",
            ])
            .args(args.iter().copied())
    };
    for (by, expected) in [
        // A composed letter and one of two signs are one; the case that was closed long ago is not there.
        ("staff", "staff,open,cases\n\u{e9},2,2\n甲,1,0\n"),
        (
            "year:opened,kind",
            "year:opened,kind,open,cases\n2025,request,1,0\n2026,request,2,2\n",
        ),
        (
            "week:opened",
            "week:opened,open,cases\n2025-W01,1,0\n2026-W23,2,2\n",
        ),
        (
            "quarter:opened",
            "quarter:opened,open,cases\n2025-Q1,1,0\n2026-Q2,2,2\n",
        ),
        ("channel", "channel,open,cases\n,3,2\n"),
        ("topic,segment", "topic,segment,open,cases\n,rail,3,2\n"),
    ] {
        for all in [&[][..], &["--all"]] {
            let args = [&["--by", by], all].concat();
            let output = case(&args).output();
            let found = String::from_utf8(output.stdout).unwrap();
            assert_eq!(found, expected, "{by}");
        }
    }
    for (args, told) in [
        (
            &["--by", "month:closed"][..],
            "cases are not grouped by `month:closed`",
        ),
        (&["--by", "left"], "cases are not grouped by `left`"),
        (&["--by", "opened"], "`month:opened`"),
        (&["--by", "stafff"], "did you mean `staff`?"),
        (&["--by", "staff,staff"], "`--by` names `staff` twice"),
        (&["--by", "receivable"], "make a tier, a flag"),
        (&["--by", "cases"], "`-c` names the other columns to show"),
        (
            &["--by", "staff", "--exit-code"],
            "groups are not looked for",
        ),
        (&["--by", "staff", "status = lat"], "did you mean `late`?"),
    ] {
        let output = book(&[], "")
            .args(["cases"])
            .args(args.iter().copied())
            .output();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(told), "{args:?}: {error}");
    }
}

#[test]
fn no_case_is_in_any_group() {
    book(&[("a", "name = \"A\"\n")], "")
        .args(["cases", "--by", "staff", "--as-of", "2026-06-04"])
        .stdout(str![[r#""#]])
        .stderr(str![[r#"
no case is open, and none was opened in the year

"#]])
        .code(0);
}
