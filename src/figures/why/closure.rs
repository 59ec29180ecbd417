//! The rows that the rows of an explanation cannot do without.
//!
//! A case without its answer would be open, a payment without its invoice would go to another: so that
//! the rows named recompute the figure, what belongs to them is named too.

use std::collections::BTreeSet;

use super::{Reasons, RowPart, Why};
use crate::metric::{Metric, Room};
use crate::model::{Day, RefTarget, Role};
use crate::words::write_say;

impl Reasons<'_, '_> {
    /// Adds to an explanation the rows that its rows cannot do without.
    pub(super) fn complete(&mut self, why: &mut Why) {
        let named = why.row_indexes();
        let mut rows = named.clone();
        if rows.is_empty() && self.exists_by_a_row(why.metric) {
            rows.extend(self.first_row().map(|it| it.0));
        }
        let asks_ledger = (why.rests_on.iter())
            .map(|basis| basis.metric)
            .chain([why.metric])
            .chain(self.behind.keys().copied())
            .any(|metric| {
                let room = metric.entry().room;
                matches!(room, Room::Receivables | Room::Exposure | Room::Dunning)
            });
        let ledger = asks_ledger.then(|| self.ledger());
        // Every row is looked at once, and what money binds together once.
        let mut new: Vec<usize> = rows.iter().copied().collect();
        let mut roots = BTreeSet::new();
        while let Some(row) = new.pop() {
            let mut found = Vec::new();
            self.add_companions(row, &mut found);
            if let Some(ledger) = &ledger {
                // A credit counts with the invoice that it names, wherever its money went.
                found.extend(self.credits_of(row));
                if roots.insert(ledger.root(row)) {
                    found.extend_from_slice(ledger.group(row));
                }
            }
            new.extend(found.into_iter().filter(|row| rows.insert(*row)));
        }
        for row in rows.difference(&named) {
            why.context.push(RowPart {
                row: *row,
                amount: None,
                role: write_say!("belongs to a row named above", "与上面的记录相关"),
            });
        }
    }

    /// Tells whether a figure needs a row only for the customer to be there at all.
    fn exists_by_a_row(&self, metric: Metric) -> bool {
        let customer = self.customer;
        let days = [customer.since, customer.added].into_iter().flatten();
        let is_there = days.map(Day::of).any(|day| day <= self.as_of());
        let compares_or_judges = matches!(
            metric.entry().room,
            Room::Ranking
                | Room::Tier
                | Room::Revisit
                | Room::Dunning
                | Room::Deadlines
                | Room::Archive
                | Room::Review
                | Room::Churn
                | Room::Signals
                | Room::Flags
        );
        compares_or_judges && !is_there
    }

    fn add_companions(&self, index: usize, found: &mut Vec<usize>) {
        let Some(row) = self.rows.rows().get(index) else {
            return;
        };
        if let RefTarget::Row(target) = self.rows.target(row)
            && target < self.rows.rows().len()
        {
            found.push(target);
        }
        match self.context().roles.role(row) {
            Role::Complaint | Role::Request => {
                // The first answer, and the rows by which it was open or not from then on.
                let roles = &self.context().roles;
                let (mut is_first, mut is_open) = (true, true);
                for (at, row) in self.answers(index) {
                    let turns = match roles.role(row) {
                        Role::Resolve => is_open,
                        Role::Reopen => !is_open,
                        _ => false,
                    };
                    is_open ^= turns;
                    let is_answer = roles.role(row) != Role::Reopen && is_first;
                    is_first &= !is_answer;
                    found.extend((turns || is_answer).then_some(at));
                }
            }
            Role::Lead => found.extend(self.ends(index).next()),
            Role::Lost => found.extend(self.last_order()),
            _ => {}
        }
    }
}
