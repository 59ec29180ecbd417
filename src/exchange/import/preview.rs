//! The outcome of an import as people read it, before anything is written.

use super::file_plan::NotTaken;
use std::fmt::Write as _;

use super::matching::MatchStep;
use super::outcome::{FileOutcome, ImportOutcome};
use crate::exchange::headings::Into;
use crate::exchange::table::FileKind;
use crate::model::Money;
use crate::source::told;
use crate::words::{counts_in, grouped, write_say, written};

/// How many conflicts and warnings are shown one by one.
const MOST_SHOWN: usize = 10;

/// Returns the preview, but for faults and warnings.
pub(crate) fn text(outcome: &ImportOutcome, is_verbose: bool) -> String {
    let mut out = String::new();
    for file in &outcome.files {
        about_file(file, &mut out);
    }
    if outcome.data == 0 && !outcome.faults.is_empty() {
        return out;
    }
    let left: usize = outcome.left_out.values().sum();
    let left = grouped(left);
    let reasons: Vec<String> = outcome
        .left_out
        .iter()
        .map(|(reason, count)| {
            let called = left_out_called(reason);
            let count = grouped(*count);
            write_say!("{count} {reason}", "{called} {count}")
        })
        .collect();
    let reasons = if reasons.is_empty() {
        String::new()
    } else {
        write_say!(" ({})", "（{}）", reasons.join(comma()))
    };
    // Writing to a string cannot fail.
    let line = write_say!(
        "{} = {} taken + {} refused + {left} left out{reasons}",
        "{} = 采用 {} + 拒绝 {} + 略去 {left}{reasons}",
        counts(outcome.data, "line", "行"),
        grouped(outcome.taken),
        grouped(outcome.refused),
    );
    let _ = writeln!(out, "{line}");
    let rows = outcome.new_rows + outcome.there_rows;
    if outcome.into == Into::Log || rows > 0 {
        let mut line = write_say!(
            "{} = {} new + {} already there",
            "{} = 新增 {} + 已有 {}",
            counts(rows, "row", "条记录"),
            grouped(outcome.new_rows),
            grouped(outcome.there_rows)
        );
        if let Some((first, last)) = outcome.days {
            let kinds: Vec<String> = outcome
                .by_kind
                .iter()
                .map(|(_, called, count)| {
                    counts(*count, called.english(), &format!("条{}", called.chinese()))
                })
                .collect();
            line.push_str(&write_say!(
                "; new: {} of {}, {first} … {last}",
                "；新增：{1}的 {0}，{first} … {last}",
                kinds.join(comma()),
                counts(outcome.row_customers, "customer", "家客户")
            ));
            if outcome.has_amounts {
                line.push_str(written().pick(", ", "，"));
                line.push_str(&outcome.sum.grouped());
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
                .map(|(text, count)| format!("{} {}", told(text), grouped(*count)))
                .collect();
            let all = all.join(comma());
            let line = write_say!("statuses that are not known: {all}", "未识别的状态：{all}");
            let _ = writeln!(out, "{line}");
        }
    }
    if is_verbose && !outcome.notes_differ.is_empty() {
        let lines: Vec<String> = outcome
            .notes_differ
            .iter()
            .map(ToString::to_string)
            .collect();
        let lines = lines.join(comma());
        let line = write_say!(
            "already there but for the note: lines {lines}",
            "除备注外已有的行：{lines}"
        );
        let _ = writeln!(out, "{line}");
    }
    about_oddities(outcome, is_verbose, &mut out);
    out
}

/// Tells of conflicts and warnings, of the first ones unless all are wanted.
fn about_oddities(outcome: &ImportOutcome, is_verbose: bool, out: &mut String) {
    let shown = if is_verbose { usize::MAX } else { MOST_SHOWN };
    for (id, conflict, place) in outcome.conflicts.iter().take(shown) {
        let place = place.as_ref().map(ToString::to_string).unwrap_or_default();
        let kept = if conflict.is_overwritten {
            written().pick("is overwritten", "将被覆盖")
        } else {
            written().pick("stays", "保留")
        };
        let line = write_say!(
            "conflict: {id} {}: the book's `{}` {kept}, the file has `{}` ({})",
            "冲突：{id} {}：账本为 `{}`（{kept}），文件为 `{}`（{}）",
            conflict.field,
            told(&conflict.book),
            told(&conflict.file),
            told(&place)
        );
        let _ = writeln!(out, "{line}");
    }
    if let Some(more) = outcome
        .conflicts
        .len()
        .checked_sub(shown)
        .filter(|it| *it > 0)
    {
        let more = grouped(more);
        let line = write_say!(
            "… and {more} more, `-v` lists all",
            "……另有 {more} 处，`-v` 全部列出"
        );
        let _ = writeln!(out, "{line}");
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
        let more = counts(more, "more warning", "个警告");
        let line = write_say!(
            "… and {more}, `-v` lists all",
            "……另有 {more}，`-v` 全部列出"
        );
        let _ = writeln!(out, "{line}");
    }
}

fn about_file(file: &FileOutcome, out: &mut String) {
    let Some(kind) = file.kind else {
        let _ = writeln!(out, "{}", told(&file.file));
        return;
    };
    let mut line = write_say!("{}: {}", "{}：{}", told(&file.file), kind.word());
    if let Some(encoding) = &file.encoding {
        line.push_str(comma());
        line.push_str(encoding);
    }
    if let Some(sheet) = &file.sheet {
        line.push_str(&write_say!(", sheet `{}`", "，工作表 `{}`", told(sheet)));
    }
    if let Some(row) = file.header_row {
        let what = if kind == FileKind::Delimited {
            "line"
        } else {
            "row"
        };
        line.push_str(&write_say!(
            ", headings in {what} {row}",
            "，表头在第 {row} 行"
        ));
        line.push_str(&match row {
            1 => String::new(),
            2 => write_say!(" ({what} 1 is a title)", "（第 1 行为标题）"),
            row => write_say!(
                " ({what}s 1–{} are a title)",
                "（第 1–{} 行为标题）",
                row - 1
            ),
        });
    }
    let _ = writeln!(out, "{line}");
    if !file.samples.is_empty() {
        let samples: Vec<String> = file
            .samples
            .iter()
            .map(|it| format!("`{}`", told(it)))
            .collect();
        let samples = samples.join(written().pick(", ", "、"));
        let line = write_say!("  read as {samples}", "  读作 {samples}");
        let _ = writeln!(out, "{line}");
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
        let line = write_say!(
            "  `{}` in {cell} holds for amounts without a unit",
            "  {cell} 的 `{}` 适用于没有写单位的金额",
            told(text)
        );
        let _ = writeln!(out, "{line}");
    }
    let others: Vec<String> = file
        .columns
        .iter()
        .filter(|it| it.target.is_none() && !it.heading.is_empty())
        .map(|it| match &it.reason {
            None | Some(NotTaken::Unknown) => format!("{} {}", it.letters, told(&it.heading)),
            Some(NotTaken::Because(reason)) => {
                let reason = reason.written();
                write_say!(
                    "{} {} ({reason})",
                    "{} {}（{reason}）",
                    it.letters,
                    told(&it.heading)
                )
            }
        })
        .collect();
    if !others.is_empty() {
        let others = others.join(written().pick(", ", "、"));
        let line = write_say!("  not taken: {others}", "  未采用：{others}");
        let _ = writeln!(out, "{line}");
    }
}

fn about_totals(file: &FileOutcome, out: &mut String) {
    for total in &file.totals {
        if total.stated == total.summed || total.stated == total.with_left_out {
            let with = if total.stated == total.summed {
                ""
            } else {
                written().pick(" with those left out", "（含略去的行）")
            };
            let cell = &total.cell;
            let line = write_say!(
                "the total in {cell}, {}, agrees with the lines above{with}",
                "{cell} 的合计 {} 与上面各行相符{with}",
                total.stated.grouped()
            );
            let _ = writeln!(out, "{line}");
        }
    }
}

fn about_customers(outcome: &ImportOutcome, is_verbose: bool, out: &mut String) {
    let mut parts = Vec::new();
    for step in MatchStep::ALL {
        let found = &outcome.found[step as usize];
        if found.is_empty() {
            continue;
        }
        let word = match step {
            MatchStep::Id => written().pick("by id", "按编号"),
            MatchStep::Name => written().pick("by name", "按名称"),
            MatchStep::Alias => written().pick("by alias", "按别名"),
            MatchStep::Form => written().pick("without company form", "不计公司形式"),
        };
        let mut part = write_say!("{0} {word}", "{word} {0}", grouped(found.len()));
        if step == MatchStep::Form || is_verbose {
            let shown = if is_verbose { usize::MAX } else { 1 };
            let pairs: Vec<String> = found
                .iter()
                .take(shown)
                .map(|(id, text)| format!("{} → {id}", told(text)))
                .collect();
            let more = if found.len() > shown {
                written().pick(", … `-v` lists all", "，…… `-v` 全部列出")
            } else {
                ""
            };
            let pairs = pairs.join(comma());
            part.push_str(&write_say!(" ({pairs}{more})", "（{pairs}{more}）"));
        }
        parts.push(part);
    }
    if outcome.new_customers > 0 {
        parts.push(write_say!(
            "{} new",
            "新增 {}",
            grouped(outcome.new_customers)
        ));
    }
    if !parts.is_empty() {
        let parts = parts.join(comma());
        let line = write_say!("customers: {parts}", "客户：{parts}");
        let _ = writeln!(out, "{line}");
    }
    if outcome.into == Into::Customers {
        let line = write_say!(
            "{} = {} new + {} filled + {} the same; {}",
            "{} = 新增 {} + 补填 {} + 相同 {}；{}",
            counts(
                outcome.new_customers + outcome.filled + outcome.same,
                "customer",
                "家客户"
            ),
            grouped(outcome.new_customers),
            grouped(outcome.filled),
            grouped(outcome.same),
            counts(outcome.conflicts.len(), "conflict", "处冲突")
        );
        let _ = writeln!(out, "{line}");
    }
}

/// Returns a count with its word in the language of the answer.
fn counts(count: usize, english: &str, chinese: &str) -> String {
    counts_in(written(), count, english, chinese)
}

fn comma() -> &'static str {
    written().pick(", ", "、")
}

/// Returns the Chinese of why lines were left out.
fn left_out_called(reason: &str) -> &str {
    match reason {
        "footer" => "页脚",
        "comment" => "注释",
        "heading" => "重复表头",
        "skip" => "按 --skip",
        "total" => "合计行",
        "blank" => "空行",
        "zero" => "金额为零",
        "status" => "状态",
        "unmapped-kind" => "未对应的类型",
        other => other,
    }
}
