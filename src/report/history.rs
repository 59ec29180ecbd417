//! Interactions as rows, in the order they happened.
//!
//! A book of a million rows has to do: only days and places of the rows wanted are held, and their
//! texts are read from the logs again, some thousand rows at a time, when they are shown.

use std::io;

use chrono::NaiveDate;

use super::given::{Given, Opt, Takes};
use super::labels;
use super::shape::{AnyReport, ColumnNames, ColumnsSetting, FiguresReport, Filter, ReadNeeded};
use super::spots::{Spot, SpotRun, Spots, in_order};
use crate::answer::{ChoiceError, Column, Form, GridRows, Sheet};
use crate::load::Loaded;
use crate::load::log::{KnownRow, KnownRows, parse_day};
use crate::metric::{Metric, Type, Value};
use crate::model::{
    Book, CellForm, Day, Fraction, Interactions, LOG_COLUMNS, LogColumn, Money, NO_MINUTE, Origin,
    composed_id, folded_id,
};
use crate::policy::Policy;
use crate::rule::{RowColumn, Rule};
use crate::source::Files;

/// All columns, in the order in which they are shown: those of logs, the time beside the day, and where
/// the row stands.
const COLUMNS: [&str; LOG_COLUMNS.len() + 2] = {
    let mut all = [TIME; LOG_COLUMNS.len() + 2];
    all[0] = LOG_COLUMNS[0];
    let mut at = 1;
    while at < LOG_COLUMNS.len() {
        all[at + 1] = LOG_COLUMNS[at];
        at += 1;
    }
    all[LOG_COLUMNS.len() + 1] = ORIGIN;
    all
};

/// The report.
pub(crate) static HISTORY: HistoryReport = HistoryReport;

/// A report of the rows themselves, which go by while the book is read.
pub(crate) struct HistoryReport;

/// What a table leaves out first on a narrow terminal, until every row stands on one line.
const SPARE: [&str; 3] = ["origin", "channel", "time"];

/// What goes after that, where not even broken notes make it fit.
pub(crate) const LAST_SPARE: [&str; 5] = ["due", "score", "ref", "staff", "topic"];

/// Its options.
const OPTIONS: &[Opt] = &[
    Opt::taking("kind", Takes::Texts, "KINDS", "Only rows of these kinds"),
    Opt::taking("since", Takes::Day, "DAY", "Only rows from this day on"),
    Opt::taking("until", Takes::Day, "DAY", "Only rows up to this day"),
    Opt::taking(
        "staff",
        Takes::Text,
        "ID",
        "Only rows of this account manager",
    ),
    Opt::taking(
        "text",
        Takes::Text,
        "TEXT",
        "Only rows whose topic, ref or note contains this text, whatever its case",
    ),
];

impl AnyReport for HistoryReport {
    fn name(&self) -> &'static str {
        "history"
    }

    fn help(&self) -> &'static str {
        "List interaction rows, oldest first\n\n\
            `-n` shows the last rows, unless `-s` sorts them: then the first. `origin` is each row's file and \
            line.\n\n\
            Example: `guanxi history zhuzhou-metro --kind order,payment --since today-1y`"
    }

    fn filter(&self) -> Filter {
        Filter::OneCustomer
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn instead(&self, _: &Given) -> Option<&'static dyn AnyReport> {
        None
    }

    fn reading(&self) -> ReadNeeded {
        ReadNeeded::RowsAndPlaces
    }

    fn own_names(&self) -> Vec<&'static str> {
        COLUMNS.to_vec()
    }

    fn derived(&self, _: &str, _: Option<&Book>) -> Result<Option<Type>, ChoiceError> {
        Ok(None)
    }

    fn has_exit_code(&self) -> bool {
        true
    }

    fn has_metrics(&self) -> bool {
        false
    }

    fn usual(&self, _: &ColumnsSetting<'_>) -> ColumnNames {
        COLUMNS.map(Into::into).to_vec()
    }

    fn spare(&self, _: &Policy) -> ColumnNames {
        SPARE.map(Into::into).to_vec()
    }

    fn order(&self) -> &'static str {
        ""
    }

    fn rests_on(&self) -> &'static [Metric] {
        &[]
    }

    fn rules<'p>(&self, _: &'p Policy) -> Vec<&'p Rule> {
        Vec::new()
    }

    fn made_of(&self, _: &str) -> Vec<Metric> {
        Vec::new()
    }

    fn form_of(&self, column: &str) -> Form {
        Form::Value(kind(column))
    }

    fn total(&self, _: &[String]) -> Option<Form> {
        None
    }

    fn keys(&self) -> Option<&'static [&'static str]> {
        None
    }

    fn drops_blank(&self) -> bool {
        false
    }

    fn row_columns(&self, _: &Policy) -> Vec<RowColumn> {
        Vec::new()
    }

    fn rare_columns(&self) -> &'static [&'static str] {
        &["customer"]
    }

    fn by_figures(&'static self) -> Option<&'static dyn FiguresReport> {
        None
    }
}

/// The column of the time of day.
const TIME: &str = "time";

/// The column of the file and the line.
const ORIGIN: &str = "origin";

/// How many rows are held with their texts at once, at least.
const HELD: usize = 1 << 16;

/// Into how many pieces rows are parted at most: a log whose rows are not in the order of their days is
/// read once for each.
const MOST_PIECES: usize = 32;

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub(crate) struct RowFilter<'a> {
    /// Only rows of kinds with these names; empty for all.
    pub(crate) kinds: &'a [String],
    /// Only rows from this day on.
    pub(crate) since: Option<Day>,
    /// Only rows up to this day.
    pub(crate) until: Day,
    /// Only rows of this account manager.
    pub(crate) staff: Option<&'a str>,
    /// Only rows whose topic, ref or note has this text, whatever its case.
    pub(crate) text: Option<&'a str>,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HistoryField {
    Time,
    Origin,
    Of(LogColumn),
}

impl HistoryField {
    /// Returns what stands in the column of this name, which is one of [`COLUMNS`].
    fn of(column: &str) -> Self {
        match column {
            TIME => Self::Time,
            ORIGIN => Self::Origin,
            _ => Self::Of(LogColumn::of(column).expect("all others are columns of logs")),
        }
    }
}

impl<'a> RowFilter<'a> {
    /// Returns which rows the options ask for, up to a day at most.
    pub(crate) fn of(given: &'a Given, today: NaiveDate) -> Self {
        let day = |option: &str| given.day(option).map(Day::of);
        let today = Day::of(today);
        Self {
            kinds: given.texts("kind"),
            since: day("since"),
            until: day("until").map_or(today, |it| it.min(today)),
            staff: given.text("staff"),
            text: given.text("text"),
        }
    }

    /// Finds the rows of a customer that are wanted by their days and kinds; they must have been read
    /// with their origins.
    pub(crate) fn find(&self, policy: &Policy, rows: Interactions<'_>, found: &mut Vec<Spot>) {
        let wanted = self.kinds.iter();
        let wanted: Vec<u8> = wanted
            .filter_map(|it| policy.kind_named(it.trim()))
            .collect();
        let is_wanted = |kind: u8| self.kinds.is_empty() || wanted.contains(&kind);
        let rows = rows.until(self.until);
        for (row, &origin) in rows.rows().iter().zip(rows.origins) {
            if self.since.is_none_or(|since| row.day >= since) && is_wanted(row.kind) {
                found.push(Spot::new(row.day, row.minute, origin, row.customer));
            }
        }
    }
}

/// The rows wanted, in their order.
pub(crate) struct HistoryRows<'a> {
    loaded: &'a Loaded,
    files: &'a dyn Files,
    threads: usize,
    spots: Spots,
    columns: Vec<Column>,
}

impl<'a> HistoryRows<'a> {
    /// Takes the spots of all wanted rows, which were found part by part of the book and are [`in_order`].
    pub(crate) fn of_spots(
        loaded: &'a Loaded,
        files: &'a dyn Files,
        parts: Vec<SpotRun>,
        wanted: &RowFilter<'_>,
        threads: usize,
    ) -> Self {
        let mut history = Self {
            loaded,
            files,
            threads,
            spots: Spots::of(parts),
            columns: COLUMNS.map(|name| column(name, loaded)).to_vec(),
        };
        if wanted.staff.is_some() || wanted.text.is_some() {
            history.keep_texts(wanted);
        }
        history
    }

    /// Keeps the rows whose texts are wanted.
    fn keep_texts(&mut self, wanted: &RowFilter<'_>) {
        let text = wanted.text.map(folded_id);
        let has_text = |row: KnownRow<'_>| {
            text.as_ref().is_none_or(|text| {
                [LogColumn::Topic, LogColumn::Ref, LogColumn::Note]
                    .into_iter()
                    .map(|column| row.text(column))
                    .any(|cell| folded_id(&cell).contains(&**text))
            })
        };
        let has_staff = |row: KnownRow<'_>| {
            wanted.staff.is_none_or(|staff| {
                *composed_id(&row.text(LogColumn::Staff)) == *composed_id(staff)
            })
        };
        let is_wanted = |row: KnownRow<'_>| has_staff(row) && has_text(row);
        let keep = |mut spots: Vec<Spot>| {
            let texts = self.read(&spots);
            let mut places = 0..spots.len();
            spots.retain(|_| {
                let row = places.next().and_then(|at| texts.row(at));
                row.is_some_and(is_wanted)
            });
            in_order(spots, None)
        };
        let kept: Vec<SpotRun> = self.pieces().map(keep).collect();
        self.spots = Spots::of(kept);
    }

    /// Keeps the last rows, which are the newest.
    pub(crate) fn keep_last(&mut self, count: usize) {
        self.spots.keep_last(count);
    }

    /// Shows the columns with these names, in this order, below their headings or the names alone.
    pub(crate) fn choose(&mut self, names: &[String], names_alone: bool) {
        self.columns = names
            .iter()
            .filter_map(|name| COLUMNS.into_iter().find(|it| it == name))
            .map(|name| column(name, self.loaded))
            .map(|column| column.headed(names_alone))
            .collect();
    }

    /// Drops the columns that no row fills.
    ///
    /// Texts are only read until all columns have been seen filled, which in most books is soon.
    pub(crate) fn drop_empty_columns(&mut self) {
        let columns = self.columns.iter();
        let fields: Vec<HistoryField> = columns
            .map(|column| HistoryField::of(&column.name))
            .collect();
        let has_time = self.spots.iter().any(|spot| spot.minute() != NO_MINUTE);
        let is_known_without = |field: &HistoryField| match field {
            HistoryField::Time => has_time,
            HistoryField::Of(LogColumn::Date | LogColumn::Customer) | HistoryField::Origin => {
                self.spots.len() > 0
            }
            HistoryField::Of(_) => false,
        };
        let mut filled: Vec<bool> = fields.iter().map(is_known_without).collect();
        for spots in self.pieces() {
            let open = |(field, filled): (&HistoryField, &bool)| {
                !filled && !matches!(field, HistoryField::Time)
            };
            if !fields.iter().zip(&filled).any(open) {
                break;
            }
            let texts = self.read(&spots);
            for (at, spot) in spots.iter().enumerate() {
                let row = texts.row(at);
                for (field, filled) in fields.iter().zip(&mut filled) {
                    *filled = *filled || self.value(*field, spot, row).is_known();
                }
            }
        }
        let mut filled = filled.into_iter();
        self.columns
            .retain(|_| filled.next().expect("each column is looked at"));
    }

    /// Tells whether the rows are few enough to be held with their texts.
    pub(crate) fn is_short(&self) -> bool {
        self.spots.len() <= HELD
    }

    /// Returns all rows with their columns in memory.
    pub(crate) fn to_sheet(&self) -> io::Result<Sheet<'static>> {
        let mut sheet = Sheet::new(self.columns.clone());
        self.for_each(&mut |row| {
            sheet.push(row.iter().map(|value| value.clone().into_owned()));
            Ok(())
        })?;
        Ok(sheet)
    }

    /// Returns the rows in pieces whose texts are read together.
    fn pieces(&self) -> impl Iterator<Item = Vec<Spot>> {
        self.spots.pieces(HELD.max(self.spots.len() / MOST_PIECES))
    }

    /// Reads the texts of some rows.
    fn read(&self, spots: &[Spot]) -> PieceTexts {
        let mut order: Vec<(Origin, u32)> = spots.iter().map(|it| it.origin()).zip(0..).collect();
        order.sort_unstable();
        let mut places = vec![0; spots.len()];
        for ((_, at), place) in order.iter().zip(0..) {
            places[*at as usize] = place;
        }
        let origins: Vec<Origin> = order.iter().map(|it| it.0).collect();
        let rows = KnownRows::read(self.files, &self.loaded.logs, &origins, self.threads);
        PieceTexts { rows, places }
    }

    fn value<'v>(
        &'v self,
        field: HistoryField,
        spot: &Spot,
        row: Option<KnownRow<'v>>,
    ) -> Value<'v> {
        let column = match field {
            HistoryField::Time if spot.minute() == NO_MINUTE => return Value::Unknown,
            HistoryField::Time => {
                let minute = spot.minute() - 1;
                return Value::text(format!("{:02}:{:02}", minute / 60, minute % 60));
            }
            HistoryField::Origin => {
                let origin = spot.origin();
                let path = self.loaded.log_path(origin.log);
                return Value::text(format!("{path}:{}", origin.line));
            }
            HistoryField::Of(LogColumn::Customer) => {
                let customer = self.loaded.book.customers.get(spot.customer());
                return customer.map_or(Value::Unknown, |it| Value::text(&*it.id));
            }
            HistoryField::Of(column) => column,
        };
        if column.holds() == CellForm::Moment {
            return spot.day().date().into();
        }
        let text = row.map(|row| row.text(column));
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Value::Unknown;
        };
        match column.holds() {
            CellForm::Money => Money::parse_plain(&text).ok().into(),
            CellForm::Number => Fraction::parse_decimal(&text).into(),
            CellForm::Day | CellForm::Moment => {
                let day = parse_day(text.as_bytes()).ok();
                day.map(|(day, _)| day.date()).into()
            }
            CellForm::Text => Value::Text(text),
        }
    }
}

/// The texts of a piece of the rows.
struct PieceTexts {
    rows: KnownRows,
    /// For each row of the piece, its place in the order of the files.
    places: Vec<u32>,
}

impl PieceTexts {
    fn row(&self, at: usize) -> Option<KnownRow<'_>> {
        self.rows.row(*self.places.get(at)? as usize)
    }
}

/// Returns the column of this name.
fn column(name: &'static str, loaded: &Loaded) -> Column {
    let column = Column::new(name, kind(name));
    if name == "kind" {
        return column.labelled(labels::kinds(&loaded.policy));
    }
    column
}

/// Returns what kind of values stand in the column of this name.
fn kind(column: &str) -> Type {
    match LogColumn::of(column).map(LogColumn::holds) {
        Some(CellForm::Day | CellForm::Moment) => Type::Date,
        Some(CellForm::Money) => Type::Money,
        Some(CellForm::Number) => Type::Number,
        Some(CellForm::Text) | None => Type::Text,
    }
}

impl GridRows for HistoryRows<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        self.spots.len()
    }

    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()> {
        let columns = self.columns.iter();
        let fields: Vec<HistoryField> = columns
            .map(|column| HistoryField::of(&column.name))
            .collect();
        for spots in self.pieces() {
            let texts = self.read(&spots);
            let mut row = Vec::with_capacity(fields.len());
            for (at, spot) in spots.iter().enumerate() {
                let text = texts.row(at);
                row.clear();
                row.extend(fields.iter().map(|field| self.value(*field, spot, text)));
                visit(&row)?;
            }
        }
        Ok(())
    }
}
