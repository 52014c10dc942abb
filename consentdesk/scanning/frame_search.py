"""A slip's printed frame looked for near where it should lie: along each side, the best straight dark line."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box
from consentdesk.scanning.pictures import Pixels, quantile

Numbers = NDArray[np.float64]
Floats = NDArray[np.float32]

BESIDE: Final = 0.875
"""How far in mm from the middle of its line a frame's paper must be lighter, on both sides."""
ALONG: Final = 0.625
"""How far in mm a frame's line may leave the straight."""
_LEAST_DARK: Final = 6.0
"""Grey values by which a line is darker than the paper at least."""


class Look(NamedTuple):
    """Where samples are taken: places along the frame (N×2 mm) and their outward normals (N×2).

    `sides` are slices of two sides each, opposite and so of as many places. `grid` holds N times `wide` samples
    across the frame, as homogeneous mm (3 × N·wide, float32), `step` mm apart and `margin` more of them at either
    end than the N × `width` places at which a line is looked for.
    """

    places: Numbers
    normals: Numbers
    sides: tuple[slice, ...]
    grid: NDArray[np.float32]
    step: float
    margin: int
    width: int

    @property
    def wide(self) -> int:
        return self.width + 2 * self.margin


@lru_cache(maxsize=64)
def look_along(outline: Box, reach: float, spacing: float, step: float) -> Look:
    """The samples for one frame; worked out once for each form."""
    parts = _sides(outline, spacing)
    places = np.concatenate([part for part, _ in parts])
    normals = np.concatenate([np.tile(normal, (len(part), 1)) for part, normal in parts])
    half = 2 * len(parts[0][0])
    sides = slice(0, half), slice(half, len(places))
    beside, steps = round(BESIDE / step), round(reach / step)
    margin = beside + 1
    shifts = step * np.arange(-steps - margin, steps + margin + 1)
    grid = places[:, None, :] + shifts[None, :, None] * normals[:, None, :]
    lifted = np.concatenate([grid.reshape(-1, 2).T, np.ones((1, grid.size // 2))])
    return Look(places, normals, sides, lifted.astype(np.float32), step, margin, 2 * steps + 1)


def _sides(box: Box, spacing: float) -> list[tuple[Numbers, tuple[float, float]]]:
    """Sample places along the four sides (N×2, mm), opposite ones together, each with its outward normal."""
    xs = np.arange(box.x0 + 2, box.x1 - 2, spacing)
    ys = np.arange(box.y0 + 2, box.y1 - 2, spacing)
    return [
        (np.column_stack([xs, np.full_like(xs, box.y0)]), (0.0, -1.0)),
        (np.column_stack([xs, np.full_like(xs, box.y1)]), (0.0, 1.0)),
        (np.column_stack([np.full_like(ys, box.x0), ys]), (-1.0, 0.0)),
        (np.column_stack([np.full_like(ys, box.x1), ys]), (1.0, 0.0)),
    ]


def find_line(grey: Pixels, matrix: Numbers, look: Look) -> tuple[NDArray[np.bool_], Numbers]:
    """At which of a look's places the frame's line was found, and how far outwards (mm) it lies there (N each).

    `matrix` is the homography (3x3) from mm to the page's px by which the frame is looked for.
    """
    response = _line_response(grey, matrix, look)
    found = [_straight(response[side].reshape(2, -1, look.width), look.step) for side in look.sides]
    return (
        np.concatenate([kept.ravel() for kept, _ in found]),
        np.concatenate([where.ravel() for _, where in found]),
    )


def _line_response(grey: Pixels, matrix: Numbers, look: Look) -> Floats:
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


class _Tracks(NamedTuple):
    """Straight tracks that a line may follow through a side's responses, widened by `padding` columns at either end.

    `moves` (tracks × places) is how many columns each leaves its middle at every place, `there` (tracks × middles ×
    places) the flat indices that it leads over.
    """

    padding: int
    moves: NDArray[np.intp]
    there: NDArray[np.intp]


@lru_cache(maxsize=256)
def _tracks(count: int, width: int, near: int) -> _Tracks:
    """The tracks through `count` places, each `width` columns wide; `near` columns beside one belong to it."""
    most = min(width // 2, 40)  # a side turned further than this runs out of what was sampled
    slopes = np.linspace(-most, most, 2 * (most // 3) + 1)
    moves = np.rint(np.linspace(-0.5, 0.5, count) * slopes[:, None]).astype(np.intp)
    padding = most // 2 + 1 + near
    starts = np.arange(count) * (width + 2 * padding) + padding + moves
    return _Tracks(padding, moves, starts[:, None, :] + np.arange(width)[None, :, None])


def _straight(response: Floats, step: float) -> tuple[NDArray[np.bool_], Numbers]:
    """The best straight line through each side's responses (sides × places × width).

    Which places follow it, and where across it each peaks (sides × places, mm).
    """
    sides, count, width = response.shape
    if count < 4:
        return np.zeros((sides, count), np.bool_), np.zeros((sides, count))
    near = round(ALONG / step)
    tracks = _tracks(count, width, near)
    wide = np.zeros((sides, count, width + 2 * tracks.padding), np.float32)
    wide[:, :, tracks.padding : -tracks.padding] = response
    strong = quantile(response.max(axis=2), 0.75, 1)[:, None]
    sums = np.minimum(wide, strong[:, :, None]).reshape(sides, -1)[:, tracks.there].sum(axis=3)
    track, middle = np.divmod(sums.reshape(sides, -1).argmax(axis=1), width)
    columns = middle[:, None] + tracks.moves[track]
    # Every place's first sample that belongs to the track, as a flat index.
    first = np.arange(sides * count).reshape(sides, count) * wide.shape[2] + columns + (tracks.padding - near)
    flat = wide.ravel()
    peak = flat[first[:, :, None] + np.arange(2 * near + 1)].argmax(axis=2)
    # The peak's place between samples, by a parabola through it and its neighbours on the track.
    top = flat[first + peak]
    before, after = flat[first + np.maximum(peak - 1, 0)], flat[first + np.minimum(peak + 1, 2 * near)]
    bend = np.minimum(before - 2 * top + after, -1e-9)
    between = np.minimum(np.maximum(0.5 * (before - after) / bend, -0.5), 0.5)
    kept = (top >= np.maximum(_LEAST_DARK, 0.35 * strong)) & (strong >= _LEAST_DARK)
    return np.asarray(kept, np.bool_), step * np.asarray(
        columns + peak + between - (near + width // 2), np.float64
    )
