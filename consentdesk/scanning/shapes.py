"""Is it a tick, is it a cross? Each asked in two independent ways: by its strokes, and by the ink round its middle."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.skeleton import graph_of
from consentdesk.scanning.strokes import Mask, Points, Segment, crossing, runs_round, strongest_line

Edges = tuple[float, float, float, float]
Crossed = tuple[tuple[float, float], float]
"""Where two strokes cross (x, y in px), and how surely they do, 0 to 1."""

# All lengths below are shares of the box's side, so that a large-print box is judged like a small one.
_DOUBLED: Final = 0.1
"""Strokes drawn this near to each other are one stroke drawn twice."""
_ARM: Final = 0.06
"""No arm of a cross is shorter than this."""
_ENOUGH: Final = 0.09
"""Circles round the middle that meet the right number of strokes, over so much of their radius, make it sure."""
_CROWDED: Final = 0.12
"""Circles that meet more strokes than a plain mark has, over so much of their radius, tell of one that is crowded."""
_HARDLY: Final = 0.85
"""So sure is a crowded mark at most: it may have been drawn twice, and it may have been struck out."""
_STEP: Final = 0.025
"""From one circle to the next."""
_STEM: Final = 0.22
"""The arms of a tick part no further above its corner than this, and a little more for a broad pen."""
_DIP: Final = 0.06
"""Both arms of a tick rise at least so far above its corner, and one of them three times as far."""
_LEAST_ANGLE: Final = np.sin(np.deg2rad(18))
_SURE: Final = 0.95
"""From here on nothing surer is looked for."""
_JITTER: Final = ((0.0, 0.0), (0.06, 0.0), (-0.06, 0.0), (0.0, 0.06), (0.0, -0.06))


def merged(own: Mask, side: float, within: float = _DOUBLED) -> Mask:
    """A mark with strokes that were drawn twice, `within` a share of the box's side, run together."""
    reach = max(3, int(within * side) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    framed = cv2.copyMakeBorder(own.astype(np.uint8), reach, reach, reach, reach, cv2.BORDER_CONSTANT)
    return cv2.morphologyEx(framed, cv2.MORPH_CLOSE, disc)[reach:-reach, reach:-reach] > 0


def how_cross(
    own: Mask, whole: Mask, ink: Points, first: Segment, width: float, edges: Edges, tick: float = 0.0
) -> float:
    """How surely a mark is a cross, 0 to 1: the lesser of what its strokes and its arms say.

    `whole` is the mark `merged`, `ink` its pixels, `first` its strongest line and `width` its strokes' (px). What is
    surely a `tick` is looked at only once more.
    """
    side = _side(edges)
    radii = np.arange(0.1, 0.95, _STEP) * side
    best = 0.0
    looks: tuple[Callable[[], Crossed | None], ...] = (
        lambda: _straight(ink, first, width, side),
        lambda: _drawn(own, width),
    )
    for look in looks:
        found = look()
        if found is not None and found[1] > best and _within(found[0], edges, 0.2 * side):
            crowded = any(
                _longest(runs_round(mask, found[0], radii)[0] > 4)[0] * _STEP > _CROWDED
                for mask in (own, whole)
            )
            arms = max(_met(mask, found[0], radii, 4, side) for mask in (own, whole))
            if arms < found[1]:
                arms = max(arms, _met(merged(own, side, 2 * _DOUBLED), found[0], radii, 4, side))
            best = max(best, min(found[1], arms, _HARDLY if crowded else 1.0))
        if max(best, tick) > _SURE:
            break
    return best


def _straight(ink: Points, first: Segment, width: float, side: float) -> Crossed | None:
    """Two straight strokes that explain the ink and cross well within both."""
    tolerance = width / 2 + 0.055 * side
    off_first = first.distance(ink) > tolerance
    second = strongest_line(ink[off_first], ink, width, gap=0.2 * side + width)
    if second is None or min(first.inked, second.inked) < 0.6:
        return None
    met = crossing(first, second)
    if met is None:
        return None
    centre, t, u = met
    arms = (first.length * t, first.length * (1 - t), second.length * u, second.length * (1 - u))
    if min(t, u, 1 - t, 1 - u) < 0.06 or min(arms) < _ARM * side or _sine(first, second) < _LEAST_ANGLE:
        return None
    unexplained = float((off_first & (second.distance(ink) > tolerance)).mean())
    return centre, min(1.0, 1.15 - unexplained)


def _drawn(own: Mask, width: float) -> Crossed | None:
    """Four arms that leave one junction, two of which may join into a loop: a cross drawn in one movement."""
    graph = graph_of(own, width)
    best: Crossed | None = None
    total = sum(branch.length for branch in graph.branches)
    for junction, centre in enumerate(graph.junctions):
        here = graph.at(junction)
        if len(here) + sum(branch.is_loop for branch in here) != 4:
            continue
        sure = min(1.0, 1.15 - (total - sum(branch.length for branch in here)) / max(1.0, total))
        if best is None or sure > best[1]:
            best = centre, sure
    return best


def how_tick(own: Mask, whole: Mask, width: float, edges: Edges) -> float:
    """How surely a mark is a tick, 0 to 1: the lesser of what its strokes and its corner's arms say."""
    sure = _how_tick(own, width, edges)
    # Merging mends a tick drawn twice and closes the corner of a small one.
    return sure if sure > _SURE else max(sure, _how_tick(whole, width, edges))


def _how_tick(whole: Mask, width: float, edges: Edges) -> float:
    side = _side(edges)
    by_strokes = max(_opens_upwards(whole, side), _dips(whole, side))
    if by_strokes == 0.0:
        return 0.0
    rows = np.flatnonzero(whole.any(axis=1))
    lowest = rows[-1]
    corner = (
        float(np.median(np.flatnonzero(whole[max(0, lowest - 1) : lowest + 1].any(axis=0)))),
        float(lowest),
    )
    # Arms that part late stand on a stem: a Y.
    radii, latest = np.arange(0.07, 0.9, _STEP) * side, _STEM * side + 1.2 * width
    arms = _best(_raised(whole, (corner[0], corner[1] - up * side), radii, latest) for up in (0.0, 0.05, 0.1))
    return min(by_strokes, arms)


def _side(edges: Edges) -> float:
    left, top, right, bottom = edges
    return (right - left + bottom - top) / 2


def _sine(one: Segment, other: Segment) -> float:
    return abs(float(one.direction[0] * other.direction[1] - one.direction[1] * other.direction[0]))


def _met(mask: Mask, centre: tuple[float, float], radii: Points, wanted: int, side: float) -> float:
    """How sure circles round a point, or hard by it, are of meeting just `wanted` strokes, over a run of radii."""
    return _best(
        _longest(runs_round(mask, (centre[0] + dx * side, centre[1] + dy * side), radii)[0] == wanted)[0]
        * _STEP
        / _ENOUGH
        for dx, dy in _JITTER
    )


def _raised(mask: Mask, corner: tuple[float, float], radii: Points, latest: float) -> float:
    """How sure circles round a corner are of meeting two strokes, both above it, from the radius `latest` on."""
    counts, below = runs_round(mask, corner, radii)
    count, first = _longest((counts == 2) & ~below)
    if radii[first] > latest:
        return 0.0
    return min(_HARDLY if _longest(counts > 2)[0] * _STEP > _CROWDED else 1.0, count * _STEP / _ENOUGH)


def _best(looks: Iterable[float]) -> float:
    """The surest of several looks, 1 at most; once it is sure no more are taken."""
    best = 0.0
    for look in looks:
        best = max(best, look)
        if best >= 1.0:
            return 1.0
    return best


def _longest(hits: NDArray[np.bool_]) -> tuple[int, int]:
    """The length of the longest run of hits, and where it begins."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], hits, [False]]).astype(np.int8)))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    at = int(lengths.argmax())
    return int(lengths[at]), int(edges[2 * at])


def _opens_upwards(mask: Mask, side: float) -> float:
    """How surely a mark, row by row, is one stroke that parts into two, further and further apart going up."""
    rows = np.flatnonzero(mask.any(axis=1))
    part = mask[rows[0] : rows[-1] + 1]
    framed = np.zeros((len(part), part.shape[1] + 2), np.bool_)
    framed[:, 1:-1] = part
    counts = (framed[:, 1:] & ~framed[:, :-1]).sum(axis=1)
    if ((counts >= 1) & (counts <= 2)).mean() < 0.85:
        return 0.0
    forked = np.flatnonzero(counts == 2)
    if len(forked) < 3:
        return 0.0
    first = part.argmax(axis=1)[forked]
    last = part.shape[1] - 1 - part[:, ::-1].argmax(axis=1)[forked]
    spread = (last - first).astype(np.float64)
    spread -= spread.mean()
    rise = forked.mean() - forked
    if float(spread @ rise) < 0.3 * float(np.sqrt((spread @ spread) * (rise @ rise))):
        return 0.0
    return min(1.0, len(forked) / (0.09 * side))


def _dips(mask: Mask, side: float) -> float:
    """How surely a mark, column by column, is one stroke that goes down into a corner and comes up again."""
    columns = np.flatnonzero(mask.any(axis=0))
    part = mask[:, columns[0] : columns[-1] + 1]
    framed = np.zeros((part.shape[0] + 1, part.shape[1]), np.bool_)
    framed[1:] = part
    counts = (framed[1:] & ~framed[:-1]).sum(axis=0)
    inked = part.sum(axis=0)
    if (counts == 1).mean() < 0.6 or not inked.all():
        return 0.0
    height = (np.arange(len(part))[:, None] * part).sum(axis=0) / inked
    corner = int(height.argmax())
    if not 0 < corner < len(height) - 1:
        return 0.0
    arms = height[corner::-1], height[corner:]
    rises = [float(height[corner] - arm.min()) for arm in arms]
    # What comes down again is a second mark; a hook at the end of an arm is not that deep.
    falls = [float((arm - np.minimum.accumulate(arm)).max()) for arm in arms]
    if max(rises) < 3 * _DIP * side or max(falls) > 3 * _DIP * side:
        return 0.0
    return min(1.0, min(rises) / (_DIP * side))


def _within(point: tuple[float, float], edges: Edges, room: float) -> bool:
    left, top, right, bottom = edges
    return left - room <= point[0] <= right + room and top - room <= point[1] <= bottom + room
