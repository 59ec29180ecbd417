//! The rows that a line yields: its main row, and one for each group with a filled cell.

use super::held::{HeldAmount, HeldScore};
use super::lines::{LineFault, LineReader};
use super::new_row::{LineRef, LineRows, RowRead};
use super::row_faults::{missing, negative};
use super::targets::{ImportTarget, RowField};
use super::texts::TextPool;
use super::values::Bad;
use super::values::words::read_stage;
use super::worth::ReadValue;
use crate::exchange::headings::Into;
use crate::exchange::table::DataLine;
use crate::model::{CellUse as Use, Kind, Money, Reference, Role};
use crate::words::{Phrase, both};

/// The plain fields that the kinds of rows may have no use for.
const DROPPABLE: [RowField; 4] = [
    RowField::Amount,
    RowField::Score,
    RowField::Ref,
    RowField::Due,
];

/// What is wrong with a cell that has lost what stood in it, or of which nobody knows whose it is.
const LOST: [&str; 4] = ["cell-error", "hashes", "formula", "merged"];

/// Tells how a kind uses a field.
fn use_of(kind: &Kind, field: RowField) -> Use {
    match field {
        RowField::Date => Use::Required,
        RowField::Amount => kind.amount,
        RowField::Score => kind.score,
        RowField::Staff => kind.staff,
        RowField::Topic => kind.topic,
        RowField::Ref => kind.reference_cell,
        RowField::Due => kind.due,
        RowField::Channel | RowField::Note => Use::Optional,
    }
}

/// A plain field of a line.
#[derive(Default)]
enum PlainField {
    /// Nobody has asked yet.
    #[default]
    Unread,
    Read(Option<ReadValue>),
    /// Its fault has been told.
    Bad,
}

/// Reads the rows of one line.
pub(super) struct RowMaker<'r, 'a, 'l> {
    reader: &'r LineReader<'a>,
    line: &'l DataLine<'l>,
    texts: &'r mut TextPool,
    /// The plain fields as they were read, once somebody asked.
    plain: [PlainField; RowField::ALL.len()],
    /// Which plain fields rows used.
    used: [bool; RowField::ALL.len()],
    out: LineRows,
}

impl<'r, 'a, 'l> RowMaker<'r, 'a, 'l> {
    pub(super) fn new(
        reader: &'r LineReader<'a>,
        line: &'l DataLine<'l>,
        texts: &'r mut TextPool,
    ) -> Self {
        Self {
            reader,
            line,
            texts,
            plain: Default::default(),
            used: Default::default(),
            out: LineRows::default(),
        }
    }

    pub(super) fn read(mut self, line_index: u32) -> LineRows {
        let plan = self.reader.plan;
        let into = self.reader.context.mapping.into;
        let mut main = None;
        let mut has_unknown_kind = false;
        if plan.has_main {
            match self.kind() {
                Ok(Some(kind)) => main = Some(kind),
                Ok(None) => {
                    self.out.left_out = Some("unmapped-kind");
                    return self.out;
                }
                Err(fault) => {
                    has_unknown_kind = true;
                    self.out.faults.push(fault);
                }
            }
        }
        let kinds = &self.reader.context.policy.kinds;
        if let Some(kind) = main
            && plan.has_in_and_out
            && kinds.kind(kind).role == Role::Payment
        {
            main = None;
        }
        if let Some(kind) = main {
            self.row(kind, None, line_index);
        }
        let mut is_zero = false;
        let amounts: Vec<Option<Money>> = (0..plan.groups.len())
            .map(|at| self.group_amount(at))
            .collect();
        for at in 0..plan.groups.len() {
            let kind = plan.groups[at].kind;
            let is_payment = |kind: u8| kinds.kind(kind).role == Role::Payment;
            let filled = self.filled_of(at);
            let has_amount = self.reader.groups[at][RowField::Amount as usize].is_some();
            let is_blank = filled
                .iter()
                .all(|it| *it == RowField::Amount && amounts[at] == Some(Money::ZERO));
            let is_other = |other: usize| {
                other != at
                    && is_payment(plan.groups[other].kind)
                    && amounts[other].is_some_and(|it| it != Money::ZERO)
            };
            let is_beside = is_payment(kind)
                && amounts[at] == Some(Money::ZERO)
                && (0..plan.groups.len()).any(is_other);
            if is_blank || is_beside {
                is_zero |= has_amount;
                continue;
            }
            self.row(kind, Some(at), line_index);
        }
        let has_row = !self.out.rows.is_empty() || main.is_some();
        if into == Into::Log && !has_row && self.out.faults.is_empty() {
            if is_zero {
                self.out.left_out = Some("zero");
                return self.out;
            }
            let column = plan.groups.first().and_then(|_| self.first_column(0));
            let bad = Bad::new(
                "missing-cell",
                Phrase(
                    "the line has no row: all cells of events are blank",
                    "这一行没有内容：各事件的单元格都是空的",
                ),
            )
            .help(Phrase(
                "fill a day or an amount, or delete the line",
                "请填写日期或金额，或删去这一行",
            ));
            self.out.faults.push(LineFault::new(column, bad));
        }
        if has_unknown_kind {
            self.read_all_plain();
        }
        if let Some(kind) = main {
            let kind = kinds.kind(kind);
            for field in DROPPABLE {
                if use_of(kind, field) != Use::Unused || self.used[field as usize] {
                    continue;
                }
                let place = self.reader.plain_place(field);
                if let Some(place) = place.filter(|it| self.reader.is_filled(self.line, *it))
                    && let Some(column) = plan.slots[place].columns.first()
                {
                    self.out.dropped.push(*column);
                }
            }
        }
        self.check_unused();
        self.out
    }

    /// Reads all plain fields of a line whose kind is unknown: nobody knows which of them its row would use,
    /// and its ref may be that of other lines.
    fn read_all_plain(&mut self) {
        for field in RowField::ALL {
            _ = self.plain(field);
        }
        let day = match self.plain(RowField::Date) {
            Some(ReadValue::Moment(moment)) => Some(moment.date),
            _ => None,
        };
        let reference = self.plain(RowField::Ref).map(|it| it.to_text());
        let is_summed = self.reader.context.habits().sum_refs;
        if let Some(reference) = reference.filter(|_| is_summed) {
            self.out.refs.push(LineRef {
                reference,
                kind: None,
                day,
            });
        }
    }

    /// Refuses a cell that holds no value at all, though no row has use for it.
    fn check_unused(&mut self) {
        for field in RowField::ALL {
            if let PlainField::Unread = self.plain[field as usize]
                && let Some(place) = self.reader.plain_place(field)
                && self.reader.is_filled(self.line, place)
                && let Err(fault) = self.reader.value(self.line, place)
                && LOST.contains(&fault.bad.code)
            {
                self.out.faults.push(fault);
            }
        }
    }

    /// Returns the kind of the main row; `None` where it is said to be left out.
    fn kind(&mut self) -> Result<Option<u8>, LineFault> {
        let place = self.reader.place(&ImportTarget::Kind);
        let Some(place) = place else { return Ok(None) };
        let columns = &self.reader.plan.slots[place].columns;
        for column in columns {
            let values = &self.reader.plan.columns[*column].values;
            if !values.is_empty() {
                let text = self.reader.compared(self.line, *column);
                if values.get(&text).is_some_and(|it| it.trim() == "-") {
                    return Ok(None);
                }
            }
        }
        match self.reader.value(self.line, place)? {
            Some(ReadValue::Kind(kind)) => Ok(Some(kind)),
            _ => Err(LineFault::new(columns.first().copied(), missing("kind"))),
        }
    }

    /// Returns a plain field, whose faults are told once.
    fn plain(&mut self, field: RowField) -> Option<ReadValue> {
        let at = field as usize;
        if matches!(self.plain[at], PlainField::Unread) {
            let place = self.reader.plain_place(field);
            let read = match (place, field) {
                (None, _) => Ok(None),
                (Some(place), RowField::Date) => self
                    .reader
                    .moment(self.line, place)
                    .map(|it| it.map(ReadValue::Moment)),
                (Some(place), _) => self.reader.value(self.line, place),
            };
            if field == RowField::Date && matches!(read, Ok(None)) {
                self.out.faults.extend(self.reader.time_faults(self.line));
            }
            self.plain[at] = match read {
                Ok(value) => PlainField::Read(value),
                Err(fault) => {
                    self.out.faults.push(fault);
                    PlainField::Bad
                }
            };
        }
        match &self.plain[at] {
            PlainField::Read(value) => value.clone(),
            PlainField::Unread | PlainField::Bad => None,
        }
    }

    /// Tells whether a field of a row could not be read, or something is told of its column already.
    fn is_bad(&self, group: Option<usize>, field: RowField) -> bool {
        let own = group.and_then(|at| self.reader.groups[at][field as usize]);
        let is_unreadable = match own {
            Some(place) => self.reader.value(self.line, place).is_err(),
            None => matches!(self.plain[field as usize], PlainField::Bad),
        };
        let column = self.column_of(group, field);
        is_unreadable || column.is_some() && self.out.faults.iter().any(|it| it.column == column)
    }

    /// Returns the amount of a group's own columns, if it can be read.
    fn group_amount(&self, at: usize) -> Option<Money> {
        let place = self.reader.groups[at][RowField::Amount as usize]?;
        let slot = &self.reader.plan.slots[place];
        if slot.columns.is_empty() {
            return None;
        }
        match self.reader.value(self.line, place) {
            Ok(Some(ReadValue::Money(amount))) => Some(amount),
            _ => None,
        }
    }

    /// Returns the fields of a group whose own cells are filled.
    fn filled_of(&self, at: usize) -> Vec<RowField> {
        let is_filled = |field: &RowField| {
            let place = self.reader.groups[at][*field as usize];
            place.is_some_and(|it| self.reader.is_filled(self.line, it))
        };
        RowField::ALL.into_iter().filter(is_filled).collect()
    }

    /// Returns the first column of a group.
    fn first_column(&self, at: usize) -> Option<usize> {
        let places = self.reader.groups[at].iter().flatten();
        let columns = places.flat_map(|it| &self.reader.plan.slots[*it].columns);
        columns.min().copied()
    }

    fn column_of(&self, group: Option<usize>, field: RowField) -> Option<usize> {
        self.reader.column_of(group, field)
    }

    /// Returns a field of a row: of a group its own, else the line's plain one.
    fn field(&mut self, kind: &Kind, group: Option<usize>, field: RowField) -> Option<ReadValue> {
        if let Some(at) = group
            && let Some(place) = self.reader.groups[at][field as usize]
        {
            return match self.reader.value(self.line, place) {
                Ok(value) => value,
                Err(fault) => {
                    self.out.faults.push(fault);
                    None
                }
            };
        }
        if use_of(kind, field) == Use::Unused || group.is_some() && field == RowField::Score {
            return None;
        }
        self.used[field as usize] = true;
        self.plain(field)
    }

    /// Adds the row of a kind, or what is wrong with it.
    fn row(&mut self, kind_index: u8, group: Option<usize>, line_index: u32) {
        let policy = self.reader.context.policy;
        let kind = policy.kinds.kind(kind_index);
        let before = self.out.faults.len();
        let mut row = RowRead::empty(line_index, kind_index, self.reader.context.today);
        let part = u16::try_from(group.map_or(0, |it| it + 1));
        row.part = part.expect("a file has fewer groups than columns, and not 16 bits of these");
        let mut has_day = false;
        match self.field(kind, group, RowField::Date) {
            Some(ReadValue::Moment(moment)) => {
                row.date = moment;
                has_day = true;
            }
            _ if kind.role == Role::Plan => {}
            _ => self.missing(group, RowField::Date),
        }
        if let Some(amount) = self.number(kind, group, RowField::Amount) {
            row.amount = HeldAmount::of(amount).expect("what is read has at most 18 digits");
        }
        if let Some(score) = self.number(kind, group, RowField::Score) {
            row.score = HeldScore::of(score).expect("what is read is from 0 to 100");
        }
        let staff = self.required_text(kind, group, RowField::Staff);
        let topic = self.topic(kind, group);
        let channel = self.text(kind, group, RowField::Channel);
        let mut note = self.text(kind, group, RowField::Note);
        let mut reference = self.reference(kind, group, &mut note);
        match self.field(kind, group, RowField::Due) {
            Some(ReadValue::Moment(due)) => row.due = Some(due.date),
            _ if kind.due == Use::Required => self.missing(group, RowField::Due),
            _ => {}
        }
        if note.is_empty()
            && let Some(at) = group
            && (self.reader.plan.groups[at].label.is_some()
                || self.reader.context.mapping.into == Into::Customers)
        {
            note = self.heading_of(at);
        }
        if kind.role == Role::Payment {
            self.turn(&mut row, group);
        }
        if reference.is_empty() && kind.reference_cell == Use::Required {
            match kind.reference {
                Reference::Own(_) => row.needs_ref = true,
                _ => self.missing(group, RowField::Ref),
            }
        }
        let is_own = matches!(kind.reference, Reference::Own(_)) && !reference.is_empty();
        if self.reader.context.habits().sum_refs && is_own {
            self.out.refs.push(LineRef {
                reference: reference.clone(),
                kind: Some(kind_index),
                day: has_day.then_some(row.date.date),
            });
        }
        self.judge_sign(kind, group, &mut row, (&mut reference, &mut note));
        if kind.role == Role::Agreement
            && has_day
            && let Some(due) = row.due.filter(|it| *it < row.date.date)
        {
            let message = both!(
                "the agreement would end on {due}, before its day, {}",
                "协议会在 {due} 截止，早于起始日 {}",
                row.date.date
            );
            let column = self.column_of(group, RowField::Due);
            self.out
                .faults
                .push(LineFault::new(column, Bad::new("wrong-value", message)));
        }
        if self.out.faults.len() > before {
            return;
        }
        row.staff = self.texts.of(&staff);
        row.topic = self.texts.of(&topic);
        row.channel = self.texts.of(&channel);
        row.texts = self.texts.keep(&reference, &note);
        self.out.rows.push(row);
    }

    /// Returns a number of a row, which its kind may require.
    fn number(&mut self, kind: &Kind, group: Option<usize>, field: RowField) -> Option<Money> {
        if let Some(ReadValue::Money(number)) = self.field(kind, group, field) {
            return Some(number);
        }
        if use_of(kind, field) == Use::Required {
            self.missing(group, field);
        }
        None
    }

    fn text(&mut self, kind: &Kind, group: Option<usize>, field: RowField) -> String {
        self.field(kind, group, field)
            .map(|it| it.to_text())
            .unwrap_or_default()
    }

    fn required_text(&mut self, kind: &Kind, group: Option<usize>, field: RowField) -> String {
        let text = self.text(kind, group, field);
        if text.is_empty() && use_of(kind, field) == Use::Required {
            self.missing(group, field);
        }
        text
    }

    /// Returns the topic: of a stage one that the policy has.
    fn topic(&mut self, kind: &Kind, group: Option<usize>) -> String {
        let topic = self.required_text(kind, group, RowField::Topic);
        if topic.is_empty() || kind.role != Role::Stage {
            return topic;
        }
        match read_stage(&topic, self.reader.context.policy) {
            Ok(stage) => stage,
            Err(bad) => {
                let column = self.column_of(group, RowField::Topic);
                self.out.faults.push(LineFault::new(column, bad));
                topic
            }
        }
    }

    /// Returns the ref; of money that names an invoice a plain one goes before the note.
    fn reference(&mut self, kind: &Kind, group: Option<usize>, note: &mut String) -> String {
        let reference = self.text(kind, group, RowField::Ref);
        let has_own =
            group.is_none_or(|at| self.reader.groups[at][RowField::Ref as usize].is_some());
        if has_own || !matches!(kind.role, Role::Payment | Role::Writeoff | Role::Credit) {
            return reference;
        }
        *note = led_by(&reference, note);
        String::new()
    }

    /// Refuses an amount below 0 where the kind has none, or makes a credit of an order.
    fn judge_sign(
        &mut self,
        kind: &Kind,
        group: Option<usize>,
        row: &mut RowRead,
        (reference, note): (&mut String, &mut String),
    ) {
        let habits = self.reader.context.habits();
        let is_own = matches!(kind.reference, Reference::Own(_)) && !reference.is_empty();
        let is_summed = habits.sum_refs && is_own;
        let below = row.amount.get().filter(|it| *it < Money::ZERO);
        let Some(amount) = below.filter(|_| !kind.negative && !is_summed) else {
            return;
        };
        let credit = self.reader.context.policy.kinds.index_of("credit");
        match credit {
            Some(credit) if kind.role == Role::Order && habits.negative_credit => {
                row.kind = credit;
                row.amount = turned(amount);
                *note = led_by(&std::mem::take(reference), note);
            }
            _ => {
                let column = self.column_of(group, RowField::Amount);
                self.out
                    .faults
                    .push(LineFault::new(column, negative(kind, amount)));
            }
        }
    }

    /// Turns the sign of a payment's plain amount where the line says so.
    fn turn(&mut self, row: &mut RowRead, group: Option<usize>) {
        let is_plain =
            group.is_none_or(|at| self.reader.groups[at][RowField::Amount as usize].is_none());
        let Some(place) = self
            .reader
            .place(&ImportTarget::Direction)
            .filter(|_| is_plain)
        else {
            return;
        };
        let column = self.reader.plan.slots[place].columns.first().copied();
        let turns = match self.reader.value(self.line, place) {
            Ok(Some(ReadValue::Turn(turns))) => turns,
            Ok(_) => {
                let bad = Bad::new(
                    "wrong-value",
                    Phrase(
                        "nothing says which way the money went",
                        "没有写明款项的收付方向",
                    ),
                )
                .help(Phrase(
                    "write 贷 or 收 for what came in, 借 or 付 for what went out",
                    "收入写 贷 或 收，支出写 借 或 付",
                ));
                return self.out.faults.push(LineFault::new(column, bad));
            }
            Err(fault) => return self.out.faults.push(fault),
        };
        match row.amount.get() {
            Some(amount) if turns && amount < Money::ZERO => {
                let message = both!(
                    "`{amount}` is below 0 and went out besides",
                    "`{amount}` 是负数，又是支出"
                );
                self.out
                    .faults
                    .push(LineFault::new(column, Bad::new("wrong-value", message)));
            }
            Some(amount) if turns => row.amount = turned(amount),
            _ => {}
        }
    }

    /// Says that a field is blank which the row must have, unless its cell could not be read.
    fn missing(&mut self, group: Option<usize>, field: RowField) {
        if !self.is_bad(group, field) {
            let column = self.column_of(group, field);
            self.out
                .faults
                .push(LineFault::new(column, missing(field.name())));
        }
    }

    /// Returns the heading of a group's first own filled column.
    fn heading_of(&self, at: usize) -> String {
        let places = self.reader.groups[at].iter().flatten();
        let columns = places.flat_map(|it| {
            let slot = &self.reader.plan.slots[*it];
            let blanks = slot.target.blanks_in(self.reader.context.habits());
            let filled = slot.columns.iter();
            filled.filter(move |column| !self.line.cell(**column).is_blank(blanks))
        });
        let first = columns.min().copied();
        let heading = first.and_then(|it| self.reader.plan.headings.get(it));
        heading.map(|it| it.trim().to_owned()).unwrap_or_default()
    }
}

/// Returns an amount with the other sign, as a row holds it.
fn turned(amount: Money) -> HeldAmount {
    HeldAmount::of(-amount).expect("it has as many digits as before")
}

/// Returns a note with a ref and a blank before it.
fn led_by(reference: &str, note: &str) -> String {
    format!("{reference} {note}").trim().to_owned()
}
