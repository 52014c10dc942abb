"""What the blank form prints, and where on one slip each part of it really lies: paper stretches, folds and bends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.strokes import Mask
from consentdesk.scanning.zones import VIEW

_TILE_MM: Final = (13.0, 9.0)
_REACH: Final = 4
"""How far, in px of half the view's scale, a tile's print is looked for: 2 mm."""
_INKED, _PRINT_IN_TILE = 15, 12
"""A tile holds so many px (at half scale) as dark as a grey hairline at least."""
_FAR: Final = 8
"""On bent paper it is looked for that much further off (the same px): 4 mm."""
_BENT, _SOME = 5, 3
"""So many px of the view is far for a tile, and so many such tiles are no mistake."""
_SURE_PRINT, _ENOUGH = 80, 16
"""A tile with so much print (px) tells its shift surely; with fewer such tiles a slip's bend is not known."""
_ALIKE: Final = 0.4
"""A tile's print is known again from this correlation on."""
_INERTIA: Final = 0.004


@dataclass(frozen=True)
class Tile:
    """A part of the blank form in which something is printed.

    `rows` and `columns` are its place in the view (px), `print` its ink at half the view's scale (float32).
    """

    rows: slice
    columns: slice
    print: NDArray[np.float32]


@dataclass(frozen=True)
class BlankPrint:
    """The blank form's print in the slip's view.

    `tight` is all that is printed, as good as not widened; `masked` the same widened by what a scan blurs, with the
    places of what is printed for the child; `near` widened again, where the rims of a blurred print show; `rim` (all
    H×W uint8, 0 or 255) what lies round it where a print that is not in its place would show. `core` lists places
    (flat, int32) of px that are printed black. `bare` are the parts between the tiles, with
    nothing on them that could be found. `edges` (4×N) holds the tiles' tops, bottoms, lefts and rights, `rims`
    how many px lie at the very edge of each tile's print, 0 for those with no words, or with boxes or fields.
    `words` (0 or 255) is where the form's words stand.
    """

    tight: Pixels
    masked: Pixels
    near: Pixels
    rim: Pixels
    core: NDArray[np.int32]
    tiles: tuple[Tile, ...]
    bare: tuple[Tile, ...]
    edges: NDArray[np.int64]
    rims: NDArray[np.float64]
    words: Pixels


def blank_print(blank: Pixels, printed: Mask, masked_too: Mask, worded: Mask) -> BlankPrint:
    """Prepare a blank form's print: `blank` as rendered, `printed` its ink, `masked_too` what no ink counts in.

    `worded` is where the form has words and nobody is asked to write.
    """
    height, width = blank.shape
    tight = cv2.dilate(printed.astype(np.uint8) * 255, np.ones((5, 5), np.uint8))
    wide = cv2.dilate(tight, np.ones((13, 13), np.uint8))
    left_out = masked_too.astype(np.uint8) * 255
    masked = np.asarray(cv2.bitwise_or(tight, left_out), np.uint8)
    half = cv2.resize(255 - blank, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    soft = half.astype(np.float32)
    tiles: list[Tile] = []
    between: list[Tile] = []
    across, down = (round(side * VIEW / 2) for side in _TILE_MM)
    for top in range(0, soft.shape[0], down):
        for left in range(0, soft.shape[1], across):
            part = soft[top : top + down, left : left + across]
            rows, columns = slice(2 * top, 2 * (top + down)), slice(2 * left, 2 * (left + across))
            if int((part > _INKED).sum()) < _PRINT_IN_TILE:
                between.append(Tile(rows, columns, part[:0]))
                continue
            tiles.append(Tile(rows, columns, np.ascontiguousarray(part)))
    bare = cv2.bitwise_or(cv2.dilate(printed.astype(np.uint8) * 255, np.ones((3, 3), np.uint8)), left_out)
    edge = cv2.subtract(cv2.dilate(bare, np.ones((3, 3), np.uint8)), bare)
    core = np.flatnonzero((blank < 70) & ~masked_too)
    return BlankPrint(
        np.asarray(bare, np.uint8),
        masked,
        np.asarray(cv2.dilate(masked, np.ones((5, 5), np.uint8)), np.uint8),
        np.asarray(cv2.bitwise_and(wide, cv2.bitwise_not(masked)), np.uint8),
        core[:: max(1, len(core) // 4000)].astype(np.int32),
        tuple(tiles),
        tuple(between),
        np.array(
            [
                (t.rows.start, min(t.rows.stop, height), t.columns.start, min(t.columns.stop, width))
                for t in tiles
            ]
        ).T,
        np.array(
            [
                float(cv2.countNonZero(edge[tile.rows, tile.columns]))
                if worded[tile.rows, tile.columns].all()
                else 0.0
                for tile in tiles
            ]
        ),
        _words(printed, worded),
    )


def _words(printed: Mask, worded: Mask) -> Pixels:
    """Where words stand: what is printed but for long rules, a little widened."""
    mask = (printed & worded).astype(np.uint8) * 255
    rules: NDArray[Any] = np.zeros_like(mask)
    for shape in ((1, 33), (33, 1)):
        rules = np.maximum(rules, cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))
    words = cv2.subtract(mask, cv2.dilate(rules, np.ones((7, 7), np.uint8)))
    return np.asarray(cv2.dilate(words, np.ones((5, 5), np.uint8)), np.uint8)


def count_in_tiles(blank: BlankPrint, mask: Pixels) -> NDArray[np.float64]:
    """How many px of a mask (H×W, 0 or 255) lie in each tile."""
    sums = cv2.integral(mask)
    top, bottom, left, right = blank.edges
    within = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return np.asarray(within / 255, np.float64)


def settled(blank: BlankPrint, ink: Pixels, wanted: Sequence[int]) -> tuple[Pixels, Pixels]:
    """`masked` and `near` with the tiles that are `wanted` laid where their print is seen in `ink` (H×W uint8).

    Each tile is searched for by its correlation with the slip. Where one of them has gone far, the paper is bent (it
    was photographed, or crumpled), and all of the slip is laid out anew.
    """
    framed = _framed(ink)
    found = [(blank.tiles[number], _shift_of(framed, blank.tiles[number])) for number in wanted]
    if sum(max(abs(shift[0]), abs(shift[1])) >= _BENT for _, shift in found) >= _SOME:
        found = _bent(blank, framed)
    masks = blank.masked, blank.near
    for tile, (right, down) in found:
        if (right, down) != (0, 0):
            if masks[0] is blank.masked:
                masks = blank.masked.copy(), blank.near.copy()
            for mask, base in zip(masks, (blank.masked, blank.near), strict=True):
                _lay(mask, base, tile, right, down)
    return masks


def _bent(blank: BlankPrint, framed: NDArray[np.float32]) -> list[tuple[Tile, tuple[int, int]]]:
    """Every part of a bent slip, printed or not, and its shift: each is looked for near where its neighbours say.

    A smooth surface (third powers of the place) goes through the shifts of the tiles that hold enough print to be
    known for certain; what leaves it is outvoted (Tukey's weights).
    """
    worded = [tile for tile in blank.tiles if int((tile.print > _INKED).sum()) >= _SURE_PRINT]
    if len(worded) < _ENOUGH:
        return [(tile, _shift_of(framed, tile)) for tile in blank.tiles]
    shape = blank.masked.shape
    surface = _powers([_middle(tile) for tile in worded], shape)
    shifts = np.array([_shift_of(framed, tile) for tile in worded], np.float64)
    weights = np.ones(len(worded))
    held = 1e-2 * np.eye(surface.shape[1])
    for _ in range(8):
        weighted = surface * weights[:, None]
        bend = np.linalg.solve(weighted.T @ surface + held, weighted.T @ shifts)
        off = np.hypot(*(shifts - surface @ bend).T)
        spread = max(1.0, 1.5 * float(np.median(off)))
        weights = np.clip(1 - (off / (3 * spread)) ** 2, 0, None) ** 2
    cells = list(blank.tiles) + list(blank.bare)
    expected = np.rint(_powers([_middle(cell) for cell in cells], shape) @ bend).astype(int).tolist()
    most = 2 * _FAR
    laid = []
    for cell, (right, down) in zip(cells, expected, strict=True):
        near = max(-most, min(most, right)), max(-most, min(most, down))
        laid.append((cell, _shift_of(framed, cell, near) if cell.print.size else near))
    return laid


def _middle(tile: Tile) -> tuple[float, float]:
    return (tile.columns.start + tile.columns.stop) / 2, (tile.rows.start + tile.rows.stop) / 2


def _powers(places: Sequence[tuple[float, float]], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Up to the third powers of places (px), each from -1 to 1 over the view."""
    x, y = (np.array(places) / (shape[1] / 2, shape[0] / 2) - 1).T
    return np.column_stack([x**i * y**j for i in range(4) for j in range(4 - i)])


def left_bare(blank: BlankPrint, ink: Pixels, over: Pixels, number: int) -> Pixels:
    """What of `over` (H×W, 0 or 255) the print of a tile leaves bare, when its quarters are laid where they fit.

    A crease may run through a tile, and then its parts have moved apart.
    """
    framed = _framed(ink)
    tile = blank.tiles[number]
    high, wide = tile.print.shape
    left = over[tile.rows, tile.columns].copy()
    mask = blank.tight.copy()
    for rows in (slice(0, high // 2), slice(high // 2, high)):
        for columns in (slice(0, wide // 2), slice(wide // 2, wide)):
            part = np.ascontiguousarray(tile.print[rows, columns])
            top, side = tile.rows.start + 2 * rows.start, tile.columns.start + 2 * columns.start
            quarter = Tile(slice(top, top + 2 * part.shape[0]), slice(side, side + 2 * part.shape[1]), part)
            bare = over[quarter.rows, quarter.columns]
            found = []
            for right, down in {(0, 0), _shift_of(framed, tile), _shift_of(framed, quarter)}:
                _lay(mask, blank.tight, quarter, right, down)
                found.append(cv2.subtract(bare, mask[quarter.rows, quarter.columns]))
            least = min(found, key=cv2.countNonZero)
            left[2 * rows.start : 2 * rows.start + bare.shape[0], 2 * columns.start :][:, : bare.shape[1]] = (
                least
            )
    return left


def _framed(ink: Pixels) -> NDArray[np.float32]:
    """The ink at half the view's scale with bare paper round it."""
    height, width = (side // 2 for side in ink.shape)
    half = cv2.resize(ink[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    return cv2.copyMakeBorder(half, *(_REACH + _FAR,) * 4, cv2.BORDER_CONSTANT).astype(np.float32)


def _shift_of(framed: NDArray[np.float32], tile: Tile, near: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """How far, in px of the view, a tile's print lies to the right and down; `near` where it is not known again."""
    right, down = round(near[0] / 2), round(near[1] / 2)
    top, left = tile.rows.start // 2 + _FAR + down, tile.columns.start // 2 + _FAR + right
    high, wide = tile.print.shape
    around = framed[top : top + high + 2 * _REACH, left : left + wide + 2 * _REACH]
    alike = cv2.subtract(cv2.matchTemplate(around, tile.print, cv2.TM_CCOEFF_NORMED), _FAR_OFF)
    _, best, _, (x, y) = cv2.minMaxLoc(alike)
    if best < _ALIKE:
        return near
    return 2 * right + _between(alike[y], x), 2 * down + _between(alike[:, x], y)


def _between(row: NDArray[Any], at: int) -> int:
    """The peak's place by a parabola through it and its neighbours, in px of the view off the middle."""
    off = 0.0
    if 0 < at < len(row) - 1:
        before, here, after = row[at - 1 : at + 2].tolist()
        bend = before - 2 * here + after
        off = 0.5 * (before - after) / bend if bend < -1e-6 else 0.0
    return round(2 * (at - _REACH + off))


def _lay(mask: Pixels, base: Pixels, tile: Tile, right: int, down: int) -> None:
    height, width = base.shape
    top, bottom = max(tile.rows.start, down), min(tile.rows.stop, height, height + down)
    left, end = max(tile.columns.start, right), min(tile.columns.stop, width, width + right)
    if top < bottom and left < end:
        mask[top:bottom, left:end] = base[top - down : bottom - down, left - right : end - right]


def _far_off() -> NDArray[np.float32]:
    steps = np.arange(-_REACH, _REACH + 1) ** 2
    return (_INERTIA * (steps[:, None] + steps[None, :])).astype(np.float32)


_FAR_OFF: Final = _far_off()
"""A line alone looks the same anywhere along itself: a little inertia keeps it where it should be."""
