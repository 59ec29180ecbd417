//! The rows that the rows of an explanation cannot do without.
//!
//! A case without its answer would be open, a payment without its invoice would go to another: so that
//! the rows named recompute the figure, what belongs to them is named too.

use std::collections::BTreeSet;

use super::{Reasons, RowPart, Why};
use crate::metric::{Group, Metric};
use crate::model::{Day, Role, Target};

impl Reasons<'_, '_> {
    /// Adds to an explanation the rows that its rows cannot do without.
    pub(super) fn complete(&mut self, why: &mut Why) {
        let named = why.row_indexes();
        let mut rows = named.clone();
        if rows.is_empty() && self.exists_by_a_row(why.metric) {
            rows.insert(0);
        }
        let asks_ledger = (why.rests_on.iter())
            .map(|basis| basis.metric)
            .chain([why.metric])
            .chain(self.behind.keys().copied())
            .any(|metric| metric.entry().group == Group::Receivables);
        loop {
            let before = rows.len();
            let mut found = BTreeSet::new();
            for row in &rows {
                self.add_companions(*row, &mut found);
            }
            rows.append(&mut found);
            if asks_ledger {
                rows = self.ledger().bound(&rows);
            }
            if rows.len() == before {
                break;
            }
        }
        for row in rows.difference(&named) {
            why.context.push(RowPart {
                row: *row,
                amount: None,
                role: "belongs to a row named above".to_owned(),
            });
        }
    }

    /// Tells whether a figure needs a row only for the customer to be there at all.
    fn exists_by_a_row(&self, metric: Metric) -> bool {
        let since = self.customer.since.map(Day::of);
        let compares_or_judges = matches!(
            metric.entry().group,
            Group::Ranking
                | Group::Tier
                | Group::Revisit
                | Group::Deadlines
                | Group::Archive
                | Group::Churn
                | Group::Signals
                | Group::Flags
        );
        compares_or_judges
            && since.is_none_or(|since| since > self.as_of())
            && !self.rows.rows().is_empty()
    }

    fn add_companions(&self, index: usize, found: &mut BTreeSet<usize>) {
        let Some(row) = self.rows.rows().get(index) else {
            return;
        };
        if let Target::Row(target) = self.rows.target(row)
            && target < self.rows.rows().len()
        {
            found.insert(target);
        }
        match self.context().roles.role(row) {
            Role::Complaint | Role::Request => {
                let answers: Vec<_> = self.answers(index).collect();
                let roles = &self.context().roles;
                let closes = answers.iter().find(|it| roles.role(it.1) == Role::Resolve);
                found.extend(answers.first().into_iter().chain(closes).map(|it| it.0));
            }
            Role::Lead => found.extend(self.ends(index).next()),
            Role::Lost => {
                let order = self.rows_where(|row| self.is_order(row)).next_back();
                found.extend(order.map(|it| it.0));
            }
            _ => {}
        }
    }
}
