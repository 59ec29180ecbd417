//! The rule language at its boundary: a text and a customer in, an answer or messages out.

use std::collections::HashMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::metric::Type;
use crate::model::{Fraction, Money};
use crate::words::Wording;

/// A customer made of a few values.
#[derive(Default)]
struct Someone {
    values: HashMap<Metric, Value<'static>>,
    custom: HashMap<&'static str, CustomValue>,
}

impl Subject for Someone {
    fn value(&self, metric: Metric) -> Value<'_> {
        self.values.get(&metric).cloned().unwrap_or(Value::Unknown)
    }
    fn custom(&self, name: &str) -> Option<&CustomValue> {
        self.custom.get(name)
    }
    fn profile(&self, name: &str) -> Option<&CustomValue> {
        (name == "needs").then(|| self.custom.get("text")).flatten()
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn someone() -> Someone {
    let texts = |list: &[&'static str]| Value::List(list.iter().map(|it| (*it).into()).collect());
    let fraction = |n, d| Fraction::new(n, d).unwrap();
    Someone {
        values: HashMap::from([
            (Metric::Name, Value::text("株洲地铁集团 Metro")),
            (Metric::Owner, Value::text("li.wei")),
            (Metric::Region, Value::text("Cafe\u{301}")),
            (Metric::Stage, Value::text("delivery")),
            (Metric::Rfm, Value::text("555")),
            (Metric::RevisitStatus, Value::text("today")),
            (Metric::Tags, texts(&["key", "铁路"])),
            (Metric::Flags, texts(&[])),
            (Metric::Orders, Value::whole(7)),
            (Metric::Tenure, Value::whole(730)),
            (Metric::Cadence, Value::whole(14)),
            (Metric::Overdue, Value::whole(15)),
            (Metric::AnnualValue, Value::Money(Money::whole(2_000_000))),
            (Metric::Revenue, Value::Money(Money(12_345_678))),
            (Metric::Growth, Value::Exact(fraction(-3, 10))),
            (Metric::Share, Value::Exact(fraction(1, 3))),
            (Metric::ChurnRisk, Value::Float(0.5)),
            (Metric::Since, Value::Date(day(2026, 8, 22))),
            (Metric::Lost, Value::Bool(false)),
        ]),
        custom: HashMap::from([
            ("number", CustomValue::Number(fraction(5, 1))),
            ("float", CustomValue::Float(0.25)),
            ("text", CustomValue::Text("spare parts".into())),
            ("code", CustomValue::Text("5".into())),
            ("day", CustomValue::Date(day(2026, 11, 20))),
            ("flag", CustomValue::Bool(true)),
            ("list", CustomValue::List(vec!["a".into(), "b".into()])),
        ]),
    }
}

fn vocabulary() -> Vocabulary {
    let words = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
    Vocabulary {
        stages: words(&["prospect", "bidding", "delivery", "completed"]),
        tiers: words(&["P", "AAA", "AA", "A", "B"]),
        signals: words(&["quiet"]),
        flags: words(&["over-credit"]),
        dunning: words(&["notice", "final"]),
        labels: [("over-credit", "超额"), ("AAA", "顶级")]
            .map(|(name, label)| (name.to_owned(), label.to_owned()))
            .to_vec(),
    }
}

/// Compiles a rule with a stage limit, and gives its faults as `column-width code: message`, with
/// ` | label` and ` ? help` where there are any.
fn compile(text: &str, limit: Stage, is_default: bool) -> Result<Rule, Vec<String>> {
    let source = SourceText::new("RULE", text);
    let mut diagnostics = Diagnostics::default();
    let vocabulary = vocabulary();
    let scope = RuleScope {
        columns: &[],
        vocabulary: &vocabulary,
        limit,
        is_default,
    };
    let rule = Rule::compile(&RuleText::whole(&source), &scope, &mut diagnostics);
    let line = |it: &Diagnostic| {
        let place = it.place.as_ref().unwrap();
        let extra = |mark, text: &Option<Wording>| {
            text.as_ref()
                .map_or(String::new(), |text| format!(" {mark} {}", text.english()))
        };
        format!(
            "{}+{} {}: {}{}{}",
            place.column,
            place.excerpt_width,
            it.fault.code,
            it.message.english(),
            extra('|', &it.label),
            extra('?', &it.help)
        )
    };
    rule.ok_or_else(|| diagnostics.listed().iter().map(line).collect())
}

/// Judges the customer of these tests.
fn check(text: &str) -> bool {
    match compile(text, Stage::Flags, false) {
        Ok(rule) => {
            let answer = rule.matches(&someone(), today());
            assert_eq!(rule.trace(&someone(), today()).held(), answer, "{text}");
            let shortfall = rule.shortfall(&someone(), today());
            assert_eq!(shortfall.is_empty(), answer, "{text}: {shortfall:?}");
            answer
        }
        Err(faults) => panic!("{text}: {faults:?}"),
    }
}

/// Gives the faults of a rule that may use everything.
fn faults(text: &str) -> Vec<String> {
    compile(text, Stage::Flags, false).expect_err(text)
}

#[test]
fn judges() {
    for text in [
        // Numbers, exactly.
        "orders = 7",
        "orders >= 7.0 and orders < 7.0001",
        "7 <= orders",
        "annual_value >= 200万",
        "annual_value = 2M and annual_value = 2000k and annual_value = 0.02亿",
        "annual_value > 1999999.9999",
        "revenue = 1234.5678 and revenue < 1234.56781",
        "tenure >= 2y",
        "tenure < 731 and tenure = 730d and tenure > 104w",
        "growth <= -30% and growth >= -0.3 and not growth < -30%",
        "share > 0.33333333333333333 and share < 33.34%",
        "churn_risk >= 50% and churn_risk <= 0.5",
        "overdue > cadence",
        // Dates.
        "since = 2026-08-22",
        "since = today - 90d",
        "since = today-90d and since = today -90d",
        "since < today + 2w and since < today+2w",
        "today > since",
        // Texts.
        "stage = delivery",
        "delivery = stage",
        "stage = 'delivery' and stage = \"delivery\"",
        "stage != bidding",
        "stage in (bidding, delivery)",
        "rfm = 555",
        "revisit_status = today",
        "owner = li.wei",
        "owner ~ WEI and owner ~ .",
        "region = Café and region = 'Café'",
        "region ~ CAFÉ",
        "name ~ 地铁 and name ~ metro and not name ~ metros",
        "name ~ /^株.*metro$/",
        "name ~ /集团\\/| METRO/",
        "owner != name",
        // Lists.
        "tags = key and tags = 铁路 and tags != none",
        "tags ~ ke and tags ~ /^K/",
        "tags in (x, key)",
        "key in (tags) and delivery in (name, stage)",
        "flags is known and flags != over-credit and not flags = over-credit",
        // Yes and no.
        "not lost",
        "lost = false and lost != true",
        // The unknown.
        "segment is unknown and not segment = rail and not segment != rail",
        "last_contact is unknown",
        "not clv > 0",
        // Precedence.
        "lost or orders = 7 and stage = delivery",
        "not lost and orders = 7 or lost",
        "not (lost or orders = 8)",
        "not not orders = 7",
    ] {
        assert!(check(text), "{text}");
    }
    for text in [
        "lost",
        "orders != 7",
        "orders > 7 or orders < 7",
        "growth < -30%",
        "churn_risk > 50%",
        "owner = Li.Wei",
        "tags != key",
        "flags = over-credit",
        "flags in (over-credit)",
        "segment != rail",
        "segment is known",
        "tags = KEY",
        "(lost or orders = 7) and stage = bidding",
    ] {
        assert!(!check(text), "{text}");
    }
}

#[test]
fn custom_names_have_the_type_at_hand() {
    for text in [
        "custom.number = 5 and custom.number >= 4.5 and custom.number < 600%",
        "custom.number < orders and orders > custom.number",
        "custom.float = 0.25 and custom.float = 25%",
        "custom.text ~ PARTS and custom.text = 'spare parts'",
        "profile.needs ~ spare and custom.text = profile.needs",
        "custom.code = 5",
        "custom.day = today and custom.day > since and custom.day = 2026-11-20",
        "custom.flag and custom.flag = true",
        "custom.list = a and custom.list in (x, b) and custom.list != c",
        "custom.nothing is unknown and not custom.nothing = 1",
        // What does not fit is unknown.
        "not custom.text > 5 and not custom.text != 5 or custom.text != 5",
        "not custom.number = 'x' and not custom.number != 'x'",
        "not custom.day > orders and not custom.day < orders",
        "not custom.text",
        "custom.number in (x, 5)",
    ] {
        assert!(check(text), "{text}");
    }
    let rule = compile(
        "custom.a = 1 or profile.b.c ~ x or custom.a > 2",
        Stage::Facts,
        false,
    );
    let rule = rule.unwrap();
    let names: Vec<_> = (rule.free_names().iter())
        .map(|it| (it.table, &*it.name, it.place.column))
        .collect();
    assert_eq!(
        names,
        [
            (FreeTable::Custom, "a", 1),
            (FreeTable::Profile, "b.c", 17),
            (FreeTable::Custom, "a", 36)
        ]
    );
}

#[test]
fn tells_every_metric_once() {
    let rule = compile(
        "overdue > cadence or orders in (1, 2) and orders = 3",
        Stage::Flags,
        false,
    );
    let metrics = [Metric::Orders, Metric::Cadence, Metric::Overdue];
    assert_eq!(rule.unwrap().metrics(), metrics);
}

const SYNTAX_FAULTS: &[(&str, &str)] = &[
    ("", "1+0 rule-syntax: the rule is empty"),
    (
        "orders >=",
        "10+0 rule-syntax: the rule ends where a value was expected",
    ),
    (
        "orders = 7 stage = x",
        "12+5 rule-syntax: found `stage` where `and`, `or` or the rule's end was expected ? put a text with blanks between quotes, as in `'7 stage'`",
    ),
    (
        "orders = 7 AND lost",
        "12+3 rule-syntax: found `AND` where `and`, `or` or the rule's end was expected ? write `and`",
    ),
    (
        "NOT lost",
        "5+4 rule-syntax: found `lost` where `=`, `in`, `is` or another operator was expected ? write `not`",
    ),
    (
        "annual_value > 200 万",
        "20+1 rule-syntax: found `万` where `and`, `or` or the rule's end was expected ? write `200万` without a blank",
    ),
    (
        "annual_value > 2,000",
        "17+1 rule-syntax: found `,` where `and`, `or` or the rule's end was expected ? write numbers without commas",
    ),
    (
        "orders == 7",
        "8+2 rule-syntax: `==` is no operator ? write `=`",
    ),
    (
        "stage = 'x",
        "9+2 rule-syntax: the quote `'` is never closed ? add `'` where the text ends",
    ),
    (
        "name ~ /x",
        "8+2 rule-syntax: the regular expression is never closed ? add `/` where it ends; a slash inside it is written `\\/`",
    ),
    (
        "name ~ /a(b/",
        "10+1 rule-syntax: this is no regular expression: unclosed group",
    ),
    (
        "name ~ /(a{9999}){9999}/",
        "8+17 rule-syntax: this is no regular expression: it takes too much memory",
    ),
    (
        "(lost",
        "1+1 rule-syntax: this parenthesis is never closed ? add `)` where it ends",
    ),
    (
        "lost)",
        "5+1 rule-syntax: this parenthesis was never opened ? remove it, or add `(`",
    ),
    (
        "stage not in (a)",
        "7+3 rule-syntax: found `not` where `=`, `in`, `is` or another operator was expected ? write `not stage in (...)`",
    ),
    (
        "stage is not known",
        "10+3 rule-syntax: `is not` is not known ? write `stage is known` or `stage is unknown`",
    ),
    (
        "stage is delivery",
        "10+8 rule-syntax: found `delivery` where `known` or `unknown` was expected ? to compare, write `stage = delivery`",
    ),
    (
        "stage in ()",
        "11+1 rule-syntax: found `)` where a value was expected",
    ),
    (
        "stage in delivery",
        "10+8 rule-syntax: found `delivery` where `(` was expected ? write a list like `in (one, two)`",
    ),
    (
        "since > today - 7",
        "17+1 rule-syntax: found `7` where a span such as `90d` or `2w` was expected",
    ),
    (
        "orders = 7 & lost",
        "12+1 rule-syntax: `&` means nothing in a rule ? write `and`",
    ),
    (
        "stage in （a）",
        "10+1 rule-syntax: `（` means nothing in a rule ? write `(` and `)`",
    ),
    (
        "name = 'a\\n'",
        "10+2 rule-syntax: `\\n` is no escape ? a backslash itself is written `\\\\`",
    ),
];

#[test]
fn syntax_faults_point_at_their_place() {
    for (text, message) in SYNTAX_FAULTS {
        assert_eq!(faults(text)[0], *message, "{text}");
    }
}

const MEANING_FAULTS: &[(&str, &str)] = &[
    (
        "tenur >= 2y",
        "1+5 rule-name: no metric is called `tenur` ? did you mean `tenure`?",
    ),
    (
        "2y <= tenur",
        "7+5 rule-name: no metric is called `tenur` ? did you mean `tenure`?",
    ),
    (
        "golf",
        "1+4 rule-name: no metric is called `golf` ? `guanxi metrics` lists them; a name of your own is written `custom.NAME`",
    ),
    (
        "1 = 2",
        "1+1 rule-name: `1` is no metric, and one must stand on either side ? `guanxi metrics` lists them",
    ),
    (
        "overdue > cadance",
        "11+7 rule-name: no metric is called `cadance` ? did you mean `cadence`?",
    ),
    (
        "tenure >= 20万",
        "11+3 rule-type: `tenure` is a number of days and cannot be compared with money | write days like `90d` or `2y`",
    ),
    (
        "tenure >= '90d'",
        "11+5 rule-type: `tenure` is a number of days and cannot be compared with a text | write days like `90d` or `2y`",
    ),
    (
        "annual_value > 6m",
        "16+2 rule-type: `annual_value` is money and cannot be compared with a number of days | write money like `200万`, `50k` or `1250000`",
    ),
    (
        "annual_value > 20w",
        "16+3 rule-type: `annual_value` is money and cannot be compared with a number of days | write money like `200万`, `50k` or `1250000` ? `w` is for weeks; write `20万`",
    ),
    (
        "orders > 80%",
        "10+3 rule-type: `orders` is a number and cannot be compared with a percentage | write a number like `3` or `0.5`",
    ),
    (
        "tenure = unknown",
        "10+7 rule-type: `tenure` is a number of days, and `unknown` is none | write days like `90d` or `2y` ? write `tenure is unknown`",
    ),
    (
        "since > 2026-02-30",
        "9+10 rule-type: there is no day `2026-02-30`",
    ),
    (
        "orders > 1234567890123456789",
        "10+19 rule-type: a number has at most 18 digits",
    ),
    (
        "revenue > orders",
        "11+6 rule-type: `revenue` is money and cannot be compared with `orders`, which is a number | write money like `200万`, `50k` or `1250000`",
    ),
    (
        "revenue > name",
        "11+4 rule-type: `revenue` is money and cannot be compared with `name`, which is a text | write money like `200万`, `50k` or `1250000`",
    ),
    (
        "name < b",
        "1+4 rule-type: `name` is a text, which has no order for `<` ? texts are compared with `=`, `!=`, `~` or `in`",
    ),
    (
        "lost > false",
        "1+4 rule-type: `lost` is true or false, which has no order for `>` ? write `lost` or `not lost`",
    ),
    (
        "orders ~ 7",
        "1+6 rule-type: `orders` is a number and has no text for `~` to search",
    ),
    (
        "name = /x/",
        "8+3 rule-type: a regular expression goes with `~`, not with `=`",
    ),
    (
        "orders",
        "1+6 rule-type: `orders` is a number and no condition by itself ? compare it with something, or write `orders is known`",
    ),
    (
        "custom.x < xyz",
        "12+3 rule-type: `<` asks for an order, and `xyz` is neither a number nor a date",
    ),
    (
        "stage = delivry",
        "9+7 rule-word: `stage` is never `delivry` ? did you mean `delivery`?",
    ),
    (
        "stage in (bidding, golf)",
        "20+4 rule-word: `stage` is never `golf` ? it can be `prospect`, `bidding`, `delivery`, `completed`",
    ),
    (
        "tier = AAAA",
        "8+4 rule-word: `tier` is never `AAAA` ? did you mean `AAA`?",
    ),
    (
        "stage = unknown",
        "9+7 rule-word: `stage` is never `unknown` ? write `stage is unknown`",
    ),
    (
        "signals = quite",
        "11+5 rule-word: `signals` never have `quite` among them ? did you mean `quiet`?",
    ),
    (
        "churn = at_risk",
        "9+7 rule-word: `churn` is never `at_risk` ? did you mean `at-risk`?",
    ),
];

#[test]
fn meaning_faults_point_at_their_place() {
    for (text, message) in MEANING_FAULTS {
        assert_eq!(faults(text)[0], *message, "{text}");
    }
    let several = faults("tenur >= 2y and (stage = golf or orders > 20%) and tier = X");
    assert_eq!(several.len(), 4, "{several:?}");
    assert_eq!(faults("tenur in (1, 2, 3)").len(), 1);
}

#[test]
fn a_default_rule_may_name_what_the_book_lacks() {
    let rule = compile("stage = tender or orders = 7", Stage::Facts, true).unwrap();
    assert!(rule.matches(&someone(), today()));
    let rule = compile("stage = tender", Stage::Facts, true).unwrap();
    assert!(!rule.matches(&someone(), today()));
}

#[test]
fn a_rule_uses_only_what_is_made_before_it() {
    assert!(compile("clv > 1 and stage = delivery", Stage::Facts, false).is_ok());
    assert!(compile("tier = AAA", Stage::Tier, false).is_ok());
    assert!(compile("overdue > cadence", Stage::Clock, false).is_ok());
    let own = compile("orders = 0 or tier = AAA", Stage::Facts, false).unwrap_err();
    assert_eq!(
        own,
        [
            "15+4 rule-stage: `tier` is made at the same time as this rule is judged, so the rule \
          cannot use it ? the order is facts, tier, clock, churn, flags: this rule belongs to tier \
          and may use what comes before, `tier` belongs to tier"
        ]
    );
    let later = compile("churn is known", Stage::Facts, false).unwrap_err();
    assert!(later[0].starts_with("1+5 rule-stage: `churn` is made after this rule is judged"));
}

#[test]
fn nesting_is_limited_and_length_is_not() {
    let deep = |count: usize| format!("{}lost{}", "(".repeat(count), ")".repeat(count));
    assert!(!check(&deep(100)));
    assert_eq!(
        faults(&deep(101))[0],
        "102+4 rule-syntax: nested deeper than 100 levels ? split it into several rules"
    );
    assert_eq!(faults(&deep(100_000)).len(), 1);
    assert_eq!(faults(&("not ".repeat(100_000) + "lost")).len(), 1);
    assert!(check(&("lost or ".repeat(10_000) + "orders = 7")));
}

#[test]
fn traces_say_what_was_unknown() {
    let rule = compile(
        "not segment = rail and orders in (1, 7)",
        Stage::Flags,
        false,
    )
    .unwrap();
    let someone = someone();
    let trace = rule.trace(&someone, today());
    let tests: Vec<_> = (trace.tests().into_iter())
        .map(|it| (it.text, it.held, it.is_unknown, it.operands.clone()))
        .collect();
    assert_eq!(
        tests,
        [
            (
                "segment = rail",
                false,
                true,
                vec![("segment".to_owned(), Value::Unknown)]
            ),
            (
                "orders in (1, 7)",
                true,
                false,
                vec![("orders".to_owned(), Value::whole(7))]
            ),
        ]
    );
}

#[test]
fn ways_are_all_of_the_nearest() {
    let ways = |text: &str| -> Vec<String> {
        let rule = compile(text, Stage::Flags, false).unwrap();
        let join = |way: Vec<Shortfall<'_>>| {
            let texts: Vec<&str> = way.iter().map(|it| it.text).collect();
            texts.join(" and ")
        };
        let ways = rule.ways(&someone(), today());
        ways.into_iter().map(join).collect()
    };
    assert_eq!(
        ways("(annual_value >= 300万 or tenure >= 3y) and orders > 9"),
        [
            "annual_value >= 300万 and orders > 9",
            "tenure >= 3y and orders > 9"
        ]
    );
    assert_eq!(
        ways("annual_value >= 300万 and orders > 9 or tenure >= 3y"),
        ["tenure >= 3y"]
    );
    // It holds already: nothing has to change.
    assert_eq!(ways("stage = delivery or orders > 9"), [""]);
    let excess = compile("stage = delivery or orders > 9", Stage::Flags, false).unwrap();
    let excess = excess.excess(&someone(), today());
    assert_eq!(excess.len(), 1);
    assert_eq!(excess[0].text, "stage = delivery");
}

#[test]
fn shortfalls_name_the_nearest_way() {
    let shortfalls = |text: &str| -> Vec<String> {
        let rule = compile(text, Stage::Flags, false).unwrap();
        (rule.shortfall(&someone(), today()).into_iter())
            .map(|it| format!("{} {} {:?}", it.text, it.must_hold, it.difference))
            .collect()
    };
    assert_eq!(
        shortfalls("(annual_value >= 300万 or tenure >= 3y) and (stage = bidding or orders > 1)"),
        ["annual_value >= 300万 true Some(Money(Money(10000000000)))"]
    );
    assert_eq!(
        shortfalls("annual_value >= 300万 and orders > 9 or tenure >= 3y"),
        ["tenure >= 3y true Some(Exact(Fraction { numerator: 365, denominator: 1 }))"]
    );
    assert_eq!(
        shortfalls("not (stage = delivery or lost)"),
        ["stage = delivery false None"]
    );
    assert_eq!(shortfalls("10 < orders").len(), 1);
    assert_eq!(shortfalls("x in (tags)"), ["x in (tags) true None"]);
    assert_eq!(shortfalls("orders = 7"), [""; 0]);
    let rule = compile("10 < orders and clv >= 5万", Stage::Flags, false).unwrap();
    let someone = someone();
    let found = rule.shortfall(&someone, today());
    assert_eq!(found[0].operator, Some(Op::More));
    assert_eq!(found[0].thresholds, [Value::whole(10)]);
    assert_eq!(found[1].thresholds, [Value::Money(Money::whole(50_000))]);
    assert_eq!(
        (&found[1].current, &found[1].difference),
        (&Value::Unknown, &None)
    );
}

/// Rules made of the language's own parts.
fn any_rule() -> impl Strategy<Value = String> {
    let operand = prop_oneof![
        Just("orders"),
        Just("stage"),
        Just("tags"),
        Just("lost"),
        Just("custom.x"),
        Just("7"),
        Just("80%"),
        Just("200万"),
        Just("90d"),
        Just("2026-01-31"),
        Just("today"),
        Just("today - 90d"),
        Just("true"),
        Just("'a \\' b'"),
        Just("\"c\\\\\""),
        Just("/a|b/"),
        Just("delivery"),
        Just("unknown"),
    ];
    let op = prop_oneof![
        Just("="),
        Just("!="),
        Just("<"),
        Just("<="),
        Just(">"),
        Just(">="),
        Just("~")
    ];
    let test = prop_oneof![
        (operand.clone(), op, operand.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (operand.clone(), operand.clone(), operand.clone())
            .prop_map(|(a, b, c)| format!("{a} in ({b}, {c})")),
        operand.clone().prop_map(|a| format!("{a} is unknown")),
        operand.prop_map(str::to_owned),
    ];
    test.prop_recursive(5, 40, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} and {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} or {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b}) and {b}")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.prop_map(|a| format!("not {a}")),
        ]
    })
}

/// Prints a rule's expression; `None` if it cannot be read.
fn printed(text: &str) -> Option<String> {
    let mut faults = Vec::new();
    let tokens = lex::tokens(text, &mut faults);
    let expr = parse::parse(text, &tokens, &mut faults)?;
    Some(expr.to_string())
}

/// Gives an expression's shape, without its places.
fn shape(text: &str) -> String {
    let mut faults = Vec::new();
    let tokens = lex::tokens(text, &mut faults);
    let expr = parse::parse(text, &tokens, &mut faults);
    let shape = format!("{expr:?}");
    let spans = regex::Regex::new(r"span: \d+\.\.\d+").unwrap();
    spans.replace_all(&shape, "").into_owned()
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,60}") {
        let _ = compile(&text, Stage::Clock, false);
    }

    #[test]
    fn no_run_of_tokens_makes_it_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "orders", "stage", "and", "or", "not", "in", "is", "known", "(", ")", ",", "=", "~",
                "<", "'x'", "/y/", "today", "-", "+", "90d", "80%", "株", "custom.a", "custom.", "%",
            ]),
            0..20,
        )
    ) {
        if let Ok(rule) = compile(&parts.join(" "), Stage::Flags, false) {
            rule.trace(&someone(), today());
            rule.shortfall(&someone(), today());
        }
    }

    #[test]
    fn printing_and_reading_again_gives_the_same(text in any_rule()) {
        let once = printed(&text).expect("made of the language's own parts");
        prop_assert_eq!(shape(&text), shape(&once));
        prop_assert_eq!(printed(&once), Some(once));
    }

    #[test]
    fn trace_shortfall_and_answer_agree(text in any_rule()) {
        if let Ok(rule) = compile(&text, Stage::Flags, false) {
            let someone = someone();
            let answer = rule.matches(&someone, today());
            prop_assert_eq!(rule.trace(&someone, today()).held(), answer);
            prop_assert_eq!(rule.shortfall(&someone, today()).is_empty(), answer);
        }
    }

    #[test]
    fn orders_are_those_of_whole_numbers(units in -20_i64..20, other in -20_i64..20) {
        // Ten-thousandths on both sides: their order is that of the counts.
        let mut someone = someone();
        let revenue = Value::Money(Money(i128::from(units)));
        someone.values.insert(Metric::Revenue, revenue);
        let growth = Fraction::new(units.into(), 10_000).unwrap();
        someone.values.insert(Metric::Growth, Value::Exact(growth));
        let literal = Money(i128::from(other)).to_string();
        for (op, expected) in [
            ("=", units == other),
            ("!=", units != other),
            ("<", units < other),
            ("<=", units <= other),
            (">", units > other),
            (">=", units >= other),
        ] {
            for name in ["revenue", "growth"] {
                let rule = compile(&format!("{name} {op} {literal}"), Stage::Facts, false).unwrap();
                prop_assert_eq!(rule.matches(&someone, today()), expected);
            }
        }
    }
}

/// A case of the customer: it is late by so many days.
struct Late(i64);

impl Subject for Late {
    fn value(&self, metric: Metric) -> Value<'_> {
        if metric == Metric::Tier {
            "AAA".into()
        } else {
            Value::Unknown
        }
    }
    fn custom(&self, _: &str) -> Option<&CustomValue> {
        None
    }
    fn profile(&self, _: &str) -> Option<&CustomValue> {
        None
    }
    fn column(&self, index: usize) -> Value<'_> {
        match index {
            0 => Value::whole(-self.0),
            1 => "late".into(),
            2 => "wang".into(),
            _ => Value::Unknown,
        }
    }
}

#[test]
fn a_filter_of_rows_names_their_columns_beside_metrics() {
    let column = |name, kind, words: Option<&[&str]>, is_person| RowColumn {
        name,
        kind,
        words: words.map(|it| it.iter().map(|it| (*it).to_owned()).collect()),
        is_person,
    };
    let columns = [
        column("left", Type::Days, None, false),
        column(
            "status",
            Type::Text,
            Some(&["closed", "late", "open"]),
            false,
        ),
        // It comes before the metric of this name.
        column("owner", Type::Text, None, true),
        column("phone", Type::Text, None, false),
    ];
    let compile = |text: &str| {
        let mut faults = Diagnostics::default();
        let source = SourceText::new("RULE", text);
        let rule = Rule::compile_filter(&source, &vocabulary(), &columns, &mut faults);
        let told = |it: &Diagnostic| {
            format!(
                "{} ? {:?}",
                it.message.english(),
                it.help.as_ref().map(Wording::english)
            )
        };
        rule.ok_or_else(|| faults.listed().iter().map(told).collect::<Vec<_>>())
    };
    for (text, holds) in [
        ("left < 0 and tier = AAA", true),
        ("left < -12", false),
        ("-12 >= left", true),
        ("left <= overdue", false),
        ("status in (open, late)", true),
        ("status != late", false),
        ("owner = wang", true),
        ("phone is unknown", true),
        ("phone = '1'", false),
    ] {
        let rule = compile(text).unwrap();
        assert_eq!(rule.matches(&Late(12), today()), holds, "{text}");
    }
    let rule = compile("left < 0 and tier = AAA and owner = li and status = late").unwrap();
    assert_eq!(rule.metrics(), [Metric::Tier]);
    assert_eq!(rule.columns(), ["left", "owner", "status"]);
    assert_eq!(&*rule.owner_words()[0].word, "li");
    for (text, fault) in [
        (
            "status = lat",
            "`status` is never `lat` ? Some(\"did you mean `late`?\")",
        ),
        (
            "lft < 0",
            "no metric is called `lft` ? Some(\"did you mean `left`?\")",
        ),
        (
            "left = late",
            "`left` is a number of days, and `late` is none ? None",
        ),
        (
            "left",
            "`left` is a number of days and no condition by itself ? Some(\"compare it with something, or write `left is known`\")",
        ),
    ] {
        assert_eq!(compile(text).unwrap_err(), [fault], "{text}");
    }
    // A rule of the policy knows none of them.
    assert!(self::compile("left < 0", Stage::Flags, false).is_err());
}
