//! Reports that are asked inside of the program: their rows as values, as a paper that quotes them wants them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;

use super::asked::Asked;
use super::given::{Gift, Given};
use super::shape::FiguresReport;
use crate::answer::{
    AnswerReader, Column, GridRows as _, GridView, Sheet, SortOrder, static_labels,
};
use crate::diagnostic::Diagnostics;
use crate::figures::{Figures, Needs};
use crate::load::Loaded;
use crate::metric::Value;
use crate::rule::Rule;
use crate::source::{Files, SourceText, shell_word};
use crate::words::terms::ColumnTerms;
use crate::words::{Language, write_say, written};

/// A book that is asked about a day.
pub(crate) struct Inside<'a> {
    /// The book, with all its rows and their places.
    pub(crate) loaded: &'a Loaded,
    /// Its files.
    pub(crate) files: &'a dyn Files,
    /// On how many threads work is done.
    pub(crate) threads: usize,
    /// The figures of the day, all of them.
    pub(crate) figures: Arc<Figures<'a>>,
    /// What else the book is asked by.
    pub(crate) by: AskedBy<'a>,
}

/// The policy in the place of the book's and the revision that the book is of, as they were typed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AskedBy<'a> {
    pub(crate) policy: Option<&'a Path>,
    pub(crate) revision: Option<&'a str>,
}

impl<'a> Inside<'a> {
    /// Makes all figures of a day.
    pub(crate) fn on(
        loaded: &'a Loaded,
        files: &'a dyn Files,
        day: NaiveDate,
        by: AskedBy<'a>,
        threads: usize,
    ) -> Self {
        let (book, policy) = (&loaded.book, &loaded.policy);
        let figures = Figures::new(book, policy, day, Needs::all().with_work(), threads);
        Self {
            loaded,
            files,
            threads,
            figures: Arc::new(figures),
            by,
        }
    }

    /// Returns a command that asks the same book about the same day: its name and the words behind it.
    pub(crate) fn command(&self, words: &str) -> String {
        let mut command = format!("guanxi {words} --as-of {}", self.day());
        if let Some(policy) = self.by.policy {
            command.push_str(" --policy ");
            command.push_str(&shell_word(&policy.to_string_lossy()));
        }
        if let Some(revision) = self.by.revision {
            command.push_str(" --rev ");
            command.push_str(&shell_word(revision));
        }
        command
    }

    /// Says whose policy and which revision the figures are of, where they are not the book's own as it is.
    pub(crate) fn asked_by(&self) -> Vec<String> {
        let policy = self.by.policy.map(|it| {
            let path = it.to_string_lossy();
            write_say!("Judged by the policy {path}.", "依据规则文件 {path}。")
        });
        let revision = self.by.revision;
        let revision = revision.map(|it| write_say!("The book as of {it}.", "账本以 {it} 为准。"));
        policy.into_iter().chain(revision).collect()
    }

    /// Returns the day.
    pub(crate) fn day(&self) -> NaiveDate {
        self.figures.as_of()
    }

    /// Returns the rows of a report that satisfy a rule, in the report's order, with some columns.
    ///
    /// # Errors
    /// What the report says.
    pub(crate) fn rows(
        &self,
        report: &'static dyn FiguresReport,
        given: Vec<(&'static str, Gift)>,
        rule: Option<&str>,
        columns: &[&str],
    ) -> anyhow::Result<RowsGiven> {
        let given = Given(given);
        let policy = &self.loaded.policy;
        let rule = rule.map(|text| {
            let source = SourceText::new("RULE", text);
            let known = report.row_columns(policy);
            let mut faults = Diagnostics::default();
            Rule::compile_filter(&source, &policy.vocabulary(), &known, &mut faults)
                .expect("it is made of rules that were compiled before")
        });
        let order = Some(report.order()).filter(|it| !it.is_empty());
        let keys = order.into_iter().flat_map(|it| it.split(','));
        let keys: Vec<&str> = keys.map(|it| it.trim_start_matches('-')).collect();
        let names: Vec<String> = columns
            .iter()
            .chain(&keys)
            .map(|it| (*it).to_owned())
            .collect();
        let asked = Asked {
            loaded: self.loaded,
            files: self.files,
            as_of: self.day(),
            threads: self.threads,
            given: &given,
            rule: rule.as_ref(),
            reader: AnswerReader::Page,
            is_in_order: true,
            names: &names,
            needs: Needs::all().with_work(),
            figures: OnceLock::from(Arc::clone(&self.figures)),
            before: None,
        };
        let answer = report.answer(&asked)?;
        let order = SortOrder::parse(order, &keys).expect("a report sorts by columns that it has");
        let view = GridView::of(&*answer.rows).sort(&order).choose(columns);
        let mut rows = Vec::with_capacity(view.row_count());
        let collect = &mut |row: &[Value<'_>]| {
            rows.push(row.iter().map(|it| it.clone().into_owned()).collect());
            Ok(())
        };
        view.for_each(collect).expect("nothing here fails");
        Ok(RowsGiven {
            columns: view.columns().to_vec(),
            rows,
            below: answer.said.below,
        })
    }
}

/// Rows that a report gave.
pub(crate) struct RowsGiven {
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// The values.
    pub(crate) rows: Vec<Vec<Value<'static>>>,
    /// What stands below them in a table.
    pub(crate) below: String,
}

impl RowsGiven {
    /// Returns a value of a row by its column's name.
    pub(crate) fn value<'r>(&self, row: &'r [Value<'static>], column: &str) -> &'r Value<'static> {
        let at = self.columns.iter().position(|it| it.name == column);
        &row[at.expect("it was asked for")]
    }

    /// Returns a text of a row, empty where it is unknown.
    pub(crate) fn text<'r>(&self, row: &'r [Value<'static>], column: &str) -> &'r str {
        match self.value(row, column) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// Makes a sheet of rows with all their columns.
    pub(crate) fn sheet(&self) -> Sheet<'static> {
        let mut sheet = Sheet::new(self.columns.clone());
        for row in &self.rows {
            sheet.push(row.iter().cloned());
        }
        sheet
    }
}

/// Tells how a column is called in a sheet of one's own.
pub(crate) fn headed(english: &str, chinese: &str, kind: crate::metric::Type) -> Column {
    let column = Column::new(english.replace(' ', "_"), kind);
    column.heading(written().pick(english, chinese).to_owned())
}

/// Says what people read in the place of a column's words, each with its Chinese.
pub(crate) fn worded(column: Column, terms: ColumnTerms) -> Column {
    match written() {
        Language::English => column,
        Language::Chinese => column.labelled(static_labels(terms)),
    }
}
