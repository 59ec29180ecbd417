//! The customer-base models against published and high-precision reference numbers
//! (`tests/data/clv`).

#![allow(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::many_single_char_names,
    clippy::unreadable_literal,
    clippy::unwrap_used,
    reason = "the reference numbers are small and known, and a test may stop where they are not"
)]

mod cdnow;
mod fits;
mod formulas;
mod holdout;
mod properties;
mod reference;
