"""Pupils through real widgets: found while one types, shown with their story, and a withdrawal that holds at once."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from consentdesk.desktop.look.appearance import Appearance, System
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.pupil_status import next_steps
from consentdesk.desktop.pupil_view import PupilView
from consentdesk.desktop.pupils_page import PupilsPage
from consentdesk.desktop.trip_page import TripPage
from consentdesk.desktop.withdraw_strip import day_typed, day_wrong
from consentdesk.desktop.words import isolated
from consentdesk.model.consent import StatusWord, Withdrawn
from consentdesk.services.office import add_user, open_office
from consentdesk.services.pupil_record import PurposeRecord
from consentdesk.services.timeline import timeline
from consentdesk.store import ledger
from consentdesk.store.slots import FLOOR, Role
from tests.desktop.driving import (
    PASSWORD,
    Watchdog,
    clipped,
    door_of,
    nameless,
    overlapping,
    settle,
    unlock,
    until,
    visit,
)
from tests.desktop.prepared import IN_SCHOOL, WEBSITE


@pytest.fixture
def office_folder(answered_once: Path, tmp_path: Path) -> Path:
    """A copy of it for each test."""
    return Path(shutil.copytree(answered_once, tmp_path / "office"))


def pupils(qtbot: QtBot, window: MainWindow, about: str = "") -> PupilsPage:
    page = visit(qtbot, window, "pupils", about)
    assert isinstance(page, PupilsPage)
    return page


def names(page: PupilsPage) -> list[str]:
    return [one.name for one in page.finder.pupils.rows]


def search(qtbot: QtBot, page: PupilsPage, typed: str, expected: list[str]) -> None:
    page.finder.box.clear()
    if typed.isascii():
        qtbot.keyClicks(page.finder.box, typed)
    else:
        page.finder.box.insert(typed)  # the keys of a test know Latin letters alone
    until(qtbot, lambda: page.finder.stack.currentWidget() is page.finder.pupils and names(page) == expected)


def view_of(qtbot: QtBot, window: MainWindow, page: PupilsPage, name: str) -> PupilView:
    """Choose a pupil of class 4B by name."""
    visit(qtbot, window, "pupils", "4B")
    page.finder.pupils.choose(names(page).index(name))
    view = page.view
    assert view is not None
    until(qtbot, lambda: view.record is not None and view.record.name == name)
    return view


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("oka", ["Ada Okafor"]),
        ("unal", ["Cleo Ünal"]),
        ("o'neill", ["Ben O'Neill"]),
        ("<b>", ["<b>Bo</b> & Co Smith"]),
        ("حداد", ["ليلى حداد"]),
        ("🎈", ["Zoë 🎈 D'Arcy"]),
        ("103", ["Cleo Ünal"]),
    ],
)
def test_found_while_one_types(
    qtbot: QtBot, window: MainWindow, watchdog: Watchdog, typed: str, expected: list[str]
) -> None:
    page = pupils(qtbot, window)
    watchdog.forget()
    search(qtbot, page, typed, expected)


def test_nobody_of_that_name_and_who_may_be_meant(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    qtbot.keyClicks(page.finder.box, "Okafro")
    until(qtbot, lambda: page.finder.suggestions)
    assert page.finder.nobody.heading.text() == "No pupil of that name"
    assert [button.text() for button in page.finder.suggestions] == ["Okafor"]
    page.finder.suggestions[0].click()
    until(qtbot, lambda: names(page) == ["Ada Okafor"])


def test_by_class_and_back(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    finder = page.finder
    assert page.header.line.text() == "6 pupils in 2 classes"
    assert [(one.name, one.pupils) for one in finder.classes.rows] == [("4B", 5), ("10A", 1)]
    finder.classes.opened.emit(finder.classes.rows[1])
    until(qtbot, lambda: names(page) == ["Cleo Ünal"])
    finder.back.click()
    assert finder.stack.currentWidget() is finder.classes


def test_the_keyboard_goes_from_search_to_pupil(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    search(qtbot, page, "ada", ["Ada Okafor"])
    qtbot.keyClick(page.finder.box, Qt.Key.Key_Down)
    view = page.view
    assert view is not None
    until(qtbot, lambda: view.name.text() == "Ada Okafor")


def test_what_holds_with_its_reason_and_what_to_do(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    view = view_of(qtbot, window, page, "Ada Okafor")
    assert view.about.text() == f"Class {isolated('4B')} · Year 4 · admission number {isolated('101')}"
    assert view.forms[0].steps == []
    zoe = view_of(qtbot, window, page, "Zoë 🎈 D'Arcy")
    (step, *_more) = zoe.forms[0].steps
    assert step.text() == "Print the form for this pupil"
    record = zoe.record
    assert record is not None
    with qtbot.waitSignal(page.go) as asked:
        step.click()
    assert asked.args == [Place("print", record.pupil)]


@pytest.mark.parametrize(
    ("status", "places"),
    [
        (StatusWord.YES, []),
        (StatusWord.NO, []),
        (StatusWord.RESTRICTED, []),
        (StatusWord.NO_REPLY, [Place("print", "p")]),
        (StatusWord.EXPIRED, [Place("print", "p")]),
        (StatusWord.WITHDRAWN, [Place("print", "p")]),
        (StatusWord.AWAITING_REVIEW, [Place("scan", "review")]),
        (StatusWord.UNCONFIRMED, [Place("scan", "confirm")]),
    ],
)
def test_what_to_do_next(status: StatusWord, places: list[Place]) -> None:
    one = PurposeRecord("web.work", "Work", status, None, None, None, None)
    assert [step.place for step in next_steps([one], "p")] == places


def test_the_slip_is_one_click_away(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    view = view_of(qtbot, window, page, "Ada Okafor")
    kinds = [entry.happened.kind for entry in view.timeline.entries]
    assert kinds == ["confirmed", "returned", "issued", "guardian-recorded", "joined"]
    returned = view.timeline.entries[1]
    assert returned.lines[0].text().startswith("Yes: Inside school, School website · No: ")
    returned.show_slip.click()
    until(qtbot, lambda: returned.picture.is_there)
    assert returned.show_slip.text() == "Hide the slip"
    returned.show_slip.click()
    assert returned.picture.isHidden()


def test_a_withdrawal_is_asked_back_and_holds_at_once(
    qtbot: QtBot, window: MainWindow, watchdog: Watchdog
) -> None:
    page = pupils(qtbot, window)
    view = view_of(qtbot, window, page, "Ada Okafor")
    watchdog.forget()
    strip = view.strip
    view.withdraw.click()
    assert strip.isVisible()
    assert not any(box.isChecked() for box in strip.boxes.values()), (
        "nothing is withdrawn by a slip of the mouse"
    )
    strip.go_on.click()
    assert strip.wrong.text() == "Tick what was withdrawn."
    strip.boxes[WEBSITE].click()
    strip.how.choose("letter")
    strip.who.choose(next(one.guardian for one in (view.record.guardians if view.record else ())))
    strip.day.set_value("3/9/2025")
    strip.note.set_value("asked for the picture of the play")
    strip.go_on.click()
    assert "School website" in strip.confirm.question.text()
    assert not strip.form.isEnabled(), "what was asked about stays as it is"
    strip.confirm.yes.click()
    until(qtbot, view.after.isVisible)
    settle(qtbot, window)
    assert view.timeline.entries[0].title.text() == "Consent withdrawn"
    record = view.record
    assert record is not None
    status = {one.purpose: one.status for form in record.forms for one in form.purposes}
    assert (status[WEBSITE], status[IN_SCHOOL]) == (StatusWord.WITHDRAWN, StatusWord.YES)
    found: list[object] = []
    pupil = record.pupil
    window.desk.ask(page, lambda office: ledger.events_of(office.db, pupil)[-1].what, found.append)
    until(qtbot, lambda: found)
    (what,) = found
    assert isinstance(what, Withdrawn)
    assert (what.purposes, what.how) == ((WEBSITE,), "letter")
    assert (what.person or "").startswith("guardian:")
    assert what.note == "Dated 3 September 2025. asked for the picture of the play"


def test_no_goes_back_and_records_nothing(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    view = view_of(qtbot, window, page, "Ada Okafor")
    view.withdraw.click()
    view.strip.all.click()
    view.strip.go_on.click()
    assert view.strip.confirm.question.text().startswith("Withdraw everything for")
    view.strip.confirm.no.click()
    assert view.strip.form.isEnabled()
    view.strip.cancel.click()
    assert view.strip.isHidden()
    assert view.withdraw.isVisible()
    record = view.record
    assert record is not None
    kinds: list[str] = []
    pupil = record.pupil
    window.desk.ask(page, lambda office: [one.kind for one in timeline(office, pupil)], kinds.extend)
    until(qtbot, lambda: kinds)
    assert "withdrawn" not in kinds


def test_a_place_of_its_own_for_a_withdrawal(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    record = view_of(qtbot, window, page, "Ben O'Neill").record
    assert record is not None
    visit(qtbot, window, "pupils", f"withdraw {record.pupil}")
    assert page.view is not None
    assert page.view.strip.isVisible()
    assert "Ben O'Neill" in page.view.strip.heading.text()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3/9/2025", date(2025, 9, 3)),
        ("03.09.2025", date(2025, 9, 3)),
        ("2025-09-03", date(2025, 9, 3)),
        ("3 September 2025", date(2025, 9, 3)),
        ("3 Sep 2025", date(2025, 9, 3)),
        ("31/2/2025", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_as_people_write_them(typed: str, day: date | None) -> None:
    assert day_typed(typed) == day
    assert bool(day_wrong(typed)) is (day is None)


def test_a_day_ahead_gets_its_sentence(qtbot: QtBot, window: MainWindow) -> None:
    page = pupils(qtbot, window)
    strip = view_of(qtbot, window, page, "Ada Okafor").strip
    strip.open_for(page.view.record)  # type: ignore[union-attr,arg-type]
    strip.all.click()
    ahead = date.today() + timedelta(days=2)  # noqa: DTZ011 - the day of this computer
    strip.day.set_value(f"{ahead:%d/%m/%Y}")
    strip.who.choose("else")
    strip.go_on.click()
    assert strip.day.error == "That day has not come yet."
    assert strip.name.error.startswith("Type who said so")
    assert strip.confirm.isHidden()


def test_a_class_list_is_kept_only_when_somebody_says_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    file.write_text("First name,Last name,Class,Admission number\nDora,Quist,4B,900\n", encoding="utf-8")
    page = pupils(qtbot, window, "import")
    assert page.stack.currentWidget() is page.importing
    assert page.panel is not None
    page.panel.show_file(file)
    until(qtbot, page.panel.keep.isVisible)
    assert "Add 1 pupil" in page.panel.keep.text()
    page.panel.keep.click()
    until(qtbot, lambda: page.stack.currentWidget() is not page.importing)
    search(qtbot, page, "quist", ["Dora Quist"])


@pytest.mark.parametrize("points", [9, 13, 18])
def test_nothing_is_clipped(qtbot: QtBot, window: MainWindow, points: int) -> None:
    window.change_appearance(Appearance(theme="dark", text_size=points))
    page = pupils(qtbot, window)
    view = view_of(qtbot, window, page, "Ada Okafor")
    assert page.beside is not None
    page.beside.open_side()
    for turn in range(3):
        qtbot.wait(30)
        assert clipped(page) == [], turn
        assert overlapping(page) == [], turn
        if turn == 0:
            view.withdraw.click()
            view.strip.all.click()
        else:
            view.strip.go_on.click()
    assert nameless(page) == []


def test_a_teacher_sees_what_holds_and_nothing_behind_it(
    qtbot: QtBot, system: System, office_folder: Path
) -> None:
    with open_office(office_folder, "head", PASSWORD) as office:
        add_user(office, "Ms Reed", Role.TEACHER, PASSWORD, cost=FLOOR)
    window = MainWindow(system, office_folder)
    qtbot.addWidget(window)
    window.show()
    door = door_of(window)
    until(qtbot, door.who.box.count)
    door.who.box.setCurrentText("Ms Reed")
    unlock(qtbot, window)
    page = pupils(qtbot, window)
    assert page.bring.isHidden()
    view = view_of(qtbot, window, page, "Ada Okafor")
    assert view.withdraw.isHidden()
    assert view.timeline.isHidden()
    assert view.record is not None
    assert view.record.guardians == ()
    trip = visit(qtbot, window, "trip", "4B")
    assert isinstance(trip, TripPage)
    assert trip.panel is not None
    trip.rows.choose(view.record.pupil)
    settle(qtbot, window)
    assert trip.panel.withdraw.isHidden()
    assert trip.panel.picture.isHidden()
    window.close()
