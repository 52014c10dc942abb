"""Pupils found while somebody types, and what a name that nobody has may have been meant for (rule D5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from consentdesk.model.people import fold
from consentdesk.services.office import Office, require
from consentdesk.store import names, people
from consentdesk.store.names import NameRow


class Everybody(NamedTuple):
    """Everybody's names as at one moment, and every word, folded, of the names of those on the roll."""

    rows: tuple[NameRow, ...]
    words: frozenset[str]


MOST_FOUND: Final = 200
"""More than anybody reads: one letter more finds them sooner."""
_MOST_SUGGESTED: Final = 3
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015]+")
_SHORT, _LONG = 3, 5
"""From so many letters on, one may be wrong, or two."""


class FoundPupil(msgspec.Struct, frozen=True):
    """A pupil as a list names them."""

    pupil: str
    name: str
    school_class: str
    left: bool = False


class Found(msgspec.Struct, frozen=True):
    """The first of those who match, how many do, and where nobody does, what may have been meant."""

    pupils: tuple[FoundPupil, ...]
    count: int
    suggestions: tuple[str, ...] = ()


def names_of_everybody(office: Office) -> Everybody:
    """What `find_pupils` looks through: as everybody is called now, to be asked for again after a change."""
    require(office, "see-status")
    rows = tuple(names.everybody(office.db))
    return Everybody(rows, frozenset(word for row in rows if not row.left for word in _words(row)))


def find_pupils(everybody: Everybody, typed: str, *, most: int = MOST_FOUND) -> Found:
    """Who may be meant by what somebody has typed so far; nobody by nothing.

    Every word typed is part of a name, in any case and with accents or without; or all of it is a UPN or an
    admission number. Who is on the roll comes first, then whose name begins with the first word.
    """
    plain = typed.strip()
    if not plain:
        return Found((), 0)
    found = [row for row in everybody.rows if plain in row.numbers or plain.upper() in row.numbers]
    if not found:
        first, *more = fold(plain).split()
        found = [
            row for row in everybody.rows if first in row.folded and all(word in row.folded for word in more)
        ]
        found.sort(key=lambda row: (row.left, not _begins(row.folded, first)))
    if found:
        return Found(tuple(map(_found, found[:most])), len(found))
    return Found((), 0, _suggestions(everybody, fold(plain).split()))


def pupils_in(office: Office, school_class: str) -> Found:
    """Everyone of one class, by surname; nobody where there is no such class."""
    require(office, "see-status")
    known = people.pupils(office.db, school_class=school_class)
    return Found(tuple(FoundPupil(one.id, one.display_name, one.class_name) for one in known), len(known))


def _begins(folded: str, word: str) -> bool:
    return folded.startswith(word) or f"|{word}" in folded or f" {word}" in folded


def _found(row: NameRow) -> FoundPupil:
    return FoundPupil(row.id, " ".join(row.parts), row.class_name, row.left)


def _words(row: NameRow) -> list[str]:
    return row.folded.replace("|", " ").split()


def _suggestions(everybody: Everybody, typed: Sequence[str]) -> tuple[str, ...]:
    """The names nearest to the words typed: whole names where several were, else the part of the name meant."""
    near = [_near(word, everybody.words) for word in typed]
    if not all(near):
        return ()
    ranked = {}
    for row in everybody.rows:
        if row.left or not all(any(word in row.folded for word in each) for each in near):
            continue
        words = _words(row)
        distances = [min((each[word] for word in words if word in each), default=None) for each in near]
        if None not in distances:
            shown = " ".join(row.parts) if len(near) > 1 else _part(row, near[0])
            ranked[shown] = (sum(one or 0 for one in distances), len(fold(shown).split()))
    suggested: list[str] = []
    for shown in sorted(ranked, key=lambda one: ranked[one]):
        # Who searches for Okafor finds Ada Okafor-Hill as well.
        if not any(fold(one) in fold(shown) for one in suggested):
            suggested.append(shown)
    return tuple(suggested[:_MOST_SUGGESTED])


def _part(row: NameRow, near: dict[str, int]) -> str:
    """The word of the name that is nearest, as it is written; the whole name where none is."""
    words = [word for part in row.parts for word in _BETWEEN.split(part)]
    distances = {word: near[fold(word)] for word in words if fold(word) in near}
    return min(distances, key=lambda word: distances[word]) if distances else " ".join(row.parts)


def _near(word: str, known: Iterable[str]) -> dict[str, int]:
    """The known words that differ from `word` by a letter or two, with by how many."""
    most = (len(word) >= _SHORT) + (len(word) >= _LONG)
    letters = set(word)
    found = {}
    for other in known:
        if abs(len(other) - len(word)) > most or len(letters.symmetric_difference(other)) > 2 * most:
            continue
        distance = _distance(word, other)
        if distance <= most:
            found[other] = distance
    return found


def _distance(first: str, second: str) -> int:
    """How many letters were left out, put in, changed or swapped with the next (optimal string alignment)."""
    earlier: list[int] = []
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, start=1):
        earlier, before, row = before, row, [at]
        for to, other in enumerate(second, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != other))
            swapped = at > 1 and to > 1 and letter == second[to - 2] and first[at - 2] == other
            row.append(min(cost, earlier[to - 2] + 1) if swapped else cost)
    return row[-1]


def class_sizes(office: Office) -> tuple[tuple[str, int], ...]:
    """Every class with how many pupils it has, `4B` before `10A`."""
    require(office, "see-status")
    return tuple(people.classes(office.db))
