//! The git hook that checks a book before its changes are committed.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{GitError, run};

/// Says why there is no hook.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// git is missing, or there is no repository.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Another hook is there.
    #[error("`{path}` is there already, and nothing is overwritten", path = .0.display())]
    Exists(PathBuf),
    /// The system refused.
    #[error("cannot write `{path}`: {source}", path = .path.display())]
    Failed {
        /// The hook's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Adds a pre-commit hook that checks the book at `root` as it is staged; returns the hook's path.
///
/// # Errors
/// [`HookError`]: no git, no repository, another hook, or a disk that refuses.
pub fn add_pre_commit_hook(root: &Path) -> Result<PathBuf, HookError> {
    let answer = |question: &[&str]| {
        let output = run(root, "rev-parse", question, Vec::new())?;
        let text = String::from_utf8(output).map_err(|_| GitError::Unreadable {
            command: "rev-parse",
        })?;
        Ok::<_, GitError>(text.trim_end_matches(['\n', '\r']).to_owned())
    };
    let prefix = answer(&["--show-prefix"])?;
    let hooks = root.join(answer(&["--git-path", "hooks"])?);
    let path = hooks.join("pre-commit");
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => HookError::Exists(path.clone()),
        _ => HookError::Failed {
            path: path.clone(),
            source,
        },
    };
    std::fs::create_dir_all(&hooks).map_err(failed)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o777);
    let mut file = options.open(&path).map_err(failed)?;
    let written = file.write_all(script(&prefix).as_bytes());
    written.and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(path)
}

/// Returns the hook of a book that lies at `prefix` in its repository, such as `path/to/book/`.
fn script(prefix: &str) -> String {
    let quoted = prefix.replace('\'', "'\\''");
    format!(
        "\
#!/bin/sh
# Made by `guanxi init --hooks`: what is committed must be a book without errors.
book='{quoted}'
staged=$(mktemp -d) || exit 1
trap 'rm -rf \"$staged\"' EXIT
git ls-files -z -- \"./$book\" | git checkout-index -z --stdin --prefix=\"$staged/\" || exit 1
[ -f \"$staged/${{book}}guanxi.toml\" ] || exit 0
guanxi check --book \"$staged/$book\" >&2
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_cannot_leave_its_quotes() {
        assert!(script("it's/").contains("book='it'\\''s/'\n"));
        assert!(script("").contains("book=''\n"));
    }
}
