"""One page's picture to one page reading: codes, slips, boxes and fields, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import SlipLayout
from consentdesk.model.reading import (
    Outcome,
    PageReading,
    SlipReading,
)
from consentdesk.model.slip import Part
from consentdesk.scanning import outline
from consentdesk.scanning.align import Placement, corners_of, place_by_codes, similarity, tighten
from consentdesk.scanning.codes import FoundCode, find_code_in, find_codes, find_codes_thoroughly, reduced
from consentdesk.scanning.grouping import SeenCode, group_by_slip, sort_out
from consentdesk.scanning.measure import measure, quad_of
from consentdesk.scanning.pictures import Pixels, darkest
from consentdesk.scanning.slip_view import evidence, warped
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import slices, view_box

_LARGEST: Final = 4200
"""A page with a longer side than this (360 dpi on A4) is halved first: nothing finer is needed."""


_FRAME_SEEN: Final = 0.4
"""From this share of its frame on, a slip is taken to be where a letter's code says."""
_WHICH: Final = {Part.FIRST: 0, Part.SECOND: 1}
"""Which of a slip's two codes a part is; a letter's code is neither."""


_SURELY_PLACED: Final = 0.97
"""From one code: a lower share of the frame than this may be another line's, or the slip was photographed askew."""


def read_page(untrusted_pixels: Pixels, number: int, templates: Mapping[str, Template]) -> PageReading:
    """Everything there is to see on a page; `templates` maps the tags of form versions to what is known of them.

    Nothing is judged here: what a code claims is unproven, and what a mark means is for `model.decision`.
    """
    pixels = _halved(untrusted_pixels)
    grey = darkest(pixels)
    small, factor = reduced(grey)
    if _is_blank(small):
        return PageReading(number, outcome=Outcome.BLANK)
    found = find_codes(small, factor)
    ours, spoiled, strangers = sort_out(found)
    if not spoiled and not any(seen.code.part in _WHICH for seen in ours):
        # No slip so far: before the page is taken for a letter or a stranger's, it is searched at full sharpness.
        found = find_codes_thoroughly(grey, second_reader=False) or found
        ours, spoiled, strangers = sort_out(found)
        if not ours and not spoiled:
            return _without_codes(pixels, grey, number, templates, strangers)
    slips = [_read_slip(pixels, grey, group, templates, found) for group in group_by_slip(ours, templates)]
    slips += [_spoiled_slip(pixels, code) for code in spoiled]
    letter_codes = [seen for seen in ours if seen.code.part is Part.LETTER]
    letters = tuple(seen.found.text for seen in letter_codes)
    if not slips:
        return _without_slips(pixels, grey, number, templates, letter_codes, strangers)
    if not letters:
        # Cut slips on the glass: one whose codes are spoiled must not be lost beside one that was read.
        slips += [_unmatched(pixels, framed) for framed in _framed(grey, templates, slips)]
    return PageReading(number, tuple(slips), letters=letters, strangers=strangers)


def _halved(pixels: Pixels) -> Pixels:
    if max(pixels.shape[:2]) <= _LARGEST:
        return pixels
    scale = _LARGEST / 1.4 / max(pixels.shape[:2])
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _is_blank(small: Pixels) -> bool:
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
    return int((cv2.subtract(paper, middle) > 32).sum()) < 0.0004 * middle.size and not dark_page


def _read_slip(
    pixels: Pixels,
    grey: Pixels,
    group: Sequence[SeenCode],
    templates: Mapping[str, Template],
    found: Sequence[FoundCode],
) -> SlipReading:
    texts = tuple(seen.found.text for seen in group)
    tag = group[0].code.tag
    template = templates.get(tag)
    if template is None:
        # A version this office never printed: whose it is will be judged by the code alone.
        return SlipReading(
            texts, None, quad_of(pixels, group[0].found.corners), crop=_around(pixels, group[0].found)
        )
    layout = template.layout
    matrix = place_by_codes(layout, [(_WHICH[seen.code.part], seen.found.corners) for seen in group])
    if matrix is None:
        return SlipReading(
            texts, tag, quad_of(pixels, group[0].found.corners), crop=_around(pixels, group[0].found)
        )
    alone = len(group) == 1
    placement = tighten(grey, layout, matrix, reach=7.0 if alone else 3.0)
    if alone:
        placement = _surer(placement, grey, layout, group[0])
        texts += _other_code(grey, layout, placement, group[0], found)
    return measure(pixels, grey, placement, template, texts)


def _surer(placement: Placement, grey: Pixels, layout: SlipLayout, seen: SeenCode) -> Placement:
    """Where a slip lies of which one code was read, from its whole frame where the code alone did not tell surely."""
    if placement.fit > _SURELY_PLACED:
        return placement
    other = outline.place_round_code(grey, layout, _WHICH[seen.code.part], seen.found.corners)
    return placement if other is None or other.fit < placement.fit else other


def _other_code(
    grey: Pixels, layout: SlipLayout, placement: Placement, seen: SeenCode, found: Sequence[FoundCode]
) -> tuple[str, ...]:
    """The code at the slip's other place, if one can be read there with a closer look."""
    place = layout.codes[1 - _WHICH[seen.code.part]]
    corners = placement.to_page(corners_of(place))
    for code in found:
        if float(np.linalg.norm(code.corners.mean(axis=0) - corners.mean(axis=0))) < 0.5 * _side(corners):
            return (code.text,)
    wide = placement.to_page(corners_of(place.grown(4.0)))
    low, high = wide.min(axis=0), wide.max(axis=0)
    region = (int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1)
    return tuple(code.text for code in find_code_in(grey, region)[:1])


def _side(corners: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(corners[1] - corners[0]))


def _around(pixels: Pixels, code: FoundCode) -> bytes:
    """A picture of the neighbourhood of a code whose slip cannot be read."""
    side = _side(code.corners)
    low, high = code.corners.min(axis=0) - 4 * side, code.corners.max(axis=0) + 4 * side
    y0, x0 = max(0, int(low[1])), max(0, int(low[0]))
    part = pixels[y0 : int(high[1]) + 1, x0 : int(high[0]) + 1]
    scale = min(1.0, 700 / max(part.shape[:2]))
    return evidence(
        np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    )


def _spoiled_slip(pixels: Pixels, code: FoundCode) -> SlipReading:
    """A code that claims to be ours and is not whole: refused later, by name."""
    return SlipReading((code.text,), None, quad_of(pixels, code.corners), crop=_around(pixels, code))


def _without_codes(
    pixels: Pixels, grey: Pixels, number: int, templates: Mapping[str, Template], strangers: int
) -> PageReading:
    """A page on which the quick readers found nothing of ours: perhaps a slip whose codes are spoiled."""
    framed = _framed(grey, templates)
    if framed:
        rescued = find_codes_thoroughly(grey, second_reader=True)
        ours, _, _ = sort_out(rescued)
        groups = group_by_slip(ours, templates)
        if groups:
            slips = [_read_slip(pixels, grey, group, templates, rescued) for group in groups]
            return PageReading(number, tuple(slips), strangers=strangers)
        return PageReading(number, tuple(_unmatched(pixels, slip) for slip in framed), strangers=strangers)
    return PageReading(number, outcome=Outcome.FOREIGN, strangers=strangers)


def _without_slips(
    pixels: Pixels,
    grey: Pixels,
    number: int,
    templates: Mapping[str, Template],
    letter_codes: Sequence[SeenCode],
    strangers: int,
) -> PageReading:
    """A letter page of ours; but where a slip's frame is on it too, that slip is not lost."""
    letters = tuple(seen.found.text for seen in letter_codes)
    framed = _framed(grey, templates) or _below_letter(grey, templates, letter_codes)
    if framed:
        unmatched = tuple(_unmatched(pixels, slip) for slip in framed)
        return PageReading(number, unmatched, letters=letters, strangers=strangers)
    return PageReading(number, outcome=Outcome.LETTER, letters=letters, strangers=strangers)


def _below_letter(
    grey: Pixels, templates: Mapping[str, Template], letter_codes: Sequence[SeenCode]
) -> list[outline.FramedSlip]:
    """Slips still joined to their letters, found from the letter's code; the frame must be where that says."""
    found = []
    for seen in letter_codes:
        template = templates.get(seen.code.tag)
        if template is None or template.letter is None:
            continue
        matrix = similarity(corners_of(template.letter), seen.found.corners)
        if matrix is not None:
            placement = tighten(grey, template.layout, matrix, reach=7.0)
            if placement.fit > _FRAME_SEEN:
                found.append(outline.FramedSlip(template, placement, placement.fit))
    return found


def _framed(
    grey: Pixels, templates: Mapping[str, Template], read: Sequence[SlipReading] = ()
) -> list[outline.FramedSlip]:
    """Slips that only their frame tells of, those already `read` left out."""
    known = list(templates.values())
    height, width = grey.shape
    taken = [np.array(slip.quad) * (width, height) for slip in read]
    frames = [
        frame
        for frame in outline.find_frames(grey)
        if not any(_inside(quad, frame.mean(axis=0)) or _inside(frame, quad.mean(axis=0)) for quad in taken)
    ]
    matched = (outline.match_frame(grey, frame, known) for frame in frames)
    found = [slip for slip in matched if slip is not None]
    if not found:
        rest = _without(grey, taken)
        if not read or not _is_blank(reduced(rest)[0]):
            by_lines = outline.find_by_lines(rest, known)
            found = [] if by_lines is None else [by_lines]
    return found


def _without(grey: Pixels, taken: Sequence[NDArray[np.float64]]) -> Pixels:
    """The page with white paper over the slips that were read, a little beyond their frames."""
    rest = grey.copy() if taken else grey
    for quad in taken:
        middle = quad.mean(axis=0)
        cv2.fillConvexPoly(rest, np.rint(middle + 1.04 * (quad - middle)).astype(np.int32), 255)
    return rest


def _inside(quad: NDArray[np.float64], point: NDArray[np.float64]) -> bool:
    return cv2.pointPolygonTest(quad.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


def _unmatched(pixels: Pixels, slip: outline.FramedSlip) -> SlipReading:
    """A slip known by its frame alone, with the crop of its typed code for a person to read."""
    layout = slip.template.layout
    picture = warped(pixels, slip.placement, layout)
    around = view_box(layout)
    part = picture[slices(layout.typed_code.grown(3.0), (around.x0, around.y0), picture.shape)]
    return SlipReading(
        (),
        None,
        quad_of(pixels, slip.placement.to_page(corners_of(layout.outline))),
        fit=round(slip.placement.fit, 3),
        crop=evidence(picture),
        typed_code_crop=evidence(np.ascontiguousarray(part)),
    )
