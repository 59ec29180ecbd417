//! The table of faults: a stable code, a severity, and the paragraph that explains it.

use super::Severity;

/// One kind of fault.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The stable code, as in `error[unknown-customer]`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it means and why it matters.
    pub meaning: &'static str,
    /// How to mend it.
    pub cure: &'static str,
}

/// Returns the fault with a code.
pub fn fault_by_code(code: &str) -> Option<&'static Fault> {
    FAULTS.iter().copied().find(|fault| fault.code == code)
}

macro_rules! faults {
    ($($name:ident $severity:ident $code:literal $meaning:literal $cure:literal)*) => {
        $(
            #[doc = concat!("`", $code, "`")]
            pub(crate) const $name: &Fault = &Fault {
                code: $code,
                severity: Severity::$severity,
                meaning: $meaning,
                cure: $cure,
            };
        )*
        /// Every kind of fault, in the order of the documentation.
        pub const FAULTS: &[&Fault] = &[$($name),*];
    };
}

faults! {
    LINK Error "link"
        "A symbolic link, pipe, socket or device lies inside the book. A link could lead out of the book, and a pipe could make every command wait for ever, so neither is read."
        "Put a real file or folder in its place, or move it out of the book. The book's own folder may be reached through a link."
    UNREADABLE Error "unreadable"
        "The operating system refused to open or read a file or folder of the book. A book that is read in part would give wrong figures."
        "Look at the permissions of the file, and at the disk."
    FILE_NAME Error "file-name"
        "A file's name is not UTF-8, or holds a control character, so that it cannot be named safely in a message or in git."
        "Rename the file."
    STRAY_FILE Warning "stray-file"
        "A file in the folder of the customers or of the logs has an ending that is not read, though it looks as if it should be. What is in it counts nowhere."
        "Rename or convert it to `.toml` or `.csv` (in lower case), or move it out of the folder."
    FILE_TOO_LARGE Error "file-too-large"
        "A policy, staff or one-customer file is over 1 MiB, or a file of many customers over 64 MiB. Such a file is nearly always something else with the wrong ending."
        "Look at what the file is. Many customers can be spread over several files."
    ENCODING Error "encoding"
        "The file is not UTF-8 but looks like another encoding: GB18030 (a Chinese spreadsheet's usual one) or UTF-16."
        "Convert it: `iconv -f GB18030 -t UTF-8 old.csv > new.csv`, or save it as UTF-8 in the program it comes from."
    DAMAGED_UTF8 Error "damaged-utf8"
        "The file is UTF-8 but for a few bytes that are not. Something cut or overwrote a character, and nobody can know what it was."
        "Restore the line from git, or type the damaged characters again."
    CONFLICT Error "conflict-markers"
        "The file holds the marks that git leaves where two versions could not be merged. Until a person chooses, neither version is right."
        "Open the file, keep the right lines, delete the `<<<<<<<`, `=======` and `>>>>>>>` lines, then `git add` it."
    CONTROL Error "control-character"
        "A control character stands where only text belongs. It is what remains of a damaged file or of a paste from another program, and could act on a terminal."
        "Delete the character, however it is written (`\\u001b` in TOML is one too); a tab and a line break are allowed inside quotes only."
    LONE_CR Error "lone-cr"
        "A carriage return without a line feed ends a line, as very old systems wrote it. Other programs would read the lines as one."
        "Convert the line ends: `tr '\\r' '\\n' < old.csv > new.csv`."
    TOML_SYNTAX Error "toml-syntax"
        "The file is not TOML at this place: a quote or bracket is missing, a key stands twice, a value is no value."
        "Mend the line; text values stand in double quotes."
    UNKNOWN_KEY Error "unknown-key"
        "A key is not one of those that this table knows. A misspelt key would otherwise be ignored in silence."
        "Correct the key, or put your own facts under `[custom]` (usable in rules) or `[profile]`."
    MISPLACED_KEY Error "misplaced-key"
        "A key of the customer itself stands under `[profile]` or `[custom]`, where it has no effect. It usually was added at the end of the file."
        "Move the line up, before the first `[table]` header."
    MISSING_KEY Error "missing-key"
        "A key that is required is not there."
        "Add it."
    WRONG_TYPE Error "wrong-type"
        "A value has another type than its key wants, such as a number where text is expected."
        "Write the value as the message says."
    WRONG_VALUE Error "wrong-value"
        "A value has the right type but cannot be meant: a score over 100, a span that is none, money with too many digits."
        "Write the value as the message says."
    ID_INVALID Error "id-invalid"
        "An id has a character, a length or a name that not every file system can hold. An id is 1 to 64 letters or digits of any script, then also `.`, `_` and `-`; in NFC; never a device name of Windows such as `con`."
        "Rename the file (or change the `id`)."
    ID_TWICE Error "id-twice"
        "Two customers have one id, or ids that differ only in case; or an id that a customer once had is another's, now or formerly. Rows could belong to either."
        "Rename one of them, or merge them; take a former id out of the `former_ids` of one."
    UNKNOWN_STAGE Error "unknown-stage"
        "A stage, of a customer's file or of a `stage` row, is not in the policy's list of `stages`."
        "Correct the word, or add the stage to `stages` in `guanxi.toml`."
    UNKNOWN_OWNER Error "unknown-owner"
        "A customer's owner is not in `staff.toml`, so nobody would answer for the customer."
        "Correct the id, or add the person to `staff.toml`."
    HEADER_MISSING Error "header-missing"
        "A log has no header row. Without it nobody knows what the columns are, and the first row would be lost."
        "Put a header such as `date,customer,kind,amount,score,staff,topic,channel,ref,due,note` into the first line."
    HEADER_COLUMN Error "header-column"
        "The header lacks a column that every log needs: `date`, `kind`, and `customer` unless the file is named for a customer."
        "Add the column, or correct its name."
    HEADER_TWICE Error "header-twice"
        "The header names one column twice, so a cell would have two meanings."
        "Rename or remove one of the columns."
    CELL_COUNT Error "cell-count"
        "A row has more or fewer cells than the header. Often a comma in a text is not quoted, or a line was cut."
        "Put double quotes around a cell with a comma in it, and add the commas of empty cells at the end."
    TOO_MANY_CELLS Error "too-many-cells"
        "A row has more than 1,000 cells, which no log has."
        "Look at what the file is."
    LINE_TOO_LONG Error "line-too-long"
        "A line is longer than 1 MiB, which no log's line is."
        "Look at what the file is."
    QUOTE_UNCLOSED Error "quote-unclosed"
        "A cell begins with a double quote that is never closed, so all that follows would be one cell."
        "Close the quote, or double it (`\"\"`) if it is part of the text."
    QUOTE_STRAY Error "quote-stray"
        "A double quote stands inside a cell that does not begin with one, or text follows a closing quote. Programs read such a line in different ways and lose rows."
        "Put the whole cell into double quotes and double those inside: `\"6\"\" pipe\"`."
    HASHES Error "hashes"
        "The first cell is nothing but `#`. A spreadsheet's column was too narrow to show the date, and the date is lost."
        "Widen the column in the spreadsheet and export it again. To comment a row out, put `# ` and a word before it."
    DATE Error "date"
        "A date is not written `YYYY-MM-DD`, or there is no such day."
        "Write it like `2026-03-05`, optionally followed by `T09:30`."
    AMOUNT Error "amount"
        "An amount is not plain digits with at most 14 before the point and 4 after, or is negative where that has no meaning."
        "Write it like `1250000.00`: no thousands separators, currency signs or units."
    SCORE Error "score"
        "A score is not a number from 0 to 100."
        "Write a number from 0 to 100."
    MISSING_CELL Error "missing-cell"
        "A cell that this kind of row requires is empty."
        "Fill it in; `docs/format.md` has the table of kinds."
    UNKNOWN_CUSTOMER Error "unknown-customer"
        "A row names a customer that has no file."
        "Correct the id, or add the customer with `guanxi add`."
    UNKNOWN_KIND Error "unknown-kind"
        "A row's kind is neither built in nor added by the policy."
        "Correct the word, or add `[kind.NAME]` to `guanxi.toml`."
    UNKNOWN_REF Error "unknown-ref"
        "A row names a case, invoice or lead of this customer that does not exist in the whole book."
        "Correct the ref, or add the row that opens it."
    REF_TWICE Error "ref-used-twice"
        "Two rows open a case, invoice or lead with one ref, so that an answer or a payment could mean either."
        "Give one of them its own ref, or remove the copy."
    ANSWER_BEFORE Error "answer-before"
        "A row answers, closes or writes off something that is dated later than the row itself."
        "Correct one of the two dates."
    DUE_BEFORE Error "due-before"
        "An agreement ends before the day on which it was signed, so that it would never be in force."
        "Correct one of the two dates: `due` is the last day on which it is in force."
    FORMER_ID Warning "former-id"
        "A row, or the name of a log, calls its customer by an id that it once had. It counts for the customer all the same."
        "`guanxi check --fix` writes the present id."
    RULE_SYNTAX Error "rule-syntax"
        "A rule cannot be read at this place."
        "See the grammar in `docs/format.md`, \"Rules\"."
    RULE_NAME Error "rule-name"
        "A rule names a metric that does not exist."
        "Correct the name; `guanxi metrics` lists them."
    RULE_TYPE Error "rule-type"
        "A rule compares two things of different types, or orders texts. It could never mean what was intended."
        "Write the other side as the message says."
    RULE_WORD Error "rule-word"
        "A rule compares a metric with a word that it never has."
        "Correct the word."
    RULE_STAGE Error "rule-stage"
        "A rule uses a metric that is made later than the rule itself, such as a tier rule that asks for churn."
        "Use a metric of an earlier stage; `guanxi metrics` shows each one's."
    UNUSED_CELL Warning "unused-cell"
        "A cell is filled that this kind of row has no use for, such as an amount on a visit. It counts nowhere."
        "Correct the kind, or move the text into `note`."
    ROW_TWICE Warning "row-twice"
        "Two lines of the book hold the same row. A union merge in git doubles rows; everything in them counts twice."
        "Delete one of the lines, or make them differ if both are true, as by a time or a note."
    STAGE_DIFFERS Warning "stage-differs"
        "The stage in the customer's file is not the one that the latest `stage` row entered; the row wins."
        "Correct the file, or log the new stage."
    WRITEOFF_UNUSED Warning "writeoff-unused"
        "A write-off found no open invoice to lower, so that part of it has no effect."
        "Correct its amount or its ref."
    NO_ORDERS Warning "invoices-without-orders"
        "The book has invoices but not one order, so that revenue is zero everywhere."
        "If invoices are what you log, put `revenue = \"invoice\"` under `[value]` in `guanxi.toml`."
    OWNER_LEFT Warning "owner-left"
        "A customer's owner has left the firm."
        "Hand the customer over: `guanxi set CUSTOMER owner=...`."
    UNKNOWN_STAFF Warning "unknown-staff"
        "A row names somebody who is not in `staff.toml`."
        "Correct the id, or add the person to `staff.toml`."
    UNKNOWN_CUSTOM Warning "unknown-custom"
        "A rule of the policy uses a `custom.` or `profile.` name that no customer's file has, so it is always unknown."
        "Correct the name."
}
