//! `brief` and `report`: what they say, that every command in them can be run, and that hostile texts stay texts.

use std::fmt::Write as _;
use std::process::Command;

use super::books::F;
use super::{CDNOW, RAIL, book, run, run_json};
use crate::case::Case;
use crate::git::Repository;

/// Returns the headings of a paper in Markdown.
fn headings(paper: &str) -> Vec<&str> {
    let lines = paper.lines();
    lines.filter_map(|it| it.strip_prefix("## ")).collect()
}

/// Returns the commands that stand in a paper, each as its words.
fn commands(paper: &str) -> Vec<Vec<String>> {
    let lines = paper.lines().filter(|it| it.starts_with("`guanxi "));
    let codes = lines.flat_map(|it| it.split('`'));
    let codes = codes.filter_map(|it| it.strip_prefix("guanxi "));
    codes.map(words).collect()
}

/// Parts a line as a shell does that knows nothing but single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in line.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words
}

/// Returns the lines of the section of a heading.
fn section<'p>(paper: &'p str, heading: &str) -> Vec<&'p str> {
    let lines = paper
        .lines()
        .skip_while(|it| *it != format!("## {heading}"));
    lines
        .skip(1)
        .take_while(|it| !it.starts_with("## "))
        .collect()
}

#[test]
fn the_brief_of_a_book_has_its_sections_in_order() {
    let (paper, _) = run(&["brief"], &RAIL);
    assert!(paper.starts_with("# Brief of 2026-11-20\n\nAfter 2026-11-06, up to 2026-11-20;"));
    let all = [
        "The numbers",
        "What happened",
        "What became of the last problems",
        "What is late and whose",
        "Money to chase",
        "Slipping away",
        "Who moved",
        "Leads",
        "Whom to see",
        "Dates ahead",
        "The team",
        "The archive",
    ];
    let found = headings(&paper);
    let mut places = found
        .iter()
        .map(|it| all.iter().position(|one| one == it).unwrap());
    assert!(places.by_ref().is_sorted(), "{found:?}");
    // What has nothing to tell is named.
    let closing = paper.lines().last().unwrap();
    for heading in all.iter().filter(|it| !found.contains(it)) {
        assert!(
            closing.contains(&heading.to_lowercase()),
            "{heading}: {closing}"
        );
    }
    assert_eq!(paper, run(&["brief"], &RAIL).0);
}

#[test]
fn every_command_of_a_paper_can_be_run() {
    let rule = "segment != port and not name ~ 'x y'";
    for (paper, at) in [
        (&["brief"][..], &RAIL[..2]),
        (&["brief", rule, "--since", "1y"], &RAIL[..2]),
        (&["report", "lingnan-works"], &RAIL[..2]),
        (&["brief", "--since", "2026-10-20"], &F[..2]),
        (&["report", "alpha"], &F[..2]),
    ] {
        let at = [at, &["--as-of", "2026-11-20"]].concat();
        let (paper, _) = run(paper, &at);
        // Quotes inside of quotes are more than the small shell of this test knows.
        let plain = commands(&paper.replace("'\\''", "\""));
        assert!(plain.len() > 5);
        for command in plain {
            let is_known = is_command(&command[0]);
            assert!(command.ends_with(&["--as-of".to_owned(), "2026-11-20".to_owned()]));
            if is_known {
                let command: Vec<&str> = command.iter().map(String::as_str).collect();
                run(&command, &at[..2]);
            }
        }
    }
}

/// A paper by another policy or of an old revision is traced with commands that name them.
#[test]
fn commands_name_the_policy_and_the_revision() {
    let policy = format!("{}/guanxi.toml", F[1]);
    for paper in [&["brief"][..], &["report", "alpha"]] {
        let (paper, _) = run(&[paper, &["--policy", &policy]].concat(), &F);
        assert!(paper.contains("\nJudged by the policy "), "{paper}");
        for command in commands(&paper) {
            assert!(command.ends_with(&["--policy".to_owned(), policy.clone()]));
        }
    }
    let files = "== customers/a.toml\nname = \"A\"\n== interactions/2026.csv\n\
                 date,customer,kind,amount\n2026-02-01,a,order,100\n";
    let Some(repository) = Repository::new("", files) else {
        return;
    };
    let day = ["--as-of", "2026-02-02", "--rev", "HEAD"];
    for paper in [&["brief"][..], &["report", "a"]] {
        let said = repository.run(&[paper, &day].concat()).out;
        assert!(said.contains("\nThe book as of HEAD.\n"), "{said}");
        let commands = commands(&said);
        // What differs between two days is not told of a revision.
        assert!(commands.iter().all(|it| it[0] != "diff"), "{said}");
        for command in commands {
            assert!(command.ends_with(&["--rev".to_owned(), "HEAD".to_owned()]));
        }
    }
}

/// Tells whether a command is built: a paper may name one that is still to come.
fn is_command(name: &str) -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["help", name])
        .env_clear()
        .output()
        .unwrap();
    output.status.success()
}

#[test]
fn the_numbers_are_those_of_other_reports() {
    let (paper, _) = run(&["brief", "--since", "2026-10-20"], &F);
    let numbers = section(&paper, "The numbers").join("\n");
    for line in [
        "| annual value | 1,155,000.00 | 1,185,000.00 | -30,000.00 |",
        "| receivable | 440,000.00 | 440,000.00 | 0.00 |",
        "| past due | 300,000.00 | 100,000.00 | 200,000.00 |",
        "| late cases | 3 | 0 | 3 |",
        "| AA | 6 | 75.0 % |",
    ] {
        assert!(numbers.contains(line), "{line}: {numbers}");
    }
    let problems = section(&paper, "What became of the last problems").join("\n");
    for line in [
        "| C-1 | beta | delivery | new | late | li | -12 | - |",
        "| C-2 | beta | quality | new | closed | wang | - | 80 |",
    ] {
        assert!(problems.contains(line), "{line}: {problems}");
    }
    let late = section(&paper, "What is late and whose").join("\n");
    assert!(late.contains("beta C-1, alpha R-1"), "{late}");
    let moved = section(&paper, "Who moved").join("\n");
    assert!(
        moved.contains("| tier | eta | Eta | A | AA | time | - |"),
        "{moved}"
    );
    let bridge = section(&paper, "What happened").join("\n");
    for line in [
        "| revenue of the year before | 810,000.00 |",
        "| new | 150,000.00 |",
        "| returned | 90,000.00 |",
        "| kept, up | 370,000.00 |",
        "| kept, down | -200,000.00 |",
        "| stopped | -60,000.00 |",
        "| others | -5,000.00 |",
        "| revenue of the year | 1,155,000.00 |",
    ] {
        assert!(bridge.contains(line), "{line}: {bridge}");
    }
}

#[test]
fn an_empty_book_has_nothing_to_report() {
    let case = || Case::new().file("guanxi.toml", "");
    let args = ["brief", "--as-of", "2026-06-30"];
    case().args(args).stdout(snapbox::str![[r#"
# Brief of 2026-06-30

After 2026-06-16, up to 2026-06-30; amounts in CNY.

Nothing to report: the numbers, what happened, what became of the last problems, what is late and whose, money to chase, slipping away, who moved, leads, whom to see, dates ahead, the team, the archive.

"#]]).code(0);
    let html = [&args[..], &["-f", "html"]].concat();
    let answer = case().args(html).output();
    let page = String::from_utf8(answer.stdout).unwrap();
    assert!(
        page.contains("<h1>Brief of 2026-06-30</h1>") && !page.contains("<table"),
        "{page}"
    );
}

/// What a book may say that is code elsewhere.
const HOSTILE: &str = "<script>alert(1)</script>]]>|`x` **b** [l](javascript:a)\u{202e}&amp;\"'";

#[test]
fn hostile_texts_stay_texts() {
    let name = toml_text(HOSTILE);
    let file = format!(
        "name = {name}\nowner = \"bo\"\nwebsite = \"javascript:alert(1)\"\n[profile]\nneeds = {name}\n\
         [[contact]]\nname = {name}\nphone = \"<b>\"\n"
    );
    let cell = format!("\"{}\"", HOSTILE.replace('"', "\"\""));
    let mut rows = String::new();
    for month in 1..=6 {
        writeln!(
            rows,
            "2026-0{month}-05,a,order,{month}00,,,{cell},,,,{cell}"
        )
        .unwrap();
    }
    writeln!(rows, "2026-01-07,a,invoice,500,,,,,\"<i>1\",2026-02-01,").unwrap();
    writeln!(rows, "2026-06-10,a,complaint,,,bo,{cell},,\"<i>C\",,{cell}").unwrap();
    writeln!(rows, "2026-06-11,a,lead,70,,bo,{cell},,\"|L\",,{cell}").unwrap();
    let other = "name = \"B\"\nowner = \"bo\"\n";
    let at = |args: &[&str]| {
        let args = [args, &["--as-of", "2026-06-30"]].concat();
        let case = book(&[("a", &file), ("b", other)], &rows);
        let answer = case.args(args).output();
        assert!(answer.status.success());
        String::from_utf8(answer.stdout).unwrap()
    };
    for command in [&["brief", "--since", "1y"][..], &["report", "a"]] {
        let page = at(&[command, &["-f", "html"]].concat());
        for code in [
            "<script",
            "javascript:alert(1)\"",
            "\u{202e}",
            "<i>",
            "<b>",
            "http:",
            "https:",
        ] {
            assert!(!page.contains(code), "{command:?} {code}: {page}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        for tag in [
            "table", "section", "figure", "svg", "details", "td", "tr", "h2",
        ] {
            let opened = page.matches(&format!("<{tag}>")).count()
                + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        let paper = at(command);
        assert!(
            !paper.contains("<script") && !paper.contains('\u{202e}'),
            "{paper}"
        );
        let rows = paper.lines().filter(|it| it.contains("script"));
        for row in rows.filter(|it| it.starts_with('|')) {
            assert!(
                row.contains("]]>\\|\\`x\\` \\*\\*b\\*\\*") || row.contains("\\[l\\]"),
                "{row}"
            );
        }
    }
}

/// Writes a text as TOML does.
fn toml_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[test]
fn a_thousand_customers_make_a_small_page() {
    let names: Vec<String> = (0..1_000).map(|it| format!("c{it:04}")).collect();
    let mut customers = String::new();
    let mut rows = String::from("date,customer,kind,amount,staff,topic,ref,due\n");
    for (at, name) in names.iter().enumerate() {
        writeln!(
            customers,
            "[[customer]]\nid = \"{name}\"\nname = \"Customer of a rather long name {at}\"\nowner = \"bo\""
        )
        .unwrap();
        for month in 1..=5 {
            let day = 1 + at % 27;
            writeln!(
                rows,
                "2026-0{month}-{day:02},{name},order,{},bo,,,",
                100 + at
            )
            .unwrap();
        }
        writeln!(
            rows,
            "2026-05-28,{name},invoice,{},,,I,2026-06-0{}",
            90 + at,
            1 + at % 9
        )
        .unwrap();
        writeln!(rows, "2026-06-01,{name},complaint,,bo,late,C,").unwrap();
        writeln!(rows, "2026-06-02,{name},lead,5000,bo,x,L,").unwrap();
    }
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("customers/all.toml", customers)
        .file("interactions/2026.csv", rows);
    let answer = case
        .args(["brief", "-f", "html", "--as-of", "2026-06-30"])
        .output();
    assert!(answer.status.success());
    assert!(answer.stdout.len() < 300_000, "{}", answer.stdout.len());
}

/// Who is lost is lost, however much it bought. Of the 200 others of the greatest value those of the greatest
/// product of risk and value stand in the table; all others at stake are counted below it.
#[test]
fn who_must_not_be_lost_is_not_lost_yet() {
    for (book, day) in [(&RAIL, "2026-01-31"), (&CDNOW, "1998-06-30")] {
        let run = |args: &[&str]| run_json(&[args, &["--as-of", day]].concat(), &book[..2]);
        let columns = "id,churn,churn_risk,annual_value";
        let listed = run(&["list", "-c", columns, "-s", "-annual_value,id"]);
        let listed = listed["rows"].as_array().unwrap();
        let product = |row: &&serde_json::Value| {
            let known = row["churn_risk"].as_f64().zip(row["annual_value"].as_f64());
            known.map_or(0.0, |(risk, value)| risk * value)
        };
        let mut all: Vec<_> = listed.iter().filter(|it| product(it) > 0.0).collect();
        let count = all.len();
        all.retain(|it| it["churn"] != "lost");
        let count_alive = all.len();
        assert!(book != &RAIL || count > count_alive, "nobody is lost");
        all.truncate(200);
        all.sort_by(|a, b| product(b).total_cmp(&product(a)));
        let (paper, _) = super::run(&["brief", "--as-of", day], &book[..2]);
        let lines = paper
            .lines()
            .skip_while(|it| *it != "Whom must we not lose?");
        let lines: Vec<&str> = lines.take_while(|it| !it.starts_with("## ")).collect();
        let ids = lines.iter().filter_map(|it| it.strip_prefix("| "));
        let ids: Vec<&str> = ids.filter_map(|it| it.split(' ').next()).skip(2).collect();
        let expected: Vec<&str> = (all.iter().take(10))
            .map(|it| it["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, expected, "{lines:?}");
        let more = format!("… and {} more", count_alive - 10);
        assert!(lines.contains(&&*more), "{lines:?}");
    }
}

/// What explains the tier is quoted from `explain`, and so is the way to all of its rows; signs of rules read as
/// they are written.
#[test]
fn a_paper_on_a_customer_names_no_option_that_it_lacks() {
    let (paper, _) = run(&["report", "hongxing-cement"], &RAIL);
    let command = "guanxi explain hongxing-cement tier --as-of 2026-11-20 -n 9";
    assert!(paper.contains(&format!("6 earlier, which \\`{command}\\` shows too")));
    assert!(
        !paper.contains("`-n") && !paper.contains("-f json"),
        "{paper}"
    );
    assert!(paper.contains("| tenure >= 2y (1857 days) and "), "{paper}");
    assert!(!paper.contains("&#"), "{paper}");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let (all, _) = run(&words, &RAIL[..2]);
    assert!(!all.contains("earlier"), "{all}");
}

#[test]
fn the_ending_tells_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (name, begin) in [
        ("a.html", "<!DOCTYPE html>"),
        ("a.md", "# Brief"),
        ("a", "# Brief"),
    ] {
        run(&["brief", "-o", &path(name)], &F);
        let text = std::fs::read_to_string(path(name)).unwrap();
        assert!(text.starts_with(begin), "{name}");
    }
    let case = book(&[("a", "name = \"A\"\n")], "");
    case.args(["brief", "--as-of", "2026-06-30", "-o", "a.xlsx"])
        .stderr(snapbox::str![[r#"
error: no format of a paper has the ending `.xlsx`
  = help: the endings are `.md`, `.html`; `-f` names a format for any other

"#]])
        .code(2);
    let case = book(&[("a", "name = \"A\"\n")], "");
    case.args(["brief", "--as-of", "2026-06-30", "--since", "2026-07-01"])
        .stderr(snapbox::str![[r#"
error: `--since` is 2026-07-01, which is after 2026-06-30
  = help: name an earlier day, or a span such as `2w`

"#]])
        .code(2);
}

#[test]
fn a_report_tells_of_one_customer() {
    let (paper, _) = run(&["report", "alpha"], &F);
    assert!(
        paper.starts_with("# Alpha (alpha)\n\nAs of 2026-11-20.\n"),
        "{paper}"
    );
    let items = section(&paper, "Open items").join("\n");
    assert!(
        items.contains("| A-1 | 2026-03-01 |") && items.contains("| 234 |"),
        "{items}"
    );
    let cases = section(&paper, "Open cases").join("\n");
    assert!(
        cases.contains("| C-3 | complaint | 2026-11-10 | wang | noise |"),
        "{cases}"
    );
    let rows = section(&paper, "Last rows").join("\n");
    assert!(rows.contains("| 2026-11-12 | request |"), "{rows}");
    let tier = section(&paper, "Why this tier").join("\n");
    assert!(
        tier.contains("`guanxi explain alpha tier --as-of 2026-11-20`"),
        "{tier}"
    );
    // What is later does not exist yet.
    assert!(!paper.contains("2026-12-01 | payment"), "{paper}");
}
