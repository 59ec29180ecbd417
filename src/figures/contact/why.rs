//! Why the figures of contact are what they are.

use crate::figures::in_year;
use crate::figures::why::words::{days, number_of};
use crate::figures::why::{Reasons, Why};
use crate::metric::{ContactMetric, Metric};
use crate::model::{Day, Interaction, Role};

impl<'b> Reasons<'_, 'b> {
    pub(in crate::figures) fn why_contact(&self, metric: ContactMetric, why: &mut Why) {
        let as_of = self.as_of();
        match metric {
            ContactMetric::FirstSeen => self.why_first_seen(why),
            ContactMetric::Tenure => self.why_tenure(why),
            ContactMetric::LastContact => {
                match self.rows_where(|row| self.is_contact(row)).next_back() {
                    Some((index, _)) => why.add_row(index, None, "the latest contact"),
                    None => why.say("there is no contact row"),
                }
            }
            ContactMetric::ContactAge => {
                self.rest_on(why, Metric::LastContact);
                match self.figures.facts.parts.contact(self.index).last_contact() {
                    Some(day) => why.say(age(as_of, day)),
                    None => why.say("there is no contact row"),
                }
            }
            ContactMetric::Contacts => {
                let counted = |row: &_| self.is_contact(row) && in_year(as_of, row.day);
                for (index, _) in self.rows_where(counted) {
                    why.add_row(index, None, "counts as a contact");
                }
                let rows = number_of(why.rows.len(), "contact row", "contact rows");
                why.say(format!("{rows} {}", year(as_of)));
            }
            ContactMetric::Stage => match self.rows_of(Role::Stage).next_back() {
                Some((index, _)) => why.add_row(index, None, "the stage entered last"),
                None => why.say("no `stage` row: what the customer's file says"),
            },
            ContactMetric::Lost | ContactMetric::LostOn | ContactMetric::LostReason => {
                self.why_lost(why);
            }
        }
    }

    /// Returns the rows that do something.
    pub(in crate::figures) fn rows_of(
        &self,
        role: Role,
    ) -> impl DoubleEndedIterator<Item = (usize, &crate::model::Interaction)> {
        self.rows_where(move |row| self.context().roles.role(row) == role)
    }

    fn why_first_seen(&self, why: &mut Why) {
        let first = self.first_row();
        let keys = [
            ("`since`", self.customer.since),
            ("`added`", self.customer.added),
        ];
        let mut days: Vec<(&str, Day)> = keys
            .into_iter()
            .filter_map(|(key, day)| Some((key, Day::of(day?))))
            .collect();
        if let Some((index, row)) = first
            && days.iter().all(|(_, day)| row.day < *day)
        {
            why.add_row(index, None, "the first row");
        }
        let has_keys = !days.is_empty();
        days.extend(first.map(|(_, row)| ("the first row", row.day)));
        match days.as_slice() {
            [] => why.say("the file has neither `since` nor `added`, and there is no row"),
            [(key, _)] if has_keys => why.say(format!("{key} of the customer's file")),
            [_] => why.say("the file has neither `since` nor `added`: the first row's date"),
            several => {
                let said = |(what, day): &(&str, Day)| format!("{what} {}", day.date());
                let said: Vec<String> = several.iter().map(said).collect();
                why.say(format!("the earliest of {}", said.join(" and ")));
            }
        }
    }

    /// Returns the first row, those aside that only say whose the customer is.
    pub(in crate::figures) fn first_row(&self) -> Option<(usize, &'b Interaction)> {
        let roles = &self.context().roles;
        let mut rows = self.rows.rows().iter().enumerate();
        rows.find(|(_, row)| roles.role(row) != Role::Owner)
    }

    fn why_tenure(&self, why: &mut Why) {
        let first = self.first_row();
        let (from, what) = match (self.customer.since.map(Day::of), first) {
            (Some(since), _) => (since, "`since`"),
            (None, Some((index, row))) => {
                why.add_row(index, None, "the first row");
                (row.day, "the first row")
            }
            (None, None) => {
                why.say("the file has no `since`, and there is no row");
                return;
            }
        };
        if from > self.as_of() {
            why.say(format!("{} ({what}) is still to come: 0", from.date()));
        } else {
            why.say(format!("{} ({what})", age(self.as_of(), from)));
        }
    }

    fn why_lost(&self, why: &mut Why) {
        let lost: Vec<_> = self.rows_of(Role::Lost).collect();
        let Some(&(latest, _)) = lost.last() else {
            why.say("there is no `lost` row");
            return;
        };
        let order = self.rows_where(|row| self.is_order(row)).next_back();
        if let Some((index, _)) = order {
            why.add_row(index, None, "the last order");
        }
        let counts = |day: Day| order.is_none_or(|(_, order)| day >= order.day);
        let mut leaving = lost.iter().filter(|(_, row)| counts(row.day)).peekable();
        if leaving.peek().is_none() {
            why.add_row(latest, None, "left, but a later order won it back");
            why.say("an order follows the last `lost` row");
            return;
        }
        for (index, row) in leaving {
            let topic = self.rows.topic(row).map(|topic| format!(": {topic}"));
            why.add_row(*index, None, format!("left{}", topic.unwrap_or_default()));
        }
        why.say("no order follows the `lost` row");
    }
}

/// Writes how many days ago a day was.
pub(in crate::figures) fn age(as_of: Day, day: Day) -> String {
    let age = days(as_of.since(day));
    format!("{} − {} = {age}", as_of.date(), day.date())
}

/// Writes which days the year has.
pub(in crate::figures) fn year(as_of: Day) -> String {
    format!("from {} to {}", as_of.plus(-364).date(), as_of.date())
}
