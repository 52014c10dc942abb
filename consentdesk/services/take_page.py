"""One page reading into the office: slips identified, judged, compared with earlier copies, and recorded (S3, S4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

import msgspec
from msgspec import UNSET

from consentdesk.model.consent import (
    PUPIL,
    Answer,
    Answered,
    Event,
    Invalidated,
    Issued,
    Returned,
    unnamed_guardian,
)
from consentdesk.model.decision import SENTENCES, Decision, decide
from consentdesk.model.form import wording_hash
from consentdesk.model.reading import Outcome, PageReading, SlipReading, worst
from consentdesk.model.slip import CodeKey, Slip, typed_code
from consentdesk.services.identify import Identity, identify
from consentdesk.services.office import Office
from consentdesk.services.read_report import (
    PageReport,
    SlipReport,
    answers_report,
    first_reason,
    problem_report,
)
from consentdesk.services.record import Happening, record
from consentdesk.store import forms, images, ledger, people, scans, school, slips
from consentdesk.store.scans import ReadingRow, State

DIFFERENT = "different-marks"
_STATES: dict[Outcome, State] = {
    Outcome.READ: "waiting",
    Outcome.REVIEW: "review",
    Outcome.DUPLICATE: "duplicate",
    Outcome.UNMATCHED: "unmatched",
    Outcome.REFUSED: "refused",
}
_NOTHING_READ = Decision(None, {}, None, None, Outcome.REVIEW)


@dataclass(frozen=True)
class Intake:
    """What every page of one run needs: the batch it goes to, and how its codes are proved.

    `outdated` are the tags of versions that were printed again in other words.
    """

    office: Office
    batch: int
    school_tag: str
    code_keys: Mapping[str, CodeKey]
    outdated: frozenset[str]


class _Place(NamedTuple):
    file: str
    page: int
    index: int


def open_intake(office: Office) -> Intake:
    """A new batch, and what the pages of it are judged by."""
    with office.db.writing():
        batch = scans.new_batch(office.db)
    return Intake(
        office,
        batch,
        school.school(office.db).tag,
        school.code_keys(office.db),
        _outdated(office),
    )


def _outdated(office: Office) -> frozenset[str]:
    """Rule S4: the tags of versions whose form has since been printed in other words."""
    newest: dict[str, frozenset[str]] = {}
    outdated = set()
    for version in reversed(forms.versions(office.db)):
        asked = frozenset(map(wording_hash, version.definition.asked))
        if newest.setdefault(version.form, asked) != asked:
            outdated.add(version.tag)
    return frozenset(outdated)


def take_page(intake: Intake, file: str, page: PageReading) -> PageReport:
    """Record what one page of the scan `file` (an id) said, and return what the machine makes of it.

    Belongs inside a transaction of both files, pictures before events. The report does not name the file.
    """
    if page.slips:
        found = [
            _take_slip(intake, _Place(file, page.number, index), slip) for index, slip in enumerate(page.slips)
        ]
        outcome = worst([slip.outcome for slip in found])
        decisive = next(slip for slip in found if slip.outcome is outcome)
        return PageReport("", page.number, outcome, decisive.reason, tuple(found), decisive.text)
    return problem_report("", page.number, page.outcome or Outcome.UNREADABLE, page.problem)


def _take_slip(intake: Intake, place: _Place, seen: SlipReading) -> SlipReport:
    db = intake.office.db
    who = identify(seen.codes, intake.school_tag, intake.code_keys, lambda slip: slips.slip(db, slip))
    if who.slip is None:
        return _take_ownerless(intake, place, seen, who)
    events = ledger.events_of_slip(db, who.slip.id)
    issued = next(event.what for event in events if isinstance(event.what, Issued))
    alone = _completed(decide(seen), issued)
    alone = msgspec.structs.replace(alone, flags=(*alone.flags, *_flags(intake, who.slip)))
    earlier = _earlier(events)
    reading = uuid4().hex
    image, digest = _keep_crop(intake, seen)
    if any(copy.same_as(alone) for copy in earlier):
        decision = msgspec.structs.replace(alone, outcome=Outcome.DUPLICATE)
    else:
        decision = _compared(alone, earlier)
        # The ledger keeps what this copy said by itself: there, copies that differ outweigh each other.
        returned = Returned(
            reading, "scan", alone.signed, alone.pupil_signed, image, digest, alone.flags
        )
        _record(intake, who.slip, alone, returned)
    _keep_row(intake, place, reading, who, decision, image)
    return _report(who.slip, reading, decision)


def _take_ownerless(intake: Intake, place: _Place, seen: SlipReading, who: Identity) -> SlipReport:
    """A slip without a proven owner: its picture goes to the tray, and nothing is recorded of anyone."""
    assert who.outcome is not None
    assert who.problem is not None
    reading = uuid4().hex
    image, _ = _keep_crop(intake, seen)
    nothing = msgspec.structs.replace(_NOTHING_READ, outcome=who.outcome, doubts=(who.problem.reason,))
    _keep_row(intake, place, reading, who, nothing, image)
    code = typed_code(who.claimed) if who.claimed else None
    return SlipReport(
        code, None, None, who.outcome, who.problem.reason, reading, text=who.problem.text
    )


def _keep_crop(intake: Intake, seen: SlipReading) -> tuple[str, str]:
    """The evidence's id and hash; empty where the reader had no picture."""
    crop = seen.crop or seen.typed_code_crop
    return images.keep_image(intake.office.db, crop, "crop") if crop else ("", "")


def _completed(decision: Decision, issued: Issued) -> Decision:
    """The decision with a doubt for each question that the reader could not find on the sheet at all."""
    lost = Answer("review", "poor-fit")
    answers = {purpose: decision.answers.get(purpose, lost) for purpose in issued.asked}
    pupils = decision.pupil_answers
    if issued.pupil_asked:
        pupils = {purpose: (pupils or {}).get(purpose, lost) for purpose in issued.pupil_asked}
    whole = len(answers) == len(decision.answers) and len(pupils or {}) == len(decision.pupil_answers or {})
    return msgspec.structs.replace(
        decision, answers=answers, pupil_answers=pupils, outcome=decision.outcome if whole else Outcome.REVIEW
    )


def ledger_answers(answers: Mapping[str, Answer], decision: Decision) -> dict[str, Answer]:
    """Answers as the ledger keeps them: a yes that lacks nothing but the signature is kept as one.

    The missing signature stands in the return, so that the status says *unsigned* and a person who finds the
    signature need not answer again.
    """
    if any(doubt != "unsigned" for doubt in decision.doubts):
        return dict(answers)
    return {
        purpose: Answer("yes", None, answer.confidence) if answer.reason == "unsigned" else answer
        for purpose, answer in answers.items()
    }


class _Copy(NamedTuple):
    """What another reading of the same slip said; None where a part was not printed or a signature unsure."""

    answers: dict[str, str]
    pupil_answers: dict[str, str]
    signed: bool | None
    pupil_signed: bool | None

    def same_as(self, decision: Decision) -> bool:
        """Whether the marks and signatures are the same."""
        return self == _copy_of(decision)


def _words(answers: Mapping[str, Answer]) -> dict[str, str]:
    return {purpose: answer.answer for purpose, answer in answers.items()}


def _copy_of(decision: Decision) -> _Copy:
    return _Copy(
        _words(ledger_answers(decision.answers, decision)),
        _words(ledger_answers(decision.pupil_answers or {}, decision)),
        decision.signed,
        decision.pupil_signed,
    )


def _earlier(events: Sequence[Event]) -> list[_Copy]:
    """The readings of a slip that count, from its events."""
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    returns = {
        event.what.reading: event.what
        for event in events
        if isinstance(event.what, Returned) and event.id not in void
    }
    said: dict[str, dict[bool, dict[str, str]]] = {reading: {True: {}, False: {}} for reading in returns}
    for event in events:
        if isinstance(event.what, Answered) and event.what.reading in said and event.id not in void:
            said[event.what.reading][event.what.person == PUPIL] |= _words(event.what.answers)
    return [
        _Copy(said[reading][False], said[reading][True], what.signed, what.pupil_signed)
        for reading, what in returns.items()
    ]


def _compared(decision: Decision, earlier: Sequence[_Copy]) -> Decision:
    """Rule S4: a mark that differs from another copy's is for a person; a no holds at once on either."""
    if not earlier:
        return decision
    own = _copy_of(decision)
    answers = _held_where_different(decision.answers, own.answers, [copy.answers for copy in earlier])
    pupils = decision.pupil_answers
    if pupils is not None:
        pupils = _held_where_different(pupils, own.pupil_answers, [copy.pupil_answers for copy in earlier])
    if answers == decision.answers and pupils == decision.pupil_answers:
        return decision
    return msgspec.structs.replace(
        decision,
        answers=answers,
        pupil_answers=pupils,
        outcome=Outcome.REVIEW,
        doubts=(DIFFERENT, *decision.doubts),
    )


def _held_where_different(
    answers: Mapping[str, Answer], own: Mapping[str, str], others: Sequence[Mapping[str, str]]
) -> dict[str, Answer]:
    return {
        purpose: Answer("review", DIFFERENT)
        if answer.answer != "no" and any(other.get(purpose) != own[purpose] for other in others)
        else answer
        for purpose, answer in answers.items()
    }


def _flags(intake: Intake, slip: Slip) -> tuple[str, ...]:
    """Rule S4: what is worth a remark, and holds nothing back."""
    flags = []
    pupil = people.pupil(intake.office.db, slip.pupil)
    if pupil is None or pupil.left or pupil.class_name != slip.school_class:
        flags.append("class-left")
    if slip.version in intake.outdated:
        flags.append("older-version")
    return tuple(flags)


def _record(intake: Intake, slip: Slip, decision: Decision, returned: Returned) -> None:
    answered = Answered(
        returned.reading, unnamed_guardian(slip.id), ledger_answers(decision.answers, decision)
    )
    what: list[Returned | Answered] = [returned, answered]
    if decision.pupil_answers is not None:
        what.append(Answered(returned.reading, PUPIL, ledger_answers(decision.pupil_answers, decision)))
    record(intake.office, [Happening(one, slip.pupil, slip.id, intake.batch) for one in what])


def _keep_row(
    intake: Intake, place: _Place, reading: str, who: Identity, decision: Decision, image: str
) -> None:
    scans.keep_reading(
        intake.office.db,
        ReadingRow(
            id=reading,
            file=place.file,
            page=place.page,
            index=place.index,
            slip=who.slip.id if who.slip else None,
            batch=intake.batch,
            outcome=decision.outcome,
            signed=decision.signed,
            decision=msgspec.json.encode(decision),
            crop=image or None,
            typed_code=typed_code(who.claimed) if who.claimed else "",
            state=_STATES[decision.outcome],
            at=intake.office.now(),
        ),
    )


def _report(slip: Slip, reading: str, decision: Decision) -> SlipReport:
    from_pupil = decision.pupil_answers is not None
    reason = first_reason(decision) if decision.outcome is Outcome.REVIEW else None
    return SlipReport(
        code=typed_code(slip.id),
        pupil=slip.pupil,
        form=slip.form,
        outcome=decision.outcome,
        reason=reason,
        reading=reading,
        signed=decision.signed,
        answers=answers_report(decision.answers),
        text=SENTENCES[reason] if reason else UNSET,
        pupil_signed=decision.pupil_signed if from_pupil else UNSET,
        pupil_answers=answers_report(decision.pupil_answers or {}) if from_pupil else UNSET,
        flags=decision.flags,
    )
