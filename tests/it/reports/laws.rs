//! What holds of the reports whatever the book is like: parts add up to the whole, flows to the change, and
//! no report has a figure that `list`, `summary` or `explain` has otherwise.
//!
//! Each random book is asked within this process, so that many of them take a few seconds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use guanxi::cli::Outcome;
use proptest::prelude::*;
use serde_json::Value;

use crate::change::session::Session;

/// The customers of every book.
const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Their files. The last has an owner who left and a file of nothing else.
const CUSTOMERS: &str = "\
== customers/a.toml
name = \"A\"
owner = \"an\"
segment = \"rail\"
tags = [\"key\", \"old\"]
margin = 0.25
credit_limit = 500
== customers/b.toml
name = \"B\"
owner = \"bo\"
segment = \"port\"
stage = \"delivery\"
score = 55
tags = [\"key\"]
[[contact]]
name = \"Wei\"
birthday = \"02-29\"
== customers/c.toml
name = \"C\"
region = \"Hunan\"
since = 2024-02-29
credit_limit = 100
== customers/d.toml
name = \"D\"
owner = \"bo\"
revisit = \"20d\"
payment_terms = \"eom+30d\"
== customers/e.toml
name = \"E\"
owner = \"cy\"
== staff.toml
[[staff]]
id = \"an\"
scope = [\"rail\", \"Hunan\"]
visits_per_year = 60
[[staff]]
id = \"bo\"
joined = 2024-06-01
[[staff]]
id = \"cy\"
left = 2025-06-01
";

/// Policies; the buckets stand beside them.
const POLICIES: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            "past_1_30",
            "past_31_90",
            "past_91_180",
            "past_181_365",
            "past_over_365",
        ],
    ),
    (
        "[receivables]\nbuckets = [\"10d\", \"6m\"]\n[settlement]\ntolerance = \"5%\"\n\
         [value]\nrevenue = \"invoice\"\n[team]\ntarget = 5000\n",
        &["past_1_10", "past_11_180", "past_over_180"],
    ),
    (
        "[receivables]\nbuckets = [\"1d\"]\n[settlement]\ntolerance = 20\n\
         [value]\nbasis = \"profit\"\nmargin = 0.3333\n",
        &["past_1_1", "past_over_1"],
    ),
];

/// A row of a random book: customer, days from 2024 on, what it is, an amount, and which earlier row it is about.
type Row = (usize, i64, usize, u32, usize);

/// How many things [`log`] tells apart.
const KINDS: usize = 25;

/// The last day on which a row stands, from 2024 on.
const LAST: i64 = 1_000;

/// So many days before the day that is asked about something ends or begins.
const YEAR_EDGES: [i64; 7] = [0, 1, 364, 365, 366, 729, 730];
const DUE_EDGES: [i64; 14] = [-7, 0, 1, 2, 10, 11, 30, 31, 90, 91, 180, 181, 365, 366];

/// Returns the day so many days after the beginning of 2024.
fn day(days: i64) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    (first + chrono::TimeDelta::days(days)).to_string()
}

/// Returns the kind of row that a number stands for, and the family of the ref that it names, if any.
fn kind(number: usize) -> (&'static str, Option<&'static str>) {
    match number {
        0..=2 => ("order", None),
        3 => ("credit", None),
        4 => ("credit", Some("invoice")),
        5..=8 => ("invoice", None),
        9 => ("payment", None),
        10 | 11 => ("payment", Some("invoice")),
        12 => ("writeoff", Some("invoice")),
        13 => ("lost", None),
        14 => ("owner", None),
        15 => ("complaint", None),
        16 => ("request", None),
        17 => ("response", Some("case")),
        18 => ("resolve", Some("case")),
        19 => ("reopen", Some("case")),
        20 => ("lead", None),
        21 => ("win", Some("lead")),
        22 => ("lose", Some("lead")),
        23 => ("expense", None),
        _ => ("visit", None),
    }
}

/// Returns the family of refs that rows of a kind open.
fn family(kind: &str) -> Option<&'static str> {
    match kind {
        "invoice" => Some("invoice"),
        "complaint" | "request" => Some("case"),
        "lead" => Some("lead"),
        _ => None,
    }
}

/// Returns a log of these rows. One that is about an earlier row names one of the same customer and family and
/// stands no earlier than it; without one it is a visit.
///
/// Some stand on a day on which something ends as seen from `as_of`: a year, or a bucket of what is past due.
fn log(rows: &[Row], as_of: i64) -> String {
    let mut text = "date,customer,kind,amount,score,staff,topic,ref,due\n".to_owned();
    let mut opened: BTreeMap<(usize, &str), Vec<(String, i64)>> = BTreeMap::new();
    for (place, &(customer, days, number, amount, pick)) in rows.iter().enumerate() {
        let (mut kind, named) = kind(number);
        let (mut days, mut reference) = (days, String::new());
        let edge = |edges: &[i64]| as_of - edges[amount as usize % edges.len()];
        let mut due = None;
        if kind == "invoice" && pick % 2 == 0 {
            let edge = edge(&DUE_EDGES);
            due = Some(day(edge));
            days = days.min(edge);
        } else if named.is_none() && pick % 5 == 0 {
            days = edge(&YEAR_EDGES).max(0);
        }
        if let Some(named) = named {
            match opened.get(&(customer, named)) {
                Some(all) => {
                    let (name, from) = &all[pick % all.len()];
                    reference.clone_from(name);
                    days = days.max(*from);
                }
                None => kind = "visit",
            }
        } else if let Some(family) = family(kind) {
            reference = format!("R-{place}");
            let all = opened.entry((customer, family)).or_default();
            all.push((reference.clone(), days));
        }
        let people = ["an", "bo", "cy"];
        let amount = f64::from(amount) / 4.0;
        let (amount, score, staff, topic, due) = match kind {
            "payment" if pick % 5 == 0 => (format!("-{amount}"), "", "", "", String::new()),
            "invoice" => (amount.to_string(), "", "", "", due.unwrap_or_default()),
            "order" | "credit" | "payment" | "writeoff" | "expense" => {
                (amount.to_string(), "", "", "", String::new())
            }
            "lead" => (
                amount.to_string(),
                "",
                people[pick % 3],
                "line",
                day(days + 20),
            ),
            "lost" | "lose" => (
                String::new(),
                "",
                "",
                ["price", ""][pick % 2],
                String::new(),
            ),
            "owner" => (
                String::new(),
                "",
                people[pick % 3],
                people[pick % 2],
                String::new(),
            ),
            "resolve" => (
                String::new(),
                ["", "70", "20.5"][pick % 3],
                "",
                "",
                String::new(),
            ),
            "visit" => (
                String::new(),
                "",
                ["", "an", "cy"][pick % 3],
                "",
                String::new(),
            ),
            _ => Default::default(),
        };
        let (date, customer) = (day(days), IDS[customer]);
        writeln!(
            text,
            "{date},{customer},{kind},{amount},{score},{staff},{topic},{reference},{due}"
        )
        .unwrap();
    }
    text
}

/// A random book, asked as of a day.
struct Asked {
    session: Session,
    policy: usize,
    day: String,
}

impl Asked {
    fn new(rows: &[Row], policy: usize, days: i64) -> Self {
        let session = Session::new(CUSTOMERS);
        session.write("guanxi.toml", POLICIES[policy].0);
        session.write("interactions/log.csv", log(rows, days));
        let asked = Self {
            session,
            policy,
            day: day(days),
        };
        let faults = asked.json_as_of(&asked.day, &["check"]);
        assert_eq!(faults["errors"], 0, "{faults}\n{}", log(rows, days));
        asked
    }

    /// Asks as of a day, and returns what is answered in a format.
    fn text(&self, as_of: &str, command: &[&str], format: &str) -> String {
        let options = ["--as-of", as_of, "-f", format, "-q"];
        let options = &options[if command[0] == "check" { 2 } else { 0 }..];
        let said = self.session.run(&[command, options].concat());
        assert_eq!(said.outcome, Outcome::Done, "{command:?}: {}", said.err);
        said.out
    }

    fn json_as_of(&self, as_of: &str, command: &[&str]) -> Value {
        serde_json::from_str(&self.text(as_of, command, "json")).unwrap()
    }

    fn json(&self, command: &[&str]) -> Value {
        self.json_as_of(&self.day, command)
    }

    fn csv(&self, command: &[&str]) -> String {
        self.text(&self.day, command, "csv")
    }

    fn buckets(&self) -> String {
        POLICIES[self.policy].1.join(",")
    }
}

/// Returns a number in ten thousandths, which money is made of; 0 for unknown.
fn exact(value: &Value) -> i64 {
    let number = value.as_f64().unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, reason = "amounts here are small")]
    let exact = (number * 10_000.0).round() as i64;
    exact
}

fn rows_of(answer: &Value) -> &[Value] {
    answer["rows"].as_array().unwrap()
}

/// Returns the sum of a column over the rows of an answer.
fn sum(answer: &Value, column: &str) -> i64 {
    rows_of(answer).iter().map(|row| exact(&row[column])).sum()
}

/// Returns the value of an indicator.
fn indicator<'a>(portfolio: &'a Value, name: &str) -> &'a Value {
    let row = rows_of(portfolio).iter().find(|it| it["indicator"] == name);
    &row.unwrap_or_else(|| panic!("no indicator {name}"))["value"]
}

/// What is not due and the buckets make up the receivable, in each row, group and total.
fn buckets_make_up_what_is_owed(asked: &Asked) {
    let buckets = asked.buckets();
    let columns = format!("receivable,not_due,{buckets}");
    let of_customers = [
        "receivables",
        "-c",
        &format!("id,{columns},advance,past_due"),
    ];
    let of_groups = ["receivables", "--by", "owner,segment", "-c", &columns];
    for command in [&of_customers[..], &of_groups] {
        let answer = asked.json(command);
        for row in rows_of(&answer).iter().chain([&answer["total"]]) {
            let parts = buckets.split(',').map(|it| exact(&row[it]));
            let parts = exact(&row["not_due"]) + parts.sum::<i64>();
            assert_eq!(parts, exact(&row["receivable"]), "{command:?}: {row}");
        }
        for column in columns.split(',') {
            let (sum, total) = (sum(&answer, column), exact(&answer["total"][column]));
            assert_eq!(sum, total, "{command:?}: {column}");
        }
    }
    let items = asked.json(&["receivables", "--invoices"]);
    let owed = asked.json(&["list", "-c", "receivable,past_due"]);
    assert_eq!(exact(&items["total"]["balance"]), sum(&owed, "receivable"));
    assert_eq!(sum(&items, "balance"), sum(&owed, "receivable"));
    let of_items = asked.json(&["receivables", "--invoices", "-c", "bucket,balance"]);
    let of_metrics = asked.json(&["list", "-c", &format!("not_due,{buckets}")]);
    for bucket in ["not_due"].into_iter().chain(buckets.split(',')) {
        let items = rows_of(&of_items)
            .iter()
            .filter(|it| it["bucket"] == bucket);
        let items: i64 = items.map(|it| exact(&it["balance"])).sum();
        assert_eq!(items, sum(&of_metrics, bucket), "{bucket}");
    }
    let late = asked.json(&["receivables", "--invoices", "days > 0"]);
    assert_eq!(sum(&late, "balance"), sum(&owed, "past_due"));
}

/// The parts of `portfolio` are the whole, and the whole is that of `list`.
fn parts_are_the_whole(asked: &Asked) {
    let answer = asked.json(&["portfolio", "--sections", "all"]);
    let columns = "annual_value,annual_revenue,prior_revenue,revenue_change,receivable,past_due,advance,pipeline,\
                   complaints,late_cases,agreements,orders,order_days,movement,abc,lost,revisit_status,expenses";
    let all = asked.json(&["list", "-c", columns]);
    let count = |column: &str, word: &str| {
        let rows = rows_of(&all).iter();
        rows.filter(|row| row[column] == word).count()
    };
    let customers = rows_of(&all).len();
    assert_eq!(*indicator(&answer, "customers"), customers);
    for name in [
        "annual_value",
        "receivable",
        "past_due",
        "advance",
        "pipeline",
        "complaints",
        "late_cases",
    ] {
        assert_eq!(exact(indicator(&answer, name)), sum(&all, name), "{name}");
    }
    for word in ["kept", "new", "returned", "stopped"] {
        assert_eq!(*indicator(&answer, word), count("movement", word), "{word}");
    }
    let bought: i64 = ["kept", "new", "returned"]
        .map(|it| indicator(&answer, it).as_i64().unwrap())
        .iter()
        .sum();
    assert_eq!(*indicator(&answer, "bought_in_year"), bought);
    assert_eq!(*indicator(&answer, "class_a"), count("abc", "A"));
    assert_eq!(
        *indicator(&answer, "overdue_customers"),
        count("revisit_status", "overdue")
    );
    let unwon = rows_of(&all).iter().filter(|row| row["orders"] == 0);
    let unwon: i64 = unwon.map(|row| exact(&row["expenses"])).sum();
    assert_eq!(exact(indicator(&answer, "spent_on_unwon")), unwon);
    for (name, group) in answer["groups"].as_object().unwrap() {
        let members = sum(group, "customers");
        assert_eq!(members, exact(&group["total"]["customers"]), "{name}");
        let is_of_all = name != "lost_reason";
        if is_of_all {
            assert_eq!(members, exact(&customers.into()), "{name}");
        }
        for column in [
            "annual_value",
            "receivable",
            "past_due",
            "annual_revenue",
            "revenue_change",
        ] {
            if let Some(total) = group["total"].get(column) {
                assert_eq!(sum(group, column), exact(total), "{name}: {column}");
                let of_all = !is_of_all || sum(&all, column) == exact(total);
                assert!(of_all, "{name}: {column}");
            }
        }
    }
    let bridge = asked.json(&[
        "summary",
        "-c",
        "prior_revenue,revenue_change,annual_revenue",
    ]);
    let [before, change, now] =
        ["prior_revenue", "revenue_change", "annual_revenue"].map(|it| exact(&bridge["total"][it]));
    assert_eq!(before + change, now);
}

/// What `team` puts to people is what `list` has of customers, nothing twice and nothing left out.
fn people_carry_the_whole_book(asked: &Asked) {
    let columns = "staff,customers,annual_value,overdue_customers,contacts,open_cases,late_cases,past_due,pipeline,\
                   leads,wins,losses";
    let team = asked.json(&["team", "-c", columns]);
    let metrics =
        "annual_value,contacts,open_cases,late_cases,past_due,pipeline,wins,losses,revisit_status";
    let all = asked.json(&["list", "-c", metrics]);
    for column in columns.split(',').skip(1) {
        assert_eq!(
            sum(&team, column),
            exact(&team["total"][column]),
            "{column}"
        );
        if metrics.contains(column) {
            assert_eq!(sum(&team, column), sum(&all, column), "{column}");
        }
    }
    assert_eq!(team["total"]["customers"], rows_of(&all).len());
    let overdue = rows_of(&all)
        .iter()
        .filter(|it| it["revisit_status"] == "overdue");
    assert_eq!(team["total"]["overdue_customers"], overdue.count());
    let leads = asked.json(&["leads", "--all", "opened > today - 365d"]);
    assert_eq!(team["total"]["leads"], rows_of(&leads).len());
    let need = &team["need"];
    let unowned = asked.json(&["list", "owner is unknown"]);
    assert_eq!(need["unowned"], rows_of(&unowned).len());
}

/// What a book holds at the end of a day, by `list`: counts and money in ten thousandths.
struct Stock {
    customers: i64,
    buyers: i64,
    lost: i64,
    owed: i64,
}

impl Stock {
    fn of(asked: &Asked, day: &str) -> Self {
        let columns = "receivable,advance,orders,lost";
        let answer = asked.json_as_of(day, &["list", "-c", columns]);
        let count = |holds: &dyn Fn(&Value) -> bool| {
            let rows = rows_of(&answer).iter();
            exact(&rows.filter(|row| holds(row)).count().into())
        };
        let has_ordered = |row: &Value| exact(&row["orders"]) > 0;
        Self {
            customers: count(&|_| true),
            buyers: count(&has_ordered),
            lost: count(&|row| has_ordered(row) && row["lost"] == true),
            owed: sum(&answer, "receivable") - sum(&answer, "advance"),
        }
    }
}

/// Flows make the change: of customers that are lost, and of the money that is owed.
fn flows_make_the_change(asked: &Asked, since: &str, by: &str) {
    let columns = "period,from,to,lost,won_back,new,invoiced,paid,written_off,end:receivable,end:advance,end:customers";
    let trend = asked.json(&["trend", "--by", by, "--since", since, "-c", columns]);
    let rows = rows_of(&trend);
    let first: chrono::NaiveDate = rows[0]["from"].as_str().unwrap().parse().unwrap();
    let before = (first - chrono::TimeDelta::days(1)).to_string();
    let mut opening = Stock::of(asked, &before);
    for row in rows {
        let closing = Stock::of(asked, row["to"].as_str().unwrap());
        let flow = |name: &str| exact(&row[name]);
        let change = closing.lost - opening.lost;
        assert_eq!(flow("lost") - flow("won_back"), change, "{row}");
        assert_eq!(flow("new"), closing.buyers - opening.buyers, "{row}");
        let change = flow("invoiced") - flow("paid") - flow("written_off");
        assert_eq!(opening.owed + change, closing.owed, "{row}");
        assert_eq!(
            flow("end:receivable") - flow("end:advance"),
            closing.owed,
            "{row}"
        );
        assert_eq!(flow("end:customers"), closing.customers, "{row}");
        opening = closing;
    }
    for name in ["lost", "won_back", "new", "invoiced", "paid", "written_off"] {
        assert_eq!(sum(&trend, name), exact(&trend["total"][name]), "{name}");
    }
}

/// A report that is a saved form answers as that form does, to the byte.
fn saved_forms_answer_alike(asked: &Asked) {
    let buckets = asked.buckets();
    let by_owner =
        format!("customers,receivable,not_due,{buckets},past_due,days_past_due,dso,advance");
    for rule in ["orders >= 0", "past_due > 0", "tags = key"] {
        let report = ["receivables", rule, "--by", "owner"];
        let form = ["summary", rule, "--by", "owner", "-c", &by_owner];
        for format in ["csv", "json", "jsonl"] {
            let [report, form] = [&report[..], &form].map(|it| asked.text(&asked.day, it, format));
            assert_eq!(report, form, "{rule}");
        }
    }
    let columns = format!(
        "id,name,owner,receivable,not_due,{buckets},past_due,days_past_due,dunning,advance"
    );
    let form = [
        "list",
        "receivable != 0 or advance != 0",
        "-s",
        "-money_days,-receivable",
        "-c",
        &columns,
    ];
    assert_eq!(asked.csv(&["receivables"]), asked.csv(&form));
    let portfolio = asked.json(&["portfolio"]);
    let forms: [(&str, &[&str]); 4] = [
        ("tier", &["summary", "--by", "tier"]),
        ("abc", &["summary", "--by", "abc"]),
        (
            "movement",
            &[
                "summary",
                "--by",
                "movement",
                "-c",
                "customers,prior_revenue,annual_revenue,revenue_change",
            ],
        ),
        (
            "lost_reason",
            &["summary", "lost and orders > 0", "--by", "lost_reason"],
        ),
    ];
    for (name, form) in forms {
        let form = asked.json(form);
        for part in ["rows", "total"] {
            let text = |it: &Value| it[part].to_string();
            assert_eq!(text(&portfolio["groups"][name]), text(&form), "{name}");
        }
    }
}

/// A cell that bears the name of a metric is what `list` and `explain` have of that name and day.
fn cells_are_those_of_the_list(asked: &Asked, pick: usize) {
    let metrics = "name,owner,receivable,past_due,days_past_due,dunning,advance,settlement,exposure,dso,days_to_pay,\
                   money_days,last_contact,tier,annual_value,growth,next_revisit,overdue,urgency,late_cases,movement";
    let all = asked.json(&["list", "-c", &format!("id,{metrics}")]);
    let of = |id: &Value| rows_of(&all).iter().find(|it| it["id"] == *id).unwrap();
    let metrics: Vec<&str> = metrics.split(',').collect();
    let named = |row: &Value| metrics.iter().filter(|it| row.get(**it).is_some()).count();
    let columns = format!("+{}", metrics.join(",+"));
    for report in ["receivables", "cases", "leads", "dates", "due"] {
        let answer = asked.json(&[report, "-c", &columns]);
        for row in rows_of(&answer) {
            assert_eq!(named(row), metrics.len(), "{report}: {row}");
            for &metric in &metrics {
                assert_eq!(
                    row[metric],
                    of(&row["id"])[metric],
                    "{report}: {metric} of {}",
                    row["id"]
                );
            }
        }
    }
    for row in rows_of(&all) {
        // One of them each, so that all have been asked after some books.
        let metric = metrics[pick % metrics.len()];
        let told = asked.json(&["explain", row["id"].as_str().unwrap(), metric]);
        assert_eq!(
            told["figures"][0]["value"], row[metric],
            "{metric} of {}",
            row["id"]
        );
    }
    let cases = asked.json(&["cases", "status = late", "-c", "id"]);
    assert_eq!(
        exact(&rows_of(&cases).len().into()),
        sum(&all, "late_cases")
    );
    let open = asked.json(&["leads"]);
    let pipeline = asked.json(&["list", "-c", "pipeline,open_leads"]);
    assert_eq!(exact(&open["total"]["amount"]), sum(&pipeline, "pipeline"));
    assert_eq!(exact(&open["total"]["items"]), sum(&pipeline, "open_leads"));
}

/// What a comparison says of each side is what `list` says on that day, and the numbers of the brief are those
/// of `portfolio`.
fn both_days_are_those_of_the_list(asked: &Asked, since: &str) {
    let metrics = "owner,tier,annual_value,receivable,orders,open_cases";
    let command = ["diff", since, &asked.day, "--metrics", metrics];
    let changes = asked.json_as_of(&asked.day, &command);
    let sides = [since, &asked.day]
        .map(|day| asked.json_as_of(day, &["list", "-c", &format!("id,{metrics}")]));
    for row in rows_of(&changes) {
        for (side, list) in ["from", "to"].into_iter().zip(&sides) {
            let customer = rows_of(list).iter().find(|it| it["id"] == row["id"]);
            let metric = row["metric"].as_str().unwrap();
            if metric == "exists" {
                assert_eq!(row[side], customer.is_some(), "{row}");
            } else {
                let value = customer.map_or(&Value::Null, |it| &it[metric]);
                assert_eq!(row[side], *value, "{side} of {row}");
            }
        }
    }
    for [name, from, to, change] in rows_of(&changes)
        .iter()
        .filter(|it| it["change"].is_number())
        .map(|row| ["metric", "from", "to", "change"].map(|it| &row[it]))
    {
        assert_eq!(exact(to) - exact(from), exact(change), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16, max_shrink_iters: 60, failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn parts_make_wholes_and_flows_make_changes(
        rows in proptest::collection::vec(
            (0..IDS.len(), 0..LAST, 0..KINDS, 0..4_000_u32, 0..30_usize), 0..70
        ),
        policy in 0..POLICIES.len(),
        (days, back) in (LAST - 300..LAST + 40, 0..500_i64),
        by in proptest::sample::select(vec!["month", "quarter", "year"]),
        pick in 0..1_000_usize,
    ) {
        let asked = Asked::new(&rows, policy, days);
        let since = day(days - back);
        buckets_make_up_what_is_owed(&asked);
        parts_are_the_whole(&asked);
        people_carry_the_whole_book(&asked);
        flows_make_the_change(&asked, &since, by);
        saved_forms_answer_alike(&asked);
        cells_are_those_of_the_list(&asked, pick);
        both_days_are_those_of_the_list(&asked, &since);
    }
}
