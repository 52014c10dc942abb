"""One pupil, typed: whom it may mean is offered below while one types."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QStringListModel, QTimer, Signal
from PySide6.QtWidgets import QCompleter

from consentdesk.desktop import alerts
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.pieces.fields import TextField
from consentdesk.desktop.pieces.search_box import DEBOUNCE_MS
from consentdesk.desktop.words import tr
from consentdesk.services.forms_preview import Found, pupils_like
from consentdesk.services.pupils import the_pupil

_HINT: Final = "Name, UPN or admission number"


class PupilField(TextField):
    """`picked` says that another pupil is meant; `pupil` is that one, or None while nobody can tell."""

    picked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Pupil"), hint=tr(_HINT))
        self._desk = desk
        self.pupil: Found | None = None
        self._found: dict[str, Found] = {}
        self._offered = QStringListModel(self)
        self._completer = QCompleter(self._offered, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.activated.connect(self._pick)
        self.line.setCompleter(self._completer)
        self._wait = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._wait.timeout.connect(self._ask)
        self.line.textEdited.connect(self._edited)
        self.line.editingFinished.connect(self.settle)

    def is_right(self) -> bool:
        """Whether it is plain who is meant; says what is wrong."""
        if self.pupil is None:
            if not self.value:
                self.say_wrong(tr("Type the name of a pupil."))
            self.settle()
            self.line.setFocus()
        return self.pupil is not None

    def settle(self) -> None:
        """Find out whom the words mean, and say where they mean nobody, or several."""
        typed = self.value
        if self.pupil is None and typed:
            self._desk.ask(
                self,
                lambda office: the_pupil(office, typed),
                lambda pupil: self._take(typed, Found(pupil.id, pupil.display_name, pupil.class_name)),
                lambda error: self._wrong(typed, error),
            )

    def choose(self, pupil: str) -> None:
        """Mean the pupil of this id, or whoever else these words mean."""
        self.pupil = None
        self.set_value(pupil)
        self.settle()

    def _edited(self, typed: str) -> None:
        if self.pupil is not None and typed != _words(self.pupil):
            self.pupil = None
            self.picked.emit()
        self._wait.start()

    def _ask(self) -> None:
        typed = self.value
        self._desk.ask(
            self, lambda office: pupils_like(office, typed), lambda found: self._offer(typed, found)
        )

    def _offer(self, typed: str, found: tuple[Found, ...]) -> None:
        # An answer that was overtaken by the next key is of no use.
        if typed != self.value or self.pupil is not None:
            return
        self._found = {_words(one): one for one in found}
        self._offered.setStringList(list(self._found))
        if found and self.line.hasFocus():
            self._completer.complete()

    def _pick(self, words: str) -> None:
        if words in self._found:
            self._take(self.value, self._found[words])

    def _take(self, typed: str, pupil: Found) -> None:
        if typed == self.value and pupil != self.pupil:
            self.pupil = pupil
            self.set_value(_words(pupil))
            self.say_wrong("")
            self.picked.emit()

    def _wrong(self, typed: str, error: BaseException) -> None:
        if typed == self.value:
            self.say_wrong(alerts.told(error).sentence)


def _words(pupil: Found) -> str:
    return f"{pupil.name}, {pupil.school_class}" if pupil.school_class else pupil.name
