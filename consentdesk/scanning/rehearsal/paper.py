"""What happens to paper before it is scanned: stains, coffee, folds, torn corners, print shining through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.rehearsal.dice import chance
from consentdesk.scanning.rehearsal.pen import MM_PER_INCH, Raster, as_grey, has_colour

Shade: TypeAlias = NDArray[np.float32]
"""(H, W) share of light taken away, 0 to 1, at `SHADE_DPI`."""

SHADE_DPI = 100
_SCALE = SHADE_DPI / MM_PER_INCH
_TEA = (1.0, 0.75, 0.5)
"""How much of a stain each of blue, green and red shows."""


def blot(page: Raster, dpi: float, kinds: Sequence[str], rng: np.random.Generator) -> Raster:
    """A copy of `page`, (H, W) or (H, W, 3) BGR at `dpi`, with each of `kinds` (keys of `BLOTS`) on it."""
    height, width = page.shape[:2]
    shape = max(2, round(height * SHADE_DPI / dpi)), max(2, round(width * SHADE_DPI / dpi))
    brown, grey = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for kind in kinds:
        draw, is_brown = BLOTS[kind]
        draw(brown if is_brown else grey, rng)
    return _shaded(page, brown, grey)


def show_through(page: Raster, back: Raster, strength: float) -> Raster:
    """A copy of `page` with `back` shining through, mirrored and soft; its black at `strength`, 0 to 1."""
    height, width = page.shape[:2]
    small = cv2.resize(as_grey(back), (max(2, width // 2), max(2, height // 2)), interpolation=cv2.INTER_AREA)
    soft = np.asarray(cv2.GaussianBlur(cv2.flip(small, 1), (0, 0), max(0.6, width / 1650)), np.float32)
    ghost = np.asarray(strength * (1 - soft / 255), np.float32)
    return _shaded(page, np.zeros_like(ghost), ghost)


def tear_corner(page: Raster, dpi: float, lid: int, rng: np.random.Generator) -> Raster:
    """A copy of `page` with a corner torn off, 8 to 35 mm along its edges, and the shade `lid` behind it."""
    torn = page.copy()
    height, width = page.shape[:2]
    scale = dpi / MM_PER_INCH
    reach = rng.uniform(8, 35, 2) * scale
    steps = np.linspace(0, 1, 24)
    jag = rng.normal(0, 0.5, 24).cumsum() * 0.6 * scale
    edge = np.column_stack([reach[0] * (1 - steps) + jag, reach[1] * steps + jag * rng.uniform(-1, 1)])
    corner = np.vstack([[-9, -9], [reach[0], -9], edge, [-9, reach[1]]])
    if chance(rng, 0.5):
        corner[:, 0] = width - 1 - corner[:, 0]
    if chance(rng, 0.5):
        corner[:, 1] = height - 1 - corner[:, 1]
    outline = np.rint(corner).astype(np.int32)
    cv2.polylines(torn, [outline], True, (205, 205, 205), max(1, round(0.5 * scale)), cv2.LINE_AA)
    cv2.fillPoly(torn, [outline], (lid, lid, lid), cv2.LINE_AA)
    return torn


def _shaded(page: Raster, brown: Shade, grey: Shade) -> Raster:
    height, width = page.shape[:2]

    def light(share: float) -> Raster:
        left = 255 * np.clip(1 - grey - share * brown, 0, 1)
        return np.asarray(
            cv2.resize(left.astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR), np.uint8
        )

    field = cv2.merge([light(share) for share in _TEA]) if has_colour(page) else light(_TEA[1])
    return np.asarray(cv2.multiply(page, field, scale=1 / 255), np.uint8)


def _patch(shade: Shade, across_mm: float, rng: np.random.Generator) -> tuple[tuple[int, int], int]:
    """A place on the page, in pixels of the shade, and `across_mm` in the same pixels."""
    height, width = shade.shape
    return (int(rng.integers(width)), int(rng.integers(height))), max(2, round(across_mm * _SCALE))


def _mottle(shape: tuple[int, ...], cell: int, rng: np.random.Generator) -> Shade:
    """Cloudy values 0 to 1, about `cell` pixels a cloud."""
    cells = rng.random((shape[0] // cell + 2, shape[1] // cell + 2), dtype=np.float32)
    return np.asarray(cv2.resize(cells, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _stain(shade: Shade, rng: np.random.Generator) -> None:
    """A dried spill: a ragged blob, darker along its rim."""
    centre, radius = _patch(shade, rng.uniform(4, 28), rng)
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    waves = [rng.normal(0, 0.12) * np.cos(n * around + rng.uniform(0, 7)) for n in range(1, 6)]
    edge = radius * (1 + np.sum(waves, axis=0))[:, None] * np.column_stack([np.cos(around), np.sin(around)])
    blob = np.zeros(shade.shape, np.uint8)
    cv2.fillPoly(blob, [np.rint(edge + centre).astype(np.int32)], 255, cv2.LINE_AA)
    soft = cv2.GaussianBlur(blob, (0, 0), 2).astype(np.float32) / 255
    rim = np.clip(soft - cv2.GaussianBlur(blob, (0, 0), 6).astype(np.float32) / 255, 0, 1)
    shade += rng.uniform(0.04, 0.22) * soft * (0.7 + 0.5 * _mottle(shade.shape, 12, rng)) + 0.3 * rim


def _coffee(shade: Shade, rng: np.random.Generator) -> None:
    """The ring of a cup, uneven and not quite closed."""
    centre, radius = _patch(shade, rng.uniform(32, 45), rng)
    ring = np.zeros(shade.shape, np.uint8)
    start = float(rng.uniform(0, 360))
    for _ in range(2):
        size = (radius + int(rng.integers(-3, 4)), round(radius * rng.uniform(0.94, 1.04)))
        cv2.ellipse(ring, centre, size, 0, start, start + float(rng.uniform(200, 360)), 255, 3, cv2.LINE_AA)
    soft = cv2.GaussianBlur(ring, (0, 0), 1.6).astype(np.float32) / 255
    shade += rng.uniform(0.15, 0.45) * soft * np.clip(_mottle(shade.shape, 40, rng) * 1.5 - 0.1, 0, 1)


def _fold(shade: Shade, rng: np.random.Generator) -> None:
    """A fold across the sheet, at a half or a third: a dark line, and a shadow on one side of it."""
    height, width = shade.shape
    flat = chance(rng, 0.7)
    length = height if flat else width
    at = length * float(rng.choice([0.5, 1 / 3, 2 / 3])) + rng.normal(0, 5)
    from_fold = np.arange(length, dtype=np.float32) - np.float32(at)
    side = from_fold * rng.choice([-1, 1])
    shadow = np.where(side > 0, rng.uniform(0.03, 0.14) * np.exp(-side / (15 * _SCALE)), 0)
    line = rng.uniform(0.08, 0.35) * np.exp(-((from_fold / rng.uniform(0.6, 1.6)) ** 2))
    profile = (shadow + line).astype(np.float32)
    shade += profile[:, None] if flat else profile[None, :]


def _crumple(shade: Shade, rng: np.random.Generator) -> None:
    """A sheet that has been in a pocket: many short creases and a cloudy surface."""
    height, width = shade.shape
    lines = np.zeros(shade.shape, np.uint8)
    for _ in range(int(rng.integers(8, 30))):
        start = rng.uniform(0, 1, 2) * (width, height)
        way = rng.normal(0, 18 * _SCALE, 2)
        ends = [np.rint(point).astype(int).tolist() for point in (start, start + way)]
        cv2.line(lines, ends[0], ends[1], int(rng.integers(40, 180)), 1, cv2.LINE_AA)
    shade += 0.22 * cv2.GaussianBlur(lines, (0, 0), 0.8).astype(np.float32) / 255
    shade += rng.uniform(0.03, 0.1) * _mottle(shade.shape, round(18 * _SCALE), rng)


def _smudge(shade: Shade, rng: np.random.Generator) -> None:
    """A thumb's worth of dirt."""
    centre, radius = _patch(shade, rng.uniform(4, 10), rng)
    spot = np.zeros(shade.shape, np.uint8)
    cv2.ellipse(spot, centre, (radius, round(radius * 0.7)), float(rng.uniform(0, 180)), 0, 360, 255, -1)
    soft = cv2.GaussianBlur(spot, (0, 0), radius / 2).astype(np.float32) / 255
    shade += rng.uniform(0.06, 0.25) * soft * _mottle(shade.shape, 3, rng)


BLOTS: dict[str, tuple[Callable[[Shade, np.random.Generator], None], bool]] = {
    "stain": (_stain, True),
    "coffee ring": (_coffee, True),
    "fold": (_fold, False),
    "crumple": (_crumple, False),
    "smudge": (_smudge, False),
}
"""What can lie on the paper: the function that shades it, and whether it is brown rather than grey."""
