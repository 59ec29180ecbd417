//! Reading `guanxi.toml` over the defaults: every mistake at once, each rule with its stage limit.

use std::ops::Range;

use super::lists::{Compiler, When, name_all};
use super::{
    AmountChoice, CadenceRule, CaseKind, ChurnLevel, ChurnRule, FirstOrder, LogFile, ModelChoice,
    NamedRule, ParetoPolicy, Policy, RevenueBasis, SettlementPolicy, SlaRule, TierRule, Tolerance,
    ValueBasis, ValuePolicy, Weights,
};
use crate::diagnostic::{Diagnostic, Diagnostics, MISSING_KEY, Nearest, WRONG_VALUE};
use crate::metric::Stage;
use crate::model::{Fraction, KindTable, Money, Terms, check_id};
use crate::rule::Scope;
use crate::source::{SourceText, clipped, is_hostile};
use crate::toml_table::{TomlStore, TomlTable, parse_toml};

/// The field's practice: what [`super::print()`] writes of the default policy.
pub const DEFAULT_TOML: &str = include_str!("default.toml");

/// The customer fields that `[archive] expect` may name, but for those of free keys.
const EXPECTABLE: &[&str] = &[
    "name",
    "aliases",
    "owner",
    "stage",
    "since",
    "added",
    "former_ids",
    "segment",
    "region",
    "tags",
    "communication",
    "score",
    "scorecard",
    "margin",
    "credit_limit",
    "payment_terms",
    "revisit",
    "reviewed",
    "website",
    "address",
    "licence",
    "registered_capital",
    "bank_account",
    "profile",
    "custom",
    "contact",
    "contact.name",
    "contact.title",
    "contact.phone",
    "contact.mobile",
    "contact.email",
    "contact.wechat",
    "contact.birthday",
    "contact.note",
    "date",
    "date.name",
    "date.on",
    "competitor",
    "competitor.name",
    "competitor.note",
];

/// The lists of rules.
const RULE_LISTS: [&str; 7] = [
    "tier", "revisit", "review", "sla", "churn", "signal", "flag",
];

/// The most years that lifetime value may look ahead.
const MOST_YEARS: i64 = 100;

impl Default for Policy {
    fn default() -> Self {
        let mut policy = Self::unset();
        let source = SourceText::new("default policy", DEFAULT_TOML);
        let mut diagnostics = Diagnostics::default();
        lay_over(&mut policy, &source, Author::Program, &mut diagnostics);
        debug_assert!(diagnostics.is_empty(), "{:?}", diagnostics.listed());
        policy
    }
}

/// Reads a book's policy: what the file states, over the defaults.
///
/// What is wrong is reported and keeps its default; a rule that is wrong is left out.
pub fn read(source: &SourceText, diagnostics: &mut Diagnostics) -> Policy {
    let mut policy = Policy::default();
    lay_over(&mut policy, source, Author::Book, diagnostics);
    policy
}

/// Who wrote a policy file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    /// This program: its rules may name what a book does not have.
    Program,
    /// The one who keeps the book.
    Book,
}

fn lay_over(
    policy: &mut Policy,
    source: &SourceText,
    author: Author,
    diagnostics: &mut Diagnostics,
) {
    let mut store = TomlStore::default();
    let document = parse_toml(source, &mut store, diagnostics);
    let mut root = document.root(diagnostics);
    read_top(policy, &mut root);
    if let Some(mut table) = root.table("value") {
        read_value(&mut policy.value, &mut table);
    }
    if let Some(mut table) = root.table("settlement") {
        read_settlement(&mut policy.settlement, &mut table);
    }
    if let Some(mut table) = root.table("pareto") {
        read_pareto(&mut policy.pareto, &mut table);
    }
    read_weights(&mut policy.satisfaction, &mut root, "satisfaction");
    read_weights(&mut policy.scorecard, &mut root, "scorecard");
    if let Some(mut table) = root.table("log") {
        read_other_columns(&mut policy.other_columns, &mut table);
    }
    if let Some(mut table) = root.table("archive") {
        read_expect(&mut policy.expect, &mut table);
    }
    if let Some(mut table) = root.table("kind") {
        read_kinds(&mut policy.kinds, &mut table);
    }
    let extended = read_extend(&mut root);
    let extends = |list: &str| extended.contains(&list);
    let tier_order = root.texts("tier_order");
    let tiers = root.each("tier", read_tier);
    let revisits = root.each("revisit", |table| read_cadence(table, "revisit"));
    let reviews = root.each("review", |table| read_cadence(table, "review"));
    let slas = root.each("sla", read_sla);
    let churn = root.each("churn", read_churn);
    let signals = root.each("signal", |table| read_named(table, "signal"));
    let flags = root.each("flag", |table| read_named(table, "flag"));
    root.finish();

    // A rule may use the names of every list, so that conditions come last.
    let mut vocabulary = policy.vocabulary();
    name_all(&mut vocabulary.tiers, &tiers, extends("tier"), |it| {
        &it.name
    });
    let is_extended = extends("signal");
    name_all(&mut vocabulary.signals, &signals, is_extended, |it| {
        &it.name
    });
    name_all(&mut vocabulary.flags, &flags, extends("flag"), |it| {
        &it.name
    });
    if let Some(order) = tier_order {
        policy.tier_order = read_tier_order(order, &vocabulary.tiers, author, source, diagnostics);
    }
    let mut compiler = Compiler {
        source,
        scope: Scope {
            vocabulary: &vocabulary,
            limit: Stage::Facts,
            is_default: author == Author::Program,
        },
        diagnostics,
    };
    let facts = Stage::Facts;
    compiler.lay(&mut policy.tiers, tiers, facts, extends("tier"));
    compiler.lay(
        &mut policy.revisits,
        revisits,
        Stage::Tier,
        extends("revisit"),
    );
    compiler.lay(&mut policy.reviews, reviews, Stage::Tier, extends("review"));
    compiler.lay(&mut policy.slas, slas, Stage::Tier, extends("sla"));
    compiler.lay(&mut policy.churn, churn, Stage::Clock, extends("churn"));
    compiler.lay(
        &mut policy.signals,
        signals,
        Stage::Clock,
        extends("signal"),
    );
    compiler.lay(&mut policy.flags, flags, Stage::Churn, extends("flag"));
}

/// Reads which lists of rules go on with the default ones.
fn read_extend(root: &mut TomlTable<'_, '_>) -> Vec<&'static str> {
    let mut extended = Vec::new();
    for (list, span) in root.texts("extend").unwrap_or_default() {
        if let Some(known) = RULE_LISTS.into_iter().find(|known| *known == list) {
            extended.push(known);
        } else {
            let help = RULE_LISTS.into_iter().help(list);
            let help = help.unwrap_or_else(|| format!("they are {}", RULE_LISTS.join(", ")));
            let message = format!("`{list}` is no list of rules");
            root.report(WRONG_VALUE, span, message, help);
        }
    }
    extended
}

/// Takes the order of tiers: each once, and none that no table has.
fn read_tier_order(
    order: Vec<(&str, Range<usize>)>,
    tiers: &[String],
    author: Author,
    source: &SourceText,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for (name, span) in order {
        let is_unknown = author == Author::Book && !tiers.iter().any(|tier| tier == name);
        let (message, help) = if is_unknown {
            let help = tiers.iter().map(String::as_str).help(name);
            (format!("no tier is called `{name}`"), help)
        } else if taken.iter().any(|it| it == name) {
            (format!("the tier `{name}` stands here twice"), None)
        } else {
            taken.push(name.to_owned());
            continue;
        };
        let diagnostic = Diagnostic::new(WRONG_VALUE, message, source.place(span));
        diagnostics.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
    taken
}

fn read_top(policy: &mut Policy, root: &mut TomlTable<'_, '_>) {
    if let Some(currency) = root.text("currency") {
        currency.clone_into(&mut policy.currency);
    }
    if let Some(stages) = root.texts("stages") {
        policy.stages.clear();
        for (stage, span) in stages {
            if policy.stages.iter().any(|it| it == stage) {
                let message = format!("the stage `{stage}` stands here twice");
                root.report(WRONG_VALUE, span, message, None);
            } else {
                policy.stages.push(stage.to_owned());
            }
        }
    }
    set(
        &mut policy.payment_terms,
        root.terms("payment_terms", |text| text.into()),
    );
    if let Some((pattern, span)) = root.text_value("log_file") {
        match check_log_file(pattern) {
            Ok(()) => policy.log_file = LogFile(pattern.to_owned()),
            Err(reason) => root.report(
                WRONG_VALUE,
                span,
                format!("`log_file` {reason}"),
                "write it like `interactions/{year}.csv`; `{month}` and `{customer}` are known too"
                    .to_owned(),
            ),
        }
    }
}

/// Checks that a log's pattern stays in the book's `interactions` folder and will be read again.
fn check_log_file(pattern: &str) -> Result<(), String> {
    let mut names = pattern.split('/');
    if names.next() != Some("interactions") || !pattern.contains('/') {
        return Err("must lie below `interactions/`".to_owned());
    }
    // The reader takes `.csv` in lower case only.
    if pattern
        .rsplit_once('.')
        .is_none_or(|(_, ending)| ending != "csv")
    {
        return Err("must end in `.csv`".to_owned());
    }
    for name in names {
        if name.is_empty() || name.starts_with('.') {
            return Err("has a folder or file that is empty, hidden or above".to_owned());
        }
        let filled = (name.replace("{year}", "2026"))
            .replace("{month}", "01")
            .replace("{customer}", "a");
        if let Some(rest) = filled.split('{').nth(1) {
            let word = rest.split('}').next().unwrap_or(rest);
            return Err(format!("has `{{{word}}}`, which nothing fills in"));
        }
        let odd = |it: char| is_hostile(it) || "\\:*?\"<>|{}".contains(it);
        if let Some(character) = filled.chars().find(|it| odd(*it)) {
            return Err(format!(
                "has `{}` in it, which not every file system can hold",
                character.escape_default()
            ));
        }
    }
    Ok(())
}

fn read_when<'t>(table: &mut TomlTable<'t, '_>) -> When<'t> {
    table.text_value("when")
}

fn read_tier<'t>(table: &mut TomlTable<'t, '_>) -> Option<(TierRule, When<'t>)> {
    let name = table.required_text("name", "a tier");
    let label = table.text("label").map(str::to_owned);
    let when = read_when(table);
    let rule = TierRule {
        name: name?.to_owned(),
        label,
        when: None,
    };
    Some((rule, when))
}

fn read_cadence<'t>(table: &mut TomlTable<'t, '_>, list: &str) -> Option<(CadenceRule, When<'t>)> {
    table.require("every", &format!("a {list} rule"));
    let every = table.cadence("every");
    let when = read_when(table);
    let rule = CadenceRule {
        when: None,
        every: every?,
    };
    Some((rule, when))
}

fn read_sla<'t>(table: &mut TomlTable<'t, '_>) -> Option<(SlaRule, When<'t>)> {
    let is_case_stated = table.text("case").is_some();
    let case = match table.one_of("case", &["complaint", "request"]) {
        Some(0) => Some(CaseKind::Complaint),
        Some(_) => Some(CaseKind::Request),
        None => None,
    };
    let respond = table.span_or_never("respond", 0);
    let resolve = table.span_or_never("resolve", 0);
    if !table.has("respond") && !table.has("resolve") {
        let span = table.span();
        let help = "add `respond = \"2d\"` or `resolve = \"14d\"`".to_owned();
        table.report(MISSING_KEY, span, "an sla sets no deadline", help);
    }
    let when = read_when(table);
    // One whose case is misspelt must not hold for all cases.
    if is_case_stated && case.is_none() {
        return None;
    }
    let rule = SlaRule {
        case,
        when: None,
        respond,
        resolve,
    };
    Some((rule, when))
}

fn read_churn<'t>(table: &mut TomlTable<'t, '_>) -> Option<(ChurnRule, When<'t>)> {
    table.require("level", "a churn rule");
    let level = match table.one_of("level", &["lost", "at-risk", "watch"]) {
        Some(0) => Some(ChurnLevel::Lost),
        Some(1) => Some(ChurnLevel::AtRisk),
        Some(_) => Some(ChurnLevel::Watch),
        None => None,
    };
    let when = read_when(table);
    let rule = ChurnRule {
        level: level?,
        when: None,
    };
    Some((rule, when))
}

fn read_named<'t>(table: &mut TomlTable<'t, '_>, list: &str) -> Option<(NamedRule, When<'t>)> {
    let name = table.required_text("name", &format!("a {list}"));
    let when = read_when(table);
    let rule = NamedRule {
        name: name?.to_owned(),
        when: None,
    };
    Some((rule, when))
}

fn read_value(value: &mut ValuePolicy, table: &mut TomlTable<'_, '_>) {
    const MODELS: [(&str, ModelChoice); 5] = [
        ("auto", ModelChoice::Auto),
        ("mbgnbd", ModelChoice::Mbgnbd),
        ("bgnbd", ModelChoice::Bgnbd),
        ("pnbd", ModelChoice::Pnbd),
        ("retention", ModelChoice::Retention),
    ];
    if let Some(index) = table.one_of("model", &MODELS.map(|it| it.0)) {
        value.model = MODELS[index].1;
    }
    if let Some(index) = table.one_of("amount", &["shrunk", "gamma-gamma"]) {
        value.amount = [AmountChoice::Shrunk, AmountChoice::GammaGamma][index];
    }
    set(&mut value.trend, table.bool("trend"));
    if let Some(index) = table.one_of("revenue", &["auto", "order", "invoice"]) {
        const REVENUES: [RevenueBasis; 3] = [
            RevenueBasis::Auto,
            RevenueBasis::Order,
            RevenueBasis::Invoice,
        ];
        value.revenue = REVENUES[index];
    }
    if let Some(index) = table.one_of("basis", &["revenue", "profit"]) {
        value.basis = [ValueBasis::Revenue, ValueBasis::Profit][index];
    }
    if let Some(index) = table.one_of("first_order", &["include", "exclude"]) {
        value.first_order = [FirstOrder::Include, FirstOrder::Exclude][index];
    }
    let margin = table.decimal("margin", 0, 1);
    value.margin = margin.or(value.margin);
    if let Some(years) = table.whole("years", 1, MOST_YEARS) {
        value.years = u32::try_from(years).unwrap_or(value.years);
    }
    set(&mut value.discount, table.decimal("discount", 0, 1));
    set(&mut value.retention, table.decimal("retention", 0, 1));
    table.finish();
}

fn read_settlement(settlement: &mut SettlementPolicy, table: &mut TomlTable<'_, '_>) {
    set(&mut settlement.window, table.span_days("window", 1));
    set(&mut settlement.grace, table.span_days("grace", 0));
    set(
        &mut settlement.stable_share,
        table.decimal("stable_share", 0, 1),
    );
    set(
        &mut settlement.fair_share,
        table.decimal("fair_share", 0, 1),
    );
    // Its earlier name comes first: where a book states both, the present one counts.
    set(&mut settlement.limit, table.span_days("fair_limit", 0));
    set(&mut settlement.limit, table.span_days("limit", 0));
    if table.has("fair_limit") && table.has("limit") {
        let span = table.value("fair_limit").map_or(0..0, |it| it.span());
        let message = "`fair_limit` is the earlier name of `limit`, which is there too";
        let cure = "remove `fair_limit`".to_owned();
        table.report(WRONG_VALUE, span, message, cure);
    }
    set(&mut settlement.overdue, table.span_days("overdue", 0));
    set(&mut settlement.petty, table.decimal("petty", 0, 1));
    set(&mut settlement.tolerance, read_tolerance(table));
    table.finish();
}

/// Reads the tolerance: money, or a share of each invoice such as `"5%"`.
fn read_tolerance(table: &mut TomlTable<'_, '_>) -> Option<Tolerance> {
    let value = table.value("tolerance")?;
    let percent = value
        .get_ref()
        .as_str()
        .and_then(|text| text.strip_suffix('%'));
    let Some(percent) = percent else {
        return table.money("tolerance").map(Tolerance::Money);
    };
    let share = Fraction::parse_decimal(percent.trim_end());
    let share = share.and_then(|it| it.checked_mul(Fraction::new(1, 100)?));
    let is_share = |it: &Fraction| (Fraction::ZERO..=Fraction::whole(1)).contains(it);
    let share = share.filter(is_share);
    if share.is_none() {
        let message = format!("`{}%` is no share from 0% to 100%", clipped(percent));
        let cure = "write it like `\"5%\"`, or as money like `50` or `\"1万\"`".to_owned();
        table.report(WRONG_VALUE, value.span(), message, cure);
    }
    share.map(Tolerance::Share)
}

fn read_pareto(pareto: &mut ParetoPolicy, table: &mut TomlTable<'_, '_>) {
    let before = *pareto;
    set(&mut pareto.a, table.decimal("a", 0, 1));
    set(&mut pareto.b, table.decimal("b", 0, 1));
    if pareto.a > pareto.b {
        *pareto = before;
        let key = if table.has("b") { "b" } else { "a" };
        let span = table.value(key).map_or(0..0, |it| it.span());
        let message = "class B cannot end before class A: `b` must be at least `a`";
        table.report(WRONG_VALUE, span, message, None);
    }
    table.finish();
}

fn read_weights<'t>(weights: &mut Weights, root: &mut TomlTable<'t, '_>, key: &'t str) {
    let Some(mut table) = root.table(key) else {
        return;
    };
    for (name, value) in table.entries() {
        let Some(weight) = table.decimal_of(name.get_ref(), &value, 0, i64::MAX) else {
            continue;
        };
        match weights.0.iter_mut().find(|it| it.0 == **name.get_ref()) {
            Some(known) => known.1 = weight,
            None => weights.0.push((name.get_ref().to_string(), weight)),
        }
    }
}

fn read_expect(expect: &mut Vec<String>, table: &mut TomlTable<'_, '_>) {
    if let Some(fields) = table.texts("expect") {
        expect.clear();
        for (field, span) in fields {
            let free = |prefix| {
                let rest: Option<&str> = field.strip_prefix(prefix);
                rest.is_some_and(|name| !name.is_empty())
            };
            if !EXPECTABLE.contains(&field) && !free("profile.") && !free("custom.") {
                let help = EXPECTABLE.iter().copied().help(field);
                let message = format!("a customer file has no field `{field}`");
                table.report(WRONG_VALUE, span, message, help);
            } else if !expect.iter().any(|it| it == field) {
                expect.push(field.to_owned());
            }
        }
    }
    table.finish();
}

fn read_other_columns(columns: &mut Vec<String>, table: &mut TomlTable<'_, '_>) {
    if let Some(names) = table.texts("other_columns") {
        columns.clear();
        columns.extend(names.into_iter().map(|(name, _)| name.to_owned()));
    }
    table.finish();
}

fn read_kinds(kinds: &mut KindTable, table: &mut TomlTable<'_, '_>) {
    for (name, value) in table.entries() {
        let Some(mut below) = table.below(&format!("kind.{}", name.get_ref()), &value) else {
            continue;
        };
        let contact = below.bool("contact");
        let label = below.text("label").map(str::to_owned);
        below.finish();
        if let Err(fault) = check_id(name.get_ref()) {
            let message = format!("the kind `{}` {}", name.get_ref(), fault.reason());
            table.report(WRONG_VALUE, name.span(), message, None);
        } else if !kinds.set(name.get_ref(), contact, label) {
            let message = "there can be no more than 255 kinds";
            table.report(WRONG_VALUE, name.span(), message, None);
        }
    }
}

/// Puts a value that was read in the place of the one before.
fn set<T>(place: &mut T, read: Option<T>) {
    if let Some(value) = read {
        *place = value;
    }
}

impl Policy {
    /// Returns a policy that says nothing; the default one states every key of it.
    fn unset() -> Self {
        Self {
            currency: String::new(),
            stages: Vec::new(),
            payment_terms: Terms::default(),
            log_file: LogFile(String::new()),
            tier_order: Vec::new(),
            other_columns: Vec::new(),
            tiers: Vec::new(),
            revisits: Vec::new(),
            reviews: Vec::new(),
            slas: Vec::new(),
            churn: Vec::new(),
            signals: Vec::new(),
            flags: Vec::new(),
            value: ValuePolicy {
                model: ModelChoice::Auto,
                amount: AmountChoice::Shrunk,
                trend: false,
                revenue: RevenueBasis::Auto,
                basis: ValueBasis::Revenue,
                margin: None,
                years: 0,
                discount: Fraction::ZERO,
                retention: Fraction::ZERO,
                first_order: FirstOrder::Include,
            },
            settlement: SettlementPolicy {
                window: 0,
                grace: 0,
                stable_share: Fraction::ZERO,
                fair_share: Fraction::ZERO,
                limit: 0,
                overdue: 0,
                petty: Fraction::ZERO,
                tolerance: Tolerance::Money(Money::ZERO),
            },
            pareto: ParetoPolicy {
                a: Fraction::ZERO,
                b: Fraction::ZERO,
            },
            satisfaction: Weights::default(),
            scorecard: Weights::default(),
            expect: Vec::new(),
            kinds: KindTable::default(),
        }
    }
}
