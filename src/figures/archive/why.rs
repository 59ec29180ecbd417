//! Why a customer's file counts as complete and reviewed as it does.

use crate::figures::archive;
use crate::figures::why::words::{days, number_of};
use crate::figures::why::{Reasons, Why};
use crate::metric::{ArchiveMetric, Metric, Value};
use crate::model::Day;
use crate::words::{write_say, written};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_archive(&self, metric: ArchiveMetric, why: &mut Why) {
        let (context, customer) = (self.context(), self.customer);
        match metric {
            ArchiveMetric::Completeness | ArchiveMetric::Missing => {
                let expected = context.policy.expect.len();
                let missing = archive::missing(context, customer);
                let filled = expected - missing.len();
                why.say(write_say!(
                    "{} of the {} that `[archive] expect` names are filled",
                    "`[archive] expect` 列出 {1}，已填 {0} 项",
                    filled,
                    number_of(expected, "field", "fields", "项")
                ));
                if !missing.is_empty() {
                    why.say(write_say!(
                        "missing: {}",
                        "缺：{}",
                        missing.join(written().pick(", ", "、"))
                    ));
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
                    (Some(_), _) => write_say!(
                        "the customer's file says so: `reviewed`",
                        "客户文件所写：`reviewed`"
                    ),
                    (None, Some(later)) => {
                        write_say!(
                            "the file says {later}, which is after the day",
                            "客户文件写的是 {later}，晚于截止日"
                        )
                    }
                    (None, None) => write_say!(
                        "the customer's file has no `reviewed`",
                        "客户文件没有 `reviewed`"
                    ),
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
            (reviewed, write_say!("the last review", "上次复核"))
        } else {
            self.rest_on(why, Metric::FirstSeen);
            let contact = self.figures.facts.parts.contact(self.index);
            (
                contact.first_seen(self.customer),
                write_say!("first seen", "首次出现"),
            )
        };
        why.say(match (&why.value, every) {
            (Value::Date(due), Some(every)) => match from {
                Some(from) => {
                    let unknown = if every.contains(written().pick("working", "工作日")) {
                        self.unannounced(Day::of(*due))
                    } else {
                        String::new()
                    };
                    write_say!(
                        "{} ({what}) + {every} = {due}{unknown}",
                        "{}（{what}）+ {every} = {due}{unknown}",
                        from.date()
                    )
                }
                None => write_say!(
                    "neither reviewed nor seen: today, {due}",
                    "既未复核，也无记录：今天，{due}"
                ),
            },
            (_, Some(every)) => write_say!("the policy says {every}", "规则为：{every}"),
            (_, None) => write_say!("no rule holds", "没有规则成立"),
        });
    }
}
