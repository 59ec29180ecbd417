//! Why the figures of agreements are what they are.

use crate::figures::Figures;
use crate::figures::agreements::{self, Agreement};
use crate::figures::orders::why::say_sum;
use crate::figures::why::words::{days, number_of};
use crate::figures::why::{Reasons, RowPart, Why};
use crate::metric::{AgreementsMetric, Metric};
use crate::model::{Day, Money};
use crate::words::write_say;

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_agreements(&self, metric: AgreementsMetric, why: &mut Why) {
        let as_of = self.as_of();
        let parts = &self.figures.facts.parts;
        let is_lost = parts.contact(self.index).is_lost();
        let all = parts.agreements(self.index);
        if self.has_lost_rows() {
            self.rest_on(why, Metric::Lost);
        }
        if is_lost {
            why.say(if metric == AgreementsMetric::AgreementsLapsed {
                write_say!(
                    "the customer is lost: no agreement is to be renewed",
                    "客户已流失：没有待续签的协议"
                )
            } else {
                write_say!(
                    "the customer is lost: none of its agreements is in force",
                    "客户已流失：没有在期协议"
                )
            });
            return;
        }
        if metric == AgreementsMetric::AgreementsLapsed {
            for it in agreements::lapsed(all, as_of, false) {
                let role = write_say!("{}, not renewed", "{}，未续签", self.ended(it));
                why.add_row(it.row, None, role);
            }
            let count = number_of(why.rows.len(), "agreement", "agreements", "份协议");
            why.say(write_say!(
                "{count} ended in the last 90 days and not renewed",
                "最近 90 天内有 {count}到期未续"
            ));
        } else {
            self.why_in_force(metric, why, agreements::in_force(all, as_of, false));
        }
        self.name_renewals(why, all);
    }

    /// Adds the agreements in force, and what the figure makes of them.
    fn why_in_force<'a>(
        &self,
        metric: AgreementsMetric,
        why: &mut Why,
        in_force: impl Iterator<Item = &'a Agreement>,
    ) {
        let as_of = self.as_of();
        let mut amounts: Vec<Money> = Vec::new();
        let mut end: Option<Day> = None;
        for it in in_force {
            let amount = it
                .amount
                .filter(|_| metric == AgreementsMetric::AgreementValue);
            let role = write_say!("in force until {}", "有效期至 {}", it.until.date());
            why.add_row(it.row, amount, role);
            amounts.extend(amount);
            end = Some(end.map_or(it.until, |end| end.min(it.until)));
        }
        let count = number_of(why.rows.len(), "agreement", "agreements", "份协议");
        let Some(end) = end else {
            why.say(write_say!(
                "no agreement is in force that was not renewed",
                "没有尚未续签的在期协议"
            ));
            return;
        };
        match metric {
            AgreementsMetric::AgreementValue if amounts.is_empty() => {
                why.say(write_say!(
                    "unknown: {count} in force, none with an amount",
                    "未知：{count}在期，均未写金额"
                ));
            }
            AgreementsMetric::AgreementValue => {
                say_sum(why, &amounts, ("agreements", "份协议"), "");
            }
            AgreementsMetric::AgreementEnd => {
                why.say(write_say!(
                    "the earliest end of {count} in force",
                    "{count}在期，取最早的到期日"
                ));
            }
            AgreementsMetric::AgreementLeft => {
                self.rest_on(why, Metric::AgreementEnd);
                let (end_date, today) = (end.date(), as_of.date());
                why.say(format!("{end_date} − {today} = {}", days(end.since(as_of))));
            }
            // The lapsed are told before anybody comes here.
            AgreementsMetric::Agreements | AgreementsMetric::AgreementsLapsed => {
                why.say(write_say!(
                    "{count} in force and not renewed",
                    "{count}在期且未续签"
                ));
            }
        }
    }

    /// Adds what renewed the agreements that would count otherwise.
    fn name_renewals(&self, why: &mut Why, all: &[Agreement]) {
        let as_of = self.as_of();
        let counts_lapsed = why.metric == Metric::AgreementsLapsed;
        let counted = |it: &&Agreement| {
            let age = as_of.since(it.until);
            if counts_lapsed {
                (1..=90).contains(&age)
            } else {
                age <= 0
            }
        };
        for it in all.iter().filter(counted) {
            let Some(by) = it.renewed_by.and_then(|by| all.get(by)) else {
                continue;
            };
            let (ended, name) = (self.ended(it), self.name(it.row));
            why.add_row(
                it.row,
                None,
                write_say!("{ended}, renewed", "{ended}，已续签"),
            );
            why.add_row(by.row, None, write_say!("renews {name}", "续签 {name}"));
        }
    }

    fn ended(&self, it: &Agreement) -> String {
        let until = it.until.date();
        if it.until < self.as_of() {
            write_say!("ended {until}", "已于 {until} 到期")
        } else {
            write_say!("ends {until}", "{until} 到期")
        }
    }
}

/// Returns the agreements of a customer that are in force or lapsed, each with how it stands.
pub(crate) fn standing_agreements(figures: &Figures<'_>, customer_index: usize) -> Vec<RowPart> {
    let parts = &figures.facts.parts;
    let all = parts.agreements(customer_index);
    let as_of = figures.facts.context.as_of;
    let is_lost = parts.contact(customer_index).is_lost();
    let part = |it: &Agreement, role: String| RowPart {
        row: it.row,
        amount: it.amount,
        role,
    };
    let in_force = agreements::in_force(all, as_of, is_lost).map(|it| {
        let left = days(it.until.since(as_of));
        let until = it.until.date();
        part(
            it,
            write_say!("until {until}, {left} left", "至 {until}，剩余 {left}"),
        )
    });
    let lapsed = agreements::lapsed(all, as_of, is_lost).map(|it| {
        let ago = days(as_of.since(it.until));
        let until = it.until.date();
        part(
            it,
            write_say!(
                "ended on {until}, {ago} ago",
                "已于 {until} 到期，距今 {ago}"
            ),
        )
    });
    let mut found: Vec<RowPart> = in_force.chain(lapsed).collect();
    found.sort_by_key(|part| part.row);
    found
}
