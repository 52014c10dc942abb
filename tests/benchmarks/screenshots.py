"""`python -m tests.benchmarks.screenshots FOLDER`: every screen on a made-up school, light and dark, at three sizes.

With `--guide` in place of the folder: the pictures of the guide and the README, into `docs/pictures`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

from consentdesk.desktop.first_run import FirstRun
from consentdesk.desktop.look import appearance
from consentdesk.desktop.look.appearance import Appearance, System, Theme
from consentdesk.desktop.look.type import load_scripts
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.places import PAGES
from consentdesk.desktop.start import application
from consentdesk.desktop.trip_words import PupilRow
from consentdesk.desktop.unlock_page import UnlockPage
from consentdesk.scanning.rehearsal.scan_files import ScanFile, make_scans
from consentdesk.scanning.rehearsal.sheets import Sheet
from consentdesk.services.confirm_sheet import confirm_sheet, next_sheet
from consentdesk.services.demo import PASSWORD
from consentdesk.services.demo_families import Families
from consentdesk.services.progress import finish
from consentdesk.services.read_scans import read_scans
from consentdesk.services.school_settings import SchoolSettings, change_school_settings
from consentdesk.services.withdraw import withdraw
from consentdesk.store import people
from tests.benchmarks.school import school

SIZES: Final = ((1024, 700), (1280, 800), (1920, 1080))
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
_POINTS: Final = 10
_PATIENCE_MS: Final = 60_000
_TURN_MS: Final = 20
_SETTLED_MS: Final = 600
_ANSWERS: Final = 30
_MISSING, _ODD, _WORN = 9, 17, 5
"""Of so many slips one is not sent back, some are odd, one was scanned badly."""
_FIFTH: Final = 4
"""The pupil of 4H who has withdrawn, and whose story is shown."""
_SCANS: Final = Path("Scans")
_CONFIRMED: Final = 3
"""Sheets that were confirmed."""
ABOUTS: Final = {
    "scan": ("", "review", "confirm", "tray"),
    "trip": ("", "4H"),
    "pupils": ("", "4H", "import"),
    "settings": ("", "backup", "appearance"),
    "help": ("", "signs", "keys"),
}
"""What pages are shown about, where once is not enough."""
GUIDE: Final = {
    "first-run-0": "guide-welcome",
    "print": "guide-print",
    "scan": "guide-inbox",
    "scan-review": "guide-review",
    "scan-confirm": "guide-confirm",
    "trip-4H-more": "trip",
    "pupils-4H-more": "guide-pupil",
    "export-more": "guide-export",
}
"""The screens that the guide shows, and what their pictures are called there."""
_PICTURES: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_OF_GUIDE: Final = "1280x800"


class Studio(NamedTuple):
    """The program, how its system looks, where pictures go, how large the text is, and whether for the guide alone."""

    app: QApplication
    system: System
    folder: Path
    points: int
    guide: bool


def main(arguments: Sequence[str]) -> int:
    """Take the pictures, and return the exit code."""
    parser = argparse.ArgumentParser(prog="screenshots", description="A picture of every screen.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--guide", action="store_true", help="the pictures of docs/, and no others")
    parser.add_argument("--office", type=Path, help="a closed office of the demo, instead of a new one")
    parser.add_argument("--pupils", type=int, default=60, metavar="N")
    parser.add_argument(
        "--points", type=int, default=_POINTS, metavar="N", help="size of text (default: %(default)s)"
    )
    parser.add_argument(
        "--sizes", nargs="*", metavar="WxH", default=["x".join(map(str, size)) for size in SIZES]
    )
    parser.add_argument("--themes", nargs="*", choices=THEMES, default=THEMES)
    asked = parser.parse_args(arguments)
    if asked.guide == (asked.folder is not None):
        parser.error("name a folder, or give --guide")
    if asked.guide:
        asked.folder, asked.sizes, asked.themes = _PICTURES, [_OF_GUIDE], ["light"]
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="consentdesk-pictures-") as scratch:
        os.environ["CONSENTDESK_DATA"] = str(Path(scratch) / "computer")
        target, there = asked.folder.resolve(), asked.office.resolve() if asked.office else None
        os.chdir(scratch)
        office = there or _made_up(Path(scratch) / "demo", asked.pupils)
        studio = _studio(target, asked.points, guide=asked.guide)
        for theme in asked.themes:
            for size in asked.sizes:
                width, height = map(int, size.split("x"))
                copy = Path(scratch) / f"{theme}-{size}"
                shutil.copytree(office, copy / "office")
                _take(studio, copy, theme, (width, height))
    return 0


def _made_up(folder: Path, pupils: int) -> Path:
    """An office in the middle of its work: slips read, most of them confirmed, some in doubt, one withdrawn."""
    folder.mkdir(parents=True)
    with school(folder, pupils) as made:
        office = made.office
        # Seen from the folder that the program is started in: a picture shall not show whose computer made it.
        _SCANS.mkdir(exist_ok=True)
        change_school_settings(office, SchoolSettings(scan_folder=_SCANS))
        printed, sent = made.print()
        families = Families(Random(1), sent, office.today)  # noqa: S311 - rehearsal
        hands = {3: families.commented, 7: families.unsigned, 11: families.spoiled, 13: families.answered}
        sheets = tuple(
            Sheet(
                "slip",
                "worn" if number % _WORN == 0 else "clean",
                families.seed(),
                (hands.get(number % _ODD, families.plain)(slip),),
            )
            for number, slip in enumerate(sent.slips)
            if number % _MISSING
        )
        for _ in make_scans(printed, [ScanFile("monday.pdf", sheets, 200, "grey")], folder):
            pass
        finish(read_scans(office, [folder / "monday.pdf"]))
        for _ in range(_CONFIRMED):
            sheet = next_sheet(office)
            if sheet.readings:
                confirm_sheet(office, sheet.readings, {})
        of_4h = [one.id for one in people.pupils(office.db, school_class="4H")]
        withdraw(office, of_4h[_FIFTH], ["image-use"], "phone")
    return folder / "office"


def _studio(folder: Path, points: int, *, guide: bool) -> Studio:
    app = application()
    load_scripts()
    font = QFont(app.font())
    font.setPointSizeF(_POINTS)
    app.setFont(font)
    return Studio(app, System(app), folder, points, guide)


def _take(studio: Studio, folder: Path, theme: Theme, size: tuple[int, int]) -> None:
    """All pictures in one theme and size."""
    worn = Appearance(theme=theme, text_size=studio.points, school="Hazelbrook School")
    appearance.save(worn)
    appearance.put_on(studio.app, studio.system, worn)

    def keep(name: str, window: QWidget) -> None:
        if studio.guide and name not in GUIDE:
            return
        told = GUIDE[name] if studio.guide else f"{name}-{theme}-{size[0]}x{size[1]}"
        picture = (QApplication.activeModalWidget() or window).grab().toImage()
        file = studio.folder / f"{told}.png"
        picture.save(str(file))
        if studio.guide:
            _shrink(file)
        print(told, flush=True)

    window = MainWindow(studio.system, folder / "nothing here", remembered=False)
    window.resize(*size)
    window.show()
    for name in _first_run(window):
        keep(name, window)
    window.close()

    appearance.save(msgspec.structs.replace(worn))
    window = MainWindow(studio.system, folder / "office", remembered=False)
    window.resize(*size)
    window.show()
    for name in _daily(window):
        keep(name, window)
    window.close()


def _shrink(file: Path) -> None:
    """Save a picture with 256 colours: a screen has no more, and a grey slip wants no more."""
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(256, kmeans=1, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def _first_run(window: MainWindow) -> Iterator[str]:
    _until(lambda: isinstance(window.centralWidget(), FirstRun))
    page = window.centralWidget()
    assert isinstance(page, FirstRun)
    _wait(_TURN_MS)
    yield "first-run-0"
    page.welcome.set_up.click()
    page.school.name.set_value("Hazelbrook School")
    _wait(_TURN_MS)
    yield "first-run-1"
    page.school.next.click()
    page.password.user.set_value("J. Shaw")
    page.password.password.set_value("short")
    page.password.next.click()
    _wait(_TURN_MS)
    yield "first-run-2"
    page.stack.setCurrentWidget(page.sheet)
    page.sheet.show_sheet(("0000",) * 8, b"")
    _wait(_TURN_MS)
    yield "first-run-2-sheet"
    page.stack.setCurrentWidget(page.list)
    _wait(_TURN_MS)
    yield "first-run-3"
    page.stack.setCurrentWidget(page.folder)
    _wait(_TURN_MS)
    yield "first-run-4"


def _daily(window: MainWindow) -> Iterator[str]:
    door = window.centralWidget()
    assert isinstance(door, UnlockPage)
    _until(lambda: bool(door.who.box.count()))
    _wait(_TURN_MS)
    yield "unlock"
    door.password.set_value("not the password")
    door.unlock.click()
    _until(lambda: bool(door.password.error))
    yield "unlock-refused"
    door.password.set_value(PASSWORD)
    door.unlock.click()
    _until(lambda: window.workspace is not None and window.workspace.ready)
    workspace = window.workspace
    assert workspace is not None
    _settled(window)
    for number in range(len(window.desk.session.notices) if window.desk.session else 0):
        workspace.banners.set(f"notice-{number}", None)
    for room in PAGES:
        for about in ABOUTS.get(room.page, ("",)) if room.page in workspace.rooms else ():
            workspace.go(Place(room.page, about))
            _settled(window)
            name = f"{room.page}-{about}" if about else room.page
            yield name
            act = ACTS.get(name)
            if act is not None:
                act(workspace.page)
                _settled(window)
                yield f"{name}-more"
    workspace.go(Place("home"))
    workspace.show_keys()
    _settled(window)
    yield "keys"
    window.lock()


def _choose_a_pupil_of_the_trip(page: Any) -> None:
    pupils = [row.pupil for row in page.rows.rows if isinstance(row, PupilRow)]
    page.rows.choose(next((one.pupil for one in pupils if one.group == "some"), pupils[0].pupil))
    page.rows.scrollToTop()
    if page.beside is not None:
        page.beside.open_side()


def _open_a_pupil(page: Any) -> None:
    page.finder.pupils.choose(_FIFTH)
    page.finder.pupils.opened.emit(page.finder.pupils.row)
    _wait(_SETTLED_MS)
    came = [entry for entry in page.view.timeline.entries if entry.happened.kind == "returned"]
    if came:
        came[0].show_slip.click()


ACTS: Final[dict[str, Callable[[Any], None]]] = {
    "trip-4H": _choose_a_pupil_of_the_trip,
    "pupils-4H": _open_a_pupil,
    "scan-tray": lambda page: page.by_hand.click(),
    "export": lambda page: page.file.file.set_value("/office/consent list 1B.pdf"),
}
"""What somebody does on a page that is worth another picture."""


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(_PATIENCE_MS // _TURN_MS):
        if holds():
            return
        _wait(_TURN_MS)
    raise TimeoutError("the window did not come so far")


def _settled(window: MainWindow) -> None:
    """Wait until the desk has answered everything that was asked, and that its answers asked."""
    for _ in range(_ANSWERS):
        answered: list[bool] = []
        window.desk.ask(window, lambda _office: True, answered.append)
        _until(lambda answered=answered: bool(answered))
    _wait(_SETTLED_MS)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
