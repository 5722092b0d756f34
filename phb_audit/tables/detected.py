"""Detected: what stood before each spend line, what others had paid, and how unlike both tonight's cases are. It raises no question."""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no

HISTORIES = Table(
    "detected.histories",
    "spend line, with what the same holder had spent in the year before its day",
    (
        text("payment_id", "The payment", nullable=False),
        text("holder_id", "The holder", nullable=False),
        on("paid_on", "Day it was paid", nullable=False),
        text("category_code", "What was bought; null where the words do not settle it"),
        count("since_days", "Days since the holder last paid this payee; null where never in the year before"),
        count("category_count", "Lines of the same category before", nullable=False),
        money("category_middle_pence", "Middle one of these"),
        count("payee_count", "Lines to the same payee before", nullable=False),
        money("payee_middle_pence", "Middle one of these"),
        money("payee_most_pence", "Largest of these"),
        count("payee_gap_days", "Middle number of days between two of these"),
        count("amount_count", "Lines of exactly this amount to this payee before", nullable=False),
        count("week_count", "Lines to this payee in the 7 days before", nullable=False),
        count("place_in_day", "1 for the first line to this payee on the day, 2 for the second", nullable=False),
        count("holder_count", "All lines before", nullable=False),
        on("holder_from_on", "Day of the first of these"),
        money("holder_pence", "What they come to", nullable=False),
        money("four_weeks_pence", "Of these, in the 28 days before", nullable=False),
        money("cash_pence", "Cash drawn in the 28 days before", nullable=False),
        count("weekend_count", "Lines on a Saturday or Sunday before", nullable=False),
        count("line_count", "Lines on the same plan line before", nullable=False),
        money("line_pence", "What these come to", nullable=False),
    ),
    key=("payment_id",),
)

PEERS = Table(
    "detected.peers",
    "month, care group ('*': all of them) and category, with what was paid for it in the three months before the month",
    (
        on("month_on", "First day of the month", nullable=False),
        text("care_group_code", "Care group, '' for none on file, '*' for all", nullable=False),
        text("category_code", "What was bought", nullable=False),
        count("lines_count", "Lines", nullable=False),
        count("holders_count", "Holders who bought it", nullable=False),
        money("middle_pence", "Middle line", nullable=False),
        money("high_pence", "Nine in ten lines are at most this", nullable=False),
        count("month_count", "Lines of all categories of all holders", nullable=False),
    ),
    key=("month_on", "care_group_code", "category_code"),
)

SCORES = Table(
    "detected.scores",
    "case in the queue, or decided, and detector that finds it unlike others",
    (
        text("case_id", "The case", nullable=False),
        text("detector_id", "The detector, D-01 and on", nullable=False),
        text("payment_id", "Of the case's spend lines the one most unlike", nullable=False),
        share("tail_share", "How often a line is at least as unlike as this one", nullable=False),
        share("value_share", "How strongly it speaks for a look, 0 (one line in twenty) to 1 (one in ten thousand)", nullable=False),
    ),
    key=("case_id", "detector_id"),
    is_published=True,
)

REASONS = Table(
    "detected.reasons",
    "spend line of a case in the queue and thing about it that few lines share, three at most, beyond what its flags say already",
    (
        text("payment_id", "The payment", nullable=False),
        text("case_id", "The case", nullable=False),
        count("place", "1 is the rarest", nullable=False),
        text("detector_id", "The detector", nullable=False),
        text("feature_name", "What was measured (docs/reference/detectors.md)", nullable=False),
        share("measured", "Its value", nullable=False),
        share("tail_share", "How often a line of the year before has at least as much", nullable=False),
        text("sentence", "What we saw, with the numbers", nullable=False, personal=True),
        text("usual", "What is usual, for whom, and of how many lines", nullable=False),
    ),
    key=("payment_id", "place"),
    is_published=True,
)

DRIFTS = Table(
    "detected.drifts",
    "month, supplier and category whose charges went up beyond what others' charges and April explain, for nearly all who pay it",
    (
        on("month_on", "First day of the month", nullable=False),
        text("payee_id", "The supplier", nullable=False),
        text("category_code", "What was bought", nullable=False),
        text("payee_shown", "Its name as paid", nullable=False, personal=True),
        text("base_code", "What the month is compared with", nullable=False, values=("year", "since_april")),
        count("holders_count", "Holders who paid it in the month and in three months before", nullable=False),
        count("of_count", "Of these, those of whom at_least_share is said", nullable=False),
        share("at_least_share", "What these pay more, at the least that the spread of their months leaves", nullable=False),
        share("change_share", "Middle change of all of them", nullable=False),
        count("others_count", "Holders of other suppliers, compared in the same way", nullable=False),
        share("others_share", "Middle change of these; null where they are too few"),
        yes_no("is_across_april", "April lies between", nullable=False),
        share("beyond_share", "at_least_share beyond what others' charges and April explain", nullable=False),
        money("usual_pence", "What the holder in the middle paid a time before", nullable=False),
        money("now_pence", "What that holder pays a time now", nullable=False),
        money("spent_pence", "What these holders paid it in the month", nullable=False),
        text("sentence", "What we saw, with the numbers", nullable=False, personal=True),
        text("usual", "What is usual, for whom, and of how many", nullable=False),
    ),
    key=("month_on", "payee_id", "category_code"),
    is_published=True,
)

TABLES = (HISTORIES, PEERS, SCORES, REASONS, DRIFTS)
