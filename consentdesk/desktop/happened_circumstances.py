"""What happened round a pupil's slips, in words: people, notes, letters, take-downs, the internet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from consentdesk.desktop.words import day_in_words, isolated, tr
from consentdesk.services.timeline import Happened

Parts = tuple[str, str, tuple[str, ...]]
"""An icon, a title, and the lines below it."""

_RESPONSIBILITY: Final = {
    "yes": "Has parental responsibility.",
    "no": "Has no parental responsibility: a yes of theirs does not count.",
    "unknown": "Whether they have parental responsibility is not known.",
}
_OUTCOMES: Final = {
    "removed": "It was removed.",
    "asked-third-party": "Somebody else was asked to remove it.",
    "cannot-be-recalled": "It cannot be called back.",
}


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""


def _guardian(one: Happened) -> Parts:
    known = tr(_RESPONSIBILITY[one.how]) if one.how in _RESPONSIBILITY else ""
    return "users", tr("Guardian recorded: {name}").format(name=isolated(one.person)), (one.words, known)


def _guardian_ended(one: Happened) -> Parts:
    title = tr("{name} is no guardian any more").format(name=isolated(one.person))
    return "users", title, (_quoted(one.words),)


def _assessed(one: Happened) -> Parts:
    can = one.how == "competent"
    title = tr("Judged able to decide for themselves") if can else tr("Judged not yet able to decide alone")
    return "user", title, (_quoted(one.words),)


def _views(one: Happened) -> Parts:
    return "user", tr("The pupil’s views were noted"), (", ".join(one.purposes), _quoted(one.words))


def _dated(one: Happened) -> Parts:
    day = day_in_words(date.fromisoformat(one.how))
    return "keyboard", tr("The date on the slip was read: {day}").format(day=day), (_quoted(one.words),)


def _born(one: Happened) -> Parts:
    day = day_in_words(date.fromisoformat(one.words))
    return "user", tr("Date of birth recorded: {day}").format(day=day), ()


def _signatory(one: Happened) -> Parts:
    name = isolated(one.person) if one.person else tr("nobody on record")
    return "users", tr("Who signed: {name}").format(name=name), (_slip(one),)


def _taken_down(one: Happened) -> Parts:
    outcome = tr(_OUTCOMES[one.how]) if one.how in _OUTCOMES else ""
    return "camera-off", tr("A take-down was reported"), (outcome, _quoted(one.words))


def _slip(one: Happened) -> str:
    return tr("Slip {code}").format(code=one.code) if one.code else ""


CIRCUMSTANCES: Final[dict[str, Callable[[Happened], Parts]]] = {
    "renamed": lambda one: ("user", tr("Now called {name}").format(name=isolated(one.words)), ()),
    "birth-recorded": _born,
    "guardian-recorded": _guardian,
    "guardian-ended": _guardian_ended,
    "competence-assessed": _assessed,
    "views-recorded": _views,
    "restriction-seen": lambda _one: ("eye", tr("Somebody looked at a restriction’s reason"), ()),
    "withdrawal-issued": lambda one: (
        "printer",
        tr("Withdrawal slip printed: {form}").format(form=one.form),
        (_slip(one),),
    ),
    "dated": _dated,
    "signatory-named": _signatory,
    "proposed": lambda one: ("split", tr("A slip of another child may be meant for this one"), (_slip(one),)),
    "acknowledged": lambda _one: ("printer", tr("The letter about a withdrawal was written"), ()),
    "reminded": lambda one: ("printer", tr("A reminder was printed"), (_slip(one),)),
    "taken-down": _taken_down,
    "access-ended": lambda one: ("unplug", tr("Internet access was ended"), (_quoted(one.words),)),
    "access-restored": lambda _one: ("check", tr("Internet access was given back"), ()),
    "handed-out": lambda _one: ("file-output", tr("The whole file was handed over"), ()),
}
"""By the kind of what happened."""
