"""The post of a made-up school: every few seconds another scan comes into its folder, until all are in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from consentdesk.desktop.desk import Desk
from consentdesk.services.school_settings import POST, SCANS

EVERY_MS: Final = 6000


class MadeUpPost(QObject):
    """Works where the school is made up, and not otherwise."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._bring)
        session = desk.session
        if session is not None and session.made_up:
            self._post = session.folder.parent / POST
            self._scans = session.folder.parent / SCANS
            self._timer.start()

    def _bring(self) -> None:
        post, scans = self._post, self._scans
        self._desk.aside(self, lambda: deliver(post, scans), self._delivered)

    def _delivered(self, left: int) -> None:
        if not left:
            self._timer.stop()


def deliver(post: Path, scans: Path) -> int:
    """Move the first file from one folder to the other, whole at once; how many are left."""
    files = [path for path in post.glob("*") if path.is_file()] if post.is_dir() else []
    # As they were scanned, so that what came late comes late.
    waiting = sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name))
    if waiting and scans.is_dir():
        waiting[0].replace(scans / waiting[0].name)
    return max(len(waiting) - 1, 0)
