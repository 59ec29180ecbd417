//! Why the figures of receivables are what they are: every invoice, what settled it, what is open.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::figures::file::why::share;
use crate::figures::orders::why::say_sum;
use crate::figures::receivables::paying::{BilledDay, Lateness, counted_back, judged, latest};
use crate::figures::receivables::traced::{Traced, equal_range, row_of};
use crate::figures::receivables::{Ledger, MoneyFlow, OpenItem};
use crate::figures::why::words::{self, comma, days, money, number_of};
use crate::figures::why::{Reasons, Why};
use crate::metric::{Metric, ReceivablesMetric, Type, Value};
use crate::model::{Day, Fraction, Interaction, Money, Role};
use crate::words::{Language, write_say, written};

impl Reasons<'_, '_> {
    /// Returns the customer's ledger with its movements of money.
    pub(in crate::figures) fn ledger(&mut self) -> Rc<Traced> {
        if let Some(ledger) = &self.ledger {
            return Rc::clone(ledger);
        }
        let ledger = Ledger::with_flows(self.context(), self.customer, self.rows);
        let traced = Traced::new(ledger, self.rows.rows().len());
        let traced = Rc::new(traced);
        self.ledger = Some(Rc::clone(&traced));
        traced
    }

    pub(in crate::figures) fn why_receivables(&mut self, metric: ReceivablesMetric, why: &mut Why) {
        let traced = self.ledger();
        let as_of = self.as_of();
        let policy = &self.context().policy.settlement;
        let late = |item: &OpenItem| item.days_past_due(as_of).map_or(0, |days| days.max(0));
        let counts = |item: &OpenItem| match metric {
            ReceivablesMetric::PastDue
            | ReceivablesMetric::DaysPastDue
            | ReceivablesMetric::MoneyDays => late(item) > 0,
            ReceivablesMetric::NotDue => late(item) == 0 && item.balance != Money::ZERO,
            ReceivablesMetric::Past(days) => days.has(late(item)),
            ReceivablesMetric::Settlement => judged(item, policy, as_of).is_some(),
            ReceivablesMetric::DaysToPay => item.days_to_pay(as_of).is_some(),
            ReceivablesMetric::Advance => false,
            ReceivablesMetric::Receivable | ReceivablesMetric::Dso => item.balance != Money::ZERO,
        };
        let items: Vec<&OpenItem> = traced.ledger.items.iter().filter(|it| counts(it)).collect();
        let mut rows: BTreeSet<usize> = items.iter().map(|item| item.row).collect();
        let mut balances: Vec<Money> = items.iter().map(|item| item.balance).collect();
        if metric == ReceivablesMetric::Advance {
            for money in traced.ledger.waiting() {
                rows.insert(money.row);
                balances.push(money.amount);
            }
        }
        if matches!(
            metric,
            ReceivablesMetric::Settlement | ReceivablesMetric::DaysToPay
        ) {
            // A credit counts whole, also where its money went to another invoice.
            rows.extend(items.iter().flat_map(|item| self.credits_of(item.row)));
        }
        if metric == ReceivablesMetric::Dso {
            let from = self
                .counted_back(&traced)
                .last()
                .map(|day| as_of.plus(-day.age));
            rows.extend(self.billed_rows(from));
        }
        if rows.is_empty() && why.value.is_known() {
            // That nothing is owed is known by an invoice or payment; the latest will do.
            let known = |role| matches!(role, Role::Invoice | Role::Payment);
            let last = self.rows_where(|row| known(self.context().roles.role(row)));
            rows.extend(last.map(|(index, _)| index).next_back());
        }
        for row in traced.bound(&rows) {
            self.add_money_row(metric, why, &traced, row);
        }
        for item in &items {
            let mut line = self.item_line(item, &traced);
            if why.metric == Metric::DaysToPay
                && let Some(took) = item.days_to_pay(as_of)
            {
                line = write_say!("{line}: took {}", "{line}：历时 {}", days(took));
            }
            why.say(line);
        }
        match metric {
            _ if !why.value.is_known() && metric != ReceivablesMetric::Dso => {
                why.say(write_say!(
                    "unknown: there is nothing to judge by",
                    "未知：没有可依据的记录"
                ));
            }
            ReceivablesMetric::Settlement => self.judgement(why, &items),
            ReceivablesMetric::MoneyDays => {
                let terms = items.iter().map(|it| (it.balance, late(it)));
                weighed_days(why, &terms.collect::<Vec<_>>());
            }
            ReceivablesMetric::DaysPastDue => why.say(write_say!(
                "the latest of the unsettled items counts",
                "取未结清中逾期最久的一笔"
            )),
            ReceivablesMetric::Dso => self.count_back(why, &traced),
            ReceivablesMetric::DaysToPay => mean_days(why, &items, as_of),
            ReceivablesMetric::Receivable if traced.ledger.advance() > Money::ZERO => {
                say_sum(why, &balances, BALANCES, "");
                let advance = money(traced.ledger.advance());
                why.say(write_say!(
                    "{} owed, {advance} in advance",
                    "应收 {}，预收 {advance}",
                    words::value(&why.value, Type::Money)
                ));
            }
            ReceivablesMetric::Receivable
            | ReceivablesMetric::Advance
            | ReceivablesMetric::PastDue
            | ReceivablesMetric::NotDue
            | ReceivablesMetric::Past(_) => say_sum(why, &balances, BALANCES, ""),
        }
    }

    /// Names the unsettled item that is latest, and returns by how many days it is past due, negative before
    /// that.
    pub(in crate::figures) fn latest_item(&mut self, why: &mut Why) -> Option<i64> {
        let traced = self.ledger();
        let (late, item) = latest(&traced.ledger.items, self.as_of())?;
        for row in traced.bound(&BTreeSet::from([item.row])) {
            self.add_money_row(ReceivablesMetric::DaysPastDue, why, &traced, row);
        }
        why.say(self.item_line(item, &traced));
        Some(late)
    }

    /// Returns the days that counting back comes by.
    fn counted_back(&self, traced: &Traced) -> Vec<BilledDay> {
        let Value::Money(receivable) = self.value(Metric::Receivable) else {
            return Vec::new();
        };
        counted_back(&traced.ledger.items, receivable, self.as_of()).collect()
    }

    /// Returns the invoices from a day on and the credits that name one of them.
    fn billed_rows(&self, from: Option<Day>) -> Vec<usize> {
        let roles = &self.context().roles;
        let Some(from) = from else { return Vec::new() };
        let mut found = Vec::new();
        let invoices = |row: &Interaction| row.day >= from && roles.role(row) == Role::Invoice;
        for (index, _) in self.rows_where(invoices) {
            found.push(index);
            found.extend(self.credits_of(index));
        }
        found
    }

    /// Returns the credits that name an invoice.
    pub(in crate::figures) fn credits_of(&self, invoice: usize) -> impl Iterator<Item = usize> {
        let roles = &self.context().roles;
        let naming = self.naming(invoice);
        let credits = naming.filter(|(_, row)| roles.role(row) == Role::Credit);
        credits.map(|(index, _)| index)
    }

    /// Writes how counting back comes to what is owed.
    fn count_back(&self, why: &mut Why, traced: &Traced) {
        self.rest_on(why, Metric::Receivable);
        let owed = self.said(Metric::Receivable);
        let days_back = self.counted_back(traced);
        let Some(last) = days_back.last() else {
            return why.say(write_say!("unknown: nothing was billed", "未知：没有开票"));
        };
        if why.value.to_f64() == Some(0.0) && last.left <= Money::ZERO {
            return why.say(write_say!("nothing is owed: 0 days", "没有欠款：0 天"));
        }
        let before = &days_back[..days_back.len() - 1];
        if !before.is_empty() {
            let billed: Money = before.iter().map(|day| day.billed).sum();
            why.say(write_say!(
                "{} of the {owed} owed were billed in the last {}",
                "应收 {owed} 中 {} 开票于最近 {}",
                money(billed),
                days(last.from_age)
            ));
        }
        let (left, billed) = (money(last.left), money(last.billed));
        let result = words::value(&why.value, Type::Days);
        why.say(if last.reached().is_none() {
            write_say!(
                "the oldest invoice, {billed}, does not reach the {left} that are left: its age, {}",
                "最早的发票 {billed} 不足以抵剩余的 {left}：取其账龄 {}",
                days(last.age)
            )
        } else {
            let step = last.age - last.from_age;
            write_say!(
                "{} + ({} − {}) × {left} / {billed} billed {} ago = {} + {step} × {left} / {billed} = {result}",
                "{} + ({} − {}) × {left} / {billed}（{}前开票）= {} + {step} × {left} / {billed} = {result}",
                last.from_age,
                last.age,
                last.from_age,
                days(last.age),
                last.from_age,
            )
        });
    }

    /// Adds a row with what it did to which invoice.
    fn add_money_row(
        &self,
        metric: ReceivablesMetric,
        why: &mut Why,
        traced: &Traced,
        index: usize,
    ) {
        let row = self.rows.rows()[index];
        let role = self.context().roles.role(&row);
        let mut amount = Some(row.amount());
        let mut parts: Vec<String> = Vec::new();
        if role == Role::Invoice {
            parts.push(write_say!("opens {}", "开具 {}", self.name(index)));
        }
        let name = |item: usize| self.name(traced.ledger.items[item].row);
        for flow in traced.flows_of(index) {
            match *flow {
                MoneyFlow::Put {
                    item,
                    amount: taken,
                    ..
                } => {
                    let (english, chinese) = match role {
                        Role::Writeoff => ("writes off", "核销"),
                        Role::Credit => ("lowers", "冲减"),
                        _ if traced.ledger.items[item].balance <= Money::ZERO
                            && Self::is_last(traced, item, index) =>
                        {
                            ("settles", "结清")
                        }
                        _ => ("pays", "支付"),
                    };
                    let verb = written().pick(english, chinese);
                    parts.push(write_say!(
                        "{verb} {}: {}",
                        "{verb} {}：{}",
                        name(item),
                        money(taken)
                    ));
                }
                MoneyFlow::TakenBack {
                    item,
                    amount: taken,
                    ..
                } => {
                    parts.push(takes_back(&name(item), taken));
                }
                MoneyFlow::Withdrawn {
                    from,
                    amount: taken,
                    ..
                } => {
                    parts.push(takes_back(&self.name(from), taken));
                }
            }
        }
        let items = &traced.ledger.items;
        if let Ok(item) = items.binary_search_by_key(&index, |item| item.row)
            && items[item].is_debt
        {
            let debt = money(items[item].balance);
            parts.push(write_say!("leaves a debt of {debt}", "形成欠款 {debt}"));
        }
        for (_, amount) in equal_range(&traced.waiting, |it| it.0.cmp(&index)) {
            let amount = money(*amount);
            parts.push(write_say!("still waits: {amount}", "尚未使用：{amount}"));
        }
        // What lowers the sum is a part of it; of what is no sum the amount stands as it was written.
        if is_sum(metric) && role != Role::Invoice {
            amount = amount.map(|amount| -amount);
        }
        why.add_row(index, amount, parts.join(comma()));
    }

    /// Tells whether a row is the last whose money went to an item.
    fn is_last(traced: &Traced, item: usize, index: usize) -> bool {
        traced.puts_to(item).next_back().map(row_of) == Some(index)
    }

    /// Writes one item: what it was, when it was due, what became of it.
    fn item_line(&self, item: &OpenItem, traced: &Traced) -> String {
        let name = self.name(item.row);
        let (english, chinese) = if item.is_debt {
            ("debt", "欠款")
        } else {
            ("invoice", "开票")
        };
        let what = written().pick(english, chinese);
        let amount = if item.is_debt {
            item.balance
        } else {
            item.amount
        };
        let mut parts = vec![
            write_say!(
                "{name}: {what} of {} over {}",
                "{name}：{} {what} {}",
                item.day.date(),
                money(amount)
            ),
            write_say!("due {}", "{} 到期", item.due.date()),
        ];
        if item.billed() != item.amount {
            let billed = money(item.billed());
            parts.insert(1, write_say!("{billed} less credits", "冲减后 {billed}"));
        }
        let late = |by: i64| match by {
            0 => write_say!("on its due day", "到期当天"),
            1.. => write_say!("{} late", "逾期 {}", days(by)),
            _ => write_say!("{} early", "提前 {}", days(-by)),
        };
        if let Some(day) = item.settled {
            let at = traced
                .ledger
                .items
                .binary_search_by_key(&item.row, |it| it.row);
            let puts = at.into_iter().flat_map(|at| traced.puts_to(at));
            let on_day =
                |flow: &&MoneyFlow| matches!(flow, MoneyFlow::Put { day: on, .. } if *on == day);
            let by = puts.rev().find(on_day).map(row_of);
            let by = by.and_then(|row| self.rows.rows().get(row));
            let by = by.map_or_else(String::new, |row| {
                write_say!(" by {}", "（{}）", self.kind_called(row))
            });
            let day_shown = day.date();
            parts.push(write_say!(
                "settled {day_shown}{by}",
                "{day_shown} 结清{by}"
            ));
            parts.push(late(day.since(item.due)));
            if item.is_given_up(&self.context().policy.settlement) {
                let part = money(item.written_off);
                parts.push(write_say!(
                    "but {part} were written off: never settled",
                    "但其中 {part} 已核销：不算结清"
                ));
            } else if item.written_off > Money::ZERO {
                let part = money(item.written_off);
                parts.push(write_say!("{part} written off", "核销 {part}"));
            }
            if item.balance != Money::ZERO {
                let left = money(item.balance);
                parts.push(write_say!("{left} left", "余 {left}"));
            }
        } else {
            let left = money(item.balance);
            parts.push(write_say!("open: {left}", "未结 {left}"));
            let overdue = self.as_of().since(item.due);
            if overdue > 0 {
                parts.push(late(overdue));
            }
        }
        parts.join(comma())
    }

    /// Writes how the judged invoices come to the word for the settlement.
    fn judgement(&self, why: &mut Why, items: &[&OpenItem]) {
        let policy = &self.context().policy.settlement;
        let late = Lateness::of(items.iter().copied(), policy, self.as_of());
        let Value::Text(word) = why.value.clone() else {
            return;
        };
        let of_all = |amount: Money| share(Fraction::new(amount.0, late.judged.0));
        let past = |amount: Money, limit: i64| {
            write_say!(
                "{} ({}) more than {} late",
                "{0}（{1}）逾期超过 {2}",
                money(amount),
                of_all(amount),
                days(limit)
            )
        };
        why.say(write_say!(
            "of {} judged: {}, {}, {}",
            "参与评定 {}：{}，{}，{}",
            money(late.judged),
            past(late.past_grace, policy.grace),
            past(late.past_limit, policy.limit),
            past(late.past_overdue, policy.overdue)
        ));
        let one = Fraction::whole(1);
        let rest = |kept: Fraction| {
            let below = Fraction::new(-kept.numerator(), kept.denominator());
            share(below.and_then(|it| one.checked_add(it)))
        };
        let (petty, fair, stable) = (
            share(Some(policy.petty)),
            rest(policy.fair_share),
            rest(policy.stable_share),
        );
        let (grace, limit, overdue) =
            (days(policy.grace), days(policy.limit), days(policy.overdue));
        why.say(match &*word {
            "overdue" => write_say!(
                "more than {petty} over {overdue} late: overdue",
                "逾期超过 {overdue}的多于 {petty}：长期拖欠"
            ),
            "unstable" if late.past_limit.is_over(policy.petty, late.judged) => write_say!(
                "more than {petty} over {limit} late: unstable",
                "逾期超过 {limit}的多于 {petty}：不稳定"
            ),
            "unstable" => write_say!(
                "more than {fair} over {grace} late: unstable",
                "逾期超过 {grace}的多于 {fair}：不稳定"
            ),
            "fair" => write_say!(
                "more than {stable} over {grace} late, but not {fair}: fair",
                "逾期超过 {grace}的多于 {stable}，但不多于 {fair}：相对稳定"
            ),
            _ => match written() {
                Language::English => format!("at most {stable} over {grace} late: {word}"),
                Language::Chinese => format!(
                    "逾期超过 {grace}的不多于 {stable}：{}",
                    self.said(Metric::Settlement)
                ),
            },
        });
    }
}

/// What terms of sums of what is owed are called.
const BALANCES: words::SumTerms<'_> = ("balances", "笔余额");

fn takes_back(from: &str, taken: Money) -> String {
    let taken = money(taken);
    write_say!("takes back from {from}: {taken}", "从 {from} 收回：{taken}")
}

/// Tells whether the rows' amounts are terms of a figure.
fn is_sum(metric: ReceivablesMetric) -> bool {
    match metric {
        ReceivablesMetric::Receivable
        | ReceivablesMetric::Advance
        | ReceivablesMetric::PastDue
        | ReceivablesMetric::NotDue
        | ReceivablesMetric::Past(_) => true,
        ReceivablesMetric::DaysPastDue
        | ReceivablesMetric::MoneyDays
        | ReceivablesMetric::Dso
        | ReceivablesMetric::DaysToPay
        | ReceivablesMetric::Settlement => false,
    }
}

/// Writes the sum of balances times days.
fn weighed_days(why: &mut Why, terms: &[(Money, i64)]) {
    let sum = words::value(&why.value, Type::Number);
    let shown = if terms.len() > 6 {
        let count = number_of(terms.len(), "balance", "balances", "笔余额");
        write_say!(
            "the sum over {count} of balance × days past due",
            "{count}的余额 × 逾期天数之和"
        )
    } else if terms.is_empty() {
        write_say!("nothing is past due", "没有逾期")
    } else {
        let terms = terms.iter();
        let terms = terms.map(|(balance, days)| format!("{} × {days}", money(*balance)));
        terms.collect::<Vec<_>>().join(" + ")
    };
    why.say(format!("{shown} = {sum}"));
}

/// Writes how the days to pay are weighed.
fn mean_days(why: &mut Why, items: &[&OpenItem], as_of: Day) {
    let mut terms = Vec::new();
    let mut amounts = Money::ZERO;
    for item in items {
        let Some(took) = item.days_to_pay(as_of) else {
            continue;
        };
        terms.push(format!("{} × {took}", money(item.billed())));
        amounts += item.billed();
    }
    let result = words::value(&why.value, Type::Days);
    let shown = if terms.len() > 6 {
        let count = number_of(terms.len(), "invoice", "invoices", "张发票");
        write_say!(
            "the sum over {count} of amount × days",
            "{count}的金额 × 天数之和"
        )
    } else {
        format!("({})", terms.join(" + "))
    };
    why.say(format!("{shown} / {} = {result}", money(amounts)));
}
