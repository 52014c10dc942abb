"""The samples of real marks as crops, and the printed box in the middle of each."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

WHOLE = 0.45
"""The least share of each of its four lines that a box must show: others are cut off by the crop's edge."""


class FoundBox(NamedTuple):
    """The printed box of a crop, to the middle of its lines in px, once the crop is turned by `angle` degrees.

    `lines` is the share of its weakest side that is dark.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    angle: float
    lines: float


@dataclass(frozen=True)
class Crop:
    """One sample. `kind` is cross, tick, empty, fill, scribble or stroke; `capture` is scan or phone."""

    file: str
    kind: str
    capture: str
    note: str
    image: Pixels
    box: FoundBox

    @property
    def is_whole(self) -> bool:
        """Whether the crop shows its box whole."""
        return self.box.lines >= WHOLE


def crops(samples: Path) -> list[Crop]:
    """Every sample with its box."""
    folder = samples / "marks"
    found = []
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            image = np.asarray(cv2.imread(str(folder / row["file"]), cv2.IMREAD_GRAYSCALE), np.uint8)
            capture = "scan" if row["capture"] == "scan" else "phone"
            box = find_box(image, phone=capture == "phone")
            found.append(Crop(row["file"], row["kind"], capture, row["note"], image, box))
    return found


_WORK = 128
"""Longer side in px of the crop while its box is sought."""
_PAD = 8
_STRAIGHT = 0.75


def find_box(image: Pixels, *, phone: bool) -> FoundBox:
    """The square of dark lines with the most contrast to what lies on both sides of them.

    The phones' boxes are half as wide as their crop and in its middle, with a second frame about some; those of
    the scans are wider, may touch the crop's edge, and a few stand askew.
    """
    best = _best_square(image, 0, phone=phone)
    if not phone and best[1].lines < _STRAIGHT:
        turned = (_best_square(image, angle, phone=phone) for angle in (-10, -8, -6, -4, -2, 2, 4, 6, 8, 10))
        best = max([best, *turned], key=lambda found: found[0])
    return best[1]


def _best_square(image: Pixels, angle: float, *, phone: bool) -> tuple[float, FoundBox]:
    scale = _WORK / max(image.shape)
    paper = int(np.percentile(image, 85))
    big = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    big = cv2.copyMakeBorder(big, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_CONSTANT, value=paper)
    if angle:
        big = cv2.warpAffine(big, turn(big.shape, angle), big.shape[::-1], borderValue=paper)
    shades = max(20.0, paper - float(np.percentile(image, 3)))
    dark = np.clip((paper - big.astype(np.float32)) / shades, 0, 1)
    line = max(3, round(_WORK * 0.03))
    shares = np.arange(0.42, 0.6, 0.0125) if phone else np.arange(0.5, 0.74, 0.0125)
    best: tuple[float, FoundBox] | None = None
    for side in sorted({round(share * _WORK) for share in shares}):
        score, weakest = _square_scores(dark, side, line, centred=1.2 if phone else 0.15)
        if score.size == 0:
            continue
        y, x = np.unravel_index(int(score.argmax()), score.shape)
        if best is None or score[y, x] > best[0]:
            x0, y0 = ((at + (line - 1) / 2 - _PAD + 0.5) / scale - 0.5 for at in (x, y))
            size = side / scale
            best = (
                float(score[y, x]) - 0.02 * abs(angle),
                FoundBox(x0, y0, x0 + size, y0 + size, angle, float(weakest[y, x])),
            )
    assert best is not None
    return best


def _square_scores(
    dark: NDArray[np.float32], side: int, line: int, *, centred: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For every place of a square's top left corner: how much it looks like a box, and its weakest side."""
    height, width = dark.shape
    away = round(2.2 * line)
    rows, columns = height - side - line, width - side - line
    wide = cv2.boxFilter(dark, -1, (side, line), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    tall = cv2.boxFilter(dark, -1, (line, side), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    wide, tall = (np.pad(one, away) for one in (wide, tall))

    def sides(off: int) -> NDArray[np.float32]:
        """The four sides moved outwards by `off`: the mean darkness along each."""
        ys, xs = slice(away, away + rows), slice(away, away + columns)
        return np.stack(
            [
                wide[away - off : away - off + rows, xs],
                wide[away + side + off : away + side + off + rows, xs],
                tall[ys, away - off : away - off + columns],
                tall[ys, away + side + off : away + side + off + columns],
            ]
        )

    edges = sides(0)
    y, x = np.mgrid[:rows, :columns]
    off_y = np.abs(y + (side + line - height) / 2) / height
    off_x = np.abs(x + (side + line - width) / 2) / width
    score = edges.sum(axis=0) + 2 * edges.min(axis=0) - 0.6 * sides(away).sum(axis=0)
    score -= 0.25 * sides(-away).sum(axis=0) + 1.2 * off_y + centred * off_x
    return score, edges.min(axis=0)


def turn(shape: Sequence[int], angle: float) -> NDArray[np.float64]:
    """The matrix (2, 3) that turns a picture of this shape about its middle, by degrees anticlockwise."""
    return np.asarray(
        cv2.getRotationMatrix2D((shape[1] / 2 - 0.5, shape[0] / 2 - 0.5), angle, 1.0), np.float64
    )
