//! How the whole stands: the indicators of a book, or of a part of it.

mod command;
mod page;
mod sections;
mod side;
mod winning;

use std::borrow::Cow;

use self::command::command;
use self::page::page;
use self::sections::{Indicator, NAMES, PortfolioSection, SECTIONS, labels};
use self::side::PortfolioSide;
use self::winning::Deal;
use super::asked::Asked;
use super::asked_periods::check_since;
use super::basis::basis;
use super::basis::by_retention;
use super::given::{Given, Opt, Takes};
use super::row::{OwnColumn, row_of_nobody};
use super::shape::{ColumnNames, ColumnsSetting, Report, RowsSaid};
use super::summary::{Grouping, grouping};
use crate::answer::{Document, Form};
use crate::figures::{Needs, Number};
use crate::metric::{GroupColumn, Metric, Taken, Type, Value};
use crate::model::Money;
use crate::policy::Policy;

/// The report.
pub(crate) static PORTFOLIO: Report<IndicatorLine> = Report {
    name: "portfolio",
    help: "Show how the whole stands: the indicators of all customers, or of those that a rule chooses\n\n\
        Size and value, how far the value hangs on few, who stays by orders and who left by what was logged, \
        care, money owed; `--sections` names others. With `--since` each stands beside what it was then, and \
        its change. In a table groups follow: tiers, classes, what moved revenue, why customers left. \
        `command` gives or explains the value.\n\n\
        `winning` tells what it costs to win a customer and what one brings, and what each lever would add: one \
        visit less, cheaper visits, more spend, margin, a longer stay. A model is fitted for `risk` and `equity` \
        alone.\n\n\
        Example: `guanxi portfolio 'region = Hunan' --since 1y`",
    options: &[
        Opt::taking(
            "since",
            Takes::Since,
            "DAY",
            "Show beside it how it stood on this day, or so long ago (`1y`), with the change",
        ),
        Opt::taking(
            "sections",
            Takes::Words(NAMES),
            "LIST",
            "Show these sections, with commas between them\n\n\
                Without it all but `risk`, `archive`, `agreements`, `equity` and `winning`.",
        ),
    ],
    own: &[
        OwnColumn::new("section", Type::Text, |_, it: &IndicatorLine| {
            it.section.name.into()
        })
        .labelled(|_| labels()),
        OwnColumn::new("indicator", Type::Text, |_, it: &IndicatorLine| {
            it.indicator.name.into()
        })
        .labelled(|_| labels()),
        OwnColumn::new("value", Type::Number, |_, it| it.shown(&it.value)),
        OwnColumn::new("before", Type::Number, |_, it| it.shown(&it.before)),
        OwnColumn::new("change", Type::Number, |_, it| it.shown(&it.change())),
        OwnColumn::new("command", Type::Text, |asked, it| {
            command(asked, it.indicator).into()
        }),
    ],
    usual: &["section", "indicator", "value"],
    suit,
    spare: &["section"],
    needs,
    other_day: |given| given.day("since"),
    check: check_since,
    rows: |asked| rows(asked).into(),
    said,
    parts: &[("levers", levers_form), ("groups", groups_form)],
    rare_parts: true,
    has_exit_code: false,
    ..Report::BASE
};

/// An indicator with its value.
pub(crate) struct IndicatorLine {
    section: &'static PortfolioSection,
    indicator: &'static Indicator,
    value: Value<'static>,
    /// What it was on the other day; unknown where none is asked for.
    before: Value<'static>,
}

row_of_nobody!(IndicatorLine);

impl IndicatorLine {
    /// Returns a value of the indicator as it is shown.
    fn shown(&self, value: &Value<'static>) -> Value<'static> {
        shown(value, self.indicator.kind)
    }

    /// Returns by how much it changed, if both are known.
    fn change(&self) -> Value<'static> {
        let numbers = Number::of(&self.value).zip(Number::of(&self.before));
        numbers.map_or(Value::Unknown, |(now, before)| now.minus(before).into())
    }
}

/// Returns an exact value as it is shown: money in ten-thousandths.
fn shown(value: &Value<'static>, kind: Type) -> Value<'static> {
    match (kind, value) {
        (Type::Money, Value::Exact(exact)) => Money::from_fraction(*exact).into(),
        (Type::Money, Value::Float(number)) => Money::from_f64(*number).into(),
        _ => value.clone(),
    }
}

/// Shows what it was, where another day is asked for.
fn suit(setting: &ColumnsSetting<'_>, names: &mut ColumnNames) {
    if setting.given.has("since") {
        names.extend(["before", "change"].map(Cow::Borrowed));
    }
}

/// Returns the sections that are asked for, in their order.
fn sections(given: &Given) -> impl Iterator<Item = &'static PortfolioSection> {
    let named = given.texts("sections");
    let is_wanted = move |it: &&PortfolioSection| match named {
        [] => it.is_usual,
        named => named.iter().any(|name| name == it.name || name == "all"),
    };
    SECTIONS.iter().filter(is_wanted)
}

/// Returns what the sections need of the figures: metrics and figures of groups, who left, what winning cost.
fn needs(given: &Given, policy: &Policy) -> Needs {
    let mut needs = Needs::default();
    for section in sections(given) {
        let metrics = section.metrics.iter().copied();
        let columns = metrics.clone().map(|metric| GroupColumn {
            taken: Taken::Group,
            metric,
        });
        needs = needs.and(Needs::of(policy, metrics));
        needs = needs.and(Needs::of_groups(policy, columns));
        needs = match section.name {
            "churn" => needs.with_turns(),
            "winning" => needs.with_promotion().with_contacts(),
            _ => needs,
        };
    }
    for form in forms(given) {
        needs = needs.and(Grouping::needs(policy, form.by, form.columns));
        needs = needs.and(Needs::of(policy, [Metric::Lost, Metric::Orders]));
    }
    needs
}

/// Computes the indicators.
fn rows(asked: &Asked<'_>) -> Vec<IndicatorLine> {
    let now = PortfolioSide::new(asked.figures(), asked.chosen());
    let before = asked.before.as_ref();
    let before = before.map(|figures| PortfolioSide::new(figures, asked.chosen_of(figures)));
    let lines = sections(asked.given).flat_map(|section| {
        let indicators = section.indicators.iter();
        indicators.map(move |indicator| (section, indicator))
    });
    let lines = lines.map(|(section, indicator)| IndicatorLine {
        section,
        indicator,
        value: (indicator.of)(&now),
        before: before
            .as_ref()
            .map_or(Value::Unknown, |it| (indicator.of)(it)),
    });
    lines.collect()
}

/// A summary that comes with a section.
struct SavedForm {
    name: &'static str,
    section: &'static str,
    heading: (&'static str, &'static str),
    by: &'static str,
    columns: &'static [&'static str],
    /// Whether those that left alone are in it.
    is_of_lost: bool,
}

/// The columns of a summary where none are named.
const USUAL: &[&str] = &[
    "customers",
    "annual_value",
    "share",
    "growth",
    "receivable",
    "past_due",
];

const FORMS: &[SavedForm] = &[
    SavedForm {
        name: "tier",
        section: "size",
        heading: ("By tier", "按级别"),
        by: "tier",
        columns: USUAL,
        is_of_lost: false,
    },
    SavedForm {
        name: "abc",
        section: "concentration",
        heading: (
            "By class: A brings four fifths",
            "按 ABC 类：A 带来五分之四",
        ),
        by: "abc",
        columns: USUAL,
        is_of_lost: false,
    },
    SavedForm {
        name: "movement",
        section: "movement",
        heading: ("What moved revenue", "收入变动来自哪里"),
        by: "movement",
        columns: &[
            "customers",
            "prior_revenue",
            "annual_revenue",
            "revenue_change",
        ],
        is_of_lost: false,
    },
    SavedForm {
        name: "lost_reason",
        section: "churn",
        heading: ("Why customers left", "客户为何流失"),
        by: "lost_reason",
        columns: USUAL,
        is_of_lost: true,
    },
];

/// Returns the summaries that come with the sections asked for.
fn forms(given: &Given) -> impl Iterator<Item = &'static SavedForm> {
    let names: Vec<&str> = sections(given).map(|it| it.name).collect();
    FORMS.iter().filter(move |it| names.contains(&it.section))
}

/// Computes the summaries of the chosen customers.
fn groupings<'f>(asked: &'f Asked<'_>) -> Vec<(&'static SavedForm, Grouping<'f>)> {
    let chosen = asked.chosen();
    let groupings = forms(asked.given).map(|form| {
        let figures = asked.figures();
        let is_of_it = |index: &u32| {
            let value = |metric| figures.value(*index as usize, metric);
            let has_left = value(Metric::Lost) == Value::Bool(true)
                && value(Metric::Orders).to_f64().is_some_and(|it| it > 0.0);
            !form.is_of_lost || has_left
        };
        let members: Vec<u32> = chosen.iter().copied().filter(is_of_it).collect();
        (form, grouping(asked, form.by, form.columns, &members))
    });
    groupings.collect()
}

/// Says what comes with the indicators: summaries, levers, and on what the model's figures rest.
fn said<'f>(asked: &'f Asked<'_>, rows: &[IndicatorLine]) -> RowsSaid<'f> {
    let names: Vec<&str> = sections(asked.given).map(|it| it.name).collect();
    let groupings = groupings(asked);
    let deal = names.contains(&"winning").then(|| {
        let side = PortfolioSide::new(asked.figures(), asked.chosen());
        Deal::of(&side)
    });
    let mut parts = Vec::new();
    if let Some(deal) = &deal {
        parts.push(("levers", levers(deal)));
    }
    if !groupings.is_empty() {
        let groups = groupings.iter();
        let groups = groups.map(|(form, grouping)| (form.name, grouping.document()));
        parts.push(("groups", Document::object(groups)));
    }
    let notes = if names.iter().any(|it| ["risk", "equity"].contains(it)) {
        basis(asked.figures(), by_retention())
    } else {
        Vec::new()
    };
    RowsSaid {
        parts,
        notes,
        page: Some(page(asked, rows, deal.as_ref(), groupings)),
        kinds: rows.iter().map(|it| it.indicator.kind).collect(),
        ..RowsSaid::default()
    }
}

/// Returns what each lever adds, as JSON has it.
fn levers(deal: &Deal) -> Document {
    let rows = deal.levers().map(|(name, _, net)| {
        let net = shown(&net.map_or(Value::Unknown, Value::from), Type::Money);
        Document::object([
            ("lever", Document::text(name)),
            ("net", (net, Type::Money).into()),
        ])
    });
    Document::List(rows.to_vec())
}

fn levers_form() -> Form {
    Form::list(Form::of_columns(&[
        ("lever", Type::Text),
        ("net", Type::Money),
    ]))
}

fn groups_form() -> Form {
    let names: Vec<&str> = FORMS.iter().map(|it| it.name).collect();
    let forms = FORMS.iter();
    let forms = forms.map(|it| (it.name, Grouping::form(it.by, it.columns)));
    Form::object(forms).maybe(&names)
}
