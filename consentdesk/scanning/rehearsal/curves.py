"""Lines through points: smooth as a hand pulls them, sharp where it turns; and how to write them down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Line: TypeAlias = tuple[Floats, tuple[int, ...]]
"""(N, 2) points to pull a line through, and the indices of those at which it turns sharply."""

_SAME = 1e-9


def parse_strokes(text: str) -> tuple[Line, ...]:
    """Strokes written as `x,y x,y …; x,y …`, a `!` after each point at which the line turns sharply."""
    lines = []
    for part in text.split(";"):
        tokens = part.split()
        points = np.array([[float(number) for number in token.rstrip("!").split(",")] for token in tokens])
        lines.append((points, tuple(i for i, token in enumerate(tokens) if token.endswith("!"))))
    return tuple(lines)


def curve(points: Sequence[Sequence[float]] | Floats, corners: Iterable[int] = ()) -> Floats:
    """A dense line (N, 2) through `points`: centripetal Catmull-Rom splines, sharp at the indices `corners`."""
    knots = np.asarray(points, float)
    cuts = [0, *sorted(set(corners) - {0, len(knots) - 1}), len(knots) - 1]
    pieces = [_spline(knots[a : b + 1]) for a, b in pairwise(cuts) if b > a]
    return np.concatenate(pieces) if pieces else knots


def _spline(knots: Floats) -> Floats:
    apart = np.hypot(*np.diff(knots, axis=0).T)
    knots = knots[np.concatenate(([True], apart > _SAME))]
    if not len(knots[2:]):
        return knots
    ends = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    times = np.concatenate(([0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(ends, axis=0).T)))))
    quads = np.stack([ends[i : len(ends) - 3 + i] for i in range(4)])[:, :, None, :]
    t0, t1, t2, t3 = (times[i : len(ends) - 3 + i, None, None] for i in range(4))
    t = t1 + (t2 - t1) * np.linspace(0, 1, 9)[None, :, None]

    def mix(a: Floats, b: Floats, start: Floats, end: Floats) -> Floats:
        return ((end - t) * a + (t - start) * b) / (end - start)

    a1, a2, a3 = (
        mix(quads[0], quads[1], t0, t1),
        mix(quads[1], quads[2], t1, t2),
        mix(quads[2], quads[3], t2, t3),
    )
    b1, b2 = mix(a1, a2, t0, t2), mix(a2, a3, t1, t3)
    return mix(b1, b2, t1, t2).reshape(-1, 2)
