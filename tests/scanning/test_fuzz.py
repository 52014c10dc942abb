"""A few hundred broken files and changed codes through one worker: each page that goes in comes out, nothing else does.

The long run is a benchmark; this one is the same each time, and small enough to go with each change.
"""

from __future__ import annotations

import pytest

from consentdesk.scanning.batch import Reader
from tests.benchmarks.fuzz import run
from tests.benchmarks.fuzz_files import whole_files
from tests.benchmarks.fuzz_report import Seen
from tests.scanning.made_up import Version

FILES = 250


@pytest.fixture(scope="module")
def seen(few: Version, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    with Reader([few.template], workers=1) as reader:
        return run(reader, few, whole_files(few), tmp_path_factory.mktemp("broken"), 1, range(FILES))


def test_nothing_hangs_is_lost_comes_through_or_is_forged(seen: Seen) -> None:
    assert seen.failures == []
    assert seen.counts["files"] == FILES


def test_the_reader_names_what_is_broken_and_has_no_bugs(seen: Seen) -> None:
    assert dict(seen.bugs) == {}


def test_broken_files_are_of_every_fate(seen: Seen) -> None:
    """So that the run says something: files refused whole, pages refused, pages read in spite of it."""
    fates = set(seen.outcomes)
    assert {"page foreign", "page with slips", "page unreadable: cut-image"} <= fates
    assert {"file refused: cut-short", "file refused: encrypted", "file refused: not-a-scan"} <= fates
