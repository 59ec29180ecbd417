//! Work on several cores: the same work for each of several threads, or a list in shares.

use std::sync::atomic::{AtomicUsize, Ordering};

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
        .map(|item| std::sync::Mutex::new(Some(item)))
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
}
