//! What `import` is told: options over a saved mapping over what files say themselves.

use super::{Desk, Edit};
use crate::cli::args::{ImportArgs, ImportWhat};
use crate::cli::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::exchange::ReadOptions;
use crate::exchange::headings::Into;
use crate::exchange::import::mapping::{Constant, HeadingName, MapTo, Mapping, Overwrite};
use crate::exchange::import::targets::Target;
use crate::exchange::import::values::unit::MoneyUnit;
use crate::exchange::import::values::{Habits, READ_WORDS};
use crate::exchange::options::{encoding_of_label, separator_of};
use crate::model::KindTable;
use crate::policy::{Policy, SavedImport};
use crate::source::told;

/// How files are to be read and meant.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) options: ReadOptions,
    pub(crate) mapping: Mapping,
    /// The same as it is saved.
    pub(crate) saved: SavedImport,
}

/// Resolves the arguments and the source that they name.
///
/// # Errors
/// If a word of them means nothing.
pub(crate) fn reading_of(args: &ImportArgs, policy: &Policy) -> anyhow::Result<Reading> {
    let into = match args.what {
        ImportWhat::Customers => Into::Customers,
        ImportWhat::Log => Into::Log,
        ImportWhat::Book => {
            let message = "an export of a whole book has no columns to map".to_owned();
            return Err(hinted(message, None));
        }
    };
    let source = match &args.source {
        None => SavedImport::default(),
        Some(name) => source_of(name, into, policy)?,
    };
    let saved = united(args, into, source.clone())?;
    let mut mapping = Mapping {
        into,
        maps: Vec::new(),
        rest_is_custom: false,
        constants: Vec::new(),
        values: Vec::new(),
        skips: Vec::new(),
        habits: Habits::default(),
        unit: None,
        creates: saved.create,
        overwrite: match &args.overwrite {
            None => Overwrite::Nothing,
            Some(None) => Overwrite::All,
            Some(Some(fields)) => {
                Overwrite::Fields(fields.split(',').map(|it| it.trim().to_owned()).collect())
            }
        },
    };
    if let Overwrite::Fields(fields) = &mapping.overwrite {
        for field in fields {
            let is_table = matches!(field.as_str(), "contact");
            if into == Into::Log || !is_table && Target::parse(field, into, &policy.kinds).is_none()
            {
                let hint = "`--overwrite=owner,region` names keys of customers' files".to_owned();
                return Err(hinted(
                    format!("`{}` cannot be overwritten", told(field)),
                    Some(hint),
                ));
            }
        }
    }
    for word in &saved.read {
        if !mapping.habits.add(word) {
            let near = READ_WORDS.iter().copied().hint(word);
            let hint =
                near.unwrap_or_else(|| format!("the words are {}, utc+8", READ_WORDS.join(", ")));
            return Err(hinted(
                format!("`--read` knows no `{}` here", told(word)),
                Some(hint),
            ));
        }
    }
    let of_options = options_of(args)?;
    add_all(&mut mapping, &of_options, false, &policy.kinds)?;
    add_all(&mut mapping, &source, true, &policy.kinds)?;
    let encoding = match &saved.encoding {
        None => None,
        Some(label) => Some(encoding_of_label(label).ok_or_else(|| {
            let hint = "write a label such as `gb18030`, `big5` or `windows-1252`".to_owned();
            hinted(
                format!("there is no encoding `{}`", told(label)),
                Some(hint),
            )
        })?),
    };
    let separator = match &saved.separator {
        None => None,
        Some(word) => Some(separator_of(word).ok_or_else(|| {
            let hint = "give one character, such as `;`, or `tab`".to_owned();
            hinted(format!("`{}` parts no cells", told(word)), Some(hint))
        })?),
    };
    Ok(Reading {
        options: ReadOptions {
            sheet: saved.sheet.clone(),
            header_row: saved.header_row,
            encoding,
            separator,
            short_lines: mapping.habits.short_lines,
        },
        mapping,
        saved,
    })
}

fn source_of(name: &str, into: Into, policy: &Policy) -> anyhow::Result<SavedImport> {
    let found = policy.imports.iter().find(|it| it.name == name);
    let Some(source) = found else {
        let near = policy.imports.iter().map(|it| it.name.as_str()).hint(name);
        let hint =
            near.unwrap_or_else(|| "`--save NAME` saves a mapping in guanxi.toml".to_owned());
        return Err(hinted(
            format!("guanxi.toml has no `[import.{}]`", told(name)),
            Some(hint),
        ));
    };
    if source.into != into.word() {
        let message = format!("`[import.{}]` is for `import {}`", told(name), source.into);
        return Err(hinted(message, None));
    }
    Ok(source.clone())
}

/// Returns what the options alone say.
fn options_of(args: &ImportArgs) -> anyhow::Result<SavedImport> {
    let pair = |word: &str, example: &str| -> anyhow::Result<(String, String)> {
        let (left, right) = word
            .rsplit_once('=')
            .ok_or_else(|| no_pair(word, example))?;
        Ok((left.trim().to_owned(), right.trim().to_owned()))
    };
    let first_pair = |word: &str, example: &str| -> anyhow::Result<(String, String)> {
        let (left, right) = word.split_once('=').ok_or_else(|| no_pair(word, example))?;
        Ok((left.trim().to_owned(), right.trim().to_owned()))
    };
    let mut saved = SavedImport::default();
    for word in &args.map {
        saved.map.push(pair(word, "--map '单据日期=date'")?);
    }
    for word in &args.set {
        saved.set.push(first_pair(word, "--set kind=order")?);
    }
    for word in &args.skip {
        let (heading, texts) = first_pair(word, "--skip '单据状态=作废'")?;
        let texts = texts
            .split([',', '，'])
            .map(|it| it.trim().to_owned())
            .collect();
        saved.skip.push((heading, texts));
    }
    for word in &args.value {
        let example = "--value '单据类型:销售出库单=order'";
        let (left, new) = pair(word, example)?;
        let (heading, text) = left.split_once(':').ok_or_else(|| no_pair(word, example))?;
        let new = vec![(text.trim().to_owned(), new)];
        saved.values.push((heading.trim().to_owned(), new));
    }
    Ok(saved)
}

fn no_pair(word: &str, example: &str) -> anyhow::Error {
    hinted(
        format!("`{}` does not say what it is of", told(word)),
        Some(format!("write it like `{example}`")),
    )
}

/// Returns what holds: the options over the source.
fn united(args: &ImportArgs, into: Into, source: SavedImport) -> anyhow::Result<SavedImport> {
    let own = options_of(args)?;
    let mut read: Vec<String> = args.read.iter().map(|it| it.trim().to_owned()).collect();
    let has_order = read.iter().any(|it| matches!(it.as_str(), "dmy" | "mdy"));
    let has_zone = read.iter().any(|it| it.starts_with("utc"));
    for word in source.read {
        let is_replaced = has_order && matches!(word.as_str(), "dmy" | "mdy")
            || has_zone && word.starts_with("utc");
        if !read.contains(&word) && !is_replaced {
            read.push(word);
        }
    }
    let over = |own: Vec<(String, String)>, other: Vec<(String, String)>| {
        let mut all = own;
        for pair in other {
            if !all.iter().any(|it| it.0 == pair.0) {
                all.push(pair);
            }
        }
        all
    };
    let mut skip = own.skip;
    skip.extend(source.skip);
    let mut values = own.values;
    values.extend(source.values);
    Ok(SavedImport {
        name: String::new(),
        into: into.word().to_owned(),
        sheet: args.sheet.clone().or(source.sheet),
        header_row: args.header_row.or(source.header_row),
        encoding: args.encoding.clone().or(source.encoding),
        separator: args.separator.clone().or(source.separator),
        read,
        map: over(own.map, source.map),
        set: over(own.set, source.set),
        skip,
        values,
        create: args.create || source.create,
    })
}

/// Adds what options or a source say of columns.
fn add_all(
    mapping: &mut Mapping,
    saved: &SavedImport,
    is_of_source: bool,
    kinds: &KindTable,
) -> anyhow::Result<()> {
    let into = mapping.into;
    for (heading, target) in &saved.map {
        if heading == "*" {
            if target != "custom" || into == Into::Log {
                let hint =
                    "`--map '*=custom'` of `import customers` takes every other column".to_owned();
                return Err(hinted(
                    format!("`*={}` means nothing", told(target)),
                    Some(hint),
                ));
            }
            mapping.rest_is_custom = true;
            continue;
        }
        let to = if target == "-" {
            MapTo::Nothing
        } else {
            let (target, turns) = target_of(target, into, kinds)?;
            MapTo::Target(target, turns)
        };
        mapping
            .maps
            .push((HeadingName::parse(heading, is_of_source), to));
    }
    for (target, value) in &saved.set {
        if target == "unit" {
            let unit = MoneyUnit::parse(value).ok_or_else(|| {
                let hint = "write it like `--set unit=元` or `--set unit=万元`".to_owned();
                hinted(format!("`{}` is no unit of money", told(value)), Some(hint))
            })?;
            mapping.unit.get_or_insert(unit);
            continue;
        }
        let (target, turns) = target_of(target, into, kinds)?;
        mapping.constants.push(Constant {
            target,
            turns,
            value: value.clone(),
        });
    }
    for (heading, texts) in &saved.skip {
        mapping
            .skips
            .push((HeadingName::parse(heading, is_of_source), texts.clone()));
    }
    for (heading, texts) in &saved.values {
        for (text, new) in texts {
            let name = HeadingName::parse(heading, is_of_source);
            mapping.values.push((name, text.clone(), new.clone()));
        }
    }
    Ok(())
}

fn target_of(name: &str, into: Into, kinds: &KindTable) -> anyhow::Result<(Target, bool)> {
    Target::parse(name, into, kinds).ok_or_else(|| {
        let names: &[&str] = match into {
            Into::Log => &[
                "customer",
                "customer.id",
                "customer.aliases",
                "date",
                "time",
                "kind",
                "amount",
                "currency",
                "direction",
                "score",
                "staff",
                "topic",
                "channel",
                "ref",
                "due",
                "note",
                "order.amount",
                "invoice.amount",
                "payment.amount",
                "plan.due",
            ],
            Into::Customers => &[
                "name",
                "id",
                "aliases",
                "owner",
                "stage",
                "since",
                "added",
                "segment",
                "region",
                "tags",
                "communication",
                "score",
                "margin",
                "credit_limit",
                "payment_terms",
                "revisit",
                "reviewed",
                "website",
                "address",
                "licence",
                "registered_capital",
                "bank_account",
                "contact.name",
                "contact.title",
                "contact.phone",
                "contact.mobile",
                "contact.email",
                "contact.wechat",
                "contact.birthday",
                "contact.note",
                "competitor.name",
                "date.name",
                "date.on",
                "profile.needs",
            ],
        };
        let near = names.iter().copied().hint(name);
        let hint = near.unwrap_or_else(|| "`guanxi help import` lists the targets".to_owned());
        hinted(
            format!("`{}` is no target of `import {}`", told(name), into.word()),
            Some(hint),
        )
    })
}

/// Returns the edit of the policy that saves the mapping at hand.
///
/// # Errors
/// If the policy cannot be changed so.
pub(crate) fn saving(desk: &Desk, name: &str, reading: &Reading) -> anyhow::Result<Edit> {
    super::import_saving::edit(desk, name, &reading.saved)
}
