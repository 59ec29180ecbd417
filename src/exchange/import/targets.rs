//! Targets: what a column or a constant gives, by their names.

use super::values::Habits;
use crate::exchange::cell::Blanks;
use crate::exchange::headings::Into;
use crate::model::{CUSTOMER_FIELDS, FieldType, KindTable, LogColumn, PERSON_FIELDS};

/// A column of a log that a row may have of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum RowField {
    Date,
    Amount,
    Score,
    Staff,
    Topic,
    Channel,
    Ref,
    Due,
    Note,
}

impl RowField {
    pub(crate) const ALL: [Self; 9] = [
        Self::Date,
        Self::Amount,
        Self::Score,
        Self::Staff,
        Self::Topic,
        Self::Channel,
        Self::Ref,
        Self::Due,
        Self::Note,
    ];

    /// Returns the column's name.
    pub(crate) fn name(self) -> &'static str {
        self.column().name()
    }

    const fn column(self) -> LogColumn {
        match self {
            Self::Date => LogColumn::Date,
            Self::Amount => LogColumn::Amount,
            Self::Score => LogColumn::Score,
            Self::Staff => LogColumn::Staff,
            Self::Topic => LogColumn::Topic,
            Self::Channel => LogColumn::Channel,
            Self::Ref => LogColumn::Ref,
            Self::Due => LogColumn::Due,
            Self::Note => LogColumn::Note,
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A new column of logs wants to be a target too: all are, but the customer and the kind, which lines tell in
/// other ways.
const _: () = assert!(RowField::ALL.len() + 2 == LogColumn::ALL.len());

/// The rows of one kind that lines may yield beside their main row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RowGroup {
    /// The kind's index in the policy's table.
    pub(crate) kind: u8,
    pub(crate) label: Option<String>,
}

/// What a column or a constant gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ImportTarget {
    /// `customer`, or `name` of customers.
    Name,
    /// `customer.id`, or `id` of customers.
    Id,
    /// `customer.aliases`, or `aliases` of customers.
    Aliases,
    Kind,
    Time,
    Currency,
    Direction,
    /// A plain field of a log.
    Plain(RowField),
    /// A field of a group.
    Of(RowGroup, RowField),
    /// A key of a customer's file.
    Key(&'static str),
    /// A field of the Nth person, from 1.
    Contact(usize, &'static str),
    /// A part of the Nth person's name.
    NamePart {
        person: usize,
        is_family: bool,
    },
    Competitor(usize, &'static str),
    Date(usize, &'static str),
    Profile(String),
    Custom(String),
    Scorecard(String),
    /// A table, or a list of tables, in one cell of JSON: `contact`, `profile`.
    Whole(&'static str),
}

/// The tables and lists of tables of a customer's file.
const TABLES: [&str; 6] = [
    "contact",
    "date",
    "competitor",
    "profile",
    "custom",
    "scorecard",
];

const DATE_FIELDS: [&str; 3] = ["name", "on", "yearly"];
const COMPETITOR_FIELDS: [&str; 2] = ["name", "note"];

/// What has a name of its own among the targets of rows.
static OF_LOG: [(&str, ImportTarget); 7] = [
    ("customer", ImportTarget::Name),
    ("customer.id", ImportTarget::Id),
    ("customer.aliases", ImportTarget::Aliases),
    ("kind", ImportTarget::Kind),
    ("time", ImportTarget::Time),
    ("currency", ImportTarget::Currency),
    ("direction", ImportTarget::Direction),
];

/// The same among those of customers.
static OF_CUSTOMERS: [(&str, ImportTarget); 4] = [
    ("name", ImportTarget::Name),
    ("id", ImportTarget::Id),
    ("aliases", ImportTarget::Aliases),
    ("currency", ImportTarget::Currency),
];

/// Returns the keys of a customer's file that a cell may fill.
fn settable_keys() -> impl Iterator<Item = &'static str> {
    let is_settable = |kind: FieldType| !matches!(kind, FieldType::Table | FieldType::Tables);
    let keys = CUSTOMER_FIELDS.iter().filter(move |it| is_settable(it.1));
    keys.map(|it| it.0).filter(|it| *it != "former_ids")
}

impl ImportTarget {
    /// Returns the names of all that are no policy's or user's own, to find what a wrong one may mean.
    pub(crate) fn names(into: Into, kinds: &KindTable) -> Vec<String> {
        let owned = |it: &(&str, Self)| it.0.to_owned();
        let below = |table: &str, fields: &[&str]| -> Vec<String> {
            fields.iter().map(|it| format!("{table}.{it}")).collect()
        };
        match into {
            Into::Log => {
                let fields = RowField::ALL.map(RowField::name);
                let of_kinds = kinds.all().iter().flat_map(|it| below(&it.name, &fields));
                let own = OF_LOG.iter().map(owned);
                own.chain(fields.map(str::to_owned))
                    .chain(of_kinds)
                    .collect()
            }
            Into::Customers => {
                let mut names: Vec<String> = OF_CUSTOMERS.iter().map(owned).collect();
                names.extend(settable_keys().map(str::to_owned));
                names.extend(below("contact", PERSON_FIELDS));
                names.extend(below("competitor", &COMPETITOR_FIELDS));
                names.extend(below("date", &DATE_FIELDS));
                names
            }
        }
    }

    /// Reads a target by its name; also tells whether `-` stood before it, which turns an amount's sign.
    pub(crate) fn parse(text: &str, into: Into, kinds: &KindTable) -> Option<(Self, bool)> {
        let (text, turns) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let target = Self::parse_plain(text, into, kinds)?;
        (!turns || target.is_money()).then_some((target, turns))
    }

    fn parse_plain(text: &str, into: Into, kinds: &KindTable) -> Option<Self> {
        let own = match into {
            Into::Log => Self::of_log(text),
            Into::Customers => Self::of_customers(text),
        };
        if own.is_some() {
            return own;
        }
        let (group, field) = text.rsplit_once('.')?;
        let (kind, label) = match group.split_once(':') {
            Some((kind, label)) => (kind, Some(label)),
            None => (group, None),
        };
        if TABLES.contains(&kind) || label.is_some_and(str::is_empty) {
            return None;
        }
        let group = RowGroup {
            kind: kinds.index_of(kind)?,
            label: label.map(str::to_owned),
        };
        Some(Self::Of(group, RowField::of(field)?))
    }

    fn of_log(text: &str) -> Option<Self> {
        let own = OF_LOG.iter().find(|it| it.0 == text);
        own.map(|it| it.1.clone())
            .or_else(|| RowField::of(text).map(Self::Plain))
    }

    fn of_customers(text: &str) -> Option<Self> {
        if let Some((_, own)) = OF_CUSTOMERS.iter().find(|it| it.0 == text) {
            return Some(own.clone());
        }
        if let Some(key) = settable_keys().find(|it| *it == text) {
            return Some(Self::Key(key));
        }
        let (table, field) = text.split_once('.')?;
        let (table, number) = match table.split_once(':') {
            Some((table, number)) => {
                let number: usize = number.parse().ok()?;
                (table, Some(number).filter(|it| (1..=99).contains(it))?)
            }
            None => (table, 1),
        };
        let one_of = |names: &[&'static str]| names.iter().find(|it| **it == field).copied();
        let is_plain = number == 1 && !field.is_empty();
        Some(match table {
            "contact" => Self::Contact(number, one_of(PERSON_FIELDS)?),
            "competitor" => Self::Competitor(number, one_of(&COMPETITOR_FIELDS)?),
            "date" => Self::Date(number, one_of(&DATE_FIELDS)?),
            "profile" if is_plain => Self::Profile(field.to_owned()),
            "custom" if is_plain => Self::Custom(field.to_owned()),
            "scorecard" if is_plain => Self::Scorecard(field.to_owned()),
            _ => return None,
        })
    }

    /// Returns the whole table that a key of JSON gives, if it is one.
    pub(crate) fn whole(key: &str) -> Option<Self> {
        TABLES
            .iter()
            .find(|it| **it == key)
            .map(|it| Self::Whole(it))
    }

    /// Returns its name.
    pub(crate) fn name(&self, into: Into, kinds: &KindTable) -> String {
        let numbered = |table: &str, number: usize, field: &str| match number {
            1 => format!("{table}.{field}"),
            _ => format!("{table}:{number}.{field}"),
        };
        match self {
            Self::Name if into == Into::Log => "customer".to_owned(),
            Self::Name => "name".to_owned(),
            Self::Id if into == Into::Log => "customer.id".to_owned(),
            Self::Id => "id".to_owned(),
            Self::Aliases if into == Into::Log => "customer.aliases".to_owned(),
            Self::Aliases => "aliases".to_owned(),
            Self::Kind => "kind".to_owned(),
            Self::Time => "time".to_owned(),
            Self::Currency => "currency".to_owned(),
            Self::Direction => "direction".to_owned(),
            Self::Plain(field) => field.name().to_owned(),
            Self::Of(group, field) => {
                let kind = &kinds.kind(group.kind).name;
                match &group.label {
                    Some(label) => format!("{kind}:{label}.{}", field.name()),
                    None => format!("{kind}.{}", field.name()),
                }
            }
            Self::Key(key) => (*key).to_owned(),
            Self::Contact(number, field) => numbered("contact", *number, field),
            Self::NamePart { person, .. } => numbered("contact", *person, "name"),
            Self::Competitor(number, field) => numbered("competitor", *number, field),
            Self::Date(number, field) => numbered("date", *number, field),
            Self::Profile(key) => format!("profile.{key}"),
            Self::Custom(key) => format!("custom.{key}"),
            Self::Scorecard(key) => format!("scorecard.{key}"),
            Self::Whole(table) => (*table).to_owned(),
        }
    }

    /// Tells whether it is an amount of money.
    pub(crate) fn is_money(&self) -> bool {
        matches!(
            self,
            Self::Plain(RowField::Amount)
                | Self::Of(_, RowField::Amount)
                | Self::Key("credit_limit" | "registered_capital")
        )
    }

    /// Tells whether it is a score.
    pub(crate) fn is_score(&self) -> bool {
        matches!(
            self,
            Self::Plain(RowField::Score)
                | Self::Of(_, RowField::Score)
                | Self::Key("score")
                | Self::Scorecard(_)
        )
    }

    /// Tells whether it is a day. The time beside one is none: where no day is mapped, its column is that of days.
    pub(crate) fn is_date(&self) -> bool {
        matches!(
            self,
            Self::Plain(RowField::Date | RowField::Due)
                | Self::Of(_, RowField::Date | RowField::Due)
                | Self::Key("since" | "added" | "reviewed")
                | Self::Date(_, "on")
                | Self::Contact(_, "birthday")
        )
    }

    /// Tells whether it is text or a day, which `fill-down` may take from the line above.
    pub(crate) fn may_fill(&self) -> bool {
        !self.is_money()
            && !self.is_score()
            && !matches!(
                self,
                Self::Key("margin" | "payment_terms" | "revisit")
                    | Self::Date(_, "yearly")
                    | Self::Whole(_)
            )
    }

    /// Returns which texts say in it that there is nothing, in files of such habits.
    pub(crate) fn blanks_in(&self, habits: &Habits) -> Blanks {
        match self.blanks() {
            Blanks::Words if habits.dash_blank => Blanks::WordsAndDash,
            blanks => blanks,
        }
    }

    /// Returns which texts say in it that there is nothing, in all files.
    pub(crate) fn blanks(&self) -> Blanks {
        match self {
            Self::Name
            | Self::Kind
            | Self::Plain(RowField::Date | RowField::Note)
            | Self::Of(_, RowField::Note)
            | Self::Contact(_, "note")
            | Self::Competitor(_, "note") => Blanks::Nothing,
            Self::Profile(key) if key == "note" => Blanks::Nothing,
            _ if self.is_money() => Blanks::Words,
            _ => Blanks::All,
        }
    }

    /// Tells whether different values of two columns are joined.
    pub(crate) fn is_joined(&self) -> bool {
        matches!(
            self,
            Self::Plain(RowField::Note)
                | Self::Of(_, RowField::Note)
                | Self::Key("address")
                | Self::Contact(_, "note")
                | Self::Profile(_)
        )
    }

    /// Tells whether two columns together are a list.
    pub(crate) fn is_listed(&self) -> bool {
        matches!(
            self,
            Self::Contact(_, "phone" | "mobile" | "email" | "wechat")
        )
    }

    /// Tells whether line breaks inside of its text stay.
    pub(crate) fn keeps_lines(&self) -> bool {
        matches!(
            self,
            Self::Plain(RowField::Note)
                | Self::Of(_, RowField::Note)
                | Self::Contact(_, "note")
                | Self::Profile(_)
                | Self::Custom(_)
                | Self::Aliases
                | Self::Key("tags")
        )
    }

    /// Tells whether a number that has lost digits is taken as it is.
    pub(crate) fn is_free(&self) -> bool {
        matches!(
            self,
            Self::Plain(RowField::Note)
                | Self::Of(_, RowField::Note)
                | Self::Contact(_, "note")
                | Self::Competitor(_, "note")
                | Self::Profile(_)
                | Self::Custom(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_have_names() {
        let kinds = KindTable::default();
        let back = |text: &str, into: Into| {
            let (target, turns) = ImportTarget::parse(text, into, &kinds)?;
            let sign = if turns { "-" } else { "" };
            Some(format!("{sign}{}", target.name(into, &kinds)))
        };
        for text in [
            "customer",
            "customer.id",
            "customer.aliases",
            "kind",
            "time",
            "-amount",
            "order:2.amount",
            "-payment:out.amount",
            "plan.due",
        ] {
            assert_eq!(back(text, Into::Log).as_deref(), Some(text));
        }
        for text in [
            "name",
            "id",
            "aliases",
            "stage",
            "payment_terms",
            "contact.name",
            "contact:2.phone",
            "competitor:3.note",
            "date.on",
            "profile.needs",
            "custom.old_tier",
            "scorecard.fit",
            "order:2025.amount",
            "stage.topic",
        ] {
            assert_eq!(back(text, Into::Customers).as_deref(), Some(text));
        }
        for text in [
            "former_ids",
            "amount",
            "date",
            "contact.x",
            "contact:0.name",
            "profile.",
            "golf.date",
            "-name",
            "x",
        ] {
            assert_eq!(back(text, Into::Customers), None, "{text}");
        }
        for text in [
            "stage",
            "contact.name",
            "order.customer",
            "order:.amount",
            "-kind",
        ] {
            assert_eq!(back(text, Into::Log), None, "{text}");
        }
    }
}
