//! Tables that are written as values, with what is merged of them.

use super::plan::{MergedChild, MergedLeaf, MergedNode, PlaceOutcome};
use super::tree::{Child, Leaf, Tree};
use crate::edit::toml_outline::TomlPath;
use crate::edit::toml_value::{NewValue, ValueStep};
use crate::toml_table::quoted_key;

/// Whose values stand where there is a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConflictVersion {
    Ours,
    Base,
    Theirs,
}

impl ConflictVersion {
    /// All three, in the order of marks.
    pub(super) const ALL: [Self; 3] = [Self::Ours, Self::Base, Self::Theirs];
}

/// The texts that values are taken from.
pub(super) struct Render<'s, 'f> {
    pub(super) base: Option<&'s Tree<'f>>,
    pub(super) ours: &'s Tree<'f>,
    pub(super) theirs: &'s Tree<'f>,
}

impl MergedChild<'_> {
    /// Tells whether it stays as ours has it.
    pub(super) fn is_ours(&self) -> bool {
        match &self.merged {
            Some(merged) => merged.is_ours(),
            None => self.outcome == PlaceOutcome::Ours,
        }
    }
}

impl MergedNode<'_> {
    fn is_ours(&self) -> bool {
        self.leaves
            .iter()
            .all(|it| it.outcome == PlaceOutcome::Ours)
            && self.children.iter().all(MergedChild::is_ours)
    }
}

impl Render<'_, '_> {
    /// Returns the keys of a table that stand in one entry of ours, or are to stand there.
    pub(super) fn leaves(
        &self,
        node: &MergedNode<'_>,
        entry: &TomlPath,
        depth: usize,
        version: ConflictVersion,
    ) -> Option<String> {
        let own = entry.get(node.ours.path.len()..)?;
        let is_own = |leaf: &&MergedLeaf<'_>| {
            let keys = leaf.keys.iter().zip(own);
            leaf.keys.len() > depth
                && keys.clone().count() == depth
                && keys.clone().all(|(key, step)| *step == key_step(key))
        };
        let pairs = node
            .leaves
            .iter()
            .filter(is_own)
            .map(|leaf| self.pair(leaf, depth, version));
        Some(table_of(pairs.collect::<Option<Vec<String>>>()?))
    }

    /// Returns `key = value` as one version has it; empty where it has none.
    fn pair(
        &self,
        leaf: &MergedLeaf<'_>,
        depth: usize,
        version: ConflictVersion,
    ) -> Option<String> {
        let taken = |tree: Option<&Tree<'_>>, leaf: Option<&Leaf>| match (tree, leaf) {
            (Some(tree), Some(leaf)) => tree.body.get(leaf.span.clone()).map(str::to_owned),
            _ => None,
        };
        let ours = || taken(Some(self.ours), leaf.ours);
        let theirs = || taken(Some(self.theirs), leaf.theirs);
        let value = match (&leaf.outcome, version) {
            (PlaceOutcome::Texts(texts), _) => Some(NewValue::Texts(texts.clone()).to_toml()),
            (PlaceOutcome::Ours, _) | (PlaceOutcome::Conflict, ConflictVersion::Ours) => ours(),
            (PlaceOutcome::Theirs, _) | (PlaceOutcome::Conflict, ConflictVersion::Theirs) => {
                theirs()
            }
            (PlaceOutcome::Conflict, ConflictVersion::Base) => taken(self.base, leaf.base),
            (PlaceOutcome::InConflict, _) => return None,
        };
        let keys: Vec<String> = leaf
            .keys
            .get(depth..)?
            .iter()
            .map(|it| quoted_key(it))
            .collect();
        let pair = |value| format!("{} = {value}", keys.join("."));
        Some(value.map_or_else(String::new, pair))
    }

    /// Returns a list of tables as one version has it.
    pub(super) fn list(
        &self,
        children: &[&MergedChild<'_>],
        version: ConflictVersion,
    ) -> Option<String> {
        let mut tables = Vec::new();
        for child in children {
            let whole = |tree: Option<&Tree<'_>>, child: Option<&Child>| match (tree, child) {
                (Some(tree), Some(child)) => plain_table(tree, child).map(Some),
                _ => Some(None),
            };
            let ours = || whole(Some(self.ours), child.ours);
            let theirs = || whole(Some(self.theirs), child.theirs);
            let table = match (&child.merged, &child.outcome, version) {
                (Some(merged), _, _) => Some(self.merged_table(merged, version)?),
                (None, PlaceOutcome::Conflict, ConflictVersion::Ours)
                | (None, PlaceOutcome::Ours, _) => ours()?,
                (None, PlaceOutcome::Conflict, ConflictVersion::Base) => {
                    whole(self.base, child.base)?
                }
                (None, _, _) => theirs()?,
            };
            tables.extend(table);
        }
        Some(format!("[{}]", tables.join(", ")))
    }

    fn merged_table(&self, node: &MergedNode<'_>, version: ConflictVersion) -> Option<String> {
        if !node.children.is_empty() || !node.tables_in_conflict.is_empty() {
            return None;
        }
        let pairs = node.leaves.iter().map(|leaf| self.pair(leaf, 0, version));
        Some(table_of(pairs.collect::<Option<Vec<String>>>()?))
    }
}

fn key_step(key: &str) -> ValueStep {
    ValueStep::Key(key.to_owned())
}

/// Returns a table of one version as a value.
fn plain_table(tree: &Tree<'_>, child: &Child) -> Option<String> {
    let pair = |leaf: &Leaf| {
        let keys: Vec<String> = leaf.keys.iter().map(|it| quoted_key(it)).collect();
        Some(format!(
            "{} = {}",
            keys.join("."),
            tree.body.get(leaf.span.clone())?
        ))
    };
    let pairs = child
        .node
        .leaves
        .iter()
        .map(pair)
        .collect::<Option<Vec<_>>>()?;
    child.node.children.is_empty().then(|| table_of(pairs))
}

fn table_of(pairs: impl IntoIterator<Item = String>) -> String {
    let pairs: Vec<String> = pairs.into_iter().filter(|it| !it.is_empty()).collect();
    if pairs.is_empty() {
        return "{}".to_owned();
    }
    format!("{{ {} }}", pairs.join(", "))
}
