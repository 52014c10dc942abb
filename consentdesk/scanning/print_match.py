"""A slip's own print found again block by block: it proves where the slip lies, and tells how its paper is bent."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.align import Matrix, Placement, frame_offsets, tighten
from consentdesk.scanning.bends import INERTIA, Bend, nearness
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.slip_view import warped
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import VIEW, view_box

Floats = NDArray[np.float32]

_SCALE: Final = 2.5
"""Px per mm of the pictures in which print is compared."""
_LABEL: Final = 9.0
"""How far in mm beside a question's boxes their words stand, on one side or the other."""
_BLOCK: Final = (18.0, 8.0)
"""Width and height in mm of a block: a few words."""
_STEP: Final = (12.0, 6.0)
"""Distance in mm of the places at which blocks are taken."""
_REACH: Final = 3.0
"""How far in mm a block is looked for."""
_ASIDE: Final = 20.0
"""How far in mm to the left and right a question's boxes are looked for: further than from Yes to No.

Not so far as to the pupil's own boxes, which look the same.
"""
_HELD: Final = 0.45
"""From this likeness on a question's boxes are taken to be found."""
_MOST_HELD: Final = 2 / 3
_MOST_BLOCKS: Final = 120
_SEEN: Final = 0.5
"""From this likeness on (correlation, -1 to 1) a block's print is taken to be found."""
_LEAST_DETAIL: Final = 20.0
"""A block whose grey values change by less (squared, from one px to the next) holds no words."""
_ROUNDS: Final = 3
_ENOUGH: Final = 0.8
"""Where this share of the print is found the slip lies there, and what is left is the paper's bend."""
_LEAST_BLOCKS: Final = 6
_BENT: Final = 2.0
"""How far in mm a block may lie off one plane, where the paper is bent."""
_MOST_BENT: Final = 2.5
"""How far in mm print may lie from its place, unless nearly all of it was found."""
_NEARLY_ALL: Final = 0.9
_STRAY: Final = 1.0
"""A block that lies further than this in mm from what its neighbours say is not believed."""
_FLAT: Final = 0.25
"""Paper is flat enough where no block lies further off than this in mm."""


class _Block(NamedTuple):
    """A block of the form's own print: its middle in mm, its corner in the picture (x, y px), and what it shows.

    One that is `telling` looks like none for another question.
    """

    centre: tuple[float, float]
    at: tuple[int, int]
    print: Floats
    telling: bool


class Settled(NamedTuple):
    """Where a slip lies by its print: `seen` is the share of its print that was found there, 0 to 1."""

    matrix: Matrix
    bend: Bend | None
    seen: float


def settle(grey: Pixels, template: Template, matrix: Matrix) -> Settled:
    """Move a slip until its own print lies where its form has it, and tell how much of the print does.

    A slip that was placed by another question's lines shows other words there, and is found out.
    """
    blocks = _blocks(template)
    telling = np.array([block.telling for block in blocks], np.bool_)
    if telling.sum() < _LEAST_BLOCKS:
        return Settled(matrix, None, 0.0)
    centres = np.array([block.centre for block in blocks])
    best = Settled(matrix, None, -1.0)
    for _ in range(_ROUNDS):
        ink = _ink(warped(grey, Placement(matrix, 0.0), template.layout))
        shifts, likeness = _matched(ink, blocks)
        good = _believed(centres, shifts, likeness)
        seen = float(good[telling].mean())
        off = float(np.abs(shifts[good]).max()) if good.any() else np.inf
        if (off > _MOST_BENT and seen < _NEARLY_ALL) or not _boxes_held(ink, template):
            # A part may lie right and the rest wherever the perspective leads: it is moved on, and proves nothing yet.
            seen *= 0.5
        if seen > best.seen:
            bend = _bend(grey, template.layout, matrix, (centres[good], shifts[good], likeness[good]))
            best = Settled(matrix, bend, seen)
        if (seen > _ENOUGH and off < _BENT) or good.sum() < _LEAST_BLOCKS:
            break
        moved, _ = cv2.findHomography(centres[good], centres[good] + shifts[good], cv2.RANSAC, _BENT)
        if moved is None or np.linalg.det(moved[:2, :2]) <= 0:
            break
        matrix = tighten(grey, template.layout, matrix @ moved, reach=_REACH).matrix
    return best


def _boxes_held(ink: Floats, template: Template) -> bool:
    """Whether most questions' two boxes with their words look more like themselves here than anywhere beside.

    Words on the left may lie right and the boxes on the right so far off that No is taken for Yes. What a family
    marked may make one question look more like its neighbour, but not most.
    """
    blank, origin = _ink(template.blank), view_box(template.layout)
    aside, near = round(_ASIDE * _SCALE), round(_REACH * _SCALE)
    wide = cv2.copyMakeBorder(ink, near, near, aside, aside, cv2.BORDER_CONSTANT, value=0)
    held = []
    for box in _repeated(template.layout):
        left, top = (max(0, round(edge * _SCALE)) for edge in (box.x0 - origin.x0, box.y0 - origin.y0))
        part = blank[top : top + round(box.height * _SCALE), left : left + round(box.width * _SCALE)]
        height, width = part.shape
        around = wide[top : top + height + 2 * near, left : left + width + 2 * aside]
        score = cv2.matchTemplate(around, part, cv2.TM_CCOEFF_NORMED)
        _, best, _, (x, _) = cv2.minMaxLoc(score)
        held.append(bool(np.isfinite(best) and best > _HELD and abs(x - aside) <= near))
    return sum(held) >= _MOST_HELD * len(held)


def _believed(places: Matrix, shifts: Matrix, likeness: Matrix) -> NDArray[np.bool_]:
    """Which blocks look like their print and move as their neighbours do."""
    near = nearness(places, places)
    np.fill_diagonal(near, 0.0)
    good = likeness > _SEEN
    for _ in range(3):
        weights = near * (likeness * good)
        told = weights @ shifts / (weights.sum(axis=1, keepdims=True) + INERTIA)
        kept = good & (np.linalg.norm(shifts - told, axis=1) < _STRAY)
        if (kept == good).all():
            break
        good = kept
    return np.asarray(good, np.bool_)


def _bend(
    grey: Pixels, layout: SlipLayout, matrix: Matrix, blocks: tuple[Matrix, Matrix, Matrix]
) -> Bend | None:
    """What the blocks (places, shifts, likeness) and the frame say together; None where the paper is flat."""
    places, shifts, likeness = blocks
    if not len(places) or np.abs(shifts).max() < _FLAT:
        return None
    along, normals, offsets = frame_offsets(grey, layout, matrix)
    return Bend(
        np.concatenate([places, along]),
        np.concatenate([shifts, normals * offsets[:, None]]),
        np.concatenate([np.column_stack([likeness, likeness]), np.abs(normals)]),
    )


def _ink(view: Pixels) -> Floats:
    """How much darker than the paper nearby a slip's view is, at `_SCALE` px per mm."""
    size = round(view.shape[1] * _SCALE / VIEW), round(view.shape[0] * _SCALE / VIEW)
    small = cv2.resize(view, size, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 3)
    return cv2.GaussianBlur(cv2.subtract(paper, small), (0, 0), 0.8).astype(np.float32)


def _blocks(template: Template) -> list[_Block]:
    """The blocks of a form that hold words of its own, most print first."""
    layout, ink = template.layout, _ink(template.blank)
    origin = view_box(layout)
    width, height = (round(side * _SCALE) for side in _BLOCK)
    tops = np.arange(5, ink.shape[0] - height - 5, round(_STEP[1] * _SCALE))
    lefts = np.arange(5, ink.shape[1] - width - 5, round(_STEP[0] * _SCALE))

    def over(picture: NDArray[Any]) -> Matrix:
        """The sum of a picture over every block."""
        total = cv2.integral(picture)
        rows, columns = np.ix_(tops, lefts)
        return np.asarray(
            total[rows + height, columns + width]
            - total[rows, columns + width]
            - total[rows + height, columns]
            + total[rows, columns],
            np.float64,
        )

    def touches(box: Box) -> NDArray[np.bool_]:
        x0, x1 = ((edge - origin.x0) * _SCALE for edge in (box.x0, box.x1))
        y0, y1 = ((edge - origin.y0) * _SCALE for edge in (box.y0, box.y1))
        beside = (lefts < x1) & (lefts + width > x0)
        return np.asarray(((tops < y1) & (tops + height > y0))[:, None] & beside[None, :], np.bool_)

    # A block must tell both ways: words do, a line alone does not.
    across = over(cv2.filter2D(ink, -1, np.array([[-1.0, 1.0]])) ** 2)
    down = over(cv2.filter2D(ink, -1, np.array([[-1.0], [1.0]])) ** 2)
    detail = np.minimum(across, down) / (width * height)
    for box in _printed_for_child(layout):
        detail[touches(box)] = 0.0
    repeated = np.any([touches(box) for box in _repeated(layout)], axis=0)
    least = max(_LEAST_DETAIL, 0.15 * float(detail.max()))
    order = np.argsort(-detail, axis=None)[:_MOST_BLOCKS]
    return [
        _Block(
            ((left + width / 2) / _SCALE + origin.x0, (top + height / 2) / _SCALE + origin.y0),
            (left, top),
            ink[top : top + height, left : left + width],
            not repeated[row, column],
        )
        for row, column in np.argwhere(detail > -1)[order].tolist()
        if detail[row, column] > least
        for left, top in [(int(lefts[column]), int(tops[row]))]
    ]


def _printed_for_child(layout: SlipLayout) -> list[Box]:
    """What is printed for each child, and so is not on the blank form."""
    own = [layout.child, layout.typed_code, *(code.grown(1.0) for code in layout.codes)]
    return own if layout.school_class is None else [*own, layout.school_class]


def _repeated(layout: SlipLayout) -> list[Box]:
    """The boxes with their words, which look alike for every question, and so prove nothing."""
    return [
        Box(
            min(pair.yes.x0, pair.no.x0) - _LABEL,
            pair.yes.y0 - 1.0,
            max(pair.yes.x1, pair.no.x1) + _LABEL,
            pair.yes.y1 + 1.0,
        )
        for pair in layout.pairs
    ]


def _matched(ink: Floats, blocks: list[_Block]) -> tuple[Matrix, Matrix]:
    """How far each block's print lies from its place (N×2 mm, right and down), and how much it looks like it (N)."""
    reach = round(_REACH * _SCALE)
    wide = cv2.copyMakeBorder(ink, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    shifts, likeness = np.zeros((len(blocks), 2)), np.zeros(len(blocks))
    for number, block in enumerate(blocks):
        (left, top), (height, width) = block.at, block.print.shape
        around = wide[top : top + height + 2 * reach, left : left + width + 2 * reach]
        score = cv2.matchTemplate(around, block.print, cv2.TM_CCOEFF_NORMED)
        _, best, _, (x, y) = cv2.minMaxLoc(score)
        likeness[number] = best if np.isfinite(best) else 0.0
        shifts[number] = (x + _between(score[y], x) - reach, y + _between(score[:, x], y) - reach)
    return shifts / _SCALE, likeness


def _between(scores: NDArray[Any], at: int) -> float:
    """Where between its neighbours a peak lies, -0.5 to 0.5 (a parabola through the three)."""
    if not 0 < at < len(scores) - 1:
        return 0.0
    before, top, after = (float(score) for score in scores[at - 1 : at + 2])
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0
