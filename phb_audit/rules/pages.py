"""The reference page of each rule, made from its file. `python -m phb_audit.rules.pages docs/reference/rules` writes them anew.

Headings are the same on every page, so that two rules can be compared. What a page says of exclusions and assumptions follows from
what the rule declares: nothing is written by hand.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from phb_audit.rules.example import Example, Row
from phb_audit.rules.register import Registered, bases, purpose, shipped_rules
from phb_audit.rules.rule import ALL_FEEDS, FAMILY_TITLES
from phb_audit.rules.wording import fields_of, limit_in_words, plain

MARK = "<!-- Made from the rule's file by phb_audit/rules/pages.py. Change the rule, not this page. -->"
OUTCOMES = {
    "refuse": "propose that it is not paid from the budget; a named person decides",
    "query": "ask for evidence",
    "clinician": "ask the care co-ordinator or a clinician",
    "information": "tell; nobody is asked",
}


WHY = {
    "A1": "Some things a direct payment may not buy, whatever the plan says; a purchase of one may need another way to be paid.",
    "A2": "Money is for what the care plan agreed. Where the two do not meet, the plan may be as much at fault as the purchase.",
    "A3": "Receipts and statements show what money was for. A paper that is missing or does not fit is mostly a paper to be found.",
    "A4": "The account shows whether the money is there, is enough, and goes where it should.",
    "A5": "People who are paid must be paid rightly, and only for care that was given.",
    "A6": "The commissioner's own duties come first: a late review or a vague plan explains much of what else is found.",
    "A7": "What is unusual for a person, or among people in like case, may be worth a look. It is never wrong by itself.",
    "A8": "What rests on a bad row is a bad question.",
}
HOW_OFTEN = (
    "Counted from your own decisions, with its interval: `phb-audit rules backtest {}` gives the share of its flags that stood in cases "
    "people agreed to. Nothing is shipped: another place's decisions are not yours."
)
SETTLED = ("A2", "A7")
READINGS = ("category_code", "second_code", "set_codes", "probability_share", "is_abstained")


def page_name(one: Registered) -> str:
    """The file name of a rule's page."""
    return f"{one.rule.id}-{one.path.stem.replace('_', '-')}.md"


def page(one: Registered) -> str:
    """One rule's page as Markdown."""
    rule = one.rule
    parts = [
        f"# {rule.id} {rule.title}",
        MARK,
        purpose(one),
        _facts(one),
        _section(
            "Condition",
            f"It looks only at {in_words(rule.looks_at, one)}. Where it finds something, a reader sees:\n\n"
            f"> {in_words(rule.sentence, one)}",
        ),
        _section("Method", _method(one)),
        _section("Why we look", f"{WHY[rule.family]} {in_words(rule.usual, one)}"),
        _section("Based on", bases()[rule.basis]),
        _section("Innocent explanations", rule.innocent),
        _section("What to ask, and what helps to decide", f"{in_words(rule.ask, one)}\n\n{rule.clears}"),
        _section("Exclusions", _exclusions(one)),
        _section("Assumptions", _assumptions(one, paths_of(one))),
        _examples(one),
        _section("How often agreed", HOW_OFTEN.format(rule.id)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def in_words(template: str, one: Registered) -> str:
    """A template with its limits filled in and its columns as names: 'paid on {paid_on:day}' stays legible as 'paid on [paid on]'."""
    return plain(template, {**_names(template), **one.limits})


def _names(template: str) -> dict[str, object]:
    return {name: f"[{name.removesuffix('_pence').removesuffix('_code').replace('_', ' ')}]" for name, _ in fields_of(template)}


def _facts(one: Registered) -> str:
    rule = one.rule
    routes = []
    if rule.restricted_with:
        routes.append(f"kept out of ordinary reports when one of {', '.join(rule.restricted_with)} is found for the same person")
    if rule.is_safeguarding:
        routes.append("safeguarding")
    rows = [
        ("Family", f"{rule.family} {FAMILY_TITLES[rule.family]}"),
        ("Severity", f"{rule.severity} of 4"),
        ("Proposal", OUTCOMES[rule.outcome]),
        ("Whose cause", "the commissioner's own" if rule.is_commissioners else "to be asked"),
        ("Route", "; ".join(routes) or "ordinary"),
        ("Explained first by", ", ".join(rule.explained_by) or "-"),
        ("Settles", ", ".join(rule.settles) or "-"),
        *([("Settled by an agreed item", "never")] if rule.never_settled else []),
        ("Waits for", "all feeds" if set(rule.waits_for) == set(ALL_FEEDS) else ", ".join(rule.waits_for) or "-"),
        ("Owner, reviewer, next review", f"{rule.owner}; {rule.reviewer}; {rule.next_review.isoformat()}"),
        ("File", f"`phb_audit/rules/{one.path.parent.name}/{one.path.name}`"),
    ]
    return "| | |\n|---|---|\n" + "\n".join(f"| {name} | {words} |" for name, words in rows)


def _section(heading: str, words: str) -> str:
    return f"## {heading}\n\n{words}"


def _variants(one: Registered) -> str:
    said = []
    for code, variant in one.rule.variants.items():
        words = [in_words(text, one) for text in (variant.sentence, variant.not_found) if text]
        notes = [f"proposal: {OUTCOMES[variant.outcome]}"] if variant.outcome else []
        notes += [f"severity {variant.severity}"] if variant.severity is not None else []
        notes += ["safeguarding"] if variant.is_safeguarding else []
        notes += ["the commissioner's own cause"] if variant.is_commissioners else []
        if words or notes:
            noted = f" ({'; '.join(notes)})" if notes else ""
            said.append(f"* **{code.replace('_', ' ')}**{noted} {' / '.join(words)}".rstrip())
    return "Other ways to say it:\n\n" + "\n".join(said) if said else ""


def _method(one: Registered) -> str:
    parts = [f"Left alone, it says why:\n\n> {in_words(one.rule.not_found, one)}", _variants(one), _limits(one)]
    return "\n\n".join(part for part in parts if part)


def _limits(one: Registered) -> str:
    if not one.limits:
        return "It has no limits to set."
    words = f"Limits, to be overridden in `limits.toml` under `[commissioner.<code>.{one.rule.id}]`:"
    rows = "\n".join(
        f"| `{name}` | {limit_in_words(value, 'pounds' if name.endswith('_pence') else '') or 'none'} |"
        for name, value in one.limits.items()
    )
    return f"{words}\n\n| limit | ordinary value |\n|---|---|\n{rows}"


def _exclusions(one: Registered) -> str:
    rule, told = one.rule, []
    if rule.family in SETTLED and not rule.never_settled:
        told.append("What the plan agrees by name (P-04), or an agreed exception covers, is not asked about: it is unusual, agreed.")
    elif rule.never_settled:
        told.append("Nothing settles it: it stands even where the plan agrees the purchase by name.")
    else:
        told.append("An agreed plan item or exception does not settle it.")
    if rule.restricted_with:
        told.append(f"It is kept out of ordinary reports when one of {', '.join(rule.restricted_with)} is found for the same person.")
    if rule.waits_for:
        feeds = "any feed" if set(rule.waits_for) == set(ALL_FEEDS) else f"one of {', '.join(rule.waits_for)}"
        told.append(f"A person whose rows of {feeds} were refused tonight is not put to it until they are mended.")
    return "\n".join(f"* {words}" for words in told)


def _assumptions(one: Registered, text: str) -> str:
    told = []
    if any(name in text for name in READINGS):
        told.append("What was bought has been read rightly from the words, the merchant code or the receipt.")
    if "plan_lines" in text or "plans" in text or "plan_version_id" in text:
        told.append("The plan on file is the plan that was agreed, with its dates.")
    if "receipt" in text:
        told.append("Receipts that were sent have arrived, and stand beside the right payment.")
    if "pay_slips" in text:
        told.append("The payroll return is whole.")
    if "accounts" in text or "balance_pence" in text:
        told.append("Statements are whole, and their balances right.")
    if "events" in text:
        told.append("Admissions, absences and ends have been recorded with their days.")
    told.append(
        "The files of the night are whole for the days they cover; a late one is said to be late, and is not missing care or missing paper."
    )
    return "\n".join(f"* {words}" for words in told)


def paths_of(one: Registered) -> str:
    """The code of the rule's finding function, from which its frames and columns can be told."""
    return inspect.getsource(inspect.unwrap(one.find))


def _examples(one: Registered) -> str:
    return _section("Worked examples", "Checked by the tests.\n\n" + "\n".join(_example(example) for example in one.rule.examples))


def _example(example: Example) -> str:
    found = "nothing is found" if not example.flags else "found" if example.flags == 1 else f"{example.flags} are found"
    rows = "; ".join(f"{name}: {_row(row)}" for name, given in example.rows.items() for row in given)
    return f"* **{example.kind.capitalize()}.** {example.says}: {found}.\n  <br>`{rows}`"


def _row(row: Row) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.items()) or "an ordinary row"


def index(rules: tuple[Registered, ...]) -> str:
    """The page that lists all rules by family, in their order of evaluation."""
    parts = ["# Rules", MARK, "In their order of evaluation. A flag is a prompt to look, never a finding about someone."]
    for family in dict.fromkeys(one.rule.family for one in rules):
        rows = [_index_row(one) for one in rules if one.rule.family == family]
        head = "| rule | title | severity | proposal | commissioner's own |\n|---|---|---|---|---|"
        parts.append(f"## {family} {FAMILY_TITLES[family]}\n\n{head}\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _index_row(one: Registered) -> str:
    own = "yes" if one.rule.is_commissioners else ""
    return f"| [{one.rule.id}]({page_name(one)}) | {one.rule.title} | {one.rule.severity} | {one.rule.outcome} | {own} |"


def pages() -> dict[str, str]:
    """File names to pages: one for each rule, and README.md."""
    rules = shipped_rules()
    return {"README.md": index(rules)} | {page_name(one): page(one) for one in rules}


def main() -> None:
    """Write all pages to the folder given, and remove those of rules that are gone."""
    folder = Path(sys.argv[1])
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
