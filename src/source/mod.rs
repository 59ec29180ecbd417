//! Where things stand in the files of a book: names, places, and readers of their bytes.
//!
//! A [`Place`] carries the line it speaks of, so that a message can be printed long after the bytes
//! are gone. Nothing here knows what a file means.

mod added_rows;
mod characters;
mod copy_name;
mod customer_headers;
mod cut;
mod draft;
mod files;
mod hash;
mod header_row;
mod layout;
mod place;
mod shell;
mod width;

pub use added_rows::AddedRows;
pub(crate) use characters::{
    escaped, escaped_lines, is_blank_character, is_control, is_hostile, told, told_lines,
};
pub(crate) use copy_name::original_of;
pub(crate) use customer_headers::{customer_headers, holds_many, is_header};
pub(crate) use cut::{Cut, behind_last, short_place};
pub use draft::DraftFiles;
pub(crate) use files::read_up_to;
pub use files::{Files, MemoryFiles};
pub(crate) use hash::{sha256, short_hash};
pub(crate) use header_row::{HeaderLine, column_name, is_blank_line, is_header_again};
pub use layout::{CUSTOMERS, INTERACTIONS, POLICY_FILE, STAFF_FILE};
pub(crate) use place::TextPart;
pub use place::{Place, SourceText};
pub(crate) use shell::{shell_quoted, shell_word};
pub(crate) use width::{clipped, display_width};
