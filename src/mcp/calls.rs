//! A call of a tool, answered.

use rmcp::model::JsonObject;
use serde_json::Value;

use super::cursor::{RowCursor, print_of};
use super::inputs::Inputs;
use super::lines::RowLines;
use super::search::{self, Search};
use super::size::{self, RowsFound};
use super::tools::{Does, Tool};
use super::{CallRefusal, CommandAsked, Door, ask, change, help};

/// What a tool says.
pub(super) enum CallAnswer {
    /// Data, as its output schema tells.
    Data(Value),
    /// A page to read.
    Text(String),
}

/// Answers a call.
///
/// # Errors
/// What the command line would print.
pub(super) fn call(
    door: &dyn Door,
    tool: &'static Tool,
    given: JsonObject,
) -> Result<CallAnswer, CallRefusal> {
    let inputs = Inputs::of(tool, given)?;
    let data = match tool.does {
        Does::Find => find(door, inputs.needed("text"))?,
        Does::Rows | Does::Answer => paged(door, &inputs)?,
        Does::FirstRows => first_rows(door, &inputs)?,
        Does::Whole => whole(door, &inputs)?,
        Does::Change => change::change(door, &inputs)?,
        Does::Help => {
            let topic = inputs.needed("topic");
            let page = door.page(topic).expect("each topic of `help` has a page");
            let text = help::help(topic, page, &inputs.texts("names"))?;
            return Ok(CallAnswer::Text(text));
        }
    };
    Ok(CallAnswer::Data(data))
}

/// Returns the customers that a text may mean.
fn find(door: &dyn Door, text: &str) -> Result<Value, CallRefusal> {
    let asked = CommandAsked {
        command: "list",
        options: vec![
            "--format=json".to_owned(),
            format!("--columns={}", search::COLUMNS),
        ],
        has_book: true,
        has_day: true,
        ..CommandAsked::default()
    };
    let mut search = Search::of(text);
    let (around, _) = rows_of(door, &asked, |at, row| search.look(at, row))?;
    let total = search.count;
    let mut rows = parsed(&search.rows());
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        row.retain(|name, _| !search::UNTOLD.contains(&name.as_str()));
    }
    let first = 0;
    size::fill(around, RowsFound { first, total, rows }, None)
}

/// Returns the rows of a command from where the cursor is, as many as asked for.
fn paged(door: &dyn Door, inputs: &Inputs) -> Result<Value, CallRefusal> {
    let asked = ask::asked(inputs)?;
    let cursor = inputs.text("cursor").map(RowCursor::parse).transpose()?;
    // A change after this is found when the cursor comes back.
    let book = door.fingerprint().map_err(|error| unread(&error))?;
    let first = cursor.as_ref().map_or(0, |it| it.position);
    let (around, total, rows) = some_rows(door, &asked, first, inputs.count("limit"))?;
    let day = around.get("as_of").and_then(Value::as_str);
    let print = print_of(&book, &asked, day.unwrap_or_default());
    if let Some(cursor) = cursor {
        cursor.refuse_other(&print)?;
    }
    let cursor = |position: usize| RowCursor::at(position, &print).text();
    size::fill(around, RowsFound { first, total, rows }, Some(&cursor))
}

/// Returns the first rows of a command.
fn first_rows(door: &dyn Door, inputs: &Inputs) -> Result<Value, CallRefusal> {
    let asked = ask::asked(inputs)?;
    let (around, total, rows) = some_rows(door, &asked, 0, inputs.count("limit"))?;
    let first = 0;
    size::fill(around, RowsFound { first, total, rows }, None)
}

/// Returns all that a command says, the rows of a figure but for the first so many.
fn whole(door: &dyn Door, inputs: &Inputs) -> Result<Value, CallRefusal> {
    let asked = ask::asked(inputs)?;
    let mut answer = Vec::new();
    door.run(&asked, &mut answer).refuse_failed()?;
    let Ok(Value::Object(mut answer)) = serde_json::from_slice(&answer) else {
        return Err(unexpected(&asked));
    };
    let mut cut = Vec::new();
    let figures = answer.get_mut("figures").and_then(Value::as_array_mut);
    for (at, figure) in figures.into_iter().flatten().enumerate() {
        let rows = figure.get_mut("rows").and_then(Value::as_array_mut);
        if let Some(rows) = rows.filter(|it| it.len() > inputs.count("rows")) {
            cut.push((format!("/figures/{at}/rows"), rows.len()));
            rows.truncate(inputs.count("rows"));
        }
    }
    size::cut(answer, cut)
}

/// Runs a command whose answer has rows; returns what stands around them, how many there are, and some.
fn some_rows(
    door: &dyn Door,
    asked: &CommandAsked,
    first: usize,
    limit: usize,
) -> Result<(JsonObject, usize, Vec<Value>), CallRefusal> {
    let mut rows = Vec::new();
    let wanted = first..first.saturating_add(limit);
    let (around, total) = rows_of(door, asked, |at, row| {
        if wanted.contains(&at) {
            rows.push(row.to_vec());
        }
    })?;
    Ok((around, total, parsed(&rows)))
}

/// Runs a command whose answer has rows, and gives each on; returns what stands around them, and how many.
fn rows_of(
    door: &dyn Door,
    asked: &CommandAsked,
    each: impl FnMut(usize, &[u8]),
) -> Result<(JsonObject, usize), CallRefusal> {
    let mut lines = RowLines::new(each);
    door.run(asked, &mut lines).refuse_failed()?;
    lines.end().ok_or_else(|| unexpected(asked))
}

fn parsed(rows: &[Vec<u8>]) -> Vec<Value> {
    let rows = rows.iter();
    rows.map(|row| serde_json::from_slice(row).expect("the program writes a row as JSON"))
        .collect()
}

fn unexpected(asked: &CommandAsked) -> CallRefusal {
    let message = format!("`{}` gave no answer that can be passed on", asked.command);
    CallRefusal::new(&message, "ask for less, or ask the command line")
}

fn unread(error: &std::io::Error) -> CallRefusal {
    let message = format!("the book cannot be read: {error}");
    CallRefusal::new(&message, "`check` tells more")
}
