//! What a rule that is being typed can go on with.

use super::lex::{TokenKind, tokens};

/// What can stand where a rule ends so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextWords<'s> {
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
pub(crate) fn next(text: &str) -> (usize, NextWords<'_>) {
    let mut faults = Vec::new();
    let tokens = tokens(text, &mut faults);
    if !faults.is_empty() {
        return (text.len(), NextWords::Nothing);
    }
    let (begun, whole) = match tokens.split_last() {
        Some((last, others))
            if last.span.end == text.len() && matches!(last.kind, TokenKind::Word(_)) =>
        {
            (last.span.start, others)
        }
        _ => (text.len(), &tokens[..]),
    };
    let mut place = TokenPlace::At(NextWords::Operand);
    for token in whole {
        place = place.after(&token.kind);
    }
    let next = match place {
        TokenPlace::At(next) => next,
        TokenPlace::Element(name) => NextWords::Value(name),
        TokenPlace::Separator(_) => NextWords::Nothing,
        TokenPlace::Opening(_) => NextWords::List,
    };
    (begun, next)
}

/// Where a rule is between two of its tokens.
#[derive(Clone, Copy)]
enum TokenPlace<'s> {
    At(NextWords<'s>),
    /// Before the parenthesis of a list of what this name can be.
    Opening(&'s str),
    /// Before one of the list.
    Element(&'s str),
    /// Behind one of the list.
    Separator(&'s str),
}

impl<'s> TokenPlace<'s> {
    fn after(self, token: &TokenKind<'s>) -> Self {
        use TokenKind::{Close, Comma, Op, Open, Word};
        let at = match (self, token) {
            (Self::At(NextWords::Operand), Word("not") | Open)
            | (Self::At(NextWords::Operator(_) | NextWords::Joint), Word("and" | "or")) => {
                NextWords::Operand
            }
            (Self::At(NextWords::Operand), Word(name)) => NextWords::Operator(name),
            (Self::At(NextWords::Operand), _) => NextWords::Operator(""),
            (Self::At(NextWords::Operator(name)), Op(_)) => NextWords::Value(name),
            (Self::At(NextWords::Operator(_)), Word("is")) => NextWords::Known,
            (Self::At(NextWords::Operator(name)), Word("in")) => return Self::Opening(name),
            (Self::Opening(name), Open) | (Self::Separator(name), Comma) => {
                return Self::Element(name);
            }
            (Self::Element(name), _) => return Self::Separator(name),
            (Self::Separator(_), Close)
            | (
                Self::At(
                    NextWords::Operator(_)
                    | NextWords::Value(_)
                    | NextWords::Known
                    | NextWords::Joint,
                ),
                _,
            ) => NextWords::Joint,
            _ => NextWords::Nothing,
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
            ("", "", NextWords::Operand),
            ("ti", "ti", NextWords::Operand),
            ("not lost and (ti", "ti", NextWords::Operand),
            ("tier ", "", NextWords::Operator("tier")),
            ("tier i", "i", NextWords::Operator("tier")),
            ("tier = ", "", NextWords::Value("tier")),
            ("tier=A", "A", NextWords::Value("tier")),
            ("tier >=", "", NextWords::Value("tier")),
            ("tier in ", "", NextWords::List),
            ("tier in (", "", NextWords::Value("tier")),
            ("tier in (A", "A", NextWords::Value("tier")),
            ("tier in (A ", "", NextWords::Nothing),
            ("tier in (A, 'B', AA", "AA", NextWords::Value("tier")),
            ("tier in (A) ", "", NextWords::Joint),
            ("score is ", "", NextWords::Known),
            ("score is known an", "an", NextWords::Joint),
            ("tier = AAA ", "", NextWords::Joint),
            ("since < today - 90d or own", "own", NextWords::Operand),
            ("(lost) ", "", NextWords::Joint),
            ("tier = 'A", "", NextWords::Nothing),
            ("，", "", NextWords::Nothing),
        ] {
            let (at, next) = next(text);
            assert_eq!((text.split_at(at).1, next), (begun, expected), "{text}");
        }
    }
}
