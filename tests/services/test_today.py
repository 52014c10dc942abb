"""The numbers of the first screen, and what each role sees of them (rule D1)."""

from __future__ import annotations

import msgspec
import pytest

from consentdesk.errors import KnownError
from consentdesk.services.confirm import confirm
from consentdesk.services.office import Office
from consentdesk.services.progress import finish
from consentdesk.services.school_settings import back_up_now
from consentdesk.services.today import outstanding_in, today
from consentdesk.store.slots import Role
from tests.services.made_up import Desk


def as_role(office: Office, role: Role) -> Office:
    return Office(office.db, msgspec.structs.replace(office.user, role=role), office.unlocked)


def test_an_empty_office_has_nothing_to_do(empty_desk: Desk) -> None:
    found = today(empty_desk.office)
    assert (found.pupils, found.classes) == (0, ())
    assert (found.review, found.tray, found.batches, found.clear) == (0, 0, 0, 0)
    assert found.backup is None


def test_what_waits_is_counted(desk: Desk) -> None:
    ada, ben = desk.print_for("Ada"), desk.print_for("Ben")
    desk.take_one(desk.seen(ada, "yes"))
    desk.take_one(desk.seen(ben, "both"))
    desk.take_one(desk.seen(ben, codes=()))
    found = today(desk.office)
    assert found.classes == (("4B", 2), ("10A", 1))
    assert (found.pupils, found.review, found.tray, found.clear) == (3, 1, 1, 1)
    assert found.batches
    finish(confirm(desk.office))
    assert (today(desk.office).batches, today(desk.office).clear) == (0, 0)


def test_a_teacher_sees_no_numbers_of_the_offices_work(desk: Desk) -> None:
    found = today(as_role(desk.office, Role.TEACHER))
    assert found.pupils == 3
    assert (found.review, found.tray, found.batches, found.clear) == (None, None, None, None)


def test_who_owes_a_form_is_counted_once_however_many_they_owe(desk: Desk) -> None:
    assert outstanding_in(desk.office, "4B") == ("4B", 2, 0), "nothing was printed"
    desk.print("image-use", "internet-access")
    assert outstanding_in(desk.office, "4b") == ("4B", 2, 2)
    for slip in [one for one in desk.printed.values() if one.name == desk.pupil("Ada").display_name]:
        desk.take_one(desk.seen(slip, "no"))
    assert outstanding_in(desk.office, "4B") == ("4B", 2, 1)


def test_a_class_that_is_none_is_named(desk: Desk) -> None:
    with pytest.raises(KnownError, match="no class 9Z"):
        outstanding_in(desk.office, "9Z")


def test_the_last_backup_is_told(desk: Desk) -> None:
    stick = desk.folder / "stick"
    stick.mkdir()
    made = back_up_now(desk.office, stick)
    assert today(desk.office).backup == made.at
