//! The fitted model: its parameters and how well it fits.

use super::asked::Asked;
use super::basis::{basis, by_retention, why_not};
use super::digits::short;
use super::given::Opt;
use super::shape::{OwnColumn, Report, RowsSaid, row_of_nobody};
use crate::answer::AnswerReader;
use crate::customer_base::behaviour::Behaviour;
use crate::customer_base::fit::Fit;
use crate::customer_base::spend::Spend;
use crate::figures::value::{NoTrend, Outlooks, Trend, no_amount};
use crate::metric::{Metric, Type, Value};
use crate::words::written;

/// The option that asks for this answer.
pub(crate) const FIT_OPTION: Opt = Opt::flag(
    "fit",
    "Show the fitted model instead: its parameters and how well it fits",
)
.not_with("backtest");

/// The answer: one row a figure, parameters with the standard errors of their logarithms.
///
/// Time is in weeks, `gamma` and `mean` in the book's currency.
pub(crate) static FIT: Report<FitFact> = Report {
    name: "fit",
    own: &[
        OwnColumn::new("part", Type::Text, |_, it| it.part.into()),
        OwnColumn::new("name", Type::Text, |_, it| it.name.into()),
        // Where cells have no type, words stand among the numbers.
        OwnColumn::new("value", Type::Number, |asked, it| match &it.value {
            Value::Text(_) if asked.reader == AnswerReader::Typed => Value::Unknown,
            Value::Float(number) => it.number(asked, *number),
            other => other.borrowed(),
        }),
        OwnColumn::new("word", Type::Text, |_, it| match &it.value {
            Value::Text(_) => it.value.borrowed(),
            _ => Value::Unknown,
        }),
        OwnColumn::new("log_standard_error", Type::Number, |asked, it| {
            it.error.map(|error| it.number(asked, error)).into()
        }),
    ],
    usual: &["part", "name", "value", "word", "log_standard_error"],
    suit: |setting, names| names.retain(|it| it != "word" || setting.reader == AnswerReader::Typed),
    rests_on: &[Metric::Clv, Metric::ExpectedOrderValue],
    rows: |asked| facts(asked.figures().outlooks()).into(),
    said: |asked, _| RowsSaid {
        notes: basis(asked.figures(), by_retention()),
        ..RowsSaid::default()
    },
    ..Report::BASE
};

/// One figure of the fit.
pub(crate) struct FitFact {
    part: &'static str,
    name: &'static str,
    value: Value<'static>,
    error: Option<f64>,
    /// Whether it is a logarithm: two fits are compared by the difference of theirs, so a hundredth counts.
    is_log: bool,
}

row_of_nobody!(FitFact);

impl FitFact {
    /// Returns a number; people need its size and not its last digit.
    fn number(&self, asked: &Asked<'_>, number: f64) -> Value<'static> {
        match asked.reader.is_person() {
            false => Value::Float(number),
            true if self.is_log => Value::text(format!("{number:.2}")),
            true => Value::text(short(number)),
        }
    }
}

fn facts(outlooks: &Outlooks) -> Vec<FitFact> {
    let mut rows = FitTable {
        facts: Vec::new(),
        part: "orders",
    };
    match &outlooks.fit {
        Ok(fit) => of_orders(&mut rows, fit),
        Err(why) => {
            rows.fact("model", Value::Unknown);
            rows.fact("reason", why_not(why, written()).into());
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
    rows.fact("correlation", outlooks.correlation().into());
    rows.facts
}

fn of_orders(rows: &mut FitTable, fit: &Fit) {
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
    rows.log("log_likelihood", fit.log_likelihood);
    rows.log("log_posterior", fit.log_posterior);
}

/// Adds what holds where customers are too few for a fit.
fn of_prior(rows: &mut FitTable, behaviour: &Behaviour) {
    rows.fact("prior", behaviour.model.to_string().into());
    let names = behaviour.model.parameter_names();
    for (name, parameter) in names.into_iter().zip(behaviour.parameters) {
        rows.fact(name, parameter.into());
    }
}

/// Adds how the whole book moved in the last year, or why that is not looked at.
fn of_trend(rows: &mut FitTable, trend: &Trend) {
    rows.fact("trend", trend.pace().into());
    if let Some((came, expected)) = trend.orders {
        rows.fact(
            "trend_observed",
            Value::whole(i64::try_from(came).unwrap_or(i64::MAX)),
        );
        rows.fact("trend_expected", expected.into());
    }
    let reason = trend.none.map(|it| match it {
        NoTrend::NotWanted => written().pick("the policy asks for none", "规则不要求"),
        NoTrend::NoOrder => written().pick("there is no order", "没有订单"),
        NoTrend::TooYoung => written().pick(
            "the first order of the book is less than 545 days ago",
            "本账首单距今不到 545 天",
        ),
        NoTrend::TooFew => written().pick(
            "fewer than 100 orders were to be expected",
            "预期订单不到 100 笔",
        ),
        NoTrend::Chance => written().pick("the difference may be chance", "差异可能出于偶然"),
    });
    if let Some(reason) = reason {
        rows.fact("trend_reason", reason.into());
    }
}

fn of_amounts(rows: &mut FitTable, spend: Option<&Spend>) {
    match spend {
        Some(Spend::GammaGamma(model)) => {
            rows.fact("model", "gamma-gamma".into());
            let parameters = [("p", model.p), ("q", model.q), ("gamma", model.gamma)];
            for ((name, parameter), error) in parameters.into_iter().zip(model.standard_errors) {
                rows.parameter(name, parameter, error);
            }
            rows.log("log_likelihood", model.log_likelihood);
            rows.fact("customers", Value::count(model.customers));
        }
        Some(Spend::Shrunk { mean, stands_in }) => {
            rows.fact("model", "shrunken mean".into());
            if let Some(reason) = stands_in {
                rows.fact("reason", reason.said(written()).into());
            }
            rows.fact("mean", (*mean).into());
        }
        None => {
            rows.fact("model", Value::Unknown);
            rows.fact("reason", no_amount(written()).into());
        }
    }
}

/// The facts as they are gathered.
struct FitTable {
    facts: Vec<FitFact>,
    part: &'static str,
}

impl FitTable {
    fn fact(&mut self, name: &'static str, value: Value<'static>) {
        self.facts.push(FitFact {
            part: self.part,
            name,
            value,
            error: None,
            is_log: false,
        });
    }

    fn log(&mut self, name: &'static str, number: f64) {
        self.facts.push(FitFact {
            part: self.part,
            name,
            value: number.into(),
            error: None,
            is_log: true,
        });
    }

    fn parameter(&mut self, name: &'static str, parameter: f64, error: f64) {
        self.facts.push(FitFact {
            part: self.part,
            name,
            value: parameter.into(),
            error: Some(error),
            is_log: false,
        });
    }
}
