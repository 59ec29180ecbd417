//! Why the figures of leads and of the cost of winning are what they are.

use crate::figures::contact::why::year;
use crate::figures::in_year;
use crate::figures::orders::why::say_sum;
use crate::figures::why::words::{behind_colon, called, number_of};
use crate::figures::why::{Reasons, Why};
use crate::metric::{LeadsMetric, Metric};
use crate::model::{Money, Role};
use crate::words::write_say;

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
                    why.add_row(lead.row, amount, write_say!("opens {name}", "登记 {name}"));
                    if let Some(end) = self.ends(lead.row).next() {
                        let topic = self.rows.topic(&self.rows.rows()[end]);
                        let reason = behind_colon(topic);
                        let role = if won {
                            write_say!("wins {name}{reason}", "赢得 {name}{reason}")
                        } else {
                            write_say!("loses {name}{reason}", "丢失 {name}{reason}")
                        };
                        why.add_row(end, None, role);
                    }
                }
                let count = why.rows.len() / 2;
                let (leads, year) = (number_of(count, "lead", "leads", "个商机"), year(as_of));
                why.say(if won {
                    write_say!("{leads} won {year}", "{year} 赢得 {leads}")
                } else {
                    write_say!("{leads} lost {year}", "{year} 丢失 {leads}")
                });
            }
            LeadsMetric::OpenLeads | LeadsMetric::Pipeline => {
                let mut amounts = Vec::new();
                for lead in self.figures.facts.parts.leads(self.index).all() {
                    if lead.closed.is_none() {
                        let topic = self.rows.topic(&self.rows.rows()[lead.row]);
                        let topic = behind_colon(topic);
                        let role =
                            write_say!("opens {}{topic}", "登记 {}{topic}", self.name(lead.row));
                        let amount = lead.amount.unwrap_or_default();
                        why.add_row(lead.row, Some(amount), role);
                        amounts.push(amount);
                    }
                }
                if metric == LeadsMetric::Pipeline {
                    say_sum(why, &amounts, ("leads", "个商机"), "");
                } else {
                    why.say(number_of(
                        amounts.len(),
                        "open lead",
                        "open leads",
                        "个在谈商机",
                    ));
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
            why.say(write_say!(
                "unknown: there is no order yet",
                "未知：还没有订单"
            ));
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
            let role = write_say!("counts for {}", "计入{}", called(why.metric));
            why.add_row(index, amount, role);
        }
        let until = write_say!(
            "up to the first order on {}",
            "截至 {} 首笔订单",
            first.date()
        );
        if amounts.is_empty() {
            why.say(write_say!(
                "unknown: there is no such row {until}",
                "未知：{until}没有这类记录"
            ));
        } else if is_cost {
            say_sum(why, &amounts, ("expenses", "笔费用"), &until);
        } else {
            let rows = number_of(amounts.len(), "contact row", "contact rows", "次联系");
            why.say(write_say!("{rows} {until}", "{until}，{rows}"));
        }
    }
}
