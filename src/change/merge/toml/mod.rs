//! Files of customers and staff, key by key.
//!
//! `tree` reads what a file says, `plan` decides on each place of three versions, `splice` writes the
//! changes of theirs into ours.

mod assembly;
mod new_keys;
mod plan;
mod render;
mod splice;
mod tree;

use std::borrow::Cow;

use toml_edit::Document;

use super::{
    ConflictMarks, MARKED, Merged, NotMerged, OURS, THEIRS, Versions, faults, is_conflict_mark,
    text_of,
};
use crate::source::Cut as _;
use crate::source::{CUSTOMERS, STAFF_FILE};
use crate::toml_syntax::parser_says;
use crate::words::say;
use assembly::Assembly;
use plan::MergedNode;
use splice::Splicer;
use tree::{TableSaid, Tree, TreeLevel};

/// What a TOML file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TomlKind {
    /// One customer, or many.
    Customers,
    /// The account managers.
    Staff,
}

impl TomlKind {
    fn level(self) -> TreeLevel {
        match self {
            Self::Customers => TreeLevel::Customers,
            Self::Staff => TreeLevel::Staff,
        }
    }

    /// Returns what a file of this kind is called in a book.
    fn path(self, stem: &str) -> String {
        match self {
            Self::Customers => format!("{CUSTOMERS}{stem}.toml"),
            Self::Staff => STAFF_FILE.to_owned(),
        }
    }
}

/// Merges the versions of a file of customers or staff.
///
/// `stem` is the file's name without its ending; `by_lines` git's own merge of lines where it is without
/// a conflict: if it says the same, it is the result.
///
/// # Errors
///
/// [`NotMerged`] where a side cannot be read, the result would have a fault that neither side has, or
/// the changes cannot be written into ours.
pub fn merge_toml(
    kind: TomlKind,
    stem: &str,
    versions: Versions<'_>,
    by_lines: Option<&str>,
    marks: &ConflictMarks,
) -> Result<Merged, NotMerged> {
    let text =
        |version, bytes| text_of(bytes).map_err(|reason| NotMerged::Unreadable { version, reason });
    let (ours, theirs) = (
        text(OURS.spoken(), versions.ours)?,
        text(THEIRS.spoken(), versions.theirs)?,
    );
    let our_body = without_mark(ours);
    let line_end = line_end_of(our_body);
    let their_body = with_line_ends(without_mark(theirs), line_end);
    let base_text = text_of(versions.base).ok();
    let base_body = base_text.map(|it| with_line_ends(without_mark(it), line_end));
    let parse =
        |version, body| parse(body).map_err(|reason| NotMerged::Unreadable { version, reason });
    let (our_document, their_document) = (
        parse(OURS.spoken(), our_body)?,
        parse(THEIRS.spoken(), &*their_body)?,
    );
    let base_document = base_body.as_deref().and_then(|body| self::parse(body).ok());
    let unmerged = |text: &str| Merged {
        text: text.to_owned(),
        conflicts: 0,
        notes: Vec::new(),
    };
    if versions.ours == versions.theirs || versions.theirs == versions.base {
        return Ok(unmerged(ours));
    }
    let level = kind.level();
    let our_tree = Tree::of(&our_document, level).ok_or(NotMerged::Entangled)?;
    let their_tree = Tree::of(&their_document, level).ok_or(NotMerged::Entangled)?;
    let base_tree = base_document.as_ref().and_then(|it| Tree::of(it, level));
    let base_root = base_tree.as_ref().map(|it| &it.root);
    let merged = MergedNode::of(base_root, &our_tree.root, &their_tree.root);
    let conflicts = merged.conflicts();
    let said = merged.said();
    let same_by_lines = by_lines.filter(|lines| conflicts == 0 && says(lines, level, &said));
    let text = if let Some(lines) = same_by_lines {
        lines.to_owned()
    } else {
        let base = base_tree.as_ref();
        let mut splicer = Splicer {
            base,
            ours: &our_tree,
            theirs: &their_tree,
            assembly: Assembly::new(base, &our_tree, &their_tree, line_end, marks),
        };
        splicer.node(&merged).ok_or(NotMerged::Entangled)?;
        let (text, plain) = splicer.assembly.finish().ok_or(NotMerged::Entangled)?;
        if !says(&plain, level, &said) {
            return Err(NotMerged::Entangled);
        }
        let mark = ours.cut(..ours.len() - our_body.len());
        format!("{mark}{text}")
    };
    if conflicts == 0
        && let Some(fault) = faults::new_in_toml(&kind.path(stem), &text, ours, theirs)
    {
        return Err(NotMerged::Fault(fault));
    }
    Ok(Merged {
        text,
        conflicts,
        notes: Vec::new(),
    })
}

/// Tells whether a text says this, and nothing else.
fn says(text: &str, level: TreeLevel, said: &TableSaid) -> bool {
    let document = Document::parse(without_mark(text)).ok();
    let tree = document.as_ref().and_then(|it| Tree::of(it, level));
    tree.is_some_and(|tree| TableSaid::of(&tree.root) == *said)
}

fn parse(body: &str) -> Result<Document<&str>, String> {
    Document::parse(body).map_err(|error| {
        if body.lines().any(is_conflict_mark) {
            return MARKED.spoken().to_owned();
        }
        let span = error.span().unwrap_or(0..0);
        let before = body.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let message = parser_says(error.message(), body.get(span).unwrap_or_default());
        let message = message.spoken();
        say!("line {line}: {message}", "第 {line} 行：{message}")
    })
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn line_end_of(body: &str) -> &'static str {
    match body.split_once('\n') {
        Some((first, _)) if first.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Returns a text with other line ends, so that what comes of it has ours'.
fn with_line_ends<'t>(body: &'t str, line_end: &str) -> Cow<'t, str> {
    if line_end == "\n" && !body.contains('\r') {
        return Cow::Borrowed(body);
    }
    Cow::Owned(body.replace("\r\n", "\n").replace('\n', line_end))
}
