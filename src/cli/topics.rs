//! The topics of `help`: the pages of `docs/` that users read, as the program carries them with it.

use std::fmt::Write as _;

/// A topic: a word, what its page tells, and the page.
pub(super) struct Topic {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The page as it stands in `docs/`.
    pub(super) page: &'static str,
}

/// The topics, in the order in which a new user wants them.
pub(super) const TOPICS: [Topic; 10] = [
    Topic {
        name: "format",
        about: "The files of a book: customers, logs, staff",
        page: include_str!("../../docs/format.md"),
    },
    Topic {
        name: "kinds",
        about: "The kinds of rows, and which cells each needs",
        page: include_str!("../../docs/kinds.md"),
    },
    Topic {
        name: "writing",
        about: "How commands change a book, and how that is taken back",
        page: include_str!("../../docs/writing.md"),
    },
    Topic {
        name: "rules",
        about: "The language of filters, tiers, revisits and flags",
        page: include_str!("../../docs/rules.md"),
    },
    Topic {
        name: "metrics",
        about: "Every figure: its type, its unit and what it is",
        page: include_str!("../../docs/metrics.md"),
    },
    Topic {
        name: "policy",
        about: "What a firm decides itself: tiers, revisits, deadlines, terms",
        page: include_str!("../../docs/policy.md"),
    },
    Topic {
        name: "git",
        about: "A book in git, alone and between people",
        page: include_str!("../../docs/git.md"),
    },
    Topic {
        name: "cron",
        about: "Answers by mail every morning, and checks at night",
        page: include_str!("../../docs/cron.md"),
    },
    Topic {
        name: "import",
        about: "Customers and events from spreadsheets, ERP, bank, tax bureau, phones",
        page: include_str!("../../docs/import.md"),
    },
    Topic {
        name: "export",
        about: "Answers and the book in the forms of other programs: sheets and more",
        page: include_str!("../../docs/export.md"),
    },
];

/// Returns the topic of this name.
pub(super) fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|it| it.name == name)
}

/// Returns what the help of the program says of topics, below its commands and options.
pub(super) fn listing() -> String {
    let width = TOPICS.iter().map(|it| it.name.len()).max().unwrap_or(0);
    let mut text = String::from("Topics, each a page of `guanxi help TOPIC`:\n");
    for topic in &TOPICS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {:width$}  {}", topic.name, topic.about);
    }
    text.truncate(text.trim_end().len());
    text
}
