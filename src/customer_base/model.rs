//! The models of repeat buying, by name.

/// A model of repeat buying with dropout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// MBG/CNBD-k: Erlang-k gaps, dropout after any order, the first included. `k` = 1 is MBG/NBD.
    MbgCnbd {
        /// Stages in a gap, at least 1; more make a more regular buyer.
        k: u32,
    },
    /// BG/NBD: Poisson orders, dropout after repeat orders only.
    BgNbd,
    /// Pareto/NBD: Poisson orders, exponential lifetime.
    ParetoNbd,
}

impl Model {
    /// Returns the names of the four parameters.
    pub fn parameter_names(self) -> [&'static str; 4] {
        match self {
            Self::MbgCnbd { .. } | Self::BgNbd => ["r", "alpha", "a", "b"],
            Self::ParetoNbd => ["r", "alpha", "s", "beta"],
        }
    }

    /// Returns the stages in a gap, 1 where orders are Poisson.
    pub fn k(self) -> u32 {
        match self {
            Self::MbgCnbd { k } => k.max(1),
            Self::BgNbd | Self::ParetoNbd => 1,
        }
    }
}

impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MbgCnbd { k: 1 } => f.write_str("MBG/NBD"),
            Self::MbgCnbd { k } => write!(f, "MBG/CNBD-{k}"),
            Self::BgNbd => f.write_str("BG/NBD"),
            Self::ParetoNbd => f.write_str("Pareto/NBD"),
        }
    }
}
