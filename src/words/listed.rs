//! Names in a row, as each language joins them.

use std::fmt::Display;

use super::Wording;

/// Joins names: `a, b, c`, in Chinese `a、b、c`.
pub(crate) fn listed(names: impl IntoIterator<Item = impl Display>) -> Wording {
    let names = texts(names);
    Wording::new(names.join(", "), names.join("、"))
}

/// Joins names of which one is meant: `a, b or c`, in Chinese `a、b 或 c`.
pub(crate) fn any_of(names: impl IntoIterator<Item = impl Display>) -> Wording {
    ending_in(&texts(names), "or", "或")
}

/// Joins names that are all meant: `a, b and c`, in Chinese `a、b 和 c`.
pub(crate) fn all_of(names: impl IntoIterator<Item = impl Display>) -> Wording {
    ending_in(&texts(names), "and", "和")
}

fn texts(names: impl IntoIterator<Item = impl Display>) -> Vec<String> {
    names.into_iter().map(|it| it.to_string()).collect()
}

fn ending_in(names: &[String], english: &str, chinese: &str) -> Wording {
    match names.split_last() {
        None => Wording::default(),
        Some((last, [])) => Wording::as_is(last.as_str()),
        Some((last, before)) => {
            let before = listed(before);
            Wording::new(
                format!("{} {english} {last}", before.english()),
                format!("{} {chinese} {last}", before.chinese()),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_joins_in_its_manner() {
        let said = |it: Wording| (it.english().to_owned(), it.chinese().to_owned());
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(said(listed(["a", "b", "c"])), pair("a, b, c", "a、b、c"));
        assert_eq!(
            said(any_of(["a", "b", "c"])),
            pair("a, b or c", "a、b 或 c")
        );
        assert_eq!(said(all_of(["a", "b"])), pair("a and b", "a 和 b"));
        assert_eq!(said(any_of(["a"])), pair("a", "a"));
        assert_eq!(said(all_of([""; 0])), pair("", ""));
    }
}
