//! `churn`, and its backtest.

use snapbox::str;

use super::{CDNOW, RAIL, book, number, run, run_json};
use crate::case::Case;

/// Three customers: too few for a model. `old` ordered 183 days ago, one day more than 26 weeks;
/// `gone` is lost; `new` ordered last week.
fn small() -> Case {
    book(
        &[
            ("gone", "name = \"Gone\"\n"),
            ("new", "name = \"New\"\n"),
            ("old", "name = \"Old\"\n"),
        ],
        "2026-05-21,old,order,100,,,,,,,
2026-06-01,gone,order,100,,,,,,,
2026-06-02,gone,lost,,,,price,,,,
2026-11-13,new,order,100,,,,,,,
",
    )
    .args(["churn", "--as-of", "2026-11-20"])
}

#[test]
fn without_a_model_the_rules_on_silence_hold() {
    small().stdout(str![[r#"
id   name  churn    churn risk  churn horizon  last order  order interval  silence  annual value  signals
---------------------------------------------------------------------------------------------------------
old  Old   at-risk           -            182  2026-05-21               -        -        100.00  unseen

"#]]).stderr(str![[r#"
no model: too few customers with an order for a model: 3, and it needs 5; churn goes by the rules that need none

"#]]).code(0);
}

#[test]
fn a_rule_narrows_unless_it_speaks_of_churn_itself() {
    let columns = ["-f", "csv", "-c", "id,churn", "-q"];
    small()
        .args(columns)
        .args(["annual_value > 0"])
        .stdout(str![[r#"
id,churn
old,at-risk

"#]])
        .code(0);
    small()
        .args(columns)
        .args(["churn is known"])
        .stdout(str![[r#"
id,churn
old,at-risk
new,active
gone,lost

"#]])
        .code(0);
    small()
        .args(columns)
        .args(["lost", "--exit-code"])
        .stdout(str![[r#"
id,churn
gone,lost

"#]])
        .code(1);
    small().args(["id = new"]).stderr(str![[r#"
nobody is slipping away
no model: too few customers with an order for a model: 3, and it needs 5; churn goes by the rules that need none

"#]]).code(0);
}

#[test]
fn rail_is_most_at_risk_first() {
    let answer = run_json(&["churn", "-c", "id,churn,churn_risk"], &RAIL);
    let rows = answer["rows"].as_array().unwrap();
    assert!(rows.len() > 5);
    let key = |row: &serde_json::Value| (row["churn"] == "watch", -number(row, "churn_risk"));
    assert!(rows.is_sorted_by_key(key));
    for row in rows {
        let limit = if row["churn"] == "at-risk" { 0.5 } else { 0.3 };
        assert!(number(row, "churn_risk") > limit, "{row}");
    }
    let (_, said) = run(&["churn"], &RAIL);
    assert_eq!(said, "36 customers, MBG/CNBD-2, weak prior\n");
}

/// Returns a backtest's row.
fn row<'a>(answer: &'a serde_json::Value, part: &str, method: &str) -> &'a serde_json::Value {
    let rows = answer["rows"].as_array().unwrap();
    let found = rows
        .iter()
        .find(|it| it["part"] == part && it["method"] == method);
    found.unwrap_or_else(|| panic!("{part}, {method}"))
}

/// The figures to compare with are those that the models have in the literature's holdout: 39 weeks
/// from 1997-09-30, printed to three digits: MBG/NBD 0.765 / 1.607 / -16.2 %, own rate 1.024 /
/// 2.212 / +55.7 %, nobody buys 0.799 (0.798 47) / 2.206 / -100 %.
#[test]
fn the_backtest_of_cdnow_is_no_worse_than_the_literature() {
    let answer = run_json(&["churn", "--backtest", "--horizon", "39w"], &CDNOW);
    for (method, mae, rmse, total) in [
        ("model", 0.765, 1.607, -0.162),
        ("own rate", 1.024, 2.212, 0.557),
        ("nobody buys", 0.799, 2.206, -1.0),
    ] {
        let row = row(&answer, "orders", method);
        assert_eq!(row["customers"], 2357);
        assert_eq!(row["observed"], 1882);
        for (key, expected) in [("mae", mae), ("rmse", rmse), ("total_error", total)] {
            let found = number(row, key);
            assert!((found - expected).abs() < 0.001, "{method} {key}: {found}");
        }
    }
    // Inactive are 71 %; the range holds 93 % of the orders; tenths rise with what came.
    assert!((number(row(&answer, "flag", "everybody"), "precision") - 0.709_801).abs() < 1e-6);
    assert!((number(row(&answer, "range", "orders inside"), "observed") - 0.928_3).abs() < 1e-3);
    assert!(number(row(&answer, "range", "revenue inside"), "observed") > 0.85);
    let naive = row(&answer, "flag", "gap > 3 own gaps");
    assert_eq!(naive["customers"], 1763);
    assert!((number(naive, "f1") - 0.841_094).abs() < 1e-6);
    assert!(number(row(&answer, "flag", "no order > 50 %"), "f1") > number(naive, "f1"));
    let first = row(&answer, "calibration", "tenth 1");
    let last = row(&answer, "calibration", "tenth 10");
    assert!(number(first, "observed") < 0.25 && number(last, "observed") > 0.75);
    let (_, said) = run(&["value", "--backtest", "--horizon", "39w"], &CDNOW);
    assert_eq!(
        said,
        "2357 customers, MBG/NBD, weak prior; known up to 1997-09-30, predicted to 1998-06-30\n"
    );
}

/// The same models fitted by maximum likelihood have the holdout errors of an independent computation.
#[test]
fn the_backtest_of_other_models_is_the_literature_s() {
    for (model, mae, rmse, total) in [
        ("bgnbd", 0.785_454, 1.607_98, 1_653.41),
        ("mbgnbd", 0.764_779, 1.607_18, 1_576.73),
        ("pnbd", 0.754_523, 1.602_85, 1_665.51),
    ] {
        let policy = format!("[value]\nmodel = \"{model}\"\n");
        let case = Case::new().file("policy.toml", policy);
        let policy = case.path("policy.toml");
        let command = ["value", "--backtest", "--horizon", "39w", "--policy"];
        let command = [&command[..], &[policy.to_str().unwrap()]].concat();
        let answer = run_json(&command, &CDNOW);
        let row = row(&answer, "orders", "model");
        for (key, expected) in [("mae", mae), ("rmse", rmse), ("predicted", total)] {
            let found = number(row, key);
            assert!(
                (found / expected - 1.0).abs() < 1e-5,
                "{model} {key}: {found}"
            );
        }
    }
}

/// Over 26 weeks from 2026-05-22 nothing later may be known: the answer on a book that ends there
/// has the same predictions. `value` and `churn` answer alike.
#[test]
fn the_backtest_of_rail_knows_only_the_past() {
    let answer = run_json(&["churn", "--backtest"], &RAIL);
    assert_eq!(answer, run_json(&["value", "--backtest"], &RAIL));
    let past = run_json(
        &["churn", "churn is known", "-c", "id,churn_risk"],
        &[RAIL[0], RAIL[1], RAIL[2], "2026-05-22"],
    );
    let risky = past["rows"].as_array().unwrap().iter();
    let risky = risky.filter(|row| number(row, "churn_risk") > 0.5).count();
    assert_eq!(
        row(&answer, "flag", "churn_risk > 50 %")["customers"],
        risky
    );
    let only = run_json(&["churn", "--backtest", "owner = li.wei"], &RAIL);
    assert!(number(row(&only, "orders", "model"), "customers") < 33.0);
}

#[test]
fn without_a_model_the_backtest_has_the_naive_rules() {
    small()
        .args(["--backtest", "--horizon", "4w"])
        .stdout(str![[r#"
part     method            customers  predicted  observed  total error    mae   rmse  precision   recall       f1
-----------------------------------------------------------------------------------------------------------------
orders   own rate                  2      0.000     0.000            -  0.000  0.000          -        -        -
orders   nobody buys               2      0.000     0.000            -  0.000  0.000          -        -        -
revenue  own rate                  2      0.000     0.000            -  0.000  0.000          -        -        -
revenue  nobody buys               2      0.000     0.000            -  0.000  0.000          -        -        -
flag     policy at-risk            1          -         -            -      -      -    100.0 %   50.0 %   66.7 %
flag     gap > 3 own gaps          0          -         -            -      -      -          -    0.0 %    0.0 %
flag     everybody                 2          -         -            -      -      -    100.0 %  100.0 %  100.0 %

"#]])
        .stderr(str![[r#"
no model: too few customers with an order for a model: 2, and it needs 5; only the naive rules are here; known up to 2026-10-23, predicted to 2026-11-20

"#]])
        .code(0);
    small()
        .args(["--backtest", "--horizon", "0d"])
        .stderr(str![[r#"
error: invalid value '0d' for '--horizon <SPAN>': a horizon is at least a day

For more information, try '--help'.

"#]])
        .code(2);
    small()
        .args(["--horizon", "4w"])
        .stderr(str![[r#"
error: the following required arguments were not provided:
  --backtest

Usage: guanxi churn --backtest --as-of <DAY> --horizon <SPAN> [RULE]

For more information, try '--help'.

"#]])
        .code(2);
}
