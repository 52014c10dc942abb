"""One page's picture to one page reading: codes, slips, boxes and fields, in that order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from consentdesk.model.reading import Outcome, PageReading, Problem, SlipReading
from consentdesk.model.slip import Part
from consentdesk.scanning.codes import FoundCode, find_codes, find_codes_thoroughly
from consentdesk.scanning.framed import below_letter, framed_slips, look_closer, unmatched
from consentdesk.scanning.grouping import SeenCode, group_by_slip, sort_out
from consentdesk.scanning.measure import measure, quad_of
from consentdesk.scanning.outline import FramedSlip
from consentdesk.scanning.page import Page, around_code, is_blank
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.place import WHICH, Placed, place
from consentdesk.scanning.templates import Template

MIRRORED: Final = Problem(
    "mirrored", "The page is mirrored, which no scanner does to paper; scan the page itself again."
)
_SHINES_THROUGH: Final = 60
"""Grey values by which a code's modules differ at most where it only shines through from the other side."""

Templates = Mapping[str, Template]


def read_page(untrusted_pixels: Pixels, number: int, templates: Templates) -> PageReading:
    """Everything there is to see on a page; `templates` maps the tags of form versions to what is known of them.

    Nothing is judged here: what a code claims is unproven, and what a mark means is for `model.decision`.
    """
    page = Page.of(untrusted_pixels)
    found = find_codes(page.small, page.factor)
    if not found and is_blank(page.small):
        return PageReading(number, outcome=Outcome.BLANK)
    ours, spoiled, strangers = sort_out(found)
    if not spoiled and not any(seen.code.part in WHICH for seen in ours):
        # No slip so far: before the page is taken for a letter or a stranger's, it is searched at full sharpness.
        found = find_codes_thoroughly(page.grey, second_reader=False) or found
        ours, spoiled, strangers = sort_out(found)
        if not ours and not spoiled:
            return _without_codes(page, number, templates, strangers)
    slips = _read_slips(page, ours, templates, found)
    if any(slip.tag is None for slip in slips) and (seen := _mirrored(page, templates)) is not None:
        return PageReading(number, outcome=Outcome.BLANK) if _is_faint(page, seen) else _refused(number)
    slips += [_spoiled_slip(page, code) for code in spoiled]
    letter_codes = [seen for seen in ours if seen.code.part is Part.LETTER]
    letters = tuple(seen.found.text for seen in letter_codes)
    if not slips:
        return _without_slips(page, number, templates, letter_codes, strangers)
    if not letters:
        # Cut slips on the glass: one whose codes are spoiled must not be lost beside one that was read.
        slips += _rescued(page, framed_slips(page, templates, slips), templates)
    return PageReading(number, tuple(slips), letters=letters, strangers=strangers)


def _read_slips(
    page: Page, ours: Sequence[SeenCode], templates: Templates, found: Sequence[FoundCode]
) -> list[SlipReading]:
    """The slips that codes tell of; one whose two codes name different slips is told once."""
    slips: list[SlipReading] = []
    for group in group_by_slip(ours, templates):
        if not any(_is_told(page, slip, group) for slip in slips):
            slips.append(_read_slip(page, group, templates, found))
    return slips


def _is_told(page: Page, slip: SlipReading, group: Sequence[SeenCode]) -> bool:
    """Whether a slip that was read already has these codes on it."""
    if not {seen.found.text for seen in group} <= set(slip.codes):
        return False
    height, width = page.grey.shape
    low, high = (edge(np.array(slip.quad), axis=0) * (width, height) for edge in (np.min, np.max))
    middles = (seen.found.corners.mean(axis=0) for seen in group)
    return all(bool((low < middle).all() and (middle < high).all()) for middle in middles)


def _read_slip(
    page: Page, group: Sequence[SeenCode], templates: Templates, found: Sequence[FoundCode]
) -> SlipReading:
    """What stands on a slip; of a version that this office never printed, or that was not placed, its codes alone."""
    seen = group[0]
    template = templates.get(seen.code.tag)
    texts = tuple(one.found.text for one in group)
    if template is not None:
        placed = place(page, group, template, found)
        if isinstance(placed, Placed):
            lies = placed.page
            return measure(lies.pixels, lies.grey, placed.placement, template, placed.texts)
        texts = placed.texts
    corners = seen.found.corners
    return SlipReading(texts, None, quad_of(page.pixels, corners), crop=around_code(page, corners))


def _spoiled_slip(page: Page, code: FoundCode) -> SlipReading:
    """A code that claims to be ours and is not whole: refused later, by name."""
    crop = around_code(page, code.corners)
    return SlipReading((code.text,), None, quad_of(page.pixels, code.corners), crop=crop)


def _mirrored(page: Page, templates: Templates) -> SeenCode | None:
    """A code of a slip that is found on the page's mirror image, as it would be on no paper."""
    flipped = page.flipped()
    found = find_codes(flipped.small, flipped.factor)
    ours, _, _ = sort_out(found)
    for group in group_by_slip(ours, templates):
        template = templates.get(group[0].code.tag)
        if template is not None and isinstance(place(flipped, group, template, found), Placed):
            return group[0]
    return None


def _is_faint(page: Page, mirrored: SeenCode) -> bool:
    """Whether a code of the page's mirror image is as pale as what shines through from the other side."""
    flipped = page.small[:, ::-1]
    low, high = (edge(mirrored.found.corners, axis=0) / page.factor for edge in (np.min, np.max))
    part = flipped[max(0, int(low[1])) : int(high[1]) + 1, max(0, int(low[0])) : int(high[0]) + 1]
    dark, light = np.quantile(part, (0.1, 0.9))
    return bool(light - dark < _SHINES_THROUGH)


def _refused(number: int) -> PageReading:
    return PageReading(number, outcome=Outcome.REFUSED, problem=MIRRORED)


def _rescued(page: Page, framed: Iterable[FramedSlip], templates: Templates) -> list[SlipReading]:
    """Slips that only their frame tells of: read where a closer look reads a code after all, unmatched otherwise."""
    slips: list[SlipReading] = []
    for slip in framed:
        flat, found = look_closer(page, slip)
        ours, spoiled, _ = sort_out(found)
        read = _read_slips(flat, ours, templates, found) + [_spoiled_slip(flat, code) for code in spoiled]
        slips += read or [unmatched(page.pixels, slip)]
    return slips


def _without_codes(page: Page, number: int, templates: Templates, strangers: int) -> PageReading:
    """A page on which the quick readers found nothing of ours: perhaps a slip whose codes are spoiled."""
    framed = framed_slips(page, templates)
    if not framed:
        return PageReading(number, outcome=Outcome.FOREIGN, strangers=strangers)
    found = find_codes_thoroughly(page.grey, second_reader=True)
    ours, spoiled, _ = sort_out(found)
    slips = _read_slips(page, ours, templates, found) + [_spoiled_slip(page, code) for code in spoiled]
    return PageReading(number, tuple(slips or _rescued(page, framed, templates)), strangers=strangers)


def _without_slips(
    page: Page, number: int, templates: Templates, letter_codes: Sequence[SeenCode], strangers: int
) -> PageReading:
    """A letter page of ours; but where a slip's frame is on it too, that slip is not lost."""
    letters = tuple(seen.found.text for seen in letter_codes)
    framed = framed_slips(page, templates) or below_letter(page.grey, templates, letter_codes)
    if framed:
        slips = tuple(_rescued(page, framed, templates))
        return PageReading(number, slips, letters=letters, strangers=strangers)
    return PageReading(number, outcome=Outcome.LETTER, letters=letters, strangers=strangers)
