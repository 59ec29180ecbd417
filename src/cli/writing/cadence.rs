//! Customers who come to be without a cadence by a change.

use std::collections::BTreeSet;

use super::named::Part;
use super::{Desk, Edit, load_options};
use crate::check::{told_without_cadence, without_cadence};
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;
use crate::source::DraftFiles;

impl Desk {
    /// Tells that some customers, who had a cadence or were not there, have none after the edits.
    ///
    /// Only where no rule of the policy is for all is the book read for it.
    pub(crate) fn left_without_cadence(
        &self,
        policy: &Policy,
        edits: &[Edit],
        ids: &BTreeSet<&str>,
    ) -> Option<Diagnostic> {
        if ids.is_empty() || policy.revisits.iter().any(|it| it.when.is_none()) {
            return None;
        }
        let options = load_options(false, false);
        let left = |edits: &[Edit]| {
            let mut draft = DraftFiles::new(&self.files, |_| true);
            for edit in edits {
                edit.draft(&mut draft);
            }
            let all = Part::whole(&draft, options);
            let left = without_cadence(&all.loaded, self.today, options.threads).into_iter();
            left.filter(|it| ids.contains(it.as_str()))
                .collect::<BTreeSet<String>>()
        };
        let after = left(edits);
        if after.is_empty() {
            return None;
        }
        let before = left(&[]);
        let new: Vec<&str> = after.difference(&before).map(String::as_str).collect();
        let mut told = told_without_cadence(&new, new.len());
        told.place = None;
        (!new.is_empty()).then_some(told)
    }
}
