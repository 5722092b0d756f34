"""`truth.csv`: what is true about every payment line and every planted problem. No stage of the night reads it.

`truth_receipts.csv` beside it tells which receipts truly belong to which line, `truth_contracts.csv` which services by contract were
paid for while the budget paid for the same need.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TextIO

from phb_audit.synthetic import days
from phb_audit.synthetic.story import Line, Receipt, Story

COLUMNS = (
    "file_name", "line_number", "commissioner_code", "person_ref", "subject_code", "on", "amount_pence", "category_code", "plan_line_ref",
    "label", "is_unusual", "kind_code", "rule_ids", "party_code",
)  # fmt: skip


COUNTED_WHOLE = "council_counts_whole"
COUNTED_WHOLE_TITLE = "The council counts the whole of a receipt, where it pays two fifths"
RECEIPT_COLUMNS = ("file_name", "line_number", "receipt_ref")
CONTRACT_COLUMNS = ("person_ref", "contract_ref", "line_number", "weekly_pence", "from_on", "to_on", "days")


def papers_of(line: Line) -> list[Receipt]:
    """The receipts of a payment: none, one, or several."""
    return ([line.receipt] if line.receipt is not None else []) + line.more_receipts


class Truth:
    """The open truth file, with counts of what was written."""

    def __init__(self, path: Path, commissioner_code: str) -> None:
        self.file: TextIO = path.open("w", encoding="utf-8", newline="", buffering=1 << 16)
        self.file.write(",".join(COLUMNS) + "\n")
        self.pairs: TextIO = path.with_name("truth_receipts.csv").open("w", encoding="utf-8", newline="", buffering=1 << 16)
        self.pairs.write(",".join(RECEIPT_COLUMNS) + "\n")
        self.contracts: TextIO = path.with_name("truth_contracts.csv").open("w", encoding="utf-8", newline="", buffering=1 << 16)
        self.contracts.write(",".join(CONTRACT_COLUMNS) + "\n")
        self.commissioner_code = commissioner_code
        self.payments, self.pence, self.others = 0, 0, 0
        self.labels: Counter[str] = Counter()
        self.planted: Counter[str] = Counter()

    def payment(self, story: Story, line: Line, file_name: str, number: int, *, kind: str = "") -> None:
        """The truth about a line of a statement, card export, managed account or notional ledger."""
        if kind:  # a row that is no spend of its own: an authorisation, a reversal
            tail = f"fine,false,{kind},,holder"
        else:
            tail = f"{line.label},{'true' if line.is_unusual else 'false'},{line.kind},{line.rules},{line.party}"
            self.pence += line.amount
        self.payments += 1
        label = "fine" if kind else line.label
        self.labels[label] += 1
        if label != "fine":
            self.planted[line.kind] += 1
        self.file.write(
            f"{file_name},{number},{self.commissioner_code},{story.nhs},payment,{days.iso(line.on)},{line.amount},{line.category},"
            f"{story.plan_ref(line)},{tail}\n"
        )
        if not kind:
            for paper in papers_of(line):
                if paper.received <= story.window[1]:
                    self.pairs.write(f"{file_name},{number},{paper.ref}\n")

    def close(self) -> None:
        """Put the files down."""
        for file in (self.file, self.pairs, self.contracts):
            file.close()

    def contract(self, story: Story, ref: str, number: int, weekly_pence: int, twice: tuple[int, int]) -> None:
        """The truth about a service by contract: the days of the world it was paid for beside the budget; 0 where there are none."""
        first, last = twice
        told = f"{days.iso(first)},{days.iso(last)},{last - first + 1}" if first else ",,0"
        self.contracts.write(f"{story.nhs},{ref},{number},{weekly_pence},{told}\n")

    def receipt(self, story: Story, receipt: Receipt, file_name: str, number: int) -> None:
        """The truth about a line of a receipt that carries a planted problem."""
        amount = receipt.lines[receipt.marked][3] if receipt.lines and receipt.category[:1] == "X" else receipt.total
        self.other(
            story,
            "receipt",
            receipt.dated,
            amount,
            receipt.kind,
            receipt.rules,
            receipt.label,
            receipt.party,
            file_name,
            number,
            receipt.category,
        )

    def claim(self, story: Story, receipt: Receipt, file_name: str, number: int) -> None:
        """The truth about a receipt of which the council counts the whole, where it pays two fifths of the budget."""
        self.other(story, "claim", receipt.dated, receipt.total, COUNTED_WHOLE, "E-07", "breach", "commissioner", file_name, number)

    def other(
        self, story: Story, subject: str, on: int, amount: int, kind: str, rules: str, label: str, party: str, file_name: str, number: int,
        category: str = "",
    ) -> None:  # fmt: skip
        """The truth about something that is no payment line."""
        self.others += 1
        self.planted[kind] += 1
        self.file.write(
            f"{file_name},{number},{self.commissioner_code},{story.nhs},{subject},{days.iso(on)},{amount},{category},,{label},false,{kind},{rules},{party}\n"
        )

    def stray(self, file_name: str, number: int, on: int, pence: int) -> None:
        """The truth about a line of an account that no budget names."""
        self.payments += 1
        self.pence += pence
        self.labels["fine"] += 1
        self.file.write(
            f"{file_name},{number},{self.commissioner_code},,payment,{days.iso(on)},{pence},H02,,fine,false,dirt_unknown_account,,holder\n"
        )
