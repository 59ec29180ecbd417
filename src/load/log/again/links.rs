//! Messages about refs that name nothing, or too much.

use std::collections::BTreeMap;

use super::row_text::RowTextsPass;
use crate::diagnostic::{
    self as fault, Alike, Diagnostic, Diagnostics, Fault, Severity, did_you_mean,
};
use crate::load::log::LogFile;
use crate::load::log::order::{BrokenLink, LinkFault};
use crate::model::{KindTable, LogColumn};
use crate::source::{Files, Place, clipped};
use crate::words::{Phrase, both};

/// Adds the faults of wrong refs, and counts those of which no more is known; their rows are read once
/// more, in one pass.
pub(in crate::load::log) fn describe_all(
    files: &dyn Files,
    logs: &[LogFile],
    ids: &[&str],
    kinds: &KindTable,
    (broken, more_broken): (&[BrokenLink], &BTreeMap<(LinkFault, u32), usize>),
    threads: usize,
    diagnostics: &mut Diagnostics,
) {
    let origins = broken.iter().flat_map(|it| [Some(it.origin), it.other]);
    let texts = RowTextsPass::read(files, logs, origins.flatten(), threads);
    for broken in broken {
        let customer = ids[broken.customer as usize];
        let kind = &kinds.kind(broken.kind).name;
        let diagnostic = describe(&texts, customer, kind, broken);
        diagnostics.push(diagnostic.in_column(LogColumn::Ref.name()));
    }
    for ((fault, log), count) in more_broken {
        let alike = Alike::of(fault.fault(), Some(LogColumn::Ref.name()));
        let path = logs.get(*log as usize).map_or("", |log| &log.path);
        match alike {
            Some(alike) => diagnostics.count_alike(path, alike, *count),
            None => diagnostics.count_unlisted(Severity::Error, *count),
        }
    }
}

impl LinkFault {
    fn fault(self) -> &'static Fault {
        match self {
            Self::Unknown => fault::UNKNOWN_REF,
            Self::Twice => fault::REF_TWICE,
            Self::Before => fault::ANSWER_BEFORE,
        }
    }
}

fn describe(texts: &RowTextsPass, customer: &str, kind: &str, broken: &BrokenLink) -> Diagnostic {
    let family = broken.family.word();
    let place = texts.place(broken.origin, Some(LogColumn::Ref));
    let place = place.unwrap_or_else(|| Place::file("interactions"));
    let cells = texts.cells(broken.origin);
    let reference = cells.map(|cells| cells.text(LogColumn::Ref));
    let reference = clipped(reference.as_deref().unwrap_or_default()).into_owned();
    let second = |label: Phrase| {
        let place = texts.place(broken.other?, Some(LogColumn::Ref))?;
        Some((place, label.into()))
    };
    match broken.fault {
        LinkFault::Unknown => {
            let message = both!(
                "`{customer}` has no {} `{reference}`",
                "客户 `{customer}` 没有{} `{reference}`",
                family
            );
            let help = broken.near.as_ref().map_or_else(
                || {
                    both!(
                        "add the row that opens the {}, or correct the ref",
                        "补上登记这个{}的那一行，或改正单号",
                        family
                    )
                },
                |near| did_you_mean(near),
            );
            Diagnostic::new(fault::UNKNOWN_REF, message, place)
                .label(both!(
                    "`{kind}` names the {} it belongs to",
                    "`{kind}` 要写明属于哪个{}",
                    family
                ))
                .help(help)
        }
        LinkFault::Twice => {
            let message = both!(
                "{} `{reference}` is entered twice",
                "{} `{reference}` 登记了两次",
                family
            );
            let mut diagnostic = Diagnostic::new(fault::REF_TWICE, message, place).help(Phrase(
                "give one of them its own ref, or remove the copy",
                "给其中一个换单号，或删去多余的一行",
            ));
            diagnostic.second = second(Phrase("first entered here", "第一次登记在这里"));
            diagnostic
        }
        LinkFault::Before => {
            let message = both!(
                "this `{kind}` is dated before its {} `{reference}`",
                "这一行 `{kind}` 的日期早于所属的{} `{reference}`",
                family
            );
            let mut diagnostic = Diagnostic::new(fault::ANSWER_BEFORE, message, place)
                .help(Phrase("correct one of the two dates", "改正其中一个日期"));
            diagnostic.second = second(Phrase(
                "entered here, for a later day",
                "登记在这里，日期更晚",
            ));
            diagnostic
        }
    }
}
