"""A backup a day while the office is open; a stick that is not plugged in is told, and tried again."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.pieces.strips import Banner
from consentdesk.desktop.words import tr
from consentdesk.services.daily_backup import back_up_daily, backup_due

FIRST_MS: Final = 60_000
"""After signing in nothing is copied for so long: whoever came wants something."""
AGAIN_MS: Final = 30 * 60_000
"""How often it is looked whether today's backup is still to be made."""
_BANNER: Final = "daily-backup"


class BackupKeeper(QObject):
    """Makes the daily backup, bit by bit between everything else. Of a made-up school nothing need be kept."""

    banner = Signal(str, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._running = False
        self._timer = QTimer(self, interval=FIRST_MS)
        self._timer.timeout.connect(self.look)
        if desk.session is not None and not desk.session.made_up:
            self._timer.start()

    def look(self) -> None:
        """Make today's backup if it is still to be made."""
        self._timer.setInterval(AGAIN_MS)
        if not self._running:
            self._running = True
            self._desk.ask(self, backup_due, self._begin, self._failed)

    def _begin(self, due: bool) -> None:
        if due:
            self._desk.run(self, back_up_daily, lambda _made: self._made(), self._failed, self._stopped)
        else:
            self._stopped()

    def _made(self) -> None:
        self._stopped()
        self.banner.emit(_BANNER, None)

    def _stopped(self) -> None:
        self._running = False

    def _failed(self, error: BaseException) -> None:
        self._stopped()
        message = tr("Today’s backup could not be made. {why}").format(why=told(error).sentence)
        self.banner.emit(_BANNER, Banner(message, "open", "hard-drive-download", tr("Try again"), self.look))
