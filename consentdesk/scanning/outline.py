"""A slip found by its printed frame alone, for pages where no code can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import SlipLayout
from consentdesk.scanning.align import Matrix, Placement, corners_of, tighten, transform
from consentdesk.scanning.codes import reduced
from consentdesk.scanning.frame_lines import frames_of_lines
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.slip_view import warped
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import VIEW, view_box

_LONG_SIDE: Final = 900
"""Longer side in px of the page on which frames are looked for."""
_ALIKE: Final = 0.22
"""How much (correlation, -1 to 1) a framed part must look like a blank slip to be taken for one."""

_MOST_FRAMES: Final = 24
"""How many frames put together from lines are compared with the blank slips."""
_OFF_CODE: Final = 0.3
"""How far a code may lie from where a frame puts it, as a share of its own side."""


class FramedSlip(NamedTuple):
    """A slip without readable codes: which version it most looks like, and where it lies."""

    template: Template
    placement: Placement
    likeness: float


def find_frames(grey: Pixels) -> list[NDArray[np.float64]]:
    """Large dark-lined four-cornered frames on the page: corners clockwise, 4×2 px, largest first."""
    coarse, factor = reduced(grey)
    share = min(1.0, _LONG_SIDE / max(coarse.shape))
    # Lines must not vanish where the page is made smaller, so each px keeps the darkest it covers.
    block = math.ceil(1 / share)
    dark = cv2.erode(coarse, np.ones((block, block), np.uint8))
    small = cv2.medianBlur(cv2.resize(dark, None, fx=share, fy=share, interpolation=cv2.INTER_LINEAR), 3)
    scale = share / factor
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), (0, 0), 5)
    lines = (cv2.subtract(paper, small) > 40).astype(np.uint8)
    lines = np.asarray(cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8)
    contours, _ = cv2.findContours(lines, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    least = 0.06 * small.shape[0] * small.shape[1]
    frames: list[tuple[float, NDArray[np.float64]]] = []
    for contour in contours:
        hull = cv2.convexHull(contour)
        area = float(cv2.contourArea(hull))
        if area < least:
            continue
        corners = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True)
        if len(corners) != 4:
            corners = cv2.boxPoints(cv2.minAreaRect(hull)).reshape(4, 1, 2)
            if area < 0.9 * cv2.contourArea(corners.astype(np.float32)):
                continue
        quad = corners.reshape(4, 2).astype(np.float64)
        quad = quad if cv2.contourArea(quad.astype(np.float32), True) > 0 else quad[::-1]
        centre = quad.mean(axis=0)
        if any(
            cv2.pointPolygonTest(kept.astype(np.float32), centre.tolist(), False) > 0 for _, kept in frames
        ):
            continue
        frames.append((area, quad))
    return [(quad + 0.5) / scale - 0.5 for _, quad in sorted(frames, key=lambda frame: -frame[0])]


def match_frame(grey: Pixels, frame: NDArray[np.float64], templates: Sequence[Template]) -> FramedSlip | None:
    """Which blank slip a frame holds and which way up; None where it looks like none."""
    best: FramedSlip | None = None
    for template in templates:
        for turn in range(4):
            matrix = _onto(template.layout, np.roll(frame, -turn, axis=0))
            if matrix is None:
                continue
            likeness = _likeness(grey, template, matrix)
            if best is None or likeness > best.likeness:
                best = FramedSlip(template, Placement(matrix, 0.0), likeness)
    if best is None or best.likeness < _ALIKE:
        return None
    placement = tighten(grey, best.template.layout, best.placement.matrix, reach=3.0)
    return FramedSlip(best.template, placement, best.likeness)


def find_by_lines(grey: Pixels, templates: Sequence[Template]) -> FramedSlip | None:
    """The slip that a page most looks like, if any, where `find_frames` and `match_frame` find none.

    Slower, but it sees a frame that a feeder's streak or a fold crosses, or that has lost a corner.
    """
    shapes = [template.layout.outline.width / template.layout.outline.height for template in templates]
    frames = frames_of_lines(grey, [*shapes, *(1 / shape for shape in shapes)], most=_MOST_FRAMES)
    if not frames:
        return None
    coarse, factor = reduced(grey)
    share = min(1.0, _LONG_SIDE / max(coarse.shape))
    small = cv2.resize(coarse, None, fx=share, fy=share, interpolation=cv2.INTER_LINEAR)
    scale = share / factor
    page = np.asarray(cv2.GaussianBlur(small, (0, 0), 1.5), np.uint8)
    to_small = np.array([[scale, 0, scale / 2 - 0.5], [0, scale, scale / 2 - 0.5], [0, 0, 1]])
    best: tuple[float, Template, Matrix] | None = None
    for template in templates:
        blank = _coarse_blank(template)
        for frame in frames:
            for turn in range(4):
                matrix = _onto(template.layout, np.roll(frame.corners, -turn, axis=0))
                if matrix is None:
                    continue
                likeness = _correlation(_coarse(page, to_small @ matrix, template.layout), blank)
                if best is None or likeness > best[0]:
                    best = likeness, template, matrix
    if best is None:
        return None
    _, template, matrix = best
    placement = tighten(grey, template.layout, matrix, reach=3.0)
    likeness = _likeness(grey, template, placement.matrix)
    return FramedSlip(template, placement, likeness) if likeness >= _ALIKE else None


def place_round_code(
    grey: Pixels, layout: SlipLayout, which: int, corners: NDArray[np.float64]
) -> Placement | None:
    """Where a slip lies of which one code was read: in the frame, put together from lines, that fits the code best.

    `which` is 0 or 1, `corners` the code's (4×2 px). One code tells nothing of perspective, and from a slip that
    was photographed askew it leads to another question's boxes; a frame round it tells all.
    """
    shape = layout.outline.width / layout.outline.height
    place = corners_of(layout.codes[which])
    side = float(np.linalg.norm(corners[1] - corners[0]))
    best: tuple[float, Matrix] | None = None
    for frame in frames_of_lines(grey, [shape, 1 / shape], most=_MOST_FRAMES):
        for turn in range(4):
            matrix = _onto(layout, np.roll(frame.corners, -turn, axis=0))
            if matrix is None:
                continue
            off = float(np.abs(transform(matrix, place) - corners).max()) / side
            if off < _OFF_CODE and (best is None or off < best[0]):
                best = off, matrix
    return None if best is None else tighten(grey, layout, best[1], reach=3.0)


def _coarse(picture: Pixels, matrix: Matrix, layout: SlipLayout) -> NDArray[np.float32]:
    """What lies within a slip's frame at 1 px per mm; `matrix` takes the layout's mm to the picture's px."""
    inner = layout.outline.grown(-2.0)
    to_mm = np.array([[1, 0, inner.x0 + 0.5], [0, 1, inner.y0 + 0.5], [0, 0, 1]])
    seen = cv2.warpPerspective(
        picture,
        matrix @ to_mm,
        (round(inner.width), round(inner.height)),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    return np.asarray(seen, np.float32)


def _coarse_blank(template: Template) -> NDArray[np.float32]:
    """The same of a version's blank slip."""
    around = view_box(template.layout)
    soft = np.asarray(cv2.GaussianBlur(template.blank, (0, 0), 0.5 * VIEW), np.uint8)
    to_view = np.array([[VIEW, 0, -around.x0 * VIEW - 0.5], [0, VIEW, -around.y0 * VIEW - 0.5], [0, 0, 1]])
    return _coarse(soft, to_view, template.layout)


def _onto(layout: SlipLayout, frame: NDArray[np.float64]) -> Matrix | None:
    """The homography from the layout's outline to a frame; None where their shapes are too unlike."""
    width = float(np.linalg.norm(frame[1] - frame[0]) + np.linalg.norm(frame[2] - frame[3]))
    height = float(np.linalg.norm(frame[3] - frame[0]) + np.linalg.norm(frame[2] - frame[1]))
    if height <= 0 or abs(np.log((width / height) / (layout.outline.width / layout.outline.height))) > 0.25:
        return None
    places = corners_of(layout.outline).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(places, frame.astype(np.float32)), np.float64)


def _likeness(grey: Pixels, template: Template, matrix: Matrix) -> float:
    """Correlation of the page's part with the blank slip, both softened to about 1.5 mm."""
    seen = _softened(warped(grey, Placement(matrix, 0.0), template.layout))
    return _correlation(seen, _softened(template.blank))


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size > 0 else 0.0


def _softened(picture: Pixels) -> NDArray[np.float32]:
    small = cv2.resize(picture, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(small[3:-3, 3:-3], np.float32)
