"""Handwriting over the form's own words: more ink between their letters than the rest of this slip's print shows."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from consentdesk.model.layout import Box
from consentdesk.scanning.blank_print import count_in_tiles, left_bare
from consentdesk.scanning.ink import Ink
from consentdesk.scanning.pictures import Pixels, quantile
from consentdesk.scanning.slip_view import SlipView
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import VIEW

_DARK: Final = 0.28
"""From this share of the form's print on ink between letters counts."""
_LEAST: Final = 2.0
"""So much ink in mm² more than elsewhere, in a tile or two beside each other, is writing."""
_LETTERS: Final = 1.5
"""Letters are at least so tall (mm); the rest of a line, a fold or a stain's rim is not."""
_SPREADS: Final = 6.0
_WORDED, _ENOUGH = 60, 6
"""A tile with so many px of letters' edges has words in it; with fewer such tiles a slip has no usual."""


def written_over(view: SlipView, ink: Ink, template: Template) -> list[Box]:
    """Parts of the slip (mm) over whose print something is written.

    How much ink shows beside letters that are where they should be is learned from the slip itself: a blurred or a
    dark copy has more of it everywhere. What counts is a tile that stands out.
    """
    blank = template.print
    seen = cv2.threshold(ink.soft, max(_DARK * ink.contrast, ink.limit), 255, cv2.THRESH_BINARY)[1]
    over = np.asarray(cv2.bitwise_and(cv2.subtract(seen, ink.lines), template.zones.free), np.uint8)
    between = np.asarray(cv2.subtract(over, blank.tight), np.uint8)
    if cv2.countNonZero(between) < 0.5 * _LEAST * VIEW**2:
        return []
    worded = blank.rims >= _WORDED
    if int(worded.sum()) < _ENOUGH:
        return []
    counts = count_in_tiles(blank, between)
    rates = counts[worded] / blank.rims[worded]
    usual = float(quantile(rates, 0.5))
    spread = 1.48 * float(quantile(np.abs(rates - usual), 0.5))
    most = (usual + _SPREADS * spread) * blank.rims + 0.5 * _LEAST * VIEW**2
    places, excess = [], []
    for number in np.flatnonzero(worded & (counts > most)):
        left = left_bare(blank, ink.soft, over, int(number))
        count = cv2.countNonZero(left)
        if count > most[number] and _thickness(left) > _LETTERS:
            tile = blank.tiles[number]
            wide, tall = tile.columns.stop - tile.columns.start, tile.rows.stop - tile.rows.start
            places.append(view.box_of(tile.columns.start, tile.rows.start, wide, tall))
            excess.append((count - usual * blank.rims[number]) / VIEW**2)
    return [
        place
        for place in places
        if sum(ink for other, ink in zip(places, excess, strict=True) if other.touches(place.grown(1.0)))
        > _LEAST
    ]


def _thickness(left: Pixels) -> float:
    """How far in mm ink spreads to either side of the straight line that fits it best, as a full width."""
    moments = cv2.moments(left, binaryImage=True)
    a, b, c = (moments[name] / moments["m00"] for name in ("mu20", "mu02", "mu11"))
    return float(np.sqrt(12 * max(0.0, (a + b) / 2 - np.hypot((a - b) / 2, c)))) / VIEW
