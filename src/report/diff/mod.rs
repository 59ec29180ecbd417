//! What changed between two days, two policies or two revisions of a book, and what did it.
//!
//! Both sides are figures of a whole book. [`Diff::new`] finds what differs; [`cause`] then replays the customers
//! that changed, and no others.

mod cause;
mod compared;
mod matched;
mod sheets;
mod told;
mod values;

use std::collections::BTreeMap;

use crate::answer::AnswerReader;
use crate::figures::Figures;
use crate::load::Loaded;
use crate::metric::{GroupFigure, Taken, Type, Value};
use crate::model::Origin;
use crate::rule::Rule;
use crate::source::Files;
use crate::words::{terms, written};
pub(crate) use compared::{FigurePair, chosen_metrics, needs};
pub(crate) use sheets::{COLUMNS, SPARE, STAT_COLUMNS, diff_form, shown_kind, stat_form};
pub(crate) use values::minus as less;
use values::{compare, differ, minus, or_zero};

/// One side of a comparison.
#[derive(Clone, Copy)]
pub(crate) struct DiffSide<'s> {
    /// The book as it was read.
    pub(crate) loaded: &'s Loaded,
    /// Its files.
    pub(crate) files: &'s dyn Files,
    /// Its figures.
    pub(crate) figures: &'s Figures<'s>,
}

/// What is different between the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Between {
    /// The day: one book, with all its rows, each with its place.
    Days,
    /// The policy; no row is looked at.
    Policies,
    /// The files: two books with all their rows, with places and hashes.
    Revisions,
}

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) struct DiffQuestion<'q> {
    /// The side that comes first.
    pub(crate) from: DiffSide<'q>,
    /// The other one.
    pub(crate) to: DiffSide<'q>,
    /// What differs between them.
    pub(crate) between: Between,
    /// The figures of the files of `to` under the policy of `from`, of revisions whose policies differ.
    pub(crate) under_from: Option<&'q Figures<'q>>,
    /// What is compared, in this order.
    pub(crate) metrics: &'q [FigurePair],
    /// Whom the answer is about: those that satisfy it on either side.
    pub(crate) rule: Option<&'q Rule>,
    /// Who reads the answer.
    pub(crate) reader: AnswerReader,
    /// On how many threads work is done.
    pub(crate) threads: usize,
}

/// All that changed.
#[derive(Debug)]
pub(crate) struct Diff {
    changes: Vec<MetricChange>,
    totals: Vec<BothTotals>,
    flows: Vec<ValueFlow>,
}

/// A metric of a customer whose values differ.
#[derive(Debug)]
pub(crate) struct MetricChange {
    /// The metric.
    pub(crate) metric: FigurePair,
    /// The customer's id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// The value on the side that comes first.
    pub(crate) from: Value<'static>,
    /// The value on the other.
    pub(crate) to: Value<'static>,
    /// By how much it rose, if it is a number.
    pub(crate) rise: Value<'static>,
    /// What did it.
    pub(crate) cause: Cause,
    /// The file and line of the row that did it.
    pub(crate) row: Option<String>,
    /// That row, or the rule, in words.
    pub(crate) what: Option<String>,
}

/// What made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A row that came.
    Row(Option<Origin>),
    /// A row that is gone.
    Removed(Option<Origin>),
    /// The customer's file.
    File,
    /// The policy.
    Policy,
    /// That days went by.
    Time,
    /// Other customers, or what the whole book decides.
    Others,
}

impl Cause {
    /// All words, as they are listed.
    pub(crate) const WORDS: [&'static str; 6] =
        ["row", "removed", "file", "policy", "time", "others"];

    /// Returns what people call it: its word in English.
    pub(crate) fn called(self) -> &'static str {
        let word = self.word();
        let chinese = terms::term(terms::terms_of("diff", "cause"), word);
        written().pick(word, chinese.unwrap_or(word))
    }

    /// Returns the word that answers use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Row(_) => "row",
            Self::Removed(_) => "removed",
            Self::File => "file",
            Self::Policy => "policy",
            Self::Time => "time",
            Self::Others => "others",
        }
    }
}

/// A sum over all customers on both sides.
#[derive(Debug)]
struct BothTotals {
    metric: FigurePair,
    from: Value<'static>,
    to: Value<'static>,
    change: Value<'static>,
    customers: usize,
}

/// How many customers went from one value to another.
#[derive(Debug)]
struct ValueFlow {
    metric: FigurePair,
    from: Value<'static>,
    to: Value<'static>,
    customers: usize,
}

/// A customer on both sides, by its index in each book.
#[derive(Clone, Copy, Debug)]
struct CustomerPair {
    from: Option<u32>,
    to: Option<u32>,
    /// Whether it exists on each side.
    exists: [bool; 2],
}

/// A change that was found and has no cause yet.
#[derive(Debug)]
struct ChangeFound {
    pair: usize,
    metric: usize,
    from: Value<'static>,
    to: Value<'static>,
}

impl Diff {
    /// Compares both sides, and finds the cause of each change.
    pub(crate) fn new(question: &DiffQuestion<'_>) -> Self {
        let pairs = pairs(question);
        let (found, sums) = find(question, &pairs);
        let totals = totals(question, sums, &found);
        let flows = flows(question, &found);
        let causes = cause::causes(question, &pairs, &found);
        let mut changes: Vec<(MetricChange, usize)> = Vec::with_capacity(found.len());
        for (found, cause) in found.into_iter().zip(causes) {
            let metric = question.metrics[found.metric];
            let (id, name) = named(question, pairs[found.pair]);
            let what = match cause {
                Cause::Policy => rule_behind(question, pairs[found.pair], metric, &found.from),
                _ => None,
            };
            let change = MetricChange {
                rise: metric.change(&found.from, &found.to),
                metric,
                id,
                name,
                from: found.from,
                to: found.to,
                cause,
                row: None,
                what,
            };
            changes.push((change, found.metric));
        }
        let policy = question.to.figures.policy();
        changes.sort_by(|(a, a_at), (b, b_at)| {
            let words = a.metric.words(policy);
            let size = |it: &MetricChange| it.rise.to_f64().map(f64::abs);
            let by_size = match (size(a), size(b)) {
                (Some(a), Some(b)) => b.total_cmp(&a),
                (a, b) => b.is_some().cmp(&a.is_some()),
            };
            (a_at.cmp(b_at).then(by_size))
                .then_with(|| compare(&a.from, &b.from, words.as_deref()))
                .then_with(|| compare(&a.to, &b.to, words.as_deref()))
                .then_with(|| a.id.cmp(&b.id))
        });
        let mut changes = changes.into_iter().map(|it| it.0).collect::<Vec<_>>();
        told::tell_rows(question, &mut changes);
        Self {
            changes,
            totals,
            flows,
        }
    }

    /// Returns the changes, in their order.
    pub(crate) fn changes(&self) -> &[MetricChange] {
        &self.changes
    }
}

/// Returns the customers of both sides that exist on either and are asked about, in id order.
fn pairs(question: &DiffQuestion<'_>) -> Vec<CustomerPair> {
    let [from, to] = [question.from, question.to];
    let exists = |side: DiffSide<'_>| {
        let mut exists = vec![false; side.loaded.book.customers.len()];
        for &index in side.figures.present() {
            exists[index as usize] = true;
        }
        exists
    };
    let [in_from, in_to] = [exists(from), exists(to)];
    let is_chosen = |side: DiffSide<'_>, index: Option<u32>, is_there: bool| {
        let holds = |rule: &Rule| {
            let view = index.map(|it| side.figures.of(it as usize));
            view.is_some_and(|it| rule.matches(&it, side.figures.as_of()))
        };
        is_there && question.rule.is_none_or(holds)
    };
    matched::customers(&from.loaded.book, &to.loaded.book)
        .into_iter()
        .filter_map(|(from_index, to_index)| {
            let is = |exists: &[bool], at: Option<u32>| at.is_some_and(|at| exists[at as usize]);
            let exists = [is(&in_from, from_index), is(&in_to, to_index)];
            let is_chosen =
                is_chosen(from, from_index, exists[0]) || is_chosen(to, to_index, exists[1]);
            is_chosen.then_some(CustomerPair {
                from: from_index,
                to: to_index,
                exists,
            })
        })
        .collect()
}

/// The known values of each metric that is summed up, on both sides.
type MetricSums = Vec<[Vec<Value<'static>>; 2]>;

/// Returns what differs, customer by customer, and what is to be summed up.
fn find(question: &DiffQuestion<'_>, pairs: &[CustomerPair]) -> (Vec<ChangeFound>, MetricSums) {
    let mut found = Vec::new();
    let mut sums: MetricSums = vec![Default::default(); question.metrics.len()];
    for (at, pair) in pairs.iter().enumerate() {
        for (metric_at, metric) in question.metrics.iter().enumerate() {
            let value = |side: DiffSide<'_>, index: Option<u32>, exists: bool| {
                let index = index.filter(|_| exists);
                metric.value(side.figures, index, exists).into_owned()
            };
            let from = value(question.from, pair.from, pair.exists[0]);
            let to = value(question.to, pair.to, pair.exists[1]);
            let from = metric.beside(from, pair.exists[1]);
            let to = metric.beside(to, pair.exists[0]);
            if metric.is_summed() {
                for (side, value) in sums[metric_at].iter_mut().zip([&from, &to]) {
                    side.extend(Some(value).filter(|it| it.is_known()).cloned());
                }
            }
            if differ(&from, &to) {
                found.push(ChangeFound {
                    pair: at,
                    metric: metric_at,
                    from,
                    to,
                });
            }
        }
    }
    (found, sums)
}

fn totals(question: &DiffQuestion<'_>, sums: MetricSums, found: &[ChangeFound]) -> Vec<BothTotals> {
    let metrics = question.metrics.iter().enumerate().zip(sums);
    let summed = metrics.filter(|((_, metric), _)| metric.is_summed());
    let total = |((at, metric), sides): ((usize, &FigurePair), [Vec<Value<'static>>; 2])| {
        let [from, to] = sides.map(|side| {
            let sum = Figures::of_values(Taken::Sum, side.into_iter());
            or_zero(sum, metric.kind())
        });
        BothTotals {
            metric: *metric,
            change: minus(&to, &from, metric.kind()),
            from,
            to,
            customers: found.iter().filter(|it| it.metric == at).count(),
        }
    };
    summed.map(total).collect()
}

fn flows(question: &DiffQuestion<'_>, found: &[ChangeFound]) -> Vec<ValueFlow> {
    let policy = question.to.figures.policy();
    let mut flows = Vec::new();
    for (at, metric) in question.metrics.iter().enumerate() {
        if !matches!(metric.kind(), Type::Text | Type::Bool) {
            continue;
        }
        let words = metric.words(policy);
        let mut counts: BTreeMap<[String; 2], (usize, &ChangeFound)> = BTreeMap::new();
        for found in found.iter().filter(|it| it.metric == at) {
            let key = [&found.from, &found.to].map(|it| format!("{it:?}"));
            counts.entry(key).or_insert((0, found)).0 += 1;
        }
        let mut of_metric: Vec<_> = counts.into_values().collect();
        of_metric.sort_by(|(_, a), (_, b)| {
            compare(&a.from, &b.from, words.as_deref())
                .then_with(|| compare(&a.to, &b.to, words.as_deref()))
        });
        flows.extend(of_metric.into_iter().map(|(customers, found)| ValueFlow {
            metric: *metric,
            from: found.from.clone(),
            to: found.to.clone(),
            customers,
        }));
    }
    flows
}

/// Returns the id and the name of a customer, by the side that comes last where it has it.
fn named(question: &DiffQuestion<'_>, pair: CustomerPair) -> (String, String) {
    let of = |side: DiffSide<'_>, index: Option<u32>| {
        let customer = side.loaded.book.customers.get(index? as usize)?;
        Some((customer.id.to_string(), customer.name.to_string()))
    };
    let [from, to] = pair.exists;
    let to = of(question.to, pair.to.filter(|_| to || !from));
    to.or_else(|| of(question.from, pair.from))
        .expect("a pair has a customer on one side")
}

/// Returns the rule that gave a value on the side that comes last.
fn rule_behind(
    question: &DiffQuestion<'_>,
    pair: CustomerPair,
    metric: FigurePair,
    before: &Value<'_>,
) -> Option<String> {
    let (FigurePair::Metric(metric), Some(index)) = (metric, pair.to) else {
        return None;
    };
    let fired = question.to.figures.fired(index as usize, metric, before);
    Some(fired.join(written().pick("; ", "；"))).filter(|it| !it.is_empty())
}

impl FigurePair {
    /// Tells whether it is summed up over customers.
    fn is_summed(self) -> bool {
        let is_number = matches!(
            self.kind(),
            Type::Number | Type::Money | Type::Ratio | Type::Days
        );
        is_number && self.is_sum()
    }

    /// Tells whether its figure of a group is a sum.
    fn is_sum(self) -> bool {
        match self {
            Self::Exists => false,
            Self::Metric(metric) => metric.entry().group_figure == GroupFigure::Sum,
        }
    }

    /// Returns by how much a number rose.
    fn change(self, from: &Value<'_>, to: &Value<'_>) -> Value<'static> {
        let kind = self.kind();
        let is_number = matches!(kind, Type::Number | Type::Money | Type::Ratio | Type::Days);
        if !is_number {
            return Value::Unknown;
        }
        if self.is_sum() {
            let [from, to] = [from, to].map(|it| or_zero(it.clone().into_owned(), kind));
            return minus(&to, &from, kind);
        }
        if from.is_known() && to.is_known() {
            minus(to, from, kind)
        } else {
            Value::Unknown
        }
    }
}
