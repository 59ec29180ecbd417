//! The table of what a row of a log has: each line is a column's name in the file, what its cells hold, what
//! they tell of whose the row is, how people call it in Chinese, and what it is. The reader, `log`, `history`,
//! `import`, `export` and headings follow.

use std::ops::{Index, IndexMut};

use super::Tells;

macro_rules! log_columns {
    ($($column:ident $name:literal $holds:ident $tells:ident
        [$($called:literal)*] [$($in_logs:literal)*] $about:literal)*) => {
        /// A column of logs that means something.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum LogColumn {
            $(#[doc = $about] $column,)*
        }

        /// How many columns there are that mean something.
        const COUNT: usize = LOG_COLUMNS.len();

        /// The names of the columns that a log may have and that mean something, in the order in which a new
        /// log has them.
        pub(crate) const LOG_COLUMNS: [&str; [$($name),*].len()] = [$($name),*];

        impl LogColumn {
            /// All columns, in the order of [`LOG_COLUMNS`].
            pub(crate) const ALL: [Self; COUNT] = [$(Self::$column),*];
        }

        const ENTRIES: [ColumnEntry; COUNT] = [$(ColumnEntry {
            holds: CellForm::$holds,
            tells: Tells::$tells,
            called: &[$($called),*],
            in_logs: &[$($in_logs),*],
        }),*];
    };
}

// The words in the first brackets are what people read above the column, and what tables of other programs
// call it; those in the second mean it where a table is known to be a log, and elsewhere something else.
log_columns! {
    Date "date" Moment Word ["日期"] ["时间"] "The day, at times with the minute."
    Customer "customer" Text Who ["客户" "客户名称"] [] "The customer's id; not in the log of one customer."
    Kind "kind" Text Word ["类型" "类别"] [] "The kind of interaction."
    Amount "amount" Money Word ["金额"] [] "The amount in the book's currency."
    Score "score" Number Word ["评分" "得分"] [] "The score, 0 to 100."
    Staff "staff" Text Who ["经办人" "员工"] ["人员"] "The id of who did it."
    Topic "topic" Text Free ["主题"] [] "What it was about."
    Channel "channel" Text Free ["渠道"] [] "How it came."
    Ref "ref" Text Who ["单号"] ["编号" "发票号"] "The number that it has, or that it names."
    Due "due" Day Word ["到期日" "到期" "截止日期"] [] "The day by which something is to be done or paid, or it lasts."
    Note "note" Text Free ["备注" "说明"] [] "Anything else worth knowing."
}

/// A column that logs of several currencies have; every row's must be the book's.
pub(crate) const CURRENCY: &str = "currency";

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellForm {
    /// A text.
    Text,
    /// A day.
    Day,
    /// A day, and the minute if it is known.
    Moment,
    /// An amount.
    Money,
    /// A number.
    Number,
}

/// What is known of a column.
struct ColumnEntry {
    holds: CellForm,
    tells: Tells,
    called: &'static [&'static str],
    in_logs: &'static [&'static str],
}

impl LogColumn {
    /// Returns the column's name.
    pub(crate) const fn name(self) -> &'static str {
        LOG_COLUMNS[self as usize]
    }

    /// Returns the column of a name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Returns the column that is meant by its name in letters of any case, or by a Chinese word.
    pub(crate) fn meant(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| {
            let ColumnEntry {
                called, in_logs, ..
            } = it.entry();
            let is_called = called.contains(&word) || in_logs.contains(&word);
            is_called || it.name().eq_ignore_ascii_case(word)
        })
    }

    /// Returns what its cells hold.
    pub(crate) const fn holds(self) -> CellForm {
        self.entry().holds
    }

    /// Returns what its cells tell of whose the row is.
    pub(crate) const fn tells(self) -> Tells {
        self.entry().tells
    }

    /// Returns what people read above it in Chinese.
    pub(crate) const fn heading(self) -> &'static str {
        self.entry().called[0]
    }

    /// Returns the Chinese words by which other programs' tables call it.
    pub(crate) const fn called(self) -> &'static [&'static str] {
        self.entry().called
    }

    const fn entry(self) -> &'static ColumnEntry {
        &ENTRIES[self as usize]
    }
}

/// Something for each of the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ByColumn<T>([T; COUNT]);

impl<T> ByColumn<T> {
    /// Asks `of` for each column.
    pub(crate) fn from_fn(of: impl FnMut(LogColumn) -> T) -> Self {
        Self(LogColumn::ALL.map(of))
    }

    /// Makes something else of what there is for each.
    pub(crate) fn map<U>(self, of: impl FnMut(T) -> U) -> ByColumn<U> {
        ByColumn(self.0.map(of))
    }

    /// Returns each column with what there is for it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (LogColumn, &T)> {
        LogColumn::ALL.into_iter().zip(&self.0)
    }
}

impl<T> Index<LogColumn> for ByColumn<T> {
    type Output = T;

    #[inline]
    fn index(&self, column: LogColumn) -> &T {
        &self.0[column as usize]
    }
}

impl<T> IndexMut<LogColumn> for ByColumn<T> {
    fn index_mut(&mut self, column: LogColumn) -> &mut T {
        &mut self.0[column as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_found_by_its_name_and_its_words() {
        for (at, column) in LogColumn::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, at);
            assert_eq!(LogColumn::of(column.name()), Some(column));
            assert_eq!(LogColumn::meant(column.heading()), Some(column));
            let ColumnEntry {
                called, in_logs, ..
            } = column.entry();
            for word in called.iter().chain(*in_logs) {
                assert_eq!(LogColumn::meant(word), Some(column), "{word}");
            }
        }
        assert_eq!(LogColumn::meant("Due"), Some(LogColumn::Due));
        assert_eq!(LogColumn::of("Due"), None);
    }
}
