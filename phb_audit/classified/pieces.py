"""Words in pieces, as the sentence model's vocabulary has them: the longest known beginning first, then its longest continuations."""

from __future__ import annotations

from collections.abc import Mapping

CONTINUES = "##"
"""Marks a piece that goes on a word ('##ing')."""
LONGEST_WORD = 100
"""A longer word is not read (the rule of the vocabulary's own tokenizer)."""


def pieces_of(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Places of a lower-case word's pieces; empty when some part of it is in no piece."""
    if len(word) > LONGEST_WORD:
        return []
    found: list[int] = []
    start = 0
    while start < len(word):
        end = len(word)
        mark = CONTINUES if start else ""
        while end > start and mark + word[start:end] not in vocabulary:
            end -= 1
        if end == start:
            return []
        found.append(vocabulary[mark + word[start:end]])
        start = end
    return found
