//! What is to be expected of one customer: whether it is still there, how many orders, and the
//! whole distribution of their number.

use super::dropout::{self, PosteriorSplit};
use super::history::HistoryRecord;
use super::model::Model;
use super::pareto::{self, LikelihoodParts};
use super::quadrature::{beta_mean, legendre_nodes};
use super::renewal::{Counts, Staying};
use super::special::{saturating, scaled_exponential_integral};

/// The outlook of one customer under a model with given parameters. Times are in the parameters'
/// unit, weeks in a fit.
#[derive(Clone, Debug)]
pub struct Forecast {
    p_alive: f64,
    p_gone: f64,
    future: Future,
}

/// What a customer that is still there will do.
#[derive(Clone, Debug)]
enum Future {
    /// Stages of rate ~ Gamma(size + j, clock), j of k done with chance `stages[j]`; dropout ~
    /// Beta(a, b) after each order.
    Dropout {
        size: f64,
        clock: f64,
        a: f64,
        b: f64,
        stages: Vec<f64>,
    },
    /// Orders of rate ~ Gamma(size, clock), leaving at rate ~ Gamma(s, exit).
    Pareto {
        size: f64,
        clock: f64,
        s: f64,
        exit: f64,
    },
}

impl Forecast {
    pub(super) fn dropout(model: Model, parameters: [f64; 4], record: &HistoryRecord) -> Self {
        let [r, alpha, a, b] = parameters;
        let PosteriorSplit { stay, gone, stages } = dropout::split(model, parameters, record);
        let repeats = f64::from(record.repeats);
        let future = Future::Dropout {
            size: r + f64::from(model.k()) * repeats,
            clock: alpha + record.age,
            a,
            b: dropout::posterior_b(model, b, repeats),
            stages,
        };
        Self::new(stay, gone, record.left, future)
    }

    pub(super) fn pareto(parameters: [f64; 4], record: &HistoryRecord) -> Self {
        let [r, alpha, s, beta] = parameters;
        let LikelihoodParts { stay, gone, .. } = pareto::split(parameters, record);
        let future = Future::Pareto {
            size: r + f64::from(record.repeats),
            clock: alpha + record.age,
            s,
            exit: beta + record.age,
        };
        Self::new(stay, gone, record.left, future)
    }

    fn new(stay: f64, gone: f64, left: bool, future: Future) -> Self {
        if left {
            return Self {
                p_alive: 0.0,
                p_gone: 1.0,
                future,
            };
        }
        let both = stay + gone;
        Self {
            p_alive: stay / both,
            p_gone: gone / both,
            future,
        }
    }

    /// Returns the chance (0..=1) that the customer is still there; 0 if it is recorded as lost.
    pub fn p_alive(&self) -> f64 {
        self.p_alive
    }

    /// Returns 1 - [`p_alive`](Self::p_alive), exact where that is close to 1.
    pub fn p_gone(&self) -> f64 {
        self.p_gone
    }

    /// Returns the shares of the stages done in the running gap, given that the customer is still
    /// there; none for Pareto/NBD.
    pub(super) fn stages(&self) -> &[f64] {
        match &self.future {
            Future::Dropout { stages, .. } => stages,
            Future::Pareto { .. } => &[],
        }
    }

    /// Returns the expected number of orders in the next `time`.
    pub fn expected_orders(&self, time: f64) -> f64 {
        if self.p_alive == 0.0 || time <= 0.0 {
            return 0.0;
        }
        self.p_alive
            * match &self.future {
                Future::Dropout {
                    size,
                    clock,
                    a,
                    b,
                    stages,
                } => {
                    let odds = time / clock;
                    let mut staying = Staying::new(*a, *b, stages.len() as u32);
                    let sizes = (0..).map(|done: u32| (done, size + f64::from(done)));
                    stages
                        .iter()
                        .zip(sizes)
                        .map(|(share, (done, size))| {
                            share * staying.expected_orders(size, odds, done)
                        })
                        .sum()
                }
                Future::Pareto {
                    size,
                    clock,
                    s,
                    exit,
                } => size * exit / clock * saturating(s - 1.0, (time / exit).ln_1p()),
            }
    }

    /// Returns the chance of no order in the next `time`.
    pub fn p_no_order(&self, time: f64) -> f64 {
        if self.p_alive == 0.0 || time <= 0.0 {
            return 1.0;
        }
        let none = match &self.future {
            Future::Dropout {
                size,
                clock,
                stages,
                ..
            } => {
                let odds = time / clock;
                let z = odds / (1.0 + odds);
                let k = stages.len();
                let mut none = 0.0;
                for (done, share) in stages.iter().enumerate() {
                    let size = size + done as f64;
                    let mut term = (-size * odds.ln_1p()).exp();
                    for count in 0..k - done {
                        none += share * term;
                        term *= z * (size + count as f64) / (count + 1) as f64;
                    }
                }
                none
            }
            Future::Pareto {
                size,
                clock,
                s,
                exit,
            } => {
                let LikelihoodParts { stay, gone, .. } =
                    pareto::parts(*size, [*size, *clock, *s, *exit], 0.0, time, false);
                stay + gone
            }
        };
        (self.p_gone + self.p_alive * none).min(1.0)
    }

    /// Returns the distribution of the number of orders in the next `time`.
    pub fn orders(&self, time: f64) -> OrderForecast {
        let none = self.p_no_order(time);
        if self.p_alive == 0.0 || time <= 0.0 {
            return OrderForecast {
                exactly: vec![1.0],
                at_least: vec![1.0],
            };
        }
        match &self.future {
            Future::Dropout {
                size,
                clock,
                a,
                b,
                stages,
            } => {
                let k = stages.len();
                let odds = time / clock;
                let counts: Vec<Counts> = (0..k)
                    .map(|done| Counts::new(size + done as f64, odds))
                    .collect();
                let most = counts.iter().map(Counts::end).max().unwrap_or(0) / k + 2;
                let mut staying = Staying::new(*a, *b, k as u32);
                let (mut exactly, mut at_least) = (vec![none], vec![1.0]);
                for n in 1..=most {
                    let (mut reached, mut stopped) = (0.0, 0.0);
                    for (done, (share, counts)) in stages.iter().zip(&counts).enumerate() {
                        let needed = n * k - done;
                        reached += share * counts.at_least(needed);
                        stopped += share * (0..k).map(|i| counts.exactly(needed + i)).sum::<f64>();
                    }
                    at_least.push(self.p_alive * staying.through(n - 1) * reached);
                    exactly.push(
                        self.p_alive
                            * (staying.leaving_after(n) * reached + staying.through(n) * stopped),
                    );
                }
                OrderForecast { exactly, at_least }
            }
            Future::Pareto {
                size,
                clock,
                s,
                exit,
            } => {
                let mut orders = pareto_orders(*size, *clock, *s, *exit, time);
                orders.thin(self.p_alive);
                orders.exactly[0] = none;
                orders
            }
        }
    }

    /// Returns the expected orders from now on without end, each discounted at the continuous
    /// `rate` > 0 (DERT).
    ///
    /// `None` for k > 1, where no closed form is used: [`ValuePlan`](super::plan::ValuePlan)
    /// discounts those by months.
    pub fn discounted_orders(&self, rate: f64) -> Option<f64> {
        let while_there = match &self.future {
            Future::Dropout { stages, .. } if stages.len() > 1 => return None,
            Future::Dropout {
                size, clock, a, b, ..
            } => {
                let flat = 1e-17 * rate * clock / (size + 1.0);
                beta_mean(*a, *b, flat, |p| {
                    size / p * scaled_exponential_integral(size + 1.0, rate * clock / p)
                })
            }
            Future::Pareto {
                size,
                clock,
                s,
                exit,
            } => size / clock * exit * scaled_exponential_integral(*s, rate * exit),
        };
        Some(self.p_alive * while_there)
    }
}

/// The number of orders of a Pareto/NBD customer that is still there: the negative binomial of the
/// time it stays, averaged over it.
pub(super) fn pareto_orders(size: f64, clock: f64, s: f64, exit: f64, time: f64) -> OrderForecast {
    let staying = (time / exit).ln_1p();
    let last = Counts::new(size, time / clock);
    let most = last.end() + 1;
    let ln_stay = -s * staying;
    let mut exactly: Vec<f64> = (0..most).map(|n| ln_stay.exp() * last.exactly(n)).collect();
    let mut at_least: Vec<f64> = (0..most)
        .map(|n| ln_stay.exp() * last.at_least(n))
        .collect();
    // The count moves by its own deviation within a share 1/sqrt(n) of the time: finer panels for
    // busier customers.
    let mean = size * time / clock;
    let panels = (1.0 + staying + 0.5 * mean.min(size).max(1.0).sqrt() * staying.min(2.0)).ceil();
    let width = staying / panels;
    let mut counts = Counts::default();
    for panel in 0..panels as u32 {
        for &(node, weight) in legendre_nodes() {
            let y = width * (f64::from(panel) + 0.5 * (1.0 + node));
            let chance = 0.5 * width * weight * s * (-s * y).exp();
            counts.fill(size, exit * y.exp_m1() / clock, 1e-30);
            for n in 0..counts.end().min(most) {
                exactly[n] += chance * counts.exactly(n);
                at_least[n] += chance * counts.at_least(n);
            }
        }
    }
    OrderForecast { exactly, at_least }
}

/// The distribution of the number of orders in a time to come.
#[derive(Clone, Debug)]
pub struct OrderForecast {
    exactly: Vec<f64>,
    at_least: Vec<f64>,
}

impl OrderForecast {
    /// Returns the chance of exactly `count` orders.
    pub fn exactly(&self, count: usize) -> f64 {
        self.exactly.get(count).copied().unwrap_or(0.0)
    }

    /// Returns the chance of `count` orders or more.
    pub fn at_least(&self, count: usize) -> f64 {
        self.at_least.get(count).copied().unwrap_or(0.0)
    }

    /// Returns the chance of `count` orders or fewer.
    pub fn at_most(&self, count: usize) -> f64 {
        1.0 - self.at_least(count + 1)
    }

    /// Returns the smallest count whose [`at_most`](Self::at_most) reaches `level` (0..1).
    pub fn quantile(&self, level: f64) -> usize {
        self.at_least
            .iter()
            .skip(1)
            .take_while(|&&more| 1.0 - more < level)
            .count()
    }

    /// Mixes in a chance of 1 - `p_alive` of no order at all.
    pub(super) fn thin(&mut self, p_alive: f64) {
        for value in self.exactly.iter_mut().chain(&mut self.at_least) {
            *value *= p_alive;
        }
        self.exactly[0] += 1.0 - p_alive;
        self.at_least[0] = 1.0;
    }

    /// Returns the counts with a chance worth mentioning: 0 up to, but without, this number.
    pub fn end(&self) -> usize {
        self.exactly.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer_base::behaviour::Behaviour;

    const RECORD: HistoryRecord = HistoryRecord {
        repeats: 4,
        recency: 30.0,
        age: 38.0,
        left: false,
    };

    fn behaviours() -> [Behaviour; 4] {
        let with = |model, parameters| Behaviour { model, parameters };
        [
            with(Model::BgNbd, [0.243, 4.414, 0.793, 2.426]),
            with(Model::MbgCnbd { k: 1 }, [0.525, 6.183, 0.891, 1.614]),
            with(Model::MbgCnbd { k: 3 }, [3.0, 4.0, 0.6, 9.0]),
            with(Model::ParetoNbd, [0.553, 10.578, 0.606, 11.669]),
        ]
    }

    #[test]
    fn the_distribution_has_the_expected_mean_and_no_order_chance() {
        for behaviour in behaviours() {
            let forecast = behaviour.forecast(&RECORD);
            let orders = forecast.orders(39.0);
            let mean: f64 = (0..orders.end())
                .map(|n| n as f64 * orders.exactly(n))
                .sum();
            let all: f64 = (0..orders.end()).map(|n| orders.exactly(n)).sum();
            assert!(
                (mean / forecast.expected_orders(39.0) - 1.0).abs() < 1e-11,
                "{behaviour:?}"
            );
            assert!((all - 1.0).abs() < 1e-12, "{behaviour:?} {all}");
            assert!(
                (1.0 - orders.at_least(1) - forecast.p_no_order(39.0)).abs() < 1e-12,
                "{behaviour:?}"
            );
        }
    }

    #[test]
    fn no_order_is_the_ratio_of_likelihoods() {
        for behaviour in behaviours() {
            let later = HistoryRecord {
                age: RECORD.age + 20.0,
                ..RECORD
            };
            let ratio =
                (behaviour.log_likelihood(&later) - behaviour.log_likelihood(&RECORD)).exp();
            let found = behaviour.forecast(&RECORD).p_no_order(20.0);
            assert!(
                (found / ratio - 1.0).abs() < 1e-12,
                "{behaviour:?}: {found} {ratio}"
            );
        }
    }

    #[test]
    fn a_customer_that_left_orders_nothing() {
        for behaviour in behaviours() {
            let forecast = behaviour.forecast(&HistoryRecord {
                left: true,
                ..RECORD
            });
            assert_eq!(
                (
                    forecast.p_alive(),
                    forecast.expected_orders(52.0),
                    forecast.p_no_order(52.0)
                ),
                (0.0, 0.0, 1.0)
            );
            assert_eq!(forecast.orders(52.0).quantile(0.9), 0);
        }
    }
}
