//! Where a path in a TOML file begins, and why what it leads to cannot be changed.

use crate::words::{Wording, say};

/// Which table of the file a path begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableScope {
    /// The file's root.
    File,
    /// The `[[customer]]` table of this number, counting from 0.
    Customer(usize),
}

/// Says why a key cannot be set or removed; the text stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// The text is not TOML.
    #[error("{}", say!("the file is not TOML: {0}", "文件不是 TOML：{0}", message.spoken()))]
    Malformed {
        /// What the parser says, on one line.
        message: Wording,
        /// The byte where the parser stopped.
        at: usize,
    },
    /// The value is not TOML.
    #[error("{}", say!("`{value}` is not a TOML value", "`{value}` 不是 TOML 的值"))]
    BadValue {
        /// The value as it would have been written.
        value: String,
    },
    /// The file has no `[[customer]]` of that number.
    #[error("{}", say!("the file has no `[[customer]]` number {number}", "文件没有第 {number} 个 `[[customer]]`"))]
    NoCustomer {
        /// Counting from 1.
        number: usize,
    },
    /// The key names a table or a list of tables.
    #[error("{}", say!("`{key}` is a table here, not a value", "`{key}` 在这里是表，不是值"))]
    IsTable {
        /// The dotted key.
        key: String,
    },
    /// Something on the way to the key is a value, so that nothing can be below it.
    #[error("{}", say!("`{key}` cannot be set: part of it is a value or a list here", "无法设置 `{key}`：它的前一段在这里是值或列表"))]
    BelowValue {
        /// The dotted key.
        key: String,
    },
    /// The key is not there to be removed.
    #[error("{}", say!("`{key}` is not there", "没有 `{key}`"))]
    Absent {
        /// The dotted key.
        key: String,
    },
    /// The edited text would not mean what was meant.
    #[error("{}", say!("`{key}` cannot be changed without touching something else; edit the file by hand", "改动 `{key}` 会牵动其他内容，请手工编辑文件"))]
    Entangled {
        /// The dotted key.
        key: String,
    },
}
