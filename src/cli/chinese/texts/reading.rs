//! The other commands that read.

use super::CommandTexts;

pub(super) const COMMANDS: &[CommandTexts] = &[
    CommandTexts {
        command: "show",
        about: "在一屏内显示一家客户",
        more: "基本情况、级别及依据、下一步、金额、未结事项和最近的记录。客户可用编号、唯一的编号开头，或完整的名称或\
               别名指明。\n\n\
               日志合计超过 1 MiB 时，表格只显示客户自己的文件和记录所能说明的。排名、流失概率和终身价值要与全部客户\
               比较：`--all` 读取全部。",
        arguments: &[("all", "账本再大也全部读取，与全部客户比较的数字也显示")],
    },
    CommandTexts {
        command: "history",
        about: "列出往来记录，最早的在前",
        more: "`-n` 显示最后几行；用 `-s` 排序时则为最前几行。`origin` 是每条记录所在的文件和行。",
        arguments: &[
            ("customer", "只看此客户的记录"),
            ("kind", "只看这些类型的记录"),
            ("since", "只看此日及以后的记录"),
            ("until", "只看此日及以前的记录"),
            ("staff", "只看此人经办的记录"),
            ("text", "只看主题、单号或备注中含有此文本的记录，不分大小写"),
            ("exit_code", "有结果行时退出码为 1"),
        ],
    },
    CommandTexts {
        command: "check",
        about: "找出账本中的全部错误",
        more: "一次运行报告全部错误，附位置、原因和处理办法：完整的写到标准错误，其他格式写到标准输出。错误在前，警告在后。\
               同一列中超过十处的同类问题只在第一处报告，并说明另有多少处。有错误时退出码为 1，只有警告则为 0。用 `--fix` \
               而不用 `--yes` 时，如有可改之处退出码为 1，与 `fmt --check` 相同。",
        arguments: &[
            ("format", "以此格式输出"),
            ("format:long", "像编译器一样：原文、标记和处理办法"),
            (
                "format:short",
                "每个错误一行：`file:line:column: error[code]: message`",
            ),
            ("format:json", "一个 JSON 对象，含全部错误"),
            ("format:jsonl", "每行一个 JSON 对象"),
            ("format:csv", "逗号分隔的值"),
            ("color", "给信息着色"),
            ("color:auto", "在终端上着色，除非设置了 `NO_COLOR`"),
            ("color:always", "总是着色"),
            ("color:never", "从不着色"),
            ("exit_code", "有警告时退出码也为 1"),
            (
                "fix",
                "修正合并、复制和改名在日志中留下的问题；不加 `--yes` 只以差异显示\n\n\
                 两条相同的记录去掉一条（紧接着的相同记录不动），第二个表头之下的内容并到第一个之下，曾用编号改写为\
                 现在的编号，同步程序产生的副本没有自己的内容时删除。有其他错误的文件保持不变。",
            ),
            ("yes", "写入 `--fix` 所显示的改动，然后检查"),
            ("dry_run", "什么也不写，与不加 `--yes` 的 `--fix` 相同"),
            (
                "staged",
                "检查将要提交的内容：以 git 暂存区代替文件\n\n\
                 `guanxi init --git` 的钩子运行的就是它。git 尚未合并好的文件算错误。",
            ),
        ],
    },
    CommandTexts {
        command: "explain",
        about: "说明一个数字为何如此，或一个错误是什么意思",
        more: "对客户的指标：其定义、逐条问过的规则及所见的数值、所依据的记录（文件和行）以及算式；对级别，还有升到上一级\
               缺什么。不写指标时：最能说明问题的几个数字，各一行。所写的词如果是错误代码（信息中方括号里的），就说明该\
               错误，除非后面还有指标。",
        arguments: &[
            (
                "subject",
                "客户（编号、唯一的编号开头、完整的名称或别名），或错误代码",
            ),
            ("metric", "指标"),
            ("limit", "每个数字最多显示多少条记录"),
            (
                "blame",
                "显示每条记录和文件中每个值由谁、在哪次提交中写入\n\n\
                 后面列出提交、日期和该行的作者；尚未提交的也会注明。",
            ),
        ],
    },
    CommandTexts {
        command: "metrics",
        about: "显示指标目录：类型、单位、阶段、定义",
        more: "每个指标都是 `list` 的一列、规则中的一个词、JSON 输出的一个键。所写的词不是指标名称时，找出名称或定义中\
               含有它的指标。",
        arguments: &[("names", "只看这些指标，或名称、定义中含有这些词的指标")],
    },
    CommandTexts {
        command: "policy",
        about: "输出生效的规则，包括默认值",
        more: "格式是带注释的 TOML，可以作为自己 `guanxi.toml` 的起点。",
        arguments: &[
            (
                "suggest",
                "改为输出适合本账本的级别界限\n\n\
                 年度价值最高的若干客户合计占全账本一半处为 AAA 的起点，占五分之四处为 AA 的起点；都向下取两位有效数字。",
            ),
            ("output", "写入此文件，而不是标准输出"),
        ],
    },
    CommandTexts {
        command: "remind",
        about: "把新的待办告诉各位客户经理：回访、超时事项、日子、逾期发票",
        more: "供 cron 使用。每件事只说一次；日期变了、变为超时，会再说；超时期间每隔 `[remind] again`（默认 7d）再说一次。\
               没有新内容时什么也不写，也不运行命令。说过什么，记在账本的 `.guanxi` 文件夹中，只在本机有效。",
        arguments: &[
            ("within", "往后看多久：如 `7d` 或 `2w`"),
            ("to", "写成文本，或写成邮件（用 `--exec` 时的通常做法）"),
            ("to:text", "文本"),
            ("to:eml", "邮件（RFC 5322）"),
            ("output", "文本写入此文件，邮件写入此文件夹"),
            (
                "exec",
                "把每封邮件交给此命令行，从标准输入读取\n\n\
                 `GUANXI_OWNER` 和 `GUANXI_EMAIL` 说明是给谁的。",
            ),
            ("owner", "只告诉此人"),
            ("from", "发件地址"),
            ("all", "全部都说，不只是新的"),
            ("exit_code", "说了内容时退出码为 1"),
        ],
    },
    CommandTexts {
        command: "calendar",
        about: "列出一年的放假日和调休上班日，以及由谁公布",
        more: "取自 `guanxi.toml` 的 `[calendar]` 表：其中指定的名单，以及自己所写的日期。",
        arguments: &[("year", "年份；不写为当天所在的年份")],
    },
    CommandTexts {
        command: "schema",
        about: "输出某种结果的 JSON Schema，供读取它的程序使用",
        more: "每个 JSON 结果都以其形式的名称开头：`list/1` 即 `guanxi schema list` 所描述的形式（JSON Schema，draft \
               2020-12）。不写名称则列出全部名称。同一编号下只会增加键，不会减少或更改。",
        arguments: &[
            ("name", "结果的名称"),
            (
                "columns",
                "含有这些列：`a,b,c` 取代通常的列，`+x` 增加，`-x` 去掉",
            ),
            ("output", "写入此文件，而不是标准输出"),
        ],
    },
    CommandTexts {
        command: "config",
        about: "显示个人设置：每项的值及其来源",
        more: "个人设置在自己的一个小文件中，只影响供人阅读的内容。`--path` 说明该文件在哪里，`--edit` 用编辑器打开，\
               存盘后检查。",
        arguments: &[
            ("key", "某一个键，如 `lang` 或 `alias.morning`"),
            ("path", "输出该文件的路径"),
            ("edit", "用编辑器打开该文件"),
            ("book", "读取此文件夹中的账本"),
        ],
    },
    CommandTexts {
        command: "doctor",
        about: "检查各项设置，每项一行，并给出纠正的命令",
        more: "检查程序、个人设置、账本、锁、终端、时钟、git 以及克隆所需的设置、节假日、补全、cron。不作任何改动，也不访问\
               网络。退出码 1 表示有检查未通过。",
        arguments: &[("book", "检查此文件夹中的账本")],
    },
    CommandTexts {
        command: "completions",
        about: "输出在 shell 中补全命令行的脚本",
        more: "可补全命令、选项和值：指标名称、规则、日期，以及手边账本中的客户、人员、类型、阶段、未结事项、发票和字段的\
               取值。\n\n\
               存放位置：bash 为 `~/.local/share/bash-completion/completions/guanxi`；fish 为 \
               `~/.config/fish/completions/guanxi.fish`；zsh 为 `$fpath` 中某个文件夹的 `_guanxi`；elvish 和 \
               PowerShell 为 `~/.config/elvish/rc.elv` 和 `$PROFILE` 所指文件的末尾。",
        arguments: &[
            ("shell", "所用的 shell"),
            ("shell:bash", "多数系统的 shell"),
            ("shell:zsh", "macOS 的 shell"),
            ("shell:fish", "便于交互的 shell"),
            ("shell:elvish", "结构化数据的 shell"),
            ("shell:powershell", "Windows 的 shell"),
        ],
    },
    CommandTexts {
        command: "man",
        about: "输出 guanxi 或某个命令的手册页",
        more: "",
        arguments: &[("command", "命令")],
    },
    CommandTexts {
        command: "help",
        about: "显示某个命令的帮助，或某个主题的说明",
        more: "不写词则列出命令和主题。主题的说明即手册中的整页；既是命令又是主题的词（如 `policy`），先显示命令的帮助。",
        arguments: &[("word", "命令或主题"), ("no_pager", "再长也直接输出到终端")],
    },
    CommandTexts {
        command: "mcp",
        about: "在标准输入和输出上，按模型上下文协议（MCP）回答助手的提问",
        more: "服务器启动时指定一个账本，每次调用都重新读取。各工具与同名命令问的是同一件事，回答同样的 JSON，\
               过长时分页。不加 `--write` 时没有工具能改动账本；加上后，`log` 和 `set` 先以 diff 显示改动，\
               得到确认才写入。\n\n构建时须打开特性 `mcp`：`cargo install --path . --features mcp`。",
        arguments: &[
            (
                "book",
                "读取此文件夹中的账本\n\n不指定时，取 `GUANXI_BOOK` 所指的账本，否则取上级中最近一个含有 `guanxi.toml` 的文件夹。",
            ),
            ("write", "另提供会改动账本的工具 `log` 和 `set`"),
            (
                "as_of",
                "一切按此日计算，除非调用时另指一日\n\n日期写作 `YYYY-MM-DD`、`today`、`yesterday`、\
                       `tomorrow`，或今天之前、之后若干时间，如 `today-30d`、`today+2w`。不写时，每次调用以当时的日期为准。",
            ),
        ],
    },
    CommandTexts {
        command: "merge-driver",
        about: "由 git 调用，合并日志、客户文件或人员文件的两个版本",
        more: "设为合并驱动后，git 以三个临时文件调用它，结果写入 OURS。日志逐条合并，客户和人员逐键合并，其他逐行合并。\
               不需要账本。退出码 0：已合并；1：冲突已在 OURS 中标出；129：什么也没有做。",
        arguments: &[
            ("base", "两边共同的原版本"),
            ("ours", "本地的版本，结果写入其中"),
            ("theirs", "合并进来的版本"),
            ("marker_size", "冲突标记有多少个字符"),
            ("path", "文件在仓库中的路径，据此判断是什么文件"),
            ("labels", "标记中三个版本的名称"),
        ],
    },
];
