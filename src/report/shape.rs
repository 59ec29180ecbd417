//! What a report is: a name, a question, columns, rows and what is said of all of them.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::asked::Asked;
use super::buckets::buckets;
use super::given::{Given, Opt};
pub(super) use super::row::row_of_nobody;
pub(crate) use super::row::{Derived, OwnColumn, OwnWords, Row};
use super::row_grid::{RowGrid, RowSubject};
use crate::answer::{AnswerReader, ChoiceError, Document, Form, Grid, Paper, Sheet};
use crate::figures::Needs;
use crate::figures::rough::are_rough;
use crate::metric::{Metric, Type, Value, metric_by_name};
use crate::model::Book;
use crate::policy::Policy;
use crate::rule::{RowColumn, Rule};

/// A report whose rows are of a type of its own. `REPORTS` tells how one is written.
pub(crate) struct Report<R: 'static> {
    /// The name of the answer in JSON, and of the command if it is one.
    pub(crate) name: &'static str,
    /// The help of the command: an imperative line, then sentences, then an example, with blank lines
    /// between them. Empty for an answer that a command gives in the place of its own.
    pub(crate) help: &'static str,
    /// Whose the rule of the command line is.
    pub(crate) filter: Filter,
    /// The command's own options.
    pub(crate) options: &'static [Opt],
    /// Returns the answer that some options ask for instead.
    pub(crate) instead: fn(&Given) -> Option<&'static dyn AnyReport>,
    /// What must have been read.
    pub(crate) reading: ReadNeeded,
    /// Columns that metrics do not give.
    pub(crate) own: &'static [OwnColumn<R>],
    /// Columns whose names are made of others'.
    pub(crate) derived: Option<Derived<R>>,
    /// The columns shown where `-c` does not say otherwise; [`BUCKETS`] stands for those of the policy.
    pub(crate) usual: &'static [&'static str],
    /// Changes them as a setting wants it.
    pub(crate) suit: fn(&ColumnsSetting<'_>, &mut ColumnNames),
    /// The columns that a table on a narrow terminal leaves out, the first of them first; of [`BUCKETS`] the
    /// last goes first.
    pub(crate) spare: &'static [&'static str],
    /// What people read above a metric's column, where that is not its name with blanks.
    pub(crate) heading: fn(Metric) -> Option<String>,
    /// The order of the rows, as `-s` would say it; empty leaves them as they are made.
    pub(crate) order: &'static str,
    /// What the rows and what is said of them rest on, beside the columns and the order.
    pub(crate) rests_on: &'static [Metric],
    /// Returns what it needs of the figures beside metrics.
    pub(crate) needs: fn(&Given, &Policy) -> Needs,
    /// Returns another day whose figures it needs, too.
    pub(crate) other_day: fn(&Given) -> Option<NaiveDate>,
    /// Returns the rules of the policy that its rows are judged by.
    pub(crate) rules: for<'p> fn(&'p Policy) -> Vec<&'p Rule>,
    /// Refuses what its options ask for and is not there.
    pub(crate) check: fn(&Asked<'_>) -> anyhow::Result<()>,
    /// Makes the rows.
    pub(crate) rows: fn(&Asked<'_>) -> ReportRows<R>,
    /// Says what is to be said of all rows.
    pub(crate) said: for<'f> fn(&'f Asked<'_>, &[R]) -> RowsSaid<'f>,
    /// More parts of the answer in JSON, each with its form.
    pub(crate) parts: &'static [PartForm],
    /// Whether some answers do not have them.
    pub(crate) rare_parts: bool,
    /// The form of a total of its own in JSON; empty where there is none.
    pub(crate) total: &'static [(&'static str, Type)],
    /// Where the total is a row of the columns that are shown: those that it has not, such as `id`.
    pub(crate) keys: Option<&'static [&'static str]>,
    /// Whether a table leaves out columns of money and numbers that are 0 or unknown in every row.
    pub(crate) drops_blank: bool,
    /// Whether `--exit-code` can be asked for: its rows are found, and not always there.
    pub(crate) has_exit_code: bool,
}

/// A part of an answer in JSON beside its rows: its name and its form.
pub(crate) type PartForm = (&'static str, fn() -> Form);

/// The rows of a report, and what making them had to say.
pub(crate) struct ReportRows<R> {
    /// The rows.
    pub(crate) rows: Vec<R>,
    /// What people are told on standard error, a line each.
    pub(crate) notes: Vec<String>,
}

impl<R> From<Vec<R>> for ReportRows<R> {
    fn from(rows: Vec<R>) -> Self {
        let notes = Vec::new();
        Self { rows, notes }
    }
}

/// Whose the rule of the command line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// It chooses customers.
    Customers,
    /// It chooses rows: it may name columns of the report's own beside all metrics of the row's customer.
    Rows,
    /// There is none, but a word that names the one customer whose rows are wanted.
    OneCustomer,
}

/// What of the book must have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadNeeded {
    /// What the rows say of the figures asked for, and no more.
    Figures,
    /// The same; and some rows are looked at again in their files.
    FiguresAndPlaces,
    /// All rows are kept: figures of other days are asked for, or items.
    Rows,
    /// The same, each with its file and line.
    RowsAndPlaces,
}

/// Tells what holds of all rows in a column, by its name.
pub(crate) type TotalRow<'f> = Box<dyn Fn(&str) -> Value<'static> + 'f>;

/// What is said of all rows of a report.
#[derive(Default)]
pub(crate) struct RowsSaid<'f> {
    /// A total beside the rows, of columns of its own.
    pub(crate) total: Option<Sheet<'f>>,
    /// Returns the total in a column by its name, where the total is a row of the same columns (`keys`).
    pub(crate) total_row: Option<TotalRow<'f>>,
    /// More parts of the answer in JSON.
    pub(crate) parts: Vec<(&'static str, Document)>,
    /// What people are told on standard error, a line each.
    pub(crate) notes: Vec<String>,
    /// What they are told there if there is no row.
    pub(crate) nothing: Cow<'static, str>,
    /// What stands below a table.
    pub(crate) below: String,
    /// What stands there on a terminal alone.
    pub(crate) below_on_terminal: String,
    /// What people read in place of the rows, where neither columns nor an order are asked for.
    pub(crate) instead: Option<Sheet<'f>>,
    /// What kind the numbers of each row are, where they are not those of its columns; empty where they are.
    pub(crate) kinds: Vec<Type>,
    /// What stands in place of a table then.
    pub(crate) page: Option<SaidPage<'f>>,
    /// Which of the usual columns say nothing here, and so are not shown to people.
    pub(crate) idle: &'static [&'static str],
}

/// A page in place of a table.
pub(crate) struct SaidPage<'f> {
    /// Lines in blocks.
    pub(crate) paper: Paper,
    /// Tables below them.
    pub(crate) tables: Vec<TitledTable<'f>>,
}

/// A table below a page.
pub(crate) struct TitledTable<'f> {
    pub(crate) heading: &'static str,
    pub(crate) rows: Sheet<'f>,
    /// The row about all rows.
    pub(crate) last: Sheet<'f>,
    /// The columns that it leaves out on a narrow terminal, the first of them first.
    pub(crate) spare: &'static [&'static str],
}

/// What a report answers.
pub(crate) struct Answer<'f> {
    /// The rows, in their order.
    pub(crate) rows: Box<dyn Grid + 'f>,
    /// What is said of all of them.
    pub(crate) said: RowsSaid<'f>,
    /// Whether figures of the model rest on no fit, so that people see two digits of them.
    pub(crate) is_rough: bool,
}

impl<R: Row> Report<R> {
    /// A report that says nothing, for what another leaves out.
    pub(crate) const BASE: Self = Self {
        name: "",
        help: "",
        filter: Filter::Customers,
        options: &[],
        instead: |_| None,
        reading: ReadNeeded::Figures,
        own: &[],
        derived: None,
        usual: &[],
        suit: |_, _| {},
        spare: &[],
        heading: |_| None,
        order: "",
        rests_on: &[],
        needs: |_, _| Needs::default(),
        other_day: |_| None,
        rules: |_| Vec::new(),
        check: |_| Ok(()),
        rows: |_| Vec::new().into(),
        said: |_, _| RowsSaid::default(),
        parts: &[],
        rare_parts: false,
        total: &[],
        keys: None,
        drops_blank: false,
        has_exit_code: true,
    };

    /// Drops the rows that the rule does not choose, if it may name columns of rows.
    pub(super) fn keep_chosen(&self, asked: &Asked<'_>, rows: &mut Vec<R>) {
        if let Some(rule) = asked.rule.filter(|_| self.filter == Filter::Rows) {
            let own = self.own;
            rows.retain(|row| rule.matches(&RowSubject { asked, row, own }, asked.as_of));
        }
    }
}

/// A report, whatever its rows are.
pub(crate) trait AnyReport: Sync {
    /// Returns the name of the answer.
    fn name(&self) -> &'static str;

    /// Returns the help of the command; empty where it is none.
    fn help(&self) -> &'static str;

    /// Tells whose the rule is.
    fn filter(&self) -> Filter;

    /// Returns the options of its own.
    fn options(&self) -> &'static [Opt];

    /// Returns the answer that some options ask for instead.
    fn instead(&self, given: &Given) -> Option<&'static dyn AnyReport>;

    /// Tells what must have been read.
    fn reading(&self) -> ReadNeeded;

    /// Returns the names of its own columns.
    fn own_names(&self) -> Vec<&'static str>;

    /// Returns the type of a column whose name is made of others'; nothing where none has the name. Of which
    /// free keys there are a book can tell; without one all are known.
    ///
    /// # Errors
    /// If the column that the name asks for cannot be.
    fn derived(&self, column: &str, book: Option<&Book>) -> Result<Option<Type>, ChoiceError>;

    /// Returns the columns that stand before those that `-c` names, whatever it names.
    ///
    /// # Errors
    /// If the options ask for some that cannot be.
    fn grouped_by(&self, _given: &Given, _book: Option<&Book>) -> Result<Vec<String>, ChoiceError> {
        Ok(Vec::new())
    }

    /// Tells whether `--exit-code` can be asked for.
    fn has_exit_code(&self) -> bool;

    /// Tells whether metrics are columns, too.
    fn has_metrics(&self) -> bool;

    /// Returns the columns shown where `-c` does not say otherwise.
    fn usual(&self, setting: &ColumnsSetting<'_>) -> ColumnNames;

    /// Returns the columns that a narrow table leaves out, the first of them first.
    fn spare(&self, policy: &Policy) -> ColumnNames;

    /// Returns the order of the rows, as `-s` would say it.
    fn order(&self) -> &'static str;

    /// Returns what it rests on beside its columns and its order.
    fn rests_on(&self) -> &'static [Metric];

    /// Returns what it needs of the figures beside metrics.
    fn needs(&self, _given: &Given, _policy: &Policy) -> Needs {
        Needs::default()
    }

    /// Returns another day whose figures it needs, too.
    fn other_day(&self, _given: &Given) -> Option<NaiveDate> {
        None
    }

    /// Returns the rules of the policy that its rows are judged by.
    fn rules<'p>(&self, policy: &'p Policy) -> Vec<&'p Rule>;

    /// Returns the metrics that a column is made of.
    fn made_of(&self, column: &str) -> Vec<Metric>;

    /// Returns the form of a column in JSON.
    fn form_of(&self, column: &str) -> Form;

    /// Returns the form of the total in JSON, beside these columns.
    fn total(&self, columns: &[String]) -> Option<Form>;

    /// Returns the form of more parts of the answer in JSON.
    fn parts(&self) -> Form {
        Form::Object(Vec::new())
    }

    /// Returns the columns that a total row has not; `None` where there is no such row.
    fn keys(&self) -> Option<&'static [&'static str]>;

    /// Tells whether a table leaves out columns of money and numbers that say nothing.
    fn drops_blank(&self) -> bool;

    /// Returns the columns that a rule may name beside metrics.
    fn row_columns(&self, policy: &Policy) -> Vec<RowColumn>;

    /// Returns the metrics that a rule looks at.
    fn made_of_rule(&self, rule: &Rule) -> Vec<Metric> {
        let of_columns = rule.columns().iter().flat_map(|it| self.made_of(it));
        rule.metrics().iter().copied().chain(of_columns).collect()
    }

    /// Returns the columns that some answers in JSON do not have, unless they are asked for.
    fn rare_columns(&self) -> &'static [&'static str] {
        &[]
    }

    /// Returns the report as one that answers by figures; nothing where its rows are those of logs.
    fn by_figures(&'static self) -> Option<&'static dyn FiguresReport>;
}

/// A report whose rows are made of figures, and of what is kept of the book.
pub(crate) trait FiguresReport: AnyReport {
    /// Answers.
    ///
    /// # Errors
    /// If something was asked for that is not there.
    fn answer<'f>(&'static self, asked: &'f Asked<'_>) -> anyhow::Result<Answer<'f>>;
}

/// Names of columns.
pub(crate) type ColumnNames = Vec<Cow<'static, str>>;

/// Among the names of columns, what stands for the buckets of the policy.
pub(super) const BUCKETS: &str = "past_A_B";

/// Returns names with the policy's buckets in the place of what stands for them.
pub(super) fn with_buckets<'n>(
    names: impl Iterator<Item = &'n &'static str>,
    policy: &Policy,
) -> ColumnNames {
    names
        .flat_map(|name| match *name {
            BUCKETS => buckets(policy).map(|it| it.name().into()).collect(),
            name => vec![Cow::Borrowed(name)],
        })
        .collect()
}

/// Does so where the first are to go first, but of the buckets the last.
pub(super) fn spare_with_buckets(names: &[&'static str], policy: &Policy) -> ColumnNames {
    let mut names = with_buckets(names.iter().rev(), policy);
    names.reverse();
    names
}

/// On what the usual columns of a report may depend.
pub(crate) struct ColumnsSetting<'s> {
    /// The options of its own.
    pub(crate) given: &'s Given,
    /// The policy.
    pub(crate) policy: &'s Policy,
    /// Who reads.
    pub(crate) reader: AnswerReader,
}

impl<R: Row> AnyReport for Report<R> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn help(&self) -> &'static str {
        self.help
    }

    fn filter(&self) -> Filter {
        self.filter
    }

    fn options(&self) -> &'static [Opt] {
        self.options
    }

    fn instead(&self, given: &Given) -> Option<&'static dyn AnyReport> {
        (self.instead)(given)
    }

    fn reading(&self) -> ReadNeeded {
        self.reading
    }

    fn own_names(&self) -> Vec<&'static str> {
        self.own.iter().map(|it| it.name).collect()
    }

    fn derived(&self, column: &str, _: Option<&Book>) -> Result<Option<Type>, ChoiceError> {
        let derived = self.derived.as_ref();
        let kind = derived.map_or(Ok(None), |it| (it.kind)(column));
        kind.map_err(|why| ChoiceError::Impossible { why, cure: None })
    }

    fn has_exit_code(&self) -> bool {
        self.has_exit_code
    }

    fn has_metrics(&self) -> bool {
        R::IS_OF_CUSTOMER
    }

    fn usual(&self, setting: &ColumnsSetting<'_>) -> ColumnNames {
        let mut names = with_buckets(self.usual.iter(), setting.policy);
        (self.suit)(setting, &mut names);
        names
    }

    fn spare(&self, policy: &Policy) -> ColumnNames {
        spare_with_buckets(self.spare, policy)
    }

    fn order(&self) -> &'static str {
        self.order
    }

    fn rests_on(&self) -> &'static [Metric] {
        self.rests_on
    }

    fn needs(&self, given: &Given, policy: &Policy) -> Needs {
        (self.needs)(given, policy)
    }

    fn other_day(&self, given: &Given) -> Option<NaiveDate> {
        (self.other_day)(given)
    }

    fn rules<'p>(&self, policy: &'p Policy) -> Vec<&'p Rule> {
        (self.rules)(policy)
    }

    fn made_of(&self, column: &str) -> Vec<Metric> {
        match self.own.iter().find(|it| it.name == column) {
            Some(own) => own.made_of.to_vec(),
            None => metric_by_name(column).into_iter().collect(),
        }
    }

    fn form_of(&self, column: &str) -> Form {
        let own = self.own.iter().find(|it| it.name == column);
        match (own, metric_by_name(column)) {
            (Some(own), _) => match own.words {
                OwnWords::These(words) => Form::Words(words.to_vec()),
                _ => Form::Value(own.kind),
            },
            (None, Some(metric)) if R::IS_OF_CUSTOMER => Form::of_metric(metric),
            (None, _) => match self.derived(column, None) {
                Ok(Some(kind)) => Form::Value(kind),
                _ => Form::Free,
            },
        }
    }

    fn total(&self, columns: &[String]) -> Option<Form> {
        if let Some(keys) = self.keys {
            let columns = columns.iter().filter(|it| !keys.contains(&it.as_str()));
            return Some(Form::object(
                columns.map(|it| (it.clone(), self.form_of(it))),
            ));
        }
        (!self.total.is_empty()).then(|| Form::of_columns(self.total))
    }

    fn parts(&self) -> Form {
        let names: Vec<&str> = self.parts.iter().map(|it| it.0).collect();
        let parts = self.parts.iter().map(|(name, part)| (*name, part()));
        Form::object(parts).maybe(if self.rare_parts { &names } else { &[] })
    }

    fn keys(&self) -> Option<&'static [&'static str]> {
        self.keys
    }

    fn drops_blank(&self) -> bool {
        self.drops_blank
    }

    fn row_columns(&self, policy: &Policy) -> Vec<RowColumn> {
        let column = |own: &OwnColumn<R>| RowColumn {
            name: own.name,
            kind: own.kind,
            words: own.words.known(policy),
            is_person: matches!(own.words, OwnWords::People),
        };
        match self.filter {
            Filter::Rows => self.own.iter().map(column).collect(),
            Filter::Customers | Filter::OneCustomer => Vec::new(),
        }
    }

    fn by_figures(&'static self) -> Option<&'static dyn FiguresReport> {
        Some(self)
    }
}

impl<R: Row> FiguresReport for Report<R> {
    fn answer<'f>(&'static self, asked: &'f Asked<'_>) -> anyhow::Result<Answer<'f>> {
        (self.check)(asked)?;
        let ReportRows {
            mut rows,
            mut notes,
        } = (self.rows)(asked);
        self.keep_chosen(asked, &mut rows);
        let mut said = (self.said)(asked, &rows);
        notes.append(&mut said.notes);
        said.notes = notes;
        let is_rough = if R::IS_OF_CUSTOMER {
            are_rough(asked.figures())
        } else {
            rows.iter().any(Row::is_rough)
        };
        let rows = Box::new(RowGrid::new(
            self.name,
            asked,
            rows,
            self.own,
            self.derived.as_ref(),
            self.heading,
        ));
        Ok(Answer {
            rows,
            said,
            is_rough,
        })
    }
}
