//! What the TOML parser complains of, in words for people who have never read the grammar.

use crate::words::{Phrase, Wording, both};
/// Returns a parser's message about some text in plain words, and what to do where that is not plain.
pub(crate) fn explain_syntax(message: &str, found: &str) -> (Wording, Option<Phrase>) {
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
        let help = Some(known.help).filter(|help| !help.0.is_empty());
        return (known.plain.into(), help);
    }
    let plain = match what.strip_prefix("invalid ") {
        Some(kind) => both!("this is no {kind}", "写法有误（{kind}）"),
        None => both!("{what}", "写法有误（{what}）"),
    };
    if expected == "nothing" {
        (plain, None)
    } else {
        let whole = both!("{}: expected {expected}", "{}：应当是 {expected}", plain);
        (whole, None)
    }
}

/// Returns a parser's message about some text as it is; in Chinese, in plain words.
pub(crate) fn parser_says(message: &str, found: &str) -> Wording {
    let english = message.lines().collect::<Vec<_>>().join("; ");
    let (plain, _) = explain_syntax(message, found);
    Wording::new(english, plain.chinese().to_owned())
}

/// A complaint of the parser and what we say instead.
struct Complaint {
    /// How the complaint begins.
    what: &'static str,
    /// How what it expects begins.
    expected: &'static str,
    plain: Phrase,
    help: Phrase,
}

const fn plain(
    what: &'static str,
    expected: &'static str,
    plain: Phrase,
    help: Phrase,
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
        Phrase(
            "this is no number, date, `true` or `false`, and a text must be in quotes",
            "这不是数、日期、`true` 或 `false`，而文本要放在引号里",
        ),
        Phrase("put double quotes around it", "在两端加上双引号"),
    ),
    plain(
        "invalid boolean",
        "",
        Phrase(
            "this is no number, date, `true` or `false`, and a text must be in quotes",
            "这不是数、日期、`true` 或 `false`，而文本要放在引号里",
        ),
        Phrase("put double quotes around it", "在两端加上双引号"),
    ),
    plain(
        "duplicate key",
        "",
        Phrase(
            "this key stands here a second time",
            "这个键在这里出现第二次",
        ),
        Phrase(
            "keep one of the two; several values make a list: `[\"one\", \"two\"]`",
            "留下一个；多个值写成列表：`[\"one\", \"two\"]`",
        ),
    ),
    plain(
        "cannot recurse further",
        "",
        Phrase("tables or lists are nested too deep", "表或列表嵌套太深"),
        Phrase("", ""),
    ),
    plain(
        "recursion limit",
        "",
        Phrase("tables or lists are nested too deep", "表或列表嵌套太深"),
        Phrase("", ""),
    ),
    plain(
        "invalid basic string",
        "`\"`",
        Phrase(
            "a text in double quotes is not closed on its line",
            "双引号里的文本没有在本行结束",
        ),
        Phrase(
            "put `\"` at its end; a quote inside it is written `\\\"`",
            "在末尾加上 `\"`；文本里的引号写成 `\\\"`",
        ),
    ),
    plain(
        "invalid literal string",
        "`'`",
        Phrase(
            "a text in single quotes is not closed on its line",
            "单引号里的文本没有在本行结束",
        ),
        Phrase(
            "put `'` at its end; a text with `'` inside stands in double quotes",
            "在末尾加上 `'`；里面有 `'` 的文本请用双引号",
        ),
    ),
    plain(
        "invalid multi-line basic string",
        "`\"`",
        Phrase(
            "a text in three double quotes is never closed",
            "三个双引号里的文本没有结束",
        ),
        Phrase("put `\"\"\"` at its end", "在末尾加上 `\"\"\"`"),
    ),
    plain(
        "invalid multi-line literal string",
        "`'`",
        Phrase(
            "a text in three single quotes is never closed",
            "三个单引号里的文本没有结束",
        ),
        Phrase("put `'''` at its end", "在末尾加上 `'''`"),
    ),
    plain(
        "missing opening quote",
        "",
        Phrase(
            "a text is closed here that was never opened",
            "文本在这里结束，却没有开头的引号",
        ),
        Phrase("put a quote before it", "在前面加上引号"),
    ),
    plain(
        "missing escaped value",
        "",
        Phrase(
            "after a backslash in double quotes only a few letters may follow",
            "双引号里，反斜杠后面只能跟某几个字母",
        ),
        Phrase(
            "double the backslash, or put the text in single quotes",
            "把反斜杠写成两个，或把文本放在单引号里",
        ),
    ),
    plain(
        "too few unicode value digits",
        "",
        Phrase(
            "after `\\u` come 4 hexadecimal digits, after `\\U` 8",
            "`\\u` 后面要有 4 位十六进制数字，`\\U` 后面 8 位",
        ),
        Phrase(
            "to write a backslash, double it, or put the text in single quotes",
            "要写反斜杠，请写成两个，或把文本放在单引号里",
        ),
    ),
    plain(
        "key with no value",
        "",
        Phrase(
            "after a key, `=` and a value are expected",
            "键的后面要有 `=` 和值",
        ),
        Phrase("write it like `key = \"value\"`", "请写成 `键 = \"值\"`"),
    ),
    plain(
        "missing value for key",
        "",
        Phrase("after `=` a value is expected", "`=` 后面要有值"),
        Phrase("an empty text is written `\"\"`", "空的文本写成 `\"\"`"),
    ),
    plain(
        "invalid unquoted key",
        "",
        Phrase(
            "a key with other characters than A-Z, a-z, 0-9, `-` and `_` must be in quotes",
            "键里有 A-Z、a-z、0-9、`-`、`_` 以外的字符时要放在引号里",
        ),
        Phrase("put double quotes around the key", "在键的两端加上双引号"),
    ),
    plain(
        "unquoted keys cannot be empty",
        "",
        Phrase("a key is expected here", "这里应当是键"),
        Phrase("", ""),
    ),
    plain(
        "unexpected key or value",
        "newline",
        Phrase(
            "after a value, the end of the line is expected",
            "值的后面应当换行",
        ),
        Phrase(
            "begin a new line, or put the whole value in quotes",
            "另起一行，或把整个值放在引号里",
        ),
    ),
    plain(
        "unclosed array table",
        "",
        Phrase("a header is not closed", "表头没有结束"),
        Phrase("close it with `]]`", "用 `]]` 结束"),
    ),
    plain(
        "unclosed table",
        "",
        Phrase("a header is not closed", "表头没有结束"),
        Phrase("close it with `]`", "用 `]` 结束"),
    ),
    plain(
        "unclosed array",
        "",
        Phrase("a list is not closed", "列表没有结束"),
        Phrase("close it with `]`", "用 `]` 结束"),
    ),
    plain(
        "unclosed inline table",
        "",
        Phrase("an inline table is not closed", "行内表没有结束"),
        Phrase("close it with `}`", "用 `}` 结束"),
    ),
    plain(
        "missing comma between array elements",
        "",
        Phrase(
            "between the values of a list a comma is expected",
            "列表的值之间要有逗号",
        ),
        Phrase("", ""),
    ),
    plain(
        "extra comma",
        "",
        Phrase("there is a comma too many", "多了一个逗号"),
        Phrase("", ""),
    ),
    plain(
        "invalid date",
        "a ",
        Phrase(
            "a date is written with 4 digits for the year, and 2 each for month and day",
            "日期的年份要写 4 位，月和日各 2 位",
        ),
        Phrase("write it like `2026-03-05`", "请写成 `2026-03-05`"),
    ),
    plain(
        "invalid date",
        "",
        Phrase("there is no such day", "没有这一天"),
        Phrase("write it like `2026-03-05`", "请写成 `2026-03-05`"),
    ),
    plain(
        "unexpected leading zero",
        "",
        Phrase("a number does not begin with 0", "数不能以 0 开头"),
        Phrase(
            "to keep the zero, as of a telephone number, put it in quotes",
            "要保留 0，如电话号码，请放在引号里",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_complaints_get_plain_words_and_others_stay() {
        let plain = |message| explain_syntax(message, "x").0.english().to_owned();
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
                let told = explain_syntax(error.message(), sample.get(span).unwrap());
                met.insert(told.0.english().to_owned());
            }
        }
        for entry in PLAIN {
            assert!(met.contains(entry.plain.0), "{}", entry.plain.0);
        }
    }
}
