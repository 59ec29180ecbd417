//! `guanxi merge-driver`: one of git's three versions made of the two others.

use std::io;
use std::path::Path;

use anyhow::Context as _;

use crate::change::merge::{
    ConflictMarks, Merged, NotMerged, TomlKind, Versions, merge_log, merge_toml,
};
use crate::cli::Console;
use crate::cli::args::MergeDriverArgs;
use crate::cli::outcome::Outcome;
use crate::folder::git::GitError;
use crate::folder::versions::{LineMerge, merge_lines, read_version, write_version};
use crate::source::{CUSTOMERS, POLICY_FILE, STAFF_FILE, escaped};
use crate::words::say;

/// What a file is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MergedKind {
    Log,
    Customers,
    Staff,
    Other,
}

pub(super) fn run(args: &MergeDriverArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let path = args.path.as_deref().unwrap_or(&args.ours);
    let shown = escaped(&path.to_string_lossy()).into_owned();
    let read = |path: &Path| {
        let context = || say!("cannot read `{}`", "无法读取 `{}`", path.display());
        read_version(path).with_context(context)
    };
    let (ours, theirs) = (read(&args.ours)?, read(&args.theirs)?);
    // Both sides may have made the file; what cannot be read for another reason is not taken for that.
    let base = match read_version(&args.base) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(_) => read(&args.base)?,
        Ok(base) => base,
    };
    let versions = Versions {
        base: &base,
        ours: &ours,
        theirs: &theirs,
    };
    let marks = marks(args);
    let by_lines = || {
        let labels = [&marks.ours, &marks.base, &marks.theirs].map(String::as_str);
        // A base that is no text counts as empty, as one that is not there.
        let base_path = if base.contains(&0) {
            Path::new("")
        } else {
            &args.base
        };
        merge_lines(&args.ours, base_path, &args.theirs, marks.size, labels)
    };
    let merged = match kind_of(path) {
        MergedKind::Log => merge_log(versions, &marks),
        MergedKind::Customers => by_keys(TomlKind::Customers, path, versions, &by_lines, &marks),
        MergedKind::Staff => by_keys(TomlKind::Staff, path, versions, &by_lines, &marks),
        MergedKind::Other => {
            let merged = by_lines()?;
            write_over(&args.ours, &ours, &merged.bytes)?;
            return Ok(told(merged.has_conflicts));
        }
    };
    match merged {
        Ok(merged) => {
            for note in &merged.notes {
                console.note(&format!("{}\n", escaped(note)));
            }
            tell_conflicts(&merged, &shown, console);
            write_over(&args.ours, &ours, merged.text.as_bytes())?;
            Ok(told(merged.conflicts > 0))
        }
        Err(reason) => {
            let lines = by_lines()?;
            let reason = reason.to_string();
            console.note(&say!(
                "{shown}: merged line by line, to be looked through: {}\n",
                "{shown}：已逐行合并，请通读一遍：{}\n",
                escaped(&reason)
            ));
            write_over(&args.ours, &ours, &lines.bytes)?;
            Ok(Outcome::Found)
        }
    }
}

/// Merges a file of keys; git's own merge of lines is the result where it says the same.
fn by_keys(
    kind: TomlKind,
    path: &Path,
    versions: Versions<'_>,
    by_lines: &dyn Fn() -> Result<LineMerge, GitError>,
    marks: &ConflictMarks,
) -> Result<Merged, NotMerged> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let lines = by_lines().ok().filter(|lines| !lines.has_conflicts);
    let lines = lines.and_then(|lines| String::from_utf8(lines.bytes).ok());
    merge_toml(kind, &stem, versions, lines.as_deref(), marks)
}

/// Tells what a file is: by its ending, and where two kinds have one, by its folder.
fn kind_of(path: &Path) -> MergedKind {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let customers = CUSTOMERS.trim_end_matches('/');
    let mut folders = path.parent().into_iter().flat_map(Path::components);
    let is_customer = folders.any(|folder| folder.as_os_str() == customers);
    if name.ends_with(".csv") {
        MergedKind::Log
    } else if name == STAFF_FILE && !is_customer {
        MergedKind::Staff
    } else if name == POLICY_FILE && !is_customer || !name.ends_with(".toml") {
        // The order of rules has a meaning that no merge of keys knows.
        MergedKind::Other
    } else {
        MergedKind::Customers
    }
}

/// Returns how conflicts are to be marked.
fn marks(args: &MergeDriverArgs) -> ConflictMarks {
    let mut marks = ConflictMarks {
        size: args.marker_size,
        ..ConflictMarks::default()
    };
    let labels = [&mut marks.base, &mut marks.ours, &mut marks.theirs];
    for (label, given) in labels.into_iter().zip(&args.labels) {
        // A git that does not know what stands for a label hands it over as it is.
        if !given.is_empty() && !given.starts_with('%') {
            *label = escaped(given).into_owned();
        }
    }
    marks
}

fn tell_conflicts(merged: &Merged, shown: &str, console: &mut Console<'_>) {
    let what = match merged.conflicts {
        0 => return,
        1 => say!("1 conflict is marked", "标出了 1 处冲突"),
        count => say!("{count} conflicts are marked", "标出了 {count} 处冲突"),
    };
    console.note(&say!(
        "{shown}: {what}: keep what is right, delete the marks, then `git add` it\n",
        "{shown}：{what}：保留正确的一方，删去标记，再执行 `git add`\n"
    ));
}

fn told(has_conflicts: bool) -> Outcome {
    if has_conflicts {
        Outcome::Found
    } else {
        Outcome::Done
    }
}

fn write_over(path: &Path, old: &[u8], new: &[u8]) -> anyhow::Result<()> {
    if old == new {
        return Ok(());
    }
    let context = || say!("cannot write `{}`", "无法写入 `{}`", path.display());
    write_version(path, new).with_context(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_what_a_file_is() {
        let check = |path: &str, expected| assert_eq!(kind_of(Path::new(path)), expected, "{path}");
        check("interactions/2026.csv", MergedKind::Log);
        check("x.csv", MergedKind::Log);
        check("x.CSV", MergedKind::Other);
        check("staff.toml", MergedKind::Staff);
        check("crm/staff.toml", MergedKind::Staff);
        check("customers/staff.toml", MergedKind::Customers);
        check("crm/customers/south/acme.toml", MergedKind::Customers);
        check("acme.toml", MergedKind::Customers);
        check("guanxi.toml", MergedKind::Other);
        check("customers/guanxi.toml", MergedKind::Customers);
        check(".gitignore", MergedKind::Other);
    }
}
