//! The commands that are reports.

use super::CommandTexts;

pub(super) const COMMANDS: &[CommandTexts] = &[
    CommandTexts {
        command: "list",
        about: "列出客户，任何指标都可以作为列",
        more: "用规则挑选客户，写法与 `guanxi.toml` 中的规则相同。按编号排列，除非用 `-s` 另行指定。",
        arguments: &[],
    },
    CommandTexts {
        command: "summary",
        about: "汇总客户，可按任意键分组",
        more: "不用 `--by` 时只有一行，汇总符合规则的全部客户。各列是把一组客户合在一起的数字，取法见 \
               `guanxi metrics`：合计、合计之比、平均。在指标前加 `sum:`（合计）、`mean:`（平均）、`median:`\
               （中位）、`min:`（最小）、`max:`（最大）、`known:`（已知个数）则改用该取法，也可用于数字型的 \
               `custom` 键。合计行中每家客户只算一次。\n\n\
               常用的形式：`--by tier`（级别金字塔）、`--by abc`（二八分布）、`--by movement -c \
               customers,prior_revenue,annual_revenue,revenue_change`（收入因何变动）、`'lost and orders > 0' \
               --by lost_reason`（客户为何流失）、`--by recency_score,frequency_score`（近度与频度）、\
               `--by missing`（档案缺什么）。",
        arguments: &[(
            "by",
            "按这些键分组：每个值一行\n\n\
             键可以是文本、列表、是否、数字型的指标，`custom.X`、`profile.X`，或在日期型指标前加 `week:`（周）、\
             `month:`（月）、`quarter:`（季）、`year:`（年）。客户在列表的每个元素下各算一次，因此各行之和可能大于\
             合计。",
        )],
    },
    CommandTexts {
        command: "due",
        about: "列出该见的客户：逾期的和即将到期的回访，最紧迫的在前",
        more: "紧迫度是逾期天数除以回访周期。`why` 说明日期的由来：计划及其备注，或最近联系加回访周期。`person` 和 \
               `phone` 是第一位有号码的联系人。",
        arguments: &[("within", "往后看多久：如 `7d` 或 `2w`")],
    },
    CommandTexts {
        command: "cases",
        about: "列出未结事项：谁在等答复、还剩多少时间、该上报给谁",
        more: "事项是投诉或服务请求，结案前为未结，重新打开后又为未结。`staff` 是负责人：取最近一条 `assign` 或 \
               `reopen` 所写，否则取事项本身的记录，再否则取发生当天的客户经理。`deadline` 是尚待完成各步（答复、\
               结案）中最早的期限，`left` 是剩余天数，超时为负。`escalate` 是超时后应知情的人，依规则中的 \
               `[[escalation]]`。规则除客户的指标外，也可以用这些列。",
        arguments: &[
            ("rule", "只看符合此规则的行：可用指标，也可用各行的列"),
            ("all", "已结案的也列出"),
            (
                "by",
                "按这些键分组，看是否说到做到\n\n\
                 键可以是事项的 `staff`、`topic`、`kind`、`channel`，`week:opened`、`month:opened`、`quarter:opened`、\
                 `year:opened`，或 `summary` 可用的客户的键。`open` 和 `late` 数的是现在等待处理的；其余各列按近一年\
                 发生的事项计算，已结案的也在内，与是否用 `--all` 无关。",
            ),
        ],
    },
    CommandTexts {
        command: "leads",
        about: "列出在谈商机：可能赢得什么、由谁跟进",
        more: "商机在赢单或丢单之前为在谈。`to` 是跟进人：客户的客户经理；没有在职的客户经理时，取 `fits` 中的第一位。\
               `fits` 是 `scope` 含有该客户行业或地区的在职人员，两者都有的在前，其次负荷小的在前（名下客户所需的拜访\
               除以能完成的拜访）。`staff` 是提供商机的人。规则除客户的指标外，也可以用这些列。",
        arguments: &[
            ("rule", "只看符合此规则的行：可用指标，也可用各行的列"),
            ("all", "赢单和丢单的也列出"),
        ],
    },
    CommandTexts {
        command: "dates",
        about: "列出将到的日子：生日、周年、重要日期",
        more: "每行一个日子：联系人的生日（`birthday`，农历也可）；合作周年（`cooperation`，客户未流失时）；客户文件中\
               写明的日子（`date`）；有效计划的日期（`plan`）；在谈商机见分晓的日期（`lead`）；未续签协议的到期日\
               （`agreement`）。`person` 和 `phone` 说明打给谁。规则除客户的指标外，也可以用这些列。",
        arguments: &[
            ("rule", "只看符合此规则的行：可用指标，也可用各行的列"),
            ("within", "往后看多久：如 `30d` 或 `2w`"),
        ],
    },
    CommandTexts {
        command: "receivables",
        about: "列出谁欠多少、欠了多久、先向谁催款",
        more: "列出有欠款，或款项在等发票冲抵（`advance`）的客户。拖欠代价最大的在前：`money_days` 是每笔逾期余额乘以\
               逾期天数之和。`not_due` 与各逾期天数段（如 `1–30`）相加即为 `receivable`。`dunning` 是催款的力度，\
               依规则中的 `[[dunning]]` 和拖得最久的发票。合计包括符合规则的全部客户，不只是列出的。",
        arguments: &[
            (
                "invoices",
                "逐张发票列出欠款，拖得最久的在前\n\n\
                 每行是一张发票，或因退款形成的一笔欠款。此时规则也可以用其各列，如 `days > 30 and tier = AAA` 的写法。",
            ),
            ("by", "按这些键分组：每个值一行"),
        ],
    },
    CommandTexts {
        command: "churn",
        about: "列出正在流失的客户、有多确定、有哪些信号",
        more: "列出高风险（`at-risk`）和关注（`watch`）的客户，风险大的在前。规则进一步缩小范围；规则提到 `churn` 或 \
               `lost` 时，则完全由规则挑选。概率的依据写到标准错误。",
        arguments: &[
            (
                "backtest",
                "用本账本检验方法：以过去的数据拟合、预测，再与实际比较",
            ),
            ("horizon", "检验的起点在当天之前多久"),
        ],
    },
    CommandTexts {
        command: "value",
        about: "列出客户终身价值及其范围，并给出合计",
        more: "价值最高的在前。各行合计即客户权益，是表格的最后一行，JSON 中为 `total`。估值的依据写到标准错误。",
        arguments: &[
            ("fit", "改为显示拟合的模型：参数及拟合程度"),
            (
                "backtest",
                "用本账本检验方法：以过去的数据拟合、预测，再与实际比较",
            ),
            ("horizon", "检验的起点在当天之前多久"),
        ],
    },
    CommandTexts {
        command: "team",
        about: "显示每个人承担多少，人手是否够用",
        more: "每行是一位在职人员，或名下有客户、有联系或商机、负责事项的其他人；无人负责的列在最后。客户数、其价值和 \
               `visits_needed`（按回访周期一年应访次数）按今天的归属；`load` 是这些占 staff.toml 中 \
               `visits_per_year` 的比例。一年内的联系和商机归记录所写的人，没有写的归当天的客户经理：移交不改变此前\
               所做的事。流失的客户也计入，`team 'not lost'` 可以除外。\n\n\
               下方是需要多少位客户经理：按规则中的 `[team] target` 除以人均销售额，并按 `growth` 增长；以及按所需拜访\
               次数除以人均次数。\n\n\
               按级别看客户：`summary --by owner,tier`。该移交哪些：`list 'owner_status != ok'`，然后用 `handover` 移交。",
        arguments: &[],
    },
    CommandTexts {
        command: "portfolio",
        about: "显示总体状况：全部客户，或符合规则的客户的各项指标",
        more: "规模与价值、价值有多集中、按订单谁留下了、按记录谁离开了、维护情况、应收；`--sections` 可选其他部分。用 \
               `--since` 时，旁边列出当时的数值和变动。表格下方还有分组：级别、ABC、收入因何变动、客户为何流失。\
               `command` 是给出或说明该数值的命令。\n\n\
               `winning` 说明赢得一家客户花多少、带来多少，以及各项措施能增加多少：少访一次、降低拜访费用、提高销售、\
               提高毛利率、延长合作。只有 `risk` 和 `equity` 需要拟合模型。",
        arguments: &[
            ("since", "旁边列出此日或多久以前（`1y`）的状况及其变动"),
            (
                "sections",
                "显示这些部分，以逗号分隔\n\n\
                 不指定时，除 `risk`、`archive`、`agreements`、`equity` 和 `winning` 外全部显示。",
            ),
            ("sections:size", "规模"),
            ("sections:value", "价值"),
            ("sections:concentration", "集中度"),
            ("sections:movement", "客户变动"),
            ("sections:churn", "流失"),
            ("sections:risk", "流失风险"),
            ("sections:care", "客户维护"),
            ("sections:archive", "档案"),
            ("sections:money", "应收与回款"),
            ("sections:agreements", "协议"),
            ("sections:equity", "客户权益"),
            ("sections:winning", "获客"),
            ("sections:all", "全部"),
        ],
    },
    CommandTexts {
        command: "trend",
        about: "逐期显示走势",
        more: "每行是一周、一月、一季或一年，最早的在前；最后一期截至当天，未完的标以 `…`。各列是该期发生的次数或合计：\
               `orders`、`revenue`、`paid`、`new`、`lost`、`won_back` 等。名称前加 `before:` 是上年同期（截至同一天），\
               加 `change:` 是与上年同期相比的变动；在一组客户的数字前加 `end:`，如 `end:receivable`、\
               `end:mean:score`，是期末那天的数值。规则按当天的情况判断。\n\n\
               用 `end:` 时每期都要计算整个账本，`before:end:` 再多算一遍。",
        arguments: &[
            ("by", "一期多长；不指定为一月，`--cohorts` 为一季"),
            ("by:month", "月"),
            ("by:week", "周"),
            ("by:quarter", "季"),
            ("by:year", "年"),
            (
                "since",
                "从含有此日，或多久以前（`2y`）的那一期开始\n\n\
                 不指定时为 13 周、13 个月、9 季或 5 年。",
            ),
            (
                "cohorts",
                "改为显示：某期赢得的客户中，有多少在以后各期仍在购买",
            ),
        ],
    },
    CommandTexts {
        command: "diff",
        about: "显示两个日期、两套规则或两个版本之间有何变化、因何变化",
        more: "只有一样不同：日期（`diff 2w`、`diff 2026-10-01 2026-11-20`）、规则（`diff --policy NEW`：账本的规则与该文件\
               相比），或文件（`diff --rev A..B`；没有 B 时与文件夹中现有的相比）。每行是一家客户数值有变化的一项指标。\
               `cause` 由重新计算得出：`row` 是使数值改变的新记录，`removed` 是不再存在的记录，`file` 是客户文件，\
               `policy` 是规则，`time` 是时间推移，`others` 是其他客户的变化。JSON 中另有各指标两边的合计，以及有多少\
               客户从一个词变为另一个词。\n\n\
               两边各相当于一次 `list`，另加有变化的客户逐条重算。默认显示的 `churn` 依靠拟合的模型，要拟合两次：\
               `--metrics -churn` 可以省去。",
        arguments: &[
            ("from", "在前的日期，或从 TO 往回数多久，如 `2w`"),
            ("to", "在后的日期；不写为 `--as-of` 的日期"),
            (
                "metrics",
                "比较这些指标：`a,b,c` 取代通常的指标，`+x` 增加，`-x` 去掉\n\n\
                 客户是否存在总在最前。通常的指标是 lost、owner、stage、tier、churn、settlement、flags、\
                 `annual_value`、receivable 和 `past_due`。",
            ),
            ("rule", "只看在任何一边符合此规则的客户"),
            (
                "stat",
                "显示各指标两边的合计，以及有多少客户从一个词变为另一个词",
            ),
            ("exit_code", "有结果行时退出码为 1"),
        ],
    },
    CommandTexts {
        command: "brief",
        about: "写出例会简报：有何变化、什么超时了、由谁处理",
        more: "共十二节，每节都附上给出全部内容的命令：数字和大事、上次的问题进展如何、什么超时了归谁、该催的款、谁正在\
               流失、谁的级别变了、商机、该见的客户、将到的日子、团队、档案。没有内容的节在最后一行列出名称。HTML 为单个\
               文件，不依赖其他内容，带图表，可用浏览器看、邮件发送或打印。\n\n\
               两个日期都要计算账本的全部数字，模型拟合两次。",
        arguments: &[
            ("since", "说明此日之后，或往回数多久（如 `2w`）以来的情况"),
            (
                "format",
                "以此格式输出\n\n\
                 不指定时由 `-o` 文件的扩展名决定，`.md` 和 `.html` 以外的会被拒绝；都不指定则为 Markdown 格式。",
            ),
            ("format:markdown", "Markdown，用于维基、工单或邮件"),
            ("format:html", "单个 HTML 页面，不依赖其他内容"),
        ],
    },
    CommandTexts {
        command: "report",
        about: "写出一家客户的报告",
        more: "`show --all` 的全部内容、24 个月的收入、未清款项、事项和商机、一年内的日子、最近的记录，以及为何是这个级别。\
               各数字旁附上说明它的命令。HTML 为单个文件，不依赖其他内容。",
        arguments: &[
            (
                "format",
                "以此格式输出\n\n\
                 不指定时由 `-o` 文件的扩展名决定，`.md` 和 `.html` 以外的会被拒绝；都不指定则为 Markdown 格式。",
            ),
            ("format:markdown", "Markdown，用于维基、工单或邮件"),
            ("format:html", "单个 HTML 页面，不依赖其他内容"),
        ],
    },
];
