//! The tools: what each is for, what it takes, and whether it changes anything.

use rmcp::model::{JsonObject, ToolAnnotations};
use serde_json::{Value, json};

/// A tool.
#[derive(Debug)]
pub(super) struct Tool {
    pub(super) name: &'static str,
    /// Its name for people.
    title: &'static str,
    /// What it answers, and when to take it.
    about: &'static str,
    pub(super) inputs: &'static [Input],
    pub(super) does: Does,
}

/// What a tool does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Finds customers by a text.
    Find,
    /// Answers with the rows of the command of its name, in pages.
    Rows,
    /// Answers with the rows of the command that `name` says, in pages.
    Answer,
    /// Answers with the first rows of the command of its name.
    FirstRows,
    /// Answers with all that the command of its name says.
    Whole,
    /// Answers with a page of the manual.
    Help,
    /// Shows and makes a change, by the command of its name.
    Change,
}

/// Something that a tool takes.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: &'static str,
    pub(super) takes: InputKind,
    about: &'static str,
    pub(super) is_needed: bool,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputKind {
    /// A text.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// Texts, at most so many.
    Texts(usize),
    /// A whole number, from 1 to a greatest one; without it the default.
    Count { most: usize, default: usize },
    /// Yes or no.
    Yes,
    /// Texts by the names of fields: `null` or an empty one removes the field.
    Fields,
}

/// The most rows that a call may ask for.
const MOST_ROWS: usize = 200;

/// The most columns that a call may ask for.
const MOST_COLUMNS: usize = 20;

/// The most names that a call may give.
const MOST_NAMES: usize = 50;

/// The answers that `answer` has.
pub(super) const ANSWERS: &[&str] = &[
    "churn",
    "value",
    "receivables",
    "cases",
    "dates",
    "leads",
    "team",
    "portfolio",
    "summary",
    "trend",
    "diff",
];

/// The topics that `help` has.
const TOPICS: &[&str] = &["format", "rules", "metrics", "policy", "kinds"];

const fn may(name: &'static str, takes: InputKind, about: &'static str) -> Input {
    Input {
        name,
        takes,
        about,
        is_needed: false,
    }
}

const fn must(name: &'static str, takes: InputKind, about: &'static str) -> Input {
    Input {
        is_needed: true,
        ..may(name, takes, about)
    }
}

const RULE: Input = may(
    "rule",
    InputKind::Text,
    "Only customers that satisfy this rule, such as `tier in (AAA, AA) and overdue > 0`; `help` rules has the language",
);
const COLUMNS: Input = may(
    "columns",
    InputKind::Texts(MOST_COLUMNS),
    "Columns in place of the usual ones; `+x` adds to them, `-x` drops; `help` metrics lists them",
);
const LIMIT: Input = may(
    "limit",
    InputKind::Count {
        most: MOST_ROWS,
        default: 50,
    },
    "Rows at a time",
);
const CURSOR: Input = may(
    "cursor",
    InputKind::Text,
    "`page.next_cursor` of the answer before, with all else as it was",
);
const AS_OF: Input = may(
    "as_of",
    InputKind::Text,
    "Everything as it stood on this day: `2026-01-31`, `today-30d`",
);
const CUSTOMER: Input = must(
    "customer",
    InputKind::Text,
    "Id, or whole name or alias; `find` tells it",
);
const CONFIRM: Input = may(
    "confirm",
    InputKind::Yes,
    "true writes what a call without it has shown; ask the user first",
);

/// The tools in the order in which they are listed; those that write come last.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "find",
        title: "Find customers",
        about: "Finds customers by id, name, alias, or the beginning of one, also by pinyin or its initials: up to 10 \
            with id, name, owner and tier, the best first. Take it before tools that need a customer.",
        inputs: &[must(
            "text",
            InputKind::Text,
            "What the customer may be called",
        )],
        does: Does::Find,
    },
    Tool {
        name: "list",
        title: "List customers",
        about: "Lists customers with any metrics as columns: filter by a rule, sort, choose few columns. The cheapest \
            way to facts of several customers, and to counts: `page.total` with limit 1.",
        inputs: &[
            RULE,
            COLUMNS,
            may(
                "sort",
                InputKind::Text,
                "Columns to sort by, `-x` from the greatest down: `-annual_value,name`",
            ),
            LIMIT,
            CURSOR,
            AS_OF,
        ],
        does: Does::Rows,
    },
    Tool {
        name: "due",
        title: "Whom to see",
        about: "Whom to see next: revisits overdue or coming within a span, the most urgent first, with why.",
        inputs: &[
            RULE,
            may(
                "within",
                InputKind::Text,
                "How far ahead: `7d` (the usual), `2w`",
            ),
            LIMIT,
            CURSOR,
            AS_OF,
        ],
        does: Does::Rows,
    },
    Tool {
        name: "show",
        title: "Show a customer",
        about: "Everything of one customer: all metrics, why its tier and churn are what they are, people, open cases \
            and leads, the last rows. Some 7,000 characters; `list` with columns is cheaper for single facts.",
        inputs: &[CUSTOMER, AS_OF],
        does: Does::Whole,
    },
    Tool {
        name: "explain",
        title: "Explain a figure",
        about: "Why one metric of one customer is what it is: definition, the rules with what they saw, arithmetic, and \
            the rows behind it by file and line. Take it before you give a reason.",
        inputs: &[
            CUSTOMER,
            must(
                "metric",
                InputKind::Text,
                "Such as tier, receivable, churn, next_revisit",
            ),
            may(
                "rows",
                InputKind::Count {
                    most: MOST_ROWS,
                    default: 20,
                },
                "Rows behind it, at most",
            ),
            AS_OF,
        ],
        does: Does::Whole,
    },
    Tool {
        name: "history",
        title: "What happened",
        about: "Rows of the logs, the newest first: visits, orders, invoices, payments, complaints, with their notes.",
        inputs: &[
            may(
                "customer",
                InputKind::Text,
                "Only this customer's: id, or whole name or alias",
            ),
            may(
                "kinds",
                InputKind::Texts(MOST_NAMES),
                "Only these kinds, such as visit, order, payment; `help` kinds lists them",
            ),
            may("since", InputKind::Text, "From this day on"),
            may("until", InputKind::Text, "Up to this day"),
            may(
                "text",
                InputKind::Text,
                "Only rows with this in topic, ref or note, whatever its case",
            ),
            LIMIT,
            CURSOR,
        ],
        does: Does::Rows,
    },
    Tool {
        name: "answer",
        title: "Ask a report",
        about: "A report of the whole book: churn (who is slipping away, why), value (lifetime value), receivables \
            (ageing; `by` groups), cases (open complaints and requests; `by` groups), dates (birthdays and \
            anniversaries `within` a span), leads (open ones), team (load and results per account manager), portfolio \
            (indicators of the book, changes `since` a day), summary (counts and sums `by` metrics), trend (`by` month \
            or quarter, `since` a day), diff (what changed between `from` and `to`, and which row did it).",
        inputs: &[
            must("name", InputKind::Word(ANSWERS), "Which"),
            RULE,
            may(
                "by",
                InputKind::Text,
                "Of receivables, cases, summary: metrics such as `tier` or `owner,region`; of trend: `month` or `quarter`",
            ),
            may(
                "since",
                InputKind::Text,
                "Of portfolio, trend: a day, or a span back such as `6m`",
            ),
            may(
                "from",
                InputKind::Text,
                "Of diff, which needs it: a day, or a span back such as `2w`",
            ),
            may(
                "to",
                InputKind::Text,
                "Of diff: the later day; today without it",
            ),
            may("within", InputKind::Text, "Of dates: how far ahead, `30d`"),
            COLUMNS,
            LIMIT,
            CURSOR,
            AS_OF,
        ],
        does: Does::Answer,
    },
    Tool {
        name: "check",
        title: "Check the book",
        about: "What is wrong in the book's files: each fault with code, file, line and cure, errors before warnings. \
            Take it when another tool says that the book has errors.",
        inputs: &[may(
            "limit",
            InputKind::Count {
                most: MOST_ROWS,
                default: 20,
            },
            "Faults, at most",
        )],
        does: Does::FirstRows,
    },
    Tool {
        name: "help",
        title: "Read the manual",
        about: "A page of the manual: format (files of a book), rules (the language of rules), metrics (all columns), \
            policy, kinds (of rows). `names` picks what it says of single words, which is far shorter.",
        inputs: &[
            must("topic", InputKind::Word(TOPICS), "Which page"),
            may(
                "names",
                InputKind::Texts(MOST_NAMES),
                "Only what it says of these words",
            ),
        ],
        does: Does::Help,
    },
    Tool {
        name: "log",
        title: "Log what happened",
        about: "Appends a row to the log: a visit, order, payment, complaint and so on. Without `confirm` it only shows \
            the change as a diff: show that to the user, and write when they agree.",
        inputs: &[
            CUSTOMER,
            must(
                "kind",
                InputKind::Text,
                "Such as visit, call, order, payment, plan; `help` kinds tells what each needs",
            ),
            may(
                "date",
                InputKind::Text,
                "The day it happened; today without it",
            ),
            may(
                "amount",
                InputKind::Text,
                "Money as a text: `1250.00`, `12.5万`",
            ),
            may("score", InputKind::Text, "0 to 100"),
            may("staff", InputKind::Text, "Id of who did it"),
            may("topic", InputKind::Text, "The topic"),
            may("channel", InputKind::Text, "The channel"),
            may(
                "ref",
                InputKind::Text,
                "Number of an invoice, order or case",
            ),
            may("due", InputKind::Text, "The day it is due"),
            may("note", InputKind::Text, "The note"),
            may(
                "next",
                InputKind::Text,
                "Logs the next step too, due on this day or after this span: `7d`",
            ),
            CONFIRM,
        ],
        does: Does::Change,
    },
    Tool {
        name: "set",
        title: "Set fields",
        about: "Sets fields of one customer's file, such as owner, stage, region, phone. Without `confirm` it only shows \
            the change as a diff: show that to the user, and write when they agree.",
        inputs: &[
            CUSTOMER,
            must(
                "fields",
                InputKind::Fields,
                "Texts by field, money too: {\"owner\": \"li.wei\", \"credit_limit\": \"50万\"}; null or \"\" removes \
                    one; `help` format lists them",
            ),
            CONFIRM,
        ],
        does: Does::Change,
    },
];

impl Tool {
    /// Tells whether it changes the book.
    pub(super) fn writes(&self) -> bool {
        self.does == Does::Change
    }

    /// Returns the tool as the protocol lists it.
    pub(super) fn listed(&self, output: Option<JsonObject>) -> rmcp::model::Tool {
        let mut listed = rmcp::model::Tool::new(self.name, self.about, self.input_schema());
        listed.title = Some(self.title.to_owned());
        listed.output_schema = output.map(Into::into);
        let hints = ToolAnnotations::with_title(self.title).open_world(false);
        listed.annotations = Some(if self.writes() {
            hints.read_only(false).destructive(false)
        } else {
            hints.read_only(true)
        });
        listed
    }

    fn input_schema(&self) -> JsonObject {
        let inputs = self.inputs.iter();
        let properties = inputs.map(|it| (it.name.to_owned(), it.schema()));
        let needed = self.inputs.iter().filter(|it| it.is_needed);
        let needed: Vec<&str> = needed.map(|it| it.name).collect();
        let mut schema = JsonObject::new();
        schema.insert("type".to_owned(), "object".into());
        schema.insert("properties".to_owned(), Value::Object(properties.collect()));
        schema.insert("required".to_owned(), needed.into());
        schema.insert("additionalProperties".to_owned(), false.into());
        schema
    }
}

impl Input {
    fn schema(&self) -> Value {
        let mut schema = match self.takes {
            InputKind::Text => json!({"type": "string"}),
            InputKind::Word(words) => json!({"type": "string", "enum": words}),
            InputKind::Texts(most) => {
                json!({"type": "array", "items": {"type": "string"}, "maxItems": most})
            }
            InputKind::Count { most, default } => {
                json!({"type": "integer", "minimum": 1, "maximum": most, "default": default})
            }
            InputKind::Yes => json!({"type": "boolean", "default": false}),
            InputKind::Fields => json!({
                "type": "object",
                "additionalProperties": {"type": ["string", "null"]},
                "minProperties": 1
            }),
        };
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), self.about.into());
        }
        schema
    }
}
