//! The header of a log: which column stands where.

use std::sync::Arc;

use strsim::osa_distance;

use crate::diagnostic::{self as fault, Diagnostic, Diagnostics, nearest};
use crate::load::log::cut::LogCell;
use crate::model::{ByColumn, CURRENCY, LOG_COLUMNS, LogColumn};
use crate::source::{Place, clipped, column_name};
use crate::words::{Phrase, Same, Wording, both};

/// A log's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogHeader {
    /// Where each of [`LOG_COLUMNS`] stands, if it does.
    places: ByColumn<Option<u16>>,
    /// Every column's name.
    pub(crate) names: Vec<String>,
    /// The places of columns that mean nothing here, by name.
    unknown: Vec<usize>,
}

impl LogHeader {
    /// Returns where a column stands.
    pub(crate) fn place(&self, column: LogColumn) -> Option<usize> {
        self.places[column].map(usize::from)
    }

    /// Returns how many cells every row must have.
    pub(crate) fn width(&self) -> usize {
        self.names.len()
    }

    /// Returns the columns that mean nothing here, by name, with their places.
    pub(in crate::load::log) fn unknown_columns(&self) -> impl Iterator<Item = (&str, usize)> {
        self.unknown
            .iter()
            .map(|index| (self.names[*index].as_str(), *index))
    }

    /// Makes a header of cells that are known to be one; `None` if they name no column.
    pub(in crate::load::log) fn of_names(record: &[u8], cells: &[LogCell]) -> Option<Self> {
        let names: Vec<String> = cells
            .iter()
            .map(|cell| column_name(&String::from_utf8_lossy(&cell.content(record))).to_owned())
            .collect();
        let places = ByColumn::from_fn(|column| {
            let index = names.iter().position(|name| name == column.name());
            index.and_then(|index| u16::try_from(index).ok())
        });
        let mut unknown: Vec<usize> = (0..names.len())
            .filter(|index| !LOG_COLUMNS.contains(&names[*index].as_str()))
            .collect();
        unknown.sort_by(|a, b| names[*a].cmp(&names[*b]));
        (unknown.len() < names.len()).then_some(Self {
            places,
            names,
            unknown,
        })
    }

    /// Reads a header from the cells of a record; `None`, with the faults, if it is none.
    ///
    pub(in crate::load::log) fn read(
        path: &Arc<str>,
        line: u64,
        record: &[u8],
        cells: &[LogCell],
        terms: &HeaderTerms<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let whole = || {
            Place::in_record(
                path,
                line,
                record,
                0..cells.last().map_or(0, |it| it.span().end),
            )
        };
        let Some(header) = Self::of_names(record, cells) else {
            diagnostics.push(no_header(whole(), record));
            return None;
        };
        let names = &header.names;
        let mut is_right = true;
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) && !name.is_empty() {
                let message = both!(
                    "column `{}` stands twice in the header",
                    "表头里有两个 `{}` 列",
                    clipped(name)
                );
                let place = Place::in_record(path, line, record, cells[index].span());
                let help = Phrase("rename or remove one of them", "改名或删去其中一个");
                diagnostics.push(Diagnostic::new(fault::HEADER_TWICE, message, place).help(help));
                is_right = false;
            }
        }
        let required: &[LogColumn] = if terms.is_one_customer {
            &[LogColumn::Date, LogColumn::Kind]
        } else {
            &[LogColumn::Date, LogColumn::Customer, LogColumn::Kind]
        };
        let mut is_told = ByColumn::from_fn(|column| header.place(column).is_some());
        for column in required {
            if header.place(*column).is_some() {
                continue;
            }
            is_right = false;
            let others = names
                .iter()
                .map(String::as_str)
                .filter(|name| !LOG_COLUMNS.contains(name));
            let near = nearest(column.name(), others);
            is_told[*column] = true;
            let index = near.and_then(|near| names.iter().position(|name| name == near));
            let place = index.map_or_else(whole, |index| {
                Place::in_record(path, line, record, cells[index].span())
            });
            let message = both!(
                "the header has no column `{}`",
                "表头里没有 `{}` 列",
                Same(column.name())
            );
            let help = match (near, column) {
                (Some(near), _) => both!(
                    "is `{near}` meant to be `{}`?",
                    "`{near}` 是不是要写 `{}`？",
                    Same(column.name())
                ),
                (None, LogColumn::Customer) => Phrase(
                    "add the column, or name the file for its one customer",
                    "加上这一列，或用客户编号给文件命名（文件里只有这一个客户时）",
                )
                .into(),
                (None, _) => Phrase("add the column", "加上这一列").into(),
            };
            diagnostics.push(Diagnostic::new(fault::HEADER_COLUMN, message, place).help(help));
        }
        // Where a column is missing, one that means nothing may be meant for it.
        let terms = HeaderTerms {
            warns: terms.warns && is_right,
            ..*terms
        };
        is_right &= header.judge_others(path, line, record, cells, (&terms, &is_told), diagnostics);
        is_right.then_some(header)
    }

    /// Tells of columns that mean nothing here; `false` where one is probably meant to be another.
    ///
    /// `is_there` are the known columns that the header has, or was told to lack.
    fn judge_others(
        &self,
        path: &Arc<str>,
        line: u64,
        record: &[u8],
        cells: &[LogCell],
        (terms, is_there): (&HeaderTerms<'_>, &ByColumn<bool>),
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let place = |index: usize| Place::in_record(path, line, record, cells[index].span());
        let mut others: Vec<usize> = Vec::new();
        let mut is_right = true;
        for (index, name) in self.names.iter().enumerate() {
            let is_known = LOG_COLUMNS.contains(&name.as_str()) || name == CURRENCY;
            if is_known || terms.other_columns.contains(name) {
                continue;
            }
            let Some(near) = near_column(name, is_there) else {
                others.push(index);
                continue;
            };
            is_right = false;
            let name = clipped(name);
            let message = both!(
                "no column is called `{name}`: is it meant to be `{near}`?",
                "没有名为 `{name}` 的列：是不是要写 `{near}`？"
            );
            let help = both!(
                "rename it to `{near}`; if it is another, list it in guanxi.toml: `[log]`, `other_columns = [\"{name}\"]`",
                "改名为 `{near}`；如果确实是别的列，写进 guanxi.toml：`[log]`，`other_columns = [\"{name}\"]`"
            );
            diagnostics.push(Diagnostic::new(fault::NEAR_COLUMN, message, place(index)).help(help));
        }
        if let Some(first) = others.first().filter(|_| terms.warns && is_right) {
            let names: Vec<_> = others
                .iter()
                .map(|index| clipped(&self.names[*index]))
                .collect();
            let message = match &names[..] {
                [name] => both!(
                    "the column `{name}` means nothing here",
                    "`{name}` 列在这里不起作用"
                ),
                names => both!(
                    "the columns `{}` mean nothing here",
                    "`{}` 这些列在这里不起作用",
                    names.join("`, `")
                ),
            };
            let help = both!(
                "correct the name, or list it in guanxi.toml: `[log]`, `other_columns = [\"{}\"]`",
                "改正列名，或写进 guanxi.toml：`[log]`，`other_columns = [\"{}\"]`",
                names.join("\", \"")
            );
            diagnostics
                .push(Diagnostic::new(fault::OTHER_COLUMN, message, place(*first)).help(help));
        }
        is_right
    }

    /// Returns where the rows' currency stands.
    pub(in crate::load::log) fn currency(&self) -> Option<usize> {
        self.names.iter().position(|name| name == CURRENCY)
    }
}

/// What a header is judged by.
pub(in crate::load::log) struct HeaderTerms<'a> {
    /// Whether the file is named for a customer, so that it needs no column.
    pub(in crate::load::log) is_one_customer: bool,
    /// Columns that mean nothing, and are meant to.
    pub(in crate::load::log) other_columns: &'a [String],
    /// Whether warnings are wanted.
    pub(in crate::load::log) warns: bool,
}

/// How many letters a name has of which two may be wrong.
const LONG_NAME: usize = 6;

/// The longest name that is compared letter by letter.
const MOST_COMPARED: usize = 80;

/// Returns the known column that is not there and that a name is near to: by a letter or two, or
/// because the column's name is one of its words.
fn near_column(name: &str, is_there: &ByColumn<bool>) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let lacking = is_there.iter().filter(|(_, is_there)| !**is_there);
    let words = words(name);
    let distance = |known: &str| {
        if words.iter().any(|word| word == known) {
            return Some(0);
        }
        let most = if known.len() < LONG_NAME { 1 } else { 2 };
        let distance = osa_distance(&lower, known);
        (name.len() <= MOST_COMPARED && distance <= most).then_some(distance)
    };
    let near = lacking.filter_map(|(it, _)| Some((distance(it.name())?, it.name())));
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Returns the words of a name such as `due_date`, `Due Date` or `dueDate`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || was_lower && character.is_uppercase() {
            words.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words
}

/// Tells whether a line is a header, or parts of one, by another mark than the comma.
fn is_parted_by(mark: char, line: &str) -> bool {
    let parts = line.split(mark);
    parts
        .filter(|it| LogColumn::meant(column_name(it)).is_some())
        .count()
        > 1
}

/// Tells whether a line is a header that is parted by tabs.
pub(in crate::load::log) fn is_tab_separated(line: &[u8]) -> bool {
    line.contains(&b'\t') && is_parted_by('\t', &String::from_utf8_lossy(line))
}

/// Makes the fault of a first line that is no header, and tells what it is.
pub(in crate::load::log) fn no_header(place: Place, record: &[u8]) -> Diagnostic {
    let text = String::from_utf8_lossy(record);
    let names = text.split(',').map(column_name);
    let renamed: Vec<Wording> = names
        .filter_map(|name| {
            Some(both!(
                "`{}` to `{}`",
                "`{}` 改为 `{}`",
                clipped(name),
                Same(LogColumn::meant(name)?.name())
            ))
        })
        .collect();
    let convert = Phrase(
        "save the table once more as CSV with commas, in UTF-8",
        "把表格重新另存为逗号分隔的 CSV，UTF-8 编码",
    )
    .into();
    let (message, help): (Phrase, Wording) = match () {
        () if is_parted_by(';', &text) => (
            Phrase(
                "the columns are parted by semicolons, not by commas",
                "各列是用分号隔开的，应当用逗号",
            ),
            convert,
        ),
        () if is_parted_by('\t', &text) => (
            Phrase(
                "the columns are parted by tabs, not by commas",
                "各列是用制表符隔开的，应当用逗号",
            ),
            convert,
        ),
        () if renamed.len() > 1 => (
            Phrase(
                "the header names none of the columns of a log as they are called",
                "表头里没有一个是流水的列名",
            ),
            both!(
                "rename {}",
                "请改列名：{}",
                Wording::joined(&renamed, ", ", "，")
            ),
        ),
        () => {
            let message = if text.starts_with(|it: char| it.is_ascii_digit()) {
                Phrase(
                    "the first row is no header: it looks like an interaction",
                    "第一行不是表头：看起来是一行记录",
                )
            } else {
                Phrase(
                    "the first row is no header: it names none of the columns of a log",
                    "第一行不是表头：里面没有流水的列名",
                )
            };
            let columns = LOG_COLUMNS.join(",");
            (
                message,
                both!(
                    "put a header into the first line: `{columns}`",
                    "在第一行写上表头：`{columns}`"
                ),
            )
        }
    };
    Diagnostic::new(fault::HEADER_MISSING, message, place).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_near_by_a_letter_or_a_word() {
        let near = |name: &str, there: &[&str]| {
            near_column(name, &ByColumn::from_fn(|it| there.contains(&it.name())))
        };
        let all = ["date", "customer", "kind"];
        assert_eq!(near("staf", &all), Some("staff"));
        assert_eq!(near("scor", &all), Some("score"));
        assert_eq!(near("ammuont", &all), Some("amount"));
        assert_eq!(near("Note", &all), Some("note"));
        assert_eq!(near("due_date", &all), Some("due"));
        assert_eq!(near("dueDate", &all), Some("due"));
        assert_eq!(near("Due Date", &all), Some("due"));
        assert_eq!(near("customer_name", &all), None);
        assert_eq!(near("customer_name", &["date", "kind"]), Some("customer"));
        assert_eq!(near("staf", &["staff"]), None);
        assert_eq!(near("stff_", &all), None);
        for other in ["warehouse", "no", "", "residue", "单号", "rework"] {
            assert_eq!(near(other, &all), None, "{other}");
        }
    }
}
