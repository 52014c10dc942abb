"""Safeguarding restrictions: their reason is told to safeguarding alone, and every look is logged (rule A6)."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.services.office import Office
from consentdesk.services.restrictions import lift, restrict, restrictions, why_restricted
from consentdesk.services.review import Verdict, decide
from consentdesk.services.status import statuses
from consentdesk.services.timeline import timeline
from consentdesk.store.slots import Role
from tests.services.made_up import Desk


def as_role(desk: Desk, role: Role) -> Office:
    return replace(desk.office, user=msgspec.structs.replace(desk.office.user, role=role))


def test_a6_a_restriction_forces_no_for_pictures_until_it_is_lifted(desk: Desk) -> None:
    slip = desk.print_for("Ada", "image-use")
    desk.take(desk.seen(slip))
    decide(desk.office, slip.code, Verdict({one.purpose: "yes" for one in slip.questions}, signed=True))
    made = restrict(desk.office, "101", "a court order")
    assert desk.words("Ada") == {"restricted"}
    assert [one.restriction for one in restrictions(desk.office)] == [made.restriction]
    ended = lift(desk.office, made.restriction)
    assert ended.lifted is not None
    assert desk.words("Ada") == {"yes"}
    assert restrictions(desk.office) == ()
    assert restrictions(desk.office, lifted_too=True) == (ended,)


def test_a6_every_look_at_the_reason_is_logged_with_who_looked(desk: Desk) -> None:
    made = restrict(desk.office, "101", "a court order")
    before = desk.events
    first = why_restricted(desk.office, made.restriction)
    second = why_restricted(desk.office, made.restriction)
    assert (first.why, len(first.looks), len(second.looks)) == ("a court order", 1, 2)
    assert {look.by for look in second.looks} == {"head"}
    assert desk.events == before + 2
    assert "a court order" not in str(restrictions(desk.office))


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEACHER])
def test_a6_nobody_else_learns_of_it(desk: Desk, role: Role) -> None:
    made = restrict(desk.office, "101", "a court order")
    why_restricted(desk.office, made.restriction)
    desk.print_for("Ada", "image-use")
    office = as_role(desk, role)
    before = desk.events
    for errand in (
        lambda: restrict(office, "101", "x"),
        lambda: lift(office, made.restriction),
        lambda: restrictions(office),
        lambda: why_restricted(office, made.restriction),
    ):
        with pytest.raises(NotAllowed):
            errand()
    assert desk.events == before
    seen = statuses(office, [desk.pupil("Ada")], ["image.website"], office.today)[desk.pupil("Ada").id]
    assert seen["image.website"].word == "no"
    if role is Role.OFFICE:
        told = timeline(office, desk.pupil("Ada").id)
        assert not {"restricted", "lifted", "restriction-seen"} & {one.kind for one in told}


def test_a6_safeguarding_may(desk: Desk) -> None:
    office = as_role(desk, Role.SAFEGUARDING)
    made = restrict(office, "101", "a court order")
    assert why_restricted(office, made.restriction).why == "a court order"
    assert {one.kind for one in timeline(office, desk.pupil("Ada").id)} >= {"restricted", "restriction-seen"}
    lift(office, made.restriction)


def test_bad_input_is_one_sentence_and_nothing_is_recorded(desk: Desk) -> None:
    made = restrict(desk.office, "101", "a court order")
    lift(desk.office, made.restriction)
    before = desk.events
    for errand, sentence in (
        (lambda: restrict(desk.office, "101", "  "), "needs a reason"),
        (lambda: restrict(desk.office, "nobody", "x"), "no pupil nobody"),
        (lambda: lift(desk.office, made.restriction), "not in force"),
        (lambda: lift(desk.office, "nothing"), "no such restriction"),
        (lambda: why_restricted(desk.office, "nothing"), "no such restriction"),
    ):
        with pytest.raises(KnownError, match=f"(?i){sentence}"):
            errand()
    assert desk.events == before
