//! The program itself, and the commands that change a book.

use super::CommandTexts;

pub(super) const COMMANDS: &[CommandTexts] = &[
    CommandTexts {
        command: "",
        about: "用纯文本管理客户：接下来该见谁、谁正在流失、为什么",
        more: "账本是一个文件夹，内有客户文件（TOML）和往来日志（CSV）。guanxi 据此算出每家客户的级别、下次回访、\
               流失概率、应收账款、未结事项和终身价值，并说明每个数字依据哪条规则、哪些记录。",
        arguments: &[],
    },
    CommandTexts {
        command: "init",
        about: "新建账本",
        more: "已有的内容不会改动；已经是账本的文件夹会被拒绝。`--demo` 在账本中放入一个小例子，日期都在今天前后。",
        arguments: &[
            ("dir", "文件夹；没有时新建，不写则为当前文件夹"),
            ("demo", "放入一个小例子"),
            ("currency", "账本唯一币种的名称"),
            (
                "git",
                "让 git 在本副本中知道账本如何合并和比较，并加上 `--hooks` 的钩子\n\n\
                 合并驱动和差异的分词写入本副本自己的配置，在 `.git/info/attributes` 中启用。已有的保留，\
                 不一致的会指出。对已有的账本也可以用，次数不限。",
            ),
            ("dry_run", "只显示 `--git` 会做什么，不执行"),
            (
                "hooks",
                "加上 git 钩子：提交前运行 `check --staged` 检查将要提交的内容\n\n\
                 已有的账本也可以加。",
            ),
            ("quiet", "只报告错误"),
        ],
    },
    CommandTexts {
        command: "add",
        about: "新增客户",
        more: "编号由名称生成，除非另行指定。有待填写的字段以注释留在客户文件中。",
        arguments: &[
            ("name", "名称"),
            ("id", "编号"),
            ("owner", "客户经理"),
            ("stage", "阶段"),
            ("since", "合作起始日"),
            ("set", "设置其他字段"),
            ("contact", "对方联系人的姓名"),
            (
                "force",
                "已有同名客户时仍然新增\n\n\
                 比较时不计空格、大小写、全角半角和公司形式。",
            ),
        ],
    },
    CommandTexts {
        command: "log",
        about: "登记一次往来：在日志末尾加一条记录",
        more: "可以推知的会自动填上：日期、事项的新单号、发票的到期日。`log -` 从标准输入读取多条记录\
               （CSV、JSON Lines 或 JSON 列表），要么全部登记，要么都不登记。带单位的负数金额写在 `--` 之后：\
               `guanxi log acme payment -- -300万`。`owner` 记录以原客户经理为 topic，客户文件随之更改。",
        arguments: &[
            ("customer", "客户；写 `-` 则从标准输入读取记录"),
            ("kind", "记录的类型"),
            ("rest", "金额（该类型有金额时）和备注"),
            ("date", "发生的日期；不写为今天"),
            ("amount", "金额；用于与备注难以区分之时"),
            ("reference", "单号"),
            ("due", "到期日"),
            ("score", "评分，0 至 100"),
            ("staff", "经办人"),
            ("topic", "主题"),
            ("channel", "渠道"),
            ("note", "备注"),
            (
                "next",
                "同时登记下一步计划，到期日为此日，或从当天起若干时间之后",
            ),
            (
                "yes",
                "日期远得像是写错，或在只有发票的账本中首次登记订单时，仍然登记",
            ),
        ],
    },
    CommandTexts {
        command: "set",
        about: "设置一家客户，或符合规则的全部客户的字段",
        more: "只改值：注释、顺序和换行都保持不变。值为空则删除该字段。",
        arguments: &[
            (
                "words",
                "客户（用 `--where` 时不写），以及 `key=value` 形式的字段",
            ),
            ("rule", "改动符合此规则的全部客户"),
            ("yes", "不先显示将有的改动，直接写入"),
            ("force", "名称已被其他客户使用时仍然设置"),
        ],
    },
    CommandTexts {
        command: "contact",
        about: "给客户增加联系人，或更改联系人的资料",
        more: "只改给出的字段：注释、顺序和换行都保持不变。值为空则删除该字段；同一选项给出多次则成为列表。\
               `--remove` 删除此人。",
        arguments: &[("name", "联系人的姓名"), ("remove", "删除此人")],
    },
    CommandTexts {
        command: "edit",
        about: "用 `$VISUAL` 或 `$EDITOR` 编辑客户文件，存盘后检查",
        more: "",
        arguments: &[],
    },
    CommandTexts {
        command: "rename",
        about: "更改客户编号，客户文件和全部记录一并更改",
        more: "",
        arguments: &[("old", "客户"), ("new", "新编号")],
    },
    CommandTexts {
        command: "merge",
        about: "把一家客户并入另一家",
        more: "它的记录归到另一家，两个文件的资料合在一起；不一致的以另一家为准，并列出差异。客户经理和阶段也是\
               如此：如果前者的记录会改变它们，就登记一条今天的记录。",
        arguments: &[("from", "并入后不再存在的客户"), ("into", "保留的客户")],
    },
    CommandTexts {
        command: "remove",
        about: "删除客户",
        more: "有记录的客户，只能连同记录一起删除。",
        arguments: &[("with_rows", "连同记录一起删除")],
    },
    CommandTexts {
        command: "erase",
        about: "永久删除客户，或客户处的某个人",
        more: "先以差异显示将删除的内容；`--yes` 才写入，要么全部写入，要么都不写，且无法撤销。随后打印本程序无法触及之处的\
               处理计划：git 历史、克隆、备份。客户要写全：编号、曾用编号、名称或别名。退出码 1 表示 git 历史仍含有所删除\
               的内容。",
        arguments: &[
            ("person", "只删除此人，包括客户文件和记录中提到之处"),
            (
                "keep_amounts",
                "金额类记录改用另一编号保留：日期、类型、金额、到期日和新单号",
            ),
            ("yes", "写入"),
        ],
    },
    CommandTexts {
        command: "handover",
        about: "把一位客户经理的客户、未结事项和计划移交给另一位",
        more: "已有的记录都不改动，只增加记录，说明从今天起由谁负责。在谈商机会列出。接手的人必须在职，移交的人\
               可以已离职。",
        arguments: &[
            ("from", "移交的客户经理"),
            ("to", "接手的客户经理"),
            ("as_of", "当作此日移交"),
        ],
    },
    CommandTexts {
        command: "spread",
        about: "把逾期和今天到期的回访分摊到今后的工作日",
        more: "每位客户经理的客户各得一天，级别高的在前，并登记为计划。已有计划的不动。先显示将作的安排，`--yes` \
               才登记。工作日按账本的 `[calendar]`，没有时为周一至周五。",
        arguments: &[
            ("over", "计划最远排到多久以后：如 `4w`"),
            ("as_of", "当作此日安排"),
            ("yes", "不先显示，直接登记计划"),
        ],
    },
    CommandTexts {
        command: "undo",
        about: "撤销本程序最近一次改动",
        more: "先以差异显示将撤销什么，`--yes` 才撤销，要么全部撤销，要么都不动。之后又改过的文件不会碰，此时什么\
               也不撤销；之后加入日志的记录保留。只能撤销一步：撤销以后，到下次改动之前没有可撤销的。",
        arguments: &[("yes", "不先显示将有的改动，直接撤销")],
    },
    CommandTexts {
        command: "fmt",
        about: "把文件整理成规范格式",
        more: "UTF-8、LF 换行、只在必要处加引号、记录按日期排列、已知的列在前。有意义的内容都不变，注释跟随其记录。",
        arguments: &[
            ("check", "只说明哪些文件会变；有会变的文件时退出码为 1"),
            (
                "all_columns",
                "给每份日志补齐全部已知的列\n\n\
                 记录所需的列在日志中没有时，会写入旁边另一份日志（`2026_2.csv`），因为两个分支各自改动同一日志的\
                 表头，合并后每条记录都会重复。没有别人正在写记录时，才用本选项改写。以客户命名的日志，每条\
                 记录都会补上客户编号。",
            ),
        ],
    },
];
