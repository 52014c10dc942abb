"""Rules W1, W2 and W5: consent is taken back at any time, at once, and comes again only with a new slip."""

from __future__ import annotations

import re

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import Withdrawn
from consentdesk.model.slip import slip_of_typed
from consentdesk.services.confirm import confirm
from consentdesk.services.progress import finish
from consentdesk.services.review import Verdict, decide
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from tests.services.made_up import Desk


def give(desk: Desk, first_name: str = "Ada", form: str = "web-publication") -> str:
    """A confirmed yes to everything; the slip's code."""
    slip = desk.print_for(first_name, form)
    desk.take(desk.seen(slip, "yes", pupil="yes" if slip.pupil_questions else None))
    finish(confirm(desk.office))
    assert desk.statuses(first_name)[slip.questions[0].purpose].word == "yes"
    assert slip_of_typed(slip.code)
    return slip.code


def test_it_holds_at_once_and_for_what_was_named_alone(desk: Desk) -> None:
    give(desk)
    pupil, withdrawn = withdraw(
        desk.office, "Ada Okafor", ["web.work"], "phone", by="Mrs Okafor", note="called"
    )
    assert (pupil.legal_first, withdrawn) == ("Ada", ["web.work"])
    assert desk.statuses("Ada")["web.work"].word == "withdrawn"
    assert desk.statuses("Ada")["web.first-name"].word == "yes"
    last = ledger.events_of(desk.office.db, pupil.id)[-1].what
    assert last == Withdrawn(("web.work",), "phone", None, "Mrs Okafor", "called")


def test_a_form_stands_for_all_that_it_asked(desk: Desk) -> None:
    give(desk)
    withdraw(desk.office, "Ada Okafor", ["web-publication"], "letter")
    assert desk.words("Ada") == {"withdrawn"}


def test_a_slip_still_on_its_way_may_be_withdrawn_before_it_comes(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    withdraw(desk.office, "Ada Okafor", ["web.work"], "phone")
    desk.take(desk.seen(slip))
    finish(confirm(desk.office))
    assert desk.statuses("Ada")["web.work"].word == "withdrawn"
    assert desk.statuses("Ada")["web.first-name"].word == "yes"


def test_a_new_slip_gives_it_again(desk: Desk) -> None:
    give(desk)
    withdraw(desk.office, "Ada Okafor", ["web-publication"], "email")
    give(desk)
    assert desk.words("Ada") == {"yes"}


def test_the_guardian_who_withdrew_must_be_the_one_who_gives_it_again(desk: Desk) -> None:
    give(desk)
    withdraw(desk.office, "Ada Okafor", ["web-publication"], "in-person", by="Ngozi Okafor")
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip))
    finish(confirm(desk.office))
    assert desk.words("Ada") == {"withdrawn"}
    decide(desk.office, slip.code, Verdict(guardian="Emeka Okafor"))
    assert desk.words("Ada") == {"withdrawn"}
    decide(desk.office, slip.code, Verdict(guardian="Ngozi Okafor"))
    assert desk.words("Ada") == {"yes"}


def test_pupils_withdraw_for_themselves(desk: Desk) -> None:
    give(desk, "Cleo", "image-use")
    withdraw(desk.office, "Cleo Ünal", ["image.website"], "in-person", by="pupil")
    what = ledger.events_of(desk.office.db, desk.pupil("Cleo").id)[-1].what
    assert isinstance(what, Withdrawn)
    assert what.person == "pupil"


@pytest.mark.parametrize(
    ("pupil", "purposes", "sentence"),
    [
        ("Ada Okafor", ["image.website"], "Ada Okafor was never asked about image.website"),
        ("Ada Okafor", ["image-use"], "Ada Okafor was never asked about image.in-school, "),
        ("Ada Okafor", ["web.work", "image.website"], "never asked about image.website"),
        ("Ada Okafor", ["web.werk"], "There is no purpose web.werk.*web.work, web.first-name"),
        ("Nobody", ["web.work"], "There is no pupil Nobody"),
        ("O", ["web.work"], "O could be .*Ada Okafor of 4B .*Ben O'Neill of 4B"),
    ],
)
def test_what_was_never_given_cannot_be_taken_back(
    desk: Desk, pupil: str, purposes: list[str], sentence: str
) -> None:
    give(desk)
    before = desk.events
    with pytest.raises(KnownError) as caught:
        withdraw(desk.office, pupil, purposes, "letter")
    assert re.search(sentence, caught.value.sentence)
    assert desk.events == before


def test_twice_by_the_same_person_is_once_and_by_another_is_heard(desk: Desk) -> None:
    give(desk)
    withdraw(desk.office, "Ada Okafor", ["web.work"], "letter")
    with pytest.raises(KnownError, match=r"web\.work is withdrawn already for Ada Okafor"):
        withdraw(desk.office, "Ada Okafor", ["web.work"], "letter")
    _, both = withdraw(desk.office, "Ada Okafor", ["web-publication"], "letter")
    assert both == ["web.first-name"]
    _, again = withdraw(desk.office, "Ada Okafor", ["web.work"], "letter", by="Emeka Okafor")
    assert again == ["web.work"]
