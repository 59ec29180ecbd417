//! The server for assistants: a scripted session for each tool, and what must hold of all of them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

mod answers;
mod hostile;
mod listed;
mod pages;
mod sdk;
mod writing;

/// The most characters of an answer.
const MOST: usize = 24_000;

/// The day on which the example book is asked.
const DAY: &str = "2026-11-20";

/// A server with a book.
struct Server {
    book: PathBuf,
    options: Vec<&'static str>,
}

/// What a tool said.
#[derive(Debug)]
struct Said {
    is_error: bool,
    text: String,
    data: Option<Value>,
}

impl Server {
    /// Makes a server of the example book, as it stood on a day.
    fn rail() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self {
            book: root.join("examples/rail"),
            options: vec!["--as-of", DAY],
        }
    }

    /// Makes a server of a book, as it is on a day.
    fn of(book: &Path) -> Self {
        Self {
            book: book.to_owned(),
            ..Self::rail()
        }
    }

    fn writing(mut self) -> Self {
        self.options.push("--write");
        self
    }

    /// Sends requests in one session, and returns what came for each of them.
    ///
    /// Every line of standard output is a message of the protocol.
    fn session(&self, requests: &[(&str, Value)]) -> Vec<Value> {
        let mut server = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .arg("mcp")
            .arg("--book")
            .arg(&self.book)
            .args(&self.options)
            .env_clear()
            .env("LANG", "zh_CN.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let hello = json!({
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "a test", "version": "1"},
        });
        let mut lines = vec![
            json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}),
            json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        ];
        for (index, (method, params)) in requests.iter().enumerate() {
            let id = index + 1;
            lines.push(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        }
        let mut input = server.stdin.take().unwrap();
        for line in lines {
            writeln!(input, "{line}").unwrap();
        }
        drop(input);
        let output = server.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(said, "", "standard error");
        assert_eq!(output.status.code(), Some(0));
        let out = String::from_utf8(output.stdout).unwrap();
        let mut answers = BTreeMap::new();
        for line in out.lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            assert_eq!(message["jsonrpc"], "2.0", "{line}");
            answers.insert(message["id"].as_u64().unwrap(), message);
        }
        let ids = 0..=requests.len() as u64;
        assert!(
            answers.keys().copied().eq(ids),
            "every request is answered: {out}"
        );
        answers.into_values().skip(1).collect()
    }

    /// Calls tools in one session.
    fn calls(&self, calls: &[(&str, Value)]) -> Vec<Said> {
        let params = calls
            .iter()
            .map(|(name, given)| ("tools/call", json!({"name": name, "arguments": given})));
        let answers = self.session(&params.collect::<Vec<_>>());
        answers.iter().map(said).collect()
    }

    /// Calls a tool.
    fn call(&self, name: &str, given: Value) -> Said {
        self.calls(&[(name, given)]).remove(0)
    }

    /// Returns what the command line answers, as it says of a program's book.
    fn command(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args)
            .arg("--book")
            .arg(&self.book)
            .env_clear()
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// Returns what a command answers in JSON on the day.
    fn json(&self, args: &[&str]) -> Value {
        let args = [args, &["-f", "json", "--as-of", DAY]].concat();
        let (code, out, err) = self.command(&args);
        assert!(code < Some(2), "{args:?}: {err}");
        serde_json::from_str(&out).unwrap()
    }
}

/// Reads what a tool said, and checks that its two forms say the same.
fn said(answer: &Value) -> Said {
    let result = &answer["result"];
    let Some([block]) = result["content"].as_array().map(Vec::as_slice) else {
        panic!("one block of content: {answer}");
    };
    assert_eq!(block["type"], "text");
    let text = block["text"].as_str().unwrap().to_owned();
    assert!(
        text.chars().count() <= MOST,
        "{} characters",
        text.chars().count()
    );
    let data = result.get("structuredContent").cloned();
    if let Some(data) = &data {
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), *data);
    }
    Said {
        is_error: result["isError"].as_bool().unwrap(),
        text,
        data,
    }
}

impl Said {
    /// Returns the data of an answer that is no fault.
    fn data(self) -> Map<String, Value> {
        assert!(!self.is_error, "{}", self.text);
        match self.data {
            Some(Value::Object(data)) => data,
            other => panic!("no object: {other:?}"),
        }
    }

    /// Returns the data without `page`, and that.
    fn without_page(self) -> (Value, Value) {
        let mut data = self.data();
        let page = data.remove("page").unwrap_or_default();
        (Value::Object(data), page)
    }

    /// Returns the text of a fault.
    fn fault(self) -> String {
        assert!(self.is_error && self.data.is_none(), "{}", self.text);
        self.text
    }
}

/// Makes a book of files.
fn book(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const LOG: &str = "date,customer,kind,amount,score,staff,topic,channel,ref,due,note\n";
