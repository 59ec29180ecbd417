//! `guanxi contact`: a person of a customer added, changed or removed.

use std::collections::BTreeSet;

use crate::change::named::{LoadedPart, NamedCustomer};
use crate::change::people::{
    CONTACT, People, PersonField, check_fields, check_name, fields, settings,
};
use crate::change::{Desk, FileEdit, Logs, is_common, load_options, refuse_errors_of};
use crate::cli::Console;
use crate::cli::args::ContactArgs;
use crate::cli::outcome::Outcome;
use crate::edit::toml_get::shown;
use crate::edit::toml_listed::{add_listed, remove_listed};
use crate::edit::toml_scope::SetError;
use crate::edit::toml_set::set_listed;
use crate::edit::toml_value::NewValue;
use crate::edit::toml_waiting::woken;
use crate::session::hint::hinted;
use crate::words::{Phrase, say, spoken};

pub(super) fn run(args: &ContactArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    check_name(&args.name)?;
    check_fields(&args.person.typed(), console.environment.today)?;
    let fields = fields(&args.person.typed());
    if args.remove && !fields.is_empty() {
        let hint = Phrase(
            "`--remove` takes the person out; an empty value removes a field",
            "`--remove` 删除这个人；值留空则删除该字段",
        )
        .spoken()
        .to_owned();
        return Err(hinted(
            Phrase(
                "`--remove` goes with no fields",
                "`--remove` 不能与字段同时写",
            )
            .spoken(),
            Some(hint),
        ));
    }
    let command = format!("contact {} {}", args.customer, args.name);
    let mut desk = Desk::open(&args.write, command, console)?;
    let named = desk.find(&args.customer)?;
    let old = desk.known_text(&named.path)?;
    let people = People::read(&old, named.scope);
    let found = people.find(&named.id, &args.name)?;
    let change = match found {
        Some(number) if args.remove => remove(&old, &named, &people, number),
        Some(_) if fields.is_empty() => return Err(nothing_given(&named, args)),
        Some(number) => set(&old, &named, &people, number, fields),
        None if args.remove => return Err(nobody(&named, &people, args)),
        None => {
            if let Some(near) = people.near(&args.name) {
                console.note(&say!(
                    "note: {} has a person of nearly this name; {near}\n",
                    "note: {}已有姓名相近的人；{near}\n",
                    named.id
                ));
            }
            add(&old, &named, &args.name, &fields)
        }
    };
    let (new, said) = change.map_err(|error| hinted(format!("`{}`: {error}", named.path), None))?;
    let edit = FileEdit::replace(&named.path, old, new);
    let mut draft = desk.part(Logs::Without, |path| path == named.path);
    let edits = [edit];
    for edit in &edits {
        edit.draft(&mut draft);
    }
    let ids = BTreeSet::from([named.id.as_str()]);
    let after = LoadedPart::of(&draft, &ids, load_options(false, false));
    drop(draft);
    let is_concerned = |path: &str| is_common(path) || path == named.path;
    refuse_errors_of(&edits, &after.loaded, is_concerned)?;
    let is_changed = edits.iter().any(|it| it.old != it.new);
    desk.apply(&edits, console)?;
    let paths = if is_changed { vec![named.path] } else { vec![] };
    Ok(desk.done(&[said], &paths, console))
}

/// The new text and what is said of it.
type Changed = Result<(String, String), SetError>;

fn add(old: &str, named: &NamedCustomer, name: &str, fields: &[PersonField]) -> Changed {
    let name = name.trim();
    let mut values = vec![("name", NewValue::Text(name.to_owned()))];
    let filled = fields.iter();
    values.extend(filled.filter_map(|(key, value)| Some((*key, value.clone()?))));
    let new = add_listed(old, named.scope, CONTACT, &values)?;
    let shown: Vec<String> = (values.iter().skip(1))
        .map(|(key, value)| format!("{key} {}", shown(value)))
        .collect();
    let what = if shown.is_empty() {
        ""
    } else {
        spoken().pick(": ", "：")
    };
    let shown = shown.join(spoken().pick(", ", "，"));
    let said = say!(
        "added {} to {}{what}{shown}",
        "已为 {1} 新增联系人 {0}{what}{shown}",
        name,
        named.id
    );
    Ok((new, said))
}

fn set(
    old: &str,
    named: &NamedCustomer,
    people: &People,
    number: usize,
    fields: Vec<PersonField>,
) -> Changed {
    let before = |key: &str| people.value(number, key);
    let name = people.name(number);
    let fields: Vec<PersonField> = fields
        .into_iter()
        .filter(|(key, value)| before(key) != value.as_ref())
        .collect();
    if fields.is_empty() {
        let said = say!(
            "{} of {} has all of that already",
            "{1} 的 {0} 已经如此",
            name,
            named.id
        );
        return Ok((old.to_owned(), said));
    }
    let part = |(key, after): &PersonField| match (before(key), after) {
        (Some(before), Some(after)) => say!(
            "{key} {} -> {}",
            "{key} {} → {}",
            shown(before),
            shown(after)
        ),
        (Some(before), None) => say!("{key} {} removed", "已去掉 {key} {}", shown(before)),
        (None, Some(after)) => format!("{key} {}", shown(after)),
        (None, None) => (*key).to_owned(),
    };
    let parts: Vec<String> = fields.iter().map(part).collect();
    let parts = parts.join(spoken().pick(", ", "，"));
    let said = say!(
        "set {} of {}: {parts}",
        "已改 {1} 的 {0}：{parts}",
        name,
        named.id
    );
    let settings = settings(named.scope, fields);
    let old = woken(old, Some((CONTACT, number)), &settings);
    let new = set_listed(&old, CONTACT, number, &settings)?;
    Ok((new, said))
}

fn remove(old: &str, named: &NamedCustomer, people: &People, number: usize) -> Changed {
    let new = remove_listed(old, named.scope, CONTACT, number)?;
    let said = say!(
        "removed {} from {}",
        "已从 {1} 删除联系人 {0}",
        people.name(number),
        named.id
    );
    Ok((new, said))
}

fn nothing_given(named: &NamedCustomer, args: &ContactArgs) -> anyhow::Error {
    let hint = Phrase(
        "give what is to change, like `--phone '138 0000 0000'`",
        "请写要修改的内容，如 `--phone '138 0000 0000'`",
    )
    .spoken()
    .to_owned();
    hinted(
        say!(
            "`{}` has a person called `{}` already",
            "`{}` 已有名为 `{}` 的联系人",
            named.id,
            args.name
        ),
        Some(hint),
    )
}

fn nobody(named: &NamedCustomer, people: &People, args: &ContactArgs) -> anyhow::Error {
    hinted(
        say!(
            "`{}` has no person called `{}`",
            "`{}` 没有名为 `{}` 的联系人",
            named.id,
            args.name
        ),
        people.near(&args.name),
    )
}
