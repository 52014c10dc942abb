"""The inbox on the screen: what is being read, what waits for a person, what came, and what could not be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.inbox import Arrival, Inbox
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.strips import ProgressStrip
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.scan_words import done_words
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.turning import turn_to_fit
from consentdesk.desktop.words import counted, tr
from consentdesk.model.reading import Outcome
from consentdesk.services.progress import Progress
from consentdesk.services.take_in import Stayed
from consentdesk.services.waiting import DoneIn, Waiting

_MOST_STAYED: Final = 4
_LEAST: Final = 64
"""Steps that three numbers need side by side."""


class Ways(NamedTuple):
    """What the buttons here do; `settings` is None where there is no such page."""

    review: Callable[[], object]
    confirm: Callable[[], object]
    tray: Callable[[], object]
    choose: Callable[[], object]
    settings: Callable[[], object] | None


class _Waits(QFrame):
    """A number, what it counts, and the way to it."""

    def __init__(self, icon: str, way: Button) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.figure = text("", "figure", wraps=False)
        self.what = text("")
        head = QHBoxLayout()
        set_spacing(head, gap=1)
        head.addWidget(self.figure, 1)
        head.addWidget(Picture(icon), 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(2.5, 2, 2.5, 1.5), gap=0.25)
        layout.addLayout(head)
        layout.addWidget(self.what)
        layout.addStretch(1)
        layout.addSpacing(step(0.5))
        layout.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
        self.way = way
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def say(self, count: int | None, one: str, many: str) -> None:
        """Show a number; hidden where the user's role has no errand on it."""
        self.setVisible(count is not None)
        self.figure.setText(f"{count or 0:,}")
        self.what.setText(one if count == 1 else many)
        self.way.setVisible(bool(count))


class _Staying(QFrame):
    """A file that could not be taken, its sentence, and what to do about it."""

    def __init__(self, stayed: Stayed, inbox: Inbox) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("tone", "open")
        layout = QHBoxLayout(self)
        set_spacing(layout, margins=(2, 1, 2, 1), gap=1.5)
        layout.addWidget(Picture("triangle-alert", colour="open"), 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(text(_with_name(stayed)), 1)
        again = Button(tr("Try again"), lambda: inbox.try_again(stayed), kind="link")
        again.setAccessibleName(tr("Try again: {file}").format(file=stayed.file.path.name))
        layout.addWidget(again)
        if not inbox.is_ours(stayed.file):
            layout.addWidget(Button(tr("OK"), lambda: inbox.forget(stayed), kind="link"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


class InboxView(QWidget):
    """Shows the inbox and what waits."""

    def __init__(self, inbox: Inbox, ways: Ways) -> None:
        super().__init__()
        self._inbox = inbox
        self._waiting: Waiting | None = None
        self._done: DoneIn | None = None
        self._followed: object = None
        self._told: tuple[Stayed, ...] = ()
        self.progress = ProgressStrip(words=_reading_words)
        self.go_on = Button(tr("Go on reading"), inbox.go_on)
        self.paused = QFrame()
        self.paused.setProperty("kind", "card")
        held = QHBoxLayout(self.paused)
        set_spacing(held, margins=(2, 1.5, 2, 1.5), gap=2)
        held.addWidget(text(tr("Reading is stopped. What was read is kept, and new files wait.")), 1)
        held.addWidget(self.go_on)
        self.review = _Waits("scan-line", Button(tr("Review them"), ways.review, kind="link"))
        self.confirm = _Waits("list-checks", Button(tr("Look and confirm"), ways.confirm, kind="link"))
        self.tray = _Waits("inbox", Button(tr("Open the tray"), ways.tray, kind="link"))
        self.tiles = QWidget()
        self._row = row = QHBoxLayout(self.tiles)
        set_spacing(row, gap=2)
        for tile in (self.review, self.confirm, self.tray):
            row.addWidget(tile, 1)
        self._staying = QVBoxLayout()
        set_spacing(self._staying, gap=1)
        self.came_heading = text(tr("What came in"), "heading")
        self.came: Table[Arrival] = Table(
            tr("What came in"),
            (
                Column(tr("File"), lambda row: row.name, steps=24, strong=True),
                Column(tr("At"), _at, steps=8, quiet=True),
                Column(tr("Pages"), lambda row: str(len(row.pages)), steps=8, quiet=True),
                Column(tr("Outcome"), lambda row: _outcome(row).word, stretches=True, sign=_outcome),
            ),
        )
        self.came.setMinimumHeight(step(15))
        self.choose = Button(tr("Choose files…"), ways.choose, kind="filled")
        buttons = [self.choose]
        if ways.settings is not None:
            folder = Button(tr("Folder…"), ways.settings)
            folder.setAccessibleName(tr("Set the scan folder"))
            buttons.append(folder)
        self.empty = EmptyState("inbox", "", "", *buttons, takes_files=True)
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=2)
        layout.addWidget(self.progress)
        layout.addWidget(self.paused)
        layout.addLayout(self._staying)
        layout.addWidget(self.tiles)
        layout.addWidget(self.came_heading)
        layout.addWidget(self.came, 1)
        layout.addWidget(self.empty, 1)
        inbox.changed.connect(self.refresh)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window with large text the numbers go one below the other."""
        super().resizeEvent(event)
        turn_to_fit(self._row, self.width(), side_by_side=step(_LEAST))

    def show_waiting(self, waiting: Waiting, done: DoneIn | None) -> None:
        """Take over what waits, and how today's slips were done with once it is known."""
        self._waiting, self._done = waiting, done
        self.refresh()

    def refresh(self) -> None:
        """Show the inbox as it is now."""
        inbox, waiting = self._inbox, self._waiting
        task = inbox.task
        if task is not None and task is not self._followed:
            self.progress.follow(task, tr("Getting ready to read"))
        self._followed = task
        self.paused.setVisible(inbox.paused and task is None)
        if inbox.stayed != self._told:
            self._told = inbox.stayed
            self._show_staying()
        waits = waiting is not None and bool(waiting.review or waiting.clear or waiting.tray)
        self.tiles.setVisible(waits)
        if waiting is not None:
            self.review.say(len(waiting.review), tr("slip to review"), tr("slips to review"))
            self.confirm.say(waiting.clear, tr("clear slip to confirm"), tr("clear slips to confirm"))
            self.tray.say(waiting.tray, tr("page without an owner"), tr("pages without an owner"))
        came = inbox.arrivals
        if tuple(self.came.rows) != came:
            self.came.show_rows(came)
        for part in (self.came_heading, self.came):
            part.setVisible(bool(came))
        self._show_empty(waits=waits)

    def _show_empty(self, *, waits: bool) -> None:
        done, folder = self._done, self._inbox.folder
        came = bool(self._inbox.arrivals)
        self.empty.setVisible(not (waits and came))
        if waits:
            heading = tr("Drop more scans here")
        elif done is not None and done.slips:
            heading = (
                tr("The one slip is done")
                if done.slips == 1
                else tr("All {slips} slips done").format(slips=f"{done.slips:,}")
            )
        else:
            heading = tr("No slips to review")
        how = (
            tr("Scan a pile of returned slips to {folder}, or drop PDF or image files here.").format(
                folder=folder
            )
            if folder is not None
            else tr("Drop PDF or image files of returned slips here, or choose a folder to be watched.")
        )
        self.empty.say(heading, f"{done_words(done)} {how}" if done and not waits else how)

    def _show_staying(self) -> None:
        while (item := self._staying.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for stayed in self._told[:_MOST_STAYED]:
            self._staying.addWidget(_Staying(stayed, self._inbox))
        more = len(self._told) - _MOST_STAYED
        if more > 0:
            self._staying.addWidget(
                text(
                    tr("{files} more could not be taken.").format(
                        files=counted(more, tr("file"), tr("files"))
                    )
                )
            )


def _reading_words(progress: Progress) -> str:
    what = progress.what
    if what.startswith(("looking at", "keeping", "checking")):
        return what[:1].upper() + what[1:]
    return tr("Reading {file}").format(file=what)


def _with_name(stayed: Stayed) -> str:
    name = stayed.file.path.name
    return stayed.sentence if name in stayed.sentence else f"{name}: {stayed.sentence}"


def _at(row: Arrival) -> str:
    local = row.at.astimezone()
    return f"{local.hour}:{local:%M}"


def _outcome(row: Arrival) -> Sign:
    """What became of a file's pages, the worst shape first and every kind counted."""
    counts = Counter(page.outcome for page in row.pages)
    words = [f"{counts[outcome]} {tr(word)}" for outcome, word in _WORDS if counts[outcome]]
    worst = next((outcome for outcome, _word in _WORDS if counts[outcome]), Outcome.BLANK)
    shape, tone = _SHAPES.get(worst, ("circle-check", "yes"))
    return Sign(", ".join(words) or tr("nothing read"), shape, tone, quiet=tone in ("yes", "plain"))


_WORDS: Final[Sequence[tuple[Outcome, str]]] = (
    (Outcome.REFUSED, "refused"),
    (Outcome.UNREADABLE, "not readable"),
    (Outcome.UNMATCHED, "without an owner"),
    (Outcome.REVIEW, "to review"),
    (Outcome.READ, "read"),
    (Outcome.DUPLICATE, "came in before"),
    (Outcome.FOREIGN, "not ours"),
    (Outcome.LETTER, "letter"),
    (Outcome.BLANK, "blank"),
)
_SHAPES: Final = {
    Outcome.REFUSED: ("circle-alert", "open"),
    Outcome.UNREADABLE: ("circle-alert", "open"),
    Outcome.UNMATCHED: ("circle-alert", "ask"),
    Outcome.REVIEW: ("circle-alert", "ask"),
    Outcome.DUPLICATE: ("split", "plain"),
    Outcome.FOREIGN: ("circle-minus", "plain"),
    Outcome.LETTER: ("circle-minus", "plain"),
    Outcome.BLANK: ("circle-minus", "plain"),
}
