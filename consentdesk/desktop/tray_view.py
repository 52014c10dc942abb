"""The tray: slips to be keyed from their picture or from the paper, and copies that came in a second time (S4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.enlarged import Enlarged, Part
from consentdesk.desktop.key_form import KeyForm
from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.look.type import row_height, set_spacing, step
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.slip_picture import SlipPicture, decoded, fits
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.turning import turn_to_fit
from consentdesk.desktop.words import tr
from consentdesk.services.look_at_slip import look_at
from consentdesk.services.office import Office
from consentdesk.services.slip_places import Places, Spot
from consentdesk.services.waiting import TrayEntry, tray, tray_picture

_WHOLE: Final = Spot(0.0, 0.0, 1.0, 1.0)
_ROWS_SHOWN: Final = 3
_CODE: Final = 9
"""Steps that the enlarged code is high: the rest is the slip's."""
_SAME_SPOT: Final = 0.02


class _Pictures(NamedTuple):
    """The pictures of an entry: its own first; `code` is where the typed code stands on it, if that is sure."""

    reading: str
    images: tuple[QImage, ...]
    code: Spot | None


class TrayView(QWidget):
    """What lies there, its picture, and the form to key it.

    `said` carries words, `moved` when something else lies there, `changed` when a slip was keyed. `entries` is
    None until somebody has looked.
    """

    said = Signal(str)
    moved = Signal()
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.entries: Sequence[TrayEntry] | None = None
        self.by_hand = False
        """Whether a slip is keyed that never saw the scanner: then the form stands alone."""
        self.table: Table[TrayEntry] = Table(
            tr("Pages without an owner, and copies"),
            (
                Column(tr("What"), lambda row: _sign(row).word, steps=20, sign=_sign),
                Column(tr("File"), lambda row: row.file, steps=20, strong=True),
                Column(tr("Page"), lambda row: str(row.page), steps=7, quiet=True),
                Column(tr("Why"), lambda row: row.why, stretches=True),
            ),
        )
        self.table.chosen.connect(self._turn)
        self.heading = text(tr("The slip"), "strong")
        self.why = text("", "quiet")
        self.picture = SlipPicture()
        self.enlarged_heading = text(tr("Its slip code, enlarged"), "strong")
        self.enlarged = Enlarged()
        self.enlarged.setMaximumHeight(step(_CODE))
        self.form = KeyForm(desk)
        self.form.kept.connect(self._keyed)
        self.card = card = QFrame()
        card.setProperty("kind", "card")
        inner = QVBoxLayout(card)
        set_spacing(inner, margins=(2, 1.5, 2, 2), gap=1)
        for part in (self.heading, self.why):
            inner.addWidget(part)
        inner.addWidget(self.picture, 1)
        inner.addWidget(self.enlarged_heading)
        inner.addWidget(self.enlarged)
        self._cards = QHBoxLayout()
        set_spacing(self._cards, gap=2)
        self._cards.addWidget(card, 2)
        self._cards.addWidget(self.form, 1)
        # Where the form stands alone, it stands at the left.
        self._cards.addStretch(0)
        outer = QVBoxLayout(self)
        set_spacing(outer, gap=2)
        outer.addWidget(self.table)
        outer.addLayout(self._cards, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window with large text the form goes below the slip."""
        super().resizeEvent(event)
        turn_to_fit(self._cards, self.width(), side_by_side=self.form.minimumWidth() + step(30))

    def refresh(self) -> None:
        """Look what lies there."""
        self._desk.ask(self, tray, self._show)

    def key_by_hand(self, *, on: bool) -> None:
        """Ask for the code of a slip that never saw the scanner, or (with `on` False) go back to what lies here."""
        self.by_hand = on
        self.table.setVisible(not on)
        self.card.setVisible(not on)
        self.form.heading.setVisible(not on)
        self._cards.setAlignment(self.form, Qt.AlignmentFlag.AlignTop if on else Qt.AlignmentFlag(0))
        if on:
            self.form.show_reading("", "")
            self.form.show()
            self.form.code.setFocus()
        else:
            self._turn(self.table.row)
        self.moved.emit()

    def _show(self, entries: Sequence[TrayEntry]) -> None:
        self.entries = entries
        self.table.show_rows(entries, keep=lambda row: row.reading)
        shown = min(max(len(entries), 1), _ROWS_SHOWN) + 1
        self.table.setFixedHeight(row_height() * shown + step(1.5))
        if self.by_hand:
            return
        if self.table.row is None and entries:
            self.table.choose(0)
        if not entries:
            self._turn(None)
        self.moved.emit()

    def _turn(self, entry: TrayEntry | None) -> None:
        if self.by_hand:
            return
        self.form.setVisible(entry is not None and not entry.duplicate)
        self.why.setText(entry.why if entry else "")
        # For one without an owner the row above has said it, and the slip wants the room.
        self.why.setVisible(entry is not None and entry.duplicate)
        self.heading.setText(
            tr("{name}, slip {code}").format(name=entry.name, code=entry.slip)
            if entry is not None and entry.duplicate
            else tr("The slip")
        )
        self.picture.show_slip(QImage())
        self.enlarged.show_parts(())
        self.enlarged.hide()
        self.enlarged_heading.hide()
        if entry is None:
            return
        self.form.show_reading(entry.reading, "")
        duplicate = entry.duplicate
        self._desk.ask(
            self,
            lambda office: _copies(office, entry.reading) if duplicate else _pictures(office, entry.reading),
            self._draw,
        )

    def _draw(self, found: _Pictures) -> None:
        entry = self.table.row
        if entry is None or entry.reading != found.reading:
            return
        both = len(found.images) > 1
        self.picture.setVisible(not both)
        if both:
            titles = (tr("This copy"), *(tr("Came in before") for _ in found.images[1:]))
            self.enlarged.setMaximumHeight(self.height())
            self.enlarged.show_parts(
                [Part(title, image, _WHOLE) for title, image in zip(titles, found.images, strict=True)]
            )
            self.enlarged.show()
            return
        self.enlarged.setMaximumHeight(step(_CODE))
        self.picture.show_slip(
            found.images[0],
            [found.code] if found.code else (),
            empty=tr("There is no picture of it; look at the paper."),
        )
        if found.code is not None:
            self.enlarged.show_parts([Part("", found.images[0], found.code)])
            self.enlarged.show()
            self.enlarged_heading.show()

    def _keyed(self, words: str) -> None:
        self.said.emit(words)
        if self.by_hand:
            self.key_by_hand(on=False)
        self.refresh()
        self.changed.emit()


def _pictures(office: Office, reading: str) -> _Pictures:
    found = tray_picture(office, reading)
    image = decoded(found.picture)
    return _Pictures(reading, (image,), code_on(image, found.places))


def _copies(office: Office, reading: str) -> _Pictures:
    seen = look_at(office, reading)
    return _Pictures(reading, tuple(decoded(copy.picture) for copy in seen.copies[:2]), None)


def code_on(image: QImage, places: Sequence[Places]) -> Spot | None:
    """Where the typed code stands on a picture of an unknown form; None where the forms of its shape disagree."""
    spots = [one.fields["code"] for one in places if fits(image, one.shape)]
    if not spots or any(
        abs(first - other) > _SAME_SPOT for spot in spots for first, other in zip(spots[0], spot, strict=True)
    ):
        return None
    return spots[0]


def _sign(entry: TrayEntry) -> Sign:
    if entry.duplicate:
        return Sign(tr("Came in twice"), "split", "plain")
    return Sign(tr("No owner yet"), "circle-alert", "ask")
