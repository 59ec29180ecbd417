//! From tokens to an expression, by precedence: `not` binds tightest, then `and`, then `or`.

use std::fmt;
use std::ops::Range;

use super::RuleFault;
use super::lex::{Op, Token, TokenKind};
use crate::diagnostic::RULE_SYNTAX;
use crate::model::parse_span;
use crate::source::Cut as _;
use crate::words::{Phrase, Wording, both};

/// How deep parentheses and `not` may nest; no rule of a person comes near.
const MOST_DEPTH: usize = 100;

/// A rule as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr<'s> {
    /// Two or more parts joined by `or`, none itself such.
    Or(Vec<Expr<'s>>),
    /// Two or more parts joined by `and`, none itself such.
    And(Vec<Expr<'s>>),
    /// `not`
    Not(Box<Expr<'s>>),
    /// `left OP right`
    Compare(Operand<'s>, Op, Operand<'s>),
    /// `left in (a, b)`
    In(Operand<'s>, Vec<Operand<'s>>),
    /// `operand is known` or `is unknown`
    Known(Operand<'s>, bool),
    /// An operand alone, which must be yes or no.
    Alone(Operand<'s>),
}

/// What is compared, and its bytes in the rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operand<'s> {
    pub(super) kind: OperandKind<'s>,
    pub(super) span: Range<usize>,
}

/// What an operand is written as.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OperandKind<'s> {
    /// A name, literal or bare text.
    Word(&'s str),
    /// `today` and a number of days after it, as written.
    Today(&'s str, i64),
    /// A text in quotes.
    Quoted(String),
    /// A pattern.
    Regex(&'s str),
}

/// Parses a whole rule; the first thing that cannot be read is reported.
pub(super) fn parse<'s>(
    text: &'s str,
    tokens: &[Token<'s>],
    faults: &mut Vec<RuleFault>,
) -> Option<Expr<'s>> {
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
    };
    let parsed = parser.or(0).and_then(|expr| match parser.peek() {
        None => Ok(expr),
        Some(TokenKind::Close) => Err(parser.fault(
            Phrase(
                "this parenthesis was never opened",
                "这个括号没有对应的左括号",
            ),
            Phrase("remove it, or add `(`", "删去它，或加上 `(`"),
        )),
        Some(_) => Err(parser.expected_after(Phrase(
            "`and`, `or` or the rule's end",
            " `and`、`or` 或规则的结尾",
        ))),
    });
    parsed.map_err(|fault| faults.push(fault)).ok()
}

type ParsedRule<T> = Result<T, RuleFault>;

struct Parser<'s, 't> {
    text: &'s str,
    tokens: &'t [Token<'s>],
    at: usize,
}

impl<'s> Parser<'s, '_> {
    fn peek(&self) -> Option<&TokenKind<'s>> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn word(&self) -> Option<&'s str> {
        match self.peek() {
            Some(TokenKind::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// Takes the next token if it is this word.
    fn takes(&mut self, word: &str) -> bool {
        let is_it = self.word() == Some(word);
        self.at += usize::from(is_it);
        is_it
    }

    fn or(&mut self, depth: usize) -> ParsedRule<Expr<'s>> {
        let first = self.and(depth)?;
        let mut parts = vec![first];
        while self.takes("or") {
            parts.push(self.and(depth)?);
        }
        Ok(joined(parts, Expr::Or, |part| match part {
            Expr::Or(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    fn and(&mut self, depth: usize) -> ParsedRule<Expr<'s>> {
        let first = self.not(depth)?;
        let mut parts = vec![first];
        while self.takes("and") {
            parts.push(self.not(depth)?);
        }
        Ok(joined(parts, Expr::And, |part| match part {
            Expr::And(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    fn not(&mut self, depth: usize) -> ParsedRule<Expr<'s>> {
        if depth > MOST_DEPTH {
            let cure = Phrase("split it into several rules", "请分成几条规则");
            return Err(self.fault(
                both!(
                    "nested deeper than {MOST_DEPTH} levels",
                    "嵌套超过 {MOST_DEPTH} 层"
                ),
                cure,
            ));
        }
        if self.takes("not") {
            return Ok(Expr::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.peek() == Some(&TokenKind::Open) {
            let open = self.tokens[self.at].span.clone();
            self.at += 1;
            let inner = self.or(depth + 1)?;
            if self.peek() == Some(&TokenKind::Close) {
                self.at += 1;
                return Ok(inner);
            }
            if self.peek().is_none() {
                let fault = RuleFault::new(
                    RULE_SYNTAX,
                    open,
                    Phrase(
                        "this parenthesis is never closed",
                        "这个括号没有对应的右括号",
                    ),
                );
                return Err(fault.help(Phrase("add `)` where it ends", "在结束处加上 `)`")));
            }
            return Err(self.expected_after(Phrase("`and`, `or` or `)`", " `and`、`or` 或 `)`")));
        }
        self.test()
    }

    fn test(&mut self) -> ParsedRule<Expr<'s>> {
        let left = self.operand(Phrase("a metric", "指标"))?;
        if let Some(&TokenKind::Op(op)) = self.peek() {
            self.at += 1;
            let right = self.operand(Phrase("a value", "值"))?;
            return Ok(Expr::Compare(left, op, right));
        }
        if self.takes("in") {
            return Ok(Expr::In(left, self.list()?));
        }
        if self.takes("is") {
            if self.takes("known") {
                return Ok(Expr::Known(left, true));
            }
            if self.takes("unknown") {
                return Ok(Expr::Known(left, false));
            }
            let name = self.slice(&left.span);
            return Err(match self.word() {
                Some("not") => {
                    let cure = both!(
                        "write `{name} is known` or `{name} is unknown`",
                        "请写 `{name} is known` 或 `{name} is unknown`"
                    );
                    self.fault(
                        Phrase("`is not` is not known", "没有 `is not` 这种写法"),
                        cure,
                    )
                }
                Some(word) => {
                    let cure = both!(
                        "to compare, write `{name} = {word}`",
                        "要比较，请写 `{name} = {word}`"
                    );
                    self.expected(Phrase("`known` or `unknown`", " `known` 或 `unknown`"))
                        .help(cure)
                }
                None => self.expected(Phrase("`known` or `unknown`", " `known` 或 `unknown`")),
            });
        }
        match self.peek() {
            None | Some(TokenKind::Close | TokenKind::Word("and" | "or")) => Ok(Expr::Alone(left)),
            Some(TokenKind::Word("not")) => {
                let name = self.slice(&left.span);
                let cure = both!("write `not {name} in (...)`", "请写 `not {name} in (...)`");
                Err(self
                    .expected(Phrase(
                        "`=`, `in`, `is` or another operator",
                        " `=`、`in`、`is` 或其他运算符",
                    ))
                    .help(cure))
            }
            Some(TokenKind::Word(word)) if meant_operator(word).is_some() => {
                let fault = self.expected(Phrase(
                    "`=`, `in`, `is` or another operator",
                    " `=`、`in`、`is` 或其他运算符",
                ));
                let (name, op) = (self.slice(&left.span), meant_operator(word).unwrap_or("~"));
                let next = self.tokens.get(self.at + 1);
                let right = next.map_or("TEXT", |token| self.slice(&token.span));
                Err(fault.help(both!(
                    "write `{name} {op} {right}`",
                    "请写 `{name} {op} {right}`"
                )))
            }
            Some(_) => Err(self.expected_after(Phrase(
                "`=`, `in`, `is` or another operator",
                " `=`、`in`、`is` 或其他运算符",
            ))),
        }
    }

    fn list(&mut self) -> ParsedRule<Vec<Operand<'s>>> {
        const CURE: Phrase = Phrase(
            "write a list like `in (one, two)`",
            "列表请写成 `in (甲, 乙)`",
        );
        if self.peek() != Some(&TokenKind::Open) {
            return Err(self.expected(Phrase("`(`", " `(`")).help(CURE));
        }
        self.at += 1;
        let mut list = Vec::new();
        loop {
            list.push(self.operand(Phrase("a value", "值"))?);
            match self.peek() {
                Some(TokenKind::Comma) => self.at += 1,
                Some(TokenKind::Close) => {
                    self.at += 1;
                    return Ok(list);
                }
                _ => {
                    return Err(self
                        .expected(Phrase("`,` or `)`", " `,` 或 `)`"))
                        .help(CURE));
                }
            }
        }
    }

    fn operand(&mut self, expected: Phrase) -> ParsedRule<Operand<'s>> {
        let Some(token) = self.tokens.get(self.at) else {
            return Err(self.expected(expected));
        };
        let span = token.span.clone();
        let kind = match &token.kind {
            TokenKind::Word("and" | "or" | "not") => {
                let cure = Phrase(
                    "put this word between `'` and `'` if it is a text",
                    "如果这个词是文本，放在英文单引号 `'` 和 `'` 之间",
                );
                return Err(self.expected(expected).help(cure));
            }
            TokenKind::Word(word) => {
                self.at += 1;
                return if *word == "today" {
                    self.today(span)
                } else if let Some(days) = word.strip_prefix("today-").and_then(parse_span) {
                    let kind = OperandKind::Today(word, -days);
                    Ok(Operand { kind, span })
                } else {
                    let kind = OperandKind::Word(word);
                    Ok(Operand { kind, span })
                };
            }
            TokenKind::Quoted(text) => OperandKind::Quoted(text.clone()),
            TokenKind::Regex(pattern) => OperandKind::Regex(pattern),
            _ => return Err(self.expected(expected)),
        };
        self.at += 1;
        Ok(Operand { kind, span })
    }

    /// Reads what may follow `today`: `- 90d` or `+ 2w`.
    fn today(&mut self, start: Range<usize>) -> ParsedRule<Operand<'s>> {
        let sign = match self.peek() {
            Some(TokenKind::Plus) => 1,
            Some(TokenKind::Word("-")) => -1,
            next => {
                let back = match next {
                    Some(TokenKind::Word(word)) => word.strip_prefix('-').and_then(parse_span),
                    _ => None,
                };
                if let Some(days) = back {
                    return Ok(self.today_until(&start, -days));
                }
                let kind = OperandKind::Today(self.slice(&start), 0);
                return Ok(Operand { kind, span: start });
            }
        };
        self.at += 1;
        match self.word().and_then(parse_span) {
            Some(days) => Ok(self.today_until(&start, sign * days)),
            None => Err(self.expected(Phrase(
                "a span such as `90d` or `2w`",
                "时长（如 `90d` 或 `2w`）",
            ))),
        }
    }

    /// Makes the operand that goes from `start` to the end of the next token.
    fn today_until(&mut self, start: &Range<usize>, days: i64) -> Operand<'s> {
        let end = self.tokens.get(self.at).map_or(start.end, |it| it.span.end);
        self.at += 1;
        let span = start.start..end;
        let kind = OperandKind::Today(self.slice(&span), days);
        Operand { kind, span }
    }

    fn slice(&self, span: &Range<usize>) -> &'s str {
        self.text.cut(span.clone())
    }

    /// Makes a fault at the next token.
    fn fault(&self, message: impl Into<Wording>, cure: impl Into<Wording>) -> RuleFault {
        let end = self.text.trim_end().len();
        let span = (self.tokens.get(self.at)).map_or(end..end, |token| token.span.clone());
        RuleFault::new(RULE_SYNTAX, span, message).help(cure)
    }

    /// Makes the fault that the next token is not what was expected.
    fn expected(&self, expected: Phrase) -> RuleFault {
        let Some(token) = self.tokens.get(self.at) else {
            let end = self.text.trim_end().len();
            let message = if self.tokens.is_empty() {
                Phrase("the rule is empty", "规则是空的").into()
            } else {
                both!(
                    "the rule ends where {} was expected",
                    "规则到此结束，而这里应当是{}",
                    expected
                )
            };
            return RuleFault::new(RULE_SYNTAX, end..end, message);
        };
        let found = self.slice(&token.span);
        let message = both!(
            "found `{found}` where {} was expected",
            "这里是 `{found}`，而应当是{}",
            expected
        );
        RuleFault::new(RULE_SYNTAX, token.span.clone(), message)
    }

    /// The same after a whole operand or comparison, with what was probably meant.
    fn expected_after(&self, expected: Phrase) -> RuleFault {
        let fault = self.expected(expected);
        let before = self.at.checked_sub(1).and_then(|it| self.tokens.get(it));
        let left = before.map_or("", |token| self.slice(&token.span));
        let is_number = left.ends_with(|it: char| it.is_ascii_digit());
        let cure = match self.peek() {
            Some(TokenKind::Word(unit @ ("万" | "亿" | "k" | "M" | "d" | "w" | "m" | "y")))
                if is_number =>
            {
                both!(
                    "write `{left}{unit}` without a blank",
                    "请写 `{left}{unit}`，中间不留空格"
                )
            }
            Some(TokenKind::Comma) if is_number => {
                Phrase("write numbers without commas", "数里不写逗号").into()
            }
            Some(TokenKind::Word(word)) => {
                if let Some(keyword) = [left, word].into_iter().find_map(miswritten_keyword) {
                    both!("write `{keyword}`", "请写 `{keyword}`")
                } else {
                    both!(
                        "put a text with blanks between quotes, as in `'{left} {word}'`",
                        "含有空格的文本放在引号里，如 `'{left} {word}'`"
                    )
                }
            }
            _ => return fault,
        };
        fault.help(cure)
    }
}

/// Returns the operator that a word of another language stands for.
fn meant_operator(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "like" | "ilike" | "contains" | "contain" | "has" | "includes" | "include" | "matches"
        | "match" | "包含" => Some("~"),
        "equals" | "equal" | "eq" | "等于" => Some("="),
        "不等于" | "ne" => Some("!="),
        _ => None,
    }
}

/// Returns the keyword that a word would be in lower case.
fn miswritten_keyword(word: &str) -> Option<&'static str> {
    let keywords = ["and", "or", "not", "in", "is"];
    let found = keywords
        .into_iter()
        .find(|it| it.eq_ignore_ascii_case(word));
    found.filter(|it| *it != word)
}

/// Joins parts, taking those in that are already joined the same way.
fn joined<'s>(
    mut parts: Vec<Expr<'s>>,
    join: impl Fn(Vec<Expr<'s>>) -> Expr<'s>,
    parts_of: impl Fn(Expr<'s>) -> Result<Vec<Expr<'s>>, Expr<'s>>,
) -> Expr<'s> {
    if parts.len() == 1 {
        return parts.swap_remove(0);
    }
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match parts_of(part) {
            Ok(inner) => flat.extend(inner),
            Err(part) => flat.push(part),
        }
    }
    join(flat)
}

impl fmt::Display for Expr<'_> {
    /// Writes the rule such that reading it gives the same expression.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(parts) => write_joined(f, parts, " or ", |_| false),
            Self::And(parts) => write_joined(f, parts, " and ", |part| matches!(part, Self::Or(_))),
            Self::Not(inner) => match **inner {
                Self::Or(_) | Self::And(_) => write!(f, "not ({inner})"),
                _ => write!(f, "not {inner}"),
            },
            Self::Compare(left, op, right) => write!(f, "{left} {} {right}", op.symbol()),
            Self::In(left, list) => {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                write!(f, "{left} in ({})", list.join(", "))
            }
            Self::Known(operand, true) => write!(f, "{operand} is known"),
            Self::Known(operand, false) => write!(f, "{operand} is unknown"),
            Self::Alone(operand) => write!(f, "{operand}"),
        }
    }
}

fn write_joined<'s>(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expr<'s>],
    word: &str,
    needs_parentheses: impl Fn(&Expr<'s>) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        if needs_parentheses(part) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            OperandKind::Word(text) | OperandKind::Today(text, _) => f.write_str(text),
            OperandKind::Regex(pattern) => write!(f, "/{pattern}/"),
            OperandKind::Quoted(text) => {
                let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
                write!(f, "'{escaped}'")
            }
        }
    }
}

impl Operand<'_> {
    /// Returns the text that the operand is opposite a text.
    pub(super) fn spelling(&self) -> &str {
        match &self.kind {
            OperandKind::Word(text) | OperandKind::Today(text, _) | OperandKind::Regex(text) => {
                text
            }
            OperandKind::Quoted(text) => text,
        }
    }
}
