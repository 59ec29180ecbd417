//! What leaves the book: one file a format. Nothing written here has a clock, a host or a version in it.
//!
//! Texts of the book are texts in every one of them: each format says what could be code there, and how that
//! is kept from being it.

pub(crate) mod contacts;
pub(crate) mod journal;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;

use crate::figures::Figures;
use crate::load::Loaded;
use crate::model::Customer;
use crate::source::Files;

/// A book that is to leave, and which customers of it.
pub(crate) struct LeavingBook<'a> {
    /// The book, its policy and its logs, loaded with the rows' origins.
    pub(crate) loaded: &'a Loaded,
    /// The files, to look at rows again.
    pub(crate) files: &'a dyn Files,
    /// The figures of the day.
    pub(crate) figures: &'a Figures<'a>,
    /// The customers by their indexes, in id order.
    pub(crate) customers: Vec<u32>,
    /// On how many threads work is done.
    pub(crate) threads: usize,
}

impl LeavingBook<'_> {
    /// Returns the customers with their indexes.
    pub(crate) fn customers(&self) -> impl Iterator<Item = (usize, &Customer)> {
        let customers = &self.loaded.book.customers;
        let indexes = self.customers.iter().map(|it| *it as usize);
        indexes.map(|index| (index, &*customers[index]))
    }
}
