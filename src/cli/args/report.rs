//! The arguments of reports, made from the table of reports.

use chrono::NaiveDate;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::common::{BookOptions, SheetOptions, parse_since};
use super::read::{parse_any_span, parse_horizon};
use crate::model::Span;
use crate::model::{AsOf, parse_as_of};
use crate::report::{AnyReport, Filter, Gift, Given, Opt, REPORTS, Takes};

/// A report that was asked for.
#[derive(Clone)]
pub struct ReportArgs {
    /// The command's own report.
    pub(in crate::cli) report: &'static dyn AnyReport,
    /// The rule, or where the report takes none, the word for the one customer.
    pub subject: Option<String>,
    /// The book.
    pub book: BookOptions,
    /// The output.
    pub sheet: SheetOptions,
    /// Whether the status tells if there is a row.
    pub exit_code: bool,
    pub(in crate::cli) typed: Vec<(&'static str, TypedOption)>,
}

/// What was typed for an option of a report's own.
#[derive(Clone)]
pub(in crate::cli) enum TypedOption {
    Nothing,
    Days(i64),
    Span(Span),
    Day(AsOf),
    Texts(Vec<String>),
}

impl ReportArgs {
    /// Returns the report's own options as they are meant on a day.
    pub(in crate::cli) fn given(&self, as_of: NaiveDate) -> Given {
        let meant = |typed: &TypedOption| match typed {
            TypedOption::Nothing => Gift::Nothing,
            TypedOption::Days(days) => Gift::Days(*days),
            TypedOption::Span(span) => Gift::Span(*span),
            TypedOption::Day(day) => Gift::Day(day.resolve(as_of)),
            TypedOption::Texts(texts) => Gift::Texts(texts.clone()),
        };
        let typed = self.typed.iter();
        Given(typed.map(|(name, it)| (*name, meant(it))).collect())
    }
}

/// Returns the report whose command has this name.
pub(in crate::cli) fn report_of_command(name: &str) -> Option<&'static dyn AnyReport> {
    let mut commands = REPORTS.iter().filter(|it| !it.help().is_empty());
    commands.find(|it| it.name() == name).copied()
}

impl std::fmt::Debug for ReportArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.report.name())
    }
}

impl FromArgMatches for ReportArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let found = matches.subcommand();
        let found = found.and_then(|(name, matches)| Some((report_of_command(name)?, matches)));
        let Some((report, matches)) = found else {
            return Err(clap::Error::new(clap::error::ErrorKind::MissingSubcommand));
        };
        let subject = matches.get_one(subject_of(report)).cloned();
        let typed = report.options().iter();
        let typed = typed.filter_map(|it| Some((it.name, typed_for(it, matches)?)));
        Ok(Self {
            report,
            subject,
            book: BookOptions::from_arg_matches(matches)?,
            sheet: SheetOptions::from_arg_matches(matches)?,
            exit_code: report.has_exit_code() && matches.get_flag("exit_code"),
            typed: typed.collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for ReportArgs {
    fn augment_subcommands(tree: Command) -> Command {
        let commands = REPORTS.iter().filter(|it| !it.help().is_empty());
        tree.subcommands(commands.map(|it| command(*it)))
    }

    fn augment_subcommands_for_update(tree: Command) -> Command {
        Self::augment_subcommands(tree)
    }

    fn has_subcommand(name: &str) -> bool {
        report_of_command(name).is_some()
    }
}

/// Returns the command of a report.
fn command(report: &'static dyn AnyReport) -> Command {
    let mut command = Command::new(report.name());
    let (value, help) = match report.filter() {
        Filter::Customers => ("RULE", "Only customers that satisfy this rule"),
        Filter::Rows => (
            "RULE",
            "Only rows that satisfy this rule: metrics, and columns of the rows",
        ),
        Filter::OneCustomer => ("CUSTOMER", "Only this customer's rows"),
    };
    let subject = Arg::new(subject_of(report)).value_name(value);
    command = command.arg(subject.help(help));
    command = command.args(report.options().iter().map(argument));
    command = SheetOptions::augment_args(BookOptions::augment_args(command));
    if report.has_exit_code() {
        let exit_code = Arg::new("exit_code").long("exit-code");
        let exit_code = exit_code.action(ArgAction::SetTrue);
        let exit_code = exit_code.help("Exit with 1 if there is a row");
        // The groups of options bring a heading and a text of their own.
        command = command.next_help_heading(None).arg(exit_code);
    }
    let (about, more) = parted(report.help());
    let long = (!more.is_empty()).then_some(report.help());
    command.about(about).long_about(long)
}

/// Returns the id of the argument that says what a report is about.
fn subject_of(report: &dyn AnyReport) -> &'static str {
    match report.filter() {
        Filter::Customers | Filter::Rows => "rule",
        Filter::OneCustomer => "customer",
    }
}

/// Returns the argument of an option.
fn argument(option: &'static Opt) -> Arg {
    let (help, more) = parted(option.help);
    let mut argument = Arg::new(option.name).long(option.name).help(help);
    if !more.is_empty() {
        argument = argument.long_help(option.help);
    }
    if !option.only_with.is_empty() {
        argument = argument.requires(option.only_with);
    }
    if !option.not_with.is_empty() {
        argument = argument.conflicts_with(option.not_with);
    }
    if !option.default.is_empty() {
        argument = argument.default_value(option.default);
    }
    match option.takes {
        Takes::Nothing => return argument.action(ArgAction::SetTrue),
        Takes::Span => argument = argument.value_parser(parse_any_span),
        Takes::Time => argument = argument.value_parser(parse_horizon),
        Takes::Since => argument = argument.value_parser(parse_since),
        Takes::Day => argument = argument.value_parser(parse_as_of),
        Takes::Text => {}
        Takes::Word(words) => argument = argument.value_parser(PossibleValuesParser::new(words)),
        Takes::Words(words) => {
            let words = PossibleValuesParser::new(words);
            argument = argument.value_delimiter(',').action(ArgAction::Append);
            argument = argument.value_parser(words);
        }
        Takes::Texts => argument = argument.value_delimiter(',').action(ArgAction::Append),
    }
    argument.value_name(option.value)
}

/// Returns what was typed for an option, if it was or has a default.
fn typed_for(option: &Opt, matches: &ArgMatches) -> Option<TypedOption> {
    let name = option.name;
    Some(match option.takes {
        Takes::Nothing => matches.get_flag(name).then_some(TypedOption::Nothing)?,
        Takes::Span => TypedOption::Span(*matches.get_one(name)?),
        Takes::Time => TypedOption::Days(*matches.get_one(name)?),
        Takes::Since | Takes::Day => TypedOption::Day(*matches.get_one(name)?),
        Takes::Text | Takes::Word(_) | Takes::Words(_) | Takes::Texts => {
            TypedOption::Texts(matches.get_many(name)?.cloned().collect())
        }
    })
}

/// Parts a help text into its first line and the rest.
fn parted(help: &'static str) -> (&'static str, &'static str) {
    help.split_once("\n\n").unwrap_or((help, ""))
}
