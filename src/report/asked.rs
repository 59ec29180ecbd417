//! A question as a report gets it: the book and its figures, the rule, the options, and who reads.

use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;

use super::given::Given;
use crate::answer::AnswerReader;
use crate::calendar;
use crate::figures::{Figures, Needs};
use crate::load::Loaded;
use crate::metric::Metric;
use crate::model::Day;
use crate::rule::Rule;
use crate::source::Files;

/// What a report answers.
pub(crate) struct Asked<'a> {
    /// The book, its policy and its logs.
    pub(crate) loaded: &'a Loaded,
    /// The files, to look at some rows again.
    pub(crate) files: &'a dyn Files,
    /// The day.
    pub(crate) as_of: NaiveDate,
    /// On how many threads work is done.
    pub(crate) threads: usize,
    /// The options of the report's own.
    pub(crate) given: &'a Given,
    /// The rule of the command line.
    pub(crate) rule: Option<&'a Rule>,
    /// Who reads the answer.
    pub(crate) reader: AnswerReader,
    /// Whether the rows stand in the report's own order.
    pub(crate) is_in_order: bool,
    /// The columns that are shown or sorted by.
    pub(crate) names: &'a [String],
    /// What the figures need; they are made when they are first looked at.
    pub(crate) needs: Needs,
    /// The figures, if they were made when the book was read.
    pub(crate) figures: OnceLock<Arc<Figures<'a>>>,
    /// Those of the other day, if the report asks for one.
    pub(crate) before: Option<Figures<'a>>,
}

impl<'a> Asked<'a> {
    /// Returns the figures of the day.
    pub(crate) fn figures(&self) -> &Figures<'a> {
        self.figures
            .get_or_init(|| Arc::new(self.figures_on(self.as_of, self.needs)))
    }

    /// Computes figures of another day; the report must be one that keeps all rows.
    pub(crate) fn figures_on(&self, day: NaiveDate, needs: Needs) -> Figures<'a> {
        let (book, policy) = (&self.loaded.book, &self.loaded.policy);
        Figures::new(book, policy, day, needs, self.threads)
    }

    /// Returns what some metrics need, and the rule.
    pub(crate) fn needs_of(&self, metrics: impl IntoIterator<Item = Metric>) -> Needs {
        let of_rule = self.rule.into_iter().flat_map(Rule::metrics).copied();
        Needs::of(&self.loaded.policy, metrics.into_iter().chain(of_rule))
    }

    /// Returns the customers that exist on the day and satisfy the rule, in id order: all, where the rule names
    /// columns of rows, which are then looked at one by one.
    pub(crate) fn chosen(&self) -> Vec<u32> {
        self.chosen_of(self.figures())
    }

    /// Returns those that exist and satisfy it on the day of some figures.
    pub(crate) fn chosen_of(&self, figures: &Figures<'_>) -> Vec<u32> {
        let day = figures.as_of();
        let holds = |index: &u32| {
            let rule = self.rule.filter(|it| it.columns().is_empty());
            rule.is_none_or(|rule| rule.matches(&figures.of(*index as usize), day))
        };
        figures.present().iter().copied().filter(holds).collect()
    }

    /// Returns how many days ahead a span ends that an option of the report's own gives.
    pub(crate) fn ahead(&self, option: &str) -> Option<i64> {
        let span = self.given.span(option)?;
        let today = Day::of(self.as_of);
        let calendar = self.loaded.policy.calendar.as_ref();
        Some(calendar::after(calendar, today, span).since(today))
    }

    /// Tells whether a column is shown or sorted by.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.names.iter().any(|it| it == name)
    }
}
