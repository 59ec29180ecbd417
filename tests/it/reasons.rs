//! What an explanation says must come out: products as printed, days as counted, no certainty that is none.

use guanxi::figures::Needs;
use guanxi::metric::{Metric, all_metrics};

use crate::case::Case;
use crate::recompute::Example;

/// Reads a number as explanations write it: grouped, or in per cent.
fn number(text: &str) -> Option<f64> {
    let text = text
        .trim()
        .trim_start_matches(|it: char| it.is_alphabetic() || it == '_' || it == ' ');
    let plain = text.replace(',', "");
    match plain.strip_suffix(" %") {
        Some(percent) => Some(percent.parse::<f64>().ok()? / 100.0),
        None => plain.parse().ok(),
    }
}

/// Multiplies the factors of `A × B × C = RESULT` and returns the product with what is printed.
fn product(line: &str) -> Option<(f64, f64)> {
    let (factors, result) = line.rsplit_once(" = ")?;
    let factors = factors
        .trim_end_matches(" − 0.00")
        .trim_end_matches(", at least 0")
        .trim_end_matches(" (revenue: no margin is known)");
    let factors: Option<Vec<f64>> = factors.split(" × ").map(number).collect();
    Some((factors?.iter().product(), number(result)?))
}

/// Whoever multiplies what stands there gets the cent that stands there.
#[test]
fn products_come_out_as_printed() {
    let example = Example::read("rail");
    let figures = example.figures(Example::day("2026-11-20"), Needs::all());
    let metrics = [
        Metric::Clv,
        Metric::ClvLow,
        Metric::ClvHigh,
        Metric::AtStake,
        Metric::Profit,
        Metric::AnnualProfit,
    ];
    let mut compared = 0;
    for &index in figures.present() {
        for metric in metrics {
            let why = figures.why(index as usize, metric, &|_| None);
            for line in why.arithmetic.iter().filter(|it| it.contains(" × ")) {
                if let Some((product, printed)) = product(line) {
                    compared += 1;
                    let apart = (product - printed).abs();
                    assert!(apart < 0.005 + 1e-9, "{}: {line}", metric.name());
                }
            }
        }
    }
    assert!(compared > 100, "{compared} products");
}

#[test]
fn no_explanation_says_what_is_no_number() {
    let example = Example::read("rail");
    let figures = example.figures(Example::day("2026-11-20"), Needs::all());
    for &index in figures.present() {
        for metric in all_metrics() {
            let why = figures.why(index as usize, metric, &|_| None);
            for line in why.arithmetic.iter().chain(&why.sentence) {
                assert!(!line.contains("NaN") && !line.contains("inf "), "{line}");
            }
        }
    }
}

/// Returns what `explain` or `show` says of the one customer `a`, in one line.
fn said(rows: &str, args: &[&str]) -> String {
    let output = Case::new()
        .file("guanxi.toml", "[value]\nmargin = 0.3333\n")
        .file("customers/a.toml", "name = \"A\"\n")
        .file(
            "interactions/2026.csv",
            format!("date,customer,kind,amount,ref\n{rows}"),
        )
        .args(args.iter().copied())
        .args(["--as-of", "2026-11-20"])
        .output();
    let said = String::from_utf8(output.stdout).unwrap();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_margin_has_all_its_digits() {
    let found = said("2026-03-01,a,order,10000,\n", &["explain", "a", "profit"]);
    assert!(
        found.contains("10,000.00 × 33.33 % − 0.00 = 3,333.00"),
        "{found}"
    );
}

/// 100 over 31 days and 300 over 11: (100 × 31 + 300 × 11) / 400 = 16.
#[test]
fn days_to_pay_tells_the_days_of_each_invoice() {
    let found = said(
        "2026-03-01,a,invoice,100,I-1
2026-04-01,a,payment,100,I-1
2026-06-01,a,invoice,300,I-2
2026-06-12,a,payment,300,I-2
",
        &["explain", "a", "days_to_pay"],
    );
    for line in [
        "days_to_pay 16 days",
        "I-1: invoice of 2026-03-01 over 100.00, due 2026-03-31, settled 2026-04-01 by payment, \
         1 day late: took 31 days",
        "I-2: invoice of 2026-06-01 over 300.00, due 2026-07-01, settled 2026-06-12 by payment, \
         19 days early: took 11 days",
        "(100.00 × 31 + 300.00 × 11) / 400.00 = 16 days",
    ] {
        assert!(found.contains(line), "{line}: {found}");
    }
}

#[test]
fn many_invoices_do_not_fill_a_page() {
    use std::fmt::Write as _;
    let mut rows = String::new();
    for at in 0..30 {
        write!(
            rows,
            "2026-03-01,a,invoice,100,I-{at}\n2026-03-11,a,payment,100,I-{at}\n"
        )
        .unwrap();
    }
    let args = ["explain", "a", "days_to_pay"];
    let found = said(&rows, &args);
    assert!(
        found.contains("how 11 earlier, which `-n 31` or `-f json` shows too I-11:"),
        "{found}"
    );
    assert!(found.contains("the sum over 30 invoices of amount × days / 3,000.00 = 10 days"));
    let all = said(&rows, &[&args[..], &["-n", "31"]].concat());
    assert!(all.contains("how I-0:"), "{all}");
}

#[test]
fn who_buys_daily_does_so_every_day() {
    let rows = "2026-11-01,a,order,100,\n2026-11-02,a,order,100,\n2026-11-03,a,order,100,\n";
    let found = said(rows, &["show", "a"]);
    assert!(
        found.contains("last 2026-11-03, about every day"),
        "{found}"
    );
    assert!(!found.contains("every 1"), "{found}");
}
