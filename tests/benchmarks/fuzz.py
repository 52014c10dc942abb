"""Broken files and changed codes through the reader's workers: nothing of the parent dies, hangs, is lost or forged.

Each process holds a reader of its own with one worker, as a service does, and gives it file after file. Whatever
happens to the worker, every page that the file claims must come back as an outcome within the limit. Seeds are used as
in the exam.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from random import Random
from typing import Final

import msgspec

from consentdesk.logs import log
from consentdesk.model.form import Variant
from consentdesk.model.reading import PageReading
from consentdesk.model.slip import Part, parse, proves
from consentdesk.printing.formfile import shipped_definitions
from consentdesk.scanning.batch import PAGE_SECONDS, Reader
from consentdesk.scanning.scan_file import ScanError
from tests.benchmarks.fuzz_codes import changed, page_with_codes
from tests.benchmarks.fuzz_files import Whole, bomb, broken, whole_files
from tests.benchmarks.fuzz_report import FuzzReport, Seen, lines, report_of
from tests.scanning.made_up import CHILDREN, KEY, Version, payload_of, print_version

LOOK_SECONDS: Final = 3 * PAGE_SECONDS
SLACK_SECONDS: Final = 10.0
"""What a new worker and a busy machine may take on top of a limit."""
_PAGES: Final = 6
"""Pages of a file that are read; a broken one may claim thousands."""
_SHARE: Final = 500
_TEXTS: Final = 20
"""Changed payloads that go through the parser for each file."""
_TOLD_EVERY_S: Final = 15.0


class _Bugs(logging.Handler):
    """Counts what the reader logs as bugs of its workers."""

    def __init__(self, into: Counter[str]) -> None:
        super().__init__(logging.ERROR)
        self._into = into

    def emit(self, record: logging.LogRecord) -> None:
        self._into[record.getMessage()] += 1


def fuzz(folder: Path, seed: int, count: int, workers: int | None, target: Path | None) -> int:
    """Give `count` broken files to the reader, print what became of them, and return 1 where anything must not be."""
    started = told = time.monotonic()
    seen = Seen()
    shares = [(folder, seed, range(first, min(count, first + _SHARE))) for first in range(0, count, _SHARE)]
    processes = min(workers or os.cpu_count() or 1, len(shares))
    try:
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
            for share in pool.map(_share, shares):
                seen.add(share)
                told = _tell(seen, count, started, told)
                # A long run that somebody ends has been of use.
                _write(report_of(seed, seen, time.monotonic() - started), target)
    except BrokenProcessPool:
        seen.failures.append("a parent process died")
    report = report_of(seed, seen, time.monotonic() - started)
    for line in lines(report):
        print(line)
    _write(report, target)
    return int(bool(report.failures))


def _write(report: FuzzReport, target: Path | None) -> None:
    if target is not None:
        target.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


def _share(asked: tuple[Path, int, range]) -> Seen:
    folder, seed, numbers = asked
    version = made_up_version()
    with Reader([version.template], workers=1) as reader:
        return run(reader, version, whole_files(version), folder, seed, numbers)


def made_up_version() -> Version:
    """The form whose slips are broken."""
    return print_version(shipped_definitions()["web-publication"], Variant(), "K7M5")


def run(
    reader: Reader, version: Version, whole: Whole, folder: Path, seed: int, numbers: Sequence[int]
) -> Seen:
    """Give `reader` the broken files of these numbers, one by one; the files lie in `folder` while they are read."""
    seen = Seen()
    bugs = _Bugs(seen.bugs)
    log.addHandler(bugs)
    before = _workers()
    met = set(before)
    genuine = {payload_of(version.tag, child, part) for child in range(len(CHILDREN)) for part in Part}
    try:
        for number in numbers:
            chance = Random(f"{seed} fuzz {number}")  # noqa: S311 - no secret
            text = payload_of(version.tag, chance.randrange(len(CHILDREN)), Part.FIRST)
            name, data = _input(whole, text, chance)
            path = folder / f"{number} broken"
            path.write_bytes(data)
            seen.inputs[name] += 1
            seen.failures += [f"{number} {name}: {told}" for told in _give(reader, path, name, genuine, seen)]
            path.unlink()
            seen.failures += [f"{number}: {told}" for told in _parsed(text, genuine, chance, seen)]
            met |= _workers()
    finally:
        log.removeHandler(bugs)
    seen.counts["workers lost"] = len(met) - len(before)
    seen.memory_mb = _memory_mb()
    return seen


def _workers() -> set[int]:
    return {process.pid for process in multiprocessing.active_children() if process.pid is not None}


def _memory_mb() -> int:
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - there is none on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _input(whole: Whole, text: str, chance: Random) -> tuple[str, bytes]:
    way = chance.random()
    if way < 0.03:
        return broken(whole.pages, chance)
    if way < 0.05:
        return bomb(chance)
    if way < 0.15:
        return page_with_codes(text, chance)
    return broken(whole.small, chance)


def _give(reader: Reader, path: Path, name: str, genuine: set[str], seen: Seen) -> Iterator[str]:
    """Have one file read; yields what must not have happened."""

    def late(began: float, limit: float) -> Iterator[str]:
        took = time.monotonic() - began
        seen.took(name, took)
        if took > limit + SLACK_SECONDS:
            yield f"took {took:.0f} s where {limit} are allowed"

    seen.counts["files"] += 1
    began = time.monotonic()
    try:
        facts = reader.facts(path)
    except ScanError as error:
        seen.counts["refused"] += 1
        seen.outcomes[f"file refused: {error.reason}"] += 1
        yield from late(began, LOOK_SECONDS)
        return
    except Exception as error:  # noqa: BLE001 - whatever comes through is what is sought
        yield _came_through(error)
        return
    yield from late(began, LOOK_SECONDS)
    skip = frozenset(range(_PAGES + 1, facts.pages + 1))
    wanted = list(range(1, min(_PAGES, facts.pages) + 1))
    numbers = []
    began = time.monotonic()
    try:
        for page in reader.pages(path, facts, skip):
            numbers.append(page.number)
            seen.outcomes[_outcome(page)] += 1
            yield from late(began, PAGE_SECONDS)
            yield from _forged(page, genuine)
            began = time.monotonic()
    except Exception as error:  # noqa: BLE001 - the same
        yield _came_through(error)
    seen.counts["pages"] += len(numbers)
    if numbers != wanted:
        yield f"{len(wanted)} pages in, {len(numbers)} outcomes out"


def _came_through(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} came through at {Path(last.filename).name}:{last.lineno}"


def _outcome(page: PageReading) -> str:
    if page.problem is not None:
        return f"page {page.outcome}: {page.problem.reason}"
    return f"page {page.outcome}" if page.outcome is not None else "page with slips"


def _forged(page: PageReading, genuine: set[str]) -> Iterator[str]:
    for text in (*page.letters, *(text for slip in page.slips for text in slip.codes)):
        code = parse(text)
        if code is not None and proves(KEY, code) and text not in genuine:
            yield f"a forged code passed: {text!r}"


def _parsed(text: str, genuine: set[str], chance: Random, seen: Seen) -> Iterator[str]:
    for _ in range(_TEXTS):
        way, other = changed(text, chance)
        seen.counts["texts"] += 1
        try:
            code = parse(other)
            passed = code is not None and proves(KEY, code)
        except Exception as error:  # noqa: BLE001 - the same
            yield f"payload, {way}: {_came_through(error)}"
            continue
        if passed and other not in genuine:
            yield f"a forged payload passed, {way}: {other!r}"


def _tell(seen: Seen, count: int, started: float, told: float) -> float:
    now, live, done = time.monotonic(), sys.stderr.isatty(), seen.counts["files"]
    if not live and now - told < _TOLD_EVERY_S and done < count:
        return told
    text = f"{done} of {count} files, {now - started:.0f} s, {len(seen.failures)} failures"
    print(
        f"\r{text}   " if live else text,
        end="" if live and done < count else "\n",
        file=sys.stderr,
        flush=True,
    )
    return now
