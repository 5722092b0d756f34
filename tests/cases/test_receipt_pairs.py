"""What people decide on a payment and a receipt: the newest decision counts, and confirmed pairs teach names."""

from __future__ import annotations

from phb_audit.cases.casebook import Event
from phb_audit.cases.receipt_pairs import KIND, pairs_decided, supplier_aliases


def event(number: int, *, is_together: bool, payment: str = "P1", payee: str = "JART", supplier: str = "BRIGHTSTUDIO") -> Event:
    body = {"payment_id": payment, "receipt_id": "R1", "holder_id": "H1", "is_together": is_together, "reason": "seen"}
    body |= {"payee_name": payee, "supplier_key": supplier}
    return Event(number, KIND, "Jo Reed", "2026-10-01T09:00:00Z", body, "hash")


def test_the_newest_decision_on_a_pair_counts() -> None:
    found = pairs_decided([event(1, is_together=True), event(2, is_together=False)])
    assert found.select("payment_id", "is_together", "event_number").rows() == [("P1", False, 2)]


def test_confirmed_pairs_tell_that_two_names_are_one_and_who_said_so() -> None:
    found = supplier_aliases([event(1, is_together=True), event(2, is_together=True, payment="P2")])
    assert found.select("payee_name", "supplier_key", "pairs_count", "decided_by").rows() == [("JART", "BRIGHTSTUDIO", 2, "Jo Reed")]


def test_a_pair_taken_back_tells_nothing() -> None:
    assert supplier_aliases([event(1, is_together=True), event(2, is_together=False)]).is_empty()


def test_a_name_that_is_missing_or_the_same_tells_nothing() -> None:
    same, none = event(1, is_together=True, supplier="JART"), event(2, is_together=True, payment="P2", payee="")
    assert supplier_aliases([same, none]).is_empty()


def test_no_decision_is_no_row() -> None:
    assert pairs_decided([]).is_empty()
