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
id   name  churn    at stake  churn risk  churn horizon  last order  order interval  silence  annual value  signals
-------------------------------------------------------------------------------------------------------------------
old  Old   at-risk    100.00           -            182  2026-05-21               -        -        100.00  unseen

1 customer, together 100.00 CNY a year at stake

"#]]).stderr(str![[r#"
too few customers with an order for a model: 3, and it needs 5: expected orders and values are what is usual at the book's own rate

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
too few customers with an order for a model: 3, and it needs 5: expected orders and values are what is usual at the book's own rate
nobody is slipping away

"#]]).code(0);
}

#[test]
fn rail_has_most_at_stake_first() {
    let columns = "id,churn,churn_risk,annual_value,at_stake";
    let answer = run_json(&["churn", "-c", columns], &RAIL);
    let rows = answer["rows"].as_array().unwrap();
    assert!(rows.len() > 5);
    assert!(rows.is_sorted_by_key(|row| -number(row, "at_stake")));
    let sum: f64 = rows.iter().map(|row| number(row, "at_stake")).sum();
    assert!((sum - number(&answer["total"], "at_stake")).abs() < 0.01);
    for row in rows {
        let stake = number(row, "churn_risk") * number(row, "annual_value").max(0.0);
        assert!((number(row, "at_stake") - stake).abs() < 0.005_1, "{row}");
        let limit = if row["churn"] == "at-risk" { 0.5 } else { 0.3 };
        assert!(number(row, "churn_risk") > limit, "{row}");
    }
    let (_, said) = run(&["churn"], &RAIL);
    assert_eq!(said, "from 36 customers; MBG/CNBD-2, weak prior\n");
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
    let inside = number(row(&answer, "range", "revenue inside"), "observed");
    assert!((0.85..0.95).contains(&inside), "{inside}");
    // Silent for longer than twice the own interval, or 182 days without one: counted apart.
    let naive = row(&answer, "flag", "order_age > churn_horizon");
    assert_eq!(naive["customers"], 1726);
    assert!((number(naive, "precision") - 0.827_925_8).abs() < 1e-6);
    assert!((number(naive, "f1") - 0.840_835_5).abs() < 1e-6);
    assert!(number(row(&answer, "flag", "no order > 50 %"), "f1") > number(naive, "f1"));
    let first = row(&answer, "calibration", "tenth 1");
    let last = row(&answer, "calibration", "tenth 10");
    assert!(number(first, "observed") < 0.25 && number(last, "observed") > 0.75);
    let (_, said) = run(&["value", "--backtest", "--horizon", "39w"], &CDNOW);
    assert_eq!(
        said,
        "orders of all: 16 % too few; 80 % ranges held 93 %; orders: better than `as many as last time`; \
         revenue: better than `as many as last time`\n\
         from 2357 customers; MBG/NBD, weak prior; known up to 1997-09-30, predicted to 1998-06-30\n"
    );
}

/// Ranges are judged as printed, and against the rule that the next 26 weeks bring what the last did; the
/// numbers are an independent computation's.
#[test]
fn the_backtest_of_half_a_year_holds_printed_ranges() {
    let answer = run_json(&["value", "--backtest", "--horizon", "26w"], &CDNOW);
    let range = |method| number(row(&answer, "range", method), "observed");
    for (method, expected) in [
        ("revenue inside", 0.898),
        ("revenue below", 0.0004),
        ("revenue above", 0.102),
    ] {
        assert!((range(method) - expected).abs() < 0.0005, "{method}");
    }
    let last = |part| row(&answer, part, "last window");
    let found = |part| {
        let row = last(part);
        ["predicted", "observed", "mae"].map(|key| number(row, key))
    };
    for (part, expected) in [
        ("orders", [1437.0, 1156.0, 0.5384]),
        ("revenue", [54_502.37, 43_103.44, 21.549]),
    ] {
        for (found, expected) in found(part).into_iter().zip(expected) {
            assert!((found - expected).abs() < 0.0005, "{part}: {found}");
        }
    }
    assert!((number(last("orders"), "rmse") - 1.3296).abs() < 0.0001);
    let total = |end| row(&answer, "range total", end);
    let came = number(total("revenue low"), "observed");
    assert!(number(total("revenue low"), "predicted") < came);
    assert!(number(total("revenue high"), "predicted") > came);
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
part         method                     customers  predicted  observed  total error     mae    rmse  precision   recall       f1
--------------------------------------------------------------------------------------------------------------------------------
orders       model                              2     0.0229     0.000            -  0.0115  0.0162          -        -        -
orders       own rate                           2      0.000     0.000            -   0.000   0.000          -        -        -
orders       last window                        2      0.000     0.000            -   0.000   0.000          -        -        -
orders       nobody buys                        2      0.000     0.000            -   0.000   0.000          -        -        -
revenue      model                              2      2.294     0.000            -   1.147   1.622          -        -        -
revenue      own rate                           2      0.000     0.000            -   0.000   0.000          -        -        -
revenue      last window                        2      0.000     0.000            -   0.000   0.000          -        -        -
revenue      nobody buys                        2      0.000     0.000            -   0.000   0.000          -        -        -
range        orders inside                      2      0.800     1.000            -       -       -          -        -        -
range        orders below                       2      0.100     0.000            -       -       -          -        -        -
range        orders above                       2      0.100     0.000            -       -       -          -        -        -
range        revenue inside                     2      0.800     1.000            -       -       -          -        -        -
range        revenue below                      2      0.100     0.000            -       -       -          -        -        -
range        revenue above                      2      0.100     0.000            -       -       -          -        -        -
range total  revenue low                        2      1.665     0.000            -       -       -          -        -        -
range total  revenue high                       2      3.160     0.000            -       -       -          -        -        -
flag         policy at-risk                     1          -         -            -       -       -    100.0 %   50.0 %   66.7 %
flag         order_age > churn_horizon          0          -         -            -       -       -          -    0.0 %    0.0 %
flag         everybody                          2          -         -            -       -       -    100.0 %  100.0 %  100.0 %

"#]])
        .stderr(str![[r#"
orders of all: none came; 80 % ranges held 100 %; orders: worse than `as many as last time`; revenue: worse than `as many as last time`
too few customers with an order for a model: 2, and it needs 5: expected orders and values are what is usual at the book's own rate; known up to 2026-10-23, predicted to 2026-11-20

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

/// Each bought in one of the two times, so that `as many as last time` is wrong by one of each and right of
/// all: the model, which expects little of both, is the other way round.
#[test]
fn the_verdict_says_where_the_total_speaks_for_the_other() {
    let said = book(
        &[("a", "name = \"A\"\n"), ("b", "name = \"B\"\n")],
        "2025-01-10,b,order,100,,,,,,,
2026-10-01,a,order,100,,,,,,,
2026-11-10,b,order,100,,,,,,,
",
    )
    .args([
        "churn",
        "--backtest",
        "--horizon",
        "4w",
        "--as-of",
        "2026-11-20",
    ])
    .output();
    let said = String::from_utf8(said.stderr).unwrap();
    let beside = "better than `as many as last time`, but worse in total";
    let verdict = format!("orders: {beside}; revenue: {beside}");
    let first = said.lines().next().unwrap();
    assert!(first.ends_with(&verdict), "{said}");
}
