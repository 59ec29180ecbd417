//! By what customers are grouped: a metric, a free key, or the period of a date.

use std::borrow::Cow;

use super::super::free_keys::{
    free_column, free_column_meant, free_column_of, free_value, words_of,
};
use super::super::labels::column_of;
use crate::answer::{ChoiceError, Column};
use crate::diagnostic::{Nearest as _, did_you_mean};
use crate::figures::Figures;
use crate::metric::{Metric, Type, Value, all_metrics, metric_by_name, metric_read_as};
use crate::model::{Book, Day, Period, PeriodLength, Word as _};
use crate::policy::Policy;
use crate::rule::{FreeTable, Subject as _};
use crate::words::say;

/// By what customers are grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct GroupKey {
    /// Its name, as it was written.
    pub(in crate::report) name: String,
    source: KeySource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum KeySource {
    Metric(Metric),
    Period(PeriodLength, Metric),
    Free(FreeTable, String),
}

impl GroupKey {
    /// Reads keys from their names. Of which free keys there are a book can tell; without one all are
    /// known.
    ///
    /// # Errors
    /// If a name is of nothing by which customers are grouped, or stands there twice.
    pub(in crate::report) fn of_names(
        names: &[String],
        book: Option<&Book>,
    ) -> Result<Vec<Self>, ChoiceError> {
        let names = distinct(names)?.into_iter();
        names.map(|name| Self::of_name(name, book)).collect()
    }

    /// Reads one.
    ///
    /// # Errors
    /// If the name is of nothing by which customers are grouped.
    pub(in crate::report) fn of_name(name: &str, book: Option<&Book>) -> Result<Self, ChoiceError> {
        if name.is_empty() {
            return Err(ChoiceError::EmptyName);
        }
        let source = match name.split_once(':') {
            Some((word, rest)) => Self::period(name, word, rest)?,
            None => Self::plain(name, book)?,
        };
        let name = name.to_owned();
        Ok(Self { name, source })
    }

    fn period(name: &str, word: &str, rest: &str) -> Result<KeySource, ChoiceError> {
        let Some(length) = PeriodLength::of_word(word) else {
            return Err(refused(
                say!("`{name}` is no key of `--by`", "`{name}` 不能用于 `--by`"),
                say!(
                    "before a date stands `week:`, `month:`, `quarter:` or `year:`",
                    "日期前写 `week:`、`month:`、`quarter:` 或 `year:`"
                ),
            ));
        };
        match metric_by_name(rest) {
            Some(metric) if metric.entry().kind == Type::Date => {
                Ok(KeySource::Period(length, metric))
            }
            Some(metric) => {
                let kind = metric.entry().kind.name();
                let message = say!(
                    "`{rest}` is of type {kind} and has no {word}",
                    "`{rest}` 的类型是 {kind}，没有 {word}"
                );
                let cure = say!(
                    "`{word}:` stands before a metric of type date",
                    "`{word}:` 写在类型为 date 的指标前"
                );
                Err(refused(message, cure))
            }
            None => Err(unknown(rest, |it| it == Type::Date)),
        }
    }

    fn plain(name: &str, book: Option<&Book>) -> Result<KeySource, ChoiceError> {
        for (table, start) in [
            (FreeTable::Custom, "custom."),
            (FreeTable::Profile, "profile."),
        ] {
            if let Some(key) = name.strip_prefix(start) {
                check_free(name, book)?;
                return Ok(KeySource::Free(table, key.to_owned()));
            }
        }
        let Some(metric) = metric_by_name(name) else {
            return Err(unknown(name, is_key));
        };
        let kind = metric.entry().kind;
        if is_key(kind) {
            return Ok(KeySource::Metric(metric));
        }
        let message = say!(
            "`{name}` is of type {}, and nearly every customer is a group of its own by it",
            "`{name}` 的类型是 {}，按它分组几乎每家客户自成一组",
            kind.name()
        );
        Err(match kind {
            Type::Date => refused(
                message,
                say!(
                    "group by a period of it: `month:{name}`, `quarter:{name}`, `year:{name}`",
                    "按它的期间分组：`month:{name}`、`quarter:{name}`、`year:{name}`"
                ),
            ),
            _ => refused(
                message,
                say!(
                    "make a tier, a flag or a `custom` key of it, and group by that",
                    "用它做一个级别、标记或 `custom` 键，再按那个分组"
                ),
            ),
        })
    }

    /// Returns the metric that it rests on, if it is one.
    pub(in crate::report) fn metric(&self) -> Option<Metric> {
        match &self.source {
            KeySource::Metric(metric) | KeySource::Period(_, metric) => Some(*metric),
            KeySource::Free(..) => None,
        }
    }

    /// Returns its column.
    pub(in crate::report) fn column(&self, book: &Book, policy: &Policy) -> Column {
        let kind = match &self.source {
            KeySource::Metric(metric) => {
                let column = column_of(*metric, policy);
                let is_list = column.kind == Type::List;
                let kind = if is_list { Type::Text } else { column.kind };
                return Column { kind, ..column };
            }
            KeySource::Period(..) => Type::Text,
            KeySource::Free(..) => {
                free_column_of(book, &self.name).map_or(Type::Text, |it| it.0.kind)
            }
        };
        let kind = if kind == Type::List { Type::Text } else { kind };
        Column::new(self.name.clone(), kind)
    }

    /// Returns its words in the order in which groups stand, if it has some.
    pub(in crate::report) fn words<'p>(&self, policy: &'p Policy) -> Option<Vec<&'p str>> {
        match self.source {
            KeySource::Metric(metric) => words_of(metric, policy),
            KeySource::Period(..) | KeySource::Free(..) => None,
        }
    }

    /// Returns under what a customer counts: its value, each element of a list, and unknown under an
    /// empty one.
    pub(in crate::report) fn values<'v>(
        &self,
        figures: &'v Figures<'_>,
        index: usize,
    ) -> Vec<Value<'v>> {
        let value = match &self.source {
            KeySource::Metric(metric) => figures.value(index, *metric),
            KeySource::Period(length, metric) => match figures.value(index, *metric) {
                Value::Date(day) => Period::of(*length, Day::of(day)).to_string().into(),
                _ => Value::Unknown,
            },
            KeySource::Free(table, key) => free(figures, index, *table, key),
        };
        match value {
            Value::List(list) if list.is_empty() => vec![Value::Unknown],
            Value::List(list) => list
                .into_iter()
                .map(|it: Cow<'v, str>| Value::Text(it))
                .collect(),
            value => vec![value],
        }
    }
}

/// Returns the names of keys without blanks around them.
///
/// # Errors
/// If a name stands there twice.
pub(in crate::report) fn distinct(names: &[String]) -> Result<Vec<&str>, ChoiceError> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        let name = name.trim();
        if found.contains(&name) {
            let message = say!("`--by` names `{name}` twice", "`--by` 写了两次 `{name}`");
            return Err(refused(message, say!("name it once", "只写一次")));
        }
        found.push(name);
    }
    Ok(found)
}

/// Returns the value of a free key of a customer.
pub(super) fn free<'v>(
    figures: &'v Figures<'_>,
    index: usize,
    table: FreeTable,
    key: &str,
) -> Value<'v> {
    let keys = figures.of(index);
    let found = match table {
        FreeTable::Custom => keys.custom(key),
        FreeTable::Profile => keys.profile(key),
    };
    found.map_or(Value::Unknown, |it| free_value(it).into_owned())
}

/// Refuses a free key that no customer has where one is near that some have.
pub(super) fn check_free(name: &str, book: Option<&Book>) -> Result<(), ChoiceError> {
    let Some(cure) = book.and_then(|it| free_column_meant(&free_column(it), name)) else {
        return Ok(());
    };
    let message = say!("no customer has `{name}`", "没有客户有 `{name}`");
    Err(refused(message, cure))
}

/// Tells whether customers are grouped by metrics of a type.
fn is_key(kind: Type) -> bool {
    matches!(kind, Type::Text | Type::List | Type::Bool | Type::Number)
}

/// Refuses a name that is no metric's, with the nearest of some types.
fn unknown(name: &str, is_wanted: fn(Type) -> bool) -> ChoiceError {
    let wanted = all_metrics().filter(|it| is_wanted(it.entry().kind));
    let names: Vec<Cow<'static, str>> = wanted.map(Metric::name).collect();
    let read_as = metric_read_as(name).filter(|it| names.iter().any(|name| name == it));
    let near = read_as.map(|it| did_you_mean(it).spoken().to_owned());
    let near = near.or_else(|| names.iter().map(|it| &**it).hint(name));
    let lists = || {
        say!(
            "`guanxi metrics` lists all; a key is of type text, list, bool or number",
            "`guanxi metrics` 列出全部；分组键的类型须为 text、list、bool 或 number"
        )
    };
    let message = say!("no metric is called `{name}`", "没有名为 `{name}` 的指标");
    refused(message, near.unwrap_or_else(lists))
}

/// Refuses what was asked for.
pub(in crate::report) fn refused(why: String, cure: String) -> ChoiceError {
    let cure = Some(cure);
    ChoiceError::Impossible { why, cure }
}
