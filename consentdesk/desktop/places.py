"""Which pages there are, in the order of the rail: each imported when it is first visited."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple, cast

from PySide6.QtCore import QObject

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.door import Session
from consentdesk.desktop.pieces.page import Page, PageName
from consentdesk.services.office import Errand


class Room(NamedTuple):
    """One page: its module and class, what the rail calls it, its icon and keys, and the errand it needs, if any."""

    page: PageName
    module: str
    maker: str
    title: str
    icon: str
    keys: str
    errand: Errand | None = None
    at_foot: bool = False


PAGES: Final = (
    Room("home", "home_page", "HomePage", "Home", "house", "Ctrl+1"),
    Room("print", "print_page", "PrintPage", "Print forms", "printer", "Ctrl+2", "print-forms"),
    Room("scan", "scan_page", "ScanPage", "Scan and review", "scan-line", "Ctrl+3", "review-answers"),
    Room("trip", "trip_page", "TripPage", "Check a trip", "bus", "Ctrl+4", "see-status"),
    Room("pupils", "pupils_page", "PupilsPage", "Pupils", "users", "Ctrl+5", "see-status"),
    Room("export", "export_page", "ExportPage", "Export", "file-output", "Ctrl+6", "export-lists"),
    Room("help", "help_page", "HelpPage", "Help", "circle-question-mark", "F1", at_foot=True),
    Room("settings", "settings_page", "SettingsPage", "Settings", "settings", "Ctrl+,", at_foot=True),
)

ATTENDANTS: Final = {
    "inbox": ("inbox", "Inbox"),
    "post": ("made_up_post", "MadeUpPost"),
    "backup": ("backup_keeper", "BackupKeeper"),
}
"""What works while the office is open, whichever page is shown: module and class, made with the desk."""


def pages_for(session: Session) -> tuple[Room, ...]:
    """The pages that exist and that the user's role has an errand on."""
    return tuple(
        room for room in PAGES if (room.errand is None or session.may(room.errand)) and is_there(room)
    )


def is_there(room: Room) -> bool:
    """Whether this version has the page."""
    return _exists(room.module)


def make_page(room: Room, desk: Desk) -> Page:
    """The page itself."""
    return cast("Page", getattr(import_module(f"{__package__}.{room.module}"), room.maker)(desk))


def load(rooms: Sequence[Room]) -> None:
    """Import what the attendants and these pages need; not on the window's thread, since it takes its time."""
    for module in _needed(rooms):
        import_module(module)


def is_loaded(rooms: Sequence[Room]) -> bool:
    """Whether nothing is left to import for them."""
    return all(module in sys.modules for module in _needed(rooms))


def _needed(rooms: Sequence[Room]) -> list[str]:
    modules = [module for module, _maker in ATTENDANTS.values()] + [room.module for room in rooms]
    return [f"{__package__}.{module}" for module in modules if _exists(module)]


def make_attendants(desk: Desk) -> dict[str, QObject]:
    """Everything that works while the office is open."""
    return {
        name: cast("QObject", getattr(import_module(f"{__package__}.{module}"), maker)(desk))
        for name, (module, maker) in ATTENDANTS.items()
        if _exists(module)
    }


def _exists(module: str) -> bool:
    return find_spec(f"{__package__}.{module}") is not None
