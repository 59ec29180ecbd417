//! The words of figures, and how bad each is: what is coloured, what sorts first, what no customer should
//! come to.

use crate::model::{Communication, Word, words};
use crate::words::Language;

/// How a word is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something is wrong now.
    Alarm,
    /// Something will be, soon.
    Notice,
    /// Nothing to see to.
    Plain,
}

/// One of a figure's words.
#[derive(Debug)]
pub struct Level {
    /// The word.
    pub word: &'static str,
    /// What people read in its place in Chinese.
    pub chinese: &'static str,
    /// How it is coloured.
    pub tone: Tone,
    /// Whether no customer should come to it.
    pub is_bad: bool,
}

/// The words of a figure.
#[derive(Debug)]
pub struct Levels {
    pub(super) all: &'static [Level],
    is_told_from_end: bool,
    is_sorted_from_end: bool,
}

impl Levels {
    /// Returns the words in the order in which messages name them.
    pub fn told(&self) -> Vec<&'static str> {
        self.words(self.is_told_from_end)
    }

    /// Returns the words in the order in which rows are sorted by them.
    pub fn sorted(&self) -> Vec<&'static str> {
        self.words(self.is_sorted_from_end)
    }

    /// Returns each word with what people read in its place in a language, if that is another.
    pub fn labels(&self, language: Language) -> Vec<(&'static str, &'static str)> {
        match language {
            Language::English => Vec::new(),
            Language::Chinese => self.all.iter().map(|it| (it.word, it.chinese)).collect(),
        }
    }

    fn words(&self, from_end: bool) -> Vec<&'static str> {
        let mut words: Vec<_> = self.all.iter().map(|it| it.word).collect();
        if from_end {
            words.reverse();
        }
        words
    }
}

/// Makes an enum of words, with how each is coloured and whether it is bad.
macro_rules! levels {
    (
        $(#[$of:meta])*
        $name:ident { $($variant:ident = $word:literal $chinese:literal $tone:ident $is_bad:literal $about:literal),+ $(,)? }
    ) => {
        words! {
            $(#[$of])*
            $name { $($variant = $word $about),+ }
        }

        impl $name {
            const LEVELS: &'static [Level] = &[$(Level {
                word: $word,
                chinese: $chinese,
                tone: Tone::$tone,
                is_bad: $is_bad,
            }),+];
        }
    };
}

levels! {
    /// How near a customer is to leaving; the worst is the greatest.
    ChurnLevel {
        Active = "active" "正常" Plain false "no rule matches",
        Watch = "watch" "关注" Notice false "worth a look",
        AtRisk = "at-risk" "高风险" Alarm true "may leave",
        Lost = "lost" "已流失" Plain true "has left",
    }
}

levels! {
    /// How reliably invoices were settled; the worst is the greatest.
    Settlement {
        Stable = "stable" "稳定" Plain false "next to nothing is late",
        Fair = "fair" "相对稳定" Plain false "little is late",
        Unstable = "unstable" "不稳定" Notice true "much is late, or some very late",
        Overdue = "overdue" "长期拖欠" Alarm true "some is as late as hardly ever paid",
    }
}

levels! {
    /// Where the next revisit stands; the most pressing is the least.
    RevisitStatus {
        Overdue = "overdue" "已逾期" Alarm true "its day is over",
        Today = "today" "今天" Notice false "it is due",
        Soon = "soon" "即将到期" Notice false "it is due within 7 days",
        Ok = "ok" "正常" Plain false "it is due later",
        Paused = "paused" "暂停" Plain false "there is neither cadence nor plan",
    }
}

levels! {
    /// A customer's class by what all customers bring.
    Abc {
        A = "A" "A" Plain false "those who bring the most together",
        B = "B" "B" Plain false "those in between",
        C = "C" "C" Plain true "the others",
    }
}

levels! {
    /// How a customer's orders of the year stand to those of the year before.
    Movement {
        Kept = "kept" "留存" Plain false "ordered in both",
        New = "new" "新增" Plain false "ordered in the year, for the first time",
        Returned = "returned" "回流" Plain false "ordered in the year again, but not in the year before",
        Stopped = "stopped" "停购" Plain true "ordered in the year before alone",
        Idle = "idle" "沉睡" Plain true "ordered in neither, but earlier",
        None = "none" "未成交" Plain false "never ordered",
    }
}

levels! {
    /// What is known of a customer's account manager.
    OwnerStatus {
        None = "none" "无" Notice true "there is none",
        Left = "left" "已离职" Alarm true "has left the firm",
        NotYet = "not-yet" "未到岗" Notice true "has still to join",
        Ok = "ok" "在职" Plain false "in service",
    }
}

/// The words of `movement`.
pub const MOVEMENT: Levels = in_order(Movement::LEVELS);

/// The words of `owner_status`.
pub const OWNER_STATUS: Levels = in_order(OwnerStatus::LEVELS);

/// The words of `churn`.
pub const CHURN: Levels = Levels {
    all: ChurnLevel::LEVELS,
    is_told_from_end: true,
    is_sorted_from_end: true,
};

/// The words of `settlement`.
pub const SETTLEMENT: Levels = Levels {
    all: Settlement::LEVELS,
    is_told_from_end: false,
    is_sorted_from_end: true,
};

/// The words of `revisit_status`.
pub const REVISIT_STATUS: Levels = in_order(RevisitStatus::LEVELS);

/// The words of `abc`.
pub const ABC: Levels = in_order(Abc::LEVELS);

/// The words of `communication`.
pub const COMMUNICATION: Levels = in_order(TALK);

const TALK: &[Level] = &[
    plain(Communication::Normal, "正常", false),
    plain(Communication::Difficult, "困难", true),
];

const fn plain(word: Communication, chinese: &'static str, is_bad: bool) -> Level {
    Level {
        word: Communication::WORDS[word as usize],
        chinese,
        tone: Tone::Plain,
        is_bad,
    }
}

const fn in_order(all: &'static [Level]) -> Levels {
    Levels {
        all,
        is_told_from_end: false,
        is_sorted_from_end: false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_catalogue_names_the_words_that_there_are() {
        let mut count = 0;
        for entry in crate::metric::CATALOGUE {
            if let Some(levels) = entry.levels() {
                let words = levels.told();
                let (last, others) = words.split_last().unwrap();
                assert_eq!(entry.unit, format!("{} or {last}", others.join(", ")));
                count += 1;
            }
        }
        assert_eq!(count, 7);
    }
}
