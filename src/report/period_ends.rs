//! How figures of a group of customers stood at the end of a period, and at the same time a year before.

use std::collections::BTreeMap;

use super::asked::Asked;
use crate::figures::Needs;
use crate::figures::rough::are_rough;
use crate::metric::{GroupColumn, Type, Value};
use crate::model::{Day, Fraction};
use crate::words::say;

/// Which of two times a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PeriodSide {
    /// The period's own.
    Now,
    /// That of a year before.
    Before,
    /// The share by which the one is above the other.
    Change,
}

impl PeriodSide {
    /// Parts the name of a column.
    pub(super) fn of_name(name: &str) -> (Self, &str) {
        match name.split_once(':') {
            Some(("before", rest)) => (Self::Before, rest),
            Some(("change", rest)) => (Self::Change, rest),
            _ => (Self::Now, name),
        }
    }
}

/// What the name of a column asks for: `end:receivable`, `change:end:mean:score`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EndName {
    side: PeriodSide,
    figure: Figure,
    /// The name without the word for the side.
    name: String,
}

/// A figure of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    /// How many customers there are.
    Customers,
    /// Something of a metric.
    Of(GroupColumn),
}

impl Figure {
    fn column(self) -> Option<GroupColumn> {
        match self {
            Self::Customers => None,
            Self::Of(column) => Some(column),
        }
    }
}

impl EndName {
    /// Reads a column's name; nothing if it has no `end:`.
    ///
    /// # Errors
    /// If a group of customers has no such figure.
    pub(super) fn read(name: &str) -> Result<Option<Self>, String> {
        let (side, rest) = PeriodSide::of_name(name);
        let Some(inner) = rest.strip_prefix("end:") else {
            return Ok(None);
        };
        let figure = match inner {
            "customers" => Figure::Customers,
            _ => match GroupColumn::of_name(inner)? {
                Some(column) => Figure::Of(column),
                None => return Ok(None),
            },
        };
        let end = Self {
            side,
            figure,
            name: rest.to_owned(),
        };
        if side == PeriodSide::Change && end.figure_kind() == Type::Date {
            return Err(say!(
                "a day has no `{name}`: `{rest}` and `before:{rest}` are there",
                "日期没有 `{name}`: 可用 `{rest}` 和 `before:{rest}`"
            ));
        }
        Ok(Some(end))
    }

    /// Returns what kind of values the column has.
    pub(super) fn kind(&self) -> Type {
        match self.side {
            PeriodSide::Now | PeriodSide::Before => self.figure_kind(),
            PeriodSide::Change => Type::Ratio,
        }
    }

    fn figure_kind(&self) -> Type {
        self.figure.column().map_or(Type::Number, GroupColumn::kind)
    }
}

/// Returns the figure that a column has as it stood at an end, its own period's or that of a year before.
pub(super) fn end_of_name(name: &str) -> Option<&str> {
    let (side, rest) = PeriodSide::of_name(name);
    let is_amount = side != PeriodSide::Change;
    rest.strip_prefix("end:").filter(|_| is_amount)
}

/// The figures at the end of a period.
pub(super) struct PeriodEnds {
    /// By their columns.
    values: Vec<(String, Value<'static>)>,
    /// Whether figures of the model rest on no fit on one of the days.
    pub(super) are_rough: bool,
}

/// What was found of a day.
struct EndDay {
    values: Vec<(Figure, Value<'static>)>,
    is_rough: bool,
}

impl PeriodEnds {
    /// Computes the figures at the ends of periods, of which `days` has the last day and that of a year before.
    ///
    /// The book is evaluated once for every day that is looked at.
    pub(super) fn of_days(
        asked: &Asked<'_>,
        customers: &[u32],
        names: &[EndName],
        days: &[[Day; 2]],
    ) -> Vec<Self> {
        let mut wanted: BTreeMap<Day, Vec<Figure>> = BTreeMap::new();
        for [now, before] in days {
            for it in names {
                let of_day = |day: Day, is_asked: bool| is_asked.then_some(day);
                let looked_at = [
                    of_day(*now, it.side != PeriodSide::Before),
                    of_day(*before, it.side != PeriodSide::Now),
                ];
                for day in looked_at.into_iter().flatten() {
                    let figures = wanted.entry(day).or_default();
                    if !figures.contains(&it.figure) {
                        figures.push(it.figure);
                    }
                }
            }
        }
        let found: BTreeMap<Day, EndDay> = wanted
            .into_iter()
            .map(|(day, figures)| (day, on_day(asked, customers, day, &figures)))
            .collect();
        let value = |day: &Day, figure: Figure| {
            let mut of_day = found.get(day).into_iter().flat_map(|it| &it.values);
            let value = of_day.find(|it| it.0 == figure).map(|it| &it.1);
            value.cloned().unwrap_or(Value::Unknown)
        };
        let ends = days.iter().map(|[now, before]| {
            let ends = names.iter().map(|it| {
                let shown = |value: Value<'static>| match it.figure {
                    Figure::Customers => value,
                    Figure::Of(column) => column.shown(value),
                };
                let (prefix, value) = match it.side {
                    PeriodSide::Now => ("", shown(value(now, it.figure))),
                    PeriodSide::Before => ("before:", shown(value(before, it.figure))),
                    PeriodSide::Change => (
                        "change:",
                        change(&value(now, it.figure), &value(before, it.figure)),
                    ),
                };
                (format!("{prefix}{}", it.name), value)
            });
            Self {
                values: ends.collect(),
                are_rough: [now, before]
                    .into_iter()
                    .any(|day| found.get(day).is_some_and(|it| it.is_rough)),
            }
        });
        ends.collect()
    }

    /// Returns the value of a column.
    pub(super) fn value(&self, name: &str) -> Value<'_> {
        let found = self.values.iter().find(|it| it.0 == name);
        found.map_or(Value::Unknown, |it| it.1.borrowed())
    }
}

/// Computes figures of those of some customers that exist on a day.
fn on_day(asked: &Asked<'_>, customers: &[u32], day: Day, wanted: &[Figure]) -> EndDay {
    let columns = wanted.iter().filter_map(|it| it.column());
    let needs = Needs::of_groups(&asked.loaded.policy, columns);
    let figures = asked.figures_on(day.date(), needs);
    let present = figures.present().iter().copied();
    let members: Vec<u32> = present
        .filter(|it| customers.binary_search(it).is_ok())
        .collect();
    let value = |figure: &Figure| match figure {
        Figure::Customers => Value::count(members.len()),
        Figure::Of(column) => figures.of_group(&members, *column),
    };
    EndDay {
        values: wanted.iter().map(|it| (*it, value(it))).collect(),
        is_rough: are_rough(&figures),
    }
}

/// Returns by what share a figure changed, if it was above 0.
fn change(now: &Value<'_>, before: &Value<'_>) -> Value<'static> {
    let share = || {
        let (now, before) = (exact(now)?, exact(before)?);
        let one_over = Fraction::new(before.denominator(), before.numerator())?;
        now.checked_mul(one_over)?.checked_add(Fraction::whole(-1))
    };
    match (now.to_f64(), before.to_f64()) {
        (Some(now), Some(before)) if before > 0.0 => {
            share().map_or(Value::Float(now / before - 1.0), Value::Exact)
        }
        _ => Value::Unknown,
    }
}

fn exact(value: &Value<'_>) -> Option<Fraction> {
    match value {
        Value::Exact(exact) => Some(*exact),
        Value::Money(money) => Some(money.to_fraction()),
        _ => None,
    }
}
