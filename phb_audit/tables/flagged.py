"""Flagged: what rules found, and the cases put before a person. A flag is a prompt to look, never a finding about someone."""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no

OUTCOMES = ("refuse", "query", "clinician", "information")
SUBJECTS = ("payment", "receipt", "account", "plan", "holder", "pay_slip", "instalment", "return", "feed")
# holder_id of a flag about a whole feed, and not about one holder.
EVERYONE = "ALL"
ORDINARY = "ordinary"  # the lane of what every reviewer may read; the others are in tables/apart.py

FINDINGS = Table(
    "flagged.findings",
    "thing a rule found, tonight or on an earlier night and still true",
    (
        text("flag_id", "'F' + 16 hex: hash of rule id and what makes two findings the same flag", nullable=False),
        text("run_id", "The night that last found it", nullable=False),
        text("first_run_id", "The night that first found it", nullable=False),
        on("first_flagged_on", "as_of of that night", nullable=False),
        text("case_id", "The case it is part of", nullable=False),
        text("rule_id", "The rule", nullable=False),
        text("rule_version", "First 8 hex digits of the hash of the rule's file and limits", nullable=False),
        text("family_code", "A1 to A8", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("subject_code", "What kind of thing it is about", nullable=False, values=SUBJECTS),
        text("subject_id", "Its id", nullable=False),
        text("payment_id", "The payment, where it is about one"),
        on("subject_on", "The day the subject happened", nullable=False),
        money("at_stake_pence", "The money the question is about", nullable=False),
        text("outcome_code", "What is proposed", nullable=False, values=OUTCOMES),
        count("severity", "0 to 4", nullable=False),
        text("title", "The rule's title for readers", nullable=False),
        text("sentence", "What we saw, with the numbers", nullable=False, personal=True),
        text("usual", "What is usual, and for whom", nullable=False),
        text("plan_words", "The plan's own words, or that there are none", nullable=False, personal=True),
        text("basis_code", "Key of bases.toml", nullable=False),
        text("basis", "The legal or local basis in words", nullable=False),
        text("innocent", "The innocent explanation", nullable=False),
        text("ask", "What to ask, and whom", nullable=False),
        text("clears", "What helps to decide, in the words of the rule; flagged.clearings has what would clear the case", nullable=False),
        text("measured", "JSON of the numbers the rule used and its limits", nullable=False),
        yes_no("is_commissioners", "The cause lies with the commissioner", nullable=False),
        yes_no("is_restricted", "False in this table: what is for the Local Counter Fraud Specialist is in apart.findings", nullable=False),
        yes_no("is_safeguarding", "False in this table: what is for the safeguarding lead is in apart.findings", nullable=False),
    ),
    key=("flag_id",),
    is_published=True,
)

SUPPRESSED = Table(
    "flagged.suppressed",
    "thing a rule found that an agreed plan item or an agreed exception settles",
    (
        text("flag_id", "As flagged.findings.flag_id", nullable=False),
        text("run_id", "The night", nullable=False),
        text("rule_id", "The rule", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("payment_id", "The payment", nullable=False),
        text("settled_by", "What settles it: rule id and plan line, or the exception", nullable=False),
        text("sentence", "Why it is settled, in words", nullable=False, personal=True),
        yes_no("is_read_again", "Drawn by chance to be read again by a person", nullable=False),
    ),
    key=("flag_id",),
    is_published=True,
)

CLEARED = Table(
    "flagged.cleared",
    "flag of an earlier night that is no longer found",
    (
        text("flag_id", "As flagged.findings.flag_id", nullable=False),
        text("run_id", "The night that no longer found it", nullable=False),
        on("cleared_on", "as_of of that night", nullable=False),
        text("rule_id", "The rule", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("payment_id", "The payment, where it is about one"),
        text("sentence", "What it said", nullable=False, personal=True),
        text("because", "What overtook it: receipt added, plan received, ...", nullable=False),
        text("first_run_id", "The night that first found it"),
        on("first_flagged_on", "as_of of that night"),
        yes_no("is_restricted", "False in this table: see apart.cleared; unknown, of old rows, counts as true"),
    ),
    key=("flag_id", "run_id"),
    is_published=True,
)

CASES = Table(
    "flagged.cases",
    "thing for a person to decide",
    (
        text("case_id", "16 hex digits: hash of what the case is about", nullable=False),
        text("case_ref", "Short reference for people: 'F' and eight letters or digits, unique", nullable=False),
        text("run_id", "The night that last touched it", nullable=False),
        on("first_flagged_on", "as_of of the night that first raised it", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("holder_shown", "The holder as reports show it: 'PHB-' and six characters of the pseudonym", nullable=False),
        text("payment_id", "The payment, where it is about one"),
        text("headline", "Payee and amount, or what it is about", nullable=False),
        on("subject_on", "Day of the subject", nullable=False),
        money("at_stake_pence", "The money the question is about", nullable=False),
        count("severity", "Highest severity among its flags", nullable=False),
        text("priority_code", "Priority", nullable=False, values=("high", "medium", "low")),
        text("outcome_code", "Strongest outcome proposed", nullable=False, values=OUTCOMES),
        count("flags_count", "How many flags it holds", nullable=False),
        text("rule_ids", "Their rules, joined by |, in order of weight", nullable=False),
        yes_no("is_commissioners", "The first cause lies with the commissioner", nullable=False),
        yes_no("is_restricted", "False in this table: see apart.cases", nullable=False),
        share("rank_score", "Order of the queue: higher first", nullable=False),
        count("rank", "1 is first; 0 for a case that is not in the queue", nullable=False),
        text("state_code", "Where it stands, as people moved it (docs/reference/case-states.md)", nullable=False),
        yes_no("is_queued", "It stands in the queue", nullable=False),
        text("decision_code", "The move that last changed its state"),
        text("decided_by", "Who made that move"),
        text("decided_at", "When, UTC"),
        on("due_on", "The day an answer is due, or a case put off is open again"),
        text("news", "What is new since the decision, in words", personal=True),
    ),
    key=("case_id",),
    is_published=True,
)

STORIES = Table(
    "flagged.stories",
    "story and holder whose flags bear it out tonight",
    (
        text("story_id", "'T' + 16 hex: hash of story and holder", nullable=False),
        text("run_id", "The night that last told it", nullable=False),
        text("story_code", "The story, S-01 and on", nullable=False),
        text("story_version", "First 8 hex digits of the hash of its file", nullable=False),
        text("risk_code", "Which of the five risks it is about", nullable=False),
        text("title", "Its name for readers", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("holder_shown", "The holder as reports show it", nullable=False),
        on("from_on", "Day of the earliest of its flags", nullable=False),
        on("to_on", "Day of the latest", nullable=False),
        count("signs_count", "How many independent signs there are", nullable=False),
        count("core_count", "How many of them are core", nullable=False),
        money("at_stake_pence", "The money its flags are about, each payment once", nullable=False),
        text("rule_ids", "The rules that found them, joined by |", nullable=False),
        text("flag_ids", "The flags, joined by |", nullable=False),
        text("case_refs", "The cases they stand in, joined by |", nullable=False),
        text("sentence", "What was seen together, with the numbers", nullable=False),
        text("innocent", "What it looks like innocently", nullable=False),
        text("ask", "What to ask first", nullable=False),
        text("ask_whom", "Whom to ask", nullable=False),
    ),
    key=("story_id",),
    is_published=True,
)

CLEARINGS = Table(
    "flagged.clearings",
    "case and smallest set of things that, supplied together, would clear it",
    (
        text("case_id", "The case", nullable=False),
        text("run_id", "The night that worked it out", nullable=False),
        count("set_number", "1 is the smallest", nullable=False),
        text(
            "fact_codes",
            "What is to be supplied (phb_audit/flagged/supplied), joined by |; empty where nothing would clear it",
            nullable=False,
        ),
        text("words", "The same in words, with who can supply it", nullable=False),
    ),
    key=("case_id", "set_number"),
    is_published=True,
)

CERTAIN = "certain"
TIERS = (CERTAIN, "first", "ranked", "demoted")

RANKED = Table(
    "flagged.ranked",
    "case in the queue, with what its place rests on",
    (
        text("case_id", "As flagged.cases.case_id", nullable=False),
        text(
            "tier_code",
            "certain: read whatever else; first: expected to be right as often as ranking.toml asks",
            nullable=False,
            values=TIERS,
        ),
        share("score", "Log-odds that it leads to something: the sum of its parts in flagged.score_parts", nullable=False),
        share("chance_share", "The same as a chance, 0 to 1", nullable=False),
        money("at_stake_pence", "The money the question is about", nullable=False),
        money("harm_pence", "What it is worth to look beyond the money, by severity", nullable=False),
        share("minutes", "Minutes it takes to read, by what it proposes", nullable=False),
        share("worth_per_minute", "Chance times money and harm, in pounds, for a minute of reading", nullable=False),
        yes_no("is_within_minutes", "It fits in the week's minutes, or is certain", nullable=False),
    ),
    key=("case_id",),
    is_published=True,
)

SCORE_PARTS = Table(
    "flagged.score_parts",
    "case in the queue and named part of its score; with 'usual', the parts add up to flagged.ranked.score",
    (
        text("case_id", "The case", nullable=False),
        text("part_name", "'usual', or the rule, or the detector", nullable=False),
        share("value_share", "How strongly it speaks, 0 to 1; 1 for 'usual'", nullable=False),
        share("part", "What it adds to the log-odds", nullable=False),
    ),
    key=("case_id", "part_name"),
    is_published=True,
)

PART_WEIGHTS = Table(
    "flagged.part_weights",
    "named part of scores, with where its weight started and what decisions made of it",
    (
        text("run_id", "The night that fitted it", nullable=False),
        text("part_name", "The rule, or the detector", nullable=False),
        share("start", "Where the weight starts, by severity", nullable=False),
        share("learned", "What decisions alone would make of it", nullable=False),
        share("weight", "The weight tonight: as learned, or 0 where demoted, or where it starts where a stop rule says so", nullable=False),
        share("decided", "Decided cases with it, as they count today", nullable=False),
        share("right_share", "Of these, the share that led to something; null where none is decided"),
        yes_no("is_stopped", "It starts again from its severity, since it fell on one group (watched.stopped_parts)", nullable=False),
        yes_no("is_demoted", "Too few of its decided cases led to anything: cases with nothing else are read last", nullable=False),
    ),
    key=("run_id", "part_name"),
    is_published=True,
)

READING_TIME = Table(
    "flagged.reading_time",
    "night: what of its list fits in a week's minutes, and what one more hour would find",
    (
        text("run_id", "The night", nullable=False),
        share("flagged_minutes", "Minutes a week for flagged cases", nullable=False),
        count("queue_count", "Cases in the queue", nullable=False),
        share("queue_minutes", "Minutes it would take to read them all", nullable=False),
        count("within_count", "Cases that fit in the week's minutes", nullable=False),
        money("within_pence", "Money they are expected to put rightly in question", nullable=False),
        money("within_low_pence", "Lower end of its 95% interval", nullable=False),
        money("within_high_pence", "Upper end", nullable=False),
        count("more_count", "Cases that one more hour would reach", nullable=False),
        money("more_pence", "Money these are expected to put rightly in question", nullable=False),
        money("more_low_pence", "Lower end of its 95% interval", nullable=False),
        money("more_high_pence", "Upper end", nullable=False),
    ),
    key=("run_id",),
    is_published=True,
)

TABLES = (FINDINGS, SUPPRESSED, CLEARED, CASES, STORIES, CLEARINGS, RANKED, SCORE_PARTS, PART_WEIGHTS, READING_TIME)
