//! How a value of a column is coloured, and which words are bad, whatever the figure.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::level::Tone;
use super::{CATALOGUE, Entry, Value};

/// The words that are coloured in columns of no level.
const OTHER_TONES: [(&str, &str, Tone); 6] = [
    ("clv_basis", "prior", Tone::Notice),
    ("clv_basis", "retention", Tone::Notice),
    ("severity", "error", Tone::Alarm),
    ("severity", "warning", Tone::Notice),
    ("status", "late", Tone::Alarm),
    ("status", "soon", Tone::Notice),
];

/// The words that are coloured, by column.
static TONES: LazyLock<Vec<(&str, &str, Tone)>> = LazyLock::new(|| {
    let levels = CATALOGUE
        .iter()
        .filter_map(|it| Some((it.name, it.levels()?)));
    let toned = levels.flat_map(|(name, it)| it.all.iter().map(move |it| (name, it.word, it.tone)));
    let toned = toned.filter(|it| it.2 != Tone::Plain);
    toned.chain(OTHER_TONES).collect()
});

/// Columns of which any number above 0 is coloured.
const ABOVE_ZERO: [(&str, Tone); 3] = [
    ("days_past_due", Tone::Alarm),
    ("late_cases", Tone::Alarm),
    ("overdue", Tone::Alarm),
];

/// Returns how a value of a column is coloured.
pub fn tone_of(column: &str, value: &Value<'_>) -> Tone {
    let word = match value {
        Value::Text(word) => word,
        _ => "",
    };
    if let Some((_, tone)) = ABOVE_ZERO.iter().find(|it| it.0 == column) {
        let is_above = value.compare(&Value::whole(0)) == Some(Ordering::Greater);
        return if is_above { *tone } else { Tone::Plain };
    }
    let found = TONES.iter().find(|it| it.0 == column && it.1 == word);
    found.map_or(Tone::Plain, |it| it.2)
}

/// Tells whether no customer should come to a word, of whichever figure.
pub fn is_bad_word(word: &str) -> bool {
    let levels = CATALOGUE.iter().filter_map(Entry::levels);
    let mut all = levels.flat_map(|it| it.all);
    all.any(|it| it.is_bad && it.word == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_coloured_by_their_column() {
        for (column, word, tone) in [
            ("churn", "at-risk", Tone::Alarm),
            ("churn", "lost", Tone::Plain),
            ("settlement", "overdue", Tone::Alarm),
            ("settlement", "unstable", Tone::Notice),
            ("revisit_status", "soon", Tone::Notice),
            ("status", "late", Tone::Alarm),
            ("tier", "overdue", Tone::Plain),
        ] {
            let value = Value::from(word.to_owned());
            assert_eq!(tone_of(column, &value), tone, "{column} {word}");
        }
        for (days, tone) in [(0, Tone::Plain), (3, Tone::Alarm)] {
            let value = Value::whole(days);
            assert_eq!(tone_of("overdue", &value), tone, "{days}");
        }
        assert_eq!(tone_of("overdue", &Value::Unknown), Tone::Plain);
        assert!(is_bad_word("difficult") && is_bad_word("C") && !is_bad_word("watch"));
    }
}
