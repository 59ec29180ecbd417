//! Customers named on the command line, with the file that each stands in.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::{Desk, Logs, load_options};
use crate::edit::toml_scope::TableScope;
use crate::load::{LoadOptions, Loaded, load, load_chosen, load_some, load_some_but_rows};
use crate::model::{Customer, composed_id};
use crate::policy::Policy;
use crate::session::customer::{Reach, find_customer, own_file};
use crate::source::{Files, holds_many};

/// A customer and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedCustomer {
    pub(crate) id: String,
    /// The customer's file.
    pub(crate) path: String,
    /// Which table of it.
    pub(crate) scope: TableScope,
}

impl NamedCustomer {
    /// Tells whether the file is the customer's alone.
    pub(crate) fn is_alone(&self) -> bool {
        self.scope == TableScope::File
    }
}

/// A part of a book, loaded, with the paths that its customers' files have.
pub(crate) struct LoadedPart {
    pub(crate) loaded: Loaded,
    paths: Vec<String>,
    /// Where each customer stands, by file and byte, once somebody asks.
    places: OnceCell<Vec<(u32, u32)>>,
}

impl LoadedPart {
    /// Loads the customers of some files, and their rows if logs are among them.
    pub(crate) fn load(files: &dyn Files, options: LoadOptions) -> Self {
        Self {
            loaded: load_some(files, None, options),
            paths: files.paths().to_vec(),
            places: OnceCell::new(),
        }
    }

    /// Loads the customers of some files, and reads their rows for what is wrong alone.
    pub(crate) fn but_rows(files: &dyn Files, options: LoadOptions) -> Self {
        Self {
            loaded: load_some_but_rows(files, options),
            paths: files.paths().to_vec(),
            places: OnceCell::new(),
        }
    }

    /// Loads the customers of some files who have one of these ids, and their rows if logs are among the files.
    ///
    /// The others of a file of many are read for what is wrong, and not kept.
    pub(crate) fn of(files: &dyn Files, ids: &BTreeSet<&str>, options: LoadOptions) -> Self {
        let mut places = Vec::new();
        let loaded = load_chosen(files, options, |it| {
            places.push((it.file, it.offset));
            ids.contains(&*it.id)
        });
        places.sort_unstable();
        Self {
            loaded,
            paths: files.paths().to_vec(),
            places: OnceCell::from(places),
        }
    }

    /// Loads a whole book, in which a row of somebody unknown is an error.
    pub(crate) fn whole(files: &dyn Files, options: LoadOptions) -> Self {
        Self {
            loaded: load(files, None, options),
            paths: files.paths().to_vec(),
            places: OnceCell::new(),
        }
    }

    /// Returns the policy alone; all else is let go.
    pub(crate) fn into_policy(self) -> Policy {
        self.loaded.policy
    }

    /// Returns how many customers stand in a customer's file, and how many of those before it.
    fn number_of(&self, customer: &Customer) -> (usize, usize) {
        let places = self.places.get_or_init(|| {
            let all = self.loaded.book.customers.iter();
            let mut places: Vec<_> = all.map(|it| (it.file, it.offset)).collect();
            places.sort_unstable();
            places
        });
        let before = |file: u32, offset: u32| places.partition_point(|it| *it < (file, offset));
        let start = before(customer.file, 0);
        let count = before(customer.file.saturating_add(1), 0) - start;
        (count, before(customer.file, customer.offset) - start)
    }

    /// Returns the path of a customer's file.
    pub(crate) fn path_of(&self, customer: &Customer) -> &str {
        self.paths
            .get(customer.file as usize)
            .map_or("", String::as_str)
    }
}

impl Desk {
    /// Finds the customer that a word names in full: by its id, a former one, its name or an alias.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub(crate) fn find(&self, word: &str) -> anyhow::Result<NamedCustomer> {
        if let Some(named) = self.find_by_file(word) {
            return Ok(named);
        }
        self.find_among(&self.customers(), word)
    }

    /// Finds several, of whom most may have a file of their own.
    pub(crate) fn find_all(&self, words: &[&str]) -> Vec<anyhow::Result<NamedCustomer>> {
        let mut part = None;
        let mut find = |word: &str| match self.find_by_file(word) {
            Some(named) => Ok(named),
            None => self.find_among(part.get_or_insert_with(|| self.customers()), word),
        };
        words.iter().map(|word| find(word)).collect()
    }

    /// Loads all customers without their rows.
    pub(crate) fn customers(&self) -> LoadedPart {
        LoadedPart::load(
            &self.part(Logs::Without, |_| true),
            load_options(false, false),
        )
    }

    /// Finds the customer that a word names among those loaded.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub(crate) fn find_among(
        &self,
        part: &LoadedPart,
        word: &str,
    ) -> anyhow::Result<NamedCustomer> {
        let meant = find_customer(&part.loaded.book, word, Reach::Exact)?;
        Ok(self.named(part, &part.loaded.book.customers[meant.index]))
    }

    /// Returns where a customer of those loaded stands.
    pub(crate) fn named(&self, part: &LoadedPart, customer: &Customer) -> NamedCustomer {
        let path = part.path_of(customer).to_owned();
        let (count, before) = part.number_of(customer);
        let is_list = || {
            let text = self.text(&path);
            text.is_ok_and(|it| it.is_some_and(|text| holds_many(&text)))
        };
        let scope = if count > 1 || is_list() {
            TableScope::Customer(before)
        } else {
            TableScope::File
        };
        NamedCustomer {
            id: customer.id.to_string(),
            path,
            scope,
        }
    }

    /// Finds a customer whose file has the word as its stem, without a look into any other file.
    fn find_by_file(&self, word: &str) -> Option<NamedCustomer> {
        let file = own_file(&self.files, word)?;
        Some(NamedCustomer {
            id: composed_id(word).into_owned(),
            path: self.files.paths().get(file)?.clone(),
            scope: TableScope::File,
        })
    }
}
