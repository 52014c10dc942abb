"""The right of review: what is asked and why, the answers with their keys, who signed, and the rest of the slip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.answer_list import AnswerLine, AnswerList
from consentdesk.desktop.look.icons import icon
from consentdesk.desktop.look.signs import tone_in
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import scrolling
from consentdesk.desktop.pieces.fields import ChoiceField, TextField
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.review_words import sign_of_answer, words_of
from consentdesk.desktop.words import isolated, tr
from consentdesk.services.look_at_slip import SeenAnswer, SeenSlip, Signatory
from consentdesk.services.review import WORDS, DecisionWord
from consentdesk.services.review_steps import Step

LETTERS: Final[dict[DecisionWord, str]] = {"yes": "Y", "no": "N", "unclear": "U"}
_ICONS: Final[dict[DecisionWord, tuple[str, str]]] = {
    "yes": ("circle-check", "yes"),
    "no": ("circle-x", "no"),
    "unclear": ("circle-alert", "ask"),
}
_WIDE: Final = 42
_LEAST: Final = 32
_APART: Final = "\u2003"


class AnswerButton(Button):
    """A tall button whose shape has the colour of its answer."""

    def __init__(self, pressed: Callable[[], object], shape: str, tone: str) -> None:
        self._tone = tone
        super().__init__("", pressed, kind="answer", icon=shape)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _draw_icon(self) -> None:
        super()._draw_icon()
        self.setIcon(icon(self._icon, tone_in(self.palette(), self._tone).ink, step(2.25)))


class ReviewPanel(QFrame):
    """`answered` carries the word that was chosen, `turned` the answer that somebody wants to look at."""

    answered = Signal(str)
    turned = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.letters = True
        self.above = text("", "quiet")
        self.heading = text("", "heading")
        self.body = text("")
        self.buttons: dict[DecisionWord, Button] = {word: self._button(word) for word in WORDS}
        self.condition = TextField(
            tr("Condition, word for word"),
            hint=tr("Only if one is written. It goes with the yes everywhere."),
        )
        self.who = ChoiceField(
            tr("Who signed?"), hint=tr("Compare the name in capitals. A yes needs it here.")
        )
        self.rest_heading = text("", "strong")
        self.rest = AnswerList()
        self.remarks = text("", "small")
        self._inner = QWidget()
        layout = QVBoxLayout(self._inner)
        set_spacing(layout, margins=(2.5, 2, 2.5, 2), gap=1)
        for part in (self.above, self.heading, self.body):
            layout.addWidget(part)
        layout.addSpacing(step(0.5))
        for button in self.buttons.values():
            layout.addWidget(button)
        layout.addSpacing(step(0.5))
        layout.addWidget(self.condition)
        layout.addWidget(self.who)
        layout.addSpacing(step(0.5))
        layout.addWidget(self.rest_heading)
        layout.addWidget(self.rest)
        layout.addWidget(self.remarks)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        set_spacing(outer, margins=0.125, gap=0)
        outer.addWidget(scrolling(self._inner))
        self._measure()
        self._inner.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def guardian(self) -> str:
        """The guardian who was chosen as signatory, by id; empty where nobody was."""
        return str(self.who.value or "") if self.who.isVisibleTo(self) else ""

    def show_nothing(self) -> None:
        """The slip is still being looked up: nothing is asked yet."""
        self._inner.hide()

    def show_step(self, seen: SeenSlip, now: Step | None) -> None:
        """Ask about a step of a slip."""
        self._inner.show()
        words = words_of(seen, now)
        self.above.setText(words.above)
        self.heading.setText(words.heading)
        self.body.setText(words.body)
        for word, said in zip(WORDS, (words.yes, words.no, words.unclear), strict=True):
            button = self.buttons[word]
            button.setVisible(bool(said))
            button.set_words(f"{said}{_APART}{LETTERS[word]}" if self.letters else said)
            button.setAccessibleName(said)
        self.condition.set_value("")
        self.condition.setVisible(now is not None and now.kind == "note" and bool(now.purposes))
        self._offer(seen)
        self._show_rest(seen, now)
        self.remarks.setText(" ".join(seen.remarks))
        self.remarks.setVisible(bool(seen.remarks))
        self._measure()

    def _measure(self) -> None:
        """As wide as the longest word on a button, so that nothing of it is cut."""
        least = max(step(_LEAST), self._inner.minimumSizeHint().width() + step(1.75))
        self.setMinimumWidth(least)
        self.setMaximumWidth(max(step(_WIDE), least))

    def _offer(self, seen: SeenSlip) -> None:
        self.who.setVisible(seen.must_name and bool(seen.guardians))
        chosen = self.guardian or seen.named
        self.who.offer([("", tr("Not named yet")), *((one.id, _told(one)) for one in seen.guardians)])
        self.who.choose(chosen)

    def _show_rest(self, seen: SeenSlip, now: Step | None) -> None:
        asked = {(now.who, one) for one in now.purposes} if now and now.kind == "question" else set()
        rest = [one for one in seen.answers if (one.who, one.purpose) not in asked]
        doubtful = any(one.answer == "review" and one.decided is None for one in rest)
        self.rest_heading.setText(tr("The other answers") if doubtful else tr("Read without doubt"))
        if any(one.decided for one in rest):
            self.rest_heading.setText(tr("The other answers"))
        if not asked:
            self.rest_heading.setText(tr("The answers"))
        self.rest.show_lines([(self._line(seen, one), self._turner(one)) for one in rest])
        self.rest_heading.setVisible(bool(rest))

    @staticmethod
    def _line(seen: SeenSlip, answer: SeenAnswer) -> AnswerLine:
        own = [one for one in seen.answers if one.who == answer.who]
        name = tr("Pupil: {question}").format(question=answer.name) if answer.who == "pupil" else answer.name
        return AnswerLine(str(own.index(answer) + 1), name, sign_of_answer(answer))

    def _turner(self, answer: SeenAnswer) -> Callable[[], object]:
        return lambda: self.turned.emit(answer)

    def _button(self, word: DecisionWord) -> Button:
        return AnswerButton(lambda: self.answered.emit(word), *_ICONS[word])


def _told(one: Signatory) -> str:
    return f"{isolated(one.name)} ({one.relationship})" if one.relationship else one.name
