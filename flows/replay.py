"""Past nights again, from the sealed files: a new warehouse beside the old one, the nights in order, and what differs.

python -m flows.replay QZZ --home data --into replayed
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

from flows.nightly import run_plain
from phb_audit.cases.casebook_store import file_of
from phb_audit.classified.learned import learned_folder
from phb_audit.identity import read_or_make_key
from phb_audit.landed.sealed import open_sealed
from phb_audit.night import Night
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql


def replay(commissioner_code: str, home: Path, into: Path) -> list[tuple[str, bool]]:
    """Run every published night of `home` again below `into`; returns (run_id, same bytes as before?) in order.

    The files of each night are those its manifest names, opened from their seals. `into` must not hold a warehouse yet.
    """
    old, new = Settings(home), Settings(into)
    shutil.copyfile(old.key_path(commissioner_code), new.key_path(commissioner_code))
    key = read_or_make_key(old.key_path(commissioner_code))
    if (book := file_of(old, commissioner_code)).exists():
        copy_casebook(book, new.folder("casebook", commissioner_code) / book.name)
    if (taught := learned_folder(old, commissioner_code)).exists():
        shutil.copytree(taught, learned_folder(new, commissioner_code))
    nights = past_nights(old.warehouse_path(commissioner_code))
    answers = []
    inbox = into / "inbox" / commissioner_code
    for run_id, as_of, files, seen, classifier in nights:
        shutil.rmtree(inbox, ignore_errors=True)
        for file_id, file_name in files:
            place = inbox / file_name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(open_sealed(old.folder("landing", commissioner_code) / file_id, key))
        run_plain(Night(commissioner_code, as_of, inbox, into, decisions_up_to=seen, classifier=classifier))
        answers.append((run_id, fingerprint(old, commissioner_code, run_id) == fingerprint(new, commissioner_code, run_id)))
    return answers


PastNight = tuple[str, date, list[tuple[str, str]], int, str]


def past_nights(warehouse_path: Path) -> list[PastNight]:
    """(run_id, as_of, [(file_id, file_name)], newest event of the casebook it saw, classifier) of every published night, in order."""
    warehouse = Warehouse(warehouse_path, read_only=True)
    try:
        rows = warehouse.frame(sql(__file__, "past_nights")).rows()
    finally:
        warehouse.close()
    nights: dict[str, PastNight] = {}
    for run_id, as_of, seen, classifier, file_id, file_name in rows:
        nights.setdefault(run_id, (run_id, as_of, [], seen, classifier))[2].append((file_id, file_name))
    return list(nights.values())


def copy_casebook(old: Path, new: Path) -> None:
    """Copy a casebook as it stands, also what is still in its write-ahead log."""
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(new)) as target:
        source.backup(target)


def fingerprint(settings: Settings, commissioner_code: str, run_id: str) -> str:
    """One hash over the published Parquet tables of a night."""
    folder = settings.folder("published", commissioner_code) / run_id
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def main() -> None:
    """Replay from the command line; exit code 1 when a night's tables differ."""
    parser = argparse.ArgumentParser(prog="python -m flows.replay", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("commissioner_code")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    given = parser.parse_args()
    answers = replay(given.commissioner_code, given.home, given.into)
    for run_id, same in answers:
        sys.stdout.write(f"{run_id}: {'the same tables' if same else 'the tables differ'}\n")
    sys.exit(0 if all(same for _, same in answers) else 1)


if __name__ == "__main__":
    main()
