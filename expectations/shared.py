"""Facts that several suites have in common, and the people who mend what fails."""

from __future__ import annotations

from phb_audit.tables import TABLES
from phb_audit.validated.suite import LAST_RESORT, SENDER, Expectation, Only, Severity, Value

FINANCE = "the commissioner's finance team"
CARE = "the continuing healthcare team"
OPERATOR = "whoever runs phb_audit"

MOST_PENCE = 50_000_00

# What no table can do without; a failure is a fault of the program or of the warehouse, so the night stops.
EVERY_LANDED_ROW = (
    Expectation(
        "columns_are_there",
        "columns",
        ("row_id", "file_id", "line_number", "feed_code", "holder_ref"),
        "stop",
        reason="Every row must be traceable to its file and line, and to a person.",
        problem="A column is missing.",
        fix_owner=OPERATOR,
    ),
    Expectation(
        "row_id_filled",
        "filled",
        ("row_id",),
        "stop",
        reason="Every row has an id made of its content.",
        problem="A row has no id.",
        fix_owner=OPERATOR,
    ),
    Expectation(
        "row_id_once",
        "unique",
        ("row_id",),
        "stop",
        reason="A row goes through the gate once; twice would count its money twice.",
        problem="A row is there twice.",
        fix_owner=OPERATOR,
        rule_ids=("Q-05",),
    ),
    Expectation(
        "line_filled",
        "filled",
        ("line_number",),
        "stop",
        reason="Whoever mends a row must be able to find it.",
        problem="A row has no line number.",
        fix_owner=OPERATOR,
    ),
    Expectation(
        "row_is_whole",
        "holds",
        ("problem_text",),
        "quarantine",
        reason="More cells than the header, half a last line or an unreadable record: the values may stand in the wrong places.",
        problem="The row cannot be trusted as a whole: {problem_text}.",
        rule_ids=("Q-02",),
        parameters={"condition": "problem_text IS NULL"},
    ),
)

NHS_NUMBER_PASSES = Expectation(
    "nhs_number_passes",
    "not_matching",
    ("holder_ref",),
    "quarantine",
    reason="An NHS number that fails its check digit may be somebody else's.",
    problem="The NHS number fails its check digit.",
    rule_ids=("Q-01",),
    parameters={"pattern": "^!"},
)

PERSON_GIVEN = Expectation(
    "person_given",
    "filled",
    ("holder_ref",),
    "quarantine",
    reason="A row that names no person can be held against nobody's plan.",
    problem="The row names no person.",
    rule_ids=("Q-01", "Q-02"),
)

PERSON_HAS_BUDGET = Expectation(
    "person_has_budget",
    "known_in",
    ("holder_id",),
    "quarantine",
    reason="Money and plans belong to a budget; without one the row waits for the budgets register.",
    problem="The person has no budget on the register.",
    fix_owner=FINANCE,
    rule_ids=("Q-02",),
    parameters={"table": "validated.budgets", "columns": ("holder_id",)},
)

EVERY_PERSONS_ROW = (*EVERY_LANDED_ROW, NHS_NUMBER_PASSES, PERSON_GIVEN, PERSON_HAS_BUDGET)

PLAN_ON_FILE = Expectation(
    "plan_version_on_file",
    "known_in",
    ("plan_version_id", "holder_id"),
    "quarantine",
    reason="A line or an outcome means something only within an admitted version of the same person's plan.",
    problem="Version {plan_version_id} of this person's plan is not on file.",
    fix_owner=CARE,
    rule_ids=("Q-02",),
    parameters={"table": "validated.plans", "columns": ("plan_version_id", "holder_id")},
)

NO_IDENTITY_IN_TEXT = Expectation(
    "no_identity_in_text",
    "holds",
    ("has_identity_text",),
    "inform",
    reason="NHS numbers and account numbers do not belong in free text. They are masked before the row is admitted.",
    problem="The text holds an NHS number or an account number; it was masked.",
    rule_ids=("Q-10",),
    parameters={"condition": "NOT has_identity_text"},
)


def given(column: str, what: str, *, rule_id: str = "Q-02", severity_code: Severity = "quarantine", owner: str = SENDER) -> Expectation:
    """The column is filled: `what` names it in words ('a plan number')."""
    return Expectation(
        f"{column}_given",
        "filled",
        (column,),
        severity_code,
        reason=f"Without {what} the row cannot be placed.",
        problem=f"The row gives no {what.removeprefix('a ').removeprefix('an ').removeprefix('the ')}.",
        fix_owner=owner,
        rule_ids=(rule_id,),
    )


def day_read(column: str, what: str, *, severity_code: Severity = "quarantine") -> Expectation:
    """Where there is text, it was read as a date; the text column is `<column less _on>_on_text` or `<column>_text`."""
    text = text_of(column)
    return Expectation(
        f"{column}_read",
        "filled",
        (column,),
        severity_code,
        reason=f"{what} decides which plan, budget year and night the row belongs to.",
        problem=f'{what} is given as "{{{text}}}", which is not a date from 2005 to 2099.',
        rule_ids=("Q-04",),
        where=(Only(text),),
    )


def amount_read(column: str, text: str, what: str, *, severity_code: Severity = "quarantine") -> Expectation:
    """Where there is text, it was read as pounds and pence."""
    return Expectation(
        f"{column.removesuffix('_pence')}_read",
        "filled",
        (column,),
        severity_code,
        reason=f"{what} that is guessed at is worse than one that is missing.",
        problem=f'{what} is given as "{{{text}}}", which is not pounds and pence.',
        rule_ids=("Q-03",),
        where=(Only(text),),
    )


def amount_within(column: str, what: str, *, least: int = -MOST_PENCE, most: int = MOST_PENCE, words: str = "£50,000") -> Expectation:
    """The amount is within limits: more is nearly always a slipped decimal point."""
    return Expectation(
        f"{column.removesuffix('_pence')}_within_limit",
        "between",
        (column,),
        "quarantine",
        reason=f"{what} beyond {words} on one line is nearly always a slipped decimal point.",
        problem=f"{what} is beyond {words}: {{{column}}} pence.",
        rule_ids=("Q-03",),
        parameters={"least": least, "most": most},
    )


def not_ahead(column: str, what: str, *, severity_code: Severity = "quarantine") -> Expectation:
    """The day is not after the night's own day."""
    return Expectation(
        f"{column}_not_ahead",
        "between",
        (column,),
        severity_code,
        reason=f"{what} after the night's own day has not happened; the row is tried again every night.",
        problem=f"{what}, {{{column}}}, is after the day this night looks at.",
        rule_ids=("Q-04",),
        parameters={"most": "$as_of"},
    )


def in_order(first: str, second: str, what: str, *, severity_code: Severity = "quarantine") -> Expectation:
    """The second day is not before the first."""
    return Expectation(
        f"{second}_not_before_{first}",
        "in_order",
        (first, second),
        severity_code,
        reason=f"{what} cannot end before it begins.",
        problem=f"{what} ends on {{{second}}}, before it begins on {{{first}}}.",
        rule_ids=("Q-04",),
    )


def code_known(column: str, text: str, what: str, *, severity_code: Severity, rule_id: str = "Q-07") -> Expectation:
    """Where there is text, it is one of the codes we know."""
    return Expectation(
        f"{column}_known",
        "filled",
        (column,),
        severity_code,
        reason=f"{what} that is not on our list cannot be judged by it.",
        problem=f'{what} is "{{{text}}}", which is not on our list.',
        rule_ids=(rule_id,),
        where=(Only(text),),
    )


def condition(
    name: str,
    columns: tuple[str, ...],
    holds: str,
    severity_code: Severity,
    *,
    reason: str,
    problem: str,
    rule_ids: tuple[str, ...] = (),
    owner: str = SENDER,
    where: tuple[Only, ...] = (),
) -> Expectation:
    """An SQL condition over the row, for what no other kind can say."""
    more: dict[str, Value] = {"condition": holds}
    return Expectation(name, "holds", columns, severity_code, reason, problem, owner, rule_ids, more, where)


def text_of(column: str) -> str:
    """The landed text column a typed day was read from."""
    return {"effective_from_on": "effective_from_text", "effective_to_on": "effective_to_text"}.get(column) or (
        f"{column.removesuffix('_on')}_text" if column.startswith("period_") else f"{column}_text"
    )


def complete(*table_names: str, unless: str = "") -> Expectation:
    """Every column the validated tables cannot do without is filled. `unless`: a condition under which the last table does not apply."""
    parts = []
    for name in table_names:
        needed = tuple(column.name for column in TABLES[name].columns if not column.nullable and column.name != "run_id")
        filled = " AND ".join(f"{column} IS NOT NULL" for column in needed)
        parts.append(f"({unless} OR ({filled}))" if unless and name == table_names[-1] and len(table_names) > 1 else f"({filled})")
    columns = [column.name for name in table_names for column in TABLES[name].columns if not column.nullable and column.name != "run_id"]
    return condition(
        LAST_RESORT,
        tuple(dict.fromkeys(columns)),
        " AND ".join(parts),
        "quarantine",
        reason="What every later stage relies on is there.",
        problem="Something this row cannot do without is missing or cannot be read.",
        rule_ids=("Q-02",),
    )
