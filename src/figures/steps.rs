//! Rules that hold from so many days on, of which the last that is reached counts: `[[escalation]]` of what
//! is late, `[[dunning]]` of what is owed.

use crate::rule::Rule;

/// Those of a list whose condition holds for a customer: from how many days on, and the place in the list.
#[derive(Debug, Default)]
pub(crate) struct Steps(Vec<(i64, usize)>);

impl Steps {
    /// Keeps the rules of a list that hold, given from how many days on and their conditions.
    pub(super) fn of<'p>(
        rules: impl Iterator<Item = (i64, Option<&'p Rule>)>,
        holds: impl Fn(Option<&Rule>) -> bool,
    ) -> Self {
        let holding = rules.enumerate().filter(|(_, (_, when))| holds(*when));
        Self(holding.map(|(at, (after, _))| (after, at)).collect())
    }

    /// Returns the place of the rule that so many days reach: the first of those that begin last.
    pub(crate) fn reached(&self, days: i64) -> Option<usize> {
        let mut chosen: Option<(i64, usize)> = None;
        for &(after, at) in self.0.iter().filter(|it| it.0 <= days) {
            if chosen.is_none_or(|it| after > it.0) {
                chosen = Some((after, at));
            }
        }
        chosen.map(|it| it.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_that_is_reached_counts_and_of_equals_the_first() {
        let steps = Steps(vec![(1, 0), (7, 1), (7, 2), (-3, 3)]);
        for (days, expected) in [
            (-4, None),
            (-3, Some(3)),
            (0, Some(3)),
            (1, Some(0)),
            (6, Some(0)),
            (7, Some(1)),
            (90, Some(1)),
        ] {
            assert_eq!(steps.reached(days), expected, "{days}");
        }
    }
}
