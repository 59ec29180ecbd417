//! Fits of CDNOW: parameters, likelihoods, standard errors, the weak prior, and honest refusals.

use guanxi::customer_base::fit::{Estimate, Fit, FitChoice, fit};
use guanxi::customer_base::history::{Cohort, History};
use guanxi::customer_base::model::Model;
use serde_json::Value;

use crate::cdnow::parameters;
use crate::reference::{cdnow, cdnow_expected, close, number, numbers};

const ML: Estimate = Estimate::MaximumLikelihood;

fn histories() -> Vec<History> {
    cdnow().iter().map(|customer| customer.history).collect()
}

fn choices() -> [(&'static str, FitChoice); 3] {
    [
        ("bgnbd", FitChoice::BgNbd),
        ("mbgnbd", FitChoice::MbgCnbd { k: 1, estimate: ML }),
        ("pnbd", FitChoice::ParetoNbd),
    ]
}

fn check_fit(name: &str, found: &Fit, expected: &Value) {
    close(
        name,
        found.log_likelihood,
        number(&expected["recomputed"][name]["ll"]),
        1e-12,
    );
    for (found, expected) in
        found
            .behaviour
            .parameters
            .iter()
            .zip(parameters(expected, "recomputed", name))
    {
        close(name, *found, expected, 1e-6);
    }
    let covariance = expected["recomputed"][name]["covariance_of_log_params"]
        .as_array()
        .unwrap();
    let log_covariance = found.log_covariance();
    for (i, row) in covariance.iter().enumerate() {
        for (j, expected) in row.as_array().unwrap().iter().enumerate() {
            // A covariance near 0 is as good as the variances beside it.
            let scale = (log_covariance[i][i] * log_covariance[j][j]).sqrt();
            let error = (log_covariance[i][j] - number(expected)).abs() / scale;
            assert!(error < 1e-6, "{name} covariance {i} {j}: off by {error:e}");
        }
    }
    for (i, parameter) in found
        .behaviour
        .model
        .parameter_names()
        .into_iter()
        .enumerate()
    {
        let expected = number(&expected["recomputed"][name]["se_of_log_params"][parameter]);
        close(
            &format!("{name} standard error"),
            found.standard_errors[i],
            expected,
            1e-6,
        );
    }
}

#[test]
fn maximum_likelihood_is_the_published_one() {
    let expected = cdnow_expected();
    let cohort = Cohort::new(&histories());
    for (name, choice) in choices() {
        let found = fit(&cohort, choice).unwrap();
        check_fit(name, &found, &expected);
        let published = &expected["published"][name];
        for (found, published) in
            found
                .behaviour
                .parameters
                .iter()
                .zip(parameters(&expected, "published", name))
        {
            assert!(
                (found - published).abs() <= 0.000_501,
                "{name}: {found} {published}"
            );
        }
        if let Some(ll) = published.get("ll") {
            assert!((found.log_likelihood - number(ll)).abs() < 0.051);
        }
        assert_eq!(found.customers, 2357);
    }
}

#[test]
fn weak_prior_fits_of_15_100_and_all_customers() {
    let expected = cdnow_expected();
    let all = histories();
    for case in expected["weak_prior_fit"]["fits"].as_array().unwrap() {
        let customers = case["customers"].as_u64().unwrap() as usize;
        let cohort = Cohort::new(&all[..customers]);
        let choice = FitChoice::MbgCnbd {
            k: 1,
            estimate: Estimate::WeakPrior,
        };
        let found = fit(&cohort, choice).unwrap();
        for (found, expected) in found.u.iter().zip(numbers::<4>(&case["u_hat"])) {
            assert!(
                (found - expected).abs() < 1e-6,
                "{customers}: {found} {expected}"
            );
        }
        assert!(
            (found.log_posterior - number(&case["log_posterior_without_constant"])).abs() < 1e-5
        );
        assert!((found.log_likelihood - number(&case["log_likelihood"])).abs() < 1e-4);
        for (found, row) in found
            .covariance
            .iter()
            .zip(case["covariance_of_u"].as_array().unwrap())
        {
            for (found, expected) in found.iter().zip(row.as_array().unwrap()) {
                close("covariance", *found, number(expected), 2e-4);
            }
        }
        let sum = |figure: fn(&Fit, &History) -> f64| {
            all[..customers]
                .iter()
                .map(|h| figure(&found, h))
                .sum::<f64>()
        };
        close(
            "sum of P(alive)",
            sum(|fit, h| fit.forecast(h).p_alive()),
            number(&case["sum_palive"]),
            1e-6,
        );
        close(
            "sum of orders",
            sum(|fit, h| fit.forecast(h).expected_orders(39.0)),
            number(&case["sum_ce39"]),
            1e-6,
        );
    }
}

#[test]
fn more_stages_fit_cdnow_worse() {
    let expected = cdnow_expected();
    let cohort = Cohort::new(&histories());
    for k in 1..=4 {
        let found = fit(&cohort, FitChoice::MbgCnbd { k, estimate: ML }).unwrap();
        let case = &expected["holdout"]["erlang_k"][k.to_string()];
        close(
            &format!("k = {k}"),
            found.log_likelihood,
            number(&case["ll"]),
            1e-5,
        );
        for (found, expected) in found
            .behaviour
            .parameters
            .iter()
            .zip(numbers::<4>(&case["params"]))
        {
            close(&format!("k = {k}"), *found, expected, 1e-5);
        }
    }
    let best = fit(&cohort, FitChoice::Auto).unwrap();
    assert_eq!(best.behaviour.model, Model::MbgCnbd { k: 1 });
}

fn posterior(cohort: &Cohort, k: u32) -> f64 {
    let estimate = Estimate::WeakPrior;
    let found = fit(cohort, FitChoice::MbgCnbd { k, estimate }).unwrap();
    found.log_posterior
}

/// Six customers; three buy as steadily as a clock, one bought on three days in a row. The
/// posterior falls from k = 1 to 2 and then rises to 6; worked in a second program.
#[test]
fn a_second_peak_in_k_is_found() {
    let customer = |days: &[i64]| History::from_order_days(days, 789, false).unwrap();
    let cohort = Cohort::new(&[
        customer(&[700, 730]),
        customer(&[728]),
        customer(&[423, 528, 697]),
        customer(&[423, 424, 425]),
        customer(&[758, 789]),
        customer(&[51, 233, 416, 599, 781]),
    ]);
    for (k, expected) in (1..).zip([
        -42.856_976,
        -43.233_220,
        -42.949_417,
        -42.603_356,
        -42.295_143,
        -42.030_521,
    ]) {
        let found = posterior(&cohort, k);
        assert!((found - expected).abs() < 1e-6, "k = {k}: {found}");
    }
    let best = fit(&cohort, FitChoice::Auto).unwrap();
    assert_eq!(best.behaviour.model, Model::MbgCnbd { k: 6 });
}

/// More histories than are searched whole for every k: the sample's k, and a climb, find the same.
#[test]
fn a_large_cohort_gets_the_k_of_the_highest_posterior() {
    let mut state = 7_u64;
    let mut upto = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % n
    };
    let histories: Vec<History> = (0..9_000)
        .map(|_| {
            let mean = 10 + upto(60);
            let mut days = vec![i64::try_from(upto(900)).unwrap()];
            for _ in 0..upto(9) {
                // Anything from nothing to twice the mean: steadier than chance, no clock.
                let gap = 1 + upto(2 * mean);
                days.push(days[days.len() - 1] + i64::try_from(gap).unwrap());
            }
            days.retain(|&day| day <= 1_500);
            History::from_order_days(&days, 1_500, false).unwrap()
        })
        .collect();
    let cohort = Cohort::new(&histories);
    assert!(cohort.distinct().len() > 8_192);
    // Of all six: -120,934, -118,344, -120,669, -124,838, -129,975, -135,709.
    let best = fit(&cohort, FitChoice::Auto).unwrap();
    assert_eq!(best.behaviour.model, Model::MbgCnbd { k: 2 });
    assert!((best.log_posterior + 118_343.597_8).abs() < 1e-3);
}
