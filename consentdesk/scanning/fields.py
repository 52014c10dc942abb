"""Signature, date, names, comment and margin: whether anything was written there, from the ink that was added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box
from consentdesk.model.reading import Presence
from consentdesk.scanning.slip_view import SlipView
from consentdesk.scanning.strokes import Mask, points_of, stroke_width, strongest_line
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import VIEW, Zones

_STROKE: Final = 0.2
"""Ink darker than this share of the form's lines is taken for writing."""
_DUST: Final = 0.12 * VIEW * VIEW


def _dark(view: SlipView) -> Mask:
    """Everything on the slip that is dark enough to be written or printed."""
    soft = cv2.GaussianBlur(view.ink, (3, 3), 0.7)
    return np.asarray(soft > max(_STROKE * view.contrast, 4.0 * view.noise * 0.55), np.bool_)


def _without_dust(mask: Mask) -> Mask:
    if not mask.any():
        return mask
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, np.bool_)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= _DUST
    return np.asarray(keep[labels], np.bool_)


@dataclass(frozen=True)
class Ink:
    """The ink of a slip, in its view: all that is `dark`, and of that what was `added` to the blank form."""

    dark: Mask
    added: Mask


def ink_of(view: SlipView, template: Template) -> Ink:
    """What stands on the slip, and what of it the blank form does not print; streaks and folds are nobody's."""
    dark = _dark(view)
    added = dark & ~template.printed
    # A clean scan has next to nothing added beside boxes and fields, and then there is nothing to look for.
    if int((added & template.zones.free & ~template.zones.home).sum()) > 2 * VIEW * VIEW:
        added &= ~_streaks(dark)
    return Ink(dark, added)


def _streaks(dark: Mask) -> Mask:
    """Lines that run straight over the whole slip and over its frame on both sides: no pen does that.

    They are a feeder's streaks, folds and creases. Only lines within 12 degrees of upright or level are looked
    for (a Hough transform at half the scale): a slanted one over everything is somebody crossing the slip out.
    """
    height, width = dark.shape
    half = cv2.resize(dark.astype(np.uint8) * 255, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    half = np.asarray((half > 60).astype(np.uint8) * 255, np.uint8)
    near = cv2.dilate(half, np.ones((3, 3), np.uint8)) > 0
    found = np.zeros(half.shape, np.uint8)
    lean = np.deg2rad(12)
    for upright in (True, False):
        image = half if upright else np.ascontiguousarray(half.T)
        seen = near if upright else near.T
        rows = np.arange(image.shape[0])
        lines = cv2.HoughLines(image, 1, np.pi / 720, round(0.4 * len(rows)), min_theta=-lean, max_theta=lean)
        for rho, theta in [] if lines is None else lines[:40, 0]:
            columns = np.rint((rho - rows * np.sin(theta)) / np.cos(theta)).astype(int)
            inside = (columns >= 0) & (columns < image.shape[1])
            if inside.mean() < 0.95:
                continue
            hit = seen[rows[inside], columns[inside]]
            edge = round(0.7 * VIEW)
            if hit.mean() < 0.62 or hit[:edge].mean() < 0.5 or hit[-edge:].mean() < 0.5:
                continue
            ends = (int(columns[0]), 0), (int(columns[-1]), len(rows) - 1)
            start, end = ends if upright else ((0, ends[0][0]), (len(rows) - 1, ends[1][0]))
            cv2.line(found, start, end, 1, 4)
    return np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST), np.bool_)


def written(view: SlipView, ink: Ink, box: Box, *, least: float) -> Presence:
    """Whether a field holds handwriting.

    `least` is the length in mm of pen stroke that makes it sure. Ink that one straight line explains (a
    scratch, a line that strayed in) is never sure, nor is a dot.
    """
    rows, columns = view.slices(box.grown(-0.3))
    part = _without_dust(ink.added[rows, columns])
    area = int(part.sum())
    if area < 3 * _DUST:
        return Presence.ABSENT
    ys, xs = np.nonzero(part)
    wide, high = (np.ptp(xs) + 1) / VIEW, (np.ptp(ys) + 1) / VIEW
    if max(wide, high) < 2.5:
        return Presence.ABSENT if area < 1.0 * VIEW * VIEW else Presence.UNSURE
    width = stroke_width(part)
    length = area / width / VIEW
    points = points_of(part)
    line = strongest_line(points, points, width, gap=2 * VIEW)
    if line is not None and float((line.distance(points) <= width / 2 + 1.5).mean()) > 0.85:
        return Presence.UNSURE
    if length < least or wide < 2.0:
        return Presence.UNSURE
    return Presence.PRESENT


def writing_behind(view: SlipView, ink: Ink, space: Box) -> bool:
    """Whether there is writing in a small space behind a question's boxes: ink that is no straight tail.

    A word squeezed in before the frame, or over it, shows no more than half a letter there.
    """
    part = _without_dust(ink.added[view.slices(space)])
    return int(part.sum()) > 0.5 * VIEW * VIEW and not _runs_straight(part, slack=1.0, share=0.9)


def margin_writing(view: SlipView, ink: Ink, template: Template) -> tuple[Presence, list[Box]]:
    """Handwriting where nothing is asked for: round the questions, above the fields, beside the codes.

    Also where it stands, as boxes in mm, so that a word beside a question is laid to that question. Ink that
    hangs together with a box or a field is a long tail or a big signature, and is judged there.
    """
    zones = template.zones
    # Letters are joined to words at half the scale, which is four times quicker and as good.
    height, width = (side // 2 * 2 for side in ink.added.shape)
    looked_at = (ink.added & (zones.free | zones.home))[:height, :width].astype(np.uint8)
    half = cv2.resize(looked_at * 255, (width // 2, height // 2), interpolation=cv2.INTER_AREA) > 60
    wide = cv2.morphologyEx(half.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((4, 4), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    worst = Presence.ABSENT
    places = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if 4 * area < 0.6 * VIEW * VIEW or 2 * max(w, h) < 1.6 * VIEW:
            continue
        here = (slice(2 * y, 2 * (y + h)), slice(2 * x, 2 * (x + w)))
        part = (labels[y : y + h, x : x + w] == label).repeat(2, axis=0).repeat(2, axis=1)
        found = _writing_in(part, here, ink, zones)
        if found is None:
            continue
        worst = found if worst is not Presence.PRESENT and found is not Presence.ABSENT else worst
        places.append(view.box_of(2 * x, 2 * y, 2 * w, 2 * h))
    return worst, places


def _writing_in(part: Mask, here: tuple[slice, slice], ink: Ink, zones: Zones) -> Presence | None:
    """What a patch of added ink is: None where it is no writing of its own, absent where it is one box's affair."""
    height, width = part.shape
    at_home = bool((part & zones.home[here]).any())
    if at_home:
        owners = np.unique(zones.owner[here][part])
        abroad = points_of(part & ~zones.home[here])
        # A word may run over the boxes beside it; a tail that enters one other box is judged there.
        is_word = (owners > 0).sum() >= 2 and max(width, height) > 10 * VIEW
        reach = np.ptp(abroad, axis=0).max() if len(abroad) else 0
        if not is_word and (len(abroad) < 1.2 * VIEW * VIEW or reach < 12 * VIEW):
            # The tail of a tick runs straight; a letter hard by a box, or joined to the tail, does not.
            near_box = bool(zones.beside[here][part].any())
            hard_by = not owners.any() and min(width, height) > 1.5 * VIEW and not _runs_straight(part)
            joined = reach > 3.5 * VIEW and not _runs_straight(part & ~zones.home[here])
            return Presence.ABSENT if near_box and (hard_by or joined) else None
    if max(width, height) < 14 * VIEW and (zones.owner[here] > 0).any():
        # Drawn round one box or hard beside it: that question's doubt, not the whole sheet's.
        return Presence.ABSENT
    if max(width, height) < 3.2 * VIEW:
        # Too small for a word, but beside a box it may be meant.
        return Presence.ABSENT
    written_here = part & ink.added[here]
    if not at_home and (written_here & zones.off_print[here]).sum() < 0.35 * written_here.sum():
        # The rims of the form's own words, where the paper was stretched more than the frame tells.
        return None
    points = points_of(written_here)
    thickness = stroke_width(part)
    line = strongest_line(points, points, thickness, gap=3 * VIEW)
    if line is not None and float((line.distance(points) <= thickness / 2 + 2).mean()) > 0.9:
        # It may be a scratch on the glass or a stroke of the pen.
        return Presence.UNSURE
    return Presence.PRESENT


def _runs_straight(part: Mask, slack: float = 1.5, share: float = 0.8) -> bool:
    """Whether one straight stroke, give or take `slack` px, explains that share of a patch."""
    points = points_of(part)
    thickness = stroke_width(part)
    line = strongest_line(points, points, thickness, gap=VIEW)
    return line is not None and float((line.distance(points) <= thickness / 2 + slack).mean()) > share


def name_struck_out(view: SlipView, child: Box) -> Presence:
    """Whether the printed child's name is crossed out.

    The name differs on every slip, so what is looked for is what print never does: a straight dark stroke of
    12 mm or more through it.
    """
    ink = (view.ink[view.slices(child.grown(1.0))] > 0.4 * view.contrast).astype(np.uint8)
    if int(ink.sum()) < 0.6 * VIEW * VIEW:
        # No name at all: the space is torn off, pasted over or too pale to see.
        return Presence.UNSURE
    struck = any(cv2.erode(ink, kernel).any() for kernel in _LONG_STROKES)
    return Presence.PRESENT if struck else Presence.ABSENT


def _long_strokes() -> list[NDArray[np.uint8]]:
    """Straight strokes of 12 mm, rising or falling by up to 2 mm."""
    reach = round(12 * VIEW)
    kernels = []
    for rise in range(-10, 11, 2):
        kernel = np.zeros((abs(rise) + 1, reach), np.uint8)
        cv2.line(kernel, (0, max(rise, 0)), (reach - 1, max(-rise, 0)), 1, 1)
        kernels.append(kernel)
    return kernels


_LONG_STROKES: Final = _long_strokes()
