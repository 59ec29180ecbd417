//! The files of a whole book, made of what its files say.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::DocumentMut;

use super::node::{NotCarried, ValueNode, has_cells, of_item, push_object, push_text};
use super::{FORMAT, MANIFEST, WholeForm, csv};
use crate::load::{Loaded, files_below};
use crate::model::{CUSTOMER_FIELDS, Day, LOG_COLUMNS, LogColumn, Origin, composed_id};
use crate::report::read_cells;
use crate::source::{CUSTOMERS, Files, POLICY_FILE, STAFF_FILE, sha256};
use crate::words::{Same, Wording, both};

/// How many rows are held with their texts at once.
const HELD: usize = 1 << 16;

/// The key of a file of many customers.
const MANY: &str = "customer";

/// The key of the file of the staff.
const PEOPLE: &str = "staff";

/// Files with their names, in the order in which they are written.
type Sheets = Vec<(String, Vec<u8>)>;

/// Returns the files of a whole book by their names, the manifest last.
///
/// # Errors
/// If a value is one that no other program knows, which the text says.
pub(crate) fn export_files(
    loaded: &Loaded,
    files: &dyn Files,
    form: WholeForm,
    threads: usize,
) -> Result<Vec<(String, Vec<u8>)>, Wording> {
    let made = || -> Result<Sheets, NotCarried> {
        let customers = customers(files)?;
        let staff = staff(files)?;
        let rows = rows(loaded, files, form, threads);
        let mut counts = vec![("customers", customers.len()), ("rows", rows.1)];
        counts.extend(staff.as_ref().map(|it| ("staff", it.len())));
        let order: Vec<&str> = CUSTOMER_FIELDS.iter().map(|it| it.0).collect();
        let named = |name: &str| format!("{name}.{}", form.ending());
        let mut sheets = vec![
            (named("customers"), records(&customers, &order, form)?),
            (named("rows"), rows.0.into_bytes()),
        ];
        if let Some(staff) = &staff {
            sheets.push((named("staff"), records(staff, &["name", "email"], form)?));
        }
        if let Some(policy) = read(files, POLICY_FILE)? {
            sheets.push((POLICY_FILE.to_owned(), policy));
        }
        let manifest = manifest(&counts, &sheets);
        sheets.push((MANIFEST.to_owned(), manifest.into_bytes()));
        Ok(sheets)
    };
    made().map_err(|NotCarried(why)| why)
}

/// Returns a file of the book as it is; nothing where it is not there.
fn read(files: &dyn Files, path: &str) -> Result<Option<Vec<u8>>, NotCarried> {
    let Some(index) = files.paths().iter().position(|it| it == path) else {
        return Ok(None);
    };
    read_at(files, index).map(Some)
}

fn read_at(files: &dyn Files, index: usize) -> Result<Vec<u8>, NotCarried> {
    let mut bytes = Vec::new();
    let read = files
        .open(index)
        .and_then(|mut file| std::io::Read::read_to_end(&mut file, &mut bytes));
    let path = &files.paths()[index];
    read.map_err(|error| {
        let (path, error) = (Same(path), error.to_string());
        NotCarried(both!(
            "cannot read `{}`: {}",
            "无法读取 `{}`：{}",
            path,
            error
        ))
    })?;
    Ok(bytes)
}

fn document(path: &str, bytes: &[u8]) -> Result<DocumentMut, NotCarried> {
    let unfit = |what: &dyn std::fmt::Display| {
        NotCarried(both!("`{}`: {}", "`{}`：{}", Same(path), what.to_string()))
    };
    let text = std::str::from_utf8(bytes).map_err(|error| unfit(&error))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.parse()
        .map_err(|error: toml_edit::TomlError| unfit(&error.message()))
}

/// What one customer or person says, by keys.
type WrittenRecord = BTreeMap<String, ValueNode>;

/// Returns all customers in the order of their ids.
fn customers(files: &dyn Files) -> Result<Vec<WrittenRecord>, NotCarried> {
    let mut all: Vec<(String, WrittenRecord)> = Vec::new();
    for index in files_below(files, CUSTOMERS, ".toml") {
        let path = &files.paths()[index];
        let document = document(path, &read_at(files, index)?)?;
        let mut keys = keys_of(&document)?;
        let Some(many) = keys.remove(MANY) else {
            let stem = path.rsplit('/').next().unwrap_or(path);
            let stem = stem.strip_suffix(".toml").unwrap_or(stem);
            all.push((composed_id(stem).into_owned(), keys));
            continue;
        };
        for mut keys in tables_of(many, path, MANY)? {
            let Some(ValueNode::Text(id)) = keys.remove("id") else {
                return Err(NotCarried(both!(
                    "`{}` has a customer without an id",
                    "`{}` 中有客户没有编号",
                    Same(path)
                )));
            };
            all.push((composed_id(&id).into_owned(), keys));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    let with_id = |(id, mut keys): (String, WrittenRecord)| {
        keys.insert("id".to_owned(), ValueNode::Text(id));
        keys
    };
    Ok(all.into_iter().map(with_id).collect())
}

/// Returns the account managers in their order; nothing where the book has no such file.
fn staff(files: &dyn Files) -> Result<Option<Vec<WrittenRecord>>, NotCarried> {
    let Some(bytes) = read(files, STAFF_FILE)? else {
        return Ok(None);
    };
    let mut keys = keys_of(&document(STAFF_FILE, &bytes)?)?;
    match keys.remove(PEOPLE) {
        Some(people) => Ok(Some(tables_of(people, STAFF_FILE, PEOPLE)?)),
        None => Ok(Some(Vec::new())),
    }
}

/// Returns the tables that stand under a key of a file, or says that something else does.
fn tables_of(node: ValueNode, path: &str, key: &str) -> Result<Vec<WrittenRecord>, NotCarried> {
    let no_tables = || {
        let (path, key) = (Same(path), Same(key));
        NotCarried(both!(
            "`{}`: `{}` is no list of tables",
            "`{}`：`{}` 不是表的列表",
            path,
            key
        ))
    };
    let ValueNode::List(nodes) = node else {
        return Err(no_tables());
    };
    let of_keys = |it| match it {
        ValueNode::Keys(keys) => Ok(keys),
        _ => Err(no_tables()),
    };
    nodes.into_iter().map(of_keys).collect()
}

/// Returns what a file says, by keys.
fn keys_of(document: &DocumentMut) -> Result<WrittenRecord, NotCarried> {
    match of_item(document.as_item())? {
        Some(ValueNode::Keys(keys)) => Ok(keys),
        // A file is a table.
        _ => Ok(WrittenRecord::new()),
    }
}

/// Writes records; `order` are the keys that stand first, the id before all.
fn records(all: &[WrittenRecord], order: &[&str], form: WholeForm) -> Result<Vec<u8>, NotCarried> {
    let place = |key: &str| {
        let known = order.iter().position(|it| *it == key);
        (key != "id", known.unwrap_or(order.len()))
    };
    let mut out = String::new();
    match form {
        WholeForm::Jsonl => {
            for record in all {
                let mut pairs: Vec<(&String, &ValueNode)> = record.iter().collect();
                pairs.sort_by_key(|(key, _)| place(key));
                push_object(&mut out, pairs.into_iter(), false);
                out.push('\n');
            }
        }
        WholeForm::Csv => {
            let cells = all.iter().map(flat);
            let cells = cells.collect::<Result<Vec<BTreeMap<ValuePath, String>>, _>>()?;
            let paths: BTreeSet<&ValuePath> = cells.iter().flat_map(BTreeMap::keys).collect();
            let mut paths: Vec<&ValuePath> = paths.into_iter().collect();
            paths.sort_by_key(|path| (place(&path.key), *path));
            csv::push_record(
                &mut out,
                &paths.iter().map(ToString::to_string).collect::<Vec<_>>(),
            );
            for cells in &cells {
                let record: Vec<String> = paths
                    .iter()
                    .map(|it| cells.get(it).cloned().unwrap_or_default())
                    .collect();
                csv::push_record(&mut out, &record);
            }
        }
    }
    Ok(out.into_bytes())
}

/// Where a value stands: `phone` of the second `contact` is `contact:2.phone`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ValuePath {
    key: String,
    /// From 1; 0 where there is no list.
    number: usize,
    inner: String,
}

impl std::fmt::Display for ValuePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)?;
        if self.number > 0 {
            write!(f, ":{}", self.number)?;
        }
        if !self.inner.is_empty() {
            write!(f, ".{}", self.inner)?;
        }
        Ok(())
    }
}

/// Returns the cells of a record by their places. A list or table that has no cells of its own, as it is
/// empty, mixed or has a key without a name, is one cell.
fn flat(record: &WrittenRecord) -> Result<BTreeMap<ValuePath, String>, NotCarried> {
    let mut cells = BTreeMap::new();
    let mut put = |key: &str, number: usize, inner: &str, node: &ValueNode| {
        let path = ValuePath {
            key: key.to_owned(),
            number,
            inner: inner.to_owned(),
        };
        cells.insert(path, node.to_cell()?);
        Ok(())
    };
    for (key, node) in record {
        match (node, node.tables()) {
            (ValueNode::Keys(keys), _) if has_cells(keys) => {
                for (inner, node) in keys {
                    put(key, 0, inner, node)?;
                }
            }
            (_, Some(tables)) => {
                for (number, keys) in (1..).zip(tables) {
                    for (inner, node) in keys {
                        put(key, number, inner, node)?;
                    }
                }
            }
            _ => put(key, 0, "", node)?,
        }
    }
    Ok(cells)
}

/// Writes all rows in the order of the book, and returns how many there are.
fn rows(loaded: &Loaded, files: &dyn Files, form: WholeForm, threads: usize) -> (String, usize) {
    let book = &loaded.book;
    let mut spots: Vec<(Day, u16, Origin, u32)> = Vec::with_capacity(book.interaction_count());
    for index in 0..book.customers.len() {
        let rows = book.interactions_of(index);
        for (row, origin) in rows.rows().iter().zip(rows.origins) {
            spots.push((row.day, row.minute, *origin, row.customer));
        }
    }
    spots.sort_unstable();
    let mut columns: Vec<String> = LOG_COLUMNS.iter().map(|it| (*it).to_owned()).collect();
    if form == WholeForm::Csv {
        columns.extend(more_columns(loaded, files, &spots, threads));
    }
    let mut out = String::new();
    if form == WholeForm::Csv {
        csv::push_record(&mut out, &columns);
    }
    for spots in spots.chunks(HELD) {
        let origins: Vec<Origin> = spots.iter().map(|it| it.2).collect();
        let mut lines = vec![String::new(); spots.len()];
        read_cells(loaded, files, &origins, threads, &mut |at, cells| {
            let mut filled: BTreeMap<&str, String> = cells.filled_texts().collect();
            // A log of one customer has no such column.
            filled
                .entry(LogColumn::Customer.name())
                .or_insert_with(|| book.customers[spots[at].3 as usize].id.to_string());
            let line = &mut lines[at];
            if form == WholeForm::Csv {
                let cell = |name: &String| filled.get(name.as_str()).cloned().unwrap_or_default();
                csv::push_record(line, &columns.iter().map(cell).collect::<Vec<_>>());
            } else {
                push_row(line, filled);
            }
        });
        out.extend(lines);
    }
    (out, spots.len())
}

/// Appends a row as an object: the columns that logs know in their order, then all others.
fn push_row(line: &mut String, filled: BTreeMap<&str, String>) {
    let place = |name: &str| LOG_COLUMNS.iter().position(|it| *it == name);
    let mut pairs: Vec<(&str, String)> = filled.into_iter().collect();
    pairs.sort_by_key(|(name, _)| place(name).unwrap_or(LOG_COLUMNS.len()));
    line.push('{');
    for (index, (name, text)) in pairs.iter().enumerate() {
        line.push_str(if index > 0 { ", " } else { "" });
        push_text(line, name);
        line.push_str(": ");
        push_text(line, text);
    }
    line.push_str("}\n");
}

/// Returns the columns that logs have beside those that mean something, where a cell is filled, sorted.
fn more_columns(
    loaded: &Loaded,
    files: &dyn Files,
    spots: &[(Day, u16, Origin, u32)],
    threads: usize,
) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for spots in spots.chunks(HELD) {
        let origins: Vec<Origin> = spots.iter().map(|it| it.2).collect();
        read_cells(loaded, files, &origins, threads, &mut |_, cells| {
            if cells
                .names()
                .iter()
                .all(|it| LOG_COLUMNS.contains(&it.as_str()))
            {
                return;
            }
            for (name, _) in cells.filled_texts() {
                if !LOG_COLUMNS.contains(&name) && !found.contains(name) {
                    found.insert(name.to_owned());
                }
            }
        });
    }
    found.into_iter().collect()
}

/// Writes what the files are, by which whoever reads them knows that they are whole.
fn manifest(counts: &[(&str, usize)], sheets: &Sheets) -> String {
    let mut out = format!("{{\n\"format\": {FORMAT},\n\"counts\": {{");
    for (index, (name, count)) in counts.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        push_text(&mut out, name);
        out.push_str(": ");
        out.push_str(&count.to_string());
    }
    out.push_str("},\n\"sha256\": {");
    for (index, (name, bytes)) in sheets.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        push_text(&mut out, name);
        out.push_str(": ");
        push_text(&mut out, &sha256(bytes));
    }
    out.push_str("\n}\n}\n");
    out
}
