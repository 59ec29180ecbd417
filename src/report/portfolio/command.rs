//! The command that gives or explains an indicator.

use super::sections::Indicator;
use crate::report::asked::Asked;
use crate::source::shell_word;

/// Returns it as a shell wants it, for the same rule and day.
pub(super) fn command(asked: &Asked<'_>, indicator: &Indicator) -> String {
    let [name, own, options] = indicator.command;
    let asked_rule = asked.rule.map(|it| it.text().trim()).unwrap_or_default();
    // `history` is about rows, and takes no rule.
    let rule = match (asked_rule, own) {
        _ if name == "history" => String::new(),
        ("", own) => own.to_owned(),
        (rule, "") => rule.to_owned(),
        (rule, own) => format!("({rule}) and ({own})"),
    };
    let mut command = format!("guanxi {name}");
    if !rule.is_empty() {
        command.push(' ');
        command.push_str(&shell_word(&rule));
    }
    if !options.is_empty() {
        command.push(' ');
        command.push_str(options);
    }
    format!("{command} --as-of {}", asked.as_of)
}
