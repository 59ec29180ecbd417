//! Where a path in a TOML file begins, and why what it leads to cannot be changed.

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
    #[error("the file is not TOML: {message}")]
    Malformed {
        /// What the parser says, on one line.
        message: String,
        /// The byte where the parser stopped.
        at: usize,
    },
    /// The value is not TOML.
    #[error("`{value}` is not a TOML value")]
    BadValue {
        /// The value as it would have been written.
        value: String,
    },
    /// The file has no `[[customer]]` of that number.
    #[error("the file has no `[[customer]]` number {number}")]
    NoCustomer {
        /// Counting from 1.
        number: usize,
    },
    /// The key names a table or a list of tables.
    #[error("`{key}` is a table here, not a value")]
    IsTable {
        /// The dotted key.
        key: String,
    },
    /// Something on the way to the key is a value, so that nothing can be below it.
    #[error("`{key}` cannot be set: part of it is a value or a list here")]
    BelowValue {
        /// The dotted key.
        key: String,
    },
    /// The key is not there to be removed.
    #[error("`{key}` is not there")]
    Absent {
        /// The dotted key.
        key: String,
    },
    /// The edited text would not mean what was meant.
    #[error("`{key}` cannot be changed without touching something else; edit the file by hand")]
    Entangled {
        /// The dotted key.
        key: String,
    },
}
