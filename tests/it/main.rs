//! Tests of the whole, in one binary.

mod edit;
mod write;
