//! `policy`.

use guanxi::policy::{Policy, print};
use guanxi::words::Language;
use snapbox::str;

use crate::case::Case;

#[test]
fn the_policy_in_force_is_a_policy() {
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("interactions/a.csv", "broken")
        .args(["policy", "-o", "all.toml"])
        .code(0);
    let read = |case: &Case, path| std::fs::read_to_string(case.path(path)).unwrap();
    let default = print(&Policy::default(), Language::English);
    assert_eq!(read(&case, "all.toml"), default);
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("other.toml", "payment_terms = \"45d\"\n")
        .args(["policy", "--policy", "other.toml", "-o", "all.toml"])
        .code(0);
    assert_eq!(
        read(&case, "all.toml"),
        default.replace("payment_terms = \"30d\"", "payment_terms = \"45d\"")
    );
}

#[test]
fn a_broken_policy_is_refused() {
    Case::new()
        .file("guanxi.toml", "payment_term = \"45d\"\n")
        .args(["policy"])
        .stderr(str![[r#"
error[unknown-key]: no such key here: `payment_term`
 --> guanxi.toml:1:1
  |
1 | payment_term = "45d"
  | ^^^^^^^^^^^^
  |
  = help: did you mean `payment_terms`?

1 error

"#]])
        .code(2);
    Case::new()
        .args(["policy", "--book", "none"])
        .stderr(str![[r#"
error: no book in `none` (--book): it has no `guanxi.toml`
  = help: `guanxi init none` makes one

"#]])
        .code(2);
}

#[test]
fn how_payment_is_judged_has_bounds() {
    for (key, expected) in [
        ("tolerance = \"105%\"", "`105%` is no share from 0% to 100%"),
        ("tolerance = \"-5%\"", "`-5%` is no share from 0% to 100%"),
        ("tolerance = -5", "`tolerance` cannot be negative"),
        ("petty = 1.5", "`petty` is a number from 0 to 1, not `1.5`"),
        (
            "limit = \"60d\"\nfair_limit = \"90d\"",
            "`fair_limit` is the earlier name of `limit`, which is there too",
        ),
    ] {
        let case = Case::new().file("guanxi.toml", format!("[settlement]\n{key}\n"));
        let output = case.args(["policy"]).output();
        let said = String::from_utf8(output.stderr).unwrap();
        let expected = format!("error[wrong-value]: {expected}\n");
        assert!(said.starts_with(&expected), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
}
