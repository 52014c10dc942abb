"""The demo: a made-up school of many kinds of name and paper, the same for a seed, and nothing left behind."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.people import age_on
from consentdesk.scanning.rehearsal.scan_files import ScanFile
from consentdesk.scanning.rehearsal.sheets import Sheet, Written
from consentdesk.services.demo import PASSWORD, DemoReport, demo
from consentdesk.services.demo_families import PrintedSlip, SentHome
from consentdesk.services.demo_pile import Pile, plan_pile
from consentdesk.services.demo_school import CLASSES, class_list
from consentdesk.services.import_pupils import preview
from consentdesk.services.office import open_office
from consentdesk.services.progress import finish
from consentdesk.store import people
from tests.services.made_up import Desk

DAY = date(2026, 9, 14)
FORMS = ("internet-access", "web-publication", "image-use")


def rows(pupils: int, seed: int = 1) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(class_list(pupils, seed, DAY))))


def test_names_are_of_every_kind_and_nobody_has_the_same_twice() -> None:
    names = [f"{row['Forename']} {row['Surname']}".strip() for row in rows(90)]
    assert len(set(names)) == 90
    assert Counter(row["Reg"] for row in rows(90)) == dict.fromkeys((name for name, _ in CLASSES), 30)
    assert set("é’'-ŁıОلΠß") <= set("".join(names))
    assert any(" " not in name for name in names)
    assert any(len(name) > 60 for name in names)
    assert any(len(row["Forename"]) == 1 for row in rows(90))
    assert len({tuple(row.values()) for row in rows(2000)}) == 2000


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2026, 9, 1), date(2027, 2, 28), date(2028, 2, 29)])
def test_the_oldest_class_answers_for_itself_and_the_others_do_not(day: date) -> None:
    for row in csv.DictReader(io.StringIO(class_list(90, 3, day))):
        d, m, y = map(int, row["DOB"].split("/"))
        age = age_on(date(y, m, d), day)
        assert (age >= 12) == (row["Reg"] == CLASSES[-1][0])
        assert age in (int(row["Year"]) + 4, int(row["Year"]) + 5)


def test_the_class_list_is_one_that_can_be_imported_without_a_doubt(empty_desk: Desk) -> None:
    file = empty_desk.folder / "list.csv"
    file.write_text(class_list(90, 5, empty_desk.office.today), encoding="utf-8")
    found = preview(empty_desk.office, file)
    assert len(found.difference.added) == 90
    assert not found.difference.ambiguous
    assert not found.listed.skipped


@pytest.fixture
def sent(desk: Desk) -> SentHome:
    """270 slips that went home: those of three pupils, one of whom answers too, each thirty times over."""
    office = desk.office
    printed = list(enumerate(desk.print(*FORMS)))
    pupils = {pupil.id: pupil for pupil in people.pupils(office.db)}
    return SentHome(
        tuple(
            PrintedSlip(2 * number, msgspec.structs.replace(slip, code=f"{copy}-{number}"))
            for copy in range(30)
            for number, slip in printed
        ),
        pupils,
        people.guardians_of_many(office.db, list(pupils)),
    )


def sheets_of(files: tuple[ScanFile, ...]) -> list[Sheet]:
    return [sheet for file in files for sheet in file.sheets]


def slips_of(pile: Pile) -> list[Written]:
    return [slip for sheet in sheets_of(pile.in_time + pile.late) for slip in sheet.slips]


def test_the_pile_holds_paper_of_every_kind(sent: SentHome) -> None:
    pile = plan_pile(sent, 1, DAY)
    sheets, written = sheets_of(pile.in_time), slips_of(pile)
    assert {sheet.kind for sheet in sheets} == {"slip", "cut", "letter", "back", "stranger"}
    assert {sheet.level for sheet in sheets} == {"clean", "worn", "rough", "phone"}
    assert {sheet.turn for sheet in sheets} == {0, 1, 2, 3}
    assert any(len(sheet.slips) > 1 for sheet in sheets)
    assert {file.name.rpartition(".")[2] for file in pile.in_time} == {"pdf", "tif", "jpg", "png"}
    assert {file.mode for file in pile.in_time} == {"grey", "colour", "one-bit"}
    assert sum(slip.spoiled for slip in written) == 1
    fillings = [slip.filling for slip in written]
    assert any(filling.comment for filling in fillings)
    assert any(filling.other_name for filling in fillings)
    assert any(not filling.guardian.signs for filling in fillings)
    assert any(filling.day is None for filling in fillings)
    assert any(filling.pupil is not None for filling in fillings)
    assert len(pile.keyed) >= 2
    assert len(sheets_of(pile.late)) >= 2
    assert pile.withdrawn in {slip.code for sheet in sheets_of(pile.late) for slip in sheet.slips}


def test_some_slips_come_twice_some_in_two_copies_and_some_never(sent: SentHome) -> None:
    pile = plan_pile(sent, 1, DAY)
    written = slips_of(pile)
    papers = {slip.seed: slip for slip in written}
    assert len(papers) < len(written)
    copies = Counter(slip.code for slip in papers.values())
    twice = [code for code, count in copies.items() if count > 1]
    assert twice
    for code in twice:
        one, other = (slip.filling.guardian.answers for slip in papers.values() if slip.code == code)
        assert one != other
    back = set(copies) | {slip.code for slip in pile.keyed}
    assert 0.8 < len(back) / len(sent.slips) < 1
    assert not set(copies) & {slip.code for slip in pile.keyed}


def test_the_same_seed_plans_the_same_pile(sent: SentHome) -> None:
    assert plan_pile(sent, 7, DAY) == plan_pile(sent, 7, DAY)
    assert plan_pile(sent, 7, DAY) != plan_pile(sent, 8, DAY)


@pytest.mark.parametrize("slips", range(1, 12))
def test_a_tiny_school_has_a_pile_too(sent: SentHome, slips: int) -> None:
    few = SentHome(sent.slips[:slips], sent.pupils, sent.guardians)
    pile = plan_pile(few, 2, DAY)
    assert slips_of(pile)
    assert {slip.code for slip in slips_of(pile)} <= {printed.slip.code for printed in few.slips}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoReport]:
    """A demo of two pupils, kept."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(folder / "computer"))
        return folder / "kept", finish(demo(2, 3, folder / "kept"))


def test_a_demo_accounts_for_every_page_and_answer_and_reads_none_wrongly(
    kept: tuple[Path, DemoReport],
) -> None:
    _, report = kept
    assert report.passed, (report.wrong, report.lost)
    assert report.right + report.review == report.answers > 0
    assert sum(report.outcomes.values()) == report.pages == report.accounted
    assert (report.pupils, report.printed) == (2, 6)
    assert report.clear >= report.clear_right > 0
    assert report.keyed > 0


def test_what_is_kept_can_be_opened_and_looked_at(kept: tuple[Path, DemoReport]) -> None:
    folder, report = kept
    assert {path.name for path in folder.iterdir()} == {
        "office", "class list.csv", "forms.pdf", "forms.json", "scans", "consent list.pdf",
    }  # fmt: skip
    assert len(list((folder / "scans").iterdir())) == report.files
    with open_office(folder / "office", None, PASSWORD) as office:
        assert len(people.pupils(office.db)) == 2


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(KnownError, match="is not empty"):
        finish(demo(2, 1, tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_a_demo_that_is_stopped_leaves_nothing_behind(
    own_computer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    job = demo(2, 1)
    while next(job).what != "writing the PDF":
        assert any(tmp_path.iterdir())
    job.close()
    assert not any(tmp_path.iterdir())
    assert not list(own_computer.rglob("*.mark"))


@pytest.mark.parametrize(
    ("fault", "passed"),
    [
        ({}, True),
        ({"wrong_yes": 1}, False),
        ({"wrong_no": 1}, False),
        ({"accounted": 1}, False),
        ({"unfounded": 1}, False),
    ],
)
def test_a_demo_passes_only_without_a_fault(fault: dict[str, int], passed: bool) -> None:
    numbers = dict.fromkeys(DemoReport.__struct_fields__, 0) | {"pages": 2, "accounted": 2} | fault
    assert DemoReport(**numbers).passed == passed
