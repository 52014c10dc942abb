"""Page readings into the office: whose slips they are, what they say, and what becomes of each page (S3, S4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

import msgspec
from msgspec import UNSET

from consentdesk.model.consent import Answer, Event, Issued, Returned
from consentdesk.model.decision import SENTENCES, Decision, decide
from consentdesk.model.form import wording_hash
from consentdesk.model.paper_trail import WithdrawalIssued
from consentdesk.model.people import Pupil
from consentdesk.model.reading import Outcome, PageReading, SlipReading, worst
from consentdesk.model.slip import CodeKey, Slip, parse, typed_code
from consentdesk.services.identify import Ownerless, identify
from consentdesk.services.office import Office
from consentdesk.services.read_report import (
    PageReport,
    SlipReport,
    answers_report,
    first_reason,
    problem_report,
)
from consentdesk.services.record import record_stamped
from consentdesk.services.take_slip import issue_of, take_slip, takes_back
from consentdesk.store import forms, images, ledger, people, scans, school, slips
from consentdesk.store.images import Picture
from consentdesk.store.scans import ReadingRow, State

STATES: dict[Outcome, State] = {
    Outcome.READ: "waiting",
    Outcome.REVIEW: "review",
    Outcome.DUPLICATE: "duplicate",
    Outcome.UNMATCHED: "unmatched",
    Outcome.REFUSED: "refused",
}
"""What a reading waits for, by its outcome."""


@dataclass(frozen=True)
class Intake:
    """What every page of one run needs: the batch it goes to, and how its codes are proved.

    `outdated` are the tags of versions whose form was printed again in other words.
    """

    office: Office
    batch: int
    school_tag: str
    code_keys: Mapping[str, CodeKey]
    outdated: frozenset[str]


@dataclass
class _Round:
    """The pages that are taken together: what was known of the slips that their codes name, and what is to be kept.

    `slips`, `pupils` and `events` go by id; a slip's events grow by what an earlier page of the round said of it.
    """

    slips: Mapping[str, Slip]
    pupils: Mapping[str, Pupil]
    events: dict[str, list[Event]]
    pictures: list[Picture] = field(default_factory=list)
    readings: list[ReadingRow] = field(default_factory=list)
    happened: list[Event] = field(default_factory=list)


class _Place(NamedTuple):
    file: str
    page: int
    place: int


def open_intake(office: Office) -> Intake:
    """A new batch, and what its pages are judged by."""
    return Intake(
        office,
        scans.new_batch(office.db),
        school.school(office.db).tag,
        school.code_keys(office.db),
        _outdated(office),
    )


def _outdated(office: Office) -> frozenset[str]:
    newest: dict[str, frozenset[str]] = {}
    outdated = set()
    for version in reversed(forms.versions(office.db)):
        asked = frozenset(map(wording_hash, version.definition.asked))
        if newest.setdefault(version.form, asked) != asked:
            outdated.add(version.tag)
    return frozenset(outdated)


def take_pages(intake: Intake, file: str, pages: Sequence[PageReading]) -> list[PageReport]:
    """Record what pages of the scan `file` (an id) said, and return what the machine makes of each.

    Belongs inside a transaction of both files, pictures before events. The reports do not name the file.
    """
    db = intake.office.db
    texts = [text for page in pages for slip in page.slips for text in slip.codes]
    known = slips.slips(db, {code.slip for code in map(parse, texts) if code})
    pupils = people.pupils_named(db, {slip.pupil for slip in known.values()})
    together = _Round(known, pupils, ledger.events_of_slips(db, known))
    reports = [_take_page(intake, together, file, page) for page in pages]
    images.keep_pictures(db, together.pictures)
    record_stamped(intake.office, together.happened)
    scans.keep_readings(db, together.readings)
    return reports


def _take_page(intake: Intake, together: _Round, file: str, page: PageReading) -> PageReport:
    if not page.slips:
        return problem_report("", page.number, page.outcome or Outcome.UNREADABLE, page.problem)
    found = [
        _take(intake, together, _Place(file, page.number, index), slip)
        for index, slip in enumerate(page.slips)
    ]
    outcome = worst([slip.outcome for slip in found])
    decisive = next(slip for slip in found if slip.outcome is outcome)
    return PageReport("", page.number, outcome, decisive.reason, tuple(found), decisive.text)


def _take(intake: Intake, together: _Round, place: _Place, seen: SlipReading) -> SlipReport:
    who = identify(seen.codes, intake.school_tag, intake.code_keys, together.slips.get)
    reading = uuid4().hex
    crop = seen.crop or seen.typed_code_crop
    image = digest = ""
    if crop:
        kept = images.picture(crop, "crop")
        together.pictures.append(kept)
        image, digest = kept.id, kept.sha256
    if isinstance(who, Ownerless):
        nothing = Decision(None, {}, None, None, who.outcome, (who.problem.reason,))
        together.readings.append(_row(intake, place, reading, image, who, nothing))
        return _ownerless_report(who, reading)
    events = together.events[who.id]
    alone = _whole(decide(seen), issue_of(events))
    flags = _flags(intake, who, together.pupils[who.pupil])
    alone = msgspec.structs.replace(alone, flags=(*alone.flags, *flags))
    returned = Returned(reading, "scan", alone.signed, alone.pupil_signed, image, digest, alone.flags)
    decision, happened = take_slip(intake.office, who, events, alone, returned, intake.batch)
    events += happened
    together.happened += happened
    row = _row(intake, place, reading, image, who, decision)
    if row.state == "waiting" and takes_back(events):
        # A withdrawal waits for nobody: it is in force (rule W2).
        row = msgspec.structs.replace(row, state="done")
    together.readings.append(row)
    return _report(who, reading, decision)


def _ownerless_report(who: Ownerless, reading: str) -> SlipReport:
    """A slip without a proven owner: its picture goes to the tray, and nothing is recorded of anyone."""
    return SlipReport(
        code=typed_code(who.claimed) if who.claimed else None,
        pupil=None,
        form=None,
        outcome=who.outcome,
        reason=who.problem.reason,
        text=who.problem.text,
        reading=reading,
    )


def _whole(decision: Decision, issued: Issued | WithdrawalIssued) -> Decision:
    """The decision with a doubt for each question that the reader could not find on the sheet at all."""
    lost = Answer("review", "poor-fit")
    answers = {purpose: decision.answers.get(purpose, lost) for purpose in issued.asked}
    pupils = decision.pupil_answers
    if issued.pupil_asked:
        pupils = {purpose: (pupils or {}).get(purpose, lost) for purpose in issued.pupil_asked}
    whole = lost not in answers.values() and lost not in (pupils or {}).values()
    outcome = decision.outcome if whole else Outcome.REVIEW
    return msgspec.structs.replace(decision, answers=answers, pupil_answers=pupils, outcome=outcome)


def _flags(intake: Intake, slip: Slip, pupil: Pupil) -> tuple[str, ...]:
    """Rule S4: what is worth a remark, and holds nothing back."""
    flags = []
    if pupil.left or pupil.class_name != slip.school_class:
        flags.append("class-left")
    if slip.version in intake.outdated:
        flags.append("older-version")
    return tuple(flags)


def _row(
    intake: Intake, place: _Place, reading: str, image: str, who: Slip | Ownerless, decision: Decision
) -> ReadingRow:
    known = who.id if isinstance(who, Slip) else who.claimed
    return ReadingRow(
        id=reading,
        file=place.file,
        page=place.page,
        index=place.place,
        slip=who.id if isinstance(who, Slip) else None,
        batch=intake.batch,
        outcome=decision.outcome,
        signed=decision.signed,
        decision=msgspec.json.encode(decision),
        crop=image or None,
        typed_code=typed_code(known) if known else "",
        state=STATES[decision.outcome],
        at=intake.office.now(),
    )


def _report(slip: Slip, reading: str, decision: Decision) -> SlipReport:
    reason = first_reason(decision) if decision.outcome is Outcome.REVIEW else None
    pupils = decision.pupil_answers
    return SlipReport(
        code=typed_code(slip.id),
        pupil=slip.pupil,
        form=slip.form,
        outcome=decision.outcome,
        reason=reason,
        text=SENTENCES[reason] if reason else UNSET,
        reading=reading,
        signed=decision.signed,
        answers=answers_report(decision.answers),
        pupil_signed=UNSET if pupils is None else decision.pupil_signed,
        pupil_answers=UNSET if pupils is None else answers_report(pupils),
        flags=decision.flags,
    )
