//! What the files of a book are called.

/// The file that marks a folder as a book and holds its policy.
pub const POLICY_FILE: &str = "guanxi.toml";

/// The file of the account managers.
pub const STAFF_FILE: &str = "staff.toml";

/// The folder of the customer files.
pub const CUSTOMERS: &str = "customers/";

/// The folder of the logs.
pub const INTERACTIONS: &str = "interactions/";
