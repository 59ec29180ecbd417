//! `explain` and `show` on small books.

use snapbox::str;

use crate::case::Case;

/// A customer with orders, invoices, a case, a plan, and a prospect beside it.
fn case(args: &[&str]) -> Case {
    Case::new()
        .file("guanxi.toml", "")
        .file(
            "customers/zhuzhou-metro.toml",
            r#"name = "株洲地铁集团"
aliases = ["Zhuzhou Metro"]
owner = "li.wei"
since = 2026-03-01
region = "Hunan"
credit_limit = "200万"

[profile]
needs = "bogie overhaul"

[[contact]]
name = "王建国"
title = "采购部主任"
phone = "+86 731 0000 0000"
birthday = "05-01"

[[competitor]]
name = "华东"

[[date]]
name = "contract renewal"
on = 2027-03-01
"#,
        )
        .file(
            "customers/zhuji-works.toml",
            "name = \"Zhuji \\u202e Works\"\n",
        )
        .file(
            "staff.toml",
            "[[staff]]\nid = \"li.wei\"\nname = \"李伟\"\n",
        )
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount,score,staff,topic,ref,due,note
2026-03-02,zhuzhou-metro,visit,,,li.wei,,,,toured line 3 depot
2026-03-05,zhuzhou-metro,order,125000.00,,li.wei,spares,PO-7,,
2026-03-20,zhuzhou-metro,invoice,125000.00,,,,INV-31,2026-05-19,
2026-05-11,zhuzhou-metro,payment,100000.00,,,,INV-31,,
2026-06-01,zhuzhou-metro,complaint,,,li.wei,delivery,C-4,,two crates late
2026-06-02,zhuzhou-metro,response,,,li.wei,,C-4,,
2026-06-10,zhuzhou-metro,credit,12500.00,,,,INV-31,,crates
2026-06-20,zhuzhou-metro,plan,,,li.wei,,,2026-07-01,bring the new drawings
",
        )
        .args(args.iter().copied())
        .args(["--as-of", "2026-06-30"])
}

#[test]
fn a_tier_tells_its_rules_and_what_is_missing() {
    case(&["explain", "zhuzhou-metro", "tier"])
        .stdout(str![[r#"
株洲地铁集团 (zhuzhou-metro) on 2026-06-30
tier  A
  Definition: The first matching tier rule's name.

what is missing
  for AA: 87,500.00 more order value by 2027-03-04
  or `tenure >= 1y` on 2027-03-01, in 244 days
  or `settlement in (stable, fair)` (settlement is unstable)
  or `score >= 50` (score is unknown)

rules
  tier P    no   orders = 0 and (stage in (prospect, bidding) or stage is unknown)
                 ✗ orders = 0: orders is 1
                 ? stage in (prospect, bidding): stage is unknown
                 ✓ stage is unknown: stage is unknown
  tier B    no   settlement = overdue or communication = difficult or score < 10
                 ✗ settlement = overdue: settlement is unstable
                 ✗ communication = difficult: communication is normal
                 ? score < 10: score is unknown
  tier AAA  no   (annual_value >= 200万 or tenure >= 2y) and (settlement = stable or score >= 70) or
                 annual_value >= 200万 and settlement is unknown and score is unknown
                 ✗ annual_value >= 200万: annual_value is 112,500.00
                 ✗ tenure >= 2y: tenure is 121 days
                 ✗ settlement = stable: settlement is unstable
                 ? score >= 70: score is unknown
                 ✗ annual_value >= 200万: annual_value is 112,500.00
                 ✗ settlement is unknown: settlement is unstable
                 ✓ score is unknown: score is unknown
  tier AA   no   annual_value >= 20万 or tenure >= 1y or settlement in (stable, fair) or score >= 50
                 ✗ annual_value >= 20万: annual_value is 112,500.00
                 ✗ tenure >= 1y: tenure is 121 days
                 ✗ settlement in (stable, fair): settlement is unstable
                 ? score >= 50: score is unknown
  tier A    yes  always

how
  no rule before it holds

rests on
  stage          -           no row
  orders                  1  1 row
  communication  normal      no row
  settlement     unstable    3 rows
  score                   -  no row
  tenure                121  no row
  annual_value   112,500.00  2 rows

rows behind orders
  interactions/2026.csv:3  2026-03-05  order  125,000.00  counts as an order

rows behind settlement
  interactions/2026.csv:4  2026-03-20  invoice  125,000.00  opens INV-31
  interactions/2026.csv:5  2026-05-11  payment  100,000.00  pays INV-31: 100,000.00
  interactions/2026.csv:8  2026-06-10  credit    12,500.00  lowers INV-31: 12,500.00

"#]])
        .code(0);
}

#[test]
fn a_sum_tells_its_rows_and_the_arithmetic() {
    case(&["explain", "zhuzhou-metro", "annual_value"])
        .stdout(str![[r#"
株洲地铁集团 (zhuzhou-metro) on 2026-06-30
annual_value  112,500.00
  Definition: annual_revenue, or annual_profit where the policy says `basis = "profit"`.

how
  annual_revenue: the policy's basis is revenue
  from 2025-07-01 to 2026-06-30: 125,000.00 − 12,500.00 = 112,500.00

rests on
  annual_revenue  112,500.00  2 rows

rows behind annual_revenue
  interactions/2026.csv:3  2026-03-05  order   125,000.00  adds to annual_revenue
  interactions/2026.csv:8  2026-06-10  credit   12,500.00  takes back from annual_revenue

"#]])
        .code(0);
}

#[test]
fn a_settlement_tells_each_invoice() {
    case(&["explain", "株洲地铁集团", "settlement"])
        .stdout(str![[r#"
株洲地铁集团 (zhuzhou-metro) on 2026-06-30
settlement  unstable
  Definition: How reliably invoices of the last two years and all open ones were settled: by the
  shares of their amount that are late.

how
  INV-31: invoice of 2026-03-20 over 125,000.00, 112,500.00 less credits, due 2026-05-19, open:
  12,500.00, 42 days late
  of 112,500.00 judged: 112,500.00 (100 %) more than 30 days late, 0.00 (0 %) more than 90 days
  late, 0.00 (0 %) more than 365 days late
  more than 20 % over 30 days late: unstable

rows
  interactions/2026.csv:4  2026-03-20  invoice  125,000.00  opens INV-31
  interactions/2026.csv:5  2026-05-11  payment  100,000.00  pays INV-31: 100,000.00
  interactions/2026.csv:8  2026-06-10  credit    12,500.00  lowers INV-31: 12,500.00

"#]])
        .code(0);
}

#[test]
fn json_gives_the_same_as_data() {
    case(&["explain", "Zhuzhou Metro", "receivable", "-f", "json"])
        .stdout(str![[r#"
{
  "schema": "explain/1",
  "as_of": "2026-06-30",
  "customer": "zhuzhou-metro",
  "figures": [
    {
      "metric": "receivable",
      "value": 12500.00,
      "type": "money",
      "definition": "What the customer owes: the balances of all invoices and debts.",
      "sentence": null,
      "missing": [],
      "rules": [],
      "arithmetic": [
        "INV-31: invoice of 2026-03-20 over 125,000.00, 112,500.00 less credits, due 2026-05-19, open: 12,500.00, 42 days late"
      ],
      "rows": [
        {
          "file": "interactions/2026.csv",
          "line": 4,
          "date": "2026-03-20",
          "kind": "invoice",
          "amount": 125000.00,
          "score": null,
          "ref": "INV-31",
          "role": "opens INV-31"
        },
        {
          "file": "interactions/2026.csv",
          "line": 5,
          "date": "2026-05-11",
          "kind": "payment",
          "amount": 100000.00,
          "score": null,
          "ref": "INV-31",
          "role": "pays INV-31: 100,000.00"
        },
        {
          "file": "interactions/2026.csv",
          "line": 8,
          "date": "2026-06-10",
          "kind": "credit",
          "amount": 12500.00,
          "score": null,
          "ref": "INV-31",
          "role": "lowers INV-31: 12,500.00"
        }
      ],
      "rests_on": [],
      "context": []
    }
  ]
}

"#]])
        .code(0);
}

#[test]
fn csv_gives_the_rows() {
    case(&["explain", "zhuzhou-metro", "receivable", "-f", "csv"])
        .stdout(str![[r#"
metric,file,line,date,kind,amount,score,ref,role
receivable,interactions/2026.csv,4,2026-03-20,invoice,125000.00,,INV-31,opens INV-31
receivable,interactions/2026.csv,5,2026-05-11,payment,100000.00,,INV-31,"pays INV-31: 100,000.00"
receivable,interactions/2026.csv,8,2026-06-10,credit,12500.00,,INV-31,"lowers INV-31: 12,500.00"

"#]])
        .code(0);
}

#[test]
fn without_a_metric_the_telling_figures_stand_in_a_line_each() {
    case(&["explain", "zhuzhou-metro"])
        .stdout(str![[r#"
株洲地铁集团 (zhuzhou-metro) on 2026-06-30
  tier            A           no rule before it holds
                              for AA: 87,500.00 more order value by 2027-03-04
  next_revisit    2026-07-01  the due day of the plan in force
  revisit_status  soon        next_revisit is 2026-07-01, in 1 day
  churn           active      no churn rule holds: active
  churn_risk      unknown     unknown: too few customers with an order for a model: 1, and it needs
                              5
  signals         complaint   open_complaints > 0 (1)
                  late-payer  settlement in (overdue, unstable) (unstable)
  flags           none        no flag rule holds
  annual_value    112,500.00  from 2025-07-01 to 2026-06-30: 125,000.00 − 12,500.00 = 112,500.00
  growth          unknown     unknown: the revenue of the year before, 0.00, is not above 0
  clv             ~120,000    bought once; silent for 117 days; in the next 3 years worth ~120,000,
                              in nine of ten cases at most ~400,000
  receivable      12,500.00   INV-31: invoice of 2026-03-20 over 125,000.00, 112,500.00 less
                              credits, due 2026-05-19, open: 12,500.00, 42 days late
  past_due        12,500.00   INV-31: invoice of 2026-03-20 over 125,000.00, 112,500.00 less
                              credits, due 2026-05-19, open: 12,500.00, 42 days late
  settlement      unstable    more than 20 % over 30 days late: unstable
  open_cases      1           1 case of 1 in all
  late_cases      1           1 case of 1 in all
  satisfaction    unknown     unknown: no score in the year

`guanxi explain zhuzhou-metro METRIC` shows the rules, the rows and the arithmetic of any metric.

"#]])
        .code(0);
}

#[test]
fn a_small_book_has_no_model_and_says_so() {
    case(&["explain", "zhuzhou-metro", "clv"])
        .stdout(str![[r#"
株洲地铁集团 (zhuzhou-metro) on 2026-06-30
clv  ~120,000
  bought once; silent for 117 days; in the next 3 years worth ~120,000, in nine of ten cases at most
  ~400,000
  Definition: Customer lifetime value: the discounted value of the next years.

how
  too few customers for a fit: MBG/NBD as is usual, at the rate of the book's own orders; r 1, alpha
  59.4286, a 0.6, b 2.4 (per week)
  history: x = 0 order days after the first, t_x = 0 days from the first to the last, T = 117 days
  from the first to the day
  order value: 1 order day that brought 112,500.00, and one more of the usual 112,500.00:
  (112,500.00 + 112,500.00) / (1 + 1) = 112,500.00
  1.2506 order days to be expected in 3 years, 1.097898497 discounted by 10 % a year
  8 times in 10 there will be 0 to 4 order days
  1.097898497 × 112,500.00 (revenue: no margin is known) = 123,513.58

rests on
  lost                  no          no row
  margin                         -  no row
  expected_order_value  112,500.00  2 rows

rows
  interactions/2026.csv:3  2026-03-05  order   125,000.00  the first order day
  interactions/2026.csv:8  2026-06-10  credit   12,500.00  lowers the latest order days up to it

"#]])
        .code(0);
}

#[test]
fn show_is_one_customer_on_one_screen() {
    case(&["show", "zhuzhou-metro"])
        .stdout(str![[r#"
株洲地铁集团 (zhuzhou-metro), also Zhuzhou Metro, on 2026-06-30
owner li.wei (李伟), region Hunan
since 2026-03-01, tenure 121 days
not filled: stage, segment, address, profile.habits

standing
  tier          A           no rule before it holds
                            for AA: 87,500.00 more order value by 2027-03-04
                            or `tenure >= 1y` on 2027-03-01, in 244 days
  churn         active      no churn rule holds: active
  signals       complaint   open_complaints > 0 (1)
                late-payer  settlement in (overdue, unstable) (unstable)
  next step     soon        2026-07-01; planned: bring the new drawings
  last contact  2026-06-02  response by li.wei, C-4

money (CNY)
  annual value    112,500.00  rank 1, class A, RFM 333
  orders in all   112,500.00  1 order, last 2026-03-05
  receivable       12,500.00  settlement unstable, past due 12,500.00, by up to 42 days, 0.6 % of
                              the credit limit
  lifetime value    ~120,000  from 0 to ~400,000, next 3 years, basis: prior, revenue, order days
                              expected in the next year ~0.47

open cases
  C-4, opened 2026-06-01: answered 2026-06-02, in time for 2026-06-03; not closed, 15 days past
  2026-06-15; delivery, two crates late

people
  王建国  采购部主任  +86 731 0000 0000, born 05-01

file
  needs       bogie overhaul
  competitor  华东
  date        2027-03-01 contract renewal

last rows
  interactions/2026.csv:2  2026-03-02  visit                  toured line 3 depot
  interactions/2026.csv:3  2026-03-05  order      125,000.00  PO-7, spares
  interactions/2026.csv:4  2026-03-20  invoice    125,000.00  INV-31
  interactions/2026.csv:5  2026-05-11  payment    100,000.00  INV-31
  interactions/2026.csv:6  2026-06-01  complaint              C-4, delivery, two crates late
  interactions/2026.csv:7  2026-06-02  response               C-4
  interactions/2026.csv:8  2026-06-10  credit      12,500.00  INV-31, crates
  interactions/2026.csv:9  2026-06-20  plan                   bring the new drawings

"#]])
        .code(0);
}

#[test]
fn show_escapes_what_could_act_on_a_terminal() {
    case(&["show", "zhuji-works"])
        .stdout(str![[r#"
Zhuji \u{202e} Works (zhuji-works), on 2026-06-30
not filled: owner, stage, since, segment, region, address, contact.name, contact.phone,
contact.birthday, profile.needs, profile.habits, competitor.name

standing
  tier       P      orders = 0 (0) and stage is unknown
                    to leave P: a first order
  churn      -      unknown: there is no order
  next step  today  never seen: today, 2026-06-30

money (CNY)
  annual value    0.00  rank 2, class C
  orders in all   0.00
  lifetime value     -  next 3 years

"#]])
        .code(0);
}

#[test]
fn wrong_words_get_the_nearest_or_the_candidates() {
    case(&["show", "zhu"])
        .stderr(str![[r#"
error: `zhu` may mean 2 customers
  = help: name one of `zhuji-works`, `zhuzhou-metro`

"#]])
        .code(2);
    case(&["show", "zhuzou-metro"])
        .stderr(str![[r#"
error: no customer is called `zhuzou-metro`
  = help: did you mean `zhuzhou-metro`?

"#]])
        .code(2);
    case(&["explain", "zhuzhou-metro", "teir"])
        .stderr(str![[r#"
error: no metric is called `teir`
  = help: did you mean `tier`?

"#]])
        .code(2);
    case(&["explain", "unknown-keys"])
        .stderr(str![[r#"
error: neither a customer nor a fault is called `unknown-keys`
  = help: did you mean `unknown-key`?

"#]])
        .code(2);
}

#[test]
fn a_customer_called_like_a_fault_is_meant_where_a_metric_follows() {
    let case = |args: &[&str]| {
        Case::new()
            .file("guanxi.toml", "")
            .file("customers/unknown-key.toml", "name = \"U\"\n")
            .args(args.iter().copied())
    };
    case(&["explain", "unknown-key", "name", "--as-of", "2026-06-30"])
        .stdout(str![[r#"
U (unknown-key) on 2026-06-30
name  U
  Definition: The customer's name.

how
  the customer's file says so: `name`

"#]])
        .code(0);
    case(&["explain", "unknown-key"])
        .stdout(str![[r#"
error[unknown-key]

A key is not one of those that this table knows. A misspelt key would otherwise
be ignored in silence.

To mend it: Correct the key, or put your own facts under `[custom]` (usable in
rules) or `[profile]`.

"#]])
        .code(0);
}

#[test]
fn a_customer_that_is_still_to_come_is_an_error() {
    Case::new()
        .file("guanxi.toml", "")
        .file("customers/a.toml", "name = \"A\"\nsince = 2026-03-01\n")
        .args(["show", "a", "--as-of", "2026-01-31"])
        .stderr(str![[r#"
error: `a` is not a customer yet on 2026-01-31
  = help: its `since` and its rows are later; `--as-of` names another day

"#]])
        .code(2);
}

#[test]
fn a_row_shows_its_own_amount_whatever_it_does_to_the_figure() {
    let book = |args: &[&str]| {
        Case::new()
            .file("guanxi.toml", "")
            .file("customers/acme.toml", "name = \"Acme\"\n")
            .file(
                "interactions/2026.csv",
                "date,customer,kind,amount,ref
2026-03-01,acme,order,700,
2026-03-02,acme,invoice,500,I1
2026-03-09,acme,payment,1000,
2026-03-12,acme,payment,-100,
2026-03-20,acme,credit,50,
",
            )
            .args(["explain", "acme"])
            .args(args.iter().copied())
            .args(["--as-of", "2026-04-01"])
    };
    book(&["advance", "-f", "csv"]).stdout(str![[r#"
metric,file,line,date,kind,amount,score,ref,role
advance,interactions/2026.csv,3,2026-03-02,invoice,500.00,,I1,opens I1
advance,interactions/2026.csv,4,2026-03-09,payment,1000.00,,,"settles I1: 500.00, still waits: 400.00"
advance,interactions/2026.csv,5,2026-03-12,payment,-100.00,,,takes back from the payment of 2026-03-09: 100.00

"#]]).code(0);
    book(&["revenue", "-f", "csv"])
        .stdout(str![[r#"
metric,file,line,date,kind,amount,score,ref,role
revenue,interactions/2026.csv,2,2026-03-01,order,700.00,,,adds to revenue
revenue,interactions/2026.csv,6,2026-03-20,credit,50.00,,,takes back from revenue

"#]])
        .code(0);
    book(&["unbilled"])
        .stdout(str![[r#"
Acme (acme) on 2026-04-01
unbilled  150.00
  Definition: Orders - credits that name no invoice - invoices, at least 0; orders more than 180
  days before the book's first invoice do not count.

how
  the book's first invoice is of 2026-03-02: orders up to 180 days before it count
  700.00 − 500.00 − 50.00 = 150.00

rows
  interactions/2026.csv:2  2026-03-01  order    700.00  is to be billed
  interactions/2026.csv:3  2026-03-02  invoice  500.00  is billed
  interactions/2026.csv:6  2026-03-20  credit    50.00  need not be billed

"#]])
        .code(0);
}

#[test]
fn tenure_grows_from_the_day_that_is_still_to_come() {
    // 2 years are 730 days: 2026-07-01 + 730 is 2028-06-30.
    Case::new()
        .file(
            "guanxi.toml",
            "[[tier]]\nname = \"old\"\nwhen = \"tenure >= 2y\"\n[[tier]]\nname = \"new\"\n",
        )
        .file(
            "customers/acme.toml",
            "name = \"Acme\"\nadded = 2026-01-01\nsince = 2026-07-01\n",
        )
        .args(["explain", "acme", "tier", "--as-of", "2026-04-01"])
        .stdout(str![[r#"
Acme (acme) on 2026-04-01
tier  new
  Definition: The first matching tier rule's name.

what is missing
  for old: `tenure >= 2y` on 2028-06-30, in 821 days

rules
  tier old  no   tenure >= 2y: tenure is 0 days
  tier new  yes  always

how
  no rule before it holds

rests on
  tenure  0  no row

"#]])
        .code(0);
}
