//! The logs: from blocks of bytes to every customer's rows in order.
//!
//! Several readers take blocks of whole records, check them and make rows of them; each keeps its rows
//! in parts, one for every run of some hundred customers. [`gather`] then puts each part's rows
//! together by customer, in the order of the files whatever reader had them, and resolves refs.

mod again;
mod cut;
mod names;
mod order;
mod read;
mod row;

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

pub(crate) use again::{
    KnownRow, KnownRows, RowTextsPass, each_known_row, first_day_of, read_known_rows, read_rows,
};
pub(super) use cut::BLOCK_BYTES;
pub(crate) use read::Stranger;
pub(crate) use row::{RowCells, hash_of_cells, parse_day};

use super::{LoadOptions, RowsAsked};
use crate::diagnostic::{self as fault, Diagnostics, Nearest};
use crate::model::{Book, Customer, KindTable, LogPart, Role, Split, telling_part};
use crate::source::Files;
use crate::words::{Wording, both};
use names::{IdTable, KindNames, WordTable};
use order::{Common, gather};
use read::{MOST_LISTED, PartRows, ReadersContext, read_all};

/// Suggestions cost a look at every name, so only the first misspelt ones get one.
const SUGGESTIONS: usize = 50;

/// What a customer is that has no file among those loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// A fault of the row that names it.
    Unknown,
    /// Somebody else, whose rows are passed over.
    PassedOver,
    /// The same; and not even their mistakes are looked for.
    Unread,
}

/// One log's file.
#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    /// Its index among the files of the book.
    pub(crate) file: usize,
    /// Its path.
    pub(crate) path: Arc<str>,
}

/// What rows may name, and must name rightly.
pub(super) struct KnownWords<'a> {
    /// The kinds in force.
    pub(super) kinds: &'a KindTable,
    /// The policy's stages.
    pub(super) stages: &'a [String],
    /// The ids of customers whose files are wrong: their rows are left out without a word.
    pub(super) broken_ids: &'a [String],
    /// The policy's currency.
    pub(super) currency: &'a str,
    /// Columns that mean nothing, and are meant to.
    pub(super) other_columns: &'a [String],
    /// What a customer is that is not in the book.
    pub(super) others: Others,
    /// Which rows are asked for.
    pub(super) asked: &'a RowsAsked,
}

/// Reads all logs for a book that has its customers, and hands each part of them to `take`.
///
/// Beside what was taken it returns, if warnings are wanted, who is named and is none of the staff.
pub(super) fn read_logs<T: Send>(
    files: &dyn Files,
    logs: &[LogFile],
    known: &KnownWords<'_>,
    options: LoadOptions,
    book: &mut Book,
    diagnostics: &mut Diagnostics,
    take: impl Fn(&Book, &mut LogPart) -> T + Sync,
) -> (Vec<T>, Vec<Stranger>) {
    let customer_count = book.customers.len();
    let split = Split::of(customer_count);
    let ids = book.customers.iter().map(|customer| &*customer.id);
    let mut ids: Vec<&str> = ids
        .chain(known.broken_ids.iter().map(String::as_str))
        .collect();
    let former = former_ids(&book.customers);
    ids.extend(former.iter().map(|it| it.0));
    let former: Vec<u32> = former.into_iter().map(|it| it.1).collect();
    let table = IdTable::new(&ids, customer_count, &former, known.others, options.warns);
    let kinds = known.kinds;
    let kind_names: Vec<&str> = kinds.all().iter().map(|kind| kind.name.as_str()).collect();
    let sought: Option<Vec<&str>> = (known.others != Others::Unknown).then(|| {
        let own = ids.iter().take(customer_count);
        let former = ids.iter().skip(ids.len() - former.len());
        own.chain(former).map(|id| telling_part(id)).collect()
    });
    let staff = (book.staff.as_deref()).filter(|_| options.warns);
    let staff: Option<Vec<&str>> =
        staff.map(|staff| staff.iter().map(|it| it.id.as_str()).collect());
    let mut context = ReadersContext {
        files,
        logs,
        kinds,
        kind_names: &KindNames::new(&kind_names),
        uses: &row::RowUses::of(kinds, known.asked, options.warns),
        stages: known.stages,
        currency: known.currency,
        other_columns: known.other_columns,
        customer_count,
        ids: &table,
        sought: sought.as_deref(),
        staff: staff.as_deref().map(WordTable::new),
        others: known.others,
        options,
        split,
    };
    book.split = split;
    let (mut found, gathered, strangers) = loop {
        let read = read_all(&context);
        book.topics = read.topics;
        book.has_orders = has_orders(&read.parts, kinds);
        let unkept: usize = read.seen.iter().map(|reader| reader.count).sum();
        let common = Common {
            block_lines: &read.block_lines,
            topics_of: &read.topics_of,
            seen: &read.seen,
            runs: context.parts().collect(),
        };
        let take = |part: &mut LogPart| take(book, part);
        let gathered = gather(read.parts, &common, kinds, options.threads, take);
        book.row_count = gathered.row_count + unkept;
        if gathered.broken_links.is_empty() || context.options.origins {
            break (read.diagnostics, gathered, read.strangers);
        }
        // Lines are only kept when they are needed; for the messages they are, so read once more.
        context.options.origins = true;
    };
    found.sort();
    found.list_first(MOST_LISTED);
    suggest_customers(&mut found, &book.customers);
    diagnostics.append(found);
    let broken = (&*gathered.broken_links, &gathered.more_broken);
    again::describe_all(
        files,
        logs,
        &ids,
        kinds,
        broken,
        options.threads,
        diagnostics,
    );
    (gathered.taken, strangers)
}

/// Tells whether any row is an order.
fn has_orders(parts: &[Vec<PartRows>], kinds: &KindTable) -> bool {
    let mut rows = (parts.iter().flatten()).flat_map(|part| part.rows.iter());
    rows.any(|row| kinds.kind(row.kind).role == Role::Order)
}

/// Returns the ids that customers once had, each with its customer.
fn former_ids(customers: &[Box<Customer>]) -> Vec<(&str, u32)> {
    let of_all = (0..).zip(customers);
    let each = of_all.flat_map(|(index, customer)| {
        let former = customer.former_ids.iter();
        former.map(move |former| (&**former, index))
    });
    each.collect()
}

/// Adds the nearest id to the first rows of unknown customers.
fn suggest_customers(found: &mut Diagnostics, customers: &[Box<Customer>]) {
    let mut helps: HashMap<Box<str>, Wording> = HashMap::new();
    for diagnostic in found.listed_mut() {
        if diagnostic.fault != fault::UNKNOWN_CUSTOMER {
            continue;
        }
        let Some(word) = diagnostic.word.take() else {
            continue;
        };
        let add = || {
            both!(
                "add the customer with `guanxi add NAME --id {word}`, or correct the id",
                "用 `guanxi add 名称 --id {word}` 新建客户，或改正编号"
            )
        };
        diagnostic.help = Some(match helps.get(&word) {
            Some(help) => help.clone(),
            None if helps.len() >= SUGGESTIONS => add(),
            None => {
                let ids = customers.iter().map(|customer| &*customer.id);
                let help = named(customers, &word).or_else(|| ids.help(&word));
                let help = help.unwrap_or_else(add);
                helps.insert(word.clone(), help.clone());
                help
            }
        });
    }
}

/// Says whose name a word is that stands where an id belongs.
fn named(customers: &[Box<Customer>], word: &str) -> Option<Wording> {
    let customer = customers.iter().find(|customer| {
        *customer.name == *word || customer.aliases.iter().any(|alias| **alias == *word)
    })?;
    Some(both!(
        "`{word}` is a name of `{}`: logs call customers by their ids",
        "`{word}` 是 `{}` 的名称：流水里要写客户编号",
        customer.id
    ))
}
