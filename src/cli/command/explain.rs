//! `guanxi explain`: why a figure is what it is, or what a fault means.

use std::time::Duration;

use super::blame::blame;
use super::metrics::all_listed;
use super::show::is_there;
use crate::answer::{Column, Document, Envelope, GridView, Paper, Sheet};
use crate::cli::Console;
use crate::cli::args::{ExplainArgs, OutputOptions};
use crate::cli::finding::find;
use crate::cli::opening::open;
use crate::cli::opening::open_one;
use crate::cli::outcome::Outcome;
use crate::cli::report::{AnswerTitle, tell_rows};
use crate::cli::settings::{TotalSetting, format, show_page, show_rows, show_text};
use crate::diagnostic::{FAULTS, Fault, Nearest as _, did_you_mean, fault_by_code};
use crate::exchange::fault::{IMPORT_FAULTS, import_fault_by_code};
use crate::figures::{Figures, Needs, Why};
use crate::metric::{Metric, Type, metric_by_name, metric_names, metric_read_as};
use crate::model::{CustomerFound, NamingStep};
use crate::policy::Policy;
use crate::render::{Format, flowed, wrapped};
use crate::report::{Explanation, ROWS, RowTexts, TELLING};
use crate::session::customer::{Reach, find_customer};
use crate::session::hint::hinted;
use crate::session::one::OneCustomer;
use crate::session::opened::Opened;
use crate::session::ready::FiguresWanted;
use crate::source::told;
use crate::words::{say, write_say, written};

/// The widest that running text is, for the eye's sake.
const PROSE_WIDTH: usize = 80;

/// Explanations name the lines of rows.
const WANTED: FiguresWanted = FiguresWanted {
    origins: true,
    hashes: false,
    warns: false,
    staged: false,
    names_alone: false,
};

pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let word = args.subject.as_str();
    let Some(metric) = &args.metric else {
        let of_import = import_fault_by_code(word).map(|it| &it.fault);
        if let Some(fault) = fault_by_code(word).or(of_import) {
            let beside = of_import.filter(|it| !std::ptr::eq(*it, fault));
            return explain_fault(fault, beside, &args.output, console);
        }
        let wait = Duration::from_secs(args.book.wait);
        let is_named = args.book.book.is_some() || args.book.rev.is_some();
        if !is_named && find(None, wait, console).is_err() {
            // Without a book the word can only be meant as a code.
            return Err(unknown_code(word));
        }
        let opened = open(&args.book, WANTED, console)?;
        let near = codes().hint(word);
        let reach = Reach::of(format(&args.output));
        let found = opened.loaded.book.find(word, NamingStep::NameBeginning);
        if let (CustomerFound::None, Some(near)) = (found, near) {
            let message = say!(
                "neither a customer nor a fault is called `{}`",
                "没有名为 `{}` 的客户或错误代码",
                told(word)
            );
            return Err(hinted(message, Some(near)));
        }
        let index = find_customer(&opened.loaded.book, word, reach)?.tell(console);
        return explain(args, &opened, index, &TELLING, console);
    };
    let metric = metric_by_name(metric).ok_or_else(|| {
        let read_as = metric_read_as(metric).map(|it| did_you_mean(it).spoken().to_owned());
        let near = read_as.or_else(|| metric_names().hint(metric));
        let is_own = metric.starts_with("custom.") || metric.starts_with("profile.");
        let hint = near.unwrap_or_else(|| {
            if is_own {
                say!(
                    "what a customer's file says is not computed; `guanxi show CUSTOMER` has all of it",
                    "客户文件所写的资料不是算出来的；`guanxi show CUSTOMER` 显示全部资料"
                )
            } else {
                all_listed()
            }
        });
        let message = say!(
            "no metric is called `{}`",
            "没有名为 `{}` 的指标",
            told(metric)
        );
        hinted(message, Some(hint))
    })?;
    let is_own = |policy: &Policy| OneCustomer::of(Needs::of_why(policy, metric), policy);
    let reach = Reach::of(format(&args.output));
    let (opened, index) = open_one(&args.book, WANTED, (word, reach), is_own, console)?;
    explain(args, &opened, index, &[metric], console)
}

/// Explains some metrics of the customer: one in full, several in a line each.
fn explain(
    args: &ExplainArgs,
    opened: &Opened,
    index: usize,
    metrics: &[Metric],
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    // Explanations look at contacts and orders whatever they explain.
    let beside = [Metric::LastContact, Metric::Orders];
    let figures = opened.figures(metrics.iter().copied().chain(beside), None);
    is_there(&figures, index)?;
    let texts = texts_of(opened, &figures, index, metrics);
    let names = |row: usize| texts.reference(row);
    let whys: Vec<Why> = (metrics.iter())
        .map(|metric| figures.why(index, *metric, &names))
        .collect();
    let limits = args.limit.map_or(ROWS, |limit| (limit, limit));
    let shown = match (format(&args.output), metrics.len()) {
        (Format::Table, 1) => limits,
        // An overview has no rows.
        (Format::Table, _) => (0, 0),
        _ => (usize::MAX, usize::MAX),
    };
    let blame = if args.blame {
        Some(blame(opened, index, &whys, &texts, shown)?)
    } else {
        None
    };
    opened.let_writers_in()?;
    let explanation = Explanation {
        figures: &figures,
        index,
        texts: &texts,
        blame: blame.as_ref(),
        command: None,
    };
    let page = || match &whys[..] {
        [why] => explanation.page(why, limits),
        whys => explanation.overview(whys),
    };
    let document = || {
        let id = &opened.loaded.book.customers[index].id;
        let figures = whys.iter().map(|why| explanation.document(why));
        Document::object([
            ("customer", Document::text(id.to_string())),
            ("figures", Document::List(figures.collect())),
        ])
    };
    let envelope = opened.envelope("explain");
    if !show_page(page, document, envelope, &args.output, console)? {
        let rows = explanation.rows(&whys);
        let question = AnswerTitle::new("explain", "", &args.book);
        let total = TotalSetting::default();
        tell_rows(
            &rows,
            false,
            &args.output,
            opened,
            &total,
            &question,
            console,
        )?;
    }
    opened.say_unannounced(args.book.quiet, console);
    opened.outcome(false, false)
}

/// Reads the texts of all rows behind some metrics, so that invoices and cases have their names.
fn texts_of(opened: &Opened, figures: &Figures<'_>, index: usize, metrics: &[Metric]) -> RowTexts {
    let rows = metrics.iter().flat_map(|metric| {
        let why = figures.why(index, *metric, &|_| None);
        why.row_indexes()
    });
    RowTexts::read(&opened.loaded, &opened.files, index, rows, opened.threads)
}

/// Returns the codes of all faults, of the book and of an import.
fn codes() -> impl Iterator<Item = &'static str> {
    let of_import = IMPORT_FAULTS.iter().map(|it| it.fault.code);
    let of_import = of_import.filter(|code| fault_by_code(code).is_none());
    FAULTS.iter().map(|fault| fault.code).chain(of_import)
}

fn unknown_code(code: &str) -> anyhow::Error {
    let near = codes().hint(code);
    let hint = near.unwrap_or_else(|| {
        say!(
            "a code is what stands in brackets in a message, as in `error[unknown-key]`; a customer \
             needs a book, which `--book DIR` names",
            "代码是信息中方括号里的词，如 `error[unknown-key]`；客户则须有账本，用 `--book DIR` 指明"
        )
    });
    let message = say!(
        "no fault has the code `{}`",
        "没有代码为 `{}` 的错误",
        told(code)
    );
    hinted(message, Some(hint))
}

/// Explains a fault: as paragraphs for people, as its parts for scripts; for people also what the code means
/// beside, of a file that is imported.
fn explain_fault(
    fault: &Fault,
    beside: Option<&Fault>,
    output: &OutputOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    if format(output) == Format::Table {
        let width = console.environment.width.unwrap_or(PROSE_WIDTH);
        let mut text = paragraphs(fault, width.min(PROSE_WIDTH));
        if let Some(beside) = beside {
            text.push_str(&write_say!(
                "\nOf a file that is imported:\n\n",
                "\n导入的文件：\n\n"
            ));
            text.push_str(&paragraphs(beside, width.min(PROSE_WIDTH)));
        }
        show_text(&text, output.output.as_deref(), console)?;
        return Ok(Outcome::Done);
    }
    let parts = [
        ("code", fault.code),
        ("severity", fault.severity.word()),
        ("meaning", fault.meaning_in(written())),
        ("cure", fault.cure_in(written())),
    ];
    let document = || Document::object(parts.map(|(name, text)| (name, Document::text(text))));
    let envelope = Envelope::named("fault");
    if !show_page(Paper::default, document, envelope, output, console)? {
        let mut sheet = Sheet::new(
            parts
                .map(|(name, _)| Column::new(name, Type::Text))
                .to_vec(),
        );
        sheet.push(parts.map(|(_, text)| text.into()));
        show_rows(&GridView::of(&sheet), output, envelope, console)?;
    }
    Ok(Outcome::Done)
}

fn paragraphs(fault: &Fault, width: usize) -> String {
    let (word, code) = (fault.severity.word(), fault.code);
    let wrapped = written().pick(wrapped as fn(&str, usize) -> String, flowed);
    let meaning = wrapped(fault.meaning_in(written()), width);
    let cure = fault.cure_in(written());
    let cure = wrapped(&write_say!("To mend it: {cure}", "处理办法：{cure}"), width);
    format!("{word}[{code}]\n\n{meaning}\n\n{cure}\n")
}
