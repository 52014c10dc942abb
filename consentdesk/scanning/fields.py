"""Signature, date, names, comment and margin: whether anything was written there, from the ink that was added."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from consentdesk.model.layout import Box
from consentdesk.model.reading import Presence
from consentdesk.scanning import boxes
from consentdesk.scanning.align import Placement
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.slip_view import SlipView
from consentdesk.scanning.strokes import Mask, points_of, stroke_width, strongest_line
from consentdesk.scanning.templates import VIEW, Template

_STROKE: Final = 0.2
"""Ink darker than this share of the form's lines is taken for writing."""
_DUST: Final = 0.12 * VIEW * VIEW


def _ink(view: SlipView) -> Mask:
    """Everything on the slip that is dark enough to be written or printed, dust left out."""
    soft = cv2.GaussianBlur(view.ink, (0, 0), 0.7)
    dark = (soft > max(_STROKE, 4.0 * view.noise * 0.55)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    keep = np.zeros(count, np.bool_)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= _DUST
    return np.asarray(keep[labels], np.bool_)


def added_ink(view: SlipView, template: Template) -> Mask:
    """What was written on the slip: its ink less what the blank form prints."""
    return _ink(view) & ~template.printed


def written(view: SlipView, added: Mask, box: Box, *, least: float) -> Presence:
    """Whether a field holds handwriting.

    `least` is the length in mm of pen stroke that makes it sure. Ink that one straight line explains (a
    crease, a streak, a line that strayed in) is never sure, nor is a dot.
    """
    rows, columns = view.slices(box.grown(-0.3))
    part = added[rows, columns]
    area = int(part.sum())
    if area < 3 * _DUST:
        return Presence.ABSENT
    ys, xs = np.nonzero(part)
    wide, high = (np.ptp(xs) + 1) / VIEW, (np.ptp(ys) + 1) / VIEW
    if max(wide, high) < 1.2:
        return Presence.ABSENT if area < 0.5 * VIEW * VIEW else Presence.UNSURE
    width = stroke_width(part)
    length = area / width / VIEW
    ink = points_of(part)
    line = strongest_line(ink, ink, width, gap=2 * VIEW)
    if line is not None and float((line.distance(ink) <= width / 2 + 1.5).mean()) > 0.85:
        return Presence.UNSURE
    if length < least or wide < 2.0:
        return Presence.UNSURE
    return Presence.PRESENT


def margin_writing(view: SlipView, added: Mask, template: Template) -> Presence:
    """Handwriting where nothing is asked for: round the questions, above the fields, beside the codes.

    Ink that hangs together with a box or a field is a long tail or a big signature, and is judged there.
    """
    layout = template.layout
    free = np.zeros_like(added)
    free[view.slices(layout.outline.grown(-1.5))] = True
    # What is printed for each child is not on the blank form.
    for box in (layout.child.grown(1.5), layout.typed_code.grown(1.5), *(code.grown(2.5) for code in layout.codes)):
        free[view.slices(box)] = False
    if layout.school_class is not None:
        free[view.slices(layout.school_class.grown(1.5))] = False
    home = np.zeros_like(added)
    for pair in layout.pairs:
        home[view.slices(pair.yes.grown(2.2))] = True
        home[view.slices(pair.no.grown(2.2))] = True
    for field in _fields(template):
        home[view.slices(field.grown(1.0))] = True
    wide = cv2.morphologyEx((added & (free | home)).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    at_home = np.zeros(count, np.bool_)
    at_home[np.unique(labels[home])] = True
    worst = Presence.ABSENT
    for label in range(1, count):
        x, y, w, h, area = stats[label]
        if area < 1.2 * VIEW * VIEW or max(w, h) < 3.0 * VIEW:
            continue
        part = labels[y : y + h, x : x + w] == label
        if at_home[label]:
            abroad = points_of(part & ~home[y : y + h, x : x + w])
            if len(abroad) < 1.2 * VIEW * VIEW or np.ptp(abroad, axis=0).max() < 12 * VIEW:
                continue
        ink = points_of(part & added[y : y + h, x : x + w])
        width = stroke_width(part)
        line = strongest_line(ink, ink, width, gap=3 * VIEW)
        if line is not None and float((line.distance(ink) <= width / 2 + 2).mean()) > 0.9:
            # A feeder's streak or a crease runs straight; so does a long pen stroke, so it is not sure.
            across = h >= 0.9 * added.shape[0] or w >= 0.9 * added.shape[1]
            worst = worst if across or worst is Presence.PRESENT else Presence.UNSURE
            continue
        worst = Presence.PRESENT
    return worst


def _fields(template: Template) -> list[Box]:
    layout = template.layout
    fields = [layout.signature, layout.date, layout.printed_name, layout.relationship, layout.comment]
    return [*fields, layout.pupil_signature] if layout.pupil_signature is not None else fields


def name_struck_out(grey: Pixels, placement: Placement, child: Box, contrast: float) -> Presence:
    """Whether the printed child's name is crossed out.

    The name differs on every slip, so what is looked for is what print never does: a straight dark stroke of
    12 mm or more through it.
    """
    view = boxes.raw_view(grey, placement, child)
    dark = (float(np.percentile(view, 80)) - view) / max(contrast, 1.0)
    inner = round((boxes.HALO - 1.0) * boxes.SCALE)
    ink = (dark[inner:-inner, inner:-inner] > 0.4).astype(np.uint8)
    if int(ink.sum()) < 3 * boxes.SCALE * boxes.SCALE * 0.2:
        # No name at all: the space is torn off, pasted over or too pale to see.
        return Presence.UNSURE
    reach = round(12 * boxes.SCALE)
    for rise in range(-12, 13, 2):
        kernel = np.zeros((2 * abs(rise) + 1, reach), np.uint8)
        cv2.line(kernel, (0, abs(rise) + rise), (reach - 1, abs(rise) - rise), 1, 1)
        if cv2.erode(ink, kernel).any():
            return Presence.PRESENT
    return Presence.ABSENT
