//! Changes to the text of the files concerned, everything else kept byte for byte.
//!
//! All of it is text in, text out; what is written to disk, and when, is `folder`'s. Of TOML files
//! [`toml_set`] changes keys, [`toml_listed`] adds and removes a table of a list; of logs [`csv_row`] makes rows and columns, [`rows`] changes
//! and removes rows. [`fmt_log`] and [`fmt_toml`] give the canonical form, [`diff`] shows what changed.

pub mod csv_outline;
pub mod csv_row;
pub mod diff;
pub mod fmt_log;
pub mod fmt_toml;
pub mod mend;
pub mod new_id;
pub(crate) mod row_cells;
pub mod rows;
pub mod toml_cut;
pub mod toml_get;
mod toml_items;
pub mod toml_listed;
pub(crate) mod toml_outline;
mod toml_place;
pub mod toml_scope;
pub mod toml_set;
mod toml_text;
pub(crate) mod toml_texts;
pub mod toml_value;
pub mod toml_waiting;
