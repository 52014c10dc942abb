"""Find a pupil among 5,000 while typing, and scroll through what was found: until it is on the screen."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from consentdesk.model.people import Pupil
from consentdesk.services.find_pupils import find_pupils, names_of_everybody
from consentdesk.services.office import create_office
from consentdesk.store import people
from consentdesk.store.slots import FLOOR
from tests.benchmarks.figures import Figure

if TYPE_CHECKING:
    from consentdesk.desktop.pupil_finder import PupilFinder

PUPILS = 5_000
_PASSWORD = "made up words"
_A_CLASS = 30
_GOAL = 50.0
_FRAME = 1000 / 60
_WHEEL = 3
TYPED = ("a", "ok", "oka", "okafor", "ada okafor", "okafro", "zielinskii", "nobody such")
"""From one letter, which thousands have, to names that nobody has and that want a suggestion."""

_FIRSTS = (
    "Ada", "Ben", "Cleo", "Aisha", "Tomasz", "Zofia", "Noah", "Isla", "Harry", "Ewan", "Chloe", "Elsie", "Samuel",
    "Theo", "Amelia", "Arthur", "Finley", "Olu", "Søren", "Siân",
)  # fmt: skip
_LASTS = (
    "Okafor", "O'Neill", "Ünal", "Reid", "Ahmed", "Hill", "Jones", "Scott", "Ali", "Green", "Zielinski", "Nowak",
    "Mensah", "Doyle", "Clarke", "Fraser", "Ångström", "Rhys-Llywelyn",
)  # fmt: skip
_SYLLABLES = ("ka", "ro", "mi", "ten", "sha", "wor", "vel", "dun", "bri", "lo", "ma", "sen")


def searching_figures(folder: Path) -> list[Figure]:
    """Milliseconds of the slowest of `TYPED`: the look through the names, and with it the way to the screen.

    And of the slowest step of the wheel through all that one letter finds.
    """
    office, _ = create_office(folder / "office", "Hazelbrook School", "head", _PASSWORD, cost=FLOOR)
    with office:
        people.add_pupils(office.db, list(made_up_pupils(PUPILS)))
        everybody = names_of_everybody(office)
        looks = [_milliseconds(lambda typed=typed: find_pupils(everybody, typed)) for typed in TYPED]
    shown, frame = _in_window(folder / "office")
    return [
        Figure("search-names", round(max(looks), 1), "ms"),
        Figure("search-in-window", round(max(shown), 1), "ms", goal=_GOAL),
        Figure("scroll-frame", round(frame, 1), "ms", goal=_FRAME),
    ]


def made_up_pupils(count: int, seed: int = 1) -> Iterator[Pupil]:
    """So many pupils in classes of thirty, with names common and rare."""
    chance = random.Random(seed)  # noqa: S311 - made-up names need no secret chance
    for number in range(count):
        first = chance.choice(_FIRSTS) + chance.choice(("", chance.choice(_SYLLABLES)))
        rare = "".join(chance.choice(_SYLLABLES) for _ in range(3)).title()
        last = chance.choice(_LASTS) if chance.random() < 0.5 else rare
        yield Pupil(f"p{number}", first, last, class_name=f"{number // _A_CLASS}C")


def _milliseconds(look: Callable[[], object]) -> float:
    begun = perf_counter()
    look()
    return (perf_counter() - begun) * 1000


def _in_window(office: Path) -> tuple[list[float], float]:
    """Through the search box itself: from its question, once nobody types any more, to the painted rows.

    Then, over all that one letter finds, the longest that one step of the wheel takes to be painted.
    """
    # Only who measures the window needs Qt.
    from tests.benchmarks.at_the_window import signed_in, until  # noqa: PLC0415

    with signed_in(office, _PASSWORD) as desk:
        from consentdesk.desktop.pupil_finder import PupilFinder  # noqa: PLC0415

        finder = PupilFinder(desk)
        finder.resize(320, 700)
        finder.show()
        finder.arrive()
        until(lambda: finder.classes.rows)
        found: list[str] = []
        finder.box.found.connect(lambda typed, _found: found.append(typed))
        times = []
        for typed in TYPED:
            _ask_for(finder, typed)
            begun = perf_counter()
            finder.box.search_now()
            until(lambda typed=typed: found and found[-1] == typed)
            finder.repaint()
            times.append((perf_counter() - begun) * 1000)
        _ask_for(finder, TYPED[0])
        finder.box.search_now()
        until(lambda: found[-1] == TYPED[0])
        bar = finder.pupils.verticalScrollBar()
        frames = []
        while bar.value() < bar.maximum():
            begun = perf_counter()
            bar.setValue(bar.value() + bar.singleStep() * _WHEEL)
            finder.pupils.viewport().repaint()
            frames.append((perf_counter() - begun) * 1000)
        finder.close()
    return times, max(frames)


def _ask_for(finder: PupilFinder, typed: str) -> None:
    """Type without waiting for the pause after which the box searches by itself."""
    finder.box.blockSignals(True)
    finder.box.setText(typed)
    finder.box.blockSignals(False)
