//! What `import` is told: options over a saved mapping over what files say themselves.

use crate::change::{Desk, FileEdit};
use crate::diagnostic::Nearest as _;
use crate::exchange::ReadOptions;
use crate::exchange::headings::Into;
use crate::exchange::import::mapping::{Constant, HeadingName, MapTo, Mapping, Overwrite};
use crate::exchange::import::targets::ImportTarget;
use crate::exchange::import::values::unit::MoneyUnit;
use crate::exchange::import::values::{Habits, READ_WORDS};
use crate::exchange::options::{encoding_of_label, separator_of};
use crate::model::KindTable;
use crate::policy::{Policy, SavedImport};
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::{listed, say};

/// What is asked of an import, over what a saved mapping says.
#[derive(Debug)]
pub(crate) struct ImportOptions {
    /// What the lines are.
    pub(crate) into: Into,
    /// The sheet of a workbook, by its name or number.
    pub(crate) sheet: Option<String>,
    /// The row of the headings; 0 if there are none.
    pub(crate) header_row: Option<u64>,
    pub(crate) encoding: Option<String>,
    pub(crate) separator: Option<String>,
    /// The words of how files write things.
    pub(crate) read: Vec<String>,
    /// `HEADING=TARGET`.
    pub(crate) map: Vec<String>,
    /// `TARGET=VALUE`.
    pub(crate) set: Vec<String>,
    /// `HEADING:TEXT=TEXT`.
    pub(crate) value: Vec<String>,
    /// `HEADING=TEXT,...`.
    pub(crate) skip: Vec<String>,
    /// The saved mapping that is used.
    pub(crate) source: Option<String>,
    /// Whether customers are made of names that nobody has.
    pub(crate) create: bool,
    pub(crate) overwrite: Overwrite,
    /// Whether all new customers go into one file.
    pub(crate) together: bool,
}

/// How files are to be read and meant.
#[derive(Debug)]
pub(crate) struct ImportReading {
    pub(crate) options: ReadOptions,
    pub(crate) mapping: Mapping,
    /// The same as it is saved.
    pub(crate) saved: SavedImport,
}

/// Refuses fields to overwrite that no customer's file has.
fn check_overwrite(mapping: &Mapping, kinds: &KindTable) -> anyhow::Result<()> {
    let Overwrite::Fields(fields) = &mapping.overwrite else {
        return Ok(());
    };
    let into = mapping.into;
    let is_none = |it: &&String| {
        into == Into::Log || *it != "contact" && ImportTarget::parse(it, into, kinds).is_none()
    };
    let Some(field) = fields.iter().find(is_none) else {
        return Ok(());
    };
    let message = say!("`{}` cannot be overwritten", "`{}` 不能覆盖", told(field));
    let hint = say!(
        "`--overwrite=owner,region` names keys of customers' files",
        "`--overwrite=owner,region` 写的是客户文件的键"
    );
    Err(hinted(message, Some(hint)))
}

/// Refuses a word of `--read`.
fn no_reading(word: &str) -> anyhow::Error {
    let near = READ_WORDS.iter().copied().hint(word);
    let lists = || {
        say!(
            "the words are {}",
            "可用的词有 {}",
            listed(READ_WORDS.iter().chain(&["utc+8"])).spoken()
        )
    };
    let message = say!(
        "`--read` knows no `{}` here",
        "这里的 `--read` 没有 `{}`",
        told(word)
    );
    hinted(message, Some(near.unwrap_or_else(lists)))
}

/// Resolves the options and the source that they name.
///
/// # Errors
/// If a word of them means nothing.
pub(crate) fn reading_of(
    options: &ImportOptions,
    policy: &Policy,
) -> anyhow::Result<ImportReading> {
    let into = options.into;
    let source = match &options.source {
        None => SavedImport::default(),
        Some(name) => source_of(name, into, policy)?,
    };
    let saved = united(options, into, source.clone())?;
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
        overwrite: options.overwrite.clone(),
    };
    check_overwrite(&mapping, &policy.kinds)?;
    for word in &saved.read {
        if !mapping.habits.add(word) {
            return Err(no_reading(word));
        }
    }
    let of_options = options_of(options)?;
    add_all(&mut mapping, &of_options, false, &policy.kinds)?;
    add_all(&mut mapping, &source, true, &policy.kinds)?;
    let encoding = match &saved.encoding {
        None => None,
        Some(label) => Some(encoding_of_label(label).ok_or_else(|| {
            let hint = say!(
                "write a label such as `gb18030`, `big5` or `windows-1252`",
                "请写编码名，如 `gb18030`、`big5`、`windows-1252`"
            );
            hinted(
                say!(
                    "there is no encoding `{}`",
                    "没有 `{}` 这种编码",
                    told(label)
                ),
                Some(hint),
            )
        })?),
    };
    let separator = match &saved.separator {
        None => None,
        Some(word) => Some(separator_of(word).ok_or_else(|| {
            let hint = say!(
                "give one character, such as `;`, or `tab`",
                "请给一个字符，如 `;`，或 `tab`"
            );
            hinted(
                say!("`{}` parts no cells", "`{}` 不能分隔单元格", told(word)),
                Some(hint),
            )
        })?),
    };
    Ok(ImportReading {
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
        let hint = near.unwrap_or_else(|| {
            say!(
                "`--save NAME` saves a mapping in guanxi.toml",
                "`--save NAME` 把对应关系存入 guanxi.toml"
            )
        });
        return Err(hinted(
            say!(
                "guanxi.toml has no `[import.{}]`",
                "guanxi.toml 里没有 `[import.{}]`",
                told(name)
            ),
            Some(hint),
        ));
    };
    if source.into != into.word() {
        let message = say!(
            "`[import.{}]` is for `import {}`",
            "`[import.{}]` 用于 `import {}`",
            told(name),
            source.into
        );
        return Err(hinted(message, None));
    }
    Ok(source.clone())
}

/// Returns what the options alone say.
fn options_of(options: &ImportOptions) -> anyhow::Result<SavedImport> {
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
    for word in &options.map {
        saved.map.push(pair(word, "--map '单据日期=date'")?);
    }
    for word in &options.set {
        saved.set.push(first_pair(word, "--set kind=order")?);
    }
    for word in &options.skip {
        let (heading, texts) = first_pair(word, "--skip '单据状态=作废'")?;
        let texts = texts
            .split([',', '，'])
            .map(|it| it.trim().to_owned())
            .collect();
        saved.skip.push((heading, texts));
    }
    for word in &options.value {
        let example = "--value '单据类型:销售出库单=order'";
        let (left, new) = pair(word, example)?;
        let (heading, text) = left.split_once(':').ok_or_else(|| no_pair(word, example))?;
        // A colon at the heading's end is none of the text.
        let text = text.trim_start_matches(':');
        let new = vec![(text.trim().to_owned(), new)];
        saved.values.push((heading.trim().to_owned(), new));
    }
    Ok(saved)
}

fn no_pair(word: &str, example: &str) -> anyhow::Error {
    hinted(
        say!(
            "`{}` does not say what it is of",
            "`{}` 没有写明针对哪一列",
            told(word)
        ),
        Some(say!(
            "write it like `{example}`",
            "请写成 `{example}` 的样子"
        )),
    )
}

/// Returns what holds: the options over the source.
fn united(options: &ImportOptions, into: Into, source: SavedImport) -> anyhow::Result<SavedImport> {
    let own = options_of(options)?;
    let mut read: Vec<String> = options.read.iter().map(|it| it.trim().to_owned()).collect();
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
        sheet: options.sheet.clone().or(source.sheet),
        header_row: options.header_row.or(source.header_row),
        encoding: options.encoding.clone().or(source.encoding),
        separator: options.separator.clone().or(source.separator),
        read,
        map: over(own.map, source.map),
        set: over(own.set, source.set),
        skip,
        values,
        create: options.create || source.create,
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
                let hint = say!(
                    "`--map '*=custom'` of `import customers` takes every other column",
                    "`import customers` 的 `--map '*=custom'` 收下其余各列"
                );
                return Err(hinted(
                    say!("`*={}` means nothing", "`*={}` 没有意义", told(target)),
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
                let hint = say!(
                    "write it like `--set unit=元` or `--set unit=万元`",
                    "请写成 `--set unit=元` 或 `--set unit=万元`"
                );
                hinted(
                    say!("`{}` is no unit of money", "`{}` 不是金额单位", told(value)),
                    Some(hint),
                )
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

fn target_of(name: &str, into: Into, kinds: &KindTable) -> anyhow::Result<(ImportTarget, bool)> {
    ImportTarget::parse(name, into, kinds).ok_or_else(|| {
        let names = ImportTarget::names(into, kinds);
        let near = names.iter().map(String::as_str).hint(name);
        let lists = || {
            say!(
                "`guanxi help import` lists the targets",
                "`guanxi help import` 列出全部目标"
            )
        };
        let hint = near.unwrap_or_else(lists);
        hinted(
            say!(
                "`{}` is no target of `import {}`",
                "`{}` 不是 `import {}` 的目标",
                told(name),
                into.word()
            ),
            Some(hint),
        )
    })
}

/// Returns the edit of the policy that saves the mapping at hand.
///
/// # Errors
/// If the policy cannot be changed so.
pub(crate) fn saving(desk: &Desk, name: &str, reading: &ImportReading) -> anyhow::Result<FileEdit> {
    super::saving::edit(desk, name, &reading.saved)
}
