//! A book's files as they are once an interrupted change is finished.

use std::io::{self, Read};

use super::overlay::{Laid, Overlay};
use super::walk::is_of_book;
use crate::source::{Files, read_up_to};

/// Files of which an [`Overlay`] replaces, adds, lengthens and hides some.
#[derive(Debug)]
pub struct OverlaidFiles<F> {
    below: F,
    /// `None` where nothing is laid over: the files below are all there is.
    over: Option<Over>,
}

/// All files in the order of their paths.
#[derive(Debug)]
struct Over {
    paths: Vec<String>,
    /// Of each path, where its bytes are.
    places: Vec<OverlaidPlace>,
}

#[derive(Debug)]
enum OverlaidPlace {
    /// The file of this index below.
    Below(usize),
    /// Something else, perhaps with a part of a file below.
    Laid(Option<usize>, Laid),
}

impl<F: Files> OverlaidFiles<F> {
    /// Lays the overlay over the files; an empty one changes nothing and costs nothing.
    pub fn new(below: F, overlay: &Overlay) -> Self {
        if !overlay.paths().any(is_of_book) {
            return Self { below, over: None };
        }
        let mut files: Vec<(String, OverlaidPlace)> = Vec::with_capacity(below.paths().len());
        for (index, path) in below.paths().iter().enumerate() {
            if overlay.get(path).is_none() {
                files.push((path.clone(), OverlaidPlace::Below(index)));
            }
        }
        for path in overlay.paths().filter(|path| is_of_book(path)) {
            if let Some(laid) = overlay.get(path).filter(|it| it.is_there()) {
                let index = below.paths().binary_search_by(|it| it.as_str().cmp(path));
                files.push((
                    path.to_owned(),
                    OverlaidPlace::Laid(index.ok(), laid.clone()),
                ));
            }
        }
        files.sort_by(|one, other| one.0.cmp(&other.0));
        let (paths, places) = files.into_iter().unzip();
        let over = Some(Over { paths, places });
        Self { below, over }
    }

    /// Returns the files below: those on disk.
    pub fn below(&self) -> &F {
        &self.below
    }

    /// Returns the index below of a file that holds what the file there holds.
    fn index_below(&self, index: usize) -> Option<usize> {
        match &self.over {
            None => Some(index),
            Some(over) => match over.places.get(index) {
                Some(OverlaidPlace::Below(index)) => Some(*index),
                _ => None,
            },
        }
    }
}

impl<F: Files> Files for OverlaidFiles<F> {
    fn paths(&self) -> &[String] {
        match &self.over {
            None => self.below.paths(),
            Some(over) => &over.paths,
        }
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        if let Some(index) = self.index_below(index) {
            return self.below.open(index);
        }
        let over = self.over.as_ref();
        match over.and_then(|over| over.places.get(index)) {
            Some(OverlaidPlace::Laid(below, laid)) => laid.open(|| match below {
                Some(index) => self.below.open(*index),
                None => Err(io::ErrorKind::NotFound.into()),
            }),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn read(&self, index: usize, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
        if let Some(index) = self.index_below(index) {
            return self.below.read(index, limit, buffer);
        }
        read_up_to(&mut *self.open(index)?, limit, buffer)
    }

    fn length(&self, index: usize) -> io::Result<u64> {
        match self.index_below(index) {
            Some(index) => self.below.length(index),
            None => io::copy(&mut self.open(index)?, &mut io::sink()),
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
            file("interactions/x.csv", "X, torn"),
        ]);
        let mut overlay = Overlay::default();
        for (path, laid) in [
            ("customers/a.toml", Laid::Gone),
            ("customers/c.toml", Laid::Text("A2".to_owned())),
            ("interactions/x.csv", Laid::Shortened(1)),
            ("interactions/y.csv", Laid::Text("Y".to_owned())),
            ("notes/n.md", Laid::Text("N".to_owned())),
        ] {
            overlay.lay(path.to_owned(), laid);
        }
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
                "interactions/x.csv=X",
                "interactions/y.csv=Y"
            ]
        );
    }
}
