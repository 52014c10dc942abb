"""An office for each test, unlocked at the least cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentdesk.services.office import Office, create_office
from consentdesk.store import opening
from consentdesk.store.slots import FLOOR
from tests.services.made_up import CLASS_LIST, SCHOOL, Clock, Desk


@pytest.fixture(scope="session")
def as_founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that was made once, and closed again: each test works on a copy."""
    folder = tmp_path_factory.mktemp("founded") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(folder.parent))
        office, _ = create_office(folder, SCHOOL, "head", "made up words", clock=Clock(), cost=FLOOR)
        office.db.close()
    return office


@pytest.fixture
def empty_desk(as_founded: Office, tmp_path: Path) -> Iterator[Desk]:
    """An office without a pupil."""
    folder, clock = tmp_path / "office", Clock()
    shutil.copytree(as_founded.folder, folder)
    unlocked = as_founded.unlocked
    db = opening.open_database(folder, unlocked.database, unlocked.data_key, clock=clock)
    with Office(db, as_founded.user, unlocked) as office:
        yield Desk(office, clock, tmp_path)


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """An office with three pupils: two of class 4B, and one of 10A who answers for herself too."""
    empty_desk.import_text(CLASS_LIST)
    return empty_desk
