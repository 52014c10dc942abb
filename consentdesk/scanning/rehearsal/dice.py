"""The draws that rehearsal makes again and again, all from the one generator that it is handed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


def chance(rng: np.random.Generator, share: float) -> bool:
    """True in `share` of all draws."""
    return bool(rng.random() < share)


def between(rng: np.random.Generator, span: tuple[float, float]) -> float:
    """Anything from the first of `span` to the second, evenly."""
    return float(rng.uniform(*span))


def pick(
    rng: np.random.Generator, choices: Sequence[Choice], weights: Sequence[float] | None = None
) -> Choice:
    """One of `choices`, as often as its weight says, or all alike."""
    if weights is None:
        return choices[int(rng.integers(len(choices)))]
    shares = np.asarray(weights, float)
    return choices[int(rng.choice(len(choices), p=shares / shares.sum()))]
