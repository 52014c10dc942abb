"""The program as Qt knows it, an office with three pupils, and the window on it."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from consentdesk.desktop import settings_users
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look import appearance
from consentdesk.desktop.look.appearance import Appearance, System
from consentdesk.desktop.look.type import load_scripts
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.start import application
from consentdesk.services import set_up
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.office import add_user, change_password, create_office, open_office
from consentdesk.store.slots import FLOOR
from tests.desktop.driving import LONGEST_MS, ON_A_SCREEN, PASSWORD, Watchdog, bring_forward, unlock, until
from tests.desktop.prepared import IN_SCHOOL, WEBSITE, with_answers

if ON_A_SCREEN in os.environ:
    os.environ["QT_QPA_PLATFORM"] = os.environ[ON_A_SCREEN]

CLASS_LIST = """\
First name,Last name,Class,Year,DOB,Admission number,Parent 1 name
Ada,Okafor,4B,4,2018-03-01,101,Ngozi Okafor
Ben,O'Neill,4B,4,2018-05-09,102,Mary O'Neill
Cleo,Ünal,10A,10,2012-01-30,103,Deniz Ünal
"""


@pytest.fixture(scope="session")
def system() -> System:
    """The system's font and colours, which are the same on every machine that runs the tests."""
    app = application()
    assert app.devicePixelRatio() == float(os.environ.get("QT_SCALE_FACTOR", "1"))
    load_scripts()
    font = QFont(app.font())
    font.setPointSizeF(10)
    app.setFont(font)
    return System(app)


@pytest.fixture
def dressed(system: System) -> Callable[[Appearance], None]:
    """Dresses the program."""

    def dress(wanted: Appearance) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        appearance.put_on(app, system, wanted)

    return dress


@pytest.fixture(autouse=True)
def tidy(system: System) -> Iterator[None]:
    """As in the program, no other thread collects what the window's thread has made."""
    gc.disable()
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def plain_look(dressed: Callable[[Appearance], None]) -> None:
    """Every test begins in light colours at 10 pt."""
    dressed(Appearance(theme="light"))


@pytest.fixture(autouse=True)
def quick_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """New passwords are locked at the least cost: guessing them is no concern of these tests."""
    monkeypatch.setattr(set_up, "create_office", partial(create_office, cost=FLOOR))
    monkeypatch.setattr(settings_users, "add_user", partial(add_user, cost=FLOOR))
    monkeypatch.setattr(settings_users, "change_password", partial(change_password, cost=FLOOR))


@pytest.fixture(autouse=True)
def no_dialogues(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own dialogues would wait for somebody: whoever wants an answer from one sets it."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with three pupils, made once and closed; each test works on a copy."""
    folder = tmp_path_factory.mktemp("made") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(folder.parent))
        create_office(folder, "Made-up School", "head", PASSWORD, cost=FLOOR)[0].db.close()
        file = folder.parent / "list.csv"
        file.write_text(CLASS_LIST, encoding="utf-8")
        with open_office(folder, None, PASSWORD) as office:
            apply(office, preview(office, file).difference)
    return folder


@pytest.fixture(scope="session")
def answered_once(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same office once families have answered; a test that wants it works on a copy.

    Ada said yes to two places, Ben to all, one in letters from right to left said no, and two have returned
    nothing.
    """
    answers = {"Ada": {IN_SCHOOL: "yes", WEBSITE: "yes"}, "Ben": "yes", "ليلى": "no"}
    return with_answers(made_once, tmp_path_factory.mktemp("answered"), answers)


@pytest.fixture
def office_folder(made_once: Path, tmp_path: Path) -> Path:
    """An office of the test's own."""
    return Path(shutil.copytree(made_once, tmp_path / "office"))


@pytest.fixture
def desk(qtbot: QtBot, office_folder: Path) -> Iterator[Desk]:
    """A desk on which the head has signed in."""
    made = Desk()
    failures: list[BaseException] = []
    made.sign_in(made, office_folder, "head", PASSWORD, failures.append)
    until(qtbot, lambda: made.session or failures)
    assert not failures
    yield made
    made.shut()


@pytest.fixture
def closed_window(qtbot: QtBot, system: System, office_folder: Path) -> Iterator[MainWindow]:
    """The window, locked."""
    window = MainWindow(system, office_folder)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    bring_forward(qtbot, window)
    yield window
    window.close()


@pytest.fixture
def window(qtbot: QtBot, closed_window: MainWindow) -> MainWindow:
    """The window, with the head signed in and the home page shown."""
    unlock(qtbot, closed_window)
    return closed_window


@pytest.fixture
def watchdog(system: System) -> Iterator[Watchdog]:
    """Fails the test where the window's thread worked too long at a stretch."""
    watching = Watchdog()
    yield watching
    watching.stop()
    assert watching.longest < LONGEST_MS
