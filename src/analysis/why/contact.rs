//! Why the figures of contact are what they are.

use super::words::{days, number_of};
use super::{Reasons, Why};
use crate::analysis::in_year;
use crate::metric::Metric;
use crate::model::{Day, Role};

impl Reasons<'_, '_> {
    pub(super) fn why_contact(&self, why: &mut Why) {
        let as_of = self.as_of();
        match why.metric {
            Metric::FirstSeen => self.why_first_seen(why),
            Metric::Tenure => self.why_tenure(why),
            Metric::LastContact => match self.rows_where(|row| self.is_contact(row)).next_back() {
                Some((index, _)) => why.add_row(index, None, "the latest contact"),
                None => why.say("there is no contact row"),
            },
            Metric::ContactAge => {
                self.rest_on(why, Metric::LastContact);
                match self.figures.facts.parts.contact(self.index).last_contact() {
                    Some(day) => why.say(age(as_of, day)),
                    None => why.say("there is no contact row"),
                }
            }
            Metric::Contacts => {
                let counted = |row: &_| self.is_contact(row) && in_year(as_of, row.day);
                for (index, _) in self.rows_where(counted) {
                    why.add_row(index, None, "counts as a contact");
                }
                let rows = number_of(why.rows.len(), "contact row", "contact rows");
                why.say(format!("{rows} {}", year(as_of)));
            }
            Metric::Stage => match self.rows_of(Role::Stage).next_back() {
                Some((index, _)) => why.add_row(index, None, "the stage entered last"),
                None => why.say("no `stage` row: what the customer's file says"),
            },
            _ => self.why_lost(why),
        }
    }

    /// Returns the rows that do something.
    pub(super) fn rows_of(
        &self,
        role: Role,
    ) -> impl DoubleEndedIterator<Item = (usize, &crate::model::Interaction)> {
        self.rows_where(move |row| self.context().roles.role(row) == role)
    }

    fn why_first_seen(&self, why: &mut Why) {
        let first = self.rows.rows().first().map(|row| row.day);
        let since = self.customer.since.map(Day::of);
        if first.is_some() && since.is_none_or(|since| first.is_some_and(|day| day < since)) {
            why.add_row(0, None, "the first row");
        }
        match (since, first) {
            (Some(since), Some(first)) => why.say(format!(
                "the earlier of `since` {} and the first row {}",
                since.date(),
                first.date()
            )),
            (Some(_), None) => why.say("`since` of the customer's file"),
            (None, Some(_)) => why.say("the file has no `since`: the first row's date"),
            (None, None) => why.say("the file has no `since`, and there is no row"),
        }
    }

    fn why_tenure(&self, why: &mut Why) {
        let first = self.rows.rows().first().map(|row| row.day);
        let (from, what) = match (self.customer.since.map(Day::of), first) {
            (Some(since), _) => (since, "`since`"),
            (None, Some(first)) => {
                why.add_row(0, None, "the first row");
                (first, "the first row")
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
pub(super) fn age(as_of: Day, day: Day) -> String {
    let age = days(as_of.since(day));
    format!("{} − {} = {age}", as_of.date(), day.date())
}

/// Writes which days the year has.
pub(super) fn year(as_of: Day) -> String {
    format!("from {} to {}", as_of.plus(-364).date(), as_of.date())
}
