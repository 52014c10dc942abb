"""The made-up school to look round in: forms are out, scans wait, and nothing is read yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from consentdesk.errors import KnownError
from consentdesk.services.made_up_school import make_up_school
from consentdesk.services.office import open_office
from consentdesk.services.progress import finish
from consentdesk.services.school_settings import is_made_up, school_settings
from consentdesk.services.today import outstanding_in, today


def test_it_is_there_to_be_worked_in(tmp_path: Path) -> None:
    made = finish(make_up_school(tmp_path / "school", pupils=2, seed=3))
    assert list(made.post.iterdir())
    assert not list(made.scans.iterdir())
    with open_office(made.office, made.user, made.password) as office:
        assert is_made_up(office)
        assert school_settings(office).scan_folder == made.scans
        found = today(office)
        assert found.pupils == 2
        assert (found.review, found.clear) == (0, 0)
        assert sum(outstanding_in(office, name).owing for name, _pupils in found.classes) == 2


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(KnownError, match="not empty"):
        finish(make_up_school(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
