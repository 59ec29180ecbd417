//! A book as far as words are looked for in it: whatever is wrong with it, and whoever writes meanwhile.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;

use super::Candidate;
use crate::diagnostic::Diagnostics;
use crate::figures::nameable_rows;
use crate::folder::DiskFiles;
use crate::load::{Begun, LoadOptions, Loaded, files_below, load_one};
use crate::metric::Metric;
use crate::model::{CustomValue, Customer, Person, Terms, Text, check_id};
use crate::parallel;
use crate::policy::Policy;
use crate::report::{RowTexts, free_column};
use crate::rule::Vocabulary;
use crate::session::customer::{Reach, find_customer, own_file};
use crate::source::{CUSTOMERS, Files, holds_many};
use crate::words::say;

/// Up to how many customer files are all looked into for more customers than one.
const FEW: usize = 5_000;

/// From how many bytes on a customer file is looked into, where there are more files than that.
const LONG: u64 = 16 * 1024;

/// The most bytes of a customer file that are looked at.
const MOST: usize = 64 * 1024 * 1024;

/// How many files a thread looks into at once.
const SHARE: usize = 64;

/// How many customer files are read, at most: of a book that has more, names do not stand beside ids, and
/// what customers have in common is looked for in some of them.
const SMALL: usize = 2_000;

/// A book that is found and read as far as it is asked for.
pub(super) struct Shelf<'f> {
    find: &'f dyn Fn() -> Option<PathBuf>,
    files: OnceCell<Option<DiskFiles>>,
    threads: usize,
    /// What day it is.
    pub(super) today: NaiveDate,
}

impl<'f> Shelf<'f> {
    /// Takes the book that `find` finds, if it must be looked at.
    pub(super) fn new(find: &'f dyn Fn() -> Option<PathBuf>, today: NaiveDate) -> Self {
        Self {
            find,
            files: OnceCell::new(),
            threads: parallel::all_cores(),
            today,
        }
    }

    fn files(&self) -> Option<&DiskFiles> {
        let walk =
            |folder: PathBuf| DiskFiles::walk(&folder, self.threads, &mut Diagnostics::default());
        self.files.get_or_init(|| (self.find)().map(walk)).as_ref()
    }

    fn options(&self) -> LoadOptions {
        LoadOptions {
            threads: self.threads,
            origins: true,
            ..LoadOptions::default()
        }
    }

    /// Reads the policy, the staff and some customer files, and takes what is wanted of them.
    fn read<T: Default>(
        &self,
        files: &dyn Files,
        customer_files: &[usize],
        take: impl FnOnce(&Begun) -> T,
    ) -> T {
        let choose = |begun: &Begun| Err(take(begun));
        let read: Result<Loaded, T> = load_one(files, None, self.options(), customer_files, choose);
        read.err().unwrap_or_default()
    }

    /// Takes what is wanted of the policy and the staff.
    fn of_policy<T: Default>(&self, take: impl FnOnce(&Begun) -> T) -> T {
        let read = |files: &DiskFiles| self.read(files, &[], take);
        self.files().map(read).unwrap_or_default()
    }

    /// Returns words that the policy gives to rules.
    pub(super) fn words(&self, which: impl FnOnce(Vocabulary) -> Vec<String>) -> Vec<String> {
        self.of_policy(|begun| which(begun.policy.vocabulary()))
    }

    /// Returns names that the policy has.
    pub(super) fn of_rules(&self, which: impl FnOnce(&Policy) -> Vec<Candidate>) -> Vec<Candidate> {
        self.of_policy(|begun| which(&begun.policy))
    }

    /// Takes what is wanted of a few customers: all of a small book, some of a large one.
    fn of_some<T: Default>(&self, take: impl FnOnce(&Begun) -> T) -> T {
        let Some(files) = self.files() else {
            return T::default();
        };
        let all = files_below(files, CUSTOMERS, ".toml");
        let step = all.len().div_ceil(SMALL).max(1);
        let some: Vec<usize> = all.into_iter().step_by(step).collect();
        self.read(files, &some, take)
    }

    /// Returns the ids of the staff, with their names; without a list of staff those of owners.
    pub(super) fn owners(&self) -> Vec<Candidate> {
        let staff = self.of_policy(|begun| {
            let staff = begun.book.staff.as_ref()?;
            let staff = staff.iter();
            Some(
                staff
                    .map(|it| Candidate::told(&*it.id, it.name.clone()))
                    .collect(),
            )
        });
        staff.unwrap_or_else(|| Candidate::bare(self.values(Metric::Owner)))
    }

    /// Returns what customers have for a text that several may have.
    pub(super) fn values(&self, metric: Metric) -> Vec<String> {
        let of = |it: &Customer, into: &mut BTreeSet<String>| {
            let text = match metric {
                Metric::Owner => it.owner.as_deref(),
                Metric::Segment => it.segment.as_deref(),
                Metric::Region => it.region.as_deref(),
                Metric::PaymentTerms => it.payment_terms.as_ref().map(Terms::as_str),
                _ => None,
            };
            into.extend(text.map(str::to_owned));
            if metric == Metric::Tags {
                into.extend(it.tags.iter().map(ToString::to_string));
            }
        };
        self.collected(of)
    }

    /// Returns the free keys that customers have: `custom.x`.
    pub(super) fn free_keys(&self) -> Vec<String> {
        self.of_some(|begun| free_column(&begun.book))
    }

    /// Returns the texts that customers have under a free key.
    pub(super) fn free_values(&self, name: &str) -> Vec<String> {
        let Some((table, key)) = name.split_once('.') else {
            return Vec::new();
        };
        self.collected(|it, into| {
            let keys = match table {
                "custom" => &it.custom,
                _ => &it.profile,
            };
            for (_, value) in keys.iter().filter(|it| &*it.0 == key) {
                match value {
                    CustomValue::Text(text) => into.extend([text.to_string()]),
                    CustomValue::List(texts) => {
                        into.extend(texts.iter().map(ToString::to_string));
                    }
                    _ => {}
                }
            }
        })
    }

    fn collected(&self, of: impl Fn(&Customer, &mut BTreeSet<String>)) -> Vec<String> {
        self.of_some(|begun| {
            let mut found = BTreeSet::new();
            for customer in &begun.book.customers {
                of(customer, &mut found);
            }
            found.into_iter().collect()
        })
    }

    /// Returns the ids of all customers, in a small book with their names.
    pub(super) fn customers(&self) -> Vec<Candidate> {
        let Some(files) = self.files() else {
            return Vec::new();
        };
        let all = files_below(files, CUSTOMERS, ".toml");
        let ids = self.ids(files, &all);
        if ids.len() > SMALL {
            return Candidate::bare(ids);
        }
        let names = self.read(files, &all, |begun| {
            let customers = begun.book.customers.iter();
            let names = customers.map(|it| (it.id.to_string(), it.name.to_string()));
            names.collect::<BTreeMap<_, _>>()
        });
        let candidate = |id: String| {
            let name = names.get(&id).cloned();
            Candidate::told(id, name)
        };
        ids.into_iter().map(candidate).collect()
    }

    /// Returns the names of the people at a customer.
    pub(super) fn people(&self, word: &str) -> Vec<Candidate> {
        let read = |files: &DiskFiles| {
            self.read(files, &customer_files(files, word), |begun| {
                let meant = find_customer(&begun.book, word, Reach::Exact).ok()?;
                let people = begun.book.customers[meant.index].people.iter();
                let text = |it: &Option<Text>| it.as_deref().map(str::to_owned);
                let person = |it: &Person| Some(Candidate::told(text(&it.name)?, text(&it.title)));
                Some(people.filter_map(person).collect())
            })
        };
        self.files().and_then(read).unwrap_or_default()
    }

    /// Returns the refs that a row of a kind can name at a customer; without a kind, of any that names one.
    pub(super) fn refs(&self, word: &str, kind: Option<&str>) -> Vec<Candidate> {
        self.files()
            .and_then(|files| self.refs_in(files, word, kind))
            .unwrap_or_default()
    }

    fn refs_in(&self, files: &DiskFiles, word: &str, kind: Option<&str>) -> Option<Vec<Candidate>> {
        let choose = |begun: &Begun| {
            let meant = find_customer(&begun.book, word, Reach::Exact);
            meant.map(|it| it.index)
        };
        let customer_files = customer_files(files, word);
        let loaded = load_one(files, None, self.options(), &customer_files, choose).ok()?;
        let (book, policy) = (&loaded.book, &loaded.policy);
        let kinds = policy.kinds.all().iter();
        let kinds = kinds.filter(|it| kind.is_none_or(|kind| *kind == *it.name));
        let rows: BTreeSet<usize> = kinds
            .flat_map(|kind| nameable_rows((book, policy, self.today), 0, kind))
            .collect();
        let texts = RowTexts::read(&loaded, files, 0, rows.iter().copied(), self.threads);
        let all = book.interactions_of(0);
        let candidate = |row: usize| {
            let (text, found) = (texts.of(row)?, all.rows().get(row)?);
            let kind = policy.kinds.kind(found.kind).called();
            let about = match (text.topic.as_str(), found.has_quantity) {
                ("", true) => say!(": {}", "：{}", found.amount()),
                ("", false) => String::new(),
                (topic, _) => say!(": {topic}", "：{topic}"),
            };
            let (kind, day) = (kind.spoken(), found.day.date());
            let about = say!("{kind} of {day}{about}", "{day} 的{kind}{about}");
            Some(Candidate::new(texts.reference(row)?, about))
        };
        Some(rows.into_iter().filter_map(candidate).collect())
    }

    /// Returns the ids of all customers: the stems of most files, and what stands in files of many.
    ///
    /// Of many files only the long ones are looked into; to open a hundred thousand takes half a
    /// second. A short file of several customers is then taken for one.
    fn ids(&self, files: &DiskFiles, all: &[usize]) -> Vec<String> {
        let is_few = all.len() <= FEW;
        let is_looked_into =
            |file: usize| is_few || files.length(file).is_ok_and(|length| length > LONG);
        let shares = all.chunks(SHARE).collect();
        let ids = parallel::map(self.threads, shares, |share: &[usize]| {
            let mut buffer = Vec::new();
            let mut ids = Vec::with_capacity(share.len());
            for &file in share {
                let text = is_looked_into(file).then(|| text(files, file, &mut buffer));
                match text.flatten().filter(|text| holds_many(text)) {
                    Some(text) => ids.extend(ids_of_tables(text).map(str::to_owned)),
                    None => ids.extend(stem(files, file).map(str::to_owned)),
                }
            }
            ids
        });
        let mut ids: Vec<String> = ids.into_iter().flatten().collect();
        ids.retain(|id| check_id(id).is_ok());
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Returns the files in which a customer may stand: its own, or all.
fn customer_files(files: &DiskFiles, word: &str) -> Vec<usize> {
    match own_file(files, word) {
        Some(file) => vec![file],
        None => files_below(files, CUSTOMERS, ".toml"),
    }
}

fn text<'t>(files: &DiskFiles, file: usize, buffer: &'t mut Vec<u8>) -> Option<&'t str> {
    let length = files.read(file, MOST, buffer).ok()?;
    std::str::from_utf8(buffer.get(..length)?).ok()
}

fn stem(files: &DiskFiles, file: usize) -> Option<&str> {
    let name = files.paths().get(file)?.rsplit('/').next()?;
    name.strip_suffix(".toml")
}

/// Returns the ids in the `[[customer]]` tables of a text, where they stand in plain lines.
///
/// To parse the tables would tell them all, and take ten times as long.
fn ids_of_tables(text: &str) -> impl Iterator<Item = &str> {
    let mut is_of_customer = false;
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if line.starts_with('[') {
            let name = line.strip_prefix("[[").and_then(|it| it.split_once("]]"));
            is_of_customer = name.is_some_and(|(name, _)| name.trim() == "customer");
            return None;
        }
        let value = line.strip_prefix("id").filter(|_| is_of_customer)?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        Some(value.strip_prefix(quote)?.split_once(quote)?.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_tables_of_customers() {
        let text = "[[customer]]\nid = \"a\"\n[[customer.contact]]\nid = \"no\"\n\n\
                    [[ customer ]] # b\nidle = \"no\"\n  id='b' # c\n[[customers]]\nid = \"no\"\n";
        assert_eq!(ids_of_tables(text).collect::<Vec<_>>(), ["a", "b"]);
    }
}
