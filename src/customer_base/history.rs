//! Purchase histories: what the models see of a customer, and the distinct ones of a whole book.

use foldhash::{HashMap, HashMapExt as _};

/// Days in the models' unit of time, a week.
pub const DAYS_PER_WEEK: f64 = 7.0;

/// One customer's order days, reduced to what the models use. Days are whole days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct History {
    /// Order days after the first (x).
    pub repeats: u32,
    /// Days from the first to the last order day (t_x); 0 without a repeat.
    pub recency_days: u32,
    /// Days from the first order day to the as-of day (T).
    pub age_days: u32,
    /// Whether the customer is recorded as lost.
    pub left: bool,
    /// Sum of the logarithms of the gaps in weeks; only the choice of k needs it.
    pub ln_gaps: f64,
}

impl History {
    /// Makes the history of ascending, distinct order days, seen from `as_of`.
    ///
    /// `None` if there is no day, if the days do not ascend, or if the last is after `as_of`.
    pub fn from_order_days(order_days: &[i64], as_of: i64, left: bool) -> Option<Self> {
        let (&first, &last) = (order_days.first()?, order_days.last()?);
        if last > as_of || order_days.windows(2).any(|pair| pair[0] >= pair[1]) {
            return None;
        }
        let since_first = |day: i64| u32::try_from(day.checked_sub(first)?).ok();
        Some(Self {
            repeats: u32::try_from(order_days.len() - 1).ok()?,
            recency_days: since_first(last)?,
            age_days: since_first(as_of)?,
            left,
            ln_gaps: order_days
                .windows(2)
                .map(|pair| ((pair[1] - pair[0]) as f64 / DAYS_PER_WEEK).ln())
                .sum(),
        })
    }

    /// Returns the history in weeks.
    pub fn record(&self) -> HistoryRecord {
        self.key().record()
    }

    /// Returns what makes histories equal, with no customers counted yet.
    pub(super) fn key(&self) -> Distinct {
        let recency_days = if self.repeats == 0 {
            0
        } else {
            self.recency_days.min(self.age_days)
        };
        Distinct {
            repeats: self.repeats,
            age_days: self.age_days,
            recency_days,
            left: self.left,
            customers: 0,
        }
    }
}

/// A history in the models' unit of time. Any unit will do if the parameters share it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HistoryRecord {
    /// Order days after the first (x).
    pub repeats: u32,
    /// Time from the first to the last order day (t_x).
    pub recency: f64,
    /// Time from the first order day to now (T).
    pub age: f64,
    /// Whether the customer is known to have left.
    pub left: bool,
}

impl HistoryRecord {
    /// A customer on the day of its first order.
    pub const NEWCOMER: Self = Self {
        repeats: 0,
        recency: 0.0,
        age: 0.0,
        left: false,
    };
}

/// A history and how many customers share it. The order of fields is the order of the cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Distinct {
    /// Order days after the first (x).
    pub repeats: u32,
    /// Days from the first order day to the as-of day (T).
    pub age_days: u32,
    /// Days from the first to the last order day (t_x).
    pub recency_days: u32,
    /// Whether these customers are recorded as lost.
    pub left: bool,
    /// Customers with this history.
    pub customers: u32,
}

impl Distinct {
    /// Returns the history in weeks.
    pub fn record(&self) -> HistoryRecord {
        HistoryRecord {
            repeats: self.repeats,
            recency: f64::from(self.recency_days) / DAYS_PER_WEEK,
            age: f64::from(self.age_days) / DAYS_PER_WEEK,
            left: self.left,
        }
    }
}

/// All customers of a book that have an order, collapsed to distinct histories in a fixed order.
///
/// Everything computed from it is the same for any order of the customers.
#[derive(Clone, Debug)]
pub struct Cohort {
    distinct: Vec<Distinct>,
    positions: Vec<u32>,
    repeats: u64,
    age_days: u64,
    ln_gaps: f64,
}

impl Cohort {
    /// Collapses the histories of all customers.
    pub fn new(histories: &[History]) -> Self {
        let mut seen: HashMap<Distinct, u32> = HashMap::new();
        let mut distinct: Vec<Distinct> = Vec::new();
        let mut positions = Vec::with_capacity(histories.len());
        let mut ln_gaps = 0i128;
        for history in histories {
            let key = history.key();
            let position = *seen.entry(key).or_insert_with(|| {
                distinct.push(key);
                (distinct.len() - 1) as u32
            });
            distinct[position as usize].customers += 1;
            positions.push(position);
            ln_gaps += to_fixed(history.ln_gaps);
        }
        let mut order: Vec<u32> = (0..distinct.len() as u32).collect();
        order.sort_unstable_by_key(|&position| distinct[position as usize]);
        let mut rank = vec![0u32; order.len()];
        for (new, &old) in order.iter().enumerate() {
            rank[old as usize] = new as u32;
        }
        for position in &mut positions {
            *position = rank[*position as usize];
        }
        distinct.sort_unstable();
        let weighted = |part: fn(&Distinct) -> u32| {
            distinct
                .iter()
                .map(|h| u64::from(part(h)) * u64::from(h.customers))
                .sum::<u64>()
        };
        let (repeats, age_days) = (weighted(|h| h.repeats), weighted(|h| h.age_days));
        Self {
            positions,
            repeats,
            age_days,
            ln_gaps: from_fixed(ln_gaps),
            distinct,
        }
    }

    /// Returns the distinct histories, by repeats, age, recency.
    pub fn distinct(&self) -> &[Distinct] {
        &self.distinct
    }

    /// Returns the place in [`distinct`](Self::distinct) of each customer given to
    /// [`new`](Self::new), in that order.
    pub fn positions(&self) -> &[u32] {
        &self.positions
    }

    /// Returns how many customers there are.
    pub fn customers(&self) -> usize {
        self.positions.len()
    }

    /// Returns the number of repeat order days, which is the number of gaps.
    pub fn repeats(&self) -> u64 {
        self.repeats
    }

    /// Returns the sum of all ages in weeks.
    pub fn age(&self) -> f64 {
        self.age_days as f64 / DAYS_PER_WEEK
    }

    /// Returns the terms of the log-likelihood of k stages a gap that no parameter enters: (k-1) Σ
    /// ln gap - Σx ln (k-1)!.
    pub(super) fn gap_terms(&self, k: u32) -> f64 {
        let ln_factorial: f64 = (2..k).map(|i| f64::from(i).ln()).sum();
        f64::from(k - 1) * self.ln_gaps - self.repeats as f64 * ln_factorial
    }
}

/// Fixed point with 60 binary places: integer sums do not depend on their order.
///
/// No real sum of logarithms is near the bounds; they keep a nonsensical one from overflowing.
fn to_fixed(value: f64) -> i128 {
    (value.clamp(-1e12, 1e12) * FIXED_ONE) as i128
}

fn from_fixed(value: i128) -> f64 {
    value as f64 / FIXED_ONE
}

const FIXED_ONE: f64 = (1u64 << 60) as f64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_by_hand() {
        // Orders on days 3, 10 and 31, seen from day 45: gaps of one and three weeks.
        let found = History::from_order_days(&[3, 10, 31], 45, false).unwrap();
        assert_eq!(
            (found.repeats, found.recency_days, found.age_days),
            (2, 28, 42)
        );
        assert!((found.ln_gaps - 3f64.ln()).abs() < 1e-15);
        assert_eq!((found.record().recency, found.record().age), (4.0, 6.0));
    }

    #[test]
    fn days_that_are_no_history_are_refused() {
        assert_eq!(History::from_order_days(&[], 10, false), None);
        assert_eq!(History::from_order_days(&[5], 4, false), None);
        assert_eq!(History::from_order_days(&[5, 5], 9, false), None);
        assert_eq!(
            History::from_order_days(&[i64::MIN, i64::MAX], i64::MAX, false),
            None
        );
    }

    #[test]
    fn equal_histories_are_one_and_keep_their_customers() {
        let days: [&[i64]; 4] = [&[0, 9], &[20], &[0, 9], &[0]];
        let histories = days.map(|days| History::from_order_days(days, 30, false).unwrap());
        let cohort = Cohort::new(&histories);
        assert_eq!(cohort.positions(), [2, 0, 2, 1]);
        assert_eq!(
            cohort
                .distinct()
                .iter()
                .map(|h| h.customers)
                .collect::<Vec<_>>(),
            [1, 1, 2]
        );
        assert_eq!((cohort.customers(), cohort.repeats()), (4, 2));
        assert!((cohort.age() - 100.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn gap_terms_by_hand() {
        // Two gaps of one and three weeks at k = 3: 2 ln 3 - 2 ln 2!.
        let history = History::from_order_days(&[3, 10, 31], 45, false).unwrap();
        let found = Cohort::new(&[history]).gap_terms(3);
        assert!(
            (found - 2.0 * (3f64.ln() - 2f64.ln())).abs() < 1e-14,
            "{found}"
        );
    }
}
