//! Regular expressions that find a text in what git holds: those of git itself, and those of Python, in which
//! the programs that write a history anew are made.

use unicode_normalization::UnicodeNormalization as _;

/// Whose expressions they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tongue {
    /// The extended ones of POSIX, as git has them.
    Git,
    /// Those of Python, on one line.
    Python,
}

/// What must not stand on either side of what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edges {
    /// Another digit.
    Digits,
    /// What would make it a part of a longer id.
    Id,
    /// A letter or a digit of ASCII, on the sides on which the text has one itself.
    Word {
        /// At its start.
        before: bool,
        /// At its end.
        behind: bool,
    },
}

impl Edges {
    /// Returns what must not stand before and behind.
    fn classes(self) -> [&'static str; 2] {
        match self {
            Self::Digits => ["0-9"; 2],
            // A full stop before it makes it another's; behind it, it may end a sentence.
            Self::Id => ["0-9A-Za-z_.-", "0-9A-Za-z_-"],
            Self::Word { before, behind } => {
                [before, behind].map(|it| if it { "0-9A-Za-z" } else { "" })
            }
        }
    }
}

/// A part of what is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PatternPart {
    /// A text as it is.
    Text(String),
    /// An expression that both tongues understand alike.
    Expression(String),
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) parts: Vec<PatternPart>,
    pub(crate) edges: Edges,
}

impl Pattern {
    /// Returns the pattern of a text.
    pub(crate) fn of_text(text: &str) -> Self {
        let is_inner = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric());
        let edges = Edges::Word {
            before: is_inner(text.chars().next()),
            behind: is_inner(text.chars().next_back()),
        };
        Self {
            parts: vec![PatternPart::Text(text.to_owned())],
            edges,
        }
    }

    /// Returns the pattern of an id where it stands by itself.
    pub(crate) fn of_id(id: &str) -> Self {
        Self {
            parts: vec![PatternPart::Text(id.to_owned())],
            edges: Edges::Id,
        }
    }

    /// Returns it as git takes it.
    pub(crate) fn for_git(&self) -> String {
        let [before, behind] = self.edges.classes();
        let class = |class: &str, end: &str| match class {
            "" => String::new(),
            class => format!("({end}|[^{class}])"),
        };
        let inner = self.inner(Tongue::Git);
        format!("{}{inner}{}", class(before, "^"), class(behind, "$"))
    }

    /// Returns it as Python takes it, whatever the case of letters.
    pub(crate) fn for_python(&self) -> String {
        let [before, behind] = self.edges.classes();
        let class = |class: &str, side: &str| match class {
            "" => String::new(),
            class => format!("(?{side}[{class}])"),
        };
        let inner = self.inner(Tongue::Python);
        format!("(?i){}{inner}{}", class(before, "<!"), class(behind, "!"))
    }

    fn inner(&self, tongue: Tongue) -> String {
        let part = |part: &PatternPart| match part {
            PatternPart::Text(text) => in_both_forms(text, tongue),
            PatternPart::Expression(text) => text.clone(),
        };
        self.parts.iter().map(part).collect()
    }
}

/// Returns a text for Python, as a part of an expression.
pub(crate) fn python_text(text: &str) -> String {
    in_both_forms(text, Tongue::Python)
}

/// Returns a text composed or not: files have either.
fn in_both_forms(text: &str, tongue: Tongue) -> String {
    let forms: [String; 2] = [text.nfc().collect(), text.nfd().collect()];
    let [composed, taken_apart] = forms.each_ref().map(|it| escaped(it, tongue));
    if composed == taken_apart {
        composed
    } else {
        format!("({composed}|{taken_apart})")
    }
}

/// Returns a text as files write it: as it is, in quotes of TOML or in quotes of CSV.
fn escaped(text: &str, tongue: Tongue) -> String {
    let text = text.replace("\r\n", "\n");
    let mut pattern = String::with_capacity(2 * text.len());
    for character in text.chars() {
        match (character, tongue) {
            ('\n', Tongue::Git) => pattern.push_str(r"([[:space:]]+|\\n)"),
            ('\n', Tongue::Python) => pattern.push_str(r"(\r?\n|\\n)"),
            ('\t', Tongue::Git) => pattern.push_str(r"([[:space:]]|\\t)"),
            ('\t', Tongue::Python) => pattern.push_str(r"(\t|\\t)"),
            ('"', _) => pattern.push_str(r#"\\?"{1,2}"#),
            ('\\', _) => pattern.push_str(r"\\{1,2}"),
            ('^' | '[' | ']', _) => pattern.extend(['\\', character]),
            ('.' | '(' | ')' | '*' | '+' | '?' | '{' | '}' | '|' | '$', _) => {
                pattern.extend(['[', character, ']']);
            }
            (other, _) => pattern.push(other),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_as_files_write_it() {
        let text = Pattern::of_text("a+b \"c\"\nd\\");
        assert_eq!(
            text.for_git(),
            r#"(^|[^0-9A-Za-z])a[+]b \\?"{1,2}c\\?"{1,2}([[:space:]]+|\\n)d\\{1,2}"#
        );
        assert_eq!(
            text.for_python(),
            r#"(?i)(?<![0-9A-Za-z])a[+]b \\?"{1,2}c\\?"{1,2}(\r?\n|\\n)d\\{1,2}"#
        );
        assert_eq!(Pattern::of_text("王建国").for_git(), "王建国");
        assert_eq!(Pattern::of_text("王é").for_python(), "(?i)(王é|王e\u{301})");
        assert_eq!(
            Pattern::of_id("a.b").for_python(),
            "(?i)(?<![0-9A-Za-z_.-])a[.]b(?![0-9A-Za-z_-])"
        );
    }
}
