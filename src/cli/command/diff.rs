//! `guanxi diff`: what changed, and what did it.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::answer::{
    AnswerReader, ChoiceError, Column, Document, GridRows as _, GridView, Sheet, SortOrder,
};
use crate::cli::Console;
use crate::cli::args::{BookOptions, DiffArgs, SheetOptions};
use crate::cli::opening::{as_of, open, open_taking};
use crate::cli::outcome::Outcome;
use crate::cli::report::{AnswerTitle as Telling, is_for_people, tell_grid};
use crate::cli::settings::{Chosen, TotalSetting};
use crate::diagnostic::Diagnostics;
use crate::figures::{Figures, Needs, PartFacts};
use crate::load::{LoadOptions, Loaded, load};
use crate::metric::{Type, Value};
use crate::model::AsOf;
use crate::model::{Book, LogPart};
use crate::policy::Policy;
use crate::render::shown;
use crate::report::diff::{
    Between, COLUMNS, Diff, DiffQuestion, DiffSide, FigurePair, SPARE, STAT_COLUMNS,
    chosen_metrics, needs, shown_kind,
};
use crate::rule::{Rule, Vocabulary};
use crate::session::hint::hinted;
use crate::session::opened::Opened;
use crate::session::ready::{FiguresWanted, Rev};
use crate::source::{Files, POLICY_FILE, SourceText};
use crate::words::{Phrase, say, spoken};

pub(super) fn run(args: &DiffArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let metrics = chosen_metrics(&args.metrics).map_err(metric_error)?;
    let columns: &[&str] = if args.stat { &STAT_COLUMNS } else { &COLUMNS };
    let mut chosen = Chosen::resolve(&args.sheet, columns, columns)?;
    if args.sheet.columns.is_empty() {
        chosen.spare = SPARE.map(Into::into).to_vec();
        chosen.last_spare = vec!["what".into()];
    }
    let asked = DiffAsked {
        args,
        metrics: &metrics,
        chosen: &chosen,
    };
    match (&args.book.rev, args.from, &args.book.policy) {
        (Some(_), Some(_), _) => Err(hinted(
            Phrase("`diff` compares two days or two revisions, and here are both", "`diff` 比较两个日期或两个版本，这里两种都写了").spoken().to_owned(),
            Some(Phrase("leave out FROM, or `--rev`", "请去掉起始日或 `--rev`").spoken().to_owned()),
        )),
        (Some(revisions), None, _) => asked.of_revisions(revisions, console),
        (None, Some(from), _) => asked.of_days(from, console),
        (None, None, Some(_)) => asked.of_policies(console),
        (None, None, None) => Err(hinted(
            Phrase("`diff` needs to know what differs", "`diff` 要写明比较什么").spoken().to_owned(),
            Some(
                Phrase("a day such as `2w` to compare days, `--policy FILE` to compare policies, `--rev A..B` to \
                 compare revisions", "写日期（如 `2w`）比较两天，`--policy 文件` 比较规则，`--rev A..B` 比较版本").spoken()
                    .to_owned(),
            ),
        )),
    }
}

/// Says of a wrong name that it is no metric's.
fn metric_error(error: ChoiceError) -> anyhow::Error {
    match &error {
        ChoiceError::Unknown { name, .. } => hinted(
            say!("no metric is called `{name}`", "没有名为 `{name}` 的指标"),
            error.help(),
        ),
        _ => error.into(),
    }
}

/// What was asked, whatever differs.
struct DiffAsked<'a> {
    args: &'a DiffArgs,
    metrics: &'a [FigurePair],
    chosen: &'a Chosen,
}

/// The figures of both sides, and what tells them apart in JSON.
struct Sides<'s> {
    from: DiffSide<'s>,
    to: DiffSide<'s>,
    between: Between,
    under_from: Option<&'s Figures<'s>>,
    /// The day of the side that comes first, if it is another.
    day: Option<NaiveDate>,
    /// What JSON has beside the rows.
    beside: Vec<(&'static str, Document)>,
}

impl DiffAsked<'_> {
    /// Compares two days of one book.
    fn of_days(&self, from: AsOf, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
        let today = as_of(&self.args.book, console);
        let to = self.args.to.map_or(today, |it| it.resolve(today));
        let from = from.resolve(to);
        if from > to {
            return Err(hinted(
                say!(
                    "FROM is {from}, which is after TO, {to}",
                    "起始日 {from} 晚于截止日 {to}"
                ),
                Some(
                    Phrase("name the earlier day first", "请先写较早的日期")
                        .spoken()
                        .to_owned(),
                ),
            ));
        }
        let options = BookOptions {
            as_of: Some(AsOf::Day(to)),
            ..self.args.book.clone()
        };
        let wanted = FiguresWanted {
            origins: true,
            ..FiguresWanted::default()
        };
        let opened = open(&options, wanted, console)?;
        let vocabulary = opened.loaded.policy.vocabulary();
        let rule = self.rule(&opened, &vocabulary, console)?;
        let needs = needs(&opened.loaded.policy, self.metrics, rule.as_ref());
        let before = figures_on(&opened, from, needs);
        let after = figures_on(&opened, to, needs);
        let sides = Sides {
            from: side(&opened, &before),
            to: side(&opened, &after),
            between: Between::Days,
            under_from: None,
            day: Some(from),
            beside: Vec::new(),
        };
        self.tell(&sides, rule.as_ref(), &opened, console)
    }

    /// Compares the book's own policy with another.
    fn of_policies(&self, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
        let options = BookOptions {
            policy: None,
            ..self.args.book.clone()
        };
        let (own, own_parts) = self.open_for_figures(&options, console)?;
        let options = &self.args.book;
        let (other, other_parts) = self.open_for_figures(options, console)?;
        let vocabulary = joined(&own.loaded.policy, &other.loaded.policy);
        let rule = self.rule(&other, &vocabulary, console)?;
        let needs_of = |opened: &Opened| needs(&opened.loaded.policy, self.metrics, rule.as_ref());
        let before = own.figures_of(needs_of(&own), own_parts);
        let after = other.figures_of(needs_of(&other), other_parts);
        let sides = Sides {
            from: side(&own, &before),
            to: side(&other, &after),
            between: Between::Policies,
            under_from: None,
            day: None,
            beside: Vec::new(),
        };
        self.tell(&sides, rule.as_ref(), &other, console)
    }

    /// Compares the book's files in two revisions.
    fn of_revisions(&self, text: &str, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
        let (from, to) = revisions(text)?;
        let wanted = FiguresWanted {
            origins: true,
            hashes: true,
            ..FiguresWanted::default()
        };
        let of = |rev: Option<String>| BookOptions {
            rev,
            ..self.args.book.clone()
        };
        let old = open(&of(Some(from)), wanted, console)?;
        let new = open(&of(to), wanted, console)?;
        let vocabulary = joined(&old.loaded.policy, &new.loaded.policy);
        let rule = self.rule(&new, &vocabulary, console)?;
        let needs_of = |policy: &Policy| needs(policy, self.metrics, rule.as_ref());
        let before = figures_on(&old, old.as_of, needs_of(&old.loaded.policy));
        let after = figures_on(&new, new.as_of, needs_of(&new.loaded.policy));
        let under = (old.loaded.policy != new.loaded.policy)
            .then(|| new_under_old(&old, &new))
            .flatten();
        let under = under.as_ref().map(|loaded| {
            let needs = needs_of(&loaded.policy);
            Figures::new(&loaded.book, &loaded.policy, new.as_of, needs, new.threads)
        });
        let sides = Sides {
            from: side(&old, &before),
            to: side(&new, &after),
            between: Between::Revisions,
            under_from: under.as_ref(),
            day: None,
            beside: (old.revision.iter())
                .map(|rev| ("from_rev", revision_document(rev)))
                .collect(),
        };
        self.tell(&sides, rule.as_ref(), &new, console)
    }

    /// Reads a book for the figures that are compared, and keeps no row of it.
    fn open_for_figures(
        &self,
        options: &BookOptions,
        console: &mut Console<'_>,
    ) -> anyhow::Result<(Opened, Vec<PartFacts>)> {
        let day = as_of(options, console);
        let take = |book: &Book, policy: &Policy, part: &mut LogPart| {
            let rule = self.args.rule.as_deref().and_then(|text| {
                // Whoever has a wrong rule will be told, and not be answered.
                let source = SourceText::new("RULE", text);
                let mut faults = Diagnostics::default();
                Rule::compile_filter(&source, &policy.vocabulary(), &[], &mut faults)
            });
            let needs = needs(policy, self.metrics, rule.as_ref());
            PartFacts::new(book, policy, day, needs, part)
        };
        open_taking(options, FiguresWanted::default(), take, console)
    }

    fn rule(
        &self,
        opened: &Opened,
        vocabulary: &Vocabulary,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Option<Rule>> {
        opened.filter_of(self.args.rule.as_deref(), vocabulary, &[], console)
    }

    /// Compares both sides, and tells what differs.
    fn tell(
        &self,
        sides: &Sides<'_>,
        rule: Option<&Rule>,
        opened: &Opened,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Outcome> {
        let args = self.args;
        let diff = Diff::new(&DiffQuestion {
            from: sides.from,
            to: sides.to,
            between: sides.between,
            under_from: sides.under_from,
            metrics: self.metrics,
            rule,
            reader: if is_for_people(&args.sheet.output) {
                AnswerReader::Table
            } else {
                AnswerReader::Cells
            },
            threads: opened.threads,
        });
        opened.let_writers_in()?;
        let mut parts = sides.beside.clone();
        if !args.stat {
            parts.extend(diff.parts());
        }
        let sheet = if args.stat {
            diff.stat_sheet()
        } else {
            diff.sheet()
        };
        let name = if args.stat { "diff-stat" } else { "diff" };
        let question = Telling {
            from: sides.day,
            ..Telling::new(
                name,
                spoken().pick("nothing changed", "没有变化"),
                &args.book,
            )
        };
        let total = TotalSetting {
            parts: &parts,
            ..TotalSetting::default()
        };
        let count = if is_for_people(&args.sheet.output) {
            let cut = args.sheet.cut_by_setting(sheet.row_count());
            let total = TotalSetting {
                closing: &cut,
                ..total
            };
            let (sheet, chosen) = self.for_people(&sheet, &opened.loaded.policy);
            let options = SheetOptions {
                limit: None,
                ..args.sheet.clone()
            };
            tell_grid(
                &sheet, &chosen, &options, opened, &total, &question, console,
            )?
        } else {
            tell_grid(
                &sheet,
                self.chosen,
                &args.sheet,
                opened,
                &total,
                &question,
                console,
            )?
        };
        opened.outcome(count > 0, args.exit_code)
    }

    /// Returns the rows as people read them: each value as one of its metric.
    fn for_people(&self, sheet: &Sheet<'_>, policy: &Policy) -> (Sheet<'static>, Chosen) {
        let view = GridView::of(sheet).sort(&self.chosen.order);
        let view = view.limit(self.args.sheet.limit);
        let columns = view.columns().iter().map(|it| {
            let kind = match &*it.name {
                // So they stand at the right, as the amounts that they are.
                "change" | "customers" => Type::Number,
                _ => Type::Text,
            };
            Column::of_report("diff", it.name.to_string(), kind)
        });
        let columns: Vec<Column> = columns.collect();
        let mut has_change = false;
        let mut people = Sheet::new(columns.clone());
        let collect = &mut |row: &[Value<'_>]| {
            let kind = shown_kind(&row[0]);
            let compared = FigurePair::of_value(&row[0]);
            let cells = row.iter().zip(&columns).map(|(value, column)| {
                match (&*column.name, value.is_known()) {
                    ("change", is_known) => has_change |= is_known,
                    ("from" | "to", _) => {}
                    ("metric", _) => return Value::text(compared.called()),
                    _ => return value.clone().into_owned(),
                }
                if value.is_known() {
                    let value = compared.worded(policy, value);
                    Value::text(shown(&value, kind).into_owned())
                } else {
                    Value::Unknown
                }
            });
            let cells: Vec<_> = cells.collect();
            people.push(cells);
            Ok(())
        };
        view.for_each(collect).expect("nothing here fails");
        let mut names = self.chosen.columns.clone();
        if !has_change && self.args.sheet.columns.is_empty() {
            names.retain(|it| it != "change");
        }
        let chosen = Chosen {
            columns: names,
            key_count: 0,
            order: SortOrder::default(),
            spare: self.chosen.spare.clone(),
            last_spare: self.chosen.last_spare.clone(),
            is_rough: false,
            sheets: None,
        };
        (people, chosen)
    }
}

/// Returns a side of what was opened.
fn side<'s>(opened: &'s Opened, figures: &'s Figures<'s>) -> DiffSide<'s> {
    DiffSide {
        loaded: &opened.loaded,
        files: &opened.files,
        figures,
    }
}

fn figures_on(opened: &Opened, day: NaiveDate, needs: Needs) -> Figures<'_> {
    let (book, policy) = (&opened.loaded.book, &opened.loaded.policy);
    Figures::new(book, policy, day, needs, opened.threads)
}

/// The most bytes of a policy.
const MOST_POLICY: usize = 1024 * 1024;

/// Loads the files of one revision under the policy of another; nothing where that has none.
fn new_under_old(old: &Opened, new: &Opened) -> Option<Loaded> {
    let files: &dyn Files = &old.files;
    let index = files.paths().iter().position(|it| it == POLICY_FILE)?;
    let mut bytes = Vec::new();
    files.read(index, MOST_POLICY, &mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let policy = SourceText::new(Arc::<str>::from(POLICY_FILE), text.to_owned());
    let options = LoadOptions {
        threads: new.threads,
        ..LoadOptions::default()
    };
    Some(load(&new.files, Some(&policy), options))
}

/// Returns the words that either policy knows.
fn joined(one: &Policy, other: &Policy) -> Vocabulary {
    let mut words = one.vocabulary();
    words.add(other.vocabulary());
    words
}

fn revision_document(rev: &Rev) -> Document {
    Document::object([
        ("name", Document::text(&rev.name)),
        ("commit", Document::text(&rev.commit)),
    ])
}

/// Parts `A..B`; without B the other side is what lies in the folder.
///
/// # Errors
/// If no first revision is named, or the dots are three.
fn revisions(text: &str) -> anyhow::Result<(String, Option<String>)> {
    let (from, to) = text.split_once("..").unwrap_or((text, ""));
    if to.starts_with('.') {
        return Err(hinted(
            Phrase(
                "`--rev` takes two dots: both revisions are looked at as they are",
                "`--rev` 用两个点：两个版本都按原样比较",
            )
            .spoken()
            .to_owned(),
            Some(
                Phrase("write `--rev A..B`", "请写 `--rev A..B`")
                    .spoken()
                    .to_owned(),
            ),
        ));
    }
    if from.is_empty() {
        return Err(hinted(
            Phrase(
                "`--rev` names no revision to begin with",
                "`--rev` 没有写明起始版本",
            )
            .spoken()
            .to_owned(),
            Some(
                Phrase(
                    "write `--rev A..B`, or `--rev A..` to compare with the folder",
                    "请写 `--rev A..B`，或用 `--rev A..` 与文件夹比较",
                )
                .spoken()
                .to_owned(),
            ),
        ));
    }
    let to = Some(to).filter(|it| !it.is_empty());
    Ok((from.to_owned(), to.map(str::to_owned)))
}
