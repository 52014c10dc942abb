"""Where on a slip ink is whose: boxes, fields, print and free paper, in the slip's view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.strokes import Mask

VIEW: Final = 5.0
"""Px per mm of the view of a whole slip: 127 dpi."""
EDGE: Final = 2.0
"""How much of the page in mm is shown round a slip's frame."""


@dataclass(frozen=True)
class Zones:
    """Masks (H×W) over the slip's view.

    `free` holds no print of any kind, `home` is in or near a box or a field, `beside` near a box, `owner`
    numbers the boxes (0 for none), `off_print` is well away from the blank form's print.
    """

    free: Mask
    home: Mask
    beside: Mask
    owner: NDArray[np.int16]
    off_print: Mask


def view_box(layout: SlipLayout) -> Box:
    """The part of the page, in mm, that the slip's view shows."""
    return layout.outline.grown(EDGE)


def slices(box: Box, origin: tuple[float, float], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Where a box (mm) lies in a view whose top left is at `origin` (mm), as rows and columns, kept inside."""
    height, width = shape[:2]

    def at(value: float, limit: int) -> int:
        return max(0, min(limit, round(value * VIEW)))

    return (
        slice(at(box.y0 - origin[1], height), at(box.y1 - origin[1], height)),
        slice(at(box.x0 - origin[0], width), at(box.x1 - origin[0], width)),
    )


def zones_of(layout: SlipLayout, printed: Mask) -> Zones:
    """The zones of a slip, given what its blank form prints (a mask over its view)."""
    around = view_box(layout)

    def fill(mask: NDArray[np.generic], box: Box, value: int) -> None:
        mask[slices(box, (around.x0, around.y0), mask.shape)] = value

    free = np.zeros(printed.shape, np.bool_)
    fill(free, layout.outline.grown(-1.0), 1)
    # What is printed for each child is not on the blank form.
    printed_for_child = [layout.child.grown(1.5), layout.typed_code.grown(1.5)]
    printed_for_child += [code.grown(2.5) for code in layout.codes]
    if layout.school_class is not None:
        printed_for_child.append(layout.school_class.grown(1.5))
    for box in printed_for_child:
        fill(free, box, 0)
    beside = np.zeros_like(free)
    owner = np.zeros(free.shape, np.int16)
    for at, box in enumerate(box for pair in layout.pairs for box in (pair.yes, pair.no)):
        fill(beside, box.grown(2.2), 1)
        fill(owner, box, at + 1)
    home = beside.copy()
    fields = [layout.signature, layout.date, layout.printed_name, layout.relationship, layout.comment]
    for field in [*fields, layout.pupil_signature] if layout.pupil_signature is not None else fields:
        # A signature's flourish runs on well below its line.
        fill(home, Box(field.x0 - 2.0, field.y0 - 2.0, field.x1 + 2.0, field.y1 + 4.5), 1)
    off_print = ~cv2.dilate(printed.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(np.bool_)
    return Zones(free, home, beside, owner, off_print)
