"""The inbox: watches the folder that scans come into, and has what comes read, whichever page is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.jobs import Task
from consentdesk.desktop.pieces.page import Said
from consentdesk.desktop.pieces.strips import Banner
from consentdesk.desktop.words import counted, tr
from consentdesk.services.read_report import PageReport, ReadReport
from consentdesk.services.school_settings import SchoolSettings, school_settings
from consentdesk.services.take_in import InboxFile, Stayed, TakenIn, look_into, take_in

POLL_MS: Final = 2000
SETTLED_S: Final = 5.0
"""A file is taken once it has not changed for so long; a scanner writes a page every second or two."""
SILENT_S: Final = 15.0
"""A share that has not answered for so long cannot be reached."""
_NONE_OF_OURS: Final = frozenset({"thumbs.db", "desktop.ini"})
_REMEMBERED: Final = 200
_LONG: Final = 40
_KEY: Final = "inbox"
_STUCK: Final = "inbox-stuck"


class Arrival(NamedTuple):
    """A file that was read: when, and what became of its pages."""

    name: str
    at: datetime
    pages: tuple[PageReport, ...]


class _First(NamedTuple):
    """A file as it was first seen so, and when, by a clock that only goes on."""

    file: InboxFile
    at: float


class Inbox(QObject):
    """Looks into the folder every two seconds, and at once where the system tells of a change.

    `changed` when anything here is different; `came` carries a `TakenIn` when files were read. `banner` and
    `said` are heard by the window. `files` lie in the folder and are not read yet; `stayed` could not be
    taken, or not be removed, each with its sentence. While `paused`, nothing is read by itself.
    """

    changed = Signal()
    came = Signal(object)
    said = Signal(object)
    banner = Signal(str, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.settings = SchoolSettings()
        self.files: tuple[InboxFile, ...] = ()
        self.stayed: tuple[Stayed, ...] = ()
        self.arrivals: tuple[Arrival, ...] = ()
        self.checked: datetime | None = None
        self.reachable = True
        self.paused = False
        self.task: Task | None = None
        self._seen: dict[Path, _First] = {}
        self._read: set[InboxFile] = set()
        self._looks = False
        self._since: float | None = None
        """When the folder itself was asked, whose silence counts; the desk may be busy with something else."""
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _folder: self.look())
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.look)
        session = desk.session
        self.works = session is not None and session.may("read-scans")
        """Whether the user's role includes reading scans; nothing is watched where it does not."""
        if self.works:
            self._timer.start()
            self.look()

    @property
    def folder(self) -> Path | None:
        """The folder that is watched, if any."""
        return self.settings.scan_folder

    def look(self) -> None:
        """Look into the folder now, unless the last look still waits for its answer."""
        if not self.works:
            return
        if self._looks:
            if self._since is not None and monotonic() - self._since > SILENT_S:
                self._out_of_reach(None)
            return
        self._looks = True
        self._desk.ask(self, school_settings, self._look_into, self._lost)

    def read(self, paths: Iterable[Path]) -> None:
        """Read files that somebody dropped or chose; they stay where they are."""
        wanted = tuple(paths)
        self._desk.aside(self, lambda: _files_of(wanted), self._read_chosen)

    def go_on(self) -> None:
        """Take up what was stopped."""
        self.paused = False
        self.banner.emit(_STUCK, None)
        self.look()
        self._begin_if_settled()

    def try_again(self, stayed: Stayed) -> None:
        """Read a file again that could not be taken."""
        self.stayed = tuple(one for one in self.stayed if one != stayed)
        self.changed.emit()
        self._begin((stayed.file,), remove=self.is_ours(stayed.file) and not self.settings.keep_scan_files)

    def forget(self, stayed: Stayed) -> None:
        """Say no more of a file that could not be taken; it lies elsewhere, and is read when it is given again."""
        self.stayed = tuple(one for one in self.stayed if one != stayed)
        self.changed.emit()

    def line(self) -> str:
        """The line that says what is watched, and when it was last looked at."""
        if self.folder is None:
            return tr("No scan folder is watched")
        if not self.reachable:
            return tr("The scan folder cannot be reached")
        parts = [tr("Watching {folder}").format(folder=_short(self.folder))]
        if self.checked is not None:
            local = self.checked.astimezone()
            parts.append(tr("last checked {time}").format(time=f"{local.hour}:{local:%M}"))
        files = len(self.files)
        parts.append(
            tr("{files} waiting").format(files=counted(files, tr("file"), tr("files")))
            if files
            else tr("nothing waiting")
        )
        return " – ".join((parts[0], ", ".join(parts[1:])))

    def _look_into(self, settings: SchoolSettings) -> None:
        if settings != self.settings:
            self._turn_to(settings)
        folder = settings.scan_folder
        if folder is None:
            self._looks = False
            return
        self._since = monotonic()
        self._desk.aside(
            self, lambda: look_into(folder), lambda files: self._found(folder, files), self._out_of_reach
        )

    def _turn_to(self, settings: SchoolSettings) -> None:
        """Watch another folder, or none."""
        if settings.scan_folder != self.folder:
            self.files, self.checked, self.reachable = (), None, True
            self._seen.clear()
            if self._watcher.directories():
                self._watcher.removePaths(self._watcher.directories())
            self.banner.emit(_KEY, None)
        self.settings = settings
        self.changed.emit()

    def _found(self, folder: Path, files: Sequence[InboxFile]) -> None:
        self._looks, self._since = False, None
        if folder != self.folder:
            return
        if not self.reachable:
            self.reachable = True
            self.banner.emit(_KEY, None)
        if not self._watcher.directories():
            self._watcher.addPath(str(folder))
        self.checked = datetime.now(UTC)
        now = monotonic()
        ours = [file for file in files if file.path.name.casefold() not in _NONE_OF_OURS]
        self._seen = {
            file.path: before
            if (before := self._seen.get(file.path)) is not None and before.file == file
            else _First(file, now)
            for file in ours
        }
        self._read &= set(ours)
        self.stayed = tuple(one for one in self.stayed if not self.is_ours(one.file) or one.file in ours)
        kept_back = {one.file for one in self.stayed} | self._read
        self.files = tuple(file for file in ours if file not in kept_back)
        self.changed.emit()
        self._begin_if_settled()

    def _begin_if_settled(self) -> None:
        if self.task is not None or self.paused:
            return
        now = monotonic()
        settled = tuple(
            file for file in self.files if now - self._seen[file.path].at >= SETTLED_S and file.size
        )
        if settled:
            self._begin(settled, remove=not self.settings.keep_scan_files)

    def _begin(self, files: tuple[InboxFile, ...], *, remove: bool) -> None:
        task = self._desk.read(
            self,
            lambda office, reader: take_in(office, files, remove=remove, reader=reader),
            lambda taken: self._taken(files, taken),
            self._stuck,
            self._stopped,
        )
        self.task = task
        task.ended.connect(self._ended)
        self.changed.emit()

    def _taken(self, files: Sequence[InboxFile], taken: TakenIn) -> None:
        moment = datetime.now(UTC)
        self._read |= {file for file in files if file.path not in taken.gone}
        again = {file.path for file in files}
        self.stayed = (*(one for one in self.stayed if one.file.path not in again), *taken.stayed)
        self._read -= {one.file for one in taken.stayed}
        self.files = tuple(file for file in self.files if file not in files)
        new = tuple(Arrival(file.path.name, moment, _pages_of(taken.report, file.path)) for file in files)
        self.arrivals = (*reversed(new), *self.arrivals)[:_REMEMBERED]
        self.came.emit(taken)
        self.changed.emit()

    def _stuck(self, error: BaseException) -> None:
        self.paused = True
        self.banner.emit(
            _STUCK, Banner(told(error).sentence, "open", "triangle-alert", tr("Go on"), self.go_on)
        )
        self.changed.emit()

    def _stopped(self) -> None:
        self.paused = True
        self.said.emit(Said(tr("Stopped. What was read until now is kept.")))
        self.changed.emit()

    def _ended(self) -> None:
        if self.task is not None and not self.task.running:
            self.task = None
            self.changed.emit()
            self._begin_if_settled()

    def _read_chosen(self, files: tuple[InboxFile, ...]) -> None:
        if files:
            self._begin(files, remove=False)
        else:
            self.said.emit(Said(tr("There is no file in what you gave.")))

    def is_ours(self, file: InboxFile) -> bool:
        """Whether a file lies in the folder that is watched."""
        return file.path.parent == self.folder

    def _out_of_reach(self, error: BaseException | None) -> None:
        if error is not None:
            self._looks, self._since = False, None
            if not isinstance(error, OSError):
                self._desk.failed.emit(error)
                return
        if self.reachable:
            self.reachable = False
            words = tr(
                "The scan folder {folder} cannot be reached. Nothing is lost: reading goes on by itself "
                "once it is back."
            )
            self.banner.emit(
                _KEY,
                Banner(words.format(folder=self.folder), "open", "unplug", tr("Try again"), self.look),
            )
            self.changed.emit()

    def _lost(self, error: BaseException) -> None:
        self._looks = False
        self._desk.failed.emit(error)


def _short(folder: Path) -> str:
    """The end of a long path, which is what tells it from others."""
    whole = str(folder)
    return whole if len(whole) <= _LONG else f"…{whole[1 - _LONG :]}"


def _files_of(paths: Sequence[Path]) -> tuple[InboxFile, ...]:
    """The files themselves, and of a folder those in it."""
    found: list[InboxFile] = []
    for path in paths:
        if path.is_dir():
            found += look_into(path)
        else:
            # One that has gone meanwhile is told of by whoever reads it.
            facts = path.stat() if path.exists() else None
            found.append(InboxFile(path, facts.st_size if facts else 0, facts.st_mtime_ns if facts else 0))
    return tuple(dict.fromkeys(found))


def _pages_of(report: ReadReport, path: Path) -> tuple[PageReport, ...]:
    return tuple(page for page in report.pages if page.file in (path.name, str(path)))
