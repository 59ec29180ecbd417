//! Tiers of a book as a user meets them: suggested thresholds, the note of `check`, their order.

use std::fmt::Write as _;

use snapbox::str;

use crate::case::Case;

/// What ten customers ordered this year. Of 1,000,000 the first makes 45 %, the first two 75 %, three 87.7 %.
const YEARLY: [u32; 10] = [
    450_000, 299_999, 127_001, 60_000, 30_000, 20_000, 9_000, 3_000, 900, 100,
];

fn ordered(yearly: &[u32]) -> Case {
    let mut case = Case::new().file("guanxi.toml", "");
    let mut log = "date,customer,kind,amount\n".to_owned();
    for (index, amount) in yearly.iter().enumerate() {
        let file = format!("customers/c{index:02}.toml");
        case = case.file(&file, format!("name = \"C {index}\"\n"));
        writeln!(log, "2026-10-01,c{index:02},order,{amount}").unwrap();
    }
    case.file("interactions/2026.csv", log)
}

#[test]
fn suggested_thresholds_are_the_book_s_own() {
    let case = ordered(&YEARLY).args([
        "policy",
        "--suggest",
        "--as-of",
        "2026-11-20",
        "-o",
        "t.toml",
    ]);
    let case = case.code(0);
    let tiers = std::fs::read_to_string(case.path("t.toml")).unwrap();
    assert!(
        tiers.contains("annual_value >= 290000 or tenure >= 2y"),
        "{tiers}"
    );
    assert!(
        tiers.contains("annual_value >= 120000 or tenure >= 1y"),
        "{tiers}"
    );
    // What it prints is a policy: the same book by these tiers.
    let case = case.file("guanxi.toml", tiers);
    let list = ["list", "annual_value > 50000", "-c", "id,tier", "-f", "csv"];
    case.again(list.into_iter().chain(["--as-of", "2026-11-20"]))
        .stdout(str![[r#"
id,tier
c00,AAA
c01,AAA
c02,AA
c03,A

"#]])
        .code(0);
}

#[test]
fn comments_of_the_policy_are_chinese_and_the_rest_is_the_same() {
    let case = Case::new().file(
        "guanxi.toml",
        "stages = [\"tender\"]\nflag = []\n[view]\nlang = \"zh\"\n",
    );
    let case = case.args(["policy"]);
    let printed = case.output().stdout;
    // What it prints is a policy: the same, and the book's wish for Chinese is part of it.
    let case = case.file("guanxi.toml", &printed);
    assert_eq!(case.output().stdout, printed);
    let printed = String::from_utf8(printed).unwrap();
    assert!(printed.starts_with("# 现行规则。"), "{printed}");
    assert!(
        printed.contains("\n# 客户的各个阶段。\nstages = "),
        "{printed}"
    );
    let english = case.again(["policy", "--lang", "en"]).output();
    assert!(english.stdout.starts_with(b"# The policy in force."));
}

#[test]
fn suggested_tiers_have_chinese_comments() {
    let case = ordered(&[100, 100, 300_000]);
    let suggest = ["policy", "--suggest", "--as-of", "2026-11-20"];
    let case = case.args(suggest.into_iter().chain(["--lang", "zh"]));
    let printed = String::from_utf8(case.output().stdout).unwrap();
    assert!(
        printed.starts_with("# 按本账本客户的年度价值划分的级别："),
        "{printed}"
    );
    assert!(printed.contains("\n# 级别：取第一条符合的。"), "{printed}");
    assert!(printed.contains("annual_value >= 300000"), "{printed}");
}

#[test]
fn a_book_without_value_has_no_thresholds() {
    let case = ordered(&[]).args(["policy", "--suggest", "--as-of", "2026-11-20"]);
    let output = case.output();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn check_notes_a_tier_that_holds_nearly_all() {
    // More than 80 % of at least 20.
    for (small, large, is_noted) in [(17, 3, true), (16, 4, false), (16, 3, false)] {
        let yearly: Vec<u32> = (0..small)
            .map(|_| 100)
            .chain((0..large).map(|_| 900_000))
            .collect();
        let output = ordered(&yearly)
            .args(["check", "--as-of", "2026-11-20"])
            .output();
        let said =
            String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(
            said.contains("note: tier A holds 17 of 20 customers"),
            is_noted,
            "{said}"
        );
    }
}

#[test]
fn tiers_and_levels_are_sorted_by_how_high_they_are() {
    let case = Case::new()
        .file("guanxi.toml", "")
        .file(
            "customers/all.toml",
            "[[customer]]\nid = \"a\"\nname = \"A\"\nscore = 50\nstage = \"delivery\"\n\
             [[customer]]\nid = \"b\"\nname = \"B\"\nscore = 5\nstage = \"delivery\"\n\
             [[customer]]\nid = \"c\"\nname = \"C\"\nscore = 80\nsince = 2020-01-01\nstage = \"completed\"\n\
             [[customer]]\nid = \"d\"\nname = \"D\"\nstage = \"prospect\"\n\
             [[customer]]\nid = \"e\"\nname = \"E\"\nscore = 20\nstage = \"bidding\"\n",
        )
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount\n2026-11-01,a,order,5\n2026-11-01,b,order,5\n\
             2026-11-01,c,order,5\n2026-11-01,e,order,5\n2026-11-02,b,lost,\n",
        );
    let sorted = |sort: &str| {
        let list = [
            "list",
            "-c",
            "id",
            "-f",
            "csv",
            "--as-of",
            "2026-11-20",
            "-s",
            sort,
        ];
        let book = case.path("");
        let (out, _) = super::run(&list, &["--book", book.to_str().unwrap()]);
        out.lines().skip(1).collect::<String>()
    };
    // c is AAA, a AA, e A, b B, d P; the tables of the policy begin with P.
    assert_eq!(sorted("tier"), "caebd");
    assert_eq!(sorted("-tier"), "dbeac");
    // Prospect, bidding, delivery, completed; equal ones stand by id.
    assert_eq!(sorted("stage"), "deabc");
    // Lost, at-risk, active; d has no order and is last both ways.
    assert_eq!(sorted("churn"), "baced");
    assert_eq!(sorted("-churn"), "acebd");
}
