//! The lists of rules: for each a row with what is said of it and its place; how its rules are read,
//! compiled and written.

use std::fmt::Write as _;
use std::ops::Range;

use super::slot::TextCheck;
use super::{
    CadenceRule, CaseKind, ChurnRule, DunningRule, EscalationRule, NamedRule, Policy, SlaRule,
};
use crate::diagnostic::MISSING_KEY;
use crate::metric::Stage;
use crate::metric::level::ChurnLevel;
use crate::model::{Revisit, Word};
use crate::rule::Rule;
use crate::toml_table::{TomlTable, quoted};
use crate::words::{Phrase, both, listed};

/// One list of rules.
pub(super) struct List {
    /// Its name: that of its tables.
    pub(super) name: &'static str,
    /// What messages call one of its rules.
    what: Phrase,
    /// The latest stage whose metrics its rules may use.
    pub(super) limit: Stage,
    /// What stands above it in the policy as printed.
    pub(super) comment: Phrase,
    /// Its keys, defaults and meaning, for the page of the format.
    pub(super) page: [&'static str; 3],
    /// Its place in the policy.
    pub(super) rules: fn(&mut Policy) -> &mut dyn Rules,
}

/// All lists, in the order of the policy as printed.
pub(super) const LISTS: [List; 9] = [
    List {
        name: "tier",
        what: Phrase("a tier", "级别"),
        limit: Stage::Facts,
        comment: Phrase(
            "Tiers: the first that matches. A rule may use facts and the model's figures.",
            "级别：取第一条符合的。规则可以用事实和模型的数字。",
        ),
        page: [
            "`name`, `label`, `when`",
            "P, B, AAA, AA, A",
            "the first that matches",
        ],
        rules: |it| &mut it.tiers,
    },
    List {
        name: "revisit",
        what: Phrase("a revisit rule", "回访规则"),
        limit: Stage::Tier,
        comment: Phrase(
            "Revisits: the first that matches says how often to see a customer whose file has no `revisit`.\n\
                  A rule may use the tier.",
            "回访：客户文件没有写 `revisit` 的，取第一条符合的为回访周期。规则可以用级别。",
        ),
        page: [
            "`every`, `when`",
            "7 to 90 days",
            "the first that matches; a span or `\"never\"`",
        ],
        rules: |it| &mut it.revisits,
    },
    List {
        name: "review",
        what: Phrase("a review rule", "复核规则"),
        limit: Stage::Tier,
        comment: Phrase(
            "Reviews: how often a person goes through the customer's file; the first that matches.",
            "复核：多久有人复核一次客户档案；取第一条符合的。",
        ),
        page: [
            "`every`, `when`",
            "30 days for AAA, else 180; none of the lost",
            "how often a person goes through the file; the first that matches",
        ],
        rules: |it| &mut it.reviews,
    },
    List {
        name: "sla",
        what: Phrase("an sla", "时限规则"),
        limit: Stage::Tier,
        comment: Phrase(
            "Deadlines of complaints and requests, in days from the day they were opened; the first that\n\
                  matches. Without `case` a rule is for both.",
            "投诉（complaint）和服务请求（request）的期限，从受理之日算起的天数；取第一条符合的。不写 `case` 的规则\n\
                  两者都适用。",
        ),
        page: [
            "`case`, `when`, `respond`, `resolve`",
            "1 to 30 days",
            "deadlines of a `complaint` or `request`, both without `case`; the first that matches",
        ],
        rules: |it| &mut it.slas,
    },
    List {
        name: "escalation",
        what: Phrase("an escalation", "上报规则"),
        limit: Stage::Tier,
        comment: Phrase(
            "Escalation: who must know of a case that is late by `after` or more; of those that match, the one\n\
                  with the greatest `after`.",
            "上报：事项超时达到 `after` 就要报给谁；在符合的规则中取 `after` 最大的。",
        ),
        page: [
            "`to`, `after`, `when`",
            "head: from 1 day for AAA, else 7 days",
            "who must know of a late case, from so many days late on; of those that match, the greatest `after`",
        ],
        rules: |it| &mut it.escalations,
    },
    List {
        name: "dunning",
        what: Phrase("a dunning level", "催款级别"),
        limit: Stage::Tier,
        comment: Phrase(
            "Dunning: how hard an invoice is asked for that is `after` or more past its due day, with `-` before\n\
                  it; of those that match, the one with the greatest `after`.",
            "催款：发票逾期达到 `after` 时用哪一级，带 `-` 的为到期前；在符合的规则中取 `after` 最大的。",
        ),
        page: [
            "`level`, `label`, `after`, `when`",
            "notice -7d, reminder 1d, demand 31d, final 91d, legal 366d",
            "how hard an unsettled invoice is asked for, from so many days past due on (`\"-7d\"`: before it is due); of those that match, the greatest `after`",
        ],
        rules: |it| &mut it.dunning,
    },
    List {
        name: "churn",
        what: Phrase("a churn rule", "流失规则"),
        limit: Stage::Clock,
        comment: Phrase(
            "Churn: the worst level of those that match, else active. A rule may use the revisit clock.",
            "流失：取符合的规则中最严重的，都不符合则为正常（active）。规则可以用回访的各项指标。",
        ),
        page: [
            "`level`, `when`",
            "by churn_risk, else by churn_horizon",
            "`lost`, `at-risk` or `watch`; the worst that matches",
        ],
        rules: |it| &mut it.churn,
    },
    List {
        name: "signal",
        what: Phrase("a signal", "预警信号"),
        limit: Stage::Clock,
        comment: Phrase(
            "Signals: all that match stand beside the churn level.",
            "预警信号：所有符合的，与流失状态并列。",
        ),
        page: ["`name`, `label`, `when`", "eight", "all that match"],
        rules: |it| &mut it.signals,
    },
    List {
        name: "flag",
        what: Phrase("a flag", "标记"),
        limit: Stage::Churn,
        comment: Phrase(
            "Flags: findings about a customer; all that match. A rule may use everything but flags.",
            "标记：客户有哪些情况；所有符合的。规则可以用标记以外的一切指标。",
        ),
        page: ["`name`, `label`, `when`", "over-credit", "all that match"],
        rules: |it| &mut it.flags,
    },
];

/// Returns the names of all lists.
pub(super) fn list_names() -> impl Iterator<Item = &'static str> {
    LISTS.iter().map(|it| it.name)
}

/// Judges the name of a list as one that `extend` may have.
pub(super) const EXTENDABLE: TextCheck = |name, _, _| {
    use crate::diagnostic::Nearest as _;
    if list_names().any(|it| it == name) {
        return Ok(true);
    }
    let all = || both!("they are {}", "可以是 {}", listed(list_names()));
    let help = list_names().help(name).unwrap_or_else(all);
    Err((
        both!("`{name}` is no list of rules", "没有 `{name}` 这个规则列表"),
        Some(help),
    ))
};

/// A rule's condition as it is stated and where it stands, quotes included.
pub(super) type When<'t> = Option<(&'t str, Range<usize>)>;

/// A rule of any list.
trait ListedRule: Sized {
    /// Reads all but the condition; `what` is how messages call such a rule.
    fn read(table: &mut TomlTable<'_, '_>, what: Phrase) -> Option<Self>;

    /// Returns its condition.
    fn when(&mut self) -> &mut Option<Rule>;

    /// Returns the name by which a rule of a book takes the place of default ones.
    fn name(&self) -> Option<&str> {
        None
    }

    /// Writes its keys in the order of files.
    fn write(&self, keys: &mut RuleKeys);
}

/// The keys of one rule's table, as written.
struct RuleKeys(String);

impl RuleKeys {
    fn text(&mut self, key: &str, value: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{key} = {}", quoted(value));
    }

    fn label(&mut self, label: Option<&str>) {
        if let Some(label) = label {
            self.text("label", label);
        }
    }

    fn when(&mut self, rule: Option<&Rule>) {
        if let Some(rule) = rule {
            self.text("when", rule.text());
        }
    }
}

impl ListedRule for NamedRule {
    fn read(table: &mut TomlTable<'_, '_>, what: Phrase) -> Option<Self> {
        let name = table.required_text("name", what);
        let label = table.text("label").map(str::to_owned);
        Some(Self {
            name: name?.to_owned(),
            label,
            when: None,
        })
    }
    fn when(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
    fn write(&self, keys: &mut RuleKeys) {
        keys.text("name", &self.name);
        keys.label(self.label.as_deref());
        keys.when(self.when.as_ref());
    }
}

impl ListedRule for CadenceRule {
    fn read(table: &mut TomlTable<'_, '_>, what: Phrase) -> Option<Self> {
        table.require("every", what);
        let every = table.cadence("every")?;
        Some(Self { when: None, every })
    }
    fn when(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn write(&self, keys: &mut RuleKeys) {
        keys.when(self.when.as_ref());
        match self.every {
            Revisit::Every(span) => keys.text("every", &span.to_string()),
            Revisit::Never => keys.text("every", "never"),
        }
    }
}

impl ListedRule for SlaRule {
    fn read(table: &mut TomlTable<'_, '_>, what: Phrase) -> Option<Self> {
        let is_case_stated = table.text("case").is_some();
        let case = table.one_of("case", CaseKind::WORDS);
        let respond = table.span_or_never("respond", 0);
        let resolve = table.span_or_never("resolve", 0);
        if !table.has("respond") && !table.has("resolve") {
            let span = table.span();
            let help = Phrase(
                "add `respond = \"2d\"` or `resolve = \"14d\"`",
                "加上 `respond = \"2d\"` 或 `resolve = \"14d\"`",
            );
            table.report(
                MISSING_KEY,
                span,
                both!("{} sets no deadline", "这条{}没有写明期限", what),
                help,
            );
        }
        // One whose case is misspelt must not hold for all cases.
        if is_case_stated && case.is_none() {
            return None;
        }
        Some(Self {
            case: case.map(|index| CaseKind::ALL[index]),
            when: None,
            respond,
            resolve,
        })
    }
    fn when(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn write(&self, keys: &mut RuleKeys) {
        if let Some(case) = self.case {
            keys.text("case", case.word());
        }
        keys.when(self.when.as_ref());
        let sets_none = self.respond.is_none() && self.resolve.is_none();
        for (key, span) in [("respond", self.respond), ("resolve", self.resolve)] {
            match span {
                Some(span) => keys.text(key, &span.to_string()),
                None if sets_none => keys.text(key, "never"),
                None => {}
            }
        }
    }
}

impl ListedRule for EscalationRule {
    fn read(table: &mut TomlTable<'_, '_>, what: Phrase) -> Option<Self> {
        let is_after_stated = table.has("after");
        let to = table.required_text("to", what);
        let after = table.signed_span("after");
        // One whose span is misspelt must not hold from the first day on.
        if is_after_stated && after.is_none() {
            return None;
        }
        Some(Self {
            to: to?.to_owned(),
            after: after.unwrap_or(1),
            when: None,
        })
    }
    fn when(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn write(&self, keys: &mut RuleKeys) {
        keys.text("to", &self.to);
        keys.text("after", &format!("{}d", self.after));
        keys.when(self.when.as_ref());
    }
}

impl ListedRule for DunningRule {
    fn read(table: &mut TomlTable<'_, '_>, what: Phrase) -> Option<Self> {
        let level = table.required_text("level", what);
        let label = table.text("label").map(str::to_owned);
        table.require("after", what);
        let after = table.signed_span("after");
        Some(Self {
            level: level?.to_owned(),
            label,
            after: after?,
            when: None,
        })
    }
    fn when(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn name(&self) -> Option<&str> {
        Some(&self.level)
    }
    fn write(&self, keys: &mut RuleKeys) {
        keys.text("level", &self.level);
        keys.label(self.label.as_deref());
        keys.text("after", &format!("{}d", self.after));
        keys.when(self.when.as_ref());
    }
}

impl ListedRule for ChurnRule {
    fn read(table: &mut TomlTable<'_, '_>, what: Phrase) -> Option<Self> {
        // The worst first; none has to say that a customer is active.
        let levels = [ChurnLevel::Lost, ChurnLevel::AtRisk, ChurnLevel::Watch];
        table.require("level", what);
        let level = levels[table.one_of("level", &levels.map(Word::word))?];
        Some(Self { level, when: None })
    }
    fn when(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn write(&self, keys: &mut RuleKeys) {
        keys.text("level", self.level.word());
        keys.when(self.when.as_ref());
    }
}

/// A rule as it is written.
#[derive(PartialEq)]
pub(super) struct WrittenRule {
    /// Its table with the header.
    pub(super) text: String,
    /// The name by which a rule of a book takes the place of default ones.
    pub(super) name: Option<String>,
    /// Its condition.
    pub(super) when: Option<String>,
}

/// The rules of a list, whatever they are.
pub(super) trait Rules {
    /// Takes the stated rules, still without their conditions, in the place of those before, or before
    /// them; returns the conditions.
    ///
    /// A rule of the list whose name a stated one bears gives way to that.
    fn take<'t>(
        &mut self,
        root: &mut TomlTable<'t, '_>,
        list: &List,
        extends: bool,
    ) -> Vec<When<'t>>;

    /// Gives the first rules their conditions; one whose condition is wrong is left out.
    fn compile(
        &mut self,
        conditions: Vec<When<'_>>,
        compile: &mut dyn FnMut(&str, Range<usize>) -> Option<Rule>,
    );

    /// Writes each.
    fn written(&self, list: &List) -> Vec<WrittenRule>;
}

impl<T: ListedRule + Clone> Rules for Vec<T> {
    fn take<'t>(
        &mut self,
        root: &mut TomlTable<'t, '_>,
        list: &List,
        extends: bool,
    ) -> Vec<When<'t>> {
        let stated = root.each(list.name, |table| {
            (T::read(table, list.what), table.text_value("when"))
        });
        let Some(stated) = stated else {
            return Vec::new();
        };
        let right = stated
            .into_iter()
            .filter_map(|(rule, when)| Some((rule?, when)));
        let (own, conditions): (Vec<T>, Vec<_>) = right.unzip();
        let before = std::mem::replace(self, own);
        if extends {
            let own = self.len();
            for rule in before {
                let is_borne = |name: &str| self[..own].iter().any(|it| it.name() == Some(name));
                if !rule.name().is_some_and(is_borne) {
                    self.push(rule);
                }
            }
        }
        conditions
    }

    fn compile(
        &mut self,
        conditions: Vec<When<'_>>,
        compile: &mut dyn FnMut(&str, Range<usize>) -> Option<Rule>,
    ) {
        let mut conditions = conditions.into_iter();
        self.retain_mut(|rule| match conditions.next() {
            Some(Some((text, span))) => {
                *rule.when() = compile(text, span);
                rule.when().is_some()
            }
            Some(None) | None => true,
        });
    }

    fn written(&self, list: &List) -> Vec<WrittenRule> {
        let written = |rule: &T| {
            let mut keys = RuleKeys(format!("\n[[{}]]\n", list.name));
            rule.write(&mut keys);
            let mut rule = rule.clone();
            WrittenRule {
                text: keys.0,
                name: rule.name().map(str::to_owned),
                when: rule.when().as_ref().map(|it| it.text().to_owned()),
            }
        };
        self.iter().map(written).collect()
    }
}
