//! A book's folder as the place that its files are opened from.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::dir::Dir;

/// A folder that stays open while its files are.
///
/// To find the way from the root of the disk to each of a hundred thousand files takes about a tenth
/// of the time of opening and reading them.
#[derive(Debug)]
pub(super) struct Root {
    path: PathBuf,
    /// The folder itself, where it lets us.
    folder: Option<Dir>,
}

impl Root {
    /// Opens a folder.
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            folder: Dir::open(path).ok(),
        }
    }

    /// Returns the folder's path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a file by its `/`-joined path from the folder; no link on the way is followed.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub(super) fn open(&self, path: &str) -> io::Result<File> {
        match &self.folder {
            Some(folder) => folder.open_at_once(path),
            None => Dir::open(&self.path)?.open_at_once(path),
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test makes its files")]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn files_are_opened_by_their_paths_from_the_folder() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("北")).unwrap();
        std::fs::write(home.path().join("北/甲.toml"), "name").unwrap();
        let read = |root: &Root| {
            let mut text = String::new();
            root.open("北/甲.toml")?.read_to_string(&mut text)?;
            io::Result::Ok(text)
        };
        let root = Root::new(home.path());
        assert_eq!(read(&root).unwrap(), "name");
        assert_eq!(
            root.open("nothing").unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        #[cfg(unix)]
        {
            std::fs::write(home.path().join("outside"), "secret").unwrap();
            std::os::unix::fs::symlink("../outside", home.path().join("北/link")).unwrap();
            std::os::unix::fs::symlink("北", home.path().join("south")).unwrap();
            assert!(root.open("北/link").is_err());
            assert!(root.open("south/甲.toml").is_err());
        }
    }
}
