//! The logs that the rows go to, in the layout asked for.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::calendar::Calendar;
use crate::cells;
use crate::customers;
use crate::rows::Row;

const HEADER: &str = "date,customer,kind,amount,score,staff,topic,channel,ref,due,note\n";
/// The file's name says whose rows they are.
const OWN_HEADER: &str = "date,kind,amount,score,staff,topic,channel,ref,due,note\n";
/// How much text of single customers is kept before it is appended to their logs.
const KEPT_BYTES: usize = 96 << 20;

/// How the rows are spread over files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Layout {
    Monthly,
    PerCustomer,
    Yearly,
    OneFile,
}

/// The open logs of one layout.
pub(crate) struct Logs<'a> {
    folder: PathBuf,
    layout: Layout,
    calendar: &'a Calendar,
    managers: u32,
    open: Option<(String, BufWriter<File>)>,
    own: Vec<Vec<u8>>,
    own_started: Vec<bool>,
    own_bytes: usize,
}

impl<'a> Logs<'a> {
    pub(crate) fn new(
        book: &Path,
        layout: Layout,
        calendar: &'a Calendar,
        customers: u32,
        managers: u32,
    ) -> anyhow::Result<Self> {
        let folder = book.join("interactions");
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let own = if layout == Layout::PerCustomer {
            customers as usize
        } else {
            0
        };
        Ok(Self {
            folder,
            layout,
            calendar,
            managers,
            open: None,
            own: vec![Vec::new(); own],
            own_started: vec![false; own],
            own_bytes: 0,
        })
    }

    /// Writes rows that are in order of days.
    pub(crate) fn write(&mut self, rows: &[Row]) -> anyhow::Result<()> {
        let mut line = Vec::with_capacity(256);
        for row in rows {
            line.clear();
            line.extend_from_slice(self.calendar.text(row.day).as_bytes());
            line.push(b',');
            if self.layout != Layout::PerCustomer {
                customers::write_id(&mut line, row.customer);
                line.push(b',');
            }
            cells::write_cells(&mut line, row, self.calendar, self.managers);
            self.put(row, &line)?;
        }
        Ok(())
    }

    fn put(&mut self, row: &Row, line: &[u8]) -> anyhow::Result<()> {
        let date = self.calendar.text(row.day);
        let length = match self.layout {
            Layout::Monthly => 7,
            Layout::Yearly => 4,
            Layout::OneFile => 0,
            Layout::PerCustomer => {
                self.own[row.customer as usize].extend_from_slice(line);
                self.own_bytes += line.len();
                return if self.own_bytes > KEPT_BYTES {
                    self.append_own()
                } else {
                    Ok(())
                };
            }
        };
        let stem = if length == 0 {
            "all"
        } else {
            date.get(..length).unwrap_or(date)
        };
        if self.open.as_ref().is_none_or(|(open, _)| open != stem) {
            self.close()?;
            let path = self.folder.join(format!("{stem}.csv"));
            let file = File::create(&path).with_context(|| path.display().to_string())?;
            let mut writer = BufWriter::with_capacity(1 << 18, file);
            writer.write_all(HEADER.as_bytes())?;
            self.open = Some((stem.to_owned(), writer));
        }
        if let Some((_, writer)) = &mut self.open {
            writer.write_all(line)?;
        }
        Ok(())
    }

    fn append_own(&mut self) -> anyhow::Result<()> {
        for (customer, text) in (0..).zip(&mut self.own) {
            if text.is_empty() {
                continue;
            }
            let mut name = Vec::new();
            customers::write_id(&mut name, customer);
            let path = self
                .folder
                .join(format!("{}.csv", String::from_utf8_lossy(&name)));
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .with_context(|| path.display().to_string())?;
            let started = &mut self.own_started[customer as usize];
            if !*started {
                file.write_all(OWN_HEADER.as_bytes())?;
                *started = true;
            }
            file.write_all(text)?;
            *text = Vec::new();
        }
        self.own_bytes = 0;
        Ok(())
    }

    /// Writes what is still kept.
    pub(crate) fn close(&mut self) -> anyhow::Result<()> {
        if let Some((_, mut writer)) = self.open.take() {
            writer.flush()?;
        }
        self.append_own()
    }
}
