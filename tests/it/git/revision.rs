//! `--rev`: the book as git's objects have it, whatever the work tree holds.

use std::fmt::Write as _;

use super::repository::{Repository, git_in, program, said};

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
owner = \"li\"
== customers/north/beta.toml
name = \"Beta\"
== interactions/2026.csv
date,customer,kind,amount,ref,note
2026-02-01,acme,order,100.00,PO-1,first
2026-02-03,beta,visit,,,\"two
lines\"
";

const AS_OF: [&str; 2] = ["--as-of", "2026-06-01"];

const LIST: [&str; 5] = ["list", "-f", "csv", "-c", "id,name,revenue"];

#[test]
fn a_customer_deleted_in_the_work_tree_is_in_the_revision() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    std::fs::remove_file(repository.book().join("customers/acme.toml")).unwrap();
    repository.write(
        "interactions/2026.csv",
        "date,customer,kind,amount,ref,note\n",
    );
    let shown = repository.run(&["show", "acme", "--rev", "HEAD", "--as-of", "2026-06-01"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.starts_with("Acme (acme)"), "{}", shown.out);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let commit = commit.trim();
    let short = commit.get(..7).unwrap();
    assert_eq!(
        shown.err,
        format!("note: the book as of {short} (2026-03-02), figures of 2026-06-01\n")
    );
    assert_eq!(repository.run(&["show", "acme"]).code, 2);

    // JSON says which revision, data and pages alike.
    let rev = format!("\"rev\": {{\"name\": \"HEAD\", \"commit\": \"{commit}\"}}");
    for args in [
        &["list", "-f", "json"][..],
        &["history", "-f", "json"],
        &["show", "acme", "-f", "json"],
        &["explain", "acme", "revenue", "-f", "json"],
        &["check", "-f", "json"],
        &["due", "-f", "json"],
        &["value", "-f", "json"],
    ] {
        let args: Vec<&str> = args
            .iter()
            .copied()
            .chain(["--rev", "HEAD", "-q"])
            .collect();
        let said = repository.run(&[&args[..], &AS_OF].concat());
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{args:?}");
        let one_line: String = said
            .out
            .split_whitespace()
            .fold(String::new(), |mut out, word| {
                let _ = write!(out, "{word} ");
                out
            });
        assert!(
            one_line.contains("\"as_of\": \"2026-06-01\", \"rev\": {"),
            "{args:?}: {}",
            said.out
        );
        let rev = rev.replace('{', "{ ").replace('}', " }");
        let spaced = one_line
            .replace('{', "{ ")
            .replace('}', " }")
            .replace("  ", " ");
        assert!(spaced.contains(&rev), "{args:?}: {}", said.out);
    }
    let history = repository.run(&["history", "beta", "-f", "jsonl", "--rev", "HEAD", "-q"]);
    assert!(history.out.contains("two\\nlines"), "{history:?}");
    assert_eq!(
        repository.git(&["status", "--short", "--ignored"]),
        " D customers/acme.toml\n M interactions/2026.csv\n"
    );
}

#[test]
fn every_way_to_name_a_book_in_a_revision() {
    let Some(repository) = Repository::new("books/rail", BOOK) else {
        return;
    };
    let list = |mut command: std::process::Command, args: &[&str]| {
        said(
            &command
                .args(LIST)
                .args(AS_OF)
                .arg("-q")
                .args(args)
                .output()
                .unwrap(),
        )
    };
    let in_tree = list(program(&repository.book()), &[]);
    assert_eq!((in_tree.code, in_tree.err.as_str()), (0, ""));
    assert_eq!(
        in_tree.out,
        "id,name,revenue\nacme,Acme,100.00\nbeta,Beta,0.00\n"
    );
    let (top, book) = (repository.top(), repository.book());
    let bare = repository.beside("b.git");
    repository.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    repository.git(&["tag", "-a", "v1", "-m", "one"]);
    std::fs::remove_dir_all(book.join("customers")).unwrap();
    std::fs::remove_file(book.join("guanxi.toml")).unwrap();
    repository.commit("the book is gone");
    std::fs::create_dir_all(book.join("deep/down")).unwrap();

    for (folder, args) in [
        (&book, &["--rev", "v1"][..]),
        (&book, &["--rev", "HEAD~1"]),
        (&book.join("deep/down"), &["--rev", "main~1"]),
        (&top, &["--rev", "v1", "--book", "books/rail"]),
        (&top, &["--rev", "v1:books/rail"]),
        (&top, &["--rev", "v1:books/rail/"]),
        (&book, &["--rev", "v1:./"]),
        (
            &top,
            &["--rev", ":/first:books/rail", "--book", "books/rail"],
        ),
        (&bare, &["--rev", "main:books/rail"]),
        (&top, &["--rev", "main:books/rail", "--book", "../b.git"]),
    ] {
        let said = list(program(folder), args);
        // `:/first:books/rail` looks for a message, and none is like this.
        let expected = if args[1].starts_with(":/") { 2 } else { 0 };
        assert_eq!(said.code, expected, "{args:?}: {}", said.err);
        if expected == 0 {
            assert_eq!(said.out, in_tree.out, "{args:?}");
        }
    }

    // A bare repository whose root is the book.
    let split = repository.beside("split");
    let path = split.to_str().unwrap();
    git_in(&top, &["init", "--quiet", "--initial-branch=main", path]);
    for file in BOOK.split("== ").skip(1).chain(["guanxi.toml\n"]) {
        let (name, text) = file.split_once('\n').unwrap();
        std::fs::create_dir_all(split.join(name).parent().unwrap()).unwrap();
        std::fs::write(split.join(name), text).unwrap();
    }
    git_in(&split, &["add", "."]);
    git_in(
        &split,
        &[
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@e",
            "commit",
            "-qm",
            "x",
        ],
    );
    git_in(&split, &["clone", "--quiet", "--bare", ".", "../s.git"]);
    let said = list(program(&split), &["--book", "../s.git", "--rev", "main"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(said.out, in_tree.out);
}

#[test]
fn what_cannot_be_is_told() {
    let Some(repository) = Repository::new("book", BOOK) else {
        return;
    };
    repository.git(&["tag", "--", "v1"]);
    let refused = |args: &[&str], expected: &str| {
        let said = repository.run(&[&["list"], args].concat());
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args:?}");
        assert!(said.err.starts_with(expected), "{args:?}: {}", said.err);
    };
    refused(
        &["--rev", "nope"],
        "error: git knows no revision `nope` here\n",
    );
    refused(
        &["--rev=--output=x"],
        "error: git knows no revision `--output=x` here\n",
    );
    refused(&["--rev=-x"], "error: git knows no revision `-x` here\n");
    refused(&["--rev", ""], "error: git knows no revision `` here\n");
    refused(
        &["--rev", "^HEAD"],
        "error: git knows no revision `^HEAD` here\n",
    );
    refused(
        &["--rev", "HEAD..v1"],
        "error: git knows no revision `HEAD..v1` here\n",
    );
    let none = "error: `v1` has no book in `nowhere`: there is no `guanxi.toml`\n";
    refused(&["--rev", "v1:nowhere"], none);
    refused(
        &["--rev", "v1:book/guanxi.toml"],
        "error: `v1` has no book in `book/guanxi.toml`: there is no `guanxi.toml`\n",
    );
    refused(
        &["--rev", "v1:"],
        "error: `v1` has no book in `.`: there is no `guanxi.toml`\n",
    );
    assert_eq!(
        repository
            .run(&["log", "acme", "visit", "--rev", "v1"])
            .code,
        2
    );
    assert_eq!(repository.run(&["check", "--fix", "--rev", "v1"]).code, 2);

    let alone = repository.beside("alone");
    std::fs::create_dir_all(&alone).unwrap();
    std::fs::write(alone.join("guanxi.toml"), "").unwrap();
    let output = program(&alone)
        .args(["list", "--rev", "v1"])
        .output()
        .unwrap();
    let no_repository = said(&output);
    assert_eq!(no_repository.code, 2);
    assert!(
        no_repository.err.contains("not a git repository"),
        "{}",
        no_repository.err
    );
    let output = program(&alone)
        .env("PATH", repository.book())
        .args(["list", "--rev", "v1"])
        .output();
    let no_git = said(&output.unwrap());
    assert_eq!(no_git.code, 2);
    assert!(
        no_git.err.starts_with("error: cannot run `git`: "),
        "{}",
        no_git.err
    );
    assert_eq!(
        no_git.err.matches("No such file").count(),
        1,
        "{}",
        no_git.err
    );
}

#[test]
fn faults_are_named_by_revision_and_place() {
    let Some(repository) = Repository::new("book", BOOK) else {
        return;
    };
    repository.write("customers/c.toml", "name = \"C\"\nowmer = \"li\"\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("c.toml", repository.book().join("customers/d.toml")).unwrap();
    repository.commit("bad");
    std::fs::remove_file(repository.book().join("customers/c.toml")).unwrap();
    let said = repository.run(&["check", "-f", "short", "--rev", "main", "-q"]);
    assert_eq!((said.code, said.err.as_str()), (1, ""), "{}", said.out);
    assert!(
        said.out
            .contains("main:customers/c.toml:2:1: error[unknown-key]: "),
        "{}",
        said.out
    );
    #[cfg(unix)]
    assert!(
        said.out
            .contains("main:customers/d.toml: error[link]: a link inside"),
        "{}",
        said.out
    );
    let said = repository.run(&["list", "--rev", "main:book", "-q"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("--> main:book/customers/c.toml:2:1"),
        "{}",
        said.err
    );
    // Another policy still wins, and its faults are its own.
    let policy = repository.beside("p.toml");
    std::fs::write(&policy, "currency = 3\n").unwrap();
    let path = policy.to_str().unwrap();
    let said = repository.run(&["policy", "--rev", "HEAD~1", "--policy", path, "-q"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains(&format!("--> {path}:1:")), "{}", said.err);
    std::fs::write(&policy, "currency = \"EUR\"\n").unwrap();
    let said = repository.run(&["policy", "--rev", "HEAD~1", "--policy", path, "-q"]);
    assert!(said.out.contains("currency = \"EUR\""), "{}", said.out);
}

#[test]
fn a_hook_of_another_repository_leads_nobody_astray() {
    let Some(repository) = Repository::new("book", BOOK) else {
        return;
    };
    let Some(other) = Repository::new("", "== customers/z.toml\nname = \"Z\"\n") else {
        return;
    };
    let folder = other.top().join(".git");
    for (name, value) in [
        ("GIT_DIR", folder.clone()),
        ("GIT_INDEX_FILE", folder.join("index")),
    ] {
        for args in [&["list", "--rev", "HEAD", "-q"][..], &["check", "--staged"]] {
            let said = said(&repository.command(args).env(name, &value).output().unwrap());
            assert_eq!(said.code, 0, "{name} {args:?}: {}", said.err);
            assert!(
                said.out.contains("acme") || said.out.contains("2 customers"),
                "{said:?}"
            );
        }
    }
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    let trap = repository.beside("trap");
    let command = format!("touch '{}'; cat", trap.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "diff.external",
        "diff.x.textconv",
        "filter.x.smudge",
        "filter.x.clean",
        "core.sshCommand",
    ] {
        repository.git(&["config", key, &command]);
    }
    std::fs::write(
        repository.top().join(".git/info/attributes"),
        "* filter=x diff=x\n",
    )
    .unwrap();
    for args in [
        &["list", "--rev", "HEAD"][..],
        &["check", "--staged"],
        &["check", "--rev", "HEAD"],
    ] {
        let said = repository.run(args);
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        assert!(!trap.exists(), "{args:?}");
    }
}
