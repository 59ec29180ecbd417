//! Why a customer's file counts as complete and reviewed as it does.

use crate::figures::archive;
use crate::figures::why::words::{days, number_of};
use crate::figures::why::{Reasons, Why};
use crate::metric::{ArchiveMetric, Metric, Value};
use crate::model::Day;

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_archive(&self, metric: ArchiveMetric, why: &mut Why) {
        let (context, customer) = (self.context(), self.customer);
        match metric {
            ArchiveMetric::Completeness | ArchiveMetric::Missing => {
                let expected = context.policy.expect.len();
                let missing = archive::missing(context, customer);
                let filled = expected - missing.len();
                why.say(format!(
                    "{filled} of the {} that `[archive] expect` names are filled",
                    number_of(expected, "field", "fields")
                ));
                if !missing.is_empty() {
                    why.say(format!("missing: {}", missing.join(", ")));
                }
            }
            ArchiveMetric::Reviewed | ArchiveMetric::ReviewAge => {
                let day = archive::reviewed(context, customer);
                why.say(match (day, customer.reviewed) {
                    (Some(day), _) if metric == ArchiveMetric::ReviewAge => format!(
                        "{} − {} = {}",
                        self.as_of().date(),
                        day.date(),
                        days(self.as_of().since(day))
                    ),
                    (Some(_), _) => "the customer's file says so: `reviewed`".to_owned(),
                    (None, Some(later)) => {
                        format!("the file says {later}, which is after the day")
                    }
                    (None, None) => "the customer's file has no `reviewed`".to_owned(),
                });
            }
        }
    }

    pub(in crate::figures) fn why_review_due(&mut self, why: &mut Why) {
        why.rules = self.cadence_rules("review");
        let every = why.rules.iter().find(|rule| rule.held);
        let every = every.map(|rule| rule.gives.clone());
        let reviewed = archive::reviewed(self.context(), self.customer);
        let (from, what) = if reviewed.is_some() {
            (reviewed, "the last review")
        } else {
            self.rest_on(why, Metric::FirstSeen);
            let contact = self.figures.facts.parts.contact(self.index);
            (contact.first_seen(self.customer), "first seen")
        };
        why.say(match (&why.value, every) {
            (Value::Date(due), Some(every)) => match from {
                Some(from) => {
                    let unknown = if every.contains("working") {
                        self.unannounced(Day::of(*due))
                    } else {
                        String::new()
                    };
                    format!("{} ({what}) + {every} = {due}{unknown}", from.date())
                }
                None => format!("neither reviewed nor seen: today, {due}"),
            },
            (_, Some(every)) => format!("the policy says {every}"),
            (_, None) => "no rule holds".to_owned(),
        });
    }
}
