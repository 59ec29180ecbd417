//! Kinds of interaction: what a row of each kind needs, may have, and does.

use super::LogColumn;
use super::name::word_form;
use crate::words::{Phrase, Wording, terms};

/// What refs of a kind belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Complaints and requests.
    Case,
    /// Invoices.
    Invoice,
    /// Leads.
    Lead,
    /// Agreements.
    Agreement,
}

impl Family {
    /// Returns the word that messages use.
    pub(crate) fn word(self) -> Phrase {
        match self {
            Self::Case => Phrase("case", "事项"),
            Self::Invoice => Phrase("invoice", "发票"),
            Self::Lead => Phrase("lead", "商机"),
            Self::Agreement => Phrase("agreement", "协议"),
        }
    }
}

/// What a row of a kind does to the figures; kinds added by a policy are `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the kinds of docs/kinds.md by their names")]
pub enum Role {
    Plan,
    Order,
    Credit,
    Invoice,
    Payment,
    Writeoff,
    Expense,
    Complaint,
    Request,
    Assign,
    Response,
    Resolve,
    Reopen,
    Survey,
    Lead,
    Win,
    Lose,
    Agreement,
    Stage,
    Owner,
    Lost,
    Other,
}

/// A text of a row that may count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextColumn {
    /// Its topic.
    Topic,
    /// Whom it names.
    Staff,
}

impl Role {
    /// Tells whether accounts rest on such a row.
    pub(crate) fn is_of_money(self) -> bool {
        match self {
            Self::Order
            | Self::Credit
            | Self::Invoice
            | Self::Payment
            | Self::Writeoff
            | Self::Expense => true,
            Self::Plan
            | Self::Complaint
            | Self::Request
            | Self::Assign
            | Self::Response
            | Self::Resolve
            | Self::Reopen
            | Self::Survey
            | Self::Lead
            | Self::Win
            | Self::Lose
            | Self::Agreement
            | Self::Stage
            | Self::Owner
            | Self::Lost
            | Self::Other => false,
        }
    }

    /// Returns the text of a row that always counts, if one does.
    pub(crate) fn text(self) -> Option<TextColumn> {
        match self {
            Self::Survey | Self::Stage | Self::Lost | Self::Agreement => Some(TextColumn::Topic),
            Self::Complaint | Self::Request | Self::Assign | Self::Reopen | Self::Owner => {
                Some(TextColumn::Staff)
            }
            _ => None,
        }
    }
}

/// Whether a cell is required, allowed or of no use to a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellUse {
    /// It must be filled.
    Required,
    /// It may be filled.
    Optional,
    /// The kind has no use for it.
    Unused,
}

/// What the `ref` cell of a kind names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Free text, or nothing.
    Free,
    /// The row's own ref, by which others name it.
    Own(Family),
    /// A ref that another row owns.
    Names(Family),
}

/// One kind of interaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The word in the `kind` column.
    pub name: String,
    /// What people read instead, if the policy says so.
    pub label: Option<String>,
    /// Whether such a row is a contact that resets the revisit clock.
    pub contact: bool,
    /// What it does.
    pub role: Role,
    /// Its `amount`.
    pub amount: CellUse,
    /// Whether its amount may be negative.
    pub negative: bool,
    /// Its `score`.
    pub score: CellUse,
    /// Its `staff`; every kind may have one.
    pub staff: CellUse,
    /// Its `topic`; every kind may have one.
    pub topic: CellUse,
    /// Its `ref`: whether it must be filled.
    pub reference_cell: CellUse,
    /// Its `ref`: what it names.
    pub reference: Reference,
    /// Its `due`.
    pub due: CellUse,
}

impl Kind {
    /// Returns what its rows do with their cells in a column.
    pub(crate) fn use_of(&self, column: LogColumn) -> CellUse {
        match column {
            LogColumn::Date | LogColumn::Customer | LogColumn::Kind => CellUse::Required,
            LogColumn::Amount => self.amount,
            LogColumn::Score => self.score,
            LogColumn::Staff => self.staff,
            LogColumn::Topic => self.topic,
            LogColumn::Ref => self.reference_cell,
            LogColumn::Due => self.due,
            LogColumn::Channel | LogColumn::Note => CellUse::Optional,
        }
    }

    /// Returns what people call it: the policy's label, else its name and the built-in Chinese of that.
    pub(crate) fn called(&self) -> Wording {
        if let Some(label) = &self.label {
            return Wording::as_is(label.as_str());
        }
        let chinese = terms::term(terms::KINDS, &self.name).unwrap_or(&self.name);
        Wording::new(self.name.clone(), chinese.to_owned())
    }
}

const fn kind(name: &'static str, role: Role) -> BuiltIn {
    BuiltIn {
        name,
        role,
        contact: false,
        amount: CellUse::Unused,
        negative: false,
        score: CellUse::Unused,
        staff: CellUse::Optional,
        topic: CellUse::Optional,
        reference_cell: CellUse::Unused,
        reference: Reference::Free,
        due: CellUse::Unused,
    }
}

/// A built-in kind as the table below writes it.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    name: &'static str,
    role: Role,
    contact: bool,
    amount: CellUse,
    negative: bool,
    score: CellUse,
    staff: CellUse,
    topic: CellUse,
    reference_cell: CellUse,
    reference: Reference,
    due: CellUse,
}

impl BuiltIn {
    const fn contact(mut self) -> Self {
        self.contact = true;
        self
    }
    const fn amount(mut self, cell: CellUse) -> Self {
        self.amount = cell;
        self
    }
    const fn negative(mut self) -> Self {
        self.negative = true;
        self
    }
    const fn score(mut self, cell: CellUse) -> Self {
        self.score = cell;
        self
    }
    const fn staff(mut self, cell: CellUse) -> Self {
        self.staff = cell;
        self
    }
    const fn topic(mut self, cell: CellUse) -> Self {
        self.topic = cell;
        self
    }
    const fn reference(mut self, cell: CellUse, reference: Reference) -> Self {
        self.reference_cell = cell;
        self.reference = reference;
        self
    }
    const fn due(mut self, cell: CellUse) -> Self {
        self.due = cell;
        self
    }
}

/// The built-in kinds, in the order of `docs/kinds.md`.
pub const BUILT_IN_KINDS: &[BuiltIn] = &{
    use CellUse::{Optional, Required};
    use Reference::{Free, Names, Own};
    [
        kind("visit", Role::Other).contact(),
        kind("call", Role::Other).contact(),
        kind("meeting", Role::Other).contact(),
        kind("email", Role::Other).contact(),
        kind("message", Role::Other).contact(),
        kind("plan", Role::Plan).due(Required),
        kind("order", Role::Order)
            .amount(Required)
            .reference(Optional, Free),
        kind("credit", Role::Credit)
            .amount(Required)
            .reference(Optional, Names(Family::Invoice)),
        kind("invoice", Role::Invoice)
            .amount(Required)
            .reference(Optional, Own(Family::Invoice))
            .due(Optional),
        kind("payment", Role::Payment)
            .amount(Required)
            .negative()
            .reference(Optional, Names(Family::Invoice)),
        kind("writeoff", Role::Writeoff)
            .amount(Required)
            .reference(Optional, Names(Family::Invoice)),
        kind("expense", Role::Expense).amount(Required),
        kind("complaint", Role::Complaint)
            .reference(Required, Own(Family::Case))
            .due(Optional),
        kind("request", Role::Request)
            .reference(Required, Own(Family::Case))
            .due(Optional),
        kind("assign", Role::Assign)
            .staff(Required)
            .reference(Required, Names(Family::Case)),
        kind("response", Role::Response)
            .contact()
            .reference(Required, Names(Family::Case)),
        kind("resolve", Role::Resolve)
            .contact()
            .score(Optional)
            .reference(Required, Names(Family::Case)),
        kind("reopen", Role::Reopen)
            .reference(Required, Names(Family::Case))
            .due(Optional),
        kind("survey", Role::Survey).score(Required),
        kind("lead", Role::Lead)
            .amount(Optional)
            .reference(Required, Own(Family::Lead))
            .due(Optional),
        kind("win", Role::Win).reference(Required, Names(Family::Lead)),
        kind("lose", Role::Lose).reference(Required, Names(Family::Lead)),
        kind("agreement", Role::Agreement)
            .amount(Optional)
            .reference(Required, Own(Family::Agreement))
            .due(Required),
        kind("stage", Role::Stage).topic(Required),
        kind("owner", Role::Owner).staff(Required),
        kind("lost", Role::Lost),
        kind("note", Role::Other),
    ]
};

/// The kinds in force: the built-in ones as the policy changes them, then those it adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindTable {
    kinds: Vec<Kind>,
}

impl Default for KindTable {
    fn default() -> Self {
        let kinds = BUILT_IN_KINDS.iter().map(|it| Kind {
            name: it.name.to_owned(),
            label: None,
            contact: it.contact,
            role: it.role,
            amount: it.amount,
            negative: it.negative,
            score: it.score,
            staff: it.staff,
            topic: it.topic,
            reference_cell: it.reference_cell,
            reference: it.reference,
            due: it.due,
        });
        Self {
            kinds: kinds.collect(),
        }
    }
}

impl KindTable {
    /// Changes or adds a kind; `false` when there are 255 kinds already.
    pub fn set(&mut self, name: &str, contact: Option<bool>, label: Option<String>) -> bool {
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.name == name) {
            kind.contact = contact.unwrap_or(kind.contact);
            kind.label = label.or(kind.label.take());
            return true;
        }
        if self.kinds.len() >= usize::from(u8::MAX) {
            return false;
        }
        self.kinds.push(Kind {
            name: name.to_owned(),
            label,
            contact: contact.unwrap_or(false),
            role: Role::Other,
            amount: CellUse::Unused,
            negative: false,
            score: CellUse::Unused,
            staff: CellUse::Optional,
            topic: CellUse::Optional,
            reference_cell: CellUse::Optional,
            reference: Reference::Free,
            due: CellUse::Unused,
        });
        true
    }

    /// Returns the kind at an index of this table.
    ///
    /// # Panics
    /// If the index is not from this table.
    pub fn kind(&self, index: u8) -> &Kind {
        &self.kinds[usize::from(index)]
    }

    /// Returns the index of the kind that a word names: by its name, its label, or as Chinese or English
    /// calls it.
    pub fn named(&self, word: &str) -> Option<u8> {
        if let Some(index) = self.index_of(word) {
            return Some(index);
        }
        let wanted = word_form(word);
        let called = |it: &&Kind| word_form(&it.name) == wanted;
        let labelled = |it: &&Kind| {
            it.label
                .as_deref()
                .is_some_and(|it| word_form(it) == wanted)
        };
        let mut kinds = self.kinds.iter();
        let own = kinds.clone().find(called).or_else(|| kinds.find(labelled));
        let name = match own {
            Some(kind) => kind.name.as_str(),
            None => terms::kind_called(&wanted)?,
        };
        self.index_of(name)
    }

    /// Returns the words by which kinds are named, their names first.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> + Clone {
        let labels = self.kinds.iter().filter_map(|it| it.label.as_deref());
        let names = self.kinds.iter().map(|it| it.name.as_str());
        names.chain(labels).chain(terms::words_of_kinds())
    }

    /// Returns the index of the kind with a name.
    pub fn index_of(&self, name: &str) -> Option<u8> {
        self.kinds
            .iter()
            .position(|kind| kind.name == name)
            .and_then(|index| index.try_into().ok())
    }

    /// Returns all kinds.
    pub fn all(&self) -> &[Kind] {
        &self.kinds
    }
}
