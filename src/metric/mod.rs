//! The catalogue of metrics: name, type, unit, stage, group figure and definition of every figure, and the
//! values they take. It does not know how anything is computed.

mod catalogue;
mod entry;
mod group_column;
pub mod level;
mod past_due;
pub mod tone;
mod types;
mod value;

pub(crate) use catalogue::{
    AgreementsMetric, ArchiveMetric, AtStakeMetric, CasesMetric, ChurnMetric, ContactMetric,
    DeadlinesMetric, DunningMetric, ExposureMetric, FileMetric, FlagsMetric, InRoom, LeadsMetric,
    OrdersMetric, OwnerMetric, RankingMetric, ReceivablesMetric, ReviewMetric, RevisitMetric,
    SatisfactionMetric, ScoreMetric, SignalsMetric, TierMetric, ValueMetric,
};
pub use catalogue::{
    CATALOGUE, Entry, Metric, Room, all_metrics, metric_by_name, metric_names, metric_read_as,
};
pub use group_column::{GroupColumn, Taken};
pub use past_due::PastDue;
pub use types::{GroupFigure, Stage, Trait, Type, Words};
pub use value::Value;
