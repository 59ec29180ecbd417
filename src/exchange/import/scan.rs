//! All lines of all files, read once: who they are of, their rows and facts, what is wrong with each.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::facts::{CustomerFact, read_facts};
use super::file_plan::{FilePlan, RowColumns};
use super::identity::Print;
use super::lines::{LineFault, LineReader, is_void};
use super::new_row::{LineRef, LineRows, RowRead};
use super::row_faults::missing;
use super::rows::RowMaker;
use super::sums::{ColumnSums, StatedTotal};
use super::targets::ImportTarget;
use super::texts::TextPool;
use super::values::Bad;
use super::worth::ReadValue;
use crate::exchange::fault::SourceFault;
use crate::exchange::headings::Into;
use crate::exchange::place::{CellPlace, column_letters};
use crate::exchange::table::{DataLine, LeftOut, SourceTable, Unread};
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

/// What one file has.
#[derive(Debug, Default)]
pub(crate) struct FileScan {
    pub(crate) totals: Vec<StatedTotal>,
    /// How many lines have each status that is not known.
    pub(crate) statuses: BTreeMap<String, usize>,
    /// The columns of the rows that a line may have.
    pub(crate) row_columns: Vec<RowColumns>,
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
    /// How options name the columns of each file.
    pub(crate) option_names: Vec<Vec<String>>,
    /// The column of each file that says whose lines are, and that of ids.
    pub(crate) who_columns: Vec<(Option<usize>, Option<usize>)>,
    /// The print of each [`Who`], and by it the number.
    who_prints: Vec<Print>,
    who_ids: HashMap<Print, u32>,
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
        let fault = self.place_who(line, fault);
        self.refuse(line, fault);
    }

    /// Returns a fault of whose a line is as one of the column that says so.
    pub(crate) fn place_who(&self, line: u32, fault: LineFault) -> LineFault {
        let state = &self.lines[line as usize];
        let file = usize::from(state.file);
        let (name, id) = self.who_columns[file];
        let is_of_id = fault.bad.code == "id-invalid";
        let column = if is_of_id { id } else { name };
        let who = &self.whos[state.who as usize];
        let text = match (&who.name, &who.aliases[..]) {
            _ if is_of_id || name == id => who.id.as_deref(),
            (Some(name), _) => Some(name.as_str()),
            (None, [alias]) => Some(alias.as_str()),
            (None, _) => None,
        };
        let bad = match column {
            Some(column) => fault.bad.name_cell(&self.option_names[file][column], text),
            None => fault.bad,
        };
        LineFault {
            column,
            bad,
            ..fault
        }
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

    /// Lets the rows go, of which nothing is asked any more.
    pub(crate) fn forget_rows(&mut self) {
        self.rows = Vec::new();
        self.texts = TextPool::default();
    }

    /// Returns the columns in which faults of a row are told.
    pub(crate) fn columns_of(&self, row: &RowRead) -> RowColumns {
        let file = usize::from(self.lines[row.line as usize].file);
        self.files[file].row_columns[usize::from(row.part)]
    }

    /// Returns the ref of a row.
    pub(crate) fn reference(&self, row: &RowRead) -> &str {
        self.texts.reference(row.texts)
    }

    /// Returns the rows of a line.
    pub(crate) fn rows_of(&self, line: u32) -> &[RowRead] {
        let line = &self.lines[line as usize];
        let first = line.first_row as usize;
        &self.rows[first..first + usize::from(line.row_count)]
    }

    /// Returns the number of a [`Who`], a new one where there is none.
    fn who(&mut self, who: Who) -> u32 {
        let print = Print::of(&who);
        self.who_of_print(who, print)
    }

    fn who_of_print(&mut self, who: Who, print: Print) -> u32 {
        // A print says enough: the texts of a hundred thousand names lie anywhere in memory.
        if let Some(id) = self.who_ids.get(&print) {
            return *id;
        }
        let id = u32::try_from(self.whos.len()).expect("there are fewer names than lines");
        self.whos.push(who);
        self.who_prints.push(print);
        self.who_ids.insert(print, id);
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

    /// Returns the index of the line that comes next.
    fn next_line(&self) -> u32 {
        u32::try_from(self.lines.len()).expect("memory ends before 32 bits of lines")
    }

    /// Returns the index of the row that comes next.
    fn next_row(&self) -> u32 {
        u32::try_from(self.rows.len()).expect("memory ends before 32 bits of rows")
    }

    /// Adds lines that were read by themselves, behind those that are there.
    fn append(&mut self, part: Self) {
        let (first_line, first_row) = (self.next_line(), self.next_row());
        let whos = part.whos.into_iter().zip(part.who_prints);
        let whos: Vec<u32> = whos
            .map(|(who, print)| self.who_of_print(who, print))
            .collect();
        let texts = self.texts.unite(&part.texts);
        self.lines
            .extend(part.lines.into_iter().map(|line| LineState {
                who: whos[line.who as usize],
                first_row: first_row + line.first_row,
                ..line
            }));
        self.rows.extend(part.rows.into_iter().map(|row| RowRead {
            line: first_line + row.line,
            staff: texts.of(row.staff),
            topic: texts.of(row.topic),
            channel: texts.of(row.channel),
            texts: texts.of_row(row.texts),
            ..row
        }));
        let moved = |line: u32| first_line + line;
        self.facts
            .extend(part.facts.into_iter().map(|it| (moved(it.0), it.1)));
        self.faults
            .extend(part.faults.into_iter().map(|it| (moved(it.0), it.1)));
        self.refs
            .extend(part.refs.into_iter().map(|it| (moved(it.0), it.1)));
        for (reason, count) in part.left_out {
            *self.left_out.entry(reason).or_default() += count;
        }
        self.dropped += part.dropped;
        if self.first_dropped.is_none() {
            self.first_dropped = part.first_dropped;
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
        let mut whole = ScannedFile::of(plan);
        let several = table.each_batch(
            &plan.roles,
            |batch| {
                let mut part = ScannedPart::of(file, plan, reader);
                batch.each(&mut |line| part.take(line));
                part.end()
            },
            |part| whole.add(part, self),
        );
        let result = several.unwrap_or_else(|| {
            let mut part = ScannedPart::of(file, plan, reader);
            let result = table.each_line(&plan.roles, &mut |line| part.take(line));
            whole.add(part.end(), self);
            result
        });
        self.refuse_twice(whole.prints);
        self.files.push(FileScan {
            row_columns: reader.row_columns(),
            ..whole.scan
        });
        self.option_names.push(plan.option_names.clone());
        let column = |target: &ImportTarget| plan.slot(target)?.columns.first().copied();
        let id = column(&ImportTarget::Id);
        let name = column(&ImportTarget::Name).or_else(|| column(&ImportTarget::Aliases));
        self.who_columns.push((name.or(id), id));
        result
    }
}

/// What lines of one file have that were read together, or all of them.
struct ScannedFile {
    sums: ColumnSums,
    /// Prints of the lines that may not be there twice, with the lines.
    prints: Vec<((u64, u64), u32)>,
    scan: FileScan,
}

impl ScannedFile {
    fn of(plan: &FilePlan) -> Self {
        Self {
            sums: ColumnSums::of(plan),
            prints: Vec::new(),
            scan: FileScan::default(),
        }
    }

    /// Adds the lines that come next.
    fn add(&mut self, (part, lines): (Self, Scan), all: &mut Scan) {
        let first = all.next_line();
        let prints = part.prints.into_iter();
        self.prints
            .extend(prints.map(|(print, line)| (print, first + line)));
        let mut totals = part.scan.totals;
        self.sums.lead(&mut totals, part.sums);
        self.scan.totals.append(&mut totals);
        for (text, count) in part.scan.statuses {
            *self.scan.statuses.entry(text).or_default() += count;
        }
        self.scan.line_count += part.scan.line_count;
        all.append(lines);
    }
}

/// Lines of one file while they are read.
struct ScannedPart<'a, 'r> {
    file: u16,
    plan: &'a FilePlan,
    reader: &'r LineReader<'a>,
    found: ScannedFile,
    lines: Scan,
}

impl<'a, 'r> ScannedPart<'a, 'r> {
    fn of(file: u16, plan: &'a FilePlan, reader: &'r LineReader<'a>) -> Self {
        Self {
            file,
            plan,
            reader,
            found: ScannedFile::of(plan),
            lines: Scan::default(),
        }
    }

    fn end(self) -> (ScannedFile, Scan) {
        (self.found, self.lines)
    }

    fn take(&mut self, line: &DataLine<'_>) {
        self.found.scan.line_count += 1;
        if let Some(reason) = line.left_out {
            if reason == LeftOut::Total {
                let totals = self.found.sums.check(line, self.reader);
                self.found.scan.totals.extend(totals);
            }
            return self.lines.leave_out(reason.word());
        }
        if line.is_unreadable {
            return self.refuse_unreadable(line);
        }
        if self.reader.is_skipped(line) {
            self.found.sums.add(line, self.reader, true);
            return self.lines.leave_out("skip");
        }
        let index = self.lines.next_line();
        let maker = RowMaker::new(self.reader, line, &mut self.lines.texts);
        let LineRows {
            rows,
            mut faults,
            left_out,
            dropped,
            refs,
        } = maker.read(index);
        if let Some(reason) = left_out {
            self.found.sums.add(line, self.reader, reason != "zero");
            return self.lines.leave_out(reason);
        }
        self.found.sums.add(line, self.reader, false);
        self.count_dropped(line, &dropped);
        if !refs.is_empty() {
            self.lines.refs.insert(index, refs);
        }
        let who = self.who(line, &mut faults);
        self.check_status(line, &mut faults);
        if self.reader.context.mapping.into == Into::Customers {
            let facts = read_facts(self.reader, line, &mut faults);
            self.lines.facts.insert(index, facts);
        }
        self.check_currency(line, &mut faults);
        let mapping = self.reader.context.mapping;
        let makes_rows = !rows.is_empty() || !faults.is_empty();
        if !mapping.habits.equal_rows && (mapping.into == Into::Log || makes_rows) {
            self.found.prints.push((self.reader.print(line), index));
        }
        let who = self.lines.who(who);
        let first_row = self.lines.next_row();
        let row_count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        self.lines.rows.extend(rows);
        let form = line.faults.iter().cloned().map(ScanFault::Form);
        let found: Vec<ScanFault> = form
            .chain(faults.into_iter().map(ScanFault::Meaning))
            .collect();
        self.lines.lines.push(LineState {
            file: self.file,
            number: line.number,
            who,
            first_row,
            row_count,
            is_refused: !found.is_empty(),
        });
        if !found.is_empty() {
            self.lines.faults.insert(index, found);
        }
    }

    fn refuse_unreadable(&mut self, line: &DataLine<'_>) {
        let all = &mut self.lines;
        let index = all.next_line();
        let who = all.who(Who::default());
        all.lines.push(LineState {
            file: self.file,
            number: line.number,
            who,
            first_row: all.next_row(),
            row_count: 0,
            is_refused: true,
        });
        all.faults.insert(
            index,
            line.faults.iter().cloned().map(ScanFault::Form).collect(),
        );
    }

    fn count_dropped(&mut self, line: &DataLine<'_>, dropped: &[usize]) {
        let all = &mut self.lines;
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
                    let heading = self.plan.option_name(column);
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
                None => *self.found.scan.statuses.entry(text).or_default() += 1,
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
