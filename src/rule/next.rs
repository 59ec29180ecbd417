//! What a rule that is being typed can go on with.

use super::lex::{TokenKind, tokens};

/// What can stand where a rule ends so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next<'s> {
    /// What is compared: a name, or `not`.
    Operand,
    /// An operator, `in` or `is` behind this name.
    Operator(&'s str),
    /// What this name is compared with.
    Value(&'s str),
    /// The parenthesis that opens a list.
    List,
    /// `known` or `unknown`.
    Known,
    /// `and` or `or`.
    Joint,
    /// Nothing that could be told: a text in quotes, a list's comma.
    Nothing,
}

/// Returns what can stand at the end of a text, and at which byte it begins: what stands behind that byte
/// is the beginning of it.
pub(crate) fn next(text: &str) -> (usize, Next<'_>) {
    let mut faults = Vec::new();
    let tokens = tokens(text, &mut faults);
    if !faults.is_empty() {
        return (text.len(), Next::Nothing);
    }
    let (begun, whole) = match tokens.split_last() {
        Some((last, others))
            if last.span.end == text.len() && matches!(last.kind, TokenKind::Word(_)) =>
        {
            (last.span.start, others)
        }
        _ => (text.len(), &tokens[..]),
    };
    let mut place = Place::At(Next::Operand);
    for token in whole {
        place = place.after(&token.kind);
    }
    let next = match place {
        Place::At(next) => next,
        Place::Element(name) => Next::Value(name),
        Place::Separator(_) => Next::Nothing,
        Place::Opening(_) => Next::List,
    };
    (begun, next)
}

/// Where a rule is between two of its tokens.
#[derive(Clone, Copy)]
enum Place<'s> {
    At(Next<'s>),
    /// Before the parenthesis of a list of what this name can be.
    Opening(&'s str),
    /// Before one of the list.
    Element(&'s str),
    /// Behind one of the list.
    Separator(&'s str),
}

impl<'s> Place<'s> {
    fn after(self, token: &TokenKind<'s>) -> Self {
        use TokenKind::{Close, Comma, Op, Open, Word};
        let at = match (self, token) {
            (Self::At(Next::Operand), Word("not") | Open)
            | (Self::At(Next::Operator(_) | Next::Joint), Word("and" | "or")) => Next::Operand,
            (Self::At(Next::Operand), Word(name)) => Next::Operator(name),
            (Self::At(Next::Operand), _) => Next::Operator(""),
            (Self::At(Next::Operator(name)), Op(_)) => Next::Value(name),
            (Self::At(Next::Operator(_)), Word("is")) => Next::Known,
            (Self::At(Next::Operator(name)), Word("in")) => return Self::Opening(name),
            (Self::Opening(name), Open) | (Self::Separator(name), Comma) => {
                return Self::Element(name);
            }
            (Self::Element(name), _) => return Self::Separator(name),
            (Self::Separator(_), Close)
            | (Self::At(Next::Operator(_) | Next::Value(_) | Next::Known | Next::Joint), _) => {
                Next::Joint
            }
            _ => Next::Nothing,
        };
        Self::At(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_goes_on() {
        for (text, begun, expected) in [
            ("", "", Next::Operand),
            ("ti", "ti", Next::Operand),
            ("not lost and (ti", "ti", Next::Operand),
            ("tier ", "", Next::Operator("tier")),
            ("tier i", "i", Next::Operator("tier")),
            ("tier = ", "", Next::Value("tier")),
            ("tier=A", "A", Next::Value("tier")),
            ("tier >=", "", Next::Value("tier")),
            ("tier in ", "", Next::List),
            ("tier in (", "", Next::Value("tier")),
            ("tier in (A", "A", Next::Value("tier")),
            ("tier in (A ", "", Next::Nothing),
            ("tier in (A, 'B', AA", "AA", Next::Value("tier")),
            ("tier in (A) ", "", Next::Joint),
            ("score is ", "", Next::Known),
            ("score is known an", "an", Next::Joint),
            ("tier = AAA ", "", Next::Joint),
            ("since < today - 90d or own", "own", Next::Operand),
            ("(lost) ", "", Next::Joint),
            ("tier = 'A", "", Next::Nothing),
            ("，", "", Next::Nothing),
        ] {
            let (at, next) = next(text);
            assert_eq!((text.split_at(at).1, next), (begun, expected), "{text}");
        }
    }
}
