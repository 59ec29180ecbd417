//! Customer files: one customer each, or many in `[[customer]]` tables.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashSet;

use super::LoadOptions;
use super::customer::{KnownNames, cure_of, read_customer};
use super::file_text::{MOST_MANY, TextFault, clean_text};
use super::former_ids;
use super::key_place::key_places;
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::model::{Customer, Customers, check_id, composed_id, folded_id};
use crate::parallel;
use crate::source::{
    Cut as _, Files, Place, TextPart, behind_last, clipped, customer_headers, short_place,
};
use crate::toml_table::{TomlStore, parse_toml};
use crate::words::{Phrase, Same, both};

/// The most bytes of a one-customer file.
const MOST_ONE: usize = 1024 * 1024;

/// How many bytes to make room for before a one-customer file is read: for its text, and for what is
/// made of it, which then takes what is left over.
///
/// A thread that asks for memory bit by bit has the C library ask the system for it page by page: a call
/// for every third customer, for which the other threads wait.
const ROOM: usize = 3 * 1024;

/// How many files or tables a thread takes at once; the room for them is less than the C library
/// asks the system for on its own.
const SHARE: usize = 32;

/// How many ids a thread looks through at once for those that are there twice.
const LOOKED_THROUGH: usize = 4096;

/// All customers of a book.
#[derive(Debug, Default)]
pub(super) struct ReadCustomers {
    /// Those whose files are right, sorted by id.
    pub(super) customers: Customers,
    /// The ids of those whose files are wrong.
    pub(super) broken_ids: Vec<String>,
}

/// What one file or share of a file holds.
#[derive(Debug, Default)]
struct FileShare {
    /// Those whose files are right.
    customers: Customers,
    broken_ids: Vec<String>,
    diagnostics: Diagnostics,
    /// Files of many customers, to be parted.
    many: Vec<(usize, String, Vec<usize>)>,
}

impl FileShare {
    /// Forgets all but names where no more is wanted, so that the next share takes the memory.
    fn forget(&mut self, known: &KnownNames<'_>) {
        if known.names_alone {
            for customer in &mut self.customers {
                **customer = customer.names_alone();
            }
        }
    }

    /// Makes room for this many customers.
    fn with_room(count: usize) -> Self {
        Self {
            customers: Vec::with_capacity(count),
            ..Self::default()
        }
    }
}

/// Reads the customer files at some indexes of `files`.
pub(super) fn read_customers(
    files: &dyn Files,
    indexes: &[usize],
    known: &KnownNames<'_>,
    options: LoadOptions,
    diagnostics: &mut Diagnostics,
) -> ReadCustomers {
    let shares = indexes.chunks(SHARE).collect();
    // To make a buffer ready for each share costs as much as to read one of its files.
    let read = |buffer: &mut Vec<u8>, indexes: &[usize]| read_share(files, indexes, known, buffer);
    let mut shares = parallel::map_with(options.threads, shares, Vec::new, read);
    let many: Vec<_> = shares
        .iter_mut()
        .flat_map(|share| std::mem::take(&mut share.many))
        .collect();
    for (index, text, headers) in many {
        shares.extend(read_many(files, index, &text, &headers, known, options));
    }
    let mut read = ReadCustomers {
        customers: take_sorted(&mut shares),
        broken_ids: Vec::new(),
    };
    for share in shares {
        read.broken_ids.extend(share.broken_ids);
        diagnostics.append(share.diagnostics);
    }
    report_twins(files, &mut read, options.threads, diagnostics);
    let broken_ids = &mut read.broken_ids;
    // What a file that is wrong seems to claim may be another's.
    if !broken_ids.is_empty() {
        let former = read.customers.iter().flat_map(|it| &it.former_ids);
        let former: HashSet<&str> = former.map(|it| &**it).collect();
        broken_ids.retain(|id| !former.contains(&**id));
    }
    former_ids::report_clashes(files, &mut read.customers, broken_ids, diagnostics);
    read
}

/// The customer of a run of shares that comes next, by its id and place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct NextCustomer {
    first_bytes: [u64; 3],
    rest: Box<[u8]>,
    place: (u32, u32),
    run: usize,
}

impl NextCustomer {
    fn of(customer: &Customer, run: usize) -> Reverse<Self> {
        let rest = customer.id.as_bytes().get(FIRST_BYTES..);
        Reverse(Self {
            first_bytes: first_bytes(&customer.id),
            rest: rest.unwrap_or_default().into(),
            place: (customer.file, customer.offset),
            run,
        })
    }
}

/// Takes all customers out of the shares, sorted by id, and those of one id by their places.
///
/// The files of a folder mostly are in that order already, so what is merged are a few long runs.
fn take_sorted(shares: &mut [FileShare]) -> Customers {
    let key = |it: &Customer| (it.id.clone(), it.file, it.offset);
    let is_before =
        |a: &Customer, b: &Customer| (&a.id, a.file, a.offset) <= (&b.id, b.file, b.offset);
    let count = shares.iter().map(|share| share.customers.len()).sum();
    let mut runs: Vec<Customers> = Vec::new();
    for share in shares {
        let mut customers = std::mem::take(&mut share.customers);
        if !customers.is_sorted_by(|a, b| is_before(a, b)) {
            customers.sort_by_cached_key(|it| key(it));
        }
        match runs.last_mut() {
            Some(run)
                if let (Some(last), Some(first)) = (run.last(), customers.first())
                    && is_before(last, first) =>
            {
                run.append(&mut customers);
            }
            _ => runs.push(customers),
        }
    }
    let mut runs: Vec<_> = runs.into_iter().map(Vec::into_iter).collect();
    let mut customers = Vec::with_capacity(count);
    let mut queue: BinaryHeap<_> = (runs.iter().enumerate())
        .filter_map(|(run, rest)| Some(NextCustomer::of(rest.as_slice().first()?, run)))
        .collect();
    while let Some(mut next) = queue.peek_mut() {
        let run = next.0.run;
        customers.extend(runs[run].next());
        match runs[run].as_slice().first() {
            Some(after) => *next = NextCustomer::of(after, run),
            None => {
                PeekMut::pop(next);
            }
        }
    }
    customers
}

/// How many bytes of an id [`first_bytes`] tells.
const FIRST_BYTES: usize = 24;

/// Returns the bytes that an id begins with, as numbers that are in the order of ids.
///
/// To compare the ids themselves waits for memory each time.
fn first_bytes(id: &str) -> [u64; 3] {
    let mut bytes = [0; FIRST_BYTES];
    bytes
        .iter_mut()
        .zip(id.as_bytes())
        .for_each(|(to, from)| *to = *from);
    let (eights, _) = bytes.as_chunks::<8>();
    let mut eights = eights.iter().map(|eight| u64::from_be_bytes(*eight));
    std::array::from_fn(|_| eights.next().expect("the bytes are as many eights"))
}

/// Reads some files.
///
/// Their texts are put together first, so that the texts of all their customers share one piece of
/// memory: each in its own would take twice the room and a tenth of the time of reading a file.
fn read_share(
    files: &dyn Files,
    indexes: &[usize],
    known: &KnownNames<'_>,
    buffer: &mut Vec<u8>,
) -> FileShare {
    let mut share = FileShare::with_room(indexes.len());
    let mut whole = String::with_capacity(ROOM * indexes.len());
    let mut found = Vec::with_capacity(indexes.len());
    for &index in indexes {
        let text = match clean_text(files, index, MOST_MANY, buffer) {
            Ok(text) => text,
            Err(fault) => {
                found.push((index, Err(fault)));
                continue;
            }
        };
        let headers = customer_headers(text);
        if !headers.is_empty() {
            share.many.push((index, text.to_owned(), headers));
            continue;
        }
        let start = whole.len();
        let length = check_length(files, index, text);
        if length.is_ok() {
            whole.push_str(text);
        }
        found.push((index, length.map(|()| start..whole.len())));
    }
    whole.shrink_to_fit();
    let whole = Arc::new(whole);
    let mut store = TomlStore::default();
    for (index, text) in found {
        match text {
            Ok(range) => read_file(files, index, &whole, range, &mut store, known, &mut share),
            Err(fault) => {
                share.diagnostics.push(fault.into_diagnostic());
                share.broken_ids.push(stem(files, index).into_owned());
                // What cannot be read as a whole still says whom it is about.
                if let Ok(length) = files.read(index, MOST_MANY, buffer) {
                    let bytes = buffer.cut(..length);
                    share.broken_ids.extend(claimed_ids(bytes));
                }
            }
        }
    }
    share.forget(known);
    share
}

/// Returns what the bytes of a file that is wrong name as ids, those of its customers and former ones, so that
/// their rows are no faults of their own.
fn claimed_ids(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut ids = Vec::new();
    let mut rest = &*text;
    while let Some((line, after)) = rest.split_once('\n').or(Some((rest, ""))) {
        let key = line.split_once('=').map_or(line, |it| it.0).trim();
        if line.contains('=') && matches!(key, "id" | "former_ids") {
            let value = rest.split_once('=').map_or("", |it| it.1);
            let is_list = value.trim_start().starts_with('[');
            let end = if is_list { ']' } else { '\n' };
            let value = value.split_once(end).map_or(value, |it| it.0);
            let quoted = value.split(['"', '\'']).skip(1).step_by(2);
            let right = quoted.map(composed_id).filter(|it| check_id(it).is_ok());
            ids.extend(right.map(Cow::into_owned));
        }
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    ids
}

fn check_length(files: &dyn Files, index: usize, text: &str) -> Result<(), TextFault> {
    if text.len() <= MOST_ONE {
        return Ok(());
    }
    let message = Phrase(
        "a file of one customer is over 1 MiB",
        "单个客户的文件超过了 1 MiB",
    );
    let place = Place::file(files.paths()[index].as_str());
    let help = Phrase(
        "look at what it is; a file of many has a `[[customer]]` header before each",
        "请查看这是什么文件；一个文件放多个客户时，每个客户前面要有 `[[customer]]`",
    );
    Err(Diagnostic::new(fault::FILE_TOO_LARGE, message, place)
        .help(help)
        .into())
}

/// Returns the name of a file without its ending, composed: the id of its customer.
fn stem(files: &dyn Files, index: usize) -> Cow<'_, str> {
    let path = files.paths()[index].as_str();
    let name = path.cut(behind_last(b'/', path.as_bytes())..);
    composed_id(name.strip_suffix(".toml").unwrap_or(name))
}

/// Reads the file whose text is this range of `whole`.
fn read_file(
    files: &dyn Files,
    index: usize,
    whole: &Arc<String>,
    range: Range<usize>,
    store: &mut TomlStore,
    known: &KnownNames<'_>,
    share: &mut FileShare,
) {
    let path = files.paths()[index].as_str();
    let source = TextPart::new(path, whole.cut(range), 1);
    let mut faults = Diagnostics::default();
    let document = parse_toml(source, store, &mut faults);
    if document.root(&mut faults).has("customer") {
        // Many customers, written in a way that has no plain headers.
        read_tables(source, whole, index, 0, store, known, share);
        return;
    }
    let errors_before = share.diagnostics.error_count();
    share.diagnostics.append(faults);
    let stem = stem(files, index);
    if let Err(reason) = check_id(&stem) {
        let message = both!(
            "the id `{}` {}",
            "编号 `{}` {}",
            clipped(&stem),
            reason.reason()
        );
        let diagnostic = Diagnostic::new(fault::ID_INVALID, message, Place::file(path));
        share.diagnostics.push(diagnostic.help(Phrase(
            "rename the file: its stem is the customer's id",
            "请给文件改名：文件名（不含扩展名）就是客户编号",
        )));
    }
    let mut root = document.root(&mut share.diagnostics);
    root.set_has_calendar(known.has_calendar);
    let mut customer = read_customer(&mut root, whole, known);
    root.finish_or(Some(cure_of));
    if share.diagnostics.error_count() > errors_before {
        share.broken_ids.push(stem.into_owned());
        let claimed = claimed_ids(source.text().as_bytes());
        share.broken_ids.extend(claimed);
        return;
    }
    customer.id = stem.into();
    customer.file = short_place(index);
    share.customers.push(Box::new(customer));
}

/// Reads a file of many customers: in parts, since one table of a million keys takes seconds.
fn read_many(
    files: &dyn Files,
    index: usize,
    text: &str,
    headers: &[usize],
    known: &KnownNames<'_>,
    options: LoadOptions,
) -> Vec<FileShare> {
    let path = files.paths()[index].as_str();
    let mut parts = Vec::with_capacity(headers.len() + 1);
    let (mut start, mut first_line) = (0, 1);
    for &end in headers.iter().chain([&text.len()]) {
        let part = text.cut(start..end);
        parts.push((start, part, first_line));
        first_line += memchr::memchr_iter(b'\n', part.as_bytes()).count() as u64;
        start = end;
    }
    let shares = parts.chunks(SHARE).collect();
    parallel::map(options.threads, shares, |parts: &[(usize, &str, u64)]| {
        let mut share = FileShare::with_room(parts.len());
        // Threads that shared the memory of texts would wait for each other.
        let base = parts.first().expect("a share has a part").0;
        let length: usize = parts.iter().map(|part| part.1.len()).sum();
        let whole = text.cut(base..base + length);
        let whole = Arc::new(whole.to_owned());
        let mut store = TomlStore::default();
        for &(offset, text, first_line) in parts {
            let start = offset - base;
            let text = whole.cut(start..start + text.len());
            let source = TextPart::new(path, text, first_line);
            read_tables(source, &whole, index, offset, &mut store, known, &mut share);
        }
        share.forget(known);
        share
    })
}

/// Reads the `[[customer]]` tables of a text.
fn read_tables(
    source: TextPart<'_>,
    whole: &Arc<String>,
    file: usize,
    offset: usize,
    store: &mut TomlStore,
    known: &KnownNames<'_>,
    share: &mut FileShare,
) {
    let document = parse_toml(source, store, &mut share.diagnostics);
    let mut root = document.root(&mut share.diagnostics);
    root.set_has_calendar(known.has_calendar);
    let mut broken = Vec::new();
    // Where a line cannot be read, nobody knows what else it would have said.
    let is_whole = document.is_whole;
    let tables = root.each("customer", |table| {
        let errors_before = table.error_count();
        let id = table
            .required_text("id", Phrase("a customer", "客户"))
            .unwrap_or_default();
        let id = &*composed_id(id);
        if let Err(reason) = check_id(id)
            && !id.is_empty()
        {
            let span = table.text_value("id").map_or(0..0, |(_, span)| span);
            let message = both!(
                "the id `{}` {}",
                "编号 `{}` {}",
                clipped(id),
                reason.reason()
            );
            table.report(fault::ID_INVALID, span, message, None);
        }
        let mut customer = read_customer(table, whole, known);
        table.finish_or(Some(cure_of));
        if !is_whole || table.error_count() > errors_before {
            broken.push(id.to_owned());
            return None;
        }
        customer.id = id.into();
        customer.file = short_place(file);
        customer.offset = short_place(offset + table.span().start);
        Some(Box::new(customer))
    });
    let others: Vec<_> = root
        .entries()
        .filter(|(key, _)| *key.get_ref() != "customer")
        .collect();
    for (key, _) in others {
        let message = both!(
            "`{}` stands beside `[[customer]]` tables, where it means nothing",
            "`{}` 写在 `[[customer]]` 表之外，不起作用",
            Same(key.get_ref())
        );
        root.report(
            fault::UNKNOWN_KEY,
            key.span(),
            message,
            Phrase("move it into one of them", "移到其中一个表里"),
        );
    }
    if !is_whole || !broken.is_empty() {
        let claimed = claimed_ids(source.text().as_bytes());
        share.broken_ids.extend(claimed);
    }
    share.broken_ids.extend(broken);
    share
        .customers
        .extend(tables.unwrap_or_default().into_iter().flatten());
}

/// Reports ids that only case tells apart, and leaves out all of one id, else all but the first.
fn report_twins(
    files: &dyn Files,
    read: &mut ReadCustomers,
    threads: usize,
    diagnostics: &mut Diagnostics,
) {
    let customers = &read.customers;
    let twins = twins(customers, threads);
    if twins.is_empty() {
        return;
    }
    let both = |&(index, earlier): &(usize, usize)| [index, earlier];
    let wanted: Vec<_> = twins
        .iter()
        .flat_map(both)
        .map(|index| (&*customers[index], "id"))
        .collect();
    let mut places = key_places(files, &wanted).into_iter();
    let mut is_kept = vec![true; customers.len()];
    for &(index, earlier) in &twins {
        let (twin, first) = (&customers[index], &customers[earlier]);
        if let (Some(here), Some(there)) = (places.next(), places.next()) {
            diagnostics.push(id_twice(twin, here, first, there));
        }
        is_kept[index] = false;
        // Rows of one id could belong to either.
        is_kept[earlier] &= twin.id != first.id;
    }
    let mut is_kept = is_kept.into_iter();
    read.customers.retain(|customer| {
        let is_kept = is_kept
            .next()
            .expect("it is known of every customer whether it is kept");
        if !is_kept {
            read.broken_ids.push(customer.id.to_string());
        }
        is_kept
    });
}

/// Returns the customers whose id an earlier one has already, with that one, in their order.
///
/// Most ids are left alone by folding, and those stand beside each other where they are equal; only
/// the others are folded and sorted.
fn twins(customers: &[Box<Customer>], threads: usize) -> Vec<(usize, usize)> {
    let position = |id: &str| customers.partition_point(|it| &*it.id < id);
    let starts = (0..customers.len()).step_by(LOOKED_THROUGH).collect();
    let looked_through = parallel::map(threads, starts, |start: usize| {
        let (mut same, mut folded) = (Vec::new(), Vec::new());
        let mut before = start.checked_sub(1).map(|index| &customers[index].id);
        for (index, customer) in customers
            .iter()
            .enumerate()
            .skip(start)
            .take(LOOKED_THROUGH)
        {
            if before == Some(&customer.id) {
                same.push((index, position(&customer.id)));
            }
            if let Cow::Owned(id) = folded_id(&customer.id) {
                folded.push((id, index));
            }
            before = Some(&customer.id);
        }
        (same, folded)
    });
    let (mut twins, mut folded) = (Vec::new(), Vec::new());
    for (same, some) in looked_through {
        twins.extend(same);
        folded.extend(some);
    }
    folded.sort_unstable();
    for alike in folded.chunk_by(|a, b| a.0 == b.0) {
        let (id, first) = &alike[0];
        let plain =
            Some(position(id)).filter(|at| customers.get(*at).is_some_and(|it| *it.id == **id));
        let first = plain.map_or(*first, |plain| plain.min(*first));
        let all = alike.iter().map(|(_, index)| *index).chain(plain);
        twins.extend(
            all.filter(|index| *index != first)
                .map(|index| (index, first)),
        );
    }
    twins.sort_unstable();
    twins.dedup_by_key(|twin| twin.0);
    twins
}

fn id_twice(twin: &Customer, here: Place, first: &Customer, there: Place) -> Diagnostic {
    let message = if twin.id == first.id {
        both!(
            "two customers have the id `{}`",
            "有两个客户的编号都是 `{}`",
            twin.id
        )
    } else {
        both!(
            "the ids `{}` and `{}` differ only in case",
            "编号 `{}` 和 `{}` 只有大小写不同",
            first.id,
            twin.id
        )
    };
    // A file of its own is named for its customer, so there is no line to show.
    let is_file = |place: &Place| place.line == 0;
    let help = if is_file(&here) && is_file(&there) {
        both!(
            "rename {} or {}, or merge them",
            "给 {} 或 {} 改名，或把两者合并",
            there.path,
            here.path
        )
    } else if is_file(&there) {
        both!(
            "{} is the other one: rename one, or merge them",
            "另一个在 {}：改掉其中一个编号，或把两者合并",
            there.path
        )
    } else {
        Phrase(
            "give one of them another id, or merge them",
            "给其中一个换编号，或把两者合并",
        )
        .into()
    };
    let diagnostic = Diagnostic::new(fault::ID_TWICE, message, here).help(help);
    if is_file(&there) {
        diagnostic
    } else {
        diagnostic.second(there, Phrase("the other one", "另一个在这里"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn customers_come_in_the_order_of_their_ids_and_places(
            ids in prop::collection::vec("(0123456789abcdef01234567)?[ab株]{0,3}", 0..40),
            length in 1_usize..9,
        ) {
            let customer = |(index, id): (usize, &String)| Box::new(Customer {
                id: id.as_str().into(),
                file: u32::try_from(index % 3).unwrap(),
                offset: u32::try_from(40 - index).unwrap(),
                ..Customer::default()
            });
            let all: Customers = ids.iter().enumerate().map(customer).collect();
            let share = |some: &[Box<Customer>]| FileShare {
                customers: some.to_vec(),
                ..FileShare::default()
            };
            let mut shares: Vec<FileShare> = all.chunks(length).map(share).collect();
            let mut expected = all;
            expected.sort_by_key(|it| (it.id.clone(), it.file, it.offset));
            prop_assert_eq!(take_sorted(&mut shares), expected);
        }
    }
}
