//! The marks around what is in conflict, as git writes them.

/// How conflicts are marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictMarks {
    /// How many characters a mark has.
    pub size: usize,
    /// What is written behind the mark of the version that both come from.
    pub base: String,
    /// What is written behind the mark of the version that is here.
    pub ours: String,
    /// What is written behind the mark of the version that comes in.
    pub theirs: String,
}

impl Default for ConflictMarks {
    fn default() -> Self {
        Self {
            size: 7,
            base: "base".to_owned(),
            ours: "ours".to_owned(),
            theirs: "theirs".to_owned(),
        }
    }
}

impl ConflictMarks {
    /// Returns one conflict; its parts are whole lines, or empty.
    ///
    /// `base` is `None` where both sides added something that no version before them has.
    pub(super) fn around(
        &self,
        ours: &str,
        base: Option<&str>,
        theirs: &str,
        line_end: &str,
    ) -> String {
        let mut text = String::new();
        let mut mark = |character: char, label: &str, part: &str| {
            text.extend(std::iter::repeat_n(character, self.size));
            if !label.is_empty() {
                text.push(' ');
                text.push_str(label);
            }
            text.push_str(line_end);
            text.push_str(part);
            if !part.is_empty() && !part.ends_with('\n') {
                text.push_str(line_end);
            }
        };
        mark('<', &self.ours, ours);
        if let Some(base) = base {
            mark('|', &self.base, base);
        }
        mark('=', "", theirs);
        mark('>', &self.theirs, "");
        text
    }
}
