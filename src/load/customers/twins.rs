//! Customers who have one id, or ids that only case tells apart.

use std::borrow::Cow;

use super::key_place::key_places;
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::model::{Customer, Customers, folded_id};
use crate::parallel;
use crate::source::{Files, Place};
use crate::words::{Phrase, both};

/// How many ids a thread looks through at once for those that are there twice.
const LOOKED_THROUGH: usize = 4096;

/// Reports ids that only case tells apart, and leaves out all of one id, else all but the first.
pub(super) fn report_twins(
    files: &dyn Files,
    customers: &mut Customers,
    broken_ids: &mut Vec<String>,
    threads: usize,
    diagnostics: &mut Diagnostics,
) {
    let twins = twins(customers, threads);
    if twins.is_empty() {
        return;
    }
    let both = |&(index, earlier): &(usize, usize)| [index, earlier];
    let wanted: Vec<_> = twins
        .iter()
        .flat_map(both)
        .map(|index| (&*customers[index], "id"))
        .collect();
    let mut places = key_places(files, &wanted).into_iter();
    let mut is_kept = vec![true; customers.len()];
    for &(index, earlier) in &twins {
        let (twin, first) = (&customers[index], &customers[earlier]);
        if let (Some(here), Some(there)) = (places.next(), places.next()) {
            diagnostics.push(id_twice(twin, here, first, there));
        }
        is_kept[index] = false;
        // Rows of one id could belong to either.
        is_kept[earlier] &= twin.id != first.id;
    }
    let mut is_kept = is_kept.into_iter();
    customers.retain(|customer| {
        let is_kept = is_kept
            .next()
            .expect("it is known of every customer whether it is kept");
        if !is_kept {
            broken_ids.push(customer.id.to_string());
        }
        is_kept
    });
}

/// Returns the customers whose id an earlier one has already, with that one, in their order.
///
/// Most ids are left alone by folding, and those stand beside each other where they are equal; only
/// the others are folded and sorted.
fn twins(customers: &[Box<Customer>], threads: usize) -> Vec<(usize, usize)> {
    let position = |id: &str| customers.partition_point(|it| &*it.id < id);
    let starts = (0..customers.len()).step_by(LOOKED_THROUGH).collect();
    let looked_through = parallel::map(threads, starts, |start: usize| {
        let (mut same, mut folded) = (Vec::new(), Vec::new());
        let mut before = start.checked_sub(1).map(|index| &customers[index].id);
        for (index, customer) in customers
            .iter()
            .enumerate()
            .skip(start)
            .take(LOOKED_THROUGH)
        {
            if before == Some(&customer.id) {
                same.push((index, position(&customer.id)));
            }
            if let Cow::Owned(id) = folded_id(&customer.id) {
                folded.push((id, index));
            }
            before = Some(&customer.id);
        }
        (same, folded)
    });
    let (mut twins, mut folded) = (Vec::new(), Vec::new());
    for (same, some) in looked_through {
        twins.extend(same);
        folded.extend(some);
    }
    folded.sort_unstable();
    for alike in folded.chunk_by(|a, b| a.0 == b.0) {
        let (id, first) = &alike[0];
        let plain =
            Some(position(id)).filter(|at| customers.get(*at).is_some_and(|it| *it.id == **id));
        let first = plain.map_or(*first, |plain| plain.min(*first));
        let all = alike.iter().map(|(_, index)| *index).chain(plain);
        twins.extend(
            all.filter(|index| *index != first)
                .map(|index| (index, first)),
        );
    }
    twins.sort_unstable();
    twins.dedup_by_key(|twin| twin.0);
    twins
}

fn id_twice(twin: &Customer, here: Place, first: &Customer, there: Place) -> Diagnostic {
    let message = if twin.id == first.id {
        both!(
            "two customers have the id `{}`",
            "有两个客户的编号都是 `{}`",
            twin.id
        )
    } else {
        both!(
            "the ids `{}` and `{}` differ only in case",
            "编号 `{}` 和 `{}` 只有大小写不同",
            first.id,
            twin.id
        )
    };
    // A file of its own is named for its customer, so there is no line to show.
    let is_file = |place: &Place| place.line == 0;
    let help = if is_file(&here) && is_file(&there) {
        both!(
            "rename {} or {}, or merge them",
            "给 {} 或 {} 改名，或把两者合并",
            there.path,
            here.path
        )
    } else if is_file(&there) {
        both!(
            "{} is the other one: rename one, or merge them",
            "另一个在 {}：改掉其中一个编号，或把两者合并",
            there.path
        )
    } else {
        Phrase(
            "give one of them another id, or merge them",
            "给其中一个换编号，或把两者合并",
        )
        .into()
    };
    let diagnostic = Diagnostic::new(fault::ID_TWICE, message, here).help(help);
    if is_file(&there) {
        diagnostic
    } else {
        diagnostic.second(there, Phrase("the other one", "另一个在这里"))
    }
}
