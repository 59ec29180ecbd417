//! A memo: sections of sentences, tables and charts for people, to be printed or sent.

use crate::metric::Value;

use super::{Column, Grid, GridRows as _, GridView, Sheet};

/// A memo.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    /// What it is called.
    pub title: String,
    /// Lines below the title.
    pub lead: Vec<String>,
    /// Its sections, in their order.
    pub sections: Vec<MemoSection>,
    /// Its last line; empty for none.
    pub closing: String,
}

/// A part of a memo below a heading of its own.
#[derive(Clone, Debug, Default)]
pub struct MemoSection {
    /// The heading.
    pub heading: String,
    /// Commands that give all of it.
    pub commands: Vec<String>,
    /// What it says.
    pub pieces: Vec<Piece>,
}

/// What a section consists of.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A sentence or a few.
    Text(String),
    /// Rows.
    Table(MemoTable),
    /// A chart with its numbers.
    Chart(Chart),
    /// Commands that explain what stands above.
    Commands(Vec<String>),
}

/// Rows as a memo shows them.
#[derive(Clone, Debug)]
pub struct MemoTable {
    /// What it is about; empty where the heading says it.
    pub caption: String,
    /// The rows.
    pub sheet: Sheet<'static>,
    /// How many rows are left out.
    pub more: usize,
    /// Whether people read what stands in the columns without headings above them.
    pub is_bare: bool,
}

/// A picture of numbers, and the numbers.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The question that it answers.
    pub title: String,
    /// What it shows, in words.
    pub told: String,
    /// The command that gives its numbers; empty where the section's own does.
    pub command: String,
    /// What is drawn.
    pub marks: ChartMarks,
    /// The numbers.
    pub numbers: MemoTable,
}

/// What a chart draws. Numbers are drawn only, so that doubles are exact enough.
#[derive(Clone, Debug, PartialEq)]
pub enum ChartMarks {
    /// Bars from the left, several a label: what each of them is, then each label with their lengths and whether
    /// it is marked.
    Bars(Vec<String>, Vec<(String, Vec<f64>, bool)>),
    /// Columns side by side, each with a point of a line above it.
    Columns(Vec<(String, f64, Option<f64>)>),
    /// Steps from a first column to a last one: each with what it begins and ends at, and whether it stands on the
    /// ground.
    Steps(Vec<(String, f64, f64, bool)>),
    /// Dots: across, up, and the name of those that have one.
    Dots(Vec<(f64, f64, Option<String>)>),
}

impl ChartMarks {
    /// Returns how many points it has.
    pub fn count(&self) -> usize {
        match self {
            Self::Bars(_, bars) => bars.len(),
            Self::Columns(columns) => columns.len(),
            Self::Steps(steps) => steps.len(),
            Self::Dots(dots) => dots.len(),
        }
    }
}

impl MemoSection {
    /// Makes an empty section.
    pub fn new(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            ..Self::default()
        }
    }

    /// Adds a command.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.commands.push(command.into());
        self
    }

    /// Adds a sentence.
    pub fn text(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::Text(text.into()));
    }

    /// Adds a table, unless it has no row.
    pub fn table(&mut self, table: MemoTable) {
        if Grid::row_count(&table.sheet) > 0 {
            self.pieces.push(Piece::Table(table));
        }
    }

    /// Adds a chart, unless there is nothing to compare.
    pub fn chart(&mut self, chart: Chart) {
        if chart.marks.count() >= 2 {
            self.pieces.push(Piece::Chart(chart));
        }
    }

    /// Tells whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

impl MemoTable {
    /// Makes a table of all rows of a sheet.
    pub fn of(sheet: Sheet<'static>) -> Self {
        Self {
            caption: String::new(),
            sheet,
            more: 0,
            is_bare: false,
        }
    }

    /// Keeps the first rows, and says how many more there are.
    ///
    /// # Panics
    /// Never: nothing here fails.
    #[must_use]
    pub fn first(self, limit: usize) -> Self {
        let count = Grid::row_count(&self.sheet);
        if count <= limit {
            return self;
        }
        let view = GridView::of(&self.sheet).limit(Some(limit));
        let mut sheet = Sheet::new(Grid::columns(&self.sheet).to_vec());
        let collect = &mut |row: &[Value<'_>]| {
            sheet.push(row.iter().map(|it| it.clone().into_owned()));
            Ok(())
        };
        view.for_each(collect).expect("nothing here fails");
        Self {
            more: self.more + count - limit,
            sheet,
            ..self
        }
    }

    /// Says what it is about.
    #[must_use]
    pub fn about(mut self, caption: impl Into<String>) -> Self {
        self.caption = caption.into();
        self
    }

    /// Leaves the headings out of what people read.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.is_bare = true;
        self
    }

    /// Returns the columns.
    pub fn columns(&self) -> &[Column] {
        Grid::columns(&self.sheet)
    }
}
