//! Satisfaction, and the subjective score.

mod why;

use super::{FiguresContext, in_year};
use crate::model::{Customer, Day, Fraction, Interactions, Role};
use crate::policy::Weights;

/// The topic of a survey that names none.
pub(crate) const OVERALL: &str = "overall";

/// The topic of the score that a closed case got.
pub(crate) const RESOLUTION: &str = "resolution";

/// The scores of a topic's latest day in the year.
pub(crate) struct TopicScore<'b> {
    pub(crate) topic: &'b str,
    day: Day,
    /// Each score with the row that gave it, counted within the customer's rows.
    pub(crate) scores: Vec<(Fraction, usize)>,
}

impl TopicScore<'_> {
    /// Returns the mean of the day's scores.
    pub(crate) fn mean(&self) -> Option<Fraction> {
        let mut sum = Fraction::ZERO;
        for (score, _) in &self.scores {
            sum = sum.checked_add(*score)?;
        }
        let count = i128::try_from(self.scores.len()).ok()?;
        sum.checked_mul(Fraction::new(1, count)?)
    }
}

/// Returns the scores of each topic's latest day in the year, by topic.
pub(crate) fn latest_scores<'b>(
    context: &FiguresContext<'_>,
    rows: Interactions<'b>,
) -> Vec<TopicScore<'b>> {
    let mut latest: Vec<TopicScore<'_>> = Vec::new();
    for (index, row) in rows.rows().iter().enumerate() {
        let topic = match context.roles.role(row) {
            Role::Survey => rows.topic(row).unwrap_or(OVERALL),
            Role::Resolve if row.has_quantity => RESOLUTION,
            _ => continue,
        };
        let Some(score) = row.score() else { continue };
        if !in_year(context.as_of, row.day) {
            continue;
        }
        match latest.iter_mut().find(|it| it.topic == topic) {
            Some(entry) if entry.day == row.day => entry.scores.push((score, index)),
            Some(entry) => {
                entry.day = row.day;
                entry.scores.clear();
                entry.scores.push((score, index));
            }
            None => latest.push(TopicScore {
                topic,
                day: row.day,
                scores: vec![(score, index)],
            }),
        }
    }
    latest.sort_by_key(|it| it.topic);
    latest
}

/// Returns the weighted mean of the topics' scores of their latest days.
pub(crate) fn satisfaction(
    context: &FiguresContext<'_>,
    rows: Interactions<'_>,
) -> Option<Fraction> {
    let scores = latest_scores(context, rows);
    let means: Option<Vec<_>> = scores
        .iter()
        .map(|it| Some((it.topic, it.mean()?)))
        .collect();
    weighted_mean(means?.into_iter(), &context.policy.satisfaction)
}

/// Returns the file's score, else the weighted mean of its scorecard.
pub(crate) fn score(context: &FiguresContext<'_>, customer: &Customer) -> Option<Fraction> {
    customer.score.or_else(|| {
        let items = customer
            .scorecard
            .iter()
            .map(|(item, score)| (&**item, *score));
        weighted_mean(items, &context.policy.scorecard)
    })
}

fn weighted_mean<'a>(
    scores: impl Iterator<Item = (&'a str, Fraction)>,
    weights: &Weights,
) -> Option<Fraction> {
    let (mut sum, mut weight_sum) = (Fraction::ZERO, Fraction::ZERO);
    for (name, score) in scores {
        let weight = weights.of(name);
        sum = sum.checked_add(score.checked_mul(weight)?)?;
        weight_sum = weight_sum.checked_add(weight)?;
    }
    let inverse = Fraction::new(weight_sum.denominator(), weight_sum.numerator())?;
    sum.checked_mul(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_default_to_one() {
        let weights = Weights(vec![("quality".to_owned(), Fraction::whole(3))]);
        let scores = [
            ("quality", Fraction::whole(90)),
            ("price", Fraction::whole(50)),
        ];
        assert_eq!(
            weighted_mean(scores.into_iter(), &weights),
            Fraction::new(80, 1)
        );
        assert_eq!(weighted_mean([].into_iter(), &weights), None);
    }
}
