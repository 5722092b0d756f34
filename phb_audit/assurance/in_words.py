"""The comparison as text: tables that read in a terminal and paste into a page of the docs (they are Markdown)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]


def in_words(found: Row) -> str:
    """The whole comparison as Markdown."""
    return "\n\n".join(
        [
            f"World: {found['world']}; as of {found['as_of']}; {found['holders']:,} holders, {found['months']} months.",
            _queue(found["cases"], found["wrong_questions"]),
            _recall(found["recall"]),
            _at_budget(found["at_budget"]),
            "By kind of planted problem (* no rule for it yet)\n\n" + _kinds(found["kinds"]),
            "By rule (right: it touches something planted; right rule: the truth names this rule)\n\n" + _rules(found["rules"]),
            "By label of the line\n\n" + _labels(found["labels"]),
            "Innocent lines by kind\n\n" + _innocent(found["innocent"]),
            _rest(found),
            "Where the truth's rows went: " + "; ".join(f"{r['subject_code']} {r['place_code']} {r['rows']:,}" for r in found["places"]),
        ]
    )


def _at_budget(found: Row) -> str:
    said = (
        f"In {found['weeks']} weeks of review time ({found['minutes']:,.0f} minutes) the first {found['cases']:,} cases are read: "
        f"with cause {percent(found['precision'])}; they hold {percent(found['recall'])} of what is planted. Wrong questions "
        f"for 100 holders and a month: {rate(found['wrong'])}."
    )
    planted = [(row["label"], row["planted"], row["caught"], percent(row["recall"])) for row in found["planted_labels"]]
    rules = [(row["rule_id"], row["cases"], row["right"], percent(row["precision"])) for row in found["rules"]]
    kinds = [(row["kind_code"], row["planted"], row["caught"], percent(row["recall"])) for row in found["kinds"]]
    asked = [
        (row["label"], "unusual" if row["is_unusual"] else "", row["lines"], row["asked"], percent(row["share_asked"]))
        for row in found["labels"]
    ]
    tables = (
        table(("kind", "planted", "in the minutes", "share"), kinds),
        table(("label", "planted", "in the minutes", "share"), planted),
        table(("label", "", "lines", "asked about", "share"), asked, words=2),
        table(("rule", "cases read", "with cause", "precision"), rules),
        table(
            ("care group", "holders", "cases read", "with cause", "of the planted", "wrong for 100 and a month"), _groups(found["groups"])
        ),
    )
    return "\n\n".join([said, *tables, FEW])


FEW = "A dash stands where a group is too small (fewer than 10 holders) or a figure counts 1 to 4 things. No group enters an order."


def _groups(rows: list[Row]) -> list[Sequence[object]]:
    dash = "-"
    return [
        (
            row["group_code"],
            *(dash if row[name] is None else row[name] for name in ("holders", "cases")),
            *(dash if row[name] is None else percent(row[name]) for name in ("precision", "recall")),
            dash if row["wrong"] is None else rate(row["wrong"]),
        )
        for row in rows
    ]


def percent(estimate: Row) -> str:
    """'87% (80-92, n 104)'; 'none' where nothing was counted."""
    if estimate["value"] is None:
        return "none"
    return f"{_p(estimate['value'])}% ({_p(estimate['low'])}-{_p(estimate['high'])}, n {estimate['n']:,})"


def _p(share: float) -> str:
    return f"{100 * share:.0f}" if 0.1 <= share <= 0.9 or share in (0, 1) else f"{100 * share:.1f}"


def rate(estimate: Row) -> str:
    """'3.2 (2.9-3.5, n 512)'."""
    return f"{estimate['value']:.2f} ({estimate['low']:.2f}-{estimate['high']:.2f}, n {estimate['count']:,})"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, words: int = 1) -> str:
    """A Markdown table; the first `words` columns are words, the others numbers."""
    body = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(len(line[place]) for line in [list(headers), *body]) for place in range(len(headers))]
    rule = [("-" * width if place < words else "-" * (width - 1) + ":") for place, width in enumerate(widths)]

    def written(line: Sequence[str]) -> str:
        padded = (c.ljust(w) if p < words else c.rjust(w) for p, (c, w) in enumerate(zip(line, widths, strict=True)))
        return "| " + " | ".join(padded) + " |"

    return "\n".join(map(written, [list(headers), rule, *body]))


def _kinds(rows: list[Row]) -> str:
    headers = ("kind", "label", "party", "rules", "planted", "admitted", "caught", "recall", "by right rule", "holders", "holders caught")
    words, counts = ("kind_code", "label", "party_code"), ("planted", "admitted", "caught")
    holders = ("holders", "holders_caught")
    shown = [
        [
            *(r[name] for name in words),
            r["rule_ids"].replace("|", " ") + ("" if r["has_rule"] else " *"),
            *(r[name] for name in counts),
            percent(r["recall"]),
            percent(r["recall_by_rule"]),
            *(r[name] for name in holders),
        ]
        for r in rows
    ]
    return table(headers, shown, words=4)


def _rules(rows: list[Row]) -> str:
    headers = ("rule", "flags", "questions", "right", "precision", "by right rule", "on agreed-unusual")
    counts = ("rule_id", "flags", "questions", "right")
    shown = [
        [*(r[name] for name in counts), percent(r["precision"]), percent(r["precision_by_rule"]), r["on_agreed_unusual"]] for r in rows
    ]
    return table(headers, shown)


def _labels(rows: list[Row]) -> str:
    agreed = {"fine": "agreed unusual"}
    shown = (
        (r["label"], agreed.get(r["label"], "unusual") if r["is_unusual"] else "", r["lines"], r["asked"], percent(r["share_asked"]))
        for r in rows
    )
    return table(("label", "", "lines", "asked about", "share"), shown, words=2)


def _innocent(rows: list[Row]) -> str:
    shown = ((r["kind_code"], "unusual" if r["is_unusual"] else "", r["lines"], r["asked"], percent(r["share_asked"])) for r in rows)
    return table(("kind", "", "lines", "asked about", "share"), shown, words=2)


def _queue(cases: Row, wrong: Row) -> str:
    tops = ", ".join(f"first {top}: {percent(share)}" for top, share in cases["precision_at"].items())
    asked = f"{cases['questions']:,} ask the holder's side something; with cause {percent(cases['precision'])}"
    lines = (
        ("questions", "questions"),
        ("wrong questions (cases without a true cause)", "wrong"),
        ("of these on agreed unusual purchases", "wrong_on_agreed_unusual"),
        ("wrong flags on fine lines", "wrong_flags_on_fine_lines"),
        ("wrong flags about no line", "wrong_flags_about_no_line"),
    )
    return "\n".join(
        [
            f"Cases: {cases['cases']:,}, of which {asked}.",
            f"Of the queue: {tops or 'too short to cut'}.",
            "For 100 holders and a month (95% exact Poisson):",
            "",
            *(f"- {words}: {rate(wrong[name])}" for words, name in lines),
        ]
    )


def _recall(recall: Row) -> str:
    told = [
        f"{words}: {percent(recall[name]['any_rule'])} by any rule, {percent(recall[name]['right_rule'])} by one the truth names"
        for words, name in (("of all planted things", "all"), ("of those that have a rule", "with_rule"))
    ]
    return "Caught " + "; ".join(told) + "."


def _rest(found: Row) -> str:
    body, what, plan, cells = found["commissioner"], found["classification"], found["plan_lines"], found["refused"]
    mistakes = ", ".join(f"{m['category_code']} as {m['found_code']} {m['lines']:,}" for m in what["commonest_mistakes"])
    return "\n".join(
        [
            f"The commissioner's own failures: planted {body['planted']:,}, caught {percent(body['recall'])}; "
            f"flags {body['flags']:,}, right {percent(body['precision'])}.",
            f"Category of spend lines: top-1 {percent(what['top1_answered'])} and top-3 {percent(what['top3_answered'])} where answered; "
            f"abstained {percent(what['abstained'])}; top-1 over all {percent(what['top1_all'])}, top-3 {percent(what['top3_all'])}.",
            f"Commonest mistakes: {mistakes or 'none'}.",
            f"Plan line: right {percent(plan['right'])} where there is one (unclear {percent(plan['unclear'])}); "
            f"none found {percent(plan['none_found'])} where there is none.",
            f"Refused: {percent(cells['dirty'])} of the lines written badly on purpose, {percent(cells['clean'])} of the others.",
        ]
    )
