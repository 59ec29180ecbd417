//! What options and a saved source say of how a file's columns are meant.

use super::targets::ImportTarget;
use super::values::Habits;
use super::values::unit::MoneyUnit;
use crate::exchange::headings::{Heading, Into};
use crate::exchange::place::{column_letters, column_of_letters};

/// A column as an option or a source names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeadingName {
    /// As it is written.
    pub(crate) written: String,
    /// Whether a source says so, which may name columns that no file has.
    pub(crate) is_of_source: bool,
    by: ValueSource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ValueSource {
    /// `@C`, counted from 0.
    Letters(usize),
    /// The normal form, and which of several (`金额#2`), from 1.
    Normal(String, Option<usize>),
}

impl HeadingName {
    /// Reads `金额`, `金额#2` or `@C`.
    pub(crate) fn parse(text: &str, is_of_source: bool) -> Self {
        let written = text.trim().to_owned();
        let letters = written.strip_prefix('@').and_then(column_of_letters);
        let by = if let Some(column) = letters {
            ValueSource::Letters(column)
        } else {
            let numbered = written.rsplit_once('#').and_then(|(name, number)| {
                let number: usize = number.trim().parse().ok().filter(|it| *it > 0)?;
                Some((Heading::of(name).normal, number))
            });
            match numbered.filter(|it| !it.0.is_empty()) {
                Some((normal, number)) => ValueSource::Normal(normal, Some(number)),
                None => ValueSource::Normal(Heading::of(&written).normal, None),
            }
        };
        Self {
            written,
            is_of_source,
            by,
        }
    }

    /// Tells whether a column is meant: by its place, its heading's normal form, and how many columns of
    /// that form stand before it.
    pub(crate) fn means(&self, column: usize, normal: &str, before: usize) -> bool {
        match &self.by {
            ValueSource::Letters(letters) => *letters == column,
            ValueSource::Normal(own, number) => {
                own == normal && !own.is_empty() && number.is_none_or(|it| it == before + 1)
            }
        }
    }

    /// Tells whether it names one column rather than all of a heading.
    pub(crate) fn is_exact(&self) -> bool {
        matches!(
            self.by,
            ValueSource::Letters(_) | ValueSource::Normal(_, Some(_))
        )
    }

    /// Returns the normal form that it makes known.
    pub(crate) fn normal(&self) -> Option<&str> {
        match &self.by {
            ValueSource::Normal(normal, _) => Some(normal),
            ValueSource::Letters(_) => None,
        }
    }
}

/// Returns how options name the columns with some headings: by these, or by the letters where a heading
/// would not do.
pub(crate) fn option_names(headings: &[String]) -> Vec<String> {
    let normals: Vec<String> = headings.iter().map(|it| Heading::of(it).normal).collect();
    let name = |(column, heading): (usize, &String)| {
        let heading = heading.trim();
        let normal = &normals[column];
        let is_only = normals.iter().filter(|it| *it == normal).count() == 1;
        let is_plain = !heading.contains(['\'', ':', '=', '#', '@', '\r', '\n']);
        if is_only && is_plain && !normal.is_empty() {
            heading.to_owned()
        } else {
            format!("@{}", column_letters(column))
        }
    };
    headings.iter().enumerate().map(name).collect()
}

/// What a column is mapped to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MapTo {
    /// A target, with its sign turned or not.
    Target(ImportTarget, bool),
    /// Deliberately nothing.
    Nothing,
}

/// A value for a target that no column has, and for its blank cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Constant {
    pub(crate) target: ImportTarget,
    pub(crate) turns: bool,
    pub(crate) value: String,
}

/// Which facts of customers that are there may be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Overwrite {
    #[default]
    Nothing,
    All,
    /// These fields.
    Fields(Vec<String>),
}

impl Overwrite {
    /// Tells whether a field may be.
    pub(crate) fn takes(&self, field: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Fields(fields) => fields.iter().any(|it| it == field),
        }
    }
}

/// How the files are meant.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub(crate) into: Into,
    /// The columns by their names, those of options before those of a source.
    pub(crate) maps: Vec<(HeadingName, MapTo)>,
    /// `*=custom`: every column that is not known is a fact of one's own.
    pub(crate) rest_is_custom: bool,
    /// Those of options before those of a source.
    pub(crate) constants: Vec<Constant>,
    /// Texts of columns that are replaced before anything reads them.
    pub(crate) values: Vec<(HeadingName, String, String)>,
    /// Texts of columns whose lines are left out.
    pub(crate) skips: Vec<(HeadingName, Vec<String>)>,
    pub(crate) habits: Habits,
    /// `--set unit=`: what titles would say.
    pub(crate) unit: Option<MoneyUnit>,
    pub(crate) creates: bool,
    pub(crate) overwrite: Overwrite,
}

impl Mapping {
    /// Returns all names of columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &HeadingName> {
        let maps = self.maps.iter().map(|it| &it.0);
        let values = self.values.iter().map(|it| &it.0);
        maps.chain(values).chain(self.skips.iter().map(|it| &it.0))
    }

    /// Returns the constant of a target.
    pub(crate) fn constant(&self, target: &ImportTarget) -> Option<&Constant> {
        self.constants.iter().find(|it| it.target == *target)
    }
}
