"""A slip that was found, measured: its boxes, its fields and the picture kept as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from consentdesk.model.layout import Box, BoxPair, SlipLayout
from consentdesk.model.reading import MarkKind, PairReading, Presence, SlipReading
from consentdesk.scanning import boxes, fields, marks
from consentdesk.scanning.align import Placement, corners_of
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.slip_view import slip_evidence, view_slip
from consentdesk.scanning.templates import Template

_MOVED: Final = 0.3
"""A box that lies further off than this in mm is shown anew, in the middle of its view."""


def measure(
    pixels: Pixels, grey: Pixels, placement: Placement, template: Template, texts: tuple[str, ...]
) -> SlipReading:
    """Measure every box and field of a slip that was found."""
    layout = template.layout
    every = [box for pair in layout.pairs for box in (pair.yes, pair.no)]
    shifts, views, lines = [], [], []
    for box in every:
        view = boxes.raw_view(grey, placement, box)
        shift = boxes.find_shift(view, box)
        if max(abs(shift[0]), abs(shift[1])) > _MOVED:
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
    ink = fields.ink_of(slip, template)

    margin, places = fields.margin_writing(slip, ink, template)
    pairs = tuple(
        _doubted(pair)
        if _beside(boxed, places) or fields.writing_behind(slip, ink, _behind(boxed, layout))
        else pair
        for pair, boxed in zip(pairs, layout.pairs, strict=True)
    )

    def written(box: Box, least: float) -> Presence:
        return fields.written(slip, ink, box, least=least)

    return SlipReading(
        codes=texts,
        tag=template.tag,
        quad=quad_of(pixels, placement.to_page(corners_of(layout.outline))),
        pairs=pairs[:guardian],
        pupil_pairs=pairs[guardian:],
        signature=written(layout.signature, 8.0),
        pupil_signature=None if layout.pupil_signature is None else written(layout.pupil_signature, 8.0),
        date=written(layout.date, 5.0),
        printed_name=written(layout.printed_name, 5.0),
        relationship=written(layout.relationship, 5.0),
        comment=written(layout.comment, 5.0),
        margin=margin,
        struck_out=fields.name_struck_out(slip, layout.child),
        fit=round(placement.fit, 3),
        crop=slip_evidence(slip),
    )


def _doubted(pair: PairReading) -> PairReading:
    """A question with something written beside its boxes: neither of them is clear any more."""
    return replace(pair, yes=replace(pair.yes, kind=MarkKind.STRAY))


def _beside(boxed: BoxPair, places: Sequence[Box]) -> bool:
    row = Box(boxed.yes.x0 - 1.0, boxed.yes.y0 - 1.0, boxed.no.x1 + 18.0, boxed.no.y1 + 1.0)
    return any(place.touches(row) for place in places)


def _behind(boxed: BoxPair, layout: SlipLayout) -> Box:
    """The space behind a question's boxes, up to the next box or just over the slip's frame (mm)."""
    ends = [layout.outline.x1 + 1.6, boxed.no.x1 + 10.0]
    ends += [
        box.x0 - 0.9
        for pair in layout.pairs
        for box in (pair.yes, pair.no)
        if box.x0 > boxed.no.x1 and box.y0 < boxed.no.y1 and boxed.no.y0 < box.y1
    ]
    return Box(boxed.no.x1 + 0.8, boxed.no.y0 - 0.3, min(ends), boxed.no.y1 + 0.3)


def quad_of(pixels: Pixels, corners: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    height, width = pixels.shape[:2]
    return tuple((round(float(x) / width, 4), round(float(y) / height, 4)) for x, y in corners)
