//! The `guanxi` program.
fn main() {}
