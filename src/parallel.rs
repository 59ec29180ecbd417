//! Work on several cores: the same work for each of several threads, or a list in shares.

use crate::source::Cut as _;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, TrySendError};

/// Runs `work` with 0, 1, … on as many threads as asked; returns the results in that order.
pub(crate) fn map_threads<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads <= 1 {
        return vec![work(0)];
    }
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map(|index| scope.spawn(move || work(index)))
            .collect();
        let mut results = vec![work(0)];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

/// Returns how many threads there are cores for.
pub(crate) fn all_cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Runs `work` on every item, several at once; returns the results in the items' order.
///
/// Threads take items one by one, so that a few large ones do not leave the others waiting.
pub(crate) fn map<T: Send, R: Send>(
    threads: usize,
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    map_with(threads, items, || (), |(), item| work(item))
}

/// Does the same with something that each thread makes for itself and uses again for every item.
pub(crate) fn map_with<T: Send, R: Send, S>(
    threads: usize,
    items: Vec<T>,
    make: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
) -> Vec<R> {
    if threads <= 1 || items.len() <= 1 {
        let mut own = make();
        return items.into_iter().map(|item| work(&mut own, item)).collect();
    }
    let count = items.len();
    let slots: Vec<_> = items
        .into_iter()
        .map(|item| Mutex::new(Some(item)))
        .collect();
    let next = AtomicUsize::new(0);
    let done = map_threads(threads.min(count), |_| {
        let mut own = make();
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(index) else {
                return results;
            };
            let item = slot.lock().ok().and_then(|mut slot| slot.take());
            if let Some(item) = item {
                results.push((index, work(&mut own, item)));
            }
        }
    });
    let mut results: Vec<(usize, R)> = done.into_iter().flatten().collect();
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// One of several equal shares of a list, counted from 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) index: usize,
    pub(crate) of: usize,
}

impl Share {
    /// Does some work on each of as many shares as there are cores, at the same time.
    pub(crate) fn map<T: Send>(work: impl Fn(Self) -> T + Sync) -> Vec<T> {
        let of = all_cores();
        map_threads(of, |index| work(Self { index, of }))
    }

    /// Returns the share of a list.
    pub(crate) fn part<T>(self, list: &[T]) -> &[T] {
        let bound = |number: usize| list.len() * number / self.of;
        list.cut(bound(self.index)..bound(self.index + 1))
    }
}

/// Puts lists one behind another, in the memory of the first.
pub(crate) fn joined<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let count: usize = lists.iter().map(Vec::len).sum();
    let mut lists = lists.into_iter();
    let mut all: Vec<T> = lists.next().unwrap_or_default();
    all.reserve_exact(count - all.len());
    all.extend(lists.flatten());
    all
}

/// Runs `work` on items while `produce` still makes them; gives the results to `take` in the items' order.
///
/// Only a few items wait at a time: where the threads do not keep up, whoever makes items works on one.
pub(crate) fn pipeline<T: Send, R: Send, O>(
    threads: usize,
    produce: impl FnOnce(&mut dyn FnMut(T)) -> O,
    work: impl Fn(T) -> R + Sync,
    take: impl FnMut(R),
) -> O {
    let mut results = InOrder {
        take,
        next: 0,
        early: BTreeMap::new(),
    };
    if threads <= 1 {
        let mut at = 0;
        return produce(&mut |item| {
            results.add(at, work(item));
            at += 1;
        });
    }
    let (items, waiting) = mpsc::sync_channel::<(usize, T)>(threads);
    let (done, finished) = mpsc::channel();
    let waiting = Mutex::new(waiting);
    let (waiting, work) = (&waiting, &work);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            let done = done.clone();
            scope.spawn(move || {
                let next = || waiting.lock().ok()?.recv().ok();
                while let Some((at, item)) = next() {
                    if done.send((at, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let mut at = 0;
        let made = produce(&mut |item| {
            match items.try_send((at, item)) {
                Ok(()) => {}
                Err(TrySendError::Full((at, item)) | TrySendError::Disconnected((at, item))) => {
                    results.add(at, work(item));
                }
            }
            at += 1;
            for (at, result) in finished.try_iter() {
                results.add(at, result);
            }
        });
        drop(items);
        // What nobody has begun yet is worked on here as well.
        loop {
            let next = waiting.try_lock().ok().and_then(|it| it.try_recv().ok());
            let Some((at, item)) = next else { break };
            results.add(at, work(item));
        }
        for (at, result) in finished {
            results.add(at, result);
        }
        made
    })
}

/// Gives results on in the order of their numbers, as soon as those before are there.
struct InOrder<R, F> {
    take: F,
    next: usize,
    early: BTreeMap<usize, R>,
}

impl<R, F: FnMut(R)> InOrder<R, F> {
    fn add(&mut self, at: usize, result: R) {
        self.early.insert(at, result);
        while let Some(result) = self.early.remove(&self.next) {
            (self.take)(result);
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_items() {
        for threads in [1, 2, 7] {
            let doubled = map(threads, (0..100).collect(), |it: i32| it * 2);
            assert_eq!(doubled, (0..100).map(|it| it * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn results_of_a_pipeline_keep_the_order_of_its_items() {
        for threads in [1, 2, 5] {
            let mut taken = Vec::new();
            let made = pipeline(
                threads,
                |put| {
                    (0..200_u32).for_each(put);
                    "made"
                },
                |item| {
                    if item % 7 == 0 {
                        std::thread::yield_now();
                    }
                    item * 2
                },
                |result| taken.push(result),
            );
            assert_eq!(made, "made");
            assert_eq!(taken, (0..200).map(|it| it * 2).collect::<Vec<_>>());
        }
        pipeline(
            3,
            |_: &mut dyn FnMut(u8)| (),
            |it| it,
            |_| panic!("nothing was made"),
        );
    }
}
