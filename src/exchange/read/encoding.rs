//! In which encoding a text is: proved from its bytes, never from what it says of itself.
//!
//! A text is gone through once to prove it, in pieces, so that its length does not matter; then it is
//! read again as UTF-8 by [`Decoding`].

use std::sync::Arc;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use super::bytes::PlacedReader;
use crate::exchange::fault::{CONFLICT, DAMAGED_UTF8, ENCODING, SourceFault};
use crate::exchange::options::SourceFile;
use crate::exchange::place::CellPlace;
use crate::exchange::table::Unread;
use crate::source::{Cut as _, Place};
use crate::words::{Phrase, both, say};

/// How many bytes are read at a time.
const PIECE: usize = 256 * 1024;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextForm {
    pub(super) encoding: &'static Encoding,
    /// How many bytes its mark has.
    pub(super) mark: u64,
    /// Whether nothing but the letters themselves speaks for the encoding.
    pub(super) is_guessed: bool,
    /// `\n`, or `\r` in a text that has no `\n`.
    pub(super) line_end: u8,
}

impl TextForm {
    /// Returns the label of its encoding, in lower case.
    pub(super) fn label(self) -> String {
        self.encoding.name().to_ascii_lowercase()
    }
}

/// Proves in which encoding a text is, or that it is in the one that was asked for.
///
/// # Errors
/// `encoding`, `damaged-utf8`, `conflict-markers`.
pub(super) fn prove(
    source: &SourceFile,
    asked: Option<&'static Encoding>,
) -> Result<TextForm, Unread> {
    let mut start = [0; 4];
    let length = PlacedReader::of(&source.bytes).fill(&mut start)?;
    let start = start.cut(..length);
    if is_utf32(start) {
        let message = Phrase(
            "the file is in UTF-32, which `import` does not read",
            "文件是 UTF-32 编码，`import` 不能读取",
        );
        let place = CellPlace::File {
            file: Arc::clone(&source.name),
        };
        return Err(SourceFault::new(ENCODING, message, place)
            .help(Phrase("save it as UTF-8", "请另存为 UTF-8"))
            .into());
    }
    let marked = Encoding::for_bom(start);
    let mark_of = |encoding| match marked {
        Some((of, length)) if of == encoding => length as u64,
        _ => 0,
    };
    let (encoding, is_guessed) = match (asked, marked) {
        (Some(encoding), _) | (None, Some((encoding, _))) => {
            strictly(source, encoding, mark_of(encoding))?;
            (encoding, false)
        }
        (None, None) => match not_utf8(source, 0)? {
            None => (UTF_8, false),
            Some(at) => {
                not_damaged(source, at)?;
                if !is_chinese(source)? {
                    return Err(unknown(source, at)?.into());
                }
                (GB18030, true)
            }
        },
    };
    let mut form = TextForm {
        encoding,
        mark: mark_of(encoding),
        is_guessed,
        line_end: b'\n',
    };
    survey(source, &mut form)?;
    Ok(form)
}

fn is_utf32(start: &[u8]) -> bool {
    matches!(start, [0xff, 0xfe, 0, 0] | [0, 0, 0xfe, 0xff])
}

/// Sees that a text is in an encoding, from its first byte to its last.
fn strictly(source: &SourceFile, encoding: &'static Encoding, mark: u64) -> Result<(), Unread> {
    if encoding == UTF_8 {
        return match not_utf8(source, mark)? {
            Some(at) => Err(damaged(source, at)?.into()),
            None => Ok(()),
        };
    }
    let form = TextForm {
        encoding,
        mark,
        is_guessed: false,
        line_end: b'\n',
    };
    let mut text = Decoding::of(source, form)?;
    while text.next_piece()?.is_some() {}
    let Some(at) = text.malformed else {
        return Ok(());
    };
    let name = encoding.name();
    let message = both!("{} is not {name}", "{}不是 {name}", byte_words(source, at)?);
    let refusal = SourceFault::new(ENCODING, message, byte_place(source, at)?);
    Err(refusal
        .help(Phrase(
            "`--encoding LABEL` names the encoding, as `gb18030`, `big5`, `windows-1252`",
            "用 `--encoding 编码` 写明编码，如 `gb18030`、`big5`、`windows-1252`",
        ))
        .into())
}

/// Returns where the first byte is that is not UTF-8.
fn not_utf8(source: &SourceFile, from: u64) -> Result<Option<u64>, Unread> {
    let mut found = None;
    each_utf8_piece(source, |at, _, error| {
        if error.is_some() && at >= from {
            found = found.or(Some(at));
        }
        found.is_none()
    })?;
    Ok(found)
}

/// Gives the parts of a text that are UTF-8 and, behind each, the ill-formed sequence that ends it: `take`
/// gets the place of that sequence, the part, and the sequence's length. It returns whether to go on.
fn each_utf8_piece(
    source: &SourceFile,
    mut take: impl FnMut(u64, &str, Option<usize>) -> bool,
) -> Result<(), Unread> {
    let mut reading = PlacedReader::of(&source.bytes);
    let mut buffer = vec![0; PIECE];
    // What the last piece left: the beginning of a character.
    let mut carried = 0;
    let mut base = 0_u64;
    loop {
        let space = buffer
            .get_mut(carried..)
            .expect("a character is shorter than a piece");
        let length = carried + reading.fill(space)?;
        let is_last = length < buffer.len();
        let bytes = buffer
            .get(..length)
            .expect("no more than the buffer was filled");
        let mut at = 0;
        // It is the quicker of the two, but tells only at the end that something is wrong.
        let whole = simdutf8::basic::from_utf8(bytes).ok();
        loop {
            let rest = bytes.cut(at..);
            let error = match whole.map_or_else(|| std::str::from_utf8(rest), Ok) {
                Ok(text) => {
                    at = length;
                    if !take(base + at as u64, text, None) {
                        return Ok(());
                    }
                    break;
                }
                Err(error) => error,
            };
            let valid = rest.cut(..error.valid_up_to());
            let text = std::str::from_utf8(valid).unwrap_or_default();
            at += valid.len();
            let wrong = match error.error_len() {
                Some(length) => length,
                None if is_last => length - at,
                // The character goes on in the next piece.
                None => {
                    if !take(base + at as u64, text, None) {
                        return Ok(());
                    }
                    break;
                }
            };
            if !take(base + at as u64, text, Some(wrong)) {
                return Ok(());
            }
            at += wrong;
        }
        if is_last {
            return Ok(());
        }
        buffer.copy_within(at.., 0);
        carried = length - at;
        base += at as u64;
    }
}

/// Sees that a text that is not UTF-8 is not one either that was and has been damaged.
fn not_damaged(source: &SourceFile, first_wrong: u64) -> Result<(), Unread> {
    let (mut whole, mut broken) = (0_u64, 0_u64);
    each_utf8_piece(source, |_, text, wrong| {
        whole += text.chars().filter(|it| it.len_utf8() > 2).count() as u64;
        broken += u64::from(wrong.is_some());
        true
    })?;
    if whole > 0 && 2 * whole >= broken {
        return Err(damaged(source, first_wrong)?.into());
    }
    Ok(())
}

/// Tells whether a text is Chinese in GB18030.
///
/// It must be well-formed and have no character that is a control, for private use or unassigned; and
/// 3 in 5 of those that are not ASCII must lie in GB 2312, as 93 to 100 of 100 do in simplified text, 65 to
/// 68 in traditional, but 36 to 50 in Big5 that is read as GBK, and none in Latin-1.
fn is_chinese(source: &SourceFile) -> Result<bool, Unread> {
    let form = TextForm {
        encoding: GB18030,
        mark: 0,
        is_guessed: true,
        line_end: b'\n',
    };
    let mut text = Decoding::of(source, form)?;
    let mut is_odd = false;
    while let Some(piece) = text.next_piece()? {
        let piece = std::str::from_utf8(piece).unwrap_or_default();
        is_odd |= piece.chars().any(is_odd_character);
        if is_odd {
            return Ok(false);
        }
    }
    if text.malformed.is_some() {
        return Ok(false);
    }
    let mut letters = ChineseLetters::default();
    let mut reading = PlacedReader::of(&source.bytes);
    let mut buffer = vec![0; PIECE];
    loop {
        let length = reading.fill(&mut buffer)?;
        if length == 0 {
            return Ok(letters.all > 0 && 5 * letters.plain >= 3 * letters.all);
        }
        let bytes = buffer.cut(..length);
        for byte in bytes {
            letters.take(*byte);
        }
    }
}

fn is_odd_character(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control() && !matches!(character, '\t' | '\n' | '\r');
    }
    // Nearly every one is of these.
    let is_usual = matches!(character, '\u{4e00}'..='\u{9fa5}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}');
    !is_usual
        && matches!(
            character.general_category(),
            GeneralCategory::Control | GeneralCategory::PrivateUse | GeneralCategory::Unassigned
        )
}

/// Counts the characters of a well-formed text in GB18030 that are not ASCII.
#[derive(Debug, Default)]
struct ChineseLetters {
    all: u64,
    /// Those of GB 2312.
    plain: u64,
    /// The bytes of the character at hand that came already.
    begun: usize,
    lead: u8,
}

impl ChineseLetters {
    fn take(&mut self, byte: u8) {
        match (self.begun, byte) {
            (0, 0..0x80) => {}
            (0, 0x80) => self.all += 1,
            (0, _) => {
                self.lead = byte;
                self.begun = 1;
            }
            // The second byte of four is a digit.
            (1, 0x30..=0x39) => self.begun = 2,
            (1, _) => {
                self.all += 1;
                let is_plain = byte >= 0xa1 && matches!(self.lead, 0xa1..=0xa9 | 0xb0..=0xf7);
                self.plain += u64::from(is_plain);
                self.begun = 0;
            }
            (2, _) => self.begun = 3,
            (_, _) => {
                self.all += 1;
                self.begun = 0;
            }
        }
    }
}

/// Finds how lines end, and refuses conflict markers.
fn survey(source: &SourceFile, form: &mut TextForm) -> Result<(), Unread> {
    let mut text = Decoding::of(source, *form)?;
    let (mut has_return, mut has_feed) = (false, false);
    let opening = memchr::memmem::Finder::new("<<<<<<<");
    let closing = memchr::memmem::Finder::new(">>>>>>>");
    let (mut opens, mut closes) = (false, false);
    // Marks may be cut by the end of a piece.
    let mut seam: Vec<u8> = Vec::new();
    while let Some(piece) = text.next_piece()? {
        has_return |= !has_return && memchr::memchr(b'\r', piece).is_some();
        has_feed |= !has_feed && memchr::memchr(b'\n', piece).is_some();
        seam.extend_from_slice(piece.get(..6).unwrap_or(piece));
        for part in [&seam[..], piece] {
            opens |= !opens && opening.find(part).is_some();
            closes |= opens && !closes && closing.find(part).is_some();
        }
        if piece.len() >= 6 {
            seam.clear();
            seam.extend_from_slice(piece.cut(piece.len() - 6..));
        } else {
            seam.drain(..seam.len().saturating_sub(6));
        }
    }
    if has_return && !has_feed {
        form.line_end = b'\r';
    }
    if opens && closes {
        no_conflict(source, *form)?;
    }
    Ok(())
}

/// Refuses a text with a line `<<<<<<<` and after it a line `>>>>>>>`.
fn no_conflict(source: &SourceFile, form: TextForm) -> Result<(), Unread> {
    let is_mark = |line: &[u8], mark: u8| {
        let (marks, rest) = line.split_at_checked(7).unwrap_or((line, &[]));
        let ends = matches!(rest.first(), None | Some(b' ' | b'\t' | b'\r' | b'\n'));
        ends && marks.len() == 7 && marks.iter().all(|it| *it == mark)
    };
    let (mut opened, mut closes) = (None, false);
    each_line_start(source, form, |number, line| {
        if opened.is_some() {
            closes = is_mark(line, b'>');
        } else if is_mark(line, b'<') {
            opened = Some((number, line.to_vec()));
        }
        !closes
    })?;
    let Some((number, line)) = opened.filter(|_| closes) else {
        return Ok(());
    };
    let place = Place::in_record(&source.name, number, &line, 0..line.len());
    let message = Phrase(
        "an unresolved git conflict begins here",
        "这里是没有解决的 git 冲突",
    );
    let refusal = SourceFault::new(CONFLICT, message, CellPlace::Text(place));
    let help = Phrase(
        "keep the right lines and delete the `<<<<<<<`, `=======` and `>>>>>>>` lines",
        "留下正确的行，删除 `<<<<<<<`、`=======` 和 `>>>>>>>` 各行",
    );
    Err(refusal.help(help).into())
}

/// Gives the number and the beginning of each line, of 200 bytes at most, until `take` returns `false`.
fn each_line_start(
    source: &SourceFile,
    form: TextForm,
    mut take: impl FnMut(u64, &[u8]) -> bool,
) -> Result<(), Unread> {
    const MOST: usize = 200;
    let mut text = Decoding::of(source, form)?;
    let mut line = Vec::new();
    let mut number = 1;
    while let Some(piece) = text.next_piece()? {
        let mut rest = piece;
        loop {
            let end = memchr::memchr(form.line_end, rest);
            let part = rest.cut(..end.unwrap_or(rest.len()));
            let room = MOST - line.len();
            line.extend_from_slice(part.get(..room).unwrap_or(part));
            let Some(end) = end else { break };
            if !take(number, &line) {
                return Ok(());
            }
            number += 1;
            line.clear();
            rest = rest.cut(end + 1..);
        }
    }
    take(number, &line);
    Ok(())
}

/// Makes the refusal of a text that was UTF-8 before something damaged it.
fn damaged(source: &SourceFile, at: u64) -> Result<SourceFault, Unread> {
    let message = Phrase(
        "these bytes are not UTF-8, but the text around them is",
        "这些字节不是 UTF-8，而周围的文字是",
    );
    let refusal = SourceFault::new(DAMAGED_UTF8, message, byte_place(source, at)?);
    Ok(refusal.help(Phrase(
        "export the file again, or type the damaged characters anew",
        "请重新导出文件，或重新输入损坏的字符",
    )))
}

/// Makes the refusal of a text whose encoding nothing proves.
fn unknown(source: &SourceFile, at: u64) -> Result<SourceFault, Unread> {
    let what = byte_words(source, at)?;
    let message = both!(
        "{what} is not UTF-8, and the text is no Chinese in GB18030 either",
        "{what}不是 UTF-8，按 GB18030 读出来也不是中文"
    );
    let help = Phrase(
        "`--encoding LABEL` names the encoding, as `big5`, `windows-1252`, `gb18030`",
        "用 `--encoding 编码` 写明编码，如 `big5`、`windows-1252`、`gb18030`",
    );
    Ok(SourceFault::new(ENCODING, message, byte_place(source, at)?).help(help))
}

/// Returns a byte in words: ``the byte `E9` ``.
fn byte_words(source: &SourceFile, at: u64) -> Result<String, Unread> {
    use std::io::{Seek as _, SeekFrom};
    let mut reading = PlacedReader::of(&source.bytes);
    reading.seek(SeekFrom::Start(at))?;
    let mut byte = [0];
    Ok(match reading.fill(&mut byte)? {
        0 => say!("the end of the file", "文件末尾"),
        _ => say!("the byte `{:02X}`", "字节 `{:02X}` ", byte[0]),
    })
}

/// Returns the place of a byte, its line shown as UTF-8 as far as it goes.
fn byte_place(source: &SourceFile, at: u64) -> Result<CellPlace, Unread> {
    /// The most bytes of a line before the place that are looked at.
    const MOST: usize = 64 * 1024;
    let mut reading = PlacedReader::of(&source.bytes);
    let mut buffer = vec![0; PIECE];
    let (mut number, mut line, mut base) = (1, Vec::new(), 0_u64);
    loop {
        let length = reading.fill(&mut buffer)?;
        let left = usize::try_from(at - base).unwrap_or(usize::MAX);
        let before = buffer.cut(..length.min(left));
        number += memchr::memchr_iter(b'\n', before).count() as u64;
        if let Some(end) = memchr::memrchr(b'\n', before) {
            line.clear();
            line.extend_from_slice(before.cut(end + 1..));
        } else {
            line.extend_from_slice(before);
        }
        let surplus = line.len().saturating_sub(MOST);
        line.drain(..surplus);
        if left < length || length < buffer.len() {
            let start = line.len();
            let rest = buffer.get(left..length).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            line.extend_from_slice(rest.cut(..end.min(400)));
            let place = Place::in_record(&source.name, number, &line, start..start + 1);
            return Ok(CellPlace::Text(place));
        }
        base += length as u64;
    }
}

/// A text as UTF-8, piece by piece.
pub(super) struct Decoding<'s> {
    reading: PlacedReader<'s>,
    /// `None` of UTF-8, which is given as it is.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// Where in the source the next byte to be decoded stands.
    at: u64,
    /// Bytes of `raw` that are still to be decoded.
    left: std::ops::Range<usize>,
    is_done: bool,
    /// Where the first malformed sequence begins, if there is one: the text ends there.
    pub(super) malformed: Option<u64>,
}

impl<'s> Decoding<'s> {
    pub(super) fn of(source: &'s SourceFile, form: TextForm) -> Result<Self, Unread> {
        use std::io::{Seek as _, SeekFrom};
        let mut reading = PlacedReader::of(&source.bytes);
        reading.seek(SeekFrom::Start(form.mark))?;
        let is_plain = form.encoding == UTF_8;
        let decoder = (!is_plain).then(|| form.encoding.new_decoder_without_bom_handling());
        Ok(Self {
            reading,
            decoder,
            raw: vec![0; PIECE],
            text: vec![0; if is_plain { 0 } else { 2 * PIECE }],
            at: form.mark,
            left: 0..0,
            is_done: false,
            malformed: None,
        })
    }

    /// Returns the beginning of the text.
    pub(super) fn first_piece(mut self) -> Result<String, Unread> {
        let piece = self.next_piece()?.unwrap_or_default();
        Ok(String::from_utf8_lossy(piece).into_owned())
    }

    /// Returns some more of the text, at least one byte; `None` at its end.
    pub(super) fn next_piece(&mut self) -> Result<Option<&[u8]>, Unread> {
        loop {
            if self.is_done {
                return Ok(None);
            }
            let Some(decoder) = &mut self.decoder else {
                let length = self.reading.fill(&mut self.raw)?;
                self.is_done = length < self.raw.len();
                let piece = self.raw.cut(..length);
                return Ok(Some(piece).filter(|piece| !piece.is_empty()));
            };
            if self.left.is_empty() {
                let length = self.reading.fill(&mut self.raw)?;
                self.left = 0..length;
            }
            let is_last = self.left.end < self.raw.len();
            let raw = self.raw.cut(self.left.clone());
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(raw, &mut self.text, is_last);
            self.left.start += read;
            self.at += read as u64;
            match result {
                DecoderResult::InputEmpty => self.is_done = is_last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, behind) => {
                    let back = u64::from(length) + u64::from(behind);
                    self.malformed = Some(self.at.saturating_sub(back));
                    self.is_done = true;
                }
            }
            if written > 0 {
                return Ok(self.text.get(..written));
            }
        }
    }
}

impl std::fmt::Debug for Decoding<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Decoding")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
