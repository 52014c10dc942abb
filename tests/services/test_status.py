"""What holds, as each user may see it (rules A6, C1, C2, D1)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import Restricted
from consentdesk.services.confirm import confirm
from consentdesk.services.office import Office
from consentdesk.services.progress import finish
from consentdesk.services.record import Happening, record
from consentdesk.services.status import status
from consentdesk.store.slots import Role
from tests.services.made_up import Desk


def signed_in_as(desk: Desk, role: Role) -> Office:
    """The same office, with somebody of that role at the desk."""
    return Office(desk.office.db, msgspec.structs.replace(desk.office.user, role=role), desk.office.unlocked)


def test_the_report_has_its_moment_and_everyone_by_class(desk: Desk) -> None:
    found = status(desk.office)
    assert found.as_at == datetime(2026, 11, 2, 9, 0, found.as_at.second, tzinfo=UTC)
    assert found.on == date(2026, 11, 2)
    assert [(one.name, one.school_class) for one in found.pupils] == [
        ("Ada Okafor", "4B"),
        ("Ben O'Neill", "4B"),
        ("Cleo Ünal", "10A"),
    ]
    assert {one.status.value for pupil in found.pupils for one in pupil.purposes} == {"not-asked"}
    assert "image.full-name" in {one.purpose for one in found.pupils[0].purposes}


def test_only_yes_acts_as_yes_and_ends_when_it_ends(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {"web.work": "yes", "web.first-name": "no"}))
    finish(confirm(desk.office))
    (ada,) = status(desk.office, pupil="101", purposes=["web-publication"]).pupils
    assert [(one.purpose, one.status.value, one.acts_as, one.until) for one in ada.purposes] == [
        ("web.work", "yes", "yes", date(2027, 8, 31)),
        ("web.first-name", "no", "no", None),
    ]
    (later,) = status(desk.office, pupil="101", purposes=["web.work"], on=date(2027, 9, 1)).pupils
    assert [one.status.value for one in later.purposes] == ["expired"]
    (before,) = status(desk.office, pupil="101", purposes=["web.work"], on=date(2026, 11, 1)).pupils
    assert [one.status.value for one in before.purposes] == ["not-asked"]


@pytest.mark.parametrize(
    ("role", "word", "reason"),
    [
        (Role.HEAD, "restricted", True),
        (Role.SAFEGUARDING, "restricted", True),
        (Role.OFFICE, "no", True),
        (Role.TEACHER, "no", False),
    ],
)
def test_a_restriction_shows_as_a_plain_no_to_all_but_safeguarding(
    desk: Desk, role: Role, word: str, reason: bool
) -> None:
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Ada").id)])
    (ada,) = status(signed_in_as(desk, role), pupil="Ada Okafor", purposes=["image.website"]).pupils
    (one,) = ada.purposes
    assert (one.status.value, one.acts_as) == (word, "no")
    assert (one.reason is not None) is reason
    assert "court" not in (one.reason or "")


def test_teachers_see_no_reasons(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada")))
    found = status(signed_in_as(desk, Role.TEACHER))
    assert {one.reason for pupil in found.pupils for one in pupil.purposes} == {None}


@pytest.mark.parametrize(
    "asked",
    [{"school_class": "5Z"}, {"pupil": "Nobody"}, {"purposes": ["image.webside"]}],
    ids=lambda asked: next(iter(asked)),
)
def test_what_is_unknown_is_said(desk: Desk, asked: dict[str, object]) -> None:
    with pytest.raises(KnownError, match="There is no"):
        status(desk.office, **asked)
