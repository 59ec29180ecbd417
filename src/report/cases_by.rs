//! Whether we keep our word: cases in groups, what waits of them and what became of those of the year.

use super::asked::Asked;
use super::case_rows::{CaseRow, OWN, all_cases};
use super::given::{Given, Opt, Takes};
use super::shape::{
    Answer, AnyReport, ColumnNames, ColumnsSetting, FiguresReport, Filter, ReadNeeded, Report,
    RowsSaid,
};
use super::summary::Groups;
use super::summary::group::{KeyValues, groups};
use super::summary::key::{GroupKey, distinct, refused};
use crate::answer::{ChoiceError, Column, Form, Sheet};
use crate::diagnostic::Nearest as _;
use crate::figures::CaseRecord;
use crate::metric::{Metric, Type, Value};
use crate::model::{Book, Period, PeriodLength, Word as _};
use crate::policy::Policy;
use crate::rule::{RowColumn, Rule};
use crate::words::say;

/// The report of groups of cases: the answer of `cases --by`.
pub(super) struct CasesBy {
    /// The report of the cases themselves, which is read and filtered alike.
    pub(super) cases: &'static Report<CaseRow>,
}

/// The option that names the keys.
pub(super) const BY: Opt = Opt::taking(
    "by",
    Takes::Texts,
    "KEY",
    "Group cases by these, and tell whether we keep our word\n\n\
        A key is `staff`, `topic`, `kind` or `channel` of the case, `week:opened`, `month:opened`, \
        `quarter:opened`, `year:opened`, or a key of `summary`, of its customer. `open` and `late` count what waits now; the other \
        columns are of the cases opened in the year, closed ones among them, whether `--all` is given or not.",
);

/// The columns of a case that are keys.
const OF_CASE: [&str; 4] = ["staff", "topic", "kind", "channel"];

/// The column of a case of which periods are keys.
const OPENED: &str = "opened";

/// A column: its name, its type, and what it says of some cases.
type CaseColumn = (&'static str, Type, fn(&CaseRecord) -> Value<'static>);

/// The columns behind the keys.
const COLUMNS: [CaseColumn; 9] = [
    ("open", Type::Number, |it| Value::count(it.open)),
    ("late", Type::Number, |it| Value::count(it.late)),
    ("cases", Type::Number, |it| Value::count(it.cases)),
    ("complaints", Type::Number, |it| Value::count(it.complaints)),
    ("response_days", Type::Days, CaseRecord::response_days),
    ("resolution_days", Type::Days, CaseRecord::resolution_days),
    ("decided", Type::Number, |it| Value::count(it.decided)),
    ("on_time", Type::Ratio, CaseRecord::on_time),
    ("outcome", Type::Number, CaseRecord::outcome),
];

/// By what cases are grouped.
enum CaseKey {
    /// A column of the case.
    Case(&'static str),
    /// The period in which it was opened.
    Opened(PeriodLength, String),
    /// Something of its customer.
    Customer(GroupKey),
}

impl CaseKey {
    /// Reads keys from their names.
    fn of_names(names: &[String], book: Option<&Book>) -> Result<Vec<Self>, ChoiceError> {
        let names = distinct(names)?.into_iter();
        names.map(|name| Self::of_name(name, book)).collect()
    }

    fn of_name(name: &str, book: Option<&Book>) -> Result<Self, ChoiceError> {
        if let Some(own) = OF_CASE.iter().find(|it| **it == name) {
            return Ok(Self::Case(own));
        }
        let (word, rest) = name.split_once(':').unwrap_or(("", name));
        if let (OPENED, Some(length)) = (rest, PeriodLength::of_word(word)) {
            return Ok(Self::Opened(length, name.to_owned()));
        }
        if OWN.iter().any(|it| it.name == rest) {
            let message = say!(
                "cases are not grouped by `{name}`",
                "事项不能按 `{name}` 分组"
            );
            let cure = say!(
                "keys of cases are `staff`, `topic`, `kind`, `channel` and periods of `opened`, such as `month:opened`",
                "事项的分组键有 `staff`、`topic`、`kind`、`channel` 和 `opened` 的期间，如 `month:opened`"
            );
            return Err(refused(message, cure));
        }
        GroupKey::of_name(name, book)
            .map(Self::Customer)
            .map_err(|error| {
                let near = OF_CASE.into_iter().hint(name);
                near.map_or(error, |near| {
                    let message = say!(
                        "`{name}` is no key of `cases --by`",
                        "`{name}` 不能用于 `cases --by`"
                    );
                    refused(message, near)
                })
            })
    }

    /// Returns its name, as it was written.
    fn name(&self) -> &str {
        match self {
            Self::Case(name) => name,
            Self::Opened(_, name) => name,
            Self::Customer(key) => &key.name,
        }
    }

    fn column(&self, book: &Book, policy: &Policy) -> Column {
        match self {
            Self::Case(_) | Self::Opened(..) => {
                Column::of_report("cases", self.name().to_owned(), Type::Text)
            }
            Self::Customer(key) => key.column(book, policy),
        }
    }

    /// Returns its words in the order in which groups stand, if it has some.
    fn words<'p>(&self, policy: &'p Policy) -> Option<Vec<&'p str>> {
        match self {
            Self::Case(_) | Self::Opened(..) => None,
            Self::Customer(key) => key.words(policy),
        }
    }

    /// Returns under what a case counts.
    fn values<'v>(&self, asked: &'v Asked<'_>, row: &'v CaseRow) -> Vec<Value<'v>> {
        match self {
            Self::Case(name) => {
                let own = OWN.iter().find(|it| it.name == *name);
                vec![own.map_or(Value::Unknown, |it| (it.of)(asked, row))]
            }
            Self::Opened(length, _) => {
                vec![Period::of(*length, row.case.opened).to_string().into()]
            }
            Self::Customer(key) => key.values(asked.figures(), row.customer as usize),
        }
    }
}

impl AnyReport for CasesBy {
    fn name(&self) -> &'static str {
        "cases-by"
    }

    fn help(&self) -> &'static str {
        ""
    }

    fn filter(&self) -> Filter {
        Filter::Rows
    }

    fn options(&self) -> &'static [Opt] {
        &[]
    }

    fn instead(&self, _: &Given) -> Option<&'static dyn AnyReport> {
        None
    }

    fn reading(&self) -> ReadNeeded {
        self.cases.reading()
    }

    fn own_names(&self) -> Vec<&'static str> {
        COLUMNS.iter().map(|it| it.0).collect()
    }

    fn has_metrics(&self) -> bool {
        false
    }

    fn has_exit_code(&self) -> bool {
        false
    }

    fn grouped_by(&self, given: &Given, book: Option<&Book>) -> Result<Vec<String>, ChoiceError> {
        let keys = CaseKey::of_names(given.texts(BY.name), book)?;
        Ok(keys.into_iter().map(|it| it.name().to_owned()).collect())
    }

    fn derived(&self, _: &str, _: Option<&Book>) -> Result<Option<Type>, ChoiceError> {
        Ok(None)
    }

    fn usual(&self, _: &ColumnsSetting<'_>) -> ColumnNames {
        COLUMNS.iter().map(|it| it.0.into()).collect()
    }

    fn spare(&self, _: &Policy) -> ColumnNames {
        vec!["decided".into(), "complaints".into()]
    }

    fn order(&self) -> &'static str {
        ""
    }

    fn rests_on(&self) -> &'static [Metric] {
        self.cases.rests_on()
    }

    fn rules<'p>(&self, policy: &'p Policy) -> Vec<&'p Rule> {
        self.cases.rules(policy)
    }

    fn made_of(&self, column: &str) -> Vec<Metric> {
        match CaseKey::of_name(column, None) {
            Ok(CaseKey::Customer(key)) => key.metric().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn form_of(&self, column: &str) -> Form {
        let own = COLUMNS.iter().find(|it| it.0 == column);
        own.map_or(Form::Free, |it| Form::Value(it.1))
    }

    fn total(&self, columns: &[String]) -> Option<Form> {
        let columns = columns.iter().map(|it| (it.clone(), self.form_of(it)));
        Some(Form::object(columns))
    }

    fn keys(&self) -> Option<&'static [&'static str]> {
        Some(&[])
    }

    fn drops_blank(&self) -> bool {
        false
    }

    fn row_columns(&self, policy: &Policy) -> Vec<RowColumn> {
        self.cases.row_columns(policy)
    }

    fn by_figures(&'static self) -> Option<&'static dyn FiguresReport> {
        Some(self)
    }
}

impl FiguresReport for CasesBy {
    fn answer<'f>(&'static self, asked: &'f Asked<'_>) -> anyhow::Result<Answer<'f>> {
        let (book, policy) = (&asked.loaded.book, &asked.loaded.policy);
        let keys = CaseKey::of_names(asked.given.texts(BY.name), Some(book))?;
        let mut cases = all_cases(asked, true);
        self.cases.keep_chosen(asked, &mut cases);
        let as_of = asked.figures().context().as_of;
        let record = |members: &mut dyn Iterator<Item = &CaseRow>| {
            let mut record = CaseRecord::default();
            members.for_each(|it| record.add(&it.case, as_of));
            record
        };
        let columns = || {
            let told = |it: &&CaseColumn| asked.wants(it.0);
            COLUMNS.iter().filter(told)
        };
        let cells = |record: &CaseRecord| -> Vec<Value<'static>> {
            columns().map(|it| (it.2)(record)).collect()
        };
        let of_keys = keys.iter().map(|it| it.column(book, policy));
        let of_columns = columns().map(|it| Column::new(it.0, it.1));
        let mut rows = Sheet::new(of_keys.chain(of_columns).collect());
        let by = |key: &CaseKey| KeyValues {
            values: cases.iter().map(|it| own(key.values(asked, it))).collect(),
            words: key.words(policy).unwrap_or_default(),
        };
        for group in groups(cases.len(), keys.iter().map(by).collect()) {
            let record = record(&mut group.members.iter().map(|it| &cases[*it]));
            // What is long closed is nobody's word of today.
            if record.open + record.cases > 0 {
                rows.push(group.values.into_iter().chain(cells(&record)));
            }
        }
        let all = cells(&record(&mut cases.iter()));
        let all: Vec<(&str, Value<'static>)> = columns().map(|it| it.0).zip(all).collect();
        let of_all = move |name: &str| {
            let found = all.iter().find(|it| it.0 == name);
            found.map_or(Value::Unknown, |it| it.1.clone())
        };
        let words = keys.iter().map(|it| it.words(policy)).collect();
        Ok(Answer {
            rows: Box::new(Groups { rows, words }),
            said: RowsSaid {
                total_row: Some(Box::new(of_all)),
                nothing: say!(
                    "no case is open, and none was opened in the year",
                    "没有未结事项，一年内也没有新事项"
                )
                .into(),
                ..RowsSaid::default()
            },
            is_rough: false,
        })
    }
}

/// Returns values with texts of their own, which outlive the cases.
fn own(values: Vec<Value<'_>>) -> Vec<Value<'static>> {
    values.into_iter().map(Value::into_owned).collect()
}
