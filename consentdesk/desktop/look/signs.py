"""The sign of a status: a word, a shape and a tint, so that it is told without colour as well."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from consentdesk.desktop.look.colours import Colours, Tone, colours_in
from consentdesk.desktop.look.icons import paint_icon
from consentdesk.desktop.words import tr
from consentdesk.model.consent import StatusWord

_ICON = 1.15
"""The shape's side, in heights of the text."""
_ROUND = 2


class Sign(NamedTuple):
    """A word with its shape (an icon) and tone (a colour's name); a `quiet` one has no tint behind it."""

    word: str
    shape: str
    tone: str
    quiet: bool = False


_SIGNS: Final[dict[StatusWord, tuple[str, str, str]]] = {
    # A restriction reads as a plain no and never says why (rule A6).
    StatusWord.RESTRICTED: ("No", "circle-x", "no"),
    StatusWord.WITHDRAWN: ("Withdrawn", "ban", "no"),
    StatusWord.NO: ("No", "circle-x", "no"),
    StatusWord.CONFLICTING: ("No, answers differ", "split", "no"),
    StatusWord.PENDING: ("Waiting for a word", "hourglass", "open"),
    StatusWord.AWAITING_REVIEW: ("To review", "circle-alert", "ask"),
    StatusWord.UNSIGNED: ("Not signed", "pen-off", "open"),
    StatusWord.UNCONFIRMED: ("Not confirmed", "eye-off", "ask"),
    StatusWord.EXPIRED: ("Expired", "calendar-x", "plain"),
    StatusWord.YES: ("Yes", "circle-check", "yes"),
    StatusWord.NO_REPLY: ("No form yet", "circle-dashed", "open"),
    StatusWord.NOT_ASKED: ("Not asked", "circle-minus", "plain"),
}


def sign_of(status: StatusWord, condition: str | None = None) -> Sign:
    """How a status is shown. A yes stays quiet, unless a handwritten condition narrows it (rule C8)."""
    if status is StatusWord.YES and condition:
        return Sign(tr("Yes, with a condition"), "funnel", "limited")
    word, shape, tone = _SIGNS[status]
    return Sign(tr(word), shape, tone, quiet=status is StatusWord.YES)


def only_for(purposes: str) -> Sign:
    """The sign of a pupil who may be photographed for some of the purposes asked about, which it names (rule P3)."""
    return Sign(tr("Only for {purposes}").format(purposes=purposes), "funnel", "limited")


def all_shapes() -> dict[StatusWord, str]:
    """The shape of every status."""
    return {status: shape for status, (_word, shape, _tone) in _SIGNS.items()}


def sign_size(sign: Sign, font: QFont) -> QSizeF:
    """The room in px that a sign takes when its word is shown whole."""
    metrics = QFontMetricsF(font)
    high = metrics.height()
    return QSizeF(high * (_ICON + 1.6) + metrics.horizontalAdvance(sign.word), high * 1.5)


def paint_sign(painter: QPainter, where: QRectF, sign: Sign, colours: Colours, font: QFont) -> None:
    """Paint a sign at the left of `where`, in its middle; a word too long for it ends in an ellipsis.

    Quiet ones start where the tint of the others starts, so that shapes stand in one column.
    """
    metrics = QFontMetricsF(font)
    high = metrics.height()
    size = sign_size(sign, font)
    wide = min(size.width(), where.width())
    chip = QRectF(where.x(), where.center().y() - size.height() / 2, wide, size.height())
    tone: Tone = getattr(colours, sign.tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    if not sign.quiet:
        painter.setPen(QColor(tone.ink) if tone.tint == colours.card else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.tint))
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), chip.height() / 2, chip.height() / 2)
    side = high * _ICON
    at = QPointF(chip.x() + high * 0.5, chip.center().y() - side / 2)
    paint_icon(painter, QRectF(at, QSizeF(side, side)), sign.shape, tone.ink)
    text = QRectF(at.x() + side + high * 0.35, chip.y(), 0, chip.height())
    text.setRight(chip.right() - high * (0.5 if not sign.quiet else 0))
    painter.setPen(QColor(colours.text if sign.quiet else tone.ink))
    word = metrics.elidedText(sign.word, Qt.TextElideMode.ElideRight, text.width() + 1)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
    painter.restore()


class SignLabel(QWidget):
    """A sign on its own, read out by its word."""

    def __init__(self, sign: Sign) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.sign = sign
        self.show_sign(sign)

    def show_sign(self, sign: Sign) -> None:
        """Show another sign."""
        self.sign = sign
        self.setAccessibleName(sign.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As much as the word takes."""
        size = sign_size(self.sign, QApplication.font())
        return QSize(round(size.width()) + _ROUND, round(size.height()) + _ROUND)

    def minimumSizeHint(self) -> QSize:
        """The whole word: a status is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it at the left."""
        painter = QPainter(self)
        paint_sign(painter, QRectF(self.rect()), self.sign, colours_in(self.palette()), QApplication.font())
        painter.end()


def tone_in(palette: QPalette, name: str) -> Tone:
    """The tone of that name in the colours that `palette` carries."""
    tone: Tone = getattr(colours_in(palette), name)
    return tone
