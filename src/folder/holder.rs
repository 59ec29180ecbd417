//! Who holds the lock, as the lock's file tells.

use crate::words::{Phrase, say};
use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::time::SystemTime;

/// The first line of a signed lock.
const HEADER: &str = "guanxi-lock 2";

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// What the holder wrote of itself.
    Known {
        /// Its process number.
        pid: u32,
        /// When it took the lock, in local time.
        since: String,
        /// What it does.
        command: String,
    },
    /// The lock is held, but its holder has not signed yet.
    Unknown,
}

/// Returns the time, as it is told to people: local.
pub(super) fn now() -> String {
    let now: chrono::DateTime<chrono::Local> = SystemTime::now().into();
    now.format("%Y-%m-%d %H:%M:%S").to_string()
}

impl Holder {
    pub(super) fn this_process(command: &str) -> Self {
        Self::Known {
            pid: std::process::id(),
            since: now(),
            command: command
                .chars()
                .take(200)
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
        }
    }

    pub(super) fn to_string_in_file(&self) -> String {
        match self {
            Self::Known {
                pid,
                since,
                command,
            } => {
                format!("{HEADER}\npid {pid}\nsince {since}\ncommand {command}\n\n")
            }
            Self::Unknown => String::new(),
        }
    }

    /// Reads who holds a lock, from the beginning of its file.
    pub(super) fn read(file: &File) -> Self {
        let mut bytes = Vec::new();
        let mut reader: &File = file;
        let read = reader.seek(SeekFrom::Start(0));
        match read.and_then(|_| reader.take(4096).read_to_end(&mut bytes)) {
            // What stands behind it, a note, may be cut within a character.
            Ok(_) => Self::parse(&String::from_utf8_lossy(&bytes)),
            Err(_) => Self::Unknown,
        }
    }

    fn parse(text: &str) -> Self {
        let known = || {
            let mut lines = text.strip_prefix(HEADER)?.strip_prefix('\n')?.lines();
            let mut value_of = |key| lines.next()?.strip_prefix(key)?.strip_prefix(' ');
            Some(Self::Known {
                pid: value_of("pid")?.parse().ok()?,
                since: value_of("since")?.to_owned(),
                command: value_of("command")?.to_owned(),
            })
        };
        known().unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known {
                pid,
                since,
                command,
            } => f.write_str(&say!(
                "`{}` (process {pid}, since {since})",
                "`{}`（进程 {pid}，始于 {since}）",
                command.escape_debug()
            )),
            Self::Unknown => f.write_str(Phrase("another process", "另一个进程").spoken()),
        }
    }
}
