//! A book made of the files of an export, if they are whole and as they were written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json::value::RawValue;
use toml_edit::{DocumentMut, Item};

use super::node::{NotCarried, ValueNode, keys_of_json, of_text};
use super::{FORMAT, MANIFEST, csv};
use crate::edit::csv_row::format_row;
use crate::model::{CUSTOMER_FIELDS, LOG_COLUMNS, check_id};
use crate::source::{POLICY_FILE, STAFF_FILE, sha256};
use crate::words::{Phrase, Same, Wording, both};

/// Why files are not taken for a book.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.spoken())]
pub(crate) struct NoBook(pub(crate) Wording);

impl From<NotCarried> for NoBook {
    fn from(NotCarried(why): NotCarried) -> Self {
        Self(why)
    }
}

/// What a manifest says.
struct Manifest {
    counts: BTreeMap<String, usize>,
    sha256: BTreeMap<String, String>,
}

fn manifest(bytes: &[u8]) -> Result<Manifest, NoBook> {
    let no_manifest = || {
        NoBook(both!(
            "`{}` is not one",
            "`{}` 不是导出清单",
            Same(MANIFEST)
        ))
    };
    let found: Value = serde_json::from_slice(bytes).map_err(|_| no_manifest())?;
    let format = found.get("format").and_then(Value::as_u64);
    let format = format.ok_or_else(no_manifest)?;
    if format != u64::from(FORMAT) {
        return Err(NoBook(both!(
            "the export has format {}, and this version knows {}",
            "导出格式为 {}，本版本只认得 {}",
            format,
            FORMAT
        )));
    }
    let pairs = |key: &str| found.get(key).and_then(Value::as_object);
    let count = |(name, count): (&String, &Value)| {
        Some((name.clone(), usize::try_from(count.as_u64()?).ok()?))
    };
    let print = |(name, print): (&String, &Value)| Some((name.clone(), print.as_str()?.to_owned()));
    let made = || {
        Some(Manifest {
            counts: pairs("counts")?.iter().map(count).collect::<Option<_>>()?,
            sha256: pairs("sha256")?.iter().map(print).collect::<Option<_>>()?,
        })
    };
    made().ok_or_else(no_manifest)
}

/// Returns the names of the files that a manifest says there are.
///
/// # Errors
/// If it is no manifest, or names a file that no export has.
pub(crate) fn names_of(bytes: &[u8]) -> Result<Vec<String>, NoBook> {
    let found = manifest(bytes)?;
    let is_known = |name: &str| {
        let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
        name == POLICY_FILE
            || ["customers", "rows", "staff"].contains(&stem) && ["jsonl", "csv"].contains(&ending)
    };
    if let Some(name) = found.sha256.keys().find(|it| !is_known(it)) {
        return Err(NoBook(both!(
            "`{}` names `{}`, which no export has",
            "`{}` 列有 `{}`，而导出没有这样的文件",
            Same(MANIFEST),
            name
        )));
    }
    Ok(found.sha256.into_keys().collect())
}

/// Returns the files of a book, by their paths from its root, of those of an export by their names; the policy
/// is among them as it is.
///
/// # Errors
/// If a file is missing or another one than was written, or has what no book can have.
pub(crate) fn book_files(
    export: &BTreeMap<String, Vec<u8>>,
) -> Result<BTreeMap<String, Vec<u8>>, NoBook> {
    let bytes = export.get(MANIFEST);
    let bytes = bytes.ok_or_else(|| {
        NoBook(both!(
            "there is no `{}`: it is no whole export",
            "没有 `{}`：不是完整的导出",
            Same(MANIFEST)
        ))
    })?;
    let manifest = manifest(bytes)?;
    let mut book = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (name, print) in &manifest.sha256 {
        let bytes = export.get(name).ok_or_else(|| {
            NoBook(both!(
                "`{}` is missing: the export was interrupted, or a file was taken away",
                "缺少 `{}`：导出曾中断，或文件被拿走",
                name
            ))
        })?;
        if sha256(bytes) != *print {
            return Err(NoBook(both!(
                "`{}` is not as it was written",
                "`{}` 与写出时不同",
                name
            )));
        }
        if name == POLICY_FILE {
            book.insert(name.clone(), bytes.clone());
            continue;
        }
        let in_file =
            |NotCarried(why): NotCarried| NoBook(both!("`{}`: {}", "`{}`：{}", name, why));
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|error| in_file(NotCarried(Wording::as_is(error.to_string()))))?;
        let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
        let count = if stem == "rows" {
            take_rows(text, ending, &mut book).map_err(in_file)?
        } else {
            let records = records(text, ending).map_err(in_file)?;
            let count = records.len();
            let take = if stem == "customers" {
                take_customers
            } else {
                take_staff
            };
            take(records, &mut book).map_err(in_file)?;
            count
        };
        counts.insert(stem.to_owned(), count);
    }
    if counts != manifest.counts {
        return Err(NoBook(both!(
            "`{}` counts other records than there are",
            "`{}` 的条数与实际不符",
            Same(MANIFEST)
        )));
    }
    Ok(book)
}

/// What one customer or person says, by keys.
type KeyedRecord = BTreeMap<String, ValueNode>;

fn records(text: &str, ending: &str) -> Result<Vec<KeyedRecord>, NotCarried> {
    if ending == "csv" {
        let mut lines = csv::records(text)?.into_iter();
        let Some(header) = lines.next() else {
            return Ok(Vec::new());
        };
        return lines
            .map(|cells| record_of_cells(&header, &cells))
            .collect();
    }
    let record = |line: &str| {
        let values: BTreeMap<String, &RawValue> = of_text(line)?;
        keys_of_json(values, false)
    };
    text.lines().map(record).collect()
}

/// Makes a record of cells; an empty one says nothing.
fn record_of_cells(header: &[String], cells: &[String]) -> Result<KeyedRecord, NotCarried> {
    let mut record = KeyedRecord::new();
    let mut lists: BTreeMap<&str, BTreeMap<usize, KeyedRecord>> = BTreeMap::new();
    for (path, cell) in header
        .iter()
        .zip(cells)
        .filter(|(_, cell)| !cell.is_empty())
    {
        let node = ValueNode::of_cell(cell)?;
        let Some((key, inner)) = path.split_once('.') else {
            // An id that reads like a number was written as a text.
            record.insert(path.clone(), node);
            continue;
        };
        if let Some((key, number)) = key.split_once(':') {
            let number = number
                .parse()
                .map_err(|_| NotCarried(both!("`{}` is no column", "`{}` 不是列名", path)))?;
            let one = lists.entry(key).or_default().entry(number).or_default();
            one.insert(inner.to_owned(), node);
            continue;
        }
        let inner_keys = record
            .entry(key.to_owned())
            .or_insert_with(|| ValueNode::Keys(BTreeMap::new()));
        if let ValueNode::Keys(keys) = inner_keys {
            keys.insert(inner.to_owned(), node);
        }
    }
    for (key, numbered) in lists {
        let nodes = numbered.into_values().map(ValueNode::Keys).collect();
        record.insert(key.to_owned(), ValueNode::List(nodes));
    }
    Ok(record)
}

fn take_customers(
    records: Vec<KeyedRecord>,
    book: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), NotCarried> {
    let order: Vec<&str> = CUSTOMER_FIELDS.iter().map(|it| it.0).collect();
    for mut record in records {
        let Some(ValueNode::Text(id)) = record.remove("id") else {
            let why = Phrase("a customer has no id", "有客户没有编号");
            return Err(NotCarried(why.into()));
        };
        if let Err(fault) = check_id(&id) {
            return Err(NotCarried(both!(
                "the id `{}` {}",
                "编号 `{}`{}",
                id,
                fault.reason()
            )));
        }
        let text = document(record, &order)?;
        let path = format!("customers/{id}.toml");
        if book.insert(path, text.into_bytes()).is_some() {
            return Err(NotCarried(both!(
                "two customers have the id `{}`",
                "有两个客户的编号都是 `{}`",
                id
            )));
        }
    }
    Ok(())
}

fn take_staff(
    records: Vec<KeyedRecord>,
    book: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), NotCarried> {
    let people = ValueNode::List(records.into_iter().map(ValueNode::Keys).collect());
    let text = match &people {
        ValueNode::List(people) if people.is_empty() => String::new(),
        _ => document(BTreeMap::from([("staff".to_owned(), people)]), &[])?,
    };
    book.insert(STAFF_FILE.to_owned(), text.into_bytes());
    Ok(())
}

/// Returns the text of a TOML file with these keys in an order.
fn document(record: KeyedRecord, order: &[&str]) -> Result<String, NotCarried> {
    let mut document = DocumentMut::new();
    let mut pairs: Vec<(String, ValueNode)> = record.into_iter().collect();
    let place = |key: &str| {
        order
            .iter()
            .position(|it| *it == key)
            .unwrap_or(order.len())
    };
    pairs.sort_by_key(|(key, _)| place(key));
    let mut tables = Vec::new();
    for (key, node) in pairs {
        match node.to_item()? {
            item @ Item::Value(_) => {
                document.insert(&key, item);
            }
            item => tables.push((key, item)),
        }
    }
    // What stands behind a table's head belongs to that table.
    for (key, item) in tables {
        document.insert(&key, item);
    }
    Ok(document.to_string())
}

/// Puts the rows into a log for each year, in their order, and returns how many there are.
fn take_rows(
    text: &str,
    ending: &str,
    book: &mut BTreeMap<String, Vec<u8>>,
) -> Result<usize, NotCarried> {
    let mut rows: Vec<BTreeMap<String, String>> = Vec::new();
    if ending == "csv" {
        let mut lines = csv::records(text)?.into_iter();
        // An empty text has no header and no rows.
        let header = lines.next().into_iter().flatten().collect::<Vec<_>>();
        for cells in lines {
            let pairs = header.iter().cloned().zip(cells);
            rows.push(pairs.filter(|(_, cell)| !cell.is_empty()).collect());
        }
    } else {
        for line in text.lines() {
            rows.push(of_text(line)?);
        }
    }
    let mut years: BTreeMap<String, Vec<&BTreeMap<String, String>>> = BTreeMap::new();
    for row in &rows {
        let year = row.get("date").and_then(|it| it.get(..4));
        let year = year.filter(|it| it.bytes().all(|it| it.is_ascii_digit()));
        let year =
            year.ok_or_else(|| NotCarried(Phrase("a row has no date", "有记录没有日期").into()))?;
        years.entry(year.to_owned()).or_default().push(row);
    }
    for (year, rows) in years {
        let names: BTreeSet<&str> = rows
            .iter()
            .flat_map(|it| it.keys())
            .map(String::as_str)
            .collect();
        let more = names.into_iter().filter(|it| !LOG_COLUMNS.contains(it));
        let header: Vec<&str> = LOG_COLUMNS.iter().copied().chain(more).collect();
        let mut log = format_row(&header) + "\n";
        for row in rows {
            let cells: Vec<&str> = header
                .iter()
                .map(|it| row.get(*it).map_or("", String::as_str))
                .collect();
            log.push_str(&format_row(&cells));
            log.push('\n');
        }
        book.insert(format!("interactions/{year}.csv"), log.into_bytes());
    }
    Ok(rows.len())
}
