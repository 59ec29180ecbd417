//! `formulas_expected.json`, whole: the formulas at inputs far from the data.

use guanxi::customer_base::behaviour::Behaviour;
use guanxi::customer_base::forecast::Forecast;
use guanxi::customer_base::history::HistoryRecord;
use guanxi::customer_base::model::Model;
use serde_json::Value;

use crate::reference::{close, formulas_expected, number, numbers};

const TOLERANCE: f64 = 1e-10;

pub(crate) fn behaviour(name: &str, k: u32, parameters: [f64; 4]) -> Behaviour {
    let model = match name {
        "bgnbd" => Model::BgNbd,
        "pnbd" => Model::ParetoNbd,
        "mbgnbd" | "mbgcnbd" => Model::MbgCnbd { k },
        other => panic!("no model is called {other}"),
    };
    Behaviour { model, parameters }
}

pub(crate) fn record(case: &Value) -> HistoryRecord {
    HistoryRecord {
        repeats: number(&case["x"]) as u32,
        recency: number(&case["t_x"]),
        age: number(&case["T"]),
        left: false,
    }
}

pub(crate) fn check_distribution(what: &str, case: &Value, forecast: &Forecast) {
    let orders = forecast.orders(number(&case["t"]));
    for (n, expected) in case["pmf_0_to_9"].as_array().unwrap().iter().enumerate() {
        close(
            &format!("{what} pmf {n}"),
            orders.exactly(n),
            number(expected),
            TOLERANCE,
        );
    }
    for (level, expected) in case["quantiles"].as_object().unwrap() {
        let found = orders.quantile(level.parse().unwrap());
        assert_eq!(
            found as u64,
            expected.as_u64().unwrap(),
            "{what} quantile {level}"
        );
    }
}

#[test]
fn every_case_of_the_order_models() {
    let expected = formulas_expected();
    let mut checked = 0;
    for case in expected["cases"].as_array().unwrap() {
        let name = case["model"].as_str().unwrap();
        if name == "gg" {
            continue;
        }
        let what = format!("{name}, {}, x = {}", case["why"], case["x"]);
        let behaviour = behaviour(name, 1, numbers(&case["params"]));
        let record = record(case);
        let forecast = behaviour.forecast(&record);
        if let Some(delta) = case.get("delta") {
            let found = forecast.discounted_orders(number(delta)).unwrap();
            close(
                &format!("{what} dert"),
                found,
                number(&case["dert"]),
                TOLERANCE,
            );
        } else {
            let t = number(&case["t"]);
            let check = |field: &str, found: f64| {
                close(
                    &format!("{what} {field}"),
                    found,
                    number(&case[field]),
                    TOLERANCE,
                );
            };
            check("ll", behaviour.log_likelihood(&record));
            check("palive", forecast.p_alive());
            check("one_minus_palive", forecast.p_gone());
            check("ce", forecast.expected_orders(t));
            check("p_no_purchase", forecast.p_no_order(t));
        }
        checked += 1;
    }
    assert_eq!(checked, 100);
}

#[test]
fn every_case_of_regular_buyers() {
    let expected = formulas_expected();
    let cases = expected["regularity"].as_array().unwrap();
    assert_eq!(cases.len(), 21);
    for case in cases {
        let k = case["k"].as_u64().unwrap() as u32;
        let what = format!("k = {k}, x = {}, t_x = {}", case["x"], case["t_x"]);
        let behaviour = behaviour("mbgcnbd", k, numbers(&case["params"]));
        let record = record(case);
        let forecast = behaviour.forecast(&record);
        let ln_factorial: f64 = (2..k).map(|i| f64::from(i).ln()).sum();
        let gaps = f64::from(k - 1) * number(&case["sum_log_intervals"])
            - f64::from(record.repeats) * ln_factorial;
        close(
            &format!("{what} ll"),
            behaviour.log_likelihood(&record) + gaps,
            number(&case["ll"]),
            TOLERANCE,
        );
        close(
            &format!("{what} palive"),
            forecast.p_alive(),
            number(&case["palive"]),
            TOLERANCE,
        );
        close(
            &format!("{what} ce"),
            forecast.expected_orders(number(&case["t"])),
            number(&case["ce"]),
            TOLERANCE,
        );
        check_distribution(&what, case, &forecast);
    }
}
