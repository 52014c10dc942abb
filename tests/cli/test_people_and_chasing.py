"""People, withdrawals, restrictions, chasing and a new year on the command line: what is said, and what JSON holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import Cli
from tests.cli.test_bad_input import events_of, one_sentence

FORM = "web-publication"


def told(cli: Cli, *arguments: str) -> Any:
    """The JSON of a command that succeeds."""
    result = cli(*arguments, "--json", "-")
    assert result.code == 0, result.err
    return json.loads(result.out)


def keyed_yes(cli: Cli, pupil: str) -> str:
    """Print a slip for a pupil and key it as a signed yes; its code."""
    made = cli("print", "--form", FORM, "--pupil", pupil, "--out", "f.pdf", "--manifest", "m.json")
    assert made.code == 0, made.err
    manifest = json.loads(Path("m.json").read_text("utf-8"))
    code: str = next(slip["code"] for page in manifest["pages"] for slip in page["slips"])
    assert cli("key", code, "web.work=yes", "web.first-name=yes", "--signed").code == 0
    return code


def words(cli: Cli, pupil: str = "101") -> set[str]:
    (found,) = told(cli, "status", "--pupil", pupil, "--purpose", FORM)["pupils"]
    return {one["status"] for one in found["purposes"]}


def test_a_pupil_from_joining_to_leaving(folder: Path, cli: Cli) -> None:
    joined = cli("people", "add", "--first", "Dan", "--last", "Ito", "--class", "4B", "--number", "104", "--born",
                 "2018-01-02")  # fmt: skip
    assert joined.out.startswith("Dan Ito is on the roll, with the id ")
    assert (
        cli("people", "name", "--pupil", "104", "--preferred-first", "Danny")
        .out.strip()
        .endswith("Danny Ito now.")
    )
    assert cli("people", "move", "--pupil", "104", "--class", "5C").code == 0
    assert cli("people", "views", "--pupil", "104", "--words", "not me", "--heard-by", "Ms Tutor").code == 0
    assert (
        cli("people", "competent", "--pupil", "104", "--who", "the head", "--on", "2026-01-05", "--no").code
        == 0
    )
    assert "Every yes is over" in cli("people", "left", "--pupil", "104").out
    assert "Ask anew" in cli("people", "back", "--pupil", "104").out


def test_a2_a5_guardians_and_care(folder: Path, cli: Cli) -> None:
    code = keyed_yes(cli, "101")
    assert words(cli) == {"yes"}
    changed = cli("guardian", "change", "Ngozi Okafor", "--pupil", "101", "--responsibility", "no")
    assert changed.out == "Recorded for Ngozi Okafor.\n"
    assert words(cli) == {"pending"}
    assert (
        cli("guardian", "add", "--pupil", "101", "--name", "Emeka Okafor", "--relationship", "father").code
        == 0
    )
    listed = told(cli, "guardian", "list", "--pupil", "101")["guardians"]
    assert [(one["name"], one["responsibility"]) for one in listed] == [
        ("Ngozi Okafor", "no"), ("Emeka Okafor", "unknown"),
    ]  # fmt: skip
    assert cli("review", "signed-by", code, "Emeka Okafor").out == "Recorded: signed by Emeka Okafor.\n"
    assert words(cli) == {"yes"}
    assert cli("people", "care", "--pupil", "101", "--looked-after").code == 0
    assert words(cli) == {"pending"}
    assert cli("people", "agreed", "--pupil", "101", "--who", "Sam", "--reference", "LA-7").code == 0
    assert words(cli) == {"yes"}
    assert cli("guardian", "end", "Emeka Okafor", "--pupil", "101").code == 0
    assert words(cli) == {"expired"}


def test_w1_w5_withdrawals(folder: Path, cli: Cli) -> None:
    keyed_yes(cli, "101")
    how = ["--how", "phone", "--by", "Ngozi Okafor", "--letter", "letter.pdf"]
    done = cli("withdraw", "--pupil", "101", "--purpose", "web.work", *how)
    assert "The letter to the family is in letter.pdf." in done.out
    assert Path("letter.pdf").read_bytes().startswith(b"%PDF")
    (one,) = told(cli, "withdrawal", "list")["withdrawals"]
    assert (one["name"], one["purposes"], one["void"]) == ("Ada Okafor", ["web.work"], "")
    assert one["acknowledged"] is not None
    assert words(cli) == {"withdrawn", "yes"}
    assert cli("withdrawal", "error", one["withdrawal"], "--why", "another child").code == 0
    assert words(cli) == {"yes"}
    assert "in error: another child" in cli("withdrawal", "list", "--pupil", "101").out
    printed = cli("withdrawal", "slips", "--pupil", "101", "--out", "back.pdf", "--manifest", "back.json")
    assert printed.out == "1 withdrawal slip in back.pdf.\n"
    slip = json.loads(Path("back.json").read_text("utf-8"))["pages"][0]["slips"][0]
    assert "May we" in cli("key", slip["code"], "--show", "blank.pdf").out
    assert Path("blank.pdf").read_bytes().startswith(b"%PDF")
    assert cli("key", slip["code"], "web.work=no", "--signed").code == 0
    assert words(cli) == {"withdrawn", "yes"}
    newest = told(cli, "withdrawal", "list")["withdrawals"][0]
    assert newest["how"] == "slip"
    assert cli("withdrawal", "letter", newest["withdrawal"], "--out", "second.pdf").code == 0


def test_a6_restrictions(folder: Path, cli: Cli) -> None:
    made = cli("restrict", "add", "--pupil", "101", "--why", "a court order")
    assert "No picture of Ada Okafor" in made.out
    assert "court" not in made.out
    (one,) = told(cli, "restrict", "list")["restrictions"]
    assert "a court order" not in json.dumps(one)
    shown = cli("restrict", "why", one["restriction"]).out
    assert "Ada Okafor: a court order" in shown
    assert "looked at by" in shown
    assert cli("restrict", "lift", one["restriction"]).code == 0
    assert told(cli, "restrict", "list")["restrictions"] == []
    assert len(told(cli, "restrict", "list", "--all")["restrictions"]) == 1


def test_c7_chasing(folder: Path, cli: Cli) -> None:
    assert cli("print", "--form", FORM, "--class", "4B", "--out", "f.pdf").code == 0
    assert [one["whys"] for one in told(cli, "chase", "list", "--class", "4B")["to_ask"]] == [
        ["no-reply"]
    ] * 2
    letters = cli("chase", "letters", "--class", "4B", "--out", "letters.pdf", "--manifest", "l.json")
    assert letters.out == "2 letters with 2 slips on 8 pages, in letters.pdf.\n"
    keyed_yes(cli, "102")
    (four, ten) = told(cli, "chase", "counts")["classes"]
    assert (four["class"], four["asked"], four["back"], four["pupils"]) == ("4B", 2, 1, 2)
    assert (ten["asked"], ten["days"]) == (0, [])
    assert "1 of 2 asked" in cli("chase", "counts").out
    assert [one["name"] for one in told(cli, "chase", "renewals", "--before", "2099-01-01")["to_ask"]] == [
        "Ben O'Neill"
    ]


def test_n1_staff_and_volunteers(folder: Path, cli: Cli) -> None:
    assert cli("staff", "add", "Zoë Ünal", "--role", "librarian", "--volunteer").code == 0
    assert [one["name"] for one in told(cli, "staff", "list")["staff"]] == ["Zoë Ünal"]
    assert cli("staff", "left", "zoe").out == "Zoë Ünal has left.\n"
    assert cli("staff", "list").out == "Nobody is on the list yet.\n"
    assert len(told(cli, "staff", "list", "--all")["staff"]) == 1


def test_a_new_year(folder: Path, cli: Cli) -> None:
    shown = told(cli, "roll-over")
    assert [(one["class"], one["to"]) for one in shown["steps"]] == [("4B", "5B"), ("10A", "11A")]
    assert shown["applied"] is False
    assert cli("roll-over", "--to", "10A=leaves", "--apply").out.endswith("2 pupils moved up, 1 left.\n")
    assert cli("status", "--class", "5B").code == 0


def test_s4_another_childs_slip_and_its_date(folder: Path, cli: Cli) -> None:
    code = keyed_yes(cli, "101")
    today = json.loads(cli("status", "--json", "-").out)["on"]
    assert cli("review", "date", code, today).out == "Recorded.\n"
    found = cli("review", "other-child", code, "--pupil", "102").out
    assert found.startswith("The slip counts no more for Ada Okafor, and says nothing yet for Ben O'Neill.")
    assert words(cli) == {"no-reply"}


BAD: dict[str, tuple[list[str], str]] = {
    "unknown pupil moves": (["people", "move", "--pupil", "999", "--class", "5C"], "There is no pupil 999"),
    "born in the future": (["people", "add", "--first", "Dan", "--born", "2999-01-01"], "lies ahead"),
    "agreement for a pupil not in care": (
        ["people", "agreed", "--pupil", "101", "--who", "Sam", "--reference", "7"], "is not looked after",
    ),
    "assessment to come": (
        ["people", "competent", "--pupil", "101", "--who", "Sam", "--on", "2999-01-01", "--yes"], "lies ahead",
    ),
    "unknown guardian": (["guardian", "end", "Nobody", "--pupil", "101"], "is not one guardian of Ada Okafor"),
    "unknown withdrawal": (["withdrawal", "error", "x", "--why", "y"], "There is no such withdrawal"),
    "withdrawal slip for one never asked": (
        ["withdrawal", "slips", "--pupil", "101", "--out", "o.pdf"], "Nobody meant was ever asked",
    ),
    "withdrawal of what was never asked": (
        ["withdraw", "--pupil", "101", "--purpose", "web.work", "--how", "phone"], "was never asked about",
    ),
    "restriction without a reason": (["restrict", "add", "--pupil", "101", "--why", " "], "needs a reason"),
    "unknown restriction": (["restrict", "lift", "x"], "There is no such restriction"),
    "nobody to remind": (["chase", "letters", "--out", "o.pdf"], "Nobody is to be reminded"),
    "class that there is not": (["chase", "counts", "--class", "9Z"], "There is no class 9Z"),
    "staff twice left": (["staff", "left", "Nobody"], "Nobody called Nobody works here"),
    "class that goes nowhere": (["roll-over", "--to", "9Z=10Z"], "There is no class 9Z"),
    "date of a slip never printed": (["review", "date", "0000-0000-0000", "2026-01-01"], "never printed a slip"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence_and_nothing_is_recorded(folder: Path, cli: Cli, case: str) -> None:
    arguments, part = BAD[case]
    before = events_of(folder)
    assert part in one_sentence(cli(*arguments))
    assert events_of(folder) == before
    assert not Path("o.pdf").exists()
