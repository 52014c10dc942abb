"""Settings: theme, size of text, the lock, and the single-letter keys; of this computer alone."""

from __future__ import annotations

from typing import Final, cast

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout

from consentdesk.desktop.look import appearance as looks
from consentdesk.desktop.look.appearance import Appearance, Theme
from consentdesk.desktop.look.type import LARGEST, SMALLEST, set_spacing, step
from consentdesk.desktop.pieces.fields import ChoiceField
from consentdesk.desktop.settings_card import SettingsCard
from consentdesk.desktop.turning import turn_to_fit
from consentdesk.desktop.words import counted, tr

_MINUTES: Final = (2, 5, 10, 20, 30)
_TOGETHER: Final = 66
"""Steps that three choices need side by side."""


def _after(minutes: int) -> str:
    return tr("After {time}").format(time=counted(minutes, tr("minute"), tr("minutes")))


class LookCard(SettingsCard):
    """`wears` carries the `Appearance` that was chosen; it takes effect at once."""

    wears = Signal(object)

    def __init__(self) -> None:
        super().__init__(tr("Appearance"), tr("For this computer and you alone."))
        self.theme = ChoiceField(
            tr("Colours"),
            [("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))],
        )
        sizes = [(size, tr("{size} point").format(size=size)) for size in range(SMALLEST, LARGEST + 1)]
        self.points = ChoiceField(tr("Size of text"), [(None, tr("As the system")), *sizes])
        self.minutes = ChoiceField(
            tr("Lock when nobody is there"),
            [(count, _after(count)) for count in _MINUTES],
        )
        self.letters = QCheckBox(tr("Answer with single letters in review: Y, N, U and S"))
        self._choices = choices = QHBoxLayout()
        set_spacing(choices, gap=2)
        for field in (self.theme, self.points, self.minutes):
            choices.addWidget(field, 1)
            field.changed.connect(lambda _value: self._chosen())
        self.letters.toggled.connect(lambda _on: self._chosen())
        self.column.addLayout(choices)
        self.column.addWidget(self.letters)
        self._showing = False
        self.setFocusProxy(self.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window with large text the choices go one below the other."""
        super().resizeEvent(event)
        turn_to_fit(self._choices, self.width(), side_by_side=step(_TOGETHER))

    def refresh(self) -> None:
        """Show what is worn now."""
        kept = looks.load()
        self._showing = True
        self.theme.choose(kept.theme)
        self.points.choose(kept.text_size)
        self.minutes.choose(kept.idle_minutes)
        self.letters.setChecked(kept.letter_keys)
        self._showing = False

    def _chosen(self) -> None:
        if not self._showing:
            self.wears.emit(self._appearance())

    def _appearance(self) -> Appearance:
        size, minutes = self.points.value, self.minutes.value
        return msgspec.structs.replace(
            looks.load(),
            theme=cast("Theme", self.theme.value),
            text_size=size if isinstance(size, int) else None,
            idle_minutes=minutes if isinstance(minutes, int) else looks.IDLE_MINUTES,
            letter_keys=self.letters.isChecked(),
        )
