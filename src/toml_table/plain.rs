//! Plain TOML, read at a glance.
//!
//! Nearly every customer file is plain: a header or a key and one value a line, texts without
//! escapes. Such a file is read here in a tenth of the time that the `toml` crate takes, which is
//! half the time of a whole command on ten thousand customers. Whatever is not plain, right or
//! wrong, is declined, and the `toml` crate reads it; a property test holds both against each
//! other.

use super::bytes::{is_in_key, key_letters, ordinary_bytes, plain_date, sixteen_bytes};
use super::store::{Chain, ChainId, FilePart, StoredKey, StoredValue, TomlStore};

/// Reads a plain file into an empty store; `None` if it is not plain.
pub(super) fn read_plain(text: &str, store: &mut TomlStore) -> Option<()> {
    // Places are kept in 32 bits.
    let length = u32::try_from(text.len()).ok()?;
    let mut reader = PlainReader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        store,
    };
    let mut root = reader.keys()?;
    while reader.at < length {
        let header = reader.header()?;
        let id = reader.enter(&mut root, &header)?;
        let table = reader.keys()?;
        *reader.store.chain_mut(id)? = table;
    }
    reader.store.root = root;
    Some(())
}

/// The header of a table.
struct TableHeader {
    /// The name, or the name of the table above and its own.
    names: (StoredKey, Option<StoredKey>),
    /// Whether it is one of several: `[[name]]`.
    is_one_of: bool,
    span: FilePart,
}

/// A place in a text.
struct PlainReader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: u32,
    store: &'t mut TomlStore,
}

impl PlainReader<'_> {
    /// Reads keys and values up to the next header.
    fn keys(&mut self) -> Option<Chain> {
        let mut table = Chain::EMPTY;
        loop {
            match self.peek() {
                None | Some(b'[') => return Some(table),
                Some(b' ' | b'\t') => self.skip_blanks(),
                Some(b'#' | b'\n' | b'\r') => self.end_line()?,
                Some(_) => {
                    let key = self.key_and_equals_sign()?;
                    let start = self.at;
                    // What is known to be a text goes straight to its entry; any value would be
                    // put together beforehand, which costs a tenth of the line.
                    if let Some(text) = self.usual_text() {
                        self.end_pair(&mut table, key, start, StoredValue::Text(text))?;
                    } else {
                        self.skip_blanks();
                        let start = self.at;
                        let value = self.value()?;
                        self.end_pair(&mut table, key, start, value)?;
                    }
                }
            }
        }
    }

    /// Reads the end of the line of a key and its value, which began at `start`, and adds them.
    #[expect(
        clippy::inline_always,
        reason = "nearly all of a file's bytes pass through this, and a call costs as much"
    )]
    #[inline(always)]
    fn end_pair(
        &mut self,
        table: &mut Chain,
        key: StoredKey,
        start: u32,
        value: StoredValue,
    ) -> Option<()> {
        let span = FilePart::new(start, self.at);
        self.end_line()?;
        self.store.add(self.text, table, key, value, span)
    }

    /// Makes an empty table where a header says.
    fn enter(&mut self, root: &mut Chain, header: &TableHeader) -> Option<ChainId> {
        let (above, Some(name)) = header.names else {
            return self.enter_as(root, header.names.0, header);
        };
        let mut found = self.store.find_key(self.text, root, above)?;
        if let StoredValue::Array(list) = found.value {
            found = self.store.entry(self.store.chain(list)?.last()?)?;
        }
        let StoredValue::Table(id) = found.value else {
            return None;
        };
        let mut above = *self.store.chain(id)?;
        let table = self.enter_as(&mut above, name, header)?;
        *self.store.chain_mut(id)? = above;
        Some(table)
    }

    /// Makes an empty table of this name, or one more of a list of this name.
    fn enter_as(
        &mut self,
        above: &mut Chain,
        name: StoredKey,
        header: &TableHeader,
    ) -> Option<ChainId> {
        if above.is_full() {
            return None;
        }
        let found = self.store.find_key(self.text, above, name);
        let found = found.map(|it| it.value);
        let id = self.store.keep_chain(Chain::EMPTY);
        let table = StoredValue::Table(id);
        match found {
            None if header.is_one_of => {
                let mut list = Chain::EMPTY;
                self.store.add_item(&mut list, table, header.span);
                let list = StoredValue::Array(self.store.keep_chain(list));
                self.store.push(above, name, list, header.span);
            }
            None => self.store.push(above, name, table, header.span),
            Some(StoredValue::Array(list_id)) if header.is_one_of => {
                let mut list = *self.store.chain(list_id)?;
                // Only headers put tables into lists here: a list of values has none.
                let StoredValue::Table(_) = self.store.entry(list.last()?)?.value else {
                    return None;
                };
                self.store.add_item(&mut list, table, header.span);
                *self.store.chain_mut(list_id)? = list;
            }
            Some(_) => return None,
        }
        Some(id)
    }

    /// Returns what is still to be read.
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at as usize..).unwrap_or_default()
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at as usize).copied()
    }

    /// Passes over bytes of which there cannot be more than 32 bits tell.
    fn pass(&mut self, count: usize) -> Option<()> {
        self.at += u32::try_from(count).ok()?;
        Some(())
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.accept(&[byte]).then_some(())
    }

    /// Passes over some bytes if they are the next ones; tells whether they are.
    #[expect(
        clippy::inline_always,
        reason = "of bytes that are written in the code, a comparison is an instruction or two"
    )]
    #[inline(always)]
    fn accept(&mut self, bytes: &[u8]) -> bool {
        let at = self.at as usize;
        let are_next = self.bytes.get(at..at + bytes.len()) == Some(bytes);
        are_next && self.pass(bytes.len()).is_some()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Passes over blanks, comments and line ends, as they may stand within a list.
    fn skip_lines(&mut self) -> Option<()> {
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'#' | b'\n' | b'\r') => self.end_line()?,
                _ => return Some(()),
            }
        }
    }

    /// Reads a comment, if there is one, and the line's end.
    #[inline]
    fn end_line(&mut self) -> Option<()> {
        if self.peek() == Some(b'\n') {
            self.at += 1;
            return Some(());
        }
        self.end_odd_line()
    }

    #[inline(never)]
    fn end_odd_line(&mut self) -> Option<()> {
        self.skip_blanks();
        if self.peek() == Some(b'#') {
            let rest = self.rest();
            let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let is_odd = |byte: &u8| *byte == 0x7f || *byte < 0x20 && *byte != b'\t';
            if rest.get(..length)?.iter().any(is_odd) {
                return None;
            }
            self.pass(length)?;
        }
        match self.peek() {
            None => Some(()),
            Some(b'\n') => self.expect(b'\n'),
            Some(b'\r') => {
                self.at += 1;
                self.expect(b'\n')
            }
            Some(_) => None,
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "nearly all of a file's bytes pass through this, and a call costs as much"
    )]
    #[inline(always)]
    fn key_and_equals_sign(&mut self) -> Option<StoredKey> {
        let start = self.at;
        let first = self.pass_letters();
        let mut end = self.at;
        // Few lines are written otherwise, and few keys have capitals, digits or hyphens.
        if !self.accept(b" = ") {
            end = self.odd_equals_sign()?;
        }
        bare_key(first, start, end)
    }

    /// Passes over the rest of a key and its equals sign; returns where the key ends.
    #[inline(never)]
    fn odd_equals_sign(&mut self) -> Option<u32> {
        self.pass_key();
        let end = self.at;
        self.skip_blanks();
        self.expect(b'=')?;
        self.skip_blanks();
        Some(end)
    }

    /// Passes over small letters and underscores, and returns the eight bytes from the first on.
    #[inline]
    fn pass_letters(&mut self) -> u64 {
        let sixteen = sixteen_bytes(self.bytes, self.at);
        let mut count = key_letters(sixteen);
        self.at += count;
        while count == 16 {
            count = key_letters(sixteen_bytes(self.bytes, self.at));
            self.at += count;
        }
        let [first, _] = sixteen.as_chunks().0 else {
            return 0;
        };
        u64::from_le_bytes(*first)
    }

    #[inline(never)]
    fn pass_key(&mut self) {
        while self.peek().is_some_and(is_in_key) {
            self.at += 1;
        }
    }

    fn header(&mut self) -> Option<TableHeader> {
        let start = self.at;
        let is_one_of = self.accept(b"[[");
        if !is_one_of {
            self.expect(b'[')?;
        }
        let first = self.name()?;
        let mut second = None;
        if self.accept(b".") {
            second = Some(self.name()?);
        }
        self.expect(b']')?;
        if is_one_of {
            self.expect(b']')?;
        }
        let span = FilePart::new(start, self.at);
        self.end_line()?;
        Some(TableHeader {
            names: (first, second),
            is_one_of,
            span,
        })
    }

    /// Reads one part of a header's name, and the blanks around it.
    #[inline]
    fn name(&mut self) -> Option<StoredKey> {
        self.skip_blanks();
        let start = self.at;
        let first = self.pass_letters();
        if !matches!(self.peek(), Some(b']' | b'.')) {
            self.pass_key();
        }
        let end = self.at;
        self.skip_blanks();
        bare_key(first, start, end)
    }

    /// Reads a text in double quotes that is not empty and has no backslashes; else stays where it is.
    #[expect(
        clippy::inline_always,
        reason = "nearly all of a file's bytes pass through this, and a call costs as much"
    )]
    #[inline(always)]
    fn usual_text(&mut self) -> Option<FilePart> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at + 1;
        let end = start + ordinary_bytes(self.bytes, start, b'"');
        if end == start || self.bytes.get(end as usize) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        Some(FilePart::new(start, end))
    }

    #[inline(never)]
    fn value(&mut self) -> Option<StoredValue> {
        match self.peek()? {
            quote @ (b'"' | b'\'') => self.quoted(quote).map(StoredValue::Text),
            b'[' => self.list(),
            _ => self.word(),
        }
    }

    fn list(&mut self) -> Option<StoredValue> {
        self.expect(b'[')?;
        let mut items = Chain::EMPTY;
        loop {
            self.skip_lines()?;
            if self.accept(b"]") {
                return Some(StoredValue::Array(self.store.keep_chain(items)));
            }
            let start = self.at;
            if self.peek() == Some(b'[') {
                return None;
            }
            let item = match self.usual_text() {
                Some(text) => StoredValue::Text(text),
                None => self.value()?,
            };
            let span = FilePart::new(start, self.at);
            self.store.add_item(&mut items, item, span);
            self.skip_lines()?;
            if self.peek() != Some(b']') {
                self.expect(b',')?;
            }
        }
    }

    /// Reads a text in one kind of quotes, with no other escapes than `\"` and `\\`.
    #[inline(never)]
    fn quoted(&mut self, quote: u8) -> Option<FilePart> {
        let start = self.at + 1;
        let mut at = start;
        let mut is_escaped = false;
        loop {
            at += ordinary_bytes(self.bytes, at, quote);
            match *self.bytes.get(at as usize)? {
                byte if byte == quote => break,
                b'\\' if quote == b'"' => {
                    if !matches!(self.bytes.get(at as usize + 1), Some(b'"' | b'\\')) {
                        return None;
                    }
                    is_escaped = true;
                    at += 2;
                }
                b'\\' | b'\t' => at += 1,
                _ => return None,
            }
        }
        self.at = at + 1;
        // Three quotes begin a text of several lines.
        if at == start && self.peek() == Some(quote) {
            return None;
        }
        let part = FilePart::new(start, at);
        if is_escaped {
            return self.unescaped(part);
        }
        Some(part)
    }

    /// Keeps a text without its backslashes.
    #[cold]
    fn unescaped(&mut self, part: FilePart) -> Option<FilePart> {
        let text = self.text.get(part.range())?;
        let mut parts = text.split('\\');
        let mut copy = self.store.copy(self.text);
        copy.push_str(parts.next()?);
        while let Some(part) = parts.next() {
            copy.push_str(part);
            // An empty part after a backslash is the first of two: the second belongs to it.
            if part.is_empty() {
                copy.push_str("\\");
                copy.push_str(parts.next()?);
            }
        }
        Some(copy.end())
    }

    /// Reads a number, a day, or `true` or `false`.
    fn word(&mut self) -> Option<StoredValue> {
        let value = match self.peek()? {
            b'-' | b'0'..=b'9' => self.number_or_day()?,
            _ => self.truth()?,
        };
        // Whatever goes on is not plain, such as `1e3` and `07:32`.
        let goes_on = |byte: u8| is_in_key(byte) || matches!(byte, b'+' | b'.' | b':');
        match self.peek() {
            None | Some(b'\n') => Some(value),
            Some(byte) => (!goes_on(byte)).then_some(value),
        }
    }

    /// Reads `true` or `false`.
    fn truth(&mut self) -> Option<StoredValue> {
        let rest = self.rest();
        let yes = rest.starts_with(b"true");
        if !yes && !rest.starts_with(b"false") {
            return None;
        }
        self.at += if yes { 4 } else { 5 };
        Some(StoredValue::Boolean(yes))
    }

    /// Reads a number or a day.
    fn number_or_day(&mut self) -> Option<StoredValue> {
        // A day and a blank may go on with a time: what follows it then is no line's end.
        let at = self.at as usize;
        let day = self.bytes.get(at..at + 10);
        if let Some(day) = day.and_then(<[u8]>::first_chunk)
            && day[4] == b'-'
            && let Some(date) = plain_date(*day)
        {
            let start = self.at;
            self.at += 10;
            return Some(StoredValue::Datetime {
                date: Some(date),
                has_time: false,
                text: FilePart::new(start, self.at),
            });
        }
        let start = self.at;
        self.at += u32::from(self.peek() == Some(b'-'));
        let is_zero = self.peek() == Some(b'0');
        let whole = self.digits()?;
        if is_zero && whole > 1 {
            return None;
        }
        if !self.accept(b".") {
            let digits = FilePart::new(start, self.at);
            return Some(StoredValue::Integer { digits, radix: 10 });
        }
        self.digits()?;
        Some(StoredValue::Float(FilePart::new(start, self.at)))
    }

    /// Passes over digits, at least one, and returns how many they are.
    fn digits(&mut self) -> Option<u32> {
        let mut at = self.at;
        while matches!(self.bytes.get(at as usize), Some(b'0'..=b'9')) {
            at += 1;
        }
        let count = at - self.at;
        self.at = at;
        (count > 0).then_some(count)
    }
}

/// Makes a key without quotes of its place and the eight bytes from there on.
#[inline]
fn bare_key(first: u64, start: u32, end: u32) -> Option<StoredKey> {
    (start < end).then(|| StoredKey::bare(first, FilePart::new(start, end)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use toml::de::DeTable;

    use super::super::tree::{ParsedTree, TomlTree, TomlValue};
    use super::*;

    /// Holds the plain reading against that of the `toml` crate; tells whether it was plain.
    fn check(text: &str, store: &mut TomlStore) -> bool {
        store.clear();
        if read_plain(text, store).is_none() {
            return false;
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        assert!(errors.is_empty(), "{text:?}: {errors:?}");
        let mut expected = TomlStore::default();
        expected.root = expected.take_over(text, table.into_inner());
        assert_eq!(lines(text, store), lines(text, &expected), "{text:?}");
        true
    }

    /// Writes each key and value with its place, and the keys above it; sorted, as the `toml` crate has them.
    fn lines(text: &str, store: &TomlStore) -> Vec<String> {
        let mut lines = Vec::new();
        let all = ParsedTree { text, store };
        list_table("", TomlTree::root(&all), &mut lines);
        lines.sort();
        lines
    }

    fn list_table(above: &str, table: TomlTree<'_>, lines: &mut Vec<String>) {
        assert_eq!(table.iter().count(), table.len());
        for (key, value) in table.iter() {
            let found = table.get(key.get_ref()).unwrap();
            assert_eq!(found.span(), value.span());
            let name = format!("{above}.{:?}@{:?}", key.get_ref(), key.span());
            list_value(
                &format!("{name} {:?}", value.span()),
                value.get_ref(),
                lines,
            );
        }
    }

    fn list_value(name: &str, value: &TomlValue<'_>, lines: &mut Vec<String>) {
        let value = match value {
            TomlValue::Table(table) => {
                list_table(name, *table, lines);
                "table".to_owned()
            }
            TomlValue::Array(items) => {
                assert_eq!(items.iter().count(), items.len());
                for (index, item) in items.iter().enumerate() {
                    let name = format!("{name}[{index}] {:?}", item.span());
                    list_value(&name, item.get_ref(), lines);
                }
                "list".to_owned()
            }
            other => format!("{other:?}"),
        };
        lines.push(format!("{name} = {value}"));
    }

    #[test]
    fn customer_files_are_plain() {
        let text = "# a customer\nname = \"株洲地铁集团\"   # the only required key\naliases = [\"Zhuzhou Metro\", 'b',]\n\
                    since = 2021-03-01\nscore = 78\nmargin = 0.22\ncustom_flag = true\r\n\n[profile]\nneeds = \"bogies\"\n\
                    [[contact]]\nname = \"王\"\nbirthday = \"05-01\"\n\n[[contact]]\nname = ''\n[[date]]\nname = \"x\"\non = 2027-03-01\n\
                    [custom]\nlines = -6";
        assert!(check(text, &mut TomlStore::default()));
        let aligned = "name    =   \"x\"\nsince   = 2021-03-01\n\tregion =\t'y'\na-long_key_of_Many-letters=\"\"\n\
                       [ profile ]\nnine_and_twenty_small_letters = \"a \\\\ b\"\n[[ c . d ]]";
        assert!(!check(aligned, &mut TomlStore::default()));
        let aligned = aligned.replace("c . d", "custom");
        assert!(check(&aligned, &mut TomlStore::default()));
        let many = "[[customer]]\nid = \"a\"\n[customer.profile]\nx = 1\n[[customer.contact]]\nname = \"b\"\n\
                    [[customer.contact]]\nname = \"c\"\n[[customer]]\nid = \"b\"\n[customer.profile]\nx = 1.50\n";
        assert!(check(many, &mut TomlStore::default()));
    }

    #[test]
    fn what_is_not_plain_is_declined() {
        for text in [
            "a = \"x\\n\"",
            "a.b = 1",
            "\"a\" = 1",
            "a = 1_000",
            "a = 0x1f",
            "a = 1e3",
            "a = inf",
            "a = 01",
            "a = {}",
            "a = [[1]]",
            "a = \"\"\"x\"\"\"",
            "a = 1979-05-27 07:32:00",
            "a = 1979-05-27T07:32:00",
            "a = 1\na = 2",
            "[a]\n[a]",
            "[a.b]",
            "a = 1\n[a]",
            "a = []\n[[a]]",
            "[[a]]\n[a]",
            "a",
            "a = ",
            "= 1",
            "a = 1 b = 2",
            "a = 2026-02-30",
            "a = \"x",
            "a = 1\rb = 2",
            "# \u{1}\n",
            "[a",
            "[a]]",
            "[[a]\n",
            "a = tru",
            "a = -",
            "a = +1",
            "a = 1.",
            "a = .5",
            "a = [1 2]",
        ] {
            assert!(!check(text, &mut TomlStore::default()), "{text:?}");
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads its data")]
    fn all_files_of_the_corpus_are_read_alike_or_declined() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora/toml");
        let mut count = 0;
        let mut store = TomlStore::default();
        for part in ["valid", "invalid"] {
            for entry in std::fs::read_dir(folder.join(part)).unwrap() {
                let bytes = std::fs::read(entry.unwrap().path()).unwrap();
                if let Ok(text) = String::from_utf8(bytes) {
                    check(&text, &mut store);
                    count += 1;
                }
            }
        }
        assert!(count > 250);
    }

    proptest! {
        #[test]
        fn any_lines_are_read_alike_or_declined(
            lines in prop::collection::vec(prop::sample::select(vec![
                "a = 1", "b = \"x\"", "a = 'y'", "c = [1, \"z\"]", "c = []", "d = 2026-03-05", "d = 2026-03-05 07:00:00",
                "e = 1.5", "e = -0", "f = true", "[a]", "[b]", "[[c]]", "[[c]] # x", "[c.d]", "[[c.e]]", "[ a . b ]", "# note", "",
                "  g = 00", "h = 0.0", "[[a]]", "a.b = 1", "k = \"\\u0041\"", "o = \"\\\"\\\\x\\\\\"", "p = [", "1,", "]", "é = 1", "l = \"é\"\r", "m = 1979-05-27T07:32:00Z",
            ]), 0..12),
            from in 0_usize..4,
        ) {
            // A store keeps nothing of the file before.
            let mut store = TomlStore::default();
            check(&lines.join("\n"), &mut store);
            check(&lines.get(from..).unwrap_or_default().join("\n"), &mut store);
        }

        #[test]
        fn any_text_is_read_alike_or_declined(text in "[ab\\\\\\[\\]=\"'#.0-9\\- \\n\\r\\t,é]{0,40}") {
            check(&text, &mut TomlStore::default());
        }
    }
}
