//! Keys of theirs that ours lacks: each behind the nearest key before it that ours has.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt as _};

use super::plan::{MergedLeaf, MergedNode, PlaceOutcome};
use super::splice::{Splicer, path_of};
use super::tree::Leaf;
use crate::edit::toml_outline::TomlPath;
use crate::edit::toml_value::NewValue;
use crate::source::Cut as _;

/// Where a new key goes: at a line's beginning, in the section of a table.
#[derive(Clone, Debug)]
pub(super) struct NewKeyPlace {
    pub(super) at: usize,
    pub(super) section: TomlPath,
}

/// Where new keys of a table go.
#[derive(Clone, Debug)]
enum Home {
    Line(NewKeyPlace),
    /// Into a table that is written as the value of this entry.
    Inline(TomlPath),
}

/// Tells whether a table that is the value of one entry of theirs is new to ours as a whole.
fn is_new_entry(node: &MergedNode<'_>, theirs: &Leaf) -> bool {
    let of_entry = |leaf: &&MergedLeaf<'_>| leaf.theirs.is_some_and(|it| it.entry == theirs.entry);
    let own = node.theirs.path.len()..node.theirs.path.len() + theirs.keys.len();
    let mut leaves = node.leaves.iter().filter(of_entry);
    theirs.entry.len() > own.start
        && theirs.entry.len() < own.end
        && leaves.all(|leaf| leaf.ours.is_none() && leaf.outcome == PlaceOutcome::Theirs)
}

impl<'s> Splicer<'s, '_> {
    /// Writes the keys of theirs that ours lacks, and marks those that ours deleted.
    pub(super) fn new_keys(
        &mut self,
        node: &MergedNode<'s>,
        dirty: &mut Vec<TomlPath>,
    ) -> Option<()> {
        let by_keys: HashMap<&[String], &MergedLeaf<'s>> =
            node.leaves.iter().map(|it| (it.keys, it)).collect();
        // Where the key before was found or put, by the table that both stand in.
        let mut last: HashMap<&[String], Home> = HashMap::new();
        let mut written: BTreeSet<TomlPath> = BTreeSet::new();
        for theirs in &node.theirs.leaves {
            let leaf = by_keys.get(&*theirs.keys)?;
            let parent = theirs.keys.split_last()?.1;
            if let Some(ours) = leaf.ours {
                let is_removed = leaf.outcome == PlaceOutcome::Theirs && leaf.theirs.is_none();
                if !is_removed && leaf.outcome != PlaceOutcome::InConflict {
                    last.insert(parent, self.home_after(node, ours)?);
                }
                continue;
            }
            let is_none_here =
                matches!(leaf.outcome, PlaceOutcome::Ours | PlaceOutcome::InConflict);
            if is_none_here || written.contains(&theirs.entry) {
                continue;
            }
            let known = last.get(parent).cloned();
            let known = known.or_else(|| self.first_home(node, parent));
            let home = match known {
                Some(home) => home,
                None if self.has_own_header(node, theirs)
                    && leaf.outcome != PlaceOutcome::Conflict =>
                {
                    // The table is new, and comes with all its keys.
                    written.extend(self.new_section(node, theirs)?);
                    continue;
                }
                None => {
                    let home = match last.get(&[][..]) {
                        Some(Home::Line(place)) => place.clone(),
                        _ => self.start_of(node)?,
                    };
                    if is_new_entry(node, theirs) {
                        // So does one that is the value of one key.
                        let lines = self.theirs.lines_of(&theirs.entry)?;
                        let comments = self.assembly.take_comments(lines.start);
                        let lines = self.theirs.body.get(lines)?;
                        let lines = comments + &self.assembly.whole_lines(lines);
                        self.assembly.insert(home.at, lines);
                        written.insert(theirs.entry.clone());
                        last.insert(&[], Home::Line(home));
                        continue;
                    }
                    Home::Line(home)
                }
            };
            match &home {
                Home::Inline(entry) if dirty.contains(entry) => {}
                Home::Inline(entry) => dirty.push(entry.clone()),
                Home::Line(place) => self.new_key(node, leaf, theirs, place)?,
            }
            last.insert(parent, home);
        }
        Some(())
    }

    /// Writes a key of theirs as a line of its own, or marks it where ours deleted it.
    fn new_key(
        &mut self,
        node: &MergedNode<'s>,
        leaf: &MergedLeaf<'s>,
        theirs: &Leaf,
        place: &NewKeyPlace,
    ) -> Option<()> {
        let section = place.section.len();
        let lines = match &leaf.outcome {
            PlaceOutcome::Texts(texts) => {
                let value = NewValue::Texts(texts.clone()).to_toml();
                self.new_line(&path_of(node.ours, &theirs.keys), section, &value)?
            }
            _ => self.line(node.theirs, self.theirs, theirs, section)?,
        };
        let above = self.theirs.lines_of(&theirs.entry)?.start;
        let comments = self.assembly.take_comments(above);
        self.assembly.insert(place.at, comments);
        if leaf.outcome == PlaceOutcome::Conflict {
            let base = self.version(node.base, self.base, leaf.base, section)?;
            self.assembly.conflict(place.at..place.at, &base, &lines);
        } else {
            self.assembly.insert(place.at, lines);
        }
        Some(())
    }

    /// Tells whether a key of theirs stands under a header such as `[custom]`.
    fn has_own_header(&self, node: &MergedNode<'s>, theirs: &Leaf) -> bool {
        let lines = self.theirs.lines_of(&theirs.entry);
        let section = lines.and_then(|lines| self.theirs.outline.section_at(lines.start));
        section.is_some_and(|it| it.path.len() > node.theirs.path.len())
    }

    /// Returns where a key goes that follows one of ours.
    fn home_after(&self, node: &MergedNode<'s>, ours: &Leaf) -> Option<Home> {
        if ours.entry.len() < node.ours.path.len() + ours.keys.len() {
            return Some(Home::Inline(ours.entry.clone()));
        }
        let lines = self.ours.lines_of(&ours.entry)?;
        let section = self.ours.outline.section_at(lines.start)?.path.clone();
        Some(Home::Line(NewKeyPlace {
            at: lines.end,
            section,
        }))
    }

    /// Returns where a table of ours has its first key; `None` where ours has no such table.
    fn first_home(&self, node: &MergedNode<'s>, parent: &[String]) -> Option<Home> {
        let outline = &self.ours.outline;
        let path = path_of(node.ours, parent);
        let lengths = (node.ours.path.len() + 1)..=path.len();
        let mut above = lengths.filter_map(|length| path.get(..length));
        if let Some(entry) = above.find(|it| outline.entry(it).is_some()) {
            return Some(Home::Inline(entry.to_vec()));
        }
        if parent.is_empty() {
            return self.start_of(node).map(Home::Line);
        }
        if let Some(section) = outline.section(&path) {
            return Some(Home::Line(NewKeyPlace {
                at: section.body,
                section: path,
            }));
        }
        // Its keys may be dotted ones of a table above it.
        let is_sibling = |leaf: &&Leaf| leaf.keys.split_last().is_some_and(|it| it.1 == parent);
        let sibling = node.ours.leaves.iter().find(is_sibling)?;
        let start = self.ours.lines_of(&sibling.entry)?.start;
        Some(Home::Line(NewKeyPlace {
            at: start,
            section: outline.section_at(start)?.path.clone(),
        }))
    }

    /// Returns where the first key of a table goes.
    pub(super) fn start_of(&self, node: &MergedNode<'s>) -> Option<NewKeyPlace> {
        let path = &node.ours.path;
        let section = self.ours.outline.section(path)?;
        let at = match self.ours.outline.entries_in(section).first() {
            Some(first) if path.is_empty() => first.lines(self.ours.body).start,
            None if path.is_empty() => self.above_comments(section.end),
            _ => section.body,
        };
        Some(NewKeyPlace {
            at,
            section: path.clone(),
        })
    }

    /// Returns where the comments right above a header begin; the end of a text stays.
    pub(super) fn above_comments(&self, end: usize) -> usize {
        let body = self.ours.body;
        if end == body.len() {
            return end;
        }
        let before = body.cut(..end);
        let comments = before.split_inclusive('\n').rev();
        let comments = comments.take_while(|line| line.trim_start().starts_with('#'));
        end - comments.map(str::len).sum::<usize>()
    }
}
