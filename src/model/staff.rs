//! Account managers.

use chrono::NaiveDate;

/// An account manager, as `staff.toml` describes one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffMember {
    /// The id that `owner` and the `staff` column use.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// Segments or regions that this person serves.
    pub scope: Vec<String>,
    /// How many visits a year this person can make.
    pub visits_per_year: Option<u32>,
    /// The first day.
    pub joined: Option<NaiveDate>,
    /// The day of leaving.
    pub left: Option<NaiveDate>,
    /// Training, planned and done.
    pub training: Vec<Training>,
}

/// One training of an account manager.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Training {
    /// What it is about.
    pub topic: String,
    /// The day it is planned for.
    pub planned: Option<NaiveDate>,
    /// The day it was done.
    pub done: Option<NaiveDate>,
}
