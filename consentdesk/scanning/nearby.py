"""Which questions ink on a slip stands near: round their boxes, hard by them, or in their row."""

from __future__ import annotations

from typing import Final

import numpy as np

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.patches import Patches
from consentdesk.scanning.zones import view_box

_NEAR: Final = 3.0
"""Within so many mm of a box a stroke may be a part of the mark in it."""
_BEFORE, _BEHIND = 9.0, 18.0
"""So far (mm) before and behind a question's boxes what stands in its row may be meant for it."""
_RING: Final = 22.0
"""A ring round a question's boxes is no taller than this in mm."""
_PARTS: Final = 1.8
"""Parts of a ring that print has cut are no further from each other than this in mm."""


def place_of(pen: Patches, layout: SlipLayout) -> Box:
    """Where on the page (mm) the first of some patches lies."""
    x0, y0, x1, y1 = pen.box[0].tolist()
    around = view_box(layout)
    return Box(around.x0 + x0, around.y0 + y0, around.x0 + x1, around.y0 + y1)


def ringed(pen: Patches, layout: SlipLayout) -> set[int]:
    """The pair round one or both of whose boxes ink is drawn."""
    held = place_of(pen, layout)
    around = [
        number
        for number, pair in enumerate(layout.pairs)
        for box in (pair.yes, pair.no)
        if held.holds(box, 0.5)
    ]
    return set(around) if len(set(around)) == 1 and held.height < _RING else set()


def part_of_a_ring(pen: Patches, from_boxes: Patches, layout: SlipLayout) -> set[int]:
    """The pair round whose boxes ink is drawn that print has cut in parts, some of which enter boxes."""
    place = place_of(pen, layout).grown(_PARTS)
    touching = [
        one
        for one in range(len(from_boxes))
        if place.touches(place_of(from_boxes.only(np.array([one])), layout))
    ]
    if not touching:
        return set()
    return ringed(Patches.joined(pen, from_boxes.only(np.array(touching))), layout)


def pairs_beside(pen: Patches, layout: SlipLayout) -> set[int]:
    """The pairs in whose rows ink stands, close enough to be meant for them."""
    return pairs_in_row(place_of(pen, layout), layout)


def pairs_near(pen: Patches, layout: SlipLayout) -> set[int]:
    """The pairs of whose boxes one is so near that ink may be a part of its mark."""
    place = place_of(pen, layout).grown(_NEAR)
    return {
        number
        for number, pair in enumerate(layout.pairs)
        if place.touches(pair.yes) or place.touches(pair.no)
    }


def pairs_in_row(place: Box, layout: SlipLayout) -> set[int]:
    """The pairs in whose rows a part of the page (mm) lies, close enough to be meant for them."""
    found = set()
    for number, pair in enumerate(layout.pairs):
        row = Box(pair.yes.x0 - _BEFORE, pair.yes.y0 - 1.0, pair.no.x1 + _BEHIND, pair.no.y1 + 1.0)
        overlap = min(place.y1, row.y1) - max(place.y0, row.y0)
        if place.touches(row) and overlap > 0.35 * min(place.height, row.height):
            found.add(number)
    return found


def pairs_between(numbers: set[int], place: Box, layout: SlipLayout) -> set[int]:
    """Those pairs and, in their rows, the nearest before and behind `place`: what stands between may be for either."""
    meant = set(numbers)
    for number in numbers:
        row, own = layout.pairs[number].yes, layout.pairs[number]
        if own.yes.x0 <= place.x0 and place.x1 <= own.no.x1:
            continue
        mates = [
            (pair.yes.x0, pair.no.x1, at)
            for at, pair in enumerate(layout.pairs)
            if pair.yes.y0 < row.y1 and row.y0 < pair.yes.y1
        ]
        meant |= {at for _, _, at in sorted(mate for mate in mates if mate[1] < place.x1)[-1:]}
        meant |= {at for _, _, at in sorted(mate for mate in mates if mate[0] > place.x0)[:1]}
    return meant
