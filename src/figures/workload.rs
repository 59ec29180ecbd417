//! How many visits customers need, and how loaded that makes their account managers.

use std::collections::{BTreeMap, HashMap};

use super::Figures;
use super::number::{Number, sum};
use crate::metric::{Metric, Value};
use crate::model::Fraction;

/// For how many days a cadence is counted out.
const YEAR: i128 = 365;

/// Returns how many visits a year some customers need by their cadences; those without one need none.
///
/// The figures must have been asked for [`Metric::Cadence`].
pub(crate) fn visits_needed(figures: &Figures<'_>, members: &[u32]) -> Value<'static> {
    let mut counts: BTreeMap<i128, i128> = BTreeMap::new();
    for &index in members {
        if let Value::Exact(cadence) = figures.value(index as usize, Metric::Cadence) {
            *counts.entry(cadence.numerator()).or_default() += 1;
        }
    }
    let of_cadence = |(days, count): (i128, i128)| Fraction::new(YEAR * count, days);
    let needed = counts.into_iter().filter_map(of_cadence);
    let needed: Vec<Number> = needed.map(Number::Exact).collect();
    sum(&needed).into()
}

/// Returns which share of the visits that somebody can make are needed; unknown if that is none.
pub(crate) fn load(needed: &Value<'_>, visits_per_year: Option<u64>) -> Value<'static> {
    let most = visits_per_year.and_then(|it| usize::try_from(it).ok());
    match (Number::of(needed), most) {
        (Some(needed), Some(most @ 1..)) => needed.over(most).into(),
        _ => Value::Unknown,
    }
}

/// Returns how loaded the members of the staff are with all their customers, by their ids.
///
/// The figures must have been asked for [`Metric::Cadence`] and [`Metric::Owner`].
pub(crate) fn loads<'b>(figures: &Figures<'b>) -> HashMap<&'b str, Value<'static>> {
    let staff = figures.book().staff.iter().flatten();
    let mut owned: HashMap<&str, Vec<u32>> = HashMap::new();
    for &index in figures.present() {
        if let Some(owner) = figures.owner(index as usize) {
            owned.entry(owner).or_default().push(index);
        }
    }
    staff
        .map(|it| {
            let members = owned.remove(it.id.as_str()).unwrap_or_default();
            let needed = visits_needed(figures, &members);
            (
                it.id.as_str(),
                load(&needed, it.visits_per_year.map(u64::from)),
            )
        })
        .collect()
}
