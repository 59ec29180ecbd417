//! Policies at their boundary: a `guanxi.toml` in; a policy, messages or a `guanxi.toml` out.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::SourceText;
use crate::words::Language;

/// The default policy as it is printed.
const DEFAULT_TOML: &str = include_str!("default.toml");

/// Reads a policy, and gives its faults as `line:column code: message`, ` ? help` after it.
fn read_with_faults(text: &str) -> (Policy, Vec<String>) {
    let source = SourceText::new("guanxi.toml", text);
    let mut diagnostics = Diagnostics::default();
    let policy = read(&source, &mut diagnostics);
    diagnostics.sort();
    let line = |it: &Diagnostic| {
        let place = it.place.as_ref().unwrap();
        let help = it
            .help
            .as_ref()
            .map(|help| format!(" ? {}", help.english()));
        format!(
            "{}:{} {}: {}{}",
            place.line,
            place.column,
            it.fault.code,
            it.message.english(),
            help.unwrap_or_default()
        )
    };
    (policy, diagnostics.listed().iter().map(line).collect())
}

/// Reads a policy that has no fault.
fn check(text: &str) -> Policy {
    let (policy, faults) = read_with_faults(text);
    assert_eq!(faults, [""; 0], "{text}");
    policy
}

fn fraction(numerator: i128, denominator: i128) -> Fraction {
    Fraction::new(numerator, denominator).unwrap()
}

#[test]
fn the_default_policy_is_what_the_field_does() {
    let policy = check("");
    assert_eq!(policy, Policy::default());
    let tiers: Vec<_> = policy.tiers.iter().map(|it| &*it.name).collect();
    assert_eq!(tiers, ["P", "B", "AAA", "AA", "A"]);
    let cadences: Vec<_> = policy.revisits.iter().map(|it| it.every).collect();
    let days = [7, 14, 30, 60, 90].map(|days| Revisit::Every(Span::Days(days)));
    assert_eq!(cadences[0], Revisit::Never);
    assert_eq!(cadences[1..], days);
    let deadlines: Vec<_> = (policy.slas.iter())
        .map(|it| {
            (
                it.case,
                it.respond.map(Span::count),
                it.resolve.map(Span::count),
            )
        })
        .collect();
    assert_eq!(
        deadlines,
        [
            (Some(CaseKind::Complaint), Some(1), Some(7)),
            (Some(CaseKind::Complaint), Some(2), Some(14)),
            (Some(CaseKind::Request), Some(3), Some(30)),
        ]
    );
    assert_eq!(policy.value.discount, fraction(1, 10));
    assert_eq!(policy.value.retention, fraction(4, 5));
    assert_eq!(policy.value.margin, None);
    assert_eq!(policy.pareto.b, fraction(19, 20));
    assert_eq!(policy.settlement.window, 730);
    assert_eq!(policy.expect.len(), 13);
    assert_eq!(policy.log_file.path(2026, 3, "a"), "interactions/2026.csv");
    assert!(ChurnLevel::Lost > ChurnLevel::AtRisk && ChurnLevel::Watch > ChurnLevel::Active);
}

#[test]
fn the_default_policy_prints_as_its_file() {
    assert_eq!(print(&Policy::default(), Language::English), DEFAULT_TOML);
}

#[test]
fn a_key_replaces_a_key_and_a_list_a_list() {
    let policy = check(
        "currency = \"EUR\"\nlog_file = \"interactions/{customer}/{year}-{month}.csv\"\n\
         [value]\nmargin = 0.25\n[settlement]\ngrace = \"2w\"\ntolerance = 0.5\n\
         [satisfaction]\nquality = 2\n[kind.golf]\ncontact = true\nlabel = \"高尔夫\"\n\
         [kind.email]\ncontact = false\n[[flag]]\nname = \"big\"\nwhen = \"churn = lost\"\n",
    );
    assert_eq!(policy.currency, "EUR");
    assert_eq!(
        policy.log_file.path(2026, 3, "a"),
        "interactions/a/2026-03.csv"
    );
    assert_eq!(policy.value.margin, Some(fraction(1, 4)));
    assert_eq!(policy.value.years, 3);
    assert_eq!(
        (policy.settlement.grace, policy.settlement.window),
        (14, 730)
    );
    assert_eq!(policy.settlement.tolerance, Tolerance::Money(Money(5_000)));
    assert_eq!(policy.satisfaction.of("quality"), fraction(2, 1));
    assert_eq!(policy.satisfaction.of("delivery"), fraction(1, 1));
    let kinds = &policy.kinds;
    let contact = |name| kinds.kind(kinds.index_of(name).unwrap()).contact;
    assert!(contact("golf") && !contact("email") && contact("visit"));
    let flags: Vec<_> = policy.flags.iter().map(|it| &*it.name).collect();
    assert_eq!(flags, ["big"]);
    assert_eq!(policy.signals.len(), 8);
    assert_eq!(check("flag = []").flags, []);
    assert_eq!(policy.rules().count(), 4 + 5 + 2 + 1 + 1 + 4 + 8 + 1);
}

#[test]
fn what_is_printed_reads_back_to_the_same() {
    for text in [
        "",
        "stages = [\"tender\", \"delivery\"]\n",
        "stages = []\nflag = []\ntier = []\nsla = []\n",
        "currency = \"a\\\"\\\\\\n\\t株\"\n[value]\nmargin = 0.12345678901234567\nyears = 10\n",
        "[[tier]]\nname = \"key account\"\nlabel = \"大\"\n\
         when = \"tags = 'key' or name ~ /\\\\d/\"\n\
         [[revisit]]\nevery = \"3d\"\n[[review]]\nevery = \"never\"\n[[sla]]\nrespond = \"0d\"\n",
        "[satisfaction]\n\"服务\" = 1.5\n[scorecard]\na = 0\n[pareto]\na = 0.7\nb = 0.9\n\
         [archive]\nexpect = [\"contact\", \"custom.x\"]\n",
        "[kind.golf]\ncontact = true\n[kind.\"高尔夫\"]\n[kind.visit]\nlabel = \"访\"\n",
        // Of the default rules some name a stage or tier that is not there.
        "stages = [\"tender\"]\nextend = [\"revisit\", \"sla\"]\n\
         [[revisit]]\nwhen = \"stage = tender\"\nevery = \"3d\"\n",
        "stages = [\"tender\"]\nextend = [\"tier\", \"flag\"]\n\
         [[tier]]\nname = \"B\"\nwhen = \"orders = 1\"\n[[tier]]\nname = \"X\"\nwhen = \"orders = 2\"\n",
        "tier_order = [\"B\", \"AAA\"]\n",
        "extend = [\"dunning\"]\n[receivables]\nbuckets = [\"7d\"]\n\
         [[dunning]]\nlevel = \"final\"\nafter = \"-60d\"\nwhen = \"tier = AAA\"\n",
        "dunning = []\n",
        "[team]\ntarget = \"300万\"\ngrowth = 0.2\n[market]\nvalue = \"1.5亿\"\n[winning]\npromotion = []\n",
        "[value]\nmodel = \"pnbd\"\nrevenue = \"invoice\"\nbasis = \"profit\"\n\
         first_order = \"exclude\"\n",
    ] {
        let policy = check(text);
        for language in [Language::English, Language::Chinese] {
            let printed = print(&policy, language);
            assert_eq!(check(&printed), policy, "{printed}");
            assert_eq!(print(&check(&printed), language), printed);
        }
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|it| print(&policy, it));
        assert_eq!(stated(&chinese), stated(&english));
        assert_eq!(unspoken(&chinese), Vec::<&str>::new());
    }
}

/// Returns the lines that are no comments.
fn stated(printed: &str) -> Vec<&str> {
    let lines = printed.lines();
    lines
        .filter(|it| !it.starts_with('#') && !it.is_empty())
        .collect()
}

/// Returns the comments that are neither Chinese nor TOML.
fn unspoken(printed: &str) -> Vec<&str> {
    let comments = printed.lines().filter_map(|it| it.strip_prefix("# "));
    let is_han = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it);
    comments
        .filter(|it| !it.contains(is_han))
        .filter(|it| toml::de::DeTable::parse(it).is_err())
        .collect()
}

#[test]
fn what_is_extended_goes_on_with_the_default_rules() {
    let policy = check(
        "extend = [\"revisit\", \"tier\", \"signal\", \"churn\"]\n\
         [[tier]]\nname = \"B\"\nwhen = \"score < 20\"\n\
         [[tier]]\nname = \"VIP\"\nwhen = \"tags = vip\"\n\
         [[revisit]]\nwhen = \"tier = VIP or tier = AAA\"\nevery = \"3d\"\n\
         [[signal]]\nname = \"quiet\"\nwhen = \"silence > 9\"\n\
         [[flag]]\nname = \"big\"\nwhen = \"signals = unseen\"\n",
    );
    let tiers: Vec<_> = policy.tiers.iter().map(|it| &*it.name).collect();
    assert_eq!(tiers, ["B", "VIP", "P", "AAA", "AA", "A"]);
    assert_eq!(policy.revisits.len(), 1 + 6);
    assert_eq!(policy.revisits[0].every, Revisit::Every(Span::Days(3)));
    let signals: Vec<_> = policy.signals.iter().map(|it| &*it.name).collect();
    assert_eq!(signals[..2], ["quiet", "declining"]);
    assert_eq!(signals.len(), 8);
    assert_eq!(
        policy.signals[0].when.as_ref().unwrap().text(),
        "silence > 9"
    );
    // What is not extended is replaced; what is extended and not stated is the default.
    assert_eq!(policy.flags.len(), 1);
    assert_eq!(policy.churn, Policy::default().churn);
    assert_eq!(policy.tiers_in_order(), ["AAA", "AA", "A", "B", "P", "VIP"]);
    let (_, faults) = read_with_faults(
        "extend = [\"reviist\", \"kind\"]\ntier_order = [\"AAA\", \"AAAA\", \"AAA\"]\n",
    );
    assert_eq!(
        faults,
        [
            "1:11 wrong-value: `reviist` is no list of rules ? did you mean `revisit`?",
            "1:22 wrong-value: `kind` is no list of rules ? they are tier, revisit, review, sla, escalation, dunning, churn, signal, flag",
            "2:22 wrong-value: no tier is called `AAAA` ? did you mean `AAA`?",
            "2:30 wrong-value: the tier `AAA` stands here twice",
        ]
    );
}

#[test]
fn a_default_rule_that_cannot_be_stated_is_printed_as_a_comment() {
    let printed = print(&check("stages = [\"tender\"]\n"), Language::English);
    assert!(
        printed.contains("\n# [[tier]]\n# name = \"P\"\n"),
        "{printed}"
    );
    assert!(printed.contains("\n[[signal]]\n"), "{printed}");
}

#[test]
fn every_mistake_is_reported_at_its_place() {
    let (policy, faults) = read_with_faults(
        "curency = \"EUR\"\n\
         stages = [\"a\", \"a\"]\n\
         payment_terms = \"30\"\n\
         log_file = \"../{year}.csv\"\n\
         [[tier]]\n\
         when = \"orders = 0\"\n\
         [[tier]]\n\
         name = \"X\"\n\
         when = \"tenur > 1y or stage = b\"\n\
         [[tier]]\n\
         name = \"Y\"\n\
         when = \"tier = X\"\n\
         [[revisit]]\n\
         when = \"tier = Z\"\n\
         every = \"7d\"\n\
         [[revisit]]\n\
         every = \"0d\"\n\
         [[sla]]\n\
         case = \"complain\"\n\
         [[churn]]\n\
         level = \"active\"\n\
         [value]\n\
         model = \"bgndb\"\n\
         margin = 25\n\
         years = 2.5\n\
         [pareto]\n\
         a = 0.96\n\
         [archive]\n\
         expect = [\"contact.fone\"]\n\
         [kind.\"a,b\"]\n",
    );
    assert_eq!(
        faults,
        [
            "1:1 unknown-key: no such key here: `curency` ? did you mean `currency`?",
            "2:16 wrong-value: the stage `a` stands here twice",
            "3:17 wrong-value: `30` is no terms of payment ? write it like `\"60d\"`, or `\"eom+60d\"` for days from the end of the month",
            "4:12 wrong-value: `log_file` must lie below `interactions/` ? write it like `interactions/{year}.csv`; `{month}` and `{customer}` are known too",
            "5:1 missing-key: a tier needs a `name` ? add `name = ...`",
            "9:9 rule-name: no metric is called `tenur` ? did you mean `tenure`?",
            "9:31 rule-word: `stage` is never `b` ? it can be `a`",
            "12:9 rule-stage: `tier` is made at the same time as this rule is judged, so the rule cannot use it ? the order is facts, tier, clock, churn, flags: this rule belongs to tier and may use what comes before, `tier` belongs to tier",
            "14:16 rule-word: `tier` is never `Z` ? it can be `X`, `Y`",
            "17:9 wrong-value: `every` is at least 1 day, not `0d` ? write it like `\"60d\"`, `\"2w\"`, `\"6m\"` or `\"1y\"`, or `\"never\"`",
            "18:1 missing-key: an sla sets no deadline ? add `respond = \"2d\"` or `resolve = \"14d\"`",
            "19:8 wrong-value: `case` is `complaint` or `request`, not `complain` ? did you mean `complaint`?",
            "21:9 wrong-value: `level` is `lost`, `at-risk` or `watch`, not `active`",
            "23:9 wrong-value: `model` is `auto`, `mbgnbd`, `bgnbd`, `pnbd` or `retention`, not `bgndb` ? did you mean `bgnbd`?",
            "24:10 wrong-value: `margin` is a number from 0 to 1, not `25` ? write a number from 0 to 1",
            "25:9 wrong-value: `years` is a whole number",
            "27:5 wrong-value: class B cannot end before class A: `b` must be at least `a`",
            "29:11 wrong-value: a customer file has no field `contact.fone` ? did you mean `contact.phone`?",
            "30:7 wrong-value: the kind `a,b` has `,` in it, which is no letter, digit, `.`, `_` or `-`",
        ]
    );
    assert_eq!(policy.tiers, []);
}

#[test]
fn a_log_stays_in_its_folder() {
    let fault = |pattern: &str| {
        let (_, faults) = read_with_faults(&format!("log_file = '{pattern}'"));
        faults.first().cloned().unwrap_or_default()
    };
    for pattern in [
        "interactions/all.csv",
        "interactions/{customer}.csv",
        "interactions/南/{year}.csv",
    ] {
        assert_eq!(fault(pattern), "", "{pattern}");
    }
    for (pattern, reason) in [
        ("/interactions/a.csv", "must lie below"),
        ("interactions", "must lie below"),
        ("interactions.csv", "must lie below"),
        ("interactions/a.txt", "must end in `.csv`"),
        ("interactions/../a.csv", "empty, hidden or above"),
        ("interactions//a.csv", "empty, hidden or above"),
        ("interactions/.a.csv", "empty, hidden or above"),
        (
            "interactions/{day}.csv",
            "has `{day}`, which nothing fills in",
        ),
        ("interactions/a\\b.csv", "not every file system"),
        ("interactions/c:a.csv", "not every file system"),
    ] {
        assert!(
            fault(pattern).contains(reason),
            "{pattern}: {}",
            fault(pattern)
        );
    }
}

#[test]
fn a_broken_file_still_gives_a_policy() {
    let (policy, faults) = read_with_faults("currency = \"EUR\ntier = 3\n[[signal]]\n");
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(policy.tiers.len(), 5);
}

proptest! {
    #[test]
    fn no_damage_makes_it_panic(at in 0_usize..1000, length in 0_usize..40, text in ".{0,20}") {
        let characters: Vec<char> = DEFAULT_TOML.chars().collect();
        let start = at * characters.len() / 1000;
        let end = (start + length).min(characters.len());
        let mut damaged: String = characters[..start].iter().collect();
        damaged.push_str(&text);
        damaged.extend(&characters[end..]);
        let (policy, faults) = read_with_faults(&damaged);
        if faults.is_empty() {
            prop_assert_eq!(check(&print(&policy, Language::English)), policy);
        }
    }
}

#[test]
fn spans_of_receivables_get_longer_and_levels_have_a_day() {
    assert_eq!(Policy::default().buckets, [30, 90, 180, 365]);
    let policy = check(
        "[receivables]\nbuckets = [\"1d\", \"2w\"]\n[[dunning]]\nlevel = \"x\"\nafter = \"-3d\"\n",
    );
    assert_eq!(policy.buckets, [1, 14]);
    let steps: Vec<_> = policy
        .dunning
        .iter()
        .map(|it| (&*it.level, it.after))
        .collect();
    assert_eq!(steps, [("x", -3)]);
    let (policy, faults) = read_with_faults(
        "[[dunning]]\nlevel = \"a\"\n[[dunning]]\nafter = \"1d\"\n[[dunning]]\nlevel = \"b\"\nafter = \"soon\"\n\
         [[dunning]]\nlevel = \"c\"\nafter = \"0d\"\nwhen = \"overdue > 1\"\n",
    );
    assert_eq!(
        faults,
        [
            "1:1 missing-key: a dunning level needs an `after` ? add `after = ...`",
            "3:1 missing-key: a dunning level needs a `level` ? add `level = ...`",
            "7:9 wrong-value: `soon` is no span of days ? write it like `\"7d\"`, or `\"-7d\"` for days before",
            "11:9 rule-stage: `overdue` is made at the same time as this rule is judged, so the rule cannot use it ? the order is facts, tier, clock, churn, flags: this rule belongs to clock and may use what comes before, `overdue` belongs to clock",
        ]
    );
    assert_eq!(policy.dunning, []);
    for (buckets, fault) in [
        ("[]", "2:11 wrong-value: `buckets` needs a span at least"),
        (
            "[\"0d\"]",
            "2:12 wrong-value: a bucket is at least 1 day, not `0d`",
        ),
        (
            "[\"30d\", \"30d\"]",
            "2:19 wrong-value: `30d` is no longer than the `30d` before it",
        ),
        (
            "[\"2w\", \"soon\"]",
            "2:18 wrong-value: `soon` is no span of days",
        ),
    ] {
        let (policy, faults) = read_with_faults(&format!("[receivables]\nbuckets = {buckets}\n"));
        let cure = " ? write it like `[\"30d\", \"90d\"]`, the shortest first";
        assert_eq!(faults, [format!("{fault}{cure}")]);
        assert_eq!(policy.buckets, [30, 90, 180, 365]);
    }
}

#[test]
fn what_is_aimed_at_need_not_be_stated_and_growth_is_above_minus_one() {
    let default = Policy::default();
    assert_eq!(default.team, TeamPolicy::default());
    assert_eq!(
        (default.market, &*default.promotion[0]),
        (None, "promotion")
    );
    let policy = check(
        "[team]\ntarget = \"300万\"\ngrowth = -0.25\n[market]\nvalue = 5\n\
         [winning]\npromotion = [\"ads\", \"fairs\"]\n",
    );
    assert_eq!(policy.team.target, Some(Money::whole(3_000_000)));
    assert_eq!(policy.team.growth, Fraction::new(-1, 4).unwrap());
    assert_eq!(policy.market, Some(Money::whole(5)));
    assert_eq!(policy.promotion, ["ads", "fairs"]);
    for (text, fault) in [
        (
            "[team]\ngrowth = -1\n",
            "2:10 wrong-value: `growth` is more than -1, not `-1` ? write it like `0.2`, or `-0.1` for a decline",
        ),
        (
            "[winning]\npromotion = [\"ads\", \"ads\"]\n",
            "2:21 wrong-value: the topic `ads` stands here twice",
        ),
    ] {
        assert_eq!(read_with_faults(text).1, [fault]);
    }
}

#[test]
fn a_level_of_a_book_takes_the_place_of_the_default_one() {
    let policy = check(
        "extend = [\"dunning\"]\n[[dunning]]\nlevel = \"final\"\nafter = \"60d\"\n\
         [[dunning]]\nlevel = \"final\"\nafter = \"45d\"\nwhen = \"tier = AAA\"\n",
    );
    let steps: Vec<_> = policy
        .dunning
        .iter()
        .map(|it| (&*it.level, it.after))
        .collect();
    let expected = [
        ("final", 60),
        ("final", 45),
        ("notice", -7),
        ("reminder", 1),
        ("demand", 31),
        ("legal", 366),
    ];
    assert_eq!(steps, expected);
    assert_eq!(
        policy.dunning_levels(),
        ["final", "notice", "reminder", "demand", "legal"]
    );
}
