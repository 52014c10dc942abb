"""The reader's exam: printed forms of every kind filled in by many hands, scanned badly, and read page by page.

Nothing is tuned here and nothing asked of a service: what is counted is what the reader and the decision rules would
record by themselves. Every seed is another exam, with other hands, marks and damage. Whoever tunes the reader uses
seeds below 1000; figures that are shown to others come from seeds from 1000 up, none of which was ever tuned on.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import msgspec

from consentdesk.model.layout import SlipTemplate
from consentdesk.scanning.rehearsal.levels import LevelName
from tests.benchmarks.contact_sheet import Picture, write_contact_sheet
from tests.benchmarks.exam_marking import Exam, mark, picture_of, start
from tests.benchmarks.exam_papers import Aim, Seat, seats
from tests.benchmarks.exam_score import ExamReport, RealMarks, Tally
from tests.benchmarks.exam_tables import lines
from tests.benchmarks.real_marks import crops, read_all, reasons, shares
from tests.benchmarks.school import School, school

_PUPILS = 18
_AT_A_TIME = 8
_PICTURES = 400
"""Most pictures kept of wrong answers, and of others, a level."""
_TOLD_EVERY_S = 15.0
_OF_WORKERS = {
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "MALLOC_TOP_PAD_": "200000000",
    "OPENBLAS_NUM_THREADS": "1",
}
"""What makes a worker a third quicker: it keeps the room of one page for the next, and shares no core with itself."""


@dataclass(frozen=True)
class Asked:
    """What exam is held: so many sheets a level, all of life or aimed at something.

    `json` and `failures` are written where given. `number` asks for one sheet alone, whose scan becomes `page`.
    """

    seed: int
    slips: int
    levels: tuple[LevelName, ...]
    aim: Aim
    workers: int | None = None
    json: Path | None = None
    failures: Path | None = None
    number: int | None = None
    page: Path | None = None


def exam(folder: Path, asked: Asked) -> int:
    """Hold the exam, print its tables, and return 1 where anything was read wrongly."""
    with school(folder, _PUPILS, asked.seed) as made:
        prints = [made.print(), made.print(large=True)]
        held = Exam(prints, made.templates(), asked.aim)
        real = _real_pages(made) if asked.aim == Aim() and asked.number is None else None
    if asked.page is not None and asked.number is not None:
        image, _ = picture_of(Seat(asked.seed, asked.levels[0], asked.number), held)
        asked.page.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    report, pictures = _hold(held, asked, real)
    for line in lines(report):
        print(line)
    if asked.failures is not None:
        write_contact_sheet(pictures, asked.failures)
    return int(report.wrong > 0)


def _hold(held: Exam, asked: Asked, real: _RealPages | None) -> tuple[ExamReport, list[Picture]]:
    numbers = range(asked.slips) if asked.number is None else [asked.number]
    tallies = {level: Tally(level) for level in asked.levels}
    pictures: dict[tuple[LevelName, bool], list[Picture]] = {}
    groups = list(seats(asked.seed, asked.levels, numbers, _AT_A_TIME))
    told = started = time.monotonic()
    done = 0
    for name, value in _OF_WORKERS.items():
        os.environ.setdefault(name, value)
    workers = min(asked.workers or os.cpu_count() or 1, len(groups))
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=start, initargs=(held,)
    ) as pool:
        read = pool.submit(_real_marks, *real) if real else None
        for group in pool.map(mark, groups):
            for sheet in group:
                tallies[sheet.level].add(sheet)
                for picture in sheet.failures:
                    kept = pictures.setdefault((sheet.level, picture.wrong), [])
                    kept += [picture] * (len(kept) < _PICTURES)
            done += len(group)
            before, told = told, _tell(done, len(numbers) * len(asked.levels), started, told)
            if told != before:
                # A long exam that somebody ends has been of use.
                _write(
                    ExamReport(asked.seed, tuple(tally.score() for tally in tallies.values()), ()), asked.json
                )
        marks = read.result() if read else ()
    report = ExamReport(asked.seed, tuple(tally.score() for tally in tallies.values()), marks)
    _write(report, asked.json)
    return report, [picture for kept in pictures.values() for picture in kept]


def _write(report: ExamReport, target: Path | None) -> None:
    if target is not None:
        target.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


def _tell(done: int, of: int, started: float, told: float) -> float:
    """Say how far the exam is: all the time on a terminal, now and then in a file; when it was said last."""
    now, live = time.monotonic(), sys.stderr.isatty()
    if not live and now - told < _TOLD_EVERY_S and done < of:
        return told
    left = (now - started) / done * (of - done)
    text = f"{done} of {of} sheets, {now - started:.0f} s, about {left:.0f} s left"
    print(
        f"\r{text}   " if live else text, end="" if live and done < of else "\n", file=sys.stderr, flush=True
    )
    return now


class _RealPages(NamedTuple):
    """The samples of real marks, and the page (from 0) of a printed PDF into whose boxes they are set."""

    samples: Path
    template: SlipTemplate
    printed: Path
    page: int


def _real_pages(made: School) -> _RealPages | None:
    samples = Path(__file__).resolve().parents[3] / "shared" / "samples"
    if not samples.is_dir():
        print("The samples of real marks do not lie beside this checkout.", file=sys.stderr)
        return None
    printed, sent = made.print(["image-use"])
    first = sent.slips[0]
    template = next(one for one in made.templates() if one.tag == first.slip.version)
    return _RealPages(samples, template, printed, first.page)


def _real_marks(samples: Path, template: SlipTemplate, printed: Path, page: int) -> tuple[RealMarks, ...]:
    results = read_all(crops(samples), template, printed, page)
    said = reasons(results)
    return tuple(
        RealMarks(capture, kind, of, yes, dict(said[capture, kind].most_common()))
        for (capture, kind), (yes, of) in shares(results).items()
    )
