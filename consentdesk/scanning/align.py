"""Where a slip lies on the page: a homography from its codes, then drawn tight on its printed frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.pictures import Pixels, quantile

Matrix = NDArray[np.float64]

STEP: Final = 0.125
"""Distance in mm of the samples taken across a frame line."""
SPACING: Final = 5.0
"""Distance in mm of the places along the frame where its line is looked for."""


@dataclass(frozen=True)
class Placement:
    """Where a slip lies.

    `matrix` is the homography (3x3) from the layout's mm to the page's px; `fit` the share of the frame that was
    found where it says, 0 to 1.
    """

    matrix: Matrix
    fit: float

    def to_page(self, points: Sequence[tuple[float, float]] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Points in mm (N×2) as px on the page."""
        return transform(self.matrix, np.asarray(points, np.float64))

    def px_per_mm(self, at: tuple[float, float]) -> float:
        """The scale at a place given in mm."""
        x, y = at
        around = self.to_page([(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)])
        return float(np.linalg.norm(around[1] - around[0]) + np.linalg.norm(around[3] - around[2])) / 4


def transform(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Apply a homography (3x3) to points (N×2)."""
    lifted = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(lifted[:, :2] / lifted[:, 2:], np.float64)


def corners_of(box: Box) -> NDArray[np.float64]:
    """The four corners of a box in mm, from its top left, clockwise."""
    return np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)], np.float64)


def place_by_codes(layout: SlipLayout, seen: Sequence[tuple[int, NDArray[np.float64]]]) -> Matrix | None:
    """A first homography from one or two codes; `seen` holds (0 or 1 for which code, its corners in px).

    One code gives only turn, scale and place: its short base says nothing of perspective. None where the two
    contradict each other or the picture is mirrored.
    """
    places = np.concatenate([corners_of(layout.codes[which]) for which, _ in seen])
    pixels = np.concatenate([corners for _, corners in seen])
    matrix = similarity(places, pixels)
    if matrix is None:
        return None
    if len(seen) == 1:
        return matrix
    found, _ = cv2.findHomography(places, pixels, 0)
    if found is None:
        return None
    full: Matrix = np.array(found, np.float64)
    if np.linalg.det(full[:2, :2]) <= 0:
        return None
    return full if np.abs(transform(full, places) - pixels).max() < 12 else matrix


def similarity(places: Matrix, pixels: Matrix) -> Matrix | None:
    """The turn, scale and shift that best take places to pixels (least squares); None where they are mirrored."""
    here, there = places - places.mean(axis=0), pixels - pixels.mean(axis=0)
    # As complex numbers: a turn and scale is one factor, a mirror image the same of the conjugate.
    plane, seen = here @ (1, 1j), there @ (1, 1j)
    size = float((abs(plane) ** 2).sum())
    factor = complex((plane.conj() * seen).sum()) / size
    mirrored = complex((plane * seen).sum()) / size
    if abs(factor) <= abs(mirrored) or abs(factor) < 1e-6:
        return None
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    shift = pixels.mean(axis=0) - turn @ places.mean(axis=0)
    return np.array([[*turn[0], shift[0]], [*turn[1], shift[1]], [0, 0, 1]], np.float64)


def tighten(grey: Pixels, layout: SlipLayout, matrix: Matrix, *, reach: float) -> Placement:
    """Draw the homography tight on the printed frame, looked for within `reach` mm on either side.

    Each side votes with a straight line (a Hough transform over its samples), so that a torn, stained or
    crossed side is outvoted; then the eight parameters are solved for, weighted against outliers.
    """
    fit = 0.0
    for search in (reach, 1.0):
        points, normals, offsets, found = _frame_offsets(grey, layout, matrix, search)
        fit = found
        if len(points) < 12:
            break
        matrix = matrix @ _correction(points, normals, offsets, layout)
        matrix /= matrix[2, 2]
    return Placement(matrix, fit)


def _sides(box: Box) -> list[tuple[NDArray[np.float64], tuple[float, float]]]:
    """Sample places along the four sides (N×2, mm), each with its outward normal."""
    xs = np.arange(box.x0 + 2, box.x1 - 2, SPACING)
    ys = np.arange(box.y0 + 2, box.y1 - 2, SPACING)
    return [
        (np.column_stack([xs, np.full_like(xs, box.y0)]), (0.0, -1.0)),
        (np.column_stack([np.full_like(ys, box.x1), ys]), (1.0, 0.0)),
        (np.column_stack([xs, np.full_like(xs, box.y1)]), (0.0, 1.0)),
        (np.column_stack([np.full_like(ys, box.x0), ys]), (-1.0, 0.0)),
    ]


def _frame_offsets(
    grey: Pixels, layout: SlipLayout, matrix: Matrix, reach: float
) -> tuple[Matrix, Matrix, Matrix, float]:
    """Places along the frame, their normals, how far outwards (mm) the line was found, and the share found."""
    points, normals, offsets = [], [], []
    looked = 0
    shifts = np.arange(-reach, reach + STEP / 2, STEP)
    for places, normal in _sides(layout.outline):
        looked += len(places)
        response = _line_response(grey, matrix, places, normal, shifts)
        kept, where = _straight(response, shifts)
        points.append(places[kept])
        normals.append(np.tile(normal, (int(kept.sum()), 1)))
        offsets.append(where[kept])
    total = sum(len(part) for part in offsets)
    return np.concatenate(points), np.concatenate(normals), np.concatenate(offsets), total / max(1, looked)


def _line_response(
    grey: Pixels, matrix: Matrix, places: Matrix, normal: tuple[float, float], shifts: Matrix
) -> Matrix:
    """How much each sample (places × shifts) looks like a dark line 0.5 mm wide along the side."""
    margin = 8
    step = shifts[1] - shifts[0]
    wide = np.concatenate(
        [shifts[0] - step * np.arange(margin, 0, -1), shifts, shifts[-1] + step * np.arange(1, margin + 1)]
    )
    grid = places[:, None, :] + wide[None, :, None] * np.array(normal)[None, None, :]
    pixels = transform(matrix, grid.reshape(-1, 2)).astype(np.float32).reshape(*grid.shape)
    values = cv2.remap(
        grey, pixels[:, :, 0], pixels[:, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    soft = cv2.blur(values, (3, 1))
    # A line is darker than the paper on both of its sides; an edge of the paper is darker than one only.
    lighter_side = np.minimum(np.roll(soft, 7, axis=1), np.roll(soft, -7, axis=1))
    response = np.clip(lighter_side - soft, 0, None)[:, margin:-margin]
    return np.asarray(response, np.float64)


def _straight(response: Matrix, shifts: Matrix) -> tuple[NDArray[np.bool_], Matrix]:
    """The best straight line through a side's responses: which samples follow it, and where each peaks (mm)."""
    count, width = response.shape
    nothing = np.zeros(count, np.bool_), np.zeros(count)
    if count < 4:
        return nothing
    strong = float(quantile(response.max(axis=1), 0.75))
    if strong < 6:
        return nothing
    capped = np.minimum(response, strong)
    spread = np.linspace(-0.5, 0.5, count)
    most = min(width // 2, 40)  # a side turned further than this runs out of what was sampled
    best = (-1.0, 0, 0.0)
    rows = np.arange(count)
    for slope in np.linspace(-most, most, 2 * (most // 3) + 1):
        moves = np.rint(spread * slope).astype(int)
        columns = moves[:, None] + np.arange(width)[None, :]
        inside = (columns >= 0) & (columns < width)
        sums = np.where(inside, capped[rows[:, None], columns.clip(0, width - 1)], 0).sum(axis=0)
        at = int(sums.argmax())
        if sums[at] > best[0]:
            best = (float(sums[at]), at, float(slope))
    track = np.rint(best[1] + spread * best[2]).astype(int)
    columns = track[:, None] + np.arange(-5, 6)[None, :]
    near = np.where(
        (columns >= 0) & (columns < width), response[rows[:, None], columns.clip(0, width - 1)], 0
    )
    peak = near.argmax(axis=1)
    kept = near[rows, peak] >= max(6.0, 0.35 * strong)
    # The peak's place between samples, by a parabola through it and its neighbours.
    before, at, after = (near[rows, (peak + off).clip(0, 10)] for off in (-1, 0, 1))
    bend = before - 2 * at + after
    between = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0).clip(-0.5, 0.5)
    step = shifts[1] - shifts[0]
    return np.asarray(kept, np.bool_), np.asarray(
        shifts[0] + (columns[rows, peak] + between) * step, np.float64
    )


def _correction(points: Matrix, normals: Matrix, offsets: Matrix, layout: SlipLayout) -> Matrix:
    """The small homography in mm that moves each place by its offset along its normal.

    Linearised: a point moves by b + A p + (g·p) p, eight unknowns, each sample one equation; solved by
    iteratively reweighted least squares (Tukey's weights), lightly held towards no change.
    """
    middle = np.array(layout.outline.centre)
    size = max(layout.outline.width, layout.outline.height) / 2
    near = (points - middle) / size
    x, y = near[:, 0], near[:, 1]
    nx, ny = normals[:, 0], normals[:, 1]
    dot = x * nx + y * ny
    system = np.column_stack([nx, ny, x * nx, y * nx, x * ny, y * ny, x * dot, y * dot])
    held = np.diag([1e-3, 1e-3, 1e-2, 1e-2, 1e-2, 1e-2, 0.3, 0.3])
    weights = np.ones(len(points))
    solution = np.zeros(8)
    for _ in range(6):
        weighted = system * weights[:, None]
        solution = np.linalg.solve(weighted.T @ system + held, weighted.T @ offsets)
        left = np.abs(offsets - system @ solution)
        scale = max(0.08, 3 * float(quantile(left, 0.5)))
        weights = np.clip(1 - (left / (2 * scale)) ** 2, 0, None) ** 2
    bx, by, axx, axy, ayx, ayy, gx, gy = solution
    local = np.array(
        [
            [1 + axx / size, axy / size, bx / size],
            [ayx / size, 1 + ayy / size, by / size],
            [-gx / size, -gy / size, 1],
        ]
    )
    to_local = np.array([[1 / size, 0, -middle[0] / size], [0, 1 / size, -middle[1] / size], [0, 0, 1]])
    return np.asarray(np.linalg.inv(to_local) @ local @ to_local, np.float64)
