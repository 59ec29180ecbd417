//! The server asked by the official client for Python, if that is installed.

use std::path::Path;
use std::process::Command;

#[test]
fn the_official_client_gets_along_with_the_server() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // A virtual environment that has the package is named by `PYTHON`.
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python)
        .arg(root.join("tests/it/mcp/client.py"))
        .arg(env!("CARGO_BIN_EXE_guanxi"))
        .arg(root.join("examples/rail"))
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: there is no python3");
        return;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    if output.status.code() == Some(77) {
        eprintln!("skipped: {out}");
        return;
    }
    assert!(output.status.success(), "{out}{err}");
    assert!(out.ends_with("all is well\n"), "{out}");
}
