"""For dashboards: tables and views without anybody in them. `phb-audit bi` makes them; each is described here and nowhere else.

No holder, account, payee, day or words of a person's is in any column: rows tell of a month and a kind. The measures are those of the
pack, small numbers kept back; the other tables are for use inside the organisation.
"""

from phb_audit.tables.describe import Column, Table, count, money, on, share, text, yes_no
from phb_audit.tables.measures import MEASURES as REPORTED

MONTH = on("month_on", "First day of the month", nullable=False)
CATEGORY = (
    text("category_code", "Code of the taxonomy; 'not_told' where no night classified it", nullable=False),
    text("category_name", "Its name", nullable=False),
)
HOLDING = text("holding_code", "How the budget was held: direct_payment, third_party, notional, none_on_file", nullable=False)

MEASURES = Table(
    "bi.measures",
    "measure, period and group, as the committee pack prints it",
    (
        *(column for column in REPORTED.columns if column.name != "denominator_n"),
        yes_no("is_kept_back", "A number from 1 to 4 of people, or what would give one away, was taken out", nullable=False),
    ),
    key=REPORTED.key,
)

PURCHASES = Table(
    "bi.purchases",
    "payment that counts as spend, without its holder, payee or day",
    (
        count("purchase_number", "A number within this file, in no order of people or days", nullable=False),
        MONTH,
        HOLDING,
        *CATEGORY,
        money("amount_pence", "Amount; below zero for a refund", nullable=False),
        text("match_code", "How it stands to the plan: fits, weak, no_match, no_plan and others of matched.payments", nullable=False),
        yes_no("has_receipt", "A receipt lies beside it", nullable=False),
        yes_no("has_item", "An item was put to a person for a look", nullable=False),
        yes_no("is_unsure", "Its words do not settle the category", nullable=False),
    ),
    key=("purchase_number",),
)

ITEMS = Table(
    "bi.items",
    "item put to a person for a look: a prompt, never a finding",
    (
        count("item_number", "A number within this file", nullable=False),
        on("raised_month_on", "First day of the month it was raised in", nullable=False),
        text("rule_ids", "The rules that raised it, joined by |", nullable=False),
        text("priority_code", "high, medium or low; null where later papers have left no reason of an item that was decided"),
        yes_no("is_commissioners", "The first cause lies with the commissioner", nullable=False),
        money("at_stake_pence", "The money in question, each payment once in an item; one payment may be in two items", nullable=False),
        text("state_code", "Where it stands (docs/reference/case-states.md); to_check: a second person has still to look", nullable=False),
        yes_no("is_queued", "It waits for a person", nullable=False),
        on("decided_month_on", "First day of the month of its last move; null before any"),
        text("decision_code", "Its last move; null before any, and while a second person has still to look"),
        count("days_to_decide", "Days from the night that raised it to its last move"),
        yes_no("is_checked", "A second person checked it", nullable=False),
    ),
    key=("item_number",),
)

FEEDS = Table(
    "bi.feeds",
    "feed that is expected",
    (
        text("feed_code", "The feed", nullable=False),
        text("owner", "Who sends it", nullable=False),
        on("last_data_on", "Latest day any of its rows speaks of"),
        yes_no("is_late", "Longer ago than usual", nullable=False),
        count("files_count", "Files taken in, ever", nullable=False),
        count("rows_count", "Rows taken in, ever", nullable=False),
        count("refused_count", "Rows refused and waiting to be mended", nullable=False),
    ),
    key=("feed_code",),
)

TABLES: tuple[Table, ...] = (MEASURES, PURCHASES, ITEMS, FEEDS)


def _counted(name: str, meaning: str) -> Column:
    return count(name, meaning, nullable=False)


VIEWS: tuple[Table, ...] = (
    Table(
        "bi.spend_by_month",
        "month, category and way of holding",
        (MONTH, HOLDING, *CATEGORY, _counted("purchases_count", "Payments"), money("spent_pence", "Spend, less refunds", nullable=False),
         share("receipts_share", "Of them with a receipt")),
        key=("month_on", "holding_code", "category_code"),
    ),
    Table(
        "bi.items_by_rule",
        "month items were raised in, and rule; an item of two rules stands in two rows",
        (on("raised_month_on", "First day of the month", nullable=False), text("rule_id", "The rule", nullable=False),
         _counted("items_count", "Items"), _counted("queued_count", "Of them waiting"), _counted("agreed_count", "Of them agreed"),
         _counted("not_agreed_count", "Of them not agreed")),
        key=("raised_month_on", "rule_id"),
    ),
    Table(
        "bi.decisions_by_month",
        "month of the last move, and state",
        (on("decided_month_on", "First day of the month", nullable=False), text("state_code", "Where the items stand", nullable=False),
         _counted("items_count", "Items"), share("median_days", "Median days from the night that raised them"),
         money("at_stake_pence", "The money in question, summed over items", nullable=False)),
        key=("decided_month_on", "state_code"),
    ),
    Table(
        "bi.measures_now",
        "measure as a whole, newest period",
        tuple(REPORTED.column(name) for name in ("measure_id", "title", "question", "unit_code", "value", "lower", "upper", "numerator", "denominator", "target", "first_on", "last_on")),
        key=("measure_id",),
    ),
    Table(
        "bi.measures_by_month",
        "measure and month; people by quarter's end",
        tuple(REPORTED.column(name) for name in ("measure_id", "title", "unit_code", "last_on", "value", "lower", "upper")),
        key=("measure_id", "last_on"),
    ),
)  # fmt: skip
