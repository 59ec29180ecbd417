//! `guanxi set`: fields of one customer, or of all that satisfy a rule.

use std::collections::BTreeMap;

use crate::cli::Console;
use crate::cli::args::SetArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::writing::Desk;
use crate::cli::writing::fields::{Change, Changes, change_fields};
use crate::cli::writing::named::Named;
use crate::cli::writing::namesake::refuse_namesake;
use crate::cli::writing::values::Field;

pub(super) fn run(args: &SetArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let (customer, words) = match (&args.rule, args.words.split_first()) {
        (None, Some((customer, words))) => (Some(customer.as_str()), words),
        _ => (None, args.words.as_slice()),
    };
    if words.is_empty() {
        let hint = "write fields like `owner=li.wei`".to_owned();
        return Err(hinted("there is nothing to set", Some(hint)));
    }
    let mut fields: Vec<Field> = Vec::new();
    for word in words {
        let field = Field::parse(word)?;
        if fields.iter().any(|it| it.path == field.path) {
            return Err(hinted(format!("`{}` is given twice", field.name()), None));
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
    fields: &[Field],
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let command = format!("set {}", args.words.join(" "));
    let mut desk = Desk::open(&args.write, command, console)?;
    let named = desk.find(customer)?;
    let wanted = [(named.clone(), fields.to_vec())];
    if !args.force {
        refuse_name(&desk, &wanted)?;
    }
    let changes = change_fields(&desk, &wanted, Vec::new(), console)?;
    let follows = desk.follows(&changes.edits, &named.path, &named.id);
    desk.apply(&changes.edits, console)?;
    changes.remarks.tell(console);
    let mut said = said(&changes);
    if said.is_empty() {
        said.push(format!("{} has all of that already", named.id));
    } else {
        said.extend(follows);
    }
    Ok(desk.done(&said, &changes.paths(), console))
}

/// Refuses a name that another customer has, or that several would have.
fn refuse_name(desk: &Desk, wanted: &[(Named, Vec<Field>)]) -> anyhow::Result<()> {
    let names = wanted.iter().filter_map(|(customer, fields)| {
        let name = fields.iter().find(|it| it.name() == "name")?;
        Some((customer, name.text.trim()))
    });
    let names: Vec<(&Named, &str)> = names.collect();
    let Some((customer, name)) = names.first() else {
        return Ok(());
    };
    if names.len() > 1 {
        let message = format!("{} customers would be called `{name}`", names.len());
        return Err(hinted(message, Some("name one customer".to_owned())));
    }
    let all = desk.customers();
    refuse_namesake(
        &all.loaded.book,
        name,
        Some(&customer.id),
        "sets it all the same",
    )
}

/// Sets the fields of all that satisfy the rule; without `--yes` it is only shown.
fn set_where(
    args: &SetArgs,
    fields: &[Field],
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
        "no customer satisfies the rule"
    } else {
        "all of them have that already"
    };
    let wanted: Vec<(Named, Vec<Field>)> = chosen
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
    let changes = change_fields(&desk, &wanted, Vec::new(), console)?;
    let mut said = said(&changes);
    let count = changes.count();
    if is_shown {
        for line in &said {
            writeln!(console.out, "{}", crate::source::told(line))?;
        }
        console.note(&match count {
            0 => format!("note: nothing would change: {nothing}\n"),
            1 => "note: 1 customer would change; `--yes` changes it\n".to_owned(),
            _ => format!("note: {count} customers would change; `--yes` changes them\n"),
        });
        return Ok(Outcome::Done);
    }
    desk.apply(&changes.edits, console)?;
    changes.remarks.tell(console);
    said.push(match count {
        0 => format!("nothing changed: {nothing}"),
        1 => "1 customer changed".to_owned(),
        _ => format!("{count} customers changed"),
    });
    Ok(desk.done(&said, &changes.paths(), console))
}

/// Says what changes, a line a customer.
fn said(changes: &Changes) -> Vec<String> {
    let mut by_id: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for change in &changes.list {
        by_id.entry(&change.id).or_default().push(shown(change));
    }
    let line = |(id, parts): (&str, Vec<String>)| format!("set {id}: {}", parts.join(", "));
    by_id.into_iter().map(line).collect()
}

fn shown(change: &Change) -> String {
    let name = &change.field;
    let logged = if change.is_logged { " (logged)" } else { "" };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{name} {before} -> {after}{logged}"),
        (None, Some(after)) => format!("{name} {after}{logged}"),
        (Some(before), None) => format!("{name} {before} removed"),
        (None, None) => name.clone(),
    }
}
