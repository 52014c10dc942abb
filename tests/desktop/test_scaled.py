"""The same pages on screens that draw larger: nothing is clipped from 100 to 200 % either."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = Path(__file__).with_name("test_every_page.py")


@pytest.mark.parametrize("factor", ["1.25", "1.5", "2"])
def test_nothing_is_clipped_at_another_scale(factor: str) -> None:
    # Qt reads the factor once, when it starts, so each has a process of its own.
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "pytest", str(PAGES), "-q", "-n0", "-p", "no:cacheprovider", "-k", "clipped"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"QT_SCALE_FACTOR": factor},
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
