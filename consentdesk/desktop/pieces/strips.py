"""Strips across a page: progress with time left and Cancel, a question to confirm, and messages that stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.jobs import Task
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import time_left, tr
from consentdesk.services.progress import Progress

Tone = Literal["no", "open", "ask", "limited", "plain", "yes"]


class ProgressStrip(QFrame):
    """How far a job is: what is done, `12 of 40`, the time left, and Cancel, which keeps what is done.

    Hidden while nothing runs. `words` may turn a service's `Progress.what` into better ones.
    """

    def __init__(self, *, words: Callable[[Progress], str] | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._words = words or (lambda progress: progress.what[:1].upper() + progress.what[1:])
        self._task: Task | None = None
        self.what = text("", "strong", wraps=False)
        self.count = text("", "quiet", wraps=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.cancel = Button(tr("Cancel"), self._stop)
        line = QHBoxLayout()
        set_spacing(line, gap=2)
        line.addWidget(self.what)
        line.addWidget(self.count, 1)
        line.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(2, 1.5, 2, 2), gap=1)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def follow(self, task: Task, beginning: str = "") -> None:
        """Show `task` until it ends."""
        self._task = task
        self.what.setText(beginning or tr("Starting"))
        self.count.setText("")
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self.cancel.set_words(tr("Cancel"))
        self.cancel.setVisible(task.is_job)
        task.progressed.connect(self._show)
        task.ended.connect(self._end)
        self.show()

    def _show(self, progress: Progress, left: float | None) -> None:
        self.what.setText(self._words(progress))
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        counted = tr("{done:,} of {total:,}").format(done=progress.done, total=progress.total)
        parts = [counted if progress.total else "", time_left(left)]
        self.count.setText(" · ".join(part for part in parts if part))
        self.bar.setAccessibleDescription(self.count.text())

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self.cancel.setEnabled(False)
            self.cancel.set_words(tr("Stopping…"))

    def _end(self) -> None:
        self._task = None
        self.hide()


class ConfirmStrip(QFrame):
    """A question in the page itself, with the words for yes on its button: `ask` shows it, `answered` hides it."""

    answered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("tone", "open")
        self.question = text("", "body")
        self.yes = Button("", lambda: self._answer(yes=True))
        self.no = Button(tr("No, go back"), lambda: self._answer(yes=False))
        layout = QHBoxLayout(self)
        set_spacing(layout, margins=(2, 1.5, 2, 1.5), gap=1)
        layout.addWidget(Picture("circle-alert", colour="open"), 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.question, 1)
        layout.addWidget(self.no)
        layout.addWidget(self.yes)
        # As high as its question wants at its width, which a large text folds.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()
        self._then: Callable[[], object] | None = None

    def ask(self, question: str, yes: str, then: Callable[[], object]) -> None:
        """Ask; `then` is called where the answer is yes. The safe answer has the focus."""
        self._then = then
        self.question.setText(question)
        self.yes.set_words(yes)
        self.show()
        self.no.setFocus()

    def _answer(self, *, yes: bool) -> None:
        self.hide()
        then, self._then = self._then, None
        if yes and then is not None:
            then()
        self.answered.emit(yes)


class Banner(NamedTuple):
    """A message that stays until its reason has gone; `does` with its `words` is the way to mend it, if any."""

    message: str
    tone: Tone = "open"
    icon: str = "triangle-alert"
    words: str = ""
    does: Callable[[], object] | None = None


class BannerStrip(QFrame):
    """One banner."""

    def __init__(self, banner: Banner) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("tone", banner.tone)
        self.message = text(banner.message)
        layout = QHBoxLayout(self)
        set_spacing(layout, margins=(2, 1, 2, 1), gap=1.5)
        layout.addWidget(Picture(banner.icon, colour=banner.tone), 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.message, 1)
        if banner.does is not None:
            layout.addWidget(Button(banner.words, banner.does, kind="link"))
        self.setMinimumHeight(step(5))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


class Banners(QWidget):
    """The banners that hold now, one below the other, each under a key of whoever says it."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, tuple[Banner, BannerStrip]] = {}
        self._column = QVBoxLayout(self)
        set_spacing(self._column, gap=1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def set(self, key: str, banner: Banner | None) -> None:
        """Show this banner in place of the one with the same key; None takes it away."""
        before = self._shown.get(key)
        if before is not None and before[0] == banner:
            return
        if before is not None:
            del self._shown[key]
            self._column.removeWidget(before[1])
            before[1].deleteLater()
        if banner is not None:
            strip = BannerStrip(banner)
            self._shown[key] = banner, strip
            self._column.addWidget(strip)
        self.setVisible(bool(self._shown))

    @property
    def messages(self) -> tuple[str, ...]:
        """What they say."""
        return tuple(banner.message for banner, _strip in self._shown.values())
