//! What was typed, resolved to what it means here and today.

use std::borrow::Cow;
use std::path::Path;

use crate::answer::{
    ChoiceError, ColumnChoice, Document, Envelope, Grid, GridRows, GridView, Paper, Sheet,
    SortOrder,
};
use crate::render::{
    About, Format, Page, Spare, left_out, plain, render, render_document, render_paper,
    render_sheets, wrapped,
};

use super::args::{ColorWhen, Headings, OutputOptions, SheetOptions};
use super::config::StatedSetting;
use super::console::{Console, Environment};
use super::output::write_answer;
use crate::metric::{Type, Value};
use crate::report::{ColumnNames, SaidPage};
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::{Phrase, listed, say, write_say};

/// Returns whether standard output gets colours.
fn color(when: ColorWhen, is_file: bool, environment: &Environment) -> bool {
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => environment.out_is_terminal && !environment.no_color && !is_file,
    }
}

/// Returns the format: the one asked for, else the one that the output file's ending tells.
pub(crate) fn format(options: &OutputOptions) -> Format {
    let of_file = || format_of_path(options.output.as_deref()?);
    options.format.or_else(of_file).unwrap_or(Format::Table)
}

/// Returns the format that the ending of a file tells.
pub(super) fn format_of_path(path: &Path) -> Option<Format> {
    Format::of_ending(&ending(path)?)
}

/// Refuses a file whose ending is of no format, unless a format is asked for.
///
/// # Errors
/// If a table would stand in a workbook's name.
pub(crate) fn refuse_ending(path: &Path) -> anyhow::Result<()> {
    let Some(ending) = ending(path).filter(|it| Format::of_ending(it).is_none()) else {
        return Ok(());
    };
    let endings = listed(Format::ALL.iter().map(|it| format!("`.{}`", it.ending())));
    let hint = say!(
        "the endings are {}; `-f` names a format for any other",
        "可用的扩展名有 {}；其他文件用 `-f` 写明格式",
        endings.spoken()
    );
    let message = say!(
        "no format has the ending `.{}`",
        "没有扩展名为 `.{}` 的格式",
        told(&ending)
    );
    Err(hinted(message, Some(hint)))
}

/// The commands whose rows have days that stand in a calendar.
const OF_DAYS: [&str; 3] = ["due", "cases", "dates"];

/// Refuses what the format at hand has no use for, and to write a workbook to a terminal.
///
/// # Errors
/// If an option would change nothing.
pub(crate) fn refuse_idle(
    command: &str,
    output: &OutputOptions,
    sheet: Option<&SheetOptions>,
    environment: &Environment,
) -> anyhow::Result<()> {
    let format = format(output);
    let idle = |option: &str, of: &str, hint: &str| {
        let message = say!("`{option}` is for {of}", "`{option}` 只用于{of}");
        Err(hinted(message, Some(hint.to_owned())))
    };
    if output.bom && !matches!(format, Format::Csv | Format::Tsv) {
        return idle(
            "--bom",
            Phrase("CSV and TSV", " CSV 和 TSV").spoken(),
            Phrase("`-f csv` asks for CSV", "用 `-f csv` 输出 CSV").spoken(),
        );
    }
    if sheet.is_some_and(|it| it.sheets.is_some()) && format != Format::Xlsx {
        return idle(
            "--sheets",
            Phrase("workbooks", "工作簿").spoken(),
            Phrase(
                "`-o FILE.xlsx` asks for one",
                "用 `-o FILE.xlsx` 输出工作簿",
            )
            .spoken(),
        );
    }
    let has_headings = matches!(format, Format::Table | Format::Markdown | Format::Xlsx);
    if sheet.is_some_and(|it| it.headings == Headings::Id) && !has_headings {
        let hint = Phrase(
            "leave it out: the columns of other formats have their names above them",
            "请去掉：其他格式的列名就是指标名",
        )
        .spoken();
        return idle(
            "--headings",
            Phrase("tables, Markdown and workbooks", "表格、Markdown 和工作簿").spoken(),
            hint,
        );
    }
    if format == Format::Ics {
        if !OF_DAYS.contains(&command) {
            let hint = Phrase(
                "`guanxi export calendar` has all that has a day",
                "`guanxi export calendar` 导出一切有日期的内容",
            )
            .spoken();
            let of = Phrase("`due`, `cases` and `dates`", " `due`、`cases` 和 `dates`");
            return idle("-f ics", of.spoken(), hint);
        }
        if sheet.is_some_and(|it| !it.columns.is_empty()) {
            return idle(
                "-c",
                Phrase(
                    "formats with columns, and a calendar has none",
                    "有列的格式，而日历没有列",
                )
                .spoken(),
                Phrase("leave it out", "请去掉").spoken(),
            );
        }
    }
    let to_terminal = output
        .output
        .as_deref()
        .is_none_or(|it| it == Path::new("-"))
        && environment.out_is_terminal;
    if format == Format::Xlsx && to_terminal {
        let message = Phrase("a workbook is not for a terminal", "工作簿不能输出到终端")
            .spoken()
            .to_owned();
        let hint = Phrase(
            "`-o FILE.xlsx` writes it to a file, `| program` to another program",
            "`-o FILE.xlsx` 写到文件，`| 程序` 交给另一个程序",
        )
        .spoken();
        return Err(hinted(message, Some(hint.to_owned())));
    }
    Ok(())
}

/// Returns the ending of a file's name in small letters.
fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_string_lossy().to_lowercase())
}

impl SheetOptions {
    /// Returns these options as the user's settings for a command fill them; nothing where they do not.
    ///
    /// They act on tables that people read on a terminal alone.
    pub(crate) fn set_by(&self, command: &str, console: &Console<'_>) -> Option<Self> {
        let settings = &console.environment.personal.settings;
        let listing = settings.listing(command)?;
        let is_table = format(&self.output) == Format::Table;
        if !is_table || !console.environment.out_is_terminal || self.output.output.is_some() {
            return None;
        }
        let mut set = self.clone();
        let text = |it: &StatedSetting<String>| it.value.clone();
        if set.columns.is_empty() {
            set.columns.extend(listing.columns.as_ref().map(text));
        }
        if set.sort.is_empty() {
            set.sort.extend(listing.sort.as_ref().map(text));
        }
        if set.limit.is_none() {
            set.limit = listing.limit.as_ref().map(|it| it.value);
            set.is_limit_set = set.limit.is_some();
        }
        Some(set)
    }

    /// Returns these options, filled by the user's settings for a command.
    pub(crate) fn filled(&self, command: &str, console: &Console<'_>) -> Cow<'_, Self> {
        self.set_by(command, console)
            .map_or(Cow::Borrowed(self), Cow::Owned)
    }

    /// Returns the last line of a table of so many rows that a limit of the user's settings cut.
    pub(crate) fn cut_by_setting(&self, all: usize) -> String {
        match self.limit.filter(|it| self.is_limit_set && *it < all) {
            Some(shown) => write_say!("{shown} of {all}\n", "共 {all} 行，显示 {shown} 行\n"),
            None => String::new(),
        }
    }
}

/// Which columns a command shows and how it sorts, known before any figure is computed.
pub(crate) struct Chosen {
    /// The columns to show, in order.
    pub(crate) columns: Vec<String>,
    /// How many of them, the first, are what rows are grouped by.
    pub(crate) key_count: usize,
    /// The order of the rows; empty leaves the report's own.
    pub(crate) order: SortOrder,
    /// The columns that may be left out of a table on a terminal too narrow, the first of them first.
    pub(crate) spare: ColumnNames,
    /// Those that may go then where not even broken texts make it fit.
    pub(crate) last_spare: ColumnNames,
    /// Whether figures of the model rest on no fit, so that people see two digits of them.
    pub(crate) is_rough: bool,
    /// By what rows are parted over the sheets of a workbook.
    pub(crate) sheets: Option<SheetKey>,
}

/// The column by whose values rows are parted over the sheets of a workbook.
pub(crate) struct SheetKey(pub(crate) String);

impl SheetKey {
    /// Resolves `--sheets`.
    ///
    /// # Errors
    /// If there is no such column.
    pub(crate) fn of(options: &SheetOptions, known: &[&str]) -> Result<Option<Self>, ChoiceError> {
        let Some(name) = &options.sheets else {
            return Ok(None);
        };
        if known.contains(&name.as_str()) {
            return Ok(Some(Self(name.clone())));
        }
        Err(ChoiceError::Unknown {
            name: name.clone(),
            known: known.iter().map(|&it| it.to_owned()).collect(),
        })
    }
}

impl Chosen {
    /// Returns the names of all columns that are needed: those shown, then those sorted by.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let sorted = self.order.keys.iter().map(|key| key.name.as_str());
        let parted = self.sheets.iter().map(|key| key.0.as_str());
        self.columns
            .iter()
            .map(String::as_str)
            .chain(sorted)
            .chain(parted)
    }

    /// Resolves `-c` and `-s`. `usual` are the report's columns, `known` all that can be asked for.
    ///
    /// # Errors
    /// If a name is not known.
    pub(crate) fn resolve(
        options: &SheetOptions,
        usual: &[&str],
        known: &[&str],
    ) -> Result<Self, ChoiceError> {
        let choice = ColumnChoice::parse(options.columns.iter().map(String::as_str))?;
        Ok(Self {
            columns: choice.resolve(usual, known)?,
            key_count: 0,
            order: SortOrder::parse(options.sort.iter().map(String::as_str), known)?,
            spare: Vec::new(),
            last_spare: Vec::new(),
            is_rough: false,
            sheets: SheetKey::of(options, known)?,
        })
    }
}

/// Writes a grid as the options say, and returns how many rows it showed.
///
/// # Errors
/// Whatever the output says.
pub(crate) fn show_grid<G: Grid + ?Sized>(
    grid: &G,
    chosen: &Chosen,
    options: &SheetOptions,
    envelope: Envelope<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<usize> {
    let view = GridView::of(grid).sort(&chosen.order).limit(options.limit);
    let view = view
        .choose(&chosen.columns)
        .headed(options.headings == Headings::Id);
    let parted = Parted::of(&view, chosen.sheets.as_ref())?;
    let sheets = parted.sheets();
    let total = TotalSetting {
        sheets: &sheets,
        closing: &options.cut_by_setting(grid.row_count()),
        ..TotalSetting::default()
    };
    show_rows_and_total(
        &view,
        &total,
        &options.output,
        envelope,
        ONE_THREAD,
        console,
    )?;
    Ok(view.row_count())
}

/// What the lines of a command with few rows are made on.
const ONE_THREAD: usize = 1;

/// What is said beside rows.
#[derive(Clone, Copy, Default)]
pub(crate) struct TotalSetting<'a> {
    /// One row about all rows, which JSON has beside them.
    pub(crate) row: Option<&'a Sheet<'a>>,
    /// Returns what holds of all rows in a column by its name, where a table has a row of it.
    pub(crate) of: Option<&'a dyn Fn(&str) -> Value<'static>>,
    /// That row.
    pub(crate) last: Option<&'a Sheet<'a>>,
    /// Whether a table leaves out columns of money and numbers that say nothing.
    pub(crate) drops_blank: bool,
    /// More parts of the answer in JSON.
    pub(crate) parts: &'a [(&'static str, Document)],
    /// What stands below a table.
    pub(crate) closing: &'a str,
    /// What stands there on a terminal alone.
    pub(crate) closing_on_terminal: &'a str,
    /// The sheets of a workbook, where the rows are parted; none where they are not.
    pub(crate) sheets: &'a [(&'a str, &'a dyn GridRows)],
    /// The name of the book's folder.
    pub(crate) book: Option<&'a str>,
    /// The name of its calendar.
    pub(crate) calendar: &'a str,
}

/// The most sheets that rows are parted over.
const MOST_SHEETS: usize = 100;

/// Rows parted over the sheets of a workbook, each with its name.
pub(crate) struct Parted<'g, G: Grid + ?Sized>(Vec<(String, GridView<'g, G>)>);

impl<'g, G: Grid + ?Sized> Parted<'g, G> {
    /// Parts the rows of a view by a column, if one is named.
    ///
    /// # Errors
    /// If that makes more sheets than anybody looks through.
    pub(crate) fn of(view: &GridView<'g, G>, key: Option<&SheetKey>) -> anyhow::Result<Self> {
        let Some(SheetKey(name)) = key else {
            return Ok(Self(Vec::new()));
        };
        let parts = view.parts(name);
        if parts.len() > MOST_SHEETS {
            let message = say!(
                "`{}` has {} values here, and a workbook gets at most {MOST_SHEETS} sheets",
                "`{}` 在这里有 {} 个值，而一个工作簿最多 {MOST_SHEETS} 张工作表",
                told(name),
                parts.len()
            );
            let hint = Phrase(
                "a rule leaves customers out, another column has fewer values",
                "用规则筛去一些客户，或换一个取值较少的列",
            )
            .spoken();
            return Err(hinted(message, Some(hint.to_owned())));
        }
        let named = parts.into_iter().map(|(value, part)| match value {
            Value::Unknown => ("-".to_owned(), part),
            value => (plain(&value, Type::Text), part),
        });
        Ok(Self(named.collect()))
    }

    /// Returns the sheets as a format wants them.
    pub(crate) fn sheets(&self) -> Vec<(&str, &dyn GridRows)> {
        let parts = self.0.iter();
        parts
            .map(|(name, part)| (name.as_str(), part as &dyn GridRows))
            .collect()
    }
}

/// Writes rows as the options say.
///
/// # Errors
/// Whatever the output says.
pub(crate) fn show_rows(
    rows: &dyn GridRows,
    options: &OutputOptions,
    envelope: Envelope<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let total = TotalSetting::default();
    show_rows_and_total(rows, &total, options, envelope, ONE_THREAD, console)
}

/// Writes rows, and what is to be said of all of them, as the options say.
///
/// # Errors
/// Whatever the output says.
pub(crate) fn show_rows_and_total(
    rows: &dyn GridRows,
    total: &TotalSetting<'_>,
    options: &OutputOptions,
    envelope: Envelope<'_>,
    threads: usize,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let command = console.environment.command.clone();
    // `-o -` is standard output, as in many programs.
    let file = options.output.as_deref().filter(|&it| it != Path::new("-"));
    let page = Page {
        envelope,
        width: console.environment.width.filter(|_| file.is_none()),
        is_terminal: console.environment.out_is_terminal && file.is_none(),
        color: color(options.color, file.is_some(), &console.environment),
        raw: options.raw,
        bom: options.bom,
        calendar: total.calendar,
        about: About {
            command: &command,
            book: total.book,
        },
        total: total.row,
        last: total.last,
        parts: total.parts,
        threads,
    };
    let format = format(options);
    write_answer(file, console, |out| {
        if format == Format::Xlsx && !total.sheets.is_empty() {
            return render_sheets(total.sheets, &page, out);
        }
        render(rows, format, &page, out)?;
        if format == Format::Table {
            let width = page.width.unwrap_or(usize::MAX);
            for line in total.closing.lines() {
                writeln!(out, "{}", wrapped(line, width))?;
            }
            if page.is_terminal {
                out.write_all(total.closing_on_terminal.as_bytes())?;
            }
        }
        Ok(())
    })
}

/// Writes an answer that is a text as it is.
///
/// # Errors
/// Whatever the output says.
pub(crate) fn show_text(
    text: &str,
    output: Option<&Path>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let file = output.filter(|&it| it != Path::new("-"));
    write_answer(file, console, |out| out.write_all(text.as_bytes()))
}

/// Writes a page for people with tables below it.
///
/// # Errors
/// Whatever the output says.
pub(crate) fn show_said_page(
    said: &SaidPage<'_>,
    options: &OutputOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let file = options.output.as_deref().filter(|&it| it != Path::new("-"));
    let page = Page {
        width: console.environment.width.filter(|_| file.is_none()),
        is_terminal: console.environment.out_is_terminal && file.is_none(),
        color: color(options.color, file.is_some(), &console.environment),
        threads: ONE_THREAD,
        ..Page::default()
    };
    write_answer(file, console, |out| {
        render_paper(&said.paper, &page, out)?;
        for table in &said.tables {
            writeln!(out, "\n{}", table.heading)?;
            let all = GridView::of(&table.rows);
            let last = GridView::of(&table.last);
            let fits = |width| left_out(&all, Some(&last), &Spare::first(table.spare), width);
            let gone = page.width.map(fits);
            let gone = gone.unwrap_or_default();
            let columns = Grid::columns(&table.rows).iter().map(|it| &*it.name);
            let columns: Vec<&str> = columns.filter(|it| !gone.contains(it)).collect();
            let last = last.choose(&columns);
            let last = sheet_of(&last)?;
            let page = Page {
                last: Some(&last),
                ..page
            };
            render(&all.choose(&columns), Format::Table, &page, out)?;
        }
        Ok(())
    })
}

/// Returns rows as a sheet.
fn sheet_of(rows: &dyn GridRows) -> std::io::Result<Sheet<'static>> {
    let mut sheet = Sheet::new(rows.columns().to_vec());
    rows.for_each(&mut |row| {
        sheet.push(row.iter().map(|it| it.clone().into_owned()));
        Ok(())
    })?;
    Ok(sheet)
}

/// Writes an answer that is no table: as nested data in JSON, else as a page for people.
///
/// Returns `false` and writes nothing where the format wants rows.
///
/// # Errors
/// Whatever the output says.
pub(crate) fn show_page(
    paper: impl FnOnce() -> Paper,
    document: impl FnOnce() -> Document,
    envelope: Envelope<'_>,
    options: &OutputOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<bool> {
    let file = options.output.as_deref().filter(|&it| it != Path::new("-"));
    match format(options) {
        Format::Table => {
            let page = Page {
                envelope,
                width: console.environment.width.filter(|_| file.is_none()),
                is_terminal: console.environment.out_is_terminal && file.is_none(),
                color: color(options.color, file.is_some(), &console.environment),
                raw: options.raw,
                threads: ONE_THREAD,
                ..Page::default()
            };
            write_answer(file, console, |out| render_paper(&paper(), &page, out))?;
        }
        Format::Json => {
            let document = envelope.around(document());
            write_answer(file, console, |out| render_document(&document, out))?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_tells_the_format_unless_one_is_asked_for() {
        let mut options = OutputOptions {
            output: Some("a.JSON".into()),
            ..OutputOptions::default()
        };
        assert_eq!(format(&options), Format::Json);
        options.format = Some(Format::Csv);
        assert_eq!(format(&options), Format::Csv);
        options.format = None;
        options.output = Some("answer.txt".into());
        assert_eq!(format(&options), Format::Table);
        for (path, is_one) in [
            ("a.csv", true),
            ("a.TXT", true),
            ("a", true),
            (".hidden", true),
            ("-", true),
            ("/dev/stdout", true),
            ("a.csv.xlsx", true),
            ("a.csv.xls", false),
            ("甲.parquet", false),
            ("a.csv~", false),
        ] {
            assert_eq!(refuse_ending(Path::new(path)).is_ok(), is_one, "{path}");
        }
    }
}
