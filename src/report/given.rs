//! What a report can be asked beside its rule, columns and order: options of its own.

use chrono::NaiveDate;

use crate::model::Span;

/// An option of a report's own, from which its argument, its help and its place in the docs follow.
#[derive(Debug)]
pub(crate) struct Opt {
    /// Its name on the command line, without the dashes.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) takes: Takes,
    /// What help calls the value, such as `SPAN`.
    pub(crate) value: &'static str,
    /// The value where none is given, as it would be typed; empty for none.
    pub(crate) default: &'static str,
    /// An option without which it means nothing; empty for none.
    pub(crate) only_with: &'static str,
    /// An option that it does not go with; empty for none.
    pub(crate) not_with: &'static str,
    /// Its help: one line, then sentences below a blank line where there is more to say.
    pub(crate) help: &'static str,
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing: it is given or not.
    Nothing,
    /// A span of no day or more, such as `2w`, or of working days.
    Span,
    /// A span of at least a day.
    Time,
    /// A day, also as a span that is counted back from the day of the answer.
    Since,
    /// A day.
    Day,
    /// A text.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// Some of these words, with commas between them.
    Words(&'static [&'static str]),
    /// Texts with commas between them.
    Texts,
}

impl Opt {
    /// Makes an option that is given or not.
    pub(crate) const fn flag(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            takes: Takes::Nothing,
            value: "",
            default: "",
            only_with: "",
            not_with: "",
            help,
        }
    }

    /// Makes an option that takes something, which help calls `value`.
    pub(crate) const fn taking(
        name: &'static str,
        takes: Takes,
        value: &'static str,
        help: &'static str,
    ) -> Self {
        Self {
            takes,
            value,
            ..Self::flag(name, help)
        }
    }

    /// Gives the value that holds where none is typed.
    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// Names the option without which this one means nothing.
    pub(crate) const fn only_with(self, only_with: &'static str) -> Self {
        Self { only_with, ..self }
    }

    /// Names an option that this one does not go with.
    pub(crate) const fn not_with(self, not_with: &'static str) -> Self {
        Self { not_with, ..self }
    }
}

/// What was given for an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Gift {
    /// The option alone.
    Nothing,
    /// So many days.
    Days(i64),
    /// A span, perhaps of working days.
    Span(Span),
    /// A day.
    Day(NaiveDate),
    /// Texts.
    Texts(Vec<String>),
}

/// The options of its own that a report was asked with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given(pub(crate) Vec<(&'static str, Gift)>);

impl Given {
    fn of(&self, name: &str) -> Option<&Gift> {
        self.0.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    /// Tells whether an option was given, or has a default.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.of(name).is_some()
    }

    /// Returns the days of a span, if there is one.
    pub(crate) fn days(&self, name: &str) -> Option<i64> {
        match self.of(name)? {
            Gift::Days(days) => Some(*days),
            _ => None,
        }
    }

    /// Returns a span, if there is one; [`super::Asked::ahead`] tells how many days that is.
    pub(super) fn span(&self, name: &str) -> Option<Span> {
        match self.of(name)? {
            Gift::Span(span) => Some(*span),
            _ => None,
        }
    }

    /// Returns a span of working days, if one was given.
    pub(crate) fn working_days(&self) -> Option<Span> {
        self.0.iter().find_map(|(_, gift)| match gift {
            Gift::Span(span @ Span::WorkingDays(_)) => Some(*span),
            _ => None,
        })
    }

    /// Returns a day, if one was given.
    pub(crate) fn day(&self, name: &str) -> Option<NaiveDate> {
        match self.of(name)? {
            Gift::Day(day) => Some(*day),
            _ => None,
        }
    }

    /// Returns the text of an option, if one was given.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).first().map(String::as_str)
    }

    /// Returns the texts of an option; none if it was not given.
    pub(crate) fn texts(&self, name: &str) -> &[String] {
        match self.of(name) {
            Some(Gift::Texts(texts)) => texts,
            _ => &[],
        }
    }
}
