"""The reader's exam: printed forms of every kind filled in by many hands, scanned badly, and read page by page.

Nothing is tuned here and nothing asked of a service: what is counted is what the reader and the decision rules would
record by themselves. Another seed is another exam.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

import cv2
import msgspec
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from consentdesk.model.decision import decide
from consentdesk.model.layout import Box, BoxPair, SlipTemplate
from consentdesk.model.reading import PageReading, SlipReading
from consentdesk.model.slip import parse, typed_code
from consentdesk.scanning.align import corners_of
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.fill_in import AnswerTruth, SlipTruth
from consentdesk.scanning.rehearsal.levels import LEVELS, LevelName, Mode
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.rehearsal.sheets import Sheet, Written, pages_of, scan_sheet
from consentdesk.scanning.templates import Template, prepare
from consentdesk.services.demo_families import Families, PrintedSlip, SentHome
from tests.benchmarks.contact_sheet import Picture, write_contact_sheet
from tests.benchmarks.real_marks import crops, read_all, reasons, shares
from tests.benchmarks.school import School, school

DAY = date(2026, 9, 14)
_PUPILS = 18
_DOUBTFUL = 0.3
_CUT_OUT = 0.15
_DPI = (150, 200, 200, 200, 300)
_AT_A_TIME = 20

Pixels = NDArray[np.uint8]


class Question(NamedTuple):
    """One slip of the exam: the PDF it is printed in, the sheet it lies on, and how that is scanned."""

    printed: Path
    sheet: Sheet
    dpi: int
    mode: Mode


@dataclass(frozen=True)
class Marked:
    """What became of one slip: `fate` is read, tray or lost; verdicts by kind of mark; failures as pictures."""

    level: LevelName
    fate: str
    verdicts: tuple[tuple[str, str], ...]
    clear: int
    clear_right: int
    asked: tuple[str, ...]
    signed: tuple[bool, bool | None]
    failures: tuple[Picture, ...]


class LevelScore(msgspec.Struct, frozen=True):
    """How the reader did at one level.

    `bound` is the share of wrong answers that may hide with 95 % certainty behind none seen: 3 / answers.
    `unsigned_as_signed` counts slips without a signature that were taken for signed.
    """

    level: str
    slips: int
    tray: int
    lost: int
    answers: int
    right: int
    review: int
    wrong_yes: int
    wrong_no: int
    bound: float
    clear: int
    clear_right: int
    clear_share: float
    signatures_seen: float
    unsigned_as_signed: int
    clear_asked: dict[str, int]
    wrong_kinds: dict[str, int]


class RealMarks(msgspec.Struct, frozen=True):
    """Real marks of one kind set into our slips: how many were a yes by themselves, and what else they were."""

    capture: str
    kind: str
    marks: int
    yes: int
    said: dict[str, int]


class ExamReport(msgspec.Struct, frozen=True):
    """A whole exam; `real_marks` is empty where the samples do not lie beside the project."""

    seed: int
    levels: tuple[LevelScore, ...]
    real_marks: tuple[RealMarks, ...]


def exam(folder: Path, seed: int, slips: int, target: Path | None, failures: Path | None) -> int:
    """Hold the exam with so many slips a level, print its results, and return 1 where anything was read wrongly."""
    with school(folder, _PUPILS, seed) as made:
        prints = [made.print(), made.print(large=True)]
        templates = made.templates()
        real = _real_marks(made)
    questions = [
        question
        for place, level in enumerate(LEVELS)
        for question in _questions(prints, level, slips, Random(seed * 10 + place))  # noqa: S311 - rehearsal
    ]
    marked: list[Marked] = []
    groups = [questions[at : at + _AT_A_TIME] for at in range(0, len(questions), _AT_A_TIME)]
    with ProcessPoolExecutor(
        None, multiprocessing.get_context("spawn"), initializer=_start, initargs=(templates,)
    ) as pool:
        for group in pool.map(_mark, groups):
            marked += group
            if sys.stderr.isatty():
                print(f"\r{len(marked)} of {len(questions)} slips", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    report = ExamReport(
        seed, tuple(_score(level, [one for one in marked if one.level == level]) for level in LEVELS), real
    )
    for part in (*report.levels, *report.real_marks):
        print(msgspec.json.encode(part).decode())
    if target is not None:
        target.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    if failures is not None:
        write_contact_sheet([picture for one in marked for picture in one.failures], failures)
    return int(any(level.wrong_yes or level.wrong_no for level in report.levels))


def _questions(
    prints: Sequence[tuple[Path, SentHome]], level: LevelName, slips: int, chance: Random
) -> Iterator[Question]:
    places = [(path, sent, printed) for path, sent in prints for printed in sent.slips]
    modes = LEVELS[level].modes
    for _ in range(slips):
        path, sent, printed = chance.choice(places)
        written = _written(Families(chance, sent, DAY), printed, chance)
        sheet = Sheet(
            "cut" if chance.random() < _CUT_OUT else "slip",
            level,
            chance.getrandbits(32),
            (written,),
            turn=chance.choice((0, 0, 0, 1, 2, 3)),
        )
        yield Question(path, sheet, chance.choice(_DPI), chance.choices(list(modes), list(modes.values()))[0])


def _written(families: Families, printed: PrintedSlip, chance: Random) -> Written:
    """Most slips hold a few doubtful marks; one in twelve is unsigned, has a comment, or another child's name."""
    special = chance.random()
    if special < 0.05:
        return families.unsigned(printed)
    if special < 0.075:
        return families.commented(printed)
    if special < 0.085:
        return families.renamed(printed)
    return families.answered(printed, _DOUBTFUL)


_templates: dict[str, Template] = {}
"""In a worker process alone."""


def _start(templates: Sequence[SlipTemplate]) -> None:
    cv2.setNumThreads(1)
    _templates.update({template.tag: prepare(template) for template in templates})


def _mark(questions: Sequence[Question]) -> list[Marked]:
    """In a worker process: fill in, scan, read and judge each slip."""
    return [_mark_one(question) for question in questions]


def _mark_one(question: Question) -> Marked:
    with pdfium.PdfDocument(question.printed) as document:
        page_at = pages_of(document, question.dpi, colour=question.mode == "colour")
        scanned, on_sheet = scan_sheet(page_at, question.sheet, question.dpi, question.mode)
    (written, truth), level = on_sheet.slips[0], question.sheet.level
    page = read_page(scanned.image, 1, _templates)
    seen = next((slip for slip in page.slips if _code_of(slip) == written.code and slip.pairs), None)
    if seen is None:
        verdicts = tuple((one.case, "review") for one in truth.every)
        clear = sum(one.clear for one in truth.every)
        picture = Picture(_small(scanned.image), f"{_fate(page)} {level}", wrong=_fate(page) == "lost")
        return Marked(
            level, _fate(page), verdicts, clear, 0, ("lost",) * clear, (truth.signed, None), (picture,)
        )
    return _compared(scanned, seen, truth, level)


def _code_of(slip: SlipReading) -> str | None:
    known = [parse(text) for text in slip.codes]
    return next((typed_code(code.slip) for code in known if code is not None), None)


def _fate(page: PageReading) -> str:
    """A slip that was not read lies in the tray, or it is lost."""
    return "tray" if page.slips else "lost"


def _compared(scanned: Scan, seen: SlipReading, truth: SlipTruth, level: LevelName) -> Marked:
    decision = decide(seen)
    layout = _templates[seen.tag or ""].layout
    parts = (
        (truth.answers, decision.answers, layout.questions),
        (truth.pupil_answers, decision.pupil_answers or {}, layout.pupil_questions),
    )
    verdicts: list[tuple[str, str]] = []
    asked: list[str] = []
    failures: list[Picture] = []
    clear_right = 0
    for truths, answers, boxes in parts:
        for one, pair in zip(truths, boxes, strict=True):
            answer = answers[one.purpose]
            verdict = _verdict(answer.answer, one)
            verdicts.append((one.case, verdict))
            clear_right += one.clear and verdict == "right"
            if one.clear and verdict == "review":
                asked.append(answer.reason or "")
            if verdict.startswith("wrong") or (one.clear and verdict == "review"):
                told = verdict if verdict.startswith("wrong") else answer.reason
                failures.append(
                    Picture(
                        _pair_of(scanned.image, seen, layout.outline, pair),
                        f"{told} {level} {one.case}",
                        wrong=verdict.startswith("wrong"),
                    )
                )
    clear = sum(one.clear for one in truth.every)
    signed = (truth.signed, decision.signed)
    return Marked(level, "read", tuple(verdicts), clear, clear_right, tuple(asked), signed, tuple(failures))


def _verdict(word: str, truth: AnswerTruth) -> str:
    if word == "review":
        return word
    return "right" if word in truth.allowed else f"wrong {word}"


def _pair_of(image: Pixels, seen: SlipReading, outline: Box, pair: BoxPair) -> Pixels:
    """A pair of boxes with what lies round it, upright, at 8 px a mm."""
    height, width = image.shape[:2]
    quad = (np.array(seen.quad) * (width, height)).astype(np.float32)
    onto = cv2.getPerspectiveTransform(quad, corners_of(outline).astype(np.float32))
    around = Box(pair.yes.x0 - 5, pair.yes.y0 - 4, pair.no.x1 + 5, pair.no.y1 + 4)
    scale = np.array([[8, 0, -8 * around.x0], [0, 8, -8 * around.y0], [0, 0, 1]])
    size = (round(8 * around.width), round(8 * around.height))
    return np.asarray(cv2.warpPerspective(image, scale @ onto, size), np.uint8)


def _small(image: Pixels) -> Pixels:
    scale = 150 / max(image.shape)
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _score(level: LevelName, marked: Sequence[Marked]) -> LevelScore:
    counted = Counter(verdict for one in marked for _, verdict in one.verdicts)
    answers = sum(counted.values())
    clear, clear_right = sum(one.clear for one in marked), sum(one.clear_right for one in marked)
    fates = Counter(one.fate for one in marked)
    signed = [seen for was, seen in (one.signed for one in marked if one.fate == "read") if was]
    return LevelScore(
        level=level,
        slips=len(marked),
        tray=fates["tray"],
        lost=fates["lost"],
        answers=answers,
        right=counted["right"],
        review=counted["review"],
        wrong_yes=counted["wrong yes"],
        wrong_no=counted["wrong no"],
        bound=round(3 / max(1, answers), 6),
        clear=clear,
        clear_right=clear_right,
        clear_share=round(clear_right / max(1, clear), 4),
        signatures_seen=round(signed.count(True) / max(1, len(signed)), 4),
        unsigned_as_signed=sum(one.signed == (False, True) for one in marked),
        clear_asked=dict(Counter(reason for one in marked for reason in one.asked).most_common()),
        wrong_kinds=dict(
            Counter(
                case for one in marked for case, verdict in one.verdicts if verdict.startswith("wrong")
            ).most_common()
        ),
    )


def _real_marks(made: School) -> tuple[RealMarks, ...]:
    samples = Path(__file__).resolve().parents[3] / "shared" / "samples"
    if not samples.is_dir():
        print("The samples of real marks do not lie beside this checkout.", file=sys.stderr)
        return ()
    printed, sent = made.print(["image-use"])
    first = sent.slips[0]
    template = next(one for one in made.templates() if one.tag == first.slip.version)
    results = read_all(crops(samples), template, printed, first.page)
    said = reasons(results)
    return tuple(
        RealMarks(capture, kind, of, yes, dict(said[capture, kind].most_common()))
        for (capture, kind), (yes, of) in shares(results).items()
    )
