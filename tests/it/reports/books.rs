//! The books of `tests/books/`, whose figures are worked by hand.

use std::path::Path;

use serde_json::{Value, json};

use super::run_json;

/// The path of one of the books.
macro_rules! at {
    ($name:literal, $day:literal) => {
        [
            "--book",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/books/", $name),
            "--as-of",
            $day,
        ]
    };
}

/// A supplier's book that has everything.
pub(super) const F: [&str; 4] = at!("f", "2026-11-20");

/// A book in which owners, cases and money move.
pub(super) const G: [&str; 4] = at!("g", "2026-06-30");

/// A book of agreements.
pub(super) const A: [&str; 4] = at!("a", "2026-06-30");

/// Checks cells of `list`, each as (customer, column, value); numbers that are no whole ones to six digits.
fn check(book: &[&str], cells: &[(&str, &str, Value)]) {
    let columns: Vec<&str> = cells.iter().map(|it| it.1).collect();
    let columns = format!("id,{}", columns.join(","));
    let answer = run_json(&["list", "-c", &columns], book);
    let rows = answer["rows"].as_array().unwrap();
    for (id, column, expected) in cells {
        let row = rows.iter().find(|row| row["id"] == *id).unwrap();
        let found = &row[column];
        let is_same = match (found.as_f64(), expected.as_f64()) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
            _ => found == expected,
        };
        assert!(is_same, "{column} of {id} is {found}, not {expected}");
    }
}

#[test]
fn nothing_is_wrong_with_the_books() {
    for book in [F, G, A] {
        assert!(Path::new(book[1]).join("guanxi.toml").exists());
        let answer = run_json(&["check"], &book);
        assert_eq!(answer["errors"], 0, "{answer}");
    }
}

#[test]
fn receivables_of_each_are_as_worked() {
    check(
        &F,
        &[
            ("alpha", "receivable", json!(350_000)),
            ("alpha", "not_due", json!(50_000)),
            ("alpha", "past_1_30", json!(200_000)),
            ("alpha", "past_31_90", json!(0)),
            ("alpha", "past_91_180", json!(0)),
            ("alpha", "past_181_365", json!(100_000)),
            ("alpha", "past_30_30", json!(200_000)),
            ("alpha", "past_over_233", json!(100_000)),
            ("alpha", "past_over_234", json!(0)),
            ("alpha", "past_due", json!(300_000)),
            ("alpha", "days_past_due", json!(234)),
            ("alpha", "money_days", json!(29_400_000)),
            ("alpha", "credit_used", json!(0.875)),
            ("alpha", "unbilled", json!(0)),
            ("alpha", "exposure", json!(350_000)),
            ("alpha", "dso", json!(322.0 / 3.0)),
            ("beta", "receivable", json!(0)),
            ("beta", "advance", json!(20_000)),
            ("beta", "exposure", json!(0)),
            ("beta", "dso", json!(0)),
            ("beta", "days_to_pay", json!(22)),
            ("beta", "money_days", json!(0)),
            ("gamma", "receivable", json!(90_000)),
            ("gamma", "dso", json!(39)),
            ("eta", "past_7_9", Value::Null),
            ("eta", "money_days", Value::Null),
        ],
    );
    check(
        &G,
        &[
            ("u", "money_days", json!(13_200)),
            ("u", "unbilled", json!(100)),
            ("u", "exposure", json!(500)),
            ("u", "dso", json!(76)),
            ("u", "days_to_pay", json!(20)),
            ("v", "past_over_1", json!(0)),
            ("v", "dso", json!(10)),
            ("v", "days_to_pay", json!(60)),
            ("w", "advance", json!(50)),
            ("w", "exposure", json!(30)),
        ],
    );
}

#[test]
fn movement_goes_by_the_orders_of_two_years() {
    check(
        &F,
        &[
            ("alpha", "movement", json!("kept")),
            ("beta", "movement", json!("kept")),
            // It was lost and won back, which plays no part.
            ("zeta", "movement", json!("kept")),
            ("eps", "movement", json!("new")),
            ("gamma", "movement", json!("returned")),
            // Its order is of the first day of the year before.
            ("eta", "movement", json!("stopped")),
            ("theta", "movement", json!("idle")),
            ("delta", "movement", json!("none")),
            ("alpha", "revenue_change", json!(350_000)),
            ("theta", "revenue_change", json!(-5_000)),
            ("alpha", "order_days", json!(3)),
            ("delta", "order_days", json!(0)),
        ],
    );
}

#[test]
fn owners_stand_as_the_staff_file_says() {
    check(
        &F,
        &[
            ("alpha", "owner_status", json!("ok")),
            ("gamma", "owner_status", json!("left")),
            ("delta", "owner_status", json!("none")),
        ],
    );
    let before = ["--book", F[1], "--as-of", "2026-11-19"];
    check(&before, &[("gamma", "owner_status", json!("ok"))]);
    check(&G, &[("u", "owner_status", json!("ok"))]);
    super::book(&[("a", "name = \"A\"\nowner = \"li\"\n")], "")
        .file(
            "staff.toml",
            "[[staff]]\nid = \"li\"\njoined = 2026-07-01\n",
        )
        .args([
            "list",
            "--as-of",
            "2026-06-30",
            "-fcsv",
            "-c",
            "id,owner_status",
        ])
        .stdout(snapbox::str![[r#"
id,owner_status
a,not-yet

"#]])
        .code(0);
}

#[test]
fn words_of_the_new_metrics_are_known() {
    for rule in [
        "movement = kpt",
        "owner_status = gone",
        "past_30_1 > 0",
        "past_01_30 > 0",
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(["list", rule])
            .args(F)
            .env_clear()
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{rule}");
    }
    let answer = run_json(
        &["list", "past_8_40 > 0 and movement = kept", "-c", "id"],
        &F,
    );
    assert_eq!(answer["rows"], json!([{"id": "alpha"}]));
}

#[test]
fn a_metric_of_a_family_is_explained_by_its_own_name() {
    let answer = run_json(&["explain", "alpha", "past_30_30"], &F);
    let figure = &answer["figures"][0];
    assert_eq!(figure["metric"], "past_30_30");
    assert_eq!(figure["value"].as_f64(), Some(200_000.0));
    let (page, _) = super::run(&["explain", "alpha", "past_over_233"], &F);
    assert!(page.contains("past_over_233  100,000.00"), "{page}");
}
