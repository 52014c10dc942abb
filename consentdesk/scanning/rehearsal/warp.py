"""Where each pixel of a scan comes from on the paper: one smooth map for all that moves, and one remap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.rehearsal.curves import Floats
from consentdesk.scanning.rehearsal.pen import Raster

_STEP = 8
"""Pixels between the places at which a map is worked out; straight lines between them."""
_STRIP = 16 * _STEP
"""Rows of pixels that are drawn at a time."""

ToPaper: TypeAlias = Callable[[Floats], Floats]
"""Points (N, 2) on the scan to points on the paper, both in mm."""


@dataclass(frozen=True)
class Crease:
    """A fold that lies unevenly: on one side of `at` (mm) the paper has slipped along `way` by `shift_mm`.

    `way` is of length 1; the slip fades over `fades_mm` from the fold.
    """

    at: tuple[float, float]
    way: tuple[float, float]
    shift_mm: float
    fades_mm: float

    def moved(self, paper: Floats) -> Floats:
        """Where the pen was put, for points (N, 2) in mm where the ink is now."""
        offset = paper - self.at
        across = offset @ np.array([-self.way[1], self.way[0]])
        share = 0.5 * self.shift_mm * np.tanh(across / 0.8) * np.exp(-np.abs(across) / self.fades_mm)
        return np.asarray(paper + share[:, None] * np.asarray(self.way), np.float64)


@dataclass(frozen=True)
class Feed:
    """How a sheet lies under the scanner and is drawn past it: mm and radians, about the middle of the sheet.

    `stretch` is the mean across and along (0.01: 1 % longer); `uneven` is how much more or less of it along
    the way, over `period_mm`; `weave_mm` is the sideways wander. `angle` turns clockwise, quarter turns
    included.
    """

    page_mm: tuple[float, float]
    sheet_mm: tuple[float, float]
    angle: float = 0.0
    print_scale: float = 1.0
    stretch: tuple[float, float] = (0.0, 0.0)
    uneven: float = 0.0
    period_mm: float = 200.0
    phase: float = 0.0
    weave_mm: float = 0.0
    offset_mm: tuple[float, float] = (0.0, 0.0)
    creases: tuple[Crease, ...] = field(default=())

    def to_paper(self, scan: Floats) -> Floats:
        """Points (N, 2) on the scan to where they were on the printed page, in mm."""
        turns = 2 * np.pi / self.period_mm
        here = scan - np.asarray(self.sheet_mm) / 2 - self.offset_mm
        down = here[:, 1] / (1 + self.stretch[1]) - self.uneven / turns * np.sin(
            turns * here[:, 1] + self.phase
        )
        across = here[:, 0] / (1 + self.stretch[0]) - self.weave_mm * np.sin(
            0.7 * turns * here[:, 1] + 2 * self.phase
        )
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        flat = np.column_stack([cos * across + sin * down, -sin * across + cos * down])
        paper = flat / self.print_scale + np.asarray(self.page_mm) / 2
        for crease in self.creases:
            paper = crease.moved(paper)
        return paper


def coarse(size: tuple[int, int], scale: float, to_paper: ToPaper) -> NDArray[np.float32]:
    """The map for a scan of `size` (width, height) px at `scale` px per mm: (rows, columns, 2) mm, every 8 px.

    One cell more on each side than the scan needs, so that the outermost pixels lie between two known places.
    """
    columns, rows = (-(-side // _STEP) + 2 for side in size)
    x = ((np.arange(columns) - 0.5) * _STEP) / scale
    y = ((np.arange(rows) - 0.5) * _STEP) / scale
    spots = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return to_paper(spots).reshape(rows, columns, 2).astype(np.float32)


def remap(page: Raster, places: NDArray[np.float32], scale: float, onto: Raster) -> Raster:
    """Draw `page`, at `scale` px per mm, over `onto` in place, where `places` (from `coarse`) has the paper."""
    height, width = onto.shape[:2]
    rows, columns = places.shape[:2]
    pixels = places * np.float32(scale) - np.float32(0.5)
    # Strip by strip: the map of a whole page is many times the page, and making room for it takes longer than using it.
    for top in range(0, height, _STRIP):
        bottom = min(height, top + _STRIP)
        first, last = top // _STEP, min(rows, -(-bottom // _STEP) + 2)
        size = (columns * _STEP, (last - first) * _STEP)
        strip = cv2.resize(pixels[first:last], size, interpolation=cv2.INTER_LINEAR)
        x, y = cv2.split(strip[_STEP : _STEP + bottom - top, _STEP : _STEP + width])
        cv2.remap(page, x, y, cv2.INTER_LINEAR, dst=onto[top:bottom], borderMode=cv2.BORDER_TRANSPARENT)
    return onto
