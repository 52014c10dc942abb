"""Scans whose greys are made of dots, screened or diffused: told by their texture, and smoothed until strokes show."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from consentdesk.scanning.pictures import Pixels

_EVERY: Final = 31
"""Every so many rows tell the texture of a whole page: no multiple of what lines of print are apart."""
_DOTTED: Final = 20.0
"""Px of such a scan differ from the next by more grey values than this; print on noisy paper stays below 10."""
_SMOOTH: Final = np.array([1, 2, 2, 2, 1], np.float32) / 8
"""Takes away whatever repeats every two or four px, as scanners' screens do, and most of what is diffused."""


def without_screen(grey: Pixels) -> Pixels:
    """A page or slip (H×W uint8) with its dots smoothed into greys; any other is given back as it is.

    A slip is shown at half the scan's resolution or less. Dots that are sampled there beat with the samples (moiré):
    blots as large as letters then cover what is written, and no later step can take them away.
    """
    rows = np.ascontiguousarray(grey[_EVERY // 2 :: _EVERY])
    if rows.shape[1] < 2 or not len(rows):
        return grey
    texture = cv2.mean(cv2.absdiff(rows[:, 1:], rows[:, :-1]))[0]
    if texture < _DOTTED:
        return grey
    return np.asarray(cv2.sepFilter2D(grey, -1, _SMOOTH, _SMOOTH), np.uint8)
