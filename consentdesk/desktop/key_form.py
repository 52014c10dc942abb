"""Keying a slip by hand: its typed code, then what stands on the paper, question by question (rule S4)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row, scrolling
from consentdesk.desktop.pieces.fields import TextField
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import isolated, tr
from consentdesk.model.reading import Outcome
from consentdesk.services.key_slip import KeyDone, Keyed, KeyedWord, key_slip
from consentdesk.services.slip_to_key import QuestionToKey, SlipToKey, slip_to_key

_CODE_LENGTH = 12
_WAIT_MS = 250
_LEAST, _WIDE = 32, 42


class _Question(QWidget):
    """One question with Yes and No, of which one may be down; neither is what a blank one says."""

    def __init__(self, question: QuestionToKey, name: str) -> None:
        super().__init__()
        self.question = question
        self.buttons: dict[KeyedWord, Button] = {}
        for word, said in (("yes", tr("Yes")), ("no", tr("No"))):
            button = Button(said, kind="filter")
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {said}")
            button.clicked.connect(partial(self._press, word))
            self.buttons["yes" if word == "yes" else "no"] = button
        layout = row(text(name), *self.buttons.values(), gap=1)
        layout.setStretch(0, 1)
        set_spacing(layout, margins=0, gap=1)
        self.setLayout(layout)

    @property
    def word(self) -> KeyedWord | None:
        """What was keyed; None for a blank question."""
        return next((word for word, button in self.buttons.items() if button.isChecked()), None)

    def _press(self, pressed: str, _checked: bool = False) -> None:
        for word, button in self.buttons.items():
            if word != pressed:
                button.setChecked(False)


class KeyForm(QFrame):
    """A card that asks for the code and then for the answers. `kept` when they were recorded, with a word of it."""

    kept = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._desk = desk
        self._reading = ""
        self._slip: SlipToKey | None = None
        self.code = TextField(
            tr("Slip code"), hint=tr("As it is printed at the foot of the slip, such as 7F3K-22QX-19AB.")
        )
        self.heading = text(tr("Key it by hand"), "heading")
        self.whose = text("", "heading")
        self.about = text("", "quiet")
        self.questions: list[_Question] = []
        self._holder = QVBoxLayout()
        set_spacing(self._holder, gap=0.5)
        self.signed = QCheckBox(tr("A parent or carer has signed"))
        self.pupil_signed = QCheckBox(tr("The pupil has signed"))
        self.wrong = text("", "error")
        self.save = Button(tr("Record these answers"), self._record, kind="filled")
        self.once = text(
            tr(
                "Look again before you record: undo takes back decisions, and this is what the family said. If "
                "something was keyed wrongly, key the same code again; the slip then waits in review."
            ),
            "small",
        )
        self._inner = QWidget()
        layout = QVBoxLayout(self._inner)
        set_spacing(layout, margins=(2.5, 2, 2.5, 2), gap=1)
        layout.addWidget(self.heading)
        layout.addWidget(self.code)
        for part in (self.whose, self.about):
            layout.addWidget(part)
        layout.addLayout(self._holder)
        for box in (self.signed, self.pupil_signed):
            layout.addWidget(box)
        layout.addWidget(self.wrong)
        layout.addWidget(self.save)
        layout.addWidget(self.once)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        set_spacing(outer, margins=0.125, gap=0)
        outer.addWidget(scrolling(self._inner))
        self.setMinimumWidth(step(_LEAST))
        self.setMaximumWidth(step(_WIDE))
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self._look_up)
        self.code.changed.connect(self._typed)
        self.show_reading("", "")

    def sizeHint(self) -> QSize:
        """As high as what it asks, so that it need not scroll where there is room."""
        asked = self._inner.sizeHint()
        return QSize(max(asked.width(), step(_WIDE)), asked.height() + step(0.5))

    def show_reading(self, reading: str, code: str) -> None:
        """Ask for the code of something in the tray; `code` where it is known already."""
        self._reading = reading
        self.code.set_value(code)
        self._show(None)

    def _typed(self, typed: str) -> None:
        self._show(None)
        if len([letter for letter in typed if letter.isalnum()]) >= _CODE_LENGTH:
            self._wait.start()

    def _look_up(self) -> None:
        typed = self.code.value
        self._desk.ask(
            self,
            lambda office: slip_to_key(office, typed),
            lambda slip: self._found(typed, slip),
            lambda error: self._not_found(typed, error),
        )

    def _found(self, typed: str, slip: SlipToKey) -> None:
        if typed == self.code.value:
            self._show(slip)

    def _not_found(self, typed: str, error: BaseException) -> None:
        if typed == self.code.value:
            self.code.say_wrong(told(error).sentence)

    def _show(self, slip: SlipToKey | None) -> None:
        self._slip = slip
        for question in self.questions:
            self._holder.removeWidget(question)
            question.hide()
            question.deleteLater()
        self.questions = []
        for one in slip.questions if slip else ():
            name = tr("Pupil: {question}").format(question=one.name) if one.who == "pupil" else one.name
            self.questions.append(_Question(one, name))
            self._holder.addWidget(self.questions[-1])
        self.whose.setText(slip.name if slip else "")
        self.about.setText(f"{slip.school_class or tr('No class')} · {slip.form}" if slip else "")
        for part in (self.whose, self.about, self.signed, self.save, self.once):
            part.setVisible(slip is not None)
        self.pupil_signed.setVisible(slip is not None and slip.pupil_signs)
        self.signed.setChecked(False)
        self.pupil_signed.setChecked(False)
        self._say("")
        self.updateGeometry()

    def _record(self) -> None:
        if self._slip is None:
            return
        said: dict[str, dict[str, KeyedWord]] = {"guardian": {}, "pupil": {}}
        for one in self.questions:
            if one.word is not None:
                said[one.question.who][one.question.purpose] = one.word
        keyed = Keyed(said["guardian"], self.signed.isChecked(), said["pupil"], self.pupil_signed.isChecked())
        code, reading, name = self._slip.code, self._reading or None, self._slip.name
        self.save.setEnabled(False)
        self._desk.ask(
            self,
            lambda office: key_slip(office, code, keyed, reading=reading),
            lambda done: self._kept(name, done),
            self._refuse,
        )

    def _kept(self, name: str, done: KeyDone) -> None:
        self.save.setEnabled(True)
        words = {
            Outcome.DUPLICATE: tr("The same answers of {name} were recorded before; nothing was added."),
            Outcome.REVIEW: tr(
                "Recorded. Another copy of {name}’s slip says otherwise, so it waits in review."
            ),
        }.get(done.outcome, tr("The answers of {name} are recorded."))
        self.show_reading("", "")
        self.kept.emit(words.format(name=isolated(name)))

    def _refuse(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        self._say(told(error).sentence)

    def _say(self, sentence: str) -> None:
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
