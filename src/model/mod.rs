//! The book and its records as plain values with their invariants. No TOML, no CSV, no today.

mod amount;
mod birthday;
mod book;
mod column;
mod core_form;
mod customer;
mod field;
mod filled;
mod fraction;
mod id;
mod interaction;
mod kind;
mod money;
mod name;
mod own_rows;
mod period;
pub mod reading;
mod row_hash;
mod span;
mod split;
mod staff;
mod terms;
mod text;
mod typed_day;
mod word;

pub use birthday::{Birthday, NotLunar};
pub(crate) use birthday::{day_in_year, lunar_days};

pub use book::{Book, CustomerFound, LogPart, NameWord, NamingStep};
pub(crate) use column::{ByColumn, CURRENCY, CellForm, LOG_COLUMNS, LogColumn};
pub use core_form::{CoreForm, FirmForm, says_something};
pub use customer::{
    Communication, Competitor, CustomValue, Customer, Customers, ImportantDate, Person, Revisit,
};
pub use field::{
    CUSTOMER_FIELDS, FieldType, PERSON_FIELDS, Tells, customer_field_tells, expectable,
    is_customer_field, person_field_tells,
};
pub(crate) use field::{customer_fields, person_fields};
pub use fraction::Fraction;
pub(crate) use id::is_plainly_composed;
pub(crate) use id::telling_part;
pub use id::{IdFault, check_id, composed_id, folded_id};
pub use interaction::{Day, Interaction, Interactions, NO_MINUTE, Origin, RefTarget};
pub(crate) use interaction::{
    Detail, FIRST_YEAR, NO_DAY, NONE, SECOND_TEXT, UnkeptRows, first_text, second_text,
};
pub(crate) use kind::TextColumn;
pub use kind::{BUILT_IN_KINDS, BuiltIn, CellUse, Family, Kind, KindTable, Reference, Role};
pub(crate) use money::parse_units;
pub use money::{DECIMAL_DIGITS, Money, NotMoney, UNITS, WHOLE_DIGITS};
pub(crate) use name::{is_han, word_form};
pub use name::{plain_form, width_folded};
pub(crate) use own_rows::{OwnRow, OwnRows};
pub use period::{Period, PeriodLength};
pub(crate) use row_hash::{CellValue, RowHash};
pub use span::{Span, is_too_long_a_span, parse_span};
pub(crate) use split::Split;
pub use staff::{StaffMember, Training};
pub use terms::Terms;
pub use text::Text;
pub use typed_day::{AsOf, parse_as_of, too_long_a_span};
pub use word::Word;
pub(crate) use word::words;
