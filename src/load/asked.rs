//! Which rows a book is loaded for, and what of the others it can do without.

use crate::model::{Day, Kind, NO_DAY, Reference, Role};

/// The rows that a book is loaded for, and which of their texts.
///
/// All rows are read and checked. Of those that nobody asks for, the book knows when the first was, and the
/// last contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsAsked {
    /// The last day that is asked about; later rows are kept.
    pub until: Day,
    /// What the rows do that are asked for; without it all are.
    pub roles: Option<Vec<Role>>,
    /// Whether all contacts are, not only when the last was.
    pub contacts: bool,
    /// From which day on it is asked whom rows that do this name.
    pub staff: Vec<(Role, Day)>,
    /// From which day on it is asked whom other contacts name.
    pub contact_staff: Option<Day>,
    /// What rows do whose topic is asked for, though none counts for what they do.
    pub topics: Vec<Role>,
}

impl RowsAsked {
    /// Returns up to which day rows of a kind need not be kept; [`NO_DAY`] if all are.
    ///
    /// Orders are kept whatever is asked, for the revenue of all depends on whether there are any, and so
    /// are rows that name others or are named: a ref is only known to be right beside what it names.
    pub(super) fn unkept_until(&self, kind: &Kind) -> Day {
        let roles = self.roles.as_ref();
        let is_asked = roles.is_none_or(|it| it.contains(&kind.role));
        let is_needed = kind.role == Role::Order || kind.reference != Reference::Free;
        if is_asked || is_needed || kind.contact && self.contacts {
            NO_DAY
        } else {
            self.until
        }
    }

    /// Returns from which day on it is kept whom a kind's rows name.
    pub(super) fn staff_from(&self, kind: &Kind) -> Option<Day> {
        let mut of_roles = self.staff.iter();
        let of_role = of_roles.find(|(role, _)| *role == kind.role);
        let of_contact = self.contact_staff.filter(|_| kind.contact);
        of_role.map(|it| it.1).or(of_contact)
    }
}
