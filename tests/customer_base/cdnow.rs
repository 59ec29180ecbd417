//! Every figure of the CDNOW customers at given parameters.

use guanxi::customer_base::behaviour::Behaviour;
use serde_json::Value;

use crate::formulas::{behaviour, check_distribution, record};
use crate::reference::{PREDICTIONS, cdnow, cdnow_expected, close, number, numbers};

const MODELS: [&str; 3] = ["bgnbd", "mbgnbd", "pnbd"];

/// The parameters of a model as `recomputed` or `published`; objects list them in alphabetical
/// order.
pub(crate) fn parameters(expected: &Value, block: &str, name: &str) -> [f64; 4] {
    let given = &expected[block][name]["params"];
    let names = if name == "pnbd" {
        ["r", "alpha", "s", "beta"]
    } else {
        ["r", "alpha", "a", "b"]
    };
    names.map(|parameter| number(&given[parameter]))
}

#[test]
fn all_predictions_of_all_customers() {
    let expected = cdnow_expected();
    let customers = cdnow();
    assert_eq!(customers.len(), 2357);
    let models: Vec<Behaviour> = MODELS
        .iter()
        .map(|name| behaviour(name, 1, parameters(&expected, "recomputed", name)))
        .collect();
    for (customer, line) in customers.iter().zip(PREDICTIONS.lines().skip(1)) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(customer.id, cells[0]);
        for (i, model) in models.iter().enumerate() {
            let forecast = model.forecast(&customer.history.record());
            let found = [
                forecast.p_alive(),
                forecast.expected_orders(39.0),
                forecast.p_no_order(39.0),
            ];
            for (j, found) in found.into_iter().enumerate() {
                let what = format!("{} {} figure {j}", customer.id, MODELS[i]);
                close(&what, found, cells[1 + 3 * i + j].parse().unwrap(), 1e-10);
            }
        }
    }
}

#[test]
fn customers_in_detail_at_published_and_recomputed_parameters() {
    let expected = cdnow_expected();
    let customers = cdnow();
    for case in expected["customers"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let customer = customers.iter().find(|c| c.id == id).unwrap();
        let record = customer.history.record();
        for (block, given) in [("published", "published"), ("mle", "recomputed")] {
            for name in MODELS {
                let behaviour = behaviour(name, 1, parameters(&expected, given, name));
                let forecast = behaviour.forecast(&record);
                let wanted = &case[block][name];
                let check = |field: &str, found: f64| {
                    close(
                        &format!("{id} {block} {name} {field}"),
                        found,
                        number(&wanted[field]),
                        1e-10,
                    );
                };
                check("ll", behaviour.log_likelihood(&record));
                check("palive", forecast.p_alive());
                check("ce39", forecast.expected_orders(39.0));
                check("ce52", forecast.expected_orders(52.0));
                check("p_no_purchase_39", forecast.p_no_order(39.0));
                check(
                    "dert15",
                    forecast.discounted_orders(1.15f64.ln() / 52.0).unwrap(),
                );
            }
        }
    }
}

#[test]
fn predictive_distributions_of_orders() {
    let expected = cdnow_expected();
    for case in expected["predictive_distribution"].as_array().unwrap() {
        let name = case["model"].as_str().unwrap();
        let forecast = behaviour(name, 1, numbers(&case["params"])).forecast(&record(case));
        let what = format!("{name}, x = {}, T = {}", case["x"], case["T"]);
        close(&what, forecast.p_alive(), number(&case["palive"]), 1e-10);
        close(
            &what,
            forecast.expected_orders(number(&case["t"])),
            number(&case["ce"]),
            1e-10,
        );
        check_distribution(&what, case, &forecast);
    }
}
