//! The customers' files and the staff's.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;

use crate::calendar::Calendar;
use crate::random::Random;
use crate::rows::Customer;
use crate::words;

/// Whether each customer has a file of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum CustomerFiles {
    OneEach,
    Single,
}

/// Returns the account manager of a customer.
pub(crate) fn owner(customer: u32, managers: u32) -> u32 {
    customer / 3 % managers
}

/// Writes an id such as `hunan-metro-000042`; every twentieth is Chinese.
pub(crate) fn write_id(text: &mut Vec<u8>, customer: u32) {
    let (region, folder) = region(customer);
    let (trade, chinese, _) = trade(customer);
    let written = if customer % 20 == 13 {
        write!(text, "{region}{chinese}-{customer:06}")
    } else {
        write!(text, "{folder}-{trade}-{customer:06}")
    };
    written.expect("writing to memory does not fail");
}

/// Writes the id of an account manager.
pub(crate) fn write_manager(text: &mut Vec<u8>, manager: u32) {
    write!(text, "m{manager:03}").expect("writing to memory does not fail");
}

fn region(customer: u32) -> (&'static str, &'static str) {
    words::REGIONS[customer as usize / 3 % words::REGIONS.len()]
}

fn trade(customer: u32) -> (&'static str, &'static str, &'static str) {
    words::TRADES[customer as usize / 7 % words::TRADES.len()]
}

/// Writes all customers below `customers/`, a folder for each region.
pub(crate) fn write_customers(
    book: &Path,
    files: CustomerFiles,
    customers: &[Customer],
    managers: u32,
    calendar: &Calendar,
    seed: u64,
) -> anyhow::Result<()> {
    let folder = book.join("customers");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for (_, name) in words::REGIONS {
        if files == CustomerFiles::OneEach {
            std::fs::create_dir_all(folder.join(name))?;
        }
    }
    let mut random = Random::new(seed ^ 0x6375_7374);
    let mut text = Vec::with_capacity(2048);
    let mut single = match files {
        CustomerFiles::Single => {
            let path = folder.join("all.toml");
            let file = File::create(&path).with_context(|| path.display().to_string())?;
            Some(BufWriter::with_capacity(1 << 18, file))
        }
        CustomerFiles::OneEach => None,
    };
    for (customer, facts) in (0..).zip(customers) {
        text.clear();
        let mut id = Vec::new();
        write_id(&mut id, customer);
        let id = String::from_utf8_lossy(&id).into_owned();
        if let Some(writer) = &mut single {
            write!(text, "[[customer]]\nid = \"{id}\"\n")?;
            write_customer(
                &mut text,
                customer,
                facts,
                managers,
                calendar,
                &mut random,
                "customer.",
            )?;
            text.push(b'\n');
            writer.write_all(&text)?;
        } else {
            write_customer(
                &mut text,
                customer,
                facts,
                managers,
                calendar,
                &mut random,
                "",
            )?;
            let path = folder.join(region(customer).1).join(format!("{id}.toml"));
            std::fs::write(&path, &text).with_context(|| path.display().to_string())?;
        }
    }
    if let Some(mut writer) = single {
        writer.flush()?;
    }
    Ok(())
}

/// Writes one customer's keys: about 25 lines. `prefix` goes before the names of tables.
fn write_customer(
    text: &mut Vec<u8>,
    customer: u32,
    facts: &Customer,
    managers: u32,
    calendar: &Calendar,
    random: &mut Random,
    prefix: &str,
) -> std::io::Result<()> {
    let (chinese, spelled) = region(customer);
    let (trade, _, firm) = trade(customer);
    let stage = match facts.stage {
        Some(stage) => words::STAGES[usize::from(stage)],
        None if facts.orders == 0 => "prospect",
        None => "delivery",
    };
    let key = customer.is_multiple_of(5);
    let seed = random.draw() as u32;
    let manager = owner(customer, managers);
    writeln!(text, "name = \"{chinese}第{customer}{firm}\"")?;
    writeln!(text, "aliases = [\"{spelled} {trade} {customer}\"]")?;
    writeln!(text, "owner = \"m{manager:03}\"")?;
    writeln!(text, "stage = \"{stage}\"")?;
    writeln!(text, "since = {}", calendar.text(facts.since))?;
    writeln!(text, "segment = \"{trade}\"")?;
    writeln!(text, "region = \"{chinese}\"")?;
    writeln!(text, "tags = [{}]", if key { "\"key\"" } else { "" })?;
    if seed % 50 == 7 {
        writeln!(text, "communication = \"difficult\"")?;
    }
    if !seed.is_multiple_of(4) {
        writeln!(text, "score = {}", 5 + seed / 8 % 95)?;
    }
    writeln!(text, "margin = 0.{:02}", 8 + seed / 16 % 30)?;
    writeln!(text, "credit_limit = \"{}万\"", 20 + seed / 32 % 400)?;
    writeln!(
        text,
        "payment_terms = \"{}d\"",
        [30, 45, 60, 90][(seed / 64 % 4) as usize]
    )?;
    if seed % 20 == 3 {
        writeln!(text, "revisit = \"{}d\"", 7 + seed / 128 % 60)?;
    }
    let reviewed = facts.since + random.below(calendar.last - facts.since + 1);
    writeln!(text, "reviewed = {}", calendar.text(reviewed))?;
    writeln!(
        text,
        "address = \"{chinese}省工业路 {} 号\"",
        1 + seed / 256 % 900
    )?;
    writeln!(text, "\n[{prefix}profile]")?;
    writeln!(
        text,
        "needs = \"{}\"",
        words::NEEDS[seed as usize / 3 % words::NEEDS.len()]
    )?;
    writeln!(
        text,
        "habits = \"{}\"",
        words::HABITS[seed as usize / 5 % words::HABITS.len()]
    )?;
    for person in 0..=u32::from(key) {
        let surname = words::SURNAMES[(seed / 9 + person) as usize % words::SURNAMES.len()];
        let title = words::TITLES[(seed / 11 + person) as usize % words::TITLES.len()];
        writeln!(text, "\n[[{prefix}contact]]")?;
        writeln!(text, "name = \"{surname}{title}\"")?;
        writeln!(text, "title = \"{title}\"")?;
        writeln!(
            text,
            "phone = \"+86 000 {:04} {:04}\"",
            seed / 17 % 10_000,
            customer % 10_000
        )?;
        writeln!(
            text,
            "birthday = \"{:02}-{:02}\"",
            1 + seed / 13 % 12,
            1 + seed / 19 % 28
        )?;
    }
    if seed.is_multiple_of(3) {
        writeln!(
            text,
            "\n[[{prefix}competitor]]\nname = \"竞争者{}\"",
            seed / 21 % 40
        )?;
    }
    writeln!(text, "\n[{prefix}custom]\nsites = {}", 1 + seed / 23 % 12)
}

/// Writes `staff.toml`.
pub(crate) fn write_staff(book: &Path, managers: u32) -> anyhow::Result<()> {
    let mut text = Vec::new();
    for manager in 0..managers {
        let surname = words::SURNAMES[manager as usize % words::SURNAMES.len()];
        writeln!(
            text,
            "[[staff]]\nid = \"m{manager:03}\"\nname = \"{surname}经理\""
        )?;
        writeln!(
            text,
            "visits_per_year = {}\njoined = 2016-01-01\n",
            80 + manager % 7 * 10
        )?;
    }
    std::fs::write(book.join("staff.toml"), text)?;
    Ok(())
}
