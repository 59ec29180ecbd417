//! Why satisfaction and score are what they are.

use crate::figures::satisfaction::latest_scores;
use crate::figures::why::words::{number, value as said};
use crate::figures::why::{Reasons, Why};
use crate::metric::Type;
use crate::model::Fraction;
use crate::policy::Weights;

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_satisfaction(&self, why: &mut Why) {
        let policy = self.context().policy;
        let scores = latest_scores(self.context(), self.rows);
        for topic in &scores {
            for (score, row) in &topic.scores {
                let day = if topic.scores.len() > 1 { " day" } else { "" };
                let role = format!(
                    "the latest{day} score of {}: {}",
                    topic.topic,
                    number(*score)
                );
                why.add_row(*row, None, role);
            }
        }
        let scores = scores.iter().filter_map(|it| Some((it.topic, it.mean()?)));
        mean(why, scores, &policy.satisfaction, "no score in the year");
    }

    pub(in crate::figures) fn why_score(&self, why: &mut Why) {
        if self.customer.score.is_some() {
            return why.say("the customer's file says so: `score`");
        }
        let items = self.customer.scorecard.iter();
        let items = items.map(|(item, score)| (&**item, *score));
        mean(
            why,
            items,
            &self.context().policy.scorecard,
            "the file has neither `score` nor `[scorecard]`",
        );
    }
}

/// Writes a weighted mean.
fn mean<'s>(
    why: &mut Why,
    scores: impl Iterator<Item = (&'s str, Fraction)>,
    weights: &Weights,
    without: &str,
) {
    let mut terms = Vec::new();
    let mut weight_sum = Fraction::ZERO;
    for (name, score) in scores {
        let weight = weights.of(name);
        weight_sum = weight_sum.checked_add(weight).unwrap_or(weight_sum);
        terms.push(format!("{name} {} × {}", number(score), number(weight)));
    }
    if terms.is_empty() {
        why.say(format!("unknown: {without}"));
    } else {
        let mean = said(&why.value, Type::Number);
        why.say(format!(
            "({}) / {} = {mean}",
            terms.join(" + "),
            number(weight_sum)
        ));
    }
}
