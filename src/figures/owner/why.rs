//! Why a customer is whose it is.

use chrono::NaiveDate;

use super::owner_row;
use crate::figures::StaffSays;
use crate::figures::why::{Reasons, Why};
use crate::metric::{Metric, OwnerMetric, Value};
use crate::words::write_say;

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_owner_figure(&self, metric: OwnerMetric, why: &mut Why) {
        match metric {
            OwnerMetric::Owner => self.why_owner(why),
            OwnerMetric::OwnerStatus => self.why_status(why),
        }
    }

    fn why_status(&self, why: &mut Why) {
        self.rest_on(why, Metric::Owner);
        let Value::Text(owner) = self.value(Metric::Owner) else {
            return why.say(write_say!("the customer has no owner", "客户没有客户经理"));
        };
        let dated = |what: &str, day: NaiveDate| {
            write_say!(
                "`staff.toml` says of {owner}: {what} {day}",
                "`staff.toml` 中 {owner} 的 `{what}` 为 {day}"
            )
        };
        why.say(match self.context().staff_says(&owner) {
            StaffSays::Member(member) => match (&why.value, member.joined, member.left) {
                (Value::Text(word), _, Some(left)) if word == "left" => dated("left", left),
                (Value::Text(word), Some(joined), _) if word == "not-yet" => {
                    dated("joined", joined)
                }
                _ => write_say!(
                    "`staff.toml` has {owner}, who is in service",
                    "`staff.toml` 中有 {owner}，在职"
                ),
            },
            StaffSays::NoFile => {
                write_say!("the book has no `staff.toml`", "本账没有 `staff.toml`")
            }
            StaffSays::Nothing => write_say!(
                "unknown: `staff.toml` has no {owner}",
                "未知：`staff.toml` 中没有 {owner}"
            ),
        });
    }

    fn why_owner(&self, why: &mut Why) {
        let context = self.context();
        let rows = context.book.interactions_of(self.index);
        let Some(at) = owner_row(&context.roles, rows, context.as_of) else {
            return why.say(match self.customer.owner {
                Some(_) => write_say!(
                    "no `owner` row: what the customer's file says",
                    "没有移交记录：以客户文件为准"
                ),
                None => write_say!(
                    "no `owner` row, and the customer's file has no `owner`",
                    "没有移交记录，客户文件也没有 `owner`"
                ),
            });
        };
        if at < self.rows.rows().len() {
            let role = write_say!("the latest `owner` row", "最近一条移交记录");
            why.add_row(at, None, role);
            why.say(write_say!("its `staff`", "取其 `staff`"));
        } else {
            let role = write_say!(
                "the first `owner` row, still to come",
                "第一条移交记录，尚未到日"
            );
            why.add_row(at, None, role);
            why.say(if why.value.is_known() {
                write_say!(
                    "its `topic`: whose the customer was before it",
                    "取其 `topic`：移交前的客户经理"
                )
            } else {
                write_say!(
                    "it has no `topic`: the customer was nobody's before it",
                    "其 `topic` 为空：移交前没有客户经理"
                )
            });
        }
    }
}
