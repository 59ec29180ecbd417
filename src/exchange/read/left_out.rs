//! Lines that are no data, told by their shape: headings again, totals, footers.

use unicode_normalization::UnicodeNormalization as _;

use crate::exchange::cell::{SourceCell, trimmed};
use crate::exchange::table::{ColumnRoles, LeftOut, RawLine, SourceTable};
use crate::source::is_blank_character;

const TOTALS: [&str; 15] = [
    "本页合计",
    "本月合计",
    "本年累计",
    "合计",
    "总计",
    "小计",
    "累计",
    "共计",
    "合計",
    "總計",
    "小計",
    "grandtotal",
    "subtotal",
    "total",
    "sum",
];

const FOOTERS: [&str; 14] = [
    "制表", "制單", "制单", "审核", "打印", "导出", "说明", "注:", "备注:", "第", "页", "page",
    "printed", "exported",
];

/// Codes of currencies that may follow a total, beside their signs.
const CURRENCIES: [&str; 11] = [
    "rmb", "cny", "jpy", "usd", "cad", "aud", "hkd", "sgd", "twd", "eur", "gbp",
];

/// The fewest mapped columns of a table that may have a footer.
const MAPPED_FOR_FOOTER: usize = 3;

/// Tells why a line that is not blank counts for nothing, if its shape says so; `first` is the column of
/// its first filled cell, and `is_wider` says whether a cell beyond the columns is filled too.
pub(super) fn reason(
    table: &SourceTable,
    roles: &ColumnRoles,
    line: &dyn RawLine,
    first: usize,
    is_wider: bool,
) -> Option<LeftOut> {
    let cell = line.cell(first);
    let text = match &cell {
        SourceCell::Text(text) => trimmed(text),
        _ => return None,
    };
    let columns = || (first..table.columns.len()).map(|column| (column, line.cell(column)));
    let filled = || columns().filter(|(column, cell)| !cell.is_blank(roles.of(*column).blanks));
    let heading = |column: usize| table.columns.get(column).map(|it| it.heading.as_str());
    let is_heading = |column: usize, cell: &SourceCell<'_>| matches!(cell, SourceCell::Text(text) if Some(trimmed(text)) == heading(column));
    if !is_wider
        && is_heading(first, &cell)
        && filled().all(|(column, cell)| is_heading(column, &cell))
    {
        return Some(LeftOut::Heading);
    }
    let may_be = TextBeginning::of(text);
    if !may_be.any() {
        return None;
    }
    let has_date = || filled().skip(1).any(|(column, _)| roles.of(column).is_date);
    if may_be.total && is_total(text) && !(roles.is_log && has_date()) {
        return Some(LeftOut::Total);
    }
    let mapped = || roles.columns.iter().filter(|it| it.is_mapped).count();
    if !is_wider && may_be.footer && begins_as_footer(text) && mapped() >= MAPPED_FOR_FOOTER {
        let is_only = filled().nth(1).is_none();
        if is_only || !has_date() && are_all_footer(filled().map(|it| it.1)) {
            return Some(LeftOut::Footer);
        }
    }
    None
}

/// What a text's first character lets it be, so that most texts need no closer look.
struct TextBeginning {
    total: bool,
    footer: bool,
}

impl TextBeginning {
    fn of(text: &str) -> Self {
        let first = text.chars().next().map(folded);
        let begins = |words: &[&str]| words.iter().any(|word| word.chars().next() == first);
        Self {
            total: begins(&TOTALS),
            footer: begins(&FOOTERS),
        }
    }

    fn any(&self) -> bool {
        self.total || self.footer
    }
}

fn folded(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            let plain = u32::from(character) - 0xfee0;
            char::from_u32(plain).map_or(character, |it| it.to_ascii_lowercase())
        }
        _ => character.to_ascii_lowercase(),
    }
}

/// Returns a text in NFC, its full-width forms plain, in lower case, without blanks where `keeps` says so.
fn plain(text: &str, keeps_blanks: bool) -> String {
    let characters = text.nfc().map(folded);
    let keeps = |it: &char| keeps_blanks || !is_blank_character(*it);
    characters.filter(keeps).collect()
}

/// Tells whether a text is a word for a total, alone or followed by what may follow one.
fn is_total(text: &str) -> bool {
    let text = plain(text, false);
    TOTALS.iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            let mut characters = rest.chars();
            let Some(next) = characters.next() else {
                return true;
            };
            let code: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
            matches!(
                next,
                ':' | '(' | '[' | '【' | '《' | '<' | '¥' | '￥' | '$' | '€' | '£' | '￡' | '元'
            ) || next.is_ascii_digit()
                || rest.starts_with("人民币")
                || CURRENCIES.contains(&code.as_str())
        })
    })
}

fn begins_as_footer(text: &str) -> bool {
    let text = plain(text, true);
    FOOTERS.iter().any(|word| text.starts_with(word))
}

/// Tells whether each cell begins as a footer does, ends in a colon, or follows one that ends so.
fn are_all_footer<'c>(cells: impl Iterator<Item = SourceCell<'c>>) -> bool {
    let mut is_after_colon = false;
    for cell in cells {
        let text = match &cell {
            SourceCell::Text(text) => trimmed(text),
            _ => "",
        };
        let ends_in_colon = text.ends_with([':', '：']);
        if !ends_in_colon && !is_after_colon && !begins_as_footer(text) {
            return false;
        }
        is_after_colon = ends_in_colon;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_words_alone_or_with_little_behind() {
        for text in [
            "合计",
            "合　计",
            "总计：",
            "Total",
            "GRAND TOTAL:",
            "小计3",
            "合计（大写）",
            "合计¥",
            "sum",
            "合计人民币",
            "Total USD",
            "本页合计",
            "ＴＯＴＡＬ",
            "小计[1]",
        ] {
            assert!(is_total(text), "{text}");
        }
        for text in [
            "合计公司",
            "TotalEnergies",
            "Summit Ltd",
            "总计划",
            "total eurocopter",
            "",
        ] {
            assert!(!is_total(text), "{text}");
        }
    }

    #[test]
    fn footers_are_of_who_made_the_list() {
        let texts = |list: &[&'static str]| {
            are_all_footer(list.iter().map(|it| SourceCell::Text((*it).into())))
        };
        assert!(texts(&["制表人：张三", "审核人：李四"]));
        assert!(texts(&["制表人：", "张三", "日期：", "2026"]));
        assert!(!texts(&["第一建筑公司", "500"]));
        assert!(begins_as_footer("备注：以上") && !begins_as_footer("备注"));
        assert!(begins_as_footer("Page 1 of 3"));
    }
}
