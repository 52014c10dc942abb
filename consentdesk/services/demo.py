"""The whole main job on a made-up school: print, send home, scan what comes back, and check what was read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.printing.manifest import ManifestSlip
from consentdesk.scanning.batch import Reader
from consentdesk.scanning.rehearsal.fill_in import Word
from consentdesk.scanning.rehearsal.scan_files import FileTruth, ScanFile, make_scans
from consentdesk.scanning.rehearsal.sheets import Written
from consentdesk.services.confirm import confirm
from consentdesk.services.demo_check import (
    LostPage,
    Paper,
    ReadPage,
    WrongAnswer,
    paper_of,
    score,
    side_by_side,
    unfounded,
)
from consentdesk.services.demo_families import SentHome, slips_of
from consentdesk.services.demo_pile import plan_pile
from consentdesk.services.demo_school import SCHOOL, class_list
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.key_slip import Keyed, key_slip
from consentdesk.services.list_export import ListChoice, export_list, usual_purposes
from consentdesk.services.office import Office, create_office
from consentdesk.services.print_forms import Whom, print_forms
from consentdesk.services.progress import Job, Progress
from consentdesk.services.read_report import PageReport
from consentdesk.services.read_scans import read_scans
from consentdesk.services.status import status
from consentdesk.services.withdraw import withdraw
from consentdesk.store import mark, people
from consentdesk.store.slots import FLOOR

USER: Final = "head"
PASSWORD: Final = "made up words"  # noqa: S105 - nobody real is in that office
FORMS: Final = ("internet-access", "web-publication", "image-use")

_LONGEST: Final = timedelta(days=21)
"""The made-up forms went home so long ago, but within this school year; the late ones come in now."""


class DemoReport(msgspec.Struct, frozen=True):
    """What a demo came to; `right`, `review`, `wrong_yes` and `wrong_no` add up to `answers`.

    `accounted` pages have an outcome that names what lay on them. `slips` and `answers` were scanned, the
    pupils' own answers among them; `keyed` slips were typed in. `clear` answers are plain ticks and crosses
    that came out well, on slips that hold nothing back; `clear_right` of them were read without asking.
    `unfounded` counts statuses that act as yes without a paper that says so.
    """

    pages: int
    accounted: int
    slips: int
    answers: int
    right: int
    review: int
    wrong_yes: int
    wrong_no: int
    seconds: float
    pupils: int
    printed: int
    files: int
    keyed: int
    clear: int
    clear_right: int
    unfounded: int
    outcomes: dict[str, int]
    wrong: tuple[WrongAnswer, ...]
    lost: tuple[LostPage, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was read wrongly without asking, and every page is accounted for."""
        return not (self.wrong_yes or self.wrong_no or self.unfounded) and self.accounted == self.pages


@dataclass
class _Calendar:
    """The clock of the made-up office: `behind` the real one until the last papers have come in."""

    behind: timedelta

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


@dataclass
class _Demo:
    """A demo under way, in a folder of its own."""

    folder: Path
    office: Office
    calendar: _Calendar
    reader: Reader
    truths: list[FileTruth] = field(default_factory=list)
    reports: list[PageReport] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    keyed: int = 0
    withdrawn: frozenset[tuple[str, str]] = frozenset()


def demo(pupils: int = 90, seed: int = 1, keep: Path | None = None) -> Job[DemoReport]:
    """Make a made-up school and its office, run the main job through the services, and compare with the truth.

    The same seed gives the same names, answers, marks and damage; only the codes differ, since every office
    draws its own. All of it lies in a temporary folder, or in `keep` where it is kept. Raises `KnownError`
    where that folder holds something, or cannot be written.
    """
    begun = monotonic()
    with _folder_for(keep) as folder:
        calendar = _Calendar(_since_september())
        office, _ = create_office(folder / "office", SCHOOL, USER, PASSWORD, clock=calendar, cost=FLOOR)
        try:
            with office, Reader() as reader:
                report = yield from _run(_Demo(folder, office, calendar, reader), pupils, seed)
        finally:
            if keep is None:
                mark.place(office.db.id).unlink(missing_ok=True)
    return msgspec.structs.replace(report, seconds=round(monotonic() - begun, 1))


def _run(made: _Demo, pupils: int, seed: int) -> Job[DemoReport]:
    office = made.office
    yield Progress(0, pupils, "importing the class list")
    _import(made, pupils, seed)
    sent = yield from _print(made)
    pile = plan_pile(sent, seed, office.today)
    by_code = {printed.slip.code: printed.slip for printed in sent.slips}

    made.calendar.behind /= 3
    yield from _scan_and_read(made, pile.in_time, by_code)
    for written in pile.keyed:
        _key(made, by_code[written.code], written)
    if pile.withdrawn is not None:
        _withdraw(made, by_code[pile.withdrawn])
    made.calendar.behind = timedelta()
    yield from _scan_and_read(made, pile.late, by_code)
    yield from confirm(office)

    yield Progress(0, 0, "checking")
    choice = ListChoice(None, usual_purposes(office, None))
    yield from export_list(office, choice, made.folder / "consent list.pdf")
    checked = score(side_by_side(made.truths, made.reports))
    outcomes = [page.outcome.value for page in made.reports]
    return DemoReport(
        **msgspec.structs.asdict(checked),
        seconds=0.0,
        pupils=len(sent.pupils),
        printed=len(sent.slips),
        files=len(made.truths),
        keyed=made.keyed,
        unfounded=unfounded(status(office), made.papers, made.withdrawn),
        outcomes={name: outcomes.count(name) for name in sorted(set(outcomes))},
    )


def _import(made: _Demo, pupils: int, seed: int) -> None:
    file = made.folder / "class list.csv"
    file.write_text(class_list(pupils, seed, made.office.today), encoding="utf-8")
    apply(made.office, preview(made.office, file).difference)


def _print(made: _Demo) -> Job[SentHome]:
    office = made.office
    done = yield from print_forms(
        office,
        FORMS,
        Whom(everyone=True),
        made.folder / "forms.pdf",
        manifest_file=made.folder / "forms.json",
    )
    pupils = people.pupils(office.db)
    return SentHome(
        slips_of(done.manifest),
        {pupil.id: pupil for pupil in pupils},
        people.guardians_of_many(office.db, [pupil.id for pupil in pupils]),
    )


def _scan_and_read(made: _Demo, files: Sequence[ScanFile], by_code: dict[str, ManifestSlip]) -> Job[None]:
    """Fill in and scan `files`, read them, and key from the paper what ends in the tray without a code."""
    folder = made.folder / "scans"
    folder.mkdir(exist_ok=True)
    expected = sum(len(file.sheets) for file in files)
    done = 0
    truths: list[FileTruth] = []
    yield Progress(0, expected, "filling in and scanning")
    for truth in make_scans(made.folder / "forms.pdf", files, folder):
        truths.append(truth)
        done += len(truth.pages)
        yield Progress(done, expected, "filling in and scanning")
    read = yield from read_scans(made.office, [folder / file.name for file in files], reader=made.reader)
    made.truths += truths
    made.reports += read.report.pages
    for page in side_by_side(truths, read.report.pages):
        made.papers += (paper_of(by_code[written.code].pupil, truth) for written, truth in page.truth.slips)
        _key_from_tray(made, page)


def _key_from_tray(made: _Demo, page: ReadPage) -> None:
    """What a person does with a slip in the tray: reads its typed code and its answers off the paper.

    One that says more than its boxes do is left for a person who can ask.
    """
    lying = [slip for slip in page.report.slips if slip.pupil is None] if page.report else []
    if len(lying) != 1 or len(page.truth.slips) != 1:
        return
    (written, truth), (slip,) = page.truth.slips[0], lying
    if (truth.means or truth.pupil_means) and not written.filling.says_more:
        keyed = Keyed(truth.means, truth.signed, truth.pupil_means, truth.pupil_signed)
        key_slip(made.office, written.code, keyed, reading=slip.reading)
        made.keyed += 1


def _key(made: _Demo, slip: ManifestSlip, written: Written) -> None:
    """Key a slip that never saw the scanner."""
    guardian, own = written.filling.guardian, written.filling.pupil
    pupils = own.answers if own else {}
    if not guardian.answers and not pupils:
        return
    key_slip(
        made.office,
        written.code,
        Keyed(guardian.answers, guardian.signs, pupils, own is not None and own.signs),
    )
    made.keyed += 1
    made.papers.append(Paper(slip.pupil, *(_said(words) for words in (guardian.answers, pupils))))


def _said(words: Mapping[str, Word]) -> dict[str, frozenset[str]]:
    return {purpose: frozenset({word}) for purpose, word in words.items()}


def _withdraw(made: _Demo, slip: ManifestSlip) -> None:
    _, purposes = withdraw(made.office, slip.pupil, [slip.form], "phone")
    made.withdrawn = frozenset((slip.pupil, purpose) for purpose in purposes)


def _since_september() -> timedelta:
    """How long ago the made-up forms went home: what expires with the school year must not have expired."""
    now = datetime.now().astimezone()
    september = now.replace(month=9, day=1, hour=0, minute=0, second=0, microsecond=0)
    if now < september:
        september = september.replace(year=now.year - 1)
    return min(_LONGEST, now - september)


@contextmanager
def _folder_for(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, which must be new or empty, or a temporary one that is removed afterwards."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="consentdesk-demo-") as folder:
            yield Path(folder)
        return
    paths.make_private_folder(keep)
    if any(keep.iterdir()):
        raise KnownError(f"{keep} is not empty", "nothing was changed", "name a new folder")
    yield keep
