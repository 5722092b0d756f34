"""Every error a person may meet: one sentence of what happened, one of what to do, and an exit code.

Exit codes: 0 clean, 1 finished with data-quality warnings, 2 usage, 3 data refused by the quality gate, 4 the run failed.
"""

from __future__ import annotations

CLEAN, WARNINGS, USAGE, REFUSED, FAILED = 0, 1, 2, 3, 4


class PhbAuditError(Exception):
    """Base of all errors we raise on purpose. `str()` is safe to show: it never holds personal data."""

    exit_code = FAILED

    def __init__(self, what: str, *, do: str = "") -> None:
        self.what = what
        self.do = do
        super().__init__(f"{what} {do}".strip())


class UsageError(PhbAuditError):
    """The command or its settings cannot be understood."""

    exit_code = USAGE


class UnknownLayout(PhbAuditError):
    """A file whose headers fit no known layout."""

    exit_code = REFUSED


class UnreadableFile(PhbAuditError):
    """A file that cannot be read as its type."""

    exit_code = REFUSED


class QualityGateStopped(PhbAuditError):
    """An expectation of severity 'stop' failed: the night must not go on."""

    exit_code = REFUSED


class BooksDoNotBalance(PhbAuditError):
    """Rows or pence in differ from rows or pence out: the night stops."""

    exit_code = FAILED

    def __init__(self, *, stage: str, totals: object) -> None:
        super().__init__(
            f"The books of stage '{stage}' do not balance: {totals}.",
            do="Nothing was published. Run `phb-audit status` for the totals of every stage, and run the night again.",
        )


class NightAlreadyRunning(PhbAuditError):
    """Another process holds this commissioner's warehouse."""

    exit_code = FAILED


class DamagedWarehouse(PhbAuditError):
    """The warehouse's file cannot be opened as one."""

    exit_code = FAILED


class OtherVersion(PhbAuditError):
    """The warehouse was made by another version of phb_audit."""

    exit_code = FAILED
