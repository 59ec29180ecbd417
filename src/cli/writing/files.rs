//! Customers' places in their files, and whether a change over several files would do harm.

use super::named::{Named, Part};
use super::{Desk, Edit, Logs, is_common, load_options, refuse_errors, refuse_errors_of};
use crate::cli::Console;
use crate::cli::hint::hinted;
use crate::edit::toml_cut::{customer_spans, without_customer};
use crate::edit::toml_set::Scope;
use crate::source::{DraftFiles, INTERACTIONS};

impl Desk {
    /// Refuses the change where the customers' files or rows have errors.
    ///
    /// # Errors
    /// If they have; those have been told.
    pub(crate) fn refuse_broken(
        &self,
        customers: &[&Named],
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        let is_customer = |path: &str| customers.iter().any(|it| it.path == path);
        let part = Part::load(
            &self.part(Logs::With, is_customer),
            load_options(false, false),
        );
        refuse_errors(&part.loaded, |_| true, console)
    }

    /// Refuses edits after which the customers of these files, or their rows, would have errors.
    ///
    /// # Errors
    /// If they would; those have been told.
    pub(crate) fn refuse_worse(
        &self,
        edits: &[Edit],
        paths: &[&str],
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        let part = Part::load(&self.draft_about(edits, paths), load_options(false, false));
        let is_concerned = |path: &str| {
            is_common(path)
                || paths.contains(&path)
                || path.starts_with(INTERACTIONS) && edits.iter().any(|it| it.path == path)
        };
        // What an editor wrote is there to be looked at, rows that would move are not.
        let moved = edits.iter().filter(|it| it.path.starts_with(INTERACTIONS));
        let moved: Vec<Edit> = moved.cloned().collect();
        refuse_errors_of(&moved, &part.loaded, is_concerned, console)
    }

    /// Returns the files as the edits leave them: the customers' at these paths, and the logs.
    pub(crate) fn draft_about(&self, edits: &[Edit], paths: &[&str]) -> DraftFiles<'_> {
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
    pub(crate) fn without(&self, named: &Named) -> anyhow::Result<Edit> {
        let text = self.text(&named.path)?.unwrap_or_default();
        let Scope::Customer(number) = named.scope else {
            return Ok(Edit::remove(&named.path, text));
        };
        if customer_spans(&text).len() == 1 {
            return Ok(Edit::remove(&named.path, text));
        }
        let new = without_customer(&text, number).ok_or_else(|| {
            let hint = format!("take it out of `{}` by hand", named.path);
            hinted(
                format!("`{}` cannot be cut out of its file", named.id),
                Some(hint),
            )
        })?;
        Ok(Edit::replace(&named.path, text, new))
    }
}
