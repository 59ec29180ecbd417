//! Where a key stands in a customer's file: for messages about a customer that was read long ago.
//!
//! Customers keep only their file and where they begin in it, so the file is read once more.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::load::file_text::{MOST_MANY, clean_text};
use crate::model::Customer;
use crate::source::{Files, Place, SourceText, is_header};

/// A key of a customer: one of its own, or of a table of one of its lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyPath<'k> {
    /// The list, such as `contact`, and which of its tables, from 0.
    pub(crate) list: Option<(&'k str, usize)>,
    /// The key.
    pub(crate) key: &'k str,
}

/// Returns the place of each key's value in its customer's file, or of the file where it has none.
pub(crate) fn key_places(files: &dyn Files, wanted: &[(&Customer, &str)]) -> Vec<Place> {
    let of_customer = |&(customer, key)| (customer, KeyPath { list: None, key });
    let wanted: Vec<_> = wanted.iter().map(of_customer).collect();
    path_places(files, &wanted)
}

/// Does so for keys of tables in lists, too.
///
/// Each file is read and counted through once, however many customers it holds.
pub(crate) fn path_places(files: &dyn Files, wanted: &[(&Customer, KeyPath<'_>)]) -> Vec<Place> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|index| (wanted[*index].0.file, wanted[*index].0.offset));
    let mut places: Vec<Option<Place>> = vec![None; wanted.len()];
    let mut open: Option<OpenFile> = None;
    for index in order {
        let (customer, path) = wanted[index];
        let file = customer.file as usize;
        let mut here = match open.take() {
            Some(here) if here.file == file => here,
            _ => OpenFile::read(files, file),
        };
        places[index] = Some(here.place(customer.offset as usize, path));
        open = Some(here);
    }
    places.into_iter().flatten().collect()
}

/// A file whose lines are being counted.
struct OpenFile {
    file: usize,
    path: Arc<str>,
    text: String,
    /// How far lines have been counted.
    at: usize,
    line: u64,
}

impl OpenFile {
    fn read(files: &dyn Files, file: usize) -> Self {
        let path = files.paths().get(file).map_or("customers", String::as_str);
        let mut buffer = Vec::new();
        let text = match files.paths().get(file) {
            Some(_) => clean_text(files, file, MOST_MANY, &mut buffer).unwrap_or_default(),
            None => "",
        };
        Self {
            file,
            path: path.into(),
            text: text.to_owned(),
            at: 0,
            line: 1,
        }
    }

    /// Returns the place of a key of the customer that begins at `offset`, which never goes back.
    fn place(&mut self, offset: usize, path: KeyPath<'_>) -> Place {
        let passed = self.text.as_bytes().get(self.at..offset);
        self.line += memchr::memchr_iter(b'\n', passed.unwrap_or_default()).count() as u64;
        self.at = self.at.max(offset);
        let rest = self.text.get(offset..).unwrap_or_default();
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            if end > 0 && is_header(line) {
                break;
            }
            end += line.len();
        }
        let part = rest.get(..end).unwrap_or(rest);
        let source = SourceText::part(Arc::clone(&self.path), part, self.line);
        let (document, _) = DeTable::parse_recoverable(source.text());
        let root = document.get_ref();
        let customer = table_of(root, "customer", 0).unwrap_or(root);
        let table = match path.list {
            Some((list, index)) => table_of(customer, list, index),
            None => Some(customer),
        };
        match table.and_then(|it| it.get(path.key)) {
            Some(value) => source.place(value.span()),
            None => Place::file(Arc::clone(&self.path)),
        }
    }
}

/// Returns a table of a list.
fn table_of<'t, 's>(table: &'t DeTable<'s>, list: &str, index: usize) -> Option<&'t DeTable<'s>> {
    match table.get(list).map(Spanned::get_ref)? {
        DeValue::Array(tables) => match tables.get(index).map(Spanned::get_ref)? {
            DeValue::Table(table) => Some(table),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    #[test]
    fn finds_keys_in_files_of_one_and_of_many() {
        let many = "# all\n[[customer]]\nid = \"a\"\nname = \"A\"\n[[customer]]\n\
                    id = \"b\"\nowner = \"li\"\nname = \"B\"\n";
        let one = "\u{feff}name = \"C\"\r\nowner = \"wang\"\r\n";
        let files = MemoryFiles::new([
            ("customers/c.toml".to_owned(), one.as_bytes().to_vec()),
            ("customers/many.toml".to_owned(), many.as_bytes().to_vec()),
        ]);
        let loaded = crate::load::load(&files, None, crate::load::LoadOptions::default());
        assert_eq!(loaded.diagnostics.listed(), []);
        let [a, b, c] = &loaded.book.customers[..] else {
            panic!("three customers")
        };
        let places = key_places(
            &files,
            &[(c, "owner"), (b, "owner"), (a, "owner"), (b, "id")],
        );
        let shown: Vec<_> = places
            .iter()
            .map(|it| (&*it.path, it.line, it.column))
            .collect();
        assert_eq!(
            shown,
            [
                ("customers/c.toml", 2, 9),
                ("customers/many.toml", 7, 9),
                ("customers/many.toml", 0, 0),
                ("customers/many.toml", 6, 6),
            ]
        );
    }
}
