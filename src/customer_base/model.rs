//! The models and what one history is under given parameters: likelihood and the chance that the
//! customer is still there.

use super::forecast::Forecast;
use super::history::Record;
use super::{dropout, pareto};

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

/// A model with its parameters: r, alpha, then a, b or s, beta, all positive, in one unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behaviour {
    /// Which model.
    pub model: Model,
    /// Its parameters, in the order of [`Model::parameter_names`].
    pub parameters: [f64; 4],
}

impl Behaviour {
    /// Returns the log-likelihood of one history, less the terms of the gaps that no parameter
    /// enters.
    pub fn log_likelihood(&self, record: &Record) -> f64 {
        match self.model {
            Model::ParetoNbd => pareto::log_likelihood(self.parameters, record),
            model => dropout::log_likelihood(model, self.parameters, record),
        }
    }

    /// Returns what is to be expected of a customer with this history.
    pub fn forecast(&self, record: &Record) -> Forecast {
        match self.model {
            Model::ParetoNbd => Forecast::pareto(self.parameters, record),
            model => Forecast::dropout(model, self.parameters, record),
        }
    }

    /// Returns the expected orders of a new customer within `weeks` of its first order.
    pub fn newcomer_orders(&self, weeks: f64) -> f64 {
        self.forecast(&Record::NEWCOMER).expected_orders(weeks)
    }
}
