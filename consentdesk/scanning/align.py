"""Where a slip lies on the page: a homography from its codes, then drawn tight on its printed frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.pictures import Pixels, quantile

Matrix = NDArray[np.float64]

Floats = NDArray[np.float32]

COARSE: Final = (10.0, 0.25)
"""Distance in mm of the places along the frame where its line is first looked for, and of the samples across it."""
FAR: Final = (5.0, 0.25)
"""The same where little is known of where the frame lies."""
FINE: Final = (5.0, 0.125)
"""The same for the second look, which measures."""
NEAR: Final = 3.0
"""How far in mm the frame lies at most from where two codes put it."""
BESIDE: Final = 0.875
"""How far in mm from the middle of its line a frame's paper must be lighter, on both sides."""
ALONG: Final = 0.625
"""How far in mm a frame's line may leave the straight."""
_LEAST_DARK: Final = 6.0
"""Grey values by which a line is darker than the paper at least."""
_LEAST_SAMPLES: Final = 12
_LEAST_DEPTH: Final = 0.2
"""How near a slip's nearest part may be to the camera, as a share of its furthest."""
_HELD: Final = np.diag([1e-5, 1e-5, 1e-4, 1e-4, 1e-4, 1e-4, 1e-3, 1e-3])
"""How lightly, for each sample, each of the eight unknowns is held towards no change; the last two are perspective."""


@dataclass(frozen=True)
class Placement:
    """Where a slip lies.

    `matrix` is the homography (3x3) from the layout's mm to the page's px; `fit` the share of the frame, or
    where that is bent or torn of the form's own print, that was found where it says, 0 to 1.
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
    crossed side is outvoted; then the eight parameters are solved for, weighted against outliers. A first,
    coarse look brings the frame near; the second measures it, and tells how much of it was found.
    """
    coarse = COARSE if reach <= NEAR else FAR
    fit = 0.0
    for look in (_look(layout.outline, reach, *coarse), _look(layout.outline, 1.0, *FINE)):
        if not _is_seen(matrix, layout.outline):
            return Placement(matrix, 0.0)
        kept, offsets = _frame_offsets(grey, matrix, look)
        fit = float(kept.mean())
        if int(kept.sum()) < _LEAST_SAMPLES:
            break
        matrix = matrix @ _correction(look.places[kept], look.normals[kept], offsets[kept], layout.outline)
        matrix /= matrix[2, 2]
    return Placement(matrix, fit)


def _is_seen(matrix: Matrix, outline: Box) -> bool:
    """Whether the whole frame, and some paper round it, lies before the camera; of a nonsense matrix it does not."""
    depth = corners_of(outline.grown(20.0)) @ matrix[2, :2] + matrix[2, 2]
    return bool(np.isfinite(matrix).all() and depth.min() > _LEAST_DEPTH * depth.max() > 0)


def frame_offsets(grey: Pixels, layout: SlipLayout, matrix: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Places along the frame (N×2 mm) where its line is seen, their normals, and how far outwards (N mm) it lies."""
    look = _look(layout.outline, 1.0, *FINE)
    kept, offsets = _frame_offsets(grey, matrix, look)
    return look.places[kept], look.normals[kept], offsets[kept]


class _Look(NamedTuple):
    """Where samples are taken: places along the frame (N×2 mm) and their outward normals (N×2), `sides` as slices.

    `grid` holds N times `wide` samples across the frame, as homogeneous mm (3 × N·wide, float32), `step` mm apart
    and `margin` more of them at either end than the N × `width` places at which a line is looked for.
    """

    places: Matrix
    normals: Matrix
    sides: tuple[slice, ...]
    grid: NDArray[np.float32]
    step: float
    margin: int
    width: int

    @property
    def wide(self) -> int:
        return self.width + 2 * self.margin


@lru_cache(maxsize=64)
def _look(outline: Box, reach: float, spacing: float, step: float) -> _Look:
    """The samples for one frame; worked out once for each form."""
    parts = _sides(outline, spacing)
    places = np.concatenate([part for part, _ in parts])
    normals = np.concatenate([np.tile(normal, (len(part), 1)) for part, normal in parts])
    ends = np.cumsum([0, *(len(part) for part, _ in parts)])
    sides = tuple(slice(int(start), int(end)) for start, end in pairwise(ends))
    beside, steps = round(BESIDE / step), round(reach / step)
    margin = beside + 1
    shifts = step * np.arange(-steps - margin, steps + margin + 1)
    grid = places[:, None, :] + shifts[None, :, None] * normals[:, None, :]
    lifted = np.concatenate([grid.reshape(-1, 2).T, np.ones((1, grid.size // 2))])
    return _Look(places, normals, sides, lifted.astype(np.float32), step, margin, 2 * steps + 1)


def _sides(box: Box, spacing: float) -> list[tuple[Matrix, tuple[float, float]]]:
    """Sample places along the four sides (N×2, mm), each with its outward normal."""
    xs = np.arange(box.x0 + 2, box.x1 - 2, spacing)
    ys = np.arange(box.y0 + 2, box.y1 - 2, spacing)
    return [
        (np.column_stack([xs, np.full_like(xs, box.y0)]), (0.0, -1.0)),
        (np.column_stack([np.full_like(ys, box.x1), ys]), (1.0, 0.0)),
        (np.column_stack([xs, np.full_like(xs, box.y1)]), (0.0, 1.0)),
        (np.column_stack([np.full_like(ys, box.x0), ys]), (-1.0, 0.0)),
    ]


def _frame_offsets(grey: Pixels, matrix: Matrix, look: _Look) -> tuple[NDArray[np.bool_], Matrix]:
    """At which of a look's places the frame's line was found, and how far outwards (mm) it lies there (N each)."""
    response = _line_response(grey, matrix, look)
    found = [_straight(response[side], look.step) for side in look.sides]
    return np.concatenate([kept for kept, _ in found]), np.concatenate([where for _, where in found])


def _line_response(grey: Pixels, matrix: Matrix, look: _Look) -> Floats:
    """How much each sample (N × width) looks like a dark line about 0.5 mm wide along the frame."""
    x, y, w = matrix.astype(np.float32) @ look.grid
    shape = -1, look.wide
    values = cv2.remap(
        grey,
        (x / w).reshape(shape),
        (y / w).reshape(shape),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    soft = cv2.blur(values.astype(np.float32), (3, 1))
    beside = look.margin - 1
    inner = soft[:, beside + 1 : -beside - 1]
    # A line is darker than the paper on both of its sides; an edge of the paper is darker than one only.
    lighter_side = np.minimum(soft[:, 1 : 1 + look.width], soft[:, -1 - look.width : -1])
    return np.asarray(np.maximum(lighter_side - inner, 0), np.float32)


@lru_cache(maxsize=256)
def _slopes(count: int, width: int) -> tuple[Matrix, int, NDArray[np.intp]]:
    """Slopes (columns a side) to try on a side of so many samples, and where each leads.

    Also the padding in columns that this asks for, and flat indices (slopes × width × samples) into the padded
    responses.
    """
    most = min(width // 2, 40)  # a side turned further than this runs out of what was sampled
    slopes = np.linspace(-most, most, 2 * (most // 3) + 1)
    moves = np.rint(np.linspace(-0.5, 0.5, count) * slopes[:, None]).astype(np.intp)
    padding = most // 2 + 1
    starts = np.arange(count) * (width + 2 * padding) + padding + moves
    return slopes, padding, starts[:, None, :] + np.arange(width)[None, :, None]


def _straight(response: Floats, step: float) -> tuple[NDArray[np.bool_], Matrix]:
    """The best straight line through a side's responses: which samples follow it, and where each peaks (mm)."""
    count, width = response.shape
    nothing = np.zeros(count, np.bool_), np.zeros(count)
    if count < 4:
        return nothing
    strong = float(quantile(response.max(axis=1), 0.75))
    if strong < _LEAST_DARK:
        return nothing
    slopes, padding, there = _slopes(count, width)
    padded = np.pad(np.minimum(response, strong), ((0, 0), (padding, padding)))
    sums = padded.ravel()[there].sum(axis=2)
    slope, at = divmod(int(sums.argmax()), width)
    rows = np.arange(count)
    track = np.rint(at + np.linspace(-0.5, 0.5, count) * slopes[slope]).astype(int)
    near = round(ALONG / step)
    columns = track[:, None] + np.arange(-near, near + 1)[None, :]
    inside = (columns >= 0) & (columns < width)
    seen = np.where(inside, response[rows[:, None], columns.clip(0, width - 1)], 0)
    peak = seen.argmax(axis=1)
    top = seen[rows, peak]
    # The peak's place between samples, by a parabola through it and its neighbours.
    before, after = (seen[rows, (peak + off).clip(0, 2 * near)] for off in (-1, 1))
    bend = before - 2 * top + after
    between = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0).clip(-0.5, 0.5)
    kept = top >= max(_LEAST_DARK, 0.35 * strong)
    return np.asarray(kept, np.bool_), (columns[rows, peak] + between - width // 2) * step


def _correction(points: Matrix, normals: Matrix, offsets: Matrix, outline: Box) -> Matrix:
    """The small homography in mm that moves each place by its offset along its normal.

    Linearised: a point moves by b + A p + (g·p) p, eight unknowns, each sample one equation; solved by
    iteratively reweighted least squares (Tukey's weights), lightly held towards no change.
    """
    middle = np.array(outline.centre)
    size = max(outline.width, outline.height) / 2
    near = (points - middle) / size
    x, y = near[:, 0], near[:, 1]
    nx, ny = normals[:, 0], normals[:, 1]
    dot = x * nx + y * ny
    system = np.column_stack([nx, ny, x * nx, y * nx, x * ny, y * ny, x * dot, y * dot])
    held = _HELD * len(points)
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
