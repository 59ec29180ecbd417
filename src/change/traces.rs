//! The texts that tell who somebody is, found again however they are written.

use super::trace_pattern::{Edges, Pattern, PatternPart};
use crate::model::folded_id;
use crate::source::Cut as _;

/// The fewest digits by which a number is known, however it is written.
const FEWEST_DIGITS: usize = 6;

/// The most digits of a number with its country and its extension.
const MOST_DIGITS: usize = 24;

/// The most digits of the code of a country.
const COUNTRY_DIGITS: usize = 3;

/// The fewest digits of a number with the area or the net it is in: fewer are no number with an extension.
const WHOLE_DIGITS: usize = 10;

/// The most digits of an extension.
const EXTENSION_DIGITS: usize = 4;

/// The texts that tell who somebody is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces {
    /// As they are written.
    pub(crate) texts: Vec<String>,
    folded: Vec<String>,
    numbers: Vec<NumberTrace>,
    /// Ids, folded: no part of another id is one.
    ids: Vec<String>,
}

impl Traces {
    /// Adds a text, which is a number too if it has no letters.
    pub(crate) fn add(&mut self, text: &str) {
        let is_number = !text.contains(char::is_alphabetic);
        self.add_either(text, is_number);
    }

    /// Adds a text of which the digits are numbers, whatever words stand beside them.
    pub(crate) fn add_number(&mut self, text: &str) {
        self.add_either(text, true);
    }

    fn add_either(&mut self, text: &str, is_number: bool) {
        let text = text.trim();
        if text.is_empty() || self.texts.iter().any(|it| it == text) {
            return;
        }
        if is_number {
            for run in runs(text) {
                self.add_run(&run);
            }
        }
        self.folded.push(folded_id(text).into_owned());
        self.texts.push(text.to_owned());
    }

    fn add_run(&mut self, run: &[DigitRun]) {
        // Behind a plus sign begins another number.
        let starts =
            (0..run.len()).filter(|at| *at == 0 || run.get(*at).is_some_and(|it| it.has_plus));
        for start in starts {
            let rest = run.cut(start..);
            let length = rest.iter().skip(1).take_while(|it| !it.has_plus).count() + 1;
            let groups = rest.cut(..length);
            let mut add = |groups: &[DigitRun]| {
                let number = NumberTrace::of(groups);
                if number.digits.len() >= FEWEST_DIGITS {
                    self.numbers.push(number);
                }
            };
            add(groups);
            if let Some((last, before)) = groups.split_last() {
                let digits: usize = before.iter().map(|it| it.digits.len()).sum();
                if last.digits.len() <= EXTENSION_DIGITS && digits >= WHOLE_DIGITS {
                    add(before);
                }
            }
        }
    }

    /// Returns those that are told of where they still stand, and the ids with them; what has but one character
    /// is in too many words.
    pub(crate) fn told(&self, ids: &[String]) -> Self {
        let mut told = self.clone();
        told.folded.retain(|it| it.chars().count() > 1);
        told.ids = ids.iter().map(|it| folded_id(it).into_owned()).collect();
        told
    }

    /// Tells whether one of them stands in a text, in whatever case, a number with whatever signs between
    /// its digits.
    pub(crate) fn stand_in(&self, text: &str) -> bool {
        let folded = folded_id(text);
        self.folded.iter().any(|it| has_word(&folded, it))
            || self.ids.iter().any(|it| has_id(&folded, it))
            || !self.numbers.is_empty() && runs(text).iter().any(|it| self.are_in(it))
    }

    /// Returns the patterns by which they are found in texts that git holds, the longest first: one may be a part
    /// of another.
    pub(crate) fn patterns(&self) -> Vec<Pattern> {
        let mut texts: Vec<&String> = self.texts.iter().collect();
        texts.sort_by_key(|it| std::cmp::Reverse(it.len()));
        let texts = texts.into_iter().map(|it| Pattern::of_text(it));
        let mut numbers = self.numbers.clone();
        numbers.sort_by_key(|it| std::cmp::Reverse(it.digits.len()));
        numbers.dedup_by(|one, other| one.digits == other.digits);
        texts
            .chain(numbers.iter().map(NumberTrace::pattern))
            .collect()
    }

    /// Tells whether one of the numbers is made of groups that follow each other in a run.
    fn are_in(&self, run: &[DigitRun]) -> bool {
        (0..run.len()).any(|start| {
            let rest = run.cut(start..);
            let mut number = NumberTrace::of(&[]);
            for (at, group) in rest.iter().enumerate() {
                if at > 0 && group.has_plus || number.digits.len() > MOST_DIGITS {
                    return false;
                }
                number.push(group);
                if self.numbers.iter().any(|it| it.is(&number)) {
                    return true;
                }
            }
            false
        })
    }
}

/// Digits that stand together.
#[derive(Clone, Debug)]
struct DigitRun {
    digits: String,
    /// A plus sign stands before them, as before the code of a country.
    has_plus: bool,
}

/// Returns the digits of each part of a text that has only digits and what stands between those of a number.
fn runs(text: &str) -> Vec<Vec<DigitRun>> {
    let mut runs: Vec<Vec<DigitRun>> = Vec::new();
    let (mut goes_on, mut is_digit, mut has_plus) = (false, false, false);
    for character in text.chars().map(narrow) {
        if character.is_ascii_digit() {
            if !goes_on {
                runs.push(Vec::new());
            }
            let run = runs.last_mut().expect("a run was begun at its first digit");
            match run.last_mut().filter(|_| is_digit) {
                Some(group) => group.digits.push(character),
                None => run.push(DigitRun {
                    digits: character.to_string(),
                    has_plus,
                }),
            }
            (goes_on, is_digit, has_plus) = (true, true, false);
        } else {
            let is_between = matches!(character, ' ' | '\t' | '+' | '(' | ')' | '-' | '.');
            (goes_on, is_digit) = (goes_on && is_between, false);
            has_plus = is_between && (has_plus || character == '+');
        }
    }
    runs
}

/// Returns the plain character for one of full width, and for the signs that are set as a dash or a blank.
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0)
            .expect("these stand beside the plain ones"),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{3000}' => ' ',
        other => other,
    }
}

/// The number of a phone or an account.
#[derive(Clone, Debug)]
struct NumberTrace {
    digits: String,
    /// It begins with the code of a country.
    has_country: bool,
    /// How many digits that has, where it is known.
    country: Option<usize>,
}

impl NumberTrace {
    fn of(groups: &[DigitRun]) -> Self {
        let mut number = Self {
            digits: String::new(),
            has_country: false,
            country: None,
        };
        for group in groups {
            number.push(group);
        }
        number
    }

    fn push(&mut self, group: &DigitRun) {
        if self.digits.is_empty() && !self.has_country {
            self.has_country = group.has_plus;
        } else if self.has_country && self.country.is_none() && self.digits.len() <= COUNTRY_DIGITS
        {
            self.country = Some(self.digits.len()).filter(|it| *it > 0);
        }
        self.digits.push_str(&group.digits);
        if !self.has_country && self.digits.starts_with("00") {
            self.digits.drain(..2);
            self.has_country = true;
        }
        // In China no number of that length begins so.
        if self.digits.len() > 11 && self.digits.starts_with(CHINA) {
            self.has_country = true;
            self.country = Some(CHINA.len());
        }
    }

    /// Tells whether two are the same, one of them perhaps without the code of its country.
    fn is(&self, other: &Self) -> bool {
        if self.digits == other.digits {
            return true;
        }
        let (long, short) = match (self.has_country, other.has_country) {
            (true, false) => (self, other),
            (false, true) => (other, self),
            _ => return false,
        };
        let short = inland(&short.digits);
        short.len() >= FEWEST_DIGITS && long.inlands().any(|(_, it)| it == short)
    }

    /// Returns what may be the code of its country, and the rest.
    fn inlands(&self) -> impl Iterator<Item = (&str, &str)> {
        let codes = match self.country {
            Some(code) => code..=code,
            None => 1..=COUNTRY_DIGITS,
        };
        codes.filter_map(|code| {
            let (code, rest) = self.digits.split_at_checked(code)?;
            Some((code, inland(rest))).filter(|_| self.has_country)
        })
    }

    /// Returns the pattern of all the ways in which it is written.
    fn pattern(&self) -> Pattern {
        let whole = spaced(&self.digits);
        let mut ways: Vec<String> = self
            .inlands()
            .filter(|(_, rest)| rest.len() >= FEWEST_DIGITS)
            .map(|(code, rest)| {
                format!(
                    "(([+]|00)?{}{BETWEEN})?(0{BETWEEN})?{}",
                    spaced(code),
                    spaced(rest)
                )
            })
            .collect();
        let rest = inland(&self.digits);
        if !self.has_country && rest.len() >= FEWEST_DIGITS {
            let country = format!("(([+]|00){BETWEEN}[0-9]{{1,{COUNTRY_DIGITS}}}|{CHINA})");
            ways.push(format!("{country}{BETWEEN}(0{BETWEEN})?{}", spaced(rest)));
        }
        if !self.has_country || ways.is_empty() {
            ways.push(whole);
        }
        Pattern {
            parts: vec![PatternPart::Expression(format!("({})", ways.join("|")))],
            edges: Edges::Digits,
        }
    }
}

/// The code of China.
const CHINA: &str = "86";

/// Matches what stands between the digits of a number.
const BETWEEN: &str = "[ ().-]*";

fn spaced(digits: &str) -> String {
    let digits: Vec<String> = digits.chars().map(String::from).collect();
    digits.join(BETWEEN)
}

/// Returns a number without the zero that is left out behind the code of a country.
fn inland(digits: &str) -> &str {
    digits.strip_prefix('0').unwrap_or(digits)
}

/// Tells whether a word stands in a text, and not inside another word of Latin letters.
fn has_word(text: &str, word: &str) -> bool {
    let is_inner = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric());
    around(text, word).any(|(before, behind)| {
        let joins_before = is_inner(word.chars().next()) && is_inner(before.chars().next_back());
        let joins_behind = is_inner(word.chars().next_back()) && is_inner(behind.chars().next());
        !joins_before && !joins_behind
    })
}

/// Tells whether an id stands in a text, and not inside another one.
fn has_id(text: &str, id: &str) -> bool {
    let is_inner = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    around(text, id)
        .any(|(before, behind)| !before.ends_with(is_inner) && !behind.starts_with(is_inner))
}

/// Returns what stands before and behind a word wherever it stands.
fn around<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
    text.match_indices(word).map(move |(at, _)| {
        let (before, rest) = text.split_at(at);
        (before, rest.strip_prefix(word).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[&str]) -> Traces {
        let mut traces = Traces::default();
        for number in numbers {
            traces.add_number(number);
        }
        traces
    }

    #[test]
    fn somebody_is_known_however_written() {
        let mut traces = Traces::default();
        for text in ["王建国", "Li", "+86 138-0000-1111", "w@x.example", " "] {
            traces.add(text);
        }
        for text in [
            "与王建国谈",
            "asked LI.",
            "call 86 13800001111 now",
            "tel +86 138 0000 1111",
            "tel 13800001111 of Wang",
            "008613800001111",
            "电话１３８－００００－１１１１，下午",
            "13900002222 13800001111 2026-03-05",
            "W@X.example",
        ] {
            assert!(traces.stand_in(text), "{text}");
        }
        for text in [
            "王建",
            "Line",
            "oli",
            "138 0000",
            "w@x.examples",
            "138000011112",
            "1380000, 1111",
        ] {
            assert!(!traces.stand_in(text), "{text}");
        }
    }

    #[test]
    fn words_beside_a_number_are_no_part_of_it() {
        for (number, text) in [
            ("0731-5550000 转 12", "call 0731-5550000"),
            ("0731-5550000-12", "call 0731 5550000"),
            ("0731-5550000 ext. 12", "+86 731 5550000"),
            ("0731-5550000", "+86 (0)731 555 0000"),
            ("office 010-55500000", "01055500000"),
            ("+86 138-0000-1111 +49 30 123456", "030 123456"),
            ("0086 13800001111", "138 0000 1111"),
            ("86 13800001111", "13800001111"),
            ("13800001111", "+8613800001111"),
        ] {
            assert!(of(&[number]).stand_in(text), "{number}: {text}");
        }
        // Elsewhere a number is one without words.
        let mut traces = Traces::default();
        traces.add("91430100MA4L");
        traces.add("6222 0000 1234");
        assert!(!traces.stand_in("91430100"));
        assert!(traces.stand_in("to 622200001234"));
    }

    #[test]
    fn other_digits_of_a_text_are_another_number() {
        let traces = of(&["010203", "0731-5550000 转 12", "12345"]);
        for text in [
            "order 01, 02, 03",
            "0102034",
            "1010203",
            "01/02/03",
            "2026-01-02",
            "12",
            "1234 5",
            "5550000",
        ] {
            assert!(!traces.stand_in(text), "{text}");
        }
        for text in ["010203", "no 01 02 03", "x 7 010203."] {
            assert!(traces.stand_in(text), "{text}");
        }
    }

    #[test]
    fn an_id_is_no_part_of_another() {
        let told = Traces::default().told(&["li-shop".to_owned(), "x.y".to_owned()]);
        for text in [
            "friend of Li-Shop",
            "met li-shop.",
            "id = 'li-shop'",
            "在li-shop",
            "customers/li-shop.toml",
            "www.li-shop.de",
            "X.Y",
        ] {
            assert!(told.stand_in(text), "{text}");
        }
        for text in ["li-shop-2", "my-li-shop", "li-shops", "li_shop", "x-y"] {
            assert!(!told.stand_in(text), "{text}");
        }
    }
}
