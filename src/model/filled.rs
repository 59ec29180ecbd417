//! Whether a customer's file fills a field that the policy expects.

use super::{Customer, Text, customer_fields, person_fields};

macro_rules! of_customers {
    ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
        /// Tells whether a customer's file fills one of the fields that have no `.` in their name.
        fn has_whole(customer: &Customer, field: &str) -> bool {
            match field {
                $($name => customer.$field.is_filled(),)*
                _ => false,
            }
        }
    };
}
customer_fields!(of_customers);

macro_rules! of_people {
    ($($field:ident $name:literal $kind:ident $tells:ident $about:literal)*) => {
        /// Tells whether one person at least has a field.
        fn has_of_person(customer: &Customer, field: &str) -> bool {
            let people = &customer.people;
            match field {
                $($name => people.iter().any(|it| it.$field.is_filled()),)*
                _ => false,
            }
        }
    };
}
person_fields!(of_people);

impl Customer {
    /// Tells whether a field that a policy can expect is filled in the customer's file.
    pub fn has(&self, field: &str) -> bool {
        let Some((table, key)) = field.split_once('.') else {
            return has_whole(self, field);
        };
        match (table, key) {
            ("contact", _) => has_of_person(self, key),
            ("date", "name" | "on") => !self.dates.is_empty(),
            ("competitor", "name") => self.competitors.iter().any(|it| it.name.is_some()),
            ("competitor", "note") => self.competitors.iter().any(|it| it.note.is_some()),
            ("profile", _) => self.profile.iter().any(|it| *it.0 == *key),
            ("custom", _) => self.custom.iter().any(|it| *it.0 == *key),
            ("scorecard", _) => self.scorecard.iter().any(|it| *it.0 == *key),
            _ => false,
        }
    }
}

/// What can be filled.
trait Fillable {
    fn is_filled(&self) -> bool;
}

impl Fillable for Text {
    fn is_filled(&self) -> bool {
        !self.is_empty()
    }
}

impl<T> Fillable for Option<T> {
    fn is_filled(&self) -> bool {
        self.is_some()
    }
}

impl<T> Fillable for Box<[T]> {
    fn is_filled(&self) -> bool {
        !self.is_empty()
    }
}
