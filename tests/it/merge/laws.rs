//! Laws that hold for any three versions, tried on random ones; more of them with `GUANXI_TRIPLES=10000`.

use std::collections::BTreeMap;

use guanxi::change::merge::{
    ConflictMarks, Merged, NotMerged, TomlKind, Versions, merge_log, merge_toml,
};

/// A source of numbers that is the same in every run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % limit
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(super) fn pick<'p>(&mut self, from: &[&'p str]) -> &'p str {
        from[self.below(from.len())]
    }
}

fn triples() -> u64 {
    let count = std::env::var("GUANXI_TRIPLES").ok();
    count.map_or(300, |it| it.parse().unwrap())
}

type Row = BTreeMap<String, String>;

/// A log as rows, and how it is written.
#[derive(Clone)]
struct Log {
    columns: Vec<String>,
    rows: Vec<(Option<String>, Row)>,
    top: Vec<String>,
    mark: bool,
    line_end: &'static str,
    last_line_end: bool,
}

const NOTES: &[&str] = &[
    "",
    "",
    "a",
    "b, c",
    "said \"yes\"",
    "two\nlines",
    "#3",
    "株洲",
    " x ",
];

fn random_row(random: &mut Random) -> Row {
    let kind = random.pick(&[
        "visit",
        "call",
        "order",
        "order",
        "invoice",
        "payment",
        "complaint",
        "response",
        "lead",
        "golf",
        "note",
    ]);
    let mut row = Row::new();
    let mut put = |column: &str, cell: String| {
        if !cell.is_empty() {
            row.insert(column.to_owned(), cell);
        }
    };
    put(
        "date",
        format!("2026-0{}-1{}", 1 + random.below(3), random.below(4)),
    );
    put(
        "customer",
        random.pick(&["acme", "beta", "gamma"]).to_owned(),
    );
    put("kind", kind.to_owned());
    if ["order", "invoice", "payment"].contains(&kind) {
        put("amount", (100 * (1 + random.below(4))).to_string());
    }
    if ["invoice", "payment", "complaint", "response", "lead"].contains(&kind) && !random.one_in(5)
    {
        put("ref", format!("R-{}", random.below(6)));
    }
    put("note", random.pick(NOTES).to_owned());
    if random.one_in(6) {
        put("staff", random.pick(&["li", "wu"]).to_owned());
    }
    row
}

fn random_log(random: &mut Random) -> Log {
    let columns = ["date", "customer", "kind", "amount", "ref", "staff", "note"];
    let mut log = Log {
        columns: columns.map(str::to_owned).to_vec(),
        rows: Vec::new(),
        top: Vec::new(),
        mark: random.one_in(6),
        line_end: if random.one_in(4) { "\r\n" } else { "\n" },
        last_line_end: !random.one_in(5),
    };
    for _ in 0..random.below(8) {
        let row = random_row(random);
        log.rows.push((None, row));
    }
    if !random.one_in(3) {
        log.rows
            .sort_by(|a, b| a.1.get("date").cmp(&b.1.get("date")));
    }
    log
}

/// Changes a log as people, scripts and editors do.
fn changed(log: &Log, random: &mut Random) -> Log {
    let mut log = log.clone();
    for _ in 0..random.below(7) {
        let at = |random: &mut Random, log: &Log| random.below(log.rows.len());
        match random.below(14) {
            0..=3 => {
                let row = random_row(random);
                let place = if random.one_in(3) {
                    random.below(log.rows.len() + 1)
                } else {
                    log.rows.len()
                };
                let comment = random.one_in(6).then(|| format!("# c{}", random.below(4)));
                log.rows.insert(place, (comment, row));
            }
            _ if log.rows.is_empty() => {}
            4..=6 => {
                let place = at(random, &log);
                let column =
                    random.pick(&["amount", "ref", "note", "date", "staff", "customer", "kind"]);
                let cell = random_row(random).get(column).cloned();
                match cell {
                    Some(cell) => log.rows[place].1.insert(column.to_owned(), cell),
                    None if ["date", "customer", "kind"].contains(&column) => None,
                    None => log.rows[place].1.remove(column),
                };
            }
            7 => {
                log.rows.remove(at(random, &log));
            }
            8 => {
                let (from, to) = (
                    random.pick(&["acme", "beta"]),
                    random.pick(&["acme", "acme-co"]),
                );
                for (_, row) in &mut log.rows {
                    if row.get("customer").is_some_and(|it| it == from) {
                        row.insert("customer".to_owned(), to.to_owned());
                    }
                }
            }
            9 => {
                let row = log.rows[at(random, &log)].clone();
                log.rows.push((None, row.1));
            }
            10 => {
                let (one, other) = (at(random, &log), at(random, &log));
                log.rows.swap(one, other);
            }
            11 => {
                let place = at(random, &log);
                log.rows[place].0 = random.one_in(2).then(|| format!("# c{}", random.below(4)));
            }
            12 if random.one_in(2) => {
                let (one, other) = (
                    random.below(log.columns.len()),
                    random.below(log.columns.len()),
                );
                log.columns.swap(one, other);
            }
            12 => {
                let column = format!("x{}", random.below(2));
                if !log.columns.contains(&column) {
                    log.columns.push(column.clone());
                }
                let place = at(random, &log);
                log.rows[place]
                    .1
                    .insert(column, random.below(3).to_string());
            }
            _ if random.one_in(2) => log.top.push(format!("# t{}", random.below(3))),
            _ => {
                log.line_end = if random.one_in(2) { "\r\n" } else { "\n" };
                log.mark = random.one_in(2);
            }
        }
    }
    log
}

fn written(log: &Log) -> String {
    let mut text = if log.mark {
        "\u{feff}".to_owned()
    } else {
        String::new()
    };
    for comment in &log.top {
        text.push_str(comment);
        text.push_str(log.line_end);
    }
    text.push_str(&log.columns.join(","));
    text.push_str(log.line_end);
    for (comment, row) in &log.rows {
        if let Some(comment) = comment {
            text.push_str(comment);
            text.push_str(log.line_end);
        }
        let cells: Vec<&str> = log
            .columns
            .iter()
            .map(|column| row.get(column).map_or("", String::as_str))
            .collect();
        text.push_str(&guanxi::edit::csv_row::format_row(&cells));
        text.push_str(log.line_end);
    }
    if !log.last_line_end {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }
    text
}

/// Reads a log with a reader of its own kind: rows as their filled cells, and how often each stands.
fn values(text: &str) -> BTreeMap<Row, usize> {
    let mut records: Vec<Vec<String>> = Vec::new();
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if rest.starts_with('#') || rest.starts_with('\n') {
            rest = rest.split_once('\n').map_or("", |it| it.1);
            continue;
        }
        let mut cells = Vec::new();
        let mut cell = String::new();
        let mut is_quoted = false;
        let mut characters = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' if is_quoted && characters.peek().is_some_and(|it| it.1 == '"') => {
                    characters.next();
                    cell.push('"');
                }
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
                '\n' if !is_quoted => {
                    end = at + 1;
                    break;
                }
                other => cell.push(other),
            }
        }
        cells.push(cell);
        records.push(cells);
        rest = rest.get(end..).unwrap();
    }
    let mut records = records.into_iter();
    let header = records.next().unwrap();
    let mut values = BTreeMap::new();
    for record in records {
        let row: Row = header
            .iter()
            .cloned()
            .zip(record)
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        *values.entry(row).or_default() += 1;
    }
    values
}

fn comments(text: &str) -> BTreeMap<&str, usize> {
    let mut comments = BTreeMap::new();
    for line in text
        .trim_start_matches('\u{feff}')
        .lines()
        .filter(|it| it.starts_with('#'))
    {
        *comments.entry(line).or_default() += 1;
    }
    comments
}

fn merge(base: &str, ours: &str, theirs: &str) -> Result<Merged, NotMerged> {
    let versions = Versions {
        base: base.as_bytes(),
        ours: ours.as_bytes(),
        theirs: theirs.as_bytes(),
    };
    merge_log(versions, &ConflictMarks::default())
}

/// Returns how often a value remains by rule 1 alone.
fn by_count(base: usize, ours: usize, theirs: usize) -> usize {
    let [base, ours, theirs] = [base, ours, theirs].map(|it| isize::try_from(it).unwrap());
    let (here, there) = (ours - base, theirs - base);
    let change = if here.signum() * there.signum() > 0 {
        if here.abs() > there.abs() {
            here
        } else {
            there
        }
    } else {
        here + there
    };
    usize::try_from(base + change).unwrap()
}

fn own_ref(row: &Row) -> Option<(Option<&String>, &'static str, &String)> {
    let family = match row.get("kind")?.as_str() {
        "complaint" | "request" => "case",
        "invoice" => "invoice",
        "lead" => "lead",
        _ => return None,
    };
    Some((row.get("customer"), family, row.get("ref")?))
}

fn refs_twice(values: &BTreeMap<Row, usize>) -> Vec<String> {
    let mut counts = BTreeMap::new();
    for (row, count) in values {
        if let Some(own_ref) = own_ref(row) {
            *counts.entry(format!("{own_ref:?}")).or_insert(0) += count;
        }
    }
    counts
        .into_iter()
        .filter(|it| it.1 > 1)
        .map(|it| it.0)
        .collect()
}

#[test]
fn logs() {
    let (mut merged_count, mut conflict_count, mut line_count) = (0, 0, 0);
    for seed in 0..triples() {
        let mut random = Random::new(seed);
        let base = random_log(&mut random);
        let [base, ours, theirs] = [
            &base.clone(),
            &changed(&base, &mut random),
            &changed(&base, &mut random),
        ]
        .map(written);
        let told = format!("seed {seed}\n== base\n{base}\n== ours\n{ours}\n== theirs\n{theirs}\n");
        // What both did alike, or one alone, is done.
        assert_eq!(merge(&base, &ours, &ours).unwrap().text, ours, "{told}");
        let alone = merge(&base, &base, &theirs);
        let alone = alone.unwrap_or_else(|error| panic!("{error}: {told}"));
        assert_eq!(alone.conflicts, 0, "{told}");
        assert_eq!(values(&alone.text), values(&theirs), "{told}");
        assert_eq!(comments(&alone.text), comments(&theirs), "{told}");
        // The sides may be exchanged.
        let (one, other) = (merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
        let (one, other) = match (one, other) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(_), Err(_)) => {
                line_count += 1;
                continue;
            }
            (one, other) => panic!("{one:?} {other:?}: {told}"),
        };
        assert_eq!(one.conflicts, other.conflicts, "{told}");
        // Merged once more, it stays.
        if one.conflicts > 0 {
            conflict_count += 1;
            continue;
        }
        merged_count += 1;
        let result = values(&one.text);
        assert_eq!(result, values(&other.text), "{told}== result\n{}", one.text);
        assert_eq!(comments(&one.text), comments(&other.text), "{told}");
        let again = merge(&theirs, &one.text, &theirs).unwrap();
        assert_eq!(again.text, one.text, "{told}");
        // Nothing is lost but by rules 2 and 3, which take part where both sides changed a row.
        let [in_base, in_ours, in_theirs] = [&base, &ours, &theirs].map(|it| values(it));
        let count =
            |values: &BTreeMap<Row, usize>, row: &Row| values.get(row).copied().unwrap_or(0);
        let all: Vec<&Row> = in_base
            .keys()
            .chain(in_ours.keys())
            .chain(in_theirs.keys())
            .collect();
        let is_gone_on_both = |row: &&&Row| {
            let base = count(&in_base, row);
            count(&in_ours, row) < base && count(&in_theirs, row) < base
        };
        let is_new_ref = |row: &&&Row| {
            own_ref(row).is_some()
                && count(&in_ours, row).max(count(&in_theirs, row)) > count(&in_base, row)
        };
        let is_plain =
            !all.iter().any(|it| is_gone_on_both(&it)) && !all.iter().any(|it| is_new_ref(&it));
        for row in all {
            let expected = by_count(
                count(&in_base, row),
                count(&in_ours, row),
                count(&in_theirs, row),
            );
            if is_plain {
                assert_eq!(
                    count(&result, row),
                    expected,
                    "{row:?}: {told}== result\n{}",
                    one.text
                );
            }
        }
        let [of_ours, of_theirs] = [&in_ours, &in_theirs].map(refs_twice);
        for twice in refs_twice(&result) {
            assert!(
                of_ours.contains(&twice) || of_theirs.contains(&twice),
                "{twice}: {told}"
            );
        }
    }
    assert!(
        merged_count > 100 && conflict_count > 4,
        "{merged_count} {conflict_count} {line_count}"
    );
}

/// A customer's file as its keys and tables.
#[derive(Clone, Default)]
struct Customer {
    id: String,
    keys: Vec<(String, String)>,
    custom: Vec<(String, String)>,
    form: usize,
    people: Vec<Vec<(String, String)>>,
    comment: Option<String>,
}

const NAMES: &[&str] = &["王", "李", "x"];

fn random_value(random: &mut Random) -> String {
    random
        .pick(&[
            "1",
            "\"a\"",
            "'b'",
            "[\"k\", \"l\"]",
            "2026-03-01",
            "true",
            "\"\"\"m\nn\"\"\"",
            "[\n  1, # c\n  2 ]",
        ])
        .to_owned()
}

fn set(keys: &mut Vec<(String, String)>, key: &str, value: String, random: &mut Random) {
    if let Some(found) = keys.iter_mut().find(|it| it.0 == key) {
        found.1 = value;
    } else {
        let place = random.below(keys.len() + 1);
        keys.insert(place, (key.to_owned(), value));
    }
}

fn change_customer(customer: &mut Customer, random: &mut Random) {
    for _ in 0..random.below(4) {
        match random.below(12) {
            0 | 1 => {
                let key = random.pick(&["owner", "region", "website"]);
                let value = random.pick(&["\"a\"", "\"b\"", "\"c\""]).to_owned();
                set(&mut customer.keys, key, value, random);
            }
            2 => {
                let texts: Vec<&str> = ["\"p\"", "\"q\"", "\"r\""]
                    .into_iter()
                    .filter(|_| random.one_in(2))
                    .collect();
                set(
                    &mut customer.keys,
                    "tags",
                    format!("[{}]", texts.join(", ")),
                    random,
                );
            }
            3 => set(
                &mut customer.keys,
                "reviewed",
                format!("2026-03-0{}", 1 + random.below(4)),
                random,
            ),
            4 | 5 => {
                let key = random.pick(&["u", "v", "w"]);
                let value = random_value(random);
                // A table on one line has no values of more.
                let value = if value.contains('\n') {
                    "7".to_owned()
                } else {
                    value
                };
                set(&mut customer.custom, key, value, random);
            }
            6 if !customer.custom.is_empty() => {
                customer.custom.remove(random.below(customer.custom.len()));
            }
            7 | 8 => {
                let name = format!("\"{}\"", random.pick(NAMES));
                let mut person = vec![("name".to_owned(), name)];
                set(
                    &mut person,
                    "phone",
                    format!("\"{}\"", random.below(3)),
                    random,
                );
                let place = random.below(customer.people.len() + 1);
                customer.people.insert(place, person);
            }
            9 if !customer.people.is_empty() => {
                let place = random.below(customer.people.len());
                let key = random.pick(&["phone", "email"]);
                let value = format!("\"{}\"", random.below(3));
                set(&mut customer.people[place], key, value, random);
            }
            10 if !customer.people.is_empty() => {
                customer.people.remove(random.below(customer.people.len()));
            }
            11 => match random.below(3) {
                0 => customer.form = random.below(3),
                1 => customer.comment = Some(format!("# {}", random.below(3))),
                _ if customer.keys.len() > 1 => {
                    let place = 1 + random.below(customer.keys.len() - 1);
                    if customer.keys[place].0 != "name" {
                        customer.keys.remove(place);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn written_customer(customer: &Customer, prefix: &str, text: &mut String) {
    use std::fmt::Write as _;
    if !prefix.is_empty() {
        writeln!(text, "[[customer]]\nid = \"{}\"", customer.id).unwrap();
    }
    for (key, value) in &customer.keys {
        writeln!(text, "{key} = {value}").unwrap();
    }
    let pairs = || customer.custom.iter();
    match customer.form {
        _ if customer.custom.is_empty() => {}
        0 => {
            let pairs: Vec<String> = pairs()
                .map(|(key, value)| format!("{key} = {value}"))
                .collect();
            writeln!(text, "custom = {{ {} }}", pairs.join(", ")).unwrap();
        }
        1 => pairs().for_each(|(key, value)| writeln!(text, "custom.{key} = {value}").unwrap()),
        _ => {
            writeln!(text, "\n[{prefix}custom]").unwrap();
            pairs().for_each(|(key, value)| writeln!(text, "{key} = {value}").unwrap());
        }
    }
    for person in &customer.people {
        if let Some(comment) = &customer.comment {
            writeln!(text, "{comment}").unwrap();
        }
        writeln!(text, "\n[[{prefix}contact]]").unwrap();
        for (key, value) in person {
            writeln!(text, "{key} = {value}").unwrap();
        }
    }
}

fn random_customer(id: &str, random: &mut Random) -> Customer {
    let mut customer = Customer {
        id: id.to_owned(),
        keys: vec![("name".to_owned(), format!("\"{id}\""))],
        form: random.below(3),
        ..Customer::default()
    };
    (0..3).for_each(|_| change_customer(&mut customer, random));
    customer
}

/// Changes customers; with more than one of them, some are renamed, removed and added.
fn changed_customers(customers: &[Customer], random: &mut Random) -> Vec<Customer> {
    let mut customers = customers.to_vec();
    for customer in &mut customers {
        if random.one_in(2) {
            change_customer(customer, random);
        }
    }
    if customers.len() > 1 {
        match random.below(6) {
            0 => {
                customers.remove(random.below(customers.len()));
            }
            1 => {
                let id = random.pick(&["n1", "n2"]);
                let new = random_customer(id, random);
                if customers.iter().all(|it| it.id != id) {
                    customers.push(new);
                }
            }
            2 => {
                let place = random.below(customers.len());
                let new = format!("{}-{}", customers[place].id, random.below(2));
                let old = std::mem::replace(&mut customers[place].id, new);
                set(
                    &mut customers[place].keys,
                    "former_ids",
                    format!("[\"{old}\"]"),
                    random,
                );
            }
            _ => {}
        }
    }
    customers
}

fn written_customers(customers: &[Customer], line_end: &str) -> String {
    let mut text = String::new();
    match customers {
        [customer] => written_customer(customer, "", &mut text),
        customers => {
            for customer in customers {
                written_customer(customer, "customer.", &mut text);
                text.push('\n');
            }
        }
    }
    text.replace('\n', line_end)
}

/// Returns what a file says: tables by their lists, in any order, without comments and form.
fn said(text: &str) -> String {
    fn sorted(value: &toml_value::Value) -> String {
        match value {
            toml_value::Value::Array(items) => {
                let mut items: Vec<String> = items.iter().map(sorted).collect();
                if items.iter().any(|it| it.starts_with('{')) {
                    items.sort();
                }
                format!("[{}]", items.join(","))
            }
            toml_value::Value::Table(table) => {
                let pairs = table.iter().filter(|(_, value)| {
                    let is_empty = |text: &str| text == "[]" || text == "{}";
                    !is_empty(&sorted(value))
                });
                let mut pairs: Vec<String> = pairs
                    .map(|(key, value)| format!("{key}={}", sorted(value)))
                    .collect();
                pairs.sort();
                format!("{{{}}}", pairs.join(","))
            }
            toml_value::Value::Plain(text) => text.clone(),
        }
    }
    sorted(&toml_value::parse(text))
}

/// What a TOML file holds.
mod toml_value {
    use toml_edit::{DocumentMut, Item, TableLike};

    pub(super) enum Value {
        Plain(String),
        Array(Vec<Value>),
        Table(Vec<(String, Value)>),
    }

    pub(super) fn parse(text: &str) -> Value {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let document: DocumentMut = text
            .parse()
            .unwrap_or_else(|error| panic!("{error}: {text}"));
        table(document.as_table())
    }

    fn table(table: &dyn TableLike) -> Value {
        Value::Table(
            table
                .iter()
                .map(|(key, item)| (key.to_owned(), of(item)))
                .collect(),
        )
    }

    fn of(item: &Item) -> Value {
        if let Some(below) = item.as_table_like() {
            return table(below);
        }
        if let Some(tables) = item.as_array_of_tables() {
            return Value::Array(tables.iter().map(|it| table(it)).collect());
        }
        if let Some(items) = item.as_array() {
            return Value::Array(
                items
                    .iter()
                    .map(|it| of(&Item::Value(it.clone())))
                    .collect(),
            );
        }
        let mut value = item.as_value().unwrap().clone();
        if let Some(text) = value.as_str() {
            return Value::Plain(format!("{text:?}"));
        }
        value.decor_mut().clear();
        Value::Plain(value.to_string())
    }
}

fn merge_customers(base: &str, ours: &str, theirs: &str) -> Result<Merged, NotMerged> {
    let versions = Versions {
        base: base.as_bytes(),
        ours: ours.as_bytes(),
        theirs: theirs.as_bytes(),
    };
    merge_toml(
        TomlKind::Customers,
        "x",
        versions,
        None,
        &ConflictMarks::default(),
    )
}

#[test]
fn customers() {
    let (mut merged_count, mut conflict_count, mut line_count) = (0, 0, 0);
    for seed in 0..triples() {
        let mut random = Random::new(seed + 1_000_000);
        let ids = ["a", "b", "c"];
        let count = if random.one_in(2) { 1 } else { 3 };
        let base: Vec<Customer> = ids
            .iter()
            .take(count)
            .map(|id| random_customer(id, &mut random))
            .collect();
        let (ours, theirs) = (
            changed_customers(&base, &mut random),
            changed_customers(&base, &mut random),
        );
        if count > 1 && (ours.len() < 2 || theirs.len() < 2) {
            continue;
        }
        let line_end = if random.one_in(4) { "\r\n" } else { "\n" };
        let base = written_customers(&base, "\n");
        let ours = written_customers(&ours, line_end);
        let theirs = written_customers(&theirs, "\n");
        let told = format!("seed {seed}\n== base\n{base}\n== ours\n{ours}\n== theirs\n{theirs}\n");
        assert_eq!(
            merge_customers(&base, &ours, &ours).unwrap().text,
            ours,
            "{told}"
        );
        let alone = merge_customers(&base, &base, &theirs);
        let alone = alone.unwrap_or_else(|error| panic!("{error}: {told}"));
        assert_eq!(alone.conflicts, 0, "{told}");
        assert_eq!(
            said(&alone.text),
            said(&theirs),
            "{told}== result\n{}",
            alone.text
        );
        let (one, other) = (
            merge_customers(&base, &ours, &theirs),
            merge_customers(&base, &theirs, &ours),
        );
        let (one, other) = match (one, other) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(NotMerged::Fault(_)), Err(NotMerged::Fault(_))) => {
                line_count += 1;
                continue;
            }
            (one, other) => panic!("{one:?} {other:?}: {told}"),
        };
        assert_eq!(
            one.conflicts, other.conflicts,
            "{told}{}\n{}",
            one.text, other.text
        );
        if one.conflicts > 0 {
            conflict_count += 1;
            continue;
        }
        merged_count += 1;
        assert_eq!(
            sets_sorted(&said(&one.text)),
            sets_sorted(&said(&other.text)),
            "{told}== result\n{}",
            one.text
        );
        let again = merge_customers(&theirs, &one.text, &theirs).unwrap();
        assert_eq!(again.text, one.text, "{told}");
    }
    assert!(
        merged_count > 100 && conflict_count > 4,
        "{merged_count} {conflict_count} {line_count}"
    );
}

/// The order of a set is ours, so it is not the same from both sides.
fn sets_sorted(said: &str) -> String {
    let mut parts = said.split("tags=[");
    let mut sorted = parts.next().unwrap().to_owned();
    for part in parts {
        let (set, rest) = part.split_once(']').unwrap();
        let mut texts: Vec<&str> = set.split(',').collect();
        texts.sort_unstable();
        sorted.push_str(&texts.join(","));
        sorted.push_str(rest);
    }
    sorted
}
