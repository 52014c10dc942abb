"""The examination of this computer: what is missing is found and said, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from consentdesk import paths
from consentdesk.errors import WrongPassword
from consentdesk.services import doctor
from consentdesk.services.doctor import Check, examine


def found(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_a_sound_computer_needs_nothing(tmp_path: Path) -> None:
    checks = list(examine(tmp_path / "office"))
    assert [check for check in checks if check.level == "needed"] == []
    assert {"printing", "reading", "safekeeping", "fonts", "form image-use", "disk"} <= {
        one.name for one in checks
    }
    assert "office" not in {check.name for check in checks}


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {name}", name="cv2")

    monkeypatch.setattr(doctor, "import_module", cannot)
    checks = list(examine(tmp_path))
    assert found(checks, "reading").level == "needed"
    assert "cv2" in found(checks, "reading").text
    assert found(checks, "second code reader").level == "better"


def test_missing_fonts_and_a_broken_form_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "our.toml").write_text("id = 1", encoding="utf-8")
    monkeypatch.setattr(paths, "shipped", lambda *_: tmp_path)
    checks = list(examine(tmp_path))
    assert found(checks, "fonts").level == "needed"
    assert "our.toml" in found(checks, "form our.toml").text


def test_a_full_disk_and_little_memory_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_DISK", 10**18)
    monkeypatch.setattr(doctor, "LEAST_MEMORY", 10**18)
    checks = list(examine(tmp_path / "not" / "yet" / "there"))
    assert found(checks, "disk").level == "needed"
    assert found(checks, "memory").level == "better"


def test_an_office_that_does_not_open_is_told(tmp_path: Path) -> None:
    def refuses() -> object:
        raise WrongPassword("the password is wrong", "nothing was changed", "try again")

    check = found(list(examine(tmp_path, refuses)), "office")
    assert (check.level, check.text) == ("needed", "The password is wrong; nothing was changed; try again.")
