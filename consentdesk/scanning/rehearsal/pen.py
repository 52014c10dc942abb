"""Strokes of a pen on a page raster: lines with tremor and pressure, in ink that only ever darkens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.rehearsal.curves import Floats
from consentdesk.scanning.rehearsal.dice import chance
from consentdesk.scanning.rehearsal.hand import Hand, luma

Raster: TypeAlias = NDArray[np.uint8]
Rect: TypeAlias = tuple[float, float, float, float]
"""x0, y0, x1, y1 in millimetres from the page's top left."""

MM_PER_INCH = 25.4
_STEP_MM = 0.08
_FULL = 255.0


def has_colour(page: Raster) -> bool:
    """Whether a raster is (H, W, 3) rather than (H, W)."""
    return bool(page.shape[2:])


def as_grey(page: Raster) -> Raster:
    """(H, W) of either kind of raster, by BT.601 as scanners' drivers do."""
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8) if has_colour(page) else page


@dataclass(frozen=True)
class Canvas:
    """A page to write on: `page`, (H, W) grey or (H, W, 3) BGR uint8 at `dpi`, is changed in place."""

    page: Raster
    dpi: float

    @property
    def scale(self) -> float:
        """Pixels per millimetre."""
        return self.dpi / MM_PER_INCH

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the page."""
        height, width = self.page.shape[:2]
        return width / self.scale, height / self.scale


@dataclass(frozen=True)
class Stroke:
    """One touch of the pen: (N, 2) points in mm, and at each the width in mm and the ink's flow, 0 to 1."""

    points: Floats
    width_mm: Floats
    flow: Floats


@dataclass(frozen=True)
class Drawn:
    """What a mark left on the page, so that an exam can say honestly what was there to be read.

    `cover` is the patch of the page that was touched, (H, W) float32, 0 untouched to 1 fully inked, its top
    left pixel at `origin` (x, y); `scale` is in pixels per mm. `strength` is the mean darkness along the
    strokes before any smearing, as a share of printed black on a grey scan.
    """

    cover: NDArray[np.float32]
    origin: tuple[int, int]
    scale: float
    strength: float

    @property
    def ink_mm2(self) -> float:
        """All the ink, as the area that it would cover fully."""
        return float(self.cover.sum()) / self.scale**2

    def ink_in(self, rect: Rect) -> float:
        """The ink within `rect`, in mm² of full cover; pixels count whole, by their centres."""
        x0, y0, x1, y1 = (round(edge * self.scale) for edge in rect)
        left, top = self.origin
        inside = self.cover[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)]
        return float(inside.sum()) / self.scale**2

    def share_in(self, rect: Rect) -> float:
        """The share of all ink that lies within `rect`; 0 where nothing was drawn."""
        total = self.ink_mm2
        return self.ink_in(rect) / total if total else 0.0


def trace(
    line: Floats, hand: Hand, rng: np.random.Generator, *, flick: float = 0.0, steady: float = 1.0
) -> Stroke:
    """`line` (N, 2 in mm) as `hand` would pull it: shaken, thinner where fast, lighter towards a flicked end.

    `flick` 0 to 1 is how much of its ink the last fifth loses; `steady` divides the tremor (small writing
    shakes less).
    """
    line = np.asarray(line, float)
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    length = float(along[-1])
    count = max(2, int(length / _STEP_MM) + 1)
    at = np.linspace(0, length, count)
    points = np.column_stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)])
    shake = hand.tremor_mm / steady
    points += shake * np.column_stack([_wander(at, rng, 0.9, 3.5) for _ in range(2)])

    pressure = 1 + 0.09 * _wander(at, rng, 1.5, 9.0)
    landing = 1 - 0.25 * np.exp(-at / 0.25)
    tail = np.clip((at - 0.8 * length) / (0.2 * length + 1e-6), 0, 1) * flick
    width = hand.width_mm * pressure * landing * (1 - 0.45 * tail)
    if chance(rng, 0.25):
        width = width * (1 + 0.3 * np.exp(-at / 0.3))
    flow = hand.flow * np.clip(1 + 0.06 * _wander(at, rng, 1.0, 6.0), 0, 1 / hand.flow) * (1 - 0.55 * tail)
    return Stroke(points, np.clip(width, 0.1, None), np.clip(flow, 0, 1))


def _wander(at: Floats, rng: np.random.Generator, shortest: float, longest: float) -> Floats:
    """A smooth random function of distance in mm, of mean square about 1."""
    waves = np.exp(rng.uniform(np.log(shortest), np.log(longest), 4))
    phases = rng.uniform(0, 2 * np.pi, 4)
    return np.asarray(np.sin(2 * np.pi * at[:, None] / waves + phases).sum(axis=1) / np.sqrt(2), np.float64)


def lay(
    canvas: Canvas, strokes: Sequence[Stroke], hand: Hand, rng: np.random.Generator, *, smear_mm: float = 0.0
) -> Drawn:
    """Ink `strokes` onto the page; no pixel gets lighter. `smear_mm` blurs them, as a rubber does.

    Strokes that cross each other add up, a stroke that crosses itself does not. What lies off the page is
    lost.
    """
    scale = canvas.scale
    height, width = canvas.page.shape[:2]
    if not strokes:
        return Drawn(np.zeros((0, 0), np.float32), (0, 0), scale, 0.0)
    reach = max(float(stroke.width_mm.max()) for stroke in strokes) / 2 + 3 * smear_mm + 2 / scale
    points = np.concatenate([stroke.points for stroke in strokes])
    left, top = np.clip((points.min(axis=0) - reach) * scale, 0, (width, height)).astype(int).tolist()
    right, bottom = np.clip((points.max(axis=0) + reach) * scale + 1, 0, (width, height)).astype(int).tolist()

    cover = np.zeros((bottom - top, right - left), np.float32)
    for stroke in strokes:
        _add(cover, stroke, scale, (left, top))
    if not cover.size:
        return Drawn(cover, (left, top), scale, 0.0)
    if smear_mm:
        cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), smear_mm * scale), np.float32)
    cover *= 1 - hand.ink.grain * _tooth(cover.shape, scale, rng)
    _stain(canvas.page[top:bottom, left:right], cover, hand.ink.bgr)

    flow = np.concatenate([stroke.flow for stroke in strokes])
    strength = float(flow.mean()) * hand.ink.darkness * (1 - hand.ink.grain / 2)
    return Drawn(cover, (left, top), scale, strength)


def _add(cover: NDArray[np.float32], stroke: Stroke, scale: float, origin: tuple[int, int]) -> None:
    """Union of soft-edged discs along the stroke, laid over what `cover` already holds."""
    every = max(1, int(min(0.2 * float(stroke.width_mm.min()), 0.5) / _STEP_MM))
    keep = np.unique(np.append(np.arange(0, len(stroke.points), every), len(stroke.points) - 1))
    centres = stroke.points[keep] * scale - 0.5 - np.asarray(origin)
    radius = stroke.width_mm[keep] * scale / 2
    edge = int(np.ceil(radius.max() + 1))
    offsets = np.arange(-edge, edge + 1)
    home = np.rint(centres).astype(np.int64)
    columns = home[:, 0, None] + offsets
    rows = home[:, 1, None] + offsets
    across = (columns - centres[:, 0, None]) ** 2
    down = (rows - centres[:, 1, None]) ** 2
    distance = np.sqrt(down[:, :, None] + across[:, None, :])
    # A line thinner than a pixel greys its pixel by its width, not wholly.
    ink = np.clip(radius[:, None, None] + 0.5 - distance, 0, np.minimum(1, 2 * radius)[:, None, None])
    ink *= stroke.flow[keep][:, None, None]

    x0, y0 = max(0, int(columns.min())), max(0, int(rows.min()))
    x1, y1 = min(cover.shape[1], int(columns.max()) + 1), min(cover.shape[0], int(rows.max()) + 1)
    if x1 <= x0 or y1 <= y0:
        return
    layer = np.zeros((y1 - y0, x1 - x0), np.float32)
    flat = (rows[:, :, None] - y0) * (x1 - x0) + (columns[:, None, :] - x0)
    seen = ((rows >= y0) & (rows < y1))[:, :, None] & ((columns >= x0) & (columns < x1))[:, None, :]
    np.maximum.at(layer.reshape(-1), flat[seen], ink[seen].astype(np.float32))
    window = cover[y0:y1, x0:x1]
    window += layer - window * layer


def _tooth(shape: tuple[int, ...], scale: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Paper grain of about 0.12 mm, 0 to 1 with mean one half."""
    cells = [max(2, round(side / max(1.0, 0.12 * scale))) for side in shape]
    grain = rng.random(cells, dtype=np.float32)
    return np.asarray(cv2.resize(grain, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def _stain(patch: Raster, cover: NDArray[np.float32], bgr: tuple[int, int, int]) -> None:
    """Multiply `patch` by the ink's transmission, rounding down so that nothing lightens."""
    coloured = has_colour(patch)
    colour = np.array(bgr if coloured else luma(bgr), np.float32)
    depth = cover[:, :, None] if coloured else cover
    patch[:] = (patch * (1 - depth * (1 - colour / _FULL))).astype(np.uint8)
