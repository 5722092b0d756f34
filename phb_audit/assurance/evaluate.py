"""How the night's flags compare with a made-up world's truth: what was caught, what was right, and what was asked for nothing.

A finding is *right* when it touches something the truth does not call fine (for what is not a line, when the truth names its
rule). It is a *question* unless it only informs. A *wrong question* is a case with no right finding in it that asks the holder's
side something; the commissioner's own failures are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from phb_audit.assurance.intervals import poisson, wilson
from phb_audit.assurance.linked import Linked
from phb_audit.assurance.truth import LABELS
from phb_audit.rules.register import shipped_rules

Row = dict[str, Any]
TOPS = (20, 50, 100, 200, 500)
IS_QUESTION = (pl.col("outcome_code") != "information") & ~pl.col("is_commissioners")


@dataclass(frozen=True)
class Judged:
    """Truth, findings and cases with what each came to.

    `truth` (repeats left out): is_caught, is_caught_by_rule, is_asked (a question touches it). `findings`: is_right, is_right_rule,
    is_question, line_label (fine, unusual, breach ..., or '' where it is about no line). `cases`: is_right, is_question, is_unusual.
    """

    truth: pl.DataFrame
    lines: pl.DataFrame
    findings: pl.DataFrame
    cases: pl.DataFrame


def judge(linked: Linked) -> Judged:
    """Decide for every planted thing whether it was caught, and for every finding and case whether it was right."""
    truth = linked.truth.filter(pl.col("place_code") != "repeat")
    findings = linked.findings.with_columns(is_question=IS_QUESTION)
    links = linked.links.join(truth.select("truth_id", "label", "is_unusual", "subject_code"), on="truth_id").join(
        findings.select("flag_id", "is_question"), on="flag_id"
    )
    lasting = pl.col("subject_code").is_in(["holder", "plan"])
    links = links.with_columns(is_true=(pl.col("label") != "fine") & (pl.col("is_rule_named") | (pl.col("is_exact") & ~lasting)))
    by_truth = links.group_by("truth_id").agg(
        is_caught=pl.col("is_true").any(),
        is_caught_by_rule=(pl.col("is_true") & pl.col("is_rule_named")).any(),
        is_asked=(pl.col("is_exact") & pl.col("is_question")).any(),
    )
    truth = truth.join(by_truth, on="truth_id", how="left").with_columns(
        pl.col("is_caught", "is_caught_by_rule", "is_asked").fill_null(value=False)
    )
    findings = _judged_findings(findings, links)
    return Judged(truth.sort("truth_id"), linked.lines, findings, _judged_cases(linked.cases, findings))


def _judged_findings(findings: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    exact = pl.col("is_exact") & (pl.col("subject_code") == "payment")
    by_flag = links.group_by("flag_id").agg(
        is_right=pl.col("is_true").any(),
        is_right_rule=(pl.col("is_true") & pl.col("is_rule_named")).any(),
        has_line=exact.any(),
        is_unusual=(exact & pl.col("is_unusual") & (pl.col("label") == "fine")).any(),
    )
    marks = pl.col("is_right", "is_right_rule", "has_line", "is_unusual").fill_null(value=False)
    return findings.join(by_flag, on="flag_id", how="left").with_columns(marks).sort("flag_id")


def _judged_cases(cases: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    by_case = findings.drop_nulls("case_id").group_by("case_id").agg(pl.col("is_right", "is_unusual").any())
    judged = cases.join(by_case, on="case_id", how="left")
    return judged.with_columns(pl.col("is_right", "is_unusual").fill_null(value=False), is_question=IS_QUESTION).sort("case_id")


def evaluation(linked: Linked) -> dict[str, Any]:
    """Every table of the comparison, as plain values."""
    judged = judge(linked)
    return {
        "places": places(linked),
        "refused": refused(linked),
        "kinds": kinds(judged),
        "recall": recall(judged),
        "rules": rules(judged),
        "labels": labels(judged),
        "innocent": innocent(judged),
        "cases": cases(judged),
        "wrong_questions": wrong_questions(judged),
        "commissioner": commissioner(judged),
        "classification": classification(judged),
        "plan_lines": plan_lines(judged),
    }


def places(linked: Linked) -> list[Row]:
    """Where the truth's rows went, by subject: admitted, repeat, refused, person, absent."""
    return linked.truth.group_by("subject_code", "place_code").agg(rows=pl.len()).sort("subject_code", "place_code").to_dicts()


def refused(linked: Linked) -> Row:
    """Payment lines written badly on purpose, and how many were refused; and lines without a bad cell that were refused all the same."""
    lines = linked.truth.filter(pl.col("subject_code") == "payment")
    dirty = pl.col("kind_code").str.starts_with("dirt_")
    is_refused = pl.col("place_code") == "refused"
    return {
        "dirty": _share(lines.filter(dirty & is_refused).height, lines.filter(dirty).height),
        "clean": _share(lines.filter(~dirty & is_refused).height, lines.filter(~dirty).height),
    }


def planted_things(judged: Judged) -> pl.DataFrame:
    """One row per planted thing: a payment with its receipt, pay slip or instalment is one, however many truth rows speak of it."""
    rows = judged.truth.filter(pl.col("label") != "fine").sort("truth_id")
    return rows.group_by("unit_id", maintain_order=True).agg(
        pl.col("kind_code", "label", "party_code", "holder_id").first(),
        rule_ids=pl.col("rule_ids").first().list.join("|"),
        is_admitted=pl.col("place_code").is_in(["admitted", "person"]).any(),
        is_caught=pl.col("is_caught").any(),
        is_caught_by_rule=pl.col("is_caught_by_rule").any(),
    )


def kinds(judged: Judged) -> list[Row]:
    """One row per planted kind: how many, how many caught by any rule and by a rule the truth names, and for how many holders.

    `has_rule` is false where none of the rules the truth names is in the register yet.
    """
    built = {one.rule.id for one in shipped_rules()}
    counted = (
        planted_things(judged)
        .group_by("kind_code")
        .agg(
            pl.col("label", "party_code").mode().sort().first(),
            pl.col("rule_ids").first(),
            planted=pl.len(),
            admitted=pl.col("is_admitted").sum(),
            caught=pl.col("is_caught").sum(),
            caught_by_rule=pl.col("is_caught_by_rule").sum(),
            holders=pl.col("holder_id").n_unique(),
            holders_caught=pl.col("holder_id").filter(pl.col("is_caught")).n_unique(),
        )
    )
    return [
        row
        | {
            "has_rule": bool(built & set(row["rule_ids"].split("|"))),
            "recall": _share(row["caught"], row["planted"]),
            "recall_by_rule": _share(row["caught_by_rule"], row["planted"]),
        }
        for row in counted.sort("kind_code").to_dicts()
    ]


def recall(judged: Judged) -> Row:
    """Over all planted things, and over those whose rule is in the register: caught by any rule, and by a rule the truth names."""
    rows = kinds(judged)
    with_rule = [row for row in rows if row["has_rule"]]
    return {
        name: {
            "any_rule": _share(sum(row["caught"] for row in some), sum(row["planted"] for row in some)),
            "right_rule": _share(sum(row["caught_by_rule"] for row in some), sum(row["planted"] for row in some)),
        }
        for name, some in (("all", rows), ("with_rule", with_rule))
    }


def rules(judged: Judged) -> list[Row]:
    """One row per rule that found anything: findings, how many are questions, how many right, and on agreed-unusual lines."""
    counted = judged.findings.group_by("rule_id").agg(
        flags=pl.len(),
        questions=pl.col("is_question").sum(),
        right=pl.col("is_right").sum(),
        right_rule=pl.col("is_right_rule").sum(),
        on_agreed_unusual=(pl.col("is_unusual") & ~pl.col("is_right")).sum(),
    )
    return [
        row | {"precision": _share(row["right"], row["flags"]), "precision_by_rule": _share(row["right_rule"], row["flags"])}
        for row in counted.sort("rule_id").to_dicts()
    ]


def labels(judged: Judged) -> list[Row]:
    """One row per label and unusual flag of the payment lines: how many a finding asks about."""
    lines = judged.truth.filter(pl.col("subject_code") == "payment")
    counted = lines.group_by("label", "is_unusual").agg(lines=pl.len(), asked=pl.col("is_asked").sum())
    ordered = counted.sort(pl.col("label").cast(pl.Enum(LABELS)), "is_unusual")
    return [row | {"share_asked": _share(row["asked"], row["lines"])} for row in ordered.to_dicts()]


def innocent(judged: Judged) -> list[Row]:
    """One row per kind of innocent payment line: how many a finding asks about."""
    lines = judged.truth.filter((pl.col("label") == "fine") & (pl.col("subject_code") == "payment"))
    counted = lines.group_by("kind_code", "is_unusual").agg(lines=pl.len(), asked=pl.col("is_asked").sum())
    return [row | {"share_asked": _share(row["asked"], row["lines"])} for row in counted.sort("kind_code", "is_unusual").to_dicts()]


def cases(judged: Judged) -> Row:
    """The queue: how many cases ask something of the holder's side, how many with cause, and the same among the first of the queue."""
    asking = judged.cases.filter("is_question").sort("rank", "case_id")
    right = asking["is_right"]
    return {
        "cases": judged.cases.height,
        "questions": asking.height,
        "right": int(right.sum()),
        "precision": _share(int(right.sum()), asking.height),
        "precision_at": {top: _share(int(right.head(top).sum()), top) for top in TOPS if top <= asking.height},
    }


def wrong_questions(judged: Judged) -> Row:
    """Cases without a true cause, and questions in all, for 100 holders and a month."""
    lines = judged.truth.filter(pl.col("subject_code") == "payment")
    holders = judged.truth.filter(pl.col("holder_id") != "")["holder_id"].n_unique()
    months = lines["on"].dt.truncate("1mo").n_unique()
    asking = judged.cases.filter("is_question")
    wrong = asking.filter(~pl.col("is_right"))
    wrong_flags = judged.findings.filter(pl.col("is_question") & ~pl.col("is_right"))
    exposure = max(holders * months / 100, 0.01)
    return {
        "holders": holders,
        "months": months,
        "questions": poisson(asking.height, exposure).as_dict,
        "wrong": poisson(wrong.height, exposure).as_dict,
        "wrong_on_agreed_unusual": poisson(wrong.filter("is_unusual").height, exposure).as_dict,
        "wrong_flags_on_fine_lines": poisson(wrong_flags.filter("has_line").height, exposure).as_dict,
        "wrong_flags_about_no_line": poisson(wrong_flags.filter(~pl.col("has_line")).height, exposure).as_dict,
    }


def commissioner(judged: Judged) -> Row:
    """The commissioner's own failures: planted and caught, and what was found of them."""
    planted = planted_things(judged).filter(pl.col("party_code") == "commissioner")
    # A flag about a whole feed counts what the gate refused; nothing of that is planted as a failure.
    found = judged.findings.filter(pl.col("is_commissioners") & (pl.col("subject_code") != "feed"))
    return {
        "planted": planted.height,
        "caught_by_rule": int(planted["is_caught_by_rule"].sum()),
        "recall": _share(int(planted["is_caught_by_rule"].sum()), planted.height),
        "flags": found.height,
        "right": int(found["is_right"].sum()),
        "precision": _share(int(found["is_right"].sum()), found.height),
    }


def classification(judged: Judged) -> Row:
    """Category of spend lines: top-1 and top-3 where an answer was given and over all, abstentions, and the commonest mistakes."""
    truth = judged.truth.filter((pl.col("category_code") != "") & (pl.col("place_code") == "admitted"))
    lines = truth.join(judged.lines.filter("is_spend").drop_nulls("found_code"), left_on="thing_id", right_on="payment_id")
    first = pl.col("found_code") == pl.col("category_code")
    third = first | (pl.col("second_code") == pl.col("category_code")) | (pl.col("third_code") == pl.col("category_code"))
    lines = lines.with_columns(is_first=first.fill_null(value=False), is_third=third.fill_null(value=False))
    answered = lines.filter(~pl.col("is_abstained"))
    mistakes = answered.filter(~pl.col("is_first")).group_by("category_code", "found_code").agg(lines=pl.len())
    return {
        "lines": lines.height,
        "abstained": _share(lines.height - answered.height, lines.height),
        "top1_answered": _share(int(answered["is_first"].sum()), answered.height),
        "top3_answered": _share(int(answered["is_third"].sum()), answered.height),
        "top1_all": _share(int(lines["is_first"].sum()), lines.height),
        "top3_all": _share(int(lines["is_third"].sum()), lines.height),
        "commonest_mistakes": mistakes.sort("lines", "category_code", "found_code", descending=[True, False, False]).head(10).to_dicts(),
    }


def plan_lines(judged: Judged) -> Row:
    """Plan line of spend lines: the right one where the truth names one; none found where it names none."""
    truth = judged.truth.filter((pl.col("subject_code") == "payment") & (pl.col("place_code") == "admitted"))
    lines = truth.join(judged.lines.filter("is_spend"), left_on="thing_id", right_on="payment_id")
    named = lines.filter(pl.col("plan_line_ref") != "")
    unnamed = lines.filter(pl.col("plan_line_ref") == "")
    same = (pl.col("plan_line_id") == pl.col("plan_line_ref")) | pl.col("plan_line_id").str.ends_with(pl.lit("/") + pl.col("plan_line_ref"))
    right = named.filter(same.fill_null(value=False)).height
    none = unnamed.filter(pl.col("match_code").is_in(["no_match", "no_plan"])).height
    return {
        "named": named.height,
        "right": _share(right, named.height),
        "unclear": _share(named.filter(pl.col("match_code") == "unclear").height, named.height),
        "unnamed": unnamed.height,
        "none_found": _share(none, unnamed.height),
    }


def _share(count: int, n: int) -> dict[str, float | int | None]:
    return wilson(int(count), int(n)).as_dict
