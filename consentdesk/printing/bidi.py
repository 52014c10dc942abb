"""Right-to-left text among left-to-right: in which order the runs of one line stand on the paper."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import NamedTuple

RIGHT_TO_LEFT_MARK = "\u200f"
_CONTROLS = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
_STRONG = {"L": "L", "R": "R", "AL": "R"}


class Run(NamedTuple):
    """Text of one direction, in reading order; `rightwards` is left to right."""

    text: str
    rightwards: bool


def _types(text: str, base: str) -> list[str]:
    """The bidirectional type of each character after the rules for weak types, W1 to W7."""
    types = [unicodedata.bidirectional(character) or "L" for character in text]
    for at, kind in enumerate(types):
        if kind == "NSM":
            types[at] = types[at - 1] if at else "ON"
    _turn_numbers(types, base, after="AL", into="AN")
    for at in range(1, len(types) - 1):
        left, right = types[at - 1], types[at + 1]
        joins = ("EN", "AN") if types[at] == "CS" else ("EN",) if types[at] == "ES" else ()
        if left == right and left in joins:
            types[at] = left
    for at in (*range(len(types)), *reversed(range(len(types)))):
        if types[at] == "ET" and "EN" in types[max(at - 1, 0) : at + 2]:
            types[at] = "EN"
    _turn_numbers(types, base, after="L", into="L")
    return types


def _turn_numbers(types: list[str], strong: str, after: str, into: str) -> None:
    """Rules W2 and W7: European numbers turn `into` another type where the last strong type is `after`.

    `strong` is the one that holds at the start of the text.
    """
    for at, kind in enumerate(types):
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == after:
            types[at] = into


def _levels(text: str, base: int) -> list[int]:
    """The embedding level of each character: rules N1, N2, I1 and I2."""
    outer = "R" if base else "L"
    types = _types(text, outer)
    sides = ["R" if kind in ("R", "AL", "EN", "AN") else "L" if kind == "L" else "" for kind in types]
    at = 0
    for empty, group in groupby(sides, key=lambda side: not side):
        length = len(list(group))
        if empty:
            before = sides[at - 1] if at else outer
            after = sides[at + length] if at + length < len(sides) else outer
            sides[at : at + length] = [before if before == after else outer] * length
        at += length
    levels = []
    for kind, side in zip(types, sides, strict=True):
        if kind in ("EN", "AN"):
            levels.append(2)
        elif base:
            levels.append(1 if side == "R" else 2)
        else:
            levels.append(0 if side == "L" else 1)
    return levels


def visual_runs(text: str) -> list[Run]:
    """The runs of a line from left to right on the paper. Plain left-to-right text is one run.

    The line's own direction is that of its first strong character; `RIGHT_TO_LEFT_MARK` at its start makes it
    right-to-left. Marks and controls of direction are left out of the runs. Source: UAX 9, without explicit
    embeddings and bracket pairs, which names and letters do not use.
    """
    plain = "".join(character for character in text if character not in _CONTROLS)
    kinds = [unicodedata.bidirectional(character) for character in text]
    if not any(kind in ("R", "AL", "AN") for kind in kinds):
        return [Run(plain, True)] if plain else []
    base = next((0 if kind == "L" else 1 for kind in kinds if kind in _STRONG), 0)
    levels = _levels(plain, base)
    runs: list[tuple[int, str]] = []
    at = 0
    for level, group in groupby(levels):
        length = len(list(group))
        runs.append((level, plain[at : at + length]))
        at += length
    # Rule L2: from the highest level down, reverse each stretch of runs at that level or above.
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end][0] >= level:
                end += 1
            runs[start:end] = reversed(runs[start:end])
            start = max(end, start + 1)
    return [Run(piece, level % 2 == 0) for level, piece in runs]
