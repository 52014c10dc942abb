"""Sheets on their way to the scanner: slips filled in on their printed page, cut out or not, and what lies between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np

from consentdesk.scanning.rehearsal.fill_in import Filled, Filling, SlipPlaces, SlipTruth, fill_in, rect
from consentdesk.scanning.rehearsal.hand import INKS, draw_hand
from consentdesk.scanning.rehearsal.levels import LevelName, Mode
from consentdesk.scanning.rehearsal.marks import MARKS
from consentdesk.scanning.rehearsal.pen import Canvas, Raster
from consentdesk.scanning.rehearsal.pieces import A4_MM, cut_out, lay_out
from consentdesk.scanning.rehearsal.scanner import Scan, Setting, scan
from consentdesk.scanning.rehearsal.strangers import blank_back, letter_page

Kind: TypeAlias = Literal["slip", "cut", "letter", "back", "stranger"]
"""A printed page with its slip, slips cut out, another printed page, a page's blank back, somebody's letter."""

_POINTS_PER_INCH = 72
_CUT_MM = 1.5
"""How far outside its frame a slip is cut out."""
_SPARE_MM = 4.0
"""Room that a cut slip needs on each side of its frame: the scissors' wobble, and some to lie askew."""


@dataclass(frozen=True)
class Written:
    """A printed slip and what a family writes on it; equal ones are the same piece of paper.

    `page` counts from 0 in the printed PDF, `code` is the typed code. On a `spoiled` one somebody has coloured
    in both QR codes.
    """

    page: int
    code: str
    places: SlipPlaces
    filling: Filling
    seed: int
    spoiled: bool = False


@dataclass(frozen=True)
class Sheet:
    """One side that goes through the scanner, `turn` quarter turns clockwise; `page` is for letters and backs."""

    kind: Kind
    level: LevelName
    seed: int
    slips: tuple[Written, ...] = ()
    page: int = 0
    turn: int = 0


@dataclass(frozen=True)
class SheetTruth:
    """What lies on one scanned side: its slips by their typed codes, and what befell them in the scanner."""

    kind: Kind
    level: LevelName
    damage: tuple[str, ...]
    slips: tuple[tuple[Written, SlipTruth], ...]


PageAt: TypeAlias = Callable[[int], Raster]
"""Renders a page of the printed PDF, counted from 0; the caller may write on it."""


def pages_of(document: Any, dpi: int, *, colour: bool) -> PageAt:
    """Render pages of a pypdfium2 document as (H, W, 3) BGR or (H, W) grey uint8."""

    def page_at(number: int) -> Raster:
        page = document[number]
        bitmap = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=not colour)
        pixels = np.array(bitmap.to_numpy(), np.uint8)
        bitmap.close()
        page.close()
        return pixels if colour else pixels.reshape(pixels.shape[:2])

    return page_at


def scan_sheet(page_at: PageAt, sheet: Sheet, dpi: int, mode: Mode) -> tuple[Scan, SheetTruth]:
    """Fill in the slips of `sheet` and scan it at `dpi`, the resolution that `page_at` renders at."""
    rng = np.random.default_rng(sheet.seed)
    setting = Setting(sheet.turn, dpi, mode)
    filled: list[Filled] = []
    back = None
    match sheet.kind:
        case "slip":
            page, on_paper = write_slip(page_at, sheet.slips[0], dpi)
            filled = [on_paper]
            back = partial(page_at, sheet.slips[0].page + 1)
        case "cut":
            written = [write_slip(page_at, slip, dpi) for slip in sheet.slips]
            filled = [on_paper for _, on_paper in written]
            pieces = [
                cut_out(raster, rect(slip.places.outline.grown(_CUT_MM)), dpi, rng)
                for (raster, _), slip in zip(written, sheet.slips, strict=True)
            ]
            page = lay_out(pieces, rng, turns="quarter").image
        case "letter":
            page = page_at(sheet.page)
        case "back":
            page = blank_back(page_at(sheet.page), rng)
        case "stranger":
            page = letter_page(rng, dpi)
    scanned = scan(page, dpi, sheet.level, rng, setting, back=back)
    truths = (paper.truth(faded=scanned.faded) for paper in filled)
    return scanned, SheetTruth(
        sheet.kind, sheet.level, scanned.damage, tuple(zip(sheet.slips, truths, strict=True))
    )


def write_slip(page_at: PageAt, written: Written, dpi: int) -> tuple[Raster, Filled]:
    """The printed page with the slip on it filled in; the same paper each time."""
    rng = np.random.default_rng(written.seed)
    page = page_at(written.page)
    canvas = Canvas(page, dpi)
    filled = fill_in(canvas, written.places, written.filling, rng)
    if written.spoiled:
        felt = draw_hand(rng, INKS["black felt tip"])
        for code in written.places.codes:
            MARKS["fill_solid"](canvas, rect(code), felt, rng)
    return page, filled


def fit_one_sheet(slips: Sequence[SlipPlaces]) -> bool:
    """Whether slips, cut out, can lie one below the other on a sheet of A4."""
    wide = max(slip.outline.width for slip in slips) + 2 * _SPARE_MM
    tall = sum(slip.outline.height + 2 * _SPARE_MM for slip in slips)
    return wide <= A4_MM[0] and tall <= A4_MM[1] - _SPARE_MM
