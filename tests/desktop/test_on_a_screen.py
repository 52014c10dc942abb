"""The same journey once more where windows really are mapped, shown and given the focus: on a virtual screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.driving import ON_A_SCREEN

JOURNEY = Path(__file__).with_name("test_journey.py")
SCREEN = "1920x1080x24"


@pytest.fixture
def screen() -> Iterator[str]:
    """A virtual screen of its own, by the name that the X server gives it."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("there is no Xvfb here; the journey has run on the offscreen platform")
    told, tells = os.pipe()
    with (
        subprocess.Popen(  # noqa: S603 - found on the path of whoever runs the tests
            [server, "-displayfd", str(tells), "-screen", "0", SCREEN, "-nolisten", "tcp"],
            pass_fds=(tells,),
            stderr=subprocess.DEVNULL,
        ) as process,
        os.fdopen(told) as number,
    ):
        os.close(tells)
        try:
            name = number.readline().strip()
            assert name, "the virtual screen did not start"
            yield f":{name}"
        finally:
            process.terminate()


def test_the_journey_on_a_real_screen(screen: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "pytest", str(JOURNEY), "-q", "-n0", "-p", "no:cacheprovider"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"DISPLAY": screen, ON_A_SCREEN: "xcb"},
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
