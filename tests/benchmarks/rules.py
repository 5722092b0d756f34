"""What each rule costs: `python -m tests.benchmarks.rules HOME CODE AS_OF`, where HOME has run that night.

Prints one line per rule: rows it looked at, rows it found, processor seconds to find them, and how often the floor that is; then the
reading of the rows, every rule by itself added up, and all of them together as a night runs them (what they share is worked out once).
Processor seconds are counted, so what else the machine does matters little.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import polars as pl

from phb_audit.flagged import rules_in_force
from phb_audit.flagged.findings import found
from phb_audit.flagged.reading import batches, holders_of_rows, read_spending, with_everyone
from phb_audit.rules.register import Registered
from phb_audit.rules.spending import Spending
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse
from tests.benchmarks.floor import measured_floor

Answer = TypeVar("Answer")
HEADERS = "| rule | rows looked at | found | processor seconds | times the floor |\n|---|---:|---:|---:|---:|"
READING, ALONE, TOGETHER = "reading the rows", "every rule by itself", "all rules together"
