//! A customer's money on its screen: value, orders, what is owed, what is to come.

use super::super::told::told;
use super::{MONEY, Screen, joined};
use crate::answer::{Paper, Part};
use crate::metric::{Metric, Type, Value};
use crate::words::{write_say, written};

impl Screen<'_> {
    pub(super) fn add_money(&self, paper: &mut Paper) {
        let currency = &self.figures.policy().currency;
        let block = paper.keyed(
            MONEY,
            write_say!("money ({currency})", "金额（{currency}）"),
        );
        let mut line = |name: &str, metric: Metric, words: String| {
            let value = Part {
                tone: "",
                ..Part::of_metric(metric, self.read(metric))
            };
            block.line([Part::text(name), value, Part::text(words)]);
        };
        let growth = self.value(Metric::Growth).to_f64().map(|growth| {
            let growth = told(&Value::Float(growth), Type::Ratio);
            write_say!("growth {growth}", "增长 {growth}")
        });
        line(
            written().pick("annual value", "年度价值"),
            Metric::AnnualValue,
            joined([
                growth,
                self.with(
                    written().pick("year before ", "上年 "),
                    Metric::PriorRevenue,
                ),
                self.with(written().pick("rank ", "排名 "), Metric::Rank),
                self.with(written().pick("class ", "ABC "), Metric::Abc),
                self.with(written().pick("RFM ", "RFM "), Metric::Rfm),
            ]),
        );
        line(
            written().pick("orders in all", "累计订单"),
            Metric::Revenue,
            joined([
                self.with("", Metric::Orders).map(|count| {
                    let word = if count == "1" { "order" } else { "orders" };
                    written().pick(format!("{count} {word}"), format!("{count} 笔"))
                }),
                self.with(written().pick("last ", "最近 "), Metric::LastOrder),
                self.with(
                    written().pick("about every ", "约每隔 "),
                    Metric::OrderInterval,
                )
                .map(|every| {
                    if every == "about every 1 day" {
                        "about every day".to_owned()
                    } else {
                        every
                    }
                }),
            ]),
        );
        if self.value(Metric::Receivable).is_known() {
            line(
                written().pick("receivable", "应收账款"),
                Metric::Receivable,
                joined([
                    self.with(written().pick("settlement ", "结算 "), Metric::Settlement),
                    self.with(written().pick("past due ", "逾期 "), Metric::PastDue),
                    self.with(written().pick("by up to ", "最长 "), Metric::DaysPastDue),
                    self.with("", Metric::Advance)
                        .map(|advance| write_say!("{advance} in advance", "预收 {advance}")),
                    self.with("", Metric::CreditUsed).map(|share| {
                        write_say!("{share} of the credit limit", "已用信用额度 {share}")
                    }),
                ]),
            );
        }
        let years = self.figures.policy().value.years;
        if self.figures.has(Metric::Clv) {
            line(
                written().pick("lifetime value", "终身价值"),
                Metric::Clv,
                joined([
                    self.value_range(),
                    Some(write_say!("next {years} years", "未来 {years} 年")),
                    self.with(written().pick("basis: ", "依据："), Metric::ClvBasis),
                    self.with(
                        written()
                            .pick("order days expected in the next year ", "预计来年下单天数 "),
                        Metric::ExpectedOrders,
                    ),
                ]),
            );
        }
        if self.with("", Metric::Pipeline).is_some() {
            let words = joined([self.with(
                written().pick("open leads ", "在谈商机 "),
                Metric::OpenLeads,
            )]);
            line(
                written().pick("pipeline", "在谈金额"),
                Metric::Pipeline,
                words,
            );
        }
    }

    /// Returns between what the customer's value is likely to be.
    fn value_range(&self) -> Option<String> {
        match (self.read(Metric::ClvLow), self.read(Metric::ClvHigh)) {
            (Value::Unknown, _) | (_, Value::Unknown) => None,
            (low, high) => {
                let (low, high) = (told(&low, Type::Money), told(&high, Type::Money));
                Some(write_say!("from {low} to {high}", "{low} 至 {high}"))
            }
        }
    }
}
