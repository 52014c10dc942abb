"""An office for each test, unlocked at the least cost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consentdesk.services.office import create_office
from consentdesk.store.slots import FLOOR
from tests.services.made_up import CLASS_LIST, SCHOOL, Clock, Desk


@pytest.fixture
def empty_desk(tmp_path: Path) -> Iterator[Desk]:
    """An office without a pupil."""
    clock = Clock()
    office, _ = create_office(tmp_path / "office", SCHOOL, "head", "made up words", clock=clock, cost=FLOOR)
    with office:
        yield Desk(office, clock, tmp_path)


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """An office with three pupils: two of class 4B, and one of 10A who answers for herself too."""
    empty_desk.import_text(CLASS_LIST)
    return empty_desk
