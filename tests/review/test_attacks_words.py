"""Words that mean harm, from outside and from colleagues, on pages and in files that are taken away."""

from __future__ import annotations

import csv
import io
import re

import pytest

from phb_audit.settings import Settings
from tests.review.attacks import FORMULA, SCRIPT, as_role, poisoned
from tests.review.world import (
    desk_of,
    in_process,
    post,
    ready_ref,
    refs_of,
)

pytestmark = pytest.mark.slow


def test_words_from_outside_never_become_markup(own_settings: Settings) -> None:
    poisoned(own_settings, SCRIPT)
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        refs = refs_of(client, "?chosen=1")
        holder = re.search(r"/people/(PHB-[0-9A-F]+)", client.get("/people").text)
        assert holder
        pages = ["/purchases?chosen=1", "/people", holder[0], *(f"/purchases/{ref}" for ref in refs)]
        shown = {path: client.get(path).text for path in pages}
        for path, text in shown.items():
            assert "<script>alert" not in text, path
            assert "<img src=x" not in text, path
        assert sum("&lt;script&gt;alert(1)" in text for text in shown.values()) >= len(refs)
        lines = [text.partition("Lines of receipt 1")[2].partition("</table>")[0] for text in shown.values()]
        assert any("&lt;script&gt;" in table for table in lines)


def test_what_colleagues_type_never_becomes_markup(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        ref = ready_ref(client)
        assert post(client, ref, "step", move="tag", tag=SCRIPT[:90]).status_code == 303
        assert post(client, ref, "decide", move="agree", reason=SCRIPT + " and a reason").status_code == 303
        asked = ready_ref(client, "ask")
        given = {"move": "ask", "reason": SCRIPT + " a reason", "question": SCRIPT + " What was it for?"}
        given |= {"due_on-day": "20", "due_on-month": "11", "due_on-year": "2026"}
        assert post(client, asked, "decide", **given).status_code == 303
        texts = [client.get(path).text for path in (f"/purchases/{ref}", f"/purchases/{asked}", f"/purchases/{asked}/question")]
        texts.append(client.get("/purchases", params={"q": SCRIPT, "chosen": "1", "why": SCRIPT}).text)
        as_role(client, "auditor")
        texts += [client.get(path).text for path in ("/auditor/log", "/auditor/log?log=access", f"/auditor/log?q={SCRIPT}")]
        for text in texts:
            assert "<script>alert" not in text
            assert "<img src=x" not in text
        assert sum("&lt;script&gt;" in text for text in texts) >= 5


def test_what_is_taken_away_as_a_file_holds_no_formula(own_settings: Settings) -> None:
    poisoned(own_settings, FORMULA)
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        assert post(client, ready_ref(client), "decide", move="agree", reason=FORMULA + " it helps").status_code == 303
        as_role(client, "auditor")
        for path in ("/auditor/log.csv", "/auditor/log.csv?log=access", "/auditor/sample.csv?seed=one&size=20"):
            answer = client.get(path)
            assert answer.status_code == 200
            rows = list(csv.reader(io.StringIO(answer.text)))
            assert len(rows) > 1, path
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
