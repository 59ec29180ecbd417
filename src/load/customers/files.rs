//! Customer files: one customer each, or many in `[[customer]]` tables.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashSet;

use super::fields::{KnownNames, cure_of, read_customer};
use super::former_ids;
use super::in_order::in_order;
use super::twins::report_twins;
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::load::LoadOptions;
use crate::load::file_text::{MOST_MANY, TextFault, clean_text};
use crate::model::{Customers, check_id, composed_id};
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

/// All customers of a book.
#[derive(Debug, Default)]
pub(in crate::load) struct ReadCustomers {
    /// Those whose files are right, sorted by id.
    pub(in crate::load) customers: Customers,
    /// The ids of those whose files are wrong.
    pub(in crate::load) broken_ids: Vec<String>,
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
pub(in crate::load) fn read_customers(
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
    let customers = shares.iter_mut();
    let customers = customers.map(|share| std::mem::take(&mut share.customers));
    let mut read = ReadCustomers {
        customers: in_order(customers.collect()),
        broken_ids: Vec::new(),
    };
    for share in shares {
        read.broken_ids.extend(share.broken_ids);
        diagnostics.append(share.diagnostics);
    }
    let broken_ids = &mut read.broken_ids;
    report_twins(
        files,
        &mut read.customers,
        broken_ids,
        options.threads,
        diagnostics,
    );
    // What a file that is wrong seems to claim may be another's.
    if !broken_ids.is_empty() {
        let former = read.customers.iter().flat_map(|it| &it.former_ids);
        let former: HashSet<&str> = former.map(|it| &**it).collect();
        broken_ids.retain(|id| !former.contains(&**id));
    }
    former_ids::report_clashes(files, &mut read.customers, broken_ids, diagnostics);
    read
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
