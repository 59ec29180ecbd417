//! One key of a TOML file set or removed by splicing bytes.
//!
//! Comments, order, spacing, line ends, a BOM and a missing last newline stay; one line changes,
//! or one is added after the last key of the table it belongs to. The result is parsed again and
//! must mean what was meant and nothing else.

use std::collections::BTreeMap;

use super::toml_cut::customer_spans;
use super::toml_outline::Outline;
use super::toml_place::KeyEdit;
use super::toml_scope::{SetError, TableScope};
use super::toml_text::{ParsedFile, TargetKey, meaning_of};
use super::toml_value::{NewValue, TomlMeaning, ValueStep};

/// How many keys that get into each other's way are set one after the other.
const MOST_IN_TURN: usize = 100;

/// A key to be set, or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySetting {
    /// Where the path begins.
    pub scope: TableScope,
    /// The keys on the way, from outside in.
    pub path: Vec<String>,
    /// What it is set to; `None` removes it with the comment on its line.
    pub value: Option<NewValue>,
}

/// Returns the text with the key at `path` set to `value`: [`set_all`] for one key.
///
/// # Errors
///
/// As for [`set_all`].
pub fn set(
    text: &str,
    scope: TableScope,
    path: &[&str],
    value: &NewValue,
) -> Result<String, SetError> {
    let path = path.iter().map(|key| (*key).to_owned()).collect();
    set_all(
        text,
        &[KeySetting {
            scope,
            path,
            value: Some(value.clone()),
        }],
    )
}

/// Returns the text without the key at `path`: [`set_all`] for one key.
///
/// # Errors
///
/// As for [`set_all`].
pub fn remove(text: &str, scope: TableScope, path: &[&str]) -> Result<String, SetError> {
    let path = path.iter().map(|key| (*key).to_owned()).collect();
    set_all(
        text,
        &[KeySetting {
            scope,
            path,
            value: None,
        }],
    )
}

/// Returns the text with all the keys set or removed.
///
/// A key that is there keeps its place and what is around it. A new one goes after the last key of
/// its table; where its table is not there, it is written as a dotted key, so that one line is
/// added. The same value again gives the same text. The text is parsed twice, however many keys
/// there are; of a file of many customers, only the pieces of those that have keys to be set.
///
/// # Errors
///
/// [`SetError`]; never a text that means anything else than `text` with those keys changed.
pub fn set_all(text: &str, settings: &[KeySetting]) -> Result<String, SetError> {
    let wanted = settings.iter().map(|setting| SettingWanted {
        setting,
        scope: setting.scope,
        listed: None,
    });
    set_wanted(text, &wanted.collect::<Vec<_>>())
}

/// Returns the text with keys set or removed in one table of a list such as `[[contact]]`.
///
/// The table is told by its number, counting from 0. All else is as for [`set_all`].
///
/// # Errors
///
/// As for [`set_all`].
pub fn set_listed(
    text: &str,
    list: &str,
    number: usize,
    settings: &[KeySetting],
) -> Result<String, SetError> {
    let wanted = settings.iter().map(|setting| SettingWanted {
        setting,
        scope: setting.scope,
        listed: Some((list, number)),
    });
    set_wanted(text, &wanted.collect::<Vec<_>>())
}

/// A setting, and the table of a list in which its path begins, if it is in one.
#[derive(Clone, Copy)]
struct SettingWanted<'s> {
    setting: &'s KeySetting,
    /// Where its path begins in the text at hand.
    scope: TableScope,
    listed: Option<(&'s str, usize)>,
}

impl SettingWanted<'_> {
    /// Returns the key to be changed, by its path from the file's root.
    fn target(self, file: &ParsedFile<'_>) -> Result<TargetKey, SetError> {
        let mut path = file.path_of(self.scope)?;
        if let Some((list, number)) = self.listed {
            path.extend([ValueStep::Key(list.to_owned()), ValueStep::Index(number)]);
        }
        let scope_length = path.len();
        path.extend(
            self.setting
                .path
                .iter()
                .map(|key| ValueStep::Key(key.clone())),
        );
        Ok(TargetKey { path, scope_length })
    }
}

/// Sets each customer's keys in its own piece of the text, where it has one.
fn set_wanted(text: &str, settings: &[SettingWanted<'_>]) -> Result<String, SetError> {
    if settings.is_empty() {
        return Ok(text.to_owned());
    }
    match in_pieces(text, settings) {
        // A piece that was cut wrongly, or no TOML anywhere.
        None | Some(Err(SetError::Malformed { .. })) => set_in(text, settings),
        Some(result) => result,
    }
}

/// As [`set_wanted`]; `None` where not all of them have pieces.
fn in_pieces(text: &str, settings: &[SettingWanted<'_>]) -> Option<Result<String, SetError>> {
    let is_of_customer = |it: &SettingWanted<'_>| it.scope != TableScope::File;
    if !settings.iter().all(is_of_customer) {
        return None;
    }
    let spans = customer_spans(text);
    let mut of_customers: BTreeMap<usize, Vec<SettingWanted<'_>>> = BTreeMap::new();
    for wanted in settings {
        let TableScope::Customer(number) = wanted.scope else {
            return None;
        };
        spans.get(number)?;
        let scope = TableScope::Customer(0);
        let of_customer = of_customers.entry(number).or_default();
        of_customer.push(SettingWanted { scope, ..*wanted });
    }
    let mut pieces = Vec::with_capacity(of_customers.len());
    for (number, settings) in of_customers {
        let span = spans.get(number)?.clone();
        match set_in(text.get(span.clone())?, &settings) {
            Ok(piece) => pieces.push((span, piece)),
            Err(error) => return Some(Err(error)),
        }
    }
    drop(spans);
    // A large file that grew step by step would be held twice.
    let longer: usize = pieces.iter().map(|it| it.1.len()).sum();
    let mut new = String::with_capacity(text.len() + longer);
    let mut done = 0;
    for (span, piece) in pieces {
        new.push_str(text.get(done..span.start)?);
        new.push_str(&piece);
        done = span.end;
    }
    new.push_str(text.get(done..)?);
    Some(Ok(new))
}

fn set_in(text: &str, settings: &[SettingWanted<'_>]) -> Result<String, SetError> {
    match set_at_once(text, settings) {
        // Neighbours in an inline table share a comma, and a key may be named twice.
        Err(SetError::Entangled { .. }) if (2..=MOST_IN_TURN).contains(&settings.len()) => {
            settings.iter().try_fold(text.to_owned(), |text, setting| {
                set_at_once(&text, std::slice::from_ref(setting))
            })
        }
        result => result,
    }
}

fn set_at_once(text: &str, settings: &[SettingWanted<'_>]) -> Result<String, SetError> {
    let file = ParsedFile::parse(text)?;
    let outline = Outline::of(&file.document);
    let mut splices = Vec::new();
    let mut expected = TomlMeaning::of_table(file.document.as_table());
    let mut entangled = None;
    for wanted in settings {
        let setting = wanted.setting;
        let edit = KeyEdit {
            file: &file,
            outline: &outline,
            target: wanted.target(&file)?,
        };
        let meaning = setting.value.as_ref().map(meaning_of).transpose()?;
        splices.extend(edit.splice(setting.value.as_ref(), meaning.as_ref())?);
        expected = expected
            .with(&edit.target.path, meaning)
            .ok_or_else(|| edit.entangled())?;
        entangled = Some(edit.entangled());
    }
    let Some(entangled) = entangled else {
        return Ok(text.to_owned());
    };
    file.edited(splices, &expected).ok_or(entangled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> NewValue {
        NewValue::Text(text.to_owned())
    }

    /// Sets `path` (split at dots) of the file to "x" and expects the new text.
    #[track_caller]
    fn check(before: &str, path: &str, expected: &str) {
        let path: Vec<_> = path.split('.').collect();
        assert_eq!(
            set(before, TableScope::File, &path, &text("x")).as_deref(),
            Ok(expected)
        );
        // And again: nothing changes.
        assert_eq!(
            set(expected, TableScope::File, &path, &text("x")).as_deref(),
            Ok(expected)
        );
    }

    #[track_caller]
    fn check_removed(before: &str, path: &str, expected: &str) {
        let path: Vec<_> = path.split('.').collect();
        assert_eq!(
            remove(before, TableScope::File, &path).as_deref(),
            Ok(expected)
        );
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        check("a   =\t'1' # why\nb = 2", "a", "a   =\t\"x\" # why\nb = 2");
        check(
            "\u{feff}a = 1\r\nb = 2\r\n",
            "b",
            "\u{feff}a = 1\r\nb = \"x\"\r\n",
        );
        check(
            "'a' = [\n 1, # one\n]\nb = 2\n",
            "a",
            "'a' = \"x\"\nb = 2\n",
        );
        check("[p]\na = '''\n[q]\n'''\n", "p.a", "[p]\na = \"x\"\n");
        check("p . a = 1\n", "p.a", "p . a = \"x\"\n");
        check(
            "p = { a = 1, b = 2 } # c\n",
            "p.b",
            "p = { a = 1, b = \"x\" } # c\n",
        );
        check(
            "p = { q = { a = 1 } }\n",
            "p.q.a",
            "p = { q = { a = \"x\" } }\n",
        );
    }

    #[test]
    fn a_new_key_follows_the_last_of_its_table() {
        check("", "a", "a = \"x\"\n");
        check("\n", "a", "\na = \"x\"\n");
        check("b = 1", "a", "b = 1\na = \"x\"");
        check("b = 1\r\n", "a", "b = 1\r\na = \"x\"\r\n");
        check(
            "b = [\n1 ] # c\n# d\n",
            "a",
            "b = [\n1 ] # c\na = \"x\"\n# d\n",
        );
        check(
            "b = 1\n\n[p]\nc = 1\n",
            "a",
            "b = 1\na = \"x\"\n\n[p]\nc = 1\n",
        );
        check(
            "# f\n\n# of p\n[p]\nc = 1\n",
            "a",
            "# f\n\na = \"x\"\n# of p\n[p]\nc = 1\n",
        );
        check("[p]", "a", "a = \"x\"\n[p]");
        check("[p]", "p.a", "[p]\na = \"x\"");
        check(
            "[p]\n  b = 1\n[q]\n",
            "p.a",
            "[p]\n  b = 1\n  a = \"x\"\n[q]\n",
        );
        check("[p] # c\n\n[q]\n", "p.a", "[p] # c\na = \"x\"\n\n[q]\n");
        check("p.b = 1\nc = 2\n", "p.a", "p.b = 1\np.a = \"x\"\nc = 2\n");
        check(
            "[p]\nq.b = 1\nc = 2\n",
            "p.q.a",
            "[p]\nq.b = 1\nq.a = \"x\"\nc = 2\n",
        );
        check("p = {}\n", "p.a", "p = { a = \"x\" }\n");
        check("p = { b = 1 }\n", "p.a", "p = { b = 1, a = \"x\" }\n");
        check(
            "b = 1\n[q]\nc = 2\n",
            "p.a",
            "b = 1\np.a = \"x\"\n[q]\nc = 2\n",
        );
        check("[p.q]\nb = 1\n", "p.a", "p.a = \"x\"\n[p.q]\nb = 1\n");
        check(
            "s = '''\n[p]\n'''\n[p]\n",
            "p.a",
            "s = '''\n[p]\n'''\n[p]\na = \"x\"\n",
        );
        check(
            "[[contact]]\nname = 'B'\n",
            "地",
            "\"地\" = \"x\"\n[[contact]]\nname = 'B'\n",
        );
    }

    #[test]
    fn a_customer_among_many() {
        let before = "# all\n[[customer]]\nid = 'a'\n[customer.profile]\nneeds = 'n'\n\
                      [[customer.contact]]\nname = 'c'\n\n[[customer]]\nid = 'b'\n";
        let set_in = |number, path: &[&str]| {
            set(before, TableScope::Customer(number), path, &text("x")).unwrap()
        };
        let with = |old: &str, new: &str| before.replace(old, new);
        assert_eq!(
            set_in(0, &["region"]),
            with("id = 'a'\n", "id = 'a'\nregion = \"x\"\n")
        );
        assert_eq!(
            set_in(1, &["region"]),
            with("id = 'b'\n", "id = 'b'\nregion = \"x\"\n")
        );
        assert_eq!(
            set_in(0, &["profile", "needs"]),
            with("needs = 'n'", "needs = \"x\"")
        );
        assert_eq!(
            set_in(0, &["profile", "b"]),
            with("= 'n'\n", "= 'n'\nb = \"x\"\n")
        );
        assert_eq!(
            set_in(1, &["profile", "needs"]),
            with("id = 'b'\n", "id = 'b'\nprofile.needs = \"x\"\n")
        );
        // Only that customer's piece is looked at, unless it cannot be told from the next one's.
        let odd = "[[customer]]\nid = '''\n#a'''\n[[customer]]\nid = 'b'\n";
        let first = set(odd, TableScope::Customer(0), &["region"], &text("x")).unwrap();
        assert_eq!(first, odd.replace("a'''\n", "a'''\nregion = \"x\"\n"));
        let second = set(odd, TableScope::Customer(1), &["region"], &text("x")).unwrap();
        assert_eq!(second, format!("{odd}region = \"x\"\n"));
        let none = set(before, TableScope::Customer(2), &["a"], &text("x"));
        assert_eq!(none, Err(SetError::NoCustomer { number: 3 }));
        let inline = "customer = [ { id = 'a' }, { id = 'b' } ]\n";
        assert_eq!(
            set(inline, TableScope::Customer(1), &["region"], &text("x")).unwrap(),
            "customer = [ { id = 'a' }, { id = 'b', region = \"x\" } ]\n"
        );
    }

    #[test]
    fn what_cannot_be_set_is_refused() {
        let refused =
            |before, path: &[&str]| set(before, TableScope::File, path, &text("x")).unwrap_err();
        let key = || "p".to_owned();
        assert_eq!(refused("[p]\n", &["p"]), SetError::IsTable { key: key() });
        assert_eq!(
            refused("p.a = 1\n", &["p"]),
            SetError::IsTable { key: key() }
        );
        assert_eq!(refused("[[p]]\n", &["p"]), SetError::IsTable { key: key() });
        assert_eq!(
            refused("p = {a = 1}\n", &["p"]),
            SetError::IsTable { key: key() }
        );
        let below = SetError::BelowValue {
            key: "p.a".to_owned(),
        };
        assert_eq!(refused("p = 1\n", &["p", "a"]), below);
        assert!(matches!(
            refused("[[p]]\n", &["p", "a"]),
            SetError::Entangled { .. }
        ));
        assert!(matches!(
            refused("a = \n", &["a"]),
            SetError::Malformed { at: 4, .. }
        ));
        let bad = set(
            "",
            TableScope::File,
            &["a"],
            &NewValue::Literal("1\nb = 2".to_owned()),
        );
        assert!(matches!(bad, Err(SetError::BadValue { .. })), "{bad:?}");
    }

    #[test]
    fn many_keys_at_once() {
        let setting = |scope, path: &[&str], value: Option<&str>| KeySetting {
            scope,
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            value: value.map(text),
        };
        let before = "[[customer]]\r\nid = 'a'\r\nold = 1\r\n[[customer]]\r\nid = 'b'\r\np = {}";
        let settings = [
            setting(TableScope::Customer(1), &["x"], Some("1")),
            setting(TableScope::Customer(0), &["y"], Some("2")),
            setting(TableScope::Customer(0), &["old"], None),
            setting(TableScope::Customer(0), &["id"], Some("A")),
            setting(TableScope::Customer(1), &["z"], Some("3")),
        ];
        assert_eq!(
            set_all(before, &settings).unwrap(),
            "[[customer]]\r\nid = \"A\"\r\ny = \"2\"\r\n[[customer]]\r\nid = 'b'\r\np = {}\r\n\
             x = \"1\"\r\nz = \"3\""
        );
        let settings =
            ["a", "b"].map(|key| setting(TableScope::Customer(1), &["p", key], Some(key)));
        assert_eq!(
            set_all(before, &settings).unwrap(),
            before.replace("{}", "{ a = \"a\", b = \"b\" }")
        );
        let one = [setting(TableScope::File, &["k"], Some("1"))];
        assert!(matches!(
            set_all("a = ", &one),
            Err(SetError::Malformed { .. })
        ));
        // The later of two for one key holds, as if they were made one after the other.
        let settings = ["1", "2"].map(|value| setting(TableScope::File, &["k"], Some(value)));
        assert_eq!(set_all("k = 0\n", &settings).unwrap(), "k = \"2\"\n");
        assert_eq!(set_all("", &settings).unwrap(), "k = \"2\"\n");
    }

    #[test]
    fn other_kinds_of_value() {
        let set_to = |value: NewValue| set("a = 1\n", TableScope::File, &["a"], &value).unwrap();
        assert_eq!(
            set_to(NewValue::Literal("2026-03-01".to_owned())),
            "a = 2026-03-01\n"
        );
        assert_eq!(set_to(NewValue::Literal("0.22".to_owned())), "a = 0.22\n");
        let tags = NewValue::Texts(vec!["key".to_owned(), "大".to_owned()]);
        assert_eq!(set_to(tags), "a = [\"key\", \"大\"]\n");
    }

    #[test]
    fn a_key_is_removed_with_its_line() {
        check_removed("a = 1 # c\nb = 2\n", "a", "b = 2\n");
        check_removed("b = 2\r\na = [\r\n1]", "a", "b = 2\r\n");
        check_removed("[p]\na = 1\n[q]\n", "p.a", "[p]\n[q]\n");
        check_removed("p.a = 1\n", "p.a", "");
        check_removed(
            "p = { a = 1, b = 2, c = 3 }\n",
            "p.a",
            "p = { b = 2, c = 3 }\n",
        );
        check_removed(
            "p = { a = 1, b = 2, c = 3 }\n",
            "p.b",
            "p = { a = 1, c = 3 }\n",
        );
        check_removed(
            "p = { a = 1, b = 2, c = 3 }\n",
            "p.c",
            "p = { a = 1, b = 2 }\n",
        );
        let absent = remove("a = 1\n", TableScope::File, &["b"]);
        assert_eq!(
            absent,
            Err(SetError::Absent {
                key: "b".to_owned()
            })
        );
    }
}
