//! Counts with what they count.

use super::{Language, Wording, spoken};

/// Returns digits with `,` between thousands.
pub(crate) fn grouped_digits(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns a count with `,` between thousands.
pub(crate) fn grouped(number: usize) -> String {
    grouped_digits(&number.to_string())
}

/// Returns a count with its noun, as `1 row` or `1,494 rows`.
pub fn counted(number: usize, noun: &str) -> String {
    // A noun of a book's own may be Chinese, which has no plural.
    let has_plural = noun.ends_with(|it: char| it.is_ascii_alphabetic());
    let plural = if number == 1 || !has_plural { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// Returns a count with its noun in the language that is spoken; the Chinese one has its measure before it.
pub fn counts(number: usize, noun: &str, chinese: &str) -> String {
    counts_in(spoken(), number, noun, chinese)
}

/// Returns a count with its noun in a language.
pub(crate) fn counts_in(language: Language, number: usize, noun: &str, chinese: &str) -> String {
    match language {
        Language::English => counted(number, noun),
        Language::Chinese => format!("{} {chinese}", grouped(number)),
    }
}

/// Returns a count with its noun in both languages.
pub(crate) fn counts_in_both(number: usize, noun: &str, chinese: &str) -> Wording {
    let said = |language| counts_in(language, number, noun, chinese);
    Wording::new(said(Language::English), said(Language::Chinese))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_have_their_plural() {
        for (number, noun, expected) in [
            (0, "row", "0 rows"),
            (1, "row", "1 row"),
            (999, "row", "999 rows"),
            (1_494, "row", "1,494 rows"),
            (1_000_000, "客户", "1,000,000 客户"),
        ] {
            assert_eq!(counted(number, noun), expected);
        }
        let both = counts_in_both(1_494, "row", "条记录");
        assert_eq!(
            (both.english(), both.chinese()),
            ("1,494 rows", "1,494 条记录")
        );
    }
}
