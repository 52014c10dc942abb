"""The list that somebody chose: its columns, its day, what travels with it, and that it is recorded (C8, C9, D4)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import Exported, Restricted
from consentdesk.model.listing import ListTable
from consentdesk.services.confirm import confirm
from consentdesk.services.list_export import ListChoice, chosen_list, export_list, list_classes, list_outline
from consentdesk.services.progress import finish
from consentdesk.services.record import Happening, record
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from tests.services.made_up import Desk

WEB = ("web.work", "web.first-name")


def words(table: ListTable) -> dict[str, list[str]]:
    return {row.pupil: [cell.word for cell in row.cells] for row in table.rows}


def confirmed_yes(desk: Desk, name: str) -> None:
    desk.take(desk.seen(desk.print_for(name, "web-publication")))
    finish(confirm(desk.office))


def test_the_columns_are_those_chosen_in_their_order(desk: Desk) -> None:
    confirmed_yes(desk, "Ada")
    table = finish(chosen_list(desk.office, ListChoice("4B", ("web.first-name", "image.website"))))
    assert [column.heading for column in table.columns] == ["First name beside work", "School website"]
    assert words(table)["Ada Okafor"] == ["Yes", "Not asked"]


def test_an_earlier_day_shows_what_was_known_then_and_says_what_has_ended_since(desk: Desk) -> None:
    confirmed_yes(desk, "Ada")
    then = desk.office.today
    desk.clock.sleep(3)
    withdraw(desk.office, desk.pupil("Ada").id, ["web.work"], how="letter")
    confirmed_yes(desk, "Ben")
    now = finish(chosen_list(desk.office, ListChoice("4B", WEB)))
    past = finish(chosen_list(desk.office, ListChoice("4B", WEB, then)))
    assert words(now) == {"Ada Okafor": ["Withdrawn", "Yes"], "Ben O'Neill": ["Yes", "Yes"]}
    assert words(past) == {"Ada Okafor": ["Yes", "Yes"], "Ben O'Neill": ["Not asked", "Not asked"]}
    assert past.as_at.date() == then
    assert past.notes[0].startswith("This list shows an earlier day")
    assert past.notes[1] == "Yes then, and not the same yes any more: Ada Okafor (Work on the website)."
    assert finish(chosen_list(desk.office, ListChoice("4B", WEB, desk.office.today))).notes == now.notes


def test_a_restriction_never_stands_on_a_list(desk: Desk) -> None:
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Ada").id)])
    table = finish(chosen_list(desk.office, ListChoice("4B", ("image.website",))))
    assert words(table)["Ada Okafor"] == ["No"]


def test_what_can_be_chosen_and_what_does_not_count_yet(desk: Desk) -> None:
    ada, ben, cleo = desk.print("web-publication")
    desk.take(desk.seen(ada, "both"), desk.seen(ben), desk.seen(cleo), desk.seen(ada, codes=()))
    outline = list_outline(desk.office, "4B")
    assert outline.asked == set(WEB)
    assert {column.purpose for column in outline.columns} > {"image.website", *WEB}
    assert (outline.to_review, outline.to_confirm, outline.in_tray) == (1, 1, 1)
    assert list_outline(desk.office, None).to_confirm == 2
    assert list_classes(desk.office) == (("4B", 2), ("10A", 1))


@pytest.mark.parametrize(
    ("name", "password", "begins"),
    [
        ("4B.pdf", None, b"%PDF"),
        ("4B.PDF", "made up words", b"%PDF"),
        ("4B.xlsx", None, b"PK"),
        ("4B.xlsx", "made up words", b"\xd0\xcf\x11\xe0"),
        ("4B.csv", None, b"\xef\xbb\xbf"),
    ],
)
def test_an_export_is_written_and_recorded(
    desk: Desk, name: str, password: str | None, begins: bytes
) -> None:
    target = desk.folder / name
    done = finish(export_list(desk.office, ListChoice("4b", WEB), target, password=password))
    assert (done.pupils, done.encrypted) == (2, password is not None)
    content = target.read_bytes()
    assert content.startswith(begins)
    assert (b"/AESV3" in content) == (name.lower().endswith(".pdf") and password is not None)
    last = ledger.events(desk.office.db)[-1]
    assert last.what == Exported("4B", Path(name).suffix[1:].lower(), 2, password is not None)
    assert (last.by, last.pupil) == (desk.office.user.id, None)


@pytest.mark.parametrize(
    ("choice", "name", "sentence"),
    [
        (ListChoice("4B", ()), "4B.pdf", "No purpose is chosen"),
        (ListChoice("4C", WEB), "4B.pdf", "There is no class 4C"),
        (ListChoice("4B", WEB), "4B.docx", "The file name 4B.docx does not say what to write"),
        (ListChoice("4B", WEB), "missing/4B.pdf", "There is no folder"),
        (ListChoice(None, WEB), "4B.docx", "The file name 4B.docx does not say what to write"),
    ],
)
def test_an_export_that_cannot_be_is_not_recorded(
    desk: Desk, choice: ListChoice, name: str, sentence: str
) -> None:
    before = desk.events
    with pytest.raises(KnownError) as caught:
        finish(export_list(desk.office, choice, desk.folder / name))
    assert caught.value.sentence.startswith(sentence)
    assert desk.events == before
    assert not (desk.folder / name).exists()


def test_a_day_that_has_not_come_has_no_list(desk: Desk) -> None:
    ahead = desk.office.today + timedelta(days=1)
    with pytest.raises(KnownError, match="has not come yet"):
        finish(chosen_list(desk.office, ListChoice("4B", WEB, ahead)))


def test_an_export_that_is_stopped_leaves_nothing(desk: Desk) -> None:
    before, target = desk.events, desk.folder / "4B.pdf"
    job = export_list(desk.office, ListChoice("4B", WEB), target)
    next(job)
    job.close()
    assert desk.events == before
    assert not [file for file in desk.folder.iterdir() if "4B.pdf" in file.name]
