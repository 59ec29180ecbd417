//! Literals as rules write them, the types that they fit, and how messages speak of both.

use std::ops::Range;

use chrono::NaiveDate;
use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

use super::eval::{DateLiteral, Literal, NumberLiteral};
use super::parse::{Operand, OperandKind};
use crate::metric::Type;
use crate::model::{Fraction, Money, parse_span};
use crate::words::{Phrase, Wording};

/// The most memory that a compiled regular expression may take, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

/// What a literal is written as.
pub(super) enum LiteralWritten {
    Number(Fraction),
    Money(Fraction),
    Percent(Fraction),
    Span(Fraction),
    Date(DateLiteral),
    Truth(bool),
    /// A text in quotes.
    Quoted,
    Regex,
    /// A number with too many digits.
    TooLong,
    /// A date that is not in the calendar.
    NoDay,
    /// Any other word.
    Bare,
}

impl LiteralWritten {
    /// Names it for a message.
    pub(super) fn described(&self) -> Phrase {
        match self {
            Self::Number(_) | Self::TooLong => Phrase("a number", "数"),
            Self::Money(_) => Phrase("money", "金额"),
            Self::Percent(_) => Phrase("a percentage", "百分比"),
            Self::Span(_) => Phrase("a number of days", "天数"),
            Self::Date(_) | Self::NoDay => Phrase("a date", "日期"),
            Self::Truth(_) => Phrase("true or false", "是非值"),
            Self::Regex => Phrase("a regular expression", "正则表达式"),
            Self::Quoted | Self::Bare => Phrase("a text", "文本"),
        }
    }
}

/// Tells what an operand is written as, were it a literal.
pub(super) fn written(operand: &Operand<'_>) -> LiteralWritten {
    let word = match operand.kind {
        OperandKind::Word(word) => word,
        OperandKind::Today(_, days) => return LiteralWritten::Date(DateLiteral::Today(days)),
        OperandKind::Quoted(_) => return LiteralWritten::Quoted,
        OperandKind::Regex(_) => return LiteralWritten::Regex,
    };
    match word {
        "true" => return LiteralWritten::Truth(true),
        "false" => return LiteralWritten::Truth(false),
        _ => {}
    }
    if let Some(number) = Fraction::parse_decimal(word) {
        return LiteralWritten::Number(number);
    }
    if let Some(share) = word.strip_suffix('%').and_then(percent) {
        return LiteralWritten::Percent(share);
    }
    if let Some(days) = parse_span(word) {
        return LiteralWritten::Span(Fraction::whole(days));
    }
    if let Ok(money) = Money::parse_with_unit(word) {
        return LiteralWritten::Money(money.to_fraction());
    }
    let digits = word.strip_prefix('-').unwrap_or(word);
    if digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && digits.bytes().filter(|it| *it == b'.').count() < 2
        && !digits.ends_with('.')
    {
        return LiteralWritten::TooLong;
    }
    written_date(word).unwrap_or(LiteralWritten::Bare)
}

fn percent(digits: &str) -> Option<Fraction> {
    Fraction::parse_decimal(digits)?.checked_mul(Fraction::new(1, 100)?)
}

/// Reads `YYYY-MM-DD`, whether the calendar has that day or not.
fn written_date(word: &str) -> Option<LiteralWritten> {
    let shape = word
        .bytes()
        .map(|it| if it.is_ascii_digit() { b'0' } else { it });
    if !shape.eq(*b"0000-00-00") {
        return None;
    }
    let part = |range: Range<usize>| word.get(range)?.parse::<u32>().ok();
    let year = i32::try_from(part(0..4)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, part(5..7)?, part(8..10)?);
    Some(day.map_or(LiteralWritten::NoDay, |day| {
        LiteralWritten::Date(DateLiteral::Day(day))
    }))
}

/// Returns the literal as a value of a type, if it fits.
pub(super) fn fitting(written: &LiteralWritten, kind: Type) -> Option<Literal> {
    let mut literal = Literal::default();
    match (written, kind) {
        (LiteralWritten::Number(number), Type::Number | Type::Money | Type::Ratio | Type::Days)
        | (LiteralWritten::Money(number), Type::Money)
        | (LiteralWritten::Percent(number), Type::Ratio)
        | (LiteralWritten::Span(number), Type::Days) => {
            literal.number = Some(NumberLiteral::new(*number));
        }
        (LiteralWritten::Date(date), Type::Date) => literal.date = Some(*date),
        (LiteralWritten::Truth(truth), Type::Bool) => literal.truth = Some(*truth),
        _ => return None,
    }
    Some(literal)
}

/// Names a type for a message.
pub(super) fn described(kind: Type) -> Phrase {
    match kind {
        Type::Text => Phrase("a text", "文本"),
        Type::List => Phrase("a list of texts", "文本列表"),
        Type::Number => Phrase("a number", "数"),
        Type::Money => Phrase("money", "金额"),
        Type::Ratio => Phrase("a ratio", "比率"),
        Type::Days => Phrase("a number of days", "天数"),
        Type::Date => Phrase("a date", "日期"),
        Type::Bool => Phrase("true or false", "是非值"),
    }
}

/// Tells how to write what can be compared with a type.
pub(super) fn written_like(kind: Type) -> Phrase {
    match kind {
        Type::Text | Type::List => Phrase("write a text", "请写文本"),
        Type::Number => Phrase(
            "write a number like `3` or `0.5`",
            "请写数，如 `3` 或 `0.5`",
        ),
        Type::Money => Phrase(
            "write money like `200万`, `50k` or `1250000`",
            "请写金额，如 `200万`、`50k` 或 `1250000`",
        ),
        Type::Ratio => Phrase(
            "write a ratio like `80%` or `0.8`",
            "请写比率，如 `80%` 或 `0.8`",
        ),
        Type::Days => Phrase(
            "write days like `90d` or `2y`",
            "请写天数，如 `90d` 或 `2y`",
        ),
        Type::Date => Phrase(
            "write a date like `2026-01-31` or `today - 90d`",
            "请写日期，如 `2026-01-31` 或 `today - 90d`",
        ),
        Type::Bool => Phrase("write `true` or `false`", "请写 `true` 或 `false`"),
    }
}

/// Compiles a pattern that ignores case; or says what is wrong with which part of it, if that can be
/// told.
pub(super) fn pattern(pattern: &str) -> Result<Regex, (Wording, Option<Range<usize>>)> {
    let composed: String = pattern.nfc().collect();
    RegexBuilder::new(&composed)
        .case_insensitive(true)
        .size_limit(REGEX_LIMIT)
        .nest_limit(100)
        .build()
        .map_err(|error| regex_fault(&error, pattern))
}

/// Returns what is wrong with a pattern, and with which part of it if that can be told.
fn regex_fault(error: &regex::Error, pattern: &str) -> (Wording, Option<Range<usize>>) {
    let text = match error {
        regex::Error::CompiledTooBig(_) => {
            return (
                Phrase("it takes too much memory", "占用内存太多").into(),
                None,
            );
        }
        error => error.to_string(),
    };
    let reason = text.lines().last().unwrap_or_default();
    let reason = reason.strip_prefix("error: ").unwrap_or(reason).to_owned();
    // The crate prints the pattern indented by four blanks, and carets below the part it means.
    let mut lines = text.lines();
    let shown = lines.find(|line| line.strip_prefix("    ") == Some(pattern));
    let carets = shown.and(lines.next()).unwrap_or_default();
    let start = carets.find('^').and_then(|at| at.checked_sub(4));
    let part = start.filter(|_| pattern.is_ascii()).map(|start| {
        let count = carets.bytes().filter(|it| *it == b'^').count();
        start..(start + count).min(pattern.len())
    });
    (Wording::as_is(reason), part)
}
