"""A form version made ready for reading: its blank print, rendered once, as masks to leave out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import pypdfium2 as pdfium

from consentdesk.model.layout import Box, SlipLayout, SlipTemplate
from consentdesk.scanning import boxes
from consentdesk.scanning.align import Placement
from consentdesk.scanning.blank_print import BlankPrint, blank_print
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.strokes import Mask
from consentdesk.scanning.zones import VIEW, Zones, for_child, slices, view_box, worded_of, zones_of

_PRINTED: Final = 240
"""Grey values below this count as printed on the rendered blank form."""


@dataclass(frozen=True)
class Template:
    """A form version ready for reading.

    `blank` is the slip's blank print in the slip's view (H×W uint8), `printed` what of it is ink, widened by
    0.6 mm, `zones` where ink is whose; `beside` maps each box (by pair and side, in the layout's order) to what is
    printed round it in the box's own view. `letter` is where the slip's page has the letter's code, if it has one.
    """

    tag: str
    form: str
    layout: SlipLayout
    blank: Pixels
    printed: Mask
    zones: Zones
    print: BlankPrint
    beside: tuple[tuple[Mask, Mask], ...]
    letter: Box | None = None


def prepare(template: SlipTemplate) -> Template:
    """Render the blank slip and derive its masks (about 50 ms)."""
    layout = template.layout
    with pdfium.PdfDocument(template.pdf) as document:
        page = document[layout.page]
        bitmap = page.render(scale=boxes.SCALE * 25.4 / 72, grayscale=True)
        sharp = np.ascontiguousarray(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width).copy()
        bitmap.close()
        page.close()
    on_paper = Placement(np.diag([boxes.SCALE, boxes.SCALE, 1.0]), 1.0)
    around = view_box(layout)
    size = (round(around.width * VIEW), round(around.height * VIEW))
    part = sharp[
        round(around.y0 * boxes.SCALE) : round(around.y1 * boxes.SCALE),
        round(around.x0 * boxes.SCALE) : round(around.x1 * boxes.SCALE),
    ]
    blank = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    # The darkest of what each px covers: a hairline must not pale away before it is left out.
    darkest = cv2.resize(cv2.erode(part, np.ones((2, 2), np.uint8)), size, interpolation=cv2.INTER_NEAREST)
    inked = np.asarray(darkest < _PRINTED, np.bool_)
    printed = cv2.dilate(inked.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    left_out = np.zeros_like(inked)
    for place in for_child(layout):
        left_out[slices(place, (around.x0, around.y0), left_out.shape)] = True

    def beside(box: Box) -> Mask:
        view = boxes.raw_view(sharp, on_paper, box)
        dark = (view < _PRINTED).astype(np.uint8)
        left, top, right, bottom = (round(edge) for edge in boxes.expected_edges(box))
        # The box's own outline is measured where it is found, not taken from here.
        dark[top - 4 : bottom + 5, left - 4 : right + 5] = 0
        return np.asarray(cv2.dilate(dark, np.ones((9, 9), np.uint8)), np.bool_)

    return Template(
        template.tag,
        template.form,
        layout,
        blank,
        printed,
        zones_of(layout, printed),
        blank_print(blank, inked, left_out, worded_of(layout, inked.shape)),
        tuple((beside(pair.yes), beside(pair.no)) for pair in layout.pairs),
        template.letter,
    )
