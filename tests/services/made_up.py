"""A made-up school in an office of its own, and slips as a reader would see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from consentdesk.model.consent import Status
from consentdesk.model.people import Pupil
from consentdesk.model.reading import Mark, MarkKind, PageReading, PairReading, Presence, SlipReading
from consentdesk.model.slip import Part, payload, slip_of_typed
from consentdesk.model.status import status_of
from consentdesk.printing.manifest import ManifestSlip
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.office import Office
from consentdesk.services.print_forms import Whom, print_forms
from consentdesk.services.progress import finish
from consentdesk.services.read_report import PageReport, SlipReport
from consentdesk.services.take_pages import Intake, open_intake, take_pages
from consentdesk.store import ledger, people, scan_files, school

SCHOOL = "Made-up School"
CLASS_LIST = """\
First name,Last name,Class,Year,DOB,Admission number,Parent 1 name,Parent 2 name
Ada,Okafor,4B,4,2018-03-01,101,Ngozi Okafor,Emeka Okafor
Ben,O'Neill,4B,4,2018-05-09,102,Mary O'Neill,
Cleo,Ünal,10A,10,2012-01-30,103,Deniz Ünal,
"""

Meant = Literal["yes", "no", "blank", "both"]


@dataclass
class Clock:
    """A clock that goes on by a second at each look, from a Monday morning in term."""

    at: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def sleep(self, days: int) -> None:
        self.at += timedelta(days=days)


@dataclass
class Desk:
    """An office at work, with the clock on its wall and a folder to write into."""

    office: Office
    clock: Clock
    folder: Path
    prints: int = 0
    printed: dict[str, ManifestSlip] = field(default_factory=dict)

    def import_text(self, text: str, *, leavers: bool = False) -> None:
        """Import a class list written in `text`."""
        file = self.folder / "class list.csv"
        file.write_text(text, encoding="utf-8")
        apply(self.office, preview(self.office, file).difference, leavers=leavers)

    def pupil(self, first_name: str) -> Pupil:
        """The pupil of that first name."""
        return next(
            one for one in people.pupils(self.office.db, include_left=True) if one.legal_first == first_name
        )

    def print(self, *forms: str, whom: Whom = Whom(everyone=True)) -> list[ManifestSlip]:  # noqa: B008 - frozen
        """Print forms, and return their slips by class and surname."""
        self.prints += 1
        target = self.folder / f"forms {self.prints}.pdf"
        done = finish(print_forms(self.office, forms or ("image-use",), whom, target))
        slips = [slip for page in done.manifest.pages for slip in page.slips]
        self.printed |= {slip.code: slip for slip in slips}
        return slips

    def print_for(self, first_name: str, form: str = "image-use") -> ManifestSlip:
        """Print one form for one pupil."""
        return self.print(form, whom=Whom(pupil=self.pupil(first_name).id))[0]

    def codes_of(self, slip: ManifestSlip) -> tuple[str, ...]:
        """The texts of the two QR codes on a slip."""
        key, tag = school.current_code_key(self.office.db), school.school(self.office.db).tag
        slip_id = slip_of_typed(slip.code)
        assert slip_id is not None
        return tuple(payload(key, tag, slip.version, slip_id, part) for part in (Part.FIRST, Part.SECOND))

    def seen(
        self,
        slip: ManifestSlip,
        answers: Meant | Mapping[str, Meant] = "yes",
        *,
        pupil: Meant | None = None,
        **fields: object,
    ) -> SlipReading:
        """What a reader sees of a slip on which somebody has answered; signed unless `fields` say otherwise."""
        meant = answers if isinstance(answers, Mapping) else dict.fromkeys(_purposes(slip), answers)
        whole = SlipReading(
            codes=self.codes_of(slip),
            tag=slip.version,
            quad=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
            pairs=tuple(pair(purpose, meant.get(purpose, "blank")) for purpose in _purposes(slip)),
            pupil_pairs=tuple(pair(one.purpose, pupil or "blank") for one in slip.pupil_questions),
            signature=Presence.PRESENT,
            pupil_signature=(Presence.PRESENT if pupil else Presence.ABSENT)
            if slip.pupil_questions
            else None,
            date=Presence.PRESENT,
            printed_name=Presence.PRESENT,
            relationship=Presence.PRESENT,
            comment=Presence.ABSENT,
            fit=0.9,
            crop=b"a picture of " + slip.code.encode(),
        )
        return msgspec.structs.replace(whole, **fields)

    def take(self, *slips: SlipReading, intake: Intake | None = None) -> PageReport:
        """Take one page with these slips on it."""
        office = self.office
        intake = intake or open_intake(office)
        with office.db.writing():
            file = scan_files.begin_file(office.db, "made up.pdf", 1)
            scan_files.finish_file(office.db, file, file * 2, 1)
            with office.db.writing_images():
                return take_pages(intake, file, [PageReading(1, tuple(slips))])[0]

    def take_one(self, slip: SlipReading, intake: Intake | None = None) -> SlipReport:
        """Take a page with one slip on it."""
        return self.take(slip, intake=intake).slips[0]

    def statuses(self, first_name: str, on: date | None = None) -> dict[str, Status]:
        """What holds for a pupil, by purpose."""
        events = ledger.events_of(self.office.db, self.pupil(first_name).id)
        return status_of(events, on or self.office.today)

    def words(self, first_name: str) -> set[str]:
        """The different statuses of all that a pupil was asked."""
        return {status.word.value for status in self.statuses(first_name).values()}

    @property
    def events(self) -> int:
        """How many events the ledger holds."""
        return ledger.head(self.office.db)[0]


def _purposes(slip: ManifestSlip) -> list[str]:
    return [one.purpose for one in slip.questions]


EMPTY = Mark(MarkKind.EMPTY, 0.0, 0.0, 0.0, 0.9, 0.9)
TICK = Mark(MarkKind.TICK, 0.3, 0.9, 0.95, 0.9, 0.9)


def pair(purpose: str, meant: Meant) -> PairReading:
    """Two boxes as clearly marked as can be."""
    yes = TICK if meant in ("yes", "both") else EMPTY
    no = TICK if meant in ("no", "both") else EMPTY
    return PairReading(purpose, yes, no)
