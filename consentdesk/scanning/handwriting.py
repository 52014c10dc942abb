"""What ink looks like on paper: one stroke, a line, or letters; and strokes gathered into words."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from consentdesk.model.reading import Presence
from consentdesk.scanning.patches import Patches

_LETTER: Final = 2.5
"""The smallest letter is so large, corner to corner (mm)."""
_CROOKED, _BOWED = 1.2, 1.3
"""Half the outline of letters is so many times their reach; they spread so many times the stroke's width from any
parabola."""
_THIN, _BOW = 0.9, 0.6
"""A straight stroke is so thick (mm) at most, and bows by so much at most; a row of letters is thicker."""
_APART: Final = 1.8
"""Strokes nearer to each other than this in mm are parts of one word."""
_WORD: Final = 3.5
"""Half the outline in mm from which on letters are a word."""
_STROKE, _BENT_STROKE, _STROKES = 1.2, 3.0, 10.0
"""Four strokes of the first length (mm), or two bent ones of the second, are a word when all have the third."""
_ROW_FILLED: Final = 0.9
"""Letters of a broad pen fill less than this share of their row; a stroke fills more."""
_BOLD, _BLOT, _SOME = 0.5, 1.3, 3.5
"""What holds more ink than this for its length, is broader than a stroke (both mm) and of this area (mm²) may be small
letters that ran into each other."""
_LENGTHS: Final = 5.0
"""A line is so many times longer than it is wide."""
_LINE: Final = 12.0
"""A line from this length in mm on may be a pen's."""


def turns(patches: Patches) -> NDArray[np.float64]:
    """How much longer each patch's strokes are than it reaches: 1 for a straight stroke, 2 and more for letters."""
    return np.asarray(patches.length / np.maximum(0.5, patches.reach))


def is_straight(patches: Patches, filled: float = 0.75) -> NDArray[np.bool_]:
    """Which patches one straight stroke explains; a broad one fills at least the share `filled` of what holds it."""
    thickness = patches.thickness
    thin = thickness < _THIN + np.minimum(0.03 * patches.reach, _BOW)
    # A felt tip's stroke is as thick as a row of small letters, but there is no paper between.
    solid = (thickness < 1.6 * patches.width) & (patches.area > filled * patches.reach * thickness)
    return np.asarray(thin | solid, np.bool_)


def letters(patches: Patches) -> NDArray[np.float64]:
    """Half the outline in mm of each patch that shows letters, however small or bold; 0 for what one stroke explains.

    No stroke that bends one way has so long an outline for its reach, nor spreads so far from a parabola.
    """
    shown = np.zeros(len(patches))
    for one in np.flatnonzero((patches.reach >= _LETTER) & ~is_straight(patches, _ROW_FILLED)):
        patch = patches.only(np.array([one]))
        outline = max(float(patch.outline[0]), patch.core_outline())
        if outline > 2 * _CROOKED * float(patch.reach[0]):
            # Of strokes with so long an outline, the area says how wide they are.
            width = float(patch.area[0]) / (outline / 2)
            shown[one] = outline / 2 if patch.bow() > _BOWED * width else 0.0
    return shown


def is_writing(together: Patches, single: Patches, least: float) -> bool:
    """Whether patches, put `together`, are handwriting: strokes that turn, or several that bend, `least` mm in all."""
    if float(together.length[0]) < least or bool(is_straight(together)[0]):
        return False
    reach = float(together.reach[0])
    # Strokes that run into each other look shorter than they are, but broader than a line and thinner than a blot.
    dense = reach >= 8 and 0.09 < float(together.area[0]) / reach**2 < 0.25
    winding = bool((turns(single) >= (1.6 if float(together.length[0]) < 25 else 1.4)).any())
    # Creases and streaks may be many, but each of them is straight.
    if dense or winding or int(((single.length >= 2.5) & ~is_straight(single)).sum()) >= 2:
        return True
    # Small loops of a broad pen run into each other, and only their core shows them.
    return reach >= 8 and float(letters(single).sum()) >= 2 * least


def words_of(pens: Patches) -> list[Patches]:
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


def presence_of(word: Patches) -> Presence:
    """Whether a word's strokes are surely writing, may be (a line, a blot), or are nothing: dust, a hair, a rim."""
    together = word.together()
    if is_line(word):
        pale_fold = (
            float(together.dark[0]) < 0.42 and float(together.ink[0]) < 0.2 and float(together.lean[0]) < 0.04
        )
        return Presence.UNSURE if float(together.size[0]) >= _LINE and not pale_fold else Presence.ABSENT
    if float(letters(word).sum()) >= _WORD:
        return Presence.PRESENT
    if (
        float(together.ink[0]) > _BOLD
        and float(together.thickness[0]) > _BLOT
        and float(together.area[0]) > _SOME
    ):
        # A broad pen's small letters run into each other.
        return Presence.UNSURE
    strokes = int((word.length >= _STROKE).sum())
    bent = int(((word.length >= _BENT_STROKE) & ~is_straight(word)).sum())
    enough = len(word) > 1 and (strokes >= 4 or bent >= 2) and float(together.length[0]) >= _STROKES
    return Presence.PRESENT if enough else Presence.ABSENT


def is_line(word: Patches) -> bool:
    """Whether one stroke explains all of a word's patches: straight, or bending one way and never back."""
    together = word.together()
    if bool(is_straight(together, _ROW_FILLED)[0]):
        return True
    long = float(together.length[0]) > _LENGTHS * float(together.width[0])
    return long and word.bow() < _BOWED * float(together.width[0]) and not letters(word).any()
