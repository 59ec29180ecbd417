//! One thing that somebody is to be told.

use chrono::NaiveDate;

use crate::source::short_hash;
use crate::words::written;

/// Where in a digest a thing stands, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DigestSection {
    /// A customer to be seen.
    Visit,
    /// A case with a deadline.
    Case,
    /// A day that comes.
    Date,
    /// An invoice past due.
    Invoice,
}

impl DigestSection {
    /// All of them, in their order.
    pub(crate) const ALL: [Self; 4] = [Self::Visit, Self::Case, Self::Date, Self::Invoice];

    /// Returns its heading.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Visit => written().pick("To see", "应拜访"),
            Self::Case => written().pick("Cases", "事项"),
            Self::Date => written().pick("Dates", "日程"),
            Self::Invoice => written().pick("Invoices past due", "逾期发票"),
        }
    }
}

/// One thing that somebody is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reminder {
    /// Where it stands.
    pub(crate) section: DigestSection,
    /// What it is, as a calendar's events are called: `revisit`, `respond`, `birthday` …
    pub(crate) kind: String,
    /// The customer's id and name.
    pub(crate) customer: String,
    pub(crate) name: String,
    /// What it is of, within the customer: a ref, or a name and a year.
    pub(crate) key: String,
    /// The day that it is due on.
    pub(crate) day: NaiveDate,
    /// Whether that is past.
    pub(crate) is_late: bool,
    /// What there is to say of it, and why.
    pub(crate) why: String,
    /// Whom to call.
    pub(crate) phone: String,
    /// Who is to be told; nobody where that is empty.
    pub(crate) person: String,
}

impl Reminder {
    /// Returns the key by which it is remembered: the same on every run, and telling nothing.
    pub(crate) fn id(&self, book: &str) -> String {
        let parts = [book, &self.kind, &self.customer, &self.key, &self.person];
        short_hash(&parts.join("\n"))
    }
}
