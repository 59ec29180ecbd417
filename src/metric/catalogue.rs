//! The table of metrics. Columns, filters, rules, `metrics`, JSON keys and docs all follow from it.

use super::level::{ABC, CHURN, COMMUNICATION, Levels, REVISIT_STATUS, SETTLEMENT};
use Trait::{GrowsDaily, LessIsBetter};

/// What kind of values a metric has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text.
    Text,
    /// A list of texts.
    List,
    /// A plain number.
    Number,
    /// Money of the book's currency.
    Money,
    /// A share or probability; 1 is the whole.
    Ratio,
    /// A count of days.
    Days,
    /// A day of the calendar.
    Date,
    /// Yes or no.
    Bool,
}

impl Type {
    /// Returns the name that `metrics` and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::List => "list",
            Self::Number => "number",
            Self::Money => "money",
            Self::Ratio => "ratio",
            Self::Days => "days",
            Self::Date => "date",
            Self::Bool => "bool",
        }
    }
}

/// When a metric is known; a rule may use what an earlier stage made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Facts of the file and the rows, and the model's figures.
    Facts,
    /// The tier.
    Tier,
    /// Cadence, deadlines and what hangs on them.
    Clock,
    /// Churn and signals.
    Churn,
    /// Flags.
    Flags,
}

impl Stage {
    /// Returns the name that `metrics` and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Tier => "tier",
            Self::Clock => "clock",
            Self::Churn => "churn",
            Self::Flags => "flags",
        }
    }
}

/// Which room makes a metric; a command runs only those that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What the customer's file says.
    File,
    /// Whose the customer is.
    Owner,
    /// Contact.
    Contact,
    /// Orders and what they brought.
    Orders,
    /// Rank, share, ABC and RFM, which need all customers.
    Ranking,
    /// Receivables.
    Receivables,
    /// What is not billed yet, and what the customer would owe with that.
    Exposure,
    /// Complaints and requests.
    Cases,
    /// Satisfaction.
    Satisfaction,
    /// The subjective score.
    Score,
    /// The customer file's completeness and review.
    Archive,
    /// Leads and the cost of winning.
    Leads,
    /// Contracts for a time.
    Agreements,
    /// The tier.
    Tier,
    /// The revisit clock.
    Revisit,
    /// Deadlines of cases.
    Deadlines,
    /// The fitted model and lifetime value.
    Value,
    /// Churn level.
    Churn,
    /// What would go with the customer, by its churn.
    AtStake,
    /// Signals.
    Signals,
    /// Flags.
    Flags,
}

/// One metric's entry.
#[derive(Debug)]
pub struct Entry {
    /// The metric.
    pub metric: Metric,
    /// Its name: the column, JSON key and word in rules.
    pub name: &'static str,
    /// What kind of values it has.
    pub kind: Type,
    /// The unit or range of its values; empty where the type says it all.
    pub unit: &'static str,
    /// When it is known.
    pub stage: Stage,
    /// Which room makes it.
    pub group: Group,
    /// What else is to be known of it.
    pub traits: &'static [Trait],
    /// What it is, in one or two sentences.
    pub definition: &'static str,
}

/// What only some metrics have.
#[derive(Clone, Copy, Debug)]
pub enum Trait {
    /// Less of it is better.
    LessIsBetter,
    /// It grows by itself, a day a day.
    GrowsDaily,
    /// It has no other words than these.
    Words(Words),
}

/// From where the words of a metric come.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// They never change.
    Levels(&'static Levels),
    /// From the policy's stages.
    Stages,
    /// From its tiers.
    Tiers,
    /// From its signals.
    Signals,
    /// From its flags.
    Flags,
}

impl Entry {
    /// Tells whether less of the metric is better.
    pub fn is_less_better(&self) -> bool {
        self.traits
            .iter()
            .any(|it| matches!(it, Trait::LessIsBetter))
    }

    /// Tells whether the metric grows by itself, a day a day.
    pub fn grows_daily(&self) -> bool {
        self.traits.iter().any(|it| matches!(it, Trait::GrowsDaily))
    }

    /// Returns from where its words come, if it has no others.
    pub fn words(&self) -> Option<Words> {
        self.traits.iter().find_map(|it| match it {
            Trait::Words(words) => Some(*words),
            Trait::LessIsBetter | Trait::GrowsDaily => None,
        })
    }

    /// Returns its words, if they never change.
    pub fn levels(&self) -> Option<&'static Levels> {
        match self.words()? {
            Words::Levels(levels) => Some(levels),
            Words::Stages | Words::Tiers | Words::Signals | Words::Flags => None,
        }
    }
}

macro_rules! catalogue {
    ($($metric:ident $name:literal $kind:ident $unit:literal $stage:ident $group:ident $([$($trait:expr),+])? $definition:literal)*) => {
        /// A metric: a figure of one customer on one day.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric {
            $(#[doc = concat!("`", $name, "`")] $metric,)*
        }

        /// Every metric, in the order of the documentation.
        pub const CATALOGUE: &[Entry] = &[$(Entry {
            metric: Metric::$metric,
            name: $name,
            kind: Type::$kind,
            unit: $unit,
            stage: Stage::$stage,
            group: Group::$group,
            traits: &[$($($trait),+)?],
            definition: $definition,
        }),*];
    };
}

impl Metric {
    /// Returns the metric's entry in the catalogue.
    pub fn entry(self) -> &'static Entry {
        &CATALOGUE[self as usize]
    }

    /// Returns the least and the greatest value that the metric can have, if its unit states a range.
    pub fn range(self) -> Option<(i64, i64)> {
        let (least, greatest) = self.entry().unit.split_once(" to ")?;
        Some((least.parse().ok()?, greatest.parse().ok()?))
    }

    /// Returns the metric's name.
    pub fn name(self) -> &'static str {
        self.entry().name
    }
}

/// Returns the metric with a name.
pub fn metric_by_name(name: &str) -> Option<Metric> {
    CATALOGUE
        .iter()
        .find(|entry| entry.name == name)
        .map(|entry| entry.metric)
}

catalogue! {
    Id "id" Text "" Facts File
        "The customer's id: the file's stem, or the `id` of its `[[customer]]` table."
    Name "name" Text "" Facts File "The customer's name."
    Aliases "aliases" List "" Facts File "Other names of the customer."
    Owner "owner" Text "" Facts Owner
        "The account manager's id: the staff of the latest `owner` row, before the first one its topic, else the file's."
    Segment "segment" Text "" Facts File "The market segment."
    Region "region" Text "" Facts File "The region."
    Tags "tags" List "" Facts File "The customer's tags."
    Since "since" Date "" Facts File "The start of the cooperation, as the file says."
    Added "added" Date "" Facts File "When the customer's file was made, as it says."
    FormerIds "former_ids" List "" Facts File "The ids that the customer once had."
    Website "website" Text "" Facts File "The customer's website."
    Address "address" Text "" Facts File "The customer's address."
    Person "person" Text "" Facts File
        "The name of the first person with a phone or mobile, else of the first person."
    Phone "phone" Text "" Facts File "That person's first number: of `phone`, else of `mobile`."
    Email "email" Text "" Facts File "That person's first email address."
    Licence "licence" Text "" Facts File "The number of the business licence."
    RegisteredCapital "registered_capital" Money "currency" Facts File "The registered capital."
    BankAccount "bank_account" Text "" Facts File "The customer's bank account."
    CreditLimit "credit_limit" Money "currency" Facts File "The most that the customer may owe."
    Communication "communication" Text "normal or difficult" Facts File [Trait::Words(Words::Levels(&COMMUNICATION))]
        "How communication goes; `normal` unless the file says `difficult`."
    PaymentTerms "payment_terms" Text "such as 60d or eom+60d" Facts File
        "When an invoice is due that does not say it: the file's terms, else the policy's, as written."
    Margin "margin" Ratio "0 to 1" Facts File
        "The share of revenue that is earned: the file's, else the policy's."

    FirstSeen "first_seen" Date "" Facts Contact
        "The earliest of `since`, `added` and the first row's date, `owner` rows aside."
    Tenure "tenure" Days "days" Facts Contact [GrowsDaily]
        "Days since `since`, or since the first row but `owner` rows where the file has none; at least 0."
    LastContact "last_contact" Date "" Facts Contact "The latest contact row's date."
    ContactAge "contact_age" Days "days" Facts Contact [LessIsBetter, GrowsDaily] "Days since the last contact."
    Contacts "contacts" Number "rows" Facts Contact "Contact rows in the year."
    Stage "stage" Text "one of the policy's stages" Facts Contact [Trait::Words(Words::Stages)]
        "The latest `stage` row's topic, else the file's."
    Lost "lost" Bool "" Facts Contact
        "True if a `lost` row follows the last order; on one day, lost wins."
    LostOn "lost_on" Date "" Facts Contact "The day of the first `lost` row after the last order."
    LostReason "lost_reason" Text "" Facts Contact
        "The topic of the latest `lost` row after the last order that names one."

    Orders "orders" Number "rows" Facts Orders "Order rows."
    FirstOrder "first_order" Date "" Facts Orders "The first order's date."
    LastOrder "last_order" Date "" Facts Orders "The last order's date."
    OrderAge "order_age" Days "days" Facts Orders [LessIsBetter, GrowsDaily] "Days since the last order."
    Revenue "revenue" Money "currency" Facts Orders "Orders minus credits, all time."
    AnnualRevenue "annual_revenue" Money "currency" Facts Orders
        "Orders minus credits in the year."
    PriorRevenue "prior_revenue" Money "currency" Facts Orders
        "Orders minus credits in the year before."
    Growth "growth" Ratio "from -1; 0 is none" Facts Orders
        "annual_revenue / prior_revenue - 1 if prior_revenue is above 0; growth only from two years on."
    Expenses "expenses" Money "currency" Facts Orders [LessIsBetter] "Expenses, all time."
    AnnualExpenses "annual_expenses" Money "currency" Facts Orders [LessIsBetter] "Expenses in the year."
    Profit "profit" Money "currency" Facts Orders
        "revenue x margin - expenses, rounded once, half away from zero, to 4 decimals."
    AnnualProfit "annual_profit" Money "currency" Facts Orders
        "annual_revenue x margin - annual_expenses, rounded once, half away from zero, to 4 decimals."
    AnnualValue "annual_value" Money "currency" Facts Orders
        "annual_revenue, or annual_profit where the policy says `basis = \"profit\"`."
    OrderInterval "order_interval" Days "days" Facts Orders
        "The length-weighted median gap between order days, known from three of them on."
    Silence "silence" Number "own intervals" Facts Orders [LessIsBetter] "order_age / order_interval."

    Rank "rank" Number "from 1" Facts Ranking [LessIsBetter]
        "The place by annual_value, highest first; ties by id."
    Share "share" Ratio "0 to 1" Facts Ranking
        "The customer's part of the annual_value of all customers, none counted below 0."
    Abc "abc" Text "A, B or C" Facts Ranking [Trait::Words(Words::Levels(&ABC))]
        "A while the share of those ranked before is under 80 %, B while under 95 %, else C; C without annual_value."
    RecencyScore "recency_score" Number "1 to 5" Facts Ranking
        "1 + floor(5 x (older last orders + equal ones / 2) / customers with an order), at most 5."
    FrequencyScore "frequency_score" Number "1 to 5" Facts Ranking
        "1 + floor(5 x (those with fewer orders + equal ones / 2) / customers with an order), at most 5."
    MonetaryScore "monetary_score" Number "1 to 5" Facts Ranking
        "1 + floor(5 x (those with less revenue + equal ones / 2) / customers with an order), at most 5."
    Rfm "rfm" Text "three digits" Facts Ranking
        "recency_score, frequency_score and monetary_score, one digit each."

    Receivable "receivable" Money "currency" Facts Receivables [LessIsBetter]
        "What the customer owes: the balances of all invoices and debts."
    Advance "advance" Money "currency" Facts Receivables
        "Money received that no invoice has taken yet."
    PastDue "past_due" Money "currency" Facts Receivables [LessIsBetter]
        "The balances of unsettled items whose due day is over."
    DaysPastDue "days_past_due" Days "days" Facts Receivables [LessIsBetter]
        "By how many days the latest of the unsettled items is past its due day; at least 0."
    NotDue "not_due" Money "currency" Facts Receivables
        "The part of receivable that is not past due."
    PastDue1To30 "past_1_30" Money "currency" Facts Receivables
        "The part of receivable 1 to 30 days past due."
    PastDue31To60 "past_31_60" Money "currency" Facts Receivables
        "The part of receivable 31 to 60 days past due."
    PastDue61To90 "past_61_90" Money "currency" Facts Receivables
        "The part of receivable 61 to 90 days past due."
    PastDue91To365 "past_91_365" Money "currency" Facts Receivables
        "The part of receivable 91 to 365 days past due."
    PastDueOver365 "past_over_365" Money "currency" Facts Receivables
        "The part of receivable more than 365 days past due."
    Dso "dso" Days "days" Facts Receivables [LessIsBetter]
        "Days sales outstanding, by counting back: the age at which what was billed since, less the credits that name it, comes to receivable."
    DaysToPay "days_to_pay" Days "days" Facts Receivables [LessIsBetter]
        "Mean days from an invoice to its settlement, by amount, over invoices settled in the year without a write-off."
    Unbilled "unbilled" Money "currency" Facts Exposure [LessIsBetter]
        "Orders - credits that name no invoice - invoices, at least 0; orders more than 180 days before the book's first invoice do not count."
    Exposure "exposure" Money "currency" Facts Exposure [LessIsBetter]
        "What the customer owes with what is to be billed: receivable + unbilled - advance, at least 0."
    CreditUsed "credit_used" Ratio "0 is none, 1 the whole limit" Facts Exposure [LessIsBetter]
        "exposure / credit_limit."
    Settlement "settlement" Text "stable, fair, unstable or overdue" Facts Receivables [Trait::Words(Words::Levels(&SETTLEMENT))]
        "How reliably invoices of the last two years and all open ones were settled: by the shares of their amount that are late."

    OpenCases "open_cases" Number "cases" Facts Cases [LessIsBetter] "Complaints and requests that are not closed."
    OpenComplaints "open_complaints" Number "cases" Facts Cases [LessIsBetter] "Complaints that are not closed."
    LateCases "late_cases" Number "cases" Clock Deadlines [LessIsBetter]
        "Cases that are unanswered past their response deadline or open past their resolve deadline."
    Cases "cases" Number "cases" Facts Cases [LessIsBetter] "Complaints and requests opened in the year."
    Complaints "complaints" Number "cases" Facts Cases [LessIsBetter] "Complaints opened in the year."
    ResponseDays "response_days" Days "days" Facts Cases [LessIsBetter]
        "Mean days from opening to the first answer, over the cases of the year that were answered."
    ResolutionDays "resolution_days" Days "days" Facts Cases [LessIsBetter]
        "Mean days open, over the cases of the year that are closed; each stretch of a reopened one counts."
    OnTime "on_time" Ratio "0 to 1" Clock Deadlines
        "The share of the year's decided cases that missed no deadline."

    Satisfaction "satisfaction" Number "0 to 100" Facts Satisfaction
        "The weighted mean, over topics, of the mean score of the topic's latest day in the year."
    Score "score" Number "0 to 100" Facts Score
        "The file's score, else the weighted mean of its scorecard."

    Completeness "completeness" Ratio "0 to 1" Facts Archive
        "The share of the expected fields of the customer file that are filled."
    Missing "missing" List "" Facts Archive "The expected fields that are not filled."
    Reviewed "reviewed" Date "" Facts Archive
        "When a person last went through the file; unknown if that is after the day."
    ReviewAge "review_age" Days "days" Facts Archive [LessIsBetter, GrowsDaily] "Days since the last review."
    ReviewDue "review_due" Date "" Clock Archive
        "When the next review of the file is due, by the first matching review rule."

    OpenLeads "open_leads" Number "leads" Facts Leads "Leads neither won nor lost."
    Pipeline "pipeline" Money "currency" Facts Leads "The amounts of the open leads."
    Wins "wins" Number "leads" Facts Leads "Leads won in the year."
    Losses "losses" Number "leads" Facts Leads [LessIsBetter] "Leads lost in the year."
    ContactsToClose "contacts_to_close" Number "rows" Facts Leads
        "Contact rows up to and on the first order's day."
    AcquisitionCost "acquisition_cost" Money "currency" Facts Leads [LessIsBetter]
        "Expenses up to and on the first order's day."

    Agreements "agreements" Number "agreements" Facts Agreements
        "Agreements in force that no later one has renewed."
    AgreementEnd "agreement_end" Date "" Facts Agreements
        "The earliest `due` of the agreements in force that no later one has renewed."
    AgreementLeft "agreement_left" Days "days" Facts Agreements
        "Days until agreement_end; 0 on the day itself."
    AgreementValue "agreement_value" Money "currency" Facts Agreements
        "The amounts of the agreements in force that no later one has renewed; unknown if none has an amount."
    AgreementsLapsed "agreements_lapsed" Number "agreements" Facts Agreements
        "Agreements that ended in the last 90 days and that no later one has renewed."

    Tier "tier" Text "one of the policy's tiers" Tier Tier [Trait::Words(Words::Tiers)] "The first matching tier rule's name."

    Cadence "cadence" Days "days" Clock Revisit
        "The days from one contact to the next: the file's, else the first matching revisit rule's."
    NextRevisit "next_revisit" Date "" Clock Revisit
        "The due day of the plan in force, else the last contact (or first seen) plus cadence."
    Overdue "overdue" Days "days" Clock Revisit [LessIsBetter] "Days past next_revisit; at least 0."
    Urgency "urgency" Number "cadences" Clock Revisit [LessIsBetter]
        "overdue / cadence, or overdue / 7 without a cadence."
    RevisitStatus "revisit_status" Text "overdue, today, soon, ok or paused" Clock Revisit [Trait::Words(Words::Levels(&REVISIT_STATUS))]
        "Where the next revisit stands; soon is within 7 days, paused is without cadence and plan."

    PAlive "p_alive" Ratio "0 to 1" Facts Value
        "The probability that the customer still buys here, from the fitted model."
    ExpectedOrders "expected_orders" Number "order days" Facts Value
        "Expected order days in the next 365 days, from the fitted model or its prior."
    ChurnHorizon "churn_horizon" Days "days" Facts Value
        "2 x order_interval, at least 91 days; 182 while the interval is unknown."
    ChurnRisk "churn_risk" Ratio "0 to 1" Facts Value [LessIsBetter]
        "The probability of no order within churn_horizon, from the fitted model."
    ExpectedOrderValue "expected_order_value" Money "currency" Facts Value
        "The expected amount of one future order day: as if there were one more of the usual amount."
    Clv "clv" Money "currency" Facts Value
        "Customer lifetime value: the discounted value of the next years."
    ClvLow "clv_low" Money "currency" Facts Value
        "The lifetime value that is exceeded with 90 % probability, by the orders' distribution."
    ClvHigh "clv_high" Money "currency" Facts Value
        "The lifetime value that is exceeded with 10 % probability, by the orders' distribution."
    ClvBasis "clv_basis" Text "model, prior or retention" Facts Value
        "What clv rests on; with `, revenue` after it where no margin is known."
    Churn "churn" Text "lost, at-risk, watch or active" Churn Churn [Trait::Words(Words::Levels(&CHURN))]
        "The worst level of the matching churn rules; unknown without an order."
    AtStake "at_stake" Money "currency" Churn AtStake
        "churn_risk x annual_value, at least 0; without a risk all of it if churn is at-risk."
    Signals "signals" List "" Churn Signals [Trait::Words(Words::Signals)] "The names of the matching signal rules."

    Flags "flags" List "" Flags Flags [Trait::Words(Words::Flags)] "The names of the matching flag rules."
}
