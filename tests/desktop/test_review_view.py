"""Review: one key a question, the whole slip with the doubtful box ringed, undo that loses nothing (S4, A2, C8)."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from consentdesk.desktop.look.appearance import Appearance
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.review_view import ReviewView
from consentdesk.desktop.scan_page import ScanPage
from consentdesk.model.reading import Presence
from consentdesk.model.status import status_of
from consentdesk.services.confirm_sheet import next_sheet, take_out
from consentdesk.services.review import Verdict, decide, review_list
from consentdesk.store import ledger, people
from tests.desktop.driving import (
    Watchdog,
    clipped,
    nameless,
    overlapping,
    settle,
    tab_round,
    unlock,
    until,
    visit,
)
from tests.desktop.slips import back_office, pictured
from tests.services.made_up import Desk, Meant

WORK, NAME = "web.work", "web.first-name"


def take(
    desk: Desk, name: str, meant: Meant | dict[str, Meant], form: str = "web-publication", **fields: object
) -> str:
    """Take a slip back, with its picture; its code."""
    slip = desk.print_for(name, form)
    desk.take(pictured(desk, slip, desk.seen(slip, meant, **fields)))
    return slip.code


def words(qtbot: QtBot, window: MainWindow, first_name: str) -> dict[str, str]:
    """What holds for a pupil, by purpose."""
    found: list[dict[str, str]] = []

    def look(office: object) -> dict[str, str]:
        db = office.db  # type: ignore[attr-defined]
        pupil = next(one for one in people.pupils(db) if one.legal_first == first_name)
        statuses = status_of(ledger.events_of(db, pupil.id), office.today)  # type: ignore[attr-defined]
        return {purpose: status.word.value for purpose, status in statuses.items()}

    window.desk.ask(window, look, found.append)
    until(qtbot, lambda: found)
    return found[0]


def opened(qtbot: QtBot, window: MainWindow, about: str = "review") -> ScanPage:
    unlock(qtbot, window)
    page = cast("ScanPage", visit(qtbot, window, "scan", about))
    settle(qtbot, window)
    return page


def press(qtbot: QtBot, view: ReviewView, key: Qt.Key) -> None:
    qtbot.keyClick(view.focusWidget() or view.picture, key)


def test_a_question_is_ringed_enlarged_and_answered_with_one_key(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", {WORK: "both", NAME: "yes"})
        take(desk, "Ben", {WORK: "yes", NAME: "blank"})
    page = opened(qtbot, closed_window)
    view = page.review
    assert page.header.title.text() == "Review slip 1 of 2"
    assert "Ada Okafor" in page.header.line.text()
    assert view.panel.heading.text() == "Work on the website"
    assert "Both boxes are marked." in view.panel.body.text()
    assert len(view.picture.rings) == 1
    assert [words for words, _at in view.enlarged.parts[0].marks] == ["Yes", "No"]
    assert [row.accessibleName() for row in view.panel.rest.rows] == ["First name beside work: Yes"]
    press(qtbot, view, Qt.Key.Key_N)
    assert page.header.title.text() == "Review slip 2 of 2"
    assert "Ben" in page.header.line.text()
    press(qtbot, view, Qt.Key.Key_U)
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert words(qtbot, closed_window, "Ada") == {WORK: "no", NAME: "unconfirmed"}
    assert words(qtbot, closed_window, "Ben") == {WORK: "unconfirmed", NAME: "no-reply"}


def test_undo_goes_back_to_the_very_question(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "both")
        take(desk, "Ben", "both")
    page = opened(qtbot, closed_window)
    view = page.review
    press(qtbot, view, Qt.Key.Key_Y)
    press(qtbot, view, Qt.Key.Key_Y)
    settle(qtbot, closed_window)
    assert words(qtbot, closed_window, "Ada") == {WORK: "yes", NAME: "yes"}
    assert "Ben" in page.header.line.text()
    page.undo_button.click()
    until(qtbot, lambda: "Ada" in page.header.line.text())
    assert view.panel.heading.text() == "First name beside work"
    settle(qtbot, closed_window)
    assert words(qtbot, closed_window, "Ada") == {WORK: "yes", NAME: "awaiting-review"}
    assert page.undo()
    until(qtbot, lambda: view.panel.heading.text() == "Work on the website")
    settle(qtbot, closed_window)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"awaiting-review"}
    assert page.header.title.text() == "Review slip 1 of 2"


def test_an_undo_right_after_the_key_takes_back_what_is_still_being_written(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", {WORK: "both", NAME: "no"})
    page = opened(qtbot, closed_window)
    page.review.answer("yes")
    assert page.review.queue.undo()
    settle(qtbot, closed_window)
    assert words(qtbot, closed_window, "Ada")[WORK] == "awaiting-review"
    until(qtbot, lambda: page.review.panel.heading.text() == "Work on the website")


def test_a_skipped_slip_comes_last(qtbot: QtBot, office_folder: Path, closed_window: MainWindow) -> None:
    with back_office(office_folder) as desk:
        for name in ("Ada", "Ben"):
            take(desk, name, "both")
    page = opened(qtbot, closed_window)
    press(qtbot, page.review, Qt.Key.Key_S)
    assert "Ben" in page.header.line.text()
    press(qtbot, page.review, Qt.Key.Key_S)
    assert "Ada" in page.header.line.text()
    assert page.header.title.text() == "Review slip 1 of 2"


def test_the_letters_can_be_switched_off(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", {WORK: "both", NAME: "no"})
    closed_window.change_appearance(Appearance(theme="light", letter_keys=False))
    page = opened(qtbot, closed_window)
    for key in (Qt.Key.Key_Y, Qt.Key.Key_N, Qt.Key.Key_U, Qt.Key.Key_S):
        press(qtbot, page.review, key)
    assert page.review.panel.heading.text() == "Work on the website"
    assert page.review.panel.buttons["yes"].text().strip() == "Yes"
    assert page.skip.text() == "Skip"
    offered = {key.keys for key in page.keys()}  # noqa: SIM118 - these keys are on a keyboard
    assert not offered & {"Y", "N", "U", "S"}
    page.review.panel.buttons["no"].click()
    settle(qtbot, closed_window)
    assert words(qtbot, closed_window, "Ada")[WORK] == "no"


def test_letters_typed_into_a_condition_decide_nothing(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "yes", comment=Presence.PRESENT)
    page = opened(qtbot, closed_window)
    panel = page.review.panel
    assert panel.condition.isVisible()
    assert "Marked yes: Work on the website, First name beside work." in panel.body.text()
    panel.condition.line.setFocus()
    qtbot.keyClicks(panel.condition.line, "only in yynus")
    assert panel.heading.text().startswith("What do the words mean")
    panel.buttons["yes"].click()
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    found: list[set[str | None]] = []

    def look(office: object) -> set[str | None]:
        db = office.db  # type: ignore[attr-defined]
        pupil = next(one for one in people.pupils(db) if one.legal_first == "Ada")
        statuses = status_of(ledger.events_of(db, pupil.id), office.today)  # type: ignore[attr-defined]
        return {status.condition for status in statuses.values()}

    closed_window.desk.ask(closed_window, look, found.append)
    until(qtbot, lambda: found)
    assert found == [{"only in yynus"}]


def test_who_signed_is_asked_where_a_yes_needs_a_name(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", {WORK: "both", NAME: "no"})
        pupil = desk.pupil("Ada")
        (guardian,) = people.guardians_of(desk.office.db, pupil.id)
        noted = [type(guardian)(guardian.id, pupil.id, guardian.name, "mother", "yes", "a court order")]
        with desk.office.db.writing():
            people.set_guardians(desk.office.db, pupil.id, noted)
    page = opened(qtbot, closed_window)
    panel = page.review.panel
    assert panel.who.isVisible()
    assert "court" not in " ".join(label.text() for label in (panel.body, panel.above, panel.heading))
    assert {"Name in capitals", "Relationship"} <= {part.title for part in page.review.enlarged.parts}
    panel.who.choose(guardian.id)
    press(qtbot, page.review, Qt.Key.Key_Y)
    settle(qtbot, closed_window)
    said: list[list[str]] = []

    def look(office: object) -> list[str]:
        events = ledger.events_of(office.db, pupil.id)  # type: ignore[attr-defined]
        return [event.what.person for event in events if event.kind == "reviewed"]  # type: ignore[union-attr]

    closed_window.desk.ask(closed_window, look, said.append)
    until(qtbot, lambda: said)
    assert said == [[f"guardian:{guardian.id}"]]


def test_both_copies_of_a_slip_are_shown(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        slip = desk.print_for("Ada", "web-publication")
        for meant in ({WORK: "no", NAME: "no"}, {WORK: "yes", NAME: "no"}, {WORK: "no", NAME: "yes"}):
            desk.take(pictured(desk, slip, desk.seen(slip, meant)))
    page = opened(qtbot, closed_window)
    view = page.review
    assert view.panel.heading.text() == "Work on the website"
    titles = [part.title for part in view.enlarged.parts]
    assert titles[0] == "This copy"
    assert titles.count("Another copy") == 2
    assert "more than once" in view.copies.text()


def test_a_copy_that_differs_by_a_no_is_seen_beside_the_other(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        slip = desk.print_for("Ada", "web-publication")
        for meant in ({WORK: "yes", NAME: "no"}, {WORK: "no", NAME: "no"}):
            desk.take(pictured(desk, slip, desk.seen(slip, meant)))
    page = opened(qtbot, closed_window)
    assert "marked differently" in page.review.panel.body.text()
    assert [part.title for part in page.review.enlarged.parts] == ["This copy", "Another copy"]
    press(qtbot, page.review, Qt.Key.Key_Y)
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert words(qtbot, closed_window, "Ada")[WORK] == "no"


def test_any_answer_can_be_turned_to_and_changed(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", {WORK: "both", NAME: "yes"})
    page = opened(qtbot, closed_window)
    panel = page.review.panel
    panel.rest.rows[0].click()
    assert panel.heading.text() == "First name beside work"
    press(qtbot, page.review, Qt.Key.Key_N)
    assert panel.heading.text() == "Work on the website"
    settle(qtbot, closed_window)
    assert words(qtbot, closed_window, "Ada")[NAME] == "no"


def test_a_slip_taken_out_of_a_sheet_is_confirmed_where_all_is_right(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "yes")
        (reading,) = next_sheet(desk.office).readings
        take_out(desk.office, reading)
    page = opened(qtbot, closed_window)
    assert page.review.panel.heading.text() == "Is everything read right?"
    press(qtbot, page.review, Qt.Key.Key_N)
    assert page.review.queue.current is not None
    press(qtbot, page.review, Qt.Key.Key_Y)
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"yes"}
    page.review.queue.undo()
    until(qtbot, lambda: page.review.queue.current is not None)
    settle(qtbot, closed_window)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"unconfirmed"}


def test_a_picture_of_another_shape_is_shown_whole_and_nothing_is_ringed(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        slip = desk.print_for("Ada", "web-publication")
        other = desk.print_for("Ada", "image-use")
        desk.take(pictured(desk, other, desk.seen(slip, "both")))
    page = opened(qtbot, closed_window)
    assert not page.review.picture.image.isNull()
    assert page.review.picture.rings == ()
    assert page.review.enlarged.parts == ()


def test_what_somebody_else_decided_meanwhile_leaves_the_queue(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "both")
        take(desk, "Ben", "both")
    page = opened(qtbot, closed_window)
    left: list[int] = []

    def decide_elsewhere(office: object) -> int:
        item = review_list(office).review[0]  # type: ignore[arg-type]
        decide(office, item.code, Verdict(rest="no"))  # type: ignore[arg-type]
        return len(review_list(office).review)  # type: ignore[arg-type]

    closed_window.desk.ask(closed_window, decide_elsewhere, left.append)
    until(qtbot, lambda: left)
    page.refresh()
    settle(qtbot, closed_window)
    assert left == [1]
    assert "Ben" in page.header.line.text()
    assert page.review.queue.place == (1, 1)


@pytest.mark.parametrize("points", [9, 10, 13, 18])
def test_nothing_is_clipped_and_everything_named(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, points: int
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Cleo", "yes", "image-use", comment=Presence.PRESENT)
        take(desk, "Ada", "both")
    unlock(qtbot, closed_window)
    closed_window.change_appearance(Appearance(theme="light", text_size=points))
    page = cast("ScanPage", visit(qtbot, closed_window, "scan", "review"))
    for _step in range(2):
        qtbot.wait(30)
        assert clipped(closed_window) == []
        assert overlapping(closed_window) == []
        assert nameless(closed_window) == []
        page.review.answer("yes")


def test_the_keyboard_reaches_the_picture_and_every_answer(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "both")
    page = opened(qtbot, closed_window)
    reached = tab_round(qtbot, closed_window)
    wanted = {page.review.picture, *page.review.panel.buttons.values(), *page.review.panel.rest.rows}
    assert wanted <= reached


def test_the_window_stays_free_while_slips_are_decided(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, watchdog: Watchdog
) -> None:
    with back_office(office_folder) as desk:
        for name in ("Ada", "Ben", "Cleo"):
            take(desk, name, "both", "image-use")
    page = opened(qtbot, closed_window)
    watchdog.forget()
    for _answer in range(10):
        press(qtbot, page.review, Qt.Key.Key_N)
        QTest.qWait(5)
    settle(qtbot, closed_window)


def test_the_picture_comes_closer_and_goes_back(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "both")
    page = opened(qtbot, closed_window)
    picture = page.review.picture
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Right, Qt.Key.Key_Minus):
        qtbot.keyClick(picture, key)
    assert 1 < picture.closeness < 2
    qtbot.keyClick(picture, Qt.Key.Key_0)
    assert picture.closeness == 1
    qtbot.mouseDClick(picture, Qt.MouseButton.LeftButton)
    assert picture.closeness == 3
    assert page.review.panel.heading.text() == "Work on the website"
