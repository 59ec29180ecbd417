//! What the TOML parser complains of, in words for people who have never read the grammar.

/// Returns a parser's message about some text in plain words, and what to do where that is not plain.
pub(crate) fn explain_syntax(message: &str, found: &str) -> (String, Option<&'static str>) {
    let is_unquoted = message.starts_with("string values must be quoted");
    let message = if is_unquoted && found.trim().is_empty() {
        "missing value for key"
    } else {
        message
    };
    let (what, expected) = message
        .split_once(", expected ")
        .unwrap_or((message, "nothing"));
    let known = PLAIN
        .iter()
        .find(|it| what.starts_with(it.what) && expected.starts_with(it.expected));
    if let Some(known) = known {
        let help = Some(known.help).filter(|help| !help.is_empty());
        return (known.plain.to_owned(), help);
    }
    let plain = match what.strip_prefix("invalid ") {
        Some(kind) => format!("this is no {kind}"),
        None => what.to_owned(),
    };
    if expected == "nothing" {
        (plain, None)
    } else {
        (format!("{plain}: expected {expected}"), None)
    }
}

/// A complaint of the parser and what we say instead.
struct Complaint {
    /// How the complaint begins.
    what: &'static str,
    /// How what it expects begins.
    expected: &'static str,
    plain: &'static str,
    help: &'static str,
}

const fn plain(
    what: &'static str,
    expected: &'static str,
    plain: &'static str,
    help: &'static str,
) -> Complaint {
    Complaint {
        what,
        expected,
        plain,
        help,
    }
}

/// The first that fits is taken.
const PLAIN: &[Complaint] = &[
    plain(
        "string values must be quoted",
        "",
        "this is no number, date, `true` or `false`, and a text must be in quotes",
        "put double quotes around it",
    ),
    plain(
        "invalid boolean",
        "",
        "this is no number, date, `true` or `false`, and a text must be in quotes",
        "put double quotes around it",
    ),
    plain(
        "duplicate key",
        "",
        "this key stands here a second time",
        "keep one of the two; several values make a list: `[\"one\", \"two\"]`",
    ),
    plain(
        "cannot recurse further",
        "",
        "tables or lists are nested too deep",
        "",
    ),
    plain(
        "recursion limit",
        "",
        "tables or lists are nested too deep",
        "",
    ),
    plain(
        "invalid basic string",
        "`\"`",
        "a text in double quotes is not closed on its line",
        "put `\"` at its end; a quote inside it is written `\\\"`",
    ),
    plain(
        "invalid literal string",
        "`'`",
        "a text in single quotes is not closed on its line",
        "put `'` at its end; a text with `'` inside stands in double quotes",
    ),
    plain(
        "invalid multi-line basic string",
        "`\"`",
        "a text in three double quotes is never closed",
        "put `\"\"\"` at its end",
    ),
    plain(
        "invalid multi-line literal string",
        "`'`",
        "a text in three single quotes is never closed",
        "put `'''` at its end",
    ),
    plain(
        "missing opening quote",
        "",
        "a text is closed here that was never opened",
        "put a quote before it",
    ),
    plain(
        "missing escaped value",
        "",
        "after a backslash in double quotes only a few letters may follow",
        "double the backslash, or put the text in single quotes",
    ),
    plain(
        "too few unicode value digits",
        "",
        "after `\\u` come 4 hexadecimal digits, after `\\U` 8",
        "to write a backslash, double it, or put the text in single quotes",
    ),
    plain(
        "key with no value",
        "",
        "after a key, `=` and a value are expected",
        "write it like `key = \"value\"`",
    ),
    plain(
        "missing value for key",
        "",
        "after `=` a value is expected",
        "an empty text is written `\"\"`",
    ),
    plain(
        "invalid unquoted key",
        "",
        "a key with other characters than A-Z, a-z, 0-9, `-` and `_` must be in quotes",
        "put double quotes around the key",
    ),
    plain(
        "unquoted keys cannot be empty",
        "",
        "a key is expected here",
        "",
    ),
    plain(
        "unexpected key or value",
        "newline",
        "after a value, the end of the line is expected",
        "begin a new line, or put the whole value in quotes",
    ),
    plain(
        "unclosed array table",
        "",
        "a header is not closed",
        "close it with `]]`",
    ),
    plain(
        "unclosed table",
        "",
        "a header is not closed",
        "close it with `]`",
    ),
    plain(
        "unclosed array",
        "",
        "a list is not closed",
        "close it with `]`",
    ),
    plain(
        "unclosed inline table",
        "",
        "an inline table is not closed",
        "close it with `}`",
    ),
    plain(
        "missing comma between array elements",
        "",
        "between the values of a list a comma is expected",
        "",
    ),
    plain("extra comma", "", "there is a comma too many", ""),
    plain(
        "invalid date",
        "a ",
        "a date is written with 4 digits for the year, and 2 each for month and day",
        "write it like `2026-03-05`",
    ),
    plain(
        "invalid date",
        "",
        "there is no such day",
        "write it like `2026-03-05`",
    ),
    plain(
        "unexpected leading zero",
        "",
        "a number does not begin with 0",
        "to keep the zero, as of a telephone number, put it in quotes",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_complaints_get_plain_words_and_others_stay() {
        let plain = |message| explain_syntax(message, "x").0;
        assert_eq!(
            plain("invalid basic string, expected `\"`"),
            "a text in double quotes is not closed on its line"
        );
        assert_eq!(
            plain("invalid date, expected day between 01 and 28"),
            "there is no such day"
        );
        assert_eq!(
            plain("invalid escape, expected `n`"),
            "this is no escape: expected `n`"
        );
        assert_eq!(
            plain("unexpected sign, expected nothing"),
            "unexpected sign"
        );
    }

    /// The words above are the parser's: this fails when a new version words them anew.
    #[test]
    fn every_entry_is_met() {
        let deep = "a=".to_owned() + &"[".repeat(1000);
        let samples = [
            "a = b",
            "a = Foo",
            "a = 1\na = 2",
            "a = \"x",
            "a = 'x",
            "a = \"\"\"x",
            "a = '''x",
            "a = x\"",
            "a = \"\\q\"",
            "a = \"\\u12\"",
            "a",
            "a =",
            "ä = 1",
            "= 1",
            "a = \"x\" \"y\"",
            "[[a\n",
            "[a\n",
            "a = [1",
            "a = {b = 1",
            "a = [\"x\" \"y\"]",
            "a = [1,,2]",
            "a = 26-1-1",
            "a = 2026-1-05",
            "a = 2026-02-30",
            "a = 007",
            &deep,
        ];
        let mut met = std::collections::BTreeSet::new();
        for sample in samples {
            for error in toml::de::DeTable::parse_recoverable(sample).1 {
                let span = error.span().unwrap();
                met.insert(explain_syntax(error.message(), sample.get(span).unwrap()).0);
            }
        }
        for entry in PLAIN {
            assert!(met.contains(entry.plain), "{}", entry.plain);
        }
    }
}
