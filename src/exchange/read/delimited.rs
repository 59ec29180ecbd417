//! Delimited text: what parts its cells, which line has the headings, and its lines.

use std::sync::Arc;

use super::cells::BrokenRecord;
use super::control::{control, control_character};
use super::encoding::TextForm;
use super::headings::{FirstLine, LOOKED_AT, columns, heading_line};
use super::lines::{LineShape, TableLines};
use super::record::{TextRecord, TextRecords};
use crate::exchange::cell::{ERRORS, SourceCell, trimmed};
use crate::exchange::fault::{
    CELL_COUNT, HEADER_MISSING, QUOTE_STRAY, SEPARATOR, SourceFault, TOO_LARGE,
};
use crate::exchange::options::{HeadingTest, ReadOptions, SourceFile};
use crate::exchange::place::CellPlace;
use crate::exchange::table::{
    ColumnRoles, DataLine, FileKind, Merge, RawLine, RawRecord, SourceColumn, SourceTable,
    TableBody, Unread,
};
use crate::source::{Cut as _, Place, told};
use crate::words::{Phrase, Wording, both, listed};

/// The most cells of a line.
const MOST_CELLS: usize = 1000;

/// How many records tell what parts cells.
const TRIED: usize = 200;

/// How many cells show in which encoding a text is.
pub(super) const SAMPLES: usize = 3;

const SEPARATORS: [char; 4] = [',', '\t', ';', '|'];

/// A delimited text whose dialect is known.
#[derive(Debug)]
struct Delimited {
    source: SourceFile,
    form: TextForm,
    separator: char,
    /// Whether the first line says `sep=` and is none of the table.
    has_mark: bool,
    header_row: u64,
    short_lines: bool,
}

/// The beginning of a text under one separator.
struct SplitBeginning {
    separator: char,
    lines: Vec<FirstLine>,
    /// Of each line, whether it is a comment or its cells cannot be told apart.
    is_odd: Vec<bool>,
}

/// Reads a delimited text as far as its headings.
pub(super) fn open(
    source: &SourceFile,
    form: TextForm,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    let marked = marked_separator(source, form)?;
    let mut text = Delimited {
        source: source.clone(),
        form,
        separator: ',',
        has_mark: marked.is_some(),
        header_row: 0,
        short_lines: options.short_lines,
    };
    text.separator = match options.separator.or(marked) {
        Some(separator) => separator,
        None => text.find_separator(headings)?,
    };
    let (columns, title) = text.find_headings(options, headings)?;
    let samples = if form.is_guessed {
        text.samples()?
    } else {
        Vec::new()
    };
    Ok(SourceTable {
        file: Arc::clone(&source.name),
        kind: FileKind::Delimited,
        encoding: Some(form.label()),
        samples,
        separator: Some(text.separator),
        sheet: None,
        header_row: text.header_row,
        title,
        columns,
        body: Box::new(text),
    })
}

/// Returns the separator that a first line `sep=X` names.
fn marked_separator(source: &SourceFile, form: TextForm) -> Result<Option<char>, Unread> {
    let mut records = TextRecords::of(source, form, ',')?;
    records.read_on()?;
    let start = records.rest();
    let start = String::from_utf8_lossy(start.get(..start.len().min(40)).unwrap_or(start));
    let line = start.split(['\r', '\n']).next().unwrap_or_default();
    let line = line.trim_matches('"');
    let rest = line.get(..4).filter(|it| it.eq_ignore_ascii_case("sep="));
    let mut characters = line.chars().skip(4);
    let only = characters.next().filter(|_| characters.next().is_none());
    Ok(rest.and(only))
}

/// Where the records of a text are read from, and which are a file's first lines.
impl Delimited {
    fn records(&self, separator: char) -> Result<TextRecords<'_>, Unread> {
        let mut records = TextRecords::of(&self.source, self.form, separator)?;
        if self.has_mark {
            records.skip_line()?;
        }
        Ok(records)
    }

    /// Reads the first records under a separator.
    fn beginning(&self, separator: char) -> Result<SplitBeginning, Unread> {
        let mut records = self.records(separator)?;
        let mut beginning = SplitBeginning {
            separator,
            lines: Vec::new(),
            is_odd: Vec::new(),
        };
        while beginning.lines.len() < TRIED {
            let record = match records.next() {
                Ok(Some(record)) => record,
                // What ends the reading is told once the separator is known.
                Ok(None) | Err(Unread::Refused(_)) => break,
                Err(error) => return Err(error),
            };
            beginning.is_odd.push(
                record.broken.is_some() || record.is_comment || record.bytes.starts_with(b"#"),
            );
            beginning.lines.push(first_line(&record));
        }
        Ok(beginning)
    }

    /// Finds what parts the cells: the one under which a line has most known headings, else the one under
    /// which all lines have equally many cells; a text without any of them has one column.
    fn find_separator(&self, headings: &dyn HeadingTest) -> Result<char, Unread> {
        let mut beginnings = Vec::new();
        for separator in SEPARATORS {
            beginnings.push(self.beginning(separator)?);
        }
        let most_known = |it: &SplitBeginning| {
            let known = it.lines.iter().take(LOOKED_AT);
            known.map(|line| line.known(headings)).max().unwrap_or(0)
        };
        let known: Vec<usize> = beginnings.iter().map(most_known).collect();
        let most = known.iter().copied().max().filter(|most| *most >= 2);
        let mut candidates: Vec<&SplitBeginning> = beginnings
            .iter()
            .zip(&known)
            .filter(|(_, known)| most.is_none_or(|most| **known == most))
            .map(|it| it.0)
            .collect();
        if most.is_none() || candidates.len() > 1 {
            candidates.retain(|it| it.is_even());
        }
        if let [only] = candidates[..] {
            return Ok(only.separator);
        }
        if beginnings.iter().all(SplitBeginning::has_one_column) {
            return Ok(',');
        }
        let place = CellPlace::File {
            file: Arc::clone(&self.source.name),
        };
        let message = Phrase(
            "it cannot be told what parts the cells: no line has two known headings under `,`, \
                       a tab, `;` or `|`, and no one of them parts all lines alike",
            "看不出单元格之间用什么分隔：按 `,`、制表符、`;` 或 `|` 都没有哪一行有两个认识的列名，也没有哪一种能把各行分得一致",
        );
        let refusal = SourceFault::new(SEPARATOR, message, place);
        Err(refusal
            .help(Phrase(
                "`--separator C` says it; `--map 'HEADING=TARGET'` makes headings known",
                "用 `--separator 字符` 写明，或用 `--map '列名=目标'` 说明各列",
            ))
            .into())
    }

    /// Finds the line of headings, and what stands above it.
    fn find_headings(
        &mut self,
        options: &ReadOptions,
        headings: &dyn HeadingTest,
    ) -> Result<(Vec<SourceColumn>, Title), Unread> {
        let wanted = options.header_row;
        let first = self.first_lines(wanted, headings)?;
        let found = match wanted {
            Some(0) => first
                .iter()
                .position(|it| !it.is_comment && !it.line.is_blank()),
            Some(wanted) => first.iter().position(|it| it.line.number == wanted),
            None => {
                let lines: Vec<FirstLine> = first.iter().map(First::candidate).collect();
                heading_line(&lines, headings)
            }
        };
        let Some((line, above)) = found.map(|at| (&first[at], &first[..at])) else {
            return Err(header_missing(&self.source.name, wanted, &first).into());
        };
        let cells = line.line.cells.iter();
        let place = |column: usize| line.places[column].clone();
        if wanted == Some(0) {
            return Ok((columns(cells.map(|_| ""), &place), Vec::new()));
        }
        if let Some(broken) = &line.broken {
            return Err(broken.clone().into());
        }
        if line.line.cells.len() > MOST_CELLS {
            let message = Phrase(
                "a line of headings with more than 1,000 cells",
                "表头超过 1000 个单元格",
            );
            return Err(SourceFault::new(TOO_LARGE, message, place(MOST_CELLS)).into());
        }
        self.header_row = line.line.number;
        let above = above.iter().filter(|it| !it.is_comment);
        let filled = |it: &(&String, &CellPlace)| !trimmed(it.0).is_empty();
        let title = above.flat_map(|it| it.line.cells.iter().zip(&it.places).filter(filled));
        let title = title.map(|(text, place)| (trimmed(text).to_owned(), place.clone()));
        Ok((columns(cells.map(String::as_str), &place), title.collect()))
    }

    /// Reads the lines among which the headings are.
    fn first_lines(
        &self,
        wanted: Option<u64>,
        headings: &dyn HeadingTest,
    ) -> Result<Vec<First>, Unread> {
        let file = &self.source.name;
        let mut records = self.records(self.separator)?;
        let (mut first, mut filled) = (Vec::new(), 0);
        while let Some(record) = records.next()? {
            let line = first_line(&record);
            let is_comment =
                record.is_comment || record.bytes.starts_with(b"#") && line.known(headings) < 2;
            filled += usize::from(!line.is_blank());
            let is_last = match wanted {
                Some(0) => filled > 0 && !is_comment,
                Some(wanted) => record.number >= wanted,
                None => filled >= LOOKED_AT,
            };
            // Of a title far above nothing is asked.
            if !is_last && first.len() == TRIED {
                first.remove(0);
            }
            let columns = 0..line.cells.len();
            let places = columns.map(|column| record.place(file, record.span(column)));
            first.push(First {
                places: places.collect(),
                broken: record.broken.map(|broken| stray(file, &record, broken)),
                is_comment,
                line,
            });
            if is_last {
                break;
            }
        }
        Ok(first)
    }

    /// Returns the first three cells that are not ASCII.
    fn samples(&self) -> Result<Vec<String>, Unread> {
        let mut records = self.records(self.separator)?;
        let mut samples = Vec::new();
        while let Some(record) = records.next()? {
            for column in 0..record.count() {
                let text = record.text(column);
                if !text.is_ascii() {
                    samples.push(trimmed(&text).to_owned());
                }
                if samples.len() == SAMPLES {
                    return Ok(samples);
                }
            }
        }
        Ok(samples)
    }
}

/// The filled cells above the headings.
type Title = Vec<(String, CellPlace)>;

/// A line near the beginning, with all that may be asked of it.
struct First {
    line: FirstLine,
    places: Vec<CellPlace>,
    broken: Option<SourceFault>,
    is_comment: bool,
}

impl First {
    /// Returns it as one of the lines among which the headings are looked for.
    fn candidate(&self) -> FirstLine {
        if self.is_comment {
            // A comment is a line, but no line of headings.
            let cells = vec!["#".to_owned()];
            return FirstLine { cells, ..self.line };
        }
        self.line.clone()
    }
}

impl SplitBeginning {
    /// Tells whether all lines have equally many cells, at least two.
    fn is_even(&self) -> bool {
        let lines = self.lines.iter().zip(&self.is_odd);
        let lines = lines.filter(|(line, is_odd)| !**is_odd && !line.is_blank());
        let mut counts = lines.map(|(line, _)| line.cells.len());
        let first = counts.next();
        first.is_some_and(|first| first >= 2 && counts.all(|count| count == first))
    }

    fn has_one_column(&self) -> bool {
        self.lines.iter().all(|line| line.cells.len() < 2)
    }
}

fn first_line(record: &TextRecord<'_>) -> FirstLine {
    let columns = 0..record.count().min(MOST_CELLS + 1);
    FirstLine {
        number: record.number,
        cells: columns
            .map(|column| record.text(column).into_owned())
            .collect(),
    }
}

fn header_missing(file: &Arc<str>, wanted: Option<u64>, first: &[First]) -> SourceFault {
    let (message, first) = match wanted {
        Some(wanted) if wanted > 0 => {
            let message = both!(
                "there is no line {wanted} that could have the headings",
                "没有可作表头的第 {wanted} 行"
            );
            (message, None)
        }
        _ => {
            let message = Phrase(
                "none of the first 20 lines has two known headings",
                "前 20 行里没有一行有两个认识的列名",
            )
            .into();
            (message, first.iter().find(|it| !it.line.is_blank()))
        }
    };
    let place = first.and_then(|it| it.places.first().cloned());
    let place = place.unwrap_or_else(|| CellPlace::File {
        file: Arc::clone(file),
    });
    let found = first.map(|it| {
        let cells = it.line.cells.iter().map(|it| trimmed(it));
        let cells = cells.filter(|it| !it.is_empty()).take(5);
        listed(cells.map(|it| format!("`{}`", told(it))))
    });
    let help = Phrase(
        "`--header-row N` names the line, `--map 'HEADING=TARGET'` makes headings known",
        "用 `--header-row 行号` 写明表头在哪一行，用 `--map '列名=目标'` 说明各列",
    );
    let help = match found.filter(|it| *it != Wording::default()) {
        Some(found) => both!("{}; the first line has {}", "{}；第一行是 {}", help, found),
        None => help.into(),
    };
    SourceFault::new(HEADER_MISSING, message, place).help(help)
}

/// Makes the refusal of a line whose quotes do not tell where its cells end.
fn stray(file: &Arc<str>, record: &TextRecord<'_>, broken: BrokenRecord) -> SourceFault {
    let (message, help, at) = match broken {
        BrokenRecord::StrayQuote(at) => (
            Phrase(
                "a quote inside a cell that does not begin with one",
                "单元格不是以引号开头，里面却有引号",
            ),
            Phrase(
                "put the cell into quotes and double those inside, like `\"6\"\" pipe\"`",
                "整个单元格放在引号里，里面的引号写成两个，如 `\"6\"\" pipe\"`",
            ),
            at,
        ),
        BrokenRecord::AfterQuote(at) => (
            Phrase("text after a closing quote", "引号结束之后还有文字"),
            Phrase(
                "put the whole cell into quotes and double those inside",
                "整个单元格放在引号里，里面的引号写成两个",
            ),
            at,
        ),
    };
    SourceFault::new(QUOTE_STRAY, message, record.place(file, at..at + 1)).help(help)
}

impl TableBody for Delimited {
    fn each_line(
        &self,
        table: &SourceTable,
        roles: &ColumnRoles,
        take: &mut dyn FnMut(&DataLine<'_>),
    ) -> Result<(), Unread> {
        let file = &table.file;
        let place = |line| {
            CellPlace::Text(Place {
                line,
                column: 1,
                ..Place::file(Arc::clone(file))
            })
        };
        let mut lines = TableLines::new(table, roles, &place, take);
        let mut records = self.records(self.separator)?;
        let width = table.columns.len();
        if self.header_row == 0 {
            records.width = Some(width);
        }
        while let Some(record) = records.next()? {
            let number = record.number;
            if number <= self.header_row {
                if number == self.header_row {
                    records.width = Some(width);
                }
                continue;
            }
            let beyond = record.has_beyond(width);
            let shape = match record.broken {
                _ if record.is_comment => LineShape::Comment,
                Some(_) => LineShape::Unreadable,
                None => LineShape::Cells {
                    is_wider: beyond.is_some(),
                },
            };
            let raw = DelimitedLine {
                record: &record,
                file,
            };
            lines.line(number, &raw, shape, &mut |faults| {
                self.find_faults(&raw, width, beyond, faults);
            });
        }
        Ok(())
    }
}

impl Delimited {
    /// Finds what is wrong with a line that counts.
    fn find_faults(
        &self,
        line: &DelimitedLine<'_>,
        width: usize,
        beyond: Option<usize>,
        faults: &mut Vec<SourceFault>,
    ) {
        let DelimitedLine { record, file } = line;
        let count = record.count();
        if let Some(broken) = record.broken {
            faults.push(stray(file, record, broken));
            return;
        }
        if count > MOST_CELLS {
            let message = both!(
                "{count} cells, more than 1,000",
                "有 {count} 个单元格，超过 1000 个"
            );
            let place = record.place(file, record.span(MOST_CELLS));
            faults.push(SourceFault::new(TOO_LARGE, message, place));
        } else if let Some(beyond) = beyond {
            let message = both!(
                "{} where the headings have {width}",
                "{}，而表头有 {width} 个",
                cells(count)
            );
            let place = record.place(file, record.span(beyond));
            let help = Phrase(
                "a comma too many moves every cell behind it; put quotes around a cell that has one",
                "多一个逗号，后面的单元格都会错位；含逗号的单元格请放在引号里",
            );
            faults.push(SourceFault::new(CELL_COUNT, message, place).help(help));
        } else if count < width && !self.short_lines {
            let message = both!(
                "{} where the headings have {width}",
                "{}，而表头有 {width} 个",
                cells(count)
            );
            let place = record.place(file, record.span(count));
            let help = Phrase(
                "mend the line; if blank cells are left off at its end, `--read short-lines`",
                "请改正这一行；如果行末的空单元格省略了，用 `--read short-lines`",
            );
            faults.push(SourceFault::new(CELL_COUNT, message, place).help(help));
        }
        if control_character(record.bytes).is_some() {
            for column in 0..count {
                let span = record.span(column);
                let cell = record.bytes.get(span.clone()).unwrap_or_default();
                if let Some(at) = control_character(cell) {
                    let place = record.place(file, span.start + at.start..span.start + at.end);
                    faults.push(control(cell.cut(at), place));
                }
            }
        }
    }
}

/// Returns a count of cells in words.
fn cells(count: usize) -> Wording {
    let plural = if count == 1 { "" } else { "s" };
    both!("{count} cell{plural}", "有 {count} 个单元格")
}

/// One line of delimited text.
#[derive(Debug)]
pub(super) struct DelimitedLine<'r> {
    pub(super) record: &'r TextRecord<'r>,
    pub(super) file: &'r Arc<str>,
}

impl RawLine for DelimitedLine<'_> {
    fn cell(&self, column: usize) -> SourceCell<'_> {
        let text = self.record.text(column);
        if text.is_empty() {
            return SourceCell::Blank;
        }
        if text.starts_with('#') {
            let error = ERRORS.iter().find(|error| **error == trimmed(&text));
            if let Some(error) = error {
                return SourceCell::Error(error);
            }
        }
        SourceCell::Text(text)
    }

    fn merge(&self, _column: usize) -> Merge {
        Merge::None
    }

    fn place(&self, column: usize) -> CellPlace {
        self.record.place(self.file, self.record.span(column))
    }

    fn line_place(&self) -> CellPlace {
        self.record.place(self.file, 0..0)
    }

    fn text(&self) -> Option<&str> {
        None
    }

    fn record(&self) -> Option<RawRecord<'_>> {
        Some(RawRecord {
            bytes: self.record.bytes,
            is_text: self.record.whole.is_some(),
            spans: self.record.spans,
            line_end: self.record.line_end,
        })
    }
}
