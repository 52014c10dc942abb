"""A real mark's box in place of one of ours: its ink laid onto our page, other people's print left out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box
from consentdesk.scanning.rehearsal.pen import MM_PER_INCH
from tests.benchmarks.crops import Crop, Pixels, turn

DPI = 200
MARGIN = 1.0
"""How far round our box the paper is wiped clean, in mm: our own outline and its blur."""
REACH = 1.2
"""How far from the box, in mm of our page, a scanned mark comes along."""
BOX_MM = 5.0
PAPER = 240
"""The shade of our paper: not so white that the crops' own noise would be cut off."""
_ABOUT = 12.0
"""Pixels that differ from the paper by less than this are paper."""
_RIM = 3.0
"""Over so many px of a crop its rim fades into our paper."""


def set_in(page: Pixels, box: Box, crop: Crop) -> float:
    """Put the crop's box in place of `box` on a grey page of `DPI`; the share of the mark's ink that was cut off.

    Round our box the paper is wiped clean as far as `MARGIN`. Then the crop's ink is laid on, as far as it reaches:
    beyond the margin our own print shows through it, as when a pen runs over it.
    """
    scale = DPI / MM_PER_INCH
    found = crop.box
    side = box.width * scale
    factor = side / (found.x1 - found.x0)
    corner = (box.x0 * scale - 0.5, box.y0 * scale - 0.5)
    ink, kept = _own_ink(crop)
    if factor < 1:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.4 / factor), np.float32)
    height, width = page.shape
    reach = max(ink.shape) * factor
    left, top = (max(0, round(at - reach / 2)) for at in corner)
    right, bottom = (
        min(most, round(at + side + reach / 2)) for at, most in zip(corner, (width, height), strict=True)
    )
    matrix = np.array(
        [
            [factor, 0, corner[0] - left - factor * found.x0],
            [0, factor, corner[1] - top - factor * found.y0],
            [0, 0, 1],
        ]
    )
    if found.angle:
        matrix = matrix @ np.vstack([turn(ink.shape, found.angle), [0, 0, 1]])
    seen = cv2.warpAffine(ink, matrix[:2], (right - left, bottom - top), flags=cv2.INTER_CUBIC)
    inner = tuple(round(at - MARGIN * scale) for at in corner)
    outer = tuple(round(at + side + MARGIN * scale) for at in corner)
    page[inner[1] : outer[1], inner[0] : outer[0]] = PAPER
    window = page[top:bottom, left:right]
    window[:] = np.rint(np.clip(window * (1 - seen), 0, 255)).astype(np.uint8)
    return max(0.0, 1 - float(seen.sum()) / max(1e-6, kept * factor**2))


def _own_ink(crop: Crop) -> tuple[NDArray[np.float32], float]:
    """The crop as ink, about 0 paper to 1 black, and how much ink there was before its rim was faded into the paper.

    The paper is evened out by a plane through its own pixels. Other print is left out: what hangs together neither
    with the box nor with what is in it; of scans what lies further from the box than their digits, of photographs a
    second frame.
    """
    image = crop.image.astype(np.float32)
    ink = 1 - image / _paper(image)
    dark = ink > 0.4 * float(np.percentile(ink, 97))
    at_box = _inside(crop, dark.shape)
    x0, y0, x1, y1 = _within_frame(crop, ink) if crop.capture == "phone" else _near_box(crop)
    own = np.zeros(dark.shape, np.bool_)
    own[y0:y1, x0:x1] = True
    count, labels = cv2.connectedComponents((dark & own).astype(np.uint8), connectivity=8)
    joined = np.zeros(count, np.bool_)
    joined[np.unique(labels[at_box & dark])] = True
    joined[0] = True
    alien = cv2.dilate((~joined[labels]).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    ink[alien & ~at_box] = 0
    before = float(ink.sum())
    fade = np.zeros(dark.shape, np.float32)
    near = np.minimum(*np.meshgrid(_from_end(x1 - x0), _from_end(y1 - y0)))
    fade[y0:y1, x0:x1] = np.clip((near + 1) / _RIM, 0, 1)
    fade[at_box] = np.maximum(fade[at_box], 1)
    return np.asarray(ink * fade, np.float32), before


def _paper(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """The paper's brightness all over a crop: a plane through the pixels that are about as bright as its paper."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    system = np.column_stack([np.ones(image.size), x.ravel(), y.ravel()])
    paper = np.full(image.shape, np.percentile(image, 80), np.float32)
    for _ in range(4):
        near = np.abs(image - paper) < _ABOUT
        plane = np.linalg.lstsq(system[near.ravel()], image[near], rcond=None)[0]
        paper = np.asarray((system @ plane).reshape(image.shape), np.float32)
    return np.clip(paper, 1, None)


def _inside(crop: Crop, shape: Sequence[int]) -> NDArray[np.bool_]:
    """Where the crop's printed box is, its lines included."""
    found = crop.box
    corners = np.array(
        [[found.x0, found.y0], [found.x1, found.y0], [found.x1, found.y1], [found.x0, found.y1]]
    )
    if found.angle:
        back = cv2.invertAffineTransform(turn(shape, found.angle))
        corners = corners @ back[:, :2].T + back[:, 2]
    at_box = np.zeros(shape, np.uint8)
    cv2.fillPoly(at_box, [np.rint(corners).astype(np.int32)], 1)
    return at_box > 0


def _near_box(crop: Crop) -> tuple[int, int, int, int]:
    """What of a scanned crop lies within `REACH` of its box: further off other forms have their digits."""
    found = crop.box
    height, width = crop.image.shape
    reach = REACH / BOX_MM * (found.x1 - found.x0) + abs(np.sin(np.radians(found.angle))) * width / 2
    return (
        max(0, round(found.x0 - reach)),
        max(0, round(found.y0 - reach)),
        min(width, round(found.x1 + reach) + 1),
        min(height, round(found.y1 + reach) + 1),
    )


def _within_frame(crop: Crop, ink: NDArray[np.float32]) -> tuple[int, int, int, int]:
    """What of a photographed crop lies within the second frame about its box; all where it has none.

    A line of that frame is dark along the whole crop: no pen's stroke lies so exactly along it.
    """
    height, width = ink.shape
    across, down = np.median(ink, axis=0), np.median(ink, axis=1)
    line = 0.5 * float(np.percentile(ink, 97))
    x0 = max([at + 2 for at in range(round(crop.box.x0) - 3) if across[at] > line], default=0)
    y0 = max([at + 2 for at in range(round(crop.box.y0) - 3) if down[at] > line], default=0)
    x1 = min([at - 1 for at in range(round(crop.box.x1) + 4, width) if across[at] > line], default=width)
    y1 = min([at - 1 for at in range(round(crop.box.y1) + 4, height) if down[at] > line], default=height)
    return x0, y0, x1, y1


def _from_end(length: int) -> NDArray[np.float64]:
    """How far each px lies from the nearer end."""
    at = np.arange(length)
    return np.minimum(at, length - 1 - at).astype(np.float64)


def _evenness(crop: Crop) -> float:
    """How much the four lines of an empty box differ in darkness: where one is thicker, a pen might hide in it."""
    box = crop.box
    rows, columns = slice(round(box.y0) + 3, round(box.y1) - 2), slice(round(box.x0) + 3, round(box.x1) - 2)
    ink = np.pad(_own_ink(crop)[0], 4)[4:, 4:]
    across = (max(0, round(edge) - 3) for edge in (box.x0, box.x1, box.y0, box.y1))
    left, right, top, bottom = (slice(low, low + 7) for low in across)
    sides = [ink[rows, left], ink[rows, right], ink[top, columns].T, ink[bottom, columns].T]
    masses = [float(side.sum(axis=1).mean()) for side in sides]
    return float(np.std(masses) / np.mean(masses))


def partners(every: Sequence[Crop]) -> list[Crop]:
    """The empty boxes that stand for No: those with the most even lines and nothing printed inside."""
    empties = [
        crop for crop in every if crop.kind == "empty" and "letter" not in crop.note and not crop.box.angle
    ]
    return sorted(empties, key=_evenness)[:6]
