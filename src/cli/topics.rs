//! The topics of `help`: the pages of `docs/` that users read, as the program carries them with it.

use std::fmt::Write as _;

use crate::words::Language;

/// A topic: a word, what its page tells, and the page.
pub(super) struct Topic {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The same in Chinese.
    pub(super) chinese: &'static str,
    /// The page as it stands in `docs/`.
    pub(super) page: &'static str,
    /// The same in Chinese.
    chinese_page: &'static str,
}

impl Topic {
    /// Returns the page in a language.
    pub(super) fn page_in(&self, language: Language) -> &'static str {
        language.pick(self.page, self.chinese_page)
    }

    /// Returns what its page tells, in a language.
    pub(super) fn about_in(&self, language: Language) -> &'static str {
        language.pick(self.about, self.chinese)
    }
}

/// The topics, in the order in which a new user wants them.
pub(super) const TOPICS: [Topic; 11] = [
    Topic {
        name: "format",
        about: "The files of a book: customers, logs, staff",
        chinese: "账本的文件：客户、日志、人员",
        page: include_str!("../../docs/format.md"),
        chinese_page: include_str!("../../docs/zh/format.md"),
    },
    Topic {
        name: "kinds",
        about: "The kinds of rows, and which cells each needs",
        chinese: "记录的类型，以及各类型需要哪些单元格",
        page: include_str!("../../docs/kinds.md"),
        chinese_page: include_str!("../../docs/zh/kinds.md"),
    },
    Topic {
        name: "writing",
        about: "How commands change a book, and how that is taken back",
        chinese: "命令如何改动账本，如何撤销",
        page: include_str!("../../docs/writing.md"),
        chinese_page: include_str!("../../docs/zh/writing.md"),
    },
    Topic {
        name: "rules",
        about: "The language of filters, tiers, revisits and flags",
        chinese: "筛选、级别、回访和标记所用的规则语言",
        page: include_str!("../../docs/rules.md"),
        chinese_page: include_str!("../../docs/zh/rules.md"),
    },
    Topic {
        name: "metrics",
        about: "Every figure: its type, its unit and what it is",
        chinese: "每个数字：类型、单位、是什么",
        page: include_str!("../../docs/metrics.md"),
        chinese_page: include_str!("../../docs/zh/metrics.md"),
    },
    Topic {
        name: "policy",
        about: "What a firm decides itself: tiers, revisits, deadlines, terms",
        chinese: "由企业自定的规则：级别、回访、期限、账期",
        page: include_str!("../../docs/policy.md"),
        chinese_page: include_str!("../../docs/zh/policy.md"),
    },
    Topic {
        name: "git",
        about: "A book in git, alone and between people",
        chinese: "用 git 管理账本，一个人或多个人",
        page: include_str!("../../docs/git.md"),
        chinese_page: include_str!("../../docs/zh/git.md"),
    },
    Topic {
        name: "cron",
        about: "Answers by mail every morning, and checks at night",
        chinese: "每天早上的邮件，夜间的检查",
        page: include_str!("../../docs/cron.md"),
        chinese_page: include_str!("../../docs/zh/cron.md"),
    },
    Topic {
        name: "import",
        about: "Customers and events from spreadsheets, ERP, bank, tax bureau, phones",
        chinese: "从电子表格、ERP、银行、税务、手机导入客户和记录",
        page: include_str!("../../docs/import.md"),
        chinese_page: include_str!("../../docs/zh/import.md"),
    },
    Topic {
        name: "export",
        about: "Answers and the book in the forms of other programs: sheets and more",
        chinese: "把结果和账本写成其他程序的格式：表格等",
        page: include_str!("../../docs/export.md"),
        chinese_page: include_str!("../../docs/zh/export.md"),
    },
    Topic {
        name: "privacy",
        about: "A book that names nobody; erasing a customer or a person",
        chinese: "匿名账本；删除客户或某个人的全部内容",
        page: include_str!("../../docs/privacy.md"),
        chinese_page: include_str!("../../docs/zh/privacy.md"),
    },
];

/// Returns the topic of this name.
pub(super) fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|it| it.name == name)
}

/// Returns the topic whose page in Chinese is called so.
pub(super) fn topic_read_as(chinese: &str) -> Option<&'static Topic> {
    let heading = |it: &Topic| {
        it.chinese_page
            .lines()
            .next()
            .map(|it| it.trim_start_matches("# "))
    };
    TOPICS
        .iter()
        .find(|it| heading(it).is_some_and(|it| it == chinese))
}

/// Returns what the help of the program says of topics, below its commands and options.
pub(super) fn listing(language: Language) -> String {
    let width = TOPICS.iter().map(|it| it.name.len()).max().unwrap_or(0);
    let heading = language.pick(
        "Topics, each a page of `guanxi help TOPIC`:\n",
        "主题，用 `guanxi help TOPIC` 查看：\n",
    );
    let mut text = heading.to_owned();
    for topic in &TOPICS {
        // Writing to a string cannot fail.
        let about = topic.about_in(language);
        let _ = writeln!(text, "  {:width$}  {about}", topic.name);
    }
    text.truncate(text.trim_end().len());
    text
}
