//! Who can take a lead: the staff in service whose field it is, the least loaded first.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use crate::figures::{Figures, loads, member_status};
use crate::metric::Value;
use crate::metric::level::OwnerStatus;
use crate::model::Customer;

/// The staff in service by the segments and regions that they serve.
pub(crate) struct Takers<'b> {
    /// The ids, the least loaded first.
    ids: Vec<&'b str>,
    /// For each text of a scope, in composed form, the places of those who have it.
    by_scope: BTreeMap<String, BTreeSet<usize>>,
}

impl<'b> Takers<'b> {
    /// Puts the staff in service in order, by their load with all customers.
    ///
    /// The figures must have been asked for [`crate::metric::Metric::Cadence`] and
    /// [`crate::metric::Metric::Owner`].
    pub(crate) fn of(figures: &Figures<'b>) -> Self {
        let as_of = figures.context().as_of;
        let loads = loads(figures);
        let staff = figures.book().staff.iter().flatten();
        let mut staff: Vec<_> = staff
            .filter(|it| member_status(it, as_of) == OwnerStatus::Ok)
            .map(|it| (&loads[it.id.as_str()], it))
            .collect();
        staff.sort_by(|a, b| by_load(a.0, b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        let mut by_scope: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (place, (_, member)) in staff.iter().enumerate() {
            for text in &member.scope {
                by_scope.entry(composed(text)).or_default().insert(place);
            }
        }
        let ids = staff.iter().map(|it| it.1.id.as_str()).collect();
        Self { ids, by_scope }
    }

    /// Returns whose field a customer is: first those who serve both its segment and its region.
    pub(crate) fn fits(&self, customer: &Customer) -> Vec<&'b str> {
        let [segment, region] = [&customer.segment, &customer.region].map(|text| {
            let text = composed(text.as_deref()?);
            self.by_scope.get(&text)
        });
        let nobody = BTreeSet::new();
        let [segment, region] = [segment, region].map(|it| it.unwrap_or(&nobody));
        let both = segment.intersection(region);
        let one = segment.symmetric_difference(region);
        both.chain(one).map(|place| self.ids[*place]).collect()
    }
}

fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Compares loads; one that is not known comes last.
fn by_load(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    let known_first = b.is_known().cmp(&a.is_known());
    known_first.then_with(|| a.compare(b).unwrap_or(Ordering::Equal))
}
