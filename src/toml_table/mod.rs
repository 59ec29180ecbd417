//! Reading TOML tables key by key: typed values, and a diagnostic with its place for every mistake.
//!
//! [`parse_toml`] gives the table, [`TomlTable`] walks it. Every key that is asked for counts as
//! known; [`TomlTable::finish`] reports the others. Numbers are taken from their written digits.

mod asked;
mod bytes;
mod document;
mod numbers;
mod plain;
mod quoted;
mod store;
mod tree;
mod words;

use std::ops::Range;

use chrono::{Datelike as _, NaiveDate};

use crate::diagnostic::{
    Diagnostic, Diagnostics, Fault, MISSING_KEY, Nearest, TOML_SYNTAX, UNKNOWN_KEY, WRONG_TYPE,
    WRONG_VALUE,
};
use crate::source::{Place, TextPart, clipped};
use crate::words::{Phrase, Wording, article, both};
use asked::AskedKeys;
pub(crate) use document::parse_toml;
pub(crate) use quoted::{quoted, quoted_key, quoted_list};
use store::StoredEntry;
pub(crate) use store::TomlStore;
use tree::KeyCursor;
pub(crate) use tree::{Spanned, TomlTree, TomlValue};
pub(crate) use words::alternatives;
use words::found_type;

/// How many other faults of one file are listed.
const MOST_FAULTS: usize = 200;

/// A key of a table and its value, with their places.
pub(crate) type KeyPair<'t> = (Spanned<&'t str>, Spanned<TomlValue<'t>>);

/// One table that is being read key by key.
///
/// A read gives `None` where the key is absent and where its value is wrong, which is then
/// reported. An empty string counts as absent.
#[derive(Debug)]
pub(crate) struct TomlTable<'t, 'd> {
    source: TextPart<'t>,
    table: TomlTree<'t>,
    span: Range<usize>,
    is_whole: bool,
    /// Whether spans may be of working days: the book has a calendar.
    has_calendar: bool,
    /// The keys that were asked for.
    known: AskedKeys<'t>,
    /// Those of them that are there, one bit for each if the table has no more than 64.
    taken: u64,
    /// The place after the key that was found last: keys are mostly read in the order of files.
    next: KeyCursor,
    all_known: bool,
    diagnostics: &'d mut Diagnostics,
    /// How many diagnostics may be listed before the rest of the file's are only counted.
    most_listed: usize,
}

impl<'t> TomlTable<'t, '_> {
    /// Returns where the table's header stands; empty for a file's topmost table.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Says whether spans may be of working days, here and in tables below.
    pub(crate) fn set_has_calendar(&mut self, has_calendar: bool) {
        self.has_calendar = has_calendar;
    }

    /// Returns how many errors there are so far, wherever they were found.
    pub(crate) fn error_count(&self) -> usize {
        self.diagnostics.error_count()
    }

    /// Adds a diagnostic at a span of the file.
    pub(crate) fn report(
        &mut self,
        fault: &'static Fault,
        span: Range<usize>,
        message: impl Into<Wording>,
        help: impl Into<Option<Wording>>,
    ) {
        if self.diagnostics.listed().len() >= self.most_listed {
            // Finding a place costs a look over the file.
            return self.diagnostics.count_unlisted(fault.severity, 1);
        }
        let place = self.source.place(span);
        // What is no value at all is not also said to be a wrong one.
        let is_told = self.diagnostics.listed().iter().any(|it| {
            let is_here = |told: &Place| {
                (&told.path, told.line, told.column) == (&place.path, place.line, place.column)
            };
            it.fault == TOML_SYNTAX && it.place.as_ref().is_some_and(is_here)
        });
        if !is_told {
            self.diagnostics
                .push(Diagnostic::new(fault, message, place).maybe_help(help.into()));
        }
    }

    /// Tells whether a key is there, without taking it for known.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Returns a key's value as it is, and takes the key for known.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn value(&mut self, key: &'t str) -> Option<Spanned<TomlValue<'t>>> {
        self.entry(key).map(|entry| self.table.value(entry))
    }

    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    fn entry(&mut self, key: &'t str) -> Option<&'t StoredEntry> {
        self.known.push(key);
        let entry = self.table.find(key, &mut self.next)?;
        // With more keys than bits, the bits are fewer than the keys, whichever are set.
        self.taken |= 1 << (entry.number % 64);
        Some(entry)
    }

    /// Returns all keys and values in the order of the file, and takes them all for known.
    pub(crate) fn entries(&mut self) -> impl Iterator<Item = KeyPair<'t>> + use<'t> {
        self.all_known = true;
        self.table.iter()
    }

    /// Reads a text.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn text(&mut self, key: &'t str) -> Option<&'t str> {
        self.text_value(key).map(|value| value.0)
    }

    /// Reads a text and tells where its value stands, quotes included.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn text_value(&mut self, key: &'t str) -> Option<(&'t str, Range<usize>)> {
        let entry = self.entry(key)?;
        let Some(text) = self.table.text(entry) else {
            let value = self.table.value(entry);
            self.wrong_type(
                key,
                &value,
                Phrase("text", "文本"),
                Phrase("write it in double quotes", "请放在双引号里"),
            );
            return None;
        };
        (!text.is_empty()).then(|| (text, entry.span.range()))
    }

    /// Reads a text that must be there; `what` says of which table, as in `a staff member`.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn required_text(&mut self, key: &'t str, what: Phrase) -> Option<&'t str> {
        let text = self.entry(key).and_then(|entry| self.table.text(entry));
        text.filter(|text| !text.is_empty())
            .or_else(|| self.missing_text(key, what))
    }

    #[cold]
    fn missing_text(&mut self, key: &'t str, what: Phrase) -> Option<&'t str> {
        self.require(key, what);
        self.text(key)
    }

    /// Reports a key that is absent or empty.
    pub(crate) fn require(&mut self, key: &str, what: Phrase) {
        let is_empty = |value: Spanned<TomlValue<'_>>| value.get_ref().as_str() == Some("");
        let found = self.table.get(key);
        if found.is_some_and(|value| !is_empty(value)) || !self.is_whole {
            return;
        }
        let span = found.map_or(self.span.clone(), |it| it.span());
        let article = article(key);
        self.report(
            MISSING_KEY,
            span,
            both!("{} needs {article} `{key}`", "{}必须有 `{key}`", what),
            both!("add `{key} = ...`", "加上 `{key} = ...`"),
        );
    }

    /// Reads a list of texts, each with its place; empty ones are left out.
    pub(crate) fn texts(&mut self, key: &'t str) -> Option<Vec<(&'t str, Range<usize>)>> {
        self.texts_as(key, |text, span| (text, span))
    }

    /// Reads a list of texts as what `own` makes of each and its place; empty ones are left out.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn texts_as<R>(
        &mut self,
        key: &'t str,
        own: impl FnMut(&'t str, Range<usize>) -> R,
    ) -> Option<Vec<R>> {
        let entry = self.entry(key)?;
        self.texts_of(key, entry, own)
    }

    fn texts_of<R>(
        &mut self,
        key: &str,
        entry: &'t StoredEntry,
        mut own: impl FnMut(&'t str, Range<usize>) -> R,
    ) -> Option<Vec<R>> {
        const CURE: Phrase = Phrase(
            "write it like `[\"one\", \"two\"]`",
            "请写成 `[\"one\", \"two\"]`",
        );
        let Some(items) = self.table.list(entry) else {
            let value = self.table.value(entry);
            self.wrong_type(key, &value, Phrase("a list of texts", "文本的列表"), CURE);
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        let mut is_right = true;
        for item in items.entries() {
            match self.table.text(item) {
                Some("") => {}
                Some(text) => texts.push(own(text, item.span.range())),
                None => {
                    is_right = false;
                    self.wrong_type(
                        key,
                        &self.table.value(item),
                        Phrase("a list of texts", "文本的列表"),
                        CURE,
                    );
                }
            }
        }
        is_right.then_some(texts)
    }

    /// Reads a text or a list of texts as what `own` makes of each; empty ones are left out.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn text_or_texts<R>(
        &mut self,
        key: &'t str,
        own: impl FnMut(&'t str) -> R,
    ) -> Vec<R> {
        match self.entry(key) {
            Some(entry) => self.text_or_texts_of(key, entry, own),
            None => Vec::new(),
        }
    }

    fn text_or_texts_of<R>(
        &mut self,
        key: &str,
        entry: &'t StoredEntry,
        mut own: impl FnMut(&'t str) -> R,
    ) -> Vec<R> {
        const CURE: Phrase = Phrase(
            "write it like `\"one\"` or `[\"one\", \"two\"]`",
            "请写成 `\"one\"` 或 `[\"one\", \"two\"]`",
        );
        match self.table.text(entry) {
            Some("") => Vec::new(),
            Some(text) => vec![own(text)],
            None if self.table.list(entry).is_some() => self
                .texts_of(key, entry, |text, _| own(text))
                .unwrap_or_default(),
            None => {
                self.wrong_type(
                    key,
                    &self.table.value(entry),
                    Phrase("a text or a list", "文本或列表"),
                    CURE,
                );
                Vec::new()
            }
        }
    }

    /// Reads `true` or `false`.
    pub(crate) fn bool(&mut self, key: &'t str) -> Option<bool> {
        let value = self.value(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            let cure = match value.get_ref().as_str() {
                Some("true" | "false") => Phrase("write it without quotes", "不要加引号"),
                _ => Phrase(
                    "write `true` or `false`, without quotes",
                    "写 `true` 或 `false`，不加引号",
                ),
            };
            self.wrong_type(
                key,
                &value,
                Phrase("`true` or `false`", " `true` 或 `false`"),
                cure,
            );
        }
        found
    }

    /// Reads a day.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn date(&mut self, key: &'t str) -> Option<NaiveDate> {
        let entry = self.entry(key)?;
        let date = entry
            .day()
            .or_else(|| self.date_of(key, &self.table.value(entry)))?;
        if date.year() >= crate::model::FIRST_YEAR {
            return Some(date);
        }
        let message = both!(
            "`{key}` is a day from 1900 on, not {date}",
            "`{key}` 要写 1900 年以后的日期，不能是 {date}"
        );
        let span = self.table.value(entry).span();
        self.report(WRONG_VALUE, span, message, None);
        None
    }

    fn date_of(&mut self, key: &str, value: &Spanned<TomlValue<'_>>) -> Option<NaiveDate> {
        if value.get_ref().as_str() == Some("") {
            return None;
        }
        let date = value_date(value.get_ref());
        if date.is_none() {
            let cure = Phrase(
                "write it like `2026-03-05`, without quotes and without a time",
                "请写成 `2026-03-05`，不加引号，不带时刻",
            );
            self.wrong_type(key, value, Phrase("a day", "日期"), cure);
        }
        date
    }

    /// Reads one of a few words; gives its index.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn one_of(&mut self, key: &'t str, words: &[&str]) -> Option<usize> {
        let (text, span) = self.text_value(key)?;
        self.word_of(key, text, span, words)
    }

    fn word_of(
        &mut self,
        key: &str,
        text: &str,
        span: Range<usize>,
        words: &[&str],
    ) -> Option<usize> {
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let help = words.iter().copied().help(text);
            let message = both!(
                "`{key}` is {}, not `{}`",
                "`{key}` 应当是 {}，不能是 `{}`",
                alternatives(words),
                clipped(text)
            );
            self.report(WRONG_VALUE, span, message, help);
        }
        found
    }

    /// Returns a table below this one as it is; all its keys count as known.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn free_table(&mut self, key: &'t str) -> Option<TomlTree<'t>> {
        let entry = self.entry(key)?;
        let table = self.table.below(entry);
        table.or_else(|| self.tree_of(key, &self.table.value(entry)))
    }

    /// Begins to read a table below this one.
    pub(crate) fn table(&mut self, key: &'t str) -> Option<TomlTable<'t, '_>> {
        let value = self.value(key)?;
        self.below(key, &value)
    }

    /// Begins to read a value that must be a table, such as one of a table with free keys.
    pub(crate) fn below(
        &mut self,
        key: &str,
        value: &Spanned<TomlValue<'t>>,
    ) -> Option<TomlTable<'t, '_>> {
        let table = self.tree_of(key, value)?;
        Some(self.inner(table, value.span()))
    }

    fn tree_of(&mut self, key: &str, value: &Spanned<TomlValue<'t>>) -> Option<TomlTree<'t>> {
        let TomlValue::Table(table) = value.get_ref() else {
            let cure = both!(
                "write a header `[{key}]` and its keys below it",
                "写上表头 `[{key}]`，各键写在它下面"
            );
            self.wrong_type(key, value, Phrase("a table", "表"), cure);
            return None;
        };
        Some(*table)
    }

    /// Begins to read a table that was found below this one.
    fn inner(&mut self, table: TomlTree<'t>, span: Range<usize>) -> TomlTable<'t, '_> {
        TomlTable {
            source: self.source,
            table,
            span,
            is_whole: self.is_whole,
            has_calendar: self.has_calendar,
            known: AskedKeys::default(),
            taken: 0,
            next: table.first(),
            all_known: false,
            most_listed: self.most_listed,
            diagnostics: self.diagnostics,
        }
    }

    /// Reads each table of a list of tables `[[key]]`; `None` where the key is absent.
    pub(crate) fn each<R>(
        &mut self,
        key: &'t str,
        mut read: impl FnMut(&mut TomlTable<'t, '_>) -> R,
    ) -> Option<Vec<R>> {
        let entry = self.entry(key)?;
        let cure = || {
            both!(
                "write a header `[[{key}]]` for each, and its keys below it",
                "每个都写上表头 `[[{key}]]`，各键写在它下面"
            )
        };
        let Some(items) = self.table.list(entry) else {
            let value = self.table.value(entry);
            self.wrong_type(key, &value, Phrase("a list of tables", "表的列表"), cure());
            return None;
        };
        let mut found = Vec::with_capacity(items.len());
        for item in items.entries() {
            let Some(table) = self.table.below(item) else {
                let value = self.table.value(item);
                self.wrong_type(key, &value, Phrase("a list of tables", "表的列表"), cure());
                continue;
            };
            let mut reader = self.inner(table, item.span.range());
            found.push(read(&mut reader));
            reader.finish();
        }
        Some(found)
    }

    /// Reports every key that was never asked for.
    pub(crate) fn finish(&mut self) {
        self.finish_or(None);
    }

    /// Reports every key that was never asked for; `cure` is for those that no known one is near.
    pub(crate) fn finish_or(&mut self, cure: Option<fn(&str) -> Phrase>) {
        let are_all_taken = self.taken.count_ones() as usize == self.table.len();
        if std::mem::replace(&mut self.all_known, true) || are_all_taken {
            return;
        }
        let unknown = |key: &Spanned<&str>| self.known.iter().all(|it| it != *key.get_ref());
        let mut unknown: Vec<_> = self.table.keys().filter(unknown).collect();
        unknown.sort_by_key(|key| key.span().start);
        for key in unknown {
            let name = *key.get_ref();
            let near = self.known.iter().help(name);
            let help = near.or_else(|| cure.map(|cure| cure(name).into()));
            let message = both!(
                "no such key here: `{}`",
                "这里没有这个键：`{}`",
                clipped(name)
            );
            self.report(UNKNOWN_KEY, key.span(), message, help);
        }
    }

    /// Reports a value of another type than its key wants.
    pub(crate) fn wrong_type(
        &mut self,
        key: &str,
        value: &Spanned<TomlValue<'_>>,
        wanted: impl Into<Wording>,
        cure: impl Into<Wording>,
    ) {
        let wanted = wanted.into();
        let message = both!(
            "`{key}` is {}, not {}",
            "`{key}` 应当是{}，这里却是{}",
            wanted,
            found_type(value.get_ref())
        );
        self.report(WRONG_TYPE, value.span(), message, cure.into());
    }
}

/// Returns the written decimal digits of a number, without a `+`.
pub(crate) fn value_digits<'t>(value: &TomlValue<'t>) -> Option<&'t str> {
    let digits = match value {
        TomlValue::Integer(number) if number.radix() == 10 => number.as_str(),
        TomlValue::Float(number) => number.as_str(),
        _ => return None,
    };
    Some(digits.strip_prefix('+').unwrap_or(digits))
}

/// Returns the day that a value is, if it is one without a time.
pub(crate) fn value_date(value: &TomlValue<'_>) -> Option<NaiveDate> {
    value.as_datetime().filter(|it| !it.has_time)?.date
}

#[cfg(test)]
mod tests {
    use super::document::MOST_SYNTAX_ERRORS;
    use super::*;
    use crate::model::{Fraction, Money, Revisit};
    use crate::source::SourceText;

    /// Reads one table of every type and gives the faults as `line:column message`.
    fn check(text: &str, read: impl Fn(&mut TomlTable<'_, '_>)) -> Vec<String> {
        let source = SourceText::new("a.toml", text);
        let mut diagnostics = Diagnostics::default();
        let mut store = TomlStore::default();
        let document = parse_toml(&source, &mut store, &mut diagnostics);
        let mut root = document.root(&mut diagnostics);
        read(&mut root);
        root.finish();
        diagnostics.sort();
        let line = |it: &Diagnostic| {
            let place = it.place.as_ref().unwrap();
            format!("{}:{} {}", place.line, place.column, it.message.english())
        };
        diagnostics.listed().iter().map(line).collect()
    }

    #[test]
    fn what_is_no_value_is_told_once() {
        let faults = check("a = 2026-1-5\n", |table| {
            table.date("a");
        });
        assert_eq!(
            faults,
            ["1:5 a date is written with 4 digits for the year, and 2 each for month and day"]
        );
    }

    #[test]
    fn reads_values_exactly() {
        let text = "a = 1_000\nb = \"300万\"\nc = 0.10\nd = 2026-03-05\ne = \"2w\"\nf = \"never\"\n\
                    g = [\"x\", \"\"]\nh = true\ni = \"\"\n[j]\nk = 7\n[[l]]\nm = \"y\"\n[[l]]\n";
        let faults = check(text, |table| {
            assert_eq!(table.money("a"), Some(Money::whole(1000)));
            assert_eq!(table.money("b"), Some(Money::whole(3_000_000)));
            assert_eq!(table.decimal("c", 0, 1), Fraction::new(1, 10));
            assert_eq!(table.date("d"), NaiveDate::from_ymd_opt(2026, 3, 5));
            assert_eq!(table.span_days("e", 0), Some(14));
            assert_eq!(table.cadence("f"), Some(Revisit::Never));
            assert_eq!(table.texts("g"), Some(vec![("x", 73..76)]));
            assert_eq!(table.bool("h"), Some(true));
            assert_eq!(table.text("i"), None);
            let mut below = table.table("j").unwrap();
            assert_eq!(below.whole("k", 1, 9), Some(7));
            below.finish();
            let names = table.each("l", |it| it.text("m").map(str::to_owned));
            assert_eq!(names, Some(vec![Some("y".to_owned()), None]));
        });
        assert_eq!(faults, [""; 0]);
    }

    #[test]
    fn reports_every_mistake_at_its_place() {
        let text = "nmae = \"x\"\na = \"3 apples\"\nb = 0x1F\nc = 1.5\nd = \"2026-03-05\"\ne = 7\n\
                    f = \"0d\"\ng = [\"x\", 1]\nh = \"stabel\"\n[j]\n";
        let faults = check(text, |table| {
            table.required_text("name", Phrase("a customer", "客户"));
            table.money("a");
            table.money("b");
            table.decimal("c", 0, 1);
            table.date("d");
            table.span_days("e", 0);
            table.cadence("f");
            table.texts("g");
            table.one_of("h", &["stable", "fair"]);
            table.each("j", |_| ());
        });
        assert_eq!(
            faults,
            [
                "1:1 a customer needs a `name`",
                "1:1 no such key here: `nmae`",
                "2:5 `3 apples` is no amount of money",
                "3:5 `b` is money, not a number in another base",
                "4:5 `c` is a number from 0 to 1, not `1.5`",
                "5:5 `d` is a day, not text",
                "6:5 `e` is a span of days, not a number",
                "7:5 `f` is at least 1 day, not `0d`",
                "8:11 `g` is a list of texts, not a number",
                "9:5 `h` is `stable` or `fair`, not `stabel`",
                "10:1 `j` is a list of tables, not a table",
            ]
        );
    }

    #[test]
    fn a_number_may_be_as_small_and_as_large_as_its_bounds() {
        let right = check(
            "a = 0\nb = 1.0\nc = -2\nd = 100.00\ne = 999999999999999999\nf = 2.2e-1",
            |table| {
                assert_eq!(table.decimal("a", 0, 1), Some(Fraction::ZERO));
                assert_eq!(table.decimal("b", 0, 1), Some(Fraction::whole(1)));
                assert_eq!(table.decimal("c", -2, 100), Some(Fraction::whole(-2)));
                assert_eq!(table.decimal("d", -2, 100), Some(Fraction::whole(100)));
                let large = Some(Fraction::whole(999_999_999_999_999_999_i64));
                assert_eq!(table.decimal("e", i64::MIN, i64::MAX), large);
                assert_eq!(table.decimal("f", 0, 1), Fraction::new(22, 100));
            },
        );
        assert_eq!(right, [""; 0]);
        let text = "a = 101\nb = 1.01\nc = -0.01\nd = 2";
        let faults = check(text, |table| {
            table.decimal("a", 0, 100);
            table.decimal("b", 0, 1);
            table.decimal("c", 0, 1);
            table.decimal("d", 3, i64::MAX);
        });
        assert_eq!(
            faults,
            [
                "1:5 `a` is a number from 0 to 100, not `101`",
                "2:5 `b` is a number from 0 to 1, not `1.01`",
                "3:5 `c` is a number from 0 to 1, not `-0.01`",
                "4:5 `d` is a number from 3 up, not `2`",
            ]
        );
    }

    #[test]
    fn nesting_without_end_is_an_ordinary_fault() {
        for text in [
            "a=".to_owned() + &"[".repeat(100_000),
            "a.".repeat(100_000) + "a=1",
        ] {
            let faults = check(&text, |table| {
                table.value("a");
            });
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].ends_with("nested too deep"), "{faults:?}");
        }
    }

    #[test]
    fn the_one_unknown_key_of_many_is_told() {
        for count in [3, 63, 64, 65, 100] {
            let keys: Vec<String> = (0..count).map(|it| format!("key{it}")).collect();
            let lines = keys.iter().map(|key| format!("{key} = 1\n"));
            let text: String = lines.collect();
            let faults = check(&text, |table| {
                for key in &keys {
                    // A key must outlive any file.
                    if key != "key2" {
                        table.value(key.clone().leak());
                    }
                }
            });
            assert_eq!(faults, ["3:1 no such key here: `key2`"], "{count}");
            let faults = check(&text, |table| {
                for key in &keys {
                    table.value(key.clone().leak());
                }
            });
            assert_eq!(faults, [""; 0], "{count}");
        }
    }

    #[test]
    fn a_number_needs_digits() {
        let faults = check("a = [{ b = 0x }]", |table| {
            table.value("a");
        });
        assert_eq!(faults, ["1:12 this number has no digits"]);
    }

    #[test]
    fn a_file_of_mistakes_is_not_listed_whole() {
        let faults = check(&"a = 1\n".repeat(10_000), |table| {
            table.value("a");
        });
        assert_eq!(faults.len(), MOST_SYNTAX_ERRORS);
        assert_eq!(faults[0], "2:1 this key stands here a second time");
    }
}
