"""What a pen did to a box: the added ink, its measures, and the kind of mark it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from msgspec.structs import replace

from consentdesk.model.decision import MEANT, SURE_FLOOR
from consentdesk.model.reading import Mark, MarkKind
from consentdesk.scanning import veto
from consentdesk.scanning.box_ink import DUST, BoxInk, ink_in, without_dust
from consentdesk.scanning.boxes import SCALE, BoxView
from consentdesk.scanning.pictures import quantile
from consentdesk.scanning.shapes import how_cross, how_tick, merged
from consentdesk.scanning.strokes import Mask, points_of, stroke_width, strongest_line

_MM2: Final = SCALE * SCALE
_SPECK: Final = 0.4 * _MM2
DOUBTED: Final = 0.9
"""A mark that the measures are no surer of than this needs the model’s full trust."""
_OBJECTED: Final = 0.3
"""How sure a mark is that the model objects to."""
_ANOTHER: Final = 1.0 * _MM2
"""So much ink paler than the mark's own, in px, is another pen's."""
_DOT: Final = 1.2 * SCALE
"""What is smaller than this in px and touches no box is dirt."""
_HALF: Final = 0.55
_WIDEST: Final = 0.38
"""No pen draws a wider stroke than this, as a share of the box's side: what is wider was filled in."""
_STRAIGHT: Final = 0.04
"""A mark of which no more than this share lies off one straight line is that line."""
_LONGEST: Final = 7.0
"""Strokes longer than this many sides of the box are scribble."""
_THICK: Final = 1.6
"""From this on even a box without other ink is not taken for untouched."""
_FULL: Final = 0.78
"""No cross covers more of its box than this, not even a felt pen's."""
_PALEST: Final = 0.042
"""Ink paler than this share of the form's lines cannot be told from the paper's own shades."""
_FAINT_REACH: Final = 1.2 * SCALE
"""From this size on in px what is pale is a faint mark."""


def judge(views: Sequence[BoxView], printed: Sequence[Mask]) -> list[Mark]:
    """Measure boxes and name the kinds of their marks.

    `printed` (H×W each) marks what the blank form has in a view besides the box's own outline; it is left out.
    Only a tick or a cross that two measures agree on, the strokes it is made of and the count of arms round
    their meeting point, and that the trained model does not object to, gets a high `sure`.
    """
    found = [measure(view, mask) for view, mask in zip(views, printed, strict=True)]
    heard = [at for at, mark in enumerate(found) if mark.kind in MEANT and mark.sure >= SURE_FLOOR]
    trusted = veto.trust([veto.portrait(views[at], printed[at]) for at in heard])
    for at, trust in zip(heard, trusted, strict=True):
        if trust < (veto.TRUST if found[at].sure > DOUBTED else veto.FULL_TRUST):
            found[at] = replace(found[at], sure=_OBJECTED)
    return found


def measure(view: BoxView, printed: Mask) -> Mark:
    """The mark in one box, by the measures alone, before the model is heard."""
    seen = ink_in(view, printed)
    inside, outside, soft, own = seen.inside, seen.outside, seen.soft, seen.own
    darkness, softened = (float(quantile(ink[own], 0.8)) if own.any() else 0.0 for ink in (view.ink, soft))
    # A stroke is as wide as at half its darkness: paler edges would close the white between two strokes.
    own = own & (soft > _HALF * min(softened, 1.0))
    paler = seen.own & (cv2.dilate(own.astype(np.uint8), np.ones((7, 7), np.uint8)) == 0)
    in_area, all_area = int((own & inside).sum()), int(own.sum())
    fill = in_area / max(1, int(inside.sum()))
    share = in_area / max(1, in_area + int((own & outside).sum()))

    def mark(kind: MarkKind, sure: float) -> Mark:
        if kind is MarkKind.EMPTY and view.thickest > _THICK:
            kind = MarkKind.SPECK
        rounded = (round(float(value), 3) for value in (fill, min(darkness, 1.5), share, sure, view.fit))
        return Mark(kind, *rounded)

    if in_area < DUST:
        return mark(*_beside(view, seen))
    if in_area < _SPECK and all_area < _SPECK * 1.5 and _extent(own) < 1.0 * SCALE:
        # The darkest spot of a faint mark looks like a speck.
        return mark(MarkKind.FAINT if _is_faint(seen) else MarkKind.SPECK, 1.0)
    apart = seen.ink & outside & ~seen.own
    if _rings(seen.ink & outside, apart, view):
        return mark(MarkKind.RING, 1.0)
    kind, sure = _shape(own, view, fill)
    if _level_with(apart, view) or int(paler.sum()) > _ANOTHER:
        # Something beside the mark, or another pen across it.
        sure = min(sure, _OBJECTED)
    return mark(kind, sure)


def _extent(mask: Mask) -> float:
    """The longer side in px of what a mask covers."""
    ys, xs = np.nonzero(mask)
    return float(max(np.ptp(xs), np.ptp(ys)) + 1) if len(xs) else 0.0


def _is_faint(seen: BoxInk) -> bool:
    """Whether something paler than a stroke, but above the noise, reaches over `_FAINT_REACH` inside the box."""
    # Softened further, the outline spreads by 2 px more; what is nearer to it is not judged.
    within = (seen.allowed & seen.inside).astype(np.uint8)
    core = cv2.erode(within, np.ones((5, 5), np.uint8)).astype(np.bool_)
    paler = cv2.GaussianBlur(seen.soft, (0, 0), 1.2) > max(_PALEST, 2.8 * seen.noise)
    # A pale stroke shows in pieces.
    whole = cv2.morphologyEx(paler.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0
    faint = without_dust(whole & core)
    count, _, stats, _ = cv2.connectedComponentsWithStats(faint.astype(np.uint8), connectivity=8)
    sizes = stats[1:count]
    reach = np.maximum(sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT])
    return bool(((sizes[:, cv2.CC_STAT_AREA] > _SPECK / 2) & (reach > _FAINT_REACH)).any())


def _beside(view: BoxView, seen: BoxInk) -> tuple[MarkKind, float]:
    """A box without clear ink inside: empty, faint, ringed, or with something drawn beside it."""
    if _is_faint(seen):
        return MarkKind.FAINT, 1.0
    around = seen.ink & seen.outside
    if not around.any():
        return MarkKind.EMPTY, 1.0
    if _rings(around, around, view):
        return MarkKind.RING, 1.0
    left, top, right, bottom = view.edges
    reach = round(view.line + 0.3 * SCALE)
    near = np.zeros_like(around)
    near[
        max(0, round(top) - reach) : round(bottom) + reach + 1,
        max(0, round(left) - reach) : round(right) + reach + 1,
    ] = True
    # Where a tail may come in from: the view's own border, and a neighbour's box at it, which is print.
    border = cv2.dilate((seen.outside & ~seen.allowed).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(
        np.bool_
    )
    border[[0, -1], :] = border[:, [0, -1]] = True
    count, labels, stats, _ = cv2.connectedComponentsWithStats(around.astype(np.uint8), connectivity=8)
    for label in range(1, count):
        part = labels == label
        # A tail that enters from a neighbour is the neighbour's, unless it comes up to this box.
        if stats[label, cv2.CC_STAT_AREA] > _SPECK and (
            (near & part).any() or (_extent(part) > _DOT and not (border & part).any())
        ):
            return MarkKind.STRAY, 1.0
    return MarkKind.EMPTY, 1.0


def _level_with(apart: Mask, view: BoxView) -> bool:
    """Whether something that is not the mark's own stands beside the box: an arrow to the other one, a word."""
    # What leaves the box's own height is another row's tail, or an arm of the mark that the outline parted from it.
    _, top, _, bottom = view.edges
    count, _, stats, _ = cv2.connectedComponentsWithStats(apart.astype(np.uint8), connectivity=8)
    sizes = stats[1:count]
    upper = sizes[:, cv2.CC_STAT_TOP]
    level = (upper >= top - 0.3 * SCALE) & (upper + sizes[:, cv2.CC_STAT_HEIGHT] <= bottom + 0.3 * SCALE)
    reach = np.maximum(sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT])
    return bool((level & (sizes[:, cv2.CC_STAT_AREA] > _SPECK) & (reach > _DOT)).any())


def _rings(around: Mask, apart: Mask, view: BoxView) -> bool:
    """Whether ink outside surrounds the box on most sides; `apart` is what of it is not the mark's own.

    Of a ring wider than the view only arcs are seen, in all of its corners.
    """
    if int(around.sum()) < 3 * SCALE:
        return False
    left, top, right, bottom = view.edges
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    points = points_of(around)
    turns = np.arctan2(points[:, 1] - middle_y, points[:, 0] - middle_x)
    met = np.unique(((turns + np.pi) / (2 * np.pi) * 24).astype(int) % 24)
    if len(met) >= 17:
        return True
    x, y = round(middle_x), round(middle_y)
    met_corners = 0
    for rows, start_y in ((slice(0, y), 0), (slice(y, None), y)):
        for columns, start_x in ((slice(0, x), 0), (slice(x, None), x)):
            met_corners += _runs_round(apart[rows, columns], (x - start_x, y - start_y))
    return met_corners >= 3


def _runs_round(part: Mask, middle: tuple[int, int]) -> bool:
    """Whether the ink in a corner of the view runs round the box's middle, and not away from it."""
    points = points_of(part)
    if len(points) < _SPECK:
        return False
    about = points - points.mean(axis=0)
    outwards = points.mean(axis=0) - middle
    across = about @ np.array([-outwards[1], outwards[0]])
    return float(across @ across) > 2 * float((about @ outwards) @ (about @ outwards))


def _shape(own: Mask, view: BoxView, fill: float) -> tuple[MarkKind, float]:
    """Name the shape of a mark, and how far the measures agree on it (0 to 1)."""
    left, top, right, bottom = view.edges
    side = (right - left + bottom - top) / 2
    width = stroke_width(own)
    if width > _WIDEST * side or fill > _FULL:
        return MarkKind.FILL, 1.0
    ink = points_of(own)
    first = strongest_line(ink, ink, width, gap=0.25 * side)
    if first is None:
        return MarkKind.STROKE, 0.0
    beside = float((first.distance(ink) > width / 2 + 0.055 * side).mean())
    length = len(ink) / width / side
    if length < _LONGEST:
        whole = merged(own, side)
        tick = how_tick(own, whole, width, view.edges)
        cross = how_cross(own, whole, ink, first, width, view.edges, tick) if beside > _STRAIGHT else 0.0
        if max(cross, tick) > 0.3:
            return (MarkKind.CROSS, cross) if cross >= tick else (MarkKind.TICK, tick)
    if fill > 0.5:
        return MarkKind.FILL, 1.0
    if beside < 0.2 or length < 1.5:
        return MarkKind.STROKE, 1.0
    return MarkKind.SCRIBBLE, 1.0
