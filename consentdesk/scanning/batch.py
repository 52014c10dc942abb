"""Whole scan files to page readings: every page given comes out, in order, whatever it does to its worker."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from consentdesk.logs import log
from consentdesk.model.layout import SlipTemplate
from consentdesk.model.reading import PageReading
from consentdesk.scanning.orders import Answer, Bug, Learn, Look, Looked, Read, Seen, answer_in, encode
from consentdesk.scanning.pool import Pool, Task
from consentdesk.scanning.scan_file import SINGLE, PageProblem, ScanError, ScanFacts, kind_of, unreadable

PAGE_SECONDS: Final = 10
"""A page that takes longer is given up, and its worker replaced."""


def _work(orders: Connection) -> None:
    """In a worker process: all that decodes is imported there, and nowhere else."""
    from consentdesk.scanning.worker import work  # noqa: PLC0415

    work(orders)


class BegunLook(NamedTuple):
    """A file that is being looked at."""

    untrusted_path: Path
    task: Task


class BegunPage(NamedTuple):
    """A page on its way through the workers."""

    number: int
    task: Task


def _answered(answer: Answer) -> Task:
    """A task that needs no worker."""
    return Task(b"", 0.0, encode(answer))


class Reader:
    """A kept pool of worker processes that knows one office's form versions.

    Its processes start at once and get ready while the caller does something else. A killed or hung worker
    loses one page, which is named, and the rest goes on.
    """

    def __init__(self, templates: Sequence[SlipTemplate] = (), workers: int | None = None) -> None:
        """`workers` are processes, by default one a core."""
        self._pool = Pool(_work, workers or os.cpu_count() or 1)
        self._known: set[str] = set()
        self.learn(templates)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def room(self) -> int:
        """How many pages may be begun before the first of them is finished: work for about a second."""
        return 4 * self._pool.room

    @property
    def known(self) -> frozenset[str]:
        """The tags of the form versions that it knows."""
        return frozenset(self._known)

    def learn(self, templates: Sequence[SlipTemplate]) -> None:
        """Know these form versions from now on; what stands behind a tag never changes."""
        new = [template for template in templates if template.tag not in self._known]
        self._pool.teach([encode(Learn(template)) for template in new])
        self._known |= {template.tag for template in new}

    def close(self) -> None:
        """End the workers; pages under way are given up."""
        self._pool.close()

    def facts(self, untrusted_path: Path) -> ScanFacts:
        """How many pages a scan file has and of what kind. Raises `ScanError`."""
        return self.found(self.look(untrusted_path))

    def look(self, untrusted_path: Path) -> BegunLook:
        """Have a scan file looked at. Raises `ScanError` where its first bytes are enough to refuse it."""
        try:
            kind = kind_of(untrusted_path)
        except PageProblem as error:
            raise ScanError(untrusted_path.name, error.reason) from error
        if kind in SINGLE:
            return BegunLook(untrusted_path, _answered(Looked(ScanFacts(1, kind))))
        order = encode(Look(str(untrusted_path)))
        return BegunLook(untrusted_path, self._pool.give(order, 3 * PAGE_SECONDS, ahead=True))

    def found(self, look: BegunLook) -> ScanFacts:
        """Wait for what a look has found. Raises `ScanError`."""
        answer = self._answer(look.task)
        if look.task.loss == "worker-died":
            # Perhaps not by the file's fault: the system ends a process when it is short of memory.
            answer = self._answer(self.look(look.untrusted_path).task)
        # A file that breaks whoever looks at it is broken.
        found = answer.found if isinstance(answer, Looked) else "cut-short"
        if isinstance(found, ScanFacts):
            return found
        raise ScanError(look.untrusted_path.name, found)

    def pages(
        self, untrusted_path: Path, facts: ScanFacts, skip: frozenset[int] = frozenset()
    ) -> Iterator[PageReading]:
        """The readings of all pages not in `skip`, in order; one for every page, whatever happens to a worker."""
        wanted = (number for number in range(1, facts.pages + 1) if number not in skip)
        begun: deque[BegunPage] = deque()
        try:
            for number in wanted:
                begun.append(self.begin(untrusted_path, facts.kind, number))
                if len(begun) >= self.room:
                    yield self.finish(begun.popleft())
            while begun:
                yield self.finish(begun.popleft())
        finally:
            self.forget(begun)

    def begin(self, untrusted_path: Path, kind: str, number: int) -> BegunPage:
        """Have page `number` (from 1) read, after those begun before; at most `room` at a time are of use."""
        order = encode(Read(str(untrusted_path), kind, number))
        return BegunPage(number, self._pool.give(order, PAGE_SECONDS))

    def finish(self, page: BegunPage) -> PageReading:
        """Wait for the reading of a page; where its worker died or hung, it is the page that says so."""
        answer = self._answer(page.task)
        if isinstance(answer, Seen):
            return answer.page
        return unreadable(page.number, page.task.loss or "worker-died")

    def is_done(self, begun: BegunLook | BegunPage, seconds: float) -> bool:
        """Wait for a look or a page at most so long; whether its result is there."""
        return self._pool.wait_for(begun.task, seconds)

    def attend(self) -> None:
        """Keep the workers supplied while the caller is busy with something else; does not wait."""
        self._pool.attend()

    def forget(self, pages: Iterable[BegunPage]) -> None:
        """Nobody waits for these any more: those not taken up yet are left."""
        self._pool.forget(page.task for page in pages)

    def _answer(self, task: Task) -> Answer | None:
        """What a worker answered; None where it was lost. A bug is logged, and costs the one page."""
        self._pool.wait_for(task)
        if task.answer is None:
            return None
        answer: Answer = answer_in(task.answer)
        if isinstance(answer, Bug):
            log.error("bug %s at %s in a worker", answer.error, answer.place)
        return answer
