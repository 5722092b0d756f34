"""Decided: what named people decided, carried from the casebook before the stages that learn from it read the night's lines."""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no

CATEGORIES = Table(
    "decided.categories",
    "wording whose category a person confirmed or corrected",
    (
        count("event_number", "The newest decision about this wording in the casebook", nullable=False),
        text("payee_text", "Payee as written, as in classified.strings", personal=True),
        text("description", "Further words", personal=True),
        text("mcc_code", "Merchant code"),
        text("merchant_words", "What is left of the payee after cleaning", nullable=False, personal=True),
        text("description_words", "What is left of the description after cleaning", nullable=False, personal=True),
        text("category_code", "What it was, as the person said", nullable=False),
        text("was_code", "What the classifier had said; null where it was not asked"),
        text("was_set_codes", "The codes it had left possible, joined by |"),
        text("model_version", "The classifier that had said so"),
        text("provenance_code", "What the person did", nullable=False, values=("confirmed", "corrected", "imported")),
        text("holder_id", "The holder whose line it was; null for an imported name"),
        text("decided_by", "Who decided", nullable=False),
        text("decided_at", "When, UTC, as YYYY-MM-DDTHH:MM:SSZ", nullable=False),
    ),
    key=("event_number",),
)

NAMES = Table(
    "decided.names",
    "cleaned payee and category that people's decisions told of it",
    (
        text("merchant_words", "The payee after cleaning; persons' names and market places are left out", nullable=False, personal=True),
        text("category_code", "A category people gave its lines", nullable=False),
        share(
            "told_share", "Share of the decisions, those on the bare name counting whole and those on described lines half", nullable=False
        ),
        count("decisions_count", "How many decisions", nullable=False),
        text("provenance_code", "The strongest of its decisions", nullable=False, values=("confirmed", "corrected", "imported")),
        text("decided_by", "Who decided last", nullable=False),
        text("decided_at", "When, UTC", nullable=False),
    ),
    key=("merchant_words", "category_code"),
)

GOAL_TAGS = Table(
    "decided.goal_tags",
    "outcome and goal domain a person confirmed for it",
    (
        text(
            "outcome_key",
            "The holder and a hash of the outcome's words: the same outcome in a later version keeps its tags",
            nullable=False,
        ),
        text("domain_code", "Goal domain of goal_domains.csv", nullable=False),
        count("event_number", "The decision in the casebook", nullable=False),
        text("decided_by", "Who confirmed", nullable=False),
        text("decided_at", "When, UTC", nullable=False),
    ),
    key=("outcome_key", "domain_code"),
)

CASES = Table(
    "decided.cases",
    "case a person has done something with, as it stands on the day of the night",
    (
        text("case_id", "As flagged.cases.case_id", nullable=False),
        text("case_ref", "As flagged.cases.case_ref", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("state_code", "Where it stands (docs/reference/case-states.md)", nullable=False),
        count("version", "How many moves it has seen", nullable=False),
        text("decision_code", "The move that last changed its state"),
        text("reason", "The reason given for it", personal=True),
        text("decided_by", "Who made that move"),
        text("decided_at", "When, UTC"),
        text("checked_by", "The second person, where one confirmed or sent it back"),
        text("checked_at", "When, UTC"),
        text("owner", "Whom it is assigned to"),
        text("escalated_to", "Whom it was brought before"),
        on("due_on", "The day an answer is due, of a case that waits for one"),
        on("wake_on", "The day it is open again, of a case put off"),
        count("asked_count", "How many times an answer was asked for", nullable=False),
        on("last_due_on", "The day by which the answer was due that was asked for last"),
        text("tags", "Its tags, joined by |"),
        text("flags_seen", "The flags the person saw, each with its pence ('flag_id:pence'), joined by |", nullable=False),
        text("rule_ids", "Their rules, joined by |; this and what follows are null where only a purchase to be read was seen"),
        text(
            "abouts_seen",
            "What they were about, once each with its pence: the payment, or case and subject ('payment_id:pence'), joined by |",
        ),
        text("payment_id", "The payment, where they were about one"),
        text("headline", "Payee and amount, or what the case was about, as the person saw it"),
        on("first_flagged_on", "as_of of the night that first raised the case, as the person saw it"),
        yes_no("is_commissioners", "The first cause lay with the commissioner, as the person saw it"),
        yes_no("is_queued", "It stands in the queue", nullable=False),
        yes_no("is_closed", "A decision closed it", nullable=False),
    ),
    key=("case_id",),
)

CHANGED = Table(
    "decided.changed",
    "time a decision on a case was taken back",
    (
        count("event_number", "The event that took it back", nullable=False),
        text("case_id", "The case", nullable=False),
        text("case_ref", "Its reference", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("was_code", "The decision that was taken back", nullable=False),
        text("was_by", "Who had made it", nullable=False),
        text("was_at", "When, UTC", nullable=False),
        text("changed_code", "How it was taken back", nullable=False, values=("send_back", "reopen")),
        text("changed_by", "Who took it back", nullable=False),
        text("changed_at", "When, UTC", nullable=False),
        text("reason", "The reason given for taking it back", personal=True),
        text("then_code", "The decision that followed; null while there is none"),
        text("then_by", "Who made that"),
        text("then_at", "When, UTC"),
    ),
    key=("event_number",),
)

JUDGEMENTS = Table(
    "decided.judgements",
    "closed case, as a lesson about the flags that were seen",
    (
        count("event_number", "The decision in the casebook", nullable=False),
        text("case_id", "The case", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("rule_ids", "The rules behind the flags that the person saw, joined by |", nullable=False),
        yes_no("is_right", "It was not agreed, referred, or agreed with the plan to be updated", nullable=False),
        on("decided_on", "The day of the decision", nullable=False),
        text("decided_by", "Who decided", nullable=False),
        yes_no("is_own_words", "The reason says more than the flags did, and is no stamp", nullable=False),
    ),
    key=("event_number",),
)

RULE_CHANGES = Table(
    "decided.rule_changes",
    "limit of a rule that one person proposed to change and another approved",
    (
        text("change_id", "The change, as `phb-audit rules changes` names it", nullable=False),
        text("rule_id", "The rule", nullable=False),
        text("limit_name", "The limit", nullable=False),
        on("from_on", "First day it holds", nullable=False),
        text("value_json", "Its value as JSON", nullable=False),
        text("reason", "Why, as the proposer wrote it", nullable=False),
        text("proposed_by", "Who proposed it", nullable=False),
        text("approved_by", "Who approved it: somebody else", nullable=False),
        text("approved_at", "When, UTC", nullable=False),
        count("backtest_event_number", "The backtest on file, in the casebook", nullable=False),
        text("version_before", "The rule's version before", nullable=False),
        text("version_after", "The rule's version with the change", nullable=False),
    ),
    key=("change_id", "limit_name"),
)

EXCEPTIONS = Table(
    "decided.exceptions",
    "exception a named person agreed for a holder",
    (
        text("exception_id", "'E' and eight hex digits", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("category_codes", "Kinds of purchase it covers, joined by |; all when empty", nullable=False),
        text("payee_words", "Words the payee's name must hold; any payee when empty", nullable=False, personal=True),
        text("plan_line_id", "Plan line it belongs to; any when empty", nullable=False),
        money("cap_pence", "The sum up to which it holds, over its whole time", nullable=False),
        on("from_on", "Its first day", nullable=False),
        on("to_on", "Its last day", nullable=False),
        text("words", "The plan's or the agreement's own words", nullable=False, personal=True),
        text("agreed_by", "Who agreed it", nullable=False),
        count("event_number", "The newest event about it in the casebook", nullable=False),
        text("decided_by", "Who recorded it", nullable=False),
        text("decided_at", "When, UTC", nullable=False),
        text("ended_by", "Who ended it before its time"),
        text("ended_because", "Why it was ended then"),
    ),
    key=("exception_id",),
)

RECEIPT_PAIRS = Table(
    "decided.receipt_pairs",
    "payment and receipt a person decided on: together, or apart",
    (
        text("payment_id", "The payment", nullable=False),
        text("receipt_id", "The receipt; one with another number, day or total is another receipt", nullable=False),
        text("holder_id", "The holder", nullable=False),
        yes_no("is_together", "They belong together; else they never do", nullable=False),
        text("reason", "Why, as the person wrote it", personal=True),
        count("event_number", "The newest decision about the pair in the casebook", nullable=False),
        text("decided_by", "Who decided", nullable=False),
        text("decided_at", "When, UTC", nullable=False),
    ),
    key=("payment_id", "receipt_id"),
)

SUPPLIER_ALIASES = Table(
    "decided.supplier_aliases",
    "payee's name and supplier's name that confirmed pairs told to be one; names of people are left out",
    (
        text("payee_name", "The payee's name made comparable, as the bank writes it", nullable=False),
        text("supplier_key", "The supplier's name made comparable, as its receipts write it", nullable=False),
        count("pairs_count", "How many confirmed pairs tell so", nullable=False),
        count("event_number", "The newest of them in the casebook", nullable=False),
        text("decided_by", "Who confirmed it last", nullable=False),
        text("decided_at", "When, UTC", nullable=False),
    ),
    key=("payee_name", "supplier_key"),
)

TABLES = (CATEGORIES, NAMES, GOAL_TAGS, CASES, CHANGED, JUDGEMENTS, RULE_CHANGES, EXCEPTIONS, RECEIPT_PAIRS, SUPPLIER_ALIASES)
