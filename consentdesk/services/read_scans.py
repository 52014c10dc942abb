"""Scans in: every page given ends in exactly one outcome, and what is done stays done (rules S3, S4)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple, TypeVar

import msgspec

from consentdesk.model.layout import FormLayout, SlipTemplate, template_of
from consentdesk.model.reading import Outcome, PageReading, Problem
from consentdesk.scanning.batch import BegunPage, Reader
from consentdesk.scanning.scan_file import ScanError, ScanFacts
from consentdesk.services.keep_scan import HalfWritten, KeptScan, keep, recognise
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.read_report import PageReport, ReadReport, problem_report, totals
from consentdesk.services.take_pages import Intake, open_intake, take_pages
from consentdesk.store import forms, scans
from consentdesk.store.scans import ScanPage

_Result = TypeVar("_Result")

COMMIT_EVERY: Final = 0.5
"""Seconds after which what was read is committed, so that a power cut loses no more."""
_STEP_S: Final = 0.05
"""The longest that a step waits for a worker: whoever runs the job may have something else to do."""
_OVER_A_LIMIT: Final = frozenset({"too-large", "too-many-pages", "huge-page"})
_READ_BEFORE: Final = Problem(
    "read-before", "The same file was read to its end before; nothing was read twice."
)


class ReadDone(NamedTuple):
    """What became of every page, and the sentences for files that could not be taken."""

    report: ReadReport
    refusals: tuple[str, ...]


@dataclass(eq=False)
class _File:
    """One of the files given, what the report calls it, and what became of its pages.

    `kept` is the id of the scan that it turned out to be, `pages` how many it has, as far as is known.
    """

    path: Path
    name: str
    kept: str = ""
    pages: int = 1
    reports: list[PageReport] = field(default_factory=list)


class _Sheet(NamedTuple):
    """A page on its way through the workers."""

    file: _File
    page: BegunPage


class _Run:
    """One run over several files: the reader and the batch are there from the first page that needs them."""

    def __init__(
        self, office: Office, files: Sequence[Path], workers: int | None, reader: Reader | None
    ) -> None:
        names = _told_names(files)
        self.office = office
        self.files = [_File(path, names[path]) for path in files]
        self.refusals: list[str] = []
        self.under_way: deque[_Sheet] = deque()
        self._workers = workers
        self._reader = reader
        self._owned = reader is None
        self._taught = False
        self._intake: Intake | None = None
        self._read: list[tuple[_File, PageReading]] = []
        self._since = monotonic()

    @property
    def reader(self) -> Reader:
        """The reader, started by now."""
        return self.start()

    def start(self) -> Reader:
        """Have the worker processes start, where they have not, and know every form that was ever printed."""
        if self._reader is None:
            self._reader = Reader(workers=self._workers)
        if not self._taught:
            self._reader.learn(_templates(self.office, self._reader.known))
            self._taught = True
        return self._reader

    @property
    def intake(self) -> Intake:
        if self._intake is None:
            self._intake = open_intake(self.office)
        return self._intake

    def progress(self, file: _File) -> Progress:
        done = sum(len(one.reports) for one in self.files) + len(self._read)
        return Progress(done, sum(one.pages for one in self.files), file.path.name)

    def begin(self, file: _File, kind: str, number: int) -> None:
        self.under_way.append(_Sheet(file, self.reader.begin(file.path, kind, number)))

    def finish(self) -> Job[None]:
        """Wait for the page that was begun first; it is committed with others."""
        file, page = self.under_way[0]
        while not self.reader.is_done(page, _STEP_S):
            self.commit_if_due()
            yield self.progress(file)
        self.under_way.popleft()
        self._read.append((file, self.reader.finish(page)))
        self.commit_if_due()
        yield self.progress(file)

    def facts(self, file: _File) -> Job[ScanFacts]:
        """How many pages the file has and of what kind. Raises `ScanError`."""
        look = self.reader.look(file.path)
        while not self.reader.is_done(look, _STEP_S):
            yield self.progress(file)
        return self.reader.found(look)

    def attend(self) -> None:
        """Between two steps of something that takes a while: the pages under way go on, and are kept in time."""
        if self.under_way:
            self.reader.attend()
        self.commit_if_due()

    def commit_if_due(self) -> None:
        if monotonic() - self._since >= COMMIT_EVERY:
            self.commit()

    def commit(self) -> None:
        """Keep what was read since the last time, in one transaction of each of the office's files."""
        read, self._read = self._read, []
        if read:
            db, intake = self.office.db, self.intake
            told = []
            # The inner transaction ends first: no event is kept whose picture is not.
            with db.writing(), db.writing_images():
                for file, pages in groupby(read, key=lambda one: one[0]):
                    reports = take_pages(intake, file.kept, [page for _, page in pages])
                    scans.keep_pages(db, [_page(file.kept, report, intake.batch) for report in reports])
                    told.append((file, reports))
            for file, reports in told:
                file.reports += [msgspec.structs.replace(report, file=file.name) for report in reports]
        self._since = monotonic()

    def close(self) -> None:
        try:
            self.commit()
        finally:
            if self._reader is not None:
                self._reader.forget(sheet.page for sheet in self.under_way)
                if self._owned:
                    self._reader.close()

    def done(self) -> ReadDone:
        pages = tuple(page for file in self.files for page in file.reports)
        batch = self._intake.batch if self._intake else None
        return ReadDone(ReadReport(pages, totals(pages), batch), tuple(self.refusals))


def read_scans(
    office: Office, files: Sequence[Path], *, workers: int | None = None, reader: Reader | None = None
) -> Job[ReadDone]:
    """Read scan files, one after the other; a file that cannot be taken is named and the next one goes on.

    What was read is committed every half second and when the job is closed: a closed or killed job is continued
    by giving the same files again. `workers` are processes, by default one a core. A `reader` that is given is
    kept by the caller from run to run, for this office alone, and is told of forms printed since; without one
    the run starts its own, and ends it.
    """
    require(office, "read-scans")
    run = _Run(office, files, workers, reader)
    try:
        for file in run.files:
            try:
                yield from _read_file(run, file)
            except (ScanError, HalfWritten) as error:
                run.refusals.append(error.sentence)
                problem = Problem(error.reason, error.sentence)
                file.reports.append(problem_report(file.name, 1, _outcome_of(error), problem))
        while run.under_way:
            yield from run.finish()
    finally:
        run.close()
    return run.done()


def _read_file(run: _Run, file: _File) -> Job[None]:
    """Keep one file, then have the pages read that have no outcome yet; the last of them stay under way."""
    db = run.office.db
    kept = yield from _kept(run, file)
    done = _pages_before(run, kept, file)
    if kept.pages and len(done) == kept.pages:
        file.pages = kept.pages
        file.reports += [
            problem_report(file.name, page, Outcome.DUPLICATE, _READ_BEFORE) for page in sorted(done)
        ]
        return
    try:
        facts = yield from run.facts(file)
    except ScanError as error:
        scans.set_pages(db, kept.id, 0)
        scans.keep_page(db, kept.id, 1, _outcome_of(error), Problem(error.reason, error.sentence))
        raise
    scans.set_pages(db, kept.id, facts.pages)
    file.kept, file.pages = kept.id, facts.pages
    file.reports += [done[page] for page in sorted(done)]
    for number in range(1, facts.pages + 1):
        if number not in done:
            run.begin(file, facts.kind, number)
        while len(run.under_way) >= run.reader.room:
            yield from run.finish()


def _kept(run: _Run, file: _File) -> Job[KeptScan]:
    """The file in the office's keeping; meanwhile the pages of the file before are read, or the workers get ready."""
    glance = yield from _attending(run, recognise(run.office, file.path))
    if glance.known is None:
        run.start()
        return (yield from _attending(run, keep(run.office, file.path, glance)))
    while any(sheet.file.kept == glance.known.id for sheet in run.under_way):
        # The same bytes twice in one run: what becomes of the first is waited for.
        yield from run.finish()
    run.commit()
    return glance.known


def _attending(run: _Run, job: Job[_Result]) -> Job[_Result]:
    """Do `job`, and attend to the pages under way between its steps."""
    while True:
        try:
            step = next(job)
        except StopIteration as end:
            result: _Result = end.value
            return result
        run.attend()
        yield step


def _outcome_of(error: ScanError | HalfWritten) -> Outcome:
    return Outcome.REFUSED if error.reason in _OVER_A_LIMIT else Outcome.UNREADABLE


def _told_names(files: Sequence[Path]) -> dict[Path, str]:
    """What the report calls each file: its name, or the path as given where two files share the name."""
    counted = Counter(path.name for path in dict.fromkeys(files))
    return {path: path.name if counted[path.name] == 1 else str(path) for path in files}


def _templates(office: Office, known: Collection[str]) -> list[SlipTemplate]:
    """What the reader needs of every form version that was ever printed, those that it has `known` left out."""
    return [
        template_of(
            version.tag, version.form, msgspec.json.decode(version.layout, type=FormLayout), version.pdf
        )
        for version in forms.versions(office.db, but=known)
    ]


def _pages_before(run: _Run, kept: KeptScan, file: _File) -> dict[int, PageReport]:
    """What an earlier run over the same bytes made of its pages, by their number."""
    if not kept.pages:
        return {}
    return {
        page.number: msgspec.structs.replace(
            msgspec.json.decode(page.details, type=PageReport), file=file.name
        )
        for page in scans.pages(run.office.db, file=kept.id)
    }


def _page(file: str, report: PageReport, batch: int) -> ScanPage:
    problem = Problem(report.reason, report.text or "") if report.reason else None
    return ScanPage(file, report.page, report.outcome, problem, batch, msgspec.json.encode(report))
