"""Forms as they were printed, slips, and the runs they came from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from consentdesk.model.consent import Issued, Returned
from consentdesk.model.form import FormDefinition, FormVersion, PupilPart, Question, Translation, Variant
from consentdesk.model.people import Pupil
from consentdesk.model.slip import ALPHABET, PrintRun, Slip
from consentdesk.store import forms, ledger, people, slips
from consentdesk.store.database import Database
from tests.store.made_up import Drawer, happened

QUESTION = Question("image.website", "Website", "May we show “your child” – on our website?", pupil_too=True)
FORM = FormDefinition(
    "image-use", "image", "Photographs", ("Dear parent", "…"), (QUESTION,), "Tell the office.",
    rules={"younger": ("Be kind.",)}, pupil_part=PupilPart(11, "And you?"),
    translations=(Translation("cy", "Lluniau", ("Annwyl riant",), {"image.website": "?"}),),
)  # fmt: skip


def version(tag: str = "AB12", form: str = "image-use") -> FormVersion:
    return FormVersion(
        tag, form, Variant("cy", large=True), FORM, b'{"a": 1}', b"%PDF-\x00\xff", tag.lower() * 16
    )


def test_a_schools_own_definition_replaces_the_one_before(db: Database) -> None:
    forms.keep_definition(db, FORM, "title = 'first'", "u1")
    forms.keep_definition(db, FORM, "title = 'second'", "u2")
    assert forms.kept_definitions(db) == [FORM]
    assert forms.source_of(db, "image-use") == "title = 'second'"
    assert forms.source_of(db, "other") is None


def test_a_version_comes_back_as_it_was_printed(drawer: Drawer) -> None:
    db = drawer.make()
    forms.keep_version(db, version())
    db.close()
    db = drawer.open()
    assert forms.version(db, "AB12") == version()
    assert forms.version_of(db, version().sha256) == version()
    assert forms.version(db, "ZZZZ") is None
    assert forms.version_of(db, "nothing") is None


def test_versions_are_listed_oldest_first(db: Database) -> None:
    for tag, form in (("ZZ11", "image-use"), ("AA22", "other"), ("MM33", "image-use")):
        forms.keep_version(db, version(tag, form))
    assert [one.tag for one in forms.versions(db)] == ["ZZ11", "AA22", "MM33"]
    assert [one.tag for one in forms.versions(db, "image-use")] == ["ZZ11", "MM33"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE form_version SET definition = '{}'",
        "DELETE FROM form_version",
        "INSERT OR REPLACE INTO form_version SELECT * FROM form_version",
    ],
)
def test_what_was_printed_cannot_be_changed(db: Database, sql: str) -> None:
    forms.keep_version(db, version())
    with pytest.raises(sa.exc.IntegrityError, match="what was printed"), db.office.writing() as connection:
        connection.exec_driver_sql(sql)


def test_new_tags_are_not_taken(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    forms.keep_version(db, version("0000"))
    letters = iter("0000" + "0001")
    monkeypatch.setattr(forms.secrets, "choice", lambda _: next(letters))
    assert forms.new_tag(db) == "0001"


# Slips.

CHILDREN = [Pupil(f"p{number}", "N", f"L{number}") for number in range(4)]


@pytest.fixture
def shop(db: Database) -> Database:
    people.add_pupils(db, CHILDREN)
    forms.keep_version(db, version())
    return db


def printed(db: Database, run: str, day: int, *made: tuple[str, str], form: str = "image-use") -> list[Slip]:
    """A run of slips, each (id, pupil), printed on that day of September."""
    at = datetime(2026, 9, day, tzinfo=UTC)
    some = [Slip(one, pupil, form, "AB12", run, at.date(), date(2027, 8, 31), "4B") for one, pupil in made]
    slips.keep_run(db, PrintRun(run, at, "u1", len(some)), some)
    return some


def back(db: Database, slip: str) -> None:
    ledger.append(db, [happened(db, Returned("r", "scan", True), pupil="p", slip=slip)])


def test_slips_and_runs_come_back_as_they_were(shop: Database) -> None:
    first, second = printed(shop, "r1", 1, ("A" * 10, "p0"), ("B" * 10, "p1"))
    assert slips.slip(shop, "A" * 10) == first
    assert slips.slip(shop, "C" * 10) is None
    assert slips.slips(shop, ["B" * 10, "C" * 10]) == {"B" * 10: second}
    assert slips.runs(shop) == [PrintRun("r1", datetime(2026, 9, 1, tzinfo=UTC), "u1", 2)]


def test_a_pupils_slips_come_in_the_order_of_printing(shop: Database) -> None:
    printed(shop, "late", 9, ("A" * 10, "p0"))
    printed(shop, "early", 1, ("B" * 10, "p0"), ("C" * 10, "p1"))
    assert [slip.id for slip in slips.slips_of(shop, "p0")] == ["B" * 10, "A" * 10]


@pytest.mark.parametrize(("pupil", "tag"), [("nobody", "AB12"), ("p0", "ZZZZ")])
def test_a_slip_belongs_to_a_pupil_and_a_version(shop: Database, pupil: str, tag: str) -> None:
    slip = Slip("A" * 10, pupil, "image-use", tag, "r1", date(2026, 9, 1), date(2027, 8, 31), "4B")
    with pytest.raises(sa.exc.IntegrityError):
        slips.keep_run(shop, PrintRun("r1", datetime(2026, 9, 1, tzinfo=UTC), "u1", 1), [slip])
    assert slips.runs(shop) == []


def test_outstanding_is_whose_latest_slip_of_the_form_has_not_come_back(shop: Database) -> None:
    printed(shop, "r1", 1, ("A" * 10, "p0"), ("B" * 10, "p1"), ("C" * 10, "p2"))
    printed(shop, "other", 2, ("D" * 10, "p3"), form="internet-access")
    back(shop, "A" * 10)
    back(shop, "B" * 10)
    everyone = [child.id for child in CHILDREN]
    assert slips.outstanding(shop, "image-use", everyone) == {"p2"}
    printed(shop, "r2", 3, ("E" * 10, "p1"))
    assert slips.outstanding(shop, "image-use", everyone) == {"p1", "p2"}
    assert slips.outstanding(shop, "image-use", ["p0", "p1"]) == {"p1"}
    assert slips.outstanding(shop, "internet-access", everyone) == {"p3"}
    assert slips.outstanding(shop, "image-use", []) == set()


def test_other_events_do_not_bring_a_slip_back(shop: Database) -> None:
    printed(shop, "r1", 1, ("A" * 10, "p0"))
    issued = Issued("image-use", "AB12", {}, (), date(2027, 8, 31))
    ledger.append(shop, [happened(shop, issued, slip="A" * 10)])
    assert slips.outstanding(shop, "image-use", ["p0"]) == {"p0"}


def test_new_slip_ids_are_ten_letters_that_are_not_taken(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(slips.new_slip_id(shop)) <= set(ALPHABET)
    printed(shop, "r1", 1, ("0" * 10, "p0"))
    letters = iter("0" * 10 + "0123456789")
    monkeypatch.setattr(slips.secrets, "choice", lambda _: next(letters))
    assert slips.new_slip_id(shop) == "0123456789"
