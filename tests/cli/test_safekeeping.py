"""`restore`, `backups`, `snapshot` and the keys, as a technician types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from consentdesk.store.recovery import groups_of, new_secret
from tests.cli.command_line import Cli


def test_a_backup_is_tried_and_put_back(folder: Path, cli: Cli) -> None:
    assert cli("backup", folder / "copy").code == 0
    tried = cli("restore", folder / "copy", "--check")
    assert tried.code == 0
    assert "Made-up School: 3 pupils" in tried.out
    assert "could be put back" in tried.out
    shutil.rmtree(folder / "office")
    done = cli("restore", folder / "copy", "--json", folder / "done.json")
    assert done.code == 0
    assert json.loads((folder / "done.json").read_text())["facts"]["missing"] == 0
    assert cli("verify").out == "Everything is sound.\n"


def test_what_would_be_lost_is_counted_and_has_to_be_said(folder: Path, cli: Cli) -> None:
    cli("backup", folder / "copy")
    assert cli("user", "rekey").code == 0
    refused = cli("restore", folder / "copy")
    assert refused.code == 1
    assert refused.err.count("\n") == 1
    assert "give --accept-missing 1 to go on" in refused.err
    done = cli("restore", folder / "copy", "--accept-missing", 1)
    assert done.code == 0
    assert "What was there before is kept in" in done.out


def test_another_offices_sheet_opens_neither_office_nor_backup(
    folder: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENTDESK_RECOVERY", " ".join(groups_of(new_secret())))
    assert "sheet is not this office’s" in cli("user", "drill").err
    cli("backup", folder / "copy")
    assert "sheet is not this office’s" in cli("restore", folder / "copy", "--recovery").err


def test_daily_backups_have_a_place_and_are_made_once(folder: Path, cli: Cli) -> None:
    (folder / "stick").mkdir()
    assert str(folder / "stick") in cli("backups", "place", folder / "stick").out
    assert cli("backups", "run").code == 0
    assert "there already" in cli("backups", "run").err
    assert len(cli("backups", "list").out.splitlines()) == 1
    shutil.rmtree(folder / "stick")
    gone = cli("backups", "run")
    assert (gone.code, gone.out) == (1, "")
    assert "is not there" in gone.err


def test_a_snapshot_is_issued_opened_and_recalled(
    folder: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENTDESK_SNAPSHOT", "four unrelated made-up words")
    made = cli("snapshot", "issue", "--class", "4B", "--to", folder / "4B.snapshot")
    assert made.code == 0
    assert "2 pupils of 4B" in made.out
    monkeypatch.delenv("CONSENTDESK_OFFICE")
    shown = cli("snapshot", "open", folder / "4B.snapshot")
    assert "Ada Okafor" in shown.out
    assert "do not photograph" in shown.out
    as_json = cli("snapshot", "open", folder / "4B.snapshot", "--json", "-")
    assert [one["group"] for one in json.loads(as_json.out)["pupils"]] == ["none", "none"]
    monkeypatch.setenv("CONSENTDESK_SNAPSHOT", "another passphrase")
    assert cli("snapshot", "open", folder / "4B.snapshot").code == 1
    monkeypatch.setenv("CONSENTDESK_OFFICE", str(folder / "office"))
    (listed,) = json.loads(cli("snapshot", "list", "--json", "-").out)
    assert cli("snapshot", "recall", listed["id"], "--outcome", "deleted").code == 0
    assert "deleted" in cli("snapshot", "list").out
