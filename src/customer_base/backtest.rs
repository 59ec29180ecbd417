//! How well predictions did: errors, calibration, coverage and flags, and the naive rules to
//! compare with.
//!
//! Pure figures of predictions and truths. Every figure is the same for any order of the customers,
//! up to rounding.

use super::history::{DAYS_PER_WEEK, History};

/// Errors of predicted orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// Customers compared.
    pub customers: usize,
    /// Orders predicted, in all.
    pub predicted: f64,
    /// Orders that came, in all.
    pub observed: f64,
    /// Mean absolute error of a customer's orders.
    pub mean_absolute_error: f64,
    /// Root of the mean square error of a customer's orders.
    pub root_mean_square_error: f64,
}

impl Accuracy {
    /// Compares (predicted, observed) pairs; `None` without any.
    pub fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        if pairs.is_empty() {
            return None;
        }
        let n = pairs.len() as f64;
        let sum = |part: fn(f64, f64) -> f64| pairs.iter().map(|&(p, o)| part(p, o)).sum::<f64>();
        Some(Self {
            customers: pairs.len(),
            predicted: sum(|predicted, _| predicted),
            observed: sum(|_, observed| observed),
            mean_absolute_error: sum(|predicted, observed| (predicted - observed).abs()) / n,
            root_mean_square_error: (sum(|predicted, observed| (predicted - observed).powi(2)) / n)
                .sqrt(),
        })
    }

    /// Returns how far the total is off, as a share of what came: -0.1 is ten per cent too few.
    /// `None` if nothing came.
    pub fn error_of_total(&self) -> Option<f64> {
        (self.observed > 0.0).then(|| self.predicted / self.observed - 1.0)
    }
}

/// One tenth of the customers, by predicted chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Customers in the band.
    pub customers: usize,
    /// Mean predicted chance.
    pub predicted: f64,
    /// Share of which it came true; of customers with one and the same chance, each counts with
    /// their common share.
    pub observed: f64,
}

/// Sorts (predicted chance, came true) pairs into tenths by chance, lowest first; fewer bands if
/// there are fewer customers.
pub fn calibration(pairs: &[(f64, bool)]) -> Vec<Band> {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
    let mut shares = Vec::with_capacity(sorted.len());
    for equal in sorted.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
        let share = equal.iter().filter(|(_, true_)| *true_).count() as f64 / equal.len() as f64;
        shares.extend(equal.iter().map(|&(chance, _)| (chance, share)));
    }
    let n = shares.len();
    // Where customers do not divide by ten, the first bands have one more.
    let start = |i: usize| i * (n / 10) + i.min(n % 10);
    (0..10)
        .map(|i| &shares[start(i)..start(i + 1)])
        .filter(|band| !band.is_empty())
        .map(|band| {
            let mean = |part: fn(&(f64, f64)) -> f64| {
                band.iter().map(part).sum::<f64>() / band.len() as f64
            };
            Band {
                customers: band.len(),
                predicted: mean(|b| b.0),
                observed: mean(|b| b.1),
            }
        })
        .collect()
}

/// How often ranges held the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// Share inside, ends included.
    pub inside: f64,
    /// Share below the low end.
    pub below: f64,
    /// Share above the high end.
    pub above: f64,
    /// Mean distance of the ends.
    pub mean_width: f64,
}

impl Coverage {
    /// Compares (low, high, observed) triples; `None` without any.
    pub fn of(ranges: &[(f64, f64, f64)]) -> Option<Self> {
        if ranges.is_empty() {
            return None;
        }
        let n = ranges.len() as f64;
        let share = |holds: fn(f64, f64, f64) -> bool| {
            ranges
                .iter()
                .filter(|&&(low, high, observed)| holds(low, high, observed))
                .count() as f64
                / n
        };
        let (below, above) = (share(|low, _, o| o < low), share(|_, high, o| o > high));
        Some(Self {
            inside: share(|low, high, o| (low..=high).contains(&o)),
            below,
            above,
            mean_width: ranges.iter().map(|(low, high, _)| high - low).sum::<f64>() / n,
        })
    }
}

/// How good a yes-or-no warning was. Ratios are `None` where there is nothing to divide by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WarningQuality {
    /// Customers warned of.
    pub flagged: usize,
    /// Share of those warned of for whom it came true.
    pub precision: Option<f64>,
    /// Share of those for whom it came true that were warned of.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall.
    pub f1: Option<f64>,
}

impl WarningQuality {
    /// Compares (flagged, came true) pairs.
    pub fn of(pairs: &[(bool, bool)]) -> Self {
        let count =
            |wanted: fn(bool, bool) -> bool| pairs.iter().filter(|&&(f, t)| wanted(f, t)).count();
        let (flagged, came, both) = (count(|f, _| f), count(|_, t| t), count(|f, t| f && t));
        let ratio = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        Self {
            flagged,
            precision: ratio(both, flagged),
            recall: ratio(both, came),
            f1: ratio(2 * both, flagged + came),
        }
    }
}

/// Naive rule: orders go on at the customer's own rate x/T; 0 on its first day.
pub fn own_rate(history: &History, weeks: f64) -> f64 {
    if history.age_days == 0 {
        return 0.0;
    }
    f64::from(history.repeats) / f64::from(history.age_days) * DAYS_PER_WEEK * weeks
}

/// Naive rule: a customer is gone if its silence exceeds `intervals` times its own mean gap.
///
/// Customers without a gap are held to the median of the others' mean gaps; if nobody has one, none
/// is flagged.
pub fn silent_too_long(histories: &[History], intervals: f64) -> Vec<bool> {
    let own =
        |h: &History| (h.repeats > 0).then(|| f64::from(h.recency_days) / f64::from(h.repeats));
    let mut known: Vec<f64> = histories.iter().filter_map(own).collect();
    known.sort_unstable_by(f64::total_cmp);
    let median = match known.len() {
        0 => f64::INFINITY,
        n => 0.5 * (known[(n - 1) / 2] + known[n / 2]),
    };
    histories
        .iter()
        .map(|h| {
            f64::from(h.age_days - h.recency_days.min(h.age_days))
                > intervals * own(h).unwrap_or(median)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracy_by_hand() {
        let found = Accuracy::of(&[(1.0, 2.0), (3.0, 0.0), (0.5, 0.5)]).unwrap();
        assert!((found.mean_absolute_error - 4.0 / 3.0).abs() < 1e-15);
        assert!((found.root_mean_square_error - (10.0f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!((found.error_of_total().unwrap() - 0.8).abs() < 1e-15);
        assert!(Accuracy::of(&[]).is_none());
    }

    #[test]
    fn equal_chances_share_what_came() {
        // Two bands fall into one block of equal chances: its share of 1/2 goes to both.
        let pairs: Vec<(f64, bool)> = (0..20).map(|i| (0.3, i < 10)).collect();
        let bands = calibration(&pairs);
        assert_eq!(bands.len(), 10);
        assert!(
            bands
                .iter()
                .all(|band| band.customers == 2 && (band.observed - 0.5).abs() < 1e-15)
        );
        assert_eq!(calibration(&pairs[..3]).len(), 3);
    }

    #[test]
    fn coverage_and_warnings_by_hand() {
        let found = Coverage::of(&[
            (0.0, 1.0, 1.0),
            (0.0, 1.0, 2.0),
            (2.0, 4.0, 1.0),
            (0.0, 2.0, 0.0),
        ])
        .unwrap();
        assert_eq!(
            (found.inside, found.below, found.above, found.mean_width),
            (0.5, 0.25, 0.25, 1.5)
        );
        let found =
            WarningQuality::of(&[(true, true), (true, false), (false, true), (false, false)]);
        assert_eq!(
            (found.flagged, found.precision, found.recall, found.f1),
            (2, Some(0.5), Some(0.5), Some(0.5))
        );
        assert_eq!(WarningQuality::of(&[(false, true)]).precision, None);
    }

    #[test]
    fn naive_rules_by_hand() {
        let history = |repeats, recency_days, age_days| History {
            repeats,
            recency_days,
            age_days,
            left: false,
            ln_gaps: 0.0,
        };
        assert!((own_rate(&history(4, 60, 70), 5.0) - 2.0).abs() < 1e-15);
        assert_eq!(own_rate(&history(0, 0, 0), 5.0), 0.0);
        // Own gaps of 10 and 20 days, median 15; silences of 40, 40 and 50 days.
        let found = silent_too_long(
            &[history(2, 20, 60), history(3, 60, 100), history(0, 0, 50)],
            3.0,
        );
        assert_eq!(found, [true, false, true]);
    }
}
