"""The tray: a slip without a readable code is keyed from its picture, and copies are shown side by side (S2, S4)."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.scan_page import ScanPage
from consentdesk.desktop.tray_view import TrayView
from tests.desktop.driving import clipped, nameless, overlapping, settle, unlock, until, visit
from tests.desktop.slips import back_office, pictured
from tests.desktop.test_review_view import words
from tests.services.made_up import Desk


def opened(qtbot: QtBot, window: MainWindow) -> tuple[ScanPage, TrayView]:
    unlock(qtbot, window)
    page = cast("ScanPage", visit(qtbot, window, "scan", "tray"))
    settle(qtbot, window)
    return page, page.tray


def without_code(desk: Desk, name: str) -> str:
    """A slip of which no code could be read; what is typed on it."""
    slip = desk.print_for(name, "web-publication")
    desk.take(pictured(desk, slip, desk.seen(slip, "yes", codes=())))
    return slip.code


def test_a_slip_without_a_code_is_keyed_from_its_picture(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        code = without_code(desk, "Ada")
    page, tray = opened(qtbot, closed_window)
    assert page.tabs["tray"].text() == "Tray  1"
    until(qtbot, lambda: not tray.picture.image.isNull())
    assert len(tray.picture.rings) == 1
    assert tray.enlarged.isVisible()
    form = tray.form
    assert not form.save.isVisible()
    qtbot.keyClicks(form.code.line, code.lower().replace("-", " "))
    until(qtbot, form.save.isVisible)
    assert form.whose.text() == "Ada Okafor"
    assert [one.question.name for one in form.questions] == ["Work on the website", "First name beside work"]
    form.questions[0].buttons["yes"].click()
    form.questions[0].buttons["no"].click()
    form.questions[1].buttons["yes"].click()
    assert [one.word for one in form.questions] == ["no", "yes"]
    form.signed.click()
    form.save.click()
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert words(qtbot, closed_window, "Ada") == {"web.work": "no", "web.first-name": "yes"}


def test_a_wrong_code_gets_its_sentence_beside_the_field(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        without_code(desk, "Ada")
    _page, tray = opened(qtbot, closed_window)
    qtbot.keyClicks(tray.form.code.line, "7F3K-22QX-19AC")
    until(qtbot, lambda: tray.form.code.error)
    assert "no slip code" in tray.form.code.error
    assert not tray.form.save.isVisible()
    qtbot.keyClicks(tray.form.code.line, "X")
    assert tray.form.code.error == ""


def test_nothing_keyed_is_refused_with_a_sentence(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        code = without_code(desk, "Ada")
    _page, tray = opened(qtbot, closed_window)
    tray.form.code.set_value(code)
    until(qtbot, tray.form.save.isVisible)
    tray.form.save.click()
    until(qtbot, tray.form.wrong.isVisible)
    assert "No answer was given" in tray.form.wrong.text()
    assert len(tray.table.rows) == 1
    assert clipped(closed_window) == []
    assert overlapping(closed_window) == []
    assert nameless(closed_window) == []


def test_the_pupils_own_part_is_keyed_too(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        code = without_code(desk, "Cleo")
    page, tray = opened(qtbot, closed_window)
    tray.form.code.set_value(code)
    until(qtbot, tray.form.save.isVisible)
    assert tray.form.pupil_signed.isVisible()
    for question in tray.form.questions:
        question.buttons["yes"].click()
    tray.form.signed.click()
    tray.form.pupil_signed.click()
    tray.form.save.click()
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert set(words(qtbot, closed_window, "Cleo").values()) == {"yes"}


def test_a_slip_that_came_twice_is_shown_beside_the_first(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        slip = desk.print_for("Ada", "web-publication")
        for _copy in range(2):
            desk.take(pictured(desk, slip, desk.seen(slip)))
    _page, tray = opened(qtbot, closed_window)
    until(qtbot, lambda: tray.enlarged.parts)
    assert [part.title for part in tray.enlarged.parts] == ["This copy", "Came in before"]
    assert not tray.form.isVisible()
    assert "Ada Okafor" in tray.heading.text()
    said = [label.text() for label in tray.findChildren(QLabel) if label.isVisible()]
    assert any("Nothing was recorded twice" in one for one in said)


def test_a_slip_that_never_saw_the_scanner_is_keyed_from_the_paper(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        code = desk.print_for("Ben", "web-publication").code
    page, tray = opened(qtbot, closed_window)
    assert page.stack.currentWidget() is page.nothing
    page.by_hand.click()
    assert page.header.title.text() == "Key a slip by hand"
    assert page.stack.currentWidget() is tray
    assert not tray.table.isVisible()
    assert page.by_hand.text() == "Back to the tray"
    page.by_hand.click()
    assert page.stack.currentWidget() is page.nothing
    page.by_hand.click()
    qtbot.keyClicks(tray.form.code.line, code)
    until(qtbot, tray.form.save.isVisible)
    qtbot.wait(20)
    assert clipped(closed_window) == []
    assert overlapping(closed_window) == []
    assert nameless(closed_window) == []
    for question in tray.form.questions:
        question.buttons["yes"].click()
    tray.form.signed.click()
    tray.form.save.click()
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert set(words(qtbot, closed_window, "Ben").values()) == {"yes"}


def test_what_was_keyed_wrongly_is_keyed_again_and_waits_in_review(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        code = without_code(desk, "Ada")
    page, tray = opened(qtbot, closed_window)
    for word in ("yes", "no"):
        if word == "no":
            page.by_hand.click()
        tray.form.code.set_value(code)
        until(qtbot, tray.form.save.isVisible)
        assert "undo takes back decisions" in tray.form.once.text()
        for question in tray.form.questions:
            question.buttons[word].click()
        tray.form.signed.click()
        tray.form.save.click()
        until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
        settle(qtbot, closed_window)
    assert page.tabs["review"].text() == "Review  1"
    assert "yes" not in words(qtbot, closed_window, "Ada").values()
