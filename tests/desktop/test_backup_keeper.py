"""The daily backup in the window: made once, and told calmly where its folder is not there."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from consentdesk.desktop.backup_keeper import BackupKeeper
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.strips import Banner
from consentdesk.services.daily_backup import choose_backup_place
from tests.desktop.driving import settle, until


def keeper_of(window: MainWindow) -> tuple[BackupKeeper, list[Banner | None]]:
    assert window.workspace is not None
    keeper = cast("BackupKeeper", window.workspace.attendants["backup"])
    heard: list[Banner | None] = []
    keeper.banner.connect(lambda _key, banner: heard.append(banner))
    return keeper, heard


def backups_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("ConsentDesk daily *"))


def test_a_backup_is_made_once_a_day(qtbot: QtBot, window: MainWindow, office_folder: Path) -> None:
    keeper, heard = keeper_of(window)
    keeper.look()
    until(qtbot, lambda: heard == [None])
    assert len(backups_in(office_folder / "backups")) == 1
    keeper.look()
    settle(qtbot, window)
    assert len(backups_in(office_folder / "backups")) == 1


def test_a_stick_that_is_not_there_is_told_and_tried_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    keeper, heard = keeper_of(window)
    stick = tmp_path / "stick"
    window.desk.ask(window, lambda office: choose_backup_place(office, stick))
    keeper.look()
    until(qtbot, lambda: heard)
    banner = heard[0]
    assert banner is not None
    assert banner.message.startswith("Today’s backup could not be made.")
    assert "plug the stick in" in banner.message.lower()
    stick.mkdir()
    assert banner.does is not None
    banner.does()
    until(qtbot, lambda: heard[-1] is None)
    assert len(backups_in(stick)) == 1
