//! Reading and writing a book beside a git that changes its files.
//!
//! git makes `index.lock` before it touches the work tree, and puts a new index in its place when it
//! is done. So who sees no lock and the same index before and after has seen no half of a change.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::environment::is_lock_of_caller;
use super::repository::Repository;
use crate::words::say;

/// Says why a book in a repository could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum GitBusy {
    /// git had the work tree to itself all the while.
    #[error("{}", say!(
        "git is at work on these files: `{0}`{age} is still there; waited {waited_seconds:.1} s",
        "git 正在处理这些文件：`{0}`{age}还在；已等待 {waited_seconds:.1} 秒",
        path.display()
    ))]
    Locked {
        /// The lock of git's index.
        path: PathBuf,
        /// How old it is, in words between commas, if no git takes that long.
        age: String,
        /// How long this process waited.
        waited_seconds: f64,
    },
    /// git changed files whenever they were read.
    #[error("{}", say!("git changed these files each time they were read, for {waited_seconds:.1} s", "每次读取时 git 都在改动这些文件，已经 {waited_seconds:.1} 秒"))]
    Changing {
        /// How long this process tried.
        waited_seconds: f64,
        /// How long it may.
        wait: Duration,
    },
    /// Another command of this program was to commit first, and did not.
    #[error("{}", say!("another command has not committed its change yet; waited {waited_seconds:.1} s", "另一个命令还没有提交它的更改；已等待 {waited_seconds:.1} 秒"))]
    Committing {
        /// How long this process waited.
        waited_seconds: f64,
    },
    /// git changed files after the answer had begun.
    #[error("{}", say!("git changed these files while the answer was written, so do not use it", "输出结果时 git 改动了这些文件，请不要使用这个结果"))]
    Moved,
    /// git put another file over what was written.
    #[error("{}", say!("git changed `{path}` at the same time, and what was written there is gone", "git 同时改动了 `{path}`，写入的内容已经丢失"))]
    Overwritten {
        /// The path inside the book.
        path: String,
    },
}

/// What is told of git beside a book: waits until it is not at work, and sees whether it was.
#[derive(Debug)]
pub struct Beside {
    repository: Option<Repository>,
    start: Instant,
    wait: Duration,
    /// The index as it was when reading began.
    index: Option<Index>,
}

impl Beside {
    /// Looks for the repository around a folder; whoever waits does so up to `wait` from now on.
    pub fn new(folder: &Path, wait: Duration) -> Self {
        Self {
            repository: Repository::around(folder),
            start: Instant::now(),
            wait,
            index: None,
        }
    }

    /// Returns what is told where nothing lies beside git.
    pub fn nothing() -> Self {
        Self {
            repository: None,
            start: Instant::now(),
            wait: Duration::ZERO,
            index: None,
        }
    }

    /// Waits until git is not at work; what it does from now on is seen by [`Beside::is_calm`].
    ///
    /// # Errors
    /// [`GitBusy::Locked`] if it does not end.
    pub fn begin(&mut self) -> Result<(), GitBusy> {
        let Some(repository) = &self.repository else {
            return Ok(());
        };
        loop {
            // In this order: a git that ends between the two looks leaves another index.
            self.index = Index::look(repository);
            let Some(lock) = lock_of(repository) else {
                return Ok(());
            };
            self.pause(|waited| GitBusy::Locked {
                path: repository.index_lock(),
                age: age(&lock),
                waited_seconds: waited.as_secs_f64(),
            })?;
        }
    }

    /// Tells whether git has changed nothing since [`Beside::begin`], and is not about to.
    pub fn is_calm(&self) -> bool {
        self.repository.as_ref().is_none_or(|repository| {
            lock_of(repository).is_none() && Index::look(repository) == self.index
        })
    }

    /// Waits and begins again, after what was read turned out to be of two minds.
    ///
    /// # Errors
    /// [`GitBusy`] if the time is over.
    pub fn again(&mut self) -> Result<(), GitBusy> {
        self.pause(|_| self.changing())?;
        self.begin()
    }

    /// Tells whether there is time left to try again.
    pub fn has_time(&self) -> bool {
        self.start.elapsed() < self.wait
    }

    /// Returns the error of files that git changed while they were read.
    pub fn changing(&self) -> GitBusy {
        GitBusy::Changing {
            waited_seconds: self.start.elapsed().as_secs_f64(),
            wait: self.wait,
        }
    }

    fn pause(&self, over: impl FnOnce(Duration) -> GitBusy) -> Result<(), GitBusy> {
        let waited = self.start.elapsed();
        if waited >= self.wait {
            return Err(over(waited));
        }
        // Uneven pauses keep waiting processes from polling in step.
        let uneven = u64::from(waited.subsec_nanos() % 1_500);
        let pause = Duration::from_micros(500 + uneven);
        std::thread::sleep(pause.min(self.wait.saturating_sub(waited)));
        Ok(())
    }
}

/// Returns the lock of git's index while it is there, unless it is of the git that called us.
fn lock_of(repository: &Repository) -> Option<Metadata> {
    let found = fs::symlink_metadata(repository.index_lock()).ok()?;
    (!is_lock_of_caller(repository)).then_some(found)
}

/// Says how old a lock is, if it is older than git takes for what it does.
fn age(lock: &Metadata) -> String {
    const OLD: u64 = 60;
    let age = lock.modified().ok();
    let age = age.and_then(|made| SystemTime::now().duration_since(made).ok());
    match age.map_or(0, |age| age.as_secs()) {
        0..OLD => String::new(),
        seconds @ OLD..7200 => say!(", made {} min ago,", "（{} 分钟前建立）", seconds / 60),
        seconds @ 7200..172_800 => say!(", made {} h ago,", "（{} 小时前建立）", seconds / 3600),
        seconds => say!(", made {} days ago,", "（{} 天前建立）", seconds / 86_400),
    }
}

/// What tells one index from the next.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Index {
    length: u64,
    modified: Option<SystemTime>,
    /// Device, inode, seconds and nanoseconds of its last change, where the system has them.
    identity: [i128; 4],
}

impl Index {
    fn look(repository: &Repository) -> Option<Self> {
        let found = fs::metadata(repository.index()).ok()?;
        Some(Self {
            length: found.len(),
            modified: found.modified().ok(),
            identity: identity(&found),
        })
    }
}

#[cfg(unix)]
fn identity(found: &Metadata) -> [i128; 4] {
    use std::os::unix::fs::MetadataExt as _;
    let changed = (found.ctime(), found.ctime_nsec());
    [
        found.dev().into(),
        found.ino().into(),
        changed.0.into(),
        changed.1.into(),
    ]
}

#[cfg(not(unix))]
fn identity(_found: &Metadata) -> [i128; 4] {
    [0; 4]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_waited_for_and_a_new_index_is_seen() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".git");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(folder.join("index"), "one").unwrap();
        let mut git = Beside::new(home.path(), Duration::ZERO);
        git.begin().unwrap();
        assert!(git.is_calm());

        fs::write(folder.join("index.lock"), "two").unwrap();
        assert!(!git.is_calm());
        assert!(!git.has_time());
        let error = git.begin().unwrap_err().to_string();
        assert!(
            error.starts_with("git is at work on these files: `"),
            "{error}"
        );
        assert!(
            error.contains("index.lock` is still there; waited 0.0 s"),
            "{error}"
        );

        fs::rename(folder.join("index.lock"), folder.join("index")).unwrap();
        assert!(!git.is_calm(), "the index is another");
        let error = git.again().unwrap_err();
        assert!(matches!(error, GitBusy::Changing { .. }), "{error}");
        git.begin().unwrap();
        assert!(git.is_calm());
        fs::remove_file(folder.join("index")).unwrap();
        assert!(!git.is_calm(), "the index is gone");
    }

    #[test]
    fn without_a_repository_all_is_calm() {
        let mut git = Beside::nothing();
        git.begin().unwrap();
        assert!(git.is_calm());
    }
}
