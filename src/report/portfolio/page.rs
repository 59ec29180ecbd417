//! The portfolio as people read it: its sections below their headings, then groups.

use super::winning::Deal;
use super::{IndicatorLine, SavedForm, shown};
use crate::answer::{ASIDE, Block, Paper, Part};
use crate::figures::rough::{are_rough, rough_told};
use crate::metric::{Type, Value};
use crate::report::asked::Asked;
use crate::report::shape::{SaidPage, TitledTable};
use crate::report::summary::Grouping;
use crate::words::{write_say, written};

/// Returns the page.
pub(super) fn page<'f>(
    asked: &'f Asked<'_>,
    lines: &[IndicatorLine],
    deal: Option<&Deal>,
    groupings: Vec<(&'static SavedForm, Grouping<'f>)>,
) -> SaidPage<'f> {
    let since = asked.given.day("since");
    let mut paper = Paper::default();
    for section in lines.chunk_by(|a, b| a.section.name == b.section.name) {
        let block = paper.block(section[0].section.said_heading());
        if let Some(since) = since {
            let days = [asked.as_of.to_string(), since.to_string()];
            let heads = [String::new()].into_iter().chain(days);
            let heads = heads.chain([write_say!("change", "变动"), String::new()]);
            // They stand above numbers.
            block.line(heads.map(|it| Part::of(Value::text(it), Type::Number)));
        }
        for line in section {
            put(block, line, since.is_some(), asked);
        }
    }
    if let Some(deal) = deal {
        let block = paper.block(written().pick(
            "What a new customer would leave more, by one change each",
            "每项改进能让一家新客户多留下多少",
        ));
        for (_, told, net) in deal.levers() {
            let net = shown(&net.map_or(Value::Unknown, Value::from), Type::Money);
            block.line([Part::text(told), Part::of(net, Type::Money), Part::text("")]);
        }
    }
    let tables = groupings.into_iter().filter(|it| it.1.has_rows());
    let tables = tables.map(|(form, grouping)| TitledTable {
        heading: written().pick(form.heading.0, form.heading.1),
        spare: &["past_due", "share"],
        last: grouping.last(),
        rows: grouping.into_rows(),
    });
    SaidPage {
        paper,
        tables: tables.collect(),
    }
}

/// Puts an indicator on a line: its value and what it was, or what it is.
fn put(block: &mut Block, line: &IndicatorLine, has_before: bool, asked: &Asked<'_>) {
    let kind = line.indicator.kind;
    let is_rough = line.section.name == "equity" && kind == Type::Money;
    let is_rough = is_rough && are_rough(asked.figures());
    let number = |value: &Value<'static>| match line.shown(value) {
        Value::Money(money) if is_rough => Part::of(Value::text(rough_told(money)), kind),
        value => Part::of(value, kind),
    };
    let mut parts = vec![Part::text(line.indicator.called()), number(&line.value)];
    if has_before {
        parts.extend([number(&line.before), number(&line.change()), Part::text("")]);
    } else {
        parts.push(Part::text(line.indicator.said_told()).toned(ASIDE));
    }
    block.line(parts);
}
