"""Classified: what each payment and receipt line was spent on, how sure, how we know."""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no

ANSWER = (
    text("category_code", "Code of taxonomy.csv", nullable=False),
    share("probability_share", "How sure, 0 to 1", nullable=False),
    text("second_code", "Runner-up"),
    share("second_share", "How sure of the runner-up"),
    text("third_code", "Third"),
    text("set_codes", "Every code that may be right, joined by '|': nine of ten such sets hold the right one", nullable=False),
    count("set_count", "How many codes that is", nullable=False),
    share("strange_share", "How likely the line belongs to no category at all", nullable=False),
    text(
        "how_code",
        "How we know",
        nullable=False,
        values=("decided", "memory", "merchant_code", "words", "table", "council", "kind", "none"),
    ),
    yes_no("is_abstained", "True when the words do not settle it", nullable=False),
    text("because", "The reason in words, and what would settle it", nullable=False),
)

STRINGS = Table(
    "classified.strings",
    "distinct payee text, description and merchant code that was ever classified",
    (
        text("string_id", "16 hex digits of the three texts as they came", nullable=False),
        text("run_id", "The night that first met it", nullable=False),
        text("payee_text", "Payee as written", personal=True),
        text("description", "Further words", personal=True),
        text("mcc_code", "Merchant code"),
        text("merchant_words", "What is left of the payee after aggregators, branch numbers and dates", nullable=False, personal=True),
        text("description_words", "What is left of the further words", nullable=False, personal=True),
        *ANSWER,
        text("model_version", "Version of the classifier that answered", nullable=False),
        text("decided_version", "Which decisions of people it took in; empty for none", nullable=False),
    ),
    key=("string_id",),
)

PAYMENTS = Table(
    "classified.payments",
    "admitted payment (every kind)",
    (
        text("payment_id", "The payment", nullable=False),
        text("run_id", "The night that admitted the payment", nullable=False),
        text("string_id", "The string that was classified", nullable=False),
        money("amount_pence", "The payment's amount, carried for the control totals", nullable=False),
        *ANSWER,
    ),
    key=("payment_id",),
    is_published=True,
)

RECEIPT_LINES = Table(
    "classified.receipt_lines",
    "line of a receipt",
    (
        text("receipt_line_id", "The line", nullable=False),
        text("receipt_id", "Its receipt", nullable=False),
        text("run_id", "The night that admitted the line", nullable=False),
        text("string_id", "The string that was classified", nullable=False),
        money("line_total_pence", "The line's total, carried for the control totals"),
        *ANSWER,
    ),
    key=("receipt_line_id",),
    is_published=True,
)

WEEKLY_COUNTS = Table(
    "classified.weekly_counts",
    "night, week, feature and value",
    (
        text("run_id", "The night that admitted the lines", nullable=False),
        on("week_on", "Monday of the week they were paid in", nullable=False),
        text(
            "feature_code",
            "What is counted by",
            nullable=False,
            values=("category", "how_known", "uncertain", "set_size", "feed", "merchant_code", "amount_band"),
        ),
        text("value_text", "The value", nullable=False),
        count("lines_count", "Lines of spend", nullable=False),
    ),
    key=("run_id", "week_on", "feature_code", "value_text"),
)

TABLES = (STRINGS, PAYMENTS, RECEIPT_LINES, WEEKLY_COUNTS)
