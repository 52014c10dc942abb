"""Review on the screen: the whole slip with the doubtful box ringed, the boxes enlarged, and one key a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.enlarged import Enlarged
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.page import Key
from consentdesk.desktop.pieces.text import set_tip, text
from consentdesk.desktop.review_panel import LETTERS, ReviewPanel
from consentdesk.desktop.review_queue import Ready, ReviewQueue
from consentdesk.desktop.slip_parts import parts_of, rings_of, title_of
from consentdesk.desktop.slip_picture import SlipPicture
from consentdesk.desktop.turning import turn_to_fit
from consentdesk.desktop.words import tr
from consentdesk.services.review import WORDS, DecisionWord
from consentdesk.services.review_steps import Step

_SKIP: Final = "S"
_LEAST: Final = 30
"""Steps that the slip needs beside the panel."""


class ReviewView(QWidget):
    """Shows the first of the queue. `moved` when another slip or step is shown.

    `letters` says whether the single-letter keys are wanted.
    """

    moved = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.letters = True
        self._shown: tuple[Ready, Step | None, bool] | None = None
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far the review is"))
        self.picture = SlipPicture()
        self.enlarged = Enlarged()
        self.enlarged_heading = text("", "strong")
        self.copies = text("", "quiet")
        self.panel = ReviewPanel()
        self._compose()
        self.queue = ReviewQueue(desk, self)
        self.queue.moved.connect(self._show)
        self.panel.answered.connect(self._answer_pressed)
        self.panel.turned.connect(self.queue.turn)

    def answer(self, word: DecisionWord) -> None:
        """Decide about what is asked."""
        if self.queue.current is not None and self.panel.buttons[word].isVisibleTo(self.panel):
            self.queue.decide(word, self.panel.guardian, self.panel.condition.value)

    def keys(self) -> tuple[Key, ...]:
        """The keys of review."""
        letters = (
            Key("Y", tr("Yes")),
            Key("N", tr("No")),
            Key("U", tr("Unclear: ask the family again")),
            Key("S", tr("Skip: come back to it at the end")),
        )
        return (
            *(letters if self.letters else ()),
            Key("Ctrl+Z", tr("Take back the last decision")),
            Key("+   –   0", tr("In the picture: closer, further away, all of it")),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The single-letter keys: only here, only where nothing is being typed, and only where they are wanted."""
        typed = event.text().upper()
        word = next((word for word in WORDS if LETTERS[word] == typed), None)
        if not self.letters or event.modifiers() or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif word is not None:
            self.answer(word)
        elif typed == _SKIP:
            self.queue.skip()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window with large text the panel goes below the slip."""
        super().resizeEvent(event)
        self._turn_to_fit()

    def _compose(self) -> None:
        left = QFrame()
        left.setProperty("kind", "card")
        layout = QVBoxLayout(left)
        set_spacing(layout, margins=(2, 1, 2, 2), gap=1)
        zoom = [
            self._bare("zoom-out", tr("Smaller"), self.picture.shrink),
            self._bare("zoom-in", tr("Larger"), self.picture.enlarge),
            self._bare("maximize", tr("The whole slip"), self.picture.show_all),
        ]
        head = row(text(tr("The slip"), "strong", wraps=False), self.copies, *zoom, gap=1)
        head.setStretch(1, 1)
        layout.addLayout(head)
        layout.addWidget(self.picture, 9)
        layout.addWidget(self.enlarged_heading)
        layout.addWidget(self.enlarged, 5)
        self._cards = QHBoxLayout()
        set_spacing(self._cards, gap=2)
        self._cards.addWidget(left, 2)
        self._cards.addWidget(self.panel, 1)
        outer = QVBoxLayout(self)
        set_spacing(outer, gap=2)
        outer.addWidget(self.bar)
        outer.addLayout(self._cards, 1)
        self.setFocusProxy(self.picture)

    @staticmethod
    def _bare(icon: str, words: str, does: Callable[[], object]) -> Button:
        button = Button("", does, kind="bare", icon=icon)
        button.setAccessibleName(words)
        set_tip(button, words)
        return button

    def _answer_pressed(self, word: str) -> None:
        self.answer(next(one for one in WORDS if one == word))

    def _turn_to_fit(self) -> None:
        least = self.panel.minimumWidth() + step(_LEAST)
        turn_to_fit(self._cards, self.width(), side_by_side=least)
        # What a long and low part leaves free is the slip's.
        used = self.enlarged.height_at(self.picture.width())
        self.enlarged.setMaximumHeight(max(used, self.enlarged.minimumHeight()))

    def _show(self) -> None:
        place, total = self.queue.place
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(place - 1)
        now = self.queue.current
        before, self._shown = self._shown, None
        if now is None:
            self.picture.show_slip(QImage())
            self.enlarged.show_parts(())
            self.panel.show_nothing()
        else:
            self._shown = now, self.queue.step, self.letters
            if before is None or before[0].seen.reading != now.seen.reading:
                self._show_slip(now)
            if before != self._shown:
                self._show_step(now, self.queue.step)
        self.moved.emit()

    def _show_slip(self, now: Ready) -> None:
        self.picture.show_slip(
            now.images[0], empty=tr("This slip was keyed by hand; there is no picture of it.")
        )
        several = len(now.seen.copies) > 1
        self.copies.setText(tr("This slip came in more than once; see below.") if several else "")

    def _show_step(self, now: Ready, asked: Step | None) -> None:
        self.panel.letters = self.letters
        self.panel.show_step(now.seen, asked)
        self.picture.ring(rings_of(now.seen, now.images[0], asked))
        parts = parts_of(now.seen, now.images, asked)
        self.enlarged.show_parts(parts)
        self.enlarged.setVisible(bool(parts))
        self.enlarged_heading.setVisible(bool(parts))
        self.enlarged_heading.setText(title_of(asked))
        self._turn_to_fit()
        said = f"{now.seen.name}. {self.panel.heading.text()} {self.panel.body.text()}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.picture, said))
        held = self.window().focusWidget()
        if held is None or not self.isAncestorOf(held):
            self.picture.setFocus()
