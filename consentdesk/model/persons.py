"""What each person has said about one purpose, one by one, on a day: behind the one status that they come to (A1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from consentdesk.model.consent import Event
from consentdesk.model.history import history_of
from consentdesk.model.printed import is_unnamed
from consentdesk.model.statements import Statement

PersonWord = Literal["yes", "no", "in-doubt", "missing", "withdrawn"]


class PersonAnswer(msgspec.Struct, frozen=True):
    """What one person said last: on which slip, when it counts as said, and whether it is signed and was seen.

    `person` is `pupil`, `guardian:…`, or empty for a guardian whom nobody has named; a withdrawal by somebody not
    known has no slip and no name. `condition` is word for word.
    """

    person: str
    word: PersonWord
    slip: str | None
    on: date
    signed: bool | None = None
    seen: bool = False
    condition: str | None = None


_WORDS: dict[str, PersonWord] = {"yes": "yes", "no": "no", "missing": "missing"}


def answers_by_person(events: Iterable[Event], purpose: str, on: date) -> tuple[PersonAnswer, ...]:
    """Everybody's last word about `purpose` on the day `on`, in the order in which they said it.

    Unnamed guardians are one person a slip (rule A2). It says who said what, and not what holds: that is
    `status_of`, which alone weighs signatures, dates and whose word counts.
    """
    history = history_of(events, on)
    said: dict[str, tuple[tuple[int, int], PersonAnswer]] = {}

    def take(person: str, place: tuple[int, int], answer: PersonAnswer) -> None:
        if person not in said or said[person][0] < place:
            said[person] = (place, answer)

    for one in history.statements.get(purpose, ()):
        place = (one.slip.moment.place, one.returned) if one.word == "yes" else (one.came.place, one.returned)
        take(one.person, place, _told(one))
    for withdrawal in history.withdrawals:
        if purpose in withdrawal.purposes:
            who = withdrawal.person or ""
            answer = PersonAnswer(who, "withdrawn", None, withdrawal.on)
            take(who, (withdrawal.moment.place, 0), answer)
    return tuple(answer for _, answer in sorted(said.values(), key=lambda one: one[0]))


def _told(statement: Statement) -> PersonAnswer:
    said_on = statement.said.at if statement.word == "yes" else statement.came.at
    return PersonAnswer(
        "" if is_unnamed(statement.person) else statement.person,
        _WORDS.get(statement.word, "in-doubt"),
        statement.slip.id,
        statement.slip.on
        if statement.said == statement.slip.moment and statement.word == "yes"
        else said_on.date(),
        statement.signed,
        statement.seen,
        statement.condition,
    )
