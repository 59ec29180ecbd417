//! guanxi: a plain-text CRM.
//!
//! A *book* is a folder of TOML customer files and CSV interaction logs. This library reads one
//! and computes each customer's tier, next revisit, churn risk, receivables, open cases and
//! lifetime value, with the reason for each. `docs/ARCHITECTURE.md` shows the way through it.

pub mod answer;
pub mod calendar;
pub mod change;
mod check;
pub mod cli;
pub mod customer_base;
mod demo;
pub mod diagnostic;
pub mod edit;
pub mod exchange;
pub mod figures;
pub mod folder;
pub mod load;
#[cfg(feature = "mcp")]
pub mod mcp;
pub mod metric;
pub mod model;
mod parallel;
pub mod policy;
pub mod render;
mod report;
pub mod rule;
mod session;
pub mod source;
#[cfg(test)]
mod toml_corpus;
mod toml_syntax;
mod toml_table;
pub mod words;
