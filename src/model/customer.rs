//! A customer as its file describes it.

use chrono::NaiveDate;

use super::{Fraction, Money, Terms, Text};

/// A customer: what the file says, nothing of what happened.
///
/// Texts are never empty: an empty one counts as absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Customer {
    /// The id, unique in the book.
    pub id: Box<str>,
    /// The name.
    pub name: Text,
    /// Other names.
    pub aliases: Box<[Text]>,
    /// The account manager's id.
    pub owner: Option<Text>,
    /// The stage, one of the policy's; rows may say a later one.
    pub stage: Option<Text>,
    /// The start of the cooperation.
    pub since: Option<NaiveDate>,
    /// When the file was made.
    pub added: Option<NaiveDate>,
    /// Ids that the customer once had, by which rows and arguments may still name it.
    pub former_ids: Box<[Text]>,
    /// The market segment.
    pub segment: Option<Text>,
    /// The region.
    pub region: Option<Text>,
    /// Tags.
    pub tags: Box<[Text]>,
    /// Whether the file says how communication goes.
    pub has_communication: bool,
    /// True where the file says `communication = "difficult"`.
    pub is_difficult: bool,
    /// The subjective score, 0 to 100.
    pub score: Option<Fraction>,
    /// The scorecard's items, 0 to 100 each.
    pub scorecard: Box<[(Text, Fraction)]>,
    /// The share of revenue that is earned, 0 to 1.
    pub margin: Option<Fraction>,
    /// The most that the customer may owe.
    pub credit_limit: Option<Money>,
    /// When an invoice is due that does not say it.
    pub payment_terms: Option<Terms>,
    /// The customer's own cadence.
    pub revisit: Option<Revisit>,
    /// When a person last went through the file.
    pub reviewed: Option<NaiveDate>,
    /// The website.
    pub website: Option<Text>,
    /// The address.
    pub address: Option<Text>,
    /// The number of the business licence.
    pub licence: Option<Text>,
    /// The registered capital.
    pub registered_capital: Option<Money>,
    /// The bank account.
    pub bank_account: Option<Text>,
    /// What they need and how they buy, by free keys.
    pub profile: Box<[(Text, CustomValue)]>,
    /// Anything else, by free keys.
    pub custom: Box<[(Text, CustomValue)]>,
    /// The `[[contact]]` tables.
    pub people: Box<[Person]>,
    /// The `[[date]]` tables.
    pub dates: Box<[ImportantDate]>,
    /// The `[[competitor]]` tables.
    pub competitors: Box<[Competitor]>,
    /// The index of the file among those of the book.
    pub file: u32,
    /// Where in that file the customer begins, in bytes.
    pub offset: u32,
}

/// Some customers; each is half a kilobyte, which to put a hundred thousand in order should not move.
pub type Customers = Vec<Box<Customer>>;

/// A customer's own cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revisit {
    /// Every so many days, at least 1.
    Every(i64),
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

/// A person at the customer's: a `[[contact]]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Option<Text>,
    /// The title or function.
    pub title: Option<Text>,
    /// The telephone numbers.
    pub phone: Box<[Text]>,
    /// The numbers of mobile telephones.
    pub mobile: Box<[Text]>,
    /// The email addresses.
    pub email: Box<[Text]>,
    /// The names in the messenger of that name.
    pub wechat: Box<[Text]>,
    /// The birthday as (year if known, month, day).
    pub birthday: Option<(Option<i32>, u32, u32)>,
    /// Anything else worth knowing.
    pub note: Option<Text>,
}

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
