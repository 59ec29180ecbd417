//! `guanxi schema`: the forms of the answers in JSON, for programs that read them.

use super::report::chosen_columns;
use super::{calendar, doctor, metrics};
use crate::answer::{ColumnChoice, Form, json_schema};
use crate::cli::Console;
use crate::cli::args::SchemaArgs;
use crate::cli::config;
use crate::cli::outcome::Outcome;
use crate::cli::output::write_answer;
use crate::cli::settings::show_text;
use crate::diagnostic::{Nearest as _, Severity};
use crate::exchange::import::json as import;
use crate::metric::{Type, metric_names};
use crate::render::{DIAGNOSTIC_COLUMNS, render_document};
use crate::report::{AnyReport, REPORTS, diff, explanation_form, screen_form};
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::say;

/// An answer in JSON that is no report, by the name that it says of itself.
struct JsonAnswer {
    name: &'static str,
    /// Whether it speaks of a day.
    has_day: bool,
    shape: AnswerShape,
}

/// What an answer consists of.
enum AnswerShape {
    /// What a report says.
    Report(&'static dyn AnyReport),
    /// Rows of columns of its own.
    Rows {
        columns: &'static [&'static str],
        kind: fn(&str) -> Type,
    },
    /// Rows of columns of its own, and more beside them.
    Parts {
        columns: &'static [&'static str],
        form: fn(&[String]) -> Form,
    },
    /// What has no columns to choose.
    Whole(fn() -> Form),
}

/// The answers in JSON that are no reports, in the order of the commands.
const ANSWERS: [JsonAnswer; 11] = [
    on_a_day("show", AnswerShape::Whole(screen_form)),
    of_parts("diff", &diff::COLUMNS, diff::diff_form),
    of_parts("diff-stat", &diff::STAT_COLUMNS, diff::stat_form),
    on_a_day("check", AnswerShape::Whole(faults)),
    on_a_day("explain", AnswerShape::Whole(explanations)),
    JsonAnswer {
        has_day: false,
        ..on_a_day("fault", AnswerShape::Whole(fault))
    },
    JsonAnswer {
        has_day: false,
        ..of_rows("config", &config::COLUMNS, |_| Type::Text)
    },
    JsonAnswer {
        has_day: false,
        ..of_rows("doctor", &doctor::COLUMNS, |_| Type::Text)
    },
    JsonAnswer {
        has_day: false,
        ..of_rows("metrics", &metrics::COLUMNS, |_| Type::Text)
    },
    JsonAnswer {
        has_day: false,
        ..of_rows("calendar", &calendar::COLUMNS, calendar::kind)
    },
    on_a_day("import", AnswerShape::Whole(import::form)),
];

const fn on_a_day(name: &'static str, shape: AnswerShape) -> JsonAnswer {
    JsonAnswer {
        name,
        has_day: true,
        shape,
    }
}

const fn of_parts(
    name: &'static str,
    columns: &'static [&'static str],
    form: fn(&[String]) -> Form,
) -> JsonAnswer {
    on_a_day(name, AnswerShape::Parts { columns, form })
}

const fn of_rows(
    name: &'static str,
    columns: &'static [&'static str],
    kind: fn(&str) -> Type,
) -> JsonAnswer {
    let shape = AnswerShape::Rows { columns, kind };
    on_a_day(name, shape)
}

/// Returns the names of all answers.
pub(in crate::cli) fn names() -> impl Iterator<Item = &'static str> {
    let reports = REPORTS.iter().map(|it| it.name());
    reports.chain(ANSWERS.iter().map(|it| it.name))
}

/// Returns the columns that an answer has or can have; `None` if it has no columns to choose.
pub(in crate::cli) fn columns(name: &str) -> Option<Vec<&'static str>> {
    if let Some(report) = REPORTS.iter().find(|it| it.name() == name) {
        return Some(columns_of(*report));
    }
    match ANSWERS.into_iter().find(|it| it.name == name)?.shape {
        AnswerShape::Report(report) => Some(columns_of(report)),
        AnswerShape::Rows { columns, .. } | AnswerShape::Parts { columns, .. } => {
            Some(columns.to_vec())
        }
        AnswerShape::Whole(_) => None,
    }
}

/// Returns the columns that a report can have.
pub(in crate::cli) fn columns_of(report: &dyn AnyReport) -> Vec<&'static str> {
    let own = report.own_names();
    let metrics = metric_names().filter(|it| report.has_metrics() && !own.contains(it));
    metrics.chain(own.iter().copied()).collect()
}

pub(super) fn run(args: &SchemaArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let Some(name) = &args.name else {
        let lines = names().collect::<Vec<_>>().join("\n") + "\n";
        show_text(&lines, args.output.as_deref(), console)?;
        return Ok(Outcome::Done);
    };
    let report = REPORTS.iter().find(|it| it.name() == name);
    let report = report.map(|it| on_a_day(it.name(), AnswerShape::Report(*it)));
    let answer = report.or_else(|| ANSWERS.into_iter().find(|it| it.name == name));
    let answer = answer.ok_or_else(|| {
        let near = names().hint(name);
        let hint = near
            .unwrap_or_else(|| say!("`guanxi schema` lists them", "`guanxi schema` 列出全部结果"));
        let message = say!(
            "no answer in JSON is called `{}`",
            "没有名为 `{}` 的 JSON 结果",
            told(name)
        );
        hinted(message, Some(hint))
    })?;
    let schema = json_schema(answer.name, answer.has_day, form(&answer, &args.columns)?);
    let file = args.output.as_deref().filter(|it| it.as_os_str() != "-");
    write_answer(file, console, |out| render_document(&schema, out))?;
    Ok(Outcome::Done)
}

/// Returns the form of an answer with the columns that `-c` asks for.
///
/// # Errors
/// If there are no such columns.
fn form(answer: &JsonAnswer, asked: &[String]) -> anyhow::Result<Form> {
    let choice = ColumnChoice::parse(asked.iter().map(String::as_str))?;
    match &answer.shape {
        AnswerShape::Report(report) => {
            let columns = chosen_columns(*report, asked)?;
            let row = columns.iter().map(|it| (it.clone(), report.form_of(it)));
            let row = Form::object(row);
            let form = rows(if asked.is_empty() {
                row.maybe(report.rare_columns())
            } else {
                row
            });
            let form = match report.total(&columns) {
                None => form,
                Some(total) => form.and(Form::object([("total", total)])),
            };
            Ok(form.and(report.parts()))
        }
        AnswerShape::Rows { columns, kind } => {
            let chosen = choice.resolve(columns, columns)?.into_iter();
            let row = chosen.map(|it| (it.clone(), Form::Value(kind(&it))));
            Ok(rows(Form::object(row)))
        }
        AnswerShape::Parts { columns, form } => Ok(form(&choice.resolve(columns, columns)?)),
        AnswerShape::Whole(form) if asked.is_empty() => Ok(form()),
        AnswerShape::Whole(_) => {
            let message = say!(
                "`-c` chooses columns, and `{}` has none",
                "`-c` 用来选列，而 `{}` 没有列",
                answer.name
            );
            Err(hinted(message, Some(say!("leave `-c` out", "去掉 `-c`"))))
        }
    }
}

/// Returns the form of rows.
fn rows(row: Form) -> Form {
    Form::object([("rows", Form::list(row))])
}

/// Returns the form of what `check` finds.
fn faults() -> Form {
    let columns = DIAGNOSTIC_COLUMNS.map(|(name, kind)| match name {
        "severity" => (name, severity()),
        _ => (name, Form::Value(kind)),
    });
    let counts = [("errors", Form::Count), ("warnings", Form::Count)];
    Form::object(counts).and(rows(Form::object(columns)))
}

/// Returns the form of what `explain` says of a customer.
fn explanations() -> Form {
    Form::object([
        ("customer", Form::Text),
        ("figures", Form::list(explanation_form())),
    ])
}

/// Returns the form of what `explain` says of a fault.
fn fault() -> Form {
    Form::object([
        ("code", Form::Text),
        ("severity", severity()),
        ("meaning", Form::Text),
        ("cure", Form::Text),
    ])
}

fn severity() -> Form {
    Form::Words(
        [Severity::Error, Severity::Warning]
            .map(Severity::word)
            .to_vec(),
    )
}
