//! Calendars: days to see somebody, to answer, to be paid, to congratulate, as whole-day events that a
//! calendar program subscribes to (RFC 5545).
//!
//! Rows of four answers become events: those of `due`, `cases`, `dates` and the invoices of `receivables`. An
//! event that moves to another day stays the same event, for its id is made of what it is of; the stamp is
//! the day of the answer, so that nothing changes where the book does not.

use std::collections::HashMap;
use std::io::{self, Write};

use chrono::{Datelike as _, NaiveDate};

use crate::answer::GridRows;
use crate::metric::{Type, Value};
use crate::words::say;

use super::Page;
use super::content_line::{ContentLines, one_line, uid};
use super::plain::plain;

/// What every answer has that becomes events.
const OF_CUSTOMERS: [&str; 5] = ["id", "name", "owner", "person", "phone"];

/// The answers that become events, and their columns beside those of customers.
const SOURCES: [(&str, &[&str]); 4] = [
    ("due", &["next_revisit", "why"]),
    (
        "cases",
        &[
            "ref",
            "kind",
            "topic",
            "staff",
            "respond_by",
            "resolve_by",
            "answered",
            "closed",
        ],
    ),
    ("invoices", &["ref", "kind", "status", "due", "balance"]),
    ("dates", &["date", "kind", "what", "years", "ref"]),
];

/// Returns the columns that events are made of; `None` for an answer of which none are.
pub(crate) fn event_columns(answer: &str) -> Option<Vec<&'static str>> {
    let source = SOURCES.iter().find(|it| it.0 == answer)?;
    Some(OF_CUSTOMERS.iter().chain(source.1).copied().collect())
}

/// A calendar beside its events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CalendarWriter<'a> {
    /// Its name, by which ids of events of several books differ.
    pub(crate) name: &'a str,
    /// The day that it is of.
    pub(crate) as_of: NaiveDate,
    /// At how many minutes of the day it rings, if it does.
    pub(crate) alarm: Option<u32>,
}

/// When calendars ring where nobody says otherwise: at nine.
const USUAL_ALARM: u32 = 9 * 60;

/// Something that is to be on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) day: NaiveDate,
    /// What it is, in a word.
    pub(crate) kind: &'static str,
    /// The customer's account manager.
    pub(crate) owner: Option<String>,
    customer: String,
    /// What it is of, within the customer.
    key: String,
    summary: String,
    description: String,
}

/// Writes the events of an answer as a calendar.
pub(super) fn render(rows: &dyn GridRows, page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let as_of = page
        .envelope
        .as_of
        .ok_or_else(|| no_events(page.envelope.name))?;
    let calendar = CalendarWriter {
        name: page.calendar,
        as_of,
        alarm: Some(USUAL_ALARM),
    };
    let events = events(page.envelope.name, rows, as_of)?;
    out.write_all(calendar_of(&calendar, events).as_bytes())
}

fn no_events(answer: &str) -> io::Error {
    let message = say!(
        "`{answer}` has no days that could stand in a calendar",
        "`{answer}` 没有可以写入日历的日期"
    );
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// Returns the events of an answer, in the order of its rows.
///
/// # Errors
/// If it is none of those that become events.
pub(crate) fn events(
    answer: &str,
    rows: &dyn GridRows,
    as_of: NaiveDate,
) -> io::Result<Vec<Event>> {
    let make = match answer {
        "due" => of_visit,
        "cases" => of_case,
        "invoices" => of_invoice,
        "dates" => of_date,
        _ => return Err(no_events(answer)),
    };
    let columns: HashMap<&str, (usize, Type)> = rows
        .columns()
        .iter()
        .enumerate()
        .map(|(at, column)| (&*column.name, (at, column.kind)))
        .collect();
    let mut events = Vec::new();
    rows.for_each(&mut |values| {
        let row = CalendarRow {
            columns: &columns,
            values,
            as_of,
        };
        make(&row, &mut events);
        Ok(())
    })?;
    Ok(events)
}

/// One row of an answer.
struct CalendarRow<'r> {
    columns: &'r HashMap<&'r str, (usize, Type)>,
    values: &'r [Value<'r>],
    as_of: NaiveDate,
}

impl CalendarRow<'_> {
    /// Returns what stands in a column, in one line; empty where it is unknown.
    fn text(&self, name: &str) -> String {
        let Some((at, kind)) = self.columns.get(name) else {
            return String::new();
        };
        one_line(&plain(&self.values[*at], *kind)).trim().to_owned()
    }

    fn day(&self, name: &str) -> Option<NaiveDate> {
        match self.values[self.columns.get(name)?.0] {
            Value::Date(day) => Some(day),
            _ => None,
        }
    }

    /// Makes an event; `lines` say more than its summary, empty ones nothing.
    fn event(
        &self,
        (kind, day): (&'static str, NaiveDate),
        key: String,
        summary: &str,
        lines: &[String],
    ) -> Event {
        let owner = self.text("owner");
        let person = [self.text("person"), self.text("phone")];
        let person: Vec<&str> = person
            .iter()
            .map(String::as_str)
            .filter(|it| !it.is_empty())
            .collect();
        let of_owner = if owner.is_empty() {
            String::new()
        } else {
            format!("owner {owner}")
        };
        let lines = [&[self.text("id")], lines, &[person.join(" "), of_owner]].concat();
        let lines: Vec<&str> = lines
            .iter()
            .map(String::as_str)
            .filter(|it| !it.is_empty())
            .collect();
        Event {
            day,
            kind,
            owner: Some(owner).filter(|it| !it.is_empty()),
            customer: self.text("id"),
            key,
            summary: format!("{summary}: {}", self.text("name")),
            description: lines.join("\n"),
        }
    }
}

/// Adds when a customer is to be seen: today where that day is past.
fn of_visit(row: &CalendarRow<'_>, events: &mut Vec<Event>) {
    let Some(day) = row.day("next_revisit") else {
        return;
    };
    let late = if day < row.as_of {
        format!("overdue since {day}")
    } else {
        String::new()
    };
    let lines = [late, row.text("why")];
    let when = ("revisit", day.max(row.as_of));
    events.push(row.event(when, String::new(), "revisit", &lines));
}

/// Adds the deadlines of a case for what is still to be done: today where they are past.
fn of_case(row: &CalendarRow<'_>, events: &mut Vec<Event>) {
    let (reference, kind) = (row.text("ref"), row.text("kind"));
    let staff = row.text("staff");
    let staff = if staff.is_empty() {
        staff
    } else {
        format!("{staff} answers for it")
    };
    for (word, verb, deadline, done) in [
        ("respond", "answer", "respond_by", "answered"),
        ("resolve", "resolve", "resolve_by", "closed"),
    ] {
        let Some(by) = row.day(deadline).filter(|_| row.day(done).is_none()) else {
            continue;
        };
        // What is closed waits for no answer.
        if row.day("closed").is_some() {
            continue;
        }
        let late = if by < row.as_of {
            format!("late since {by}")
        } else {
            String::new()
        };
        let summary = format!("{verb} {kind} {reference}");
        let lines = [late, row.text("topic"), staff.clone()];
        let when = (word, by.max(row.as_of));
        events.push(row.event(when, reference.clone(), &summary, &lines));
    }
}

/// Adds the due day of an invoice that is open.
fn of_invoice(row: &CalendarRow<'_>, events: &mut Vec<Event>) {
    let Some(due) = row.day("due") else { return };
    if row.text("kind") != "invoice" || row.text("status") == "settled" {
        return;
    }
    let reference = row.text("ref");
    let (key, summary) = of_reference(&reference, due, ("invoice", "is due"));
    let lines = [row.text("balance")];
    events.push(row.event(("invoice", due), key, &summary, &lines));
}

/// Adds an occasion; a plan is a revisit already.
fn of_date(row: &CalendarRow<'_>, events: &mut Vec<Event>) {
    let Some(day) = row.day("date") else { return };
    let (reference, what, years) = (row.text("ref"), row.text("what"), row.text("years"));
    let of_year = |name: &str| format!("{name}\n{}", day.year());
    let (kind, key, summary) = match &*row.text("kind") {
        "birthday" => {
            let person = row.text("person");
            (
                "birthday",
                of_year(&person),
                format!("birthday of {person}"),
            )
        }
        "cooperation" => {
            let plural = if years == "1" { "year" } else { "years" };
            let summary = format!("{years} {plural} of cooperation");
            ("cooperation", of_year(""), summary)
        }
        "date" => ("date", of_year(&what), what.clone()),
        "lead" => {
            let (key, summary) = of_reference(&reference, day, ("lead", "is decided"));
            ("lead", key, summary)
        }
        "agreement" => {
            let (key, summary) = of_reference(&reference, day, ("agreement", "ends"));
            ("agreement", key, summary)
        }
        _ => return,
    };
    let more = if kind == "date" { String::new() } else { what };
    events.push(row.event((kind, day), key, &summary, &[more]));
}

/// Returns the key and the summary of what has a ref; without one its day is the key.
fn of_reference(reference: &str, day: NaiveDate, (what, does): (&str, &str)) -> (String, String) {
    if reference.is_empty() {
        return (day.to_string(), format!("{what} {does}"));
    }
    (reference.to_owned(), format!("{what} {reference} {does}"))
}

/// Returns a calendar of events, by day, kind and id.
pub(crate) fn calendar_of(calendar: &CalendarWriter<'_>, events: Vec<Event>) -> String {
    let mut lines = ContentLines::default();
    lines.push("BEGIN", "VCALENDAR");
    lines.push("VERSION", "2.0");
    lines.push("PRODID", "-//guanxi//guanxi//EN");
    lines.push("CALSCALE", "GREGORIAN");
    lines.push("METHOD", "PUBLISH");
    let name = one_line(calendar.name);
    lines.push_text("NAME", &name);
    lines.push_text("X-WR-CALNAME", &name);
    lines.push("REFRESH-INTERVAL;VALUE=DURATION", "PT6H");
    lines.push("X-PUBLISHED-TTL", "PT6H");
    let mut alike: HashMap<(&'static str, String, String), usize> = HashMap::new();
    let mut events: Vec<(String, Event)> = events
        .into_iter()
        .filter(|it| (1..9999).contains(&it.day.year()))
        .map(|mut event| {
            let same = (event.kind, event.customer.clone(), event.key.clone());
            let before = alike.entry(same).or_default();
            *before += 1;
            // Two invoices without refs may be due on one day; no calendar takes two events for one.
            if *before > 1 {
                event.key = format!("{}\n{before}", event.key);
            }
            let id = uid(&[calendar.name, event.kind, &event.customer, &event.key]);
            (id, event)
        })
        .collect();
    events.sort_by(|(a_id, a), (b_id, b)| (a.day, a.kind, a_id).cmp(&(b.day, b.kind, b_id)));
    for (id, event) in &events {
        push_event(&mut lines, calendar, id, event);
    }
    lines.push("END", "VCALENDAR");
    lines.into_text()
}

fn push_event(lines: &mut ContentLines, calendar: &CalendarWriter<'_>, id: &str, event: &Event) {
    let day = |day: NaiveDate| day.format("%Y%m%d").to_string();
    lines.push("BEGIN", "VEVENT");
    lines.push("UID", id);
    lines.push("DTSTAMP", &format!("{}T000000Z", day(calendar.as_of)));
    lines.push("DTSTART;VALUE=DATE", &day(event.day));
    let next = event.day.succ_opt().expect("the year is below 9999");
    lines.push("DTEND;VALUE=DATE", &day(next));
    lines.push_text("SUMMARY", &event.summary);
    lines.push_text("DESCRIPTION", &event.description);
    lines.push("CATEGORIES", event.kind);
    lines.push("TRANSP", "TRANSPARENT");
    if let Some(minutes) = calendar.alarm {
        lines.push("BEGIN", "VALARM");
        lines.push("ACTION", "DISPLAY");
        lines.push_text("DESCRIPTION", &event.summary);
        lines.push("TRIGGER", &duration(minutes));
        lines.push("END", "VALARM");
    }
    lines.push("END", "VEVENT");
}

/// Returns so many minutes as a calendar has them.
fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => "PT0S".to_owned(),
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}
