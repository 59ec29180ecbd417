//! Who moved.

use super::{BothDays, SHOWN, section, told};
use crate::answer::{AnswerReader, MemoSection, MemoTable, Sheet};
use crate::metric::{Metric, Type, Value};
use crate::report::diff::{Between, Diff, DiffQuestion, DiffSide, FigurePair};
use crate::report::inside::{Inside, headed};
use crate::source::shell_word;
use crate::words::write_say;

/// What is compared.
const COMPARED: [FigurePair; 6] = [
    FigurePair::Exists,
    FigurePair::Metric(Metric::Lost),
    FigurePair::Metric(Metric::Owner),
    FigurePair::Metric(Metric::Tier),
    FigurePair::Metric(Metric::Settlement),
    FigurePair::Metric(Metric::Flags),
];

/// Returns the section of who came, went, and stands otherwise than before.
pub(super) fn moved(book: &BothDays<'_, '_>) -> MemoSection {
    let mut command = format!("diff {}", book.from());
    if let Some((rule, _)) = book.rule {
        command.push_str(" --where ");
        command.push_str(&shell_word(rule));
    }
    command.push_str(" --metrics lost,owner,tier,settlement,flags");
    let mut section = section("Who moved", "哪些客户有变动", book.now.command(&command));
    if book.now.by.revision.is_some() {
        // `diff` compares two days of the book as it is.
        section.commands.clear();
    }
    let diff = Diff::new(&DiffQuestion {
        from: side(book.then),
        to: side(book.now),
        between: Between::Days,
        under_from: None,
        metrics: &COMPARED,
        rule: book.rule.map(|it| it.1),
        reader: AnswerReader::Page,
        threads: book.now.threads,
    });
    let columns = [
        ("what", "变动"),
        ("id", "编号"),
        ("name", "名称"),
        ("before", "此前"),
        ("now", "现在"),
        ("cause", "成因"),
        ("row", "所在行"),
    ];
    let columns = columns.map(|(english, chinese)| headed(english, chinese, Type::Text));
    let mut sheet = Sheet::new(columns.to_vec());
    let policy = &book.now.loaded.policy;
    for change in diff.changes() {
        let kind = change.metric.kind();
        let value = |it: &Value<'static>| told(&change.metric.worded(policy, it), kind);
        let because = match &change.what {
            Some(what) => write_say!("{}: {what}", "{}：{what}", change.cause.called()),
            None => change.cause.called().to_owned(),
        };
        sheet.push([
            Value::text(change.metric.called()),
            Value::text(change.id.clone()),
            Value::text(change.name.clone()),
            value(&change.from),
            value(&change.to),
            Value::text(because),
            change.row.clone().into(),
        ]);
    }
    section.table(MemoTable::of(sheet).first(SHOWN));
    section
}

fn side<'s>(inside: &'s Inside<'_>) -> DiffSide<'s> {
    DiffSide {
        loaded: inside.loaded,
        files: inside.files,
        figures: &inside.figures,
    }
}
