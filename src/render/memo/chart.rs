//! Charts as SVG, drawn by the plotters crate, which escapes texts and gives the same bytes for the same numbers.
//!
//! Shapes have colours that can be told from a light ground and from a dark one; texts get theirs from the page,
//! and what a colour tells is also told by words or by where a shape stands.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::answer::ChartMarks;
use crate::source::{Cut as _, display_width, escaped, short_place};
use crate::words::{Language, written};

use super::super::table::cut;

/// The width of a chart, in units of its own: a little more than a phone has pixels, so that its texts are legible
/// there although a chart is never wider than the screen.
const WIDTH: u32 = 400;

/// The height of a chart whose height does not hang on how many bars it has.
const HEIGHT: u32 = 240;

/// The height of one bar, and of the blank between the bars of two labels.
const BAR: u32 = 16;

/// The size of texts, in points.
const TEXT: i32 = 14;

/// The room of a line of text.
const LINE: i32 = 13;

/// How wide a label is at most, in characters; Chinese ones count twice.
const LABEL: usize = 20;

/// The room of the longest label beside a bar, and of a number.
const LABEL_ROOM: i32 = 140;
const NUMBER_ROOM: i32 = 66;

/// The first colour, the second, that of what is marked, and that of axes.
const FIRST: RGBColor = RGBColor(0x3b, 0x7d, 0xd8);
const SECOND: RGBColor = RGBColor(0xc9, 0x77, 0x2b);
const MARKED: RGBColor = RGBColor(0xd0, 0x4a, 0x3a);
const AXIS: RGBColor = RGBColor(0x80, 0x80, 0x80);

/// What was drawn.
pub(super) struct Drawn {
    /// The part of the plane that it takes up, as `viewBox` has it.
    pub(super) view: String,
    /// The shapes.
    pub(super) marks: String,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws the marks of a chart.
pub(super) fn draw(marks: &ChartMarks) -> Drawn {
    let height = match marks {
        ChartMarks::Bars(names, bars) => {
            let legend = usize::from(names.len() > 1);
            height_of_lines(names.len().max(1) * bars.len() + bars.len() + legend)
        }
        ChartMarks::Steps(steps) => height_of_lines(2 * steps.len()),
        ChartMarks::Columns(_) | ChartMarks::Dots(_) => HEIGHT,
    };
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (WIDTH, height)).into_drawing_area();
        let drawn = match marks {
            ChartMarks::Bars(names, bars) => draw_bars(&area, names, bars),
            ChartMarks::Columns(columns) => draw_columns(&area, columns),
            ChartMarks::Steps(steps) => draw_steps(&area, steps),
            ChartMarks::Dots(dots) => draw_dots(&area, dots),
        };
        drawn
            .and_then(|()| area.present().map_err(|_| ()))
            .expect("a text takes whatever is drawn");
    }
    // The page has an element of its own around the shapes, with a title.
    let begin = text.find('>').expect("an element begins with its tag") + 1;
    let end = text.rfind("</svg>").expect("an element ends with its tag");
    Drawn {
        view: format!("0 0 {WIDTH} {height}"),
        marks: text.cut(begin..end).trim().to_owned(),
    }
}

/// Returns the height of so many bars and blanks.
fn height_of_lines(count: usize) -> u32 {
    u32::try_from(count.min(1000)).unwrap_or(1) * BAR + 10
}

/// What drawing comes to; nothing fails that writes to a text.
type ChartDone = Result<(), ()>;

/// Draws a shape.
macro_rules! put {
    ($area:expr, $shape:expr) => {
        $area.draw(&$shape).map_err(|_| ())?
    };
}

fn style(h: HPos, v: VPos) -> TextStyle<'static> {
    let style = TextStyle::from(("sans-serif", TEXT).into_font());
    style.pos(Pos::new(h, v))
}

fn draw_bars(area: &Area<'_>, names: &[String], bars: &[(String, Vec<f64>, bool)]) -> ChartDone {
    let names_of_bars = bars.iter().map(|it| &*it.0);
    let (left, room) = across(names_of_bars);
    let lengths = bars.iter().flat_map(|it| &it.1);
    let most = lengths.fold(0.0_f64, |most, it| most.max(*it));
    let mut y = 5;
    let bar = pixels(f64::from(BAR));
    // What each bar of a label is.
    if names.len() > 1 {
        let mut x = 5;
        for (at, name) in names.iter().enumerate() {
            put!(
                area,
                Rectangle::new([(x, y + 2), (x + 10, y + 12)], color(at, false).filled())
            );
            put!(
                area,
                Text::new(label(name), (x + 15, y + 1), style(HPos::Left, VPos::Top))
            );
            x += pixels(f64::from(WIDTH) / 2.0);
        }
        y += bar + 5;
    }
    for (name, lengths, is_marked) in bars {
        let middle = y + bar * i32::try_from(lengths.len()).unwrap_or(1) / 2;
        put!(
            area,
            Text::new(
                label(name),
                (left - 8, middle),
                style(HPos::Right, VPos::Center)
            )
        );
        for (at, length) in lengths.iter().enumerate() {
            let width = pixels(f64::from(room) * share(*length, most));
            let shape = [(left, y + 1), (left + width.max(1), y + bar - 1)];
            put!(area, Rectangle::new(shape, color(at, *is_marked).filled()));
            let text = if names.iter().any(|it| it.contains('%')) {
                format!("{:.1} %", length * 100.0)
            } else {
                short(*length)
            };
            let place = (left + width.max(1) + 6, y + bar / 2);
            put!(
                area,
                Text::new(text, place, style(HPos::Left, VPos::Center))
            );
            y += bar;
        }
        y += bar;
    }
    Ok(())
}

/// Where numbers stand up and down the plane.
struct Scale {
    low: f64,
    high: f64,
    top: i32,
    bottom: i32,
}

impl Scale {
    /// Makes room for some numbers, and the ground.
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let (low, high) = numbers.fold((0.0_f64, 0.0_f64), |(low, high), it| {
            (low.min(it), high.max(it))
        });
        let high = if high > low { high } else { low + 1.0 };
        Self {
            low,
            high,
            top: 15,
            bottom: pixels(f64::from(HEIGHT)) - 30,
        }
    }

    fn at(&self, number: f64) -> i32 {
        let part = (number - self.low) / (self.high - self.low);
        self.bottom - pixels(f64::from(self.bottom - self.top) * part)
    }

    /// Draws the numbers beside the plane.
    fn draw(&self, area: &Area<'_>, left: i32) -> ChartDone {
        let right = pixels(f64::from(WIDTH)) - RIGHT;
        for number in ticks(self.low, self.high) {
            let y = self.at(number);
            put!(
                area,
                PathElement::new([(left, y), (right, y)], AXIS.mix(0.35))
            );
            put!(
                area,
                Text::new(
                    short(number),
                    (left - 6, y),
                    style(HPos::Right, VPos::Center)
                )
            );
        }
        let ground = self.at(0.0);
        put!(
            area,
            PathElement::new([(left, ground), (right, ground)], AXIS)
        );
        Ok(())
    }
}

/// Returns round numbers between two others, some five of them.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let room = (high - low) / 4.0;
    let power = 10.0_f64.powf(room.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|it| it * power)
        .into_iter()
        .find(|it| *it >= room * 0.8)
        .filter(|it| it.is_finite() && *it > 0.0);
    let Some(step) = step else {
        return vec![low, high];
    };
    let first = (low / step).ceil();
    // More than ten would be a mistake.
    let numbers = (0..10).map(|at| (first + f64::from(at)) * step);
    numbers.take_while(|it| *it <= high).collect()
}

/// By how much the plane stands in for the numbers beside it.
const LEFT: i32 = 52;

/// How much is left free to the right of it.
const RIGHT: i32 = 26;

/// Returns where bars begin that have these labels, and how long the longest may be.
fn across<'n>(names: impl Iterator<Item = &'n str>) -> (i32, i32) {
    let left = names.map(text_width).fold(30, i32::max).min(LABEL_ROOM) + 8;
    (left, pixels(f64::from(WIDTH)) - left - NUMBER_ROOM)
}

/// Returns the edges of one of several columns.
fn edges(at: usize, count: usize) -> (i32, i32) {
    let room = f64::from(WIDTH) - f64::from(LEFT + RIGHT);
    let at = f64::from(short_place(at));
    let count = f64::from(short_place(count.max(1)));
    let edge = |at: f64| LEFT + pixels(room * at / count);
    (edge(at + 0.1), edge(at + 0.9))
}

fn draw_columns(area: &Area<'_>, columns: &[(String, f64, Option<f64>)]) -> ChartDone {
    let numbers = columns.iter().flat_map(|it| [Some(it.1), it.2]).flatten();
    let scale = Scale::of(numbers);
    scale.draw(area, LEFT)?;
    // As many labels as have room.
    let every = columns.len().div_ceil(5).max(1);
    let mut line = Vec::new();
    for (at, (name, number, before)) in columns.iter().enumerate() {
        let (left, right) = edges(at, columns.len());
        let shape = [(left, scale.at(*number)), (right, scale.at(0.0))];
        put!(area, Rectangle::new(shape, FIRST.filled()));
        let middle = i32::midpoint(left, right);
        line.extend(before.map(|it| (middle, scale.at(it))));
        if (columns.len() - 1 - at).is_multiple_of(every) {
            let place = (middle, scale.bottom + 8);
            put!(
                area,
                Text::new(label(name), place, style(HPos::Center, VPos::Top))
            );
        }
    }
    if line.len() > 1 {
        put!(area, PathElement::new(line, SECOND.stroke_width(2)));
    }
    Ok(())
}

/// Draws steps from above to below, each beginning where the one before it ended.
fn draw_steps(area: &Area<'_>, steps: &[(String, f64, f64, bool)]) -> ChartDone {
    let (left, room) = across(steps.iter().map(|it| &*it.0));
    let scale = Scale::of(steps.iter().flat_map(|it| [it.1, it.2]));
    let place = |number: f64| {
        let part = (number - scale.low) / (scale.high - scale.low);
        left + pixels(f64::from(room) * part)
    };
    let bar = pixels(f64::from(BAR));
    let mut y = 5;
    for (name, begin, end, stands) in steps {
        let color = match (stands, end < begin) {
            (true, _) => FIRST,
            (false, false) => SECOND,
            (false, true) => MARKED,
        };
        let (middle, low, high) = (y + bar / 2, begin.min(*end), begin.max(*end));
        put!(
            area,
            Text::new(
                label(name),
                (left - 8, middle),
                style(HPos::Right, VPos::Center)
            )
        );
        let right = place(high).max(place(low) + 1);
        let shape = [(place(low), y), (right, y + bar)];
        put!(area, Rectangle::new(shape, color.filled()));
        let text = match (stands, end - begin) {
            (true, _) => short(*end),
            (false, rise) if rise > 0.0 => format!("+{}", short(rise)),
            (false, rise) => short(rise),
        };
        let style = style(HPos::Left, VPos::Center);
        put!(area, Text::new(text, (right + 5, middle), style));
        y += 2 * bar;
    }
    let ground = place(0.0);
    put!(area, PathElement::new([(ground, 0), (ground, y)], AXIS));
    Ok(())
}

fn draw_dots(area: &Area<'_>, dots: &[(f64, f64, Option<String>)]) -> ChartDone {
    let scale = Scale::of(dots.iter().map(|it| it.1));
    scale.draw(area, LEFT)?;
    let room = f64::from(WIDTH) - f64::from(LEFT + RIGHT);
    for step in 0..=4 {
        let part = f64::from(step) / 4.0;
        let text = format!("{:.0} %", part * 100.0);
        let place = (LEFT + pixels(room * part), scale.bottom + 8);
        put!(area, Text::new(text, place, style(HPos::Center, VPos::Top)));
    }
    let place = |across: f64, up: f64| {
        let part = across.clamp(0.0, 1.0);
        (LEFT + pixels(room * part), scale.at(up))
    };
    // Those that are named lie above the others, and the names above all.
    for is_named in [false, true] {
        let (size, color) = if is_named { (5, MARKED) } else { (3, FIRST) };
        for (across, up, _) in dots.iter().filter(|it| it.2.is_some() == is_named) {
            put!(area, Circle::new(place(*across, *up), size, color.filled()));
        }
    }
    let mut names: Vec<(i32, i32, i32)> = Vec::new();
    for (across, up, name) in dots {
        let Some(name) = name else { continue };
        let place = place(*across, *up);
        let width = text_width(name);
        // Names stand on the side that has room.
        let (beside, begin, anchor) = if *across > 0.5 {
            (place.0 - 8, place.0 - 8 - width, HPos::Right)
        } else {
            (place.0 + 8, place.0 + 8, HPos::Left)
        };
        let line = free_line(&names, (begin, begin + width), place.1, scale.bottom);
        names.push((begin, begin + width, line));
        put!(
            area,
            Text::new(label(name), (beside, line), style(anchor, VPos::Center))
        );
    }
    Ok(())
}

/// Returns the first line from a place down on which a name covers none of those that stand already, each with
/// its ends and its line; from the place up, if it would stand below the plane.
fn free_line(names: &[(i32, i32, i32)], (begin, end): (i32, i32), y: i32, bottom: i32) -> i32 {
    let is_near = |it: &&(i32, i32, i32)| it.0 < end && begin < it.1;
    let mut near: Vec<i32> = names.iter().filter(is_near).map(|it| it.2).collect();
    near.sort_unstable();
    // Each name that is in the way moves it beyond itself, so one look at them in their order does.
    let past = |line: i32, other: &i32, step: i32| {
        if (other - line).abs() < LINE {
            other + step
        } else {
            line
        }
    };
    let down = near.iter().fold(y, |line, it| past(line, it, LINE));
    if down <= bottom {
        return down;
    }
    near.iter().rev().fold(y, |line, it| past(line, it, -LINE))
}

fn color(at: usize, is_marked: bool) -> RGBColor {
    match (at, is_marked) {
        (_, true) => MARKED,
        (0, _) => FIRST,
        _ => SECOND,
    }
}

/// Returns the nearest place; what is no number stands at 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is held within the plane"
)]
fn pixels(place: f64) -> i32 {
    place.clamp(-10_000.0, 10_000.0).round() as i32
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        (part / whole).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// Returns how much room a label takes, rather too much than too little.
fn text_width(text: &str) -> i32 {
    let columns = i32::try_from(display_width(&label(text)));
    columns.map_or(LABEL_ROOM, |it| it.saturating_mul(7))
}

/// Returns a text that is short enough to stand in a chart.
fn label(text: &str) -> String {
    cut(&escaped(text), LABEL).into_owned()
}

/// Returns a number with three digits or so: `1.25M`.
fn short(number: f64) -> String {
    let size = number.abs();
    let (divisor, unit) = match size {
        _ if written() == Language::Chinese => match size {
            _ if size >= 1e8 => (1e8, "亿"),
            _ if size >= 1e4 => (1e4, "万"),
            _ => (1.0, ""),
        },
        _ if size >= 1e9 => (1e9, "G"),
        _ if size >= 1e6 => (1e6, "M"),
        _ if size >= 1e3 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let text = format!("{:.2}", number / divisor);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let text = if text == "-0" { "0" } else { text };
    format!("{text}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_equal_numbers_give_equal_bytes() {
        let name = "<script>]]>&\"'";
        let dots = ChartMarks::Dots(vec![
            (0.5, 100.0, Some(name.to_owned())),
            (f64::NAN, f64::INFINITY, None),
        ]);
        let drawn = draw(&dots);
        assert!(!drawn.marks.contains("<script"), "{}", drawn.marks);
        assert!(drawn.marks.contains("&lt;script&gt;]]&gt;&amp;"));
        assert_eq!(drawn.marks, draw(&dots).marks);
        assert!(!drawn.marks.contains("http"));
    }

    #[test]
    fn the_numbers_beside_a_plane_are_round() {
        for (low, high, expected) in [
            (0.0, 3_823_000.0, "0 1M 2M 3M"),
            (0.0, 33_180_000.0, "0 10M 20M 30M"),
            (-400.0, 1_000.0, "0 500 1k"),
            (0.0, 1.0, "0 0.2 0.4 0.6 0.8 1"),
            (0.0, f64::INFINITY, "0 infG"),
        ] {
            let ticks: Vec<String> = ticks(low, high).into_iter().map(short).collect();
            assert_eq!(ticks.join(" "), expected);
        }
    }

    #[test]
    fn numbers_are_short() {
        for (number, expected) in [
            (0.0, "0"),
            (-0.001, "0"),
            (999.0, "999"),
            (1250.0, "1.25k"),
            (-1_000_000.0, "-1M"),
            (2.5e9, "2.5G"),
        ] {
            assert_eq!(short(number), expected);
        }
    }
}
