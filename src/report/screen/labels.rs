//! What people read in the place of words on the screen.

use std::borrow::Cow;

use super::super::labels::{column_of, labels_of};
use super::super::row_texts::kind_name;
use super::Screen;
use crate::metric::{Metric, Value};
use crate::model::Interaction;
use crate::policy::Labelled;
use crate::words::{Language, written};

impl Screen<'_> {
    /// Returns a value with what people read in the place of words.
    pub(super) fn worded(&self, metric: Metric, value: Value<'static>) -> Value<'static> {
        match value {
            Value::Text(word) => self.label(metric, &word).into(),
            Value::List(words) => {
                let labels = words.iter().map(|it| self.label(metric, it).into());
                Value::List(labels.collect())
            }
            other => other,
        }
    }

    /// Returns what people read in the place of a word of a metric.
    pub(super) fn label(&self, metric: Metric, word: &str) -> String {
        let column = column_of(metric, self.figures.policy());
        column.label_of(word).to_owned()
    }

    /// Returns what people read in the place of a row's kind.
    pub(super) fn kind_label(&self, row: &Interaction) -> String {
        let name = kind_name(&self.figures.policy().kinds, row);
        let labels = labels_of(Labelled::Kinds, self.figures.policy());
        let found = labels.into_iter().find(|it| it.0 == *name);
        found.map_or_else(|| name.to_string(), |it| it.1.into_owned())
    }
}

/// Returns what stands before a metric's value.
pub(super) fn heading_of(metric: Metric) -> Cow<'static, str> {
    match written() {
        Language::English => metric.name(),
        Language::Chinese => metric.entry().chinese.into(),
    }
}
