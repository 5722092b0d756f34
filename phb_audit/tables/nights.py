"""Nights: what each run did, and the books. The night's own manifest; Prefect's database is never the audit trail."""

from phb_audit.tables.describe import Table, count, money, on, text

RUNS = Table(
    "nights.runs",
    "night of a commissioner",
    (
        text("run_id", "'<commissioner>-<as_of>'", nullable=False),
        text("commissioner_code", "The commissioner", nullable=False),
        on("as_of_on", "The day the night looks at", nullable=False),
        text("state_code", "Where it stands", nullable=False, values=("running", "failed", "published")),
        text("stage_name", "The stage it is in or ended in", nullable=False),
        text("problem", "What went wrong and what to do, without personal data"),
        text("version", "Version of phb_audit", nullable=False),
        text("rules_version", "Hash of all rules and limits"),
    ),
    key=("run_id",),
)

CONTROL_TOTALS = Table(
    "nights.control_totals",
    "night, stage and line of its books",
    (
        text("run_id", "The night", nullable=False),
        text(
            "stage_name",
            "landed, validated, decided, classified, matched, flagged, ranked, watched, drawn, shown, published",
            nullable=False,
        ),
        text("side_code", "Which side of the equation", nullable=False, values=("in", "out")),
        text("item", "What is counted: rows read, admitted, quarantined, repeats ...", nullable=False),
        count("rows_count", "Rows", nullable=False),
        money("sum_pence", "Sum of amounts", nullable=False),
    ),
    key=("run_id", "stage_name", "side_code", "item"),
    is_published=True,
)

LIMITS = Table(
    "nights.limits",
    "limit of a rule, from each day it holds, as a night used it",
    (
        text("run_id", "The night", nullable=False),
        text("rule_id", "The rule", nullable=False),
        text("limit_name", "The limit", nullable=False),
        on("from_on", "First day it holds; null: from the beginning"),
        text("value_shown", "Its value, as people read it", nullable=False),
        on("told_on", "Day holders were told of it, where limits.toml says so"),
    ),
    key=("run_id", "rule_id", "limit_name", "from_on"),
)

RULES = Table(
    "nights.rules",
    "rule, as a night used it",
    (
        text("run_id", "The night", nullable=False),
        text("rule_id", "The rule", nullable=False),
        text("rule_version", "Hash of the rule's file and limits, as every flag of that night carries it", nullable=False),
        text("text_version", "Hash of the rule's file alone", nullable=False),
        text("earlier_version", "Its version in the night before; null where there was none"),
        text(
            "change_code",
            "What changed since the night before: its file came with the software, limits a second person approved, limits nobody approved",
            nullable=False,
            values=("none", "first_night", "software", "approved", "without_second_person"),
        ),
    ),
    key=("run_id", "rule_id"),
)

OWN_LIMITS = Table(
    "nights.own_limits",
    "value that the installation's own limits.toml writes, as a night read it",
    (
        text("run_id", "The night", nullable=False),
        text("rule_id", "The rule", nullable=False),
        text("limit_name", "The limit", nullable=False),
        on("from_on", "First day it holds; null: from the beginning"),
        text("value_shown", "Its value, as people read it", nullable=False),
        text("change_id", "The approved change that stands behind it; null: changed without a second person"),
        text("proposed_by", "Who proposed that change"),
        text("approved_by", "Who approved it: somebody else"),
        text("approved_at", "When, UTC"),
    ),
    key=("run_id", "rule_id", "limit_name", "from_on"),
)

KEYS = Table(
    "nights.keys",
    "identity key the pseudonyms of this warehouse were made with",
    (text("key_fingerprint", "16 hex digits that tell keys apart and give nothing of the key away", nullable=False),),
    key=("key_fingerprint",),
)

CARRIED = Table(
    "nights.carried",
    "night, how far it read the casebook, and which classifier it asked",
    (
        text("run_id", "The night", nullable=False),
        count("event_number", "The newest event of the casebook it saw; 0 where there was none", nullable=False),
        text("head_hash", "The hash of that event, which stands for the whole log up to it; null where there was none"),
        text("classifier", "'shipped', or the version of one the commissioner's decisions taught", nullable=False),
    ),
    key=("run_id",),
)

TABLES = (RUNS, CONTROL_TOTALS, LIMITS, RULES, OWN_LIMITS, KEYS, CARRIED)
