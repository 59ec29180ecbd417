//! A list of texts over several lines, with others in it: the lines of those that stay are kept.

use std::collections::VecDeque;
use std::ops::Range;

use toml_edit::{Array, Value};

use crate::source::{Cut as _, behind_last};
use crate::toml_table::quoted;

/// An item of a list as it stands, with what belongs to it.
struct ListItem<'t> {
    text: &'t str,
    /// Comments of their own above it, and its indent.
    lead: &'t str,
    /// As it is written.
    written: &'t str,
    /// What stands behind it and its comma on its line, with the line's end.
    trail: &'t str,
}

/// A list as it stands.
struct Items<'t> {
    /// What stands behind `[` on its line, with the line's end.
    opening: &'t str,
    all: Vec<ListItem<'t>>,
    /// What stands behind the last item's line, with `]`.
    end: &'t str,
}

/// Returns how a list that stands over several lines is written with these texts; `None` where it does not,
/// or has something else in it.
///
/// The comments of items that stay, and those on lines of their own, stay.
pub(super) fn list_in_place(
    body: &str,
    value: &Value,
    span: Range<usize>,
    texts: &[String],
) -> Option<String> {
    let items = Items::of(body, value.as_array()?, span)?;
    let first = items.all.first().filter(|_| !texts.is_empty())?;
    let indent = first.lead.cut(behind_last(b'\n', first.lead.as_bytes())..);
    let line_end = if items.opening.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let is_wanted = |it: &ListItem<'_>| texts.iter().any(|text| text == it.text);
    let mut left: VecDeque<&ListItem<'_>> = items.all.iter().collect();
    let mut new = format!("[{}", items.opening);
    for text in texts {
        // Comments above what goes stay where they are.
        while let Some(gone) = left.front().filter(|it| !is_wanted(it)) {
            new.push_str(comments(gone.lead));
            left.pop_front();
        }
        let found = left.iter().position(|it| it.text == text);
        if let Some(item) = found.and_then(|at| left.remove(at)) {
            new.push_str(item.lead);
            new.push_str(item.written);
            new.push(',');
            new.push_str(item.trail);
        } else {
            new.push_str(indent);
            new.push_str(&quoted(text));
            new.push(',');
            new.push_str(line_end);
        }
    }
    for gone in left {
        new.push_str(comments(gone.lead));
    }
    new.push_str(items.end);
    let parsed: Value = new.parse().ok()?;
    let found = parsed.as_array()?.iter().map(Value::as_str);
    let is_meant = found.eq(texts.iter().map(|it| Some(it.as_str())));
    is_meant.then_some(new)
}

/// Returns the lines of comments before an item.
fn comments(lead: &str) -> &str {
    let end = behind_last(b'\n', lead.as_bytes());
    lead.cut(..end)
}

impl<'t> Items<'t> {
    /// Parts a list into lines; `None` where an item is no text, or stands on no line of its own.
    fn of(body: &'t str, array: &'t Array, span: Range<usize>) -> Option<Self> {
        let line_at = |at: usize| {
            let rest = body.get(at..span.end)?;
            rest.get(..=rest.find('\n')?)
        };
        let is_blank = |text: &str| matches!(text.trim_start().chars().next(), None | Some('#'));
        let opening = line_at(span.start + 1).filter(|it| is_blank(it))?;
        let mut at = span.start + 1 + opening.len();
        let mut all: Vec<ListItem<'t>> = Vec::with_capacity(array.len());
        for value in array {
            let own = value.span()?;
            let line = line_at(own.end)?;
            let (has_comma, trail) = match line.trim_start().strip_prefix(',') {
                Some(trail) => (true, trail),
                None => (false, line),
            };
            let is_last = all.len() + 1 == array.len();
            if !is_blank(trail) || !has_comma && !is_last {
                return None;
            }
            all.push(ListItem {
                text: value.as_str()?,
                lead: body.get(at..own.start)?,
                written: body.get(own.clone())?,
                trail,
            });
            at = own.end + line.len();
        }
        let end = body.get(at..span.end)?;
        Some(Self { opening, all, end })
    }
}

#[cfg(test)]
mod tests {
    use crate::edit::toml_scope::TableScope;
    use crate::edit::toml_set::set;
    use crate::edit::toml_value::NewValue;

    #[track_caller]
    fn check(before: &str, texts: &[&str], expected: &str) {
        let texts = texts.iter().map(|it| (*it).to_owned()).collect();
        let new = set(before, TableScope::File, &["tags"], &NewValue::Texts(texts));
        assert_eq!(new.as_deref(), Ok(expected));
    }

    #[test]
    fn comments_of_what_stays_stay() {
        let before = "tags = [ # all\n  'a', # by the board\n  # of old\n  \"b\"\n] # end\nx = 1\n";
        check(
            before,
            &["a", "c"],
            "tags = [ # all\n  'a', # by the board\n  # of old\n  \"c\",\n] # end\nx = 1\n",
        );
        check(
            before,
            &["b", "a"],
            "tags = [ # all\n  # of old\n  \"b\",\n  'a', # by the board\n] # end\nx = 1\n",
        );
        check(
            before,
            &["a", "b", "c"],
            "tags = [ # all\n  'a', # by the board\n  # of old\n  \"b\",\n  \"c\",\n] # end\nx = 1\n",
        );
        check(
            "tags = [\r\n\"a\",\r\n]\r\n",
            &["b"],
            "tags = [\r\n\"b\",\r\n]\r\n",
        );
        check(
            "tags = [\n\"a\",\n]\n",
            &["a", "b"],
            "tags = [\n\"a\",\n\"b\",\n]\n",
        );
    }

    #[test]
    fn a_list_in_another_form_is_written_anew() {
        check("tags = ['a', 'b']\n", &["b"], "tags = [\"b\"]\n");
        check("tags = [\n'a', 'b',\n'c']\n", &["b"], "tags = [\"b\"]\n");
        check("tags = [\n'a'\n, 'b' ]\n", &["b"], "tags = [\"b\"]\n");
    }
}
