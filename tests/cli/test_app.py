"""The command line as a whole: usage, exit codes, streams, bugs, and what is imported for what."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from consentdesk import __version__, settings
from consentdesk.cli import app
from consentdesk.cli.output import Output, plain
from consentdesk.model.reading import Outcome
from consentdesk.services import status as status_service
from consentdesk.services.office import create_office, open_office
from consentdesk.store import scans
from consentdesk.store.scans import ReadingRow
from consentdesk.store.slots import FLOOR
from tests.cli.command_line import PASSWORD, Cli

PROJECT = Path(__file__).resolve().parents[2]
HEAVY = {"cv2", "numpy", "reportlab", "pypdfium2", "rich", "alembic", "openpyxl", "xlsxwriter", "PIL"}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["statsu"],
        ["status", "--clas", "4B"],
        ["status", "--on", "yesterday"],
        ["status", "--class", "4B", "--pupil", "101"],
        ["print", "--all", "--out", "o.pdf"],
        ["print", "--form", "image-use", "--out", "o.pdf"],
        ["print", "--form", "image-use", "--all", "--missing", "--out", "o.pdf"],
        ["print", "--form", "image-use", "--all", "--out", "o.pdf", "--manifest", "o.pdf"],
        ["read"],
        ["read", "a.pdf", "--workers", "0"],
        ["import", "l.csv", "--leavers"],
        ["export", "--to", "o.pdf"],
        ["export", "--all", "--class", "4B", "--to", "o.pdf"],
        ["confirm", "--all", "--batch", "1"],
        ["withdraw", "--pupil", "101", "--purpose", "web.work", "--how", "shouting"],
        ["review", "decide", "7F3K-22QX-19AB", "web.work"],
        ["review", "decide", "7F3K-22QX-19AB", "web.work=maybe"],
        ["key", "7F3K-22QX-19AB", "web.work=yes"],
        ["init"],
        ["user", "add", "Tess", "--role", "king"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_and_exits_2(folder: Path, cli: Cli, arguments: list[str]) -> None:
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err
    assert result.err


def test_help_names_every_command_and_each_explains_itself(cli: Cli) -> None:
    whole = cli("--help")
    assert whole.code == 0
    for name in app.ROOMS:
        assert f"  {name} " in whole.out
        own = cli(name, "--help")
        assert (own.code, own.err) == (0, "")
        assert "Usage: consentdesk " + name in own.out


def test_a_near_miss_is_guessed(cli: Cli) -> None:
    assert "Did you mean status?" in cli("statsu").err


def test_the_version(cli: Cli) -> None:
    assert cli("--version") == (0, f"ConsentDesk {__version__}\n", "")


def test_without_a_command_the_window_opens_or_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    asked: list[Path | None] = []

    def open_window(office: Path | None) -> int:
        asked.append(office)
        return 7

    assert app.run(["--office", str(tmp_path)], open_window) == 7
    assert asked == [tmp_path]
    assert app.run([]) == 2
    assert "There is no screen here" in capfd.readouterr().err


def test_a_bug_is_told_calmly_and_logged_without_what_it_says(
    folder: Path, cli: Cli, own_computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Ada Okafor")

    monkeypatch.setattr(status_service.people, "pupils", broken)
    told: list[str] = []
    monkeypatch.setattr(app.logs.log, "error", lambda text, *values: told.append(text % values))
    result = cli("status")
    assert result.code == 1
    assert "ZeroDivisionError at test_app.py:" in result.err
    assert "Traceback" not in result.err
    assert "Ada" not in result.err + "".join(told)
    assert told[0].startswith("bug ZeroDivisionError at test_app.py:")
    monkeypatch.setenv("CONSENTDESK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli("status")


def test_json_alone_stands_on_standard_output(folder: Path, cli: Cli) -> None:
    (folder / "l.csv").write_text("First name,Last name\nDan,Ito\n", encoding="utf-8")
    for arguments in (["status"], ["import", "l.csv"], ["review", "list"], ["doctor"]):
        result = cli(*arguments, "--json", "-")
        assert result.code == 0
        assert isinstance(json.loads(result.out), dict)


def test_json_into_a_file_leaves_the_words_on_standard_output(folder: Path, cli: Cli) -> None:
    result = cli("status", "--json", "s.json")
    assert "Nobody has been asked anything yet" in result.out
    assert json.loads((folder / "s.json").read_text("utf-8"))["pupils"][0]["name"] == "Ada Okafor"


def test_the_manifest_may_go_to_standard_output(folder: Path, cli: Cli) -> None:
    result = cli("print", "--form", "web-publication", "--all", "--out", "o.pdf", "--manifest", "-")
    assert len(json.loads(result.out)["pages"]) == 6


def test_several_ids_may_follow_one_option(folder: Path, cli: Cli) -> None:
    both = cli("print", "--form", "web-publication", "internet-access", "--pupil", "101", "--out", "o.pdf")
    assert both.out == "2 slips for 1 pupil on 4 pages, in o.pdf.\n"
    purposes = ["--purpose", "web.work", "web.first-name"]
    assert cli("withdraw", "--pupil", "101", *purposes, "--how", "letter").code == 0


def test_what_a_terminal_would_obey_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain("Ada\x1b[31m\u202eOkafor\n") == "Ada\ufffd[31m\ufffdOkafor\ufffd"
    Output().table([("\x1b[2J", "one"), ("Ünal", "two")])
    assert capsys.readouterr().out == "\ufffd[2J  one\nÜnal  two\n"


def in_a_process_of_its_own(script: str, **variables: str) -> set[str]:
    """The heavy libraries that are imported once `script` has run."""
    tail = f"\nprint(*sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", "import sys\nfrom consentdesk.cli.app import run\n" + script + tail],
        env=os.environ | {"PYTHONPATH": str(PROJECT)} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_help_and_status_import_neither_reader_nor_press(folder: Path) -> None:
    assert in_a_process_of_its_own("assert run(['--help']) == 0") == set()
    assert in_a_process_of_its_own("assert run(['status']) == 0") == set()


def test_the_module_runs_as_a_program(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "consentdesk", "status"],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Nobody has been asked" in done.stdout


def test_a_new_office_is_remembered_where_no_other_was_named(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENTDESK_PASSWORD", PASSWORD)
    settings.save(settings.Settings(office=str(tmp_path / "here")))
    made = cli("init", "--school", "Made-up School", "--recovery", tmp_path / "sheet.pdf")
    assert made.code == 0
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert settings.load() == settings.Settings(office=str(tmp_path / "here"), last_user="head")
    assert {file.name for file in (tmp_path / "here").iterdir()} >= {"office.db", "images.db", "office.keys"}
    elsewhere = cli("--office", tmp_path / "there", "init", "--school", "Other", "--user", "Hanna")
    groups = elsewhere.out.splitlines()[-1].split()
    assert [len(group) for group in groups] == [5] * 8
    assert settings.load().office == str(tmp_path / "here")
    assert cli("status").code == 0


def test_no_office_is_made_whose_recovery_sheet_cannot_be_written(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENTDESK_PASSWORD", PASSWORD)
    office = tmp_path / "office"
    result = cli("--office", office, "init", "--school", "X", "--recovery", tmp_path / "no" / "sheet.pdf")
    assert (result.code, office.exists()) == (1, False)


def test_users_come_and_go(folder: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENTDESK_NEW_PASSWORD", "other made up words")
    assert cli("user", "add", "Tess Ito", "--role", "teacher").code == 0
    assert "give your user name" in cli("status").err
    assert cli("--user", "head", "user", "list").out.splitlines() == ["head      head", "Tess Ito  teacher"]
    monkeypatch.setenv("CONSENTDESK_USER", "tess ito")
    monkeypatch.setenv("CONSENTDESK_PASSWORD", "other made up words")
    shown = msgspec.json.decode(cli("status", "--json", "-").out)
    assert {one["reason"] for pupil in shown["pupils"] for one in pupil["purposes"]} == {None}
    refused = cli("print", "--form", "image-use", "--all", "--out", "o.pdf")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "teacher and may not print forms" in refused.err
    monkeypatch.setenv("CONSENTDESK_NEW_PASSWORD", "yet other words")
    assert cli("user", "password").code == 0
    assert cli("status").code == 1
    monkeypatch.setenv("CONSENTDESK_USER", "head")
    monkeypatch.setenv("CONSENTDESK_PASSWORD", PASSWORD)
    assert cli("user", "remove", "Tess Ito").code == 0
    assert cli("user", "recovery", folder / "sheet.pdf").code == 0
    assert (folder / "sheet.pdf").exists()


def test_verify_names_what_is_wrong(folder: Path, cli: Cli) -> None:
    assert cli("verify").out == "Everything is sound.\n"
    with open_office(folder / "office", None, PASSWORD) as office:
        lost = ReadingRow(
            "1", None, 0, 0, None, None, Outcome.UNMATCHED, None, b"{}", "2", "", "done", office.now()
        )
        scans.keep_reading(office.db, lost)
    result = cli("verify")
    assert (result.code, result.out) == (1, "")
    assert "missing" in result.err.splitlines()[0]
    assert "put back the newest backup" in result.err


def test_the_recovery_sheet_opens_the_office_when_every_password_is_lost(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, groups = create_office(tmp_path / "lost", "Made-up School", "head", "forgotten words", cost=FLOOR)
    office.db.close()
    monkeypatch.setenv("CONSENTDESK_OFFICE", str(tmp_path / "lost"))
    monkeypatch.delenv("CONSENTDESK_PASSWORD", raising=False)
    monkeypatch.setenv("CONSENTDESK_NEW_PASSWORD", "new words at last")

    monkeypatch.setenv("CONSENTDESK_RECOVERY", " ".join(groups[:-1]) + " 00000")
    refused = cli("user", "password", "head", "--recovery")
    assert (refused.code, refused.err.count("\n")) == (1, 1)

    monkeypatch.setenv("CONSENTDESK_RECOVERY", " ".join(groups).lower())
    assert cli("user", "password", "--recovery").code == 2
    assert cli("user", "password", "head", "--recovery").out == "head has a new password.\n"
    monkeypatch.setenv("CONSENTDESK_PASSWORD", "new words at last")
    assert cli("user", "list").code == 0
    monkeypatch.setenv("CONSENTDESK_PASSWORD", "forgotten words")
    assert cli("user", "list").code == 1
