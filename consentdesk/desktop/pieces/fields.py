"""Fields of a form: a label above, what is typed or chosen, and the sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.text import restyle, text
from consentdesk.desktop.words import tr

_LEAST_LETTERS = 8

Check = Callable[[str], str]
"""Says what is wrong with what was typed, as a sentence; empty where nothing is."""
Pick = Callable[[QWidget], Path | None]
"""Asks for a file or folder, over the widget; None where nobody chose one."""


class Field(QWidget):
    """A label, something to fill in, and below it a hint or, in its place, what is wrong.

    `what` is the widget that is filled in. It carries the label as accessible name and hint or error as
    accessible description, so that a screen reader says them too.
    """

    def __init__(self, label: str, what: QWidget, *, hint: str = "", beside: Iterable[QWidget] = ()) -> None:
        super().__init__()
        self.what = what
        self._hint = hint
        self._label = text(label, "label")
        self._label.setBuddy(what)
        self._below = text(hint, "small")
        if not hint:
            # Never shown here: without a parent yet, it would be a window of its own for a moment.
            self._below.hide()
        what.setAccessibleName(label)
        what.setAccessibleDescription(hint)
        line = QHBoxLayout()
        set_spacing(line, gap=1)
        line.addWidget(what, 1)
        for one in beside:
            line.addWidget(one)
        self._column = QVBoxLayout(self)
        set_spacing(self._column, gap=0.5)
        self._column.addWidget(self._label)
        self._column.addLayout(line)
        self._column.addWidget(self._below)
        # Beside a field with a longer label or an error, what is left over lies below.
        self._column.addStretch(1)
        self.setFocusProxy(what)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def error(self) -> str:
        """What is said to be wrong; empty where nothing is."""
        return self._below.text() if self.what.property("wrong") else ""

    def set_label(self, label: str) -> None:
        """Ask for something else."""
        self._label.setText(label)
        self.what.setAccessibleName(label)

    def say_wrong(self, sentence: str) -> None:
        """Say what is wrong beside the field; the empty sentence takes it back."""
        self._below.setText(sentence or self._hint)
        self._below.setVisible(bool(sentence or self._hint))
        restyle(self._below, kind="error" if sentence else "small")
        restyle(self.what, wrong=bool(sentence))
        self.what.setAccessibleDescription(sentence or self._hint)


class TextField(Field):
    """A line to type, checked when it is left and when somebody wants to go on."""

    changed = Signal(str)

    def __init__(
        self, label: str, *, hint: str = "", check: Check | None = None, beside: Iterable[QWidget] = ()
    ) -> None:
        self.line = QLineEdit()
        super().__init__(label, self.line, hint=hint, beside=beside)
        self._check = check
        self.line.textChanged.connect(self._typed)
        self.line.editingFinished.connect(self._left)

    @property
    def value(self) -> str:
        """What was typed, without the blanks around it."""
        return self.line.text().strip()

    def set_value(self, value: str) -> None:
        """Fill it in."""
        self.line.setText(value)

    def is_right(self) -> bool:
        """Check it now, say what is wrong, and go there."""
        wrong = self._check(self.line.text()) if self._check else ""
        self.say_wrong(wrong)
        if wrong:
            self.line.setFocus()
        return not wrong

    def _typed(self, typed: str) -> None:
        if self.error:
            self.say_wrong("")
        self.changed.emit(typed)

    def _left(self) -> None:
        # Nobody is told off for a field that they only passed by.
        if self._check and self.line.text():
            self.say_wrong(self._check(self.line.text()))


class PasswordField(TextField):
    """A password: hidden until its button shows it, with a word where Caps Lock seems to be on."""

    def __init__(self, label: str, *, hint: str = "", check: Check | None = None) -> None:
        self.show_button = Button("", self._turn, kind="bare", icon="eye")
        self.show_button.setAccessibleName(tr("Show the password"))
        self.show_button.setToolTip(tr("Show the password"))
        super().__init__(label, hint=hint, check=check, beside=(self.show_button,))
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.installEventFilter(self)
        self.caps = text(tr("Caps Lock seems to be on."), "small")
        self.caps.hide()
        self._column.insertWidget(self._column.count() - 1, self.caps)

    @property
    def value(self) -> str:
        """What was typed, blanks included."""
        return self.line.text()

    def hide_password(self) -> None:
        """Hide what was shown."""
        if self.line.echoMode() is QLineEdit.EchoMode.Normal:
            self._turn()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Tell from a letter that was typed whether Caps Lock is on: no system says so in a common way."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_CapsLock:
                self.caps.hide()
            letter = event.text()
            if len(letter) == 1 and letter.isalpha() and letter.lower() != letter.upper():
                shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.caps.setVisible(letter.isupper() != shifted)
        return False

    def _turn(self) -> None:
        hidden = self.line.echoMode() is QLineEdit.EchoMode.Password
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        words = tr("Hide the password") if hidden else tr("Show the password")
        self.show_button.set_icon("eye-off" if hidden else "eye")
        self.show_button.setAccessibleName(words)
        self.show_button.setToolTip(words)


class ChoiceField(Field):
    """One of several. `choices` are pairs of what is meant and the words for it."""

    changed = Signal(object)

    def __init__(self, label: str, choices: Iterable[tuple[object, str]] = (), *, hint: str = "") -> None:
        self.box = QComboBox()
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # As wide as the form, not as its longest choice.
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(_LEAST_LETTERS)
        super().__init__(label, self.box, hint=hint)
        self.offer(choices)
        self.box.currentIndexChanged.connect(lambda _index: self.changed.emit(self.value))

    @property
    def value(self) -> object:
        """What is chosen; None where there is nothing to choose."""
        return self.box.currentData()

    def offer(self, choices: Iterable[tuple[object, str]]) -> None:
        """Offer other choices, keeping the present one where it is still among them."""
        chosen = self.box.currentData()
        self.box.clear()
        for meant, words in choices:
            self.box.addItem(words, meant)
        self.choose(chosen)

    def choose(self, meant: object) -> None:
        """Choose one of them; nothing happens where it is not offered."""
        at = self.box.findData(meant)
        if at >= 0:
            self.box.setCurrentIndex(at)


class PathField(TextField):
    """A file or folder: typed, or chosen with the system's own dialogue. `pick` asks, and returns None for no."""

    def __init__(
        self,
        label: str,
        pick: Callable[[QWidget], Path | None],
        *,
        hint: str = "",
        check: Check | None = None,
    ) -> None:
        button = Button(tr("Choose…"), self._choose, icon="folder-open")
        button.setAccessibleName(tr("Choose: {label}").format(label=label))
        super().__init__(label, hint=hint, check=check, beside=(button,))
        self._pick = pick

    @property
    def path(self) -> Path | None:
        """What was named, None where nothing was."""
        return Path(self.value).expanduser() if self.value else None

    def _choose(self) -> None:
        chosen = self._pick(self)
        if chosen is not None:
            self.set_value(str(chosen))
            self.is_right()


def pick_folder(parent: QWidget) -> Path | None:
    """Ask for a folder with the system's dialogue."""
    chosen = QFileDialog.getExistingDirectory(parent, tr("Choose a folder"))
    return Path(chosen) if chosen else None


def pick_file(kinds: str) -> Pick:
    """Ask for a file of these kinds, such as `Class lists (*.csv *.xlsx *.xml)`."""

    def pick(parent: QWidget) -> Path | None:
        chosen, _kind = QFileDialog.getOpenFileName(parent, tr("Choose a file"), "", kinds)
        return Path(chosen) if chosen else None

    return pick


def pick_target(kinds: str, name: str = "") -> Pick:
    """Ask where to write a file of these kinds; the dialogue asks before an old one is replaced."""

    def pick(parent: QWidget) -> Path | None:
        chosen, _kind = QFileDialog.getSaveFileName(parent, tr("Save as"), name, kinds)
        return Path(chosen) if chosen else None

    return pick


def all_right(*fields: TextField) -> bool:
    """Check every field, say what is wrong in each, and go to the first that is wrong."""
    wrong = [field for field in fields if not field.is_right()]
    if wrong:
        wrong[0].line.setFocus()
    return not wrong
