"""The bad scanner: a clean page goes in, and what a feeder, a worn one or a phone makes of it comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from consentdesk.scanning.rehearsal.dice import between, chance, pick
from consentdesk.scanning.rehearsal.exposure import exposed, noisy, one_bit, soiled, through_jpeg
from consentdesk.scanning.rehearsal.levels import LEVELS, Level, LevelName, Mode
from consentdesk.scanning.rehearsal.paper import BLOTS, blot, show_through, tear_corner
from consentdesk.scanning.rehearsal.pen import MM_PER_INCH, Raster, as_grey
from consentdesk.scanning.rehearsal.phone import lie_on_table, photograph
from consentdesk.scanning.rehearsal.warp import Crease, Feed, coarse, remap

_CROPPED_SKEW = np.radians(1.5)
"""Sheets that lie more crooked than this are scanned whole, on a larger area; others lose their corners."""
_PHONE_DPI = 72


@dataclass(frozen=True)
class Setting:
    """What is chosen at the scanner; `turn` counts quarter turns clockwise of the sheet.

    `dpi` None keeps the page's own resolution, `mode` None draws one of the level's.
    """

    turn: int = 0
    dpi: int | None = None
    mode: Mode | None = None


AS_IT_COMES = Setting()


@dataclass(frozen=True)
class Scan:
    """A scanned page: `image` is (H, W) or (H, W, 3) BGR uint8, 0 and 255 alone where `one_bit`.

    `dpi` is what its file shall say; phones say 72 whatever the truth. `jpeg` is the stream that `image` was
    decoded from, None where there was none. `damage` names what befell the page.
    """

    image: Raster
    dpi: int
    one_bit: bool = False
    jpeg: bytes | None = None
    damage: tuple[str, ...] = ()

    @property
    def faded(self) -> bool:
        """Whether ink lighter than a third of black may be gone: `CaseDrawn.allowed` takes account of it."""
        return self.one_bit


def scan(
    page: Raster,
    dpi: float,
    level: LevelName,
    rng: np.random.Generator,
    setting: Setting = AS_IT_COMES,
    *,
    back: Callable[[], Raster] | None = None,
) -> Scan:
    """Scan `page`, (H, W) or (H, W, 3) BGR uint8 at `dpi`, as badly as `level` says. Never mirrors.

    `back` gives the sheet's other side, as it would be read: it may shine through.
    """
    means = LEVELS[level]
    mode = setting.mode or pick(rng, tuple(means.modes), tuple(means.modes.values()))
    out_dpi = setting.dpi or round(dpi)
    happens = [name for name, share in means.chances.items() if chance(rng, share)]
    if back is None and "show-through" in happens:
        happens.remove("show-through")
    lid = pick(rng, means.lid)

    if mode != "colour":
        page = as_grey(page)
    if out_dpi < 0.75 * dpi:
        page, dpi = resampled(page, out_dpi / dpi), out_dpi
    page = _worn(page, dpi, happens, lid, rng)
    if back is not None and "show-through" in happens:
        page = show_through(page, back(), between(rng, means.show_through))

    page_mm = (page.shape[1] / dpi * MM_PER_INCH, page.shape[0] / dpi * MM_PER_INCH)
    creases = _creases(page_mm, rng) if "crease" in happens else ()
    if level == "phone":
        lying = lie_on_table(page_mm, setting.turn, creases, rng)
        image = photograph(page, dpi, out_dpi, lying, rng, shadow="shadow" in happens)
    else:
        image = _fed(page, dpi, out_dpi, _lie_in_feeder(page_mm, means, setting.turn, creases, rng), lid)
    image = noisy(soiled(exposed(image, out_dpi, means, happens, rng), out_dpi, happens, rng), means, rng)
    if mode == "one-bit":
        return Scan(one_bit(image, rng), out_dpi, one_bit=True, damage=(*happens, "one-bit"))
    stream, image = through_jpeg(image, round(between(rng, means.jpeg)))
    return Scan(image, _PHONE_DPI if level == "phone" else out_dpi, jpeg=stream, damage=tuple(happens))


def resampled(page: Raster, factor: float) -> Raster:
    """`page` with `factor` times as many pixels along each side."""
    smooth = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(page, None, fx=factor, fy=factor, interpolation=smooth), np.uint8)


def _worn(page: Raster, dpi: float, happens: list[str], lid: int, rng: np.random.Generator) -> Raster:
    blots = [name for name in happens if name in BLOTS]
    if blots:
        page = blot(page, dpi, blots, rng)
    return tear_corner(page, dpi, lid, rng) if "torn corner" in happens else page


def _creases(page_mm: tuple[float, float], rng: np.random.Generator) -> tuple[Crease, ...]:
    found = []
    for _ in range(int(rng.integers(1, 3))):
        angle = rng.normal(0, 0.15) + (np.pi / 2 if chance(rng, 0.3) else 0.0)
        at = (float(rng.uniform(0.15, 0.85) * page_mm[0]), float(rng.uniform(0.15, 0.85) * page_mm[1]))
        way = (float(np.cos(angle)), float(np.sin(angle)))
        found.append(Crease(at, way, float(rng.uniform(-1.5, 1.5)), float(rng.uniform(15, 60))))
    return tuple(found)


def _lie_in_feeder(
    page_mm: tuple[float, float],
    means: Level,
    turn: int,
    creases: tuple[Crease, ...],
    rng: np.random.Generator,
) -> Feed:
    """How crooked and how unevenly the sheet goes through, and the size of what is scanned."""
    skew = float(np.radians(np.clip(rng.normal(0, means.skew_deg / 2), -means.skew_deg, means.skew_deg)))
    across, down = page_mm if turn % 2 == 0 else page_mm[::-1]
    if abs(skew) > _CROPPED_SKEW:
        cos, sin = abs(np.cos(skew)), abs(np.sin(skew))
        across, down = across * cos + down * sin, across * sin + down * cos
    return Feed(
        page_mm=page_mm,
        sheet_mm=(across, down),
        angle=skew + turn * np.pi / 2,
        print_scale=between(rng, means.print_scale),
        stretch=(means.stretch * rng.uniform(-1, 1), means.stretch * rng.uniform(-1, 1)),
        uneven=means.stretch / 2 * rng.uniform(-1, 1),
        period_mm=rng.uniform(60, 300),
        phase=rng.uniform(0, 2 * np.pi),
        weave_mm=means.weave_mm * rng.uniform(-1, 1),
        offset_mm=(rng.normal(0, 1), rng.normal(0, 1)),
        creases=creases,
    )


def _fed(page: Raster, dpi: float, out_dpi: float, feed: Feed, lid: int) -> Raster:
    """The page as it comes past the sensor: its cut edges throw a thin shadow on a pale lid."""
    edged = page.copy()
    for strip in (edged[:1], edged[-1:], edged[:, :1], edged[:, -1:]):
        np.minimum(strip, min(lid, 215), out=strip)
    per_mm = out_dpi / MM_PER_INCH
    width, height = (round(side * per_mm) for side in feed.sheet_mm)
    behind = np.full((height, width, *page.shape[2:]), lid, np.uint8)
    return remap(edged, coarse((width, height), per_mm, feed.to_paper), dpi / MM_PER_INCH, behind)
