//! What a change would do, as a unified diff that `git apply` takes: for `--dry-run`.

use std::time::Duration;

use similar::TextDiff;

/// How long a smallest diff is looked for before a longer one will do.
const PATIENCE: Duration = Duration::from_secs(2);

/// Returns the diff of one file; `None` is a file that is not there. Empty where nothing changes.
///
/// The lines are the files' own: whoever prints them to a terminal escapes what could act on it.
pub fn unified_diff(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    if old == new {
        return String::new();
    }
    let mut diff = format!("diff --git a/{path} b/{path}\n");
    match (old, new) {
        (None, _) => diff.push_str("new file mode 100644\n"),
        (_, None) => diff.push_str("deleted file mode 100644\n"),
        _ => {}
    }
    let name_of = |side: &str, text: Option<&str>| match text {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let lines = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(old.unwrap_or_default(), new.unwrap_or_default());
    let mut unified = lines.unified_diff();
    let unified = unified
        .context_radius(3)
        .header(&name_of("a", old), &name_of("b", new));
    diff.push_str(&unified.to_string());
    diff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_like_git() {
        assert_eq!(
            unified_diff("a.toml", Some("1\n2\n3\n4\n5"), Some("1\n2\n3\n4\n6\n")),
            "diff --git a/a.toml b/a.toml\n--- a/a.toml\n+++ b/a.toml\n@@ -2,4 +2,4 @@\n 2\n 3\n 4\n\
             -5\n\\ No newline at end of file\n+6\n"
        );
        assert_eq!(
            unified_diff("甲", None, Some("x\n")),
            "diff --git a/甲 b/甲\nnew file mode 100644\n--- /dev/null\n+++ b/甲\n@@ -0,0 +1 @@\n+x\n"
        );
        assert_eq!(
            unified_diff("b", Some("x\r\n"), None),
            "diff --git a/b b/b\ndeleted file mode 100644\n--- a/b\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\r\n"
        );
        assert_eq!(unified_diff("b", Some("x"), Some("x")), "");
    }
}
