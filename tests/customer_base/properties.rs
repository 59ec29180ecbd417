//! What holds for any histories: chances in 0..=1, no NaN, ranges that hold their value, honest
//! refusals.

use guanxi::customer_base::behaviour::Behaviour;
use guanxi::customer_base::fit::{Estimate, Fit, FitChoice, FitError, fit};
use guanxi::customer_base::history::{Cohort, History, HistoryRecord};
use guanxi::customer_base::model::Model;
use guanxi::customer_base::outlook::{Horizons, outlooks};
use guanxi::customer_base::plan::ValuePlan;
use guanxi::customer_base::spend::{Purchases, Spend, SpendChoice};
use guanxi::customer_base::value::{LifetimeValue, equity_range};
use proptest::prelude::*;

const PLAN: ValuePlan = ValuePlan {
    years: 3,
    discount: 0.1,
};
const HORIZONS: Horizons = Horizons {
    weeks: 365.0 / 7.0,
    plan: PLAN,
    pace: 1.0,
};
const ML: Estimate = Estimate::MaximumLikelihood;

fn choices() -> [FitChoice; 5] {
    [
        FitChoice::Auto,
        FitChoice::MbgCnbd { k: 1, estimate: ML },
        FitChoice::MbgCnbd {
            k: 2,
            estimate: Estimate::WeakPrior,
        },
        FitChoice::BgNbd,
        FitChoice::ParetoNbd,
    ]
}

fn any_model() -> impl Strategy<Value = Model> {
    prop_oneof![
        (1..=6u32).prop_map(|k| Model::MbgCnbd { k }),
        Just(Model::BgNbd),
        Just(Model::ParetoNbd)
    ]
}

/// Parameters over six powers of ten, but alpha not below a few hours.
fn any_behaviour() -> impl Strategy<Value = Behaviour> {
    let ln = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    (
        any_model(),
        ln(0.01, 300.0),
        ln(0.03, 3000.0),
        ln(0.01, 300.0),
        ln(0.01, 3000.0),
    )
        .prop_map(|(model, r, alpha, a, b)| Behaviour {
            model,
            parameters: [r, alpha, a, b],
        })
}

fn any_record() -> impl Strategy<Value = HistoryRecord> {
    (
        prop_oneof![3 => 0..6u32, 2 => 0..200u32, 1 => 0..20_000u32],
        0.0..1.0f64,
        0.0..600.0f64,
        any::<bool>(),
    )
        .prop_map(|(repeats, share, age, left)| {
            let recency = if repeats == 0 { 0.0 } else { age * share };
            HistoryRecord {
                repeats,
                recency,
                age,
                left: left && repeats % 5 == 0,
            }
        })
}

/// A customer's order days as gaps, up to a day of which all orders are seen.
fn any_history() -> impl Strategy<Value = History> {
    (
        prop::collection::vec(1..120i64, 0..8),
        0..200i64,
        any::<bool>(),
    )
        .prop_map(|(gaps, silence, left)| {
            let mut days = vec![0];
            for gap in gaps {
                days.push(days[days.len() - 1] + gap);
            }
            let as_of = days[days.len() - 1] + silence;
            History::from_order_days(&days, as_of, left && silence % 4 == 0).unwrap()
        })
}

fn is_chance(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn forecasts_are_chances_and_grow_with_time(behaviour in any_behaviour(), record in any_record(), time in 0.0..200.0f64) {
        let forecast = behaviour.forecast(&record);
        prop_assert!(is_chance(forecast.p_alive()) && is_chance(forecast.p_gone()));
        prop_assert!((forecast.p_alive() + forecast.p_gone() - 1.0).abs() < 1e-14);
        let mut before = (0.0, 1.0);
        for share in [0.0, 0.001, 0.1, 0.5, 1.0] {
            let now = (forecast.expected_orders(time * share), forecast.p_no_order(time * share));
            prop_assert!(now.0.is_finite() && is_chance(now.1), "{now:?}");
            prop_assert!(now.0 >= before.0 * (1.0 - 1e-12) && now.1 <= before.1 * (1.0 + 1e-12), "{now:?} {before:?}");
            before = now;
        }
    }

    #[test]
    fn no_order_is_the_likelihood_ratio(behaviour in any_behaviour(), record in any_record(), time in 0.0..100.0f64) {
        prop_assume!(!record.left);
        let later = HistoryRecord { age: record.age + time, ..record };
        let ln_ratio = behaviour.log_likelihood(&later) - behaviour.log_likelihood(&record);
        let found = behaviour.forecast(&record).p_no_order(time);
        // The logarithms carry rounding in proportion to their size.
        let rounding = 1e-14 * (1.0 + f64::from(record.repeats) * 10.0);
        if ln_ratio > -600.0 {
            prop_assert!((found.ln() - ln_ratio).abs() < 1e-11 + rounding, "{} {ln_ratio}", found.ln());
        }
    }

    #[test]
    fn distributions_agree_with_their_means(behaviour in any_behaviour(), record in any_record(), time in 0.1..30.0f64) {
        let forecast = behaviour.forecast(&record);
        // A Pareto/NBD distribution is a table at every point of its integral: slow here where
        // thousands of orders are likely.
        prop_assume!(forecast.expected_orders(time) < 2000.0 && f64::from(record.repeats) * time < 1e5);
        let orders = forecast.orders(time);
        let mean: f64 = (0..orders.end()).map(|n| n as f64 * orders.exactly(n)).sum();
        let expected = forecast.expected_orders(time);
        prop_assert!((mean - expected).abs() <= 1e-8 * expected + 1e-14, "{mean} {expected}");
        prop_assert!(orders.quantile(0.1) <= orders.quantile(0.5) && orders.quantile(0.5) <= orders.quantile(0.9));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_book_is_fitted_or_refused(histories in prop::collection::vec(any_history(), 0..60)) {
        for choice in choices() {
            let _refused_or_not = check_book(&histories, choice);
        }
    }

    #[test]
    fn the_order_of_customers_changes_nothing(histories in prop::collection::vec(any_history(), 5..40)) {
        let mut backwards = histories.clone();
        backwards.reverse();
        let choice = FitChoice::MbgCnbd { k: 2, estimate: Estimate::WeakPrior };
        prop_assert_eq!(fit(&Cohort::new(&histories), choice), fit(&Cohort::new(&backwards), choice));
    }
}

/// Fits and predicts a book: every figure must make sense, or the fit be refused.
fn check_book(histories: &[History], choice: FitChoice) -> Result<Fit, FitError> {
    let cohort = Cohort::new(histories);
    let fit = fit(&cohort, choice)?;
    assert!(
        fit.behaviour
            .parameters
            .iter()
            .all(|p| p.is_finite() && *p > 1e-7 && *p < 1e7),
        "{fit:?}"
    );
    assert!(
        fit.standard_errors
            .iter()
            .all(|e| e.is_finite() && *e > 0.0),
        "{fit:?}"
    );
    assert!(fit.log_likelihood.is_finite());
    let purchases: Vec<Purchases> = histories
        .iter()
        .map(|h| Purchases {
            days: h.repeats + 1,
            orders: h.repeats + 1,
            mean: 10.0 + f64::from(h.age_days % 17),
        })
        .collect();
    let spend = Spend::estimate(&purchases, SpendChoice::GammaGamma).unwrap();
    let mut values = Vec::new();
    let ahead = outlooks(&fit.behaviour, &cohort, &HORIZONS);
    for ((&position, &history), &purchases) in
        cohort.positions().iter().zip(histories).zip(&purchases)
    {
        let outlook = &ahead[position as usize];
        let value = LifetimeValue::of(outlook, spend.expected_order_value(&purchases));
        assert!(is_chance(outlook.p_alive) && is_chance(fit.forecast(&history).p_no_order(26.0)));
        assert!(0.0 <= value.low && value.low <= value.high && value.high.is_finite());
        assert!(
            outlook.expected_orders <= outlook.plan_orders
                && outlook.discounted_orders <= outlook.plan_orders
        );
        if history.left {
            assert_eq!((outlook.p_alive, value.clv), (0.0, 0.0));
        }
        values.push(value);
    }
    if let Some((low, high)) = equity_range(&values, 3.0) {
        let total: f64 = values.iter().map(|it| it.clv).sum();
        assert!(
            low <= total && total <= high && high.is_finite(),
            "{low} {total} {high}"
        );
    }
    Ok(fit)
}

fn every(gap: i64, orders: usize, silence: i64) -> History {
    let days: Vec<i64> = (0..orders as i64).map(|i| i * gap).collect();
    History::from_order_days(&days, days[days.len() - 1] + silence, false).unwrap()
}

#[test]
fn small_and_odd_books() {
    let eight: Vec<History> = (0..8)
        .map(|i| every(20 + 3 * i, 3 + i as usize, 10 * i))
        .collect();
    let odd: [(&str, Vec<History>); 6] = [
        ("eight customers", eight),
        (
            "one order each",
            (0..50).map(|i| every(1, 1, 7 * i)).collect(),
        ),
        ("identical", vec![every(30, 6, 12); 40]),
        ("all on one day", vec![every(1, 1, 0); 100]),
        (
            "daily buyers",
            (0..30).map(|i| every(1, 1000 + 10 * i, i as i64)).collect(),
        ),
        (
            "ages of zero and of a lifetime",
            [vec![every(1, 1, 0); 10], vec![every(700, 40, 1); 10]].concat(),
        ),
    ];
    for (name, histories) in &odd {
        for choice in choices() {
            let found = check_book(histories, choice);
            match *name {
                "one order each" | "all on one day" => {
                    assert_eq!(found, Err(FitError::TooFewGaps { gaps: 0 }), "{name}");
                }
                // The weak prior never refuses a book that is large enough.
                _ if choice == FitChoice::Auto => assert!(found.is_ok(), "{name}: {found:?}"),
                _ => {}
            }
        }
    }
    let one = [every(30, 20, 5)];
    assert_eq!(
        check_book(&one, FitChoice::Auto),
        Err(FitError::TooFewCustomers { customers: 1 })
    );
    assert_eq!(
        check_book(&[], FitChoice::Auto),
        Err(FitError::TooFewCustomers { customers: 0 })
    );
}

#[test]
fn regular_buyers_are_seen_to_be_regular() {
    // Gaps of 25 to 35 days, silence of up to four gaps: far more even than Poisson orders.
    let histories: Vec<History> = (0..60i64)
        .map(|i| {
            let days: Vec<i64> = (0..6 + i % 5)
                .map(|n| n * 30 + (i * 7 + n * 11) % 6)
                .collect();
            History::from_order_days(&days, days[days.len() - 1] + (i * 13) % 120, false).unwrap()
        })
        .collect();
    let fit = check_book(&histories, FitChoice::Auto).unwrap();
    assert_eq!(fit.behaviour.model, Model::MbgCnbd { k: 6 });
}

#[test]
fn maximum_likelihood_refuses_to_run_away() {
    // Identical customers: the spread of rates wants to be nil, r and alpha infinite.
    let histories = vec![every(30, 6, 12); 40];
    for choice in [
        FitChoice::BgNbd,
        FitChoice::ParetoNbd,
        FitChoice::MbgCnbd { k: 1, estimate: ML },
    ] {
        assert!(
            matches!(
                check_book(&histories, choice),
                Err(FitError::NotIdentified { .. })
            ),
            "{choice:?}"
        );
    }
}

#[test]
fn a_recorded_loss_moves_the_estimate_of_dropout() {
    let histories: Vec<History> = (0..60)
        .map(|i| every(20 + i, 2 + i as usize % 7, 3 * i))
        .collect();
    let mut with_losses = histories.clone();
    for history in with_losses.iter_mut().step_by(2) {
        history.left = true;
    }
    let choice = FitChoice::MbgCnbd {
        k: 1,
        estimate: Estimate::WeakPrior,
    };
    let dropout = |histories: &[History]| {
        let [_, _, a, b] = check_book(histories, choice).unwrap().behaviour.parameters;
        a / (a + b)
    };
    assert!(dropout(&with_losses) > dropout(&histories));
}
