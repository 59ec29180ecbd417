//! Customers who come to be without a cadence by a change.

use std::collections::BTreeSet;

use super::follow::needs_all;
use super::named::LoadedPart;
use super::{Desk, FileEdit, Logs, load_options};
use crate::check::{told_without_cadence, without_cadence};
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;

impl Desk {
    /// Tells that some customers, who had a cadence or were not there, have none after the edits.
    ///
    /// `paths` are those of the customers' files. Only where no rule of the policy is for all are they read for
    /// it, and the whole book where a rule compares a customer with others.
    pub(crate) fn left_without_cadence(
        &self,
        policy: &Policy,
        edits: &[FileEdit],
        ids: &BTreeSet<&str>,
        paths: &BTreeSet<&str>,
    ) -> Option<Diagnostic> {
        if ids.is_empty() || policy.revisits.iter().any(|it| it.when.is_none()) {
            return None;
        }
        let options = load_options(false, false);
        let part = |edits: &[FileEdit]| {
            let is_all = needs_all(policy);
            let mut draft = self.part(Logs::With, |path| is_all || paths.contains(path));
            for edit in edits {
                edit.draft(&mut draft);
            }
            if is_all {
                LoadedPart::load(&draft, options)
            } else {
                LoadedPart::of(&draft, ids, options)
            }
        };
        let left = |edits: &[FileEdit]| {
            let part = part(edits);
            let left = without_cadence(&part.loaded, self.today, options.threads).into_iter();
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
