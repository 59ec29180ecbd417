//! Plain TOML, read at a glance.
//!
//! Nearly every customer file is plain: a header or a key and one value a line, texts without
//! escapes. Such a file is read here in a tenth of the time that the `toml` crate takes, which is
//! half the time of a whole command on ten thousand customers. Whatever is not plain, right or
//! wrong, is declined, and the `toml` crate reads it; a property test holds both against each
//! other.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;

use super::tree::{Digits, Moment, Spanned, TomlTree, TomlValue};

/// Reads a plain file; `None` if it is not plain.
pub(super) fn read_plain(text: &str) -> Option<TomlTree<'_>> {
    let mut root = TomlTree::large();
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    read_keys(&mut reader, &mut root)?;
    while reader.at < reader.bytes.len() {
        let header = reader.header()?;
        let mut table = TomlTree::default();
        read_keys(&mut reader, &mut table)?;
        enter(&mut root, &header, table)?;
    }
    Some(root)
}

/// Reads keys and values up to the next header.
fn read_keys<'t>(reader: &mut Reader<'t>, table: &mut TomlTree<'t>) -> Option<()> {
    loop {
        reader.skip_blanks();
        match reader.peek() {
            None | Some(b'[') => return Some(()),
            Some(b'#' | b'\n' | b'\r') => reader.end_line()?,
            Some(_) => {
                let key = reader.bare_key()?;
                reader.equals_sign()?;
                let start = reader.at;
                let value = reader.value()?;
                let value = Spanned::new(start..reader.at, value);
                reader.end_line()?;
                table.add(key, value)?;
            }
        }
    }
}

/// The header of a table.
struct Header<'t> {
    /// The name, or the name of the table above and its own.
    names: (Spanned<Cow<'t, str>>, Option<Spanned<Cow<'t, str>>>),
    /// Whether it is one of several: `[[name]]`.
    is_one_of: bool,
    span: Range<usize>,
}

/// Puts a table where its header says.
fn enter<'t>(root: &mut TomlTree<'t>, header: &Header<'t>, table: TomlTree<'t>) -> Option<()> {
    let (above, name) = match &header.names {
        (name, None) => (root, name),
        (above, Some(name)) => {
            let above = match root.get_mut(above.get_ref())?.get_mut() {
                TomlValue::Table(table) => table,
                TomlValue::Array(items) => match items.last_mut()?.get_mut() {
                    TomlValue::Table(table) => table,
                    _ => return None,
                },
                _ => return None,
            };
            (above, name)
        }
    };
    let table = Spanned::new(header.span.clone(), TomlValue::Table(table));
    match above.get_mut(name.get_ref()).map(Spanned::get_mut) {
        None if header.is_one_of => {
            let list = TomlValue::Array(vec![table]);
            above.add(name.clone(), Spanned::new(header.span.clone(), list))
        }
        None => above.add(name.clone(), table),
        // Only headers put tables into lists here: a list of values has none.
        Some(TomlValue::Array(items)) if header.is_one_of => {
            items
                .last()
                .filter(|item| matches!(item.get_ref(), TomlValue::Table(_)))?;
            items.push(table);
            Some(())
        }
        Some(_) => None,
    }
}

/// A place in a text.
struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Reader<'t> {
    /// Returns what is still to be read.
    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there.then_some(())
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
            self.at += length;
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

    fn bare_key(&mut self) -> Option<Spanned<Cow<'t, str>>> {
        let start = self.at;
        let key = self.run_of(IN_KEY).filter(|key| !key.is_empty())?;
        Some(Spanned::new(start..self.at, Cow::Borrowed(key)))
    }

    fn equals_sign(&mut self) -> Option<()> {
        // Nearly every line is written so.
        if let [b' ', b'=', b' ', b'!'..=b'~', ..] = self.rest() {
            self.at += 3;
            return Some(());
        }
        self.skip_blanks();
        self.expect(b'=')?;
        self.skip_blanks();
        Some(())
    }

    /// Reads as many bytes of a class as there are.
    fn run_of(&mut self, class: u8) -> Option<&'t str> {
        let rest = self.rest();
        let is_other = |byte: &u8| CLASSES[usize::from(*byte)] & class == 0;
        let length = rest.iter().position(is_other).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        self.text.get(start..self.at)
    }

    fn header(&mut self) -> Option<Header<'t>> {
        let start = self.at;
        self.expect(b'[')?;
        let is_one_of = self.expect(b'[').is_some();
        self.skip_blanks();
        let first = self.bare_key()?;
        self.skip_blanks();
        let mut second = None;
        if self.expect(b'.').is_some() {
            self.skip_blanks();
            second = Some(self.bare_key()?);
            self.skip_blanks();
        }
        self.expect(b']')?;
        if is_one_of {
            self.expect(b']')?;
        }
        let span = start..self.at;
        self.end_line()?;
        Some(Header {
            names: (first, second),
            is_one_of,
            span,
        })
    }

    fn value(&mut self) -> Option<TomlValue<'t>> {
        match self.peek()? {
            b'[' => self.list(),
            _ => self.scalar(),
        }
    }

    fn list(&mut self) -> Option<TomlValue<'t>> {
        self.expect(b'[')?;
        let mut items = Vec::new();
        loop {
            self.skip_lines()?;
            if self.expect(b']').is_some() {
                return Some(TomlValue::Array(items));
            }
            let start = self.at;
            let item = self.scalar()?;
            items.push(Spanned::new(start..self.at, item));
            self.skip_lines()?;
            if self.peek() != Some(b']') {
                self.expect(b',')?;
            }
        }
    }

    fn scalar(&mut self) -> Option<TomlValue<'t>> {
        match self.peek()? {
            quote @ (b'"' | b'\'') => Some(TomlValue::String(self.quoted(quote)?)),
            _ => self.word(),
        }
    }

    /// Reads a text in one kind of quotes, with no other escapes than `\"` and `\\`.
    fn quoted(&mut self, quote: u8) -> Option<Cow<'t, str>> {
        let start = self.at + 1;
        let mut at = start;
        let mut is_escaped = false;
        loop {
            at += ordinary_bytes(self.bytes.get(at..)?, quote);
            match *self.bytes.get(at)? {
                byte if byte == quote => break,
                b'\\' if quote == b'"' => {
                    if !matches!(self.bytes.get(at + 1), Some(b'"' | b'\\')) {
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
        let text = self.text.get(start..at)?;
        if !is_escaped {
            return Some(Cow::Borrowed(text));
        }
        let mut parts = text.split('\\');
        let mut whole = parts.next()?.to_owned();
        while let Some(part) = parts.next() {
            // An empty part after a backslash is the first of two: the second belongs to it.
            if part.is_empty() {
                whole.push('\\');
                whole.push_str(parts.next()?);
            } else {
                whole.push_str(part);
            }
        }
        Some(Cow::Owned(whole))
    }

    /// Reads a number, a day, or `true` or `false`.
    fn word(&mut self) -> Option<TomlValue<'t>> {
        let word = self.run_of(IN_WORD)?;
        match word {
            "true" => return Some(TomlValue::Boolean(true)),
            "false" => return Some(TomlValue::Boolean(false)),
            _ => {}
        }
        if let Some(date) = plain_date(word.as_bytes()) {
            // A day and a blank may go on with a time: what follows it then is no line's end.
            return Some(TomlValue::Datetime(Moment {
                date: Some(date),
                has_time: false,
                text: word.into(),
            }));
        }
        let digits = word.strip_prefix('-').unwrap_or(word).as_bytes();
        let length = |digits: &[u8]| digits.iter().take_while(|it| it.is_ascii_digit()).count();
        let whole = length(digits);
        if whole == 0 || whole > 1 && digits.first() == Some(&b'0') {
            return None;
        }
        match digits.get(whole..)? {
            [] => Some(TomlValue::Integer(Digits::decimal(word))),
            [b'.', decimals @ ..] if !decimals.is_empty() && length(decimals) == decimals.len() => {
                Some(TomlValue::Float(Digits::decimal(word)))
            }
            _ => None,
        }
    }
}

/// What a byte may be part of, one bit for each.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') {
            classes[byte as usize] = IN_KEY | IN_WORD;
        } else if matches!(byte, b'+' | b'.' | b':') {
            classes[byte as usize] = IN_WORD;
        }
        byte += 1;
    }
    classes
};

/// A byte of a key without quotes.
const IN_KEY: u8 = 1;

/// A byte of a number, a day, or `true` or `false`.
const IN_WORD: u8 = 2;

/// Returns how many bytes stand before a quote, a backslash or a control character.
///
/// Texts are most of a customer file, so this looks at eight bytes at a time.
fn ordinary_bytes(bytes: &[u8], quote: u8) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // In both, the first byte that has its high bit set is right, and no later one counts.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (eights, rest) = bytes.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let found = below(word, 0x20) | equal(word, 0x7f) | equal(word, quote) | equal(word, b'\\');
        if found & HIGH != 0 {
            return 8 * index + (found & HIGH).trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| *byte < 0x20 || *byte == 0x7f || *byte == quote || *byte == b'\\';
    8 * eights.len() + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Reads `YYYY-MM-DD`.
fn plain_date(word: &[u8]) -> Option<NaiveDate> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = word else {
        return None;
    };
    let number = |digits: [u8; 4]| {
        digits.into_iter().try_fold(0_u16, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u16::from(byte - b'0'))
        })
    };
    let year = number([y0, y1, y2, y3])?;
    let month = number([b'0', b'0', m0, m1])?;
    let day = number([b'0', b'0', d0, d1])?;
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use toml::de::DeTable;

    use super::*;

    /// Holds the plain reading against that of the `toml` crate; tells whether it was plain.
    fn check(text: &str) -> bool {
        let Some(plain) = read_plain(text) else {
            return false;
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        assert!(errors.is_empty(), "{text:?}: {errors:?}");
        let expected = TomlTree::from(table.into_inner());
        assert_eq!(sorted(&plain), expected, "{text:?}");
        true
    }

    /// Sorts all tables by their keys, as the `toml` crate does.
    fn sorted<'t>(tree: &TomlTree<'t>) -> TomlTree<'t> {
        let mut entries: Vec<_> = tree
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        entries.sort_by(|a, b| a.0.get_ref().cmp(b.0.get_ref()));
        let mut all = TomlTree::default();
        for (key, mut value) in entries {
            match value.get_mut() {
                TomlValue::Table(table) => *table = sorted(table),
                TomlValue::Array(items) => {
                    for item in items {
                        if let TomlValue::Table(table) = item.get_mut() {
                            *table = sorted(table);
                        }
                    }
                }
                _ => {}
            }
            all.add(key, value).unwrap();
        }
        all
    }

    #[test]
    fn customer_files_are_plain() {
        let text = "# a customer\nname = \"株洲地铁集团\"   # the only required key\naliases = [\"Zhuzhou Metro\", 'b',]\n\
                    since = 2021-03-01\nscore = 78\nmargin = 0.22\ncustom_flag = true\r\n\n[profile]\nneeds = \"bogies\"\n\
                    [[contact]]\nname = \"王\"\nbirthday = \"05-01\"\n\n[[contact]]\nname = ''\n[[date]]\nname = \"x\"\non = 2027-03-01\n\
                    [custom]\nlines = -6";
        assert!(check(text));
        let many = "[[customer]]\nid = \"a\"\n[customer.profile]\nx = 1\n[[customer.contact]]\nname = \"b\"\n\
                    [[customer.contact]]\nname = \"c\"\n[[customer]]\nid = \"b\"\n[customer.profile]\nx = 1.50\n";
        assert!(check(many));
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
            assert!(!check(text), "{text:?}");
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads its data")]
    fn all_files_of_the_corpus_are_read_alike_or_declined() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora/toml");
        let mut count = 0;
        for part in ["valid", "invalid"] {
            for entry in std::fs::read_dir(folder.join(part)).unwrap() {
                let bytes = std::fs::read(entry.unwrap().path()).unwrap();
                if let Ok(text) = String::from_utf8(bytes) {
                    check(&text);
                    count += 1;
                }
            }
        }
        assert!(count > 250);
    }

    #[test]
    fn a_text_ends_where_a_look_at_each_byte_finds_its_end() {
        let special = [
            '"', '\'', '\\', '\t', '\u{0}', '\u{1f}', '\u{7f}', '\u{80}', ' ', '株',
        ];
        for (before, after) in (0..20).flat_map(|it| [(it, 0), (it, 3), (it, 17)]) {
            for (one, two) in special.iter().flat_map(|it| special.map(|two| (*it, two))) {
                let text = format!("{}{one}{}{two}", "x".repeat(before), "\u{f7}".repeat(after));
                for quote in [b'"', b'\''] {
                    let is_end = |it: &u8| it.is_ascii_control() || *it == quote || *it == b'\\';
                    let end = text
                        .bytes()
                        .position(|it| is_end(&it))
                        .unwrap_or(text.len());
                    assert_eq!(ordinary_bytes(text.as_bytes(), quote), end, "{text:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_lines_are_read_alike_or_declined(
            lines in prop::collection::vec(prop::sample::select(vec![
                "a = 1", "b = \"x\"", "a = 'y'", "c = [1, \"z\"]", "c = []", "d = 2026-03-05", "d = 2026-03-05 07:00:00",
                "e = 1.5", "e = -0", "f = true", "[a]", "[b]", "[[c]]", "[[c]] # x", "[c.d]", "[[c.e]]", "[ a . b ]", "# note", "",
                "  g = 00", "h = 0.0", "[[a]]", "a.b = 1", "k = \"\\u0041\"", "o = \"\\\"\\\\x\\\\\"", "p = [", "1,", "]", "é = 1", "l = \"é\"\r", "m = 1979-05-27T07:32:00Z",
            ]), 0..12),
        ) {
            check(&lines.join("\n"));
        }

        #[test]
        fn any_text_is_read_alike_or_declined(text in "[ab\\\\\\[\\]=\"'#.0-9\\- \\n\\r\\t,é]{0,40}") {
            check(&text);
        }
    }
}
