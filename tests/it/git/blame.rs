//! `explain --blame`: who wrote the lines behind an answer.

use super::repository::Repository;

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
owner = \"li\"
== interactions/2026.csv
date,customer,kind,amount,ref,note
2026-02-01,acme,order,100.00,PO-1,first
2026-02-03,acme,visit,,,\"two
lines\"
";

/// Commits everything in somebody's name.
fn commit_as(repository: &Repository, name: &str, message: &str) -> String {
    repository.git(&["add", "--all"]);
    let user = format!("user.name={name}");
    repository.git(&["-c", &user, "commit", "--quiet", "-m", message]);
    repository.git(&["rev-parse", "HEAD"]).trim().to_owned()
}

fn short(id: &str) -> &str {
    id.get(..7).unwrap()
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a session is one story, however long"
)]
fn rows_and_values_have_their_authors() {
    for prefix in ["", "books/rail"] {
        let Some(repository) = Repository::new(prefix, BOOK) else {
            return;
        };
        let first = repository.git(&["rev-parse", "HEAD"]);
        let first = first.trim();
        let log = repository.read("interactions/2026.csv");
        repository.write(
            "interactions/2026.csv",
            format!("{log}2026-03-01,acme,order,50.00,PO-2,\n"),
        );
        repository.write(
            "customers/acme.toml",
            "name = \"Acme\"\nregion = \"N\"\nowner = \"wu\"\n",
        );
        let second = commit_as(&repository, "Wu Fang", "second");
        let log = repository.read("interactions/2026.csv");
        let log = log.replace("order,100.00", "order,120.00");
        repository.write(
            "interactions/2026.csv",
            format!("{log}2026-03-02,acme,order,7.00,PO-3,\n"),
        );

        let args = [
            "explain",
            "acme",
            "revenue",
            "--blame",
            "--as-of",
            "2026-06-01",
        ];
        let said = repository.run(&args);
        assert_eq!((said.code, said.err.as_str()), (0, ""));
        let line = |number: u32, said: &str| {
            let place = format!("interactions/2026.csv:{number} ");
            let found = said.lines().find(|it| it.contains(&place));
            found
                .unwrap_or_else(|| panic!("{place} in {said}"))
                .to_owned()
        };
        assert!(
            line(2, &said.out).ends_with("  not committed"),
            "{}",
            said.out
        );
        let wu = format!("  {} 2026-03-02 Wu Fang", short(&second));
        assert!(line(5, &said.out).ends_with(&wu), "{}", said.out);
        assert!(
            line(6, &said.out).ends_with("  not committed"),
            "{}",
            said.out
        );

        let args = [
            "explain",
            "acme",
            "owner",
            "--blame",
            "--as-of",
            "2026-06-01",
        ];
        let said = repository.run(&args);
        let expected = format!("customers/acme.toml:3  owner{wu}");
        assert!(said.out.contains(&expected), "{}", said.out);

        // A revision has lines of its own, and all of them are in a commit.
        let args = [
            "explain", "acme", "revenue", "--blame", "--rev", "HEAD~1", "-q",
        ];
        let said = repository.run(&[&args[..], &["--as-of", "2026-06-01"]].concat());
        assert_eq!((said.code, said.err.as_str()), (0, ""));
        let li = format!("  {} 2026-03-02 Li", short(first));
        assert!(line(2, &said.out).ends_with(&li), "{}", said.out);
        let named = format!("HEAD~1:{prefix}");
        let args = [
            "explain", "acme", "revenue", "--blame", "--rev", &named, "-q",
        ];
        let again = repository.run(&[&args[..], &["--as-of", "2026-06-01"]].concat());
        assert_eq!(again.out, said.out, "{}", again.err);

        // For programs: the whole id, and nothing where there is none.
        let args = ["explain", "acme", "revenue", "--blame", "-f", "json"];
        let said = repository.run(&[&args[..], &["--as-of", "2026-06-01"]].concat());
        let document: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        let rows = document["figures"][0]["rows"].as_array().unwrap();
        let by: Vec<_> = rows
            .iter()
            .map(|row| (&row["commit"], &row["author"], &row["committed"]))
            .collect();
        assert_eq!(by.len(), 3);
        assert!(
            by[0].0.is_null() && by[0].1.is_null() && by[0].2.is_null(),
            "{by:?}"
        );
        assert_eq!(*by[1].0, second.as_str());
        assert_eq!(*by[1].1, "Wu Fang");
        assert_eq!(*by[1].2, "2026-03-02");
        let csv = repository.run(&["explain", "acme", "revenue", "--blame", "-f", "csv"]);
        assert!(
            csv.out.starts_with(
                "metric,file,line,date,kind,amount,score,ref,role,commit,author,committed\n"
            ),
            "{}",
            csv.out
        );
        let plain = repository.run(&["explain", "acme", "revenue", "-f", "json"]);
        assert!(!plain.out.contains("\"author\""), "{}", plain.out);
    }
}

#[test]
fn a_merge_that_moved_a_line_did_not_write_it() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    let log = repository.read("interactions/2026.csv");
    repository.git(&["checkout", "--quiet", "-b", "wu"]);
    repository.write(
        "interactions/2026.csv",
        format!("{log}2026-03-01,acme,order,1.00,PO-5,\n"),
    );
    let wu = commit_as(&repository, "Wu", "wu");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(
        "interactions/2026.csv",
        format!("{log}2026-02-20,acme,order,2.00,PO-6,\n"),
    );
    let li = commit_as(&repository, "Li", "li");
    repository.git(&["merge", "--quiet", "--no-commit", "-s", "ours", "wu"]);
    // Both moved before what stood there.
    let (header, rest) = log.split_once('\n').unwrap();
    repository.write(
        "interactions/2026.csv",
        format!(
            "{header}\n2026-03-01,acme,order,1.00,PO-5,\n2026-02-20,acme,order,2.00,PO-6,\n{rest}"
        ),
    );
    commit_as(&repository, "Merger", "merge");
    let said = repository.run(&[
        "explain",
        "acme",
        "revenue",
        "--blame",
        "--as-of",
        "2026-06-01",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    for (line, id, name) in [(2, &wu, "Wu"), (3, &li, "Li")] {
        let place = format!("interactions/2026.csv:{line} ");
        let found = said.out.lines().find(|it| it.contains(&place)).unwrap();
        assert!(
            found.ends_with(&format!("{} 2026-03-02 {name}", short(id))),
            "{}",
            said.out
        );
    }
}

#[test]
fn values_below_a_table_have_their_authors() {
    let book = "\
== guanxi.toml
[[tier]]
name = \"M\"
when = \"custom.lines > 3\"
== customers/a.toml
name = \"A\"

[scorecard]
cooperation = 80

[custom]
lines = 6

[[contact]]
name = \"Wang\"
phone = \"1\"
== customers/many.toml
[[customer]]
id = \"b\"
name = \"B\"
[customer.scorecard]
cooperation = 70
[[customer]]
id = \"c\"
name = \"C\"
scorecard = { cooperation = 60 }
";
    let Some(repository) = Repository::new("", book) else {
        return;
    };
    let first = repository.git(&["rev-parse", "HEAD"]);
    let text = repository.read("customers/a.toml");
    repository.write(
        "customers/a.toml",
        text.replace("= 80", "= 85").replace("= 6", "= 7"),
    );
    let second = commit_as(&repository, "Wu", "second");
    let values = |id: &str, metric: &str| {
        let said = repository.run(&["explain", id, metric, "--blame", "-q"]);
        assert_eq!(said.code, 0, "{}", said.err);
        let (_, values) = said.out.split_once("in the file").unwrap_or_default();
        let lines = values.lines().skip(1).take_while(|line| !line.is_empty());
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.map(words).collect::<Vec<_>>().join("\n")
    };
    let (first, second) = (short(&first), short(&second));
    assert_eq!(
        values("a", "score"),
        format!("customers/a.toml:4 scorecard.cooperation {second} 2026-03-02 Wu")
    );
    assert_eq!(
        values("a", "tier"),
        format!("customers/a.toml:7 custom.lines {second} 2026-03-02 Wu")
    );
    assert!(
        values("a", "phone").starts_with(&format!("customers/a.toml:11 contact.1.phone {first}"))
    );
    assert!(values("b", "score").starts_with(&format!(
        "customers/many.toml:5 scorecard.cooperation {first}"
    )));
    assert!(values("c", "score").starts_with(&format!("customers/many.toml:9 scorecard {first}")));
    let said = repository.run(&["explain", "a", "tier", "--blame", "-f", "json"]);
    assert!(
        said.out.contains("\"key\": \"custom.lines\""),
        "{}",
        said.out
    );
}

#[test]
fn without_a_repository_git_says_so() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    let alone = repository.beside("alone");
    std::fs::create_dir_all(alone.join("customers")).unwrap();
    std::fs::write(alone.join("guanxi.toml"), "").unwrap();
    std::fs::write(
        alone.join("customers/a.toml"),
        "name = \"A\"\nsince = 2020-01-01\n",
    )
    .unwrap();
    let output = super::repository::program(&alone)
        .args(["explain", "a", "since", "--blame"])
        .output()
        .unwrap();
    let said = super::repository::said(&output);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("not a git repository"), "{}", said.err);
}
