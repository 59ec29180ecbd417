//! Customers of one name: who is called so already.

use crate::model::{Book, CoreForm, Customer, Text, plain_form};
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::{Phrase, say};

/// Returns a customer who has a name already, and what that customer is called.
///
/// Blanks, case and width do not count, and neither does the form of the company where only one of
/// two names has one.
fn namesake<'b>(book: &'b Book, name: &str, but: Option<&str>) -> Option<(&'b Customer, &'b Text)> {
    let (plain, core) = (plain_form(name), CoreForm::of(name));
    let is_same = |other: &Text| plain_form(other) == plain || CoreForm::of(other).fits(&core);
    let others = book.customers.iter().filter(|it| but != Some(&*it.id));
    others.into_iter().find_map(|customer| {
        let mut names = [&customer.name].into_iter().chain(&customer.aliases);
        Some((&**customer, names.find(|it| is_same(it))?))
    })
}

/// Refuses a name that a customer other than `but` has.
///
/// # Errors
/// If there is one.
pub(crate) fn refuse_namesake(
    book: &Book,
    name: &str,
    but: Option<&str>,
    what: Phrase,
) -> anyhow::Result<()> {
    let Some((twin, called)) = namesake(book, name, but) else {
        return Ok(());
    };
    let message = if **called == *name {
        say!("`{}` is called so already", "已有名为 `{}` 的客户", twin.id)
    } else {
        say!(
            "`{}` is called `{}` already",
            "`{}` 的名称已是 `{}`",
            twin.id,
            told(called)
        )
    };
    let what = what.spoken();
    let hint = say!(
        "`guanxi show {}` shows it; `--force` {what}",
        "`guanxi show {}` 可查看；`--force` {what}",
        twin.id
    );
    Err(hinted(message, Some(hint)))
}
