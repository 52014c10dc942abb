"""A slip that was found, measured: its boxes, its fields and the picture kept as evidence."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from consentdesk.model.reading import MarkKind, PairReading, Presence, SlipReading
from consentdesk.scanning import boxes, marks
from consentdesk.scanning.align import Placement, corners_of
from consentdesk.scanning.fields import (
    DATE,
    PRINTED_NAME,
    PUPIL_SIGNATURE,
    RELATIONSHIP,
    SIGNATURE,
    is_faint_hand,
    is_pen,
    written,
)
from consentdesk.scanning.ink import FAINT_STROKE, Ink, ink_of
from consentdesk.scanning.margin import comment_in, margin_of
from consentdesk.scanning.overprint import written_over
from consentdesk.scanning.patches import Patches, patches_of
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.screens import without_screen
from consentdesk.scanning.slip_view import SlipView, slip_evidence, view_slip
from consentdesk.scanning.struck_out import name_struck_out
from consentdesk.scanning.templates import Template

_SURELY_THERE: Final = 0.65
"""Of the form's print so large a share is dark on any slip that lies where it is taken to lie."""


def measure(
    pixels: Pixels, grey: Pixels, placement: Placement, template: Template, texts: tuple[str, ...]
) -> SlipReading:
    """Measure every box and field of a slip that was found."""
    layout = template.layout
    quad = quad_of(pixels, placement.to_page(corners_of(layout.outline)))
    pairs = _pairs(grey, placement, template)
    guardian = len(layout.questions)

    slip = view_slip(without_screen(grey), placement, layout)
    ink, pens = written_on(slip, template)
    if ink.matched < _SURELY_THERE:
        # Nothing is where the form has it: whatever lies here, it cannot be said which box is whose.
        return SlipReading(texts, template.tag, quad, crop=slip_evidence(slip, pixels))
    margin = margin_of(pens, ink, template.zones, layout, written_over(slip, ink, template))
    pairs = tuple(_doubted(pair) if at in margin.doubted else pair for at, pair in enumerate(pairs))
    pupil_signature = None if layout.pupil_signature is None else written(pens, PUPIL_SIGNATURE)
    return SlipReading(
        codes=texts,
        tag=template.tag,
        quad=quad,
        pairs=pairs[:guardian],
        pupil_pairs=pairs[guardian:],
        signature=written(pens, SIGNATURE),
        pupil_signature=pupil_signature,
        date=written(pens, DATE),
        printed_name=written(pens, PRINTED_NAME),
        relationship=written(pens, RELATIONSHIP),
        comment=comment_in(pens),
        margin=margin.presence,
        struck_out=name_struck_out(slip, ink, template),
        fit=round(placement.fit, 3),
        crop=slip_evidence(slip, pixels),
    )


def written_on(slip: SlipView, template: Template) -> tuple[Ink, Patches]:
    """The slip's ink, and of what was added the patches that may be a pen's; a faint hand is looked for by itself."""
    ink = ink_of(slip, template)
    pens = _pens(ink, template)
    if written(pens, SIGNATURE) is not Presence.PRESENT:
        fainter = ink_of(slip, template, FAINT_STROKE)
        faint_pens = _pens(fainter, template)
        if is_faint_hand(faint_pens):
            return fainter, faint_pens
    return ink, pens


def _pens(ink: Ink, template: Template) -> Patches:
    patches = patches_of(ink, template.zones)
    return patches.only(is_pen(patches))


def _pairs(grey: Pixels, placement: Placement, template: Template) -> tuple[PairReading, ...]:
    """What is in the boxes of every question."""
    layout = template.layout
    every = [box for pair in layout.pairs for box in (pair.yes, pair.no)]
    masks = [mask for pair in template.beside for mask in pair]
    views = boxes.without_dots(boxes.centred_views(grey, placement, every), one_bit=_is_one_bit(grey))
    contrast = boxes.contrast_of(views, every[0])
    seen = boxes.see_boxes(views, every[0], contrast)
    judged = marks.judge(seen, masks)
    return tuple(
        PairReading(pair.purpose, judged[2 * at], judged[2 * at + 1]) for at, pair in enumerate(layout.pairs)
    )


def _is_one_bit(grey: Pixels) -> bool:
    """Whether a page knows next to nothing between black and white."""
    # Whole rows, which lie together in memory; their distance is no multiple of what lines of print are apart.
    dark, *between, _ = (
        cv2.calcHist([np.ascontiguousarray(grey[::29])], [0], None, [4], [0, 256]).ravel().tolist()
    )
    return bool(sum(between) < 0.12 * dark)


def _doubted(pair: PairReading) -> PairReading:
    """A question with something written beside its boxes: neither of them is clear any more."""
    return replace(pair, yes=replace(pair.yes, kind=MarkKind.STRAY))


def quad_of(pixels: Pixels, corners: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    height, width = pixels.shape[:2]
    return tuple((round(float(x) / width, 4), round(float(y) / height, 4)) for x, y in corners)
