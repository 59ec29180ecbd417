//! The tables of what a customer and a person at the customer's have: each row is a field's name here and
//! in files, its type, what it tells of whose it is, and what it is. Structs, readers, `set`, `[archive] expect` and completion follow.

/// Hands the fields of a customer to a macro, in the order in which files mostly have them.
macro_rules! customer_fields {
    ($then:ident) => {
        $then! {
            name "name" name who "The name."
            aliases "aliases" texts who "Other names."
            owner "owner" owner word "The account manager's id."
            stage "stage" stage word "The stage, one of the policy's; rows may say a later one."
            since "since" date word "The start of the cooperation."
            added "added" date word "When the file was made."
            former_ids "former_ids" ids word "Ids that the customer once had, by which rows and arguments may still name it."
            segment "segment" text group "The market segment."
            region "region" text group "The region."
            tags "tags" texts group "Tags."
            communication "communication" communication word "How communication goes."
            score "score" score word "The subjective score, 0 to 100."
            margin "margin" share word "The share of revenue that is earned, 0 to 1."
            credit_limit "credit_limit" money word "The most that the customer may owe."
            payment_terms "payment_terms" terms word "When an invoice is due that does not say it."
            revisit "revisit" cadence word "The customer's own cadence."
            reviewed "reviewed" date word "When a person last went through the file."
            website "website" text who "The website."
            address "address" text who "The address."
            licence "licence" text who "The number of the business licence."
            registered_capital "registered_capital" money word "The registered capital."
            bank_account "bank_account" text who "The bank account."
            scorecard "scorecard" scores word "The scorecard's items, 0 to 100 each."
            profile "profile" free free "What they need and how they buy, by free keys."
            custom "custom" free free "Anything else, by free keys."
            people "contact" people free "The `[[contact]]` tables."
            dates "date" dates free "The `[[date]]` tables."
            competitors "competitor" competitors free "The `[[competitor]]` tables."
        }
    };
}
pub(crate) use customer_fields;

/// Hands the fields of a person to a macro.
macro_rules! person_fields {
    ($then:ident) => {
        $then! {
            name "name" text who "The name."
            title "title" text free "The title or function."
            phone "phone" numbers who "The telephone numbers."
            mobile "mobile" numbers who "The numbers of mobile telephones."
            email "email" numbers who "The email addresses."
            wechat "wechat" numbers who "The names in the messenger of that name."
            birthday "birthday" birthday word "The birthday, by the solar or the lunar calendar."
            note "note" text free "Anything else worth knowing."
        }
    };
}
pub(crate) use person_fields;

/// Of which type the value of a field is, as a file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A text, or what is written as one.
    Text,
    /// A list of texts.
    Texts,
    /// A day.
    Date,
    /// A number.
    Number,
    /// A number from 0 to 1.
    Share,
    /// An amount.
    Money,
    /// A table of keys: `[name]`.
    Table,
    /// A list of tables: `[[name]]`.
    Tables,
}

/// What a field tells of whose it is: some texts must go with a name, and some cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Who it is.
    Who,
    /// A word, a day or a number that means something by itself.
    Word,
    /// Which group it belongs to.
    Group,
    /// Whatever somebody wrote.
    Free,
}

macro_rules! tells {
    (who) => {
        Tells::Who
    };
    (word) => {
        Tells::Word
    };
    (group) => {
        Tells::Group
    };
    (free) => {
        Tells::Free
    };
}

macro_rules! type_of {
    (name) => {
        FieldType::Text
    };
    (text) => {
        FieldType::Text
    };
    (owner) => {
        FieldType::Text
    };
    (stage) => {
        FieldType::Text
    };
    (communication) => {
        FieldType::Text
    };
    (terms) => {
        FieldType::Text
    };
    (cadence) => {
        FieldType::Text
    };
    (texts) => {
        FieldType::Texts
    };
    (ids) => {
        FieldType::Texts
    };
    (date) => {
        FieldType::Date
    };
    (score) => {
        FieldType::Number
    };
    (share) => {
        FieldType::Share
    };
    (money) => {
        FieldType::Money
    };
    (scores) => {
        FieldType::Table
    };
    (free) => {
        FieldType::Table
    };
    (people) => {
        FieldType::Tables
    };
    (dates) => {
        FieldType::Tables
    };
    (competitors) => {
        FieldType::Tables
    };
}

macro_rules! of_customers {
    ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
        /// The fields of a customer: the name that files have for each, and its type.
        pub const CUSTOMER_FIELDS: &[(&str, FieldType)] = &[$(($name, type_of!($kind))),*];

        /// Tells whether a name is that of a customer's field.
        pub fn is_customer_field(name: &str) -> bool {
            // A list to be searched would cost as much as all else that is done for a free key.
            matches!(name, $($name)|*)
        }

        /// Returns what a field of a customer tells of whose it is; `None` if there is no such field.
        pub fn customer_field_tells(name: &str) -> Option<Tells> {
            match name {
                $($name => Some(tells!($tells)),)*
                _ => None,
            }
        }
    };
}
customer_fields!(of_customers);

macro_rules! of_people {
    ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
        /// The fields of a person.
        pub const PERSON_FIELDS: &[&str] = &[$($name),*];

        /// Returns what a field of a person tells of whose it is; `None` if there is no such field.
        pub fn person_field_tells(name: &str) -> Option<Tells> {
            match name {
                $($name => Some(tells!($tells)),)*
                _ => None,
            }
        }
    };
}
person_fields!(of_people);

/// The fields of the other lists of tables that a policy can expect.
const OF_LISTS: &[&str] = &["date.name", "date.on", "competitor.name", "competitor.note"];

/// Returns the fields that a policy can expect, but for those of free keys.
pub fn expectable() -> impl Iterator<Item = String> {
    let people = PERSON_FIELDS.iter().map(|it| format!("contact.{it}"));
    let whole = CUSTOMER_FIELDS.iter().map(|it| it.0.to_owned());
    let of_lists = OF_LISTS.iter().map(|it| (*it).to_owned());
    whole.chain(people).chain(of_lists)
}
