//! What JSON that cannot be read is said to be.

use serde_json::error::Category;

use super::{Wording, both};

/// Says that a text is no JSON, and why.
pub(crate) fn not_json(error: &serde_json::Error) -> Wording {
    both!("no JSON: {}", "不是 JSON：{}", why_not_json(error))
}

/// Says why a text is no JSON, without the place, which is told otherwise.
pub(crate) fn why_not_json(error: &serde_json::Error) -> Wording {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let english = text.strip_suffix(&place).unwrap_or(&text);
    let chinese = match error.classify() {
        Category::Eof => "内容不完整",
        Category::Syntax => "写法有误",
        Category::Data => "不是所要的对象或列表",
        Category::Io => "无法读取",
    };
    Wording::new(english.to_owned(), chinese.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_both_languages() {
        for (text, english, chinese) in [
            (
                "{\"a\": ",
                "no JSON: EOF while parsing a value",
                "不是 JSON：内容不完整",
            ),
            (
                "{a}",
                "no JSON: key must be a string",
                "不是 JSON：写法有误",
            ),
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
            let said = not_json(&error);
            assert_eq!((said.english(), said.chinese()), (english, chinese));
        }
    }
}
