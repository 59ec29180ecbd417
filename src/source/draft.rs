//! A book's files as a change would leave them, or a part of them.

use std::borrow::Cow;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use super::{AddedRows, Files, read_up_to};

/// Files of which some are left out, replaced, added or made longer.
pub struct DraftFiles<'f> {
    below: &'f dyn Files,
    paths: Vec<String>,
    /// Of each path, what it holds.
    contents: Vec<DraftContent<'f>>,
}

enum DraftContent<'f> {
    /// The file of this index below.
    Below(usize),
    Text(Cow<'f, [u8]>),
    /// Either, and rows after its end.
    Longer(Box<DraftContent<'f>>, Arc<AddedRows>),
}

impl<'f> DraftFiles<'f> {
    /// Keeps the files whose paths satisfy `keep`.
    pub fn new(below: &'f dyn Files, keep: impl Fn(&str) -> bool) -> Self {
        let kept = below.paths().iter().enumerate();
        let (paths, contents) = kept
            .filter(|(_, path)| keep(path))
            .map(|(index, path)| (path.clone(), DraftContent::Below(index)))
            .unzip();
        Self {
            below,
            paths,
            contents,
        }
    }

    /// Lets a file hold this text, whether it is there or not; `None` takes it away.
    pub fn put(&mut self, path: &str, text: Option<Cow<'f, [u8]>>) {
        match (self.position(path), text.map(DraftContent::Text)) {
            (Ok(at), Some(text)) => self.contents[at] = text,
            (Ok(at), None) => {
                self.paths.remove(at);
                self.contents.remove(at);
            }
            (Err(at), Some(text)) => {
                self.paths.insert(at, path.to_owned());
                self.contents.insert(at, text);
            }
            (Err(_), None) => {}
        }
    }

    /// Lets many files hold these texts, whether they are there or not.
    pub fn put_all(&mut self, mut texts: Vec<(String, Cow<'f, [u8]>)>) {
        texts.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let old_paths = std::mem::take(&mut self.paths);
        let old_contents = std::mem::take(&mut self.contents);
        let mut texts = texts.into_iter().peekable();
        for (path, content) in old_paths.into_iter().zip(old_contents) {
            while let Some((other, text)) = texts.next_if(|it| it.0 < path) {
                self.push(other, DraftContent::Text(text));
            }
            match texts.next_if(|it| it.0 == path) {
                Some((_, text)) => self.push(path, DraftContent::Text(text)),
                None => self.push(path, content),
            }
        }
        for (path, text) in texts {
            self.push(path, DraftContent::Text(text));
        }
    }

    fn push(&mut self, path: String, content: DraftContent<'f>) {
        self.paths.push(path);
        self.contents.push(content);
    }

    /// Adds rows at the end of a file that is there; a missing last line end comes first.
    pub fn append(&mut self, path: &str, rows: &Arc<AddedRows>) {
        let Ok(at) = self.position(path) else { return };
        let before = std::mem::replace(&mut self.contents[at], DraftContent::Below(0));
        self.contents[at] = DraftContent::Longer(Box::new(before), Arc::clone(rows));
    }

    fn open_content<'c>(
        &'c self,
        content: &'c DraftContent<'f>,
    ) -> io::Result<Box<dyn Read + Send + 'c>> {
        match content {
            DraftContent::Below(index) => self.below.open(*index),
            DraftContent::Longer(before, rows) => Ok(Box::new(Longer {
                first: self.open_content(before)?,
                last: b'\n',
                tail: rows.as_text().as_bytes(),
            })),
            DraftContent::Text(text) => Ok(Box::new(Cursor::new(text))),
        }
    }

    fn position(&self, path: &str) -> Result<usize, usize> {
        self.paths.binary_search_by(|it| it.as_str().cmp(path))
    }
}

impl Files for DraftFiles<'_> {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        self.open_content(self.contents.get(index).ok_or(io::ErrorKind::NotFound)?)
    }

    fn read(&self, index: usize, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
        if let Some(DraftContent::Below(index)) = self.contents.get(index) {
            return self.below.read(*index, limit, buffer);
        }
        read_up_to(&mut *self.open(index)?, limit, buffer)
    }
}

/// A file, and what comes after it.
struct Longer<'t> {
    first: Box<dyn Read + Send + 't>,
    /// The last byte that the file gave.
    last: u8,
    tail: &'t [u8],
}

impl Read for Longer<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || self.tail.is_empty() {
            return Ok(0);
        }
        let count = self.first.read(buffer)?;
        if count > 0 {
            self.last = buffer[count - 1];
            return Ok(count);
        }
        if self.last != b'\n' {
            self.last = b'\n';
            buffer[0] = b'\n';
            return Ok(1);
        }
        self.tail.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    fn all(files: &dyn Files) -> Vec<String> {
        let text = |index: usize| {
            let (mut read, mut opened) = (Vec::new(), Vec::new());
            let length = files.read(index, 1000, &mut read).unwrap();
            read.truncate(length);
            files.open(index).unwrap().read_to_end(&mut opened).unwrap();
            assert_eq!(read, opened);
            String::from_utf8(read).unwrap()
        };
        let paths = files.paths().iter().enumerate();
        paths
            .map(|(index, path)| format!("{path}={}", text(index)))
            .collect()
    }

    #[test]
    fn leaves_out_replaces_adds_and_lengthens() {
        let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_owned());
        let below = MemoryFiles::new([file("a", "A"), file("b", "B"), file("d", "D")]);
        let rows = |row: &str| Arc::new([row].into_iter().collect::<AddedRows>());
        let mut draft = DraftFiles::new(&below, |path| path != "b");
        assert_eq!(all(&draft), ["a=A", "d=D"]);
        draft.put("c", Some(b"C".into()));
        draft.append("a", &rows("1"));
        draft.append("a", &rows("2"));
        draft.append("c", &rows("3"));
        draft.put("d", None);
        draft.append("d", &rows("x"));
        assert_eq!(all(&draft), ["a=A\n1\n2\n", "c=C\n3\n"]);
        draft.put("a", Some(b"E".into()));
        assert_eq!(all(&draft), ["a=E", "c=C\n3\n"]);
        let text = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec().into());
        draft.put_all(vec![text("z", "Z"), text("c", "N"), text("b", "Y")]);
        assert_eq!(all(&draft), ["a=E", "b=Y", "c=N", "z=Z"]);
    }
}
