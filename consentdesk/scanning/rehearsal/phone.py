"""A photograph of a page lying on a table: perspective, curl, uneven light, a hand's shadow."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from consentdesk.scanning.rehearsal.curves import Floats
from consentdesk.scanning.rehearsal.dice import pick
from consentdesk.scanning.rehearsal.pen import MM_PER_INCH, Raster, as_grey, has_colour
from consentdesk.scanning.rehearsal.warp import Crease, coarse, remap

_SKEW_DEG = 9.0
_TABLES = (
    (62, 92, 128),
    (40, 60, 88),
    (150, 158, 165),
    (70, 66, 62),
    (105, 120, 96),
    (196, 200, 204),
    (34, 34, 38),
)
"""Colours of tables (BGR): woods, stone, slate, cloth, white, black."""


@dataclass(frozen=True)
class Lying:
    """A page before the camera: `frame_mm` is the picture, `quad` the page's corners in it, clockwise from top left.

    The paper bends by `bend_mm` along its axis `bent`; the lens bulges by the share `bulge` at the picture's
    rim.
    """

    page_mm: Floats
    frame_mm: Floats
    quad: Floats
    bend_mm: float
    bent: int
    bulge: float
    creases: tuple[Crease, ...]

    def to_paper(self, photo: Floats) -> Floats:
        """Points (N, 2) in the picture to where they were on the printed page, in mm."""
        flat = _corners(self.page_mm) + self.page_mm / 2
        flatten = cv2.getPerspectiveTransform(self.quad.astype(np.float32), flat.astype(np.float32))
        middle = photo - self.frame_mm / 2
        far = (middle**2).sum(axis=1, keepdims=True) / (self.frame_mm.max() / 2) ** 2
        straight = self.frame_mm / 2 + middle * (1 + self.bulge * far)
        lifted = np.column_stack([straight, np.ones(len(straight))]) @ flatten.T
        paper = np.asarray(lifted[:, :2] / lifted[:, 2:], np.float64)
        along = paper[:, self.bent] / self.page_mm[self.bent]
        paper[:, 1 - self.bent] += self.bend_mm * np.sin(np.pi * along)
        for crease in self.creases:
            paper = crease.moved(paper)
        return paper


def lie_on_table(
    page_mm: tuple[float, float], turn: int, creases: tuple[Crease, ...], rng: np.random.Generator
) -> Lying:
    """A page put down askew and `turn` quarter turns clockwise; the camera leans over one edge of it."""
    size = np.array(page_mm)
    upright = size if turn % 2 == 0 else size[::-1]
    frame = upright / rng.uniform(0.8, 0.93)
    angle = turn * np.pi / 2 + np.radians(np.clip(rng.normal(0, _SKEW_DEG / 3), -_SKEW_DEG, _SKEW_DEG))
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    quad = _corners(size) @ spin.T
    # Further away is smaller.
    lean = rng.normal(0, 0.045, 2).clip(-0.1, 0.1)
    quad = quad / (1 + (quad / upright) @ lean)[:, None] + rng.normal(0, 0.004, (4, 2)) * size
    low, high = quad.min(axis=0), quad.max(axis=0)
    quad = (quad - (low + high) / 2) * min(1.0, *(frame * 0.985 / (high - low))) + frame / 2
    return Lying(
        page_mm=size,
        frame_mm=frame,
        quad=quad,
        bend_mm=rng.normal(0, 0.8),
        bent=int(rng.integers(2)),
        bulge=rng.normal(0, 0.006),
        creases=creases,
    )


def photograph(
    page: Raster, dpi: float, out_dpi: float, lying: Lying, rng: np.random.Generator, *, shadow: bool
) -> Raster:
    """`page`, at `dpi`, in a picture of about `out_dpi` pixels an inch; hand and phone may throw a `shadow`."""
    per_mm = out_dpi / MM_PER_INCH
    width, height = (round(side * per_mm) for side in lying.frame_mm)
    table = _table((width, height), lying.quad * per_mm, rng)
    table = table if has_colour(page) else as_grey(table)
    picture = remap(page, coarse((width, height), per_mm, lying.to_paper), dpi / MM_PER_INCH, table)
    return _lit(picture, shadow, rng)


def _corners(size: Floats) -> Floats:
    return np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * size


def _table(size: tuple[int, int], quad: Floats, rng: np.random.Generator) -> Raster:
    """A table top with some grain, and the shadow that the paper throws on it: (H, W, 3)."""
    width, height = size
    small = (height // 4 + 1, width // 4 + 1)
    stretch = (int(rng.integers(2, 40)), int(rng.integers(2, 40)))
    cells = rng.random((small[0] // stretch[0] + 2, small[1] // stretch[1] + 2), dtype=np.float32)
    grain = cv2.resize(cells, (small[1], small[0]), interpolation=cv2.INTER_CUBIC)
    under = np.zeros(small, np.float32)
    cv2.fillPoly(under, [np.rint(quad / 4 + rng.normal(0, 4, 2)).astype(np.int32)], 1.0)
    light = (0.85 + 0.3 * grain) * (1 - 0.45 * cv2.GaussianBlur(under, (0, 0), 5))
    top = np.clip(light[:, :, None] * np.array(pick(rng, _TABLES)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(top, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _lit(picture: Raster, shadow: bool, rng: np.random.Generator) -> Raster:
    """Light that falls off across the picture and towards its corners, and perhaps a shadow."""
    height, width = picture.shape[:2]
    small = (height // 16 + 1, width // 16 + 1)
    y, x = np.mgrid[-1 : 1 : small[0] * 1j, -1 : 1 : small[1] * 1j]
    way = rng.uniform(0, 2 * np.pi)
    light = 1 - rng.uniform(0, 0.28) * (0.5 + 0.5 * (x * np.cos(way) + y * np.sin(way)) / np.sqrt(2))
    light -= rng.uniform(0, 0.12) * (x**2 + y**2) / 2
    if shadow:
        blob = np.zeros(small, np.float32)
        middle = np.array([pick(rng, (-0.1, 0.5, 1.1)) * small[1], rng.uniform(0.3, 1.2) * small[0]])
        around = np.linspace(0, 2 * np.pi, 9, endpoint=False)
        reach = rng.uniform(0.25, 0.6, 9)[:, None] * max(small)
        edge = middle + reach * np.column_stack([np.cos(around), np.sin(around)])
        cv2.fillPoly(blob, [np.rint(edge).astype(np.int32)], 1.0)
        light -= rng.uniform(0.12, 0.4) * cv2.GaussianBlur(blob, (0, 0), float(rng.uniform(0.8, 8)))
    field = cv2.resize((255 * light.clip(0.15, 1)).astype(np.uint8), (width, height))
    if has_colour(picture):
        field = cv2.merge([field] * 3)
    return np.asarray(cv2.multiply(picture, field, scale=1 / 255), np.uint8)
