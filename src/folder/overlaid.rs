//! A book's files as they are once an interrupted change is finished.

use std::io::{self, Cursor, Read};

use super::journal::Overlay;
use super::walk::is_of_book;
use crate::source::Files;

/// Files of which an [`Overlay`] replaces, adds and hides some.
#[derive(Debug)]
pub struct OverlaidFiles<F> {
    below: F,
    /// `None` where nothing is laid over: the files below are all there is.
    laid: Option<Laid>,
}

/// All files in the order of their paths.
#[derive(Debug)]
struct Laid {
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
    /// Lays the overlay over the files; an empty one changes nothing and costs nothing.
    pub fn new(below: F, overlay: &Overlay) -> Self {
        let mut over = overlay
            .iter()
            .filter(|(path, _)| is_of_book(path))
            .peekable();
        if over.peek().is_none() {
            return Self { below, laid: None };
        }
        let mut files: Vec<(String, Place)> = Vec::with_capacity(below.paths().len());
        for (index, path) in below.paths().iter().enumerate() {
            if overlay.get(path).is_none() {
                files.push((path.clone(), Place::Below(index)));
            }
        }
        for (path, bytes) in over {
            if let Some(bytes) = bytes {
                files.push((path.to_owned(), Place::Here(bytes.to_owned())));
            }
        }
        files.sort_by(|one, other| one.0.cmp(&other.0));
        let (paths, places) = files.into_iter().unzip();
        let laid = Some(Laid { paths, places });
        Self { below, laid }
    }

    fn place(&self, index: usize) -> Option<PlaceRef<'_>> {
        match &self.laid {
            None => Some(PlaceRef::Below(index)),
            Some(laid) => laid.places.get(index).map(|place| match place {
                Place::Below(index) => PlaceRef::Below(*index),
                Place::Here(bytes) => PlaceRef::Here(bytes),
            }),
        }
    }
}

enum PlaceRef<'a> {
    Below(usize),
    Here(&'a [u8]),
}

impl<F: Files> Files for OverlaidFiles<F> {
    fn paths(&self) -> &[String] {
        match &self.laid {
            None => self.below.paths(),
            Some(laid) => &laid.paths,
        }
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        match self.place(index) {
            Some(PlaceRef::Below(index)) => self.below.open(index),
            Some(PlaceRef::Here(bytes)) => Ok(Box::new(Cursor::new(bytes))),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn read(&self, index: usize, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
        match self.place(index) {
            Some(PlaceRef::Below(index)) => self.below.read(index, limit, buffer),
            Some(PlaceRef::Here(bytes)) => {
                buffer.clear();
                buffer.extend_from_slice(bytes);
                buffer.truncate(limit.saturating_add(1));
                Ok(buffer.len())
            }
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn length(&self, index: usize) -> io::Result<u64> {
        match self.place(index) {
            Some(PlaceRef::Below(index)) => self.below.length(index),
            Some(PlaceRef::Here(bytes)) => Ok(bytes.len() as u64),
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
