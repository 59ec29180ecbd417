//! Why a customer is asked as hard as it is: its latest item, and the rule that this has come to.

use crate::figures::Judged;
use crate::figures::why::words::days;
use crate::figures::why::{Reasons, Why};
use crate::policy::Labelled;
use crate::words::{Language, write_say, written};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_dunning(&mut self, why: &mut Why) {
        let Some(late) = self.latest_item(why) else {
            why.say(write_say!(
                "unknown: no invoice is left to pay",
                "未知：没有未结的发票"
            ));
            return;
        };
        let rules = &self.context().policy.dunning;
        let reached = rules.iter().filter(|it| it.after <= late);
        let asked = reached.map(|it| self.ask("dunning", it.level.clone(), it.when.as_ref()));
        why.rules = asked.collect();
        let counts = self.figures.judged(self.index).and_then(Judged::dunning);
        why.say(match counts.and_then(|at| rules.get(at)) {
            Some(rule) => {
                let policy = self.context().policy;
                let label = policy.label(Labelled::Dunning, &rule.level, written());
                let level = match written() {
                    Language::English => None,
                    Language::Chinese => label,
                };
                let level = level.unwrap_or_else(|| rule.level.clone());
                write_say!(
                    "the rule that begins last counts: {level}, for what is {}",
                    "取起始最晚的规则：{level}，适用于{}",
                    from(rule.after)
                )
            }
            None => write_say!(
                "no dunning rule holds for what is {}",
                "没有催款规则适用于{}",
                at(late)
            ),
        });
    }
}

/// Says from when on a level is.
fn from(after: i64) -> String {
    match after {
        0 => write_say!("due or later", "到期及以后"),
        1.. => write_say!("{} past due or more", "逾期 {}及以上", days(after)),
        _ => write_say!(
            "due in {} or less, or later",
            "到期前 {}以内及以后",
            days(-after)
        ),
    }
}

/// Says how late something is.
fn at(late: i64) -> String {
    match late {
        0 => write_say!("due today", "今天到期"),
        1.. => write_say!("{} past due", "逾期 {}", days(late)),
        _ => write_say!("due in {}", "{}后到期", days(-late)),
    }
}
