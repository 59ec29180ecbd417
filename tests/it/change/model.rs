//! Random commands against a model in memory: the book equals the model after every step.

use std::collections::BTreeMap;

use guanxi::cli::Outcome;
use proptest::prelude::*;

use super::session::Session;

/// A command, with numbers that choose among what is there.
#[derive(Debug, Clone)]
enum Step {
    Add {
        name: String,
    },
    Log {
        customer: usize,
        kind: usize,
        note: String,
    },
    Open {
        customer: usize,
    },
    Set {
        customer: usize,
        region: String,
    },
    Rename {
        customer: usize,
        new: usize,
    },
    Merge {
        from: usize,
        into: usize,
    },
    Remove {
        customer: usize,
        with_rows: bool,
    },
    Format,
}

/// A customer as the model has it: the region and the rows, each kind and note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Facts {
    region: Option<String>,
    rows: Vec<(String, String)>,
}

const KINDS: [&str; 3] = ["visit", "call", "note"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "[ ,\"'#=+@a株é-]{1,12}",
        Just("two\nlines".to_owned()),
        Just("-5".to_owned()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let number = 0..100_usize;
    prop_oneof![
        3 => "[A-Z][a-z]{1,3}".prop_map(|name| Step::Add { name }),
        6 => (number.clone(), 0..KINDS.len(), text())
            .prop_map(|(customer, kind, note)| Step::Log { customer, kind, note }),
        2 => number.clone().prop_map(|customer| Step::Open { customer }),
        2 => (number.clone(), text()).prop_map(|(customer, region)| Step::Set { customer, region }),
        1 => (number.clone(), 0..20_usize).prop_map(|(customer, new)| Step::Rename { customer, new }),
        1 => (number.clone(), number.clone()).prop_map(|(from, into)| Step::Merge { from, into }),
        1 => (number, any::<bool>())
            .prop_map(|(customer, with_rows)| Step::Remove { customer, with_rows }),
        1 => Just(Step::Format),
    ]
}

/// A book and what it should be.
struct Pair {
    session: Session,
    model: BTreeMap<String, Facts>,
}

impl Pair {
    fn id(&self, number: usize) -> Option<String> {
        let count = self.model.len();
        self.model.keys().nth(number.checked_rem(count)?).cloned()
    }

    fn run(&self, args: &[&str]) -> bool {
        let before = self.session.book();
        let said = self.session.run(args);
        if said.outcome != Outcome::Done {
            assert_eq!(
                self.session.book(),
                before,
                "{args:?} was refused: {}",
                said.err
            );
        }
        said.outcome == Outcome::Done
    }

    /// Does a step to both; a refusal must be one that the model foresees.
    fn take(&mut self, step: &Step) {
        match step {
            Step::Add { name } => {
                let id = name.to_lowercase();
                let is_new = !self.model.contains_key(&id);
                assert_eq!(
                    self.run(&["add", name, "--id", &id]),
                    is_new && id != "con" && id != "nul"
                );
                if is_new {
                    self.model.insert(id, Facts::default());
                }
            }
            Step::Log {
                customer,
                kind,
                note,
            } => {
                let Some(id) = self.id(*customer) else { return };
                let kind = KINDS[*kind];
                assert!(self.run(&["log", &id, kind, "--note", note, "--date", "2026-02-10"]));
                let rows = &mut self.model.get_mut(&id).unwrap().rows;
                rows.push((kind.to_owned(), note.clone()));
            }
            Step::Open { customer } => {
                let Some(id) = self.id(*customer) else { return };
                assert!(self.run(&["log", &id, "complaint"]));
                let rows = &mut self.model.get_mut(&id).unwrap().rows;
                rows.push(("complaint".to_owned(), String::new()));
            }
            Step::Set { customer, region } => {
                let Some(id) = self.id(*customer) else { return };
                // A region is one line.
                let is_taken = !region.contains('\n');
                let is_done = self.run(&["set", &id, &format!("region={region}")]);
                assert_eq!(is_done, is_taken, "{region:?}");
                if is_taken {
                    self.model.get_mut(&id).unwrap().region = Some(region.clone());
                }
            }
            Step::Rename { customer, new } => {
                let Some(id) = self.id(*customer) else { return };
                let new = format!("n{new}");
                let is_free = !self.model.contains_key(&new);
                assert_eq!(self.run(&["rename", &id, &new]), is_free);
                if is_free {
                    let facts = self.model.remove(&id).unwrap();
                    self.model.insert(new, facts);
                }
            }
            Step::Merge { from, into } => {
                let (Some(from), Some(into)) = (self.id(*from), self.id(*into)) else {
                    return;
                };
                let cases =
                    |id: &String| self.model[id].rows.iter().any(|row| row.0 == "complaint");
                // Both would have a case C-1.
                let is_right = from != into && !(cases(&from) && cases(&into));
                assert_eq!(self.run(&["merge", &from, &into]), is_right);
                if is_right {
                    let gone = self.model.remove(&from).unwrap();
                    let kept = self.model.get_mut(&into).unwrap();
                    kept.region = kept.region.take().or(gone.region);
                    kept.rows.extend(gone.rows);
                }
            }
            Step::Remove {
                customer,
                with_rows,
            } => {
                let Some(id) = self.id(*customer) else { return };
                let is_right = *with_rows || self.model[&id].rows.is_empty();
                let mut args = vec!["remove", &id];
                args.extend(with_rows.then_some("--with-rows"));
                assert_eq!(self.run(&args), is_right);
                if is_right {
                    self.model.remove(&id);
                }
            }
            Step::Format => {
                assert!(self.run(&["fmt"]));
                let said = self.session.run(&["fmt", "--check"]);
                assert_eq!((said.outcome, said.out.as_str()), (Outcome::Done, ""));
            }
        }
    }

    /// Reads the book back without the program's own reader of rows.
    fn found(&self) -> BTreeMap<String, Facts> {
        let said = self.session.run(&["list", "-f", "json", "-c", "id,region"]);
        assert_eq!(said.outcome, Outcome::Done, "{}", said.err);
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        let mut found: BTreeMap<String, Facts> = BTreeMap::new();
        for row in json["rows"].as_array().unwrap() {
            let region = row["region"].as_str().map(str::to_owned);
            let facts = Facts {
                region,
                rows: Vec::new(),
            };
            found.insert(row["id"].as_str().unwrap().to_owned(), facts);
        }
        let log = self.session.root().join("interactions/2026.csv");
        if let Ok(log) = std::fs::read_to_string(log) {
            for cells in cells_of(&log).into_iter().skip(1) {
                let facts = found.get_mut(&cells[1]).expect("a row of a customer");
                facts.rows.push((cells[2].clone(), cells[10].clone()));
            }
        }
        found
    }
}

/// Reads rows as RFC 4180 has them.
fn cells_of(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            letter => cell.push(letter),
        }
    }
    rows
}

/// The same rows in whatever order: a format puts them by their days, a merge by their places.
fn in_order(mut model: BTreeMap<String, Facts>) -> BTreeMap<String, Facts> {
    for facts in model.values_mut() {
        facts.rows.sort();
    }
    model
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_book_equals_the_model_after_every_step(steps in prop::collection::vec(step(), 1..25)) {
        let mut pair = Pair { session: Session::new(""), model: BTreeMap::new() };
        for step in &steps {
            pair.take(step);
            prop_assert_eq!(in_order(pair.found()), in_order(pair.model.clone()), "after {:?}", step);
        }
    }
}
