//! Why the figures of leads and of the cost of winning are what they are.

use crate::figures::contact::why::year;
use crate::figures::in_year;
use crate::figures::orders::why::say_sum;
use crate::figures::why::words::number_of;
use crate::figures::why::{Reasons, Why};
use crate::metric::{LeadsMetric, Metric};
use crate::model::{Money, Role};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_leads(&self, metric: LeadsMetric, why: &mut Why) {
        match metric {
            LeadsMetric::ContactsToClose | LeadsMetric::AcquisitionCost => self.why_winning(why),
            LeadsMetric::Wins | LeadsMetric::Losses => {
                let as_of = self.as_of();
                let won = metric == LeadsMetric::Wins;
                for lead in self.figures.facts.parts.leads(self.index).all() {
                    let closed = lead
                        .closed
                        .filter(|it| it.is_won == won && in_year(as_of, it.day));
                    if closed.is_none() {
                        continue;
                    }
                    let amount = lead.amount.filter(|it| *it != Money::ZERO);
                    let name = self.name(lead.row);
                    why.add_row(lead.row, amount, format!("opens {name}"));
                    if let Some(end) = self.ends(lead.row).next() {
                        let word = if won { "wins" } else { "loses" };
                        let topic = self.rows.topic(&self.rows.rows()[end]);
                        let reason = topic.map(|it| format!(": {it}")).unwrap_or_default();
                        why.add_row(end, None, format!("{word} {name}{reason}"));
                    }
                }
                let count = why.rows.len() / 2;
                let leads = number_of(count, "lead", "leads");
                let word = if won { "won" } else { "lost" };
                why.say(format!("{leads} {word} {}", year(as_of)));
            }
            LeadsMetric::OpenLeads | LeadsMetric::Pipeline => {
                let mut amounts = Vec::new();
                for lead in self.figures.facts.parts.leads(self.index).all() {
                    if lead.closed.is_none() {
                        let topic = self.rows.topic(&self.rows.rows()[lead.row]);
                        let topic = topic.map(|it| format!(": {it}")).unwrap_or_default();
                        let role = format!("opens {}{topic}", self.name(lead.row));
                        let amount = lead.amount.unwrap_or_default();
                        why.add_row(lead.row, Some(amount), role);
                        amounts.push(amount);
                    }
                }
                if metric == LeadsMetric::Pipeline {
                    say_sum(why, &amounts, ("leads", ""), "");
                } else {
                    why.say(number_of(amounts.len(), "open lead", "open leads"));
                }
            }
        }
    }

    /// Returns the rows that end the lead opened at a row.
    pub(in crate::figures) fn ends(&self, lead: usize) -> impl Iterator<Item = usize> {
        self.naming(lead)
            .filter(|(_, row)| matches!(self.context().roles.role(row), Role::Win | Role::Lose))
            .map(|(index, _)| index)
    }

    fn why_winning(&self, why: &mut Why) {
        self.rest_on(why, Metric::FirstOrder);
        let Some(first) = self.figures.facts.parts.orders(self.index).first() else {
            why.say("unknown: there is no order yet");
            return;
        };
        let is_cost = why.metric == Metric::AcquisitionCost;
        let roles = &self.context().roles;
        let counts = |row: &crate::model::Interaction| {
            row.day <= first
                && if is_cost {
                    roles.role(row) == Role::Expense
                } else {
                    roles.is_contact(row)
                }
        };
        let mut amounts = Vec::new();
        for (index, row) in self.rows_where(counts) {
            let amount = is_cost.then(|| row.amount());
            amounts.push(row.amount());
            why.add_row(index, amount, format!("counts for {}", why.metric.name()));
        }
        let until = format!("up to the first order on {}", first.date());
        if amounts.is_empty() {
            why.say(format!("unknown: there is no such row {until}"));
        } else if is_cost {
            say_sum(why, &amounts, ("expenses", ""), &until);
        } else {
            let rows = number_of(amounts.len(), "contact row", "contact rows");
            why.say(format!("{rows} {until}"));
        }
    }
}
