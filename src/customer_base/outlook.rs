//! The figures of all customers at once, for books of a million.
//!
//! Given that a customer is still there, its future hangs on x and T alone (for k > 1 also on the
//! stages done in the running gap), so the series are summed once per x and T, not once per
//! history. Along T they are smooth: where one x has many T, they are summed at Chebyshev points of
//! ln(alpha + T) and interpolated.

use super::behaviour::Behaviour;
use super::dropout::posterior_b;
use super::forecast::pareto_orders;
use super::history::{Cohort, Distinct};
use super::interpolation::along;
use super::model::Model;
use super::plan::{HIGH_LEVEL, LOW_LEVEL, ValuePlan};
use super::renewal::{Counts, Staying};

/// What to look ahead to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horizons {
    /// Weeks of [`Outlook::expected_orders`].
    pub weeks: f64,
    /// The years that value is counted over.
    pub plan: ValuePlan,
    /// By what every time ahead is multiplied: above 1 where the whole book orders more than its
    /// customers' histories say.
    pub pace: f64,
}

impl Horizons {
    /// Returns the weeks of the model's time that are the plan's.
    fn plan_weeks(&self) -> f64 {
        self.pace * self.plan.weeks()
    }

    /// Returns the plan's (weeks, weight) pairs in the model's time.
    fn weights(&self) -> Vec<(f64, f64)> {
        let mut weights = self.plan.weights();
        for (weeks, _) in &mut weights {
            *weeks *= self.pace;
        }
        weights
    }
}

/// The figures of one history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlook {
    /// Chance that the customer is still there.
    pub p_alive: f64,
    /// 1 - `p_alive`, exact where that is close to 1.
    pub p_gone: f64,
    /// Expected orders in [`Horizons::weeks`].
    pub expected_orders: f64,
    /// Expected orders over the plan's years.
    pub plan_orders: f64,
    /// The same, discounted.
    pub discounted_orders: f64,
    /// The 10 % point of the orders over the plan's years.
    pub low_orders: u32,
    /// Their 90 % point.
    pub high_orders: u32,
}

/// Returns the outlook of each distinct history of the cohort, in its order.
pub fn outlooks(behaviour: &Behaviour, cohort: &Cohort, horizons: &Horizons) -> Vec<Outlook> {
    let mut found = Vec::with_capacity(cohort.distinct().len());
    let weights = horizons.weights();
    for group in cohort
        .distinct()
        .chunk_by(|left, right| left.repeats == right.repeats)
    {
        match behaviour.model {
            Model::ParetoNbd => pareto_group(behaviour, group, horizons, &weights, &mut found),
            _ => dropout_group(behaviour, group, horizons, &weights, &mut found),
        }
    }
    found
}

/// Returns how many orders all customers of a cohort are expected to place in some weeks.
pub fn expected_orders_of(behaviour: &Behaviour, cohort: &Cohort, weeks: f64) -> f64 {
    let of = |it: &Distinct| {
        f64::from(it.customers) * behaviour.forecast(&it.record()).expected_orders(weeks)
    };
    cohort.distinct().iter().map(of).sum()
}

/// Expected orders of a customer that is still there: within the horizon, over the plan, and those
/// discounted.
type Ahead = [f64; 3];

fn dropout_group(
    behaviour: &Behaviour,
    group: &[Distinct],
    horizons: &Horizons,
    weights: &[(f64, f64)],
    found: &mut Vec<Outlook>,
) {
    let [r, alpha, a, b] = behaviour.parameters;
    let k = behaviour.model.k();
    let repeats = f64::from(group[0].repeats);
    let size = r + f64::from(k) * repeats;
    let b = posterior_b(behaviour.model, b, repeats);
    let mut staying = Staying::new(a, b, k);
    let clocks: Vec<f64> = group
        .chunk_by(|l, r| l.age_days == r.age_days)
        .map(|same| alpha + same[0].record().age)
        .collect();
    // Only with one stage a gap are the expected orders bounded where the interpolation needs it; more
    // stages make them swing, and a polynomial would miss them by a millionth.
    let share = |share: f64| if k == 1 { share } else { 0.0 };
    let curves: Vec<Vec<Ahead>> = (0..k)
        .map(|done| {
            let size = size + f64::from(done);
            along(&clocks, share(1.0), |clock| {
                let mut within = |weeks: f64| staying.expected_orders(size, weeks / clock, done);
                let expected = within(horizons.pace * horizons.weeks);
                // Months are many where a plan is long; they are worth interpolating beyond a
                // hundred or so.
                let ends: Vec<f64> = weights.iter().map(|(weeks, _)| clock + weeks).collect();
                let months = along(&ends, share(0.5), |end| [within(end - clock)]);
                let discounted = weights.iter().zip(&months).map(|((_, w), [e])| w * e).sum();
                [expected, months.last().map_or(0.0, |[e]| *e), discounted]
            })
        })
        .collect();
    let mut counts: Vec<Counts> = vec![Counts::default(); k as usize];
    let plan_weeks = horizons.plan_weeks();
    for (place, same_age) in group.chunk_by(|l, r| l.age_days == r.age_days).enumerate() {
        for (done, counts) in counts.iter_mut().enumerate() {
            counts.fill(size + done as f64, plan_weeks / clocks[place], 1e-18);
        }
        let k = k as usize;
        let most = counts.iter().map(Counts::end).max().unwrap_or(0) / k + 1;
        for history in same_age {
            let forecast = behaviour.forecast(&history.record());
            let stages = forecast.stages();
            let p_alive = forecast.p_alive();
            let ahead: Ahead = std::array::from_fn(|figure| {
                p_alive
                    * stages
                        .iter()
                        .zip(&curves)
                        .map(|(share, curve)| share * curve[place][figure])
                        .sum::<f64>()
            });
            let mut more_than = |n: usize| {
                let reached: f64 = stages
                    .iter()
                    .zip(&counts)
                    .enumerate()
                    .map(|(done, (share, counts))| share * counts.at_least((n + 1) * k - done))
                    .sum();
                p_alive * staying.through(n) * reached
            };
            found.push(Outlook {
                p_alive,
                p_gone: forecast.p_gone(),
                expected_orders: ahead[0],
                plan_orders: ahead[1],
                discounted_orders: ahead[2],
                low_orders: quantile(LOW_LEVEL, most, &mut more_than),
                high_orders: quantile(HIGH_LEVEL, most, &mut more_than),
            });
        }
    }
}

fn pareto_group(
    behaviour: &Behaviour,
    group: &[Distinct],
    horizons: &Horizons,
    weights: &[(f64, f64)],
    found: &mut Vec<Outlook>,
) {
    let [r, alpha, s, beta] = behaviour.parameters;
    let size = r + f64::from(group[0].repeats);
    for same_age in group.chunk_by(|left, right| left.age_days == right.age_days) {
        let age = same_age[0].record().age;
        let orders = pareto_orders(size, alpha + age, s, beta + age, horizons.plan_weeks());
        for history in same_age {
            let forecast = behaviour.forecast(&history.record());
            let p_alive = forecast.p_alive();
            let mut more_than = |n: usize| p_alive * orders.at_least(n + 1);
            found.push(Outlook {
                p_alive,
                p_gone: forecast.p_gone(),
                expected_orders: forecast.expected_orders(horizons.pace * horizons.weeks),
                plan_orders: forecast.expected_orders(horizons.plan_weeks()),
                discounted_orders: weights
                    .iter()
                    .map(|&(weeks, w)| w * forecast.expected_orders(weeks))
                    .sum(),
                low_orders: quantile(LOW_LEVEL, orders.end(), &mut more_than),
                high_orders: quantile(HIGH_LEVEL, orders.end(), &mut more_than),
            });
        }
    }
}

/// Returns the smallest count n <= `most` with 1 - `more_than(n)` >= `level`, by bisection.
fn quantile(level: f64, most: usize, more_than: &mut impl FnMut(usize) -> f64) -> u32 {
    let (mut low, mut high) = (0, most);
    while low < high {
        // Most customers sit at the low end.
        let middle = low + (high - low) / 4;
        if 1.0 - more_than(middle) >= level {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer_base::history::History;

    #[test]
    fn a_plan_of_forty_years_is_the_sum_of_its_months() {
        let history = History {
            repeats: 3,
            recency_days: 100,
            age_days: 200,
            left: false,
            ln_gaps: 0.0,
        };
        let plan = ValuePlan {
            years: 40,
            discount: 0.1,
        };
        let horizons = Horizons {
            weeks: 52.0,
            plan,
            pace: 1.0,
        };
        for model in [Model::MbgCnbd { k: 1 }, Model::MbgCnbd { k: 2 }] {
            let behaviour = Behaviour {
                model,
                parameters: [0.525, 6.183, 0.891, 1.614],
            };
            let found = outlooks(&behaviour, &Cohort::new(&[history]), &horizons)[0];
            let forecast = behaviour.forecast(&history.record());
            let sum: f64 = plan
                .weights()
                .iter()
                .map(|(weeks, weight)| weight * forecast.expected_orders(*weeks))
                .sum();
            assert!((found.discounted_orders / sum - 1.0).abs() < 1e-12);
        }
    }

    /// A polynomial along the months once missed this customer's value by a millionth.
    #[test]
    fn the_months_of_a_regular_buyer_are_met_exactly() {
        let behaviour = Behaviour {
            model: Model::MbgCnbd { k: 3 },
            parameters: [1.89, 17.43, 0.745, 1.964],
        };
        let plan = ValuePlan {
            years: 3,
            discount: 0.1,
        };
        let history = History {
            repeats: 19,
            recency_days: 2100,
            age_days: 2150,
            left: false,
            ln_gaps: 0.0,
        };
        let horizons = Horizons {
            weeks: 52.0,
            plan,
            pace: 1.0,
        };
        let found = outlooks(&behaviour, &Cohort::new(&[history]), &horizons);
        let forecast = behaviour.forecast(&history.record());
        let months = plan.weights().into_iter();
        let expected: f64 = months.map(|(t, w)| w * forecast.expected_orders(t)).sum();
        assert!((found[0].discounted_orders / expected - 1.0).abs() < 1e-12);
    }

    /// docs/methods.md: a book that orders 14 % less than its histories say.
    #[test]
    fn a_trend_stretches_every_time_ahead() {
        let behaviour = Behaviour {
            model: Model::MbgCnbd { k: 2 },
            parameters: [1.2, 8.0, 0.4, 2.6],
        };
        let history = History {
            repeats: 7,
            recency_days: 420,
            age_days: 448,
            left: false,
            ln_gaps: 0.0,
        };
        let plan = ValuePlan {
            years: 3,
            discount: 0.1,
        };
        let cases = [
            (1.0, 4.911_372, 12.962_398, (2, 22), 0.132_735, 17_065.96),
            (
                0.862_794_8,
                4.283_613,
                11.438_559,
                (2, 19),
                0.167_146,
                15_047.00,
            ),
        ];
        for (pace, orders, plan_orders, points, risk, clv) in cases {
            let horizons = Horizons {
                weeks: 365.0 / 7.0,
                plan,
                pace,
            };
            let found = outlooks(&behaviour, &Cohort::new(&[history]), &horizons)[0];
            let forecast = behaviour.forecast(&history.record());
            let close = |found: f64, expected: f64| {
                assert!((found - expected).abs() < 5.1e-7, "{found} {expected}");
            };
            close(found.p_alive, 0.948_895);
            close(found.expected_orders, orders);
            close(found.plan_orders, plan_orders);
            assert_eq!((found.low_orders, found.high_orders), points);
            close(forecast.p_no_order(pace * 126.0 / 7.0), risk);
            assert!((found.discounted_orders * 1500.0 - clv).abs() < 0.005);
        }
    }

    /// docs/methods.md: three customers are too few for a fit; order days of 1,000, 600 and 200.
    #[test]
    fn the_centre_of_the_prior_by_hand() {
        let of = |repeats, recency_days, age_days| History {
            repeats,
            recency_days,
            age_days,
            left: false,
            ln_gaps: 0.0,
        };
        let histories = [of(5, 500, 530), of(1, 90, 400), of(0, 0, 300)];
        let cohort = Cohort::new(&histories);
        let behaviour = crate::customer_base::fit::prior_centre(&cohort);
        assert!((1.0 / behaviour.parameters[1] - 0.034_443_6).abs() < 5e-8);
        let horizons = Horizons {
            weeks: 365.0 / 7.0,
            plan: ValuePlan {
                years: 3,
                discount: 0.1,
            },
            pace: 1.0,
        };
        let found = outlooks(&behaviour, &cohort, &horizons);
        let expected = [
            (2.443_859, 1000.0, (879.15, 5555.51, 11_428.97)),
            (0.630_092, 600.0, (0.0, 867.47, 2635.43)),
            (0.407_950, 200.0, (0.0, 187.92, 526.92)),
        ];
        for (position, (orders, amount, (low, clv, high))) in
            cohort.positions().iter().zip(expected)
        {
            let outlook = &found[*position as usize];
            let value = crate::customer_base::value::LifetimeValue::of(outlook, amount);
            assert!((outlook.expected_orders - orders).abs() < 5.1e-7);
            for (found, expected) in [(value.low, low), (value.clv, clv), (value.high, high)] {
                assert!((found - expected).abs() < 0.005, "{found} {expected}");
            }
        }
    }

    /// docs/methods.md: a buyer of every 400 days, 40 days after an order in time.
    #[test]
    fn a_rare_buyer_is_given_two_of_its_own_intervals() {
        let behaviour = Behaviour {
            model: Model::MbgCnbd { k: 3 },
            parameters: [4.0, 200.0, 0.2, 2.2],
        };
        let history = History {
            repeats: 5,
            recency_days: 2000,
            age_days: 2040,
            left: false,
            ln_gaps: 0.0,
        };
        let forecast = behaviour.forecast(&history.record());
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 5.1e-7);
        close(forecast.p_alive(), 0.972_926);
        close(forecast.p_no_order(800.0 / 7.0), 0.206_600);
        close(forecast.p_no_order(364.0 / 7.0), 0.622_895);
        close(forecast.expected_orders(365.0 / 7.0), 0.413_445);
    }

    /// Every figure of the batch against the same figure of one customer, for every model.
    #[test]
    fn the_batch_agrees_with_one_customer_at_a_time() {
        let mut histories = Vec::new();
        for age_days in (0..700).step_by(7) {
            histories.push(History {
                repeats: 0,
                recency_days: 0,
                age_days,
                left: false,
                ln_gaps: 0.0,
            });
            histories.push(History {
                repeats: 4,
                recency_days: age_days / 2,
                age_days,
                left: false,
                ln_gaps: 0.0,
            });
        }
        histories.push(History {
            repeats: 150,
            recency_days: 650,
            age_days: 660,
            left: false,
            ln_gaps: 0.0,
        });
        histories.push(History {
            repeats: 5,
            recency_days: 60,
            age_days: 90,
            left: true,
            ln_gaps: 0.0,
        });
        let cohort = Cohort::new(&histories);
        let horizons = Horizons {
            weeks: 365.0 / 7.0,
            plan: ValuePlan {
                years: 3,
                discount: 0.1,
            },
            pace: 1.0,
        };
        let cases = [
            (Model::MbgCnbd { k: 1 }, [0.525, 6.183, 0.891, 1.614]),
            (Model::MbgCnbd { k: 1 }, [0.5, 0.02, 40.0, 60.0]),
            (Model::MbgCnbd { k: 3 }, [3.0, 4.0, 0.6, 9.0]),
            (Model::BgNbd, [0.243, 4.414, 0.793, 2.426]),
            (Model::ParetoNbd, [0.553, 10.578, 0.606, 11.669]),
        ];
        for (model, parameters) in cases {
            let behaviour = Behaviour { model, parameters };
            for (history, found) in cohort
                .distinct()
                .iter()
                .zip(outlooks(&behaviour, &cohort, &horizons))
                .step_by(7)
            {
                let forecast = behaviour.forecast(&history.record());
                let close = |found: f64, expected: f64| {
                    let error = (found - expected).abs() / expected.max(1e-200);
                    assert!(
                        error < 1e-12,
                        "{model} {history:?}: {found} {expected} {error:e}"
                    );
                };
                close(found.p_alive, forecast.p_alive());
                close(
                    found.expected_orders,
                    forecast.expected_orders(horizons.weeks),
                );
                close(
                    found.plan_orders,
                    forecast.expected_orders(horizons.plan.weeks()),
                );
                let discounted = horizons
                    .plan
                    .weights()
                    .iter()
                    .map(|(t, w)| w * forecast.expected_orders(*t))
                    .sum();
                close(found.discounted_orders, discounted);
                let orders = forecast.orders(horizons.plan.weeks());
                assert_eq!(
                    found.low_orders as usize,
                    orders.quantile(0.1),
                    "{model} {history:?}"
                );
                assert_eq!(
                    found.high_orders as usize,
                    orders.quantile(0.9),
                    "{model} {history:?}"
                );
            }
        }
    }
}
