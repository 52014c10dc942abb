"""Buttons: one filled one a screen, plain ones beside it, links, and filters that stay down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from consentdesk.desktop.look.colours import colours_in
from consentdesk.desktop.look.icons import icon
from consentdesk.desktop.look.type import step

Kind = Literal["plain", "filled", "link", "bare", "filter", "place", "answer", "toast"]
_INK = {"filled": "on_accent", "link": "accent", "toast": "card", "place": "quiet"}
_APART = "\u2002"
"""Between icon and words where they stand in a column; Qt alone keeps them closer than the grid wants."""
_CLOSER = "\u2009"
_ICON_STEPS = 2.25


_RESTYLED = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange)


class Button(QPushButton):
    """A push button whose icon follows the theme, and which Enter presses as well as Space.

    An ampersand in `words` is shown as one. `pressed` is called without arguments.
    """

    def __init__(
        self, words: str, pressed: Callable[[], object] | None = None, *, kind: Kind = "plain", icon: str = ""
    ) -> None:
        super().__init__()
        self._icon = icon
        self._drawn: tuple[str, str, int] | None = None
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Beside a check by two words of different length nothing may be cut: a button is as wide as its words.
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.set_words(words)
        self.toggled.connect(lambda _down: self._draw_icon())
        if pressed is not None:
            self.clicked.connect(lambda _checked=False: pressed())

    def set_words(self, words: str) -> None:
        """Show other words."""
        in_a_column = self.property("kind") in ("place", "answer")
        apart = "" if not self._icon or not words else _APART if in_a_column else _CLOSER
        self.setText(apart + words.replace("&", "&&"))
        self.setAccessibleName(words)

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon = name
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew with the theme."""
        super().changeEvent(event)
        if self._icon and event.type() in _RESTYLED:
            self._draw_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _draw_icon(self) -> None:
        if not self._icon or not self.isVisible():
            return
        colours = colours_in(self.palette())
        ink = (
            colours.on_chosen
            if self.isChecked()
            else getattr(colours, _INK.get(self.property("kind"), "text"))
        )
        wanted = (self._icon, ink, step(_ICON_STEPS))
        if wanted == self._drawn:
            return
        self._drawn = wanted
        self.setIcon(icon(self._icon, ink, step(_ICON_STEPS), disabled=colours.disabled))
        self.setIconSize(QSize(step(_ICON_STEPS), step(_ICON_STEPS)))

    def showEvent(self, event: object) -> None:
        """Draw the icon once the theme is known."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._draw_icon()
