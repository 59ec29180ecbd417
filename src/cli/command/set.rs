//! `guanxi set`: fields of one customer, or of all that satisfy a rule.

use std::collections::BTreeMap;

use crate::change::Desk;
use crate::change::fields::{Changes, FieldChange, change_fields};
use crate::change::named::NamedCustomer;
use crate::change::namesake::refuse_namesake;
use crate::change::values::{TypedField, how_fields_are_written};
use crate::cli::Console;
use crate::cli::args::SetArgs;
use crate::cli::outcome::Outcome;
use crate::session::hint::hinted;
use crate::words::{Phrase, say, spoken};

pub(super) fn run(args: &SetArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let (customer, words) = match (&args.rule, args.words.split_first()) {
        (None, Some((customer, words))) => (Some(customer.as_str()), words),
        _ => (None, args.words.as_slice()),
    };
    if words.is_empty() {
        return Err(hinted(
            Phrase("there is nothing to set", "没有要修改的内容").spoken(),
            Some(how_fields_are_written()),
        ));
    }
    let mut fields: Vec<TypedField> = Vec::new();
    for word in words {
        let field = TypedField::parse(word)?;
        if fields.iter().any(|it| it.path == field.path) {
            return Err(hinted(
                say!("`{}` is given twice", "`{}` 写了两次", field.name()),
                None,
            ));
        }
        fields.push(field);
    }
    match customer {
        Some(customer) => set_one(args, customer, &fields, console),
        None => set_where(args, &fields, console),
    }
}

fn set_one(
    args: &SetArgs,
    customer: &str,
    fields: &[TypedField],
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let command = format!("set {}", args.words.join(" "));
    let mut desk = Desk::open(&args.write, command, console)?;
    let named = desk.find(customer)?;
    let wanted = [(named.clone(), fields.to_vec())];
    if !args.force {
        refuse_name(&desk, &wanted)?;
    }
    let changes = change_fields(&desk, &wanted, Vec::new())?;
    let follows = desk.follows(&changes.edits, &named.path, &named.id);
    desk.apply(&changes.edits, console)?;
    changes.remarks.tell(console);
    let mut said = said(&changes);
    if said.is_empty() {
        said.push(say!("{} has all of that already", "{} 已经如此", named.id));
    } else {
        said.extend(follows);
    }
    Ok(desk.done(&said, &changes.paths(), console))
}

/// Refuses a name that another customer has, or that several would have.
fn refuse_name(desk: &Desk, wanted: &[(NamedCustomer, Vec<TypedField>)]) -> anyhow::Result<()> {
    let names = wanted.iter().filter_map(|(customer, fields)| {
        let name = fields.iter().find(|it| it.name() == "name")?;
        Some((customer, name.text.trim()))
    });
    let names: Vec<(&NamedCustomer, &str)> = names.collect();
    let Some((customer, name)) = names.first() else {
        return Ok(());
    };
    if names.len() > 1 {
        let message = say!(
            "{} customers would be called `{name}`",
            "会有 {} 个客户名为 `{name}`",
            names.len()
        );
        return Err(hinted(
            message,
            Some(
                Phrase("name one customer", "请只写一个客户")
                    .spoken()
                    .to_owned(),
            ),
        ));
    }
    let all = desk.customers();
    refuse_namesake(
        &all.loaded.book,
        name,
        Some(&customer.id),
        Phrase("sets it all the same", "仍这样设置"),
    )
}

/// Sets the fields of all that satisfy the rule; without `--yes` it is only shown.
fn set_where(
    args: &SetArgs,
    fields: &[TypedField],
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let rule = args.rule.as_deref().unwrap_or_default();
    let command = format!("set --where '{rule}' {}", args.words.join(" "));
    let is_shown = !args.yes && !args.write.dry_run;
    let mut desk = if is_shown {
        Desk::look(&args.write, command, console)?
    } else {
        Desk::open(&args.write, command, console)?
    };
    let (part, chosen) = desk.choose(rule, console)?;
    let nothing = if chosen.is_empty() {
        say!("no customer satisfies the rule", "没有符合条件的客户")
    } else {
        say!("all of them have that already", "它们都已经如此")
    };
    let wanted: Vec<(NamedCustomer, Vec<TypedField>)> = chosen
        .into_iter()
        .map(|index| {
            let customer = &part.loaded.book.customers[index];
            (desk.named(&part, customer), fields.to_vec())
        })
        .collect();
    // The book is not held twice.
    drop(part);
    if !args.force {
        refuse_name(&desk, &wanted)?;
    }
    let changes = change_fields(&desk, &wanted, Vec::new())?;
    let mut said = said(&changes);
    let count = changes.count();
    if is_shown {
        for line in &said {
            writeln!(console.out, "{}", crate::source::told(line))?;
        }
        console.note(&match count {
            0 => say!(
                "note: nothing would change: {nothing}\n",
                "note: 不会有改动：{nothing}\n"
            ),
            1 => say!(
                "note: 1 customer would change; `--yes` changes it\n",
                "note: 将改动 1 家客户；加 `--yes` 才写入\n"
            ),
            _ => say!(
                "note: {count} customers would change; `--yes` changes them\n",
                "note: 将改动 {count} 家客户；加 `--yes` 才写入\n"
            ),
        });
        return Ok(Outcome::Done);
    }
    desk.apply(&changes.edits, console)?;
    changes.remarks.tell(console);
    said.push(match count {
        0 => say!("nothing changed: {nothing}", "没有改动：{nothing}"),
        1 => say!("1 customer changed", "已改动 1 家客户"),
        _ => say!("{count} customers changed", "已改动 {count} 家客户"),
    });
    Ok(desk.done(&said, &changes.paths(), console))
}

/// Says what changes, a line a customer.
fn said(changes: &Changes) -> Vec<String> {
    let mut by_id: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for change in &changes.list {
        by_id.entry(&change.id).or_default().push(shown(change));
    }
    let line = |(id, parts): (&str, Vec<String>)| {
        let parts = parts.join(spoken().pick(", ", "，"));
        say!("set {id}: {parts}", "已改 {id}：{parts}")
    };
    by_id.into_iter().map(line).collect()
}

fn shown(change: &FieldChange) -> String {
    let name = &change.field;
    let logged = if change.is_logged {
        spoken().pick(" (logged)", "（已登记）")
    } else {
        ""
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            say!(
                "{name} {before} -> {after}{logged}",
                "{name} {before} → {after}{logged}"
            )
        }
        (None, Some(after)) => format!("{name} {after}{logged}"),
        (Some(before), None) => say!("{name} {before} removed", "已去掉 {name} {before}"),
        (None, None) => name.clone(),
    }
}
