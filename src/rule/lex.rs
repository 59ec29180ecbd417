//! From a rule's text to its tokens.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::RuleFault;
use crate::diagnostic::RULE_SYNTAX;
use crate::source::Cut as _;
use crate::words::{Phrase, Wording, both};

/// A comparison's operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `~`
    Like,
}

impl Op {
    /// Returns the operator as rules write it.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Different => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Like => "~",
        }
    }

    /// Tells whether the operator asks for an order.
    pub fn is_ordering(self) -> bool {
        matches!(self, Self::Less | Self::AtMost | Self::More | Self::AtLeast)
    }

    /// Returns the operator that says the same with the sides exchanged.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            other => other,
        }
    }
}

/// One token and its bytes in the rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'s> {
    pub(super) kind: TokenKind<'s>,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind<'s> {
    /// A name, literal, keyword or bare text.
    Word(&'s str),
    /// The text between quotes, escapes resolved.
    Quoted(String),
    /// The pattern between slashes.
    Regex(&'s str),
    /// An operator.
    Op(Op),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `+`
    Plus,
}

/// Tells whether a character belongs to a word.
pub(super) fn is_word_character(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '.' | '_' | '-')
        // Some scripts need marks inside a word, such as vowel signs.
        || (!character.is_ascii() && is_combining_mark(character))
}

/// Reads all tokens; what is none is reported, and the rest goes on.
pub(super) fn tokens<'s>(text: &'s str, faults: &mut Vec<RuleFault>) -> Vec<Token<'s>> {
    let mut lexer = Lexer {
        text,
        at: 0,
        faults,
    };
    let mut tokens = Vec::new();
    while let Some(character) = lexer.peek() {
        if character.is_whitespace() {
            lexer.at += character.len_utf8();
            continue;
        }
        let start = lexer.at;
        if let Some(kind) = lexer.token(character) {
            let span = start..lexer.at;
            tokens.push(Token { kind, span });
        }
    }
    tokens
}

struct Lexer<'s, 'f> {
    text: &'s str,
    at: usize,
    faults: &'f mut Vec<RuleFault>,
}

impl<'s> Lexer<'s, '_> {
    fn rest(&self) -> &'s str {
        self.text.cut(self.at..)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the longest run of characters that satisfy `is_part`.
    fn run(&mut self, is_part: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
        self.at += length;
        rest.cut(..length)
    }

    fn token(&mut self, character: char) -> Option<TokenKind<'s>> {
        if is_word_character(character) {
            return Some(TokenKind::Word(self.word()));
        }
        let single = match character {
            '\'' | '"' => return self.quoted(character).map(TokenKind::Quoted),
            '/' => return self.regex().map(TokenKind::Regex),
            '=' | '!' | '<' | '>' | '~' => return self.op().map(TokenKind::Op),
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            ',' => TokenKind::Comma,
            '+' => TokenKind::Plus,
            _ => {
                self.stray();
                return None;
            }
        };
        self.at += 1;
        Some(single)
    }

    /// Takes a word; a percent sign belongs to the number before it.
    fn word(&mut self) -> &'s str {
        let start = self.at;
        let word = self.run(is_word_character);
        if word.ends_with(|it: char| it.is_ascii_digit()) && self.peek() == Some('%') {
            self.at += 1;
        }
        self.slashes_of_a_day(start, word);
        self.text.get(start..self.at).unwrap_or(word)
    }

    /// Takes what follows a number in `2026/11/1` or `1/11/2026`, and says how a day is written.
    fn slashes_of_a_day(&mut self, start: usize, word: &str) {
        let is_number = |text: &str| {
            (1..=4).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
        };
        let rest = self.rest();
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '/');
        let rest = rest.cut(..end.unwrap_or(rest.len()));
        let mut parts = rest.split('/');
        let (Some(""), Some(middle), Some(last), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return;
        };
        if ![word, middle, last].into_iter().all(is_number) {
            return;
        }
        self.at += rest.len();
        let found = self.text.cut(start..self.at);
        let message = both!(
            "`{found}` is not how a day is written",
            "`{found}` 不是日期的写法"
        );
        let cure = if word.len() == 4 {
            both!(
                "write `{word}-{middle:0>2}-{last:0>2}`",
                "请写 `{word}-{middle:0>2}-{last:0>2}`"
            )
        } else {
            Phrase("write a day like `2026-01-31`", "日期请写成 `2026-01-31`").into()
        };
        self.fault(start..self.at, message, cure);
    }

    fn op(&mut self) -> Option<Op> {
        let start = self.at;
        let symbol = self.run(|it| matches!(it, '=' | '!' | '<' | '>' | '~'));
        let cure = match symbol {
            "=" => return Some(Op::Equal),
            "!=" => return Some(Op::Different),
            "<" => return Some(Op::Less),
            "<=" => return Some(Op::AtMost),
            ">" => return Some(Op::More),
            ">=" => return Some(Op::AtLeast),
            "~" => return Some(Op::Like),
            "==" | "===" => Phrase("write `=`", "请写 `=`"),
            "<>" | "!==" => Phrase("write `!=`", "请写 `!=`"),
            "=<" => Phrase("write `<=`", "请写 `<=`"),
            "=>" => Phrase("write `>=`", "请写 `>=`"),
            "=~" => Phrase("write `~`", "请写 `~`"),
            "!~" => Phrase("write `not ... ~ ...`", "请写 `not ... ~ ...`"),
            "!" => Phrase("write `not`", "请写 `not`"),
            _ => Phrase(
                "the operators are `=`, `!=`, `<`, `<=`, `>`, `>=` and `~`",
                "可用的运算符有 `=`、`!=`、`<`、`<=`、`>`、`>=` 和 `~`",
            ),
        };
        let message = both!("`{symbol}` is no operator", "`{symbol}` 不是运算符");
        self.fault(start..self.at, message, cure);
        None
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut characters = self.rest().char_indices();
        let inner = self.at;
        while let Some((index, character)) = characters.next() {
            if character == quote {
                self.at = inner + index + 1;
                return Some(text);
            }
            if character != '\\' {
                text.push(character);
                continue;
            }
            match characters.next() {
                Some((_, escaped @ ('\\' | '\'' | '"'))) => text.push(escaped),
                Some((_, other)) => {
                    let at = inner + index;
                    let message = both!("`\\{other}` is no escape", "`\\{other}` 不是转义写法");
                    let cure = Phrase(
                        "a backslash itself is written `\\\\`",
                        "反斜杠本身写成 `\\\\`",
                    );
                    self.fault(at..at + 1 + other.len_utf8(), message, cure);
                }
                None => break,
            }
        }
        self.at = self.text.len();
        let message = both!(
            "the quote `{quote}` is never closed",
            "引号 `{quote}` 没有结束"
        );
        let cure = both!(
            "add `{quote}` where the text ends",
            "在文本末尾加上 `{quote}`"
        );
        self.fault(start..self.at, message, cure);
        None
    }

    fn regex(&mut self) -> Option<&'s str> {
        let start = self.at;
        let inner = start + 1;
        let mut is_escaped = false;
        let rest = self.text.cut(inner..);
        for (index, character) in rest.char_indices() {
            if character == '/' && !is_escaped {
                self.at = inner + index + 1;
                return rest.get(..index);
            }
            is_escaped = character == '\\' && !is_escaped;
        }
        self.at = self.text.len();
        let message = Phrase(
            "the regular expression is never closed",
            "正则表达式没有结束",
        );
        let cure = Phrase(
            "add `/` where it ends; a slash inside it is written `\\/`",
            "在末尾加上 `/`；里面的斜杠写成 `\\/`",
        );
        self.fault(start..self.at, message, cure);
        None
    }

    /// Reports a character that begins no token.
    fn stray(&mut self) {
        let start = self.at;
        let first = self.peek();
        let found = self.run(|it| Some(it) == first);
        let cure = match first {
            Some('（' | '）') => Phrase("write `(` and `)`", "请写英文括号 `(` 和 `)`"),
            Some('，' | '、' | ';' | '；') => Phrase(
                "write `,` between the elements of a list",
                "列表的各项之间请写英文逗号 `,`",
            ),
            Some('＝') => Phrase("write `=`", "请写 `=`"),
            Some('≠') => Phrase("write `!=`", "请写 `!=`"),
            Some('＜') => Phrase("write `<`", "请写 `<`"),
            Some('＞') => Phrase("write `>`", "请写 `>`"),
            Some('≤' | '≦') => Phrase("write `<=`", "请写 `<=`"),
            Some('≥' | '≧') => Phrase("write `>=`", "请写 `>=`"),
            Some('&') => Phrase("write `and`", "请写 `and`"),
            Some('|') => Phrase("write `or`", "请写 `or`"),
            Some('！') => Phrase("write `not` or `!=`", "请写 `not` 或 `!=`"),
            Some('％' | '%') => Phrase("write a percentage like `80%`", "百分比请写成 `80%`"),
            Some('“' | '”' | '‘' | '’' | '「' | '」' | '`' | '＂' | '＇') => Phrase(
                "put texts between `'` and `'`",
                "文本放在英文单引号 `'` 和 `'` 之间",
            ),
            Some('¥' | '￥' | '$' | '€' | '£') => {
                Phrase("write money without a currency sign", "金额不写货币符号")
            }
            _ => Phrase(
                "put a text with such characters between `'` and `'`",
                "含有这类字符的文本放在英文单引号 `'` 和 `'` 之间",
            ),
        };
        let message = both!(
            "`{found}` means nothing in a rule",
            "`{found}` 在规则里没有意义"
        );
        self.fault(start..self.at, message, cure);
    }

    fn fault(&mut self, span: Range<usize>, message: impl Into<Wording>, cure: impl Into<Wording>) {
        let fault = RuleFault::new(RULE_SYNTAX, span, message).help(cure);
        self.faults.push(fault);
    }
}
