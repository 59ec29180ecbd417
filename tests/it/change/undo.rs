//! `undo`: every command's change is taken back to the byte, or refused.

use std::fs;

use guanxi::cli::Outcome;

use super::session::Session;

const BOOK: &str = "\
== staff.toml
[[staff]]
id = \"li\"
name = \"Li\"
[[staff]]
id = \"wang\"
name = \"Wang\"
== customers/acme.toml
name = \"Acme\"   # the first
owner = \"li\"
stage = \"bidding\"
== customers/beta.toml
name = \"Beta\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,complaint,,,li,,,C-1,,
2026-02-01,beta,visit,,,,,,,,
== interactions/beta.csv
kind,date
call,2026-03-01
";

fn done(session: &Session, args: &[&str]) -> String {
    let said = session.run(args);
    assert_eq!(said.outcome, Outcome::Done, "{args:?}: {}", said.err);
    said.out
}

fn refused(session: &Session, args: &[&str]) -> String {
    let said = session.run(args);
    assert_eq!(said.outcome, Outcome::Failed, "{args:?}: {}", said.out);
    said.err
}

#[test]
fn every_command_is_taken_back() {
    let commands: [&[&str]; 15] = [
        &["add", "Gamma Ltd"],
        &["set", "acme", "region=X"],
        &["set", "acme", "stage=delivery"],
        &["set", "--where", "id is known", "tags=key", "--yes"],
        &["edit", "acme"],
        &["contact", "acme", "Ann", "--phone", "1"],
        &["log", "acme", "visit"],
        &["log", "acme", "visit", "--next", "2w"],
        &["log", "acme", "visit", "--date", "2024-01-02"],
        &["log", "-"],
        &["rename", "beta", "gamma"],
        &["merge", "beta", "acme"],
        &["remove", "beta", "--with-rows"],
        &["handover", "li", "wang"],
        &["fmt"],
    ];
    for command in commands {
        let input = "{\"customer\": \"acme\", \"kind\": \"visit\"}\n\
                     {\"customer\": \"beta\", \"kind\": \"visit\", \"date\": \"2024-01-01\"}\n";
        let session = Session::new(BOOK)
            .editor("sed -i s/first/only/")
            .input(input);
        let before = session.book();
        done(&session, command);
        let after = session.book();
        assert_ne!(before, after, "{command:?}");

        let shown = session.run(&["undo"]);
        assert_eq!(shown.outcome, Outcome::Done, "{command:?}: {}", shown.err);
        assert!(shown.out.starts_with("diff --git a/"), "{}", shown.out);
        assert!(shown.err.contains("`--yes` takes `"), "{}", shown.err);
        done(&session, &["undo", "--yes", "--dry-run"]);
        assert_eq!(session.book(), after, "{command:?}: only shown");

        let said = done(&session, &["undo", "--yes"]);
        assert!(said.starts_with("took back `"), "{said}");
        assert_eq!(session.book(), before, "{command:?}");
        let said = refused(&session, &["undo", "--yes"]);
        assert!(said.contains("there is nothing to undo"), "{said}");
        let said = refused(&session, &["undo"]);
        assert!(said.contains("there is nothing to undo"), "{said}");
    }
}

#[test]
fn a_new_book_is_taken_back_as_well() {
    let session = Session::new("");
    let made = session.root().join("made");
    let made = made.to_str().unwrap();
    done(&session, &["init", made, "--demo"]);
    done(&session, &["undo", "--yes", "--book", made]);
    assert!(!session.root().join("made/guanxi.toml").exists());
    assert!(!session.root().join("made/.gitignore").exists());
}

#[test]
fn what_was_changed_since_is_refused() {
    for (command, edited, old, new) in [
        (
            &["set", "acme", "region=X"][..],
            "customers/acme.toml",
            "X",
            "Y",
        ),
        (
            &["log", "acme", "visit", "seen"],
            "interactions/2026.csv",
            "seen",
            "soon",
        ),
        (
            &["rename", "beta", "gamma"],
            "interactions/2026.csv",
            "gamma",
            "delta",
        ),
        (
            &["add", "Gamma"],
            "customers/gamma.toml",
            "Gamma",
            "Gamma Ltd",
        ),
    ] {
        let session = Session::new(BOOK);
        done(&session, command);
        session.write(edited, session.read(edited).replace(old, new));
        let before = session.book();
        for args in [&["undo"][..], &["undo", "--yes"]] {
            let said = refused(&session, args);
            assert!(said.contains(&format!("`{edited}` is not as `")), "{said}");
        }
        assert_eq!(session.book(), before);
    }
    let session = Session::new(BOOK);
    done(&session, &["remove", "beta", "--with-rows"]);
    session.write("customers/beta.toml", "name = \"Another\"\n");
    let said = refused(&session, &["undo", "--yes"]);
    assert!(said.contains("`customers/beta.toml` is not as"), "{said}");
}

#[test]
fn rows_added_behind_are_no_hindrance() {
    for command in [
        &["log", "acme", "visit"][..],
        &["log", "acme", "visit", "--date", "2024-05-05"],
        &["set", "acme", "stage=delivery"],
        &["rename", "beta", "gamma"],
    ] {
        let session = Session::new(BOOK);
        let before = session.book();
        done(&session, command);
        let log = if command.contains(&"2024-05-05") {
            "interactions/2024.csv"
        } else {
            "interactions/2026.csv"
        };
        let behind = "2026-03-01,acme,note,,,,,,,,by hand\n";
        session.write(log, session.read(log) + behind);
        done(&session, &["undo", "--yes"]);
        let mut expected = before.clone();
        if log.contains("2024") {
            // Only the rows of the change go: the other needs the header.
            let header = "date,customer,kind,amount,score,staff,topic,channel,ref,due,note\n";
            assert_eq!(session.read(log), format!("{header}{behind}"));
            continue;
        }
        let end = "2026-02-01,beta,visit,,,,,,,,\n";
        expected = expected.replace(end, &format!("{end}{behind}"));
        assert_eq!(session.book(), expected, "{command:?}");
    }
}

#[test]
fn a_refused_command_leaves_what_can_be_taken_back() {
    let session = Session::new(BOOK);
    let before = session.book();
    done(&session, &["set", "acme", "region=X"]);
    refused(&session, &["set", "acme", "stage=nonsense"]);
    refused(&session, &["log", "nobody", "visit"]);
    done(&session, &["undo", "--yes"]);
    assert_eq!(session.book(), before);
}

#[test]
fn a_record_of_another_copy_or_a_damaged_one_does_nothing() {
    let session = Session::new(BOOK);
    done(&session, &["set", "acme", "region=X"]);
    let record = session.root().join(".guanxi/undo");
    let bytes = fs::read(&record).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&record).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let other = Session::new(BOOK);
    other.write("customers/acme.toml", session.read("customers/acme.toml"));
    other.write(".guanxi/undo", &bytes);
    other.write(".guanxi/lock", "");
    let before = other.book();
    let said = refused(&other, &["undo"]);
    assert!(
        said.contains("came with the book from another copy"),
        "{said}"
    );
    let said = refused(&other, &["undo", "--yes"]);
    assert!(
        said.contains("set aside as `.guanxi/undo.foreign`"),
        "{said}"
    );
    assert!(said.contains("there is nothing to undo"), "{said}");
    assert_eq!(other.book(), before);

    for cut in [1, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&record, &bytes[..cut]).unwrap();
        let before = session.book();
        refused(&session, &["undo", "--yes"]);
        assert_eq!(session.book(), before);
    }
}
