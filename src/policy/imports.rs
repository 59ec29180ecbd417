//! `[import.NAME]`: how the export of another program is read, saved for the next time.
//!
//! What the words mean only `import` knows; here they are texts at their places.

use crate::diagnostic::WRONG_VALUE;
use crate::toml_table::{TomlTable, TomlTree, TomlValue};
use crate::words::{Phrase, Same, both};

/// A saved mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedImport {
    /// Its name.
    pub name: String,
    /// What the lines are: `customers` or `log`.
    pub into: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the headings.
    pub header_row: Option<u64>,
    /// The encoding of text.
    pub encoding: Option<String>,
    /// What parts the cells of text.
    pub separator: Option<String>,
    /// The words of `--read`.
    pub read: Vec<String>,
    /// Headings with their targets.
    pub map: Vec<(String, String)>,
    /// Targets with the values of their blank cells.
    pub set: Vec<(String, String)>,
    /// Headings with the texts whose lines are left out.
    pub skip: Vec<(String, Vec<String>)>,
    /// Headings with texts and what stands for each.
    pub values: Vec<(String, Vec<(String, String)>)>,
    /// Whether a log makes customers.
    pub create: bool,
}

/// Reads all saved mappings.
pub(super) fn read_imports(table: &mut TomlTable<'_, '_>) -> Vec<SavedImport> {
    let mut imports = Vec::new();
    for (name, value) in table.entries() {
        let shown = format!("import.{}", name.get_ref());
        if let Some(mut below) = table.below(&shown, &value) {
            imports.push(read_import(name.get_ref(), &mut below));
            below.finish();
        }
    }
    imports
}

fn read_import(name: &str, table: &mut TomlTable<'_, '_>) -> SavedImport {
    const WORDS: [&str; 2] = ["customers", "log"];
    table.require("into", Phrase("a saved import", "已保存的导入"));
    let into = table.one_of("into", &WORDS).map_or("", |at| WORDS[at]);
    let text =
        |table: &mut TomlTable<'_, '_>, key: &'static str| table.text(key).map(str::to_owned);
    let read = table.texts("read").unwrap_or_default();
    SavedImport {
        name: name.to_owned(),
        into: into.to_owned(),
        sheet: text(table, "sheet"),
        header_row: read_row(table),
        encoding: text(table, "encoding"),
        separator: text(table, "separator"),
        read: read.into_iter().map(|it| it.0.to_owned()).collect(),
        map: read_texts(table, "map"),
        set: read_texts(table, "set"),
        skip: read_lists(table, "skip"),
        values: read_values(table),
        create: table.bool("create").unwrap_or(false),
    }
}

fn read_row(table: &mut TomlTable<'_, '_>) -> Option<u64> {
    let value = table.value("header_row")?;
    let row = match value.get_ref() {
        TomlValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
        _ => None,
    };
    if row.is_none() {
        table.wrong_type(
            "header_row",
            &value,
            Phrase("a number of a row", "行号"),
            Phrase("write it like `3`", "请写成 `3`"),
        );
    }
    row
}

/// Reads a table of texts.
fn read_texts(table: &mut TomlTable<'_, '_>, key: &'static str) -> Vec<(String, String)> {
    let tree = table.free_table(key);
    tree.map(|tree| texts_in(table, key, tree))
        .unwrap_or_default()
}

fn texts_in(table: &mut TomlTable<'_, '_>, key: &str, tree: TomlTree<'_>) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (name, value) in tree.iter() {
        if let TomlValue::String(text) = value.get_ref() {
            texts.push((name.get_ref().to_string(), (*text).to_owned()));
        } else {
            let message = both!(
                "`{}` of `{key}` is no text",
                "`{key}` 的 `{}` 不是文本",
                Same(name.get_ref())
            );
            table.report(WRONG_VALUE, value.span(), message, None);
        }
    }
    texts
}

/// Reads a table of lists of texts.
fn read_lists(table: &mut TomlTable<'_, '_>, key: &'static str) -> Vec<(String, Vec<String>)> {
    let Some(tree) = table.free_table(key) else {
        return Vec::new();
    };
    let mut lists = Vec::new();
    for (name, value) in tree.iter() {
        let texts: Option<Vec<String>> = match value.get_ref() {
            TomlValue::String(text) => Some(vec![(*text).to_owned()]),
            TomlValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    TomlValue::String(text) => Some((*text).to_owned()),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        if let Some(texts) = texts {
            lists.push((name.get_ref().to_string(), texts));
        } else {
            let message = both!(
                "`{}` of `{key}` is no list of texts",
                "`{key}` 的 `{}` 不是文本的列表",
                Same(name.get_ref())
            );
            table.report(WRONG_VALUE, value.span(), message, None);
        }
    }
    lists
}

fn read_values(table: &mut TomlTable<'_, '_>) -> Vec<(String, Vec<(String, String)>)> {
    let Some(tree) = table.free_table("values") else {
        return Vec::new();
    };
    let mut values = Vec::new();
    for (name, value) in tree.iter() {
        if let TomlValue::Table(below) = value.get_ref() {
            let texts = texts_in(table, "values", *below);
            values.push((name.get_ref().to_string(), texts));
        } else {
            let message = both!(
                "`{}` of `values` is no table of texts",
                "`values` 的 `{}` 不是文本的表",
                Same(name.get_ref())
            );
            table.report(WRONG_VALUE, value.span(), message, None);
        }
    }
    values
}
