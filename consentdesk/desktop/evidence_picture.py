"""The picture of a slip as evidence: decoded off the window's thread, whole, as wide as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.colours import colours_in
from consentdesk.desktop.look.type import step
from consentdesk.desktop.words import tr

_WIDEST = 110
_USUAL = 34


class EvidencePicture(QWidget):
    """Shows one picture; a sentence until it is there, and where it cannot be read."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._wanted = b""
        self._picture: QPixmap | None = None
        self._scaled: QPixmap | None = None
        self.setAccessibleName(tr("Picture of the slip"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_there(self) -> bool:
        """Whether a picture is shown."""
        return self._picture is not None and not self._picture.isNull()

    def show_picture(self, picture: bytes) -> None:
        """Show this encoded picture; empty bytes take away the one before."""
        self._wanted, self._picture, self._scaled = picture, None, None
        self._reshape()
        if picture:
            self._desk.aside(self, lambda: QImage.fromData(picture), lambda image: self._show(picture, image))

    def hasHeightForWidth(self) -> bool:
        """It keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high it is in that width, in px."""
        if self._picture is None or self._picture.isNull():
            return step(5)
        wide = min(width, step(_WIDEST))
        return max(1, round(wide * self._picture.height() / self._picture.width()))

    def sizeHint(self) -> QSize:
        """A column's width."""
        return QSize(step(_USUAL), self.heightForWidth(step(_USUAL)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale anew when it is next drawn."""
        super().resizeEvent(event)
        self._scaled = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture with a hairline round it, or the sentence."""
        painter = QPainter(self)
        colours = colours_in(self.palette())
        if self._picture is None or self._picture.isNull():
            words = (
                tr("The picture is being fetched.") if self._picture is None else tr("It cannot be shown.")
            )
            painter.setPen(QColor(colours.quiet))
            painter.drawText(
                self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words
            )
            painter.end()
            return
        scaled = self._fitted(self._picture)
        shown = QRectF(0, 0, scaled.deviceIndependentSize().width(), scaled.deviceIndependentSize().height())
        painter.drawPixmap(0, 0, scaled)
        painter.setPen(QPen(QColor(colours.hairline), 1))
        painter.drawRect(shown.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _fitted(self, picture: QPixmap) -> QPixmap:
        """The picture in the size that it has on the screen, kept until that changes."""
        ratio = self.devicePixelRatioF()
        if self._scaled is None:
            room = QSize(round(min(self.width(), step(_WIDEST)) * ratio), round(self.height() * ratio))
            self._scaled = picture.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _show(self, wanted: bytes, image: QImage) -> None:
        # Another one may have been asked for meanwhile.
        if wanted is self._wanted:
            self._picture = QPixmap.fromImage(image)
            self._reshape()

    def _reshape(self) -> None:
        self._scaled = None
        self.updateGeometry()
        self.update()
