//! From a call to the words of a command.

use super::inputs::Inputs;
use super::tools::Does;
use super::{CallRefusal, CommandAsked};
use crate::model::LogColumn;
use crate::report::REPORTS;

/// Returns the command that a call asks for.
///
/// # Errors
/// If an input means nothing to that command.
pub(super) fn asked(inputs: &Inputs) -> Result<CommandAsked, CallRefusal> {
    let tool = inputs.tool();
    let command = match tool.does {
        Does::Answer => known(inputs.needed("name")),
        _ => tool.name,
    };
    let mut asked = CommandAsked {
        command,
        as_of: inputs.text("as_of").map(str::to_owned),
        has_book: true,
        has_day: !tool.writes(),
        ..CommandAsked::default()
    };
    if !tool.writes() {
        asked.options.push("--format=json".to_owned());
    }
    match command {
        "diff" => diff(inputs, &mut asked)?,
        "history" => history(inputs, &mut asked),
        "log" => log(inputs, &mut asked),
        "set" => set(inputs, &mut asked),
        "explain" => {
            let words = [inputs.needed("customer"), inputs.needed("metric")];
            asked.words.extend(words.map(str::to_owned));
        }
        "show" => asked.words.push(inputs.needed("customer").to_owned()),
        _ => {
            if tool.does == Does::Answer {
                refuse_idle(inputs, command)?;
            }
            give(inputs, &["by", "since", "within", "sort"], &mut asked);
            asked.words.extend(inputs.text("rule").map(str::to_owned));
        }
    }
    let columns = inputs.texts("columns");
    if !columns.is_empty() {
        refuse_many(&columns)?;
        asked
            .options
            .push(format!("--columns={}", columns.join(",")));
    }
    Ok(asked)
}

/// Returns the program's own name of a command that `answer` has.
fn known(name: &str) -> &'static str {
    let answers = super::tools::ANSWERS.iter();
    let mut answers = answers.filter(|it| **it == name);
    answers
        .next()
        .expect("a word was one of the tool's when the inputs were checked")
}

/// Gives inputs to options of the same names.
fn give(inputs: &Inputs, names: &[&str], asked: &mut CommandAsked) {
    for name in names {
        if let Some(text) = inputs.text(name) {
            asked.options.push(format!("--{name}={text}"));
        }
    }
}

fn diff(inputs: &Inputs, asked: &mut CommandAsked) -> Result<(), CallRefusal> {
    refuse(inputs, "diff", &["by", "since", "within"])?;
    let Some(from) = inputs.text("from") else {
        let hint = "give a day, or a span back such as `2w`";
        return Err(CallRefusal::new("`diff` needs `from`", hint));
    };
    asked.words.push(from.to_owned());
    asked.words.extend(inputs.text("to").map(str::to_owned));
    if let Some(rule) = inputs.text("rule") {
        asked.options.push(format!("--where={rule}"));
    }
    Ok(())
}

fn history(inputs: &Inputs, asked: &mut CommandAsked) {
    asked.options.push("--sort=-date".to_owned());
    let kinds = inputs.texts("kinds");
    if !kinds.is_empty() {
        asked.options.push(format!("--kind={}", kinds.join(",")));
    }
    give(inputs, &["since", "until", "text"], asked);
    let customer = inputs.text("customer");
    asked.words.extend(customer.map(str::to_owned));
}

fn log(inputs: &Inputs, asked: &mut CommandAsked) {
    let words = [inputs.needed("customer"), inputs.needed("kind")];
    asked.words.extend(words.map(str::to_owned));
    let of_cells = LogColumn::ALL.into_iter();
    let of_cells = of_cells.filter(|it| !matches!(it, LogColumn::Customer | LogColumn::Kind));
    let mut options: Vec<&str> = of_cells.map(LogColumn::name).collect();
    options.push("next");
    give(inputs, &options, asked);
}

fn set(inputs: &Inputs, asked: &mut CommandAsked) {
    asked.words.push(inputs.needed("customer").to_owned());
    let fields = inputs.fields("fields").into_iter();
    let words = fields.map(|(name, text)| format!("{name}={text}"));
    asked.words.extend(words);
}

/// Refuses inputs that the command has no option for.
fn refuse_idle(inputs: &Inputs, command: &str) -> Result<(), CallRefusal> {
    let report = REPORTS.iter().find(|it| it.name() == command);
    let options = report.map_or(&[] as &[_], |it| it.options());
    let has = |name: &str| options.iter().any(|it| it.name == name);
    let of_options = ["by", "since", "within"];
    let idle: Vec<&str> = of_options.into_iter().filter(|it| !has(it)).collect();
    refuse(inputs, command, &idle)?;
    refuse(inputs, command, &["from", "to"])
}

fn refuse(inputs: &Inputs, command: &str, idle: &[&str]) -> Result<(), CallRefusal> {
    match idle.iter().find(|it| inputs.has(it)) {
        None => Ok(()),
        Some(name) => {
            let message = format!("`{command}` takes no `{name}`");
            Err(CallRefusal::new(&message, &format!("leave `{name}` out")))
        }
    }
}

/// Refuses more columns than a call may ask for, however they are written.
fn refuse_many(columns: &[&str]) -> Result<(), CallRefusal> {
    let is_one = |it: &&str| !it.contains(',');
    if columns.iter().all(is_one) {
        return Ok(());
    }
    let hint = "give each column as a text of its own: `[\"id\", \"tier\"]`";
    Err(CallRefusal::new("a column has a comma in it", hint))
}
