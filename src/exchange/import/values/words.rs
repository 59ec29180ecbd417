//! Words of kinds, stages, and whoever is meant by a name: the book's own come first.

use std::sync::RwLock;

use foldhash::{HashMap, HashMapExt as _};

use super::Bad;
use crate::diagnostic::Nearest as _;
use crate::model::{Book, StaffMember, composed_id, plain_form, word_form};
use crate::policy::Policy;
use crate::source::told;
use crate::words::{Phrase, all_of, both, listed};

/// The stages of the default policy, and the words that other programs have for each.
const STAGES: [(&str, &str); 4] = [
    ("prospect", "潜在 意向"),
    ("bidding", "投标 招标 报价"),
    ("delivery", "执行 执行中 实施 在建 交付"),
    ("completed", "完成 已完成 完工 已完工"),
];

/// The words of how communication goes.
const COMMUNICATION: [(&str, &str); 2] = [("normal", "正常 顺畅"), ("difficult", "困难")];

fn word_in(table: &[(&'static str, &str)], word: &str) -> Option<&'static str> {
    let found = table.iter().find(|it| it.1.split(' ').any(|it| it == word));
    found.map(|it| it.0)
}

/// Returns the kind of the policy that a text names, by its index.
///
/// # Errors
/// If it names none.
pub(crate) fn read_kind(text: &str, policy: &Policy) -> Result<u8, Bad> {
    policy.kind_named(text).ok_or_else(|| {
        let near = policy.kind_words().help(&word_form(text));
        let hint = Phrase(
            "`--value 'HEADING:TEXT=KIND'` says what it is, or `-` leaves such lines out",
            "用 `--value '列名:文字=类型'` 写明是什么，写 `-` 则去掉这样的行",
        );
        let help = near.map_or_else(
            || hint.into(),
            |near| both!("{} Else {}", "{}否则{}", near, hint),
        );
        Bad::new(
            "unknown-kind",
            both!("`{}` is no kind of row", "没有 `{}` 这个类型", told(text)),
        )
        .help(help)
    })
}

/// Returns the stage of the policy that a text names.
///
/// # Errors
/// If it names none.
pub(crate) fn read_stage(text: &str, policy: &Policy) -> Result<String, Bad> {
    let word = word_form(text);
    let own = policy.stages.iter().find(|it| word_form(it) == word);
    let other = || {
        let name = word_in(&STAGES, &word)?;
        policy.stages.iter().find(|it| *it == name)
    };
    own.or_else(other).cloned().ok_or_else(|| {
        let near = policy.stages.iter().map(String::as_str).help(&word);
        let help = near.unwrap_or_else(|| {
            both!(
                "the policy's stages are {}",
                "规则里的阶段有 {}",
                listed(&policy.stages)
            )
        });
        Bad::new(
            "unknown-stage",
            both!(
                "`{}` is not a stage of this book",
                "`{}` 不是本账本的阶段",
                told(text)
            ),
        )
        .help(help)
    })
}

/// Returns how communication goes, as a file writes it.
///
/// # Errors
/// If the text is no word for it.
pub(crate) fn read_communication(text: &str) -> Result<&'static str, Bad> {
    let word = word_form(text);
    let own = COMMUNICATION.iter().find(|it| it.0 == word).map(|it| it.0);
    own.or_else(|| word_in(&COMMUNICATION, &word))
        .ok_or_else(|| {
            Bad::new(
                "wrong-value",
                both!(
                    "`{}` is neither normal nor difficult",
                    "`{}` 既不是正常也不是困难",
                    told(text)
                ),
            )
            .help(Phrase(
                "write `normal` (正常) or `difficult` (困难)",
                "请写 `normal`（正常）或 `difficult`（困难）",
            ))
        })
}

/// Returns yes or no.
///
/// # Errors
/// If the text is neither.
pub(crate) fn read_bool(text: &str) -> Result<bool, Bad> {
    match word_form(text).as_str() {
        "true" | "yes" | "y" | "是" => Ok(true),
        "false" | "no" | "n" | "否" => Ok(false),
        _ => Err(Bad::new(
            "wrong-value",
            both!(
                "`{}` is neither yes nor no",
                "`{}` 既不是“是”也不是“否”",
                told(text)
            ),
        )
        .help(Phrase("write `true` or `false`", "请写 `true` 或 `false`"))),
    }
}

/// What words mean that were read before: a column has few of them, each in many lines.
struct WordMemo<T>(RwLock<HashMap<Box<str>, T>>);

impl<T: Clone> WordMemo<T> {
    /// How many words are kept, so that a column of as many as it has lines takes no room.
    const MOST: usize = 4096;

    fn new() -> Self {
        Self(RwLock::new(HashMap::new()))
    }

    /// Returns what a word means, read if it is a new one.
    fn of(&self, word: &str, read: impl FnOnce(&str) -> Result<T, Bad>) -> Result<T, Bad> {
        let known = self.0.read().ok().and_then(|it| it.get(word).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let meaning = read(word)?;
        if let Ok(mut known) = self.0.write()
            && known.len() < Self::MOST
        {
            known.insert(word.into(), meaning.clone());
        }
        Ok(meaning)
    }
}

/// Which kinds words mean.
pub(crate) struct KindWords<'p> {
    policy: &'p Policy,
    known: WordMemo<u8>,
}

impl<'p> KindWords<'p> {
    pub(crate) fn of(policy: &'p Policy) -> Self {
        Self {
            policy,
            known: WordMemo::new(),
        }
    }

    /// Returns the kind that a text names, by its index.
    ///
    /// # Errors
    /// If it names none.
    pub(crate) fn read(&self, text: &str) -> Result<u8, Bad> {
        self.known.of(text, |text| read_kind(text, self.policy))
    }
}

/// Whom names of the staff may mean.
pub(crate) struct StaffWords<'b> {
    book: &'b Book,
    known: WordMemo<String>,
}

impl<'b> StaffWords<'b> {
    pub(crate) fn of(book: &'b Book) -> Self {
        Self {
            book,
            known: WordMemo::new(),
        }
    }

    /// Returns the id of an account manager by the id or name; without a `staff.toml` the text as it is.
    ///
    /// # Errors
    /// If there is none, or several have the name.
    pub(crate) fn read(&self, text: &str) -> Result<String, Bad> {
        match &self.book.staff {
            Some(staff) => self.known.of(text, |text| Self::read_among(staff, text)),
            None => Ok(text.to_owned()),
        }
    }

    fn read_among(staff: &[StaffMember], text: &str) -> Result<String, Bad> {
        let id = composed_id(text);
        if staff.iter().any(|it| *it.id == *id) {
            return Ok(id.into_owned());
        }
        let plain = plain_form(text);
        let by_id = staff.iter().filter(|it| plain_form(&it.id) == plain);
        let by_name = staff
            .iter()
            .filter(|it| it.name.as_deref().is_some_and(|it| plain_form(it) == plain));
        let mut found: Vec<&str> = by_id.map(|it| it.id.as_str()).collect();
        if found.is_empty() {
            found = by_name.map(|it| it.id.as_str()).collect();
        }
        match found[..] {
            [one] => Ok(one.to_owned()),
            [] => {
                let names = staff
                    .iter()
                    .flat_map(|it| [Some(it.id.as_str()), it.name.as_deref()]);
                let near = names.flatten().help(text);
                let hint = Phrase(
                    "add the person to staff.toml, or `--value 'HEADING:TEXT=ID'` says who is meant",
                    "在 staff.toml 里加上此人，或用 `--value '列名:文字=编号'` 写明是谁",
                );
                let help = near.map_or_else(
                    || hint.into(),
                    |near| both!("{} Else {}", "{}否则{}", near, hint),
                );
                let message = both!(
                    "`{}` is nobody in staff.toml",
                    "staff.toml 里没有 `{}` 这个人",
                    told(text)
                );
                Err(Bad::new("unknown-staff", message).help(help))
            }
            _ => {
                let message = both!(
                    "`{}` is the name of {}",
                    "`{}` 是 {} 的姓名",
                    told(text),
                    all_of(&found)
                );
                Err(Bad::new("unknown-staff", message).help(Phrase(
                    "`--value 'HEADING:TEXT=ID'` says who is meant",
                    "用 `--value '列名:文字=编号'` 写明是谁",
                )))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_many_words() {
        let policy = Policy::default();
        let kind = |text: &str| {
            let found = read_kind(text, &policy).map_err(|it| it.code)?;
            Ok::<_, &str>(policy.kinds.kind(found).name.clone())
        };
        for (text, name) in [
            ("电话回访", "call"),
            ("Phone Call", "call"),
            ("credit-note", "credit"),
            ("ＱＱ", "message"),
            ("销售 订单", "order"),
            ("Write_off", "writeoff"),
            ("协议", "agreement"),
        ] {
            assert_eq!(kind(text).as_deref(), Ok(name), "{text}");
        }
        assert_eq!(kind("付款"), Err("unknown-kind"));
    }

    #[test]
    fn stages_and_communication_too() {
        let policy = Policy::default();
        assert_eq!(read_stage("执行中", &policy).as_deref(), Ok("delivery"));
        assert_eq!(read_stage("Delivery", &policy).as_deref(), Ok("delivery"));
        assert_eq!(read_stage("x", &policy).unwrap_err().code, "unknown-stage");
        assert_eq!(read_communication("顺畅"), Ok("normal"));
        assert_eq!(read_communication("x").unwrap_err().code, "wrong-value");
    }
}
