//! The policy in force: the rules and numbers by which a book is judged.
//!
//! `keys` and `lists` are the tables of what it can say, with the defaults, and `rules.toml` is the field's
//! practice as rules; [`read`] lays a book's `guanxi.toml` over it, key by key, a list of rules as a
//! whole; [`print()`] writes the one in force so that it reads back. It knows no files on disk.

mod imports;
mod keys;
mod labels;
mod lists;
mod print;
mod read;
mod slot;
mod suggest;
#[cfg(test)]
mod tests;
mod working;

pub use imports::SavedImport;
pub use labels::Labelled;
pub use print::{page, print};
pub use read::read;
pub use suggest::suggest;

use unicode_normalization::UnicodeNormalization as _;

use crate::calendar::WorkCalendar;
use crate::metric::level::ChurnLevel;
use crate::model::{Fraction, KindTable, Money, Revisit, Span, Terms, words};
use crate::rule::{Rule, Vocabulary};
use crate::source::is_hostile;
use crate::words::{Phrase, Wording, both};

/// The format of books that this program knows; one that a later program changes has a greater number.
pub const FORMAT: u32 = 1;

/// What one `guanxi.toml` and the defaults say.
///
/// Lists of rules are in their order; in those where one is chosen, the first that matches wins. A
/// rule without a `when` always matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Which format the book is written in, from 1 to [`FORMAT`].
    pub format: u32,
    /// The name of the book's one currency; a label.
    pub currency: String,
    /// The stages that a customer can be in, in their order.
    pub stages: Vec<String>,
    /// `[stage.X] label`: what people read in the place of a stage.
    pub stage_labels: Vec<(String, String)>,
    /// `[view]`: how the team wishes answers to look.
    pub view: ViewPolicy,
    /// When an invoice is due, where neither the row nor the customer says.
    pub payment_terms: Terms,
    /// Where `log` appends: a path below `interactions/` with `{year}`, `{month}`, `{customer}`.
    pub log_file: LogPattern,
    /// `[log] other_columns`: columns of logs that mean nothing here, and are meant to.
    pub other_columns: Vec<String>,
    /// `tier_order`: the tiers from the best on; others follow in the order of their tables.
    pub tier_order: Vec<String>,
    /// `[[tier]]`: the first that matches is the customer's tier.
    pub tiers: Vec<NamedRule>,
    /// `[[revisit]]`: the first that matches gives the cadence.
    pub revisits: Vec<CadenceRule>,
    /// `[[review]]`: the first that matches says how often the customer's file is gone through.
    pub reviews: Vec<CadenceRule>,
    /// `[[sla]]`: the first that matches gives a case its deadlines.
    pub slas: Vec<SlaRule>,
    /// `[[escalation]]`: of those that match a late case, the one with the greatest `after`.
    pub escalations: Vec<EscalationRule>,
    /// `[[dunning]]`: of those that match an item, the one with the greatest `after`.
    pub dunning: Vec<DunningRule>,
    /// `[[churn]]`: the worst level of those that match.
    pub churn: Vec<ChurnRule>,
    /// `[[signal]]`: all that match.
    pub signals: Vec<NamedRule>,
    /// `[[flag]]`: all that match.
    pub flags: Vec<NamedRule>,
    /// `[value]`
    pub value: ValuePolicy,
    /// `[settlement]`
    pub settlement: SettlementPolicy,
    /// `[receivables] buckets`: the days past due at which the spans end by which receivables are told, ascending.
    pub buckets: Vec<u32>,
    /// `[team]`
    pub team: TeamPolicy,
    /// `[market] value`: what all customers of the market are worth.
    pub market: Option<Money>,
    /// `[winning] promotion`: the topics of expenses that count as promotion.
    pub promotion: Vec<String>,
    /// `[export] calendar`: the name of the book's calendar.
    pub export_calendar: String,
    /// `[pareto]`
    pub pareto: ParetoPolicy,
    /// `[satisfaction]`: the weight of each topic, at least 0; 1 for all others.
    pub satisfaction: Weights,
    /// `[scorecard]`: the weight of each item, at least 0; 1 for all others.
    pub scorecard: Weights,
    /// `[archive] expect`: the fields that a complete customer file has, in their order.
    pub expect: Vec<String>,
    /// `[calendar]`: which days are worked; without it no day is moved.
    pub calendar: Option<WorkCalendar>,
    /// `[remind]`
    pub remind: RemindPolicy,
    /// The kinds of interaction: the built-in ones as `[kind.NAME]` changes them, and those it adds.
    pub kinds: KindTable,
    /// How exports of other programs are read: `[import.NAME]`.
    pub imports: Vec<SavedImport>,
}

impl Policy {
    /// Returns a policy that says nothing; the default one states every key of it.
    fn unset() -> Self {
        Self {
            format: FORMAT,
            currency: String::new(),
            stages: Vec::new(),
            stage_labels: Vec::new(),
            view: ViewPolicy::default(),
            payment_terms: Terms::default(),
            log_file: LogPattern(String::new()),
            other_columns: Vec::new(),
            tier_order: Vec::new(),
            tiers: Vec::new(),
            revisits: Vec::new(),
            reviews: Vec::new(),
            slas: Vec::new(),
            escalations: Vec::new(),
            dunning: Vec::new(),
            churn: Vec::new(),
            signals: Vec::new(),
            flags: Vec::new(),
            value: ValuePolicy::default(),
            settlement: SettlementPolicy::default(),
            buckets: Vec::new(),
            team: TeamPolicy::default(),
            market: None,
            promotion: Vec::new(),
            export_calendar: String::new(),
            pareto: ParetoPolicy::default(),
            satisfaction: Weights::default(),
            scorecard: Weights::default(),
            expect: Vec::new(),
            calendar: None,
            remind: RemindPolicy::default(),
            kinds: KindTable::default(),
            imports: Vec::new(),
        }
    }

    /// Returns the words that this policy's rules and filters may use.
    pub fn vocabulary(&self) -> Vocabulary {
        let names = |rules: &[NamedRule]| rules.iter().map(|it| it.name.clone()).collect();
        Vocabulary {
            stages: self.stages.clone(),
            tiers: self.tiers.iter().map(|it| it.name.clone()).collect(),
            signals: names(&self.signals),
            flags: names(&self.flags),
            dunning: self
                .dunning_levels()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            labels: self.own_labels(),
        }
    }

    /// Returns the levels of dunning, each once, in the order of their tables.
    pub fn dunning_levels(&self) -> Vec<&str> {
        let mut levels: Vec<&str> = Vec::new();
        for rule in &self.dunning {
            if !levels.contains(&rule.level.as_str()) {
                levels.push(&rule.level);
            }
        }
        levels
    }

    /// Tells whether expenses for something count as promotion.
    pub(crate) fn is_promotion(&self, topic: Option<&str>) -> bool {
        topic.is_some_and(|topic| {
            let mut topics = self.promotion.iter();
            topics.any(|it| it == topic || it.nfc().eq(topic.nfc()))
        })
    }

    /// Returns the names of all tiers, from the best on.
    pub fn tiers_in_order(&self) -> Vec<&str> {
        let has = |name: &&str| self.tiers.iter().any(|tier| tier.name == **name);
        let ordered = self.tier_order.iter().map(String::as_str).filter(has);
        let mut names: Vec<&str> = ordered.collect();
        for tier in &self.tiers {
            if !names.contains(&tier.name.as_str()) {
                names.push(&tier.name);
            }
        }
        names
    }

    /// Returns every rule of the policy, in the order of their lists.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let cadences = self.revisits.iter().chain(&self.reviews);
        let named = self.signals.iter().chain(&self.flags);
        (self.tiers.iter().map(|it| &it.when))
            .chain(cadences.map(|it| &it.when))
            .chain(self.slas.iter().map(|it| &it.when))
            .chain(self.escalations.iter().map(|it| &it.when))
            .chain(self.dunning.iter().map(|it| &it.when))
            .chain(self.churn.iter().map(|it| &it.when))
            .chain(named.map(|it| &it.when))
            .flatten()
    }
}

/// A pattern for the log that a row goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPattern(String);

impl LogPattern {
    /// Takes a pattern that stays in the book's `interactions` folder and will be read again; else says
    /// what is wrong with it.
    pub(super) fn parse(pattern: &str) -> Result<Self, Wording> {
        let mut names = pattern.split('/');
        if names.next() != Some("interactions") || !pattern.contains('/') {
            return Err(Phrase(
                "must lie below `interactions/`",
                "必须在 `interactions/` 里面",
            )
            .into());
        }
        // The reader takes `.csv` in lower case only.
        if pattern
            .rsplit_once('.')
            .is_none_or(|(_, ending)| ending != "csv")
        {
            return Err(Phrase("must end in `.csv`", "必须以 `.csv` 结尾").into());
        }
        for name in names {
            if name.is_empty() || name.starts_with('.') {
                return Err(Phrase(
                    "has a folder or file that is empty, hidden or above",
                    "里有空的、隐藏的或上级的文件夹或文件",
                )
                .into());
            }
            let filled = (name.replace("{year}", "2026"))
                .replace("{month}", "01")
                .replace("{customer}", "a");
            if let Some(rest) = filled.split('{').nth(1) {
                let word = rest.split('}').next().unwrap_or(rest);
                return Err(both!(
                    "has `{{{word}}}`, which nothing fills in",
                    "里的 `{{{word}}}` 没有对应的内容"
                ));
            }
            let odd = |it: char| is_hostile(it) || "\\:*?\"<>|{}".contains(it);
            if let Some(character) = filled.chars().find(|it| odd(*it)) {
                return Err(both!(
                    "has `{}` in it, which not every file system can hold",
                    "里有 `{}`，不是所有文件系统都能用",
                    character.escape_default().to_string()
                ));
            }
        }
        Ok(Self(pattern.to_owned()))
    }

    /// Returns the pattern as written.
    pub fn pattern(&self) -> &str {
        &self.0
    }

    /// Returns the path from the book's root for a row.
    pub fn path(&self, year: i32, month: u32, customer: &str) -> String {
        self.0
            .replace("{year}", &format!("{year:04}"))
            .replace("{month}", &format!("{month:02}"))
            .replace("{customer}", customer)
    }
}

/// A `[[revisit]]` or `[[review]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct CadenceRule {
    /// Which customers it is for.
    pub when: Option<Rule>,
    /// How often.
    pub every: Revisit,
}

/// An `[[sla]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct SlaRule {
    /// Which cases it is for; both kinds if absent.
    pub case: Option<CaseKind>,
    /// Which customers it is for.
    pub when: Option<Rule>,
    /// The time until the first answer is due.
    pub respond: Option<Span>,
    /// The time until the case must be closed.
    pub resolve: Option<Span>,
}

words! {
    /// A kind of case.
    CaseKind {
        Complaint = "complaint" "a complaint",
        Request = "request" "a request",
    }
}

/// An `[[escalation]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct EscalationRule {
    /// Who must know.
    pub to: String,
    /// From how many days late on.
    pub after: i64,
    /// Which customers it is for.
    pub when: Option<Rule>,
}

/// A `[[dunning]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct DunningRule {
    /// How hard the customer is asked for what it owes.
    pub level: String,
    /// What people read in its place, if the policy says so.
    pub label: Option<String>,
    /// From how many days past due on; negative before the due day.
    pub after: i64,
    /// Which customers it is for.
    pub when: Option<Rule>,
}

/// A `[[churn]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ChurnRule {
    /// The level that it gives.
    pub level: ChurnLevel,
    /// Which customers it is for.
    pub when: Option<Rule>,
}

/// A `[[tier]]`, `[[signal]]` or `[[flag]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedRule {
    /// What is said of a customer for whom it holds.
    pub name: String,
    /// What people read beside a tier's name, or in place of another, if the policy says so.
    pub label: Option<String>,
    /// Which customers it is for.
    pub when: Option<Rule>,
}

/// `[view]`: how the team wishes answers to look to those who have no wish of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ViewPolicy {
    /// The language.
    pub lang: ViewLanguage,
    /// The unit of money.
    pub units: ViewUnits,
}

words! {
    /// `[view] lang`
    ViewLanguage {
        Auto = "auto" "that of the reader's system",
        Zh = "zh" "Chinese",
        En = "en" "English",
    }
}

words! {
    /// `[view] units`
    ViewUnits {
        Yuan = "yuan" "amounts as they are",
        Wan = "wan" "in tens of thousands",
        Yi = "yi" "in hundreds of millions",
    }
}

/// `[value]`: how orders are counted and lifetime value is reckoned.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ValuePolicy {
    /// Which model tells the future.
    pub model: ModelChoice,
    /// How the amount of a future order day is told.
    pub amount: AmountChoice,
    /// Whether `auto` follows the whole book's last year.
    pub trend: bool,
    /// Which rows count as orders.
    pub revenue: RevenueBasis,
    /// What `annual_value` is.
    pub basis: ValueBasis,
    /// The share of revenue that is earned, 0 to 1, where the customer's file says none.
    pub margin: Option<Fraction>,
    /// How many years lifetime value looks ahead.
    pub years: u32,
    /// The yearly discount, 0 to 1.
    pub discount: Fraction,
    /// The yearly share of customers kept, 0 to 1, for the retention formula.
    pub retention: Fraction,
    /// Whether the first order day counts in the expected order value.
    pub first_order: FirstOrder,
}

words! {
    /// `[value] model`
    ModelChoice {
        Auto = "auto" "MBG/CNBD-k with the weak prior",
        Mbgnbd = "mbgnbd" "the same with k = 1",
        Bgnbd = "bgnbd" "BG/NBD by maximum likelihood",
        Pnbd = "pnbd" "Pareto/NBD by maximum likelihood",
        Retention = "retention" "the retention formula",
    }
}

words! {
    /// `[value] amount`
    AmountChoice {
        Shrunk = "shrunk" "as if the customer had one more order day of the book's usual amount",
        GammaGamma = "gamma-gamma" "the gamma-gamma model of the literature",
    }
}

words! {
    /// `[value] revenue`
    RevenueBasis {
        Auto = "auto" "order rows, unless the whole book has none: then invoice rows",
        Order = "order" "order rows, and all credits",
        Invoice = "invoice" "invoice rows, and credits that name one",
    }
}

words! {
    /// `[value] basis`
    ValueBasis {
        Revenue = "revenue" "`annual_revenue`",
        Profit = "profit" "`annual_profit`",
    }
}

words! {
    /// `[value] first_order`
    FirstOrder {
        Include = "include" "it counts",
        Exclude = "exclude" "it is left out, as in the literature",
    }
}

/// `[remind]`: who is told what.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RemindPolicy {
    /// The address that messages come from; empty if none is stated.
    pub from: String,
    /// Who is told what nobody answers for; empty if nobody is.
    pub default: String,
    /// After how many days what is still late is told once more; never if there are none.
    pub again: Option<i64>,
}

/// `[settlement]`: how reliably a customer pays.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SettlementPolicy {
    /// Invoices of how many last days are judged.
    pub window: i64,
    /// Up to how many days late is still reliable.
    pub grace: i64,
    /// Which share of the amount must be within the grace for `stable`, 0 to 1.
    pub stable_share: Fraction,
    /// Which share of the amount must be within the grace for `fair`, 0 to 1.
    pub fair_share: Fraction,
    /// After how many days late more than a petty share makes the customer `unstable`.
    pub limit: i64,
    /// After how many days late more than a petty share makes the customer `overdue`.
    pub overdue: i64,
    /// The share of an amount that is too small to matter, 0 to 1.
    pub petty: Fraction,
    /// The balance up to which an invoice counts as settled.
    pub tolerance: Tolerance,
}

/// `[settlement] tolerance`: the balance up to which an invoice counts as settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// So much money.
    Money(Money),
    /// A share of the invoice's amount, 0 to 1.
    Share(Fraction),
}

impl Default for Tolerance {
    fn default() -> Self {
        Self::Money(Money::ZERO)
    }
}

impl Tolerance {
    /// Tells whether an item of an amount is settled with so much of it left.
    pub fn settles(self, balance: Money, amount: Money) -> bool {
        match self {
            Self::Money(most) => balance <= most,
            Self::Share(share) => balance <= Money::ZERO || !balance.is_over(share, amount),
        }
    }
}

/// `[team]`: what the account managers are to sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TeamPolicy {
    /// The revenue of a year that all are to bring together.
    pub target: Option<Money>,
    /// By what share more each is to sell than today, more than -1.
    pub growth: Fraction,
}

/// `[pareto]`: the shares of value that end class A and class B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ParetoPolicy {
    /// Where A ends, 0 to 1.
    pub a: Fraction,
    /// Where B ends, `a` to 1.
    pub b: Fraction,
}

/// Weights by name; a name without one weighs 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weights(pub Vec<(String, Fraction)>);

impl Weights {
    /// Returns the weight of a name.
    pub fn of(&self, name: &str) -> Fraction {
        let found = self.0.iter().find(|(it, _)| it == name);
        found.map_or(Fraction::whole(1), |(_, weight)| *weight)
    }
}
