"""The main job through the command line: from an empty folder to a class consent list, by way of scanned paper."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from consentdesk.printing.manifest import Manifest
from consentdesk.services import set_up
from consentdesk.services.office import create_office
from consentdesk.store.slots import FLOOR
from tests.cli.command_line import PASSWORD, Cli
from tests.journey.neat_pen import Filling, Page, Word, blank, fill_in, printed_pages, stranger, write_scans

CLASS_LIST = """\
Forename,Surname,Reg,Year,DOB,Admission No,Parent 1 name
Ada,Okafor,4B,4,01/03/2018,101,Ngozi Okafor
Ben,O'Neill,4B,4,09/05/2018,102,Mary O'Neill
Cleo,Ünal,10A,10,30/01/2012,103,Deniz Ünal
"""
IMAGE_USE = [
    "image.in-school", "image.public-display", "image.website", "image.social-media", "image.print", "image.press",
    "image.video",
]  # fmt: skip
OUTCOMES = {"read", "review", "duplicate", "unmatched", "unreadable", "refused", "foreign", "letter", "blank"}


class Pile:
    """The printed slips by pupil and form, and the pile of filled-in sheets that goes through the scanner."""

    def __init__(self, forms: Path, manifest: Manifest) -> None:
        self._printed = printed_pages(forms)
        self._places = {
            (slip.name, slip.form): (page.page - 1, slip) for page in manifest.pages for slip in page.slips
        }
        self.sheets: list[Page] = []

    def code(self, name: str, form: str) -> str:
        """The typed code of a slip."""
        return self._places[name, form][1].code

    def add(self, name: str, form: str, filling: Filling, turns: int = 0) -> None:
        """Fill in a slip and lay its sheet on the pile, turned by quarters."""
        page, slip = self._places[name, form]
        self.sheets.append(np.rot90(fill_in(self._printed[page], slip, filling), turns).copy())


@pytest.fixture
def school(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A school that was set up, with its pupils imported, in a folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONSENTDESK_PASSWORD", PASSWORD)
    monkeypatch.setenv("CONSENTDESK_OFFICE", str(tmp_path / "office"))
    monkeypatch.setattr(set_up, "create_office", partial(create_office, cost=FLOOR))
    assert cli("init", "--school", "Made-up School", "--recovery", "sheet.pdf").code == 0
    Path("list.csv").write_text(CLASS_LIST, encoding="utf-8")
    shown = json.loads(cli("import", "list.csv", "--json", "-").out)
    assert (shown["applied"], shown["counts"]["added"]) == (False, 3)
    kept = json.loads(cli("import", "list.csv", "--apply", "--json", "-").out)
    assert (kept["applied"], [pupil["name"] for pupil in kept["added"]]) == (
        True,
        ["Ada Okafor", "Ben O'Neill", "Cleo Ünal"],
    )
    again = json.loads(cli("import", "list.csv", "--apply", "--json", "-").out)
    assert (again["counts"]["added"], again["counts"]["unchanged"]) == (0, 3)
    return tmp_path


def statuses(cli: Cli, *arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    """`status --json` by pupil's name and purpose, its shape checked."""
    found = json.loads(cli("status", *arguments, "--json", "-").out)
    assert found["as_at"].endswith("Z")
    assert len(found["as_at"]) == len("2026-11-21T09:41:00Z")
    told = {}
    for pupil in found["pupils"]:
        assert set(pupil) == {"pupil", "name", "class", "purposes"}
        for one in pupil["purposes"]:
            assert set(one) == {"purpose", "status", "acts_as", "reason", "until", "condition"}
            assert one["acts_as"] == ("yes" if one["status"] == "yes" else "no")
            told[pupil["name"], one["purpose"]] = one
    return told


def words(told: Mapping[tuple[str, str], Mapping[str, Any]], name: str, purposes: list[str]) -> set[str]:
    return {told[name, purpose]["status"] for purpose in purposes}


WEB = ["web.work", "web.first-name"]


def test_from_an_empty_folder_to_the_class_consent_list(school: Path, cli: Cli) -> None:
    pile = print_and_fill_in(cli)
    read_the_pile(cli, pile)
    see_that_a_no_holds_and_no_yes_does(cli)
    read_it_again(cli)
    review_what_is_in_doubt(cli, pile)
    confirm_the_rest(cli)
    withdraw_some(cli)
    export_lists(cli)
    assert cli("verify").out == "Everything is sound.\n"
    assert cli("backup", "copy").code == 0
    assert cli("--office", "copy", "status", "--pupil", "101").code == 0


def print_and_fill_in(cli: Cli) -> Pile:
    both = ["--form", "image-use", "web-publication"]
    printed = cli("print", *both, "--all", "--out", "forms.pdf", "--manifest", "m.json")
    assert printed.out == "6 slips for 3 pupils on 12 pages, in forms.pdf.\n"
    check_manifest(json.loads(Path("m.json").read_text("utf-8")))
    pile = Pile(Path("forms.pdf"), msgspec.json.decode(Path("m.json").read_bytes(), type=Manifest))
    all_yes = Filling(dict.fromkeys(IMAGE_USE, "yes"))
    own: dict[str, Word] = {purpose: "no" if purpose == "image.website" else "yes" for purpose in IMAGE_USE}
    pile.add("Ada Okafor", "image-use", all_yes)
    pile.sheets.append(blank())
    pile.add("Ben O'Neill", "image-use", Filling(dict.fromkeys(IMAGE_USE, "no")), turns=2)
    pile.add("Cleo Ünal", "image-use", replace(all_yes, pupil_answers=own), turns=1)
    pile.sheets.append(stranger())
    pile.add("Ada Okafor", "web-publication", Filling(dict.fromkeys(WEB, "yes"), signed=False))
    pile.add("Ben O'Neill", "web-publication", Filling({"web.work": "yes"}))
    pile.add("Ada Okafor", "image-use", all_yes)
    pile.add("Cleo Ünal", "web-publication", Filling(dict.fromkeys(WEB, "yes"), spoiled=True))
    write_scans(Path("scans.pdf"), pile.sheets)
    return pile


def read_the_pile(cli: Cli, pile: Pile) -> None:
    read = cli("read", "scans.pdf", "--json", "read.json")
    assert (read.code, read.err) == (0, "")
    report = json.loads(Path("read.json").read_text("utf-8"))
    check_reading(report)
    assert [page["outcome"] for page in report["pages"]] == [
        "read", "blank", "read", "read", "foreign", "review", "review", "duplicate", "unmatched",
    ]  # fmt: skip
    ada, _, cleo, unsigned, half, _, spoiled = (page["slips"][0] for page in report["pages"] if page["slips"])
    assert (ada["code"], ada["form"]) == (pile.code("Ada Okafor", "image-use"), "image-use")
    assert [answer["purpose"] for answer in ada["answers"]] == IMAGE_USE
    assert ada["signed"] is True
    assert not {"pupil_answers", "pupil_signed"} & set(ada)
    assert cleo["pupil_signed"] is True
    assert {one["purpose"]: one["answer"] for one in cleo["pupil_answers"]}["image.website"] == "no"
    assert unsigned["signed"] is False
    assert [(one["answer"], one["reason"]) for one in unsigned["answers"]] == [("review", "unsigned")] * 2
    assert [(one["answer"], one["reason"]) for one in half["answers"]] == [("yes", None), ("review", "blank")]
    assert (spoiled["code"], spoiled["pupil"], spoiled["reason"]) == (None, None, "no-code")


def see_that_a_no_holds_and_no_yes_does(cli: Cli) -> None:
    told = statuses(cli)
    assert words(told, "Ada Okafor", IMAGE_USE) == {"unconfirmed"}
    assert words(told, "Ben O'Neill", IMAGE_USE) == {"no"}
    assert words(told, "Ada Okafor", WEB) == {"unsigned"}
    assert words(told, "Cleo Ünal", WEB) == {"no-reply"}
    assert told["Ada Okafor", "image.full-name"]["status"] == "not-asked"


def read_it_again(cli: Cli) -> None:
    again = json.loads(cli("read", "scans.pdf", "--json", "-").out)
    assert {page["outcome"] for page in again["pages"]} == {"duplicate"}
    assert again["totals"]["pages"] == again["totals"]["duplicate"] == 9


def review_what_is_in_doubt(cli: Cli, pile: Pile) -> None:
    """The signature is found after all, the blank question stays open, the spoiled slip is keyed."""
    waiting = json.loads(cli("review", "list", "--json", "-").out)
    assert {item["name"] for item in waiting["review"]} == {"Ada Okafor", "Ben O'Neill"}
    (tray,) = waiting["tray"]
    assert cli("review", "show", tray["reading"], "--out", "slip.jpg").code == 0
    assert Path("slip.jpg").stat().st_size > 1000
    ada, ben, cleo = (
        pile.code(name, "web-publication") for name in ("Ada Okafor", "Ben O'Neill", "Cleo Ünal")
    )
    assert cli("review", "decide", ada, "--signed").code == 0
    assert (
        cli("review", "decide", ben, "web.first-name=unclear", "--condition", "web.work=no films").code == 0
    )
    guardian, own = (
        ["web.work=yes", "web.first-name=no", "--signed"],
        ["--pupil", "web.work=yes", "--pupil-signed"],
    )
    assert cli("key", cleo, *guardian, *own, "--reading", tray["reading"]).code == 0
    assert json.loads(cli("review", "list", "--json", "-").out) == {"review": [], "tray": []}


def confirm_the_rest(cli: Cli) -> None:
    assert "batch 1" in cli("confirm").out
    assert cli("confirm", "--all").out == "5 slips with 28 clear answers confirmed; 0 slips in review.\n"
    told = statuses(cli)
    assert words(told, "Ada Okafor", [*IMAGE_USE, *WEB]) == {"yes"}
    assert words(told, "Ben O'Neill", IMAGE_USE) == {"no"}
    narrowed = told["Ben O'Neill", "web.work"]
    assert (narrowed["status"], narrowed["condition"]) == ("yes", "no films")
    assert told["Ben O'Neill", "web.first-name"]["status"] == "no-reply"
    assert told["Cleo Ünal", "image.website"]["status"] == "no"
    assert words(told, "Cleo Ünal", [one for one in IMAGE_USE if one != "image.website"]) == {"yes"}
    assert told["Cleo Ünal", "web.work"]["status"] == "yes"
    assert told["Cleo Ünal", "web.work"]["until"].endswith("-08-31")
    assert statuses(cli, "--class", "4b", "--purpose", "image.website").keys() == {
        ("Ada Okafor", "image.website"),
        ("Ben O'Neill", "image.website"),
    }
    assert words(statuses(cli, "--on", "2020-01-01"), "Ada Okafor", IMAGE_USE) == {"not-asked"}


def withdraw_some(cli: Cli) -> None:
    purposes = ["--purpose", "image.website", "image.press"]
    how = ["--how", "phone", "--by", "Ngozi Okafor", "--note", "rang at noon"]
    assert cli("withdraw", "--pupil", "101", *purposes, *how).code == 0
    told = statuses(cli, "--pupil", "Ada Okafor")
    assert words(told, "Ada Okafor", ["image.website", "image.press"]) == {"withdrawn"}
    assert words(told, "Ada Okafor", ["image.video"]) == {"yes"}


def check_manifest(manifest: Any) -> None:
    """The shape of `print --manifest`: boxes in millimetres, pages without a slip with an empty list."""
    assert [len(page["slips"]) for page in manifest["pages"]] == [1, 0] * 6
    assert [page["page"] for page in manifest["pages"]] == list(range(1, 13))
    for page in manifest["pages"]:
        for slip in page["slips"]:
            boxes = [slip[name] for name in ("signature", "date", "printed_name", "relationship", "comment")]
            boxes += [slip["outline"], slip["child"], *slip["codes"]]
            boxes += [one[side] for one in slip["questions"] for side in ("yes", "no")]
            assert all(0 <= x0 < x1 <= 210 and 0 <= y0 < y1 <= 297 for x0, y0, x1, y1 in boxes)
            assert all(
                isinstance(slip[name], str) for name in ("code", "pupil", "name", "class", "form", "version")
            )
            assert ("pupil_questions" in slip) == ("pupil_signature" in slip)
            assert ("pupil_questions" in slip) == (slip["class"] == "10A")


def check_reading(report: Any) -> None:
    """The shape of `read --json`."""
    assert set(report["totals"]) == {"pages"} | OUTCOMES
    assert (
        sum(count for name, count in report["totals"].items() if name != "pages") == report["totals"]["pages"]
    )
    for number, page in enumerate(report["pages"], start=1):
        assert (page["file"], page["page"]) == ("scans.pdf", number)
        assert {"outcome", "reason", "slips"} <= set(page)
        for slip in page["slips"]:
            assert {"code", "pupil", "form", "outcome", "signed", "answers"} <= set(slip)
            for answer in slip["answers"] + slip.get("pupil_answers", []):
                assert set(answer) - {"text"} == {"purpose", "answer", "confidence", "reason"}
                assert ("text" in answer) == (answer["reason"] is not None)
                assert 0 <= answer["confidence"] <= 1


def export_lists(cli: Cli) -> None:
    """The class consent list in its three kinds."""
    plain = cli("export", "--class", "4B", "--to", "4B.csv")
    assert (plain.code, plain.err) == (0, "4B.csv is not encrypted: whoever holds the file can read it.\n")
    rows = list(csv.reader(Path("4B.csv").read_text("utf-8-sig").splitlines()))
    (heading,) = [row for row in rows if row and row[0] == "Pupil"]
    told = {row[0]: dict(zip(heading, row, strict=True)) for row in rows if len(row) == len(heading)}
    assert "Withdrawn" in told["Ada Okafor"]["School website"]
    assert "no films" in " ".join(next(row for row in rows if row[0].endswith("Neill")))
    chosen = cli("export", "--class", "4B", "--purposes", "web-publication", "image.press", "--to", "few.csv")
    assert chosen.code == 0
    columns = '"Work on the website","First name beside work","Newspapers and TV"'
    assert columns in Path("few.csv").read_text("utf-8-sig")
    refused = cli("export", "--class", "4B", "--as-at", "2999-01-01", "--to", "ahead.csv")
    assert (refused.code, refused.err.split(";")[0]) == (1, "That day has not come yet")
    assert cli("export", "--all", "--to", "all.pdf").code == 0
    assert Path("all.pdf").read_bytes().startswith(b"%PDF")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_EXPORT_PASSWORD", "other made up words")
        locked = cli("export", "--all", "--to", "all.xlsx", "--encrypt")
    assert (locked.code, locked.err) == (0, "")
    assert Path("all.xlsx").read_bytes().startswith(b"\xd0\xcf\x11\xe0")
