//! What is missing for the next tier up, in the words of somebody who can do something about it.

use crate::figures::why::words::{and, called, days, decimals, money, percent, value_of};
use crate::figures::why::{Reasons, type_of};
use crate::figures::{Judged, in_year};
use crate::metric::tone::is_bad_word;
use crate::metric::{Metric, Type, Value};
use crate::model::Day;
use crate::rule::{Op, Shortfall};
use crate::words::{write_say, written};

impl Reasons<'_, '_> {
    /// Returns what would have to change for a better tier, a line for each way.
    ///
    /// A tier counts as better if it stands earlier and nothing would have to become worse for it:
    /// policies set bad cases, such as late payers, before the ladder.
    pub(in crate::figures) fn missing_for_next_tier(&self) -> Vec<String> {
        let tiers = &self.context().policy.tiers;
        let (view, today) = (self.view(), self.figures.as_of());
        let matched = self.figures.judged(self.index).and_then(Judged::tier);
        let mut lines = Vec::new();
        if let Some(tier) = matched.map(|at| &tiers[at])
            && let Some(rule) = &tier.when
        {
            let excess = rule.excess(&view, today);
            if !excess.is_empty() && excess.iter().all(Shortfall::is_bad_excess) {
                let name = &tier.name;
                let needs: Vec<String> = excess.iter().map(|it| self.in_words(it)).collect();
                lines.push(write_say!(
                    "to leave {name}: {}",
                    "脱离 {name}：{}",
                    needs.join(and())
                ));
            }
        }
        let earlier = tiers.iter().take(matched.unwrap_or(tiers.len()));
        for tier in earlier.rev() {
            let Some(rule) = &tier.when else { continue };
            let mut ways = rule.ways(&view, today);
            ways.retain(|way| !way.is_empty() && !way.iter().any(Shortfall::is_worse));
            for (at, way) in ways.iter().enumerate() {
                let needs: Vec<String> = way.iter().map(|it| self.in_words(it)).collect();
                let needs = needs.join(and());
                lines.push(if at > 0 {
                    write_say!("or {needs}", "或 {needs}")
                } else {
                    write_say!("for {}: {needs}", "升至 {}：{needs}", tier.name)
                });
            }
            if !ways.is_empty() {
                break;
            }
        }
        lines
    }

    /// Writes what one comparison lacks.
    fn in_words(&self, it: &Shortfall<'_>) -> String {
        let policy = self.context().policy;
        let now = |kind: Type| value_of(policy, it.metric, &it.current, kind);
        let name = match it.metric {
            Some(metric) => called(metric),
            None => it.name.as_str().into(),
        };
        let kind = type_of(&it.name, &it.current);
        if it.metric == Some(Metric::Orders) && it.current.to_f64() == Some(0.0) {
            return write_say!("a first order", "首笔订单");
        }
        if !it.must_hold {
            return write_say!(
                "`{}` no longer ({name} is {})",
                "`{}` 不再成立（{name}为 {}）",
                it.text,
                now(kind)
            );
        }
        let is_strict = matches!(it.operator, Some(Op::More | Op::Less));
        let than = if is_strict {
            written().pick("more than ", "超过 ")
        } else {
            ""
        };
        match (&it.difference, it.metric) {
            (Some(Value::Money(amount)), Some(metric)) if amount.0 >= 0 => {
                let what = match metric {
                    Metric::AnnualValue | Metric::AnnualRevenue => {
                        written().pick("order value", "订单额").into()
                    }
                    Metric::Revenue => written().pick("order value in all", "累计订单额").into(),
                    Metric::AnnualProfit => written().pick("profit", "利润").into(),
                    other => called(other),
                };
                let annual = matches!(
                    metric,
                    Metric::AnnualValue | Metric::AnnualRevenue | Metric::AnnualProfit
                );
                let by = match self.window_holds_until() {
                    _ if !annual => String::new(),
                    Some(day) if day <= self.figures.as_of() => {
                        write_say!(
                            " today, for an order leaves the year tomorrow",
                            "（限今天，明天有订单移出本年）"
                        )
                    }
                    Some(day) => write_say!(" by {day}", "（不晚于 {day}）"),
                    None => write_say!(" within a year", "（一年之内）"),
                };
                write_say!(
                    "{than}{} more {what}{by}",
                    "{what}再增 {than}{}{by}",
                    money(*amount)
                )
            }
            (Some(Value::Exact(left)), Some(metric))
                if metric.entry().grows_daily() && left.numerator() >= 0 =>
            {
                let left = decimals(left.to_f64().ceil(), 0).parse().unwrap_or(0);
                let left: i64 = self.stands_still(metric) + left + i64::from(is_strict);
                let day = self.as_of().plus(left).date();
                write_say!(
                    "`{}` on {day}, in {}",
                    "`{}` 将于 {day} 成立，还有 {}",
                    it.text,
                    days(left)
                )
            }
            (Some(difference), _) => {
                let by = difference.to_f64().unwrap_or_default();
                let (english, chinese) = if by < 0.0 {
                    ("fall", "下降")
                } else {
                    ("rise", "上升")
                };
                let way = written().pick(english, chinese);
                let by = match kind {
                    Type::Ratio => percent(by.abs()),
                    Type::Money => {
                        let amount = crate::model::Money::from_f64(by.abs());
                        amount.map_or_else(String::new, money)
                    }
                    _ => decimals(by.abs(), 2),
                };
                write_say!(
                    "{name} must {way} by {than}{by} (`{}`, is {})",
                    "{name}须{way} {than}{by}（`{}`，现为 {}）",
                    it.text,
                    now(kind)
                )
            }
            (None, _) => write_say!(
                "`{}` ({name} is {})",
                "`{}`（{name}现为 {}）",
                it.text,
                now(kind)
            ),
        }
    }

    /// Returns for how many days yet a figure that grows by itself does not: `tenure` is 0 until `since`.
    fn stands_still(&self, metric: Metric) -> i64 {
        match self.customer.since {
            Some(since) if metric == Metric::Tenure => Day::of(since).since(self.as_of()).max(0),
            _ => 0,
        }
    }

    /// Returns the last day on which every order that counts for the year today still does.
    fn window_holds_until(&self) -> Option<chrono::NaiveDate> {
        let as_of = self.as_of();
        let counts = |row: &crate::model::Interaction| {
            self.is_order(row) && in_year(as_of, row.day) && row.quantity > 0
        };
        let (_, oldest) = self.rows_where(counts).next()?;
        Some(oldest.day.plus(364).date())
    }
}

impl Shortfall<'_> {
    /// Tells whether the customer would have to become worse for this to change as it must.
    fn is_worse(&self) -> bool {
        let less_is_better = self.metric.is_some_and(|it| it.entry().is_less_better());
        let is_bad_word = |value: &Value<'_>| match value {
            Value::Text(text) => is_bad_word(text),
            _ => false,
        };
        if !self.must_hold {
            // What must cease is only worse if it is good: `orders > 0` say.
            return matches!(self.operator, Some(Op::More | Op::AtLeast)) && !less_is_better;
        }
        match (&self.difference, self.operator) {
            (Some(difference), _) => {
                let rises = difference.to_f64().unwrap_or_default() > 0.0
                    || matches!(self.operator, Some(Op::More | Op::AtLeast));
                rises == less_is_better
            }
            (None, Some(Op::Less | Op::AtMost)) => !less_is_better,
            (None, Some(Op::More | Op::AtLeast)) => less_is_better,
            (None, Some(Op::Equal)) if self.thresholds.iter().all(is_bad_word) => true,
            (None, Some(Op::Equal)) => self.falls() != less_is_better && self.falls(),
            _ => false,
        }
    }

    /// Tells whether a number would have to fall to the one that it is to equal.
    fn falls(&self) -> bool {
        let current = self.current.to_f64();
        let wanted = self.thresholds.iter().find_map(Value::to_f64);
        current
            .zip(wanted)
            .is_some_and(|(now, wanted)| wanted < now)
    }

    /// Tells whether what holds now is bad, so that its ceasing is better.
    fn is_bad_excess(&self) -> bool {
        let less_is_better = self.metric.is_some_and(|it| it.entry().is_less_better());
        match (self.operator, &self.current) {
            (Some(Op::Equal), Value::Text(text)) => is_bad_word(text),
            (Some(Op::Less | Op::AtMost), _) => !less_is_better,
            (Some(Op::More | Op::AtLeast), _) => less_is_better,
            (Some(Op::Equal), value) => value.to_f64() == Some(0.0) && !less_is_better,
            _ => false,
        }
    }
}
