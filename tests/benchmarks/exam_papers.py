"""What the exam lays on the glass: slips of every kind of form filled in by many hands, each from a seed of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from consentdesk.scanning.rehearsal.cases import CASES, MarkCase
from consentdesk.scanning.rehearsal.fill_in import Part
from consentdesk.scanning.rehearsal.levels import LEVELS, LevelName, Mode
from consentdesk.scanning.rehearsal.sheets import Sheet, Written, fit_one_sheet
from consentdesk.services.demo_families import Families, PrintedSlip, SentHome

DAY: Final = date(2026, 9, 14)
_DOUBTFUL: Final = 0.3
_CUT_OUT: Final = 0.15
_TOGETHER: Final = 0.4
"""Of sheets with cut slips, how many hold more than one."""
_DPI: Final = (150, 200, 200, 200, 300)
_TURNS: Final = (0, 0, 0, 1, 2, 3)

SPECIAL: Final = {"unsigned": 0.04, "comment": 0.025, "other name": 0.01, "pupil unsigned": 0.02}
"""What a whole slip may be, and how often: on such a slip nothing is clear (of the last, in the pupil's part)."""


class Seat(NamedTuple):
    """One sheet of one exam: the same three always give the same sheet."""

    seed: int
    level: LevelName
    number: int


class Question(NamedTuple):
    """One sheet of the exam: how it is scanned, and on each slip what is special about it, or nothing."""

    printed: Path
    sheet: Sheet
    dpi: int
    mode: Mode
    special: tuple[str, ...]


@dataclass(frozen=True)
class Aim:
    """What an exam is about: of `cases`, every pair holds one; of `specials`, every slip is one. Else all of life."""

    cases: tuple[str, ...] = ()
    specials: tuple[str, ...] = ()


def kind_of(case: str) -> str:
    """What a case is called whether it stands for yes or for no."""
    return case.removeprefix("yes: ").removeprefix("no: ")


KINDS: Final = tuple(dict.fromkeys(kind_of(case) for case in CASES))


def aim_at(wanted: Sequence[str]) -> Aim:
    """An aim from names: of kinds and cases, of what a slip can be, `plain` for every plain tick and cross.

    A name that is none of these aims at every kind that it is a part of. Raises ValueError where there is none.
    """
    cases: dict[str, None] = {}
    specials: dict[str, None] = {}
    for name in wanted:
        if name in SPECIAL:
            specials[name] = None
            continue
        tests: tuple[Callable[[MarkCase], bool], ...] = (
            lambda case, name=name: name in (case.name, kind_of(case.name)),  # type: ignore[misc]
            lambda case, name=name: name == "plain" and case.plain,  # type: ignore[misc]
            lambda case, name=name: name in case.name,  # type: ignore[misc]
        )
        found = next(
            (some for test in tests if (some := [case.name for case in CASES.values() if test(case)])), []
        )
        if not found:
            raise ValueError(f"there is no “{name}”; there are: {', '.join(('plain', *SPECIAL, *KINDS))}")
        cases.update(dict.fromkeys(found))
    return Aim(tuple(cases), tuple(specials))


Printed = Sequence[tuple[Path, SentHome]]
"""Print runs: the PDF of each, and what went home with it."""


def question(prints: Printed, seat: Seat, aim: Aim) -> Question:
    """The sheet of a seat."""
    chance = Random(f"{seat.seed} {seat.level} {seat.number}")  # noqa: S311 - rehearsal, no secret
    path, sent, printed = _choice(prints, aim, chance)
    families = Families(chance, sent, DAY)
    slips = [_written(families, printed, aim, chance)]
    cut = chance.random() < _CUT_OUT
    if cut and chance.random() < _TOGETHER:
        for other in chance.sample(sent.slips, min(2, len(sent.slips))):
            if other is not printed and fit_one_sheet([*(slip.places for slip, _ in slips), other.slip]):
                slips.append(_written(families, other, aim, chance))
    modes = LEVELS[seat.level].modes
    return Question(
        path,
        Sheet(
            "cut" if cut else "slip",
            seat.level,
            chance.getrandbits(32),
            tuple(slip for slip, _ in slips),
            turn=chance.choice(_TURNS),
        ),
        chance.choice(_DPI),
        chance.choices(list(modes), list(modes.values()))[0],
        tuple(special for _, special in slips),
    )


def _choice(prints: Printed, aim: Aim, chance: Random) -> tuple[Path, SentHome, PrintedSlip]:
    """Any printed slip; one with a pupil's part where that is what the exam is about."""
    places = [
        (path, sent, printed)
        for path, sent in prints
        for printed in sent.slips
        if aim.specials != ("pupil unsigned",) or printed.slip.pupil_questions
    ]
    return chance.choice(places)


def _written(families: Families, printed: PrintedSlip, aim: Aim, chance: Random) -> tuple[Written, str]:
    """A slip as it comes back, and what is special about it."""
    special = _special(aim, chance)
    match special:
        case "unsigned":
            slip = families.unsigned(printed)
        case "comment":
            slip = families.commented(printed)
        case "other name":
            slip = families.renamed(printed)
        case _:
            slip = families.answered(printed, _DOUBTFUL)
    own = slip.filling.pupil
    if special == "pupil unsigned":
        if own is None:
            special = ""
        else:
            slip = replace(slip, filling=replace(slip.filling, pupil=replace(own, signs=False)))
    elif own is not None and not own.signs and not special:
        special = "pupil unsigned"
    return _aimed(slip, aim, chance) if aim.cases else slip, special


def _special(aim: Aim, chance: Random) -> str:
    if aim.specials:
        return chance.choice(aim.specials)
    if aim.cases:
        return ""
    throw = chance.random()
    for name, share in SPECIAL.items():
        throw -= share
        if throw < 0:
            return name
    return ""


def _aimed(slip: Written, aim: Aim, chance: Random) -> Written:
    """The slip with every pair holding one of the cases that the exam is about."""

    def part(one: Part, purposes: Sequence[str]) -> Part:
        return replace(
            one,
            answers=dict.fromkeys(purposes, "yes"),
            cases={purpose: chance.choice(aim.cases) for purpose in purposes},
        )

    filling = slip.filling
    guardian = part(filling.guardian, [pair.purpose for pair in slip.places.questions])
    pupil = filling.pupil and part(filling.pupil, [pair.purpose for pair in slip.places.pupil_questions])
    return replace(slip, filling=replace(filling, guardian=guardian, pupil=pupil))


def seats(
    seed: int, levels: Sequence[LevelName], numbers: Sequence[int], at_a_time: int
) -> Iterator[list[Seat]]:
    """All seats of an exam in handfuls, the levels by turns so that progress is told fairly."""
    every = [Seat(seed, level, number) for number, level in product(numbers, levels)]
    return (every[at : at + at_a_time] for at in range(0, len(every), at_a_time))


def levels_of(asked: Sequence[str]) -> tuple[LevelName, ...]:
    """The levels asked for in the order of their table; all where none is named."""
    return tuple(level for level in LEVELS if not asked or level in asked)
