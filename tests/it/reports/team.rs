//! `team`.

use serde_json::{Value, json};
use snapbox::str;

use super::books::{F, G};
use super::{RAIL, run, run_json};
use crate::case::Case;

const ALL: &str = "staff,name,status,customers,annual_value,visits_needed,visits_per_year,load,overdue_customers,\
    contacts,open_cases,late_cases,response_days,on_time,satisfaction,past_due,pipeline,leads,wins,losses,\
    training_due,training_done";

/// Checks some cells of a row or of a total; numbers that are no whole ones to nine digits.
fn check(row: &Value, cells: &[(&str, Value)]) {
    for (name, expected) in cells {
        let found = &row[name];
        let is_same = match (found.as_f64(), expected.as_f64()) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
            _ => found == expected,
        };
        assert!(is_same, "{name} is {found}, not {expected}: {row}");
    }
}

/// Returns the row of somebody, or of nobody.
fn row<'a>(answer: &'a Value, staff: Option<&str>) -> &'a Value {
    let mut rows = answer["rows"].as_array().unwrap().iter();
    let staff = json!(staff);
    rows.find(|it| it["staff"] == staff).unwrap()
}

fn names(answer: &Value) -> Vec<Option<&str>> {
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|it| it["staff"].as_str()).collect()
}

#[test]
fn each_carries_what_is_put_to_them() {
    let answer = run_json(&["team", "-c", ALL], &F);
    assert_eq!(answer["schema"], "team/1");
    assert_eq!(
        names(&answer),
        [Some("li"), Some("wang"), Some("zhao"), None]
    );
    check(
        row(&answer, Some("li")),
        &[
            ("name", json!("Li")),
            ("status", json!("ok")),
            ("customers", json!(3)),
            ("annual_value", json!(895_000)),
            ("visits_needed", json!(9125.0 / 252.0)),
            ("visits_per_year", json!(60)),
            ("load", json!(1825.0 / 3024.0)),
            ("overdue_customers", json!(3)),
            ("contacts", json!(3)),
            ("open_cases", json!(2)),
            ("late_cases", json!(2)),
            ("response_days", json!(1)),
            ("on_time", json!(0)),
            ("past_due", json!(300_000)),
            ("leads", json!(0)),
            ("training_due", json!(1)),
            ("training_done", json!(1)),
        ],
    );
    check(
        row(&answer, Some("wang")),
        &[
            ("customers", json!(3)),
            ("annual_value", json!(170_000)),
            ("visits_needed", json!(73.0 / 12.0)),
            ("load", json!(73.0 / 480.0)),
            ("overdue_customers", json!(0)),
            ("contacts", json!(2)),
            ("late_cases", json!(1)),
            ("on_time", json!(0.5)),
            ("satisfaction", json!(80)),
            ("leads", json!(2)),
            ("wins", json!(1)),
            ("losses", json!(0)),
        ],
    );
    check(
        row(&answer, Some("zhao")),
        &[
            ("status", json!("left")),
            ("customers", json!(1)),
            ("annual_value", json!(90_000)),
            ("load", json!(null)),
            ("open_cases", json!(1)),
        ],
    );
    check(
        row(&answer, None),
        &[
            ("name", json!(null)),
            ("status", json!("none")),
            ("customers", json!(1)),
            ("visits_needed", json!(365.0 / 7.0)),
            ("visits_per_year", json!(null)),
            ("pipeline", json!(500_000)),
            ("training_due", json!(0)),
        ],
    );
    // Zhao states no visits, and nobody none: their customers are not in it.
    let load = (9125.0 / 252.0 + 73.0 / 12.0) / 100.0;
    check(
        &answer["total"],
        &[
            ("name", json!(null)),
            ("status", json!(null)),
            ("customers", json!(8)),
            ("annual_value", json!(1_155_000)),
            ("visits_needed", json!(25331.0 / 252.0)),
            ("visits_per_year", json!(100)),
            ("load", json!(load)),
            ("contacts", json!(5)),
            ("late_cases", json!(3)),
            ("on_time", json!(0.25)),
            ("training_done", json!(1)),
        ],
    );
    assert!(answer["total"].get("staff").is_none());
}

#[test]
fn so_many_are_needed() {
    let answer = run_json(&["team"], &F);
    assert_eq!(
        answer["need"],
        json!({"managers": 2, "revenue": 1_155_000.0, "per_manager": 577_500.0, "target": 3_000_000.0,
            "growth": 0.2, "by_target": 5, "by_visits": 3, "unowned": 1, "orphaned": 1})
    );
    // Of no customer nothing is sold, and no visit is needed.
    let answer = run_json(&["team", "id = nobody"], &F);
    assert_eq!(names(&answer), [Some("li"), Some("wang")]);
    assert_eq!(
        answer["need"],
        json!({"managers": 2, "revenue": 0.0, "per_manager": 0.0, "target": 3_000_000.0,
            "growth": 0.2, "by_target": null, "by_visits": 0, "unowned": 0, "orphaned": 0})
    );
}

#[test]
fn a_hand_over_moves_nothing_that_was_done() {
    let answer = run_json(&["team", "-c", ALL], &G);
    assert_eq!(names(&answer), [Some("an"), Some("bo"), Some("cy"), None]);
    check(
        row(&answer, Some("an")),
        &[
            ("status", json!("ok")),
            ("customers", json!(0)),
            ("annual_value", json!(0)),
            // The response of a day when an owned u, and the `resolve` that names an.
            ("contacts", json!(2)),
            ("wins", json!(1)),
            ("visits_needed", json!(0)),
        ],
    );
    check(
        row(&answer, Some("bo")),
        &[
            ("customers", json!(4)),
            ("contacts", json!(3)),
            ("open_cases", json!(1)),
        ],
    );
    check(
        row(&answer, Some("cy")),
        &[
            ("customers", json!(0)),
            ("contacts", json!(0)),
            ("late_cases", json!(1)),
        ],
    );
    check(
        row(&answer, None),
        &[("status", json!("none")), ("leads", json!(1))],
    );
    assert_eq!(answer["total"]["visits_per_year"], json!(null));

    let before = ["--book", G[1], "--as-of", "2026-03-31"];
    let answer = run_json(&["team"], &before);
    check(
        row(&answer, Some("an")),
        &[("customers", json!(1)), ("contacts", json!(2))],
    );
    check(row(&answer, Some("bo")), &[("customers", json!(2))]);
}

#[test]
fn totals_are_those_of_all_customers() {
    for book in [F, G, RAIL] {
        for rule in ["not lost", "orders > 0 or orders = 0"] {
            let team = run_json(&["team", rule, "-c", ALL], &book);
            let columns = "customers,annual_value,contacts,open_cases,late_cases,response_days,on_time,\
                satisfaction,past_due,pipeline,wins,losses";
            let summary = run_json(&["summary", rule, "-c", columns], &book);
            for column in columns.split(',') {
                assert_eq!(team["total"][column], summary["total"][column], "{column}");
            }
            for column in [
                "customers",
                "contacts",
                "open_cases",
                "late_cases",
                "wins",
                "losses",
            ] {
                let rows = team["rows"].as_array().unwrap().iter();
                let sum: f64 = rows.map(|it| it[column].as_f64().unwrap()).sum();
                assert_eq!(Some(sum), team["total"][column].as_f64(), "{column}");
            }
        }
    }
}

#[test]
fn whom_a_row_names_counts_whatever_the_kind() {
    let rows = "\
2026-01-10,a,survey,,80,cy,quality,,,,
2026-01-11,a,lost,,,dan,price,,,,
2026-01-12,a,visit,,,\"li, jun\",,,,,
2026-01-13,a,golf,,,cy,,,,,
2026-02-01,a,lead,5,,cy,line,,L-1,,
2026-02-02,a,lose,,,,price,,L-1,,
2026-02-03,a,lose,,,dan,price,,L-1,,
2025-01-01,a,visit,,,old,,,,,
";
    let policy =
        "[kind.survey]\ncontact = true\n[kind.lost]\ncontact = true\n[kind.golf]\ncontact = true\n";
    let staff = "[[staff]]\nid = \"cy\"\nvisits_per_year = 0\n\
        [[staff]]\nid = \"new\"\njoined = 2027-01-01\n\
        [[staff]]\nid = \"bo\"\nname = \"Bo\"\njoined = 2020-01-01\n";
    let case = super::book(&[("a", "name = \"A\"\nowner = \"new\"\n")], rows)
        .file("guanxi.toml", policy)
        .file("staff.toml", staff);
    case.args([
        "team",
        "--as-of",
        "2026-06-30",
        "-fcsv",
        "-c",
        "staff,name,status,customers,contacts,satisfaction,leads,losses,visits_per_year,load",
    ])
    .stdout(str![[r#"
staff,name,status,customers,contacts,satisfaction,leads,losses,visits_per_year,load
bo,Bo,ok,0,0,,0,0,,
cy,,ok,0,2,,1,1,0,
new,,not-yet,1,0,80,0,0,,
dan,,unknown,0,1,,0,0,,
"li, jun",,unknown,0,1,,0,0,,

"#]])
    .code(0);
}

#[test]
fn sentences_tell_what_is_not_known_and_what_would_make_it_known() {
    let below = |book: &[&str], args: &[&str]| {
        let (page, _) = run(&[&["team"], args].concat(), book);
        page.split_once("\n\n").unwrap().1.to_owned()
    };
    assert_eq!(
        below(&F, &[]),
        "Customers bring 1,155,000.00 CNY a year: 577,500.00 for each of 2 managers.\n\
         The target of 3,000,000.00 needs 5: 3,000,000.00 / (577,500.00 x 1.2) = 4.33.\n\
         The visits need 3: 100.52 a year by the cadences / 50 that one makes = 2.01.\n\
         1 customer has no owner, 1 one who is not in service: `guanxi list 'owner_status != ok'`.\n"
    );
    assert_eq!(
        below(&G, &[]),
        "Customers bring 1,420.00 CNY a year, with 1 manager.\n\
         How many the target needs is not known: guanxi.toml states none (`[team] target = \"1000万\"`).\n\
         How many the visits need is not known: there is no staff.toml to state how many one makes (`visits_per_year = 200`).\n"
    );
    assert_eq!(
        below(&F, &["owner = zhao"]),
        "Customers bring 90,000.00 CNY a year: 45,000.00 for each of 2 managers.\n\
         The target of 3,000,000.00 needs 56: 3,000,000.00 / (45,000.00 x 1.2) = 55.56.\n\
         The visits need 1: 6.08 a year by the cadences / 50 that one makes = 0.12.\n\
         1 customer has an owner who is not in service: `guanxi list 'owner_status != ok'`.\n"
    );
    let (page, _) = run(&["team", "owner = zhao", "-f", "csv"], &F);
    assert_eq!(page.lines().count(), 4);
}

#[test]
fn an_empty_book_shows_the_staff_alone() {
    let case = || Case::new().file("guanxi.toml", "");
    case()
        .args(["team"])
        .stdout(str![])
        .stderr(str![[r#"
there is nobody: no customer, no staff.toml, and no row that names one

"#]])
        .code(0);
    case()
        .file("staff.toml", "[[staff]]\nid = \"li\"\nvisits_per_year = 9\n")
        .args(["team", "-fcsv"])
        .stdout(str![[r#"
staff,name,status,customers,annual_value,visits_needed,load,overdue_customers,contacts,open_cases,late_cases,on_time,satisfaction,wins
li,,ok,0,0.00,0,0,0,0,0,0,,,0

"#]])
        .code(0);
}
