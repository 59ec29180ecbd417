//! Who moved.

use super::{Book, SHOWN, quoted, section, told};
use crate::answer::{Section, Sheet, Table};
use crate::metric::{Metric, Type, Value};
use crate::report::diff::{Between, Compared, Diff, Question, Side};
use crate::report::inside::{Inside, headed};

/// What is compared.
const COMPARED: [Compared; 6] = [
    Compared::Exists,
    Compared::Metric(Metric::Lost),
    Compared::Metric(Metric::Owner),
    Compared::Metric(Metric::Tier),
    Compared::Metric(Metric::Settlement),
    Compared::Metric(Metric::Flags),
];

/// Returns the section of who came, went, and stands otherwise than before.
pub(super) fn moved(book: &Book<'_, '_>) -> Section {
    let mut command = format!("guanxi diff {}", book.from());
    if let Some((rule, _)) = book.rule {
        command.push_str(" --where ");
        command.push_str(&quoted(rule));
    }
    command.push_str(" --metrics lost,owner,tier,settlement,flags --as-of ");
    command.push_str(&book.now.day().to_string());
    let mut section = section("Who moved", command);
    let diff = Diff::new(&Question {
        from: side(book.then),
        to: side(book.now),
        between: Between::Days,
        under_from: None,
        metrics: &COMPARED,
        rule: book.rule.map(|it| it.1),
        threads: book.now.threads,
    });
    let columns = ["what", "id", "name", "before", "now", "cause", "row"];
    let columns = columns.map(|it| headed(it, Type::Text));
    let mut sheet = Sheet::new(columns.to_vec());
    for change in diff.changes() {
        let kind = change.metric.kind();
        let because = match &change.what {
            Some(what) => format!("{}: {what}", change.cause.word()),
            None => change.cause.word().to_owned(),
        };
        sheet.push([
            Value::text(change.metric.name()),
            Value::text(change.id.clone()),
            Value::text(change.name.clone()),
            told(&change.from, kind),
            told(&change.to, kind),
            Value::text(because),
            change.row.clone().into(),
        ]);
    }
    section.table(Table::of(sheet).first(SHOWN));
    section
}

fn side<'s>(inside: &'s Inside<'_>) -> Side<'s> {
    Side {
        loaded: inside.loaded,
        files: inside.files,
        figures: &inside.figures,
    }
}
