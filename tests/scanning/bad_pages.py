"""Pages damaged in one known way at a time, each with the way back from its pixels to the printed paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from consentdesk.model.layout import SlipLayout
from consentdesk.scanning.rehearsal.fill_in import rect
from consentdesk.scanning.rehearsal.phone import Lying, photograph
from consentdesk.scanning.rehearsal.pieces import cut_out
from consentdesk.scanning.rehearsal.warp import Crease, Feed, coarse, remap
from tests.scanning.made_up import (
    MM_PER_INCH,
    Matrix,
    Raster,
    Version,
    about_middle,
    answer_all,
    cover,
    moved,
    on_paper,
    to_pixels,
    turned_by,
)

A4 = (210.0, 297.0)


@dataclass(frozen=True)
class BadPage:
    """A page as scanned; `to_paper` takes its pixels (N×2) to mm on the page as printed."""

    image: Raster
    layout: SlipLayout
    to_paper: Callable[[Matrix], Matrix]
    dpi: float

    def with_light(self, change: Callable[[Raster], Raster]) -> BadPage:
        """The same paper under another light, or through another sensor."""
        return replace(self, image=np.ascontiguousarray(change(self.image)))


def filled_in(version: Version, child: int = 0, *, dpi: float = 200, colour: bool = False) -> Raster:
    page = version.page(child, dpi=dpi, colour=colour)
    answer_all(page, version.layout, dpi=dpi)
    return page


def as_it_is(version: Version, page: Raster, dpi: float = 200) -> BadPage:
    return BadPage(page, version.layout, lambda pixels: on_paper(np.linalg.inv(to_pixels(dpi)), pixels), dpi)


# On the way to the sensor


def pulled(version: Version, page: Raster, *, lid: int = 255, dpi: float = 200, **feed: object) -> BadPage:
    """Drawn through a feeder: `feed` are fields of `Feed`."""
    known: dict[str, object] = {"page_mm": A4, "sheet_mm": A4, **feed}
    lying = Feed(**known)  # type: ignore[arg-type]
    scale = dpi / MM_PER_INCH
    width, height = (round(side * scale) for side in lying.sheet_mm)
    behind = np.full((height, width, *page.shape[2:]), lid, np.uint8)
    image = remap(page, coarse((width, height), scale, lying.to_paper), scale, behind)
    return BadPage(image, version.layout, lambda pixels: lying.to_paper((pixels + 0.5) / scale), dpi)


def crooked(degrees: float) -> dict[str, object]:
    """Fields of a feed that takes a page in askew, on a sensor that is large enough."""
    angle = np.radians(degrees)
    cos, sin = abs(np.cos(angle)), abs(np.sin(angle))
    sheet = (A4[0] * cos + A4[1] * sin, A4[0] * sin + A4[1] * cos)
    return {"angle": float(angle), "sheet_mm": sheet}


def folds(*shifts: float) -> dict[str, object]:
    """Fields of a feed of a page with folds across the slip, along which its parts have slipped (mm)."""
    ways = ((1.0, 0.0), (0.6, 0.8), (0.96, -0.28))
    places = ((110.0, 235.0), (150.0, 225.0), (60.0, 250.0))
    return {
        "creases": tuple(
            Crease(at, way, shift, 40.0) for at, way, shift in zip(places, ways, shifts, strict=False)
        )
    }


def crumpled(version: Version, page: Raster, *, by: float = 1.5, dpi: float = 200) -> BadPage:
    """Paper that has been in a pocket: waves about 110 mm long, of `by` mm at most."""
    scale = dpi / MM_PER_INCH

    def to_paper(scan: Matrix) -> Matrix:
        x, y = scan[:, 0] / 110 * 2 * np.pi, scan[:, 1] / 110 * 2 * np.pi
        waves = np.column_stack([np.sin(y + 0.4 * x + 1), np.sin(0.9 * x - 0.5 * y)])
        return np.asarray(scan + by / np.sqrt(2) * waves, np.float64)

    height, width = page.shape[:2]
    image = remap(page, coarse((width, height), scale, to_paper), scale, np.full_like(page, 255))
    return BadPage(image, version.layout, lambda pixels: to_paper((pixels + 0.5) / scale), dpi)


def photographed(
    version: Version,
    page: Raster,
    *,
    lean: tuple[float, float] = (0.0, 0.0),
    degrees: float = 0.0,
    shadow: bool = False,
    dpi: float = 200,
) -> BadPage:
    """By a camera that leans over the page; further off is smaller."""
    frame, size = np.array((235.0, 330.0)), np.array(A4)
    half = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * size
    angle = np.radians(degrees)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    quad = half @ spin.T
    quad = quad / (1 + quad / size @ np.array(lean))[:, None]
    low, high = quad.min(axis=0), quad.max(axis=0)
    quad = (quad - (low + high) / 2) * min(1.0, *(frame * 0.98 / (high - low))) + frame / 2
    lying = Lying(size, frame, quad, 0.6, 1, 0.004, ())
    image = photograph(page, dpi, dpi, lying, np.random.default_rng(5), shadow=shadow)
    scale = dpi / MM_PER_INCH
    return BadPage(image, version.layout, lambda pixels: lying.to_paper((pixels + 0.5) / scale), dpi)


def on_the_glass(
    version: Version, page: Raster, degrees: float, *, lid: int = 255, dpi: float = 200
) -> BadPage:
    """Cut out with scissors and laid on a large glass at any angle."""
    rng = np.random.default_rng(2)
    piece = cut_out(page, rect(version.layout.outline.grown(1.5)), dpi, rng)
    side = 1900
    tall, wide = piece.mask.shape
    sheet = np.full((side, side, *page.shape[2:]), lid, np.uint8)
    x, y = (side - wide) // 2, (side - tall) // 2
    window = sheet[y : y + tall, x : x + wide]
    window[piece.mask > 0] = piece.image[piece.mask > 0]
    turned = turned_by(sheet, degrees)
    scale = dpi / MM_PER_INCH
    # The piece keeps its pixels: only where they lie has changed.
    back = np.array(
        [[1.0, 0, piece.corner_mm[0] * scale - x], [0, 1, piece.corner_mm[1] * scale - y], [0, 0, 1]]
    )
    way = np.linalg.inv(to_pixels(dpi)) @ back @ np.linalg.inv(turned)
    return BadPage(moved(sheet, turned, paper=lid), version.layout, lambda pixels: on_paper(way, pixels), dpi)


def scaled(version: Version, page: Raster, across: float, down: float, *, dpi: float = 200) -> BadPage:
    """Printed smaller or larger, or drawn out by the feeder; the paper stays as it is."""
    matrix = about_middle(page, [[across, 0], [0, down]])
    way = np.linalg.inv(to_pixels(dpi)) @ np.linalg.inv(matrix)
    return BadPage(moved(page, matrix), version.layout, lambda pixels: on_paper(way, pixels), dpi)


def torn(page: Raster, layout: SlipLayout, code: int, *, shade: int = 255, dpi: float = 200) -> Raster:
    """The corner of the slip with one of its codes torn off."""
    page, box, scale = page.copy(), layout.codes[code].grown(2.0), dpi / MM_PER_INCH
    x, y = (box.x0, box.y1) if code == 0 else (box.x1, box.y0)
    edge_x, edge_y = (220.0, layout.outline.y0 - 12) if code == 0 else (-10.0, 310.0)
    corners = np.array([(x - 4, edge_y), (edge_x, edge_y), (edge_x, y + (3 if code == 0 else -3)), (x, y)])
    cv2.fillPoly(page, [np.rint(corners * scale).astype(np.int32)], (shade,) * 3)
    return page


def covered(page: Raster, layout: SlipLayout, codes: Sequence[int], *, dpi: float = 200) -> Raster:
    page = page.copy()
    for code in codes:
        cover(page, layout.codes[code].grown(1.0), dpi=dpi, shade=110)
    return page


# The sensor


def toned(black: float, white: float, gamma: float = 1.0) -> Callable[[Raster], Raster]:
    """A copy whose black and white lie at these shades."""
    shades = np.clip(black + (white - black) * np.linspace(0, 1, 256) ** gamma, 0, 255).astype(np.uint8)
    return lambda image: np.asarray(cv2.LUT(image, shades), np.uint8)


def bordered(shade: int, px: int = 45) -> Callable[[Raster], Raster]:
    """A border that the scanner leaves over the page's edges."""

    def change(image: Raster) -> Raster:
        image = image.copy()
        for strip in (image[:px], image[-px:], image[:, :px], image[:, -px:]):
            strip[:] = shade
        return image

    return change


def one_bit(share: float) -> Callable[[Raster], Raster]:
    return lambda image: np.where(image > 255 * share, 255, 0).astype(np.uint8)


def one_bit_local(image: Raster) -> Raster:
    way = cv2.ADAPTIVE_THRESH_MEAN_C
    return np.asarray(cv2.adaptiveThreshold(image, 255, way, cv2.THRESH_BINARY, 35, 18), np.uint8)


def screened(image: Raster) -> Raster:
    """Through an ordered 4×4 screen."""
    screen = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) * 15 + 8
    height, width = image.shape
    limits = np.tile(screen, (height // 4 + 1, width // 4 + 1))[:height, :width]
    return np.where(image * 0.94 > limits, 255, 0).astype(np.uint8)


def unevenly_lit(image: Raster) -> Raster:
    """Half as bright on one side as on the other."""
    light = np.linspace(1.0, 0.5, image.shape[1])
    return (image * (light if image.ndim == 2 else light[:, None])).astype(np.uint8)


def grainy(image: Raster) -> Raster:
    noise = np.random.default_rng(3).normal(0, 9, image.shape)
    return np.clip(image * 0.95 + noise, 0, 255).astype(np.uint8)


def blurred(image: Raster) -> Raster:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 1.5), np.uint8)


def squeezed(image: Raster) -> Raster:
    """Through a JPEG of quality 35."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 35])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)


def streaked(image: Raster) -> Raster:
    """Dirt on the sensor: three dark lines along the feed."""
    image = image.copy()
    for x in (int(image.shape[1] * share) for share in (0.12, 0.45, 0.9)):
        image[:, x : x + 2] = image[:, x : x + 2] // 2
    return image


def after(*changes: Callable[[Raster], Raster]) -> Callable[[Raster], Raster]:
    """One change after the other."""

    def change(image: Raster) -> Raster:
        for one in changes:
            image = one(image)
        return image

    return change
