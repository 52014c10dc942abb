"""Line icons from `resources/icons`, in whatever colour and size is asked for."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from consentdesk import paths
from consentdesk.desktop.look.colours import Tone, colours_in
from consentdesk.desktop.look.type import step

_DRAWN_IN = b"currentColor"
_KEPT = 512


@lru_cache(maxsize=_KEPT)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    """The icon in a colour. Raises `FileNotFoundError` where no such icon ships."""
    drawing = paths.shipped("resources", "icons", f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(drawing.replace(_DRAWN_IN, colour.encode())))


def paint_icon(painter: QPainter, where: QRectF, name: str, colour: str) -> None:
    """Paint an icon into the square `where`."""
    _renderer(name, colour).render(painter, where)


@lru_cache(maxsize=_KEPT)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon as a picture of `size` px, drawn for a screen of `ratio` device pixels each."""
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, QRectF(0, 0, size, size), name, colour)
    painter.end()
    return picture


def icon(name: str, colour: str, size: int, *, disabled: str | None = None) -> QIcon:
    """An icon for a button, sharp on the sharpest screen; `disabled` is its colour while it cannot be used."""
    ratio = max((screen.devicePixelRatio() for screen in QApplication.screens()), default=1.0)
    made = QIcon(pixmap(name, colour, size, ratio))
    if disabled:
        made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made


class Picture(QWidget):
    """An icon on its own, in a colour of the theme by name; it says nothing to a screen reader."""

    def __init__(self, name: str, *, colour: str = "quiet", steps: float = 2.5) -> None:
        super().__init__()
        self._name = name
        self._colour = colour
        self._steps = steps
        self._measure()

    def show_icon(self, name: str, *, colour: str | None = None) -> None:
        """Show another icon, in another colour where one is named."""
        self._name, self._colour = name, colour or self._colour
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Grow and shrink with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it in the middle."""
        colour = getattr(colours_in(self.palette()), self._colour)
        ink = colour.ink if isinstance(colour, Tone) else colour
        side = min(self.width(), self.height())
        where = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter = QPainter(self)
        paint_icon(painter, where, self._name, ink)
        painter.end()

    def _measure(self) -> None:
        self.setFixedSize(step(self._steps), step(self._steps))
