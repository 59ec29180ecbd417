//! From the readers' rows to each customer's rows in order, with refs resolved.
//!
//! A part holds the rows of some hundred customers, so that sorting it stays within a core's cache. Rows
//! of one customer keep the order of files and lines, whichever reader had them, unless their
//! days and times say otherwise.

mod part;
mod refs;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::load::log::read::{PartRows, SeenRows};
use crate::model::{KindTable, LogPart};
use crate::parallel;
use part::GatherPart;
pub(super) use refs::{BrokenLink, LinkFault};
use refs::{GatheredRefs, MOST_DESCRIBED};

/// What all parts have in common.
pub(super) struct Common<'r> {
    /// For each log, how many lines stand before each of its blocks.
    pub(super) block_lines: &'r [Vec<u64>],
    /// For each reader, the number in the book of each of its topics.
    pub(super) topics_of: &'r [Vec<u32>],
    /// What each reader knows of rows that were not kept.
    pub(super) seen: &'r [SeenRows],
    /// The customers of each part.
    pub(super) runs: Vec<Range<usize>>,
}

/// What became of all parts.
pub(super) struct Gathered<T> {
    /// What was made of each.
    pub(super) taken: Vec<T>,
    /// How many rows they had.
    pub(super) row_count: usize,
    pub(super) broken_links: Vec<BrokenLink>,
    /// How many more there are, by what is wrong and in which log.
    pub(super) more_broken: BTreeMap<(LinkFault, u32), usize>,
}

/// Gathers every part, of which each reader has some rows, and hands it to `take`.
pub(super) fn gather<T: Send>(
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
            part.scatter(run, &readers, common.block_lines, common.topics_of);
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
