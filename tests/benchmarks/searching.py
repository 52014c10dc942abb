"""Find a pupil among 5,000 while typing: from the question to the rows on the screen, and the look itself."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    from consentdesk.desktop.desk import Desk

PUPILS = 5_000
_PASSWORD = "made up words"
_A_CLASS = 30
_GOAL = 50.0
_PATIENCE_S = 10.0
_HEARTBEAT_MS = 500
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
    """Milliseconds of the slowest of `TYPED`: the look through the names, and with it the way to the screen."""
    office, _ = create_office(folder / "office", "Hazelbrook School", "head", _PASSWORD, cost=FLOOR)
    with office:
        people.add_pupils(office.db, list(made_up_pupils(PUPILS)))
        everybody = names_of_everybody(office)
        looks = [_milliseconds(lambda typed=typed: find_pupils(everybody, typed)) for typed in TYPED]
    return [
        Figure("search-names", round(max(looks), 1), "ms"),
        Figure("search-in-window", round(max(_in_window(folder / "office")), 1), "ms", goal=_GOAL),
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


def _in_window(office: Path) -> list[float]:
    """Through the search box itself: from its question, once nobody types any more, to the painted rows."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Only who measures the window needs Qt.
    from PySide6.QtCore import QEventLoop, QTimer  # noqa: PLC0415

    from consentdesk.desktop.desk import Desk  # noqa: PLC0415
    from consentdesk.desktop.pupil_finder import PupilFinder  # noqa: PLC0415
    from consentdesk.desktop.start import application  # noqa: PLC0415

    app = application()
    # A window waits for what comes: to ask again and again would take the time from the thread that looks.
    heartbeat = QTimer(interval=_HEARTBEAT_MS)
    heartbeat.start()

    def until(holds: Callable[[], object]) -> None:
        begun = perf_counter()
        while not holds():
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if perf_counter() - begun > _PATIENCE_S:
                raise TimeoutError("the window does not answer")

    with _signed_in(Desk(), office, until) as desk:
        finder = PupilFinder(desk)
        finder.resize(320, 700)
        finder.show()
        finder.arrive()
        until(lambda: finder.classes.rows)
        found: list[str] = []
        finder.box.found.connect(lambda typed, _found: found.append(typed))
        times = []
        for typed in TYPED:
            finder.box.blockSignals(True)
            finder.box.setText(typed)
            finder.box.blockSignals(False)
            begun = perf_counter()
            finder.box.search_now()
            until(lambda typed=typed: found and found[-1] == typed)
            finder.repaint()
            times.append((perf_counter() - begun) * 1000)
        finder.close()
    return times


@contextmanager
def _signed_in(desk: Desk, office: Path, until: Callable[[Callable[[], object]], None]) -> Iterator[Desk]:
    failures: list[BaseException] = []
    desk.sign_in(desk, office, "head", _PASSWORD, failures.append)
    until(lambda: desk.session or failures)
    if failures:
        raise failures[0]
    try:
        yield desk
    finally:
        desk.shut()
