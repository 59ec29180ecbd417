//! The worked numbers of lifetime value, each on the smallest book: `docs/methods.md` tells them.

use super::{book, number};

/// Whole days after the first of 2025, as cells of a log write them.
fn day(days: i64) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    (start + chrono::Days::new(days.try_into().unwrap())).to_string()
}

/// Orders (customer, day, amount) and credits of a book, as rows.
fn rows(orders: &[(&str, i64, &str)], credits: &[(&str, i64, &str)]) -> String {
    let of = |kind: &str, rows: &[(&str, i64, &str)]| -> String {
        let row = |(customer, at, amount): &(&str, i64, &str)| {
            format!("{},{customer},{kind},{amount},,,,,,,\n", day(*at))
        };
        rows.iter().map(row).collect()
    };
    of("order", orders) + &of("credit", credits)
}

/// Checks figures of a book whose customers are those that the rows name, by id.
fn check(policy: &str, log: &str, as_of: &str, expected: &[(&str, &str, f64)]) {
    let mut ids: Vec<&str> = log.lines().filter_map(|it| it.split(',').nth(1)).collect();
    ids.sort_unstable();
    ids.dedup();
    let files: Vec<(&str, String)> = ids
        .iter()
        .map(|id| (*id, format!("name = \"{id}\"\n")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(id, text)| (*id, &**text)).collect();
    let mut columns: Vec<&str> = expected.iter().map(|it| it.1).collect();
    columns.sort_unstable();
    columns.dedup();
    let columns = format!("id,{}", columns.join(","));
    let case = book(&files, log).file("guanxi.toml", policy);
    let case = case.args(["list", "-f", "json", "-c", &columns, "--as-of", as_of]);
    let found: serde_json::Value = serde_json::from_slice(&case.output().stdout).unwrap();
    for (id, metric, wanted) in expected {
        let row = found["rows"].as_array().unwrap().iter();
        let row = row.clone().find(|row| row["id"] == *id).unwrap();
        let value = number(row, metric);
        let is_money = !metric.starts_with("expected_orders");
        let most = if is_money { 0.005 } else { 5e-7 };
        let error = (value - wanted).abs();
        assert!(
            error <= most + 1e-9,
            "{id}.{metric} is {value}, not {wanted}"
        );
    }
}

fn order_values(log: &str, expected: &[(&str, f64)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(id, value)| (*id, "expected_order_value", *value))
        .collect();
    check("", log, "2025-12-31", &expected);
}

#[test]
fn an_order_day_is_as_if_there_were_one_more_of_the_usual_amount() {
    let orders = [
        ("a", 1, "100"),
        ("a", 2, "200"),
        ("a", 3, "300"),
        ("b", 1, "1000"),
        ("c", 1, "50"),
    ];
    order_values(
        &rows(&orders, &[]),
        &[("a", 220.83), ("b", 641.67), ("c", 166.67)],
    );
}

/// (600 + M) / 4, (1000 + M) / 2 and (50 + M) / 2 with M = (200 + 600 + 50) / 3, for three times the lower
/// median is 600.
#[test]
fn an_order_day_has_its_amount_whatever_the_model() {
    let orders = [
        ("a", 1, "100"),
        ("a", 2, "200"),
        ("a", 3, "300"),
        ("b", 1, "1000"),
        ("c", 1, "50"),
    ];
    for model in ["retention", "pnbd"] {
        check(
            &format!("[value]\nmodel = \"{model}\"\n"),
            &rows(&orders, &[]),
            "2025-12-31",
            &[
                ("a", "expected_order_value", 220.83),
                ("b", "expected_order_value", 641.67),
                ("c", "expected_order_value", 166.67),
            ],
        );
    }
}

#[test]
fn a_key_account_does_not_raise_what_others_bring() {
    let orders = [("a", 1, "1000"), ("b", 1, "100000")];
    order_values(&rows(&orders, &[]), &[("a", 1500.0), ("b", 51_000.0)]);
}

#[test]
fn credits_are_taken_from_the_latest_order_days_backwards() {
    let orders = [("a", 9, "100"), ("a", 19, "200"), ("d", 5, "150")];
    let with = |at| rows(&orders, &[("a", at, "250")]);
    order_values(&with(59), &[("a", 50.0), ("d", 125.0)]);
    order_values(&with(14), &[("a", 125.0), ("d", 162.5)]);
    order_values(&with(3), &[("a", 150.0), ("d", 150.0)]);
    check("", &with(14), "2025-12-31", &[("a", "revenue", 50.0)]);
}

#[test]
fn days_that_were_returned_bring_the_value_down() {
    let mut orders: Vec<(&str, i64, &str)> = (1..=4).map(|at| ("r", at, "60")).collect();
    let credits = orders.clone();
    orders.push(("x", 1, "700"));
    order_values(&rows(&orders, &credits), &[("r", 140.0)]);
}

#[test]
fn too_few_customers_are_judged_by_the_centre_of_the_prior() {
    let log = "2025-01-05,a,order,1000,,,,,,,\n2026-01-05,a,credit,300,,,,,,,\n";
    check(
        "",
        log,
        "2026-03-01",
        &[
            ("a", "expected_order_value", 700.0),
            ("a", "expected_orders", 0.180_532),
            ("a", "clv", 311.40),
            ("a", "clv_low", 0.0),
            ("a", "clv_high", 1223.00),
            ("a", "churn_horizon", 182.0),
        ],
    );
    check(
        "",
        "2026-03-01,a,order,1000,,,,,,,\n",
        "2026-03-01",
        &[
            ("a", "expected_orders", 1.294_591),
            ("a", "clv", 2712.93),
            ("a", "clv_low", 0.0),
            ("a", "clv_high", 7080.14),
        ],
    );
}

#[test]
fn three_customers_share_one_rate() {
    // x t_x T: 5 500 530, 1 90 400, 0 0 300, seen 530 days after the first.
    let a = [0, 100, 200, 300, 400, 500].map(|at| ("a", at, "1000"));
    let mut orders = a.to_vec();
    orders.extend([("b", 130, "600"), ("b", 220, "600"), ("c", 230, "200")]);
    let as_of = day(530);
    check(
        "",
        &rows(&orders, &[]),
        &as_of,
        &[
            ("a", "expected_orders", 2.443_859),
            ("b", "expected_orders", 0.630_092),
            ("c", "expected_orders", 0.407_950),
        ],
    );
}

#[test]
fn a_loss_is_worth_nothing_by_the_retention_formula() {
    let policy = "[value]\nmodel = \"retention\"\n";
    let log = "2025-11-01,a,order,1000,,,,,,,\n2025-11-01,b,credit,300,,,,,,,\n";
    check(
        policy,
        log,
        "2025-12-31",
        &[("a", "clv", 1720.96), ("b", "clv", 0.0)],
    );
}

#[test]
fn without_a_fit_a_silent_customer_is_wholly_at_stake() {
    let log = "2025-01-05,a,order,1000,,,,,,,\n";
    check("", log, "2025-12-31", &[("a", "at_stake", 1000.0)]);
}
