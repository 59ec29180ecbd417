//! Cards of an address book: a card is a line, its properties the fields of a customer and one person.
//!
//! `calcard` reads the properties. What it lets pass is refused before: a card without its end, and
//! encodings other than UTF-8, which it would make into other letters.

use std::borrow::Cow;
use std::sync::Arc;

use calcard::common::IanaString as _;
use calcard::vcard::{
    VCard, VCardEntry, VCardParameterName, VCardParameterValue, VCardProperty, VCardType,
    VCardValue,
};
use calcard::{Entry, Parser};

use super::archive::check_size;
use super::control::{control, control_character};
use super::encoding::TextForm;
use super::headings::columns;
use super::html::whole_text;
use super::lines::{LineShape, TableLines};
use crate::exchange::cell::SourceCell;
use crate::exchange::fault::{SourceFault, VCARD};
use crate::exchange::options::SourceFile;
use crate::exchange::place::CellPlace;
use crate::exchange::table::{
    ColumnRoles, DataLine, FileKind, Merge, RawLine, SourceTable, TableBody, Unread,
};
use crate::source::Cut as _;
use crate::words::{Phrase, Wording, both};

/// The columns of cards, by the targets that they are.
const COLUMNS: [&str; 11] = [
    "name",
    "contact.name",
    "contact.title",
    "contact.phone",
    "contact.mobile",
    "contact.email",
    "contact.birthday",
    "address",
    "website",
    "tags",
    "contact.note",
];

/// The year that address books write for a birthday without one.
const NO_YEAR: u16 = 1604;

/// Tells whether a text begins with a card.
pub(super) fn is_card(start: &str) -> bool {
    is_line(start.trim_start().lines().next().unwrap_or_default(), BEGIN)
}

const BEGIN: &str = "BEGIN:VCARD";
const END: &str = "END:VCARD";

fn is_line(line: &str, wanted: &str) -> bool {
    line.trim_end().eq_ignore_ascii_case(wanted)
}

#[derive(Debug)]
struct Cards {
    file: Arc<str>,
    text: String,
    extents: Vec<CardExtent>,
}

/// A card: its first line, its bytes, and whether it has an end.
#[derive(Clone, Copy, Debug)]
struct CardExtent {
    number: u64,
    start: usize,
    end: usize,
    is_whole: bool,
}

/// Reads the cards of a text.
pub(super) fn open(source: &SourceFile, form: TextForm) -> Result<SourceTable, Unread> {
    check_size(source)?;
    let text = whole_text(source, form)?;
    let extents = extents(&text, form.line_end);
    let place = |_| CellPlace::File {
        file: Arc::clone(&source.name),
    };
    Ok(SourceTable {
        file: Arc::clone(&source.name),
        kind: FileKind::Vcard,
        encoding: Some(form.label()),
        samples: Vec::new(),
        separator: None,
        sheet: None,
        header_row: 0,
        title: Vec::new(),
        columns: columns(COLUMNS.into_iter(), &place),
        body: Box::new(Cards {
            file: Arc::clone(&source.name),
            text,
            extents,
        }),
    })
}

/// Finds where the cards are; lines between them that are not blank are a card that is none.
fn extents(text: &str, line_end: u8) -> Vec<CardExtent> {
    let mut cards: Vec<CardExtent> = Vec::new();
    let mut open: Option<CardExtent> = None;
    let (mut number, mut start) = (0, 0);
    for line in text.split_inclusive(char::from(line_end)) {
        number += 1;
        let end = start + line.len();
        let begun = CardExtent {
            number,
            start,
            end,
            is_whole: false,
        };
        if is_line(line, BEGIN) {
            cards.extend(open.replace(begun));
        } else if is_line(line, END) && open.as_ref().is_some_and(|it| it.start < start) {
            cards.extend(open.take().map(|card| CardExtent {
                end,
                is_whole: true,
                ..card
            }));
        } else if let Some(card) = &mut open {
            card.end = end;
        } else if !line.trim().is_empty() {
            open = Some(begun);
        }
        start = end;
    }
    cards.extend(open);
    cards
}

impl TableBody for Cards {
    fn each_line(
        &self,
        table: &SourceTable,
        roles: &ColumnRoles,
        take: &mut dyn FnMut(&DataLine<'_>),
    ) -> Result<(), Unread> {
        let place = |line| CellPlace::Line {
            file: Arc::clone(&self.file),
            line,
        };
        let mut lines = TableLines::new(table, roles, &place, take);
        for extent in &self.extents {
            let text = self.text.cut(extent.start..extent.end);
            let read = if extent.is_whole {
                read_card(text)
            } else {
                Err(Phrase("a card without `END:VCARD`", "名片没有 `END:VCARD`").into())
            };
            let (cells, wrong) = match read {
                Ok(cells) => (cells, None),
                Err(wrong) => (Vec::new(), Some(wrong)),
            };
            let raw = CardLine {
                cells,
                text,
                place: place(extent.number),
            };
            let shape = match wrong {
                Some(_) => LineShape::Unreadable,
                None => LineShape::Cells { is_wider: false },
            };
            lines.line(extent.number, &raw, shape, &mut |faults| match &wrong {
                Some(message) => {
                    let help = Phrase(
                        "export the contacts again, as vCard 3.0 or 4.0 in UTF-8",
                        "请重新导出联系人，用 UTF-8 编码的 vCard 3.0 或 4.0",
                    );
                    faults.push(
                        SourceFault::new(VCARD, message.clone(), raw.line_place()).help(help),
                    );
                }
                None => raw.find_faults(faults),
            });
        }
        Ok(())
    }
}

/// Reads one card.
fn read_card(text: &str) -> Result<Vec<SourceCell<'static>>, Wording> {
    let text = with_charset(text)?;
    let Entry::VCard(card) = Parser::new(&text).entry() else {
        return Err(Phrase("this is not a card", "这不是名片").into());
    };
    let cells = cells_of(&card);
    let is_damaged = |text: &str| text.contains('\u{fffd}');
    let damaged = cells.iter().any(|cell| match cell {
        SourceCell::Text(text) => is_damaged(text),
        SourceCell::List(list) => list
            .iter()
            .any(|it| matches!(it, SourceCell::Text(text) if is_damaged(text))),
        _ => false,
    });
    if damaged {
        return Err(Phrase(
            "a text of the card is damaged, or in another encoding than UTF-8",
            "名片的文字已损坏，或不是 UTF-8 编码",
        )
        .into());
    }
    Ok(cells)
}

/// Returns a card whose quoted-printable texts all say that they are UTF-8, which is what they are where
/// nothing is said; `calcard` would take Latin-1.
fn with_charset(text: &str) -> Result<String, Wording> {
    let mut out = String::with_capacity(text.len() + 64);
    let mut goes_on = false;
    for line in text.lines() {
        let is_folded = line.starts_with([' ', '\t']);
        let head = line.split_once(':').filter(|_| !is_folded && !goes_on);
        let mut is_quoted = goes_on;
        match head {
            Some((head, value)) => {
                let upper = head.to_ascii_uppercase();
                is_quoted = upper.contains("QUOTED-PRINTABLE");
                let charset = upper.split(';').find_map(|it| it.strip_prefix("CHARSET="));
                if let Some(charset) = charset.map(|it| it.trim_matches('"')) {
                    if !matches!(charset, "UTF-8" | "UTF8") {
                        let told = crate::source::told(charset);
                        return Err(both!(
                            "a text of the card is in `{told}`, not UTF-8",
                            "名片的文字是 `{told}` 编码，不是 UTF-8"
                        ));
                    }
                    out.push_str(line);
                } else if is_quoted {
                    out.push_str(head);
                    out.push_str(";CHARSET=UTF-8:");
                    out.push_str(value);
                } else {
                    out.push_str(line);
                }
            }
            None => out.push_str(line),
        }
        out.push_str("\r\n");
        goes_on = is_quoted && line.ends_with('=');
    }
    Ok(out)
}

fn cells_of(card: &VCard) -> Vec<SourceCell<'static>> {
    let first = |property: &VCardProperty| {
        let entry = entries(card, property).into_iter().next();
        entry
            .map(|it| texts(it).join(" "))
            .filter(|it| !it.trim().is_empty())
    };
    let structured = |property: &VCardProperty| {
        let entry = entries(card, property).into_iter().next();
        entry.map(parts).unwrap_or_default()
    };
    let organisation = structured(&VCardProperty::Org).into_iter().next();
    let organisation = organisation.filter(|it| !it.trim().is_empty());
    let person = first(&VCardProperty::Fn).or_else(|| {
        let name = structured(&VCardProperty::N);
        let name = name.into_iter().take(3).filter(|it| !it.trim().is_empty());
        Some(joined(&name.collect::<Vec<_>>(), " ")).filter(|it| !it.is_empty())
    });
    let phones = |is_mobile: bool| {
        let numbers = entries(card, &VCardProperty::Tel).into_iter();
        let numbers = numbers.filter(|it| has_type(it, &VCardType::Cell) == is_mobile);
        list(numbers.map(|it| plain_number(&texts(it).join(" "))))
    };
    let all = |property: &VCardProperty| list(entries(card, property).into_iter().flat_map(texts));
    let notes = entries(card, &VCardProperty::Note).into_iter();
    let notes: Vec<String> = notes.map(|it| texts(it).join(" ")).collect();
    vec![
        text(organisation.or_else(|| person.clone())),
        text(person),
        text(first(&VCardProperty::Title).or_else(|| first(&VCardProperty::Role))),
        phones(false),
        phones(true),
        all(&VCardProperty::Email),
        text(
            entries(card, &VCardProperty::Bday)
                .into_iter()
                .next()
                .map(birthday),
        ),
        text(Some(address(&structured(&VCardProperty::Adr)))),
        text(first(&VCardProperty::Url)),
        all(&VCardProperty::Categories),
        text(Some(notes.join("; "))),
    ]
}

fn text(text: Option<String>) -> SourceCell<'static> {
    match text.filter(|it| !it.is_empty()) {
        Some(text) => SourceCell::Text(Cow::Owned(text)),
        None => SourceCell::Blank,
    }
}

fn list(texts: impl Iterator<Item = String>) -> SourceCell<'static> {
    let texts = texts.filter(|it| !it.trim().is_empty());
    let mut cells: Vec<SourceCell<'static>> =
        texts.map(|it| SourceCell::Text(Cow::Owned(it))).collect();
    match cells.len() {
        0 => SourceCell::Blank,
        1 => cells.remove(0),
        _ => SourceCell::List(cells),
    }
}

/// Returns the entries of a property, preferred ones first.
fn entries<'c>(card: &'c VCard, property: &VCardProperty) -> Vec<&'c VCardEntry> {
    let found = card.entries.iter().filter(|it| it.name == *property);
    let mut found: Vec<&VCardEntry> = found.collect();
    found.sort_by_key(|it| preference(it));
    found
}

/// Returns how much an entry is preferred: less is more.
fn preference(entry: &VCardEntry) -> u32 {
    /// What an entry counts that says nothing: more than vCard 4 can say.
    const UNSAID: u32 = 101;
    let said = entry
        .params
        .iter()
        .filter_map(|it| match (&it.name, &it.value) {
            (VCardParameterName::Pref, VCardParameterValue::Integer(value)) => Some(*value),
            (VCardParameterName::Pref, VCardParameterValue::Null) => Some(1),
            (VCardParameterName::Type, VCardParameterValue::Text(text)) => {
                text.eq_ignore_ascii_case("pref").then_some(1)
            }
            (VCardParameterName::Other(name), _) => name.eq_ignore_ascii_case("pref").then_some(1),
            _ => None,
        });
    said.min().unwrap_or(UNSAID)
}

fn has_type(entry: &VCardEntry, wanted: &VCardType) -> bool {
    let word = wanted.as_str();
    entry.params.iter().any(|it| match (&it.name, &it.value) {
        (_, VCardParameterValue::Type(kind)) => kind == wanted,
        (VCardParameterName::Type, VCardParameterValue::Text(text)) => text
            .split(',')
            .any(|it| it.trim().eq_ignore_ascii_case(word)),
        (VCardParameterName::Other(name), _) => name.eq_ignore_ascii_case(word),
        _ => false,
    })
}

/// Returns the texts of an entry.
fn texts(entry: &VCardEntry) -> Vec<String> {
    let texts = entry.values.iter().flat_map(|value| match value {
        VCardValue::Text(text) => vec![text.clone()],
        VCardValue::Component(parts) => parts.clone(),
        VCardValue::Integer(number) => vec![number.to_string()],
        // What calcard could not make text of.
        VCardValue::Binary(_) => vec!["\u{fffd}".to_owned()],
        _ => Vec::new(),
    });
    texts.collect()
}

/// Returns the parts of a structured entry, each with its own parts joined.
fn parts(entry: &VCardEntry) -> Vec<String> {
    let parts = entry.values.iter().map(|value| match value {
        VCardValue::Text(text) => text.clone(),
        VCardValue::Component(parts) => joined(parts, " "),
        VCardValue::Binary(_) => "\u{fffd}".to_owned(),
        _ => String::new(),
    });
    parts.collect()
}

/// Joins texts, those of Han without anything between them.
fn joined(texts: &[String], between: &str) -> String {
    let is_han = |it: char| matches!(it, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}');
    let has_han = texts.iter().any(|it| it.contains(is_han));
    texts.join(if has_han { "" } else { between })
}

/// Returns an address of its parts: from the largest to the smallest in Han, else as letters are addressed.
fn address(parts: &[String]) -> String {
    let part = |number: &usize| {
        let part = parts.get(number - 1).map(|it| it.trim().to_owned());
        part.filter(|it| !it.is_empty())
    };
    let largest_first: Vec<String> = [7, 5, 4, 3, 2, 1].iter().filter_map(part).collect();
    let is_han = |it: char| matches!(it, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}');
    if largest_first.iter().any(|it| it.contains(is_han)) {
        return largest_first.join("");
    }
    let parts: Vec<String> = [3, 2, 1, 4, 5, 6, 7].iter().filter_map(part).collect();
    parts.join(", ")
}

fn plain_number(number: &str) -> String {
    let number = number.trim();
    let is_uri = number
        .get(..4)
        .is_some_and(|it| it.eq_ignore_ascii_case("tel:"));
    let number = if is_uri { number.cut(4..) } else { number };
    number.to_owned()
}

/// Returns a birthday: a date, `MM-DD` where there is no year.
fn birthday(entry: &VCardEntry) -> String {
    let Some(VCardValue::PartialDateTime(day)) = entry.values.first() else {
        let text = texts(entry).join(" ");
        let without = text.strip_prefix("1604-");
        return without.map_or_else(|| text.clone(), str::to_owned);
    };
    match (day.year, day.month, day.day) {
        (Some(year), Some(month), Some(day)) if year != NO_YEAR => {
            format!("{year:04}-{month:02}-{day:02}")
        }
        (_, Some(month), Some(day)) => format!("{month:02}-{day:02}"),
        (year, month, day) => {
            // A year or a month alone is no day; it is refused as what it is.
            let year = year.map(|it| it.to_string());
            let rest = month.or(day).map(|it| format!("{it:02}"));
            year.into_iter().chain(rest).collect::<Vec<_>>().join("-")
        }
    }
}

/// A card as a line.
#[derive(Debug)]
struct CardLine<'c> {
    cells: Vec<SourceCell<'static>>,
    text: &'c str,
    place: CellPlace,
}

impl CardLine<'_> {
    fn find_faults(&self, faults: &mut Vec<SourceFault>) {
        for cell in &self.cells {
            let texts = match cell {
                SourceCell::List(list) => list.as_slice(),
                cell => std::slice::from_ref(cell),
            };
            for text in texts {
                if let SourceCell::Text(text) = text
                    && let Some(at) = control_character(text.as_bytes())
                {
                    let bytes = text.as_bytes().cut(at);
                    faults.push(control(bytes, self.place.clone()));
                }
            }
        }
    }
}

impl RawLine for CardLine<'_> {
    fn cell(&self, column: usize) -> SourceCell<'_> {
        self.cells.get(column).cloned().unwrap_or(SourceCell::Blank)
    }

    fn merge(&self, _column: usize) -> Merge {
        Merge::None
    }

    fn place(&self, _column: usize) -> CellPlace {
        self.place.clone()
    }

    fn line_place(&self) -> CellPlace {
        self.place.clone()
    }

    fn text(&self) -> Option<&str> {
        Some(self.text)
    }
}
