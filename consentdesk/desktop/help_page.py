"""Help: short topics beside each other, with what each sign means and the keys of every screen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.beside import Beside
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.help_topics import Topic, keys_everywhere, keys_of_pages, meanings, topics
from consentdesk.desktop.look.signs import SignLabel, sign_of
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import line, row, scrolling
from consentdesk.desktop.pieces.page import Header, Key, Page, PageName, Place
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.places import PAGES
from consentdesk.desktop.refill import refill
from consentdesk.desktop.words import tr

_TOGETHER, _TOPICS, _COLUMN = 84, 28, 84


class HelpPage(Page):
    """`Place.about` is the name of a topic."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.topics = {topic.name: topic for topic in topics()}
        self.buttons: dict[str, Button] = {}
        self.shown = ""
        self.title = text("", "title")
        self.body = QVBoxLayout()
        set_spacing(self.body, gap=1.5)
        self.way = Button("")
        self._place: Place | None = None
        self.way.clicked.connect(lambda _on=False: self._go())
        self.beside = Beside(self._list(), self._sheet(), together=_TOGETHER, main_wide=_TOPICS)
        self.header = Header(tr("Help"))
        self.column.addWidget(self.header)
        self.header.say(
            tr("Help"), tr("Short answers. For the whole of it, see the guide that came with ConsentDesk.")
        )
        self.column.addWidget(self.beside, 1)

    def arrive(self, place: Place) -> None:
        """The topic asked for, or the one that was read last."""
        self.show_topic(place.about if place.about in self.topics else self.shown or next(iter(self.topics)))
        if place.about in self.topics:
            self.buttons[place.about].setFocus()
            self.beside.open_side()

    def show_topic(self, name: str) -> None:
        """Show this topic."""
        topic = self.topics[name]
        self.shown = name
        for known, button in self.buttons.items():
            button.setChecked(known == name)
        self.title.setText(topic.title)
        refill(self.body, _parts(topic, self.places))
        there = topic.page is not None and topic.page in self.places
        self._place = Place(topic.page) if topic.page is not None and there else None
        self.way.set_words(topic.way)
        self.way.setVisible(there)
        self._area.verticalScrollBar().setValue(0)

    def _list(self) -> QFrame:
        card = QFrame()
        card.setProperty("kind", "card")
        layout = QVBoxLayout(card)
        set_spacing(layout, margins=1, gap=0.25)
        for name, topic in self.topics.items():
            button = Button(topic.title, partial(self._choose, name), kind="place")
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.buttons[name] = button
            layout.addWidget(button)
        layout.addStretch(1)
        card.setFocusProxy(next(iter(self.buttons.values())))
        return card

    def _sheet(self) -> QFrame:
        sheet = QFrame()
        sheet.setProperty("kind", "card")
        inner = QWidget()
        inside = QVBoxLayout(inner)
        set_spacing(inside, margins=(4, 3, 4, 3), gap=1.5)
        inside.addWidget(self.title)
        inside.addLayout(self.body)
        inside.addSpacing(step(1))
        inside.addLayout(row(self.way, None))
        inside.addStretch(1)
        inner.setMaximumWidth(step(_COLUMN))
        self._area = scrolling(inner)
        self._area.setProperty("kind", "reading")
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(tr("The topic"))
        layout = QVBoxLayout(sheet)
        set_spacing(layout, margins=0.25, gap=0)
        layout.addWidget(self._area)
        sheet.setMinimumHeight(step(40))
        return sheet

    def _choose(self, name: str) -> None:
        self.show_topic(name)
        self.beside.open_side()

    def _go(self) -> None:
        if self._place is not None:
            self.go.emit(self._place)


def _parts(topic: Topic, places: frozenset[PageName]) -> list[QWidget]:
    parts: list[QWidget] = [text(words) for words in topic.paragraphs]
    if topic.steps:
        parts.append(_listed([f"{number}." for number in range(1, len(topic.steps) + 1)], topic.steps))
    if topic.notes:
        parts.append(_listed(["–"] * len(topic.notes), topic.notes))
    if topic.shows == "signs":
        parts.append(_signs())
    elif topic.shows == "keys":
        parts += _keys(places)
    return parts


def _grid() -> tuple[QWidget, QGridLayout]:
    holder = QWidget()
    grid = QGridLayout(holder)
    set_spacing(grid, gap=1)
    grid.setHorizontalSpacing(step(1.5))
    grid.setColumnStretch(1, 1)
    return holder, grid


def _listed(marks: Iterable[str], sentences: Iterable[str]) -> QWidget:
    holder, grid = _grid()
    grid.setColumnMinimumWidth(0, step(2))
    for at, (mark, sentence) in enumerate(zip(marks, sentences, strict=True)):
        grid.addWidget(text(mark, "quiet", wraps=False), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text(sentence), at, 1)
    return holder


def _signs() -> QWidget:
    holder, grid = _grid()
    for at, (word, meaning) in enumerate(meanings()):
        grid.addWidget(SignLabel(sign_of(word)), at, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(text(meaning), at, 1)
    return holder


def _keys(places: frozenset[PageName]) -> list[QWidget]:
    rooms = [room for room in PAGES if room.page in places]
    known = keys_of_pages()
    everywhere = (*(Key(room.keys, tr(room.title)) for room in rooms), *keys_everywhere())
    parts: list[QWidget] = [text(tr("Everywhere"), "label"), _table(everywhere)]
    for room in rooms:
        if room.page in known:
            parts += [line(), text(tr(room.title), "label"), _table(known[room.page])]
    return parts


def _table(keys: Iterable[Key]) -> QWidget:
    holder, grid = _grid()
    grid.setColumnMinimumWidth(0, step(18))
    for at, key in enumerate(keys):
        grid.addWidget(text(key.keys, "strong", wraps=False), at, 0)
        grid.addWidget(text(key.does), at, 1)
    return holder
