//! Faults as a person reads them, like a compiler's, and as data.
//!
//! Excerpts, messages and paths hold what a file held, so everything is escaped before it is laid
//! out; the carets follow. `annotate-snippets` draws the long form.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::answer::{Column, Sheet};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::metric::{Type, Value};
use crate::source::{Place, told};
use crate::words::{Wording, counts, say, spoken};

/// How many diagnostics are shown in full; the rest is counted.
pub const SHOWN_IN_FULL: usize = 50;

/// How diagnostics are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiagnosticStyle {
    /// Whether colours are wanted.
    pub color: bool,
}

/// Writes diagnostics in full, as many as [`SHOWN_IN_FULL`], and a line that counts them all.
///
/// Nothing is written where there is none.
///
/// # Errors
/// Whatever the stream says.
pub fn render_diagnostics(
    diagnostics: &Diagnostics,
    style: DiagnosticStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    for diagnostic in diagnostics.listed().iter().take(SHOWN_IN_FULL) {
        writeln!(out, "{}", render_diagnostic(diagnostic, style))?;
    }
    let hidden = diagnostics.listed().iter().skip(SHOWN_IN_FULL);
    let hidden: usize = hidden.map(Diagnostic::count).sum();
    let hidden = hidden + diagnostics.unlisted_count();
    if hidden > 0 {
        writeln!(
            out,
            "{}",
            say!("... and {hidden} more", "……另有 {hidden} 个")
        )?;
    }
    writeln!(out, "{}", count_line(diagnostics))
}

/// Writes one line a diagnostic: `file:line:column: error[code]: message`, and `(+N)` where it stands
/// for others.
///
/// # Errors
/// Whatever the stream says.
pub fn render_diagnostics_short(diagnostics: &Diagnostics, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in diagnostics.listed() {
        let (word, code) = (diagnostic.severity().word(), diagnostic.fault.code);
        if let Some(place) = &diagnostic.place {
            write!(out, "{}: ", location(place))?;
        }
        write!(out, "{word}[{code}]: {}", told(diagnostic.message.spoken()))?;
        match diagnostic.more {
            0 => writeln!(out)?,
            more => writeln!(out, " (+{more})")?,
        }
    }
    if diagnostics.unlisted_count() > 0 {
        let hidden = diagnostics.unlisted_count();
        writeln!(
            out,
            "{}",
            say!("... and {hidden} more", "……另有 {hidden} 个")
        )?;
    }
    Ok(())
}

/// The columns of diagnostics as data.
pub const DIAGNOSTIC_COLUMNS: [(&str, Type); 8] = [
    ("severity", Type::Text),
    ("code", Type::Text),
    ("message", Type::Text),
    ("file", Type::Text),
    ("line", Type::Number),
    ("column", Type::Number),
    ("help", Type::Text),
    ("count", Type::Number),
];

/// Returns diagnostics as data, for every format that a sheet has.
pub fn diagnostics_sheet(diagnostics: &Diagnostics) -> Sheet<'_> {
    let columns = DIAGNOSTIC_COLUMNS.map(|(name, kind)| Column::new(name, kind));
    let mut sheet = Sheet::new(columns.to_vec());
    for diagnostic in diagnostics.listed() {
        let place = diagnostic.place.as_ref();
        let in_line = place.filter(|place| place.line > 0);
        let line = in_line.and_then(|place| i64::try_from(place.line).ok());
        sheet.push([
            diagnostic.severity().word().into(),
            diagnostic.fault.code.into(),
            diagnostic.message.written().into(),
            place.map(|place| &*place.path).into(),
            line.map_or(Value::Unknown, Value::whole),
            in_line.map_or(Value::Unknown, |place| Value::count(place.column)),
            diagnostic.help.as_ref().map(Wording::written).into(),
            Value::count(diagnostic.count()),
        ]);
    }
    sheet
}

/// Returns how many there are: `3 errors, 1 warning`.
pub fn count_line(diagnostics: &Diagnostics) -> String {
    let counted = [
        (diagnostics.error_count(), "error", "个错误"),
        (diagnostics.warning_count(), "warning", "个警告"),
    ];
    let parts = counted.iter().filter(|it| it.0 > 0);
    let parts = parts.map(|(count, noun, chinese)| counts(*count, noun, chinese));
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        return say!("no errors", "没有错误");
    }
    parts.join(spoken().pick(", ", "，"))
}

/// Returns an error that is no fault of the book: a message, and what to try next.
pub fn render_error(message: &str, help: Option<&str>, style: DiagnosticStyle) -> String {
    heading("error", "", message, None, help, Severity::Error, style)
}

/// Returns a place as `file:line:column`, or the file alone where all of it is meant.
fn location(place: &Place) -> String {
    let path = told(&place.path);
    if place.line == 0 {
        path.into_owned()
    } else {
        format!("{path}:{}:{}", place.line, place.column)
    }
}

/// Returns a diagnostic in full, with a line break at its end.
pub fn render_diagnostic(diagnostic: &Diagnostic, style: DiagnosticStyle) -> String {
    let Some(place) = diagnostic.place.as_ref().filter(|place| place.line > 0) else {
        return whole_file(diagnostic, style);
    };
    let (message, code) = (told(diagnostic.message.spoken()), diagnostic.fault.code);
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let first = Excerpt::of(place, '\u{1}');
    let more = diagnostic.more_words();
    let both = diagnostic.label.iter().chain(&more);
    let label: Vec<&str> = both.map(Wording::spoken).collect();
    let label = (!label.is_empty()).then(|| label.join(spoken().pick(", ", "，")));
    let label = label.as_deref();
    let mut group = Group::with_title(level.primary_title(message).id(code))
        .element(first.snippet(AnnotationKind::Primary, label));
    let second = diagnostic.second.as_ref();
    let second = second.map(|(place, label)| (Excerpt::of(place, '\u{2}'), label));
    if let Some((excerpt, label)) = &second {
        group = group.element(excerpt.snippet(AnnotationKind::Context, Some(label.spoken())));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(told(help.spoken())));
    }
    let renderer = if style.color {
        Renderer::styled().hyperlink(false)
    } else {
        Renderer::plain()
    };
    // The excerpt is short already; a second cut could take the place itself away.
    let renderer = renderer.term_width(usize::from(u16::MAX));
    let mut out = renderer.render(&[group]);
    let second = second.map(|(excerpt, _)| excerpt);
    for excerpt in [Some(first), second].into_iter().flatten() {
        out = out.replace(&excerpt.drawn_location, &excerpt.location);
    }
    out.push('\n');
    out
}

/// Returns a diagnostic that shows no line: its file, if it has one, and the help.
fn whole_file(diagnostic: &Diagnostic, style: DiagnosticStyle) -> String {
    let more = diagnostic.more_words();
    let more = more.map_or_else(String::new, |more| {
        format!("{}{}", spoken().pick(", ", "，"), more.spoken())
    });
    heading(
        diagnostic.severity().word(),
        diagnostic.fault.code,
        &format!("{}{more}", diagnostic.message.spoken()),
        diagnostic.place.as_ref(),
        diagnostic.help.as_ref().map(Wording::spoken),
        diagnostic.severity(),
        style,
    )
}

/// A place's line, escaped, and where in it the carets stand.
struct Excerpt {
    text: String,
    /// In bytes of `text`.
    meant: Range<usize>,
    line: usize,
    /// What stands for the path until all is drawn. No escaped text has it.
    stand_in: String,
    /// The place as it is drawn: columns count what was escaped or cut away.
    drawn_location: String,
    /// The place as it is.
    location: String,
}

impl Excerpt {
    fn of(place: &Place, stand_in: char) -> Self {
        let mut text = String::new();
        let meant = place.excerpt_start..place.excerpt_start + place.excerpt_width;
        let (mut start, mut end) = (None, 0);
        let mut buffer = [0; 4];
        for (index, character) in place.excerpt.chars().enumerate() {
            if index == meant.start {
                start = Some(text.len());
            }
            match character {
                // A tab would be widened after the columns are counted.
                '\t' => text.push(' '),
                _ => text.push_str(&told(character.encode_utf8(&mut buffer))),
            }
            if meant.contains(&index) {
                end = text.len();
            }
        }
        let start = start.unwrap_or(text.len());
        let drawn_column = 1 + text.get(..start).map_or(0, |before| before.chars().count());
        let line = usize::try_from(place.line).unwrap_or(usize::MAX);
        Self {
            meant: start..end.max(start),
            line,
            stand_in: stand_in.to_string(),
            drawn_location: format!("{stand_in}:{line}:{drawn_column}"),
            location: location(place),
            text,
        }
    }

    fn snippet<'e>(
        &'e self,
        kind: AnnotationKind,
        label: Option<&'e str>,
    ) -> Snippet<'e, Annotation<'e>> {
        Snippet::source(&self.text)
            .line_start(self.line)
            .path(&self.stand_in)
            .annotation(kind.span(self.meant.clone()).label(label.map(told)))
    }
}

/// Returns the heading of a message, and below it a file and a help, as the long form has them.
fn heading(
    word: &str,
    code: &str,
    message: &str,
    place: Option<&Place>,
    help: Option<&str>,
    severity: Severity,
    style: DiagnosticStyle,
) -> String {
    let tone = match severity {
        Severity::Error => "\u{1b}[1m\u{1b}[91m",
        Severity::Warning => "\u{1b}[1m\u{1b}[33m",
    };
    let (tone, blue, bold, end) = if style.color {
        (tone, "\u{1b}[1m\u{1b}[94m", "\u{1b}[1m", "\u{1b}[0m")
    } else {
        ("", "", "", "")
    };
    let code = if code.is_empty() {
        String::new()
    } else {
        format!("[{code}]")
    };
    let mut out = format!("{tone}{word}{code}{end}{bold}: {}{end}\n", told(message));
    // Writing to a string cannot fail.
    if let Some(place) = place {
        let _ = writeln!(out, "  {blue}-->{end} {}", location(place));
    }
    if let Some(help) = help {
        out.push_str(&render_help(help, style));
    }
    out
}

/// Returns the line that says what to try next.
pub fn render_help(help: &str, style: DiagnosticStyle) -> String {
    let (blue, bold, end) = if style.color {
        ("\u{1b}[1m\u{1b}[94m", "\u{1b}[1m", "\u{1b}[0m")
    } else {
        ("", "", "")
    };
    format!("  {blue}={end} {bold}help{end}: {}\n", told(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{LINK, REVENUE_MIXED, ROW_TWICE, UNKNOWN_CUSTOMER};
    use crate::source::{SourceText, display_width};

    /// Returns the place of `meant` on line `number` of a log.
    fn place(path: &str, number: usize, line: &str, meant: &str) -> Place {
        let start = number - 1 + line.find(meant).unwrap();
        let text = format!("{}{line}\n", "\n".repeat(number - 1));
        SourceText::new(path, text).place(start..start + meant.len())
    }

    fn unknown_customer() -> Diagnostic {
        let line = "2026-03-02,zhuzou-metro,visit,,,li.wei,,,,,";
        let place = place("interactions/2026.csv", 214, line, "zhuzou-metro");
        Diagnostic::new(
            UNKNOWN_CUSTOMER,
            "no customer is called `zhuzou-metro`",
            place,
        )
    }

    fn check(diagnostic: Diagnostic, expected: &str) {
        let mut all = Diagnostics::default();
        all.push(diagnostic);
        let mut out = Vec::new();
        render_diagnostics(&all, DiagnosticStyle::default(), &mut out).unwrap();
        let closing = format!("\n{}\n", count_line(&all));
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.strip_suffix(&closing), Some(expected), "{out}");
    }

    #[test]
    fn points_at_the_place() {
        check(
            unknown_customer()
                .label("no customers/**/zhuzou-metro.toml")
                .help("did you mean `zhuzhou-metro`?"),
            "\
error[unknown-customer]: no customer is called `zhuzou-metro`
   --> interactions/2026.csv:214:12
    |
214 | 2026-03-02,zhuzou-metro,visit,,,li.wei,,,,,
    |            ^^^^^^^^^^^^ no customers/**/zhuzou-metro.toml
    |
    = help: did you mean `zhuzhou-metro`?
",
        );
    }

    #[test]
    fn shows_a_second_place() {
        let second = place("interactions/2025.csv", 97, "2025-12-30,甲,x", "甲");
        check(
            unknown_customer().second(second, "first entered here"),
            "\
error[unknown-customer]: no customer is called `zhuzou-metro`
   --> interactions/2026.csv:214:12
    |
214 | 2026-03-02,zhuzou-metro,visit,,,li.wei,,,,,
    |            ^^^^^^^^^^^^
    |
   ::: interactions/2025.csv:97:12
    |
 97 | 2025-12-30,甲,x
    |            -- first entered here
",
        );
    }

    #[test]
    fn hostile_characters_are_escaped_and_carets_follow() {
        let place = place("a\u{7}.csv", 2, "株\u{1b}\t洲,zhu,", "zhu");
        let diagnostic = Diagnostic::new(ROW_TWICE, "`\u{202e}\n`", place)
            .label("\u{9b}")
            .help("a\u{85}");
        check(
            diagnostic.clone(),
            "\
warning[row-twice]: `\\u{202e}\\u{a}`
 --> a\\u{7}.csv:2:6
  |
2 | 株\\u{1b} 洲,zhu,
  |             ^^^ \\u{9b}
  |
  = help: a\\u{85}
",
        );
        let mut all = Diagnostics::default();
        all.push(diagnostic);
        let mut out = Vec::new();
        render_diagnostics_short(&all, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a\\u{7}.csv:2:6: warning[row-twice]: `\\u{202e}\\u{a}`\n"
        );
    }

    #[test]
    fn a_cut_line_keeps_its_column() {
        let text = format!("{}x{}", "甲".repeat(1000), "乙".repeat(1000));
        let place = SourceText::new("a", text).place(3000..3001);
        let out = render_diagnostic(
            &Diagnostic::new(LINK, "m", place),
            DiagnosticStyle::default(),
        );
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[1], " --> a:1:1001");
        assert_eq!(lines[4].find('^'), Some(4 + 1 + 2 * 60));
    }

    #[test]
    fn points_and_empty_lines_have_a_caret() {
        for (text, span) in [("", 0..0), ("ab\n", 2..2), ("\n", 0..0), ("甲", 3..3)] {
            let place = SourceText::new("a", text).place(span);
            let out = render_diagnostic(
                &Diagnostic::new(LINK, "m", place),
                DiagnosticStyle::default(),
            );
            assert_eq!(out.matches('^').count(), 1, "{out}");
            assert!(out.contains(" --> a:1:"), "{out}");
        }
    }

    #[test]
    fn a_whole_file_and_no_file() {
        check(
            Diagnostic::new(LINK, "`a/b` is a link", Place::file("a/b")).help("remove it"),
            "error[link]: `a/b` is a link\n  --> a/b\n  = help: remove it\n",
        );
        let mut nowhere = Diagnostic::new(REVENUE_MIXED, "no orders", Place::file(""));
        nowhere.place = None;
        check(nowhere, "warning[revenue-mixed]: no orders\n");
        assert_eq!(
            render_error(
                "no book here",
                Some("`guanxi init`"),
                DiagnosticStyle::default()
            ),
            "error: no book here\n  = help: `guanxi init`\n"
        );
    }

    #[test]
    fn colours_change_nothing_else() {
        let diagnostic = unknown_customer().label("here").help("try");
        let colored = render_diagnostic(&diagnostic, DiagnosticStyle { color: true });
        let mut plain = String::new();
        let mut rest = colored.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        plain.push_str(rest);
        let trimmed = |text: &str| {
            let lines = text.lines().map(str::trim_end);
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_ne!(colored, plain);
        let expected = render_diagnostic(&diagnostic, DiagnosticStyle::default());
        assert_eq!(trimmed(&plain), trimmed(&expected));
    }

    #[test]
    fn counts_what_is_not_shown() {
        let mut all = Diagnostics::default();
        for _ in 0..52 {
            all.push(Diagnostic::new(LINK, "m", Place::file("a")));
        }
        all.push(Diagnostic::new(ROW_TWICE, "m", Place::file("b")));
        all.count_unlisted(Severity::Error, 7);
        let mut out = Vec::new();
        render_diagnostics(&all, DiagnosticStyle::default(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.matches("error[link]").count(), 50);
        assert!(
            out.ends_with("\n\n... and 10 more\n59 errors, 1 warning\n"),
            "{out}"
        );
        assert_eq!(count_line(&Diagnostics::default()), "no errors");
        let mut none = Vec::new();
        let nothing = Diagnostics::default();
        render_diagnostics(&nothing, DiagnosticStyle::default(), &mut none).unwrap();
        assert!(none.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_line_gets_its_carets_below_what_is_meant(
            before in ".{0,90}",
            meant in "[^\\x00\r\n^|]{1,9}",
            after in ".{0,200}",
        ) {
            let line = format!("{before}{meant}{after}");
            let place = SourceText::new("a.csv", line).place(before.len()..before.len() + meant.len());
            let column = 1 + before.chars().count();
            let out = render_diagnostic(&Diagnostic::new(LINK, "m", place), DiagnosticStyle::default());
            let lines: Vec<&str> = out.lines().collect();
            let location = format!(" --> a.csv:1:{column}");
            proptest::prop_assert_eq!(lines[1], location.as_str());
            // What stands above the carets is the text that is meant, as it is shown.
            let carets = lines[4];
            let shown = told(&meant.replace('\t', " ")).into_owned();
            let start = display_width(carets.split('^').next().unwrap());
            let mut used = 0;
            let above = lines[3].char_indices().find(|(_, character)| {
                let here = used;
                used += display_width(character.encode_utf8(&mut [0; 4]));
                here >= start
            });
            let above = above.map_or("", |(index, _)| lines[3].get(index..).unwrap());
            if !before.contains(|it: char| display_width(&it.to_string()) == 0) {
                proptest::prop_assert!(above.starts_with(&shown), "{out}");
            }
        }
    }
}
