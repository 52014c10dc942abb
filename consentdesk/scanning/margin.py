"""Handwriting where nothing is asked for: round the questions, above the fields, beside and behind the boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.model.reading import Presence
from consentdesk.scanning.fields import COMMENT, is_straight, turns
from consentdesk.scanning.ink import Ink
from consentdesk.scanning.patches import Patches, behind_boxes
from consentdesk.scanning.zones import AROUND, BESIDE, BOX, FIELD, FREE, KINDS, Zones

_APART: Final = 1.8
"""Strokes nearer to each other than this in mm are parts of one word."""
_WORD: Final = 5.0
"""Length in mm of pen stroke from which on letters are a word."""
_ROW_FILLED: Final = 0.9
"""Letters of a broad pen fill less than this share of their row; a stroke fills more."""
_TURNING: Final = 1.5
"""Letters' strokes are at least so much longer than they reach."""
_HAIR: Final = 7.0
"""A lone stroke that does not turn and is shorter than this in mm may be a hair or dust, and is nothing written."""
_THIN: Final = 0.13
"""A stroke that holds less ink than this for its length, in mm, is thinner than any pen but a pale one."""
_NEAR: Final = 3.0
"""Within so many mm of a box a stroke may be a part of the mark in it."""
_JOINED, _AWAY = 3.5, 9.0
"""What hangs together with a mark and goes on so far (mm) beyond the boxes is a letter; a word."""
_BOLD, _BLOT = 0.25, 1.3
"""What holds more ink than this for its length and is broader than a stroke (both mm) is neither hair nor dust."""
_THICKEST, _SOME = 1.5, 3.5
"""In the comment space a line no thicker than this (mm) is nothing said; any other ink of so much (mm²) may be."""
_LINE: Final = 12.0
"""A straight line from this length in mm on may be a pen's."""


@dataclass(frozen=True)
class Margin:
    """What was found: `presence` is the whole sheet's, `doubted` the numbers of the pairs that have ink beside them."""

    presence: Presence
    doubted: frozenset[int]


def margin_of(
    pens: Patches, ink: Ink, zones: Zones, layout: SlipLayout, over_print: Sequence[Box] = ()
) -> Margin:
    """Handwriting in the margin, and beside which pairs of boxes something was written.

    Ink that hangs together with a box or a field is a long tail or a big signature, and is judged there. What is
    drawn round a box or stands hard by it is that question's doubt, not the whole sheet's.
    """
    inked = pens.sums[:, 0]
    boxes = pens.within(BOX, KINDS)
    fields = pens.within(FIELD, AROUND)
    near_fields = pens.within(AROUND, BOX)
    free = pens.within(FREE, FREE + 1) + pens.within(BESIDE, BESIDE + 1)
    doubted: set[int] = set()
    worst = Presence.ABSENT
    from_boxes = pens.only(boxes >= 2)
    for one in range(len(from_boxes)):
        found = _from_boxes(from_boxes.only(np.array([one])), layout)
        worst = _worse(worst, found[0])
        doubted |= found[1]
    # A flourish may leave its field by 12 mm before it is something written beside it.
    own = (boxes < 2) & (free + near_fields > 0.5 * inked) & ((fields < 0.1 * inked) | (pens.size > 12))
    own &= (near_fields < 0.5 * inked) | (pens.length > 1.5)
    own &= ~_continues(pens, own, boxes >= 2)
    for word in _words(pens.only(own)):
        presence, meant = _of_word(word, from_boxes, layout)
        worst = _worse(worst, presence)
        doubted |= meant
    for number in range(len(layout.pairs)):
        behind = behind_boxes(ink, zones, number)
        if len(behind) and float(behind.area[0]) > 0.5 and not _is_tail(behind):
            doubted.add(number)
    for place in over_print:
        worst = Presence.PRESENT
        doubted |= _pairs_in_row(place, layout)
    return Margin(worst, frozenset(doubted))


def _of_word(word: Patches, from_boxes: Patches, layout: SlipLayout) -> tuple[Presence, set[int]]:
    """What ink that enters no box is to the whole sheet, and which pairs it makes doubtful."""
    presence, together = _presence(word), word.together()
    inked, length = float(together.sums[0, 0]), float(together.length[0])
    nothing: tuple[Presence, set[int]] = Presence.ABSENT, set()
    if presence is None:
        return nothing
    if float(together.within(AROUND, BOX)[0]) > 0.5 * inked:
        turning = float(turns(word).max()) >= _TURNING
        if presence is not Presence.PRESENT or length < (2 if turning else 3) * _WORD:
            # Dots, bars and ends of what is written in the field itself.
            return nothing
    own_affair = _ringed(together, layout) or _part_of_a_ring(together, from_boxes, layout)
    if own_affair:
        return Presence.ABSENT, own_affair
    beside, near = _pairs_beside(together, layout), _pairs_near(together, layout)
    if len(word) == 1 and near and _is_tail(together):
        # The end of a mark, cut off from it where the box's outline was left out of account.
        return nothing
    if len(word) == 1 and float(together.within(BESIDE, BESIDE + 1)[0]) > 0.4 * inked:
        return Presence.ABSENT, beside | near
    if presence is Presence.UNSURE and float(together.size[0]) < _LINE and (beside or near):
        # A mark that missed its box: that question's doubt.
        return Presence.ABSENT, near or beside
    return presence, beside


def _continues(pens: Patches, own: NDArray[np.bool_], from_boxes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which straight strokes of their own are only the rest of a line through a box, cut off from it by print."""
    straight = is_straight(pens)
    lines = np.flatnonzero(from_boxes & straight & (pens.length > 3))
    rest = np.zeros_like(own)
    for one in np.flatnonzero(own & straight & (pens.length > 2)):
        rest[one] = bool(is_straight(pens.each_with(int(one), lines)).any())
    return rest


def comment_in(pens: Patches) -> Presence:
    """Whether something is written in the comment space; a line through it, or a dash for nothing to say, is not."""
    inside = pens.within(FIELD + COMMENT, FIELD + COMMENT + 1)
    here = pens.only(inside > 0.5 * pens.sums[:, 0])
    worst = Presence.ABSENT
    for word in _words(here):
        found, together = _presence(word), word.together()
        line = float(together.thickness[0]) < _THICKEST and float(together.lean[0]) < 0.1
        some = float(turns(word).max()) >= _TURNING or float(together.area[0]) > _SOME
        if line or found is None or found is Presence.ABSENT:
            found = Presence.UNSURE if some and not line else None
        worst = _worse(worst, found or Presence.ABSENT)
    return worst


def _worse(one: Presence, other: Presence) -> Presence:
    order = (Presence.ABSENT, Presence.UNSURE, Presence.PRESENT)
    return max(one, other, key=order.index)


def _words(pens: Patches) -> list[Patches]:
    """Strokes gathered into words: those whose boxes, grown, touch each other."""
    count = len(pens)
    group = np.arange(count)
    box = pens.box + np.array([-1, -1, 1, 1]) * _APART / 2
    touch = (
        (box[:, None, 0] < box[None, :, 2])
        & (box[None, :, 0] < box[:, None, 2])
        & (box[:, None, 1] < box[None, :, 3])
        & (box[None, :, 1] < box[:, None, 3])
    )
    for _ in range(count):
        least = np.where(touch, group[None, :], count).min(axis=1, initial=count)
        if (least == group).all():
            break
        group = least
    return [pens.only(group == number) for number in np.unique(group)]


def _presence(word: Patches) -> Presence | None:
    """What a word's strokes are: surely writing, perhaps, too little to be a word (absent), or nothing (None)."""
    together = word.together()
    length, straight = float(together.length[0]), bool(is_straight(together, _ROW_FILLED)[0])
    size = float(together.size[0])
    if straight:
        pale_fold = (
            float(together.dark[0]) < 0.42 and float(together.ink[0]) < 0.2 and float(together.lean[0]) < 0.04
        )
        return Presence.UNSURE if size >= _LINE and not pale_fold else None
    turning = float(turns(word).max())
    if len(word) == 1 and turning < 1.6:
        # One open curve: a hair, or the edge of a stain; from some length on it is drawn.
        if (
            float(together.ink[0]) > _BOLD
            and float(together.thickness[0]) > _BLOT
            and float(together.area[0]) > _SOME
        ):
            # A broad pen's small letters run into each other.
            return Presence.UNSURE
        thin, pale = float(together.ink[0]) < _THIN, float(together.dark[0]) < 0.33
        return None if length < (2 * _HAIR if thin else _HAIR) or (thin and pale) else Presence.UNSURE
    strokes = int((word.length >= 1.2).sum())
    letters = int(((word.length >= 3) & ~is_straight(word)).sum())
    if size >= 2.4 and (
        (turning >= _TURNING and length >= _WORD) or ((strokes >= 4 or letters >= 2) and length >= 2 * _WORD)
    ):
        return Presence.PRESENT
    return Presence.ABSENT if length >= 2.5 else None


def _is_tail(behind: Patches) -> bool:
    """Whether ink behind a box may be no more than the end of a mark: straight, and without paper between."""
    thickness = behind.thickness
    solid = (thickness < 2 * behind.width) & (behind.area > 0.75 * behind.reach * thickness)
    return bool((is_straight(behind) | solid)[0])


def _from_boxes(pen: Patches, layout: SlipLayout) -> tuple[Presence, set[int]]:
    """What a stroke that enters boxes and leaves them is to the sheet, and which pairs it makes doubtful.

    Ticks' tails, rings and scribbles are the boxes' own affair. What goes on turning well away from them is a word.
    """
    ringed = _ringed(pen, layout)
    if ringed:
        return Presence.ABSENT, ringed
    inside = pen.where[0, BOX : BOX + 2 * len(layout.pairs)]
    touched = {int(at) // 2 for at in np.flatnonzero(inside >= 2)}
    abroad = float(pen.within(FREE, FREE + 1)[0])
    if bool(is_straight(pen)[0]) or float(turns(pen)[0]) < 1.7 or abroad < 0.3 * float(pen.sums[0, 0]):
        return Presence.ABSENT, set()
    place = _box_of(pen, layout)
    boxes = [box for number in touched for box in (layout.pairs[number].yes, layout.pairs[number].no)]
    away = max(
        min(box.x0 for box in boxes) - place.x0,
        place.x1 - max(box.x1 for box in boxes),
        min(box.y0 for box in boxes) - place.y0,
        place.y1 - max(box.y1 for box in boxes),
    )
    return Presence.PRESENT if away > _AWAY else Presence.ABSENT, touched if away > _JOINED else set()


def _box_of(pen: Patches, layout: SlipLayout) -> Box:
    x0, y0, x1, y1 = pen.box[0].tolist()
    around = layout.outline.grown(2.0)
    return Box(around.x0 + x0, around.y0 + y0, around.x0 + x1, around.y0 + y1)


def _ringed(pen: Patches, layout: SlipLayout) -> set[int]:
    """The pair round one or both of whose boxes ink is drawn."""
    held = _box_of(pen, layout)
    around = [
        number
        for number, pair in enumerate(layout.pairs)
        for box in (pair.yes, pair.no)
        if held.holds(box, 0.5)
    ]
    return set(around) if len(set(around)) == 1 and held.height < 22 else set()


def _part_of_a_ring(pen: Patches, from_boxes: Patches, layout: SlipLayout) -> set[int]:
    """The pair round whose boxes ink is drawn that print has cut in parts, some of which enter boxes."""
    place = _box_of(pen, layout).grown(_APART)
    touching = [
        one
        for one in range(len(from_boxes))
        if place.touches(_box_of(from_boxes.only(np.array([one])), layout))
    ]
    if not touching:
        return set()
    return _ringed(Patches.joined(pen, from_boxes.only(np.array(touching))), layout)


def _pairs_beside(pen: Patches, layout: SlipLayout) -> set[int]:
    """The pairs in whose rows ink stands, close enough to be meant for them."""
    return _pairs_in_row(_box_of(pen, layout), layout)


def _pairs_near(pen: Patches, layout: SlipLayout) -> set[int]:
    """The pairs of whose boxes one is so near that ink may be a part of its mark."""
    place = _box_of(pen, layout).grown(_NEAR)
    return {
        number
        for number, pair in enumerate(layout.pairs)
        if place.touches(pair.yes) or place.touches(pair.no)
    }


def _pairs_in_row(place: Box, layout: SlipLayout) -> set[int]:
    found = set()
    for number, pair in enumerate(layout.pairs):
        row = Box(pair.yes.x0 - 1.0, pair.yes.y0 - 1.0, pair.no.x1 + 18.0, pair.no.y1 + 1.0)
        overlap = min(place.y1, row.y1) - max(place.y0, row.y0)
        if place.touches(row) and overlap > 0.35 * min(place.height, row.height):
            found.add(number)
    return found
