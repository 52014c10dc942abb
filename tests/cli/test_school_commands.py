"""The commands around pictures, access and data protection: what they say, write, and refuse in one sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.command_line import Cli, Result
from tests.cli.test_bad_input import events_of, one_sentence

AHEAD = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d 09:15")
AFTER = (datetime.now(UTC) + timedelta(days=40)).strftime("%Y-%m-%d")
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%d")
WORDS = ["--equipment", "School camera", "--afterwards", "Deleted the same day"]
FARM = ["trip", "plan", "Farm", "--starts", AHEAD, *WORDS, "--class", "4B"]
BOAT = [
    "publish",
    "add",
    "Ada’s boat",
    "--purpose",
    "web.work",
    "--at",
    "school.example/1",
    "--editor",
    "Mrs M",
]


def done(result: Result) -> str:
    assert result.code == 0, result
    return result.out


@pytest.fixture
def answered(folder: Path, cli: Cli) -> Cli:
    """Ada's family has said yes to her work on the website."""
    done(
        cli("print", "--form", "web-publication", "--pupil", "101", "--out", "f.pdf", "--manifest", "m.json")
    )
    pages = json.loads(Path("m.json").read_text(encoding="utf-8"))["pages"]
    (code,) = (slip["code"] for page in pages for slip in page["slips"])
    done(cli("key", code, "web.work=yes", "--signed"))
    return cli


def test_a_trip_is_planned_permitted_checked_and_printed(folder: Path, cli: Cli) -> None:
    assert "Farm is planned with 2 pupils" in done(cli(*FARM))
    assert "not permitted" in done(cli("trip", "list"))
    assert "Nobody may be photographed" in done(cli("trip", "check", "Farm"))
    assert "permitted by head" in done(cli("trip", "permit", "Farm"))
    assert "Do not photograph: 2 of 2" in done(cli("trip", "check", "Farm"))
    result = cli("trip", "sheet", "Farm", "--to", "sheet.pdf")
    assert "do not photograph 2" in done(result)
    assert "not encrypted" in result.err
    assert len(PdfReader("sheet.pdf").pages) == 2
    assert "not permitted: the plan was changed" in done(
        cli("trip", "change", "Farm", "--afterwards", "Kept")
    )
    assert "pictures are not permitted" in done(cli("trip", "change", "Farm", "--without", "101"))
    found = json.loads(done(cli("trip", "list", "--json", "-")))["trips"]
    assert [(one["title"], one["pupils"], one["permission"]) for one in found] == [("Farm", 1, "outdated")]


def test_a_class_is_checked_without_a_trip(folder: Path, cli: Cli) -> None:
    assert "Do not photograph: 2 of 2" in done(cli("trip", "check", "--class", "4b"))
    checked = json.loads(done(cli("trip", "check", "--class", "4B", "--json", "-")))
    assert [one["group"] for one in checked["check"]["pupils"]] == ["none", "none"]


def test_other_equipment_is_allowed_by_the_head(folder: Path, cli: Cli) -> None:
    done(cli(*FARM, "--own-equipment"))
    assert "which is not the school’s" in one_sentence(cli("trip", "permit", "Farm"))
    assert "Mr M" in done(
        cli("trip", "allow", "Farm", "--equipment", "camera", "--owner", "Mr M", "--until", AFTER)
    )
    done(cli("trip", "permit", "Farm"))


def test_a_publication_comes_down_after_a_withdrawal(folder: Path, answered: Cli) -> None:
    cli = answered
    assert "with 1 pupil" in done(cli(*BOAT, "--pupil", "101"))
    assert "signed off by Mrs M" in done(cli("publish", "list", "--pupil", "101"))
    done(cli("export", "--class", "4B", "--to", "4B.csv"))
    assert "Nothing has to come down." in done(cli("takedown", "list"))
    assert "No list is out of date." in done(cli("lists"))
    done(cli("withdraw", "--pupil", "101", "--purpose", "web.work", "--how", "phone"))
    assert "Ada Okafor (4B): Work on the website" in done(cli("lists"))
    (task,) = json.loads(done(cli("takedown", "list", "--json", "-")))["take_downs"]
    assert (task["place"], task["state"]) == ("school.example/1", "open")
    assert "look again by" in done(
        cli("takedown", "report", task["code"], "asked-third-party", "--tried", "wrote")
    )
    done(cli("takedown", "report", task["code"], "removed", "--evidence", "the page"))
    assert "Nothing has to come down." in done(cli("takedown", "list"))


def test_pictures_are_kept_listed_and_destroyed(folder: Path, cli: Cli) -> None:
    done(cli("images", "add", "Sports day", "--at", "camera 2", "--on", "card"))
    (one,) = json.loads(done(cli("images", "list", "--json", "-")))["images"]
    assert "Sports day" in done(cli("images", "list", "--due", AFTER, "--to", "due.pdf"))
    assert Path("due.pdf").read_bytes().startswith(b"%PDF")
    ident = one["images"]["id"][:8]
    assert "attested by Mr M" in done(cli("images", "destroyed", ident, "--by", "Mr M", "--how", "formatted"))
    assert "There is nothing to list." in done(cli("images", "list"))


def test_access_is_listed_and_its_changes_are_written_down(folder: Path, cli: Cli) -> None:
    assert "Nobody has access." in done(cli("access", "list"))
    assert "Nothing has changed." in done(cli("access", "changes", "--since", "2026-01-01", "--to", "c.pdf"))
    assert Path("c.pdf").read_bytes().startswith(b"%PDF")
    done(cli("access", "end", "--pupil", "101", "--why", "misuse"))
    assert "no longer stands against" in done(cli("access", "restore", "--pupil", "101"))
    assert "Everybody" in done(cli("access", "due"))


def test_a_file_is_handed_over_and_an_answer_counted(folder: Path, answered: Cli) -> None:
    assert "record.pdf, record.json" in done(answered("file", "101", "--to", "file"))
    assert json.loads(Path("file/record.json").read_text(encoding="utf-8"))["legal_name"] == "Ada Okafor"
    assert "3 pupils" in done(answered("counts", "--to", "counts.pdf"))
    assert json.loads(done(answered("counts", "--json", "-")))["pupils"] == 3


def test_a_leaver_is_erased_only_when_told_to(folder: Path, cli: Cli) -> None:
    Path("l.csv").write_text(
        "First name,Last name,Class,Admission number\nBen,O'Neill,4B,102\n", encoding="utf-8"
    )
    done(cli("import", "l.csv", "--apply", "--leavers"))
    assert "Nothing was erased" in done(cli("erase", "101"))
    assert "Nothing is due." in done(cli("retention"))
    assert "keeps the record of Ada Okafor until" in one_sentence(cli("erase", "101", "--apply"))
    assert "Erased:" in done(cli("erase", "101", "--apply", "--early"))
    assert "There is no pupil 101" in one_sentence(cli("status", "--pupil", "101"))
    assert done(cli("verify")) == "Everything is sound.\n"


def test_the_schools_rules_are_listed_with_their_reasons_and_set(folder: Path, cli: Cli) -> None:
    listed = done(cli("rule", "list"))
    assert "images-kept-months = 24 months" in listed
    assert "school-equipment-only = yes" in listed
    assert "pupil_part.from_age" in listed
    assert "image.full-name.asked" in listed
    assert "images-kept-months = 12 months." in done(cli("rule", "set", "images-kept-months", "12"))
    assert "(came as 24 months)" in done(cli("rule", "list"))


BAD: dict[str, tuple[list[str], str]] = {
    "trip in the past": ([*FARM[:4], "2020-01-01 09:00", *FARM[5:]], "would have started already"),
    "trip with nobody": (FARM[:-2], "needs pupils"),
    "trip of an unknown class": ([*FARM[:-1], "5C"], "There is no class 5C"),
    "trip of an unknown pupil": ([*FARM, "--pupil", "Nobody"], "There is no pupil Nobody"),
    "unknown trip": (["trip", "permit", "Farm"], "There is no activity Farm"),
    "sheet of an unknown trip": (["trip", "sheet", "Farm", "--to", "o.pdf"], "There is no activity Farm"),
    "publication of a refused pupil": ([*BOAT, "--pupil", "101"], "Ada Okafor may not be published"),
    "publication ahead": ([*BOAT, "--pupil", "101", "--on", TOMORROW], "has not come yet"),
    "publication of an unknown pupil": ([*BOAT, "--pupil", "Nobody"], "There is no pupil Nobody"),
    "unknown take-down": (["takedown", "report", "x", "removed"], "There is no take-down x"),
    "pictures ahead": (["images", "add", "x", "--at", "y", "--taken", TOMORROW], "has not come yet"),
    "unknown pictures": (["images", "destroyed", "x", "--by", "y", "--how", "z"], "There are no pictures x"),
    "access without a reason": (["access", "end", "--pupil", "101", "--why", " "], "wants a reason"),
    "access never ended": (["access", "restore", "--pupil", "101"], "has not ended the access"),
    "changes ahead": (["access", "changes", "--since", TOMORROW], "has not come yet"),
    "unknown staff": (["access", "acknowledge", "Nobody"], "Nobody called Nobody works here"),
    "file of an unknown pupil": (["file", "Nobody", "--to", "o"], "There is no pupil Nobody"),
    "file over something": (["file", "101", "--to", "office"], "exists already"),
    "counts ahead": (["counts", "--since", TOMORROW], "has not come yet"),
    "erasing a present pupil": (["erase", "101", "--apply"], "Ada Okafor is at the school"),
    "unknown rule": (["rule", "set", "images", "3"], "There is no rule images"),
    "rule out of range": (["rule", "set", "images-kept-months", "25"], "from 1 to 24"),
    "rule that is a yes or no": (["rule", "set", "school-equipment-only", "3"], "is a yes or a no"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence_and_nothing_is_half_recorded(folder: Path, cli: Cli, case: str) -> None:
    arguments, part = BAD[case]
    before = events_of(folder)
    assert part in one_sentence(cli(*arguments))
    assert events_of(folder) == before
    assert not [file for file in folder.rglob("*") if file.name in ("o.pdf", "o") or file.suffix == ".part"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["trip", "check"],
        ["trip", "check", "Farm", "--class", "4B"],
        ["access", "end", "--why", "x"],
        ["access", "restore", "--pupil", "101", "--staff", "x"],
        ["takedown", "report", "x", "perhaps"],
    ],
)
def test_wrong_usage_is_told_apart(folder: Path, cli: Cli, arguments: list[str]) -> None:
    assert cli(*arguments).code == 2
