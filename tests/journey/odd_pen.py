"""What families and scanners do to a slip beside filling it in neatly: scribbles, rings, strikes, tears, phones."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from consentdesk.model.layout import Box
from consentdesk.printing.codes import SIDE, bars
from consentdesk.printing.manifest import ManifestSlip
from tests.journey.neat_pen import DPI, Page

_SCALE = DPI / 25.4
_INK = 50
_PALE = 205
Mark = Callable[[Page, Box], None]


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * _SCALE), round(y * _SCALE)


def _line(page: Page, points: list[tuple[float, float]], ink: int = _INK, width: float = 0.5) -> None:
    drawn = np.array([[(x * _SCALE * 16, y * _SCALE * 16) for x, y in points]]).round().astype(np.int32)
    cv2.polylines(page, drawn, False, ink, max(1, round(width * _SCALE)), cv2.LINE_AA, 4)


def cross(page: Page, box: Box, ink: int = _INK) -> None:
    """A plain cross."""
    inner = box.grown(-1.0)
    _line(page, [(inner.x0, inner.y0), (inner.x1, inner.y1)], ink)
    _line(page, [(inner.x0, inner.y1), (inner.x1, inner.y0)], ink)


def faint(page: Page, box: Box) -> None:
    """A cross that has hardly left a trace."""
    cross(page, box, _PALE)


def scribbled(page: Page, box: Box) -> None:
    """A cross, scribbled over."""
    cross(page, box)
    inner = box.grown(-0.3)
    steps = np.linspace(0, 1, 15)
    zigzag = [
        (inner.x0 + inner.width * step, inner.y0 if at % 2 else inner.y1) for at, step in enumerate(steps)
    ]
    _line(page, zigzag, width=0.6)
    _line(page, [(x, inner.y0 + inner.y1 - y) for x, y in zigzag], width=0.6)


def ringed(page: Page, box: Box) -> None:
    """A ring round the box instead of a mark in it."""
    cv2.ellipse(page, _at(*box.centre), _at(4.6, 3.9), 0, 0, 360, _INK, 4, cv2.LINE_AA)


def stray(page: Page, box: Box) -> None:
    """A line that runs through the box and past it."""
    middle = box.centre[1]
    _line(page, [(box.x0 - 9.0, middle + 0.8), (box.x1 + 5.0, middle - 1.2)])


def words(page: Page, box: Box) -> None:
    """Some words of handwriting, from the left edge of a space."""
    x = np.linspace(box.x0 + 2, box.x0 + min(46.0, box.width - 4), 240)
    tall = min(0.3 * box.height, 2.0)
    y = box.centre[1] + tall * np.sin(np.linspace(0, 24 * np.pi, 240)) * np.linspace(1, 0.6, 240)
    _line(page, list(zip(x, y, strict=True)))


def in_the_margin(page: Page, slip: ManifestSlip) -> None:
    """A remark written between the questions and the boxes' heads, where nothing is printed."""
    outline, child = slip.outline, slip.child
    words(page, Box(child.x0 + 60.0, outline.y0 + 4.0, child.x1, outline.y0 + 10.0))


def other_name(page: Page, slip: ManifestSlip) -> None:
    """The printed name struck out, another written beside it."""
    name = slip.child
    for shift in (2.6, 3.4):
        _line(page, [(name.x0 - 1, name.y0 + shift), (name.x0 + 30, name.y0 + shift + 0.5)], width=0.7)
    words(page, Box(name.x0 + 36, name.y0, name.x0 + 80, name.y1))


def other_codes(page: Page, slip: ManifestSlip, payloads: tuple[str, str]) -> None:
    """Other codes pasted over both of a slip's own."""
    for box, text in zip(slip.codes, payloads, strict=True):
        cv2.rectangle(page, _at(box.x0 - 2, box.y0 - 2), _at(box.x1 + 2, box.y1 + 2), 255, -1)
        module = box.width / SIDE
        for column, row, length in bars(text):
            corner = _at(box.x0 + column * module, box.y0 + row * module)
            end = _at(box.x0 + (column + length) * module, box.y0 + (row + 1) * module)
            page[corner[1] : end[1], corner[0] : end[0]] = 0


def _warped(page: Page, matrix: object) -> Page:
    height, width = page.shape
    return np.asarray(cv2.warpAffine(page, np.float32(matrix), (width, height), borderValue=250), np.uint8)


def _skewed(page: Page) -> Page:
    height, width = page.shape
    return _warped(page, cv2.getRotationMatrix2D((width / 2, height / 2), 2.5, 1.0))


def _stretched(page: Page) -> Page:
    return np.asarray(cv2.resize(page, None, fx=1.0, fy=0.985, interpolation=cv2.INTER_AREA), np.uint8)


def _torn(page: Page) -> Page:
    """The upper right corner is gone, and the first code with it."""
    torn = page.copy()
    height, width = torn.shape
    slip_top = round(height * 0.4)
    corner = np.array([[width, slip_top], [width, round(height * 0.72)], [round(width * 0.8), slip_top]])
    cv2.fillPoly(torn, [corner.astype(np.int32)], 250)
    return torn


def _stained(page: Page) -> Page:
    stain = np.full(page.shape, 255.0, np.float32)
    height, width = page.shape
    cv2.circle(stain, (round(width * 0.35), round(height * 0.75)), 190, 205, -1)
    soft = cv2.GaussianBlur(stain, (0, 0), 25)
    return np.minimum(page, soft * (page / 255.0)).astype(np.uint8)


def _one_bit(page: Page) -> Page:
    return np.where(page > 140, 255, 0).astype(np.uint8)


def _photographed(page: Page) -> Page:
    """Held a little askew under a lamp on the left."""
    height, width = page.shape
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = np.float32([[60, 40], [width - 30, 90], [width - 70, height - 40], [20, height - 90]])
    turned = cv2.warpPerspective(
        page, cv2.getPerspectiveTransform(corners, seen), (width, height), borderValue=120
    )
    lamp = np.linspace(1.0, 0.72, width, dtype=np.float32)[None, :]
    return np.clip(turned * lamp, 0, 255).astype(np.uint8)


DAMAGE: dict[str, Callable[[Page], Page]] = {
    "upside down": lambda page: np.rot90(page, 2).copy(),
    "sideways": lambda page: np.rot90(page, 1).copy(),
    "skewed": _skewed,
    "stretched": _stretched,
    "torn": _torn,
    "stained": _stained,
    "one-bit": _one_bit,
    "photographed": _photographed,
}
