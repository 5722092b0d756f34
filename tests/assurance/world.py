"""A made-up world of two holders, written by hand, and the night that might have been run on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from phb_audit.assurance.truth import COLUMNS, digest
from phb_audit.identity import read_or_make_key
from phb_audit.run import Run
from tests.builders import fill, make_run

ANN, BOB = "9990000018", "9990000026"
JUNE = date(2026, 6, 10)
Row = dict[str, object]


def payment(line: int, **more: object) -> Row:
    """A truth row of a fine payment of £10 by Ann, unless told otherwise."""
    fine: Row = {"file_name": "bank.csv", "line_number": line, "commissioner_code": "QZZ", "person_ref": ANN, "subject_code": "payment"}
    fine |= {"on": JUNE, "amount_pence": 10_00, "category_code": "C20", "plan_line_ref": "", "label": "fine", "is_unusual": "false"}
    return fine | {"kind_code": "usual", "rule_ids": "", "party_code": "holder"} | more


def about(person: str, kind: str, rules: str, **more: object) -> Row:
    """A truth row about a holder, not about a line."""
    whole = payment(0, file_name="", line_number="", amount_pence="", category_code="")
    return whole | {"subject_code": "holder", "person_ref": person, "label": "breach", "kind_code": kind, "rule_ids": rules} | more


def write_world(folder: Path, *truth: Row) -> Path:
    """A world with these rows of truth; each file named in them holds its own name."""
    (folder / "QZZ").mkdir(parents=True)
    for name in {str(row["file_name"]) for row in truth if row["file_name"]}:
        (folder / "QZZ" / name).write_text(name)
    written = [",".join(COLUMNS), *(",".join(str(row[name]) for name in COLUMNS) for row in truth)]
    (folder / "truth.csv").write_text("\n".join(written) + "\n")
    return folder


class NightBook:
    """What a night would have left, line by line; `close` before anybody reads it."""

    def __init__(self, folder: Path, world: Path) -> None:
        self.run: Run = make_run(folder)
        self.world = world
        self.key = read_or_make_key(self.run.settings.key_path("QZZ"))

    @property
    def home(self) -> Path:
        return self.run.settings.home

    def holder(self, person: str) -> str:
        return self.key.pseudonym("H", person)

    def origin(self, file_name: str, line: int) -> Row:
        return {"file_id": digest(self.world / "QZZ" / file_name), "line_number": line}

    def paid(
        self, payment_id: str, line: int, *, person: str = ANN, file_name: str = "bank.csv", pence: int = 10_00, **found: object
    ) -> None:
        """An admitted purchase; `found`: category_code, second_code, is_abstained, plan_line_id, match_code."""
        own = {"payment_id": payment_id, "holder_id": self.holder(person), "amount_pence": pence, "paid_on": JUNE}
        matched = {name: found.pop(name) for name in ("plan_line_id", "match_code") if name in found}
        classified = {"category_code": "C20", **found}
        fill(
            self.run,
            {
                "validated.payments": [own | self.origin(file_name, line) | {"is_spend": True, "kind_code": "purchase"}],
                "classified.payments": [{"payment_id": payment_id} | classified],
                "matched.payments": [own | {"match_code": "no_plan"} | matched],
            },
        )

    def flag(
        self, flag_id: str, rule_id: str, subject_id: str, *, subject_code: str = "payment", person: str = ANN, **more: object
    ) -> None:
        """A finding and, unless its case is there, the case."""
        case_id = str(more.pop("case_id", f"case of {flag_id}"))
        own: Row = {"case_id": case_id, "holder_id": self.holder(person), "outcome_code": "query", "subject_on": JUNE} | more
        shown = {"payment_id": subject_id} if subject_code == "payment" else {}
        fill(
            self.run,
            {
                "flagged.findings": [
                    own | shown | {"flag_id": flag_id, "rule_id": rule_id, "subject_id": subject_id, "subject_code": subject_code}
                ],
                "flagged.cases": [own | shown | {"state_code": "open", "is_queued": True}],
            },
        )

    def close(self, state: str = "published") -> Path:
        """The night comes to its end: close the warehouse; returns the home."""
        fill(self.run, {"nights.runs": [{"state_code": state, "as_of_on": self.run.as_of}]})
        self.run.warehouse.close()
        return self.home
