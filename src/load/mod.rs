//! From the files of a book to a [`Book`], its [`Policy`] and everything that is wrong with it.
//!
//! [`load`] never fails and never stops early: it returns a book *and* diagnostics, and `cli`
//! decides what they mean. It knows nothing of the disk: it reads through [`Files`].

mod asked;
mod copies;
mod customers;
mod encoding;
mod file_text;
pub(crate) mod log;
mod staff;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostics, UNKNOWN_CUSTOMER};
use crate::model::{Book, Customer, Day, KindTable, LogPart, Role};
use crate::policy::{self, Policy, RevenueBasis};
use crate::source::{
    CUSTOMERS, Cut as _, Files, INTERACTIONS, POLICY_FILE, STAFF_FILE, SourceText,
};
pub use asked::RowsAsked;
use copies::without_copies;
pub(crate) use customers::{KeyPath, key_places, path_places};
use customers::{KnownNames, StaffIds, read_customers};
pub(crate) use encoding::{control_character, input_encoding_fault};
use file_text::clean_text;
use log::{LogFile, Stranger};

/// The most bytes of the policy and of the staff file.
const MOST_SMALL: usize = 1024 * 1024;

/// What to load, and how.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub struct LoadOptions {
    /// On how many threads.
    pub threads: usize,
    /// Whether to keep each row's file and line.
    pub origins: bool,
    /// Whether to look for what is odd, not only for what is wrong.
    pub warns: bool,
    /// Whether to keep what tells rows that are equal.
    pub hashes: bool,
    /// Whether files that are copies of others by their names are read too, without a word.
    pub copies: bool,
    /// Whether to keep of customers their ids, names and owners alone: enough for whoever asks for
    /// rows, which need the memory.
    pub names_alone: bool,
    /// How many bytes of a log are read at once, at least; nothing but speed depends on it.
    pub block_bytes: usize,
}

impl Default for LoadOptions {
    /// One thread, no origins, no warnings.
    fn default() -> Self {
        Self {
            threads: 1,
            origins: false,
            warns: false,
            hashes: false,
            copies: false,
            names_alone: false,
            block_bytes: log::BLOCK_BYTES,
        }
    }
}

/// A book, and what was found while reading it.
#[derive(Debug)]
pub struct Loaded {
    /// The customers, staff and interactions that could be read.
    pub book: Book,
    /// The policy in force.
    pub policy: Policy,
    /// What is wrong, sorted by file and place.
    pub diagnostics: Diagnostics,
    /// The logs, in the order in which [`crate::model::Origin`] counts them.
    pub(crate) logs: Vec<LogFile>,
    /// Whom rows name though they are none of the staff, if warnings were wanted.
    pub(crate) strangers: Vec<Stranger>,
}

impl Loaded {
    /// Tells whether some customers' revenue depends on whether anybody else has an order: none of
    /// them has one, but they have other rows that may count.
    pub(crate) fn is_revenue_unclear(&self) -> bool {
        let counts = |kind: u8| {
            let role = self.policy.kinds.kind(kind).role;
            matches!(role, Role::Invoice | Role::Credit)
        };
        let mut rows = self.book.log.iter().flat_map(|part| &part.rows);
        self.policy.value.revenue == RevenueBasis::Auto
            && !self.book.has_orders
            && rows.any(|row| counts(row.kind))
    }

    /// Returns the path of a log.
    pub fn log_path(&self, log: u32) -> &str {
        self.logs.get(log as usize).map_or("", |log| &log.path)
    }
}

/// Loads a book; `policy` stands in for the book's own if given.
pub fn load(files: &dyn Files, policy: Option<&SourceText>, options: LoadOptions) -> Loaded {
    let all = files_below(files, CUSTOMERS, ".toml");
    let begun = begin(files, policy, options, &all);
    begun.finish(files, options, log::Others::Unknown)
}

/// Reads all of a book but its logs, which [`Begun::read_through`] reads.
pub fn load_but_logs(
    files: &dyn Files,
    policy: Option<&SourceText>,
    options: LoadOptions,
) -> Begun {
    let all = files_below(files, CUSTOMERS, ".toml");
    begin(files, policy, options, &all)
}

/// Loads some customers of a book, whose files are the only ones of customers among `files`.
///
/// Rows of other customers are passed over unread, so that one customer's cost little more than
/// looking through the logs.
pub fn load_some(files: &dyn Files, policy: Option<&SourceText>, options: LoadOptions) -> Loaded {
    let all = files_below(files, CUSTOMERS, ".toml");
    let begun = begin(files, policy, options, &all);
    begun.finish(files, options, log::Others::PassedOver)
}

/// Does the same, and lets the rows go once they were checked.
pub(crate) fn load_some_but_rows(files: &dyn Files, options: LoadOptions) -> Loaded {
    let all = files_below(files, CUSTOMERS, ".toml");
    let begun = begin(files, None, options, &all);
    let (others, asked) = (log::Others::PassedOver, RowsAsked::default());
    let read = begun.read_logs(files, options, others, &asked, |_, _, _| ());
    read.0
}

/// The rows of some customers of a book, as far as they were taken.
pub(crate) struct RowsTaken<T> {
    /// What was taken, in the order of the customers.
    pub(crate) taken: Vec<T>,
    /// What is wrong with the rows.
    pub(crate) diagnostics: Diagnostics,
    /// The logs, in the order in which [`crate::model::Origin`] counts them.
    pub(crate) logs: Vec<LogFile>,
}

/// Reads the rows of some customers of a book that was loaded without its logs, and hands them to `take` in
/// runs.
///
/// `wanted` are the customers' places in the book, in their order; `take` is told those of its run. Rows of
/// others are passed over unread, and none is kept.
pub(crate) fn read_rows_of<T: Send>(
    loaded: &mut Loaded,
    files: &dyn Files,
    options: LoadOptions,
    wanted: &[u32],
    take: impl Fn(&[u32], &LogPart) -> T + Sync,
) -> RowsTaken<T> {
    let is_wanted = |at: u32| wanted.binary_search(&at).is_ok();
    let all = (0..).zip(std::mem::take(&mut loaded.book.customers));
    let (own, others): (Vec<_>, Vec<_>) = all.partition(|it| is_wanted(it.0));
    let begun = Begun {
        policy: loaded.policy.clone(),
        book: Book {
            customers: own.into_iter().map(|it| it.1).collect(),
            ..Book::default()
        },
        diagnostics: Diagnostics::default(),
        broken_ids: Vec::new(),
    };
    let take = |_: &Book, _: &Policy, part: &mut LogPart| take(wanted.cut(part.customers()), part);
    let (passed_over, asked) = (log::Others::PassedOver, RowsAsked::default());
    let (read, taken) = begun.read_logs(files, options, passed_over, &asked, take);
    let own = wanted.iter().copied().zip(read.book.customers);
    let mut all: Vec<_> = own.chain(others).collect();
    all.sort_unstable_by_key(|it| it.0);
    loaded.book.customers = all.into_iter().map(|it| it.1).collect();
    RowsTaken {
        taken,
        diagnostics: read.diagnostics,
        logs: read.logs,
    }
}

/// Loads those customers of some files that `is_wanted` chooses, and lets the others' facts go once they
/// were read.
///
/// Their rows are passed over unread, as those of customers whose files are not among `files`.
pub(crate) fn load_chosen(
    files: &dyn Files,
    options: LoadOptions,
    mut is_wanted: impl FnMut(&Customer) -> bool,
) -> Loaded {
    let all = files_below(files, CUSTOMERS, ".toml");
    let mut begun = begin(files, None, options, &all);
    let customers = &mut begun.book.customers;
    customers.retain(|it| is_wanted(it));
    customers.shrink_to_fit();
    begun.finish(files, options, log::Others::PassedOver)
}

/// What is known of a book before its logs are read.
#[derive(Debug)]
pub struct Begun {
    /// The policy in force.
    pub policy: Policy,
    /// The staff, and the customers whose files are right.
    pub book: Book,
    /// What is wrong so far.
    pub diagnostics: Diagnostics,
    broken_ids: Vec<String>,
}

/// Loads one customer of a book: the one of the customers in some files that `choose` chooses.
///
/// The files are told by their indexes. Rows of other customers are passed over unread, with what is
/// wrong with them.
///
/// # Errors
/// What `choose` says; then no log has been read.
pub fn load_one<E>(
    files: &dyn Files,
    policy: Option<&SourceText>,
    options: LoadOptions,
    customer_files: &[usize],
    choose: impl FnOnce(&Begun) -> Result<usize, E>,
) -> Result<Loaded, E> {
    let mut begun = begin(files, policy, options, customer_files);
    let index = choose(&begun)?;
    let customers = std::mem::take(&mut begun.book.customers).into_iter();
    begun.book.customers = customers.skip(index).take(1).collect();
    Ok(begun.finish(files, options, log::Others::Unread))
}

/// Tells whether logs have a row of somebody who is none of `ids`, in whatever form an id is written.
///
/// Of the book's other files only the policy is read, so this costs no more than the logs themselves.
pub(crate) fn has_row_of_others(files: &dyn Files, ids: Vec<String>, options: LoadOptions) -> bool {
    let mut begun = begin(files, None, options, &[]);
    // Rows of those whose files are not read are passed over, as if something were wrong with the files.
    begun.broken_ids = ids;
    let loaded = begun.finish(files, options, log::Others::Unknown);
    let mut found = loaded.diagnostics.listed().iter();
    found.any(|it| it.fault.code == UNKNOWN_CUSTOMER.code)
}

/// Tells whether any log has a row that does this; it looks for no other row, nor for what is wrong.
pub(crate) fn has_row_of(files: &dyn Files, role: Role) -> bool {
    first_day_of(files, role, |_| true).is_some()
}

/// Returns the day of the first row of all logs that does this, or one of which `is_enough` says that no earlier
/// one matters; it looks for no other row, nor for what is wrong.
pub(crate) fn first_day_of(
    files: &dyn Files,
    role: Role,
    is_enough: impl Fn(Day) -> bool,
) -> Option<Day> {
    let kinds = KindTable::default();
    let logs = files_below(files, INTERACTIONS, ".csv");
    let mut first: Option<Day> = None;
    for kind in kinds.all().iter().filter(|kind| kind.role == role) {
        for log in &logs {
            let own = log::first_day_of(files, *log, &kind.name, &is_enough);
            first = first.into_iter().chain(own).min();
            if first.is_some_and(&is_enough) {
                return first;
            }
        }
    }
    first
}

/// Returns the indexes of the files below a folder whose paths end like this.
pub(crate) fn files_below(files: &dyn Files, folder: &str, ending: &str) -> Vec<usize> {
    let paths = files.paths();
    let start = paths.partition_point(|path| path.as_str() < folder);
    let below = (start..).zip(&paths[start..]);
    let below = below.take_while(|(_, path)| path.starts_with(folder));
    below
        .filter(|(_, path)| path.ends_with(ending))
        .map(|(index, _)| index)
        .collect()
}

/// Reads everything but the logs.
fn begin(
    files: &dyn Files,
    policy: Option<&SourceText>,
    options: LoadOptions,
    customer_files: &[usize],
) -> Begun {
    let mut diagnostics = Diagnostics::default();
    let policy = match policy {
        Some(source) => policy::read(source, &mut diagnostics),
        None => match small_file(files, POLICY_FILE, &mut diagnostics) {
            Some(source) => policy::read(&source, &mut diagnostics),
            None => Policy::default(),
        },
    };
    let staff = small_file(files, STAFF_FILE, &mut diagnostics);
    let staff = staff.map(|source| staff::read_staff(&source, &mut diagnostics));
    let known = KnownNames {
        stages: &policy.stages,
        has_calendar: policy.calendar.is_some(),
        names_alone: options.names_alone,
        staff: staff
            .as_ref()
            .map(|staff| StaffIds::new(staff.iter().map(|it| it.id.as_str()))),
    };
    let mut customer_files = customer_files.to_vec();
    if !options.copies {
        customer_files = without_copies(files.paths(), customer_files, &mut diagnostics);
    }
    let read = read_customers(files, &customer_files, &known, options, &mut diagnostics);
    Begun {
        policy,
        book: Book {
            customers: read.customers,
            staff,
            ..Book::default()
        },
        diagnostics,
        broken_ids: read.broken_ids,
    }
}

impl Begun {
    /// Reads the logs, and hands each run of customers to `take` with its rows in order.
    ///
    /// The book that comes of it has no rows but those that `take` keeps: the memory of a run's then serves
    /// the next. Rows that nobody asks for are read and checked like all others, and left out. What was
    /// taken is returned in the order of the customers.
    pub fn read_through<T: Send>(
        self,
        files: &dyn Files,
        options: LoadOptions,
        asked: &RowsAsked,
        take: impl Fn(&Book, &Policy, &mut LogPart) -> T + Sync,
    ) -> (Loaded, Vec<T>) {
        self.read_logs(files, options, log::Others::Unknown, asked, take)
    }

    /// Reads the logs and keeps all rows.
    fn finish(self, files: &dyn Files, options: LoadOptions, others: log::Others) -> Loaded {
        let all = RowsAsked::default();
        let keep = |_: &Book, _: &Policy, part: &mut LogPart| std::mem::take(part);
        let (mut loaded, parts) = self.read_logs(files, options, others, &all, keep);
        loaded.book.log = parts;
        // Some customers alone do not tell whether the book lives by its invoices.
        if others != log::Others::Unknown && loaded.is_revenue_unclear() {
            loaded.book.has_orders = has_row_of(files, Role::Order);
        }
        loaded
    }

    fn read_logs<T: Send>(
        self,
        files: &dyn Files,
        options: LoadOptions,
        others: log::Others,
        asked: &RowsAsked,
        take: impl Fn(&Book, &Policy, &mut LogPart) -> T + Sync,
    ) -> (Loaded, Vec<T>) {
        let Self {
            policy,
            mut book,
            mut diagnostics,
            broken_ids,
        } = self;
        let mut logs = files_below(files, INTERACTIONS, ".csv");
        if !options.copies {
            logs = without_copies(files.paths(), logs, &mut diagnostics);
        }
        let logs: Vec<LogFile> = logs
            .into_iter()
            .map(|file| LogFile {
                file,
                path: files.paths()[file].as_str().into(),
            })
            .collect();
        let known = log::KnownWords {
            kinds: &policy.kinds,
            stages: &policy.stages,
            currency: &policy.currency,
            other_columns: &policy.other_columns,
            broken_ids: &broken_ids,
            others,
            asked,
        };
        let take = |book: &Book, part: &mut LogPart| take(book, &policy, part);
        let (taken, strangers) = log::read_logs(
            files,
            &logs,
            &known,
            options,
            &mut book,
            &mut diagnostics,
            take,
        );
        diagnostics.sort();
        let loaded = Loaded {
            book,
            policy,
            diagnostics,
            logs,
            strangers,
        };
        (loaded, taken)
    }
}

/// Reads a file of the book's root, if it is there and is text.
fn small_file(files: &dyn Files, path: &str, diagnostics: &mut Diagnostics) -> Option<SourceText> {
    let index = files
        .paths()
        .binary_search_by(|it| it.as_str().cmp(path))
        .ok()?;
    let mut buffer = Vec::new();
    match clean_text(files, index, MOST_SMALL, &mut buffer) {
        Ok(text) => Some(SourceText::new(path, text)),
        Err(fault) => {
            diagnostics.push(fault.into_diagnostic());
            None
        }
    }
}
