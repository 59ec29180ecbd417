//! `guanxi import`: other programs' tables shown as a change of the book, and made one.

use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::Context as _;

use crate::change::import::mapping::{self, ImportOptions, ImportReading, reading_of};
use crate::change::import::planned::{Import, Planned};
use crate::change::named::LoadedPart;
use crate::change::{Desk, refuse_errors};
use crate::cli::Console;
use crate::cli::args::{ImportArgs, ImportFormat, ImportWhat};
use crate::cli::input_file::open_source;
use crate::cli::outcome::{AlreadyTold, Outcome};
use crate::cli::output::{refuse_book_files, write_answer};
use crate::cli::progress::Progress;
use crate::cli::telling::tell;
use crate::diagnostic::Diagnostics;
use crate::exchange::SourceFile;
use crate::exchange::headings::Into;
use crate::exchange::import::json::document;
use crate::exchange::import::mapping::Overwrite;
use crate::exchange::import::outcome::ImportOutcome as Told;
use crate::exchange::import::preview;
use crate::render::render_document;
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::counts;
use crate::words::{Phrase, say};

/// Opens the files that the arguments name; standard input is read once.
pub(super) fn sources(
    args: &ImportArgs,
    console: &mut Console<'_>,
) -> anyhow::Result<Vec<SourceFile>> {
    let is_input = |it: &Path| it.as_os_str() == "-";
    if args.files.iter().filter(|it| is_input(it)).count() > 1 {
        return Err(hinted(
            Phrase("standard input can be read once only", "标准输入只能读一次").spoken(),
            None,
        ));
    }
    let mut sources = Vec::with_capacity(args.files.len());
    for path in &args.files {
        if is_input(path) {
            let mut bytes = Vec::new();
            let read = console.input.read_to_end(&mut bytes);
            read.context(Phrase("cannot read standard input", "无法读取标准输入").spoken())?;
            sources.push(SourceFile::memory("-", bytes));
        } else {
            sources.push(open_source(path)?);
        }
    }
    Ok(sources)
}

impl ImportArgs {
    /// Returns what is asked of the import itself.
    fn options(&self) -> ImportOptions {
        ImportOptions {
            into: match self.what {
                ImportWhat::Customers => Into::Customers,
                ImportWhat::Log => Into::Log,
                ImportWhat::Book => unreachable!("`import book` has no columns to map"),
            },
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            encoding: self.encoding.clone(),
            separator: self.separator.clone(),
            read: self.read.clone(),
            map: self.map.clone(),
            set: self.set.clone(),
            value: self.value.clone(),
            skip: self.skip.clone(),
            source: self.source.clone(),
            create: self.create,
            overwrite: match &self.overwrite {
                None => Overwrite::Nothing,
                Some(None) => Overwrite::All,
                Some(Some(fields)) => {
                    let fields = fields.split(',').map(|it| it.trim().to_owned());
                    Overwrite::Fields(fields.collect())
                }
            },
            together: self.together,
        }
    }
}

pub(super) fn run(
    args: &ImportArgs,
    sources: &[SourceFile],
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    if let Some(rejects) = &args.rejects {
        refuse_book_files(rejects)?;
    }
    let writes = args.yes && !args.write.dry_run;
    let command = format!(
        "import {}",
        args.files
            .iter()
            .map(|it| it.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    );
    let mut desk = if writes || args.save.is_some() && !args.write.dry_run {
        Desk::open(&args.write, command, console)?
    } else {
        Desk::look(&args.write, command, console)?
    };
    if let Some(rejects) = &args.rejects {
        desk.refuse_inside(rejects)?;
    }
    desk.take_day(args.as_of);
    let mut part = desk.customers();
    refuse_errors(&part.loaded, |_| true)?;
    let reading = reading_of(&args.options(), &part.loaded.policy)?;
    let mut import = Import {
        desk: &desk,
        part: &mut part,
        reading: &reading,
    };
    let progress = Progress::start(
        is_watched(args, console),
        Phrase("reading the files", "正在读取文件").spoken(),
    );
    let planned = import.plan(sources);
    drop(progress);
    let planned = match planned? {
        Ok(planned) => planned,
        Err(outcome) => {
            show(args, &outcome, console)?;
            return Err(AlreadyTold.into());
        }
    };
    // The program ends soon, and the system takes back a million rows at once.
    let mut planned = ManuallyDrop::new(planned);
    finish(args, &reading, desk, &part, &mut planned, console)
}

/// Tells whether somebody sees how long it takes.
fn is_watched(args: &ImportArgs, console: &Console<'_>) -> bool {
    console.environment.err_is_terminal && !args.write.quiet
}

/// Shows what was planned, and writes it if that is wanted.
fn finish(
    args: &ImportArgs,
    reading: &ImportReading,
    mut desk: Desk,
    part: &LoadedPart,
    planned: &mut Planned,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let has_refused = planned.outcome.refused > 0;
    let may_write = args.yes && (!has_refused || args.rejects.is_some());
    if !may_write || args.write.dry_run {
        return preview(args, reading, desk, part, planned, console);
    }
    let mut change = planned.change(&desk, part, &args.options())?;
    if let Some(name) = &args.save {
        change.edits.push(mapping::saving(&desk, name, reading)?);
    }
    let rejects = args.rejects.as_ref().filter(|_| has_refused);
    if let Some(path) = rejects {
        let list = planned.rejects(reading)?;
        write_answer(Some(path), console, |out| out.write_all(&list))?;
    }
    let progress = Progress::start(
        is_watched(args, console),
        Phrase("writing", "正在写入").spoken(),
    );
    let applied = desk.apply(&change.edits, console);
    drop(progress);
    applied?;
    planned.outcome.is_written = true;
    let shown = acknowledge(args, &planned.outcome, console)?;
    let mut said = Vec::new();
    if args.format == ImportFormat::Table {
        said.extend(change.said.clone());
        if let Some(path) = rejects {
            let lines = counts(planned.outcome.refused, "refused line", "行被拒绝的内容");
            said.push(say!(
                "wrote {lines} to {}",
                "已将 {lines}写入 {}",
                path.display()
            ));
        }
    }
    let done = desk.done(&said, &change.paths(), console);
    Ok(match done {
        Outcome::Done if has_refused => Outcome::Found,
        Outcome::Done => shown,
        done => done,
    })
}

/// Shows what was planned and would be written; a mapping that is to be saved is.
fn preview(
    args: &ImportArgs,
    reading: &ImportReading,
    mut desk: Desk,
    part: &LoadedPart,
    planned: &mut Planned,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let is_dry = args.write.dry_run;
    // Before anything is shown, since it may be refused.
    let edits = if is_dry {
        planned.change(&desk, part, &args.options())?.edits
    } else {
        Vec::new()
    };
    if let Some(name) = &args.save {
        let saving = mapping::saving(&desk, name, reading)?;
        desk.apply(&[saving], console)?;
        if !is_dry && !args.write.quiet {
            let name = told(name);
            console.note(&say!(
                "note: the mapping is saved as `[import.{name}]` in guanxi.toml\n",
                "note: 列的对应关系已存为 guanxi.toml 的 `[import.{name}]`\n"
            ));
        }
    }
    show(args, &planned.outcome, console)?;
    if is_dry {
        desk.apply(&edits, console)?;
    }
    tell_next(args, &planned.outcome, console);
    if planned.outcome.refused == 0 {
        Ok(Outcome::Done)
    } else if args.yes && args.rejects.is_none() {
        Err(AlreadyTold.into())
    } else {
        Ok(Outcome::Found)
    }
}

/// Shows the outcome of what is made: it stays made, whether anybody hears of it or not.
fn acknowledge(
    args: &ImportArgs,
    outcome: &Told,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let mut text = Vec::new();
    let mut held = Console {
        input: &mut *console.input,
        out: &mut text,
        err: &mut *console.err,
        environment: console.environment.clone(),
    };
    show(args, outcome, &mut held)?;
    Ok(console.acknowledge(&String::from_utf8_lossy(&text)))
}

/// Shows an outcome.
fn show(args: &ImportArgs, outcome: &Told, console: &mut Console<'_>) -> anyhow::Result<()> {
    if args.format == ImportFormat::Json {
        render_document(&document(outcome), console.out)?;
        return Ok(());
    }
    if !args.write.quiet {
        console
            .out
            .write_all(preview::text(outcome, args.verbose).as_bytes())?;
    }
    let mut faults = Diagnostics::default();
    for told in &outcome.faults {
        faults.push(told.refusal.to_diagnostic());
    }
    console.out.flush()?;
    tell(&faults, console);
    Ok(())
}

/// Says what to do next.
fn tell_next(args: &ImportArgs, outcome: &Told, console: &mut Console<'_>) {
    if args.write.quiet || args.format == ImportFormat::Json {
        return;
    }
    let note = match (outcome.refused, args.yes) {
        (0, false) => say!(
            "note: nothing was imported; `--yes` writes it\n",
            "note: 尚未导入；加 `--yes` 才写入\n"
        ),
        (0, true) => return,
        (refused, _) => {
            let lines = counts(refused, "line", "行");
            say!(
                "note: nothing was imported: mend the {lines} and run again with `--yes`, or take the others \
                 with `--yes --rejects FILE`\n",
                "note: 尚未导入：改好那 {lines}后加 `--yes` 再导入，或用 `--yes --rejects FILE` 只导入其余各行\n"
            )
        }
    };
    console.note(&note);
}
