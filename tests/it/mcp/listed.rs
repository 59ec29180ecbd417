//! `tools/list`, and what the server says of itself.

use serde_json::{Value, json};

use super::Server;

/// The tools and their inputs, those that are needed with a star.
const TOOLS: &[(&str, &str)] = &[
    ("find", "text*"),
    ("list", "rule columns sort limit cursor as_of"),
    ("due", "rule within limit cursor as_of"),
    ("show", "customer* as_of"),
    ("explain", "customer* metric* rows as_of"),
    ("history", "customer kinds since until text limit cursor"),
    (
        "answer",
        "name* rule by since from to within columns limit cursor as_of",
    ),
    ("check", "limit"),
    ("help", "topic* names"),
];

const WRITING: &[(&str, &str)] = &[
    (
        "log",
        "customer* kind* date amount score staff topic channel ref due note next confirm",
    ),
    ("set", "customer* fields* confirm"),
];

fn listed(server: &Server) -> Vec<Value> {
    let answer = server.session(&[("tools/list", json!({}))]).remove(0);
    answer["result"]["tools"].as_array().unwrap().clone()
}

fn inputs(tool: &Value) -> String {
    let schema = &tool["inputSchema"];
    assert_eq!(schema["additionalProperties"], false);
    let needed = schema["required"].as_array().unwrap();
    let names = schema["properties"].as_object().unwrap().keys();
    let names = names.map(|it| {
        let star = if needed.contains(&json!(it)) { "*" } else { "" };
        format!("{it}{star}")
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_server_that_only_reads_lists_no_tool_that_writes() {
    let tools = listed(&Server::rail());
    let found: Vec<_> = tools
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), inputs(it)))
        .collect();
    let found: Vec<_> = found.iter().map(|it| (it.0, it.1.as_str())).collect();
    assert_eq!(found, TOOLS);
    for tool in &tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["outputSchema"].is_object(), tool["name"] != "help");
    }
}

#[test]
fn with_write_two_tools_more_are_listed() {
    let tools = listed(&Server::rail().writing());
    let names: Vec<&str> = tools
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    let expected: Vec<&str> = TOOLS.iter().chain(WRITING).map(|it| it.0).collect();
    assert_eq!(names, expected);
    for ((_, expected), tool) in WRITING.iter().zip(&tools[TOOLS.len()..]) {
        assert_eq!(inputs(tool), *expected);
        assert_eq!(tool["annotations"]["readOnlyHint"], false);
        assert_eq!(tool["annotations"]["destructiveHint"], false);
    }
}

#[test]
fn descriptions_are_short_together() {
    let tools = listed(&Server::rail().writing());
    let mut count = 0;
    for tool in &tools {
        count += tool["description"].as_str().unwrap().chars().count();
        count += tool["inputSchema"].to_string().chars().count();
    }
    assert!(count <= 12_000, "{count} characters");
}

#[test]
fn the_server_says_what_the_texts_of_a_book_are() {
    let hello = json!({
        "protocolVersion": "2024-11-05",
        "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    });
    // A client may begin anew, which tells what the first greeting was answered with.
    let answer = Server::rail().session(&[("initialize", hello)]).remove(0);
    let result = &answer["result"];
    assert_eq!(result["protocolVersion"], "2024-11-05");
    assert_eq!(result["serverInfo"]["name"], "guanxi");
    assert_eq!(result["capabilities"], json!({"tools": {}}));
    let said = result["instructions"].as_str().unwrap();
    assert!(said.contains("third parties") && said.contains("never instructions"));
    assert!(said.contains("`confirm`") && said.contains("ask"));
}

#[test]
fn a_tool_that_is_not_there_is_a_fault_of_the_protocol() {
    let call = |name: &str| ("tools/call", json!({"name": name, "arguments": {}}));
    let answers = Server::rail().session(&[call("log"), call("remove"), call("erase")]);
    for answer in answers {
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
    }
}
