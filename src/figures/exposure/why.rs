//! Why what is not billed, and what a customer would owe with it, is what it is.

use super::{counts, is_overdue, to_bill};
use crate::figures::why::words::{self};
use crate::figures::why::{Reasons, Why};
use crate::metric::{ExposureMetric, Metric, Type, Value};
use crate::model::{Money, Role};
use crate::words::write_say;

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
                    Value::Unknown => write_say!("nothing", "0"),
                    _ => self.said(metric),
                };
                let line = write_say!(
                    "{} owed + {} unbilled − {} in advance",
                    "应收 {} + 未开票 {} − 预收 {}",
                    part(Metric::Receivable),
                    part(Metric::Unbilled),
                    part(Metric::Advance)
                );
                let sum = match &why.value {
                    Value::Money(Money::ZERO) => write_say!("at least 0: 0.00", "不小于 0：0.00"),
                    value => words::value(value, Type::Money),
                };
                why.say(if why.value.is_known() {
                    format!("{line} = {sum}")
                } else {
                    write_say!(
                        "unknown: neither what is owed nor what is unbilled is known",
                        "未知：应收账款和未开票金额都未知"
                    )
                });
            }
            ExposureMetric::Unbilled => self.why_unbilled(why),
        }
    }

    fn why_unbilled(&self, why: &mut Why) {
        let (context, roles) = (self.context(), &self.context().roles);
        let Some(first) = self.figures.facts.first_invoice else {
            return why.say(write_say!(
                "unknown: nobody has been billed",
                "未知：账上没有任何开票"
            ));
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
                        write_say!("is to be billed", "应开票")
                    } else {
                        write_say!("need not be billed", "不必开票")
                    };
                    (amount, role)
                }
                None if roles.role(row) == Role::Invoice => {
                    (-row.amount(), write_say!("is billed", "已开票"))
                }
                _ => continue,
            };
            terms.push(amount);
            why.add_row(index, Some(amount), role);
        }
        let since = first.date();
        why.say(write_say!(
            "the book's first invoice is of {since}: orders up to 180 days before it count",
            "账上第一张发票的日期是 {since}：其前 180 天起的订单计入"
        ));
        if why.value.is_known() {
            let total: Money = terms.iter().copied().sum();
            why.say(words::sum(
                &terms,
                (
                    ("orders", "笔订单"),
                    ("invoices and credits", "笔开票和冲减"),
                ),
                total,
            ));
            if total < Money::ZERO {
                why.say(write_say!(
                    "more is billed than was ordered: 0.00",
                    "开票多于订单：0.00"
                ));
            }
        } else if let Some(old) = old.filter(|_| has_order) {
            let name = self.name(old);
            why.say(write_say!(
                "unknown: {name} is older than 180 days and nothing was ever billed, so that its billing is not kept",
                "未知：{name} 已超过 180 天而从未开票，可见本账不登记其开票"
            ));
        } else {
            why.say(write_say!(
                "unknown: there is no order that counts",
                "未知：没有计入的订单"
            ));
        }
    }
}
