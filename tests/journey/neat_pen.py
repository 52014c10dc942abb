"""A neat hand and a good scanner: crosses and waves, so that a journey does not hang on how well marks are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from consentdesk.model.layout import Box, BoxPair
from consentdesk.printing.manifest import ManifestSlip

Word: TypeAlias = Literal["yes", "no", "both"]
Page: TypeAlias = NDArray[np.uint8]

DPI = 200
_SCALE = DPI / 25.4
_INK = 50


@dataclass(frozen=True)
class Filling:
    """What is written on a slip: answers by purpose, who signs, and whether both codes are coloured in."""

    answers: Mapping[str, Word]
    signed: bool = True
    pupil_answers: Mapping[str, Word] | None = None
    spoiled: bool = False


def printed_pages(pdf: Path) -> list[Page]:
    """The pages of a printed PDF as grey pictures, such as a scanner with clean glass makes."""
    with pdfium.PdfDocument(pdf) as document:
        return [
            np.array(page.render(scale=DPI / 72, grayscale=True).to_numpy(), np.uint8).squeeze()
            for page in document
        ]


def fill_in(page: Page, slip: ManifestSlip, filling: Filling) -> Page:
    """A copy of a printed page with its slip filled in, dated and named."""
    filled = page.copy()
    _answer(filled, slip.questions, filling.answers)
    _write(filled, slip.date, waves=3)
    _write(filled, slip.printed_name, waves=5)
    _write(filled, slip.relationship, waves=4)
    if filling.signed:
        _write(filled, slip.signature, waves=6)
    if filling.pupil_answers is not None and slip.pupil_signature is not None:
        _answer(filled, slip.pupil_questions, filling.pupil_answers)
        _write(filled, slip.pupil_signature, waves=5)
    for code in slip.codes if filling.spoiled else ():
        cv2.rectangle(filled, _at(code.x0 + 2, code.y0 + 2), _at(code.x1 - 2, code.y1 - 2), _INK, -1)
    return filled


def write_scans(path: Path, pages: Sequence[Page]) -> None:
    """Pages as a scanner's PDF: one JPEG each."""
    first, *rest = (Image.fromarray(page) for page in pages)
    first.save(path, save_all=True, append_images=rest, resolution=DPI)


def blank() -> Page:
    """The bare back of a sheet."""
    return np.full((round(297 * _SCALE), round(210 * _SCALE)), 250, np.uint8)


def stranger() -> Page:
    """Somebody's typed letter."""
    page = blank()
    for line in range(20):
        cv2.putText(page, "Dear Sir or Madam, about the dinner money", (150, 200 + 60 * line), 0, 1.2, 30, 2)
    return page


def _answer(page: Page, questions: Sequence[BoxPair], answers: Mapping[str, Word]) -> None:
    for question in questions:
        word = answers.get(question.purpose)
        if word in ("yes", "both"):
            _cross(page, question.yes)
        if word in ("no", "both"):
            _cross(page, question.no)


def _cross(page: Page, box: Box) -> None:
    inner = box.grown(-1.0)
    _stroke(page, [(inner.x0, inner.y0), (inner.x1, inner.y1)])
    _stroke(page, [(inner.x0, inner.y1), (inner.x1, inner.y0)])


def _write(page: Page, box: Box, waves: int) -> None:
    """Something like a word in the left half of a space, clear of its edges."""
    x = np.linspace(box.x0 + 2, box.x0 + 2 + min(waves * 5.0, 0.6 * box.width), 160)
    tall = min(0.3 * box.height, 2.2)
    y = box.centre[1] + tall * np.sin(np.linspace(0, 2 * np.pi * waves, 160)) * np.linspace(1, 0.5, 160)
    _stroke(page, list(zip(x, y, strict=True)))


def _stroke(page: Page, points: Sequence[Any]) -> None:
    drawn = np.array([[(x * _SCALE * 16, y * _SCALE * 16) for x, y in points]]).round().astype(np.int32)
    cv2.polylines(page, drawn, False, _INK, max(1, round(0.5 * _SCALE)), cv2.LINE_AA, 4)


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * _SCALE), round(y * _SCALE)
