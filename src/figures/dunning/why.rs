//! Why a customer is asked as hard as it is: its latest item, and the rule that this has come to.

use crate::figures::Judged;
use crate::figures::why::words::days;
use crate::figures::why::{Reasons, Why};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_dunning(&mut self, why: &mut Why) {
        let Some(late) = self.latest_item(why) else {
            why.say("unknown: no invoice is left to pay");
            return;
        };
        let rules = &self.context().policy.dunning;
        let reached = rules.iter().filter(|it| it.after <= late);
        let asked = reached.map(|it| self.ask("dunning", it.level.clone(), it.when.as_ref()));
        why.rules = asked.collect();
        let counts = self.figures.judged(self.index).and_then(Judged::dunning);
        why.say(match counts.and_then(|at| rules.get(at)) {
            Some(rule) => format!(
                "the rule that begins last counts: {}, for what is {}",
                rule.level,
                from(rule.after)
            ),
            None => format!("no dunning rule holds for what is {}", at(late)),
        });
    }
}

/// Says from when on a level is.
fn from(after: i64) -> String {
    match after {
        0 => "due or later".to_owned(),
        1.. => format!("{} past due or more", days(after)),
        _ => format!("due in {} or less, or later", days(-after)),
    }
}

/// Says how late something is.
fn at(late: i64) -> String {
    match late {
        0 => "due today".to_owned(),
        1.. => format!("{} past due", days(late)),
        _ => format!("due in {}", days(-late)),
    }
}
