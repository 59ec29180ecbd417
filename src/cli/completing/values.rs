//! What an argument can be: ids, kinds and stages of the book, names of the program's own, days.

use clap::{Arg, Command, ValueHint};

use super::days::{Way, days, spans};
use super::line::{ToComplete, commands};
use super::rules::{of_name, of_rule};
use super::shelf::Shelf;
use super::{Candidate, Completions};
use crate::change::values::field_names;
use crate::cli::args::report_of_command;
use crate::cli::command::schema;
use crate::cli::topics::TOPICS;
use crate::diagnostic::{FAULTS, fault_by_code};
use crate::exchange::fault::IMPORT_FAULTS;
use crate::metric::{metric_by_name, metric_names};
use crate::model::{CUSTOMER_FIELDS, FieldType};
use crate::policy::Labelled;
use crate::report::diff;
use crate::report::{AnyReport, Takes};
use crate::words::{say, spoken};

/// What is known of the values of an argument.
pub(super) enum ArgumentValues {
    /// It is one of these words.
    Words(Completions),
    /// It is the name of a file or folder.
    Files,
    /// It may be anything.
    Unknown,
}

/// What some arguments are.
#[derive(Clone, Copy)]
enum ArgumentOf {
    Customer,
    CustomerOrFault,
    /// A customer, and behind it fields.
    CustomerAndFields,
    /// A person at the customer that stands before it.
    Person,
    Staff,
    Kind,
    Stage,
    /// What a row of the customer and kind before it can name.
    Ref,
    /// What a row of the kind before it is about.
    Topic,
    /// `key=value`
    Field,
    Rule,
    Day(Way),
    Span,
    DayOrSpan,
    Revision,
    Metric,
    /// Metrics with commas between them and signs before them.
    Metrics,
    Command,
    CommandOrTopic,
    Schema,
    /// The columns of the answer that stands before it.
    ColumnsOfSchema,
    /// Columns of a report, with commas between them and signs before them.
    Columns(&'static dyn AnyReport),
    /// Columns that are no metrics.
    OwnColumns(&'static [&'static str]),
}

/// The arguments whose values are known, by command and by the argument's id; of every command where
/// none is named.
const ARGUMENTS: &[(&str, &str, ArgumentOf)] = &[
    ("", "as_of", ArgumentOf::Day(Way::Back)),
    ("", "rev", ArgumentOf::Revision),
    ("", "rule", ArgumentOf::Rule),
    ("show", "customer", ArgumentOf::Customer),
    ("explain", "subject", ArgumentOf::CustomerOrFault),
    ("explain", "metric", ArgumentOf::Metric),
    ("history", "customer", ArgumentOf::Customer),
    ("history", "kind", ArgumentOf::Kind),
    ("history", "staff", ArgumentOf::Staff),
    ("brief", "since", ArgumentOf::Day(Way::Back)),
    ("report", "customer", ArgumentOf::Customer),
    ("diff", "from", ArgumentOf::Day(Way::Back)),
    ("diff", "to", ArgumentOf::Day(Way::Back)),
    ("diff", "metrics", ArgumentOf::Metrics),
    ("diff", "columns", ArgumentOf::OwnColumns(&diff::COLUMNS)),
    ("diff", "sort", ArgumentOf::OwnColumns(&diff::COLUMNS)),
    ("log", "customer", ArgumentOf::Customer),
    ("log", "kind", ArgumentOf::Kind),
    ("log", "date", ArgumentOf::Day(Way::Back)),
    ("log", "due", ArgumentOf::Day(Way::Ahead)),
    ("log", "next", ArgumentOf::DayOrSpan),
    ("log", "reference", ArgumentOf::Ref),
    ("log", "staff", ArgumentOf::Staff),
    ("log", "topic", ArgumentOf::Topic),
    ("set", "words", ArgumentOf::CustomerAndFields),
    ("contact", "customer", ArgumentOf::Customer),
    ("contact", "name", ArgumentOf::Person),
    ("edit", "customer", ArgumentOf::Customer),
    ("rename", "old", ArgumentOf::Customer),
    ("merge", "from", ArgumentOf::Customer),
    ("merge", "into", ArgumentOf::Customer),
    ("remove", "customer", ArgumentOf::Customer),
    ("erase", "customer", ArgumentOf::Customer),
    ("erase", "person", ArgumentOf::Person),
    ("handover", "from", ArgumentOf::Staff),
    ("handover", "to", ArgumentOf::Staff),
    ("add", "owner", ArgumentOf::Staff),
    ("add", "stage", ArgumentOf::Stage),
    ("add", "since", ArgumentOf::Day(Way::Back)),
    ("add", "set", ArgumentOf::Field),
    ("metrics", "names", ArgumentOf::Metric),
    ("man", "command", ArgumentOf::Command),
    ("help", "word", ArgumentOf::CommandOrTopic),
    ("schema", "name", ArgumentOf::Schema),
    ("schema", "columns", ArgumentOf::ColumnsOfSchema),
];

/// Returns what an argument can be.
pub(super) fn of_argument(
    asked: &ToComplete<'_>,
    argument: &Arg,
    tree: &Command,
    shelf: &Shelf<'_>,
) -> ArgumentValues {
    let possible = argument.get_possible_values();
    if !possible.is_empty() {
        let shown = possible.iter().filter(|it| !it.is_hide_set());
        let help = |it: &clap::builder::PossibleValue| {
            let help = it.get_help().map(ToString::to_string);
            Candidate::told(it.get_name(), help)
        };
        let shown: Vec<Candidate> = shown.map(help).collect();
        let is_list = argument.get_value_delimiter().is_some();
        return ArgumentValues::Words(if is_list {
            listed(&asked.word, shown)
        } else {
            shown.into()
        });
    }
    match argument.get_value_hint() {
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath => {
            return ArgumentValues::Files;
        }
        _ => {}
    }
    let (command, name) = (asked.command.get_name(), argument.get_id().as_str());
    let mut known = ARGUMENTS.iter();
    let known = known.find(|it| it.1 == name && (it.0 == command || it.0.is_empty()));
    match known.map(|it| it.2).or_else(|| of_report(command, name)) {
        Some(of) => {
            of_kind(of, asked, tree, shelf).map_or(ArgumentValues::Unknown, ArgumentValues::Words)
        }
        None => ArgumentValues::Unknown,
    }
}

/// Returns the words that such an argument can be, if it is about any.
fn of_kind(
    of: ArgumentOf,
    asked: &ToComplete<'_>,
    tree: &Command,
    shelf: &Shelf<'_>,
) -> Option<Completions> {
    let word = asked.word.as_str();
    let before = |at: usize| asked.words.get(at).map(String::as_str);
    Some(match of {
        ArgumentOf::Customer => shelf.customers().into(),
        ArgumentOf::CustomerOrFault => {
            let of_import = IMPORT_FAULTS.iter().map(|it| it.fault.code);
            let of_import = of_import.filter(|code| fault_by_code(code).is_none());
            let codes = FAULTS.iter().map(|it| it.code).chain(of_import);
            let faults = codes.map(|code| {
                Candidate::new(code, say!("what this fault means", "这个错误是什么意思"))
            });
            // A fault is asked for by the beginning of its code; before that only customers are.
            let faults = faults.filter(|_| !word.is_empty());
            let ids = shelf.customers().into_iter();
            ids.chain(faults).collect::<Vec<_>>().into()
        }
        ArgumentOf::CustomerAndFields
            if asked.words.is_empty() && !asked.options.contains(&"rule") =>
        {
            shelf.customers().into()
        }
        ArgumentOf::CustomerAndFields | ArgumentOf::Field => of_field(word, shelf),
        ArgumentOf::Person => shelf.people(before(0)?).into(),
        ArgumentOf::Staff => shelf.owners().into(),
        ArgumentOf::Stage => Candidate::bare(shelf.words(|it| it.stages)).into(),
        ArgumentOf::Kind => {
            let kinds = shelf.of_rules(|policy| {
                let kinds = policy.kinds.all().iter();
                kinds
                    .map(|it| {
                        let label = policy.label(Labelled::Kinds, &it.name, spoken());
                        Candidate::told(&it.name, label.or_else(|| it.label.clone()))
                    })
                    .collect()
            });
            listed(word, kinds)
        }
        ArgumentOf::Ref => shelf.refs(before(0)?, before(1)).into(),
        ArgumentOf::Topic => match before(1)? {
            "stage" => Candidate::bare(shelf.words(|it| it.stages)),
            "survey" => shelf.of_rules(|policy| {
                let factors = policy.satisfaction.0.iter();
                Candidate::bare(factors.map(|it| &it.0))
            }),
            _ => return None,
        }
        .into(),
        ArgumentOf::Rule => of_rule(word, shelf),
        ArgumentOf::Day(way) => days(way, shelf.today).into(),
        ArgumentOf::Span => spans().into(),
        ArgumentOf::DayOrSpan => [spans(), days(Way::Ahead, shelf.today)].concat().into(),
        ArgumentOf::Revision => vec![Candidate::new(
            "HEAD",
            say!("what was committed last", "最近一次提交"),
        )]
        .into(),
        ArgumentOf::Metric => metrics().into(),
        ArgumentOf::Metrics => listed(word, metrics()),
        ArgumentOf::Command => commands(tree).into(),
        ArgumentOf::CommandOrTopic => {
            let all = commands(tree);
            let is_new = |name: &str| all.iter().all(|it| it.value != name);
            let topics = TOPICS.iter().filter(|it| is_new(it.name));
            let topics: Vec<Candidate> = topics
                .map(|it| Candidate::new(it.name, it.about_in(spoken())))
                .collect();
            [all, topics].concat().into()
        }
        ArgumentOf::Schema => Candidate::bare(schema::names()).into(),
        ArgumentOf::ColumnsOfSchema => listed(word, described(schema::columns(before(0)?)?)),
        ArgumentOf::Columns(report) => {
            let columns = schema::columns_of(report);
            // What rows have is no metric, though it may have the name of one.
            listed(
                word,
                match report.by_figures() {
                    Some(_) => described(columns),
                    None => Candidate::bare(columns),
                },
            )
        }
        ArgumentOf::OwnColumns(own) => listed(word, Candidate::bare(own.iter().copied())),
    })
}

/// Returns what an argument of a report is.
fn of_report(command: &str, argument: &str) -> Option<ArgumentOf> {
    let report = report_of_command(command)?;
    if matches!(argument, "columns" | "sort") {
        return Some(ArgumentOf::Columns(report));
    }
    let option = report.options().iter().find(|it| it.name == argument)?;
    match option.takes {
        Takes::Span | Takes::Time => Some(ArgumentOf::Span),
        Takes::Since | Takes::Day => Some(ArgumentOf::Day(Way::Back)),
        Takes::Nothing | Takes::Text | Takes::Word(_) | Takes::Words(_) | Takes::Texts => None,
    }
}

/// Returns all metrics.
fn metrics() -> Vec<Candidate> {
    described(metric_names().collect())
}

/// Returns columns, those that are metrics with their definitions.
fn described(columns: Vec<&'static str>) -> Vec<Candidate> {
    let definition = |it: &str| metric_by_name(it).map_or("", |it| it.entry().defined_in(spoken()));
    let columns = columns.into_iter();
    columns
        .map(|it| Candidate::new(it, definition(it)))
        .collect()
}

/// Returns words that stand after the names of a list that are there already, and after a sign.
fn listed(word: &str, all: Vec<Candidate>) -> Completions {
    let last = word.rsplit(',').next().unwrap_or(word);
    let begun = last.strip_prefix(['+', '-']).unwrap_or(last);
    let before = word
        .strip_suffix(begun)
        .expect("the last name ends the list")
        .to_owned();
    Completions { before, all }
}

/// Returns the fields that can be set, or what a field can be.
fn of_field(word: &str, shelf: &Shelf<'_>) -> Completions {
    let Some((key, value)) = word.split_once('=') else {
        let mut keys: Vec<String> = field_names().map(str::to_owned).collect();
        if ["custom", "profile"]
            .iter()
            .any(|it| it.starts_with(word) || word.starts_with(it))
        {
            keys.extend(shelf.free_keys());
        }
        let keys = keys.into_iter().map(|it| format!("{it}="));
        return Candidate::bare(keys).into();
    };
    let kind = CUSTOMER_FIELDS.iter().find(|it| it.0 == key).map(|it| it.1);
    let all = match (key, kind) {
        ("revisit", _) => {
            let never = Candidate::new("never", say!("no revisits", "不回访"));
            spans().into_iter().chain([never]).collect()
        }
        (_, Some(FieldType::Date)) => days(Way::Back, shelf.today),
        _ => of_name(key, shelf),
    };
    let found = match kind {
        Some(FieldType::Texts) => listed(value, all),
        _ => all.into(),
    };
    let before = format!("{key}={}", found.before);
    Completions { before, ..found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command_tree;

    #[test]
    fn every_argument_named_is_there() {
        let tree = command_tree();
        for (command, argument, _) in ARGUMENTS {
            let named = |it: &&Command| command.is_empty() || it.get_name() == *command;
            let found = tree.get_subcommands().filter(named);
            let mut arguments = found.flat_map(Command::get_arguments);
            let is_there = arguments.any(|it| it.get_id() == argument);
            assert!(is_there, "{command} {argument}");
        }
    }
}
