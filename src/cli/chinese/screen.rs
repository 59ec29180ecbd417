//! A page of help in Chinese, laid out by display width: what `-h` shows, and what `--help` does.

use std::fmt::Write as _;

use clap::builder::{PossibleValue, StyledStr, Styles};
use clap::{Arg, Command};

use super::texts;
use crate::render::flowed;
use crate::source::display_width;

/// By how much options stand in.
const INDENT: usize = 2;

/// By how much their texts do, where they stand below them.
const DEEP: usize = 10;

/// The widest option beside which its text stands.
const WIDEST_OPTION: usize = 30;

/// The widest list of values that the short page has.
const WIDEST_LIST: usize = 60;

/// Gives every command of a built tree its pages.
pub(super) fn all(command: Command, width: usize) -> Command {
    let mut command = command.mut_subcommands(|inner| all(inner, width));
    let usage = command.render_usage().to_string();
    let [short, long] = [false, true].map(|is_long| {
        let mut page = HelpPage {
            text: String::new(),
            styles: command.get_styles(),
            width,
            is_long,
        };
        page.command(&command, &usage);
        StyledStr::from(page.text)
    });
    // The parser itself knows whether the short page or the long one is wanted.
    command
        .help_template("{before-help}")
        .term_width(0)
        .before_help(short)
        .before_long_help(long)
}

/// A page as far as it is written.
struct HelpPage<'c> {
    text: String,
    styles: &'c Styles,
    width: usize,
    is_long: bool,
}

impl HelpPage<'_> {
    fn command(&mut self, command: &Command, usage: &str) {
        let about = command.get_about();
        let about = command.get_long_about().filter(|_| self.is_long).or(about);
        if let Some(about) = about {
            self.text.push_str(&flowed(&about.to_string(), self.width));
            self.text.push_str("\n\n");
        }
        self.usage(command, usage);
        self.commands(command);
        let arguments: Vec<&Arg> = command
            .get_arguments()
            .filter(|it| self.shows(it))
            .collect();
        let with = |heading: Option<&str>, is_positional: bool| {
            let of = arguments.iter().filter(|it| {
                it.get_help_heading() == heading
                    && (heading.is_some() || it.is_positional() == is_positional)
            });
            let mut of: Vec<&Arg> = of.copied().collect();
            of.sort_by_key(|it| place(it));
            of
        };
        self.section("参数", &with(None, true));
        self.section("选项", &with(None, false));
        let mut seen: Vec<&str> = Vec::new();
        for heading in arguments.iter().filter_map(|it| it.get_help_heading()) {
            if !seen.contains(&heading) {
                seen.push(heading);
                let known = texts::HEADINGS.iter().find(|it| it.0 == heading);
                let chinese = known.map_or(heading, |it| it.1);
                self.section(chinese, &with(Some(heading), false));
            }
        }
        if let Some(after) = command.get_after_help() {
            let _ = write!(self.text, "\n{after}\n");
        }
    }

    /// Tells whether the page shows an argument.
    fn shows(&self, argument: &Arg) -> bool {
        let is_hidden = if self.is_long {
            argument.is_hide_long_help_set()
        } else {
            argument.is_hide_short_help_set()
        };
        !argument.is_hide_set() && !is_hidden
    }

    fn usage(&mut self, command: &Command, usage: &str) {
        let style = self.styles.get_usage();
        let literal = self.styles.get_literal();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(usage);
        let usage = usage
            .replace("[OPTIONS]", "[选项]")
            .replace("<COMMAND>", "<命令>");
        let name = command.get_bin_name().unwrap_or_default();
        let (name, rest) = match usage.strip_prefix(name) {
            Some(rest) => (name, rest),
            None => ("", &*usage),
        };
        let heading = "用法：";
        let indent = display_width(heading);
        let rest = flowed(&format!("{name}{rest}"), self.width.saturating_sub(indent));
        let rest = rest.strip_prefix(name).unwrap_or(&rest);
        let rest = rest.replace('\n', &format!("\n{:indent$}", ""));
        let _ = writeln!(
            self.text,
            "{style}{heading}{style:#}{literal}{name}{literal:#}{rest}"
        );
    }

    /// Lists the commands of one that has some.
    fn commands(&mut self, command: &Command) {
        let shown = command.get_subcommands().filter(|it| !it.is_hide_set());
        let shown: Vec<(&str, String)> = shown
            .map(|it| {
                let about = it.get_about().map(ToString::to_string);
                (it.get_name(), about.unwrap_or_default())
            })
            .collect();
        if shown.is_empty() {
            return;
        }
        self.heading("命令");
        let widest = shown.iter().map(|it| display_width(it.0)).max();
        let column = INDENT + widest.unwrap_or(0) + INDENT;
        for (name, about) in shown {
            self.beside(name, &about, column);
        }
    }

    fn heading(&mut self, heading: &str) {
        let style = self.styles.get_header();
        let _ = writeln!(self.text, "\n{style}{heading}：{style:#}");
    }

    fn section(&mut self, heading: &str, arguments: &[&Arg]) {
        if arguments.is_empty() {
            return;
        }
        self.heading(heading);
        let specs: Vec<String> = arguments.iter().map(|it| spec(it)).collect();
        let widths = specs.iter().map(|it| display_width(it));
        let widest = widths.filter(|it| *it <= WIDEST_OPTION).max();
        let column = INDENT + widest.unwrap_or(0) + INDENT;
        for (index, (argument, spec)) in arguments.iter().zip(&specs).enumerate() {
            if self.is_long {
                if index > 0 {
                    self.text.push('\n');
                }
                self.below(argument, spec);
            } else {
                self.beside(spec, &summary(argument), column);
            }
        }
    }

    /// Writes a text beside a name, in a column of its own; below it where the name is too wide.
    fn beside(&mut self, name: &str, text: &str, column: usize) {
        self.name(name);
        let text = flowed(text, self.width.saturating_sub(column));
        let used = INDENT + display_width(name);
        let mut gap = column.checked_sub(used).filter(|it| *it >= INDENT);
        if gap.is_none() {
            self.text.push('\n');
        }
        for line in text.lines() {
            let _ = writeln!(self.text, "{:1$}{line}", "", gap.take().unwrap_or(column));
        }
        if text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Writes all that is said of an argument below it.
    fn below(&mut self, argument: &Arg, spec: &str) {
        self.name(spec);
        self.text.push('\n');
        let text = argument.get_long_help().or(argument.get_help());
        let mut parts: Vec<String> = text.map(ToString::to_string).into_iter().collect();
        let values = shown_values(argument);
        let is_told = values.iter().any(|it| it.get_help().is_some());
        let width = self.width.saturating_sub(DEEP);
        if is_told {
            let values = values.iter().map(|it| value_line(it, width));
            let lines: Vec<String> = values.collect();
            parts.push(format!("可选值：\n{}", lines.join("\n")));
        }
        parts.extend(default(argument));
        if !is_told {
            parts.extend(listed(&values));
        }
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            // The lines of values are broken already.
            let part = if part.starts_with("可选值：\n") {
                part.clone()
            } else {
                flowed(part, width)
            };
            for line in part.lines() {
                let indent = if line.is_empty() { 0 } else { DEEP };
                let _ = writeln!(self.text, "{:indent$}{line}", "");
            }
        }
    }

    /// Writes a name, without a line break; what is typed as it stands is set off from what it takes.
    fn name(&mut self, name: &str) {
        let style = self.styles.get_literal();
        let typed = name.trim_start();
        let indent = INDENT + name.len() - typed.len();
        let begin = typed.find("--").unwrap_or(0);
        let end = typed
            .get(begin..)
            .and_then(|it| it.find([' ', '=', '[', '<']));
        let end = end.map_or(typed.len(), |it| begin + it);
        let (literal, value) = typed.split_at(end);
        let _ = write!(self.text, "{:indent$}", "");
        if !literal.is_empty() {
            let _ = write!(self.text, "{style}{literal}{style:#}");
        }
        self.text.push_str(value);
    }
}

/// Returns where an argument stands below its heading: help and version come last.
fn place(argument: &Arg) -> usize {
    match argument.get_id().as_str() {
        "version" => 3,
        "help" => 2,
        _ if argument.is_global_set() => 1,
        _ => 0,
    }
}

/// Returns an argument as it is typed, such as `-f, --format <FORMAT>`.
fn spec(argument: &Arg) -> String {
    let typed = argument.to_string();
    if argument.is_positional() {
        return typed;
    }
    match (argument.get_short(), argument.get_long()) {
        (Some(short), Some(_)) => format!("-{short}, {typed}"),
        (None, Some(_)) => format!("    {typed}"),
        _ => typed,
    }
}

/// Returns the text of an argument on the short page.
fn summary(argument: &Arg) -> String {
    let text = argument.get_help().map(ToString::to_string);
    let parts = text.into_iter().chain(default(argument));
    let listed = listed(&shown_values(argument)).map(|it| {
        if display_width(&it) > WIDEST_LIST {
            "[可选值见 `--help`]".to_owned()
        } else {
            it
        }
    });
    parts.chain(listed).collect::<Vec<_>>().join(" ")
}

/// Returns what is said of the default of an argument.
fn default(argument: &Arg) -> Option<String> {
    let values = argument.get_default_values();
    let is_shown = argument.get_action().takes_values() && !argument.is_hide_default_value_set();
    let values: Vec<_> = values.iter().map(|it| it.to_string_lossy()).collect();
    (is_shown && !values.is_empty()).then(|| format!("[默认值：{}]", values.join(" ")))
}

/// Returns the values that help shows of an argument.
fn shown_values(argument: &Arg) -> Vec<PossibleValue> {
    if argument.is_hide_possible_values_set() || !argument.get_action().takes_values() {
        return Vec::new();
    }
    let values = argument.get_possible_values().into_iter();
    values.filter(|it| !it.is_hide_set()).collect()
}

/// Lists values by their names.
fn listed(values: &[PossibleValue]) -> Option<String> {
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let names = names.join("、");
    (!names.is_empty()).then(|| format!("[可选值：{names}]"))
}

/// Returns a value with its text, the lines behind the first a little in.
fn value_line(value: &PossibleValue, width: usize) -> String {
    let text = value.get_help().map(ToString::to_string);
    let text = text.map_or_else(String::new, |it| format!("：{it}"));
    let text = flowed(
        &format!("{}{text}", value.get_name()),
        width.saturating_sub(INDENT),
    );
    format!("- {}", text.replace('\n', "\n  "))
}
