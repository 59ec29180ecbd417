//! `spread`: due revisits over the working days ahead.

use snapbox::str;

use crate::case::Case;

/// A book with five customers to see, three of li's and one of nobody's among them, and one with a plan.
///
/// Today is fixed by nothing but the rows: all are years late.
fn book() -> Case {
    let customer = |name: &str, rest: &str| format!("name = \"{name}\"\n{rest}");
    Case::new()
        .file(
            "guanxi.toml",
            "[[tier]]\nname = \"A\"\nwhen = \"score >= 80\"\n[[tier]]\nname = \"B\"\n\
             [calendar]\nweekend = [\"sun\"]\n",
        )
        .file(
            "customers/a.toml",
            customer("甲", "owner = \"li\"\nscore = 10\n"),
        )
        .file(
            "customers/b.toml",
            customer("乙", "owner = \"li\"\nscore = 90\n"),
        )
        .file(
            "customers/c.toml",
            customer("丙", "owner = \"li\"\nscore = 90\n"),
        )
        .file("customers/d.toml", customer("丁", "score = 10\n"))
        .file(
            "customers/e.toml",
            customer("戊", "owner = \"wu\"\nrevisit = \"never\"\n"),
        )
        .file("customers/f.toml", customer("己", "owner = \"wu\"\n"))
        .file(
            "interactions/2020.csv",
            "date,customer,kind,amount,due,staff,note\n\
             2020-01-02,a,visit,,,,\n2020-01-02,b,visit,,,,\n2020-01-02,c,visit,,,,\n\
             2020-01-03,d,visit,,,,\n2020-01-03,e,visit,,,,\n2020-01-04,f,plan,,2020-02-01,,\n",
        )
}

/// Returns the plans that were logged: whose, of whom, and for how many working days ahead.
fn plans(case: &Case) -> Vec<(String, String)> {
    let case = case.output();
    let said = String::from_utf8(case.stdout).unwrap();
    said.lines()
        .skip(1)
        .map(|line| {
            let (id, day) = line.split_once(',').unwrap();
            (id.to_owned(), day.to_owned())
        })
        .collect()
}

#[test]
fn each_owner_s_customers_lie_over_all_days_the_best_first() {
    let case = book()
        .args(["spread", "--over", "6d", "--yes", "-q"])
        .code(0);
    let case = case.again([
        "list",
        "next_revisit > today",
        "-c",
        "id,next_revisit",
        "-f",
        "csv",
    ]);
    let plans = plans(&case);
    let ids: Vec<&str> = plans.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d"]);
    let day = |id: &str| &plans.iter().find(|it| it.0 == id).unwrap().1;
    // Of li's three the two of tier A come first; nobody's one comes on the first day.
    assert!(day("b") < day("c") && day("c") < day("a"));
    assert_eq!(day("d"), day("b"));
    let case = case.again([
        "history",
        "b",
        "-c",
        "kind,staff,note",
        "-n",
        "1",
        "-f",
        "csv",
    ]);
    let case = case.stdout(str![[r#"
kind,staff,note
plan,li,spread

"#]]);
    let case = case.code(0);
    // Nobody is left to be seen without a plan.
    let case = case.again(["spread", "--yes"]).stderr(str![[r#"
note: nobody is overdue or due today without a plan; there is nothing to spread

"#]]);
    let case = case.code(0);
    let case = case.again(["undo", "--yes", "-q"]).code(0);
    let case = case.again(["list", "next_revisit > today", "-c", "id", "-f", "csv"]);
    case.stdout(str![[r#"
id

"#]])
        .code(0);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_shown_before_fits_the_terminal() {
    let name = "长沙高新技术产业开发区轨道交通装备有限公司";
    let case = Case::new()
        .file("guanxi.toml", "")
        .file(
            "customers/chang-sha-gao-xin-ji-shu.toml",
            format!("name = \"{name}\"\nowner = \"zhang.min\"\n"),
        )
        .file(
            "interactions/2020.csv",
            "date,customer,kind\n2020-01-02,chang-sha-gao-xin-ji-shu,visit\n",
        );
    let book = case.path(".");
    for (language, note) in [
        ("en", "left out for want of room: id"),
        ("zh", "省去了：编号 id"),
    ] {
        let line = format!("spread --book {} --lang {language}", book.display());
        let Some(shown) = crate::help::on_a_terminal(&line, &[]) else {
            return;
        };
        let rule = shown.lines().find(|it| it.starts_with("---"));
        assert!(rule.is_some_and(|it| it.len() <= 80), "{shown}");
        assert!(shown.contains(note), "{shown}");
        assert!(shown.contains(name), "{shown}");
    }
}

#[test]
fn nothing_is_written_before_it_was_shown() {
    let case = book().args(["spread", "owner = li", "--over", "2w"]);
    let before = std::fs::read(case.path("interactions/2020.csv")).unwrap();
    let output = case.output();
    assert!(output.status.success());
    let (said, noted) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(said.matches("\nli  ").count(), 3, "{said}");
    assert!(
        noted.contains("3 revisits of 1 owner over 12 working days"),
        "{noted}"
    );
    assert!(noted.contains("nothing was written: `--yes` logs these plans"));
    assert_eq!(
        std::fs::read(case.path("interactions/2020.csv")).unwrap(),
        before
    );
    let files = std::fs::read_dir(case.path("interactions"))
        .unwrap()
        .count();
    assert_eq!(files, 1);
}

#[test]
fn as_of_another_day_plans_lie_behind_it() {
    // 2026-11-20 is a Friday; this book rests on Sundays alone. Of three customers of li's and five days the
    // second gets day 5/3 and the third day 10/3, counted from 0.
    let case = book()
        .args([
            "spread",
            "--over",
            "6d",
            "--as-of",
            "2026-11-20",
            "--yes",
            "-q",
        ])
        .code(0)
        .again(["history", "--kind", "plan", "--since", "2026-11-20"])
        .args(["-c", "date,customer,due,staff,note", "-s", "customer"])
        .args(["-f", "csv", "--as-of", "2026-11-20"]);
    let output = case.output();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "date,customer,due,staff,note\n\
         2026-11-20,a,2026-11-25,li,spread\n2026-11-20,b,2026-11-21,li,spread\n\
         2026-11-20,c,2026-11-23,li,spread\n2026-11-20,d,2026-11-21,,spread\n"
    );
}
