//! A Markdown table, for a wiki, an issue or a mail.
//!
//! What a text could start in Markdown or HTML is escaped, so that it reads as it is stored.

use std::io::{self, Write};

use crate::answer::{Column, GridRows};

use super::Page;
use super::people::{has_decimals, shown_in};
use crate::metric::{Type, Value};

/// Writes a header, a line that tells the alignment, and the rows.
pub(super) fn render(rows: &dyn GridRows, page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let columns = &even_columns(rows, page)?;
    let mut line = String::from("|");
    for column in columns {
        push_cell(&mut line, &column.heading);
    }
    line.push_str("\n|");
    for column in columns {
        line.push_str(if column.is_numeric() {
            " ---: |"
        } else {
            " --- |"
        });
    }
    line.push('\n');
    out.write_all(line.as_bytes())?;
    let mut write = |row: &[Value<'_>]| {
        line.clear();
        line.push('|');
        for (value, column) in row.iter().zip(columns) {
            push_cell(&mut line, &shown_in(value, column));
        }
        line.push('\n');
        out.write_all(line.as_bytes())
    };
    rows.for_each(&mut write)?;
    page.last.map_or(Ok(()), |last| last.for_each(&mut write))
}

/// Returns the columns, with decimals for all numbers of one in which one has some.
fn even_columns(rows: &dyn GridRows, page: &Page<'_>) -> io::Result<Vec<Column>> {
    let mut columns = rows.columns().to_vec();
    if !columns
        .iter()
        .any(|it| matches!(it.kind, Type::Number | Type::Days))
    {
        return Ok(columns);
    }
    let mut look = |row: &[Value<'_>]| {
        for (value, column) in row.iter().zip(&mut columns) {
            column.has_decimals |= has_decimals(value, column.kind);
        }
        Ok(())
    };
    rows.for_each(&mut look)?;
    page.last.map_or(Ok(()), |last| last.for_each(&mut look))?;
    Ok(columns)
}

/// Appends a cell and the bar behind it.
fn push_cell(line: &mut String, text: &str) {
    line.push(' ');
    push_escaped(line, text);
    line.push_str(" |");
}

/// Appends a text in which nothing starts anything in Markdown or HTML.
pub(super) fn push_escaped(line: &mut String, text: &str) {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => {
                line.push('\\');
                line.push(character);
            }
            // Between letters an underscore starts nothing, and ids are full of them.
            '_' if before.is_alphanumeric()
                && rest.peek().is_some_and(|it| it.is_alphanumeric()) =>
            {
                line.push('_');
            }
            '_' => line.push_str("\\_"),
            // Before anything else these are but signs, and rules are full of them.
            '<' if rest.peek().is_some_and(|it| may_follow('<', *it)) => line.push_str("&lt;"),
            '&' if rest.peek().is_some_and(|it| may_follow('&', *it)) => line.push_str("&amp;"),
            _ => line.push(character),
        }
        before = character;
    }
}

/// Tells whether a character behind `<` may begin a tag, or behind `&` the name of a character.
fn may_follow(sign: char, next: char) -> bool {
    let marks: &[char] = if sign == '<' {
        &['/', '!', '?']
    } else {
        &['#']
    };
    next.is_alphabetic() || marks.contains(&next)
}

#[cfg(test)]
mod tests {
    use crate::answer::{Column, Sheet};
    use crate::metric::{Type, Value};
    use crate::model::Money;
    use crate::render::{Format, Page, render};

    #[test]
    fn writes_a_table_in_which_texts_are_only_texts() {
        let columns = [("id", Type::Text), ("annual_value", Type::Money)];
        let columns = columns.map(|(name, kind)| Column::new(name, kind));
        let mut sheet = Sheet::new(columns.to_vec());
        sheet.push(["li_wei".into(), Money::whole(1250).into()]);
        sheet.push(["a|b\n<b>*_x_".into(), Value::Unknown]);
        sheet.push(["a <= 1 & b > 2 &lt; </i>".into(), Value::Unknown]);
        let mut out = Vec::new();
        render(&sheet, Format::Markdown, &Page::default(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "| id | annual value |\n\
             | --- | ---: |\n\
             | li_wei | 1,250.00 |\n\
             | a\\|b⏎&lt;b>\\*\\_x\\_ | - |\n\
             | a <= 1 & b > 2 &amp;lt; &lt;/i> | - |\n"
        );
    }
}
