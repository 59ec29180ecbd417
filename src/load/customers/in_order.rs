//! All customers in one list in the order of their ids.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use crate::model::{Customer, Customers};

/// The customer of a run of shares that comes next, by its id and place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct NextCustomer {
    first_bytes: [u64; 3],
    rest: Box<[u8]>,
    place: (u32, u32),
    run: usize,
}

impl NextCustomer {
    fn of(customer: &Customer, run: usize) -> Reverse<Self> {
        let rest = customer.id.as_bytes().get(FIRST_BYTES..);
        Reverse(Self {
            first_bytes: first_bytes(&customer.id),
            rest: rest.unwrap_or_default().into(),
            place: (customer.file, customer.offset),
            run,
        })
    }
}

/// Puts the customers of all shares into one list, sorted by id, and those of one id by their places.
///
/// The files of a folder mostly are in that order already, so what is merged are a few long runs.
pub(super) fn in_order(shares: Vec<Customers>) -> Customers {
    let key = |it: &Customer| (it.id.clone(), it.file, it.offset);
    let is_before =
        |a: &Customer, b: &Customer| (&a.id, a.file, a.offset) <= (&b.id, b.file, b.offset);
    let count = shares.iter().map(Vec::len).sum();
    let mut runs: Vec<Customers> = Vec::new();
    for mut customers in shares {
        if !customers.is_sorted_by(|a, b| is_before(a, b)) {
            customers.sort_by_cached_key(|it| key(it));
        }
        match runs.last_mut() {
            Some(run)
                if let (Some(last), Some(first)) = (run.last(), customers.first())
                    && is_before(last, first) =>
            {
                run.append(&mut customers);
            }
            _ => runs.push(customers),
        }
    }
    let mut runs: Vec<_> = runs.into_iter().map(Vec::into_iter).collect();
    let mut customers = Vec::with_capacity(count);
    let mut queue: BinaryHeap<_> = (runs.iter().enumerate())
        .filter_map(|(run, rest)| Some(NextCustomer::of(rest.as_slice().first()?, run)))
        .collect();
    while let Some(mut next) = queue.peek_mut() {
        let run = next.0.run;
        customers.extend(runs[run].next());
        match runs[run].as_slice().first() {
            Some(after) => *next = NextCustomer::of(after, run),
            None => {
                PeekMut::pop(next);
            }
        }
    }
    customers
}

/// How many bytes of an id [`first_bytes`] tells.
const FIRST_BYTES: usize = 24;

/// Returns the bytes that an id begins with, as numbers that are in the order of ids.
///
/// To compare the ids themselves waits for memory each time.
fn first_bytes(id: &str) -> [u64; 3] {
    let mut bytes = [0; FIRST_BYTES];
    bytes
        .iter_mut()
        .zip(id.as_bytes())
        .for_each(|(to, from)| *to = *from);
    let (eights, _) = bytes.as_chunks::<8>();
    let mut eights = eights.iter().map(|eight| u64::from_be_bytes(*eight));
    std::array::from_fn(|_| eights.next().expect("the bytes are as many eights"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn customers_come_in_the_order_of_their_ids_and_places(
            ids in prop::collection::vec("(0123456789abcdef01234567)?[ab株]{0,3}", 0..40),
            length in 1_usize..9,
        ) {
            let customer = |(index, id): (usize, &String)| Box::new(Customer {
                id: id.as_str().into(),
                file: u32::try_from(index % 3).unwrap(),
                offset: u32::try_from(40 - index).unwrap(),
                ..Customer::default()
            });
            let all: Customers = ids.iter().enumerate().map(customer).collect();
            let shares: Vec<Customers> = all.chunks(length).map(<[_]>::to_vec).collect();
            let mut expected = all;
            expected.sort_by_key(|it| (it.id.clone(), it.file, it.offset));
            prop_assert_eq!(in_order(shares), expected);
        }
    }
}
