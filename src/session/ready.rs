//! A book that lies ready to be read, how a command wants it, and what is asked of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::diagnostic::Diagnostics;
use crate::figures::{Needs, PartFacts};
use crate::folder::book_files::BookFiles;
use crate::load::{Begun, LoadOptions, Loaded, RowsAsked, load, load_but_logs};
use crate::model::{Book, Day, LogPart, Role};
use crate::policy::Policy;
use crate::report::AnyReport;
use crate::rule::Rule;
use crate::source::SourceText;

/// A book that lies ready to be read.
pub(crate) struct Ready<'r> {
    /// The files: on the disk as they are once an interrupted change is finished.
    pub(crate) files: &'r BookFiles,
    /// The policy that stands in for the book's own, if one is given.
    pub(crate) policy: Option<&'r SourceText>,
    /// How to load.
    pub(crate) options: LoadOptions,
    /// What was wrong with the folder.
    pub(crate) found: &'r Diagnostics,
}

impl Ready<'_> {
    /// Loads the whole book.
    pub(crate) fn load(&self) -> Loaded {
        load(self.files, self.policy, self.options)
    }

    /// Reads the whole book for what is asked, and keeps no row of it.
    pub(super) fn read_for(&self, asked: &BookAsked<'_>, as_of: NaiveDate) -> (Loaded, AskedFacts) {
        let days = DaysAsked {
            as_of,
            other: asked.other_day.map(|it| it.min(as_of)),
        };
        let begun = load_but_logs(self.files, self.policy, self.options);
        let needs = asked.needs(&begun.policy);
        let (loaded, facts) = self.read_begun(begun, needs, days);
        if !facts.is_unsure() {
            return (loaded, facts);
        }
        // Which of two rows of one day came first is only known of rows that are kept.
        let needs = needs.with_contacts();
        let begun = load_but_logs(self.files, self.policy, self.options);
        self.read_begun(begun, needs, days)
    }

    fn read_begun(&self, begun: Begun, needs: Needs, days: DaysAsked) -> (Loaded, AskedFacts) {
        let first = days.other.unwrap_or(days.as_of);
        let rows = rows_asked(needs, &begun.policy, first);
        let take = |book: &Book, policy: &Policy, part: &mut LogPart| {
            let on = |day| PartFacts::new(book, policy, day, needs, part);
            (on(days.as_of), days.other.map(on))
        };
        let (loaded, parts) = begun.read_through(self.files, self.options, &rows, take);
        let (parts, others): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let others = days.other.map(|day| (day, others.into_iter().flatten()));
        let facts = AskedFacts {
            needs,
            parts,
            other: others.map(|(day, parts)| (day, parts.collect())),
        };
        (loaded, facts)
    }
}

/// Returns which rows figures are computed from, up to a day.
pub(super) fn rows_asked(needs: Needs, policy: &Policy, as_of: NaiveDate) -> RowsAsked {
    let kinds = policy.kinds.all().iter();
    let roles: BTreeSet<Role> = kinds.map(|it| it.role).collect();
    let roles = || roles.iter().copied();
    let staff = roles().filter_map(|it| Some((it, needs.staff_from(as_of, it)?)));
    RowsAsked {
        until: Day::of(as_of),
        roles: Some(roles().filter(|it| needs.asks_for(*it)).collect()),
        contacts: needs.asks_for_contacts(),
        staff: staff.collect(),
        contact_staff: needs.contact_staff_from(as_of),
        topics: roles().filter(|it| needs.asks_for_topic(*it)).collect(),
    }
}

/// How a command wants its book.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub(crate) struct FiguresWanted {
    /// Each row's file and line, and the files to look at them again.
    pub(crate) origins: bool,
    /// What tells equal rows.
    pub(crate) hashes: bool,
    /// Warnings too.
    pub(crate) warns: bool,
    /// The book as the index of git has it.
    pub(crate) staged: bool,
    /// Of customers their ids, names and owners alone, for those who take rows.
    pub(crate) names_alone: bool,
}

/// A revision of git that answers are of.
#[derive(Clone, Debug)]
pub(crate) struct Rev {
    /// Its name as given.
    pub(crate) name: String,
    /// The full id of the commit.
    pub(crate) commit: String,
    /// The book's folder in it, from the top.
    pub(crate) folder: String,
}

/// All that is asked of a book.
pub(crate) struct BookAsked<'a> {
    /// The report that is to be made.
    pub(crate) report: &'a dyn AnyReport,
    /// What it needs of the figures, as far as the policy lets that be told.
    pub(crate) needs: &'a dyn Fn(&Policy) -> Needs,
    /// The filter of the command line.
    pub(crate) rule: Option<&'a str>,
    /// Whether some rows are looked at again in their files.
    pub(crate) origins: bool,
    /// Another day whose figures are needed, too, not after the day of the answer.
    pub(crate) other_day: Option<NaiveDate>,
}

impl BookAsked<'_> {
    fn needs(&self, policy: &Policy) -> Needs {
        let source = SourceText::new("RULE", self.rule.unwrap_or_default());
        let mut faults = Diagnostics::default();
        let vocabulary = policy.vocabulary();
        let columns = self.report.row_columns(policy);
        let rule = self
            .rule
            .and_then(|_| Rule::compile_filter(&source, &vocabulary, &columns, &mut faults));
        // Whoever has a wrong filter will be told, and not be answered.
        let of_rule = rule.iter().flat_map(|it| self.report.made_of_rule(it));
        (self.needs)(policy).and(Needs::of(policy, of_rule))
    }
}

/// What the rows of a book say of what was asked.
#[derive(Debug)]
pub(crate) struct AskedFacts {
    pub(super) needs: Needs,
    pub(super) parts: Vec<PartFacts>,
    /// Those of the other day, if one was asked for.
    pub(super) other: Option<(NaiveDate, Vec<PartFacts>)>,
}

impl AskedFacts {
    /// Tells whether a row that was not kept might change what was asked.
    fn is_unsure(&self) -> bool {
        let others = self.other.iter().flat_map(|it| &it.1);
        self.parts.iter().chain(others).any(PartFacts::is_unsure)
    }
}

/// The days that figures are asked for.
#[derive(Clone, Copy)]
struct DaysAsked {
    as_of: NaiveDate,
    /// Another one, not after it.
    other: Option<NaiveDate>,
}
