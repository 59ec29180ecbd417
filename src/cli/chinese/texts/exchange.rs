//! The commands that read other programs' files, and write them.

use super::CommandTexts;

pub(super) const COMMANDS: &[CommandTexts] = &[
    CommandTexts {
        command: "import",
        about: "从电子表格和其他程序的导出文件导入客户或往来记录",
        more: "按内容而不是按文件名识别文件：工作簿（xlsx、xlsb、xls、ods）、可以确定编码的分隔文本、HTML 表格、JSON Lines、\
               vCard。识别中英文表头。先显示将导入什么，`--yes` 才写入，要么全部写入，要么都不写。可能有两种意思的会被\
               拒绝，并指出单元格和用来说明的词。再次导入只补上缺少的。",
        arguments: &[
            ("what", "各行是什么：客户、日志记录，或整个账本的导出"),
            (
                "what:customers",
                "客户，或已有客户的更多联系人，也可以带日志记录",
            ),
            ("what:log", "日志记录"),
            (
                "what:book",
                "`export book` 所写的文件夹或 `.zip`，导入到还没有客户的账本",
            ),
            ("files", "文件；`-` 为标准输入"),
            ("sheet", "读取工作簿的这张工作表，用名称或序号指明"),
            ("header_row", "表头在第几行；没有表头写 0"),
            (
                "encoding",
                "文本按此编码读取，如 `gb18030`、`big5`、`windows-1252`",
            ),
            ("separator", "文本中的单元格以此字符分隔"),
            (
                "read",
                "说明文件的写法：`dmy`、`mdy`、`serial`、`utc+8`、`decimal-comma`、`round` 等\n\n\
                 `dmy`、`mdy` 是数字日期的顺序；`serial` 把单独的数字当作电子表格的日期；`utc+8` 是时间戳所在的时区；\
                 `decimal-comma`、`trailing-minus`、`round`、`dash-blank` 用于金额；`negative-credit` 把负数订单变为\
                 冲减；`equal-rows` 让各列都相同的行也算数；`short-lines` 允许行末省略单元格；`fill-down` 让空单元格\
                 取上一行的值；`sum-refs` 把同一张发票的各行合为一条。",
            ),
            (
                "map",
                "说明某列是什么；TARGET 写 `-` 则略过该列\n\n\
                 HEADING 不计大小写、空格和括号；`@C` 按字母指明列，`HEADING#2` 是第二个同名的列。`*=custom` 把客户的\
                 其余各列都作为资料。",
            ),
            ("set", "给没有对应列的目标，以及该列的空单元格一个值"),
            ("value", "在读取之前，替换某列中的文本"),
            ("skip", "略过某列中为这些文本之一的行"),
            ("source", "使用规则中以此命名的对应关系"),
            ("save", "把当前的对应关系以此名称存入规则"),
            ("create", "日志中没有对应客户的名称，新增为客户"),
            (
                "overwrite",
                "允许文件更改账本中客户的资料：全部，或这些字段",
            ),
            ("together", "把全部新客户写入一个文件"),
            ("rejects", "接受正确的行，把拒绝的行连同原因写入此文件"),
            ("yes", "写入所显示的内容"),
            ("format", "以此格式显示预览"),
            ("format:table", "供人阅读"),
            ("format:json", "供程序读取"),
            ("as_of", "当作此日导入"),
            ("verbose", "平时只计数的，也一一列出"),
        ],
    },
    CommandTexts {
        command: "export",
        about: "把账本或其一部分写成其他程序的格式",
        more: "各种结果有自己的格式：任何列表或报告都可以用 `-f xlsx`、`-f csv` 等。",
        arguments: &[],
    },
    CommandTexts {
        command: "export anonymous",
        about: "写出一个结构相同、不含任何名称的账本，用于反馈问题",
        more: "编号、名称、人员、电话、地址、单号和所有自由文字都被替换，相同的文字总是换成相同的；备注和注释去掉。日期、\
               金额、类型、阶段、行业、地区和标签保留，因此各项指标不变。知道其中一些金额和日期的人仍能认出客户。",
        arguments: &[("output", "写入此文件夹，已有时必须为空")],
    },
    CommandTexts {
        command: "export book",
        about: "把整个账本写成 JSON Lines 或 CSV，`import book` 可以还原成账本",
        more: "客户及其全部键、全部记录及其各列、人员、原样的规则，以及一份清单，可以看出导出是否被改动或中断。注释、文件的\
               划分和金额的写法不带走。",
        arguments: &[
            (
                "output",
                "写入此文件夹（已有时必须为空），或名称以 `.zip` 结尾的文件",
            ),
            ("form", "客户、记录和人员写成此格式"),
            ("form:jsonl", "每行一个 JSON 对象"),
            ("form:csv", "逗号分隔的值"),
        ],
    },
    CommandTexts {
        command: "export calendar",
        about: "把有日期的事写成可订阅的日历：回访、期限、到期日、重要的日子",
        more: "已过的回访和期限列在当天。每项都是全天的，在 `--alarm` 的时间提醒。改期的仍是同一项；同一账本、同一天总是\
               得到相同的文件。",
        arguments: &[
            ("within", "往后看多久：如 `60d`，或 `5bd`（5 个工作日）"),
            ("alarm", "当天何时提醒：如 `08:30`；不提醒写 `none`"),
            ("owner", "只看此客户经理的客户"),
            (
                "per_owner",
                "每位客户经理一个文件 `ID.ics`，另有 `_nobody.ics`，写入 `-o` 的文件夹",
            ),
            ("output", "写入此文件，而不是标准输出"),
        ],
    },
    CommandTexts {
        command: "export contacts",
        about: "把客户的联系人写成电子名片（vCard），供手机和邮件程序使用",
        more: "每位有姓名的联系人一张。农历生日和即时通讯的名称不带走。",
        arguments: &[
            ("rule", "只写符合此规则的客户的联系人"),
            ("vcard", "vCard 的版本；许多手机和 Outlook 不能读 4"),
            ("output", "写入此文件，而不是标准输出"),
        ],
    },
    CommandTexts {
        command: "export journal",
        about: "把订单、费用、发票和收付款写成 hledger 的日记账，ledger 也能读",
        more: "订单和费用是虚拟分录，发票和收付款是复式分录。最后一笔交易按本程序的数字写明每家客户欠多少，hledger 读取时\
               即可核对。",
        arguments: &[
            ("rule", "只写符合此规则的客户的记录"),
            ("output", "写入此文件，而不是标准输出"),
        ],
    },
    CommandTexts {
        command: "export parquet",
        about: "把客户及其全部指标、日志的各条记录写成两个 Parquet 文件",
        more: "供一台机器不够用的人：DuckDB、Spark 等都能读 `customers.parquet` 和 `rows.parquet`。未知的为 null，该日之后的\
               记录不在其中。只有编译时带 `--features parquet` 的 guanxi 能写。",
        arguments: &[("output", "写入此文件夹（已有时必须为空）")],
    },
];
