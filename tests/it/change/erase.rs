//! `erase`: nothing is left of a customer or a person in the book, and the plan for what is left elsewhere.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::case::Case;
use crate::git::repository::{Repository, Said, git_in};

/// A book with a customer of a file of its own, one among many, and logs of every layout.
const BOOK: &str = "\
== customers/acme.toml
# Wang is nice
name = \"Acme Works\"
aliases = [\"Wang's Acme\"]
owner = \"li\"
former_ids = [\"ac-me\"]
tags = [\"key\", \"Wang\"]
[profile]
needs = \"what Wang said\"
habits = \"none\"
[[contact]]
name = \"Wang\"
phone = \"+86 138-0000-1111\"
email = \"w@acme.example\"
birthday = \"05-01\"
[[contact]]
name = \"Zhao\"
note = \"sits beside WANG\"
== customers/many.toml
[[customer]]
id = \"b1\"
name = \"B1\"

[[customer]]
id = \"b2\"
name = \"B2\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02,acme,visit,,,li,Wang,,,,\"met Wang
at 13800001111\"
2026-03-03,b1,visit,,,li,,,,,
2026-03-05,ac-me,order,100,,li,spares,,PO-7,,Wang's
2026-03-20,acme,invoice,100,,,,,INV-1,2026-05-19,
2026-05-11,acme,payment,60,,,,,INV-1,,
2026-05-12,acme,complaint,,,li,,,C-1,,
2026-05-13,acme,resolve,,,li,,,C-1,,
2026-05-14,b2,order,5,,li,,,PO-7,,
== interactions/acme.csv
date,kind,amount,note
2026-06-01,expense,7,lunch
2026-06-02,call,,
";

fn book() -> Case {
    let mut case = Case::new().file("guanxi.toml", "");
    for file in BOOK.split("== ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        case = case.file(path, text);
    }
    case
}

fn run(folder: &Path, args: &[&str]) -> Said {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .arg("--book")
        .arg(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    Said {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

/// Returns all that lies in a book, the program's own folder and git's aside.
fn all(folder: &Path) -> String {
    let mut all = String::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(folder).unwrap();
        if entry.file_type().is_file() && !path.starts_with(".git") {
            let bytes = fs::read(entry.path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            writeln!(
                all,
                "{}
{text}",
                path.display()
            )
            .unwrap();
        }
    }
    all
}

#[test]
fn a_customer_goes_with_all_its_rows() {
    let case = book();
    let folder = case.path("");
    let before = all(&folder);
    let said = run(&folder, &["erase", "acme"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("-name = \"Acme Works\""), "{}", said.out);
    assert!(said.err.ends_with(
        "note: nothing was changed; `--yes` erases it for good, and `undo` does not bring it back\n"
    ));
    assert_eq!(all(&folder), before);

    // What an earlier change kept is cleared as well.
    assert_eq!(run(&folder, &["set", "acme", "region=Wang"]).code, 0);
    let said = run(&folder, &["erase", "Acme Works", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        said.out,
        "the book is clean from now on\nerased acme, with its rows: 8\n\
         # by hand: backups, exported files, calendars, mail\n"
    );
    let after = all(&folder);
    for text in [
        "cme",
        "Wang",
        "ac-me",
        "PO-7,,Wang",
        "INV",
        "C-1",
        "lunch",
        "1111",
    ] {
        assert!(!after.contains(text), "{text}: {after}");
    }
    assert!(after.contains("2026-05-14,b2,order,5,,li,,,PO-7,,"));
    let said = run(&folder, &["undo"]);
    assert!(
        said.err.contains("there is nothing to undo"),
        "{}",
        said.err
    );
    assert_eq!(run(&folder, &["check"]).code, 0);
}

#[test]
fn amounts_stay_under_another_id() {
    let case = book().file("customers/erased-0001.toml", "name = \"erased\"\n");
    let folder = case.path("");
    let said = run(&folder, &["erase", "acme", "--keep-amounts", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let log = fs::read_to_string(folder.join("interactions/2026.csv")).unwrap();
    assert_eq!(
        log,
        "date,customer,kind,amount,score,staff,topic,channel,ref,due,note\n\
         2026-03-03,b1,visit,,,li,,,,,\n\
         2026-03-05,erased-0002,order,100,,,,,1,,\n\
         2026-03-20,erased-0002,invoice,100,,,,,2,2026-05-19,\n\
         2026-05-11,erased-0002,payment,60,,,,,2,,\n\
         2026-05-14,b2,order,5,,li,,,PO-7,,\n"
    );
    let own = fs::read_to_string(folder.join("interactions/erased-0002.csv")).unwrap();
    assert_eq!(own, "date,kind,amount,note\n2026-06-01,expense,7,\n");
    let file = fs::read_to_string(folder.join("customers/erased-0002.toml")).unwrap();
    assert_eq!(file, "name = \"erased\"\n");
    let after = all(&folder);
    for text in ["cme", "Wang", "INV", "lunch"] {
        assert!(!after.contains(text), "{text}: {after}");
    }
    let said = run(
        &folder,
        &[
            "list",
            "-f",
            "csv",
            "-c",
            "id,receivable,revenue",
            "--as-of",
            "2026-11-20",
        ],
    );
    assert!(
        said.out.contains("erased-0002,40.00,100.00\n"),
        "{}",
        said.out
    );
    assert_eq!(run(&folder, &["check"]).code, 0);
    // Two orders that a note alone told apart stay two.
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("customers/a.toml", "name = \"A\"\n")
        .file("customers/b.toml", "name = \"B\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount,ref,note\n2026-03-05,a,order,5,,x\n2026-03-05,b,visit,,,\n\
             2026-03-05,a,order,5,,y\n2026-03-06,a,order,5,P,\n",
        );
    let folder = case.path("");
    assert_eq!(
        run(&folder, &["erase", "a", "--keep-amounts", "--yes"]).code,
        0
    );
    let log = fs::read_to_string(folder.join("interactions/2026.csv")).unwrap();
    assert!(
        log.ends_with(
            "erased-0001,order,5,,\n2026-03-05,b,visit,,,\n2026-03-05,erased-0001,order,5,1,\n\
             2026-03-06,erased-0001,order,5,2,\n"
        ),
        "{log}"
    );
}

#[test]
fn one_of_a_file_of_many_leaves_the_others() {
    let case = book();
    let folder = case.path("");
    // One of a file of many leaves the others where they are.
    let said = run(&folder, &["erase", "b2", "--keep-amounts", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let many = fs::read_to_string(folder.join("customers/many.toml")).unwrap();
    assert_eq!(many, "[[customer]]\nid = \"b1\"\nname = \"B1\"\n\n");
    assert!(all(&folder).contains("2026-05-14,erased-0001,order,5,,,,,1,,\n"));
}

#[test]
fn a_person_goes_wherever_named() {
    let case = book();
    let folder = case.path("");
    let said = run(&folder, &["erase", "acme", "--person", "wang", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let file = fs::read_to_string(folder.join("customers/acme.toml")).unwrap();
    assert_eq!(
        file,
        "# Wang is nice\nname = \"Acme Works\"\naliases = [\"[erased]\"]\nowner = \"li\"\nformer_ids = [\"ac-me\"]\n\
         tags = [\"key\", \"[erased]\"]\n[profile]\nneeds = \"[erased]\"\nhabits = \"none\"\n\
         [[contact]]\nname = \"Zhao\"\nnote = \"[erased]\"\n"
    );
    let log = fs::read_to_string(folder.join("interactions/2026.csv")).unwrap();
    assert!(
        log.contains("2026-03-02,acme,visit,,,li,[erased],,,,[erased]\n"),
        "{log}"
    );
    assert!(
        log.contains("2026-03-05,ac-me,order,100,,li,spares,,PO-7,,[erased]\n"),
        "{log}"
    );
    assert_eq!(
        said.err,
        "note: what was erased is still named in 1 other place, to be looked at by hand: customers/acme.toml:1\n"
    );
    assert_eq!(
        said.out,
        "the book is clean from now on\nerased wang of acme, and cut the rows that named the person: 2\n\
         # by hand: backups, exported files, calendars, mail\n"
    );
    // A number is known whatever stands beside it, and other digits are let alone.
    let case = Case::new()
        .file("guanxi.toml", "")
        .file(
            "customers/a.toml",
            "name = \"A\"\n[[contact]]\nname = \"Wang\"\nphone = \"+86 138-0000-1111\"\n\
             mobile = [\"0731-5550000 转 12\", \"010203\"]\n",
        )
        .file(
            "interactions/a.csv",
            "date,kind,note\n2026-01-01,note,tel 13800001111 of Zhao\n2026-01-02,note,call 0731-5550000\n\
             2026-01-03,note,\"order 01, 02, 03\"\n",
        );
    let folder = case.path("");
    let said = run(&folder, &["erase", "a", "--person", "Wang", "--yes"]);
    assert_eq!((said.code, &*said.err), (0, ""));
    let log = fs::read_to_string(folder.join("interactions/a.csv")).unwrap();
    assert_eq!(
        log,
        "date,kind,note\n2026-01-01,note,[erased]\n2026-01-02,note,[erased]\n\
         2026-01-03,note,\"order 01, 02, 03\"\n"
    );
}

#[test]
fn where_somebody_is_still_named_is_told() {
    let case = Case::new()
        .file(
            "guanxi.toml",
            "[[flag]]\nname = \"f\"\nwhen = \"id = 'li-shop'\"\n",
        )
        .file(
            "customers/li-shop.toml",
            "name = \"Li's Shop\"\nformer_ids = [\"li-old\"]\n[[contact]]\nphone = \"0731-5550000\"\n",
        )
        .file("customers/b.toml", "name = \"B\"\naliases = [\"friend of li-shop\"]\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,note\n2026-01-01,b,note,met LI-SHOP.\n2026-01-02,b,note,was Li-Old\n\
             2026-01-03,b,note,tel 0731 5550000\n2026-01-04,b,note,at LI'S SHOP\n2026-01-05,b,note,li-shop-2\n\
             2026-01-06,li-shop,note,x\n",
        );
    let said = run(&case.path(""), &["erase", "li-shop", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains(
            "still named in 6 other places, to be looked at by hand: customers/b.toml:2, guanxi.toml:3, \
             interactions/2026.csv:2, interactions/2026.csv:3, interactions/2026.csv:4\n"
        ),
        "{}",
        said.err
    );
}

#[test]
#[cfg(unix)]
fn a_git_that_fails_leaves_the_book_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    let folder = repository.book();
    let before = all(&folder);
    let bin = Case::new().file("bin/git", "#!/bin/sh\nexit 3\n");
    fs::set_permissions(bin.path("bin/git"), fs::Permissions::from_mode(0o755)).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["erase", "acme", "--yes", "--book"])
        .arg(&folder)
        .env_clear()
        .env("PATH", bin.path("bin"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    // The lock is all that there is to see of it.
    fs::remove_dir_all(folder.join(".guanxi")).unwrap();
    assert_eq!(all(&folder), before);
}

#[test]
fn a_person_is_named_in_full() {
    let case = book();
    let folder = case.path("");
    let said = run(&folder, &["erase", "acme", "--person", "Zhaoo"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("has no person called `Zhaoo`") && said.err.contains("Zhao"),
        "{}",
        said.err
    );
}

#[test]
fn only_a_full_name_is_enough() {
    let case = book();
    let folder = case.path("");
    for word in ["acm", "Acme W", "aw", "nobody"] {
        let said = run(&folder, &["erase", word, "--yes"]);
        assert_eq!(said.code, 2, "{word}");
    }
    let said = run(
        &folder,
        &["erase", "acme", "--person", "Wang", "--keep-amounts"],
    );
    assert_eq!(said.code, 2);
}

#[test]
fn the_history_is_counted_and_told_how_to_rewrite() {
    for prefix in ["", "crm/our book"] {
        let Some(repository) = Repository::new(prefix, BOOK) else {
            return;
        };
        let folder = repository.book();
        repository.write("README.md", "unrelated");
        repository.commit("second");
        assert_eq!(
            run(
                &folder,
                &[
                    "log",
                    "acme",
                    "note",
                    "--date",
                    "2026-07-01",
                    "x",
                    "--commit"
                ]
            )
            .code,
            0
        );
        assert_eq!(
            run(
                &folder,
                &["log", "b1", "note", "--date", "2026-07-02", "--commit"]
            )
            .code,
            0
        );
        let shown = run(&folder, &["erase", "acme"]);
        assert!(
            shown.err.contains("git's history holds it in 2 commits"),
            "{}",
            shown.err
        );
        let said = run(&folder, &["erase", "acme", "--yes"]);
        assert_eq!(said.code, 1, "{}", said.err);
        let lines: Vec<&str> = said.out.lines().collect();
        assert_eq!(
            lines[0],
            "the book is clean from now on; its history is not"
        );
        assert_eq!(lines[1], "erased acme, with its rows: 9");
        assert!(
            lines[2].starts_with("# commits that hold it: 2 "),
            "{}",
            said.out
        );
        let path = |name: &str| match prefix {
            "" => name.to_owned(),
            prefix => format!("'{prefix}/{name}'"),
        };
        let own = format!(
            "git filter-repo --invert-paths --path {} --path {}",
            path("customers/acme.toml"),
            path("interactions/acme.csv")
        );
        for expected in [
            &*own,
            "git filter-repo --replace-text ../erased.txt --replace-message ../erased-messages.txt",
            "regex:(?i)(?<![0-9A-Za-z_.-])ac-me(?![0-9A-Za-z_-])==>[erased]",
            "regex:(?i)(?<![0-9A-Za-z])Acme Works(?![0-9A-Za-z])==>[erased]",
            "regex:(?i)[+]86 138-0000-1111(?![0-9A-Za-z])==>[erased]",
            "git reflog expire --expire=now --all",
            "git gc --prune=now",
            "git push --force --all origin",
        ] {
            assert!(lines.contains(&expected), "{expected}: {}", said.out);
        }
        // Nothing of it was run.
        let count = repository.git(&["rev-list", "--count", "--all"]);
        assert_eq!(count.trim(), "4");
    }
}

#[test]
fn a_person_in_history_is_replaced_not_removed() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    let folder = repository.book();
    let said = run(
        &folder,
        &["erase", "acme", "--person", "Wang", "--yes", "--commit"],
    );
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(!said.out.contains("--invert-paths"), "{}", said.out);
    assert!(
        said.out
            .contains("regex:(?i)(?<![0-9A-Za-z])Wang(?![0-9A-Za-z])==>[erased]\n"),
        "{}",
        said.out
    );
    // The commit that comes with it names nobody.
    assert_eq!(
        repository.git(&["log", "-1", "--format=%s"]).trim(),
        "erase"
    );
}

/// Replaces in a text what the plan says, as git-filter-repo does it; `None` without Python.
fn replaced(plan: &str, text: &str) -> Option<String> {
    const SCRIPT: &str = "
import re, sys
plan, text = (open(path, 'rb').read() for path in sys.argv[1:])
for line in plan.split(b'\\n'):
    if line.startswith(b'regex:'):
        pattern, new = line[6:].rsplit(b'==>', 1)
        text = re.compile(pattern).sub(new, text)
sys.stdout.buffer.write(text)
";
    let (_, rest) = plan.split_once("cat > ../erased.txt <<'END'\n").unwrap();
    let (lines, _) = rest.split_once("\nEND\n").unwrap();
    let case = Case::new().file("plan", lines).file("text", text);
    let output = std::process::Command::new("python3")
        .args(["-c", SCRIPT])
        .args([case.path("plan"), case.path("text")])
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// One of a file of many, and others whose ids and rows look alike.
const MANY: &str = "\
== customers/many.toml
[[customer]]
id = \"b1-2\"
name = \"B12\"

[[customer]]
name = \"Zhao & Söhne \\\"Nord\\\"\"
id = \"b1\"
address = \"1 Long Road\\n2nd door\"
[customer.profile]
needs = \"much\"
[[customer.contact]]
name = \"Li Wei\"
phone = \"0731-5550000\"

[[customer]]
id = \"x\"
name = \"X\"
[[customer.contact]]
name = \"Li Weiwei\"
title = \"head\"
== interactions/2026.csv
date,customer,kind,note
2026-01-01,b1,visit,\"a \"\"b\"\"
c, d\"
2026-01-02,b1-2,visit,\"met LI WEI, 5550000\"
2026-01-03,\"b1\",visit,last
";

#[test]
fn what_the_plan_replaces_is_whole_and_nobody_elses() {
    let Some(repository) = Repository::new("", MANY) else {
        return;
    };
    let folder = repository.book();
    let file = |path: &str| fs::read_to_string(folder.join(path)).unwrap();
    let (many, log) = (file("customers/many.toml"), file("interactions/2026.csv"));
    let person = run(&folder, &["erase", "b1", "--person", "Li Wei", "--yes"]);
    assert_eq!(person.code, 1, "{}", person.err);
    repository.git(&["reset", "--quiet", "--hard"]);
    let all = run(&folder, &["erase", "b1", "--yes"]);
    assert_eq!(all.code, 1, "{}", all.err);
    let Some(new) = replaced(&all.out, &many) else {
        return;
    };
    assert_eq!(
        new,
        many.split("[[customer]]\nname").next().unwrap().to_owned()
            + "[[customer]]\nid = \"x\"\nname = \"X\"\n[[customer.contact]]\nname = \"Li Weiwei\"\ntitle = \"head\"\n"
    );
    assert_eq!(
        replaced(&all.out, &log).unwrap(),
        "date,customer,kind,note\n2026-01-02,b1-2,visit,\"met [erased], 5550000\"\n"
    );
    // As files of other kinds and times write it.
    for text in [
        "Zhao & Söhne \"Nord\"",
        "\"ZHAO & So\u{308}hne \"\"nord\"\"\"",
        "1 Long Road\r\n2nd door",
        "+86 731 555 0000",
        "(0731) 555-0000",
    ] {
        let new = replaced(&all.out, text).unwrap();
        assert_eq!(
            new.trim_matches('"').trim_start_matches('('),
            "[erased]",
            "{text}"
        );
    }
    // A person's table goes whole, and the customer stays.
    let new = replaced(&person.out, &many).unwrap();
    assert!(
        new.contains("needs = \"much\"\n[[customer]]\nid = \"x\""),
        "{new}"
    );
    let new = replaced(&person.out, &log).unwrap();
    assert_eq!(new, log.replace("LI WEI", "[erased]"));
}

/// People who share a file, a name in several spellings, and numbers in several forms.
const PEOPLE: &str = "\
== customers/acme.toml
name = \"Acme Works\"
[[contact]]
name = \"Wang Jianguo\"
phone = \"+86 138-0000-1111\"
email = \"w@acme.example\"

[[contact]]
name = \"Zhao\"
note = \"sits beside Wang Jianguo\"
== customers/many.toml
[[customer]]
id = \"b1\"
name = \"B1\"
[[customer.contact]]
name = \"王建国\"
mobile = [\"139 0000 2222\", \"137 0000 3333\"]
wechat = \"jianguo-w\"
[[customer.date]]
name = \"renewal\"
on = 2027-01-01

[[customer]]
id = \"b2\"
name = \"B2\"
== interactions/2026.csv
date,customer,kind,amount,ref,note
2026-03-02,acme,visit,,,\"met Wang Jianguo
at 13800001111\"
2026-03-03,b1,visit,,,王建国: 1390000-2222 is new
2026-03-05,acme,order,100,PO-7,by w@acme.example
2026-03-06,b2,visit,,,nobody was there
";

/// Carries the plan out in a fresh clone, as it says, up to where the old commits are forgotten; `None` where
/// there is no git-filter-repo.
fn carried_out(repository: &Repository, plan: &str) -> Option<std::path::PathBuf> {
    let git = |args: &[&str], folder: &Path| {
        std::process::Command::new("git")
            .args(args)
            .current_dir(folder)
            .output()
            .unwrap()
    };
    let home = repository.beside("fresh");
    fs::create_dir(&home).unwrap();
    if !git(&["filter-repo", "--version"], &home).status.success() {
        println!("skipped: no git-filter-repo here");
        return None;
    }
    let clone = home.join("clone");
    let from = format!("file://{}", repository.top().display());
    let cloned = git(&["clone", "--quiet", &from, "clone"], &home);
    assert!(cloned.status.success(), "{cloned:?}");
    let steps = plan.split_once("# 2.").unwrap().1;
    let steps = steps.split_once("git remote add").unwrap().0;
    let run = std::process::Command::new("sh")
        .args(["-e", "-c", &format!("#{steps}")])
        .current_dir(&clone)
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}\n{steps}");
    Some(clone)
}

#[test]
fn the_plan_cleans_a_history_as_git_filter_repo_carries_it_out() {
    let cases: [(&[&str], &[&str], usize); 4] = [
        (
            &["acme", "--person", "Wang Jianguo"],
            &["wang jianguo", "1111", "w@acme"],
            4,
        ),
        (
            &["b1", "--person", "王建国"],
            &["王建国", "2222", "3333", "jianguo-w"],
            4,
        ),
        (&["acme"], &["acme", "jianguo\"", "1111", "zhao"], 2),
        (
            &["b1", "--keep-amounts"],
            &["b1,", "王建国", "2222", "3333", "jianguo-w"],
            4,
        ),
    ];
    for ((words, gone, commits), prefix) in cases.into_iter().zip(["", "crm/our book", "", ""]) {
        let Some(repository) = Repository::new(prefix, PEOPLE) else {
            return;
        };
        let folder = repository.book();
        let do_all = |args: &[&str]| {
            let said = run(&folder, args);
            assert!(said.code < 2, "{args:?}: {}", said.err);
            said.out
        };
        let note = "WANG JIANGUO, +86 (138) 00001111";
        do_all(&[
            "log",
            "acme",
            "note",
            note,
            "--date",
            "2026-04-01",
            "--commit",
        ]);
        do_all(&["log", "b2", "visit", "--date", "2026-04-02", "--commit"]);
        let plan = do_all(&[&["erase"], words, &["--yes", "--commit"]].concat());
        let Some(clone) = carried_out(&repository, &plan) else {
            return;
        };
        // Every commit is a book without faults, and the last is the book as it is.
        let history = git_in(&clone, &["rev-list", "main"]);
        assert_eq!(history.lines().count(), commits, "{words:?}: {history}");
        for commit in history.lines() {
            let checked = run(&clone.join(prefix), &["check", "--rev", commit]);
            assert_eq!(checked.code, 0, "{words:?}: {}{}", checked.out, checked.err);
        }
        for path in ["customers/many.toml", "interactions/2026.csv"] {
            let kept = fs::read_to_string(clone.join(prefix).join(path)).unwrap();
            assert_eq!(kept, repository.read(path), "{words:?}");
        }
        // No object of git holds a trace: texts, names of files, messages.
        let objects = git_in(
            &clone,
            &[
                "cat-file",
                "--batch-all-objects",
                "--batch-check=%(objecttype) %(objectname)",
            ],
        );
        for object in objects.lines() {
            let (kind, name) = object.split_once(' ').unwrap();
            let shown = if kind == "tree" {
                git_in(&clone, &["ls-tree", "--name-only", name])
            } else {
                git_in(&clone, &["cat-file", kind, name])
            };
            let shown = shown.to_lowercase();
            for word in gone {
                assert!(
                    !shown.contains(word),
                    "{words:?}: {word} in {kind}: {shown}"
                );
            }
        }
    }
}

#[test]
fn what_git_never_saw_is_in_no_history() {
    let Some(repository) = Repository::new("", "== customers/b.toml\nname = \"B\"\n") else {
        return;
    };
    repository.write("customers/acme.toml", "name = \"Acme Works\"\n");
    let said = run(&repository.book(), &["erase", "acme", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out
            .starts_with("the book is clean from now on, and git's history does not hold it\n")
    );
}

#[test]
fn reminders_are_forgotten_of_it_alone() {
    let case = book();
    let folder = case.path("");
    let memory = || fs::read_to_string(folder.join(".guanxi/reminded")).unwrap();
    let remind = ["remind", "--as-of", "2026-11-20"];
    assert_eq!(run(&folder, &remind).code, 0);
    let before = memory();
    assert_eq!(run(&folder, &["erase", "acme", "--yes"]).code, 0);
    let after = memory();
    assert!(
        after.lines().count() < before.lines().count(),
        "{before}{after}"
    );
    assert!(after.lines().count() > 0 && after.lines().all(|it| before.contains(it)));
    // The others are not told once more.
    assert_eq!(run(&folder, &remind).out, "");
    // What is no text may hold what is gone.
    fs::write(folder.join(".guanxi/reminded"), b"\xff\n").unwrap();
    assert_eq!(run(&folder, &["erase", "b1", "--yes"]).code, 0);
    assert_eq!(memory(), "");
}
