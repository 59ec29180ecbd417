//! Parquet: the customers with every metric, and the rows of the log, for those who count on many machines.
//!
//! Texts are UTF-8, days DATE, money DECIMAL(18,4), days and counts INT64, ratios and averages DOUBLE, lists
//! one text joined by `;`. What is unknown is null. Rows after the day are not there, so that both files
//! speak of one day.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Stored, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type as Schema, TypePtr};

use std::iter::once;

use super::LeavingBook;
use crate::metric::{GroupFigure, Metric, Type, Value, all_metrics};
use crate::model::{CellForm, Day, LogColumn, Money, NO_MINUTE, Origin};
use crate::report::read_cells;

/// How many rows stand in one group, and are held at once.
const HELD: usize = 1 << 16;

/// The digits of money, and those of them after the point.
const MONEY_DIGITS: (i32, i32) = (18, 4);

/// The units of numbers that count something.
const COUNTED: [&str; 7] = [
    "rows",
    "days",
    "cases",
    "leads",
    "agreements",
    "from 1",
    "1 to 5",
];

/// How the values of a column are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StoredForm {
    Text,
    Day,
    Money,
    Whole,
    Double,
    Bool,
}

impl StoredForm {
    fn of(metric: Metric) -> Self {
        let entry = metric.entry();
        // An average of days has a part of a day.
        let is_average = matches!(
            entry.group_figure,
            GroupFigure::Quotient | GroupFigure::Walk
        );
        match entry.kind {
            Type::Text | Type::List => Self::Text,
            Type::Date => Self::Day,
            Type::Money => Self::Money,
            Type::Bool => Self::Bool,
            Type::Days if !is_average => Self::Whole,
            Type::Number if COUNTED.contains(&entry.unit) => Self::Whole,
            Type::Days | Type::Number | Type::Ratio => Self::Double,
        }
    }

    fn of_cells(holds: CellForm) -> Self {
        match holds {
            CellForm::Text => Self::Text,
            CellForm::Day | CellForm::Moment => Self::Day,
            CellForm::Money => Self::Money,
            CellForm::Number => Self::Double,
        }
    }

    fn stored(self) -> (Stored, Option<LogicalType>) {
        let (precision, scale) = MONEY_DIGITS;
        match self {
            Self::Text => (Stored::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Day => (Stored::INT32, Some(LogicalType::Date)),
            Self::Money => (Stored::INT64, Some(LogicalType::decimal(scale, precision))),
            Self::Whole => (Stored::INT64, None),
            Self::Double => (Stored::DOUBLE, None),
            Self::Bool => (Stored::BOOLEAN, None),
        }
    }
}

/// A column: its name, and how its values are stored.
struct ParquetColumn {
    name: String,
    form: StoredForm,
}

/// Returns the two files by their names.
///
/// # Errors
/// If a figure has more digits than its column has room for.
pub(crate) fn files(leaving: &LeavingBook<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    Ok(vec![
        ("customers.parquet".to_owned(), customers(leaving)?),
        ("rows.parquet".to_owned(), rows(leaving)?),
    ])
}

fn customers(leaving: &LeavingBook<'_>) -> Result<Vec<u8>> {
    let metrics: Vec<Metric> = all_metrics().collect();
    let column = |metric: &Metric| ParquetColumn {
        name: metric.name().into_owned(),
        form: StoredForm::of(*metric),
    };
    let mut file = ParquetFile::new(metrics.iter().map(column).collect())?;
    for customers in leaving.customers.chunks(HELD) {
        let values = |column: usize| {
            let value = |index: &u32| leaving.figures.value(*index as usize, metrics[column]);
            customers.iter().map(value).collect()
        };
        file.write(values)?;
    }
    file.end()
}

/// The columns of rows.
fn row_columns() -> Vec<(RowColumnOf, StoredForm)> {
    let columns = LogColumn::ALL.into_iter();
    let columns = columns.flat_map(|column| {
        let own = (
            RowColumnOf::Log(column),
            StoredForm::of_cells(column.holds()),
        );
        let beside = match column {
            LogColumn::Date => Some((RowColumnOf::Time, StoredForm::Text)),
            LogColumn::Kind => Some((RowColumnOf::Contact, StoredForm::Bool)),
            _ => None,
        };
        once(own).chain(beside)
    });
    columns
        .chain([(RowColumnOf::Origin, StoredForm::Text)])
        .collect()
}

/// What a column of rows is of.
#[derive(Clone, Copy)]
enum RowColumnOf {
    /// A column of logs.
    Log(LogColumn),
    /// The time beside the day.
    Time,
    /// Whether the kind is a contact.
    Contact,
    /// Where the row stands.
    Origin,
}

impl RowColumnOf {
    fn name(self) -> &'static str {
        match self {
            Self::Log(column) => column.name(),
            Self::Time => "time",
            Self::Contact => "contact",
            Self::Origin => "origin",
        }
    }
}

/// A row of the book, in the order in which rows are written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ExportSpot {
    day: Day,
    minute: u16,
    origin: Origin,
    customer: u32,
    kind: u8,
}

fn rows(leaving: &LeavingBook<'_>) -> Result<Vec<u8>> {
    let book = &leaving.loaded.book;
    let kinds = &leaving.loaded.policy.kinds;
    let today = leaving.figures.context().as_of;
    let mut spots = Vec::new();
    for (index, _) in leaving.customers() {
        let rows = book.interactions_of(index).until(today);
        for (at, row) in rows.rows().iter().enumerate() {
            spots.push(ExportSpot {
                day: row.day,
                minute: row.minute,
                origin: rows.origin(at).expect("the book was loaded with origins"),
                customer: row.customer,
                kind: row.kind,
            });
        }
    }
    spots.sort_unstable();
    let columns = row_columns();
    let column = |(of, form): &(RowColumnOf, StoredForm)| ParquetColumn {
        name: of.name().to_owned(),
        form: *form,
    };
    let mut file = ParquetFile::new(columns.iter().map(column).collect())?;
    for spots in spots.chunks(HELD) {
        let origins: Vec<Origin> = spots.iter().map(|it| it.origin).collect();
        let mut values: Vec<Vec<Value<'_>>> =
            vec![vec![Value::Unknown; spots.len()]; columns.len()];
        read_cells(
            leaving.loaded,
            leaving.files,
            &origins,
            leaving.threads,
            &mut |at, cells| {
                let spot = &spots[at];
                let kind = kinds.kind(spot.kind);
                for ((of, _), values) in columns.iter().zip(&mut values) {
                    values[at] = match of {
                        RowColumnOf::Log(LogColumn::Date) => spot.day.date().into(),
                        RowColumnOf::Log(LogColumn::Customer) => {
                            text_of(&book.customers[spot.customer as usize].id)
                        }
                        RowColumnOf::Log(LogColumn::Kind) => text_of(&kind.name),
                        RowColumnOf::Log(column) => value_of(*column, &cells.text(*column)),
                        RowColumnOf::Time => time_of(spot.minute),
                        RowColumnOf::Contact => Value::Bool(kind.contact),
                        RowColumnOf::Origin => place_of(leaving, spot.origin),
                    };
                }
            },
        );
        file.write(|column| std::mem::take(&mut values[column]))?;
    }
    file.end()
}

fn place_of(leaving: &LeavingBook<'_>, origin: Origin) -> Value<'static> {
    let path = leaving.loaded.log_path(origin.log);
    Value::text(format!("{path}:{}", origin.line))
}

fn text_of(text: &str) -> Value<'static> {
    if text.is_empty() {
        Value::Unknown
    } else {
        Value::text(text.to_owned())
    }
}

/// Returns what a cell says.
fn value_of(column: LogColumn, text: &str) -> Value<'static> {
    match column.holds() {
        CellForm::Text => text_of(text),
        CellForm::Money | CellForm::Number => {
            Money::parse_plain(text).map_or(Value::Unknown, Value::Money)
        }
        CellForm::Day | CellForm::Moment => text
            .parse::<NaiveDate>()
            .map_or(Value::Unknown, Value::Date),
    }
}

fn time_of(minute: u16) -> Value<'static> {
    if minute == NO_MINUTE {
        return Value::Unknown;
    }
    let minute = minute - 1;
    Value::text(format!("{:02}:{:02}", minute / 60, minute % 60))
}

/// A file while it is written.
struct ParquetFile {
    columns: Vec<ParquetColumn>,
    writer: SerializedFileWriter<Vec<u8>>,
}

impl ParquetFile {
    fn new(columns: Vec<ParquetColumn>) -> Result<Self> {
        let level = ZstdLevel::try_new(3)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            // The version of the library that writes would change the bytes.
            .set_created_by("guanxi".to_owned())
            .build();
        let writer =
            SerializedFileWriter::new(Vec::new(), schema(&columns)?, Arc::new(properties))?;
        Ok(Self { columns, writer })
    }

    /// Writes a group of rows, whose values `values` gives column by column.
    fn write<'v>(&mut self, mut values: impl FnMut(usize) -> Vec<Value<'v>>) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for (index, column) in self.columns.iter().enumerate() {
            let mut writer = group
                .next_column()?
                .expect("the schema has as many columns as are written");
            write_column(&mut writer, column, &values(index))?;
            writer.close()?;
        }
        group.close().map(|_| ())
    }

    fn end(self) -> Result<Vec<u8>> {
        self.writer.into_inner()
    }
}

fn schema(columns: &[ParquetColumn]) -> Result<TypePtr> {
    let field = |column: &ParquetColumn| {
        let (stored, logical) = column.form.stored();
        let mut field = Schema::primitive_type_builder(&column.name, stored)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        if column.form == StoredForm::Money {
            let (precision, scale) = MONEY_DIGITS;
            field = field.with_precision(precision).with_scale(scale);
        }
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<Vec<_>>>()?;
    let schema = Schema::group_type_builder("schema").with_fields(fields);
    schema.build().map(Arc::new)
}

/// Writes the values of one column, unknown ones as nulls.
fn write_column(
    writer: &mut SerializedColumnWriter<'_>,
    column: &ParquetColumn,
    values: &[Value<'_>],
) -> Result<()> {
    match column.form {
        StoredForm::Text => put::<ByteArrayType>(writer, column, values, bytes),
        StoredForm::Day => put::<Int32Type>(writer, column, values, days),
        StoredForm::Money => put::<Int64Type>(writer, column, values, ten_thousandths),
        StoredForm::Whole => put::<Int64Type>(writer, column, values, whole),
        StoredForm::Double => put::<DoubleType>(writer, column, values, double),
        StoredForm::Bool => put::<BoolType>(writer, column, values, |it| match it {
            Value::Bool(yes) => Some(*yes),
            _ => None,
        }),
    }
}

fn put<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    column: &ParquetColumn,
    values: &[Value<'_>],
    stored: impl Fn(&Value<'_>) -> Option<T::T>,
) -> Result<()> {
    let mut levels = Vec::with_capacity(values.len());
    let mut known = Vec::with_capacity(values.len());
    for value in values {
        levels.push(i16::from(value.is_known()));
        if value.is_known() {
            known.push(stored(value).ok_or_else(|| unfit(column, value))?);
        }
    }
    let writer = writer.typed::<T>();
    writer.write_batch(&known, Some(&levels), None).map(|_| ())
}

fn unfit(column: &ParquetColumn, value: &Value<'_>) -> ParquetError {
    let message = format!("`{}` has no room for {value:?}", column.name);
    ParquetError::General(message)
}

fn bytes(value: &Value<'_>) -> Option<ByteArray> {
    let text: Cow<'_, str> = match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::List(list) => Cow::Owned(list.join(";")),
        _ => return None,
    };
    Some(ByteArray::from(text.as_bytes().to_vec()))
}

fn days(value: &Value<'_>) -> Option<i32> {
    let Value::Date(date) = value else {
        return None;
    };
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

fn ten_thousandths(value: &Value<'_>) -> Option<i64> {
    let Value::Money(money) = value else {
        return None;
    };
    let stored = i64::try_from(money.0).ok()?;
    let most = 10_u64.pow(MONEY_DIGITS.0.unsigned_abs());
    (stored.unsigned_abs() < most).then_some(stored)
}

fn double(value: &Value<'_>) -> Option<f64> {
    value.to_f64()
}

fn whole(value: &Value<'_>) -> Option<i64> {
    let Value::Exact(fraction) = value else {
        return None;
    };
    let is_whole = fraction.denominator() == 1;
    is_whole
        .then(|| i64::try_from(fraction.numerator()).ok())
        .flatten()
}
