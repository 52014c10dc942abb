"""What must come down because consent was taken back: who, where, until when, and what came of it (rule W3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, timedelta

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.activity import REVOKED, Publication, TakeDownState
from consentdesk.model.consent import Event
from consentdesk.model.people import Pupil
from consentdesk.model.school_events import Outcome, TakenDown
from consentdesk.model.status import status_of
from consentdesk.services.forms import questions
from consentdesk.services.office import Office, require, user_name
from consentdesk.services.record import Happening, record
from consentdesk.services.rules import number_of
from consentdesk.services.since import began_with
from consentdesk.store import ledger, people, publications

_CODE = 6


class Step(msgspec.Struct, frozen=True):
    """What somebody reported about a task: what came of it, what was tried, what shows it, who and when."""

    outcome: Outcome
    tried: str
    evidence: str
    by: str
    on: date


class TakeDown(msgspec.Struct, frozen=True):
    """One pupil to be taken out of one publication.

    `code` names the task. `purposes` are those that are taken back, by name; `since` the day from which it is a
    task, `due` the day by the end of which it must be done, `editor` who signed the publication off and so knows
    where it is. `asked`: somebody outside was asked, and has not done it yet.
    """

    code: str
    publication: str
    pupil: str
    name: str
    school_class: str
    what: str
    place: str
    published: date
    editor: str
    purposes: tuple[str, ...]
    since: date
    due: date
    state: TakeDownState
    steps: tuple[Step, ...]

    def overdue(self, today: date) -> bool:
        """Whether it should have been done before `today`."""
        return self.state != "done" and self.due < today


def take_downs(office: Office, *, done: bool = False, pupil: str | None = None) -> tuple[TakeDown, ...]:
    """What must come down, the first due first; with `done` what has come down too. `pupil` is an id.

    Nobody has to make a task: it is one from the moment at which a withdrawal, a no or a restriction is recorded,
    in whichever way, until somebody reports that it is removed or cannot be recalled.
    """
    require(office, "record-publications")
    if pupil is None:
        found = publications.publications(office.db)
        concerned = {one for publication in found for one in publication.pupils}
    else:
        found = publications.publications_of(office.db, pupil)
        concerned = {pupil}
    events = ledger.events_of_many(office.db, concerned)
    known = people.pupils_named(office.db, concerned)
    names = {purpose: question.name for purpose, question in questions(office).items()}
    # Once for each pupil, however many publications they are in.
    against = {one: set(_revoked(happened, (), office.today)) for one, happened in events.items()}
    every = (
        _task(office, publication, known[one], events[one], against[one], names)
        for publication in found
        for one in publication.pupils
        if one in concerned
    )
    tasks = [task for task in every if task is not None and (done or task.state != "done")]
    return tuple(sorted(tasks, key=lambda task: (task.due, task.published, task.name)))


def report(office: Office, code: str, outcome: Outcome, *, tried: str = "", evidence: str = "") -> TakeDown:
    """Record what came of a task.

    `tried` says what was done, `evidence` what shows it, such as the page looked at. Raises `KnownError`, and
    records nothing, where there is no such task, it is done already, or the words that its outcome needs are
    missing: what shows that it is removed, who was asked, what was tried before it was given up.
    """
    require(office, "record-publications")
    task = the_task(office, code)
    if task.state == "done":
        raise KnownError(f"{task.what} has come down for {task.name} already", "nothing was recorded")
    if outcome == "removed" and not evidence.strip():
        raise KnownError(
            "what shows that it is removed is missing", "nothing was recorded", "say what you looked at"
        )
    if outcome != "removed" and not tried.strip():
        raise KnownError("what was tried is missing", "nothing was recorded", "say whom you asked, and how")
    taken = TakenDown(task.publication, outcome, tried.strip(), evidence.strip())
    record(office, [Happening(taken, task.pupil)])
    return the_task(office, code)


def the_task(office: Office, code: str) -> TakeDown:
    """The task of that code, done or not. Raises `KnownError` that lists the open ones."""
    wanted = code.strip().casefold()
    tasks = take_downs(office, done=True)
    for task in tasks:
        if task.code.casefold() == wanted:
            return task
    still = ", ".join(task.code for task in tasks if task.state != "done")
    raise KnownError(
        f"there is no take-down {code}",
        "nothing was recorded",
        f"choose from {still}" if still else "nothing has to come down",
    )


def _task(
    office: Office,
    publication: Publication,
    pupil: Pupil,
    events: Sequence[Event],
    against: Set[str],
    names: Mapping[str, str],
) -> TakeDown | None:
    """The task that one pupil in one publication is, or was; None where nothing was taken back.

    `against` are the purposes for which somebody said no.
    """
    revoked = [purpose for purpose in publication.purposes if purpose in against]
    steps = _steps(office, publication, events)
    if not revoked and not steps:
        return None
    since = _since(events, publication.purposes, publication.day) if revoked else steps[0].on
    state: TakeDownState = "open"
    due = since + timedelta(days=number_of(office, "take-down-days"))
    if not revoked or any(step.outcome != "asked-third-party" for step in steps):
        state = "done"
    elif steps and steps[-1].on >= since:
        state = "asked"
        due = steps[-1].on + timedelta(days=number_of(office, "third-party-days"))
    return TakeDown(
        f"{publication.id[:_CODE]}-{pupil.id[:_CODE]}",
        publication.id, pupil.id, pupil.display_name, pupil.class_name, publication.what, publication.place,
        publication.day, publication.editor,
        tuple(names.get(one, one) for one in revoked or publication.purposes),
        since, due, state, steps,
    )  # fmt: skip


def _revoked(events: Iterable[Event], purposes: Sequence[str], day: date) -> list[str]:
    """The purposes, of those named or known, for which somebody said no, in whichever way."""
    return [purpose for purpose, status in status_of(events, day, purposes).items() if status.word in REVOKED]


def _since(events: Sequence[Event], purposes: Sequence[str], published: date) -> date:
    """The day on which the present no began."""
    wanted = set(purposes)
    began = began_with(events, lambda some, day: not wanted.isdisjoint(_revoked(some, purposes, day)))
    return max(began.on, published) if began else published


def _steps(office: Office, publication: Publication, events: Iterable[Event]) -> tuple[Step, ...]:
    return tuple(
        Step(event.what.outcome, event.what.tried, event.what.evidence, user_name(office, event.by), event.on)
        for event in events
        if isinstance(event.what, TakenDown) and event.what.publication == publication.id
    )
