//! The merged file as text: ours, with what comes of theirs spliced in.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt as _};

use super::assembly::Assembly;
use super::plan::{MergedChild, MergedLeaf, MergedNode, PlaceOutcome};
use super::render::{ConflictVersion, Render};
use super::tree::{Child, Leaf, TableNode, Tree};
use crate::edit::toml_outline::TomlPath;
use crate::edit::toml_value::{NewValue, ValueStep};
use crate::toml_table::quoted_key;

/// All that a merged file is written from.
pub(super) struct Splicer<'s, 'f> {
    pub(super) base: Option<&'s Tree<'f>>,
    pub(super) ours: &'s Tree<'f>,
    pub(super) theirs: &'s Tree<'f>,
    pub(super) assembly: Assembly<'s>,
}

/// Returns the path of a key of a table.
pub(super) fn path_of(node: &TableNode, keys: &[String]) -> TomlPath {
    let keys = keys.iter().cloned().map(ValueStep::Key);
    node.path.iter().cloned().chain(keys).collect()
}

impl<'s, 'f> Splicer<'s, 'f> {
    fn render(&self) -> Render<'s, 'f> {
        Render {
            base: self.base,
            ours: self.ours,
            theirs: self.theirs,
        }
    }

    /// Writes what is merged of a table that both sides have; `None` where it cannot be.
    pub(super) fn node(&mut self, node: &MergedNode<'s>) -> Option<()> {
        self.keys(node)?;
        for name in &node.tables_in_conflict {
            self.table_in_conflict(node, name)?;
        }
        self.children(node)
    }

    /// Writes the keys of a table.
    fn keys(&mut self, node: &MergedNode<'s>) -> Option<()> {
        // Tables written as values are written anew where more than values change in them.
        let mut dirty: Vec<TomlPath> = Vec::new();
        for leaf in &node.leaves {
            let Some(ours) = leaf.ours else { continue };
            let is_inline = ours.entry.len() < node.ours.path.len() + ours.keys.len();
            let is_whole_change = match leaf.outcome {
                PlaceOutcome::Theirs => leaf.theirs.is_none(),
                PlaceOutcome::Conflict => true,
                _ => false,
            };
            if is_inline && is_whole_change && !dirty.contains(&ours.entry) {
                dirty.push(ours.entry.clone());
            }
        }
        self.new_keys(node, &mut dirty)?;
        for leaf in &node.leaves {
            let Some(ours) = leaf.ours else { continue };
            if dirty.contains(&ours.entry) {
                continue;
            }
            match &leaf.outcome {
                PlaceOutcome::Ours | PlaceOutcome::InConflict => {}
                PlaceOutcome::Texts(texts) => {
                    let new = NewValue::Texts(texts.clone()).to_toml();
                    self.assembly.replace(ours.span.clone(), new);
                    self.comments_at(leaf)?;
                }
                PlaceOutcome::Theirs => {
                    if let Some(theirs) = leaf.theirs {
                        let new = self.theirs.body.get(theirs.span.clone())?.to_owned();
                        self.assembly.replace(ours.span.clone(), new);
                        self.comments_at(leaf)?;
                    } else {
                        let lines = self.ours.lines_of(&ours.entry)?;
                        self.assembly.replace(lines, String::new());
                    }
                }
                PlaceOutcome::Conflict => {
                    self.comments_at(leaf)?;
                    let lines = self.ours.lines_of(&ours.entry)?;
                    let section = self.ours.outline.section_at(lines.start)?.path.len();
                    let base = self.version(node.base, self.base, leaf.base, section);
                    let theirs =
                        self.version(Some(node.theirs), Some(self.theirs), leaf.theirs, section);
                    self.assembly.conflict(lines, &base?, &theirs?);
                }
            }
        }
        for entry in dirty {
            self.inline_table(node, &entry)?;
        }
        Some(())
    }

    /// Puts the comments of theirs that stand above a key before ours' key.
    fn comments_at(&mut self, leaf: &MergedLeaf<'s>) -> Option<()> {
        if let (Some(ours), Some(theirs)) = (leaf.ours, leaf.theirs)
            && let Some(lines) = self.theirs.lines_of(&theirs.entry)
        {
            let comments = self.assembly.take_comments(lines.start);
            let at = self.ours.lines_of(&ours.entry)?.start;
            self.assembly.insert(at, comments);
        }
        Some(())
    }

    /// Returns the line of a key in one version, as it stands in a section of so long a path.
    pub(super) fn version(
        &self,
        node: Option<&TableNode>,
        tree: Option<&Tree<'f>>,
        leaf: Option<&Leaf>,
        section: usize,
    ) -> Option<String> {
        match (node, tree, leaf) {
            (Some(node), Some(tree), Some(leaf)) => self.line(node, tree, leaf, section),
            _ => Some(String::new()),
        }
    }

    /// Returns the lines of a key of some version, as they stand in a section of so long a path.
    pub(super) fn line(
        &self,
        node: &TableNode,
        tree: &Tree<'f>,
        leaf: &Leaf,
        section: usize,
    ) -> Option<String> {
        let path = path_of(node, &leaf.keys);
        if leaf.entry == path {
            let lines = tree.lines_of(&leaf.entry)?;
            if tree.outline.section_at(lines.start)?.path.len() == section {
                return Some(self.assembly.whole_lines(tree.body.get(lines)?));
            }
        }
        let value = tree.body.get(leaf.span.clone())?;
        self.new_line(&path, section, value)
    }

    pub(super) fn new_line(
        &self,
        path: &[ValueStep],
        section: usize,
        value: &str,
    ) -> Option<String> {
        let mut keys = Vec::new();
        for step in path.get(section..)? {
            match step {
                ValueStep::Key(key) => keys.push(quoted_key(key)),
                ValueStep::Index(_) => return None,
            }
        }
        Some(
            self.assembly
                .whole_lines(&format!("{} = {value}", keys.join("."))),
        )
    }

    /// Writes a table of theirs, such as `[custom]`, with its keys; returns the entries that it has.
    pub(super) fn new_section(
        &mut self,
        node: &MergedNode<'s>,
        theirs: &Leaf,
    ) -> Option<Vec<TomlPath>> {
        let lines = self.theirs.lines_of(&theirs.entry)?;
        let section = self.theirs.outline.section_at(lines.start)?;
        let at = self.place_as_in_theirs(node, &section.path)?;
        let text = self.sections_text(self.theirs, &section.path, false)?;
        self.assembly.insert(at, text);
        let entries = self.theirs.outline.entries_in(section);
        Some(entries.iter().map(|it| it.path.clone()).collect())
    }

    /// Returns the headers and entries of a table, with the comments that come with them.
    fn sections_text(
        &mut self,
        tree: &Tree<'f>,
        path: &[ValueStep],
        with_below: bool,
    ) -> Option<String> {
        let mut text = String::new();
        for (start, section) in tree.outline.headers_below(path) {
            if !with_below && section.path != path {
                continue;
            }
            let before = tree.body.get(..start)?;
            let mut above = before.lines().rev();
            let above = above.find(|line| !line.trim_start().starts_with('#'));
            if above.is_some_and(|line| line.trim().is_empty()) {
                text.push_str(self.assembly.line_end);
            }
            text.push_str(&self.assembly.take_comments(start));
            text.push_str(
                &self
                    .assembly
                    .whole_lines(tree.body.get(start..section.body)?),
            );
            for entry in tree.outline.entries_in(section) {
                let lines = entry.lines(tree.body);
                text.push_str(&self.assembly.take_comments(lines.start));
                text.push_str(&self.assembly.whole_lines(tree.body.get(lines)?));
            }
        }
        Some(text)
    }

    /// Returns where a table of theirs goes: behind the nearest before it that ours has.
    pub(super) fn place_as_in_theirs(
        &self,
        node: &MergedNode<'s>,
        path: &[ValueStep],
    ) -> Option<usize> {
        let own_start = self
            .theirs
            .outline
            .headers_below(path)
            .first()
            .map_or(0, |it| it.0);
        let mut places = Vec::new();
        for child in &node.children {
            if let (Some(ours), Some(theirs)) = (child.ours, child.theirs) {
                let found = self.theirs.outline.headers_below(&theirs.node.path);
                let end = self.ours.end_of(&ours.node.path);
                places.extend(found.first().and_then(|it| Some((it.0, end?))));
            }
        }
        for leaf in &node.leaves {
            // Tables of keys: where both sides have one under the same header.
            if let (Some(_), Some(theirs)) = (leaf.ours, leaf.theirs)
                && leaf.keys.len() > 1
            {
                let keys = leaf.keys.get(..1)?;
                let header = path_of(node.ours, keys);
                let lines = self.theirs.lines_of(&theirs.entry);
                let end = self.ours.end_of(&header);
                places.extend(lines.and_then(|lines| Some((lines.start, end?))));
            }
        }
        let before = places.into_iter().filter(|it| it.0 < own_start);
        if let Some((_, end)) = before.max() {
            return Some(end);
        }
        let section = self.ours.outline.section(&node.ours.path)?;
        if node.ours.path.is_empty() && self.ours.outline.last_in(section).is_none() {
            return Some(self.above_comments(section.end));
        }
        Some(self.ours.end_of_section(section))
    }

    /// Writes a table that is the value of an entry of ours anew, marked where a key is in conflict.
    fn inline_table(&mut self, node: &MergedNode<'s>, entry: &TomlPath) -> Option<()> {
        let depth = entry.len().checked_sub(node.ours.path.len())?;
        let render = self.render();
        let versions =
            ConflictVersion::ALL.map(|version| render.leaves(node, entry, depth, version));
        self.value_anew(entry, versions)
    }

    /// Writes the value of an entry of ours anew; marked where its versions differ.
    fn value_anew(&mut self, entry: &TomlPath, versions: [Option<String>; 3]) -> Option<()> {
        let [ours, base, theirs] = versions;
        let (ours, base, theirs) = (ours?, base?, theirs?);
        let found = self.ours.outline.entry(entry)?;
        if ours == theirs {
            self.assembly.replace(found.value_span.clone(), ours);
            return Some(());
        }
        let lines = found.lines(self.ours.body);
        let before = self.ours.body.get(lines.start..found.value_span.start)?;
        let behind = self.ours.body.get(found.value_span.end..lines.end)?;
        let line = |value: &str| {
            self.assembly
                .whole_lines(&format!("{before}{value}{behind}"))
        };
        let (ours, base, theirs) = (line(&ours), line(&base), line(&theirs));
        self.assembly.conflict_anew(lines, &ours, &base, &theirs);
        Some(())
    }

    /// Marks a table such as `custom` whole, which one side deleted.
    fn table_in_conflict(&mut self, node: &MergedNode<'s>, name: &str) -> Option<()> {
        let name = [name.to_owned()];
        let text = |node: Option<&TableNode>, tree: Option<&Tree<'f>>| match (node, tree) {
            (Some(node), Some(tree)) => {
                let span = table_span(tree, &path_of(node, &name))?;
                Some(self.assembly.whole_lines(tree.body.get(span)?))
            }
            _ => Some(String::new()),
        };
        let base = text(node.base, self.base)?;
        let theirs = text(Some(node.theirs), Some(self.theirs))?;
        let path = path_of(node.ours, &name);
        let mut range = table_span(self.ours, &path)?;
        if range.is_empty() {
            let their_path = path_of(node.theirs, &name);
            let at = if self.theirs.outline.section(&their_path).is_some() {
                self.place_as_in_theirs(node, &their_path)?
            } else {
                let section = self.ours.outline.section(&node.ours.path)?;
                match self.ours.outline.last_in(section) {
                    Some(last) => last.lines(self.ours.body).end,
                    None => self.start_of(node)?.at,
                }
            };
            range = at..at;
        }
        self.assembly.conflict(range, &base, &theirs);
        Some(())
    }

    /// Writes the tables of lists.
    fn children(&mut self, node: &MergedNode<'s>) -> Option<()> {
        let mut done: Vec<&TomlPath> = Vec::new();
        // Behind which byte new tables of a list go: behind the last of ours that stays.
        let mut last: HashMap<&str, usize> = HashMap::new();
        for child in &node.children {
            if let Some(ours) = child.ours
                && !(child.outcome == PlaceOutcome::Theirs && child.merged.is_none())
                && let Some(end) = self.ours.end_of(&ours.node.path)
            {
                let last = last.entry(&ours.kind).or_default();
                *last = end.max(*last);
            }
        }
        for child in &node.children {
            let kind = &child.ours.or(child.theirs).or(child.base)?.kind;
            let of_kind = |it: &&Child| it.kind == *kind;
            if let Some(list) = node.ours.children.iter().find(of_kind)
                && let Some(entry) = &list.inline
            {
                // A list that is a value is written anew as one.
                if !done.contains(&entry) {
                    done.push(entry);
                    let of_kind = |it: &&MergedChild<'s>| {
                        let child = it.ours.or(it.theirs).or(it.base);
                        child.is_some_and(|it| it.kind == *kind)
                    };
                    self.inline_list(entry, node.children.iter().filter(of_kind))?;
                }
                continue;
            }
            if let Some(merged) = &child.merged {
                self.node(merged)?;
                continue;
            }
            match (&child.outcome, child.ours, child.theirs) {
                (PlaceOutcome::Theirs, Some(ours), None) => self.removed(ours)?,
                (PlaceOutcome::Theirs, None, Some(theirs)) => {
                    let at = self.place_of_child(node, theirs, &mut last)?;
                    let text = self.child_text(self.theirs, theirs)?;
                    self.assembly.insert(at, text);
                }
                (PlaceOutcome::Conflict, ours, theirs) => {
                    let range = match (ours, theirs) {
                        (Some(ours), _) => self.ours.block(&ours.node.path)?,
                        (None, theirs) => {
                            let at = self.place_of_child(node, theirs?, &mut last)?;
                            at..at
                        }
                    };
                    let base = match (self.base, child.base) {
                        (Some(tree), Some(base)) => self.block_text(tree, base)?,
                        _ => String::new(),
                    };
                    let theirs = match theirs {
                        Some(theirs) => self.block_text(self.theirs, theirs)?,
                        None => String::new(),
                    };
                    self.assembly.conflict(range, &base, &theirs);
                }
                _ => {}
            }
        }
        Some(())
    }

    /// Returns where a table of a list goes, and remembers it for the next of its kind.
    fn place_of_child(
        &self,
        node: &MergedNode<'s>,
        theirs: &'s Child,
        last: &mut HashMap<&'s str, usize>,
    ) -> Option<usize> {
        if let Some(at) = last.get(&*theirs.kind) {
            return Some(*at);
        }
        let at = self.place_as_in_theirs(node, &theirs.node.path)?;
        last.insert(&theirs.kind, at);
        Some(at)
    }

    /// Takes a table of ours out, but not the comments in it, which are counted by themselves.
    fn removed(&mut self, ours: &Child) -> Option<()> {
        let body = self.ours.body;
        for (start, section) in self.ours.outline.headers_below(&ours.node.path) {
            let before = body.get(..start)?;
            let blank = before.split_inclusive('\n').rev();
            let blank = blank.take_while(|line| line.trim().is_empty());
            let from = start - blank.map(str::len).sum::<usize>();
            self.assembly.replace(from..section.body, String::new());
            for entry in self.ours.outline.entries_in(section) {
                self.assembly.replace(entry.lines(body), String::new());
            }
        }
        Some(())
    }

    /// Returns a table of a list as it is written under headers, comments that come with it above.
    fn child_text(&mut self, tree: &Tree<'f>, child: &Child) -> Option<String> {
        if child.inline.is_none() {
            return self.sections_text(tree, &child.node.path, true);
        }
        self.under_header(tree, child)
    }

    /// Returns a table of a list with everything in it, as it stands in a version.
    fn block_text(&self, tree: &Tree<'f>, child: &Child) -> Option<String> {
        if child.inline.is_some() {
            return self.under_header(tree, child);
        }
        let lines = tree.body.get(tree.block(&child.node.path)?)?;
        Some(self.assembly.whole_lines(lines))
    }

    /// Returns a table that is written as a value with a header and lines.
    fn under_header(&self, tree: &Tree<'f>, child: &Child) -> Option<String> {
        let keys = child.node.path.iter().filter_map(|step| match step {
            ValueStep::Key(key) => Some(quoted_key(key)),
            ValueStep::Index(_) => None,
        });
        let header = format!("[[{}]]", keys.collect::<Vec<_>>().join("."));
        let mut text = self.assembly.whole_lines(&header);
        for leaf in &child.node.leaves {
            let path = path_of(&child.node, &leaf.keys);
            let value = tree.body.get(leaf.span.clone())?;
            text.push_str(&self.new_line(&path, child.node.path.len(), value)?);
        }
        child.node.children.is_empty().then_some(text)
    }

    /// Writes a list of tables that is the value of an entry of ours anew, if anything in it changes.
    fn inline_list<'c>(
        &mut self,
        entry: &TomlPath,
        children: impl Iterator<Item = &'c MergedChild<'s>>,
    ) -> Option<()>
    where
        's: 'c,
    {
        let children: Vec<_> = children.collect();
        if children.iter().all(|it| it.is_ours()) {
            return Some(());
        }
        let render = self.render();
        let versions = ConflictVersion::ALL.map(|version| render.list(&children, version));
        self.value_anew(entry, versions)
    }
}

/// Returns where a table of keys stands, however written: an empty range where there is none, `None`
/// where something else stands between its parts.
fn table_span(tree: &Tree<'_>, path: &[ValueStep]) -> Option<Range<usize>> {
    let outline = &tree.outline;
    let is_own = |it: &[ValueStep]| it.starts_with(path);
    let entries: Vec<Range<usize>> = outline
        .entries_below(path)
        .map(|it| it.lines(tree.body))
        .collect();
    let headers = outline.headers_below(path);
    let starts = entries
        .iter()
        .map(|it| it.start)
        .chain(headers.iter().map(|it| it.0));
    let ends = entries
        .iter()
        .map(|it| it.end)
        .chain(headers.iter().map(|it| it.1.body));
    let (Some(start), Some(end)) = (starts.min(), ends.max()) else {
        return Some(0..0);
    };
    let entries = outline.entries_between(start..end);
    let sections = outline.sections_between(start..end);
    let is_whole =
        entries.iter().all(|it| is_own(&it.path)) && sections.iter().all(|it| is_own(&it.path));
    is_whole.then_some(start..end)
}
