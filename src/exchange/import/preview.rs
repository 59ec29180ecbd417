//! The outcome of an import as people read it, before anything is written.

use std::fmt::Write as _;

use super::matching::Step;
use super::outcome::{FileOutcome, Outcome};
use super::plan::counted;
use crate::exchange::headings::Into;
use crate::exchange::table::FileKind;
use crate::model::Money;
use crate::source::told;

/// How many conflicts and warnings are shown one by one.
const MOST_SHOWN: usize = 10;

/// Returns the preview, but for faults and warnings.
pub(crate) fn text(outcome: &Outcome, is_verbose: bool) -> String {
    let mut out = String::new();
    for file in &outcome.files {
        about_file(file, &mut out);
    }
    if outcome.data == 0 && !outcome.faults.is_empty() {
        return out;
    }
    let left: usize = outcome.left_out.values().sum();
    let reasons: Vec<String> = outcome
        .left_out
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    let reasons = if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join(", "))
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} = {} taken + {} refused + {left} left out{reasons}",
        counted(outcome.data, "line"),
        outcome.taken,
        outcome.refused
    );
    let rows = outcome.new_rows + outcome.there_rows;
    if outcome.into == Into::Log || rows > 0 {
        let mut line = format!(
            "{} = {} new + {} already there",
            counted(rows, "row"),
            outcome.new_rows,
            outcome.there_rows
        );
        if let Some((first, last)) = outcome.days {
            let kinds: Vec<String> = outcome
                .by_kind
                .iter()
                .map(|(kind, count)| counted(*count, kind))
                .collect();
            let _ = write!(
                line,
                "; new: {} of {}, {first} … {last}",
                kinds.join(", "),
                counted(outcome.row_customers, "customer")
            );
            if outcome.has_amounts {
                let _ = write!(line, ", {}", outcome.sum.grouped());
            }
        }
        let _ = writeln!(out, "{line}");
    }
    about_customers(outcome, is_verbose, &mut out);
    for file in &outcome.files {
        about_totals(file, &mut out);
        if !file.statuses.is_empty() {
            let all: Vec<String> = file
                .statuses
                .iter()
                .map(|(text, count)| format!("{} {count}", told(text)))
                .collect();
            let _ = writeln!(out, "statuses that are not known: {}", all.join(", "));
        }
    }
    if is_verbose && !outcome.notes_differ.is_empty() {
        let lines: Vec<String> = outcome
            .notes_differ
            .iter()
            .map(ToString::to_string)
            .collect();
        let _ = writeln!(
            out,
            "already there but for the note: lines {}",
            lines.join(", ")
        );
    }
    about_oddities(outcome, is_verbose, &mut out);
    out
}

/// Tells of conflicts and warnings, of the first ones unless all are wanted.
fn about_oddities(outcome: &Outcome, is_verbose: bool, out: &mut String) {
    let shown = if is_verbose { usize::MAX } else { MOST_SHOWN };
    for (id, conflict, place) in outcome.conflicts.iter().take(shown) {
        let place = place.as_ref().map(ToString::to_string).unwrap_or_default();
        let kept = if conflict.is_overwritten {
            "is overwritten"
        } else {
            "stays"
        };
        let _ = writeln!(
            out,
            "conflict: {id} {}: the book's `{}` {kept}, the file has `{}` ({})",
            conflict.field,
            told(&conflict.book),
            told(&conflict.file),
            told(&place)
        );
    }
    if let Some(more) = outcome
        .conflicts
        .len()
        .checked_sub(shown)
        .filter(|it| *it > 0)
    {
        let _ = writeln!(out, "… and {more} more, `-v` lists all");
    }
    for warning in outcome.warnings.iter().take(shown) {
        let _ = writeln!(
            out,
            "warning[{}]: {} ({})",
            warning.refusal.code(),
            told(warning.refusal.message.spoken()),
            told(&warning.refusal.place.to_string())
        );
    }
    if let Some(more) = outcome
        .warnings
        .len()
        .checked_sub(shown)
        .filter(|it| *it > 0)
    {
        let _ = writeln!(out, "… and {more} more warnings, `-v` lists all");
    }
}

fn about_file(file: &FileOutcome, out: &mut String) {
    let Some(kind) = file.kind else {
        let _ = writeln!(out, "{}", told(&file.file));
        return;
    };
    let mut line = format!("{}: {}", told(&file.file), kind.word());
    if let Some(encoding) = &file.encoding {
        let _ = write!(line, ", {encoding}");
    }
    if let Some(sheet) = &file.sheet {
        let _ = write!(line, ", sheet `{}`", told(sheet));
    }
    if let Some(row) = file.header_row {
        let what = if kind == FileKind::Delimited {
            "line"
        } else {
            "row"
        };
        let _ = write!(line, ", headings in {what} {row}");
        match row {
            1 => {}
            2 => {
                let _ = write!(line, " ({what} 1 is a title)");
            }
            row => {
                let _ = write!(line, " ({what}s 1–{} are a title)", row - 1);
            }
        }
    }
    let _ = writeln!(out, "{line}");
    if !file.samples.is_empty() {
        let samples: Vec<String> = file
            .samples
            .iter()
            .map(|it| format!("`{}`", told(it)))
            .collect();
        let _ = writeln!(out, "  read as {}", samples.join(", "));
    }
    let taken = file.columns.iter().filter_map(|it| {
        let target = it.target.as_ref()?;
        let times = match it.power {
            Some(power) if power > 0 => {
                format!(
                    " × {}",
                    Money::whole(10_i64.pow(power))
                        .grouped()
                        .trim_end_matches(".00")
                )
            }
            _ => String::new(),
        };
        Some(format!(
            "{} {} = {target}{times}",
            it.letters,
            told(&it.heading)
        ))
    });
    let taken: Vec<String> = taken.collect();
    if !taken.is_empty() {
        let _ = writeln!(out, "  {}", taken.join("    "));
    }
    if let Some((cell, text)) = &file.unit {
        let _ = writeln!(
            out,
            "  `{}` in {cell} holds for amounts without a unit",
            told(text)
        );
    }
    let others: Vec<String> = file
        .columns
        .iter()
        .filter(|it| it.target.is_none() && !it.heading.is_empty())
        .map(|it| match it.reason.as_deref() {
            None | Some("unknown") => format!("{} {}", it.letters, told(&it.heading)),
            Some(reason) => format!("{} {} ({reason})", it.letters, told(&it.heading)),
        })
        .collect();
    if !others.is_empty() {
        let _ = writeln!(out, "  not taken: {}", others.join(", "));
    }
}

fn about_totals(file: &FileOutcome, out: &mut String) {
    for total in &file.totals {
        if total.stated == total.summed || total.stated == total.with_left_out {
            let with = if total.stated == total.summed {
                ""
            } else {
                " with those left out"
            };
            let cell = &total.cell;
            let _ = writeln!(
                out,
                "the total in {cell}, {}, agrees with the lines above{with}",
                total.stated.grouped()
            );
        }
    }
}

fn about_customers(outcome: &Outcome, is_verbose: bool, out: &mut String) {
    let mut parts = Vec::new();
    for step in Step::ALL {
        let found = &outcome.found[step as usize];
        if found.is_empty() {
            continue;
        }
        let word = match step {
            Step::Id => "by id",
            Step::Name => "by name",
            Step::Alias => "by alias",
            Step::Form => "without company form",
        };
        let mut part = format!("{} {word}", found.len());
        if step == Step::Form || is_verbose {
            let shown = if is_verbose { usize::MAX } else { 1 };
            let pairs: Vec<String> = found
                .iter()
                .take(shown)
                .map(|(id, text)| format!("{} → {id}", told(text)))
                .collect();
            let more = if found.len() > shown {
                ", … `-v` lists all"
            } else {
                ""
            };
            let _ = write!(part, " ({}{more})", pairs.join(", "));
        }
        parts.push(part);
    }
    if outcome.new_customers > 0 {
        parts.push(format!("{} new", outcome.new_customers));
    }
    if !parts.is_empty() {
        let _ = writeln!(out, "customers: {}", parts.join(", "));
    }
    if outcome.into == Into::Customers {
        let _ = writeln!(
            out,
            "{} = {} new + {} filled + {} the same; {}",
            counted(
                outcome.new_customers + outcome.filled + outcome.same,
                "customer"
            ),
            outcome.new_customers,
            outcome.filled,
            outcome.same,
            counted(outcome.conflicts.len(), "conflict")
        );
    }
}
