//! An id for a new customer, made from its name.

use unicode_normalization::UnicodeNormalization;

use crate::model::check_id;
use crate::model::reading::{Sound, sounds};

/// The most characters of an id, the number that makes it unique included.
const MOST_CHARACTERS: usize = 64;

/// What a name without a single letter or digit is called.
const NAMELESS: &str = "customer";

/// An id made from a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewId {
    /// The id, which may be made.
    pub id: String,
    /// Whether the name has no letter or digit to make an id from.
    pub is_nameless: bool,
    /// Whether Chinese characters were written as they sound; one with several readings has its
    /// most common one, which need not be the right one.
    pub is_from_pinyin: bool,
}

/// Returns an id for the name that `is_taken` says no to.
///
/// Words are in lower case and joined by `-`, Chinese characters by their pinyin, one word each;
/// letters of other scripts stay. A taken id gets `-2`, `-3` and so on; `is_taken` is the one to
/// ignore case.
pub fn new_id(name: &str, is_taken: impl Fn(&str) -> bool) -> NewId {
    let (words, is_from_pinyin) = words(name);
    let is_nameless = words.is_empty();
    let words = if is_nameless {
        vec![NAMELESS.to_owned()]
    } else {
        words
    };
    let numbered = |number: usize| {
        let suffix = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        fitted(&words, MOST_CHARACTERS - suffix.len()) + &suffix
    };
    let is_free = |id: &String| check_id(id).is_ok() && !is_taken(id);
    let mut number = 1;
    while !is_free(&numbered(number)) {
        number += 1;
    }
    NewId {
        id: numbered(number),
        is_nameless,
        is_from_pinyin,
    }
}

/// Splits a name into words of letters and digits alone.
fn words(name: &str) -> (Vec<String>, bool) {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_from_pinyin = false;
    // The compatible form makes plain letters of full-width ones.
    let name: String = name.nfkc().collect();
    for sound in sounds(&name) {
        match (sound.syllable(), sound) {
            (Some(syllable), _) => {
                is_from_pinyin = true;
                words.push(std::mem::take(&mut word));
                words.push(syllable.replace('ü', "v"));
            }
            (None, Sound::Other(char)) if char.is_alphanumeric() => {
                word.extend(char.to_lowercase().filter(|it| it.is_alphanumeric()));
            }
            (None, Sound::Other('\'' | '’')) => {}
            (None, _) => words.push(std::mem::take(&mut word)),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    (
        words.iter().map(|word| word.nfc().collect()).collect(),
        is_from_pinyin,
    )
}

/// Joins as many words as fit; of a first word that is too long, its beginning.
fn fitted(words: &[String], most: usize) -> String {
    let mut id = String::new();
    let mut length = 0;
    for word in words {
        let added = word.chars().count() + usize::from(length > 0);
        if length + added > most {
            break;
        }
        if length > 0 {
            id.push('-');
        }
        id.push_str(word);
        length += added;
    }
    match words.first() {
        Some(first) if id.is_empty() => first.chars().take(most).collect(),
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> String {
        let new = new_id(name, |_| false);
        assert_eq!(check_id(&new.id), Ok(()), "{name:?}");
        new.id
    }

    #[test]
    fn words_joined() {
        assert_eq!(id("Acme"), "acme");
        assert_eq!(id("  O'Brien & Sons, Ltd. "), "obrien-sons-ltd");
        assert_eq!(id("株洲地铁集团"), "zhu-zhou-di-tie-ji-tuan");
        assert_eq!(id("重庆长安"), "chong-qing-chang-an");
        assert_eq!(id("成都银行长沙"), "cheng-du-yin-hang-chang-sha");
        assert_eq!(id("三一重工"), "san-yi-zhong-gong");
        assert_eq!(id("绿色ABC公司2"), "lv-se-abc-gong-si-2");
        assert_eq!(id("ＡＢＣ　贸易"), "abc-mao-yi");
        assert_eq!(id("Müller Ångström"), "müller-ångström");
        assert_eq!(id("Газпром"), "газпром");
        assert_eq!(id("İstanbul"), "istanbul");
        assert_eq!(id("../../etc/passwd"), "etc-passwd");
        assert_eq!(id("🙂"), "customer");
        assert_eq!(id(""), "customer");
    }

    #[test]
    fn pinyin_is_told() {
        assert!(new_id("王小明", |_| false).is_from_pinyin);
        assert!(!new_id("Wang", |_| false).is_from_pinyin);
        assert!(new_id("🙂", |_| false).is_nameless);
    }

    #[test]
    fn unique_short_and_no_device() {
        let new = new_id("Acme", |id| ["acme", "acme-2"].contains(&id));
        assert_eq!(new.id, "acme-3");
        assert_eq!(id("CON"), "con-2");
        assert_eq!(id("nul"), "nul-2");
        assert_eq!(id(&"x".repeat(100)), "x".repeat(64));
        assert_eq!(
            new_id(&"x".repeat(100), |id| id.len() == 64 && !id.ends_with("-2"))
                .id
                .len(),
            64
        );
        assert_eq!(id(&"word ".repeat(20)), ["word"; 13].join("-"));
    }
}
