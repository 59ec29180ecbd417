//! Rows name somebody who is not in `staff.toml`.
//!
//! Somebody who is missing there is usually so in thousands of rows, so each name is told once, at its
//! first row.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, Nearest as _, UNKNOWN_STAFF};
use crate::load::log::{Column, KnownRow, read_rows};
use crate::parallel;
use crate::source::Place;

/// Reads the `staff` cells of all logs.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let Some(staff) = &checked.loaded.book.staff else {
        return Findings::default();
    };
    let known: HashSet<&str> = staff.iter().map(|member| member.id.as_str()).collect();
    let logs: Vec<_> = checked.loaded.logs.iter().collect();
    let read = parallel::map(checked.threads, logs, |log| {
        let mut found: HashMap<String, (Place, usize)> = HashMap::new();
        let is_unknown = |row: KnownRow<'_>| {
            let name = row.text(Column::Staff);
            !name.is_empty() && !known.contains(&*name)
        };
        read_rows(
            checked.files,
            log.file,
            |_, row| is_unknown(row),
            |_, cells| {
                let name = cells.text(Column::Staff);
                if let Some((_, count)) = found.get_mut(&*name) {
                    *count += 1;
                } else {
                    let place = cells.place(&Arc::clone(&log.path), Some(Column::Staff));
                    found.insert(name.into_owned(), (place, 1));
                }
            },
        );
        found
    });
    let mut all: HashMap<String, (Place, usize)> = HashMap::new();
    for (name, (place, count)) in read.into_iter().flatten() {
        let (first, total) = all.entry(name).or_insert((place.clone(), 0));
        *first = place.min(first.clone());
        *total += count;
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_unstable_by(|a, b| a.1.0.cmp(&b.1.0));
    let more = Findings::cut(&mut all);
    let listed = all.into_iter().map(|(name, (place, count))| {
        let message = format!("`{name}` is nobody in staff.toml");
        let near = staff.iter().map(|member| member.id.as_str()).help(&name);
        let help =
            near.unwrap_or_else(|| "add the person to staff.toml, or correct the id".to_owned());
        let diagnostic = Diagnostic::new(UNKNOWN_STAFF, message, place).help(help);
        match count - 1 {
            0 => diagnostic,
            1 => diagnostic.label("and in 1 more row"),
            more => diagnostic.label(format!("and in {more} more rows")),
        }
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
