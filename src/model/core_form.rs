//! The core of a firm's name: what is left of it without the company's form.
//!
//! `株洲地铁集团` is the same firm as `株洲地铁集团有限公司`; but `Acme Inc` and `Acme GmbH` are two legal
//! persons.

use super::plain_form;
use crate::source::Cut as _;

/// Tells whether a name says anything: it has more than blanks and punctuation.
pub fn says_something(name: &str) -> bool {
    let is_mark = |it: char| {
        it.is_whitespace()
            || it.is_control()
            || it.is_ascii_punctuation()
            || matches!(
                it,
                '\u{a1}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{2e00}'..='\u{2e7f}'
                    | '\u{3000}'..='\u{303f}' | '\u{fe10}'..='\u{fe6f}' | '\u{feff}'
                    | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
                    | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
            ) && !matches!(it, '\u{3005}' | '\u{3007}' | '\u{3021}'..='\u{3029}')
    };
    name.chars().any(|it| !is_mark(it))
}

/// What kind of company a name says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Any: the word says no more than that it is one.
    Any,
    Limited,
    Shares,
    Incorporated,
    Llc,
    Gmbh,
    Ag,
}

/// The forms of companies, the longest first among those that end alike.
const FORMS: &[(&str, Class)] = {
    use Class::{Ag, Any, Gmbh, Incorporated, Limited, Llc, Shares};
    &[
        ("有限责任公司", Limited),
        ("有限責任公司", Limited),
        ("股份有限公司", Shares),
        ("有限公司", Limited),
        ("股份公司", Shares),
        ("公司", Any),
        ("company limited", Limited),
        ("company ltd", Limited),
        ("co limited", Limited),
        ("co ltd", Limited),
        ("limited", Limited),
        ("ltd", Limited),
        ("plc", Shares),
        ("incorporated", Incorporated),
        ("corporation", Incorporated),
        ("corp", Incorporated),
        ("inc", Incorporated),
        ("llc", Llc),
        ("gmbh", Gmbh),
        ("ag", Ag),
        ("company", Any),
        ("co", Any),
    ]
};

/// The form of a company that a name has, if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirmForm(Option<Class>);

impl FirmForm {
    /// Returns the number of its class of forms: none without a form or with one that any firm has.
    pub fn class(self) -> Option<u8> {
        self.0.filter(|it| *it != Class::Any).map(|it| it as u8)
    }

    /// Tells whether names that are equal but for these forms may be those of one firm.
    pub fn fits(self, other: Self) -> bool {
        match (self.0, other.0) {
            (Some(one), Some(two)) => one == two || one == Class::Any || two == Class::Any,
            _ => true,
        }
    }
}

/// A name without its company's form, and that form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreForm {
    core: String,
    class: Option<Class>,
}

impl CoreForm {
    /// Takes a name apart.
    pub fn of(name: &str) -> Self {
        let plain = plain_form(name);
        let words = plain.replace(['.', ','], "");
        let words = words.trim_end_matches(|it: char| !it.is_alphanumeric());
        let cut = FORMS.iter().find_map(|(form, class)| {
            let rest = words.strip_suffix(form)?;
            let is_whole =
                !form.is_ascii() || rest.is_empty() || rest.ends_with(char::is_whitespace);
            let core = letters(rest);
            (is_whole && core.chars().count() >= 2).then_some((core, *class))
        });
        match cut {
            Some((core, class)) => Self {
                core,
                class: Some(class),
            },
            None => Self {
                core: letters(&plain),
                class: None,
            },
        }
    }

    /// Returns the letters and digits that two names of one firm share; empty where there are none.
    pub fn core(&self) -> &str {
        &self.core
    }

    /// Returns the same for good.
    pub fn into_core(self) -> String {
        self.core
    }

    /// Returns the company's form.
    pub fn form(&self) -> FirmForm {
        FirmForm(self.class)
    }

    /// Tells whether the name has the form of a company.
    pub fn has_form(&self) -> bool {
        self.class.is_some()
    }

    /// Returns a name without its company's form, as it is written.
    pub fn without_form(name: &str) -> &str {
        let form = Self::of(name);
        if form.class.is_none() {
            return name.trim();
        }
        // The beginning whose core is that of the whole: the shortest one, for the form is longer than none.
        let ends = name.char_indices().map(|it| it.0).chain([name.len()]);
        let is_core = |end: &usize| {
            let start = name.cut(..*end);
            letters(&plain_form(start)) == form.core
        };
        let end = ends.skip(1).find(is_core).unwrap_or(name.len());
        name.get(..end).unwrap_or(name).trim()
    }

    /// Tells whether two names may be those of one firm.
    pub fn fits(&self, other: &Self) -> bool {
        !self.core.is_empty() && self.core == other.core && self.form().fits(other.form())
    }
}

/// Returns the letters and digits of a text; what stands between two digits becomes one `-`.
fn letters(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut has_gap = false;
    for character in text.chars() {
        if !character.is_alphanumeric() {
            has_gap = true;
            continue;
        }
        let is_digit = |it: char| it.is_numeric();
        if has_gap && is_digit(character) && kept.chars().next_back().is_some_and(is_digit) {
            kept.push('-');
        }
        has_gap = false;
        kept.push(character);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_firm_may_be_written_with_its_form_or_without() {
        let fits = |one: &str, two: &str| CoreForm::of(one).fits(&CoreForm::of(two));
        for (one, two) in [
            ("株洲地铁集团", "株洲地铁集团有限公司"),
            ("株洲地铁集团有限公司", "株洲地铁集团 有限责任公司"),
            ("Acme", "Acme Co., Ltd."),
            ("Acme Limited", "ACME LTD"),
            ("Acme Company", "Acme Inc."),
            ("A-1 Steel", "A1 Steel"),
        ] {
            assert!(fits(one, two) && fits(two, one), "{one} {two}");
        }
        for (one, two) in [
            ("Acme Inc", "Acme GmbH"),
            ("中铁物资有限公司", "中铁物资股份有限公司"),
            ("Tesco", "Tes"),
            ("Plant 1 2", "Plant 12"),
            ("Acme", "Acne"),
            ("Acme Ltd", "Acme-Ltd"),
            ("-", "."),
        ] {
            assert!(!fits(one, two), "{one} {two}");
        }
        for (name, without) in [
            ("株洲地铁集团　有限责任公司", "株洲地铁集团"),
            ("Acme Co., Ltd.", "Acme"),
            ("A.B.C. GmbH", "A.B.C"),
            (" Tesco ", "Tesco"),
        ] {
            assert_eq!(CoreForm::without_form(name), without);
        }
        // The form is cut once, and never all of a name.
        assert_eq!(CoreForm::of("Co Ltd"), CoreForm::of("co ltd"));
        assert_eq!(CoreForm::of("公司").core, "公司");
    }

    #[test]
    fn blanks_and_punctuation_say_nothing() {
        for name in ["", " ", "-", "。、", "\u{3000}", "…", "\u{200b}", "()"] {
            assert!(!says_something(name), "{name:?}");
        }
        for name in ["a", "7", "株", "🙂", "- a"] {
            assert!(says_something(name), "{name:?}");
        }
    }
}
