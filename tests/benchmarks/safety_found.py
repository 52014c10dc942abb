"""What a row of the safety bench found, as one JSON line."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Final

import msgspec

_SHOWN: Final = 10


class Found(msgspec.Struct, frozen=True):
    """Of `trials`, so many did what must not be (`value`, whose goal is 0); or a `value` in `unit`, at most `goal`.

    `failures` are the first of them in words, each with what is needed to do it again; `notes` count what was met.
    """

    row: str
    value: float
    trials: int
    goal: float = 0
    unit: str = "failures"
    seconds: float = 0.0
    notes: dict[str, int | float | str] = {}
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the goal is reached."""
        return self.trials > 0 and self.value <= self.goal


def found(
    row: str, trials: int, failures: Iterable[str], notes: dict[str, int | float | str] | None = None
) -> Found:
    """Of `trials`, the ones that failed."""
    every = list(failures)
    return Found(row, len(every), trials, notes=dict(notes or {}), failures=tuple(every[:_SHOWN]))


def chance_of(*words: object) -> Random:
    """The same chances whenever the same words are given, so that any one trial can be done again."""
    return Random(" ".join(map(str, words)))  # noqa: S311 - no secret


def line(one: Found) -> str:
    """A row as one line of JSON."""
    return msgspec.json.encode(one).decode()
