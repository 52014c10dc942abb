"""Home: what waits today, each number with the way to it, and which classes owe forms."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.page import Header, Page, Place
from consentdesk.desktop.pieces.text import restyle, text
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.words import counted, day_in_words, moment_in_words, tr
from consentdesk.services.today import Outstanding, Today, outstanding_in, today

_STALE_DAYS: Final = 7
_WIDEST: Final = 160
"""Steps beyond which a row of the table would be read with a ruler."""
_TILE: Final = 20
"""Steps that a number with its words needs."""
_MOST: Final = 100
"""What the table takes of the room, up to its rows, for each part that stays free."""


class _Count(NamedTuple):
    """The classes still to ask for, and what was found."""

    wanted: list[str]
    found: list[Outstanding]


class Tile(QFrame):
    """A number, what it counts, and the way to it."""

    def __init__(self, icon: str, way: Button) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.figure = text("–", "figure", wraps=False)
        self.what = text("")
        self.more = text("", "small")
        self.way = way
        head = QHBoxLayout()
        set_spacing(head, gap=1)
        head.addWidget(self.figure, 1)
        head.addWidget(Picture(icon, steps=2.5), 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(2.5, 2, 2.5, 2), gap=0.25)
        layout.addLayout(head)
        layout.addWidget(self.what)
        layout.addWidget(self.more)
        layout.addStretch(1)
        layout.addSpacing(step(1))
        layout.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def say(self, figure: str, what: str, more: str = "", *, way: bool = True) -> None:
        """Show a number; `way` says whether there is anything to go to."""
        self.figure.setText(figure)
        self.what.setText(what)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.way.setVisible(way)


class HomePage(Page):
    """The first screen of the morning."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.header = Header(tr("Today"))
        self.review = self._tile("scan-line", tr("Review them"), Place("scan", "review"))
        self.confirm = self._tile("list-checks", tr("Look and confirm"), Place("scan", "confirm"))
        self.tray = self._tile("inbox", tr("Open the tray"), Place("scan", "tray"))
        self.backup = self._tile("hard-drive-download", tr("Back up"), Place("settings", "backup"))
        self.tiles = QGridLayout()
        set_spacing(self.tiles, gap=2)
        for at, tile in enumerate(self._all()):
            self.tiles.addWidget(tile, 0, at)
        self._placed: tuple[int, tuple[Tile, ...]] = (0, ())
        self.table: Table[Outstanding] = Table(
            tr("Forms outstanding by class"),
            (
                Column(tr("Class"), lambda row: row.school_class or tr("No class"), steps=16, strong=True),
                Column(tr("Forms"), lambda row: _owing(row).word, steps=26, sign=_owing),
                Column(
                    tr("Pupils"),
                    lambda row: counted(row.pupils, tr("pupil"), tr("pupils")),
                    quiet=True,
                    stretches=True,
                ),
            ),
            opens_on_click=True,
        )
        self.table.opened.connect(self._open_class)
        self.empty = EmptyState(
            "users",
            tr("No pupils yet"),
            tr(
                "Import your class list to begin: a CSV or Excel file, or a transfer file from your school system."
            ),
            Button(tr("Import a class list…"), self._import, kind="filled"),
        )
        self.full = QWidget()
        inner = QVBoxLayout(self.full)
        set_spacing(inner, gap=2)
        inner.addLayout(self.tiles)
        inner.addSpacing(step(0.5))
        inner.addWidget(text(tr("Forms outstanding by class"), "heading"))
        inner.addWidget(self.table, _MOST)
        inner.addStretch(1)
        self.full.setMaximumWidth(step(_WIDEST))
        self.column.addWidget(self.header)
        self.column.addWidget(self.full, 1)
        self.column.addWidget(self.empty, 1)
        # While neither is there yet, the header keeps its place.
        self.column.addStretch(0)
        self.full.hide()
        self.empty.hide()
        self._counting: _Count | None = None

    def arrive(self, place: Place) -> None:  # noqa: ARG002 - there is only one way to be at home
        """Count anew."""
        self.desk.ask(self, today, self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window with large text the numbers stand in more rows."""
        super().resizeEvent(event)
        self._place_tiles()

    def _place_tiles(self) -> None:
        """As many side by side as there is room for, each as wide as the others."""
        shown = tuple(tile for tile in self._all() if not tile.isHidden())
        edges = self.column.contentsMargins()
        room = min(self.width() - edges.left() - edges.right(), step(_WIDEST))
        most = max(1, room // step(_TILE))
        # Two rows are of the same length: three and one would look forgotten.
        columns = len(shown) if len(shown) <= most else min(most, (len(shown) + 1) // 2)
        if (columns, shown) == self._placed:
            return
        self._placed = columns, shown
        for tile in self._all():
            self.tiles.removeWidget(tile)
        for at, tile in enumerate(shown):
            self.tiles.addWidget(tile, at // columns, at % columns)
        for column in range(len(self._all())):
            self.tiles.setColumnStretch(column, 1 if column < columns else 0)

    def _show(self, found: Today) -> None:
        weekday = f"{found.day:%A}"
        self.header.say(
            tr("Today"), tr("{weekday} {day}").format(weekday=weekday, day=day_in_words(found.day))
        )
        self.empty.setVisible(not found.pupils and "pupils" in self.places)
        self.full.setVisible(not self.empty.isVisible())
        self._show_tiles(found)
        self._counting = _Count([name for name, _pupils in found.classes], [])
        self._next_class(self._counting)

    def _show_tiles(self, found: Today) -> None:
        scans = "scan" in self.places
        self.review.setVisible(found.review is not None)
        self.review.say(
            f"{found.review or 0:,}",
            tr("slip to review") if found.review == 1 else tr("slips to review"),
            tr("They count as no until you decide.") if found.review else tr("Nothing to decide."),
            way=scans and bool(found.review),
        )
        self.confirm.setVisible(found.batches is not None)
        clear = counted(found.clear or 0, tr("clear slip"), tr("clear slips"))
        self.confirm.say(
            f"{found.batches or 0:,}",
            tr("batch to confirm") if found.batches == 1 else tr("batches to confirm"),
            tr("{slips} read without doubt.").format(slips=clear)
            if found.batches
            else tr("All are confirmed."),
            way=scans and bool(found.batches),
        )
        self.tray.setVisible(bool(found.tray))
        self.tray.say(
            f"{found.tray or 0:,}",
            tr("slip without an owner") if found.tray == 1 else tr("slips without an owner"),
            tr("Their codes could not be used."),
            way=scans,
        )
        self._show_backup(found)
        # What comes first is the one filled button; the other ways are links.
        first = next((tile for tile in self._all() if not tile.way.isHidden()), None)
        for tile in self._all():
            restyle(tile.way, kind="filled" if tile is first else "link")
        self._place_tiles()

    def _all(self) -> tuple[Tile, ...]:
        return self.review, self.confirm, self.tray, self.backup

    def _show_backup(self, found: Today) -> None:
        session = self.desk.session
        self.backup.setVisible(session is not None and session.may("keep-safe"))
        if found.backup is None:
            self.backup.say(tr("Never"), tr("backed up"), tr("A lost disk would lose every answer."))
            return
        days = (found.now - found.backup).days
        self.backup.say(
            tr("Today") if days == 0 else counted(days, tr("day"), tr("days")),
            tr("since the last backup") if days else tr("was the last backup"),
            moment_in_words(found.backup, found.now),
            way=days >= _STALE_DAYS,
        )

    def _next_class(self, count: _Count) -> None:
        """Ask for one class after the other, so that a large school keeps nobody waiting."""
        if not count.wanted:
            self._show_classes(count)
            return
        name = count.wanted.pop(0)

        def add(found: Outstanding) -> None:
            # A later visit has begun to count anew.
            if self._counting is not count:
                return
            count.found.append(found)
            if len(self.table.rows) < len(count.found):
                self._show_classes(count)
            self._next_class(count)

        self.desk.ask(self, lambda office: outstanding_in(office, name), add)

    def _show_classes(self, count: _Count) -> None:
        self.table.show_rows(tuple(count.found), keep=lambda row: row.school_class)
        self.table.fit_height()

    def _open_class(self, row: Outstanding) -> None:
        if "pupils" in self.places:
            self.go.emit(Place("pupils", row.school_class))

    def _import(self) -> None:
        self.go.emit(Place("pupils", "import"))

    def _tile(self, icon: str, words: str, place: Place) -> Tile:
        return Tile(icon, Button(words, lambda: self.go.emit(place), kind="link"))


def _owing(row: Outstanding) -> Sign:
    if not row.owing:
        return Sign(tr("None outstanding"), "circle-check", "yes", quiet=True)
    return Sign(
        tr("{owing} of {pupils} outstanding").format(owing=row.owing, pupils=row.pupils),
        "circle-dashed",
        "open",
    )
