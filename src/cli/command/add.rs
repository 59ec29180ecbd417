//! `guanxi add`: a new customer's file, with comments where a field waits to be filled.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Context as _;

use crate::change::days::parse_when;
use crate::change::named::LoadedPart;
use crate::change::namesake::refuse_namesake;
use crate::change::people::{self, CONTACT};
use crate::change::remarks::Remarks;
use crate::change::service::check_not_away;
use crate::change::values::TypedField;
use crate::change::{Desk, FileEdit, Logs, follow, is_common, load_options, refuse_errors_of};
use crate::check::days_ahead;
use crate::cli::Console;
use crate::cli::args::AddArgs;
use crate::cli::outcome::Outcome;
use crate::edit::new_id::{NewId, new_id};
use crate::edit::toml_listed::add_listed;
use crate::edit::toml_scope::TableScope;
use crate::edit::toml_set::{KeySetting, set_all};
use crate::edit::toml_value::NewValue;
use crate::model::{
    CUSTOMER_FIELDS, FieldType, Text, check_id, composed_id, folded_id, says_something,
};
use crate::policy::Policy;
use crate::session::hint::hinted;
use crate::source::{CUSTOMERS, Files as _, told};
use crate::words::{Phrase, say, spoken};

/// The keys of a customer that come first, in this order.
const FIRST: [&str; 5] = ["name", "owner", "stage", "since", "added"];

pub(super) fn run(args: &AddArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let name = args.name.trim();
    refuse_no_name(&args.name)?;
    let mut fields = vec![named("name", name)];
    let options = [
        ("owner", &args.owner),
        ("stage", &args.stage),
        ("since", &args.since),
    ];
    for (key, text) in options {
        fields.extend(text.iter().map(|text| named(key, text)));
    }
    if let Some(since) = args.since.as_ref().filter(|it| !it.is_empty()) {
        parse_when(since, console.environment.today)?;
    }
    for word in &args.set {
        let field = TypedField::parse(word)?;
        if let Some(twice) = fields.iter().find(|it| it.path == field.path) {
            return Err(hinted(
                say!("`{}` is given twice", "`{}` 写了两次", twice.name()),
                None,
            ));
        }
        fields.push(field);
    }
    people::check_fields(&args.person.typed(), console.environment.today)?;
    let person = person(args)?;
    if fields.iter().all(|it| it.name() != "added") {
        let today = console.environment.today;
        fields.push(named("added", &today.to_string()));
    }
    let mut desk = Desk::open(&args.write, format!("add {name}"), console)?;
    let all = desk.customers();
    let mut origin = None;
    let id = if let Some(id) = &args.id {
        checked_id(&desk, &all, id, None)?
    } else {
        let made = new_id(name, |id| is_taken(&desk, &all, id, None));
        origin = id_origin(&made).filter(|_| !args.write.quiet);
        made.id
    };
    if !args.force {
        let what = Phrase("adds another of the name", "仍新建同名客户");
        refuse_namesake(&all.loaded.book, name, None, what)?;
    }
    let path = format!("{CUSTOMERS}{id}.toml");
    let text = file_text(&all.loaded.policy, &fields, desk.today)
        .and_then(|text| match &person {
            None => Ok(text),
            Some(values) => Ok(add_listed(&text, TableScope::File, CONTACT, values)?),
        })
        .with_context(|| say!("cannot make `{path}`", "无法新建 `{path}`"))?;
    let is_all = follow::needs_all(&all.loaded.policy);
    let mut draft = desk.part(Logs::With, |_| is_all);
    draft.put(&path, Some(text.clone().into_bytes().into()));
    let part = LoadedPart::load(&draft, load_options(false, false));
    let edits = [FileEdit::create(&path, text)];
    refuse_errors_of(&edits, &part.loaded, |it| is_common(it) || it == path)?;
    desk.refuse_claimed(&edits)?;
    if let Some(owner) = fields
        .iter()
        .find(|it| it.name() == "owner" && !it.text.is_empty())
    {
        check_not_away(&part.loaded.book, &owner.text, desk.today)?;
    }
    let follows = follow::line(&part, &id, None, desk.today);
    let mut remarks = remarks(&part, &id, desk.today);
    let ids = BTreeSet::from([id.as_str()]);
    let paths = BTreeSet::from([path.as_str()]);
    let left = desk.left_without_cadence(&part.loaded.policy, &edits, &ids, &paths);
    if let Some(left) = left {
        remarks.odd.push(left);
    }
    drop(draft);

    desk.apply(&edits, console)?;
    remarks.tell(console);
    if let Some(origin) = origin {
        console.note(&say!(
            "note: the id {origin}; `--id` or `guanxi rename` gives another\n",
            "note: 编号{origin}；可用 `--id` 或 `guanxi rename` 另取\n"
        ));
    }
    let mut said = vec![say!("added {id} ({path})", "已新增 {id}（{path}）")];
    said.extend(follows);
    Ok(desk.done(&said, &[path], console))
}

/// Refuses what names nobody, and a name of several lines.
fn refuse_no_name(typed: &str) -> anyhow::Result<()> {
    let name = typed.trim();
    if !says_something(name) {
        let hint = Phrase(
            "give the firm's name: `guanxi add \"Acme Works\"`",
            "请写公司名称：`guanxi add \"株洲地铁\"`",
        )
        .spoken()
        .to_owned();
        let message = say!("`{}` is no name", "`{}` 不是名称", told(typed));
        return Err(hinted(message, Some(hint)));
    }
    if name.contains(['\n', '\r']) {
        let hint = Phrase("write the name in one line", "名称要写在一行里")
            .spoken()
            .to_owned();
        return Err(hinted(
            Phrase("the name has a line break", "名称里有换行").spoken(),
            Some(hint),
        ));
    }
    Ok(())
}

/// Returns what `check` would tell of the new customer.
fn remarks(part: &LoadedPart, id: &str, today: chrono::NaiveDate) -> Remarks {
    let mut remarks = Remarks::default();
    if let Some(index) = part.loaded.book.index_of(id) {
        let customer = &part.loaded.book.customers[index];
        for it in days_ahead(customer, today, |_| true) {
            remarks.odd.push(it);
        }
    }
    remarks
}

/// Returns the values of the person that is to stand in the file.
///
/// # Errors
/// If something is said of a person without a name.
fn person(args: &AddArgs) -> anyhow::Result<Option<Vec<(&'static str, NewValue)>>> {
    let fields = people::fields(&args.person.typed());
    let Some(name) = &args.contact else {
        return match fields.first() {
            None => Ok(None),
            Some((key, _)) => Err(hinted(
                say!(
                    "`--{key}` is said of a person without a name",
                    "`--{key}` 说的是没有姓名的人"
                ),
                Some(
                    Phrase(
                        "`--contact NAME` names the person",
                        "用 `--contact 姓名` 写明是谁",
                    )
                    .spoken()
                    .to_owned(),
                ),
            )),
        };
    };
    people::check_name(name)?;
    let name = ("name", Some(NewValue::Text(name.trim().to_owned())));
    let filled = std::iter::once(name).chain(fields);
    Ok(Some(
        filled
            .filter_map(|(key, value)| Some((key, value?)))
            .collect(),
    ))
}

fn named(key: &str, text: &str) -> TypedField {
    TypedField {
        path: vec![key.to_owned()],
        text: text.to_owned(),
    }
}

/// Tells whether an id, in whatever case, is a customer's already, or was one's once.
///
/// Those that the customer `own` once had are free for it.
pub(super) fn is_taken(desk: &Desk, all: &LoadedPart, id: &str, own: Option<&str>) -> bool {
    let folded = folded_id(id);
    let is_same = |other: &str| folded_id(other) == folded;
    // A file that cannot be read has its id all the same.
    let stems = desk.files.paths().iter().filter_map(|path| {
        let name = path.strip_prefix(CUSTOMERS)?.rsplit('/').next()?;
        name.strip_suffix(".toml")
    });
    let customers = &all.loaded.book.customers;
    let others = customers.iter().filter(|it| own != Some(&*it.id));
    let mut former = others.flat_map(|it| it.former_ids.iter());
    let mut ids = customers.iter().map(|it| &*it.id);
    ids.any(is_same) || stems.into_iter().any(is_same) || former.any(|it| is_same(it))
}

/// Returns the id if a customer may have it.
///
/// # Errors
/// If it is none, or taken.
pub(super) fn checked_id(
    desk: &Desk,
    all: &LoadedPart,
    id: &str,
    own: Option<&str>,
) -> anyhow::Result<String> {
    let id = &*composed_id(id);
    if let Err(fault) = check_id(id) {
        let hint = Phrase(
            "an id has letters and digits of any script, then also `.`, `_`, `-`",
            "编号由字母、汉字和数字组成，其后也可以用 `.`、`_`、`-`",
        )
        .spoken()
        .to_owned();
        return Err(hinted(
            say!(
                "the id `{id}` {}",
                "编号 `{id}` {}",
                fault.reason().spoken()
            ),
            Some(hint),
        ));
    }
    if is_taken(desk, all, id, own) {
        let customers = &all.loaded.book.customers;
        let was = |former: &Text| folded_id(former) == folded_id(id);
        let former = customers.iter().find(|it| it.former_ids.iter().any(was));
        let hint = if customers.iter().any(|it| *it.id == *id) {
            Phrase("choose another", "请换一个").spoken().to_owned()
        } else if let Some(former) = former {
            say!(
                "`{}` once had it; choose another",
                "`{}` 曾用过它，请换一个",
                former.id
            )
        } else {
            Phrase(
                "ids must differ in more than case; choose another",
                "编号不能只有大小写不同，请换一个",
            )
            .spoken()
            .to_owned()
        };
        let hint = Some(hint);
        return Err(hinted(
            say!("the id `{id}` is taken", "编号 `{id}` 已被使用"),
            hint,
        ));
    }
    Ok(id.to_owned())
}

/// Tells where an id comes from that nobody would have chosen.
fn id_origin(made: &NewId) -> Option<&'static str> {
    if made.is_from_pinyin {
        Some(spoken().pick("is how the name sounds", "取自名称的拼音"))
    } else if made.is_nameless {
        Some(spoken().pick(
            "says nothing, for the name has no letter",
            "没有含义，因为名称中没有字母",
        ))
    } else {
        None
    }
}

/// Returns the text of the new file: the fields given, and those that the policy expects as
/// comments.
fn file_text(
    policy: &Policy,
    fields: &[TypedField],
    today: chrono::NaiveDate,
) -> anyhow::Result<String> {
    let settings: Vec<KeySetting> = fields
        .iter()
        .map(|field| field.setting(TableScope::File, None, today))
        .filter(|it| it.value.is_some())
        .collect();
    let has = |key: &str| {
        fields
            .iter()
            .any(|it| it.name() == key && !it.text.is_empty())
    };
    let expected = policy.expect.iter().map(String::as_str);
    let (nested, plain): (Vec<&str>, Vec<&str>) = expected.partition(|key| key.contains('.'));
    let others = plain.iter().copied().filter(|key| !FIRST.contains(key));
    let mut text = String::new();
    // Writing to a string cannot fail.
    for key in FIRST.into_iter().chain(others) {
        if let Some(value) = settings
            .iter()
            .find(|it| it.path == [key])
            .and_then(|it| it.value.as_ref())
        {
            let _ = writeln!(text, "{key} = {}", value.to_toml());
        } else if plain.contains(&key) {
            let _ = writeln!(text, "# {key} = {}", placeholder(key, today));
        }
    }
    let mut table = "";
    for (head, key) in nested.iter().filter_map(|key| key.split_once('.')) {
        if has(&format!("{head}.{key}")) {
            continue;
        }
        if head != table {
            let is_list = CUSTOMER_FIELDS.contains(&(head, FieldType::Tables));
            let header = if is_list {
                format!("[[{head}]]")
            } else {
                format!("[{head}]")
            };
            let _ = writeln!(text, "\n# {header}");
            table = head;
        }
        let _ = writeln!(text, "# {key} = {}", placeholder(key, today));
    }
    Ok(set_all(&text, &settings)?)
}

/// Returns what stands in a comment for a value to be filled in.
fn placeholder(key: &str, today: chrono::NaiveDate) -> String {
    let field = CUSTOMER_FIELDS.iter().find(|it| it.0 == key);
    match field.map(|it| it.1) {
        Some(FieldType::Date) => today.to_string(),
        Some(FieldType::Number) => "50".to_owned(),
        Some(FieldType::Share) => "0.20".to_owned(),
        Some(FieldType::Texts) => "[]".to_owned(),
        None if key == "on" => today.to_string(),
        _ => "\"\"".to_owned(),
    }
}
