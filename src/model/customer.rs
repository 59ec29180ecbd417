//! A customer as its file describes it.

use chrono::NaiveDate;

use super::{Birthday, Fraction, Money, Span, Terms, Text, customer_fields, person_fields, words};

macro_rules! type_of {
    (name) => { Text };
    (text) => { Option<Text> };
    (owner) => { Option<Text> };
    (stage) => { Option<Text> };
    (texts) => { Box<[Text]> };
    (ids) => { Box<[Text]> };
    (numbers) => { Box<[Text]> };
    (date) => { Option<NaiveDate> };
    (birthday) => { Option<Birthday> };
    (communication) => { Option<Communication> };
    (score) => { Option<Fraction> };
    (share) => { Option<Fraction> };
    (money) => { Option<Money> };
    (terms) => { Option<Terms> };
    (cadence) => { Option<Revisit> };
    (scores) => { Box<[(Text, Fraction)]> };
    (free) => { Box<[(Text, CustomValue)]> };
    (people) => { Box<[Person]> };
    (dates) => { Box<[ImportantDate]> };
    (competitors) => { Box<[Competitor]> };
}

macro_rules! customer {
    ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
        /// A customer: what the file says, nothing of what happened.
        ///
        /// Texts are never empty: an empty one counts as absent.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Customer {
            /// The id, unique in the book.
            pub id: Box<str>,
            $(#[doc = $about] pub $field: type_of!($kind),)*
            /// The index of the file among those of the book.
            pub file: u32,
            /// Where in that file the customer begins, in bytes.
            pub offset: u32,
        }
    };
}
customer_fields!(customer);

impl Customer {
    /// Returns the same customer with its ids, names, owner and place alone, in memory of its own.
    pub(crate) fn names_alone(&self) -> Self {
        let own = |text: &Text| Text::from(&**text);
        Self {
            id: self.id.clone(),
            name: own(&self.name),
            aliases: self.aliases.iter().map(own).collect(),
            owner: self.owner.as_ref().map(own),
            former_ids: self.former_ids.iter().map(own).collect(),
            file: self.file,
            offset: self.offset,
            ..Self::default()
        }
    }
}

words! {
    /// How communication goes.
    Communication {
        Normal = "normal" "as usual",
        Difficult = "difficult" "worse than that",
    }
}

/// Some customers; each is half a kilobyte, which to put a hundred thousand in order should not move.
pub type Customers = Vec<Box<Customer>>;

/// A customer's own cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revisit {
    /// Every so many days, at least 1.
    Every(Span),
    /// Not at all.
    Never,
}

/// A value under `[custom]` or `[profile]`.
#[derive(Clone, Debug, PartialEq)]
pub enum CustomValue {
    /// Text.
    Text(Text),
    /// A number, exact as written.
    Number(Fraction),
    /// A number that has no exact short form.
    Float(f64),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Bool(bool),
    /// A list of texts.
    List(Vec<Text>),
}

macro_rules! person {
    ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
        /// A person at the customer's: a `[[contact]]` table.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Person {
            $(#[doc = $about] pub $field: type_of!($kind),)*
        }
    };
}
person_fields!(person);

impl Person {
    /// Returns the number to call: the first of `phone`, else of `mobile`.
    pub fn number(&self) -> Option<&Text> {
        self.phone.first().or(self.mobile.first())
    }
}

/// A day that matters: a `[[date]]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportantDate {
    /// What it is.
    pub name: Text,
    /// The day.
    pub on: NaiveDate,
    /// Whether it comes back every year.
    pub is_yearly: bool,
}

/// A competitor at the customer's: a `[[competitor]]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Competitor {
    /// The name.
    pub name: Option<Text>,
    /// What is known.
    pub note: Option<Text>,
}
