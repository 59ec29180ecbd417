//! Which row a ref names, and what is wrong where it names none, or a later one, or where two own it.

use foldhash::HashMap;

use super::part::{GatherPart, RowRef};
use crate::diagnostic::nearest;
use crate::load::log::read::PartRows;
use crate::model::{Family, Interaction, KindTable, Origin, Reference, Role};

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
pub(super) const MOST_DESCRIBED: usize = 200;

/// Of how many refs at most the nearest is looked for.
const MOST_COMPARED: usize = 2000;

/// A ref of a family, exactly, as two numbers: many are sorted for every customer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RefName([u64; 2]);

/// A name, its family, and the row that has it.
type Ref = (RefName, Family, u32);

/// Where a name tells its family: bits that no short ref has.
const FAMILY_BITS: u32 = 60;

/// The refs of one customer after another, with the rows that have them.
#[derive(Default)]
pub(super) struct GatheredRefs<'t> {
    owners: Vec<Ref>,
    links: Vec<Ref>,
    /// Long refs, and the number that each has instead.
    long: HashMap<&'t [u8], u64>,
}

impl<'t> GatheredRefs<'t> {
    pub(super) fn clear(&mut self) {
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
    /// Finds the row that each ref of a customer names.
    pub(super) fn resolve<'t>(
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
}
