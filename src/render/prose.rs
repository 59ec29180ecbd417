//! Running text for people, broken into lines.

use crate::source::display_width;

/// Breaks a text between words into lines of at most `width` columns; a longer word stands alone.
///
/// Line breaks in the text stay. The last line has no line break behind it.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let mut used = 0;
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            let word_width = display_width(word);
            if used > 0 && used + 1 + word_width > width {
                out.push('\n');
                used = 0;
            } else if used > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(word);
            used += word_width;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn breaks_between_words_by_display_width() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("a\n\nb  c", 9), "a\n\nb c");
        assert_eq!(wrapped("株洲 地铁 集团", 9), "株洲 地铁\n集团");
        assert_eq!(wrapped("unbreakable a", 4), "unbreakable\na");
        assert_eq!(wrapped("", 4), "");
    }
}
