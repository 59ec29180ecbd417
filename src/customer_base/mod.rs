//! Customer-base models: who will order again, how often, and what that is worth.
//!
//! A pure function of values: purchase histories in, probabilities, expectations and ranges out. It knows nothing of
//! books, files, rules or money types. Start at [`history::Cohort`], then [`fit::fit`], then [`outlook::outlooks`] for
//! all customers or [`Fit::forecast`](fit::Fit::forecast) for one.
//!
//! Sources and formulas: `docs/methods-models.md`.

pub mod backtest;
mod dropout;
pub mod equity;
pub mod fit;
pub mod forecast;
pub mod history;
mod linear;
pub mod model;
mod optimize;
pub mod outlook;
mod pareto;
mod quadrature;
mod random;
mod renewal;
pub mod special;
pub mod spend;
pub mod value;
