//! A file of customers or staff as places with values: tables by what names them, and their keys.

use std::collections::BTreeMap;
use std::ops::Range;

use foldhash::{HashMap, HashMapExt as _};
use toml_edit::{Document, Item, TableLike, Value};

use crate::edit::toml_outline::{Outline, TomlPath, TomlSection};
use crate::edit::toml_value::{TomlMeaning, ValueStep};

/// What a table may hold: which lists of tables, and what names each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TreeLevel {
    Customers,
    Customer,
    Staff,
    Member,
    /// A person, a day, a training: nothing below it.
    Part,
}

/// The keys that name a table, the first that it has; none of them: its number.
const PERSON: &[&str] = &["name", "phone", "email"];

impl TreeLevel {
    /// Returns what the tables of a list are, and the keys that name them; `None` of no such list.
    fn below(self, key: &str) -> Option<(Self, &'static [&'static str])> {
        match (self, key) {
            (Self::Customers, "customer") => Some((Self::Customer, &["id"])),
            (Self::Customers | Self::Customer, "contact" | "date" | "competitor") => {
                Some((Self::Part, PERSON))
            }
            (Self::Staff, "staff") => Some((Self::Member, &["id"])),
            (Self::Member, "training") => Some((Self::Part, &["topic"])),
            _ => None,
        }
    }
}

/// What names a table among those of its list: which key, its value, and how many had it before.
pub(super) type Identity = (&'static str, String, usize);

/// A key that has a value, anywhere in a table but in a list of tables.
#[derive(Debug)]
pub(super) struct Leaf {
    /// The keys from the table on.
    pub(super) keys: Vec<String>,
    pub(super) meaning: TomlMeaning,
    /// Where its value stands.
    pub(super) span: Range<usize>,
    /// The line that it stands in, by the path of its `key = value`.
    pub(super) entry: TomlPath,
}

/// A table, with what is in it in the order of the text.
#[derive(Debug)]
pub(super) struct TableNode {
    pub(super) path: TomlPath,
    pub(super) leaves: Vec<Leaf>,
    pub(super) children: Vec<Child>,
}

/// A table of a list of tables.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) kind: String,
    pub(super) identity: Identity,
    pub(super) node: TableNode,
    /// The entry that holds the whole list, where it is written as a value.
    pub(super) inline: Option<TomlPath>,
}

/// A comment, or rather its line.
pub(super) struct Comment<'a> {
    pub(super) text: &'a str,
    pub(super) span: Range<usize>,
    /// Where the entry or header begins that it stands above; `None` behind the last.
    pub(super) above: Option<usize>,
    /// Whether it stands above everything.
    pub(super) is_top: bool,
}

/// A file that can be read.
pub(super) struct Tree<'f> {
    pub(super) body: &'f str,
    pub(super) outline: Outline<'f>,
    pub(super) root: TableNode,
}

impl<'f> Tree<'f> {
    pub(super) fn of(document: &'f Document<&'f str>, level: TreeLevel) -> Option<Self> {
        let outline = Outline::of(document);
        let walk = TreeWalk { outline: &outline };
        let root = walk.node(document.as_table(), &Vec::new(), level)?;
        Some(Self {
            body: document.raw(),
            outline,
            root,
        })
    }

    /// Returns all comments, in their order.
    pub(super) fn comments(&self) -> Vec<Comment<'f>> {
        let mut starts: Vec<usize> = self
            .outline
            .entries()
            .map(|it| it.lines(self.body).start)
            .chain(self.outline.headers().map(|it| it.0))
            .collect();
        starts.sort_unstable();
        let mut values = self
            .outline
            .entries()
            .map(|it| it.value_span.clone())
            .peekable();
        let mut comments = Vec::new();
        let mut start = 0;
        for line in self.body.split_inclusive('\n') {
            let span = start..start + line.len();
            start = span.end;
            while values.next_if(|it| it.end <= span.start).is_some() {}
            let is_in_value = values.peek().is_some_and(|it| it.start < span.start);
            if is_in_value || !line.trim_start().starts_with('#') {
                continue;
            }
            let next = starts.partition_point(|it| *it < span.start);
            comments.push(Comment {
                text: line.trim(),
                above: starts.get(next).copied(),
                is_top: next == 0,
                span,
            });
        }
        comments
    }

    /// Returns the lines of the entry at a path.
    pub(super) fn lines_of(&self, entry: &[ValueStep]) -> Option<Range<usize>> {
        self.outline.entry(entry).map(|it| it.lines(self.body))
    }

    /// Returns where what belongs to a table ends: the line behind its last entry or header.
    ///
    /// `None` where it has no header of its own.
    pub(super) fn end_of(&self, path: &[ValueStep]) -> Option<usize> {
        self.outline.section(path)?;
        let below = self.outline.headers_below(path);
        below.into_iter().map(|it| self.end_of_section(it.1)).max()
    }

    /// Returns the end of a section's last entry, or of its header.
    pub(super) fn end_of_section(&self, section: &TomlSection) -> usize {
        let last = self.outline.last_in(section);
        last.map_or(section.body, |it| it.lines(self.body).end)
    }

    /// Returns where a table with all below it stands, from its header to its last entry.
    ///
    /// `None` where something else stands between its parts.
    pub(super) fn block(&self, path: &[ValueStep]) -> Option<Range<usize>> {
        self.outline.section(path)?;
        let below = self.outline.headers_below(path);
        let neighbours = below.iter().zip(below.iter().skip(1));
        let are_neighbours = neighbours.clone().all(|(one, next)| one.1.end == next.0);
        let end = below.iter().map(|it| self.end_of_section(it.1)).max()?;
        are_neighbours.then_some(below.first()?.0..end)
    }
}

struct TreeWalk<'w, 'f> {
    outline: &'w Outline<'f>,
}

impl TreeWalk<'_, '_> {
    /// Reads a table; `None` where something in it stands nowhere in the text.
    fn node(&self, table: &dyn TableLike, path: &TomlPath, level: TreeLevel) -> Option<TableNode> {
        let mut node = TableNode {
            path: path.clone(),
            leaves: Vec::new(),
            children: Vec::new(),
        };
        for (key, item) in table.iter() {
            let mut below = path.clone();
            below.push(ValueStep::Key(key.to_owned()));
            match (level.below(key), item) {
                (Some(kind), Item::ArrayOfTables(tables)) => {
                    let tables = tables.iter().map(|it| it as &dyn TableLike);
                    self.children(&mut node, key, tables, &below, kind, false)?;
                }
                (Some(kind), Item::Value(Value::Array(array)))
                    if array.iter().all(Value::is_inline_table) =>
                {
                    let tables = array.iter().filter_map(Value::as_inline_table);
                    let tables = tables.map(|it| it as &dyn TableLike);
                    self.children(&mut node, key, tables, &below, kind, true)?;
                }
                _ => self.leaves(item, &below, path.len(), &mut node.leaves)?,
            }
        }
        node.leaves.sort_by_key(|leaf| leaf.span.start);
        Some(node)
    }

    fn children<'t>(
        &self,
        node: &mut TableNode,
        key: &str,
        tables: impl Iterator<Item = &'t dyn TableLike>,
        path: &TomlPath,
        (level, names): (TreeLevel, &'static [&'static str]),
        is_inline: bool,
    ) -> Option<()> {
        let mut seen: HashMap<(&str, String), usize> = HashMap::new();
        for (number, table) in tables.enumerate() {
            let mut path_of = path.clone();
            path_of.push(ValueStep::Index(number));
            let found = names.iter().find_map(|name| {
                let value = table.get(name)?;
                let text = value.as_str().map(str::to_owned);
                let text = text.or_else(|| Some(format!("{:?}", meaning_of(value)?)));
                Some((*name, text.filter(|it| !it.is_empty())?))
            });
            let (name, text) = found.unwrap_or_else(|| ("", (number + 1).to_string()));
            let count = seen.entry((name, text.clone())).or_default();
            let identity = (name, text, *count);
            *count += 1;
            node.children.push(Child {
                kind: key.to_owned(),
                identity,
                node: self.node(table, &path_of, level)?,
                inline: is_inline.then(|| path.clone()),
            });
        }
        Some(())
    }

    /// Reads what stands below a key of a table.
    fn leaves(
        &self,
        item: &Item,
        path: &TomlPath,
        above: usize,
        leaves: &mut Vec<Leaf>,
    ) -> Option<()> {
        if let Some(table) = item.as_table_like() {
            for (key, item) in table.iter() {
                let mut below = path.clone();
                below.push(ValueStep::Key(key.to_owned()));
                self.leaves(item, &below, above, leaves)?;
            }
            return Some(());
        }
        let keys = path.iter().skip(above).filter_map(|step| match step {
            ValueStep::Key(key) => Some(key.clone()),
            ValueStep::Index(_) => None,
        });
        // Of a list of tables that no customer has, only what it means is known.
        let value = item.as_value();
        let span = value.map_or(Some(usize::MAX..usize::MAX), Value::span)?;
        let entry = (above..=path.len())
            .filter_map(|length| path.get(..length))
            .find(|it| self.outline.entry(it).is_some());
        // What stands inside a list written as a value has the list's line.
        let entry = entry.map(<[ValueStep]>::to_vec).or_else(|| {
            let mut lengths = (1..above).rev().filter_map(|length| path.get(..length));
            let found = lengths.find(|it| self.outline.entry(it).is_some());
            found.map(<[ValueStep]>::to_vec)
        });
        leaves.push(Leaf {
            keys: keys.collect(),
            meaning: meaning_of(item)?,
            span,
            entry: entry.unwrap_or_default(),
        });
        Some(())
    }
}

fn meaning_of(item: &Item) -> Option<TomlMeaning> {
    match item {
        Item::Value(value) => Some(TomlMeaning::of_value(value)),
        Item::ArrayOfTables(tables) => Some(TomlMeaning::List(
            tables.iter().map(TomlMeaning::of_table).collect(),
        )),
        Item::Table(_) | Item::None => None,
    }
}

/// What a table says, without its form and order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TableSaid {
    pub(super) leaves: BTreeMap<Vec<String>, String>,
    pub(super) children: BTreeMap<String, Vec<TableSaid>>,
}

impl TableSaid {
    pub(super) fn of(node: &TableNode) -> Self {
        let mut said = Self::default();
        for leaf in &node.leaves {
            said.say(leaf.keys.clone(), &leaf.meaning);
        }
        for child in &node.children {
            said.add(child.kind.clone(), Self::of(&child.node));
        }
        said.sort();
        said
    }

    pub(super) fn say(&mut self, keys: Vec<String>, meaning: &TomlMeaning) {
        self.leaves.insert(keys, format!("{meaning:?}"));
    }

    pub(super) fn add(&mut self, kind: String, said: Self) {
        self.children.entry(kind).or_default().push(said);
    }

    pub(super) fn sort(&mut self) {
        self.children.values_mut().for_each(|it| it.sort());
    }
}
