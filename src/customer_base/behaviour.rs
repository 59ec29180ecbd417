//! A model with its parameters, and what one history is under them: likelihood and forecast.

use super::forecast::Forecast;
use super::history::HistoryRecord;
use super::model::Model;
use super::{dropout, pareto};

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
    pub fn log_likelihood(&self, record: &HistoryRecord) -> f64 {
        match self.model {
            Model::ParetoNbd => pareto::log_likelihood(self.parameters, record),
            model => dropout::log_likelihood(model, self.parameters, record),
        }
    }

    /// Returns what is to be expected of a customer with this history.
    pub fn forecast(&self, record: &HistoryRecord) -> Forecast {
        match self.model {
            Model::ParetoNbd => Forecast::pareto(self.parameters, record),
            model => Forecast::dropout(model, self.parameters, record),
        }
    }

    /// Returns the expected orders of a new customer within `weeks` of its first order.
    pub fn newcomer_orders(&self, weeks: f64) -> f64 {
        self.forecast(&HistoryRecord::NEWCOMER)
            .expected_orders(weeks)
    }
}
