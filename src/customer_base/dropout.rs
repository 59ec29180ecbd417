//! The beta-geometric family, BG/NBD and MBG/CNBD-k: likelihood of one history and of a cohort,
//! with its gradient.
//!
//! With R = r + kx, both are const(x) - R ln(alpha + t_x) + ln(stay + gone), where gone = a/(b + x)
//! (MBG; a/(b + x - 1) or 0 for BG) and stay = ((alpha + t_x)/(alpha + T))^R Σ_j (g/(alpha + T))^j
//! R(R+1)..(R+j-1)/j!, j < k, g = T - t_x.

use super::history::{DAYS_PER_WEEK, Distinct, HistoryRecord};
use super::model::Model;
use super::special::{digamma, ln_gamma};

/// What is left of a customer's posterior when constants are taken out: the two ways it may be.
#[derive(Clone, Debug)]
pub(super) struct PosteriorSplit {
    /// Weight of still being there.
    pub(super) stay: f64,
    /// Weight of having left.
    pub(super) gone: f64,
    /// Share of each count of stages done in the running gap, given still there; k of them.
    pub(super) stages: Vec<f64>,
}

/// Returns b of the posterior of the dropout chance, given that the customer is still there.
pub(super) fn posterior_b(model: Model, b: f64, repeats: f64) -> f64 {
    match model {
        Model::BgNbd => b + repeats,
        _ => b + repeats + 1.0,
    }
}

/// Returns the weight of having left right after the last order.
fn gone_weight(model: Model, a: f64, b: f64, repeats: f64) -> f64 {
    match model {
        Model::BgNbd if repeats == 0.0 => 0.0,
        Model::BgNbd => a / (b + repeats - 1.0),
        _ => a / (b + repeats),
    }
}

pub(super) fn split(model: Model, parameters: [f64; 4], record: &HistoryRecord) -> PosteriorSplit {
    let [r, alpha, a, b] = parameters;
    let (k, x) = (model.k(), f64::from(record.repeats));
    let size = r + f64::from(k) * x;
    let silence = (record.age - record.recency).max(0.0);
    let decay = (-size * (silence / (alpha + record.recency)).ln_1p()).exp();
    let mut stages = Vec::with_capacity(k as usize);
    let (mut term, share) = (1.0, silence / (alpha + record.age));
    for j in 0..k {
        stages.push(term);
        term *= share * (size + f64::from(j)) / f64::from(j + 1);
    }
    let sum: f64 = stages.iter().sum();
    for stage in &mut stages {
        *stage /= sum;
    }
    let gone = gone_weight(model, a, b, x);
    let stay = if record.left {
        0.0
    } else if gone == 0.0 {
        // Nobody leaves BG/NBD before a repeat, however long the silence: `decay` may have run down
        // to 0.
        1.0
    } else {
        decay * sum
    };
    PosteriorSplit { stay, gone, stages }
}

/// Returns the log-likelihood of one history, gap terms left out.
pub(super) fn log_likelihood(model: Model, parameters: [f64; 4], record: &HistoryRecord) -> f64 {
    let [r, alpha, a, b] = parameters;
    let x = f64::from(record.repeats);
    let size = r + f64::from(model.k()) * x;
    let PosteriorSplit { stay, gone, .. } = split(model, parameters, record);
    let rest = if gone == 0.0 && !record.left {
        -size * ((record.age - record.recency) / (alpha + record.recency)).ln_1p()
    } else {
        (stay + gone).ln()
    };
    // r ln alpha - R ln(alpha + t_x), so that nothing cancels when the record is short.
    let ln_time =
        -r * (record.recency / alpha).ln_1p() - (size - r) * (alpha + record.recency).ln();
    constant(model, r, a, b, x) + ln_time + rest
}

/// Terms of x alone: lnG(R) - lnG(r) + lnB(a, b') - lnB(a, b).
fn constant(model: Model, r: f64, a: f64, b: f64, x: f64) -> f64 {
    let size = r + f64::from(model.k()) * x;
    let stayed = posterior_b(model, b, x);
    ln_gamma(size) - ln_gamma(r) + ln_gamma(stayed) - ln_gamma(b) + ln_gamma(a + b)
        - ln_gamma(a + stayed)
}

/// The likelihood of a cohort, laid out for repeated evaluation.
///
/// Histories are grouped by x, so that gamma functions are taken once per distinct x, and days are
/// looked up in a table of ln(alpha + day), so that one history costs one exponential and one
/// logarithm.
#[derive(Clone, Debug)]
pub(super) struct Likelihood {
    model: Model,
    days: Vec<f64>,
    groups: Vec<DropoutGroup>,
}

#[derive(Clone, Debug)]
struct DropoutGroup {
    repeats: f64,
    customers: f64,
    entries: Vec<HistoryEntry>,
}

#[derive(Clone, Copy, Debug)]
struct HistoryEntry {
    recency: u32,
    age: u32,
    customers: f64,
    left: bool,
}

/// Sums over the histories of one x.
#[derive(Clone, Copy, Default)]
struct HistorySums {
    ln_recency: f64,
    ln_weight: f64,
    gone: f64,
    size_slope: f64,
    alpha_slope: f64,
}

impl HistorySums {
    /// Adds customers who are known to have left at their last order.
    #[inline]
    fn add_left(&mut self, customers: f64, size: f64, gone: f64, inverse: f64) {
        self.ln_weight += customers * gone.ln();
        self.gone += customers;
        self.alpha_slope -= customers * size * inverse;
    }
}

impl Likelihood {
    /// Lays out the histories, each `scale` times as heavy. BG/NBD cannot lose a customer before a
    /// repeat: such rows are left out.
    pub(super) fn new(model: Model, histories: &[Distinct], scale: f64) -> Self {
        let possible = |h: &&Distinct| !(h.left && h.repeats == 0 && model == Model::BgNbd);
        let mut days: Vec<u32> = histories
            .iter()
            .filter(possible)
            .flat_map(|h| [h.recency_days, h.age_days])
            .collect();
        days.sort_unstable();
        days.dedup();
        let mut groups: Vec<DropoutGroup> = Vec::new();
        let place_of = DayPlaces::new(&days);
        for history in histories.iter().filter(possible) {
            let repeats = f64::from(history.repeats);
            if groups.last().is_none_or(|group| group.repeats != repeats) {
                groups.push(DropoutGroup {
                    repeats,
                    customers: 0.0,
                    entries: Vec::new(),
                });
            }
            let group = groups
                .last_mut()
                .expect("a group was just pushed if there was none");
            let customers = f64::from(history.customers) * scale;
            group.customers += customers;
            group.entries.push(HistoryEntry {
                recency: place_of.place(history.recency_days),
                age: place_of.place(history.age_days),
                customers,
                left: history.left,
            });
        }
        Self {
            model,
            days: days
                .iter()
                .map(|&day| f64::from(day) / DAYS_PER_WEEK)
                .collect(),
            groups,
        }
    }

    /// Returns the log-likelihood and its gradient in r, alpha, a, b.
    pub(super) fn evaluate(&self, parameters: [f64; 4]) -> (f64, [f64; 4]) {
        let [r, alpha, a, b] = parameters;
        let k = self.model.k();
        let logs: Vec<f64> = self.days.iter().map(|day| (alpha + day).ln()).collect();
        let inverses: Vec<f64> = self.days.iter().map(|day| 1.0 / (alpha + day)).collect();
        let (digamma_r, digamma_a_b, digamma_b) = (digamma(r), digamma(a + b), digamma(b));
        let mut value = 0.0;
        let mut gradient = [0.0; 4];
        for group in &self.groups {
            let (x, n) = (group.repeats, group.customers);
            let size = r + f64::from(k) * x;
            let gone = gone_weight(self.model, a, b, x);
            let sums = if k == 1 {
                poisson_sums(group, size, gone, &logs, &inverses)
            } else {
                self.erlang_sums(group, size, gone, &logs, &inverses)
            };
            let stayed = posterior_b(self.model, b, x);
            value += n * (constant(self.model, r, a, b, x) + r * alpha.ln())
                - size * sums.ln_recency
                + sums.ln_weight;
            gradient[0] +=
                n * (digamma(size) - digamma_r + alpha.ln()) - sums.ln_recency + sums.size_slope;
            gradient[1] += n * r / alpha + sums.alpha_slope;
            let both = n * (digamma_a_b - digamma(a + stayed));
            gradient[2] += both + sums.gone / a;
            gradient[3] += both + n * (digamma(stayed) - digamma_b) - sums.gone * gone / a;
        }
        (value, gradient)
    }

    /// The sums for k > 1, with the stages done in the running gap.
    fn erlang_sums(
        &self,
        group: &DropoutGroup,
        size: f64,
        gone: f64,
        logs: &[f64],
        inverses: &[f64],
    ) -> HistorySums {
        let k = self.model.k();
        let growth: Vec<f64> = (0..k)
            .map(|j| (size + f64::from(j)) / f64::from(j + 1))
            .collect();
        let slopes: Vec<f64> = (0..k)
            .scan(0.0, |sum, j| {
                let before = *sum;
                *sum += 1.0 / (size + f64::from(j));
                Some(before)
            })
            .collect();
        let mut sums = HistorySums::default();
        for entry in &group.entries {
            let (recency, age) = (entry.recency as usize, entry.age as usize);
            let w = entry.customers;
            sums.ln_recency += w * logs[recency];
            if entry.left {
                sums.add_left(w, size, gone, inverses[recency]);
                continue;
            }
            let decay_rate = logs[age] - logs[recency];
            let share = (self.days[age] - self.days[recency]) * inverses[age];
            let (mut term, mut sum, mut by_size, mut by_stage) = (1.0, 0.0, 0.0, 0.0);
            for j in 0..k as usize {
                sum += term;
                by_size += term * slopes[j];
                by_stage += term * j as f64;
                term *= share * growth[j];
            }
            let decay = (-size * decay_rate).exp();
            let weight = gone + decay * sum;
            let per = w * decay / weight;
            let stay = per * sum;
            sums.ln_weight += w * weight.ln();
            sums.gone += w - stay;
            sums.size_slope += per * by_size - stay * decay_rate;
            sums.alpha_slope += size
                * (stay * (inverses[recency] - inverses[age]) - w * inverses[recency])
                - per * by_stage * inverses[age];
        }
        sums
    }
}

/// The sums for Poisson orders: the loop that a fit spends its time in.
fn poisson_sums(
    group: &DropoutGroup,
    size: f64,
    gone: f64,
    logs: &[f64],
    inverses: &[f64],
) -> HistorySums {
    let mut sums = HistorySums::default();
    for entry in &group.entries {
        let (recency, age) = (entry.recency as usize, entry.age as usize);
        let w = entry.customers;
        sums.ln_recency += w * logs[recency];
        if entry.left {
            sums.add_left(w, size, gone, inverses[recency]);
            continue;
        }
        let decay_rate = logs[age] - logs[recency];
        if gone == 0.0 {
            sums.ln_weight -= w * size * decay_rate;
            sums.size_slope -= w * decay_rate;
            sums.alpha_slope -= w * size * inverses[age];
            continue;
        }
        let decay = (-size * decay_rate).exp();
        let weight = gone + decay;
        let stay = w * decay / weight;
        sums.ln_weight += w * weight.ln();
        sums.gone += w - stay;
        sums.size_slope -= stay * decay_rate;
        sums.alpha_slope +=
            size * (stay * (inverses[recency] - inverses[age]) - w * inverses[recency]);
    }
    sums
}

/// Finds days in the sorted list of distinct ones: by table where days are few, else by bisection.
struct DayPlaces<'a> {
    days: &'a [u32],
    table: Vec<u32>,
}

impl<'a> DayPlaces<'a> {
    fn new(days: &'a [u32]) -> Self {
        let longest = days.last().map_or(0, |&day| day as usize);
        let mut table = Vec::new();
        if longest < 1 << 16 {
            table.resize(longest + 1, 0);
            for (place, &day) in days.iter().enumerate() {
                table[day as usize] = place as u32;
            }
        }
        Self { days, table }
    }

    fn place(&self, day: u32) -> u32 {
        match self.table.get(day as usize) {
            Some(&place) => place,
            None => self.days.partition_point(|&known| known < day) as u32,
        }
    }
}
