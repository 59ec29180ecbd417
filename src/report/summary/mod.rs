//! How a book divides: one row a group of customers, with figures of its members taken together.

mod column;
pub(super) mod group;
pub(super) mod grouping;
pub(super) mod key;

use self::column::GroupCell;
use self::group::{KeyValues, groups};
pub(super) use self::grouping::{Grouping, grouping};
use self::key::GroupKey;
use super::asked::Asked;
use super::given::{Given, Opt, Takes};
use super::shape::{
    Answer, AnyReport, BUCKETS, ColumnNames, ColumnsSetting, FiguresReport, Filter, ReadNeeded,
    RowsSaid,
};
use super::shape::{spare_with_buckets, with_buckets};
use crate::answer::{ChoiceError, Column, Form, Grid, Sheet};
use crate::figures::rough::are_rough;
use crate::metric::{GroupFigure, Metric, Type, Value, metric_by_name, metric_names};
use crate::model::Book;
use crate::policy::Policy;
use crate::rule::{RowColumn, Rule};
use crate::words::say;

/// The report.
pub(crate) static SUMMARY: Summary = Summary {
    usual: &[
        "customers",
        "annual_value",
        "share",
        "growth",
        "receivable",
        "past_due",
    ],
    spare: &["past_due", "share"],
};

/// What groups owe: the answer of `receivables --by`.
pub(super) static OWED_BY: Summary = Summary {
    usual: &[
        "customers",
        "receivable",
        "not_due",
        BUCKETS,
        "past_due",
        "days_past_due",
        "dso",
        "advance",
    ],
    spare: &["advance", BUCKETS, "not_due"],
};

/// The report of groups; its columns are figures of several customers, not of one.
pub(crate) struct Summary {
    /// The columns shown where `-c` does not say otherwise.
    usual: &'static [&'static str],
    /// The columns that a narrow table leaves out, the first of them first.
    spare: &'static [&'static str],
}

/// The option that names the keys.
pub(super) const BY: Opt = Opt::taking(
    "by",
    Takes::Texts,
    "KEY",
    "Group by these: a row for each value\n\n\
        A key is a metric of type text, list, bool or number, `custom.X`, `profile.X`, or `week:`, \
        `month:`, `quarter:` or `year:` before a metric of type date. A customer counts under each \
        element of a list, so that rows may sum to more than the total.",
);

impl AnyReport for Summary {
    fn name(&self) -> &'static str {
        "summary"
    }

    fn help(&self) -> &'static str {
        "Sum up customers, in groups by any key\n\n\
            Without `--by` there is one row, of all customers that the rule chooses. A column is the figure \
            of a group taken together, as `guanxi metrics` says: a sum, a quotient of sums, a mean. `sum:`, \
            `mean:`, `median:`, `min:`, `max:` and `known:` (how many) before a metric take that instead; of \
            the numbers of a `custom` key, too. The total counts every customer once.\n\n\
            Forms worth knowing: `--by tier` (the pyramid), `--by abc` (80 and 20), `--by movement -c \
            customers,prior_revenue,annual_revenue,revenue_change` (what moved revenue), `'lost and orders > 0' \
            --by lost_reason` (why customers left), `--by recency_score,frequency_score` (who buys late and \
            often), `--by missing` (what the archive lacks).\n\n\
            Example: `guanxi summary 'not lost' --by owner,tier -c customers,annual_value,mean:score`"
    }

    fn filter(&self) -> Filter {
        Filter::Customers
    }

    fn options(&self) -> &'static [Opt] {
        &[BY]
    }

    fn instead(&self, _: &Given) -> Option<&'static dyn AnyReport> {
        None
    }

    fn reading(&self) -> ReadNeeded {
        ReadNeeded::Figures
    }

    fn own_names(&self) -> Vec<&'static str> {
        let has_figure = |name: &&str| {
            metric_by_name(name).is_some_and(|it| it.entry().group_figure != GroupFigure::None)
        };
        let own = ["customers", "customer_share"].into_iter();
        own.chain(metric_names().filter(has_figure)).collect()
    }

    fn has_metrics(&self) -> bool {
        false
    }

    fn has_exit_code(&self) -> bool {
        false
    }

    fn grouped_by(&self, given: &Given, book: Option<&Book>) -> Result<Vec<String>, ChoiceError> {
        let keys = GroupKey::of_names(given.texts(BY.name), book)?;
        Ok(keys.into_iter().map(|it| it.name).collect())
    }

    fn derived(&self, column: &str, book: Option<&Book>) -> Result<Option<Type>, ChoiceError> {
        Ok(GroupCell::of_name(column, book)?.map(|it| it.kind()))
    }

    fn usual(&self, setting: &ColumnsSetting<'_>) -> ColumnNames {
        with_buckets(self.usual.iter(), setting.policy)
    }

    fn spare(&self, policy: &Policy) -> ColumnNames {
        spare_with_buckets(self.spare, policy)
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

    fn made_of(&self, column: &str) -> Vec<Metric> {
        match GroupCell::of_name(column, None) {
            Ok(Some(GroupCell::Metric(column))) => column.metrics().collect(),
            Ok(Some(_)) => Vec::new(),
            // It is a key.
            Ok(None) | Err(_) => {
                let keys = GroupKey::of_names(&[column.to_owned()], None);
                keys.iter().flatten().filter_map(GroupKey::metric).collect()
            }
        }
    }

    fn form_of(&self, column: &str) -> Form {
        match GroupCell::of_name(column, None) {
            Ok(Some(cell)) => Form::Value(cell.kind()),
            _ => Form::Free,
        }
    }

    fn total(&self, columns: &[String]) -> Option<Form> {
        let columns = columns.iter().map(|it| (it.clone(), self.form_of(it)));
        Some(Form::object(columns))
    }

    fn keys(&self) -> Option<&'static [&'static str]> {
        Some(&[])
    }

    fn drops_blank(&self) -> bool {
        true
    }

    fn row_columns(&self, _: &Policy) -> Vec<RowColumn> {
        Vec::new()
    }

    fn by_figures(&'static self) -> Option<&'static dyn FiguresReport> {
        Some(self)
    }
}

impl FiguresReport for Summary {
    fn answer<'f>(&'static self, asked: &'f Asked<'_>) -> anyhow::Result<Answer<'f>> {
        let (book, policy) = (&asked.loaded.book, &asked.loaded.policy);
        let keys = GroupKey::of_names(asked.given.texts(BY.name), Some(book))?;
        let cells = cells(asked, &keys)?;
        let figures = asked.figures();
        let chosen = asked.chosen();
        let (rows, all) = summed(asked, &keys, &cells, &chosen);
        let words = keys.iter().map(|it| it.words(policy)).collect();
        let names = cells.into_iter().map(|it| it.0);
        let all: Vec<(&str, Value<'static>)> = names.zip(all).collect();
        let of_all = move |name: &str| {
            let found = all.iter().find(|it| it.0 == name);
            found.map_or(Value::Unknown, |it| it.1.clone())
        };
        Ok(Answer {
            rows: Box::new(Groups { rows, words }),
            said: RowsSaid {
                total_row: Some(Box::new(of_all)),
                nothing: if book.customers.is_empty() {
                    say!(
                        "no customers so far; `guanxi add NAME` adds one",
                        "还没有客户；`guanxi add NAME` 新增一家"
                    )
                    .into()
                } else {
                    say!("no customer satisfies the rule", "没有符合条件的客户").into()
                },
                ..RowsSaid::default()
            },
            is_rough: are_rough(figures),
        })
    }
}

/// Sums up customers: a row a group, or the one row of all without a key; and the figures of all.
fn summed<'f>(
    asked: &'f Asked<'_>,
    keys: &[GroupKey],
    cells: &[(&str, GroupCell)],
    chosen: &[u32],
) -> (Sheet<'f>, Vec<Value<'static>>) {
    let (book, policy) = (&asked.loaded.book, &asked.loaded.policy);
    let figures = asked.figures();
    let of = |members: &[u32]| -> Vec<Value<'static>> {
        let cells = cells.iter();
        cells
            .map(|it| it.1.of(figures, members, chosen.len()))
            .collect()
    };
    let of_keys = keys.iter().map(|it| it.column(book, policy));
    let columns = of_keys.chain(cells.iter().map(|(name, cell)| cell.column(name)));
    let mut rows = Sheet::new(columns.collect());
    let all = of(chosen);
    if keys.is_empty() {
        rows.push(all.iter().cloned());
        return (rows, all);
    }
    let by = |key: &GroupKey| KeyValues {
        values: chosen
            .iter()
            .map(|it| key.values(figures, *it as usize))
            .collect(),
        words: key.words(policy).unwrap_or_default(),
    };
    for group in groups(chosen.len(), keys.iter().map(by).collect()) {
        let members: Vec<u32> = group.members.iter().map(|it| chosen[*it]).collect();
        rows.push(group.values.into_iter().chain(of(&members)));
    }
    (rows, all)
}

/// Returns the columns that are asked for beside the keys, each once.
fn cells<'n>(
    asked: &'n Asked<'_>,
    keys: &[GroupKey],
) -> Result<Vec<(&'n str, GroupCell)>, ChoiceError> {
    let mut cells: Vec<(&str, GroupCell)> = Vec::new();
    for name in asked.names {
        let is_key = keys.iter().any(|it| it.name == *name);
        if !is_key && !cells.iter().any(|it| it.0 == name) {
            let cell = GroupCell::of_name(name, Some(&asked.loaded.book))?;
            cells.extend(cell.map(|it| (name.as_str(), it)));
        }
    }
    Ok(cells)
}

/// The groups, with the words by which some columns are sorted.
pub(super) struct Groups<'f> {
    pub(super) rows: Sheet<'f>,
    pub(super) words: Vec<Option<Vec<&'f str>>>,
}

impl Grid for Groups<'_> {
    fn columns(&self) -> &[Column] {
        Grid::columns(&self.rows)
    }

    fn row_count(&self) -> usize {
        Grid::row_count(&self.rows)
    }

    fn cell(&self, row_index: usize, column_index: usize) -> Value<'_> {
        self.rows.cell(row_index, column_index)
    }

    fn words_in_order(&self, column_index: usize) -> Option<Vec<&str>> {
        self.words.get(column_index)?.clone()
    }
}
