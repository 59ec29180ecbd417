//! `trend`, with the cells that are worked by hand for the books of `tests/books/`.

use std::process::Command;

use serde_json::{Value, json};

use super::books::{F, G};
use super::{RAIL, book, number, run, run_json};
use crate::case::Case;

/// The columns that count or sum up what happened.
const FLOWS: [&str; 17] = [
    "orders",
    "order_days",
    "revenue",
    "invoiced",
    "paid",
    "written_off",
    "expenses",
    "contacts",
    "new",
    "lost",
    "won_back",
    "complaints",
    "requests",
    "resolved",
    "leads",
    "leads_won",
    "leads_lost",
];

/// Runs the program in a folder, which must end well, and returns what it says.
fn csv_of(case: Case, words: &str) -> String {
    let output = case.args(words.split(' ')).output();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the rows of an answer.
fn rows(answer: &Value) -> &[Value] {
    answer["rows"].as_array().unwrap()
}

/// Checks cells, each as (keys of the row, column, value); numbers to six digits.
fn check(answer: &Value, keys: &[&str], cells: &[(&[Value], &str, Value)]) {
    for (of, column, expected) in cells {
        let is_it = |row: &&Value| keys.iter().zip(*of).all(|(key, it)| row[*key] == *it);
        let row = rows(answer).iter().find(is_it).unwrap();
        check_cell(&row[column], expected, &format!("{of:?} {column}"));
    }
}

fn check_cell(found: &Value, expected: &Value, which: &str) {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => {
            assert!((found - expected).abs() < 1e-6, "{which}: {found}");
        }
        _ => assert_eq!(found, expected, "{which}"),
    }
}

fn periods(answer: &Value) -> Vec<&str> {
    let rows = rows(answer).iter();
    rows.map(|it| it["period"].as_str().unwrap()).collect()
}

#[test]
fn months_up_to_the_day() {
    let answer = run_json(&["trend", "-c", "+complete,+before:revenue"], &F);
    let months = periods(&answer);
    assert_eq!(
        (months.len(), months[0], months[12]),
        (13, "2025-11", "2026-11")
    );
    let at = |month: &str| [json!(month)];
    check(
        &answer,
        &["period"],
        &[
            (&at("2025-11"), "orders", json!(1)),
            (&at("2025-11"), "new", json!(1)),
            (&at("2025-11"), "revenue", json!(60_000)),
            (&at("2026-01"), "won_back", json!(1)),
            (&at("2026-01"), "revenue", json!(70_000)),
            (&at("2026-03"), "orders", json!(0)),
            (&at("2026-03"), "revenue", json!(-5_000)),
            (&at("2026-03"), "change:revenue", json!(-81.0 / 80.0)),
            // The second lost row of the month is no second loss.
            (&at("2026-08"), "lost", json!(1)),
            (&at("2026-10"), "complete", json!(true)),
            (&at("2026-11"), "complete", json!(false)),
            (&at("2026-11"), "revenue", json!(30_000)),
            (&at("2026-11"), "before:revenue", json!(60_000)),
            (&at("2026-11"), "change:revenue", json!(-0.5)),
        ],
    );
}

#[test]
fn quarters_with_how_it_stood_at_their_ends() {
    let columns = "period,lost,revenue,before:revenue,change:revenue,end:receivable,end:customers";
    let answer = run_json(&["trend", "--by", "quarter", "-c", columns], &F);
    let quarters = periods(&answer);
    assert_eq!(
        (quarters.len(), quarters[0], quarters[8]),
        (9, "2024-Q4", "2026-Q4")
    );
    let at = |quarter: &str| [json!(quarter)];
    check(
        &answer,
        &["period"],
        &[
            (&at("2025-Q3"), "lost", json!(1)),
            (&at("2026-Q1"), "revenue", json!(665_000)),
            (&at("2026-Q1"), "change:revenue", json!(53.0 / 80.0)),
            (&at("2026-Q4"), "revenue", json!(120_000)),
            (&at("2026-Q4"), "before:revenue", json!(60_000)),
            (&at("2026-Q4"), "change:revenue", json!(1)),
            (&at("2026-Q2"), "end:receivable", json!(100_000)),
            (&at("2026-Q3"), "end:receivable", json!(300_000)),
            (&at("2026-Q4"), "end:receivable", json!(440_000)),
            // eps, delta and the rest: eight by now, five before this year.
            (&at("2026-Q4"), "end:customers", json!(8)),
        ],
    );
    assert_eq!(answer["total"]["end:receivable"], Value::Null);
    assert_eq!(answer["total"]["lost"], json!(2));
}

#[test]
fn a_week_is_held_to_the_week_364_days_before() {
    let columns = "period,from,to,complete,revenue,before:revenue";
    let answer = run_json(&["trend", "--by", "week", "-c", columns], &F);
    let expected = json!({
        "period": "2026-W47", "from": "2026-11-16", "to": "2026-11-20", "complete": false,
        "revenue": 30_000.0, "before:revenue": 60_000.0,
    });
    assert_eq!(rows(&answer).last(), Some(&expected));
    assert_eq!(rows(&answer).len(), 13);
    assert_eq!(
        run_json(&["trend", "--by", "year"], &F)["rows"][4]["period"],
        "2026"
    );
}

#[test]
fn a_case_that_is_closed_again_counts_again() {
    let columns = "period,resolved,paid,invoiced,end:receivable";
    let answer = run_json(&["trend", "-c", columns], &G);
    let april = json!({"period": "2026-04", "resolved": 1, "paid": 0.0, "invoiced": 0.0, "end:receivable": 500.0});
    let may = json!({"period": "2026-05", "resolved": 1, "paid": 400.0, "invoiced": 300.0, "end:receivable": 400.0});
    assert!(rows(&answer).contains(&april), "{answer}");
    assert!(rows(&answer).contains(&may), "{answer}");
}

#[test]
fn what_is_owed_moves_by_what_was_billed_paid_and_written_off() {
    let columns = "period,invoiced,paid,written_off,end:receivable,end:advance";
    for book in [F, G, RAIL] {
        for by in ["week", "month", "quarter", "year"] {
            let answer = run_json(&["trend", "--by", by, "-c", columns], &book);
            let owed = |row: &Value| {
                let known = |key: &str| row[key].as_f64().unwrap_or_default();
                known("end:receivable") - known("end:advance")
            };
            for pair in rows(&answer).windows(2) {
                let [before, row] = pair else { continue };
                let moved =
                    number(row, "invoiced") - number(row, "paid") - number(row, "written_off");
                let difference = owed(row) - owed(before) - moved;
                assert!(difference.abs() < 1e-6, "{row}");
            }
        }
    }
}

/// A write-off takes off what there is to take, and the day counts on which it does.
#[test]
fn what_a_write_off_took() {
    let case = book(
        &[("a", "name = \"A\"\n"), ("b", "name = \"B\"\n")],
        "2026-01-05,a,invoice,100,,,,,I-1,,\n\
         2026-02-05,a,payment,70,,,,,I-1,,\n\
         2026-03-05,a,writeoff,40,,,,,I-1,,\n\
         2026-04-10,b,writeoff,5,,,,,J-1,,\n\
         2026-04-10,b,invoice,50,,,,,J-1,,\n",
    );
    let csv =
        "trend -c period,written_off,invoiced,paid --since 2026-01-01 --as-of 2026-04-30 -f csv";
    assert_eq!(
        csv_of(case, csv),
        "\
period,written_off,invoiced,paid
2026-01,0.00,100.00,0.00
2026-02,0.00,0.00,70.00
2026-03,30.00,0.00,0.00
2026-04,5.00,50.00,0.00
"
    );
}

/// All rows of a day count together: what a customer is at the end of it.
#[test]
fn who_leaves_and_comes_back() {
    let case = book(
        &[
            ("a", "name = \"A\"\n"),
            ("b", "name = \"B\"\n"),
            ("c", "name = \"C\"\n"),
        ],
        // a is lost, again, and back; b is lost on the day of its only order; c never ordered.
        "2026-01-05,a,order,10,,,,,,,\n\
         2026-01-20,a,lost,,,,,,,,\n\
         2026-01-25,a,lost,,,,,,,,\n\
         2026-02-01,a,order,10,,,,,,,\n\
         2026-02-02,b,order,10,,,,,,,\n\
         2026-02-02,b,lost,,,,,,,,\n\
         2026-01-06,c,lost,,,,,,,,\n\
         2026-03-01,c,order,10,,,,,,,\n",
    );
    let words =
        "trend -c period,new,lost,won_back,end:lost --since 2026-01-31 --as-of 2026-03-31 -f csv";
    assert_eq!(
        csv_of(case, words),
        "\
period,new,lost,won_back,end:lost
2026-01,1,1,0,2
2026-02,1,1,1,2
2026-03,1,0,0,1
"
    );
}

#[test]
fn the_total_sums_the_flows_of_the_rows() {
    let columns: Vec<String> = FLOWS
        .iter()
        .flat_map(|it| {
            [
                (*it).to_owned(),
                format!("before:{it}"),
                format!("change:{it}"),
            ]
        })
        .collect();
    let columns = format!("period,{}", columns.join(","));
    let answer = run_json(&["trend", "--by", "year", "-n", "2", "-c", &columns], &RAIL);
    let all = run_json(&["trend", "--by", "year", "-c", &columns], &RAIL);
    assert_eq!((rows(&answer).len(), &answer["total"]), (2, &all["total"]));
    for flow in FLOWS {
        let before = format!("before:{flow}");
        for column in [flow, &before] {
            let sum: f64 = rows(&all).iter().map(|it| number(it, column)).sum();
            check_cell(&all["total"][column], &json!(sum), column);
        }
        let (now, before) = (number(&all["total"], flow), number(&all["total"], &before));
        let expected = if before > 0.0 {
            json!(now / before - 1.0)
        } else {
            Value::Null
        };
        check_cell(&all["total"][format!("change:{flow}")], &expected, flow);
    }
}

#[test]
fn a_total_of_no_column_is_there() {
    let answer = run_json(&["trend", "-c", "period"], &F);
    assert_eq!(answer["total"], json!({}));
}

#[test]
fn cohorts_of_those_won() {
    let answer = run_json(&["trend", "--cohorts", "--by", "year"], &F);
    assert_eq!(answer["schema"], "cohorts/1");
    assert_eq!(answer.get("total"), None);
    let at = |year: &str, n: i32| [json!(year), json!(n)];
    check(
        &answer,
        &["cohort", "n"],
        &[
            (&at("2024", 0), "customers", json!(2)),
            (&at("2024", 0), "active", json!(2)),
            (&at("2024", 0), "revenue", json!(130_000)),
            (&at("2024", 1), "active", json!(0)),
            (&at("2024", 2), "active", json!(2)),
            (&at("2024", 2), "retention", json!(1)),
            (&at("2024", 2), "revenue", json!(160_000)),
            (&at("2024", 2), "complete", json!(false)),
            (&at("2025", 0), "revenue", json!(760_000)),
            (&at("2025", 1), "active", json!(2)),
            (&at("2025", 1), "retention", json!(2.0 / 3.0)),
            (&at("2025", 1), "revenue", json!(850_000)),
            (&at("2023", 3), "active", json!(0)),
            (&at("2023", 3), "revenue", json!(-5_000)),
        ],
    );
    let (table, _) = run(&["trend", "--cohorts", "--by", "year"], &F);
    assert_eq!(
        table,
        "\
cohort  customers         0        1         2       3
------------------------------------------------------
2023            1   100.0 %    0.0 %     0.0 %  0.0 %…
2024            2   100.0 %    0.0 %  100.0 %…
2025            3   100.0 %  66.7 %…
2026            1  100.0 %…
"
    );
}

#[test]
fn a_table_marks_what_is_not_over_and_draws_on_a_terminal_alone() {
    let (table, _) = run(&["trend", "--since", "2026-09-30"], &F);
    assert_eq!(
        table,
        "\
period    orders     revenue  change:revenue  contacts  complaints
------------------------------------------------------------------
2026-09        1  150,000.00               -         0           0
2026-10        1   90,000.00               -         1           1
2026-11…       1   30,000.00         -50.0 %         2           2
------------------------------------------------------------------
total          3  270,000.00         350.0 %         3           3
"
    );
    let whole = [&F[..2], &["--as-of", "2026-10-31"]].concat();
    assert!(!run(&["trend"], &whole).0.contains('…'));
}

#[test]
fn refuses_what_it_has_not() {
    for (words, said) in [
        ("--exit-code", "unexpected argument '--exit-code'"),
        ("--by day", "invalid value 'day'"),
        (
            "--since tomorrow",
            "`--since` is 2026-11-21, which is after 2026-11-20, the day of the answer",
        ),
        (
            "--cohorts --since 2026-11-21",
            "`--since` is 2026-11-21, which is after 2026-11-20, the day of the answer",
        ),
        ("--since 2x", "a day is written `2w`, `2026-01-31`"),
        ("-c period,score", "`end:score` is how it stood at the end"),
        (
            "-c mean:score",
            "`end:mean:score` is how it stood at the end",
        ),
        ("-c before:customers", "`before:end:customers` is how it"),
        ("-c end:tier", "a group has no `tier`: it has `known:tier`"),
        ("-c end:orderz", "no column is called `end:orderz`"),
        ("-c end:revenue:x", "no column is called `end:revenue:x`"),
        ("-c before:before:orders", "no column is called"),
        (
            "-c change:end:min:since",
            "a day has no `change:end:min:since`",
        ),
        ("--cohorts -c orders", "no column is called `orders`"),
        (
            "--cohorts -c end:customers",
            "`trend -c end:customers` has it, of each period",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .arg("trend")
            .args(words.split(' '))
            .args(F)
            .env_clear()
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(stderr.contains(said), "{words}: {stderr}");
    }
}

/// A book without customers has as many periods, in which nothing happened.
#[test]
fn an_empty_book_and_the_ends_of_the_calendar() {
    let words = "trend -c period,orders,end:customers,end:receivable,end:growth --since today -f csv --as-of";
    for (day, line) in [
        ("2026-11-20", "2026-11,0,0,0.00,"),
        ("0001-01-01", "0001-01,0,0,0.00,"),
        ("9999-12-31", "9999-12,0,0,0.00,"),
    ] {
        let expected = format!("period,orders,end:customers,end:receivable,end:growth\n{line}\n");
        assert_eq!(csv_of(book(&[], ""), &format!("{words} {day}")), expected);
    }
    for by in ["week", "month", "quarter", "year"] {
        for day in ["0001-01-01", "0001-12-31", "9999-12-31", "2028-02-29"] {
            let words = format!("trend --by {by} -c +before:end:customers --as-of {day} -f csv");
            assert!(csv_of(book(&[], ""), &words).starts_with("period,"));
        }
    }
}

/// Columns of nothing are left out of a table, but not all of them: an empty book had nothing but periods.
#[test]
fn an_empty_book_shows_that_nothing_happened() {
    let case = Case::new().file("guanxi.toml", "");
    case.args([
        "trend",
        "--by",
        "year",
        "--since",
        "2025-01-01",
        "--as-of",
        "2026-03-01",
    ])
    .stdout(snapbox::str![[r#"
period  orders  revenue  change:revenue  contacts  new  lost  won back  complaints
----------------------------------------------------------------------------------
2025         0     0.00               -         0    0     0         0           0
2026…        0     0.00               -         0    0     0         0           0
----------------------------------------------------------------------------------
total        0     0.00               -         0    0     0         0           0

"#]])
    .code(0);
}
