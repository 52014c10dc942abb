"""Which row of a class list means which pupil (rule D6): strongest evidence first, and nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple, TypeVar

import msgspec

from consentdesk.model.evidence import (
    Person,
    admission_number_of,
    against_admission_number,
    against_birth,
    against_class,
    against_name,
    against_upn,
    classes_agree,
    names_and_birth_of,
    names_of,
    told_apart,
    upn_of,
)
from consentdesk.model.people import ListedPupil, Pupil, admission_key, name_key

Node = TypeVar("Node", bound=Hashable)
Keys = Callable[[Person], Iterable[Hashable]]


class Pair(msgspec.Struct, frozen=True):
    """A row and the one pupil it means; `by` says on what evidence."""

    pupil: Pupil
    row: ListedPupil
    by: str


class Ambiguity(msgspec.Struct, frozen=True):
    """Rows that a person must decide about: whom they may mean, and in one sentence what is in doubt."""

    rows: tuple[ListedPupil, ...]
    pupils: tuple[Pupil, ...]
    reason: str


class Pairing(msgspec.Struct, frozen=True):
    """Every row once, in `pairs`, `doubts` or `new`; `unnamed` are the pupils whom no row may mean."""

    pairs: tuple[Pair, ...]
    doubts: tuple[Ambiguity, ...]
    new: tuple[ListedPupil, ...]
    unnamed: tuple[Pupil, ...]


class _Step(NamedTuple):
    """One kind of evidence: `keys` to share, what else must hold, and what speaks against a pair."""

    by: str
    keys: Keys
    holds: Callable[[Pupil, ListedPupil], bool]
    objection: Callable[[Pupil, ListedPupil], str | None]


def pair_up(
    current: Sequence[Pupil], listed: Sequence[ListedPupil], covers: Callable[[Pupil], bool]
) -> Pairing:
    """Pair rows with pupils by UPN, admission number, name and date of birth, then name and class.

    Each step sees what the stronger ones left open, and pairs only where nobody else could be meant and
    nothing speaks against it. `covers` tells which pupils the list would have to name. A row that shares its
    name alone with one of these, otherwise unaccounted for, is a doubt; with any other pupil it is new and
    says so.
    """
    rows = dict(enumerate(listed))
    pupils = {pupil.id: pupil for pupil in current}
    pairs: list[Pair] = []
    doubts: list[Ambiguity] = []
    indexes: list[tuple[Keys, dict[Hashable, list[Pupil]]]] = [
        (keys, _by_key(current, keys)) for keys in (upn_of, admission_number_of, names_of)
    ]
    for places, twice in _listed_twice(listed):
        doubtful = tuple(rows.pop(place) for place in places)
        meant = _meant_by(doubtful, indexes)
        doubts.append(Ambiguity(doubtful, meant, twice))
        for pupil in meant:
            pupils.pop(pupil.id, None)
    for step in _steps(covers):
        for places, ids in _groups(rows, pupils, step):
            near_rows = tuple(rows.pop(place) for place in places)
            near_pupils = tuple(pupils.pop(name) for name in ids)
            reason = _why_not(near_rows, near_pupils, step)
            if reason is None:
                pairs.append(Pair(near_pupils[0], near_rows[0], step.by))
            else:
                doubts.append(Ambiguity(near_rows, near_pupils, reason))
    new = _with_namesakes(rows.values(), pupils.values())
    pairs.sort(key=lambda pair: pair.row.line)
    doubts.sort(key=lambda doubt: doubt.rows[0].line)
    return Pairing(tuple(pairs), tuple(doubts), new, tuple(pupils.values()))


def _steps(covers: Callable[[Pupil], bool]) -> tuple[_Step, ...]:
    """The kinds of evidence, strongest first. Name and class alone bring no leaver back."""

    def same_class(pupil: Pupil, row: ListedPupil) -> bool:
        return not pupil.left and classes_agree(pupil, row)

    def same_name_only(pupil: Pupil, row: ListedPupil) -> bool:
        return not pupil.left and covers(pupil) and told_apart(pupil, row) is None

    def anything(_pupil: Pupil, _row: ListedPupil) -> bool:
        return True

    return (
        _Step("UPN", upn_of, anything, against_upn),
        _Step("admission number", admission_number_of, anything, against_admission_number),
        _Step("name and date of birth", names_and_birth_of, anything, against_birth),
        _Step("name and class", names_of, same_class, against_class),
        _Step("name", names_of, same_name_only, against_name),
    )


def _why_not(rows: tuple[ListedPupil, ...], pupils: tuple[Pupil, ...], step: _Step) -> str | None:
    """Why these rows and pupils, bound by the evidence of `step`, are no pair; None where they are one."""
    if len(rows) == 1 and len(pupils) == 1:
        return step.objection(pupils[0], rows[0])
    lines = _lines(rows)
    names = " and ".join(sorted({pupil.display_name for pupil in pupils}))
    if len(pupils) == 1:
        return f"{lines} could each be {names}, by {step.by}"
    return f"{lines} could be any of {len(pupils)} pupils ({names}), by {step.by}"


def _lines(rows: Sequence[ListedPupil]) -> str:
    numbers = [str(row.line) for row in rows]
    return f"line {numbers[0]}" if len(numbers) == 1 else f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"


def _listed_twice(listed: Sequence[ListedPupil]) -> Iterator[tuple[list[int], str]]:
    """Places of rows that may be one child: a shared number, or one name and nothing to tell them apart."""
    by_key: dict[Hashable, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(listed):
        for key in (("upn", row.upn), ("admission number", admission_key(row.admission_number))):
            if key[1]:
                by_key[key].append(place)
        by_name[name_key(row.legal_first, row.legal_last)].append(place)
    bonds = [(places[0], other) for places in by_key.values() for other in places[1:]]
    bonds += [
        (one, other)
        for places in by_name.values()
        for one, other in combinations(places, 2)
        if _may_be_one(listed[one], listed[other])
    ]
    for places in _joined(bonds):
        rows = tuple(listed[place] for place in sorted(places))
        names = " and ".join(sorted({row.display_name for row in rows}))
        yield sorted(places), f"{_lines(rows)} cannot be told apart ({names})"


def _may_be_one(one: ListedPupil, other: ListedPupil) -> bool:
    """Whether two rows of one name could be one child listed twice."""
    same_birth = one.date_of_birth is not None and one.date_of_birth == other.date_of_birth
    return told_apart(one, other) is None and (same_birth or classes_agree(one, other))


def _meant_by(
    rows: Sequence[ListedPupil], indexes: Iterable[tuple[Keys, dict[Hashable, list[Pupil]]]]
) -> tuple[Pupil, ...]:
    """The pupils who share any number or name with any of `rows`."""
    found = [pupil for keys, index in indexes for row in rows for pupil in _sharing(row, keys, index)]
    return tuple({pupil.id: pupil for pupil in found}.values())


def _groups(
    rows: dict[int, ListedPupil], pupils: dict[str, Pupil], step: _Step
) -> list[tuple[list[int], list[str]]]:
    """Rows and pupils bound to each other by the evidence of `step`, directly or through others.

    A row with one pupil's number and another's name is bound to both, so that it comes out as a doubt.
    """
    holders = _by_key(pupils.values(), step.keys)
    namesakes = _by_key(pupils.values(), names_of)
    bonds: list[tuple[Hashable, Hashable]] = []
    for place, row in rows.items():
        for pupil in _sharing(row, step.keys, holders):
            if not step.holds(pupil, row):
                continue
            bonds.append((place, pupil.id))
            if not names_of(pupil) & names_of(row):
                bonds += [(place, other.id) for other in _sharing(row, names_of, namesakes)]
    return [
        (
            sorted(node for node in group if isinstance(node, int)),
            [node for node in group if isinstance(node, str)],
        )
        for group in _joined(bonds)
    ]


def _by_key(pupils: Iterable[Pupil], keys: Keys) -> dict[Hashable, list[Pupil]]:
    found: dict[Hashable, list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        for key in keys(pupil):
            found[key].append(pupil)
    return found


def _sharing(row: ListedPupil, keys: Keys, pupils: dict[Hashable, list[Pupil]]) -> list[Pupil]:
    """The pupils who share any key with `row`, each once."""
    return list({pupil.id: pupil for key in keys(row) for pupil in pupils.get(key, ())}.values())


def _joined(bonds: Iterable[tuple[Node, Node]]) -> list[list[Node]]:
    """The connected groups of a graph, each in the order in which its members were first met."""
    near: dict[Node, dict[Node, None]] = defaultdict(dict)
    for one, other in bonds:
        near[one][other] = None
        near[other][one] = None
    groups: list[list[Node]] = []
    seen: set[Node] = set()
    for start in near:
        if start in seen:
            continue
        group = {start: None}
        open_ends = [start]
        while open_ends:
            for node in near[open_ends.pop()]:
                if node not in group:
                    group[node] = None
                    open_ends.append(node)
        seen.update(group)
        groups.append(list(group))
    return groups


def _with_namesakes(rows: Iterable[ListedPupil], pupils: Iterable[Pupil]) -> tuple[ListedPupil, ...]:
    """Rows that are new, each with a warning for every pupil of the same name whom nothing tells apart."""
    namesakes = _by_key(pupils, names_of)
    new = []
    for row in rows:
        warnings = tuple(
            f"{pupil.display_name} of class {pupil.class_name or '(none)'}, "
            f"{'who left' if pupil.left else 'whom this list does not cover'}, has the same name "
            "and is taken for another child."
            for pupil in _sharing(row, names_of, namesakes)
            if told_apart(pupil, row) is None
        )
        new.append(msgspec.structs.replace(row, warnings=row.warnings + warnings) if warnings else row)
    return tuple(new)
