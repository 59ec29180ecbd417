//! What is missing for the next tier up, in the words of somebody who can do something about it.

use crate::figures::why::words::{self, days, decimals, money, percent};
use crate::figures::why::{Reasons, type_of};
use crate::figures::{Judged, in_year};
use crate::metric::tone::is_bad_word;
use crate::metric::{Metric, Type, Value};
use crate::model::Day;
use crate::rule::{Op, Shortfall};

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
        if let Some(rule) = matched.and_then(|at| tiers[at].when.as_ref()) {
            let excess = rule.excess(&view, today);
            if !excess.is_empty() && excess.iter().all(Shortfall::is_bad_excess) {
                let name = &tiers[matched.unwrap_or_default()].name;
                let needs: Vec<String> = excess.iter().map(|it| self.in_words(it)).collect();
                lines.push(format!("to leave {name}: {}", needs.join(" and ")));
            }
        }
        let earlier = tiers.iter().take(matched.unwrap_or(tiers.len()));
        for tier in earlier.rev() {
            let Some(rule) = &tier.when else { continue };
            let mut ways = rule.ways(&view, today);
            ways.retain(|way| !way.is_empty() && !way.iter().any(Shortfall::is_worse));
            for way in &ways {
                let needs: Vec<String> = way.iter().map(|it| self.in_words(it)).collect();
                let or = if lines.iter().any(|line| line.starts_with("for ")) {
                    "or".to_owned()
                } else {
                    format!("for {}:", tier.name)
                };
                lines.push(format!("{or} {}", needs.join(" and ")));
            }
            if !ways.is_empty() {
                break;
            }
        }
        lines
    }

    /// Writes what one comparison lacks.
    fn in_words(&self, it: &Shortfall<'_>) -> String {
        let now = |kind: Type| words::value(&it.current, kind);
        let kind = type_of(&it.name, &it.current);
        if it.metric == Some(Metric::Orders) && it.current.to_f64() == Some(0.0) {
            return "a first order".to_owned();
        }
        if !it.must_hold {
            return format!("`{}` no longer ({} is {})", it.text, it.name, now(kind));
        }
        let is_strict = matches!(it.operator, Some(Op::More | Op::Less));
        let than = if is_strict { "more than " } else { "" };
        match (&it.difference, it.metric) {
            (Some(Value::Money(amount)), Some(metric)) if amount.0 >= 0 => {
                let what = match metric {
                    Metric::AnnualValue | Metric::AnnualRevenue => "order value".into(),
                    Metric::Revenue => "order value in all".into(),
                    Metric::AnnualProfit => "profit".into(),
                    other => other.name(),
                };
                let annual = matches!(
                    metric,
                    Metric::AnnualValue | Metric::AnnualRevenue | Metric::AnnualProfit
                );
                let by = match self.window_holds_until() {
                    _ if !annual => String::new(),
                    Some(day) if day <= self.figures.as_of() => {
                        " today, for an order leaves the year tomorrow".to_owned()
                    }
                    Some(day) => format!(" by {day}"),
                    None => " within a year".to_owned(),
                };
                format!("{than}{} more {what}{by}", money(*amount))
            }
            (Some(Value::Exact(left)), Some(metric))
                if metric.entry().grows_daily() && left.numerator() >= 0 =>
            {
                let left = decimals(left.to_f64().ceil(), 0).parse().unwrap_or(0);
                let left: i64 = self.stands_still(metric) + left + i64::from(is_strict);
                let day = self.as_of().plus(left).date();
                format!("`{}` on {day}, in {}", it.text, days(left))
            }
            (Some(difference), _) => {
                let by = difference.to_f64().unwrap_or_default();
                let way = if by < 0.0 { "fall" } else { "rise" };
                let by = match kind {
                    Type::Ratio => percent(by.abs()),
                    Type::Money => {
                        let amount = crate::model::Money::from_f64(by.abs());
                        amount.map_or_else(String::new, money)
                    }
                    _ => decimals(by.abs(), 2),
                };
                let name = &it.name;
                format!(
                    "{name} must {way} by {than}{by} (`{}`, is {})",
                    it.text,
                    now(kind)
                )
            }
            (None, _) => format!("`{}` ({} is {})", it.text, it.name, now(kind)),
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
