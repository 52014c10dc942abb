"""Handwriting where nothing is asked for: round the questions, above the fields, beside and behind the boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, BoxPair, SlipLayout
from consentdesk.model.reading import Presence
from consentdesk.scanning.fields import COMMENT
from consentdesk.scanning.handwriting import is_line, is_straight, presence_of, turns, words_of
from consentdesk.scanning.ink import Ink
from consentdesk.scanning.nearby import (
    pairs_beside,
    pairs_between,
    pairs_in_row,
    pairs_near,
    part_of_a_ring,
    place_of,
    ringed,
)
from consentdesk.scanning.patches import Patches, behind_boxes
from consentdesk.scanning.zones import AROUND, BESIDE, BOX, FIELD, FREE, KINDS, VIEW, Zones

_LONG: Final = 10.0
"""Beside a field letters that turn are a word of their own from this length in mm on, others from half as much more."""
_TURNING: Final = 1.5
"""Letters' strokes are at least so much longer than they reach."""
_JOINED, _AWAY = 3.5, 9.0
"""What hangs together with a mark and goes on so far (mm) beyond the boxes is a letter; a word."""
_THICKEST, _SOME = 1.5, 3.5
"""In the comment space a line no thicker than this (mm) is nothing said; any other ink of so much (mm²) may be."""
_LEAST, _HAIR = 2.5, 7.0
"""Less ink than the first of these (length in mm) means nothing; a lone curved stroke shorter than the second may be a
hair."""
_END, _CARRIES = 1.2, 3.0
"""So long (mm) is the end of a line at least for its direction to tell; so long the line whose end it is."""
_SQUEEZED: Final = 2.4
"""Words squeezed in behind a question's boxes are larger than this, corner to corner (mm)."""
_RIM: Final = 0.5
"""And broader than the rim (mm) that is left where something drawn runs along print."""
_STROKES: Final = 4
"""So many strokes in the comment space may be what is left of words, though each is a line by itself."""
_ACROSS, _ASLANT, _SEEN, _LONGEST, _PART = 80.0, 0.06, 0.4, 4, 6.0
"""A line that crosses a slip out is longer than this (mm), leans further than this from the paper's edges (radians;
folds and streaks do not) and shows this share of itself at least. It is looked for along so many of the longest
strokes, each so long (mm)."""
_BEGINS: Final = 2.5
"""What is left of a mark's end when the box's outline is left out begins so near to the box (mm)."""
_STRUCK: Final = 1.5
"""A line that runs over so much (mm) of the form's words may strike them out."""
_ALONE: Final = 8.0
"""One letter or mark is no larger than this in mm."""
_ROUND_A_BOX: Final = 4.0
"""A ring round a box is larger than this in mm."""
_FLOURISH: Final = 12.0
"""What is so large (mm) and has most of its ink outside its field is more than a flourish that left it."""
_LINE: Final = 12.0
"""A line shorter than this in mm that is close to a box may be meant for it."""


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
    theirs: list[tuple[int, int]] = []
    from_boxes = pens.only(boxes >= 2)
    for one in np.flatnonzero(_leave_boxes(from_boxes)):
        found = _from_boxes(from_boxes.only(np.array([one])), layout)
        worst = _worse(worst, found[0])
        doubted |= found[1]
        theirs += [(int(from_boxes.number[one]), pair) for pair in found[1]]
    marked = from_boxes.where[:, BOX : BOX + 2 * len(layout.pairs)].argmax(axis=1) // 2
    lines = is_straight(from_boxes)
    theirs += zip(from_boxes.number[lines].tolist(), marked[lines].tolist(), strict=True)
    ends = from_boxes.only(lines & (from_boxes.length > _CARRIES))
    own = (boxes < 2) & (free + near_fields > 0.5 * inked)
    own &= (fields < 0.1 * inked) | (pens.size > _FLOURISH)
    own &= (near_fields < 0.5 * inked) | (pens.length > 1.5)
    rest = _continues(pens, boxes >= 2)
    own &= ~rest
    for word in words_of(pens.only(own)):
        presence, meant = _of_word(word, from_boxes, ink, layout)
        worst = _worse(worst, presence)
        doubted |= meant
        theirs += [(int(own), pair) for own in word.number for pair in meant]
    if _crosses_out(pens):
        worst = _worse(worst, Presence.UNSURE)
    for number, pair in enumerate(layout.pairs):
        elsewhere = [*pens.number[rest].tolist(), *(own for own, at in theirs if at != number)]
        behind = behind_boxes(pens, ink, zones, number, elsewhere, _SQUEEZED)
        squeezed = len(behind) > 0 and float((behind.box[0, 2:] - behind.box[0, :2]).min()) >= _RIM
        if squeezed and not _passes(behind, pair, ends, layout):
            doubted.add(number)
    for place in over_print:
        worst = Presence.PRESENT
        doubted |= pairs_in_row(place, layout)
    return Margin(worst, frozenset(doubted))


def _of_word(word: Patches, from_boxes: Patches, ink: Ink, layout: SlipLayout) -> tuple[Presence, set[int]]:
    """What ink that enters no box is to the whole sheet, and which pairs it makes doubtful."""
    presence, together = presence_of(word), word.together()
    nothing: tuple[Presence, set[int]] = Presence.ABSENT, set()
    length = float(together.length[0])
    own_affair = ringed(together, layout) or part_of_a_ring(together, from_boxes, layout)
    if own_affair and length >= _LEAST:
        return Presence.ABSENT, own_affair
    beside, near = pairs_beside(together, layout), pairs_near(together, layout)
    if is_line(word) and not (presence is Presence.UNSURE and _strikes_words(word, ink)):
        # A line that strikes nothing out says nothing to the sheet: a streak, a fold, a slip of the pen.
        tail = bool(is_straight(together)[0]) and float(together.size[0]) < _LINE
        return Presence.ABSENT, near if length >= _HAIR and not tail else set()
    if presence is Presence.ABSENT:
        # Too little to be a word may still be meant for a question.
        return Presence.ABSENT, beside if len(word) > 1 and length >= _LEAST else set()
    if float(together.within(AROUND, BOX)[0]) > 0.5 * float(together.sums[0, 0]):
        turning = float(turns(word).max()) >= _TURNING
        if presence is not Presence.PRESENT or length < (1 if turning else 1.5) * _LONG:
            # Dots, bars and ends of what is written in the field itself.
            return nothing
    if len(word) == 1 and near and _is_tail(together):
        # The end of a mark, cut off from it where the box's outline was left out of account.
        return nothing
    if len(word) == 1 and float(together.within(BESIDE, BESIDE + 1)[0]) > 0.4 * float(together.sums[0, 0]):
        return Presence.ABSENT, beside | near
    size = float(together.size[0])
    if len(word) == 1 and size < _ALONE and (beside or near):
        # A mark that missed its box: that question's doubt.
        return Presence.ABSENT, pairs_between(near or beside, place_of(together, layout), layout)
    if presence is Presence.UNSURE and size < _LINE and (beside or near):
        return Presence.ABSENT, near or beside
    return presence, pairs_between(beside, place_of(together, layout), layout)


def _continues(pens: Patches, from_boxes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which straight strokes are only the rest of a line through a box, cut off from it by print."""
    straight = is_straight(pens) & (pens.length > _END)
    lines = np.flatnonzero(from_boxes & straight & (pens.length > _CARRIES))
    rest = np.zeros(len(pens), np.bool_)
    for one in np.flatnonzero(straight & ~from_boxes) if len(lines) else ():
        rest[one] = bool(is_straight(pens.each_with(int(one), lines)).any())
    return rest


def _crosses_out(pens: Patches) -> bool:
    """Whether a long line runs aslant over the slip, in parts that print has left of it."""
    straight = pens.only(is_straight(pens) & (pens.length > 2 * _END))
    longest = np.argsort(-straight.length)[:_LONGEST]
    for one in longest[straight.length[longest] > _PART].tolist():
        along = is_straight(straight.each_with(one, np.arange(len(straight))))
        along[one] = True
        parts = straight.only(along)
        line = parts.together()
        if (
            float(line.reach[0]) > _ACROSS
            and float(line.lean[0]) > _ASLANT
            and float(parts.length.sum()) > _SEEN * float(line.reach[0])
            and bool(is_straight(line)[0])
        ):
            return True
    return False


def comment_in(pens: Patches) -> Presence:
    """Whether something is written in the comment space.

    A line through it or a dash for nothing to say is not, whichever way it runs; several strokes may be.
    """
    inside = pens.within(FIELD + COMMENT, FIELD + COMMENT + 1)
    here = pens.only(inside > 0.5 * pens.sums[:, 0])
    words = words_of(here)
    said = [word for word in words if not is_line(word)]
    several = int((here.length >= _LEAST).sum()) >= _STROKES and not is_line(here)
    worst = Presence.UNSURE if several else Presence.ABSENT
    for word in said:
        found, together = presence_of(word), word.together()
        dash = float(together.thickness[0]) < _THICKEST and float(together.lean[0]) < 0.1
        some = float(turns(word).max()) >= _TURNING or float(together.area[0]) > _SOME
        if dash or found is Presence.ABSENT:
            found = Presence.UNSURE if some and not dash else Presence.ABSENT
        worst = _worse(worst, found)
    return worst


def _worse(one: Presence, other: Presence) -> Presence:
    order = (Presence.ABSENT, Presence.UNSURE, Presence.PRESENT)
    return max(one, other, key=order.index)


def _strikes_words(line: Patches, ink: Ink) -> bool:
    """Whether a line runs over the form's own words."""
    x, y = np.rint(line.course()).astype(int).T
    height, width = ink.words.shape
    return int(np.count_nonzero(ink.words[y.clip(0, height - 1), x.clip(0, width - 1)])) > _STRUCK * VIEW


def _is_tail(behind: Patches) -> bool:
    """Whether ink behind a box may be no more than the end of a mark: straight, and without paper between."""
    thickness = behind.thickness
    solid = (thickness < 2 * behind.width) & (behind.area > 0.75 * behind.reach * thickness)
    return bool((is_straight(behind) | solid)[0])


def _passes(behind: Patches, pair: BoxPair, lines: Patches, layout: SlipLayout) -> bool:
    """Whether ink behind boxes is the end of a mark: of theirs, beginning there, or of one of the `lines` elsewhere.

    A line that runs on is no word either, but a streak.
    """
    place = place_of(behind, layout)
    begins, runs_on = place.x0 < pair.no.x1 + _BEGINS, place.height > pair.no.height - _END
    if (begins or runs_on) and _is_tail(behind):
        return True
    each = (lines.only(np.array([one])) for one in range(len(lines)))
    return any(bool(is_straight(Patches.joined(behind, line))[0]) for line in each)


def _leave_boxes(pens: Patches) -> NDArray[np.bool_]:
    """Which strokes that enter boxes may be more than marks in them: as large as a ring, or turning outside."""
    ring = (pens.box[:, 2:] - pens.box[:, :2]).min(axis=1) > _ROUND_A_BOX
    abroad = pens.within(FREE, FREE + 1) >= 0.3 * pens.sums[:, 0]
    return np.asarray(ring | abroad & (turns(pens) >= _TURNING), np.bool_)


def _from_boxes(pen: Patches, layout: SlipLayout) -> tuple[Presence, set[int]]:
    """What a stroke that enters boxes and leaves them is to the sheet, and which pairs it makes doubtful.

    Ticks' tails, theirs and scribbles are the boxes' own affair. What goes on turning well away from them is a word.
    """
    round_boxes = ringed(pen, layout)
    if round_boxes:
        return Presence.ABSENT, round_boxes
    inside = pen.where[0, BOX : BOX + 2 * len(layout.pairs)]
    touched = {int(at) // 2 for at in np.flatnonzero(inside >= 2)}
    abroad = float(pen.within(FREE, FREE + 1)[0])
    if bool(is_straight(pen)[0]) or float(turns(pen)[0]) < 1.7 or abroad < 0.3 * float(pen.sums[0, 0]):
        return Presence.ABSENT, set()
    place = place_of(pen, layout)
    boxes = [box for number in touched for box in (layout.pairs[number].yes, layout.pairs[number].no)]
    away = max(
        min(box.x0 for box in boxes) - place.x0,
        place.x1 - max(box.x1 for box in boxes),
        min(box.y0 for box in boxes) - place.y0,
        place.y1 - max(box.y1 for box in boxes),
    )
    return Presence.PRESENT if away > _AWAY else Presence.ABSENT, touched if away > _JOINED else set()
