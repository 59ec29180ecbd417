//! Answers that are no table: nested data for scripts, and a page of aligned lines for people.

use crate::metric::{Metric, Type, Value};

/// The tone of what is said beside the answer, which stands back.
pub const ASIDE: &str = "aside";

/// Nested data, as JSON has it. Keys stand in the order in which they were given.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// One value.
    Value(Value<'static>, Type),
    /// A list.
    List(Vec<Document>),
    /// Named parts.
    Object(Vec<(String, Document)>),
}

impl Document {
    /// Makes a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Value(Value::text(text.into()), Type::Text)
    }

    /// Makes a value of a metric.
    pub fn of_metric(metric: Metric, value: Value<'_>) -> Self {
        Self::Value(value.into_owned(), metric.entry().kind)
    }

    /// Makes named parts.
    pub fn object<'k>(parts: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        let parts = parts.into_iter();
        Self::Object(parts.map(|(key, part)| (key.to_owned(), part)).collect())
    }

    /// Makes a list of texts.
    pub fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }
}

impl<V: Into<Value<'static>>> From<(V, Type)> for Document {
    fn from((value, kind): (V, Type)) -> Self {
        Self::Value(value.into(), kind)
    }
}

/// A page for people: lines of cells that line up within their block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    blocks: Vec<Block>,
}

/// Lines whose cells line up with each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// What they are about, in a word that is the same in every language; empty for nothing in particular.
    pub key: &'static str,
    /// What stands above them; empty for nothing.
    pub heading: String,
    /// By how many columns the lines are indented.
    pub indent: usize,
    /// The lines.
    pub lines: Vec<Vec<Part>>,
}

/// One cell of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it shows.
    pub value: Value<'static>,
    /// The type that it is shown as; numbers stand at the right.
    pub kind: Type,
    /// The column by whose words it is coloured, or [`ASIDE`]; empty for none.
    pub tone: &'static str,
}

impl Paper {
    /// Adds lines below a heading.
    pub fn block(&mut self, heading: impl Into<String>) -> &mut Block {
        self.indented(heading, 2)
    }

    /// Adds lines below a heading, about what the key says.
    pub fn keyed(&mut self, key: &'static str, heading: impl Into<String>) -> &mut Block {
        let block = self.block(heading);
        block.key = key;
        block
    }

    /// Adds lines that are indented by so many columns.
    pub fn indented(&mut self, heading: impl Into<String>, indent: usize) -> &mut Block {
        let at = self.blocks.len();
        self.blocks.resize_with(at + 1, Block::default);
        let block = &mut self.blocks[at];
        block.heading = heading.into();
        block.indent = indent;
        block
    }

    /// Returns the blocks that have lines or a heading.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }
}

impl Block {
    /// Adds a line of one text, which is broken where it is too long.
    pub fn text(&mut self, text: impl Into<String>) -> &mut Self {
        self.line([Part::text(text)])
    }

    /// Adds a line of cells.
    pub fn line(&mut self, parts: impl IntoIterator<Item = Part>) -> &mut Self {
        self.lines.push(parts.into_iter().collect());
        self
    }
}

impl Part {
    /// Makes a cell of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Value::text(text.into()), Type::Text)
    }

    /// Makes a cell of a text that may be missing.
    pub fn of_some(text: Option<String>) -> Self {
        Self::text(text.unwrap_or_default())
    }

    /// Makes a cell of a value.
    pub fn of(value: impl Into<Value<'static>>, kind: Type) -> Self {
        Self {
            value: value.into(),
            kind,
            tone: "",
        }
    }

    /// Makes a cell of a metric, coloured as its column is.
    pub fn of_metric(metric: Metric, value: Value<'_>) -> Self {
        Self {
            value: value.into_owned(),
            kind: metric.entry().kind,
            tone: metric.entry().name,
        }
    }

    /// Colours the cell as a column's words are.
    #[must_use]
    pub fn toned(mut self, column: &'static str) -> Self {
        self.tone = column;
        self
    }
}
