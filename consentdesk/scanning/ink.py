"""The ink of a slip: how dark ink is on it, what the blank form prints of it, and what was added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.blank_print import BlankPrint, count_in_tiles, settled
from consentdesk.scanning.pictures import Pixels, quantile
from consentdesk.scanning.scanner_lines import scanner_lines
from consentdesk.scanning.slip_view import SlipView
from consentdesk.scanning.templates import Template

STROKE, FAINT_STROKE = 0.2, 0.1
"""Ink darker than this share of the form's own print is taken for writing; where a faint hand is looked for."""
_NOISES: Final = 3.0
"""And it must stand so many times above the paper's own unrest."""

_CLEAN: Final = 32
"""With less ink than this (px) away from print, boxes and fields a slip has no streaks to look for."""
_RIM: Final = 8
"""So many px beside the print of a tile show that it may not be in its place."""


@dataclass(frozen=True)
class Ink:
    """What stands on a slip, in its view.

    `raw` is all ink (H×W uint8, grey values), `soft` the same softened until the paper is quiet, `lines` (0 or 255)
    where streaks and folds run. `added` (0 or 255) is what is dark enough to be written and the blank form does not
    print, streaks and folds taken away; `near_print` (0 or 255) is where a rim of the print may show, `words` (0
    or 255) where the form's own words stand. `contrast` is how much darker than paper the form's
    print is, `limit` from where on `soft` is ink (both grey values), `matched` the share of the form's print that
    was found dark where it should be.
    """

    raw: Pixels
    soft: Pixels
    lines: Pixels
    added: Pixels
    near_print: Pixels
    words: Pixels
    contrast: float
    limit: float
    matched: float


def ink_of(view: SlipView, template: Template, stroke: float = STROKE) -> Ink:
    """What stands on the slip, and what of it the blank form does not print.

    `stroke` is how dark ink must be to count, as a share of the form's print.
    """
    blank = template.print
    near = cv2.dilate(view.ink, np.ones((5, 5), np.uint8)).ravel()[blank.core]
    contrast = max(8.0, float(quantile(near, 0.5)))
    matched = float((near > 0.5 * contrast).mean()) if near.size else 0.0
    soft, limit = _softened(view.ink, template, stroke * contrast)
    dark = cv2.threshold(soft, limit, 255, cv2.THRESH_BINARY)[1]
    masked, near_print = _masks(soft, dark, blank)
    added = np.asarray(cv2.bitwise_and(dark, cv2.bitwise_not(masked)), np.uint8)
    bare = cv2.bitwise_and(cv2.bitwise_and(added, template.zones.free), cv2.bitwise_not(near_print))
    lines = np.zeros_like(added)
    if cv2.countNonZero(bare) > _CLEAN:
        lines = scanner_lines(np.asarray(bare, np.uint8), soft, contrast, view.to_page)
        added = np.asarray(cv2.subtract(added, lines), np.uint8)
    return Ink(view.ink, soft, lines, added, near_print, blank.words, contrast, limit, matched)


def _masks(soft: Pixels, dark: NDArray[Any], blank: BlankPrint) -> tuple[Pixels, Pixels]:
    """Where the form's print is, and where its rims may be; moved where ink shows that print is not in its place."""
    counts = count_in_tiles(blank, np.asarray(cv2.bitwise_and(dark, blank.rim), np.uint8))
    return settled(blank, soft, np.flatnonzero(counts >= _RIM).tolist())


def _softened(ink: Pixels, template: Template, least: float) -> tuple[Pixels, float]:
    """The ink softened until the paper is quiet, and the grey value, `least` or more, from which on it is a stroke."""
    for size, sigma in ((3, 0.8), (7, 1.6)):
        soft = np.asarray(cv2.GaussianBlur(ink, (size, size), sigma), np.uint8)
        # Grey values are counted, not sorted.
        counts = np.bincount(soft.ravel()[template.zones.paper], minlength=256).cumsum()
        middle, unrest = np.searchsorted(counts, (0.5 * counts[-1], 0.9 * counts[-1])).tolist()
        limit = max(least, middle + _NOISES * (unrest - middle))
        if limit < 1.5 * least:
            break
    return soft, limit
