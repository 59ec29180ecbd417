//! All lines of all files, read once: who they are of, their rows and facts, what is wrong with each.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::facts::{CustomerFact, read_facts};
use super::file_plan::FilePlan;
use super::lines::{LineFault, LineReader, is_void};
use super::new_row::{LineRef, LineRows, RowRead};
use super::row_faults::missing;
use super::rows::RowMaker;
use super::targets::ImportTarget;
use super::texts::TextPool;
use super::values::Bad;
use super::worth::ReadValue;
use crate::exchange::cell::SourceCell;
use crate::exchange::fault::SourceFault;
use crate::exchange::headings::{Into, simplified};
use crate::exchange::place::{CellPlace, column_letters};
use crate::exchange::table::{DataLine, LeftOut, SourceTable, Unread};
use crate::model::{Money, width_folded};
use crate::source::told;
use crate::words::{Phrase, Wording, both};

/// The texts by which a line says whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Who {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) aliases: Vec<String>,
}

impl Who {
    /// Returns what a new customer would be called by this line.
    pub(crate) fn spelling(&self) -> Option<&str> {
        self.name
            .as_deref()
            .or_else(|| self.aliases.first().map(String::as_str))
    }

    fn is_empty(&self) -> bool {
        self.id.is_none() && self.name.is_none() && self.aliases.is_empty()
    }
}

/// A data line that is not left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineState {
    pub(crate) file: u16,
    /// The sheet's row, or the text's line.
    pub(crate) number: u64,
    /// Which of [`Scan::whos`].
    pub(crate) who: u32,
    /// Where its rows begin among all rows, and how many they are.
    pub(crate) first_row: u32,
    pub(crate) row_count: u16,
    /// Whether something is wrong with it.
    pub(crate) is_refused: bool,
}

/// What is wrong with a line.
#[derive(Clone, Debug)]
pub(crate) enum ScanFault {
    /// Found in the file's form.
    Form(SourceFault),
    /// Found in a cell, or in what the line means.
    Meaning(LineFault),
}

/// A total that a file states.
#[derive(Clone, Debug)]
pub(crate) struct StatedTotal {
    pub(crate) place: CellPlace,
    /// The cell, as `C14`.
    pub(crate) cell: String,
    pub(crate) stated: Money,
    pub(crate) summed: Money,
    /// The same with the lines that are left out by their texts.
    pub(crate) with_left_out: Money,
    /// The first cell above that could not be read, and how many more.
    pub(crate) unread: Option<(String, usize)>,
}

/// What one file has.
#[derive(Debug, Default)]
pub(crate) struct FileScan {
    pub(crate) totals: Vec<StatedTotal>,
    /// How many lines have each status that is not known.
    pub(crate) statuses: BTreeMap<String, usize>,
    pub(crate) line_count: usize,
}

/// What all files have.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) files: Vec<FileScan>,
    pub(crate) lines: Vec<LineState>,
    pub(crate) rows: Vec<RowRead>,
    pub(crate) whos: Vec<Who>,
    /// The facts of lines, by the lines' indexes; only of `import customers`.
    pub(crate) facts: BTreeMap<u32, Vec<CustomerFact>>,
    pub(crate) texts: TextPool,
    /// What is wrong with lines, by their indexes.
    pub(crate) faults: BTreeMap<u32, Vec<ScanFault>>,
    /// How many lines are left out for which reason.
    pub(crate) left_out: BTreeMap<&'static str, usize>,
    /// Cells that were dropped: how many, and the first's place.
    pub(crate) dropped: usize,
    pub(crate) first_dropped: Option<(CellPlace, String)>,
    /// The refs that lines have for rows which own them or would, where lines of one ref are summed.
    pub(crate) refs: BTreeMap<u32, Vec<LineRef>>,
    /// The headings of each file.
    pub(crate) headings: Vec<Vec<String>>,
    /// The column of each file that says whose lines are, and that of ids.
    pub(crate) who_columns: Vec<(Option<usize>, Option<usize>)>,
    who_ids: HashMap<Who, u32>,
}

impl Scan {
    /// Adds a fault of a line, which is refused then.
    pub(crate) fn refuse(&mut self, line: u32, fault: LineFault) {
        let faults = self.faults.entry(line).or_default();
        let is_known = faults.iter().any(|it| match it {
            ScanFault::Meaning(known) => {
                known.bad.code == fault.bad.code && known.column == fault.column
            }
            ScanFault::Form(_) => false,
        });
        if !is_known {
            faults.push(ScanFault::Meaning(fault));
        }
        self.lines[line as usize].is_refused = true;
    }

    /// Tells whether a line has a fault of a code.
    pub(crate) fn is_told(&self, line: u32, code: &str) -> bool {
        let faults = self.faults.get(&line).into_iter().flatten();
        faults
            .filter_map(|it| match it {
                ScanFault::Meaning(fault) => Some(fault.bad.code),
                ScanFault::Form(_) => None,
            })
            .any(|it| it == code)
    }

    /// Adds a fault of whose a line is, told in the column that says so.
    pub(crate) fn refuse_who(&mut self, line: u32, fault: LineFault) {
        let columns = self
            .who_columns
            .get(usize::from(self.lines[line as usize].file));
        let (name, id) = columns.copied().unwrap_or_default();
        let column = if fault.bad.code == "id-invalid" {
            id
        } else {
            name
        };
        self.refuse(line, LineFault { column, ..fault });
    }

    /// Returns the column that says whose a line is.
    pub(crate) fn who_column(&self, line: u32) -> Option<usize> {
        let columns = self
            .who_columns
            .get(usize::from(self.lines[line as usize].file));
        columns.and_then(|it| it.0)
    }

    /// Names a cell as `C14`, or a line.
    pub(super) fn cell_name(&self, line: u32, column: Option<usize>) -> Wording {
        let number = self.lines[line as usize].number;
        match column {
            Some(column) => {
                let cell = format!("{}{number}", column_letters(column));
                both!("{cell}", "{cell}")
            }
            None => both!("line {number}", "第 {number} 行"),
        }
    }

    /// Returns the rows of a line.
    pub(crate) fn rows_of(&self, line: u32) -> &[RowRead] {
        let line = &self.lines[line as usize];
        let first = line.first_row as usize;
        &self.rows[first..first + usize::from(line.row_count)]
    }

    fn who(&mut self, who: Who) -> u32 {
        if let Some(id) = self.who_ids.get(&who) {
            return *id;
        }
        let id = u32::try_from(self.whos.len()).expect("there are fewer names than lines");
        self.whos.push(who.clone());
        self.who_ids.insert(who, id);
        id
    }

    /// Refuses lines that are equal to one before them in every column.
    fn refuse_twice(&mut self, mut prints: Vec<((u64, u64), u32)>) {
        prints.sort_unstable();
        for equal in prints.chunk_by(|one, other| one.0 == other.0) {
            let Some(((_, first), others)) = equal.split_first() else {
                continue;
            };
            let first = self.lines[*first as usize].number;
            for (_, line) in others {
                let message = both!(
                    "the line is equal to line {first} in every column",
                    "这一行与第 {first} 行的各列完全相同"
                );
                let bad = Bad::new("row-twice", message).help(Phrase(
                    "delete it, or `--read equal-rows` if each counts",
                    "请删去这一行；如果每行都算，用 `--read equal-rows`",
                ));
                self.refuse(*line, LineFault::new(None, bad));
            }
        }
    }

    fn leave_out(&mut self, reason: &'static str) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    /// Reads all lines of a file.
    ///
    /// # Errors
    /// What ends the reading of the file.
    pub(crate) fn read(
        &mut self,
        table: &SourceTable,
        plan: &FilePlan,
        reader: &LineReader<'_>,
    ) -> Result<(), Unread> {
        let file = u16::try_from(self.files.len()).unwrap_or(u16::MAX);
        let mut reading = ScannedFile {
            file,
            plan,
            reader,
            sums: ColumnSums::of(plan),
            prints: Vec::new(),
            scan: FileScan::default(),
        };
        let result = table.each_line(&plan.roles, &mut |line| reading.take(line, self));
        self.refuse_twice(reading.prints);
        let scan = reading.scan;
        self.files.push(scan);
        self.headings.push(plan.headings.clone());
        let column = |target: &ImportTarget| plan.slot(target)?.columns.first().copied();
        let id = column(&ImportTarget::Id);
        let name = column(&ImportTarget::Name).or_else(|| column(&ImportTarget::Aliases));
        self.who_columns.push((name.or(id), id));
        result
    }
}

/// One file while it is read.
struct ScannedFile<'a, 'r> {
    file: u16,
    plan: &'a FilePlan,
    reader: &'r LineReader<'a>,
    sums: ColumnSums,
    /// Prints of the lines that may not be there twice, with the lines.
    prints: Vec<((u64, u64), u32)>,
    scan: FileScan,
}

impl ScannedFile<'_, '_> {
    fn take(&mut self, line: &DataLine<'_>, all: &mut Scan) {
        self.scan.line_count += 1;
        if let Some(reason) = line.left_out {
            if reason == LeftOut::Total {
                let totals = self.sums.check(line, self.reader);
                self.scan.totals.extend(totals);
            }
            return all.leave_out(reason.word());
        }
        if line.is_unreadable {
            return self.refuse_unreadable(line, all);
        }
        if self.reader.is_skipped(line) {
            self.sums.add(line, self.reader, true);
            return all.leave_out("skip");
        }
        let index = u32::try_from(all.lines.len()).expect("memory ends before 32 bits of lines");
        let maker = RowMaker::new(self.reader, line, &mut all.texts);
        let LineRows {
            rows,
            mut faults,
            left_out,
            dropped,
            refs,
        } = maker.read(index);
        if let Some(reason) = left_out {
            self.sums.add(line, self.reader, reason != "zero");
            return all.leave_out(reason);
        }
        self.sums.add(line, self.reader, false);
        Self::count_dropped(line, &dropped, all);
        if !refs.is_empty() {
            all.refs.insert(index, refs);
        }
        let who = self.who(line, &mut faults);
        self.check_status(line, &mut faults);
        if self.reader.context.mapping.into == Into::Customers {
            let facts = read_facts(self.reader, line, &mut faults);
            all.facts.insert(index, facts);
        }
        self.check_currency(line, &mut faults);
        let mapping = self.reader.context.mapping;
        let makes_rows = !rows.is_empty() || !faults.is_empty();
        if !mapping.habits.equal_rows && (mapping.into == Into::Log || makes_rows) {
            self.prints.push((self.reader.print(line), index));
        }
        let who = all.who(who);
        let first_row = u32::try_from(all.rows.len()).expect("memory ends before 32 bits of rows");
        let row_count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        all.rows.extend(rows);
        let form = line.faults.iter().cloned().map(ScanFault::Form);
        let found: Vec<ScanFault> = form
            .chain(faults.into_iter().map(ScanFault::Meaning))
            .collect();
        all.lines.push(LineState {
            file: self.file,
            number: line.number,
            who,
            first_row,
            row_count,
            is_refused: !found.is_empty(),
        });
        if !found.is_empty() {
            all.faults.insert(index, found);
        }
    }

    fn refuse_unreadable(&mut self, line: &DataLine<'_>, all: &mut Scan) {
        let index = u32::try_from(all.lines.len()).expect("memory ends before 32 bits of lines");
        let who = all.who(Who::default());
        all.lines.push(LineState {
            file: self.file,
            number: line.number,
            who,
            first_row: u32::try_from(all.rows.len()).unwrap_or(u32::MAX),
            row_count: 0,
            is_refused: true,
        });
        all.faults.insert(
            index,
            line.faults.iter().cloned().map(ScanFault::Form).collect(),
        );
    }

    fn count_dropped(line: &DataLine<'_>, dropped: &[usize], all: &mut Scan) {
        all.dropped += dropped.len();
        if let (Some(column), None) = (dropped.first(), &all.first_dropped) {
            let cell = format!("{}{}", column_letters(*column), line.number);
            all.first_dropped = Some((line.place(*column), cell));
        }
    }

    /// Reads whose the line is.
    fn who(&self, line: &DataLine<'_>, faults: &mut Vec<LineFault>) -> Who {
        let mut read = |target: &ImportTarget| {
            let place = self.reader.place(target)?;
            match self.reader.value(line, place) {
                Ok(value) => value,
                Err(fault) => {
                    faults.push(fault);
                    None
                }
            }
        };
        let text = |value: Option<ReadValue>| value.map(|it| it.to_text());
        let who = Who {
            id: text(read(&ImportTarget::Id)),
            name: text(read(&ImportTarget::Name)),
            aliases: match read(&ImportTarget::Aliases) {
                Some(ReadValue::List(list)) => list,
                _ => Vec::new(),
            },
        };
        let places = [ImportTarget::Name, ImportTarget::Id, ImportTarget::Aliases];
        let columns = places
            .iter()
            .filter_map(|it| self.plan.slot(it)?.columns.first().copied());
        let column = columns.into_iter().next();
        let is_told = faults
            .iter()
            .any(|it| it.column.is_some() && it.column == column);
        if who.is_empty() && !is_told {
            let name = match self.reader.context.mapping.into {
                Into::Log => "customer",
                Into::Customers => "name",
            };
            faults.push(LineFault::new(column, missing(name)));
        }
        who
    }

    fn check_status(&mut self, line: &DataLine<'_>, faults: &mut Vec<LineFault>) {
        for (column, text) in self.reader.statuses(line) {
            match is_void(&text) {
                Some(true) => {
                    let heading = self.plan.headings.get(column).map_or("", String::as_str);
                    let message = both!(
                        "the line's status is `{}`: it does not hold",
                        "这一行的状态是 `{}`，不作数",
                        told(&text)
                    );
                    let bad = Bad::new("void-line", message).help(both!(
                        "`--skip '{heading}={text}'` leaves such lines out; `--map '{heading}=-'` if it means nothing",
"`--skip '{heading}={text}'` 去掉这样的行；如果这一列没有意义，用 `--map '{heading}=-'`"
                    ));
                    faults.push(LineFault::new(Some(column), bad));
                }
                Some(false) => {}
                None => *self.scan.statuses.entry(text).or_default() += 1,
            }
        }
    }

    fn check_currency(&self, line: &DataLine<'_>, faults: &mut Vec<LineFault>) {
        if let Some(place) = self.reader.place(&ImportTarget::Currency)
            && let Err(fault) = self.reader.value(line, place)
        {
            faults.push(fault);
        }
    }
}

/// The sums of the columns of amounts, to be held against stated totals.
struct ColumnSums {
    columns: Vec<Sum>,
}

#[derive(Default)]
struct Sum {
    column: usize,
    /// Of all lines, and of those since the last total; each also with lines left out by their texts.
    all: Money,
    all_with: Money,
    since: Money,
    since_with: Money,
    unread: Option<(String, usize)>,
}

impl ColumnSums {
    fn of(plan: &FilePlan) -> Self {
        let columns = plan.columns.iter().enumerate();
        let money =
            columns.filter(|(_, it)| it.target.as_ref().is_some_and(ImportTarget::is_money));
        let sum = |column: usize| Sum {
            column,
            ..Sum::default()
        };
        Self {
            columns: money.map(|(column, _)| sum(column)).collect(),
        }
    }

    fn add(&mut self, line: &DataLine<'_>, reader: &LineReader<'_>, is_left_out: bool) {
        for sum in &mut self.columns {
            match reader.stated(line, sum.column) {
                Ok(Some(amount)) => {
                    sum.all_with += amount;
                    sum.since_with += amount;
                    if !is_left_out {
                        sum.all += amount;
                        sum.since += amount;
                    }
                }
                Ok(None) => {}
                Err(_) => {
                    if let Some((_, more)) = &mut sum.unread {
                        *more += 1;
                    } else {
                        let cell = format!("{}{}", column_letters(sum.column), line.number);
                        sum.unread = Some((cell, 0));
                    }
                }
            }
        }
    }

    /// Holds a total against the sums of the lines above it.
    fn check(&mut self, line: &DataLine<'_>, reader: &LineReader<'_>) -> Vec<StatedTotal> {
        let columns = 0..reader.plan.columns.len();
        let first = columns.map(|it| line.cell(it)).find_map(|it| match it {
            SourceCell::Text(text) if !text.trim().is_empty() => Some(text.into_owned()),
            _ => None,
        });
        let word = first.unwrap_or_default();
        let word: String = simplified(&width_folded(&word).to_lowercase());
        let word: String = word.chars().filter(|it| !it.is_whitespace()).collect();
        let begins = |words: &[&str]| words.iter().any(|it| word.starts_with(it));
        let is_part = begins(&["小计", "subtotal", "本页合计"]);
        let is_of_time = begins(&["本月合计", "本年累计"]);
        let mut totals = Vec::new();
        for sum in &mut self.columns {
            if let Ok(Some(stated)) = reader.stated(line, sum.column)
                && !is_of_time
            {
                let (summed, with_left_out) = if is_part {
                    (sum.since, sum.since_with)
                } else {
                    (sum.all, sum.all_with)
                };
                totals.push(StatedTotal {
                    place: line.place(sum.column),
                    cell: format!("{}{}", column_letters(sum.column), line.number),
                    stated,
                    summed,
                    with_left_out,
                    unread: sum.unread.clone(),
                });
            }
            (sum.since, sum.since_with) = (Money::ZERO, Money::ZERO);
        }
        totals
    }
}
