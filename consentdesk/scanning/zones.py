"""Where on a slip ink is whose: boxes, fields, print and free paper, in the slip's view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, BoxPair, SlipLayout
from consentdesk.scanning.strokes import Mask

VIEW: Final = 4.0
"""Px per mm of the view of a whole slip: 102 dpi."""
EDGE: Final = 2.0
"""How much of the page in mm is shown round a slip's frame."""

NOBODYS, FREE, BESIDE, FIELD, AROUND, BOX = 0, 1, 2, 10, 20, 40
"""What `Zones.place` says of a px: print for the child, free paper, beside boxes, field n, round field n, box n."""
KINDS: Final = 128


@dataclass(frozen=True)
class Zones:
    """Whose ink is whose, over the slip's view.

    `place` (H/2×W/2 uint8) holds one of the constants above, to which a field's or a box's number is added;
    `looked_at` (the same shape, 0 or 1) is where it is anything, `free` (H×W, 0 or 255) where it is free paper.
    `paper` lists the places (flat, int32) of px of the view far from print, boxes and fields, by which noise is
    measured. `behind` is the small space behind each pair of boxes, up to the next box or just over the slip's
    frame (rows and columns of the view).
    """

    place: NDArray[np.uint8]
    looked_at: NDArray[np.uint8]
    free: NDArray[np.uint8]
    paper: NDArray[np.int32]
    behind: tuple[tuple[slice, slice], ...]


def view_box(layout: SlipLayout) -> Box:
    """The part of the page, in mm, that the slip's view shows."""
    return layout.outline.grown(EDGE)


def slices(
    box: Box, origin: tuple[float, float], shape: tuple[int, ...], scale: float = VIEW
) -> tuple[slice, slice]:
    """Where a box (mm) lies in a view whose top left is at `origin` (mm), as rows and columns, kept inside."""
    height, width = shape[:2]

    def at(value: float, limit: int) -> int:
        return max(0, min(limit, round(value * scale)))

    return (
        slice(at(box.y0 - origin[1], height), at(box.y1 - origin[1], height)),
        slice(at(box.x0 - origin[0], width), at(box.x1 - origin[0], width)),
    )


def fields_of(layout: SlipLayout) -> list[Box]:
    """The spaces to write in: signature, date, printed name, relationship, comment, and the pupil's signature."""
    fields = [layout.signature, layout.date, layout.printed_name, layout.relationship, layout.comment]
    return fields if layout.pupil_signature is None else [*fields, layout.pupil_signature]


def for_child(layout: SlipLayout) -> list[Box]:
    """What is printed for each child and stands not on the blank form."""
    places = [
        layout.child.grown(1.2),
        layout.typed_code.grown(1.2),
        *(code.grown(2.5) for code in layout.codes),
    ]
    return places if layout.school_class is None else [*places, layout.school_class.grown(1.2)]


def zones_of(layout: SlipLayout, printed: Mask) -> Zones:
    """The zones of a slip, given what its blank form prints (a mask over its view)."""
    around = view_box(layout)
    origin = (around.x0, around.y0)
    height, width = printed.shape
    place = np.zeros((height // 2, width // 2), np.uint8)

    def fill(box: Box, value: int) -> None:
        place[slices(box, origin, place.shape, VIEW / 2)] = value

    fill(layout.outline.grown(-1.0), FREE)
    fields = fields_of(layout)
    for number, field in enumerate(fields):
        # A signature's flourish runs on well below its line.
        fill(Box(field.x0 - 2.0, field.y0 - 2.0, field.x1 + 2.0, field.y1 + 4.5), AROUND + number)
    for number, field in enumerate(fields):
        fill(field.grown(-0.3), FIELD + number)
    every = [box for pair in layout.pairs for box in (pair.yes, pair.no)]
    for box in every:
        fill(box.grown(2.2), BESIDE)
    for number, box in enumerate(every):
        # As far as the outline's mask reaches, or a mark's tail would seem to begin beside the box.
        fill(box.grown(0.9), BOX + number)
    for box in for_child(layout):
        fill(box, NOBODYS)
    near_print = cv2.dilate(printed.astype(np.uint8), np.ones((11, 11), np.uint8)) > 0
    free = np.zeros(printed.shape, np.uint8)
    free[: 2 * (height // 2), : 2 * (width // 2)] = 255 * (place == FREE).repeat(2, axis=0).repeat(2, axis=1)
    bare = (free > 0) & ~near_print
    return Zones(
        place,
        (place > 0).astype(np.uint8),
        free,
        np.flatnonzero(bare)[::5].astype(np.int32),
        tuple(slices(_behind(pair, layout), origin, printed.shape) for pair in layout.pairs),
    )


def worded_of(layout: SlipLayout, shape: tuple[int, ...]) -> Mask:
    """Where the form has words and nobody is asked to write: not near boxes, fields or what is the child's."""
    around = view_box(layout)
    worded = np.zeros(shape, np.bool_)

    def fill(box: Box, value: bool) -> None:
        worded[slices(box, (around.x0, around.y0), shape)] = value

    fill(layout.outline.grown(-0.6), True)
    for box in [
        *(box.grown(5.0) for pair in layout.pairs for box in (pair.yes, pair.no)),
        *for_child(layout),
    ]:
        fill(box, False)
    for field in fields_of(layout):
        fill(Box(field.x0 - 1.0, field.y0 - 1.0, field.x1 + 1.0, field.y1 + 1.0), False)
    return worded


def _behind(boxed: BoxPair, layout: SlipLayout) -> Box:
    """The space behind a question's boxes, up to the next box or just over the slip's frame (mm)."""
    ends = [layout.outline.x1 + 1.6, boxed.no.x1 + 10.0]
    ends += [
        box.x0 - 0.9
        for pair in layout.pairs
        for box in (pair.yes, pair.no)
        if box.x0 > boxed.no.x1 and box.y0 < boxed.no.y1 and boxed.no.y0 < box.y1
    ]
    return Box(boxed.no.x1 + 0.8, boxed.no.y0 - 0.3, min(ends), boxed.no.y1 + 0.3)
