//! Why a customer's rank, share, class and scores are what they are: who stands beside it.

use crate::figures::orders::Orders;
use crate::figures::why::words::{called, comma, money, number_of, percent};
use crate::figures::why::{Reasons, Why};
use crate::metric::{Metric, RankingMetric, Value};
use crate::model::{Fraction, Money};
use crate::words::{write_say, written};

/// What a place by annual value tells.
#[derive(Clone, Copy)]
enum ValueStanding {
    Rank,
    Share,
    Abc,
}

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_place(&self, metric: RankingMetric, why: &mut Why) {
        match metric {
            RankingMetric::Rank => self.why_rank(why, ValueStanding::Rank),
            RankingMetric::Share => self.why_rank(why, ValueStanding::Share),
            RankingMetric::Abc => self.why_rank(why, ValueStanding::Abc),
            RankingMetric::RecencyScore => self.why_place_by(why, Metric::LastOrder, |it| {
                it.last().map_or(0, |day| i128::from(day.0))
            }),
            RankingMetric::FrequencyScore => {
                self.why_place_by(why, Metric::Orders, |it| it.count.into());
            }
            RankingMetric::MonetaryScore => {
                self.why_place_by(why, Metric::Revenue, |it| it.revenue.0);
            }
            RankingMetric::Rfm => {
                let scores = [
                    Metric::RecencyScore,
                    Metric::FrequencyScore,
                    Metric::MonetaryScore,
                ];
                for metric in scores {
                    self.rest_on(why, metric);
                }
                let said = scores.map(|metric| format!("{} {}", called(metric), self.said(metric)));
                why.say(said.join(comma()));
            }
        }
    }

    fn why_rank(&self, why: &mut Why, standing: ValueStanding) {
        self.rest_on(why, Metric::AnnualValue);
        let facts = &self.figures.facts;
        let customers = &self.context().book.customers;
        let value_of = |index: u32| {
            let orders = facts.parts.orders(index as usize);
            orders.annual_value(self.context(), &customers[index as usize])
        };
        let mut ranked: Vec<(Money, u32)> = (facts.present.iter())
            .filter_map(|&index| Some((value_of(index)?, index)))
            .collect();
        ranked.sort_unstable_by_key(|(value, index)| (std::cmp::Reverse(*value), *index));
        let place = ranked.iter().position(|it| it.1 as usize == self.index);
        let Some(place) = place else {
            why.say(write_say!(
                "unknown: annual_value is unknown",
                "未知：年度价值未知"
            ));
            return;
        };
        let total: Money = ranked.iter().map(|it| it.0.at_least_zero()).sum();
        let before: Money = ranked[..place].iter().map(|it| it.0.at_least_zero()).sum();
        let share = |part: Money| {
            Fraction::new(part.0, total.0).map_or_else(
                || write_say!("unknown", "未知"),
                |share| percent(share.to_f64()),
            )
        };
        let own = ranked[place].0;
        match standing {
            ValueStanding::Rank => {
                let all = number_of(ranked.len(), "customer", "customers", "家客户");
                why.say(write_say!(
                    "place {} of {all} by annual_value",
                    "按年度价值在 {all}中排第 {}",
                    place + 1
                ));
                let mut neighbour = |word: &str, at: Option<usize>| {
                    if let Some((value, index)) = at.and_then(|at| ranked.get(at)) {
                        let id = &customers[*index as usize].id;
                        let value = money(*value);
                        why.say(write_say!(
                            "{word}: {id} with {value}",
                            "{word}：{id} {value}"
                        ));
                    }
                };
                neighbour(written().pick("just above", "前一名"), place.checked_sub(1));
                neighbour(written().pick("just below", "后一名"), Some(place + 1));
            }
            ValueStanding::Share => why.say(write_say!(
                "{} / {} of all customers = {}",
                "{} / 全部客户 {} = {}",
                money(own.at_least_zero()),
                money(total),
                share(own.at_least_zero())
            )),
            ValueStanding::Abc => {
                let pareto = &self.context().policy.pareto;
                let limit = |fraction: Fraction| percent(fraction.to_f64());
                why.say(write_say!(
                    "{} {} of {}: {}; A below {}, B below {}",
                    "排在前面的 {}占 {} / {}：{}；低于 {} 为 A，低于 {} 为 B",
                    number_of(
                        place,
                        "customer before it has",
                        "customers before it have",
                        "家客户"
                    ),
                    money(before),
                    money(total),
                    share(before),
                    limit(pareto.a),
                    limit(pareto.b)
                ));
                if own <= Money::ZERO {
                    why.say(write_say!(
                        "without annual_value it is C",
                        "没有年度价值，为 C"
                    ));
                }
            }
        }
    }

    fn why_place_by(&self, why: &mut Why, metric: Metric, key: fn(&Orders) -> i128) {
        self.rest_on(why, metric);
        self.rest_on(why, Metric::LastOrder);
        let facts = &self.figures.facts;
        let own = facts.parts.orders(self.index);
        let buyers = facts
            .present
            .iter()
            .map(|index| facts.parts.orders(*index as usize));
        let buyers: Vec<&Orders> = buyers.filter(|it| it.count > 0).collect();
        if !why.value.is_known() {
            why.say(write_say!("unknown: there is no order", "未知：没有订单"));
            return;
        }
        let worse = buyers.iter().filter(|it| key(it) < key(own)).count();
        let equal = buyers.iter().filter(|it| key(it) == key(own)).count();
        let Value::Exact(score) = &why.value else {
            return;
        };
        let line = write_say!(
            "of {} with an order {worse} stand below in {} and {equal} equal, itself counted: \
             1 + ⌊5 × ({worse} + {equal} / 2) / {}⌋, at most 5 = {}",
            "有订单的 {}中，{1}低于它的 {worse} 家，与它相同的 {equal} 家（含自身）：\
             1 + ⌊5 × ({worse} + {equal} / 2) / {2}⌋，至多 5 = {3}",
            number_of(buyers.len(), "customer", "customers", "家客户"),
            called(metric),
            buyers.len(),
            score.numerator()
        );
        why.say(line);
    }
}
