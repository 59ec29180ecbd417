//! Ids that customers once had: none may be another's, now or formerly.

use foldhash::{HashMap, HashMapExt as _};

use super::key_place::key_places;
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::model::{Customer, folded_id};
use crate::source::Files;
use crate::words::{Phrase, both};

/// A former id that two customers lay claim to.
struct Clash {
    /// The customer in whose list it stands.
    holder: usize,
    former: Box<str>,
    other: usize,
    /// Whether the other has it now, not formerly too.
    is_id: bool,
}

/// Reports former ids that are also an id, or another's former id, and takes them out of the lists.
///
/// Rows that name what two customers once were could be of either: their ids are added to
/// `broken_ids`, so that such rows are left out.
pub(super) fn report_clashes(
    files: &dyn Files,
    customers: &mut [Box<Customer>],
    broken_ids: &mut Vec<String>,
    diagnostics: &mut Diagnostics,
) {
    let clashes = clashes(customers);
    let both = |it: &Clash| [it.holder, it.other];
    let indexes = clashes.iter().flat_map(both);
    let keys: Vec<_> = indexes.map(|at| (&*customers[at], "former_ids")).collect();
    let mut places = key_places(files, &keys).into_iter();
    for clash in &clashes {
        let (Some(here), Some(there)) = (places.next(), places.next()) else {
            continue;
        };
        let (holder, other) = (&customers[clash.holder].id, &customers[clash.other].id);
        let former = &clash.former;
        let message = match clash.is_id {
            true if clash.holder == clash.other => {
                both!(
                    "`{former}` is the id of this customer, and cannot also be a former one",
                    "`{former}` 是这个客户现在的编号，不能同时是曾用编号"
                )
            }
            true => both!(
                "the former id `{former}` of `{holder}` is the id of `{other}`",
                "`{holder}` 的曾用编号 `{former}` 是 `{other}` 现在的编号"
            ),
            false => both!(
                "`{former}` is a former id of `{other}` and of `{holder}`",
                "`{former}` 既是 `{other}` 的曾用编号，又是 `{holder}` 的"
            ),
        };
        let mut diagnostic = Diagnostic::new(fault::ID_TWICE, message, here).help(Phrase(
            "take it out of the `former_ids` of the one that rows do not mean by it",
            "流水里这个编号指的不是谁，就从谁的 `former_ids` 里删去",
        ));
        if !clash.is_id && there.line > 0 {
            diagnostic = diagnostic.second(there, Phrase("the other one", "另一个在这里"));
        }
        diagnostics.push(diagnostic);
    }
    for clash in clashes {
        let holders = [clash.holder].into_iter();
        let others = (!clash.is_id).then_some(clash.other);
        for index in holders.chain(others) {
            let customer = &mut customers[index];
            let kept = customer.former_ids.iter();
            let kept = kept.filter(|it| ***it != *clash.former).cloned();
            customer.former_ids = kept.collect();
        }
        if !clash.is_id {
            broken_ids.push(clash.former.into());
        }
    }
}

/// Finds the former ids that are told apart from no other id, in the order of their customers.
fn clashes(customers: &[Box<Customer>]) -> Vec<Clash> {
    let mut holders: HashMap<String, Vec<(usize, &str)>> = HashMap::new();
    for (index, customer) in customers.iter().enumerate() {
        for former in &customer.former_ids {
            let all = holders.entry(folded_id(former).into_owned()).or_default();
            all.push((index, former));
        }
    }
    let mut found = Vec::new();
    if holders.is_empty() {
        return found;
    }
    let clash = |holder, former: &str, other, is_id| Clash {
        holder,
        former: former.into(),
        other,
        is_id,
    };
    for (index, customer) in customers.iter().enumerate() {
        for &(holder, former) in holders.get(&*folded_id(&customer.id)).into_iter().flatten() {
            // An id that only case tells from the former one is the same to whoever reads it.
            if holder != index || *former == *customer.id {
                found.push(clash(holder, former, index, true));
            }
        }
        for former in &customer.former_ids {
            let all = holders.get(&*folded_id(former)).map(Vec::as_slice);
            if let Some(&[(first, _), ..]) = all
                && first != index
            {
                found.push(clash(index, former, first, false));
            }
        }
    }
    found.sort_by_key(|it| (it.holder, it.other));
    found
}
