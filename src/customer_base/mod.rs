//! Customer-base models: who will order again, how often, and what that is worth.
//!
//! A pure function of values: purchase histories in, probabilities, expectations and ranges out. It
//! knows nothing of books, files, rules or money types. Start at [`history::Cohort`], then
//! [`fit::fit`], then [`outlook::outlooks`] for all customers or
//! [`Fit::forecast`](fit::Fit::forecast) for one.
//!
//! Sources and formulas: `docs/methods.md`.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts of customers, orders and days are far below 2^32 and enter formulas as floating-point numbers"
)]
#![allow(
    clippy::doc_markdown,
    clippy::many_single_char_names,
    reason = "formulas keep the letters of the papers: r, alpha, a, b, s, beta, p, q, x, t_x, T, k"
)]
#![allow(
    clippy::float_cmp,
    reason = "0 is compared exactly where it means that something cannot be, and tests compare what is exact"
)]
#![allow(
    clippy::needless_range_loop,
    reason = "matrices are clearer by row and column"
)]

pub mod backtest;
pub mod behaviour;
mod dropout;
pub mod fit;
pub mod forecast;
pub mod history;
mod interpolation;
mod linear;
pub mod model;
mod optimize;
pub mod outlook;
mod pareto;
pub mod plan;
mod quadrature;
mod renewal;
pub mod revenue;
pub mod special;
pub mod spend;
pub mod value;
