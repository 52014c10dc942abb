"""Where a slip lies on the page: a homography from its codes, then drawn tight on its printed frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.frame_search import Look, find_line, look_along
from consentdesk.scanning.pictures import Pixels, quantile

Matrix = NDArray[np.float64]

COARSE: Final = (10.0, 0.25)
"""Distance in mm of the places along the frame where its line is first looked for, and of the samples across it."""
FAR: Final = (5.0, 0.25)
"""The same where little is known of where the frame lies."""
FINE: Final = (5.0, 0.125)
"""The same for the second look, which measures."""
NEAR: Final = 3.0
"""How far in mm the frame lies at most from where two codes put it."""
_LEAST_SAMPLES: Final = 12
_LEAST_DEPTH: Final = 0.2
"""How near a slip's nearest part may be to the camera, as a share of its furthest."""
_SETTLED: Final = 0.05
"""What would move by less than this share of a look's step need not be solved for again."""
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
    # As complex numbers: a turn and scale is one factor, a mirror image the same of the conjugate. So few of them are
    # sooner added up by Python itself.
    plane, seen = _about_their_middle(places), _about_their_middle(pixels)
    size = sum(abs(here) ** 2 for here in plane.points)
    both = list(zip(plane.points, seen.points, strict=True))
    factor = sum(here.conjugate() * there for here, there in both) / size
    mirrored = sum(here * there for here, there in both) / size
    # What looks as well either way round, to the last digits, contradicts itself.
    if abs(factor) <= abs(mirrored) * (1 + 1e-9) or abs(factor) < 1e-6:
        return None
    shift = seen.middle - factor * plane.middle
    return np.array(
        [[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag], [0, 0, 1]],
        np.float64,
    )


class _Centred(NamedTuple):
    middle: complex
    points: list[complex]


def _about_their_middle(points: Matrix) -> _Centred:
    numbers = [complex(x, y) for x, y in points.tolist()]
    middle = sum(numbers) / len(numbers)
    return _Centred(middle, [number - middle for number in numbers])


def tighten(grey: Pixels, layout: SlipLayout, matrix: Matrix, *, reach: float) -> Placement:
    """Draw the homography tight on the printed frame, looked for within `reach` mm on either side.

    Each side votes with a straight line (a Hough transform over its samples), so that a torn, stained or
    crossed side is outvoted; then the eight parameters are solved for, weighted against outliers. A first,
    coarse look brings the frame near; the second measures it, and tells how much of it was found.
    """
    coarse = COARSE if reach <= NEAR else FAR
    nearer = _drawn(grey, matrix, look_along(layout.outline, reach, *coarse), layout.outline)
    if nearer.matrix is matrix:
        return nearer
    return _drawn(grey, nearer.matrix, look_along(layout.outline, 1.0, *FINE), layout.outline)


def _drawn(grey: Pixels, matrix: Matrix, look: Look, outline: Box) -> Placement:
    """The homography as one look corrects it, and the share of the frame that this found.

    It is the very same where too little was found.
    """
    if not _is_seen(matrix, outline):
        return Placement(matrix, 0.0)
    kept, offsets = find_line(grey, matrix, look)
    fit = float(kept.mean())
    if int(kept.sum()) < _LEAST_SAMPLES:
        return Placement(matrix, fit)
    moved = matrix @ _correction(look, kept, offsets[kept], outline)
    return Placement(moved / moved[2, 2], fit)


def _is_seen(matrix: Matrix, outline: Box) -> bool:
    """Whether the whole frame, and some paper round it, lies before the camera; of a nonsense matrix it does not."""
    depth = corners_of(outline.grown(20.0)) @ matrix[2, :2] + matrix[2, 2]
    return bool(np.isfinite(matrix).all() and depth.min() > _LEAST_DEPTH * depth.max() > 0)


def frame_offsets(grey: Pixels, layout: SlipLayout, matrix: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Places along the frame (N×2 mm) where its line is seen, their normals, and how far outwards (N mm) it lies."""
    look = look_along(layout.outline, 1.0, *FINE)
    kept, offsets = find_line(grey, matrix, look)
    return look.places[kept], look.normals[kept], offsets[kept]


def _correction(look: Look, kept: NDArray[np.bool_], offsets: Matrix, outline: Box) -> Matrix:
    """The small homography in mm that moves each place that is `kept` by its offset along its normal.

    Linearised: a point moves by b + A p + (g·p) p, eight unknowns, each sample one equation; solved by
    iteratively reweighted least squares (Tukey's weights), lightly held towards no change.
    """
    points, normals = look.places[kept], look.normals[kept]
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
        before, solution = solution, np.linalg.solve(weighted.T @ system + held, weighted.T @ offsets)
        if np.abs(solution - before).max() < _SETTLED * look.step:
            break
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
