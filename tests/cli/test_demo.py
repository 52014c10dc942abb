"""`demo`: what it says, its JSON, and exit 1 where anything was read wrongly or lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentdesk.cli import demo as room
from consentdesk.cli.app import run
from consentdesk.services.demo import DemoReport
from consentdesk.services.demo_check import LostPage, WrongAnswer
from consentdesk.services.made_up_school import MadeUpSchool
from consentdesk.services.progress import Progress
from tests.cli.command_line import Cli

GOOD = DemoReport(
    pages=12, accounted=12, slips=9, answers=40, right=30, review=10, wrong_yes=0, wrong_no=0, seconds=4.0, pupils=3,
    printed=9, files=2, keyed=1, clear=25, clear_right=24, unfounded=0, outcomes={"read": 6, "review": 6}, wrong=(),
    lost=(),
)  # fmt: skip
WRONG = WrongAnswer("scan 1.pdf", 3, "7F3K-22QX-19AB", "web.work", "yes", "blank", "rough")
LOST = LostPage("scan 2.tif", 4, "slip", "letter", "worn")


def changed(**fields: object) -> DemoReport:
    return DemoReport(**{name: getattr(GOOD, name) for name in GOOD.__struct_fields__} | fields)


@pytest.fixture
def result(monkeypatch: pytest.MonkeyPatch) -> list[DemoReport]:
    """What the next demo comes to; a demo of real paper is tested with its service."""
    reports = [GOOD]

    def demo(pupils: int, seed: int, keep: Path | None) -> Iterator[Progress]:
        yield Progress(0, pupils, "importing the class list")
        return reports[-1]

    monkeypatch.setattr(room, "demo", demo)
    return reports


def test_it_says_what_was_done_and_writes_the_same_as_json(
    cli: Cli, result: list[DemoReport], tmp_path: Path
) -> None:
    done = cli("demo", "--headless", "--json", tmp_path / "demo.json")
    assert (done.code, done.err) == (0, "")
    assert "12 of 12 pages accounted for" in done.out
    assert "30 read rightly without asking, 10 left to a person, 0 wrong yes, 0 wrong no" in done.out
    written = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
    assert list(written)[:9] == [
        "pages", "accounted", "slips", "answers", "right", "review", "wrong_yes", "wrong_no", "seconds",
    ]  # fmt: skip
    assert written["answers"] == written["right"] + written["review"]


def test_json_on_standard_output_stands_alone(cli: Cli, result: list[DemoReport]) -> None:
    assert json.loads(cli("demo", "--json", "-").out)["pages"] == 12


def test_without_a_window_it_does_what_headless_does_and_says_so(cli: Cli, result: list[DemoReport]) -> None:
    assert "does what --headless does" in cli("demo").out.splitlines()[0]
    assert "headless" not in cli("demo", "--headless").out


def test_with_a_screen_the_window_opens_on_the_made_up_school(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = MadeUpSchool(tmp_path / "office", "head", "made up words", tmp_path / "post", tmp_path / "scans")
    opened: list[Path | None] = []

    def make(folder: Path, pupils: int, seed: int) -> Iterator[Progress]:
        yield Progress(0, pupils, "inventing pupils")
        return made

    def open_window(folder: Path | None) -> int:
        opened.append(folder)
        return 0

    monkeypatch.setattr(room, "make_up_school", make)
    monkeypatch.setenv("DISPLAY", ":0")
    assert run(["demo", "--pupils", "3"], open_window) == 0
    assert opened == [made.office]
    assert "user head, password “made up words”" in capsys.readouterr().out


def test_what_is_kept_is_named(cli: Cli, result: list[DemoReport], tmp_path: Path) -> None:
    assert f"--office {tmp_path / 'kept' / 'office'}" in cli("demo", "--keep", tmp_path / "kept").out


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (
            changed(wrong_yes=1, wrong=(WRONG,)),
            "Wrong: scan 1.pdf, page 3, slip 7F3K-22QX-19AB, web.work: read yes, where “blank” was drawn (rough).",
        ),
        (
            changed(accounted=11, lost=(LOST,)),
            "Not accounted for: scan 2.tif, page 4: letter, where a slip lay (worn).",
        ),
        (changed(unfounded=2), "2 statuses act as yes without a paper that says so."),
        (changed(accounted=0, lost=(LOST,) * 30), "… and 10 more."),
    ],
)
def test_a_fault_is_told_and_ends_with_1(
    cli: Cli, result: list[DemoReport], report: DemoReport, sentence: str
) -> None:
    result.append(report)
    done = cli("demo", "--headless")
    assert done.code == 1
    assert sentence in done.err.splitlines()


@pytest.mark.parametrize("arguments", [["--pupils", "0"], ["--pupils", "many"], ["--seed", "-1"]])
def test_wrong_numbers_are_wrong_usage(cli: Cli, result: list[DemoReport], arguments: list[str]) -> None:
    assert cli("demo", *arguments).code == 2
