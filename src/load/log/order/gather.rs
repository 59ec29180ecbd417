//! From the readers' rows to each customer's rows in order, with refs resolved.
//!
//! A part holds the rows of some hundred customers, so that sorting it stays within a core's cache. Rows
//! of one customer keep the order of files and lines, whichever reader had them, unless their
//! days and times say otherwise.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use foldhash::HashMap;

use crate::diagnostic::nearest;
use crate::load::log::read::{PartRows, RefKey, SeenRows};
use crate::model::{
    Detail, Family, Interaction, KindTable, LogPart, NONE, Origin, Reference, Role, RowHash,
    UnkeptRows,
};
use crate::parallel;

/// What is wrong with a ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::load::log) enum LinkFault {
    /// No row of the customer owns it.
    Unknown,
    /// An earlier row owns it already.
    Twice,
    /// The row that it names is dated later.
    Before,
}

/// A row whose ref is wrong.
#[derive(Clone, Debug)]
pub(in crate::load::log) struct BrokenLink {
    pub(in crate::load::log) fault: LinkFault,
    pub(in crate::load::log) family: Family,
    pub(in crate::load::log) customer: u32,
    /// The row's kind, as the kind table counts it.
    pub(in crate::load::log) kind: u8,
    /// Where the row stands.
    pub(in crate::load::log) origin: Origin,
    /// The other row: the first owner, or the later one.
    pub(in crate::load::log) other: Option<Origin>,
    /// The nearest of the customer's refs of that family, if one is near.
    pub(in crate::load::log) near: Option<Box<str>>,
}

/// The most wrong refs of a part that are described; each costs a look into its file.
pub(in crate::load::log) const MOST_DESCRIBED: usize = 200;

/// Of how many refs at most the nearest is looked for.
const MOST_COMPARED: usize = 2000;

/// What all parts have in common.
pub(in crate::load::log) struct Common<'r> {
    /// For each log, how many lines stand before each of its blocks.
    pub(in crate::load::log) block_lines: &'r [Vec<u64>],
    /// For each reader, the number in the book of each of its topics.
    pub(in crate::load::log) topics_of: &'r [Vec<u32>],
    /// What each reader knows of rows that were not kept.
    pub(in crate::load::log) seen: &'r [SeenRows],
    /// The customers of each part.
    pub(in crate::load::log) runs: Vec<Range<usize>>,
}

/// What became of all parts.
pub(in crate::load::log) struct Gathered<T> {
    /// What was made of each.
    pub(in crate::load::log) taken: Vec<T>,
    /// How many rows they had.
    pub(in crate::load::log) row_count: usize,
    pub(in crate::load::log) broken_links: Vec<BrokenLink>,
    /// How many more there are, by what is wrong and in which log.
    pub(in crate::load::log) more_broken: BTreeMap<(LinkFault, u32), usize>,
}

/// Gathers every part, of which each reader has some rows, and hands it to `take`.
pub(in crate::load::log) fn gather<T: Send>(
    parts: Vec<Vec<PartRows>>,
    common: &Common<'_>,
    kinds: &KindTable,
    threads: usize,
    take: impl Fn(&mut LogPart) -> T + Sync,
) -> Gathered<T> {
    let parts = common.runs.iter().cloned().zip(parts).collect();
    let gathered = parallel::map_with(
        threads,
        parts,
        GatherPart::default,
        |part, (run, readers)| {
            part.join_seen(&run, common.seen);
            part.scatter(run, &readers, common);
            let mut broken_links = Vec::new();
            let mut dropped = Vec::new();
            let mut refs = GatheredRefs::default();
            for within in 0..part.log.customers().len() {
                part.sort(within);
                refs.clear();
                part.resolve(
                    within,
                    &readers,
                    kinds,
                    &mut refs,
                    &mut broken_links,
                    &mut dropped,
                );
            }
            drop(refs);
            if !dropped.is_empty() {
                part.drop_rows(&dropped);
            }
            // Without origins this is no choice yet: the logs will be read again with them.
            broken_links.sort_by_key(|broken| broken.origin);
            let mut more = BTreeMap::new();
            cut(&mut broken_links, &mut more);
            drop(readers);
            (part.log.rows.len(), take(&mut part.log), broken_links, more)
        },
    );
    let mut all = Gathered {
        taken: Vec::with_capacity(gathered.len()),
        row_count: 0,
        broken_links: Vec::new(),
        more_broken: BTreeMap::new(),
    };
    for (row_count, taken, broken, more) in gathered {
        all.taken.push(taken);
        all.row_count += row_count;
        all.broken_links.extend(broken);
        for (of, count) in more {
            *all.more_broken.entry(of).or_insert(0) += count;
        }
    }
    all.broken_links.sort_by_key(|broken| broken.origin);
    cut(&mut all.broken_links, &mut all.more_broken);
    all
}

/// Cuts sorted links to those that are described, and counts the others.
fn cut(links: &mut Vec<BrokenLink>, more: &mut BTreeMap<(LinkFault, u32), usize>) {
    for link in links.drain(links.len().min(MOST_DESCRIBED)..) {
        *more.entry((link.fault, link.origin.log)).or_insert(0) += 1;
    }
}

/// A part while it is gathered; its memory serves one after another.
#[derive(Default)]
struct GatherPart {
    log: LogPart,
    /// For each detail: the reader that has its ref, and where.
    references: Vec<RowRef>,
}

/// Where the next row and the next detail of a customer go: both lie together, so that whoever goes
/// through a customer's rows finds their details in the cache.
#[derive(Clone, Copy, Default)]
struct GatherCursor {
    row: u32,
    detail: u32,
}

/// A detail's ref, and the reader that has its text if it is long.
#[derive(Clone, Copy)]
struct RowRef {
    key: RefKey,
    reader: u32,
}

impl RowRef {
    /// No ref yet.
    const NOTHING: Self = Self {
        key: RefKey::NONE,
        reader: NONE,
    };

    fn long_refs(self, readers: &[PartRows]) -> &[u8] {
        let reader = readers.get(self.reader as usize);
        reader.map_or(&[], |rows| &rows.long_refs)
    }

    fn text(self, readers: &[PartRows]) -> Cow<'_, str> {
        self.key.text(self.long_refs(readers))
    }
}

/// A ref of a family, exactly, as two numbers: many are sorted for every customer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RefName([u64; 2]);

/// A name, its family, and the row that has it.
type Ref = (RefName, Family, u32);

/// Where a name tells its family: bits that no short ref has.
const FAMILY_BITS: u32 = 60;

/// The refs of one customer after another, with the rows that have them.
#[derive(Default)]
struct GatheredRefs<'t> {
    owners: Vec<Ref>,
    links: Vec<Ref>,
    /// Long refs, and the number that each has instead.
    long: HashMap<&'t [u8], u64>,
}

impl<'t> GatheredRefs<'t> {
    fn clear(&mut self) {
        self.owners.clear();
        self.links.clear();
        self.long.clear();
    }

    fn name(&mut self, family: Family, reference: RowRef, readers: &'t [PartRows]) -> RefName {
        let family = (family as u64) << FAMILY_BITS;
        if let Some([first, second]) = reference.key.numbers() {
            return RefName([first, second | family]);
        }
        let next = self.long.len() as u64;
        let text = reference.key.long_text(reference.long_refs(readers));
        // A short ref's second number has its length, which is not 0.
        RefName([*self.long.entry(text).or_insert(next), family])
    }
}

impl GatherPart {
    /// Puts all rows into the runs of their customers, in the order of the files.
    fn scatter(&mut self, run: Range<usize>, readers: &[PartRows], common: &Common<'_>) {
        let first_customer =
            u32::try_from(run.start).expect("a book has fewer customers than 2^32");
        let mut cursors = vec![GatherCursor::default(); run.len() + 1];
        for row in readers.iter().flat_map(|rows| rows.rows.iter()) {
            let next = &mut cursors[row.within() + 1];
            next.row += 1;
            next.detail += u32::from(row.has_detail());
        }
        for index in 0..run.len() {
            cursors[index + 1].row += cursors[index].row;
            cursors[index + 1].detail += cursors[index].detail;
        }
        let count = cursors[run.len()].row as usize;
        let detail_count = cursors[run.len()].detail as usize;
        let mut segments = Vec::new();
        for (reader, rows) in readers.iter().enumerate() {
            for (index, segment) in rows.segments.iter().enumerate() {
                let end = rows
                    .segments
                    .get(index + 1)
                    .map_or(rows.rows.len(), |it| it.start as usize);
                segments.push((*segment, reader, segment.start as usize..end));
            }
        }
        segments.sort_unstable_by_key(|(segment, ..)| (segment.log, segment.block));
        let has_lines = readers.iter().any(|rows| !rows.lines.is_empty());
        let has_hashes = readers.iter().any(|rows| rows.hashes.len() > 0);
        let Self { log, references } = self;
        log.first_customer = run.start;
        log.starts.clear();
        log.starts.extend(cursors.iter().map(|cursor| cursor.row));
        // Every row, detail and ref is written below, so what an earlier part left does not matter.
        log.rows.resize(count, Interaction::EMPTY);
        log.details.resize(detail_count, Detail::new(None, NONE));
        log.origins
            .resize(if has_lines { count } else { 0 }, Origin::default());
        log.hashes
            .resize(if has_hashes { count } else { 0 }, RowHash::default());
        references.resize(detail_count, RowRef::NOTHING);
        for (segment, reader, range) in segments {
            let rows = &readers[reader];
            let topics = common.topics_of.get(reader).map_or(&[][..], Vec::as_slice);
            // Lines are told in a message or by `history`: a wrong one would be believed.
            let lines_before = common.block_lines[segment.log as usize]
                .get(segment.block as usize)
                .expect("the lines before every block that was read are counted");
            let details = rows.details.runs(segment.detail_start as usize..usize::MAX);
            let mut details = details.flatten();
            let mut lines = rows.lines.lines(segment.line_start as usize);
            let mut index = range.start;
            // Not one loop over all runs, which asks at every row whether its run has ended.
            for run in rows.rows.runs(range) {
                for raw_row in run {
                    let cursor = &mut cursors[raw_row.within()];
                    let mut row = raw_row.interaction(first_customer);
                    if raw_row.has_detail() {
                        let raw = details
                            .next()
                            .expect("rows and their details were kept together");
                        row.detail = cursor.detail;
                        cursor.detail += 1;
                        log.details[row.detail as usize] = raw.detail(topics);
                        references[row.detail as usize] = RowRef {
                            key: raw.reference,
                            reader: u32::try_from(reader)
                                .expect("there are no more readers than threads"),
                        };
                    }
                    let position = cursor.row as usize;
                    cursor.row += 1;
                    log.rows[position] = row;
                    if has_lines && let Some(line) = lines.next() {
                        let line = lines_before + u64::from(line);
                        let line = Origin::kept_line(line);
                        log.origins[position] = Origin {
                            log: segment.log,
                            line,
                        };
                    }
                    if has_hashes && let Some(hash) = rows.hashes.get(index) {
                        log.hashes[position] = *hash;
                    }
                    index += 1;
                }
            }
        }
    }

    /// Puts together what the readers know of rows that were not kept.
    fn join_seen(&mut self, run: &Range<usize>, readers: &[SeenRows]) {
        self.log.seen.clear();
        for seen in readers.iter().filter_map(|it| it.seen.get(run.clone())) {
            self.log.seen.resize(run.len(), UnkeptRows::NEVER);
            for (one, other) in self.log.seen.iter_mut().zip(seen) {
                one.join(*other);
            }
        }
    }

    fn range(&self, within: usize) -> Range<usize> {
        self.log.starts[within] as usize..self.log.starts[within + 1] as usize
    }

    /// Sorts a customer's rows by day and time; rows of one minute keep their order.
    fn sort(&mut self, within: usize) {
        let range = self.range(within);
        let key = |row: &Interaction| (row.day, row.minute);
        let rows = &mut self.log.rows[range.clone()];
        if rows.is_sorted_by_key(key) {
            return;
        }
        if self.log.origins.is_empty() && self.log.hashes.is_empty() {
            rows.sort_by_key(key);
            return;
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|index| key(&rows[*index]));
        permute(rows, &order);
        if !self.log.origins.is_empty() {
            permute(&mut self.log.origins[range.clone()], &order);
        }
        if !self.log.hashes.is_empty() {
            permute(&mut self.log.hashes[range], &order);
        }
    }

    /// Finds the row that each ref of a customer names.
    fn resolve<'t>(
        &mut self,
        within: usize,
        readers: &'t [PartRows],
        kinds: &KindTable,
        refs: &mut GatheredRefs<'t>,
        broken: &mut Vec<BrokenLink>,
        dropped: &mut Vec<usize>,
    ) {
        let range = self.range(within);
        let rows = &self.log.rows[range.clone()];
        for (index, row) in (0..).zip(rows) {
            let reference = self.references.get(row.detail as usize);
            let Some(&reference) = reference.filter(|it| !it.key.is_none()) else {
                continue;
            };
            match kinds.kind(row.kind).reference {
                Reference::Own(family) => {
                    let name = refs.name(family, reference, readers);
                    refs.owners.push((name, family, index));
                }
                Reference::Names(family) => {
                    let name = refs.name(family, reference, readers);
                    refs.links.push((name, family, index));
                }
                Reference::Free => {}
            }
        }
        let GatheredRefs { owners, links, .. } = refs;
        owners.sort_unstable();
        let mut faults = Vec::new();
        for pair in owners.windows(2) {
            let (name, family, index) = pair[1];
            if pair[0].0 == name {
                let first = owners.partition_point(|owner| owner.0 < name);
                faults.push((LinkFault::Twice, family, index, Some(owners[first].2)));
            }
        }
        for &(_, _, index) in &*owners {
            let detail = rows[index as usize].detail;
            self.log.details[detail as usize].target = index;
        }
        for &(name, family, index) in &*links {
            let row = rows[index as usize];
            let at = owners.partition_point(|owner| owner.0 < name);
            let Some(&(_, _, target)) = owners.get(at).filter(|owner| owner.0 == name) else {
                faults.push((LinkFault::Unknown, family, index, None));
                continue;
            };
            self.log.details[row.detail as usize].target = target;
            let may_wait = matches!(kinds.kind(row.kind).role, Role::Payment | Role::Credit);
            if !may_wait && row.day < rows[target as usize].day {
                faults.push((LinkFault::Before, family, index, Some(target)));
            }
        }
        for (fault, family, index, other) in faults {
            let origin = |index: u32| {
                let origins = &self.log.origins;
                let origin = origins.get(range.start + index as usize);
                origin.copied().unwrap_or_default()
            };
            let row = rows[index as usize];
            let is_described = fault == LinkFault::Unknown && broken.len() < MOST_DESCRIBED;
            let near = (is_described && owners.len() <= MOST_COMPARED)
                .then(|| self.near(row, owners, family, range.start, readers))
                .flatten();
            broken.push(BrokenLink {
                fault,
                family,
                customer: row.customer,
                kind: row.kind,
                origin: origin(index),
                other: other.map(origin),
                near,
            });
            dropped.push(range.start + index as usize);
        }
    }

    /// Returns the nearest ref of a family to a row's; the owners' rows count from `start`.
    fn near(
        &self,
        row: Interaction,
        owners: &[Ref],
        family: Family,
        start: usize,
        readers: &[PartRows],
    ) -> Option<Box<str>> {
        let text = |row: &Interaction| {
            let reference = self.references.get(row.detail as usize)?;
            Some(reference.text(readers))
        };
        let owners = owners.iter().filter(|owner| owner.1 == family);
        let known =
            owners.filter_map(|(_, _, index)| text(self.log.rows.get(start + *index as usize)?));
        let known: Vec<_> = known.collect();
        nearest(&text(&row)?, known.iter().map(AsRef::as_ref)).map(Box::from)
    }

    /// Leaves out rows, by their positions; refs that name later rows of the customer follow.
    fn drop_rows(&mut self, dropped: &[usize]) {
        let mut keep = vec![true; self.log.rows.len()];
        for &position in dropped {
            keep[position] = false;
        }
        let count = self.log.customers().len();
        let mut starts = vec![0_u32; count + 1];
        let mut kept = 0_u32;
        for within in 0..count {
            let range = self.range(within);
            let mut moved = vec![NONE; range.len()];
            for (index, position) in range.clone().enumerate() {
                if keep[position] {
                    moved[index] = kept - starts[within];
                    kept += 1;
                }
            }
            for row in &self.log.rows[range] {
                if let Some(detail) = self.log.details.get_mut(row.detail as usize)
                    && let Some(target) = moved.get(detail.target as usize)
                {
                    detail.target = *target;
                }
            }
            starts[within + 1] = kept;
        }
        retain(&mut self.log.rows, &keep);
        retain(&mut self.log.origins, &keep);
        retain(&mut self.log.hashes, &keep);
        self.log.starts = starts;
    }
}

fn permute<T: Copy>(items: &mut [T], order: &[usize]) {
    let sorted: Vec<T> = order.iter().map(|index| items[*index]).collect();
    items.copy_from_slice(&sorted);
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut index = 0;
    items.retain(|_| {
        index += 1;
        *keep
            .get(index - 1)
            .expect("each item is said to be kept or not")
    });
}
