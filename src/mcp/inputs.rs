//! What a call gives, checked against what its tool takes.

use rmcp::model::JsonObject;
use serde_json::Value;

use super::CallRefusal;
use super::tools::{Input, InputKind, Tool};
use crate::diagnostic::Nearest as _;
use crate::source::told;

/// The inputs of a call, each of the kind that its tool takes.
pub(super) struct Inputs {
    tool: &'static Tool,
    given: JsonObject,
}

impl Inputs {
    /// Checks what a call gives. What is `null` counts as not given.
    ///
    /// # Errors
    /// If the tool takes no such input, if one that it needs is missing, or if one is of another kind.
    pub(super) fn of(tool: &'static Tool, given: JsonObject) -> Result<Self, CallRefusal> {
        let names = || tool.inputs.iter().map(|it| it.name);
        for name in given.keys() {
            if !names().any(|it| it == name) {
                let takes = || format!("it takes {}", names().collect::<Vec<_>>().join(", "));
                let hint = names().hint(name).unwrap_or_else(takes);
                let message = format!("`{}` takes no `{}`", tool.name, told(name));
                return Err(CallRefusal::new(&message, &hint));
            }
        }
        let inputs = Self {
            tool,
            given: given.into_iter().filter(|it| !it.1.is_null()).collect(),
        };
        for input in tool.inputs {
            match inputs.given.get(input.name) {
                Some(value) => check(input, value)?,
                None if input.is_needed => {
                    let message = format!("`{}` needs `{}`", tool.name, input.name);
                    return Err(CallRefusal::new(&message, &form(input.takes)));
                }
                None => {}
            }
        }
        Ok(inputs)
    }

    /// Returns the tool.
    pub(super) fn tool(&self) -> &'static Tool {
        self.tool
    }

    /// Returns a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.given.get(name)?.as_str()
    }

    /// Returns a text that the tool needs.
    pub(super) fn needed(&self, name: &str) -> &str {
        self.text(name)
            .expect("what is needed was found when the inputs were checked")
    }

    /// Returns texts; none where there is no such input.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.given.get(name).and_then(Value::as_array);
        let texts = list.into_iter().flatten();
        texts.filter_map(Value::as_str).collect()
    }

    /// Returns a number, given or usual.
    pub(super) fn count(&self, name: &str) -> usize {
        let given = self.given.get(name).and_then(whole);
        let takes = self.tool.inputs.iter().find(|it| it.name == name);
        match takes.map(|it| it.takes) {
            Some(InputKind::Count { default, .. }) => given.unwrap_or(default),
            _ => unreachable!("only a number that the tool takes is asked for"),
        }
    }

    /// Tells whether something is wanted.
    pub(super) fn is_wanted(&self, name: &str) -> bool {
        self.given.get(name) == Some(&Value::Bool(true))
    }

    /// Returns texts by the names of fields.
    pub(super) fn fields(&self, name: &str) -> Vec<(&str, &str)> {
        let fields = self.given.get(name).and_then(Value::as_object);
        let fields = fields.into_iter().flatten();
        fields
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
            .collect()
    }

    /// Tells whether an input is given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }
}

/// Refuses a value that is not of the kind that an input takes.
fn check(input: &Input, value: &Value) -> Result<(), CallRefusal> {
    let is_text = |it: &Value| it.is_string();
    let is_fine = match input.takes {
        InputKind::Text => is_text(value),
        InputKind::Word(words) => value.as_str().is_some_and(|it| words.contains(&it)),
        InputKind::Texts(most) => {
            let list = value.as_array();
            list.is_some_and(|it| it.len() <= most && it.iter().all(is_text))
        }
        InputKind::Count { most, .. } => whole(value).is_some_and(|it| (1..=most).contains(&it)),
        InputKind::Yes => value.is_boolean(),
        InputKind::Fields => {
            // On the command line a field ends where its `=` stands.
            let is_field = |(name, value): (&String, &Value)| {
                !name.is_empty() && !name.contains('=') && (is_text(value) || value.is_null())
            };
            let fields = value.as_object();
            fields.is_some_and(|it| !it.is_empty() && it.iter().all(is_field))
        }
    };
    if is_fine {
        return Ok(());
    }
    let message = format!("`{}` cannot be {}", input.name, shown(value));
    Err(CallRefusal::new(&message, &form(input.takes)))
}

/// Returns a value that is not of the right kind as a message shows it.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    let short: String = text.chars().take(60).collect();
    let end = if short.len() < text.len() { "…" } else { "" };
    format!("`{}{end}`", told(&short))
}

/// Says what an input is to be.
fn form(takes: InputKind) -> String {
    match takes {
        InputKind::Text => "give a text, money too: `\"12.5万\"`".to_owned(),
        InputKind::Word(words) => format!("give one of {}", words.join(", ")),
        InputKind::Texts(most) => format!("give a list of at most {most} texts"),
        InputKind::Count { most, .. } => format!("give a whole number from 1 to {most}"),
        InputKind::Yes => "give true or false".to_owned(),
        InputKind::Fields => {
            "give an object of texts, money too: `{\"credit_limit\": \"50万\"}`; null removes a field"
                .to_owned()
        }
    }
}

/// Returns a whole number, in whatever way JSON writes it.
fn whole(value: &Value) -> Option<usize> {
    let Value::Number(number) = value else {
        return None;
    };
    let text = number.to_string();
    let digits = text
        .split_once('.')
        .filter(|(_, rest)| rest.bytes().all(|it| it == b'0'))
        .map_or(text.as_str(), |(whole, _)| whole);
    digits.parse().ok()
}
