//! Why satisfaction and score are what they are.

use crate::figures::satisfaction::latest_scores;
use crate::figures::why::words::{number, value as said};
use crate::figures::why::{Reasons, Why};
use crate::metric::Type;
use crate::model::Fraction;
use crate::policy::Weights;
use crate::words::{write_say, written};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_satisfaction(&self, why: &mut Why) {
        let policy = self.context().policy;
        let scores = latest_scores(self.context(), self.rows);
        for topic in &scores {
            for (score, row) in &topic.scores {
                let score = number(*score);
                let topic_name = topic.topic;
                let role = if topic.scores.len() > 1 {
                    write_say!(
                        "the latest day score of {topic_name}: {score}",
                        "{topic_name} 最近一天的评分：{score}"
                    )
                } else {
                    write_say!(
                        "the latest score of {topic_name}: {score}",
                        "{topic_name} 的最近评分：{score}"
                    )
                };
                why.add_row(*row, None, role);
            }
        }
        let scores = scores.iter().filter_map(|it| Some((it.topic, it.mean()?)));
        let without = written().pick("no score in the year", "本年没有评分");
        mean(why, scores, &policy.satisfaction, without);
    }

    pub(in crate::figures) fn why_score(&self, why: &mut Why) {
        if self.customer.score.is_some() {
            return why.say(write_say!(
                "the customer's file says so: `score`",
                "客户文件所写：`score`"
            ));
        }
        let items = self.customer.scorecard.iter();
        let items = items.map(|(item, score)| (&**item, *score));
        mean(
            why,
            items,
            &self.context().policy.scorecard,
            written().pick(
                "the file has neither `score` nor `[scorecard]`",
                "客户文件没有 `score` 和 `[scorecard]`",
            ),
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
        why.say(write_say!("unknown: {without}", "未知：{without}"));
    } else {
        let mean = said(&why.value, Type::Number);
        why.say(format!(
            "({}) / {} = {mean}",
            terms.join(" + "),
            number(weight_sum)
        ));
    }
}
