//! The customer-base models against published and high-precision reference numbers (`tests/data/clv`).

mod cdnow;
mod fits;
mod formulas;
mod holdout;
mod properties;
mod reference;
