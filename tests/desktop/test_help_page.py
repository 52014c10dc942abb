"""Help: every topic is read, leads where it says, and knows the keys that the screens have."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from consentdesk.desktop.help_page import HelpPage
from consentdesk.desktop.help_topics import keys_of_pages, meanings, topics
from consentdesk.desktop.look.appearance import Appearance
from consentdesk.desktop.look.signs import SignLabel
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.places import PAGES
from consentdesk.model.consent import StatusWord
from tests.desktop.driving import Watchdog, clipped, overlapping, visit

NAMES = [topic.name for topic in topics()]


def read(qtbot: QtBot, window: MainWindow, topic: str = "") -> HelpPage:
    page = visit(qtbot, window, "help", topic)
    assert isinstance(page, HelpPage)
    return page


def words_of(page: HelpPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_every_topic_says_what_its_data_say(qtbot: QtBot, window: MainWindow, watchdog: Watchdog) -> None:
    page = read(qtbot, window)
    watchdog.forget()
    for topic in topics():
        page.buttons[topic.name].click()
        qtbot.wait(1)
        shown = words_of(page)
        assert topic.title in shown
        for sentence in (*topic.paragraphs, *topic.steps, *topic.notes):
            assert sentence in shown


def test_a_topic_is_reached_by_its_name_and_leads_on(qtbot: QtBot, window: MainWindow) -> None:
    page = read(qtbot, window, "trip")
    assert page.title.text() == "Before a trip"
    with qtbot.waitSignal(page.go) as asked:
        page.way.click()
    assert asked.args == [Place("trip")]
    assert read(qtbot, window).title.text() == "Before a trip", "it stays at what was read last"
    assert read(qtbot, window, "nothing such").title.text() == "Before a trip"


def test_every_status_but_the_secret_one_has_its_meaning(qtbot: QtBot, window: MainWindow) -> None:
    assert {word for word, _meaning in meanings()} == set(StatusWord) - {StatusWord.RESTRICTED}
    page = read(qtbot, window, "signs")
    assert len([one for one in page.findChildren(SignLabel) if one.isVisibleTo(page)]) == len(StatusWord) - 1


def test_only_yes_is_said_to_allow_anything() -> None:
    for word, meaning in meanings():
        assert ("not allowed" in meaning.lower() or word is StatusWord.WITHDRAWN) is (
            word is not StatusWord.YES
        )


def test_the_keys_of_a_screen_are_those_it_has(qtbot: QtBot, window: MainWindow) -> None:
    told = keys_of_pages()
    for room in PAGES:
        page = visit(qtbot, window, room.page, "review" if room.page == "scan" else "")
        assert page.keys() == told.get(room.page, ()), room.page


@pytest.mark.parametrize("points", [9, 18])
def test_nothing_is_clipped(qtbot: QtBot, window: MainWindow, points: int) -> None:
    window.change_appearance(Appearance(theme="light", text_size=points))
    page = read(qtbot, window)
    for name in NAMES:
        page.buttons[name].click()
        qtbot.wait(20)
        assert clipped(page) == [], name
        assert overlapping(page) == [], name
