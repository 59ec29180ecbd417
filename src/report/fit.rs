//! The fitted model: its parameters and how well it fits.

use super::basis::why_not;
use super::digits::short;
use crate::answer::{Column, Sheet};
use crate::customer_base::behaviour::Behaviour;
use crate::customer_base::fit::Fit;
use crate::customer_base::spend::Spend;
use crate::figures::value::{NO_AMOUNT, NoTrend, Outlooks, Trend};
use crate::metric::{Type, Value};

/// The columns, all of which are shown: where cells have no type, words stand among the numbers.
pub(crate) const COLUMNS: [&str; 4] = ["part", "name", "value", "log_standard_error"];

/// The columns where they have one: numbers stand under one name, words under another.
pub(crate) const TYPED_COLUMNS: [&str; 5] = ["part", "name", "value", "word", "log_standard_error"];

/// Whom the figures are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// People, for whom numbers are rounded.
    Person,
    /// A program that reads cells.
    Cells,
    /// A program that reads values of a type.
    Typed,
}

impl Reader {
    /// Returns the columns for this reader.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Person | Self::Cells => &COLUMNS,
            Self::Typed => &TYPED_COLUMNS,
        }
    }
}

/// Returns what kind of values stand in the column of this name.
pub(crate) fn kind(column: &str) -> Type {
    match column {
        "value" | "log_standard_error" => Type::Number,
        _ => Type::Text,
    }
}

/// Returns the fit: one row a figure, parameters with the standard errors of their logarithms.
///
/// Time is in weeks, `gamma` and `mean` in the book's currency.
pub(crate) fn fit_sheet(outlooks: &Outlooks, reader: Reader) -> Sheet<'static> {
    let columns = reader.columns().iter();
    let columns = columns.map(|name| Column::new(*name, kind(name)));
    let mut rows = Table {
        sheet: Sheet::new(columns.collect()),
        reader,
        part: "orders",
    };
    match &outlooks.fit {
        Ok(fit) => of_orders(&mut rows, fit),
        Err(why) => {
            rows.fact("model", Value::Unknown);
            rows.fact("reason", why_not(why).into());
            if let Some(behaviour) = &outlooks.behaviour {
                of_prior(&mut rows, behaviour);
            }
        }
    }
    of_trend(&mut rows, &outlooks.trend);
    let cohort = &outlooks.cohort;
    rows.fact("customers", Value::count(cohort.customers()));
    rows.fact("histories", Value::count(cohort.distinct().len()));
    let gaps = usize::try_from(cohort.repeats()).unwrap_or(usize::MAX);
    rows.fact("gaps", Value::count(gaps));
    rows.part = "amounts";
    of_amounts(&mut rows, outlooks.spend.as_ref());
    let correlation = outlooks.correlation().map(|it| rows.number(it));
    rows.fact("correlation", correlation.into());
    rows.sheet
}

fn of_orders(rows: &mut Table, fit: &Fit) {
    let behaviour = &fit.behaviour;
    rows.fact("model", behaviour.model.to_string().into());
    rows.fact("k", Value::whole(behaviour.model.k()));
    rows.fact("estimate", fit.estimate.to_string().into());
    let parameters = behaviour.parameters.into_iter().zip(fit.standard_errors);
    for (name, (parameter, error)) in behaviour
        .model
        .parameter_names()
        .into_iter()
        .zip(parameters)
    {
        rows.parameter(name, parameter, error);
    }
    rows.fact("log_likelihood", rows.log(fit.log_likelihood));
    rows.fact("log_posterior", rows.log(fit.log_posterior));
}

/// Adds what holds where customers are too few for a fit.
fn of_prior(rows: &mut Table, behaviour: &Behaviour) {
    rows.fact("prior", behaviour.model.to_string().into());
    let names = behaviour.model.parameter_names();
    for (name, parameter) in names.into_iter().zip(behaviour.parameters) {
        let parameter = rows.number(parameter);
        rows.fact(name, parameter);
    }
}

/// Adds how the whole book moved in the last year, or why that is not looked at.
fn of_trend(rows: &mut Table, trend: &Trend) {
    let pace = rows.number(trend.pace());
    rows.fact("trend", pace);
    if let Some((came, expected)) = trend.orders {
        rows.fact(
            "trend_observed",
            Value::whole(i64::try_from(came).unwrap_or(i64::MAX)),
        );
        let expected = rows.number(expected);
        rows.fact("trend_expected", expected);
    }
    let reason = trend.none.map(|it| match it {
        NoTrend::NotWanted => "the policy asks for none",
        NoTrend::NoOrder => "there is no order",
        NoTrend::TooYoung => "the first order of the book is less than 545 days ago",
        NoTrend::TooFew => "fewer than 100 orders were to be expected",
        NoTrend::Chance => "the difference may be chance",
    });
    if let Some(reason) = reason {
        rows.fact("trend_reason", reason.into());
    }
}

fn of_amounts(rows: &mut Table, spend: Option<&Spend>) {
    match spend {
        Some(Spend::GammaGamma(model)) => {
            rows.fact("model", "gamma-gamma".into());
            let parameters = [("p", model.p), ("q", model.q), ("gamma", model.gamma)];
            for ((name, parameter), error) in parameters.into_iter().zip(model.standard_errors) {
                rows.parameter(name, parameter, error);
            }
            rows.fact("log_likelihood", rows.log(model.log_likelihood));
            rows.fact("customers", Value::count(model.customers));
        }
        Some(Spend::Shrunk { mean }) => {
            rows.fact("model", "shrunken mean".into());
            rows.fact("mean", rows.number(*mean));
        }
        None => {
            rows.fact("model", Value::Unknown);
            rows.fact("reason", NO_AMOUNT.into());
        }
    }
}

/// The sheet as it grows.
struct Table {
    sheet: Sheet<'static>,
    reader: Reader,
    part: &'static str,
}

impl Table {
    fn number(&self, number: f64) -> Value<'static> {
        if self.reader == Reader::Person {
            Value::text(short(number))
        } else {
            Value::Float(number)
        }
    }

    /// Two fits are compared by the difference of their logarithms, so a hundredth counts.
    fn log(&self, number: f64) -> Value<'static> {
        if self.reader == Reader::Person {
            Value::text(format!("{number:.2}"))
        } else {
            Value::Float(number)
        }
    }

    fn fact(&mut self, name: &'static str, value: Value<'static>) {
        self.row(name, value, Value::Unknown);
    }

    fn parameter(&mut self, name: &'static str, parameter: f64, error: f64) {
        let [parameter, error] = [parameter, error].map(|it| self.number(it));
        self.row(name, parameter, error);
    }

    fn row(&mut self, name: &'static str, value: Value<'static>, error: Value<'static>) {
        let (part, name) = (self.part.into(), name.into());
        if self.reader != Reader::Typed {
            self.sheet.push([part, name, value, error]);
        } else if matches!(value, Value::Text(_)) {
            self.sheet.push([part, name, Value::Unknown, value, error]);
        } else {
            self.sheet.push([part, name, value, Value::Unknown, error]);
        }
    }
}
