"""How quick the review app is with many people and items: `python -m tests.benchmarks.review_app [--people 20] [--cases 20000]`.

The sample's night is multiplied until it has that many open cases and a million lines; the app serves it in a process of its own,
and each person opens the list, its pages and filters, and items, one after the other without a pause, from one other process.
Prints Markdown for docs/reference/measurements.md. It never fails on time.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import httpx

from flows.nightly import run_plain
from phb_audit.cases.seen import published_file
from phb_audit.cli import sample_day
from phb_audit.night import Night
from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.settings import Settings, shipped
from tests.review.world import CODE, PASSWORD, TODAY, free_port, token

CASE_LINK = re.compile(r'href="/purchases/(F[0-9A-Z]{8})')


def multiplied(path: Path, cases: int, lines: int) -> tuple[int, int]:
    """The night with each of its cases, and what pages show of it, many times over, each copy another case; returns how many there are.

    Lines are those of all the people, most of which no case is about.
    """
    path.chmod(0o600)
    other = "|| '-' || n"
    copies = {
        "flagged.cases": f"case_id {other} AS case_id, payment_id {other} AS payment_id, rank + n * 1000 AS rank, "
        "'F' || upper(substr(md5(case_id || n), 1, 8)) AS case_ref",
        "flagged.findings": f"flag_id {other} AS flag_id, case_id {other} AS case_id, payment_id {other} AS payment_id",
        "flagged.ranked": f"case_id {other} AS case_id",
        "flagged.score_parts": f"case_id {other} AS case_id",
        "shown.payments": f"payment_id {other} AS payment_id, receipt_id {other} AS receipt_id",
        "shown.receipts": f"receipt_id {other} AS receipt_id",
        "shown.receipt_links": f"payment_id {other} AS payment_id, receipt_id {other} AS receipt_id",
        "shown.receipt_lines": f"receipt_line_id {other} AS receipt_line_id, receipt_id {other} AS receipt_id",
    }
    with duckdb.connect(str(path)) as night:
        night.execute("UPDATE flagged.cases SET is_queued = true, state_code = 'open'")
        kept = night.execute("SELECT count(*) FROM flagged.cases").fetchall()[0][0]
        night.execute("CREATE TEMP TABLE times AS SELECT range AS n FROM range(1, ?)", [-(-cases // kept)])
        for table, other_ids in copies.items():
            night.execute(f"INSERT INTO {table} SELECT t.* REPLACE ({other_ids}) FROM {table} t, times")
        there = night.execute("SELECT count(*) FROM matched.payments").fetchall()[0][0]
        for number in range(1, -(-lines // there)):
            night.execute(
                f"""INSERT INTO matched.payments SELECT p.* REPLACE (payment_id || '-{number}' AS payment_id)
                FROM matched.payments p LIMIT {there}"""
            )
        counts = [night.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in ("flagged.cases", "matched.payments")]
    return counts[0], counts[1]


def processor_seconds(process_id: int) -> float:
    """What the process has taken of the processor: a busy machine adds little to it."""
    told = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def visits(origin: str, seconds: float, seed: int, times: dict[str, list[float]], sizes: list[int]) -> None:
    """One person at work until the time is over; what each answer took is added to `times`."""
    chosen, until = random.Random(seed), 0.0
    with httpx.Client(base_url=origin, timeout=60) as client:
        form = {"email": f"reader{seed}@example.org", "password": PASSWORD, "form_token": token(client.get("/sign-in").text)}
        assert client.post("/sign-in", data=form).status_code == 303
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            answer = client.get(f"/purchases?chosen=1&status=review&page={chosen.randint(1, 200)}")
            times["list"].append(time.perf_counter() - began)
            sizes.append(len(answer.content))
            for ref in chosen.sample(list(dict.fromkeys(CASE_LINK.findall(answer.text))), 3):
                began = time.perf_counter()
                item = client.get(f"/purchases/{ref}")
                assert item.status_code == 200
                times["item"].append(time.perf_counter() - began)
                sizes.append(len(item.content))


def resident_mib(process_id: int) -> float:
    """What the process holds in memory at its most."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")


def row(name: str, took: list[float]) -> str:
    """A line of the table."""
    cut = statistics.quantiles(took, n=100)
    return f"| {name} | {len(took):,} | {cut[49] * 1000:.0f} | {cut[94] * 1000:.0f} | {max(took) * 1000:.0f} |"


def main() -> None:
    """Measure and say so."""
    asked = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("people", 20), ("cases", 20_000), ("lines", 1_000_000), ("seconds", 30)):
        asked.add_argument(f"--{name}", type=int, default=usual)
    given = asked.parse_args()
    with TemporaryDirectory() as folder:
        settings, sample, port = Settings(Path(folder) / "home"), shipped("sample"), free_port()
        run_plain(Night(CODE, sample_day(sample), sample / CODE, settings.home, threads=2))
        cases, lines = multiplied(published_file(settings, CODE), given.cases, given.lines)
        engine = accounts_engine(settings, CODE)
        for number in range(given.people):
            accounts.add_account(engine, f"reader{number}@example.org", f"Sam Okafor {number}", "clinician", PASSWORD, at=TODAY)
        command = [sys.executable, "-m", "phb_audit", "review", "--home", str(settings.home), "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as served:
            try:
                measure(f"http://127.0.0.1:{port}", given, served.pid, cases, lines)
            finally:
                served.terminate()


def measure(origin: str, given: argparse.Namespace, process_id: int, cases: int, lines: int) -> None:
    """Let everyone work, and print what it took; one person first, for the figure without queueing."""
    while True:
        try:
            httpx.get(origin + "/sign-in")
            break
        except httpx.TransportError:
            time.sleep(0.2)
    say = sys.stdout.write
    machine = f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before"
    say(f"{cases:,} open cases, {lines:,} lines; {machine}.\n\n")
    say("| page | answers | median ms | p95 ms | slowest ms |\n|---|---:|---:|---:|---:|\n")
    for people in (1, given.people):
        times: dict[str, list[float]] = {"list": [], "item": []}
        sizes: list[int] = []
        before = processor_seconds(process_id)
        threads = [threading.Thread(target=visits, args=(origin, given.seconds, seed, times, sizes)) for seed in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answers, taken = sum(map(len, times.values())), processor_seconds(process_id) - before
        for name, took in times.items():
            say(row(f"{name}, {people} at once", took) + "\n")
        say(f"| of the processor for an answer, {people} at once | {answers:,} | {taken / answers * 1000:.0f} (mean) | | |\n")
    say(f"\nAt most {resident_mib(process_id):.0f} MiB in memory; the largest page {max(sizes) / 1024:.0f} KB.\n")


if __name__ == "__main__":
    main()
