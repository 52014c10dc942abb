"""Slips cut out with scissors, and laid on the glass: one or several, at any angle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import cv2
import numpy as np

from consentdesk.scanning.rehearsal.curves import Floats
from consentdesk.scanning.rehearsal.pen import MM_PER_INCH, Raster, Rect

A4_MM = (210.0, 297.0)
Turns: TypeAlias = Literal["any", "quarter", "upright"]
_APART_MM = 3.0
_TRIES = 200
_PALE = 100


@dataclass(frozen=True)
class Piece:
    """A piece of a page: `image` is (H, W) or (H, W, 3) BGR uint8, `mask` (H, W) is 255 where there is paper.

    `corner_mm` is where its top left pixel was on the page that it was cut from.
    """

    image: Raster
    mask: Raster
    dpi: float
    corner_mm: tuple[float, float]

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the rectangle round the paper."""
        height, width = self.mask.shape
        return width / self.dpi * MM_PER_INCH, height / self.dpi * MM_PER_INCH


@dataclass(frozen=True)
class Laid:
    """Pieces on a sheet; each of `matrices`, (2, 3), takes mm on its piece's old page to mm on this sheet."""

    image: Raster
    dpi: float
    matrices: tuple[Floats, ...]


def cut_out(
    page: Raster, rect: Rect, dpi: float, rng: np.random.Generator, *, wobble_mm: float = 0.7
) -> Piece:
    """Cut `rect` (mm) out of `page` as scissors do: up to `wobble_mm` outside the line, half as far inside."""
    scale = dpi / MM_PER_INCH
    height, width = page.shape[:2]
    x0, y0, x1, y1 = rect
    spare = 2 * wobble_mm
    left, top = max(0, int((x0 - spare) * scale)), max(0, int((y0 - spare) * scale))
    right, bottom = min(width, int((x1 + spare) * scale) + 1), min(height, int((y1 + spare) * scale) + 1)
    image = page[top:bottom, left:right].copy()

    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
    outline = []
    for start, end in pairwise(corners):
        along = np.linspace(0, 1, 12, endpoint=False)
        outward = np.array([end[1] - start[1], start[0] - end[0]]) / np.hypot(*(end - start))
        off = np.interp(along, np.linspace(0, 1, 4), rng.uniform(-0.5, 1, 4) * wobble_mm)
        outline.append(start + along[:, None] * (end - start) + off[:, None] * outward)
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(np.vstack(outline) * scale - (left, top)).astype(np.int32)], 255)
    return Piece(image, mask, dpi, (left / scale, top / scale))


def lay_out(
    pieces: Sequence[Piece],
    rng: np.random.Generator,
    *,
    sheet_mm: tuple[float, float] = A4_MM,
    turns: Turns = "any",
    lid: int = 255,
) -> Laid:
    """Lay `pieces`, all of one dpi and depth, on a sheet of shade `lid`: none over another nor over the edge.

    At "any" angle, or at "quarter" turns or "upright" give or take 5°. Raises ValueError where they do not
    fit.
    """
    first = pieces[0]
    scale = first.dpi / MM_PER_INCH
    angles, middles = _arranged([piece.size_mm for piece in pieces], sheet_mm, turns, rng)
    size = round(sheet_mm[0] * scale), round(sheet_mm[1] * scale)
    sheet = np.full((size[1], size[0], *first.image.shape[2:]), lid, np.uint8)
    matrices = []
    for piece, angle, middle in zip(pieces, angles, middles, strict=True):
        cos, sin = np.cos(angle), np.sin(angle)
        spin = np.array([[cos, -sin], [sin, cos]])
        moved = np.column_stack([spin, middle - spin @ (np.array(piece.size_mm) / 2)])
        _paste(sheet, piece, moved, scale, lid)
        matrices.append(np.column_stack([spin, moved[:, 2] - spin @ np.array(piece.corner_mm)]))
    return Laid(sheet, first.dpi, tuple(matrices))


def _paste(sheet: Raster, piece: Piece, moved: Floats, scale: float, lid: int) -> None:
    """Copy the piece where `moved` (mm to mm) puts it, with the thin shadow of its edge on a pale lid."""
    pixels = moved.copy()
    pixels[:, 2] = moved[:, 2] * scale + moved[:, :2].sum(axis=1) * 0.5 - 0.5
    tall, wide = piece.mask.shape
    corners = np.array([(0, 0, 1), (wide, 0, 1), (wide, tall, 1), (0, tall, 1)]) @ pixels.T
    left, top = (max(0, int(edge) - 3) for edge in corners.min(axis=0))
    right, bottom = (
        min(limit, int(edge) + 4) for edge, limit in zip(corners.max(axis=0), sheet.shape[1::-1], strict=True)
    )
    pixels[:, 2] -= (left, top)
    window = sheet[top:bottom, left:right]
    size = right - left, bottom - top
    image = cv2.warpAffine(piece.image, pixels, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpAffine(piece.mask, pixels, size, flags=cv2.INTER_NEAREST)
    if lid > _PALE:
        near = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > mask
        window[near] = np.minimum(window[near], 205)
    cv2.copyTo(image, mask, window)


def _arranged(
    sizes: Sequence[tuple[float, float]],
    sheet_mm: tuple[float, float],
    turns: Turns,
    rng: np.random.Generator,
) -> tuple[list[float], list[Floats]]:
    """Angles and middles (mm), row by row with what room is left shared out; later tries lie straighter."""
    for attempt in range(_TRIES):
        angles = [_angle(turns, attempt, rng) for _ in sizes]
        boxes = [_box(size, angle) for size, angle in zip(sizes, angles, strict=True)]
        rows = _rows(boxes, sheet_mm)
        if rows is None:
            continue
        middles: list[Floats] = []
        free = sheet_mm[1] - _APART_MM - sum(max(boxes[i][1] for i in row) + _APART_MM for row in rows)
        gaps = free * rng.dirichlet(np.ones(len(rows) + 1))
        y = _APART_MM
        for row, gap in zip(rows, gaps, strict=False):
            y += gap
            spare = sheet_mm[0] - _APART_MM - sum(boxes[i][0] + _APART_MM for i in row)
            shares = spare * rng.dirichlet(np.ones(len(row) + 1))
            x = _APART_MM
            for i, share in zip(row, shares, strict=False):
                x += share
                middles.append(np.array([x + boxes[i][0] / 2, y + boxes[i][1] / 2]))
                x += boxes[i][0] + _APART_MM
            y += max(boxes[i][1] for i in row) + _APART_MM
        return angles, middles
    raise ValueError(f"{len(sizes)} pieces do not fit on a sheet of {sheet_mm[0]:.0f} × {sheet_mm[1]:.0f} mm")


def _angle(turns: Turns, attempt: int, rng: np.random.Generator) -> float:
    if turns == "any" and attempt < _TRIES // 2:
        return float(rng.uniform(0, 2 * np.pi))
    quarter = 0 if turns == "upright" else int(rng.integers(4))
    skew = np.radians(5) * max(0.0, 1 - attempt / (0.9 * _TRIES))
    return float(quarter * np.pi / 2 + rng.uniform(-skew, skew))


def _box(size: tuple[float, float], angle: float) -> tuple[float, float]:
    cos, sin = abs(np.cos(angle)), abs(np.sin(angle))
    return float(size[0] * cos + size[1] * sin), float(size[0] * sin + size[1] * cos)


def _rows(boxes: Sequence[tuple[float, float]], sheet_mm: tuple[float, float]) -> list[list[int]] | None:
    """Indices row by row in their order, or None where they do not fit."""
    rows: list[list[int]] = []
    width = height = tall = 0.0
    for i, (across, down) in enumerate(boxes):
        if not rows or width + across + _APART_MM > sheet_mm[0]:
            height += tall
            rows.append([])
            width, tall = _APART_MM, 0.0
        rows[-1].append(i)
        width += across + _APART_MM
        tall = max(tall, down + _APART_MM)
        if width > sheet_mm[0]:
            return None
    return rows if _APART_MM + height + tall <= sheet_mm[1] else None
