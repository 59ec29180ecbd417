//! `init --git`: what a clone is told of its book.

use super::repository::{Repository, git_in, program, said};

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
== interactions/2026.csv
date,customer,kind,amount
2026-02-01,acme,order,100.00
";

#[test]
fn a_clone_is_told_once() {
    let Some(repository) = Repository::new("books/ra il", BOOK) else {
        return;
    };
    let git = repository.top().join(".git");
    let before = repository.git(&["config", "--list", "--local"]);
    let dry = repository.run(&["init", "--git", "--dry-run"]);
    assert_eq!((dry.code, dry.err.as_str()), (0, ""));
    assert_eq!(dry.out.matches("would have ").count(), 8, "{}", dry.out);
    assert_eq!(repository.git(&["config", "--list", "--local"]), before);
    assert!(!git.join("hooks/pre-commit").exists());

    let first = repository.run(&["init", "--git"]);
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    assert_eq!(dry.out.replace("would have ", ""), first.out);
    let get = |key: &str| repository.git(&["config", "--local", "--get", key]);
    assert_eq!(
        get("merge.guanxi.name"),
        "guanxi: logs row by row, customers key by key\n"
    );
    assert_eq!(
        get("merge.guanxi.driver"),
        "if command -v guanxi >/dev/null; then guanxi merge-driver %O %A %B --marker-size %L --path %P \
         --labels %S %X %Y; r=$?; test $r -le 1 || exit 129; exit $r; else git merge-file \
         --marker-size=%L -L ours -L base -L theirs %A %O %B; fi\n"
    );
    assert_eq!(get("diff.guanxi.xfuncname"), "^(\\[\\[?.*)$\n");
    assert_eq!(get("diff.guanxi.wordRegex"), "[^,[:space:]]+\n");
    let attributes = std::fs::read_to_string(git.join("info/attributes")).unwrap();
    assert_eq!(
        attributes,
        "\"books/ra il/interactions/**/*.csv\" merge=guanxi diff=guanxi\n\
         \"books/ra il/customers/**/*.toml\" merge=guanxi diff=guanxi\n\
         \"books/ra il/staff.toml\" merge=guanxi diff=guanxi\n"
    );
    for path in [
        "interactions/2026.csv",
        "interactions/a/b.csv",
        "customers/x/y.toml",
        "staff.toml",
    ] {
        let path = format!("books/ra il/{path}");
        let said = repository.git(&["check-attr", "merge", "--", &path]);
        assert_eq!(said, format!("{path}: merge: guanxi\n"));
    }
    let hook = std::fs::read_to_string(git.join("hooks/pre-commit")).unwrap();
    assert!(
        hook.ends_with("\nguanxi check --staged --book 'books/ra il' >&2 || exit 1\n"),
        "{hook}"
    );

    let again = repository.run(&["init", "--git"]);
    assert_eq!((again.code, again.err.as_str()), (0, ""));
    assert_eq!(
        again.out.matches("is there already").count(),
        6,
        "{}",
        again.out
    );
    assert_eq!(
        std::fs::read_to_string(git.join("info/attributes")).unwrap(),
        attributes
    );
}

#[test]
fn what_differs_is_told_and_left() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    repository.git(&["config", "merge.guanxi.name", "mine"]);
    repository.git(&["config", "core.hooksPath", "my hooks"]);
    std::fs::create_dir(repository.top().join("my hooks")).unwrap();
    let hook = repository.top().join("my hooks/pre-commit");
    std::fs::write(&hook, "#!/bin/sh\nexit 0\n").unwrap();
    let attributes = repository.top().join(".git/info/attributes");
    std::fs::create_dir_all(attributes.parent().unwrap()).unwrap();
    std::fs::write(&attributes, "/staff.toml -merge").unwrap();
    let said = repository.run(&["init", "--git"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err
            .contains("note: `merge.guanxi.name` is left as it is, `mine`; "),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("my hooks/pre-commit` is another hook"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("guanxi check --staged --book '.' >&2"),
        "{}",
        said.err
    );
    assert_eq!(
        std::fs::read_to_string(&hook).unwrap(),
        "#!/bin/sh\nexit 0\n"
    );
    assert_eq!(
        std::fs::read_to_string(&attributes).unwrap(),
        "/staff.toml -merge\n\
         interactions/**/*.csv merge=guanxi diff=guanxi\n\
         customers/**/*.toml merge=guanxi diff=guanxi\n"
    );
    assert_eq!(repository.git(&["config", "merge.guanxi.name"]), "mine\n");
}

#[test]
fn attributes_that_cannot_be_read_are_not_taken_for_none() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    let attributes = repository.top().join(".git/info/attributes");
    // Nobody can read a folder as a file, whatever the permissions.
    std::fs::create_dir_all(&attributes).unwrap();
    for args in [&["init", "--git"][..], &["init", "--git", "--dry-run"]] {
        let said = repository.run(args);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(
            said.err.starts_with("error: cannot read `") && said.err.contains("attributes`: "),
            "{}",
            said.err
        );
    }
    // What comes before it is not half done.
    let keys = repository.git(&["config", "--list", "--local"]);
    assert!(!keys.contains("guanxi"), "{keys}");
}

#[test]
fn a_linked_work_tree_shares_what_the_clone_was_told() {
    let Some(repository) = Repository::new("book", BOOK) else {
        return;
    };
    let linked = repository.beside("linked");
    let path = linked.to_str().unwrap();
    repository.git(&["worktree", "add", "--quiet", "--detach", path]);
    let first = said(
        &program(&linked.join("book"))
            .args(["init", "--git"])
            .output()
            .unwrap(),
    );
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    assert!(repository.top().join(".git/info/attributes").exists());
    assert!(repository.top().join(".git/hooks/pre-commit").exists());
    let again = repository.run(&["init", "--git"]);
    assert_eq!(
        again.out.matches("is there already").count(),
        6,
        "{}",
        again.out
    );
}

#[cfg(unix)]
#[test]
fn the_hook_checks_every_way_to_commit() {
    let Some(repository) = Repository::new("it's", BOOK) else {
        return;
    };
    assert_eq!(repository.run(&["init", "--git"]).code, 0);
    let commit = |args: &[&str], path: &str| {
        let output = std::process::Command::new("git")
            .current_dir(repository.top())
            .env("PATH", path)
            .arg("commit")
            .args(args)
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let plain = std::env::var("PATH").unwrap();
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_guanxi"))
        .parent()
        .unwrap();
    let path = format!("{}:{plain}", folder.display());
    // A copy that is not on the path: says so, and how to go on.
    repository.write("customers/acme.toml", "name = \"A\"\n");
    if std::process::Command::new("guanxi").output().is_err() {
        let (is_done, said) = commit(&["-qam", "x"], &plain);
        assert!(
            !is_done && said.contains("git commit --no-verify"),
            "{said}"
        );
    }
    let (is_done, said) = commit(&["-qam", "good"], &path);
    assert!(is_done, "{said}");
    repository.write("customers/acme.toml", "name = 3\n");
    for args in [
        &["-qam", "all"][..],
        &["-qm", "one", "it's/customers/acme.toml"],
    ] {
        let (is_done, said) = commit(args, &path);
        assert!(
            !is_done && said.contains("error[wrong-type]"),
            "{args:?}: {said}"
        );
    }
    let (is_done, said) = commit(&["-q", "--allow-empty", "-m", "nothing of it"], &path);
    assert!(is_done, "{said}");
    // A branch without the book may be committed to.
    git_in(&repository.top(), &["checkout", "-q", "--", "."]);
    repository.git(&["checkout", "-q", "--orphan", "bare"]);
    repository.git(&["rm", "-rqf", "."]);
    let (is_done, said) = commit(&["-q", "--allow-empty", "-m", "no book"], &path);
    assert!(is_done, "{said}");
}

/// Returns a folder that is in no repository; `None` where all are.
fn nowhere() -> Option<tempfile::TempDir> {
    let home = tempfile::tempdir().unwrap();
    let mut around = home.path().ancestors();
    let is_alone = around.all(|it| !it.join(".git").exists());
    is_alone.then_some(home)
}

#[test]
fn a_book_is_made_where_git_cannot_be_told_of_it() {
    let (Some(lone), Some(pathless)) = (nowhere(), nowhere()) else {
        return;
    };
    let (lone, pathless) = (lone.path(), pathless.path());
    let has_git = std::process::Command::new("git").output().is_ok();
    for (folder, path, error, help) in [
        (
            lone,
            None,
            "`git rev-parse` failed: fatal: not a git repository",
            "  = help: `git init 'my book'` makes a repository; then `guanxi init --git 'my book'` again\n",
        ),
        (
            pathless,
            Some("/nowhere"),
            "cannot run `git`: ",
            "  = help: install git, or put it on the path; then `guanxi init --git 'my book'` again\n",
        ),
    ] {
        if path.is_none() && !has_git {
            continue;
        }
        let run = || {
            let mut command = program(folder);
            if let Some(path) = path {
                command.env("PATH", path);
            }
            said(&command.args(["init", "my book", "--git"]).output().unwrap())
        };
        let first = run();
        assert_eq!(first.code, 1, "{}", first.err);
        assert!(
            first.out.starts_with("made a book in `my book`"),
            "{}",
            first.out
        );
        let made = "error: the book is made, but git does not know of it: ";
        assert!(
            first.err.starts_with(&format!("{made}{error}")),
            "{}",
            first.err
        );
        assert!(first.err.ends_with(help), "{}", first.err);
        assert!(folder.join("my book/guanxi.toml").exists());
        // Now nothing is made.
        let second = run();
        assert_eq!((second.code, second.out.as_str()), (2, ""));
        assert!(
            second.err.starts_with(&format!("error: {error}")),
            "{}",
            second.err
        );
        assert!(second.err.ends_with(help), "{}", second.err);
    }
}

#[test]
fn a_quiet_one_says_nothing() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    repository.git(&["config", "merge.guanxi.name", "mine"]);
    for args in [&["init", "--git", "-q"][..], &["init", "other", "--quiet"]] {
        let said = repository.run(args);
        assert_eq!(
            (said.code, said.out.as_str(), said.err.as_str()),
            (0, "", "")
        );
    }
    assert!(repository.top().join(".git/hooks/pre-commit").exists());
    assert!(repository.top().join("other/guanxi.toml").exists());
}
