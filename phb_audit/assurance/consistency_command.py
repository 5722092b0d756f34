"""`phb-audit consistency`: cases decided twice, and like cases that were decided differently."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from phb_audit.assurance import to_be_read
from phb_audit.assurance.consistency import Agreement, agreement, decided_differently, pairs
from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.judgements import judgements
from phb_audit.errors import CLEAN, UsageError
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql


def tell_consistency(settings: Settings, commissioner_code: str, *, on: date, as_json: bool, say: Callable[[str], None]) -> int:
    """Say it as text or as one JSON object. Raises UsageError where no night has been run."""
    path = settings.warehouse_path(commissioner_code)
    if not path.is_file():
        raise UsageError(f"No night of {commissioner_code} has been run yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        about = warehouse.frame(sql(__file__, "decided_about"))
    finally:
        warehouse.close()
    events = casebook_events(settings, commissioner_code)
    twice = pairs(events, to_be_read.RULE_ID)
    both = agreement(twice)
    by_reasons = agreement(twice.filter("is_first_without_reasons"))
    unlike = decided_differently(judgements(events, on), about).to_dicts()
    if as_json:
        told = {
            "decided_twice": both.share.as_dict | {"kappa": both.kappa},
            "first_without_reasons": by_reasons.share.as_dict | {"kappa": by_reasons.kappa},
            "pairs": twice.to_dicts(),
            "like_cases_decided_differently": unlike,
        }
        say(json.dumps(told, indent=1))
        return CLEAN
    lines = [f"Cases decided twice: {in_words(both)}", f"Of these, read first without the reasons: {in_words(by_reasons)}"]
    lines += ["Like cases (the same rules, the same kind of purchase) decided differently:"]
    lines += [
        f"  {row['rule_ids'].replace('|', ' ')} {row['category_code']}: {row['agreed_count']} agreed, {row['not_agreed_count']} not or "
        f"with the plan to be updated ({row['case_refs']})"
        for row in unlike
    ]
    say("\n".join([*lines, *([] if unlike else ["  None."])]))
    return CLEAN


def in_words(told: Agreement) -> str:
    """'8 of 10 alike, 80% (95% interval 49% to 94%), kappa 0.58'."""
    share = told.share
    if share.value is None or share.low is None or share.high is None:
        return "none yet."
    kappa = "" if told.kappa is None else f", kappa {told.kappa:.2f}"
    return f"{share.count} of {share.of:.0f} alike, {share.value:.0%} (95% interval {share.low:.0%} to {share.high:.0%}){kappa}."
