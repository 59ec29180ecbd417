//! Every tool that reads: its answer is the command's, and is what its schema says.

use serde_json::{Value, json};

use super::{Server, book};

/// Calls of every tool whose answer is all that a command says, and those commands.
#[expect(clippy::too_many_lines, reason = "a table")]
fn pairs() -> Vec<(&'static str, Value, Vec<&'static str>)> {
    let rule = "tier in (AAA, AA)";
    vec![
        ("list", json!({}), vec!["list"]),
        (
            "list",
            json!({"rule": rule, "columns": ["id", "annual_value", "share"], "sort": "-annual_value", "limit": 200}),
            vec![
                "list",
                rule,
                "-c",
                "id,annual_value,share",
                "-s",
                "-annual_value",
            ],
        ),
        (
            "list",
            json!({"columns": ["+region", "-owner"], "as_of": "2026-03-01"}),
            vec!["list", "-c", "+region,-owner", "--as-of", "2026-03-01"],
        ),
        (
            "list",
            json!({"rule": "id = nobody"}),
            vec!["list", "id = nobody"],
        ),
        ("due", json!({}), vec!["due"]),
        (
            "due",
            json!({"rule": rule, "within": "30d"}),
            vec!["due", rule, "--within", "30d"],
        ),
        (
            "show",
            json!({"customer": "三江铜业"}),
            vec!["show", "三江铜业"],
        ),
        (
            "explain",
            json!({"customer": "yunling-metro", "metric": "settlement", "rows": 200}),
            vec!["explain", "yunling-metro", "settlement"],
        ),
        (
            "history",
            json!({"customer": "yunling-metro", "since": "2026-08-01"}),
            vec![
                "history",
                "yunling-metro",
                "--since",
                "2026-08-01",
                "-s",
                "-date",
            ],
        ),
        (
            "history",
            json!({"kinds": ["complaint", "resolve"], "until": "2026-10-31", "text": "a", "limit": 100}),
            vec![
                "history",
                "--kind",
                "complaint,resolve",
                "--until",
                "2026-10-31",
                "--text",
                "a",
                "-s",
                "-date",
            ],
        ),
        ("answer", json!({"name": "churn"}), vec!["churn"]),
        (
            "answer",
            json!({"name": "value", "rule": rule, "columns": ["id", "clv"]}),
            vec!["value", rule, "-c", "id,clv"],
        ),
        (
            "answer",
            json!({"name": "receivables"}),
            vec!["receivables"],
        ),
        (
            "answer",
            json!({"name": "receivables", "by": "owner"}),
            vec!["receivables", "--by", "owner"],
        ),
        ("answer", json!({"name": "cases"}), vec!["cases"]),
        (
            "answer",
            json!({"name": "cases", "by": "staff"}),
            vec!["cases", "--by", "staff"],
        ),
        (
            "answer",
            json!({"name": "dates", "within": "60d"}),
            vec!["dates", "--within", "60d"],
        ),
        ("answer", json!({"name": "leads"}), vec!["leads"]),
        ("answer", json!({"name": "team"}), vec!["team"]),
        (
            "answer",
            json!({"name": "portfolio", "since": "6m", "limit": 200}),
            vec!["portfolio", "--since", "6m"],
        ),
        (
            "answer",
            json!({"name": "summary", "by": "tier"}),
            vec!["summary", "--by", "tier"],
        ),
        (
            "answer",
            json!({"name": "trend", "by": "quarter", "since": "2025-01-01", "limit": 200}),
            vec!["trend", "--by", "quarter", "--since", "2025-01-01"],
        ),
        (
            "answer",
            json!({"name": "diff", "from": "2w", "rule": rule}),
            vec!["diff", "2w", "--where", rule],
        ),
        (
            "answer",
            json!({"name": "diff", "from": "2026-09-01", "to": "2026-10-01"}),
            vec!["diff", "2026-09-01", "2026-10-01"],
        ),
        ("check", json!({}), vec!["check"]),
    ]
}

/// Tells what is wrong with an answer.
fn faults(answer: &Value, schema: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler
        .add_resource("urn:of-tool", schema.clone())
        .unwrap();
    let index = compiler.compile("urn:of-tool", &mut schemas).unwrap();
    let found = schemas.validate(answer, index).err();
    found.map(|it| format!("{it:#}"))
}

#[test]
fn every_answer_is_the_commands_and_what_its_schema_says() {
    let server = Server::rail();
    let pairs = pairs();
    let mut requests = vec![("tools/list", json!({}))];
    let call = |name: &str, given: &Value| json!({"name": name, "arguments": given});
    requests.extend(
        pairs
            .iter()
            .map(|(name, given, _)| ("tools/call", call(name, given))),
    );
    let mut answers = server.session(&requests).into_iter();
    let tools = answers.next().unwrap()["result"]["tools"].clone();
    for ((name, given, args), answer) in pairs.iter().zip(answers) {
        let said = super::said(&answer);
        assert!(!said.is_error, "{name} {given}: {}", said.text);
        let tool = tools
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["name"] == *name);
        let data = said.data.clone().unwrap();
        let found = faults(&data, &tool.unwrap()["outputSchema"]);
        assert_eq!(found, None, "{name} {given}");
        let (answer, page) = said.without_page();
        let args: Vec<&str> = if args.contains(&"--as-of") {
            // The later of two days counts.
            let (_, out, _) = server.command(&[&args[..], &["-f", "json"]].concat());
            assert_eq!(
                answer,
                serde_json::from_str::<Value>(&out).unwrap(),
                "{given}"
            );
            continue;
        } else {
            args.clone()
        };
        assert_eq!(answer, server.json(&args), "{name} {given}");
        let count = answer.get("rows").map(|it| it.as_array().unwrap().len());
        match (*name, count) {
            ("show" | "explain", _) => assert_eq!(page, Value::Null),
            (_, Some(count)) => {
                let expected = json!({"shown": count, "total": count, "next_cursor": null});
                assert_eq!(page, expected, "{name} {given}");
            }
            _ => panic!("{name} has rows"),
        }
    }
}

#[test]
fn figures_are_exact() {
    let text = "date,customer,kind,amount,score,staff,topic,channel,ref,due,note\n\
                2026-11-01,甲,order,12345678901234.5678,,,,,,,\n";
    let folder = book(&[
        ("guanxi.toml", ""),
        ("customers/甲.toml", "name = \"甲\"\n"),
        ("interactions/2026.csv", text),
    ]);
    let server = Server::of(folder.path());
    let said = server.call("list", json!({"columns": ["revenue"]}));
    assert!(
        said.text.contains(r#"{"revenue":12345678901234.5678}"#),
        "{}",
        said.text
    );
}

#[test]
fn a_customer_is_found_by_whatever_it_may_be_called() {
    let server = Server::rail();
    let ids = |text: &str| -> Vec<String> {
        let (answer, _) = server.call("find", json!({"text": text})).without_page();
        assert_eq!(answer["schema"], "list/1");
        let rows = answer["rows"].as_array().unwrap();
        let names: Vec<&String> = rows
            .iter()
            .flat_map(|it| it.as_object().unwrap().keys())
            .collect();
        assert!(
            names
                .chunks(4)
                .all(|it| it == ["id", "name", "owner", "tier"])
        );
        rows.iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids("beiling-metro"), ["beiling-metro"]);
    assert_eq!(ids("北岭"), ["北岭水泥", "beiling-metro"]);
    assert_eq!(ids("blsn"), ["北岭水泥"]);
    assert_eq!(ids("beilingshui"), ["北岭水泥"]);
    assert!(ids("水泥").contains(&"北岭水泥".to_owned()));
    assert_eq!(ids("nobody at all"), [""; 0]);
    assert_eq!(ids("metro").len(), 6);
    assert_eq!(ids(" ").len(), 0);
    let all = server.call("find", json!({"text": "公司"})).without_page();
    assert_eq!(all.0["rows"].as_array().unwrap().len(), 10);
    assert_eq!(all.1["shown"], 10);
}

#[test]
fn a_program_names_customers_in_full() {
    let server = Server::rail();
    let fault = server.call("show", json!({"customer": "beiling"})).fault();
    let (code, _, said) =
        server.command(&["show", "beiling", "-f", "json", "--as-of", "2026-11-20"]);
    assert_eq!((code, fault), (Some(2), said));
}

#[test]
fn the_manual_is_read_whole_or_by_names() {
    let server = Server::rail();
    for topic in ["format", "rules", "metrics", "policy", "kinds"] {
        let said = server.call("help", json!({"topic": topic}));
        assert!(!said.is_error && said.data.is_none());
        let page =
            std::fs::read_to_string(format!("{}/docs/{topic}.md", env!("CARGO_MANIFEST_DIR")));
        assert_eq!(said.text, page.unwrap().replace("\r\n", "\n"), "{topic}");
    }
    let said = server.call(
        "help",
        json!({"topic": "metrics", "names": ["tier", "cadence"]}),
    );
    assert!(said.text.starts_with("| metric |"), "{}", said.text);
    assert_eq!(said.text.lines().count(), 4, "{}", said.text);
    let said = server.call("help", json!({"topic": "kinds", "names": ["visit"]}));
    assert!(said.text.starts_with("| kind |"), "{}", said.text);
    let fault = server
        .call("help", json!({"topic": "metrics", "names": ["tires"]}))
        .fault();
    assert!(fault.contains("says nothing of `tires`"), "{fault}");
}

#[test]
fn what_a_tool_does_not_take_is_refused() {
    let server = Server::rail();
    let refused: &[(&str, Value, &str)] = &[
        (
            "list",
            json!({"rul": "x"}),
            "error: `list` takes no `rul`\n  = help: did you mean `rule`?\n",
        ),
        ("list", json!({"within": "7d"}), "`list` takes no `within`"),
        (
            "history",
            json!({"as_of": "2026-01-01"}),
            "`history` takes no `as_of`",
        ),
        ("list", json!({"limit": 0}), "whole number from 1 to 200"),
        ("list", json!({"limit": 201}), "`limit` cannot be `201`"),
        ("list", json!({"limit": "5"}), "`limit` cannot be `\"5\"`"),
        (
            "list",
            json!({"columns": vec!["id"; 21]}),
            "at most 20 texts",
        ),
        (
            "list",
            json!({"columns": ["id,name"]}),
            "a column has a comma in it",
        ),
        ("list", json!({"columns": "id"}), "`columns` cannot be"),
        ("list", json!({"rule": 7}), "`rule` cannot be `7`"),
        ("list", json!({"cursor": "next"}), "start again"),
        ("show", json!({}), "`show` needs `customer`"),
        (
            "answer",
            json!({"name": "churn", "by": "tier"}),
            "`churn` takes no `by`",
        ),
        (
            "answer",
            json!({"name": "trend", "from": "2w"}),
            "`trend` takes no `from`",
        ),
        ("answer", json!({"name": "diff"}), "`diff` needs `from`"),
        (
            "answer",
            json!({"name": "diff", "from": "2w", "by": "tier"}),
            "`diff` takes no `by`",
        ),
        (
            "answer",
            json!({"name": "remove"}),
            "give one of churn, value",
        ),
        ("help", json!({"topic": "git"}), "give one of format, rules"),
        ("check", json!({"limit": 2.5}), "`limit` cannot be `2.5`"),
    ];
    let calls: Vec<_> = refused.iter().map(|it| (it.0, it.1.clone())).collect();
    for ((name, given, expected), said) in refused.iter().zip(server.calls(&calls)) {
        let fault = said.fault();
        assert!(fault.contains(expected), "{name} {given}: {fault}");
    }
    // What is null is not given.
    let said = server.call("list", json!({"rule": null, "limit": 1.0}));
    assert_eq!(said.without_page().1["shown"], 1);
}

#[test]
fn a_fault_is_told_as_the_command_line_tells_it() {
    let server = Server::rail();
    let day = ["--as-of", "2026-11-20"];
    let faults: &[(&str, Value, &[&str])] = &[
        (
            "list",
            json!({"rule": "tier = ZZ"}),
            &["list", "tier = ZZ", "-f", "json"],
        ),
        (
            "list",
            json!({"columns": ["nmae"]}),
            &["list", "-c", "nmae", "-f", "json"],
        ),
        (
            "due",
            json!({"within": "soon"}),
            &["due", "--within=soon", "-f", "json"],
        ),
        (
            "explain",
            json!({"customer": "三江铜业", "metric": "teir"}),
            &["explain", "三江铜业", "teir", "-f", "json"],
        ),
        (
            "history",
            json!({"kinds": ["vist"]}),
            &["history", "--kind", "vist", "-s", "-date", "-f", "json"],
        ),
    ];
    let calls: Vec<_> = faults.iter().map(|it| (it.0, it.1.clone())).collect();
    for ((name, given, args), said) in faults.iter().zip(server.calls(&calls)) {
        let (code, _, expected) = server.command(&[args, &day[..]].concat());
        assert_eq!(code, Some(2), "{args:?}");
        assert_eq!(said.fault(), expected, "{name} {given}");
    }
    // Nothing that is given is taken for an option.
    let fault = server.call("list", json!({"rule": "--help"})).fault();
    assert!(fault.contains("--help"), "{fault}");
    let fault = server.call("show", json!({"customer": "--all"})).fault();
    assert!(fault.contains("no customer is called `--all`"), "{fault}");
}

#[test]
fn a_book_with_errors_is_refused_everywhere_but_in_check() {
    let folder = book(&[
        ("guanxi.toml", ""),
        (
            "customers/甲.toml",
            "name = \"甲\"\nowne = \"x\"\nsince = 2026-13-01\n",
        ),
    ]);
    let server = Server::of(folder.path()).writing();
    let calls = [
        ("find", json!({"text": "甲"})),
        ("list", json!({})),
        ("due", json!({})),
        ("show", json!({"customer": "甲"})),
        ("explain", json!({"customer": "甲", "metric": "tier"})),
        ("history", json!({})),
        ("answer", json!({"name": "team"})),
        ("log", json!({"customer": "甲", "kind": "visit"})),
        ("set", json!({"customer": "甲", "fields": {"owner": "y"}})),
    ];
    for ((name, _), said) in calls.iter().zip(server.calls(&calls)) {
        let fault = said.fault();
        assert!(fault.contains("customers/甲.toml"), "{name}: {fault}");
        assert!(fault.starts_with("error"), "{name}: {fault}");
    }
    let (answer, page) = server.call("check", json!({})).without_page();
    assert_eq!(answer, server.json(&["check"]));
    assert!(answer["errors"].as_u64().unwrap() >= 1);
    assert_eq!(page["shown"], page["total"]);
}

#[test]
fn without_a_book_the_server_does_not_begin() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of(folder.path());
    let (code, out, said) = server.command(&["mcp"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(said.starts_with("error: "), "{said}");
}
