//! Money in tens of thousands: in columns, and in what sentences say.

use super::{RAIL, run, run_json};

/// Every command whose answer people read, with what no unit touches: reasons, which are exact.
const ASKED: [&[&str]; 14] = [
    &["list", "-c", "id,annual_value,receivable"],
    &["show", "hongxing-cement", "--all"],
    &["value"],
    &["churn"],
    &["receivables"],
    &["receivables", "--invoices"],
    &["leads"],
    &["team"],
    &["portfolio", "--sections", "all", "--since", "1y"],
    &["summary", "--by", "tier"],
    &["trend", "--by", "year"],
    &["trend", "--cohorts"],
    &["brief"],
    &["report", "hongxing-cement"],
];

/// Returns the texts that look like numbers, without what stands around them.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|it: char| !(it.is_ascii_digit() || ",.".contains(it)));
    words.map(|it| it.trim_end_matches([',', '.']))
}

/// Tells whether a number is money in yuan of a million or more.
fn is_in_yuan(number: &str) -> bool {
    number.contains('.') && number.matches(',').count() >= 2
}

#[test]
fn columns_and_sentences_are_in_the_unit_asked_for() {
    for args in ASKED {
        for (lang, heading, sign) in [("en", "(10k)", "万"), ("zh", "(万)", "wan ")] {
            let options = ["--units", "wan", "--lang", lang];
            let (answer, _) = run(&[args, &options].concat(), &RAIL);
            // Why a tier is what it is stands in rules and exact amounts.
            let heads = ["## Why this tier", "## 为什么是这个级别"];
            let answer = heads.iter().fold(&*answer, |answer, head| {
                answer.split_once(head).map_or(answer, |it| it.0)
            });
            let left: Vec<&str> = numbers(answer).filter(|it| is_in_yuan(it)).collect();
            assert!(left.is_empty(), "{args:?} {lang}: {left:?}\n{answer}");
            assert!(
                !answer.contains(&format!("{heading} {heading}")),
                "{answer}"
            );
            assert!(!answer.contains(&format!("{heading}{heading}")), "{answer}");
            let mut parts: Vec<&str> = answer.split(sign).collect();
            parts.pop();
            let is_number = |it: &&&str| {
                let before = it.trim_end_matches(' ');
                before.ends_with(|it: char| it.is_ascii_digit())
            };
            let wrong = parts.iter().filter(is_number).count();
            assert_eq!(wrong, 0, "{args:?} {lang}: {answer}");
        }
    }
}

#[test]
fn sentences_have_the_unit_behind_the_number() {
    for (args, line) in [
        (
            ["team", "--lang", "en"],
            "Customers bring 2,823.58 wan CNY a year: 941.19 wan for each of 3 managers.",
        ),
        (
            ["team", "--lang", "zh"],
            "完成目标 3,600.00万 需要 4 人：3,600.00万 / (941.19万 × 1.1) = 3.48。",
        ),
    ] {
        let (answer, _) = run(&[&args[..], &["--units", "wan"]].concat(), &RAIL);
        assert!(answer.lines().any(|it| it == line), "{answer}");
    }
    // A row without an amount has no unit.
    let (answer, _) = run(&["show", "hongxing-cement", "--units", "wan"], &RAIL);
    let visit = answer
        .lines()
        .find(|it| it.contains("2026.csv:132"))
        .unwrap();
    assert!(!visit.contains("wan"), "{visit}");
    let order = answer
        .lines()
        .find(|it| it.contains("2026.csv:186"))
        .unwrap();
    assert!(order.contains("  13.80 wan  "), "{order}");
}

#[test]
fn what_explains_or_is_for_programs_is_exact() {
    let explain = ["explain", "hongxing-cement", "annual_value"];
    let usual = run(&explain, &RAIL);
    assert_eq!(
        run(&[&explain[..], &["--units", "wan"]].concat(), &RAIL),
        usual
    );
    let totals = run_json(&["value", "--units", "yi"], &RAIL);
    assert_eq!(totals["total"], run_json(&["value"], &RAIL)["total"]);
}

/// Two digits count in every unit.
#[test]
fn rough_values_are_rough_in_every_unit() {
    let rough = |units| {
        let args = ["value", "-n", "1", "-c", "id,clv", "--units", units];
        // Too few have ordered for a fit.
        let day = [RAIL[0], RAIL[1], "--as-of", "2024-01-31"];
        let (answer, _) = run(&args, &day);
        let cell = answer.lines().nth(2).unwrap().rsplit(' ').next().unwrap();
        let total = answer.lines().last().unwrap().to_owned();
        (cell.to_owned(), total)
    };
    let (yuan, _) = rough("yuan");
    let (wan, total) = rough("wan");
    let number = |text: &str| text.trim_start_matches('~').replace(',', "").parse::<f64>();
    let [yuan, wan] = [yuan, wan].map(|it| number(&it).unwrap());
    assert!((yuan - wan * 10_000.0).abs() < 1e-6, "{yuan} {wan}");
    assert!(total.contains(" wan CNY"), "{total}");
}
