"""Rules D2, D4 and A6: one pupil's whole file without other people, and counts that point at nobody."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.model.consent import Restricted, StatusWord
from consentdesk.model.school_events import HandedOut
from consentdesk.services.confirm import confirm
from consentdesk.services.counts import Counts, counts, write_counts
from consentdesk.services.office import Office
from consentdesk.services.progress import finish
from consentdesk.services.publications import ToPublish, publish
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide
from consentdesk.services.rules import set_rule
from consentdesk.services.subject_access import hand_over
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from consentdesk.store.slots import Role
from tests.services.made_up import Desk

OTHERS = ("Ngozi", "Emeka", "O'Neill", "Ben")


@pytest.fixture
def school(desk: Desk) -> Desk:
    """Ada has a condition, a publication with Ben, a withdrawal with a telling note, and a restriction."""
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    words = "Not beside Ben O'Neill, says Ngozi"
    decide(
        desk.office, slip.code, Verdict(rest="yes", conditions={"web.work": words}, guardian="Ngozi Okafor")
    )
    for name in ("Ada", "Ben"):
        desk.take(desk.seen(desk.print_for(name)))
    finish(confirm(desk.office))
    publish(
        desk.office,
        ToPublish(
            "Ada Okafor and Ben O'Neill at sports day", ("image.website",), "school.example/3",
            desk.office.today, "Mrs Made-Up", ("Ada Okafor", "Ben O'Neill"),
        ),
    )  # fmt: skip
    withdraw(
        desk.office, "Ada Okafor", ["web.first-name"], "phone", by="Emeka Okafor", note="Emeka Okafor rang"
    )
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Ada").id)])
    return desk


def words_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_d2_the_folder_holds_the_whole_file_to_read_and_for_programs(school: Desk) -> None:
    target = school.folder / "4B 2026-11-02"
    done = hand_over(school.office, "Ada Okafor", target)
    assert (done.files, done.encrypted) == (("record.pdf", "record.json"), False)
    data = json.loads((target / "record.json").read_text(encoding="utf-8"))
    assert (data["legal_name"], data["school_class"], data["guardians"]) == ("Ada Okafor", "4B", 2)
    assert len(data["slips"]) == 2
    assert data["publications"][0]["with_others"] == 1
    kinds = [one["kind"] for one in data["events"]]
    assert kinds[0] == "joined"
    assert {"issued", "returned", "reviewed", "confirmed", "withdrawn"} <= set(kinds)
    text = words_of((target / "record.pdf").read_bytes())
    for words in (
        "What the school holds",
        "about Ada Okafor",
        "Consent withdrawn",
        "Page 1 of",
        "sports day",
    ):
        assert words in text


def test_d2_other_people_are_left_out_of_every_word(school: Desk) -> None:
    target = school.folder / "file"
    hand_over(school.office, "Ada Okafor", target)
    both = (target / "record.json").read_text(encoding="utf-8") + words_of(
        (target / "record.pdf").read_bytes()
    )
    assert [name for name in OTHERS if name in both] == []
    assert "Not beside [another person], says [another person]" in both
    assert "Ada Okafor and [another person] at sports day" in both


def test_a6_what_safeguarding_holds_is_not_in_it_and_the_head_is_told_so(school: Desk) -> None:
    target = school.folder / "file"
    assert hand_over(school.office, "Ada Okafor", target).withheld == 1
    both = (target / "record.json").read_text(encoding="utf-8") + words_of(
        (target / "record.pdf").read_bytes()
    )
    assert "estrict" not in both
    assert "court" not in both


def test_d4_it_is_recorded_with_the_pupil_and_not_without_a_folder(school: Desk) -> None:
    before = school.events
    with pytest.raises(KnownError, match="exists already"):
        hand_over(school.office, "Ada Okafor", school.folder)
    with pytest.raises(KnownError, match="There is no folder"):
        hand_over(school.office, "Ada Okafor", school.folder / "missing" / "file")
    with pytest.raises(KnownError, match="There is no pupil"):
        hand_over(school.office, "Nobody", school.folder / "file")
    assert school.events == before
    hand_over(school.office, "Ada Okafor", school.folder / "file")
    (told,) = ledger.events(school.office.db, before)
    assert (told.what, told.pupil) == (HandedOut("subject-file", 1, encrypted=False), school.pupil("Ada").id)


def test_d4_with_a_password_there_is_nothing_outside_the_pdf(school: Desk) -> None:
    target = school.folder / "file"
    done = hand_over(school.office, "Ada Okafor", target, password="three made up words")
    assert (done.files, done.encrypted) == (("record.pdf",), True)
    assert [path.name for path in target.iterdir()] == ["record.pdf"]
    reader = PdfReader(target / "record.pdf")
    assert reader.is_encrypted
    reader.decrypt("three made up words")
    (content,) = reader.attachments["record.json"]
    assert json.loads(content)["legal_name"] == "Ada Okafor"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEACHER, Role.SAFEGUARDING])
def test_d1_only_the_head_hands_a_file_over(school: Desk, role: Role) -> None:
    office = Office(
        school.office.db, msgspec.structs.replace(school.office.user, role=role), school.office.unlocked
    )
    with pytest.raises(NotAllowed):
        hand_over(office, "Ada Okafor", school.folder / "file")


# D2: counts.


def count(desk: Desk) -> Counts:
    return finish(counts(desk.office, date(2026, 9, 1)))


def numbers(found: Counts, purpose: str) -> dict[StatusWord, int | None]:
    (one,) = (one for one in found.purposes if one.purpose == purpose)
    return {word.status: word.pupils for word in one.words}


def test_d2_counts_name_nobody_and_no_number_that_points_at_somebody(school: Desk) -> None:
    found = count(school)
    assert (found.pupils, found.slips_issued, found.withdrawals) == (3, None, None)
    assert set(numbers(found, "image.website").values()) == {None}
    set_rule(school.office, "smallest-count", "1")
    found = count(school)
    assert (found.slips_issued, found.slips_returned, found.withdrawals, found.publications) == (3, 3, 1, 1)
    assert numbers(found, "image.website") == {StatusWord.NO: 1, StatusWord.YES: 1, StatusWord.NOT_ASKED: 1}
    assert found.take_downs_open == 1


def test_d2_one_number_left_out_takes_a_second_along(desk: Desk) -> None:
    rows = "".join(f"First{at},Last,5C,{at}\n" for at in range(200, 212))
    desk.import_text("First name,Last name,Class,Admission number\n" + rows)
    for at in range(200, 206):
        desk.take(desk.seen(desk.print_for(f"First{at}"), "no"))
    desk.print_for("First206")
    words = numbers(count(desk), "image.website")
    assert words == {StatusWord.NO: None, StatusWord.NO_REPLY: None, StatusWord.NOT_ASKED: 8}


def test_d4_counts_that_are_written_are_recorded(school: Desk, tmp_path: Path) -> None:
    target = tmp_path / "counts.pdf"
    before = school.events
    finish(write_counts(school.office, date(2026, 9, 1), target))
    assert ledger.events(school.office.db, before)[-1].what == HandedOut("counts", 3, encrypted=False)
    text = words_of(target.read_bytes())
    assert "Consent in numbers" in text
    assert [name for name in (*OTHERS, "Ada", "Cleo") if name in text] == []


def test_counts_of_a_day_ahead_are_refused(desk: Desk) -> None:
    with pytest.raises(KnownError, match="has not come yet"):
        finish(counts(desk.office, date(2026, 11, 3)))
