//! `value`, its total, and the fit.

use serde_json::{Value, json};
use snapbox::str;

use super::{CDNOW, RAIL, book, number, run, run_json};
use crate::case::Case;

/// Too few customers for a model. By the retention formula over 3 years a yearly 1000 is worth
/// 1000 x (0.8 / 1.1^0.5 + 0.64 / 1.1^1.5 + 0.512 / 1.1^2.5) = 1720.96.
fn small() -> Case {
    book(
        &[
            ("a", "name = \"A\"\n"),
            ("b", "name = \"B\"\nmargin = 0.25\n"),
            ("c", "name = \"C\"\n"),
        ],
        "2026-05-21,a,order,1000,,,,,,,
2026-06-01,b,order,8000,,,,,,,
2026-06-02,c,visit,,,,,,,,
",
    )
    .args(["value", "--as-of", "2026-11-20"])
}

#[test]
fn without_a_model_the_usual_one_holds_and_two_digits_count() {
    small().stdout(str![[r#"
id  name   clv  clv low  clv high  p alive  expected orders  expected order value  clv basis
-------------------------------------------------------------------------------------------------
a   A     ~910        0    ~2,600        -            ~0.25              1,500.00  prior, revenue
b   B     ~760        0    ~2,200        -            ~0.25              5,000.00  prior

2 customers, together ~1,700 CNY (~520 to ~5,300)

"#]]).stderr(str![[r#"
too few customers with an order for a model: 2, and it needs 5: expected orders and values are what is usual at the book's own rate
1 of 2 values is revenue, no margin known: `margin` in a customer's file or `[value] margin` in the policy gives it
`~` stands before what is rough: two digits count; `-f csv` has all of them

"#]]).code(0);
    small()
        .args(["id = a", "-f", "json", "-c", "id,clv,clv_low", "-q"])
        .stdout(str![[r#"
{"schema": "value/1", "as_of": "2026-11-20", "rows": [
{"id": "a", "clv": 906.12, "clv_low": 0.00}
], "total": {"customers": 1, "clv": 906.12, "clv_low": 192.21, "clv_high": 4271.66}}

"#]])
        .code(0);
    small().args(["id = nobody", "-q"]).code(0);
    small()
        .args(["id = nobody", "-q", "-f", "json", "-c", "id"])
        .stdout(str![[r#"
{"schema": "value/1", "as_of": "2026-11-20", "rows": [], "total": {"customers": 0, "clv": 0.00, "clv_low": null, "clv_high": null}}

"#]])
        .code(0);
}

/// 1000 and 1001 make two lifetime values that have one text.
#[test]
fn rough_figures_are_sorted_by_all_their_digits() {
    let sorted = |order: &str, format: &str| {
        let case = book(
            &[("a", "name = \"A\"\n"), ("b", "name = \"B\"\n")],
            "2026-05-21,a,order,1000,,,,,,,\n2026-05-21,b,order,1001,,,,,,,\n",
        );
        let book = case.path("");
        let book = ["--book", book.to_str().unwrap(), "--as-of", "2026-11-20"];
        run(&["list", "-c", "id,clv", "-s", order, "-f", format], &book)
    };
    let (table, said) = sorted("-clv", "table");
    assert_eq!(table, "id   clv\n--------\nb   ~590\na   ~590\n");
    assert_eq!(
        said,
        "`~` stands before what is rough: two digits count; `-f csv` has all of them\n"
    );
    assert!(
        sorted("clv", "markdown")
            .0
            .ends_with("| a | \\~590 |\n| b | \\~590 |\n")
    );
    let (csv, said) = sorted("-clv", "csv");
    assert!(
        csv.starts_with("id,clv\nb,59") && csv.contains("\na,59"),
        "{csv}"
    );
    assert_eq!(said, "");
}

/// Each of the customers of CDNOW, silent for decades, is worth less than half a hundredth.
#[test]
fn the_total_is_rounded_once_and_the_same_in_every_report() {
    let total = &run_json(&["value", "-n", "1"], &CDNOW)["total"];
    assert!(number(total, "clv") > 0.0, "{total}");
    for (book, day) in [
        (&CDNOW, "2026-11-20"),
        (&CDNOW, "1997-09-30"),
        (&RAIL, "2026-11-20"),
    ] {
        let run = |args: &[&str]| run_json(&[args, &["--as-of", day]].concat(), &book[..2]);
        let total = &run(&["value", "-n", "1"])["total"];
        let clv = number(total, "clv");
        assert!(number(total, "clv_low") <= clv && clv <= number(total, "clv_high"));
        for columns in ["clv", "sum:clv"] {
            let summary = run(&["summary", "-c", columns]);
            assert_eq!(summary["total"][columns], total["clv"]);
        }
        let portfolio = run(&["portfolio", "--sections", "equity"]);
        let rows = portfolio["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["indicator"] == "clv").unwrap();
        assert_eq!(row["value"], total["clv"]);
    }
}

#[test]
fn the_total_is_the_sum_of_the_rows_whatever_is_shown() {
    let cents = |value: &serde_json::Value| (value.as_f64().unwrap() * 1e4).round();
    let all = run_json(&["value", "-c", "id,clv,clv_low,clv_high"], &RAIL);
    let rows = all["rows"].as_array().unwrap();
    let sum: f64 = rows.iter().map(|row| cents(&row["clv"])).sum();
    let total = &all["total"];
    // Each row is rounded by up to half a hundredth, the sum once.
    let apart = 50.0 * 36.0;
    assert!((sum - cents(&total["clv"])).abs() <= apart);
    assert_eq!(total["customers"], rows.len());
    assert!(number(total, "clv_low") < number(total, "clv"));
    assert!(number(total, "clv") < number(total, "clv_high"));
    assert!(rows.is_sorted_by_key(|row| -number(row, "clv")));
    let few = run_json(&["value", "-n", "3", "-s", "id"], &RAIL);
    assert_eq!(few["rows"].as_array().unwrap().len(), 3);
    assert_eq!(few["total"], all["total"]);
    // The total of each account manager's customers sums to the whole.
    let of = |owner: &str| {
        let rule = format!("owner = {owner}");
        cents(&run_json(&["value", &rule], &RAIL)["total"]["clv"])
    };
    let parts: f64 = ["li.wei", "wang.fang", "zhang.min"].map(of).iter().sum();
    assert!((parts - cents(&total["clv"])).abs() <= 50.0 * 4.0);
    let (table, said) = run(&["value", "-n", "1"], &RAIL);
    assert!(
        table
            .lines()
            .last()
            .unwrap()
            .starts_with("36 customers, together 14,")
    );
    assert_eq!(said, "from 36 customers; MBG/CNBD-2, weak prior\n");
    let (csv, _) = run(&["value", "-n", "1", "-f", "csv"], &RAIL);
    assert_eq!(csv.lines().count(), 2);
}

/// The maximum a posteriori of CDNOW up to 1997-09-30, as an independent computation in high
/// precision has it (`tests/data`, `weak_prior_fit`).
/// A sum is 0 over no members, and unknown where none of them is known.
#[test]
fn the_total_of_nobody_is_nothing_and_that_of_nothing_known_is_unknown() {
    for (rule, clv) in [("id = nobody", json!(0.0)), ("id = b", Value::Null)] {
        let total = |command: &[&str]| {
            let case = book(
                &[("a", "name = \"A\"\n"), ("b", "name = \"B\"\n")],
                "2026-01-05,a,order,100,,,,,,,\n",
            );
            let output = case.args(command.iter().copied()).output();
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        };
        let answer = total(&["value", rule, "-fjson"]);
        assert_eq!(answer["total"]["clv"], clv, "{rule}");
        assert_eq!(answer["total"]["customers"], 0);
        let answer = total(&["portfolio", rule, "--sections", "equity", "-fjson"]);
        assert_eq!(answer["rows"][0]["value"], clv, "{rule}");
    }
}

#[test]
fn the_fit_of_cdnow() {
    let book = [CDNOW[0], CDNOW[1], CDNOW[2], "1997-09-30"];
    let answer = run_json(&["value", "--fit"], &book);
    let rows = answer["rows"].as_array().unwrap();
    for row in rows {
        assert!(row["value"].is_number() || row["value"].is_null(), "{row}");
        assert!(row["word"].is_string() || row["word"].is_null(), "{row}");
    }
    let cell = |part: &str, name: &str, column: &str| {
        let found = rows
            .iter()
            .find(|row| row["part"] == part && row["name"] == name);
        found.unwrap_or_else(|| panic!("{part}, {name}"))[column].clone()
    };
    let value = |part: &str, name: &str| cell(part, name, "value");
    let word = |part: &str, name: &str| cell(part, name, "word");
    assert_eq!(word("orders", "model"), "MBG/NBD");
    assert_eq!(word("orders", "estimate"), "weak prior");
    assert_eq!(value("orders", "customers"), 2357);
    assert_eq!(value("orders", "gaps"), 2457);
    let close = |name: &str, expected: f64, tolerance: f64| {
        let found = value("orders", name).as_f64().unwrap();
        assert!((found - expected).abs() < tolerance, "{name}: {found}");
    };
    close("r", 0.520_169_8, 1e-3);
    close("alpha", 6.180_929, 1e-2);
    close("a", 0.900_631_4, 1e-3);
    close("b", 1.657_739, 2e-3);
    close("log_likelihood", -9_582.141_5, 1e-3);
    close("log_posterior", -9_582.973_111, 1e-4);
    assert_eq!(word("amounts", "model"), "shrunken mean");
    assert_eq!(value("orders", "trend"), 1);
    assert_eq!(word("orders", "trend_reason").as_str().unwrap().len(), 53);
}

#[test]
fn the_fit_of_a_few_says_why_there_is_none() {
    small()
        .args(["--fit", "-f", "csv"])
        .stdout(str![[r#"
part,name,value,log_standard_error
orders,model,,
orders,reason,"too few customers with an order for a model: 2, and it needs 5",
orders,prior,MBG/NBD,
orders,r,1,
orders,alpha,127.42857142857143,
orders,a,0.6,
orders,b,2.4,
orders,trend,1,
orders,trend_reason,the first order of the book is less than 545 days ago,
orders,customers,2,
orders,histories,2,
orders,gaps,0,
amounts,model,shrunken mean,
amounts,mean,2000,
amounts,correlation,,

"#]])
        .stderr(str![[r#"
too few customers with an order for a model: 2, and it needs 5: expected orders and values are what is usual at the book's own rate

"#]])
        .code(0);
    small()
        .args(["--fit", "--backtest"])
        .stderr(str![[r#"
error: the argument '--fit' cannot be used with '--backtest'

Usage: guanxi value --as-of <DAY> --fit [RULE]

For more information, try '--help'.

"#]])
        .code(2);
}

/// Orders are foretold from their days; what they bring is another matter.
#[test]
fn orders_without_amounts_have_a_model_of_their_days() {
    let rows = |amount: &str| -> String {
        let days = ["2025-01-0", "2025-02-1", "2025-03-1", "2025-06-0"];
        let of_customer = |at: usize| {
            let days = &days[..2 + at % 3];
            days.iter()
                .map(move |day| format!("{day}{at},c{at},order,{amount},,,,,,,\n"))
        };
        (1..8).flat_map(of_customer).collect()
    };
    let files: Vec<String> = (1..8).map(|at| format!("c{at}")).collect();
    let customers: Vec<(&str, &str)> = files
        .iter()
        .map(|id| (id.as_str(), "name = \"C\"\n"))
        .collect();
    let figures = ["list", "-c", "id,p_alive,expected_orders,churn_risk,churn"];
    let case = |amount, command: &[&str]| {
        let case = book(&customers, &rows(amount));
        let book = case.path("");
        let book = ["--book", book.to_str().unwrap()];
        run(
            command,
            &[&book[..], &["--as-of", "2025-08-01", "-q", "-f", "csv"]].concat(),
        )
        .0
    };
    let found = case("0", &figures);
    assert_eq!(found, case("100", &figures));
    assert!(found.starts_with("id,p_alive,expected_orders,churn_risk,churn\nc1,0."));
    let worth = "c1,,,,,\n";
    let columns = "id,expected_order_value,clv,clv_low,clv_high,clv_basis";
    let found = case("0", &["list", "id = c1", "-c", columns]);
    assert!(found.ends_with(worth), "{found}");
    let parts = [
        "value",
        "--backtest",
        "--horizon",
        "8w",
        "-c",
        "part,method",
    ];
    let found = case("0", &parts);
    assert!(found.contains("orders,model\n") && !found.contains("revenue,model\n"));
    let found = case("0", &["value", "--fit", "-c", "part,name,value"]);
    assert!(found.contains("amounts,reason,no order has an amount above 0\n"));
}

/// The policy names the currency, and a text in TOML can hold any character.
#[test]
fn the_currency_of_the_total_cannot_act_on_a_terminal() {
    small()
        .file("guanxi.toml", "currency = \"\\u202e\"\n")
        .args(["id = a", "-q", "-c", "id,clv"])
        .stdout(str![[r#"
id   clv
--------
a   ~910

1 customer, together ~910 \u{202e} (~190 to ~4,300)

"#]])
        .code(0);
}

#[test]
fn a_book_without_an_order_has_no_trend_for_want_of_orders() {
    let found = book(&[("a", "name = \"A\"\n")], "2026-06-02,a,visit,,,,,,,,\n")
        .args(["value", "--fit", "-f", "csv", "-q", "--as-of", "2026-11-20"])
        .output();
    let answer = String::from_utf8(found.stdout).unwrap();
    assert!(
        answer.contains("trend_reason,there is no order"),
        "{answer}"
    );
}

/// Two customers are too few for a fit: what is known of a lost one is that it left.
#[test]
fn a_lost_customer_beside_too_few_has_no_risk_and_is_gone() {
    let case = |metric| {
        book(
            &[("a", "name = \"A\"\n"), ("b", "name = \"B\"\n")],
            "2026-05-21,a,order,1000,,,,,,,
2026-06-01,b,order,8000,,,,,,,
2026-06-20,a,lost,,,,,,,,
",
        )
        .args(["explain", "a", metric, "--as-of", "2026-11-20"])
    };
    case("churn_risk")
        .stdout(str![[r#"
A (a) on 2026-11-20
churn_risk  unknown
  Definition: The probability of no order within churn_horizon, from the fitted model.

how
  unknown: too few customers with an order for a model: 2, and it needs 5

rests on
  lost  yes  2 rows

rows
  interactions/2026.csv:2  2026-05-21  order  1,000.00  the first order day

rows behind lost
  interactions/2026.csv:2  2026-05-21  order  1,000.00  the last order
  interactions/2026.csv:4  2026-06-20  lost             left

"#]])
        .code(0);
    case("p_alive")
        .stdout(str![[r#"
A (a) on 2026-11-20
p_alive  0 %
  bought once; silent for 183 days; recorded as lost: 0 % likely to be a customer still
  Definition: The probability that the customer still buys here, from the fitted model.

how
  the customer is lost: 0

rests on
  lost  yes  2 rows

rows
  interactions/2026.csv:2  2026-05-21  order  1,000.00  the first order day

rows behind lost
  interactions/2026.csv:2  2026-05-21  order  1,000.00  the last order
  interactions/2026.csv:4  2026-06-20  lost             left

"#]])
        .code(0);
}

/// Nine of ten who bought once long ago buy no more: the points of the orders are 0, whatever
/// the tenth brings.
#[test]
fn a_range_is_that_of_the_orders_though_their_expectation_lies_outside() {
    let once = || {
        book(
            &[("a", "name = \"A\"\n")],
            "1990-01-01,a,order,1000,,,,,,,\n",
        )
    };
    let case = once().args(["list", "-f", "json", "--as-of", "2026-01-01", "-q"]);
    let output = case.args(["-c", "id,clv,clv_low,clv_high"]).output();
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let row = &list["rows"][0];
    assert_eq!(
        (number(row, "clv_low"), number(row, "clv_high")),
        (0.0, 0.0)
    );
    assert!(number(row, "clv") > 1.0, "{row}");
    once()
        .args(["explain", "a", "clv", "--as-of", "2026-01-01"])
        .stdout(str![[r#"
A (a) on 2026-01-01
clv  ~17
  bought once; silent for 13149 days; in the next 3 years worth ~17, in nine of ten cases nothing
  Definition: Customer lifetime value: the discounted value of the next years.

how
  too few customers for a fit: MBG/NBD as is usual, at the rate of the book's own orders; r 1, alpha
  3782.8571, a 0.6, b 2.4 (per week)
  history: x = 0 order days after the first, t_x = 0 days from the first to the last, T = 13149 days
  from the first to the day
  order value: 1 order day that brought 1,000.00, and one more of the usual 1,000.00: (1,000.00 +
  1,000.00) / (1 + 1) = 1,000.00
  0.02 order days to be expected in 3 years, 0.0174203 discounted by 10 % a year
  at least 9 times in 10 there will be no order day
  0.0174203 × 1,000.00 (revenue: no margin is known) = 17.42

rests on
  lost                  no        no row
  margin                       -  no row
  expected_order_value  1,000.00  1 row

rows
  interactions/2026.csv:2  1990-01-01  order  1,000.00  the first order day

"#]])
        .code(0);
}

/// What stands at the end of a period is rough where there is no fit, and has all digits for programs.
#[test]
fn values_at_the_end_of_a_period_are_as_rough_as_others() {
    let columns = "period,end:clv,before:end:max:clv,change:end:clv";
    let trend = || {
        small().again([
            "trend",
            "--as-of",
            "2026-11-20",
            "--since",
            "2026-10-01",
            "--by",
            "quarter",
            "-c",
            columns,
            "-q",
        ])
    };
    trend()
        .stdout(str![[r#"
period    end:clv  before:end:max:clv  change:end:clv
-----------------------------------------------------
2026-Q4…   ~1,700                   -               -
-----------------------------------------------------
total           -                   -               -

"#]])
        .code(0);
    trend()
        .args(["-f", "csv"])
        .stdout(str![[r#"
period,end:clv,before:end:max:clv,change:end:clv
2026-Q4,1670.05,,

"#]])
        .code(0);
}
