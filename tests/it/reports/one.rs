//! One customer of a large book, of which the rest is not read: `show`, `explain`, `history`.

use std::path::Path;

use snapbox::str;

use super::{RAIL, book, run};
use crate::case::Case;

/// So many bytes of comments that logs are no longer small.
fn padding() -> String {
    let line = format!("# {}\n", "x".repeat(1022));
    format!("date,customer,kind\n{}", line.repeat(1024))
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns the rail example without the rules that compare customers, and the same with logs that
/// are not small.
fn rails() -> [tempfile::TempDir; 2] {
    [false, true].map(|is_large| {
        let home = tempfile::tempdir().unwrap();
        copy(Path::new(RAIL[1]), home.path());
        let policy = home.path().join("guanxi.toml");
        let text = std::fs::read_to_string(&policy).unwrap();
        let own = text.replace(" and abc = A", "");
        assert_ne!(own, text);
        std::fs::write(policy, own).unwrap();
        if is_large {
            std::fs::write(home.path().join("interactions/padding.csv"), padding()).unwrap();
        }
        home
    })
}

/// Tells whether words stand among others, in their order.
fn is_among(words: &str, others: &str) -> bool {
    let mut others = others.split_whitespace();
    words
        .split_whitespace()
        .all(|word| others.any(|other| other.trim_end_matches(',') == word.trim_end_matches(',')))
}

#[test]
fn what_one_customer_tells_is_what_the_whole_book_tells() {
    let homes = rails();
    let [small, large] = [0, 1].map(|at| {
        [
            "--book",
            homes[at].path().to_str().unwrap(),
            RAIL[2],
            RAIL[3],
        ]
    });
    let (ids, _) = run(&["list", "-c", "id", "-f", "csv"], &small);
    for id in ids.lines().skip(1).step_by(3) {
        let (whole, _) = run(&["show", id], &small);
        let (all, _) = run(&["show", id, "--all"], &large);
        assert_eq!(all, whole);
        let (part, _) = run(&["show", id], &large);
        let hint = format!(
            "\nrank, churn risk and lifetime value compare all customers: guanxi show {id} --all\n"
        );
        let rest = part.strip_suffix(&hint);
        let rest = rest.unwrap_or_else(|| panic!("{id} is read alone: {part}"));
        assert!(is_among(rest, &whole), "{part}");
        assert!(
            !part.contains("rank ") && !part.contains("churn  "),
            "{part}"
        );
        for command in [
            &["show", id, "-f", "json"][..],
            &["show", id, "-f", "csv"],
            &["explain", id, "tier"],
            &["explain", id, "next_revisit", "-f", "json"],
            &["explain", id, "churn_risk"],
            &["explain", id, "rank"],
            &["explain", id, "signals"],
            &["explain", id, "unbilled"],
            &["explain", id, "credit_used", "-f", "json"],
            &["explain", id],
            &["history", id],
            &["history", id, "-f", "csv"],
            &["history", id, "--text", "a", "-n", "3"],
        ] {
            assert_eq!(run(command, &large), run(command, &small), "{command:?}");
        }
    }
}

/// The order is 180 days older than a first invoice of 9 July 2025, and counts in a book with that one.
#[test]
fn invoices_of_others_tell_which_orders_count() {
    let rows = |first_invoice: &str, own: &str| {
        let case = book(
            &[
                ("acme", "name = \"Acme\"\ncredit_limit = 1000\n"),
                ("beta", "name = \"Beta\"\n"),
            ],
            &format!("2025-01-10,acme,order,2000,,,,,,,\n{first_invoice}{own}"),
        );
        case.file("interactions/padding.csv", padding())
    };
    let of_beta = |day: &str| format!("{day},beta,invoice,5,,,,,B-1,,\"an invoice, late\"\n");
    let own = "2025-12-01,acme,invoice,100,,,,,A-1,,\n";
    for (first_invoice, own, unbilled, exposure) in [
        (of_beta("2025-07-09"), own, "1900.00", "2000.00"),
        (of_beta("2025-07-10"), own, "null", "100.00"),
        (of_beta("2026-01-02"), own, "null", "100.00"),
        (of_beta("2025-07-09"), "", "null", "null"),
        (String::new(), "", "null", "null"),
    ] {
        for (metric, value) in [("unbilled", unbilled), ("exposure", exposure)] {
            let case = rows(&first_invoice, own);
            let explain = [
                "explain",
                "acme",
                metric,
                "-f",
                "json",
                "--as-of",
                "2026-01-01",
            ];
            let (told, _) = output(&case.args(explain), 0);
            assert!(
                told.contains(&format!("\"value\": {value},")),
                "{first_invoice}{told}"
            );
        }
        let case = rows(&first_invoice, own);
        let (shown, _) = output(&case.args(["show", "acme", "--as-of", "2026-01-01"]), 0);
        let is_over = exposure == "2000.00";
        assert_eq!(
            shown.contains("over-credit"),
            is_over,
            "{first_invoice}{shown}"
        );
        assert!(shown.contains("--all"), "read alone: {shown}");
    }
}

/// A large book of two customers in files of their own and two in one file.
fn large(policy: &str) -> Case {
    book(
        &[
            ("acme", "name = \"Acme 甲\"\naliases = [\"A1\"]\n"),
            ("beta", "name = \"Beta\"\n"),
            (
                "many",
                "[[customer]]\nid = \"c1\"\nname = \"C 1\"\n[[customer]]\nid = \"c2\"\nname = \"C 2\"\n",
            ),
        ],
        "2025-01-05,acme,order,100,,,,,,,\n\
         2025-01-05,c2,order,70,,,,,,,\n\
         2025-02-05,beta,order,900,,,,,,,\"of acme\n2025-02-05,acme,order,5,,,,,,,\"\n\
         2025-03-05,acme,visit,,,,,,,,\"said \"\"yes\"\"\"\n",
    )
    .file("guanxi.toml", policy)
    .file("interactions/padding.csv", padding())
}

#[test]
fn a_large_book_shows_what_needs_no_others() {
    large("")
        .args(["show", "acme", "--as-of", "2025-03-10"])
        .stdout(str![[r#"
Acme 甲 (acme), also A1, on 2025-03-10
first seen 2025-01-05, tenure 64 days
not filled: owner, stage, since, segment, region, address, contact.name, contact.phone,
contact.birthday, profile.needs, profile.habits, competitor.name

standing
  tier          A           no rule before it holds
                            for AA: 199,900.00 more order value by 2026-01-04
                            or `tenure >= 1y` on 2026-01-05, in 301 days
  next step     ok          2025-03-05 (the last contact) + 90 days = 2025-06-03
  last contact  2025-03-05  visit, said "yes"

money (CNY)
  annual value   100.00
  orders in all  100.00  1 order, last 2025-01-05

last rows
  interactions/2026.csv:2  2025-01-05  order  100.00
  interactions/2026.csv:6  2025-03-05  visit          said "yes"

rank, churn risk and lifetime value compare all customers: guanxi show acme --all

"#]])
        .code(0);
}

#[test]
fn the_retention_formula_compares_nobody() {
    let case = large("[value]\nmodel = \"retention\"\n").args(["show", "acme"]);
    let (shown, _) = output_then(case, 0);
    assert!(shown.contains("churn         active"), "{shown}");
    assert!(shown.contains("lifetime value"), "{shown}");
    let hint = "\nrank compares all customers: guanxi show acme --all\n";
    assert!(shown.ends_with(hint), "{shown}");
}

#[test]
fn a_rule_that_compares_customers_needs_them_all() {
    for rule in [
        "[[tier]]\nname = \"top\"\nwhen = \"rank = 1\"\n",
        "[[flag]]\nname = \"slipping\"\nwhen = \"churn = at-risk\"\n",
        "[[revisit]]\nwhen = \"churn_risk > 10%\"\nevery = \"1d\"\n",
        "[[signal]]\nname = \"small\"\nwhen = \"share < 1%\"\n",
    ] {
        let (shown, _) = output_then(large(rule).args(["show", "beta"]), 0);
        assert!(shown.contains("rank 1, class A"), "{rule}: {shown}");
        assert!(!shown.contains("--all"), "{rule}: {shown}");
    }
}

#[test]
fn any_name_will_do() {
    for (word, id) in [
        ("acme", "acme"),
        ("ACME", "acme"),
        ("a1", "acme"),
        ("acme 甲", "acme"),
        ("be", "beta"),
        ("c2", "c2"),
        ("c 1", "c1"),
    ] {
        let (shown, _) = output_then(large("").args(["show", word]), 0);
        assert!(shown.contains(&format!("({id})")), "{word}: {shown}");
        assert!(shown.contains("--all"), "{word}: {shown}");
        let (history, _) = output_then(
            large("").args(["history", word, "-c", "origin", "-f", "markdown"]),
            0,
        );
        let rows = history.lines().count().saturating_sub(2);
        let expected = [("acme", 2), ("beta", 1), ("c1", 0), ("c2", 1)];
        assert!(expected.contains(&(id, rows)), "{word}: {history}");
    }
    large("")
        .args(["show", "c", "--as-of", "2025-03-10"])
        .stderr(str![[r#"
error: `c` may mean 2 customers
  = help: name one of `c1`, `c2`

"#]])
        .code(2);
    large("")
        .args(["show", "acne", "--as-of", "2025-03-10"])
        .stderr(str![[r#"
error: no customer is called `acne`
  = help: did you mean `acme`?

"#]])
        .code(2);
}

#[test]
fn mistakes_of_others_are_not_looked_for() {
    let case = || {
        large("")
            .file("customers/gamma.toml", "nmae = \"Gamma\"\n")
            .file(
                "interactions/2027.csv",
                "date,customer,kind\n2025-03-06,beta,vist\n2025-03-07,acme,call\n",
            )
    };
    let (shown, said) = output_then(case().args(["show", "acme"]), 0);
    assert!(shown.contains("2027.csv:3"), "{shown}");
    assert_eq!(said, "");
    // All are told where one is met, or where all customers are looked at.
    for word in ["beta", "Beta"] {
        let (shown, said) = output_then(case().args(["show", word]), 2);
        assert!(
            shown.is_empty() && said.contains("unknown-key"),
            "{word}: {said}"
        );
        assert!(said.contains("unknown-kind"), "{word}: {said}");
    }
    let (shown, said) = output_then(case().args(["show", "beta", "--keep-going"]), 1);
    assert!(shown.contains("rank 1"), "{shown}");
    assert!(said.contains("has been left out"), "{said}");
    // The customer's own file.
    let broken = case().file("customers/acme.toml", "nmae = \"Acme\"\n");
    let (_, said) = output_then(broken.args(["show", "acme"]), 2);
    assert!(said.contains("customers/acme.toml:1:1"), "{said}");
    // A quote that never closes may hide rows of anybody.
    let open = case().file(
        "interactions/2028.csv",
        "date,customer,kind,note\n2025-03-06,beta,call,\"x\n2025-03-07,acme,call,\n",
    );
    let (_, said) = output_then(open.args(["show", "acme"]), 2);
    assert!(said.contains("quote-unclosed"), "{said}");
}

#[test]
fn a_day_before_its_first_row_has_no_customer() {
    let case = large("").args(["show", "beta", "--as-of", "2025-02-04"]);
    let (_, said) = output(&case, 2);
    assert!(
        said.contains("`beta` is not a customer yet on 2025-02-04"),
        "{said}"
    );
}

/// Runs a case for a day on which all rows are there, and returns both streams.
fn output_then(case: Case, code: i32) -> (String, String) {
    output(&case.args(["--as-of", "2025-03-10"]), code)
}

/// Runs a case and returns both streams.
fn output(case: &Case, code: i32) -> (String, String) {
    let output = case.output();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{stdout}{stderr}");
    (stdout, stderr)
}

#[test]
fn one_customer_is_told_what_counts_in_the_whole_book() {
    let rows = "date,customer,kind,amount\n2026-01-05,acme,invoice,100\n";
    let order = "date,customer,kind,amount\n2027-01-05,bold,order,70\n";
    let note = "date,customer,kind,note\n2026-01-05,bold,note,an order may come\n";
    for (other, expected) in [(note, "100.00"), (order, "0.00")] {
        let case = Case::new()
            .file("guanxi.toml", "")
            .file("customers/acme.toml", "name = \"Acme\"\n")
            .file("customers/bold.toml", "name = \"Bold\"\n")
            .file("interactions/acme.csv", rows)
            .file("interactions/bold.csv", other)
            .file("interactions/padding.csv", padding());
        let explain = ["explain", "acme", "revenue", "-f", "json"];
        let output = case
            .args(explain.into_iter().chain(["--as-of", "2026-02-01"]))
            .output();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(&format!("\"value\": {expected}")), "{text}");
    }
}

#[test]
fn the_first_order_of_a_book_of_invoices_is_to_be_meant() {
    let logs = |order: &str| {
        let rows = "date,customer,kind,amount\n2026-01-05,acme,invoice,100\n";
        Case::new()
            .file("guanxi.toml", order)
            .file("customers/acme.toml", "name = \"Acme\"\n")
            .file("interactions/2026.csv", rows)
            .args([
                "log",
                "acme",
                "order",
                "50",
                "--date",
                "2026-02-01",
                "--dry-run",
            ])
    };
    let refused = logs("").output();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.starts_with("error: this is the book's first order"),
        "{said}"
    );
    assert_eq!(logs("").args(["--yes"]).output().status.code(), Some(0));
    let stated = "[value]\nrevenue = \"invoice\"\n";
    assert_eq!(logs(stated).output().status.code(), Some(0));
}

#[test]
fn agreements_in_force_and_lapsed_stand_on_the_screen() {
    let rows = "2025-01-01,acme,agreement,1000,,,frame,,F-1,2025-12-31,\n\
                2025-12-01,acme,agreement,1500,,,frame,,F-2,2026-12-31,\n\
                2026-01-01,acme,agreement,,,,service,,S-1,2026-10-31,\n";
    let shown = |extra: &str| {
        let as_of = ["show", "acme", "--as-of", "2026-11-20"];
        let output = book(&[("acme", "name = \"Acme\"\n")], &format!("{rows}{extra}"))
            .args(as_of)
            .output();
        String::from_utf8(output.stdout).unwrap()
    };
    let page = shown("");
    assert!(
        page.contains("  F-2  until 2026-12-31, 41 days left    1,500.00  frame\n"),
        "{page}"
    );
    assert!(
        page.contains("  S-1  ended on 2026-10-31, 20 days ago            service\n"),
        "{page}"
    );
    assert!(!page.contains("  F-1  until"), "{page}");
    // None counts of a customer that is lost.
    assert!(!shown("2026-11-01,acme,lost,,,,,,,,\n").contains("\nagreements\n"));
}
