//! A book's files as they are once an interrupted change is finished.

use std::io::{self, Cursor, Read};

use super::journal::Overlay;
use super::walk::is_of_book;
use crate::source::Files;

/// Files of which an [`Overlay`] replaces, adds and hides some.
#[derive(Debug)]
pub struct OverlaidFiles<F> {
    below: F,
    paths: Vec<String>,
    /// Of each path, where its bytes are.
    places: Vec<Place>,
}

#[derive(Debug)]
enum Place {
    /// The file of this index below.
    Below(usize),
    Here(Vec<u8>),
}

impl<F: Files> OverlaidFiles<F> {
    /// Lays the overlay over the files; an empty one changes nothing.
    pub fn new(below: F, overlay: &Overlay) -> Self {
        let mut files: Vec<(String, Place)> = Vec::with_capacity(below.paths().len());
        for (index, path) in below.paths().iter().enumerate() {
            if overlay.get(path).is_none() {
                files.push((path.clone(), Place::Below(index)));
            }
        }
        for (path, bytes) in overlay.iter().filter(|(path, _)| is_of_book(path)) {
            if let Some(bytes) = bytes {
                files.push((path.to_owned(), Place::Here(bytes.to_owned())));
            }
        }
        files.sort_by(|one, other| one.0.cmp(&other.0));
        let (paths, places) = files.into_iter().unzip();
        Self {
            below,
            paths,
            places,
        }
    }
}

impl<F: Files> Files for OverlaidFiles<F> {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        match self.places.get(index) {
            Some(Place::Below(index)) => self.below.open(*index),
            Some(Place::Here(bytes)) => Ok(Box::new(Cursor::new(bytes))),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn read(&self, index: usize, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
        match self.places.get(index) {
            Some(Place::Below(index)) => self.below.read(*index, limit, buffer),
            Some(Place::Here(bytes)) => {
                buffer.clear();
                buffer.extend_from_slice(bytes);
                buffer.truncate(limit.saturating_add(1));
                Ok(buffer.len())
            }
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    #[test]
    fn replaces_adds_and_hides() {
        let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_owned());
        let below = MemoryFiles::new([
            file("customers/a.toml", "A"),
            file("customers/b.toml", "B"),
            file("interactions/x.csv", "X"),
        ]);
        let overlay = Overlay::of([
            ("customers/a.toml", None),
            ("customers/c.toml", Some("A2")),
            ("interactions/x.csv", Some("X2")),
            ("notes/n.md", Some("N")),
        ]);
        let files = OverlaidFiles::new(below, &overlay);
        let all: Vec<_> = files
            .paths()
            .iter()
            .enumerate()
            .map(|(index, path)| {
                let mut bytes = Vec::new();
                let length = files.read(index, 100, &mut bytes).unwrap();
                bytes.truncate(length);
                let mut opened = String::new();
                files
                    .open(index)
                    .unwrap()
                    .read_to_string(&mut opened)
                    .unwrap();
                assert_eq!(bytes, opened.as_bytes());
                format!("{path}={opened}")
            })
            .collect();
        assert_eq!(
            all,
            [
                "customers/b.toml=B",
                "customers/c.toml=A2",
                "interactions/x.csv=X2"
            ]
        );
    }
}
