//! The catalogue of metrics: name, type, unit, stage and definition of every figure, and the values
//! they take. It does not know how anything is computed.

mod catalogue;
pub mod level;
pub mod tone;
mod value;

pub use catalogue::{CATALOGUE, Entry, Group, Metric, Stage, Type, Words, metric_by_name};
pub use value::Value;
