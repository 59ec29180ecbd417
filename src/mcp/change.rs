//! A change that a call asks for: shown as a diff, and made only where the call confirms it.

use serde_json::{Value, json};

use super::inputs::Inputs;
use super::size::{MOST, cut_text};
use super::{CallRefusal, Door, ask};

/// The most characters of a diff, and of what is said of it.
const MOST_EACH: usize = MOST / 3;

/// Returns the form of the answer, as JSON Schema tells it.
pub(super) fn form() -> Value {
    json!({
        "type": "object",
        "required": ["written", "diff", "said"],
        "properties": {
            "written": {"type": "boolean"},
            "diff": {"type": "string"},
            "said": {"type": "string"}
        }
    })
}

/// Shows a change, and makes it if the call says so.
///
/// # Errors
/// What the command line would print.
pub(super) fn change(door: &dyn Door, inputs: &Inputs) -> Result<Value, CallRefusal> {
    let asked = ask::asked(inputs)?;
    let mut shown = asked.clone();
    shown.options.push("--dry-run".to_owned());
    let mut diff = Vec::new();
    let end = door.run(&shown, &mut diff);
    end.refuse_failed()?;
    let mut said = end.said;
    let is_confirmed = inputs.is_wanted("confirm");
    if is_confirmed {
        let mut done = Vec::new();
        let end = door.run(&asked, &mut done);
        said = format!("{}{}", String::from_utf8_lossy(&done), end.said);
        end.refuse_failed()?;
    }
    let hint = "the files have the whole";
    Ok(json!({
        "written": is_confirmed,
        "diff": cut_text(&String::from_utf8_lossy(&diff), MOST_EACH, hint),
        "said": cut_text(&said, MOST_EACH, hint),
    }))
}
