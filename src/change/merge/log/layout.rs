//! The merged log as text: ours, with what comes of theirs in its place.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt as _};

use super::MergeSide;
use super::rules::{MergeFate, MergePlan, RowOutcome, Union};
use super::values::{EMPTY, MergeValues, cell_of, with_line_feeds};
use crate::change::merge::ConflictMarks;
use crate::change::merge::counting::remaining;
use crate::edit::csv_outline::{LogOutline, OutlineRow};
use crate::edit::csv_row::{format_cell, format_row};
use crate::source::Cut as _;

/// All that a merged log is written from.
pub(super) struct Layout<'l, 'a> {
    pub(super) values: &'l MergeValues<'a>,
    pub(super) base: Option<&'l MergeSide<'a>>,
    pub(super) ours: &'l MergeSide<'a>,
    pub(super) theirs: &'l MergeSide<'a>,
    pub(super) plan: &'l MergePlan,
    pub(super) marks: &'l ConflictMarks,
}

/// A line of a log that is no row.
struct OtherLine<'a> {
    line: &'a str,
    /// The row that it stands above; `None` behind the last.
    above: Option<usize>,
}

/// Where a comment of theirs goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Above {
    Header,
    /// A row of theirs that comes in, or is united with one of ours.
    Theirs(usize),
    /// A row of ours that theirs has too.
    Ours(usize),
}

/// Comments of theirs that come in, and which of ours stay.
#[derive(Default)]
struct Comments<'a> {
    above: HashMap<AboveKey, Vec<&'a str>>,
    at_end: Vec<&'a str>,
    /// For each line of ours that is no row, whether it goes.
    goes: Vec<bool>,
}

type AboveKey = (u8, usize);

impl Above {
    fn key(self) -> AboveKey {
        match self {
            Self::Header => (0, 0),
            Self::Theirs(row) => (1, row),
            Self::Ours(row) => (2, row),
        }
    }
}

/// A piece of theirs that is written between rows of ours.
struct Insertion {
    /// Behind how many rows of ours.
    gap: usize,
    date: String,
    row: usize,
}

impl<'a> Layout<'_, 'a> {
    /// Returns the merged log.
    pub(super) fn text(&self) -> String {
        let text = self.ours.text();
        let header = &self.ours.log.header;
        let line_end = line_end_of(text, header);
        let columns = self.columns();
        let writer = LayoutWriter {
            layout: self,
            columns: &columns,
            ours_kept: columns == self.ours.columns,
            theirs_kept: columns == self.theirs.columns,
            line_end,
        };
        let header_leads = leads(text, header, None);
        let mut our_leads: Vec<OtherLine<'a>> = header_leads;
        let header_count = our_leads.len();
        for (at, row) in self.ours.log.rows.iter().enumerate() {
            our_leads.extend(leads(text, row, Some(at)));
        }
        our_leads.extend(lines(text, self.ours.log.tail_start..text.len(), None));
        let comments = self.comments(&our_leads);
        let (insertions, at_end) = self.insertions();

        let mut out = String::with_capacity(text.len() + self.theirs.text().len() / 8);
        if text.starts_with('\u{feff}') {
            out.push('\u{feff}');
        }
        let mut leads = our_leads.iter().zip(&comments.goes);
        for (lead, goes) in leads.by_ref().take(header_count) {
            push_unless(&mut out, lead.line, *goes, line_end);
        }
        push_comments(&mut out, &comments, Above::Header, line_end);
        writer.push_header(&mut out);
        let mut leads = leads.peekable();
        let mut insertions = insertions.into_iter().peekable();
        for at in 0..=self.ours.log.rows.len() {
            while let Some(found) = insertions.next_if(|it| it.gap == at) {
                writer.push_theirs(&mut out, found.row, &comments);
            }
            let Some(row) = self.ours.log.rows.get(at) else {
                break;
            };
            while let Some((lead, goes)) = leads.next_if(|it| it.0.above == Some(at)) {
                push_unless(&mut out, lead.line, *goes, line_end);
            }
            writer.push_ours(&mut out, at, row, &comments);
        }
        for (lead, goes) in leads {
            push_unless(&mut out, lead.line, *goes, line_end);
        }
        for row in at_end {
            writer.push_theirs(&mut out, row, &comments);
        }
        for comment in &comments.at_end {
            push_line(&mut out, comment, line_end);
        }
        out
    }

    /// Returns the result's columns: ours, then those of theirs that ours lacks.
    ///
    /// One that ours dropped stays dropped unless a new or changed row of theirs fills it.
    fn columns(&self) -> Vec<u32> {
        let ours = &self.ours.columns;
        let base = self.base.map_or(&[][..], |base| &base.columns);
        let lacking = self.theirs.columns.iter().filter(|it| !ours.contains(it));
        let (dropped, new): (Vec<u32>, Vec<u32>) =
            lacking.copied().partition(|it| base.contains(it));
        let is_wanted = |column: &u32| new.contains(column) || self.fills(*column);
        let their_columns = self.theirs.columns.iter().copied();
        let added =
            their_columns.filter(|it| (new.contains(it) || dropped.contains(it)) && is_wanted(it));
        ours.iter().copied().chain(added).collect()
    }

    /// Tells whether a row of theirs that is new or changed there has a cell in a column.
    fn fills(&self, column: u32) -> bool {
        let fates = self.plan.theirs.iter().zip(&self.theirs.rows);
        let mut new =
            fates.filter(|(fate, _)| matches!(fate, MergeFate::Comes | MergeFate::United(_)));
        new.any(|(_, value)| {
            value.is_some_and(|value| cell_of(self.values.cells(value), column) != EMPTY)
        })
    }

    /// Counts comments as rows are counted, and finds places for those that come in.
    fn comments(&self, our_leads: &[OtherLine<'a>]) -> Comments<'a> {
        let mut counts: HashMap<&str, [usize; 3]> = HashMap::new();
        let their_leads = self.theirs.all_leads();
        let base_leads = self.base.map(MergeSide::all_leads).unwrap_or_default();
        let sides = [&base_leads[..], our_leads, &their_leads];
        for (side, leads) in sides.into_iter().enumerate() {
            for comment in leads.iter().filter_map(|lead| comment_of(lead.line)) {
                counts.entry(comment).or_default()[side] += 1;
            }
        }
        // How many of each are to go, from the last of ours, or to come, from the last of theirs.
        let mut change: HashMap<&str, (usize, usize)> = counts
            .into_iter()
            .filter_map(|(comment, [base, ours, theirs])| {
                let left = remaining(base, ours, theirs);
                let change = (ours.saturating_sub(left), left.saturating_sub(ours));
                (change != (0, 0)).then_some((comment, change))
            })
            .collect();
        let mut comments = Comments {
            goes: vec![false; our_leads.len()],
            ..Comments::default()
        };
        if change.is_empty() {
            return comments;
        }
        for (lead, goes) in our_leads.iter().zip(&mut comments.goes).rev() {
            let change = comment_of(lead.line).and_then(|it| change.get_mut(it));
            if let Some((going, _)) = change.filter(|it| it.0 > 0) {
                *going -= 1;
                *goes = true;
            }
        }
        let header_count = self.theirs.header_leads().len();
        let mut coming = Vec::new();
        for (at, lead) in their_leads.iter().enumerate().rev() {
            let Some(comment) = comment_of(lead.line) else {
                continue;
            };
            if let Some((_, count)) = change.get_mut(comment).filter(|it| it.1 > 0) {
                *count -= 1;
                coming.push((at, lead, comment));
            }
        }
        for (at, lead, comment) in coming.into_iter().rev() {
            let above = if at < header_count {
                Some(Above::Header)
            } else {
                lead.above.and_then(|row| self.place_of(row))
            };
            match above {
                Some(above) => comments.above.entry(above.key()).or_default().push(comment),
                None => comments.at_end.push(comment),
            }
        }
        comments
    }

    /// Returns where a comment above a row of theirs goes, if that row is new.
    fn place_of(&self, row: usize) -> Option<Above> {
        match self.plan.theirs[row] {
            MergeFate::Comes | MergeFate::United(_) => Some(Above::Theirs(row)),
            MergeFate::Stays(place) => Some(Above::Ours(place)),
            MergeFate::Goes => None,
        }
    }

    /// Returns the rows of theirs that come in, and the marks of rows that ours deleted: those between
    /// rows of ours, and those at the end.
    fn insertions(&self) -> (Vec<Insertion>, Vec<usize>) {
        let comes = |row: &usize| self.plan.theirs[*row] == MergeFate::Comes;
        let is_deleted = |row: &usize| match self.plan.theirs[*row] {
            MergeFate::United(union) => self.plan.unions[union].ours.is_none(),
            _ => false,
        };
        let rows = || 0..self.theirs.rows.len();
        let coming = rows().filter(comes).chain(rows().filter(is_deleted));
        let Some(dates) = self.dates_in_order() else {
            return (Vec::new(), coming.collect());
        };
        let (places, dates): (Vec<usize>, Vec<&str>) = dates.into_iter().unzip();
        let place = |row: usize| {
            let value = self.theirs.rows[row].expect("a row that comes in has a value");
            let date = self.values.cell_text(value, self.values.date);
            let before = dates.partition_point(|it| *it <= date);
            Insertion {
                gap: before.checked_sub(1).map_or(0, |last| places[last] + 1),
                date: date.to_owned(),
                row,
            }
        };
        let mut insertions: Vec<Insertion> = coming.map(place).collect();
        insertions.sort_by(|a, b| (a.gap, &a.date).cmp(&(b.gap, &b.date)));
        (insertions, Vec::new())
    }

    /// Returns the places and dates of ours' rows, if they are in the order of their dates.
    fn dates_in_order(&self) -> Option<Vec<(usize, &str)>> {
        let rows = self.ours.rows.iter().enumerate();
        let rows = rows.filter_map(|(row, value)| Some((row, (*value)?)));
        let date = |value| self.values.cell_text(value, self.values.date);
        let dates: Vec<(usize, &str)> = rows.map(|(row, value)| (row, date(value))).collect();
        dates.is_sorted_by_key(|it| it.1).then_some(dates)
    }
}

impl<'a> MergeSide<'a> {
    fn header_leads(&self) -> Vec<OtherLine<'a>> {
        leads(self.text(), &self.log.header, None)
    }

    fn all_leads(&self) -> Vec<OtherLine<'a>> {
        let text = self.text();
        let mut all = self.header_leads();
        for (at, row) in self.log.rows.iter().enumerate() {
            all.extend(leads(text, row, Some(at)));
        }
        all.extend(lines(text, self.log.tail_start..text.len(), None));
        all
    }
}

/// Returns the lines above a row that are none.
fn leads<'a>(text: &'a str, row: &OutlineRow, above: Option<usize>) -> Vec<OtherLine<'a>> {
    lines(text, row.lead_start..row.span.start, above)
}

fn lines(text: &str, range: std::ops::Range<usize>, above: Option<usize>) -> Vec<OtherLine<'_>> {
    let part = text.get(range).expect("a record lies in its text");
    let part = part.strip_prefix('\u{feff}').unwrap_or(part);
    let lines = part.split_inclusive('\n');
    lines.map(|line| OtherLine { line, above }).collect()
}

/// Returns a comment's text; `None` of a blank line.
fn comment_of(line: &str) -> Option<&str> {
    let line = line.trim_end_matches(['\n', '\r']);
    line.starts_with('#').then_some(line)
}

/// Returns a log's text, its last line with its end.
pub(super) fn whole_lines(log: &LogOutline<'_>) -> String {
    let mut text = log.text.to_owned();
    if !text.ends_with('\n') {
        text.push_str(line_end_of(log.text, &log.header));
    }
    text
}

fn line_end_of(text: &str, header: &OutlineRow) -> &'static str {
    let found = text.cut(header.span.end..header.next);
    if found == "\r\n" { "\r\n" } else { "\n" }
}

fn push_unless(out: &mut String, line: &str, goes: bool, line_end: &str) {
    if goes {
        return;
    }
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str(line_end);
    }
}

fn push_line(out: &mut String, line: &str, line_end: &str) {
    out.push_str(line);
    out.push_str(line_end);
}

fn push_comments(out: &mut String, comments: &Comments<'_>, above: Above, line_end: &str) {
    for comment in comments.above.get(&above.key()).into_iter().flatten() {
        push_line(out, comment, line_end);
    }
}

/// Writes rows under the result's header.
struct LayoutWriter<'l, 'a> {
    layout: &'l Layout<'l, 'a>,
    columns: &'l [u32],
    /// Whether rows of a side keep their bytes, since its header is the result's.
    ours_kept: bool,
    theirs_kept: bool,
    line_end: &'static str,
}

impl LayoutWriter<'_, '_> {
    fn push_header(&self, out: &mut String) {
        let ours = self.layout.ours;
        let bytes = ours.text().get(ours.log.header.span.clone());
        out.push_str(bytes.expect("the header is in its log"));
        for column in self.columns.iter().skip(ours.columns.len()) {
            out.push(',');
            out.push_str(&format_cell(self.layout.values.column_name(*column)));
        }
        out.push_str(self.line_end);
    }

    /// Writes what became of a row of ours, in its place.
    fn push_ours(&self, out: &mut String, at: usize, row: &OutlineRow, comments: &Comments<'_>) {
        push_comments(out, comments, Above::Ours(at), self.line_end);
        let side = self.layout.ours;
        let end = (side.text().get(row.span.end..row.next))
            .expect("a row ends before the next one begins");
        let end = if end.is_empty() { self.line_end } else { end };
        if side.rows[at].is_none() {
            // A blank line of empty cells is as wide as the header.
            let blank = self.row_of(side, at, self.ours_kept);
            out.push_str(&blank);
            return out.push_str(end);
        }
        match self.layout.plan.ours[at] {
            MergeFate::Stays(_) => {
                out.push_str(&self.row_of(side, at, self.ours_kept));
                out.push_str(end);
            }
            MergeFate::United(union) => {
                let union = &self.layout.plan.unions[union];
                if let Some(theirs) = union.theirs {
                    push_comments(out, comments, Above::Theirs(theirs), self.line_end);
                }
                self.push_union(out, union);
            }
            MergeFate::Goes | MergeFate::Comes => {}
        }
    }

    /// Writes a row of theirs that comes in, or the marks of one that ours deleted.
    fn push_theirs(&self, out: &mut String, at: usize, comments: &Comments<'_>) {
        push_comments(out, comments, Above::Theirs(at), self.line_end);
        if let MergeFate::United(union) = self.layout.plan.theirs[at] {
            self.push_union(out, &self.layout.plan.unions[union]);
        } else {
            let row = self.row_of(self.layout.theirs, at, self.theirs_kept);
            push_line(out, &row, self.line_end);
        }
    }

    fn push_union(&self, out: &mut String, union: &Union) {
        let line = |row: Cow<'_, str>| row.into_owned() + self.line_end;
        let base = || {
            let (side, row) = (self.layout.base?, union.base?);
            Some(line(self.row_of(side, row, side.columns == self.columns)))
        };
        let (ours, theirs) = match &union.outcome {
            RowOutcome::Row(cells) => return out.push_str(&line(self.formatted(cells).into())),
            RowOutcome::Conflict(ours, theirs) => (
                line(self.version(self.layout.ours, union.ours, ours)),
                line(self.version(self.layout.theirs, union.theirs, theirs)),
            ),
            RowOutcome::Deleted => {
                let whole = |side, row: Option<usize>, kept| {
                    row.map_or_else(String::new, |row| line(self.row_of(side, row, kept)))
                };
                (
                    whole(self.layout.ours, union.ours, self.ours_kept),
                    whole(self.layout.theirs, union.theirs, self.theirs_kept),
                )
            }
        };
        let marks = self.layout.marks;
        out.push_str(&marks.around(&ours, base().as_deref(), &theirs, self.line_end));
    }

    /// Returns one version of a row in conflict: the side's own bytes where it is the side's own row.
    fn version<'s>(
        &self,
        side: &MergeSide<'s>,
        row: Option<usize>,
        cells: &[(u32, u32)],
    ) -> Cow<'s, str> {
        let own = row.filter(|row| {
            let value = side.rows[*row];
            value.is_some_and(|value| self.layout.values.cells(value) == cells)
        });
        match own {
            Some(row) => self.row_of(side, row, side.columns == self.columns),
            None => Cow::Owned(self.formatted(cells)),
        }
    }

    /// Returns a row of a side: its own bytes, or its cells under the result's header.
    fn row_of<'s>(&self, side: &MergeSide<'s>, at: usize, is_kept: bool) -> Cow<'s, str> {
        let row = &side.log.rows[at];
        if is_kept {
            let bytes = side.text().get(row.span.clone());
            return Cow::Borrowed(bytes.expect("a row is in its log"));
        }
        let cells: Vec<Cow<'_, str>> = self
            .columns
            .iter()
            .map(|column| {
                let place = side.columns.iter().position(|it| it == column);
                place.map_or(Cow::Borrowed(""), |place| side.log.content(row, place))
            })
            .map(|cell| match self.line_end {
                "\n" => with_line_feeds(cell),
                _ => cell,
            })
            .collect();
        Cow::Owned(format_row(&cells))
    }

    fn formatted(&self, cells: &[(u32, u32)]) -> String {
        let content = |column: &u32| self.layout.values.content(cell_of(cells, *column));
        let cells: Vec<&str> = self.columns.iter().map(content).collect();
        format_row(&cells)
    }
}
