//! `export calendar` and `-f ics`: what has a day, on that day, in programs that are not ours.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{RAIL, answer, book, python, refusal, skipped};

/// A book with one event of each kind that rows make.
fn days() -> crate::case::Case {
    book(
        &[
            (
                "acme",
                "name = \"Acme\"\nowner = \"li.wei\"\nrevisit = \"30d\"\n",
            ),
            (
                "bell",
                "name = \"Bell; END:VEVENT\\n甲\"\nrevisit = \"30d\"\n",
            ),
            (
                "cole",
                "name = \"Cole\"\nowner = \"li.wei\"\nrevisit = \"never\"\n",
            ),
        ],
        "2026-09-01,acme,visit,,,,,,,,\n\
         2026-11-10,bell,visit,,,,,,,,\n\
         2026-11-01,acme,complaint,,,wang,delivery,,C-1,,\n\
         2026-11-19,cole,request,,,,,,R-1,2026-12-24,\n\
         2026-11-20,cole,response,,,,,,R-1,,\n\
         2026-11-02,acme,invoice,100,,,,,INV-1,2026-12-02,\n\
         2026-11-02,acme,invoice,50,,,,,,2026-12-02,\n\
         2026-11-02,acme,invoice,60,,,,,,2026-12-02,\n\
         2026-11-02,acme,invoice,70,,,,,INV-2,2026-11-12,\n\
         2026-11-02,acme,invoice,80,,,,,INV-3,2027-11-12,\n",
    )
}

/// The first digits of a hash, made by another program: `printf 'guanxi\nrevisit\nacme\n' | sha256sum`.
const ACME: &str = "ee0aeca3944dde7fefc5feacf24a99c2";

#[test]
fn events_have_their_properties_in_order() {
    let case = days();
    let calendar = answer(
        &case.path(""),
        &["export", "calendar", "id = acme", "--within", "0d"],
    );
    let calendar = String::from_utf8(calendar).unwrap();
    let event = |uid: &str, kind: &str, summary: &str, lines: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}@guanxi\r\nDTSTAMP:20261120T000000Z\r\nDTSTART;VALUE=DATE:20261120\r\n\
             DTEND;VALUE=DATE:20261121\r\nSUMMARY:{summary}: Acme\r\nDESCRIPTION:acme\\n{lines}owner li.wei\r\n\
             CATEGORIES:{kind}\r\nTRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n\
             DESCRIPTION:{summary}: Acme\r\nTRIGGER:PT9H\r\nEND:VALARM\r\nEND:VEVENT\r\n"
        )
    };
    let uids: Vec<&str> = calendar
        .lines()
        .filter_map(|it| it.strip_prefix("UID:"))
        .collect();
    let uids: Vec<&str> = uids
        .iter()
        .map(|it| it.strip_suffix("@guanxi").unwrap())
        .collect();
    assert_eq!(uids[2], ACME);
    let expected = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//guanxi//guanxi//EN\r\nCALSCALE:GREGORIAN\r\n\
         METHOD:PUBLISH\r\nNAME:guanxi\r\nX-WR-CALNAME:guanxi\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n\
         X-PUBLISHED-TTL:PT6H\r\n{}{}{}END:VCALENDAR\r\n",
        event(
            uids[0],
            "resolve",
            "resolve complaint C-1",
            "late since 2026-11-15\\ndelivery\\nwang answers for it\\n"
        ),
        event(
            uids[1],
            "respond",
            "answer complaint C-1",
            "late since 2026-11-03\\ndelivery\\nwang answers for it\\n"
        ),
        event(
            uids[2],
            "revisit",
            "revisit",
            "overdue since 2026-10-01\\nlast contact 2026-09-01 + 30 days\\n"
        ),
    );
    let unfolded = calendar.replace("\r\n ", "");
    assert_eq!(unfolded, expected);
    assert!(calendar.split("\r\n").all(|it| it.len() <= 75));
}

#[test]
fn days_and_kinds_and_one_id_for_each() {
    let case = days();
    let calendar = answer(&case.path(""), &["export", "calendar", "--alarm", "none"]);
    let calendar = String::from_utf8(calendar).unwrap().replace("\r\n ", "");
    assert!(!calendar.contains("VALARM"));
    let all = |name: &str| -> Vec<String> {
        let lines = calendar.lines();
        lines
            .filter_map(|it| it.strip_prefix(name))
            .map(str::to_owned)
            .collect()
    };
    let days = all("DTSTART;VALUE=DATE:");
    let kinds = all("CATEGORIES:");
    let found: Vec<String> = days
        .iter()
        .zip(&kinds)
        .map(|(day, kind)| format!("{day} {kind}"))
        .collect();
    assert_eq!(
        found,
        [
            "20261120 resolve",
            "20261120 respond",
            "20261120 revisit",
            "20261202 invoice",
            "20261202 invoice",
            "20261202 invoice",
            "20261210 revisit",
            "20261224 resolve",
        ]
    );
    let mut uids = all("UID:");
    let count = uids.len();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), count);
    assert!(
        calendar.contains("SUMMARY:revisit: Bell\\; END:VEVENT 甲\r\n"),
        "{calendar}"
    );
    // An event that moves keeps its id, and another book's events have others.
    let uid = all("UID:")[6].clone();
    let rows = "date,customer,kind\n2026-11-15,bell,call\n";
    let case = case.file("interactions/more.csv", rows);
    let moved = answer(&case.path(""), &["export", "calendar", "id = bell"]);
    assert!(String::from_utf8(moved).unwrap().contains(&uid));
    let case = case.file("guanxi.toml", "[export]\ncalendar = \"other, book\"\n");
    let other = String::from_utf8(answer(&case.path(""), &["export", "calendar"])).unwrap();
    assert!(other.contains("\r\nX-WR-CALNAME:other\\, book\r\n"));
    assert!(!other.contains(&uid));
}

#[test]
fn occasions_are_events_but_for_plans() {
    let case = book(
        &[(
            "acme",
            "name = \"Acme\"\nsince = 2020-12-01\nrevisit = \"never\"\n\
             [[contact]]\nname = \"王建国\"\nbirthday = \"12-02\"\n\
             [[date]]\nname = \"renewal\"\non = 2026-12-03\n",
        )],
        "2026-11-01,acme,lead,,,,depot,,L-1,2026-12-04,\n\
         2026-11-01,acme,agreement,,,,spares,,A-1,2026-12-05,\n\
         2026-11-02,acme,plan,,,,,,,2026-12-06,call\n",
    );
    let calendar = answer(&case.path(""), &["export", "calendar"]);
    let calendar = String::from_utf8(calendar).unwrap();
    let lines = calendar
        .lines()
        .filter_map(|it| it.strip_prefix("SUMMARY:"));
    let expected = [
        "6 years of cooperation: Acme",
        "birthday of 王建国: Acme",
        "renewal: Acme",
        "lead L-1 is decided: Acme",
        "agreement A-1 ends: Acme",
        "revisit: Acme",
    ];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    for key in [
        "lead\nacme\nL-1",
        "agreement\nacme\nA-1",
        "birthday\nacme\n王建国\n2026",
        "date\nacme\nrenewal\n2026",
        "cooperation\nacme\n\n2026",
    ] {
        let uid = sha256(&format!("guanxi\n{key}"));
        assert!(
            calendar.contains(&format!("\r\nUID:{uid}@guanxi\r\n")),
            "{key}"
        );
    }
    let dates = answer(&case.path(""), &["dates", "-f", "ics"]);
    assert_eq!(
        String::from_utf8(dates)
            .unwrap()
            .matches("BEGIN:VEVENT")
            .count(),
        5
    );
}

/// The first half of a hash, as another program makes it.
fn sha256(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let hash = Sha256::digest(text);
    let mut digits = String::new();
    for byte in hash.iter().take(16) {
        write!(digits, "{byte:02x}").unwrap();
    }
    digits
}

#[test]
fn alarms_are_at_the_hour() {
    let case = days();
    for (time, trigger) in [
        ("00:00", "PT0S"),
        ("00:05", "PT5M"),
        ("07:00", "PT7H"),
        ("18:30", "PT18H30M"),
    ] {
        let calendar = answer(&case.path(""), &["export", "calendar", "--alarm", time]);
        let line = format!("\r\nTRIGGER:{trigger}\r\n");
        assert!(
            String::from_utf8(calendar).unwrap().contains(&line),
            "{time}"
        );
    }
    for time in ["24:00", "9:00", "09:60", "x", "09", "+9:00"] {
        let said = refusal(&case.path(""), &["export", "calendar", "--alarm", time]);
        assert!(
            said.contains("a time is written `08:30`, or `none`"),
            "{said}"
        );
    }
}

#[test]
fn a_file_for_everybody() {
    let case = days().file(
        "staff.toml",
        "[[staff]]\nid = \"li.wei\"\n[[staff]]\nid = \"zhou\"\n",
    );
    let folder = case.path("calendars");
    let folder_text = folder.to_str().unwrap();
    answer(
        &case.path(""),
        &["export", "calendar", "--per-owner", "-o", folder_text],
    );
    let events = |name: &str| {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        text.matches("BEGIN:VEVENT").count()
    };
    assert_eq!(
        [
            events("li.wei.ics"),
            events("_nobody.ics"),
            events("zhou.ics")
        ],
        [7, 1, 0]
    );
    let only = answer(
        &case.path(""),
        &["export", "calendar", "id = bell", "--owner", "li.wei"],
    );
    assert!(!String::from_utf8(only).unwrap().contains("VEVENT"));
    let said = refusal(&case.path(""), &["export", "calendar", "--owner", "li.we"]);
    assert!(said.contains("did you mean `li.wei`?"), "{said}");
    let said = refusal(
        &case.path(""),
        &[
            "export",
            "calendar",
            "--per-owner",
            "-o",
            case.path("customers").to_str().unwrap(),
        ],
    );
    assert!(said.contains("belongs to a book"), "{said}");
    let case = book(
        &[("a", "name = \"A\"\nowner = \"../x\"\nrevisit = \"1d\"\n")],
        "",
    );
    let folder = case.path("c");
    let said = refusal(
        &case.path(""),
        &[
            "export",
            "calendar",
            "--per-owner",
            "-o",
            folder.to_str().unwrap(),
        ],
    );
    assert!(said.contains("no file can be called `../x`"), "{said}");
    assert!(!folder.exists());
}

#[test]
fn listings_of_days_are_calendars_too() {
    let case = days();
    let count = |args: &[&str]| {
        let text = String::from_utf8(answer(&case.path(""), args)).unwrap();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n"));
        text.matches("BEGIN:VEVENT").count()
    };
    assert_eq!(count(&["due", "-f", "ics"]), 1);
    assert_eq!(count(&["due", "--within", "30d", "-f", "ics"]), 2);
    assert_eq!(
        count(&["due", "--within", "30d", "-n", "1", "-f", "ics"]),
        1
    );
    assert_eq!(count(&["cases", "-f", "ics"]), 3);
    assert_eq!(count(&["cases", "left < 0", "-f", "ics"]), 2);
    assert_eq!(count(&["due", "id = zzz", "-f", "ics"]), 0);
    let file = case.path("due.ics");
    answer(&case.path(""), &["due", "-o", file.to_str().unwrap()]);
    assert!(
        fs::read_to_string(file)
            .unwrap()
            .starts_with("BEGIN:VCALENDAR")
    );
    for args in [
        &["list", "-f", "ics"][..],
        &["receivables", "--invoices", "-f", "ics"],
        &["show", "acme", "-f", "ics"],
    ] {
        let said = refusal(&case.path(""), args);
        assert!(
            said.starts_with("error: `-f ics` is for `due`, `cases` and `dates`\n"),
            "{said}"
        );
    }
    refusal(&case.path(""), &["due", "-f", "ics", "-c", "id"]);
}

#[test]
fn other_programs_find_the_events_on_their_days() {
    let case = days();
    let file = case.path("c.ics");
    for book in [case.path(""), Path::new(RAIL).to_owned()] {
        let calendar = answer(&book, &["export", "calendar", "--alarm", "08:30"]);
        fs::write(&file, &calendar).unwrap();
        let text = String::from_utf8(calendar).unwrap().replace("\r\n ", "");
        let lines = |name: &str| -> Vec<&str> {
            text.lines()
                .filter_map(|it| it.strip_prefix(name))
                .collect()
        };
        let events = lines("DTSTART;VALUE=DATE:")
            .into_iter()
            .zip(lines("SUMMARY:"));
        let expected: Vec<String> = events
            .map(|(day, summary)| {
                let day = chrono::NaiveDate::parse_from_str(day, "%Y%m%d").unwrap();
                let summary = summary
                    .replace("\\;", ";")
                    .replace("\\,", ",")
                    .replace("\\\\", "\\");
                format!("{day} {summary} 8:30:00\n")
            })
            .collect();
        let script = "
import sys, icalendar
calendar = icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())
for event in calendar.walk('VEVENT'):
    alarm = event.walk('VALARM')[0]
    print(event['DTSTART'].dt, event['SUMMARY'], alarm['TRIGGER'].dt)
assert not [it for it in calendar.walk() if getattr(it, 'errors', None)]
";
        if let Some(said) = python("icalendar", script, &[&file]) {
            assert_eq!(said, expected.concat());
        }
        let script = "
import sys, vobject
calendar = vobject.readOne(open(sys.argv[1], newline='', encoding='utf-8').read())
for event in getattr(calendar, 'vevent_list', []):
    print(event.dtstart.value, event.summary.value, event.valarm.trigger.value)
";
        if let Some(said) = python("vobject", script, &[&file]) {
            assert_eq!(said, expected.concat());
        }
    }
}

#[test]
fn a_calendar_program_shows_it() {
    let case = days();
    let file = case.path("c.ics");
    fs::write(&file, answer(&case.path(""), &["export", "calendar"])).unwrap();
    let home = case.path("home");
    fs::create_dir_all(home.join("calendar")).unwrap();
    let config = format!(
        "[calendars]\n[[c]]\npath = {}\n[sqlite]\npath = {}\n[locale]\nlocal_timezone = Asia/Shanghai\n\
         default_timezone = Asia/Shanghai\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n\
         datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n",
        home.join("calendar").display(),
        home.join("khal.db").display(),
    );
    fs::write(home.join("config"), config).unwrap();
    let khal = |args: &[&str]| {
        Command::new("khal")
            .env("LC_ALL", "C.UTF-8")
            .env("HOME", &home)
            .arg("-c")
            .arg(home.join("config"))
            .args(args)
            .output()
    };
    if khal(&["--version"]).is_err() {
        skipped("khal");
        return;
    }
    let output = khal(&["import", "--batch", "-a", "c", file.to_str().unwrap()]).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = khal(&[
        "list",
        "--format",
        "{title}",
        "--day-format",
        "{date-long}",
        "2026-11-20",
        "40d",
    ])
    .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let expected = [
        "2026-11-20",
        "answer complaint C-1: Acme",
        "resolve complaint C-1: Acme",
        "revisit: Acme",
        "2026-12-02",
        "invoice INV-1 is due: Acme",
        "invoice is due: Acme",
        "invoice is due: Acme",
        "2026-12-10",
        "revisit: Bell; END:VEVENT 甲",
        "2026-12-24",
        "resolve request R-1: Cole",
    ];
    let mut shown: Vec<&str> = shown
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    let mut expected = expected.to_vec();
    shown.sort_unstable();
    expected.sort_unstable();
    assert_eq!(shown, expected);
}
