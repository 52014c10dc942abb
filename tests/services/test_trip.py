"""Rule P3: who may not be photographed comes first, and nothing is allowed by having been left out."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from consentdesk.errors import KnownError
from consentdesk.model.consent import Exported, Restricted, StatusWord
from consentdesk.services.confirm import confirm
from consentdesk.services.progress import finish
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide
from consentdesk.services.trip import TripCondition, TripPupil, picture_purposes, trip_check
from consentdesk.services.trip_list import trip_pdf, trip_table
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from tests.services.made_up import Desk

PLACES = (
    "image.in-school", "image.public-display", "image.website", "image.social-media", "image.print",
    "image.press", "image.video",
)  # fmt: skip


def only(desk: Desk, *purposes: str) -> TripPupil:
    """Ada as a trip sees her."""
    return next(one for one in trip_check(desk.office, "4b", purposes).pupils if one.name == "Ada Okafor")


def answer(desk: Desk, yes: tuple[str, ...]) -> None:
    """Ada's family says yes to these places and no to the others, and a person confirms it."""
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip, {place: "yes" if place in yes else "no" for place in PLACES}))
    finish(confirm(desk.office))


def test_a_class_that_has_returned_nothing_is_all_no(desk: Desk) -> None:
    desk.print()
    check = trip_check(desk.office, "4B")
    assert [(one.group, one.word, one.form_in) for one in check.pupils] == [
        ("none", StatusWord.NO_REPLY, None)
    ] * 2


def test_the_default_is_every_place_and_not_the_name_beside_it(desk: Desk) -> None:
    assert tuple(one.purpose for one in trip_check(desk.office, "4B").purposes) == PLACES
    assert tuple(one.purpose for one in picture_purposes(desk.office)) == PLACES


@pytest.mark.parametrize(
    ("yes", "purposes", "group", "allowed"),
    [
        (PLACES, (), "all", 7),
        (PLACES[:1], (), "some", 1),
        (PLACES[:1], PLACES[:1], "all", 1),
        (PLACES[:1], PLACES[1:3], "none", 0),
        ((), (), "none", 0),
    ],
)
def test_the_group_is_for_the_purposes_that_were_named(
    desk: Desk, yes: tuple[str, ...], purposes: tuple[str, ...], group: str, allowed: int
) -> None:
    answer(desk, yes)
    found = only(desk, *purposes)
    assert (found.group, len(found.allowed)) == (group, allowed)


def test_read_and_not_confirmed_is_no_and_is_counted(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada")))
    check = trip_check(desk.office, "4B")
    assert only(desk).word is StatusWord.UNCONFIRMED
    assert only(desk).group == "none"
    assert check.waiting == 1


def test_a_withdrawal_holds_at_once(desk: Desk) -> None:
    answer(desk, PLACES)
    withdraw(desk.office, "Ada Okafor", ["image-use"], "phone")
    assert (only(desk).group, only(desk).word) == ("none", StatusWord.WITHDRAWN)


def test_a_restriction_is_a_plain_no_even_for_the_head(desk: Desk) -> None:
    answer(desk, PLACES)
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Ada").id)])
    found = only(desk)
    assert (found.group, found.word) == ("none", StatusWord.NO)
    assert {word for _name, word in found.statuses} == {StatusWord.NO}


def test_a_condition_is_kept_word_for_word_with_what_it_narrows(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip, "both"))
    words = "Not <b>close up</b>, please"
    decide(desk.office, slip.code, Verdict(rest="yes", conditions={PLACES[0]: words, PLACES[2]: words}))
    assert only(desk).conditions == (TripCondition(("Inside school", "School website"), words),)


def test_the_strictest_stand_first_and_equals_by_surname(desk: Desk) -> None:
    answer(desk, PLACES[:2])
    check = trip_check(desk.office, "4B")
    assert [(one.name, one.group) for one in check.pupils] == [
        ("Ben O'Neill", "none"),
        ("Ada Okafor", "some"),
    ]
    assert [one.name for one in check.of_group("some")] == ["Ada Okafor"]


@pytest.mark.parametrize("purpose", ["image.full-name", "web.work", "image.nowhere"])
def test_what_is_no_place_for_pictures_is_refused(desk: Desk, purpose: str) -> None:
    with pytest.raises(KnownError, match="is no place for pictures"):
        trip_check(desk.office, "4B", [purpose])


def test_the_list_on_paper_says_it_in_words_and_shapes(desk: Desk) -> None:
    answer(desk, PLACES[:2])
    table = trip_table(trip_check(desk.office, "4B"), "Made-up School")
    assert table.title == "Pictures of class 4B: do not photograph 1 of 2"
    ben, ada = table.rows
    assert [cell.word for cell in ben.cells[:2]] == ["Do not photograph", "Not asked"]
    assert [cell.word for cell in ada.cells[:4]] == ["Only where it says yes", "Yes", "Yes", "No"]
    assert {cell.shape for cell in (ben.cells[0], ada.cells[0], ada.cells[1])} == {
        "barred",
        "tick-in-brackets",
        "tick",
    }


def test_the_list_is_recorded_as_taken_out(desk: Desk) -> None:
    answer(desk, PLACES[:2])
    text = PdfReader(io.BytesIO(trip_pdf(desk.office, "4B"))).pages[0].extract_text()
    assert "do not photograph 1 of 2" in text
    assert "Whoever is not on this list may not be photographed" in text
    last = ledger.events(desk.office.db, desk.events - 1)[-1].what
    assert last == Exported("4B", "pdf", 2, encrypted=False)
