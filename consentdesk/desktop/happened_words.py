"""What happened with a pupil, in words: a title, what was said, and who recorded it when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from consentdesk.desktop.happened_circumstances import CIRCUMSTANCES, Parts
from consentdesk.desktop.words import isolated, moment_in_words, tr
from consentdesk.model.consent import PUPIL
from consentdesk.services.timeline import Happened, Said

_HOW: Final = {
    "letter": "by letter",
    "email": "by e-mail",
    "phone": "on the phone",
    "in-person": "in person",
    "slip": "on a withdrawal slip",
}
_WORDS: Final = {"yes": "Yes", "no": "No", "review": "To be looked at", "unclear": "Not clear"}


class Told(NamedTuple):
    """One entry of the timeline: an icon, a title, the lines below it, and who and when."""

    icon: str
    title: str
    lines: tuple[str, ...]
    foot: str


def told(one: Happened, now: datetime) -> Told:
    """One thing that happened; `now` tells which day is today."""
    make = TOLD.get(one.kind)
    icon, title, lines = make(one) if make else ("file-text", tr("Recorded"), ())
    if one.void:
        title = tr("Recorded in error: {what}").format(what=title)
    when = moment_in_words(one.at, now)
    foot = tr("{when}, recorded by {user}").format(when=when[:1].upper() + when[1:], user=isolated(one.by))
    return Told(icon, title, tuple(line for line in lines if line), foot)


def _issued(one: Happened) -> Parts:
    return (
        "printer",
        tr("Form printed: {form}").format(form=one.form),
        (tr("Slip {code}").format(code=one.code),),
    )


def _returned(one: Happened) -> Parts:
    signed = {
        True: tr("Signed."),
        False: tr("Not signed."),
        None: tr("It is not certain whether it is signed."),
    }
    keyed = one.how == "keyed"
    title = tr("Slip keyed by hand: {form}") if keyed else tr("Slip came back: {form}")
    own = said_in_words(one.pupil_said)
    return (
        "keyboard" if keyed else "scan-line",
        title.format(form=one.form),
        (
            said_in_words(one.said),
            tr("The pupil: {said}").format(said=own) if own else "",
            signed[one.signed],
        ),
    )


def _answered(one: Happened) -> Parts:
    return "keyboard", tr("Answered: {form}").format(form=one.form), (said_in_words(one.said),)


def _reviewed(one: Happened) -> Parts:
    signature = {True: tr("The signature was accepted."), False: tr("It was judged not signed.")}
    return (
        "eye",
        tr("Looked at and decided: {form}").format(form=one.form),
        (
            _whose(one),
            said_in_words(one.said),
            *(f"{said.purpose}: “{said.condition}”" for said in one.said if said.condition),
            signature[one.signed] if one.signed is not None else "",
        ),
    )


def _whose(one: Happened) -> str:
    if one.person == PUPIL:
        return tr("The pupil’s own answers.")
    return tr("Signed by {name}.").format(name=isolated(one.person)) if one.person else ""


def _confirmed(one: Happened) -> Parts:
    return (
        "list-checks",
        tr("Answers confirmed: {form}").format(form=one.form),
        (tr("Slip {code}").format(code=one.code),),
    )


def _withdrawn(one: Happened) -> Parts:
    who = tr("the pupil") if one.person == PUPIL else isolated(one.person)
    how = tr(_HOW[one.how]) if one.how in _HOW else one.how
    said = tr("Said by {who}, {how}.") if one.person else tr("Said {how}.")
    return (
        "ban",
        tr("Consent withdrawn"),
        (", ".join(one.purposes), said.format(who=who, how=how), f"“{one.words}”" if one.words else ""),
    )


def _social_worker(one: Happened) -> Parts:
    agreed = tr("{who}, reference {reference}").format(
        who=isolated(one.person), reference=isolated(one.words)
    )
    return "shield-check", tr("The social worker agreed"), (agreed,)


def _joined(one: Happened) -> Parts:
    return "users", tr("Came onto the roll in class {name}").format(name=isolated(one.words)), ()


def _moved(one: Happened) -> Parts:
    return "users", tr("Moved to class {name}").format(name=isolated(one.words)), ()


def _cared_for(one: Happened) -> Parts:
    now = one.how == "looked-after"
    return "shield-check", tr("Is looked after") if now else tr("Is no longer looked after"), ()


TOLD: Final[dict[str, Callable[[Happened], Parts]]] = {
    **CIRCUMSTANCES,
    "issued": _issued,
    "returned": _returned,
    "answered": _answered,
    "reviewed": _reviewed,
    "confirmed": _confirmed,
    "withdrawn": _withdrawn,
    "social-worker-agreed": _social_worker,
    "joined": _joined,
    "moved": _moved,
    "care-changed": _cared_for,
    "left": lambda _one: ("log-out", tr("Left the school"), ()),
    "invalidated": lambda one: ("undo-2", tr("An entry was marked as recorded in error"), (one.words,)),
    "restricted": lambda _one: ("shield-check", tr("A safeguarding restriction was recorded"), ()),
    "lifted": lambda _one: ("shield-check", tr("A safeguarding restriction was lifted"), ()),
}


def said_in_words(said: Iterable[Said]) -> str:
    """`Yes: Inside school, Social media · No: School website`."""
    by_word: dict[str, list[str]] = {}
    for one in said:
        by_word.setdefault(one.word, []).append(one.purpose)
    return " · ".join(
        f"{tr(words)}: {', '.join(by_word[word])}" for word, words in _WORDS.items() if word in by_word
    )
