//! The logs: from blocks of bytes to every customer's rows in order.
//!
//! Several readers take blocks of whole records, check them and make rows of them; each keeps its rows
//! in parts, one for every run of some thousand customers. [`gather`] then puts each part's rows
//! together by customer, in the order of the files whatever reader had them, and resolves refs.

mod blocks;
mod gather;
mod header;
mod ids;
mod interner;
mod reader;
mod record;
mod row;
mod row_text;

use std::sync::Arc;

pub(crate) use header::{COLUMNS, Column, Header};
pub(crate) use row::{NotDay, parse_day};
pub(crate) use row_text::{Cells, read_rows};

use super::LoadOptions;
use crate::diagnostic::{self as fault, Diagnostics, Nearest};
use crate::model::{Book, KindTable};
use crate::source::Files;

/// How many customers a part of the log holds: its rows then stay in a core's cache while sorted.
const PART_SIZE: usize = 2048;

/// Suggestions cost a look at every name, so only the first faults get one.
const SUGGESTIONS: usize = 50;

/// Each wrong ref costs another look into its file, so only the first ones are described.
const MOST_DESCRIBED: usize = 200;

/// What a customer is that has no file among those loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// A fault of the row that names it.
    Unknown,
    /// Somebody else, whose rows are passed over.
    PassedOver,
}

/// One log's file.
#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    /// Its index among the files of the book.
    pub(crate) file: usize,
    /// Its path.
    pub(crate) path: Arc<str>,
}

/// Reads all logs into a book that has its customers; `broken_ids` are those whose files are wrong.
#[expect(
    clippy::too_many_arguments,
    reason = "each is of another nature, and there is one call"
)]
pub(super) fn read_logs(
    files: &dyn Files,
    logs: &[LogFile],
    kinds: &KindTable,
    broken_ids: &[String],
    others: Others,
    options: LoadOptions,
    book: &mut Book,
    diagnostics: &mut Diagnostics,
) {
    let part_count = book.customers.len().div_ceil(PART_SIZE).max(1);
    let ids: Vec<&str> = book
        .customers
        .iter()
        .map(|customer| &*customer.id)
        .collect();
    let table = ids::IdTable::new(&ids, broken_ids, others);
    let sought = (others == Others::PassedOver).then_some(ids.as_slice());
    let mut context = reader::Context {
        files,
        logs,
        kinds,
        ids: &table,
        sought,
        options,
        part_count,
    };
    let mut read = reader::read_all(&context);
    let mut gathered = gather::gather(read.parts, &read.block_lines, kinds, options.threads);
    if !gathered.broken_links.is_empty() && !options.origins {
        // Lines are only kept when they are needed; for the messages they are, so read once more.
        context.options.origins = true;
        read = reader::read_all(&context);
        gathered = gather::gather(read.parts, &read.block_lines, kinds, options.threads);
    }
    let mut found = read.diagnostics;
    found.sort();
    suggest_customers(&mut found, &ids);
    diagnostics.append(found);
    gathered.broken_links.sort_by_key(|broken| broken.origin);
    for (index, broken) in gathered.broken_links.iter().enumerate() {
        if index < MOST_DESCRIBED {
            diagnostics.push(row_text::describe(files, logs, &ids, broken));
        } else {
            diagnostics.count_unlisted(1);
        }
    }
    book.log = gathered.parts;
    book.part_size = PART_SIZE;
    book.topics = read.topics;
}

/// Adds the nearest id to the first rows of unknown customers.
fn suggest_customers(found: &mut Diagnostics, ids: &[&str]) {
    let unknown = found
        .listed_mut()
        .iter_mut()
        .filter(|it| it.fault == fault::UNKNOWN_CUSTOMER);
    for diagnostic in unknown.take(SUGGESTIONS) {
        let word = diagnostic
            .message
            .split('`')
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        diagnostic.help = ids.iter().copied().help(&word).or_else(|| {
            Some(format!(
                "add the customer with `guanxi add NAME --id {word}`, or correct the id"
            ))
        });
    }
}
