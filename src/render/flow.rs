//! Lines of Chinese that end well: none with a lone character, and none of Latin words alone where that can be.

use super::prose::wrapped;
use crate::source::display_width;

/// The narrowest last line that looks like one.
const LEAST_LAST: usize = 8;

/// By how much lines are made shorter for a better end.
const MOST_SHORTER: usize = 30;

/// Breaks a Chinese text into lines of at most `width` columns as [`wrapped`] does, a little shorter where
/// the last would else have a lone character, or one would be Latin alone.
pub fn flowed(text: &str, width: usize) -> String {
    let lines = text.lines().map(|it| paragraph(it, width));
    lines.collect::<Vec<_>>().join("\n")
}

fn paragraph(text: &str, width: usize) -> String {
    let widest = wrapped(text, width);
    let count = widest.lines().count();
    if count < 2 || ends_well(&widest) {
        return widest;
    }
    let shorter = (1..=MOST_SHORTER.min(width / 3)).map(|by| wrapped(text, width - by));
    let mut as_many = shorter.take_while(|it| it.lines().count() == count);
    as_many.find(|it| ends_well(it)).unwrap_or(widest)
}

fn ends_well(text: &str) -> bool {
    let last = text.lines().last().unwrap_or_default();
    let is_chinese = |it: &str| it.contains(is_han) || !it.contains(char::is_alphabetic);
    display_width(last) >= LEAST_LAST && text.lines().all(is_chinese)
}

/// Tells whether a character is a Chinese one.
fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_ends_with_more_than_a_character() {
        let text = "以万元为单位的金额列";
        assert_eq!(wrapped(text, 18), "以万元为单位的金额\n列");
        assert_eq!(flowed(text, 18), "以万元为单位\n的金额列");
        assert_eq!(flowed(text, 20), text);
        assert_eq!(flowed("甲 main", 5), "甲\nmain");
        assert_eq!(flowed("一\n\n二", 2), "一\n\n二");
        assert_eq!(flowed("提交、标签、`main`", 14), "提交、标\n签、`main`");
    }
}
