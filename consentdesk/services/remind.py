"""Reminder letters, each with the fresh slips that it asks for, as one PDF (rules C7, S4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition
from consentdesk.model.paper_trail import Reminded
from consentdesk.model.people import Pupil
from consentdesk.model.weighing import day_in_words
from consentdesk.printing.office_letter import OfficeLetter, letter_drawing
from consentdesk.services.chase import WORDS, ToAsk, to_ask
from consentdesk.services.forms import the_forms
from consentdesk.services.office import Office, require
from consentdesk.services.print_forms import PrintDone, Printing, print_slips
from consentdesk.services.progress import Job
from consentdesk.services.record import Happening
from consentdesk.store import people, school

_DAYS_TO_ANSWER: Final = 10
_STOPPED: Final = """\
Until we have your answer, we act as if it were no. That is what keeps your child safe, and it is also why some things \
may not go on: please answer even if the answer is no."""
_CHANGED: Final = "Something has changed since you answered."
_HOW: Final = """\
A fresh form follows this letter. Please fill in the slip at its foot, sign it, cut it off and send it back. If your \
answer crossed this letter on its way, you need not answer again."""


def print_reminders(
    office: Office,
    form_ids: Sequence[str],
    target: Path,
    *,
    school_class: str | None = None,
    reply_by: date | None = None,
    how: Printing = Printing(),  # noqa: B008 - a tuple that nobody can change
) -> Job[PrintDone]:
    """Write a letter and fresh slips for each pupil who is to be asked again, by class and surname.

    Whoever was never asked gets no reminder: that is what printing forms is for. Each reminder is recorded with
    its slips. Raises `KnownError` where form, class or language is unknown, `reply_by` is past, nobody is to be
    reminded, or the file cannot be written; nothing is kept then.
    """
    require(office, "print-forms")
    due = reply_by or office.today + timedelta(days=_DAYS_TO_ANSWER)
    if due <= office.today:
        raise KnownError("the day to answer by is not ahead", "nothing was printed", "give a later day")
    owing = [one for one in to_ask(office, form_ids, school_class=school_class) if one.whys != ("not-asked",)]
    if not owing:
        raise KnownError("nobody is to be reminded", "nothing was printed", "look at who has been asked")
    return (yield from _print(office, owing, due, target, how))


def _print(office: Office, owing: Sequence[ToAsk], due: date, target: Path, how: Printing) -> Job[PrintDone]:
    by_pupil: dict[str, list[ToAsk]] = {}
    for one in owing:
        by_pupil.setdefault(one.pupil, []).append(one)
    known = people.pupils_named(office.db, by_pupil)
    forms = {one.id: one for one in the_forms(office, [ask.form for ask in owing])}
    wanted: list[tuple[Pupil, FormDefinition]] = [
        (known[pupil], forms[ask.form]) for pupil, asks in by_pupil.items() for ask in asks
    ]
    heading = school.school(office.db).name
    covers = {
        pupil: letter_drawing(_letter(heading, office.today, due, asks)) for pupil, asks in by_pupil.items()
    }
    reminded = [
        Happening(Reminded(tuple(ask.form for ask in asks)), pupil) for pupil, asks in by_pupil.items()
    ]
    return (yield from print_slips(office, wanted, target, how._replace(covers=covers, besides=reminded)))


def _letter(heading: str, today: date, due: date, asks: Sequence[ToAsk]) -> OfficeLetter:
    first = asks[0]
    again = any(one.reminders for one in asks)
    return OfficeLetter(
        school=heading,
        day=day_in_words(today),
        to=(
            "The parents and carers of",
            first.name,
            f"Class {first.school_class}" if first.school_class else "",
        ),
        title="We still need your answer" if not again else "We ask you once more for your answer",
        before=("Dear parent or carer,", f"Please answer by {day_in_words(due)}. We are asking about:"),
        listed=tuple(f"{one.title}: {_first_low(_why(one))}" for one in asks),
        after=(_STOPPED, _HOW),
        signed="For the school office",
    )


def _why(one: ToAsk) -> str:
    if one.out and one.since:
        return f"Our form of {day_in_words(one.since)} has not come back."
    if one.whys[0] == "ends-soon" and one.ends:
        return f"What you allowed counts until {day_in_words(one.ends)}."
    # Who looks after a child is nothing for a letter that others may open.
    return _CHANGED if one.whys[0] in ("guardian", "care") else WORDS[one.whys[0]]


def _first_low(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
