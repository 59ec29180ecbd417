//! Changes to the text of the files concerned, everything else kept byte for byte.

mod toml_outline;
pub mod toml_set;
pub mod toml_value;
