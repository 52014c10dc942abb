"""One page as the reader goes over it: its picture, its grey, and the same made small for a first look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import cv2
import numpy as np

from consentdesk.scanning.align import Matrix
from consentdesk.scanning.codes import reduced
from consentdesk.scanning.pictures import Pixels, darkest
from consentdesk.scanning.slip_view import evidence

_LARGEST: Final = 4200
"""A page with a longer side than this (360 dpi on A4) is halved first: nothing finer is needed."""
_INKED: Final = 32
"""Grey values by which ink is darker than the paper beside it."""
_LEAST_INK: Final = 0.0004
"""Share of a page that is inked where it is not blank."""
_AROUND: Final = 4.0
"""How much of the page is shown round a code whose slip cannot be read, in sides of the code."""


class Page(NamedTuple):
    """`pixels` as scanned (H×W or H×W×3), `grey` the darkest of its colours, `small` the same reduced by `factor`."""

    pixels: Pixels
    grey: Pixels
    small: Pixels
    factor: int

    @classmethod
    def of(cls, pixels: Pixels) -> Self:
        """Make a scanned picture ready; one that is larger than needed is halved."""
        if max(pixels.shape[:2]) > _LARGEST:
            scale = _LARGEST / 1.4 / max(pixels.shape[:2])
            pixels = np.asarray(
                cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
            )
        grey = darkest(pixels)
        return cls(pixels, grey, *reduced(grey))

    def flipped(self) -> Page:
        """The page as its mirror image."""
        return Page.of(np.ascontiguousarray(self.pixels[:, ::-1]))


def is_blank(small: Pixels) -> bool:
    """Whether a reduced page has no ink: nothing much darker than the paper beside it, but at its very edges."""
    height, width = small.shape
    middle = small[height // 16 : height - height // 16, width // 16 : width - width // 16]
    if middle.size < 400:
        return True
    # Paper is what is left when every line narrower than 3 mm is closed away, on an eighth of the page's size.
    tiny = cv2.resize(middle, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_LINEAR)
    closed = cv2.GaussianBlur(cv2.dilate(tiny, np.ones((3, 3), np.uint8)), (0, 0), 2)
    paper = cv2.resize(closed, (middle.shape[1], middle.shape[0]), interpolation=cv2.INTER_LINEAR)
    dark_page = float(np.mean(tiny)) < 60
    return int((cv2.subtract(paper, middle) > _INKED).sum()) < _LEAST_INK * middle.size and not dark_page


def without(page: Page, taken: Sequence[Matrix]) -> Page:
    """The page with white paper over what was read there (4×2 px each), a little beyond its frame."""
    if not taken:
        return page
    small = painted_over(page.small, taken, page.factor)
    return Page(page.pixels, painted_over(page.grey, taken), small, page.factor)


def painted_over(picture: Pixels, taken: Sequence[Matrix], factor: int = 1) -> Pixels:
    """The same for one picture of a page, made smaller by `factor`."""
    painted = picture.copy()
    for quad in taken:
        middle = quad.mean(axis=0)
        wide = middle + 1.04 * (quad - middle)
        cv2.fillConvexPoly(painted, np.rint((wide + 0.5) / factor - 0.5).astype(np.int32), 255)
    return painted


def around_code(page: Page, corners: Matrix) -> bytes:
    """A picture of the neighbourhood of a code (corners 4×2 px) whose slip cannot be read, as evidence."""
    side = float(np.linalg.norm(corners[1] - corners[0]))
    low, high = corners.min(axis=0) - _AROUND * side, corners.max(axis=0) + _AROUND * side
    part = page.pixels[max(0, int(low[1])) : int(high[1]) + 1, max(0, int(low[0])) : int(high[0]) + 1]
    scale = min(1.0, 700 / max(part.shape[:2]))
    return evidence(
        np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    )
