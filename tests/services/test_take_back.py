"""Undo: a decision or a sheet of confirmations taken back, with nothing lost of either (rules C4, W5)."""

from __future__ import annotations

import pytest

from consentdesk.errors import KnownError
from consentdesk.services.confirm import confirm
from consentdesk.services.confirm_sheet import (
    A_SHEET,
    confirm_sheet,
    look_at_row,
    next_sheet,
    put_back,
    take_out,
)
from consentdesk.services.progress import finish
from consentdesk.services.review import Verdict, review_list
from consentdesk.services.take_back import Undo, decide_once, take_back
from consentdesk.services.waiting import done_in, waiting
from tests.services.made_up import Desk

WORK, NAME = "web.work", "web.first-name"


def test_a_decision_taken_back_is_asked_again(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    first = decide_once(desk.office, slip.code, Verdict({WORK: "yes"}))
    second = decide_once(desk.office, slip.code, Verdict({NAME: "yes"}))
    assert second.left == ()
    assert desk.words("Ada") == {"yes"}
    take_back(desk.office, second.undo)
    assert desk.statuses("Ada")[WORK].word == "yes"
    assert desk.statuses("Ada")[NAME].word == "awaiting-review"
    take_back(desk.office, first.undo)
    assert desk.words("Ada") == {"awaiting-review"}
    (item,) = review_list(desk.office).review
    assert {doubt.purpose for doubt in item.doubts} == {WORK, NAME}


def test_what_was_taken_back_does_not_settle_the_question_later(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    take_back(desk.office, decide_once(desk.office, slip.code, Verdict(rest="yes")).undo)
    assert decide_once(desk.office, slip.code, Verdict({WORK: "no"})).left[0].purpose == NAME
    assert len(review_list(desk.office).review) == 1


def test_nothing_is_deleted(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    before = desk.events
    take_back(desk.office, decide_once(desk.office, slip.code, Verdict(rest="yes")).undo)
    assert desk.events == before + 2


def test_only_once_and_only_a_decision(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    undo = decide_once(desk.office, slip.code, Verdict(rest="yes")).undo
    take_back(desk.office, undo)
    for wrong in (undo, Undo(("no such event",), ())):
        with pytest.raises(KnownError, match="can no longer be undone"):
            take_back(desk.office, wrong)


def test_only_the_slips_that_were_shown_are_confirmed(desk: Desk) -> None:
    for name in ("Ada", "Ben"):
        desk.take(desk.seen(desk.print_for(name, "web-publication")))
    sheet = next_sheet(desk.office)
    assert sheet.slips == len(sheet.readings) == 2
    ada = next(one for one in sheet.readings if look_at_row(desk.office, one).name == "Ada Okafor")
    undo = confirm_sheet(desk.office, [ada], {})
    assert (desk.words("Ada"), desk.words("Ben")) == ({"yes"}, {"unconfirmed"})
    take_back(desk.office, undo)
    assert desk.words("Ada") == {"unconfirmed"}
    assert next_sheet(desk.office).slips == 2
    confirm_sheet(desk.office, [ada], {})
    assert desk.words("Ada") == {"yes"}


def test_a_sheet_holds_slips_with_the_same_questions_and_no_more_than_fit(desk: Desk) -> None:
    desk.import_text(
        "First name,Last name,Class,Year\n" + "".join(f"Child{n},Made-Up,5A,5\n" for n in range(A_SHEET + 2))
    )
    for slip in desk.print("web-publication"):
        desk.take(desk.seen(slip))
    desk.take(desk.seen(desk.print_for("Ada", "image-use")))
    sheet = next_sheet(desk.office)
    assert len(sheet.readings) == A_SHEET
    assert len({look_at_row(desk.office, one).form for one in sheet.readings}) == 1
    assert sheet.slips > A_SHEET


def test_a_slip_taken_out_is_confirmed_by_nobody_who_did_not_see_it(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada", "web-publication")))
    (reading,) = next_sheet(desk.office).readings
    take_out(desk.office, reading)
    assert next_sheet(desk.office).readings == ()
    with pytest.raises(KnownError, match="does not wait"):
        confirm_sheet(desk.office, [reading], {})
    assert desk.words("Ada") == {"unconfirmed"}
    put_back(desk.office, reading)
    assert next_sheet(desk.office).readings == (reading,)
    with pytest.raises(KnownError, match="not in review"):
        put_back(desk.office, reading)


def test_a_signatory_is_named_with_the_sheet(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada", "web-publication")))
    (reading,) = next_sheet(desk.office).readings
    seen = look_at_row(desk.office, reading)
    guardian = seen.guardians[0]
    confirm_sheet(desk.office, [reading], {reading: guardian.id})
    assert look_at_row(desk.office, reading).named == guardian.id


def test_the_signatory_must_be_the_pupils_own(desk: Desk) -> None:
    for name in ("Ada", "Ben"):
        desk.take(desk.seen(desk.print_for(name, "web-publication")))
    seen = {look_at_row(desk.office, one).name: one for one in next_sheet(desk.office).readings}
    stranger = look_at_row(desk.office, seen["Ben O'Neill"]).guardians[0].id
    with pytest.raises(KnownError, match="not one guardian"):
        confirm_sheet(desk.office, [seen["Ada Okafor"]], {seen["Ada Okafor"]: stranger})
    assert desk.words("Ada") == {"unconfirmed"}


def test_how_a_batch_was_done_with(desk: Desk) -> None:
    for name, meant in (("Ada", "yes"), ("Ben", "both")):
        desk.take(desk.seen(desk.print_for(name, "web-publication"), meant))
    found = waiting(desk.office)
    assert (len(found.review), found.clear, found.tray) == (1, 1, 0)
    (item,) = review_list(desk.office).review
    decide_once(desk.office, item.code, Verdict(rest="yes"))
    finish(confirm(desk.office))
    done = [done_in(desk.office, batch) for batch in waiting(desk.office).batches_today]
    assert sum(one.slips for one in done) == 2
    assert sum(one.helped for one in done) == sum(one.by_user for one in done) == 1
