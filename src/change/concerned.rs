//! Nothing is written where the files concerned have errors: what every change asks of the logs it writes into.
//!
//! A command reads the customers it is about, for whom rows of all others are none of its business. Whether
//! those others are anybody is asked here, of each log that changes: a row of nobody in it would come to be
//! somebody's, or be lost from sight.

use std::collections::BTreeSet;

use super::named::{LoadedPart, NamedCustomer};
use super::{Desk, FileEdit, is_common, load_options, refuse, refuse_errors};
use crate::diagnostic::{Diagnostics, Severity, UNKNOWN_CUSTOMER};
use crate::edit::rows::has_rows_of;
use crate::load::has_row_of_others;
use crate::model::{composed_id, telling_part};
use crate::source::{CUSTOMERS, DraftFiles, Files as _, INTERACTIONS};

impl Desk {
    /// Refuses edits of logs that have rows of customers who are nobody.
    ///
    /// Customers whom the edits add are somebody; an id that one gets by them is not theirs yet.
    ///
    /// # Errors
    /// If there are such rows.
    pub(super) fn refuse_rows_of_nobody(&self, edits: &[&FileEdit]) -> anyhow::Result<()> {
        let is_log = |path: &str| path.starts_with(INTERACTIONS) && self.has(path);
        let paths = edits.iter().map(|it| it.path.as_str());
        let logs: BTreeSet<&str> = paths.filter(|it| is_log(it)).collect();
        let is_added = |it: &&&FileEdit| {
            it.path.starts_with(CUSTOMERS) && it.old.is_none() && it.moved_from.is_none()
        };
        let added: Vec<&FileEdit> = edits.iter().filter(is_added).copied().collect();
        self.refuse_strangers(&logs, &added)
    }

    /// Refuses to give an id to somebody while rows name it that are nobody's.
    ///
    /// # Errors
    /// If there are such rows.
    pub(crate) fn refuse_id_of_rows(&self, id: &str) -> anyhow::Result<()> {
        let mut logs = BTreeSet::new();
        for path in self.files.paths() {
            if !path.starts_with(INTERACTIONS) {
                continue;
            }
            let bytes = self.bytes(path)?;
            let is_there = memchr::memmem::find(&bytes, telling_part(id).as_bytes()).is_some();
            // A log that cannot be read is refused by whoever reads it.
            let text = std::str::from_utf8(&bytes).ok().filter(|_| is_there);
            if text.is_some_and(|text| has_rows_of(text, &[id]).unwrap_or(false)) {
                logs.insert(path.as_str());
            }
        }
        self.refuse_strangers(&logs, &[])
    }

    fn refuse_strangers(&self, logs: &BTreeSet<&str>, added: &[&FileEdit]) -> anyhow::Result<()> {
        if logs.is_empty() {
            return Ok(());
        }
        // Nearly every id is the name of a file, so that no file need be read.
        let paths = self.files.paths().iter().map(String::as_str);
        let paths = paths.chain(added.iter().map(|it| it.path.as_str()));
        let ids = paths.filter_map(|path| {
            let name = path.strip_prefix(CUSTOMERS)?.strip_suffix(".toml")?;
            let stem = name.rsplit('/').next().unwrap_or(name);
            Some(composed_id(stem).into_owned())
        });
        let options = load_options(false, false);
        let is_wanted = |path: &str| is_common(path) || logs.contains(path);
        let files = DraftFiles::new(&self.files, is_wanted);
        if !has_row_of_others(&files, ids.collect(), options) {
            return Ok(());
        }
        let is_wanted = |path: &str| path.starts_with(CUSTOMERS) || is_wanted(path);
        let mut draft = DraftFiles::new(&self.files, is_wanted);
        for edit in added {
            edit.draft(&mut draft);
        }
        let mut part = LoadedPart::whole(&draft, options);
        let found = &mut part.loaded.diagnostics;
        found.retain(|it| it.fault.code == UNKNOWN_CUSTOMER.code);
        Ok(refuse(std::mem::take(found))?)
    }

    /// Refuses a change of all rows of a customer while a log cannot be read: it may have some.
    ///
    /// # Errors
    /// If there is such a log.
    pub(crate) fn refuse_unread_logs(&self, named: &NamedCustomer) -> anyhow::Result<()> {
        let files = self.part(super::Logs::With, |it| it == named.path);
        let ids = BTreeSet::from([named.id.as_str()]);
        let part = LoadedPart::of(&files, &ids, load_options(false, false));
        let is_concerned = |it: &str| is_common(it) || it.starts_with(INTERACTIONS);
        refuse_errors(&part.loaded, is_concerned)?;
        self.refuse_passed_over()
    }

    /// Refuses a change of all rows of a customer while there are logs that are not opened, such as links.
    ///
    /// # Errors
    /// If there are such.
    pub(super) fn refuse_passed_over(&self) -> anyhow::Result<()> {
        let mut found: Diagnostics = self.passed_over.clone();
        found.retain(|it| {
            let place = it.place.as_ref();
            it.severity() == Severity::Error
                && place.is_some_and(|it| it.path.starts_with(INTERACTIONS.trim_end_matches('/')))
        });
        Ok(refuse(found)?)
    }
}
