//! Which places the merged file has, and with what values.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::tree::{Child, Identity, Leaf, TableNode, TableSaid};
use crate::edit::toml_value::TomlMeaning;

/// The keys whose values are merged as sets of texts.
const SETS: &[&str] = &["tags", "aliases", "former_ids", "scope"];

/// The key of which the later day holds.
const LATER: &str = "reviewed";

/// What becomes of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PlaceOutcome {
    /// As ours has it, or has it not.
    Ours,
    /// As theirs has it, or has it not.
    Theirs,
    /// A list of texts made of both.
    Texts(Vec<String>),
    /// Marked.
    Conflict,
    /// Part of a table that is marked whole.
    InConflict,
}

/// A key in the three versions.
#[derive(Clone, Debug)]
pub(super) struct MergedLeaf<'t> {
    pub(super) keys: &'t [String],
    pub(super) base: Option<&'t Leaf>,
    pub(super) ours: Option<&'t Leaf>,
    pub(super) theirs: Option<&'t Leaf>,
    pub(super) outcome: PlaceOutcome,
}

/// A table of a list in the three versions.
#[derive(Debug)]
pub(super) struct MergedChild<'t> {
    pub(super) base: Option<&'t Child>,
    pub(super) ours: Option<&'t Child>,
    pub(super) theirs: Option<&'t Child>,
    pub(super) outcome: PlaceOutcome,
    /// Its places, where ours and theirs have it and it is not in conflict as a whole.
    pub(super) merged: Option<MergedNode<'t>>,
}

/// A table in the three versions.
#[derive(Debug)]
pub(super) struct MergedNode<'t> {
    pub(super) base: Option<&'t TableNode>,
    pub(super) ours: &'t TableNode,
    pub(super) theirs: &'t TableNode,
    pub(super) leaves: Vec<MergedLeaf<'t>>,
    pub(super) children: Vec<MergedChild<'t>>,
    /// Tables such as `custom` that one side deleted whole and the other changed.
    pub(super) tables_in_conflict: Vec<&'t str>,
}

impl<'t> MergedNode<'t> {
    /// Merges a table that both sides have.
    pub(super) fn of(
        base: Option<&'t TableNode>,
        ours: &'t TableNode,
        theirs: &'t TableNode,
    ) -> Self {
        let (leaves, tables_in_conflict) = merged_leaves(base, ours, theirs);
        Self {
            base,
            ours,
            theirs,
            leaves,
            children: merged_children(base, ours, theirs),
            tables_in_conflict,
        }
    }

    /// Returns how many places are in conflict.
    pub(super) fn conflicts(&self) -> usize {
        let leaves = self.leaves.iter();
        let leaves = leaves
            .filter(|it| it.outcome == PlaceOutcome::Conflict)
            .count();
        let children = self.children.iter().map(|child| match &child.merged {
            Some(merged) => merged.conflicts(),
            None => usize::from(child.outcome == PlaceOutcome::Conflict),
        });
        leaves + self.tables_in_conflict.len() + children.sum::<usize>()
    }

    /// Returns what the merged file says, with ours where there is a conflict.
    pub(super) fn said(&self) -> TableSaid {
        let mut said = TableSaid::default();
        for leaf in &self.leaves {
            match &leaf.outcome {
                PlaceOutcome::Texts(texts) => {
                    said.say(leaf.keys.to_vec(), &meaning_of_texts(texts));
                }
                PlaceOutcome::Theirs => {
                    if let Some(leaf) = leaf.theirs {
                        said.say(leaf.keys.clone(), &leaf.meaning);
                    }
                }
                PlaceOutcome::Ours | PlaceOutcome::Conflict | PlaceOutcome::InConflict => {
                    if let Some(leaf) = leaf.ours {
                        said.say(leaf.keys.clone(), &leaf.meaning);
                    }
                }
            }
        }
        for child in &self.children {
            let node = match (&child.merged, &child.outcome) {
                (Some(merged), _) => Some((merged.said(), child.ours)),
                (None, PlaceOutcome::Theirs) => child
                    .theirs
                    .map(|it| (TableSaid::of(&it.node), child.theirs)),
                (None, _) => child.ours.map(|it| (TableSaid::of(&it.node), child.ours)),
            };
            if let Some((said_of, Some(child))) = node {
                said.add(child.kind.clone(), said_of);
            }
        }
        said.sort();
        said
    }
}

fn meaning_of_texts(texts: &[String]) -> TomlMeaning {
    let texts = texts
        .iter()
        .map(|it| TomlMeaning::Plain("text", it.clone()));
    TomlMeaning::List(texts.collect())
}

/// Merges the keys of a table; returns the tables of keys that are in conflict whole, too.
fn merged_leaves<'t>(
    base: Option<&'t TableNode>,
    ours: &'t TableNode,
    theirs: &'t TableNode,
) -> (Vec<MergedLeaf<'t>>, Vec<&'t str>) {
    let by_keys = |node: &'t TableNode| -> HashMap<&'t [String], &'t Leaf> {
        node.leaves.iter().map(|it| (&*it.keys, it)).collect()
    };
    let base_leaves = base.map(by_keys).unwrap_or_default();
    let (our_leaves, their_leaves) = (by_keys(ours), by_keys(theirs));
    let in_base = base.map(|it| &it.leaves[..]).unwrap_or_default();
    let mut seen: HashSet<&[String]> = HashSet::default();
    let all = ours.leaves.iter().chain(&theirs.leaves).chain(in_base);
    let all: Vec<&[String]> = all
        .map(|it| &*it.keys)
        .filter(|keys| seen.insert(keys))
        .collect();
    let in_conflict = tables_in_conflict(&all, [&base_leaves, &our_leaves, &their_leaves]);
    let leaf = |keys: &'t [String]| {
        let found = [&base_leaves, &our_leaves, &their_leaves].map(|it| it.get(keys).copied());
        let [base, ours, theirs] = found;
        let is_in_conflict = keys.len() > 1 && in_conflict.contains(&&*keys[0]);
        let outcome = if is_in_conflict {
            PlaceOutcome::InConflict
        } else {
            outcome(keys, base, ours, theirs)
        };
        MergedLeaf {
            keys,
            base,
            ours,
            theirs,
            outcome,
        }
    };
    (all.into_iter().map(leaf).collect(), in_conflict)
}

/// Returns the tables of keys of which one side has nothing left and the other changed something.
fn tables_in_conflict<'t>(
    all: &[&'t [String]],
    sides: [&HashMap<&'t [String], &'t Leaf>; 3],
) -> Vec<&'t str> {
    /// How many keys a table has in base, ours, theirs, and whether ours and theirs changed any.
    #[derive(Default)]
    struct KeyCounts {
        counts: [usize; 3],
        changed: [bool; 2],
    }
    let mut tables: HashMap<&str, KeyCounts> = HashMap::new();
    let mut order = Vec::new();
    for keys in all.iter().filter(|keys| keys.len() > 1) {
        let table = tables.entry(&keys[0]).or_insert_with(|| {
            order.push(&*keys[0]);
            KeyCounts::default()
        });
        let meanings = sides.map(|side| side.get(keys).map(|it| &it.meaning));
        for (count, meaning) in table.counts.iter_mut().zip(meanings) {
            *count += usize::from(meaning.is_some());
        }
        for (changed, meaning) in table.changed.iter_mut().zip(&meanings[1..]) {
            *changed |= *meaning != meanings[0];
        }
    }
    order.retain(|name| {
        let KeyCounts { counts, changed } = &tables[name];
        let [base, ours, theirs] = *counts;
        let is_one_deleted = base > 0 && (ours == 0) != (theirs == 0);
        let other_changed = if ours == 0 { changed[1] } else { changed[0] };
        is_one_deleted && other_changed
    });
    order
}

/// Decides on one key.
fn outcome(
    keys: &[String],
    base: Option<&Leaf>,
    ours: Option<&Leaf>,
    theirs: Option<&Leaf>,
) -> PlaceOutcome {
    let [in_base, in_ours, in_theirs] = [base, ours, theirs].map(|it| it.map(|it| &it.meaning));
    if in_ours == in_theirs || in_theirs == in_base {
        return PlaceOutcome::Ours;
    }
    if in_ours == in_base {
        return PlaceOutcome::Theirs;
    }
    let [key] = keys else {
        return PlaceOutcome::Conflict;
    };
    if SETS.contains(&&**key)
        && let (Some(base), Some(our_texts), Some(their_texts)) =
            (texts_of(in_base), texts_of(in_ours), texts_of(in_theirs))
    {
        let texts = united(&base, &our_texts, &their_texts);
        if ours.is_some() && texts == our_texts || ours.is_none() && texts.is_empty() {
            return PlaceOutcome::Ours;
        }
        return PlaceOutcome::Texts(texts.into_iter().map(str::to_owned).collect());
    }
    if key == LATER
        && let (Some(TomlMeaning::Plain("date", ours)), Some(TomlMeaning::Plain("date", theirs))) =
            (in_ours, in_theirs)
    {
        // Days are written so that the later one is the greater text.
        return if ours < theirs {
            PlaceOutcome::Theirs
        } else {
            PlaceOutcome::Ours
        };
    }
    PlaceOutcome::Conflict
}

/// Returns a list of texts; a key that is not there is an empty one.
fn texts_of(meaning: Option<&TomlMeaning>) -> Option<Vec<&str>> {
    match meaning {
        None => Some(Vec::new()),
        Some(TomlMeaning::List(list)) => list
            .iter()
            .map(|it| match it {
                TomlMeaning::Plain("text", text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        Some(_) => None,
    }
}

/// Returns ours without what theirs removed, then what theirs added.
fn united<'s>(base: &[&'s str], ours: &[&'s str], theirs: &[&'s str]) -> Vec<&'s str> {
    let [in_base, in_ours, in_theirs] =
        [base, ours, theirs].map(|texts| texts.iter().copied().collect::<HashSet<&str>>());
    let is_removed = |text: &&str| in_base.contains(text) && !in_theirs.contains(text);
    let kept = ours.iter().copied().filter(|text| !is_removed(text));
    let mut added: Vec<&str> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::default();
    for text in theirs.iter().copied() {
        if !in_base.contains(text) && !in_ours.contains(text) && seen.insert(text) {
            added.push(text);
        }
    }
    kept.chain(added).collect()
}

/// Merges the tables of lists.
fn merged_children<'t>(
    base: Option<&'t TableNode>,
    ours: &'t TableNode,
    theirs: &'t TableNode,
) -> Vec<MergedChild<'t>> {
    let in_base = base.map(|it| &it.children[..]).unwrap_or_default();
    let mut lists = [in_base, &ours.children, &theirs.children].map(TableNames::of);
    link_former(&mut lists);
    let [bases, our_names, their_names] = &lists;
    let mut seen: HashSet<(&str, &Identity)> = HashSet::default();
    let mut merged = Vec::new();
    for (name, _) in [our_names, their_names, bases]
        .iter()
        .flat_map(|it| &it.order)
    {
        if !seen.insert((name.0, &name.1)) {
            continue;
        }
        let [base, ours, theirs] = [bases, our_names, their_names].map(|it| it.child(name));
        let said = |child: Option<&Child>| child.map(|it| TableSaid::of(&it.node));
        let mut both = None;
        let outcome = match (base, ours, theirs) {
            (base, Some(ours), Some(theirs)) => {
                let base = base.map(|it| &it.node);
                both = Some(MergedNode::of(base, &ours.node, &theirs.node));
                PlaceOutcome::Ours
            }
            (None, Some(_), None) => PlaceOutcome::Ours,
            (None, None, Some(_)) => PlaceOutcome::Theirs,
            (Some(_), Some(_), None) if said(base) == said(ours) => PlaceOutcome::Theirs,
            (Some(_), None, Some(_)) if said(base) == said(theirs) => PlaceOutcome::Ours,
            (Some(_), Some(_), None) | (Some(_), None, Some(_)) => PlaceOutcome::Conflict,
            (_, None, None) => continue,
        };
        merged.push(MergedChild {
            base,
            ours,
            theirs,
            outcome,
            merged: both,
        });
    }
    merged
}

/// A table's name in all three versions: its list, and what names it there.
type TableName<'t> = (&'t str, Identity);

/// The tables of one version by their names.
struct TableNames<'t> {
    order: Vec<(TableName<'t>, &'t Child)>,
    at: HashMap<TableName<'t>, usize>,
}

impl<'t> TableNames<'t> {
    fn of(children: &'t [Child]) -> Self {
        let order: Vec<_> = children
            .iter()
            .map(|it| ((it.kind.as_str(), it.identity.clone()), it))
            .collect();
        let at = order.iter().enumerate();
        let at = at.map(|(at, (name, _))| (name.clone(), at)).collect();
        Self { order, at }
    }

    fn child(&self, name: &TableName<'t>) -> Option<&'t Child> {
        Some(self.order[*self.at.get(name)?].1)
    }

    fn rename(&mut self, at: usize, name: TableName<'t>) {
        let old = std::mem::replace(&mut self.order[at].0, name.clone());
        self.at.remove(&old);
        self.at.insert(name, at);
    }
}

/// Gives customers that were renamed the name that they have in another version, by `former_ids`.
fn link_former(lists: &mut [TableNames<'_>; 3]) {
    // First what each side renamed since the base, then what the other side still calls so.
    for (renamed, other) in [(1, 0), (2, 0), (1, 2), (2, 1)] {
        let mut links = Vec::new();
        let mut linked: HashSet<Identity> = HashSet::default();
        for (at, (name, child)) in lists[renamed].order.iter().enumerate() {
            if name.0 != "customer" || lists[other].at.contains_key(name) {
                continue;
            }
            let former = child
                .node
                .leaves
                .iter()
                .find(|it| it.keys == ["former_ids"]);
            let former = former.and_then(|it| texts_of(Some(&it.meaning)));
            let old = former.unwrap_or_default().into_iter().rev().find_map(|id| {
                let identity = ("id", id.to_owned(), 0);
                let name = (name.0, identity.clone());
                let is_meant = lists[other].at.contains_key(&name)
                    && !lists[renamed].at.contains_key(&name)
                    && linked.insert(identity);
                is_meant.then_some(name)
            });
            links.extend(old.map(|name| (at, name)));
        }
        for (at, name) in links {
            lists[renamed].rename(at, name);
        }
    }
}
