"""One sheet of the exam in a worker process: filled in, scanned, read, and laid beside what stands on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from consentdesk.model.consent import Answer
from consentdesk.model.decision import decide
from consentdesk.model.layout import Box, BoxPair, SlipLayout, SlipTemplate
from consentdesk.model.reading import Outcome, PageReading, SlipReading
from consentdesk.model.slip import parse, typed_code
from consentdesk.scanning.align import corners_of
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.fill_in import AnswerTruth, SlipTruth
from consentdesk.scanning.rehearsal.levels import LevelName
from consentdesk.scanning.rehearsal.sheets import SheetTruth, pages_of, scan_sheet
from consentdesk.scanning.templates import Template, prepare
from tests.benchmarks.contact_sheet import Picture
from tests.benchmarks.exam_papers import Aim, Printed, Question, Seat, kind_of, question

Pixels = NDArray[np.uint8]

_SIGNED = {True: "signed", False: "unsigned", None: "unsure"}


class Marked(NamedTuple):
    """What became of one question. `verdict` is right, review, lost, wrong yes or wrong no; `reason` is why it was
    asked. `scan` is how the page was scanned: the pen, the resolution, the mode.
    """

    kind: str
    clear: bool
    verdict: str
    reason: str
    scan: tuple[str, str, str]


class MarkedSheet(NamedTuple):
    """What became of one sheet: the fate of each slip (read, tray or gone), its questions, its signatures as they are
    and as they were seen, the guardian's and the pupil's alike, and pictures of what failed.
    """

    level: LevelName
    fates: tuple[str, ...]
    questions: tuple[Marked, ...]
    signed: tuple[tuple[bool, bool | None], ...]
    failures: tuple[Picture, ...]


@dataclass(frozen=True)
class Exam:
    """What every worker knows: the print runs, the form versions, and what the exam is about."""

    prints: Printed
    templates: Sequence[SlipTemplate]
    aim: Aim


class _Worker(NamedTuple):
    exam: Exam
    ready: dict[str, Template]


_worker: list[_Worker] = []
"""In a worker process alone: what it was started with."""


def start(exam: Exam) -> None:
    """Make a worker ready."""
    cv2.setNumThreads(1)
    _worker[:] = [_Worker(exam, {one.tag: prepare(one) for one in exam.templates})]


def mark(seats: Sequence[Seat]) -> list[MarkedSheet]:
    """In a worker process: the sheets of these seats."""
    (worker,) = _worker
    return [_mark_one(seat, worker) for seat in seats]


def picture_of(seat: Seat, exam: Exam) -> tuple[Pixels, SheetTruth]:
    """The scan of one seat, and what is on it."""
    asked = question(exam.prints, seat, exam.aim)
    scanned, truth = _scan(asked)
    return scanned, truth


def _scan(asked: Question) -> tuple[Pixels, SheetTruth]:
    with pdfium.PdfDocument(asked.printed) as document:
        page_at = pages_of(document, asked.dpi, colour=asked.mode == "colour")
        scanned, truth = scan_sheet(page_at, asked.sheet, asked.dpi, asked.mode)
    return scanned.image, truth


def _mark_one(seat: Seat, worker: _Worker) -> MarkedSheet:
    asked = question(worker.exam.prints, seat, worker.exam.aim)
    image, truth = _scan(asked)
    page = read_page(image, 1, worker.ready)
    marking = _Marking(asked, image, f"{seat.seed} {seat.level} {seat.number}, {asked.dpi} dpi {asked.mode}")
    unnamed = _unnamed(page)
    for (written, slip), special in zip(truth.slips, asked.special, strict=True):
        seen = next((one for one in page.slips if _code_of(one) == written.code and one.pairs), None)
        if seen is not None:
            marking.read(slip, special, seen, worker.ready[seen.tag or ""].layout)
        else:
            marking.unread(slip, special, "tray" if unnamed else "gone", truth.damage)
            unnamed -= bool(unnamed)
    return MarkedSheet(
        seat.level,
        tuple(marking.fates),
        tuple(marking.marked),
        tuple(marking.signed),
        tuple(marking.failures),
    )


@dataclass
class _Marking:
    """Marks one sheet, slip by slip; `where` is the sheet's name on the pictures of what failed."""

    asked: Question
    image: Pixels
    where: str
    fates: list[str] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    signed: list[tuple[bool, bool | None]] = field(default_factory=list)
    failures: list[Picture] = field(default_factory=list)

    def unread(self, truth: SlipTruth, special: str, fate: str, damage: Sequence[str]) -> None:
        """A slip of which nothing was read."""
        self.fates.append(fate)
        lost = Answer("review", "lost")
        for pupils, part in enumerate((truth.answers, truth.pupil_answers)):
            self.marked += [self._mark(one, lost, special, pupils) for one in part]
        self._fail(_small(self.image), f"{fate}: {', '.join(damage)}", wrong=fate == "gone")

    def read(self, truth: SlipTruth, special: str, seen: SlipReading, layout: SlipLayout) -> None:
        """A slip that was read: what the machine would record of it by itself, beside what stands there."""
        self.fates.append("read")
        decision = decide(seen)
        parts = (
            (truth.answers, decision.answers, layout.questions),
            (truth.pupil_answers, decision.pupil_answers or {}, layout.pupil_questions),
        )
        for pupils, (truths, answers, boxes) in enumerate(parts):
            for one, pair in zip(truths, boxes, strict=True):
                result = self._mark(one, answers[one.purpose], special, pupils)
                self.marked.append(result)
                wrong = result.verdict.startswith("wrong")
                if wrong or (result.clear and result.verdict == "review"):
                    told = f"{result.reason or result.verdict}: {one.case}, {one.pen}"
                    self._fail(_pair_of(self.image, seen, layout.outline, pair), told, wrong=wrong)
        for was, said, place in (
            (truth.signed, decision.signed, layout.signature),
            (truth.pupil_signed, decision.pupil_signed, layout.pupil_signature),
        ):
            if place is None:
                continue
            self.signed.append((was, said))
            if was is not said and (was or said):
                told = f"{'signed' if was else 'unsigned'} as {_SIGNED[said]}"
                self._fail(_part_of(self.image, seen, layout.outline, place.grown(3)), told, wrong=not was)

    def _mark(self, truth: AnswerTruth, answer: Answer, special: str, pupils: int) -> Marked:
        of_whole_slip = bool(special) and (special != "pupil unsigned" or pupils)
        lost = answer.reason == "lost"
        return Marked(
            f"slip: {special}" if of_whole_slip else kind_of(truth.case),
            truth.clear,
            "lost" if lost else verdict(answer.answer, truth),
            "" if answer.answer != "review" or lost else answer.reason or "",
            (truth.pen, f"{self.asked.dpi} dpi", self.asked.mode),
        )

    def _fail(self, picture: Pixels, told: str, *, wrong: bool) -> None:
        self.failures.append(Picture(picture, f"{told}\n{self.where}", wrong=wrong))


def _code_of(slip: SlipReading) -> str | None:
    known = [parse(text) for text in slip.codes]
    return next((typed_code(code.slip) for code in known if code is not None), None)


def _unnamed(page: PageReading) -> int:
    """How many slips of a page wait for a person to name them: those unmatched, or all of an unreadable page."""
    if page.outcome in (Outcome.UNREADABLE, Outcome.REFUSED):
        return 99
    return sum(_code_of(slip) is None or not slip.pairs for slip in page.slips)


def verdict(word: str, truth: AnswerTruth) -> str:
    """What an answer is worth: asking is forgiven, and nothing else."""
    if word == "review":
        return word
    return "right" if word in truth.allowed else f"wrong {word}"


def _pair_of(image: Pixels, seen: SlipReading, outline: Box, pair: BoxPair) -> Pixels:
    """A pair of boxes with what lies round it."""
    around = Box(pair.yes.x0 - 5, pair.yes.y0 - 4, pair.no.x1 + 5, pair.no.y1 + 4)
    return _part_of(image, seen, outline, around)


def _part_of(image: Pixels, seen: SlipReading, outline: Box, part: Box) -> Pixels:
    """A part of a slip, upright, at 8 px a mm."""
    height, width = image.shape[:2]
    quad = (np.array(seen.quad) * (width, height)).astype(np.float32)
    onto = cv2.getPerspectiveTransform(quad, corners_of(outline).astype(np.float32))
    scale = np.array([[8, 0, -8 * part.x0], [0, 8, -8 * part.y0], [0, 0, 1]])
    size = (round(8 * part.width), round(8 * part.height))
    return np.asarray(cv2.warpPerspective(image, scale @ onto, size), np.uint8)


def _small(image: Pixels) -> Pixels:
    scale = 150 / max(image.shape)
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
