//! Which columns are shown: `-c a,b,c`, `+x`, `-x`.

use std::fmt;

use crate::diagnostic::{Nearest, did_you_mean};
use crate::metric::metric_read_as;
use crate::words::{listed, say};

/// A word of `-c`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ColumnChange {
    /// A bare name: the usual columns are not wanted.
    Only(String),
    /// `+x`: this one as well.
    Add(String),
    /// `-x`: not this one.
    Drop(String),
}

/// What `-c` asks for.
///
/// A bare name anywhere in it replaces the usual columns; otherwise the changes apply to those. They
/// are done from left to right: a name that is there already stays where it is, `+x` adds at the
/// end, `-x` takes away, and taking away what is not there changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    changes: Vec<ColumnChange>,
}

/// Why a choice of columns or sort keys cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoiceError {
    /// A name that is no column.
    Unknown {
        /// The name as written.
        name: String,
        /// All that could be asked for.
        known: Vec<String>,
    },
    /// A name asks for a column that cannot be.
    Impossible {
        /// Why it cannot.
        why: String,
        /// What can be had instead, where that is not said yet.
        cure: Option<String>,
    },
    /// A word is empty, as in `a,,b`.
    EmptyName,
    /// Every column was taken away.
    NothingLeft,
}

/// Up to how many columns are named in a message.
const NAMED_IN_MESSAGE: usize = 20;

impl ChoiceError {
    /// Returns the nearest name, or all of them where they are few.
    pub fn help(&self) -> Option<String> {
        let (name, known) = match self {
            Self::Unknown { name, known } => (name, known),
            Self::Impossible { cure, .. } => return cure.clone(),
            Self::EmptyName | Self::NothingLeft => return None,
        };
        let all = || (known.len() <= NAMED_IN_MESSAGE).then(|| listed(known));
        let read_as = metric_read_as(name).filter(|it| known.iter().any(|known| known == it));
        let near = read_as.map(|it| did_you_mean(it).spoken().to_owned());
        let near = near.or_else(|| known.iter().map(String::as_str).hint(name));
        near.or_else(|| all().map(|all| say!("the columns are {}", "可选的列有 {}", all.spoken())))
    }
}

impl fmt::Display for ChoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, .. } => f.write_str(&say!(
                "no column is called `{name}`",
                "没有名为 `{name}` 的列"
            )),
            Self::Impossible { why, .. } => f.write_str(why),
            Self::EmptyName => f.write_str(&say!("a column's name is empty", "列名为空")),
            Self::NothingLeft => {
                f.write_str(&say!("no column is left to show", "没有剩下可显示的列"))
            }
        }
    }
}

impl std::error::Error for ChoiceError {}

impl ColumnChoice {
    /// Reads the texts of all `-c` given; none leaves the usual columns.
    ///
    /// # Errors
    /// If a name is empty.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, ChoiceError> {
        let words = texts.into_iter().flat_map(|text| text.split(','));
        let changes = words.map(|word| {
            let word = word.trim();
            let (change, name): (fn(String) -> ColumnChange, _) =
                if let Some(name) = word.strip_prefix('+') {
                    (ColumnChange::Add, name)
                } else if let Some(name) = word.strip_prefix('-') {
                    (ColumnChange::Drop, name)
                } else {
                    (ColumnChange::Only, word)
                };
            if name.is_empty() {
                return Err(ChoiceError::EmptyName);
            }
            Ok(change(name.to_owned()))
        });
        Ok(Self {
            changes: changes.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the names of the columns to show, in order and each once.
    ///
    /// `usual` are the columns of the report, `known` all that could be asked for.
    ///
    /// # Errors
    /// If a name is not known, or no column is left.
    pub fn resolve(&self, usual: &[&str], known: &[&str]) -> Result<Vec<String>, ChoiceError> {
        let replaces = |change: &ColumnChange| matches!(change, ColumnChange::Only(_));
        let mut names: Vec<String> = if self.changes.iter().any(replaces) {
            Vec::new()
        } else {
            usual.iter().map(|&name| name.to_owned()).collect()
        };
        for change in &self.changes {
            let (ColumnChange::Only(name) | ColumnChange::Add(name) | ColumnChange::Drop(name)) =
                change;
            check_known(name, known)?;
            if matches!(change, ColumnChange::Drop(_)) {
                names.retain(|it| it != name);
            } else if !names.contains(name) {
                names.push(name.clone());
            }
        }
        if names.is_empty() {
            return Err(ChoiceError::NothingLeft);
        }
        Ok(names)
    }
}

/// Tells whether a name is known, or which one was probably meant.
pub(super) fn check_known(name: &str, known: &[&str]) -> Result<(), ChoiceError> {
    if known.contains(&name) {
        return Ok(());
    }
    Err(ChoiceError::Unknown {
        name: name.to_owned(),
        known: known.iter().map(|&name| name.to_owned()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["id", "name", "tier", "owner", "region"];

    fn check(texts: &[&str], expected: &str) {
        let names = ColumnChoice::parse(texts.iter().copied())
            .and_then(|choice| choice.resolve(&["id", "name", "tier"], &KNOWN));
        let found = match names {
            Ok(names) => names.join(","),
            Err(error) => format!("{error}; {}", error.help().unwrap_or_default()),
        };
        assert_eq!(found, expected, "{texts:?}");
    }

    #[test]
    fn bare_names_replace_and_signs_change() {
        check(&[], "id,name,tier");
        check(&["tier,id"], "tier,id");
        check(&["+owner"], "id,name,tier,owner");
        check(&["-name"], "id,tier");
        check(&["-name,+owner,+region"], "id,tier,owner,region");
        check(&["+owner", "-id"], "name,tier,owner");
        check(&["-tier,+tier,+owner"], "id,name,tier,owner");
        check(&["-id,+id"], "name,tier,id");
        check(&["id,+owner"], "id,owner");
        check(&["+owner,id"], "owner,id");
        check(&["id,id,tier"], "id,tier");
        check(&["+id"], "id,name,tier");
        check(&["-region"], "id,name,tier");
        check(&["id, tier"], "id,tier");
    }

    #[test]
    fn says_what_is_wrong() {
        let all = "the columns are id, name, tier, owner, region";
        check(
            &["+ownr"],
            "no column is called `ownr`; did you mean `owner`?",
        );
        check(&["-golf"], &format!("no column is called `golf`; {all}"));
        check(&["id,,tier"], "a column's name is empty; ");
        check(&[""], "a column's name is empty; ");
        check(&["+"], "a column's name is empty; ");
        check(&["-id,-name,-tier"], "no column is left to show; ");
    }
}
