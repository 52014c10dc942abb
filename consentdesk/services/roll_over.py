"""A new school year: every class moves up and the oldest leave, shown before anything is kept (rules C7, D3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.consent import Left, Moved
from consentdesk.model.people import LAST_SCHOOL_YEAR, RECEPTION, Pupil, class_key, key_stage
from consentdesk.services.office import Office, require
from consentdesk.services.record import Happening, record
from consentdesk.store import people, school

LEAVES: Final = "leaves"
"""Stands for the class that a leaving class goes to."""
_LAST: Final = "last-roll-over"
_LEAST_DAYS: Final = 180
_LAST_YEARS: Final = (2, 6, 11, 13)
"""Years after which schools in England end."""
_NUMBER = re.compile(r"\d+")
_RECEPTION = re.compile(r"^(r|rec|reception)(?=\b|[^a-z]|$)", re.IGNORECASE)

StepKind = Literal["moves", "leaves", "unclear"]


class ClassStep(msgspec.Struct, frozen=True):
    """What becomes of one class: `to` is the class it moves to, `leaves`, or empty where nobody can tell.

    `key_stage` counts those who come into another key stage: they are to be asked again (rule C7).
    """

    school_class: str = msgspec.field(name="class")
    to: str
    kind: StepKind
    pupils: int
    key_stage: int


class RollOver(msgspec.Struct, frozen=True):
    """The whole school's step into the next year, before anybody takes it. `stay` have no class to move from."""

    steps: tuple[ClassStep, ...]
    stay: int

    @property
    def unclear(self) -> tuple[str, ...]:
        """The classes of which somebody must say where they go."""
        return tuple(one.school_class for one in self.steps if one.kind == "unclear")


def preview(office: Office, given: Mapping[str, str] | None = None) -> RollOver:
    """What would become of each class; `given` says it for classes that are not as usual, by `leaves` or a name.

    Raises `KnownError` where `given` names a class that there is not, or there are no pupils.
    """
    require(office, "keep-people")
    names = people.classes(office.db)
    if not names:
        raise KnownError("there are no pupils yet", "nothing was changed", "import a class list first")
    said = {class_key(name): to.strip() for name, to in (given or {}).items()}
    known = {class_key(name) for name, _count in names}
    for name in given or {}:
        if class_key(name) not in known:
            listed = ", ".join(name for name, _count in names if name)
            raise KnownError(f"there is no class {name}", "nothing was changed", f"choose from {listed}")
    last = _last_year(people.pupils(office.db))
    steps = [
        _step(name, said.get(class_key(name)), last, people.pupils(office.db, school_class=name))
        for name, _count in names
        if name
    ]
    return RollOver(tuple(steps), sum(count for name, count in names if not name))


def roll_over(office: Office, plan: RollOver) -> tuple[int, int]:
    """Take the step: how many moved, and how many left. All of it is kept, or nothing; consent is not touched.

    Raises `KnownError` where a class is unclear, the school has changed since the preview, or it was taken already
    this year.
    """
    require(office, "keep-people")
    if plan.unclear:
        raise KnownError(
            f"nobody has said what becomes of {', '.join(plan.unclear)}",
            "nothing was changed",
            "say for each of them which class it moves to, or that it leaves",
        )
    taken = school.setting(office.db, _LAST)
    if isinstance(taken, str) and office.today < date.fromisoformat(taken) + timedelta(days=_LEAST_DAYS):
        raise KnownError(
            f"the school moved up on {taken} already",
            "nothing was changed",
            "move single pupils, or import a class list",
        )
    if preview(office, {one.school_class: one.to for one in plan.steps}) != plan:
        raise KnownError(
            "the classes have changed since the preview", "nothing was changed", "look at it again"
        )
    to = {class_key(one.school_class): one for one in plan.steps}
    moved, left = [], []
    with office.db.writing():
        for pupil in people.pupils(office.db):
            step = to.get(class_key(pupil.class_name)) if pupil.class_name else None
            year = None if pupil.year_group is None else pupil.year_group + 1
            if step is None:
                people.update_pupil(office.db, msgspec.structs.replace(pupil, year_group=year))
            elif step.kind == "leaves":
                people.update_pupil(office.db, msgspec.structs.replace(pupil, left=True))
                left.append(Happening(Left(), pupil.id))
            else:
                after = msgspec.structs.replace(pupil, class_name=step.to, year_group=year)
                people.update_pupil(office.db, after)
                moved.append(Happening(Moved(step.to), pupil.id))
        record(office, [*moved, *left])
        school.set_setting(office.db, _LAST, office.today.isoformat())
    return len(moved), len(left)


def _last_year(pupils: Sequence[Pupil]) -> int | None:
    """The year after which the school ends: the highest that it has, where schools do end there."""
    years = [pupil.year_group for pupil in pupils if pupil.year_group is not None]
    return max(years) if years and max(years) in _LAST_YEARS else None


def _step(name: str, said: str | None, last: int | None, pupils: Sequence[Pupil]) -> ClassStep:
    years = {pupil.year_group for pupil in pupils}
    to = said if said is not None else LEAVES if years == {last} and last is not None else next_class(name)
    kind: StepKind = "leaves" if to == LEAVES else "moves" if to else "unclear"
    changing = sum(
        key_stage(pupil.year_group) != key_stage(pupil.year_group + 1)
        for pupil in pupils
        if pupil.year_group is not None
    )
    return ClassStep(name, to, kind, len(pupils), changing if kind == "moves" else 0)


def next_class(name: str) -> str:
    """The class that `name` is called a year on: `4B` becomes `5B`, `Reception` becomes `1`; empty if nobody knows."""
    number = _NUMBER.search(name)
    if number is not None:
        year = int(number[0]) + 1
        return name[: number.start()] + str(year) + name[number.end() :] if year <= LAST_SCHOOL_YEAR else ""
    reception = _RECEPTION.match(name)
    return str(RECEPTION + 1) + name[reception.end() :] if reception else ""
