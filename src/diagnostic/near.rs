//! Near names: what a misspelt word was probably meant to be.

use strsim::osa_distance;

use crate::words::terms::is_read_as;
use crate::words::{Wording, both};

/// What may stand near a misspelt word.
pub(crate) trait Nearest {
    /// Returns `did you mean ...` for the nearest name, if one is near.
    fn help(self, word: &str) -> Option<Wording>;

    /// Returns the same in the language that is spoken.
    fn hint(self, word: &str) -> Option<String>
    where
        Self: Sized,
    {
        self.help(word).map(|it| it.spoken().to_owned())
    }
}

impl<'a, I: IntoIterator<Item = &'a str>> Nearest for I {
    fn help(self, word: &str) -> Option<Wording> {
        if word.is_ascii() {
            return nearest(word, self).map(did_you_mean);
        }
        // Who reads Chinese types what stands above a column or on a page.
        let names: Vec<&str> = self.into_iter().collect();
        let called = names.iter().find(|it| is_read_as(it, word)).copied();
        called.or_else(|| nearest(word, names)).map(did_you_mean)
    }
}

/// Asks whether a name was meant.
pub(crate) fn did_you_mean(name: &str) -> Wording {
    both!("did you mean `{name}`?", "您是否指 `{name}`？")
}

/// Returns the name nearest to `word`: at most a third of its characters away, the first of equals.
///
/// A name that shares nothing with the word, such as one letter for another, is not near.
pub(crate) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // The distance is quadratic in length: a megabyte of a cell is nobody's misspelt name.
    if length == 0 || length > 80 {
        return None;
    }
    let lower = word.to_lowercase();
    let limit = (length / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        if name.len() > 400 || name.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = osa_distance(&lower, &name.to_lowercase());
        if distance <= limit && distance < length && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_near_misses() {
        let names = ["visit", "order", "payment"];
        assert_eq!(nearest("vist", names), Some("visit"));
        assert_eq!(nearest("Odrer", names), Some("order"));
        assert_eq!(nearest("golf", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest("X", ["P", "B"]), None);
        assert_eq!(nearest("p", ["P", "B"]), Some("P"));
        assert_eq!(
            nearest("zhuzou-metro", ["zhuzhou-metro"]),
            Some("zhuzhou-metro")
        );
        assert_eq!(nearest("株洲地跌", ["株洲地铁"]), Some("株洲地铁"));
    }
}
