"""One page's picture to one page reading: codes, slips, boxes and fields, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model import slip as slip_codes
from consentdesk.model.layout import Box, SlipLayout
from consentdesk.model.reading import (
    Outcome,
    PageReading,
    PairReading,
    Presence,
    SlipReading,
)
from consentdesk.model.slip import Part, SlipCode
from consentdesk.scanning import boxes, fields, marks, outline
from consentdesk.scanning.align import Placement, corners_of, place_by_codes, tighten, transform
from consentdesk.scanning.codes import FoundCode, find_code_in, find_codes, find_codes_thoroughly
from consentdesk.scanning.pictures import Pixels, darkest
from consentdesk.scanning.slip_view import evidence, slip_evidence, view_slip, warped
from consentdesk.scanning.templates import VIEW, Template

FRAME_FLOOR: Final = 0.3
"""Below this share of its frame found, a slip's place is not trusted."""
_LARGEST: Final = 4200
"""A page with a longer side than this (360 dpi on A4) is halved first: nothing finer is needed."""


class _Seen(NamedTuple):
    """A code of this program's kind on the page: which code of which slip, and its corners."""

    code: SlipCode
    found: FoundCode


def read_page(untrusted_pixels: Pixels, number: int, templates: Mapping[str, Template]) -> PageReading:
    """Everything there is to see on a page; `templates` maps the tags of form versions to what is known of them.

    Nothing is judged here: what a code claims is unproven, and what a mark means is for `model.decision`.
    """
    pixels = _reduced(untrusted_pixels)
    grey = darkest(pixels)
    if _is_blank(grey):
        return PageReading(number, outcome=Outcome.BLANK)
    found = find_codes(grey)
    ours, spoiled, strangers = _sorted_out(found)
    if not ours and not spoiled:
        thorough = find_codes_thoroughly(grey, second_reader=False)
        if not any(slip_codes.is_ours(code.text) for code in thorough):
            return _without_codes(pixels, grey, number, templates, strangers or len(thorough))
        found = thorough
        ours, spoiled, strangers = _sorted_out(found)
    slips = [_read_slip(pixels, grey, group, templates, found) for group in _by_slip(ours, templates)]
    slips += [_spoiled_slip(pixels, code) for code in spoiled]
    letters = tuple(seen.found.text for seen in ours if seen.code.part is Part.LETTER)
    if not slips:
        return _without_slips(pixels, grey, number, templates, letters, strangers)
    return PageReading(number, tuple(slips), letters=letters, strangers=strangers)


def _reduced(pixels: Pixels) -> Pixels:
    if max(pixels.shape[:2]) <= _LARGEST:
        return pixels
    scale = _LARGEST / 1.4 / max(pixels.shape[:2])
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _is_blank(grey: Pixels) -> bool:
    """Whether the page has no ink: nothing much darker than the paper beside it, but at its very edges."""
    scale = 500 / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    middle = small[height // 16 : -height // 16, width // 16 : -width // 16]
    if middle.size == 0:
        return True
    paper = cv2.medianBlur(middle, 31)
    ink = cv2.subtract(paper, middle) > 28
    dark_page = float(paper.mean()) < 60
    return bool(ink.mean() < 0.0004) and not dark_page


def _sorted_out(found: Sequence[FoundCode]) -> tuple[list[_Seen], list[FoundCode], int]:
    """Whole codes of ours, codes that claim to be ours but are not whole, and how many are a stranger's."""
    ours, spoiled, strangers = [], [], 0
    for code in found:
        parsed = slip_codes.parse(code.text)
        if parsed is not None:
            ours.append(_Seen(parsed, code))
        elif slip_codes.is_ours(code.text):
            spoiled.append(code)
        else:
            strangers += 1
    return ours, spoiled, strangers


def _by_slip(seen: Sequence[_Seen], templates: Mapping[str, Template]) -> list[list[_Seen]]:
    """The codes of each slip together: a first and a second code that lie as the layout says.

    Copies of one slip on a page are kept apart, and so are codes of two slips that happen to lie near.
    """
    firsts = [code for code in seen if code.code.part is Part.FIRST]
    seconds = [code for code in seen if code.code.part is Part.SECOND]
    groups = []
    for first in firsts:
        group = [first]
        template = templates.get(first.code.tag)
        best: _Seen | None = None
        for second in seconds:
            if second.code.slip != first.code.slip or second.code.tag != first.code.tag:
                continue
            if template is not None and not _lie_together(template.layout, first, second):
                continue
            if best is None or _apart(first, second) < _apart(first, best):
                best = second
        if best is not None:
            group.append(best)
            seconds.remove(best)
        groups.append(group)
    return groups + [[second] for second in seconds]


def _apart(one: _Seen, other: _Seen) -> float:
    return float(np.linalg.norm(one.found.corners.mean(axis=0) - other.found.corners.mean(axis=0)))


def _lie_together(layout: SlipLayout, first: _Seen, second: _Seen) -> bool:
    """Whether the second code lies where the first one expects it, within a fifth of the distance between them."""
    matrix = place_by_codes(layout, [(0, first.found.corners)])
    if matrix is None:
        return False
    expected = transform(matrix, corners_of(layout.codes[1])).mean(axis=0)
    off = float(np.linalg.norm(expected - second.found.corners.mean(axis=0)))
    return off < 0.2 * float(np.linalg.norm(expected - first.found.corners.mean(axis=0)))


_WHICH: Final = {Part.FIRST: 0, Part.SECOND: 1}


def _read_slip(
    pixels: Pixels,
    grey: Pixels,
    group: Sequence[_Seen],
    templates: Mapping[str, Template],
    found: Sequence[FoundCode],
) -> SlipReading:
    texts = tuple(seen.found.text for seen in group)
    tag = group[0].code.tag
    template = templates.get(tag)
    if template is None:
        # A version this office never printed: whose it is will be judged by the code alone.
        return SlipReading(texts, None, _quad_of(pixels, group[0].found.corners), crop=_around(pixels, group[0].found))
    layout = template.layout
    matrix = place_by_codes(layout, [(_WHICH[seen.code.part], seen.found.corners) for seen in group])
    if matrix is None:
        return SlipReading(texts, tag, _quad_of(pixels, group[0].found.corners), crop=_around(pixels, group[0].found))
    alone = len(group) == 1
    placement = tighten(grey, layout, matrix, reach=7.0 if alone else 3.0)
    if alone:
        texts += _other_code(grey, layout, placement, group[0], found)
    return measure(pixels, grey, placement, template, texts)


def _other_code(
    grey: Pixels, layout: SlipLayout, placement: Placement, seen: _Seen, found: Sequence[FoundCode]
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


def measure(
    pixels: Pixels, grey: Pixels, placement: Placement, template: Template, texts: tuple[str, ...]
) -> SlipReading:
    """Measure every box and field of a slip that was found."""
    layout = template.layout
    every = [box for pair in layout.pairs for box in (pair.yes, pair.no)]
    shifts, views, lines = [], [], []
    for box in every:
        shift = boxes.find_shift(boxes.raw_view(grey, placement, box), box)
        view = boxes.raw_view(grey, placement, box, shift)
        shifts.append(shift)
        views.append(view)
        lines.append(boxes.line_darkness(view, box))
    papers, darks = np.array(lines).T
    contrast = max(8.0, float(np.median(papers - darks)))
    masks = [mask for pair in template.beside for mask in pair]
    judged = [
        marks.judge(boxes.see_box(view, box, contrast, shift), mask)
        for view, box, shift, mask in zip(views, every, shifts, masks, strict=True)
    ]
    pairs = tuple(
        PairReading(pair.purpose, judged[2 * at], judged[2 * at + 1]) for at, pair in enumerate(layout.pairs)
    )
    guardian = len(layout.questions)

    slip = view_slip(pixels, placement, layout, contrast)
    added = fields.added_ink(slip, template)

    def written(box: Box, least: float) -> Presence:
        return fields.written(slip, added, box, least=least)

    return SlipReading(
        codes=texts,
        tag=template.tag,
        quad=_quad_of(pixels, placement.to_page(corners_of(layout.outline))),
        pairs=pairs[:guardian],
        pupil_pairs=pairs[guardian:],
        signature=written(layout.signature, 8.0),
        pupil_signature=None if layout.pupil_signature is None else written(layout.pupil_signature, 8.0),
        date=written(layout.date, 5.0),
        printed_name=written(layout.printed_name, 5.0),
        relationship=written(layout.relationship, 5.0),
        comment=written(layout.comment, 5.0),
        margin=fields.margin_writing(slip, added, template),
        struck_out=fields.name_struck_out(grey, placement, layout.child, contrast),
        fit=round(placement.fit, 3),
        crop=slip_evidence(slip),
    )


def _quad_of(pixels: Pixels, corners: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    height, width = pixels.shape[:2]
    return tuple((round(float(x) / width, 4), round(float(y) / height, 4)) for x, y in corners)


def _around(pixels: Pixels, code: FoundCode) -> bytes:
    """A picture of the neighbourhood of a code whose slip cannot be read."""
    side = _side(code.corners)
    low, high = code.corners.min(axis=0) - 4 * side, code.corners.max(axis=0) + 4 * side
    y0, x0 = max(0, int(low[1])), max(0, int(low[0]))
    part = pixels[y0 : int(high[1]) + 1, x0 : int(high[0]) + 1]
    scale = min(1.0, 700 / max(part.shape[:2]))
    return evidence(np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8))


def _spoiled_slip(pixels: Pixels, code: FoundCode) -> SlipReading:
    """A code that claims to be ours and is not whole: refused later, by name."""
    return SlipReading((code.text,), None, _quad_of(pixels, code.corners), crop=_around(pixels, code))


def _without_codes(
    pixels: Pixels, grey: Pixels, number: int, templates: Mapping[str, Template], strangers: int
) -> PageReading:
    """A page on which the quick readers found nothing of ours: perhaps a slip whose codes are spoiled."""
    framed = _framed(grey, templates)
    if framed:
        rescued = find_codes_thoroughly(grey, second_reader=True)
        ours, _, _ = _sorted_out(rescued)
        groups = _by_slip(ours, templates)
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
    letters: tuple[str, ...],
    strangers: int,
) -> PageReading:
    """A letter page of ours; but where a slip's frame is on it too, that slip is not lost."""
    framed = _framed(grey, templates)
    if framed:
        unmatched = tuple(_unmatched(pixels, slip) for slip in framed)
        return PageReading(number, unmatched, letters=letters, strangers=strangers)
    return PageReading(number, outcome=Outcome.LETTER, letters=letters, strangers=strangers)


def _framed(grey: Pixels, templates: Mapping[str, Template]) -> list[outline.FramedSlip]:
    known = list(templates.values())
    matched = (outline.match_frame(grey, frame, known) for frame in outline.find_frames(grey))
    return [slip for slip in matched if slip is not None]


def _unmatched(pixels: Pixels, slip: outline.FramedSlip) -> SlipReading:
    """A slip known by its frame alone, with the crop of its typed code for a person to read."""
    layout = slip.template.layout
    picture = warped(pixels, slip.placement, layout)
    x0, y0 = layout.outline.x0 - 2.0, layout.outline.y0 - 2.0
    box = layout.typed_code.grown(3.0)
    rows = slice(max(0, round((box.y0 - y0) * VIEW)), max(0, round((box.y1 - y0) * VIEW)))
    columns = slice(max(0, round((box.x0 - x0) * VIEW)), max(0, round((box.x1 - x0) * VIEW)))
    return SlipReading(
        (),
        None,
        _quad_of(pixels, slip.placement.to_page(corners_of(layout.outline))),
        fit=round(slip.placement.fit, 3),
        crop=evidence(picture),
        typed_code_crop=evidence(np.ascontiguousarray(picture[rows, columns])),
    )
