//! What an entry of the catalogue says of a metric: its type and stage, its figure of a group, its words.

use super::level::Levels;

/// What kind of values a metric has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text.
    Text,
    /// A list of texts.
    List,
    /// A plain number.
    Number,
    /// Money of the book's currency.
    Money,
    /// A share or probability; 1 is the whole.
    Ratio,
    /// A count of days.
    Days,
    /// A day of the calendar.
    Date,
    /// Yes or no.
    Bool,
}

impl Type {
    /// Returns the name that `metrics` and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::List => "list",
            Self::Number => "number",
            Self::Money => "money",
            Self::Ratio => "ratio",
            Self::Days => "days",
            Self::Date => "date",
            Self::Bool => "bool",
        }
    }
}

/// When a metric is known; a rule may use what an earlier stage made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Facts of the file and the rows, and the model's figures.
    Facts,
    /// The tier.
    Tier,
    /// Cadence, deadlines and what hangs on them.
    Clock,
    /// Churn and signals.
    Churn,
    /// Flags.
    Flags,
}

impl Stage {
    /// Returns the name that `metrics` and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Tier => "tier",
            Self::Clock => "clock",
            Self::Churn => "churn",
            Self::Flags => "flags",
        }
    }
}

/// What a metric is of a group of customers taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupFigure {
    /// The sum over the members where it is known; for yes or no, how many.
    Sum,
    /// The quotient of the sums of its parts over all members.
    Quotient,
    /// Counting back over the invoices of all members, as if they were one customer.
    Walk,
    /// The greatest of the members'.
    Greatest,
    /// The mean over the members where it is known, each counting once.
    Mean,
    /// There is none: texts, lists, dates, ranks and ranges do not add.
    None,
}

impl GroupFigure {
    /// Returns the name that `metrics` and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Quotient => "quotient",
            Self::Walk => "walk",
            Self::Greatest => "greatest",
            Self::Mean => "mean",
            Self::None => "none",
        }
    }
}

/// What only some metrics have.
#[derive(Clone, Copy, Debug)]
pub enum Trait {
    /// Less of it is better.
    LessIsBetter,
    /// It grows by itself, a day a day.
    GrowsDaily,
    /// It has no other words than these.
    Words(Words),
}

/// From where the words of a metric come.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// They never change.
    Levels(&'static Levels),
    /// From the policy's stages.
    Stages,
    /// From its tiers.
    Tiers,
    /// From its signals.
    Signals,
    /// From its flags.
    Flags,
    /// From its levels of dunning.
    Dunning,
}
