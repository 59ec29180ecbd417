//! Why the figures of contact are what they are.

use crate::figures::in_year;
use crate::figures::why::words::{behind_colon, days, number_of};
use crate::figures::why::{Reasons, Why};
use crate::metric::{ContactMetric, Metric};
use crate::model::{Day, Interaction, Role};
use crate::words::{write_say, written};

impl<'b> Reasons<'_, 'b> {
    pub(in crate::figures) fn why_contact(&self, metric: ContactMetric, why: &mut Why) {
        let as_of = self.as_of();
        match metric {
            ContactMetric::FirstSeen => self.why_first_seen(why),
            ContactMetric::Tenure => self.why_tenure(why),
            ContactMetric::LastContact => {
                match self.rows_where(|row| self.is_contact(row)).next_back() {
                    Some((index, _)) => {
                        let role = write_say!("the latest contact", "最近一次联系");
                        why.add_row(index, None, role);
                    }
                    None => why.say(no_contact()),
                }
            }
            ContactMetric::ContactAge => {
                self.rest_on(why, Metric::LastContact);
                match self.figures.facts.parts.contact(self.index).last_contact() {
                    Some(day) => why.say(age(as_of, day)),
                    None => why.say(no_contact()),
                }
            }
            ContactMetric::Contacts => {
                let counted = |row: &_| self.is_contact(row) && in_year(as_of, row.day);
                for (index, _) in self.rows_where(counted) {
                    let role = write_say!("counts as a contact", "计为联系");
                    why.add_row(index, None, role);
                }
                let rows = number_of(why.rows.len(), "contact row", "contact rows", "次联系");
                why.say(write_say!("{} {}", "{1}，共 {0}", rows, year(as_of)));
            }
            ContactMetric::Stage => match self.rows_of(Role::Stage).next_back() {
                Some((index, _)) => {
                    let role = write_say!("the stage entered last", "最近一次阶段变更");
                    why.add_row(index, None, role);
                }
                None => why.say(write_say!(
                    "no `stage` row: what the customer's file says",
                    "没有阶段变更记录：以客户文件为准"
                )),
            },
            ContactMetric::Lost | ContactMetric::LostOn | ContactMetric::LostReason => {
                self.why_lost(why);
            }
        }
    }

    /// Returns the rows that do something.
    pub(in crate::figures) fn rows_of(
        &self,
        role: Role,
    ) -> impl DoubleEndedIterator<Item = (usize, &crate::model::Interaction)> {
        self.rows_where(move |row| self.context().roles.role(row) == role)
    }

    fn why_first_seen(&self, why: &mut Why) {
        let first = self.first_row();
        let keys = [
            ("`since`", self.customer.since),
            ("`added`", self.customer.added),
        ];
        let the_first = first_row_word();
        let mut days: Vec<(&str, Day)> = keys
            .into_iter()
            .filter_map(|(key, day)| Some((key, Day::of(day?))))
            .collect();
        if let Some((index, row)) = first
            && days.iter().all(|(_, day)| row.day < *day)
        {
            why.add_row(index, None, the_first);
        }
        let has_keys = !days.is_empty();
        days.extend(first.map(|(_, row)| (the_first, row.day)));
        match days.as_slice() {
            [] => why.say(write_say!(
                "the file has neither `since` nor `added`, and there is no row",
                "客户文件没有 `since` 和 `added`，也没有记录"
            )),
            [(key, _)] if has_keys => why.say(write_say!(
                "{key} of the customer's file",
                "客户文件中的 {key}"
            )),
            [_] => why.say(write_say!(
                "the file has neither `since` nor `added`: the first row's date",
                "客户文件没有 `since` 和 `added`：取第一条记录的日期"
            )),
            several => {
                let said = |(what, day): &(&str, Day)| format!("{what} {}", day.date());
                let said: Vec<String> = several.iter().map(said).collect();
                why.say(write_say!(
                    "the earliest of {}",
                    "取最早者：{}",
                    said.join(written().pick(" and ", "、"))
                ));
            }
        }
    }

    /// Returns the first row, those aside that only say whose the customer is.
    pub(in crate::figures) fn first_row(&self) -> Option<(usize, &'b Interaction)> {
        let roles = &self.context().roles;
        let mut rows = self.rows.rows().iter().enumerate();
        rows.find(|(_, row)| roles.role(row) != Role::Owner)
    }

    fn why_tenure(&self, why: &mut Why) {
        let first = self.first_row();
        let (from, what) = match (self.customer.since.map(Day::of), first) {
            (Some(since), _) => (since, "`since`"),
            (None, Some((index, row))) => {
                why.add_row(index, None, first_row_word());
                (row.day, first_row_word())
            }
            (None, None) => {
                why.say(write_say!(
                    "the file has no `since`, and there is no row",
                    "客户文件没有 `since`，也没有记录"
                ));
                return;
            }
        };
        if from > self.as_of() {
            why.say(write_say!(
                "{} ({what}) is still to come: 0",
                "{}（{what}）还没有到：0",
                from.date()
            ));
        } else {
            why.say(write_say!(
                "{} ({what})",
                "{}（{what}）",
                age(self.as_of(), from)
            ));
        }
    }

    fn why_lost(&self, why: &mut Why) {
        let lost: Vec<_> = self.rows_of(Role::Lost).collect();
        let Some(&(latest, _)) = lost.last() else {
            why.say(write_say!("there is no `lost` row", "没有流失记录"));
            return;
        };
        let order = self.rows_where(|row| self.is_order(row)).next_back();
        if let Some((index, _)) = order {
            why.add_row(index, None, write_say!("the last order", "最近一笔订单"));
        }
        let counts = |day: Day| order.is_none_or(|(_, order)| day >= order.day);
        let mut leaving = lost.iter().filter(|(_, row)| counts(row.day)).peekable();
        if leaving.peek().is_none() {
            let role = write_say!(
                "left, but a later order won it back",
                "流失，但之后的订单已挽回"
            );
            why.add_row(latest, None, role);
            why.say(write_say!(
                "an order follows the last `lost` row",
                "最近一条流失记录之后又有订单"
            ));
            return;
        }
        for (index, row) in leaving {
            let topic = self.rows.topic(row);
            let topic = behind_colon(topic);
            why.add_row(*index, None, write_say!("left{topic}", "流失{topic}"));
        }
        why.say(write_say!(
            "no order follows the `lost` row",
            "流失记录之后没有订单"
        ));
    }
}

fn no_contact() -> String {
    write_say!("there is no contact row", "没有联系记录")
}

fn first_row_word() -> &'static str {
    written().pick("the first row", "第一条记录")
}

/// Writes how many days ago a day was.
pub(in crate::figures) fn age(as_of: Day, day: Day) -> String {
    let age = days(as_of.since(day));
    format!("{} − {} = {age}", as_of.date(), day.date())
}

/// Writes which days the year has.
pub(in crate::figures) fn year(as_of: Day) -> String {
    write_say!(
        "from {} to {}",
        "{} 至 {}",
        as_of.plus(-364).date(),
        as_of.date()
    )
}
