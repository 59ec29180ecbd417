//! `policy`.

use guanxi::policy::{Policy, print};
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
    let default = print(&Policy::default());
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
