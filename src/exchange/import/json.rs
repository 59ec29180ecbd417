//! The outcome of an import as data: `import/1`.

use super::matching::MatchStep;
use super::outcome::{FileOutcome, ImportOutcome, PlacedFault};
use crate::answer::{Document, Envelope, Form};
use crate::diagnostic::Severity;
use crate::exchange::table::FileKind;
use crate::metric::{Type, Value};
use crate::model::Money;

/// Returns the outcome as data.
pub(crate) fn document(outcome: &ImportOutcome) -> Document {
    let customers = [
        ("new", outcome.new_customers),
        ("filled", outcome.filled),
        ("same", outcome.same),
        ("conflicts", outcome.conflicts.len()),
    ];
    let matched = MatchStep::ALL.map(|step| (step.word(), count(outcome.matched[step as usize])));
    let by_kind = outcome
        .by_kind
        .iter()
        .map(|(kind, _, number)| (kind.as_str(), count(*number)));
    let left_out = outcome
        .left_out
        .iter()
        .map(|(reason, number)| (*reason, count(*number)));
    let document = Document::object([
        (
            "files",
            Document::List(outcome.files.iter().map(file).collect()),
        ),
        (
            "lines",
            Document::object([
                ("data", count(outcome.data)),
                ("taken", count(outcome.taken)),
                ("refused", count(outcome.refused)),
                ("left_out", Document::object(left_out)),
            ]),
        ),
        (
            "rows",
            Document::object([
                ("new", count(outcome.new_rows)),
                ("there", count(outcome.there_rows)),
                ("by_kind", Document::object(by_kind)),
            ]),
        ),
        (
            "customers",
            Document::object(customers.map(|(name, number)| (name, count(number)))),
        ),
        ("matched", Document::object(matched)),
        (
            "faults",
            Document::List(outcome.faults.iter().map(fault).collect()),
        ),
        (
            "warnings",
            Document::List(outcome.warnings.iter().map(warning).collect()),
        ),
        (
            "written",
            (Value::Bool(outcome.is_written), Type::Bool).into(),
        ),
    ]);
    let envelope = Envelope {
        as_of: Some(outcome.as_of),
        ..Envelope::named("import")
    };
    envelope.around(document)
}

/// Returns the form of the outcome.
pub(crate) fn form() -> Form {
    let counts = |names: &[&'static str]| Form::object(names.iter().map(|it| (*it, Form::Count)));
    let text = || Form::Value(Type::Text);
    let place = || Form::object([("sheet", text()), ("cell", text())]);
    let columns = [
        ("column", Form::Text),
        ("heading", Form::Text),
        ("target", text()),
        ("reason", text()),
    ];
    let totals = [
        ("cell", Form::Text),
        ("stated", Form::Value(Type::Money)),
        ("summed", Form::Value(Type::Money)),
        ("with_left_out", Form::Value(Type::Money)),
    ];
    let unit = Form::object([("cell", Form::Text), ("text", Form::Text)]);
    let file = Form::object([
        ("file", Form::Text),
        ("type", text()),
        ("encoding", text()),
        ("sheet", text()),
        ("header_row", Form::Value(Type::Number)),
        ("unit", unit.or_nothing()),
        ("columns", Form::list(Form::object(columns))),
        ("totals", Form::list(Form::object(totals))),
        ("status", Form::map(Form::Count)),
    ]);
    let severities = [Severity::Error, Severity::Warning];
    let fault = Form::object([
        (
            "severity",
            Form::Words(severities.map(Severity::word).to_vec()),
        ),
        ("code", Form::Text),
        ("message", Form::Text),
        ("file", Form::Text),
        ("line", Form::Value(Type::Number)),
        ("column", Form::Value(Type::Number)),
        ("help", text()),
        ("place", place()),
        ("near", Form::list(Form::Text)),
    ]);
    let warning = Form::object([
        ("code", Form::Text),
        ("place", place()),
        ("message", Form::Text),
    ]);
    let lines = counts(&["data", "taken", "refused"]);
    let rows = counts(&["new", "there"]);
    Form::object([
        ("files", Form::list(file)),
        (
            "lines",
            lines.and(Form::object([("left_out", Form::map(Form::Count))])),
        ),
        (
            "rows",
            rows.and(Form::object([("by_kind", Form::map(Form::Count))])),
        ),
        ("customers", counts(&["new", "filled", "same", "conflicts"])),
        ("matched", counts(&MatchStep::ALL.map(MatchStep::word))),
        ("faults", Form::list(fault)),
        ("warnings", Form::list(warning)),
        ("written", Form::Yes),
    ])
}

fn count(number: usize) -> Document {
    Document::Value(Value::count(number), Type::Number)
}

fn text(text: Option<impl Into<String>>) -> Document {
    match text {
        Some(text) => Document::text(text),
        None => Document::Value(Value::Unknown, Type::Text),
    }
}

fn number(number: Option<u64>) -> Document {
    match number {
        Some(number) => count(usize::try_from(number).unwrap_or(usize::MAX)),
        None => Document::Value(Value::Unknown, Type::Number),
    }
}

fn money(amount: Money) -> Document {
    (Value::Money(amount), Type::Money).into()
}

fn file(file: &FileOutcome) -> Document {
    let columns = file.columns.iter().map(|it| {
        Document::object([
            ("column", Document::text(it.letters.clone())),
            ("heading", Document::text(it.heading.clone())),
            ("target", text(it.target.clone())),
            (
                "reason",
                text(it.reason.as_ref().map(|it| it.word().to_owned())),
            ),
        ])
    });
    let totals = file.totals.iter().map(|it| {
        Document::object([
            ("cell", Document::text(it.cell.clone())),
            ("stated", money(it.stated)),
            ("summed", money(it.summed)),
            ("with_left_out", money(it.with_left_out)),
        ])
    });
    let status = file
        .statuses
        .iter()
        .map(|(text, number)| (text.as_str(), count(*number)));
    let unit = match &file.unit {
        Some((cell, written)) => Document::object([
            ("cell", Document::text(cell.clone())),
            ("text", Document::text(written.clone())),
        ]),
        None => Document::Value(Value::Unknown, Type::Text),
    };
    Document::object([
        ("file", Document::text(file.file.clone())),
        ("type", text(file.kind.map(FileKind::word))),
        ("encoding", text(file.encoding.clone())),
        ("sheet", text(file.sheet.clone())),
        ("header_row", number(file.header_row)),
        ("unit", unit),
        ("columns", Document::List(columns.collect())),
        ("totals", Document::List(totals.collect())),
        ("status", Document::object(status)),
    ])
}

fn place(told: &PlacedFault) -> Document {
    Document::object([
        ("sheet", text(told.refusal.place.sheet().map(str::to_owned))),
        ("cell", text(told.cell.clone())),
    ])
}

fn fault(told: &PlacedFault) -> Document {
    let it = &told.refusal;
    Document::object([
        ("severity", Document::text(it.fault.fault.severity.word())),
        ("code", Document::text(it.code())),
        ("message", Document::text(it.message.english())),
        ("file", Document::text(it.place.file().to_string())),
        ("line", number(it.place.line())),
        ("column", number(it.place.column().map(|it| it as u64))),
        (
            "help",
            text(it.help.as_ref().map(|it| it.english().to_owned())),
        ),
        ("place", place(told)),
        ("near", Document::texts(it.near.iter().cloned())),
    ])
}

fn warning(told: &PlacedFault) -> Document {
    Document::object([
        ("code", Document::text(told.refusal.code())),
        ("place", place(told)),
        ("message", Document::text(told.refusal.message.english())),
    ])
}
