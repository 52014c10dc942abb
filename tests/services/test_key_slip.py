"""A slip keyed by hand: the same events as one that was read, marked as keyed (rules S2, S4)."""

from __future__ import annotations

import re

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import Answered, Returned
from consentdesk.model.reading import Outcome
from consentdesk.services.key_slip import Keyed, key_slip
from consentdesk.services.review import Verdict, decide, review_list
from consentdesk.store import images, ledger, scans
from tests.services.made_up import Desk

BOTH = {"web.work": "yes", "web.first-name": "no"}


def test_a_keyed_and_signed_yes_counts_at_once(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    assert key_slip(desk.office, slip.code, Keyed(BOTH, signed=True)).outcome is Outcome.READ
    assert {purpose: one.word.value for purpose, one in desk.statuses("Ada").items()} == {
        "web.work": "yes",
        "web.first-name": "no",
    }
    keyed = [event.what for event in ledger.events_of(desk.office.db, desk.pupil("Ada").id)][-2:]
    assert [type(what) for what in keyed] == [Returned, Answered]
    assert {what.how for what in keyed if isinstance(what, Returned | Answered)} == {"keyed"}


def test_a_keyed_yes_that_is_not_signed_does_not_count(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    key_slip(desk.office, slip.code, Keyed(BOTH, signed=False))
    assert desk.statuses("Ada")["web.work"].word == "unsigned"
    assert desk.statuses("Ada")["web.first-name"].word == "no"


def test_what_is_left_out_was_left_blank(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    key_slip(desk.office, slip.code, Keyed({"web.work": "yes"}, signed=True))
    assert desk.statuses("Ada")["web.first-name"].word == "no-reply"


def test_the_pupils_own_part(desk: Desk) -> None:
    slip = desk.print_for("Cleo")
    keyed = Keyed({"image.website": "yes", "image.video": "yes"}, True, {"image.website": "yes"}, True)
    key_slip(desk.office, slip.code, keyed)
    assert desk.statuses("Cleo")["image.website"].word == "yes"
    assert desk.statuses("Cleo")["image.video"].word == "pending"


def test_keyed_twice_is_a_duplicate_and_differently_a_review(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    key_slip(desk.office, slip.code, Keyed(BOTH, signed=True))
    before = desk.events
    assert key_slip(desk.office, slip.code, Keyed(BOTH, signed=True)).outcome is Outcome.DUPLICATE
    assert desk.events == before
    other = Keyed({"web.work": "no"}, signed=True)
    assert key_slip(desk.office, slip.code, other).outcome is Outcome.REVIEW
    assert desk.statuses("Ada")["web.work"].word == "no"
    (item,) = review_list(desk.office).review
    assert item.code == slip.code
    decide(desk.office, slip.code, Verdict({"web.work": "yes"}))
    assert review_list(desk.office).review == ()


def test_a_slip_from_the_tray_keeps_its_picture_as_evidence(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    report = desk.take_one(desk.seen(slip, codes=(), crop=b"a picture"))
    key_slip(desk.office, slip.code, Keyed(BOTH, signed=True), reading=report.reading)
    assert scans.in_tray(desk.office.db) == []
    (returned,) = [
        event.what
        for event in ledger.events_of(desk.office.db, desk.pupil("Ada").id)
        if isinstance(event.what, Returned)
    ]
    assert images.image(desk.office.db, returned.image) == b"a picture"
    with pytest.raises(KnownError, match="The tray holds no reading"):
        key_slip(desk.office, slip.code, Keyed(BOTH, signed=True), reading=report.reading)


@pytest.mark.parametrize(
    ("keyed", "sentence"),
    [
        (
            Keyed({"image.website": "yes"}, signed=True),
            "did not ask about image.website.*web.work, web.first-name",
        ),
        (Keyed({"web.work": "yes"}, True, {"web.work": "yes"}, True), "own part was not printed"),
        (Keyed({}, signed=True), "No answer was given"),
    ],
)
def test_what_cannot_be_on_the_slip_is_refused(desk: Desk, keyed: Keyed, sentence: str) -> None:
    slip = desk.print_for("Ada", "web-publication")
    before = desk.events
    with pytest.raises(KnownError) as caught:
        key_slip(desk.office, slip.code, keyed)
    assert re.search(sentence, caught.value.sentence)
    assert desk.events == before


def test_a_code_with_a_wrong_letter_is_no_code(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    wrong = slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1")
    with pytest.raises(KnownError, match="a letter is wrong"):
        key_slip(desk.office, wrong, Keyed(BOTH, signed=True))
