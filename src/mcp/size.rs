//! How long an answer may be, and what is left out of one that is longer.

use rmcp::model::JsonObject;
use serde::Serialize as _;
use serde_json::ser::Serializer;
use serde_json::{Value, json};

use super::CallRefusal;
use crate::render::Escaping;

/// The most characters of an answer.
///
/// A widespread client refuses what has more than 25,000 tokens, and a Chinese character may take one
/// and more.
pub(super) const MOST: usize = 24_000;

/// The most characters of `page`, for which room is kept.
const PAGE: usize = 400;

/// Returns JSON on one line, with hostile characters escaped as the command line escapes them.
pub(super) fn text(value: &Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Escaping);
    value
        .serialize(&mut serializer)
        .expect("a value is written to memory");
    String::from_utf8(bytes).expect("JSON is text")
}

/// Returns how many characters a value has as text.
pub(super) fn length(value: &Value) -> usize {
    text(value).chars().count()
}

/// Rows of an answer, from where it begins.
pub(super) struct RowsFound {
    /// The number of the first.
    pub(super) first: usize,
    /// How many there are in all.
    pub(super) total: usize,
    pub(super) rows: Vec<Value>,
}

/// Puts as many rows into an answer as there is room for, and tells of the others in `page`.
///
/// A row for which there is no room even alone is passed over, and counted in `page`.
///
/// # Errors
/// If what stands beside the rows is too long.
pub(super) fn fill(
    mut around: JsonObject,
    found: RowsFound,
    cursor: Option<&dyn Fn(usize) -> String>,
) -> Result<Value, CallRefusal> {
    around.insert("rows".to_owned(), json!([]));
    let beside = shorten(&mut around, MOST / 2, &mut Vec::new())?;
    let mut room = MOST - PAGE - beside;
    let asked = found.rows.len();
    let mut shown = Vec::with_capacity(asked);
    for row in found.rows {
        // Each has a comma behind it.
        let length = length(&row) + 1;
        if length > room {
            break;
        }
        room -= length;
        shown.push(row);
    }
    let is_too_long = shown.is_empty() && asked > 0;
    let next = found.first + shown.len() + usize::from(is_too_long);
    let next_cursor = cursor.filter(|_| next < found.total).map(|it| it(next));
    let mut page = json!({
        "shown": shown.len(),
        "total": found.total,
        "next_cursor": next_cursor,
    });
    if is_too_long && let Value::Object(page) = &mut page {
        page.insert("too_long".to_owned(), 1.into());
    }
    around.insert("rows".to_owned(), shown.into());
    around.insert("page".to_owned(), page);
    Ok(Value::Object(around))
}

/// Leaves the ends of lists out of an answer that is too long, the longest first, and tells so in `page`.
///
/// `cut` has lists that were cut before: where they stand, and how long they were.
///
/// # Errors
/// If it is too long without any list.
pub(super) fn cut(
    mut answer: JsonObject,
    mut cut: Vec<(String, usize)>,
) -> Result<Value, CallRefusal> {
    let most = if cut.is_empty() { MOST } else { MOST - PAGE };
    if length(&Value::Object(answer.clone())) > most {
        shorten(&mut answer, MOST - PAGE, &mut cut)?;
    }
    if cut.is_empty() {
        return Ok(Value::Object(answer));
    }
    let whole = Value::Object(answer);
    let now = |place: &str| {
        let list = whole.pointer(place).and_then(Value::as_array);
        list.map_or(0, Vec::len)
    };
    let shown: usize = cut.iter().map(|(place, _)| now(place)).sum();
    let total: usize = cut.iter().map(|(_, total)| total).sum();
    let page = json!({"shown": shown, "total": total, "next_cursor": null});
    let Value::Object(mut answer) = whole else {
        unreachable!("it was an object");
    };
    answer.insert("page".to_owned(), page);
    Ok(Value::Object(answer))
}

/// Shortens lists, the longest first, until all of it has at most so many characters; returns how many.
fn shorten(
    answer: &mut JsonObject,
    most: usize,
    cut: &mut Vec<(String, usize)>,
) -> Result<usize, CallRefusal> {
    let mut whole = Value::Object(std::mem::take(answer));
    let mut length_now = length(&whole);
    while length_now > most {
        let Some(place) = longest_list(&whole) else {
            let hint = "ask for single figures: `list` with few columns, or `explain`";
            let message = format!("the answer has more than {MOST} characters in single texts");
            return Err(CallRefusal::new(&message, hint));
        };
        let list = whole.pointer_mut(&place).and_then(Value::as_array_mut);
        let list = list.expect("the list was found there");
        if !cut.iter().any(|it| it.0 == place) {
            cut.push((place, list.len()));
        }
        while length_now > most
            && let Some(last) = list.pop()
        {
            length_now -= length(&last) + usize::from(!list.is_empty());
        }
    }
    if let Value::Object(whole) = whole {
        *answer = whole;
    }
    Ok(length_now)
}

/// Finds the longest list of those that have no other in their parts, unless that is empty.
fn longest_list(whole: &Value) -> Option<String> {
    let mut longest: Option<(usize, String)> = None;
    let mut look = |place: &str, list: &Value| {
        let length = length(list);
        if longest.as_ref().is_none_or(|it| it.0 < length) {
            longest = Some((length, place.to_owned()));
        }
    };
    visit(whole, &mut String::new(), &mut look);
    longest.map(|it| it.1)
}

/// Looks at each list that has parts, none of which has such a list in it; tells whether there was one.
fn visit(value: &Value, place: &mut String, look: &mut dyn FnMut(&str, &Value)) -> bool {
    let mut has_list = false;
    let mut inner = |key: &str, part: &Value, place: &mut String| {
        let length = place.len();
        place.push('/');
        place.push_str(&key.replace('~', "~0").replace('/', "~1"));
        has_list |= visit(part, place, look);
        place.truncate(length);
    };
    match value {
        Value::Object(parts) => {
            for (key, part) in parts {
                inner(key, part, place);
            }
        }
        Value::Array(parts) => {
            for (at, part) in parts.iter().enumerate() {
                inner(&at.to_string(), part, place);
            }
            if !has_list && !parts.is_empty() {
                look(place, value);
                return true;
            }
        }
        _ => {}
    }
    has_list
}

/// Cuts a text that is too long behind a line, and says what to do about the rest.
pub(super) fn cut_text(text: &str, most: usize, hint: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let (kept, _) = text.split_at(end);
    let kept = kept.rsplit_once('\n').map_or(kept, |it| it.0);
    let left = text.chars().count() - kept.chars().count();
    format!("{kept}\n… {left} more characters: {hint}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> JsonObject {
        match value {
            Value::Object(object) => object,
            _ => panic!("no object"),
        }
    }

    #[test]
    fn what_acts_on_a_terminal_is_escaped() {
        let value = json!({"note": "a\u{202e}b\u{7f}\"\n\u{e0041}甲"});
        let text = text(&value);
        assert_eq!(text, r#"{"note":"a\u202eb\u007f\"\n\udb40\udc41甲"}"#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn whole_rows_are_left_out_from_the_end() {
        let rows: Vec<Value> = (0..100)
            .map(|it| json!({"id": it, "note": "甲".repeat(500)}))
            .collect();
        let found = RowsFound {
            first: 10,
            total: 612,
            rows,
        };
        let cursor = |position: usize| format!("to {position}");
        let answer = fill(object(json!({"schema": "list/1"})), found, Some(&cursor)).unwrap();
        let shown = answer["rows"].as_array().unwrap().len();
        assert!((40..50).contains(&shown), "{shown}");
        assert_eq!(
            answer["page"],
            json!({"shown": shown, "total": 612, "next_cursor": format!("to {}", shown + 10)})
        );
        assert!(length(&answer) <= MOST);
    }

    #[test]
    fn a_row_too_long_for_any_answer_is_passed_over() {
        let rows = vec![json!({"note": "x".repeat(MOST)}), json!({"note": "y"})];
        let found = RowsFound {
            first: 0,
            total: 2,
            rows,
        };
        let cursor = |position: usize| position.to_string();
        let answer = fill(JsonObject::new(), found, Some(&cursor)).unwrap();
        let page = json!({"shown": 0, "total": 2, "next_cursor": "1", "too_long": 1});
        assert_eq!(answer, json!({"rows": [], "page": page}));
    }

    #[test]
    fn the_longest_list_within_an_answer_is_cut() {
        let rows: Vec<Value> = (0..500)
            .map(|it| json!({"line": it, "note": "甲".repeat(60)}))
            .collect();
        let answer = object(json!({
            "tags": ["a", "b"],
            "figures": [{"metric": "revenue", "rows": rows}],
        }));
        let answer = cut(answer, Vec::new()).unwrap();
        assert!(length(&answer) <= MOST);
        let shown = answer["figures"][0]["rows"].as_array().unwrap().len();
        assert_eq!(answer["tags"], json!(["a", "b"]));
        assert_eq!(
            answer["page"],
            json!({"shown": shown, "total": 500, "next_cursor": null})
        );
        assert!(shown > 250, "{shown}");
    }

    #[test]
    fn what_is_too_long_without_any_list_is_refused() {
        let answer = object(json!({"name": "x".repeat(MOST), "rows": [1]}));
        assert!(cut(answer, Vec::new()).unwrap_err().0.contains("24000"));
    }

    #[test]
    fn a_text_ends_behind_a_line() {
        assert_eq!(cut_text("ab\ncd\n", 6, "no"), "ab\ncd\n");
        assert_eq!(
            cut_text("ab\ncd\n", 5, "ask"),
            "ab\n… 4 more characters: ask\n"
        );
    }
}
