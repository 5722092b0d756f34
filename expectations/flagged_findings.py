"""What the rules must leave behind: post-conditions, so a failure stops the night."""

from expectations.shared import OPERATOR, condition
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "flagged.findings",
    (
        Expectation(
            "flag_once",
            "unique",
            ("flag_id",),
            "stop",
            reason="A thing is put to a person once.",
            problem="A flag is there twice.",
            fix_owner=OPERATOR,
        ),
        Expectation(
            "severity_known",
            "between",
            ("severity",),
            "stop",
            reason="Severities run from 0 to 4.",
            problem="A severity is not between 0 and 4.",
            fix_owner=OPERATOR,
            parameters={"least": 0, "most": 4},
        ),
        Expectation(
            "outcome_known",
            "one_of",
            ("outcome_code",),
            "stop",
            reason="What is proposed is one of four things.",
            problem="A flag proposes something that is not on the list.",
            fix_owner=OPERATOR,
            parameters={"values": ("refuse", "query", "clinician", "information")},
        ),
        condition(
            "flag_explains_itself",
            ("sentence", "basis", "innocent", "ask", "clears"),
            "trim(sentence) <> '' AND trim(basis) <> '' AND trim(innocent) <> '' AND trim(ask) <> '' AND trim(clears) <> ''",
            "stop",
            reason="A flag says what was seen, on what basis, the innocent explanation, what to ask and what would clear it.",
            problem="A flag does not explain itself.",
            owner=OPERATOR,
        ),
        condition(
            "ordinary_readers_only",
            ("is_restricted", "is_safeguarding"),
            "NOT is_restricted AND NOT is_safeguarding",
            "stop",
            reason="Every reviewer reads this table: what is for the safeguarding lead or the Local Counter Fraud Specialist stands apart.",
            problem="A flag that is not for every reviewer stands among the ordinary ones.",
            owner=OPERATOR,
        ),
        Expectation(
            "words_are_fair",
            "not_matching",
            ("sentence",),
            "inform",
            reason="A flag is a prompt to look, never a finding about someone; its words must say no more (a payee's name may).",
            problem="A flag's sentence uses a word that accuses.",
            fix_owner=OPERATOR,
            parameters={"pattern": r"(?i)\b(suspicio|susp[e]ct|offend|culpri[t]|violat|anomal)"},
        ),
    ),
    key="flag_id",
)
