"""Scans in: every page given ends in exactly one outcome, and what is done stays done (rules S3, S4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

import msgspec

from consentdesk.model.layout import FormLayout, SlipTemplate, template_of
from consentdesk.model.reading import Outcome, PageReading, Problem
from consentdesk.scanning.batch import Reader, ScanError
from consentdesk.services.keep_scan import HalfWritten, KeptScan, keep_scan
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.read_report import PageReport, ReadReport, problem_report, totals
from consentdesk.services.take_pages import Intake, open_intake, take_pages
from consentdesk.store import forms, scans

COMMIT_EVERY: Final = 0.5
"""Seconds after which what was read is committed, so that a power cut loses no more."""
_OVER_A_LIMIT: Final = frozenset({"too-large", "too-many-pages", "huge-page"})
_READ_BEFORE: Final = Problem(
    "read-before", "The same file was read to its end before; nothing was read twice."
)


class ReadDone(NamedTuple):
    """What became of every page, and the sentences for files that could not be taken."""

    report: ReadReport
    refusals: tuple[str, ...]


class _Run:
    """One run over several files: the reader and the batch are there from the first page that needs them."""

    def __init__(self, office: Office, files: Sequence[Path], workers: int | None) -> None:
        self.office = office
        self.pages: list[PageReport] = []
        self.refusals: list[str] = []
        self.expected = len(files)
        self._workers = workers
        self._names = _told_names(files)
        self._reader: Reader | None = None
        self._intake: Intake | None = None

    @property
    def reader(self) -> Reader:
        if self._reader is None:
            self._reader = Reader(_templates(self.office), self._workers)
        return self._reader

    @property
    def intake(self) -> Intake:
        if self._intake is None:
            self._intake = open_intake(self.office)
        return self._intake

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()

    def name_of(self, path: Path) -> str:
        return self._names[path]

    def progress(self, path: Path, waiting: int = 0) -> Progress:
        return Progress(len(self.pages) + waiting, self.expected, path.name)

    def done(self) -> ReadDone:
        batch = self._intake.batch if self._intake else None
        return ReadDone(ReadReport(tuple(self.pages), totals(self.pages), batch), tuple(self.refusals))


def read_scans(office: Office, files: Sequence[Path], *, workers: int | None = None) -> Job[ReadDone]:
    """Read scan files, one after the other; a file that cannot be taken is named and the next one goes on.

    What was read is committed every half second and when the job is closed: a closed or killed job is continued
    by giving the same files again. `workers` are processes, by default one a core.
    """
    require(office, "read-scans")
    run = _Run(office, files, workers)
    try:
        for path in files:
            try:
                yield from _read_file(run, path)
            except (ScanError, HalfWritten) as error:
                run.refusals.append(error.sentence)
                problem = Problem(error.reason, error.sentence)
                run.pages.append(problem_report(run.name_of(path), 1, _outcome_of(error), problem))
    finally:
        run.close()
    return run.done()


def _outcome_of(error: ScanError | HalfWritten) -> Outcome:
    return Outcome.REFUSED if error.reason in _OVER_A_LIMIT else Outcome.UNREADABLE


def _told_names(files: Sequence[Path]) -> dict[Path, str]:
    """What the report calls each file: its name, or the path as given where two files share the name."""
    counted = Counter(path.name for path in dict.fromkeys(files))
    return {path: path.name if counted[path.name] == 1 else str(path) for path in files}


def _templates(office: Office) -> list[SlipTemplate]:
    """What the reader needs of every form version that was ever printed."""
    return [
        template_of(
            version.tag, version.form, msgspec.json.decode(version.layout, type=FormLayout), version.pdf
        )
        for version in forms.versions(office.db)
    ]


def _read_file(run: _Run, path: Path) -> Job[None]:
    """Keep one file, then read the pages of it that have no outcome yet."""
    db = run.office.db
    kept = yield from keep_scan(run.office, path)
    yield run.progress(path)
    done = _pages_before(run, kept, path)
    if kept.pages and len(done) == kept.pages:
        run.expected += kept.pages - 1
        run.pages += [
            problem_report(run.name_of(path), page, Outcome.DUPLICATE, _READ_BEFORE) for page in sorted(done)
        ]
        return
    try:
        facts = run.reader.facts(path)
    except ScanError as error:
        scans.set_pages(db, kept.id, 0)
        scans.keep_page(db, kept.id, 1, _outcome_of(error), Problem(error.reason, error.sentence))
        raise
    scans.set_pages(db, kept.id, facts.pages)
    run.expected += facts.pages - 1
    run.pages += [done[page] for page in sorted(done)]
    waiting: list[PageReading] = []
    since = monotonic()
    try:
        for page in run.reader.pages(path, facts, skip=frozenset(done)):
            waiting.append(page)
            if monotonic() - since >= COMMIT_EVERY:
                _commit(run, kept, path, waiting)
                since = monotonic()
            yield run.progress(path, len(waiting))
    finally:
        _commit(run, kept, path, waiting)


def _pages_before(run: _Run, kept: KeptScan, path: Path) -> dict[int, PageReport]:
    """What an earlier run over the same bytes made of its pages, by their number."""
    if not kept.pages:
        return {}
    return {
        page.number: msgspec.structs.replace(
            msgspec.json.decode(page.details, type=PageReport), file=run.name_of(path)
        )
        for page in scans.pages(run.office.db, file=kept.id)
    }


def _commit(run: _Run, kept: KeptScan, path: Path, waiting: list[PageReading]) -> None:
    """Take the pages in `waiting` in one transaction of each file, pictures first, and empty it."""
    if not waiting:
        return
    taken, waiting[:] = list(waiting), []
    db = run.office.db
    intake = run.intake
    # The inner transaction ends first: no event is kept whose picture is not.
    with db.writing(), db.writing_images():
        reports = take_pages(intake, kept.id, taken)
        for report in reports:
            problem = Problem(report.reason, report.text or "") if report.reason else None
            details = msgspec.json.encode(report)
            scans.keep_page(db, kept.id, report.page, report.outcome, problem, intake.batch, details)
    run.pages += [msgspec.structs.replace(report, file=run.name_of(path)) for report in reports]
