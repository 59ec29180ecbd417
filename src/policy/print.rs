//! The policy in force as TOML with comments, such that reading it gives the same policy.
//!
//! `default.toml` is what this writes of the default policy; a test keeps the two equal.

use std::fmt::{self, Write as _};

use super::lists::ListedRule;
use super::written::{Decimal, Key, Limit, Text, WeightLines};
use super::{
    AmountChoice, CadenceRule, CaseKind, FirstOrder, ModelChoice, Policy, RevenueBasis, ValueBasis,
};
use crate::diagnostic::Diagnostics;
use crate::metric::Stage;
use crate::model::{Kind, KindTable, Revisit};
use crate::rule::{Rule, RuleText, Scope};
use crate::source::SourceText;

/// Writes a policy as a `guanxi.toml` that states every key.
///
/// A default rule may name a stage or tier that this policy does not have; stated, it would be an
/// error. Such a list stands as a comment, and is in force because it is not stated.
pub fn print(policy: &Policy) -> String {
    let mut out = String::new();
    top(&mut out, policy);
    tier_order(&mut out, policy);
    extended_lists(&mut out, policy);
    empty_lists(&mut out, policy);
    lists(&mut out, policy);
    numbers(&mut out, policy);
    kinds(&mut out, &policy.kinds);
    out
}

fn top(out: &mut String, policy: &Policy) {
    out.push_str(
        "\
# The policy in force. A key that is left out keeps its default; a list of rules, such as all
# [[tier]] tables together, is replaced as a whole, but one that `extend = [\"tier\"]` names goes on with
# the default rules. The rule language: docs/format.md, \"Rules\".
",
    );
    let stages: Vec<String> = policy
        .stages
        .iter()
        .map(|it| Text(it).to_string())
        .collect();
    put(
        out,
        format_args!(
            "
# The name of the book's one currency; a label.
currency = {}

# The stages that a customer can be in.
stages = [{}]

# When an invoice is due, where neither its row nor the customer's file says: so many days after it,
# or \"eom+60d\", after the end of its month.
payment_terms = {}

# Where `guanxi log` appends; {{year}}, {{month}} and {{customer}} are filled in.
log_file = {}
",
            Text(&policy.currency),
            stages.join(", "),
            Text(policy.payment_terms.as_str()),
            Text(policy.log_file.pattern())
        ),
    );
}

/// Writes the order of tiers; a default one may name tiers that this policy does not have.
fn tier_order(out: &mut String, policy: &Policy) {
    let has = |name: &String| policy.tiers.iter().any(|tier| tier.name == *name);
    let comment = if policy.tier_order.iter().all(has) {
        ""
    } else {
        "# "
    };
    let names: Vec<String> = (policy.tier_order.iter())
        .map(|it| Text(it).to_string())
        .collect();
    put(
        out,
        format_args!(
            "
# The tiers from the best on, as they are sorted; others follow in the order of their tables.
{comment}tier_order = [{}]
",
            names.join(", ")
        ),
    );
}

/// Writes the lists that are empty: such a key must come before all tables.
fn empty_lists(out: &mut String, policy: &Policy) {
    let lists = [
        ("tier", policy.tiers.is_empty()),
        ("revisit", policy.revisits.is_empty()),
        ("review", policy.reviews.is_empty()),
        ("sla", policy.slas.is_empty()),
        ("churn", policy.churn.is_empty()),
        ("signal", policy.signals.is_empty()),
        ("flag", policy.flags.is_empty()),
    ];
    if lists.iter().any(|(_, is_empty)| *is_empty) {
        out.push_str("\n# Lists without any rule.\n");
    }
    for (name, _) in lists.iter().filter(|(_, is_empty)| *is_empty) {
        put(out, format_args!("{name} = []\n"));
    }
}

/// Writes the lists of which only the beginning can be stated: the book's own rules, which the default
/// ones follow.
fn extended_lists(out: &mut String, policy: &Policy) {
    let default = Policy::default();
    let mut extended = Vec::new();
    {
        let mut unused = String::new();
        let mut printer = ListPrinter {
            policy,
            limit: Stage::Facts,
            out: &mut unused,
            extended: Some(&mut extended),
        };
        each_list(&mut printer, policy, &default);
    }
    if !extended.is_empty() {
        put(
            out,
            format_args!(
                "\n# The lists that go on with the default rules.\nextend = [{}]\n",
                extended.join(", ")
            ),
        );
    }
}

fn lists(out: &mut String, policy: &Policy) {
    let default = Policy::default();
    let mut printer = ListPrinter {
        policy,
        limit: Stage::Facts,
        out,
        extended: None,
    };
    each_list(&mut printer, policy, &default);
}

/// Writes the tiers alone.
pub(super) fn print_tiers(policy: &Policy) -> String {
    let mut out = String::new();
    let mut printer = ListPrinter {
        policy,
        limit: Stage::Facts,
        out: &mut out,
        extended: None,
    };
    tiers(&mut printer, policy, policy);
    out
}

fn each_list(printer: &mut ListPrinter<'_>, policy: &Policy, default: &Policy) {
    tiers(printer, policy, default);
    printer.limit = Stage::Tier;
    let cadence = |rule: &CadenceRule, keys: &mut Keys| {
        keys.when(rule.when.as_ref());
        match rule.every {
            Revisit::Every(days) => keys.text("every", &format!("{days}d")),
            Revisit::Never => keys.text("every", "never"),
        }
    };
    printer.list(
        "revisit",
        "\
# Revisits: the first that matches says how often to see a customer whose file has no `revisit`.
# A rule may use the tier.
",
        (&policy.revisits, &default.revisits),
        cadence,
    );
    printer.list(
        "review",
        "# Reviews: how often a person goes through the customer's file; the first that matches.\n",
        (&policy.reviews, &default.reviews),
        cadence,
    );
    printer.list(
        "sla",
        "\
# Deadlines of complaints and requests, in days from the day they were opened; the first that
# matches. Without `case` a rule is for both.
",
        (&policy.slas, &default.slas),
        |rule, keys| {
            match rule.case {
                Some(CaseKind::Complaint) => keys.text("case", "complaint"),
                Some(CaseKind::Request) => keys.text("case", "request"),
                None => {}
            }
            keys.when(rule.when.as_ref());
            let sets_none = rule.respond.is_none() && rule.resolve.is_none();
            for (key, days) in [("respond", rule.respond), ("resolve", rule.resolve)] {
                match days {
                    Some(days) => keys.text(key, &format!("{days}d")),
                    None if sets_none => keys.text(key, "never"),
                    None => {}
                }
            }
        },
    );
    printer.limit = Stage::Clock;
    printer.list(
        "churn",
        "\
# Churn: the worst level of those that match, else active. A rule may use the revisit clock.
",
        (&policy.churn, &default.churn),
        |rule, keys| {
            keys.text("level", rule.level.name());
            keys.when(rule.when.as_ref());
        },
    );
    printer.list(
        "signal",
        "# Signals: all that match stand beside the churn level.\n",
        (&policy.signals, &default.signals),
        |rule, keys| {
            keys.text("name", &rule.name);
            keys.when(rule.when.as_ref());
        },
    );
    printer.limit = Stage::Churn;
    printer.list(
        "flag",
        "\
# Flags: findings about a customer; all that match. A rule may use everything but flags.
",
        (&policy.flags, &default.flags),
        |rule, keys| {
            keys.text("name", &rule.name);
            keys.when(rule.when.as_ref());
        },
    );
}

fn tiers(printer: &mut ListPrinter<'_>, policy: &Policy, default: &Policy) {
    printer.list(
        "tier",
        "# Tiers: the first that matches. A rule may use facts and the model's figures.\n",
        (&policy.tiers, &default.tiers),
        |rule, keys| {
            keys.text("name", &rule.name);
            if let Some(label) = &rule.label {
                keys.text("label", label);
            }
            keys.when(rule.when.as_ref());
        },
    );
}

/// Writes lists of rules.
struct ListPrinter<'p> {
    policy: &'p Policy,
    limit: Stage,
    out: &'p mut String,
    /// Where the names of lists go that must be extended, if only these are asked for.
    extended: Option<&'p mut Vec<String>>,
}

impl ListPrinter<'_> {
    /// Writes one list: the one in force, after the comment; it is told apart from the default one.
    fn list<T: PartialEq + ListedRule>(
        &mut self,
        name: &str,
        comment: &str,
        (rules, default): (&[T], &[T]),
        write: impl Fn(&T, &mut Keys),
    ) {
        let mut texts = Vec::with_capacity(rules.len());
        // How many rules must be stated for all to be that cannot stand in a book.
        let mut statable = rules.len();
        for (at, rule) in rules.iter().enumerate() {
            let mut keys = Keys::default();
            write(rule, &mut keys);
            texts.push(format!("\n[[{name}]]\n{}", keys.text));
            if !keys.rules.iter().all(|rule| self.can_be_stated(rule)) {
                statable = statable.min(at);
            }
        }
        let can_be_stated = statable == rules.len();
        let own = if can_be_stated || rules == default {
            None
        } else {
            own_count(rules, default, statable)
        };
        if let Some(extended) = &mut self.extended {
            extended.extend(own.map(|_| Text(name).to_string()));
            return;
        }
        let text = texts.concat();
        put(self.out, format_args!("\n{comment}"));
        if rules.is_empty() {
            put(
                self.out,
                format_args!("# There are none: `{name} = []` above.\n"),
            );
        } else if let Some(own) = own {
            self.out.push_str(&texts[..own].concat());
            self.out.push('\n');
            self.unstated(&texts[own..].concat());
        } else if can_be_stated || rules != default {
            self.out.push_str(&text);
        } else {
            self.unstated(&text);
        }
    }

    /// Writes default rules as a comment.
    fn unstated(&mut self, text: &str) {
        self.out.push_str(
            "# These defaults are in force but name what this policy does not have, which they\n\
             # may do only as long as they are not stated:\n",
        );
        for line in text.trim_start().lines() {
            put(
                self.out,
                format_args!("{}\n", format!("# {line}").trim_end()),
            );
        }
    }

    /// Tells whether a rule has no fault if a book states it.
    fn can_be_stated(&self, rule: &str) -> bool {
        let vocabulary = self.policy.vocabulary();
        let scope = Scope {
            vocabulary: &vocabulary,
            limit: self.limit,
            is_default: false,
        };
        let source = SourceText::new("", rule);
        Rule::compile(
            &RuleText::whole(&source),
            &scope,
            &mut Diagnostics::default(),
        )
        .is_some()
    }
}

/// Returns how many rules stand before the default ones, at most so many, if a list ends in these: all,
/// but for those that were left out because a rule before bears their name.
fn own_count<T: PartialEq + ListedRule>(rules: &[T], default: &[T], most: usize) -> Option<usize> {
    (0..=most).find(|own| {
        let (own, rest) = rules.split_at(*own);
        let is_borne = |name: &str| own.iter().any(|it| it.name() == Some(name));
        let kept = default.iter().filter(|it| !it.name().is_some_and(is_borne));
        kept.eq(rest)
    })
}

/// The keys of one rule's table.
#[derive(Default)]
struct Keys {
    text: String,
    rules: Vec<String>,
}

impl Keys {
    fn text(&mut self, key: &str, value: &str) {
        put(&mut self.text, format_args!("{key} = {}\n", Text(value)));
    }

    fn when(&mut self, rule: Option<&Rule>) {
        if let Some(rule) = rule {
            self.text("when", rule.text());
            self.rules.push(rule.text().to_owned());
        }
    }
}

fn numbers(out: &mut String, policy: &Policy) {
    value(out, policy);
    let settlement = &policy.settlement;
    put(
        out,
        format_args!(
            "
# How reliably a customer pays: stable, fair, unstable or overdue.
[settlement]
# Invoices of these last days are judged, and all that are not settled.
window = \"{}d\"
# Stable or fair: at least such a share of their amount was, or is, no later than the grace.
grace = \"{}d\"
stable_share = {}
fair_share = {}
# Unstable at best, and overdue: more than a petty share of the amount is later than this.
limit = \"{}d\"
overdue = \"{}d\"
# The share of an amount that does not matter; an invoice of which more was written off is never settled.
petty = {}
# The balance up to which an invoice counts as settled: money, or a share of its amount like \"5%\".
tolerance = \"{}\"

# Classes A and B end where these shares of the value of all customers are reached.
[pareto]
a = {}
b = {}

# The weights of survey topics in `satisfaction`; 1 for a topic that is not here.
[satisfaction]
{}
# The weights of the items of a customer's [scorecard] in `score`; 1 for one that is not here.
[scorecard]
{}
# The fields that a complete customer file has.
[archive]
expect = [
",
            settlement.window,
            settlement.grace,
            Decimal(settlement.stable_share),
            Decimal(settlement.fair_share),
            settlement.limit,
            settlement.overdue,
            Decimal(settlement.petty),
            Limit(settlement.tolerance),
            Decimal(policy.pareto.a),
            Decimal(policy.pareto.b),
            WeightLines(&policy.satisfaction),
            WeightLines(&policy.scorecard)
        ),
    );
    for field in &policy.expect {
        put(out, format_args!("    {},\n", Text(field)));
    }
    out.push_str("]\n");
    let others: Vec<String> = (policy.other_columns.iter())
        .map(|it| Text(it).to_string())
        .collect();
    put(
        out,
        format_args!(
            "
# Columns of logs that mean nothing here, and are meant to.
[log]
other_columns = [{}]
",
            others.join(", ")
        ),
    );
}

fn value(out: &mut String, policy: &Policy) {
    let value = &policy.value;
    let model = match value.model {
        ModelChoice::Auto => "auto",
        ModelChoice::Mbgnbd => "mbgnbd",
        ModelChoice::Bgnbd => "bgnbd",
        ModelChoice::Pnbd => "pnbd",
        ModelChoice::Retention => "retention",
    };
    let amount = match value.amount {
        AmountChoice::Shrunk => "shrunk",
        AmountChoice::GammaGamma => "gamma-gamma",
    };
    let trend = value.trend;
    let revenue = match value.revenue {
        RevenueBasis::Auto => "auto",
        RevenueBasis::Order => "order",
        RevenueBasis::Invoice => "invoice",
    };
    let basis = match value.basis {
        ValueBasis::Revenue => "revenue",
        ValueBasis::Profit => "profit",
    };
    let first_order = match value.first_order {
        FirstOrder::Include => "include",
        FirstOrder::Exclude => "exclude",
    };
    let margin = match value.margin {
        Some(margin) => format!("margin = {}", Decimal(margin)),
        None => "# margin = 0.25".to_owned(),
    };
    put(
        out,
        format_args!(
            "
# How orders are counted and lifetime value is reckoned.
[value]
# auto, mbgnbd, bgnbd, pnbd, or retention for the formula of the field's texts.
model = \"{model}\"
# What a future order day brings: \"shrunk\", as if there were one more of the usual amount, or \"gamma-gamma\".
amount = \"{amount}\"
# Whether auto follows the whole book where its last year was far from what it expects.
trend = {trend}
# Which rows are revenue: \"order\", or \"invoice\" for books fed by an accounting export; \"auto\" is
# \"invoice\" where the whole book has no order row, else \"order\".
revenue = \"{revenue}\"
# What annual_value is: \"revenue\", or \"profit\", which needs a margin. The field's text speaks of
# benefit, which is nearer to profit.
basis = \"{basis}\"
# The share of revenue that is earned, where a customer's file says none.
{margin}
# How many years lifetime value looks ahead, and the discount a year.
years = {}
discount = {}
# The share of customers kept from year to year, for the retention formula.
retention = {}
# Whether the first order day counts in the expected order value: \"include\" or \"exclude\".
first_order = \"{first_order}\"
",
            value.years,
            Decimal(value.discount),
            Decimal(value.retention)
        ),
    );
}

fn kinds(out: &mut String, kinds: &KindTable) {
    out.push_str("\n# Kinds of interaction of your own, and changes to the built-in ones:\n");
    let built_in = KindTable::default();
    let is_new = |kind: &&Kind| {
        let index = built_in.index_of(&kind.name);
        index.is_none_or(|index| built_in.kind(index) != *kind)
    };
    let changed: Vec<&Kind> = kinds.all().iter().filter(is_new).collect();
    if changed.is_empty() {
        out.push_str("# [kind.golf]\n# contact = true\n# label = \"高尔夫\"\n");
    }
    for kind in changed {
        put(
            out,
            format_args!("[kind.{}]\ncontact = {}\n", Key(&kind.name), kind.contact),
        );
        if let Some(label) = &kind.label {
            put(out, format_args!("label = {}\n", Text(label)));
        }
    }
}

/// Adds formatted text.
fn put(out: &mut String, text: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}
