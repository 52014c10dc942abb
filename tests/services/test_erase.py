"""Rule D3: erasure takes everything but a number, and it is proved in the decrypted pages of both files."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.model.school_events import Erased
from consentdesk.services.confirm import confirm
from consentdesk.services.erase import erase, would_erase
from consentdesk.services.office import Office
from consentdesk.services.progress import finish
from consentdesk.services.publications import ToPublish, publish, published
from consentdesk.services.retention import erase_from, leavers, schedule
from consentdesk.services.review import Verdict, decide
from consentdesk.services.rules import set_rule
from consentdesk.services.take_downs import report, take_downs
from consentdesk.services.withdraw import withdraw
from consentdesk.store import erasure, ledger, people, scan_files, verify
from consentdesk.store.slots import Role
from tests.services.made_up import Desk
from tests.store.plain_pages import plain_pages

CLASS_LIST = """\
First name,Last name,Class,Year,DOB,Admission number,Parent 1 name
Zephyrine,Quillfeather,4B,4,2018-03-01,QX-70417,Barnabas Quillfeather
Ben,O'Neill,4B,4,2018-05-09,102,Mary O'Neill
"""
WITHOUT = "First name,Last name,Class,Admission number\nBen,O'Neill,4B,102\n"
NAME = "Zephyrine Quillfeather"
TELLING = (
    b"Zephyrine",
    b"ZEPHYRINE",
    b"zephyrine",
    b"uillfeather",
    b"Barnabas",
    b"QX-70417",
    b"her cat Mopsy",
)


@pytest.fixture
def school(empty_desk: Desk) -> Desk:
    """A school with one pupil of whom there is something of every kind."""
    desk = empty_desk
    desk.import_text(CLASS_LIST)
    slip = desk.print_for("Zephyrine", "web-publication")
    desk.take(desk.seen(slip, "both"))
    decide(desk.office, slip.code, Verdict(rest="yes", conditions={"web.work": "not her cat Mopsy"}))
    says_yes(desk, "Zephyrine")
    says_yes(desk, "Ben")
    publish(
        desk.office,
        ToPublish(
            "Zephyrine’s boat", ("image.website",), "school.example/quillfeather", desk.office.today,
            "Mrs Made-Up", (NAME, "Ben O'Neill"),
        ),
    )  # fmt: skip
    return desk


def says_yes(desk: Desk, name: str) -> None:
    desk.take(desk.seen(desk.print_for(name)))
    finish(confirm(desk.office))


def leaves(desk: Desk) -> str:
    desk.import_text(WITHOUT, leavers=True)
    return desk.pupil("Zephyrine").id


def copies(desk: Desk) -> dict[bytes, int]:
    """How often each telling word stands in the decrypted pages of both files."""
    db = desk.office.db
    pages = b"".join(plain_pages(file.path, file.key) for file in (db.office, db.images))
    assert b"web.work" in pages
    return {word: pages.count(word) for word in TELLING}


def test_d3_not_a_copy_of_the_name_is_left_in_the_decrypted_pages(school: Desk) -> None:
    before = copies(school)
    assert all(
        before[word] for word in (b"Zephyrine", b"uillfeather", b"Barnabas", b"QX-70417", b"her cat Mopsy")
    )
    done = erase(school.office, leaves(school), early=True)
    assert set(copies(school).values()) == {0}
    assert (done.slips, done.pictures, done.still_named, done.copies) == (2, 2, 0, ())


def test_d3_what_is_left_is_a_counted_tombstone_and_a_whole_chain(school: Desk) -> None:
    pupil = leaves(school)
    plan = would_erase(school.office, pupil)
    before = ledger.events_of(school.office.db, pupil)
    erase(school.office, pupil, early=True)
    after = ledger.events_of(school.office.db, pupil)
    assert [(one.kind, one.on) for one in after] == [(one.kind, one.on) for one in before]
    assert {one.what for one in after} == {None}
    (told,) = ledger.events_of_kinds(school.office.db, ["erased"])
    assert told.what == Erased(pupil, len(before), 2, 2)
    assert (plan.events, plan.slips, plan.pictures) == (len(before), 2, 2)
    assert verify.verify(school.office.db) == ()
    assert people.pupil(school.office.db, pupil) is None
    assert [one.legal_first for one in people.pupils(school.office.db, include_left=True)] == ["Ben"]


def test_d3_the_whole_scans_that_their_slips_lay_in_go_too(school: Desk) -> None:
    db, pupil = school.office.db, leaves(school)
    theirs = erasure.remains(db, pupil).scans
    others = erasure.remains(db, school.pupil("Ben").id).scans
    assert theirs
    assert not set(theirs) & set(others)
    for file in (*theirs, *others):
        with scan_files.copying(db, file) as copy:
            copy.add(b"a page with a slip on it")
    erase(school.office, pupil, early=True)
    assert scan_files.with_bytes(db) == set(others)


def test_d3_others_keep_what_is_theirs(school: Desk) -> None:
    ben = ledger.events_of(school.office.db, school.pupil("Ben").id)
    erase(school.office, leaves(school), early=True)
    assert ledger.events_of(school.office.db, school.pupil("Ben").id) == ben
    assert school.statuses("Ben")["image.website"].word == "yes"
    (publication,) = published(school.office)
    assert (publication.what, publication.place) == ("[erased]’s boat", "school.example/[erased]")
    assert [one.name for one in publication.pupils] == ["Ben O'Neill"]


def test_d3_a_name_in_somebody_elses_record_is_counted_and_said(school: Desk) -> None:
    withdraw(school.office, school.pupil("Ben").id, ["image.press"], "phone", note=f"{NAME} is his friend")
    assert erase(school.office, leaves(school), early=True).still_named == 1


@pytest.mark.parametrize(
    ("months", "first"), [("12", date(2027, 11, 2)), ("1", date(2026, 12, 2)), ("0", date(2026, 11, 2))]
)
def test_d3_the_school_says_how_long_a_leaver_is_kept(school: Desk, months: str, first: date) -> None:
    set_rule(school.office, "leavers-kept-months", months)
    pupil = leaves(school)
    (leaver,) = leavers(school.office)
    assert (leaver.name, leaver.left_on, leaver.erase_from) == (NAME, date(2026, 11, 2), first)
    assert schedule(school.office, first).leavers == (leaver,)
    assert schedule(school.office, first - timedelta(days=1)).leavers == ()
    if months != "0":
        with pytest.raises(KnownError, match=f"keeps the record of {NAME} until {first}"):
            erase(school.office, pupil)
    school.clock.sleep((first - school.office.today).days)
    erase(school.office, pupil)
    assert leavers(school.office) == ()


def test_d3_thirty_days_hath_november() -> None:
    assert erase_from(date(2026, 10, 31), 1) == date(2026, 12, 1)


def test_d3_nobody_is_erased_while_something_of_theirs_is_open(school: Desk) -> None:
    pupil = school.pupil("Zephyrine").id
    before = school.events
    with pytest.raises(KnownError, match="is at the school"):
        erase(school.office, pupil, early=True)
    withdraw(school.office, pupil, ["image-use"], "letter")
    leaves(school)
    with pytest.raises(KnownError, match="must still be taken down"):
        erase(school.office, pupil, early=True)
    (task,) = take_downs(school.office)
    report(school.office, task.code, "removed", evidence="the page")
    assert school.events > before
    erase(school.office, pupil, early=True)


def test_d3_a_slip_that_waits_is_decided_first(school: Desk) -> None:
    school.take(school.seen(school.print_for("Zephyrine"), "both"))
    with pytest.raises(KnownError, match="waits to be looked at"):
        erase(school.office, leaves(school), early=True)


def test_d3_only_the_head_erases(school: Desk) -> None:
    pupil = leaves(school)
    for role in (Role.OFFICE, Role.TEACHER, Role.SAFEGUARDING):
        user = msgspec.structs.replace(school.office.user, role=role)
        with pytest.raises(NotAllowed):
            erase(Office(school.office.db, user, school.office.unlocked), pupil, early=True)


def test_an_erased_pupil_is_nobody_any_more(school: Desk) -> None:
    pupil = leaves(school)
    erase(school.office, pupil, early=True)
    with pytest.raises(KnownError, match="no such pupil"):
        erase(school.office, pupil, early=True)
