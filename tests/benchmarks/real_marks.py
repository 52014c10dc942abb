"""Real marks from other people's forms, set into a slip of ours in place of its boxes, and read.

The samples are crops with a printed box in the middle. Each is scaled until its box is exactly our box; of what
lies round it only `MARGIN` is kept, so that the other form's digits and frames stay out. The slip's own boxes are
all replaced, the partner by an empty box of the same kind of capture: so print and marks are as dark as each other,
as on one scan.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from consentdesk.model.decision import decide_pair
from consentdesk.model.layout import Box, SlipTemplate
from consentdesk.model.reading import PairReading
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.sheets import pages_of
from consentdesk.scanning.templates import Template, prepare

Pixels = NDArray[np.uint8]

DPI = 200
MARGIN = 1.2
"""What is kept round a box, in mm of our page; the outer third of it fades into the paper."""
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


class Result(NamedTuple):
    """What was seen of one real mark in a Yes box, whose No box was empty; None where its slip was not found."""

    crop: Crop
    pair: PairReading | None

    @property
    def answer(self) -> str:
        """What the machine would say by itself of the two boxes: yes, no or review."""
        return decide_pair(self.pair).answer if self.pair else "review"

    @property
    def reason(self) -> str | None:
        """Why it asks, where it does."""
        return decide_pair(self.pair).reason if self.pair else "lost"


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
        big = cv2.warpAffine(big, _turn(big.shape, angle), big.shape[::-1], borderValue=paper)
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


def _turn(shape: Sequence[int], angle: float) -> NDArray[np.float64]:
    return np.asarray(
        cv2.getRotationMatrix2D((shape[1] / 2 - 0.5, shape[0] / 2 - 0.5), angle, 1.0), np.float64
    )


def set_in(page: Pixels, box: Box, crop: Crop) -> float:
    """Put the crop's box in place of `box` on a grey page of `DPI`; the share of the mark's ink that was cut off."""
    scale = DPI / 25.4
    reach = MARGIN * scale
    found = crop.box
    side = box.width * scale
    factor = side / (found.x1 - found.x0)
    corner = (box.x0 * scale - 0.5, box.y0 * scale - 0.5)
    left, top = (round(at - reach) for at in corner)
    size = (round(corner[0] + side + reach) - left, round(corner[1] + side + reach) - top)
    matrix = np.array(
        [
            [factor, 0, corner[0] - left - factor * found.x0],
            [0, factor, corner[1] - top - factor * found.y0],
            [0, 0, 1],
        ]
    )
    ink = _own_ink(crop)
    if found.angle:
        matrix = matrix @ np.vstack([_turn(ink.shape, found.angle), [0, 0, 1]])
    if factor < 1:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.4 / factor)
    seen = cv2.warpAffine(ink, matrix[:2], size, flags=cv2.INTER_LINEAR)
    rim = np.minimum(*np.meshgrid(*(_from_end(length) for length in size)))
    seen *= np.clip(rim / (reach / 3), 0, 1)
    page[top : top + size[1], left : left + size[0]] = np.rint(255 * (1 - seen)).astype(np.uint8)
    return max(0.0, 1 - float(seen.sum()) / max(1e-6, float(ink.sum()) * factor**2))


def _own_ink(crop: Crop) -> NDArray[np.float32]:
    """The crop as ink, 0 paper to 1 black, without what hangs together neither with its box nor with what is in it."""
    paper = float(np.percentile(crop.image, 85))
    ink = np.clip(1 - crop.image.astype(np.float32) / paper, 0, 1)
    dark = ink > 0.4 * float(np.percentile(ink, 97))
    count, labels = cv2.connectedComponents(dark.astype(np.uint8), connectivity=8)
    at_box = np.zeros(dark.shape, np.uint8)
    found = crop.box
    corners = np.array(
        [[found.x0, found.y0], [found.x1, found.y0], [found.x1, found.y1], [found.x0, found.y1]]
    )
    if found.angle:
        back = cv2.invertAffineTransform(_turn(dark.shape, found.angle))
        corners = corners @ back[:, :2].T + back[:, 2]
    cv2.fillPoly(at_box, [np.rint(corners).astype(np.int32)], 1)
    own = np.zeros(count, np.bool_)
    own[np.unique(labels[(at_box > 0) & dark])] = True
    own[0] = True
    alien = cv2.dilate((~own[labels]).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    ink[alien & (at_box == 0)] = 0
    return np.asarray(ink, np.float32)


def _from_end(length: int) -> NDArray[np.float64]:
    """How far each px lies from the nearer end."""
    at = np.arange(length)
    return np.minimum(at, length - 1 - at).astype(np.float64)


def _evenness(crop: Crop) -> float:
    """How much the four lines of an empty box differ in darkness: where one is thicker, a pen might hide in it."""
    box = crop.box
    rows, columns = slice(round(box.y0) + 3, round(box.y1) - 2), slice(round(box.x0) + 3, round(box.x1) - 2)
    ink = np.pad(_own_ink(crop), 4)[4:, 4:]
    across = (max(0, round(edge) - 3) for edge in (box.x0, box.x1, box.y0, box.y1))
    left, right, top, bottom = (slice(low, low + 7) for low in across)
    sides = [ink[rows, left], ink[rows, right], ink[top, columns].T, ink[bottom, columns].T]
    masses = [float(side.sum(axis=1).mean()) for side in sides]
    return float(np.std(masses) / np.mean(masses))


def partners(every: Sequence[Crop]) -> list[Crop]:
    """The empty boxes that stand for No: those with the most even lines and nothing printed inside."""
    empties = [
        crop for crop in every if crop.kind == "empty" and "letter" not in crop.note and not crop.box.angle
    ]
    return sorted(empties, key=_evenness)[:6]


def _pages(
    meant: Sequence[Crop], blank: Pixels, pairs: Sequence[tuple[Box, Box]]
) -> Iterator[tuple[Pixels, Sequence[Crop]]]:
    """Slips whose Yes boxes are the crops of `meant`, and whose No boxes are empty ones of the same capture."""
    empties = cycle(partners(meant))
    for start in range(0, len(meant), len(pairs)):
        page = blank.copy()
        taken = meant[start : start + len(pairs)]
        filled = [*taken, *(next(empties) for _ in range(len(pairs) - len(taken)))]
        for crop, (yes, no) in zip(filled, pairs, strict=True):
            set_in(page, yes, crop)
            set_in(page, no, next(empties))
        yield page, taken


def read_all(every: Sequence[Crop], template: SlipTemplate, printed: Path, number: int) -> list[Result]:
    """Set all whole crops into slips and read them; page `number` (from 0) of `printed`, a PDF, holds that version."""
    ready: dict[str, Template] = {template.tag: prepare(template)}
    with pdfium.PdfDocument(printed) as document:
        blank = pages_of(document, DPI, colour=False)(number)
    pairs = [(pair.yes, pair.no) for pair in template.layout.questions]
    results: list[Result] = []
    for capture in ("scan", "phone"):
        ours = [crop for crop in every if crop.capture == capture and crop.is_whole]
        for page, taken in _pages(ours, blank, pairs):
            slips = read_page(page, 1, ready).slips
            seen = slips[0].pairs if len(slips) == 1 else ()
            results += (
                Result(crop, seen[number] if number < len(seen) else None)
                for number, crop in enumerate(taken)
            )
    return results


def shares(results: Sequence[Result]) -> dict[tuple[str, str], tuple[int, int]]:
    """By capture and kind: how many were a yes without asking, of how many."""
    return {
        key: (sum(one.answer == "yes" for one in group), len(group))
        for key, group in _grouped(results).items()
    }


def _grouped(results: Sequence[Result]) -> dict[tuple[str, str], list[Result]]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for one in results:
        groups.setdefault((one.crop.capture, one.crop.kind), []).append(one)
    return dict(sorted(groups.items()))


def reasons(results: Sequence[Result]) -> dict[tuple[str, str], Counter[str]]:
    """By capture and kind: what the machine said, or why it asked."""
    return {
        key: Counter(one.reason or one.answer for one in group) for key, group in _grouped(results).items()
    }
