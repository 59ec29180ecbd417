//! The first rule: how often what stands in three versions stands in the result.

/// Returns how many of one value remain, of how many there are in base, ours and theirs.
///
/// Where both sides added, or both took away, the greater change holds for both; else each does.
pub(super) fn remaining(base: usize, ours: usize, theirs: usize) -> usize {
    if ours > base && theirs > base {
        ours.max(theirs)
    } else if ours < base && theirs < base {
        ours.min(theirs)
    } else {
        // One of the two is on the other side of `base`, or on it.
        (ours + theirs).saturating_sub(base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_did_is_done_once() {
        assert_eq!(remaining(0, 1, 1), 1);
        assert_eq!(remaining(1, 3, 2), 3);
        assert_eq!(remaining(2, 1, 1), 1);
        assert_eq!(remaining(3, 1, 2), 1);
    }

    #[test]
    fn what_one_did_is_done() {
        assert_eq!(remaining(1, 1, 0), 0);
        assert_eq!(remaining(1, 2, 1), 2);
        assert_eq!(remaining(2, 1, 3), 2);
        assert_eq!(remaining(1, 0, 3), 2);
    }
}
