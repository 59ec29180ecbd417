//! Is this text at all? UTF-8, control characters and conflict marks, before anything is parsed.

use std::ops::Range;
use std::sync::Arc;

use encoding_rs::GB18030;

use crate::diagnostic::{self as fault, Diagnostic};
use crate::source::{Cut as _, Place, behind_last, shell_word};
use crate::words::{Phrase, Wording, both};

/// What a file that is not clean UTF-8 seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likely {
    Utf16,
    Gb18030,
    Damaged,
}

/// Returns the first bytes that are not UTF-8.
pub(super) fn not_utf8(bytes: &[u8]) -> Option<Range<usize>> {
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        return None;
    }
    let error = std::str::from_utf8(bytes).err()?;
    let start = error.valid_up_to();
    Some(start..start + error.error_len().unwrap_or(bytes.len() - start))
}

/// Makes the diagnostic of bytes that are not UTF-8: `first_line` is the number of their first line.
pub(super) fn encoding_fault(
    path: &Arc<str>,
    first_line: u64,
    bytes: &[u8],
    span: Range<usize>,
) -> Diagnostic {
    let convert = |from: &str| {
        both!(
            "convert it: `iconv -f {from} -t UTF-8 {} > new` and put the new file in its place",
            "请转换：`iconv -f {from} -t UTF-8 {} > new`，再用新文件替换原文件",
            shell_word(path)
        )
    };
    let what = (Phrase("the file", "文件"), path);
    foreign_fault(what, first_line, bytes, span, convert)
        .unwrap_or_else(|span| damaged_fault(path, first_line, bytes, span))
}

/// Makes the diagnostic of a standard input that is no text; `command` takes what was converted.
pub(crate) fn input_encoding_fault(bytes: &[u8], command: &str) -> Option<Diagnostic> {
    let path: Arc<str> = INPUT.0.into();
    if bytes.starts_with(ARCHIVE) {
        return Some(archive_fault(INPUT, Place::file(path)));
    }
    let span = match not_utf8(bytes) {
        Some(span) => span,
        // Of plain letters UTF-16 is UTF-8 with a NUL between each two.
        None if likely_encoding(bytes) == Likely::Utf16 => 0..0,
        None => return None,
    };
    let convert = |from: &str| {
        both!(
            "convert it: `iconv -f {from} -t UTF-8 FILE | {command}`",
            "请转换：`iconv -f {from} -t UTF-8 FILE | {command}`"
        )
    };
    let fault = foreign_fault((INPUT, &path), 1, bytes, span, convert);
    Some(fault.unwrap_or_else(|span| {
        let place = place_in(&path, 1, bytes, span);
        Diagnostic::new(
            fault::DAMAGED_UTF8,
            Phrase("these bytes are not UTF-8", "这些字节不是 UTF-8"),
            place,
        )
        .label(Phrase("a damaged character", "损坏的字符"))
        .help(Phrase("write the character again", "请重新输入这个字符"))
    }))
}

/// What messages call standard input.
const INPUT: Phrase = Phrase("standard input", "标准输入");

/// Makes the diagnostic of bytes that seem to be in another encoding altogether.
///
/// # Errors
/// The span, if they seem to be damaged UTF-8.
fn foreign_fault(
    (what, path): (Phrase, &Arc<str>),
    first_line: u64,
    bytes: &[u8],
    span: Range<usize>,
    convert: impl Fn(&str) -> Wording,
) -> Result<Diagnostic, Range<usize>> {
    match likely_encoding(bytes) {
        Likely::Utf16 => {
            let message = both!(
                "{} looks like UTF-16, not UTF-8",
                "{}看起来是 UTF-16 编码，不是 UTF-8",
                what
            );
            let decoded = decoded_utf16(bytes);
            let place = Place::in_record(path, first_line, decoded.as_bytes(), 0..decoded.len());
            Ok(Diagnostic::new(fault::ENCODING, message, place).help(convert("UTF-16")))
        }
        Likely::Gb18030 => {
            let message = both!(
                "{} looks like GB18030 (GBK), not UTF-8",
                "{}看起来是 GB18030（GBK）编码，不是 UTF-8",
                what
            );
            let place = decoded_place(path, first_line, bytes, &span);
            Ok(Diagnostic::new(fault::ENCODING, message, place)
                .label(Phrase(
                    "so it reads in that encoding",
                    "按该编码读出来是这样",
                ))
                .help(convert("GB18030")))
        }
        Likely::Damaged => Err(span),
    }
}

/// Makes the diagnostic of bytes that are not UTF-8 among others that are.
pub(super) fn damaged_fault(
    path: &Arc<str>,
    first_line: u64,
    bytes: &[u8],
    span: Range<usize>,
) -> Diagnostic {
    let place = place_in(path, first_line, bytes, span);
    Diagnostic::new(
        fault::DAMAGED_UTF8,
        Phrase("these bytes are not UTF-8", "这些字节不是 UTF-8"),
        place,
    )
    .label(Phrase("a damaged character", "损坏的字符"))
    .help(Phrase(
        "restore the line from git, or type the character again",
        "从 git 恢复这一行，或重新输入这个字符",
    ))
}

/// Returns the first line of UTF-16, or at least its beginning.
fn decoded_utf16(bytes: &[u8]) -> String {
    const ENOUGH: usize = 400;
    let encoding = if bytes.starts_with(&[0xfe, 0xff]) || bytes.first() == Some(&0) {
        encoding_rs::UTF_16BE
    } else {
        encoding_rs::UTF_16LE
    };
    let bytes = bytes.get(..ENOUGH).unwrap_or(bytes);
    let text = encoding.decode_with_bom_removal(bytes).0;
    text.lines().next().unwrap_or_default().to_owned()
}

/// Returns the place of the first character that is not UTF-8, in a line as GB18030 reads it.
fn decoded_place(path: &Arc<str>, first_line: u64, bytes: &[u8], span: &Range<usize>) -> Place {
    let before = bytes.cut(..span.start);
    let line_start = behind_last(b'\n', before);
    let line_number = first_line + memchr::memchr_iter(b'\n', before).count() as u64;
    let rest = bytes.cut(span.start..);
    let rest = rest
        .get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))
        .unwrap_or(rest);
    let mut line = String::from_utf8_lossy(before.cut(line_start..)).into_owned();
    let start = line.len();
    line.push_str(&GB18030.decode_without_bom_handling(rest).0);
    let foreign = line.cut(start..);
    let end = start
        + foreign
            .find(|it: char| it.is_ascii())
            .unwrap_or(foreign.len());
    Place::in_record(path, line_number, line.as_bytes(), start..end)
}

/// Returns the place of a span of bytes among whole lines.
pub(super) fn place_in(
    path: &Arc<str>,
    first_line: u64,
    bytes: &[u8],
    span: Range<usize>,
) -> Place {
    let before = bytes.cut(..span.start);
    let line_start = behind_last(b'\n', before);
    let lines = memchr::memchr_iter(b'\n', before).count() as u64;
    let line = bytes.cut(line_start..);
    let line = line
        .get(..memchr::memchr(b'\n', line).unwrap_or(line.len()))
        .unwrap_or(line);
    Place::in_record(
        path,
        first_line + lines,
        line,
        span.start - line_start..span.end - line_start,
    )
}

/// Returns the first control character that no text has: all of C0 but tab and line ends, DEL, C1.
pub(crate) fn control_character(bytes: &[u8]) -> Option<Range<usize>> {
    let is_odd = |byte: u8| byte == 0x7f || byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Nearly no text has one, and a sum without a branch looks at many bytes at a time.
    let has_low = bytes.iter().fold(false, |has, byte| has | is_odd(*byte));
    let low = if has_low {
        bytes.iter().position(|byte| is_odd(*byte))
    } else {
        None
    };
    let high = high_control(bytes);
    match (low, high) {
        (Some(low), high) if high.is_none_or(|high| low < high) => Some(low..low + 1),
        (_, Some(high)) => Some(high..high + 2),
        (Some(low), None) => Some(low..low + 1),
        (None, None) => None,
    }
}

/// Tells whether there is a control character of C1, two bytes in UTF-8.
pub(super) fn has_high_control(bytes: &[u8]) -> bool {
    high_control(bytes).is_some()
}

fn high_control(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(0xc2, bytes).find(|index| {
        bytes
            .get(index + 1)
            .is_some_and(|next| (0x80..0xa0).contains(next))
    })
}

/// Tells whether bytes that are not UTF-8 seem to be in another encoding altogether.
pub(super) fn is_foreign(bytes: &[u8]) -> bool {
    likely_encoding(bytes) != Likely::Damaged
}

/// Makes the diagnostic of a control character.
pub(super) fn control_fault(
    path: &Arc<str>,
    first_line: u64,
    bytes: &[u8],
    span: Range<usize>,
) -> Diagnostic {
    let place = place_in(path, first_line, bytes, span.clone());
    if bytes.starts_with(ARCHIVE) {
        return archive_fault(Phrase("the file", "文件"), place);
    }
    let code = match bytes.get(span) {
        Some([byte] | [_, byte]) => u32::from(*byte),
        _ => 0,
    };
    if code == 0 && has_wide_letters(bytes) {
        return encoding_fault(path, first_line, bytes, 0..0);
    }
    if code == 0 {
        let message = Phrase(
            "NUL bytes, as a crash or a full disk leaves them in place of text",
            "文本的位置上是 NUL 字节，死机或磁盘写满会留下这种痕迹",
        );
        return Diagnostic::new(fault::CONTROL, message, place).help(Phrase(
            "restore the file from git or a backup",
            "从 git 或备份恢复这个文件",
        ));
    }
    let message = both!(
        "control character U+{code:04X} in the text",
        "文本里有控制字符 U+{code:04X}"
    );
    Diagnostic::new(fault::CONTROL, message, place).help(Phrase("delete it", "删除它"))
}

/// How a workbook of Excel begins, which is an archive.
const ARCHIVE: &[u8] = b"PK\x03\x04";

fn archive_fault(what: Phrase, place: Place) -> Diagnostic {
    let message = both!(
        "{} is an Excel workbook or another archive, not text",
        "{}是 Excel 工作簿或别的压缩文件，不是文本",
        what
    );
    Diagnostic::new(fault::CONTROL, message, place).help(Phrase(
        "open it in its own program and export it as CSV in UTF-8",
        "用原来的程序打开，另存为 UTF-8 编码的 CSV",
    ))
}

/// Returns the line of an unresolved git conflict: a line that begins with seven `<`.
pub(super) fn conflict_mark(line: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [b"<<<<<<<", b">>>>>>>", b"|||||||", b"======="];
    marks.iter().any(|mark| {
        line.strip_prefix(*mark)
            .is_some_and(|rest| matches!(rest.first(), None | Some(b' ' | b'\r' | b'\n')))
    })
}

/// Makes the diagnostic of a conflict mark.
pub(super) fn conflict_fault(place: Place) -> Diagnostic {
    Diagnostic::new(
        fault::CONFLICT,
        Phrase(
            "an unresolved git conflict begins here",
            "这里是没有解决的 git 冲突",
        ),
        place,
    )
    .help(Phrase(
        "keep the right lines, delete the marks, and `git add` the file",
        "留下正确的行，删除冲突标记，再 `git add` 这个文件",
    ))
}

/// Tells whether a text begins as plain letters of UTF-16 do: with a NUL before or behind each.
fn has_wide_letters(bytes: &[u8]) -> bool {
    let beginning = bytes.cut(..bytes.len().min(32));
    let is_wide = |pair: &[u8]| matches!(pair, [a, b] if (*a == 0) != (*b == 0));
    beginning.len() > 3 && beginning.chunks_exact(2).all(is_wide)
}

fn likely_encoding(bytes: &[u8]) -> Likely {
    let nuls = bytes.iter().take(4096).filter(|byte| **byte == 0).count();
    if bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || nuls * 4 > bytes.len().min(4096)
    {
        return Likely::Utf16;
    }
    // Characters of UTF-8 that are whole speak for damage; GBK text has next to none by chance.
    let mut whole = 0;
    let mut broken = 0;
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|it| it.len_utf8() > 2).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if whole > 0 && whole * 2 >= broken {
        return Likely::Damaged;
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if text.chars().any(is_han) => Likely::Gb18030,
        _ => Likely::Damaged,
    }
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3000}'..='\u{303f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_gbk_from_damaged_utf8() {
        let (gbk, _, _) = GB18030.encode("2025-01-01,acme,到店，看货\n");
        assert_eq!(likely_encoding(&gbk), Likely::Gb18030);
        assert_eq!(
            likely_encoding(&GB18030.encode("a,好的").0),
            Likely::Gb18030
        );
        let mut damaged = "到店，看货".as_bytes().to_vec();
        damaged[4] = b'x';
        assert_eq!(likely_encoding(&damaged), Likely::Damaged);
        assert_eq!(likely_encoding(b"caf\xe9"), Likely::Damaged);
        assert_eq!(likely_encoding(b"\xff\xfea\0b\0"), Likely::Utf16);
    }

    #[test]
    fn finds_control_characters() {
        assert_eq!(control_character("a\tb\r\n株".as_bytes()), None);
        assert_eq!(control_character(b"ab\x1b["), Some(2..3));
        assert_eq!(control_character("a\u{85}".as_bytes()), Some(1..3));
        assert_eq!(control_character(b"a\x7f"), Some(1..2));
        for odd in (0..0x20).chain([0x7f]) {
            let is_odd = !matches!(odd, b'\t' | b'\n' | b'\r');
            for place in 0..150 {
                let mut text = [b'a'; 150];
                text[place] = odd;
                let expected = is_odd.then_some(place..place + 1);
                assert_eq!(control_character(&text), expected, "{odd} {place}");
            }
        }
    }
}
