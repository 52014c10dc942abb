"""Whether the printed child's name is crossed out."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.reading import Presence
from consentdesk.scanning.ink import Ink
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.slip_view import SlipView
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import VIEW

_SHARES: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""How dark a stroke is taken to be, as shares of the form's print, palest first."""
_BOLDER: Final = 0.65
"""Names are printed bolder than the form's words, which run into each other at this share of the darkness."""
_REACH: Final = round(12 * VIEW)
"""How long in px a stroke through a name is at least: 12 mm."""


def name_struck_out(view: SlipView, ink: Ink, template: Template) -> Presence:
    """Whether the printed child's name is crossed out.

    The name differs on every slip, so what is looked for is what print never does: a straight dark stroke of
    12 mm or more through it. On a blurred or dark copy letters run into each other; the form's own words on the
    same slip tell from which darkness on they do not.
    """
    place = view.slices(template.layout.child.grown(1.0))
    name = cv2.subtract(view.ink[place], ink.lines[place])
    if int((name > 0.4 * ink.contrast).sum()) < 0.6 * VIEW * VIEW:
        # No name at all: the space is torn off, pasted over or too pale to see.
        return Presence.UNSURE
    words: Pixels | None = None
    for share in _SHARES:
        limit = share * ink.contrast
        if not _struck(np.asarray(name, np.uint8), limit):
            return Presence.ABSENT
        if words is None:
            words = np.asarray(cv2.bitwise_and(view.ink, template.print.words), np.uint8)
        if not _struck(words, _BOLDER * limit):
            return Presence.PRESENT
    return Presence.UNSURE


def _struck(ink: Pixels, limit: float) -> bool:
    dark = (ink > limit).astype(np.uint8)
    # No stroke is longer than the columns are inked without a gap, as letters leave them.
    gaps = np.flatnonzero(np.concatenate([[True], ~dark.any(axis=0), [True]]))
    if int(np.diff(gaps).max()) <= _REACH:
        return False
    return any(cv2.erode(dark, kernel).any() for kernel in _LONG_STROKES)


def _long_strokes() -> list[NDArray[np.uint8]]:
    """Straight strokes of 12 mm, rising or falling by up to 2 mm."""
    kernels = []
    for rise in range(-8, 9, 2):
        kernel = np.zeros((abs(rise) + 1, _REACH), np.uint8)
        cv2.line(kernel, (0, max(rise, 0)), (_REACH - 1, max(-rise, 0)), 1, 1)
        kernels.append(kernel)
    return kernels


_LONG_STROKES: Final = _long_strokes()
