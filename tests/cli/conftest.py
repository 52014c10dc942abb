"""An office that commands may be run on, and the command line as a person meets it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.office import create_office, open_office
from consentdesk.store.slots import FLOOR
from tests.cli.command_line import PASSWORD, Cli, command_line

CLASS_LIST = """\
First name,Last name,Class,Year,DOB,Admission number,Parent 1 name
Ada,Okafor,4B,4,2018-03-01,101,Ngozi Okafor
Ben,O'Neill,4B,4,2018-05-09,102,Mary O'Neill
Cleo,Ünal,10A,10,2012-01-30,103,Deniz Ünal
"""


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with three pupils, made once and closed; each test works on a copy."""
    folder = tmp_path_factory.mktemp("made") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(folder.parent))
        create_office(folder, "Made-up School", "head", PASSWORD, cost=FLOOR)[0].db.close()
        file = folder.parent / "list.csv"
        file.write_text(CLASS_LIST, encoding="utf-8")
        with open_office(folder, None, PASSWORD) as office:
            apply(office, preview(office, file).difference)
    return folder


@pytest.fixture
def folder(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the office in `office` and a terminal that knows it and its password."""
    shutil.copytree(made_once, tmp_path / "office")
    monkeypatch.setenv("CONSENTDESK_OFFICE", str(tmp_path / "office"))
    monkeypatch.setenv("CONSENTDESK_PASSWORD", PASSWORD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in this process, as `consentdesk …` would."""
    return command_line(capfd)
