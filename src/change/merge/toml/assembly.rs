//! Pieces of text in place of others, put together at the end.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt as _};

use super::tree::Tree;
use crate::change::merge::ConflictMarks;
use crate::change::merge::counting::remaining;
use crate::source::Cut as _;

/// A piece in place of some bytes of ours.
struct Replacement {
    range: Range<usize>,
    text: String,
    /// The same with ours in place of a conflict, so that it can be parsed.
    plain: String,
    /// Whether it may be passed over where its bytes are part of another edit.
    is_weak: bool,
}

/// The edits of a text, and the comments that are still to be placed.
pub(super) struct Assembly<'s> {
    body: &'s str,
    pub(super) line_end: &'static str,
    marks: &'s ConflictMarks,
    edits: Vec<Replacement>,
    /// Comments of theirs that come in, by where the line begins that they stand above.
    above: HashMap<usize, Vec<&'s str>>,
    /// The places of those above everything, and in what order all came.
    top: Vec<&'s str>,
    order: Vec<usize>,
    at_end: Vec<&'s str>,
    top_at: usize,
}

impl<'s> Assembly<'s> {
    /// Counts the comments of three versions as rows are counted, and begins with those that go.
    pub(super) fn new(
        base: Option<&Tree<'s>>,
        ours: &Tree<'s>,
        theirs: &Tree<'s>,
        line_end: &'static str,
        marks: &'s ConflictMarks,
    ) -> Self {
        let mut assembly = Self {
            body: ours.body,
            line_end,
            marks,
            edits: Vec::new(),
            above: HashMap::new(),
            top: Vec::new(),
            order: Vec::new(),
            at_end: Vec::new(),
            top_at: 0,
        };
        let of_base = base.map(Tree::comments).unwrap_or_default();
        let (of_ours, of_theirs) = (ours.comments(), theirs.comments());
        let mut counts: HashMap<&str, [usize; 3]> = HashMap::new();
        for (side, comments) in [&of_base, &of_ours, &of_theirs].into_iter().enumerate() {
            for comment in comments {
                counts.entry(comment.text).or_default()[side] += 1;
            }
        }
        let left = |[base, ours, theirs]: &[usize; 3]| remaining(*base, *ours, *theirs);
        let counts = || counts.iter();
        let going = counts().map(|(text, it)| (*text, it[1].saturating_sub(left(it))));
        let mut going: HashMap<&str, usize> = going.collect();
        let coming = counts().map(|(text, it)| (*text, left(it).saturating_sub(it[1])));
        let mut coming: HashMap<&str, usize> = coming.collect();
        let take = |counts: &mut HashMap<&str, usize>, text: &str| {
            let count = counts.get_mut(text).filter(|it| **it > 0);
            count.map(|it| *it -= 1).is_some()
        };
        for comment in of_ours.iter().rev() {
            if take(&mut going, comment.text) {
                assembly.edits.push(Replacement {
                    range: comment.span.clone(),
                    text: String::new(),
                    plain: String::new(),
                    is_weak: true,
                });
            }
        }
        let mut found: Vec<_> = of_theirs.iter().rev().collect();
        found.retain(|comment| take(&mut coming, comment.text));
        for comment in found.into_iter().rev() {
            match comment.above {
                _ if comment.is_top => assembly.top.push(comment.text),
                Some(above) => {
                    assembly.order.push(above);
                    assembly.above.entry(above).or_default().push(comment.text);
                }
                None => assembly.at_end.push(comment.text),
            }
        }
        let first_entry = ours.outline.entries().next();
        let first_entry = first_entry.map(|it| it.lines(ours.body).start);
        let first_header = ours.outline.headers().next().map(|it| it.0);
        let first = first_entry.into_iter().chain(first_header).min();
        assembly.top_at = first.unwrap_or(0);
        assembly
    }

    /// Returns lines with line ends of ours, the last one too.
    pub(super) fn whole_lines(&self, lines: &str) -> String {
        let mut lines = lines.to_owned();
        if !lines.is_empty() && !lines.ends_with('\n') {
            lines.push_str(self.line_end);
        }
        lines
    }

    /// Returns the comments that come in above a line of theirs, once.
    pub(super) fn take_comments(&mut self, at: usize) -> String {
        let comments = self.above.remove(&at).unwrap_or_default();
        comments.iter().map(|it| self.whole_lines(it)).collect()
    }

    /// Puts text in place of bytes of ours.
    pub(super) fn replace(&mut self, range: Range<usize>, text: String) {
        self.edits.push(Replacement {
            range,
            plain: text.clone(),
            text,
            is_weak: false,
        });
    }

    /// Adds lines where a line of ours begins.
    pub(super) fn insert(&mut self, at: usize, text: String) {
        if !text.is_empty() {
            self.replace(at..at, text);
        }
    }

    /// Marks lines of ours as in conflict with others.
    pub(super) fn conflict(&mut self, range: Range<usize>, base: &str, theirs: &str) {
        let ours = self.whole_lines(self.body.cut(range.clone()));
        self.conflict_anew(range, &ours, base, theirs);
    }

    /// Marks lines that stand in place of ours as in conflict with others.
    pub(super) fn conflict_anew(
        &mut self,
        range: Range<usize>,
        ours: &str,
        base: &str,
        theirs: &str,
    ) {
        self.edits.push(Replacement {
            range,
            text: self.marks.around(ours, Some(base), theirs, self.line_end),
            plain: ours.to_owned(),
            is_weak: false,
        });
    }

    /// Returns the text, and the same with ours in place of conflicts; `None` where edits overlap.
    pub(super) fn finish(mut self) -> Option<(String, String)> {
        let top = std::mem::take(&mut self.top);
        let top: String = top.iter().map(|it| self.whole_lines(it)).collect();
        let mut rest = String::new();
        for above in std::mem::take(&mut self.order) {
            rest.push_str(&self.take_comments(above));
        }
        let at_end = std::mem::take(&mut self.at_end);
        rest.extend(at_end.iter().map(|it| self.whole_lines(it)));
        let top_at = self.top_at;
        self.edits.insert(
            0,
            Replacement {
                range: top_at..top_at,
                plain: top.clone(),
                text: top,
                is_weak: false,
            },
        );
        // What is added at a byte stands before what takes its place.
        self.edits
            .sort_by_key(|it| (it.range.start, !it.range.is_empty(), it.is_weak));
        let (mut text, mut plain) = (String::new(), String::new());
        let mut done = 0;
        let mut is_taken_out = false;
        for edit in &self.edits {
            let is_behind = edit.range.start >= done;
            if !is_behind {
                // Blank lines before a header may be part of what went before.
                if edit.is_weak || edit.range.end <= done && edit.text.is_empty() {
                    continue;
                }
                // Where a table is taken out another may come in its place.
                if !(is_taken_out && edit.range.is_empty()) {
                    return None;
                }
            }
            let kept = if is_behind {
                self.body.get(done..edit.range.start)?
            } else {
                ""
            };
            for (out, new) in [(&mut text, &edit.text), (&mut plain, &edit.plain)] {
                out.push_str(kept);
                let is_at_line_start = out.is_empty() || out.ends_with('\n');
                if edit.range.is_empty() && !new.is_empty() && !is_at_line_start {
                    out.push_str(self.line_end);
                }
                out.push_str(new);
            }
            if is_behind {
                is_taken_out = edit.text.is_empty();
                done = edit.range.end;
            }
        }
        let kept = self.body.get(done..)?;
        for out in [&mut text, &mut plain] {
            out.push_str(kept);
            if !out.is_empty() && !out.ends_with('\n') {
                out.push_str(self.line_end);
            }
            out.push_str(&rest);
        }
        Some((text, plain))
    }
}
