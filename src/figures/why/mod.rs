//! Why a figure is what it is: the rules that were asked, the rows behind it, the arithmetic.
//!
//! [`Figures::why`] is the way in. The reasons themselves stand beside the values, in `why.rs` of each
//! room; each names the rows that its figures rest on, so that a book with those rows alone gives the
//! same figure. Figures that are made of others name them, and their rows follow.

mod closure;
pub(super) mod words;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::receivables::traced::Traced;
use super::{CustomerFigures, Figures, FiguresContext, Needs};
use crate::metric::{
    AtStakeMetric, ChurnMetric, DunningMetric, FlagsMetric, InRoom, Metric, ReviewMetric, Room,
    SatisfactionMetric, ScoreMetric, SignalsMetric, TierMetric, Type, Value, metric_by_name,
};
use crate::model::{Customer, Day, Interaction, Interactions, Money, RefTarget};
use crate::policy::{Labelled, Policy};
use crate::words::{Language, write_say, written};
pub(crate) use words::{
    called, called_list, comma, semicolon, span as said_span, value as said, value_of as said_of,
};

/// Why one figure of one customer is what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The metric.
    pub metric: Metric,
    /// Its value.
    pub value: Value<'static>,
    /// The rules that were asked, in their order, up to the one that decided; all where all count.
    pub rules: Vec<RuleOutcome>,
    /// The rows that the figure is made of, in their order.
    pub rows: Vec<RowPart>,
    /// The other figures that it is made of, or that its rules looked at.
    pub rests_on: Vec<Basis>,
    /// Rows that the rows above cannot do without: the case that an answer belongs to, and the like.
    pub context: Vec<RowPart>,
    /// How the figure comes about, in short lines.
    pub arithmetic: Vec<String>,
    /// For a tier: what is missing for the next one up.
    pub missing: Vec<String>,
    /// The answer in one sentence, where there is one to give.
    pub sentence: Option<String>,
}

/// One row and the part it plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPart {
    /// The row, counted within the customer's rows.
    pub row: usize,
    /// What it adds to a figure that is a sum of money or, if negative, takes away from it; not what
    /// stands in the row.
    pub amount: Option<Money>,
    /// The part it plays.
    pub role: String,
}

/// Another figure that a figure rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    /// The other metric.
    pub metric: Metric,
    /// Its value.
    pub value: Value<'static>,
    /// The rows behind it, those of the figures that it rests on included.
    pub rows: Vec<RowPart>,
}

/// A rule that was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleOutcome {
    /// The policy's list that it stands in, such as `tier`.
    pub list: &'static str,
    /// What it gives, such as the tier's name.
    pub gives: String,
    /// The same as people read it.
    pub label: String,
    /// The rule as written; `None` always holds.
    pub when: Option<String>,
    /// Whether it held.
    pub held: bool,
    /// Its comparisons, from left to right.
    pub tests: Vec<TestOutcome>,
    /// The comparisons that decided, with what was compared.
    pub decided: Vec<String>,
    /// The metrics that it looked at.
    pub(super) metrics: Vec<Metric>,
}

/// One comparison of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct TestOutcome {
    /// The comparison as written.
    pub text: String,
    /// Whether it held.
    pub held: bool,
    /// The names in it with their types and values.
    pub operands: Vec<(String, Type, Value<'static>)>,
    /// Whether it failed only because something is unknown.
    pub is_unknown: bool,
}

impl Why {
    /// Returns every row behind the figure, by its index within the customer's rows.
    ///
    /// A book that has of this customer only these rows, up to the day, gives the same figure.
    pub fn row_indexes(&self) -> BTreeSet<usize> {
        let own = self.rows.iter().chain(&self.context);
        let others = self.rests_on.iter().flat_map(|basis| &basis.rows);
        own.chain(others).map(|part| part.row).collect()
    }

    /// Returns each signal or flag of a list with its reason, for a line each; nothing for others.
    pub fn each_in_short(&self) -> Vec<(&str, String)> {
        if !matches!(self.metric, Metric::Signals | Metric::Flags) {
            return Vec::new();
        }
        let held = self.rules.iter().filter(|rule| rule.held);
        held.map(|rule| (rule.label.as_str(), rule.because()))
            .collect()
    }

    /// Returns the reason in one line, as `show` has it beside the figure.
    pub fn in_short(&self) -> String {
        if let Some(sentence) = &self.sentence {
            return sentence.clone();
        }
        let is_given = |rule: &&RuleOutcome| match &self.value {
            Value::Text(word) => rule.gives == *word,
            _ => true,
        };
        let held = self.rules.iter().filter(|rule| rule.held);
        let room = self.metric.entry().room;
        let words: Vec<String> = if matches!(room, Room::Tier | Room::Churn) {
            let given = held.filter(is_given).take(1);
            given.map(RuleOutcome::because).collect()
        } else if matches!(room, Room::Signals | Room::Flags) {
            let named = |rule: &RuleOutcome| {
                let because = rule.because();
                write_say!("{}: {because}", "{}：{because}", rule.label)
            };
            held.map(named).collect()
        } else if self.metric == Metric::Cadence {
            held.map(RuleOutcome::because).collect()
        } else {
            Vec::new()
        };
        let words: Vec<String> = words.into_iter().filter(|it| !it.is_empty()).collect();
        let line = if room == Room::Ranking {
            self.arithmetic.first()
        } else {
            self.arithmetic.last()
        };
        if words.is_empty() {
            line.cloned().unwrap_or_default()
        } else {
            words.join(semicolon())
        }
    }

    pub(super) fn add_row(&mut self, row: usize, amount: Option<Money>, role: impl Into<String>) {
        let role = role.into();
        self.rows.push(RowPart { row, amount, role });
    }

    pub(super) fn say(&mut self, line: impl Into<String>) {
        self.arithmetic.push(line.into());
    }
}

impl RuleOutcome {
    /// Returns the comparisons that decided, in one line; empty for a rule that always holds.
    pub fn because(&self) -> String {
        self.decided.join(words::and())
    }
}

/// What the names of rows are, for `INV-31` to stand where an invoice is meant.
pub type RowNames<'n> = dyn Fn(usize) -> Option<String> + 'n;

impl Figures<'_> {
    /// Returns why a customer's metric is what it is.
    ///
    /// The figures must have been computed for [`Needs::of_why`] of the metric. `names` gives the ref
    /// that a row owns, if it is known.
    pub fn why(&self, customer_index: usize, metric: Metric, names: &RowNames<'_>) -> Why {
        Reasons::new(self, customer_index, names).why(metric)
    }
}

impl Needs {
    /// Returns what the explanation of a metric needs.
    pub fn of_why(policy: &Policy, metric: Metric) -> Self {
        let beside = [Metric::LastContact, Metric::Orders];
        Self::of(policy, beside.into_iter().chain([metric]))
    }
}

/// The reasons of one customer's figures; what several figures rest on is found once.
pub(crate) struct Reasons<'f, 'b> {
    pub(super) figures: &'f Figures<'b>,
    pub(super) index: usize,
    pub(super) customer: &'b Customer,
    /// The rows up to the day.
    pub(super) rows: Interactions<'b>,
    pub(super) names: &'f RowNames<'f>,
    behind: BTreeMap<Metric, Rc<[RowPart]>>,
    pub(super) ledger: Option<Rc<Traced>>,
    /// The rows that name an earlier or later row in `ref`: that row's index and their own, sorted.
    naming: OnceCell<Vec<(usize, usize)>>,
    last_order: OnceCell<Option<usize>>,
}

impl<'f, 'b> Reasons<'f, 'b> {
    /// Makes the reasons of a customer.
    pub(crate) fn new(figures: &'f Figures<'b>, index: usize, names: &'f RowNames<'f>) -> Self {
        let context = &figures.facts.context;
        Self {
            figures,
            index,
            customer: &context.book.customers[index],
            rows: context.book.interactions_of(index).until(context.as_of),
            names,
            behind: BTreeMap::new(),
            ledger: None,
            naming: OnceCell::new(),
            last_order: OnceCell::new(),
        }
    }

    /// Returns why a metric is what it is.
    pub(crate) fn why(&mut self, metric: Metric) -> Why {
        let mut why = self.own(metric);
        merge(&mut why.rows);
        let metrics: Vec<Metric> = why.rests_on.iter().map(|basis| basis.metric).collect();
        for (at, metric) in metrics.into_iter().enumerate() {
            why.rests_on[at].rows = self.behind(metric).to_vec();
        }
        self.complete(&mut why);
        why
    }

    /// Returns the reason of a figure without the rows of those that it rests on.
    fn own(&mut self, metric: Metric) -> Why {
        let mut why = self.without_reason(metric);
        match metric.in_room() {
            InRoom::File(metric) => self.why_file(metric, &mut why),
            InRoom::Owner(metric) => self.why_owner_figure(metric, &mut why),
            InRoom::Contact(metric) => self.why_contact(metric, &mut why),
            InRoom::Orders(metric) => self.why_orders(metric, &mut why),
            InRoom::Ranking(metric) => self.why_place(metric, &mut why),
            InRoom::Receivables(metric) => self.why_receivables(metric, &mut why),
            InRoom::Exposure(metric) => self.why_exposure(metric, &mut why),
            InRoom::Cases(metric) => self.why_cases(metric.into(), &mut why),
            InRoom::Deadlines(metric) => self.why_cases(metric.into(), &mut why),
            InRoom::Satisfaction(SatisfactionMetric::Satisfaction) => {
                self.why_satisfaction(&mut why);
            }
            InRoom::Score(ScoreMetric::Score) => self.why_score(&mut why),
            InRoom::Archive(metric) => self.why_archive(metric, &mut why),
            InRoom::Review(ReviewMetric::ReviewDue) => self.why_review_due(&mut why),
            InRoom::Leads(metric) => self.why_leads(metric, &mut why),
            InRoom::Agreements(metric) => self.why_agreements(metric, &mut why),
            InRoom::Tier(TierMetric::Tier) => self.why_tier(&mut why),
            InRoom::Revisit(metric) => self.why_revisit(metric, &mut why),
            InRoom::Dunning(DunningMetric::Dunning) => self.why_dunning(&mut why),
            InRoom::Value(metric) => self.why_value(metric, &mut why),
            InRoom::Churn(ChurnMetric::Churn) => self.why_churn(&mut why),
            InRoom::AtStake(AtStakeMetric::AtStake) => self.why_at_stake(&mut why),
            InRoom::Signals(SignalsMetric::Signals) => self.why_signals(&mut why),
            InRoom::Flags(FlagsMetric::Flags) => self.why_flags(&mut why),
        }
        let mut of_rules: Vec<Metric> = Vec::new();
        for rule in &why.rules {
            of_rules.extend(&rule.metrics);
        }
        for metric in of_rules {
            self.rest_on(&mut why, metric);
        }
        why
    }

    pub(super) fn without_reason(&self, metric: Metric) -> Why {
        Why {
            metric,
            value: self.value(metric),
            rules: Vec::new(),
            rows: Vec::new(),
            rests_on: Vec::new(),
            context: Vec::new(),
            arithmetic: Vec::new(),
            missing: Vec::new(),
            sentence: None,
        }
    }

    /// Adds a figure that this one rests on.
    pub(super) fn rest_on(&self, why: &mut Why, metric: Metric) {
        if why.rests_on.iter().all(|basis| basis.metric != metric) {
            why.rests_on.push(Basis {
                metric,
                value: self.value(metric),
                rows: Vec::new(),
            });
        }
    }

    /// Returns all rows behind a figure.
    fn behind(&mut self, metric: Metric) -> Rc<[RowPart]> {
        if let Some(found) = self.behind.get(&metric) {
            return Rc::clone(found);
        }
        let why = self.own(metric);
        let mut rows = why.rows;
        for basis in &why.rests_on {
            rows.extend_from_slice(&self.behind(basis.metric));
        }
        merge(&mut rows);
        let rows: Rc<[RowPart]> = rows.into();
        self.behind.insert(metric, Rc::clone(&rows));
        rows
    }

    pub(super) fn context(&self) -> &'f FiguresContext<'b> {
        &self.figures.facts.context
    }

    pub(super) fn as_of(&self) -> Day {
        self.context().as_of
    }

    pub(super) fn view(&self) -> CustomerFigures<'f, 'b> {
        self.figures.of(self.index)
    }

    pub(super) fn value(&self, metric: Metric) -> Value<'static> {
        self.figures.value(self.index, metric).into_owned()
    }

    /// Returns the rows that satisfy a test, with their indexes.
    pub(super) fn rows_where(
        &self,
        mut test: impl FnMut(&Interaction) -> bool,
    ) -> impl DoubleEndedIterator<Item = (usize, &'b Interaction)> {
        let rows = self.rows.rows().iter().enumerate();
        let found: Vec<_> = rows.filter(|(_, row)| test(row)).collect();
        found.into_iter()
    }

    /// Returns the rows whose ref names another row, in their order.
    pub(super) fn naming(&self, target: usize) -> impl Iterator<Item = (usize, &'b Interaction)> {
        let all = self.naming.get_or_init(|| {
            let rows = self.rows.rows().iter().enumerate();
            let named = rows.filter_map(|(index, row)| match self.rows.target(row) {
                RefTarget::Row(target) => Some((target, index)),
                RefTarget::None => None,
            });
            let mut named: Vec<_> = named.collect();
            named.sort_unstable();
            named
        });
        let first = all.partition_point(|it| it.0 < target);
        let same = all[first..].iter().take_while(move |it| it.0 == target);
        same.map(|(_, index)| (*index, &self.rows.rows[*index]))
    }

    /// Returns the last order's row.
    pub(super) fn last_order(&self) -> Option<usize> {
        *self.last_order.get_or_init(|| {
            let rows = self.rows.rows();
            rows.iter().rposition(|row| self.is_order(row))
        })
    }

    pub(super) fn is_order(&self, row: &Interaction) -> bool {
        self.context().roles.is_order(row)
    }

    pub(super) fn is_contact(&self, row: &Interaction) -> bool {
        self.context().roles.is_contact(row)
    }

    pub(super) fn kind(&self, row: &Interaction) -> &'b str {
        &self.context().policy.kinds.kind(row.kind).name
    }

    /// Returns what people call the kind of a row: its name in English.
    pub(super) fn kind_called(&self, row: &Interaction) -> String {
        let name = self.kind(row);
        match written() {
            Language::English => name.to_owned(),
            Language::Chinese => {
                let label = self
                    .context()
                    .policy
                    .label(Labelled::Kinds, name, written());
                label.unwrap_or_else(|| name.to_owned())
            }
        }
    }

    /// Returns what people call a row of the kind of a row.
    fn kind_noun(&self, row: &Interaction) -> String {
        match (written(), self.kind(row)) {
            (Language::Chinese, "invoice") => "发票".to_owned(),
            _ => self.kind_called(row),
        }
    }

    /// Returns what a row is called: by its ref, else by its kind and day.
    pub(super) fn name(&self, row: usize) -> String {
        (self.names)(row).unwrap_or_else(|| {
            let found = self.rows.rows().get(row);
            found.map_or_else(String::new, |row| {
                let day = row.day.date();
                write_say!("the {} of {day}", "{day} 的{}", self.kind_noun(row))
            })
        })
    }
}

/// Returns the open cases of a customer, each with its clocks.
pub(crate) fn case_clocks(
    figures: &Figures<'_>,
    customer_index: usize,
    names: &RowNames<'_>,
) -> Vec<RowPart> {
    Reasons::new(figures, customer_index, names).open_cases()
}

/// Returns the rows of the open leads of a customer.
pub(crate) fn open_lead_rows(figures: &Figures<'_>, customer_index: usize) -> Vec<usize> {
    let leads = figures.facts.parts.leads(customer_index).all().iter();
    let open = leads.filter(|lead| lead.closed.is_none());
    open.map(|lead| lead.row).collect()
}

/// Returns the type of a name that a rule uses.
pub(super) fn type_of(name: &str, value: &Value<'_>) -> Type {
    metric_by_name(name).map_or(
        match value {
            Value::Unknown | Value::Text(_) => Type::Text,
            Value::List(_) => Type::List,
            Value::Exact(_) | Value::Float(_) => Type::Number,
            Value::Money(_) => Type::Money,
            Value::Date(_) => Type::Date,
            Value::Bool(_) => Type::Bool,
        },
        |metric| metric.entry().kind,
    )
}

/// Puts rows in order; a row that plays several parts is told once, with all of them.
fn merge(rows: &mut Vec<RowPart>) {
    rows.sort_by_key(|part| part.row);
    rows.dedup_by(|later, first| {
        let is_same = later.row == first.row;
        if is_same && !first.role.split(semicolon()).any(|role| role == later.role) {
            first.role = format!("{}{}{}", first.role, semicolon(), later.role);
            first.amount = first.amount.or(later.amount);
        }
        is_same
    });
}
