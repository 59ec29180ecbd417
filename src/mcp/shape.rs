//! The forms of the answers, as the program's schemas tell them, with `page` beside.

use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::tools::{ANSWERS, Does, Tool};
use super::{CommandAsked, Door, change};

/// Returns the form of a tool's answers; `None` where it is a text.
pub(super) fn output(door: &dyn Door, tool: &Tool) -> Option<JsonObject> {
    let form = match tool.does {
        Does::Help => return None,
        Does::Change => change::form(),
        Does::Find => with_page(schema(door, "list", Some("id,name,owner,tier"))),
        Does::Answer => {
            // Groups of cases are an answer of their own.
            let names = ANSWERS.iter().chain(&["cases-by"]);
            let forms: Vec<Value> = names
                .map(|it| of_any_columns(schema(door, it, None)))
                .collect();
            let all = json!({
                "type": "object",
                "required": ["schema", "as_of", "rows", "page"],
                "properties": {"page": page()},
                "anyOf": forms,
            });
            return all.as_object().cloned();
        }
        Does::Rows if tool.name == "list" => {
            with_page(of_any_columns(schema(door, tool.name, None)))
        }
        Does::Rows | Does::FirstRows | Does::Whole => with_page(schema(door, tool.name, None)),
    };
    form.as_object().cloned()
}

/// Returns the schema of an answer, as the program prints it.
fn schema(door: &dyn Door, name: &str, columns: Option<&str>) -> Value {
    let asked = CommandAsked {
        command: "schema",
        options: columns
            .map(|it| format!("--columns={it}"))
            .into_iter()
            .collect(),
        words: vec![name.to_owned()],
        ..CommandAsked::default()
    };
    let mut text = Vec::new();
    let end = door.run(&asked, &mut text);
    assert!(
        end.is_done,
        "the program has a schema of `{name}`: {}",
        end.said
    );
    let mut schema: Value = serde_json::from_slice(&text).expect("a schema is JSON");
    let parts = schema.as_object_mut().expect("a schema is an object");
    // A server's clients look nothing up.
    parts.retain(|name, _| name != "$schema" && name != "$id");
    schema
}

/// Lets rows have any columns.
fn of_any_columns(mut schema: Value) -> Value {
    let row = schema.pointer_mut("/properties/rows/items");
    if let Some(row) = row.and_then(Value::as_object_mut) {
        row.shift_remove("required");
    }
    let total = schema.pointer_mut("/properties/total");
    if let Some(total) = total.and_then(Value::as_object_mut) {
        total.shift_remove("required");
    }
    schema
}

/// Adds what tells of the rows that are left out.
fn with_page(mut schema: Value) -> Value {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(properties) = properties {
        properties.insert("page".to_owned(), page());
    }
    schema
}

fn page() -> Value {
    json!({
        "type": "object",
        "required": ["shown", "total", "next_cursor"],
        "properties": {
            "shown": {"type": "integer"},
            "total": {"type": "integer"},
            "next_cursor": {"type": ["string", "null"]},
            "too_long": {"type": "integer"}
        }
    })
}
