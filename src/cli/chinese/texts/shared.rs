//! What several commands have: headings, options and their values.

use super::Arguments;

/// The headings of options.
pub(in crate::cli::chinese) const HEADINGS: [(&str, &str); 7] = [
    ("Book", "账本"),
    ("Output", "输出"),
    ("Writing", "写入"),
    ("Person", "联系人"),
    ("Reading", "读取"),
    ("Meaning", "含义"),
    ("Change", "改动"),
];

/// The arguments that several commands have, by the heading below which they stand.
pub(in crate::cli::chinese) const SHARED: &[(&str, Arguments)] = &[
    (
        "",
        &[
            (
                "lang",
                "对人说中文（`zh`）或英文（`en`）；`auto` 随个人设置、账本或系统",
            ),
            ("lang:zh", "中文"),
            ("lang:en", "英文"),
            ("lang:auto", "随系统，除非设置另有指定"),
            ("no_config", "不读取个人设置"),
            ("rule", "只看符合此规则的客户"),
            ("customer", "客户"),
            ("exit_code", "有结果行时退出码为 1"),
        ],
    ),
    (
        "Book",
        &[
            (
                "book",
                "读取此文件夹中的账本\n\n\
                 不指定时，取 `GUANXI_BOOK` 所指的账本，否则取上级中最近一个含有 `guanxi.toml` 的文件夹。",
            ),
            (
                "as_of",
                "一切按此日的情况计算\n\n\
                 日期写成 `YYYY-MM-DD`、`today`（今天）、`yesterday`（昨天）、`tomorrow`（明天），或今天之前之后\
                 若干天，如 `today-30d`、`today+2w`。此日之后的记录视为不存在。",
            ),
            ("policy", "按此文件中的规则判断，不用账本自己的规则"),
            (
                "rev",
                "按 git 中的某个版本读取账本：提交、标签、`HEAD~3`、`main@{yesterday}`\n\n\
                 只读取 git 的对象，不写任何内容。日期仍是今天，或 `--as-of` 所指。`REV:PATH` 指明账本在该版本中的\
                 文件夹；裸仓库的账本不在根目录时必须这样写。",
            ),
            (
                "keep_going",
                "略过有错的记录，而不是拒绝整个账本\n\n\
                 略过了什么，会写到标准错误；退出码为 1。",
            ),
            ("wait", "最多等待写入者或 git 多少秒"),
            ("threads", "用这么多线程读取；结果与线程数无关"),
            ("quiet", "标准错误中只报告错误"),
            ("verbose", "在标准错误中说明所做的事"),
        ],
    ),
    (
        "Output",
        &[
            (
                "columns",
                "显示这些列：`a,b,c` 取代通常的列，`+x` 增加，`-x` 去掉",
            ),
            ("sort", "按这些列排序，`-x` 从大到小；未知的值排在最后"),
            ("limit", "最多显示多少行"),
            ("headings", "表格、Markdown 和工作簿各列上方写什么"),
            ("headings:words", "供人阅读的词"),
            ("headings:id", "CSV 和 JSON 所用的名称"),
            (
                "sheets",
                "写成工作簿，此列的每个值一张工作表，最多 100 张\n\n\
                 列表中的每个元素各有一张，该行都会列入；值未知的行在名为 `-` 的工作表上。",
            ),
            (
                "format",
                "以此格式输出\n\n\
                 不指定时由 `-o` 文件的扩展名决定，没有对应格式的扩展名会被拒绝；两者都没有则为表格。",
            ),
            ("format:table", "对齐的表格，供人阅读"),
            ("format:csv", "逗号分隔的值"),
            ("format:tsv", "制表符分隔的值"),
            ("format:json", "一个 JSON 对象，含日期和各行"),
            ("format:jsonl", "每行一个 JSON 对象"),
            ("format:markdown", "Markdown 表格"),
            ("format:xlsx", "Excel 工作簿，写入文件或管道"),
            ("format:ics", "日历，用于 `due`、`cases` 和 `dates`"),
            (
                "output",
                "写入此文件，而不是标准输出\n\n\
                 文件要么完整写成，要么不写；不会覆盖账本自己的文件。",
            ),
            (
                "raw",
                "CSV、TSV 和工作簿中的文本保持原样，即使电子表格会把它当公式执行",
            ),
            ("bom", "CSV 和 TSV 开头写上某些电子表格识别 UTF-8 的标记"),
            (
                "color",
                "给需要注意的词着色\n\n\
                 `auto` 在终端上着色，除非设置了 `NO_COLOR`。",
            ),
            ("color:auto", "在终端上着色，除非设置了 `NO_COLOR`"),
            ("color:always", "总是着色"),
            ("color:never", "从不着色"),
            (
                "units",
                "金额以元（`yuan`）、万（`wan`）或亿（`yi`）为单位\n\n\
                 数据、`explain` 和 `diff` 的两侧保持精确。",
            ),
            ("units:yuan", "原样"),
            ("units:wan", "以万为单位"),
            ("units:yi", "以亿为单位"),
            (
                "no_pager",
                "结果再长也直接输出到终端\n\n\
                 否则，供人阅读的内容超过一屏时经分页程序显示：`GUANXI_PAGER` 或 `PAGER` 所指的程序，\
                 都没有则为 `less -FRX`。",
            ),
        ],
    ),
    (
        "Writing",
        &[
            (
                "book",
                "改动此文件夹中的账本\n\n\
                 不指定时，取 `GUANXI_BOOK` 所指的账本，否则取上级中最近一个含有 `guanxi.toml` 的文件夹。",
            ),
            ("dry_run", "只以差异（diff）显示将有的改动，不写入"),
            ("wait", "最多等待其他写入者或 git 多少秒"),
            ("commit", "把改动的文件提交到 git，且只提交这些文件"),
            ("quiet", "只报告错误"),
        ],
    ),
    (
        "Person",
        &[
            ("title", "职务或分工"),
            ("phone", "电话号码"),
            ("mobile", "手机号码"),
            ("email", "邮箱"),
            ("wechat", "微信号"),
            (
                "birthday",
                "生日，如 `1980-05-01`、`05-01`，农历写成 `lunar 08-15`",
            ),
            ("note", "其他值得记下的事"),
        ],
    ),
];
