"""Is it a tick, is it a cross? Each asked in two independent ways: by its strokes, and by the ink round its middle."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from consentdesk.scanning.boxes import SCALE
from consentdesk.scanning.pictures import quantile
from consentdesk.scanning.skeleton import Branch, Graph, path_length
from consentdesk.scanning.strokes import (
    Mask,
    Points,
    Segment,
    angle_between,
    crossing,
    runs_round,
    strongest_line,
)

Edges = tuple[float, float, float, float]

_SHORT_ARM: Final = 0.6 * SCALE
"""No arm of a tick or a cross is shorter than this in px."""
_LEVEL: Final = 20.0
"""A stroke this near to level (degrees) may strike another out."""


# A cross: two strokes that meet in their middles; four arms round the meeting point.


def how_cross(own: Mask, graph: Graph, ink: Points, first: Segment, width: float, edges: Edges) -> float:
    """How surely a mark is a cross, 0 to 1: the lesser of what its strokes and its arms say."""
    if _thickens(own, [branch.path for branch in graph.branches]):
        return 0.0
    by_strokes = [
        found
        for found in (_straight_cross(ink, first, width), _drawn_cross(graph, width))
        if found is not None
    ]
    best = 0.0
    left, top, right, bottom = (round(edge) for edge in edges)
    runs_out = own[[0, -1], :].any() or own[:, [0, -1]].any()
    if runs_out and own[top : bottom + 1, left : right + 1].sum() < 0.62 * own.sum():
        # What runs far out of the view may be two strokes of two different marks.
        return 0.0
    for centre, reach, sure in by_strokes:
        if _within(centre, edges, 0.0):
            best = max(best, min(sure, _arms(own, centre, width, reach, 4)))
    return best


def _straight_cross(
    ink: Points, first: Segment, width: float
) -> tuple[tuple[float, float], float, float] | None:
    """Two straight strokes that explain the ink and cross in their middles: centre, arm length in px, sureness."""
    tolerance = width / 2 + 0.25 * SCALE
    rest = ink[first.distance(ink) > tolerance]
    second = strongest_line(rest, ink, width, gap=SCALE + 1.5 * width)
    if second is None:
        return None
    met = crossing(first, second)
    if met is None or angle_between(first, second) < 32:
        return None
    centre, t, u = met
    if min(first.length, second.length) < 1.5 * SCALE or min(first.inked, second.inked) < 0.8:
        return None
    if not (0.15 <= t <= 0.85 and 0.15 <= u <= 0.85):
        return None
    arms = [first.length * t, first.length * (1 - t), second.length * u, second.length * (1 - u)]
    if min(arms) < max(_SHORT_ARM, 0.5 * width) or max(arms) > 3.5 * min(arms):
        return None
    beside = int(((first.distance(ink) > tolerance) & (second.distance(ink) > tolerance)).sum())
    unexplained = beside / len(ink)
    if beside > 0.7 * SCALE * width:
        # As much as another short stroke: a tick that was struck out has one.
        return None
    leans = [float(np.degrees(np.arctan2(one.direction[1], one.direction[0]))) for one in (first, second)]
    return centre, min(arms), float(np.clip(1.25 - 8.0 * unexplained, 0, _surest(leans)))


def _surest(leans: list[float]) -> float:
    """The most that can be made of two crossing strokes, given their directions (degrees).

    A level stroke through a rising one is a struck tick as often as a cross.
    """
    from_level = min(min(lean % 180, 180 - lean % 180) for lean in leans)
    return 1.0 if from_level >= _LEVEL else 0.6


def _drawn_cross(graph: Graph, width: float) -> tuple[tuple[float, float], float, float] | None:
    """Four arms that leave one junction pairwise opposite, two of which may join into a loop (one movement)."""
    best = None
    for junction, centre in enumerate(graph.junctions):
        here = graph.at(junction)
        arms = [_outward(branch, junction) for branch in here if not branch.is_loop]
        loops = [branch for branch in here if branch.is_loop]
        if len(loops) > 1 or len(arms) + 2 * len(loops) != 4:
            continue
        if any(branch.start >= 0 and branch.end >= 0 and not branch.is_loop for branch in here):
            continue
        for loop in loops:
            middle = len(loop.path) // 2
            arms += [loop.path[: middle + 1], loop.path[middle:][::-1]]
        lengths = [path_length(arm) for arm in arms]
        if min(lengths) < max(_SHORT_ARM, 0.5 * width) or max(lengths) > 3 * min(lengths):
            continue
        total = sum(branch.length for branch in graph.branches)
        spare = total - sum(branch.length for branch in here)
        bearings = sorted(_bearing(arm, centre, width) for arm in arms)
        gaps = np.diff([*bearings, bearings[0] + 360])
        opposite = [abs(gaps[at] + gaps[(at + 1) % 4] - 180) for at in range(2)]
        bent = max(_bend(arm) for arm in (arms if not loops else arms[:2]))
        if gaps.min() < 28 or max(opposite) > 60 or bent > 0.28 or spare > 0.12 * total:
            continue
        leans = [(bearings[at] + bearings[at + 2] - 180) / 2 for at in range(2)]
        sure = float(np.clip(1.3 - max(opposite) / 60 * 0.5 - bent * 0.6, 0, _surest(leans)))
        if best is None or sure > best[2]:
            best = (centre, min(lengths), sure)
    return best


def _outward(branch: Branch, junction: int) -> Points:
    """A branch's path from the junction outwards."""
    return branch.path if branch.start == junction else branch.path[::-1]


def _bearing(arm: Points, centre: tuple[float, float], width: float) -> float:
    """The direction in degrees (0 to 360) in which an arm leaves, judged some way out."""
    out = arm[min(len(arm) - 1, max(3, round(width), round(0.8 * SCALE)))] - centre
    return float(np.degrees(np.arctan2(out[1], out[0])) % 360)


def _bend(path: Points) -> float:
    """How far a path strays from the straight line between its ends, as a share of that line."""
    chord = path[-1] - path[0]
    length = float(np.linalg.norm(chord))
    if length < 1:
        return 1.0
    off = np.abs((path[:, 0] - path[0][0]) * chord[1] - (path[:, 1] - path[0][1]) * chord[0]) / length
    return float(off.max()) / length


# A tick: one movement down into a corner and up again; two arms round the corner.


def how_tick(own: Mask, graph: Graph, width: float, edges: Edges) -> float:
    """How surely a mark is a tick, 0 to 1: the lesser of what its stroke and its arms say."""
    path = _single_path(graph, width)
    if path is None or _off_path(own, path, width) > 0.1 or _thickens(own, [path]):
        return 0.0
    corner_at = int(np.argmax(path[:, 1] - 0.002 * np.abs(np.arange(len(path)) - len(path) / 2)))
    corner = (float(path[corner_at, 0]), float(path[corner_at, 1]))
    if not _within(corner, edges, 1.5 * SCALE):
        return 0.0
    one, other = path[: corner_at + 1][::-1], path[corner_at:]
    long, short = sorted((one, other), key=path_length, reverse=True)
    long_length, short_length = path_length(long), path_length(short)
    if short_length < _SHORT_ARM or long_length < 1.3 * SCALE or short_length < 0.6 * width:
        return 0.0
    rise_long, rise_short = corner[1] - float(long[:, 1].min()), corner[1] - float(short[:, 1].min())
    if rise_long < 0.9 * SCALE or rise_short < 0.22 * SCALE:
        return 0.0
    if max(_falls(long), _falls(short)) > max(0.9 * SCALE, 0.25 * rise_long):
        return 0.0
    arms = [_arm_direction(arm, min(path_length(arm), 2.2 * SCALE)) for arm in (long, short)]
    turn = float(np.degrees(np.arccos(np.clip(float(arms[0] @ arms[1]), -1, 1))))
    if not 12 <= turn <= 128:
        return 0.0
    crooked = max(_bend(long), 0.6 * _bend(short))
    # A narrow corner fills with ink; a wide one looks like a bowed stroke.
    sure = min(1.0, (turn - 4) / 16, (138 - turn) / 25, 1.25 - 1.8 * crooked)
    reach = min(short_length, 1.6 * SCALE)
    two = _arms(own, corner, width, reach, 2)
    if two < sure:
        two = max(two, _opening(own, one, other, width))
    return float(max(0.0, min(sure, two)))


def _single_path(graph: Graph, width: float) -> Points | None:
    """The one path that the whole mark follows, short side strokes left out; None where there is no such path."""
    if not graph.branches or len(graph.junctions) > 1:
        return None
    total = sum(branch.length for branch in graph.branches)
    if not graph.junctions:
        path = _joined([branch.path for branch in graph.branches], width)
        return path if path_length(path) >= 0.9 * total and len(path) >= 8 else None
    # A tick's corner may leave a third, short branch where ink ran together.
    arms = sorted((_outward(branch, 0) for branch in graph.at(0)), key=path_length, reverse=True)
    if len(arms) < 2 or any(branch.is_loop for branch in graph.branches):
        return None
    path = np.concatenate([arms[0][::-1], [graph.junctions[0]], arms[1]])
    path = _joined(
        [path, *(branch.path for branch in graph.branches if branch.start < 0 and branch.end < 0)], width
    )
    return path if total - path_length(path) <= max(0.8 * width, 0.07 * total) else None


def _joined(paths: list[Points], width: float) -> Points:
    """The longest path, lengthened by others whose ends lie close to its own.

    Where a stroke runs along or ends in the box's printed line, it is seen in pieces.
    """
    rest = sorted(paths, key=path_length, reverse=True)
    path = rest.pop(0)
    gap = 0.8 * SCALE + 0.6 * width
    while rest:
        options = [
            (float(np.linalg.norm(one[0] - other[0])), at, forwards, onwards)
            for at, piece in enumerate(rest)
            for forwards, one in ((True, path[::-1]), (False, path))
            for onwards, other in ((True, piece), (False, piece[::-1]))
        ]
        distance, at, forwards, onwards = min(options, key=lambda option: option[0])
        if distance > gap:
            return path
        piece = rest.pop(at)
        piece = piece if onwards else piece[::-1]
        path = np.concatenate([path, piece]) if forwards else np.concatenate([path[::-1], piece])
    return path


def _off_path(own: Mask, path: Points, width: float) -> float:
    """The share of a mark's ink that lies further from a path than a stroke is wide."""
    drawn = np.zeros(own.shape, np.uint8)
    reach = round(width) + 4
    cv2.polylines(drawn, [np.rint(path).astype(np.int32)], False, 1, reach)
    return float((own & (drawn == 0)).sum()) / max(1, int(own.sum()))


def _thickens(own: Mask, paths: list[Points]) -> bool:
    """Whether a mark is much wider over a good part of its length: one stroke was drawn along another."""
    if not paths:
        return False
    depth = cv2.distanceTransform(np.pad(own.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    places = np.rint(np.concatenate(paths)).astype(int)
    along = depth[places[:, 1], places[:, 0]]
    usual, wide = float(quantile(along, 0.4)), float(quantile(along, 0.85))
    return wide > 1.7 * usual + 0.9


def _falls(arm: Points) -> float:
    """How far in px an arm, followed upwards from the corner, comes down again."""
    highest = np.minimum.accumulate(arm[:, 1])
    return float((arm[:, 1] - highest).max())


def _arm_direction(arm: Points, length: float) -> Points:
    """The unit direction of the first `length` px of an arm."""
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(arm, axis=0), axis=1))])
    out = arm[min(len(arm) - 1, int(np.searchsorted(steps, length)))] - arm[0]
    return np.asarray(out / max(1e-9, float(np.linalg.norm(out))), np.float64)


def _opening(own: Mask, one: Points, other: Points, width: float) -> float:
    """How white the wedge between two arms is: the share of the chords between them that cross paper."""
    shorter = min(len(one), len(other))
    tried = [at for at in range(shorter // 3, shorter) if np.linalg.norm(one[at] - other[at]) > 1.8 * width]
    if not tried:
        return 0.0
    height, breadth = own.shape
    open_chords = 0
    for at in tried:
        along = np.linspace(0, 1, 24)[:, None]
        places = np.rint(one[at] * (1 - along) + other[at] * along).astype(int)
        inked = own[places[:, 1].clip(0, height - 1), places[:, 0].clip(0, breadth - 1)]
        starts = int((inked & ~np.roll(inked, 1)).sum())
        open_chords += bool(not inked.all() and starts <= 2 and (~inked).mean() > 0.25)
    return open_chords / len(tried) * min(1.0, len(tried) / 5)


def _arms(own: Mask, centre: tuple[float, float], width: float, reach: float, wanted: int) -> float:
    """The share of circles round a point, out to `reach` px, that meet just `wanted` strokes."""
    low = max(3.0, 0.8 * width if wanted == 4 else 1.1 * width)
    radii = np.arange(low, max(low + 1.0, 0.9 * min(reach, 2.4 * SCALE)), 1.0)
    return min(1.0, float((runs_round(own, centre, radii) == wanted).mean()) + 0.1)


def _within(point: tuple[float, float], edges: Edges, room: float) -> bool:
    left, top, right, bottom = edges
    return left - room <= point[0] <= right + room and top - room <= point[1] <= bottom + room
