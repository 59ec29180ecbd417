//! A column of a sheet.

use std::borrow::Cow;

use crate::metric::{Metric, Type, metric_by_name};
use crate::model::LogColumn;
use crate::words::{self, Language, Units, terms};

/// A column: a stable name for scripts, a type, a heading and words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name: CSV header, JSON key, and word of `-c` and `-s`. It never changes.
    pub name: Cow<'static, str>,
    /// What kind of values the column holds; unknown values stand in every column.
    pub kind: Type,
    /// What people read above the column.
    pub heading: Cow<'static, str>,
    /// What people read in the place of some words of its cells.
    pub labels: Labels,
    /// In what unit people read money in it.
    pub units: Units,
    /// Whether people read whole numbers in it with decimals, as others have them there.
    pub has_decimals: bool,
}

/// Words of cells, each with what people read in its place.
pub type Labels = Vec<(Cow<'static, str>, Cow<'static, str>)>;

impl Column {
    /// Makes a column, whose English heading is its name with blanks for underscores.
    pub fn new(name: impl Into<Cow<'static, str>>, kind: Type) -> Self {
        Self::of_report("", name, kind)
    }

    /// Makes a column of a report's own.
    pub fn of_report(report: &str, name: impl Into<Cow<'static, str>>, kind: Type) -> Self {
        let name = name.into();
        let chinese = match words::written() {
            Language::English => None,
            Language::Chinese => chinese_heading(report, &name),
        };
        let heading = match chinese {
            Some(chinese) => chinese,
            None if name.contains('_') => name.replace('_', " ").into(),
            None => name.clone(),
        };
        let units = match kind {
            Type::Money => words::units(),
            _ => Units::Yuan,
        };
        let heading = match units.suffix() {
            "" => heading,
            suffix => format!("{heading}{suffix}").into(),
        };
        let labels = match words::written() {
            Language::English => Labels::new(),
            Language::Chinese => static_labels(terms::terms_of(report, &name)),
        };
        Self {
            name,
            kind,
            heading,
            labels,
            units,
            has_decimals: false,
        }
    }

    /// Makes the column of a metric.
    pub fn of_metric(metric: Metric) -> Self {
        let column = Self::new(metric.name(), metric.entry().kind);
        let column = match words::written() {
            Language::English => column,
            Language::Chinese => column.heading(metric.chinese()),
        };
        match metric.entry().levels() {
            Some(levels) => column.labelled(static_labels(&levels.labels(words::written()))),
            None => column,
        }
    }

    /// Gives the column another heading.
    #[must_use]
    pub fn heading(mut self, heading: impl Into<Cow<'static, str>>) -> Self {
        let heading = heading.into();
        self.heading = match self.units.suffix() {
            "" => heading,
            suffix => format!("{heading}{suffix}").into(),
        };
        self
    }

    /// Takes the name for the heading, if that is wanted.
    #[must_use]
    pub fn headed(self, by_name: bool) -> Self {
        if !by_name {
            return self;
        }
        let name = self.name.clone();
        self.heading(name)
    }

    /// Says what people read in the place of words of its cells.
    #[must_use]
    pub fn labelled(mut self, labels: Labels) -> Self {
        self.labels = labels;
        self
    }

    /// Returns what people read in the place of a word.
    pub fn label_of<'w>(&'w self, word: &'w str) -> &'w str {
        let found = self.labels.iter().find(|it| it.0 == word);
        found.map_or(word, |it| &it.1)
    }

    /// Tells whether cells are shown as they are: without labels, in no unit.
    pub fn is_plain(&self) -> bool {
        self.labels.is_empty() && self.units == Units::Yuan && !self.has_decimals
    }

    /// Tells whether the values are read from their last digit, and so stand at the right.
    pub fn is_numeric(&self) -> bool {
        matches!(
            self.kind,
            Type::Number | Type::Money | Type::Ratio | Type::Days
        )
    }
}

/// Makes labels of words that never change.
pub fn static_labels(words: &[(&'static str, &'static str)]) -> Labels {
    let labels = words.iter();
    labels.map(|it| (it.0.into(), it.1.into())).collect()
}

/// Returns the Chinese heading of a column; nothing for one whose name is somebody's own, as `custom.` keys
/// are.
pub fn chinese_heading(report: &str, name: &str) -> Option<Cow<'static, str>> {
    if let Some(chinese) = words::heading(report, name) {
        return Some(chinese.into());
    }
    if let Some(column) = LogColumn::of(name) {
        return Some(column.heading().into());
    }
    if let Some(metric) = metric_by_name(name) {
        return Some(metric.chinese());
    }
    let (before, rest) = words::derived(name)?;
    let rest = chinese_heading(report, rest).unwrap_or_else(|| rest.to_owned().into());
    if words::is_period(name) {
        return Some(format!("{rest}（{before}）").into());
    }
    Some(format!("{before}{rest}").into())
}
