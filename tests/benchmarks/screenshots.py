"""`python -m tests.benchmarks.screenshots FOLDER`: every screen on a made-up school, light and dark, at three sizes."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
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
from consentdesk.desktop.unlock_page import UnlockPage
from consentdesk.services.demo import PASSWORD, demo
from consentdesk.services.progress import finish

SIZES: Final = ((1024, 700), (1280, 800), (1920, 1080))
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
_POINTS: Final = 10
_PATIENCE_MS: Final = 60_000
_TURN_MS: Final = 50
_SETTLED_MS: Final = 1200
ABOUTS: Final = {
    "scan": ("", "review", "confirm", "tray"),
    "trip": ("4H",),
    "pupils": ("", "4H", "import"),
    "settings": ("", "appearance"),
}
"""What pages are shown about, where once is not enough."""


class Studio(NamedTuple):
    """The program, how its system looks, where pictures go, and how large the text is."""

    app: QApplication
    system: System
    folder: Path
    points: int


def main(arguments: Sequence[str]) -> int:
    """Take the pictures, and return the exit code."""
    parser = argparse.ArgumentParser(prog="screenshots", description="A picture of every screen.")
    parser.add_argument("folder", type=Path)
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
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="consentdesk-pictures-") as scratch:
        os.environ["CONSENTDESK_DATA"] = str(Path(scratch) / "computer")
        office = asked.office or _made_up(Path(scratch) / "demo", asked.pupils)
        studio = _studio(asked.folder, asked.points)
        for theme in asked.themes:
            for size in asked.sizes:
                width, height = map(int, size.split("x"))
                copy = Path(scratch) / f"{theme}-{size}"
                shutil.copytree(office, copy / "office")
                _take(studio, copy, theme, (width, height))
    return 0


def _made_up(folder: Path, pupils: int) -> Path:
    finish(demo(pupils, 1, folder))
    return folder / "office"


def _studio(folder: Path, points: int) -> Studio:
    app = application()
    load_scripts()
    font = QFont(app.font())
    font.setPointSizeF(_POINTS)
    app.setFont(font)
    return Studio(app, System(app), folder, points)


def _take(studio: Studio, folder: Path, theme: Theme, size: tuple[int, int]) -> None:
    """All pictures in one theme and size."""
    worn = Appearance(theme=theme, text_size=studio.points, school="Hazelbrook School")
    appearance.save(worn)
    appearance.put_on(studio.app, studio.system, worn)

    def keep(name: str, window: QWidget) -> None:
        file = studio.folder / f"{name}-{theme}-{size[0]}x{size[1]}.png"
        window.grab().save(str(file))
        print(file.name, flush=True)

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


def _first_run(window: MainWindow) -> Iterator[str]:
    _until(lambda: isinstance(window.centralWidget(), FirstRun))
    page = window.centralWidget()
    assert isinstance(page, FirstRun)
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
    _wait(_SETTLED_MS)
    for number in range(len(window.desk.session.notices) if window.desk.session else 0):
        workspace.banners.set(f"notice-{number}", None)
    for room in PAGES:
        for about in ABOUTS.get(room.page, ("",)) if room.page in workspace.rooms else ():
            workspace.go(Place(room.page, about))
            _wait(_SETTLED_MS)
            yield f"{room.page}-{about}" if about else room.page


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(_PATIENCE_MS // _TURN_MS):
        if holds():
            return
        _wait(_TURN_MS)
    raise TimeoutError("the window did not come so far")


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
