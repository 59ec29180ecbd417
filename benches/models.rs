//! Fit and all predictions of simulated books: `cargo bench --bench models`.
//!
//! MBG/NBD buyers with gamma-gamma amounts, first orders spread over a year, whole days, seen for
//! up to 400 days. A round is what `value` needs: collapse, fit, the usual amount, then P(alive), orders
//! in 365 days, churn risk and value with range of every customer.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "simulated days and random bits are small numbers"
)]

use divan::{Bencher, black_box};
use guanxi::customer_base::fit::{Estimate, FitChoice, fit};
use guanxi::customer_base::history::{Cohort, History};
use guanxi::customer_base::outlook::{Horizons, outlooks};
use guanxi::customer_base::plan::ValuePlan;
use guanxi::customer_base::spend::{Purchases, Spend, SpendChoice};
use guanxi::customer_base::value::LifetimeValue;

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [2_357, 23_570, 1_000_000];
const MBG_NBD: FitChoice = FitChoice::MbgCnbd {
    k: 1,
    estimate: Estimate::WeakPrior,
};
const HORIZONS: Horizons = Horizons {
    weeks: 365.0 / 7.0,
    plan: ValuePlan {
        years: 3,
        discount: 0.1,
    },
    pace: 1.0,
};

#[divan::bench(args = SIZES, sample_count = 5)]
fn everything(bencher: Bencher, customers: usize) {
    let book = simulate(customers);
    bencher.bench_local(|| {
        let cohort = Cohort::new(&book.histories);
        let fit = fit(&cohort, MBG_NBD).expect("the simulated book is large enough");
        let spend = Spend::estimate(&book.purchases, SpendChoice::Shrunk)
            .expect("every customer has an amount");
        let outlooks = outlooks(&fit.behaviour, &cohort, &HORIZONS);
        let (mut risk, mut worth) = (0.0, 0.0);
        for ((history, purchases), &position) in book
            .histories
            .iter()
            .zip(&book.purchases)
            .zip(cohort.positions())
        {
            risk += fit.forecast(history).p_no_order(26.0);
            let value = LifetimeValue::of(
                &outlooks[position as usize],
                spend.expected_order_value(purchases),
            );
            worth += value.low + value.clv + value.high;
        }
        black_box((risk, worth))
    });
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn collapse(bencher: Bencher, customers: usize) {
    let book = simulate(customers);
    bencher.bench_local(|| Cohort::new(black_box(&book.histories)));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn fit_mbg_nbd(bencher: Bencher, customers: usize) {
    let cohort = Cohort::new(&simulate(customers).histories);
    bencher.bench_local(|| fit(black_box(&cohort), MBG_NBD));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn fit_auto(bencher: Bencher, customers: usize) {
    let cohort = Cohort::new(&simulate(customers).histories);
    bencher.bench_local(|| fit(black_box(&cohort), FitChoice::Auto));
}

#[divan::bench(args = SIZES, sample_count = 1)]
fn fit_pareto_nbd(bencher: Bencher, customers: usize) {
    let cohort = Cohort::new(&simulate(customers).histories);
    bencher.bench_local(|| fit(black_box(&cohort), FitChoice::ParetoNbd));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn gamma_gamma(bencher: Bencher, customers: usize) {
    let book = simulate(customers);
    bencher.bench_local(|| Spend::estimate(black_box(&book.purchases), SpendChoice::GammaGamma));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn all_outlooks(bencher: Bencher, customers: usize) {
    let cohort = Cohort::new(&simulate(customers).histories);
    let fit = fit(&cohort, MBG_NBD).expect("the simulated book is large enough");
    bencher.bench_local(|| outlooks(black_box(&fit.behaviour), &cohort, &HORIZONS));
}

struct Book {
    histories: Vec<History>,
    purchases: Vec<Purchases>,
}

fn simulate(customers: usize) -> Book {
    let mut random = Random(1);
    let mut book = Book {
        histories: Vec::new(),
        purchases: Vec::new(),
    };
    for _ in 0..customers {
        let born = (random.uniform() * 365.0) as i64;
        let rate = random.gamma(0.525) / 6.183 / 7.0;
        let (leave, stay) = (random.gamma(0.891), random.gamma(1.614));
        let leaving = leave / (leave + stay);
        let scale = random.gamma(3.74) / 15.44;
        let (mut days, mut time) = (vec![born], born as f64);
        while random.uniform() >= leaving {
            time -= random.uniform().ln() / rate;
            if time >= 400.0 {
                break;
            }
            if days.last() != Some(&(time as i64)) {
                days.push(time as i64);
            }
        }
        book.purchases.push(Purchases::from_amounts(
            days.iter().map(|_| random.gamma(6.25) / scale),
        ));
        book.histories
            .push(History::from_order_days(&days, 400, false).expect("orders end before day 400"));
    }
    book
}

/// `SplitMix64`, enough for a benchmark.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 + f64::EPSILON / 4.0
    }

    /// Gamma with scale 1, by Marsaglia & Tsang (2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let normal = (-2.0 * self.uniform().ln()).sqrt()
                * (std::f64::consts::TAU * self.uniform()).cos();
            let v = (1.0 + normal / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * normal * normal + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }
}
