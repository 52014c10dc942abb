"""A folder for an office, and an open office in it, for each test anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consentdesk.store.database import Database
from tests.store.made_up import Drawer, let_go


@pytest.fixture
def drawer(tmp_path: Path) -> Iterator[Drawer]:
    """A folder for an office; whatever is still open at the end is let go as a crash would."""
    folder = tmp_path / "office"
    folder.mkdir()
    drawer = Drawer(folder)
    yield drawer
    for db in drawer.opened:
        let_go(db)


@pytest.fixture
def db(drawer: Drawer) -> Database:
    """A new, open office."""
    return drawer.make()
