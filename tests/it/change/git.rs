//! Books under git: small diffs, branches that merge, and `--commit`.

use std::process::Command;

use guanxi::cli::Outcome;
use snapbox::str;

use super::session::{Session, check};

const BOOK: &str = "\
== .gitattributes
interactions/**/*.csv merge=union -text
*.toml text
== .gitignore
.guanxi/
== customers/acme.toml
name = \"Acme\"
owner = \"li\"
== customers/beta.toml
name = \"Beta\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,visit,,,,,,,,
";

/// Runs git on the book and returns what it says.
fn git(session: &Session, args: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(session.root())
        .args(["-c", "core.hooksPath=/dev/null"])
        .args(args)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// A book with one commit, or `None` where there is no git.
fn repository() -> Option<Session> {
    if Command::new("git").arg("--version").output().is_err() {
        println!("skipped: no git here");
        return None;
    }
    let session = Session::new(BOOK);
    git(&session, &["init", "--quiet", "--initial-branch=main"]);
    for (key, value) in [
        ("user.name", "t"),
        ("user.email", "t@example.com"),
        ("commit.gpgsign", "false"),
    ] {
        git(&session, &["config", key, value]);
    }
    git(&session, &["add", "."]);
    git(&session, &["commit", "--quiet", "-m", "first"]);
    Some(session)
}

#[test]
fn one_line_changes_in_a_diff() {
    let Some(session) = repository() else { return };
    session.play("log acme visit\nset acme owner=wang");
    assert_eq!(
        git(&session, &["diff", "--numstat"]),
        "1\t1\tcustomers/acme.toml\n2\t0\tinteractions/2026.csv\n"
    );
    assert_eq!(
        git(&session, &["status", "--short"]),
        " M customers/acme.toml\n M interactions/2026.csv\n"
    );
}

#[test]
fn two_branches_that_log_merge_without_conflict() {
    let Some(session) = repository() else { return };
    for (branch, kind) in [("one", "call"), ("two", "email")] {
        git(&session, &["checkout", "--quiet", "-b", branch, "main"]);
        let said = session.play(&format!(
            "log acme {kind} {branch}\nlog beta {kind} {branch} --commit"
        ));
        assert!(said.contains("committed as "), "{said}");
    }
    git(&session, &["merge", "--quiet", "--no-edit", "one"]);
    let text = session.read("interactions/2026.csv");
    for row in ["acme,call", "beta,call", "acme,email", "beta,email"] {
        assert_eq!(text.matches(row).count(), 1, "{text}");
    }
    assert_eq!(session.run(&["list"]).outcome, Outcome::Done);
}

#[test]
fn a_command_commits_its_own_files_alone() {
    let Some(session) = repository() else { return };
    session.write("customers/beta.toml", "name = \"Beta\" # mine\n");
    session.play("set acme owner=wang --commit 'hand Acme over'\nlog acme visit --commit\nrename acme emca --commit");
    let log = git(
        &session,
        &["log", "--format=%s", "--name-status", "--no-renames"],
    );
    check(
        &log,
        str![[r#"
rename acme emca

D	customers/acme.toml
A	customers/emca.toml
M	interactions/2026.csv
log acme visit

M	interactions/2026.csv
hand Acme over

M	customers/acme.toml
M	interactions/2026.csv
first

A	.gitattributes
A	.gitignore
A	customers/acme.toml
A	customers/beta.toml
A	guanxi.toml
A	interactions/2026.csv

"#]],
    );
    assert_eq!(
        git(&session, &["status", "--short"]),
        " M customers/beta.toml\n"
    );
}

#[test]
fn rows_that_a_union_merge_doubled_are_dropped() {
    let session = Session::new(BOOK);
    let row = |text: &str| format!("2026-03-01,acme,{text}\n");
    let one = row("complaint,,,,,,C-1,,late");
    let text = session.read("interactions/2026.csv")
        + &one
        + &row("visit,,,,,,,,")
        + &one
        + &row("call,,,,,,,,\"two\nlines\"")
        + &row("call,,,,,,,,\"two\nlines\"")
        + &one
        + &row("visit,,,,,,,,again");
    session.write("interactions/2026.csv", &text);
    let shown = session.play("check --fix");
    check(
        &shown,
        str![[r#"
$ guanxi check --fix
diff --git a/interactions/2026.csv b/interactions/2026.csv
--- a/interactions/2026.csv
+++ b/interactions/2026.csv
@@ -1,11 +1,8 @@
 date,customer,kind,amount,score,staff,topic,channel,ref,due,note
 2026-03-01,acme,visit,,,,,,,,
 2026-03-01,acme,complaint,,,,,,C-1,,late
-2026-03-01,acme,visit,,,,,,,,
-2026-03-01,acme,complaint,,,,,,C-1,,late
 2026-03-01,acme,call,,,,,,,,"two
 lines"
 2026-03-01,acme,call,,,,,,,,"two
 lines"
-2026-03-01,acme,complaint,,,,,,C-1,,late
 2026-03-01,acme,visit,,,,,,,,again
note: 1 file would change; `--fix --yes` changes it
[Found]

"#]],
    );
    let said = session.run(&["check", "--fix", "--yes"]);
    let dropped = "dropped 3 rows of interactions/2026.csv that the book has once more\n";
    assert!(said.out.starts_with(dropped), "{}", said.out);
    let said = session.run(&["check", "--fix", "--yes"]);
    assert!(
        said.err.contains("there is nothing that `--fix` mends"),
        "{}",
        said.err
    );
    check(
        &session.read("interactions/2026.csv"),
        str![[r#"
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,visit,,,,,,,,
2026-03-01,acme,complaint,,,,,,C-1,,late
2026-03-01,acme,call,,,,,,,,"two
lines"
2026-03-01,acme,call,,,,,,,,"two
lines"
2026-03-01,acme,visit,,,,,,,,again

"#]],
    );

    // Two different rows with one ref are a person's to mend.
    let text = session.read("interactions/2026.csv") + &row("complaint,,,,,,C-1,,broken");
    session.write("interactions/2026.csv", &text);
    let said = session.run(&["check", "--fix", "--yes"]);
    assert_eq!(said.outcome, Outcome::Found);
    assert!(
        said.err.contains("case `C-1` is entered twice"),
        "{}",
        said.err
    );
    assert_eq!(session.read("interactions/2026.csv"), text);
}

#[cfg(unix)]
#[test]
fn a_commit_that_fails_leaves_the_change() {
    let Some(session) = repository() else { return };
    // A hook that refuses without a word.
    session.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
    let hook = session.root().join(".git/hooks/pre-commit");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(hook, mode).unwrap();
    let said = session.run(&["set", "acme", "owner=wang", "--commit"]);
    assert_eq!(said.outcome, Outcome::Found);
    let expected = "error: the change is made, but it is not committed: `git commit` failed: it says nothing; a hook may have refused\n";
    assert!(said.err.ends_with(expected), "{}", said.err);
    assert!(session.read("customers/acme.toml").contains("wang"));
}

#[test]
fn a_first_week_with_a_mistake_undone() {
    let Some(session) = repository() else { return };
    let shown = session.play(
        "
        add 'Gamma Tram' --stage bidding --commit
        log gamma-tram visit 'first talk' --next 1w --commit
        rename gamma-tram tram --commit
        merge beta tram --commit
        list -f csv -c id,aliases,last_contact,next_revisit --as-of 2026-03-02
        ",
    );
    assert_eq!(shown.matches("committed as ").count(), 4, "{shown}");
    assert!(
        shown.ends_with("acme,,2026-03-01,2026-05-30\ntram,Beta,2026-03-02,2026-03-09\n"),
        "{shown}"
    );
    // Beta was somebody else after all.
    git(&session, &["revert", "--no-edit", "HEAD"]);
    let shown = session.play("list -f csv -c id,aliases --as-of 2026-03-02");
    assert!(shown.ends_with("acme,\nbeta,\ntram,\n"), "{shown}");
}
