//! A mapping saved in the policy: `[import.NAME]`.

use std::fmt::Write as _;

use toml_edit::DocumentMut;

use crate::change::{Desk, FileEdit};
use crate::model::check_id;
use crate::policy::SavedImport;
use crate::session::hint::hinted;
use crate::source::{POLICY_FILE, told};
use crate::toml_table::{quoted, quoted_key, quoted_list};
use crate::words::say;

/// Returns the edit of the policy that saves a mapping under a name, in the place of one of that name.
///
/// # Errors
/// If the name is none, or the policy cannot be read.
pub(super) fn edit(desk: &Desk, name: &str, saved: &SavedImport) -> anyhow::Result<FileEdit> {
    if let Err(fault) = check_id(name) {
        return Err(hinted(
            say!(
                "the name `{}` {}",
                "名称 `{}` {}",
                told(name),
                fault.reason().spoken()
            ),
            None,
        ));
    }
    let old = desk.text(POLICY_FILE)?.unwrap_or_default();
    let mut document: DocumentMut = old.parse()?;
    let mut text = old.clone();
    if let Some(imports) = document
        .get_mut("import")
        .and_then(|it| it.as_table_like_mut())
        && imports.remove(name).is_some()
    {
        if imports.is_empty() {
            document.remove("import");
        }
        text = document.to_string();
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    if !text.trim().is_empty() {
        text.push_str(line_end);
    }
    text.push_str(&block(name, saved).replace('\n', line_end));
    Ok(FileEdit::replace(POLICY_FILE, old, text))
}

/// Writes the tables of a mapping.
fn block(name: &str, saved: &SavedImport) -> String {
    let header = format!("import.{}", quoted_key(name));
    let mut out = format!("[{header}]\ninto = {}\n", quoted(&saved.into));
    // Writing to a string cannot fail.
    let texts = [
        ("sheet", &saved.sheet),
        ("encoding", &saved.encoding),
        ("separator", &saved.separator),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            let _ = writeln!(out, "{key} = {}", quoted(text));
        }
    }
    if let Some(row) = saved.header_row {
        let _ = writeln!(out, "header_row = {row}");
    }
    if !saved.read.is_empty() {
        let _ = writeln!(out, "read = {}", quoted_list(&saved.read));
    }
    if saved.create {
        out.push_str("create = true\n");
    }
    let pairs = |pairs: &[(String, String)]| {
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(key, text)| format!("{} = {}", quoted_key(key), quoted(text)))
            .collect();
        pairs.join("\n") + "\n"
    };
    for (key, all) in [("map", &saved.map), ("set", &saved.set)] {
        if !all.is_empty() {
            let _ = write!(out, "\n[{header}.{key}]\n{}", pairs(all));
        }
    }
    let mut skips: Vec<(&str, Vec<String>)> = Vec::new();
    for (heading, texts) in &saved.skip {
        match skips.iter_mut().find(|it| it.0 == heading) {
            Some(known) => known.1.extend(texts.iter().cloned()),
            None => skips.push((heading, texts.clone())),
        }
    }
    if !skips.is_empty() {
        let _ = writeln!(out, "\n[{header}.skip]");
        for (heading, texts) in skips {
            let _ = writeln!(out, "{} = {}", quoted_key(heading), quoted_list(&texts));
        }
    }
    let mut values: Vec<(&str, Vec<(String, String)>)> = Vec::new();
    for (heading, texts) in &saved.values {
        let at = values
            .iter()
            .position(|it| it.0 == heading)
            .unwrap_or_else(|| {
                values.push((heading, Vec::new()));
                values.len() - 1
            });
        for pair in texts {
            if !values[at].1.iter().any(|it| it.0 == pair.0) {
                values[at].1.push(pair.clone());
            }
        }
    }
    for (heading, texts) in values {
        let _ = write!(
            out,
            "\n[{header}.values.{}]\n{}",
            quoted_key(heading),
            pairs(&texts)
        );
    }
    out
}
