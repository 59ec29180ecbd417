//! The faults of an import: a table of its own, for they are no faults of the book.
//!
//! Some have the code of a fault of the book and mean the same of another program's file, with another
//! cure; `explain CODE` tells both. [`SourceFault`] is one case of a fault.

use crate::diagnostic::{Diagnostic, Fault, Severity};
use crate::words::Wording;

use super::place::CellPlace;

/// One kind of fault of an import.
#[derive(Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// Code, severity, meaning and cure.
    pub fault: Fault,
    /// How much of the file it concerns.
    pub scope: FaultScope,
}

/// How much of a file a fault concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultScope {
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
pub struct SourceFault {
    /// What kind of fault it is.
    pub fault: &'static ImportFault,
    /// What was found and what was expected, in one phrase; texts of the user in backticks.
    pub message: Wording,
    /// Where it is.
    pub place: CellPlace,
    /// What to do about it.
    pub help: Option<Wording>,
    /// Ids of customers that may be meant.
    pub near: Vec<String>,
}

impl SourceFault {
    /// Makes one.
    pub fn new(fault: &'static ImportFault, message: impl Into<Wording>, place: CellPlace) -> Self {
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
    pub fn help(mut self, help: impl Into<Wording>) -> Self {
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
            self.message.clone(),
            self.place.to_place(),
        )
        .maybe_help(self.help.clone())
    }
}

macro_rules! import_faults {
    ($($name:ident $scope:ident $code:literal
        $meaning:literal $chinese_meaning:literal $cure:literal $chinese_cure:literal)*) => {
        $(
            #[doc = concat!("`", $code, "`")]
            pub const $name: &ImportFault = &ImportFault {
                fault: Fault {
                    code: $code,
                    severity: match FaultScope::$scope {
                        FaultScope::Warning => Severity::Warning,
                        FaultScope::File | FaultScope::Line => Severity::Error,
                    },
                    meaning: $meaning,
                    chinese_meaning: $chinese_meaning,
                    cure: $cure,
                    chinese_cure: $chinese_cure,
                },
                scope: FaultScope::$scope,
            };
        )*
        /// Every kind of fault of an import, in the order of the documentation.
        pub const IMPORT_FAULTS: &[&ImportFault] = &[$($name),*];
    };
}

import_faults! {
    FILE_TYPE File "file-type"
        "The file is none that `import` reads: another archive, an encrypted workbook, a PDF, a web page without just one plain table, XML. What a file is shows in its content, whatever its name."
        "`import` 不读这种文件：其他压缩包、加密的工作簿、PDF、不是只有一个普通表格的网页、XML。文件是什么由内容判断，与名称无关。"
        "Open it in the program it comes from and save it as an Excel workbook (xlsx) or as CSV."
        "在原来的程序中打开，另存为 Excel 工作簿（xlsx）或 CSV。"
    ENCODING File "encoding"
        "The file's characters are in an encoding that cannot be proved: it is neither UTF-8 nor UTF-16 with its mark, nor a Chinese text in GB18030. Read in a wrong encoding names would become others."
        "文件的编码无法确定：既不是 UTF-8 或带标记的 UTF-16，也不是 GB18030 的中文文本。按错误的编码读取，名称会变成别的。"
        "Say it: `--encoding big5`, `--encoding windows-1252`; or save the file as UTF-8."
        "指明编码：`--encoding big5`、`--encoding windows-1252`；或把文件另存为 UTF-8。"
    DAMAGED_UTF8 File "damaged-utf8"
        "The file is UTF-8 but for a few bytes that are not. Something cut or overwrote a character, and nobody can know what it was."
        "文件是 UTF-8，但有几个字节不是。某个字符被截断或覆盖，谁也不知道原来是什么。"
        "Export the file again, or type the damaged characters anew."
        "重新导出文件，或重新输入损坏的字符。"
    CONFLICT File "conflict-markers"
        "The file holds the marks that git leaves where two versions could not be merged. Until a person chooses, neither version is right."
        "文件中有 git 在两个版本无法合并处留下的标记。在有人选定之前，哪个版本都不算正确。"
        "Keep the right lines and delete the `<<<<<<<`, `=======` and `>>>>>>>` lines."
        "留下正确的行，删除 `<<<<<<<`、`=======` 和 `>>>>>>>` 各行。"
    SEPARATOR File "separator"
        "It cannot be told what parts the cells of a text: no separator gives a line with two known headings, and none, or several, part all lines alike."
        "无法判断文本的单元格以什么分隔：没有一种分隔符能得出有两个已知表头的行，也没有唯一一种能把各行分得一样。"
        "Say it: `--separator ';'`; or give the headings names that are known."
        "指明分隔符：`--separator ';'`；或改用已知的表头。"
    SHEET File "sheet"
        "Several visible sheets of a workbook have headings, or the one asked for is not there. Hidden sheets are read only if they are asked for."
        "工作簿有几张可见的工作表含有表头，或指定的工作表不存在。隐藏的工作表只在指定时读取。"
        "Name the sheet: `--sheet 'Orders 2026'`, or its number."
        "指明工作表：`--sheet 'Orders 2026'`，或其序号。"
    HEADER_MISSING File "header-missing"
        "None of the first 20 lines has at least two known headings, so nobody knows what the columns are."
        "前 20 行中没有一行含有至少两个已知的表头，不知道各列是什么。"
        "Name the line with `--header-row 3`, and headings that are not known with `--map 'HEADING=TARGET'`."
        "用 `--header-row 3` 指明表头所在的行，用 `--map 'HEADING=TARGET'` 说明未知的表头。"
    COLUMN_MISSING File "column-missing"
        "No column gives what every line needs: the customer, or a day. The message names the headings that are not known."
        "没有一列给出每行都需要的内容：客户，或日期。信息中列出了未知的表头。"
        "Say what a column is: `--map 'HEADING=TARGET'`, or give it for all lines: `--set 'TARGET=VALUE'`."
        "说明某列是什么：`--map 'HEADING=TARGET'`，或给全部行一个值：`--set 'TARGET=VALUE'`。"
    KIND_MISSING File "kind-missing"
        "Nothing says what kind of rows the lines are: there is no column of kinds and none of an order, invoice, payment or visit."
        "无法知道各行是什么类型的记录：没有类型列，也没有订单、发票、回款或拜访的列。"
        "Say it: `--set kind=order`."
        "指明类型：`--set kind=order`。"
    UNIT File "unit"
        "Two cells above the headings give units of money that differ, or one gives a unit that is none. A wrong unit makes every amount wrong by a factor."
        "表头上方有两个单元格给出不同的金额单位，或给出的不是单位。单位错了，每个金额都会错上若干倍。"
        "Say which it is: `--set unit=元`."
        "指明单位：`--set unit=元`。"
    REJECTS File "rejects"
        "The file is a list of rejects, as `--rejects` writes it. Its lines are counted without their neighbours, so that they could be taken for others."
        "这个文件是 `--rejects` 写出的拒绝清单。其中的行脱离了前后的行，可能被当作别的行。"
        "Mend the cells in the file that was imported, and import that again: what came in already is found there."
        "在原来导入的文件中修正单元格，再导入该文件：已经导入的会被认出。"
    TOO_LARGE File "too-large"
        "A file, sheet, line or cell is larger than any that is meant: 512 MiB a workbook, 16 million cells a sheet, 1,000 columns, 1 MiB a cell. A line of delimited text with more than 1,000 cells is refused alone."
        "文件、工作表、行或单元格大得不像是正常的：工作簿 512 MiB、工作表 1600 万个单元格、1,000 列、单元格 1 MiB。分隔文本中超过 1,000 个单元格的行只拒绝该行。"
        "Look at what it is; a larger table comes in as delimited text."
        "看看这是什么；更大的表可以用分隔文本导入。"
    QUOTE_UNCLOSED File "quote-unclosed"
        "A quote opens a cell and never closes, so that everything behind it would be one cell. The reading of the file ends there."
        "引号开始了一个单元格却没有结束，后面的全部内容会成为一个单元格。文件到此不再读取。"
        "Close the quote; inside of quotes a quote is written twice."
        "补上结束的引号；引号内的引号写两个。"
    CONTROL Line "control-character"
        "A cell has a control character. It is what remains of a damaged file or of a paste from another program, and could act on a terminal."
        "单元格中有控制字符。这是文件损坏或从其他程序粘贴留下的，可能影响终端。"
        "Delete the character."
        "删除该字符。"
    QUOTE_STRAY Line "quote-stray"
        "A quote stands inside a cell that does not begin with one, or text stands behind a closing quote. Where the cells end is then anybody's guess."
        "引号出现在不以它开头的单元格中，或结束的引号之后还有文本。单元格到哪里为止就无从知道。"
        "Put the whole cell in quotes and write a quote inside of it twice."
        "整个单元格加引号，里面的引号写两个。"
    CELL_COUNT Line "cell-count"
        "A line has fewer cells than the line of headings, or filled ones beyond them. One comma too many or too few moves every cell behind it to another column."
        "某行的单元格比表头少，或表头之外还有内容。多一个或少一个逗号，后面的单元格就都错了列。"
        "Mend the line. If the program leaves blank cells off at the end of a line: `--read short-lines`."
        "修正该行。如果程序省略了行末的空单元格：`--read short-lines`。"
    JSON Line "json"
        "A line of JSON Lines is not one JSON object, has a key twice, or is nested deeper than a customer's tables."
        "JSON Lines 的某行不是一个 JSON 对象、同一个键出现两次，或嵌套比客户的表还深。"
        "Mend the line; one object a line, with texts, numbers, lists of texts, and tables of them."
        "修正该行；每行一个对象，可以有文本、数字、文本列表及其表。"
    VCARD Line "vcard"
        "A card has no end, is in another encoding than UTF-8, or has text that is damaged."
        "名片没有结尾、不是 UTF-8 编码，或文本已损坏。"
        "Export the contacts again as vCard 3.0 or 4.0."
        "把联系人重新导出为 vCard 3.0 或 4.0。"
    FORMULA Line "formula"
        "A cell is a formula, and the file does not have its value: the program that wrote it did not compute."
        "单元格是公式，而文件中没有它的值：写文件的程序没有计算。"
        "Open the workbook in the spreadsheet and save it."
        "在电子表格中打开工作簿并保存。"
    CELL_ERROR Line "cell-error"
        "A cell holds a formula's error, such as `#N/A`, in place of a value."
        "单元格中是公式的错误，如 `#N/A`，而不是值。"
        "Mend the formula, or write the value."
        "修正公式，或写上值。"
    HASHES Line "hashes"
        "A cell holds `####`: the column was too narrow for the value when the text was made, and the value is lost."
        "单元格中是 `####`：生成文本时列太窄，值已经丢失。"
        "Widen the column and export again."
        "加宽该列，重新导出。"
    MERGED Line "merged"
        "A merged cell lies over several columns, or over the amounts of several lines: to which of them the value belongs nobody can know."
        "合并的单元格跨了几列，或跨了几行的金额：值属于哪一个，无从知道。"
        "Unmerge the cells and give each line its own value."
        "取消合并，给每行各自的值。"
    LOST_DIGITS Line "lost-digits"
        "A number with more than 15 digits, as an account's or a licence's, has lost its last digits: a spreadsheet keeps 15."
        "超过 15 位的数字（如账号或执照号）丢失了末尾的数字：电子表格只保留 15 位。"
        "Give the column the format text, and enter the numbers again from where they are whole."
        "把该列设为文本格式，从完整的来源重新输入。"
    COLUMN_TWICE Line "column-twice"
        "Two columns are the same to the book, and on this line they differ."
        "两列对账本来说是同一列，而在这一行不一致。"
        "Mend the line, or leave one out: `--map 'HEADING=-'`."
        "修正该行，或略过其中一列：`--map 'HEADING=-'`。"
    MISSING_CELL Line "missing-cell"
        "A cell that the line needs is blank: the customer, the day, or what its kind of row must have."
        "该行必需的单元格是空的：客户、日期，或这类记录必填的内容。"
        "Fill it; `--set` gives a value to the blank cells of a column, `--read fill-down` takes it from the line above."
        "填写；`--set` 给某列的空单元格一个值，`--read fill-down` 取上一行的值。"
    DATE Line "date"
        "A cell is no day, or one that can be read in two ways, as `3/4/2026`."
        "单元格不是日期，或有两种读法，如 `3/4/2026`。"
        "Write `2026-03-04`; or say how the file writes days: `--read dmy`, `--read mdy`, `--read serial`."
        "写成 `2026-03-04`；或说明文件如何写日期：`--read dmy`、`--read mdy`、`--read serial`。"
    DATE_ZONE Line "date-zone"
        "A time has an offset, such as `Z` or `+08:00`, so that its day depends on where one stands."
        "时间带有时差，如 `Z` 或 `+08:00`，属于哪一天要看在什么地方。"
        "Say where: `--read utc+8`."
        "指明地方：`--read utc+8`。"
    AMOUNT Line "amount"
        "A cell is no amount of money, or one that can be read in two ways, or has more digits than money has."
        "单元格不是金额，或有两种读法，或位数多于金额所能有的。"
        "Write it plainly, as `1234.50`; or say how the file writes amounts: `--read decimal-comma`, `--read round`."
        "写成普通数字，如 `1234.50`；或说明文件如何写金额：`--read decimal-comma`、`--read round`。"
    NEGATIVE Line "negative"
        "An amount is below 0 where the book has none: of an order, credit, invoice, write-off, expense or lead."
        "金额小于 0，而订单、冲减、发票、核销、费用、商机的金额在账本中不能为负。"
        "If negative orders are returns: `--read negative-credit`. Otherwise log what it is by hand."
        "如果负数订单是退货：`--read negative-credit`。否则请手工登记。"
    CURRENCY Line "currency"
        "An amount is in another currency than the book."
        "金额的币种与账本不同。"
        "Convert it, or leave the line out."
        "换算金额，或略过该行。"
    SCORE Line "score"
        "A score is no number from 0 to 100."
        "评分不是 0 至 100 的数字。"
        "Mend the cell."
        "修正该单元格。"
    WRONG_VALUE Line "wrong-value"
        "A cell cannot be meant in its column: a share of 22 without `%`, a bare number where a span of days is wanted."
        "单元格在该列中不可能是这个意思：比例写成没有 `%` 的 22，应为时间长度处只有数字。"
        "Write the value as the message says."
        "按信息所说的写法填写。"
    VOID_LINE Line "void-line"
        "The line's status says that it does not hold: it is cancelled, a draft, not approved. A cancelled order is no revenue."
        "该行的状态说明它不算数：已作废、草稿、未审核。作废的订单不是收入。"
        "Leave such lines out: `--skip '单据状态=作废'`; or say that the column means nothing: `--map '单据状态=-'`."
        "略过这样的行：`--skip '单据状态=作废'`；或说明该列没有意义：`--map '单据状态=-'`。"
    UNKNOWN_KIND Line "unknown-kind"
        "A cell in the column of kinds is no kind of row, nor one of the words for it."
        "类型列中的单元格不是记录的类型，也不是表示类型的词。"
        "Say what it is: `--value '单据类型:销售出库单=order'`."
        "说明它是什么：`--value '单据类型:销售出库单=order'`。"
    UNKNOWN_STAGE Line "unknown-stage"
        "A stage is not in the policy's list of `stages`."
        "阶段不在规则的 `stages` 之列。"
        "Say what it is with `--value`, or add the stage to the policy."
        "用 `--value` 说明它是什么，或在规则中加上该阶段。"
    UNKNOWN_STAFF Line "unknown-staff"
        "A name of an account manager is nobody's in `staff.toml`, or of two."
        "客户经理的姓名在 `staff.toml` 中没有，或有两位。"
        "Add the person to `staff.toml`, or say who it is with `--value`."
        "把此人加入 `staff.toml`，或用 `--value` 说明是谁。"
    UNKNOWN_CUSTOMER Line "unknown-customer"
        "No customer of the book has this id, name or alias, also without its company form. Near names never match by themselves."
        "账本中没有客户以此为编号、名称或别名，去掉公司形式后也没有。相近的名称不会自动匹配。"
        "Give the customer the name as an alias, say who it is with `--value`, or make new customers with `--create`."
        "把该名称加为客户的别名，用 `--value` 说明是谁，或用 `--create` 新增客户。"
    AMBIGUOUS_CUSTOMER Line "ambiguous-customer"
        "The texts of a line find two customers or more."
        "该行的文本对应两家或更多客户。"
        "Give the customer's id in a column, or say who it is with `--value`."
        "在一列中给出客户编号，或用 `--value` 说明是谁。"
    CUSTOMER_DIFFERS Line "customer-differs"
        "Two lines of one new customer say different things of it."
        "同一家新客户的两行内容不一致。"
        "Make them agree."
        "改为一致。"
    ID_INVALID Line "id-invalid"
        "An id has a character, a length or a name that not every file system can hold."
        "编号中的字符、长度或名称不是每种文件系统都能容纳的。"
        "Mend the id, or leave the column out: `--map 'HEADING=-'`."
        "修正编号，或略过该列：`--map 'HEADING=-'`。"
    UNKNOWN_REF Line "unknown-ref"
        "A payment, credit, write-off or answer names an invoice or a case that neither the book nor the file has."
        "回款、冲减、核销或答复所写的发票或事项，账本和文件中都没有。"
        "Bring in what it names first; or put the number into the note: `--map '流水号=note'`."
        "先导入它所写的发票或事项；或把号码放入备注：`--map '流水号=note'`。"
    ANSWER_BEFORE Line "answer-before"
        "An answer is dated before the case that it answers."
        "答复的日期早于所答复的事项。"
        "Mend the day."
        "修正日期。"
    REF_USED_TWICE Line "ref-used-twice"
        "Two lines have one number of an invoice or a case."
        "两行是同一个发票号或事项号。"
        "Lines that are items of one invoice: `--read sum-refs`. Otherwise give each its own number."
        "如果各行是同一张发票的明细：`--read sum-refs`。否则各给一个号码。"
    REF_INCOMPLETE Line "ref-incomplete"
        "Another line of the same number was refused, and with `sum-refs` they count together or not at all."
        "同一号码的另一行被拒绝；用 `sum-refs` 时各行要么都计入，要么都不计入。"
        "Mend the other line."
        "修正另一行。"
    ROW_DIFFERS Line "row-differs"
        "The book has this number with another day, kind or amount. `import` never changes a row."
        "账本中已有此号码，但日期、类型或金额不同。`import` 从不更改记录。"
        "See which is right, and mend it in the book or in the file."
        "看看哪个正确，在账本或文件中改正。"
    ROW_TWICE Line "row-twice"
        "A line is equal to an earlier one in every column, as when a sheet was pasted twice."
        "某行与前面的一行各列都相同，就像工作表粘贴了两次。"
        "Delete it. If each counts: `--read equal-rows`."
        "删除该行。如果各行都算数：`--read equal-rows`。"
    TOTAL_DIFFERS Warning "total-differs"
        "The file states a total, and the lines above it sum to something else."
        "文件写明了合计，而上面各行之和与它不同。"
        "See which lines could not be read, or whether the total is of other lines."
        "看看哪些行没有读到，或合计是否属于其他行。"
    AFTER_TODAY Warning "after-today"
        "Rows are dated after the day of the question. They count once that day has come."
        "记录的日期在计算日之后。到了那天才计入。"
        "See whether the dates are meant."
        "看看日期是否本意如此。"
    DATE_FAR Warning "date-far"
        "A day is so far from today that it is hardly meant."
        "日期离今天太远，不像本意如此。"
        "See whether the date is meant."
        "看看日期是否本意如此。"
    MAYBE_TWICE Warning "maybe-twice"
        "A new row is like one of the book but for its number, or has its number but another day or amount: it may be the same event, corrected where it came from."
        "新记录与账本中的一条只有号码不同，或号码相同而日期、金额不同：可能是同一件事，在来源处更正过。"
        "Compare the two, and remove the wrong one."
        "比较两条，删除错误的一条。"
    THERE_DIFFERS Warning "there-differs"
        "Rows that the book has already differ from the file's in staff, topic, channel or due: two events may have been taken for one."
        "账本中已有的记录，与文件中的经办人、主题、渠道或到期日不同：可能把两件事当成了一件。"
        "Compare the places named."
        "比较所指出的各处。"
    CELL_DROPPED Warning "cell-dropped"
        "Cells were not taken, because the kind of their row has no use for them."
        "有些单元格没有导入，因为这类记录用不到。"
        "See whether the columns are meant."
        "看看各列是否本意如此。"
    HEADING_ABSENT Warning "heading-absent"
        "The source names a heading that no file has."
        "来源中指定的表头，没有一个文件有。"
        "See whether the export has changed, and mend `[import]` in `guanxi.toml`."
        "看看导出格式是否变了，修正 `guanxi.toml` 中的 `[import]`。"
}
