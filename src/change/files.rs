//! Customers' places in their files, and whether a change over several files would do harm.

use std::collections::BTreeSet;

use super::named::{LoadedPart, NamedCustomer};
use super::{Desk, FileEdit, Logs, is_common, load_options, refuse_errors, refuse_errors_of};
use crate::diagnostic::ID_TWICE;
use crate::edit::toml_cut::{customer_spans, without_customer};
use crate::edit::toml_scope::TableScope;
use crate::session::hint::hinted;
use crate::source::{CUSTOMERS, DraftFiles, INTERACTIONS, Place};
use crate::words::say;

/// Returns what stands behind each `former_ids` of a text, up to the end of its list.
fn claims(text: &str) -> BTreeSet<&str> {
    let lists = text.split("former_ids").skip(1);
    lists
        .map(|rest| rest.split(']').next().unwrap_or(rest))
        .collect()
}

impl Desk {
    /// Refuses the change where the customers' files or rows have errors.
    ///
    /// # Errors
    /// If they have.
    pub(crate) fn refuse_broken(&self, customers: &[&NamedCustomer]) -> anyhow::Result<()> {
        let is_customer = |path: &str| customers.iter().any(|it| it.path == path);
        let ids: BTreeSet<&str> = customers.iter().map(|it| it.id.as_str()).collect();
        let part = LoadedPart::of(
            &self.part(Logs::With, is_customer),
            &ids,
            load_options(false, false),
        );
        refuse_errors(&part.loaded, |_| true)?;
        self.refuse_passed_over()
    }

    /// Refuses edits after which the customers of these files, or their rows, would have errors; `ids` are
    /// those of the customers whose rows are looked at, if not all of them.
    ///
    /// # Errors
    /// If they would.
    pub(crate) fn refuse_worse(
        &self,
        edits: &[FileEdit],
        paths: &[&str],
        ids: Option<&BTreeSet<&str>>,
    ) -> anyhow::Result<()> {
        let (draft, options) = (self.draft_about(edits, paths), load_options(false, false));
        let part = match ids {
            Some(ids) => LoadedPart::of(&draft, ids, options),
            None => LoadedPart::load(&draft, options),
        };
        drop(draft);
        let is_concerned = |path: &str| {
            is_common(path)
                || paths.contains(&path)
                || path.starts_with(INTERACTIONS) && edits.iter().any(|it| it.path == path)
        };
        // What an editor wrote is there to be looked at, rows that would move are not.
        let moved = edits.iter().filter(|it| it.path.starts_with(INTERACTIONS));
        let moved: Vec<FileEdit> = moved.cloned().collect();
        refuse_errors_of(&moved, &part.loaded, is_concerned)?;
        drop((part, moved));
        self.refuse_claimed(edits)
    }

    /// Refuses former ids that are another customer's, now or formerly: where they change, all customers
    /// are read.
    ///
    /// # Errors
    /// If there are such.
    pub(crate) fn refuse_claimed(&self, edits: &[FileEdit]) -> anyhow::Result<()> {
        let of_customers = || edits.iter().filter(|it| it.path.starts_with(CUSTOMERS));
        let is_claim = |edit: &FileEdit| {
            let old = edit.old.as_deref().map(claims).unwrap_or_default();
            let new = edit.new.as_deref().map(claims).unwrap_or_default();
            new.iter().any(|claim| !old.contains(claim))
        };
        if !of_customers().any(is_claim) {
            return Ok(());
        }
        let mut draft = self.part(Logs::Without, |_| true);
        for edit in of_customers() {
            edit.draft(&mut draft);
        }
        // Nobody's rows are asked for, and so nobody is kept.
        let nobody = BTreeSet::new();
        let mut part = LoadedPart::of(&draft, &nobody, load_options(false, false));
        drop(draft);
        let is_edited = |place: &Place| of_customers().any(|it| *it.path == *place.path);
        part.loaded.diagnostics.retain(|it| {
            let second = it.second.as_ref().map(|it| &it.0);
            it.fault.code == ID_TWICE.code && it.place.iter().chain(second).any(is_edited)
        });
        Ok(refuse_errors_of(edits, &part.loaded, |_| true)?)
    }

    /// Returns the files as the edits leave them: the customers' at these paths, and the logs.
    pub(crate) fn draft_about<'f>(
        &'f self,
        edits: &'f [FileEdit],
        paths: &[&str],
    ) -> DraftFiles<'f> {
        let mut draft = self.part(Logs::With, |path| paths.contains(&path));
        for edit in edits {
            let is_wanted = edit.path.starts_with(INTERACTIONS) || paths.contains(&&*edit.path);
            if is_wanted {
                edit.draft(&mut draft);
            }
        }
        draft
    }

    /// Returns the edit that takes a customer's facts away.
    ///
    /// # Errors
    /// If the customer stands among others in a way that cannot be cut out.
    pub(crate) fn without(&self, named: &NamedCustomer) -> anyhow::Result<FileEdit> {
        let text = self.known_text(&named.path)?;
        let TableScope::Customer(number) = named.scope else {
            return Ok(FileEdit::remove(&named.path, text));
        };
        if customer_spans(&text).len() == 1 {
            return Ok(FileEdit::remove(&named.path, text));
        }
        let new = without_customer(&text, number).ok_or_else(|| {
            let hint = say!(
                "take it out of `{}` by hand",
                "请手工从 `{}` 里删去",
                named.path
            );
            hinted(
                say!(
                    "`{}` cannot be cut out of its file",
                    "无法从文件里删去 `{}`",
                    named.id
                ),
                Some(hint),
            )
        })?;
        Ok(FileEdit::replace(&named.path, text, new))
    }
}
