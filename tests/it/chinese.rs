//! Two languages: what people read follows the one that is asked for, what programs read never does.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use snapbox::str;

use crate::case::Case;
use crate::tidy::root;

const BOOK: [(&str, &str); 3] = [
    ("guanxi.toml", ""),
    (
        "customers/acme.toml",
        "name = \"Acme\"\nstage = \"bidding\"\nsince = 2026-01-05\ncredit_limit = \"1万\"\n",
    ),
    (
        "interactions/2026.csv",
        "date,customer,kind,amount,note\n2026-02-01,acme,visit,,\n2026-02-03,acme,order,1234567,a\n",
    ),
];

fn book() -> Case {
    let files = BOOK.into_iter();
    files.fold(Case::new(), |case, (path, text)| case.file(path, text))
}

#[test]
fn tables_follow_the_locale_and_data_do_not() {
    let args = [
        "list",
        "-n",
        "1",
        "-c",
        "id,tier,next_revisit,revisit_status",
        "--as-of",
        "2026-11-20",
    ];
    let chinese = book()
        .args(args)
        .env("LC_ALL", "")
        .env("LANG", "zh_CN.UTF-8");
    let chinese = chinese.stdout(str![[r#"
编号  级别  下次回访    回访状态
--------------------------------
acme  AA    2026-02-08  已逾期

"#]]);
    let chinese = chinese.code(0);
    let csv = args.into_iter().chain(["-f", "csv"]);
    let csv = chinese.again(csv).stdout(str![[r#"
id,tier,next_revisit,revisit_status
acme,AA,2026-02-08,overdue

"#]]);
    let english = csv.code(0).again(args).env("LC_ALL", "C").stdout(str![[r#"
id    tier  next revisit  revisit status
----------------------------------------
acme  AA    2026-02-08    overdue

"#]]);
    english.code(0);
}

#[test]
fn the_option_goes_before_the_environment_and_that_before_the_locale() {
    let args = ["list", "-c", "tier", "--as-of", "2026-11-20"];
    for (option, variable, locale, is_chinese) in [
        (None, None, "", false),
        (None, None, "zh_CN.UTF-8", true),
        (None, Some("en"), "zh_CN.UTF-8", false),
        (None, Some("auto"), "zh_CN.UTF-8", true),
        (None, Some("zh"), "C", true),
        (Some("en"), Some("zh"), "zh_CN.UTF-8", false),
        (Some("zh"), Some("en"), "", true),
        (Some("auto"), Some("en"), "zh_CN.UTF-8", false),
    ] {
        let case = book().args(args).env("LANG", locale);
        let case = case.env("GUANXI_LANG", variable.unwrap_or_default());
        let case = case.args(option.into_iter().flat_map(|it| ["--lang", it]));
        let output = case.output();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            said.starts_with("级别"),
            is_chinese,
            "{option:?} {variable:?} {locale}: {said}"
        );
    }
}

#[test]
fn labels_of_the_policy_are_read_in_both_languages() {
    let policy = "stages = [\"prospect\", \"bidding\", \"trial\"]\n[stage.trial]\nlabel = \"试用\"\n\
         [[signal]]\nname = \"odd\"\nlabel = \"异常\"\nwhen = \"orders = 0\"\n";
    let case = Case::new()
        .file("guanxi.toml", policy)
        .file("customers/a.toml", "name = \"A\"\nstage = \"trial\"\n")
        .file("customers/b.toml", "name = \"B\"\nstage = \"bidding\"\n");
    let args = ["list", "-c", "id,stage,signals", "--as-of", "2026-11-20"];
    let case = case.args(args).stdout(str![[r#"
id  stage    signals
--------------------
a   试用     异常
b   bidding  异常

"#]]);
    let case = case
        .code(0)
        .again(args)
        .args(["--lang", "zh"])
        .stdout(str![[r#"
编号  阶段  预警信号
--------------------
a     试用  异常
b     投标  异常

"#]]);
    let case = case
        .code(0)
        .again(args)
        .args(["-f", "csv"])
        .stdout(str![[r#"
id,stage,signals
a,trial,odd
b,bidding,odd

"#]]);
    case.code(0);
}

/// Runs the program on a book of the repository.
fn run(book: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .current_dir(root().join(book))
        .env_clear()
        .output()
        .unwrap()
}

/// Every command that answers, with what it needs on the example; those of rows come first.
const ANSWERS: [&[&str]; 59] = [
    &["list"],
    &[
        "list",
        "-c",
        "signals,flags,dunning,churn,movement,clv_basis",
    ],
    &["list", "-c", "settlement,communication,owner_status,stage"],
    &["due", "--within", "30d", "-c", "+why"],
    &["cases", "--all", "-c", "+missed"],
    &["cases", "--by", "staff,kind"],
    &["receivables"],
    &["receivables", "--invoices"],
    &["receivables", "--by", "owner"],
    &["dates", "--within", "90d"],
    &["leads", "--all", "-c", "+fits"],
    &["churn"],
    &["value", "--backtest"],
    &["value"],
    &["value", "--fit"],
    &["trend"],
    &["trend", "--cohorts"],
    &["summary", "--by", "tier,stage"],
    &["team"],
    &["portfolio", "--sections", "all", "--since", "1y"],
    &["diff", "4w"],
    &["diff", "4w", "--stat"],
    &["history", "-n", "50"],
    &["metrics"],
    &["check"],
    &["calendar", "2026"],
    &["explain", "dabie-power"],
    &["explain", "dabie-power", "tier"],
    &["explain", "dabie-power", "settlement"],
    &["explain", "dabie-power", "next_revisit"],
    &["explain", "dabie-power", "clv"],
    &["explain", "yunling-metro", "churn_risk"],
    &["explain", "yunling-metro", "at_stake"],
    &["explain", "yunling-metro", "rank"],
    &["explain", "donghu-metro", "late_cases"],
    &["explain", "donghu-metro", "on_time"],
    &["explain", "donghu-metro", "satisfaction"],
    &["explain", "xibu-landport", "pipeline"],
    &["explain", "xibu-landport", "agreement_left"],
    &["explain", "xibu-landport", "rfm"],
    &["explain", "xibu-landport", "unbilled"],
    &["explain", "guanshan-works", "dso"],
    &["explain", "guanshan-works", "days_to_pay"],
    &["explain", "guanshan-works", "dunning"],
    &["explain", "guanshan-works", "receivable"],
    &["explain", "guanshan-works", "lost"],
    &["explain", "guanshan-works", "growth"],
    &["explain", "guanshan-works", "owner"],
    &["explain", "guanshan-works", "order_interval"],
    &["explain", "guanshan-works", "completeness"],
    &["explain", "guanshan-works", "review_due"],
    &["explain", "guanshan-works", "acquisition_cost"],
    &["explain", "guanshan-works", "movement"],
    &["explain", "guanshan-works", "abc"],
    &["explain", "guanshan-works", "credit_used"],
    &["explain", "guanshan-works", "tenure"],
    &["explain", "guanshan-works", "phone"],
    &["show", "dabie-power"],
    &["show", "xibu-landport", "--all"],
];

/// Returns the arguments of an answer of the example on its day.
fn asked<'a>(command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let day: &[&str] = if ["metrics", "calendar"].contains(&command[0]) {
        &[]
    } else {
        &["--as-of", "2026-11-20"]
    };
    [command, day, more].concat()
}

#[test]
fn no_byte_of_what_programs_read_hangs_on_the_language() {
    assert!(Path::new(root()).join("examples/rail").exists());
    let mut count = 0;
    for command in ANSWERS {
        for format in ["csv", "tsv", "json", "jsonl"] {
            let args = asked(command, &["-f", format]);
            let english = run("examples/rail", &args);
            let chinese = run(
                "examples/rail",
                &asked(command, &["-f", format, "--lang", "zh"]),
            );
            assert_eq!(english.stdout, chinese.stdout, "{args:?}");
            assert_eq!(english.status, chinese.status, "{args:?}");
            count += usize::from(!english.stdout.is_empty());
        }
    }
    // Some have no form of rows; that most have all four is what makes this a test.
    assert!(count > 100, "{count}");
}

/// Commands whose rows tell the settings themselves, and one that `no_byte_of_what_leaves_the_book…` has.
const APART: [&str; 3] = ["config", "doctor", "import"];

#[test]
fn every_command_that_programs_read_is_asked() {
    let asked: BTreeSet<&str> = ANSWERS.iter().map(|it| it[0]).collect();
    let tree = guanxi::cli::command_tree();
    let is_for_programs = |command: &&clap::Command| {
        let formats = command.get_arguments().filter(|it| it.get_id() == "format");
        let values = formats.flat_map(clap::Arg::get_possible_values);
        let names: Vec<String> = values.map(|it| it.get_name().to_owned()).collect();
        names.iter().any(|it| it == "csv" || it == "json")
    };
    let commands = tree.get_subcommands().filter(is_for_programs);
    let names: Vec<&str> = commands.map(clap::Command::get_name).collect();
    assert!(names.len() > 15, "{names:?}");
    let missing = names.into_iter().filter(|it| !asked.contains(it));
    let missing: Vec<&str> = missing.filter(|it| !APART.contains(it)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn what_is_set_up_and_the_shapes_of_answers_are_the_same_in_both_languages() {
    let case = Case::new().file("guanxi.toml", "[calendar]\nholidays = \"CN\"\n");
    for command in [
        &["calendar", "2026"][..],
        &["doctor"],
        &["schema", "list"],
        &["schema"],
    ] {
        for format in ["csv", "tsv", "json", "jsonl"] {
            let format: &[&str] = if command[0] == "schema" {
                &[]
            } else {
                &["-f", format]
            };
            let said = |language: &str| {
                let mut run = Command::new(env!("CARGO_BIN_EXE_guanxi"));
                let run = run
                    .args([command, format].concat())
                    .args(["--lang", language]);
                let run = run.current_dir(case.path(".")).env_clear();
                String::from_utf8(run.output().unwrap().stdout).unwrap()
            };
            let english = said("en");
            assert!(english.len() > 100, "{command:?}: {english}");
            assert_eq!(english, said("zh"), "{command:?}");
        }
    }
    // Of the settings the language alone differs, which is what was asked for.
    let rows = |language: &str| {
        let output = run(
            "examples/rail",
            &["config", "-f", "csv", "--lang", language],
        );
        let said = String::from_utf8(output.stdout).unwrap();
        said.replace(&format!("lang,{language},"), "lang,,")
    };
    assert!(
        rows("en").contains("lang,,option --lang\n"),
        "{}",
        rows("en")
    );
    assert_eq!(rows("en"), rows("zh"));
}

#[test]
fn no_byte_of_what_leaves_the_book_hangs_on_the_language() {
    let commands: [&[&str]; 6] = [
        &[
            "export",
            "calendar",
            "--within",
            "1y",
            "--as-of",
            "2026-11-20",
        ],
        &["export", "contacts"],
        &["export", "journal", "--as-of", "2026-11-20"],
        &["due", "-f", "ics", "--as-of", "2026-11-20"],
        &[
            "dates",
            "-f",
            "ics",
            "--within",
            "90d",
            "--as-of",
            "2026-11-20",
        ],
        &[
            "import",
            "log",
            "../spreadsheet/orders.csv",
            "--set",
            "kind=order",
            "--create",
            "--skip",
            "单据状态=作废",
            "-f",
            "json",
        ],
    ];
    for command in commands {
        let english = run("examples/rail", command);
        assert!(english.status.success(), "{command:?}");
        assert!(!english.stdout.is_empty(), "{command:?}");
        let args = [command, &["--lang", "zh"]].concat();
        let chinese = run("examples/rail", &args);
        let text = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
        assert_eq!(text(&english), text(&chinese), "{command:?}");
    }
}

/// Returns how wide a text is in a terminal, as far as the example has such.
fn width(text: &str) -> usize {
    let wide = |it: char| matches!(it as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6);
    text.chars().map(|it| 1 + usize::from(wide(it))).sum()
}

#[test]
fn tables_of_both_languages_line_up() {
    let mut count = 0;
    for command in ANSWERS {
        for language in ["zh", "en"] {
            let args = asked(command, &["--lang", language]);
            let output = run("examples/rail", &args);
            let said = String::from_utf8(output.stdout).unwrap();
            let lines: Vec<&str> = said.lines().collect();
            let rule = |it: &&str| it.len() > 3 && it.chars().all(|it| it == '-');
            let Some(at) = lines.iter().position(rule) else {
                continue;
            };
            let (heading, whole) = (lines[at - 1], lines[at].len());
            let block: Vec<&str> = lines[at + 1..]
                .iter()
                .take_while(|it| !it.is_empty())
                .copied()
                .collect();
            let widest = block.iter().chain([&heading]).map(|it| width(it)).max();
            assert_eq!(widest, Some(whole), "{args:?}\n{said}");
            // Between the first column and the second no text stands.
            let first = width(heading.split("  ").next().unwrap());
            let widest_first = block
                .iter()
                .filter(|it| !rule(it))
                .map(|it| width(it.split("  ").next().unwrap()))
                .fold(first, usize::max);
            for line in block.iter().filter(|it| !rule(it)) {
                let mut at = 0;
                for letter in line.chars() {
                    if (widest_first..widest_first + 2).contains(&at) {
                        assert_eq!(letter, ' ', "{args:?}: {line}\n{said}");
                    }
                    at += width(&letter.to_string());
                }
            }
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn words_have_their_colour_in_both_languages() {
    let mut count = 0;
    for command in ANSWERS {
        let colours = |language: &str| -> Vec<String> {
            let more = ["--color", "always", "--lang", language];
            let output = run("examples/rail", &asked(command, &more));
            let said = String::from_utf8(output.stdout).unwrap();
            let mut colours: Vec<String> = said
                .split("\u{1b}[")
                .skip(1)
                .filter_map(|it| it.split_once('m'))
                .map(|it| it.0.to_owned())
                .filter(|it| ["31", "33"].contains(&&**it))
                .collect();
            colours.sort();
            colours
        };
        let english = colours("en");
        assert_eq!(english, colours("zh"), "{command:?}");
        count += english.len();
    }
    assert!(count > 50, "{count}");
}

/// Returns a text without what is never translated: commands and rules in backticks, and what a book says.
fn without_code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let told: Vec<&str> = parts.filter(|it| it.0 % 2 == 0).map(|it| it.1).collect();
    told.join("")
}

#[test]
fn no_sentence_for_people_is_left_in_english() {
    let papers: [&[&str]; 5] = [
        &["brief"],
        &["report", "dabie-power"],
        &["report", "xibu-landport"],
        &["portfolio", "--sections", "all", "-f", "markdown"],
        &["summary", "--by", "owner", "-f", "markdown"],
    ];
    for command in ANSWERS.iter().chain(&papers) {
        let args = asked(command, &["--lang", "zh"]);
        let output = run("examples/rail", &args);
        assert!(!output.stdout.is_empty(), "{args:?}");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        for line in said.lines() {
            // A rule as it is written, and rows of the log.
            let is_given = [
                "✗",
                "✓",
                "?",
                "interactions/",
                "级别 ",
                "quarterly price review",
                "guanxi ",
            ]
            .iter()
            .any(|it| line.contains(it));
            if is_given || line.contains(" and ") || line.contains('<') {
                continue;
            }
            let line = without_code(line);
            let mut run_of_words = 0;
            for word in line.split(' ') {
                let is_word = word.len() > 1 && word.chars().all(|it| it.is_ascii_lowercase());
                run_of_words = if is_word { run_of_words + 1 } else { 0 };
                assert!(run_of_words < 3, "{args:?}: {line}");
            }
        }
    }
}

fn six_names() -> Case {
    let names = [
        "长沙地铁",
        "重庆长安",
        "厦门港务",
        "Acme",
        "北京电力",
        "3M中国",
    ];
    let files = names.into_iter().zip(1..);
    files.fold(Case::new().file("guanxi.toml", ""), |case, (name, at)| {
        case.file(
            &format!("customers/a{at}.toml"),
            format!("name = \"{name}\"\n"),
        )
    })
}

#[test]
fn names_sort_by_how_they_sound_in_every_language_and_format() {
    for more in [&[][..], &["--lang", "zh"], &["-f", "csv"]] {
        let case = six_names().args(["list", "-c", "name", "-s", "name"]);
        let said = case.args(more.iter().copied()).output().stdout;
        let said = String::from_utf8(said).unwrap();
        let names: Vec<&str> = said
            .lines()
            .filter(|it| !it.contains(['-', 'm', '称']))
            .collect();
        let names: Vec<&str> = names.into_iter().filter(|it| *it != "name").collect();
        let all = ["3M中国", "北京电力", "长沙地铁", "重庆长安", "厦门港务"];
        assert_eq!(names, all, "{said}");
        assert!(said.contains("3M中国\nAcme\n北京电力"), "{said}");
    }
    // A default order stays by code points.
    let case = six_names().args(["list", "-c", "id", "-f", "csv"]);
    assert_eq!(case.output().stdout, b"id\na1\na2\na3\na4\na5\na6\n");
}

#[test]
fn a_person_finds_a_customer_by_pinyin_and_a_program_does_not() {
    for (word, id) in [
        ("csdt", "a1"),
        ("CQ", "a2"),
        ("zhongqing", "a2"),
        ("zqca", "a2"),
        ("chang", "a1"),
        ("北京", "a5"),
    ] {
        let case = six_names().args(["show", word, "-q"]);
        let output = case.output();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(&format!("({id})")), "{word}: {said}");
        let note = String::from_utf8(output.stderr).unwrap();
        assert!(
            note.starts_with(&format!("note: `{word}` is `{id}`")),
            "{note}"
        );
        for format in ["json", "csv"] {
            let case = case_again(&case, ["show", word, "-f", format]);
            assert_eq!(case.status.code(), Some(2), "{word} {format}");
        }
    }
    let case = six_names().args(["show", "c"]).stderr(str![[r#"
error: no customer is called `c`
  = help: did you mean `a4` (Acme)?

"#]]);
    let case = case.code(2).again(["show", "a"]).stderr(str![[r#"
error: `a` may mean 6 customers
  = help: name one of `a1`, `a2`, `a3`, `a4`, `a5`, `a6`

"#]]);
    // Who writes names a customer in full.
    let case = case.code(2).again(["log", "csdt", "visit"]);
    assert_eq!(case.output().status.code(), Some(2));
}

/// Runs the program once more where a case is.
fn case_again<const N: usize>(case: &Case, args: [&str; N]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .current_dir(case.path("."))
        .env_clear()
        .output()
        .unwrap()
}

#[test]
fn a_fault_has_its_code_and_a_chinese_sentence() {
    let case = book()
        .args(["list", "--lang", "zh", "tier = ZZ"])
        .stderr(str![[r#"
error[rule-word]: `tier` 不会是 `ZZ`
 --> RULE:1:8
  |
1 | tier = ZZ
  |        ^^
  |
  = help: 可以是 `P`、`B`、`AAA`、`AA`、`A`

1 个错误

"#]]);
    let case = case.code(2);
    let again = case
        .again(["list", "revisit_status = 已逾期"])
        .stderr(str![[r#"
error[rule-word]: `revisit_status` is never `已逾期`
 --> RULE:1:18
  |
1 | revisit_status = 已逾期
  |                  ^^^^^^
  |
  = help: did you mean `overdue`?

1 error

"#]]);
    again.code(2);
}

#[test]
fn a_kind_may_be_called_as_chinese_does() {
    for word in ["拜访", "上门拜访", "visit"] {
        let case = book().args([
            "log",
            "acme",
            word,
            "看了三号线",
            "--date",
            "2026-11-20",
            "-q",
        ]);
        let case = case.code(0);
        let log = std::fs::read_to_string(case.path("interactions/2026.csv")).unwrap();
        assert!(
            log.ends_with("2026-11-20,acme,visit,,看了三号线\n"),
            "{log}"
        );
    }
    let case = book().args([
        "history",
        "--kind",
        "订单",
        "-f",
        "csv",
        "-c",
        "kind,amount",
    ]);
    let case = case.stdout(str![[r#"
kind,amount
order,1234567.00

"#]]);
    case.code(0);
}

#[test]
fn every_kind_is_logged_by_its_words() {
    let rows: [(&str, &[&str], &str); 8] = [
        ("线索", &["--topic", "三号线"], ",lead,三号线,L-20261120"),
        ("中标", &["--ref", "L-1"], ",win,,L-1"),
        (
            "框架协议",
            &["--topic", "年框", "--due", "2027-01-01"],
            ",agreement,年框,A-20261120",
        ),
        ("问卷", &["--score", "90"], ",survey,,,90"),
        ("客户流失", &[], ",lost,,"),
        ("高尔夫", &[], ",golf,,"),
        ("GOLF", &[], ",golf,,"),
        ("服务请求", &["x"], ",request,,C-20261120"),
    ];
    for (word, more, expected) in rows {
        let case = book()
            .file(
                "guanxi.toml",
                "[kind.golf]\ncontact = true\nlabel = \"高尔夫\"\n",
            )
            .file(
                "interactions/2026.csv",
                "date,customer,kind,topic,ref,score,due,note\n2026-02-01,acme,lead,x,L-1,,,\n",
            );
        let args = ["log", "acme", word, "--date", "2026-11-20", "-q"];
        let case = case.args(args.iter().chain(more).copied()).code(0);
        let log = std::fs::read_to_string(case.path("interactions/2026.csv")).unwrap();
        let row = log.lines().last().unwrap();
        assert!(
            row.starts_with(&format!("2026-11-20,acme{expected}")),
            "{word}: {row}"
        );
    }
    let near = book()
        .args(["log", "acme", "拜坊", "--lang", "zh"])
        .output();
    let said = String::from_utf8(near.stderr).unwrap();
    assert!(said.contains("您是否指 `拜访`？"), "{said}");
}

#[test]
fn a_label_in_a_rule_is_answered_with_the_name() {
    let policy = "stages = [\"prospect\", \"trial\"]\n[stage.trial]\nlabel = \"试用\"\n\
         [[signal]]\nname = \"odd\"\nlabel = \"异常\"\nwhen = \"orders = 0\"\n\
         [[tier]]\nname = \"V\"\nlabel = \"重点\"\nwhen = \"orders > 0\"\n\
         [[tier]]\nname = \"P\"\nlabel = \"potential\"\n";
    for (command, rule, name) in [
        (&["list"][..], "stage = 试用", "trial"),
        (&["list"], "signals ~ 0 or signals = 异常", "odd"),
        (&["list"], "tier in (重点, P)", "V"),
        (&["list"], "tier = 潜在", "P"),
        (&["list"], "settlement = 稳定", "stable"),
        (&["cases"], "status = 已超时", "late"),
        (&["cases"], "kind = 投诉", "complaint"),
    ] {
        let case = Case::new()
            .file("guanxi.toml", policy)
            .file("customers/a.toml", "name = \"A\"\nstage = \"trial\"\n");
        let more = [rule, "--lang", "zh", "--as-of", "2026-11-20"];
        let args = command.iter().chain(&more);
        let output = case.args(args.copied()).output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("rule-word"), "{rule}: {said}");
        assert!(
            said.contains(&format!("您是否指 `{name}`？")),
            "{rule}: {said}"
        );
    }
}

#[test]
fn an_import_calls_kinds_by_their_labels_and_says_in_chinese_what_it_leaves() {
    let text = "客户,日期,类型,等级,行业,数量,税种,未知列\nacme,2026-11-01,高尔夫,A,铁路,1,x,y\n\
                acme,2026-11-02,拜访,A,铁路,2,x,y\n";
    let case = book()
        .file(
            "guanxi.toml",
            "[kind.golf]\ncontact = true\nlabel = \"高尔夫\"\n",
        )
        .file(".in/x.csv", text);
    let args = ["import", "log", ".in/x.csv", "--as-of", "2026-11-20"];
    let case = case.args(args.iter().chain(&["--lang", "zh"]).copied());
    let said = String::from_utf8(case.output().stdout).unwrap();
    assert!(said.contains("1 条拜访、1 条高尔夫"), "{said}");
    assert!(
        said.contains("等级（级别由程序计算；用 `--map '列名=custom.old_tier'` 可留作资料）"),
        "{said}"
    );
    assert!(
        said.contains("行业（客户资料：由 `import customers` 导入）"),
        "{said}"
    );
    let english = String::from_utf8(case.again(args).output().stdout).unwrap();
    assert!(
        english.contains("1 visit, 1 高尔夫 of 1 customer"),
        "{english}"
    );
}

#[test]
fn money_of_tables_is_shown_in_units() {
    let amounts = ["1234567", "49", "0", "25000"].into_iter().zip(1..);
    let book = Case::new().file("guanxi.toml", "");
    let case = amounts.fold(book, |case, (amount, at)| {
        let text = format!("name = \"{at}\"\ncredit_limit = \"{amount}\"\n");
        case.file(&format!("customers/a{at}.toml"), text)
    });
    let args = ["list", "-c", "id,credit_limit", "--units", "wan"];
    let case = case.args(args).stdout(str![[r#"
id  credit limit (10k)
----------------------
a1              123.46
a2               0.005
a3                0.00
a4                2.50

"#]]);
    let case = case
        .code(0)
        .again(args)
        .args(["-f", "csv"])
        .stdout(str![[r#"
id,credit_limit
a1,1234567.00
a2,49.00
a3,0.00
a4,25000.00

"#]]);
    let case = case
        .code(0)
        .again(args)
        .args(["--lang", "zh"])
        .env("GUANXI_UNITS", "yi")
        .stdout(str![[r#"
编号  信用额度(万)
------------------
a1          123.46
a2           0.005
a3            0.00
a4            2.50

"#]]);
    case.code(0);
}

#[test]
fn what_is_below_nothing_and_not_shown_as_nothing() {
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("customers/a.toml", "name = \"A\"\n")
        .file("customers/b.toml", "name = \"B\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount\n2026-11-02,a,order,1000\n2026-11-03,a,credit,26000\n2026-11-02,b,order,49\n",
        );
    let args = ["list", "-c", "id,annual_value", "--units", "wan"];
    let args = args.into_iter().chain(["--as-of", "2026-11-20"]);
    let case = case.args(args.clone()).stdout(str![[r#"
id  annual value (10k)
----------------------
a                -2.50
b                0.005

"#]]);
    let case = case.code(0).again(args.chain(["-f", "csv"]));
    case.stdout(str![[r#"
id,annual_value
a,-25000.00
b,49.00

"#]])
        .code(0);
}

const SETTINGS: &str = "book = \"~/books/rail\"\nlang = \"en\"\nunits = \"wan\"\ncolor = \"auto\"\n\
     pager = \"auto\"\n[command.due]\ncolumns = \"+region,-phone\"\nsort = \"-annual_value\"\nlimit = 20\n\
     [alias]\nmorning = \"due --within 3d -c +region\"\nmine = [\"list\", \"owner = li.wei and overdue > 0\"]\n";

#[test]
fn settings_are_listed_with_where_they_come_from() {
    let case = book().file("config.toml", SETTINGS).file("sub/x.txt", "");
    let case = case
        .env("GUANXI_CONFIG", "config.toml")
        .env("LANG", "zh_CN.UTF-8");
    let case = case
        .args(["config", "-c", "key,value,origin"])
        .stdout(str![[r#"
key                  value                                  origin
-------------------------------------------------------------------------------
alias.mine           list 'owner = li.wei and overdue > 0'  config.toml:12
alias.morning        due --within 3d -c +region             config.toml:11
book                 .                                      the folder, upwards
color                auto                                   config.toml:4
command.due.columns  +region,-phone                         config.toml:7
command.due.limit    20                                     config.toml:9
command.due.sort     -annual_value                          config.toml:8
lang                 en                                     config.toml:2
pager                auto                                   config.toml:5
units                wan                                    config.toml:3

"#]]);
    let case = case
        .code(0)
        .again(["config", "lang", "--lang", "zh", "-f", "csv"])
        .stdout(str![[r#"
key,value,origin
lang,zh,option --lang

"#]]);
    // In a folder below the book's, as a person stands in it.
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["config", "book", "-f", "csv"])
        .current_dir(case.path("sub"))
        .env_clear()
        .env("GUANXI_CONFIG", "../config.toml")
        .env("LANG", "zh_CN.UTF-8")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, "key,value,origin\nbook,..,\"the folder, upwards\"\n");
    let case = case.code(0).again(["config", "--path"]).stdout(str![[r#"
config.toml

"#]]);
    let case = case.code(0).again(["help", "mine"]).stdout(str![[r#"
mine = list 'owner = li.wei and overdue > 0'

"#]]);
    let case = case
        .code(0)
        .again(["morning", "-n", "5", "--as-of", "2026-11-20"]);
    let alias = case.output();
    let case = case.again([
        "due",
        "--within",
        "3d",
        "-c",
        "+region",
        "-n",
        "5",
        "--as-of",
        "2026-11-20",
    ]);
    let plain = case.output();
    assert_eq!((alias.stdout, alias.stderr), (plain.stdout, plain.stderr));
}

#[test]
fn no_byte_of_what_programs_read_hangs_on_settings() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let commands: BTreeSet<&str> = ANSWERS.iter().map(|it| it[0]).collect();
    let of_commands = commands
        .iter()
        .filter(|it| !["check", "show"].contains(*it))
        .map(|it| format!("[command.{it}]\ncolumns = \"-id\"\nsort = \"-name\"\nlimit = 1\n"));
    let settings = "lang = \"zh\"\nunits = \"wan\"\npager = \"never\"\ncolor = \"never\"\n";
    let settings = settings.to_owned() + &of_commands.collect::<String>();
    std::fs::write(&config, settings).unwrap();
    let run_set = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guanxi"));
        command.args(args).current_dir(root().join("examples/rail"));
        let command = command.env_clear().env("GUANXI_CONFIG", &config);
        command.env("GUANXI_UNITS", "yi").output().unwrap()
    };
    let mut count = 0;
    for command in ANSWERS {
        for format in ["csv", "json", "jsonl", "tsv"] {
            let args = asked(command, &["-f", format]);
            let (plain, set) = (run("examples/rail", &args), run_set(&args));
            assert_eq!(plain.stdout, set.stdout, "{args:?}");
            assert_eq!(plain.status, set.status, "{args:?}");
            count += usize::from(!plain.stdout.is_empty());
        }
    }
    assert!(count > 100, "{count}");
    // A file whose ending says so is no less for programs; people's tables do follow the settings.
    for ending in ["csv", "jsonl"] {
        let [one, other] = ["one", "other"].map(|it| folder.path().join(format!("{it}.{ending}")));
        let asked_into = |path: &Path| path.display().to_string();
        let (first, second) = (asked_into(&one), asked_into(&other));
        assert!(
            run("examples/rail", &asked(&["due"], &["-o", &first]))
                .status
                .success()
        );
        assert!(run_set(&asked(&["due"], &["-o", &second])).status.success());
        assert_eq!(std::fs::read(one).unwrap(), std::fs::read(other).unwrap());
    }
    let people = asked(&["list"], &[]);
    assert_ne!(
        run("examples/rail", &people).stdout,
        run_set(&people).stdout
    );
}

#[test]
fn a_setting_that_cannot_be_is_told_once_and_counts_as_absent() {
    let case = book()
        .file("config.toml", "lnag = \"zh\"\n")
        .env("GUANXI_CONFIG", "config.toml");
    let case = case
        .args(["list", "-c", "id", "--as-of", "2026-11-20"])
        .stdout(str![[r#"
id
----
acme

"#]]);
    let case = case.stderr(str![[r#"
warning: config.toml:1:1: no such key here: `lnag` (did you mean `lang`?)

"#]]);
    let case = case
        .code(0)
        .again(["config", "lang", "-f", "csv"])
        .stdout(str![[r#"
key,value,origin
lang,en,default

"#]]);
    let case = case.stderr(str![[r#"
error: config.toml:1:1: no such key here: `lnag` (did you mean `lang`?)

"#]]);
    let case = case
        .code(2)
        .again(["list", "-c", "id", "--no-config"])
        .stdout(str![[r#"
id
----
acme

"#]]);
    let case = case
        .code(0)
        .again(["list"])
        .env("GUANXI_CONFIG", "nothing.toml")
        .stderr(str![[r#"
error: cannot read the settings `nothing.toml`: No such file or directory (os error 2)
  = help: look at the spelling of the path

"#]]);
    case.code(2);
}

#[test]
fn a_book_may_wish_a_language_and_a_person_goes_before_it() {
    let case = book().file("guanxi.toml", "[view]\nlang = \"zh\"\nunits = \"wan\"\n");
    let args = ["list", "-c", "id,credit_limit", "--as-of", "2026-11-20"];
    let case = case.args(args).stdout(str![[r#"
编号  信用额度(万)
------------------
acme          1.00

"#]]);
    let case = case
        .code(0)
        .again(args)
        .env("GUANXI_LANG", "en")
        .env("GUANXI_UNITS", "yuan")
        .stdout(str![[r#"
id    credit limit
------------------
acme     10,000.00

"#]]);
    case.code(0);
}

#[test]
fn definitions_of_metrics_are_read_in_chinese_and_are_english_for_programs() {
    let args = ["metrics", "下次回访"];
    let case = Case::new()
        .args(args)
        .args(["-c", "name,type,unit,definition", "--lang", "zh"])
        .stdout(str![[r#"
名称            类型  单位                                定义
--------------------------------------------------------------------------------------------------------------------------
next_revisit    日期                                      有效计划的到期日；没有时为最近联系（或首次出现）加回访周期。
overdue         天数  天                                  超过下次回访的天数；最少为 0。
revisit_status  文本  overdue、today、soon、ok 或 paused  下次回访的状态；7 天以内为即将到期，既无回访周期也无计划为暂停。

"#]]);
    let csv = |lang| {
        let case = Case::new().args(args).args(["-f", "csv", "--lang", lang]);
        String::from_utf8(case.output().stdout).unwrap()
    };
    case.code(0);
    assert_eq!(csv("zh"), csv("en"));
    assert!(csv("zh").contains("\noverdue,days,days,clock,mean,Days past next_revisit;"));
}

#[test]
fn a_fault_is_explained_in_chinese_and_in_english_for_programs() {
    let case = Case::new()
        .args(["explain", "rejects", "--lang", "zh"])
        .stdout(str![[r#"
error[rejects]

这个文件是 `--rejects` 写出的拒绝清单。其中的行脱离了前后的行，可能被当作
别的行。

处理办法：在原来导入的文件中修正单元格，再导入该文件：已经导入的会被认出。

"#]]);
    case.code(0);
    let case = Case::new()
        .args(["explain", "unknown-customer", "--lang", "zh"])
        .stdout(str![[r#"
error[unknown-customer]

记录所写的客户没有客户文件。

处理办法：改正编号，或用 `guanxi add` 新增该客户。

导入的文件：

error[unknown-customer]

账本中没有客户以此为编号、名称或别名，去掉公司形式后也没有。相近的名称不会自
动匹配。

处理办法：把该名称加为客户的别名，用 `--value` 说明是谁，或用 `--create` 新
增客户。

"#]]);
    case.code(0);
    let json = |lang| {
        let args = ["explain", "unknown-customer", "-f", "json", "--lang", lang];
        Case::new().args(args).output().stdout
    };
    assert_eq!(json("zh"), json("en"));
    let is_han = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it);
    let of_import = guanxi::exchange::fault::IMPORT_FAULTS.iter();
    let of_import = of_import.map(|it| &it.fault);
    for fault in guanxi::diagnostic::FAULTS.iter().copied().chain(of_import) {
        for text in [fault.chinese_meaning, fault.chinese_cure] {
            assert!(
                text.contains(is_han) && text.ends_with('。'),
                "{}",
                fault.code
            );
        }
    }
}

/// Tells whether a text has a Chinese character.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|it| ('一'..='鿿').contains(&it))
}

#[test]
fn a_word_that_is_none_is_told_in_chinese() {
    let case = book().args(["list", "--lang", "zh", "tier = ZZ", "--as-of", "2026-11-20"]);
    let output = case.output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    let message = said.strip_prefix("error[rule-word]: ").unwrap();
    assert!(is_chinese(message.lines().next().unwrap()), "{said}");
    let case = book().args(["list", "revisit_status = 已逾期", "--as-of", "2026-11-20"]);
    let output = case.output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error[rule-word]: "), "{said}");
    assert!(said.contains("help: did you mean `overdue`?"), "{said}");
}

#[test]
fn usage_errors_follow_the_language() {
    let cases: [(&[&str], &str); 14] = [
        // In the order of the parser's kinds of errors.
        (&["lits"], "没有 `lits` 这个命令"),
        (&["search"], "没有 `search` 这个命令"),
        (&["list", "--lmit", "3"], "没有 `--lmit` 这个参数"),
        (&["list", "tier", "=", "A"], "没有 `=` 这个参数"),
        (&["list", "-f", "pdf"], "不能是 `pdf`"),
        (&["list", "-f"], "缺少值"),
        (&["list", "--as-of", "soon"], "不能是 `soon`：日期写成"),
        (
            &["list", "--as-of", "2026-02-30"],
            "没有 `2026-02-30` 这一天",
        ),
        (&["list", "-n", "x"], "不能是 `x`"),
        (&["list", "-q", "-v"], ""),
        (&["list", "-n", "1", "-n", "2"], "只能写一次"),
        (&["list", "-q=1"], ""),
        (&["log"], "缺少参数："),
        (&["show"], "缺少参数："),
    ];
    for (args, expected) in cases {
        let run = |language: &str| {
            let case = book().args(args.iter().copied());
            let output = case.args(["--lang", language]).output();
            let said = String::from_utf8(output.stderr).unwrap();
            (said, output.status.code())
        };
        let (english, status) = run("en");
        let (chinese, other_status) = run("zh");
        assert_eq!(status, other_status, "{args:?}");
        let Some(message) = chinese.strip_prefix("error: ") else {
            assert_eq!((&*english, status), (&*chinese, Some(0)), "{args:?}");
            continue;
        };
        assert_eq!(status, Some(2), "{args:?}: {english}");
        assert!(message.contains(expected), "{args:?}: {chinese}");
        for line in chinese.lines().filter(|it| !it.is_empty()) {
            assert!(is_chinese(line), "{args:?}: {line}");
        }
        assert!(
            !is_chinese(&english.replace("万", "")),
            "{args:?}: {english}"
        );
    }
}

#[test]
fn groups_by_a_time_and_missing_fields_are_told_in_chinese() {
    let case = book().args([
        "summary",
        "--by",
        "quarter:first_order",
        "-c",
        "customers",
        "--lang",
        "zh",
        "--as-of",
        "2026-11-20",
    ]);
    let heading = |case: &Case| {
        let output = case.output();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(heading(&case), "首单日期（季）  客户数");
    let case = case.again([
        "list",
        "-c",
        "missing",
        "--lang",
        "zh",
        "--as-of",
        "2026-11-20",
    ]);
    let text = String::from_utf8(case.output().stdout).unwrap();
    assert!(
        text.contains("联系人姓名、联系人电话、联系人生日、需求、采购习惯、竞争对手名称"),
        "{text}"
    );
}
