//! What a rule compares with what, by its text alone: for whoever writes a rule anew with other words in it.

use std::ops::Range;

use super::lex::{Op, tokens};
use super::parse::{Expr, Operand, OperandKind, parse};
use super::{FreeTable, NamedText};
use crate::metric::{Metric, Type, metric_by_name};

/// A name with what stands opposite.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compared {
    /// What is named.
    pub(crate) name: NamedText,
    /// By which operator, with the name on its left.
    pub(crate) op: Op,
    /// What stands opposite.
    pub(crate) other: Opposite,
}

/// What stands opposite a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Opposite {
    /// Another name.
    Name(NamedText),
    /// What the rule says itself: the text that is meant, and the bytes of the rule with its quotes.
    Text(String, Range<usize>),
}

/// Returns the comparisons of a rule that ask for a text, in its order; none of a rule that cannot be read.
pub(crate) fn compared(text: &str) -> Vec<Compared> {
    let mut faults = Vec::new();
    let tokens = tokens(text, &mut faults);
    let Some(expr) = parse(text, &tokens, &mut faults) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    visit(&expr, &mut found);
    found
}

fn visit(expr: &Expr<'_>, found: &mut Vec<Compared>) {
    match expr {
        Expr::Or(parts) | Expr::And(parts) => parts.iter().for_each(|it| visit(it, found)),
        Expr::Not(part) => visit(part, found),
        Expr::Compare(left, op, right) => found.extend(comparison(left, *op, right)),
        Expr::In(left, list) => {
            let each = list.iter().map(|right| comparison(left, Op::Equal, right));
            found.extend(each.flatten());
        }
        Expr::Known(..) | Expr::Alone(_) => {}
    }
}

fn comparison(left: &Operand<'_>, op: Op, right: &Operand<'_>) -> Option<Compared> {
    if is_number(left) || is_number(right) {
        return None;
    }
    let (one, other) = (name_of(left), name_of(right));
    // Opposite a text metric every word but a free name is a text, be it called like a metric.
    let (name, op, opposite) = match (one, other) {
        (Some(name @ NamedText::Metric(_)), Some(NamedText::Metric(_)) | None)
        | (Some(name @ NamedText::Free(..)), None) => (name, op, text_of(right)),
        (None, Some(name)) => (name, op.flipped(), text_of(left)),
        (Some(name), Some(other)) => (name, op, Opposite::Name(other)),
        (None, None) => return None,
    };
    Some(Compared {
        name,
        op,
        other: opposite,
    })
}

/// Tells whether an operand names a metric that is no text.
fn is_number(operand: &Operand<'_>) -> bool {
    matches!(operand.kind, OperandKind::Word(word)
        if metric_by_name(word).is_some_and(|it| !is_text(it)))
}

/// Returns the name of a text that an operand is.
fn name_of(operand: &Operand<'_>) -> Option<NamedText> {
    let OperandKind::Word(word) = operand.kind else {
        return None;
    };
    if let Some(metric) = metric_by_name(word) {
        return Some(NamedText::Metric(metric));
    }
    let tables = [
        ("custom.", FreeTable::Custom),
        ("profile.", FreeTable::Profile),
    ];
    tables.into_iter().find_map(|(prefix, table)| {
        let name = word.strip_prefix(prefix).filter(|it| !it.is_empty())?;
        Some(NamedText::Free(table, name.to_owned()))
    })
}

fn is_text(metric: Metric) -> bool {
    matches!(metric.entry().kind, Type::Text | Type::List)
}

fn text_of(operand: &Operand<'_>) -> Opposite {
    Opposite::Text(operand.spelling().to_owned(), operand.span.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &str) -> Vec<String> {
        let shown = |it: Compared| {
            let name = |it: NamedText| match it {
                NamedText::Metric(metric) => metric.name().into_owned(),
                NamedText::Free(FreeTable::Custom, name) => format!("c.{name}"),
                NamedText::Free(FreeTable::Profile, name) => format!("p.{name}"),
            };
            let other = match it.other {
                Opposite::Name(other) => name(other),
                Opposite::Text(text, span) => format!("<{text}>{}", rule.get(span).unwrap()),
            };
            format!("{} {} {other}", name(it.name), it.op.symbol())
        };
        compared(rule).into_iter().map(shown).collect()
    }

    #[test]
    fn names_and_what_is_opposite_are_found() {
        assert_eq!(
            check("owner = li.wei and not ('甲 乙' = name or id in (a, 'b')) or tenure > 3"),
            [
                "owner = <li.wei>li.wei",
                "name = <甲 乙>'甲 乙'",
                "id = <a>a",
                "id = <b>'b'"
            ]
        );
        assert_eq!(
            check("custom.x = owner or owner = name or profile.y ~ 'z' or name ~ /x+/"),
            [
                "c.x = owner",
                "owner = <name>name",
                "p.y ~ <z>'z'",
                "name ~ <x+>/x+/"
            ]
        );
        assert_eq!(
            check("3 < custom.n and annual_value > custom.n"),
            ["c.n > <3>3"]
        );
        assert_eq!(check("owner is known and lost"), [""; 0]);
    }
}
