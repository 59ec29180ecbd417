//! A row as text: which cells each kind has, and how they are written.

use crate::calendar::Calendar;
use crate::customers;
use crate::rows::{Kind, Row};
use crate::words;

/// Writes a row's cells from `kind` on, and the line's end.
pub(crate) fn write_cells(line: &mut Vec<u8>, row: &Row, calendar: &Calendar, managers: u32) {
    let cells = cells(row, calendar);
    line.extend_from_slice(kind_word(row.kind).as_bytes());
    line.push(b',');
    if cells.amount {
        write_amount(line, row.cents);
    }
    line.push(b',');
    if let Some(score) = cells.score {
        write_number(line, score.into());
    }
    line.push(b',');
    if cells.staff {
        customers::write_manager(line, customers::owner(row.customer, managers));
    }
    line.push(b',');
    write_text(line, cells.topic);
    line.push(b',');
    line.extend_from_slice(cells.channel.as_bytes());
    line.push(b',');
    if !cells.prefix.is_empty() && row.number > 0 {
        line.extend_from_slice(cells.prefix.as_bytes());
        line.push(b'-');
        write_number(line, row.number.into());
    }
    line.push(b',');
    line.extend_from_slice(cells.due.as_bytes());
    line.push(b',');
    write_text(line, cells.note);
    line.push(b'\n');
}

/// The cells of a row that depend on its kind; empty ones stay empty.
#[derive(Default)]
struct Cells<'a> {
    amount: bool,
    score: Option<u32>,
    staff: bool,
    topic: &'a str,
    channel: &'a str,
    prefix: &'a str,
    due: &'a str,
    note: &'a str,
}

#[expect(clippy::too_many_lines, reason = "a table: one entry a kind")]
fn cells<'a>(row: &Row, calendar: &'a Calendar) -> Cells<'a> {
    let seed = row.seed;
    let often = seed % 100;
    let base = Cells::default();
    match row.kind {
        Kind::Visit | Kind::Call | Kind::Meeting | Kind::Email | Kind::Message => Cells {
            staff: true,
            topic: if often < 25 {
                chosen(&words::TOPICS, seed, 7)
            } else {
                ""
            },
            channel: if often < 15 {
                chosen(&words::CHANNELS, seed, 11)
            } else {
                ""
            },
            note: if often < 60 {
                chosen(&words::CONTACT_NOTES, seed, 13)
            } else {
                ""
            },
            ..base
        },
        Kind::Plan => Cells {
            staff: true,
            due: calendar.text(row.day + 3 + seed % 60),
            note: if often < 50 {
                chosen(&words::PLAN_NOTES, seed, 13)
            } else {
                ""
            },
            ..base
        },
        Kind::Order => Cells {
            amount: true,
            staff: often < 80,
            topic: if often < 60 { "spares" } else { "" },
            prefix: "PO",
            ..base
        },
        Kind::Invoice => Cells {
            amount: true,
            prefix: "INV",
            due: if often < 40 {
                calendar.text(row.day + 60)
            } else {
                ""
            },
            ..base
        },
        Kind::Payment | Kind::Writeoff | Kind::Credit => Cells {
            amount: true,
            prefix: "INV",
            ..base
        },
        Kind::Expense => Cells {
            amount: true,
            staff: true,
            topic: chosen(&words::EXPENSES, seed, 7),
            ..base
        },
        Kind::Complaint | Kind::Request => Cells {
            staff: true,
            topic: chosen(&words::FACTORS, seed, 7),
            channel: chosen(&words::CHANNELS, seed, 11),
            prefix: "C",
            note: chosen(&words::CASE_NOTES, seed, 13),
            ..base
        },
        Kind::Response => Cells {
            staff: true,
            prefix: "C",
            ..base
        },
        Kind::Resolve => Cells {
            score: (often < 60).then_some(30 + seed % 71),
            staff: true,
            prefix: "C",
            note: chosen(&words::OUTCOME_NOTES, seed, 13),
            ..base
        },
        Kind::Survey => Cells {
            score: Some(40 + seed % 61),
            staff: often < 50,
            topic: chosen(&words::FACTORS, seed, 7),
            ..base
        },
        Kind::Lead => Cells {
            amount: true,
            staff: true,
            topic: chosen(&words::PROJECTS, seed, 7),
            prefix: "L",
            ..base
        },
        Kind::Win | Kind::Lose => Cells {
            topic: chosen(&words::REASONS, seed, 7),
            prefix: "L",
            ..base
        },
        Kind::Stage => Cells {
            topic: words::STAGES[row.number as usize % 4],
            ..base
        },
        Kind::Lost => Cells {
            topic: chosen(&words::REASONS, seed, 7),
            ..base
        },
        Kind::Note => Cells {
            staff: true,
            note: chosen(&words::PLAIN_NOTES, seed, 13),
            ..base
        },
    }
}

/// Chooses a word by the row's seed; different divisors keep the choices of one row apart.
fn chosen(list: &[&'static str], seed: u32, divisor: u32) -> &'static str {
    list[(seed / divisor) as usize % list.len()]
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Visit => "visit",
        Kind::Call => "call",
        Kind::Meeting => "meeting",
        Kind::Email => "email",
        Kind::Message => "message",
        Kind::Plan => "plan",
        Kind::Order => "order",
        Kind::Credit => "credit",
        Kind::Invoice => "invoice",
        Kind::Payment => "payment",
        Kind::Writeoff => "writeoff",
        Kind::Expense => "expense",
        Kind::Complaint => "complaint",
        Kind::Request => "request",
        Kind::Response => "response",
        Kind::Resolve => "resolve",
        Kind::Survey => "survey",
        Kind::Lead => "lead",
        Kind::Win => "win",
        Kind::Lose => "lose",
        Kind::Stage => "stage",
        Kind::Lost => "lost",
        Kind::Note => "note",
    }
}

fn write_text(line: &mut Vec<u8>, text: &str) {
    if !text.contains([',', '"']) {
        line.extend_from_slice(text.as_bytes());
        return;
    }
    line.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    line.push(b'"');
}

fn write_amount(line: &mut Vec<u8>, cents: i64) {
    if cents < 0 {
        line.push(b'-');
    }
    let cents = cents.unsigned_abs();
    write_number(line, cents / 100);
    line.push(b'.');
    line.push(b'0' + (cents / 10 % 10) as u8);
    line.push(b'0' + (cents % 10) as u8);
}

fn write_number(line: &mut Vec<u8>, number: u64) {
    if number > 9 {
        write_number(line, number / 10);
    }
    line.push(b'0' + (number % 10) as u8);
}
