"""The system's own lock and sleep, where it tells of them over D-Bus: what is on screen must not outlast them."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

_SCREEN_SAVERS: Final = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
# A text, whatever the stubs of PySide say: bytes are refused.
_BEGINS: Final[Any] = SLOT("begins(bool)")
_AT_ONCE: Final[Any] = SLOT("at_once()")
_LOGIN: Final = "org.freedesktop.login1"


class SystemLock(QObject):
    """`locked` when the screen is locked or the computer is about to sleep.

    Silent where there is no D-Bus, as on Windows and macOS: there the window locks when nobody has touched it for
    the time that is set, and the guide says so.
    """

    locked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        session, system = QDBusConnection.sessionBus(), QDBusConnection.systemBus()
        if session.isConnected():
            for saver in _SCREEN_SAVERS:
                session.connect("", "", saver, "ActiveChanged", self, _BEGINS)
        if system.isConnected():
            system.connect("", "", f"{_LOGIN}.Manager", "PrepareForSleep", self, _BEGINS)
            system.connect("", "", f"{_LOGIN}.Session", "Lock", self, _AT_ONCE)

    @Slot(bool)
    def begins(self, on: bool) -> None:
        """The screen saver or the sleep begins, or (with False) ends."""
        if on:
            self.locked.emit()

    @Slot()
    def at_once(self) -> None:
        """The session is locked."""
        self.locked.emit()
