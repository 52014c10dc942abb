"""Real marks from other people's forms, set into a slip of ours in place of its boxes, and read.

The samples are crops with a printed box in the middle. Each is scaled until its box is exactly our box, outline and
all; the paper's own shades are evened out, the crop's rim is faded into our paper, and the other form's digits and
frames stay out. The slip's own boxes are all replaced, the partner by an empty box of the same kind of capture: so
print and marks are as dark as each other, as on one scan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium

from consentdesk.model.decision import decide_pair
from consentdesk.model.layout import Box, SlipTemplate
from consentdesk.model.reading import PairReading
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.sheets import pages_of
from consentdesk.scanning.templates import Template, prepare
from tests.benchmarks.crops import Crop, Pixels, crops
from tests.benchmarks.transplant import DPI, PAPER, partners, set_in

__all__ = ["Crop", "Result", "crops", "read_all", "reasons", "shares"]


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
        blank = (pages_of(document, DPI, colour=False)(number) * (PAPER / 255)).astype(np.uint8)
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
