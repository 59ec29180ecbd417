//! Units and currencies: of cells, of the brackets of headings, of titles.

use crate::model::width_folded;

/// The units of amounts, the longest first among those that begin alike, with their powers of ten.
const UNITS: [(&str, u32); 8] = [
    ("百万", 6),
    ("千万", 7),
    ("千", 3),
    ("万", 4),
    ("亿", 8),
    ("k", 3),
    ("w", 4),
    ("m", 6),
];

/// What stands before or behind a number for a currency, and the labels of books that it may mean.
const CURRENCIES: [(&str, &[&str]); 7] = [
    ("¥", &["CNY", "RMB", "JPY"]),
    ("人民币", &["CNY", "RMB"]),
    ("元", &["CNY", "RMB"]),
    ("rmb", &["CNY", "RMB"]),
    ("$", &["USD", "CAD", "AUD", "HKD", "SGD", "TWD"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
];

/// The currencies that only headings and titles name.
const OF_HEADINGS: [(&str, &[&str]); 7] = [
    ("美元", &["USD"]),
    ("欧元", &["EUR"]),
    ("英镑", &["GBP"]),
    ("港元", &["HKD"]),
    ("港币", &["HKD"]),
    ("日元", &["JPY"]),
    ("台币", &["TWD"]),
];

/// A currency as it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Currency {
    /// How it is written.
    written: String,
    /// The labels that it may mean.
    labels: Vec<String>,
}

impl Currency {
    /// Tells whether it may be a book's, by that one's label.
    pub(crate) fn may_be(&self, label: &str) -> bool {
        self.written == label || self.labels.iter().any(|it| it.eq_ignore_ascii_case(label))
    }

    /// Returns how it is written.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// Tells whether it is `元`, which counts as the unit 1 beside other units.
    pub(crate) fn is_yuan(&self) -> bool {
        self.written == "元"
    }
}

/// Returns the currency that a text begins with, in a cell, and what follows it.
pub(super) fn currency_before(text: &str) -> Option<(Currency, &str)> {
    currency_in(text, |name| text.strip_prefix(name))
        .or_else(|| letters(text.get(..3)?, text.get(3..)?, true))
}

/// Returns the currency that a text ends with, in a cell, and what stands before it.
pub(super) fn currency_behind(text: &str) -> Option<(Currency, &str)> {
    let at = text.len().checked_sub(3);
    currency_in(text, |name| text.strip_suffix(name))
        .or_else(|| letters(text.get(at?..)?, text.get(..at?)?, false))
}

fn currency_in<'t>(
    text: &'t str,
    cut: impl Fn(&str) -> Option<&'t str>,
) -> Option<(Currency, &'t str)> {
    CURRENCIES.iter().find_map(|(name, labels)| {
        let rest = match *name {
            "rmb" => None,
            name => cut(name),
        };
        let rest = rest?;
        (rest.len() < text.len()).then(|| (of_labels(name, labels), rest))
    })
}

/// Returns three letters as a currency, unless they go on in others.
fn letters<'t>(word: &str, rest: &'t str, is_before: bool) -> Option<(Currency, &'t str)> {
    let is_word = word.bytes().all(|it| it.is_ascii_alphabetic());
    let beside = if is_before {
        rest.chars().next()
    } else {
        rest.chars().next_back()
    };
    let is_alone = !beside.is_some_and(|it| it.is_ascii_alphabetic());
    (is_word && is_alone).then(|| (of_letters(word), rest))
}

fn of_labels(written: &str, labels: &[&str]) -> Currency {
    Currency {
        written: written.to_owned(),
        labels: labels.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn of_letters(word: &str) -> Currency {
    let upper = word.to_ascii_uppercase();
    if matches!(upper.as_str(), "RMB" | "CNY") {
        return Currency {
            written: word.to_owned(),
            labels: vec!["CNY".to_owned(), "RMB".to_owned()],
        };
    }
    Currency {
        written: word.to_owned(),
        labels: vec![upper],
    }
}

/// Returns the unit that a text ends with, as a power of ten, and what stands before it.
pub(super) fn unit_behind(text: &str) -> Option<(u32, &str)> {
    UNITS.iter().find_map(|(name, power)| {
        let at = text.len().checked_sub(name.len())?;
        let end = text.get(at..)?;
        end.eq_ignore_ascii_case(name)
            .then(|| (*power, text.get(..at).unwrap_or_default()))
    })
}

/// What a heading, a title or an option says of amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MoneyUnit {
    /// The power of ten.
    pub(crate) power: Option<u32>,
    pub(crate) currency: Option<Currency>,
}

impl MoneyUnit {
    /// Tells whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.power.is_none() && self.currency.is_none()
    }

    /// Reads `万元`, `元`, `万`, `CNY`, `万美元`, `CNY 万`: a unit, a currency, or both in either order.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let folded = width_folded(text).to_lowercase();
        let text = folded.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(currency) = whole_currency(text) {
            return Some(Self {
                power: None,
                currency: Some(currency),
            });
        }
        UNITS.iter().find_map(|(name, power)| {
            let power = Some(*power);
            let behind = text.strip_prefix(name);
            let before = text.strip_suffix(name);
            match (behind.map(str::trim), before.map(str::trim)) {
                (Some(""), _) => Some(Self {
                    power,
                    currency: None,
                }),
                (Some(rest), _) | (_, Some(rest)) if whole_currency(rest).is_some() => Some(Self {
                    power,
                    currency: whole_currency(rest),
                }),
                _ => None,
            }
        })
    }

    /// Adds what another part says; `false` if it says something else.
    pub(super) fn join(&mut self, other: Self) -> bool {
        let differs =
            |one: &Option<u32>, two: &Option<u32>| one.is_some() && two.is_some() && one != two;
        let is_other = differs(&self.power, &other.power)
            || self.currency.is_some()
                && other.currency.is_some()
                && self.currency != other.currency;
        self.power = self.power.or(other.power);
        self.currency = self.currency.take().or(other.currency);
        !is_other
    }

    /// Reads the brackets of a heading of money; `None` if they hold anything else than a unit, a
    /// currency, or what says nothing of the amount.
    pub(crate) fn of_brackets(brackets: &[String]) -> Option<Self> {
        let mut unit = Self::default();
        let whole = brackets.iter().filter(|it| !is_date_pattern(it));
        for part in whole.flat_map(|it| it.split([',', '，', '/', '、', ':', '：'])) {
            let part = part.trim();
            if matches!(part, "" | "含税" | "含稅" | "本币" | "本幣" | "必填")
                || is_date_pattern(part)
            {
                continue;
            }
            if !unit.join(Self::parse(part)?) {
                return None;
            }
        }
        Some(unit)
    }
}

/// Tells whether a text names a book's currency, by that one's label.
pub(crate) fn is_currency(text: &str, label: &str) -> bool {
    let folded = width_folded(text).to_lowercase();
    let text = folded.trim();
    text == label.to_lowercase() || whole_currency(text).is_some_and(|it| it.may_be(label))
}

/// Returns the currency that a text is, in lower case.
fn whole_currency(text: &str) -> Option<Currency> {
    let all = CURRENCIES.iter().chain(&OF_HEADINGS);
    let mut all = all.map(|(name, labels)| (*name, *labels));
    if let Some((name, labels)) = all.find(|it| it.0 == text) {
        return Some(of_labels(name, labels));
    }
    let is_word = text.len() == 3 && text.bytes().all(|it| it.is_ascii_alphabetic());
    is_word.then(|| of_letters(text))
}

/// Tells whether a text says how a date is to be written: `yyyy-mm-dd`.
fn is_date_pattern(text: &str) -> bool {
    let is_part = |it: char| {
        matches!(
            it,
            'y' | 'm' | 'd' | '年' | '月' | '日' | '-' | '.' | '/' | ' '
        )
    };
    let letters = text
        .chars()
        .filter(|it| matches!(it, 'y' | 'm' | 'd' | '年' | '月' | '日'));
    letters.count() >= 2 && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<(Option<u32>, Option<String>)> {
        MoneyUnit::parse(text).map(|it| (it.power, it.currency.map(|it| it.written)))
    }

    #[test]
    fn units_and_currencies_stand_in_either_order() {
        let some = |power: u32, currency: &str| {
            let currency = Some(currency.to_owned()).filter(|it| !it.is_empty());
            Some((Some(power).filter(|it| *it > 0), currency))
        };
        assert_eq!(said("万元"), some(4, "元"));
        assert_eq!(said(" 元 "), some(0, "元"));
        assert_eq!(said("百万"), some(6, ""));
        assert_eq!(said("千万元"), some(7, "元"));
        assert_eq!(said("万美元"), some(4, "美元"));
        assert_eq!(said("CNY 万"), some(4, "cny"));
        assert_eq!(said("人民币万"), some(4, "人民币"));
        assert_eq!(said("K"), some(3, ""));
        for text in ["", "分", "不含税", "万万", "元元", "公司"] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn brackets_hold_what_is_known_or_the_column_is_not_taken() {
        let of = |text: &str| MoneyUnit::of_brackets(&[text.to_owned()]);
        assert_eq!(of("含税,万元").unwrap().power, Some(4));
        assert_eq!(of("必填/元").unwrap().power, None);
        assert!(of("本币").unwrap().is_empty());
        assert!(of("yyyy-mm-dd").unwrap().is_empty());
        for text in ["不含税", "分", "预计", "万元/元/千元"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_currency_may_be_the_books() {
        let currency = |text: &str| currency_before(text).map(|it| it.0);
        assert!(currency("¥5").unwrap().may_be("CNY"));
        assert!(currency("¥5").unwrap().may_be("JPY"));
        assert!(!currency("$5").unwrap().may_be("CNY"));
        assert!(currency("cny5").unwrap().may_be("CNY"));
        assert!(currency("5").is_none() && currency("abcd5").is_none());
        assert_eq!(currency_behind("5usd").unwrap().1, "5");
    }
}
