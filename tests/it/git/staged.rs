//! `check --staged`: what a commit would contain.

use super::repository::{Repository, git_in, program, said};

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
== interactions/2026.csv
date,customer,kind,amount
2026-02-01,acme,order,100.00
";

#[test]
fn the_index_is_checked_and_not_the_work_tree() {
    let Some(repository) = Repository::new("books/rail", BOOK) else {
        return;
    };
    // What is not staged does not count.
    repository.write("customers/bad.toml", "owner = 3\n");
    let said = repository.run(&["check", "--staged"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(said.out, "no faults: 1 customer, 1 row\n");
    // What is to be added one day is in no commit yet.
    repository.git(&["add", "--intent-to-add", "."]);
    assert_eq!(
        repository.run(&["check", "--staged"]).out,
        "no faults: 1 customer, 1 row\n"
    );
    // What is staged counts, though the file is good by now.
    repository.git(&["add", "."]);
    repository.write("customers/bad.toml", "name = \"Bad\"\n");
    let said = repository.run(&["check", "--staged", "-f", "short"]);
    assert_eq!((said.code, said.err.as_str()), (1, ""));
    assert!(
        said.out
            .contains("customers/bad.toml:1:9: error[wrong-type]"),
        "{}",
        said.out
    );
    // From the top as well, and where the folder is gone.
    let args = ["check", "--staged", "-f", "short", "--book", "books/rail"];
    let from_top =
        super::repository::said(&program(&repository.top()).args(args).output().unwrap());
    assert_eq!((from_top.code, &from_top.out), (1, &said.out));
    std::fs::remove_dir_all(repository.top().join("books")).unwrap();
    let gone = super::repository::said(&program(&repository.top()).args(args).output().unwrap());
    assert_eq!((gone.code, &gone.out), (1, &said.out));
}

#[test]
fn a_file_that_is_not_merged_is_an_error() {
    let Some(repository) = Repository::new("book", BOOK) else {
        return;
    };
    for (branch, name) in [("one", "A"), ("two", "B")] {
        repository.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repository.write("customers/acme.toml", format!("name = \"{name}\"\n"));
        repository.commit(branch);
    }
    let merge = std::process::Command::new("git")
        .current_dir(repository.top())
        .args(["merge", "--quiet", "one"])
        .output()
        .unwrap();
    assert!(!merge.status.success());
    // Somebody has mended the file and forgot to add it.
    repository.write("customers/acme.toml", "name = \"C\"\n");
    let said = repository.run(&["check", "--staged", "-f", "short"]);
    assert_eq!(said.code, 1);
    // Its rows are not rows of nobody.
    assert_eq!(
        said.out,
        "customers/acme.toml: error[conflict-markers]: git has not merged this file: the index holds \
         more than one version\n"
    );
}

#[test]
fn other_options_and_other_indexes() {
    let Some(repository) = Repository::new("", BOOK) else {
        return;
    };
    assert_eq!(repository.run(&["check", "--staged", "--fix"]).code, 2);
    assert_eq!(
        repository.run(&["check", "--staged", "--rev", "HEAD"]).code,
        2
    );
    // An index of one's own, as `git commit -a` makes it.
    repository.write("customers/bad.toml", "owner = 3\n");
    let index = repository.top().join(".git/other-index.lock");
    std::fs::copy(repository.top().join(".git/index"), &index).unwrap();
    let output = std::process::Command::new("git")
        .current_dir(repository.top())
        .env("GIT_INDEX_FILE", &index)
        .args(["add", "."])
        .output()
        .unwrap();
    assert!(output.status.success());
    let own = |index: &str| {
        let mut command = repository.command(&["check", "--staged", "-f", "short"]);
        said(&command.env("GIT_INDEX_FILE", index).output().unwrap()).code
    };
    assert_eq!(own(index.to_str().unwrap()), 1);
    assert_eq!(own(".git/other-index.lock"), 1);
    assert_eq!(own(".git/index"), 0);
    assert_eq!(repository.run(&["check", "--staged"]).code, 0);

    // Where the index has no book there is nothing to refuse.
    git_in(&repository.top(), &["rm", "-rq", "--cached", "."]);
    let said = repository.run(&["check", "--staged"]);
    assert_eq!(said.code, 0);
    assert_eq!(
        said.err,
        "note: git's index has no book here, so there is nothing to check\n"
    );
}
