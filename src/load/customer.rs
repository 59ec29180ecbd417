//! Customer files: one customer each, or many in `[[customer]]` tables.

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::LoadOptions;
use super::file_text::clean_text;
use super::key_place::key_places;
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics, Nearest};
use crate::model::{
    Competitor, CustomValue, Customer, Fraction, ImportantDate, Person, check_id, folded_id,
};
use crate::parallel;
use crate::source::{Files, Place, SourceText, clipped};
use crate::toml_table::{Spanned, TomlTable, TomlValue, parse_toml, value_date, value_digits};

/// The most bytes of a one-customer file.
const MOST_ONE: usize = 1024 * 1024;

/// The most bytes of a file of many customers.
pub(super) const MOST_MANY: usize = 64 * 1024 * 1024;

/// How many files or tables a thread takes at once.
const SHARE: usize = 64;

/// A customer's own keys, which mean nothing under `[profile]` and `[custom]`.
const KEYS: [&str; 26] = [
    "name",
    "aliases",
    "owner",
    "stage",
    "since",
    "segment",
    "region",
    "tags",
    "communication",
    "score",
    "margin",
    "credit_limit",
    "payment_terms",
    "revisit",
    "reviewed",
    "website",
    "address",
    "licence",
    "registered_capital",
    "bank_account",
    "scorecard",
    "profile",
    "contact",
    "date",
    "competitor",
    "custom",
];

/// Where keys belong that the program does not know.
const FREE_KEYS: &str = "facts of your own belong under `[custom]` or `[profile]`";

/// What customers' files may name, and must name rightly.
pub(super) struct Known<'a> {
    /// The policy's stages.
    pub(super) stages: &'a [String],
    /// The ids of `staff.toml`, if there is one.
    pub(super) staff: Option<Vec<&'a str>>,
}

/// All customers of a book.
#[derive(Debug, Default)]
pub(super) struct ReadCustomers {
    /// Those whose files are right, sorted by id.
    pub(super) customers: Vec<Customer>,
    /// The ids of those whose files are wrong.
    pub(super) broken_ids: Vec<String>,
}

/// What one file or share of a file holds.
#[derive(Debug, Default)]
struct Share {
    customers: Vec<Customer>,
    broken_ids: Vec<String>,
    diagnostics: Diagnostics,
    /// Files of many customers, to be parted.
    many: Vec<(usize, String, Vec<usize>)>,
}

/// Reads the customer files at some indexes of `files`.
pub(super) fn read_customers(
    files: &dyn Files,
    indexes: &[usize],
    known: &Known<'_>,
    options: LoadOptions,
    diagnostics: &mut Diagnostics,
) -> ReadCustomers {
    let shares = indexes.chunks(SHARE).collect();
    let mut shares = parallel::map(options.threads, shares, |indexes: &[usize]| {
        let mut share = Share::default();
        let mut buffer = Vec::new();
        for &index in indexes {
            read_file(files, index, known, &mut buffer, &mut share);
        }
        share
    });
    let many: Vec<_> = shares
        .iter_mut()
        .flat_map(|share| std::mem::take(&mut share.many))
        .collect();
    for (index, text, headers) in many {
        shares.extend(read_many(files, index, &text, &headers, known, options));
    }
    let mut read = ReadCustomers::default();
    for share in shares {
        read.customers.extend(share.customers);
        read.broken_ids.extend(share.broken_ids);
        diagnostics.append(share.diagnostics);
    }
    read.customers
        .sort_unstable_by(|a, b| (&a.id, a.file, a.offset).cmp(&(&b.id, b.file, b.offset)));
    report_twins(files, &mut read, diagnostics);
    read
}

fn read_file(
    files: &dyn Files,
    index: usize,
    known: &Known<'_>,
    buffer: &mut Vec<u8>,
    share: &mut Share,
) {
    let path: Arc<str> = files.paths()[index].as_str().into();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let text = match clean_text(files, index, MOST_MANY, buffer) {
        Ok(text) => text,
        Err(fault) => {
            share.diagnostics.push(fault.into_diagnostic());
            share.broken_ids.push(stem.to_owned());
            return;
        }
    };
    let headers = customer_headers(text);
    if !headers.is_empty() {
        share.many.push((index, text.to_owned(), headers));
        return;
    }
    if text.len() > MOST_ONE {
        let message = "a file of one customer is over 1 MiB";
        let place = Place::file(Arc::clone(&path));
        let help = "look at what it is; a file of many has a `[[customer]]` header before each";
        share
            .diagnostics
            .push(Diagnostic::new(fault::FILE_TOO_LARGE, message, place).help(help));
        share.broken_ids.push(stem.to_owned());
        return;
    }
    let source = SourceText::new(Arc::clone(&path), text);
    let mut faults = Diagnostics::default();
    let document = parse_toml(&source, &mut faults);
    if document.root(&source, &mut faults).has("customer") {
        // Many customers, written in a way that has no plain headers.
        read_tables(&source, index, 0, known, share);
        return;
    }
    let errors_before = share.diagnostics.error_count();
    share.diagnostics.append(faults);
    if let Err(reason) = check_id(stem) {
        let message = format!("the id `{}` {}", clipped(stem), reason.reason());
        let diagnostic = Diagnostic::new(fault::ID_INVALID, message, Place::file(path.clone()));
        share
            .diagnostics
            .push(diagnostic.help("rename the file: its stem is the customer's id"));
    }
    let mut root = document.root(&source, &mut share.diagnostics);
    let mut customer = read_customer(&mut root, known);
    root.finish_or(Some(FREE_KEYS));
    if share.diagnostics.error_count() > errors_before {
        share.broken_ids.push(stem.to_owned());
        return;
    }
    customer.id = stem.into();
    customer.file = u32::try_from(index).unwrap_or(u32::MAX);
    share.customers.push(customer);
}

/// Tells whether a text holds many customers.
pub(crate) fn holds_many(text: &str) -> bool {
    !customer_headers(text).is_empty()
}

/// Returns where the lines begin that are `[[customer]]` headers.
fn customer_headers(text: &str) -> Vec<usize> {
    if memchr::memmem::find(text.as_bytes(), b"customer").is_none() {
        return Vec::new();
    }
    let mut headers = Vec::new();
    let mut strings = MultiLine::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if strings.is_outside() && is_header(line) {
            headers.push(at);
        }
        strings.pass(line);
        at += line.len();
    }
    headers
}

/// Tells whether a line is the header `[[customer]]`, however it is spaced.
pub(super) fn is_header(line: &str) -> bool {
    let inner = line
        .trim_start()
        .strip_prefix("[[")
        .and_then(|rest| rest.split_once("]]"));
    inner.is_some_and(|(name, _)| name.trim() == "customer")
}

/// Whether a line begins inside a text of several lines, where a header is no header.
#[derive(Debug, Default)]
struct MultiLine {
    /// The quote that three of will end the text.
    quote: Option<u8>,
}

impl MultiLine {
    fn is_outside(&self) -> bool {
        self.quote.is_none()
    }

    /// Goes on to the end of a line.
    fn pass(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some((&byte, rest)) = bytes.get(at..).and_then(<[u8]>::split_first) {
            let begins_three = |quote: u8| byte == quote && rest.starts_with(&[quote; 2]);
            at += match (self.quote, byte) {
                (Some(b'"'), b'\\') => 2,
                (Some(quote), _) if begins_three(quote) => {
                    self.quote = None;
                    // Up to two more quotes belong to the text that ends here.
                    1 + rest.iter().take_while(|it| **it == quote).count()
                }
                (None, b'"' | b'\'') if begins_three(byte) => {
                    self.quote = Some(byte);
                    3
                }
                (None, b'"' | b'\'') => 1 + rest_of_text(byte, rest),
                (None, b'#') => return,
                _ => 1,
            };
        }
    }
}

/// Returns how many bytes a text of one line takes after its opening quote.
fn rest_of_text(quote: u8, rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        at += if byte == b'\\' && quote == b'"' { 2 } else { 1 };
        if byte == quote {
            break;
        }
    }
    at
}

/// Reads a file of many customers: in parts, since one table of a million keys takes seconds.
fn read_many(
    files: &dyn Files,
    index: usize,
    text: &str,
    headers: &[usize],
    known: &Known<'_>,
    options: LoadOptions,
) -> Vec<Share> {
    let path: Arc<str> = files.paths()[index].as_str().into();
    let mut parts = Vec::with_capacity(headers.len() + 1);
    let (mut start, mut first_line) = (0, 1);
    for &end in headers.iter().chain([&text.len()]) {
        let part = text.get(start..end).unwrap_or_default();
        parts.push((start, part, first_line));
        first_line += memchr::memchr_iter(b'\n', part.as_bytes()).count() as u64;
        start = end;
    }
    let shares = parts.chunks(SHARE).collect();
    parallel::map(options.threads, shares, |parts: &[(usize, &str, u64)]| {
        let mut share = Share::default();
        for &(offset, text, first_line) in parts {
            let source = SourceText::part(Arc::clone(&path), text, first_line);
            read_tables(&source, index, offset, known, &mut share);
        }
        share
    })
}

/// Reads the `[[customer]]` tables of a text.
fn read_tables(
    source: &SourceText,
    file: usize,
    offset: usize,
    known: &Known<'_>,
    share: &mut Share,
) {
    let document = parse_toml(source, &mut share.diagnostics);
    let mut root = document.root(source, &mut share.diagnostics);
    let mut broken = Vec::new();
    // Where a line cannot be read, nobody knows what else it would have said.
    let is_whole = document.is_whole;
    let tables = root.each("customer", |table| {
        let errors_before = table.error_count();
        let id = table.required_text("id", "a customer").unwrap_or_default();
        if let Err(reason) = check_id(id)
            && !id.is_empty()
        {
            let span = table.text_value("id").map_or(0..0, |(_, span)| span);
            let message = format!("the id `{}` {}", clipped(id), reason.reason());
            table.report(fault::ID_INVALID, span, message, None);
        }
        let mut customer = read_customer(table, known);
        table.finish_or(Some(FREE_KEYS));
        if !is_whole || table.error_count() > errors_before {
            broken.push(id.to_owned());
            return None;
        }
        customer.id = id.into();
        customer.file = u32::try_from(file).unwrap_or(u32::MAX);
        customer.offset = u32::try_from(offset + table.span().start).unwrap_or(u32::MAX);
        Some(customer)
    });
    let others: Vec<_> = root
        .entries()
        .into_iter()
        .filter(|(key, _)| &**key.get_ref() != "customer")
        .collect();
    for (key, _) in others {
        let message = format!(
            "`{}` stands beside `[[customer]]` tables, where it means nothing",
            key.get_ref()
        );
        root.report(
            fault::UNKNOWN_KEY,
            key.span(),
            message,
            "move it into one of them".to_owned(),
        );
    }
    share.broken_ids.extend(broken);
    share
        .customers
        .extend(tables.unwrap_or_default().into_iter().flatten());
}

/// Reads all keys of a customer but its id.
fn read_customer(table: &mut TomlTable<'_, '_>, known: &Known<'_>) -> Customer {
    let boxed = |text: Option<&str>| text.map(Box::from);
    let list = |texts: Option<Vec<(&str, _)>>| -> Vec<Box<str>> {
        texts
            .unwrap_or_default()
            .into_iter()
            .map(|(text, _)| text.into())
            .collect()
    };
    let communication = table.one_of("communication", &["normal", "difficult"]);
    let mut customer = Customer {
        name: table
            .required_text("name", "a customer")
            .unwrap_or_default()
            .into(),
        aliases: list(table.texts("aliases")),
        owner: read_owner(table, known),
        stage: read_stage(table, known),
        since: table.date("since"),
        segment: boxed(table.text("segment")),
        region: boxed(table.text("region")),
        tags: list(table.texts("tags")),
        has_communication: communication.is_some(),
        is_difficult: communication == Some(1),
        score: table.decimal("score", 0, 100),
        margin: table.decimal("margin", 0, 1),
        credit_limit: table.money("credit_limit"),
        payment_terms: table.span_days("payment_terms", 0),
        revisit: table.cadence("revisit"),
        reviewed: table.date("reviewed"),
        website: boxed(table.text("website")),
        address: boxed(table.text("address")),
        licence: boxed(table.text("licence")),
        registered_capital: table.money("registered_capital"),
        bank_account: boxed(table.text("bank_account")),
        ..Customer::default()
    };
    if let Some(mut scorecard) = table.table("scorecard") {
        for (key, value) in scorecard.entries() {
            if let Some(score) = scorecard.decimal_of(key.get_ref(), value, 0, 100) {
                customer
                    .scorecard
                    .push((key.get_ref().as_ref().into(), score));
            }
        }
    }
    customer.profile = read_free_keys(table, "profile");
    customer.custom = read_free_keys(table, "custom");
    customer.people = table.each("contact", read_person).unwrap_or_default();
    customer.dates = table
        .each("date", read_date)
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .collect();
    let competitors = table.each("competitor", |it| Competitor {
        name: boxed(it.text("name")),
        note: boxed(it.text("note")),
    });
    customer.competitors = competitors.unwrap_or_default();
    customer
}

fn read_owner(table: &mut TomlTable<'_, '_>, known: &Known<'_>) -> Option<Box<str>> {
    let (owner, span) = table.text_value("owner")?;
    if let Some(staff) = &known.staff
        && !staff.contains(&owner)
    {
        let help = staff.iter().copied().help(owner);
        let message = format!("`{}` is nobody in staff.toml", clipped(owner));
        table.report(fault::UNKNOWN_OWNER, span, message, help);
    }
    Some(owner.into())
}

fn read_stage(table: &mut TomlTable<'_, '_>, known: &Known<'_>) -> Option<Box<str>> {
    let (stage, span) = table.text_value("stage")?;
    if !known.stages.iter().any(|it| it == stage) {
        let stages = known.stages.iter().map(String::as_str);
        let help = stages
            .help(stage)
            .unwrap_or_else(|| format!("the policy's stages are {}", known.stages.join(", ")));
        let message = format!("`{}` is not a stage of this book", clipped(stage));
        table.report(fault::UNKNOWN_STAGE, span, message, help);
    }
    Some(stage.into())
}

fn read_person(table: &mut TomlTable<'_, '_>) -> Person {
    let boxed = |text: Option<&str>| text.map(Box::from);
    Person {
        name: boxed(table.text("name")),
        title: boxed(table.text("title")),
        phone: boxed(table.text("phone")),
        email: boxed(table.text("email")),
        birthday: read_birthday(table),
        note: boxed(table.text("note")),
    }
}

/// Reads a birthday: a date, `"YYYY-MM-DD"`, or `"MM-DD"`.
fn read_birthday(table: &mut TomlTable<'_, '_>) -> Option<(Option<i32>, u32, u32)> {
    use chrono::{Datelike as _, NaiveDate};
    let value = table.value("birthday")?;
    let text = match value.get_ref() {
        TomlValue::String(text) if text.is_empty() => return None,
        TomlValue::String(text) => &**text,
        other => {
            let date = value_date(other);
            if date.is_none() {
                table.wrong_type(
                    "birthday",
                    value,
                    "a day",
                    "write it like `1980-05-01` or `\"05-01\"`",
                );
            }
            return date.map(|date| (Some(date.year()), date.month(), date.day()));
        }
    };
    let day = match text.len() {
        // A leap year, so that 29 February is a birthday.
        5 => super::log::parse_day(format!("2000-{text}").as_bytes())
            .ok()
            .map(|it| (None, it.0)),
        10 => super::log::parse_day(text.as_bytes())
            .ok()
            .map(|it| (Some(()), it.0)),
        _ => None,
    };
    let Some((year, day)) = day else {
        let message = format!("`{}` is no birthday", clipped(text));
        let help = "write it like `1980-05-01` or `\"05-01\"`".to_owned();
        table.report(fault::WRONG_VALUE, value.span(), message, help);
        return None;
    };
    let date: NaiveDate = day.date();
    Some((year.map(|()| date.year()), date.month(), date.day()))
}

fn read_date(table: &mut TomlTable<'_, '_>) -> Option<ImportantDate> {
    let name = table.required_text("name", "a day that matters");
    table.require("on", "a day that matters");
    let on = table.date("on");
    let is_yearly = table.bool("yearly").unwrap_or(false);
    Some(ImportantDate {
        name: name?.into(),
        on: on?,
        is_yearly,
    })
}

/// Reads `[profile]` or `[custom]`; keys below tables of theirs are joined by `.`.
fn read_free_keys<'t>(table: &mut TomlTable<'t, '_>, key: &'t str) -> Vec<(Box<str>, CustomValue)> {
    let mut found = Vec::new();
    let Some(mut free) = table.table(key) else {
        return found;
    };
    let entries = free.entries();
    for (name, value) in entries {
        if KEYS.contains(&&**name.get_ref()) {
            let message = format!(
                "`{}` is a key of the customer and means nothing under `[{key}]`",
                name.get_ref()
            );
            let help = "move the line up, before the first `[table]` header".to_owned();
            free.report(fault::MISPLACED_KEY, name.span(), message, help);
            continue;
        }
        flatten(name.get_ref(), value, &mut found);
    }
    found
}

fn flatten(name: &str, value: &Spanned<TomlValue<'_>>, found: &mut Vec<(Box<str>, CustomValue)>) {
    let value = match value.get_ref() {
        TomlValue::String(text) if text.is_empty() => return,
        TomlValue::String(text) => CustomValue::Text(text.as_ref().into()),
        TomlValue::Boolean(yes) => CustomValue::Bool(*yes),
        TomlValue::Table(table) => {
            for (key, value) in table.iter() {
                flatten(&format!("{name}.{}", key.get_ref()), value, found);
            }
            return;
        }
        TomlValue::Array(items) => CustomValue::List(
            items
                .iter()
                .filter_map(|item| item_text(item.get_ref()))
                .collect(),
        ),
        TomlValue::Integer(number) => match whole(number.as_str(), number.radix()) {
            Some(number) => CustomValue::Number(number),
            // Digits that nobody counts with: kept as they are written.
            None => CustomValue::Text(number.as_str().into()),
        },
        other => match (value_date(other), value_digits(other)) {
            (Some(date), _) => CustomValue::Date(date),
            (_, Some(digits)) => match Fraction::parse_decimal(digits) {
                Some(number) => CustomValue::Number(number),
                None => CustomValue::Float(digits.parse().unwrap_or(f64::NAN)),
            },
            _ => match item_text(other) {
                Some(text) => CustomValue::Text(text),
                None => return,
            },
        },
    };
    found.push((name.into(), value));
}

/// Returns a whole number exactly, as of an account or a card; `None` for more than 38 digits.
fn whole(digits: &str, radix: u32) -> Option<Fraction> {
    Fraction::new(i128::from_str_radix(digits, radix).ok()?, 1)
}

/// Returns a value of a list as text.
fn item_text(value: &TomlValue<'_>) -> Option<Box<str>> {
    let text = match value {
        TomlValue::String(text) if text.is_empty() => return None,
        TomlValue::String(text) => text.to_string(),
        TomlValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
        TomlValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()?
            .to_string(),
        TomlValue::Float(number) => number.as_str().to_owned(),
        TomlValue::Boolean(yes) => yes.to_string(),
        TomlValue::Datetime(moment) => moment.text.clone().into_owned(),
        TomlValue::Array(_) | TomlValue::Table(_) => return None,
    };
    Some(text.into())
}

/// Reports ids that only case tells apart, and leaves out all of one id, else all but the first.
fn report_twins(files: &dyn Files, read: &mut ReadCustomers, diagnostics: &mut Diagnostics) {
    let customers = &read.customers;
    let twins = twins(customers);
    if twins.is_empty() {
        return;
    }
    let both = |&(index, earlier): &(usize, usize)| [index, earlier];
    let wanted: Vec<_> = twins
        .iter()
        .flat_map(both)
        .map(|index| (&customers[index], "id"))
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
        let is_kept = is_kept.next().unwrap_or(true);
        if !is_kept {
            read.broken_ids.push(customer.id.to_string());
        }
        is_kept
    });
}

/// Returns the customers whose id an earlier one has already, with that one.
fn twins(customers: &[Customer]) -> Vec<(usize, usize)> {
    let is_plain = |it: &Customer| matches!(folded_id(&it.id), Cow::Borrowed(_));
    if customers.iter().all(is_plain) {
        // Ids that folding leaves alone stand beside each other where they are equal.
        let is_twin = |index: &usize| customers[index - 1].id == customers[*index].id;
        let first = |index: usize| customers.partition_point(|it| it.id < customers[index].id);
        return (1..customers.len())
            .filter(is_twin)
            .map(|index| (index, first(index)))
            .collect();
    }
    let mut first: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(customers.len());
    let mut twins = Vec::new();
    for (index, customer) in customers.iter().enumerate() {
        let earlier = *first.entry(folded_id(&customer.id)).or_insert(index);
        if earlier != index {
            twins.push((index, earlier));
        }
    }
    twins
}

fn id_twice(twin: &Customer, here: Place, first: &Customer, there: Place) -> Diagnostic {
    let message = if twin.id == first.id {
        format!("two customers have the id `{}`", twin.id)
    } else {
        format!(
            "the ids `{}` and `{}` differ only in case",
            first.id, twin.id
        )
    };
    // A file of its own is named for its customer, so there is no line to show.
    let is_file = |place: &Place| place.line == 0;
    let help = if is_file(&here) && is_file(&there) {
        format!("rename {} or {}, or merge them", there.path, here.path)
    } else if is_file(&there) {
        format!("{} is the other one: rename one, or merge them", there.path)
    } else {
        "give one of them another id, or merge them".to_owned()
    };
    let diagnostic = Diagnostic::new(fault::ID_TWICE, message, here).help(help);
    if is_file(&there) {
        diagnostic
    } else {
        diagnostic.second(there, "the other one")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_inside_a_text_is_none() {
        let headers = |text: &str| customer_headers(text).len();
        assert_eq!(
            headers("[[customer]]\nid = \"a\"\n [[ customer ]] # b\n"),
            2
        );
        assert_eq!(headers("[customer]\n[[customers]]\n# [[customer]]\n"), 0);
        for open in [
            "a = \"\"\"",
            "a = '''",
            "a = [\"x # y\", '''",
            "'k\"' = \"\\\"\"\nb = \"\"\"\\\"\"\"",
        ] {
            let close = if open.ends_with("'''") {
                "'''"
            } else {
                "\"\"\""
            };
            let text = format!("{open}\n[[customer]]\n{close}\n");
            assert_eq!(headers(&text), 0, "{text}");
            let text = format!("{open}\n{close}\"\n[[customer]]\n");
            assert_eq!(headers(&text), 1, "{text}");
        }
        // A text that is not closed ends with its line.
        assert_eq!(headers("a = \"b\n[[customer]]\n"), 1);
        assert_eq!(headers("a = 'it''s' # \"\"\"\n[[customer]]\n"), 1);
    }
}
