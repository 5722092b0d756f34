"""The reference page of each rule, made from its file. `python -m phb_audit.rules.pages docs/reference/rules` writes them anew.

Headings are the same on every page, so that two rules can be compared.
"""

from __future__ import annotations

import sys
from pathlib import Path

from phb_audit.rules.example import Example, Row
from phb_audit.rules.register import Registered, bases, purpose, shipped_rules
from phb_audit.rules.rule import FAMILY_TITLES
from phb_audit.rules.wording import fields_of, limit_in_words, plain

MARK = "<!-- Made from the rule's file by phb_audit/rules/pages.py. Change the rule, not this page. -->"
OUTCOMES = {
    "refuse": "propose that it is not paid from the budget; a named person decides",
    "query": "ask for evidence",
    "clinician": "ask the care co-ordinator or a clinician",
    "information": "tell; nobody is asked",
}


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
        _section("What it looks at", f"Only {_words(rule.looks_at, one)}."),
        _section("What a reader sees", f"> {_words(rule.sentence, one)}"),
        _section("When it is left alone", f"> {_words(rule.not_found, one)}"),
        _section("What is usual", _words(rule.usual, one)),
        _section("The innocent explanation", rule.innocent),
        _section("What to ask", rule.ask),
        _section("What clears it", rule.clears),
        _section("Based on", bases()[rule.basis]),
        _variants(one),
        _limits(one),
        _examples(one),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _words(template: str, one: Registered) -> str:
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
        ("Waits for", "all feeds" if len(rule.waits_for) > 8 else ", ".join(rule.waits_for) or "-"),
        ("Owner, reviewer, next review", f"{rule.owner}; {rule.reviewer}; {rule.next_review.isoformat()}"),
        ("File", f"`phb_audit/rules/{one.path.parent.name}/{one.path.name}`"),
    ]
    return "| | |\n|---|---|\n" + "\n".join(f"| {name} | {words} |" for name, words in rows)


def _section(heading: str, words: str) -> str:
    return f"## {heading}\n\n{words}"


def _variants(one: Registered) -> str:
    said = []
    for code, variant in one.rule.variants.items():
        words = [_words(text, one) for text in (variant.sentence, variant.not_found) if text]
        notes = [f"proposal: {OUTCOMES[variant.outcome]}"] if variant.outcome else []
        notes += [f"severity {variant.severity}"] if variant.severity is not None else []
        notes += ["safeguarding"] if variant.is_safeguarding else []
        notes += ["the commissioner's own cause"] if variant.is_commissioners else []
        if words or notes:
            noted = f" ({'; '.join(notes)})" if notes else ""
            said.append(f"* **{code.replace('_', ' ')}**{noted} {' / '.join(words)}".rstrip())
    return _section("Other ways to say it", "\n".join(said)) if said else ""


def _limits(one: Registered) -> str:
    if not one.limits:
        return _section("Limits", "None.")
    words = f"Override them in `limits.toml` under `[commissioner.<code>.{one.rule.id}]`."
    rows = "\n".join(
        f"| `{name}` | {limit_in_words(value, 'pounds' if name.endswith('_pence') else '')} |" for name, value in one.limits.items()
    )
    return _section("Limits", f"{words}\n\n| limit | ordinary value |\n|---|---|\n{rows}")


def _examples(one: Registered) -> str:
    return _section("Examples", "\n".join(_example(example) for example in one.rule.examples))


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
