//! Lists in one cell, and telephone numbers.

use crate::exchange::cell::trimmed;

/// Which characters part a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parting {
    Aliases,
    Tags,
    /// Telephone numbers, addresses and the like.
    Numbers,
}

/// Parts a text into what it lists, each once.
pub(crate) fn parts_of(text: &str, parting: Parting) -> Vec<String> {
    let parts = |it: char| match it {
        ';' | '；' | '、' | '\n' => true,
        '|' => parting != Parting::Numbers,
        ',' | '，' => parting == Parting::Tags,
        _ => false,
    };
    let mut found: Vec<String> = Vec::new();
    for part in text.split(parts).map(trimmed).filter(|it| !it.is_empty()) {
        if !found.iter().any(|it| it == part) {
            found.push(part.to_owned());
        }
    }
    found
}

/// Returns the digits by which telephone numbers are compared: without the country's at the front.
pub(crate) fn phone_key(number: &str) -> String {
    let rest = trimmed(number);
    let rest = rest
        .strip_prefix("+86")
        .or_else(|| rest.strip_prefix("0086"))
        .unwrap_or(rest);
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        number.to_owned()
    } else {
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_parted() {
        assert_eq!(parts_of("重点、老客户", Parting::Tags), ["重点", "老客户"]);
        assert_eq!(parts_of("a, b；a| c\n", Parting::Tags), ["a", "b", "c"]);
        assert_eq!(
            parts_of("Acme, Inc; X", Parting::Aliases),
            ["Acme, Inc", "X"]
        );
        assert_eq!(parts_of("1|2;3,4", Parting::Numbers), ["1|2", "3,4"]);
    }

    #[test]
    fn numbers_are_equal_by_their_digits() {
        assert_eq!(phone_key("+86 731 5550"), phone_key("0086-731-5550"));
        assert_eq!(phone_key("731 5550"), phone_key("+867315550"));
        assert_ne!(phone_key("731 5550"), phone_key("731 5551"));
    }
}
