"""Whole scan files to page readings, in worker processes that may die or hang without taking the rest along."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TooSlow
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, cast

import cv2
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from consentdesk.errors import KnownError
from consentdesk.model.layout import SlipTemplate
from consentdesk.model.reading import Outcome, PageReading
from consentdesk.scanning import pages
from consentdesk.scanning.pages import ScanFacts
from consentdesk.scanning.pictures import SENTENCES, PageProblem, problem
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.templates import Template, prepare

PAGE_SECONDS: Final = 10
"""A page that takes longer is given up, and its worker replaced."""
WORKER_MEMORY: Final = 1_500_000_000
"""Bytes that a worker may take beyond what it starts with (on Linux)."""
_AHEAD: Final = 3
"""Pages under way for each worker: enough to keep it busy, few enough to keep memory flat."""

_templates: dict[str, Template] = {}
"""In a worker process alone: the form versions it was started with."""


class ScanError(KnownError):
    """A scan file that cannot be taken; `reason` is its short stable word."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"the file {name} was not read because {SENTENCES[reason]}",
            "nothing that was recorded before is changed",
            _TODO.get(reason, "scan the pages again and read the new file"),
        )
        self.reason = reason


_TODO: Final[dict[str, str]] = {
    "encrypted": "save it without a password, or scan the pages again",
    "not-a-scan": "give the file that the scanner made",
    "too-large": "scan in smaller stacks",
    "too-many-pages": "scan in smaller stacks",
    "gone": "look where the scanner saves its files",
}


def _start_worker(templates: Sequence[SlipTemplate]) -> None:
    """Make a worker ready: limits first, then the form versions."""
    # The decoders of broken files write to the standard error; what they say is told by the page's problem.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    os.close(quiet)
    # Ctrl-C is the parent's to handle: a worker that heeded it would lose the pages under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    _limit_memory()
    _templates.clear()
    for template in templates:
        _templates[template.tag] = prepare(template)


def _limit_memory() -> None:
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + WORKER_MEMORY, taken + WORKER_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _facts(untrusted_path: str) -> ScanFacts | str:
    """In a worker: the file at a glance, or the reason against it."""
    try:
        return pages.facts(Path(untrusted_path))
    except PageProblem as error:
        return error.reason


def _read(untrusted_path: str, kind: str, number: int) -> PageReading:
    """In a worker: one page."""
    try:
        pixels = pages.load(Path(untrusted_path), kind, number)
        return read_page(pixels, number, _templates)
    except PageProblem as error:
        return _unreadable(number, error.reason)
    except (MemoryError, cv2.error) as error:
        memory = isinstance(error, MemoryError) or error.code == cv2.Error.StsNoMem
        return _unreadable(number, "huge-page" if memory else "cannot-decode")


def _unreadable(number: int, reason: str) -> PageReading:
    refused = reason in ("huge-page", "too-slow")
    outcome = Outcome.REFUSED if refused else Outcome.UNREADABLE
    return PageReading(number, outcome=outcome, problem=problem(reason))


class Reader:
    """A kept pool of worker processes that knows the office's form versions.

    A killed or hung worker loses one page, which is named, and the rest goes on.
    """

    def __init__(self, templates: Sequence[SlipTemplate], workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._pool = ProcessPool(
            max_workers=self._workers,
            initializer=_start_worker,
            initargs=(list(templates),),
            context=multiprocessing.get_context("spawn"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers; pages under way are given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def facts(self, untrusted_path: Path) -> ScanFacts:
        """How many pages a scan file has and of what kind. Raises `ScanError`."""
        name = untrusted_path.name
        found = _result(self._pool.schedule(_facts, args=(str(untrusted_path),), timeout=3 * PAGE_SECONDS))
        if isinstance(found, str):
            raise ScanError(name, "cut-short" if found in ("worker-died", "too-slow") else found)
        return cast("ScanFacts", found)

    def pages(
        self, untrusted_path: Path, facts: ScanFacts, skip: frozenset[int] = frozenset()
    ) -> Iterator[PageReading]:
        """The readings of all pages not in `skip`, in order; one for every page, whatever happens to a worker."""
        wanted = (number for number in range(1, facts.pages + 1) if number not in skip)
        under_way: deque[tuple[int, ProcessFuture[PageReading]]] = deque()
        try:
            for number in wanted:
                future = self._pool.schedule(
                    _read, args=(str(untrusted_path), facts.kind, number), timeout=PAGE_SECONDS
                )
                under_way.append((number, future))
                if len(under_way) >= self._workers * _AHEAD:
                    yield _reading(*under_way.popleft())
            while under_way:
                yield _reading(*under_way.popleft())
        finally:
            for _, future in under_way:
                future.cancel()  # type: ignore[no-untyped-call]


def _result(future: ProcessFuture[Any]) -> object:
    """What a worker returned, or the reason why it did not."""
    try:
        return future.result()
    except TooSlow:
        return "too-slow"
    except (ProcessExpired, CancelledError):
        return "worker-died"


def _reading(number: int, future: ProcessFuture[PageReading]) -> PageReading:
    found = _result(future)
    return found if isinstance(found, PageReading) else _unreadable(number, str(found))
