"""Slips that only their frame tells of: found, their codes looked for once more, and shown to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import SlipLayout
from consentdesk.model.reading import SlipReading
from consentdesk.scanning import outline
from consentdesk.scanning.align import Matrix, corners_of, similarity, tighten, transform
from consentdesk.scanning.bends import drawn_flat
from consentdesk.scanning.codes import FoundCode, find_code_in
from consentdesk.scanning.grouping import SeenCode
from consentdesk.scanning.measure import quad_of
from consentdesk.scanning.outline import FramedSlip
from consentdesk.scanning.page import Page, is_blank, painted_over, without
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.place import region_of
from consentdesk.scanning.print_match import settle
from consentdesk.scanning.slip_view import evidence, warped
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import slices, view_box

_FRAME_SEEN: Final = 0.4
"""From this share of its frame on, a slip is taken to be where a letter's code says."""


def framed_slips(
    page: Page, templates: Mapping[str, Template], read: Sequence[SlipReading] = ()
) -> list[FramedSlip]:
    """Slips that only their frame tells of, those already `read` left out."""
    known = list(templates.values())
    height, width = page.grey.shape
    taken = [np.array(slip.quad) * (width, height) for slip in read]
    if taken and is_blank(painted_over(page.small, taken, page.factor)):
        return []
    rest = without(page, taken)

    def is_new(frame: NDArray[np.float64]) -> bool:
        return not any(
            _inside(quad, frame.mean(axis=0)) or _inside(frame, quad.mean(axis=0)) for quad in taken
        )

    frames = filter(is_new, outline.find_frames(page.grey))
    matched = (outline.match_frame(page.grey, frame, known) for frame in frames)
    found = [slip for slip in matched if slip is not None]
    if found:
        return found
    by_lines = outline.find_by_lines(rest.grey, known)
    if by_lines is None or not is_new(
        by_lines.placement.to_page(corners_of(by_lines.template.layout.outline))
    ):
        return []
    return [by_lines]


def below_letter(
    grey: Pixels, templates: Mapping[str, Template], letter_codes: Sequence[SeenCode]
) -> list[FramedSlip]:
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
                found.append(FramedSlip(template, placement, placement.fit))
    return found


def look_closer(page: Page, slip: FramedSlip) -> tuple[Page, list[FoundCode]]:
    """What can be read after all where a slip's two codes stand, and the page that it was read on.

    Crumpled paper bends a code so that no reader finds its modules; the slip's print tells how to draw it flat.
    """
    found = _codes_at(page.grey, slip.template.layout, slip.placement.matrix)
    if found:
        return page, found
    settled = settle(page.grey, slip.template, slip.placement.matrix)
    if settled.bend is None:
        return page, found
    flat = Page.of(drawn_flat(page.pixels, slip.template.layout, settled.matrix, settled.bend))
    return flat, _codes_at(flat.grey, slip.template.layout, settled.matrix)


def _codes_at(grey: Pixels, layout: SlipLayout, matrix: Matrix) -> list[FoundCode]:
    """What both readers see, each place enlarged and sharpened."""
    places = (transform(matrix, corners_of(box.grown(4.0))) for box in layout.codes)
    return [code for place in places for code in find_code_in(grey, region_of(place))[:1]]


def _inside(quad: NDArray[np.float64], point: NDArray[np.float64]) -> bool:
    return cv2.pointPolygonTest(quad.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


def unmatched(pixels: Pixels, slip: FramedSlip) -> SlipReading:
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
