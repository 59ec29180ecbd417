//! Writes a book of any size, for benchmarks.
//!
//! `cargo run --release --example generate-book -- --size M DIR` makes the M of `docs/performance.md`. The same options and
//! seed give the same bytes on every machine. Every book passes `check` without a warning: refs are unique, answers
//! follow their cases, what is written off is still owed.
#![expect(
    clippy::disallowed_methods,
    reason = "a tool of its own beside the program, whose rule of one module at the disk is not for it"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "counts of customers and days are far below 2^32, and a seed may lose bits"
)]

mod calendar;
mod cells;
mod customers;
mod logs;
mod random;
mod rows;
mod words;

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Parser;

use calendar::Calendar;
use customers::CustomerFiles;
use logs::{Layout, Logs};
use rows::Story;

/// The sizes that the project's goals for speed speak of.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Size {
    /// 1,000 customers and 50,000 rows
    #[value(name = "S")]
    S,
    /// 10,000 customers and 1,000,000 rows
    #[value(name = "M")]
    M,
    /// 100,000 customers and 10,000,000 rows
    #[value(name = "L")]
    L,
}

impl Size {
    /// Returns the number of customers and of rows.
    fn counts(self) -> (u32, u64) {
        match self {
            Size::S => (1_000, 50_000),
            Size::M => (10_000, 1_000_000),
            Size::L => (100_000, 10_000_000),
        }
    }
}

/// Write a book of any size, for benchmarks
#[derive(Parser)]
struct Args {
    /// A size that the goals for speed speak of
    #[arg(long, value_enum, default_value = "S")]
    size: Size,
    /// The number of customers, instead of the size's
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    customers: Option<u32>,
    /// The number of rows, instead of the size's
    #[arg(long)]
    rows: Option<u64>,
    /// How the rows are spread over logs
    #[arg(long, value_enum, default_value = "monthly")]
    layout: Layout,
    /// One file for each customer, or one for all
    #[arg(long, value_enum, default_value = "one-each")]
    customer_files: CustomerFiles,
    /// Another seed makes another book
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to make; it must not exist, or be empty
    dir: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let (customers, rows) = args.size.counts();
    let customers = args.customers.unwrap_or(customers);
    let rows = args.rows.unwrap_or(rows);
    let managers = (customers / 50).clamp(3, 500);

    std::fs::create_dir_all(&args.dir).with_context(|| args.dir.display().to_string())?;
    let mut entries = std::fs::read_dir(&args.dir)?;
    ensure!(
        entries.next().is_none(),
        "{} is not empty",
        args.dir.display()
    );
    std::fs::write(
        args.dir.join("guanxi.toml"),
        "# Made for benchmarks: the default policy.\n",
    )?;
    customers::write_staff(&args.dir, managers)?;

    let calendar = Calendar::new();
    let mut story = Story::new(&calendar, customers, rows, args.seed);
    let mut logs = Logs::new(&args.dir, args.layout, &calendar, customers, managers)?;
    for month in 0..calendar.month_count() {
        logs.write(&story.month(month))?;
    }
    logs.close()?;
    // Last, because a customer's stage is the one of its latest row.
    customers::write_customers(
        &args.dir,
        args.customer_files,
        &story.customers,
        managers,
        &calendar,
        args.seed,
    )
}
