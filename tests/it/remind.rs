//! `remind`: who is told what, once.

use std::fs;

use snapbox::str;

use crate::case::Case;

/// A book with two account managers, and a customer of nobody's.
fn book() -> Case {
    Case::new()
        .file("guanxi.toml", "[remind]\nfrom = \"crm@firm.example\"\n")
        .file(
            "staff.toml",
            "[[staff]]\nid = \"li\"\nname = \"李伟\"\nemail = \"li@firm.example\"\n\
             [[staff]]\nid = \"wu\"\nname = \"Wu\\u202E\"\n",
        )
        .file(
            "customers/acme.toml",
            "name = \"Acme\\nBcc: x@y.example\"\nowner = \"li\"\nrevisit = \"30d\"\n",
        )
        .file(
            "customers/beta.toml",
            "name = \"乙\"\nowner = \"wu\"\nrevisit = \"never\"\n",
        )
        .file("customers/gamma.toml", "name = \"丙\"\nrevisit = \"30d\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount,ref,staff,due,topic\n\
             2026-10-01,acme,visit,,,,,\n\
             2026-10-01,gamma,visit,,,,,\n\
             2026-10-10,beta,invoice,500,INV-1,,2026-11-01,\n\
             2026-11-18,beta,complaint,,C-1,li,,noise\n",
        )
}

fn at(case: Case, day: &str, more: &[&str]) -> Case {
    let args = [&["remind", "--as-of", day], more].concat();
    case.again(args)
}

fn said(case: &Case) -> (String, String, Option<i32>) {
    let output = case.output();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code(),
    )
}

#[test]
fn each_is_told_what_is_theirs_and_told_it_once() {
    let case = at(book(), "2026-11-20", &["--exit-code"])
        .stdout(str![[r#"
guanxi 2026-11-20: 1 to see, 1 case due (李伟)

To see
  acme  Acme Bcc: x@y.example
    overdue since 2026-10-31: last contact 2026-10-01 + 30 days

Cases
  beta  乙
    answer complaint C-1 (noise): today

guanxi remind --all --owner li --as-of 2026-11-20

nobody's: 1 to see

To see
  gamma  丙
    overdue since 2026-10-31: last contact 2026-10-01 + 30 days

guanxi remind --all --as-of 2026-11-20

guanxi 2026-11-20: 1 invoice past due (Wu\u{202e})

Invoices past due
  beta  乙
    invoice INV-1 of 500.00: due 2026-11-01, 19 days past, reminder

guanxi remind --all --owner wu --as-of 2026-11-20

nobody's: 1 to see

To see
  gamma  丙
    overdue since 2026-10-31: last contact 2026-10-01 + 30 days

guanxi remind --all --as-of 2026-11-20

"#]])
        .stderr(str![[r#"
note: 1 thing is nobody's: `guanxi set CUSTOMER owner=ID`, or `default` under `[remind]` in guanxi.toml

"#]]);
    let case = case.code(1);
    // The same day nothing is new; the next the case is late; after a week all that is late is told again.
    let case = at(case, "2026-11-20", &["--exit-code", "-o", "digest.txt"]).code(0);
    assert!(!case.path("digest.txt").exists());
    let case = at(case, "2026-11-21", &["--exit-code"]);
    let (text, _, code) = said(&case);
    assert_eq!(code, Some(1));
    assert!(
        text.starts_with("guanxi 2026-11-21: 1 case late (李伟)\n"),
        "{text}"
    );
    let case = at(case, "2026-11-26", &["--exit-code"]);
    assert_eq!(said(&case).2, Some(0));
    let case = at(case, "2026-11-27", &["--owner", "li"]);
    let (text, _, _) = said(&case);
    assert!(
        text.starts_with("guanxi 2026-11-27: 1 to see (李伟)\n"),
        "{text}"
    );
    // A plan moves the day: that is new.
    let case = case
        .again([
            "log",
            "acme",
            "plan",
            "--date",
            "2026-11-27",
            "--due",
            "2026-12-01",
            "-q",
        ])
        .code(0);
    let case = at(case, "2026-11-28", &["--owner", "li", "--within", "7d"]);
    let (text, _, _) = said(&case);
    assert!(
        text.contains("\n    2026-12-01: plan of 2026-11-27\n"),
        "{text}"
    );
    let case = at(
        case,
        "2026-11-28",
        &["--owner", "li", "--within", "7d", "--all"],
    );
    assert!(said(&case).0.contains("plan of 2026-11-27"));
}

#[test]
fn messages_have_headers_of_their_own_making() {
    let case = at(book(), "2026-11-20", &["--to", "eml", "-o", "out"])
        .env("TZ", "UTC")
        .stderr(str![[r#"
error: `wu` was not told: staff.toml has no `email` of this person
  = help: write `email = "name@firm.example"` in staff.toml
note: 1 thing is nobody's: `guanxi set CUSTOMER owner=ID`, or `default` under `[remind]` in guanxi.toml

"#]])
        .code(2);
    let message = fs::read_to_string(case.path("out/li.eml")).unwrap();
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let names: Vec<&str> = head
        .lines()
        .filter(|it| !it.starts_with(' '))
        .map(|it| it.split(':').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "Date",
            "From",
            "To",
            "Subject",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding"
        ]
    );
    assert!(
        head.starts_with("Date: Fri, 20 Nov 2026 07:00:00 +0000\r\n"),
        "{head}"
    );
    assert!(head.contains("<li@firm.example>") && head.contains("<crm@firm.example>"));
    assert!(body.lines().all(|it| !it.starts_with("Bcc")), "{body}");
    assert!(body.lines().all(|it| !it.starts_with("Bcc")), "{body}");
    assert_eq!(fs::read_dir(case.path("out")).unwrap().count(), 1);
    // Who was told is remembered; who could not be is tried again.
    let case = at(case, "2026-11-20", &["--to", "eml", "-o", "again", "-q"]).env("TZ", "UTC");
    let (_, errors, code) = said(&case);
    assert_eq!(code, Some(2));
    assert!(errors.contains("`wu` was not told"));
    assert!(!case.path("again").exists());
    let case = at(
        case,
        "2026-11-20",
        &["--to", "eml", "-o", "all", "--all", "-q"],
    );
    assert_eq!(said(&case).2, Some(2));
    assert_eq!(
        fs::read_to_string(case.path("all/li.eml")).unwrap(),
        message
    );
}

#[cfg(unix)]
#[test]
fn a_command_gets_each_message_and_its_failure_is_no_telling() {
    let path = std::env::var("PATH").unwrap();
    let with = |case: Case, command: &str| {
        at(case, "2026-11-20", &["--owner", "li", "--exec", command]).env("PATH", &path)
    };
    let case = with(book(), "cat > mail; exit 3")
        .stderr(str![[r#"
error: `li` was not told: the command ended with exit status: 3

"#]])
        .code(2);
    let case = with(case, "cat > mail; echo $GUANXI_OWNER $GUANXI_EMAIL > who").code(0);
    let mail = fs::read_to_string(case.path("mail")).unwrap();
    assert!(mail.starts_with("Date: "), "{mail}");
    assert_eq!(
        fs::read_to_string(case.path("who")).unwrap(),
        "li li@firm.example\n"
    );
    fs::remove_file(case.path("mail")).unwrap();
    let case = with(case, "cat > mail").code(0);
    assert!(!case.path("mail").exists(), "nothing is new");
    let memory = case.path(".guanxi/reminded");
    assert_eq!(fs::read_to_string(&memory).unwrap().lines().count(), 2);
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&memory).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    // What is lost is told once more.
    fs::write(&memory, b"\xff\nodd\n").unwrap();
    let case = with(case, "cat > mail")
        .stderr(str![[r#"
note: `.guanxi/reminded` is no UTF-8 text, so what it remembered is lost, and told once more

"#]])
        .code(0);
    assert!(case.path("mail").exists());
}

#[test]
fn what_cannot_be_told_is_refused_before_anybody_is() {
    let case = at(book(), "2026-11-20", &["--to", "eml"]);
    let (_, errors, code) = said(&case);
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("messages need a folder or a command"),
        "{errors}"
    );
    let case = case.file("guanxi.toml", "");
    let case = at(case, "2026-11-20", &["--exec", "false"]);
    let (_, errors, code) = said(&case);
    assert_eq!(code, Some(2));
    assert!(errors.contains("`--from crm@firm.example`"), "{errors}");
    let case = at(
        case,
        "2026-11-20",
        &["--exec", "true", "--from", "a@b\nBcc: c@d"],
    );
    assert!(
        said(&case)
            .1
            .contains("is no address that messages can come from")
    );
    assert!(!case.path(".guanxi/reminded").exists());
    let case = case.file("guanxi.toml", "[remind]\nagain = \"5bd\"\n");
    let case = at(case, "2026-11-20", &[]);
    assert!(
        said(&case)
            .1
            .contains("`again` counts days of the calendar")
    );
}
