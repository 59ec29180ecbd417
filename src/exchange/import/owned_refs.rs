//! The refs that rows of the book own.

use chrono::NaiveDate;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::drafts::Whose;
use super::held::HeldAmount;
use super::identity::{Print, named_family, own_family, ref_print};
use super::planning::Planning;
use super::scan::Scan;

/// A row of the book that owns a ref.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnedRef {
    pub(super) day: NaiveDate,
    pub(super) kind: u8,
    pub(super) amount: HeldAmount,
    pub(super) log: u32,
    pub(super) line: u32,
}

/// The refs that rows of the book own, of those that rows of the files own or name.
#[derive(Debug, Default)]
pub(super) struct OwnedRefs(pub(super) HashMap<Print, OwnedRef>);

impl OwnedRefs {
    /// Finds them: of several rows with one ref the first.
    pub(super) fn of(planning: &Planning<'_>, scan: &Scan, known: &[Option<Whose>]) -> Self {
        let kinds = &planning.context.policy.kinds;
        let mut wanted: HashSet<Print> = HashSet::new();
        let mut customers: HashSet<u32> = HashSet::new();
        for row in &scan.rows {
            let who = scan.lines[row.line as usize].who;
            let Some(Whose::Book(customer, _)) = known[who as usize] else {
                continue;
            };
            let cells = row.cells(&scan.texts);
            let families = [own_family(&cells, kinds), named_family(&cells, kinds)];
            for family in families.into_iter().flatten() {
                wanted.insert(ref_print(customer, family, scan.reference(row)));
                customers.insert(customer);
            }
        }
        let mut owned = HashMap::new();
        if wanted.is_empty() {
            return Self(owned);
        }
        let is_wanted = |customer: u32| customers.contains(&customer);
        planning
            .book_rows
            .each(&scan.texts, &is_wanted, &mut |row| {
                let cells = &row.cells;
                if let Some(family) = own_family(cells, kinds) {
                    let print = ref_print(cells.customer, family, cells.reference);
                    if wanted.contains(&print) {
                        owned.entry(print).or_insert(OwnedRef {
                            day: cells.date.date,
                            kind: cells.kind,
                            amount: cells.amount,
                            log: row.log,
                            line: row.line,
                        });
                    }
                }
            });
        Self(owned)
    }
}
