//! Why what is not billed, and what a customer would owe with it, is what it is.

use super::{counts, is_overdue, to_bill};
use crate::figures::why::words::{self};
use crate::figures::why::{Reasons, Why};
use crate::metric::{ExposureMetric, Metric, Type, Value};
use crate::model::{Money, Role};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_exposure(&mut self, metric: ExposureMetric, why: &mut Why) {
        match metric {
            ExposureMetric::CreditUsed => {
                self.rest_on(why, Metric::Exposure);
                self.rest_on(why, Metric::CreditLimit);
                self.ratio(why, Metric::Exposure, Metric::CreditLimit);
            }
            ExposureMetric::Exposure => {
                for metric in [Metric::Receivable, Metric::Unbilled, Metric::Advance] {
                    self.rest_on(why, metric);
                }
                let part = |metric| match self.value(metric) {
                    Value::Unknown => "nothing".to_owned(),
                    _ => self.said(metric),
                };
                let line = format!(
                    "{} owed + {} unbilled − {} in advance",
                    part(Metric::Receivable),
                    part(Metric::Unbilled),
                    part(Metric::Advance)
                );
                let sum = match &why.value {
                    Value::Money(Money::ZERO) => "at least 0: 0.00".to_owned(),
                    value => words::value(value, Type::Money),
                };
                why.say(if why.value.is_known() {
                    format!("{line} = {sum}")
                } else {
                    "unknown: neither what is owed nor what is unbilled is known".to_owned()
                });
            }
            ExposureMetric::Unbilled => self.why_unbilled(why),
        }
    }

    fn why_unbilled(&self, why: &mut Why) {
        let (context, roles) = (self.context(), &self.context().roles);
        let Some(first) = self.figures.facts.first_invoice else {
            return why.say("unknown: nobody has been billed");
        };
        let mut terms = Vec::new();
        let (mut old, mut has_order) = (None, false);
        for (index, row) in self.rows.rows().iter().enumerate() {
            let (amount, role) = match to_bill(roles, self.rows, row) {
                Some(amount) if counts(row, first) => {
                    let is_order = roles.role(row) == Role::Order;
                    has_order |= is_order;
                    if is_order && is_overdue(row, context.as_of) {
                        old = Some(index);
                    }
                    let role = if is_order {
                        "is to be billed"
                    } else {
                        "need not be billed"
                    };
                    (amount, role)
                }
                None if roles.role(row) == Role::Invoice => (-row.amount(), "is billed"),
                _ => continue,
            };
            terms.push(amount);
            why.add_row(index, Some(amount), role);
        }
        let since = first.date();
        why.say(format!(
            "the book's first invoice is of {since}: orders up to 180 days before it count"
        ));
        if why.value.is_known() {
            let total: Money = terms.iter().copied().sum();
            why.say(words::sum(
                &terms,
                ("orders", "invoices and credits"),
                total,
            ));
            if total < Money::ZERO {
                why.say("more is billed than was ordered: 0.00");
            }
        } else if let Some(old) = old.filter(|_| has_order) {
            let name = self.name(old);
            why.say(format!(
                "unknown: {name} is older than 180 days and nothing was ever billed, so that its billing is not kept"
            ));
        } else {
            why.say("unknown: there is no order that counts");
        }
    }
}
