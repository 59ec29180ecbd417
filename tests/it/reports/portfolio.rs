//! `portfolio`.

use serde_json::{Value, json};
use snapbox::str;

use super::books::{A, F, G};
use super::{RAIL, run, run_json};
use crate::case::Case;

/// Checks the values of indicators; numbers that are no whole ones to nine digits.
fn check(answer: &Value, expected: &[(&str, Value)]) {
    for (name, expected) in expected {
        let found = indicator(answer, name);
        assert_is(name, found, expected);
    }
}

fn assert_is(name: &str, found: &Value, expected: &Value) {
    let is_same = match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
        _ => found == expected,
    };
    assert!(is_same, "{name} is {found}, not {expected}");
}

fn indicator<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let mut rows = answer["rows"].as_array().unwrap().iter();
    &rows.find(|it| it["indicator"] == name).unwrap()["value"]
}

/// Returns the sections of an answer, each once.
fn sections(answer: &Value) -> Vec<&str> {
    let rows = answer["rows"].as_array().unwrap().iter();
    let mut names: Vec<&str> = rows.map(|it| it["section"].as_str().unwrap()).collect();
    names.dedup();
    names
}

const ALL: [&str; 12] = [
    "size",
    "value",
    "concentration",
    "movement",
    "churn",
    "risk",
    "care",
    "archive",
    "money",
    "agreements",
    "equity",
    "winning",
];

#[test]
fn the_whole_as_worked() {
    let answer = run_json(&["portfolio", "--sections", "all"], &F);
    assert_eq!(answer["schema"], "portfolio/1");
    assert_eq!(sections(&answer), ALL);
    check(
        &answer,
        &[
            ("customers", json!(8)),
            ("buyers", json!(7)),
            ("potential", json!(1)),
            ("bought_in_year", json!(5)),
            ("annual_value", json!(1_155_000)),
            ("growth", json!(23.0 / 54.0)),
            ("top_fifth", json!(75.0 / 116.0)),
            ("kept", json!(3)),
            ("new", json!(1)),
            ("returned", json!(1)),
            ("stopped", json!(1)),
            ("retention", json!(0.75)),
            ("net_retention", json!(92.0 / 81.0)),
            ("gross_retention", json!(55.0 / 81.0)),
            ("repeat_rate", json!(5.0 / 7.0)),
            // eta; zeta was lost on the first day before the year.
            ("lost_in_year", json!(1)),
            ("lost_rate", json!(0.2)),
            ("won_back", json!(1)),
            ("at_risk", json!(3)),
            ("at_risk_value", json!(165_000)),
            ("overdue_customers", json!(5)),
            ("on_schedule", json!(1.0 / 6.0)),
            ("on_time", json!(0.25)),
            ("completeness", json!(33.0 / 104.0)),
            ("receivable", json!(440_000)),
            ("past_due_share", json!(300.0 / 440.0)),
            ("dso", json!(194)),
            ("equity_share", json!(null)),
        ],
    );
    let usual = run_json(&["portfolio"], &F);
    let hidden = ["risk", "archive", "agreements", "equity", "winning"];
    let shown: Vec<&str> = ALL.into_iter().filter(|it| !hidden.contains(it)).collect();
    assert_eq!(sections(&usual), shown);
    assert!(usual.get("levers").is_none());
}

#[test]
fn winning_and_its_levers_as_worked() {
    let answer = run_json(&["portfolio", "--sections", "winning"], &F);
    assert_eq!(sections(&answer), ["winning"]);
    check(
        &answer,
        &[
            ("won", json!(1)),
            ("visits_to_close", json!(2)),
            ("visit_cost", json!(450)),
            ("promotion", json!(300)),
            ("cost_of_winning", json!(1200)),
            ("spent_on_unwon", json!(2000)),
            ("yearly_spend", json!(232_000)),
            ("years_kept", json!(4)),
            ("new_customer_value", json!(232_000)),
            ("value_to_cost", json!(232_000.0 / 1200.0)),
        ],
    );
    let levers = [
        ("one_visit_less", 450.0),
        ("visits_1_percent_cheaper", 9.0),
        ("spend_1_percent_more", 2320.0),
        ("margin_1_point_more", 9280.0),
        ("kept_1_point_more", 9666.6667),
    ];
    let levers = levers.map(|(lever, net)| json!({"lever": lever, "net": net}));
    assert_eq!(answer["levers"], json!(levers));
    assert!(answer.get("groups").is_none());
}

#[test]
fn agreements_as_worked() {
    let answer = run_json(&["portfolio", "--sections", "agreements"], &A);
    check(
        &answer,
        &[
            ("under_agreement", json!(5)),
            ("signing_rate", json!(0.75)),
            ("agreement_value", json!(975)),
            ("renewal_rate", json!(2.0 / 7.0)),
        ],
    );
}

#[test]
fn groups_are_the_saved_forms_of_summary() {
    for rule in ["", "not lost", "tier = AA or orders = 0"] {
        let given = |more: &[&'static str]| {
            let rule = Some(rule).filter(|it| !it.is_empty());
            rule.into_iter().chain(more.iter().copied()).collect()
        };
        for book in [F, G, A, RAIL] {
            let args: Vec<&str> = given(&[]);
            let answer = run_json(&[&["portfolio"], &args[..]].concat(), &book);
            for (name, more) in [
                ("tier", &["--by", "tier"][..]),
                ("abc", &["--by", "abc"]),
                (
                    "movement",
                    &[
                        "--by",
                        "movement",
                        "-c",
                        "customers,prior_revenue,annual_revenue,revenue_change",
                    ],
                ),
            ] {
                let args: Vec<&str> = given(more);
                let form = run_json(&[&["summary"], &args[..]].concat(), &book);
                let group = &answer["groups"][name];
                assert_eq!(group["rows"], form["rows"], "{name} {rule}");
                assert_eq!(group["total"], form["total"], "{name} {rule}");
            }
        }
        let own = "lost and orders > 0";
        let both = if rule.is_empty() {
            own.to_owned()
        } else {
            format!("({rule}) and ({own})")
        };
        let args: Vec<&str> = given(&[]);
        let answer = run_json(&[&["portfolio"], &args[..]].concat(), &RAIL);
        let form = run_json(&["summary", &both, "--by", "lost_reason"], &RAIL);
        assert_eq!(answer["groups"]["lost_reason"]["rows"], form["rows"]);
        assert_eq!(answer["groups"]["lost_reason"]["total"], form["total"]);
    }
}

/// Returns the words of a command, as a shell reads quotes around one.
fn words_of(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}

#[test]
fn the_command_beside_a_value_gives_it_where_that_is_one_figure() {
    for book in [F, G, A, RAIL] {
        for rule in [None, Some("tier = AA or orders = 0")] {
            let args: Vec<&str> = rule.into_iter().collect();
            let options = ["--sections", "all", "-c", "indicator,value,command"];
            let answer = run_json(&[&["portfolio"], &args[..], &options].concat(), &book);
            let mut given = 0;
            for row in answer["rows"].as_array().unwrap() {
                let command = row["command"].as_str().unwrap();
                let words = words_of(command);
                let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
                let (words, day) = words.split_at(words.len() - 2);
                assert_eq!(day, ["--as-of", book[3]]);
                let column = words
                    .iter()
                    .position(|it| *it == "-c")
                    .map(|at| words[at + 1]);
                let is_figure = words[0] == "summary"
                    && !words.contains(&"--by")
                    && column.is_some_and(|it| !it.contains(','));
                if is_figure {
                    let figure = run_json(words, &book);
                    let (name, column) = (row["indicator"].as_str().unwrap(), column.unwrap());
                    // Of no group a mean is unknown, and so is what is divided by their number.
                    assert_is(name, &row["value"], &figure["total"][column]);
                    given += 1;
                } else {
                    run(words, &book);
                }
            }
            assert!(given >= 29, "{given}");
        }
    }
}

#[test]
fn parts_that_add_are_the_whole() {
    let owned = [
        "owner = li",
        "owner = wang",
        "owner = zhao",
        "owner is unknown",
    ];
    let adding = [
        "customers",
        "buyers",
        "potential",
        "bought_in_year",
        "annual_value",
        "annual_revenue",
        "annual_profit",
        "pipeline",
        "class_a",
        "kept",
        "new",
        "returned",
        "stopped",
        "lost_in_year",
        "won_back",
        "at_risk",
        "at_risk_value",
        "complaints",
        "late_cases",
        "overdue_customers",
        "reviews_due",
        "receivable",
        "past_due",
        "advance",
        "under_agreement",
        "agreement_value",
        "won",
        "spent_on_unwon",
    ];
    let whole = run_json(&["portfolio", "--sections", "all"], &F);
    let parts = owned.map(|it| run_json(&["portfolio", it, "--sections", "all"], &F));
    for name in adding {
        let sum: f64 = parts
            .iter()
            .filter_map(|it| indicator(it, name).as_f64())
            .sum();
        let all = indicator(&whole, name).as_f64().unwrap_or_default();
        assert!((sum - all).abs() < 1e-6, "{name}: {sum} and {all}");
    }
}

#[test]
fn since_a_day_each_stands_beside_what_it_was_then() {
    for (book, since) in [(F, "2026-03-31"), (G, "2026-05-01"), (RAIL, "2025-11-20")] {
        let sections = ["--sections", "all"];
        let now = run_json(
            &[&["portfolio", "--since", since], &sections[..]].concat(),
            &book,
        );
        let then = ["--book", book[1], "--as-of", since];
        let then = run_json(&[&["portfolio"], &sections[..]].concat(), &then);
        let rows = now["rows"].as_array().unwrap().iter();
        for (row, before) in rows.zip(then["rows"].as_array().unwrap()) {
            assert_eq!(row["before"], before["value"], "{row}");
            let change = || Some(row["value"].as_f64()? - before["value"].as_f64()?);
            match change() {
                Some(change) => {
                    let found = row["change"].as_f64().unwrap();
                    assert!((found - change).abs() < 2e-4, "{row}");
                }
                None => assert_eq!(row["change"], Value::Null),
            }
        }
    }
    let output = Case::new().args([&["portfolio", "--since", "2026-11-21"], &F[..]].concat());
    output
        .stderr(str![[r#"
error: `--since` is 2026-11-21, which is after 2026-11-20, the day of the answer

"#]])
        .code(2);
}

#[test]
fn sections_that_are_none_are_refused_with_the_nearest() {
    Case::new()
        .args([&["portfolio", "--sections", "size,monye"], &F[..]].concat())
        .stderr(str![[r#"
error: invalid value 'monye' for '--sections <LIST>'
  [possible values: size, value, concentration, movement, churn, risk, care, archive, money, agreements, equity, winning, all]

  tip: a similar value exists: 'money'

For more information, try '--help'.

"#]])
        .code(2);
}

#[test]
fn people_read_sections_below_their_headings() {
    Case::new()
        .args(
            [
                &[
                    "portfolio",
                    "-q",
                    "--sections",
                    "movement,churn,equity,winning",
                ],
                &F[..],
            ]
            .concat(),
        )
        .stdout(str![[r#"
Staying and leaving, by orders
  kept                   3  bought in both years
  new                    1  bought for the first time
  returned               1  after a year without an order
  stopped                1  bought the year before, not since
  retention         75.0 %  kept / (kept + stopped)
  net retention    113.6 %  this year's revenue of last year's buyers
  gross retention   67.9 %  the same, without what grew
  repeat rate       71.4 %  buyers with two order days or more

Leaving, by what was logged as lost
  lost in year       1  lost in the year, and still
  lost rate     20.0 %  of those there a year ago
  won back           1

Customer equity
  clv           ~240,000  lifetime value, as `value` has it
  clv low       ~100,000
  clv high      ~560,000
  equity share         -  of `[market] value` of the policy

What winning a customer costs, and brings
  won                          1  won in this book's rows
  visits to close              2  contacts up to the first order
  visit cost              450.00  expenses of one
  promotion               300.00  expenses by `[winning] promotion`
  cost of winning       1,200.00  visits and promotion
  spent on unwon        2,000.00  on those without an order
  yearly spend        232,000.00  of one that bought in the year
  years kept                   4  1 / (1 - retention)
  new customer value  232,000.00  spend x years x margin
  value to cost           193.33  times what winning one costs

What a new customer would leave more, by one change each
  one visit less to close                  450.00
  visits that cost 1 % less                  9.00
  1 % more spent a year                  2,320.00
  a margin 1 point higher                9,280.00
  1 point more kept from year to year  9,666.6667

What moved revenue
movement  customers  prior revenue  annual revenue  revenue change
------------------------------------------------------------------
kept              3     750,000.00      920,000.00      170,000.00
new               1           0.00      150,000.00      150,000.00
returned          1           0.00       90,000.00       90,000.00
stopped           1      60,000.00            0.00      -60,000.00
idle              1           0.00       -5,000.00       -5,000.00
none              1           0.00            0.00            0.00
------------------------------------------------------------------
total             8     810,000.00    1,155,000.00      345,000.00

Why customers left
lost reason  customers  annual value  share    growth  receivable  past due
---------------------------------------------------------------------------
quality              1          0.00  0.0 %  -100.0 %           -         -
---------------------------------------------------------------------------
total                1          0.00  0.0 %  -100.0 %           -         -

"#]])
        .code(0);
}

#[test]
fn people_read_what_it_was_beside_it_and_rows_where_they_ask_for_columns() {
    Case::new()
        .args(
            [
                &["portfolio", "--sections", "money", "--since", "2026-03-31"],
                &F[..],
            ]
            .concat(),
        )
        .stdout(str![[r#"
Money owed
                  2026-11-20  2026-03-31       change
  receivable      440,000.00  600,000.00  -160,000.00
  past due        300,000.00        0.00   300,000.00
  past due share      68.2 %       0.0 %       68.2 %
  advance          20,000.00        0.00    20,000.00
  dso                    194          30          164

"#]])
        .code(0);
    // With columns, an order or a number of rows it is a table like any other.
    Case::new()
        .args(
            [
                &[
                    "portfolio",
                    "--sections",
                    "size",
                    "-c",
                    "indicator,value",
                    "-s",
                    "-value",
                ],
                &F[..],
            ]
            .concat(),
        )
        .stdout(str![[r#"
indicator       value
---------------------
customers           8
buyers              7
bought_in_year      5
potential           1

"#]])
        .code(0);
    Case::new()
        .args([&["portfolio", "--sections", "size", "-f", "csv"], &F[..]].concat())
        .stdout(str![[r#"
section,indicator,value
size,customers,8
size,buyers,7
size,potential,1
size,bought_in_year,5

"#]])
        .code(0);
}

#[test]
fn an_empty_book_has_counts_of_nothing_and_no_ratio() {
    let answer = Case::new()
        .file("guanxi.toml", "")
        .args(["portfolio", "--sections", "all", "-fjson", "-q"])
        .output();
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    for row in answer["rows"].as_array().unwrap() {
        let value = &row["value"];
        // Where nobody stayed or left, the policy says how many do.
        assert!(
            row["indicator"] == "years_kept" || value.is_null() || value.as_f64() == Some(0.0),
            "{row}"
        );
    }
    check(
        &answer,
        &[
            ("customers", json!(0)),
            ("annual_value", json!(0)),
            ("retention", json!(null)),
            ("clv", json!(0)),
            ("cost_of_winning", json!(null)),
        ],
    );
}

/// Each row has a kind of its own: of a ratio people read percent, in Markdown as in a table of chosen columns.
#[test]
fn people_read_percent_wherever_they_read() {
    let command = ["portfolio", "--sections", "movement"];
    let (read, _) = run(&[&command[..], &["-fmarkdown"]].concat(), &F);
    assert!(read.contains("| movement | retention | 75.0 % |"), "{read}");
    assert!(read.contains("| movement | kept | 3 |"), "{read}");
    let (read, _) = run(&[&command[..], &["-cindicator,value"]].concat(), &F);
    assert!(read.contains("\nretention         75.0 %\n"), "{read}");
    let (read, _) = run(&[&command[..], &["-fcsv"]].concat(), &F);
    assert!(read.contains("movement,retention,0.75\n"), "{read}");
}

/// Whatever the order, people read shares as percent, sorted by what they are.
#[test]
fn indicators_read_alike_in_every_order() {
    let lines = |args: &[&str]| {
        let (table, _) = run(&[&["portfolio", "-n", "99"], args].concat(), &RAIL);
        let lines = table.lines().skip(2);
        lines
            .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let [usual, mut sorted] = [lines(&[]), lines(&["-s", "-value"])];
    assert_eq!(sorted[0], "value pipeline 41,520,000.00");
    let at = |name: &str| sorted.iter().position(|it| it.contains(name)).unwrap();
    assert!(
        at("new 5") < at("net_retention 100.1 %") && at("net_retention") < at("on_time 62.5 %")
    );
    let mut usual = usual;
    usual.sort();
    sorted.sort();
    assert_eq!(usual, sorted);
}
