"""Keyed pseudonyms, and the NHS number's check digit.

NHS numbers, names, bank details and National Insurance numbers become HMAC-SHA256 pseudonyms on landing. The key lives in a
file outside every database (`Settings.key_path`), one per commissioner; without it a pseudonym cannot be made or guessed at.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from operator import mul
from pathlib import Path

from phb_audit.errors import UsageError

KEY_BYTES = 32
PSEUDONYM_HEX = 16
NHS_WEIGHTS = tuple(range(10, 1, -1))
NOT_ALPHANUMERIC = dict.fromkeys(place for place in range(128) if not chr(place).isalnum())


@dataclass(frozen=True)
class IdentityKey:
    """The secret that turns identity into pseudonyms. Never printed."""

    secret: bytes = field(repr=False)

    def pseudonym(self, prefix: str, value: str) -> str:
        """`prefix` + 16 hex digits, the same for the same tidied value: `H3f2a...`. Raises nothing; empty stays empty."""
        tidy = tidied(value)
        if not tidy:
            return ""
        digest = hmac.digest(self.secret, f"{prefix}:{tidy}".encode(), "sha256")
        return prefix + digest.hex()[:PSEUDONYM_HEX]

    @property
    def fingerprint(self) -> str:
        """16 hex digits that tell this key from another; the key cannot be found from them."""
        return hmac.new(self.secret, b"fingerprint", hashlib.sha256).hexdigest()[:PSEUDONYM_HEX]

    def sealing_key(self) -> bytes:
        """A key for sealing kept files, derived from the secret so that the pseudonym key itself seals nothing."""
        return hmac.new(self.secret, b"sealed files", hashlib.sha256).digest()


def holder_shown(holder_id: str) -> str:
    """A holder as pages and reports call them: 'PHB-' and six characters of the pseudonym."""
    return f"PHB-{holder_id[1:7].upper()}"


def tidied(value: str) -> str:
    """Identity text without case, blanks or punctuation, so that '12-34-56' and '123456' are one."""
    upper = value.upper()
    if upper.isascii():  # nearly all, and many times faster
        return upper.translate(NOT_ALPHANUMERIC)
    return "".join(letter for letter in upper if letter.isalnum())


def read_or_make_key(path: Path) -> IdentityKey:
    """Read the key file, or make one readable only by its owner. Raises UsageError for a damaged file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half_made = path.with_suffix(f".{os.getpid()}.new")
        descriptor = os.open(half_made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
        half_made.replace(path)
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise UsageError(
            f"The identity key file {path.name} is damaged.", do="Restore it from your backup; a new key would orphan every pseudonym."
        )
    return IdentityKey(secret)


def is_nhs_number(text: str) -> bool:
    """True for ten digits whose Modulus 11 check digit agrees (spaces and hyphens are ignored)."""
    bare = text.replace(" ", "").replace("-", "")
    if len(bare) != 10 or not (bare.isascii() and bare.isdigit()):
        return False
    digits = [*map(int, bare)]
    return nhs_check_digit(digits[:9]) == digits[9]


def nhs_check_digit(nine: list[int]) -> int:
    """The Modulus 11 check digit of nine digits: 0-9, or 10 where no number can be made."""
    if len(nine) != len(NHS_WEIGHTS):
        raise ValueError("a check digit is made of nine digits")
    rest = sum(map(mul, NHS_WEIGHTS, nine)) % 11
    return 0 if rest == 0 else 11 - rest


def person_key(initial: str, surname: str) -> str:
    """First initial and the surname's sound, so that J SMITH and J SMYTHE give one key: 'J SMT'. Empty without a surname."""
    letters = tidied(surname)
    if not letters:
        return ""
    sound = letters.replace("PH", "F").replace("CK", "K").replace("GH", "")
    sound = sound.translate(str.maketrans("YCZV", "IKSF"))
    kept = sound[:1] + "".join(letter for letter in sound[1:] if letter not in "AEIOUHW")
    squeezed = "".join(letter for place, letter in enumerate(kept) if place == 0 or letter != kept[place - 1])
    return f"{initial[:1].upper()} {squeezed}"
