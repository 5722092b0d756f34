"""How quick the review app is with many people and items: `python -m tests.benchmarks.review_app [--people 20] [--cases 20000]`.

The sample's night is multiplied until it has that many open cases and a million lines, with decisions of a year behind it. The app
serves it in a process of its own; each person, a thread of another process, opens the plain page, the list and its pages, items, people
and persons, and now and then decides. Once without a pause between two pages, which no person does, and once with about a second. A
night is published hours before people come, so it begins when the app's reader (phb_audit/review/ahead.py) is done with it, or after
`--settle` seconds, and says which. At the end the same night is published anew in its place, for what the app then takes in memory, and
everybody signs in once more, for that takes memory too.
Prints Markdown for docs/reference/measurements.md; `--checkout FOLDER` serves the app of another checkout. It never fails on time.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flows.nightly import run_plain
from phb_audit.cases.seen import published_file
from phb_audit.cli import sample_day
from phb_audit.night import Night
from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.settings import Settings, shipped
from tests.benchmarks.review_night import decide_some, multiplied
from tests.review.world import CODE, HIDDEN, PASSWORD, TODAY, free_port, token

CASE_LINK = re.compile(r'href="/purchases/(F[0-9A-Z]{8})"')
PERSON_LINK = re.compile(r'href="/people/(PHB-[0-9A-Z]+)"')
PLAIN = "/accessibility"
LISTED = 200  # pages of the list that people look at
DECIDES_SHARE = 0.1


def made_home(home: Path, people: int, cases: int, lines: int, decisions: int) -> tuple[int, int]:
    """An installation of that size with so many accounts; returns its cases and lines."""
    settings, sample = Settings(home), shipped("sample")
    run_plain(Night(CODE, sample_day(sample), sample / CODE, settings.home, threads=2))
    path = published_file(settings, CODE)
    counts = multiplied(path, cases, lines)
    decide_some(settings, CODE, path, decisions)
    engine = accounts_engine(settings, CODE)
    for number in range(people):
        accounts.add_account(engine, f"reader{number}@example.org", f"Sam Okafor {number}", "clinician", PASSWORD, at=TODAY)
    engine.dispose()
    return counts


def processor_seconds(process_id: int) -> float:
    """What the process has taken of the processor: a busy machine adds little to it."""
    told = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


class Person:
    """One person at work: a connection, a cookie, and what each answer took by the name of its page."""

    def __init__(self, port: int, number: int, pause: float) -> None:
        self.port, self.pause, self.chosen = port, pause, random.Random(number)
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.times: dict[str, list[float]] = defaultdict(list)
        self.sizes: dict[str, int] = defaultdict(int)
        self.email = f"reader{number}@example.org"
        self.sign_in()

    def sign_in(self) -> None:
        """Begin a session, as somebody without one does."""
        self.cookies.clear()
        self.line.close()  # one that was idle for long is closed there; the next page opens another
        form = {"email": self.email, "password": PASSWORD, "form_token": token(self.ask("sign in", "/sign-in"))}
        self.ask("sign in", "/sign-in", form)
        self.times.clear()

    def ask(self, name: str, path: str, form: dict[str, str] | None = None) -> str:
        """A page; a form is sent where one is given."""
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        began = time.perf_counter()
        self.line.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = self.line.getresponse()
        body = answer.read()
        self.times[name].append(time.perf_counter() - began)
        assert answer.status in (200, 303, 409), (answer.status, path)
        for given in answer.headers.get_all("Set-Cookie") or []:
            key, _, value = given.partition(";")[0].partition("=")
            self.cookies[key] = value
        self.sizes[name] = max(self.sizes[name], len(body))
        if self.pause:
            time.sleep(self.chosen.uniform(0.5, 1.5) * self.pause)
        return body.decode()

    def work(self, until: float) -> None:
        """Until the time is over: the plain page, the list, three of its items, people, a person; now and then a decision."""
        while time.perf_counter() < until:
            self.ask("plain", PLAIN)
            listed = self.ask("list", f"/purchases?chosen=1&status=review&page={self.chosen.randint(1, LISTED)}")
            refs = list(dict.fromkeys(CASE_LINK.findall(listed)))
            for ref in self.chosen.sample(refs, 3):
                item = self.ask("item", f"/purchases/{ref}")
                if self.chosen.random() < DECIDES_SHARE and 'value="agree"' in item:
                    form = {**dict(HIDDEN.findall(item)), "move": "agree", "reason": "It serves the goal of getting out."}
                    self.ask("decision", f"/purchases/{ref}/decide", form)
            people = PERSON_LINK.findall(self.ask("people", f"/people?page={self.chosen.randint(1, 100)}"))
            self.ask("person", f"/people/{self.chosen.choice(people)}")


def resident_mib(process_id: int, which: str = "VmHWM") -> float:
    """What the process held in memory at its most; with 'VmRSS', what it holds now."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1]) / 1024
    return float("nan")


def children(process_id: int) -> list[int]:
    """The processes it has begun that are still there."""
    tasks = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]


def settled(process_id: int, seconds: float, seen_within: float = 20) -> str:
    """Wait until the reader the app begins for a new night has ended, so many seconds at most; what is to be said of that.

    An app that begins none within 20 seconds reads ahead by itself, or not at all: then all of the time is waited for.
    """
    began, peak, taken, is_seen = time.perf_counter(), 0.0, 0.0, False
    while (waited := time.perf_counter() - began) < seconds:
        if reading := children(process_id):
            with contextlib.suppress(OSError, IndexError):  # it may end while it is looked at
                peak, taken, is_seen = max(peak, resident_mib(reading[0])), processor_seconds(reading[0]), True
        elif is_seen:
            return f"the reader was done after {waited:.0f} s: {taken:.0f} s of the processor, at most {peak:.0f} MiB of its own"
        elif waited > seen_within:
            time.sleep(seconds - waited)
        time.sleep(0.2)
    if is_seen:
        return f"the reader was NOT done after {seconds:.0f} s: {taken:.0f} s of the processor, at most {peak:.0f} MiB of its own"
    return f"no reader was seen in {seconds:.0f} s"


def publish_anew(path: Path) -> None:
    """Put a copy of a night's file in its place: to the app, another night."""
    again = path.with_name("again.duckdb")
    shutil.copyfile(path, again)
    again.replace(path)


def main() -> None:
    """Measure and say so."""
    asked = argparse.ArgumentParser(description=__doc__)
    for name, usual in (
        ("people", 20),
        ("cases", 20_000),
        ("lines", 1_000_000),
        ("decisions", 2_000),
        ("seconds", 30),
        ("rounds", 3),
        ("settle", 600),
    ):
        asked.add_argument(f"--{name}", type=int, default=usual)
    asked.add_argument("--home", type=Path, help="keep the installation here, and use the one that is here already")
    asked.add_argument("--checkout", type=Path, default=Path.cwd(), help="serve the app of this checkout")
    given = asked.parse_args()
    with TemporaryDirectory() as folder:
        home = given.home or Path(folder) / "home"
        if not home.exists():
            cases, lines = made_home(home, given.people, given.cases + given.decisions, given.lines, given.decisions)
            sys.stdout.write(f"{cases - given.decisions:,} open cases, {given.decisions:,} decided, {lines:,} lines.\n\n")
        port = free_port()
        command = [sys.executable, "-m", "phb_audit", "review", "--home", str(home), "--port", str(port)]
        environment = {**os.environ, "PYTHONPATH": str(given.checkout)}
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=given.checkout, env=environment) as served:
            try:
                measure(port, given, served.pid, published_file(Settings(home), CODE))
            finally:
                served.terminate()


def wait_for(port: int) -> None:
    """Until the app answers."""
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            line.request("GET", "/sign-in")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
        finally:
            line.close()


def measure(port: int, given: argparse.Namespace, process_id: int, night: Path) -> None:
    """Let everyone work, so many rounds, and print what it took; one person first, for the figure without queueing."""
    wait_for(port)
    say = sys.stdout.write
    say(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before.\n")
    people = [Person(port, number, 0.0) for number in range(given.people)]
    say(f"Before it began, {settled(process_id, given.settle)}; the app then had {resident_mib(process_id, 'VmRSS'):.0f} MiB.\n\n")
    say("| round | people, pause | page | answers | median ms | p95 ms | slowest ms | p95 in plain pages |\n")
    say("|---|---|---|---:|---:|---:|---:|---:|\n")
    sizes: dict[str, int] = defaultdict(int)
    ways = ((1, 0.0), (given.people, 1.0), (given.people, 0.0))
    for number in range(given.rounds):
        for count, pause in ways:
            worked(people[:count], pause, given.seconds, process_id, f"| {number + 1} | {count}, {pause:.0f} s |")
    for one in people:
        for name, size in one.sizes.items():
            sizes[name] = max(sizes[name], size)
    say(f"\nAt most {resident_mib(process_id):.0f} MiB in memory; load {os.getloadavg()[0]:.1f} after. Largest pages: ")
    say(", ".join(f"{name} {size / 1024:.0f} KB" for name, size in sorted(sizes.items())) + ".\n")
    for one in people:
        one.sign_in()
    say(f"Everybody signed in once more: at most {resident_mib(process_id):.0f} MiB. ")
    publish_anew(night)
    say(f"The night published anew while nobody looked: {settled(process_id, given.settle, seen_within=40)}.\n\n")
    for one in people:
        one.sign_in()
    worked(people, 1.0, given.seconds, process_id, f"| after a new night | {given.people}, 1 s |")
    say(f"\nAfter one more round, at most {resident_mib(process_id):.0f} MiB.\n")


def worked(people: list[Person], pause: float, seconds: float, process_id: int, head: str) -> None:
    """One round of one way of working, a line a page."""
    before, until = processor_seconds(process_id), time.perf_counter() + seconds
    for one in people:
        one.pause = pause
        one.times.clear()
        one.line.close()  # one that was idle for long is closed there; the next page opens another
    threads = [threading.Thread(target=one.work, args=(until,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = processor_seconds(process_id) - before
    times: dict[str, list[float]] = defaultdict(list)
    for one in people:
        for name, took in one.times.items():
            times[name] += took
    plain = statistics.quantiles(times["plain"], n=100)[94] if len(times["plain"]) > 1 else float("nan")
    for name, took in times.items():
        if len(took) > 1:
            cut = statistics.quantiles(took, n=100)
            told = f"{len(took):,} | {cut[49] * 1000:.0f} | {cut[94] * 1000:.0f} | {max(took) * 1000:.0f} | {cut[94] / plain:.1f}"
            sys.stdout.write(f"{head} {name} | {told} |\n")
    answers = sum(map(len, times.values()))
    told = f"{answers / seconds:.0f} answers a second; of the processor {taken / answers * 1000:.1f} ms an answer"
    sys.stdout.write(f"{head} {told} | | | | | |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
