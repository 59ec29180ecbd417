//! The faults of an import: a table of its own, for they are no faults of the book.
//!
//! Some have the code of a fault of the book and mean the same of another program's file, with another
//! cure; `explain CODE` tells both. [`Refusal`] is one case of a fault.

use crate::diagnostic::{Diagnostic, Fault, Severity};

use super::place::CellPlace;

/// One kind of fault of an import.
#[derive(Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// Code, severity, meaning and cure.
    pub fault: Fault,
    /// How much of the file it concerns.
    pub scope: Scope,
}

/// How much of a file a fault concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it: nothing is read.
    File,
    /// One line, which is refused; one code, `too-large`, may also concern the whole file.
    Line,
    /// Nothing is refused.
    Warning,
}

/// Returns the fault of an import with a code.
pub fn import_fault_by_code(code: &str) -> Option<&'static ImportFault> {
    IMPORT_FAULTS
        .iter()
        .copied()
        .find(|it| it.fault.code == code)
}

/// One fault, found at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of fault it is.
    pub fault: &'static ImportFault,
    /// What was found and what was expected, in one phrase; texts of the user in backticks.
    pub message: String,
    /// Where it is.
    pub place: CellPlace,
    /// What to do about it.
    pub help: Option<String>,
    /// Ids of customers that may be meant.
    pub near: Vec<String>,
}

impl Refusal {
    /// Makes one.
    pub fn new(fault: &'static ImportFault, message: impl Into<String>, place: CellPlace) -> Self {
        Self {
            fault,
            message: message.into(),
            place,
            help: None,
            near: Vec::new(),
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns its code.
    pub fn code(&self) -> &'static str {
        self.fault.fault.code
    }

    /// Returns it as the renderer of faults takes it.
    pub fn to_diagnostic(&self) -> Diagnostic {
        Diagnostic::new(
            &self.fault.fault,
            self.message.as_str(),
            self.place.to_place(),
        )
        .maybe_help(self.help.clone())
    }
}

macro_rules! import_faults {
    ($($name:ident $scope:ident $code:literal $meaning:literal $cure:literal)*) => {
        $(
            #[doc = concat!("`", $code, "`")]
            pub const $name: &ImportFault = &ImportFault {
                fault: Fault {
                    code: $code,
                    severity: match Scope::$scope {
                        Scope::Warning => Severity::Warning,
                        Scope::File | Scope::Line => Severity::Error,
                    },
                    meaning: $meaning,
                    cure: $cure,
                },
                scope: Scope::$scope,
            };
        )*
        /// Every kind of fault of an import, in the order of the documentation.
        pub const IMPORT_FAULTS: &[&ImportFault] = &[$($name),*];
    };
}

import_faults! {
    FILE_TYPE File "file-type"
        "The file is none that `import` reads: another archive, an encrypted workbook, a PDF, a web page without just one plain table, XML. What a file is shows in its content, whatever its name."
        "Open it in the program it comes from and save it as an Excel workbook (xlsx) or as CSV."
    ENCODING File "encoding"
        "The file's characters are in an encoding that cannot be proved: it is neither UTF-8 nor UTF-16 with its mark, nor a Chinese text in GB18030. Read in a wrong encoding names would become others."
        "Say it: `--encoding big5`, `--encoding windows-1252`; or save the file as UTF-8."
    DAMAGED_UTF8 File "damaged-utf8"
        "The file is UTF-8 but for a few bytes that are not. Something cut or overwrote a character, and nobody can know what it was."
        "Export the file again, or type the damaged characters anew."
    CONFLICT File "conflict-markers"
        "The file holds the marks that git leaves where two versions could not be merged. Until a person chooses, neither version is right."
        "Keep the right lines and delete the `<<<<<<<`, `=======` and `>>>>>>>` lines."
    SEPARATOR File "separator"
        "It cannot be told what parts the cells of a text: no separator gives a line with two known headings, and none, or several, part all lines alike."
        "Say it: `--separator ';'`; or give the headings names that are known."
    SHEET File "sheet"
        "Several visible sheets of a workbook have headings, or the one asked for is not there. Hidden sheets are read only if they are asked for."
        "Name the sheet: `--sheet 'Orders 2026'`, or its number."
    HEADER_MISSING File "header-missing"
        "None of the first 20 lines has at least two known headings, so nobody knows what the columns are."
        "Name the line with `--header-row 3`, and headings that are not known with `--map 'HEADING=TARGET'`."
    COLUMN_MISSING File "column-missing"
        "No column gives what every line needs: the customer, or a day. The message names the headings that are not known."
        "Say what a column is: `--map 'HEADING=TARGET'`, or give it for all lines: `--set 'TARGET=VALUE'`."
    KIND_MISSING File "kind-missing"
        "Nothing says what kind of rows the lines are: there is no column of kinds and none of an order, invoice, payment or visit."
        "Say it: `--set kind=order`."
    UNIT File "unit"
        "Two cells above the headings give units of money that differ, or one gives a unit that is none. A wrong unit makes every amount wrong by a factor."
        "Say which it is: `--set unit=元`."
    REJECTS File "rejects"
        "The file is a list of rejects, as `--rejects` writes it. Its lines are counted without their neighbours, so that they could be taken for others."
        "Mend the cells in the file that was imported, and import that again: what came in already is found there."
    TOO_LARGE File "too-large"
        "A file, sheet, line or cell is larger than any that is meant: 512 MiB a workbook, 16 million cells a sheet, 1,000 columns, 1 MiB a cell. A line of delimited text with more than 1,000 cells is refused alone."
        "Look at what it is; a larger table comes in as delimited text."
    QUOTE_UNCLOSED File "quote-unclosed"
        "A quote opens a cell and never closes, so that everything behind it would be one cell. The reading of the file ends there."
        "Close the quote; inside of quotes a quote is written twice."
    CONTROL Line "control-character"
        "A cell has a control character. It is what remains of a damaged file or of a paste from another program, and could act on a terminal."
        "Delete the character."
    QUOTE_STRAY Line "quote-stray"
        "A quote stands inside a cell that does not begin with one, or text stands behind a closing quote. Where the cells end is then anybody's guess."
        "Put the whole cell in quotes and write a quote inside of it twice."
    CELL_COUNT Line "cell-count"
        "A line has fewer cells than the line of headings, or filled ones beyond them. One comma too many or too few moves every cell behind it to another column."
        "Mend the line. If the program leaves blank cells off at the end of a line: `--read short-lines`."
    JSON Line "json"
        "A line of JSON Lines is not one JSON object, has a key twice, or is nested deeper than a customer's tables."
        "Mend the line; one object a line, with texts, numbers, lists of texts, and tables of them."
    VCARD Line "vcard"
        "A card has no end, is in another encoding than UTF-8, or has text that is damaged."
        "Export the contacts again as vCard 3.0 or 4.0."
    FORMULA Line "formula"
        "A cell is a formula, and the file does not have its value: the program that wrote it did not compute."
        "Open the workbook in the spreadsheet and save it."
    CELL_ERROR Line "cell-error"
        "A cell holds a formula's error, such as `#N/A`, in place of a value."
        "Mend the formula, or write the value."
    HASHES Line "hashes"
        "A cell holds `####`: the column was too narrow for the value when the text was made, and the value is lost."
        "Widen the column and export again."
    MERGED Line "merged"
        "A merged cell lies over several columns, or over the amounts of several lines: to which of them the value belongs nobody can know."
        "Unmerge the cells and give each line its own value."
    LOST_DIGITS Line "lost-digits"
        "A number with more than 15 digits, as an account's or a licence's, has lost its last digits: a spreadsheet keeps 15."
        "Give the column the format text, and enter the numbers again from where they are whole."
    COLUMN_TWICE Line "column-twice"
        "Two columns are the same to the book, and on this line they differ."
        "Mend the line, or leave one out: `--map 'HEADING=-'`."
    MISSING_CELL Line "missing-cell"
        "A cell that the line needs is blank: the customer, the day, or what its kind of row must have."
        "Fill it; `--set` gives a value to the blank cells of a column, `--read fill-down` takes it from the line above."
    DATE Line "date"
        "A cell is no day, or one that can be read in two ways, as `3/4/2026`."
        "Write `2026-03-04`; or say how the file writes days: `--read dmy`, `--read mdy`, `--read serial`."
    DATE_ZONE Line "date-zone"
        "A time has an offset, such as `Z` or `+08:00`, so that its day depends on where one stands."
        "Say where: `--read utc+8`."
    AMOUNT Line "amount"
        "A cell is no amount of money, or one that can be read in two ways, or has more digits than money has."
        "Write it plainly, as `1234.50`; or say how the file writes amounts: `--read decimal-comma`, `--read round`."
    NEGATIVE Line "negative"
        "An amount is below 0 where the book has none: of an order, credit, invoice, write-off, expense or lead."
        "If negative orders are returns: `--read negative-credit`. Otherwise log what it is by hand."
    CURRENCY Line "currency"
        "An amount is in another currency than the book."
        "Convert it, or leave the line out."
    SCORE Line "score"
        "A score is no number from 0 to 100."
        "Mend the cell."
    WRONG_VALUE Line "wrong-value"
        "A cell cannot be meant in its column: a share of 22 without `%`, a bare number where a span of days is wanted."
        "Write the value as the message says."
    VOID_LINE Line "void-line"
        "The line's status says that it does not hold: it is cancelled, a draft, not approved. A cancelled order is no revenue."
        "Leave such lines out: `--skip '单据状态=作废'`; or say that the column means nothing: `--map '单据状态=-'`."
    UNKNOWN_KIND Line "unknown-kind"
        "A cell in the column of kinds is no kind of row, nor one of the words for it."
        "Say what it is: `--value '单据类型:销售出库单=order'`."
    UNKNOWN_STAGE Line "unknown-stage"
        "A stage is not in the policy's list of `stages`."
        "Say what it is with `--value`, or add the stage to the policy."
    UNKNOWN_STAFF Line "unknown-staff"
        "A name of an account manager is nobody's in `staff.toml`, or of two."
        "Add the person to `staff.toml`, or say who it is with `--value`."
    UNKNOWN_CUSTOMER Line "unknown-customer"
        "No customer of the book has this id, name or alias, also without its company form. Near names never match by themselves."
        "Give the customer the name as an alias, say who it is with `--value`, or make new customers with `--create`."
    AMBIGUOUS_CUSTOMER Line "ambiguous-customer"
        "The texts of a line find two customers or more."
        "Give the customer's id in a column, or say who it is with `--value`."
    CUSTOMER_DIFFERS Line "customer-differs"
        "Two lines of one new customer say different things of it."
        "Make them agree."
    ID_INVALID Line "id-invalid"
        "An id has a character, a length or a name that not every file system can hold."
        "Mend the id, or leave the column out: `--map 'HEADING=-'`."
    UNKNOWN_REF Line "unknown-ref"
        "A payment, credit, write-off or answer names an invoice or a case that neither the book nor the file has."
        "Bring in what it names first; or put the number into the note: `--map '流水号=note'`."
    ANSWER_BEFORE Line "answer-before"
        "An answer is dated before the case that it answers."
        "Mend the day."
    REF_USED_TWICE Line "ref-used-twice"
        "Two lines have one number of an invoice or a case."
        "Lines that are items of one invoice: `--read sum-refs`. Otherwise give each its own number."
    REF_INCOMPLETE Line "ref-incomplete"
        "Another line of the same number was refused, and with `sum-refs` they count together or not at all."
        "Mend the other line."
    ROW_DIFFERS Line "row-differs"
        "The book has this number with another day, kind or amount. `import` never changes a row."
        "See which is right, and mend it in the book or in the file."
    ROW_TWICE Line "row-twice"
        "A line is equal to an earlier one in every column, as when a sheet was pasted twice."
        "Delete it. If each counts: `--read equal-rows`."
    TOTAL_DIFFERS Warning "total-differs"
        "The file states a total, and the lines above it sum to something else."
        "See which lines could not be read, or whether the total is of other lines."
    AFTER_TODAY Warning "after-today"
        "Rows are dated after the day of the question. They count once that day has come."
        "See whether the dates are meant."
    DATE_FAR Warning "date-far"
        "A day is so far from today that it is hardly meant."
        "See whether the date is meant."
    MAYBE_TWICE Warning "maybe-twice"
        "A new row is like one of the book but for its number, or has its number but another day or amount: it may be the same event, corrected where it came from."
        "Compare the two, and remove the wrong one."
    THERE_DIFFERS Warning "there-differs"
        "Rows that the book has already differ from the file's in staff, topic, channel or due: two events may have been taken for one."
        "Compare the places named."
    CELL_DROPPED Warning "cell-dropped"
        "Cells were not taken, because the kind of their row has no use for them."
        "See whether the columns are meant."
    HEADING_ABSENT Warning "heading-absent"
        "The source names a heading that no file has."
        "See whether the export has changed, and mend `[import]` in `guanxi.toml`."
}
