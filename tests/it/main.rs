//! The one test binary: the program as a user meets it, and what is made from it.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read and write files and start the program"
)]
#![expect(clippy::unwrap_used, reason = "all of this is tests")]
#![expect(
    clippy::needless_raw_string_hashes,
    reason = "`SNAPSHOTS=overwrite` writes them so"
)]

mod bounds;
mod calendar;
mod case;
mod change;
mod checks;
mod chinese;
mod chinese_help;
mod chinese_refusals;
mod cli;
mod completion;
mod corpora;
mod docs;
mod docs_run;
mod doctor;
mod edit;
mod explain;
mod explained;
mod export;
mod faults;
mod format;
mod git;
mod help;
mod import;
mod links;
#[cfg(feature = "mcp")]
mod mcp;
mod merge;
mod methods;
mod naughty;
mod odd_books;
mod output;
mod reasons;
mod recompute;
mod remind;
mod reports;
mod schemas;
mod settings;
mod skill;
mod tidy;
mod write;
