//! What a rule can go on with: metrics, operators, and the words that a metric can be.

use super::days::{Way, days, spans};
use super::shelf::Shelf;
use super::{Candidate, Completions};
use crate::metric::{Metric, Type, Words, all_metrics, metric_by_name};
use crate::report::is_free_column;
use crate::rule::{NextWords, Op, next};
use crate::words::{say, spoken};

/// Returns what a rule that is typed so far can go on with.
pub(super) fn of_rule(text: &str, shelf: &Shelf<'_>) -> Completions {
    let (at, place) = next(text);
    let (before, word) = text.split_at(at);
    let all = match place {
        NextWords::Operand => operands(word, shelf),
        NextWords::Operator(name) => operators(name),
        NextWords::Value(name) => of_name(name, shelf),
        NextWords::List => Candidate::bare(["("]),
        NextWords::Known => Candidate::bare(["known", "unknown"]),
        NextWords::Joint => Candidate::bare(["and", "or"]),
        NextWords::Nothing => Vec::new(),
    };
    Completions {
        before: before.to_owned(),
        all,
    }
}

/// Returns what can be compared; what a single name that is wanted can be compared by follows at once, so
/// that no shell takes the name for a whole rule and ends the word behind it.
fn operands(word: &str, shelf: &Shelf<'_>) -> Vec<Candidate> {
    let metrics = all_metrics();
    let metrics = metrics.map(|it| Candidate::new(it.name(), it.entry().defined_in(spoken())));
    let mut all: Vec<Candidate> = metrics.collect();
    if ["custom", "profile"]
        .iter()
        .any(|it| it.starts_with(word) || word.starts_with(it))
    {
        all.extend(Candidate::bare(shelf.free_keys()));
    }
    all.push(Candidate::new(
        "not",
        say!("of what follows the opposite", "其后条件的相反"),
    ));
    all.retain(|it| it.value.starts_with(word));
    match &all[..] {
        [only] if only.value != "not" => {
            let follow = operators(&only.value).into_iter();
            let whole = |it: Candidate| {
                let value = format!("{} {}", only.value, it.value);
                Candidate::told(value, it.description)
            };
            let whole: Vec<Candidate> = follow.map(whole).collect();
            all.extend(whole);
            all
        }
        _ => all,
    }
}

/// Returns what can stand behind a name.
fn operators(name: &str) -> Vec<Candidate> {
    use Op::{AtLeast, AtMost, Different, Equal, Less, Like, More};
    let kind = metric_by_name(name).map(|it| it.entry().kind);
    let (symbols, words): (&[Op], &[&str]) = match kind {
        Some(Type::Text | Type::List) => (&[Equal, Different, Like], &["in", "is"]),
        Some(Type::Bool) => (&[], &["and", "or", "is"]),
        Some(_) => (&[More, AtLeast, Less, AtMost, Equal, Different], &["is"]),
        None => (
            &[Equal, Different, Like, More, AtLeast, Less, AtMost],
            &["in", "is"],
        ),
    };
    let symbols = symbols.iter().map(|it| it.symbol());
    Candidate::bare(symbols.chain(words.iter().copied()))
}

/// Returns what a name can be, as far as that is known.
pub(super) fn of_name(name: &str, shelf: &Shelf<'_>) -> Vec<Candidate> {
    let Some(metric) = metric_by_name(name) else {
        return Candidate::bare(if is_free_column(name) {
            shelf.free_values(name)
        } else {
            Vec::new()
        });
    };
    let entry = metric.entry();
    match entry.words() {
        Some(Words::Levels(levels)) => return Candidate::bare(levels.told()),
        Some(Words::Stages) => return Candidate::bare(shelf.words(|it| it.stages)),
        Some(Words::Tiers) => return Candidate::bare(shelf.words(|it| it.tiers)),
        Some(Words::Signals) => return Candidate::bare(shelf.words(|it| it.signals)),
        Some(Words::Flags) => return Candidate::bare(shelf.words(|it| it.flags)),
        Some(Words::Dunning) => return Candidate::bare(shelf.words(|it| it.dunning)),
        None => {}
    }
    match (metric, entry.kind) {
        (Metric::Id, _) => shelf.customers(),
        (Metric::Owner, _) => shelf.owners(),
        (Metric::Segment | Metric::Region | Metric::Tags | Metric::PaymentTerms, _) => {
            Candidate::bare(shelf.values(metric))
        }
        (_, Type::Date) => days(Way::Back, shelf.today),
        (_, Type::Days) => spans(),
        (_, Type::Bool) => Candidate::bare(["true", "false"]),
        _ => Vec::new(),
    }
}
