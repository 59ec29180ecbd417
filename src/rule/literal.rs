//! Literals as rules write them, the types that they fit, and how messages speak of both.

use std::ops::Range;

use chrono::NaiveDate;
use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

use super::eval::{DateLiteral, Literal, NumberLiteral};
use super::parse::{Operand, OperandKind};
use crate::metric::Type;
use crate::model::{Fraction, Money, parse_span};

/// The most memory that a compiled regular expression may take, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

/// What a literal is written as.
pub(super) enum Written {
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

impl Written {
    /// Names it for a message.
    pub(super) fn described(&self) -> &'static str {
        match self {
            Self::Number(_) | Self::TooLong => "a number",
            Self::Money(_) => "money",
            Self::Percent(_) => "a percentage",
            Self::Span(_) => "a number of days",
            Self::Date(_) | Self::NoDay => "a date",
            Self::Truth(_) => "true or false",
            Self::Regex => "a regular expression",
            Self::Quoted | Self::Bare => "a text",
        }
    }
}

/// Tells what an operand is written as, were it a literal.
pub(super) fn written(operand: &Operand<'_>) -> Written {
    let word = match operand.kind {
        OperandKind::Word(word) => word,
        OperandKind::Today(_, days) => return Written::Date(DateLiteral::Today(days)),
        OperandKind::Quoted(_) => return Written::Quoted,
        OperandKind::Regex(_) => return Written::Regex,
    };
    match word {
        "true" => return Written::Truth(true),
        "false" => return Written::Truth(false),
        _ => {}
    }
    if let Some(number) = Fraction::parse_decimal(word) {
        return Written::Number(number);
    }
    if let Some(share) = word.strip_suffix('%').and_then(percent) {
        return Written::Percent(share);
    }
    if let Some(days) = parse_span(word) {
        return Written::Span(Fraction::whole(days));
    }
    if let Ok(money) = Money::parse_with_unit(word) {
        return Written::Money(money.to_fraction());
    }
    let digits = word.strip_prefix('-').unwrap_or(word);
    if digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && digits.bytes().filter(|it| *it == b'.').count() < 2
        && !digits.ends_with('.')
    {
        return Written::TooLong;
    }
    written_date(word).unwrap_or(Written::Bare)
}

fn percent(digits: &str) -> Option<Fraction> {
    Fraction::parse_decimal(digits)?.checked_mul(Fraction::new(1, 100)?)
}

/// Reads `YYYY-MM-DD`, whether the calendar has that day or not.
fn written_date(word: &str) -> Option<Written> {
    let shape = word
        .bytes()
        .map(|it| if it.is_ascii_digit() { b'0' } else { it });
    if !shape.eq(*b"0000-00-00") {
        return None;
    }
    let part = |range: Range<usize>| word.get(range)?.parse::<u32>().ok();
    let year = i32::try_from(part(0..4)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, part(5..7)?, part(8..10)?);
    Some(day.map_or(Written::NoDay, |day| Written::Date(DateLiteral::Day(day))))
}

/// Returns the literal as a value of a type, if it fits.
pub(super) fn fitting(written: &Written, kind: Type) -> Option<Literal> {
    let mut literal = Literal::default();
    match (written, kind) {
        (Written::Number(number), Type::Number | Type::Money | Type::Ratio | Type::Days)
        | (Written::Money(number), Type::Money)
        | (Written::Percent(number), Type::Ratio)
        | (Written::Span(number), Type::Days) => literal.number = Some(NumberLiteral::new(*number)),
        (Written::Date(date), Type::Date) => literal.date = Some(*date),
        (Written::Truth(truth), Type::Bool) => literal.truth = Some(*truth),
        _ => return None,
    }
    Some(literal)
}

/// Names a type for a message.
pub(super) fn described(kind: Type) -> &'static str {
    match kind {
        Type::Text => "a text",
        Type::List => "a list of texts",
        Type::Number => "a number",
        Type::Money => "money",
        Type::Ratio => "a ratio",
        Type::Days => "a number of days",
        Type::Date => "a date",
        Type::Bool => "true or false",
    }
}

/// Tells how to write what can be compared with a type.
pub(super) fn written_like(kind: Type) -> &'static str {
    match kind {
        Type::Text | Type::List => "write a text",
        Type::Number => "write a number like `3` or `0.5`",
        Type::Money => "write money like `200万`, `50k` or `1250000`",
        Type::Ratio => "write a ratio like `80%` or `0.8`",
        Type::Days => "write days like `90d` or `2y`",
        Type::Date => "write a date like `2026-01-31` or `today - 90d`",
        Type::Bool => "write `true` or `false`",
    }
}

/// Compiles a pattern that ignores case; or says what is wrong with which part of it, if that can be
/// told.
pub(super) fn pattern(pattern: &str) -> Result<Regex, (String, Option<Range<usize>>)> {
    let composed: String = pattern.nfc().collect();
    RegexBuilder::new(&composed)
        .case_insensitive(true)
        .size_limit(REGEX_LIMIT)
        .nest_limit(100)
        .build()
        .map_err(|error| regex_fault(&error, pattern))
}

/// Returns what is wrong with a pattern, and with which part of it if that can be told.
fn regex_fault(error: &regex::Error, pattern: &str) -> (String, Option<Range<usize>>) {
    let text = match error {
        regex::Error::CompiledTooBig(_) => return ("it takes too much memory".to_owned(), None),
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
    (reason, part)
}
