"""The sheet of crops: a person looks through the clear slips, a sheet at a time, and confirms exactly those."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from consentdesk.desktop.alerts import told
from consentdesk.desktop.crops_table import CropRow, CropsTable, asked_on, legend, row_of
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.enlarged import Enlarged, Part
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.fields import ChoiceField
from consentdesk.desktop.pieces.page import Said
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.turning import turn_to_fit
from consentdesk.desktop.words import counted, isolated, tr
from consentdesk.services.confirm_sheet import (
    Sheet,
    confirm_sheet,
    next_sheet,
    put_back,
    take_out,
)
from consentdesk.services.slip_places import Spot
from consentdesk.services.take_back import Undo, take_back

_WHOLE = Spot(0.0, 0.0, 1.0, 1.0)
_LEAST = 70
"""Steps that the crops need with all that stands beside them."""


class ConfirmView(QWidget):
    """One sheet after the other. `moved` when what can be confirmed is different, `said` carries a `Said`.

    `changed` when something was confirmed, taken out, or put back; `review` asks to look at a slip in review.
    """

    moved = Signal()
    said = Signal(object)
    changed = Signal()
    review = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.sheet = Sheet((), 0)
        self.rows: list[CropRow] = []
        self.table: CropsTable | None = None
        self._wanted: list[str] = []
        self._undo: Undo | None = None
        self._busy = False
        self.legend = text("", "small")
        self.holder = QVBoxLayout()
        set_spacing(self.holder, gap=0)
        self.crops = Enlarged()
        self.crops.setMinimumHeight(step(7))
        self.crops.setMaximumHeight(step(8))
        self.whose = text("", "strong")
        self.who = ChoiceField(tr("Who signed?"))
        self.who.changed.connect(self._name)
        self.out = Button(tr("Take out and review"), self._take_out)
        self.detail = QFrame()
        self.detail.setProperty("kind", "card")
        self._detail = inner = QHBoxLayout(self.detail)
        set_spacing(inner, margins=(2, 1.5, 2, 1.5), gap=2)
        words = QVBoxLayout()
        set_spacing(words, gap=0.5)
        words.addWidget(self.whose)
        words.addWidget(self.crops, 1)
        inner.addLayout(words, 3)
        inner.addWidget(self.who, 1, Qt.AlignmentFlag.AlignBottom)
        inner.addWidget(self.out, 0, Qt.AlignmentFlag.AlignBottom)
        outer = QVBoxLayout(self)
        set_spacing(outer, gap=1)
        outer.addWidget(self.legend)
        outer.addLayout(self.holder, 1)
        outer.addSpacing(step(1))
        outer.addWidget(self.detail)
        # Until there is a slip that it is about.
        self.detail.hide()

    @property
    def to_confirm(self) -> list[CropRow]:
        """The slips of this sheet that are ready: looked through to the end, and named where they must be."""
        if self._wanted or self._busy or self.table is None or not self.table.was_seen:
            return []
        return [row for row in self.rows if row.shows_all and not row.wants_name]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window with large text the buttons go below the crops."""
        super().resizeEvent(event)
        turn_to_fit(self._detail, self.width(), side_by_side=step(_LEAST))

    def refresh(self) -> None:
        """Take over what waits now, unless a sheet lies on the desk."""
        if not self.rows and not self._wanted:
            self._desk.ask(self, next_sheet, self._begin)

    def confirm(self) -> None:
        """Accept the clear answers of the slips that are shown and ready, and of no others."""
        rows = self.to_confirm
        if not rows:
            return
        readings = [row.seen.reading for row in rows]
        named = {row.seen.reading: row.guardian for row in rows if row.guardian}
        self._busy = True
        self.moved.emit()
        self._desk.ask(
            self,
            lambda office: confirm_sheet(office, readings, named),
            lambda undo: self._confirmed(readings, undo),
            self._refuse,
        )

    def undo(self) -> bool:
        """Take back the last sheet that was confirmed."""
        undo, self._undo = self._undo, None
        if undo is None:
            return False
        self._desk.ask(self, lambda office: take_back(office, undo), lambda _none: self._start_anew())
        return True

    def _start_anew(self) -> None:
        self.rows, self._wanted, self._busy = [], [], False
        self.changed.emit()
        self.refresh()

    def _begin(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows, self._wanted = [], list(sheet.readings)
        self._drop_table()
        self._next_row()

    def _next_row(self) -> None:
        if not self._wanted:
            self._show()
            return
        reading = self._wanted[0]
        self._desk.ask(
            self,
            lambda office: row_of(office, reading),
            lambda row: self._add(reading, row),
            lambda error: self._leave_out(reading, error),
        )

    def _add(self, reading: str, row: CropRow) -> None:
        # A sheet that was put away meanwhile is not filled any more.
        if self._wanted and self._wanted[0] == reading:
            self._wanted.pop(0)
            self.rows.append(row)
            self._next_row()

    def _leave_out(self, reading: str, error: BaseException) -> None:
        if self._wanted and self._wanted[0] == reading:
            self._wanted.pop(0)
            self.said.emit(Said(told(error).sentence))
            self._next_row()

    def _drop_table(self) -> None:
        if self.table is not None:
            self.holder.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
            self.table = None

    def _show(self) -> None:
        if self.rows and self.table is None:
            self.table = CropsTable(self.rows)
            self.table.chosen.connect(lambda _row: self._show_detail())
            self.table.opened.connect(lambda _row: self.who.setFocus())
            self.table.seen_to_end.connect(self._looked_through)
            self.holder.addWidget(self.table)
        self.legend.setText(self._legend())
        if self.table is not None:
            self.table.show_rows(tuple(self.rows), keep=lambda row: row.seen.reading)
            if self.table.row is None and self.rows:
                wants = [at for at, row in enumerate(self.rows) if row.wants_name]
                self.table.choose(wants[0] if wants else 0)
        self._show_detail()
        self.moved.emit()

    def _looked_through(self) -> None:
        self.legend.setText(self._legend())
        self.moved.emit()

    def _legend(self) -> str:
        """What the heads of the columns mean, and why a slip may not be ready."""
        names = sum(row.wants_name for row in self.rows)
        unseen = sum(not row.shows_all for row in self.rows)
        notes = [legend(asked_on(self.rows))]
        if self.table is not None and not self.table.was_seen:
            notes.append(
                tr("Look through the sheet to its end, down and to the right, to confirm it.")
                if self.table.goes_on_right
                else tr("Look through the sheet to its end to confirm it.")
            )
        if names:
            notes.append(
                tr("{slips} cannot be confirmed before you say who signed.").format(
                    slips=counted(names, tr("slip"), tr("slips"))
                )
            )
        if unseen:
            notes.append(
                tr("{slips} cannot be shown box by box: take them out and review them.").format(
                    slips=counted(unseen, tr("slip"), tr("slips"))
                )
            )
        return "\n".join(note for note in notes if note)

    def _show_detail(self) -> None:
        row = self.table.row if self.table is not None else None
        self.detail.setVisible(row is not None)
        if row is None:
            return
        self.whose.setText(
            tr("{name}, class {school_class}").format(
                name=isolated(row.seen.name), school_class=row.seen.school_class or "–"
            )
        )
        titles = (tr("Signature"), tr("Name in capitals"), tr("Relationship"))
        images = row.fields or (QImage(),) * len(titles)
        self.crops.show_parts(
            [Part(title, image, _WHOLE) for title, image in zip(titles, images, strict=True)]
        )
        self.who.setVisible(row.seen.must_name and bool(row.seen.guardians))
        blocked = self.who.blockSignals(True)
        self.who.offer([("", tr("Not named yet")), *((one.id, one.name) for one in row.seen.guardians)])
        self.who.choose(row.guardian or row.seen.named)
        self.who.blockSignals(blocked)

    def _name(self, guardian: object) -> None:
        row = self.table.row if self.table is not None else None
        if row is None or row.guardian == guardian:
            return
        self.rows[self.rows.index(row)] = row._replace(guardian=str(guardian or ""))
        self._show()

    def _take_out(self) -> None:
        row = self.table.row if self.table is not None else None
        if row is None:
            return
        reading = row.seen.reading
        self._desk.ask(
            self, lambda office: take_out(office, reading), lambda _none: self._is_out(row), self._refuse
        )

    def _is_out(self, row: CropRow) -> None:
        self.rows.remove(row)
        reading = row.seen.reading
        words = tr("The slip of {name} is in review now.").format(name=isolated(row.seen.name))
        self.said.emit(Said(words, lambda: self._put_back(reading)))
        self._show()
        self.changed.emit()
        if not self.rows:
            self.refresh()

    def _put_back(self, reading: str) -> None:
        self._desk.ask(
            self, lambda office: put_back(office, reading), lambda _none: self._start_anew(), self._refuse
        )

    def _confirmed(self, readings: list[str], undo: Undo) -> None:
        self._busy = False
        self._undo = undo
        self.rows = [row for row in self.rows if row.seen.reading not in readings]
        slips = counted(len(readings), tr("slip"), tr("slips"))
        self.said.emit(Said(tr("{slips} confirmed.").format(slips=slips), self.undo))
        self.changed.emit()
        if self.rows:
            self._show()
        else:
            self._drop_table()
            self.refresh()

    def _refuse(self, error: BaseException) -> None:
        self.said.emit(Said(told(error).sentence))
        self._start_anew()
