//! Reports: which rows and columns an answer has, in what order. One file a report, and a line in [`REPORTS`].
//!
//! They turn figures into rows; what becomes of them is no business of theirs.

mod asked;
mod asked_periods;
mod backtest;
mod basis;
pub(crate) mod brief;
mod buckets;
mod case_rows;
mod cases;
mod cases_by;
mod churn;
mod cohorts;
pub(crate) mod customer;
mod dates;
mod derived;
pub(crate) mod diff;
mod digits;
mod due;
mod explanation;
mod fit;
mod free_keys;
mod given;
pub(crate) mod history;
mod inside;
mod invoices;
mod item;
mod labels;
mod leads;
mod list;
mod period_ends;
mod portfolio;
mod receivables;
pub(crate) mod rough;
mod row;
mod row_cells;
mod row_grid;
mod row_texts;
mod screen;
mod shape;
pub(crate) mod spots;
mod summary;
mod team;
mod told;
mod trend;
mod value;

pub(crate) use asked::Asked;
pub(crate) use derived::refuse_derived;
pub(crate) use explanation::form as explanation_form;
pub(crate) use explanation::{Blame, Explanation, FileValue, ROWS, TELLING, WrittenBy};
pub(crate) use free_keys::{free_column, free_column_meant, is_free_column};
pub(crate) use given::{Gift, Given, Opt, Takes};
pub(crate) use inside::{AskedBy, Inside};
pub(crate) use row_cells::read_cells;
pub(crate) use row_texts::RowTexts;
use row_texts::{kind_name, written_amount};
pub(crate) use screen::{Screen, screen_form};
pub(crate) use shape::{
    Answer, AnyReport, ColumnNames, ColumnsSetting, FiguresReport, Filter, ReadNeeded, SaidPage,
};

/// All reports, in the order in which help lists them: to add one, write `report/x.rs` and name it here.
///
/// From the line here follow its command and help, dispatch, completion of `-c` and `-s`, `docs/commands.md`,
/// `guanxi schema` and which figures are computed; the Chinese of the help stands in `cli/chinese/texts`. `list.rs` is the least that a report can be:
///
/// ```text
/// pub(crate) static ORPHANS: Report<u32> = Report {   // a row is a customer, by its index
///     name: "orphans",                                // the command, and `orphans/1` in JSON
///     help: "List customers without an owner\n\nMore sentences.\n\nExample: `guanxi orphans`",
///     usual: &["id", "name", "annual_value"],         // what is shown without `-c`
///     spare: &["name"],                               // what a narrow table leaves out, first to go first
///     order: "-annual_value",                         // as `-s` would say it; ties stay in id order
///     rests_on: &[Metric::Owner],                     // what `rows` and `said` ask the figures for
///     rows: |asked| orphans(asked).into(),            // from `asked.chosen()`, whom the rule chose
///     ..Report::BASE
/// };
/// ```
///
/// - Columns that no metric gives stand in `own`, a line each: name, type, and a function from the row to the
///   value, which is called only where the column is shown or sorted by. `made_of` names the metrics that it looks
///   at; `asked.wants("why")` tells whether a column is wanted at all. Every metric is a column, too, where the
///   row is of a customer. Where something follows in a chain the rows want naming: `OwnColumn::<Born>::new(...).words(...)`.
/// - Rows of another kind are a type of one's own with [`shape::Row`]: `due.rs` has rows of customers with more
///   to them, `backtest.rs` rows of nobody (`row_of_nobody!`), which have no columns but their own.
/// - `rests_on` must name every metric that `rows` and `said` look at; what columns, order and rule look at is
///   added by itself. A metric that is not asked for is unknown.
/// - `rules` names the rules of the policy that rows are judged by beside those of metrics.
/// - `reading` says what is kept of the book. The default keeps no row; items (invoices, cases) want
///   [`ReadNeeded::RowsAndPlaces`] and read `asked.loaded.book.interactions_of(index)`.
/// - `filter: Filter::Rows` lets the rule name columns of `own` beside metrics; the rows that do not satisfy it are
///   dropped behind `rows`. `.words(...)` at a column tells which words it can have and in what order they sort.
/// - `said` says what holds of all rows: `total` beside them in JSON, further `parts` there, `notes` on standard
///   error, what is told where there is `nothing`, what stands `below` a table.
/// - A total of the columns that are shown, the last row of a table, is `said`'s `total_row`; `keys` names the
///   columns that it has not. `drops_blank` leaves columns that are 0 or unknown in every row out of tables.
/// - Options of its own stand in `options` and come as `asked.given`. One that asks for another answer altogether
///   (`value --fit`) is seen to by `instead`; that answer is a report, too, with a line here and no `help`.
///   `check` refuses what an option asks for and is not there.
/// - Columns whose names are made of others' (`end:receivable`) are seen to by `derived`. What people read in place of
///   the rows is `said`'s `instead`, what a terminal has below them `below_on_terminal`; a report whose rows are
///   always there takes no `--exit-code` (`has_exit_code`).
/// - `needs` asks the figures for what is no metric (whose work it was, who left, what winning cost), also by the options
///   given; `other_day` for the figures of another day, `asked.before`. More parts of JSON have their forms in `parts`.
///   A page in place of a table, with tables below it, is `said`'s `page`.
/// - Where the columns are figures of groups (`summary`) a report does without [`shape::Report`] and is an [`AnyReport`]
///   itself; `grouped_by` names the columns that stand first. So is `history`, whose rows are those of logs, of one
///   customer or of all, and are never all held.
/// - Columns that hang on the policy or on who reads are seen to by `suit`, which changes `usual`.
pub(crate) const REPORTS: &[&dyn AnyReport] = &[
    &list::LIST,
    &summary::SUMMARY,
    &due::DUE,
    &cases::CASES,
    &cases::CASES_BY,
    &leads::LEADS,
    &dates::DATES,
    &receivables::RECEIVABLES,
    &invoices::INVOICES,
    &churn::CHURN,
    &value::VALUE,
    &team::TEAM,
    &portfolio::PORTFOLIO,
    &trend::TREND,
    &fit::FIT,
    &backtest::BACKTEST,
    &cohorts::COHORTS,
    &history::HISTORY,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::chinese_heading;
    use crate::metric::{CATALOGUE, all_metrics};
    use crate::words::terms::{term, terms_of};

    #[test]
    fn every_column_of_every_report_has_a_chinese_heading_and_no_two_are_alike() {
        for report in REPORTS {
            let own = report.own_names();
            let mut seen: Vec<(String, String)> = Vec::new();
            for name in own {
                let heading = chinese_heading(report.name(), name);
                let heading = heading.unwrap_or_else(|| {
                    panic!(
                        "`{}` of `{}` wants its line in src/words/headings.rs",
                        name,
                        report.name()
                    )
                });
                seen.push((heading.into_owned(), name.to_owned()));
            }
            if report.has_metrics() {
                let others =
                    all_metrics().filter(|it| !seen.iter().any(|seen| seen.1 == it.name()));
                let others: Vec<_> = others
                    .map(|it| (it.entry().chinese.to_owned(), it.name().into_owned()))
                    .filter(|it| !it.1.starts_with("past_"))
                    .collect();
                seen.extend(others);
            }
            seen.sort();
            for pair in seen.windows(2) {
                assert_ne!(pair[0].0, pair[1].0, "{} {pair:?}", report.name());
            }
        }
        let mut headings: Vec<_> = CATALOGUE.iter().map(|it| it.chinese).collect();
        headings.sort_unstable();
        headings.windows(2).for_each(|it| assert_ne!(it[0], it[1]));
    }

    #[test]
    fn every_word_of_a_column_of_its_own_has_its_chinese() {
        for report in REPORTS {
            for name in report.own_names() {
                let crate::answer::Form::Words(words) = report.form_of(name) else {
                    continue;
                };
                let terms = terms_of(report.name(), name);
                for word in words {
                    assert!(
                        term(terms, word).is_some(),
                        "`{word}` of `{name}` of `{}` wants its line in src/words/terms.rs",
                        report.name()
                    );
                }
            }
        }
    }
}
