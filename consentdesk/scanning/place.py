"""Where the slip of some codes lies, proved: by both codes and its frame, or by its own print; never by a guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from consentdesk.model.slip import Part
from consentdesk.scanning.align import Placement, corners_of, place_by_codes, tighten
from consentdesk.scanning.bends import Bend, drawn_flat
from consentdesk.scanning.codes import FoundCode, find_code_in
from consentdesk.scanning.grouping import SeenCode, sort_out
from consentdesk.scanning.outline import place_round_code
from consentdesk.scanning.page import Page
from consentdesk.scanning.print_match import Settled, settle
from consentdesk.scanning.templates import Template

WHICH: Final = {Part.FIRST: 0, Part.SECOND: 1}
"""Which of a slip's two codes a part is; a letter's code is neither."""
_FROM_BOTH: Final = 3.0
_FROM_ONE: Final = 7.0
"""How far in mm the frame may lie from where two codes, or one, put it."""
_SURE: Final = 0.97
"""A lower share of the frame than this may be another line's, or the paper is bent, torn, or was photographed askew."""
_PROVEN: Final = 0.65
"""From this share of its print on a slip lies where it was placed; by another question's lines up to 0.55 is seen."""


class Placed(NamedTuple):
    """A slip that was found: the texts of its codes, where it lies, and the page on which it lies flat.

    `bend` tells how far its paper lay off on the page as scanned, None where it was flat there.
    """

    texts: tuple[str, ...]
    placement: Placement
    page: Page
    bend: Bend | None = None


class Unplaced(NamedTuple):
    """A slip that codes tell of and that was not found where they say: nothing is read from it."""

    texts: tuple[str, ...]


def place(
    page: Page, group: Sequence[SeenCode], template: Template, found: Sequence[FoundCode]
) -> Placed | Unplaced:
    """Find the slip of one or two codes that belong together; `found` are all codes of the page.

    What two codes and nearly the whole frame agree on is sure. Anything less must show the form's own words
    where they should be: from one code of a slip photographed askew another question's boxes look as good.
    """
    texts = tuple(seen.found.text for seen in group)
    start = _by_codes(page, group, template)
    if start is None:
        return Unplaced(texts)
    if len(group) == 1:
        other = _other_code(page, template, start, group[0], found)
        texts += () if other is None else (other.text,)
        both = None if other is None else _pair(group[0], other)
        if both is not None:
            group, start = both, _by_codes(page, both, template) or start
    if len(group) == 2 and start.fit > _SURE:
        return Placed(texts, start, page)
    settled = settle(page.grey, template, start.matrix)
    if settled.seen < _PROVEN:
        seen = group[0]
        around = place_round_code(page.grey, template.layout, WHICH[seen.code.part], seen.found.corners)
        if around is not None:
            settled = max(settled, settle(page.grey, template, around.matrix), key=lambda one: one.seen)
    return Unplaced(texts) if settled.seen < _PROVEN else Placed(texts, *_flattened(page, template, settled))


def _by_codes(page: Page, group: Sequence[SeenCode], template: Template) -> Placement | None:
    matrix = place_by_codes(template.layout, [(WHICH[seen.code.part], seen.found.corners) for seen in group])
    reach = _FROM_ONE if len(group) == 1 else _FROM_BOTH
    return None if matrix is None else tighten(page.grey, template.layout, matrix, reach=reach)


def _flattened(page: Page, template: Template, settled: Settled) -> tuple[Placement, Page, Bend | None]:
    """Where a settled slip lies on the page with its paper drawn flat, and how it was bent."""
    layout, bend = template.layout, settled.bend
    if bend is not None:
        pixels = drawn_flat(page.pixels, layout, settled.matrix, bend)
        page = Page.of(pixels)
    frame = tighten(page.grey, layout, settled.matrix, reach=1.0)
    matrix = frame.matrix if bend is None else settled.matrix
    return Placement(matrix, max(frame.fit, settled.seen)), page, bend


def _other_code(
    page: Page, template: Template, placement: Placement, seen: SeenCode, found: Sequence[FoundCode]
) -> FoundCode | None:
    """The code at the slip's other place, if one can be read there with a closer look."""
    box = template.layout.codes[1 - WHICH[seen.code.part]]
    corners = placement.to_page(corners_of(box))
    side = float(np.linalg.norm(corners[1] - corners[0]))
    for code in found:
        if float(np.linalg.norm(code.corners.mean(axis=0) - corners.mean(axis=0))) < 0.5 * side:
            return code
    return next(iter(find_code_in(page.grey, region_of(placement.to_page(corners_of(box.grown(4.0)))))), None)


def region_of(corners: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """The upright rectangle round points (N×2 px): left, top, right, bottom."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    return int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1


def _pair(one: SeenCode, other: FoundCode) -> list[SeenCode] | None:
    """Both codes of a slip, if the other one is its."""
    ours, _, _ = sort_out([other])
    if not ours or (ours[0].code.slip, ours[0].code.tag) != (one.code.slip, one.code.tag):
        return None
    return [one, ours[0]] if {one.code.part, ours[0].code.part} == set(WHICH) else None
