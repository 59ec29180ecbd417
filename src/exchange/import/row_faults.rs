//! What is wrong with a row that a line is to yield, each with its cure.

use super::values::Bad;
use crate::model::{Kind, Money, Role};
use crate::source::told;
use crate::words::{Phrase, article, both};

pub(super) fn missing(field: &str) -> Bad {
    Bad::new(
        "missing-cell",
        both!("`{field}` is blank", "`{field}` 是空的"),
    )
    .help(both!(
        "fill it, or `--set '{field}=VALUE'` for all blank cells",
        "请填写，或用 `--set '{field}=VALUE'` 填入所有空单元格"
    ))
}

pub(super) fn negative(kind: &Kind, amount: Money) -> Bad {
    let article = article(&kind.name);
    let name = told(&kind.name);
    let message = both!(
        "`{amount}` is below 0, which {article} `{name}` cannot be",
        "`{amount}` 是负数，`{name}` 不能是负数"
    );
    let help = match kind.role {
        Role::Order => Phrase(
            "`--read negative-credit` makes a credit of a negative order",
            "`--read negative-credit` 把负数的订单作为冲减",
        ),
        Role::Invoice => Phrase(
            "log a red invoice by hand: a `credit` that names its invoice",
            "红字发票请手工登记：一行写明发票的 `credit`（冲减）",
        ),
        _ => Phrase(
            "mend the amount, or leave the line out",
            "请改正金额，或去掉这一行",
        ),
    };
    Bad::new("negative", message).help(help)
}
